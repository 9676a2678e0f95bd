"""The joining of two files of one body: what one of them says is carried whole to the other, where it is read from then
on.

Nothing is moved: what is carried is a copy, and the file that was joined stays as it is.
"""

import datetime as dt

import msgspec

from domain.events.certificates import CertificateIssued, CertificateRequested
from domain.events.evaluation import (
    AdjustmentGraded,
    DeliveryRecorded,
    RecordRetracted,
    ResultAdjusted,
    ScopeResumed,
    ScopeSuspended,
    StageGraded,
    StageRecorded,
    WithdrawalNotified,
)
from domain.events.event import Event
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
from domain.events.papers.dossiers import DossierIssued
from domain.events.papers.evidence import EvidenceMarked, EvidenceReceived, EvidenceWithdrawn
from domain.events.papers.letters import LetterEvent
from domain.events.participation import (
    CommitmentFiled,
    ParticipantIncluded,
    PioneerRecognised,
    RecordNoticeServed,
    SnapshotTaken,
)
from domain.events.registration import EmploymentRecorded, Registered, SubjectChanged
from domain.events.repairs import RepairApplied, RepairCommitted, RepairConfirmed, RepairRefused, RepairRevoked
from domain.events.scores import ScoreRecorded
from domain.events.warnings import (
    RectificationRejected,
    RectificationReported,
    WarningConfirmed,
    WarningIssued,
    WarningWithdrawn,
)
from domain.time import Instant
from domain.values import Sealed


class FileJoinedInto(Event, tag="file-joined-into.v1", frozen=True):
    """The file of this stream goes on in that of the subject ``into``, by the decision of ``decided_on``.

    ``record`` is the id of the joining, which the other file has brought into the journal.
    """

    about = "record"
    happened = ("decided_on",)
    cause = "joined"

    record: str
    into: str
    decided_on: dt.date
    authority: str
    document: str


class FilesJoined(Event, tag="files-joined.v1", frozen=True):
    """The file of the subject ``joined`` goes on in this one: both are of the same body.

    ``carried`` is everything on it, in order. ``version`` is the number of its events, ``seal`` (hex) that of the last
    of them, so that the copy can be held against it.
    """

    introduces = "record"
    happened = ("decided_on",)
    cause = "joined"

    record: str
    joined: str
    decided_on: dt.date
    authority: str
    document: str
    reasons: Sealed
    version: int
    seal: str
    carried: "tuple[CarriedEvent, ...]"


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
    | WithdrawalNotified
    | DossierIssued
)
"""Records that stand for themselves: each has an id (``record``) and a ``regime``, and is read, never changed."""

FileEvent = (
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
    | EvidenceReceived
    | EvidenceMarked
    | EvidenceWithdrawn
    | EntryEvent
    | LetterEvent
    | FilesJoined
    | FileJoinedInto
)
"""Every event of a subject's file."""


class CarriedEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An event of a file that was joined, with the instant and the name under which it was recorded there.

    ``before`` is how many events of the file that stays came before it. Its free text is sealed with the key of the
    file on which it was recorded.
    """

    instant: Instant
    before: int
    actor: str
    event: FileEvent
