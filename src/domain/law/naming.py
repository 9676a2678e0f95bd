"""What the parts of editions and the codes in them are called, for people who compare two of them."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any, Final

import msgspec

from domain.law.citations import Articles
from domain.law.edition import (
    Band,
    DeadlineRule,
    Edition,
    Erratum,
    Excluded,
    Measure,
    StageRule,
    Transition,
    Unencoded,
    Words,
    grade_names,
)
from domain.sentence import Clauses, Named, NamedPlace, NamedProvision, Sentence, sentence
from domain.vocabulary import Article, Text, plain

_NAMED: Final[Mapping[str, Callable[[str], Named]]] = {
    "status": partial(Named, "rulebooks.status"),
    "services": partial(Named, "names.service"),
    "of": partial(Named, "names.kind"),
    "also": partial(Named, "names.kind"),
    "kind": partial(Named, "names.kind"),
    "reference": partial(Named, "names.kind"),
    "type": partial(Named, "rulebooks.effect_of"),
    "counts_from": partial(Named, "differences.counts_from"),
    "ends_with": partial(Named, "differences.ends_with"),
    "stage": partial(Named, "procedures.evaluation.step_name"),
    "needs": partial(Named, "procedures.evaluation.step_name"),
    "starts": partial(Named, "rulebooks.start"),
    "actor": partial(Named, "deadlines.actor"),
    "organs": partial(Named, "deadlines.actor"),
    "periods": partial(Named, "deadlines.kind"),
    "what": partial(Named, "differences.what"),
    "rule": partial(Named, "differences.rule"),
    "colour": partial(Named, "differences.colour"),
    "direct_colour": partial(Named, "differences.colour"),
    "direction": partial(Named, "differences.direction"),
    "command": partial(Named, "api.summary"),
    "admits": partial(Named, "api.summary"),
}
"""What the codes of a field, or the keys of its table, are called."""

_KINDS: Final[Mapping[str, Callable[[str], Named]]] = {
    "measure": partial(Named, "differences.measure_kind"),
    "deadline": partial(Named, "deadlines.kind"),
}
"""The same for ``kind``, where it is not that of a subject."""

_GRADES: Final = frozenset(
    (
        "grade",
        "grades",
        "direct_grade",
        "otherwise",
        "listed_grade",
        "refused_grade",
        "revoked_grade",
        "pioneer_grade",
        "restarts_at",
        "risk",
        "direct_risk",
        "label",
        "quotas",
        "score_lines",
        "sampling",
        "names",
    )
)
"""The fields of grades and risk levels, or of tables by them."""

_ANSWERS: Final = ("under", "configurable")
"""The fields of an answer to a reading, with the reading (``N-04:configured``)."""


class Naming:
    """What things are called in some editions of one regime; the first that has a name for a code gives it."""

    def __init__(self, *editions: Edition) -> None:
        self._grades: dict[tuple[str, str], object] = {}
        self._answers: dict[str, Words] = {}
        self._articles = tuple(Articles(edition.article) for edition in editions if edition.article)
        self._kinds = {kind for edition in editions for kind in edition.methods}
        for edition in editions:
            for kind, method in edition.methods.items():
                for code, words in grade_names(method).items():
                    self._grades.setdefault((kind, code), words)
            for reading in edition.reading:
                for value in reading.values:
                    self._answers.setdefault(f"{reading.id}:{value.name}", value.words)

    def part(self, key: str, part: Any, kind: str | None = None) -> object:
        """What a part is called that goes by ``key`` in its section; ``kind`` is the kind of subject of a band."""
        match part:
            case StageRule():
                return self._of_kind(Named("procedures.evaluation.step_name", part.stage), part.of)
            case DeadlineRule():
                return self._of_kind(Named("deadlines.kind", part.kind), part.of)
            case Band() if kind is not None:
                return self._of_kind(self.grade(part.grade, kind), kind)
            case Measure():
                grade = self.grade(part.grade, part.of)
                if part.risk is not None:
                    risk = self.grade(part.risk, part.of)
                    grade = sentence("differences.name.with_risk", grade=grade, risk=risk)
                cite = self._provision(part.cites[0])
                return self._of_kind(sentence("differences.name.measure", cite=cite, grade=grade), part.of)
            case Transition():
                what = Named("differences.what", part.what)
                return sentence("differences.name.transition", edition=part.from_edition, what=what)
            case Article() | Erratum() | Unencoded():
                return self._provision(part.cites)
            case Excluded():
                return Named("api.summary", part.command)
            case _:
                return self._answer(key)

    def method(self, kind: str, name: str | None = None) -> object:
        """What the method is called by which a kind of subject is graded, with its ``name`` where another comes."""
        of = Named("names.kind", kind)
        return of if name is None else self._of_kind(Named("differences.method", name), kind)

    def grade(self, code: str, kind: str | None) -> object:
        """What a grade or a risk level of a kind of subject is called; without a kind, of the first that has it.

        An edition that stands on another has grades of that one, of which it does not say the names.
        """
        if kind is not None:
            return self._grades.get((kind, code), Named("differences.colour", code))
        return next((words for (_, grade), words in self._grades.items() if grade == code), code)

    def value(self, value: Any, *, part: str, field: str, of: str | None = None) -> object:
        """A value as people are to read it; ``of`` is the kind of subject, or the reading, that the part is about."""
        match value:
            case None:
                return sentence("differences.value.none")
            case bool():
                return sentence("differences.value.yes" if value else "differences.value.no")
            case Decimal():
                return plain(value)
            case str():
                return self._code(value, part, field, of)
            case dict():
                pairs = (
                    sentence(
                        "differences.value.pair",
                        key=self._code(key, part, field, of),
                        value=self.value(one, part=part, field=field, of=of),
                    )
                    for key, one in value.items()
                )
                return _clauses(list(pairs))
            case tuple() | list():
                listed = [self.value(one, part=part, field=field, of=of) for one in value]
                is_plain = not any(isinstance(one, msgspec.Struct) for one in value)
                return (listed or sentence("differences.value.none")) if is_plain else _clauses(listed)
            case object(zh=str() as zh, en=str() as en):
                return Text(zh, en)
            case Band():
                return sentence("differences.value.pair", key=self.grade(value.grade, of), value=scores_of(value))
            case object(words=object(zh=str() as zh, en=str() as en)):
                return Text(zh, en)
            case msgspec.Struct():
                return self.all_of(value, part=part, of=of)
            case _:
                return value

    def all_of(self, whole: msgspec.Struct, *, part: str, of: str | None = None) -> object:
        """Everything that a file says of a part, field by field."""
        said = [
            sentence(
                "differences.value.pair",
                key=Named("differences.field", field.name),
                value=self.value(getattr(whole, field.name), part=part, field=field.name, of=of),
            )
            for field in msgspec.structs.fields(whole)
            if field.required or getattr(whole, field.name) not in (None, (), {}, field.default)
        ]
        return _clauses(said)

    def _code(self, code: str, part: str, field: str, of: str | None) -> object:
        if field in ("cites", "prompts", "grounds", "grounds_of"):
            return self._provision(code)
        if field == "regions":
            return NamedPlace(code.ljust(6, "0"))
        if field in _GRADES:
            return self.grade(code, of)
        if field == "default":
            return self._answers.get(f"{of}:{code}", code)
        if field in _ANSWERS:
            return self._answer(code)
        named = _KINDS.get(part) if field == "kind" and part in _KINDS else _NAMED.get(field)
        return code if named is None else named(code)

    def _answer(self, code: str) -> object:
        answer = self._answers.get(code)
        if answer is None:
            return code
        return sentence("differences.name.answer", reading=code.partition(":")[0], answer=answer)

    def _provision(self, citation: str) -> NamedProvision:
        return NamedProvision(citation, self._articles)

    def _of_kind(self, what: object, kind: str) -> object:
        """What there is of a kind of subject: the kind is said where there are several."""
        if len(self._kinds) < 2 and kind in self._kinds:
            return what
        return sentence("differences.name.of_kind", what=what, kind=Named("names.kind", kind))


def scores_of(band: Band) -> Sentence:
    """The scores of a band, in points."""
    least, below = (None if bound is None else plain(bound) for bound in (band.at_least, band.below))
    if least is None:
        return sentence("rulebooks.scores.all") if below is None else sentence("rulebooks.scores.below", below=below)
    if below is None:
        return sentence("rulebooks.scores.from", least=least)
    return sentence("rulebooks.scores.between", least=least, below=below)


def _clauses(parts: list[Any]) -> object:
    return Clauses(parts) if parts else sentence("differences.value.none")
