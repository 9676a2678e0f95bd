"""One story that uses every command and every question once: the examples of the API's description come from it.

``python -m tests.interfaces.http_story`` writes those that a change of the API has made others; one that differs by its
cursors alone, which every process seals with a key of its own, or by a secret, stays as it is.
"""

import datetime as dt
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import msgspec

from application.access.decisions import PendingDecision
from application.changes.endpoints import KeptDelivery
from application.demo.accounts import seat
from application.parts import here
from application.principal import Principal
from application.recording.commands import command_from
from domain.time import at_hour
from interfaces.files.shipped import shipped_editions
from interfaces.files.tables import SHEETS
from interfaces.http.controllers.evidence import TUS
from interfaces.http.describing import OPERATIONS
from interfaces.http.replying import ROOT
from interfaces.http.semantics.event_streams import EVENT_STREAM
from interfaces.ids import CountedIds
from interfaces.wording.citations import chinese_number
from tests.interfaces.http_client import Api
from tests.support.accounts import PASSWORD, account, token
from tests.support.doubles import double
from tests.support.papers import picture
from tests.support.sheets import csv_text, penalty
from tests.support.world import BUREAU, ID_NUMBER, REGIME, USCC, World, credit_code

JIAXING_USCC = "91330400MA2B00001P"
FILE = Path(__file__).parents[2] / "src/interfaces/http/assets/examples.json"


def _id(tail: str) -> str:
    return f"00000000-0000-4000-8000-{tail:0>12}"


A, P, J, LAPSED = _id("a"), _id("b"), _id("c"), _id("aa3")
F1, F2, F3, F4, F5, F6, F7, F8, F9, F10, F11 = (_id(f"f{n}") for n in range(1, 12))
W1, W2, W3, W4 = (_id(f"e{n}") for n in range(1, 5))
R1, R2 = _id("d1"), _id("d2")
ERROR = _id("c6")
RECORD = _id("c1")
PROPOSAL, PUBLICITY, PUBLICATION, NOTICE = _id("c2"), _id("c3"), _id("c4"), _id("c5")
O1, C1 = _id("b1"), _id("b2")
LETTER = _id("b7")
DOSSIER = _id("cd")
N1, N2 = _id("a1"), _id("a2")
X, C = _id("71"), _id("72")
WENZHOU = "wenzhou.intermediary"
L1 = _id("91")
LEDGER = "lianyungang.supervision"
NINGBO = "ningbo.monitoring"
SHEET_ROW = {
    "机构名称": "呼和浩特市甲检测有限公司", "决定日": "2025-06-02", "送达日": "2025-06-04", "生效日": "2025-06-10",
    "案由": "未按规范采样", "罚款金额": "2万元",
}  # fmt: skip
EDITION = "nmg.third_party@draft"
DIGEST = next(shipped.digest for shipped in shipped_editions() if shipped.head.id == EDITION)
YEAR = f"/subjects/{A}/evaluations/2024"
_FACT = {"regime": REGIME, "authority": BUREAU}

Line = tuple[str, str, dict[str, Any]]
"""An operation (``None``-like empty for what only prepares the next line), its path and its body."""

