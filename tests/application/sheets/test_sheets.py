"""Sheets as clerks use them: looked through row by row, recorded, signed for, repeated and undone."""

import datetime as dt
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from application.access.decisions import PendingDecision
from application.access.refusals import SigningRefused
from application.access.roles import Forbidden
from application.access.signature_rules import rules_from
from application.principal import Principal
from application.recording.commands import Command, command_from
from application.sheets.looking_through import MOST_SHEETS_WAITING, MOST_TRIES
from application.sheets.preview import FEW, MOST_OF_ONE
from application.sheets.row_files import HandedFile
from application.sheets.row_recording import PART
from application.sheets.rows import SheetTable
from application.sheets.sheets import Sheets
from application.sheets.status import SheetLineStatus, SheetStatus
from application.sheets.store import KeptRow
from domain.aggregates.advisories import ADVISORY_STREAMS
from domain.aggregates.sheets import SHEET_STREAMS, fact_of_row
from domain.errors import Invalid, NotFound, Refused
from domain.events.advisories import AdvisoryRecorded
from domain.events.facts import FactRecorded
from domain.events.pending import DecisionSigned
from domain.events.sheets import ImportUndone, SheetImported
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.memory.sheets import MemorySheets
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.sheets.store import PostgresSheets
from interfaces.postgres.vault import PostgresVault
from interfaces.sheets.reading import read_sheet
from tests.conftest import MakeDatabase
from tests.support.papers import pdf, picture
from tests.support.sheets import HEADS, HEADS_OF_PERSONS, TITLE, csv_text, penalty, person, sheets_of
from tests.support.world import ID_NUMBER, REGIME, USCC, World, credit_code

CLERK = Principal("clerk", "clerk", "150100")
OFFICER = Principal("officer", "officer", "150100")
APPROVER = Principal("approver", "approver", "150100")
LOCAL = Principal("录入", countersigned_by="审核")


class Desk:
    """A desk with sheets, on 30 June 2024."""

    def __init__(self, world: World | None = None, store: Any = None) -> None:
        self.world = world or World()
        self.world.agency()
        self.world.agency("B", name="内蒙古乙环保科技有限公司")
        self.world.clock.set(at_hour(dt.date(2024, 6, 30), 9))
        self.sheets: Sheets = sheets_of(self.world, store)

    def take_in(self, *rows: dict[str, Any], by: Principal = CLERK, heads: Any = None, **more: Any) -> SheetStatus:
        text = csv_text(*rows) if heads is None else csv_text(*rows, heads=heads)
        content = text.encode()
        return self.sheets.take_in(content, read_sheet(content), by=by, **more)

    def rows(self, status: SheetStatus) -> list[SheetLineStatus]:
        return list(self.sheets.rows(status.id).rows)

    def row(self, **fields: Any) -> SheetLineStatus:
        """The one row of a sheet with these fields."""
        (found,) = self.rows(self.take_in(penalty(**fields)))
        return found

    def told(self, **fields: Any) -> list[tuple[str | None, str]]:
        return [(found.column, found.code) for found in self.row(**fields).remarks]


@pytest.fixture
def desk() -> Desk:
    return Desk()


# --- looking through ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_row_is_shown_with_the_grade_before_and_after_it(desk: Desk) -> None:
    status = desk.take_in(penalty(), penalty("呼环罚〔2024〕2号"))
    first, second = desk.rows(status)
    assert (first.mark, first.subject, first.standard_row, first.row) == ("good", "A", "B11", 2)
    assert [(r.before.score, r.after.score) for r in (first, second) if r.before and r.after] == [
        ("100", "90"),
        ("90", "80"),
    ]
    assert (status.state, status.rows, status.good, status.bad) == ("looked_through", 2, 2, 0)


@pytest.mark.slow
def test_looking_through_records_nothing(desk: Desk) -> None:
    head = desk.world.journal.head()
    desk.take_in(penalty(), penalty(送达日="2024-02-30"))
    assert desk.world.journal.head() == head


def test_the_row_of_the_standard_is_proposed_from_the_penalty_and_said_so(desk: Desk) -> None:
    found = desk.row(条目="", 处罚种类="罚款、没收违法所得")
    assert (found.mark, found.standard_row) == ("proposed", "B11")
    assert [(r.column, r.code) for r in found.remarks] == [("row", "row_proposed")]


def test_a_penalty_that_no_row_names_asks_for_the_row(desk: Desk) -> None:
    assert desk.told(条目="", 处罚种类="警告") == [("row", "missing")]
    assert desk.row(处罚种类="警告").mark == "good"


def test_a_row_is_named_by_its_code_or_as_the_list_writes_it(desk: Desk) -> None:
    form = desk.sheets.form("penalty", REGIME)
    words = next(row.words.zh for row in form.rows if row.code == "B11")
    assert {desk.row(条目=text).standard_row for text in ("b11", "Ｂ１１", f"B11 {words}", words)} == {"B11"}
    assert desk.told(条目="B99") == [("row", "unknown_row")]


def test_an_agency_is_found_by_its_code_however_it_is_written(desk: Desk) -> None:
    wide = USCC.translate({ord(c): ord(c) + 0xFEE0 for c in USCC})
    assert desk.row(统一社会信用代码=f" {wide.lower()} ").subject == "A"


def test_without_a_code_the_name_alone_decides_only_when_it_is_the_whole_name_of_one(desk: Desk) -> None:
    found = desk.row(统一社会信用代码="", 机构名称="内蒙古乙环保科技有限公司")
    assert (found.subject, found.mark, found.uscc) == ("B", "proposed", credit_code("B"))
    part = desk.row(统一社会信用代码="", 机构名称="乙环保")
    assert (part.subject, part.mark, [r.code for r in part.remarks]) == (None, "bad", ["missing"])
    assert f"内蒙古乙环保科技有限公司（{credit_code('B')}）" in part.remarks[0].zh
    desk.world.agency("C", name="内蒙古乙环保科技有限公司")
    desk.world.clock.set(at_hour(dt.date(2024, 6, 30), 9))
    assert desk.row(统一社会信用代码="", 机构名称="内蒙古乙环保科技有限公司").subject is None


def test_a_code_of_somebody_else_is_not_taken_for_the_name(desk: Desk) -> None:
    assert desk.told(机构名称="内蒙古乙环保科技有限公司") == [("name", "other_name")]
    assert desk.told(机构名称="呼和浩特甲检测有限公司", 统一社会信用代码=USCC) == [("name", "called_otherwise")]


def test_a_code_that_nobody_has_or_that_is_none_is_told_with_who_may_be_meant(desk: Desk) -> None:
    assert desk.told(统一社会信用代码=credit_code("Z")) == [("uscc", "unknown_subject")]
    found = desk.row(统一社会信用代码="91150100MA0000000A", 机构名称="甲检测")
    assert [r.code for r in found.remarks] == ["bad_check_digit"]
    assert f"甲检测（{USCC}）" in found.remarks[0].zh


def test_authorities_are_known_by_name_also_by_an_older_or_shorter_one(desk: Desk) -> None:
    for name in ("呼和浩特市环境保护局", "呼和浩特市环保局", "呼和浩特市市场监管局", "150100-EEB"):
        assert desk.row(作出机关=name).mark == "good", name
    found = desk.row(作出机关="呼和浩特生态环境局")
    assert [(r.column, r.code) for r in found.remarks] == [("authority", "unknown_authority")]
    assert "呼和浩特市生态环境局" in found.remarks[0].zh


