"""The state of one case file and how events change it.

``evolve`` folds the events of one stream in order into a ``CaseFile``. It is total: it raises on no sequence of
events, reads no clock, and what refers to something absent from the file leaves the file as it is. The state is
owned by the fold that builds it; nobody else changes it.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from decimal import Decimal
from itertools import islice
from typing import Generic, TypeVar, assert_never

import msgspec

from domain.events.certificates import CertificateIssued, CertificateRequested
from domain.events.cohorts import Place
from domain.events.evaluation import (
    AdjustmentGraded,
    DeliveryRecorded,
    RecordRetracted,
    ResultAdjusted,
    StageGraded,
    StageRecorded,
)
from domain.events.event import OwnRecord
from domain.events.facts import (
    ClientOutcomeRecorded,
    EnhancementRecorded,
    FactContested,
    FactCorrected,
    FactRecorded,
    FactRetracted,
    FactSetAside,
    FinalityRecorded,
    NationalRepairRecorded,
    RectificationConfirmed,
    same_paper,
)
from domain.events.filings import BusinessRecorded, CautionIssued, ChangeFiled, Filed, FindingRecorded, GradeRefused
from domain.events.intermediaries import (
    BlacklistListed,
    BlacklistRemoved,
    NotificationRegistered,
    OutcomeDecided,
    PoolEntered,
    PoolLeft,
    Reminded,
    ReviewRecorded,
)
from domain.events.objections import CommentDecided, CommentRecorded, ObjectionDecided, ObjectionFiled, ReviewExtended
from domain.events.participation import (
    CommitmentFiled,
    ParticipantIncluded,
    PioneerRecognised,
    RecordNoticeServed,
    SnapshotTaken,
)
from domain.events.registration import (
    KINDS,
    AgencyRegistered,
    ClientRegistered,
    EmploymentRecorded,
    ExpertRegistered,
    PractitionerRegistered,
    Registered,
    SubjectChanged,
)
from domain.events.repairs import RepairApplied, RepairCommitted, RepairConfirmed, RepairRefused, RepairRevoked
from domain.events.scope import ScopeResumed, ScopeSuspended
from domain.events.scores import ScoreRecorded
from domain.events.warnings import (
    RectificationRejected,
    RectificationReported,
    WarningConfirmed,
    WarningIssued,
    WarningWithdrawn,
)
from domain.time import Instant
from domain.values import folded
from domain.vocabulary import SubjectKind

EntryEvent = (
    ScoreRecorded
    | ParticipantIncluded
    | CommitmentFiled
    | RecordNoticeServed
    | PioneerRecognised
    | SnapshotTaken
    | Filed
    | ChangeFiled
    | BusinessRecorded
    | GradeRefused
    | CautionIssued
    | FindingRecorded
    | NotificationRegistered
    | Reminded
    | ReviewRecorded
    | OutcomeDecided
    | BlacklistListed
    | BlacklistRemoved
    | PoolEntered
    | PoolLeft
)
"""Records that stand for themselves: each has an id (``record``) and a ``regime``, and is read, never changed."""

CaseEvent = (
    Registered
    | SubjectChanged
    | EmploymentRecorded
    | FactRecorded
    | FactContested
    | FinalityRecorded
    | FactCorrected
    | FactRetracted
    | FactSetAside
    | RectificationConfirmed
    | NationalRepairRecorded
    | ClientOutcomeRecorded
    | EnhancementRecorded
    | WarningIssued
    | RectificationReported
    | WarningConfirmed
    | RectificationRejected
    | WarningWithdrawn
    | RepairCommitted
    | RepairApplied
    | RepairConfirmed
    | RepairRefused
    | RepairRevoked
    | StageRecorded
    | StageGraded
    | DeliveryRecorded
    | ResultAdjusted
    | AdjustmentGraded
    | ObjectionFiled
    | ReviewExtended
    | ObjectionDecided
    | CommentRecorded
    | CommentDecided
    | CertificateRequested
    | CertificateIssued
    | ScopeSuspended
    | ScopeResumed
    | RecordRetracted
    | EntryEvent
)
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
    | EntryEvent
)
"""Records with an id of their own that ``retract_record`` can take back."""


class WarningFile:
    """What is on record about one warning."""

    __slots__ = ("confirmed", "issued", "rejected", "reports", "retracted", "withdrawn")

    def __init__(self, issued: WarningIssued) -> None:
        self.issued = issued
        self.reports: tuple[RectificationReported, ...] = ()
        self.confirmed: WarningConfirmed | None = None
        self.rejected: RectificationRejected | None = None
        self.withdrawn = False
        self.retracted = False

    @property
    def stands(self) -> bool:
        """Whether the warning was neither withdrawn nor retracted."""
        return not (self.withdrawn or self.retracted)

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided on it yet."""
        return self.stands and self.confirmed is None and self.rejected is None


