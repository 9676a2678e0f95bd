"""Accounts as administrators keep them: within their place, never their own, every change on the log."""

import datetime as dt

import pytest

from application.access.accounts import OIDC, AccountChange, ChangeAccount, MakeAccount, UserAccount
from application.access.administering import Administering
from application.demo.accounts import DEMO
from application.principal import Principal
from domain.errors import Conflict, Invalid, NotFound, Refused
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from tests.support.accounts import ROOT, account, administering, with_first
from tests.support.world import World

HOHHOT = Principal("admin-hohhot", "administrator", "150100")


@pytest.fixture
def house() -> Administering:
    found = administering(StoppedClock(at_hour(dt.date(2026, 6, 1), 9)))
    with_first(found)
    return found


def make(house: Administering, by: Principal = ROOT, **more: object) -> Administering:
    given = {"account": "officer-1", "name": "某人", "role": "officer", "place": "150100", **more}
    house.make(by, MakeAccount(**given))  # type: ignore[arg-type]
    return house


def faults(house: Administering, by: Principal = ROOT, **more: object) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as told:
        make(house, by, **more)
    return [(p.pointer, p.code) for p in told.value.problems]


def test_there_is_one_first_administrator_and_until_the_link_is_used_it_can_be_had_again() -> None:
    house = administering(StoppedClock(0))
    first = house.first("root", "管理员")
    assert house.first("root", "管理员") != first
    with pytest.raises(Conflict):
        house.first("another", "管理员")
    house.door.use_link(house.first("root", "管理员"), "a long enough Passphrase")
    with pytest.raises(Conflict):
        house.first("root", "管理员")


def test_an_administrator_makes_accounts_within_their_place_and_in_no_other(house: Administering) -> None:
    make(house, HOHHOT, place="150102")
    assert faults(house, HOHHOT, account="b-1", place="150200") == [("/place", "other_place")]
    assert faults(house, HOHHOT, account="b-1", place="150000") == [("/place", "other_place")]
    assert faults(house, ROOT, account="b-1", place="999999") == [("/place", "unknown_region")]


def test_of_an_account_of_another_place_nobody_learns_that_it_is_there(house: Administering) -> None:
    make(house, account="ningbo-1", place="330200")
    with pytest.raises(NotFound):
        house.get(HOHHOT, "ningbo-1")
    with pytest.raises(NotFound):
        house.deactivate(HOHHOT, "ningbo-1")
    assert [a.id for a in house.listed(HOHHOT)] == []
    assert [a.id for a in house.listed(ROOT)] == ["ningbo-1", "root"]


def test_an_id_is_never_given_again(house: Administering) -> None:
    make(house).deactivate(ROOT, "officer-1")
    with pytest.raises(Conflict):
        make(house)


@pytest.mark.parametrize("id", ["ab", "Officer-1", "-officer", "officer-", "经办", "a b", "a" * 65, "officer/1"])
def test_an_id_that_could_be_mistaken_is_refused(house: Administering, id: str) -> None:
    assert faults(house, account=id) == [("/account", "bad_account")]


@pytest.mark.parametrize("id", [OIDC, DEMO])
def test_no_account_is_called_like_what_makes_accounts_by_itself(house: Administering, id: str) -> None:
    """What it made would pass for an account of the provider, or of the demo, which nobody needs a password for."""
    assert faults(house, account=id, role="administrator") == [("/account", "bad_account")]
    with pytest.raises(Invalid):
        administering(StoppedClock(0)).first(id, "管理员")


def test_a_participant_has_a_file_and_nobody_else(house: Administering) -> None:
    assert faults(house, role="participant") == [("/subject", "participant")]
    assert faults(house, subject="A") == [("/subject", "participant")]


def test_a_participant_gets_a_file_that_the_administrator_reaches_and_no_other() -> None:
    world = World()
    world.agency("A")
    world.agency("B", region="150200")
    house = administering(world.clock, gate=world.gate)
    with_first(house)
    for unknown in ("B", "C"):
        assert faults(house, HOHHOT, role="participant", subject=unknown) == [("/subject", "unknown_subject")]
    make(house, HOHHOT, role="participant", subject="A")
    with pytest.raises(Invalid):
        house.change(HOHHOT, "officer-1", ChangeAccount(subject="B"))
    assert house.get(ROOT, "officer-1").subject == "A"
    assert house.change(ROOT, "officer-1", ChangeAccount(subject="B")).subject == "B"


