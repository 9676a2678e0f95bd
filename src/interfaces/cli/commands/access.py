"""``roles`` and ``accounts``: who may do what, and who has an account."""

from collections.abc import Callable, Sequence
from typing import Final

import msgspec

from application.access.accounts import AccountChange, ChangeAccount, Deputy, MakeAccount, UserAccount
from application.access.roles import ASKERS, ROLES, shipped_roles
from application.access.signing_in import FIRST_ACCOUNT, token_id
from application.principal import Principal, Role
from application.recording.commands import request_from
from domain.sentence import sentence
from domain.time import iso_utc, legal_day
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import local
from interfaces.cli.commands.recording import account as system_user
from interfaces.cli.house import NotAvailable, Product
from interfaces.cli.terminal import Terminal
from interfaces.wording import places
from interfaces.wording.punctuation import in_brackets
from interfaces.wording.roles import operation_title, reach_title, role_title, row_title
from interfaces.wording.texts import Language, name

_PAGE: Final = 200


class RoleRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the table of roles, for scripts."""

    row: str
    of: tuple[str, ...]
    may: dict[str, str]


class AccountTold(msgspec.Struct, frozen=True, kw_only=True):
    """An account with its tokens, deputies and log, for scripts."""

    account: UserAccount
    tokens: tuple[str, ...]
    deputies: tuple[Deputy, ...]
    log: tuple[AccountChange, ...]


def roles(terminal: Terminal, *, role: str | None, as_json: bool) -> None:
    """The table of roles, or what one role may."""
    table = shipped_roles()
    if role is not None and role not in ASKERS:
        raise NotAvailable("unknown_role", sentence("access.unknown_role", role=role, roles=", ".join(ASKERS)))
    rows = [row for row in table.rows if role is None or role in row.may]
    if as_json:
        told = [RoleRow(row=r.name, of=r.of, may={n: v for n, v in r.may.items() if role in (None, n)}) for r in rows]
        terminal.json(told)
        return
    if role is not None:
        print(terminal.text(role_title(role)))
        for row in rows:
            reach = row.may[next(asker for asker in ASKERS if asker == role)]
            print(f"\n{terminal.text(row_title(row.name))} ({terminal.text(reach_title(reach))})")
            for name in row.of:
                print(f"  {name}  {terminal.text(operation_title(name))}")
        return
    separator = "、" if terminal.language == "zh" else ", "
    for row in rows:
        may = [(role_title(name), reach_title(reach)) for name, reach in row.may.items()]
        told_roles = [terminal.text(title) + in_brackets(terminal.text(how), terminal.language) for title, how in may]
        print(terminal.text(row_title(row.name)))
        print(f"  {separator.join(told_roles)}")
    print(terminal.say("access.reaches"))


# --- accounts -----------------------------------------------------------------------------------------------------


def local_administrator() -> Principal:
    """Whoever has the folder of the journal: they act for the whole country, and their name is no account's."""
    return Principal(f"{system_user()}@localhost", "administrator", "000000")


def first(terminal: Terminal, account: str | None, name: str | None) -> None:
    """Make the first administrator."""
    with terminal.house.open(terminal.settings) as product:
        id = account or FIRST_ACCOUNT
        link = product.administering.first(id, name or id)
    _tell_link(terminal, id, link)


def show_list(terminal: Terminal, *, as_json: bool) -> None:
    """Every account, in order of their ids."""
    found: list[UserAccount] = []
    with terminal.house.open(terminal.settings) as product:
        now, after = product.clock.now(), ""
        while page := product.administering.listed(local_administrator(), after=after, limit=_PAGE):
            found += page
            after = page[-1].id
    if as_json:
        terminal.json(found)
        return
    for account in found:
        print(_line(terminal, account, now))
    if not found:
        print(terminal.say("access.no_accounts"))


def show(terminal: Terminal, id: str, *, as_json: bool) -> None:
    """One account, its tokens, who stands in for it, and what was done to it."""
    with terminal.house.open(terminal.settings) as product:
        at, by = product.administering, local_administrator()
        account, now = at.get(by, id), product.clock.now()
        tokens, deputies, log = at.door.tokens(id), at.deputies_of(id), at.log(by, id)
    if as_json:
        told = AccountTold(
            account=account, tokens=tuple(token_id(t) for t in tokens), deputies=tuple(deputies), log=tuple(log)
        )
        terminal.json(told)
        return
    print(_line(terminal, account, now))
    for held in tokens:
        ends = legal_day(held.ends_at)
        print("  " + terminal.say("access.token_line", token=token_id(held), note=held.note, ends=ends))
    for deputy in deputies:
        print(
            "  "
            + terminal.say("access.deputy_line", deputy=deputy.deputy, from_on=deputy.from_on, until_on=deputy.until_on)
        )
    _print_log(terminal, log)


def log(terminal: Terminal, id: str | None, *, limit: int, as_json: bool) -> None:
    """What was done to an account, or to all of them, the newest first."""
    with terminal.house.open(terminal.settings) as product:
        if id is not None:
            product.administering.get(local_administrator(), id)
        found = product.administering.door.accounts.log(account=id, limit=limit)
    if as_json:
        terminal.json(found)
    else:
        _print_log(terminal, found)


