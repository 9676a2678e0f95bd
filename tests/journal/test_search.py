"""Finding a file by what people know of it: a name in any width, a code, the number of a paper or of a case."""

import io
from pathlib import Path

import msgspec
import pytest

from application.ports import AnyEvent, Entry, Journal, StreamCategory
from application.principal import Principal
from domain.events.facts import FactChanges, FactCorrected
from domain.events.papers.letters import LetterDrafted, LetterIssued, LetterWithdrawn, SentFile
from domain.events.registration import AgencyRegistered, ClientRegistered, PractitionerRegistered, SubjectChanged
from interfaces.clocks import StoppedClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.migrate import migrate, shipped
from interfaces.postgres.transfer import export_journal, import_journal
from tests.conftest import MakeDatabase
from tests.journal.examples import DAY, fact

FIRST = AgencyRegistered(
    uscc="91150100MA0000000X", name="青城（内蒙古）检测有限公司", region="150100", services=("monitoring",)
)
OTHER = AgencyRegistered(uscc="91150200MA0000001X", name="Ａ－Ｌａｂ 检测", region="150200", services=("monitoring",))
CLIENT = ClientRegistered(uscc="91150100MA0000002X", name="青城电厂", region="150100")


MANY = 700
"""More than the first look at the names takes in."""
CROWD = {f"S{n:04d}": f"第{n:04d}检测有限公司" for n in range(MANY)}


@pytest.fixture
def filed(journal: Journal) -> Journal:
    return with_files(journal)


@pytest.fixture
def crowded(journal: Journal) -> Journal:
    """A journal with many names that are nearly alike, and one client among the agencies."""
    names = [AgencyRegistered(uscc=f"U{id}", name=name, region="150100", services=()) for id, name in CROWD.items()]
    entries = [Entry(id, "agency", 1, event) for id, event in zip(CROWD, names, strict=True)]
    plant = ClientRegistered(uscc="V", name="检测仪器厂", region="150100")
    journal.append([*entries, Entry("T", "client", 1, plant)], by=Principal("clerk"))
    return journal


def with_files(journal: Journal) -> Journal:
    paper = msgspec.structs.replace(fact("f1"), document="呼环罚〔2024〕12号", case_no="案-7")
    changed = FactCorrected(fact="f1", changes=FactChanges(document="呼环罚〔2024〕21号"), reason="笔误")
    rows: list[tuple[str, StreamCategory, int, AnyEvent]] = [
        ("A", "agency", 1, FIRST),
        ("B", "agency", 1, OTHER),
        ("K", "client", 1, CLIENT),
        ("P", "practitioner", 1, PractitionerRegistered(region="150100", id_kind="other")),
        ("A", "agency", 2, paper),
        ("A", "agency", 3, changed),
        ("B", "agency", 2, SubjectChanged(from_on=DAY, name="蓝天检测")),
    ]
    for stream, category, version, event in rows:
        introduces = "f1" if event is paper else None
        journal.append([Entry(stream, category, version, event, introduces)], by=Principal("clerk"))
    return journal


def ids(journal: Journal, text: str, *, by_name: bool = True, until: int | None = None) -> list[str]:
    return [row.subject for row in journal.found(text, by_name=by_name, until=until)]


@pytest.mark.parametrize(
    "text",
    [
        "(内蒙古)",
        "（内蒙古）",
        "( 内蒙古 )",
        "青城（内",
        "青城\u200b（内蒙古）检测",
        "﹙内蒙古﹚",
        "\u3000青城（内蒙古）\u3000",
    ],
)
def test_a_name_is_found_in_any_width_with_any_brackets_and_blanks(filed: Journal, text: str) -> None:
    assert ids(filed, text) == ["A"]


def test_a_part_of_a_name_finds_every_kind_of_organisation(filed: Journal) -> None:
    assert ids(filed, "青城") == ["A", "K"]
    assert ids(filed, "a-lab") == ["B"]
    assert [r.subject for r in filed.found("青城", kind="client")] == ["K"]


