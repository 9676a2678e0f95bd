"""A case: why it stands as it does on a day, what was known then, what happened, and what stands behind each line."""

import asyncio
import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, Final, get_args

from litestar import Controller

from application.answering.behind.particulars import DAYS_TOLD, TOLD
from application.answering.grading import known_at_from
from application.answering.timeline import TimelineOrder
from application.deadlines.worklist import STATES
from interfaces.charts.learnt_later import learnt_later
from interfaces.charts.steps import ChartMark, GradeBand, LearntLater, ScoreSpan, StepChart
from interfaces.http.replying import Reply
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.known_rows import disputed, two_axes_of
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, bureau_of, dial, opened, view
from interfaces.web.pages.case_tracks import boxes_of
from interfaces.web.pages.letters import numbers_of
from interfaces.web.story import (
    KINDS_OF_EVENT,
    kind_of_event,
    papers_of,
    particulars_of,
    result_told,
    story_of,
)
from interfaces.wording import words
from interfaces.wording.punctuation import by_colon
from interfaces.wording.texts import say
from interfaces.wording.words import Lexicon

_ORDERS: Final = get_args(TimelineOrder)
_LINES: Final = 200
_LINES_OF_STORY: Final = 500
_MOST_OF_STORY: Final = 2000
_MOST_CAUSES: Final = 3
_BEYOND: Final = dt.timedelta(days=45)


class CaseController(Controller):
    """A case and what stands on it."""

    @page("/cases/{subject:str}")
    async def show_case(self, page: PageRequest, subject: str) -> PageView | GoTo:
        """Where it stands on the day, on all three tracks, and why."""
        case = await opened(page, subject)
        history, numbers, known, issued = await asyncio.gather(
            _history(page, case),
            numbers_of(page, case),
            page.ask_if_allowed("get_moments", subject=case.id),
            page.ask_if_allowed("get_dossiers", subject=case.id, known_at=case.known_at),
        )
        then = await _history_then(page, case, history, known)
        return view(
            page,
            case,
            "overview",
            "cases/overview.html",
            picture=_picture(page, case, history, then) if history else None,
            boxes=await boxes_of(page, case, history, numbers),
            sentences=list(_sentences(case)),
            dial=None if known is None else dial(case, known),
            issued=issued,
        )

    @page("/cases/{subject:str}/dossier")
    async def download_dossier(self, page: PageRequest, subject: str) -> Reply[Any]:
        """The dossier of the grade that an address names, as a file."""
        asked = {name: page.query.get(name) for name in ("basis", "format", "language")}
        return await page.download("get_dossier", subject=subject, **asked)

    @page("/cases/{subject:str}/dossiers/{dossier:str}")
    async def download_issued_dossier(self, page: PageRequest, subject: str, dossier: str) -> Reply[Any]:
        """A dossier as it was issued, as a file."""
        return await page.download("get_issued_dossier", subject=subject, dossier=dossier)

    @page("/cases/{subject:str}/facts")
    async def show_facts(self, page: PageRequest, subject: str) -> PageView:
        """A line a fact, as the law reads it."""
        case = await opened(page, subject)
        grade = case.grade
        if page.query.get("later") == "true":
            grade = await page.ask("get_grade", subject=case.id, basis=grade["basis"]["token"], later=True)
        counted = [step for step in grade["steps"] if step["counted"]]
        apart = [step for step in grade["steps"] if not step["counted"]]
        disputes: set[str] = set()
        if page.may("get_timeline") and page.may("get_record"):
            disputes = disputed((await _entries(page, case, "legal", {}))[0])
        proofs = await _proofs_of_finality(page, case)
        drawn = page.query.get("draw")
        axes = await two_axes_of(page, case, drawn) if drawn in disputes else None
        return view(
            page,
            case,
            "facts",
            "cases/facts.html",
            particulars_told=TOLD,
            days_told=DAYS_TOLD,
            counted=counted,
            apart=apart,
            proofs=proofs,
            contested=_contested(case),
            disputes=disputes,
            drawn=drawn,
            axes=axes,
        )

    @page("/cases/{subject:str}/timeline")
    async def show_timeline(self, page: PageRequest, subject: str) -> PageView:
        """The story on one screen, or everything that happened, in legal order or in the order of recording."""
        case = await opened(page, subject)
        is_whole = page.query.get("view") == "all"
        wanted = page.query.get("order", "")
        order = wanted if is_whole and wanted in _ORDERS else "legal"
        narrowed = {name: page.query[name] for name in ("kind", "of") if page.query.get(name)}
        entries, rest, accounts = await _entries(page, case, order, narrowed if is_whole else {})
        given: dict[str, Any] = {
            "order": order,
            "orders": _ORDERS,
            "is_whole": is_whole,
            "narrowed": narrowed,
            "kinds": KINDS_OF_EVENT,
            "kind_of": kind_of_event,
            "next": rest,
            "lines": {entry["version"]: entry for entry in entries},
            "particulars": lambda entry: particulars_of(entry, page.language, _lexicon(page, case, entry)),
            "row_of": lambda entry: _lexicon(page, case, entry).named_row(entry["row"], page.language),
            "papers": papers_of,
            "result": lambda entry: result_told(
                entry, case.profile["kind"], page.language, _lexicon(page, case, entry)
            ),
            "accounts": accounts,
            "title_of": _titles(case),
            "days_late": words.days_late,
            "paper_of": {entry["id"]: entry.get("document") for entry in entries if entry.get("id")},
            "bureau": bureau_of(case),
        }
        if is_whole:
            given["shown"] = given["lines"].keys()
            return view(page, case, "timeline", "cases/timeline.html", entries=entries, **given)
        moments = [moment for moment in story_of(entries) if _is_wanted(moment.entry, narrowed)]
        until = "9999" if page.query.get("later") == "true" else case.as_of.isoformat()
        told = [moment for moment in moments if moment.on <= until]
        given |= {"later": len(moments) - len(told), "shown": {moment.entry["version"] for moment in told}}
        return view(page, case, "timeline", "cases/timeline.html", moments=told, **given)


