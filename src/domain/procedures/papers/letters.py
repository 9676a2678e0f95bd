"""Letters: drafted about a record of the file, issued under a number, served, taken back.

Which letters a procedure knows follows from the procedure that the edition admits: a letter is about a record of it.
A letter moves no grade; serving one is what starts the periods of the procedure (``served_step``).
"""

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Annotated, Final, NamedTuple

import msgspec

from domain.aggregates.advisories import AdvisoryFile
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.aggregates.letters import LetterFile, LetterOffice
from domain.aggregates.repairs import RepairFile
from domain.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, id_taken
from domain.events.event import Evidence
from domain.events.intermediaries import Reminded
from domain.events.papers.letters import (
    LetterDrafted,
    LetterheadSet,
    LetterKind,
    LetterOfficeEvent,
    LetterRevised,
    LetterSeries,
    LetterServed,
    LetterTemplateAdopted,
    LetterTemplateDropped,
    LetterWithdrawn,
    SentFile,
    SeriesSetting,
    ServiceWay,
)
from domain.events.repairs import RepairApplied
from domain.grading.ledger import needs_notice, notice_served_on, record_notice_article
from domain.law.regime import RegimeLaw
from domain.procedures.dates import already_come, in_order
from domain.procedures.deadlines import Deadline, deadlines_of
from domain.procedures.evaluation import RecordDelivery, record_delivery
from domain.procedures.objections import objection_article
from domain.procedures.participation import ServeRecordNotice, serve_record_notice
from domain.procedures.request import Request, SubjectRequest
from domain.sentence import Named, sentence
from domain.values import Authority, EvidenceListed, Id, Line, Listed, Prose, ProseLine, is_blank
from domain.vocabulary import city_of, organ_of

MOST_PARAGRAPHS: Final = 20
MOST_COPIES: Final = 20

LETTER_WANTED_FOR: Final = dt.timedelta(days=60)
"""How long what gave occasion for a letter is taken to want one."""


class AwaitedLetter(NamedTuple):
    """A letter that is to be written about a record (``concerns``), or whose draft (``letter``) is to be issued.

    ``since_on`` is the day that gave occasion for it, ``None`` for a draft that somebody has written without one.
    """

    regime: str
    kind: LetterKind
    concerns: str
    since_on: dt.date | None
    letter: str | None = None

    def is_due_on(self, day: dt.date) -> bool:
        """Whether it waits on a day: a draft does until it is issued or dropped, what was never drafted for sixty days,
        since it was told of in its time if not from here."""
        if self.letter is not None:
            return True
        return self.since_on is not None and self.since_on <= day and day - self.since_on <= LETTER_WANTED_FOR


_Paragraphs = Annotated[tuple[Prose, ...], Listed]
_Copies = Annotated[tuple[ProseLine, ...], Listed]


# --- requests ---------------------------------------------------------------------------------------------


class LetterRequest(Request, frozen=True):
    """A request about one letter on record; ``letter`` is its id."""

    names = "letter"

    letter: Id


class DraftLetter(SubjectRequest, tag="draft_letter", frozen=True):
    """Draft a letter about a record of the file (``concerns``).

    ``bureau`` is who writes it, by default that of the city of the subject. ``paragraphs`` are added to what the file
    says; ``due_on`` is a last day that the bureau sets where no law does.
    """

    regime: Line
    kind: LetterKind
    concerns: Id
    bureau: Authority | None = None
    paragraphs: _Paragraphs = ()
    copies: _Copies = ()
    due_on: dt.date | None = None
    id: Id | None = None


class ReviseLetter(LetterRequest, tag="revise_letter", frozen=True):
    """Put this in the place of what a draft adds to the file."""

    paragraphs: _Paragraphs = ()
    copies: _Copies = ()
    due_on: dt.date | None = None


class IssueLetter(LetterRequest, tag="issue_letter", frozen=True):
    """Issue a letter on a day: ``digest`` is that of what it was shown to say, so that nothing else is signed. Without
    it the letter is issued as it reads then."""

    dated_on: dt.date
    digest: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")] | None = None


class ServeLetter(LetterRequest, tag="serve_letter", frozen=True):
    """Record that a letter was served: its periods run from then on."""

    served_on: dt.date
    how: ServiceWay
    received_by: ProseLine | None = None
    evidence: Annotated[tuple[Evidence, ...], EvidenceListed] = ()


