"""What the codes of an answer are called: the ``texts`` that stand around its core."""

from collections.abc import Iterable, Sequence

from application.answering.proceedings import DeadlineOfYear
from application.deadlines.worklist import DeadlineLine
from interfaces.wording import words
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon


def called_in(grades: Iterable[str | None], kind: str, language: Language, lexicon: Lexicon) -> dict[str, str]:
    """What the grades of one kind of subject are called."""
    return {f"grade:{g}": lexicon.grade(g, kind, language) for g in sorted({g for g in grades if g})}


def of_grades(
    codes: Iterable[tuple[str, str | None, str | None]], force: str, language: Language, lexicon: Lexicon
) -> dict[str, str]:
    """What kinds, grades and reasons for none are called: a grade means another thing for another kind."""
    texts = {f"force:{force}": lexicon.force(force, language)}
    for kind, grade, undetermined in codes:
        texts[f"kind:{kind}"] = words.kind(kind, language)
        if grade is not None:
            texts[f"grade:{kind}:{grade}"] = lexicon.grade(grade, kind, language)
        if undetermined is not None:
            texts[f"undetermined:{undetermined}"] = words.undetermined(undetermined, language)
    return texts


def of_deadlines(found: Sequence[DeadlineLine | DeadlineOfYear], language: Language) -> dict[str, str]:
    """What the kinds, states and actors of deadlines are called."""
    return {
        **{f"deadline:{k}": words.deadline_kind(k, language) for k in sorted({d.kind for d in found})},
        **{f"state:{s}": words.deadline_state(s, language) for s in sorted({d.state for d in found})},
        **{f"actor:{a}": words.actor(a, language) for a in sorted({d.actor for d in found})},
    }