async def _proofs_of_finality(page: PageRequest, case: OpenedCase) -> dict[str, str]:
    """The periods in which the decisions behind facts could be challenged, by fact: they prove from which day these are
    final. None where whoever looks may not ask."""
    asked = {"as_of": case.grade["basis"]["as_of"], "known_at": case.grade["basis"]["known_at"]}
    found = await page.ask_if_allowed(
        "get_subject_deadlines", subject=case.id, kind="challenge", state=STATES, limit=_LINES, **asked
    )
    return {} if found is None else {line["started_by"]: line["id"] for line in found["lines"]}


def _contested(case: OpenedCase) -> dict[str, list[JsonAnswer]]:
    """The suits and reviews that are known on the day, by fact."""
    found: dict[str, list[JsonAnswer]] = {}
    for contest in case.proceedings["contests"]:
        found.setdefault(contest["fact"], []).append(contest)
    return found


def _titles(case: OpenedCase) -> Callable[[JsonAnswer], str]:
    """What gives the title of a line of the timeline: of an employment with the name of whose it is, as far as that is
    shown."""
    names = {line["practitioner"]: line.get("name") for line in case.file["staff"] if line.get("practitioner")}

    def title(entry: JsonAnswer) -> str:
        person = (entry.get("content") or {}).get("practitioner")
        if person is None:
            return str(entry["title"])
        return by_colon(entry["title"], names.get(person) or say("web.no_name", case.language), case.language)

    return title


async def _entries(
    page: PageRequest, case: OpenedCase, order: str, narrowed: Mapping[str, str]
) -> tuple[list[JsonAnswer], str | None, JsonAnswer]:
    """The lines of the timeline that are asked for, the cursor that leads on, and what the accounts in them are called:
    of the story all of them, up to ``_MOST_OF_STORY``, for what belongs together in it lies far apart."""
    is_whole = page.query.get("view") == "all"
    limit, most = (_LINES, _LINES) if is_whole else (_LINES_OF_STORY, _MOST_OF_STORY)
    found: list[JsonAnswer] = []
    accounts: JsonAnswer = {}
    cursor, known_at = page.query.get("cursor") if is_whole else None, case.grade["basis"]["known_at"]
    while True:
        told = await page.ask(
            "get_timeline", subject=case.id, order=order, known_at=known_at, cursor=cursor, limit=limit
        )
        found += [entry for entry in told["entries"] if _is_wanted(entry, narrowed)]
        accounts |= told.get("accounts", {})
        cursor = told["next"]
        # A page of what is narrowed down is filled from as many pages of the timeline as it takes.
        if cursor is None or len(found) >= most:
            return found, cursor, accounts


def _is_wanted(entry: JsonAnswer, narrowed: Mapping[str, str]) -> bool:
    """Whether a line is of the kind and under the regime that are asked for; what is under no regime is under each."""
    kind, regime = narrowed.get("kind"), narrowed.get("of")
    return kind in (None, kind_of_event(entry["type"])) and (regime is None or entry.get("regime") in (None, regime))


def _lexicon(page: PageRequest, case: OpenedCase, entry: JsonAnswer) -> Lexicon:
    regime = entry.get("regime")
    if regime in (None, case.grade["regime"]):
        return case.lexicon
    found: Lexicon = page.desk.copies.primary.law.lexicon_of(regime)
    return found


