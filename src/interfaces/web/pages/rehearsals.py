"""Rehearsals: what another edition, or other readings, would have changed, before anybody decides on them."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from litestar import Controller
from litestar.datastructures import UploadFile

from interfaces.http.bodies import MAX_BODY
from interfaces.http.problems import Trouble
from interfaces.http.replying import Reply
from interfaces.http.requests import StrictRequest
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.filters import places_within, regimes_offered
from interfaces.web.page import RELOAD, GoTo, PageRequest, PageView, page
from interfaces.web.pages.law.editions import compared_provisions
from interfaces.web.pages.law.standing import standings_told
from interfaces.wording import places, words
from interfaces.wording.texts import say
from interfaces.wording.words import Lexicon

_LINES: Final = 50
_REFRESH_SECONDS: Final = 4
_UNDER_WAY: Final = ("waiting", "running")
_FORMATS: Final = ("csv", "xlsx")
_TABLES: Final = ("changes", "decisions")
_LONGEST_LINE: Final = 200
_READING: Final = "reading-"


class RehearsedLaw(NamedTuple):
    """What can be rehearsed: an edition, or the editions of a regime under other readings (``edition`` is ``None``)."""

    regime: str
    edition: str | None
    title: str
    readings: Sequence[JsonAnswer]

    @property
    def code(self) -> str:
        """Its name in an address."""
        return self.edition or self.regime


class MatrixOfDay(NamedTuple):
    """How many go from which grade (down) to which (across) on a day, of one kind of subject."""

    on: str
    kind: str
    now: list[str]
    then: list[str]
    numbers: dict[tuple[str, str], int]


class RehearsalController(Controller):
    """Rehearsals."""

    @page("/rehearsals")
    async def show_rehearsals(self, page: PageRequest) -> PageView:
        """Those that are kept, the newest first, and what can be rehearsed."""
        found = await page.ask("get_rehearsals", limit=_LINES, cursor=page.query.get("cursor"))
        laws = await _laws(page) if page.may("rehearse") else []
        given = {
            "found": found,
            "laws": laws,
            "title_of": await _titles(page),
            "place_of": lambda code: places.place(code, page.language),
            "answer_of": lambda regime, id, value: _lexicon(page, regime).answer(id, value, page.language) or value,
        }
        return PageView("rehearsals/list.html", given)

    @page("/rehearsals/new/{law:str}")
    async def show_rehearsal_form(self, page: PageRequest, law: str) -> PageView | GoTo:
        """The form of a rehearsal: readings as switches, days and a place."""
        meant = await _law(page, law)
        return GoTo("/rehearsals") if meant is None else await _form(page, meant, page.query)

    @page("/rehearsals/new/{law:str}", posts=True)
    async def start_rehearsal(self, page: PageRequest, law: str) -> PageView | GoTo:
        """Begin it."""
        meant = await _law(page, law)
        if meant is None:
            return GoTo("/rehearsals")
        body: dict[str, Any] = {
            name: page.form[name] for name in ("from_on", "as_of", "known_at", "region") if page.form.get(name)
        }
        body |= {"regime": meant.regime} if meant.edition is None else {"edition": meant.edition}
        body["readings"] = {
            reading["id"]: chosen
            for reading in meant.readings
            if (chosen := page.form.get(_READING + reading["id"])) and chosen != reading["default"]
        }
        sent = {"idempotency-key": page.form["key"]} if page.form.get("key") else {}
        try:
            told = await page.tell("rehearse", body, sent=sent)
        except ApiRefusal as refusal:
            return await _form(page, meant, page.form, refusal=refusal)
        return GoTo(f"/rehearsals/{told.answer['id']}")

    @page("/rehearsals/draft")
    async def show_draft_form(self, page: PageRequest) -> PageView:
        """The form for the text of an edition that is not on record."""
        return await _draft_form(page, page.query)

    @page("/rehearsals/draft", posts=True, takes_file=True)
    async def rehearse_draft(self, page: PageRequest, request: StrictRequest) -> PageView | GoTo:
        """Check the text of a draft, and rehearse it when it is sound; its faults stand beside their lines."""
        if page.headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"multipart/form-data":
            raise Trouble("unsupported_media")
        sent = await request.uploaded(MAX_BODY)
        page.form = {name: value for name, value in sent.items() if isinstance(value, str)}
        page.must_be_ours(page.form.get("csrf", ""))
        file = sent.get("file")
        content = await file.read() if isinstance(file, UploadFile) and file.filename else b""
        try:
            text = content.decode("utf-8-sig") if content else page.form.get("text", "").replace("\r\n", "\n")
        except UnicodeDecodeError:
            fault = {"field": "file", "detail": say("web_rehearsals.no_utf8", page.language)}
            return await _draft_form(page, page.form, faults=[fault], status=422)
        filled = {**page.form, "text": text}
        if not text.strip():
            fault = {"field": "text", "detail": say("web_rehearsals.no_draft", page.language)}
            return await _draft_form(page, filled, faults=[fault], status=422)
        days = {name: page.form[name] for name in ("from_on", "as_of", "region") if page.form.get(name)}
        sent_with = {"idempotency-key": page.form["key"]} if page.form.get("key") else {}
        try:
            told = await page.tell("rehearse", {"text": text, **days}, sent=sent_with)
        except ApiRefusal as refusal:
            if refusal.status == 401:
                raise
            return await _draft_form(page, filled, refusal=refusal, status=refusal.status)
        return GoTo(f"/rehearsals/{told.answer['id']}")

    @page("/rehearsals/{rehearsal:str}")
    async def show_rehearsal(self, page: PageRequest, rehearsal: str) -> PageView:
        """How far it is; when it is done what it came to: the matrix, who moves by what, which results would differ."""
        return await _shown(page, rehearsal)

    @page("/rehearsals/{rehearsal:str}", posts=True)
    async def change_rehearsal(self, page: PageRequest, rehearsal: str) -> PageView | GoTo:
        """Cancel it, go on with it, or delete it."""
        act = page.form.get("do", "")
        operations = {"cancel": "cancel_rehearsal", "resume": "resume_rehearsal", "delete": "delete_rehearsal"}
        if act not in operations:
            return GoTo(f"/rehearsals/{rehearsal}")
        try:
            await page.tell(operations[act], None if act == "delete" else {}, rehearsal=rehearsal)
        except ApiRefusal as refusal:
            if refusal.status in (401, 404):
                raise
            return await _shown(page, rehearsal, refusal=refusal)
        return GoTo("/rehearsals" if act == "delete" else f"/rehearsals/{rehearsal}")

    @page("/rehearsals/{rehearsal:str}/compare")
    async def show_rehearsed_text(self, page: PageRequest, rehearsal: str) -> PageView:
        """What is rehearsed beside an edition on record, provision by provision."""
        found = await page.ask("get_rehearsal", rehearsal=rehearsal)
        diff = await page.ask("get_rehearsal_diff", rehearsal=rehearsal, **{"with": page.query.get("with")})
        edition = await page.ask("get_rulebook", rulebook=diff["with"])
        given = {
            "found": found,
            "edition": edition,
            "standing_of": standings_told(page),
            "others": diff["others"],
            "title_of": await _titles(page),
            "is_draft": found["digest"] is not None and await _is_draft(page, found["digest"]),
            "readings": await _readings_said(page, found),
            "provisions": compared_provisions(page, edition, diff["changes"]),
        }
        return PageView("rehearsals/compare.html", given)

    @page("/rehearsals/{rehearsal:str}/result")
    async def download_result(self, page: PageRequest, rehearsal: str) -> Reply[Any]:
        """The result as a file."""
        asked = {name: page.query.get(name) for name in ("format", "table")}
        return await page.download("get_rehearsal_result", rehearsal=rehearsal, **asked)


# --- what can be rehearsed ----------------------------------------------------------------------------------


async def _laws(page: PageRequest) -> list[RehearsedLaw]:
    """The editions on record of the regimes within the place of whoever looks, and each regime under other readings."""
    offered = {regime.code: regime.title for regime in await regimes_offered(page)}
    editions: Any = await page.ask("get_rulebooks")
    found = [
        RehearsedLaw(edition["regime"], edition["id"], edition["title"][page.language], ())
        for edition in editions
        if edition["regime"] in offered
    ]
    return [RehearsedLaw(code, None, title, ()) for code, title in sorted(offered.items())] + found


async def _law(page: PageRequest, code: str) -> RehearsedLaw | None:
    """What an address names, with its readings: those of a regime are those of its newest edition."""
    laws = await _laws(page)
    meant = next((law for law in laws if law.code == code), None)
    if meant is None:
        return None
    edition = meant.edition or next((law.edition for law in reversed(laws) if law.regime == code and law.edition), None)
    if edition is None:
        return meant
    told = await page.ask("get_rulebook", rulebook=edition)
    readings = [{**r, "values": [v for v in r["values"] if v.get("available", True)]} for r in told["readings"]]
    return meant._replace(readings=[reading for reading in readings if len(reading["values"]) > 1])


async def _titles(page: PageRequest) -> dict[str, str]:
    """What editions and regimes are called."""
    editions: Any = await page.ask("get_rulebooks")
    law = page.desk.copies.primary.law
    regimes = {edition["regime"]: law.lexicon_of(edition["regime"]).title(page.language) for edition in editions}
    return {**regimes, **{edition["id"]: edition["title"][page.language] for edition in editions}}


async def _form(
    page: PageRequest, law: RehearsedLaw, filled: Mapping[str, str], *, refusal: ApiRefusal | None = None
) -> PageView:
    faults = [] if refusal is None else [{**f, "field": (f.get("pointer") or "").strip("/")} for f in refusal.faults]
    regime = next((found for found in await regimes_offered(page) if found.code == law.regime), None)
    is_of_a_place = page.place is not None and page.place != "000000"
    within = (page.place or "",) if is_of_a_place else () if regime is None else regime.regions
    given = {
        "law": law,
        "filled": filled,
        "faults": faults,
        "problem": None if refusal is None else refusal.problem,
        "places": await places_within(page, within),
        "prefix": _READING,
        "key": filled.get("key") or str(uuid.uuid4()),
        "may_rehearse": page.may("rehearse"),
    }
    return PageView("rehearsals/form.html", given, 200 if refusal is None else refusal.status)


class FaultyLine(NamedTuple):
    """A fault of a draft: its line, what stands there, its place in the file, and what is wrong."""

    number: int | None
    text: str
    place: str
    detail: str


async def _draft_form(
    page: PageRequest,
    filled: Mapping[str, str],
    *,
    faults: Sequence[JsonAnswer] = (),
    refusal: ApiRefusal | None = None,
    status: int = 200,
) -> PageView:
    is_of_a_place = page.place is not None and page.place != "000000"
    told = [] if refusal is None else refusal.faults
    beside = [{**fault, "field": fault["pointer"].strip("/")} for fault in told if fault.get("pointer")]
    given = {
        "filled": filled,
        "faults": [*faults, *beside],
        "problem": None if refusal is None else refusal.problem,
        "faulty": list(_faulty(told, filled.get("text", ""))),
        "places": await places_within(page, (page.place or "",)) if is_of_a_place else [],
        "key": filled.get("key") or str(uuid.uuid4()),
        "may_rehearse": page.may("rehearse"),
    }
    return PageView("rehearsals/draft.html", given, status)


def _faulty(faults: Sequence[JsonAnswer], text: str) -> Iterator[FaultyLine]:
    """Every fault of a draft with the line on which it stands."""
    lines = text.split("\n")
    for fault in faults:
        number = fault.get("line")
        if "place" in fault or number is not None:
            there = lines[number - 1] if number is not None and 0 < number <= len(lines) else ""
            yield FaultyLine(number, there[:_LONGEST_LINE], fault.get("place") or "", fault["detail"])


# --- what it came to ----------------------------------------------------------------------------------------


async def _shown(page: PageRequest, rehearsal: str, *, refusal: ApiRefusal | None = None) -> PageView:
    found = await page.ask("get_rehearsal", rehearsal=rehearsal)
    is_under_way = found["state"] in _UNDER_WAY
    given: dict[str, Any] = {
        "found": found,
        "title_of": await _titles(page),
        "place_of": lambda code: places.place(code, page.language),
        "problem": None if refusal is None else refusal.problem,
        "readings": await _readings_said(page, found),
        "is_draft": found["digest"] is not None and await _is_draft(page, found["digest"]),
        "is_under_way": is_under_way,
        # Whoever reads more slowly turns it off.
        "refreshes": _REFRESH_SECONDS if is_under_way and page.query.get("still") != "true" else None,
        "may_change": page.may("rehearse"),
        "formats": _FORMATS,
        "tables": _TABLES,
        "changes": None,
        "decisions": None,
    }
    if found.get("summary") is not None:
        asked = {
            name: page.query[name] for name in ("kind", "moved", "grade_now", "grade_then") if page.query.get(name)
        }
        cursors = {name: page.query.get(name) for name in ("changes", "decisions")}
        given |= {
            "matrices": list(_matrices(found["summary"], _lexicon(page, found["regime"]))),
            "narrowed": asked,
            "changes": await page.ask(
                "get_rehearsal_changes", rehearsal=rehearsal, limit=_LINES, cursor=cursors["changes"], **asked
            ),
            "decisions": await page.ask(
                "get_rehearsal_decisions", rehearsal=rehearsal, limit=_LINES, cursor=cursors["decisions"]
            ),
            "side": lambda kind, side: _side(page, found["regime"], kind, side),
            "kind_called": lambda kind: words.kind(kind, page.language),
        }
    is_done = page.is_watched and not is_under_way
    status = 200 if refusal is None else refusal.status
    return PageView("rehearsals/rehearsal.html", given, status, [RELOAD] if is_done else ())


async def _is_draft(page: PageRequest, digest: str) -> bool:
    """Whether the text that was rehearsed is not that of an edition on record."""
    editions: Any = await page.ask("get_rulebooks")
    return all(edition["digest"] != digest for edition in editions)


async def _readings_said(page: PageRequest, found: JsonAnswer) -> list[tuple[str, str, str]]:
    """The readings that were switched: which, about what, and to which answer, as far as they are on record."""
    switched = found["request"].get("readings") or {}
    law = await _law(page, found["request"].get("edition") or found["regime"]) if switched else None
    known = {} if law is None else {reading["id"]: reading for reading in law.readings}
    said = []
    for id, chosen in switched.items():
        reading = known.get(id)
        issue = "" if reading is None else reading["issue"][page.language]
        answers = {} if reading is None else {v["name"]: v["words"][page.language] for v in reading["values"]}
        said.append((id, issue, answers.get(chosen, chosen)))
    return said


def _lexicon(page: PageRequest, regime: str) -> Lexicon:
    found: Lexicon = page.desk.copies.primary.law.lexicon_of(regime)
    return found


def _matrices(summary: JsonAnswer, lexicon: Lexicon) -> Iterator[MatrixOfDay]:
    """A table for each day and kind of subject, the last day first; the grades in the order of the law."""
    days: dict[tuple[str, str], dict[tuple[str, str], int]] = {}
    for move in summary["matrix"]:
        days.setdefault((move["on"], move["kind"]), {})[move["now"], move["then"]] = move["number"]
    for (on, kind), numbers in sorted(days.items(), key=lambda day: day[0][0], reverse=True):
        known = lexicon.grades_of(kind)
        rank = {grade: place for place, grade in enumerate(known)}
        now, then = (
            sorted(side, key=lambda grade: (rank.get(grade, len(known)), grade))
            for side in ({now for now, _ in numbers}, {then for _, then in numbers})
        )
        yield MatrixOfDay(on, kind, now, then, numbers)


def _side(page: PageRequest, regime: str, kind: str, side: JsonAnswer) -> str:
    """A score and what a grade is called."""
    return words.standing_words(
        side["score"],
        side["grade"],
        side.get("undetermined"),
        kind,
        page.language,
        _lexicon(page, regime),
        side.get("risk"),
    )
