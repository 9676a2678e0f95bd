"""Free text of commands and events: where it stands, by its types, and how it is sealed and opened.

Somebody may be named in a summary, a reason or the title of a piece of evidence, on the file of an organisation as on
that of a person. So all of it is sealed with the key of the file before anything is decided, and opened by whoever
tells it. Events recorded earlier may hold it in clear; they stay as they are and are told as they are.
"""

import re
import types
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import Annotated, Any, Final, NamedTuple, TypeVar, Union, get_args, get_origin

import msgspec

from application.ports import AnyEvent, FileKey, Recorded, Vault
from domain.errors import Conflict
from domain.events.joining import CarriedEvent
from domain.values import PROSE, is_blank

ERASED: Final = "〔已删除 / erased〕"
"""What is told in the place of a text whose key was destroyed."""

S = TypeVar("S", bound=msgspec.Struct)

_SEALED: Final = re.compile(r"sealed:([0-9]):((?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]{2}==|[A-Za-z0-9_-]{3}=)?)")


class _Place(NamedTuple):
    """A field with free text: the text itself, or (``within``) a struct with some; one of them, or ``many``."""

    field: str
    within: type[msgspec.Struct] | None = None
    many: bool = False


def sealed_parts(text: str) -> tuple[int, str] | None:
    """The suite and the base64url of a text that has the form of a sealed one; ``None`` for any other text."""
    found = _SEALED.fullmatch(text) if text.startswith("sealed:") else None
    return None if found is None or not found[2] else (int(found[1]), found[2])


def prose_fields_of(type_: type[msgspec.Struct]) -> frozenset[str]:
    """The fields of a command or an event that are one free text themselves."""
    return frozenset(place.field for place in _places(type_) if place.within is None and not place.many)


def has_texts(type_: type[msgspec.Struct]) -> bool:
    """Whether commands or events of a type may hold free text."""
    return bool(_places(type_))


def texts_of(struct: msgspec.Struct) -> Iterator[str]:
    """Every free text of a command or an event that says something."""
    for place in _places(type(struct)):
        value = getattr(struct, place.field)
        if place.within is None:
            for text in value if isinstance(value, tuple) else (value,):
                if isinstance(text, str) and _says(text):
                    yield text
        elif isinstance(value, tuple | msgspec.Struct):
            for each in value if isinstance(value, tuple) else (value,):
                yield from texts_of(each)


def with_texts(struct: S, change: Callable[[str], str]) -> S:
    """The command or event with every free text changed.

    A blank text stays as it is: sealed, it would pass for reasons.
    """
    changes: dict[str, Any] = {}
    for field, within, _ in _places(type(struct)):
        value = getattr(struct, field)
        if not value:
            # Most fields say nothing: no text, an empty list, a field that is not given.
            continue
        if isinstance(value, tuple):
            changes[field] = tuple(_changed(each, change) for each in value)
        elif within is None:
            if isinstance(value, str) and _says(value):
                changes[field] = change(value)
        elif isinstance(value, msgspec.Struct):
            changes[field] = with_texts(value, change)
    return msgspec.structs.replace(struct, **changes) if changes else struct


class Sealing:
    """Seals the texts of one command; its key is looked up when the first one comes."""

    __slots__ = ("_look", "key")

    def __init__(self, look: Callable[[], FileKey]) -> None:
        self._look = look
        self.key: FileKey | None = None
        """What texts were sealed with, ``None`` as long as there were none."""

    def __call__(self, text: str) -> str:
        """The text sealed. Raises ``Conflict`` when the key was destroyed."""
        if self.key is None:
            self.key = self._look()
        return self.key.seal(text)


def sealed_with(command: S, key_of: Callable[[str], FileKey], stream: str) -> tuple[S, FileKey | None]:
    """The command with its texts sealed for a stream, and with which key; ``None`` when it has no texts. Raises
    ``Conflict`` when the key was destroyed."""
    if not has_texts(type(command)):
        return command, None
    sealing = Sealing(lambda: key_of(stream))
    sealed = with_texts(command, sealing)
    return sealed, sealing.key


