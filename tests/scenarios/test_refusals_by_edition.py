"""Every edition gives every refusal that its procedures can give, and cites its own text for it.

A pair of an edition and a code is provoked here or by a case of the regime; or nothing of that edition can be cited
for it, because it states no such ground, has no such procedure, or the refusal is no rule of a text at all.
"""

import ast
import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache, partial
from typing import Any, NamedTuple

import pytest

from application.recording.commands import COMMANDS
from domain.errors import CaseError, Refused
from domain.law.citations import Articles
from domain.law.edition import Banding, Deciding, Edition, Ledger, Ranking
from tests.scenarios.test_refusals import EDITIONS, FIELDS, ROOT, file_of, region_in, told_by_cases, tried
from tests.support.digests import ADVICE, Section, digest_of, kept
from tests.support.words import words_of
from tests.support.world import World


class Site(NamedTuple):
    """Where the domain refuses: the file of the domain, the ground named there, and whether articles stand there."""

    module: str
    ground: str | None
    cites: bool


PASSED_ON = "?"
"""A ground that a procedure hands down to what it shares with another."""


@cache
def sites() -> dict[str, set[Site]]:
    """The places of every code that is written where it is refused."""
    found: dict[str, set[Site]] = defaultdict(set)
    for path in (ROOT / "src/domain").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name)):
                continue
            if node.func.id not in ("Refused", "Conflict") or not isinstance(node.args[0], ast.Constant):
                continue
            named = next((k.value for k in node.keywords if k.arg == "ground"), None)
            ground = str(named.value) if isinstance(named, ast.Constant) else None if named is None else PASSED_ON
            found[str(node.args[0].value)].add(Site(path.stem, ground, len(node.args) > 3))
    return found


def stated(edition: Edition) -> frozenset[str]:
    """The grounds that an edition states, for anybody or for one kind of subject."""
    return frozenset(edition.grounds) | {name for of in edition.grounds_of.values() for name in of}


def everywhere(_: Edition) -> bool:
    return True


def has(method: type) -> Callable[[Edition], bool]:
    return lambda edition: any(isinstance(m, method) for m in edition.methods.values())


def has_deadline(kind: str) -> Callable[[Edition], bool]:
    return lambda edition: any(rule.kind == kind for rule in edition.deadline)


def hears_objections(edition: Edition) -> bool:
    return any(rule.kind.startswith("objection") for rule in edition.deadline)


def states(ground: str) -> Callable[[Edition], bool]:
    return lambda edition: ground in stated(edition)


def has_list_of_participants(edition: Edition) -> bool:
    return any(isinstance(m, Ledger) and m.participants_only for m in edition.methods.values())


OF_FILES: dict[str, Callable[[Edition], bool]] = {
    "participation": has(Ledger),
    "snapshots": has(Ledger),
    "intermediaries": has(Deciding),
    "filings": has(Ranking),
    "cohorts": has(Ranking),
    "scores": lambda edition: has(Banding)(edition) or has(Ranking)(edition),
    "warnings": states("warning"),
    "objections": hears_objections,
}
"""What an edition needs for what a file of the domain decides at all."""

OF_CODES: dict[str, Callable[[Edition], bool]] = {
    "authority_not_competent": lambda edition: any(row.authorities for row in edition.row),
    "breach_within_years": lambda e: any(isinstance(m, Ledger) and m.pioneer_grade for m in e.methods.values()),
    "condition_unmet": states("repair_completion"),
    "extended_too_far": lambda edition: any(rule.extended_up_to is not None for rule in edition.deadline),
    "justified": lambda edition: any(row.unless_justified for row in edition.row),
    "no_panel": lambda edition: any(step.needs_panel for step in edition.stage),
    "no_penalising_authority": has(Ranking),
    "no_pioneers": lambda e: any(isinstance(m, Ledger) and not m.pioneer_grade for m in e.methods.values()),
    "not_a_participant": has_list_of_participants,
    "not_in_this_regime": lambda edition: bool(edition.excluded) or edition.admits == (),
    "no_standing": lambda e: any(r.kind == "objection" and r.actor != "anyone" for r in e.deadline),
    "objection_open": hears_objections,
    "publicity_running": has_deadline("publicity"),
    "row_of_other_kind": lambda edition: len({row.kind for row in edition.row}) > 1,
    "service_not_offered": lambda edition: any(row.services for row in edition.row),
    "step_missing": lambda edition: any(step.needs for step in edition.stage),
    "step_out_of_order": lambda edition: len(edition.stage) > 1,
    "step_taken": lambda edition: any(not step.again for step in edition.stage),
    "year_not_over": lambda edition: any(step.computes and not step.within_year for step in edition.stage),
}
"""What an edition needs for a single refusal, by the rule that it applies."""


def can_cite(edition: Edition, code: str) -> bool:
    """Whether the edition's text can be cited for a refusal: not where it has no such procedure or no such ground."""
    if not OF_CODES.get(code, everywhere)(edition):
        return False
    return any(
        (site.ground is not None or site.cites)
        and site.ground in (None, PASSED_ON, *stated(edition))
        and OF_FILES.get(site.module, everywhere)(edition)
        for site in sites()[code]
    )


