"""Letters of a bureau as they are written: filled, shown, issued under the next number, kept as they were sent."""

import datetime as dt
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Final, NamedTuple

import msgspec

from application.law.legislation import Legislation
from application.papers.contents import ContentKey, ContentKeys, Contents
from application.papers.letters.content import LetterContent
from application.papers.letters.filling import LetterFilling
from application.papers.letters.offices import Offices, read_file
from application.papers.letters.press import LetterPress, SetLetter
from application.ports import Clock, Entry, Journal, Recorded, Vault
from application.recording.writer import Writer
from domain.aggregates.advisories import AdvisoryFile, stream_of
from domain.aggregates.advisories import evolve as evolve_advisories
from domain.aggregates.casefile import CaseFile
from domain.aggregates.letters import LetterFile, number_stream
from domain.errors import Conflict, Stale
from domain.events.advisories import AdvisoryEvent
from domain.events.papers.letters import SERIES_OF, LetterIssued, SentFile
from domain.law.regime import RegimeLaw
from domain.procedures.papers.letters import IssueLetter, letter_of, may_issue
from domain.sentence import sentence
from domain.time import Instant
from domain.vocabulary import PERSONS

_KEPT: Final = 16
"""How many letters that were set and are not issued yet are held: the next attempt need not set them again."""


class _Prepared(NamedTuple):
    """A letter that was set under a number."""

    content: str
    number: str
    set: SetLetter


