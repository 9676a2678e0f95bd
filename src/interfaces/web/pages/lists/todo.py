"""The worklist: what has to be done by when, by whom, and for whom; as a list, a month, and a feed for calendars."""

import asyncio
import calendar
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from litestar import Controller

from application.access.signing_in import NotSignedIn
from interfaces.files.calendar_feed import CalendarEntry, calendar_bytes
from interfaces.http.access.callers import Caller
from interfaces.http.access.limiting import at_most
from interfaces.http.problems import Trouble
from interfaces.http.replying import NO_STORE, Reply
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.filters import RegimeOption, day_meant, places_within, regimes_offered
from interfaces.web.page import GoTo, PageRequest, PageView, own_address, page
from interfaces.wording import places
from interfaces.wording.punctuation import by_colon
from interfaces.wording.texts import Language, say
from interfaces.wording.words import Lexicon

WORK_VIEWS: Final = ("place", "mine", "overdue", "week", "snoozed")
"""The views of the worklist: all of a place, those one works on, those overdue, those of the next seven days, those put
off or noted as done."""

TODO_ACTS: Final = ("take", "assign", "release", "snooze", "close", "reopen")
"""What is done to the deadlines that were ticked."""

_NARROWED: Final = ("regime", "kind", "region", "actor", "as_of", "sort")
_SHARED: Final = ("due_on", "kind", "regime", "year", "state", "actor")
_WEEK: Final = dt.timedelta(days=8)
_LINES: Final = 500
_EACH: Final = 100
_LETTERS: Final = 50
_MOST_PAGES: Final = 10
_MOST_NAMED: Final = 30

FEEDS_A_MINUTE: Final = 30
"""Requests for calendars from one address in a minute."""


class DeadlineGroup(NamedTuple):
    """Deadlines that stand in one line: one, or those of a step for a whole roster. ``ground`` says whether the text
    of the law gives its time (``statutory``), leaves it to a reading (``unsaid``), or the house has set it; ``note`` is
    what the office has noted about all of them."""

    lines: list[JsonAnswer]
    ground: str
    rests_on: str
    note: JsonAnswer

    @property
    def first(self) -> JsonAnswer:
        """What all of them share."""
        return self.lines[0]

    @property
    def chosen_as(self) -> str:
        """The deadlines as a form sends them."""
        return " ".join(line["id"] for line in self.lines)


class AwaitedOnes(NamedTuple):
    """Letters that wait, what their kinds are called, the ids of those that wait for a signature, and whether there are
    more of them."""

    lines: list[JsonAnswer]
    texts: JsonAnswer
    proposed: frozenset[str]
    has_more: bool


class CalendarCell(NamedTuple):
    """A day of the calendar. ``is_rest`` where nobody works by the calendars on record."""

    on: dt.date
    is_rest: bool
    groups: list[DeadlineGroup]


