"""Filings of agencies, and what follows from them."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.outcomes import Outcome
from domain.procedures.filings import File, FileChange, IssueCaution, RecordBusiness, RecordFinding, RefuseGrade
from interfaces.http.handlers import Writing, command
from interfaces.http.parameters import SubjectId
from interfaces.http.replying import Reply


class FilingsController(Controller):
    """Filings of agencies, and what follows from them."""

    tags = ("filings",)

    @command("/subjects/{subject}/filings")
    def file(self, subject: SubjectId, data: JSONBody[File], *, recording: Writing) -> Reply[Outcome]:
        """File an agency. 备案。

        监测或监测设备运维机构向市局备案。

        An agency for monitoring, or for running what monitors, files with the city bureau.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/filings/changes")
    def file_change(self, subject: SubjectId, data: JSONBody[FileChange], *, recording: Writing) -> Reply[Outcome]:
        """File a change. 办理备案信息变更。

        变更后一个月内办理；逾期的照记，并提示可予警示。

        Within a month of the change. A late one is recorded as such and may bring a caution.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/businesses")
    def record_business(
        self, subject: SubjectId, data: JSONBody[RecordBusiness], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record the business of a year. 记录年度业务情况。

        当年没有开展业务的，不纳入评价。

        Who did no business in the year is not evaluated.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/refusals")
    def refuse_grade(self, subject: SubjectId, data: JSONBody[RefuseGrade], *, recording: Writing) -> Reply[Outcome]:
        """Refuse a grade. 不予评定等级。

        信息严重失实或重大遗漏且拒绝整改；自公示日起在名录显示。

        For seriously untrue information that is not put right. The register shows it from the day it is made public.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/cautions")
    def issue_caution(self, subject: SubjectId, data: JSONBody[IssueCaution], *, recording: Writing) -> Reply[Outcome]:
        """Issue a caution. 警示。

        书面告知、约见谈话或公开通报；不直接影响等级。

        A written notice, a talk or a public circular, without effect on the grade by itself.
        """
        return recording.submit(data)

    @command("/subjects/{subject}/findings")
    def record_finding(
        self, subject: SubjectId, data: JSONBody[RecordFinding], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record a conflict of interest. 记录利益回避认定。

        同时接受监管部门和被监管对象委托的认定。

        That an agency served the supervisor and the supervised at once.
        """
        return recording.submit(data)
