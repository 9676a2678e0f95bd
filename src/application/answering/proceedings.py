"""Reading the procedures of one file: its evaluation years step by step, and what was raised, repaired and adjusted.

Nothing here is stored. Whether something came in time, was skipped or may be taken up follows from what is on record
on the day asked about, as known at the moment asked about.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Literal, NamedTuple

import msgspec

from application.answering.grading import (
    AnnualStage,
    ApplicableMeasure,
    Basis,
    GradeAnswer,
    Grading,
    PublicGrade,
    Question,
    Read,
    SubjectRef,
    annual_of,
    measures_of,
    public_of,
    with_bans,
)
from application.answering.kept_files import KeptFile
from application.answering.procedure_tasks import ProcedureSoFar, ProcedureTask, tasks_of
from application.cache import LastingLines
from application.ports import Vault
from application.prose import Opened, sealed_parts
from application.wording import in_both_languages, in_words
from domain.admissibility import Admissibility
from domain.aggregates.casefile import CaseFile
from domain.aggregates.objections import CommentFile, ObjectionFile
from domain.aggregates.records import RecordFile
from domain.aggregates.repairs import RepairFile
from domain.aggregates.years import current_round, repair_year, steps_of
from domain.events.evaluation import StageRecorded
from domain.events.facts import Challenge
from domain.events.results import Result
from domain.law.edition import DeadlineActor
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import Deadline, DeadlineState, deadlines_of
from domain.procedures.objections import admissibility_of_comment, admissibility_of_objection, proposal_for
from domain.procedures.repairs import admissibility_of_repair, unmet_conditions
from domain.procedures.steps import skipped_before
from domain.time import iso_utc
from domain.vocabulary import organ_of


class ResultLine(msgspec.Struct, frozen=True, kw_only=True):
    """A result a decision gave: score and grade, why there is none, and the facts that counted."""

    score: str | None
    grade: str | None
    undetermined: str | None
    counted: tuple[str, ...]


class AdmissibilityLine(msgspec.Struct, frozen=True, kw_only=True):
    """Whether what was handed in can be taken up, by which articles, and why not (``code``, in both languages).

    ``due_on`` is the last day on which it could be, or the day a wait is over; ``provisional`` tells that this day
    rests on a calendar or a receipt that is not known yet.
    """

    admissible: bool
    cites: tuple[str, ...]
    due_on: dt.date | None
    provisional: bool
    code: str | None
    zh: str | None
    en: str | None


class StepTaken(msgspec.Struct, frozen=True, kw_only=True):
    """A step of an evaluation year on record. ``due_on`` is the last day of its deadline where it has one.

    ``stands`` is false for one that was reopened by a return or by a decision.
    """

    record: str
    stage: str
    dated_on: dt.date
    received_on: dt.date | None
    recorded_at: str
    stands: bool
    due_on: dt.date | None
    late: bool
    finding: str | None
    justified: bool | None
    panel: tuple[str, ...]
    result: ResultLine | None


class DeadlineOfYear(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline of an evaluation year as it stands on the day; see ``domain.deadlines.Deadline``."""

    id: str
    kind: str
    actor: DeadlineActor
    cites: tuple[str, ...]
    starts_on: dt.date
    started_by: str
    due_on: dt.date | None
    original_on: dt.date | None
    provisional: bool
    state: DeadlineState
    done_on: dt.date | None
    done_by: str | None


class EvaluationYear(msgspec.Struct, frozen=True, kw_only=True):
    """One evaluation year: where it stands (``annual``, with its late and undone facts), every step, what was skipped.

    ``skipped`` names steps that a later one passed over.
    """

    annual: AnnualStage
    steps: tuple[StepTaken, ...]
    skipped: tuple[str, ...]
    deadlines: tuple[DeadlineOfYear, ...]


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """How an objection or a comment was decided; ``sets_aside`` names the facts that no longer stand."""

    decided_on: dt.date
    outcome: str
    reasons: str
    sets_aside: tuple[str, ...]


