"""The public track and the measures: what the register shows and what follows from it (arts. 22(6), 28, 34-36, 38)."""

import pytest

from application.answering.grading import GradeAnswer, Question
from domain.grading.tracks.measures import measures_on
from domain.law.edition import Configured
from tests.support.procedure import P24, P25, T25, Procedure
from tests.support.world import REGIME

OF_C = ["art. 35(1)", "art. 35(2)", "art. 35(3)"]
OF_D = [*OF_C, *(f"art. 36({n})" for n in range(1, 9))]
OF_A_PERSON = ["art. 38(1)", "art. 38(2)", "art. 38(3)"]


def published(points: str = "30", **readings: str) -> Procedure:
    """70 C (or worse) published on 5 June 2025."""
    world = Procedure(readings)
    world.agency()
    world.fact("2024-05-08", "B12", "f1", points=points)
    world.go()
    return world


@pytest.fixture
def world() -> Procedure:
    return published()


# --- the public track -----------------------------------------------------------------------------------------------


def test_nothing_is_public_before_the_publication(world: Procedure) -> None:
    """Art. 22(6): what is on show in publicity is a proposal."""
    assert world.public("2025-06-04") is None
    assert world.public("2025-06-05") == ("C", "2025-06-05", "A-2024-publication", "published")
    assert world.public("2025-06-05", known_at="2025-06-04") is None


def test_the_running_grade_moves_at_once_and_the_public_one_does_not(world: Procedure) -> None:
    """Art. 34, I-09 ``by_adjustment``."""
    world.fact("2025-07-01", "B12", "f2", points=30)
    world.rectified("2025-07-02", "f1")
    assert (world.running("2025-07-01"), world.running("2025-07-02")) == (("40", "D"), ("70", "C"))
    assert world.public("2025-07-02") == ("C", "2025-06-05", "A-2024-publication", "published")


def test_under_the_other_reading_the_public_grade_follows_the_running_one() -> None:
    """Art. 34, I-09 ``all``."""
    world = published(I_09="all")
    world.fact("2025-07-01", "B12", "f2", points=30)
    world.rectified("2025-08-01", "f1")
    world.rectified("2025-08-02", "f2")
    shown = [world.public(day) for day in ("2025-06-05", "2025-07-01", "2025-08-01", "2025-08-02")]
    assert shown == [
        ("C", "2025-06-05", "A-2024-publication", "published"),
        ("D", "2025-07-01", "A-2024-publication", "adjusted"),
        ("C", "2025-08-01", "A-2024-publication", "adjusted"),
        ("N", "2025-08-02", "A-2024-publication", "adjusted"),
    ]
    assert world.public("2025-06-04") is None


def test_under_the_other_reading_the_next_publication_is_named_and_a_suspension_keeps_the_last_grade() -> None:
    """I-09 ``all``, I-20."""
    world = published(I_09="all")
    world.go(days=T25, year=2025)
    assert world.public("2026-06-05") == ("C", "2026-06-05", "A-2025-publication", "published")
    world.do("2026-07-01", "suspend_scope", subject="A", regime=REGIME, dated_on="2026-07-01", reason="立案")
    assert world.public("2026-07-01") == ("C", "2026-06-05", "A-2025-publication", "published")


def test_a_repair_raises_the_public_grade_on_the_day_of_its_confirmation(world: Procedure) -> None:
    """Art. 28(3): the published result stays in the history."""
    world.apply("2025-06-09", "f1")
    world.confirm("2025-06-30")
    assert world.public("2025-06-29") == ("C", "2025-06-05", "A-2024-publication", "published")
    assert world.public("2025-06-30") == ("N", "2025-06-30", "r1", "adjusted")
    assert world.public("2025-06-15") == ("C", "2025-06-05", "A-2024-publication", "published")
    assert (world.annual("2025-12-31"), world.year("2025-12-31").given_by) == (("70", "C"), "A-2024-publication")


@pytest.mark.parametrize(
    ("points", "grades"),
    [(("30", "30"), ("D", "C", "N")), (("65", "60"), ("D", "D", "N")), (("15", "10"), ("N", "N", "N"))],
)
def test_each_repair_takes_its_points_out_of_the_published_sum(
    points: tuple[str, str], grades: tuple[str, str, str]
) -> None:
    """Arts. 16, 28: also where the published score lay at its floor."""
    world = Procedure()
    world.agency()
    for number, amount in enumerate(points):
        world.fact(f"2024-05-0{number + 1}", "B12", f"f{number}", points=amount)
    world.go()
    for number in (0, 1):
        world.apply(f"2025-06-1{number}", f"f{number}", id=f"r{number}")
        world.confirm(f"2025-06-2{number}", id=f"r{number}")
    found = [world.grade(day).public for day in ("2025-06-19", "2025-06-20", "2025-06-21")]
    assert tuple(p.grade for p in found if p is not None) == grades


