"""Every component of the pages with something in it, in the language and the colours that are asked for."""

import datetime as dt
from typing import Final

from litestar import Controller

from application.answering.procedure_tasks import ProcedureTask
from interfaces.charts.steps import ChartMark, GradeBand, LearntLater, ScoreSpan, StepChart
from interfaces.charts.two_axes import KnownRow, TwoAxes
from interfaces.web.forms import FormField
from interfaces.web.page import PageRequest, PageView, page
from interfaces.wording.texts import name, say

COLOURS: Final = ("light", "dark")
"""In which colours it is shown."""

_JUNE: Final = dt.date(2024, 6, 30)
_MARCH: Final = dt.date(2024, 3, 22)


_TASKS: Final = (
    ProcedureTask(task="received", state="done", on=dt.date(2024, 5, 6)),
    ProcedureTask(task="admitted", state="done", on=dt.date(2024, 5, 8), note="no_correction_asked"),
    ProcedureTask(task="investigated", state="waiting", until_on=dt.date(2024, 5, 28), note="extended"),
    ProcedureTask(task="drafted", state="not_started"),
    ProcedureTask(task="served", state="skipped", note="no_letter"),
)


class DesignController(Controller):
    """The components."""

    @page("/design")
    async def show_components(self, page: PageRequest) -> PageView:
        """Each component, for those who make pages or look at them as a designer does."""
        colours = page.query.get("colours")
        given = {
            "picture": _steps(page),
            "axes": _axes(page),
            "fields": _fields(page),
            "tasks": _TASKS,
            "colours": COLOURS,
        }
        return PageView("design.html", {**given, **({"theme": colours} if colours in COLOURS else {})})


def _steps(page: PageRequest) -> StepChart:
    grades = [name("web_design.grade", grade, page.language) for grade in ("n", "c", "d")]
    year = dt.date(2024, 1, 1)
    spans = [
        ScoreSpan(year, _MARCH - dt.timedelta(days=1), 100, grades[0]),
        ScoreSpan(_MARCH, _JUNE - dt.timedelta(days=1), 70, grades[1]),
        ScoreSpan(_JUNE, dt.date(2024, 10, 7), 55, grades[2]),
        ScoreSpan(dt.date(2024, 10, 8), dt.date(2024, 12, 31), None, say("web_case.none_yet", page.language)),
    ]
    paper = say("web_design.sample.paper", page.language)
    marks = [ChartMark(_MARCH, "#chart", paper, 1), ChartMark(_JUNE, "#chart", paper, 2)]
    bands = [GradeBand(75, grades[0]), GradeBand(60, grades[1]), GradeBand(0, grades[2])]
    day = dt.date(2024, 8, 1)
    later = [LearntLater(_JUNE, day, spans[2], spans[1])]
    return StepChart(say("web_case.chart.head", page.language), spans, marks, day, bands, later)


def _axes(page: PageRequest) -> TwoAxes:
    language = page.language
    counts = say("web_axes.counts", language, effect=say("web_axes.points", language, points="-10"))
    known = [
        ("2023-09-25 10:00", "decision", _MARCH, None, True, counts, False),
        ("2024-05-06 10:00", "finality", _JUNE, dt.date(2024, 12, 31), True, counts, False),
        ("2024-10-09 10:00", "set_aside", _MARCH, None, False, say("web_axes.no_line", language), True),
    ]
    rows = [
        KnownRow(at, name("web_timeline.moment", code, language), since, until, counted, told, "#axes", asked)
        for at, code, since, until, counted, told, asked in known
    ]
    return TwoAxes(say("web_axes.draw", language), rows, dt.date(2024, 8, 1))


def _fields(page: PageRequest) -> list[FormField]:
    """A field of every widget."""
    language = page.language
    choices = [(grade, name("web_design.grade", grade, language)) for grade in ("n", "c", "d")]
    return [
        FormField("document", say("web_form.field.document", language), "text", True),
        FormField("decided_on", say("web_form.field.decided_on", language), "date", True),
        FormField("grade", say("web_form.field.grade", language), "choice", False, choices),
        FormField("several", say("web_form.field.categories", language), "several", False, choices),
        FormField("again", say("web_form.field.again", language), "check", False),
        FormField("reason", say("web_form.field.reason", language), "prose", False),
    ]