def test_a_former_name_leads_to_the_file_too(filed: Journal) -> None:
    assert ids(filed, "lab") == ids(filed, "蓝天") == ["B"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["呼环罚[2024]12号", "呼环罚〔2024〕１２号", " 呼环罚(2024)12号 ", "呼环罚〔2024〕21号", "案-7"]
)
def test_the_number_of_a_paper_or_of_a_case_leads_to_the_file(filed: Journal, text: str) -> None:
    assert ids(filed, text) == ids(filed, text, by_name=False) == ["A"]


def test_the_number_of_a_letter_leads_to_the_file_and_brings_what_became_of_it(filed: Journal) -> None:
    issued = LetterIssued(
        letter="l1",
        number="呼环信告〔2024〕3号",
        series="notice",
        year=2024,
        serial=3,
        dated_on=DAY,
        says="",
        docx=SentFile(digest="0" * 64, size=1, locator="sha256/0"),
    )
    drafted = LetterDrafted(
        letter="l1", regime="nmg.third_party", kind="grade_notice", concerns="s", bureau="150100-EEB"
    )
    other = msgspec.structs.replace(issued, letter="l2", number="呼环信告〔2024〕4号")
    withdrawn = LetterWithdrawn(letter="l1", withdrawn_on=DAY, reason="误发")
    became: tuple[AnyEvent, ...] = (drafted, issued, other, withdrawn)
    for version, event in enumerate(became, 3):
        introduces = "l1" if event is drafted else None
        filed.append([Entry("B", "agency", version, event, introduces)], by=Principal("clerk"))
    internal = msgspec.structs.replace(issued, letter="l3", number="呼环信通〔2024〕1号")
    filed.append([Entry("advisories/B", "advisory", 1, internal)], by=Principal("clerk"))

    assert ids(filed, "呼环信告[2024] ３号") == ["B"]
    told = filed.mentions("呼环信告〔2024〕3号", ["B"])["B"]
    assert [row.event for row in told if row.version > 2] == [drafted, issued, withdrawn]
    assert ids(filed, "呼环信告〔2024〕") == ids(filed, "呼环信通〔2024〕1号") == []


@pytest.mark.slow
@pytest.mark.parametrize("text", ["呼环罚〔2024〕1号", "呼环罚〔2024〕12", "案", "2024", "", "\u200b", "（）"])
def test_a_part_of_a_number_leads_nowhere(filed: Journal, text: str) -> None:
    assert ids(filed, text, by_name=False) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["91150100MA0000000X", "91150100ma0000000x", "９１１５０１００MA0000000X", "91150100 MA0000000X"]
)
def test_a_code_leads_to_its_file(filed: Journal, text: str) -> None:
    assert ids(filed, text) == ["A"]


def test_an_id_leads_to_its_file_and_names_of_persons_to_nobody(filed: Journal) -> None:
    assert ids(filed, "P") == ["P"]
    assert ids(filed, "张") == []


def test_what_was_not_on_record_then_is_not_found(filed: Journal) -> None:
    before = filed.stream("A")[1].position - 1
    assert ids(filed, "呼环罚〔2024〕12号", until=before) == []
    assert ids(filed, "青城", until=before) == ["A", "K"]


def test_what_is_found_comes_in_pages(filed: Journal) -> None:
    first = filed.found("检测", limit=1)
    rest = filed.found("检测", after=first[-1].subject)
    assert [r.subject for r in (*first, *rest)] == ["A", "B"]


@pytest.mark.slow
@pytest.mark.parametrize("part", ["检测", "第0", "69", "0699", "第0512检测有限公司", "检测有限公司", "9检", "检", "6"])
def test_among_many_that_are_alike_every_file_with_the_part_is_found_page_by_page(crowded: Journal, part: str) -> None:
    expected = [id for id, name in CROWD.items() if part in name]
    found: list[str] = []
    while page := crowded.found(part, kind="agency", after=found[-1] if found else None, limit=30):
        found += [row.subject for row in page]
    assert found == expected


