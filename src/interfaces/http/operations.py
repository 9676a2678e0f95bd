"""The one table of what the API offers: paths, commands, parameters and answers.

Routes are made from it and the description of the API is written from it, so that neither can say what the other
does not do.
"""

from typing import Any, Final, Literal, get_args

import msgspec

from application.answering.grading import GradeAnswer, History
from application.answering.interpretations import ReadingsAnswer
from application.answering.proceedings import Proceedings
from application.answering.public_register import RegisterPage
from application.answering.rechecking import ReceiptAnswer
from application.answering.timeline import Timeline
from application.deadlines.worklist import ACTORS, MOST_LINES, STATES, ProvedDeadline, WorklistPage
from application.explaining.counterfactuals import Counterfactuals
from application.explaining.differences import GradeDifference
from application.explaining.knowledge import DecisionKnowledge
from application.explaining.regional import RegionDifference
from application.population.population import PopulationCounts
from application.recording.advisories import Overview
from application.recording.cohorts import SampleAnswer
from application.recording.commands import COMMANDS as VOCABULARY
from application.recording.outcomes import Outcome
from application.rehearsal.rehearsal import RehearsalRequest
from application.year.evaluation import EvaluateRoster, RosterOutcome
from application.year.rosters import YearProgress
from domain.procedures.request import Request
from domain.vocabulary import Service, SubjectKind, Text
from interfaces.files.rehearsal_tables import FORMATS, MEDIA, TABLES
from interfaces.http import asking
from interfaces.http.asking import Query
from interfaces.http.controllers.profiles import Profile
from interfaces.http.reading import (
    CalendarLine,
    Health,
    JournalHead,
    RegisterList,
    RulebookDiff,
    RulebookLine,
    RulebookPage,
    SubjectList,
)
from interfaces.http.rehearsals import ChangesAnswer, DecisionsAnswer, RehearsalAnswer, RehearsalsAnswer

ROOT: Final = "/api/v1"

BODIES: Final[dict[str, type[Request]]] = {**VOCABULARY, "evaluate_roster": EvaluateRoster}
"""What a body may spell, by its name: every command, and the one over a whole roster."""


class GradePage(GradeAnswer, frozen=True, kw_only=True):
    """A grade answer with what its codes are called in the reader's language."""

    texts: dict[str, str]


class ReadingsPage(ReadingsAnswer, frozen=True, kw_only=True):
    """On which readings a grade hangs, with what the codes are called in the reader's language."""

    texts: dict[str, str]


class ProceedingsPage(Proceedings, frozen=True, kw_only=True):
    """The procedures of a file with what their codes are called in the reader's language."""

    texts: dict[str, str]


class ProgressAnswer(YearProgress, frozen=True, kw_only=True):
    """How far a year is, with what its codes are called in the reader's language; ``next`` is a cursor."""

    texts: dict[str, str]


class ReceiptPage(ReceiptAnswer, frozen=True, kw_only=True):
    """A receipt executed again, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class DifferencePage(GradeDifference, frozen=True, kw_only=True):
    """Why two answers differ, with what their grades are called in the reader's language."""

    texts: dict[str, str]


class RegionDifferencePage(RegionDifference, frozen=True, kw_only=True):
    """Why the answers of a region differ, with what the grades are called in the reader's language."""

    texts: dict[str, str]


class CounterfactualsPage(Counterfactuals, frozen=True, kw_only=True):
    """What would lead to a grade, with what the grades are called in the reader's language."""

    texts: dict[str, str]


class KnowledgePage(DecisionKnowledge, frozen=True, kw_only=True):
    """What was known of a decision, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class WorklistAnswer(WorklistPage, frozen=True, kw_only=True):
    """A page of the worklist with what its codes are called in the reader's language."""

    texts: dict[str, str]


class DeadlineAnswer(ProvedDeadline, frozen=True, kw_only=True):
    """One deadline and its proof with what their codes are called in the reader's language."""

    texts: dict[str, str]


