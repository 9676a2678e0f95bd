"""Finding a file by what people know of it: a name in any width, a code, the number of a paper or of a case."""

import msgspec
import pytest

from application.ports import AnyEvent, Category, Entry, Journal
from domain.events.facts import FactChanges, FactCorrected
from domain.events.registration import AgencyRegistered, ClientRegistered, PractitionerRegistered, SubjectChanged
from tests.journal.examples import DAY, fact

FIRST = AgencyRegistered(
    uscc="91150100MA0000000X", name="青城（内蒙古）检测有限公司", region="150100", services=("monitoring",)
)
OTHER = AgencyRegistered(uscc="91150200MA0000001X", name="Ａ－Ｌａｂ 检测", region="150200", services=("monitoring",))
CLIENT = ClientRegistered(uscc="91150100MA0000002X", name="青城电厂", region="150100")


@pytest.fixture
def filed(journal: Journal) -> Journal:
    paper = msgspec.structs.replace(fact("f1"), document="呼环罚〔2024〕12号", case_no="案-7")
    changed = FactCorrected(fact="f1", changes=FactChanges(document="呼环罚〔2024〕21号"), reason="笔误")
    rows: list[tuple[str, Category, int, AnyEvent]] = [
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
        journal.append([Entry(stream, category, version, event, introduces)], actor="clerk")
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


@pytest.mark.parametrize(
    "text", ["呼环罚[2024]12号", "呼环罚〔2024〕１２号", " 呼环罚(2024)12号 ", "呼环罚〔2024〕21号", "案-7"]
)
def test_the_number_of_a_paper_or_of_a_case_leads_to_the_file(filed: Journal, text: str) -> None:
    assert ids(filed, text) == ids(filed, text, by_name=False) == ["A"]


@pytest.mark.parametrize("text", ["呼环罚〔2024〕1号", "呼环罚〔2024〕12", "案", "2024", "", "\u200b", "（）"])
def test_a_part_of_a_number_leads_nowhere(filed: Journal, text: str) -> None:
    assert ids(filed, text, by_name=False) == []


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