class TodoController(Controller):
    """The worklist."""

    @page("/todo")
    async def show_todo(self, page: PageRequest) -> PageView:
        """What has to be done, in order of legal time left."""
        return await _list(page)

    @page("/todo/calendar")
    async def show_calendar(self, page: PageRequest) -> PageView:
        """What has to be done in a month, day by day."""
        today = _day(page)
        first = _month_meant(page.query.get("month"), today)
        before = _next_month(first)
        lines, is_whole = await _lines_before(page, before)
        meant = [line for line in lines if line["due_on"] and line["due_on"] >= first.isoformat()]
        found = await page.ask("get_deadlines", **_asked(page), limit=1)
        regimes = await regimes_offered(page)
        rest = _rest_days(await page.ask("get_calendars"), first.year)
        days = {on: list(deadline_groups(page, some)) for on, some in groupby(meant, key=lambda line: line["due_on"])}
        weeks = [
            [
                CalendarCell(on, _is_rest(on, rest), days.get(on.isoformat(), [])) if on.month == first.month else None
                for on in week
            ]
            for week in calendar.Calendar().monthdatescalendar(first.year, first.month)
        ]
        return PageView(
            "todo/calendar.html",
            {
                **_frame(page, found, regimes, await _places(page, regimes)),
                "month": first,
                "weeks": weeks,
                "is_whole": is_whole,
                "is_empty": not days,
                "today": today,
                "before": f"{first - dt.timedelta(days=1):%Y-%m}",
                "after": f"{before:%Y-%m}",
            },
        )

    @page("/todo/calendar.ics")
    async def get_feed(self, page: PageRequest) -> Reply[Any]:
        """The worklist for a calendar: a day for each deadline, those of a roster together."""
        return await _feed(page, _asked(page))

    @page("/calendars/{address:str}", middleware=[at_most(FEEDS_A_MINUTE)])
    async def get_own_feed(self, page: PageRequest, address: str) -> Reply[Any]:
        """The deadlines that somebody works on, for the calendar that has their address. Whoever knows it needs nothing
        else, and gets nothing else by it."""
        try:
            door = page.desk.door
            known = await asyncio.to_thread(door.whose_calendar, address.removesuffix(".ics"))
        except NotSignedIn:
            raise Trouble("not_found") from None
        page.ask_as(Caller(known.principal, is_walled=True, known=known))
        return await _feed(page, {"assignee": known.account.id})

    @page("/todo/export")
    async def export_todo(self, page: PageRequest) -> Reply[Any]:
        """The worklist as a sheet."""
        given = {name: value for name, value in _asked(page).items() if name != "assignee"}
        return await page.download("export_deadlines", **given, format=page.query.get("format"))

    @page("/todo/assignment", posts=True)
    async def assign(self, page: PageRequest) -> PageView | GoTo:
        """Do one thing to the deadlines that were ticked: who works on them, until when they are put off."""
        if page.caller.is_walled and page.account is None:
            # Their session has ended meanwhile.
            raise Trouble("unauthenticated", code="signed_out")
        back, how = own_address(page.form.get("to")), page.form.get("do", "")
        named = " ".join(value for name, value in page.form.items() if name.startswith("d."))
        chosen = list(dict.fromkeys(named.split()))
        lacks = "nothing" if not chosen or how not in TODO_ACTS else _lacking(page, how)
        if len(chosen) > _LINES:
            lacks = "too_many"
        if lacks is not None:
            page.stand_at(back if back.partition("?")[0] == "/todo" else "/todo")
            return await _list(page, lacks=lacks, chosen=frozenset(chosen))
        done, refused = 0, list[JsonAnswer]()
        for deadline in chosen:
            try:
                await _done_to(page, how, deadline)
                done += 1
            except ApiRefusal as refusal:
                refused.append(refusal.problem)
        if refused:
            given = {"did": how, "done": done, "number": len(refused), "problem": refused[0], "back": back}
            return PageView("todo/assigned.html", given, refused[0]["status"], at="/todo")
        return GoTo(f"{back}{'&' if '?' in back else '?'}did={how}&done={done}")


async def _list(page: PageRequest, *, lacks: str | None = None, chosen: frozenset[str] = frozenset()) -> PageView:
    """The list; where a form ``lacks`` something, with what was filled in and ticked."""
    given, is_each = _asked(page), page.query.get("each") == "true"
    cursor = page.query.get("cursor")
    found = await page.ask("get_deadlines", **given, limit=_EACH if is_each else _LINES, cursor=cursor)
    regimes = await regimes_offered(page)
    groups = list(deadline_groups(page, found["lines"], is_each=is_each, notes=found["notes"]))
    letters = await _letters(page) if cursor is None and not is_each else None
    may_assign = page.caller.known is not None and page.may("assign_deadline")
    done = page.query.get("did")
    return PageView(
        "todo/todo.html",
        {
            "place_of": lambda code: places.place(code, page.language),
            **_frame(page, found, regimes, await _places(page, regimes)),
            "groups": groups,
            "found": found,
            "letters": letters,
            "is_part": cursor is not None or found["cursor"] is not None,
            "most_named": _MOST_NAMED,
            "regime_titles": {regime.code: regime.title for regime in regimes},
            "shows_regime": len({group.first["regime"] for group in groups}) > 1,
            "may_assign": may_assign,
            "has_ended": any(group.note.get("ended_by_law") and not group.note.get("closed") for group in groups),
            "colleagues": (await page.ask("get_assignees"))["assignees"] if may_assign else [],
            "aside": await _put_off(page) if page.query.get("view") != "snoozed" else None,
            "tomorrow": page.desk.copies.primary.today() + dt.timedelta(days=1),
            "did": done if done in TODO_ACTS else None,
            "done": _number(page.query.get("done")),
            "lacks": lacks,
            "chosen": chosen,
            "most": _LINES,
        },
        200 if lacks is None else 422,
    )


def _account_meant(page: PageRequest, how: str) -> str | None:
    return {"take": page.account, "release": None}.get(how, page.form.get("account", "").strip() or None)


