"""The case file of one subject: its stream, its state and how events change it.

``evolve`` folds the events of one stream in order into a ``CaseFile``. It is total: it raises on no sequence of
events, reads no clock, and what refers to something absent from the file leaves the file as it is. The state is
owned by the fold that builds it; nobody else changes it.

What is on record about one matter has a module of its own with its own ``evolve`` (``registration``, ``facts``,
``warnings``, ``repairs``, ``objections``, ``letters``, ``records``), named like that of its events. All kinds of
subjects share them: which acts a practitioner or a client may have on file is for the law to say, not for the fold.

A file into which another one was joined reads as if all of it had been recorded on one file in the same order: what the
joining carries takes its place among the file's own events. The registration stays the file's own. What compares
results with what they rested on asks for the file on which a result was given (``file_then``, ``known_to``).
"""

import copy
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn, TypeVar, assert_never, cast, get_args

import msgspec

from domain.aggregates import evidence, facts, letters, objections, registration, repairs, warnings
from domain.aggregates.evidence import EvidenceFile, EvidenceStep
from domain.aggregates.facts import FactFile, FactRecord, FactStep, Papers
from domain.aggregates.joining import Joining, JoiningsOfFile, Origin, joinings_in, merged
from domain.aggregates.letters import LetterFile, LetterStep
from domain.aggregates.objections import CommentFile, ObjectionFile, ObjectionStep
from domain.aggregates.records import RecordFile
from domain.aggregates.registration import RegistrationFile
from domain.aggregates.repairs import RepairFile, RepairStep
from domain.aggregates.warnings import WarningFile, WarningStep
from domain.events.certificates import CertificateIssued, CertificateRequested
from domain.events.cohorts import CohortPlace
from domain.events.evaluation import (
    DeliveryRecorded,
    RecordRetracted,
    ResultAdjusted,
    ScopeResumed,
    ScopeSuspended,
    StageRecorded,
)
from domain.events.event import Event, OwnRecord
from domain.events.facts import (
    ClientOutcomeRecorded,
    EnhancementRecorded,
    FactRecorded,
    FactSetAside,
    NationalRepairRecorded,
    RectificationConfirmed,
)
from domain.events.joining import CarriedEvent, EntryEvent, FileEvent, FileJoinedInto, FilesJoined
from domain.events.objections import CommentDecided, CommentRecorded, ObjectionDecided, ObjectionFiled
from domain.events.papers.evidence import EvidenceReceived
from domain.events.papers.letters import LetterDrafted
from domain.events.registration import (
    AgencyRegistered,
    ClientRegistered,
    EmploymentRecorded,
    ExpertRegistered,
    PractitionerRegistered,
    Registered,
    SubjectChanged,
)
from domain.events.repairs import RepairApplied, RepairCommitted
from domain.events.warnings import (
    WarningIssued,
)
from domain.time import Instant, legal_day
from domain.values import folded

RecordStep = FactStep | WarningStep | RepairStep | ObjectionStep | LetterStep | EvidenceStep
"""What happens to a record on file."""

CaseEvent = FileEvent
"""Every event of a subject's stream."""

Undoable = (
    WarningIssued
    | RepairCommitted
    | RepairApplied
    | EnhancementRecorded
    | StageRecorded
    | ResultAdjusted
    | ObjectionFiled
    | CommentRecorded
    | CertificateRequested
    | CertificateIssued
    | EmploymentRecorded
    | ScopeSuspended
    | ScopeResumed
    | FactSetAside
    | RectificationConfirmed
    | NationalRepairRecorded
    | ClientOutcomeRecorded
    | FilesJoined
    | LetterDrafted
    | EntryEvent
)
"""Records with an id of their own that ``retract_record`` can take back."""

Entry = TypeVar("Entry", bound=OwnRecord)


