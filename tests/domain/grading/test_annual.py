"""The result of an evaluation year: what counts in it, at every boundary (arts. 16, 17, 24, 27, 28)."""

from typing import Any

import pytest

from tests.support.procedure import P24, P25, T25, Procedure, codes, invalid, refused


@pytest.fixture
def world() -> Procedure:
    world = Procedure()
    world.agency()
    return world


def under(**readings: str) -> Procedure:
    world = Procedure(readings)
    world.agency()
    return world


# --- the year of a fact -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("effective_on", "result"),
    [("2023-12-31", "90"), ("2024-01-01", "90"), ("2024-12-31", "90"), ("2025-01-01", "100")],
)
def test_a_fact_counts_in_its_year_and_an_older_one_while_it_was_open_on_the_last_day(
    world: Procedure, effective_on: str, result: str
) -> None:
    """Art. 24: the result reflects 1 January to 31 December."""
    world.fact(effective_on, "B08", "f1")
    assert world.proposed() == (result, "N")


@pytest.mark.parametrize(
    ("points", "result"), [("25", ("75", "N")), ("25.5", ("74.5", "C")), ("40", ("60", "C")), ("40.5", ("59.5", "D"))]
)
def test_the_grades_of_a_year_change_below_75_and_below_60(
    world: Procedure, points: str, result: tuple[str, str]
) -> None:
    """Art. 16."""
    world.fact("2024-05-08", "B12", "f1", points=points)
    assert world.proposed() == result


def test_a_fact_rectified_within_its_year_still_counts_in_that_year(world: Procedure) -> None:
    """Arts. 24, 27: otherwise neither the warning nor the repair would have anything to do."""
    world.fact("2024-05-08", "B08", "f1")
    world.rectified("2024-06-01", "f1")
    assert world.running("2024-12-31") == ("100", "N")
    assert world.proposed() == ("90", "N")
    assert world.proposed("2026-04-14", year=2025) == ("100", "N")


@pytest.mark.parametrize(("confirmed_on", "result"), [("2024-12-31", "100"), ("2025-01-01", "90")])
def test_an_older_fact_counts_unless_its_rectification_was_confirmed_by_31_december(
    world: Procedure, confirmed_on: str, result: str
) -> None:
    """Art. 24."""
    world.fact("2023-05-08", "B08", "f1")
    world.rectified(confirmed_on, "f1")
    assert world.proposed() == (result, "N")


def test_a_penalty_belongs_to_the_year_in_which_it_became_final_or_was_decided() -> None:
    """Art. 13(1), I-06."""
    for reading, results in (("finality", ["100", "90"]), ("decision_date", ["90", "90"])):
        world = under(I_06=reading)
        world.fact("2024-11-20", "B11", "f1", served_on="2024-11-20")
        world.do("2025-05-26", "record_finality", fact="f1", final_on="2025-05-23")
        assert [world.proposed("2025-06-02")[0], world.proposed("2026-04-14", year=2025)[0]] == results


def test_a_result_is_given_when_the_year_is_over(world: Procedure) -> None:
    """Art. 24."""
    with refused("year_not_over", "art. 24"):
        world.step("2024-12-31", "proposal")
    assert world.step("2025-01-01", "proposal").events == ("stage-recorded.v2",)


# --- warnings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("completed_on", "result"), [("2024-06-12", "100"), ("2024-06-13", "90")])
def test_what_was_put_right_within_the_limit_of_a_warning_never_counted(
    world: Procedure, completed_on: str, result: str
) -> None:
    """Art. 27: the day of completion decides, however late the bureau confirms."""
    world.fact("2024-05-08", "B08", "f1")
    world.warned("2024-05-13", "f1", due_on="2024-06-12")
    world.do("2024-06-20", "confirm_warning", warning="w1", completed_on=completed_on, confirmed_on="2024-06-20")
    assert world.proposed() == (result, "N")


