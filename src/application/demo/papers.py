"""The papers of the sample: letters in every state, and evidence behind a fact, an objection and repairs.

They stand on the agency of the first story and on agencies of Hohhot to which chance has given what letters tell of:
which those are is found in what is planned for everybody, and nobody else's records change by it.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from application.demo.accounts import DEMO
from application.demo.desk import REGIME, Planned, id_of, working
from application.demo.places import PLACES
from application.demo.stages import stage_id
from application.demo.stories import Stories
from application.papers.uploads import Uploads
from application.principal import Principal
from application.recording.commands import Command
from domain.events.papers.letters import LetterKind, ServiceWay
from domain.procedures.evaluation import EvaluationStage
from domain.procedures.facts import RecordFact
from domain.procedures.objections import DecideObjection, FileObjection
from domain.procedures.papers.evidence import ReceiveEvidence
from domain.procedures.papers.letters import (
    DraftLetter,
    IssueLetter,
    LetterRequest,
    ServeLetter,
    SetLetterhead,
    WithdrawLetter,
)
from domain.procedures.registration import RegisterAgency, RegisterPractitioner
from domain.procedures.repairs import ApplyRepair, ConfirmRepair, RefuseRepair
from domain.procedures.warnings import IssueWarning
from domain.time import Instant, at_hour, legal_day

PAPER_COMMANDS: Final = (ReceiveEvidence, SetLetterhead, DraftLetter, LetterRequest)
"""The commands of papers, which are not recorded with those of the region."""

NO_PAPER: Final = "示例文件，仅供演示，并无此件"
"""What stands at the head of every page of a file of the sample."""

_HOHHOT: Final = PLACES[0].code
_BUREAU: Final = f"{_HOHHOT}-EEB"
_CLERK: Final = f"{_HOHHOT}-clerk-01"
_OFFICER: Final = f"{_HOHHOT}-officer-01"
_SECOND: Final = f"{_HOHHOT}-approver-01"
_PROPOSER: Final = f"{DEMO}-officer"
_Kind = TypeVar("_Kind", bound=Command)

_MINUTE: Final = 60_000_000
_SINCE: Final = at_hour(dt.date(2026, 1, 1), 0)
_FIRST_LETTER_ON: Final = dt.date(2024, 3, 4)


class SampleFile(NamedTuple):
    """A file of the sample: what it is called, what stands in it, and whether it is a picture and no PDF.

    ``parts`` are its paragraphs; with ``curve`` the figures of a drawing stand above them. ``on`` is its day.
    """

    name: str
    title: str
    issuer: str
    number: str
    on: dt.date
    parts: tuple[str, ...]
    curve: tuple[float, ...] = ()
    is_picture: bool = False
    personal_data: bool = False


class SamplePapers(NamedTuple):
    """Everything recorded about papers, in any order, and the files by the ids of their uploads."""

    planned: list[Planned]
    files: dict[str, SampleFile]


class LeadIds:
    """Ids for what is recorded with papers, the same in every run: the one that was led, else the next by number."""

    def __init__(self) -> None:
        self._last = 0
        self._led: str | None = None

    def lead(self, id: str) -> None:
        """The next id is this one."""
        self._led = id

    def new(self) -> str:
        """The next UUID."""
        led, self._led = self._led, None
        if led is not None:
            return led
        self._last += 1
        return id_of("papers", self._last)


class Submitting(Protocol):
    """Who records one command: ``application.access.signatures.Signing``."""

    def submit(self, command: Command, *, by: Principal) -> object:
        """Record it, or let it wait for a second person."""
        ...


class Filing:
    """Records the papers of the sample, one by one: uploads the files of evidence, and lets what needs it wait."""

    def __init__(
        self,
        signing: Submitting,
        uploads: Uploads,
        ids: LeadIds,
        files: dict[str, SampleFile],
        draw: Callable[[SampleFile], bytes],
    ) -> None:
        """``ids`` are those by which ``uploads`` calls what comes in; ``draw`` makes the bytes of a file."""
        self._signing = signing
        self._uploads = uploads
        self._ids = ids
        self._files = files
        self._draw = draw

    def record(self, planned: Planned) -> None:
        """Record one. Raises the errors of ``domain.errors``."""
        by, command = _principal(planned), planned.command
        if isinstance(command, ReceiveEvidence):
            file = self._files[command.upload]
            content = self._draw(file)
            self._ids.lead(command.upload)
            self._uploads.take(
                command.subject, file.name, content, len(content), by=by, personal_data=file.personal_data
            )
        self._signing.submit(command, by=by)


def _principal(planned: Planned) -> Principal:
    """Who records: the account of the demo, whose command waits; or two persons of the sample at once."""
    if planned.actor == _PROPOSER:
        return Principal(planned.actor, "officer", _HOHHOT)
    signed = isinstance(planned.command, IssueLetter | WithdrawLetter)
    return Principal(planned.actor, countersigned_by=_SECOND if signed else None)


def sample_papers(planned: Sequence[Planned], stories: Stories) -> SamplePapers:
    """The papers that go with what is ``planned``."""
    desk = _Desk(planned)
    desk.papers.planned.append(Planned(at_hour(_FIRST_LETTER_ON, 9), _OFFICER, _LETTERHEAD))
    _of_the_first_story(desk, stories.example.subject)
    _of_an_objection(desk)
    _of_a_warning(desk)
    _of_repairs(desk)
    _of_a_practitioner(desk)
    return desk.papers


_LETTERHEAD: Final = SetLetterhead(
    bureau=_BUREAU,
    name="呼和浩特市生态环境局（示例）",
    word="示呼环信",
    contact="环境监测与信用管理科（示例），0471-0000000",
    office_address="呼和浩特市示例路1号",
    remedies="不服本决定的，可以依法申请行政复议，或者向人民法院提起行政诉讼。（示例文字）",
)


class _Desk:
    """Collects papers, and finds in what is planned what they can be about."""

    def __init__(self, planned: Sequence[Planned]) -> None:
        self.papers = SamplePapers([], {})
        self._planned = planned
        self._of_fact = {
            c.id: c.subject for p in planned if isinstance(c := p.command, RecordFact) and c.id is not None
        }
        self._agencies = _of_hohhot(planned, RegisterAgency)
        self._persons = _of_hohhot(planned, RegisterPractitioner)

    def those(self, kind: type[_Kind], since: Instant = 0) -> Iterator[tuple[Instant, _Kind]]:
        """The commands of one kind since an instant, each with its own."""
        return ((p.at, p.command) for p in self._planned if isinstance(p.command, kind) and p.at >= since)

    def is_here(self, subject: str, *, person: bool = False) -> bool:
        """Whether an agency, or a person, has its file in Hohhot."""
        return subject in (self._persons if person else self._agencies)

    def owner(self, fact: str) -> str:
        """Whose fact it is."""
        return self._of_fact[fact]

    def file(
        self, at: Instant, subject: str, record: str, kind: Any, file: SampleFile, *, redacts: str | None = None
    ) -> str:
        """Receive a piece of evidence; its id is returned."""
        id = id_of(subject, "evidence", record, file.name)
        self.papers.files[id] = file
        command = ReceiveEvidence(
            subject=subject,
            upload=id,
            kind=kind,
            title=file.title,
            received_on=legal_day(at),
            record=record,
            redacts=redacts,
        )
        self.papers.planned.append(Planned(at, _CLERK, command))
        return id

    def draft(self, at: Instant, subject: str, kind: LetterKind, concerns: str, name: str = "", **more: Any) -> str:
        """Draft a letter; its id is returned."""
        id = id_of(subject, "letter", kind, concerns, name)
        command = DraftLetter(
            subject=subject, regime=REGIME, kind=kind, concerns=concerns, bureau=_BUREAU, id=id, **more
        )
        self.papers.planned.append(Planned(at, _CLERK, command))
        return id

    def issue(self, at: Instant, letter: str, actor: str = _OFFICER, on: dt.date | None = None) -> None:
        """Issue a letter on the day, or as of an earlier one (``on``)."""
        self.papers.planned.append(Planned(at, actor, IssueLetter(letter=letter, dated_on=on or legal_day(at))))

    def serve(
        self,
        at: Instant,
        letter: str,
        how: ServiceWay = "direct",
        received_by: str | None = None,
        on: dt.date | None = None,
    ) -> None:
        """Note that a letter was served on the day, or on an earlier one (``on``)."""
        command = ServeLetter(letter=letter, served_on=on or legal_day(at), how=how, received_by=received_by)
        self.papers.planned.append(Planned(at, _CLERK, command))

    def withdraw(self, at: Instant, letter: str, reason: str) -> None:
        """Take a letter back."""
        self.papers.planned.append(Planned(at, _OFFICER, WithdrawLetter(letter=letter, reason=reason)))

    def send(self, at: Instant, subject: str, kind: LetterKind, concerns: str, **more: Any) -> None:
        """Draft a letter, issue it within the hour and serve it on the next working day."""
        letter = self.draft(at, subject, kind, concerns, **more)
        self.issue(at + 20 * _MINUTE, letter)
        self.serve(_next_morning(at), letter, "direct", "综合部收件人（示例）")


def _of_hohhot(planned: Sequence[Planned], kind: type[Any]) -> set[str]:
    found: Iterator[Any] = (p.command for p in planned if isinstance(p.command, kind))
    return {str(command.id) for command in found if command.region.startswith(_HOHHOT[:4])}


def _next_morning(at: Instant) -> Instant:
    return at_hour(working(legal_day(at) + dt.timedelta(days=1)), 9)


# --- the first story ----------------------------------------------------------------------------------------------


def _of_the_first_story(desk: _Desk, subject: str) -> None:
    """The papers behind a D that was annulled in part, and the notices of two proposed grades."""
    fine, annulled, refusal, subcontract = (id_of(subject, "fact", n) for n in ("1", "2", "3", "4"))
    # Handed over on the day of the proposal, as the step says, and entered a day later with it.
    for year, on in ((2023, dt.date(2024, 4, 9)), (2024, dt.date(2025, 4, 7))):
        entered = at_hour(on + dt.timedelta(days=1), 17)
        letter = desk.draft(entered, subject, "grade_notice", stage_id(subject, year, "proposal"))
        desk.issue(entered + 20 * _MINUTE, letter, on=on)
        desk.serve(entered + 60 * _MINUTE, letter, "direct", "综合部收件人（示例）", on=on)
    received = at_hour(dt.date(2023, 7, 18), 9)
    desk.file(received, subject, fine, "decision", _FINE)
    desk.file(received + _MINUTE, subject, fine, "service_receipt", _RECEIPT)
    judged = at_hour(dt.date(2024, 10, 9), 11)
    desk.file(judged, subject, annulled, "decision", _JUDGMENT)
    asked = at_hour(dt.date(2024, 1, 25), 9)
    record = desk.file(asked, subject, refusal, "transcript", _TRANSCRIPT)
    desk.file(asked + _MINUTE, subject, refusal, "transcript", _REDACTED, redacts=record)
    desk.file(at_hour(dt.date(2024, 3, 1), 9), subject, subcontract, "monitoring_data", _CURVE)


_FINE: Final = SampleFile(
    "行政处罚决定书.pdf",
    "行政处罚决定书（示例）",
    "呼和浩特市生态环境局（示例）",
    "示呼环罚〔2023〕6040号",
    dt.date(2023, 7, 10),
    (
        "经查，你单位在受委托监测中未按规范开展服务：采样记录缺少点位和时间，样品交接单与原始记录不一致。",
        "以上事实，有现场检查笔录、采样记录、样品交接单和询问笔录为证。",
        "本局于2023年6月26日告知你单位拟作出处罚的事实、理由、依据和内容，你单位未提出陈述、申辩。",
        "决定：处以罚款人民币叁万元整。",
        "自收到本决定书之日起十五日内缴纳罚款。逾期不缴纳的，每日按罚款数额的百分之三加处罚款。",
        "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，或者在六个月内提起行政诉讼。",
        *(f"附件第{n}项：采样点位{n}的采样记录与样品交接单对照，时间相差{7 + 3 * n}分钟。" for n in range(1, 25)),
    ),
)
_RECEIPT: Final = SampleFile(
    "送达回证.png",
    "送达回证（示例）",
    "呼和浩特市生态环境局（示例）",
    "示呼环罚〔2023〕6040号",
    dt.date(2023, 7, 13),
    (
        "送达文书：行政处罚决定书",
        "送达方式：直接送达",
        "送达日期：2023年7月13日",
        "收件人：综合部收件人（签名略）",
        "送达人：两名执法人员（签名略）",
    ),
    is_picture=True,
)
_JUDGMENT: Final = SampleFile(
    "行政判决书.pdf",
    "行政判决书（示例）",
    "呼和浩特市示例人民法院",
    "示呼法判〔2024〕3455号",
    dt.date(2024, 10, 8),
    (
        "本院认为，被告作出第6949号处罚决定所依据的采样时间与在案证据不符，主要证据不足。",
        "判决：撤销被告作出的第6949号行政处罚决定。",
    ),
)
_TRANSCRIPT: Final = SampleFile(
    "现场检查笔录.pdf",
    "现场检查（勘察）笔录（示例）",
    "呼和浩特市生态环境局（示例）",
    "",
    dt.date(2024, 1, 22),
    (
        "被检查人：实验室负责人 甲某某，联系电话 1390000****（示例）。",
        "检查人员要求提供2023年11月的原始记录和谱图，实验室负责人以系统维护为由拒绝提供。",
        "检查人员当场说明不配合检查的后果，被检查人仍未提供。",
    ),
    personal_data=True,
)
_REDACTED: Final = SampleFile(
    "现场检查笔录（脱敏）.pdf",
    "现场检查（勘察）笔录，脱敏副本（示例）",
    "呼和浩特市生态环境局（示例）",
    "",
    dt.date(2024, 1, 22),
    (
        "被检查人：实验室负责人 ×××，联系电话 ×××。",
        *_TRANSCRIPT.parts[1:],
    ),
)
_CURVE: Final = SampleFile(
    "分包样品比对曲线.png",
    "分包样品比对曲线（示例）",
    "呼和浩特市生态环境监测站（示例）",
    "",
    dt.date(2024, 2, 26),
    ("横轴为采样序号，纵轴为测定值（mg/L）；第9至11号样品由报告未注明的分包机构测定。",),
    curve=(1.2, 1.3, 1.25, 1.4, 1.35, 1.5, 1.45, 1.4, 3.1, 3.4, 3.2, 1.5, 1.4, 1.3, 1.35),
    is_picture=True,
)


# --- procedures of others -----------------------------------------------------------------------------------------


def _of_an_objection(desk: _Desk) -> None:
    """An objection that was upheld: put right by further papers, accepted, decided, each by its letter."""
    upheld = {c.objection: at for at, c in desk.those(DecideObjection, _SINCE) if c.outcome == "upheld"}
    at, filed = next(
        found
        for found in desk.those(FileObjection, _SINCE)
        if found[1].id in upheld and found[1].regime == REGIME and desk.is_here(found[1].subject)
    )
    subject, objection, on = filed.subject, str(filed.id), legal_day(at)
    decided_at = upheld[objection]
    decided_on = legal_day(decided_at)
    asked = _application("异议申请书", on, filed.grounds)
    desk.file(at + 10 * _MINUTE, subject, objection, "application", asked)
    lacking = desk.draft(
        at + 20 * _MINUTE,
        subject,
        "objection_correction",
        objection,
        paragraphs=("请补充能够证明报告签发时间的签发记录。",),
        due_on=decided_on,
    )
    desk.issue(at + 40 * _MINUTE, lacking)
    desk.serve(at + 60 * _MINUTE, lacking, "electronic")
    desk.file(at_hour(decided_on, 9), subject, objection, "photograph", _proof(on))
    accepted = desk.draft(at_hour(decided_on, 9) + 20 * _MINUTE, subject, "objection_accepted", objection)
    desk.issue(at_hour(decided_on, 9) + 30 * _MINUTE, accepted)
    desk.serve(at_hour(decided_on, 9) + 40 * _MINUTE, accepted, "electronic")
    desk.send(decided_at + 30 * _MINUTE, subject, "objection_decision", objection)


def _of_a_warning(desk: _Desk) -> None:
    """A warning, sent as a letter."""
    at, warning = next(found for found in desk.those(IssueWarning, _SINCE) if desk.is_here(desk.owner(found[1].fact)))
    desk.send(at + 30 * _MINUTE, desk.owner(warning.fact), "warning_notice", str(warning.id))


def _of_repairs(desk: _Desk) -> None:
    """One that was confirmed, by a letter that was taken back and one that took its place; one that lacks a paper, and
    the letter that asks for it waits for a signature. Of others nobody has been told yet."""
    asked = {str(c.id): (at, c.subject) for at, c in desk.those(ApplyRepair) if desk.is_here(c.subject)}
    settled = {c.repair for kind in (ConfirmRepair, RefuseRepair) for _, c in desk.those(kind)}
    since = at_hour(dt.date(2025, 6, 1), 0)
    at, repair = next((at, c.repair) for at, c in desk.those(ConfirmRepair, since) if c.repair in asked)
    _, subject = asked[repair]
    mistaken = desk.draft(at + 20 * _MINUTE, subject, "repair_confirmed", repair, copies=("误列的抄送单位（示例）",))
    desk.issue(at + 30 * _MINUTE, mistaken)
    desk.withdraw(at + 60 * _MINUTE, mistaken, "抄送单位有误，另行发出。")
    again = desk.draft(at + 70 * _MINUTE, subject, "repair_confirmed", repair, "again")
    desk.issue(at + 80 * _MINUTE, again)
    desk.serve(_next_morning(at), again, "mail")
    repair = next(id for id, (at, _) in asked.items() if id not in settled and at >= _SINCE)
    at, subject = asked[repair]
    on = legal_day(at)
    request = _application("信用修复申请书", on, "申请修复所列信息。")
    desk.file(at + 20 * _MINUTE, subject, repair, "application", request)
    desk.file(at + 25 * _MINUTE, subject, repair, "rectification_report", _rectification(on))
    until = working(on + dt.timedelta(days=7))
    letter = desk.draft(at + 40 * _MINUTE, subject, "repair_correction", repair, due_on=until)
    desk.issue(at + 60 * _MINUTE, letter, _PROPOSER)


def _of_a_practitioner(desk: _Desk) -> None:
    """A practitioner who was rated dishonest is written to: the letter is encrypted under the person's key."""
    at, told = next(
        found
        for found in desk.those(EvaluationStage, at_hour(_FIRST_LETTER_ON, 0))
        if found[1].stage == "letter" and desk.is_here(found[1].subject, person=True)
    )
    letter = desk.draft(at + 20 * _MINUTE, told.subject, "practitioner_letter", str(told.id))
    desk.issue(at + 30 * _MINUTE, letter)


def _application(title: str, on: dt.date, grounds: str) -> SampleFile:
    return SampleFile(
        f"{title}.pdf",
        f"{title}（示例）",
        "申请单位（示例）",
        "",
        on,
        (f"请求和理由：{grounds}", "所附材料：合同、原始记录和签发记录的复印件。", "申请单位（盖章）：示例"),
    )


def _rectification(on: dt.date) -> SampleFile:
    return SampleFile(
        "整改报告.pdf",
        "整改情况报告（示例）",
        "申请单位（示例）",
        "",
        on,
        (
            "一、已补齐采样记录中缺少的点位和时间，并逐份复核。",
            "二、已修订样品交接程序，由质量负责人每周抽查。",
            "三、已对全部采样人员重新培训，培训记录和考核结果附后。",
        ),
    )


def _proof(on: dt.date) -> SampleFile:
    return SampleFile(
        "签发记录.png",
        "报告签发记录，扫描件（示例）",
        "申请单位（示例）",
        "",
        on,
        ("报告编号：示例-0117", "签发日期早于整改开始之日", "签发人：授权签字人（签名略）"),
        is_picture=True,
    )