def test_every_fault_of_a_row_is_told_with_its_column(desk: Desk) -> None:
    bad = {"送达日": "", "决定日": "昨天", "处罚种类": "罚金", "罚款金额": "两万", "文号": ""}
    told = desk.told(制度="某办法", 作出机关="某局", **bad)
    assert set(told) == {
        ("regime", "unknown_regime"),
        ("authority", "unknown_authority"),
        ("served_on", "missing"),
        ("decided_on", "bad_day"),
        ("penalty", "unknown_penalty"),
        ("amount_fined", "not_a_number"),
        ("document", "missing"),
    }


def test_what_the_law_refuses_is_told_as_it_would_be_when_it_is_recorded(desk: Desk) -> None:
    assert desk.told(条目="C06") == [("row", "service_not_offered")]
    assert desk.told(决定日="2024-07-01", 送达日="2024-07-02", 生效日="")[0] == ("decided_on", "in_the_future")
    assert ("served_on", "dates_out_of_order") in desk.told(决定日="2024-03-06", 生效日="")


def test_a_challenge_stands_beside_the_fact_with_its_day(desk: Desk) -> None:
    challenged = {"生效日": "", "是否复议/诉讼": "复议 2024-04-01"}
    status = desk.take_in(penalty(**challenged))
    (found,) = desk.rows(status)
    assert found.after is not None
    assert (found.mark, found.after.score) == ("good", "100")
    desk.sheets.record(status.id, "all", by=CLERK)
    fact = desk.world.casework.file("A").facts[fact_of_row(status.id, 2)]
    assert [(c.kind, c.filed_on) for c in fact.contests] == [("reconsideration", dt.date(2024, 4, 1))]
    assert desk.told(**{"是否复议/诉讼": "复议"}) == [("challenge", "missing")]
    assert desk.told(**{"是否复议/诉讼": "听证"}) == [("challenge", "unknown_challenge")]
    assert desk.row(**{"文号": "呼环罚〔2024〕9号", "是否复议/诉讼": "否"}).mark == "good"


def test_a_row_whose_challenge_is_refused_leaves_nothing_in_the_rows_after_it(desk: Desk) -> None:
    bad = {"是否复议/诉讼": "复议 2024-02-01", "生效日": ""}
    status = desk.take_in(penalty(**bad), penalty())
    first, second = desk.rows(status)
    assert (first.mark, second.mark) == ("bad", "good")
    assert second.before is not None
    assert second.before.score == "100"


def test_a_regime_that_is_not_named_is_the_one_that_is_meant(desk: Desk) -> None:
    assert desk.told(制度="") == [("regime", "missing")]
    status = desk.take_in(penalty(制度=""), regime=REGIME)
    assert desk.rows(status)[0].mark == "good"
    assert desk.row(制度=REGIME).regime == REGIME
    assert desk.row(制度=TITLE.replace("（", "(").replace("）", ")")).mark == "good"


def test_a_fact_carries_what_stands_in_its_row(desk: Desk) -> None:
    papers = {"案号": "案1", "证据文件名": "决定书.pdf；回证.pdf", "违法行为发生日": "2024-01-05"}
    status = desk.take_in(penalty(案由="未按规范采样", 罚款金额="2万元", **papers))
    desk.sheets.record(status.id, "all", by=CLERK)
    entry = next(e for e in desk.world.timelines.read("A").entries if e.id == fact_of_row(status.id, 2))
    told = entry.content
    assert (told["summary"], told["case_no"], told["authority"]) == ("罚款：未按规范采样", "案1", "150100-EEB")
    assert [e["title"] for e in told["evidence"]] == ["决定书.pdf", "回证.pdf"]
    assert (told["amount_fined"], told["occurred_on"], told["final_on"]) == ("20000", "2024-01-05", "2024-05-06")


def test_an_id_number_is_not_taken_into_the_text(desk: Desk) -> None:
    assert desk.told(案由="当事人 11010519491231002X 超标")[0][0] == "summary"


def test_many_rows_about_one_subject_are_graded_at_the_first_and_the_last(desk: Desk) -> None:
    status = desk.take_in(*(penalty(f"呼环罚〔2024〕{n}号") for n in range(FEW + 5)))
    graded = [row.row - 2 for row in desk.rows(status) if row.after is not None]
    assert graded == [*range(FEW), FEW + 4]
    rows = desk.rows(status)
    assert rows[-1].before == rows[FEW - 1].after


@pytest.mark.slow
def test_a_sheet_has_a_bounded_number_of_rows_about_one_subject(desk: Desk) -> None:
    status = desk.take_in(*(penalty(f"呼环罚〔2024〕{n}号") for n in range(MOST_OF_ONE + 2)))
    assert (status.good, status.bad) == (MOST_OF_ONE, 2)


def test_of_the_rows_about_one_subject_those_beyond_the_bound_are_told_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("application.sheets.preview.MOST_OF_ONE", 2)
    status = desk.take_in(*(penalty(f"呼环罚〔2024〕{n}号") for n in range(4)))
    assert (status.good, status.bad) == (2, 2)
    assert [[r.code for r in row.remarks] for row in desk.rows(status)[2:]] == [["too_many_of_one"]] * 2


# --- by a server --------------------------------------------------------------------------------------------


def test_a_larger_sheet_waits_for_a_server_and_is_looked_through_as_any_other(desk: Desk) -> None:
    rows = [penalty(f"呼环罚〔2024〕{n}号") for n in (1, 2, 3)]
    waits = desk.take_in(*rows, at_once=2)
    assert (waits.state, waits.rows, waits.rows_seen, waits.is_served) == ("looking_through", 3, 0, True)
    assert desk.rows(waits) == []
    assert desk.take_in(*rows, at_once=2).id == waits.id
    with pytest.raises(Refused, match="sheet_not_looked_through"):
        desk.sheets.record(waits.id, "all", by=CLERK)
    assert desk.sheets.waiting() == [waits.id]
    desk.sheets.work(waits.id, read_sheet)
    done = desk.sheets.get(waits.id)
    assert (done.state, done.rows_seen, done.good, done.is_served) == ("looked_through", 3, 3, False)
    assert (desk.sheets.waiting(), [row.needs_signature for row in desk.rows(done)]) == ([], [False, False, True])
    assert desk.take_in(penalty("呼环罚〔2024〕4号"), at_once=2).state == "looked_through"


def test_one_sheet_of_an_account_waits_at_a_time_and_a_bounded_number_of_all(desk: Desk) -> None:
    def waits(number: int, by: Principal) -> SheetStatus:
        return desk.take_in(penalty(f"呼环罚〔2024〕{number}号"), by=by, at_once=0)

    first = waits(0, CLERK)
    with pytest.raises(Refused, match="sheet_is_looked_through"):
        waits(1, CLERK)
    desk.sheets.delete(first.id)
    for number in range(MOST_SHEETS_WAITING):
        waits(number, Principal(f"clerk-{number}", "clerk", "150100"))
    with pytest.raises(Refused, match="too_many_sheets"):
        waits(99, OFFICER)
    assert len(desk.sheets.waiting()) == MOST_SHEETS_WAITING


def test_a_sheet_over_which_the_server_dies_each_time_has_failed_and_may_come_again(desk: Desk) -> None:
    def dies(content: bytes) -> SheetTable:
        raise MemoryError

    waits = desk.take_in(penalty(), at_once=0)
    for _ in range(MOST_TRIES):
        with pytest.raises(MemoryError):
            desk.sheets.work(waits.id, dies)
    assert desk.sheets.get(waits.id).state == "looking_through"
    desk.sheets.work(waits.id, dies)
    assert (desk.sheets.get(waits.id).state, desk.sheets.waiting()) == ("failed", [])
    again = desk.take_in(penalty())
    assert (again.state, again.id == waits.id) == ("looked_through", False)


