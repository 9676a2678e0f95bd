"""Who takes part in an account of points: inclusion, commitments, notices, pioneers, snapshots (Jiangsu 2020
measures; Lianyungang II)."""

import datetime as dt

from domain.events.event import OwnRecord


class ParticipantIncluded(OwnRecord, tag="participant-included.v1", frozen=True):
    """From ``dated_on`` the subject is on the list of participants and its account is open."""

    happened = ("dated_on",)
    cause = "participation"

    dated_on: dt.date


class CommitmentFiled(OwnRecord, tag="commitment-filed.v1", frozen=True):
    """The legal representative's commitment was uploaded on ``dated_on``."""

    happened = ("dated_on",)
    cause = "participation"

    dated_on: dt.date


class RecordNoticeServed(OwnRecord, tag="record-notice-served.v1", frozen=True):
    """The environmental credit record notice about a fact was served on ``served_on`` (II(2)); ``dated_on`` is the day
    that stands on the paper."""

    about = "fact"
    happened = ("dated_on", "served_on")
    cause = "notice"

    fact: str
    served_on: dt.date
    dated_on: dt.date | None = None


class PioneerRecognised(OwnRecord, tag="pioneer-recognised.v1", frozen=True):
    """The subject was recognised as a pioneer on ``dated_on``."""

    happened = ("dated_on",)
    cause = "participation"

    dated_on: dt.date


class SnapshotTaken(OwnRecord, tag="snapshot-taken.v1", frozen=True):
    """The state sent to the tariff authorities for the half-year that ended before ``taken_on``: it stays as sent."""

    happened = ("taken_on",)
    cause = "recorded"

    taken_on: dt.date
    as_of: dt.date
    score: str | None
    colour: str | None


ParticipationEvent = ParticipantIncluded | CommitmentFiled | RecordNoticeServed | PioneerRecognised | SnapshotTaken
"""Every event of taking part; each is a record that stands for itself."""