@pytest.mark.slow
def test_the_few_of_a_kind_do_not_stand_behind_the_many_of_another(crowded: Journal) -> None:
    assert [row.subject for row in crowded.found("检测", kind="client")] == ["T"]
    assert [row.subject for row in crowded.found("检测", after="S0698", limit=5)] == ["S0699", "T"]


@pytest.mark.slow
def test_a_name_given_later_is_found_behind_many_and_not_before_it_was_given(crowded: Journal) -> None:
    before = crowded.stream("T")[0].position
    crowded.append([Entry("S0650", "agency", 2, SubjectChanged(from_on=DAY, name="晨曦环境"))], by=Principal("clerk"))
    assert ids(crowded, "晨曦") == ["S0650"] == ids(crowded, "第0650")
    assert ids(crowded, "晨曦", until=before) == []
    assert ids(crowded, "检测有限", until=0) == []


def test_names_and_numbers_of_a_journal_from_before_are_found_after_the_migration(
    make_database: MakeDatabase, clock: StoppedClock, tmp_path: Path
) -> None:
    url = make_database(migrated=False)
    for migration in shipped():
        # What finds double files reads numbers by the functions of the search, and later ones guard what that keeps.
        if migration.name != "0011_search.sql" and migration.name < "0018":
            (tmp_path / migration.name).write_bytes(migration.sql)
    migrate(url, tmp_path)
    with PostgresJournal(url, clock) as journal:
        with_files(journal)
        migrate(url)
        assert ids(journal, "lab") == ids(journal, "蓝天") == ["B"]
        assert ids(journal, "呼环罚[2024]12号") == ids(journal, "内蒙古") == ["A"]


def test_names_and_numbers_come_along_when_a_journal_is_imported(
    stored: PostgresJournal, make_database: MakeDatabase, clock: StoppedClock
) -> None:
    exported = io.BytesIO()
    export_journal(with_files(stored), exported)  # type: ignore[arg-type]
    exported.seek(0)
    url = make_database()
    import_journal(exported, url)
    with PostgresJournal(url, clock) as copy:
        assert ids(copy, "lab") == ids(copy, "蓝天") == ["B"]
        assert ids(copy, "呼环罚[2024]12号") == ids(copy, "内蒙古") == ["A"]


def test_a_number_with_quotation_marks_is_found_and_one_that_is_only_quoted_is_not(journal: Journal) -> None:
    said = msgspec.structs.replace(
        fact("f1", summary='所附"document":"呼环函〔2024〕9号"'), document='呼环罚"特"〔2024〕3号'
    )
    journal.append([Entry("A", "agency", 1, FIRST), Entry("A", "agency", 2, said)], by=Principal("clerk"))
    assert ids(journal, '呼环罚"特"(2024)3号') == ["A"]
    assert ids(journal, "呼环函〔2024〕9号") == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("topic", "state"),
    [
        *(("agency-registered.v1", s) for s in (b"{", b"\xff", b"[]", b'{"name":null}', b'{"name":"\\u0000"}')),
        *(("fact-recorded.v1", s) for s in (b'{"document":"', b'{"document":"name', b'{"document":"\xff"}')),
    ],
)
def test_an_event_that_cannot_be_read_is_stored_and_leads_nowhere(
    stored: PostgresJournal, topic: str, state: bytes
) -> None:
    with stored.datastore.get_connection() as conn:
        conn.execute(
            "INSERT INTO events (originator_id, originator_version, topic, state, recorded_at, actor, category,"
            " leaf_no, leaf, salt) VALUES ('X', 1, %s, %s, now(), 'c', 'agency', 0, %s, %s)",
            (topic, state, bytes(32), bytes(16)),
        )
    assert ids(stored, "X") == ["X"]
    assert ids(stored, "name") == []
