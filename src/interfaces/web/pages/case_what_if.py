"""What if: what would lead to a better grade, on which readings it hangs, and why two dates differ."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from litestar import Controller

from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.page import PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, opened, view
from interfaces.wording import words
from interfaces.wording.texts import name, say

_FORM_OF: Final = {
    "repair": "apply_repair",
    "objection": "file_objection",
    "annulment": "set_aside_fact",
    "waiver": "report_rectification",
    "rectification": "confirm_rectification",
    "commitment": "file_commitment",
    "pioneer": "recognise_pioneer",
    "delisting": "remove_blacklist",
}
"""The command that records a lawful change, or its beginning."""

_SHOWN: Final = 5
"""Ways that are shown at once, the smallest first."""


class WayChange(NamedTuple):
    """What would have to become of one fact: its paper, its row, and in which ways."""

    paper: str
    row: str
    ways: str


class WayLine(NamedTuple):
    """A way to a grade: what has to become of which facts, and what comes of it; ``on`` is the day from which it holds,
    where that is yet to come."""

    changes: list[WayChange]
    result: str
    on: str | None


class WayDone(NamedTuple):
    """How something is brought about that ways name: who begins it, and the form in which it is recorded, for whoever
    may."""

    called: str
    by: str
    form: str | None


class WhatIfController(Controller):
    """What if."""

    @page("/cases/{subject:str}/what-if")
    async def show_what_if(self, page: PageRequest, subject: str) -> PageView:
        """Ways to a grade, the readings that decide, and the comparison of two dates or states of knowledge."""
        case = await opened(page, subject)
        grades = list(case.lexicon.grades_of(case.profile["kind"]))
        target = page.query.get("target") or (grades[0] if grades else None)
        basis = case.grade["basis"]
        asked = {"regime": case.grade["regime"], "as_of": basis["as_of"], "known_at": basis["known_at"]}
        # Each is computed for long, in a process of its own where there is one.
        (ways, refused), (readings, _) = await asyncio.gather(
            _asked(page, "get_counterfactuals", subject=case.id, target=target, **asked),
            _asked(page, "get_readings", subject=case.id, **asked),
        )
        other = {name: page.query[name] for name in ("as_of_2", "known_at_2") if page.query.get(name)}
        differs, differs_refused = None, None
        if other:
            differs, differs_refused = await _asked(
                page,
                "get_difference",
                subject=case.id,
                regime=asked["regime"],
                as_of_1=basis["as_of"],
                known_at_1=basis["known_at"],
                **{"as_of_2": basis["as_of"], "known_at_2": basis["known_at"], **other},
            )
        return view(
            page,
            case,
            "what_if",
            "cases/what_if.html",
            ways=ways,
            refused=refused,
            readings=readings,
            grades=[(grade, case.graded(grade)) for grade in grades],
            target=target,
            other=other,
            differs=differs,
            differs_refused=differs_refused,
            papers=_papers(case),
            lines=list(_lines(case, ways)),
            done_by=list(_done_by(page, ways)),
            most=_SHOWN,
        )


async def _asked(page: PageRequest, question: str, **given: Any) -> tuple[Any, Any]:
    """The answer, or why there is none: one part of the page that has none does not take the others away."""
    if not page.may(question):
        return None, None
    try:
        return await page.ask(question, **given), None
    except ApiRefusal as refusal:
        return None, refusal.problem


def _lines(case: OpenedCase, ways: JsonAnswer | None) -> Iterator[WayLine]:
    """The ways to the grade, paper by paper."""
    papers, language = _papers(case), case.language
    for path in () if ways is None else ways["paths"]:
        changes = [
            WayChange(
                papers.get(change["fact"]) or case.row(change["row"]),
                case.row(change["row"]),
                say("web.list_comma", language).join(name("causes.way", way, language) for way in change["ways"]),
            )
            for change in path["changes"]
        ]
        result = words.standing_words(
            path["score"], path["grade"], None, case.profile["kind"], language, case.lexicon, None
        )
        yield WayLine(changes, result, path["on"] if path["on"] > case.grade["basis"]["as_of"] else None)


def _done_by(page: PageRequest, ways: JsonAnswer | None) -> Iterator[WayDone]:
    """How each of what the ways name is brought about, once."""
    paths = () if ways is None else ways["paths"]
    named = {way for path in paths for change in path["changes"] for way in change["ways"]}
    for way, form in _FORM_OF.items():
        if way in named:
            called, by = (name(family, way, page.language) for family in ("causes.way", "web_case.way_by"))
            yield WayDone(called, by, form if page.may(form) else None)


def _papers(case: OpenedCase) -> dict[str, str]:
    return {
        step["fact"]: str((step.get("particulars") or {}).get("document") or "")
        for step in case.grade["steps"]
        if step["fact"]
    }
