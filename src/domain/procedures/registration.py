"""Registration and changes of a subject (agency, practitioner, expert or client), who works for whom, and the joining
of two files of one body.

Agencies: Inner Mongolia arts. 3, 5, 10; experts and clients: Wenzhou arts. 10, 23, 38. Names and ID numbers of natural
persons never enter an event: a practitioner's or an expert's are in the vault under the subject's id, a legal
representative is a person key of the vault.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Annotated, Final, NamedTuple

import msgspec

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.years import years_of
from domain.errors import Conflict, FieldProblem, Invalid, Refused, id_taken
from domain.events.evaluation import ResultAdjusted, ScopeResumed, ScopeSuspended, StageRecorded
from domain.events.joining import CarriedEvent, FileJoinedInto, FilesJoined
from domain.events.registration import (
    AgencyRegistered,
    ClientRegistered,
    EmploymentRecorded,
    ExpertRegistered,
    IdKind,
    NumberChange,
    PractitionerRegistered,
    Registered,
    SubjectChanged,
    SubjectChanges,
)
from domain.events.results import Result
from domain.procedures.dates import already_come
from domain.procedures.facts import same_decision
from domain.procedures.request import Request, SubjectRequest
from domain.sentence import sentence
from domain.values import Authority, Id, IdNumber, Line, Listed, ListedOnce, Prose, Region, Uscc
from domain.vocabulary import PERSONS, Service, SubjectKind, Text

# --- requests ---------------------------------------------------------------------------------------------


class RegisterAgency(Request, tag="register_agency", frozen=True):
    """Open the file of an agency."""

    uscc: Uscc
    name: Line
    region: Region
    services: Annotated[tuple[Service, ...], ListedOnce]
    legal_representative: Line | None = None
    address: Line | None = None
    licences: Annotated[tuple[Line, ...], Listed] = ()
    id: Id | None = None


class RegisterPractitioner(Request, tag="register_practitioner", frozen=True):
    """Open the file of a practitioner; ``name`` and ``id_number`` go to the vault alone."""

    name: Line
    id_number: IdNumber
    region: Region
    id_kind: IdKind = "resident_identity_card"
    id: Id | None = None


class RegisterExpert(Request, tag="register_expert", frozen=True):
    """Open the file of an expert; ``name`` and ``id_number`` go to the vault alone."""

    name: Line
    id_number: IdNumber
    region: Region
    id_kind: IdKind = "resident_identity_card"
    id: Id | None = None


class RegisterClient(Request, tag="register_client", frozen=True):
    """Open the file of a client of agencies."""

    uscc: Uscc
    name: Line
    region: Region
    legal_representative: Line | None = None
    address: Line | None = None
    id: Id | None = None


RegisterPerson = RegisterPractitioner | RegisterExpert
RegisterOrganisation = RegisterAgency | RegisterClient


class ChangeSubject(SubjectRequest, tag="change_subject", frozen=True):
    """Record that a registration reads otherwise from ``from_on`` on.

    ``uscc_change`` says why a unified social credit code does: ``corrected`` (it was always so; the wrong one is free
    again), ``reissued`` or ``merged`` (from that day; the old one goes on standing for this file).
    """

    changes: SubjectChanges
    from_on: dt.date
    uscc_change: NumberChange | None = None


class RecordEmployment(SubjectRequest, tag="record_employment", frozen=True):
    """Record that ``practitioner`` (or an expert) works for the agency ``subject``; ``until_on`` is the last day."""

    practitioner: Id
    from_on: dt.date
    until_on: dt.date | None = None
    role: Line | None = None
    id: Id | None = None


class JoinFiles(SubjectRequest, tag="join_files", frozen=True):
    """Let the file of ``joined`` go on in that of ``subject``: both are of the same body.

    ``decided_on``, ``authority`` and ``document`` are those of the decision, ``reasons`` say how it was found out.
    """

    joined: Id
    decided_on: dt.date
    authority: Authority
    document: Line
    reasons: Prose
    id: Id | None = None


# --- decisions --------------------------------------------------------------------------------------------


def register_agency(case: CaseFile, request: RegisterAgency, legal_representative: str | None) -> Sequence[CaseEvent]:
    """Open an agency's file. ``legal_representative`` is the person key the vault keeps the name under.

    Raises ``Conflict`` when the id is taken by another registration.
    """
    event = AgencyRegistered(
        uscc=request.uscc,
        name=request.name,
        region=request.region,
        services=tuple(sorted(set(request.services))),
        legal_representative=legal_representative,
        address=request.address,
        licences=request.licences,
    )
    return _first(case, event)


def register_practitioner(case: CaseFile, request: RegisterPractitioner) -> Sequence[CaseEvent]:
    """Open a practitioner's file. Raises ``Conflict`` when the id is taken by another registration."""
    return _first(case, PractitionerRegistered(region=request.region, id_kind=request.id_kind))


def register_expert(case: CaseFile, request: RegisterExpert) -> Sequence[CaseEvent]:
    """Open an expert's file. Raises ``Conflict`` when the id is taken by another registration."""
    return _first(case, ExpertRegistered(region=request.region, id_kind=request.id_kind))


