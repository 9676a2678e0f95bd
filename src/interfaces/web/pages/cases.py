"""A case: why it stands as it does on a day, what was known then, what happened, and what stands behind each line."""

import datetime as dt
from collections.abc import Iterator
from typing import Final, NamedTuple

from litestar import Controller

from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.charts.steps import ChartMark, GradeBand, ScoreSpan, StepChart
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, dial, opened, view
from interfaces.wording import words
from interfaces.wording.texts import say

_LINES: Final = 200
_MOST_CAUSES: Final = 3
_BEYOND: Final = dt.timedelta(days=45)


class CaseController(Controller):
    """A case and what stands on it."""

    @page("/cases/{subject:str}")
    async def show_case(self, page: PageRequest, subject: str) -> PageView | GoTo:
        """Where it stands on the day, on all three tracks, and why."""
        case = await opened(page, subject)
        picture = await _picture(page, case)
        known = await page.ask_if_allowed("get_timeline", subject=case.id, order="record", limit=_LINES)
        return view(
            page,
            case,
            "overview",
            "cases/overview.html",
            picture=picture,
            boxes=list(_boxes(case)),
            sentences=list(_sentences(case)),
            dial=None if known is None else dial(case, known["entries"]),
        )

    @page("/cases/{subject:str}/facts")
    async def show_facts(self, page: PageRequest, subject: str) -> PageView:
        """A line a fact, as the law reads it."""
        case = await opened(page, subject)
        grade = case.grade
        if page.query.get("later") == "true":
            grade = await page.ask("get_grade", subject=case.id, basis=grade["basis"]["token"], later=True)
        counted = [step for step in grade["steps"] if step["counted"]]
        apart = [step for step in grade["steps"] if not step["counted"]]
        return view(page, case, "facts", "cases/facts.html", counted=counted, apart=apart)

    @page("/cases/{subject:str}/timeline")
    async def show_timeline(self, page: PageRequest, subject: str) -> PageView:
        """Everything that happened, in legal order or in the order in which it was recorded."""
        case = await opened(page, subject)
        order = "record" if page.query.get("order") == "record" else "legal"
        known_at = case.grade["basis"]["known_at"]
        told = await page.ask(
            "get_timeline",
            subject=case.id,
            order=order,
            known_at=known_at,
            cursor=page.query.get("cursor"),
            limit=_LINES,
        )
        return view(
            page, case, "timeline", "cases/timeline.html", order=order, entries=told["entries"], next=told["next"]
        )


class TrackBox(NamedTuple):
    """What one track says on the day: which grade, of which year, since when or by which step of the year."""

    code: str
    grade: str | None
    year: int | None = None
    since: str | None = None
    stage: str | None = None
    on: str | None = None


def _boxes(case: OpenedCase) -> Iterator[TrackBox]:
    """The three tracks."""
    texts, grade = case.regime["texts"], case.grade
    yield TrackBox("running", grade["texts"]["result"])
    year = case.regime["annual"]
    if year is None:
        yield TrackBox("annual", None)
    else:
        yield TrackBox("annual", texts.get("annual"), year["year"], None, texts.get("stage"), year["dated_on"])
    public = grade["public"]
    if public is None:
        yield TrackBox("public", grade["texts"].get("public"))
    else:
        yield TrackBox("public", grade["texts"].get("public"), public["year"], public["since"])


def _sentences(case: OpenedCase) -> Iterator[str]:
    """What a reader has to know in plain words: which track it is, on what it rests, and what comes next."""
    language, grade = case.language, case.grade
    yield grade["headline"]
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


async def _picture(page: PageRequest, case: OpenedCase) -> StepChart | None:
    """The score of the last years as steps, up to the day that is asked about or today, whichever is later."""
    basis = case.grade["basis"]
    try:
        told = await page.ask("get_history", subject=case.id, regime=case.grade["regime"], known_at=basis["known_at"])
    except ApiRefusal as refusal:
        if refusal.status != 409:
            raise
        return None
    # What lasts is drawn a little beyond the day.
    end = max([case.as_of, *(dt.date.fromisoformat(span["from_on"]) for span in told["spans"])]) + _BEYOND
    spans = [
        ScoreSpan(
            dt.date.fromisoformat(span["from_on"]),
            dt.date.fromisoformat(span["until_on"]) if span["until_on"] else end,
            None if span["score"] is None else float(span["score"]),
            case.graded(span["grade"]) or words.undetermined(span["undetermined"] or "", case.language),
        )
        for span in told["spans"]
    ]
    marks = [
        ChartMark(
            dt.date.fromisoformat(step["effective_on"]), f"/cases/{case.id}/facts#{step['fact']}", _cause(case, step)
        )
        for step in case.grade["steps"]
        if step["counted"] and step["effective_on"] and step["fact"]
    ]
    law = page.desk.copies.primary.law
    editions = law.editions_of([book["digest"] for book in basis["rulebooks"]])
    methods = [m for edition in editions if (m := edition.methods.get(case.profile["kind"])) is not None]
    of_scores = {band.grade: band for method in methods for band in getattr(method, "bands", ())}
    bands = [GradeBand(float(band.at_least or 0), case.graded(grade)) for grade, band in of_scores.items()]
    title = say("web_case.chart.title", case.language, name=case.name)
    return StepChart(title, spans, marks, case.as_of, bands)
