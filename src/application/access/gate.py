"""The wall: whether a principal may do an operation, and whether the file that is touched is within reach.

A file of another place is answered as one that does not exist, so that nobody learns from a refusal what there is. A
principal without a role meets no wall.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from application.access.reading_place import EVERYWHERE
from application.access.roles import PUBLIC, RoleReach, RoleTable
from application.answering.case_files import with_joined
from application.cache import Remembered
from application.law.legislation import Legislation
from application.ports import Clock, Journal, Recorded
from application.principal import Principal
from application.recording.commands import AdoptCalendar, Command, LawCommand, LegalNoteCommand
from application.recording.preparation import OPENING
from domain.aggregates.advisories import ADVISORY_STREAMS, CITY_STREAMS
from domain.aggregates.casefile import CaseFile, fold
from domain.aggregates.cohort import COHORT_STREAMS
from domain.errors import NotFound
from domain.events.registration import (
    AgencyRegistered,
    ClientRegistered,
    ExpertRegistered,
    PractitionerRegistered,
    SubjectChanged,
)
from domain.places import is_within
from domain.procedures.evaluation import RetractRecord
from domain.procedures.papers.letters import LETTER_OFFICE_COMMANDS
from domain.procedures.registration import JoinFiles
from domain.procedures.request import SubjectRequest
from domain.time import legal_day
from domain.vocabulary import PERSONS

_KEPT: Final = 100_000


def holds(place: str | None, code: str) -> bool:
    """Whether a place is a region or contains it; no place contains nothing."""
    return place == EVERYWHERE or (bool(place) and is_within(code, place or ""))


class Gate:
    """Holds principals against the table of roles and the places of files. Safe to share between threads."""

    def __init__(self, table: RoleTable, journal: Journal, legislation: Legislation, clock: Clock) -> None:
        self.table = table
        self._journal = journal
        self._legislation = legislation
        self._clock = clock
        # Who could read a file goes on reading it, so that what was found once stays so.
        self._persons: Remembered[str, bool] = Remembered(_KEPT)
        self._readable: Remembered[tuple[str | None, str], bool] = Remembered(_KEPT)

    # --- questions ----------------------------------------------------------------------------------------

    def must_read(self, by: Principal, reach: RoleReach, stream: str) -> None:
        """Raise ``NotFound`` when a file is not within reach of somebody who reads, and never was."""
        subject = stream.removeprefix(ADVISORY_STREAMS)
        if reach == "own" and subject != by.subject:
            raise NotFound("subject", subject)
        if reach != "place" or self._readable.get((by.place, subject)):
            return
        rows = self._journal.stream(subject)
        if any(holds(by.place, code) for code in _places(rows)):
            self._readable.keep((by.place, subject), value=True)
        elif not any(holds(by.place, code) for code in _places(with_joined(rows))):
            # What was joined to a file may be taken back: who reads it by that alone is looked at again.
            raise NotFound("subject", subject)

    def must_read_record(self, by: Principal, reach: RoleReach, record: str) -> None:
        """Raise ``NotFound`` when the file on which a record stands is not within reach. Of a record that nobody knows
        whoever answers says so."""
        owner = self._journal.owner_of(record)
        if owner is not None and not owner.startswith(COHORT_STREAMS):
            self.must_read(by, reach, owner)

    def is_person(self, stream: str) -> bool:
        """Whether a file is that of a natural person."""
        found = self._persons.get(stream)
        if found is None:
            kind = self._journal.file(stream).kind
            if kind is None:
                return False
            found = self._persons.keep(stream, kind in PERSONS)
        return found

    def region(self, by: Principal, reach: RoleReach, asked: str | None) -> str | None:
        """The region that a list shows: the one asked for when it is within reach, else the principal's own place;
        ``None`` for everywhere. Raises ``NotFound`` for a region out of reach."""
        if reach != "place":
            return asked
        if asked is None:
            return None if by.place == EVERYWHERE else by.place
        if not holds(by.place, asked):
            raise NotFound("region", asked)
        return asked

    # --- commands -----------------------------------------------------------------------------------------

    def permit(self, by: Principal, command: Command) -> None:
        """Let somebody record what they ask for. Raises ``Forbidden`` for what their role may not, or for a file that
        belongs to another place today, and ``NotFound`` for one that always did."""
        if by.role is None:
            return
        name = str(command.__struct_config__.tag)
        reach = self.table.permit(by, name)
        if reach == "place":
            self._permit_place(by, command, name)
        elif reach == "regime":
            self.permit_regions(by, name, regions_of(command, self._legislation))

    def permit_in(self, by: Principal, operation: str, region: str) -> None:
        """Let somebody do what they ask for in a region. Raises ``Forbidden``."""
        if by.role is not None:
            self.table.permit(by, operation)
            self.permit_regions(by, operation, (region,))

    def permit_regions(self, by: Principal, operation: str, regions: Iterable[str]) -> None:
        """Raise ``Forbidden`` unless all regions lie within the place of somebody with a role."""
        if by.role is not None and not all(holds(by.place, code.ljust(6, "0")) for code in regions):
            raise self.table.forbidden(by.role, operation, "other_place")

    def _permit_place(self, by: Principal, command: Command, name: str) -> None:
        region = getattr(command, "region", None) if isinstance(command, OPENING) else getattr(command, "city", None)
        if isinstance(command, LETTER_OFFICE_COMMANDS):
            region = command.bureau[:6]
        if region is not None:
            self.permit_regions(by, name, (region,))
        for stream in self._streams(command):
            if stream.startswith(CITY_STREAMS):
                self.permit_regions(by, name, (stream.removeprefix(CITY_STREAMS)[:6],))
                continue
            if stream.startswith(COHORT_STREAMS):
                self.permit_regions(by, name, self._legislation.regions_of(stream.removeprefix(COHORT_STREAMS)))
                continue
            subject = stream.removeprefix(ADVISORY_STREAMS)
            recorded = self._journal.stream(subject)
            if not recorded:
                # Whoever decides the command says that there is no such file.
                continue
            today = legal_day(self._clock.now())
            if holds(by.place, _folded(subject, recorded).region_on(today)):
                continue
            if any(holds(by.place, code) for code in _places(with_joined(recorded))):
                raise self.table.forbidden(by.role or PUBLIC, name, "moved_away")
            raise NotFound("subject", subject)

    def _streams(self, command: Command) -> Iterator[str]:
        """The files that a command touches."""
        if isinstance(command, SubjectRequest):
            yield command.subject
            if isinstance(command, JoinFiles):
                yield command.joined
        elif isinstance(command, OPENING):
            if command.id is not None:
                yield command.id
        elif command.named:
            owner = self._journal.owner_of(command.named)
            if owner is not None:
                yield owner
                if isinstance(command, RetractRecord):
                    joining = self._journal.file(owner).joinings.get(command.record)
                    yield from () if joining is None else (joining.event.joined,)


def regions_of(command: Command, legislation: Legislation) -> Iterable[str]:
    """The beginnings of the codes of all regions for which a command about a whole regime, its law, or what is said of
    that, is; none for every other command, and for a calendar, which is everybody's."""
    if isinstance(command, LegalNoteCommand):
        return legislation.regions_changed(edition=command.edition)
    if not isinstance(command, LawCommand):
        return legislation.regions_of(str(getattr(command, "regime", "")))
    if isinstance(command, AdoptCalendar):
        return ()
    if command.edition is None:
        return () if command.text is None else legislation.regions_changed(text=command.text)
    return legislation.regions_changed(edition=command.edition)


def _folded(subject: str, recorded: Iterable[Recorded]) -> CaseFile:
    return fold(subject, ((r.event, r.recorded_at) for r in recorded if isinstance(r.event, _OF_REGISTRATION)))


def _places(recorded: Iterable[Recorded]) -> Iterator[str]:
    """Every place that a file was registered in."""
    for row in recorded:
        if isinstance(row.event, _OF_REGISTRATION) and row.event.region is not None:
            yield row.event.region


_OF_REGISTRATION: Final = (
    AgencyRegistered,
    ClientRegistered,
    ExpertRegistered,
    PractitionerRegistered,
    SubjectChanged,
)
