"""What a decision would do to the deadlines of a file and to its years, line by line: the two sides in words."""

from collections.abc import Iterator
from typing import NamedTuple

from interfaces.web.asking import JsonAnswer
from interfaces.wording import words
from interfaces.wording.texts import Language, say
from interfaces.wording.words import Lexicon

_NOTHING = "—"


class EffectLine(NamedTuple):
    """One thing that a signature would change: the two sides where there are some, else in a sentence."""

    title: str
    before: str | None
    after: str | None


def deadlines_moved(impact: JsonAnswer, language: Language) -> Iterator[EffectLine]:
    """Each deadline that would stand otherwise, as the trial of a command tells it."""
    for change in impact.get("deadlines") or ():
        called, year = words.deadline_kind(change["kind"], language), change["year"]
        if year is None:
            title = say("web_signatures.deadline", language, deadline=called)
        else:
            title = say("web_signatures.deadline_of_year", language, deadline=called, year=year)
        yield EffectLine(title, *(_deadline_side(change[side], language) for side in ("before", "after")))


def years_moved(
    impact: JsonAnswer, regime: str, lexicon: Lexicon, kind: str, of: str | None, language: Language
) -> Iterator[EffectLine]:
    """Each evaluation year under a regime that would stand otherwise; ``of`` is what the regime is called, where more
    than one is told of."""
    for change in impact.get("publications") or ():
        if change["regime"] != regime:
            continue
        sides = [
            {stage["year"]: stage for stage in (change[side] or {}).get("annual", ())} for side in ("before", "after")
        ]
        for year in sorted({*sides[0], *sides[1]}):
            stages = [side.get(year) for side in sides]
            if stages[0] != stages[1]:
                told = (_year_side(stage, lexicon, kind, language) for stage in stages)
                title = say("web_signatures.year", language, year=year)
                yield EffectLine(title if of is None else f"{title} · {of}", *told)


def _deadline_side(side: JsonAnswer | None, language: Language) -> str:
    if side is None:
        return _NOTHING
    state = words.deadline_state(side["state"], language)
    if side["done_on"] is not None:
        return say("web_signatures.deadline_done", language, day=side["done_on"], state=state)
    if side["due_on"] is None:
        return state
    return say("web_signatures.deadline_due", language, day=side["due_on"], state=state)


def _year_side(stage: JsonAnswer | None, lexicon: Lexicon, kind: str, language: Language) -> str:
    if stage is None:
        return _NOTHING
    parts = [words.stage(stage["stage"], language)]
    if stage["score"] is not None:
        parts.append(say("web_signatures.points", language, points=stage["score"]))
    if stage["grade"] is not None:
        parts.append(lexicon.grade(stage["grade"], kind, language))
    if stage["undetermined"] is not None:
        parts.append(words.undetermined(stage["undetermined"], language))
    if stage["late"]:
        parts.append(say("web_signatures.late", language, number=len(stage["late"])))
    if stage["undone"]:
        parts.append(say("web_signatures.undone", language, number=len(stage["undone"])))
    return " · ".join(parts)