def test_a_repaired_direct_d_leaves_the_grade_of_the_score() -> None:
    """Arts. 18, 28."""
    world = Procedure()
    world.agency()
    world.fact("2024-05-08", "S12", "f1")
    world.fact("2024-05-09", "B12", "f2", points=30)
    world.go()
    world.apply("2025-06-09", "f1")
    world.confirm("2025-06-10")
    assert [p and p[0] for p in (world.public("2025-06-09"), world.public("2025-06-10"))] == ["D", "C"]


def test_an_annulment_moves_the_public_grade_by_adjustment_only(world: Procedure) -> None:
    """Art. 34, I-09: the running grade and the measures move at once."""
    world.annulled("2025-07-01", "f1")
    assert world.public("2025-07-01") == ("C", "2025-06-05", "A-2024-publication", "published")
    assert (world.running("2025-07-01"), world.measures("2025-07-01")) == (("100", "N"), [])
    world.adjust("2025-07-02", "2025-07-01")
    assert world.public("2025-07-02") == ("N", "2025-07-02", "j1", "adjusted")


def test_a_publication_taken_back_leaves_the_one_before_it(world: Procedure) -> None:
    """A record made in error."""
    world.rectified("2025-07-01", "f1")
    world.go(days=T25, year=2025)
    assert world.public("2026-06-05") == ("N", "2026-06-05", "A-2025-publication", "published")
    world.do("2026-06-06", "retract_record", record="A-2025-publication", reason="误录")
    assert world.public("2026-06-06") == ("C", "2025-06-05", "A-2024-publication", "published")
    assert world.public("2026-06-06", known_at="2026-06-05") == ("N", "2026-06-05", "A-2025-publication", "published")


def test_a_reopened_year_shows_its_old_grade_until_it_is_published_again(world: Procedure) -> None:
    """Art. 34."""
    world.annulled("2025-07-01", "f1")
    world.step("2025-07-02", "reopening")
    world.step("2025-07-03", "proposal", "p2")
    assert world.public("2025-07-03") == ("C", "2025-06-05", "A-2024-publication", "published")
    world.step("2025-07-04", "publication", "u2")
    assert world.public("2025-07-04") == ("N", "2025-07-04", "u2", "published")


def test_an_earlier_year_published_once_more_does_not_displace_a_later_one(world: Procedure) -> None:
    """Arts. 22(6), 34: the register shows the last year evaluated."""
    world.rectified("2025-07-01", "f1")
    world.go(days=T25, year=2025)
    world.step("2026-07-01", "reopening")
    world.step("2026-07-02", "publication", "u2")
    assert world.annual("2026-07-02", 2024) == ("70", "C")
    assert world.public("2026-07-02") == ("N", "2026-06-05", "A-2025-publication", "published")


def test_the_last_grade_of_an_agency_outside_the_evaluation_is_annotated(world: Procedure) -> None:
    """Art. 5(4), I-20."""

    def since(day: str) -> str | None:
        shown = world.grade(day).public
        assert shown is not None
        assert shown.grade == "C"
        return None if shown.outside_scope_since is None else shown.outside_scope_since.isoformat()

    world.do("2025-07-01", "suspend_scope", subject="A", regime=REGIME, dated_on="2025-07-01", reason="立案")
    world.do("2025-09-01", "resume_scope", subject="A", regime=REGIME, dated_on="2025-09-01", reason="撤案")
    assert [since(d) for d in ("2025-06-30", "2025-07-01", "2025-08-31", "2025-09-01")] == [
        None,
        "2025-07-01",
        "2025-07-01",
        None,
    ]
    assert world.running("2025-08-31") == (None, None)
    assert world.grade("2025-08-31").outside == "suspected_crime"


# --- measures on agencies --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("points", "expected"), [("25", []), ("25.5", OF_C), ("40", OF_C), ("40.5", OF_D)])
def test_measures_follow_from_the_published_grade(points: str, expected: list[str]) -> None:
    """Arts. 35, 36: those of C, and for D eight more; none without an adverse grade."""
    world = published(points)
    assert (world.measures("2025-06-04"), world.measures("2025-06-05")) == ([], expected)


def test_a_measure_without_a_legal_basis_is_shown_as_not_executable(world: Procedure) -> None:
    """Art. 35: looking more closely is the department's own business, anything else needs a provision."""
    assert [(m.cites[0], m.executable) for m in world.grade("2025-06-05").measures] == [
        ("art. 35(1)", True),
        ("art. 35(2)", False),
        ("art. 35(3)", False),
    ]


def test_a_bureau_names_the_legal_basis_of_a_measure(world: Procedure) -> None:
    """Arts. 35, 36: by the first citation, for C and D alike."""
    case = world.casework.file("A")
    law = world.grading.read(Question(subject="A", regime=REGIME)).known.law
    law.configured = Configured(legal_basis={"art. 35(2)": "评优评先管理办法第九条"})
    day = world.grade("2025-06-05").basis.as_of
    found = {m.cites[0]: m.legal_basis for m in measures_on(case, law, day)}
    basis = found["art. 35(2)"]
    assert basis is not None
    assert (basis.zh, found["art. 35(3)"]) == ("评优评先管理办法第九条", None)