class RepairFile:
    """What is on record about one repair. ``takes_effect_on`` is the city bureau's confirmation, ``known_since`` when
    that was recorded.

    ``version``, ``origin_version`` and ``city_version`` are those of the file with the paper and with each
    confirmation: they tell what came first where instants are the same.
    """

    __slots__ = (
        "asked",
        "city_confirmed",
        "city_version",
        "known_since",
        "origin_confirmed",
        "origin_version",
        "refused",
        "retracted",
        "revoked",
        "version",
    )

    def __init__(self, asked: RepairCommitted | RepairApplied, version: int = 0) -> None:
        self.asked = asked
        self.version = version
        self.origin_confirmed: RepairConfirmed | None = None
        self.origin_version = 0
        self.city_confirmed: RepairConfirmed | None = None
        self.city_version = 0
        self.known_since: Instant = 0
        self.refused: RepairRefused | None = None
        self.revoked: RepairRevoked | None = None
        self.retracted = False

    @property
    def takes_effect_on(self) -> dt.date | None:
        """The first day on which the repaired facts no longer count; ``None`` while unconfirmed (art. 28)."""
        if self.retracted or self.revoked is not None or self.city_confirmed is None:
            return None
        return self.city_confirmed.confirmed_on

    def confirmed_on(self, version: int | None = None, *, by_either: bool) -> dt.date | None:
        """The day of the confirmation that was on record at a version of the file (``None``: the last); that of the
        authority that imposed the penalty is one too where the bureau's is not asked for (``by_either``)."""
        if self.retracted or self.revoked is not None:
            return None
        given = [(self.city_confirmed, self.city_version)]
        if by_either:
            given.append((self.origin_confirmed, self.origin_version))
        days = [c.confirmed_on for c, since in given if c is not None and (version is None or since <= version)]
        return min(days, default=None)


Undoing = FactRetracted | FactSetAside | ClientOutcomeRecorded
"""What can make a fact void."""


class FactFile:
    """What is on record about one fact: as recorded, as it reads now, and everything done to it. ``undos`` has what can
    have made it void, each with the version of the file that it gave."""

    __slots__ = (
        "client_outcomes",
        "contests",
        "corrections",
        "id",
        "national_repair",
        "nationally_repaired_at",
        "record",
        "recorded",
        "recorded_at",
        "rectification",
        "repairs",
        "retracted",
        "set_aside",
        "touched",
        "undos",
        "warnings",
    )

    def __init__(self, recorded: FactRecorded, recorded_at: Instant) -> None:
        self.id = recorded.fact
        self.recorded = recorded
        self.record = recorded
        self.recorded_at = recorded_at
        self.touched = False
        self.corrections: tuple[FactCorrected, ...] = ()
        self.contests: tuple[FactContested, ...] = ()
        self.retracted: FactRetracted | None = None
        self.set_aside: FactSetAside | None = None
        self.rectification: RectificationConfirmed | None = None
        self.national_repair: NationalRepairRecorded | None = None
        self.nationally_repaired_at: Instant = 0
        self.client_outcomes: tuple[ClientOutcomeRecorded, ...] = ()
        self.warnings: tuple[WarningFile, ...] = ()
        self.repairs: tuple[RepairFile, ...] = ()
        self.undos: tuple[tuple[Undoing, int], ...] = ()

    @property
    def is_void(self) -> bool:
        """Whether the fact was retracted or the decision behind it annulled, its own or the client's."""
        return (
            self.retracted is not None
            or self.set_aside is not None
            or any(o.kind == "revoked" for o in self.followed_outcomes)
        )

    def was_void(self, on: dt.date, version: int | None = None) -> bool:
        """Whether what makes the fact void was decided by a day and on record at a version of the file (``None``: the
        last). A retraction says that it never was, so it has no day."""
        revoking = [o for o in self.followed_outcomes if o.kind == "revoked"]
        return any(
            (version is None or since <= version)
            and (event in (self.retracted, self.set_aside) or event in revoking)
            and (isinstance(event, FactRetracted) or event.decided_on <= on)
            for event, since in self.undos
        )

    @property
    def followed_outcomes(self) -> tuple[ClientOutcomeRecorded, ...]:
        """What became of the client's decision to which the fact is linked as it reads now."""
        if not self.client_outcomes:
            return ()
        linked_to = self.record.linked_to
        return tuple(o for o in self.client_outcomes if o.decision is None or same_paper(o.decision, linked_to))

    def points_on(self, day: dt.date) -> Decimal | None:
        """The points of a linked or external fact on a day: the client's as last changed, from the beginning or from
        the day of the change."""
        points = self.record.points
        for outcome in sorted(self.followed_outcomes, key=lambda o: o.decided_on):
            if outcome.kind == "changed" and (outcome.effect == "ab_initio" or outcome.decided_on <= day):
                points = outcome.points
        return points


