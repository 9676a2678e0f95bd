"""Each cause by its own name and sentence: applied to the first answer, the causes listed give the second."""

import datetime as dt
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from application.answering.grading import known_at_from
from application.explaining.differences import Basing, Differing
from application.explaining.event_groups import CauseCode
from interfaces.wording.causes import called, cause
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon
from tests.support.applying import applied
from tests.support.procedure import Procedure
from tests.support.world import BUREAU, REGIME

JIAXING, WENZHOU, LEDGER, NINGBO = (
    "jiaxing.monitoring",
    "wenzhou.intermediary",
    "lianyungang.supervision",
    "ningbo.monitoring",
)


class Story(NamedTuple):
    """Two answers about ``A``, by day and moment, and the cause that is to be among those between them."""

    tell: Callable[[Procedure], object]
    first: tuple[str, str | None]
    second: tuple[str, str | None]
    regime: str = REGIME
    region: str = "150100"
    readings: tuple[str, str] | None = None


def recorded(day: str, do: str, **fields: Any) -> Callable[[Procedure], object]:
    return lambda world: world.do(day, do, **fields)


def told(*steps: Callable[[Procedure], object]) -> Callable[[Procedure], object]:
    return lambda world: [step(world) for step in steps]


def fact(day: str = "2024-03-12", row: str = "B08", **more: Any) -> Callable[[Procedure], object]:
    return lambda world: world.fact(day, row, "f1", **more)


def warning(world: Procedure) -> object:
    return world.warned("2024-03-20", "f1", "2024-05-31")


def repaired(world: Procedure) -> object:
    world.go("publicity")
    world.commit("2025-04-26", "f1")
    world.confirm("2025-04-28", by="originating_authority")
    return world.confirm("2025-04-29")


def objection(world: Procedure) -> object:
    world.go("proposal")
    world.object("2025-04-16", against="A-2024-proposal")
    return world.answer("2025-04-20", outcome="upheld", sets_aside=["f1"])


def staff(world: Procedure) -> None:
    for n in (1, 2, 3):
        world.practitioner(f"P{n}", f"E{n}", id_kind="passport")
        world.do("2023-01-03", "record_employment", subject="A", practitioner=f"P{n}", from_on="2023-01-03")
        world.fact("2024-03-12", "P01", f"p{n}", subject=f"P{n}")


def challenged(day: str) -> Callable[[Procedure], object]:
    penalty = {"decided_on": "2024-03-12", "served_on": "2024-03-12"}
    return told(
        fact("2024-03-12", "B11", **penalty),
        recorded(day, "contest_fact", fact="f1", kind="reconsideration", filed_on=day),
    )


def of(regime: str, day: str, do: str, **fields: Any) -> Callable[[Procedure], object]:
    return recorded(day, do, subject="A", regime=regime, **fields)


INCLUDED = of(LEDGER, "2024-01-08", "include_participant", dated_on="2024-01-08")
FILED = of(NINGBO, "2024-01-10", "file", filed_on="2024-01-10")
LISTED = of(WENZHOU, "2024-08-01", "list_blacklist", noticed_on="2024-07-10", decided_on="2024-08-01", signed_by="局长")

SPRING, SUMMER = ("2024-04-30", "2024-04-30"), ("2024-06-30", "2024-06-30")