class WithdrawLetter(LetterRequest, tag="withdraw_letter", frozen=True):
    """Take a letter back, with the reason; of a draft nothing is left to send. A number stays with its letter."""

    reason: Prose


class SetLetterhead(Request, tag="set_letterhead", frozen=True):
    """Say what stands on every letter of a bureau: its name, the word of its numbers, whom to ask, and what decisions
    say of reconsideration and suit."""

    bureau: Authority
    name: Line
    word: Annotated[Line, msgspec.Meta(pattern=r"^[^\s〔〕\[\]0-9]{1,12}$")]
    contact: ProseLine | None = None
    office_address: ProseLine | None = None
    remedies: Prose | None = None
    series: Annotated[tuple[SeriesSetting, ...], Listed] = ()


class AdoptLetterTemplate(msgspec.Struct, frozen=True, kw_only=True):
    """Make a bureau's letters of a kind with a template that was uploaded (``file``) from now on.

    No command of the vocabulary: nobody names a file that was not looked through.
    """

    bureau: Authority
    kind: LetterKind
    name: Line
    file: SentFile


class DropLetterTemplate(Request, tag="drop_letter_template", frozen=True):
    """Make a bureau's letters of a kind with the template that comes with the product again."""

    bureau: Authority
    kind: LetterKind


LETTER_OFFICE_COMMANDS: Final = (SetLetterhead, DropLetterTemplate)
"""The commands about what a bureau keeps for its letters."""

LetterOfficeRequest = SetLetterhead | DropLetterTemplate | AdoptLetterTemplate
"""Whatever changes what a bureau keeps for its letters."""


# --- which letters there are ------------------------------------------------------------------------------


_STAGE_OF: Final[dict[LetterKind, tuple[str, ...]]] = {
    "grade_notice": ("proposal",),
    "practitioner_letter": ("letter", "rating"),
}
"""The step of a year that a letter tells of."""

_OF_OBJECTIONS: Final = ("objection_accepted", "objection_correction", "objection_decision")
_OF_REPAIRS: Final = ("repair_accepted", "repair_correction", "repair_confirmed", "repair_refused")

DEADLINE_OF: Final[dict[LetterKind, str]] = {
    "grade_notice": "objection",
    "warning_notice": "rectification",
    "objection_accepted": "objection_decision",
    "repair_accepted": "repair_decision",
}
"""The deadline whose last day a letter states."""


def year_of_letter(case: CaseFile, concerns: str, today: dt.date) -> int:
    """The evaluation year that a letter is about; the year before today's where it is about none."""
    stage = case.stages.get(concerns)
    if stage is not None:
        return stage.event.year
    objection = case.objections.get(concerns)
    against = None if objection is None else case.stages.get(objection.filed.against)
    return today.year - 1 if against is None else against.event.year


def letter_grounds(case: CaseFile, kind: LetterKind, concerns: str, law: RegimeLaw, today: dt.date) -> tuple[str, ...]:
    """The provisions that know the procedure of a letter; empty where the edition has none."""
    year = year_of_letter(case, concerns, today)
    if kind in _STAGE_OF:
        rules = [law.stage_rule(stage, case.graded_as, year) for stage in _STAGE_OF[kind]]
        named = law.grounds("letter", today, case.kind) if kind == "practitioner_letter" else ()
        return named or next((rule.cites for rule in rules if rule is not None), ())
    if kind == "warning_notice":
        return law.grounds("warning", today, case.kind)
    if kind in _OF_OBJECTIONS:
        return objection_article(case, law)
    if kind in _OF_REPAIRS:
        return _repair_grounds(case, concerns, law, today)
    if kind == "record_notice":
        return record_notice_article(law, today)
    if kind == "assistance_notice":
        return law.grounds("advisories", today, case.kind)
    reminder = law.grounds("reminder", today, case.kind)
    return reminder or next((d.cites for d in open_duties(case, law, today) if d.id == concerns), ())


def _repair_grounds(case: CaseFile, repair: str, law: RegimeLaw, today: dt.date) -> tuple[str, ...]:
    file = case.repairs.get(repair)
    ways = ("repair_application", "repair") if file is None or file.asked.applied else ("repair_commitment", "repair")
    return next((found for way in ways if (found := law.grounds(way, today, case.kind))), ())


def open_duties(case: CaseFile, law: RegimeLaw, today: dt.date) -> list[Deadline]:
    """What the subject still has to do or may do by a day, of which it can be reminded."""
    return [
        deadline
        for deadline in deadlines_of(case, law)
        if deadline.actor == "participant" and deadline.state_on(today) == "open"
    ]