@pytest.mark.parametrize(("proposed_on", "result"), [("2025-02-14", "100"), ("2025-02-15", "90")])
def test_a_warning_open_on_31_december_counts_once_it_has_failed(
    world: Procedure, proposed_on: str, result: str
) -> None:
    """Art. 27, I-07."""
    world.fact("2024-11-08", "B08", "f1")
    world.warned("2024-12-02", "f1", due_on="2025-02-14")
    assert world.proposed(proposed_on) == (result, "N")


def test_a_completion_reported_in_time_holds_the_deduction_back_until_it_is_rejected(world: Procedure) -> None:
    """Art. 27."""
    world.fact("2024-11-08", "B08", "f1")
    world.warned("2024-12-02", "f1", due_on="2025-02-14")
    world.do("2025-02-14", "report_rectification", warning="w1", completed_on="2025-02-13", reported_on="2025-02-14")
    assert world.proposed("2025-04-15") == ("100", "N")
    world.do("2025-04-24", "reject_rectification", warning="w1", decided_on="2025-04-24", reasons="不到位")
    world.step("2025-04-25", "publicity")
    assert world.annual("2025-04-25") == ("90", "N")


def test_under_the_other_reading_an_open_warning_counts_until_it_is_confirmed() -> None:
    """I-07 ``deduct_at_once``."""
    world = under(I_07="deduct_at_once")
    world.fact("2024-11-08", "B08", "f1")
    world.warned("2024-12-02", "f1", due_on="2025-04-30")
    assert world.proposed("2025-04-15") == ("90", "N")
    world.do("2025-04-24", "confirm_warning", warning="w1", completed_on="2025-04-20", confirmed_on="2025-04-24")
    world.step("2025-04-25", "publicity")
    assert world.annual("2025-04-25") == ("100", "N")


# --- annulments and repairs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "effect", "result"),
    [
        ("2024-12-31", "prospective", "100"),
        ("2025-01-01", "prospective", "90"),
        ("2025-04-14", "ab_initio", "100"),
    ],
)
def test_an_annulment_from_the_beginning_takes_a_fact_out_one_for_the_future_only_within_the_year(
    world: Procedure, day: str, effect: str, result: str
) -> None:
    """Art. 24."""
    world.fact("2024-05-08", "B08", "f1")
    world.annulled(day, "f1", effect)
    assert world.proposed() == (result, "N")


def test_a_retracted_fact_never_was(world: Procedure) -> None:
    """A record made in error."""
    world.fact("2024-05-08", "B08", "f1")
    world.do("2025-04-14", "retract_fact", fact="f1", reason="误录")
    assert world.proposed() == ("100", "N")


@pytest.mark.parametrize(("granted_on", "result"), [("2026-03-31", "90"), ("2026-04-01", "100")])
def test_a_national_repair_takes_a_fact_out_from_the_day_on_which_it_ends_the_use(
    world: Procedure, granted_on: str, result: str
) -> None:
    """National repairs before 1 April 2026 ended the display alone."""
    world.fact("2025-05-08", "B08", "f1")
    world.do(granted_on, "record_national_repair", fact="f1", granted_on=granted_on, document="决定")
    assert world.proposed("2026-04-14", year=2025) == (result, "N")


def test_a_repair_takes_a_fact_out_of_the_results_from_its_confirmation_on(world: Procedure) -> None:
    """Art. 28(2): the city's confirmation is the revision."""
    world.fact("2024-05-08", "B12", "f1", points=30)
    world.go(until="submission")
    world.commit("2025-05-16", "f1")
    world.confirm("2025-05-19", by="originating_authority")
    assert world.annual("2025-05-19") == ("70", "C")
    world.confirm("2025-05-20")
    assert (world.annual("2025-05-19"), world.annual("2025-05-20")) == (("70", "C"), ("100", "N"))
    assert world.year("2025-05-20").given_by == "r1"
    world.go(since="publication")
    assert (world.annual("2025-06-05"), world.year("2025-06-05").given_by) == (("100", "N"), "A-2024-publication")
    assert world.result("A-2024-publication").counted == ()


# --- direct D ---------------------------------------------------------------------------------------------------


