"""Who is let in: passwords, sessions, links and tokens, each on both sides of its bound."""

import datetime as dt
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress

import msgspec
import psycopg
import pytest

from application.access.accounts import (
    AccountAct,
    AccountChange,
    Accounts,
    ChangeAccount,
    FormerName,
    PassKind,
    Snooze,
)
from application.access.administering import Administering
from application.access.signing_in import (
    LINK_LASTS,
    LOCKED,
    MOST_FAILURES,
    SESSION_IDLE,
    SESSION_LASTS,
    Door,
    NotSignedIn,
    SignedIn,
)
from application.principal import Principal
from domain.errors import Invalid, NotFound, Refused
from domain.time import iso_utc
from interfaces.clocks import StoppedClock
from interfaces.memory.accounts import MemoryAccounts
from interfaces.postgres.access.accounts import PostgresAccounts
from interfaces.postgres.recorder import JournalDatastore
from tests.conftest import MakeDatabase
from tests.support.accounts import PASSWORD, PASSWORDS, ROOT, account, administering, token, with_first

_NOW = 1_700_000_000_000_000


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock(_NOW)


@pytest.fixture(params=["in memory", "in the database"])
def house(clock: StoppedClock, request: pytest.FixtureRequest) -> Iterator[Administering]:
    with ExitStack() as opened:
        kept: Accounts = MemoryAccounts()
        if request.param == "in the database":
            url = request.getfixturevalue("make_database")()
            kept = PostgresAccounts(opened.enter_context(JournalDatastore(url)))
        found = administering(clock, kept)
        with_first(found)
        account(found, "officer-1")
        yield found


def refused(house: Administering, password: str = PASSWORD, id: str = "officer-1") -> str:
    with pytest.raises(NotSignedIn) as told:
        house.door.sign_in(id, password)
    return told.value.code


def session(house: Administering) -> SignedIn:
    return house.door.sign_in("officer-1", PASSWORD)


def test_who_signs_in_acts_with_the_role_and_the_place_of_the_account(house: Administering) -> None:
    known = house.door.identify(session(house).secret)
    assert (known.principal.name, known.principal.role, known.principal.place) == ("officer-1", "officer", "150100")


def test_a_stranger_a_wrong_password_and_an_inactive_account_are_told_the_same(house: Administering) -> None:
    account(house, "gone-1")
    house.deactivate(ROOT, "gone-1")
    assert {refused(house, id="nobody"), refused(house, "wrong password"), refused(house, id="gone-1")} == {"refused"}


def test_the_fifth_wrong_password_locks_the_account_for_fifteen_minutes(
    house: Administering, clock: StoppedClock
) -> None:
    for _ in range(MOST_FAILURES - 1):
        refused(house, "wrong password")
    assert session(house).account.id == "officer-1"
    for _ in range(MOST_FAILURES):
        refused(house, "wrong password")
    assert refused(house) == "refused"
    clock.set(_NOW + LOCKED - 1)
    assert refused(house) == "refused"
    clock.set(_NOW + LOCKED)
    assert session(house).account.id == "officer-1"


def test_wrong_passwords_that_come_at_once_are_all_counted(house: Administering) -> None:
    with ThreadPoolExecutor(MOST_FAILURES) as pool:
        told = list(pool.map(lambda _: refused(house, "wrong password"), range(MOST_FAILURES)))
    assert told == ["refused"] * MOST_FAILURES
    assert refused(house) == "refused"


def test_trying_out_the_old_password_in_a_session_locks_the_account_and_ends_the_session(house: Administering) -> None:
    secret = session(house).secret
    known = house.door.identify(secret)
    for _ in range(MOST_FAILURES):
        with pytest.raises(NotSignedIn):
            house.door.change_password(known, "wrong password", "another long Passphrase")
    with pytest.raises(NotSignedIn):
        house.door.identify(secret)
    assert refused(house) == "refused"


def test_an_administrator_unlocks_an_account_at_once(house: Administering) -> None:
    for _ in range(MOST_FAILURES):
        refused(house, "wrong password")
    house.unlock(ROOT, "officer-1")
    assert session(house).account.id == "officer-1"


def test_a_session_that_nobody_uses_ends_after_half_an_hour(house: Administering, clock: StoppedClock) -> None:
    secret = session(house).secret
    clock.set(_NOW + SESSION_IDLE - 1)
    assert house.door.identify(secret).account.id == "officer-1"
    # It was used: the half hour begins anew.
    clock.set(_NOW + 2 * SESSION_IDLE - 2)
    assert house.door.identify(secret).account.id == "officer-1"
    clock.set(_NOW + 3 * SESSION_IDLE)
    with pytest.raises(NotSignedIn) as ended:
        house.door.identify(secret)
    assert ended.value.code == "expired"