def unsettled(events: Iterable[AnyEvent], suite: int) -> bool:
    """Whether events hold free text in clear, as it was recorded before all of it was sealed, or sealed with another
    suite than the one in use."""
    return any((sealed_parts(text) or (None,))[0] != suite for event in events for text in texts_of(event))


def settled(events: Sequence[AnyEvent], key: FileKey) -> Sequence[AnyEvent]:
    """The events with all free text sealed as it is now, whenever and with whatever suite they were recorded: a request
    that is told again, and sealed, is found the same. The same text gives the same sealed text."""

    def sealed(text: str) -> str:
        number, _ = sealed_parts(text) or (None, "")
        if number is None:
            return key.seal(text)
        opened = None if number == key.suite else key.open(text)
        return text if opened is None else key.seal(opened)

    if not unsettled(events, key.suite):
        return events
    try:
        return [with_texts(event, sealed) for event in events]
    except Conflict:
        # The key was destroyed: no text is taken any more, so none is compared.
        return events


def comparable(recorded: Sequence[Recorded], key: FileKey) -> Sequence[Recorded]:
    """What was recorded, with its events ``settled``."""
    as_recorded = [row.event for row in recorded]
    events = settled(as_recorded, key)
    if events is as_recorded:
        return recorded
    return [row._replace(event=event) for row, event in zip(recorded, events, strict=True)]


class Opened:
    """Opens the texts of one answer: the key of each file is looked up once, and not kept for the next answer, which a
    destroyed key must no longer reach.

    What was joined to a file is sealed with the key of the file on which it was recorded, and opened with that.
    """

    def __init__(self, vault: Vault, joined_to: Callable[[str], Sequence[str]] = lambda _: ()) -> None:
        """``joined_to`` says which files were joined to one."""
        self._vault = vault
        self._joined_to = joined_to
        self._keys: dict[str, FileKey] = {}
        self._joined: dict[str, Sequence[str]] = {}

    def __call__(self, file: str, text: str) -> str | None:
        """The text again; ``None`` when its key was destroyed; text that was never sealed comes back unchanged."""
        if sealed_parts(text) is None:
            return text
        found = self._key(file).open(text)
        if found is not None:
            return found
        if file not in self._joined:
            self._joined[file] = self._joined_to(file)
        others = (self._key(joined).open(text) for joined in self._joined[file])
        return next((text for text in others if text is not None), None)

    def _key(self, file: str) -> FileKey:
        key = self._keys.get(file)
        if key is None:
            key = self._keys[file] = self._vault.keys([file])[file]
        return key

    def told(self, file: str, text: str) -> str:
        """The text again; ``ERASED`` in the place of one whose key was destroyed."""
        found = self(file, text)
        return ERASED if found is None else found


def _changed(item: Any, change: Callable[[str], str]) -> Any:
    """An item of a list, a text or a struct with some, changed."""
    if isinstance(item, str):
        return change(item) if _says(item) else item
    return with_texts(item, change)


def _says(text: str) -> bool:
    """Whether a text is not blank: told by its first character where that is an ordinary one."""
    first = text[:1]
    return "!" < first < "\x7f" or "\u4e00" <= first <= "\u9fff" or not is_blank(text)


# --- by their types -----------------------------------------------------------------------------------------


@cache
def _places(type_: type[msgspec.Struct]) -> tuple[_Place, ...]:
    return tuple(
        place
        for field in msgspec.structs.fields(type_)
        for part, marked in _parts(field.type)
        for place in _places_in(field.name, part, marked)
    )


def _places_in(field: str, part: Any, marked: bool, many: bool = False) -> Iterator[_Place]:
    """Where a part of a field's type has free text: itself, or, of a list, its items."""
    if part is str:
        if marked:
            yield _Place(field, None, many)
    elif get_origin(part) is tuple:
        for item, item_marked in _parts(get_args(part)[0]):
            yield from _places_in(field, item, item_marked, many=True)
    elif part is CarriedEvent:
        # What was joined to a file stays sealed with the key of the file on which it was recorded.
        return
    elif isinstance(part, type) and issubclass(part, msgspec.Struct) and _places(part):
        yield _Place(field, part, many)


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