@pytest.mark.slow
def test_a_server_goes_on_with_a_batch_until_nothing_is_left(desk: Desk) -> None:
    status = desk.take_in(*(penalty(f"呼环罚〔2024〕{n}号") for n in range(PART + 3)))
    desk.sheets.record(status.id, "all", by=CLERK)
    sign(desk, status)
    left = desk.sheets.leave(status.id, by=CLERK)
    assert (left.state, left.left, left.is_served) == ("recording", 3, True)
    with pytest.raises(Refused, match="sheet_is_recorded"):
        desk.sheets.undo(status.id, "错表", by=OFFICER)
    desk.sheets.work(status.id, read_sheet)
    done = desk.sheets.get(status.id)
    assert (done.state, done.recorded, done.is_served) == ("recorded", PART + 3, False)
    assert not desk.sheets.leave(status.id, by=CLERK).is_served


def test_a_server_goes_on_part_by_part_with_what_it_was_left(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.sheets.row_recording.PART", 2)
    monkeypatch.setattr("application.sheets.looking_through.PART", 2)
    status = desk.take_in(*(penalty(f"呼环罚〔2024〕{n}号") for n in range(5)), by=LOCAL)
    begun = desk.sheets.record(status.id, "all", by=LOCAL)
    assert (begun.state, begun.recorded, begun.left) == ("recording", 2, 3)
    left = desk.sheets.leave(status.id, by=LOCAL)
    assert (left.left, left.is_served, desk.sheets.waiting()) == (3, True, [status.id])
    with pytest.raises(Refused, match="sheet_is_recorded"):
        desk.sheets.undo(status.id, "错表", by=LOCAL)
    desk.sheets.work(status.id, read_sheet)
    done = desk.sheets.get(status.id)
    assert (done.state, done.recorded, done.left, done.is_served) == ("recorded", 5, 0, False)
    assert not desk.sheets.leave(status.id, by=LOCAL).is_served


class SeenRows(MemorySheets):
    """A store that remembers how many rows it was told were looked through."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[int] = []

    def progress(self, id: str, done: int) -> None:
        super().progress(id, done)
        self.seen += [kept.done for kept in self.waiting()]


def test_how_far_the_looking_through_is_can_be_asked_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("application.sheets.looking_through.PART", 100)
    store = SeenRows()
    desk = Desk(store=store)
    waits = desk.take_in(*({"机构名称": f"{n}"} for n in range(101)), at_once=0)
    desk.sheets.work(waits.id, read_sheet)
    assert store.seen == [100]
    assert (desk.sheets.get(waits.id).rows_seen, desk.sheets.get(waits.id).bad) == (101, 101)


# --- what is no fact ----------------------------------------------------------------------------------------

APART = ("机构名称", "统一社会信用代码*", "制度*", "文号*", "作出机关*")


# --- practitioners ------------------------------------------------------------------------------------------


@pytest.fixture
def staffed(desk: Desk) -> Desk:
    """The desk with one of the agency's staff, and somebody of the same name who works nowhere."""
    desk.world.practitioner()
    desk.world.practitioner("Q", "110105199001011232", name="张某")
    fields = {"practitioner": "P", "from_on": "2023-02-01"}
    desk.world.do("2023-02-01", "record_employment", subject="A", **fields)
    desk.world.clock.set(at_hour(dt.date(2024, 6, 30), 9))
    return desk


def of_person(desk: Desk, by: Principal = CLERK, **fields: Any) -> SheetLineStatus:
    (found,) = desk.rows(desk.take_in(person(**fields), by=by, heads=HEADS_OF_PERSONS))
    return found


def test_a_practitioner_is_found_by_number_and_name_together(staffed: Desk) -> None:
    found = of_person(staffed)
    assert (found.mark, found.subject, found.kind, found.standard_row) == ("good", "P", "practitioner", "P01")
    assert (found.before, found.after and found.after.grade) != (found.after, None)
    others: tuple[dict[str, Any], ...] = ({"从业人员姓名": "李某"}, {"证件号码": "110105199001011240"})
    for other in others:
        refused = of_person(staffed, **other)
        assert (refused.subject, [(r.column, r.code) for r in refused.remarks]) == (
            None, [("id_number", "unknown_person")],
        )  # fmt: skip


def test_without_a_number_the_name_is_looked_for_among_the_staff_of_the_agency(staffed: Desk) -> None:
    by_name = of_person(staffed, 证件号码="", 统一社会信用代码=USCC)
    assert (by_name.mark, by_name.subject, by_name.uscc) == ("proposed", "P", USCC)
    nowhere = of_person(staffed, 证件号码="")
    assert [(r.column, r.code) for r in nowhere.remarks] == [("uscc", "missing")]
    elsewhere = of_person(staffed, 证件号码="", 统一社会信用代码=credit_code("B"))
    assert [(r.column, r.code) for r in elsewhere.remarks] == [("person", "unknown_person")]
    staffed.world.do("2024-06-30", "record_employment", subject="A", practitioner="Q", from_on="2024-01-01")
    twice = of_person(staffed, 证件号码="", 统一社会信用代码=USCC)
    assert [(r.column, r.code) for r in twice.remarks] == [("person", "several_persons")]
    told = of_person(staffed, 统一社会信用代码=credit_code("B"))
    assert (told.subject, [r.code for r in told.remarks]) == ("P", ["not_of_agency"])


def test_nothing_that_is_told_of_a_row_has_the_name_or_the_number(staffed: Desk) -> None:
    rows = (
        person("呼环函〔2024〕5号"),
        person("呼环函〔2024〕6号", 条目="张某", 作出机关=ID_NUMBER, 决定日="张某"),
        person("呼环函〔2024〕7号", 证件号码="", 统一社会信用代码=USCC),
    )
    status = staffed.take_in(*rows, heads=HEADS_OF_PERSONS)
    staffed.sheets.record(status.id, "good", by=LOCAL)
    after = staffed.sheets.get(status.id)
    told = msgspec.json.encode([staffed.rows(status), after]).decode()
    assert (after.recorded, "张某" in told, ID_NUMBER in told, "张*" in told) == (2, False, False, True)
    journal = repr([r.event for r in staffed.world.journal.stream(SHEET_STREAMS + status.id)])
    journal += repr([r.event for r in staffed.world.journal.stream("P")][-2:])
    assert ("张某" in journal, ID_NUMBER in journal) == (False, False)


def test_a_practitioner_of_another_place_is_not_found(staffed: Desk) -> None:
    other = Principal("elsewhere", "clerk", "150200")
    assert [r.code for r in of_person(staffed, by=other).remarks] == ["unknown_person"]


def test_a_sheet_of_practitioners_is_recorded_once_and_undone(staffed: Desk) -> None:
    status = staffed.take_in(person(), heads=HEADS_OF_PERSONS)
    staffed.sheets.record(status.id, "all", by=LOCAL)
    assert staffed.take_in(person(), heads=HEADS_OF_PERSONS).id == status.id
    again = of_person(staffed, 备注="又一次")
    assert [(r.column, r.code) for r in again.remarks] == [("document", "already_recorded")]
    assert staffed.sheets.undo(status.id, "误录", by=LOCAL).undone == 1


# --- files that rows name -------------------------------------------------------------------------------------


def handed(name: str, content: bytes) -> HandedFile:
    return HandedFile(name, len(content), lambda: [content])


def evidence_on(desk: Desk, subject: str = "A") -> list[tuple[str, str, str | None]]:
    found = desk.world.papers.evidence.of_file(subject).evidence
    return [(line.title, line.kind, line.record) for line in found]


def test_a_file_that_waits_is_attached_when_its_row_is_recorded(desk: Desk) -> None:
    status = desk.take_in(penalty(证据文件名="决定书 1.pdf；回证.png"), penalty("2号"))
    assert (status.files, status.files_missing) == (2, 2)
    taken = desk.sheets.hand_in(status.id, [handed("决定书1.PDF", pdf())], by=CLERK)
    assert ([(t.name, t.rows) for t in taken.taken], taken.refused, taken.missing) == ([("决定书1.PDF", (2,))], (), 1)
    assert [(f.name, f.state) for f in desk.rows(status)[0].files] == [
        ("决定书 1.pdf", "handed_in"), ("回证.png", "missing"),
    ]  # fmt: skip
    assert evidence_on(desk) == []
    desk.sheets.record(status.id, "all", by=CLERK)
    first = desk.rows(status)[0]
    assert evidence_on(desk) == [("决定书 1.pdf", "decision", first.fact)]
    assert [f.state for f in first.files] == ["attached", "missing"]
    desk.sheets.hand_in(status.id, [handed("回证.png", picture("回证"))], by=CLERK)
    assert desk.sheets.get(status.id).files_missing == 0
    assert len(evidence_on(desk)) == 2


def test_a_file_that_waited_too_long_for_its_row_is_missing_again(desk: Desk) -> None:
    status = desk.take_in(penalty(证据文件名="决定书.pdf"))
    desk.sheets.hand_in(status.id, [handed("决定书.pdf", pdf())], by=CLERK)
    desk.world.clock.set(at_hour(dt.date(2024, 7, 7), 10))
    status = desk.sheets.record(status.id, "all", by=CLERK)
    assert (status.recorded, status.files, status.files_missing) == (1, 1, 1)
    assert ([f.state for f in desk.rows(status)[0].files], evidence_on(desk)) == (["missing"], [])
    taken = desk.sheets.hand_in(status.id, [handed("决定书.pdf", pdf())], by=CLERK)
    assert ([t.name for t in taken.taken], taken.missing) == (["决定书.pdf"], 0)
    assert len(evidence_on(desk)) == 1


def waiting_by_itself(desk: Desk, document: str = "呼环罚〔2024〕3号", *, handed_in: bool = True) -> SheetStatus:
    """A batch whose one row needs a second person only by the time it is recorded, and names a file."""
    status = desk.take_in(penalty(document, 证据文件名="决定书.pdf"), by=OFFICER)
    for n in (1, 2):
        desk.world.casework.submit(by_hand(f"呼环罚〔2024〕{n}号"), by=LOCAL)
    if handed_in:
        desk.sheets.hand_in(status.id, [handed("决定书.pdf", pdf())], by=OFFICER)
    assert desk.sheets.record(status.id, "all", by=OFFICER).waiting == 1
    return status


def sign_row(desk: Desk, status: SheetStatus, key: str | None = None) -> None:
    """Sign what the one row of a sheet waits for."""
    decision = desk.rows(status)[0].decision
    assert decision is not None
    digest = desk.world.signing.decisions.read(decision).digest
    desk.world.signing.sign(decision, by=APPROVER, digest=digest, key=key)


@pytest.mark.parametrize("when", ["before the row is recorded", "while it waits", "after it is signed"])
def test_a_file_of_a_row_that_waits_by_itself_is_attached_once_the_row_is_signed(desk: Desk, when: str) -> None:
    status = waiting_by_itself(desk, handed_in=when == "before the row is recorded")
    if when == "while it waits":
        desk.sheets.hand_in(status.id, [handed("决定书.pdf", pdf())], by=OFFICER)
    assert evidence_on(desk) == []
    sign_row(desk, status)
    if when == "after it is signed":
        desk.sheets.hand_in(status.id, [handed("决定书.pdf", pdf())], by=OFFICER)
    (row,) = desk.rows(status)
    assert (row.status, [f.state for f in row.files]) == ("recorded", ["attached"])
    assert evidence_on(desk) == [("决定书.pdf", "decision", row.fact)]
    assert desk.sheets.get(status.id).files_missing == 0


def test_a_file_of_a_row_that_is_not_signed_is_put_on_no_case(desk: Desk) -> None:
    status = waiting_by_itself(desk)
    decision = desk.rows(status)[0].decision
    assert decision is not None
    desk.world.signing.return_(decision, by=APPROVER, reasons="请核对送达")
    assert ([f.state for f in desk.rows(status)[0].files], evidence_on(desk)) == (["handed_in"], [])


def test_a_file_that_expired_while_its_row_waited_is_missing_once_the_row_is_signed(desk: Desk) -> None:
    status = waiting_by_itself(desk)
    desk.world.clock.set(at_hour(dt.date(2024, 7, 7), 10))
    sign_row(desk, status)
    assert [(r.status, r.files[0].state) for r in desk.rows(status)] == [("recorded", "missing")]
    assert (desk.sheets.get(status.id).files_missing, evidence_on(desk)) == (1, [])


def test_whoever_is_at_work_on_a_sheet_attaches_what_was_signed_meanwhile(stored: Desk) -> None:
    status = waiting_by_itself(stored)
    with stored.sheets.parts.store.claim(status.id), ThreadPoolExecutor(1) as other_process:
        other_process.submit(sign_row, stored, status, "once").result()
        assert evidence_on(stored) == []
        stored.sheets.go_on(status.id, by=OFFICER)
    assert len(evidence_on(stored)) == 1
    assert [f.state for f in stored.rows(status)[0].files] == ["attached"]


def test_a_signature_that_broke_off_before_the_file_was_attached_is_given_again(stored: Desk) -> None:
    status = waiting_by_itself(stored)
    decision = stored.rows(status)[0].decision
    assert decision is not None
    digest = stored.world.signing.decisions.read(decision).digest
    with stored.sheets.parts.store.claim(status.id), ThreadPoolExecutor(1) as other_process:
        other_process.submit(sign_row, stored, status, "once").result()
    stored.world.signing.sign(decision, by=APPROVER, digest=digest, key="once")
    assert len(evidence_on(stored)) == 1


def test_why_a_file_could_not_be_received_is_told_to_whoever_hands_it_in(desk: Desk) -> None:
    status = desk.take_in(penalty(证据文件名="决定书.pdf"))
    desk.sheets.record(status.id, "all", by=CLERK)

    def moves_meanwhile() -> list[bytes]:
        desk.world.do("2024-06-30", "change_subject", subject="A", from_on="2024-06-30", changes={"region": "150200"})
        return [pdf()]

    taken = desk.sheets.hand_in(status.id, [HandedFile("决定书.pdf", len(pdf()), moves_meanwhile)], by=CLERK)
    assert ([(r.name, r.row, r.code) for r in taken.refused], taken.taken, taken.missing) == (
        [("决定书.pdf", 2, "moved_away")], (), 1,
    )  # fmt: skip
    assert evidence_on(desk) == []


def test_what_is_not_named_comes_twice_or_may_not_be_taken_is_refused_with_why(desk: Desk) -> None:
    status = desk.take_in(penalty(证据文件名="决定书.pdf"), penalty("2号", 送达日="昨天", 证据文件名="另一份.pdf"))
    files = [
        handed("决定书.pdf", b"MZ"),
        handed("别的.pdf", pdf()),
        handed("另一份.pdf", pdf()),
        handed("照片.png", picture()),
        handed("照片.PNG", picture("b")),
    ]
    taken = desk.sheets.hand_in(status.id, files, by=CLERK)
    assert taken.taken == ()
    assert [(r.name, r.code) for r in taken.refused][:4] == [
        ("照片.png", "file_twice"), ("照片.PNG", "file_twice"), ("别的.pdf", "file_not_named"),
        ("另一份.pdf", "file_not_named"),
    ]  # fmt: skip
    assert (taken.refused[4].name, taken.refused[4].row, taken.missing) == ("决定书.pdf", 2, 1)
    with pytest.raises(Refused):
        desk.sheets.hand_in(desk.take_in(penalty("9号")).id, files, by=CLERK)


def test_one_file_that_two_rows_name_is_told_and_put_on_each(desk: Desk) -> None:
    rows = (
        penalty(证据文件名="同一.pdf"),
        penalty("2号", 统一社会信用代码=credit_code("B"), 机构名称="", 证据文件名="同一.pdf"),
    )
    heads = (*HEADS, "证据种类")
    status = desk.take_in(*(row | {"证据种类": "送达回证"} for row in rows), heads=heads)
    assert [[r.code for r in row.remarks] for row in desk.rows(status)] == [[], ["file_named_again"]]
    desk.sheets.record(status.id, "all", by=CLERK)
    desk.sheets.hand_in(status.id, [handed("同一.pdf", pdf())], by=CLERK)
    assert [evidence_on(desk, s)[0][:2] for s in "AB"] == [("同一.pdf", "service_receipt")] * 2


def enhancement(document: str = "内环奖〔2024〕1号", **more: Any) -> dict[str, Any]:
    """A row about an award of the agency of a world."""
    return {**penalty(document), "增信种类": "自治区先进单位", "告知日": "2024-05-10", **more}


def advisory(document: str = "呼环告〔2024〕1号", **more: Any) -> dict[str, Any]:
    return {**penalty(document), "提示种类": "联合检查书面告知", "告知日": "2024-05-10", **more}


def test_credit_enhancing_information_comes_in_sheets_and_is_taken_back_with_them(desk: Desk) -> None:
    heads = (*APART, "增信种类*", "告知日*")
    rows = [enhancement(), enhancement(), enhancement("2号", 告知日="2024-07-01"), enhancement("3号", 增信种类="")]
    status = desk.take_in(*rows, heads=heads, by=LOCAL)
    assert [(row.mark, [(r.column, r.code) for r in row.remarks]) for row in desk.rows(status)] == [
        ("good", []),
        ("bad", [("document", "already_told")]),
        ("bad", [("noticed_on", "in_the_future")]),
        ("bad", [("enhancing", "missing")]),
    ]
    assert (status.form, desk.sheets.record(status.id, "good", by=LOCAL).recorded) == ("enhancement", 1)
    (known,) = desk.world.casework.file("A").enhancements.values()
    assert (known.event.kind, known.event.document) == ("自治区先进单位", "内环奖〔2024〕1号")
    assert desk.rows(desk.take_in(enhancement(), heads=heads, by=OFFICER))[0].remarks[0].code == "already_told"
    assert desk.sheets.undo(status.id, "错表", by=LOCAL).undone == 1
    assert [each.retracted for each in desk.world.casework.file("A").enhancements.values()] == [True]


def test_advisories_come_in_sheets_and_stand_beside_the_file(desk: Desk) -> None:
    heads = (*APART, "提示种类*", "告知日*", "移送至")
    passed_on = advisory("2号", 提示种类="移送其他部门", 移送至="呼和浩特市市场监管局")
    rows = [
        advisory(),
        passed_on,
        advisory(),
        advisory("4号", 移送至="呼和浩特市市场监管局"),
        advisory("5号", 提示种类="别的"),
    ]
    version = desk.world.casework.file("A").version
    status = desk.take_in(*rows, heads=heads, by=LOCAL)
    told = desk.rows(status)
    assert [(row.mark, [(r.column, r.code) for r in row.remarks]) for row in told] == [
        ("good", []),
        ("good", []),
        ("bad", [("document", "already_told")]),
        ("bad", [("transferred_to", "not_a_transfer")]),
        ("bad", [("advisory", "unknown_advisory")]),
    ]
    assert told[0].before is told[0].after is None
    assert (status.form, desk.sheets.record(status.id, "good", by=LOCAL).recorded) == ("advisory", 2)
    kept = [row.event for row in desk.world.journal.stream(f"{ADVISORY_STREAMS}A")]
    assert [type(event) for event in kept] == [AdvisoryRecorded, AdvisoryRecorded]
    assert desk.world.casework.file("A").version == version
    assert desk.rows(desk.take_in(advisory(), heads=heads, by=OFFICER))[0].remarks[0].code == "already_told"
    assert desk.sheets.undo(status.id, "错表", by=LOCAL).undone == 2


def test_undoing_what_is_no_fact_waits_as_one_decision_that_says_what_it_does(desk: Desk) -> None:
    for row, heads in ((enhancement(), (*APART, "增信种类", "告知日")), (advisory(), (*APART, "提示种类", "告知日"))):
        status = desk.take_in(row, heads=heads, by=OFFICER)
        desk.sheets.record(status.id, "all", by=OFFICER)
        assert desk.sheets.undo(status.id, "错表", by=OFFICER).state == "undo_proposed"
        assert waiting(desk, status).effects[0].zh == "撤销 1 条信息，涉及 1 份案卷"
        sign(desk, status)
        assert desk.sheets.get(status.id).state == "undone"


# --- recording ----------------------------------------------------------------------------------------------


def test_rows_are_recorded_as_one_batch_with_the_digest_of_the_file(desk: Desk) -> None:
    status = desk.take_in(penalty(), penalty("呼环罚〔2024〕2号", 送达日="昨天"), file="三月.csv")
    done = desk.sheets.record(status.id, "good", by=CLERK)
    (imported,) = desk.world.journal.stream(f"{SHEET_STREAMS}{status.id}")
    event = imported.event
    assert isinstance(event, SheetImported)
    assert (event.digest, event.number, event.form, event.rows) == (status.digest, status.number, "penalty", 2)
    assert [(span.first, span.last) for span in event.chosen] == [(2, 2)]
    assert imported.actor == "clerk"
    assert (done.state, done.recorded, done.left, done.file) == ("recorded", 1, 0, "三月.csv")
    assert desk.world.running("2024-06-30") == ("90", "N")


def test_a_sheet_with_faults_is_not_recorded_whole(desk: Desk) -> None:
    status = desk.take_in(penalty(), penalty("呼环罚〔2024〕2号", 送达日="昨天"))
    head = desk.world.journal.head()
    with pytest.raises(Refused, match="rows_with_faults"):
        desk.sheets.record(status.id, "all", by=CLERK)
    assert desk.world.journal.head() == head
    bad = desk.take_in(penalty(送达日="昨天"))
    with pytest.raises(Refused, match="no_rows"):
        desk.sheets.record(bad.id, "good", by=CLERK)


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    first = desk.take_in(penalty())
    done = desk.sheets.record(first.id, "all", by=CLERK)
    head = desk.world.journal.head()
    again = desk.take_in(penalty())
    assert (again.id, again.state, again.receipt) == (first.id, "recorded", done.receipt)
    assert desk.sheets.record(first.id, "all", by=CLERK).receipt == done.receipt
    assert desk.world.journal.head() == head


def test_the_same_decision_twice_is_refused_in_one_sheet_in_another_and_by_another_hand(desk: Desk) -> None:
    status = desk.take_in(penalty(), penalty(罚款金额="1"))
    assert [row.mark for row in desk.rows(status)] == ["good", "bad"]
    desk.sheets.record(status.id, "good", by=CLERK)
    again = desk.take_in(penalty(), by=OFFICER)
    assert [(r.column, r.code) for r in desk.rows(again)[0].remarks] == [("document", "already_recorded")]


def test_another_record_of_the_same_decision_needs_a_reason(desk: Desk) -> None:
    desk.sheets.record(desk.take_in(penalty()).id, "all", by=CLERK)
    row = {**penalty(), "再次记录的理由": "同一决定处罚两家门店"}
    status = desk.take_in(row, heads=(*HEADS, "再次记录的理由"))
    assert desk.rows(status)[0].mark == "good"
    desk.sheets.record(status.id, "all", by=CLERK)
    assert len(desk.world.casework.file("A").facts) == 2


def test_a_row_that_was_refused_meanwhile_says_why_and_the_others_are_recorded(desk: Desk) -> None:
    status = desk.take_in(penalty(), penalty("呼环罚〔2024〕2号"))
    desk.world.casework.submit(by_hand("呼环罚〔2024〕2号"), by=OFFICER)
    done = desk.sheets.record(status.id, "all", by=CLERK)
    assert (done.recorded, done.refused, done.left) == (1, 1, 0)
    refused = desk.rows(status)[1]
    assert (refused.status, refused.remarks[0].code) == ("refused", "already_recorded")


@pytest.mark.slow
def test_a_sheet_is_recorded_part_by_part_until_nothing_is_left(desk: Desk) -> None:
    status = desk.take_in(*(penalty(f"呼环罚〔2024〕{n}号") for n in range(PART + 3)), by=LOCAL)
    first = desk.sheets.record(status.id, "all", by=LOCAL)
    assert (first.state, first.recorded, first.left) == ("recording", PART, 3)
    second = desk.sheets.record(status.id, "all", by=LOCAL)
    assert (second.state, second.recorded, second.left) == ("recorded", PART + 3, 0)


def test_whoever_goes_on_after_a_break_records_no_row_twice(desk: Desk) -> None:
    store = MemorySheets()
    broken = Desk()
    broken.sheets = sheets_of(broken.world, store)
    status = broken.take_in(penalty(), penalty("呼环罚〔2024〕2号"))
    rows = store.part(status.id, 0)
    broken.sheets.record(status.id, "all", by=CLERK)
    head = broken.world.journal.head()
    # As if the process had ended before it could keep what came of the rows.
    store.keep_part(status.id, 0, rows)
    again = broken.sheets.record(status.id, "all", by=CLERK)
    assert (again.recorded, again.left) == (2, 0)
    assert broken.world.journal.head() == head
    del desk


# --- two persons --------------------------------------------------------------------------------------------


def lowering() -> list[dict[str, Any]]:
    """Three penalties, of which the third makes the agency a cautioned unit."""
    return [penalty(f"呼环罚〔2024〕{n}号") for n in (1, 2, 3)]


def waiting(desk: Desk, status: SheetStatus) -> PendingDecision:
    """The decision that waits for all of a sheet."""
    decision = desk.sheets.get(status.id).decision
    assert decision is not None
    return desk.world.signing.decisions.read(decision, by=APPROVER)


def sign(desk: Desk, status: SheetStatus, by: Principal = APPROVER, **more: Any) -> None:
    found = waiting(desk, status)
    desk.world.signing.sign(found.id, by=by, digest=found.digest, **more)


def test_a_batch_with_a_row_that_lowers_a_grade_waits_as_one_decision(desk: Desk) -> None:
    status = desk.take_in(*lowering(), penalty("乙罚1号", 统一社会信用代码="", 机构名称="内蒙古乙环保科技有限公司"))
    assert [row.needs_signature for row in desk.rows(status)] == [False, False, True, False]
    done = desk.sheets.record(status.id, "all", by=CLERK)
    assert (done.state, done.needs_signature, done.recorded, done.left) == ("proposed", 1, 0, 0)
    assert desk.world.running("2024-06-30") == ("100", "N")
    assert desk.sheets.record(status.id, "all", by=CLERK).decision == done.decision
    again = desk.take_in(*lowering(), penalty("乙罚1号", 统一社会信用代码="", 机构名称="内蒙古乙环保科技有限公司"))
    assert (again.id, again.state) == (status.id, "proposed")
    decision = waiting(desk, status)
    assert (decision.command, decision.may_sign, decision.refused) == ("record_sheet", True, None)
    assert [effect.zh for effect in decision.effects] == [
        "共 4 行入卷，涉及 2 份案卷",
        "1 个主体的动态等级下降",
        f"甲检测：{TITLE} 动态等级 100 N → 70 C",
    ]


def test_a_signature_records_the_whole_batch_in_the_name_of_whoever_proposed_it(desk: Desk) -> None:
    status = desk.take_in(*lowering())
    desk.sheets.record(status.id, "all", by=CLERK)
    with pytest.raises(SigningRefused, match="role_may_not_sign"):
        sign(desk, status, CLERK)
    sign(desk, status)
    done = desk.sheets.get(status.id)
    assert (done.state, done.recorded, done.waiting, done.left) == ("recorded", 3, 0, 0)
    assert desk.world.running("2024-06-30") == ("70", "C")
    recorded = [row for row in desk.world.journal.stream("A") if isinstance(row.event, FactRecorded)]
    assert {row.actor for row in recorded} == {"clerk"}
    (imported,) = desk.world.journal.stream(f"{SHEET_STREAMS}{status.id}")
    (signed,) = [row for row in desk.world.journal.pending() if isinstance(row.event, DecisionSigned)]
    assert isinstance(signed.event, DecisionSigned)
    assert (signed.event.countersigned_by, imported.recorded_at) == ("approver", signed.recorded_at)
    assert [part.stream for part in signed.event.recorded] == [f"{SHEET_STREAMS}{status.id}"]


def test_rows_that_cannot_be_recorded_any_more_are_told_and_the_signer_says_what_becomes_of_the_others(
    desk: Desk,
) -> None:
    status = desk.take_in(*lowering(), penalty("呼环罚〔2024〕4号"))
    desk.sheets.record(status.id, "all", by=CLERK)
    desk.world.casework.submit(by_hand("呼环罚〔2024〕4号"), by=OFFICER)
    told = [effect.zh for effect in waiting(desk, status).effects]
    assert told[0] == "共 3 行入卷，涉及 1 份案卷"
    assert told[-1].startswith("第 5 行（甲检测，呼环罚〔2024〕4号）现在不能记录：")
    with pytest.raises(Refused, match="rows_refused_now"):
        sign(desk, status)
    assert (desk.sheets.get(status.id).state, desk.world.running("2024-06-30")) == ("proposed", ("90", "N"))
    sign(desk, status, chosen="good")
    done = desk.sheets.get(status.id)
    assert (done.recorded, done.refused, done.left) == (3, 1, 0)
    assert desk.rows(status)[3].remarks[0].code == "already_recorded"


def test_a_batch_whose_rows_were_all_recorded_meanwhile_cannot_be_signed(desk: Desk) -> None:
    status = desk.take_in(*lowering())
    desk.sheets.record(status.id, "all", by=CLERK)
    for n in (1, 2, 3):
        desk.world.casework.submit(by_hand(f"呼环罚〔2024〕{n}号"), by=LOCAL)
    refused = waiting(desk, status).refused
    assert refused is not None
    assert refused.code == "no_rows"


@pytest.mark.slow
def test_a_batch_goes_on_under_its_signature_part_by_part(desk: Desk) -> None:
    status = desk.take_in(*(penalty(f"呼环罚〔2024〕{n}号") for n in range(PART + 3)))
    desk.sheets.record(status.id, "all", by=CLERK)
    sign(desk, status)
    assert desk.sheets.get(status.id).left == 3
    done = desk.sheets.record(status.id, "all", by=CLERK)
    assert (done.recorded, done.waiting, done.left) == (PART + 3, 0, 0)


def test_the_challenge_of_a_row_is_recorded_with_its_batch(desk: Desk) -> None:
    challenged = {"是否复议/诉讼": "诉讼 2024-04-01", "生效日": "", "条目": "B02a"}
    status = desk.take_in(*lowering()[:2], penalty("呼环罚〔2024〕3号", **challenged))
    desk.sheets.record(status.id, "all", by=CLERK)
    sign(desk, status)
    assert desk.sheets.get(status.id).recorded == 3
    fact = desk.world.casework.file("A").facts[fact_of_row(status.id, 4)]
    assert [c.kind for c in fact.contests] == ["litigation"]


def test_a_batch_that_is_returned_is_not_recorded_and_may_be_proposed_anew(desk: Desk) -> None:
    status = desk.take_in(*lowering())
    first = desk.sheets.record(status.id, "all", by=CLERK).decision
    assert first is not None
    desk.world.signing.return_(first, by=APPROVER, reasons="请核对送达")
    found = desk.sheets.get(status.id)
    assert (found.state, found.decision, found.recorded) == ("looked_through", first, 0)
    again = desk.sheets.record(status.id, "all", by=CLERK)
    assert again.state == "proposed"
    assert again.decision != first
    with pytest.raises(Refused, match="sheet_is_proposed"):
        desk.sheets.delete(status.id)


def test_another_sheet_is_not_signed_under_the_same_digest(desk: Desk) -> None:
    store = MemorySheets()
    changed = Desk()
    changed.sheets = sheets_of(changed.world, store)
    status = changed.take_in(*lowering())
    changed.sheets.record(status.id, "all", by=CLERK)
    rows = list(store.part(status.id, 0))
    other = msgspec.structs.replace(rows[0], commands=rows[1].commands)
    store.keep_part(status.id, 0, [other, *rows[1:]])
    with pytest.raises(SigningRefused, match="digest_differs"):
        sign(changed, status)
    assert changed.world.running("2024-06-30") == ("100", "N")
    del desk


def test_a_batch_is_signed_by_whoever_reaches_all_of_its_files(desk: Desk) -> None:
    desk.world.agency("C", name="内蒙古丙环境检测有限公司", region="150200")
    desk.world.clock.set(at_hour(dt.date(2024, 6, 30), 9))
    everywhere = Principal("officer-2", "officer", "150000")
    rows = [*lowering(), penalty("包环罚1号", 统一社会信用代码=credit_code("C"), 机构名称="")]
    status = desk.take_in(*rows, by=everywhere)
    desk.sheets.record(status.id, "all", by=everywhere)
    assert desk.sheets.get(status.id).state == "proposed"
    with pytest.raises(NotFound):
        sign(desk, status)


def test_where_a_bureau_wants_every_fact_signed_a_sheet_waits_though_no_grade_falls() -> None:
    bureau = Desk()
    bureau.sheets = sheets_of(bureau.world, rules=rules_from('[default]\ncommands = ["record_fact"]\n'))
    status = bureau.take_in(penalty())
    assert bureau.rows(status)[0].needs_signature
    assert bureau.sheets.record(status.id, "all", by=CLERK).state == "proposed"


def test_a_clerk_of_another_place_finds_no_file_here(desk: Desk) -> None:
    status = desk.take_in(penalty(), by=Principal("clerk-2", "clerk", "150200"))
    (found,) = desk.rows(status)
    assert (found.subject, found.name, found.before) == (None, "甲检测", None)
    assert [r.code for r in found.remarks] == ["unknown_subject"]


# --- undoing ------------------------------------------------------------------------------------------------


def test_a_batch_is_undone_whole_and_the_sheet_may_come_again(desk: Desk) -> None:
    status = desk.take_in(penalty(), penalty("呼环罚〔2024〕2号"), by=LOCAL)
    desk.sheets.record(status.id, "all", by=LOCAL)
    done = desk.sheets.undo(status.id, "导入了另一年度的表", by=LOCAL)
    assert (done.state, done.undone, done.recorded, done.left) == ("undone", 2, 0, 0)
    assert desk.world.running("2024-06-30") == ("100", "N")
    undone = [r.event for r in desk.world.journal.stream(f"{SHEET_STREAMS}{status.id}")][-1]
    assert isinstance(undone, ImportUndone)
    assert "另一年度" not in undone.reason
    with pytest.raises(Refused, match="import_undone"):
        desk.sheets.record(status.id, "all", by=LOCAL)
    again = desk.take_in(penalty(), penalty("呼环罚〔2024〕2号"), by=LOCAL)
    assert again.id != status.id
    assert desk.sheets.record(again.id, "all", by=LOCAL).recorded == 2


def test_undoing_waits_for_a_second_person_as_one_decision(desk: Desk) -> None:
    status = desk.take_in(*lowering())
    desk.sheets.record(status.id, "all", by=OFFICER)
    sign(desk, status)
    done = desk.sheets.undo(status.id, "错表", by=OFFICER)
    assert (done.state, done.recorded, done.undone) == ("undo_proposed", 3, 0)
    decision = waiting(desk, status)
    assert decision.request is not None
    assert (decision.command, decision.request["reason"]) == ("undo_import", "错表")
    assert [effect.zh for effect in decision.effects] == [
        "撤销 3 条信息，涉及 1 份案卷",
        "没有主体的动态等级下降",
        f"甲检测：{TITLE} 动态等级 70 C → 100 N",
    ]
    assert "错表" not in str([row.event for row in desk.world.journal.pending()])
    sign(desk, status)
    undone = desk.sheets.get(status.id)
    assert (undone.state, undone.undone, undone.recorded, undone.left) == ("undone", 3, 0, 0)
    assert desk.world.running("2024-06-30") == ("100", "N")


def test_what_waits_by_itself_is_withdrawn_when_the_batch_is_undone(desk: Desk) -> None:
    # Nothing needed a second person when it was looked through, and meanwhile a row does.
    status = desk.take_in(penalty("呼环罚〔2024〕3号"), by=OFFICER)
    for n in (1, 2):
        desk.world.casework.submit(by_hand(f"呼环罚〔2024〕{n}号"), by=LOCAL)
    done = desk.sheets.record(status.id, "all", by=OFFICER)
    assert (done.state, done.waiting, done.recorded) == ("recorded", 1, 0)
    undone = desk.sheets.undo(status.id, "错表", by=OFFICER)
    assert (undone.state, undone.undone, undone.waiting) == ("undone", 1, 0)


def test_a_row_that_waits_by_itself_is_recorded_or_refused_as_its_signer_decides(desk: Desk) -> None:
    statuses = [desk.take_in(penalty(f"呼环罚〔2024〕{n}号"), by=OFFICER) for n in (3, 4)]
    for n in (1, 2):
        desk.world.casework.submit(by_hand(f"呼环罚〔2024〕{n}号"), by=LOCAL)
    for status in statuses:
        desk.sheets.record(status.id, "all", by=OFFICER)
    signing = desk.world.signing
    (first,), (second,) = (desk.rows(status) for status in statuses)
    assert first.decision is not None
    assert second.decision is not None
    signing.return_(second.decision, by=APPROVER, reasons="请核对送达")
    signing.sign(first.decision, by=APPROVER, digest=signing.decisions.read(first.decision).digest)
    assert desk.rows(statuses[0])[0].status == "recorded"
    assert (desk.rows(statuses[1])[0].status, desk.rows(statuses[1])[0].remarks[0].code) == ("refused", "returned")


def test_a_clerk_may_not_take_back_what_is_on_record_and_an_officer_may(desk: Desk) -> None:
    status = desk.take_in(penalty())
    desk.sheets.record(status.id, "all", by=CLERK)
    with pytest.raises(Forbidden):
        desk.sheets.undo(status.id, "错表", by=CLERK)
    assert desk.sheets.get(status.id).state == "recorded"
    assert desk.sheets.undo(status.id, "错表", by=OFFICER).state == "undo_proposed"


def test_what_was_never_recorded_cannot_be_undone_but_deleted(desk: Desk) -> None:
    status = desk.take_in(penalty())
    with pytest.raises(Refused, match="not_imported"):
        desk.sheets.undo(status.id, "错表", by=OFFICER)
    desk.sheets.delete(status.id)
    with pytest.raises(NotFound):
        desk.sheets.get(status.id)
    done = desk.take_in(penalty())
    desk.sheets.record(done.id, "all", by=CLERK)
    with pytest.raises(Refused, match="sheet_on_record"):
        desk.sheets.delete(done.id)


# --- keeping ------------------------------------------------------------------------------------------------


def test_files_are_kept_for_thirty_days_and_sheets_without_a_batch_no_longer(desk: Desk) -> None:
    kept = desk.take_in(penalty())
    desk.sheets.record(kept.id, "all", by=CLERK)
    forgotten = desk.take_in(penalty("呼环罚〔2024〕2号"))
    for hour, is_there in ((9, True), (10, False)):
        desk.world.clock.set(at_hour(dt.date(2024, 7, 30), hour))
        desk.take_in(penalty(f"呼环罚〔2024〕{hour}号"), by=OFFICER)
        assert _is_there(lambda: desk.sheets.get(forgotten.id)) is is_there
        assert _is_there(lambda: desk.sheets.content(kept.id)) is is_there
    assert desk.sheets.get(kept.id).recorded == 1


def _is_there(ask: Callable[[], object]) -> bool:
    try:
        ask()
    except NotFound:
        return False
    return True


def test_a_batch_is_found_by_its_number(desk: Desk) -> None:
    status = desk.take_in(penalty())
    assert status.number == "20240630-1"
    assert desk.sheets.numbered("20240630-1").id == status.id
    for number in ("20240629-1", "20240630-2", "1", "", "20240630-x"):
        with pytest.raises(NotFound):
            desk.sheets.numbered(number)


def test_rows_and_sheets_are_paged_and_a_cursor_is_of_its_list(desk: Desk) -> None:
    status = desk.take_in(penalty(), penalty("呼环罚〔2024〕2号", 送达日="昨天"), penalty("呼环罚〔2024〕3号"))
    other = desk.take_in(penalty("呼环罚〔2024〕4号"))
    page = desk.sheets.rows(status.id, limit=2)
    assert [row.row for row in page.rows] == [2, 3]
    assert [row.row for row in desk.sheets.rows(status.id, cursor=page.next, limit=2).rows] == [4]
    assert [row.row for row in desk.sheets.rows(status.id, mark="bad").rows] == [3]
    with pytest.raises(Invalid):
        desk.sheets.rows(other.id, cursor=page.next)
    first = desk.sheets.listed(limit=1)
    assert [s.id for s in first.sheets] == [other.id]
    assert [s.id for s in desk.sheets.listed(limit=1, cursor=first.next).sheets] == [status.id]


class CountedParts(MemorySheets):
    """A store that counts the parts that are read."""

    def __init__(self) -> None:
        super().__init__()
        self.read = 0

    def part(self, id: str, number: int) -> Sequence[KeptRow]:
        self.read += 1
        return super().part(id, number)


@pytest.mark.slow
def test_a_later_page_of_rows_does_not_read_all_that_stand_before_it() -> None:
    store = CountedParts()
    desk = Desk(store=store)
    status = desk.take_in(*(penalty(f"{n}号", 送达日="昨天") for n in range(5 * PART)))
    cursor, store.read, pages = None, 0, []
    while True:
        page = desk.sheets.rows(status.id, cursor=cursor, limit=PART // 2)
        pages.append([row.row for row in page.rows])
        cursor = page.next
        if cursor is None:
            break
    assert [number for page in pages for number in page] == list(range(2, 5 * PART + 2))
    # A page that ends with its part looks into the next one, and the one after it begins there.
    assert store.read < 2 * len(pages)


def test_a_sheet_without_rows_is_refused(desk: Desk) -> None:
    with pytest.raises(Refused, match="no_rows"):
        desk.take_in()


@pytest.fixture
def stored(make_database: MakeDatabase) -> Any:
    clock = StoppedClock(World().clock.now())
    with PostgresJournal(make_database(), clock) as journal:
        vault = PostgresVault(journal.datastore, bytes(32))
        yield Desk(World(journal, vault, clock), PostgresSheets(journal.datastore, vault))


def test_the_database_keeps_sheets_as_memory_does_and_nothing_of_them_in_clear(stored: Desk) -> None:
    status = stored.take_in(penalty(案由="未按规范采样"), penalty("呼环罚〔2024〕2号", 送达日="昨天"), file="三月.csv")
    done = stored.sheets.record(status.id, "good", by=CLERK)
    assert (done.number, done.recorded, done.bad, done.file) == ("20240630-1", 1, 1, "三月.csv")
    assert stored.take_in(penalty(案由="未按规范采样"), penalty("呼环罚〔2024〕2号", 送达日="昨天")).id == status.id
    for_clerk, for_other = (Principal(name, "clerk", "150100", through="deputy") for name in ("clerk", "other"))
    rows = penalty(案由="未按规范采样"), penalty("呼环罚〔2024〕2号", 送达日="昨天")
    assert stored.take_in(*rows, by=for_clerk).id == status.id
    of_other = stored.take_in(*rows, by=for_other)
    assert of_other.by == "deputy for other"
    stored.sheets.delete(of_other.id)
    assert stored.sheets.content(status.id).decode().startswith("序号")
    assert stored.sheets.numbered(status.number).receipt == done.receipt
    other = stored.take_in(penalty("呼环罚〔2024〕3号"))
    assert [s.id for s in stored.sheets.listed(limit=5).sheets] == [other.id, status.id]
    journal = stored.world.journal
    assert isinstance(journal, PostgresJournal)
    everything = "SELECT s.sheet || s.content || p.rows AS raw FROM sheets s JOIN sheet_parts p ON s.no = p.sheet"
    with journal.datastore.get_connection() as conn:
        raw = conn.execute(everything)
        found = b"".join(bytes(row["raw"]) for row in raw.fetchall())
    assert found
    assert "规范".encode() not in found
    assert "三月".encode() not in found
    stored.sheets.delete(other.id)
    waits = stored.take_in(penalty("呼环罚〔2024〕7号"), at_once=0)
    with stored.sheets.parts.store.claim(waits.id) as is_mine, ThreadPoolExecutor(1) as other_process:
        other_process.submit(stored.sheets.work, waits.id, read_sheet).result()
        assert (is_mine, stored.sheets.get(waits.id).state) == (True, "looking_through")
    stored.sheets.parts.store.progress(waits.id, 500)
    assert stored.sheets.get(waits.id).rows_seen == 500
    stored.sheets.work(waits.id, read_sheet)
    assert [row.mark for row in stored.rows(stored.sheets.get(waits.id))] == ["good"]
    stored.sheets.delete(waits.id)
    stored.sheets.work(waits.id, read_sheet)
    stored.world.clock.set(at_hour(dt.date(2024, 8, 30), 9))
    stored.take_in(penalty("呼环罚〔2024〕8号"))
    assert not _is_there(lambda: stored.sheets.content(status.id))
    assert stored.sheets.undo(status.id, "错表", by=OFFICER).state == "undo_proposed"
    sign(stored, status)
    assert stored.sheets.get(status.id).state == "undone"


def by_hand(document: str) -> Command:
    """The same decision as in a row."""
    fields = {"authority": "150100-EEB", "document": document, "subject": "A", "regime": REGIME, "row": "B11"}
    days = {"decided_on": "2024-03-01", "served_on": "2024-03-05", "final_on": "2024-05-06"}
    return command_from({**fields, **days}, name="record_fact")