def register_client(case: CaseFile, request: RegisterClient, legal_representative: str | None) -> Sequence[CaseEvent]:
    """Open a client's file. ``legal_representative`` is the person key the vault keeps the name under.

    Raises ``Conflict`` when the id is taken by another registration.
    """
    event = ClientRegistered(
        uscc=request.uscc,
        name=request.name,
        region=request.region,
        legal_representative=legal_representative,
        address=request.address,
    )
    return _first(case, event)


def uscc_taken(number: str, name: str | None, subject: str) -> Conflict:
    """The unified social credit code belongs to the file of another subject."""
    called = name or sentence("procedures.registration.another_subject")
    says = sentence("procedures.registration.uscc_registered", number=number, name=called, subject=subject)
    return Conflict("uscc_registered", says)


def _first(case: CaseFile, event: Registered) -> Sequence[CaseEvent]:
    if case.registration is None:
        return (event,)
    if case.registration == event:
        return ()
    raise Conflict(
        "already_registered",
        sentence("procedures.registration.already_registered", subject=case.subject),
    )


def change_subject(
    case: CaseFile, request: ChangeSubject, legal_representative: str | None, *, renamed: bool
) -> Sequence[CaseEvent]:
    """Record a change. For a natural person the new name is already in the vault (``renamed``).

    Raises ``Invalid`` for an empty change or a field the kind of subject does not have.
    """
    changes = request.changes
    given = [f for f in changes.__struct_fields__ if getattr(changes, f) is not None]
    is_person = case.kind in PERSONS
    foreign = [f for f in given if f not in _CHANGEABLE.get(case.graded_as, changes.__struct_fields__)]
    if foreign or not given:
        raise Invalid(
            tuple(
                FieldProblem(f"/changes/{f}", "not_a_field", sentence("procedures.registration.not_a_field"))
                for f in foreign
            )
            or (FieldProblem("/changes", "empty", sentence("procedures.registration.empty")),)
        )
    if (changes.uscc is None) != (request.uscc_change is None):
        raise Invalid(
            (
                FieldProblem(
                    "/uscc_change",
                    "with_the_number",
                    sentence("procedures.registration.with_the_number"),
                ),
            )
        )
    event = SubjectChanged(
        from_on=request.from_on,
        name=None if is_person else changes.name,
        region=changes.region,
        services=None if changes.services is None else tuple(sorted(set(changes.services))),
        legal_representative=legal_representative,
        address=changes.address,
        licences=changes.licences,
        renamed=renamed,
        uscc=changes.uscc,
        uscc_change=request.uscc_change,
    )
    return () if event in case.changes else (event,)


_CHANGEABLE: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(PERSONS, ("name", "region")),
    "client": ("name", "uscc", "region", "legal_representative", "address"),
}
"""What may change of a kind of subject; everything of an agency."""


def record_employment(case: CaseFile, request: RecordEmployment, practitioner: SubjectKind) -> Sequence[CaseEvent]:
    """Record an employment. ``practitioner`` is the kind of the subject that is said to be employed.

    Raises ``Refused`` when the employer is no agency or the employed no natural person (art. 3).
    """
    if case.kind != "agency" or practitioner not in PERSONS:
        raise Refused(
            "not_an_employment",
            sentence("procedures.registration.not_an_employment"),
        )
    if request.until_on is not None and request.until_on < request.from_on:
        raise Invalid(
            (
                FieldProblem(
                    "/until_on",
                    "before_start",
                    sentence("procedures.registration.before_start"),
                ),
            )
        )
    event = EmploymentRecorded(
        employment=request.id or "",
        practitioner=request.practitioner,
        from_on=request.from_on,
        until_on=request.until_on,
        role=request.role,
    )
    known = case.employments.get((event.practitioner, event.from_on))
    if known is not None and msgspec.structs.replace(known, employment=event.employment) == event:
        return ()
    return (event,)


# --- decisions: joining -------------------------------------------------------------------------------------


class OtherFile(NamedTuple):
    """The file that is to be joined, as it was read: what is carried from it, and the seal (hex) of its last event.

    ``ranked`` is a year of whose ranking both files have a place, ``waiting`` a decision about either that waits for
    its second signature; ``None`` where there is none.
    """

    case: CaseFile
    carried: tuple[CarriedEvent, ...]
    seal: str
    ranked: int | None = None
    waiting: str | None = None