def test_a_session_ends_after_twelve_hours_however_it_is_used(house: Administering, clock: StoppedClock) -> None:
    secret = session(house).secret
    for minutes in range(20, 12 * 60, 20):
        clock.set(_NOW + minutes * 60_000_000)
        house.door.identify(secret)
    clock.set(_NOW + SESSION_LASTS)
    with pytest.raises(NotSignedIn):
        house.door.identify(secret)


def test_every_sign_in_has_a_secret_of_its_own_and_one_that_was_planted_lets_nobody_in(house: Administering) -> None:
    first, second = session(house), session(house)
    assert first.secret != second.secret
    assert first.session.csrf != second.session.csrf
    with pytest.raises(NotSignedIn):
        house.door.identify("eds_planted-by-somebody-else")


def test_signing_out_ends_this_session_and_signing_out_everywhere_all(house: Administering) -> None:
    first, second, third = session(house), session(house), session(house)
    house.door.sign_out(house.door.identify(first.secret))
    with pytest.raises(NotSignedIn):
        house.door.identify(first.secret)
    assert house.door.remembered(first.secret) is None
    assert house.door.sign_out_everywhere("officer-1", "officer-1") == 2 + 1  # the one that the link began
    for gone in (second, third):
        with pytest.raises(NotSignedIn):
            house.door.identify(gone.secret)


def test_a_link_sets_a_password_once_within_three_days(house: Administering, clock: StoppedClock) -> None:
    link = house.reset(ROOT, "officer-1")
    with pytest.raises(Invalid):
        house.door.use_link(link, "too short")
    clock.set(_NOW + LINK_LASTS - 1)
    house.door.use_link(link, "another long Passphrase")
    with pytest.raises(NotSignedIn):
        house.door.use_link(link, "another long Passphrase")
    assert refused(house, PASSWORD) == "refused"
    assert house.door.sign_in("officer-1", "another long Passphrase").account.id == "officer-1"


def test_a_link_that_is_three_days_old_lets_nobody_in(house: Administering, clock: StoppedClock) -> None:
    link = house.reset(ROOT, "officer-1")
    clock.set(_NOW + LINK_LASTS)
    with pytest.raises(NotSignedIn):
        house.door.use_link(link, PASSWORD)


def test_a_later_link_ends_the_earlier_one(house: Administering) -> None:
    first = house.reset(ROOT, "officer-1")
    house.reset(ROOT, "officer-1")
    with pytest.raises(NotSignedIn):
        house.door.use_link(first, PASSWORD)


def test_a_reset_ends_sessions_and_tokens(house: Administering) -> None:
    before, program = session(house).secret, token(house, "officer-1")
    house.reset(ROOT, "officer-1")
    for secret in (before, program):
        with pytest.raises(NotSignedIn):
            house.door.identify(secret)


@pytest.mark.parametrize("house", ["in memory", pytest.param("in the database", marks=pytest.mark.slow)], indirect=True)
@pytest.mark.parametrize("password", ["eleven char", "x" * 201, "officer-1 and more", "abababababababab"])
def test_a_weak_password_is_refused_with_its_field(house: Administering, password: str) -> None:
    with pytest.raises(Invalid) as told:
        house.door.use_link(house.reset(ROOT, "officer-1"), password)
    assert [p.pointer for p in told.value.problems] == ["/password"]


@pytest.mark.slow
@pytest.mark.parametrize("password", ["twelve chars", "口令由十二个汉字组成也可以", "y" + "abcdefgh" * 24])
def test_a_password_of_twelve_to_two_hundred_characters_is_taken(house: Administering, password: str) -> None:
    house.door.use_link(house.reset(ROOT, "officer-1"), password)
    assert house.door.sign_in("officer-1", password).account.has_password


def test_a_password_is_changed_by_who_knows_the_old_one_and_all_other_sessions_end(house: Administering) -> None:
    other, mine = session(house), house.door.identify(session(house).secret)
    with pytest.raises(NotSignedIn):
        house.door.change_password(mine, "wrong password", "another long Passphrase")
    house.door.change_password(mine, PASSWORD, "another long Passphrase")
    with pytest.raises(NotSignedIn):
        house.door.identify(other.secret)
    assert refused(house) == "refused"


