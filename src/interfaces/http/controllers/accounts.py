"""Accounts of points."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.participation import (
    FileCommitment,
    IncludeParticipant,
    RecognisePioneer,
    ServeRecordNotice,
    TakeSnapshot,
)
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import SubjectId
from interfaces.http.replying import Reply


class AccountsController(Controller):
    """Accounts of points."""

    tags = ("accounts",)

    @command("/subjects/{subject}/participation")
    def include_participant(
        self, subject: SubjectId, data: JSONBody[IncludeParticipant], *, recording: Writing
    ) -> Reply[Outcome]:
        """Include a participant. 列入参评名单。

        自该日起开立积分账户；不在名单内的不评颜色。

        The account of points is open from that day. Who is not on the list has no colour.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/commitments")
    def file_commitment(
        self, subject: SubjectId, data: JSONBody[FileCommitment], *, recording: Writing
    ) -> Reply[Outcome]:
        """File a commitment. 记录信用承诺书。

        法定代表人的承诺书上传之日起加分，只计一次。

        The legal representative's commitment gives its points once, from the day of upload.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/record-notices")
    def serve_record_notice(
        self, subject: SubjectId, data: JSONBody[ServeRecordNotice], *, recording: Writing
    ) -> Reply[Outcome]:
        """Serve a record notice. 记录告知书送达。

        随处罚决定一并送达；未一并送达的注明缺陷。

        Served with the penalty. One that was not is a flagged defect.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/pioneers")
    def recognise_pioneer(
        self, subject: SubjectId, data: JSONBody[RecognisePioneer], *, recording: Writing
    ) -> Reply[Outcome]:
        """Recognise a pioneer. 认定领跑者。

        须连续两年没有失信信息；认定后为绿色，至其后的扣分生效为止。

        After two years without a breach. Green until a later deduction counts.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/snapshots")
    def take_snapshot(self, subject: SubjectId, data: JSONBody[TakeSnapshot], *, recording: Writing) -> Reply[Outcome]:
        """Take a half-year snapshot. 形成半年度快照。

        1 月、7 月就刚结束的半年形成，报送后不再变动。

        In January or July, of the half-year that has just ended. It stays as sent.
        """
        return recording.submit(data)
