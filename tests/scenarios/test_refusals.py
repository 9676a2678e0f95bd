"""Every refusal is provoked, and what it cites stands in the text of its regime: never in that of another."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from application.recording.commands import COMMANDS
from domain.errors import CaseError, Refused
from domain.law.citations import Articles
from domain.law.edition import Edition
from domain.law.parents import with_parent
from interfaces.files.scenario_files import load, player
from interfaces.files.shipped import shipped_editions
from tests.support.world import World

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
SUBJECTS = ("A", "P", "E", "C")
LAWMAKING = ("adopt_rulebook", "repeal_rulebook", "load_official_text", "adopt_calendar")
REASONS = ("reason", "reasons", "grounds")

FIELDS: dict[str, dict[str, Any]] = {
    "change_subject": {"subject": "S", "changes": {"region": "R"}, "from_on": "D"},
    "record_employment": {"subject": "S", "practitioner": "P", "from_on": "D"},
    "record_fact": {"subject": "S", "authority": "B", "document": "文书", "decided_on": "D", "final_on": "L"},
    "contest_fact": {"fact": "F", "kind": "review", "filed_on": "D"},
    "record_finality": {"fact": "F", "final_on": "D"},
    "correct_fact": {"fact": "F", "changes": {"document": "更正"}, "reason": "误"},
    "record_national_repair": {"fact": "F", "granted_on": "D", "document": "修复决定"},
    "record_client_outcome": {"fact": "F", "kind": "revoked", "decided_on": "D", "document": "决定"},
    "record_enhancement": {"subject": "S", "kind": "award", "noticed_on": "D", "document": "表彰", "authority": "B"},
    "issue_warning": {"fact": "F", "issued_on": "D", "due_on": "L", "requirements": "改正", "id": "w"},
    "report_rectification": {"warning": "w", "completed_on": "D", "reported_on": "D"},
    "reject_rectification": {"warning": "w", "decided_on": "D", "reasons": "未改"},
    "confirm_warning": {"warning": "w", "completed_on": "D", "confirmed_on": "D"},
    "withdraw_warning": {"warning": "w", "reason": "误"},
    "confirm_rectification": {"fact": "F", "completed_on": "D", "confirmed_on": "D", "authority": "B"},
    "commit_repair": {"subject": "S", "facts": ["F"], "dated_on": "D", "id": "r1S"},
    "apply_repair": {"subject": "S", "facts": ["F"], "dated_on": "D", "completed_on": "D", "id": "r2S"},
    "confirm_repair": {"repair": "r2S", "confirmed_on": "D", "by": "city_bureau", "certificate": "书"},
    "refuse_repair": {"repair": "r1S", "decided_on": "D", "reasons": "不符"},
    "revoke_repair": {"repair": "r2S", "decided_on": "D", "reasons": "再犯"},
    "evaluation_stage": {"subject": "S", "year": 2025, "stage": "roster", "dated_on": "D", "id": "sS"},
    "record_delivery": {"record": "sS", "received_on": "D"},
    "file_objection": {"subject": "S", "against": "F", "filed_on": "D", "by": "S", "grounds": "误", "id": "oS"},
    "extend_review": {"objection": "oS", "until_on": "L", "reason": "复杂"},
    "decide_objection": {"objection": "oS", "decided_on": "D", "outcome": "upheld", "reasons": "经审核"},
    "record_comment": {"subject": "S", "filed_on": "D", "content": "意见", "id": "kS"},
    "decide_comment": {"comment": "kS", "decided_on": "D", "outcome": "rejected", "reasons": "不实"},
    "adjust_result": {"subject": "S", "year": 2025, "notified_on": "D", "decided_on": "D", "reasons": "更新"},
    "request_certificate": {"subject": "S", "requested_on": "D"},
    "issue_certificate": {"subject": "S", "issued_on": "D", "document": "证明"},
    "suspend_scope": {"subject": "S", "dated_on": "D", "reason": "立案"},
    "resume_scope": {"subject": "S", "dated_on": "D", "reason": "撤案"},
    "record_score": {"subject": "S", "year": 2025, "score": "80"},
    "rank_cohort": {"year": 2025},
    "draw_sample": {"year": 2025, "seed": "1"},
    "include_participant": {"subject": "S", "dated_on": "D"},
    "file_commitment": {"subject": "S", "dated_on": "D"},
    "serve_record_notice": {"subject": "S", "fact": "F", "served_on": "D"},
    "recognise_pioneer": {"subject": "S", "dated_on": "D"},
    "take_snapshot": {"subject": "S", "taken_on": "D"},
    "file": {"subject": "S", "filed_on": "D"},
    "file_change": {"subject": "S", "changed_on": "D", "filed_on": "D", "what": ["name"]},
    "record_business": {"subject": "S", "year": 2025, "active": True},
    "refuse_grade": {"subject": "S", "decided_on": "D"},
    "issue_caution": {"subject": "S", "row": "K1", "form": "interview", "dated_on": "D"},
    "record_finding": {"subject": "S", "dated_on": "D"},
    "register_notification": {"subject": "S", "registered_on": "D"},
    "remind": {"subject": "S", "issued_on": "D", "due_on": "L"},
    "record_review": {"subject": "S", "by": "client", "dated_on": "D", "quality": 90, "matter": "m"},
    "decide_outcome": {"subject": "S", "grade": "good", "decided_on": "D", "reasons": "评定"},
    "list_blacklist": {"subject": "S", "decided_on": "D"},
    "remove_blacklist": {"subject": "S", "decided_on": "D"},
    "enter_pool": {"subject": "S", "dated_on": "D"},
    "leave_pool": {"subject": "S", "dated_on": "D"},
    "record_advisory": {
        "subject": "S", "kind": "joint_inspection", "noticed_on": "D", "document": "通报", "authority": "B",
    },
    "submit_advisories": {"city": "R", "month": "2026-08"},
    "issue_internal_notice": {"subject": "S", "dated_on": "D"},
    "set_aside_fact": {"fact": "F", "decided_on": "D", "authority": "B", "document": "判决", "effect": "ab_initio"},
    "retract_fact": {"fact": "F", "reason": "误"},
    "retract_record": {"record": "sS", "reason": "误"},
}  # fmt: skip
"""Every command on a file, with its fields: ``S`` is the subject, ``F`` its fact, ``B`` the bureau, ``R`` the region,
``D`` the day and ``L`` a month later. What is undone last is undone last here."""

UNREACHED = {
    "nothing_to_object_to": "told as the admissibility of what is recorded; upholding it is refused as inadmissible",
    "no_evidence": "told as the admissibility of what is recorded; upholding it is refused as inadmissible",
    "out_of_time": "told as the admissibility of what is recorded; upholding it is refused as inadmissible",
}
"""Codes that no command is refused with, and why."""


def whole(edition: Edition) -> Edition:
    """The edition with that on which it stands."""
    parents = {s.edition.id: s.edition for s in shipped_editions()}
    return edition if edition.parent is None else with_parent(edition, parents[edition.parent])


EDITIONS = [whole(s.edition) for s in shipped_editions()]


class Told(NamedTuple):
    """A refusal of a case: where, of which regime, with which code and articles."""

    case: str
    regime: str
    code: str
    cites: tuple[str, ...]


@cache
def told_by_cases() -> tuple[Told, ...]:
    """Every refusal of every shipped scenario."""
    found = []
    for path in sorted(SCENARIOS.rglob("*.yaml")):
        for case in load(path.read_text("utf-8"), str(path.relative_to(SCENARIOS)), path.parent):
            name = f"{path.stem}:{case.name}"
            found += [Told(name, case.regime, r.code, r.cites) for r in player().play(case).refusals]
    return tuple(found)


def raised() -> Iterator[str]:
    """Every code with which the domain refuses, wherever it is written."""
    where = {"Refused": 0, "Conflict": 0, "_inadmissible": 1, "Admissibility": 4}
    for path in (ROOT / "src/domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in where:
                continue
            at = where[node.func.id]
            if len(node.args) > at and isinstance(code := node.args[at], ast.Constant) and isinstance(code.value, str):
                yield code.value


def test_every_refusal_of_the_domain_is_provoked_by_a_case() -> None:
    provoked = {told.code for told in told_by_cases()}
    assert sorted(set(raised()) - provoked - set(UNREACHED)) == []
    assert sorted(provoked & set(UNREACHED)) == []


def test_every_refusal_of_a_case_cites_what_its_text_has() -> None:
    texts = {edition.regime: Articles(edition.article) for edition in EDITIONS}
    wrong = [
        (told.case, told.code, cite)
        for told in told_by_cases()
        for cite in told.cites
        if told.regime in texts and texts[told.regime].place(cite) is None
    ]
    assert wrong == []


def filled(value: Any, subject: str, region: str, day: str, late: str) -> Any:
    """A field with what stands for it in this file."""
    if isinstance(value, list):
        return [filled(inner, subject, region, day, late) for inner in value]
    if isinstance(value, dict):
        return {name: filled(inner, subject, region, day, late) for name, inner in value.items()}
    known = {"S": subject, "F": f"f-{subject}", "B": f"{region[:4]}00-EEB", "R": region, "D": day, "L": late}
    if isinstance(value, str) and value in known:
        return known[value]
    return value.replace("S", subject) if isinstance(value, str) and value.endswith("S") else value


def file_of(edition: Edition) -> World:
    """A journal with an agency, a practitioner, an expert and a client, each with a fact under the regime."""
    world = World()
    region = region_in(edition)
    services = ["monitoring", "eia", "operation"]
    world.do(
        "2025-01-02", "register_agency", id="A", uscc="91350100M000100Y43", name="甲", region=region, services=services
    )
    world.do("2025-01-02", "register_practitioner", id="P", name="张某", id_number="11010519491231002X", region=region)
    world.do("2025-01-02", "register_expert", id="E", name="李某", id_number="110105198505051233", region=region)
    world.do("2025-01-02", "register_client", id="C", uscc="91330400MA2B00001P", name="乙", region=region)
    bureau = f"{region[:4]}00-EEB"
    for subject in SUBJECTS:
        kind = {"A": "agency", "P": "practitioner", "E": "expert", "C": "client"}[subject]
        rows = [
            r.code for r in edition.row if r.kind == kind and not r.authorities and not r.year_bound and not r.extra
        ]
        fields = {"regime": edition.regime, "authority": bureau, "document": "决定", "decided_on": "2025-02-03"}
        for row in (*rows, None):
            try:
                more = {"verified_on": "2025-02-03"} if row else {}
                world.do("2025-02-03", "record_fact", subject=subject, id=f"f-{subject}", row=row, **fields, **more)
                break
            except CaseError:
                continue
    return world


TRIALS = (("2026-09-01", "2026-10-09"), ("2026-09-02", "2026-10-12"), ("2026-09-03", "2026-12-31"))


def region_in(edition: Edition) -> str:
    """A place in the region of the regime."""
    stem = edition.regions[-1]
    return f"{stem}0105" if len(stem) == 2 else stem.ljust(6, "0")


def tried(world: World, edition: Edition, name: str, fields: dict[str, Any]) -> Iterator[Refused]:
    """Every refusal of a command: as it is, once more another day without reasons, and a third time."""
    for subject in SUBJECTS:
        for number, (day, late) in enumerate(TRIALS):
            given = {n: filled(v, subject, region_in(edition), day, late) for n, v in fields.items()}
            if "regime" in COMMANDS[name].__struct_fields__:
                given["regime"] = edition.regime
            if number == 1:
                given |= {n: " " for n in REASONS if n in given}
            try:
                world.do(day, name, **given)
            except Refused as error:
                yield error
            except CaseError:
                continue


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)
def test_whatever_is_refused_under_an_edition_cites_its_own_text(edition: Edition) -> None:
    """Every command on a file is tried for every kind of subject: as it is, once more another day, without reasons."""
    world, articles = file_of(edition), Articles(edition.article)
    refused = [error for name, fields in FIELDS.items() for error in tried(world, edition, name, fields)]
    assert refused
    foreign = [(e.code, cite) for e in refused for cite in e.cites if articles.place(cite) is None]
    assert foreign == []
    assert [e.code for e in refused if e.cites and Articles(e.articles).place(e.cites[0]) is None] == []


def test_every_command_on_a_file_is_tried() -> None:
    named = {n for n in COMMANDS if not n.startswith("register_") or n == "register_notification"} - set(LAWMAKING)
    assert named == set(FIELDS), "what it takes stands in FIELDS of this file"
