"""An id stands for what was recorded under it: the same again changes nothing, other content is refused.

Every command that takes an id is recorded once with every field that it can have, told once more, and then once for
each of its fields with that field alone changed or left out.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from application.law.legislation import Legislation
from application.recording.casework import Casework
from application.recording.commands import COMMANDS
from domain.errors import CaseError, Conflict
from domain.law.edition import Configured
from interfaces.files.shipped import shipped_editions
from tests.support.world import World, credit_code

EVIDENCE = [{"title": "原始记录", "digest": "a" * 64, "place": "档案室"}]
NO_CONTENT = {
    "again": "the leave to record a decision once more, with its reason, is no part of the fact",
    "again_reason": "the leave to record a decision once more, with its reason, is no part of the fact",
    "id": "it is what is the same here",
    "regime": "another regime knows no such procedure, or the subject nothing under it",
}
"""Fields that are not compared, and why."""
SAME_WITHOUT = {
    "dated_on": "left out it is today, the day of recording here",
    "submitted_on": "left out it is today, the day of recording here",
    "received_on": "the delivery of a step may be recorded after it; told without it, the step is the same",
    "against": "left out it is what is on show",
    "bureau": "left out it is that of the city of the subject, here the same",
}
"""Fields that say nothing new when they are left out, and why."""
NAMED_BY_TOKEN = {"issue_dossier"}
"""Commands about an answer whose token no table can hold (tests/application/papers/test_issuing.py)."""
QUOTAS = Configured(quotas={"A": Decimal("0.4"), "B": Decimal("0.3"), "C": Decimal("0.2"), "D": Decimal("0.1")})


def steps_of(regime: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Commands of a regime in an order in which all of them are recorded: the day, the name and the fields."""
    for day, name, fields in STEPS[regime]:
        given = dict(fields)
        if "regime" in COMMANDS[name].__struct_fields__:
            given["regime"] = regime
        yield day, name, given


