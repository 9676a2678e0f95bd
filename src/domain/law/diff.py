"""What differs between two editions, part by part: rows, bands, deadlines, readings, dates and the rest."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from domain.law.edition import Edition
from domain.sentence import Named, Sentence, sentence
from domain.vocabulary import Text, plain


class EditionDifference(msgspec.Struct, frozen=True, kw_only=True):
    """One difference: ``part`` says of what (``row``, ``reading``, ``method`` …) and ``key`` which of them.

    ``field`` is what changed within it; a part that was added or removed whole has none. ``before`` and ``after`` are
    the values as they are written in a file; ``says`` tells the same in a sentence. ``cites`` are the provisions that
    the part rests on in either edition; the head of an edition has none. ``sides`` tells what stands in either
    edition, as people read it; ``None`` where the part does not stand.
    """

    part: str
    key: str
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
    return tuple(_differences(one, other))


def _differences(one: Edition, other: Edition) -> Iterator[EditionDifference]:
    heads = ({name: getattr(e, name) for name in _HEAD} for e in (one, other))
    yield from _fields("edition", other.regime, *heads)
    yield from _listed("article", one.article, other.article, lambda unit: unit.cites)
    yield from _methods(one, other)
    yield from _tables("staff", _alone(one.staff), _alone(other.staff))
    yield from _listed("row", one.row, other.row, lambda row: row.code)
    yield from _readings(one, other)
    yield from _listed("stage", one.stage, other.stage, lambda rule: f"{rule.stage} ({rule.of})")
    yield from _listed("deadline", one.deadline, other.deadline, lambda rule: f"{rule.kind} ({rule.of})")
    yield from _listed("measure", one.measure, other.measure, _measure_name)
    yield from _listed(
        "transition", one.transition, other.transition, lambda clause: f"{clause.from_edition} ({clause.what})"
    )
    yield from _listed("erratum", one.erratum, other.erratum, lambda note: note.cites)
    yield from _listed("unencoded", one.unencoded, other.unencoded, lambda note: note.cites)
    yield from _listed("excluded", one.excluded, other.excluded, lambda part: part.command)
    yield from _fields(
        "configured", other.regime, msgspec.structs.asdict(one.configured), msgspec.structs.asdict(other.configured)
    )


def _measure_name(measure: Any) -> str:
    risk = "" if measure.risk is None else f", {measure.risk}"
    return f"{measure.cites[0]} ({measure.of}, {measure.grade}{risk})"


def _methods(one: Edition, other: Edition) -> Iterator[EditionDifference]:
    """Methods by the kind of subject, their bands by the grade: another way to grade is another method."""
    for kind in dict.fromkeys((*one.methods, *other.methods)):
        before, after = one.methods.get(kind), other.methods.get(kind)
        if type(before) is not type(after) or before is None or after is None:
            sides = ({} if m is None else {f"{kind}, {m.__struct_config__.tag}": m} for m in (before, after))
            yield from _tables("method", *sides)
            continue
        plain_of = [
            {n: v for n, v in msgspec.structs.asdict(m).items() if n not in ("bands", "risk")} for m in (before, after)
        ]
        yield from _fields("method", kind, *plain_of, cites=_cites_of(before, after))
        for table in ("bands", "risk"):
            bands = [
                {f"{band.grade} ({kind})": band for band in getattr(m, table, None) or ()} for m in (before, after)
            ]
            yield from _tables("band", *bands)


def _readings(one: Edition, other: Edition) -> Iterator[EditionDifference]:
    readings = [{r.id: r for r in e.reading} for e in (one, other)]
    bare = [{id: msgspec.structs.replace(r, values=()) for id, r in side.items()} for side in readings]
    yield from _tables("reading", *bare)
    for id in readings[0]:
        if id in readings[1]:
            answers = [{f"{id}:{v.name}": v for v in side[id].values} for side in readings]
            yield from _tables("answer", *answers, above=_cites_of(*(side[id] for side in readings)))


def _alone(part: Any) -> dict[str, Any]:
    return {} if part is None else {part.row: part}


def _listed(
    part: str, one: Sequence[Any], other: Sequence[Any], name: Callable[[Any], str]
) -> Iterator[EditionDifference]:
    yield from _tables(part, _named(one, name), _named(other, name))


def _named(parts: Sequence[Any], name: Callable[[Any], str]) -> dict[str, Any]:
    """The parts by their names; the second of a name gets a number, so that none is lost."""
    found: dict[str, Any] = {}
    for part in parts:
        key, number = name(part), 2
        while key in found:
            key, number = f"{name(part)} #{number}", number + 1
        found[key] = part
    return found


def _tables(
    part: str, one: Mapping[str, Any], other: Mapping[str, Any], *, above: tuple[str, ...] = ()
) -> Iterator[EditionDifference]:
    """``above`` are the provisions on which the parts rest that cite none of their own."""
    for key in dict.fromkeys((*one, *other)):
        before, after = one.get(key), other.get(key)
        cites = _cites_of(before, after) or above
        if before is None or after is None:
            yield _whole(part, key, before, after, cites)
        elif before != after:
            yield from _fields(part, key, msgspec.structs.asdict(before), msgspec.structs.asdict(after), cites=cites)


def _cites_of(*parts: Any) -> tuple[str, ...]:
    """The provisions on which a part rests in either edition, each once."""
    found = (getattr(part, "cites", ()) for part in parts)
    return tuple(dict.fromkeys(cite for cites in found for cite in ((cites,) if isinstance(cites, str) else cites)))


def _whole(part: str, key: str, before: Any, after: Any, cites: tuple[str, ...]) -> EditionDifference:
    added = before is None
    says = sentence(
        "differences.added" if added else "differences.removed", part=sentence(f"differences.part.{part}"), key=key
    )
    told = _said_of(after if added else before)
    return EditionDifference(
        part=part,
        key=key,
        cites=cites,
        change="added" if added else "removed",
        before=_written(before),
        after=_written(after),
        says=says if told is None else sentence("differences.with_words", change=says, words=told),
        sides=(_side(before), _side(after)),
    )


def _fields(
    part: str, key: str, one: Mapping[str, Any], other: Mapping[str, Any], *, cites: tuple[str, ...] = ()
) -> Iterator[EditionDifference]:
    for name in dict.fromkeys((*one, *other)):
        before, after = one.get(name), other.get(name)
        if before == after:
            continue
        yield EditionDifference(
            part=part,
            key=key,
            cites=cites,
            change="changed",
            field=name,
            before=_written(before),
            after=_written(after),
            says=sentence(
                "differences.changed",
                field=Named("differences.field", name),
                part=sentence(f"differences.part.{part}"),
                key=key,
                before=_shown(before),
                after=_shown(after),
            ),
            sides=(_value_said(before), _value_said(after)),
        )


def _value_said(value: Any) -> Sentence:
    return sentence("differences.side", value=_shown(value))


def _side(part: Any) -> Sentence | None:
    """A whole part as it stands in one edition: what it says of itself, else all that is written in it."""
    if part is None:
        return None
    told = _said_of(part)
    return _value_said(part) if told is None else sentence("differences.side", value=told)


def _said_of(part: Any) -> Sentence | Text | None:
    """What a part says of itself, with its figure where it has one."""
    words = getattr(part, "words", None) or getattr(part, "issue", None) or getattr(part, "reason", None)
    if words is None:
        return None
    # The points of an article are its numbered parts, no figure.
    points = getattr(part, "points", None)
    figure = plain(points) if isinstance(points, Decimal) else getattr(part, "grade", None)
    text = Text(words.zh, words.en)
    return text if figure is None else sentence("differences.with_figure", words=text, figure=figure)


def _written(value: Any) -> Any:
    return None if value is None else msgspec.to_builtins(value, str_keys=True)


def _shown(value: Any) -> object:
    """A value as people are to read it."""
    match value:
        case None:
            return sentence("differences.value.none")
        case bool():
            return sentence("differences.value.yes" if value else "differences.value.no")
        case Decimal():
            return plain(value)
        case dict():
            return _all_shown([sentence("differences.value.pair", key=k, value=_shown(v)) for k, v in value.items()])
        case tuple() | list():
            return _all_shown([_shown(v) for v in value])
        case object(zh=str() as zh, en=str() as en):
            return Text(zh, en)
        case msgspec.Struct():
            return _shown(msgspec.structs.asdict(value))
        case _:
            return value


def _all_shown(parts: list[Any]) -> object:
    return parts or sentence("differences.value.none")
