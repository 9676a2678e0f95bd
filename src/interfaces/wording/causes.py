"""Words for explanations: why two answers differ, how causes act on each other, what would lead to a grade.

Chinese and English, like ``interfaces.wording.words``; nothing here decides anything.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import msgspec

from application.answering.grading import Track, known_at_from
from application.explaining.attribution import Interaction, InteractionKind
from application.explaining.counterfactuals import BarringReason, ChangePath, Counterfactuals, NeededChange
from application.explaining.differences import DifferenceCause, EventRef, GradeDifference
from application.explaining.event_groups import CauseCode
from application.explaining.lawful_changes import ChangeKind
from application.explaining.openings import OpeningOrgan, WayOpening
from domain.time import legal_day
from interfaces.wording import places, words
from interfaces.wording.punctuation import by_colon, by_commas, by_semicolons, full_stop, in_brackets, listed
from interfaces.wording.texts import Language, name, say
from interfaces.wording.words import Lexicon

if TYPE_CHECKING:
    from application.explaining.knowledge import DecisionKnowledge, LaterEvent
    from application.explaining.regional import RegionDifference

_replace = msgspec.structs.replace
_MANY: Final = 5

# --- differences ----------------------------------------------------------------------------------------------------


def cause(found: DifferenceCause, language: Language, lexicon: Lexicon) -> str:
    """One cause in a sentence: what it is, of which fact, since when, how late, for how many points."""
    name = called(found.code, language)
    if not found.added and found.code not in ("expired", "effective", "time", "engine", "reading"):
        name += say("causes.not_in_second", language)
    parts = [name, *_subject(found, language, lexicon)]
    if found.on is not None:
        parts.append(say("causes.on" if found.code in _ACTS else "causes.since", language, on=found.on))
    elif found.code in _ACTS and found.events:
        recorded = max(found.events, key=lambda each: each.position).recorded_at
        parts.append(say("causes.recorded_on", language, on=legal_day(known_at_from(recorded))))
    if found.delay_days is not None:
        if found.delay_days == 1:
            parts.append(say("causes.one_day_delayed", language))
        else:
            parts.append(say("causes.delayed", language, days=found.delay_days))
    if found.share == "0":
        parts.append(say("causes.score_stays", language))
    elif found.share is not None:
        parts.append(say("causes.points", language, share=signed(found.share)))
    elif found.alone is not None and found.alone.undetermined is not None:
        parts.append(say("causes.undetermined", language, why=words.undetermined(found.alone.undetermined, language)))
    elif found.alone is not None and found.alone.score is not None:
        # Without a score there are no points that others could have a part in.
        parts.append(say("causes.with_others", language))
    return by_commas(parts, language) + full_stop(language)


def called(code: CauseCode, language: Language) -> str:
    """What a cause is called."""
    return say(f"causes.cause.{code}", language)


_ACTS: Final[frozenset[CauseCode]] = frozenset(
    ("set_aside", "objection", "retracted", "corrected", "decided", "blacklist", "outcome", "repair_revoked", "client")
)
"""Causes of which the day is that of the act itself, else of its recording: what they change may hold from an earlier
day on."""


def _subject(found: DifferenceCause, language: Language, lexicon: Lexicon) -> list[str]:
    """What a cause is about, as far as that can be said in words."""
    if found.code == "reading" and found.values is not None:
        default = say("causes.default", language)
        sides = [
            default if value is None else lexicon.answer(found.name, value, language) or value for value in found.values
        ]
        issue = lexicon.issue(found.name, language)
        what = found.name if issue is None else f"{found.name} {issue}"
        return [by_colon(what, " → ".join(sides), language)]
    if found.code in ("calendar", "engine"):
        return [found.name]
    rows = [lexicon.named_row(row, language) for row in found.rows]
    return [listed(rows, language)] if rows else []


def track(code: Track, language: Language) -> str:
    """What one of the three tracks is called."""
    return say(f"causes.track.{code}", language)


def signed(share: str) -> str:
    """Points with their sign."""
    return share if share.startswith("-") or share == "0" else f"+{share}"


def interaction(found: Interaction, kind: str, language: Language, lexicon: Lexicon) -> str:
    """How some causes act on each other, with their numbers."""
    grade = "—" if found.grade is None else lexicon.grade(found.grade, kind, language)
    share = "" if found.share is None else signed(found.share)
    text = _interaction(found.kind, share, words.spaced(grade) if language == "zh" else grade, language)
    return say("causes.interaction", language, causes=_numbers(found.causes, language), what=text)


def _numbers(numbers: Sequence[int], language: Language) -> str:
    """Numbers in a row; where many follow each other, from which to which."""
    parts: list[str] = []
    for _, found in groupby(enumerate(numbers), key=lambda each: each[1] - each[0]):
        run = [number for _, number in found]
        if len(run) < _MANY:
            parts += map(str, run)
        else:
            parts.append(say("causes.numbers", language, first=run[0], last=run[-1]))
    return listed(parts, language)


def _interaction(kind: InteractionKind, share: str, grade: str, language: Language) -> str:
    match kind:
        case "score":
            return say("causes.interaction_of.score", language, share=share)
        case "together":
            return say("causes.interaction_of.together", language, grade=grade)
        case "either":
            return say("causes.interaction_of.either", language, grade=grade)
        case "offset":
            return say("causes.interaction_of.offset", language, grade=grade)


def event(found: EventRef, language: Language) -> EventRef:
    """The event with its title."""
    return _replace(found, title=words.event_title(found.type, language))


def causes(found: Sequence[DifferenceCause], language: Language, lexicon: Lexicon) -> tuple[DifferenceCause, ...]:
    """Causes with their sentences and the titles of their events."""
    return tuple(
        _replace(c, because=cause(c, language, lexicon), events=tuple(event(e, language) for e in c.events))
        for c in found
    )


def interactions(
    found: Sequence[Interaction], kind: str, language: Language, lexicon: Lexicon
) -> tuple[Interaction, ...]:
    """Interactions with their sentences."""
    return tuple(_replace(i, because=interaction(i, kind, language, lexicon)) for i in found)


def difference(found: GradeDifference, language: Language, lexicon: Lexicon) -> GradeDifference:
    """The comparison of two answers with its sentences."""
    return _replace(
        found,
        causes=causes(found.causes, language, lexicon),
        interactions=interactions(found.interactions, found.subject.kind, language, lexicon),
        without_effect=tuple(event(e, language) for e in found.without_effect),
    )


def region_difference(found: "RegionDifference", language: Language, lexicon: Lexicon) -> "RegionDifference":
    """The comparison of a region with its sentences."""
    return _replace(
        found,
        causes=tuple(_replace(c, because=called(c.code, language)) for c in found.causes),
        lines=tuple(
            _replace(
                line,
                causes=causes(line.causes, language, lexicon),
                interactions=interactions(line.interactions, found.kind, language, lexicon),
            )
            for line in found.lines
        ),
    )


# --- counterfactuals ------------------------------------------------------------------------------------------------


def change(found: NeededChange, language: Language, lexicon: Lexicon) -> str:
    """What is to be done, and about which fact."""
    ways = [way(of, language) for of in found.ways]
    first, last = ways[:-1], ways[-1]
    joined = say("causes.either", language, first=listed(first, language), last=last) if first else last
    if found.fact is None:
        return joined
    row = "" if found.row is None else lexicon.named_row(found.row, language)
    return by_colon(row, joined, language)


def way(code: ChangeKind, language: Language) -> str:
    """What can be done, by its name."""
    return say(f"causes.way.{code}", language)


def path(found: ChangePath, as_of: object, kind: str, language: Language, lexicon: Lexicon) -> str:
    """A set of changes in one sentence, with what it leads to."""
    parts = [change(c, language, lexicon) for c in found.changes]
    if found.on != as_of:
        parts.append(say("causes.wait", language, on=found.on))
    result = words.result_words(found.score, found.grade, kind, language, lexicon)
    return f"{by_semicolons(parts, language)} → {result}{full_stop(language)}"


def counterfactuals(found: Counterfactuals, language: Language, lexicon: Lexicon) -> Counterfactuals:
    """What would lead to a grade, with its sentences."""
    kind, as_of = found.subject.kind, found.basis.as_of
    reasons = tuple(_replace(r, because=say(f"causes.why_not.{r.code}", language)) for r in found.reasons)
    return _replace(
        found,
        because=_reach(found, reasons, language, lexicon),
        reasons=reasons,
        next_change=words.with_next_change(found.next_change, kind, language, lexicon),
        openings=tuple(opening(o, language, lexicon) for o in found.openings),
        paths=tuple(
            _replace(
                p,
                because=path(p, as_of, kind, language, lexicon),
                changes=tuple(_replace(c, because=change(c, language, lexicon)) for c in p.changes),
            )
            for p in found.paths
        ),
    )


def opening(found: WayOpening, language: Language, lexicon: Lexicon) -> WayOpening:
    """How a way is brought about, in a sentence, with the organs by name."""
    named = _replace(found, to=tuple(_replace(organ, name=_organ(organ, language)) for organ in found.to))
    parts = [begun(named, language, lexicon), until(named, language)]
    cites = lexicon.cites(named.cites, language)
    parts[-1] += in_brackets(cites, language) if cites else ""
    if named.papers:
        papers = by_commas((name("evidence.paper", paper.code, language) for paper in named.papers), language)
        parts.append(say("openings.papers", language, papers=papers))
    return _replace(named, because=by_semicolons(parts, language) + full_stop(language))


def begun(found: WayOpening, language: Language, lexicon: Lexicon) -> str:
    """Who begins it, before whom."""
    to = listed((organ.name or organ.authority for organ in found.to), language)
    if found.by not in ("participant", "anyone"):
        return say("openings.of_itself", language, to=to)
    return say("openings.asked", language, by=lexicon.actor(found.by, language), to=to)


def until(found: WayOpening, language: Language) -> str:
    """Its last day, or why there is none."""
    if found.until_on is not None and found.provisional:
        return say("openings.until_provisional", language, day=found.until_on)
    if found.until_on is not None:
        return say("openings.until", language, day=found.until_on)
    parts = [say(f"openings.end.{found.open_end}", language)]
    if found.expected_on is not None:
        parts.append(say("openings.expected", language, day=found.expected_on))
    return by_commas(parts, language)


def _organ(found: OpeningOrgan, language: Language) -> str:
    authority = places.authority(found.authority, language)
    return (
        say("openings.reviewing_body", language, authority=authority) if found.role == "reviewing_body" else authority
    )


def _reach(found: Counterfactuals, reasons: Sequence[BarringReason], language: Language, lexicon: Lexicon) -> str:
    """Whether the grade can be reached; where it cannot, why, and what is the most that can."""
    if found.reach == "already_there":
        return say("causes.reach.already_there", language)
    if found.reach == "reachable":
        number = len(found.paths)
        return say("causes.reach.one_way", language) if number == 1 else say("causes.reach.ways", language, n=number)
    if not found.complete:
        return say("causes.reach.none_found", language)
    parts = [f"{r.because}{in_brackets(lexicon.cites(r.cites, language), language)}" for r in reasons]
    if found.best is not None:
        parts.insert(0, say("causes.best", language, result=_best(found, language, lexicon)))
    why = found.running.undetermined
    if why is not None:
        parts.insert(0, words.undetermined(why, language))
    if not parts:
        return say("causes.reach.not_reachable", language)
    return say("causes.reach.not_reachable_for", language, why=by_semicolons(parts, language))


def _best(found: Counterfactuals, language: Language, lexicon: Lexicon) -> str:
    best = found.best
    if best is None or (best.grade is None and best.undetermined is not None):
        return words.undetermined("" if best is None else best.undetermined or "", language)
    return words.result_words(best.score, best.grade, found.subject.kind, language, lexicon)


# --- what was known when --------------------------------------------------------------------------------------------


def later_event(found: "LaterEvent", language: Language, lexicon: Lexicon) -> "LaterEvent":
    """Something recorded after a decision, in a sentence."""
    parts = [words.event_title(found.event.type, language)]
    if found.row is not None:
        parts.append(lexicon.named_row(found.row, language))
    if found.on is not None and found.delay_days is not None:
        parts.append(say("causes.since", language, on=found.on))
        parts.append(say("causes.recorded_after", language, days=found.delay_days))
    parts.append(say("causes.after_decision", language, days=found.after_days))
    text = by_commas(parts, language) + full_stop(language)
    return _replace(found, because=text, event=event(found.event, language))


def knowledge(found: "DecisionKnowledge", language: Language, lexicon: Lexicon) -> "DecisionKnowledge":
    """What was known of a decision, with its sentences."""
    return _replace(
        found,
        on_record=tuple(_replace(s, because=words.because(s, found.kind, language, lexicon)) for s in found.on_record),
        true_but_later=tuple(later_event(e, language, lexicon) for e in found.true_but_later),
        corrected_since=tuple(later_event(e, language, lexicon) for e in found.corrected_since),
        causes=causes(found.causes, language, lexicon),
        interactions=interactions(found.interactions, found.kind, language, lexicon),
    )