FACT = {"subject": "A", "authority": "150100-EEB", "document": "甲1号"}
YEAR = {"subject": "A", "year": 2024}
DIGEST = next(shipped.digest for shipped in shipped_editions() if shipped.head.id == "nmg.third_party@draft")
STEPS: dict[str, list[tuple[str, str, dict[str, Any]]]] = {
    "nmg.third_party": [
        ("2023-02-01", "note_provision", {
            "id": "note1", "edition": "nmg.third_party@draft", "cite": "art. 16", "text": "待核",
        }),
        ("2023-02-02", "note_provision", {
            "id": "note2", "edition": "nmg.third_party@draft", "cite": "art. 16", "text": "已核", "replaces": "note1",
        }),
        ("2023-02-02", "sign_off_edition", {
            "id": "note3", "edition": "nmg.third_party@draft", "cite": "art. 16", "digest": DIGEST, "remark": "核对",
        }),
        ("2023-02-01", "register_agency", {
            "id": "N", "uscc": credit_code("N"), "name": "乙检测", "region": "150100",
            "services": ["monitoring", "eia"], "legal_representative": "王某", "address": "某路1号",
            "licences": ["证1"],
        }),
        ("2023-02-01", "register_practitioner", {
            "id": "Q", "name": "李某", "id_number": "110105198505051233", "region": "150100",
        }),
        ("2023-02-01", "record_employment", {
            "id": "m1", "subject": "A", "practitioner": "Q", "from_on": "2022-01-04", "until_on": "2023-01-31",
            "role": "技术员",
        }),
        ("2024-05-08", "record_fact", {
            **FACT, "id": "f1", "row": "B11", "summary": "罚款", "occurred_on": "2024-02-01",
            "decided_on": "2024-04-01", "served_on": "2024-04-02", "final_on": "2024-05-06", "case_no": "案1",
            "evidence": EVIDENCE, "amount_fined": "20000",
        }),
        ("2024-05-08", "record_fact", {
            **FACT, "id": "f2", "row": "B12", "decided_on": "2024-05-08", "points": "10", "document": "甲2号",
            "linked_to": "委托单位决定",
        }),
        ("2024-05-08", "record_fact", {
            **FACT, "id": "f3", "row": "B08", "decided_on": "2024-05-08", "document": "甲3号",
        }),
        ("2024-05-08", "record_fact", {
            **FACT, "id": "f4", "row": "B09", "decided_on": "2024-05-08", "document": "甲4号",
        }),
        ("2024-05-08", "record_fact", {
            **FACT, "id": "f5", "row": "B08", "decided_on": "2024-05-07", "document": "甲5号",
        }),
        ("2024-05-09", "record_enhancement", {
            "id": "e1", "subject": "A", "kind": "award", "noticed_on": "2024-05-08", "document": "表彰1号",
            "authority": "150100-EEB",
        }),
        ("2024-05-09", "issue_warning", {
            "id": "w1", "fact": "f3", "issued_on": "2024-05-09", "due_on": "2024-06-28", "requirements": "改正",
        }),
        ("2024-05-09", "draft_letter", {
            "id": "l1", "subject": "A", "kind": "warning_notice", "concerns": "w1", "bureau": "150100-EEB",
            "paragraphs": ["请携带原始记录"], "copies": ["市场监督管理局"], "due_on": "2024-06-28",
        }),
        ("2024-05-10", "record_advisory", {
            "id": "a1", "subject": "A", "kind": "transfer", "noticed_on": "2024-05-10", "document": "提示1号",
            "authority": "150100-EEB", "transferred_to": "150100-MSA",
        }),
        ("2024-05-20", "record_advisory", {
            "id": "a2", "subject": "A", "kind": "joint_inspection", "noticed_on": "2024-05-20", "document": "提示2号",
            "authority": "150100-EEB",
        }),
        ("2024-06-03", "submit_advisories", {
            "id": "a3", "city": "150100", "month": "2024-05", "submitted_on": "2024-06-03",
        }),
        ("2024-06-12", "issue_internal_notice", {"id": "a4", "subject": "A", "dated_on": "2024-06-12"}),
        ("2024-06-13", "confirm_rectification", {
            "id": "c1", "fact": "f4", "completed_on": "2024-06-12", "confirmed_on": "2024-06-13",
            "authority": "150100-EEB",
        }),
        ("2024-06-14", "record_client_outcome", {
            "id": "u1", "fact": "f2", "kind": "changed", "decided_on": "2024-06-13", "document": "变更1号",
            "effect": "prospective", "points": "8",
        }),
        ("2024-07-01", "set_aside_fact", {
            "id": "v1", "fact": "f5", "decided_on": "2024-07-01", "authority": "150100-CRT", "document": "判决1号",
            "effect": "ab_initio",
        }),
        ("2024-08-01", "issue_certificate", {
            "id": "k1", "subject": "A", "issued_on": "2024-08-01", "document": "证明1号",
        }),
        ("2024-09-02", "suspend_scope", {"id": "z1", "subject": "A", "dated_on": "2024-09-02", "reason": "立案"}),
        ("2024-10-08", "resume_scope", {"id": "z2", "subject": "A", "dated_on": "2024-10-08", "reason": "撤案"}),
        ("2025-03-14", "evaluation_stage", {**YEAR, "id": "s1", "stage": "roster", "dated_on": "2025-03-14"}),
        ("2025-03-14", "evaluation_stage", {
            **YEAR, "id": "s2", "stage": "notice", "dated_on": "2025-03-14", "received_on": "2025-03-14",
        }),
        ("2025-03-17", "request_certificate", {
            "id": "k2", "subject": "A", "requested_on": "2025-03-17", "purpose": "投标",
        }),
        ("2025-04-10", "evaluation_stage", {
            **YEAR, "id": "s3", "stage": "report", "dated_on": "2025-04-10", "finding": "late", "justified": True,
        }),
        ("2025-04-15", "evaluation_stage", {
            **YEAR, "id": "s4", "stage": "proposal", "dated_on": "2025-04-15", "received_on": "2025-04-15",
        }),
        ("2025-04-16", "file_objection", {
            "id": "o1", "subject": "A", "against": "s4", "filed_on": "2025-04-16", "by": "agency", "grounds": "有误",
            "evidence": EVIDENCE,
        }),
        ("2025-04-17", "decide_objection", {
            "objection": "o1", "decided_on": "2025-04-17", "outcome": "rejected", "reasons": "经审核",
        }),
        ("2025-04-25", "evaluation_stage", {**YEAR, "id": "s5", "stage": "publicity", "dated_on": "2025-04-25"}),
        ("2025-04-28", "record_comment", {
            "id": "p1", "subject": "A", "filed_on": "2025-04-28", "content": "所称属实", "by": "赵某", "against": "s5",
            "evidence": EVIDENCE,
        }),
        ("2025-04-29", "commit_repair", {
            "id": "r1", "subject": "A", "facts": ["f1"], "dated_on": "2025-04-29", "completed_on": "2025-04-28",
            "harm": "compensated", "repeated": True, "evidence": EVIDENCE,
        }),
        ("2025-04-30", "decide_comment", {
            "comment": "p1", "decided_on": "2025-04-30", "outcome": "rejected", "reasons": "与评价无关",
        }),
        ("2025-05-07", "evaluation_stage", {**YEAR, "id": "s6", "stage": "determination", "dated_on": "2025-05-07"}),
        ("2025-05-15", "evaluation_stage", {**YEAR, "id": "s7", "stage": "submission", "dated_on": "2025-05-15"}),
        ("2025-06-05", "evaluation_stage", {**YEAR, "id": "s8", "stage": "publication", "dated_on": "2025-06-05"}),
        ("2025-06-09", "apply_repair", {
            "id": "r2", "subject": "A", "facts": ["f1", "f2"], "dated_on": "2025-06-09", "completed_on": "2025-06-06",
            "harm": "compensated", "repeated": True, "evidence": EVIDENCE,
            "contribution": {"kind": "volunteering", "recognised_on": "2025-06-01", "recognised_by": "150100-EEB"},
        }),
        ("2025-07-01", "record_fact", {
            **FACT, "id": "f6", "row": "B02b", "decided_on": "2025-07-01", "document": "甲6号",
        }),
        ("2025-07-10", "adjust_result", {
            **YEAR, "id": "j1", "notified_on": "2025-07-02", "decided_on": "2025-07-10", "reasons": "更新",
        }),
        ("2026-04-02", "record_national_repair", {
            "id": "n1", "fact": "f1", "granted_on": "2026-04-01", "document": "修复1号",
        }),
        ("2025-12-01", "register_agency", {
            "id": "N2", "uscc": credit_code("N2"), "name": "乙检测（重复）", "region": "150100",
            "services": ["monitoring", "eia"], "legal_representative": "王某", "address": "某路1号",
            "licences": ["证1"],
        }),
        ("2025-12-02", "join_files", {
            "id": "jn", "subject": "N", "joined": "N2", "decided_on": "2025-12-01", "authority": "150100-EEB",
            "document": "合并1号", "reasons": "同一主体",
        }),
        ("2026-04-03", "evaluation_stage", {
            "id": "pw", "subject": "B", "year": 2021, "stage": "publication", "dated_on": "2026-04-03",
        }),
        ("2026-04-03", "retract_record", {"record": "pw", "reason": "公布有误"}),
        ("2026-04-07", "record_withdrawal_notice", {
            "id": "wn", "record": "pw", "notified_on": "2026-04-07", "receivers": "信用平台", "document": "函1号",
        }),
    ],
    "ningbo.monitoring": [
        ("2024-01-03", "file", {"id": "b1", "subject": "A", "filed_on": "2024-01-03"}),
        ("2024-02-05", "file_change", {
            "id": "b2", "subject": "A", "changed_on": "2024-02-01", "filed_on": "2024-02-05", "what": "名称",
        }),
        ("2024-03-04", "issue_caution", {
            "id": "b3", "subject": "A", "row": "K1", "form": "talk", "dated_on": "2024-03-04",
        }),
        ("2024-03-05", "record_finding", {
            "id": "b4", "subject": "A", "dated_on": "2024-03-05", "what": "利益冲突",
        }),
        ("2025-01-06", "record_business", {"id": "b5", "subject": "A", "year": 2024, "active": True}),
        ("2025-01-07", "record_score", {
            "id": "b6", "subject": "A", "year": 2024, "score": "80", "categories": {"second": "5"},
        }),
        ("2025-04-01", "rank_cohort", {"id": "b7", "year": 2024, "dated_on": "2025-04-01"}),
        ("2025-05-20", "evaluation_stage", {**YEAR, "id": "b8", "stage": "publication", "dated_on": "2025-05-20"}),
        ("2025-06-03", "draw_sample", {"id": "b9", "year": 2025, "seed": "7", "dated_on": "2025-06-03"}),
        ("2025-07-10", "refuse_grade", {
            "id": "b10", "subject": "A", "decided_on": "2025-07-01", "publicised_on": "2025-07-10",
        }),
    ],
    "lianyungang.supervision": [
        ("2024-01-03", "file_commitment", {"id": "l1", "subject": "A", "dated_on": "2024-01-03"}),
        ("2024-01-08", "include_participant", {"id": "l2", "subject": "A", "dated_on": "2024-01-08"}),
        ("2024-04-02", "record_fact", {**FACT, "id": "l3", "row": "JS-FINE", "decided_on": "2024-04-02"}),
        ("2024-04-03", "serve_record_notice", {
            "id": "l4", "subject": "A", "fact": "l3", "served_on": "2024-04-03", "dated_on": "2024-04-02",
        }),
        ("2024-07-02", "take_snapshot", {"id": "l5", "subject": "A", "taken_on": "2024-07-02"}),
        ("2028-07-03", "recognise_pioneer", {"id": "l6", "subject": "A", "dated_on": "2028-07-03"}),
    ],
    "wenzhou.intermediary": [
        ("2023-02-01", "register_expert", {
            "id": "X", "name": "孙某", "id_number": "110105198505051233", "region": "330300",
        }),
        ("2023-02-01", "register_client", {
            "id": "Y", "uscc": "91330400MA2B00001P", "name": "丙厂", "region": "330300", "legal_representative": "钱某",
            "address": "某路2号",
        }),
        ("2024-02-01", "remind", {"id": "g2", "subject": "A", "issued_on": "2024-02-01", "due_on": "2024-03-01"}),
        ("2024-02-19", "register_notification", {"id": "g1", "subject": "A", "registered_on": "2024-02-19"}),
        ("2024-03-04", "record_review", {
            "id": "g3", "subject": "A", "by": "client", "dated_on": "2024-03-04", "quality": "good",
            "timeliness": "good", "fees": "good", "matter": "项目",
        }),
        ("2024-04-01", "decide_outcome", {
            "id": "g4", "subject": "A", "grade": "very_poor", "decided_on": "2024-04-01", "reasons": "评定",
        }),
        ("2024-06-03", "list_blacklist", {
            "id": "g5", "subject": "A", "noticed_on": "2024-05-06", "defended_on": "2024-05-13",
            "decided_on": "2024-06-03", "signed_by": "局长",
            "ban": {"from_on": "2024-06-03", "until_on": "2025-06-02", "fields": ["monitoring"]},
        }),
        ("2025-07-01", "remove_blacklist", {
            "id": "g6", "subject": "A", "decided_on": "2025-07-01", "keeps_ban": True,
        }),
        ("2025-07-02", "enter_pool", {"id": "g7", "subject": "X", "dated_on": "2025-07-02"}),
        ("2025-08-01", "leave_pool", {"id": "g8", "subject": "X", "dated_on": "2025-08-01", "reason": "离开"}),
    ],
}  # fmt: skip