def test_nobody_administers_their_own_account(house: Administering) -> None:
    for doing in (house.deactivate, house.unlock, house.reset, house.sign_out):
        with pytest.raises(Refused) as told:
            doing(ROOT, "root")
        assert told.value.code == "own_account"
    with pytest.raises(Refused):
        house.change(ROOT, "root", ChangeAccount(role="officer"))


def test_a_service_has_tokens_and_no_password(house: Administering) -> None:
    made = house.make(ROOT, MakeAccount(account="svc-1", name="前端", role="officer", place="150100", is_service=True))
    assert made.link is None
    with pytest.raises(Refused):
        house.reset(ROOT, "svc-1")
    secret, _ = house.make_token(ROOT, "svc-1", "前端", 30)
    assert house.door.identify(secret).account.is_service


def test_an_administrator_makes_tokens_of_services_and_of_no_person(house: Administering) -> None:
    """Whoever had one of a person could act in their name, and nobody would see it."""
    house.make(ROOT, MakeAccount(account="a-9", name="某人", role="officer", place="150100"))
    for id in ("a-9", "root"):
        with pytest.raises(Refused) as told:
            house.make_token(ROOT, id, "接口", 30)
        assert told.value.code == "token_of_a_person"
    assert house.make_token(ROOT, "a-9", "接口", 30, also_of_persons=True)


def test_who_signs_in_through_the_provider_gets_no_password_here(house: Administering) -> None:
    """The administrator who had set it would have it still when the provider has made its owner something more."""
    wang = UserAccount(id="oidc-wang", name="王某", role="clerk", place="150102", made_by=OIDC)
    made = AccountChange(at=0, by=OIDC, account="oidc-wang", what="made")
    assert house.door.keep(wang, made)
    with pytest.raises(Refused) as told:
        house.reset(HOHHOT, "oidc-wang")
    assert told.value.code == "provider_lets_in"
    assert house.log(HOHHOT, "oidc-wang") == [made]


def test_a_deputy_has_the_same_role_and_a_place_that_holds_the_other(house: Administering) -> None:
    for id, role, place in (
        ("a-1", "officer", "150102"),
        ("same-1", "officer", "150102"),
        ("above-1", "officer", "150100"),
        ("beside-1", "officer", "150103"),
        ("legal-1", "legal", "150102"),
    ):
        account(house, id, role, place)  # type: ignore[arg-type]
    first, last = dt.date(2026, 6, 1), dt.date(2026, 6, 5)
    for unfit in ("beside-1", "legal-1", "a-1"):
        with pytest.raises(Refused):
            house.name_deputy(ROOT, "a-1", unfit, first, last)
    house.name_deputy(ROOT, "a-1", "above-1", first, last)
    with pytest.raises(Invalid):
        house.name_deputy(ROOT, "a-1", "same-1", last, first)
    assert [d.deputy for d in house.deputies_of("a-1")] == ["above-1"]


@pytest.mark.parametrize(("today", "expected"), [(31, 0), (1, 1), (5, 1), (6, 0)])
def test_somebody_stands_in_on_both_their_first_and_their_last_day(today: int, expected: int) -> None:
    clock = StoppedClock(at_hour(dt.date(2026, 5, 1), 9))
    house = administering(clock)
    with_first(house)
    account(house, "a-1")
    account(house, "b-1")
    house.name_deputy(ROOT, "a-1", "b-1", dt.date(2026, 6, 1), dt.date(2026, 6, 5))
    clock.set(at_hour(dt.date(2026, 5 if today == 31 else 6, today), 23))
    assert len(house.deputies_of("a-1")) == expected


def test_every_change_is_on_the_log_with_who_made_it(house: Administering) -> None:
    make(house, HOHHOT)
    house.deactivate(ROOT, "officer-1")
    assert [(line.by, line.what) for line in reversed(house.log(ROOT, "officer-1"))] == [
        ("admin-hohhot", "made"),
        ("admin-hohhot", "links_ended"),
        ("admin-hohhot", "link_made"),
        ("root", "deactivated"),
        ("root", "passes_ended"),
    ]


def test_an_account_of_the_whole_country_is_made_by_one_of_the_whole_country_alone(house: Administering) -> None:
    make(house, account="auditor-1", role="auditor", place="000000")
    assert house.get(ROOT, "auditor-1").place == "000000"
    make(house, account="admin-hohhot", role="administrator")
    assert faults(house, HOHHOT, account="auditor-2", place="000000") == [("/place", "other_place")]


def test_a_token_that_is_not_there_is_not_ended(house: Administering) -> None:
    account(house, "officer-1")
    with pytest.raises(NotFound) as told:
        house.end_token(ROOT, "officer-1", "0" * 40)
    assert (told.value.what, told.value.id) == ("token", "0" * 32)
