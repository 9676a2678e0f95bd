"""Structs and their fields filled by type, where nothing special is meant by what they hold."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final, TypeVar

import msgspec
from msgspec import inspect as types

S = TypeVar("S", bound=msgspec.Struct)

_DAY: Final = dt.date(2025, 3, 3)
_EMPTY: Final[tuple[object, ...]] = (None, (), "", {}, msgspec.UNSET)
_SPELT: Final = ("150100-EEB", "150100", "2d" * 32)
"""An authority, a place, a digest: what is spelt by a rule is one of these."""


def filled(cls: type[S]) -> S:
    """One of a class with every field filled; each free text says for which field of which class it stands."""
    return cls(**{f.name: value_of(cls, f.name) for f in msgspec.structs.fields(cls)})


def each_filled(examples: Sequence[S]) -> Iterator[tuple[str, S]]:
    """For each field that is empty in all examples of a class: its name, and an example with it filled.

    So, too, for the fields of a part: a part counts as filled when each of its own fields is so in some example.
    """
    for field in msgspec.structs.fields(type(examples[0])):
        having = [e for e in examples if getattr(e, field.name) not in _EMPTY]
        parts = [getattr(e, field.name) for e in having]
        if not having:
            yield field.name, _with(examples[0], field.name, value_of(type(examples[0]), field.name))
        elif len({type(part) for part in parts}) == 1 and isinstance(parts[0], msgspec.Struct):
            yield from ((name, _with(having[0], field.name, part)) for name, part in each_filled(parts))


def _with(example: S, field: str, value: object) -> S:
    return msgspec.structs.replace(example, **{field: value})


def value_of(cls: type[msgspec.Struct], field: str) -> Any:
    """What fills a field of a class."""
    info = types.type_info(cls)
    assert isinstance(info, types.StructType)
    return _of_type(next(f.type for f in info.fields if f.name == field), f"{cls.__name__}.{field}")


def _of_type(found: types.Type, where: str) -> Any:
    match found:
        case types.Metadata():
            return _of_type(found.type, where)
        case types.UnionType():
            return _of_type(next(t for t in found.types if not isinstance(t, types.NoneType)), where)
        case types.StrType():
            texts = (where[: found.max_length], *_SPELT)
            known = [text for text in texts if found.pattern is None or re.search(found.pattern, text)]
            assert known, f"{where} is spelt by a rule of its own: fill it by hand"
            return known[0]
        case types.DateType():
            return _DAY
        case types.LiteralType():
            return found.values[0]
        case types.BoolType():
            return True
        case types.IntType():
            return 2025 if found.le is None else found.le
        case types.DecimalType():
            return Decimal("0.5")
        case types.VarTupleType():
            return (_of_type(found.item_type, where),)
        case types.TupleType():
            return tuple(_of_type(t, where) for t in found.item_types)
        case types.DictType():
            return {_of_type(found.key_type, where): _of_type(found.value_type, where)}
        case types.StructType():
            return filled(found.cls)
        case _:
            raise AssertionError(f"{where} is of a type that nothing here fills ({found}): fill it by hand")
