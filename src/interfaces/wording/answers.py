"""A grade answer with everything a person reads: its headline, its sentences, its papers with their authorities."""

import msgspec
from msgspec import UNSET, UnsetType

from application.answering.grading import GradeAnswer, StepLine, SubjectRef, with_reasons_told
from application.answering.particulars import Particulars, Undo
from application.prose import Opened
from interfaces.wording import places, words
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

_replace = msgspec.structs.replace


def told(answer: GradeAnswer, language: Language, lexicon: Lexicon, opened: Opened) -> GradeAnswer:
    """The answer with its sentences in one language and its texts ``opened``."""
    kind = answer.subject.kind
    answer = with_reasons_told(answer, opened)
    return _replace(
        answer,
        headline=words.headline(answer, language, lexicon),
        steps=tuple(_step(step, answer.subject, language, lexicon, opened) for step in answer.steps),
        next_change=words.with_next_change(answer.next_change, kind, language, lexicon),
        measures=words.measures(answer.measures, language, lexicon),
    )


def _step(step: StepLine, subject: SubjectRef, language: Language, lexicon: Lexicon, opened: Opened) -> StepLine:
    found, papers = step.particulars, step.papers
    return _replace(
        step,
        because=words.because(step, subject.kind, language, lexicon),
        particulars=found if isinstance(found, UnsetType) else _named(found, subject.id, language, opened),
        papers=UNSET
        if isinstance(papers, UnsetType)
        else tuple(_named(paper, subject.id, language, opened) for paper in papers),
    )


def _named(found: Particulars, file: str, language: Language, opened: Opened) -> Particulars:
    """The particulars with their authorities by name, and what was sealed with the key of its file opened."""
    summary = found.summary
    if summary:
        summary = opened(found.subject or file, summary)
    named = None if found.authority is None else places.authority(found.authority, language)
    undone = None if found.undone is None else _undo(found.undone, language)
    return _replace(found, summary=summary, authority_name=named, undone=undone)


def _undo(found: Undo, language: Language) -> Undo:
    if found.authority is None:
        return found
    return _replace(found, authority_name=places.authority(found.authority, language))
