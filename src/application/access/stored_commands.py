"""Commands as they wait in the journal: JSON whose free text, and the names of persons, are sealed."""

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import msgspec

from application.access.batches import RecordBatch, UndoBatch
from application.access.signature_rules import command_name
from application.ports import FileKey
from application.prose import Sealing, with_texts
from application.recording.commands import COMMANDS
from application.year.evaluation import EvaluateRoster
from domain.events.lawbook import LAW_STREAM
from domain.procedures.request import Request

_KINDS: Final[Mapping[str, type[Request]]] = {
    **COMMANDS,
    "evaluate_roster": EvaluateRoster,
    "record_sheet": RecordBatch,
    "undo_import": UndoBatch,
}
_NAMES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "change_subject": (("changes", "name"), ("changes", "legal_representative")),
    "file_objection": (("by",),),
    "record_comment": (("by",),),
}
"""Where commands about a file name persons outside of their free text: what is decided on carries keys of the vault in
these places, what waits has nothing but its own text."""


class StoredCommand(NamedTuple):
    """A command as it is stored, and what its texts were sealed with, ``None`` where it has none."""

    text: str
    key: FileKey | None


def stored_command(command: Request, key_of: Callable[[str], FileKey], stream: str) -> StoredCommand:
    """A command with its texts sealed for a stream; the texts of the law are for everybody. Raises ``Conflict`` when
    the key was destroyed."""
    if stream == LAW_STREAM:
        return StoredCommand(msgspec.json.encode(command).decode(), None)
    sealing = Sealing(lambda: key_of(stream))
    raw = msgspec.json.decode(msgspec.json.encode(with_texts(command, sealing)))
    _change_names(raw, command_name(command), sealing)
    return StoredCommand(msgspec.json.encode(raw).decode(), sealing.key)


def command_in(text: str, name: str, open_text: Callable[[str], str]) -> Request:
    """A stored command again, in clear; ``open_text`` tells a sealed text, one that was erased as such."""
    raw = msgspec.json.decode(text)
    _change_names(raw, name, open_text)
    command = msgspec.json.decode(msgspec.json.encode(raw), type=_KINDS[name])
    return with_texts(command, open_text)


def signed_digest(**signed: str | None) -> str:
    """The digest (hex SHA-256) of what is signed. Its texts are sealed: nobody can guess them by it."""
    return hashlib.sha256(msgspec.json.encode(signed, order="sorted")).hexdigest()


def _change_names(raw: dict[str, Any], name: str, change: Callable[[str], str]) -> None:
    for *way, last in _NAMES.get(name, ()):
        place = raw
        for step in way:
            place = place.get(step, {})
        if isinstance(place.get(last), str):
            place[last] = change(place[last])