def test_a_direct_d_stands_on_top_of_the_score_and_across_the_years(world: Procedure) -> None:
    """Art. 18, I-08: the score is untouched, and the D lasts until repair."""
    world.fact("2023-05-08", "S12", "f1")
    assert world.proposed() == ("100", "D")


@pytest.mark.parametrize(
    ("reading", "act", "determined", "grade"),
    [
        ("evaluation_year", "2023-04-01", "2023-05-08", "N"),
        ("evaluation_year", "2024-04-01", "2024-05-08", "D"),
        ("evaluation_year", "2023-04-01", "2024-05-08", "N"),
        ("act_of_any_year", "2023-04-01", "2024-05-08", "D"),
        ("act_of_any_year", "2023-04-01", "2023-05-08", "N"),
    ],
)
def test_other_readings_bind_a_direct_d_to_a_year(reading: str, act: str, determined: str, grade: str) -> None:
    """Art. 18, I-08."""
    world = under(I_08=reading)
    world.fact(determined, "S12", "f1", occurred_on=act)
    assert world.proposed() == ("100", grade)


@pytest.mark.parametrize(("day", "grade"), [("2024-12-31", "N"), ("2025-01-01", "D")])
def test_a_direct_d_annulled_for_the_future_within_the_year_is_none_of_its_result(
    world: Procedure, day: str, grade: str
) -> None:
    """Art. 18."""
    world.fact("2024-05-08", "S12", "f1")
    world.annulled(day, "f1", "prospective")
    assert world.proposed() == ("100", grade)


# --- three staff ------------------------------------------------------------------------------------------------


def staffed(world: Procedure, days: tuple[str, ...]) -> None:
    for number, day in enumerate(days):
        person = f"P{number}"
        world.practitioner(person, id_number=f"X{number}", id_kind="other")
        world.do("2023-02-01", "record_employment", subject="A", practitioner=person, from_on="2023-01-01")
        world.fact(day, "P01", f"p{number}", subject=person)


@pytest.mark.parametrize(
    ("third", "year", "result"),
    [("2024-12-31", 2024, "80"), ("2025-01-01", 2024, "100"), ("2024-12-31", 2025, "100")],
)
def test_three_persons_with_breaches_within_the_year_cost_20_in_that_year_alone(
    world: Procedure, third: str, year: int, result: str
) -> None:
    """Annex 1 B14, I-27."""
    staffed(world, ("2024-02-10", "2024-06-11", third))
    assert world.proposed(f"{year + 1}-04-15", year=year) == (result, "N")


# --- what was known when ----------------------------------------------------------------------------------------


def test_each_step_keeps_the_result_of_what_was_known_then_and_one_that_got_worse_is_told(world: Procedure) -> None:
    """Art. 22: a fact of the year recorded after the proposal is in the next step's result, not in the proposal's."""
    world.go(until="proposal")
    world.fact("2025-04-20", "B12", "f1", decided_on="2024-12-30", points=30)
    told = world.step("2025-04-25", "publicity", "A-2024-publicity")
    assert codes(told) == ["worse_than_proposed"]
    assert (world.annual("2025-04-24"), world.annual("2025-04-25")) == (("100", "N"), ("70", "C"))
    assert world.result("A-2024-proposal").counted == ()


def test_a_published_result_stands_whatever_is_recorded_afterwards(world: Procedure) -> None:
    """Art. 34, I-28: the year is flagged; reopening it is a decision."""
    world.fact("2024-05-08", "B08", "f1")
    world.go()
    late = world.fact("2025-06-10", "B12", "f2", decided_on="2024-11-05", points=30)
    undone = world.annulled("2025-06-11", "f1")
    assert (codes(late), codes(undone)) == (["late_fact"], ["published_result_affected"])
    line = world.year("2025-12-31")
    assert ((line.score, line.grade), line.late, line.undone) == (("90", "N"), ("f2",), ("f1",))
    assert (line.stage, line.given_by) == ("publication", "A-2024-publication")
    assert world.running("2025-12-31") == ("70", "C")


