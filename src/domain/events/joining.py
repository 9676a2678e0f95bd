"""The joining of two files of one body: what one of them says is carried whole to the other, where it is read from then
on.

Nothing is moved: what is carried is a copy, and the file that was joined stays as it is.
"""

import datetime as dt

import msgspec

from domain.events.certificates import CertificateEvent
from domain.events.evaluation import EvaluationEvent, WithdrawalNotified
from domain.events.event import Event
from domain.events.facts import FactEvent
from domain.events.filings import FilingEvent
from domain.events.intermediaries import IntermediaryEvent
from domain.events.objections import ObjectionEvent
from domain.events.papers.dossiers import DossierIssued
from domain.events.papers.evidence import EvidenceEvent
from domain.events.papers.letters import LetterEvent
from domain.events.participation import ParticipationEvent
from domain.events.registration import RegistrationEvent
from domain.events.repairs import RepairEvent
from domain.events.scores import ScoreRecorded
from domain.events.warnings import WarningEvent
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


EntryEvent = ScoreRecorded | ParticipationEvent | FilingEvent | IntermediaryEvent | WithdrawalNotified | DossierIssued
"""Records that stand for themselves: each has an id (``record``) and a ``regime``, and is read, never changed."""

FileEvent = (
    RegistrationEvent
    | FactEvent
    | WarningEvent
    | RepairEvent
    | EvaluationEvent
    | ObjectionEvent
    | CertificateEvent
    | EvidenceEvent
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