STORIES: dict[CauseCode, Story] = {
    "new": Story(fact("2024-05-12"), SPRING, SUMMER),
    "late": Story(
        lambda w: w.do("2024-06-11", "record_fact", subject="A", id="f1", row="B08", regime=REGIME, authority=BUREAU,
                       document="文书", decided_on="2024-04-12"),
        SPRING, ("2024-04-30", "2024-06-30"),
    ),
    "effective": Story(
        fact("2024-03-12", "B11", decided_on="2024-03-12", served_on="2024-03-12"),
        ("2024-08-31", "2024-12-31"), ("2024-10-31", "2024-12-31"),
    ),
    "corrected": Story(
        told(fact(), recorded("2024-05-09", "correct_fact", fact="f1", changes={"row": "B09"}, reason="笔误")),
        SPRING, ("2024-04-30", "2024-06-30"),
    ),
    "retracted": Story(
        told(fact(), recorded("2024-05-09", "retract_fact", fact="f1", reason="误录")), SPRING, ("2024-04-30", None)
    ),
    "set_aside": Story(
        told(fact(), lambda w: w.annulled("2024-05-09", "f1", "prospective")), SPRING, SUMMER
    ),
    "repaired": Story(told(fact(), repaired), ("2025-04-26", "2025-04-26"), ("2025-04-30", "2025-04-30")),
    "repair_revoked": Story(
        told(fact(), repaired,
             recorded("2025-05-20", "revoke_repair", repair="r1", decided_on="2025-05-20", reasons="再犯")),
        ("2025-05-10", "2025-05-10"), ("2025-05-20", "2025-05-20"),
    ),
    "client": Story(
        told(
            fact(row="B12", points=15),
            recorded("2024-06-03", "record_client_outcome", fact="f1", kind="revoked", decided_on="2024-06-03",
                     document="决定"),
        ),
        SPRING, ("2024-06-30", None),
    ),
    "waived": Story(
        told(fact(), warning, recorded("2024-05-10", "confirm_warning", warning="w1", completed_on="2024-05-08",
                                       confirmed_on="2024-05-10")),
        ("2024-06-30", "2024-05-01"), ("2024-06-30", None),
    ),
    "warned": Story(told(fact(), warning), ("2024-03-19", "2024-03-19"), ("2024-03-21", "2024-03-21")),
    "ended": Story(told(fact(), lambda w: w.rectified("2024-05-09", "f1")), SPRING, SUMMER),
    "expired": Story(
        told(INCLUDED, lambda w: w.fact("2024-03-11", "JS-FINE", "f1", regime=LEDGER, authority="320700-EEB")),
        ("2024-09-25", None), ("2024-09-26", None), LEDGER, "320700",
    ),
    "finality": Story(challenged("2024-05-06"), ("2024-09-30", "2024-05-01"), ("2024-09-30", None)),
    "decided": Story(told(fact(), lambda w: w.go()), ("2025-06-01", None), ("2025-06-30", None)),
    "scope": Story(
        told(fact(), of(REGIME, "2024-05-06", "suspend_scope", dated_on="2024-05-06", reason="立案")), SPRING, SUMMER
    ),
    "employment": Story(staff, ("2024-06-30", "2023-01-02"), ("2024-06-30", None)),
    "staff": Story(staff, ("2024-06-30", "2024-01-31"), ("2024-06-30", None)),
    "score": Story(
        of(NINGBO, "2024-02-05", "record_score", year=2023, score=90),
        ("2024-03-01", "2024-01-31"), ("2024-03-01", None), NINGBO, "330200",
    ),
    "filing": Story(
        told(FILED, of(NINGBO, "2025-01-10", "record_business", year=2024, active=False)),
        ("2025-02-01", "2025-01-05"), ("2025-02-01", None), NINGBO, "330200",
    ),
    "grade_refused": Story(
        told(FILED, of(NINGBO, "2024-05-20", "evaluation_stage", year=2023, stage="publication", dated_on="2024-05-20"),
             of(NINGBO, "2026-02-24", "refuse_grade", decided_on="2026-02-24", publicised_on="2026-02-24")),
        ("2026-02-28", "2026-02-01"), ("2026-02-28", None), NINGBO, "330200",
    ),
    "participation": Story(INCLUDED, ("2024-01-31", "2024-01-05"), ("2024-01-31", None), LEDGER, "320700"),
    "outcome": Story(
        of(WENZHOU, "2024-05-06", "decide_outcome", grade="poor", decided_on="2024-05-06", reasons="多次违规"),
        SPRING, SUMMER, WENZHOU,
        "330300",
    ),
    "blacklist": Story(
        LISTED, ("2024-07-31", "2024-07-31"), ("2024-08-31", None), WENZHOU, "330300"
    ),
    "registration": Story(
        told(
            recorded("2024-05-06", "change_subject", subject="A", changes={"region": "330300"}, from_on="2024-05-06"),
            LISTED,
        ),
        ("2024-07-01", "2024-04-30"), ("2024-07-01", None), JIAXING, "330400",
    ),
    "rule_change": Story(
        told(fact(),
             recorded("2025-01-10", "adopt_rulebook", edition="nmg.third_party@draft", in_force_on="2025-02-01")),
        ("2024-06-30", "2024-12-31"), ("2024-06-30", None),
    ),
    "reading": Story(
        fact("2024-03-12", "B11", decided_on="2024-03-12", served_on="2024-03-12"),
        SPRING, SPRING, readings=("I-06", "decision_date"),
    ),
    "calendar": Story(
        fact("2024-07-01", "B11", decided_on="2024-07-01", served_on="2024-07-01"),
        ("2025-01-02", "2024-08-01"), ("2025-01-02", "2024-12-31"),
    ),
}  # fmt: skip


