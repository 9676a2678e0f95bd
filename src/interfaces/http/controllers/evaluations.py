"""Evaluation years: their stages, their results, and how far they are."""

from typing import Final

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.answering.proceedings import Proceedings
from application.answering.rechecking import ReceiptAnswer
from application.explaining.knowledge import DecisionKnowledge, Knowing
from application.recording.outcomes import Outcome
from application.year.evaluation import EvaluateRoster, RosterOutcome
from application.year.rosters import ProgressQuestion, YearProgress
from domain.procedures.evaluation import (
    AdjustResult,
    EvaluationStage,
    IssueCertificate,
    RecordDelivery,
    RequestCertificate,
    ResumeScope,
    SuspendScope,
)
from domain.procedures.scores import RecordScore
from interfaces.http.handlers import Asking, Writing, command, question
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
    RecordId,
    RegimeId,
    Stage,
    SubjectId,
    Year,
    moment,
)
from interfaces.http.replying import NO_STORE, Reply, told_with
from interfaces.http.texts import called, of_deadlines
from interfaces.http.use_cases import PAGE
from interfaces.wording import causes, words
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

ABOUT_SUBJECT: Final = ("not_found", "not_yet_there")


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
        """Record a delivery. 记录送达。

        当事人收到通知、拟定等级或函告之日；其期限自该日起算。

        The day the participant received a notice, a proposed grade or a letter; the periods run from it.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/scope/suspension")
    def suspend_scope(self, subject: SubjectId, data: JSONBody[SuspendScope], *, recording: Writing) -> Reply[Outcome]:
        """Suspend the evaluation. 中止评价。

        涉嫌犯罪期间不在评价范围内。

        Outside the evaluation while a crime is suspected.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/scope/resumption")
    def resume_scope(self, subject: SubjectId, data: JSONBody[ResumeScope], *, recording: Writing) -> Reply[Outcome]:
        """Resume the evaluation. 恢复评价。

        重新纳入评价范围。

        Within the evaluation again.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/evaluations/{year}/{stage}")
    def evaluation_stage(
        self, subject: SubjectId, year: AnyYear, stage: Stage, data: JSONBody[EvaluationStage], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a stage of the evaluation. 记录评价环节。

        某一评价年度对该主体的环节：通知、填报、拟定、公示、公布等。拟定、公示、审定、公布等环节同时算出结果及其依据。

        A stage of an evaluation year for this subject: notice, report, proposal, publicity, publication … Those that
        fix a result compute it and keep what it rests on.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/scores")
    def record_score(self, subject: SubjectId, data: JSONBody[RecordScore], *, recording: Writing) -> Reply[Outcome]:
        """Record a score. 记录得分。

        某一评价年度已经算好的得分：基础信用评分（或各类别得分）与风险评分，排序的制度为总分 score；再次记录即为更正。

        The finished score of an evaluation year: the basic score (or the points of each category) and the risk score,
        or the total `score` where the cohort is ranked; a further one puts the first right.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/evaluations/{year}/adjustments")
    def adjust_result(
        self, subject: SubjectId, year: AnyYear, data: JSONBody[AdjustResult], *, recording: Writing
    ) -> Reply[Outcome]:
        """Adjust a published result. 调整公开等级。

        两次公布之间依决定调整公开等级；下调须先告知并留足异议期。

        Moves the public grade between publications by decision; before it falls the agency is told and may object.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/certificates/requests")
    def request_certificate(
        self, subject: SubjectId, data: JSONBody[RequestCertificate], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a request for a certificate. 记录信用证明申请。

        列入评价名单的机构不再出具信用证明，答复指明已公布的结果。

        From listing on no certificate is issued; the answer points to the published result.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/certificates")
    def issue_certificate(
        self, subject: SubjectId, data: JSONBody[IssueCertificate], *, recording: Writing
    ) -> Reply[Outcome]:
        """Issue a certificate. 出具信用证明。

        仅限尚未列入评价名单的机构。

        Only for an agency that is on no roster yet.
        """
        return recording.submit(data)

    @command("/evaluations/{regime}/{year}/{stage}", is_long=True)
    def evaluate_roster(
        self, regime: RegimeId, year: AnyYear, stage: Stage, data: JSONBody[EvaluateRoster], *, recording: Writing
    ) -> Reply[RosterOutcome]:
        """A stage for a whole roster. 整个名单的评价环节。

        对区划内全部在册主体，或 subjects 所列主体，进行同一环节；逐一答复，一个主体不能办理不影响其他主体。中断后以同一
        命令继续。

        One stage for everybody on the roster of a region, or for those named in `subjects`. Each is answered for
        itself; what one is refused stops nobody else. The same command goes on where a run broke off.
        """
        return recording.evaluate(data)

    @question("/decisions/{decision}/knowledge", *ABOUT_SUBJECT, "refused", "undetermined", is_long=True)
    def get_knowledge(self, decision: DecisionId, *, asked: Asking) -> Reply[KnowledgePage]:
        """What was known of a decision. 作出决定时知道什么。

        环节、修复或调整作出结果时案卷中有什么，当时已经成立而后来才记录的及其迟延，此后更正的，以及依今日所知结果是否相
        同及原因。

        What was on record when the result of a step, a repair or an adjustment was given, what was true by then and
        recorded later (and how late), what was corrected since, and whether the result would be the same by today's
        knowledge, with the causes.
        """
        at, language = asked.at, asked.language
        found = Knowing(at.journal, at.clock, at.legislation, at.rechecking).of(decision)
        lexicon = at.law.lexicon_of(found.regime)
        texts = called([found.recorded.grade, found.today.grade], found.kind, language, lexicon)
        if found.stage is not None:
            texts[f"stage:{found.stage}"] = words.stage(found.stage, language)
        return told_with(causes.knowledge(found, language, lexicon), texts, NO_STORE)

    @question("/subjects/{subject}/evaluations", *ABOUT_SUBJECT, "undetermined", takes={"moment": moment})
    def get_evaluations(self, subject: SubjectId, *, moment: Chosen, asked: Asking) -> Reply[ProceedingsPage]:
        """Evaluations, objections and repairs. 评价、异议与修复。

        各评价年度的环节及结果，逾期和跳过的环节，异议、公众意见、修复及其受理情况，迟到和被撤销的信息，措施。供主管部门
        和本人查阅。

        The steps of every evaluation year with their results, what was late or skipped, objections, comments and
        repairs with their admissibility, late and undone facts, measures. For authorities and the subject.
        """
        at, language = asked.at, asked.language
        found = at.proceedings.of(at.question(subject, moment))
        lexicon = at.law.lexicon_of_answer(found.basis)
        answer = msgspec.structs.replace(found, measures=words.measures(found.measures, language, lexicon))
        return told_with(answer, _of_proceedings(found, language, lexicon), NO_STORE)

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
        *,
        asked: Asking,
    ) -> Reply[ProgressAnswer]:
        """Progress of a year's evaluation. 年度评价进度。

        区划内某一评价年度的进度：名单、各环节和等级的数量、逾期与跳过、待审核的异议和意见、时间是否足够。

        How far a year is in a region: the roster, counts by step and grade, what is late or skipped, open objections
        and comments, and whether the time left is enough.
        """
        region = region or asked.at.law.region(regime)
        filters = ["progress", regime, year, region, kind, known_at, as_of]
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
            )
        )
        texts = _of_progress(found, asked.language, asked.at.law.lexicon_of(regime, goes_on.as_of))
        after = None if found.next is None else sealed_after(goes_on, found.next)
        return told_with(msgspec.structs.replace(found, next=after), texts, NO_STORE)

    @question("/records/{record}/receipt", *ABOUT_SUBJECT, "refused", "undetermined")
    def get_receipt(self, record: RecordId, *, asked: Asking) -> Reply[ReceiptPage]:
        """Receipt of a result, executed again. 结果的依据及重算。

        环节、修复或调整所作结果依据的事项、规则和日历，当时的结果和现在重算的结果及逐条理由。

        What the result of a step, a repair or an adjustment rests on, what was recorded, and what comes out when it is
        executed again, with every step.
        """
        found, language = asked.at.rechecking.receipt(record), asked.language
        lexicon, kind = asked.at.law.lexicon([digest for _, digest in found.rulebooks], found.on), found.kind
        steps = (msgspec.structs.replace(s, because=words.because(s, kind, language, lexicon)) for s in found.steps)
        answer = msgspec.structs.replace(found, steps=tuple(steps))
        return told_with(answer, _of_receipt(found, language, lexicon), NO_STORE)


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
        **called(grades, kind, language, lexicon),
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
    texts = called(grades, found.kind, language, lexicon)
    if found.stage is not None:
        texts[f"stage:{found.stage}"] = words.stage(found.stage, language)
    if found.cause is not None:
        texts[f"cause:{found.cause}"] = words.recheck_cause(found.cause, language)
    return texts