def _lacking(page: PageRequest, how: str) -> str | None:
    """What a form does not say that is needed to do this."""
    if how in ("take", "assign") and _account_meant(page, how) is None:
        return "nobody"
    if how == "snooze" and day_meant(page.form.get("until_on")) is None:
        return "day"
    if how in ("snooze", "close") and not page.form.get("reason", "").strip():
        return "reason"
    return None


async def _done_to(page: PageRequest, how: str, deadline: str) -> None:
    """Do one thing to one deadline. Raises ``ApiRefusal``."""
    reason = page.form.get("reason", "").strip()
    if how == "snooze":
        body: JsonAnswer = {"until_on": page.form.get("until_on"), "reason": reason}
        await page.tell("snooze_deadline", body, deadline=deadline)
    elif how == "close":
        await page.tell("close_deadline", {"reason": reason}, deadline=deadline)
    elif how == "reopen":
        await page.tell("reopen_deadline", None, deadline=deadline)
    else:
        await page.tell("assign_deadline", {"account": _account_meant(page, how)}, deadline=deadline)


async def _letters(page: PageRequest) -> AwaitedOnes | None:
    """The letters that wait at the place that is looked at, and which of them wait for a signature; ``None`` in the
    views of what one works on, and where deadlines of one kind are asked for."""
    asked = {name: page.query.get(name) for name in ("region", "regime", "as_of")}
    if page.query.get("view", WORK_VIEWS[0]) != WORK_VIEWS[0] or page.query.get("kind") or page.query.get("actor"):
        return None
    found = await page.ask_if_allowed("get_awaited_letters", **asked, limit=_LETTERS)
    if found is None or not found["letters"]:
        return None
    proposed: frozenset[str] = frozenset()
    if any(line["letter"] for line in found["letters"]):
        pending = await page.ask_if_allowed("list_decisions", state="waiting", effects="false", limit=_EACH)
        requests = [one["request"] or {} for one in (pending or {"items": []})["items"]]
        proposed = frozenset(request["letter"] for request in requests if "letter" in request)
    return AwaitedOnes(found["letters"], found["texts"], proposed, found["cursor"] is not None)


async def _put_off(page: PageRequest) -> tuple[int, int]:
    """How many deadlines are put off or noted as done and so not listed, and how many of those put off are overdue."""
    given = {name: value for name, value in _asked(page).items() if name in (*_NARROWED, "assignee")}
    found = await page.ask("get_deadlines", **given, snoozed="only", limit=_LINES, total=True)
    notes = found["notes"]
    overdue = [line for line in found["lines"] if line["state"] == "overdue" and not notes[line["id"]]["closed"]]
    # What is overdue by law is listed all the same.
    by_law = sum(bool(line["cites"]) for line in overdue)
    return found["total"] - by_law, len(overdue) - by_law


async def _feed(page: PageRequest, asked: dict[str, Any]) -> Reply[Any]:
    """Deadlines as a file for calendars."""
    found = await page.ask("get_deadlines", **asked, limit=_LINES)
    language = page.language
    entries = [
        CalendarEntry(
            uid=group.first["id"],
            on=dt.date.fromisoformat(group.first["due_on"]),
            title=_titled(group, found["texts"], language),
            about=group.rests_on,
        )
        for group in deadline_groups(page, found["lines"])
        if group.first["due_on"] is not None
    ]
    body = calendar_bytes(say("web_todo.feed_name", language), entries, page.desk.copies.primary.clock.now())
    named = (b"content-disposition", b'attachment; filename="deadlines.ics"')
    return Reply(200, body, [NO_STORE, named], b"text/calendar; charset=utf-8")


def _asked(page: PageRequest) -> dict[str, Any]:
    """What is asked of the API for the view and the filters of an address."""
    given: dict[str, Any] = {name: page.query.get(name) for name in _NARROWED}
    view = page.query.get("view")
    if page.path == "/todo":
        given["snoozed"] = "only" if view == "snoozed" else "without"
    if view == "mine" and page.account is not None:
        given["assignee"] = page.account
    elif view == "overdue":
        given["state"] = "overdue"
    elif view == "week":
        given["state"] = "open"
        given["due_before"] = _day(page) + _WEEK
    return given


def _day(page: PageRequest) -> dt.date:
    return day_meant(page.query.get("as_of")) or page.desk.copies.primary.today()