def letters_due(case: CaseFile, law: RegimeLaw, today: dt.date) -> list[tuple[LetterKind, str]]:
    """The letters that procedures of the file give occasion for and of which none is on record, with what each is
    about.

    What happened more than sixty days ago was told of in its time, if not from here: it can still be written about.
    """
    awaited = awaited_letters(case, law)
    fresh = [(a.kind, a.concerns) for a in awaited if a.letter is None and a.is_due_on(today)]
    return [due for due in fresh if letter_grounds(case, *due, law, today)]


def awaited_letters(case: CaseFile, law: RegimeLaw) -> list[AwaitedLetter]:
    """The letters that procedures of the file give occasion for and that are not on record, whenever that was, and the
    drafts that were not issued."""
    occasions = _occasions(case, law)
    if not occasions and not case.letters:
        return []
    on_record = [f for f in case.letters.values() if f.withdrawn is None]
    known = {(f.drafted.kind, f.drafted.concerns) for f in on_record}
    since = {(kind, id): on for kind, id, on in occasions}
    wanted = [
        AwaitedLetter(law.regime, kind, id, on)
        for kind, id, on in occasions
        if (kind, id) not in known and letter_grounds(case, kind, id, law, on)
    ]
    drafts = [f.drafted for f in on_record if f.state == "draft" and f.drafted.regime == law.regime]
    wanted += [AwaitedLetter(d.regime, d.kind, d.concerns, since.get((d.kind, d.concerns)), d.letter) for d in drafts]
    return wanted


def awaited_internal_letters(file: AdvisoryFile, law: RegimeLaw) -> list[AwaitedLetter]:
    """The same of the letters by which the departments are told of internal notices: they stand with the advisories."""
    on_record = [f for f in file.letters.values() if f.withdrawn is None and f.drafted.regime == law.regime]
    standing = {id: n.dated_on for id, n in file.notices.items() if n.regime == law.regime and id not in file.retracted}
    notices = {id: on for id, on in standing.items() if law.grounds("advisories", on, "agency")}
    written = {f.drafted.concerns for f in on_record}
    wanted = [AwaitedLetter(law.regime, "assistance_notice", id, on) for id, on in notices.items() if id not in written]
    drafts = [f.drafted for f in on_record if f.state == "draft"]
    return wanted + [AwaitedLetter(d.regime, d.kind, d.concerns, notices.get(d.concerns), d.letter) for d in drafts]


def letters_possible(case: CaseFile, law: RegimeLaw, today: dt.date) -> list[tuple[LetterKind, str]]:
    """The letters that can be written besides, with what each is about: to complete an objection or a repair, to tell
    of a fact that is scored, to remind of what is still to be done."""
    found: list[tuple[LetterKind, str]] = [
        (kind, id) for kind, id, on in _occasions(case, law) if today - on > LETTER_WANTED_FOR
    ]
    found += [
        ("objection_correction", id)
        for id, objection in case.objections.items()
        if objection.decided is None and not objection.retracted and objection.filed.regime == law.regime
    ]
    found += [
        ("repair_correction", id)
        for id, repair in case.repairs.items()
        if repair.asked.regime == law.regime and not repair.retracted and _is_undecided(repair)
    ]
    found += [
        ("record_notice", id)
        for id, fact in case.facts.items()
        if not fact.is_void
        and fact.record.regime == law.regime
        and (row := law.row_of(fact.record)) is not None
        and needs_notice(row)
        and notice_served_on(case, fact, law.regime) is None
    ]
    found += [("reminder", deadline.id) for deadline in open_duties(case, law, today)]
    known = {(f.drafted.kind, f.drafted.concerns) for f in case.letters.values() if f.withdrawn is None}
    return [one for one in found if one not in known and letter_grounds(case, *one, law, today)]


