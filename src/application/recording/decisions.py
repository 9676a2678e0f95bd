"""Which decision of the domain a command about a file comes to, and what the decision is given beside file and request:
the day, the law, the result it computes."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Any, Final, TypeVar

from application.answering.case_files import no_such_file
from application.papers.letters.desk import LetterDesk
from application.ports import StreamCategory
from application.recording.background import Background
from application.recording.commands import COMMANDS
from application.recording.competence import regime_of_request
from application.recording.joined_files import JoinedFiles
from application.recording.linked_facts import LinkedFacts
from application.recording.notices import Notice, notices_of
from application.recording.preparation import OPENING, Prepared
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.errors import FieldProblem, Invalid, Refused
from domain.events.registration import KINDS
from domain.events.repairs import RepairConfirmed
from domain.law.regime import RegimeLaw
from domain.procedures import (
    adjustments,
    evaluation,
    facts,
    filings,
    intermediaries,
    objections,
    participation,
    registration,
    repairs,
    scores,
    snapshots,
    warnings,
)
from domain.procedures.papers import dossiers, evidence, letters
from domain.procedures.request import FactRequest, Request
from domain.sentence import sentence
from domain.vocabulary import PERSONS

Events = Sequence[CaseEvent]
"""What a decision comes to."""


class Decisions:
    """Decides prepared commands on their files. Safe to share between threads."""

    def __init__(self, background: Background, links: LinkedFacts, letters: LetterDesk | None = None) -> None:
        """Without ``letters`` none is issued."""
        self.background = background
        self._letters = letters
        self.joins = JoinedFiles(background)
        self._links = links

    def decide(self, case: CaseFile, prepared: Prepared) -> tuple[list[CaseEvent], tuple[Notice, ...]]:
        """The events of a command, with their ids, and what the writer should know. Raises ``CaseError``."""
        request = prepared.request
        if case.joined_into is not None or (case.kind is None and not isinstance(request, OPENING)):
            raise no_such_file(case)
        try:
            decision = DECISIONS[type(request)](self, case, request, prepared)
        except Refused as refused:
            raise self._with_grounds(case, request, refused) from None
        background = self.background
        events = [background.with_id(e) for e in decision]
        events += [background.with_id(e) for e in self._links.outcomes_met(case, events)]
        notices = notices_of(case, events, self.law, background.employers_on)
        return events, notices + self._links.notices(request, case, events)

    def law(self, regime: str) -> RegimeLaw:
        """The law of a regime as it is known now."""
        return self.background.law(regime).law

    def letter_desk(self) -> LetterDesk:
        """Where letters are written. Raises ``Refused`` where none are."""
        if self._letters is None:
            raise Refused("no_letters_here", sentence("casework.decisions.no_letters_here"))
        return self._letters

    def law_of(self, case: CaseFile, request: Any) -> RegimeLaw:
        """The law under which a request is judged: that of the regime it names, or of what it is about. Raises
        ``NotFound`` for what is not on record."""
        match request:
            case FactRequest():
                return self.law(facts.fact_of(case, request.fact).record.regime)
            case objections.ObjectionRequest():
                return self.law(objections.objection_of(case, request.objection).filed.regime)
            case letters.LetterRequest():
                return self.law(letters.letter_of(case, request.letter).drafted.regime)
            case _:
                return self.law(request.regime)

    def _with_grounds(self, case: CaseFile, request: Any, refused: Refused) -> Refused:
        """The refusal with the articles of the regime under which the request is judged; for a request that belongs to
        none, of one that applies where the subject is registered and knows the ground."""
        today, regime = self.background.today(), regime_of_request(case, request)
        if regime is not None:
            return self.law(regime).grounded(refused, today, case.kind)
        if refused.ground is None:
            return refused
        legislation = self.background.legislation
        here = case.region_on(today) or ""
        regimes = (r for r in legislation.regimes() if here.startswith(tuple(legislation.regions_of(r))))
        found = (self.law(r).grounded(refused, today, case.kind) for r in regimes)
        return next((f for f in found if f.cites), refused)


def category_of(case: CaseFile, events: Events) -> StreamCategory:
    """Of what kind the file is after the events."""
    return case.kind or KINDS[type(events[0])]


# --- decisions that are given more ---------------------------------------------------------------------------


def _register_agency(_: Decisions, case: CaseFile, request: registration.RegisterAgency, prepared: Prepared) -> Events:
    return registration.register_agency(case, request, prepared.person)


def _register_client(_: Decisions, case: CaseFile, request: registration.RegisterClient, prepared: Prepared) -> Events:
    return registration.register_client(case, request, prepared.person)


def _change_subject(_: Decisions, case: CaseFile, request: registration.ChangeSubject, prepared: Prepared) -> Events:
    renamed = case.kind in PERSONS and prepared.person is not None
    return registration.change_subject(case, request, None if renamed else prepared.person, renamed=renamed)


def _record_employment(desk: Decisions, case: CaseFile, request: registration.RecordEmployment, _: Prepared) -> Events:
    employed = desk.background.case(request.practitioner)
    if employed.kind is None:
        raise no_such_file(employed)
    return registration.record_employment(case, request, employed.kind)


def _record_fact(desk: Decisions, case: CaseFile, request: facts.RecordFact, _: Prepared) -> Events:
    _refuse_unknown_origin(desk.background, case, request)
    return facts.record_fact(case, request, desk.law(request.regime), desk.background.today())


def _join_files(desk: Decisions, case: CaseFile, request: registration.JoinFiles, _: Prepared) -> Events:
    other, today = desk.joins.read(case, request), desk.background.today()
    return registration.join_files(case, request, other, today, lambda regime: desk.law(regime).title)


def _refuse_unknown_origin(background: Background, case: CaseFile, request: facts.RecordFact) -> None:
    """A person answers for a fact of an agency that is on record (art. 3, I-24). Raises ``Invalid``."""
    if request.arises_from is None or request.id in case.facts:
        return
    owner = background.journal.owner_of(request.arises_from)
    agency = None if owner is None else background.case(owner)
    known = agency is not None and agency.kind == "agency" and request.arises_from in agency.facts
    if case.kind != "practitioner" or not known:
        raise Invalid(
            (
                FieldProblem(
                    "/arises_from",
                    "unknown_fact",
                    sentence("casework.decisions.unknown_fact"),
                ),
            )
        )


def _confirm_rectification(desk: Decisions, case: CaseFile, request: facts.ConfirmRectification, _: Prepared) -> Events:
    desk.law_of(case, request).refuse_excluded("confirm_rectification")
    return facts.confirm_rectification(case, request, desk.background.today())


def _record_client_outcome(desk: Decisions, case: CaseFile, request: facts.RecordClientOutcome, _: Prepared) -> Events:
    record = facts.fact_of(case, request.fact).record
    rule = None if record.row is None else desk.law(record.regime).row(record.row, record.act_on)
    return facts.record_client_outcome(case, request, rule, desk.background.today())


def _evaluation_stage(desk: Decisions, case: CaseFile, request: evaluation.EvaluationStage, _: Prepared) -> Events:
    """A step of the evaluation year, with the result it gives when it computes one."""
    background, law = desk.background, desk.law(request.regime)
    rule = law.stage_rule(request.stage, case.graded_as, request.year)
    result = None
    if rule is not None and rule.computes:
        result = background.results.of_year(case, request.regime, request.year, request.dated_on, background.now())
    return evaluation.evaluation_stage(case, request, law, result, background.today())


def _adjust_result(desk: Decisions, case: CaseFile, request: evaluation.AdjustResult, _: Prepared) -> Events:
    background, law = desk.background, desk.law(request.regime)
    law.refuse_excluded("adjust_result")
    result = background.results.of_day(case, request.regime, request.decided_on, background.now())
    return adjustments.adjust_result(case, request, law, result, background.today())


def _ask_repair(
    desk: Decisions, case: CaseFile, request: repairs.CommitRepair | repairs.ApplyRepair, _: Prepared
) -> Events:
    law = desk.law(request.regime)
    law.refuse_excluded(_name_of(type(request)))
    return repairs.ask_repair(case, request, law, desk.background.today())


def _confirm_repair(desk: Decisions, case: CaseFile, request: repairs.ConfirmRepair, _: Prepared) -> Events:
    """A confirmation of a repair; that of a commitment by the city bureau revises the year's result."""
    background = desk.background
    regime = repairs.repair_of(case, request.repair).asked.regime
    year = repairs.revises(case, request)
    result = None
    if year is not None:
        confirmed = RepairConfirmed(
            repair=request.repair,
            confirmed_on=request.confirmed_on,
            by=request.by,
            certificate=request.certificate,
        )
        result = background.results.revised(case, regime, year, confirmed, background.now())
    return repairs.confirm_repair(case, request, desk.law(regime), result, background.today())