class ObjectionLine(msgspec.Struct, frozen=True, kw_only=True):
    """An objection: what it is against, of which year, whether it can be taken up, until when it is to be decided, and
    how each of its tasks stands."""

    objection: str
    year: int | None
    against: str
    filed_on: dt.date
    grounds: str
    admissibility: AdmissibilityLine
    extended_until_on: dt.date | None
    decided: Decided | None
    tasks: tuple[ProcedureTask, ...]


class CommentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A comment of the public on a result on show. Who made it is not told here."""

    comment: str
    year: int | None
    against: str
    filed_on: dt.date
    content: str
    admissibility: AdmissibilityLine
    decided: Decided | None
    tasks: tuple[ProcedureTask, ...]


class UnmetCondition(msgspec.Struct, frozen=True, kw_only=True):
    """A condition that a repair does not meet, by its article, in both languages."""

    cites: tuple[str, ...]
    zh: str
    en: str


class RepairDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision on a repair: ``origin_confirmed`` by the originating authority, ``confirmed`` by the city bureau.

    A confirmation has a ``certificate``, a refusal and a revocation ``reasons``; the city's confirmation of a
    commitment gives the year a revised ``result``.
    """

    decision: Literal["origin_confirmed", "confirmed", "refused", "revoked"]
    decided_on: dt.date
    certificate: str | None = None
    reasons: str | None = None
    result: ResultLine | None = None


class RepairLine(msgspec.Struct, frozen=True, kw_only=True):
    """A repair: a commitment before publication, or an application after it (``applied``).

    ``unmet`` is the first condition of art. 29 that an undecided one does not meet as the file stands; ``effect_on`` is
    the day from which the facts no longer count.
    """

    repair: str
    year: int | None
    applied: bool
    facts: tuple[str, ...]
    dated_on: dt.date
    completed_on: dt.date | None
    admissibility: AdmissibilityLine
    unmet: UnmetCondition | None
    decisions: tuple[RepairDecision, ...]
    effect_on: dt.date | None
    tasks: tuple[ProcedureTask, ...]


class ContestLine(msgspec.Struct, frozen=True, kw_only=True):
    """The decision behind a fact was taken to reconsideration or to court, on ``filed_on``: ``None`` where a court
    annulled it and nobody recorded when the suit was filed."""

    fact: str
    kind: Challenge
    filed_on: dt.date | None


class AdjustmentLine(msgspec.Struct, frozen=True, kw_only=True):
    """A move of the public grade between publications."""

    record: str
    year: int
    notified_on: dt.date
    decided_on: dt.date
    reasons: str
    result: ResultLine


class ScopeLine(msgspec.Struct, frozen=True, kw_only=True):
    """When the subject left the evaluation (``suspended``) or came back to it."""

    dated_on: dt.date
    suspended: bool
    reason: str


class Proceedings(msgspec.Struct, frozen=True, kw_only=True):
    """All evaluation years of one subject under one regime, and everything raised, repaired and adjusted in them, with
    the decisions behind its facts that were contested elsewhere.

    The basis has no token: only a grade answer is repeated by one.
    """

    subject: SubjectRef
    regime: str
    basis: Basis
    years: tuple[EvaluationYear, ...]
    objections: tuple[ObjectionLine, ...]
    comments: tuple[CommentLine, ...]
    repairs: tuple[RepairLine, ...]
    contests: tuple[ContestLine, ...]
    adjustments: tuple[AdjustmentLine, ...]
    scope: tuple[ScopeLine, ...]
    public: PublicGrade | None
    measures: tuple[ApplicableMeasure, ...]


class _IsSealed(Exception):
    """A text of the procedures has to be opened."""


class _IfPlain(NamedTuple):
    """The procedures of a file, where no text in them is sealed."""

    proceedings: Proceedings | None


def _plain(text: str) -> str:
    """A text that stands as it is told. Raises ``_IsSealed``."""
    if sealed_parts(text) is not None:
        raise _IsSealed
    return text


