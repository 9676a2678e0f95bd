"""The worklist of a region, one deadline proved as known at any moment, and reminders that are told once."""

from typing import Any

import pytest

from application.deadlines.worklist import WorklistQuestion
from application.ports import Entry
from application.principal import Principal
from domain.aggregates.advisories import stream_of
from domain.errors import Invalid, NotFound
from domain.events.advisories import AdvisoryRecorded
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.files.shipped import shipped_calendars
from tests.support.words import words_of
from tests.support.worklist import Office, brief, day
from tests.support.world import REGIME, USCC


@pytest.fixture
def office() -> Office:
    """An agency in Hohhot that has to report by 14 April 2025, and one in Baotou on whose roster nothing happened."""
    office = Office()
    office.agency()
    office.agency("B", name="乙检测", region="150200")
    office.stage("2025-03-03", "roster", "a")
    office.stage("2025-03-03", "roster", "b", subject="B")
    office.stage("2025-03-14", "notice", "n", received_on="2025-03-14")
    return office


def numbers(office: Office, on: str, **asked: Any) -> dict[tuple[str, str], int]:
    return {(c.kind, c.state): c.number for c in office.page(on, **asked).counts}


# --- pages ------------------------------------------------------------------------------------------------------


def test_a_region_sees_what_is_to_be_done_in_order_of_legal_time_left(office: Office) -> None:
    assert office.lines("2025-04-10") == [
        ("b:notice", "overdue", -18),
        ("n:report", "open", 2),
        ("a:publicity_start", "open", 15),
        ("b:publicity_start", "open", 15),
        ("a:submission", "open", 23),
        ("b:submission", "open", 23),
        ("a:publication", "open", 37),
        ("b:publication", "open", 37),
    ]
    line = office.page("2025-04-10", region="150100").lines[0]
    assert (line.subject.name, line.subject.kind, line.region, line.cites) == (
        "甲检测",
        "agency",
        "150100",
        ("art. 25",),
    )


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ({"region": "150000", "kind": "notice", "state": ("open", "overdue", "met")}, ["a:notice", "b:notice"]),
        ({"region": "150200", "due_before": "2025-05-15"}, ["b:notice", "b:publicity_start"]),
        ({"region": "150102"}, []),
        ({"region": "330000"}, []),
        ({"actor": "participant"}, ["n:report"]),
        ({"regime": REGIME, "state": ("overdue",)}, ["b:notice"]),
        ({"state": ("met",)}, ["a:notice"]),
        ({"state": ("late", "skipped", "lapsed", "ended", "suspended")}, []),
    ],
)
def test_a_question_narrows_the_worklist(office: Office, asked: dict[str, Any], ids: list[str]) -> None:
    assert [line.id for line in office.page("2025-04-10", **asked).lines] == ids


def test_counts_are_of_the_region_whatever_kind_is_listed(office: Office) -> None:
    expected = {("publicity_start", "open"): 1, ("submission", "open"): 1, ("publication", "open"): 1}
    assert numbers(office, "2025-04-10", region="150200") == {("notice", "overdue"): 1, **expected}
    assert numbers(office, "2025-04-10", region="150100", kind="report", limit=1) == {("report", "open"): 1, **expected}
    assert numbers(office, "2025-04-10", actor="participant", state=("met",)) == {("report", "open"): 1}
    assert numbers(office, "2025-04-10", region="150100", state=("met",))["notice", "met"] == 1


def test_an_earlier_day_shows_what_stood_then(office: Office) -> None:
    office.stage("2025-04-15", "report", "late")
    assert office.lines("2025-04-16", region="150100")[0][0] == "a:publicity_start"
    assert office.lines("2025-04-16", region="150100", as_of="2025-04-14")[0] == ("n:report", "open", 0)
    assert office.lines("2025-04-16", region="150100", as_of="2025-03-13")[0] == ("a:notice", "open", 1)
    assert office.lines("2025-04-16", as_of="2025-03-02") == []
    assert office.lines("2025-04-16", state=("late",)) == [("n:report", "late", -2)]


