"""Intermediaries, experts and clients."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.intermediaries import (
    DecideOutcome,
    EnterPool,
    LeavePool,
    ListBlacklist,
    RecordReview,
    RegisterNotification,
    Remind,
    RemoveBlacklist,
)
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import SubjectId
from interfaces.http.replying import Reply


class IntermediariesController(Controller):
    """Intermediaries, experts and clients."""

    tags = ("intermediaries",)

    @command("/subjects/{subject}/registrations")
    def register_notification(
        self, subject: SubjectId, data: JSONBody[RegisterNotification], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a notification registration. 记录告知性登记。

        中介机构、从业人员自该日起已办理告知性登记。

        The intermediary or practitioner registered by notification on that day.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/reminders")
    def remind(self, subject: SubjectId, data: JSONBody[Remind], *, recording: Writing) -> Reply[Outcome]:
        """Record a written reminder. 记录书面提醒。

        提醒其在期限内登记；到期仍未登记的，才构成禁止行为。

        It asks to register by a day. Only who has not done so by then has done what is prohibited.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/reviews")
    def record_review(self, subject: SubjectId, data: JSONBody[RecordReview], *, recording: Writing) -> Reply[Outcome]:
        """Record a review. 记录一事一评。

        委托人、专家、协会或监管部门对一件事项的质量、时限、收费所作评价，只作输入，不计分。

        What client, expert, association or supervisor say of quality, timeliness and fees in one matter: an input, no
        points.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/outcomes")
    def decide_outcome(
        self, subject: SubjectId, data: JSONBody[DecideOutcome], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a decision on the outcome. 记录评价结果决定。

        较好、较差或极差，只以决定为准，至下一决定为止。

        Good, poor or very poor: by decision only, until the next one.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/blacklist")
    def list_blacklist(
        self, subject: SubjectId, data: JSONBody[ListBlacklist], *, recording: Writing
    ) -> Reply[Outcome]:
        """List on the blacklist. 列入黑名单。

        须事先告知理由并听取申辩，由主要负责人签署；可附有期限的市场禁入。

        After notice and the chance of a defence, signed by the head; a ban for a time may go with it.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/blacklist/removal")
    def remove_blacklist(
        self, subject: SubjectId, data: JSONBody[RemoveBlacklist], *, recording: Writing
    ) -> Reply[Outcome]:
        """Remove from the blacklist. 移出黑名单。

        自决定之日移出；未满的市场禁入随之终止，另有保留的除外。

        From the day of the decision on. What is left of a ban ends too unless the decision keeps it.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/pool")
    def enter_pool(self, subject: SubjectId, data: JSONBody[EnterPool], *, recording: Writing) -> Reply[Outcome]:
        """Enter the pool of experts. 进入专家库。

        专家自该日起在库。

        The expert is in the pool from that day on.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/pool/exit")
    def leave_pool(self, subject: SubjectId, data: JSONBody[LeavePool], *, recording: Writing) -> Reply[Outcome]:
        """Leave the pool of experts. 退出专家库。

        专家自该日起不在库；失信行为自认定之日即退出。

        The expert is out of it from that day on; an act of dishonesty ends it on the day it is determined.
        """
        return recording.submit(data)
