"""Participants of a ledger regime (Jiangsu 2020 measures; Lianyungang II): inclusion, commitment, record notices,
pioneers, half-year snapshots."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from domain.event import Id, Line, OwnRecord, Request, SubjectRequest

if TYPE_CHECKING:
    from domain.casefile import CaseEvent, CaseFile
    from domain.law import RegimeLaw


class ParticipantIncluded(OwnRecord, tag="participant-included.v1", frozen=True):
    """From ``dated_on`` the subject is on the list of participants and its account is open."""

    dated_on: dt.date


class CommitmentFiled(OwnRecord, tag="commitment-filed.v1", frozen=True):
    """The legal representative's commitment was uploaded on ``dated_on``."""

    dated_on: dt.date


class RecordNoticeServed(OwnRecord, tag="record-notice-served.v1", frozen=True):
    """The environmental credit record notice about a fact was served on ``served_on`` (II(2))."""

    fact: str
    served_on: dt.date


class PioneerRecognised(OwnRecord, tag="pioneer-recognised.v1", frozen=True):
    """The subject was recognised as a pioneer on ``dated_on``."""

    dated_on: dt.date


class SnapshotTaken(OwnRecord, tag="snapshot-taken.v1", frozen=True):
    """The state sent to the tariff authorities for the half-year that ended before ``taken_on``: it stays as sent."""

    taken_on: dt.date
    as_of: dt.date
    score: str | None
    colour: str | None


class IncludeParticipant(SubjectRequest, tag="include_participant", frozen=True):
    """Put a subject on the list of participants."""

    regime: Line
    dated_on: dt.date
    id: Id | None = None


class FileCommitment(SubjectRequest, tag="file_commitment", frozen=True):
    """Record the commitment of a participant."""

    regime: Line
    dated_on: dt.date
    id: Id | None = None


class ServeRecordNotice(SubjectRequest, tag="serve_record_notice", frozen=True):
    """Record that the notice about a fact was served, with the decision or later."""

    regime: Line
    fact: Id
    served_on: dt.date
    id: Id | None = None


class RecognisePioneer(SubjectRequest, tag="recognise_pioneer", frozen=True):
    """Recognise a pioneer: two years without a breach."""

    regime: Line
    dated_on: dt.date
    id: Id | None = None


class TakeSnapshot(SubjectRequest, tag="take_snapshot", frozen=True):
    """Take the snapshot of a half-year, after its last day."""

    regime: Line
    taken_on: dt.date
    id: Id | None = None


Decide = Callable[["CaseFile", Any, "RegimeLaw", dt.date], Sequence["CaseEvent"]]

DECISIONS: Final[dict[type[Request], Decide]] = {}
"""Who decides on which request: case file, request, law and today give the events."""
