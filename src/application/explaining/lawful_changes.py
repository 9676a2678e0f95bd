"""What the law admits to be done about a file on a day: each change tried by the very decision that would record it.

What a regime does not know (an objection, a repair) is barred by its own provisions, never by those of another one.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

import msgspec

from application.wording import in_both_languages
from domain.aggregates.casefile import CaseEvent, CaseFile, evolve
from domain.aggregates.years import published
from domain.errors import CaseError, Refused
from domain.events.event import Evidence
from domain.events.repairs import Contribution
from domain.grading.intermediaries import listings_of
from domain.grading.standing import is_waiving
from domain.law.edition import Ledger, only
from domain.law.regime import RegimeLaw
from domain.procedures.facts import ConfirmRectification, SetAsideFact, confirm_rectification, set_aside_fact
from domain.procedures.intermediaries import RemoveBlacklist, remove_blacklist
from domain.procedures.objections import (
    DecideObjection,
    FileObjection,
    admissibility_of_objection,
    decide_objection,
    file_objection,
    objection_rule,
)
from domain.procedures.participation import FileCommitment, RecognisePioneer, file_commitment, recognise_pioneer
from domain.procedures.repairs import (
    ApplyRepair,
    CommitRepair,
    ConfirmRepair,
    ask_repair,
    confirm_repair,
)
from domain.procedures.warnings import ConfirmWarning, confirm_warning
from domain.sentence import sentence

ChangeKind = Literal[
    "repair", "objection", "annulment", "waiver", "rectification", "commitment", "pioneer", "delisting"
]
"""What can lawfully be done.