class CountsAnswer(PopulationCounts, frozen=True, kw_only=True):
    """Counts by grade with what their codes are called in the reader's language."""

    texts: dict[str, str]


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """One method on one path.

    ``name`` is the command, or the method of ``Reader``; ``commands`` are those the body may spell. ``answer`` is
    the type of a good answer, ``errors`` the kinds of problems beside the ones that everything may give. ``body`` is
    the type of a body that spells no command, ``good`` the statuses of a good answer where they are not the usual ones,
    ``files`` the media types of an answer that is a file.
    """

    method: Literal["GET", "POST", "DELETE"]
    path: str
    name: str
    tag: str
    summary: Text
    about: Text
    answer: Any
    commands: tuple[str, ...] = ()
    query: tuple[Query, ...] = ()
    errors: tuple[str, ...] = ()
    body: type[msgspec.Struct] | None = None
    good: tuple[int, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The operation's name in the description."""
        return f"get_{self.name}" if self.method == "GET" else self.name


# --- commands ---------------------------------------------------------------------------------------------

DRY_RUN: Final = Query(
    name="dry_run",
    read=asking.yes,
    about=Text("只试算，不写入；答复给出影响（impact）。", "Nothing is stored; the answer is the impact."),
    schema={"type": "boolean", "default": False},
    example=False,
)

_WRITE_ERRORS: Final = (
    "malformed",
    "actor_refused",
    "not_found",
    "refused",
    "conflict",
    "undetermined",
    "stale",
    "too_slow",
    "too_large",
    "invalid",
    "reused_key",
)


def _write(
    path: str, name: str, tag: str, zh: str, en: str, about_zh: str, about_en: str, answer: Any = Outcome
) -> Operation:
    return Operation(
        method="POST",
        path=path,
        name=name,
        tag=tag,
        summary=Text(zh, en),
        about=Text(about_zh, about_en),
        answer=answer,
        commands=tuple(f"register_{kind}" for kind in get_args(SubjectKind)) if name == "register" else (name,),
        query=(DRY_RUN,),
        errors=(*_WRITE_ERRORS, "rulebook_invalid") if name == "adopt_rulebook" else _WRITE_ERRORS,
    )


COMMANDS: Final = (
    _write(
        "/subjects",
        "register",
        "subjects",
        "登记主体",
        "Register a subject",
        "开立机构、从业人员、专家或委托人的案卷，类别由 kind 指明。自然人的姓名、证件号码只存入个人信息库。",
        "Opens the file of an agency, a practitioner, an expert or a client, as `kind` says. The name and ID number of"
        " a natural person go to the vault alone, never into the journal.",
    ),
    _write(
        "/subjects/{subject}/changes",
        "change_subject",
        "subjects",
        "变更登记事项",
        "Change a registration",
        "自 from_on 起登记事项有所变化；未给出的项目不变。",
        "The registration reads otherwise from `from_on` on; what is absent stays.",
    ),
    _write(
        "/subjects/{agency}/staff",
        "record_employment",
        "subjects",
        "记录任职",
        "Record an employment",
        "从业人员自 from_on 起在该机构任职；until_on 为最后一日。",
        "A practitioner works for the agency from `from_on`; `until_on` is the last day.",
    ),
    _write(
        "/subjects/{subject}/facts",
        "record_fact",
        "facts",
        "记录信用信息",
        "Record a fact",
        "按评价制度的条目记录一条信用信息及其日期、机关、文书；何日起计由规则推算，不作为结论存储。",
        "Records one fact under a row of the regime with its dates, authority and document. Since when it counts is"
        " derived by the rulebook, never stored.",
    ),
    _write(
        "/facts/{fact}/contest",
        "contest_fact",
        "facts",
        "记录复议或诉讼",
        "Record a challenge",
        "决定被申请复议或提起诉讼；其间处罚不视为生效。",
        "The decision was challenged; until that is decided a penalty is not final.",
    ),
    _write(
        "/facts/{fact}/finality",
        "record_finality",
        "facts",
        "记录生效",
        "Record finality",
        "决定自 final_on 起不可再争议。",
        "The decision can no longer be challenged since `final_on`.",
    ),
    _write(
        "/facts/{fact}/corrections",
        "correct_fact",
        "facts",
        "更正信息",
        "Correct a fact",
        "原本就是如此：changes 为正确的内容，reason 为理由；原记录保留并标明已更正。",
        "It was always so: `changes` is how it reads rightly. The old record stays and is marked.",
    ),
    _write(
        "/facts/{fact}/retraction",
        "retract_fact",
        "facts",
        "删除误录的信息",
        "Retract a fact",
        "记录有误，自始不计；原记录保留并标明已删除。",
        "Recorded in error: it never counts. The record stays and is marked.",
    ),
    _write(
        "/facts/{fact}/set-aside",
        "set_aside_fact",
        "facts",
        "记录决定被撤销",
        "Record an annulment",
        "所依据的决定被撤销：ab_initio 自始无效，prospective 自撤销之日起无效。",
        "The decision was annulled, `ab_initio` or from its day on (`prospective`).",
    ),
    _write(
        "/facts/{fact}/rectification",
        "confirm_rectification",
        "facts",
        "确认整改",
        "Confirm a rectification",
        "部门审核确认整改完成；动态扣分自确认之日截止。",
        "The department confirms the rectification; the running deduction ends that day.",
    ),
    _write(
        "/facts/{fact}/national-repair",
        "record_national_repair",
        "facts",
        "记录全国信用修复",
        "Record a national repair",
        "全国信用信息平台已准予修复。",
        "The national platform granted a repair.",
    ),
    _write(
        "/facts/{fact}/client-outcome",
        "record_client_outcome",
        "facts",
        "记录委托单位结果",
        "Record the client's outcome",
        "“同委托单位”条目：委托单位的扣分被撤销、变更（填 `points`）或修复。撤销和变更自始有效，"
        "`effect` 为 `prospective` 的自当日起；同一决定所关联的信息，不论在哪一案卷，一并适用。",
        "For linked rows: the client's deduction was revoked, changed (`points`) or repaired. A revocation or change"
        " holds from the beginning, or from its day where `effect` is `prospective`. Every fact linked"
        " to the same decision follows, on any file.",
    ),
    _write(
        "/facts/{fact}/warnings",
        "issue_warning",
        "warnings",
        "发出信用预警",
        "Issue a warning",
        "书面预警，须有整改要求和期限；期限内扣分暂缓。",
        "A written warning with requirements and a time limit; the deduction is suspended meanwhile.",
    ),
    _write(
        "/warnings/{warning}/report",
        "report_rectification",
        "warnings",
        "报告整改",
        "Report a rectification",
        "机构报告整改完成。",
        "The agency reports that it has put things right.",
    ),
    _write(
        "/warnings/{warning}/confirmation",
        "confirm_warning",
        "warnings",
        "确认预警整改",
        "Confirm under a warning",
        "期限内完成的，不予扣分；逾期完成的，自确认之日截止。",
        "Within the limit the deduction is waived; later it ends on the day of confirmation.",
    ),
    _write(
        "/warnings/{warning}/rejection",
        "reject_rectification",
        "warnings",
        "驳回整改报告",
        "Reject a rectification",
        "报告的整改不符合要求，须说明理由。",
        "What was reported does not do; reasons are needed.",
    ),
    _write(
        "/warnings/{warning}/withdrawal",
        "withdraw_warning",
        "warnings",
        "撤回预警",
        "Withdraw a warning",
        "视为从未发出。",
        "As if it had never been issued.",
    ),
    _write(
        "/records/{record}/retraction",
        "retract_record",
        "subjects",
        "删除误录的记录",
        "Retract a record",
        "误录的预警、修复、环节、任职等；原记录保留并标明。",
        "A warning, repair, stage, employment … recorded in error. The record stays and is marked.",
    ),
    _write(
        "/subjects/{subject}/enhancements",
        "record_enhancement",
        "facts",
        "记录增信信息",
        "Record credit-enhancing information",
        "记录并展示；主管部门未设定分值时不加分。",
        "Recorded and shown; without points unless the bureau has set them.",
    ),
    _write(
        "/subjects/{subject}/objections",
        "file_objection",
        "objections",
        "记录异议",
        "Record an objection",
        "参评主体对拟定等级或所列信息的异议；逾期的照样记录，并注明不予受理及条款。",
        "The participant's objection to the proposed grade or the facts behind it. A late one is recorded all the same,"
        " with its inadmissibility and the article.",
    ),
    _write(
        "/objections/{objection}/extension",
        "extend_review",
        "objections",
        "延长异议审核",
        "Extend the review of an objection",
        "审核期限延至 until_on（含），须说明理由。",
        "The time to decide lasts until `until_on`, that day included; a reason is needed.",
    ),
    _write(
        "/objections/{objection}/decision",
        "decide_objection",
        "objections",
        "审核异议",
        "Decide an objection",
        "成立、部分成立或不成立，须说明理由；sets_aside 所列信息自始不计。不予受理的异议不能支持。",
        "Upheld, in part or rejected, with reasons; facts in `sets_aside` never counted. An inadmissible objection"
        " cannot be upheld.",
    ),
    _write(
        "/subjects/{subject}/comments",
        "record_comment",
        "objections",
        "记录公众意见",
        "Record a comment of the public",
        "公示期间任何人可对拟定结果提出意见；提出人姓名只存入个人信息库。",
        "Anybody may comment while proposed results are on show; the author's name goes to the vault alone.",
    ),
    _write(
        "/comments/{comment}/decision",
        "decide_comment",
        "objections",
        "核实公众意见",
        "Decide on a comment",
        "记录调查核实的结果，须说明理由；确定评价结果前须先核实。",
        "What looking into the comment has shown, with reasons; it comes before the result is fixed.",
    ),
    _write(
        "/subjects/{subject}/repairs/commitments",
        "commit_repair",
        "repairs",
        "提交修复承诺",
        "Commit to a repair",
        "公布前的修复：须由产生信息的单位确认，再由盟市局修订。",
        "Repair before publication: confirmed by the originating authority, then revised by the city bureau.",
    ),
    _write(
        "/subjects/{subject}/repairs/applications",
        "apply_repair",
        "repairs",
        "申请修复",
        "Apply for a repair",
        "公布后，或从业人员的修复。",
        "Repair after publication, or of a practitioner.",
    ),
    _write(
        "/repairs/{repair}/confirmation",
        "confirm_repair",
        "repairs",
        "确认修复",
        "Confirm a repair",
        "产生信息的单位或盟市局确认；信息属实，但不再计入。",
        "By the originating authority or the city bureau; the facts stay true and stop counting.",
    ),
    _write(
        "/repairs/{repair}/refusal",
        "refuse_repair",
        "repairs",
        "不予修复",
        "Refuse a repair",
        "须告知理由。",
        "With reasons.",
    ),
    _write(
        "/repairs/{repair}/revocation",
        "revoke_repair",
        "repairs",
        "撤销修复确认",
        "Revoke a confirmed repair",
        "公开前已确认的修复，公告前同一行为再次发生的，视为从未确认；须说明理由。",
        "A repair confirmed before publication reads as if never confirmed when the act was repeated before the"
        " announcement; reasons are needed.",
    ),
    _write(
        "/records/{record}/delivery",
        "record_delivery",
        "evaluations",
        "记录送达",
        "Record a delivery",
        "当事人收到通知、拟定等级或函告之日；其期限自该日起算。",
        "The day the participant received a notice, a proposed grade or a letter; the periods run from it.",
    ),
    _write(
        "/subjects/{subject}/scope/suspension",
        "suspend_scope",
        "evaluations",
        "中止评价",
        "Suspend the evaluation",
        "涉嫌犯罪期间不在评价范围内。",
        "Outside the evaluation while a crime is suspected.",
    ),
    _write(
        "/subjects/{subject}/scope/resumption",
        "resume_scope",
        "evaluations",
        "恢复评价",
        "Resume the evaluation",
        "重新纳入评价范围。",
        "Within the evaluation again.",
    ),
    _write(
        "/subjects/{subject}/evaluations/{year}/{stage}",
        "evaluation_stage",
        "evaluations",
        "记录评价环节",
        "Record a stage of the evaluation",
        "某一评价年度对该主体的环节：通知、填报、拟定、公示、公布等。拟定、公示、审定、公布等环节同时算出结果及其依据。",
        "A stage of an evaluation year for this subject: notice, report, proposal, publicity, publication … Those that"
        " fix a result compute it and keep what it rests on.",
    ),
    _write(
        "/subjects/{subject}/scores",
        "record_score",
        "evaluations",
        "记录得分",
        "Record a score",
        "某一评价年度已经算好的得分：基础信用评分（或各类别得分）与风险评分，排序的制度为总分 score；"
        "再次记录即为更正。",
        "The finished score of an evaluation year: the basic score (or the points of each category) and the risk score,"
        " or the total `score` where the cohort is ranked; a further one puts the first right.",
    ),
    _write(
        "/subjects/{subject}/evaluations/{year}/adjustments",
        "adjust_result",
        "evaluations",
        "调整公开等级",
        "Adjust a published result",
        "两次公布之间依决定调整公开等级；下调须先告知并留足异议期。",
        "Moves the public grade between publications by decision; before it falls the agency is told and may object.",
    ),
    _write(
        "/subjects/{subject}/certificates/requests",
        "request_certificate",
        "evaluations",
        "记录信用证明申请",
        "Record a request for a certificate",
        "列入评价名单的机构不再出具信用证明，答复指明已公布的结果。",
        "From listing on no certificate is issued; the answer points to the published result.",
    ),
    _write(
        "/subjects/{subject}/certificates",
        "issue_certificate",
        "evaluations",
        "出具信用证明",
        "Issue a certificate",
        "仅限尚未列入评价名单的机构。",
        "Only for an agency that is on no roster yet.",
    ),
    _write(
        "/subjects/{subject}/registrations",
        "register_notification",
        "intermediaries",
        "记录告知性登记",
        "Record a notification registration",
        "中介机构、从业人员自该日起已办理告知性登记。",
        "The intermediary or practitioner registered by notification on that day.",
    ),
    _write(
        "/subjects/{subject}/reminders",
        "remind",
        "intermediaries",
        "记录书面提醒",
        "Record a written reminder",
        "提醒其在期限内登记；到期仍未登记的，才构成禁止行为。",
        "It asks to register by a day. Only who has not done so by then has done what is prohibited.",
    ),
    _write(
        "/subjects/{subject}/reviews",
        "record_review",
        "intermediaries",
        "记录一事一评",
        "Record a review",
        "委托人、专家、协会或监管部门对一件事项的质量、时限、收费所作评价，只作输入，不计分。",
        "What client, expert, association or supervisor say of quality, timeliness and fees in one matter: an input, no"
        " points.",
    ),
    _write(
        "/subjects/{subject}/outcomes",
        "decide_outcome",
        "intermediaries",
        "记录评价结果决定",
        "Record a decision on the outcome",
        "较好、较差或极差，只以决定为准，至下一决定为止。",
        "Good, poor or very poor: by decision only, until the next one.",
    ),
    _write(
        "/subjects/{subject}/blacklist",
        "list_blacklist",
        "intermediaries",
        "列入黑名单",
        "List on the blacklist",
        "须事先告知理由并听取申辩，由主要负责人签署；可附有期限的市场禁入。",
        "After notice and the chance of a defence, signed by the head; a ban for a time may go with it.",
    ),
    _write(
        "/subjects/{subject}/blacklist/removal",
        "remove_blacklist",
        "intermediaries",
        "移出黑名单",
        "Remove from the blacklist",
        "自决定之日移出；未满的市场禁入随之终止，另有保留的除外。",
        "From the day of the decision on. What is left of a ban ends too unless the decision keeps it.",
    ),
    _write(
        "/subjects/{subject}/pool",
        "enter_pool",
        "intermediaries",
        "进入专家库",
        "Enter the pool of experts",
        "专家自该日起在库。",
        "The expert is in the pool from that day on.",
    ),
    _write(
        "/subjects/{subject}/pool/exit",
        "leave_pool",
        "intermediaries",
        "退出专家库",
        "Leave the pool of experts",
        "专家自该日起不在库；失信行为自认定之日即退出。",
        "The expert is out of it from that day on; an act of dishonesty ends it on the day it is determined.",
    ),
    _write(
        "/evaluations/{regime}/{year}/{stage}",
        "evaluate_roster",
        "evaluations",
        "整个名单的评价环节",
        "A stage for a whole roster",
        "对区划内全部在册主体，或 subjects 所列主体，进行同一环节；逐一答复，一个主体不能办理不影响其他主体。"
        "中断后以同一命令继续。",
        "One stage for everybody on the roster of a region, or for those named in `subjects`. Each is answered for"
        " itself; what one is refused stops nobody else. The same command goes on where a run broke off.",
        RosterOutcome,
    ),
    _write(
        "/subjects/{subject}/participation",
        "include_participant",
        "accounts",
        "列入参评名单",
        "Include a participant",
        "自该日起开立积分账户；不在名单内的不评颜色。",
        "The account of points is open from that day. Who is not on the list has no colour.",
    ),
    _write(
        "/subjects/{subject}/commitments",
        "file_commitment",
        "accounts",
        "记录信用承诺书",
        "File a commitment",
        "法定代表人的承诺书上传之日起加分，只计一次。",
        "The legal representative's commitment gives its points once, from the day of upload.",
    ),
    _write(
        "/subjects/{subject}/record-notices",
        "serve_record_notice",
        "accounts",
        "记录告知书送达",
        "Serve a record notice",
        "随处罚决定一并送达；未一并送达的注明缺陷。",
        "Served with the penalty. One that was not is a flagged defect.",
    ),
    _write(
        "/subjects/{subject}/pioneers",
        "recognise_pioneer",
        "accounts",
        "认定领跑者",
        "Recognise a pioneer",
        "须连续两年没有失信信息；认定后为绿色，至其后的扣分生效为止。",
        "After two years without a breach. Green until a later deduction counts.",
    ),
    _write(
        "/subjects/{subject}/snapshots",
        "take_snapshot",
        "accounts",
        "形成半年度快照",
        "Take a half-year snapshot",
        "1 月、7 月就刚结束的半年形成，报送后不再变动。",
        "In January or July, of the half-year that has just ended. It stays as sent.",
    ),
    _write(
        "/evaluations/{regime}/{year}/ranking",
        "rank_cohort",
        "cohorts",
        "年度排序",
        "Rank the cohort of a year",
        "对已备案、当年开展业务并有得分的全部机构由高到低排序；未列入的注明原因。同一年度只排一次，记录有误的先删除。",
        "Everybody filed, in business that year and scored, best first, with the reasons of who is left out. A year is"
        " ranked once; a ranking made in error is retracted first.",
    ),
    _write(
        "/evaluations/{regime}/{year}/samples",
        "draw_sample",
        "cohorts",
        "抽取现场检查名单",
        "Draw the sample of a year",
        "按等级比例，以记录在案的随机种子抽取；可以重抽核对。",
        "By the shares of the grades, with a seed on record: anybody can draw again and compare.",
    ),
    _write(
        "/subjects/{subject}/filings",
        "file",
        "filings",
        "备案",
        "File an agency",
        "监测或监测设备运维机构向市局备案。",
        "An agency for monitoring, or for running what monitors, files with the city bureau.",
    ),
    _write(
        "/subjects/{subject}/filings/changes",
        "file_change",
        "filings",
        "办理备案信息变更",
        "File a change",
        "变更后一个月内办理；逾期的照记，并提示可予警示。",
        "Within a month of the change. A late one is recorded as such and may bring a caution.",
    ),
    _write(
        "/subjects/{subject}/businesses",
        "record_business",
        "filings",
        "记录年度业务情况",
        "Record the business of a year",
        "当年没有开展业务的，不纳入评价。",
        "Who did no business in the year is not evaluated.",
    ),
    _write(
        "/subjects/{subject}/refusals",
        "refuse_grade",
        "filings",
        "不予评定等级",
        "Refuse a grade",
        "信息严重失实或重大遗漏且拒绝整改；自公示日起在名录显示。",
        "For seriously untrue information that is not put right. The register shows it from the day it is made public.",
    ),
    _write(
        "/subjects/{subject}/cautions",
        "issue_caution",
        "filings",
        "警示",
        "Issue a caution",
        "书面告知、约见谈话或公开通报；不直接影响等级。",
        "A written notice, a talk or a public circular, without effect on the grade by itself.",
    ),
    _write(
        "/subjects/{subject}/findings",
        "record_finding",
        "filings",
        "记录利益回避认定",
        "Record a conflict of interest",
        "同时接受监管部门和被监管对象委托的认定。",
        "That an agency served the supervisor and the supervised at once.",
    ),
    _write(
        "/subjects/{subject}/advisories",
        "record_advisory",
        "advisories",
        "记录提示性信息",
        "Record an advisory",
        "联合检查书面通报或移交的问题；不参与评价，单独管理，仅供主管部门查阅。答复中的版本属于机构案卷以外的单独卷宗。",
        "A problem told in writing after a joint inspection, or passed on. It takes no part in the evaluation and is"
        " for authorities only. The version in the answer is that of a stream beside the agency's file.",
    ),
    _write(
        "/advisories/submissions",
        "submit_advisories",
        "advisories",
        "按月上报提示性信息",
        "Submit the advisories of a month",
        "盟市上报某月的提示性信息。",
        "A city submits its advisories of a month.",
    ),
    _write(
        "/subjects/{subject}/internal-notices",
        "issue_internal_notice",
        "advisories",
        "发出内部协查通报",
        "Issue an internal notice",
        "同一机构提示性信息达两次的，在系统内部通报；不对外，也不影响等级。",
        "After the second advisory about an agency, to all departments of the region; never public, without effect on"
        " the grade.",
    ),
    _write(
        "/rulebooks/adoptions",
        "adopt_rulebook",
        "law",
        "采用规则版本",
        "Adopt a rulebook",
        "使规则版本自 in_force_on 起施行：edition 为已有版本的编号，或以 text 给出全文。"
        "以新文本更正已有编号的须有 reason。",
        "Puts an edition in force from `in_force_on`: one on record by `edition`, or a new one as `text`. Another text"
        " under an id on record corrects it and needs a `reason`.",
    ),
    _write(
        "/rulebooks/{rulebook}/repeal",
        "repeal_rulebook",
        "law",
        "废止规则版本",
        "Repeal a rulebook",
        "until_on 为最后一日；此前各日仍按该版本答复。未施行的版本无从废止。",
        "`until_on` is its last day; the days before keep it. What is not in force cannot be repealed.",
    ),
    _write(
        "/rulebooks/{rulebook}/text",
        "load_official_text",
        "law",
        "载入官方文本",
        "Load the official wording",
        "text 为法规全文（纯文本）；须含该版本引用的全部条款。此后的理由在各步骤旁引用条文，不影响任何结论。",
        "`text` is the regulation as plain text, with every article that the edition cites. Explanations quote it"
        " beside their steps from then on; no result rests on it.",
    ),
    _write(
        "/calendars",
        "adopt_calendar",
        "law",
        "采用工作日历",
        "Adopt a calendar",
        "记录国务院办公厅公布的某年放假安排；后来的通知替代先前的。",
        "The State Council's calendar of a year; a later paper replaces an earlier one.",
    ),
)
"""Every command, on the path of the contract."""


# --- questions --------------------------------------------------------------------------------------------

_MIN_POSITION: Final = Query(
    name="min_position",
    read=asking.whole(0, 10**18),
    about=Text(
        "答复至少包含该位置的写入（备库未到时由主库答复），否则 409。",
        "The answer shows at least that write (the primary gives it while a standby has not come so far), or 409.",
    ),
    schema={"type": "integer", "minimum": 0},
    example=1,
)
_KNOWN_AT: Final = Query(
    name="known_at",
    read=asking.known_at,
    about=Text(
        "只用此刻以前记录的事项：带时区的时间，或日期（当日终了，北京时间）；缺省为现在。",
        "Only what was recorded up to then: a timestamp with offset, or a date (its end, Asia/Shanghai); default now.",
    ),
    schema={"type": "string"},
    example="2025-06-16T12:00:00+08:00",
)
_WITH: Final = Query(
    name="with",
    read=asking.words(100),
    about=Text("另一版本的编号。", "The id of the other edition."),
    schema={"type": "string"},
    example="nmg.third_party@draft",
)
_REGIME: Final = Query(
    name="regime",
    read=asking.words(100),
    about=Text(
        "评价制度；只有一个，或由主体的案卷和登记地可以确定时，可省略。",
        "The regime; may be left out while there is only one, or where the subject's file and place make it clear.",
    ),
    schema={"type": "string"},
    example="nmg.third_party",
)
_READING: Final = Query(
    name="reading",
    read=asking.reading,
    about=Text("改用某解释项的另一取值，可重复。", "Another answer to an ambiguity of the text; repeatable."),
    schema={"type": "array", "items": {"type": "string", "pattern": "^[A-Za-z]-[0-9]{2}[a-z]?:[a-z0-9_]+$"}},
    example=["I-04:own_year"],
    repeatable=True,
)


def _date(name: str, zh: str, en: str) -> Query:
    schema = {"type": "string", "format": "date"}
    return Query(name=name, read=asking.day, about=Text(zh, en), schema=schema, example="2025-06-15")


_AS_OF: Final = _date(
    "as_of", "问的是哪一天（当日终了）；缺省为今天。", "The day asked about (its end); default today."
)


def _choice(name: str, zh: str, en: str, values: tuple[str, ...], default: str | None = None) -> Query:
    schema: dict[str, Any] = {"type": "string", "enum": list(values)}
    if default is not None:
        schema["default"] = default
    return Query(name=name, read=asking.one_of(*values), about=Text(zh, en), schema=schema, example=values[0])


def _text(name: str, zh: str, en: str, most: int, example: str) -> Query:
    schema = {"type": "string", "maxLength": most}
    return Query(name=name, read=asking.words(most), about=Text(zh, en), schema=schema, example=example)


_IN_REGION: Final = Query(
    name="region",
    read=asking.region_code,
    about=Text("行政区划代码；含其下级。", "A GB/T 2260 code; contains the places below it."),
    schema={"type": "string", "pattern": "^[0-9]{6}$"},
    example="150100",
)
_LIMIT: Final = Query(
    name="limit",
    read=asking.whole(1, 200),
    about=Text("每页个数。", "Subjects on a page."),
    schema={"type": "integer", "minimum": 1, "maximum": 200, "default": 50},
    example=50,
)
_CURSOR: Final = _text(
    "cursor", "上一页的 next；其余条件须相同。", "`next` of the page before, with the same filters.", 2000, "WyIiXQ"
)

_LIST: Final = (
    _choice("kind", "主体类别。", "The kind of subject.", get_args(SubjectKind)),
    _IN_REGION,
    _choice("service", "服务类别。", "A service the agency offers.", get_args(Service)),
    _text(
        "q",
        "机构或委托人名称的一部分（全半角、括号、空格不论）、统一社会信用代码、文号、案号，或主体编号。",
        "Part of an organisation's name (in any width, brackets or blanks), its unified social credit code, the number"
        " of a paper or of a case, or a subject's id.",
        100,
        "检测",
    ),
    _AS_OF,
    _KNOWN_AT,
    _LIMIT,
    _CURSOR,
    _MIN_POSITION,
)
_BY_GRADE: Final = (
    _text(
        "grade",
        "该日的动态等级，或 none（无等级）；给出 grade 或 regime 时按名称排列并列出等级。",
        "The running grade on the day, or `none`; with `grade` or `regime` the list is in order of name and tells"
        " grades.",
        20,
        "D",
    ),
    _REGIME,
)
_COUNTED: Final = ("kind", "region", "service", "q", "as_of", "known_at", "min_position")


def _read(
    path: str, name: str, tag: str, answer: Any, about: tuple[Text, Text], query: tuple[Query, ...], *errors: str
) -> Operation:
    return Operation(
        method="GET",
        path=path,
        name=name,
        tag=tag,
        summary=about[0],
        about=about[1],
        answer=answer,
        query=query,
        errors=("malformed", *errors),
    )


_ABOUT_SUBJECT: Final = ("not_found", "not_yet_there")


def _basis_of(number: int, zh: str, en: str) -> tuple[Query, ...]:
    """What names one of two bases: a token, or a day, a moment and readings."""
    return (
        _text(
            f"basis_{number}",
            f"{zh}：先前答复的 token；不能与该依据的其他条件并用。",
            f"{en}: the token of an earlier answer; stands alone.",
            4000,
            "token",
        ),
        _date(f"as_of_{number}", f"{zh}：哪一天；缺省为今天。", f"{en}: of which day; default today."),
        msgspec.structs.replace(
            _KNOWN_AT,
            name=f"known_at_{number}",
            about=Text(f"{zh}：此刻以前所记录的；缺省为现在。", f"{en}: as known when; default now."),
        ),
        msgspec.structs.replace(
            _READING,
            name=f"reading_{number}",
            about=Text(f"{zh}：改用某解释项的另一取值，可重复。", f"{en}: another reading; repeatable."),
        ),
    )


_TWO_BASES: Final = (
    *_basis_of(1, "前一依据", "the first basis"),
    *_basis_of(2, "后一依据", "the second basis"),
)

QUESTIONS: Final = (
    _read(
        "/subjects",
        "subjects",
        "subjects",
        SubjectList,
        (
            Text("主体名录", "List subjects"),
            Text(
                "按编号顺序列出主体；各页固定于同一日志位置。从业人员姓名不在名录中。给出 grade 或 regime"
                " 时，列出该日、依该时刻所知的动态等级，按名称（常用汉字依拼音）排列。",
                "In order of id; all pages show the journal at one position. Practitioners stand without names. With"
                " `grade` or `regime`: the running grade on that day as known at that moment, in order of name (common"
                " Chinese ones by pinyin).",
            ),
        ),
        (*_LIST, *_BY_GRADE),
        "not_found",
        "not_yet_there",
        "undetermined",
        "unavailable",
    ),
    _read(
        "/subjects/counts",
        "subject_counts",
        "subjects",
        CountsAnswer,
        (
            Text("各等级的数量", "Counts by grade"),
            Text(
                "某日、依某一时刻所知，各等级（及无等级的原因）有多少主体。",
                "How many subjects have each grade, or none for which reason, on a day as known at a moment.",
            ),
        ),
        (*(q for q in _LIST if q.name in _COUNTED), _REGIME),
        "not_found",
        "not_yet_there",
        "undetermined",
        "unavailable",
    ),
    _read(
        "/subjects/{subject}",
        "profile",
        "subjects",
        Profile,
        (
            Text("主体信息", "Profile of a subject"),
            Text(
                "登记事项、服务、任职，以及在各评价制度下的动态等级、最近年度结果和公开等级；默认今日。各制度只按自己的信息"
                "评价。ETag 为案卷版本，可用于 If-Match。个人信息只在此给出，证件号码部分遮盖。",
                "The registration, services and employments, and the running, latest annual and public grade under each"
                " regime; of today unless a day is named. Each regime grades its own facts. The ETag is the version for"
                " If-Match. Personal data are given here only, the ID number masked.",
            ),
        ),
        (_AS_OF, _MIN_POSITION),
        *_ABOUT_SUBJECT,
    ),
    _read(
        "/subjects/{subject}/timeline",
        "timeline",
        "subjects",
        Timeline,
        (
            Text("案卷时间线", "Timeline of a file"),
            Text(
                "每一事项的发生、计入、记录日期及记录人；被更正或撤销的保留并标明。",
                "Every event with when it happened, counts and was recorded, by whom. What was undone stays, marked.",
            ),
        ),
        (
            _choice(
                "order",
                "按法律日期或记录先后。",
                "By legal day or in order of recording.",
                ("legal", "record"),
                "legal",
            ),
            _KNOWN_AT,
            _MIN_POSITION,
        ),
        *_ABOUT_SUBJECT,
    ),
    _read(
        "/subjects/{subject}/grade",
        "grade",
        "grades",
        GradePage,
        (
            Text("信用等级及理由", "Grade with its reasons"),
            Text(
                "某日的等级、分值和逐条理由，依某一时刻所知；basis 的 token 可在日后逐字节重现答复。",
                "Grade, score and every reason on a day, as known at a moment. The token of the basis repeats the core"
                " of the answer byte for byte later on.",
            ),
        ),
        (
            _REGIME,
            _AS_OF,
            _KNOWN_AT,
            _text(
                "basis",
                "先前答复的 token；不能与其他条件并用。",
                "The token of an earlier answer; stands alone.",
                4000,
                "token",
            ),
            Query(
                name="later",
                read=asking.yes,
                about=Text(
                    "一并列出晚于所问之日的信息；缺省不列，只告知条数。",
                    "Show facts of after the day asked about, too; by default only how many there are.",
                ),
                schema={"type": "boolean", "default": False},
                example=False,
            ),
            _READING,
            _MIN_POSITION,
        ),
        *_ABOUT_SUBJECT,
        "undetermined",
    ),
    _read(
        "/subjects/{subject}/grade/history",
        "history",
        "grades",
        History,
        (
            Text("等级的历史", "Grade over time"),
            Text(
                "等级随时间变化的各段及其原因，依某一时刻所知。",
                "The grade as a step function of time with the cause of each change, as known at one moment.",
            ),
        ),
        (
            _REGIME,
            _date("from", "起始日；缺省为首个事由前一日。", "First day; default the day before the first reason."),
            _date("until", "截止日（含）。", "Last day, included."),
            _KNOWN_AT,
            _READING,
            _MIN_POSITION,
        ),
        *_ABOUT_SUBJECT,
        "undetermined",
    ),
    _read(
        "/subjects/{subject}/grade/diff",
        "difference",
        "grades",
        DifferencePage,
        (
            Text("两个答复为何不同", "Why two answers differ"),
            Text(
                "逐项列出两个依据之间的原因及其事项：新增、迟录、其间开始计入、更正、删除、撤销、修复、期满、规则、解释、"
                "日历、程序。原因在两者中较晚的一天衡量；对前一答复施加全部所列原因即得后一答复；不能分别相加的，作为相互作用列出。",
                "Every cause between two bases with its events: new, late, effective meanwhile, corrected, retracted,"
                " set aside, repaired, expired, rules, readings, calendars, engine. Causes are weighed on the later of"
                " the two days; applying those listed to the first answer gives the second; what does not add up is"
                " shown as an interaction.",
            ),
        ),
        (_REGIME, *_TWO_BASES, _MIN_POSITION),
        *_ABOUT_SUBJECT,
        "undetermined",
    ),
    _read(
        "/subjects/{subject}/grade/counterfactuals",
        "counterfactuals",
        "grades",
        CounterfactualsPage,
        (
            Text("怎样达到某一等级", "What would lead to a grade"),
            Text(
                "达到目标等级（或更好等级）的最小合法变动：修复、异议成立、撤销、预警期限内整改、整改确认，以及等待到某日。"
                "每项变动均按法律当日是否准许试行；不准许的列明条文和理由。",
                "The smallest sets of lawful changes that reach the target or a better grade: repair, an objection"
                " upheld, annulment, rectification within a warning or confirmed, waiting until a day. Each is tried by"
                " the decision that would record it; what the law does not admit is told with its article.",
            ),
        ),
        (
            _text("target", "目标等级（必填），如 C。", "The grade wanted, such as C; required.", 20, "C"),
            _REGIME,
            _AS_OF,
            _KNOWN_AT,
            _READING,
            _MIN_POSITION,
        ),
        *_ABOUT_SUBJECT,
        "undetermined",
    ),
    _read(
        "/subjects/{subject}/grade/readings",
        "readings",
        "grades",
        ReadingsPage,
        (
            Text("等级取决于哪些解释", "On which readings the grade hangs"),
            Text(
                "逐项换用登记的其他解释，并两两并用，重新评定：等级在全部解释下都成立，或取决于哪些解释。"
                "需要主管部门先设定数值的，如实写明，不算作改变。",
                "The case graded anew under every other answer on the register, alone and in pairs: the grade stands"
                " under all of them, or hangs on these. Where a table of the bureau is missing, the answer says so and"
                " counts no change.",
            ),
        ),
        (
            _choice(
                "track",
                "动态等级、最近评价年度的结果，或公开等级。",
                "The running grade, the result of the latest evaluation year, or the public grade.",
                ("running", "annual", "public"),
                "running",
            ),
            _REGIME,
            _AS_OF,
            _KNOWN_AT,
            _READING,
            _MIN_POSITION,
        ),
        *_ABOUT_SUBJECT,
        "undetermined",
    ),
    _read(
        "/regions/{region}/grade/diff",
        "region_difference",
        "grades",
        RegionDifferencePage,
        (
            Text("区划内的答复为何不同", "Why the answers of a region differ"),
            Text(
                "对区划内每一主体比较两个依据：等级变动表、各类原因的合计、逐个主体的原因；主体逐页列出，各页依据相同。"
                "一次答复最多比较一万个案卷（只问动态结果且不换解释时由等级索引比较，最多五万个）：whole 为 false 时"
                "其余的见 next，合计逐次相加。原因合计涵盖 explained 个主体：有差异的不超过五百个时为其全部，否则为"
                "本页所列。",
                "The two bases compared for every subject of a region: moves between grades, totals by kind of cause,"
                " and the causes subject by subject, page by page at the same bases. One answer compares up to 10,000"
                " files (where the running track alone is asked about, without other readings, the index of grades"
                " compares up to 50,000): when `whole` is false the others follow by `next`, and their totals are to"
                " be added. Totals by cause are over `explained` subjects: all that differ, up to 500, else those of"
                " the page.",
            ),
        ),
        (
            _choice("kind", "主体类别。", "The kind of subject.", ("agency", "practitioner"), "agency"),
            _choice(
                "track",
                "比较全部结果（动态、年度、公开），或只比较动态结果。",
                "Differences of any track (running, annual, public), or of the running track alone.",
                ("all", "running"),
                "all",
            ),
            _REGIME,
            *(q for q in _TWO_BASES if not q.name.startswith("basis")),
            _LIMIT,
            _CURSOR,
            _MIN_POSITION,
        ),
        "not_found",
        "not_yet_there",
        "undetermined",
    ),
    _read(
        "/decisions/{decision}/knowledge",
        "knowledge",
        "evaluations",
        KnowledgePage,
        (
            Text("作出决定时知道什么", "What was known of a decision"),
            Text(
                "环节、修复或调整作出结果时案卷中有什么，当时已经成立而后来才记录的及其迟延，此后更正的，"
                "以及依今日所知结果是否相同及原因。",
                "What was on record when the result of a step, a repair or an adjustment was given, what was true by"
                " then and recorded later (and how late), what was corrected since, and whether the result would be"
                " the same by today's knowledge, with the causes.",
            ),
        ),
        (_MIN_POSITION,),
        *_ABOUT_SUBJECT,
        "refused",
        "undetermined",
    ),
    _read(
        "/subjects/{subject}/evaluations",
        "evaluations",
        "evaluations",
        ProceedingsPage,
        (
            Text("评价、异议与修复", "Evaluations, objections and repairs"),
            Text(
                "各评价年度的环节及结果，逾期和跳过的环节，异议、公众意见、修复及其受理情况，迟到和被撤销的信息，措施。"
                "供主管部门和本人查阅。",
                "The steps of every evaluation year with their results, what was late or skipped, objections, comments"
                " and repairs with their admissibility, late and undone facts, measures. For authorities and the"
                " subject.",
            ),
        ),
        (_REGIME, _AS_OF, _KNOWN_AT, _READING, _MIN_POSITION),
        *_ABOUT_SUBJECT,
        "undetermined",
    ),
    _read(
        "/subjects/{subject}/advisories",
        "advisories",
        "advisories",
        Overview,
        (
            Text("提示性信息（仅供主管部门）", "Advisories (for authorities only)"),
            Text(
                "机构的提示性信息、按月上报情况和内部协查通报。仅供主管部门：机构本人和公众均不可见。",
                "The advisories about an agency, their submission and the internal notices. For authorities only:"
                " neither the agency nor the public may see them.",
            ),
        ),
        (_REGIME, _AS_OF, _KNOWN_AT, _READING, _MIN_POSITION),
        *_ABOUT_SUBJECT,
        "refused",
        "undetermined",
    ),
    _read(
        "/evaluations/{regime}/{year}",
        "progress",
        "evaluations",
        ProgressAnswer,
        (
            Text("年度评价进度", "Progress of a year's evaluation"),
            Text(
                "区划内某一评价年度的进度：名单、各环节和等级的数量、逾期与跳过、待审核的异议和意见、时间是否足够。",
                "How far a year is in a region: the roster, counts by step and grade, what is late or skipped, open"
                " objections and comments, and whether the time left is enough.",
            ),
        ),
        (
            _IN_REGION,
            _choice("kind", "主体类别。", "The kind of subject.", ("agency", "practitioner"), "agency"),
            _AS_OF,
            _KNOWN_AT,
            _LIMIT,
            _CURSOR,
            _MIN_POSITION,
        ),
        "not_found",
        "not_yet_there",
        "undetermined",
    ),
    _read(
        "/evaluations/{regime}/{year}/samples",
        "sample",
        "cohorts",
        SampleAnswer,
        (
            Text("年度抽查名单及核对", "The sample of a year, drawn again"),
            Text(
                "在案的抽查名单、种子和各等级机构数，并以同一种子重抽核对。",
                "The draw on record with its seed, how many held each grade, and whether drawing again gives the same.",
            ),
        ),
        (_MIN_POSITION,),
        "not_found",
        "not_yet_there",
        "undetermined",
    ),
    _read(
        "/records/{record}/receipt",
        "receipt",
        "evaluations",
        ReceiptPage,
        (
            Text("结果的依据及重算", "Receipt of a result, executed again"),
            Text(
                "环节、修复或调整所作结果依据的事项、规则和日历，当时的结果和现在重算的结果及逐条理由。",
                "What the result of a step, a repair or an adjustment rests on, what was recorded, and what comes out"
                " when it is executed again, with every step.",
            ),
        ),
        (_MIN_POSITION,),
        *_ABOUT_SUBJECT,
        "refused",
        "undetermined",
    ),
    _read(
        "/deadlines",
        "deadlines",
        "deadlines",
        WorklistAnswer,
        (
            Text("待办期限", "Worklist of deadlines"),
            Text(
                "按法定剩余时间排列；缺省为尚待完成的（进行中和逾期）。逾期本身不产生任何准许。",
                "In order of legal time left; those still to be met unless other states are asked for. Being overdue"
                " grants nothing by itself.",
            ),
        ),
        (
            _IN_REGION,
            _REGIME,
            _text("kind", "期限种类，如 report、objection。", "A kind, such as report or objection.", 40, "report"),
            Query(
                name="state",
                read=asking.one_of(*STATES),
                about=Text(
                    "所处状态，可重复；缺省为 open 和 overdue。", "How it stands; repeatable; default open, overdue."
                ),
                schema={"type": "array", "items": {"type": "string", "enum": list(STATES)}},
                example=["overdue"],
                repeatable=True,
            ),
            _date("due_before", "最后一日早于该日的。", "Whose last day is before this one."),
            _choice("actor", "由谁办理。", "Who has to act.", ACTORS),
            _AS_OF,
            Query(
                name="limit",
                read=asking.whole(1, MOST_LINES),
                about=Text("每页个数。", "Deadlines on a page."),
                schema={"type": "integer", "minimum": 1, "maximum": MOST_LINES, "default": 50},
                example=50,
            ),
            _text(
                "cursor",
                "上一页的 cursor；其余条件须相同。",
                "`cursor` of the page before, with the same filters.",
                2000,
                "WyIiXQ",
            ),
            _MIN_POSITION,
        ),
        "not_yet_there",
        "undetermined",
    ),
    _read(
        "/deadlines/{deadline}",
        "deadline",
        "deadlines",
        DeadlineAnswer,
        (
            Text("一项期限的逐日推算", "Proof of one deadline"),
            Text(
                "逐日说明计入或跳过的理由及所依据的放假文件；可按先前某一时刻所知重现。",
                "Day by day: counted or passed over, and by which paper; as known at any moment.",
            ),
        ),
        (_AS_OF, _KNOWN_AT, _MIN_POSITION),
        "not_found",
        "not_yet_there",
        "undetermined",
    ),
    _read(
        "/public/subjects",
        "public_subjects",
        "public",
        RegisterList,
        (
            Text("公开名录", "Public register"),
            Text(
                "机构及其今日公开的等级和公示中的拟定等级；从业人员不在其中。"
                "给出 year 时只列该年度有公示或公布结果的机构。",
                "Agencies with their public grade of today and proposed grades on show; never a practitioner. With"
                " `year` only those of which a result of that year is on show or published.",
            ),
        ),
        (
            _REGIME,
            _IN_REGION,
            Query(
                name="year",
                read=asking.whole(2000, 2199),
                about=Text("评价年度。", "An evaluation year."),
                schema={"type": "integer", "minimum": 2000, "maximum": 2199},
                example=2024,
            ),
            _LIMIT,
            _CURSOR,
            _MIN_POSITION,
        ),
        "not_found",
        "not_yet_there",
        "undetermined",
    ),
    _read(
        "/public/subjects/{subject}",
        "public_subject",
        "public",
        RegisterPage,
        (
            Text("公开信息", "Public page of an agency"),
            Text(
                "今日对公众开放的内容：名录信息、公示中的拟定等级、已公布和调整的结果及其不含文字说明的信息条目、信用承诺书。",
                "What is open to everybody today: the directory entry, proposed grades on show, published and adjusted"
                " results with the facts behind them as bare lines, letters of commitment.",
            ),
        ),
        (_REGIME, _MIN_POSITION),
        *_ABOUT_SUBJECT,
        "undetermined",
    ),
    _read(
        "/rulebooks",
        "rulebooks",
        "law",
        list[RulebookLine],
        (Text("规则版本", "Editions on record"), Text("日志中的全部规则版本。", "Every edition in the journal.")),
        (_MIN_POSITION,),
        "not_yet_there",
    ),
    _read(
        "/rulebooks/{rulebook}",
        "rulebook",
        "law",
        RulebookPage,
        (
            Text("规则版本内容", "One edition"),
            Text(
                "条目、解释项、环节、期限、措施、文字错误和未编入的条款。",
                "Rows, readings, steps, deadlines, measures, errata and the articles without effect in it.",
            ),
        ),
        (_MIN_POSITION,),
        *_ABOUT_SUBJECT,
    ),
    _read(
        "/rulebooks/{rulebook}/diff",
        "rulebook_diff",
        "law",
        RulebookDiff,
        (
            Text("两个版本的差异", "Two editions compared"),
            Text(
                "由此版本到 with 所指版本，新增、删去、改动了什么，中英文各一句。",
                "What was added, removed and changed from this edition to the one named by `with`, in words.",
            ),
        ),
        (_WITH, _MIN_POSITION),
        *_ABOUT_SUBJECT,
    ),
    _read(
        "/calendars",
        "calendars",
        "law",
        list[CalendarLine],
        (Text("工作日历", "Calendars"), Text("各年最新的放假安排。", "The newest calendar of every year on record.")),
        (_MIN_POSITION,),
        "not_yet_there",
    ),
    _read(
        "/journal/head",
        "head",
        "journal",
        JournalHead,
        (
            Text("日志末端", "End of the journal"),
            Text("最高位置及其记录时间。", "The highest position and its recording time."),
        ),
        (),
    ),
    _read(
        "/health",
        "health",
        "journal",
        Health,
        (
            Text("健康检查", "Health"),
            Text(
                "服务可用且能读取日志；数据库不可用时为 503。status 为 degraded 时仍可查询，findings 说明何处不正常、"
                "如何处理（索引停止、案卷搁置、磁盘将满、时钟不一致等）。standbys 列出各备库到达的位置、落后多少、"
                "能否连接。",
                "The server answers and reaches its journal; without the database it is 503. While `status` is"
                " `degraded` questions are answered, and `findings` says what is out of order and what to do (an index"
                " that has stopped, files parked, a disk nearly full, clocks apart). `standbys`: how far each standby"
                " is, how many positions it is behind, whether it can be reached.",
            ),
        ),
        (),
        "unavailable",
    ),
)
"""Every question this API answers so far."""


# --- rehearsals -------------------------------------------------------------------------------------------


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command that needs no more than its path."""


def _rehearsing(
    path: str, name: str, zh: str, en: str, about_zh: str, about_en: str, good: int, *errors: str
) -> Operation:
    is_deletion = name == "delete_rehearsal"
    body = RehearsalRequest if name == "rehearse" else Nothing
    return Operation(
        method="DELETE" if is_deletion else "POST",
        path=path,
        name=name,
        tag="rehearsals",
        summary=Text(zh, en),
        about=Text(about_zh, about_en),
        answer=None if is_deletion else RehearsalAnswer,
        body=None if is_deletion else body,
        good=(good,),
        errors=("malformed", "actor_refused", "not_found", "too_slow", "too_large", *errors),
    )


_LINES: Final = msgspec.structs.replace(_LIMIT, about=Text("每页个数。", "Lines on a page."))
_SIDE: Final = (
    "等级，或没有等级的原因代码，或 none。",
    "a grade, or the code of the reason why there is none, or `none`.",
)

REHEARSALS: Final = (
    _rehearsing(
        "/rehearsals",
        "rehearse",
        "预演",
        "Ask for a rehearsal",
        "以规则草案（edition 或全文 text）或另一组解释（readings）预演全部历史：谁的等级会变、为何、"
        "哪些已公布的结果会不同。立即核对能否预演，随后在服务器上分部分计算；同一幂等键给出同一预演的现状。不写入案卷日志。",
        "A draft edition (`edition`, or its whole `text`), or other `readings`, over the whole history: who would have"
        " another grade, why, and which published results would differ. Whether it can be run is checked at once; it is"
        " then computed part by part on the server. The same idempotency key gives the same rehearsal as it stands."
        " Nothing is recorded in the journal.",
        202,
        "refused",
        "undetermined",
        "invalid",
        "reused_key",
        "rulebook_invalid",
    ),
    _rehearsing(
        "/rehearsals/{rehearsal}/cancellation",
        "cancel_rehearsal",
        "取消预演",
        "Cancel a rehearsal",
        "正在计算的部分结束后停止；已完成的部分保留，可以继续。已结束的不能取消。",
        "It stops after the parts under way; what is done stays kept, and it can be resumed. One that has ended cannot"
        " be cancelled.",
        200,
        "refused",
    ),
    _rehearsing(
        "/rehearsals/{rehearsal}/resumption",
        "resume_rehearsal",
        "继续预演",
        "Resume a rehearsal",
        "已取消或未能完成的预演由服务器从已保存的部分继续。",
        "A cancelled or failed rehearsal, or one begun on a command line, is gone on with by the server from the parts"
        " that are kept.",
        202,
        "refused",
    ),
    _rehearsing(
        "/rehearsals/{rehearsal}",
        "delete_rehearsal",
        "删除预演",
        "Delete a rehearsal",
        "连同结果一并删除；正在进行的须先取消。",
        "With its result. One that is running must be cancelled first.",
        204,
        "conflict",
    ),
    _read(
        "/rehearsals",
        "rehearsals",
        "rehearsals",
        RehearsalsAnswer,
        (Text("预演列表", "Rehearsals"), Text("保存的预演，最新的在前。", "Those that are kept, the newest first.")),
        (_LINES, _CURSOR),
    ),
    _read(
        "/rehearsals/{rehearsal}",
        "rehearsal",
        "rehearsals",
        RehearsalAnswer,
        (
            Text("预演的进度和结果", "How a rehearsal stands"),
            Text(
                "完成几部分、多少主体和事项；完成后附总结：各等级间的变动矩阵和各项变动的作用。进行中附 Retry-After。",
                "How many parts, subjects and events are done; once done, the summary: the matrix of moves between"
                " grades and what each provision brings about. While it runs, Retry-After.",
            ),
        ),
        (),
        "not_found",
    ),
    _read(
        "/rehearsals/{rehearsal}/changes",
        "rehearsal_changes",
        "rehearsals",
        ChangesAnswer,
        (
            Text("有变动的主体", "Subjects that change"),
            Text(
                "按编号排列；各段日期的现行和预演答复，最后一日的逐项理由。一页可能少于 limit。",
                "In order of id: the answers now and under the draft over time, and on the last day the reasons one by"
                " one. A page may hold fewer than `limit`.",
            ),
        ),
        (
            _text("grade_now", f"现行：{_SIDE[0]}", f"Now: {_SIDE[1]}", 60, "C"),
            _text("grade_then", f"预演：{_SIDE[0]}", f"Under the draft: {_SIDE[1]}", 60, "D"),
            _date("on", "该日的变动；缺省为任一日。", "On that day; default: on any."),
            _choice("kind", "主体类别。", "The kind of subject.", get_args(SubjectKind)),
            _IN_REGION,
            Query(
                name="moved",
                read=asking.yes,
                about=Text(
                    "只列等级有变动的（true），或只有分数变动的（false）。",
                    "Only those whose grade moves, or does not.",
                ),
                schema={"type": "boolean"},
                example=True,
            ),
            _LINES,
            _CURSOR,
        ),
        "not_found",
        "not_yet_there",
    ),
    _read(
        "/rehearsals/{rehearsal}/decisions",
        "rehearsal_decisions",
        "rehearsals",
        DecisionsAnswer,
        (
            Text("会不同的已公布结果", "Published results that would differ"),
            Text(
                "按依据重算：已公布的、现行规则下的、预演的结果。",
                "Computed anew from their receipts: as published, under the law as it is, under the draft.",
            ),
        ),
        (_LINES, _CURSOR),
        "not_found",
        "not_yet_there",
    ),
    msgspec.structs.replace(
        _read(
            "/rehearsals/{rehearsal}/result",
            "rehearsal_result",
            "rehearsals",
            str,
            (
                Text("下载预演结果", "Download the result"),
                Text(
                    "CSV（UTF-8，表头依 Accept-Language）或 Parquet（列名为英文代码）。",
                    "CSV (UTF-8, heads by Accept-Language), or Parquet (columns named by codes).",
                ),
            ),
            (
                _choice("format", "文件格式。", "The format.", FORMATS, "csv"),
                _choice(
                    "table",
                    "有变动的主体、会不同的已公布结果，或变动矩阵。",
                    "Who changes, which published results would differ, or the matrix of moves.",
                    TABLES,
                    "changes",
                ),
            ),
            "not_found",
            "not_yet_there",
        ),
        files=tuple(MEDIA.values()),
    ),
)
"""Rehearsals: what is asked for beside the journal."""

OPERATIONS: Final = (*COMMANDS, *QUESTIONS, *REHEARSALS)

TAGS: Final = {
    "subjects": Text("主体与案卷", "Subjects and their files"),
    "facts": Text("信用信息", "Facts"),
    "warnings": Text("信用预警", "Warnings"),
    "objections": Text("异议与公众意见", "Objections and comments"),
    "repairs": Text("信用修复", "Repairs"),
    "evaluations": Text("年度评价", "Yearly evaluation"),
    "intermediaries": Text("中介机构、专家和委托人", "Intermediaries, experts and clients"),
    "advisories": Text("提示性信息（仅供主管部门）", "Advisories (for authorities only)"),
    "cohorts": Text("排序与抽查", "Rankings and samples"),
    "filings": Text("备案与警示", "Filings and cautions"),
    "deadlines": Text("期限", "Deadlines"),
    "accounts": Text("积分账户", "Accounts of points"),
    "grades": Text("等级与理由", "Grades and reasons"),
    "rehearsals": Text("预演", "Rehearsals"),
    "public": Text("公开名录", "The public register"),
    "law": Text("规则与日历", "Rulebooks and calendars"),
    "journal": Text("日志", "Journal"),
}
