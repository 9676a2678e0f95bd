"""What a bureau keeps for its letters: letterhead, templates in all their versions, and the numbers that were given."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, cast, get_args

import msgspec

from application.papers.contents import ContentKey, Contents, Stored
from application.papers.letters.press import LetterPress
from application.ports import Clock, Entry, Journal, Recorded, Vault
from application.principal import Principal
from application.prose import Opened, sealed_with
from application.recording.outcomes import Outcome
from application.recording.writer import CommandAsked, DecidedEvents, StreamWork, Writer
from domain.aggregates.letters import LetterOffice, fold, number_stream, office_stream
from domain.errors import NotFound
from domain.events.papers.letters import (
    SERIES_OF,
    LetterKind,
    LetterNumbered,
    LetterOfficeEvent,
    LetterSeries,
    LetterTemplateAdopted,
    SentFile,
)
from domain.procedures.papers.letters import AdoptLetterTemplate, LetterOfficeRequest, next_serial, office_events
from domain.time import iso_utc, legal_day


class TemplateField(msgspec.Struct, frozen=True, kw_only=True):
    """A placeholder of templates: how it is written (``name``), what it stands for, an example, whether it has several
    paragraphs (``is_list``) or lines of a table (``is_table``), and whether no letter may lack it."""

    name: str
    about: str
    example: str
    is_list: bool
    is_table: bool
    required: bool


class TemplateVersion(msgspec.Struct, frozen=True, kw_only=True):
    """A template that a bureau took into use: what the file was called, its hex SHA-256 and size, when, by whom, and
    whether it is the one ``in_use``."""

    kind: LetterKind
    name: str
    digest: str
    size: int
    adopted_at: str
    by: str
    in_use: bool


class SeriesStanding(msgspec.Struct, frozen=True, kw_only=True):
    """A series of numbers of a bureau: its word, which letters it numbers, the number that comes next this
    year, and the first number of this year where others were given elsewhere."""

    series: LetterSeries
    word: str
    kinds: tuple[LetterKind, ...]
    next: str | None
    first: int | None = None


class OfficeStanding(msgspec.Struct, frozen=True, kw_only=True):
    """What a bureau keeps for its letters: the letterhead, where it has set one, the series of its numbers and the
    templates that it ever took into use, the newest first."""

    bureau: str
    name: str | None
    word: str | None
    contact: str
    office_address: str
    remedies: str
    series: tuple[SeriesStanding, ...]
    templates: tuple[TemplateVersion, ...]


class NextNumber(NamedTuple):
    """The number that a letter would have, and what takes it for the letter."""

    number: str
    serial: int
    entry: Entry


class Offices:
    """What bureaus keep for their letters. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        writer: Writer,
        contents: Callable[[], Contents],
        press: Callable[[], LetterPress],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._vault = vault
        self._writer = writer
        self._contents = contents
        self._press = press

    def of(self, bureau: str) -> LetterOffice:
        """What a bureau keeps now; empty where it has said nothing."""
        return _folded(self._journal.stream(office_stream(bureau)))

    def history(self, bureau: str) -> Sequence[Recorded]:
        """Everything that a bureau has set and taken into use, in order."""
        return self._journal.stream(office_stream(bureau))

    def carry_out(self, command: LetterOfficeRequest, asked: CommandAsked) -> Outcome:
        """Record what a bureau keeps from now on. Raises the errors of ``domain.errors``; then nothing is stored."""
        return self._writer.write(asked, lambda: self._begun(command))

    def _begun(self, command: LetterOfficeRequest) -> StreamWork:
        stream = office_stream(command.bureau)
        sealed, key = sealed_with(command, self._vault.sealing_key, stream)

        def decide(recorded: Sequence[Recorded]) -> DecidedEvents:
            return DecidedEvents("letters", office_events(_folded(recorded), sealed))

        return StreamWork(stream, key, lambda: self._journal.stream(stream), decide)

    def adopt(self, bureau: str, kind: LetterKind, content: bytes, name: str, *, by: Principal) -> Outcome:
        """Look an uploaded template through, keep it, and make the bureau's letters of the kind with it from now on.

        Raises ``Invalid`` with every fault of one that cannot be used; then nothing is kept.
        """
        self._press().check(content, kind)
        kept = self._contents().put(content)
        file = SentFile(digest=kept.digest, size=kept.size, locator=kept.address)
        request = AdoptLetterTemplate(bureau=bureau, kind=kind, name=_base_name(name), file=file)
        return self.carry_out(request, CommandAsked(by))

    def standing(self, bureau: str) -> OfficeStanding:
        """What a bureau keeps, as it stands."""
        rows = self.history(bureau)
        office = _folded(rows)
        head, opened = office.letterhead, Opened(self._vault)
        stream = office_stream(bureau)
        used = {adopted.file.digest for adopted in office.templates.values()}
        year = legal_day(self._clock.now()).year
        return OfficeStanding(
            bureau=bureau,
            name=None if head is None else head.name,
            word=None if head is None else head.word,
            contact="" if head is None else opened.told(stream, head.contact),
            office_address="" if head is None else opened.told(stream, head.office_address),
            remedies="" if head is None else opened.told(stream, head.remedies),
            series=tuple(self._series(bureau, office, series, year) for series in get_args(LetterSeries)),
            templates=tuple(
                TemplateVersion(
                    kind=row.event.kind,
                    name=row.event.name,
                    digest=row.event.file.digest,
                    size=row.event.file.size,
                    adopted_at=iso_utc(row.recorded_at),
                    by=row.actor,
                    in_use=row.event.file.digest in used,
                )
                for row in reversed(rows)
                if isinstance(row.event, LetterTemplateAdopted)
            ),
        )

    def _series(self, bureau: str, office: LetterOffice, series: LetterSeries, year: int) -> SeriesStanding:
        kinds = tuple(kind for kind, of in SERIES_OF.items() if of == series)
        head = office.letterhead
        if head is None:
            return SeriesStanding(series=series, word="", kinds=kinds, next=None)
        taken = self.next_number(bureau, office, kinds[0], year, "")
        return SeriesStanding(
            series=series,
            word=next((each.word or "" for each in head.series if each.series == series), ""),
            kinds=kinds,
            next=taken.number,
            first=next((each.first for each in head.series if (each.series, each.year) == (series, year)), None),
        )

    def version(self, bureau: str, kind: LetterKind, digest: str | None) -> bytes | None:
        """A template of a bureau by its digest; without one that in use, ``None`` where it has none. Raises
        ``NotFound``."""
        office = self.of(bureau)
        if digest is None:
            return self.template_of(office, kind)
        adopted = office.adopted.get(digest)
        if adopted is None or adopted.kind != kind:
            raise NotFound("letter_template", digest[:64])
        return self.template(adopted.file)

    def template(self, file: SentFile) -> bytes:
        """A template that was kept. Raises ``ContentError``."""
        return read_file(self._contents(), file)

    def template_of(self, office: LetterOffice, kind: LetterKind) -> bytes | None:
        """The bureau's own template for letters of a kind; ``None`` where it has none."""
        adopted = office.templates.get(kind)
        return None if adopted is None else self.template(adopted.file)

    def next_number(self, bureau: str, office: LetterOffice, kind: LetterKind, year: int, letter: str) -> NextNumber:
        """The number that a letter of a kind would have now. Taken by its entry together with what issues the letter:
        whoever is overtaken takes the next one. Raises ``NotFound`` without a letterhead."""
        if office.letterhead is None:
            raise NotFound("letterhead", bureau)
        series = SERIES_OF[kind]
        stream = number_stream(bureau, series, year)
        recorded = self._journal.stream(stream)
        last = recorded[-1].event.serial if recorded and isinstance(recorded[-1].event, LetterNumbered) else 0
        serial = next_serial(office.letterhead, series, year, last)
        number = self._press().number(office, series, year, serial)
        event = LetterNumbered(letter=letter, serial=serial, number=number)
        return NextNumber(number, serial, Entry(stream, "letters", len(recorded) + 1, event))


def _base_name(name: str) -> str:
    """What a file is called, without folders and what cannot be seen."""
    plain = "".join(each for each in re.split(r"[/\\\\]", name)[-1] if each.isprintable())
    return plain[-200:] or "template.docx"


def read_file(contents: Contents, file: SentFile, key: ContentKey | None = None) -> bytes:
    """The bytes of a file that was kept. Raises ``ContentError`` when they are not what was kept."""
    stored = Stored(address=file.locator, digest=file.digest, size=file.size)
    return b"".join(contents.read(stored, key))


def _folded(recorded: Sequence[Recorded]) -> LetterOffice:
    return fold(cast("LetterOfficeEvent", row.event) for row in recorded)