def test_a_token_acts_as_its_account_until_its_last_day_or_its_end(house: Administering, clock: StoppedClock) -> None:
    secret, made = house.door.make_token("officer-1", ROOT.name, "接口", 30)
    assert house.door.identify(secret).principal.name == "officer-1"
    clock.set(made.ends_at - 1)
    assert house.door.identify(secret).principal.name == "officer-1"
    clock.set(made.ends_at)
    with pytest.raises(NotSignedIn):
        house.door.identify(secret)


def test_an_account_that_is_deactivated_is_out_at_once_and_signs_in_anew_when_it_is_back(house: Administering) -> None:
    secret, program = session(house).secret, token(house, "officer-1")
    house.deactivate(ROOT, "officer-1")
    assert house.door.remembered(secret) is None
    for gone in (secret, program):
        with pytest.raises(NotSignedIn):
            house.door.identify(gone)
    assert refused(house) == "refused"
    house.activate(ROOT, "officer-1")
    assert session(house).account.is_active


def test_an_account_whose_role_changes_goes_on_with_nothing_of_the_old_one(house: Administering) -> None:
    secret = session(house).secret
    house.change(ROOT, "officer-1", ChangeAccount(role="clerk"))
    with pytest.raises(NotSignedIn):
        house.door.identify(secret)
    assert session(house).account.role == "clerk"


@pytest.mark.parametrize("change", [ChangeAccount(role="clerk"), ChangeAccount(place="150000")], ids=["role", "place"])
def test_no_token_or_link_goes_on_with_another_role_or_place(house: Administering, change: ChangeAccount) -> None:
    """An administrator of the old place made them, and may still hold them."""
    of_program, link = token(house, "officer-1"), house.door.link_for("officer-1", "root")
    assert house.door.identify(of_program).account.place == "150100"
    house.change(ROOT, "officer-1", change)
    with pytest.raises(NotSignedIn):
        house.door.identify(of_program)
    with pytest.raises(NotSignedIn):
        house.door.use_link(link, PASSWORD)


def test_whoever_is_signed_in_makes_tokens_of_their_own_and_a_token_makes_none(house: Administering) -> None:
    signed_in = house.door.sign_in("officer-1", PASSWORD)
    known = house.door.identify(signed_in.secret)
    secret, _ = house.door.make_own_token(known, "接口", 30)
    acting = house.door.identify(secret)
    assert acting.principal == known.principal
    with pytest.raises(Refused) as told:
        house.door.make_own_token(acting, "又一个", 30)
    assert told.value.code == "needs_a_session"