def _occasions(case: CaseFile, law: RegimeLaw) -> list[tuple[LetterKind, str, dt.date]]:
    """What gives occasion for a letter, and on which day it did."""
    found: list[tuple[LetterKind, str, dt.date]] = []
    for id, step in case.stages.items():
        event = step.event
        if event.stage not in ("proposal", "letter") or step.retracted or event.regime != law.regime:
            continue
        if event.stage == "proposal" and case.kind == "agency":
            found.append(("grade_notice", id, event.dated_on))
        if event.stage == "letter" and case.kind == "practitioner":
            found.append(("practitioner_letter", id, event.dated_on))
    found += [
        ("warning_notice", id, warning.issued.issued_on)
        for id, warning in case.warnings.items()
        if warning.is_open and _regime_of_fact(case, warning.issued.fact) == law.regime
    ]
    for id, objection in case.objections.items():
        if not objection.retracted and objection.filed.regime == law.regime:
            decided = objection.decided
            if decided is None:
                found.append(("objection_accepted", id, objection.filed.filed_on))
            else:
                found.append(("objection_decision", id, decided.decided_on))
    for id, repair in case.repairs.items():
        if repair.retracted or repair.asked.regime != law.regime:
            continue
        if repair.refused is not None:
            found.append(("repair_refused", id, repair.refused.decided_on))
        elif repair.city_confirmed is not None:
            found.append(("repair_confirmed", id, repair.city_confirmed.confirmed_on))
        elif isinstance(repair.asked, RepairApplied):
            found.append(("repair_accepted", id, repair.asked.dated_on))
    found += [("reminder", event.record, event.issued_on) for event in case.entries_of(Reminded, law.regime)]
    return found


def _is_undecided(repair: RepairFile) -> bool:
    return repair.city_confirmed is None and repair.refused is None


def _regime_of_fact(case: CaseFile, fact: str) -> str | None:
    file = case.facts.get(fact)
    return None if file is None else file.record.regime


def _refuse_not_admitted(
    case: CaseFile, request: DraftLetter, law: RegimeLaw, today: dt.date, notices: Collection[str]
) -> None:
    """Raise ``Refused`` for a letter of a procedure that the edition does not know, ``Invalid`` for a record that such
    a letter is not about, or of which it cannot say anything yet."""
    kind, id = request.kind, request.concerns
    if not letter_grounds(case, kind, id, law, today):
        says = sentence("procedures.letters.not_in_this_regime", title=law.title, letter=Named("letters.kind", kind))
        raise Refused("not_in_this_regime", says)
    if not _is_about(case, kind, id, law, notices, today):
        says = sentence("procedures.letters.other_record", letter=Named("letters.kind", kind))
        raise Invalid((FieldProblem("/concerns", "unknown_record", says),))


def _is_about(
    case: CaseFile, kind: LetterKind, id: str, law: RegimeLaw, notices: Collection[str], today: dt.date
) -> bool:
    """Whether a letter of a kind can be about a record: it stands, and there is what the letter tells of."""
    if kind in _STAGE_OF:
        step = case.stages.get(id)
        of_kind = case.kind == ("practitioner" if kind == "practitioner_letter" else "agency")
        return of_kind and step is not None and not step.retracted and step.event.stage in _STAGE_OF[kind]
    if kind == "warning_notice":
        warning = case.warnings.get(id)
        return warning is not None and warning.stands
    if kind in _OF_OBJECTIONS:
        objection = case.objections.get(id)
        is_decided = objection is not None and objection.decided is not None
        return objection is not None and not objection.retracted and is_decided == (kind == "objection_decision")
    if kind in _OF_REPAIRS:
        repair = case.repairs.get(id)
        if repair is None or repair.retracted:
            return False
        if kind == "repair_confirmed":
            return repair.city_confirmed is not None and repair.revoked is None
        if kind == "repair_correction":
            return _is_undecided(repair)
        return (repair.refused is not None) == (kind == "repair_refused")
    if kind == "record_notice":
        fact = case.facts.get(id)
        return fact is not None and not fact.is_void and fact.record.regime == law.regime
    if kind == "assistance_notice":
        return id in notices
    if any(event.record == id for event in case.entries_of(Reminded, law.regime)):
        return True
    return any(deadline.id == id for deadline in open_duties(case, law, today))


# --- decisions --------------------------------------------------------------------------------------------


def letter_of(case: CaseFile, letter: str) -> LetterFile:
    """A letter of the file. Raises ``NotFound``."""
    file = case.letters.get(letter)
    if file is None:
        raise NotFound("letter", letter)
    return file


