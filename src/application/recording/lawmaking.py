"""Making law: editions adopted, corrected and repealed, their wording, calendars; and what jurists say of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import cast

from application.law.legislation import Legislation
from application.ports import Ids, Journal, Recorded, Vault
from application.prose import comparable, sealed_with
from application.recording.commands import (
    AdoptCalendar,
    AdoptRulebook,
    LawCommand,
    LegalNoteCommand,
    LoadOfficialText,
    RepealRulebook,
    SignOffEdition,
    WithdrawLegalNote,
)
from application.recording.outcomes import Outcome
from application.recording.writer import CommandAsked, DecidedEvents, StreamWork, Writer
from domain.aggregates.legal_notes import fold, stream_of
from domain.errors import FieldProblem, Invalid, NotFound, Refused
from domain.events.lawbook import (
    LAW_STREAM,
    CalendarAdopted,
    EditionSignedOff,
    LawEvent,
    LegalNoteEvent,
    LegalNoteWithdrawn,
    OfficialTextLoaded,
    ProvisionNoted,
    RulebookAdopted,
)
from domain.law.adopted import digest
from domain.law.edition import Edition
from domain.law.lint import lint
from domain.law.official import missing, wording_of
from domain.law.parse import RulebookError, parse_edition
from domain.procedures import lawbook
from domain.procedures.lawbook import on_record
from domain.sentence import sentence
from domain.time import CalendarYear


class Lawmaking:
    """The use case of writing to the law's stream. Safe to share between threads."""

    def __init__(self, writer: Writer, legislation: Legislation) -> None:
        self._writer = writer
        self._legislation = legislation

    def carry_out(self, command: LawCommand, asked: CommandAsked) -> Outcome:
        """Decide and record one command; see ``Casework.submit``. Raises ``RulebookError`` for a file with faults."""
        # The texts of the law are for everybody: nothing is sealed.
        outcome = self._writer.write(
            asked, lambda: StreamWork(LAW_STREAM, None, self._legislation.refresh, lambda r: self._decided(command, r))
        )
        # Answers given from here on are quoted and judged by what was just recorded.
        self._legislation.refresh()
        return outcome

    def _decided(self, command: LawCommand, events: Sequence[Recorded]) -> DecidedEvents:
        event = self._decide(command, events)
        return DecidedEvents("law", () if event is None else (event,))

    def _decide(self, command: LawCommand, events: Sequence[Recorded]) -> LawEvent | None:
        known = on_record(r.event for r in events)
        match command:
            case AdoptRulebook():
                return lawbook.adopt(known, _wanted(command, known))
            case RepealRulebook():
                history = (r.event for r in events)
                return lawbook.repeal(known, command.edition, command.until_on, command.reason, history)
            case LoadOfficialText():
                event = _official(command, known.get(command.edition))
                loaded = [r.event for r in events if isinstance(r.event, OfficialTextLoaded) and r.event.id == event.id]
                return None if loaded and loaded[-1] == event else event
            case AdoptCalendar():
                calendar = _calendar(command)
                years = [r.event for r in events if isinstance(r.event, CalendarAdopted)]
                same = [y.calendar for y in years if y.calendar.year == calendar.calendar.year]
                return None if same and same[-1].said == calendar.calendar.said else calendar