def test_a_fact_of_the_next_year_is_not_late(world: Procedure) -> None:
    """Art. 24."""
    world.go()
    world.fact("2025-06-10", "B08", "f1", decided_on="2025-01-01")
    world.fact("2025-06-10", "B08", "f2", decided_on="2024-12-31")
    assert world.year("2025-06-10").late == ("f2",)


def test_a_year_reopened_by_decision_is_computed_anew(world: Procedure) -> None:
    """Art. 34."""
    world.go()
    world.fact("2025-06-10", "B12", "f1", decided_on="2024-11-05", points=30)
    world.step("2025-06-12", "reopening", "x1")
    assert world.annual("2025-06-12") == ("100", "N")
    world.step("2025-06-13", "proposal", "p2")
    assert (world.annual("2025-06-13"), world.year("2025-06-13").given_by) == (("70", "C"), "p2")
    world.step("2025-06-23", "publicity", "g2")
    world.step("2025-07-01", "publication", "u2")
    assert (world.annual("2025-07-01"), world.year("2025-07-01").late) == (("70", "C"), ())
    assert world.annual("2025-06-30", known_at="2025-06-11") == ("100", "N")


def test_under_the_automatic_reading_a_late_fact_shows_the_year_anew_beside_what_was_published() -> None:
    """I-28 ``automatic``: nobody gave that result; year, register and measures move together."""
    world = under(I_28="automatic")
    world.go()
    assert (world.year("2025-06-05").published_score, world.annual("2025-06-05")) == (None, ("100", "N"))
    world.fact("2025-06-10", "B12", "f1", decided_on="2024-11-05", points=30)
    line = world.year("2025-06-10")
    assert (line.score, line.grade, line.given_by, line.late) == ("70", "C", None, ("f1",))
    assert (line.published_score, line.published_grade) == ("100", "N")
    assert (world.annual("2025-06-09"), world.public("2025-06-09")) == (
        ("100", "N"), ("N", "2025-06-05", "A-2024-publication", "published")
    )  # fmt: skip
    assert world.public("2025-06-10") == ("C", "2025-06-10", "f1", "adjusted")
    assert (world.measures("2025-06-09"), world.measures("2025-06-10")) == ([], [f"art. 35({n})" for n in (1, 2, 3)])
    world.apply("2025-06-11", "f1")
    world.confirm("2025-06-12")
    assert (world.annual("2025-06-30"), world.measures("2025-06-12")) == (("70", "C"), [])
    assert world.public("2025-06-12") == ("N", "2025-06-12", "r1", "adjusted")


def test_a_step_taken_back_gives_no_result(world: Procedure) -> None:
    """A record made in error."""
    world.fact("2024-05-08", "B08", "f1")
    world.go(until="proposal")
    world.do("2025-04-16", "retract_record", record="A-2024-proposal", reason="误录")
    line = world.year("2025-04-16")
    assert (line.stage, line.score, line.given_by) == ("report", None, None)


# --- one city or all (I-13) -------------------------------------------------------------------------------------


def test_each_city_its_own_result_or_one_ledger_for_the_region() -> None:
    """Art. 7, I-13: the city of registration leads."""
    for reading, score in (("one_ledger", "80"), ("per_city", "90")):
        world = under(I_13=reading)
        world.fact("2024-05-08", "B08", "f1")
        world.fact("2024-05-09", "B08", "f2", authority="150200-EEB")
        assert world.proposed() == (score, "N")


# --- the chain of published scores (I-03) -----------------------------------------------------------------------


def chained(points: str = "30", **readings: str) -> Procedure:
    world = under(I_03="literal_chain", **readings)
    world.fact("2024-05-08", "B12", "f1", points=points)
    world.go()
    return world


def test_the_next_year_starts_from_the_published_score_and_no_fact_counts_twice() -> None:
    """Art. 16, I-03 ``literal_chain``; under the default an open deduction is carried and not deducted again either."""
    for reading in ("literal_chain", "open_deductions"):
        world = under(I_03=reading)
        world.fact("2024-05-08", "B12", "f1", points=30)
        world.go()
        assert world.running("2025-06-05") == ("70", "C")
        world.fact("2025-07-01", "B09", "f2")
        assert world.running("2025-07-01") == ("65", "C")
        world.go(days=T25, year=2025)
        assert world.annual("2026-06-05", 2025) == ("65", "C")


