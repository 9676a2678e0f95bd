"""Evidence: papers and data that are in the file themselves, and not only named (Inner Mongolia arts. 22(2), 30).

Where the bytes lie, and what they are, stands in the event: a piece counts as received from then on.
"""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from domain.events.event import Event
from domain.values import Sealed

EvidenceKind = Literal[
    "decision",
    "service_receipt",
    "transcript",
    "monitoring_data",
    "application",
    "rectification_report",
    "commitment",
    "performance_proof",
    "photograph",
    "correspondence",
    "identity",
    "other",
]
"""What a piece of evidence is: 决定书, 送达回证, 笔录, 监测数据, 申请书, 整改报告, 承诺书, 履行证明, 照片, 函件,
身份证明, 其他."""

ContentDigest = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
"""A hex SHA-256 of bytes as they were handed in."""


class EvidenceReceived(Event, tag="evidence-received.v1", frozen=True):
    """A piece of evidence came in on ``received_on`` and was looked at.

    ``record`` is the fact, warning, objection, repair or other record it is about, ``None`` for the file as a whole.
    ``address`` is where its bytes lie, ``digest`` the SHA-256 of what was handed in, ``size`` its bytes, ``media`` its
    type as it was found by looking, ``pages`` how many it has where it has any. ``redacts`` is the piece of which this
    one is a copy without what others must not see.
    """

    introduces = "evidence"
    happened = ("received_on",)
    cause = "recorded"

    evidence: str
    received_on: dt.date
    kind: EvidenceKind
    title: Sealed
    digest: ContentDigest
    size: int
    media: str
    address: str
    personal_data: bool
    pages: int | None = None
    record: str | None = None
    redacts: str | None = None


class EvidenceMarked(Event, tag="evidence-marked.v1", frozen=True):
    """A piece of evidence is marked as holding personal data, or as holding none.

    ``address`` is where its bytes lie from then on, where they had to be encrypted for it.
    """

    about = "evidence"
    happened = ()
    cause = "recorded"

    evidence: str
    personal_data: bool
    reason: Sealed
    address: str | None = None


class EvidenceWithdrawn(Event, tag="evidence-withdrawn.v1", frozen=True):
    """A piece of evidence is no longer relied on: handed in by mistake, or taken back. It stays on file as struck."""

    about = "evidence"
    happened = ()
    cause = "recorded"
    strikes = "withdrawn"

    evidence: str
    reason: Sealed


EvidenceEvent = EvidenceReceived | EvidenceMarked | EvidenceWithdrawn
"""Every event of a piece of evidence."""