def test_a_token_that_is_made_while_the_account_moves_away_ends_with_the_others(
    house: Administering, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever administers the old place alone can make none once all of them have ended."""
    old = Principal("admin-hohhot", "administrator", "150100")
    accounts, ending = house.door.accounts, house.door.accounts.end_passes
    made: list[str] = []

    def ended_and_made(account: str, kinds: Sequence[PassKind], log: AccountChange) -> int:
        number = ending(account, kinds, log)
        with suppress(NotFound):
            made.append(house.make_token(old, account, "late", 30, also_of_persons=True)[0])
        return number

    monkeypatch.setattr(accounts, "end_passes", ended_and_made)
    house.change(ROOT, "officer-1", ChangeAccount(place="150000"))
    assert made == []
    assert house.door.tokens("officer-1") == []


def test_a_change_of_an_account_undoes_no_other_that_is_made_at_once(house: Administering) -> None:
    """Somebody who is deactivated while the provider, or another administrator, changes what they are, stays out."""
    accounts = house.door.accounts

    def log(what: AccountAct) -> AccountChange:
        return AccountChange(at=0, by="root", account="officer-1", what=what)

    accounts.failed("officer-1", 5, 0, log("wrong_password"))
    accounts.change("officer-1", {"is_active": False}, log("deactivated"))
    told = accounts.change("officer-1", {"role": "clerk", "place": "150102"}, log("changed"))
    assert (told.role, told.place, told.is_active, told.failures) == ("clerk", "150102", False, 1)
    assert accounts.get("officer-1") == told
    assert accounts.change("officer-1", {"failures": 0}, log("unlocked")) == msgspec.structs.replace(told, failures=0)
    assert accounts.change("officer-1", {}, log("changed")) == accounts.get("officer-1")


def test_a_token_goes_on_when_an_account_is_only_called_otherwise(house: Administering) -> None:
    secret, of_program = session(house).secret, token(house, "officer-1")
    house.change(ROOT, "officer-1", ChangeAccount(name="另一人"))
    assert house.door.identify(of_program).account.name == "另一人"
    with pytest.raises(NotSignedIn):
        house.door.identify(secret)


def test_the_door_stands_open_until_the_first_account_is_made(clock: StoppedClock) -> None:
    house = administering(clock)
    assert house.door.is_open
    house.first("root", "管理员")
    assert not Door(house.door.accounts, PASSWORDS, clock).is_open


def test_nothing_that_is_kept_holds_a_secret(house: Administering) -> None:
    secret, program = session(house).secret, token(house, "officer-1")
    kept = repr([house.door.accounts.passes("officer-1"), house.door.accounts.log(), house.listed(ROOT)])
    assert secret not in kept
    assert program not in kept
    assert PASSWORD not in kept
    assert (
        house.door.accounts.password_hash(
            "officer-1",
        )
        != PASSWORD
    )


def test_the_log_of_accounts_can_only_be_added_to(make_database: MakeDatabase) -> None:
    with psycopg.connect(make_database()) as conn:
        conn.execute("INSERT INTO account_log (at, by, account, what, detail) VALUES (1, 'a', 'b', 'made', '{}')")
        for changing in ("UPDATE account_log SET by = 'x'", "DELETE FROM account_log", "TRUNCATE account_log"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), conn.transaction():
                conn.execute(changing)


# --- what an account works on ---------------------------------------------------------------------------------------


def test_a_deadline_is_put_off_once_until_its_day_or_for_good(house: Administering) -> None:
    kept = house.door.accounts

    def snooze(deadline: str, until_on: str | None, reason: str) -> None:
        day = None if until_on is None else dt.date.fromisoformat(until_on)
        put = Snooze(deadline=deadline, until_on=day, reason=reason, at=_NOW, by="officer-1")
        kept.snooze(put, log("deadline_snoozed"))

    def log(what: AccountAct) -> AccountChange:
        return AccountChange(at=_NOW, by="officer-1", account="officer-1", what=what)

    def put_off(day: str) -> dict[str, str]:
        return {one.deadline: one.reason for one in kept.snoozes(until_after=dt.date.fromisoformat(day))}

    snooze("b:report", None, "已失效")
    snooze("a:report", "2024-04-08", "等回函")
    snooze("a:report", "2024-04-10", "再等")
    assert put_off("2024-04-09") == {"a:report": "再等", "b:report": "已失效"}
    assert put_off("2024-04-10") == {"b:report": "已失效"}
    assert kept.end_snooze("b:report", log("deadline_reopened"))
    assert not kept.end_snooze("b:report", log("deadline_reopened"))
    assert put_off("2024-04-10") == {}
    logged = [line.what for line in kept.log(account="officer-1", limit=4)]
    assert logged == ["deadline_reopened", *["deadline_snoozed"] * 3]


def test_an_account_keeps_the_names_that_it_had(house: Administering, clock: StoppedClock) -> None:
    kept = house.door.accounts
    house.change(ROOT, "officer-1", ChangeAccount(name="乙"))
    house.change(ROOT, "officer-1", ChangeAccount(place="150000"))
    house.deactivate(ROOT, "officer-1")
    found = kept.names(["officer-1", "nobody"])
    assert found.keys() == {"officer-1"}
    assert (found["officer-1"].name, found["officer-1"].role) == ("乙", "officer")
    assert found["officer-1"].formerly == (FormerName("某人", iso_utc(clock.now())),)


def test_a_deadline_has_one_assignee_and_goes_with_a_handover(house: Administering) -> None:
    account(house, "officer-2")
    kept = house.door.accounts

    def log(what: AccountAct) -> AccountChange:
        return AccountChange(at=1, by="root", account="officer-1", what=what)

    kept.assign("b:report", "officer-1", log("deadline_assigned"))
    kept.assign("a:report", "officer-2", log("deadline_assigned"))
    kept.assign("a:report", "officer-1", log("deadline_assigned"))
    assert kept.assigned("officer-1", 10) == ["a:report", "b:report"]
    assert kept.assigned("officer-1", 1) == ["a:report"]
    assert (kept.assignee("a:report"), kept.assignee("c:report")) == ("officer-1", None)
    assert kept.assignees(["a:report", "c:report"]) == {"a:report": "officer-1"}
    assert kept.hand_over("officer-1", "officer-2", log("handed_over")) == 2
    assert kept.hand_over("officer-1", "officer-2", log("handed_over")) == 0
    kept.assign("a:report", None, log("deadline_released"))
    assert (kept.assigned("officer-1", 10), kept.assigned("officer-2", 10)) == ([], ["b:report"])
    assert [line.what for line in kept.log(account="officer-1", limit=3)] == [
        "deadline_released",
        "handed_over",
        "handed_over",
    ]
