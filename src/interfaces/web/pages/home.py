"""The first page, and what is found from it."""

import asyncio
import datetime as dt
import re
from collections.abc import Awaitable, Sequence
from typing import Any, Final, NamedTuple, TypeVar
from urllib.parse import quote

from litestar import Controller

from application.answering.searching import PersonSearch
from domain.values import personal_number
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.filters import regime_meant, regimes_offered
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.pages.lists.todo import DeadlineGroup, deadline_groups
from interfaces.web.pages.registering import REGISTRATIONS
from interfaces.web.rendering import who
from interfaces.wording import places, words

_GROUPS: Final = 6
_WORK: Final = 100
_MORE: Final = 500
"""How many deadlines are looked at where those that come first do not end with their group: once, so that the first
page stays quick; of a longer group is said that it has at least so many."""
_NEWS: Final = 6
_SUGGESTED: Final = 8
_LEAST_TYPED: Final = 2
_NUMBER_SO_FAR: Final = re.compile(r"[0-9\s-]{5,}[Xx]?")
"""What may become the number of an identity document: it is looked for when it was typed whole, and logged nowhere."""

PERSONS_BY: Final = tuple(member for member in PersonSearch.__struct_fields__ if member != "id_number")
"""What a person is looked for by where one says so; the number of a document is known by how it looks."""

_REACHES: Final = (200, 800, 3_200, 20_000)
"""How many positions back it is looked for what was recorded lately, until enough was found."""
_MOST_CHANGES: Final = 500

R = TypeVar("R")


class NewsLine(NamedTuple):
    """What was recorded lately: one event, or the same for many at once."""

    subject: str | None
    name: str | None
    kind: str
    title: str
    number: int
    recorded_at: str
    by: str | None
    is_new: bool


class NewsTold(NamedTuple):
    """What was recorded last, with how much of it since the reader was there before (``since``); ``is_more`` where it
    is at least as much."""

    lines: list[NewsLine]
    since: str | None
    number: int
    is_more: bool


class GradesOfPlace(NamedTuple):
    """The grades of the agencies of a place under a regime, beside those of the day ``then``."""

    place: str
    regime: str
    regime_title: str
    then: dt.date
    lines: list["GradeYearAgo"]


class GradeYearAgo(NamedTuple):
    """How many agencies have a grade today and had it a year ago."""

    grade: str | None
    name: str
    now: int
    then: int


class HomeController(Controller):
    """The first page, and what is found from it."""

    @page("/")
    async def show_home(self, page: PageRequest) -> PageView:
        """One field for everything people know, what there is to do, what is new, and how grades have moved."""
        work, to_sign, news, grades = await asyncio.gather(
            _if_told(_work(page)),
            _if_told(_to_sign(page)),
            _if_told(_news(page)),
            _if_told(_grades(page)),
        )
        session = None if page.caller.known is None else await page.ask("get_session")
        given = {
            "reset": None if session is None else session["reset"],
            "work": work,
            "to_sign": to_sign,
            "news": news,
            "grades": grades,
            "own": None if page.caller.known is None else page.caller.principal.subject,
            "kinds": list(REGISTRATIONS) if page.may("register") else [],
            "persons_by": PERSONS_BY,
        }
        return PageView("home/home.html", given)

    @page("/search")
    async def show_found(self, page: PageRequest) -> PageView | GoTo:
        """What was found; a single file is opened at once."""
        sought = _seen(page.query.get("q", ""))
        if not sought:
            return GoTo("/")
        given: dict[str, Any] = {"sought": sought, "found": None, "problem": None, "persons_by": PERSONS_BY}
        try:
            found = await page.ask("search", q=sought, cursor=page.query.get("cursor"), limit=50)
        except ApiRefusal as refusal:
            if refusal.status not in (400, 422) or refusal.asks_what_for:
                raise
            return PageView("home/found.html", {**given, "problem": refusal.problem}, refusal.status)
        hits = found["hits"]
        if len(hits) == 1 and not page.query.get("cursor"):
            return GoTo(_address(hits[0]))
        return PageView("home/found.html", {**given, "found": found, "address": _address})

    @page("/search/suggest", posts=True)
    async def suggest(self, page: PageRequest) -> PageView:
        """What may be meant by what is typed so far, as far as that is no number of a person; nothing where the search
        itself is refused."""
        sought = _seen(page.form.get("q", ""))
        found: JsonAnswer | None = None
        if len(sought) >= _LEAST_TYPED and _NUMBER_SO_FAR.fullmatch(sought) is None and personal_number(sought) is None:
            try:
                found = await page.ask("search", q=sought, limit=_SUGGESTED)
            except ApiRefusal as refusal:
                if refusal.status not in (400, 403, 422) and not refusal.is_not_yet_there:
                    raise
        return PageView("home/suggested.html", {"found": found, "address": _address})

    @page("/search", posts=True)
    async def send_search(self, page: PageRequest) -> PageView | GoTo:
        """Look for what was typed. What a person is looked for by stands in no address; everything else does."""
        sought = _seen(page.form.get("q", ""))
        by = "id_number" if personal_number(sought) is not None else page.form.get("who")
        if not sought or by not in ("id_number", *PERSONS_BY) or not page.may("search_person"):
            return GoTo(f"/search?q={quote(sought, safe='')}")
        given = {"sought": "", "found": None, "problem": None, "address": _address, "persons_by": PERSONS_BY}
        try:
            told = await page.tell("search_person", {by: sought})
        except ApiRefusal as refusal:
            if refusal.status != 422:
                raise
            return PageView("home/found.html", {**given, "problem": refusal.problem}, refusal.status)
        hits = told.answer["hits"]
        if len(hits) == 1:
            return GoTo(_address(hits[0]))
        return PageView("home/found.html", {**given, "found": {**told.answer, "next": None}})


