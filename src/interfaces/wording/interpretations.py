"""The words of the answer on which readings a grade hangs: the same sentences on the terminal and over HTTP."""

from collections.abc import Iterable

import msgspec

from application.answering.interpretations import Answered, ReadingsAnswer, Together, UnderReadings
from interfaces.wording import words
from interfaces.wording.texts import Language
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
        sentence=sentence(found, language, lexicon),
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


def sentence(found: ReadingsAnswer, language: Language, lexicon: Lexicon) -> str:
    """Whether the grade stands under all readings, or on which it hangs, alone and together; and of which nothing can
    be told."""
    result = outcome(found.now, found.subject.kind, language, lexicon)
    single = [_with_issue(id, language, lexicon) for id in found.decisive]
    together = list(dict.fromkeys(" + ".join(a.reading for a in p.readings) for p in found.pairs))
    zh = language == "zh"
    if zh:
        parts = [f"现为 {result}。"]
        if single:
            parts.append(f"等级取决于解释项 {'、'.join(single)}：换用其他解释，等级就不同。")
        if together:
            beside = "另有" if single else "任一解释项单独换用，等级都不变；但有"
            parts.append(f"{beside}几组解释项须同时换用，等级才会不同：{'、'.join(together)}。")
        if found.stands:
            parts.append("换用登记的任何其他解释，单独或两两并用，等级都不变。")
        if found.untold:
            parts.append(f"{'、'.join(found.untold)} 的其他解释需要主管部门先设定数值或名称，无从比较。")
        return "".join(parts)
    parts = [f"Now: {result}."]
    if single:
        parts.append(f"The grade hangs on {', '.join(single)}: under another answer it is another.")
    if together:
        beside = "Beside these, it" if single else "It stands under every other answer alone, but"
        parts.append(f"{beside} changes under two other answers together: {', '.join(together)}.")
    if found.stands:
        parts.append("It stands under every other reading on the register, alone and in pairs.")
    if found.untold:
        ids = ", ".join(found.untold)
        parts.append(f"Nothing can be told of other answers to {ids} before the bureau has supplied its tables.")
    return " ".join(parts)


def outcome(found: UnderReadings, kind: str, language: Language, lexicon: Lexicon) -> str:
    """Score and grade, or why there is none."""
    if found.undetermined is not None:
        return words.undetermined(found.undetermined, language)
    if found.score is None and found.grade is None:
        return "没有等级" if language == "zh" else "no grade"
    return words.result_words(found.score, found.grade, kind, language, lexicon).strip()


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
    if issue is None:
        return id
    return f"{id}（{issue}）" if language == "zh" else f"{id} ({issue})"