def _frame(
    page: PageRequest, found: JsonAnswer, regimes: list[RegimeOption], places: list[tuple[str, str]]
) -> dict[str, Any]:
    """What stands above the list as above the month."""
    kinds: dict[str, int] = {}
    for count in found["counts"]:
        kinds[count["kind"]] = kinds.get(count["kind"], 0) + count["number"]
    view = page.query.get("view")
    named = {name: page.query.get(name) for name in ("view", *_NARROWED)}
    return {
        "views": [code for code in WORK_VIEWS if code != "mine" or page.caller.known is not None],
        "view": view if view in WORK_VIEWS else WORK_VIEWS[0],
        "named": named,
        "overdue": sum(count["number"] for count in found["counts"] if count["state"] == "overdue"),
        "as_of": found["as_of"],
        "kinds": [(kind, found["texts"][f"deadline:{kind}"], number) for kind, number in sorted(kinds.items())],
        "regimes": regimes,
        "regions": places,
        "behind": found["index"]["behind"],
    }


async def _places(page: PageRequest, regimes: list[RegimeOption]) -> list[tuple[str, str]]:
    """The places among which whoever looks may choose: those within their own."""
    if page.place is not None:
        return await places_within(page, (page.place,))
    every = tuple(dict.fromkeys(region for regime in regimes for region in regime.regions))
    return await places_within(page, tuple(code for code in every if code.endswith("0000")))


def deadline_groups(
    page: PageRequest,
    lines: Iterable[JsonAnswer],
    *,
    is_each: bool = False,
    notes: Mapping[str, JsonAnswer] = MappingProxyType({}),
) -> Iterator[DeadlineGroup]:
    """Deadlines in their order; those of one step for many stand together where the first of them does."""
    together: dict[tuple[Any, ...], list[JsonAnswer]] = {}
    for line in lines:
        note = notes.get(line["id"], {})
        shared = (line["subject"]["kind"], *(line[name] for name in _SHARED), *sorted(note.items()))
        is_alone = is_each or line["year"] is None
        together.setdefault((line["id"],) if is_alone else shared, []).append(line)
    law = page.desk.copies.primary.law
    lexicons: dict[str, Lexicon] = {}
    for some in together.values():
        regime = some[0]["regime"]
        lexicon = lexicons.setdefault(regime, law.lexicon_of(regime))
        yield _group(some, lexicon, page.language, notes.get(some[0]["id"], {}))


def _group(lines: list[JsonAnswer], lexicon: Lexicon, language: Language, note: JsonAnswer) -> DeadlineGroup:
    first = lines[0]
    kind, of = first["kind"], first["subject"]["kind"]
    is_unsaid = bool(first["readings"]) and lexicon.leaves_unsaid(kind, of)
    ground = "unsaid" if is_unsaid else "statutory" if first["cites"] else "internal"
    return DeadlineGroup(lines, ground, lexicon.term(first["cites"], first["readings"], kind, of, language), note)


def _titled(group: DeadlineGroup, texts: JsonAnswer, language: Language) -> str:
    what = texts[f"deadline:{group.first['kind']}"]
    subject = group.first["subject"]
    if len(group.lines) > 1:
        named = say(f"web_todo.number.{subject['kind']}", language, number=len(group.lines))
    else:
        named = subject.get("name") or say("web.no_name", language)
    return by_colon(what, named, language)


async def _lines_before(page: PageRequest, before: dt.date) -> tuple[list[JsonAnswer], bool]:
    """What is undone and has its last day before another, and whether that is all of it."""
    given, cursor = {**_asked(page), "due_before": before}, None
    if page.query.get("view") == "week":
        given["due_before"] = min(before, _day(page) + _WEEK)
    lines: list[JsonAnswer] = []
    for _ in range(_MOST_PAGES):
        found = await page.ask("get_deadlines", **given, limit=_LINES, cursor=cursor)
        lines += found["lines"]
        cursor = found["cursor"]
        if cursor is None:
            return lines, True
    return lines, False


def _month_meant(text: str | None, today: dt.date) -> dt.date:
    """The first day of the month of an address; of this one where there is none."""
    return day_meant(f"{text}-01") or today.replace(day=1)


def _next_month(first: dt.date) -> dt.date:
    return (first + dt.timedelta(days=31)).replace(day=1)


def _rest_days(calendars: Any, year: int) -> tuple[set[str], set[str]]:
    """The days of rest and the weekend days of work of a year, by the newest calendar that is on record for it."""
    of_year = [found for found in calendars if found["year"] == year]
    if not of_year:
        return set(), set()
    newest = max(of_year, key=lambda found: int(found["version"]))
    return set(newest["rest_days"]), set(newest["working_days"])


def _is_rest(on: dt.date, days: tuple[set[str], set[str]]) -> bool:
    rest, working = days
    return on.isoformat() in rest or (on.weekday() >= calendar.SATURDAY and on.isoformat() not in working)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 5 else None
