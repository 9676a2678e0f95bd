"""Evaluation years: their stages, their results, and how far they are."""

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.answering.grading import ApplicableMeasure
from application.answering.proceedings import Proceedings
from application.answering.rechecking import ReceiptAnswer
from application.cache import LastingLines
from application.explaining.knowledge import DecisionKnowledge, Knowing
from application.recording.outcomes import Outcome
from application.year.evaluation import EvaluateRoster, RosterOutcome
from application.year.rosters import ProgressQuestion, YearProgress
from domain.procedures.evaluation import (
    AdjustResult,
    EvaluationStage,
    IssueCertificate,
    RecordDelivery,
    RecordWithdrawalNotice,
    RequestCertificate,
    ResumeScope,
    SuspendScope,
)
from domain.procedures.scores import RecordScore
from interfaces.files.tables import SHEETS
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, Writing, command, question
from interfaces.http.lists import exporting
from interfaces.http.names import called_in, of_deadlines
from interfaces.http.pages import cursor_for, sealed_after
from interfaces.http.parameters import (
    AnyYear,
    AsOf,
    Chosen,
    DecisionId,
    InRegion,
    KindGraded,
    KnownAt,
    Limit,
    Next,
    OfStage,
    OnlyBehind,
    RecordId,
    RegimeId,
    SheetFile,
    Stage,
    SubjectId,
    Year,
    moment,
)
from interfaces.http.replying import NO_STORE, Reply, told_with
from interfaces.http.use_cases import PAGE, UseCases
from interfaces.wording import causes, words
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon


class ProceedingsPage(Proceedings, frozen=True, kw_only=True):
    """The procedures of a file with what their codes are called in the reader's language."""

    texts: dict[str, str]


class ProgressAnswer(YearProgress, frozen=True, kw_only=True):
    """How far a year is, with what its codes are called in the reader's language; ``next`` is a cursor."""

    texts: dict[str, str]