STORY: tuple[Line, ...] = (
    ("register/agency", "/subjects", {
        "kind": "agency", "id": A, "uscc": USCC, "name": "呼和浩特市甲检测有限公司", "region": "150100",
        "services": ["monitoring", "treatment"], "legal_representative": "王某",
        "address": "呼和浩特市新城区示例路 1 号", "licences": ["CMA 150000000001"],
    }),
    ("register/practitioner", "/subjects", {
        "kind": "practitioner", "id": P, "name": "张某", "id_number": ID_NUMBER, "region": "150100",
    }),
    ("change_subject/address", f"/subjects/{A}/changes", {
        "changes": {"address": "呼和浩特市赛罕区示例路 2 号"}, "from_on": "2025-03-01",
    }),
    ("record_employment/staff", f"/subjects/{A}/staff", {"practitioner": P, "from_on": "2024-01-01", "role": "采样员"}),
    ("record_fact/penalty", f"/subjects/{A}/facts", {
        **_FACT, "id": F1, "row": "B11", "occurred_on": "2024-12-20", "decided_on": "2025-01-08",
        "served_on": "2025-01-10", "document": "呼环罚〔2025〕1号", "summary": "未按规范采样，罚款",
        "evidence": [{"title": "行政处罚决定书"}],
    }),
    ("record_fact/linked", f"/subjects/{A}/facts", {
        **_FACT, "id": F4, "row": "B12", "decided_on": "2025-02-03", "points": 2.5, "document": "呼环信〔2025〕4号",
        "linked_to": "委托单位扣分决定 2025-17",
    }),
    *(
        ("", f"/subjects/{A}/facts", {**_FACT, "id": fact, "row": row, "decided_on": "2025-03-03", "document": paper})
        for fact, row, paper in (
            (F2, "B09", "呼环约〔2025〕2号"), (F3, "B10", "呼环通〔2025〕3号"), (F5, "B08", "呼环信〔2025〕5号"),
            (F6, "B07", "呼环改〔2025〕6号"), (F7, "C03", "呼环改〔2025〕7号"),
        )
    ),
    ("contest_fact/reconsideration", f"/facts/{F1}/contest", {"kind": "reconsideration", "filed_on": "2025-02-20"}),
    ("record_finality/upheld", f"/facts/{F1}/finality", {"final_on": "2025-05-20", "document": "内环复〔2025〕3号"}),
    ("correct_fact/document", f"/facts/{F1}/corrections", {
        "changes": {"document": "呼环罚〔2025〕11号"}, "reason": "文号录入有误",
    }),
    ("retract_fact/error", f"/facts/{F2}/retraction", {"reason": "记错主体"}),
    ("set_aside_fact/annulled", f"/facts/{F3}/set-aside", {
        "decided_on": "2025-05-06", "authority": BUREAU, "document": "呼环撤〔2025〕1号", "effect": "ab_initio",
    }),
    ("record_national_repair/granted", f"/facts/{F5}/national-repair", {
        "granted_on": "2025-06-01", "document": "信用修复决定 2025-9",
    }),
    ("confirm_rectification/done", f"/facts/{F5}/rectification", {
        "completed_on": "2025-04-20", "confirmed_on": "2025-04-28", "authority": BUREAU,
    }),
    ("record_client_outcome/repaired", f"/facts/{F4}/client-outcome", {
        "kind": "repaired", "decided_on": "2025-06-03", "document": "委托单位修复决定 2025-2",
    }),
    ("record_enhancement/award", f"/subjects/{A}/enhancements", {
        "id": RECORD, "kind": "award", "noticed_on": "2025-04-01", "document": "内环奖〔2025〕1号",
        "authority": "150000-EEB",
    }),
    ("retract_record/error", f"/records/{RECORD}/retraction", {"reason": "表彰对象为另一单位"}),
    ("issue_warning/written", f"/facts/{F6}/warnings", {
        "id": W1, "issued_on": "2025-03-05", "due_on": "2025-04-30", "requirements": "停止承接业务并完成整改",
    }),
    ("report_rectification/in_time", f"/warnings/{W1}/report", {
        "completed_on": "2025-04-18", "reported_on": "2025-04-20",
    }),
    ("confirm_warning/in_time", f"/warnings/{W1}/confirmation", {
        "completed_on": "2025-04-18", "confirmed_on": "2025-05-06",
    }),
    ("", f"/facts/{F7}/warnings", {
        "id": W2, "issued_on": "2025-03-05", "due_on": "2025-04-30", "requirements": "补正采样记录",
    }),
    ("", f"/warnings/{W2}/report", {"completed_on": "2025-04-18", "reported_on": "2025-04-20"}),
    ("reject_rectification/not_done", f"/warnings/{W2}/rejection", {
        "decided_on": "2025-05-06", "reasons": "采样记录仍不完整",
    }),
    ("", f"/facts/{F7}/warnings", {
        "id": W3, "issued_on": "2025-05-07", "due_on": "2025-06-30", "requirements": "补正采样记录",
    }),
    ("withdraw_warning/mistake", f"/warnings/{W3}/withdrawal", {"reason": "重复发出"}),
    ("issue_certificate/before_listing", f"/subjects/{A}/certificates", {
        "regime": REGIME, "issued_on": "2025-02-10", "document": "呼环证〔2025〕1号",
    }),
    *(
        ("", f"/subjects/{A}/facts", {**_FACT, "id": fact, "row": row, "decided_on": day, "document": paper})
        for fact, row, day, paper in (
            (F8, "B09", "2024-11-05", "呼环约〔2024〕8号"), (F9, "B10", "2024-10-10", "呼环通〔2024〕9号"),
            (F10, "B07", "2025-06-06", "呼环改〔2025〕10号"),
        )
    ),
    ("evaluate_roster/roster", f"/evaluations/{REGIME}/2024/roster", {"region": "150100", "dated_on": "2025-03-10"}),
    ("evaluation_stage/notice", f"{YEAR}/notice", {
        "id": NOTICE, "regime": REGIME, "dated_on": "2025-03-14",
    }),
    ("record_delivery/received", f"/records/{NOTICE}/delivery", {"received_on": "2025-03-17"}),
    ("evaluation_stage/report", f"{YEAR}/report", {
        "regime": REGIME, "dated_on": "2025-04-10", "finding": "complete",
    }),
    ("", f"{YEAR}/commitment", {"regime": REGIME, "dated_on": "2025-04-10"}),
    ("evaluation_stage/proposal", f"{YEAR}/proposal", {
        "id": PROPOSAL, "regime": REGIME, "dated_on": "2025-04-15", "received_on": "2025-04-16",
    }),
    ("set_letterhead/city", "/letter-offices/150100-EEB/letterhead", {
        "name": "呼和浩特市生态环境局", "word": "呼环信", "contact": "信用科 0471-1234567",
        "remedies": "不服本决定的，可以自收到本决定书之日起六十日内依法申请行政复议，或者六个月内依法提起行政诉讼。",
        "series": [{"series": "decision", "year": 2025, "first": 3}],
    }),
    ("file_objection/in_time", f"/subjects/{A}/objections", {
        "id": O1, "regime": REGIME, "against": PROPOSAL, "filed_on": "2025-04-18", "by": "participant",
        "grounds": "未被约谈，文书所指为另一单位", "evidence": [{"title": "情况说明"}],
    }),
    ("extend_review/evidence", f"/objections/{O1}/extension", {
        "until_on": "2025-05-08", "reason": "须向出具文书的单位核实",
    }),
    ("decide_objection/partly", f"/objections/{O1}/decision", {
        "decided_on": "2025-04-23", "outcome": "partly_upheld", "reasons": "约谈对象确为另一单位，其余信息属实",
        "sets_aside": [F8],
    }),
    ("draft_letter/decision", f"/subjects/{A}/letters", {
        "id": LETTER, "regime": REGIME, "kind": "objection_decision", "concerns": O1,
        "copies": ["呼和浩特市市场监督管理局"],
    }),
    ("revise_letter/added", f"/letters/{LETTER}/revision", {
        "paragraphs": ["有关更正已经记入你单位信用档案。"], "copies": ["呼和浩特市市场监督管理局"],
    }),
    ("evaluation_stage/publicity", f"{YEAR}/publicity", {"id": PUBLICITY, "regime": REGIME, "dated_on": "2025-04-24"}),
    ("record_comment/lead", f"/subjects/{A}/comments", {
        "id": C1, "regime": REGIME, "filed_on": "2025-04-28", "by": "赵某", "content": "该机构 2024 年的报告与现场不符",
    }),
    ("decide_comment/looked_into", f"/comments/{C1}/decision", {
        "decided_on": "2025-05-08", "outcome": "rejected", "reasons": "经核查，报告与现场记录一致",
    }),
    ("commit_repair/letter", f"/subjects/{A}/repairs/commitments", {
        "id": R1, "regime": REGIME, "facts": [F9], "dated_on": "2025-04-28", "completed_on": "2025-04-25",
        "harm": "compensated", "evidence": [{"title": "信用修复承诺书"}],
    }),
    ("confirm_repair/origin", f"/repairs/{R1}/confirmation", {
        "confirmed_on": "2025-05-06", "by": "originating_authority", "certificate": "呼环修〔2025〕1号",
    }),
    ("confirm_repair/city", f"/repairs/{R1}/confirmation", {
        "confirmed_on": "2025-05-07", "by": "city_bureau", "certificate": "呼环修〔2025〕2号",
    }),
    ("revoke_repair/repeated", f"/repairs/{R1}/revocation", {
        "decided_on": "2025-05-12", "reasons": "公告前同一行为再次发生",
    }),
    ("", f"{YEAR}/determination", {"regime": REGIME, "dated_on": "2025-05-13"}),
    ("", f"{YEAR}/submission", {"regime": REGIME, "dated_on": "2025-05-14"}),
    ("evaluation_stage/publication", f"{YEAR}/publication", {
        "id": PUBLICATION, "regime": REGIME, "dated_on": "2025-06-05",
    }),
    ("", f"/subjects/{A}/evaluations/2023/publication", {"id": ERROR, "regime": REGIME, "dated_on": "2025-06-05"}),
    ("", f"/records/{ERROR}/retraction", {"reason": "公布了未审定的结果"}),
    ("record_withdrawal_notice/platform", f"/records/{ERROR}/withdrawal-notice", {
        "notified_on": "2025-06-16", "receivers": "自治区社会信用信息平台、信用中国（内蒙古）",
        "document": "内环函〔2025〕21号",
    }),
    ("apply_repair/after_publication", f"/subjects/{A}/repairs/applications", {
        "id": R2, "regime": REGIME, "facts": [F7], "dated_on": "2025-06-06", "completed_on": "2025-06-04",
    }),
    ("refuse_repair/not_rectified", f"/repairs/{R2}/refusal", {"decided_on": "2025-06-12", "reasons": "整改尚未完成"}),
    ("adjust_result/down", f"{YEAR}/adjustments", {
        "regime": REGIME, "notified_on": "2025-06-06", "decided_on": "2025-06-16",
        "reasons": "新增扣分信息，动态等级下降",
    }),
    ("request_certificate/listed", f"/subjects/{A}/certificates/requests", {
        "regime": REGIME, "requested_on": "2025-06-10", "purpose": "参加投标",
    }),
    ("register/expert", "/subjects", {
        "kind": "expert", "id": X, "name": "李某", "id_number": "110105199001011232", "region": "330300",
    }),
    ("register/client", "/subjects", {
        "kind": "client", "id": C, "uscc": "91330300MA20000029", "name": "温州市丙化工有限公司", "region": "330300",
    }),
    ("remind/in_writing", f"/subjects/{A}/reminders", {
        "regime": WENZHOU, "issued_on": "2025-03-03", "due_on": "2025-03-31",
    }),
    ("register_notification/in_time", f"/subjects/{A}/registrations", {
        "regime": WENZHOU, "registered_on": "2025-03-20",
    }),
    ("record_review/client", f"/subjects/{A}/reviews", {
        "regime": WENZHOU, "by": "client", "matter": "监测合同 7 号", "quality": "good", "timeliness": 80,
        "dated_on": "2025-05-06",
    }),
    ("decide_outcome/poor", f"/subjects/{A}/outcomes", {
        "regime": WENZHOU, "grade": "poor", "decided_on": "2025-05-12", "reasons": "多次应到而未到现场",
    }),
    ("list_blacklist/with_a_ban", f"/subjects/{A}/blacklist", {
        "regime": WENZHOU, "noticed_on": "2025-05-13", "defended_on": "2025-05-20", "decided_on": "2025-06-03",
        "signed_by": "局长", "ban": {"from_on": "2025-06-03", "until_on": "2026-06-02", "fields": ["monitoring"]},
    }),
    ("remove_blacklist/repaired", f"/subjects/{A}/blacklist/removal", {
        "regime": WENZHOU, "decided_on": "2025-06-12", "keeps_ban": True,
    }),
    ("enter_pool/expert", f"/subjects/{X}/pool", {"regime": WENZHOU, "dated_on": "2025-01-06"}),
    ("leave_pool/false_opinion", f"/subjects/{X}/pool/exit", {
        "regime": WENZHOU, "dated_on": "2025-06-10", "reason": "出具虚假意见",
    }),
    ("include_participant/listed", f"/subjects/{A}/participation", {"regime": LEDGER, "dated_on": "2023-01-09"}),
    ("file_commitment/uploaded", f"/subjects/{A}/commitments", {"regime": LEDGER, "dated_on": "2023-02-01"}),
    ("", f"/subjects/{A}/facts", {
        "regime": LEDGER, "authority": "320700-EEB", "id": L1, "row": "JS-FINE", "decided_on": "2023-03-10",
        "served_on": "2023-03-10", "document": "连环罚〔2023〕1号",
    }),
    ("serve_record_notice/with_the_penalty", f"/subjects/{A}/record-notices", {
        "regime": LEDGER, "fact": L1, "served_on": "2023-03-10",
    }),
    ("recognise_pioneer/two_years", f"/subjects/{A}/pioneers", {"regime": LEDGER, "dated_on": "2025-04-01"}),
    ("take_snapshot/second_half", f"/subjects/{A}/snapshots", {"regime": LEDGER, "taken_on": "2025-01-03"}),
    ("file/first", f"/subjects/{A}/filings", {"regime": NINGBO, "filed_on": "2023-02-01"}),
    ("file_change/technical_head", f"/subjects/{A}/filings/changes", {
        "regime": NINGBO, "changed_on": "2025-01-31", "filed_on": "2025-03-03", "what": "技术负责人",
    }),
    ("record_business/active", f"/subjects/{A}/businesses", {"regime": NINGBO, "year": 2024, "active": True}),
    ("record_score/total", f"/subjects/{A}/scores", {"regime": NINGBO, "year": 2024, "score": "88.5"}),
    ("rank_cohort/year", f"/evaluations/{NINGBO}/2024/ranking", {"dated_on": "2025-04-01"}),
    ("issue_caution/late_change", f"/subjects/{A}/cautions", {
        "regime": NINGBO, "row": "K4", "form": "written_notice", "dated_on": "2025-03-10",
    }),
    ("record_finding/both_sides", f"/subjects/{A}/findings", {
        "regime": NINGBO, "dated_on": "2025-03-11", "what": "同时受区分局和排污单位委托",
    }),
    ("refuse_grade/publicised", f"/subjects/{A}/refusals", {
        "regime": NINGBO, "decided_on": "2025-05-20", "publicised_on": "2025-05-21",
    }),
    ("draw_sample/year", f"/evaluations/{NINGBO}/2025/samples", {"seed": "2025-06-16 公开摇号 31 07"}),
    ("record_advisory/joint_inspection", f"/subjects/{A}/advisories", {
        "id": N1, "kind": "joint_inspection", "noticed_on": "2025-04-10", "document": "呼联检〔2025〕3号",
        "authority": BUREAU,
    }),
    ("", f"/subjects/{A}/advisories", {
        "id": N2, "kind": "transfer", "noticed_on": "2025-05-20", "document": "呼环移〔2025〕5号", "authority": BUREAU,
        "transferred_to": "150100-MSA",
    }),
    ("submit_advisories/month", "/advisories/submissions", {
        "city": "150100", "month": "2025-05", "submitted_on": "2025-06-03",
    }),
    ("issue_internal_notice/second", f"/subjects/{A}/internal-notices", {"dated_on": "2025-06-10"}),
    ("suspend_scope/suspected", f"/subjects/{P}/scope/suspension", {
        "regime": REGIME, "dated_on": "2025-05-12", "reason": "涉嫌犯罪，已移送公安机关",
    }),
    ("resume_scope/cleared", f"/subjects/{P}/scope/resumption", {
        "regime": REGIME, "dated_on": "2025-06-09", "reason": "公安机关决定不予立案",
    }),
    ("", "/subjects", {
        "kind": "agency", "id": J, "uscc": JIAXING_USCC, "name": "嘉兴市乙检测有限公司", "region": "330402",
        "services": ["monitoring"], "licences": ["CMA 331100000000"],
    }),
    ("record_score/year", f"/subjects/{J}/scores", {
        "regime": "jiaxing.monitoring", "year": 2024, "basic": 91.5, "risk": 84, "categories": {"bonus": 3},
    }),
    ("adopt_calendar/new_year", "/calendars", {
        "year": 2027, "days": {"rest": ["2027-01-01"], "working": ["2027-01-03"]}, "paper": "示例：2027 年放假安排",
        "published_on": "2025-06-13",
    }),
)  # fmt: skip

