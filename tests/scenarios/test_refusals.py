"""Every refusal is provoked, and what it cites stands in the text of its regime: never in that of another."""

import ast
import datetime as dt
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, get_args, get_origin

import msgspec
import pytest

from application.recording.commands import COMMANDS
from domain.errors import CaseError, Refused
from domain.law.citations import Articles
from domain.law.edition import Edition
from domain.law.parents import with_parent
from domain.procedures.request import Request
from interfaces.files.scenario_files import load, player
from interfaces.files.shipped import shipped_editions
from tests.support.world import World

ROOT = Path(__file__).parents[2]
SCENARIOS = ROOT / "scenarios"
SUBJECTS = ("A", "P", "E", "C")
LAWMAKING = ("adopt_rulebook", "repeal_rulebook", "load_official_text", "adopt_calendar")
REASONS = ("reason", "reasons", "grounds")

NAMED = {
    "subject": "S", "fact": "F", "facts": ["F"], "against": "F", "warning": "w", "repair": "r2S", "objection": "oS",
    "comment": "kS", "record": "sS", "practitioner": "P", "authority": "B", "city": "R", "year": 2025, "due_on": "L",
    "until_on": "L",
}  # fmt: skip
"""What is given by its name: ``S`` is the subject, ``F`` its fact, ``B`` the bureau, ``R`` the region, ``L`` a month
later than the day."""

MORE: dict[str, dict[str, Any]] = {
    "change_subject": {"changes": {"region": "R"}},
    "record_fact": {"decided_on": "D", "final_on": "L"},
    # No such kind: a challenge would suspend the fact that everything after it is about.
    "contest_fact": {"kind": "review"},
    "correct_fact": {"changes": {"document": "更正"}},
    "record_enhancement": {"kind": "award"},
    "issue_warning": {"id": "w"},
    "commit_repair": {"id": "r1S"},
    "apply_repair": {"completed_on": "D", "id": "r2S"},
    "confirm_repair": {"by": "city_bureau"},
    "refuse_repair": {"repair": "r1S"},
    "evaluation_stage": {"id": "sS"},
    "file_objection": {"by": "S", "id": "oS"},
    "record_comment": {"id": "kS"},
    "decide_comment": {"outcome": "rejected"},
    "record_score": {"score": "80"},
    "draw_sample": {"seed": "1"},
    "file_change": {"what": ["name"]},
    "record_business": {"active": True},
    "issue_caution": {"row": "K1"},
    "record_review": {"quality": 90, "matter": "m"},
    "decide_outcome": {"grade": "good"},
    "enter_pool": {"dated_on": "D"},
    "leave_pool": {"dated_on": "D"},
    "submit_advisories": {"month": "2026-08"},
}
"""What a command is given besides what it must have, and instead of it."""

LAST = ("set_aside_fact", "retract_fact", "retract_record")
"""What is undone last."""


def given_to(kind: type[Request]) -> Iterator[tuple[str, Any]]:
    """What a command must have: what is known by its name, ``D`` for a day, the first of a choice, else a word."""
    for field in msgspec.structs.fields(kind):
        if field.required and field.encode_name != "regime":
            value = inner(field.type)
            choice = get_args(value)[0] if get_origin(value) is Literal else "文书"
            yield field.encode_name, NAMED.get(field.encode_name, "D" if value is dt.date else choice)


def inner(hint: Any) -> Any:
    """A type without what is noted on it."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


ON_FILE = [
    *(
        n
        for n in COMMANDS
        if (not n.startswith("register_") or n == "register_notification") and n not in LAWMAKING + LAST
    ),
    *LAST,
]
FIELDS = {name: dict(given_to(COMMANDS[name])) | MORE.get(name, {}) for name in ON_FILE}
"""Every command on a file, with its fields."""

UNREACHED = {
    "nothing_to_object_to": "told as the admissibility of what is recorded; upholding it is refused as inadmissible",
    "no_evidence": "told as the admissibility of what is recorded; upholding it is refused as inadmissible",
    "out_of_time": "told as the admissibility of what is recorded; upholding it is refused as inadmissible",
    "evidence_withdrawn": "no case has files to receive (tests/interfaces/http/test_evidence.py)",
    "persons_evidence": "no case has files to receive (tests/interfaces/http/test_evidence.py)",
    "number_used": "no case has tokens of answers (tests/application/papers/test_issuing.py)",
}
"""Codes that no command of a case is refused with, and why."""


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


@pytest.mark.slow
def test_every_refusal_of_the_domain_is_provoked_by_a_case() -> None:
    provoked = {told.code for told in told_by_cases()}
    assert sorted(set(raised()) - provoked - set(UNREACHED)) == []
    assert sorted(provoked & set(UNREACHED)) == []


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)
def test_whatever_is_refused_under_an_edition_cites_its_own_text(edition: Edition) -> None:
    """Every command on a file is tried for every kind of subject: as it is, once more another day, without reasons."""
    world, articles = file_of(edition), Articles(edition.article)
    refused = [error for name, fields in FIELDS.items() for error in tried(world, edition, name, fields)]
    assert refused
    foreign = [(e.code, cite) for e in refused for cite in e.cites if articles.place(cite) is None]
    assert foreign == []
    assert [e.code for e in refused if e.cites and Articles(e.articles).place(e.cites[0]) is None] == []