def basing(side: tuple[str, str | None], readings: tuple[str, str] | None = None) -> Basing:
    return Basing(
        as_of=dt.date.fromisoformat(side[0]),
        known_at=None if side[1] is None else known_at_from(side[1]),
        readings=dict([readings] if readings else []),
    )


@pytest.mark.parametrize("code", STORIES)
def test_a_cause_is_called_by_its_name_and_applied_gives_the_second_answer(code: CauseCode) -> None:
    story = STORIES[code]
    world = Procedure()
    world.agency(region=story.region)
    story.tell(world)
    found = Differing(world.journal, world.legislation, world.grading).between(
        "A", story.regime, basing(story.first), basing(story.second, story.readings)
    )
    named = [c for c in found.causes if c.code == code]
    assert named, [c.code for c in found.causes]
    assert not found.same
    assert applied(world.journal, world.legislation, found) == found.second.figures
    languages: tuple[Language, Language] = ("zh", "en")
    for language in languages:
        assert cause(named[0], language, Lexicon([])).startswith(called(code, language))


def test_what_is_set_aside_because_an_objection_was_upheld_says_so_with_both_events() -> None:
    """The objection is on record beside the annulment it led to, and moves nothing by itself (art. 22(2))."""
    world = Procedure()
    world.agency()
    world.fact("2024-03-12", "S12", "f1")
    objection(world)
    found = Differing(world.journal, world.legislation, world.grading).between(
        "A", REGIME, basing(("2025-04-15", "2025-04-15")), basing(("2025-04-21", "2025-04-21"))
    )
    assert [(c.code, c.facts) for c in found.causes] == [("set_aside", ("f1",))]
    assert {e.type for e in found.without_effect} == {"objection-filed.v1", "objection-decided.v1"}
    assert applied(world.journal, world.legislation, found) == found.second.figures


def test_a_confirmation_after_the_limit_of_the_warning_ends_and_waives_nothing() -> None:
    """Art. 27 waives within the limit alone; the confirmed rectification ends the deduction (art. 24)."""
    world = Procedure()
    world.agency()
    world.fact("2024-03-12", "B08", "f1")
    warning(world)
    world.do("2024-06-20", "confirm_warning", warning="w1", completed_on="2024-06-10", confirmed_on="2024-06-20")
    found = Differing(world.journal, world.legislation, world.grading).between(
        "A", REGIME, basing(("2024-06-30", "2024-06-15")), basing(("2024-06-30", None))
    )
    assert [c.code for c in found.causes] == ["ended"]


def test_how_late_a_fact_was_recorded_is_told_in_days() -> None:
    story = STORIES["late"]
    world = Procedure()
    world.agency()
    story.tell(world)
    found = Differing(world.journal, world.legislation, world.grading).between(
        "A", REGIME, basing(story.first), basing(story.second)
    )
    (late,) = found.causes
    assert (late.delay_days, late.share) == (60, "-10")
    assert "迟录 60 天" in cause(late, "zh", Lexicon([]))
    assert "recorded 60 days late" in cause(late, "en", Lexicon([]))
