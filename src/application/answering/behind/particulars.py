"""What stands behind the lines of an answer: papers, authorities, days and matters, and by what a line was undone.

They are read from the same file as the answer and stand beside its core, as names do.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final, Literal

import msgspec

from application.ports import Recorded
from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.events.facts import paper_of
from domain.grading.ledger import opened_on
from domain.law.edition import Deduction, Ledger, only
from domain.law.regime import RegimeLaw
from domain.vocabulary import plain

UndoCode = Literal[
    "objection",
    "comment",
    "annulment",
    "client_revoked",
    "client_repaired",
    "retraction",
    "repair",
    "national_repair",
    "rectification",
]
"""By what a fact was undone: an objection or a comment upheld, the annulment of its decision, what became of the
client's decision, its retraction, a repair, a rectification."""

EndCode = Literal["rectification", "term", "year", "validity", "publication"]
"""Why a line ends by itself: a confirmed rectification, the last day of a ban or listing, the year, its validity, the
publication of the next result."""

_ONE_DAY: Final = dt.timedelta(days=1)
_EVER: Final = dt.date.max


class Undo(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """By what a fact was undone, on which day, by whom and on which paper; ``from_beginning``: it never counted."""

    code: UndoCode
    on: dt.date | None = None
    document: str | None = None
    authority: str | None = None
    authority_name: str | None = None
    from_beginning: bool = False


class Particulars(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The paper, the authority, the matter and the days of what stands behind a line.

    ``subject`` is the person on whose file it stands, where that is another one; ``authority_name`` is said in the
    language of the answer. ``amount_fined`` is the fine in yuan. ``undone`` says by what it was undone,
    ``ends_by`` why it ends by itself.
    """

    record: str
    subject: str | None = None
    row: str | None = None
    document: str | None = None
    authority: str | None = None
    authority_name: str | None = None
    summary: str | None = None
    case_no: str | None = None
    occurred_on: dt.date | None = None
    decided_on: dt.date | None = None
    served_on: dt.date | None = None
    final_on: dt.date | None = None
    verified_on: dt.date | None = None
    until_on: dt.date | None = None
    amount_fined: str | None = None
    undone: Undo | None = None
    ends_by: EndCode | None = None


TOLD: Final = ("summary", "amount_fined", "case_no")
"""The particulars that are told of a fact wherever it is shown, by their fields."""

DAYS_TOLD: Final = ("occurred_on", "decided_on", "served_on", "final_on", "verified_on", "until_on")
"""Its days, likewise."""


class Initial(msgspec.Struct, frozen=True, kw_only=True):
    """The score with which the lines begin, the day it stands from where that is known, and its articles.

    ``carried`` tells that it is the published score of an earlier year.
    """

    score: str
    since: dt.date | None
    cites: tuple[str, ...]
    readings: tuple[str, ...] = ()
    carried: bool = False


class AnswerFiles:
    """The file of an answer with those of the persons it rests on, and the law it is judged by."""

    __slots__ = ("_case", "_law", "_method", "_others", "_read", "_rows")

    def __init__(
        self,
        case: CaseFile,
        rows: Sequence[Recorded],
        others: Callable[[], Sequence[CaseFile]],
        law: RegimeLaw,
        day: dt.date,
    ) -> None:
        """``rows`` are the events of the file, ``others`` gives the files of employees, ``day`` is that asked about."""
        self._case = case
        self._others = others
        self._law = law
        self._method = law.method(case.kind, day)
        self._rows = rows
        self._read: Sequence[CaseFile] | None = None

    def of(self, record: str) -> Particulars | None:
        """What stands behind a record of these files; ``None`` for one they do not have."""
        own = self._case.facts.get(record)
        if own is not None:
            return _of_fact(own, None)
        event = next((r.event for r in self._rows if r.event.introduced_id == record), None)
        if event is not None:
            return _of_record(record, event)
        for case in self._employees():
            file = case.facts.get(record)
            if file is not None:
                return _of_fact(file, case.subject)
        return None

    def _employees(self) -> Sequence[CaseFile]:
        """The files of employees, read when a line first rests on one."""
        if self._read is None:
            self._read = self._others()
        return self._read

    def ended(self, found: Particulars, reason: str | None, ends_on: dt.date | None) -> Particulars:
        """The same with what ends the line: an undo that takes it out, or why it ends by itself on ``ends_on``."""
        file = self._case.facts.get(found.record)
        if file is None:
            return found
        undone = _undo(file, self._case, reason, ends_on)
        if undone is None and ends_on is not None and reason in (None, "ended"):
            return msgspec.structs.replace(found, ends_by=self._ends_by(file, ends_on))
        return found if undone is None else msgspec.structs.replace(found, undone=undone)

    def _ends_by(self, file: FactFile, ends_on: dt.date) -> EndCode | None:
        confirmed = [] if file.rectification is None else [file.rectification.confirmed_on]
        confirmed += [w.confirmed.confirmed_on for w in file.warnings if w.confirmed is not None]
        rule = self._law.row_of(file.record)
        if ends_on in confirmed:
            return "rectification"
        if file.record.until_on is not None and file.record.until_on + _ONE_DAY == ends_on:
            return "term"
        if self._method is not None and self._method.repairs == "by_expiry":
            return "validity"
        if rule is not None and "publication" in rule.ends_with:
            return "publication"
        is_new_year = (ends_on.month, ends_on.day) == (1, 1)
        return "year" if is_new_year else None

    def initial(self, score: str | None, deducted: str | None) -> Initial | None:
        """The score with which the lines of an answer begin; ``None`` where nothing begins with one."""
        law, account, deduction = self._law, only(Ledger, self._method), only(Deduction, self._method)
        if score is not None and account is not None:
            opened = opened_on(self._case, law, account)
            return Initial(score=law.score_text(account.initial), since=opened, cites=account.cites)
        if score is None or deduction is None:
            return None
        begun = deduction.initial
        if law.choices.literal_chain and deducted is not None:
            begun = min(Decimal(score) + Decimal(deducted), deduction.cap)
        return Initial(
            score=law.score_text(begun),
            since=None,
            cites=deduction.cites,
            readings=("I-03",) if "I-03" in law.choices.chosen else (),
            carried=begun != deduction.initial,
        )


def _of_fact(file: FactFile, subject: str | None) -> Particulars:
    record = file.record
    return Particulars(
        record=file.id,
        subject=subject,
        row=record.row,
        document=record.document,
        authority=record.authority,
        # What a person did stays on that person's own file.
        summary=record.summary or None if subject is None else None,
        case_no=record.case_no,
        occurred_on=record.occurred_on,
        decided_on=record.decided_on,
        served_on=record.served_on,
        final_on=record.final_on,
        verified_on=record.verified_on,
        until_on=record.until_on,
        amount_fined=None if record.amount_fined is None or subject is not None else plain(record.amount_fined),
    )


_DAYS: Final = (
    "decided_on",
    "verified_on",
    "occurred_on",
    "dated_on",
    "confirmed_on",
    "issued_on",
    "filed_on",
    "noticed_on",
    "served_on",
    "granted_on",
)


def first_day(event: object) -> dt.date | None:
    """The day on which what an event tells came into the world: of its decision, else of its act or paper."""
    return next((day for name in _DAYS if isinstance(day := getattr(event, name, None), dt.date)), None)


def _of_record(record: str, event: object) -> Particulars:
    """What a record that is no fact says of itself: a decision, a notice, a finding."""
    return Particulars(
        record=record,
        row=getattr(event, "row", None),
        document=paper_of(event),
        authority=getattr(event, "authority", None),
        decided_on=first_day(event),
    )


def _undo(file: FactFile, case: CaseFile, reason: str | None, ends_on: dt.date | None) -> Undo | None:
    """By what a line was undone, as its reason says."""
    match reason:
        case "retracted":
            return Undo(code="retraction", from_beginning=True)
        case "set_aside":
            return _annulled(file, case)
        case "nationally_repaired" if file.national_repair is not None:
            national = file.national_repair
            return Undo(code="national_repair", on=national.granted_on, document=national.document)
        case "repaired":
            return _repaired(file, ends_on)
        case _:
            return None


def _annulled(file: FactFile, case: CaseFile) -> Undo | None:
    found = file.set_aside
    if found is None:
        revoked = next((o for o in file.client_outcomes if o.kind == "revoked"), None)
        if revoked is None:
            return None
        return Undo(code="client_revoked", on=revoked.decided_on, document=revoked.document, from_beginning=True)
    code: UndoCode = "annulment"
    if any(o.decided is not None and file.id in o.decided.sets_aside for o in case.objections.values()):
        code = "objection"
    elif any(c.decided is not None and file.id in c.decided.sets_aside for c in case.comments.values()):
        code = "comment"
    return Undo(
        code=code,
        on=found.decided_on,
        document=found.paper if code == "annulment" else None,
        authority=found.authority,
        from_beginning=found.effect == "ab_initio",
    )


def _repaired(file: FactFile, ends_on: dt.date | None) -> Undo | None:
    for repair in file.repairs:
        confirmed = repair.city_confirmed
        if (
            confirmed is not None
            and repair.takes_effect_on is not None
            and repair.takes_effect_on <= (ends_on or _EVER)
        ):
            return Undo(code="repair", on=confirmed.confirmed_on, document=confirmed.certificate)
    for outcome in file.client_outcomes:
        if outcome.kind == "repaired":
            return Undo(code="client_repaired", on=outcome.decided_on, document=outcome.document)
    return None