def altered(type_: Any, value: Any) -> Any:
    """Another value of a field, of the same kind where there is one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value - 1
    if isinstance(value, list):
        return [altered(None, value[0]), *value[1:]]
    if isinstance(value, dict):
        last = list(value)[-1]
        return {**value, last: altered(None, value[last])}
    choices = choices_of(type_)
    if choices:
        return next(choice for choice in choices if choice != value)
    try:
        return str(dt.date.fromisoformat(value) - dt.timedelta(1))
    except ValueError:
        return OTHERS.get(value) or (str(int(value) - 1) if value.isascii() and value.isdigit() else f"{value}改")


OTHERS = {
    "A": "B", "X": "Z", "Q": "P", "f1": "f3", "f2": "f3", "f3": "f4", "f4": "f3", "f5": "f3", "l3": "l7", "s4": "s3",
    "s5": "s4", "150100": "150200", "150100-EEB": "150200-EEB", "150100-CRT": "150200-CRT", "150100-MSA": "150100-PSB",
    "2024-05": "2024-04", "monitoring": "operation", "B11": "B08", "B12": "C01", "B08": "B09",
    "B09": "B08", "JS-FINE": "JS-STOP", "K1": "K2", "good": "90", credit_code("N"): credit_code("M"),
    "91330400MA2B00001P": credit_code("M"), "110105198505051233": "110105198102021259", "a" * 64: "b" * 64,
}  # fmt: skip
"""What stands on record beside a value, or is the like of it."""


def choices_of(type_: Any) -> list[str]:
    """The words among which a field chooses."""
    found: list[str] = []
    for part in getattr(type_, "types", (type_,)):
        if isinstance(part, msgspec.inspect.LiteralType):
            found += [str(value) for value in part.values]
    return found


def with_other_content(name: str, fields: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The command with one field changed, and with one left out, for every field that is content."""
    described = msgspec.inspect.type_info(COMMANDS[name])
    assert isinstance(described, msgspec.inspect.StructType)
    for field in described.fields:
        if field.name in NO_CONTENT or field.name not in fields:
            continue
        value = fields[field.name]
        yield f"{field.name} otherwise", {**fields, field.name: altered(field.type, value)}
        if not field.required and field.name not in SAME_WITHOUT:
            yield f"without {field.name}", {k: v for k, v in fields.items() if k != field.name}


