"""One example of every event, with every field filled: what the golden files hold.

When an event's stored form is to change, it gets a new tag and a new golden file; an existing file is never edited.
A field added with a default gets a second file beside the first, named after the field. What no example here fills is
filled by its type (``tests/support/filling.py``): one is written here where more is meant by it.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import msgspec

from application.ports import AnyEvent
from domain.events.advisories import AdvisoriesSubmitted, AdvisoryRecorded, InternalNoticeIssued
from domain.events.certificates import CertificateIssued, CertificateRequested
from domain.events.cohorts import Ranked, SampleDrawn
from domain.events.evaluation import (
    AdjustmentGraded,
    DeliveryRecorded,
    RecordRetracted,
    ResultAdjusted,
    ScopeResumed,
    ScopeSuspended,
    StageGraded,
    StageRecorded,
    WithdrawalNotified,
)
from domain.events.event import Evidence
from domain.events.facts import (
    ClientOutcomeRecorded,
    EnhancementRecorded,
    FactChanges,
    FactContested,
    FactCorrected,
    FactRecorded,
    FactRetracted,
    FactSetAside,
    FinalityRecorded,
    NationalRepairRecorded,
    RectificationConfirmed,
)
from domain.events.filings import BusinessRecorded, CautionIssued, ChangeFiled, Filed, FindingRecorded, GradeRefused
from domain.events.intermediaries import (
    Ban,
    BlacklistListed,
    BlacklistRemoved,
    NotificationRegistered,
    OutcomeDecided,
    PoolEntered,
    PoolLeft,
    Reminded,
    ReviewRecorded,
)
from domain.events.joining import CarriedEvent, FileJoinedInto, FilesJoined
from domain.events.lawbook import (
    CalendarAdopted,
    EditionSignedOff,
    LegalNoteWithdrawn,
    OfficialTextLoaded,
    ProvisionNoted,
    RulebookAdopted,
    RulebookCorrected,
    RulebookRepealed,
)
from domain.events.objections import CommentDecided, CommentRecorded, ObjectionDecided, ObjectionFiled, ReviewExtended
from domain.events.papers.dossiers import DossierIssued
from domain.events.papers.evidence import EvidenceMarked, EvidenceReceived, EvidenceWithdrawn
from domain.events.papers.letters import (
    LetterDrafted,
    LetterheadSet,
    LetterIssued,
    LetterNumbered,
    LetterRevised,
    LetterServed,
    LetterTemplateAdopted,
    LetterTemplateDropped,
    LetterWithdrawn,
    SentFile,
    SeriesSetting,
)
from domain.events.participation import (
    CommitmentFiled,
    ParticipantIncluded,
    PioneerRecognised,
    RecordNoticeServed,
    SnapshotTaken,
)
from domain.events.pending import (
    DecisionHandedOver,
    DecisionProposed,
    DecisionReturned,
    DecisionSigned,
    DecisionWithdrawn,
    RecordedPart,
)
from domain.events.registration import (
    AgencyRegistered,
    ClientRegistered,
    EmploymentRecorded,
    ExpertRegistered,
    PractitionerRegistered,
    SubjectChanged,
)
from domain.events.repairs import (
    Contribution,
    RepairApplied,
    RepairCommitted,
    RepairConfirmed,
    RepairRefused,
    RepairRevoked,
)
from domain.events.results import Holding, Receipt, Result
from domain.events.scores import ScoreRecorded
from domain.events.sheets import ImportUndone, RowSpan, SheetImported
from domain.events.warnings import (
    RectificationRejected,
    RectificationReported,
    WarningConfirmed,
    WarningIssued,
    WarningWithdrawn,
)
from domain.time import CalendarYear
from interfaces.codec import CLASSES
from tests.support.filling import each_filled, filled

REGIME = "nmg.third_party"
NINGBO = "ningbo.monitoring"
WENZHOU = "wenzhou.intermediary"
LEDGER = "lianyungang.supervision"
BUREAU = "150100-EEB"
DAY = dt.date(2025, 3, 3)
LATER = dt.date(2025, 4, 7)
RESULT = Result(
    score="-5",
    grade="D",
    deducted="105",
    undetermined="outside_scope",
    counted=("f1", "f2"),
    held=("f3",),
    receipt=Receipt(
        version=12,
        position=340,
        known_at=1_744_675_200_000_000,
        rulebooks=(("nmg.third_party@draft", "0f" * 32),),
        calendar_digest="1e" * 32,
        engine="ecodocket 1.0 (3c)",
        digest="2d" * 32,
        readings={"I-02": "no_floor"},
    ),
)
HOLDING_RESULT = msgspec.structs.replace(
    RESULT,
    holdings=(
        Holding(effect="-10", fact="f1", row="C11", effective_on=DAY),
        Holding(effect="D", sources=("f1",), effective_on=DAY),
        Holding(effect="-20", sources=("p1", "p2", "p3"), row="B14", effective_on=LATER),
    ),
)
EVIDENCE = (Evidence(title="现场检查笔录", digest="0f" * 32, place="卷宗 12 第 3 页"), Evidence(title="照片"))


def fact(id_: str = "f1", **fields: object) -> FactRecorded:
    """A plain fact, for tests that need some event."""
    return FactRecorded(fact=id_, regime=REGIME, row="B11", authority=BUREAU, document="呼环罚〔2025〕12 号", **fields)  # type: ignore[arg-type]


FACT = fact(
    summary="监测数据弄虚作假",
    breach="serious_breach",
    occurred_on=DAY,
    decided_on=DAY,
    served_on=DAY,
    final_on=LATER,
    verified_on=DAY,
    until_on=LATER,
    record_notice_on=LATER,
    case_no="2025-12",
    points=Decimal("7.50"),
    share=Decimal("0.5"),
    linked_to="91150100MA0000000X",
    applied_by=BUREAU,
    evidence=EVIDENCE,
)
CONFIRMATION = RepairConfirmed(repair="x1", confirmed_on=LATER, by="city_bureau", certificate="修复〔2025〕1 号")
STEP = StageRecorded(
    record="s1",
    regime=REGIME,
    year=2024,
    stage="report",
    dated_on=DAY,
    received_on=LATER,
    finding="late",
    justified=False,
    panel=("专家甲", "专家乙"),
)
CORRECTION = RulebookCorrected(
    id="nmg.third_party@draft",
    regime=REGIME,
    digest="1e" * 32,
    text='id = "nmg.third_party@draft"\n# corrected\n',
    in_force_on=DAY,
    until_on=LATER,
    founding=True,
    known_from=DAY,
    reason="条目 B08 分值录入有误",
    replaces="0f" * 32,
)
ADOPTION = RulebookAdopted(
    id="nmg.third_party@draft",
    regime=REGIME,
    digest="0f" * 32,
    text='id = "nmg.third_party@draft"\n',
    in_force_on=DAY,
    until_on=LATER,
    founding=True,
    known_from=DAY,
)

_WRITTEN: tuple[AnyEvent, ...] = (
    AgencyRegistered(
        uscc="91350100M000100Y43",
        name="甲检测有限公司",
        region="150100",
        services=("monitoring", "eia"),
        legal_representative="3f0b2c1e-0000-4000-8000-000000000001",
        address="呼和浩特市新城区",
        licences=("CMA-150001",),
    ),
    PractitionerRegistered(region="150100", id_kind="passport"),
    ExpertRegistered(region="330300", id_kind="resident_identity_card"),
    ClientRegistered(
        uscc="91330300MA2000000X",
        name="丙化工有限公司",
        region="330300",
        legal_representative="3f0b2c1e-0000-4000-8000-000000000003",
        address="温州市鹿城区",
    ),
    SubjectChanged(
        from_on=DAY,
        name="乙检测有限公司",
        region="150200",
        services=("monitoring",),
        legal_representative="3f0b2c1e-0000-4000-8000-000000000002",
        address="包头市昆都仑区",
        licences=("CMA-150002", "CMA-150003"),
        renamed=True,
    ),
    FilesJoined(
        record="j1",
        joined="s2",
        decided_on=DAY,
        authority="150100-EEB",
        document="呼环合〔2025〕1号",
        reasons="同一主体重复建档",
        version=2,
        seal="00" * 32,
        carried=(
            CarriedEvent(
                instant=1_740_000_000_000_000,
                before=1,
                actor="clerk",
                event=ClientRegistered(uscc="91150100MA00000005", name="乙", region="150100"),
            ),
            CarriedEvent(
                instant=1_740_000_001_000_000,
                before=3,
                actor="clerk",
                event=FactRetracted(fact="f2", reason="误录"),
            ),
        ),
    ),
    FileJoinedInto(record="j1", into="s1", decided_on=DAY, authority="150100-EEB", document="呼环合〔2025〕1号"),
    EmploymentRecorded(employment="e1", practitioner="p1", from_on=DAY, until_on=LATER, role="授权签字人"),
    FACT,
    FactContested(fact="f1", kind="litigation", filed_on=DAY),
    FinalityRecorded(fact="f1", final_on=LATER, document="呼环结〔2025〕3 号"),
    FactCorrected(
        fact="f1",
        changes=FactChanges(row="B12", final_on=None, points=Decimal(5), evidence=EVIDENCE),
        reason="录入有误",
    ),
    FactRetracted(fact="f1", reason="重复录入"),
    FactSetAside(
        fact="f1",
        decided_on=LATER,
        authority="150100-CRT",
        document="（2025）内 01 行初 7 号",
        effect="ab_initio",
        record="r1",
    ),
    RectificationConfirmed(fact="f1", completed_on=DAY, confirmed_on=LATER, authority=BUREAU, record="r2"),
    NationalRepairRecorded(fact="f1", granted_on=LATER, document="信用修复决定", record="r3"),
    ClientOutcomeRecorded(fact="f1", kind="repaired", decided_on=LATER, document="修复证明", record="r4"),
    EnhancementRecorded(record="r5", kind="commendation", noticed_on=DAY, document="表彰决定", authority="150000-EEB"),
    WarningIssued(warning="w1", fact="f1", issued_on=DAY, due_on=LATER, requirements="补齐原始记录"),
    DossierIssued(
        record="d1",
        regime=REGIME,
        issued_on=LATER,
        basis="AAAA",
        as_of=DAY,
        known_at="2025-06-16T01:00:00.000000Z",
        language="zh",
        format="pdf",
        digest="a" * 64,
        size=400_000,
        address="keyed/0123456789abcdef0123456789abcdef",
        made_with="0.2.0 typst-0.15.2+0123456789ab",
        number="呼环信说〔2025〕1号",
    ),
    LetterDrafted(
        letter="l1",
        regime=REGIME,
        kind="warning_notice",
        concerns="w1",
        bureau=BUREAU,
        paragraphs=("请携带原始记录。",),
        copies=("呼和浩特市市场监督管理局",),
        due_on=LATER,
    ),
    LetterRevised(letter="l1", paragraphs=("请携带原始记录和台账。",), copies=("呼和浩特市公安局",), due_on=LATER),
    LetterIssued(
        letter="l1",
        number="呼环信警〔2025〕3号",
        series="warning",
        year=2025,
        serial=3,
        dated_on=DAY,
        says="c" * 64,
        docx=SentFile(digest="a" * 64, size=40_000, locator="a" * 64),
        pdf=SentFile(digest="b" * 64, size=30_000, locator="b" * 64),
        template="d" * 64,
        made_with="typst-0.15.0+0123456789ab",
        due_on=LATER,
    ),
    LetterServed(letter="l1", served_on=LATER, how="direct", received_by="李某", evidence=EVIDENCE),
    LetterWithdrawn(letter="l1", withdrawn_on=LATER, reason="发错对象"),
    RectificationReported(warning="w1", completed_on=DAY, reported_on=LATER),
    WarningConfirmed(warning="w1", completed_on=DAY, confirmed_on=LATER),
    RectificationRejected(warning="w1", decided_on=LATER, reasons="整改不到位"),
    WarningWithdrawn(warning="w1", reason="发错对象"),
    RepairCommitted(
        repair="x1",
        regime=REGIME,
        facts=("f1", "f2"),
        dated_on=DAY,
        completed_on=DAY,
        harm="compensated",
        repeated=True,
        contribution=Contribution(kind="whistle_blowing", recognised_on=DAY, recognised_by=BUREAU),
        evidence=EVIDENCE,
    ),
    RepairApplied(
        repair="x2",
        regime=REGIME,
        facts=("f1",),
        dated_on=DAY,
        completed_on=DAY,
        harm="outstanding",
        repeated=True,
        contribution=Contribution(kind="whistle_blowing", recognised_on=DAY, recognised_by=BUREAU),
        evidence=EVIDENCE,
    ),
    CONFIRMATION,
    RepairRefused(repair="x1", decided_on=LATER, reasons="未满最短期限"),
    DeliveryRecorded(record="s1", received_on=LATER),
    RepairRevoked(repair="x1", decided_on=LATER, reasons="同一行为再次发生"),
    STEP,
    ResultAdjusted(
        record="s2", regime=REGIME, year=2024, notified_on=DAY, decided_on=LATER, reasons="扣分新增", result=RESULT
    ),
    StageGraded(**{**msgspec.structs.asdict(STEP), "stage": "publication", "result": HOLDING_RESULT}),
    AdjustmentGraded(
        record="s2",
        regime=REGIME,
        year=2024,
        notified_on=DAY,
        decided_on=LATER,
        reasons="扣分新增",
        result=HOLDING_RESULT,
    ),
    ObjectionFiled(
        objection="o1",
        regime=REGIME,
        against="s1",
        filed_on=DAY,
        by="participant",
        grounds="该次约谈系另一机构",
        evidence=EVIDENCE,
    ),
    ReviewExtended(objection="o1", until_on=LATER, reason="需向原机关核实"),
    ObjectionDecided(
        objection="o1", decided_on=LATER, outcome="partly_upheld", reasons="一项不成立", sets_aside=("f1",)
    ),
    CommentRecorded(
        comment="k1",
        regime=REGIME,
        against="s1",
        filed_on=DAY,
        by="3f0b2c1e-0000-4000-8000-000000000003",
        content="该机构另有处罚",
        evidence=EVIDENCE,
    ),
    EvidenceReceived(
        evidence="e1",
        received_on=DAY,
        kind="rectification_report",
        title="整改报告.pdf",
        digest="3c" * 32,
        size=123_456,
        media="application/pdf",
        address="sha256/" + "3c" * 32,
        personal_data=False,
        pages=12,
        record="r1",
        redacts="e0",
    ),
    EvidenceMarked(evidence="e1", personal_data=True, reason="附有身份证复印件", address="keyed/" + "4d" * 16),
    EvidenceWithdrawn(evidence="e1", reason="误传"),
    CommentDecided(comment="k1", decided_on=LATER, outcome="upheld", reasons="属实", sets_aside=("f2",)),
    CertificateRequested(record="c1", regime=REGIME, requested_on=DAY, purpose="投标"),
    CertificateIssued(record="c2", regime=REGIME, issued_on=DAY, document="信用证明〔2025〕1 号"),
    ScopeSuspended(regime=REGIME, dated_on=DAY, reason="停业", record="r6"),
    ScopeResumed(regime=REGIME, dated_on=LATER, reason="复业", record="r7"),
    RecordRetracted(record="s1", reason="录入有误"),
    NotificationRegistered(record="w1", regime=WENZHOU, registered_on=DAY),
    Reminded(record="w2", regime=WENZHOU, issued_on=DAY, due_on=LATER),
    ReviewRecorded(
        record="w3",
        regime=WENZHOU,
        by="association",
        dated_on=DAY,
        quality="poor",
        timeliness=80,
        fees="good",
        matter="温环监合〔2025〕7 号",
    ),
    OutcomeDecided(record="w4", regime=WENZHOU, grade="poor", decided_on=LATER, reasons="多次未到现场"),
    BlacklistListed(
        record="w5",
        regime=WENZHOU,
        noticed_on=DAY,
        decided_on=LATER,
        signed_by="局长",
        defended_on=DAY,
        ban=Ban(from_on=LATER, until_on=dt.date(2026, 4, 6), fields=("monitoring", "重污染行业")),
    ),
    BlacklistRemoved(record="w6", regime=WENZHOU, decided_on=LATER, keeps_ban=True),
    PoolEntered(record="w7", regime=WENZHOU, dated_on=DAY),
    PoolLeft(record="w8", regime=WENZHOU, dated_on=LATER, reason="出具虚假意见"),
    ScoreRecorded(
        record="s3",
        regime="jiaxing.monitoring",
        year=2024,
        categories={"monitoring_capability": Decimal("40.5"), "bonus": Decimal(2)},
        basic=Decimal("91.25"),
        risk=Decimal(82),
        score=Decimal("88.8"),
    ),
    Filed(record="n1", regime=NINGBO, filed_on=DAY),
    ChangeFiled(record="n2", regime=NINGBO, changed_on=DAY, filed_on=LATER, what="技术负责人"),
    BusinessRecorded(record="n3", regime=NINGBO, year=2024, active=True),
    GradeRefused(record="n4", regime=NINGBO, decided_on=DAY, publicised_on=LATER),
    CautionIssued(record="n5", regime=NINGBO, row="K4", form="written_notice", dated_on=LATER),
    FindingRecorded(record="n6", regime=NINGBO, dated_on=DAY, what="同时受监管部门和排污单位委托"),
    AdvisoryRecorded(
        record="a1",
        regime=REGIME,
        kind="transfer",
        noticed_on=DAY,
        document="呼环移〔2025〕2 号",
        authority=BUREAU,
        transferred_to="150100-MSA",
    ),
    AdvisoriesSubmitted(record="a2", regime=REGIME, city="150100", month="2025-03", submitted_on=LATER),
    InternalNoticeIssued(record="a3", regime=REGIME, dated_on=LATER, advisories=("a1", "a4")),
    Ranked(
        record="n7",
        regime=NINGBO,
        year=2024,
        dated_on=LATER,
        subjects=("p2", "p1", "p3"),
        scores=(Decimal("98.5"), Decimal(90), Decimal(90)),
        seconds={"p1": Decimal(9)},
        left_out={"p2": "direct_grade", "p4": "no_business"},
        first_year=("p3",),
    ),
    SampleDrawn(
        record="n8",
        regime=NINGBO,
        year=2025,
        dated_on=LATER,
        seed="2025-04-07 摇号 31 07",
        holders={"C": ("p1", "p3"), "D": ("p4",)},
        drawn={"C": ("p3",), "D": ("p4",)},
    ),
    ParticipantIncluded(record="g1", regime=LEDGER, dated_on=DAY),
    CommitmentFiled(record="g2", regime=LEDGER, dated_on=DAY),
    RecordNoticeServed(record="g3", regime=LEDGER, fact="f1", served_on=LATER, dated_on=DAY),
    PioneerRecognised(record="g4", regime=LEDGER, dated_on=LATER),
    WithdrawalNotified(
        record="w1",
        regime=REGIME,
        publication="s2",
        notified_on=LATER,
        receivers="自治区社会信用信息平台",
        document="内环函〔2025〕3号",
    ),
    SnapshotTaken(
        record="g5",
        regime=LEDGER,
        taken_on=dt.date(2025, 7, 2),
        as_of=dt.date(2025, 6, 30),
        score="6.5",
        colour="blue",
    ),
    DecisionProposed(
        decision="d1",
        command="retract_fact",
        request='{"do":"retract_fact","fact":"f1","reason":"sealed:1:AAAA"}',
        digest="3e" * 32,
        stream="A",
        proposed_by="officer",
        region="150100",
        proposed_from="150100",
    ),
    DecisionSigned(
        decision="d1",
        command="retract_fact",
        digest="3e" * 32,
        stream="A",
        proposed_by="officer",
        countersigned_by="approver",
        recorded=(RecordedPart(stream="A", first=3, last=4, ids=("f2",)),),
        events=2,
        until=17,
    ),
    DecisionHandedOver(decision="d1", from_account="officer", to_account="officer-2", handed_over_by="admin"),
    DecisionReturned(decision="d1", returned_by="approver", reasons="sealed:1:AAAA"),
    DecisionWithdrawn(decision="d1", withdrawn_by="officer"),
    SheetImported(
        sheet="t1",
        number="20250616-1",
        digest="4f" * 32,
        form="penalty",
        rows=12,
        chosen=(RowSpan(first=3, last=8), RowSpan(first=10, last=14)),
        region="150100",
    ),
    ImportUndone(sheet="t1", reason="sealed:1:AAAA"),
    ProvisionNoted(
        legal_note="n2",
        edition="nmg.third_party@draft",
        digest="0f" * 32,
        text="sealed:1:AAAA",
        cite="art. 18(2)3",
        replaces="n1",
    ),
    EditionSignedOff(
        legal_note="n3", edition="nmg.third_party@draft", digest="0f" * 32, cite="art. 18", remark="sealed:1:AAAA"
    ),
    LegalNoteWithdrawn(legal_note="n3", reason="sealed:1:AAAA"),
    LetterheadSet(
        bureau=BUREAU,
        name="呼和浩特市生态环境局",
        word="呼环信",
        contact="sealed:1:AAAA",
        office_address="sealed:1:BBBB",
        remedies="sealed:1:CCCC",
        series=(SeriesSetting(series="notice", word="告", year=2025, first=12),),
    ),
    LetterTemplateAdopted(
        bureau=BUREAU,
        kind="warning_notice",
        name="预警通知书.docx",
        file=SentFile(digest="d" * 64, size=38_000, locator="d" * 64),
    ),
    LetterTemplateDropped(bureau=BUREAU, kind="warning_notice"),
    LetterNumbered(letter="l1", serial=3, number="呼环信警〔2025〕3号"),
    ADOPTION,
    CORRECTION,
    RulebookRepealed(id="nmg.third_party@draft", regime=REGIME, until_on=LATER, reason="新办法自次日起施行"),
    OfficialTextLoaded(
        id="nmg.third_party@draft", regime=REGIME, digest="2d" * 32, text="第一条  为测试制定本办法。\n"
    ),
    CalendarAdopted(
        calendar=CalendarYear(
            year=2025,
            rest_days=(dt.date(2025, 1, 1),),
            working_days=(dt.date(2025, 1, 26),),
            paper="国办发明电〔2024〕12 号",
            published_on=dt.date(2024, 11, 12),
            version=2,
        ),
        founding=True,
    ),
)

EXAMPLES: tuple[AnyEvent, ...] = (
    *(filled(cls) for cls in CLASSES.values() if cls not in {type(event) for event in _WRITTEN}),
    *_WRITTEN,
)
"""One of every class."""

_WIDENED: dict[str, AnyEvent] = {
    "client-outcome-recorded.v1.changed": ClientOutcomeRecorded(
        fact="f1",
        kind="changed",
        decided_on=LATER,
        document="变更决定",
        record="r4",
        effect="prospective",
        points=Decimal("7.5"),
        decision="委托单位的决定",
    ),
    "fact-recorded.v1.arises-from": msgspec.structs.replace(FACT, arises_from="f0"),
    "fact-recorded.v1.again-reason": msgspec.structs.replace(FACT, again_reason="同一决定书处理两起行为"),
    "fact-recorded.v1.amount-fined": msgspec.structs.replace(FACT, amount_fined=Decimal("50000.50")),
    "fact-corrected.v1.amount-fined": FactCorrected(
        fact="f1", changes=FactChanges(amount_fined=Decimal(50000)), reason="漏记罚款数额"
    ),
    "fact-set-aside.v1.decision": FactSetAside(
        fact="f1",
        decided_on=LATER,
        authority=BUREAU,
        document="异议 o1",
        effect="ab_initio",
        record="r1",
        decision="o1",
    ),
    "fact-set-aside.v1.without-paper": FactSetAside(
        fact="f1", decided_on=LATER, authority=BUREAU, effect="ab_initio", decision="o1"
    ),
    "rulebook-adopted.v1.reason": msgspec.structs.replace(ADOPTION, reason="自治区政府令"),
    "rulebook-adopted.v1.document": msgspec.structs.replace(ADOPTION, document="内环发〔2025〕1号", adopted_on=DAY),
    "rulebook-corrected.v1.document": msgspec.structs.replace(CORRECTION, document="内环发〔2025〕2号", adopted_on=DAY),
    "repair-confirmed.v1.result": msgspec.structs.replace(CONFIRMATION, result=RESULT),
    "subject-changed.v1.uscc": SubjectChanged(from_on=DAY, uscc="91150100MA0000000X", uscc_change="corrected"),
    "stage-recorded.v1.result": msgspec.structs.replace(STEP, result=RESULT),
}


def _filled_by_type() -> Iterator[tuple[str, AnyEvent]]:
    for tag, cls in CLASSES.items():
        known = [event for event in (*EXAMPLES, *_WIDENED.values()) if type(event) is cls]
        yield from ((f"{tag}.{field.replace('_', '-')}", event) for field, event in each_filled(known))


WIDENED: dict[str, AnyEvent] = {**_WIDENED, **dict(_filled_by_type())}
"""Events with the fields that their first golden file does not hold, by the name of the file that holds them."""