class ObjectionFile:
    """What is on record about one objection."""

    __slots__ = ("decided", "extensions", "filed", "retracted")

    def __init__(self, filed: ObjectionFiled) -> None:
        self.filed = filed
        self.extensions: tuple[ReviewExtended, ...] = ()
        self.decided: ObjectionDecided | None = None
        self.retracted = False


class CommentFile:
    """What is on record about one comment of the public."""

    __slots__ = ("decided", "recorded", "retracted")

    def __init__(self, recorded: CommentRecorded) -> None:
        self.recorded = recorded
        self.decided: CommentDecided | None = None
        self.retracted = False


RecordedEvent = TypeVar(
    "RecordedEvent",
    EnhancementRecorded,
    StageRecorded,
    ResultAdjusted,
    CertificateRequested | CertificateIssued,
    EntryEvent,
)
Entry = TypeVar("Entry", bound=OwnRecord)


class RecordFile(Generic[RecordedEvent]):
    """A record of its own (enhancing information, a step of an evaluation year, an adjustment, a certificate), and
    whether it was taken back."""

    __slots__ = ("event", "recorded_at", "retracted")

    def __init__(self, event: RecordedEvent, recorded_at: Instant) -> None:
        self.event: RecordedEvent = event
        self.recorded_at = recorded_at
        self.retracted = False


class Papers:
    """Which facts of a file a paper was ever on record for, by its folded number; read on when it is asked."""

    __slots__ = ("_facts", "_read")

    def __init__(self) -> None:
        self._facts: dict[str, dict[str, None]] = {}
        self._read = 0

    def facts_of(self, number: str, events: Sequence[CaseEvent]) -> Collection[str]:
        """The facts that had this paper by ``events``, in order of recording."""
        if self._read < len(events):
            for event in islice(events, self._read, None):
                if isinstance(event, FactRecorded):
                    self._facts.setdefault(folded(event.document), {})[event.fact] = None
                elif isinstance(event, FactCorrected) and isinstance(event.changes.document, str):
                    self._facts.setdefault(folded(event.changes.document), {})[event.fact] = None
            self._read = len(events)
        return self._facts.get(number, ())


