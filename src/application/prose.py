"""Free text of commands and events: where it stands, by its types, and how it is sealed and opened.

Somebody may be named in a summary, a reason or the title of a piece of evidence, on the file of an organisation as on
that of a person. So all of it is sealed with the key of the file before anything is decided, and opened by whoever
tells it. Events recorded earlier may hold it in clear; they stay as they are and are told as they are.
"""

import re
import types
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec

from application.ports import FileKey, Recorded, Vault, VaultWrite
from domain.errors import Conflict
from domain.values import PROSE, is_blank

ERASED: Final = "〔已删除 / erased〕"
"""What is told in the place of a text whose key was destroyed."""

S = TypeVar("S", bound=msgspec.Struct)

_SEALED: Final = re.compile(r"sealed:([0-9]):((?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?)")


class _Place(NamedTuple):
    """A field with free text: the text itself, or (``within``) a struct with some, one or ``many``."""

    field: str
    within: type[msgspec.Struct] | None = None
    many: bool = False


def sealed_parts(text: str) -> tuple[int, str] | None:
    """The suite and the base64url of a text that has the form of a sealed one; ``None`` for any other text."""
    found = _SEALED.fullmatch(text) if text.startswith("sealed:") else None
    return None if found is None or not found[2] else (int(found[1]), found[2])


def fields_of(type_: type[msgspec.Struct]) -> frozenset[str]:
    """The fields of a command or an event that are free text themselves."""
    return frozenset(place.field for place in _places(type_) if place.within is None)


def texts_of(struct: msgspec.Struct) -> Iterator[str]:
    """Every free text of a command or an event that says something."""
    for place in _places(type(struct)):
        value = getattr(struct, place.field)
        if place.within is None:
            if isinstance(value, str) and _says(value):
                yield value
        elif isinstance(value, tuple | msgspec.Struct):
            for each in value if isinstance(value, tuple) else (value,):
                yield from texts_of(each)


def with_texts(struct: S, change: Callable[[str], str]) -> S:
    """The command or event with every free text changed.

    A blank text stays as it is: sealed, it would pass for reasons.
    """
    changes: dict[str, Any] = {}
    for place in _places(type(struct)):
        value = getattr(struct, place.field)
        if place.within is None:
            if isinstance(value, str) and _says(value):
                changes[place.field] = change(value)
        elif isinstance(value, tuple):
            if value:
                changes[place.field] = tuple(with_texts(each, change) for each in value)
        elif isinstance(value, msgspec.Struct):
            changes[place.field] = with_texts(value, change)
    return msgspec.structs.replace(struct, **changes) if changes else struct


def sealed_on(command: S, stream: str, vault: Vault) -> tuple[S, Sequence[VaultWrite]]:
    """The command with its texts sealed for a stream, and what the vault has to write. Raises ``Conflict`` when the key
    was destroyed."""
    if not any(texts_of(command)):
        return command, ()
    key = vault.keys([stream])[stream]
    return with_texts(command, key.seal), key.writes


def clear_in(recorded: Sequence[Recorded]) -> bool:
    """Whether events hold free text in clear, as it was recorded before all of it was sealed."""
    return any(sealed_parts(text) is None for row in recorded for text in texts_of(row.event))


def comparable(recorded: Sequence[Recorded], key: FileKey) -> Sequence[Recorded]:
    """The events with all free text sealed, whenever they were recorded: a request that is told again, and sealed, is
    found the same. The same text gives the same sealed text."""

    def settled(text: str) -> str:
        return key.seal(text) if sealed_parts(text) is None else text

    if not clear_in(recorded):
        return recorded
    try:
        return [row._replace(event=with_texts(row.event, settled)) for row in recorded]
    except Conflict:
        # The key was destroyed: no text is taken any more, so none is compared.
        return recorded


class Opened:
    """Opens the texts of one answer: the key of each file is looked up once, and not kept for the next answer, which a
    destroyed key must no longer reach."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._keys: dict[str, FileKey] = {}

    def __call__(self, file: str, text: str) -> str | None:
        """The text again; ``None`` when its key was destroyed; text that was never sealed comes back unchanged."""
        if sealed_parts(text) is None:
            return text
        key = self._keys.get(file)
        if key is None:
            key = self._keys[file] = self._vault.keys([file])[file]
        return key.open(text)

    def told(self, file: str, text: str) -> str:
        """The text again; ``ERASED`` in the place of one whose key was destroyed."""
        found = self(file, text)
        return ERASED if found is None else found


def _says(text: str) -> bool:
    """Whether a text is not blank: told by its first character where that is an ordinary one."""
    first = text[:1]
    return "!" < first < "\x7f" or "\u4e00" <= first <= "\u9fff" or not is_blank(text)


# --- by their types -----------------------------------------------------------------------------------------


@cache
def _places(type_: type[msgspec.Struct]) -> tuple[_Place, ...]:
    found = (_place(f.name, part, marked) for f in msgspec.structs.fields(type_) for part, marked in _parts(f.type))
    return tuple(place for place in found if place is not None)


def _place(field: str, part: Any, marked: bool) -> _Place | None:
    if part is str:
        return _Place(field) if marked else None
    many = get_origin(part) is tuple
    of = get_args(part)[0] if many else part
    if isinstance(of, type) and issubclass(of, msgspec.Struct) and _places(of):
        return _Place(field, of, many)
    return None


def _parts(type_: Any, marked: bool = False) -> Iterator[tuple[Any, bool]]:
    """The types that a union joins, each with whether it is marked as free text."""
    if get_origin(type_) is Annotated:
        inner, *rules = get_args(type_)
        says = any(isinstance(r, msgspec.Meta) and r.extra is not None and PROSE in r.extra for r in rules)
        yield from _parts(inner, marked or says)
    elif get_origin(type_) in (Union, types.UnionType):
        for part in get_args(type_):
            yield from _parts(part, marked)
    else:
        yield type_, marked