class CaseFile(RegistrationFile, eq=False):
    """Everything on record about one subject, folded from its stream. ``version`` counts the events.

    ``events`` and ``instants`` are what it was folded from, so that it can be read as it stood when a result was given
    (``file_then``); ``history`` has what was joined to the file among them. ``joinings`` are those of other files to
    this one that stand, by their ids, ``origins`` the files on which the records that came with them were recorded.
    ``joined_into`` is set on a file that goes on in another one: nothing else is on it then. ``places`` are its places
    in the rankings of its cohort, which stand in the cohort's stream: whoever reads the file for a regime that ranks
    puts them there. ``judged`` is for whoever grades the file: what was found of its facts under a law, by regime; it
    is gone as soon as something happens to the file. Whoever wants other facts on a file takes ``with_facts``.
    """

    version: int = 0
    events: list[CaseEvent] = msgspec.field(default_factory=list)
    instants: list[Instant] = msgspec.field(default_factory=list)
    history: list[CaseEvent] = msgspec.field(default_factory=list)
    joinings: dict[str, Joining] = msgspec.field(default_factory=dict)
    joined_into: FileJoinedInto | None = None
    origin: Origin | None = None
    origins: dict[str, str] = msgspec.field(default_factory=dict)
    facts: dict[str, FactFile] = msgspec.field(default_factory=dict)
    judged: dict[str, object] = msgspec.field(default_factory=dict)
    warnings: dict[str, WarningFile] = msgspec.field(default_factory=dict)
    repairs: dict[str, RepairFile] = msgspec.field(default_factory=dict)
    enhancements: dict[str, RecordFile[EnhancementRecorded]] = msgspec.field(default_factory=dict)
    stages: dict[str, RecordFile[StageRecorded]] = msgspec.field(default_factory=dict)
    adjustments: dict[str, RecordFile[ResultAdjusted]] = msgspec.field(default_factory=dict)
    objections: dict[str, ObjectionFile] = msgspec.field(default_factory=dict)
    evidence: dict[str, EvidenceFile] = msgspec.field(default_factory=dict)
    comments: dict[str, CommentFile] = msgspec.field(default_factory=dict)
    certificates: dict[str, RecordFile[CertificateRequested | CertificateIssued]] = msgspec.field(default_factory=dict)
    letters: dict[str, LetterFile] = msgspec.field(default_factory=dict)
    entries: dict[str, RecordFile[EntryEvent]] = msgspec.field(default_factory=dict)
    papers: Papers = msgspec.field(default_factory=Papers)
    places: tuple[CohortPlace, ...] = ()
    scope: tuple[ScopeSuspended | ScopeResumed, ...] = ()
    records: dict[str, Undoable] = msgspec.field(default_factory=dict)
    retracted_records: frozenset[str] = frozenset()

    def begin(self) -> None:
        """Nothing is on file yet, whatever has happened."""
        empty = CaseFile(self.subject)
        for name in self.__struct_fields__:
            if name not in _TOLD:
                setattr(self, name, getattr(empty, name))
        self.history = self.events

    @property
    def joined(self) -> tuple[str, ...]:
        """The subjects whose files were joined to this one, in the order of their joining."""
        return tuple(joining.event.joined for joining in self.joinings.values())

    def known_on(self, file: FactFile) -> set[dt.date]:
        """The days on which a fact may have become known to a result: of its recording, and of joinings since."""
        return {
            legal_day(at) for at in (file.recorded_at, *(joining.recorded_at for joining in self.joinings.values()))
        }

    def before(self, record: str) -> list[CaseEvent]:
        """The events that came before a record on the file on which it was recorded; all of them where none brought it
        there."""
        origin = self.origins.get(record)
        events = self.events if origin is None else [c.event for c in self.carried_from(origin)]
        at = next((n for n, e in enumerate(events) if e.introduced_id == record), len(events))
        return events[:at]

    def carried_from(self, origin: str) -> tuple[CarriedEvent, ...]:
        """Everything that was on a file when it was joined to this one, in order."""
        return next((j.event.carried for j in self.joinings.values() if j.event.joined == origin), ())

    def facts_of_paper(self, document: str) -> list[FactFile]:
        """The standing facts that rest on the paper of that number, compared folded, in order of recording."""
        number = folded(document)
        facts = self.papers.facts_of(number, self.history)
        if not facts:
            return []
        found = (self.facts.get(fact) for fact in facts)
        return [f for f in found if f is not None and folded(f.record.document) == number and not f.is_void]

    def entries_of(self, kind: type[Entry], regime: str) -> list[Entry]:
        """The standing records of one kind under a regime, in order of recording."""
        return [
            f.event
            for f in self.entries.values()
            if isinstance(f.event, kind) and not f.retracted and f.event.regime == regime
        ]

    def copied(self) -> "CaseFile":
        """A file with tables of its own; what stands in them is shared."""
        new = copy.copy(self)
        for name in self.__struct_fields__:
            value = getattr(self, name)
            # What is neither table nor list is replaced when something changes, and never changed in place.
            setattr(new, name, value.copy() if isinstance(value, _TABLES) else value)
        new.judged = {}
        return new

    def with_facts(self, facts: dict[str, FactFile]) -> "CaseFile":
        """The same file with these facts alone; everything else is shared."""
        new = copy.copy(self)
        new.facts, new.judged = facts, {}
        return new