def test_what_is_suspended_comes_last(office: Office) -> None:
    office.do(
        "2025-04-08", "suspend_scope", subject="A", id="s", regime=REGIME, dated_on="2025-04-08", reason="涉嫌犯罪"
    )
    found = office.lines("2025-04-10", state=("open", "overdue", "suspended"))
    assert (found[0][0], found[-1]) == ("b:notice", ("n:report", "suspended", None))
    assert numbers(office, "2025-04-10")["report", "suspended"] == 1
    assert "n:report" not in [id for id, _, _ in office.lines("2025-04-10")]


def test_a_practitioner_shows_an_id_and_no_name(office: Office) -> None:
    office.practitioner()
    office.stage("2025-03-03", "roster", "p", subject="P")
    lines = [line for line in office.page("2025-03-04").lines if line.subject.id == "P"]
    assert {(line.subject.kind, line.subject.name) for line in lines} == {("practitioner", None)}
    assert [line.kind for line in lines] == ["notice", "submission", "rating"]


def test_an_agency_that_moves_takes_its_deadlines_along(office: Office) -> None:
    assert office.lines("2025-04-10", region="150200")
    office.do("2025-04-10", "change_subject", subject="B", from_on="2025-04-10",
              changes={"region": "150100", "name": "乙环境检测"})  # fmt: skip
    assert office.lines("2025-04-11", region="150200") == []
    names = {line.subject.name for line in office.page("2025-04-11", region="150100").lines}
    assert names == {"甲检测", "乙环境检测"}


# --- cursors ----------------------------------------------------------------------------------------------------


def test_pages_follow_one_another_without_gap_or_double(office: Office) -> None:
    whole = [line.id for line in office.page("2025-04-10").lines]
    found, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        # Each page a day later: the cursor keeps the day of the first.
        page = office.page(f"2025-04-{10 + pages}", limit=3, cursor=cursor)
        assert page.as_of == day("2025-04-10")
        found += [line.id for line in page.lines]
        cursor, pages = page.cursor, pages + 1
    assert (found, pages) == (whole, 3)


def test_the_latest_last_day_first_is_the_same_list_from_its_end(office: Office) -> None:
    whole = [line.id for line in office.page("2025-04-10").lines]
    # Two of them have the same last day.
    assert len({line.due_on for line in office.page("2025-04-10").lines}) < len(whole)
    found, cursor = list[str](), None
    while not found or cursor:
        page = office.page("2025-04-10", sort="-due_on", limit=1, cursor=cursor)
        found += [line.id for line in page.lines]
        cursor = page.cursor
    assert found == whole[::-1]


def test_the_pages_still_to_come_are_those_of_the_first_ones_day(office: Office) -> None:
    first = office.page("2025-04-10", limit=2)
    office.stage("2025-04-11", "publicity", "show")
    office.do("2025-04-11", "evaluation_stage", subject="B", id="shown", regime=REGIME, year=2024, stage="publicity",
              dated_on="2025-04-10")  # fmt: skip
    second = office.page("2025-04-11", limit=2, cursor=first.cursor)
    assert [line.id for line in second.lines] == ["shown:publicity", "a:publicity_start"]


@pytest.mark.parametrize(
    "other",
    [{"region": "150100"}, {"kind": "report"}, {"as_of": "2025-04-11"}, {"state": ("met",)}, {"sort": "-due_on"}],
)
def test_the_cursor_of_another_question_is_refused(office: Office, other: dict[str, Any]) -> None:
    cursor = office.page("2025-04-10", limit=2).cursor
    with pytest.raises(Invalid) as refused:
        office.page("2025-04-10", cursor=cursor, **other)
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/cursor", "other_question")]


def test_every_bad_part_of_a_question_is_told_at_once(office: Office) -> None:
    asked = {"region": "1501", "regime": "nmg", "kind": "reports", "state": ("open", "done"), "actor": "me", "limit": 0}
    with pytest.raises(Invalid) as refused:
        office.page("2025-04-10", cursor="x", **asked)
    problems = {p.pointer: p for p in refused.value.problems}
    assert sorted(problems) == ["/actor", "/cursor", "/kind", "/limit", "/regime", "/region", "/state/1"]
    assert problems["/state/1"].code == "unknown_value"
    assert "overdue" in words_of(problems["/state/1"]).en
    assert "objection_decision" in words_of(problems["/kind"]).zh


# --- how far the index is kept ----------------------------------------------------------------------------------