def _sentences(case: OpenedCase) -> Iterator[str]:
    """What a reader has to know in plain words: which track it is, on what it rests, and what comes next."""
    language, grade = case.language, case.grade
    year, annual = case.regime["annual"], case.regime["texts"].get("annual")
    if year is None or annual is None:
        yield grade["headline"]
    else:
        yield say("web_case.annual_beside", language, headline=grade["headline"], year=year["year"], annual=annual)
    causes = sorted((s for s in grade["steps"] if s["counted"]), key=_weight, reverse=True)
    named = say("web.list_comma", language).join(_cause(case, step) for step in causes[:_MOST_CAUSES])
    if len(causes) > _MOST_CAUSES:
        yield say("web_case.rests_on_more", language, causes=named, more=len(causes) - _MOST_CAUSES)
    elif causes:
        yield say("web_case.rests_on", language, causes=named)
    else:
        yield say("web_case.rests_on_nothing", language)
    change = grade["next_change"]
    yield say("web_case.no_next", language) if change is None else change["because"]


def _weight(step: JsonAnswer) -> float:
    try:
        return -float(step["effect"])
    except ValueError:
        # A direct rating outweighs every deduction.
        return 1e9


def _cause(case: OpenedCase, step: JsonAnswer) -> str:
    behind = step.get("particulars") or {}
    return str(behind.get("document") or case.row(step["row"]))


async def _history(page: PageRequest, case: OpenedCase) -> list[JsonAnswer]:
    """The spans of the last years; none where there is no answer to that."""
    known_at = case.grade["basis"]["known_at"]
    try:
        told = await page.ask("get_history", subject=case.id, regime=case.grade["regime"], known_at=known_at)
    except ApiRefusal as refusal:
        if refusal.status != 409:
            raise
        return []
    return list(told["spans"])


async def _history_then(
    page: PageRequest, case: OpenedCase, history: Sequence[JsonAnswer], known: JsonAnswer | None
) -> list[JsonAnswer] | None:
    """The spans up to the day that is asked about, by what was known when it ended: none before the file was opened,
    ``None`` where nothing was recorded later, or by what was on record then there is no answer.

    They begin where ``history`` does: a file without records at that time has no first day of its own.

    ``known`` are the moments at which something was recorded, where whoever looks is told them: the file is read once
    more only where one of them lies after that day.
    """
    as_of = case.as_of.isoformat()
    end = known_at_from(as_of)
    if known_at_from(case.grade["basis"]["known_at"]) <= end or not history or history[0]["from_on"] > as_of:
        return None
    if known is not None and all(known_at_from(moment["at"]) <= end for moment in known["moments"]):
        return None
    if dt.date.fromisoformat(case.profile["opened_on"]) > case.as_of:
        return []
    try:
        days = {"from": history[0]["from_on"], "until": as_of}
        told = await page.ask("get_history", subject=case.id, regime=case.grade["regime"], known_at=as_of, **days)
    except ApiRefusal as refusal:
        if refusal.status not in (400, 409):
            raise
        return None
    return list(told["spans"])


def _spans(case: OpenedCase, history: Sequence[JsonAnswer], end: dt.date) -> list[ScoreSpan]:
    """What is drawn of a history; what lasts, up to ``end``."""
    return [
        ScoreSpan(
            dt.date.fromisoformat(span["from_on"]),
            dt.date.fromisoformat(span["until_on"]) if span["until_on"] else end,
            None if span["score"] is None else float(span["score"]),
            case.graded(span["grade"])
            or words.undetermined(span.get("outside") or span["undetermined"] or "", case.language),
        )
        for span in history
    ]


def _picture(
    page: PageRequest, case: OpenedCase, history: Sequence[JsonAnswer], then: Sequence[JsonAnswer] | None
) -> StepChart:
    """The score of the last years as steps, up to the day that is asked about or today, whichever is later."""
    # What lasts is drawn a little beyond the day.
    end = max([case.as_of, *(dt.date.fromisoformat(span["from_on"]) for span in history)]) + _BEYOND
    spans = _spans(case, history, end)
    later: list[LearntLater] = []
    if then is not None:
        later = learnt_later(spans, _spans(case, then, case.as_of), case.as_of)
    drawn = [step for step in case.grade["steps"] if step["counted"] and step["effective_on"] and step["fact"]]
    marks = [
        ChartMark(
            dt.date.fromisoformat(step["effective_on"]),
            f"/cases/{case.id}/facts#{step['fact']}",
            _cause(case, step),
            number,
        )
        for number, step in enumerate(sorted(drawn, key=itemgetter("effective_on")), 1)
    ]
    law = page.desk.copies.primary.law
    editions = law.editions_of([book["digest"] for book in case.grade["basis"]["rulebooks"]])
    methods = [m for edition in editions if (m := edition.methods.get(case.profile["kind"])) is not None]
    of_scores = {band.grade: band for method in methods for band in getattr(method, "bands", ())}
    bands = [GradeBand(float(band.at_least or 0), case.graded(grade)) for grade, band in of_scores.items()]
    title = say("web_case.chart.title", case.language, name=case.name)
    return StepChart(title, spans, marks, case.as_of, bands, later)
