"""A grade answer with everything a person reads: its headline, its sentences, its papers with their authorities."""

from collections.abc import Callable

import msgspec
from msgspec import UNSET, UnsetType

from application.grading import GradeAnswer, StepLine
from application.particulars import Particulars, Undo
from domain.vocabulary import PERSONS
from interfaces import places, words
from interfaces.words import Language, Lexicon

_replace = msgspec.structs.replace

OpenText = Callable[[str, str], str | None]
"""Opens a text sealed for a person; ``None`` once it was erased."""


def told(answer: GradeAnswer, language: Language, lexicon: Lexicon, open_text: OpenText) -> GradeAnswer:
    """The answer with its sentences in one language."""
    kind = answer.subject.kind
    person = answer.subject.id if kind in PERSONS else None
    return _replace(
        answer,
        headline=words.headline(answer, language, lexicon),
        steps=tuple(_step(step, kind, person, language, lexicon, open_text) for step in answer.steps),
        next_change=words.with_next_change(answer.next_change, kind, language, lexicon),
        measures=words.measures(answer.measures, language, lexicon),
    )


def _step(
    step: StepLine, kind: str, person: str | None, language: Language, lexicon: Lexicon, open_text: OpenText
) -> StepLine:
    found, papers = step.particulars, step.papers
    return _replace(
        step,
        because=words.because(step, kind, language, lexicon),
        particulars=found if isinstance(found, UnsetType) else _named(found, person, language, open_text),
        papers=UNSET
        if isinstance(papers, UnsetType)
        else tuple(_named(paper, person, language, open_text) for paper in papers),
    )


def _named(found: Particulars, person: str | None, language: Language, open_text: OpenText) -> Particulars:
    """The particulars with their authorities by name, and what was sealed for a person opened."""
    of = found.subject or person
    summary = found.summary
    if summary and of is not None:
        summary = open_text(of, summary)
    named = None if found.authority is None else places.authority(found.authority, language)
    undone = None if found.undone is None else _undo(found.undone, language)
    return _replace(found, summary=summary, authority_name=named, undone=undone)


def _undo(found: Undo, language: Language) -> Undo:
    if found.authority is None:
        return found
    return _replace(found, authority_name=places.authority(found.authority, language))