READS: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("get_subjects/page", "/subjects", {"kind": "agency", "region": "150000", "limit": "1"}),
    ("get_subjects/by_grade", "/subjects", {"regime": REGIME, "as_of": "2025-05-31", "known_at": "2025-06-16"}),
    ("get_subject_counts/region", "/subjects/counts", {"regime": REGIME, "as_of": "2025-05-31"}),
    ("get_profile/agency", f"/subjects/{A}", {}),
    ("get_profile/practitioner", f"/subjects/{P}", {}),
    ("get_moments/practitioner", f"/subjects/{P}/moments", {}),
    ("get_timeline/practitioner", f"/subjects/{P}/timeline", {"order": "record"}),
    ("get_grade/as_of", f"/subjects/{A}/grade", {"regime": REGIME, "as_of": "2025-05-31", "known_at": "2025-06-16"}),
    (
        "get_history/half_a_year",
        f"/subjects/{A}/grade/history",
        {"regime": REGIME, "from": "2025-01-01", "until": "2025-06-30"},
    ),
    ("get_readings/now", f"/subjects/{A}/grade/readings", {"regime": REGIME, "as_of": "2025-05-31"}),
    (
        "get_difference/two_days",
        f"/subjects/{A}/grade/diff",
        {"regime": REGIME, "as_of_1": "2025-04-30", "as_of_2": "2025-05-31"},
    ),
    (
        "get_counterfactuals/agency",
        f"/subjects/{A}/grade/counterfactuals",
        {"regime": REGIME, "target": "N", "as_of": "2025-06-16"},
    ),
    (
        "get_region_difference/city",
        "/regions/150100/grade/diff",
        {
            "regime": REGIME,
            "as_of_1": "2025-05-31",
            "as_of_2": "2025-05-31",
            "reading_2": "I-04:own_year",
            "limit": "1",
        },
    ),
    ("get_knowledge/publication", f"/decisions/{PUBLICATION}/knowledge", {}),
    ("get_evaluations/agency", f"/subjects/{A}/evaluations", {"regime": REGIME, "as_of": "2025-06-16"}),
    ("get_fact/penalty", f"/facts/{F1}", {"as_of": "2025-06-16"}),
    ("get_warning/written", f"/warnings/{W1}", {"as_of": "2025-06-16"}),
    ("get_objection/decided", f"/objections/{O1}", {}),
    ("get_comment/decided", f"/comments/{C1}", {}),
    ("get_repair/revoked", f"/repairs/{R1}", {}),
    ("get_record/proposal", f"/records/{PROPOSAL}", {}),
    ("get_advisories/agency", f"/subjects/{A}/advisories", {"regime": REGIME, "as_of": "2025-06-16"}),
    ("get_progress/city", f"/evaluations/{REGIME}/2024", {"region": "150100", "as_of": "2025-05-31"}),
    ("export_progress/city", f"/evaluations/{REGIME}/2024/export", {"region": "150100", "as_of": "2025-05-31"}),
    (
        "get_year_list/page",
        f"/evaluations/{REGIME}/2024/lists/publication",
        {"region": "150100", "as_of": "2025-06-16", "format": "html"},
    ),
    ("get_sample/year", f"/evaluations/{NINGBO}/2025/samples", {}),
    ("get_receipt/publication", f"/records/{PUBLICATION}/receipt", {}),
    ("get_deadlines/region", "/deadlines", {"region": "150100", "state": "met", "limit": "2"}),
    ("get_awaited_letters/region", "/letters", {"region": "150100", "as_of": "2025-06-16"}),
    ("get_deadline/objection", f"/deadlines/{PROPOSAL}:objection", {"as_of": "2025-04-17"}),
    ("get_public_subjects/published", "/public/subjects", {"regime": REGIME, "region": "150100", "year": "2024"}),
    ("get_public_subject/agency", f"/public/subjects/{A}", {"regime": REGIME}),
    ("get_rulebooks/all", "/rulebooks", {}),
    ("get_rulebook/parts", "/rulebooks/nmg.third_party@draft", {}),
    ("get_rulebook_diff/same", "/rulebooks/nmg.third_party@draft/diff", {"with": "nmg.third_party@draft"}),
    ("get_calendars/all", "/calendars", {}),
    ("search/name", "/search", {"q": "甲检测"}),
    ("search/paper", "/search", {"q": "呼环罚[2025]1号"}),
    ("get_codes/all", "/codes", {}),
    ("get_regions/former", "/regions", {"q": "新浦", "as_of": "2025-06-16"}),
    ("get_casefile/agency", f"/subjects/{A}/casefile", {"regime": REGIME, "as_of": "2025-06-16"}),
    ("get_dossier/page", f"/subjects/{A}/dossier", {"regime": REGIME, "as_of": "2025-06-16", "format": "html"}),
    ("get_subject_deadlines/agency", f"/subjects/{A}/deadlines", {"regime": REGIME, "state": "open"}),
    ("export_subjects/region", "/subjects/export", {"region": "150100", "kind": "agency"}),
    ("export_deadlines/region", "/deadlines/export", {"region": "150100", "state": "met"}),
    ("get_public_register/name", "/public/register", {"q": "甲检测", "regime": REGIME}),
    ("get_public_counts/region", "/public/register/counts", {"regime": REGIME, "region": "150100"}),
    ("get_public_page/agency", f"/public/register/{A}", {"regime": REGIME, "as_of": "2025-06-16"}),
    ("get_digest/edition", f"/journal/digests/{DIGEST}", {}),
    ("get_head/now", "/journal/head", {}),
    ("get_changes/page", "/journal/changes", {"after": "20", "limit": "2", "kind": "agency"}),
    ("get_changes_stream/from", "/journal/changes/stream", {"after": "20"}),
    ("get_health/ok", "/health", {}),
)