class ReadingProceedings:
    """The use case of reading procedures. Safe to share between threads."""

    def __init__(self, grading: Grading, vault: Vault) -> None:
        self._grading = grading
        self._vault = vault

    def of(self, question: Question) -> Proceedings:
        """The procedures of one file. Raises ``NotFound`` for the subject or regime, ``Invalid`` for readings."""
        return self.of_read(self._grading.read(question))

    def of_read(
        self,
        read: Read,
        answer: GradeAnswer | None = None,
        prose: Opened | None = None,
        reckoned: Callable[[CaseFile, RegimeLaw], Sequence[Deadline]] = deadlines_of,
        held: KeptFile | None = None,
    ) -> Proceedings:
        """The procedures of a file as it was read, its texts opened by ``prose``; what its grade ``answer`` has already
        is taken from there, its deadlines from ``reckoned``. Of a file that is ``held`` they are put together once, as
        long as no text in them is sealed."""
        case, law = read.case, read.known.law
        if held is not None:

            def work() -> _IfPlain:
                with suppress(_IsSealed):
                    return _IfPlain(self._made(read, answer, _plain, reckoned))
                return _IfPlain(None)

            plain = held.once(("proceedings", law.regime, read.as_of), law, work).proceedings
            if plain is not None:
                return msgspec.structs.replace(plain, basis=self._grading.basis(read))
        text = self._opened(read, prose or Opened(self._vault, lambda _: case.joined))
        return self._made(read, answer, text, reckoned)

    def _made(
        self,
        read: Read,
        answer: GradeAnswer | None,
        text: Callable[[str], str],
        reckoned: Callable[[CaseFile, RegimeLaw], Sequence[Deadline]],
    ) -> Proceedings:
        case, regime = read.case, read.known.law.regime
        annual = annual_of(read) if answer is None else answer.annual
        return Proceedings(
            subject=SubjectRef(id=case.subject, kind=case.kind or "", name=case.name_on(read.as_of)),
            regime=regime,
            basis=self._grading.basis(read),
            years=LastingLines(_years(read, annual, reckoned(case, read.known.law), text)),
            objections=tuple(_objections(read, text)),
            comments=tuple(_comments(read, text)),
            repairs=tuple(_repairs(read, text)),
            contests=tuple(_contests(read)),
            adjustments=tuple(_adjustments(read, text)),
            scope=tuple(
                ScopeLine(dated_on=m.dated_on, suspended=m.suspends, reason=text(m.reason))
                for m in case.scope
                if m.regime == regime and m.dated_on <= read.as_of
            ),
            public=public_of(read) if answer is None else answer.public,
            measures=with_bans(measures_of(read), read) if answer is None else answer.measures,
        )

    def _opened(self, read: Read, opened: Opened) -> Callable[[str], str]:
        """Free text is sealed with the key of the file; erased text says so."""
        file = read.case.subject
        return lambda text: opened.told(file, text)


# --- years -------------------------------------------------------------------------------------------------------


def _years(
    read: Read, track: Sequence[AnnualStage], reckoned: Sequence[Deadline], text: Callable[[str], str]
) -> Iterator[EvaluationYear]:
    deadlines = [d for d in reckoned if d.starts_on <= read.as_of]
    for annual in track:
        of_year = [d for d in deadlines if d.year == annual.year]
        steps = steps_of(read.case, read.known.law.regime, annual.year, read.as_of)
        standing = current_round(steps)
        yield EvaluationYear(
            annual=annual,
            steps=tuple(_step(s, s in standing, of_year, text) for s in steps),
            skipped=skipped_before(standing, read.known.law, read.case.graded_as, annual.year),
            deadlines=tuple(_deadline(d, read.as_of) for d in of_year),
        )