About a fact: ``repair``, a credit repair (arts. 28-32, 37; Ningbo art. 15); ``objection``, one upheld (arts. 22(2),
23(2); Jiaxing para. 16, Ningbo art. 13(2)); ``annulment``, the decision behind it annulled from the beginning;
``waiver``, a rectification confirmed within the limit of a warning (art. 27); ``rectification``, one confirmed without
(art. 24). About an account of points: ``commitment`` and ``pioneer`` (Jiangsu). ``delisting``: taken off the blacklist
after repair (Wenzhou art. 37).
"""


class Barred(msgspec.Struct, frozen=True, kw_only=True):
    """A way that the law does not admit now, with the article and the reason in both languages; ``fact`` is absent for
    one that is about no fact."""

    fact: str | None
    way: ChangeKind
    code: str
    cites: tuple[str, ...]
    zh: str
    en: str


class Way(NamedTuple):
    """A lawful change: its events as they would be recorded on the day asked about.

    ``about`` is the fact or the record it is about, or the kind where it is about neither; ``record`` one on record
    that it goes on from, such as a warning or an objection still undecided.
    """

    kind: ChangeKind
    about: str
    events: tuple[CaseEvent, ...]
    record: str | None = None


Decide = Callable[[CaseFile], Sequence[CaseEvent]]
_Attempt = tuple[ChangeKind, str, str | None, Decide]
"""What may be tried: its kind, what it is about, the record it goes on from, and the decision."""


def ways_for(
    case: CaseFile, law: RegimeLaw, day: dt.date, copy: Callable[[str], CaseFile]
) -> tuple[list[Way], list[Barred]]:
    """Every lawful change on a day, and what is not admitted, with the reason.

    ``copy`` gives the file anew, to do something on it about a fact or a record: decisions that rest on each other are
    taken on it.
    """
    ways: list[Way] = []
    barred: list[Barred] = []
    for kind, about, record, decide in _attempts(case, law, day):
        try:
            events = decide(copy(about))
        except Refused as refused:
            grounded = law.grounded(refused, day, case.kind)
            barred.append(_barred(about if about in case.facts else None, kind, grounded))
        except CaseError:
            continue
        else:
            if events:
                ways.append(Way(kind, about, tuple(events), record))
    return ways, barred


def _attempts(case: CaseFile, law: RegimeLaw, day: dt.date) -> Iterator[_Attempt]:
    """What may be tried on the day under the regime."""
    for file in case.facts.values():
        if file.record.regime == law.regime and not file.is_void and law.row_of(file.record) is not None:
            yield from _about_fact(case, law, file.id, day)
    method = only(Ledger, law.method(case.kind, day))
    if method is not None:
        subject, regime = case.subject, law.regime
        if method.commitment is not None:
            commitment = FileCommitment(subject=subject, regime=regime, dated_on=day, id="commitment")
            yield "commitment", "commitment", None, lambda file: file_commitment(file, commitment, law, day)
        if method.pioneer_grade is not None:
            pioneer = RecognisePioneer(subject=subject, regime=regime, dated_on=day, id="pioneer")
            yield "pioneer", "pioneer", None, lambda file: recognise_pioneer(file, pioneer, law, day)
    listed = listings_of(case, law.regime)
    if listed and listed[-1].removed is None:
        removal = RemoveBlacklist(subject=case.subject, regime=law.regime, decided_on=day, id="removal")
        record = listed[-1].listed.record
        yield "delisting", record, record, lambda file: remove_blacklist(file, removal, law, day)


def _about_fact(case: CaseFile, law: RegimeLaw, fact: str, day: dt.date) -> Iterator[_Attempt]:
    """What may be tried about a fact."""
    authority = case.facts[fact].record.authority
    yield "repair", fact, None, lambda file: _repaired(file, law, fact, day)
    objection = _pending_objection(case, law, fact)
    yield "objection", fact, objection, lambda file: _objected(file, law, fact, day, objection)
    asked = SetAsideFact(fact=fact, decided_on=day, authority=authority, document="—", effect="ab_initio")
    yield "annulment", fact, None, lambda file: set_aside_fact(file, asked, day)
    method = law.method(case.kind, day)
    if method is None or not method.is_reckoned:
        return
    for warning in case.facts[fact].warnings:
        if warning.is_open:
            id = warning.issued.warning
            yield "waiver", fact, id, lambda file, id=id: _waived(file, law, id, day)  # type: ignore[misc]
    rectified = ConfirmRectification(fact=fact, completed_on=day, confirmed_on=day, authority=authority)
    yield "rectification", fact, None, lambda file: confirm_rectification(file, rectified, day)


def _repaired(case: CaseFile, law: RegimeLaw, fact: str, day: dt.date) -> list[CaseEvent]:
    """A repair asked for and confirmed on the day, its conditions met (arts. 28-32; Ningbo art. 15)."""
    way = law.repairs(case.kind, day)
    if way == "by_delisting":
        raise Refused(
            "not_in_this_regime",
            sentence("procedures.repairs.not_of_a_fact"),
            ground="delisting",
        )
    fields: dict[str, Any] = {
        "subject": case.subject,
        "regime": law.regime,
        "facts": (fact,),
        "dated_on": day,
        "completed_on": day,
        "id": f"repair of {fact}"[:80],
    }
    if case.kind == "practitioner":
        fields["contribution"] = Contribution(kind="volunteering", recognised_on=day, recognised_by="—")
    confirmers: tuple[Literal["originating_authority", "city_bureau"], ...]
    if way == "by_either" or case.kind == "practitioner" or published(case, law.regime, day):
        law.refuse_excluded("apply_repair")
        events = [*ask_repair(case, ApplyRepair(**fields), law, day)]
        confirmers = ("originating_authority",) if way == "by_either" else ("city_bureau",)
    else:
        law.refuse_excluded("commit_repair")
        events = [*ask_repair(case, CommitRepair(**fields), law, day)]
        confirmers = ("originating_authority", "city_bureau")
    for event in events:
        evolve(case, event, 0)
    for by in confirmers:
        asked = ConfirmRepair(repair=fields["id"], confirmed_on=day, by=by, certificate="—")
        confirmed = confirm_repair(case, asked, law, None, day)
        for event in confirmed:
            evolve(case, event, 0)
        events += confirmed
    return events


def _pending_objection(case: CaseFile, law: RegimeLaw, fact: str) -> str | None:
    """An admissible objection on record that nobody has decided and that is about the fact or a whole proposal."""
    for id, file in case.objections.items():
        is_about = file.filed.against == fact or file.filed.against in case.stages
        is_open = file.decided is None and not file.retracted and file.filed.regime == law.regime
        if is_open and is_about and admissibility_of_objection(case, file.filed, law).admissible:
            return id
    return None


def _objected(case: CaseFile, law: RegimeLaw, fact: str, day: dt.date, pending: str | None) -> list[CaseEvent]:
    """An objection upheld that sets the fact aside: the pending one, or one filed on the day."""
    method = law.method(case.kind, day)
    knows = [d for a in law.adopted for d in a.edition.deadline if d.kind == "objection" and d.of == case.kind]
    if method is not None and not knows and objection_rule(law, case.graded_as, day.year - 1) is None:
        raise Refused(
            "not_in_this_regime",
            sentence("explaining.lawful_changes.no_objection"),
            *method.cites,
        )
    events: list[CaseEvent] = []
    if pending is None:
        pending = f"objection to {fact}"[:80]
        asked = FileObjection(
            subject=case.subject,
            regime=law.regime,
            against=fact,
            filed_on=day,
            by="participant",
            grounds="—",
            evidence=(Evidence(title="—"),),
            id=pending,
        )
        events += file_objection(case, asked, (), law, day)
        for event in events:
            evolve(case, event, 0)
    decided = DecideObjection(objection=pending, decided_on=day, outcome="upheld", reasons="—", sets_aside=(fact,))
    return [*events, *decide_objection(case, decided, law, day)]


def _waived(case: CaseFile, law: RegimeLaw, id: str, day: dt.date) -> Sequence[CaseEvent]:
    """A rectification confirmed on the day, within the limit of the warning (art. 27)."""
    warning = case.warnings[id]
    completed_on = min((r.completed_on for r in warning.reports), default=day)
    asked = ConfirmWarning(warning=id, completed_on=completed_on, confirmed_on=day)
    events = confirm_warning(case, asked, day)
    for event in events:
        evolve(case, event, 0)
    if not is_waiving(warning, law):
        raise Refused(
            "limit_over",
            sentence("explaining.lawful_changes.limit_over", due_on=warning.issued.due_on),
            ground="warning",
        )
    return events


def _barred(fact: str | None, way: ChangeKind, refused: Refused) -> Barred:
    return Barred(fact=fact, way=way, code=refused.code, cites=refused.cites, **in_both_languages(refused.says))