_OF_JOINING: Final = frozenset({FilesJoined, FileJoinedInto, RecordRetracted})
_OF_ITS_OWN: Final = (*get_args(Registered), SubjectChanged, FilesJoined, FileJoinedInto)
"""Events of a file that say who its subject is, and where else it is read: nothing of another file."""

_TABLES: Final = (dict, list)
_TOLD: Final = ("subject", "version", "events", "instants")
"""What of a file says what has happened, and not what is on it."""


def fold(subject: str, events: Iterable[tuple[CaseEvent, Instant]]) -> CaseFile:
    """The case file after ``events`` (each with its recording instant), in the order of the stream."""
    case = CaseFile(subject)
    # One list serves for both, unless another file comes to be joined to this one.
    case.history = case.events
    fold_on(case, events)
    return case


def fold_on(case: CaseFile, events: Iterable[tuple[CaseEvent, Instant]]) -> None:
    """Let further events change the file, in the order of the stream: as ``evolve`` does with each."""
    told, instants, history, recorded = case.events, case.instants, case.history, case.facts
    case.judged, goes_on = {}, case.joined_into is None
    for event, recorded_at in events:
        if type(event) is FactRecorded and goes_on:
            # Most events are: as in ``evolve``, without a call for each.
            told.append(event)
            instants.append(recorded_at)
            if history is not told:
                history.append(event)
            recorded.setdefault(event.fact, FactFile(event.fact, event, event, recorded_at))
        else:
            case.version = len(told)
            evolve(case, event, recorded_at)
            # A joining, and its end, fold the file anew.
            history, recorded, goes_on = case.history, case.facts, case.joined_into is None
    case.version = len(told)


def as_of_version(case: CaseFile, version: int) -> CaseFile:
    """The file after its first ``version`` events, with the same places; all of it when it has no more."""
    if version >= case.version:
        return case
    then = fold(case.subject, zip(case.events[:version], case.instants[:version], strict=True))
    then.places = case.places
    return then


def file_then(case: CaseFile, record: str, version: int) -> CaseFile:
    """The file on which a record was recorded, after its first ``version`` events, with the places of ``case``: one
    that was joined to it reads as it did by itself."""
    origin = case.origins.get(record)
    if origin is None:
        return as_of_version(case, version)
    then = fold(origin, ((c.event, c.instant) for c in case.carried_from(origin)[:version]))
    then.places = case.places
    return then


def evolve(case: CaseFile, event: CaseEvent, recorded_at: Instant) -> None:
    """Let ``event``, recorded at ``recorded_at``, change the file. Never raises."""
    case.version += 1
    case.events.append(event)
    case.instants.append(recorded_at)
    if case.judged:
        case.judged = {}
    # Asked by class: of every event, and to ask for instances takes several times as long.
    if type(event) in _OF_JOINING and _moves(case, event):
        _fold_anew(case)
    elif case.joined_into is None:
        _happen(case, event, recorded_at)


def _moves(case: CaseFile, event: CaseEvent) -> bool:
    """Whether an event joins files, or takes back a joining that stands: of another to this one, or of this one."""
    if not isinstance(event, RecordRetracted):
        return isinstance(event, FilesJoined | FileJoinedInto)
    gone = case.joined_into
    return event.record in case.joinings or (gone is not None and gone.record == event.record)


def _fold_anew(case: CaseFile) -> None:
    """Fold the file from its own events with what is joined to it; nothing is on one that was joined to another."""
    found: JoiningsOfFile = joinings_in(case.events, case.instants)
    places = case.places
    case.begin()
    case.places = places
    case.joined_into = found.into
    if found.into is not None:
        return
    case.joinings = {joining.event.record: joining for joining in found.joinings}
    case.history = []
    for line in merged(case.events, case.instants, found.joinings):
        case.origin = line.origin
        _happen(case, line.event, line.recorded_at)
    case.origin = None
    if not found.joinings:
        case.history = case.events