class CaseFile:
    """Everything on record about one subject, folded from its stream. ``version`` counts the events.

    ``events`` and ``instants`` are what it was folded from, so that it can be read as it stood when a result was given
    (``as_of_version``). ``places`` are its places in the rankings of its cohort, which stand in the cohort's stream:
    whoever reads the file for a regime that ranks puts them there.
    """

    __slots__ = (
        "adjustments",
        "certificates",
        "changes",
        "comments",
        "employments",
        "enhancements",
        "entries",
        "events",
        "facts",
        "instants",
        "kind",
        "objections",
        "opened_at",
        "papers",
        "places",
        "records",
        "registration",
        "repairs",
        "retracted_records",
        "scope",
        "stages",
        "subject",
        "version",
        "warnings",
    )

    def __init__(self, subject: str) -> None:
        self.subject = subject
        self.version = 0
        self.events: list[CaseEvent] = []
        self.instants: list[Instant] = []
        self.kind: SubjectKind | None = None
        self.opened_at: Instant = 0
        self.registration: Registered | None = None
        self.changes: tuple[SubjectChanged, ...] = ()
        self.employments: dict[tuple[str, dt.date], EmploymentRecorded] = {}
        self.facts: dict[str, FactFile] = {}
        self.warnings: dict[str, WarningFile] = {}
        self.repairs: dict[str, RepairFile] = {}
        self.enhancements: dict[str, RecordFile[EnhancementRecorded]] = {}
        self.stages: dict[str, RecordFile[StageRecorded]] = {}
        self.adjustments: dict[str, RecordFile[ResultAdjusted]] = {}
        self.objections: dict[str, ObjectionFile] = {}
        self.comments: dict[str, CommentFile] = {}
        self.certificates: dict[str, RecordFile[CertificateRequested | CertificateIssued]] = {}
        self.entries: dict[str, RecordFile[EntryEvent]] = {}
        self.papers = Papers()
        self.places: tuple[Place, ...] = ()
        self.scope: tuple[ScopeSuspended | ScopeResumed, ...] = ()
        self.records: dict[str, Undoable] = {}
        self.retracted_records: frozenset[str] = frozenset()

    def facts_of_paper(self, document: str) -> list[FactFile]:
        """The standing facts that rest on the paper of that number, compared folded, in order of recording."""
        number = folded(document)
        facts = self.papers.facts_of(number, self.events)
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

    def services_on(self, day: dt.date | None) -> frozenset[str]:
        """The services of the agency on a legal day; ``None`` means by the latest change."""
        registration = self.registration
        services = registration.services if isinstance(registration, AgencyRegistered) else ()
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.services is not None and (day is None or change.from_on <= day):
                services = change.services
        return frozenset(services)

    def licences_on(self, day: dt.date | None) -> tuple[str, ...]:
        """The licences of the agency on record for a legal day."""
        registration = self.registration
        licences = registration.licences if isinstance(registration, AgencyRegistered) else ()
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.licences is not None and (day is None or change.from_on <= day):
                licences = change.licences
        return licences

    def region_on(self, day: dt.date | None) -> str:
        """The region of registration on a legal day; empty before registration."""
        region = "" if self.registration is None else self.registration.region
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.region is not None and (day is None or change.from_on <= day):
                region = change.region
        return region

    def uscc_on(self, day: dt.date | None) -> str | None:
        """The unified social credit code on a legal day (``None``: the last); a corrected one was always so."""
        if not isinstance(self.registration, AgencyRegistered | ClientRegistered):
            return None
        number = self.registration.uscc
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.uscc is not None and (change.uscc_change == "corrected" or day is None or change.from_on <= day):
                number = change.uscc
        return number

    def name_on(self, day: dt.date | None) -> str | None:
        """The name of an organisation on a legal day; ``None`` for a natural person, whose name is in the vault."""
        if not isinstance(self.registration, AgencyRegistered | ClientRegistered):
            return None
        name = self.registration.name
        for change in sorted(self.changes, key=lambda c: c.from_on):
            if change.name is not None and (day is None or change.from_on <= day):
                name = change.name
        return name


def fold(subject: str, events: Iterable[tuple[CaseEvent, Instant]]) -> CaseFile:
    """The case file after ``events`` (each with its recording instant), in the order of the stream."""
    case = CaseFile(subject)
    for event, recorded_at in events:
        evolve(case, event, recorded_at)
    return case


def as_of_version(case: CaseFile, version: int) -> CaseFile:
    """The file after its first ``version`` events, with the same places; all of it when it has no more."""
    if version >= case.version:
        return case
    then = fold(case.subject, zip(case.events[:version], case.instants[:version], strict=True))
    then.places = case.places
    return then


