"""What follows from a case: its deadlines with their proof, its years, the measures, and who works there."""

from collections.abc import Iterator
from typing import NamedTuple

from litestar import Controller

from application.deadlines.worklist import STATES
from interfaces.web.asking import JsonAnswer
from interfaces.web.page import PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, opened, view
from interfaces.web.pages.letters import numbers_of
from interfaces.wording import words


class YearStep(NamedTuple):
    """A step of an evaluation year, with the result that it gave."""

    name: str
    dated_on: str
    due_on: str | None
    is_late: bool
    stands: bool
    result: str | None


class CaseLawController(Controller):
    """What follows from a case."""

    @page("/cases/{subject:str}/deadlines")
    async def show_deadlines(self, page: PageRequest, subject: str) -> PageView:
        """The deadlines of the file, those still to be kept first, and day by day how one of them is reckoned."""
        case = await opened(page, subject)
        known_at = case.grade["basis"]["known_at"]
        asked = {"as_of": case.grade["basis"]["as_of"], "known_at": known_at}
        found = await page.ask(
            "get_subject_deadlines", subject=case.id, state=STATES, limit=200, cursor=page.query.get("cursor"), **asked
        )
        proved = page.query.get("deadline")
        proof = None if proved is None else await page.ask("get_deadline", deadline=proved, **asked)
        numbers = await numbers_of(page, case)
        # A penalty that is not final yet counts later, and can be challenged until then.
        grade = await page.ask("get_grade", subject=case.id, basis=case.grade["basis"]["token"], later=True)
        matters = case.matters(case.papers_of(grade))
        given = {"found": found, "proof": proof, "numbers": numbers, "matters": matters}
        return view(page, case, "deadlines", "cases/deadlines.html", **given)

    @page("/cases/{subject:str}/years")
    async def show_years(self, page: PageRequest, subject: str) -> PageView:
        """The evaluation years, each with its steps."""
        case = await opened(page, subject)
        years = [(year, list(_steps(case, year))) for year in reversed(case.proceedings["years"])]
        return view(page, case, "years", "cases/years.html", years=years)

    @page("/cases/{subject:str}/measures")
    async def show_measures(self, page: PageRequest, subject: str) -> PageView:
        """What the grade brings with it, with the provision that allows it, or why it cannot be carried out."""
        return view(page, await opened(page, subject), "measures", "cases/measures.html")

    @page("/cases/{subject:str}/staff")
    async def show_staff(self, page: PageRequest, subject: str) -> PageView:
        """Who works or worked there."""
        case = await opened(page, subject)
        staff = sorted(case.file["staff"], key=lambda line: (not line["current"], line["from_on"]))
        return view(page, case, "staff", "cases/staff.html", staff=staff)


def _steps(case: OpenedCase, year: JsonAnswer) -> Iterator[YearStep]:
    language, kind = case.language, case.profile["kind"]
    for step in year["steps"]:
        result = step["result"]
        yield YearStep(
            words.stage(step["stage"], language),
            step["dated_on"],
            step["due_on"],
            step["late"],
            step["stands"],
            None
            if result is None
            else words.standing_words(
                result["score"], result["grade"], result["undetermined"], kind, language, case.lexicon
            ),
        )
