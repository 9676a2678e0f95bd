"""What if: what would lead to a better grade, on which readings it hangs, and why two dates differ."""

import asyncio
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

import msgspec
from litestar import Controller

from application.explaining.openings import WayOpening
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.page import PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, opened, view
from interfaces.wording import causes, words
from interfaces.wording.texts import name, say

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


class OpeningLine(NamedTuple):
    """How a way is brought about, ``of`` the facts of which all that is the same: who begins it before whom, its last
    day with the deadline that proves it, by which articles, with which papers, and the form in which it is recorded,
    for whoever may."""

    way: str
    of: list[str]
    begun: str
    until: str
    deadline: str | None
    cites: str
    needs: list[str]
    command: str
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
            papers=case.papers,
            lines=list(_lines(case, ways)),
            openings=_openings(page, case, ways),
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
    papers, language = case.papers, case.language
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


def _openings(page: PageRequest, case: OpenedCase, ways: JsonAnswer | None) -> list[OpeningLine]:
    """How each of what the ways name is brought about; facts of which all is the same share a line."""
    papers, language = case.papers, page.language
    found: dict[tuple[str | None, ...], OpeningLine] = {}
    if ways is None:
        return []
    for told in msgspec.convert(ways["openings"], list[WayOpening]):
        begun, until = causes.begun(told, language, case.lexicon), causes.until(told, language)
        line = OpeningLine(
            name("causes.way", told.way, language),
            [],
            begun,
            until,
            told.deadline,
            case.cites(list(told.cites)),
            [ways["texts"][f"paper:{paper.code}"] for paper in told.papers],
            told.command,
            told.command if page.may(told.command) else None,
        )
        line = found.setdefault((told.command, told.way, begun, until, told.deadline, told.record), line)
        if told.fact is not None:
            line.of.append(papers.get(told.fact) or "")
    return list(found.values())