def _happen(case: CaseFile, event: CaseEvent, recorded_at: Instant) -> None:
    """Let an event of the history of the file change it."""
    if case.history is not case.events:
        case.history.append(event)
    if case.origin is not None:
        if isinstance(event, _OF_ITS_OWN):
            return
        if event.introduced_id is not None:
            case.origins[event.introduced_id] = case.origin.subject
    take = _STEPS.get(type(event))
    if take is not None:
        # Looked up, since to ask unions takes longer than everything that follows.
        take(case, event, recorded_at)
        return
    match event:
        case FactRecorded():
            case.facts.setdefault(event.fact, FactFile(event.fact, event, event, recorded_at, case.origin))
        case EmploymentRecorded():
            registration.evolve(case, event, recorded_at)
            case.records[event.employment] = event
        case WarningIssued():
            _issue(case, event)
        case StageRecorded():
            case.stages.setdefault(event.record, RecordFile(event, recorded_at, case.origin))
            case.records[event.record] = event
        case OwnRecord():
            case.entries.setdefault(event.record, RecordFile(event, recorded_at, case.origin))
            case.records[event.record] = event
        case AgencyRegistered() | PractitionerRegistered() | ExpertRegistered() | ClientRegistered() | SubjectChanged():
            registration.evolve(case, event, recorded_at)
        case RepairCommitted() | RepairApplied():
            _ask(case, event)
        case ObjectionFiled() | CommentRecorded():
            _object(case, event)
        case EvidenceReceived():
            case.evidence.setdefault(event.evidence, EvidenceFile(event, recorded_at, case.origin))
        case CommentDecided():
            _decide_comment(case, event)
        case EnhancementRecorded():
            case.enhancements.setdefault(event.record, RecordFile(event, recorded_at, case.origin))
            case.records[event.record] = event
        case DeliveryRecorded():
            step = case.stages.get(event.record)
            if step is not None:
                step.event = msgspec.structs.replace(step.event, received_on=event.received_on)
        case ResultAdjusted():
            case.adjustments.setdefault(event.record, RecordFile(event, recorded_at, case.origin))
            case.records[event.record] = event
        case CertificateRequested() | CertificateIssued():
            case.certificates.setdefault(event.record, RecordFile(event, recorded_at, case.origin))
            case.records[event.record] = event
        case ScopeSuspended() | ScopeResumed():
            case.scope = (*case.scope, event)
            _keep(case, event)
        case RecordRetracted():
            _retract_record(case, event.record, recorded_at)
        case LetterDrafted():
            _draft(case, event)
        case FilesJoined():
            case.records[event.record] = event
        case FileJoinedInto():
            # One that stands leaves nothing on the file.
            return
        case _:
            # The type checker does not follow the table: here it sees that nothing else is left.
            _no_step(event)


def _no_step(event: RecordStep) -> NoReturn:
    raise AssertionError(f"{type(event).__name__} has no place in the table of steps")


_FACT_RECORDS: Final = frozenset(get_args(FactRecord))


def _keep(case: CaseFile, event: FactRecord | ScopeSuspended | ScopeResumed) -> None:
    if event.record is not None:
        case.records[event.record] = event


def _evolve_fact(case: CaseFile, event: FactStep, recorded_at: Instant) -> None:
    fact = case.facts.get(event.fact)
    if fact is not None:
        facts.evolve(fact, event, len(case.history), recorded_at)
        if type(event) in _FACT_RECORDS:
            _keep(case, cast("FactRecord", event))


def _issue(case: CaseFile, event: WarningIssued) -> None:
    """A warning about a fact that is on file."""
    fact = case.facts.get(event.fact)
    if fact is not None and event.warning not in case.warnings:
        warning = WarningFile(event)
        case.warnings[event.warning] = warning
        case.records[event.warning] = event
        fact.warnings = (*fact.warnings, warning)
        fact.touched = True


def _evolve_warning(case: CaseFile, event: WarningStep, _: Instant) -> None:
    warning = case.warnings.get(event.warning)
    if warning is not None:
        warnings.evolve(warning, event)


def _ask(case: CaseFile, event: RepairCommitted | RepairApplied) -> None:
    """A repair, of those of its facts that are on file."""
    if event.repair in case.repairs:
        return
    repair = RepairFile(event, len(case.history))
    case.repairs[event.repair] = repair
    case.records[event.repair] = event
    for fact in event.facts:
        file = case.facts.get(fact)
        if file is not None:
            file.repairs = (*file.repairs, repair)
            file.touched = True


