"""Facts: what is recorded about a subject, and what becomes of it."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.facts import (
    ConfirmRectification,
    ContestFact,
    CorrectFact,
    RecordClientOutcome,
    RecordEnhancement,
    RecordFact,
    RecordFinality,
    RecordNationalRepair,
    RetractFact,
    SetAsideFact,
)
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import FactId, SubjectId
from interfaces.http.replying import Reply


class FactsController(Controller):
    """Facts: what is recorded about a subject, and what becomes of it."""

    tags = ("facts",)

    @command("/subjects/{subject}/facts")
    def record_fact(self, subject: SubjectId, data: JSONBody[RecordFact], *, recording: Writing) -> Reply[Outcome]:
        """Record a fact. 记录信用信息。

        按评价制度的条目记录一条信用信息及其日期、机关、文书；何日起计由规则推算，不作为结论存储。

        Records one fact under a row of the regime with its dates, authority and document. Since when it counts is
        derived by the rulebook, never stored.
        """
        return recording.submit(data)

    @command("/facts/{fact}/contest")
    def contest_fact(self, fact: FactId, data: JSONBody[ContestFact], *, recording: Writing) -> Reply[Outcome]:
        """Record a challenge. 记录复议或诉讼。

        决定被申请复议或提起诉讼；其间处罚不视为生效。

        The decision was challenged; until that is decided a penalty is not final.
        """
        return recording.submit(data)

    @command("/facts/{fact}/finality")
    def record_finality(self, fact: FactId, data: JSONBody[RecordFinality], *, recording: Writing) -> Reply[Outcome]:
        """Record finality. 记录生效。

        决定自 final_on 起不可再争议。

        The decision can no longer be challenged since `final_on`.
        """
        return recording.submit(data)

    @command("/facts/{fact}/corrections")
    def correct_fact(self, fact: FactId, data: JSONBody[CorrectFact], *, recording: Writing) -> Reply[Outcome]:
        """Correct a fact. 更正信息。

        原本就是如此：changes 为正确的内容，reason 为理由；原记录保留并标明已更正。

        It was always so: `changes` is how it reads rightly. The old record stays and is marked.
        """
        return recording.submit(data)

    @command("/facts/{fact}/retraction")
    def retract_fact(self, fact: FactId, data: JSONBody[RetractFact], *, recording: Writing) -> Reply[Outcome]:
        """Retract a fact. 删除误录的信息。

        记录有误，自始不计；原记录保留并标明已删除。

        Recorded in error: it never counts. The record stays and is marked.
        """
        return recording.submit(data)

    @command("/facts/{fact}/set-aside")
    def set_aside_fact(self, fact: FactId, data: JSONBody[SetAsideFact], *, recording: Writing) -> Reply[Outcome]:
        """Record an annulment. 记录决定被撤销。

        所依据的决定被撤销：ab_initio 自始无效，prospective 自撤销之日起无效。

        The decision was annulled, `ab_initio` or from its day on (`prospective`).
        """
        return recording.submit(data)

    @command("/facts/{fact}/rectification")
    def confirm_rectification(
        self, fact: FactId, data: JSONBody[ConfirmRectification], *, recording: Writing
    ) -> Reply[Outcome]:
        """Confirm a rectification. 确认整改。

        部门审核确认整改完成；动态扣分自确认之日截止。

        The department confirms the rectification; the running deduction ends that day.
        """
        return recording.submit(data)

    @command("/facts/{fact}/national-repair")
    def record_national_repair(
        self, fact: FactId, data: JSONBody[RecordNationalRepair], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a national repair. 记录全国信用修复。

        全国信用信息平台已准予修复。

        The national platform granted a repair.
        """
        return recording.submit(data)

    @command("/facts/{fact}/client-outcome")
    def record_client_outcome(
        self, fact: FactId, data: JSONBody[RecordClientOutcome], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record the client's outcome. 记录委托单位结果。

        “同委托单位”条目：委托单位的扣分被撤销、变更（填 `points`）或修复。撤销和变更自始有效，
        `effect` 为 `prospective` 的自当日起；同一决定所关联的信息，不论在哪一案卷，一并适用。

        For linked rows: the client's deduction was revoked, changed (`points`) or repaired. A revocation or change
        holds from the beginning, or from its day where `effect` is `prospective`. Every fact linked to the same
        decision follows, on any file.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/enhancements")
    def record_enhancement(
        self, subject: SubjectId, data: JSONBody[RecordEnhancement], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record credit-enhancing information. 记录增信信息。

        记录并展示；主管部门未设定分值时不加分。

        Recorded and shown; without points unless the bureau has set them.
        """
        return recording.submit(data)
