"""Letters among the departments, about the internal notices of an agency: they stand with those, beside its file.

Whoever reads the agency's file cannot come upon them: not by a line, not by a version.
"""

from collections.abc import Callable, Sequence

import msgspec

from application.answering.case_files import case_file
from application.law.legislation import Legislation
from application.papers.letters.desk import LetterDesk, advisories_in, issued_in
from application.ports import Ids, Journal, Recorded, Vault
from application.prose import sealed_with
from application.recording.commands import Command
from application.recording.outcomes import Outcome
from application.recording.writer import CommandAsked, DecidedEvents, StreamWork, Writer
from domain.aggregates.advisories import ADVISORY_STREAMS, AdvisoryFile, stream_of
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import NotFound, Refused
from domain.law.regime import RegimeLaw
from domain.procedures.papers.letters import (
    DraftLetter,
    IssueLetter,
    LetterRequest,
    ReviseLetter,
    ServeLetter,
    WithdrawLetter,
    draft_letter,
    letter_of,
    revise_letter,
    serve_letter,
    withdraw_letter,
)
from domain.time import legal_day


class InternalLetters:
    """The use case of letters about internal notices. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        ids: Ids,
        legislation: Legislation,
        law: Callable[[str], RegimeLaw],
        now: Callable[[], int],
        desk: Callable[[], LetterDesk],
    ) -> None:
        """``law`` gives the law of a regime as it is known now, ``desk`` where letters are written."""
        self._journal = journal
        self._vault = vault
        self._ids = ids
        self._law = law
        self._now = now
        self._desk = desk
        self._writer = Writer(journal, vault, legislation)

    def is_of(self, command: Command) -> bool:
        """Whether a command is about such a letter."""
        if isinstance(command, DraftLetter):
            return command.kind == "assistance_notice"
        if not isinstance(command, LetterRequest):
            return False
        owner = self._journal.owner_of(command.letter)
        return owner is not None and owner.startswith(ADVISORY_STREAMS)

    def carry_out(self, command: DraftLetter | LetterRequest, asked: CommandAsked) -> Outcome:
        """Decide and record one command. Raises the errors of ``domain.errors``; then nothing is stored."""
        return self._writer.write(asked, lambda: self._begun(command))

    def _begun(self, command: DraftLetter | LetterRequest) -> StreamWork:
        stream = stream_of(command.subject) if isinstance(command, DraftLetter) else self._owner(command)
        sealed, key = sealed_with(command, self._vault.sealing_key, stream)
        return StreamWork(
            stream, key, lambda: self._journal.stream(stream), lambda recorded: self._decided(sealed, stream, recorded)
        )

    def _owner(self, command: LetterRequest) -> str:
        owner = self._journal.owner_of(command.letter)
        if owner is None:
            raise NotFound("letter", command.letter)
        return owner

    def _decided(
        self, command: DraftLetter | LetterRequest, stream: str, recorded: Sequence[Recorded]
    ) -> DecidedEvents:
        subject = stream.removeprefix(ADVISORY_STREAMS)
        desk, file = self._desk(), advisories_in(recorded)
        case = with_internal_letters(case_file(subject, self._journal.stream(subject)), file)
        if case.kind is None:
            raise NotFound("subject", subject)
        regime = command.regime if isinstance(command, DraftLetter) else letter_of(case, command.letter).drafted.regime
        law = self._law(regime)
        try:
            events = self._events(case, command, law, desk, file)
        except Refused as refused:
            raise law.grounded(refused, legal_day(self._now()), case.kind) from None
        named = tuple(self._with_id(event) for event in events)
        letter = issued_in(named)
        finish = None if letter is None else lambda decided: _finished(desk, case, decided)
        return DecidedEvents("advisory", named, finish=finish)

    def _events(
        self,
        case: CaseFile,
        command: DraftLetter | LetterRequest,
        law: RegimeLaw,
        desk: LetterDesk,
        file: AdvisoryFile,
    ) -> Sequence[CaseEvent]:
        today = legal_day(self._now())
        match command:
            case DraftLetter():
                standing = [id for id in file.notices if id not in file.retracted]
                return draft_letter(case, command, law, today, standing)
            case ReviseLetter():
                return revise_letter(case, command, today)
            case IssueLetter():
                return desk.issue(case, command, law, today)
            case ServeLetter():
                return serve_letter(case, command, law, today)
            case WithdrawLetter():
                return withdraw_letter(case, command, today)
            case _:
                raise AssertionError("every command about a letter is one of these")

    def _with_id(self, event: CaseEvent) -> CaseEvent:
        field = event.introduces
        if field is None or getattr(event, field):
            return event
        return msgspec.structs.replace(event, **{field: self._ids.new()})


def _finished(desk: LetterDesk, case: CaseFile, decided: DecidedEvents) -> DecidedEvents:
    letter = issued_in(decided.events)
    if letter is None:
        return decided
    kept, number = desk.finished(case, letter)
    return decided._replace(events=(kept,), linked=(*decided.linked, number))


def with_internal_letters(case: CaseFile, file: AdvisoryFile) -> CaseFile:
    """A file with the letters about its internal notices in the place of its own."""
    found = case.copied()
    found.letters = dict(file.letters)
    return found