def evolve(case: CaseFile, event: CaseEvent, recorded_at: Instant) -> None:
    """Let ``event``, recorded at ``recorded_at``, change the file. Never raises."""
    case.version += 1
    case.events.append(event)
    case.instants.append(recorded_at)
    match event:
        case FactRecorded():
            case.facts.setdefault(event.fact, FactFile(event, recorded_at))
        case EmploymentRecorded():
            case.employments[event.practitioner, event.from_on] = event
            case.records[event.employment] = event
        case AgencyRegistered() | PractitionerRegistered() | ExpertRegistered() | ClientRegistered():
            _open(case, event, recorded_at)
        case SubjectChanged():
            case.changes = (*case.changes, event)
        case (
            FactContested()
            | FinalityRecorded()
            | FactCorrected()
            | FactRetracted()
            | FactSetAside()
            | RectificationConfirmed()
            | NationalRepairRecorded()
            | ClientOutcomeRecorded()
        ):
            _evolve_fact(case, event, recorded_at)
        case (
            WarningIssued()
            | RectificationReported()
            | WarningConfirmed()
            | RectificationRejected()
            | WarningWithdrawn()
        ):
            _evolve_warning(case, event)
        case RepairCommitted() | RepairApplied() | RepairConfirmed() | RepairRefused() | RepairRevoked():
            _evolve_repair(case, event, recorded_at)
        case ObjectionFiled() | ReviewExtended() | ObjectionDecided() | CommentRecorded() | CommentDecided():
            _evolve_raised(case, event)
        case EnhancementRecorded():
            case.enhancements.setdefault(event.record, RecordFile(event, recorded_at))
            case.records[event.record] = event
        case StageRecorded():
            case.stages.setdefault(event.record, RecordFile(event, recorded_at))
            case.records[event.record] = event
        case DeliveryRecorded():
            step = case.stages.get(event.record)
            if step is not None:
                step.event = msgspec.structs.replace(step.event, received_on=event.received_on)
        case ResultAdjusted():
            case.adjustments.setdefault(event.record, RecordFile(event, recorded_at))
            case.records[event.record] = event
        case CertificateRequested() | CertificateIssued():
            case.certificates.setdefault(event.record, RecordFile(event, recorded_at))
            case.records[event.record] = event
        case ScopeSuspended() | ScopeResumed():
            case.scope = (*case.scope, event)
            _keep(case, event)
        case OwnRecord():
            case.entries.setdefault(event.record, RecordFile(event, recorded_at))
            case.records[event.record] = event
        case RecordRetracted():
            _retract_record(case, event.record)
        case _:
            assert_never(event)


def _open(case: CaseFile, event: Registered, recorded_at: Instant) -> None:
    if case.registration is None:
        case.kind = KINDS[type(event)]
        case.registration = event
        case.opened_at = recorded_at


def _keep(
    case: CaseFile,
    event: FactSetAside
    | RectificationConfirmed
    | NationalRepairRecorded
    | ClientOutcomeRecorded
    | ScopeSuspended
    | ScopeResumed,
) -> None:
    if event.record is not None:
        case.records[event.record] = event


def _evolve_fact(
    case: CaseFile,
    event: FactContested
    | FinalityRecorded
    | FactCorrected
    | FactRetracted
    | FactSetAside
    | RectificationConfirmed
    | NationalRepairRecorded
    | ClientOutcomeRecorded,
    recorded_at: Instant,
) -> None:
    file = case.facts.get(event.fact)
    if file is None:
        return
    file.touched = True
    match event:
        case FactContested():
            file.contests = (*file.contests, event)
        case FinalityRecorded():
            file.record = msgspec.structs.replace(file.record, final_on=event.final_on)
        case FactCorrected():
            file.record = msgspec.structs.replace(file.record, **event.changes.given())
            file.corrections = (*file.corrections, event)
        case FactRetracted():
            file.retracted = event
            file.undos = (*file.undos, (event, case.version))
        case FactSetAside():
            file.set_aside = event
            file.undos = (*file.undos, (event, case.version))
            _keep(case, event)
        case RectificationConfirmed():
            file.rectification = event
            _keep(case, event)
        case NationalRepairRecorded():
            file.national_repair = event
            file.nationally_repaired_at = recorded_at
            _keep(case, event)
        case ClientOutcomeRecorded():
            file.client_outcomes = (*file.client_outcomes, event)
            file.undos = (*file.undos, (event, case.version))
            _keep(case, event)
        case _:
            assert_never(event)