def test_only_a_repair_gives_points_back_under_the_chain() -> None:
    """I-03: by default the confirmed rectification ends the deduction, under the chain it does not."""
    by_reading: dict[str, list[Any]] = {}
    for reading in ("literal_chain", "open_deductions"):
        world = under(I_03=reading)
        world.fact("2024-05-08", "B12", "f1", points=30)
        world.go()
        world.rectified("2025-07-01", "f1")
        by_reading[reading] = [world.running("2025-07-01"), world.proposed("2026-04-14", year=2025)]
    assert by_reading["literal_chain"] == [("70", "C"), ("70", "C")]
    assert by_reading["open_deductions"] == [("100", "N"), ("100", "N")]


def test_a_repair_gives_back_once_and_for_good() -> None:
    """Arts. 16, 28(3): on the day of the confirmation, in the next result, and not again after it."""
    world = chained()
    world.apply("2025-06-30", "f1")
    world.confirm("2025-07-15")
    assert (world.running("2025-07-14"), world.running("2025-07-15")) == (("70", "C"), ("100", "N"))
    world.fact("2025-08-01", "B12", "f2", points=30)
    world.go(days=T25, year=2025)
    assert world.annual("2026-06-05", 2025) == ("70", "C")
    assert world.running("2026-06-05") == ("70", "C")


def test_a_fact_retracted_after_two_publications_is_given_back_once() -> None:
    """I-03."""
    world = chained()
    world.go(days=T25, year=2025)
    assert (world.annual("2026-06-05", 2025), world.result("A-2025-publication").held) == (("70", "C"), ("f1",))
    world.do("2026-06-10", "retract_fact", fact="f1", reason="误录")
    assert world.running("2026-06-10") == ("100", "N")
    world.fact("2026-06-11", "B09", "f2")
    assert world.running("2026-06-11") == ("95", "N")


def test_a_repair_of_a_fact_held_since_an_earlier_year_raises_the_public_grade_too() -> None:
    """I-03, I-09."""
    world = chained()
    world.go(days=T25, year=2025)
    assert world.public("2026-06-05") == ("C", "2026-06-05", "A-2025-publication", "published")
    world.apply("2026-06-10", "f1")
    world.confirm("2026-06-11")
    assert world.public("2026-06-11") == ("N", "2026-06-11", "r1", "adjusted")


def test_the_floor_cuts_the_chain_and_without_it_negatives_carry_over() -> None:
    """I-02, I-03."""
    for reading, before, after in (("floor_zero", "0", "30"), ("no_floor", "-30", "0")):
        world = under(I_03="literal_chain", I_02=reading)
        world.fact("2024-05-08", "B12", "f1", points=100)
        world.fact("2024-05-09", "B12", "f2", points=30)
        world.go()
        assert world.running("2025-06-05")[0] == before
        world.apply("2025-06-10", "f2")
        world.confirm("2025-06-11")
        assert world.running("2025-06-11")[0] == after


def test_the_chain_never_goes_above_the_cap() -> None:
    """Art. 16: 100 at most, also when the year before gave points back."""
    world = chained()
    world.annulled("2025-07-01", "f1")
    assert world.running("2025-07-01") == ("100", "N")


def test_staff_of_an_earlier_year_are_in_the_baseline_and_not_deducted_again() -> None:
    """Annex 1 B14, I-03."""
    world = under(I_03="literal_chain")
    staffed(world, ("2024-02-10", "2024-06-11", "2024-10-20"))
    world.go()
    assert (world.annual("2025-06-05"), world.running("2025-06-05")) == (("80", "N"), ("80", "N"))
    assert world.proposed("2026-04-14", year=2025) == ("80", "N")


# --- practitioners ----------------------------------------------------------------------------------------------


