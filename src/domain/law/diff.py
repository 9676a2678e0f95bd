"""What differs between two editions, part by part: rows, bands, deadlines, readings, dates and the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

import msgspec

from domain.law.edition import Band, Edition, Reading, Row
from domain.law.naming import Naming
from domain.sentence import Named, Sentence, sentence
from domain.vocabulary import ZERO, Text, plain


class EditionDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: ``part`` says of what (``row``, ``reading``, ``method`` …) and ``key`` which of them.

    ``called`` is what people call that one; the head and the tables of the bureau are of the whole edition and have no
    name of their own. ``field`` is what changed within it; a part that was added or removed whole has none. ``before``
    and ``after`` are the values as they are written in a file; ``says`` tells the same in a sentence. ``cites`` are the
    provisions that the part rests on in either edition; the head of an edition has none. ``sides`` tells what stands in
    either edition, as people read it; ``None`` where the part does not stand.
    """

    part: str
    key: str
    called: Sentence | None = None
    cites: tuple[str, ...] = ()
    change: Literal["added", "removed", "changed"]
    field: str | None = None
    before: Any = None
    after: Any = None
    says: Sentence
    sides: tuple[Sentence | None, Sentence | None] = (None, None)


_HEAD: Final = ("title", "status", "regions", "published_on", "in_force_on", "until_on", "parent", "admits")


def differences(one: Edition, other: Edition) -> tuple[EditionDifference, ...]:
    """What was added, removed and changed from ``one`` to ``other``, in the order of the sections of a file."""
    return tuple(_Comparison(one, other).differences())


class _Comparison:
    """Two editions side by side. What a part or a code is called the newer one says first."""

    def __init__(self, one: Edition, other: Edition) -> None:
        self._one = one
        self._other = other
        self._naming = Naming(other, one)

    def differences(self) -> Iterator[EditionDifference]:
        one, other = self._one, self._other
        heads = ({name: getattr(e, name) for name in _HEAD} for e in (one, other))
        yield from self._fields(_Of("edition", other.regime), *heads)
        yield from self._listed("article", one.article, other.article, lambda unit: unit.cites)
        yield from self._methods()
        yield from self._tables("staff", _alone(one.staff), _alone(other.staff))
        yield from self._listed("row", one.row, other.row, lambda row: row.code)
        yield from self._readings()
        yield from self._listed("stage", one.stage, other.stage, lambda rule: f"{rule.stage} ({rule.of})")
        yield from self._listed("deadline", one.deadline, other.deadline, lambda rule: f"{rule.kind} ({rule.of})")
        yield from self._listed("measure", one.measure, other.measure, _measure_name)
        yield from self._listed(
            "transition", one.transition, other.transition, lambda clause: f"{clause.from_edition} ({clause.what})"
        )
        yield from self._listed("erratum", one.erratum, other.erratum, lambda note: note.cites)
        yield from self._listed("unencoded", one.unencoded, other.unencoded, lambda note: note.cites)
        yield from self._listed("excluded", one.excluded, other.excluded, lambda part: part.command)
        configured = (msgspec.structs.asdict(e.configured) for e in (one, other))
        yield from self._fields(_Of("configured", other.regime), *configured)

    def _methods(self) -> Iterator[EditionDifference]:
        """Methods by the kind of subject, their bands by the grade: another way to grade is another method."""
        for kind in dict.fromkeys((*self._one.methods, *self._other.methods)):
            before, after = self._one.methods.get(kind), self._other.methods.get(kind)
            if type(before) is not type(after) or before is None or after is None:
                for method, sides in ((before, (before, None)), (after, (None, after))):
                    if method is not None:
                        tag = str(method.__struct_config__.tag)
                        called = self._naming.method(kind, tag)
                        yield self._whole(_Of("method", f"{kind}, {tag}", called, method.cites, kind), *sides)
                continue
            plain_of = [
                {n: v for n, v in msgspec.structs.asdict(m).items() if n not in ("bands", "risk")}
                for m in (before, after)
            ]
            of = _Of("method", kind, self._naming.method(kind), _cites_of(before, after), kind)
            yield from self._fields(of, *plain_of)
            for table in ("bands", "risk"):
                bands = [
                    {f"{band.grade} ({kind})": band for band in getattr(m, table, None) or ()} for m in (before, after)
                ]
                yield from self._tables("band", *bands, kind=kind)

    def _readings(self) -> Iterator[EditionDifference]:
        readings = [{r.id: r for r in e.reading} for e in (self._one, self._other)]
        bare = [{id: msgspec.structs.replace(r, values=()) for id, r in side.items()} for side in readings]
        yield from self._tables("reading", *bare)
        for id in readings[0]:
            if id in readings[1]:
                answers = [{f"{id}:{v.name}": v for v in side[id].values} for side in readings]
                yield from self._tables("answer", *answers, above=_cites_of(*(side[id] for side in readings)))

    def _listed(
        self, part: str, one: Sequence[Any], other: Sequence[Any], name: Callable[[Any], str]
    ) -> Iterator[EditionDifference]:
        yield from self._tables(part, _named(one, name), _named(other, name))

    def _tables(
        self,
        part: str,
        one: Mapping[str, Any],
        other: Mapping[str, Any],
        *,
        above: tuple[str, ...] = (),
        kind: str | None = None,
    ) -> Iterator[EditionDifference]:
        """``above`` are the provisions on which the parts rest that cite none of their own; ``kind`` is the kind of
        subject of parts that do not say it."""
        for key in dict.fromkeys((*one, *other)):
            before, after = one.get(key), other.get(key)
            either = after or before
            called = self._naming.part(key, either, kind)
            # The second and every further part of a name (``_named``).
            if (number := key.rpartition(" #")[2]) != key:
                called = sentence("differences.name.again", what=called, number=number)
            of = _Of(part, key, called, _cites_of(before, after) or above, kind or _kind_of(either, key))
            if before is None or after is None:
                yield self._whole(of, before, after)
            elif before != after:
                yield from self._fields(of, msgspec.structs.asdict(before), msgspec.structs.asdict(after))

    def _whole(self, of: "_Of", before: Any, after: Any) -> EditionDifference:
        added = before is None
        says = sentence("differences.added" if added else "differences.removed", what=of.said)
        told = self._said_of(of, after if added else before)
        return EditionDifference(
            part=of.part,
            key=of.key,
            called=of.name,
            cites=of.cites,
            change="added" if added else "removed",
            before=_written(before),
            after=_written(after),
            says=says if told is None else sentence("differences.with_words", change=says, words=told),
            sides=(self._side(of, before), self._side(of, after)),
        )

    def _fields(self, of: "_Of", one: Mapping[str, Any], other: Mapping[str, Any]) -> Iterator[EditionDifference]:
        for name in dict.fromkeys((*one, *other)):
            values = one.get(name), other.get(name)
            if values[0] == values[1]:
                continue
            before, after = (self._naming.value(v, part=of.part, field=name, of=of.kind) for v in values)
            yield EditionDifference(
                part=of.part,
                key=of.key,
                called=of.name,
                cites=of.cites,
                change="changed",
                field=name,
                before=_written(values[0]),
                after=_written(values[1]),
                says=sentence(
                    "differences.changed",
                    field=Named("differences.field", name),
                    what=of.said,
                    before=before,
                    after=after,
                ),
                sides=(_alone_said(before), _alone_said(after)),
            )

    def _side(self, of: "_Of", part: Any) -> Sentence | None:
        """A whole part as it stands in one edition: what it says of itself, else all that is written in it."""
        if part is None:
            return None
        return _alone_said(self._said_of(of, part) or self._naming.all_of(part, part=of.part, of=of.kind))

    def _said_of(self, of: "_Of", part: Any) -> object:
        """What a part says of itself, with its figure where it has one; ``None`` where it has no words."""
        if isinstance(part, Band):
            return self._naming.value(part, part=of.part, field="bands", of=of.kind)
        words = getattr(part, "words", None) or getattr(part, "issue", None) or getattr(part, "reason", None)
        if words is None:
            return None
        text = Text(words.zh, words.en)
        if not isinstance(part, Row) or (part.points is None and part.grade is None):
            return text
        figure = self._naming.grade(part.grade, of.kind) if part.grade is not None else plain(part.points or ZERO)
        return sentence("differences.with_figure", words=text, figure=figure)