def _step(
    file: RecordFile[StageRecorded], stands: bool, deadlines: Sequence[Deadline], text: Callable[[str], str]
) -> StepTaken:
    event = file.event
    # A deadline that only has to pass is not one by which a step is taken.
    own = next((d for d in deadlines if d.done_by == event.record and not d.passes and not d.skipped), None)
    due_on = None if own is None else own.due_on
    return StepTaken(
        record=event.record,
        stage=event.stage,
        dated_on=event.dated_on,
        received_on=event.received_on,
        recorded_at=iso_utc(file.recorded_at),
        stands=stands,
        due_on=due_on,
        late=due_on is not None and event.dated_on > due_on,
        finding=event.finding,
        justified=event.justified,
        panel=tuple(text(name) for name in event.panel),
        result=None if event.result is None else _result(event.result),
    )


def _deadline(deadline: Deadline, day: dt.date) -> DeadlineOfYear:
    is_done = deadline.done_on is not None and deadline.done_on <= day
    return DeadlineOfYear(
        id=deadline.id,
        kind=deadline.kind,
        actor=deadline.actor,
        cites=deadline.cites,
        starts_on=deadline.starts_on,
        started_by=deadline.started_by,
        due_on=deadline.due_on,
        original_on=deadline.original_on,
        provisional=deadline.provisional,
        state=deadline.state_on(day),
        done_on=deadline.done_on if is_done else None,
        done_by=deadline.done_by if is_done else None,
    )


def _result(result: Result) -> ResultLine:
    return ResultLine(score=result.score, grade=result.grade, undetermined=result.undetermined, counted=result.counted)


# --- what was raised ------------------------------------------------------------------------------------------------


def _objections(read: Read, text: Callable[[str], str]) -> Iterator[ObjectionLine]:
    case, law = read.case, read.known.law
    for id, file in case.objections.items():
        filed = file.filed
        if file.retracted or filed.regime != law.regime or filed.filed_on > read.as_of:
            continue
        about = proposal_for(case, filed, law)
        adjustment = case.adjustments.get(filed.against)
        admissibility = admissibility_of_objection(case, filed, law)
        decided = _decided(file, read.as_of, text)
        so_far = ProcedureSoFar(
            "objection",
            id,
            filed.filed_on,
            admissibility.admissible,
            extended_until_on=file.extended_until,
            decided_on=None if decided is None else decided.decided_on,
            answers=("objection_decision",),
        )
        yield ObjectionLine(
            objection=id,
            year=about.year if about is not None else None if adjustment is None else adjustment.event.year,
            against=filed.against,
            filed_on=filed.filed_on,
            grounds=text(filed.grounds),
            admissibility=_admissibility(admissibility),
            extended_until_on=file.extended_until,
            decided=decided,
            tasks=tasks_of(case, law, so_far, read.as_of),
        )


def _comments(read: Read, text: Callable[[str], str]) -> Iterator[CommentLine]:
    case, law = read.case, read.known.law
    for id, file in case.comments.items():
        made = file.recorded
        if file.retracted or made.regime != law.regime or made.filed_on > read.as_of:
            continue
        shown = case.stages.get(made.against)
        admissibility, decided = admissibility_of_comment(case, made, law), _decided(file, read.as_of, text)
        decided_on = None if decided is None else decided.decided_on
        so_far = ProcedureSoFar("comment", id, made.filed_on, admissibility.admissible, decided_on=decided_on)
        yield CommentLine(
            comment=id,
            year=None if shown is None else shown.event.year,
            against=made.against,
            filed_on=made.filed_on,
            content=text(made.content),
            admissibility=_admissibility(admissibility),
            decided=decided,
            tasks=tasks_of(case, law, so_far, read.as_of),
        )


def _decided(file: ObjectionFile | CommentFile, as_of: dt.date, text: Callable[[str], str]) -> Decided | None:
    decided = file.decided
    if decided is None or decided.decided_on > as_of:
        return None
    return Decided(
        decided_on=decided.decided_on,
        outcome=decided.outcome,
        reasons=text(decided.reasons),
        sets_aside=decided.sets_aside,
    )


