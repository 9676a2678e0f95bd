"""Finding by what people know: what is found, by what, and page by page without a gap."""

import datetime as dt

import pytest

from application.answering.searching import SearchHit, Searching
from application.ports import Entry, Journal
from application.principal import Principal
from domain.errors import Invalid
from domain.events.registration import AgencyRegistered
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.memory.journal import MemoryVault
from tests.journal.test_search import CROWD, crowded, filed
from tests.support.world import World

__all__ = ["crowded", "filed"]

NOW = at_hour(dt.date(2025, 6, 16), 9)


def found(journal: Journal, text: str, **asked: object) -> list[SearchHit]:
    return list(Searching(journal, MemoryVault(), StoppedClock(NOW)).find(text, **asked).hits)  # type: ignore[arg-type]


def told(journal: Journal, text: str) -> list[tuple[str, str, str, str | None]]:
    return [(h.kind, h.id, h.matched, h.value) for h in found(journal, text)]


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("青城 (内蒙古)", [("agency", "A", "name", "青城（内蒙古）检测有限公司")]),
        ("a-lab检测", [("agency", "B", "former_name", "Ａ－Ｌａｂ 检测")]),
        ("蓝天", [("agency", "B", "name", "蓝天检测")]),
        ("91150100ma0000002x", [("client", "K", "uscc", "91150100MA0000002X")]),
        ("呼环罚[2024] 21 号", [("fact", "f1", "document", "呼环罚〔2024〕21号")]),
        ("呼环罚〔2024〕12号", [("fact", "f1", "former_document", "呼环罚〔2024〕12号")]),
        ("案－７", [("fact", "f1", "case_no", "案-7")]),
        ("P", [("practitioner", "P", "id", "P")]),
        ("没有这样的名称", []),
        ("  ", []),
    ],
)
def test_what_people_know_is_found_and_says_by_what(filed: Journal, text: str, hits: list[object]) -> None:
    assert told(filed, text) == hits


def test_a_fact_is_told_with_its_agency_and_its_paper_as_it_reads_now(filed: Journal) -> None:
    (hit,) = found(filed, "呼环罚〔2024〕12号")
    assert hit.subject.name == "青城（内蒙古）检测有限公司"
    assert (hit.document, hit.region, hit.retracted) == ("呼环罚〔2024〕21号", "150100", False)


@pytest.mark.slow
def test_pages_have_no_gap_and_nothing_twice(crowded: Journal) -> None:
    searching = Searching(crowded, MemoryVault(), StoppedClock(NOW))
    page = searching.find("检测", limit=97)
    hits = list(page.hits)
    while page.next is not None:
        page = searching.find("检测", limit=97, cursor=page.next)
        hits += page.hits
    assert [h.id for h in hits] == [*CROWD, "T"]


@pytest.mark.slow
def test_a_page_that_holds_just_everything_is_the_last(crowded: Journal) -> None:
    searching = Searching(crowded, MemoryVault(), StoppedClock(NOW))
    assert searching.find("第000", limit=10).next is None
    assert searching.find("第000", limit=9).next is not None


@pytest.mark.slow
def test_what_is_recorded_meanwhile_is_on_no_later_page(crowded: Journal) -> None:
    searching = Searching(crowded, MemoryVault(), StoppedClock(NOW))
    first = searching.find("第000", limit=5)
    late = AgencyRegistered(uscc="Z", name="第0009x检测", region="150100", services=())
    crowded.append([Entry("S0009x", "agency", 1, late)], by=Principal("clerk"))
    rest = searching.find("第000", limit=50, cursor=first.next)
    assert [h.id for h in rest.hits] == [f"S{n:04d}" for n in range(5, 10)]
    assert "S0009x" in [h.id for h in searching.find("第000", limit=50).hits]


@pytest.mark.parametrize("journal", ["memory", pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)
def test_a_cursor_belongs_to_its_text(crowded: Journal) -> None:
    searching = Searching(crowded, MemoryVault(), StoppedClock(NOW))
    with pytest.raises(Invalid):
        searching.find("公司", cursor=searching.find("检测", limit=1).next)


def test_a_paper_on_the_file_of_a_person_is_found_by_its_number_and_the_person_by_no_name() -> None:
    world = World()
    world.practitioner()
    world.fact("2024-03-12", "P01", "p1", subject="P", document="呼环函〔2024〕9号")
    searching = Searching(world.journal, world.vault, world.clock)
    (hit,) = searching.find("呼环函〔2024〕9号").hits
    assert (hit.kind, hit.id, hit.subject.id) == ("fact", "p1", "P")
    assert list(searching.find("张某").hits) == []