class LetterDesk:
    """The use case of letters. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        legislation: Legislation,
        contents: Callable[[], Contents],
        keys: ContentKeys | None,
        press: Callable[[], LetterPress],
    ) -> None:
        """``contents`` keeps what was sent, under the ``keys`` of persons (``None``: in clear,
        where nothing outlives the process); ``press`` sets it. Both are made when the
        first letter needs them."""
        self._journal = journal
        self._vault = vault
        self._contents = contents
        self._keys = keys
        self._press = press
        self.filling = LetterFilling(journal, vault)
        self.offices = Offices(journal, vault, clock, Writer(journal, vault, legislation), contents, press)
        self._prepared: dict[str, _Prepared] = {}

    # --- what a letter says -------------------------------------------------------------------------------

    def content(self, case: CaseFile, letter: LetterFile, law: RegimeLaw, dated_on: dt.date) -> LetterContent:
        """What a letter says when it is dated ``dated_on``. Raises as ``LetterFilling.content`` does."""
        office = self.offices.of(letter.drafted.bureau)
        return self.filling.content(case, letter, law, dated_on, office, lambda: self.advisories(case.subject))

    def digest(self, content: LetterContent) -> str:
        """The digest of what a letter says, in hex: keyed, so that nobody tries out what a person was told."""
        return self._vault.digest(msgspec.json.encode(content, order="sorted")).hex()

    def advisories(self, subject: str, known_at: Instant | None = None) -> AdvisoryFile:
        """The advisories and internal notices about a subject, as they were known."""
        return advisories_in(self._journal.snapshot(stream_of(subject), known_at=known_at).rows)

    def next_number(self, letter: LetterFile, year: int) -> str:
        """The number that a letter would have now. Raises ``NotFound`` without a letterhead."""
        drafted = letter.drafted
        office = self.offices.of(drafted.bureau)
        return self.offices.next_number(drafted.bureau, office, drafted.kind, year, drafted.letter).number

    def docx(self, content: LetterContent, number: str) -> bytes:
        """A draft as DOCX. Raises as ``LetterPress.docx`` does."""
        template = self.offices.template_of(self.offices.of(content.bureau), content.kind)
        return self._press().docx(content, number, template)

    def pdf(self, content: LetterContent, number: str) -> bytes | None:
        """A draft as PDF; ``None`` where the bureau's own template cannot be set as one here. Raises as
        ``LetterPress.pdf`` does."""
        template = self.offices.template_of(self.offices.of(content.bureau), content.kind)
        if template is None:
            return self._press().pdf(content, number)
        return self._press().set(content, number, template).pdf

    # --- issuing ------------------------------------------------------------------------------------------

    def issue(self, case: CaseFile, request: IssueLetter, law: RegimeLaw, today: dt.date) -> Sequence[LetterIssued]:
        """Issue a letter under the next number of its series, set but not kept yet (``finished``).

        Raises ``Conflict`` when the letter no longer says what was shown, and as ``may_issue``, ``content`` and the
        press do.
        """
        if not may_issue(case, request, law, today, self.advisories(case.subject).notices):
            return ()
        letter = letter_of(case, request.letter)
        content = self.content(case, letter, law, request.dated_on)
        digest = self.digest(content)
        if request.digest not in (None, digest):
            raise Conflict("letter_changed", sentence("papers.letters.letter_changed"))
        drafted = letter.drafted
        year = request.dated_on.year
        office = self.offices.of(drafted.bureau)
        taken = self.offices.next_number(drafted.bureau, office, drafted.kind, year, request.letter)
        prepared = self._prepared.get(request.letter)
        if prepared is None or (prepared.content, prepared.number) != (digest, taken.number):
            template = self.offices.template_of(office, drafted.kind)
            prepared = _Prepared(digest, taken.number, self._press().set(content, taken.number, template))
            if len(self._prepared) >= _KEPT:
                self._prepared.clear()
            self._prepared[request.letter] = prepared
        event = LetterIssued(
            letter=request.letter,
            number=taken.number,
            series=SERIES_OF[drafted.kind],
            year=year,
            serial=taken.serial,
            dated_on=request.dated_on,
            says=digest,
            docx=_unkept(prepared.set.docx),
            pdf=None if prepared.set.pdf is None else _unkept(prepared.set.pdf),
            template=content.template,
            made_with=prepared.set.made_with,
            due_on=None if content.last_day is None else content.last_day.due_on,
        )
        return (event,)

    def finished(self, case: CaseFile, event: LetterIssued) -> tuple[LetterIssued, Entry]:
        """A letter that is about to be recorded, with what was sent kept, and what takes its number.

        Raises ``Stale`` when the number is another letter's by now, ``ContentError`` where nothing can be kept.
        """
        drafted = letter_of(case, event.letter).drafted
        office = self.offices.of(drafted.bureau)
        taken = self.offices.next_number(drafted.bureau, office, drafted.kind, event.year, event.letter)
        prepared = self._prepared.pop(event.letter, None)
        if taken.number != event.number or prepared is None or prepared.number != event.number:
            stream = number_stream(drafted.bureau, event.series, event.year)
            raise Stale(stream, event.serial, taken.serial)
        key = self._key(case, make=True)
        pdf = prepared.set.pdf
        kept = msgspec.structs.replace(
            event,
            docx=self._keep(prepared.set.docx, key),
            pdf=None if pdf is None else self._keep(pdf, key),
        )
        return kept, taken.entry

    def _keep(self, content: bytes, key: ContentKey | None) -> SentFile:
        stored = self._contents().put(content, key)
        return SentFile(digest=stored.digest, size=stored.size, locator=stored.address)

    def _key(self, case: CaseFile, *, make: bool = False) -> ContentKey | None:
        """The key of a person's file; what goes to an organisation is kept in clear."""
        if self._keys is None or case.kind not in PERSONS:
            return None
        return self._keys.content_key(case.subject, make=make)

    # --- what was sent ------------------------------------------------------------------------------------

    def sent(self, case: CaseFile, file: SentFile) -> bytes:
        """A file as it was sent, byte for byte. Raises ``ContentError`` when it is not what was kept, or its person was
        erased."""
        return read_file(self._contents(), file, self._key(case))


def _unkept(content: bytes) -> SentFile:
    return SentFile(digest=sha256(content).hexdigest(), size=len(content), locator="")


def advisories_in(rows: Sequence[Recorded]) -> AdvisoryFile:
    """The advisories, internal notices and letters about these in a stream."""
    file = AdvisoryFile()
    for row in rows:
        if isinstance(row.event, AdvisoryEvent):
            evolve_advisories(file, row.event)
    return file


def issued_in(events: Sequence[object]) -> LetterIssued | None:
    """The letter that events issue, ``None`` where they issue none."""
    return next((event for event in events if isinstance(event, LetterIssued)), None)