def _file_objection(desk: Decisions, case: CaseFile, request: objections.FileObjection, prepared: Prepared) -> Events:
    names = desk.background.own_names(case, request.filed_on)
    law, today = desk.law(request.regime), desk.background.today()
    return objections.file_objection(case, request, names, law, today, prepared.person)


def _record_comment(desk: Decisions, case: CaseFile, request: objections.RecordComment, prepared: Prepared) -> Events:
    desk.law(request.regime).refuse_excluded("record_comment")
    return objections.record_comment(case, request, prepared.person, desk.background.today())


def _draft_letter(desk: Decisions, case: CaseFile, request: letters.DraftLetter, _: Prepared) -> Events:
    law, today = desk.law(request.regime), desk.background.today()
    return letters.draft_letter(case, request, law, today)


def _issue_letter(desk: Decisions, case: CaseFile, request: letters.IssueLetter, _: Prepared) -> Events:
    law = desk.law_of(case, request)
    return desk.letter_desk().issue(case, request, law, desk.background.today())


def _receive_evidence(desk: Decisions, case: CaseFile, request: evidence.ReceiveEvidence, prepared: Prepared) -> Events:
    if prepared.content is None:
        raise AssertionError("what was uploaded is looked up before anything is decided")
    return evidence.receive_evidence(case, request, prepared.content, desk.background.today())