def _admissibility(found: Admissibility) -> AdmissibilityLine:
    text = None if found.says is None else in_words(found.says)
    return AdmissibilityLine(
        admissible=found.admissible,
        cites=found.cites,
        due_on=found.due_on,
        provisional=found.provisional,
        code=found.code,
        zh=None if text is None else text.zh,
        en=None if text is None else text.en,
    )


# --- repairs and adjustments ------------------------------------------------------------------------------------------


def _repairs(read: Read, text: Callable[[str], str]) -> Iterator[RepairLine]:
    case, law = read.case, read.known.law
    for id, file in case.repairs.items():
        asked = file.asked
        if file.retracted or asked.regime != law.regime or asked.dated_on > read.as_of:
            continue
        decisions = tuple(d for d in _decisions(file, text) if d.decided_on <= read.as_of)
        effect_on = file.takes_effect_on
        admissibility = admissibility_of_repair(case, asked, law)
        days = {d.decision: d.decided_on for d in decisions}
        so_far = ProcedureSoFar(
            "repair",
            id,
            asked.dated_on,
            admissibility.admissible,
            verified_on=days.get("origin_confirmed"),
            decided_on=days.get("confirmed", days.get("refused")),
            answers=("repair_confirmed", "repair_refused"),
        )
        yield RepairLine(
            repair=id,
            year=repair_year(case, asked),
            applied=asked.applied,
            facts=asked.facts,
            dated_on=asked.dated_on,
            completed_on=asked.completed_on,
            admissibility=_admissibility(admissibility),
            unmet=None if any(d.decision != "origin_confirmed" for d in decisions) else _unmet(read, file),
            decisions=decisions,
            effect_on=effect_on if effect_on is not None and effect_on <= read.as_of else None,
            tasks=tasks_of(case, law, so_far, read.as_of),
        )


def _decisions(file: RepairFile, text: Callable[[str], str]) -> Iterator[RepairDecision]:
    """The decisions on a repair in the order in which they can follow one another."""
    if (origin := file.origin_confirmed) is not None:
        yield RepairDecision(
            decision="origin_confirmed", decided_on=origin.confirmed_on, certificate=origin.certificate
        )
    if (city := file.city_confirmed) is not None:
        yield RepairDecision(
            decision="confirmed",
            decided_on=city.confirmed_on,
            certificate=city.certificate,
            result=None if city.result is None else _result(city.result),
        )
    if (refused := file.refused) is not None:
        yield RepairDecision(decision="refused", decided_on=refused.decided_on, reasons=text(refused.reasons))
    if (revoked := file.revoked) is not None:
        yield RepairDecision(decision="revoked", decided_on=revoked.decided_on, reasons=text(revoked.reasons))


def _unmet(read: Read, file: RepairFile) -> UnmetCondition | None:
    found = unmet_conditions(read.case, file, read.known.law, read.as_of)
    if found is None:
        return None
    cites, why = found
    return UnmetCondition(cites=cites, **in_both_languages(why))


def _contests(read: Read) -> Iterator[ContestLine]:
    for id, file in read.case.facts.items():
        if file.retracted is not None or file.record.regime != read.known.law.regime:
            continue
        filed = [c for c in file.contests if c.filed_on <= read.as_of]
        yield from (ContestLine(fact=id, kind=c.kind, filed_on=c.filed_on) for c in filed)
        annulled = file.set_aside
        if annulled is None or annulled.decided_on > read.as_of or any(c.kind == "litigation" for c in filed):
            continue
        if organ_of(annulled.authority) == "CRT":
            yield ContestLine(fact=id, kind="litigation", filed_on=None)


def _adjustments(read: Read, text: Callable[[str], str]) -> Iterator[AdjustmentLine]:
    for id, file in read.case.adjustments.items():
        event = file.event
        if not file.retracted and event.regime == read.known.law.regime and event.decided_on <= read.as_of:
            yield AdjustmentLine(
                record=id,
                year=event.year,
                notified_on=event.notified_on,
                decided_on=event.decided_on,
                reasons=text(event.reasons),
                result=_result(event.result),
            )
