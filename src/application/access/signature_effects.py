"""What a decision that waits would do, in words: computed whenever somebody reads it."""

from collections.abc import Callable, Iterator

import msgspec

from application.answering.grading import Impact, PublicGrade, Running, Side
from application.recording.advisories import DueImpact
from application.recording.outcomes import Outcome
from application.wording import in_both_languages
from application.year.evaluation import RosterOutcome
from domain.law.edition import fell
from domain.law.regime import RegimeLaw
from domain.sentence import Sentence, sentence
from domain.vocabulary import SubjectKind, Text


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a decision would change; ``before`` and ``after`` as they are shown, absent where there is
    none. ``about`` is the name of whose grade it is where that is not the subject of the decision."""

    code: str
    zh: str
    en: str
    regime: str | None = None
    before: str | None = None
    after: str | None = None
    about: str | None = None


def lowers(impact: object, kind: SubjectKind | None, law_of: Callable[[str], RegimeLaw]) -> bool:
    """Whether what a dry run tells moves a running grade or a published one downwards: that of the subject, which is of
    ``kind``, or the running one of an agency that employs it."""
    if not isinstance(impact, Impact):
        return False
    for regime, change in impact.regimes.items():
        law = law_of(regime)
        if fell(law.method(kind, change.as_of), _grade(change.before), _grade(change.after)):
            return True
        method = law.method("agency", change.as_of)
        if any(fell(method, moved.before.grade, moved.after.grade) for moved in change.employers.values()):
            return True
    for published in impact.publications:
        before = None if published.before is None else published.before.public
        method = law_of(published.regime).method(kind, impact.regimes[published.regime].as_of)
        if fell(method, _shown(before), _shown(published.after.public)):
            return True
    return False


def effects_of(outcome: Outcome, law_of: Callable[[str], RegimeLaw]) -> tuple[Effect, ...]:
    """What the trial of a command tells. The laws say what they are called."""
    impact = outcome.impact
    if isinstance(impact, Impact):
        found = tuple(_of_impact(impact, lambda regime: law_of(regime).title))
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
        for employer, moved in change.employers.items():
            was, now = _track(moved.before), _track(moved.after)
            says = sentence(
                "signatures.effect.employer",
                employer=employer,
                regime=title(regime),
                before=_told(was),
                after=_told(now),
            )
            yield effect("employer", says, regime, was, now)
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