def draft_letter(
    case: CaseFile, request: DraftLetter, law: RegimeLaw, today: dt.date, notices: Collection[str] = ()
) -> Sequence[CaseEvent]:
    """Draft a letter; the same draft under the same id again is no event. ``notices`` are the internal notices about
    the subject.

    Raises ``Refused`` for a letter that the edition does not know and for a bureau of another place, ``Invalid`` for a
    record that such a letter is not about, ``Conflict`` when one about it is on record already.
    """
    event = LetterDrafted(
        letter=request.id or "",
        regime=request.regime,
        kind=request.kind,
        concerns=request.concerns,
        bureau=request.bureau or f"{city_of(case.region_on(today))}00-EEB",
        paragraphs=request.paragraphs,
        copies=request.copies,
        due_on=request.due_on,
    )
    known = case.letters.get(event.letter)
    if known is not None:
        if known.drafted == event:
            return ()
        raise id_taken(event.letter)
    _refuse_other_bureau(case, event.bureau, today)
    _refuse_not_admitted(case, request, law, today, notices)
    for file in case.letters.values():
        if (file.drafted.kind, file.drafted.concerns) == (event.kind, event.concerns) and file.withdrawn is None:
            raise Conflict("letter_on_record", sentence("procedures.letters.letter_on_record"))
    _check_text(event.paragraphs, event.copies, event.due_on, today)
    return (event,)


def _refuse_other_bureau(case: CaseFile, bureau: str, today: dt.date) -> None:
    """The bureau of the place of the file writes: of its county, its city or its province."""
    region = case.region_on(today)
    if organ_of(bureau) != "EEB" or bureau[:6] not in (region, f"{region[:4]}00", f"{region[:2]}0000"):
        raise Refused("other_bureau", sentence("procedures.letters.other_bureau"))


def _check_text(paragraphs: Sequence[str], copies: Sequence[str], due_on: dt.date | None, today: dt.date) -> None:
    problems = []
    for field, texts, most in (("paragraphs", paragraphs, MOST_PARAGRAPHS), ("copies", copies, MOST_COPIES)):
        if len(texts) > most:
            says = sentence("procedures.letters.too_many", most=most)
            problems.append(FieldProblem(f"/{field}", "too_many", says))
        problems += [
            FieldProblem(f"/{field}/{number}", "required", sentence("procedures.letters.blank"))
            for number, text in enumerate(texts)
            if is_blank(text)
        ]
    if due_on is not None and due_on < today:
        problems.append(FieldProblem("/due_on", "over", sentence("procedures.letters.over", day=due_on)))
    if problems:
        raise Invalid(tuple(problems))


def revise_letter(case: CaseFile, request: ReviseLetter, today: dt.date) -> Sequence[CaseEvent]:
    """Change what a draft adds to the file. Raises ``Conflict`` for a letter that is no draft any more."""
    file = letter_of(case, request.letter)
    event = LetterRevised(
        letter=request.letter, paragraphs=request.paragraphs, copies=request.copies, due_on=request.due_on
    )
    text = file.text
    if (text.paragraphs, text.copies, text.due_on) == (event.paragraphs, event.copies, event.due_on):
        return ()
    _only_draft(file)
    _check_text(event.paragraphs, event.copies, event.due_on, today)
    return (event,)


def _only_draft(file: LetterFile) -> None:
    if file.state != "draft":
        raise Conflict("no_draft", sentence("procedures.letters.no_draft", state=Named("letters.state", file.state)))


def may_issue(case: CaseFile, request: IssueLetter, law: RegimeLaw, today: dt.date, notices: Collection[str]) -> bool:
    """Whether a letter is still to be issued; ``False`` for the one that was issued so already.

    Raises ``Conflict`` for one that is no draft any more, ``Refused`` and ``Invalid`` as a draft does where what it is
    about no longer stands, ``Invalid`` for a day in the future or another year than today's.
    """
    file = letter_of(case, request.letter)
    issued = file.issued
    if issued is not None and issued.dated_on == request.dated_on and request.digest in (None, issued.says):
        return False
    _only_draft(file)
    already_come((("/dated_on", request.dated_on),), today)
    if request.dated_on.year != today.year:
        # A number is given in its year, and one of last year would come after those that were given since.
        raise Invalid((FieldProblem("/dated_on", "other_year", sentence("procedures.letters.other_year")),))
    drafted = file.drafted
    again = DraftLetter(subject=case.subject, regime=drafted.regime, kind=drafted.kind, concerns=drafted.concerns)
    _refuse_not_admitted(case, again, law, today, notices)
    return True


