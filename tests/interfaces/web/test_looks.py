"""One opening of a page by one person is one look on record, with everything that was looked at in it."""

import msgspec
import pytest

from application.access.read_log import ReadEntry, WantedReads, Watching, asked_besides
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser
from tests.support.accounts import account, with_first
from tests.support.read_logs import FillingReadLog
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"


class Watched:
    """An officer at the pages, and what is put on record of it."""

    def __init__(self) -> None:
        world = World()
        world.agency(A)
        world.agency(B, name="呼和浩特市乙检测有限公司", licences=[])
        world.fact("2024-03-01", "B09", "00000000-0000-4000-8000-0000000000f1", A, document="呼环约〔2024〕1号")
        api, self.log = Api(world), FillingReadLog()
        api.desk.copies.primary.watching = Watching(self.log, world.gate, world.clock)
        with_first(api.administering)
        account(api.administering, "officer", "officer")
        self.browser = Browser(api)
        assert self.browser.sign_in("officer").status_code == 303

    def looks(self, address: str) -> list[ReadEntry]:
        """What one opening of a page puts on record."""
        before = len(self.log.listed(WantedReads(), 1000))
        assert self.browser.get(address).status_code == 200
        found = self.log.listed(WantedReads(), 1000)
        return [entry for _, entry in found[: len(found) - before]]


@pytest.fixture
def house() -> Watched:
    return Watched()


def asked_in(look: ReadEntry) -> set[str]:
    return {look.operation, *asked_besides(msgspec.json.decode(look.query))}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "subject", "asked"),
    [
        (f"/cases/{A}", A, {"get_casefile", "get_history", "get_moments"}),
        (f"/cases/{A}/deadlines", A, {"get_casefile", "get_subject_deadlines", "get_letters"}),
        (f"/cases/{A}/what-if", A, {"get_casefile", "get_counterfactuals", "get_readings"}),
        ("/todo", None, {"get_deadlines", "get_awaited_letters"}),
        (f"/population?regime={REGIME}", None, {"get_subjects", "get_subject_counts"}),
        (f"/population/places?regime={REGIME}", None, {"get_subject_counts"}),
        ("/", None, {"get_deadlines", "get_changes", "get_subject_counts"}),
    ],
)
def test_one_opening_is_one_look_that_names_every_question(
    house: Watched, address: str, subject: str | None, asked: set[str]
) -> None:
    (look,) = house.looks(address)
    assert look.subject == subject
    assert asked <= asked_in(look)


def test_the_places_of_a_table_are_each_named(house: Watched) -> None:
    (look,) = house.looks(f"/population/places?regime={REGIME}")
    said = msgspec.json.decode(look.query).values()
    assert {"region=150102", "region=150104", "region=150121"} <= set(said)


def test_whose_reasons_are_shown_has_a_look_of_their_own(house: Watched) -> None:
    looks = house.looks(f"/population?regime={REGIME}&reasons=true")
    assert {look.subject for look in looks} == {None, A, B}
    assert len(looks) == 3


def test_no_page_is_shown_that_could_not_be_put_on_record(house: Watched) -> None:
    house.log.is_full = True
    page = house.browser.get(f"/cases/{A}")
    assert page.status_code == 503
    assert "呼环约〔2024〕1号" not in page.text
