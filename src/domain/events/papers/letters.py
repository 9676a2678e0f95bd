"""Letters of a bureau about a subject: drafted, issued under a number, served, withdrawn.

What a letter says is kept beside the journal; the event holds the digests of exactly what was sent. No grade follows
from a letter.
"""

import datetime as dt
from typing import Annotated, Final, Literal

import msgspec

from domain.events.event import Event, Evidence
from domain.values import Line, Sealed

LetterKind = Literal[
    "grade_notice",
    "warning_notice",
    "objection_accepted",
    "objection_correction",
    "objection_decision",
    "repair_accepted",
    "repair_correction",
    "repair_confirmed",
    "repair_refused",
    "practitioner_letter",
    "record_notice",
    "assistance_notice",
    "reminder",
]
"""What a letter is: 拟定等级告知书, 信用预警通知书, 异议受理通知书, 异议补正通知书, 异议决定书, 修复受理通知书,
修复补正通知书, 修复确认书, 不予修复决定书, 从业人员函告, 环保信用记录告知书, 协查通报, 提醒函."""

LetterSeries = Literal["notice", "warning", "objection", "decision", "repair", "letter", "circular"]
"""The series of numbers of a bureau: 告, 警, 异, 决, 修, 函, 通, where the bureau has not set other words."""

SERIES_OF: Final[dict[LetterKind, LetterSeries]] = {
    "grade_notice": "notice",
    "warning_notice": "warning",
    "objection_accepted": "objection",
    "objection_correction": "objection",
    "objection_decision": "decision",
    "repair_accepted": "repair",
    "repair_correction": "repair",
    "repair_confirmed": "repair",
    "repair_refused": "repair",
    "practitioner_letter": "letter",
    "record_notice": "notice",
    "assistance_notice": "circular",
    "reminder": "letter",
}
"""In which series each letter is numbered."""

ServiceWay = Literal["direct", "left", "mail", "entrusted", "forwarded", "electronic", "announcement"]
"""How a letter was served: handed over, left at the place, by post, by another authority, by the unit of whoever it is
for, electronically, or by public announcement."""


class SentFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A file as it was sent: its hex SHA-256, its size in bytes, and where it is kept."""

    digest: str
    size: int
    locator: str


class LetterDrafted(Event, tag="letter-drafted.v1", frozen=True):
    """A letter of ``bureau`` was drafted, about a record of the file (``concerns``).

    ``paragraphs`` are added to what the file says, ``copies`` are those to whom it goes as well; ``due_on`` is the last
    day that the bureau sets, where no law does.
    """

    introduces = "letter"
    happened = ()
    cause = "recorded"

    letter: str
    regime: str
    kind: LetterKind
    concerns: str
    bureau: str
    paragraphs: tuple[Sealed, ...] = ()
    copies: tuple[Sealed, ...] = ()
    due_on: dt.date | None = None


class LetterRevised(Event, tag="letter-revised.v1", frozen=True):
    """The draft says this in the place of what it said."""

    about = "letter"
    happened = ()
    cause = "recorded"

    letter: str
    paragraphs: tuple[Sealed, ...] = ()
    copies: tuple[Sealed, ...] = ()
    due_on: dt.date | None = None


class LetterIssued(Event, tag="letter-issued.v1", frozen=True):
    """The letter was issued on ``dated_on`` as the ``serial``-th of its series, under ``number``.

    ``says`` (hex) is the digest of what it says, ``docx`` and ``pdf`` are the files that were sent; there is
    no ``pdf`` where the bureau's own template could not be set as one. ``template`` is the digest of the template of
    the bureau, empty for the one that comes with the product; ``made_with`` names what set it. ``due_on`` is the last
    day that it states.
    """

    about = "letter"
    happened = ("dated_on",)
    cause = "recorded"

    letter: str
    number: str
    series: str
    year: int
    serial: int
    dated_on: dt.date
    says: str
    docx: SentFile
    pdf: SentFile | None = None
    template: str = ""
    made_with: str = ""
    due_on: dt.date | None = None


class LetterServed(Event, tag="letter-served.v1", frozen=True):
    """The letter was served on ``served_on``; ``received_by`` says to whom it was handed, ``evidence`` is the
    receipt."""

    about = "letter"
    happened = ("served_on",)
    cause = "recorded"

    letter: str
    served_on: dt.date
    how: ServiceWay
    received_by: Sealed | None = None
    evidence: tuple[Evidence, ...] = ()


class LetterWithdrawn(Event, tag="letter-withdrawn.v1", frozen=True):
    """The letter was taken back, or its draft dropped; the number stays with it."""

    about = "letter"
    happened = ("withdrawn_on",)
    cause = "recorded"

    letter: str
    withdrawn_on: dt.date
    reason: Sealed


LetterEvent = LetterDrafted | LetterRevised | LetterIssued | LetterServed | LetterWithdrawn
"""Every event of a letter on a subject's file."""


# --- what a bureau keeps for its letters ------------------------------------------------------------------------------


class SeriesSetting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """How a bureau numbers a series: by a ``word`` of its own, and from ``first`` on in ``year``, where other numbers
    were given before elsewhere."""

    series: LetterSeries
    word: Annotated[Line, msgspec.Meta(pattern=r"^[^\s〔〕\[\]0-9]{1,6}$")] | None = None
    year: Annotated[int, msgspec.Meta(ge=2000, le=2199)] | None = None
    first: Annotated[int, msgspec.Meta(ge=1, le=100_000)] | None = None


class LetterheadSet(Event, tag="letterhead-set.v1", frozen=True):
    """What stands on every letter of the ``bureau`` of this stream.

    ``word`` is the bureau's own (机关代字: 「内环信」), behind which each series has its own: those in ``series``,
    else the usual ones. ``remedies`` is what a decision says of reconsideration and suit, as the bureau words it.
    """

    happened = ()
    cause = "recorded"

    bureau: str
    name: str
    word: str
    contact: Sealed = ""
    office_address: Sealed = ""
    remedies: Sealed = ""
    series: tuple[SeriesSetting, ...] = ()


class LetterTemplateAdopted(Event, tag="letter-template-adopted.v1", frozen=True):
    """The bureau's letters of a kind are made with this DOCX file from now on; ``name`` is what it was called."""

    happened = ()
    cause = "recorded"

    bureau: str
    kind: LetterKind
    name: str
    file: SentFile


class LetterTemplateDropped(Event, tag="letter-template-dropped.v1", frozen=True):
    """The bureau's letters of a kind are made with the template that comes with the product again."""

    happened = ()
    cause = "recorded"

    bureau: str
    kind: LetterKind


class LetterNumbered(Event, tag="letter-numbered.v1", frozen=True):
    """The next number of a series was given to a letter: the ``serial`` is one more than that before it."""

    about = "letter"
    happened = ()
    cause = "recorded"

    letter: str
    serial: int
    number: str


LetterOfficeEvent = LetterheadSet | LetterTemplateAdopted | LetterTemplateDropped | LetterNumbered
"""Every event of the streams in which a bureau keeps its letterhead, its templates and its numbers."""