def _mark_evidence(_: Decisions, case: CaseFile, request: evidence.MarkEvidence, prepared: Prepared) -> Events:
    return evidence.mark_evidence(case, request, prepared.address)


def _issue_dossier(desk: Decisions, case: CaseFile, request: dossiers.IssueDossier, prepared: Prepared) -> Events:
    if prepared.dossier is None:
        raise AssertionError("what is issued was made when it was prepared")
    return dossiers.issue_dossier(case, request, prepared.dossier, desk.background.today())


# --- the table ------------------------------------------------------------------------------------------------

DecideCommand = Callable[[Decisions, CaseFile, Any, Prepared], Events]
DecisionLine = tuple[type[Request], DecideCommand]
R = TypeVar("R", bound=Request)

_PROCEDURES: Final = (
    dossiers, evaluation, evidence, facts, filings, intermediaries, letters, objections, participation, registration,
    repairs, scores, snapshots, warnings,
)  # fmt: skip

_GIVEN: Final[Mapping[object, Callable[[Decisions, CaseFile, Any], object]]] = {
    RegimeLaw: Decisions.law_of,
    dt.date: lambda desk, _, __: desk.background.today(),
}
"""What a decision is given beside file and request, by the type of its parameter."""


def _as_they_say(module: ModuleType) -> Iterator[DecisionLine]:
    """The decisions of a module that are given the law, the day or neither: functions called as their request is."""
    for name, decide in vars(module).items():
        kind = COMMANDS.get(name)
        if kind is None or not isinstance(decide, FunctionType):
            continue
        given = {parameter: of for parameter, of in decide.__annotations__.items() if parameter != "return"}
        _, _, *more = given.values()
        # What is given more than that, or a prepared person, is decided by a line of its own below.
        if {*more} <= {*_GIVEN}:
            yield kind, _given(decide, [_GIVEN[of] for of in more])


def _given(
    decide: Callable[..., Events], more: Sequence[Callable[[Decisions, CaseFile, Any], object]]
) -> DecideCommand:
    return lambda desk, case, request, _: decide(case, request, *(of(desk, case, request) for of in more))


def _if_admitted(kind: type[R], decide: Callable[[CaseFile, R, dt.date], Events]) -> DecisionLine:
    """A decision of a procedure that the regime must know."""

    def decided(desk: Decisions, case: CaseFile, request: Any, _: Prepared) -> Events:
        desk.law(request.regime).refuse_excluded(_name_of(kind))
        return decide(case, request, desk.background.today())

    return kind, decided


def _by(kind: type[R], decide: Callable[[Decisions, CaseFile, R, Prepared], Events]) -> DecisionLine:
    """A decision that is given more."""
    return kind, decide


def _name_of(kind: type[Request]) -> str:
    return str(kind.__struct_config__.tag)


DECISIONS: Final[dict[type[Request], DecideCommand]] = dict(
    (
        *(line for module in _PROCEDURES for line in _as_they_say(module)),
        _by(facts.RecordFact, _record_fact),
        _by(registration.RegisterAgency, _register_agency),
        _by(registration.RegisterClient, _register_client),
        _by(registration.ChangeSubject, _change_subject),
        _by(registration.RecordEmployment, _record_employment),
        _by(registration.JoinFiles, _join_files),
        _by(facts.ConfirmRectification, _confirm_rectification),
        _by(facts.RecordClientOutcome, _record_client_outcome),
        _by(repairs.CommitRepair, _ask_repair),
        _by(repairs.ApplyRepair, _ask_repair),
        _by(repairs.ConfirmRepair, _confirm_repair),
        _by(objections.FileObjection, _file_objection),
        _by(objections.RecordComment, _record_comment),
        _by(evaluation.EvaluationStage, _evaluation_stage),
        _by(evaluation.AdjustResult, _adjust_result),
        _if_admitted(evaluation.RequestCertificate, evaluation.request_certificate),
        _if_admitted(evaluation.IssueCertificate, evaluation.issue_certificate),
        _if_admitted(evaluation.SuspendScope, evaluation.suspend_scope),
        _if_admitted(evaluation.ResumeScope, evaluation.resume_scope),
        _by(evidence.ReceiveEvidence, _receive_evidence),
        _by(evidence.MarkEvidence, _mark_evidence),
        _by(dossiers.IssueDossier, _issue_dossier),
        _by(letters.DraftLetter, _draft_letter),
        _by(letters.IssueLetter, _issue_letter),
    )
)
"""The decision on every command about a subject's file: where nothing stands here, by what the function that is called
as the command asks for (tests/application/recording finds one that is missing)."""