def test_a_page_holds_what_was_recorded_a_moment_ago(office: Office) -> None:
    assert office.page("2025-04-10").index.behind == 0
    office.stage("2025-04-10", "report", "rep")
    page = office.page("2025-04-10")
    assert (page.index.position, page.index.behind) == (office.journal.head().position, 0)
    assert "n:report" not in [line.id for line in page.lines]


def test_a_page_tells_how_much_it_misses_when_that_is_a_lot(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    assert office.lines("2025-04-10")[1][0] == "n:report"
    monkeypatch.setattr("application.deadlines.index.MOST_EVENTS", 1)
    office.stage("2025-04-10", "report", "rep")
    office.stage("2025-04-10", "commitment", "letter")
    page = office.page("2025-04-10")
    assert page.index.behind == 2
    assert brief(page.lines[1]) == ("n:report", "open", 2)
    assert office.worklist.page(WorklistQuestion(), min_position=office.journal.head().position).index.behind == 0
    assert office.projection.catch_up().behind == 0
    assert office.lines("2025-04-10")[1][0] == "a:publicity_start"


def test_a_calendar_reaches_every_deadline_it_moves(office: Office) -> None:
    office.fact("2024-05-06", "B08", "f")
    office.do("2026-12-14", "apply_repair", subject="A", id="x", regime=REGIME, facts=["f"], dated_on="2026-12-14")
    asked = {"kind": "repair_decision", "region": "150100"}
    (line,) = office.page("2026-12-15", **asked).lines
    assert (line.due_on, line.provisional) == (day("2027-01-11"), True)
    office.do("2026-12-21", "adopt_calendar", year=2027, days={"rest": ["2027-01-01"], "working": []},
              paper="2027年安排", published_on="2026-12-21")  # fmt: skip
    (line,) = office.page("2026-12-21", **asked).lines
    assert (line.due_on, line.provisional) == (day("2027-01-12"), False)
    assert not office.page("2026-12-21").index.outdated


def test_another_engine_computes_every_deadline_anew(office: Office) -> None:
    before = office.lines("2025-04-10")
    newer = Office(office.journal, office.vault, office.clock, office.index, engine="newer")
    assert newer.projection.freshness().outdated
    assert newer.lines("2025-04-10") == before
    assert not newer.projection.freshness().outdated


def test_rebuilding_changes_nothing_and_tells_how_far_it_is(office: Office) -> None:
    before = office.page("2025-04-10")
    told: list[int] = []
    assert office.projection.rebuild(told.append) == 2
    assert (told, office.page("2025-04-10")) == ([2], before)


def test_advisories_never_reach_the_worklist(office: Office) -> None:
    before = office.lines("2025-04-10")
    told = AdvisoryRecorded(
        record="adv",
        regime=REGIME,
        kind="joint_inspection",
        noticed_on=day("2025-03-20"),
        document="联合检查通报",
        authority="150100-EEB",
    )
    office.journal.append([Entry(stream_of("A"), "advisory", 1, told, "adv")], by=Principal("clerk"))
    assert office.page("2025-04-10").index.behind == 0
    assert office.lines("2025-04-10") == before
    with pytest.raises(NotFound):
        office.proved("adv:report")


# --- one deadline ------------------------------------------------------------------------------------------------


def test_one_deadline_is_proved_day_by_day_with_the_paper_of_each_day(office: Office) -> None:
    office.stage("2025-04-25", "publicity", "show")
    found = office.proved("show:publicity", as_of="2025-04-28")
    assert [(str(p.on), p.number, p.kind) for p in found.proof] == [
        ("2025-04-25", None, "start"),
        ("2025-04-26", None, "weekend"),
        ("2025-04-27", 1, "swapped"),
        ("2025-04-28", 2, "counted"),
        ("2025-04-29", 3, "counted"),
        ("2025-04-30", 4, "counted"),
        ("2025-05-01", None, "holiday"),
        ("2025-05-02", None, "holiday"),
        ("2025-05-03", None, "holiday"),
        ("2025-05-04", None, "holiday"),
        ("2025-05-05", None, "holiday"),
        ("2025-05-06", 5, "counted"),
    ]
    assert {p.paper for p in found.proof} == {"国务院办公厅关于2025年部分节假日安排的通知"}
    assert brief(found.deadline) == ("show:publicity", "open", 3)
    assert (found.deadline.cites, found.deadline.subject.name) == (("art. 22(3)",), "甲检测")
    assert found.basis.as_of == day("2025-04-28")
    assert found.basis.engine == "engine-of-the-test"


def test_the_days_kept_over_a_suspension_are_told_with_the_proof(office: Office) -> None:
    office.do(
        "2025-03-24", "suspend_scope", subject="A", id="s", regime=REGIME, dated_on="2025-03-24", reason="涉嫌犯罪"
    )
    away = office.proved("n:report")
    assert (away.deadline.state, away.deadline.due_on, away.deadline.working_days_left) == ("suspended", None, None)
    assert [(s.remaining, s.until_on) for s in away.suspensions] == [(15, None)]
    office.do("2025-06-03", "resume_scope", subject="A", id="t", regime=REGIME, dated_on="2025-06-03", reason="不起诉")
    back = office.proved("n:report")
    assert (back.deadline.due_on, back.deadline.working_days_left) == (day("2025-06-23"), 14)
    assert [(s.remaining, s.until_on) for s in back.suspensions] == [(15, day("2025-06-02"))]


def test_an_extension_is_told_beside_the_first_last_day(office: Office) -> None:
    office.stage("2025-04-15", "proposal", "p", received_on="2025-04-15")
    office.do("2025-04-22", "file_objection", subject="A", id="o", regime=REGIME, against="p", filed_on="2025-04-22",
              by="participant", grounds="数据有误", evidence=[{"title": "原始记录"}])  # fmt: skip
    office.do("2025-04-29", "extend_review", objection="o", until_on="2025-05-09", reason="需补充检测")
    found = office.proved("o:objection_decision", as_of="2025-05-06")
    assert brief(found.deadline) == ("o:objection_decision", "open", 3)
    assert found.deadline.original_on == day("2025-04-30")
    assert [(s.from_on, s.until_on) for s in found.extensions] == [(day("2025-05-01"), day("2025-05-09"))]


@pytest.fixture
def spring_2020() -> Office:
    """An agency that received its proposed grade on 22 January 2020, two days before the Spring Festival holiday."""
    office = Office(clock=StoppedClock(at_hour(day("2019-12-02"), 9)))
    office.do("2019-12-02", "register_agency", id="A", name="甲检测", services=["monitoring"], uscc=USCC,
              region="150100")  # fmt: skip
    office.stage("2020-01-06", "roster", "r", year=2019)
    office.stage("2020-01-22", "proposal", "p", year=2019, received_on="2020-01-22")
    return office


PAPERS = {(c.year, c.version): c.paper for c in shipped_calendars()}


def test_the_deadline_of_who_relied_on_the_first_paper_of_2020_can_still_be_told(spring_2020: Office) -> None:
    """The holiday of 2020 was announced in November 2019 and made longer by a second paper on 27 January 2020.

    By the first paper 31 January and Saturday 1 February were working days, so that the fifth was 4 February. By the
    second nobody worked before 3 February, and the fifth is the 6th.
    """
    before = spring_2020.proved("p:objection", known_at="2020-01-26")
    after = spring_2020.proved("p:objection", known_at="2020-01-27")
    assert [(p.deadline.due_on, p.deadline.provisional) for p in (before, after)] == [
        (day("2020-02-04"), False),
        (day("2020-02-06"), False),
    ]
    assert [(str(p.on), p.number, p.kind) for p in before.proof if p.number] == [
        ("2020-01-23", 1, "counted"),
        ("2020-01-31", 2, "counted"),
        ("2020-02-01", 3, "swapped"),
        ("2020-02-03", 4, "counted"),
        ("2020-02-04", 5, "counted"),
    ]
    assert [str(p.on) for p in after.proof if p.number] == [
        "2020-01-23", "2020-02-03", "2020-02-04", "2020-02-05", "2020-02-06",
    ]  # fmt: skip
    assert {p.paper for p in before.proof} == {PAPERS[2020, 1]}
    assert {p.paper for p in after.proof} == {PAPERS[2020, 2]}
    assert before.basis.calendar_digest != after.basis.calendar_digest


def test_the_worklist_itself_goes_by_the_paper_known_now(spring_2020: Office) -> None:
    assert spring_2020.lines("2020-01-23", kind="objection") == [("p:objection", "open", 4)]
    assert spring_2020.lines("2020-01-27", kind="objection") == [("p:objection", "open", 4)]
    (line,) = spring_2020.page("2020-02-05", kind="objection").lines
    assert (line.due_on, line.state) == (day("2020-02-06"), "open")
    assert spring_2020.proved("p:objection", known_at="2020-01-24", as_of="2020-02-05").deadline.state == "lapsed"


def test_a_deadline_is_not_known_before_its_record(office: Office) -> None:
    assert office.proved("n:report", known_at="2025-03-14").deadline.state == "open"
    for known_at in ("2025-03-13", "2025-01-01"):
        with pytest.raises(NotFound):
            office.proved("n:report", known_at=known_at)


@pytest.mark.parametrize("id", ["n:objection", "nobody:report", "n", "", ":report", "n:"])
def test_an_unknown_deadline_is_not_found(office: Office, id: str) -> None:
    with pytest.raises(NotFound) as missing:
        office.proved(id)
    assert (missing.value.what, missing.value.id) == ("deadline", id)


# --- reminders -----------------------------------------------------------------------------------------------------


def told(office: Office, on: str, within: int = 5) -> list[tuple[str, str, bool]]:
    swept = office.reminders.sweep(day(on), within)
    return [(r.deadline.id, r.what, r.new) for r in swept.reminders]


def test_a_sweep_tells_what_is_near_or_overdue_and_tells_it_once(office: Office) -> None:
    """14 April 2025 is five working days after Monday the 7th; the Friday before was a holiday."""
    assert told(office, "2025-04-03") == [("b:notice", "overdue", True)]
    assert told(office, "2025-04-07") == [("n:report", "near", True)]
    assert told(office, "2025-04-07") == [("n:report", "near", False)]
    assert told(office, "2025-04-08") == []
    assert told(office, "2025-04-15") == [("n:report", "overdue", True)]
    assert told(office, "2025-04-16") == []


def test_sweeps_that_were_left_out_are_made_up_for(office: Office) -> None:
    assert told(office, "2025-05-14") == [
        ("b:notice", "overdue", True),
        ("n:report", "overdue", True),
        ("a:publicity_start", "overdue", True),
        ("b:publicity_start", "overdue", True),
        ("a:submission", "near", True),
        ("b:submission", "near", True),
    ]


def test_another_last_day_is_told_again(office: Office) -> None:
    office.stage("2025-04-15", "proposal", "p", received_on="2025-04-15")
    office.do("2025-04-22", "file_objection", subject="A", id="o", regime=REGIME, against="p", filed_on="2025-04-22",
              by="participant", grounds="数据有误", evidence=[{"title": "原始记录"}])  # fmt: skip
    assert ("o:objection_decision", "near", True) in told(office, "2025-04-28", within=3)
    office.do("2025-04-29", "extend_review", objection="o", until_on="2025-05-09", reason="需补充检测")
    assert "o:objection_decision" not in [id for id, _, _ in told(office, "2025-04-28", within=3)]
    assert ("o:objection_decision", "near", True) in told(office, "2025-05-07", within=3)


def test_a_right_that_lapsed_is_nobodys_omission(office: Office) -> None:
    office.stage("2025-04-15", "proposal", "p", received_on="2025-04-15")
    assert ("p:objection", "near", True) in told(office, "2025-04-18")
    assert "p:objection" not in [id for id, _, _ in told(office, "2025-04-23")]


def test_rest_days_after_the_last_working_day_are_near_too(office: Office) -> None:
    """11 May 2025 is a Sunday with as many working days left as the Friday before."""
    swept = office.reminders.sweep(day("2025-05-07"), 2)
    assert swept.until_on == day("2025-05-11")
    assert office.reminders.sweep(day("2025-05-09"), 0).until_on == day("2025-05-11")


@pytest.mark.parametrize("within", [-1, 251])
def test_a_sweep_looks_no_further_than_a_year(office: Office, within: int) -> None:
    with pytest.raises(Invalid) as refused:
        office.reminders.sweep(day("2025-04-07"), within)
    assert [p.pointer for p in refused.value.problems] == ["/within"]
