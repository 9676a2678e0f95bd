"""What a decision that waits would do, in words: computed whenever somebody reads it."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

import msgspec

from application.answering.grading import Impact, PublicGrade, Side
from application.answering.running_track import PastMove, Running
from application.recording.advisories import DueImpact
from application.recording.outcomes import Outcome
from application.wording import in_both_languages
from application.year.evaluation import RosterOutcome
from domain.law.regime import RegimeLaw
from domain.sentence import Sentence, sentence
from domain.vocabulary import SubjectKind, Text


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a decision would change; ``before`` and ``after`` as they are shown, absent where there is
    none. ``about`` is the name of whose grade it is where that is not the subject of the decision, ``on`` the day that
    is over from which the grade would be another one."""

    code: str
    zh: str
    en: str
    regime: str | None = None
    before: str | None = None
    after: str | None = None
    about: str | None = None
    on: dt.date | None = None


def lowers(impact: object, kind: SubjectKind | None, law_of: Callable[[str], RegimeLaw]) -> bool:
    """Whether what a dry run tells moves a running grade or a published one downwards: that of the subject, which is of
    ``kind``, or the running one of an agency that employs it; of today, or of a day that is over."""
    if not isinstance(impact, Impact):
        return False
    for regime, change in impact.regimes.items():
        law = law_of(regime)
        if law.is_better(law.method(kind, change.as_of), _grade(change.before), _grade(change.after)):
            return True
        if _lower_past(change.past, kind, law):
            return True
        method = law.method("agency", change.as_of)
        for moved in change.employers.values():
            if law.is_better(method, moved.before.grade, moved.after.grade) or _lower_past(moved.past, "agency", law):
                return True
    for published in impact.publications:
        before = None if published.before is None else published.before.public
        law = law_of(published.regime)
        method = law.method(kind, impact.regimes[published.regime].as_of)
        if law.is_better(method, _shown(before), _shown(published.after.public)):
            return True
    return False


def _lower_past(moves: Iterable[PastMove], kind: SubjectKind | None, law: RegimeLaw) -> bool:
    return any(law.is_better(law.method(kind, move.on), move.before.grade, move.after.grade) for move in moves)


def effects_of(
    outcome: Outcome, law_of: Callable[[str], RegimeLaw], others: Mapping[str, object] | None = None
) -> tuple[Effect, ...]:
    """What the trial of a command tells, with what it tells of the files of ``others`` that it appends to. The laws say
    what they are called."""
    impact = outcome.impact

    def title(regime: str) -> Text:
        return law_of(regime).title

    if isinstance(impact, Impact):
        linked = (_of_linked(file, told, title) for file, told in (others or {}).items())
        found = (*_of_impact(impact, title), *itertools.chain.from_iterable(linked))
    elif isinstance(impact, DueImpact) and impact.due_since_before != impact.due_since_after:
        before, after = (None if day is None else str(day) for day in (impact.due_since_before, impact.due_since_after))
        says = sentence("signatures.effect.notice_due", before=_told(before), after=_told(after))
        found = (effect("notice_due", says, before=before, after=after),)
    else:
        found = ()
    if found:
        return found
    if outcome.events:
        return (effect("nothing", sentence("signatures.effect.nothing")),)
    return (effect("on_record", sentence("signatures.effect.on_record")),)


def of_roster(outcome: RosterOutcome) -> tuple[Effect, ...]:
    """What the trial of a step for a whole roster tells."""
    taken, refused = (outcome.counts.get(status, 0) for status in ("dry_run", "refused"))
    says = sentence("signatures.effect.roster", taken=taken, refused=refused)
    return (effect("roster", says, regime=outcome.regime),)


def _of_impact(impact: Impact, title: Callable[[str], Text]) -> Iterator[Effect]:
    for regime, change in impact.regimes.items():
        before, after = (None if side is None else _track(side.running) for side in (change.before, change.after))
        if before != after:
            says = sentence("signatures.effect.running", regime=title(regime), before=_told(before), after=_told(after))
            yield effect("running", says, regime, before, after)
        for move in change.past:
            was, now = _told(_track(move.before)), _told(_track(move.after))
            says = sentence("signatures.effect.past", regime=title(regime), on=move.on, before=was, after=now)
            yield _on(move, "past", says, regime)
        for employer, moved in change.employers.items():
            yield from _of_other("employer", employer, regime, moved.before, moved.after, moved.past, title)
    for published in impact.publications:
        regime, side = published.regime, published.before
        before, after = None if side is None else _shown(side.public), _shown(published.after.public)
        if before != after:
            says = sentence("signatures.effect.public", regime=title(regime), before=_told(before), after=_told(after))
            yield effect("public", says, regime, before, after)
        if side is None or side.annual != published.after.annual:
            yield effect("annual", sentence("signatures.effect.annual", regime=title(regime)), regime)
    if impact.deadlines:
        yield effect("deadlines", sentence("signatures.effect.deadlines", n=len(impact.deadlines)))


def _of_linked(file: str, impact: object, title: Callable[[str], Text]) -> Iterator[Effect]:
    """What becomes of another file that is appended to, because a fact on it is linked to what is decided."""
    if not isinstance(impact, Impact):
        return
    for regime, change in impact.regimes.items():
        before, after = (None if side is None else side.running for side in (change.before, change.after))
        yield from _of_other("linked", file, regime, before, after, change.past, title)


def _of_other(
    code: Literal["employer", "linked"],
    file: str,
    regime: str,
    before: Running | None,
    after: Running | None,
    past: Iterable[PastMove],
    title: Callable[[str], Text],
) -> Iterator[Effect]:
    """What becomes of the running grade of another file, today and on days that are over."""
    of = title(regime)
    was, now = (None if side is None else _track(side) for side in (before, after))
    if was != now:
        one, other = _told(was), _told(now)
        if code == "employer":
            says = sentence("signatures.effect.employer", file=file, regime=of, before=one, after=other)
        else:
            says = sentence("signatures.effect.linked", file=file, regime=of, before=one, after=other)
        yield effect(code, says, regime, was, now)
    for move in past:
        one, other = _told(_track(move.before)), _told(_track(move.after))
        if code == "employer":
            says = sentence(
                "signatures.effect.employer_past", file=file, regime=of, on=move.on, before=one, after=other
            )
        else:
            says = sentence("signatures.effect.linked_past", file=file, regime=of, on=move.on, before=one, after=other)
        yield _on(move, f"{code}_past", says, regime)


def _on(move: PastMove, code: str, says: Sentence, regime: str) -> Effect:
    found = effect(code, says, regime, _track(move.before), _track(move.after))
    return msgspec.structs.replace(found, on=move.on)


def effect(
    code: str,
    says: Sentence,
    regime: str | None = None,
    before: str | None = None,
    after: str | None = None,
    about: str | None = None,
) -> Effect:
    """One thing that a decision would change, in words."""
    return Effect(code=code, **in_both_languages(says), regime=regime, before=before, after=after, about=about)


def _told(side: str | None) -> str:
    return side or "—"


def _track(running: Running) -> str | None:
    return " ".join(part for part in (running.score, running.grade, running.undetermined) if part is not None) or None


def _grade(side: Side | None) -> str | None:
    return None if side is None else side.running.grade


def _shown(public: PublicGrade | None) -> str | None:
    return None if public is None else public.grade