def add(
    terminal: Terminal, id: str, *, name: str, role: str, place: str, subject: str | None, is_service: bool
) -> None:
    """Make an account."""
    asked = {"account": id, "name": name, "role": _role(role), "place": place, "subject": subject}
    command = request_from(MakeAccount, {**asked, "is_service": is_service})
    with terminal.house.open(terminal.settings) as product:
        made = product.administering.make(local_administrator(), command)
        print(_line(terminal, made.account, product.clock.now()))
    if made.link is not None:
        _tell_link(terminal, id, made.link)


def change(
    terminal: Terminal, id: str, *, name: str | None, role: str | None, place: str | None, subject: str | None
) -> None:
    """Change what an account is; what is not named stays."""
    asked = {"name": name, "role": None if role is None else _role(role), "place": place, "subject": subject}
    command = request_from(ChangeAccount, asked)
    with terminal.house.open(terminal.settings) as product:
        changed = product.administering.change(local_administrator(), id, command)
        print(_line(terminal, changed, product.clock.now()))


def reset(terminal: Terminal, id: str) -> None:
    """Let the owner of an account set a new password."""
    with terminal.house.open(terminal.settings) as product:
        link = product.administering.reset(local_administrator(), id)
    _tell_link(terminal, id, link)


def settle(terminal: Terminal, what: Callable[[Product], UserAccount]) -> None:
    """Do something to an account, and show how it stands."""
    with terminal.house.open(terminal.settings) as product:
        print(_line(terminal, what(product), product.clock.now()))


def sign_out(terminal: Terminal, id: str) -> None:
    """End all sessions of an account."""
    with terminal.house.open(terminal.settings) as product:
        ended = product.administering.sign_out(local_administrator(), id)
    print(terminal.say("access.sessions_ended", account=id, ended=ended))


def make_token(terminal: Terminal, id: str, *, note: str, days: int) -> None:
    """Make a token: the secret is all that stands on standard output."""
    with terminal.house.open(terminal.settings) as product:
        secret, held = product.administering.make_token(local_administrator(), id, note, days, also_of_persons=True)
    terminal.note("access.token_made", token=token_id(held), account=id, ends=legal_day(held.ends_at))
    print(secret)


def revoke(terminal: Terminal, id: str, token: str) -> None:
    """End a token."""
    with terminal.house.open(terminal.settings) as product:
        product.administering.end_token(local_administrator(), id, token)
    print(terminal.say("access.token_ended", token=token, account=id))


def name_deputy(
    terminal: Terminal, id: str, deputy: str | None, *, from_on: str | None, until_on: str | None, end: bool
) -> None:
    """Let somebody stand in for an account, or end it with today."""
    first_day, last_day = given.day_given("/from", from_on), given.day_given("/until", until_on)
    if end is not (deputy is None) or (not end and last_day is None):
        raise NotAvailable("deputy_options", sentence("access.deputy_options"))
    with terminal.house.open(terminal.settings) as product:
        at, by = product.administering, local_administrator()
        if deputy is None or last_day is None:
            at.end_deputies(by, id)
            print(terminal.say("access.deputies_ended", account=id))
            return
        today = legal_day(product.clock.now())
        named = at.name_deputy(by, id, deputy, first_day or today, last_day)
    print(
        f"{id}: "
        + terminal.say("access.deputy_line", deputy=named.deputy, from_on=named.from_on, until_on=named.until_on)
    )


def _tell_link(terminal: Terminal, id: str, link: str) -> None:
    """The secret alone on standard output, so that a script can hand it on."""
    terminal.note("access.link_made", account=id)
    print(link)


def _role(named: str) -> Role:
    found = next((role for role in ROLES if role == named), None)
    if found is None:
        raise NotAvailable("unknown_role", sentence("access.unknown_role", role=named, roles=", ".join(ROLES)))
    return found


def _line(terminal: Terminal, account: UserAccount, now: int) -> str:
    say = terminal.say
    role = terminal.text(role_title(account.role))
    parts = [account.id, account.name, role, places.place(account.place, terminal.language)]
    if account.subject is not None:
        parts.append(account.subject)
    states = (
        ("service", account.is_service),
        ("inactive", not account.is_active),
        ("locked", now < account.locked_until),
        ("no_password", not account.is_service and not account.has_password),
    )
    parts += [say(f"access.state.{state}") for state, holds in states if holds]
    if account.signed_in_at is not None:
        parts.append(say("access.last_seen", at=local(iso_utc(account.signed_in_at))))
    return "  ".join(parts)


def _deputy(terminal: Terminal, found: Deputy) -> str:
    return terminal.say("access.deputy_line", deputy=found.deputy, from_on=found.from_on, until_on=found.until_on)


def _print_log(terminal: Terminal, log: Sequence[AccountChange]) -> None:
    for line in log:
        act = name("access.act", line.what, terminal.language)
        told = [_detail(detail, value, terminal.language) for detail, value in line.detail.items()]
        print("  ".join(["", local(iso_utc(line.at)), line.by or "-", line.account, act, *told]))


def _detail(detail: str, value: str, language: Language) -> str:
    """What a line of the log tells besides, by name."""
    if detail == "role":
        value = name("access.role", value, language)
    elif detail == "place":
        value = places.place(value, language)
    return f"{name('access.detail', detail, language)} {value}"
