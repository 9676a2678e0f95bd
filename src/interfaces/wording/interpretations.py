"""The words of the answer on which readings a grade hangs: the same sentences on the terminal and over HTTP."""

from collections.abc import Iterable

import msgspec

from application.answering.interpretations import Answered, ReadingsAnswer, Together, UnderReadings
from interfaces.wording import words
from interfaces.wording.punctuation import in_brackets, listed
from interfaces.wording.texts import Language, say
from interfaces.wording.words import Lexicon

_replace = msgspec.structs.replace


def told(found: ReadingsAnswer, language: Language, lexicon: Lexicon) -> ReadingsAnswer:
    """The answer with the words of every reading and the sentence that sums it up."""
    return _replace(
        found,
        alternatives=tuple(
            _replace(
                a,
                issue=lexicon.issue(a.reading, language),
                answer=lexicon.answer(a.reading, a.value, language),
            )
            for a in found.alternatives
        ),
        pairs=tuple(_pair(p, language, lexicon) for p in found.pairs),
        sentence=verdict(found, language, lexicon),
    )


def _pair(pair: Together, language: Language, lexicon: Lexicon) -> Together:
    one, other = pair.readings
    return _replace(pair, readings=(_answered(one, language, lexicon), _answered(other, language, lexicon)))


def _answered(found: Answered, language: Language, lexicon: Lexicon) -> Answered:
    return _replace(
        found,
        issue=lexicon.issue(found.reading, language),
        answer=lexicon.answer(found.reading, found.value, language),
    )


def verdict(found: ReadingsAnswer, language: Language, lexicon: Lexicon, *, with_result: bool = True) -> str:
    """Whether the grade stands under all readings, or on which it hangs, alone and together; and of which nothing can
    be told. ``with_result`` begins with what it is."""
    single = [_with_issue(id, language, lexicon) for id in found.decisive]
    together = list(dict.fromkeys(" + ".join(a.reading for a in p.readings) for p in found.pairs))
    parts = []
    if with_result:
        parts.append(say("readings.now", language, result=outcome(found.now, found.subject.kind, language, lexicon)))
    if single:
        parts.append(say("readings.hangs_on", language, readings=listed(single, language)))
    if together:
        parts.append(
            say("readings.pairs_too" if single else "readings.pairs_alone", language, pairs=listed(together, language))
        )
    # Of a grade that lacks a table under every reading nothing is told: nor that it stands.
    if found.stands and (not found.untold or not all(a.under.lacks_table for a in found.alternatives)):
        parts.append(say("readings.stands_but" if found.untold else "readings.stands", language))
    if found.untold:
        parts.append(say("readings.untold", language, readings=listed(sorted(found.untold), language)))
    return ("" if language == "zh" else " ").join(parts)


def outcome(found: UnderReadings, kind: str, language: Language, lexicon: Lexicon) -> str:
    """Score and grade, or why there is none."""
    if found.undetermined is not None:
        return words.undetermined(found.undetermined, language)
    if found.score is None and found.grade is None:
        return say("readings.no_grade", language)
    return words.result_words(found.score, found.grade, kind, language, lexicon)


def codes_of(found: ReadingsAnswer, language: Language, lexicon: Lexicon) -> dict[str, str]:
    """What the grades and the reasons for having none are called."""
    kind = found.subject.kind
    under = [found.now, *(a.under for a in found.alternatives), *(p.under for p in found.pairs)]
    grades = _in_order(u.grade for u in under)
    reasons = _in_order(u.undetermined for u in under)
    return {
        **{f"grade:{g}": lexicon.grade(g, kind, language) for g in grades},
        **{f"undetermined:{r}": words.undetermined(r, language) for r in reasons},
    }


def _in_order(codes: Iterable[str | None]) -> list[str]:
    return sorted({code for code in codes if code is not None})


def _with_issue(id: str, language: Language, lexicon: Lexicon) -> str:
    issue = lexicon.issue(id, language)
    return id if issue is None else id + in_brackets(issue, language)