def world_of(regime: str) -> World:
    world = World()
    world.legislation = Legislation(world.journal, QUOTAS)
    world.casework = Casework(world.journal, world.vault, world.clock, world.ids, world.legislation)
    region = {"nmg": "150100", "ningbo": "330200", "lianyungang": "320700", "wenzhou": "330300"}[regime.split(".")[0]]
    for subject in ("A", "B"):
        world.agency(subject, region=region, services=("monitoring", "eia", "treatment"))
    world.practitioner()
    world.do("2023-01-02", "register_expert", id="Z", name="周某", id_number="110105198001011238", region=region)
    return world


@pytest.mark.parametrize("regime", STEPS)
def test_the_same_is_told_again_and_other_content_under_its_id_is_refused(regime: str) -> None:
    world, taken = world_of(regime), list[tuple[str, str]]()
    for day, name, fields in steps_of(regime):
        assert world.do(day, name, **fields).status == "recorded", (name, fields)
        recorded = world.journal.head().position
        assert world.do(day, name, **fields).status == "already_so", (name, fields)
        for what, given in with_other_content(name, fields) if "id" in fields else ():
            try:
                world.do(day, name, **given)
            except CaseError:
                continue
            taken.append((name, what))
        assert world.journal.head().position == recorded, (name, taken)
    assert taken == []