def join_files(
    case: CaseFile, request: JoinFiles, other: OtherFile, today: dt.date, title: Callable[[str], Text]
) -> Sequence[CaseEvent]:
    """Let another file go on in this one; the same joining twice is no event. ``title`` says what a regime is called.

    Raises ``Refused`` where a person has to decide something before, ``Conflict`` for a file that was joined otherwise.
    """
    already_come((("/decided_on", request.decided_on),), today)
    if request.joined == request.subject:
        says = sentence("procedures.registration.same_file")
        raise Invalid((FieldProblem("/joined", "same_file", says),))
    event = FilesJoined(
        record=request.id or "",
        joined=request.joined,
        decided_on=request.decided_on,
        authority=request.authority,
        document=request.document,
        reasons=request.reasons,
        version=other.case.version,
        seal=other.seal,
        carried=other.carried,
    )
    for joining, _ in case.joinings.values():
        if _decision_to_join(joining) == _decision_to_join(event) and request.id in (None, joining.record):
            return ()
        if joining.record == request.id:
            raise id_taken(joining.record)
        if joining.joined == request.joined:
            says = sentence("procedures.registration.joined_otherwise", document=joining.document)
            raise Conflict("already_joined", says)
    _refuse_joining(case, other, title)
    return (event,)


def _decision_to_join(event: FilesJoined) -> tuple[object, ...]:
    return event.joined, event.decided_on, event.authority, event.document, event.reasons


def _refuse_joining(case: CaseFile, other: OtherFile, title: Callable[[str], Text]) -> None:
    """Raise ``Refused`` for files that cannot be joined as they stand: a person has to decide first."""
    if other.case.joinings:
        raise Conflict("already_joined", sentence("procedures.registration.has_joined", subject=other.case.subject))
    if case.kind != other.case.kind or case.kind in PERSONS:
        raise Refused("not_the_same_body", sentence("procedures.registration.not_the_same_body"))
    for file in other.case.facts.values():
        same = None if file.is_void else same_decision(case, file.record)
        if same is not None:
            says = sentence("procedures.registration.paper_on_both", document=same.document)
            raise Refused("paper_on_both", says)
    regimes = sorted({f.event.regime for f in case.stages.values() if not f.retracted})
    for regime in regimes:
        both = set(years_of(case, regime)) & set(years_of(other.case, regime))
        if both:
            raise Refused(
                "year_on_both", sentence("procedures.registration.year_on_both", title=title(regime), year=min(both))
            )
    if other.ranked is not None:
        raise Refused("ranked_on_both", sentence("procedures.registration.ranked_on_both", year=other.ranked))
    if other.waiting is not None:
        raise Refused("decision_waits", sentence("procedures.registration.decision_waits", decision=other.waiting))


def joined_into(request: JoinFiles, joining: FilesJoined) -> FileJoinedInto:
    """What the file that is joined says of it."""
    return FileJoinedInto(
        record=joining.record,
        into=request.subject,
        decided_on=joining.decided_on,
        authority=joining.authority,
        document=joining.document,
    )


def refuse_parting(case: CaseFile, record: str) -> None:
    """Raise ``Refused`` when a joining cannot be taken back: something recorded since is about what came with it, and
    would belong to no file. It is taken back first."""
    joining = case.joinings.get(record)
    if joining is None:
        return
    carried = _Carried.of(joining.event)
    after = case.events[next(n for n, e in enumerate(case.events) if e.introduced_id == record) + 1 :]
    for event in after:
        id = event.introduced_id
        if id is not None and id in case.retracted_records:
            continue
        if carried.is_met_by(event):
            about = event.about_id or id or record
            raise Refused("joining_in_use", sentence("procedures.registration.joining_in_use", record=about))


class _Carried(NamedTuple):
    """What came with a joining: the ids of its records, its employments, the years and regimes of its steps and
    scopes."""

    ids: frozenset[str]
    employments: frozenset[tuple[str, dt.date]]
    years: frozenset[tuple[str, int]]
    scopes: frozenset[str]

    @classmethod
    def of(cls, joining: FilesJoined) -> "_Carried":
        events = [line.event for line in joining.carried]
        return cls(
            frozenset(e.introduced_id for e in events if e.introduced_id is not None),
            frozenset((e.practitioner, e.from_on) for e in events if isinstance(e, EmploymentRecorded)),
            frozenset((e.regime, e.year) for e in events if isinstance(e, StageRecorded)),
            frozenset(e.regime for e in events if isinstance(e, ScopeSuspended | ScopeResumed)),
        )

    def is_met_by(self, event: CaseEvent) -> bool:
        """Whether an event of the file is about something that came with the joining."""
        match event:
            case EmploymentRecorded():
                return (event.practitioner, event.from_on) in self.employments
            case ScopeSuspended() | ScopeResumed():
                return event.regime in self.scopes
            case StageRecorded() | ResultAdjusted() if (event.regime, event.year) in self.years:
                return True
            case _:
                return not self.ids.isdisjoint(_named_in(event))


def _named_in(event: CaseEvent) -> Iterator[str]:
    """Every record that an event names besides its own: the one it is about, those that it asks a repair of, sets aside
    or objects to, and those that its result rests on."""
    for field in ("about_id", "fact", "against", "arises_from"):
        id = getattr(event, field, None)
        if isinstance(id, str):
            yield id
    for field in ("facts", "sets_aside"):
        yield from getattr(event, field, ())
    result = getattr(event, "result", None)
    if isinstance(result, Result):
        yield from (*result.counted, *result.held)
        for holding in result.holdings or ():
            yield from (*holding.sources, *(() if holding.fact is None else (holding.fact,)))