class LegalNotes:
    """The use case of what jurists say of an edition, which stands in a stream of its own: nobody is graded by it.

    Safe to share between threads.
    """

    def __init__(self, writer: Writer, journal: Journal, vault: Vault, ids: Ids, legislation: Legislation) -> None:
        self._writer = writer
        self._journal = journal
        self._vault = vault
        self._ids = ids
        self._legislation = legislation

    def carry_out(self, command: LegalNoteCommand, asked: CommandAsked) -> Outcome:
        """Decide and record one command; see ``Casework.submit``."""
        return self._writer.write(asked, lambda: self._begun(command))

    def _begun(self, command: LegalNoteCommand) -> StreamWork:
        stream = stream_of(command.edition)
        sealed, key = sealed_with(command, self._vault.sealing_key, stream)

        def read() -> Sequence[Recorded]:
            recorded = self._journal.stream(stream)
            return recorded if key is None else comparable(recorded, key)

        return StreamWork(stream, key, read, lambda recorded: self._decided(sealed, recorded))

    def _decided(self, command: LegalNoteCommand, recorded: Sequence[Recorded]) -> DecidedEvents:
        event = self._decide(command, recorded)
        return DecidedEvents("legal_note", () if event is None else (event,))

    def _decide(self, command: LegalNoteCommand, recorded: Sequence[Recorded]) -> LegalNoteEvent | None:
        file = fold(cast("LegalNoteEvent", r.event) for r in recorded)
        adopted = self._legislation.edition(command.edition)
        if adopted is None:
            raise NotFound("edition", command.edition[:80])
        if isinstance(command, WithdrawLegalNote):
            return lawbook.withdraw_note(file, LegalNoteWithdrawn(legal_note=command.legal_note, reason=command.reason))
        edition, id = self._legislation.parsed(adopted), command.id or self._ids.new()
        if isinstance(command, SignOffEdition):
            signed = EditionSignedOff(
                legal_note=id, edition=edition.id, digest=command.digest, cite=command.cite, remark=command.remark
            )
            return lawbook.sign_off(file, edition, adopted.digest, signed)
        noted = ProvisionNoted(
            legal_note=id,
            edition=edition.id,
            digest=adopted.digest,
            text=command.text,
            cite=command.cite,
            replaces=command.replaces,
        )
        return lawbook.note_provision(file, edition, noted)


def _wanted(command: AdoptRulebook, known: Mapping[str, RulebookAdopted]) -> RulebookAdopted:
    """The adoption that is asked for. Raises ``Invalid``, ``NotFound``, or ``RulebookError`` for a file with faults."""
    if (command.edition is None) == (command.text is None):
        raise Invalid((FieldProblem("/edition", "one_of", sentence("casework.lawmaking.edition_or_text")),))
    text = command.text
    if text is None:
        found = known.get(command.edition or "")
        if found is None:
            raise NotFound("edition", command.edition or "")
        text = found.text

    def parent(id: str) -> Edition | None:
        return None if id not in known else parse_edition(known[id].text, id)

    edition = sound_edition(text, command.edition or "text", parent)
    return RulebookAdopted(
        id=edition.id,
        regime=edition.regime,
        digest=digest(text),
        text=text,
        in_force_on=command.in_force_on,
        until_on=command.until_on,
        reason=command.reason,
        document=command.document,
        adopted_on=command.adopted_on,
    )


def sound_edition(text: str, source: str, parent: Callable[[str], Edition | None]) -> Edition:
    """The edition a text writes down, linted; ``parent`` finds the one it stands on, by its id.

    Raises ``RulebookError`` with every fault.
    """
    edition = parse_edition(text, source)
    faults = lint(edition, text, None if edition.parent is None else parent(edition.parent))
    if faults:
        raise RulebookError(source, faults)
    return edition


def _official(command: LoadOfficialText, known: RulebookAdopted | None) -> OfficialTextLoaded:
    """The event of a wording that has every article its edition cites."""
    if known is None:
        raise NotFound("edition", command.edition)
    edition = parse_edition(known.text, known.id)
    lacking = missing(wording_of(command.text, edition), edition)
    if lacking:
        raise Refused(
            "text_does_not_fit",
            sentence("casework.lawmaking.text_does_not_fit", id=known.id, lacking=lacking),
            *lacking,
        )
    return OfficialTextLoaded(id=known.id, regime=known.regime, digest=digest(command.text), text=command.text)


def _calendar(command: AdoptCalendar) -> CalendarAdopted:
    both = set(command.days.rest) & set(command.days.working)
    foreign = [d for d in (*command.days.rest, *command.days.working) if abs(d.year - command.year) > 1]
    if both or foreign:
        raise Invalid(
            tuple(
                FieldProblem(
                    "/days",
                    "contradiction",
                    sentence("casework.lawmaking.contradiction", day=d),
                )
                for d in sorted(both)
            )
            + tuple(
                FieldProblem("/days", "other_year", sentence("casework.lawmaking.other_year", day=d, year=command.year))
                for d in foreign
            )
        )
    year = CalendarYear(
        year=command.year,
        rest_days=tuple(sorted(set(command.days.rest))),
        working_days=tuple(sorted(set(command.days.working))),
        paper=command.paper,
        published_on=command.published_on,
    )
    return CalendarAdopted(calendar=year)