def attempt(world: World, refused: list[Refused], day: str, name: str, **fields: Any) -> None:
    """Do a command that may be refused."""
    try:
        world.do(day, name, **fields)
    except Refused as error:
        refused.append(error)
    except CaseError:
        return


def refused_in_a_year(edition: Edition) -> list[Refused]:
    """What is refused in a year in which everything is done twice, too early, or after it was undone."""
    world, refused = file_of(edition), list[Refused]()
    base = {"subject": "A", "regime": edition.regime}

    def do(on: dt.date | str, name: str, **fields: Any) -> None:
        attempt(world, refused, str(on), name, **fields)

    bureau = f"{region_in(edition)[:4]}00-EEB"
    fact = {**base, "authority": bureau, "document": "另一决定", "decided_on": "2025-02-03", "final_on": "2025-02-03"}
    for row in edition.row:
        if row.kind == "agency" and row.counts_from == "verified_and_final":
            do("2025-02-03", "record_fact", **fact, id="p-A", row=row.code, verified_on="2025-02-03")
    do("2025-02-03", "record_fact", **fact, id="g-A", again=True, again_reason="另一行为")
    do("2025-01-02", "take_snapshot", **base, taken_on="2025-01-02")
    do("2025-01-03", "file_commitment", **base, dated_on="2025-01-03")
    do("2025-01-03", "include_participant", **base, dated_on="2025-01-03")
    for subject in ("A", "P"):
        do("2025-02-04", "recognise_pioneer", **{**base, "subject": subject}, dated_on="2025-02-04")
    for served_on in ("2025-02-05", "2025-02-06"):
        do(served_on, "serve_record_notice", **base, fact="f-A", served_on=served_on)
    for taken_on in ("2025-07-02", "2025-07-03"):
        do(taken_on, "take_snapshot", **base, taken_on=taken_on)
    do("2025-01-03", "file", **base, filed_on="2025-01-03")
    do("2025-12-01", "record_business", **base, year=2025, active=True)
    do("2025-12-01", "record_score", **base, year=2025, basic=80, risk=80)
    do("2026-01-08", "record_score", **base, year=2025, score="80")
    do("2026-01-08", "record_score", **base, year=2025, basic=80, risk=80)
    do("2026-01-08", "rank_cohort", regime=edition.regime, year=2025)
    day = dt.date(2026, 1, 12)
    for stage in [step.stage for step in edition.stage if step.of == "agency" and step.needs][:1]:
        do(day, "evaluation_stage", **base, year=2025, stage=stage, dated_on=day, id="before")
    annulled = {"authority": bureau, "document": "判决", "effect": "ab_initio"}
    do(day, "set_aside_fact", fact="g-A", decided_on=day, **annulled)
    for stage in dict.fromkeys(step.stage for step in edition.stage if step.of == "agency"):
        _twice(do, base, stage, day)
        if stage == "push":
            do(
                day,
                "evaluation_stage",
                **base,
                year=2025,
                stage="determination",
                dated_on=day,
                id="too-late",
                panel=["甲"],
            )
        day += dt.timedelta(days=12)
    _undone(do, base, "2026-11-02", bureau)
    return refused


def _twice(do: Callable[..., None], base: dict[str, Any], stage: str, day: dt.date) -> None:
    """A step, the same again later and earlier; where something is on show, an objection to it in between."""
    panel = {"panel": ["专家甲"]} if stage == "determination" else {}

    def take(number: int, dated_on: dt.date) -> None:
        fields = {**base, "year": 2025, "stage": stage, "dated_on": dated_on, "id": f"{stage}-{number}"}
        do(max(day, dated_on), "evaluation_stage", **fields, **panel)

    take(0, day)
    if stage in ("publicity", "proposal"):
        _objected(do, base, stage, day)
    take(1, day + dt.timedelta(3))
    take(2, day - dt.timedelta(30))


def _objected(do: Callable[..., None], base: dict[str, Any], stage: str, day: dt.date) -> None:
    """An objection to what is on show: answered without reasons, with what is annulled already, and twice."""
    step, objection, on, later = f"{stage}-0", f"o-{stage}", day + dt.timedelta(1), day + dt.timedelta(2)
    for received_on in (day, on):
        do(on, "record_delivery", record=step, received_on=received_on)
    do(
        on,
        "file_objection",
        **base,
        against=step,
        filed_on=on,
        by="A",
        grounds="误",
        evidence=[{"title": "证据"}],
        id=objection,
    )
    for fixed in ("determination", "publication"):
        do(
            on,
            "evaluation_stage",
            **base,
            year=2025,
            stage=fixed,
            dated_on=on,
            id=f"early-{fixed}-{stage}",
            panel=["甲"],
        )
    for reason, until_on in ((" ", "2026-12-31"), ("复杂", "2026-12-31")):
        do(on, "extend_review", objection=objection, until_on=until_on, reason=reason)
    do(later, "decide_objection", objection=objection, decided_on=later, outcome="rejected", reasons=" ")
    gone = {"objection": objection, "decided_on": later, "reasons": "经审核", "sets_aside": ["g-A"]}
    do(later, "decide_objection", **gone, outcome="upheld")
    for outcome in ("rejected", "upheld"):
        do(later, "decide_objection", objection=objection, decided_on=later, outcome=outcome, reasons="经审核")
    do(later, "file_objection", **base, against=step, filed_on=later, by="A", grounds=" ", id=f"{objection}-1")
    do(later, "file_objection", **base, against=step, filed_on=later, by="A", grounds="误", id=f"{objection}-2")
    do(later, "retract_record", record=f"{objection}-2", reason="误")
    again = {"objection": f"{objection}-2", "decided_on": later, "reasons": "经审核"}
    do(later, "decide_objection", **again, outcome="rejected")


