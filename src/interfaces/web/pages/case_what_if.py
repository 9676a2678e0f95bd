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

_SHOWN: Final = 5
"""Ways that are shown at once, the smallest first."""


class WayChange(NamedTuple):
    """What would have to become of one fact: its paper, its row, and in which ways."""

    paper: str
    row: str
    ways: str


class WayLine(NamedTuple):
    """A way to a grade: what has to become of which facts, and what comes of it."""

    changes: list[WayChange]
    result: str


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
        yield WayLine(changes, result)


def _papers(case: OpenedCase) -> dict[str, str]:
    return {
        step["fact"]: str((step.get("particulars") or {}).get("document") or "")
        for step in case.grade["steps"]
        if step["fact"]
    }