def _seen(text: str) -> str:
    """What was typed or pasted without what nobody sees of it, such as marks that turn writing round."""
    return "".join(sign for sign in text if sign.isprintable()).strip()


def _address(hit: dict[str, Any]) -> str:
    """Where a hit leads: the file, the line of the file that bears the paper, or the letter."""
    file = f"/cases/{hit['subject']['id']}"
    if hit["kind"] == "letter":
        return f"{file}/letters/{hit['id']}"
    return f"{file}/facts?regime={hit['regime']}#{hit['id']}" if hit["kind"] == "fact" else file


async def _if_told(part: Awaitable[R]) -> R | None:
    """A part of the first page. None for whoever has to say what for, who is asked when they look at something, and
    while the index that it is read from is not there."""
    try:
        return await part
    except ApiRefusal as refusal:
        if not (refusal.asks_what_for or refusal.is_not_yet_there):
            raise
        return None


async def _work(page: PageRequest) -> dict[str, Any] | None:
    """The deadlines that come first: one's own, or of the place where one has none."""
    if not page.may_at_once("get_deadlines"):
        return None
    asked: dict[str, Any] = {"snoozed": "without", "limit": _WORK}
    found = None
    if page.account is not None:
        found = await page.ask("get_deadlines", assignee=page.account, **asked)
    is_mine = found is not None and bool(found["lines"])
    if found is None or not is_mine:
        found = await page.ask("get_deadlines", **asked)
    else:
        asked["assignee"] = page.account
    lines, notes, texts, cursor = list(found["lines"]), found["notes"], found["texts"], found["cursor"]
    groups = list(deadline_groups(page, lines, notes=notes))
    if cursor is not None and _cut(groups, lines):
        more = await page.ask("get_deadlines", **{**asked, "limit": _MORE}, cursor=cursor)
        lines += more["lines"]
        notes, texts, cursor = {**notes, **more["notes"]}, {**texts, **more["texts"]}, more["cursor"]
        groups = list(deadline_groups(page, lines, notes=notes))
    return {
        "is_mine": is_mine,
        "groups": groups[:_GROUPS],
        "cut": () if cursor is None else _cut(groups, lines),
        "has_more": len(groups) > _GROUPS or cursor is not None,
        "overdue": sum(count["number"] for count in found["counts"] if count["state"] == "overdue"),
        "texts": texts,
    }


def _cut(groups: Sequence[DeadlineGroup], lines: Sequence[JsonAnswer]) -> list[DeadlineGroup]:
    """Those of the groups that are shown to which more may belong: the list goes on after the last of the lines, with
    the same day."""
    return [group for group in groups[:_GROUPS] if group.first["due_on"] == lines[-1]["due_on"]]


async def _to_sign(page: PageRequest) -> JsonAnswer | None:
    """The latest decision that waits for the signature of whoever looks, and whether it is the only one."""
    if not (page.may("sign_decision") and page.may_at_once("list_decisions")):
        return None
    # Whether it could be recorded now is computed for each that is listed.
    found = await page.ask("list_decisions", mine="to_sign", effects="false", limit=1)
    if not found["items"]:
        return None
    (decision,) = found["items"]
    return {
        "decision": decision,
        "name": None if decision["subject"] is None else await _public_name(page, decision["subject"]),
        "accounts": found.get("accounts", {}),
        "has_more": found["next"] is not None,
    }