def _evolve_repair(case: CaseFile, event: RepairStep, recorded_at: Instant) -> None:
    repair = case.repairs.get(event.repair)
    if repair is not None:
        repairs.evolve(repair, event, len(case.history), recorded_at)


def _evolve_objection(case: CaseFile, event: ObjectionStep, _: Instant) -> None:
    objection = case.objections.get(event.objection)
    if objection is not None:
        objections.evolve(objection, event)


def _decide_comment(case: CaseFile, event: CommentDecided) -> None:
    comment = case.comments.get(event.comment)
    if comment is not None:
        objections.evolve_comment(comment, event)


def _draft(case: CaseFile, event: LetterDrafted) -> None:
    case.letters.setdefault(event.letter, LetterFile(event))
    case.records.setdefault(event.letter, event)


def _evolve_letter(case: CaseFile, event: LetterStep, _: Instant) -> None:
    letter = case.letters.get(event.letter)
    if letter is not None:
        letters.evolve(letter, event)


def _evolve_evidence(case: CaseFile, event: EvidenceStep, _: Instant) -> None:
    piece = case.evidence.get(event.evidence)
    if piece is not None:
        evidence.evolve(piece, event)


_STEPS: Final[Mapping[type[Event], Callable[[CaseFile, Any, Instant], None]]] = {
    **dict.fromkeys(get_args(FactStep), _evolve_fact),
    **dict.fromkeys(get_args(WarningStep), _evolve_warning),
    **dict.fromkeys(get_args(RepairStep), _evolve_repair),
    **dict.fromkeys(get_args(ObjectionStep), _evolve_objection),
    **dict.fromkeys(get_args(LetterStep), _evolve_letter),
    **dict.fromkeys(get_args(EvidenceStep), _evolve_evidence),
}
"""What each kind of step does to the record on file; the module of its matter knows each of its steps."""


def _object(case: CaseFile, event: ObjectionFiled | CommentRecorded) -> None:
    """An objection, or a comment of the public."""
    if isinstance(event, ObjectionFiled):
        case.objections.setdefault(event.objection, ObjectionFile(event))
        case.records[event.objection] = event
    else:
        case.comments.setdefault(event.comment, CommentFile(event))
        case.records[event.comment] = event


def _retract_record(case: CaseFile, record: str, at: Instant) -> None:
    event = case.records.get(record)
    if event is None:
        return
    case.retracted_records |= {record}
    match event:
        case WarningIssued():
            case.warnings[record].retracted = True
        case RepairCommitted() | RepairApplied():
            case.repairs[record].retracted = True
        case EnhancementRecorded():
            case.enhancements[record].retracted_at = at
        case StageRecorded():
            case.stages[record].retracted_at = at
        case ResultAdjusted():
            case.adjustments[record].retracted_at = at
        case ObjectionFiled():
            case.objections[record].retracted = True
            _restore(case, record, case.objections[record].decided)
        case CommentRecorded():
            case.comments[record].retracted = True
            _restore(case, record, case.comments[record].decided)
        case CertificateRequested() | CertificateIssued():
            case.certificates[record].retracted_at = at
        case EmploymentRecorded():
            registration.take_back(case, event)
        case ScopeSuspended() | ScopeResumed():
            case.scope = tuple(move for move in case.scope if move != event)
        case FactSetAside() | RectificationConfirmed() | NationalRepairRecorded() | ClientOutcomeRecorded():
            facts.take_back(case.facts[event.fact], event)
        case FilesJoined() | LetterDrafted():
            # The file is folded anew without a joining; a letter is withdrawn, never taken back.
            return
        case OwnRecord():
            case.entries[record].retracted_at = at
        case _:
            assert_never(event)


def _restore(case: CaseFile, record: str, decided: ObjectionDecided | CommentDecided | None) -> None:
    """Let the facts stand again that a decision set aside: what it decided on was recorded in error, so there never was
    such a decision."""
    for fact in () if decided is None else decided.sets_aside:
        file = case.facts.get(fact)
        undone = None if file is None else file.set_aside
        if file is not None and undone is not None and _is_by_decision(undone, record):
            file.set_aside = None


def _is_by_decision(undone: FactSetAside, record: str) -> bool:
    """Whether an annulment came with the decision on an objection or comment; earlier ones say so by their paper."""
    if undone.decision is not None:
        return undone.decision == record
    return undone.document is not None and undone.document.endswith(f" {record}")
