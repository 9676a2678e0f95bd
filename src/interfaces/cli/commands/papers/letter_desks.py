"""Where letters are written: in the journal that is open here, or at a server."""

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol
from urllib.parse import quote

import msgspec

from application.papers.letters.reading import FileFormat
from application.principal import Principal
from application.recording.commands import command_from
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime
from interfaces.cli.commands.recording import Sourced, do, principal
from interfaces.cli.house import Product
from interfaces.cli.papers import PATIENCE_SECONDS
from interfaces.cli.terminal import Terminal
from interfaces.wording.letters import LetterText, letter_text

if TYPE_CHECKING:
    from interfaces.cli.remote import Remote


class ReadLetter(NamedTuple):
    """A letter as it is told, and in words where it can be filled and is not issued yet."""

    told: Any
    text: LetterText | None


class LetterDesk(Protocol):
    """What the commands about letters ask for. What is told is plain values, as JSON has them."""

    def letters(self, subject: str) -> Any:
        """The letters of a file, and those that are due."""
        ...

    def letter(self, letter: str, dated_on: dt.date | None = None) -> ReadLetter:
        """One letter with what it says."""
        ...

    def file(self, letter: str, as_: FileFormat, dated_on: dt.date | None) -> bytes:
        """A letter as a file."""
        ...

    def office(self, bureau: str) -> Any:
        """What a bureau keeps for its letters."""
        ...

    def regime_of(self, subject: str) -> str:
        """The regime that is meant where none is named."""
        ...

    def record(self, asked: Mapping[str, Any], *, dry_run: bool, as_json: bool) -> None:
        """Record one command, and tell what came of it."""
        ...


class LocalDesk:
    """The journal that is open here, where ``by`` records."""

    def __init__(self, terminal: Terminal, product: Product, by: Principal) -> None:
        self._terminal = terminal
        self._product = product
        self._by = by

    def letters(self, subject: str) -> Any:
        """The letters of a file."""
        return msgspec.to_builtins(self._product.letters.of_subject(subject))

    def letter(self, letter: str, dated_on: dt.date | None = None) -> ReadLetter:
        """One letter."""
        found = self._product.letters.open(letter, dated_on)
        text = None
        if found.content is not None:
            lexicon = lexicon_of_regime(self._product, found.content.regime, found.dated_on)
            text = letter_text(found.content, found.number or "", lexicon, self._terminal.language)
        return ReadLetter(msgspec.to_builtins(found), text)

    def file(self, letter: str, as_: FileFormat, dated_on: dt.date | None) -> bytes:
        """A letter as a file."""
        return self._product.letters.sent(letter, as_, dated_on)[1]

    def office(self, bureau: str) -> Any:
        """What a bureau keeps."""
        return msgspec.to_builtins(self._product.letters.desk.offices.standing(bureau))

    def regime_of(self, subject: str) -> str:
        """The regime of a file, or the only one."""
        return self._product.grading.regime_of(subject) or given.only_regime(self._product)

    def record(self, asked: Mapping[str, Any], *, dry_run: bool, as_json: bool) -> None:
        """Record one command."""
        commands = [Sourced(command_from(asked))]
        do(self._terminal, self._product, commands, by=self._by, key_prefix=None, dry_run=dry_run, as_json=as_json)


class RemoteDesk:
    """A server, asked through its API."""

    def __init__(self, terminal: Terminal, server: "Remote") -> None:
        self._terminal = terminal
        self._server = server

    def letters(self, subject: str) -> Any:
        """The letters of a file."""
        return self._server.get(f"/subjects/{_part(subject)}/letters")

    def letter(self, letter: str, dated_on: dt.date | None = None) -> ReadLetter:
        """One letter."""
        found = self._server.get(f"/letters/{_part(letter)}", dated_on=dated_on)
        says = found.get("says")
        return ReadLetter(found, None if says is None else msgspec.convert(says, LetterText))

    def file(self, letter: str, as_: FileFormat, dated_on: dt.date | None) -> bytes:
        """A letter as a file."""
        return self._server.download(f"/letters/{_part(letter)}/{as_}", timeout=PATIENCE_SECONDS, dated_on=dated_on)

    def office(self, bureau: str) -> Any:
        """What a bureau keeps."""
        return self._server.get(f"/letter-offices/{_part(bureau)}")

    def regime_of(self, subject: str) -> str:
        """The regime that the server takes a question about a file to mean."""
        return str(self._server.get(f"/subjects/{_part(subject)}/grade")["regime"])

    def record(self, asked: Mapping[str, Any], *, dry_run: bool, as_json: bool) -> None:
        """Record one command."""
        from interfaces.cli import remote

        commands = [Sourced(command_from(asked))]
        remote.record(self._terminal, self._server, commands, dry_run=dry_run, as_json=as_json)


@contextmanager
def letter_desk(terminal: Terminal, by: Principal | None = None) -> Iterator[LetterDesk]:
    """Where letters are read, or written ``by`` somebody; at a server that is the account of the token."""
    if terminal.settings.url is not None:
        from interfaces.cli.remote import remote

        with remote(terminal) as server:
            yield RemoteDesk(terminal, server)
        return
    opened = terminal.reading() if by is None else terminal.house.open(terminal.settings)
    with opened as product:
        yield LocalDesk(terminal, product, by or principal(None))


def _part(text: str) -> str:
    """A part of a path."""
    return quote(text, safe="")