def since(answer: GradeAnswer) -> dict[str, tuple[str, str]]:
    return {m.cites[0]: (m.since.isoformat(), m.record) for m in answer.measures}


def test_a_measure_lasts_without_a_break_from_one_record_to_the_next(world: Procedure) -> None:
    """Arts. 35, 36, I-10: those of C go on under D, the others begin with it."""
    world.fact("2025-07-01", "B12", "f2", points=30)
    world.adjust("2025-07-10", "2025-07-02")
    found = since(world.grade("2025-07-10"))
    assert found["art. 35(1)"] == ("2025-06-05", "A-2024-publication")
    assert found["art. 36(1)"] == ("2025-07-10", "j1")
    world.go(days=T25, year=2025)
    assert since(world.grade("2026-06-05")) == found


def test_measures_end_with_the_repair(world: Procedure) -> None:
    """Art. 35."""
    world.apply("2025-06-09", "f1")
    world.confirm("2025-06-30")
    assert (world.measures("2025-06-29"), world.measures("2025-06-30")) == (OF_C, [])


def test_measures_end_with_an_annulment_before_any_adjustment(world: Procedure) -> None:
    """I-10: nothing can rest on what was annulled."""
    world.annulled("2025-07-01", "f1", "prospective")
    assert (world.measures("2025-06-30"), world.measures("2025-07-01")) == (OF_C, [])


def test_measures_end_with_a_later_result_that_is_neither_c_nor_d_and_begin_anew(world: Procedure) -> None:
    """I-10."""
    world.rectified("2025-07-01", "f1")
    assert world.measures("2025-07-01") == OF_C
    world.go(days=T25, year=2025)
    assert (world.measures("2026-06-04"), world.measures("2026-06-05")) == (OF_C, [])
    world.fact("2026-07-01", "B12", "f2", points=30)
    world.adjust("2026-07-13", "2026-07-02", year=2025)
    assert since(world.grade("2026-07-13"))["art. 35(1)"] == ("2026-07-13", "j1")


def test_nobody_is_under_measures_because_of_the_running_grade(world: Procedure) -> None:
    """Art. 34, I-09, I-10."""
    world.fact("2025-07-01", "B12", "f2", points=30)
    assert (world.running("2025-07-01"), world.measures("2025-07-01")) == (("40", "D"), OF_C)


# --- measures on persons ---------------------------------------------------------------------------------------------


@pytest.fixture
def person() -> Procedure:
    world = Procedure()
    world.practitioner()
    world.fact("2024-07-15", "P06", "p1", subject="P")
    world.go(until="rating", days=P24, subject="P")
    return world


def test_measures_on_a_person_begin_with_the_rating_and_end_with_the_d(person: Procedure) -> None:
    """Art. 38."""
    assert person.running("2025-05-29", subject="P") == (None, "D")
    assert [person.measures(day, "P") for day in ("2025-05-29", "2025-05-30")] == [[], OF_A_PERSON]
    contribution = {"kind": "volunteering", "recognised_on": "2026-06-01", "recognised_by": "150100-EEB"}
    person.apply("2026-06-01", "p1", subject="P", contribution=contribution)
    person.confirm("2026-06-12")
    assert [person.measures(day, "P") for day in ("2026-06-11", "2026-06-12")] == [OF_A_PERSON, []]


def test_a_second_rating_d_does_not_begin_the_measures_anew(person: Procedure) -> None:
    """Art. 38, I-10."""
    person.go(until="rating", days=P25, subject="P", year=2025)
    assert since(person.grade("2026-05-29", subject="P"))["art. 38(1)"] == ("2025-05-30", "P-2024-rating")


def test_a_d_after_a_break_does(person: Procedure) -> None:
    """Art. 38, I-10: annulled in September, dishonest again by another fact."""
    person.annulled("2025-09-01", "p1", "prospective")
    person.fact("2025-10-15", "P06", "p2", subject="P")
    assert person.running("2025-10-15", subject="P") == (None, "D")
    assert [person.measures(day, "P") for day in ("2025-09-01", "2025-10-15")] == [[], []]
    person.go(until="rating", days=P25, subject="P", year=2025)
    assert since(person.grade("2026-05-29", subject="P"))["art. 38(1)"] == ("2026-05-29", "P-2025-rating")


def test_a_suspension_ends_no_measure(person: Procedure) -> None:
    """Arts. 5(4), 38, I-20."""
    person.do("2025-07-01", "suspend_scope", subject="P", regime=REGIME, dated_on="2025-07-01", reason="立案")
    assert (person.running("2025-07-01", subject="P"), person.measures("2025-07-01", "P")) == (
        (None, None),
        OF_A_PERSON,
    )


def test_an_annulled_fact_ends_the_measures_on_a_person(person: Procedure) -> None:
    """Art. 38."""
    person.annulled("2025-09-01", "p1")
    assert person.measures("2025-09-01", "P") == []