def _evolve_warning(
    case: CaseFile,
    event: WarningIssued | RectificationReported | WarningConfirmed | RectificationRejected | WarningWithdrawn,
) -> None:
    if isinstance(event, WarningIssued):
        file = case.facts.get(event.fact)
        if file is not None and event.warning not in case.warnings:
            warning = WarningFile(event)
            case.warnings[event.warning] = warning
            case.records[event.warning] = event
            file.warnings = (*file.warnings, warning)
            file.touched = True
        return
    known = case.warnings.get(event.warning)
    if known is None:
        return
    match event:
        case RectificationReported():
            known.reports = (*known.reports, event)
        case WarningConfirmed():
            known.confirmed = event
        case RectificationRejected():
            known.rejected = event
        case WarningWithdrawn():
            known.withdrawn = True
        case _:
            assert_never(event)


def _evolve_raised(
    case: CaseFile, event: ObjectionFiled | ReviewExtended | ObjectionDecided | CommentRecorded | CommentDecided
) -> None:
    match event:
        case ObjectionFiled():
            case.objections.setdefault(event.objection, ObjectionFile(event))
            case.records[event.objection] = event
        case CommentRecorded():
            case.comments.setdefault(event.comment, CommentFile(event))
            case.records[event.comment] = event
        case ReviewExtended():
            if event.objection in case.objections:
                file = case.objections[event.objection]
                file.extensions = (*file.extensions, event)
        case ObjectionDecided():
            if event.objection in case.objections:
                case.objections[event.objection].decided = event
        case CommentDecided():
            if event.comment in case.comments:
                case.comments[event.comment].decided = event
        case _:
            assert_never(event)


def _evolve_repair(
    case: CaseFile,
    event: RepairCommitted | RepairApplied | RepairConfirmed | RepairRefused | RepairRevoked,
    recorded_at: Instant,
) -> None:
    if isinstance(event, RepairCommitted | RepairApplied):
        if event.repair not in case.repairs:
            repair = RepairFile(event, case.version)
            case.repairs[event.repair] = repair
            case.records[event.repair] = event
            for fact in event.facts:
                file = case.facts.get(fact)
                if file is not None:
                    file.repairs = (*file.repairs, repair)
                    file.touched = True
        return
    known = case.repairs.get(event.repair)
    if known is None:
        return
    match event:
        case RepairConfirmed():
            if event.by == "city_bureau":
                known.city_confirmed = event
                known.city_version = case.version
                known.known_since = recorded_at
            else:
                known.origin_confirmed = event
                known.origin_version = case.version
        case RepairRefused():
            known.refused = event
        case RepairRevoked():
            known.revoked = event
        case _:
            assert_never(event)


def _retract_record(case: CaseFile, record: str) -> None:
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
            case.enhancements[record].retracted = True
        case StageRecorded():
            case.stages[record].retracted = True
        case ResultAdjusted():
            case.adjustments[record].retracted = True
        case ObjectionFiled():
            case.objections[record].retracted = True
            _restore(case, record, case.objections[record].decided)
        case CommentRecorded():
            case.comments[record].retracted = True
            _restore(case, record, case.comments[record].decided)
        case CertificateRequested() | CertificateIssued():
            case.certificates[record].retracted = True
        case EmploymentRecorded():
            if case.employments.get((event.practitioner, event.from_on)) == event:
                del case.employments[event.practitioner, event.from_on]
        case ScopeSuspended() | ScopeResumed():
            case.scope = tuple(move for move in case.scope if move != event)
        case FactSetAside() | RectificationConfirmed() | NationalRepairRecorded() | ClientOutcomeRecorded():
            _retract_from_fact(case.facts[event.fact], event)
        case OwnRecord():
            case.entries[record].retracted = True
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


def _retract_from_fact(
    file: FactFile,
    event: FactSetAside | RectificationConfirmed | NationalRepairRecorded | ClientOutcomeRecorded,
) -> None:
    match event:
        case FactSetAside():
            file.set_aside = None if file.set_aside == event else file.set_aside
        case RectificationConfirmed():
            file.rectification = None if file.rectification == event else file.rectification
        case NationalRepairRecorded():
            file.national_repair = None if file.national_repair == event else file.national_repair
        case ClientOutcomeRecorded():
            file.client_outcomes = tuple(o for o in file.client_outcomes if o != event)
        case _:
            assert_never(event)