class ReceiptPage(ReceiptAnswer, frozen=True, kw_only=True):
    """A receipt executed again, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class KnowledgePage(DecisionKnowledge, frozen=True, kw_only=True):
    """What was known of a decision, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class EvaluationsController(Controller):
    """Evaluation years: their stages, their results, and how far they are."""

    tags = ("evaluations",)

    @command("/records/{record}/delivery")
    def record_delivery(
        self, record: RecordId, data: JSONBody[RecordDelivery], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a delivery."""
        return recording.submit(data)

    @command("/records/{record}/withdrawal-notice")
    def record_withdrawal_notice(
        self, record: RecordId, data: JSONBody[RecordWithdrawalNotice], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record the notice of a withdrawal."""
        return recording.submit(data)

    @command("/subjects/{subject}/scope/suspension")
    def suspend_scope(self, subject: SubjectId, data: JSONBody[SuspendScope], *, recording: Writing) -> Reply[Outcome]:
        """Suspend the evaluation."""
        return recording.submit(data)

    @command("/subjects/{subject}/scope/resumption")
    def resume_scope(self, subject: SubjectId, data: JSONBody[ResumeScope], *, recording: Writing) -> Reply[Outcome]:
        """Resume the evaluation."""
        return recording.submit(data)

    @command("/subjects/{subject}/evaluations/{year}/{stage}")
    def evaluation_stage(
        self, subject: SubjectId, year: AnyYear, stage: Stage, data: JSONBody[EvaluationStage], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a stage of the evaluation."""
        return recording.submit(data)

    @command("/subjects/{subject}/scores")
    def record_score(self, subject: SubjectId, data: JSONBody[RecordScore], *, recording: Writing) -> Reply[Outcome]:
        """Record a score."""
        return recording.submit(data)

    @command("/subjects/{subject}/evaluations/{year}/adjustments")
    def adjust_result(
        self, subject: SubjectId, year: AnyYear, data: JSONBody[AdjustResult], *, recording: Writing
    ) -> Reply[Outcome]:
        """Adjust a published result."""
        return recording.submit(data)

    @command("/subjects/{subject}/certificates/requests")
    def request_certificate(
        self, subject: SubjectId, data: JSONBody[RequestCertificate], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a request for a certificate."""
        return recording.submit(data)

    @command("/subjects/{subject}/certificates")
    def issue_certificate(
        self, subject: SubjectId, data: JSONBody[IssueCertificate], *, recording: Writing
    ) -> Reply[Outcome]:
        """Issue a certificate."""
        return recording.submit(data)

    @command("/evaluations/{regime}/{year}/{stage}", is_long=True)
    def evaluate_roster(
        self, regime: RegimeId, year: AnyYear, stage: Stage, data: JSONBody[EvaluateRoster], *, recording: Writing
    ) -> Reply[RosterOutcome]:
        """A stage for a whole roster."""
        return recording.evaluate(data)

    @question("/decisions/{decision}/knowledge", *ABOUT_SUBJECT, "refused", "undetermined", is_long=True)
    def get_knowledge(self, decision: DecisionId, *, asked: Asking) -> Reply[KnowledgePage]:
        """What was known of a decision."""
        at, language = asked.at, asked.language
        found = Knowing(at.journal, at.clock, at.legislation, at.rechecking).of(decision)
        lexicon = at.law.lexicon_of(found.regime)
        texts = called_in([found.recorded.grade, found.today.grade], found.kind, language, lexicon)
        if found.stage is not None:
            texts[f"stage:{found.stage}"] = words.stage(found.stage, language)
        return told_with(causes.knowledge(found, language, lexicon), texts, NO_STORE)

    @question("/subjects/{subject}/evaluations", *ABOUT_SUBJECT, "undetermined", takes={"moment": moment})
    def get_evaluations(self, subject: SubjectId, *, moment: Chosen, asked: Asking) -> Reply[ProceedingsPage]:
        """Evaluations, objections and repairs."""
        at = asked.at
        found = at.proceedings.of(at.question(subject, moment))
        return told_with(*told_proceedings(at, found, asked.language), NO_STORE)

    @question("/evaluations/{regime}/{year}", "not_found", "not_yet_there", "undetermined", is_long=True)
    def get_progress(
        self,
        regime: RegimeId,
        year: Year,
        region: InRegion = None,
        kind: KindGraded = "agency",
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = PAGE,
        cursor: Next = None,
        stage: OfStage = None,
        behind: OnlyBehind = False,
        *,
        asked: Asking,
    ) -> Reply[ProgressAnswer]:
        """Progress of a year's evaluation."""
        region = region or asked.at.law.region(regime)
        filters = ["progress", regime, year, region, kind, known_at, as_of, stage, behind]
        goes_on = cursor_for(asked.at, cursor, filters, known_at=known_at, as_of=as_of)
        found = asked.at.evaluating.progress(
            ProgressQuestion(
                regime=regime,
                year=year,
                region=region,
                kind=kind,
                as_of=goes_on.as_of,
                known_at=known_at,
                position=goes_on.position,
                after=goes_on.after or None,
                limit=limit,
                stage=stage,
                behind=behind,
            )
        )
        texts = _of_progress(found, asked.language, asked.at.law.lexicon_of(regime, goes_on.as_of))
        after = None if found.next is None else sealed_after(goes_on, found.next)
        return told_with(msgspec.structs.replace(found, next=after), texts, NO_STORE)

    @question(
        "/evaluations/{regime}/{year}/export",
        "not_found",
        "not_yet_there",
        "undetermined",
        is_long=True,
        files=tuple(SHEETS.values()),
    )
    def export_progress(
        self,
        regime: RegimeId,
        year: Year,
        region: InRegion = None,
        kind: KindGraded = "agency",
        as_of: AsOf = None,
        known_at: KnownAt = None,
        stage: OfStage = None,
        behind: OnlyBehind = False,
        file: SheetFile = "csv",
        *,
        asked: Asking,
    ) -> Reply[str]:
        """Progress of a year's evaluation as a file."""
        question = ProgressQuestion(
            regime=regime,
            year=year,
            region=region or asked.at.law.region(regime),
            kind=kind,
            as_of=as_of,
            known_at=known_at,
            stage=stage,
            behind=behind,
        )
        return exporting.year_of_subjects(asked.at, question, file, asked.language)

    @question("/records/{record}/receipt", *ABOUT_SUBJECT, "refused", "undetermined")
    def get_receipt(self, record: RecordId, *, asked: Asking) -> Reply[ReceiptPage]:
        """Receipt of a result, executed again."""
        found, language = asked.at.rechecking.receipt(record), asked.language
        lexicon, kind = asked.at.law.lexicon([digest for _, digest in found.rulebooks], found.on), found.kind
        steps = (msgspec.structs.replace(s, because=words.because(s, kind, language, lexicon)) for s in found.steps)
        answer = msgspec.structs.replace(found, steps=tuple(steps))
        return told_with(answer, _of_receipt(found, language, lexicon), NO_STORE)


def told_proceedings(at: UseCases, found: Proceedings, language: Language) -> tuple[Proceedings, dict[str, str]]:
    """The procedures of a file in words, and what their codes are called."""
    lexicon = at.law.lexicon_of_answer(found.basis)

    def work() -> tuple[tuple[ApplicableMeasure, ...], dict[str, str]]:
        return words.measures(found.measures, language, lexicon), _of_proceedings(found, language, lexicon)

    years = found.years
    told = years.under(("words", language), lexicon, work) if isinstance(years, LastingLines) else work()
    return msgspec.structs.replace(found, measures=told[0]), told[1]


def _of_proceedings(found: Proceedings, language: Language, lexicon: Lexicon) -> dict[str, str]:
    """What the codes of an answer about procedures are called: steps, deadlines and their states, outcomes, grades."""
    kind = found.subject.kind
    steps = {s.stage for y in found.years for s in y.steps} | {s for y in found.years for s in y.skipped}
    grades = {s.result.grade for y in found.years for s in y.steps if s.result is not None}
    decided = [r.decided for r in found.objections] + [r.decided for r in found.comments]
    return {
        **{f"stage:{s}": words.stage(s, language) for s in sorted(steps)},
        **of_deadlines([d for y in found.years for d in y.deadlines], language),
        **{f"outcome:{o}": words.outcome(o, language) for o in sorted({d.outcome for d in decided if d})},
        **called_in(grades, kind, language, lexicon),
    }


def _of_progress(found: YearProgress, language: Language, lexicon: Lexicon) -> dict[str, str]:
    kinds = {b.kind for b in found.behind} | {k for s in found.subjects for k in s.behind}
    grades = [g for g in found.grades if g not in ("none", "undetermined")]
    return {
        **{f"stage:{s}": words.stage(s, language) for s in found.stages},
        **{f"grade:{g}": lexicon.grade(g, found.kind, language) for g in grades},
        **{f"deadline:{k}": words.deadline_kind(k, language) for k in sorted(kinds)},
        **{f"state:{s}": words.deadline_state(s, language) for s in sorted({b.state for b in found.behind})},
    }


def _of_receipt(found: ReceiptAnswer, language: Language, lexicon: Lexicon) -> dict[str, str]:
    grades = [f.grade for f in (found.recorded, found.computed) if f is not None]
    texts = called_in(grades, found.kind, language, lexicon)
    if found.stage is not None:
        texts[f"stage:{found.stage}"] = words.stage(found.stage, language)
    if found.cause is not None:
        texts[f"cause:{found.cause}"] = words.recheck_cause(found.cause, language)
    return texts