class _Of(NamedTuple):
    """Of which part a difference is: the section and the key, what it is called, on which provisions it rests, and the
    kind of subject (of a reading: the reading) that it is about."""

    part: str
    key: str
    called: object = None
    cites: tuple[str, ...] = ()
    kind: str | None = None

    @property
    def name(self) -> Sentence | None:
        return None if self.called is None else _alone_said(self.called)

    @property
    def said(self) -> Sentence:
        part = sentence(f"differences.part.{self.part}")
        return part if self.called is None else sentence("differences.part_named", part=part, name=self.called)


def _measure_name(measure: Any) -> str:
    risk = "" if measure.risk is None else f", {measure.risk}"
    return f"{measure.cites[0]} ({measure.of}, {measure.grade}{risk})"


def _alone(part: Any) -> dict[str, Any]:
    return {} if part is None else {part.row: part}


def _named(parts: Sequence[Any], name: Callable[[Any], str]) -> dict[str, Any]:
    """The parts by their names; the second of a name gets a number, so that none is lost."""
    found: dict[str, Any] = {}
    for part in parts:
        key, number = name(part), 2
        while key in found:
            key, number = f"{name(part)} #{number}", number + 1
        found[key] = part
    return found


def _cites_of(*parts: Any) -> tuple[str, ...]:
    """The provisions on which a part rests in either edition, each once."""
    found = (getattr(part, "cites", ()) for part in parts)
    return tuple(dict.fromkeys(cite for cites in found for cite in ((cites,) if isinstance(cites, str) else cites)))


def _kind_of(part: Any, key: str) -> str | None:
    """The kind of subject that a part is about; of a reading itself, under which its answers are named."""
    match part:
        case Row():
            return part.kind
        case Reading():
            return key
        case _:
            return getattr(part, "of", None)


def _alone_said(value: object) -> Sentence:
    return sentence("differences.side", value=value)


def _written(value: Any) -> Any:
    return None if value is None else msgspec.to_builtins(value, str_keys=True)