JOINING: Line = (
    "join_files/double", f"/subjects/{_id('aa1')}/joins", {
        "id": _id("a9"), "joined": _id("aa2"), "decided_on": "2025-06-10", "authority": BUREAU,
        "document": "呼环合〔2025〕1号", "reasons": "同一主体重复建档，统一社会信用代码相同",
    },
)  # fmt: skip
"""The two files of one body, once they are found."""

ASKED: tuple[Line, ...] = (
    ("search_person/practitioner", "/search/person", {"id_number": ID_NUMBER}),
    ("get_grades/two", "/grades", {"subjects": [P, F1], "regime": REGIME, "as_of": "2025-05-31"}),
)
"""Questions with a body."""

OFFICIAL = "\n".join(f"第{chinese_number(n)}条  示例条文。" for n in range(1, 42))

REHEARSAL = {"edition": EDITION, "readings": {"I-04": "own_year"}, "as_of": "2025-06-15"}

WEBHOOK = {"url": "https://xy.example.gov.cn/ecodocket", "kinds": ["agency"], "region": "150100", "note": "信用平台"}

NOTE, SIGN_OFF = _id("ab"), _id("ac")
NOTES = f"/rulebooks/{EDITION}/notes"

LAST: tuple[Line, ...] = (
    ("note_provision/article", NOTES, {"id": NOTE, "cite": "art. 18(2)", "text": "分值与附件1核对一致。"}),
    ("sign_off_edition/article", f"/rulebooks/{EDITION}/sign-offs", {
        "id": SIGN_OFF, "cite": "art. 18(2)", "digest": DIGEST, "remark": "法制科核对",
    }),
    ("withdraw_legal_note/mistake", f"{NOTES}/{SIGN_OFF}/withdrawal", {"reason": "附件1尚未核对"}),
    ("adopt_rulebook/in_force", "/rulebooks/adoptions", {"edition": EDITION, "in_force_on": "2025-07-01"}),
    ("repeal_rulebook/last_day", f"/rulebooks/{EDITION}/repeal", {"until_on": "2026-12-31", "reason": "新办法施行"}),
    ("load_official_text/whole", f"/rulebooks/{EDITION}/text", {"text": OFFICIAL}),
)  # fmt: skip
"""Told last: once an edition is in force, what the draft simulated before is no longer graded."""