def serve_letter(case: CaseFile, request: ServeLetter, law: RegimeLaw, today: dt.date) -> Sequence[CaseEvent]:
    """Record the service of a letter, and with it the receipt of what it tells of, where a procedure counts from that.

    Raises ``Conflict`` for a letter that was not issued, was taken back, or was served otherwise, ``Invalid`` for a day
    before the letter's or in the future.
    """
    file = letter_of(case, request.letter)
    event = LetterServed(
        letter=request.letter,
        served_on=request.served_on,
        how=request.how,
        received_by=request.received_by,
        evidence=request.evidence,
    )
    if file.served == event:
        return ()
    if file.issued is None or file.state != "issued":
        raise Conflict(
            "not_issued", sentence("procedures.letters.not_issued", state=Named("letters.state", file.state))
        )
    in_order((("/letter/dated_on", file.issued.dated_on), ("/served_on", request.served_on)))
    already_come((("/served_on", request.served_on),), today)
    return (event, *served_step(case, file, request.served_on, law, today))


def served_step(
    case: CaseFile, file: LetterFile, served_on: dt.date, law: RegimeLaw, today: dt.date
) -> Sequence[CaseEvent]:
    """What the service of a letter is to the procedure that it tells of: the receipt of a step, the service of the
    notice about a fact. What is on record already stays as it is."""
    drafted = file.drafted
    step = case.stages.get(drafted.concerns)
    if step is not None and step.event.received_on is None and step.event.stage in ("proposal", "letter"):
        if served_on < step.event.dated_on:
            return ()
        return record_delivery(case, RecordDelivery(record=drafted.concerns, received_on=served_on), today)
    if drafted.kind != "record_notice" or file.issued is None:
        return ()
    request = ServeRecordNotice(
        subject=case.subject,
        regime=drafted.regime,
        fact=drafted.concerns,
        served_on=served_on,
        dated_on=file.issued.dated_on,
    )
    try:
        return serve_record_notice(case, request, law, today)
    except Conflict:
        return ()


def withdraw_letter(case: CaseFile, request: WithdrawLetter, today: dt.date) -> Sequence[CaseEvent]:
    """Take a letter back. Raises ``Conflict`` for one that was taken back otherwise, ``Invalid`` without a reason."""
    file = letter_of(case, request.letter)
    if file.withdrawn is not None:
        if file.withdrawn.reason == request.reason:
            return ()
        raise Conflict("letter_withdrawn", sentence("procedures.letters.withdrawn"))
    if is_blank(request.reason):
        raise Invalid((FieldProblem("/reason", "required", sentence("procedures.letters.blank")),))
    return (LetterWithdrawn(letter=request.letter, withdrawn_on=today, reason=request.reason),)


# --- what a bureau keeps ----------------------------------------------------------------------------------


def office_events(office: LetterOffice, request: LetterOfficeRequest) -> Sequence[LetterOfficeEvent]:
    """What a command about a bureau's letters comes to; nothing where it is so already.

    Raises ``Invalid`` for a first number without its year, ``NotFound`` for a template that is not in use.
    """
    match request:
        case SetLetterhead():
            _check_series(request.series)
            event = LetterheadSet(
                bureau=request.bureau,
                name=request.name,
                word=request.word,
                contact=request.contact or "",
                office_address=request.office_address or "",
                remedies=request.remedies or "",
                series=request.series,
            )
            return () if office.letterhead == event else (event,)
        case AdoptLetterTemplate():
            adopted = LetterTemplateAdopted(
                bureau=request.bureau, kind=request.kind, name=request.name, file=request.file
            )
            return () if office.templates.get(request.kind) == adopted else (adopted,)
        case DropLetterTemplate():
            if request.kind not in office.templates:
                raise NotFound("letter_template", request.kind)
            return (LetterTemplateDropped(bureau=request.bureau, kind=request.kind),)


def _check_series(given: Sequence[SeriesSetting]) -> None:
    """Raise ``Invalid`` for a first number without its year, and for a series that is set twice."""
    problems = [
        FieldProblem(f"/series/{number}/year", "required", sentence("procedures.letters.first_and_year"))
        for number, each in enumerate(given)
        if (each.first is None) != (each.year is None)
    ]
    named = [each.series for each in given]
    problems += [
        FieldProblem(f"/series/{number}/series", "twice", sentence("procedures.letters.series_twice"))
        for number, series in enumerate(named)
        if series in named[:number]
    ]
    if problems:
        raise Invalid(tuple(problems))


def next_serial(letterhead: LetterheadSet, series: LetterSeries, year: int, last: int) -> int:
    """The number that follows the ``last`` one of a series in a year (0: none yet)."""
    found = (each.first for each in letterhead.series if (each.series, each.year) == (series, year))
    return last + 1 if last else next(found, None) or 1