async def _news(page: PageRequest) -> NewsTold | None:
    """What was recorded last on files within reach, with the names that the public register tells."""
    if not (page.may_at_once("get_changes") and page.may_at_once("get_head")):
        return None
    head = (await page.ask("get_head"))["position"]
    since = None if page.caller.known is None else (await page.ask("get_session"))["last_here_at"]
    batches: list[list[JsonAnswer]] = []
    changes: list[JsonAnswer] = []
    accounts: JsonAnswer = {}
    for reach in _REACHES:
        changes, accounts = await _changes(page, max(0, head - reach))
        batches = _batches(changes)
        # The earliest may have begun before: it is shown where everything was looked at.
        is_past = since is None or (bool(changes) and changes[0]["recorded_at"] <= since)
        if (len(batches) > _NEWS and (is_past or len(changes) >= _MOST_CHANGES)) or reach >= head:
            break
    new = [change for change in changes if since is not None and change["recorded_at"] > since]
    shown = batches[-_NEWS:][::-1]
    # The same file mostly stands there more than once.
    first = {batch[0]["subject"]: batch[0] for batch in shown}
    agencies = [subject for subject, change in first.items() if change["kind"] == "agency"]
    told = await asyncio.gather(*(_public_name(page, subject) for subject in agencies))
    names = dict(zip(agencies, told, strict=True))
    lines = [
        NewsLine(
            subject=batch[0]["subject"],
            name=names.get(batch[0]["subject"]),
            kind=words.kind(batch[0]["kind"], page.language),
            title=words.event_title(batch[0]["type"], page.language),
            number=len(batch),
            recorded_at=batch[0]["recorded_at"],
            by=who(batch[0], accounts, page.language, at="recorded_at"),
            is_new=since is not None and batch[0]["recorded_at"] > since,
        )
        for batch in shown
    ]
    return NewsTold(lines, since, len(new), is_more=len(new) >= _MOST_CHANGES)


async def _changes(page: PageRequest, after: int) -> tuple[list[JsonAnswer], JsonAnswer]:
    """The changes of files behind a position, up to the last one, and what the accounts in them are called."""
    found: list[JsonAnswer] = []
    accounts: JsonAnswer = {}
    while True:
        told = await page.ask("get_changes", after=after, kind=["agency", "practitioner"], limit=_MOST_CHANGES)
        found = [*found, *told["changes"]][-_MOST_CHANGES:]
        accounts |= told.get("accounts", {})
        if not told["more"]:
            return found, accounts
        after = told["next"]


def _batches(changes: Sequence[JsonAnswer]) -> list[list[JsonAnswer]]:
    """Changes in their order; the same that was recorded for several at one moment stands together."""
    batches: dict[tuple[Any, ...], list[JsonAnswer]] = {}
    for change in changes:
        key = (change["recorded_at"], change["type"], change.get("by"), change["kind"])
        batches.setdefault(key, []).append(change)
    return list(batches.values())


async def _public_name(page: PageRequest, subject: str) -> str | None:
    """What an agency is called in public, none for anybody else: looking at the first page looks at no file."""
    try:
        told = await page.ask("get_public_subject", subject=subject)
    except ApiRefusal:
        return None
    return str(told["name"])


async def _grades(page: PageRequest) -> GradesOfPlace | None:
    """How many agencies of the place of whoever looks have which grade, beside a year ago."""
    if page.place is None or not page.may_at_once("get_subject_counts"):
        return None
    regime = regime_meant(await regimes_offered(page), None, page.place)
    if regime is None:
        return None
    today = page.desk.copies.primary.today()
    day = _year_before(today)
    asked = {"regime": regime.code, "kind": "agency"}
    now, then = await asyncio.gather(
        page.ask("get_subject_counts", **asked, as_of=today),
        page.ask("get_subject_counts", **asked, as_of=day),
    )
    texts = {**then["texts"], **now["texts"]}
    sides = [{(line["grade"], line["undetermined"]): line["number"] for line in told["counts"]} for told in (now, then)]
    lines = [
        GradeYearAgo(
            grade,
            texts[f"grade:agency:{grade}"] if grade else texts[f"undetermined:{why}"],
            sides[0].get((grade, why), 0),
            sides[1].get((grade, why), 0),
        )
        for grade, why in sorted(
            {*sides[0], *sides[1]}, key=lambda found: (regime.rank("agency", found[0]), found[1] or "")
        )
    ]
    return GradesOfPlace(places.place(page.place, page.language), regime.code, regime.title, day, lines)


def _year_before(day: dt.date) -> dt.date:
    """The same day of the year before; the last of February for one that it lacks."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