@pytest.fixture
def person() -> Procedure:
    world = Procedure()
    world.practitioner()
    return world


X, Y = "150100-EEB", "150200-EEB"


@pytest.mark.parametrize(
    ("second", "authority", "grade"),
    [("2024-12-31", Y, "D"), ("2025-01-01", Y, "N"), ("2024-12-31", X, "N")],
)
def test_two_general_facts_of_two_departments_within_the_year_make_a_dishonest_person(
    person: Procedure, second: str, authority: str, grade: str
) -> None:
    """Art. 17, I-16."""
    person.fact("2024-03-04", "P01", "f1", subject="P", authority=X)
    person.fact(second, "P03", "f2", subject="P", authority=authority)
    assert person.proposed(subject="P") == (None, grade)


@pytest.mark.parametrize(("reading", "grade"), [("authority", "D"), ("system", "N"), ("aggregate", "D")])
def test_what_different_departments_are_is_a_reading(reading: str, grade: str) -> None:
    """Art. 17, I-16."""
    world = Procedure({"I_16": reading})
    world.practitioner()
    world.fact("2024-03-04", "P01", "f1", subject="P", authority=X)
    world.fact("2024-08-19", "P03", "f2", subject="P", authority=Y)
    assert world.proposed(subject="P") == (None, grade)


def test_a_d_once_met_is_rated_year_after_year_until_it_is_repaired(person: Procedure) -> None:
    """Arts. 17, 31, I-17."""
    person.fact("2024-03-04", "P01", "f1", subject="P", authority=X)
    person.fact("2024-08-19", "P03", "f2", subject="P", authority=Y)
    person.go(until="rating", days=P24, subject="P")
    person.go(until="rating", days=P25, subject="P", year=2025)
    assert person.annual("2026-05-29", 2025, subject="P") == (None, "D")


def test_a_rating_without_d_ends_what_was_met_and_only_a_reopening_brings_it_back(person: Procedure) -> None:
    """Art. 17, I-17, I-28: what is learned after the rating of a year neither revives it nor slips into the next."""
    person.fact("2024-03-04", "P01", "f1", subject="P", authority=X)
    person.go(until="rating", days=P24, subject="P")
    late = person.fact("2025-06-10", "P03", "f2", subject="P", authority=Y, decided_on="2024-08-19")
    assert (late.status, person.year("2025-06-10", subject="P").late) == ("recorded", ("f2",))
    assert person.running("2025-06-10", subject="P") == (None, "N")
    person.go(until="rating", days=P25, subject="P", year=2025)
    assert person.annual("2026-05-29", 2025, subject="P") == (None, "N")
    person.step("2026-06-01", "reopening", subject="P")
    person.step("2026-06-02", "rating", "again", subject="P")
    assert person.annual("2026-06-02", subject="P") == (None, "D")
    assert person.running("2026-06-02", subject="P") == (None, "D")


def test_a_person_has_no_score_and_no_public_result(person: Procedure) -> None:
    """Art. 23(4)."""
    person.fact("2024-07-15", "P06", "f1", subject="P")
    person.go(until="letter", days=P24, subject="P")
    result = person.result("P-2024-rating", "P")
    assert (result.score, result.deducted, result.grade, result.counted) == (None, None, "D", ("f1",))
    assert person.public("2025-06-30", subject="P") is None


# --- dates ------------------------------------------------------------------------------------------------------


def test_a_result_of_tomorrow_is_not_given_today(world: Procedure) -> None:
    """What is on record has happened."""
    with invalid("/dated_on"):
        world.do("2025-04-14", "evaluation_stage", subject="A", regime="nmg.third_party", year=2024, stage="proposal",
                 dated_on="2025-04-15")  # fmt: skip


def test_two_agencies_have_their_own_years(world: Procedure) -> None:
    """Art. 7."""
    world.agency("B", name="乙检测")
    world.fact("2024-05-08", "B08", "f1", subject="B")
    assert (world.proposed(), world.proposed(subject="B")) == (("100", "N"), ("90", "N"))