def test_every_command_that_takes_an_id_is_tried() -> None:
    tried = {name for regime in STEPS for _, name, fields in steps_of(regime) if "id" in fields}
    assert tried | NAMED_BY_TOKEN == {name for name, command in COMMANDS.items() if "id" in command.__struct_fields__}


def test_somebody_elses_objection_keeps_its_author() -> None:
    """Ningbo art. 13(2): anyone may object during publicity; who did is part of the objection."""
    world = world_of("ningbo.monitoring")
    regime = {"subject": "A", "regime": "ningbo.monitoring"}
    world.do("2025-01-07", "record_score", **regime, year=2024, score="80")
    world.do("2025-04-01", "rank_cohort", regime="ningbo.monitoring", year=2024)
    world.do("2025-04-07", "evaluation_stage", **regime, id="q1", year=2024, stage="publicity", dated_on="2025-04-07")
    said: dict[str, Any] = {
        **regime,
        "against": "q1",
        "filed_on": "2025-04-08",
        "grounds": "有误",
        "evidence": EVIDENCE,
    }
    for id, by, other in (("o1", "赵某", "钱某"), ("o2", "赵某", "agency"), ("o3", "agency", "赵某")):
        assert world.do("2025-04-08", "file_objection", **said, id=id, by=by).status == "recorded"
        assert world.do("2025-04-08", "file_objection", **said, id=id, by=by).status == "already_so"
        with pytest.raises(Conflict) as conflict:
            world.do("2025-04-08", "file_objection", **said, id=id, by=other)
        assert conflict.value.code == "id_taken"


def test_a_comment_of_a_person_erased_since_is_compared_by_what_is_left() -> None:
    world = world_of("nmg.third_party")
    for day, name, fields in steps_of("nmg.third_party"):
        world.do(day, name, **fields)
        if fields.get("id") == "p1":
            break
    author = world.casework.file("A").comments["p1"].recorded.by
    assert author is not None
    world.vault.erase(author)
    assert world.do(day, name, **fields).status == "already_so"
    with pytest.raises(Conflict):
        world.do(day, name, **{**fields, "content": "所称不实"})
