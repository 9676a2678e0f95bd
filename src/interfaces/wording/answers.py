"""A grade answer with everything a person reads: its headline, its sentences, its papers with their authorities."""

from typing import Final, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from application.answering.behind.particulars import Particulars, Undo
from application.answering.behind.underlying import Underlying
from application.answering.grading import GradeAnswer, StepLine, SubjectRef, is_given_again, with_reasons_told
from application.cache import LastingLines, Remembered
from application.prose import Opened, sealed_parts
from interfaces.wording import places, words
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

_replace = msgspec.structs.replace


class _Worded(NamedTuple):
    """The lines of an answer, the words in which they were put, and the lines in these words; ``is_plain`` where no
    text of them is sealed."""

    steps: tuple[StepLine, ...]
    lexicon: Lexicon
    told: tuple[StepLine, ...]
    is_plain: bool = False


_WORDED: Final[Remembered[tuple[int, Language], _Worded]] = Remembered(256)
"""The lines of the answers given last: an answer that is held is given again with the same lines."""


def told(answer: GradeAnswer, language: Language, lexicon: Lexicon, opened: Opened) -> GradeAnswer:
    """The answer with its sentences in one language and its texts ``opened``."""
    kind = answer.subject.kind
    return _replace(
        answer,
        headline=words.headline(answer, language, lexicon),
        steps=_steps(answer, language, lexicon, opened),
        next_change=words.with_next_change(answer.next_change, kind, language, lexicon),
        measures=words.measures(answer.measures, language, lexicon),
    )


def _steps(answer: GradeAnswer, language: Language, lexicon: Lexicon, opened: Opened) -> tuple[StepLine, ...]:
    """The lines in words. What is in them is kept as it is stored: a text that is opened is told once."""
    subject = answer.subject
    if any(step.again is not UNSET for step in answer.steps):
        # A reason that is opened becomes part of the sentence.
        steps = with_reasons_told(answer, opened).steps
        worded = tuple([_worded(step, subject, language, lexicon) for step in steps])
    else:
        key = id(answer.steps), language
        found = _WORDED.get(key)
        if found is None or found.steps is not answer.steps or found.lexicon is not lexicon:
            made = tuple([_worded(step, subject, language, lexicon) for step in answer.steps])
            found = _Worded(answer.steps, lexicon, made)
            if is_given_again(answer):
                is_plain = not any(map(_is_sealed, made))
                found = _Worded(answer.steps, lexicon, LastingLines(made) if is_plain else made, is_plain)
                _WORDED.keep(key, found)
        if found.is_plain:
            return found.told
        worded = found.told
    return tuple([_opened(step, subject.id, opened) for step in worded])


def _is_sealed(step: StepLine) -> bool:
    """Whether a text of a line has to be opened."""
    papers = (step.particulars, *(step.papers or ()))
    return any(isinstance(p, Particulars) and p.summary and sealed_parts(p.summary) for p in papers)


def _worded(step: StepLine, subject: SubjectRef, language: Language, lexicon: Lexicon) -> StepLine:
    found, papers, underlying = step.particulars, step.papers, step.rests_on
    return _replace(
        step,
        because=words.because(step, subject.kind, language, lexicon),
        particulars=found if isinstance(found, UnsetType) else _named(found, language),
        papers=UNSET if isinstance(papers, UnsetType) else tuple([_named(paper, language) for paper in papers]),
        rests_on=UNSET
        if isinstance(underlying, UnsetType)
        else tuple([_told(each, language, lexicon) for each in underlying]),
    )


def _opened(step: StepLine, file: str, opened: Opened) -> StepLine:
    """The line with what was sealed with the key of its file opened."""
    found, papers = step.particulars, step.papers
    if isinstance(found, Particulars):
        plain = _with_summary(found, file, opened)
        if plain is not found:
            step = _replace(step, particulars=plain)
    if isinstance(papers, tuple) and any(paper.summary for paper in papers):
        step = _replace(step, papers=tuple([_with_summary(paper, file, opened) for paper in papers]))
    return step


def _with_summary(found: Particulars, file: str, opened: Opened) -> Particulars:
    if not found.summary:
        return found
    summary = opened(found.subject or file, found.summary)
    return found if summary is found.summary else _replace(found, summary=summary)


def _named(found: Particulars, language: Language) -> Particulars:
    """The particulars with their authorities by name."""
    named = None if found.authority is None else places.authority(found.authority, language)
    undone = None if found.undone is None else _undo(found.undone, language)
    return _replace(found, authority_name=named, undone=undone)


def _undo(found: Undo, language: Language) -> Undo:
    if found.authority is None:
        return found
    return _replace(found, authority_name=places.authority(found.authority, language))


def _told(found: Underlying, language: Language, lexicon: Lexicon) -> Underlying:
    """What a line rests on, with its authority by name, in a sentence."""
    named = None if found.authority is None else places.authority(found.authority, language)
    found = _replace(found, authority_name=named)
    return _replace(found, says=words.underlying(found, language, lexicon))