class Told:
    """What was asked and what was answered, by operation and name."""

    def __init__(self) -> None:
        # Its subjects have the first numbers.
        self.api = Api(World(ids=CountedIds(after=0xFFF)))
        self.api.world.clock.set(at_hour(dt.date(2025, 6, 16), 9))
        self._signed_in: dict[str, str] = {}
        self._cookie = ""
        self.answers: dict[tuple[str, str], tuple[Any, httpx.Response]] = {}
        for line in STORY:
            self._post(line)
        for name, path, query in READS:
            answer = self.api.get(path, **query)
            assert answer.status_code == 200, (name, answer.text)
            self._keep(name, query, answer)
        for name, path, body in ASKED:
            self._call("POST", path, 200, name, body)
        self._rehearse()
        self._settle()
        self._push()
        for line in LAST:
            self._post(line)
        self._call("GET", NOTES, 200, "get_legal_notes/edition", {})
        for tail, name in (("aa1", "呼和浩特市戊监理有限公司"), ("aa2", "呼和浩特市戊监理公司")):
            double(self.api.world, _id(tail), uscc=credit_code("戊"), name=name)
        self._keep("get_doubles/two_files", {}, self.api.get("/subjects/doubles"))
        self._import()
        self._letters()
        self._receive()
        self._dossiers()
        self._post(JOINING)
        self._accounts()

    def _dossiers(self) -> None:
        """A dossier is issued, and had again."""
        grade = self.api.get(f"/subjects/{A}/grade", regime=REGIME, as_of="2025-06-16").json()
        wanted = {"id": DOSSIER, "basis": grade["basis"]["token"], "format": "html", "number": "呼环信说〔2025〕1号"}
        self._post(("issue_dossier/page", f"/subjects/{A}/dossiers", wanted))
        self._keep("get_dossiers/agency", {}, self.api.get(f"/subjects/{A}/dossiers"))
        self._keep("get_issued_dossier/page", {}, self.api.get(f"/subjects/{A}/dossiers/{DOSSIER}"))

    def _letters(self) -> None:
        """A letter that is issued, served and read, one that is dropped, and a template of the bureau's own."""
        self._post(("issue_letter/as_shown", f"/letters/{LETTER}/issue", {"dated_on": "2025-06-16"}))
        served = {"served_on": "2025-06-16", "how": "direct", "received_by": "收发室"}
        self._post(("serve_letter/handed_over", f"/letters/{LETTER}/service", served))
        self._keep("get_letters/agency", {}, self.api.get(f"/subjects/{A}/letters"))
        self._keep("get_letter/served", {}, self.api.get(f"/letters/{LETTER}"))
        self._keep("get_letter_docx/sent", {}, self.api.get(f"/letters/{LETTER}/docx"))
        self._keep("get_letter_pdf/sent", {}, self.api.get(f"/letters/{LETTER}/pdf"))
        other = {"id": _id("b8"), "regime": REGIME, "kind": "grade_notice", "concerns": PROPOSAL}
        self._post(("", f"/subjects/{A}/letters", other))
        self._post(("withdraw_letter/draft", f"/letters/{_id('b8')}/withdrawal", {"reason": "已另行告知"}))
        place = "/letter-offices/150100-EEB/templates/objection_decision"
        shipped = self.api.get(place)
        self._keep("get_letter_template/shipped", {}, shipped)
        said = {"x-actor": "clerk", "content-type": "application/octet-stream"}
        answer = self.api.call("POST", f"{ROOT}{place}?file=decision.docx", content=shipped.content, headers=said)
        assert answer.status_code == 201, answer.text
        self._keep("upload_letter_template/own", {}, answer)
        self._keep("get_letter_office/city", {}, self.api.get("/letter-offices/150100-EEB"))
        self._post(("drop_letter_template/back", f"{place}/removal", {}))

    def _accounts(self) -> None:
        """The first administrator signs in and keeps accounts: from then on there is a wall."""
        link = self.api.administering.first("root", "管理员")
        first = {"link": link, "password": PASSWORD}
        self._call("POST", "/session/link", 201, "use_link/first", first)
        signed_in = self._call("POST", "/session", 201, "sign_in/password", {"account": "root", "password": PASSWORD})
        self._signed_in = {"cookie": f"ecodocket={self._cookie}", "x-csrf-token": signed_in["csrf"]}
        self._call("GET", "/session", 200, "get_session/now", {})
        made = {"account": "150100-officer-02", "name": "经办二", "role": "officer", "place": "150100"}
        self._call("POST", "/accounts", 201, "make_account/officer", made)
        self._call("POST", "/accounts", 201, body={**made, "account": "150100-officer-03", "name": "经办三"})
        place = "/accounts/150100-officer-02"
        self._call("POST", f"{place}/changes", 200, "change_account/name", {"name": "经办（二）"})
        days = {"deputy": "150100-officer-03", "from_on": "2025-06-16", "until_on": "2025-06-20"}
        self._call("POST", f"{place}/deputies", 201, "name_deputy/week", days)
        path = self._service()
        for name in ("deactivation", "activation", "unlocking", "reset"):
            operation = {"deactivation": "deactivate", "activation": "activate", "unlocking": "unlock"}.get(name, name)
            self._call("POST", f"{place}/{name}", 200, f"{operation}_account/one", {})
        self._call("DELETE", f"{place}/sessions", 200, "sign_account_out/one", {})
        self._call("DELETE", f"{place}/deputies", 200, "end_deputy/today", {})
        token = self._call("POST", path, 201, body={"note": "报表", "days": 1})["token"]
        self._call("DELETE", f"{path}/{token}", 200, "end_token/one", {})
        self._call("POST", f"{place}/handover", 200, "hand_over/leaver", {"to": "150100-officer-03"})
        self._call("GET", place, 200, "get_account/one", {})
        self._call("GET", "/accounts", 200, "get_accounts/all", {})
        self._looked_through()
        changed = {"old": PASSWORD, "new": "another long Passphrase"}
        signed_in = self._call("POST", "/session/password", 201, "change_password/mine", changed)
        self._signed_in = {"cookie": f"ecodocket={self._cookie}", "x-csrf-token": signed_in["csrf"]}
        self._call("DELETE", "/session", 200, "sign_out/one", {})
        self._signed_in = {}
        again = {"account": "root", "password": changed["new"]}
        signed_in = self._call("POST", "/session", 201, body=again)
        self._signed_in = {"cookie": f"ecodocket={self._cookie}", "x-csrf-token": signed_in["csrf"]}
        self._call("DELETE", "/session/everywhere", 200, "sign_out_everywhere/all", {})
        self.api.desk.is_open_here = self.api.desk.copies.primary.is_open_here = True
        self._signed_in = {}
        seat(self.api.administering.door.keep, self.api.world.clock, A)
        self._call("GET", "/session/here", 200, "get_accounts_here/demo", {})
        signed_in = self._call("POST", "/session/here", 201, "sign_in_here/demo", {"account": "demo-officer"})
        self._signed_in = {"cookie": f"ecodocket={self._cookie}", "x-csrf-token": signed_in["csrf"]}
        task = f"/deadlines/{PROPOSAL}:objection/assignment"
        self._call("POST", task, 200, "assign_deadline/officer", {"account": "demo-officer"})
        self._keep("get_assignees/of_the_place", {}, self.api.get("/deadlines/assignees", headers=self._signed_in))
        agency = {
            "kind": "agency", "id": LAPSED, "uscc": credit_code("己"), "name": "呼和浩特市己环境服务有限公司",
            "region": "150100", "services": ["monitoring"],
        }  # fmt: skip
        self._call("POST", "/subjects", 201, body=agency)
        fact = {**_FACT, "id": F11, "row": "B09", "decided_on": "2025-03-03", "document": "呼环约〔2025〕8号"}
        self._call("POST", f"/subjects/{LAPSED}/facts", 201, body=fact)
        warned = {"id": W4, "issued_on": "2025-03-05", "due_on": "2025-04-30", "requirements": "补正采样记录"}
        self._call("POST", f"/facts/{F11}/warnings", 201, body=warned)
        task = f"/deadlines/{W4}:rectification"
        put_off = {"until_on": "2025-06-30", "reason": "等待原作出机关回函"}
        self._call("POST", f"{task}/snooze", 200, "snooze_deadline/until_a_day", put_off)
        self._call("DELETE", f"{task}/snooze", 200, "reopen_deadline/taken_back", {})
        self._call("POST", f"{task}/closing", 200, "close_deadline/lapsed", {"reason": "期内未报告整改"})
        self._call("POST", "/session/calendar", 200, "make_calendar_address/new", {})
        self._keep("get_calendar_address/there", {}, self.api.get("/session/calendar", headers=self._signed_in))
        self._call("DELETE", "/session/calendar", 200, "end_calendar_address/ended", {})
        self._own_tokens()

    def _service(self) -> str:
        """An account of a program, with a token; where its tokens are made."""
        service = {"account": "150100-service-01", "name": "业务系统", "role": "officer", "place": "150100"}
        self._call("POST", "/accounts", 201, body={**service, "is_service": True})
        path = "/accounts/150100-service-01/tokens"
        self._call("POST", path, 201, "make_token/month", {"note": "业务系统", "days": 30})
        return path

    def _own_tokens(self) -> None:
        of_own = {"note": "命令行", "days": 30}
        token = self._call("POST", "/session/tokens", 201, "make_own_token/month", of_own)["token"]
        self._keep("get_own_tokens/one", {}, self.api.get("/session/tokens", headers=self._signed_in))
        self._call("DELETE", f"/session/tokens/{token}", 200, "end_own_token/one", {})
        self._keep("get_own_changes/mine", {}, self.api.get("/session/changes", headers=self._signed_in))

    def _looked_through(self) -> None:
        """An officer looks at a file, and the auditor of the place at who did."""
        for role in ("officer", "auditor"):
            account(self.api.administering, f"{role}-9", role)
        officer, auditor = (
            {"authorization": f"Bearer {token(self.api.administering, id)}", "x-purpose": "annual audit"}
            for id in ("officer-9", "auditor-9")
        )
        assert self.api.get(f"/subjects/{A}/grade", headers=officer, as_of="2025-06-15").status_code == 200
        self._keep("get_readers/of_the_place", {}, self.api.get("/reads/accounts", headers=auditor))
        self._keep("get_reads/of_one_file", {}, self.api.get("/reads", headers=auditor, subject=A))

    def _post(self, line: Line) -> None:
        name, path, body = line
        answer = self.api.post(path, body, headers={"x-actor": "clerk"})
        assert answer.status_code == 201, (line, answer.text)
        if name:
            self._keep(name, body, answer)

    def _settle(self) -> None:
        """Three retractions that an officer proposed, of which one is signed, one returned and one withdrawn."""
        officer = Principal("officer", "officer", "150100")
        waiting = []
        for fact, reason in ((F10, "文书所指为另一单位"), (F6, "重复记录"), (F5, "记录有误")):
            retraction = command_from({"fact": fact, "reason": reason}, name="retract_fact")
            found = self.api.world.signing.submit(retraction, by=officer)
            assert isinstance(found, PendingDecision)
            waiting.append(found)
        first, second, third = (f"/pending-decisions/{found.id}" for found in waiting)
        self._call("GET", "/pending-decisions", 200, "list_decisions/all")
        self._call("GET", first, 200, "get_decision/waiting")
        self._call("POST", f"{first}/signature", 200, "sign_decision/retraction", {"digest": waiting[0].digest})
        self._call("POST", f"{second}/return", 200, "return_decision/reasons", {"reasons": "请补充重复记录的编号"})
        said = {"x-actor": "officer", "content-type": "application/json"}
        answer = self.api.call("POST", f"{ROOT}{third}/withdrawal", content=b"{}", headers=said)
        assert answer.status_code == 200, answer.text
        self._keep("withdraw_decision/mistake", {}, answer)

    def _rehearse(self) -> None:
        """A rehearsal that is run and looked through, and one that is cancelled, resumed and deleted."""
        other, done = (self._call("POST", "/rehearsals", 202, "rehearse/readings", REHEARSAL) for _ in range(2))
        place = f"/rehearsals/{other['id']}"
        self._call("POST", f"{place}/cancellation", 200, "cancel_rehearsal/waiting", {})
        self._call("POST", f"{place}/resumption", 202, "resume_rehearsal/cancelled", {})
        self._call("DELETE", place, 204)
        self.api.rehearsals.run(done["id"], here(self.api.world.journal))
        self._call("GET", "/rehearsals", 200, "get_rehearsals/all", {})
        place = f"/rehearsals/{done['id']}"
        self._call("GET", place, 200, "get_rehearsal/done", {})
        for what in ("changes", "decisions", "diff", "result"):
            self._call("GET", f"{place}/{what}", 200, f"get_rehearsal_{what}/first", {})

    def _import(self) -> None:
        """A sheet that is looked through, recorded and undone, and one that is deleted."""
        good = penalty("呼环罚〔2025〕20号", 证据文件名="20.png", **SHEET_ROW)
        bad = {**good, "文号": "呼环罚〔2025〕21号", "作出机关": "呼市某局"}
        sheet = self._upload(csv_text(good, bad).encode())
        place = f"/imports/{sheet['id']}"
        self._keep("get_import_template/penalties", {}, self.api.get("/imports/template", regime=REGIME))
        self._call("GET", f"{place}/rows", 200, "get_import_rows/first", {})
        said = {"x-actor": "clerk", "content-type": "application/octet-stream"}
        scan = self.api.call("POST", f"{ROOT}{place}/files?file=20.png", content=picture("决定书"), headers=said)
        assert scan.status_code == 200, scan.text
        self._keep("hand_in_files/scan", {}, scan)
        self._call("POST", f"{place}/recording", 200, "record_sheet/good", {"chosen": "good"})
        self._call("GET", place, 200, "get_import/recorded", {})
        self._call("GET", "/imports", 200, "get_imports/all", {})
        self._call("POST", f"{place}/undo", 200, "undo_import/mistake", {"reason": "导入了另一年度的表"})
        other = self._upload(csv_text(good).encode("gbk"))
        marked = self.api.call("GET", f"{ROOT}/imports/{other['id']}/marked", headers={"accept-language": "zh-CN"})
        self._keep("get_marked_sheet/csv", {}, marked)
        self._call("DELETE", f"/imports/{other['id']}", 204)

    def _receive(self) -> None:
        """A scan that is uploaded in a piece, received, looked at, marked and withdrawn, and an upload let go of."""
        content = picture("整改前照片")
        begun = self._begin({"name": "整改前照片.png", "size": len(content)})
        place = f"/uploads/{begun['id']}"
        said = {"x-actor": "clerk", "content-type": TUS, "upload-offset": "0"}
        assert self.api.call("PATCH", ROOT + place, content=content, headers=said).status_code == 204
        self._call("GET", place, 200, "get_upload/complete", {})
        digest = {"sha256": sha256(content).hexdigest()}
        self._call("POST", f"{place}/finish", 200, "finish_upload/looked_at", digest)
        received = {"upload": begun["id"], "kind": "photograph", "record": F1, "received_on": "2025-06-16"}
        self._call("POST", f"/subjects/{A}/evidence", 201, "receive_evidence/photograph", received)
        piece = f"/evidence/{begun['id']}"
        self._call("GET", piece, 200, "get_evidence/photograph", {})
        self._call("GET", f"/subjects/{A}/evidence", 200, "get_evidence_list/one", {})
        self._call("GET", f"{piece}/content", 200, "get_evidence_content/photograph", {})
        self._call("GET", f"{piece}/pages/1", 200, "get_evidence_page/first", {})
        self._call("GET", "/evidence-check", 200, "check_evidence/sound", {})
        marked = {"personal_data": True, "reason": "照片中有可辨认的人员"}
        self._call("POST", f"{piece}/mark", 201, "mark_evidence/persons", marked)
        self._call("POST", f"{piece}/withdrawal", 201, "withdraw_evidence/mistake", {"reason": "系另一机构的照片"})
        other = self._begin({"name": "回证.pdf", "size": 1_048_576, "personal_data": True})
        self._call("DELETE", f"/uploads/{other['id']}", 204)

    def _begin(self, body: dict[str, Any]) -> Any:
        return self._call("POST", f"/subjects/{A}/uploads", 201, "begin_upload/scan", body)

    def _upload(self, content: bytes) -> Any:
        said = {"x-actor": "clerk", "content-type": "application/octet-stream"}
        answer = self.api.call("POST", f"{ROOT}/imports?file=2025-06.csv", content=content, headers=said)
        assert answer.status_code == 201, answer.text
        self._keep("upload_sheet/with_a_fault", {}, answer)
        return answer.json()

    def _push(self) -> None:
        """An endpoint that does not take a change, which is set aside and tried again."""
        found = self._call("POST", "/webhooks", 201, "register_webhook/city", WEBHOOK)
        id, place = found["webhook"]["id"], f"/webhooks/{found['webhook']['id']}"
        self._call("POST", f"{place}/test", 200, "test_webhook/taken", {})
        self._call("POST", f"{place}/secret", 200, "rotate_webhook_secret/overlap", {"overlap_hours": 48})
        self._call("POST", f"{place}/pause", 200, "pause_webhook/for_now", {})
        self._call("POST", f"{place}/resumption", 200, "resume_webhook/again", {})
        kept = self.api.webhooks.get(id)
        assert kept is not None
        aside = KeptDelivery(
            position=kept.position + 1,
            subject=A,
            tries=4,
            first_at=self.api.world.clock.now(),
            next_at=self.api.world.clock.now(),
            last="refused",
            last_status=500,
        )
        self.api.webhooks.failed(kept, aside)
        self._call("GET", f"{place}/deliveries", 200, "get_webhook_deliveries/waiting", {})
        self._call("POST", f"{place}/deliveries/{aside.position}/retry", 200, "retry_webhook_delivery/waiting", {})
        self._call("GET", "/webhooks", 200, "get_webhooks/all", {})
        self._call("GET", place, 200, "get_webhook/active", {})
        other = self._call("POST", "/webhooks", 201, "", WEBHOOK)
        self._call("DELETE", f"/webhooks/{other['webhook']['id']}", 204)

    def _call(self, method: str, path: str, status: int, name: str = "", body: Any = None) -> Any:
        said = {**(self._signed_in or {"x-actor": "clerk"}), "content-type": "application/json"}
        content = msgspec.json.encode(body) if method == "POST" else None
        answer = self.api.call(method, f"{ROOT}{path}", content=content, headers=said)
        assert answer.status_code == status, (method, path, answer.text)
        if name:
            self._keep(name, body, answer)
        if "set-cookie" in answer.headers:
            self._cookie = answer.headers["set-cookie"].partition("=")[2].partition(";")[0]
        return answer.json() if "json" in answer.headers.get("content-type", "") else None

    def _keep(self, name: str, body: Any, answer: httpx.Response) -> None:
        operation, _, example = name.partition("/")
        self.answers[operation, example] = (body, answer)