def _undone(do: Callable[..., None], base: dict[str, Any], day: str, bureau: str) -> None:
    """What is repaired, annulled or taken back is done once more."""
    repair = {**base, "facts": ["f-A"], "dated_on": day, "completed_on": day}
    for number in ("1", "2"):
        do(day, "apply_repair", **{**repair, "facts": ["p-A"]}, id=f"p{number}")
        do(day, "confirm_repair", repair=f"p{number}", confirmed_on=day, by="originating_authority", certificate="书")
    do(day, "apply_repair", **repair, id="r")
    do(day, "apply_repair", **repair, id="r2")
    for by in ("originating_authority", "city_bureau"):
        do(day, "confirm_repair", repair="r", confirmed_on=day, by=by, certificate="书")
    do(day, "refuse_repair", repair="r", decided_on=day, reasons="不符")
    do(day, "confirm_repair", repair="r2", confirmed_on=day, by="city_bureau", certificate="书")
    do(day, "apply_repair", **repair, id="r3")
    do(day, "set_aside_fact", fact="f-A", decided_on=day, authority=bureau, document="判决", effect="ab_initio")
    do(day, "confirm_repair", repair="r3", confirmed_on=day, by="city_bureau", certificate="书")
    do(day, "serve_record_notice", **base, fact="f-A", served_on=day)


@cache
def by_command(edition_id: str) -> dict[str, tuple[Refused, ...]]:
    """Everything that is refused under an edition: by each command in turn, and in the course of a year."""
    edition = next(e for e in EDITIONS if e.id == edition_id)
    world = file_of(edition)
    of_files = {name: tuple(tried(world, edition, name, fields)) for name, fields in FIELDS.items()}
    return {**of_files, A_YEAR: tuple(refused_in_a_year(edition))}


def refusals(edition_id: str) -> tuple[Refused, ...]:
    return tuple(error for errors in by_command(edition_id).values() for error in errors)


def digest_of_refusals(edition_id: str, command: str) -> str:
    """The digest of what is refused of a command, in order: by which code, on which ground, citing what."""
    return digest_of([[e.code, e.ground, e.cites] for e in by_command(edition_id)[command]])


A_YEAR = "a year"
SECTION: Section = {
    f"{edition.id} {command}": partial(digest_of_refusals, edition.id, command)
    for edition in EDITIONS
    for command in (*FIELDS, A_YEAR)
}


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)
def test_what_is_refused_under_an_edition_is_refused_as_ever(edition: Edition) -> None:
    names = [f"{edition.id} {command}" for command in by_command(edition.id)]
    found = {name: SECTION[name]() for name in names}
    assert found == {name: kept()["refusals"].get(name) for name in names}, ADVICE


FILLED_IN = ("另一决定", "决定", "更正", "判决", "书")
"""What stands for the papers here: names that are Chinese in any language."""
CHINESE = re.compile(r"[\u3400-\u9fff（）：；，。「」]")


def provoked(edition: Edition) -> set[str]:
    """The codes provoked under an edition, here or by a case of its regime."""
    of_cases = {told.code for told in told_by_cases() if told.regime == edition.regime}
    return of_cases | {error.code for error in refusals(edition.id)}


def left_out(edition: Edition) -> Iterator[str]:
    for code in sorted(sites()):
        if can_cite(edition, code) and code not in provoked(edition):
            yield code


@pytest.mark.slow
@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)
def test_whatever_an_edition_can_refuse_is_refused_under_it(edition: Edition) -> None:
    assert list(left_out(edition)) == []


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)
def test_every_refusal_of_a_year_cites_the_text_of_its_edition(edition: Edition) -> None:
    articles = Articles(edition.article)
    assert [(e.code, cite) for e in refusals(edition.id) for cite in e.cites if articles.place(cite) is None] == []


@pytest.mark.parametrize("edition", EDITIONS, ids=lambda e: e.id)
def test_a_refusal_is_told_in_each_language_without_the_names_of_commands(edition: Edition) -> None:
    for refused in refusals(edition.id):
        zh, en = words_of(refused).zh, words_of(refused).en
        for paper in FILLED_IN:
            en = en.replace(paper, "")
        assert CHINESE.search(zh), refused.code
        assert not CHINESE.search(en), (refused.code, en)
        assert [name for name in COMMANDS if "_" in name and name in zh + en] == []
