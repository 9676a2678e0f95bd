"""Words for rehearsals: what of a law is different, how a rehearsal stands, who moves where and by what.

Chinese and English, like ``interfaces.wording.words``; nothing here decides anything.
"""

from functools import lru_cache

import msgspec

from application.law.legislation import Legislation
from application.population.filters import NO_GRADE
from application.rehearsal.rehearsal import (
    DecisionChange,
    Graded,
    GradeMove,
    Provision,
    ProvisionReason,
    ProvisionTotal,
    RehearsalState,
    RehearsalSummary,
    Rehearsed,
    SubjectChange,
)
from domain.events.lawbook import RulebookAdopted
from domain.law.edition import Edition
from domain.law.parse import parse_edition
from interfaces.wording import causes, words
from interfaces.wording.punctuation import by_commas, full_stop, in_brackets
from interfaces.wording.texts import Language, say
from interfaces.wording.words import Lexicon

_replace = msgspec.structs.replace


def lexicon_of(rehearsed: Rehearsed, legislation: Legislation) -> Lexicon:
    """The words of all editions of the regime on record, and of the draft before them."""
    adopted = [r.event for r in legislation.refresh() if isinstance(r.event, RulebookAdopted)]
    texts = [e.text for e in adopted if e.regime == rehearsed.regime]
    return Lexicon(_edition(text) for text in (*texts, *([] if rehearsed.text is None else [rehearsed.text])))


@lru_cache(maxsize=32)
def _edition(text: str) -> Edition:
    return parse_edition(text, "")


def provision(found: Provision, language: Language, lexicon: Lexicon) -> str:
    """What is different, in words, with its articles."""
    parts = [say(f"rehearsals.provision.{found.kind}", language)]
    match found.kind:
        case "row":
            parts += [found.name, lexicon.row(found.name, language)]
        case "reading":
            parts += [found.name, lexicon.issue(found.name, language) or ""]
        case "method":
            parts.append(words.kind(found.name, language))
        case _:
            parts.append(found.name)
    text = " ".join(part for part in parts if part)
    return text + (in_brackets(lexicon.cites(found.cites, language), language) if found.cites else "")


def state(code: RehearsalState, language: Language) -> str:
    """How a rehearsal stands."""
    return say(f"rehearsals.state.{code}", language)


def graded(found: Graded, kind: str, language: Language, lexicon: Lexicon) -> str:
    """Score and grade, or the reason why there is none."""
    if found.grade is None and found.undetermined is not None:
        return words.undetermined(found.undetermined, language)
    if found.grade is None and found.score is None:
        return say("rehearsals.no_grade", language)
    return words.result_words(found.score, found.grade, kind, language, lexicon, found.risk)


def result(label: str, kind: str, language: Language, lexicon: Lexicon) -> str:
    """One side of the matrix: a grade, or the reason why there is none."""
    if label == NO_GRADE:
        return say("rehearsals.no_grade", language)
    text = words.undetermined(label, language)
    return text if text != label else lexicon.grade(label, kind, language)


def move(found: GradeMove, language: Language, lexicon: Lexicon) -> str:
    """How many go from where to where, in one line."""
    now, then = (result(label, found.kind, language, lexicon) for label in (found.now, found.then))
    between = f"{now} → {then}" if found.now != found.then else say("rehearsals.unmoved", language, result=now)
    return f"{words.kind(found.kind, language)} {between}: {found.number}"


def reason(found: ProvisionReason, kind: str, language: Language, lexicon: Lexicon) -> str:
    """What one provision brings about for a subject."""
    parts = [provision(found.provision, language, lexicon)]
    if found.share is not None:
        parts.append(say("rehearsals.points", language, share=causes.signed(found.share)))
    parts.append(say("rehearsals.alone", language, result=graded(found.alone, kind, language, lexicon)))
    return by_commas(parts, language) + full_stop(language)


def total(found: ProvisionTotal, language: Language, lexicon: Lexicon) -> str:
    """What one provision brings about over everybody."""
    together = ""
    if found.only_together:
        together = say("rehearsals.only_together", language, number=found.only_together)
    return say(
        "rehearsals.total",
        language,
        what=provision(found.provision, language, lexicon),
        subjects=found.subjects,
        moves=found.moves_alone,
        share=causes.signed(found.share),
        together=together,
    )


def change(found: SubjectChange, language: Language, lexicon: Lexicon) -> SubjectChange:
    """A subject's change with its sentences."""
    return _replace(
        found,
        reasons=tuple(_replace(r, because=reason(r, found.kind, language, lexicon)) for r in found.reasons),
        interactions=causes.interactions(found.interactions, found.kind, language, lexicon),
    )


def summary(found: RehearsalSummary, language: Language, lexicon: Lexicon) -> RehearsalSummary:
    """The whole in short, with its sentences."""
    return _replace(found, provisions=tuple(_replace(p, because=total(p, language, lexicon)) for p in found.provisions))


def in_short(found: RehearsalSummary, language: Language) -> str:
    """The whole in one sentence; that nothing changes is said plainly."""
    if not (found.moved or found.rescored or found.changed_decisions):
        return say("rehearsals.unchanged", language, subjects=found.subjects, decisions=found.decisions)
    return say(
        "rehearsals.changed",
        language,
        subjects=found.subjects,
        moved=found.moved,
        rescored=found.rescored,
        decisions=found.decisions,
        changed=found.changed_decisions,
    )


def decision(found: DecisionChange, language: Language) -> str:
    """What gave a published result: the step and its year."""
    parts = [decision_kind(found.decision, language)]
    if found.stage is not None:
        parts.append(words.stage(found.stage, language))
    if found.year is not None:
        parts.append(say("rehearsals.year", language, year=found.year))
    return " ".join(parts)


def decision_kind(code: str, language: Language) -> str:
    """What carries a published result."""
    return say(f"rehearsals.decision.{code}", language)