@cache
def _told() -> Told:
    return Told()


def told_once() -> Told:
    """The story, told once in a process to all tests that only read what became of it. Each asks from an address of its
    own, so that none takes another one's share of what is answered a minute."""
    found = _told()
    found.api.move()
    return found


def read_in(answer: httpx.Response) -> Any:
    """What an answer holds: of a stream, the last event; of a worksheet nothing that could be read
    here, of a page how it begins."""
    media = answer.headers["content-type"].partition(";")[0]
    if media == EVENT_STREAM:
        *_, event = (piece for piece in answer.text.split("\r\n\r\n") if "data: " in piece)
        return dict(line.split(": ", 1) for line in event.split("\r\n"))
    if media == SHEETS["xlsx"] or media.startswith("image/"):
        return ""
    if media == "text/html":
        # Of a page, how it begins.
        return answer.text.partition("<style>")[0]
    return answer.json() if media == "application/json" else answer.text


def _short(value: Any) -> Any:
    """A list of the law, or of its readings, shows its first and last entry."""
    if isinstance(value, dict):
        return {k: _short(v) for k, v in value.items()}
    if isinstance(value, list) and len(value) > 2 and not isinstance(value[0], str):
        return [_short(value[0]), _short(value[-1])]
    return value


_SECRETS = {"link": "edl_…", "secret": "edt_…", "csrf": "…", "password": "…", "old": "…", "new": "…"}
"""What is shown instead of what is drawn, or typed in."""


def _without_secrets(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_secrets(v) for v in value]
    if not isinstance(value, dict):
        return value
    shown = {k: _SECRETS.get(k, v) if isinstance(v, str) else _without_secrets(v) for k, v in value.items()}
    if str(shown.get("path", "")).startswith("/calendars/"):
        shown["path"] = "/calendars/edc_….ics"
    # A token of a program, not one that repeats an answer.
    return {**shown, "token": "0123456789abcdef"} if "token" in shown and "note" in shown else shown


def examples() -> dict[str, dict[str, Any]]:
    """The examples of the description."""
    found: dict[str, dict[str, Any]] = {}
    laws = {o.id for o in OPERATIONS if o.is_question and o.path.startswith(("/rulebooks", "/calendars", "/codes"))}
    for (operation, name), (request, answer) in Told().answers.items():
        response = _without_secrets(read_in(answer))
        response = _short(response) if operation in laws | {"get_readings"} else response
        shown = {"request": _without_secrets(request), "response": response}
        found.setdefault(operation, {})[name] = shown
    return found


def _without_cursors(value: Any) -> Any:
    if isinstance(value, dict):
        sealed = [k for k in ("cursor", "next", "secret") if isinstance(value.get(k), str)]
        return {k: _without_cursors(v) for k, v in value.items()} | dict.fromkeys(sealed)
    return [_without_cursors(v) for v in value] if isinstance(value, list) else value


def _kept(stored: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The examples, each as it is stored where it says the same."""
    # In the form in which they are read again: numbers and dates as texts.
    told: dict[str, dict[str, Any]] = msgspec.json.decode(msgspec.json.encode(examples()))
    for operation, named in told.items():
        for name, example in named.items():
            before = stored.get(operation, {}).get(name)
            if before is not None and _without_cursors(before) == _without_cursors(example):
                named[name] = before
    return told


if __name__ == "__main__":
    written = _kept(msgspec.json.decode(FILE.read_bytes()))
    FILE.write_bytes(msgspec.json.format(msgspec.json.encode(written), indent=1) + b"\n")
    print(f"{FILE.name}: {ROOT}")
