"""What a published result held: repairs, undos, the register and the next year reckon with it (arts. 16, 28, 34-36)."""

import datetime as dt

import msgspec
import pytest

from application.answering.public_register import Register
from application.ports import Entry
from application.principal import Principal
from domain.events.evaluation import StageGraded, StageRecorded
from domain.events.results import Holding, Result
from tests.support.procedure import P24, P25, T25, Procedure
from tests.support.world import REGIME

OF_C = [f"art. 35({n})" for n in (1, 2, 3)]
OF_A_PERSON = [f"art. 38({n})" for n in (1, 2, 3)]


def agency(*services: str, **readings: str) -> Procedure:
    world = Procedure(readings)
    world.agency(services=services or ("monitoring",))
    return world


def corrected(world: Procedure, day: str, fact: str, **changes: object) -> None:
    world.do(day, "correct_fact", fact=fact, changes=changes, reason="误录")


def repaired(world: Procedure, day: str, fact: str) -> None:
    """An application and its confirmation of one day."""
    world.apply(day, fact, id=f"r-{fact}")
    world.confirm(day, id=f"r-{fact}")


def grades(world: Procedure, *days: str) -> list[object]:
    return [shown and shown[0] for shown in map(world.public, days)]


# --- what is recorded -------------------------------------------------------------------------------------------


def test_a_result_says_what_it_held_of_every_fact_and_what_followed_from_them() -> None:
    """I-19: falsification as points and as a direct rating."""
    world = agency("carbon_verification")
    world.fact("2024-05-15", "C11", "f1", authority="150000-EEB")
    world.fact("2024-06-15", "B12", "f2", points="7.5")
    world.go()
    assert [(h.effect, h.fact, h.sources, h.row) for h in world.result("A-2024-publication").holdings or ()] == [
        ("-10", "f1", (), "C11"),
        ("-7.5", "f2", (), "B12"),
        ("D", None, ("f1",), None),
    ]


def test_a_step_with_a_result_is_recorded_under_the_newer_tag_and_any_other_one_as_ever() -> None:
    world = agency()
    assert world.step("2025-03-14", "roster").events == ("stage-recorded.v1",)
    assert world.step("2025-04-15", "proposal").events == ("stage-recorded.v2",)


def test_the_same_step_twice_is_no_second_event_under_either_tag() -> None:
    world = agency()
    world.step("2025-04-15", "proposal", "p1")
    assert world.step("2025-04-15", "proposal", "p1").events == ()
    older = told_as_ever(world)
    assert older.step("2025-04-15", "proposal", "p1").events == ()


# --- results of before they said what they held -----------------------------------------------------------------


def told_as_ever(world: Procedure) -> Procedure:
    """The same files as they were recorded before results said what they held."""
    older = Procedure(world.readings)
    for recorded in world.journal.feed():
        if recorded.stream == "law":
            continue
        event = recorded.event
        if isinstance(event, StageGraded):
            fields = {f: getattr(event, f) for f in StageRecorded.__struct_fields__}
            result = event.result and msgspec.structs.replace(event.result, holdings=None)
            event = StageRecorded(**{**fields, "result": result})
        older.clock.set(recorded.recorded_at)
        kind = world.casework.file(recorded.stream).kind or "agency"
        older.journal.append(
            [Entry(recorded.stream, kind, recorded.version, event, event.introduced_id)], by=Principal("clerk")
        )
    return older


def test_what_an_older_result_held_is_found_by_executing_it_again() -> None:
    """A1, A2 recorded under the older tag: the same grades on every day."""
    world = agency("carbon_verification")
    world.fact("2024-05-15", "C11", "f1", authority="150000-EEB")
    world.rectified("2024-10-10", "f1")
    world.fact("2025-03-03", "B12", "f2", points="30")
    world.go(days=T25, year=2025)
    older = told_as_ever(world)
    for each in (world, older):
        corrected(each, "2026-06-10", "f2", points="3")
        corrected(each, "2026-06-10", "f1", authority="150100-EEB")
        repaired(each, "2026-07-01", "f2")
        assert grades(each, "2026-06-05", "2026-06-30", "2026-07-01") == ["D", "D", "D"]
        repaired(each, "2026-07-10", "f1")
        assert grades(each, "2026-07-09", "2026-07-10") == ["D", "N"]
    assert isinstance(older.casework.file("A").stages["A-2025-publication"].event, StageRecorded)


def test_an_older_result_is_executed_under_the_readings_it_was_given_with() -> None:
    """I-19: what is asked now does not change what was published then."""
    world = agency("carbon_verification")
    world.fact("2024-05-15", "C11", "f1")
    world.fact("2024-06-15", "B12", "f2", points="30")
    world.go()
    older = told_as_ever(world)
    repaired(older, "2025-06-20", "f2")
    assert older.grade("2025-06-20", I_19="always_d").public.grade == "N"  # type: ignore[union-attr]


# --- repairs of what was published ------------------------------------------------------------------------------


def test_a_fact_annulled_after_its_points_had_ended_flags_the_year_that_held_its_direct_rating() -> None:
    """Art. 34: A1, and the measures end with the annulment."""
    world = agency("carbon_verification")
    world.fact("2024-05-15", "C11", "f1", authority="150000-EEB")
    world.rectified("2024-10-10", "f1")
    world.go(days=T25, year=2025)
    world.annulled("2026-07-01", "f1")
    assert world.year("2026-07-01", 2025).undone == ("f1",)
    assert (len(world.measures("2026-06-30")), world.measures("2026-07-01")) == (11, [])


def test_measures_end_with_an_annulment_of_the_points_that_were_published() -> None:
    """Arts. 35, I-10, I-32: also when the fact was corrected before."""
    world = agency()
    world.fact("2024-05-08", "B12", "f1", points="30")
    world.go()
    corrected(world, "2025-06-10", "f1", points="3")
    world.annulled("2025-07-01", "f1")
    assert (world.measures("2025-06-30"), world.measures("2025-07-01")) == (OF_C, [])
    assert world.public("2025-07-01") == ("C", "2025-06-05", "A-2024-publication", "published")


def test_a_national_repair_of_points_raises_the_register_from_april_2026() -> None:
    """Order 36, I-33."""
    world = agency()
    world.fact("2024-05-08", "B12", "f1", points="30")
    world.go()
    world.do("2026-04-10", "record_national_repair", fact="f1", granted_on="2026-04-01", document="修复", id="n1")
    assert grades(world, "2026-03-31", "2026-04-01") == ["C", "N"]
    assert world.public("2026-04-01") == ("N", "2026-04-01", "n1", "adjusted")
    world.do("2026-04-20", "retract_record", record="n1", reason="误录")
    assert (grades(world, "2026-04-20"), world.measures("2026-04-20")) == (["C"], OF_C)


def test_an_application_confirmed_before_the_next_publication_and_recorded_after_it_counts_from_its_recording() -> None:
    """A13, I-34: the year is flagged and stays as published."""
    world = agency()
    world.step("2024-06-05", "publication", year=2023)
    world.fact("2024-07-01", "B12", "f1", points="30")
    world.apply("2025-05-12", "f1")
    world.go()
    world.do("2025-06-10", "confirm_repair", repair="r1", confirmed_on="2025-05-20", by="city_bureau", certificate="书")
    days = ("2025-06-05", "2025-06-09", "2025-06-10", "2025-06-11")
    assert grades(world, *days) == ["C", "C", "N", "N"]
    assert [world.measures(day) for day in days] == [OF_C, OF_C, [], []]
    assert (world.annual("2025-06-10"), world.year("2025-06-10").undone) == (("70", "C"), ("f1",))
    assert world.public("2025-06-10", known_at="2025-06-09") == ("C", "2025-06-05", "A-2024-publication", "published")


def test_what_was_published_as_three_staff_bears_no_measure_once_too_few_stand() -> None:
    """B14, I-10, I-27."""
    world = agency()
    for n in range(3):
        world.practitioner(f"P{n}", id_number=f"E{n}", id_kind="passport")
        world.do("2023-01-03", "record_employment", subject="A", practitioner=f"P{n}", from_on="2023-01-03")
        world.fact("2024-05-01", "P01", f"p{n}", subject=f"P{n}")
    world.fact("2024-05-02", "B11", "f1", final_on="2024-05-02")
    world.go()
    assert (world.annual("2025-06-05"), world.measures("2025-06-05")) == (("70", "C"), OF_C)
    world.annulled("2025-07-01", "p1")
    assert (grades(world, "2025-07-01"), world.measures("2025-07-01")) == (["C"], [])


def test_the_register_lists_the_fact_that_bears_a_published_grade_through_its_derived_line_alone() -> None:
    """Arts. 18(4), 22(6), I-19: its points had ended in an earlier year."""
    world = agency("carbon_verification")
    world.fact("2024-05-15", "C11", "f1", authority="150000-EEB")
    world.rectified("2024-10-10", "f1")
    world.go(days=T25, year=2025)
    register = Register(world.journal, world.clock, world.legislation)
    assert [line.row for line in register.today(REGIME).page("A").lines] == ["C11"]
    repaired(world, "2026-07-10", "f1")
    assert register.today(REGIME).page("A").lines == ()


# --- the chain of published scores ------------------------------------------------------------------------------


def test_points_held_by_a_fact_that_reads_as_a_direct_rating_by_now_stay_in_the_chain_until_it_is_repaired() -> None:
    """I-03 ``literal_chain``, I-32."""
    world = agency(I_03="literal_chain")
    world.fact("2024-05-08", "B12", "f1", points="20")
    world.go()
    corrected(world, "2025-06-10", "f1", row="S12", points=None)
    world.go(days=T25, year=2025)
    assert (world.running("2026-06-05"), world.annual("2026-06-05", 2025)) == (("80", "D"), ("80", "D"))
    repaired(world, "2026-06-30", "f1")
    assert (world.running("2026-06-30"), grades(world, "2026-06-30")) == (("100", "N"), ["N"])


def test_a_direct_rating_corrected_to_points_deducts_them_from_the_chain_once() -> None:
    """I-03 ``literal_chain``, I-32: the published score held none of them."""
    world = agency(I_03="literal_chain")
    world.fact("2024-05-08", "S12", "f1")
    world.go()
    corrected(world, "2025-06-10", "f1", row="B08")
    assert world.running("2025-06-10") == ("90", "N")
    world.go(days=T25, year=2025)
    assert (world.annual("2026-06-05", 2025), world.running("2026-06-05")) == (("90", "N"), ("90", "N"))
    repaired(world, "2026-06-30", "f1")
    assert world.running("2026-06-30") == ("100", "N")


def test_under_the_other_reading_the_chain_gives_back_what_the_fact_reads() -> None:
    """I-03 ``literal_chain``, I-32 ``as_it_reads``."""
    world = agency(I_03="literal_chain", I_32="as_it_reads")
    world.fact("2024-05-08", "B12", "f1", points="30")
    world.go()
    corrected(world, "2025-06-10", "f1", points="3")
    repaired(world, "2025-06-30", "f1")
    assert (world.running("2025-06-29"), world.running("2025-06-30")) == (("70", "C"), ("73", "C"))


def test_of_several_facts_each_gives_back_what_it_reads_itself() -> None:
    """I-03 ``literal_chain``, I-32 ``as_it_reads``."""
    world = agency(I_03="literal_chain", I_32="as_it_reads")
    world.fact("2024-04-01", "B08", "f0")
    world.fact("2024-04-08", "B08", "f2")
    world.fact("2024-05-08", "B12", "f1", points="20")
    world.go()
    corrected(world, "2025-06-10", "f1", points="3")
    repaired(world, "2025-06-30", "f1")
    assert [world.running(on)[0] for on in ("2025-06-29", "2025-06-30")] == ["60", "63"]


# --- persons ------------------------------------------------------------------------------------------------------


@pytest.fixture
def person() -> Procedure:
    """Rated D for two facts of two departments."""
    world = Procedure()
    world.practitioner()
    world.fact("2024-05-01", "P01", "p1", subject="P")
    world.fact("2024-06-01", "P01", "p2", subject="P", authority="150100-MSA")
    world.go(until="rating", days=P24, subject="P")
    return world


def test_a_correction_moves_the_running_grade_of_a_person_and_not_what_the_rating_brought(person: Procedure) -> None:
    """Arts. 17, 31, 38; I-17, I-32."""
    corrected(person, "2025-07-01", "p2", authority="150100-EEB")
    assert person.running("2025-07-01", subject="P") == (None, "N")
    assert person.measures("2025-07-01", "P") == OF_A_PERSON
    person.annulled("2025-08-01", "p2", effect="prospective")
    assert (person.measures("2025-07-31", "P"), person.measures("2025-08-01", "P")) == (OF_A_PERSON, [])


def test_the_next_rating_looks_at_the_facts_anew(person: Procedure) -> None:
    """Art. 17, I-17."""
    corrected(person, "2025-07-01", "p2", authority="150100-EEB")
    person.go(until="rating", days=P25, subject="P", year=2025)
    assert person.annual("2026-05-29", 2025, "P") == (None, "N")
    assert (person.measures("2026-05-28", "P"), person.measures("2026-05-29", "P")) == (OF_A_PERSON, [])


def test_a_late_fact_reopens_a_rating_with_the_measures_where_that_goes_by_itself() -> None:
    """I-28 ``automatic``."""
    world = Procedure({"I_28": "automatic"})
    world.practitioner()
    world.fact("2024-05-01", "P01", "p1", subject="P")
    world.go(until="rating", days=P24, subject="P")
    world.fact("2025-07-01", "P01", "p2", subject="P", decided_on="2024-06-01", authority="150100-MSA")
    assert (world.annual("2025-06-30", subject="P"), world.annual("2025-07-01", subject="P")) == (
        (None, "N"), (None, "D")
    )  # fmt: skip
    assert world.running("2025-07-01", subject="P") == (None, "D")
    assert (world.measures("2025-06-30", "P"), world.measures("2025-07-01", "P")) == ([], OF_A_PERSON)


# --- late facts where the year is reopened by itself --------------------------------------------------------------


def test_a_late_fact_taken_back_leaves_year_register_and_measures_as_they_were() -> None:
    """I-28 ``automatic``: it never was."""
    world = agency(I_28="automatic")
    world.go()
    world.fact("2025-07-01", "B12", "f1", decided_on="2024-11-05", points="30")
    world.do("2025-07-10", "retract_fact", fact="f1", reason="误录")
    assert (world.annual("2025-07-10"), grades(world, "2025-07-05", "2025-07-10")) == (("100", "N"), ["N", "N"])
    assert world.public("2025-07-05", known_at="2025-07-05") == ("C", "2025-07-01", "f1", "adjusted")


def test_an_adjusted_grade_moves_with_a_late_fact_too() -> None:
    """Art. 34, I-28 ``automatic``."""
    world = agency(I_28="automatic")
    world.fact("2024-05-08", "B12", "f1", points="30")
    world.go()
    world.annulled("2025-06-10", "f1")
    world.adjust("2025-06-11", "2025-06-10")
    world.fact("2025-07-01", "B12", "f2", decided_on="2025-02-05", points="30")
    assert grades(world, "2025-06-10", "2025-06-11", "2025-06-30", "2025-07-01") == ["C", "N", "N", "C"]


def test_a_forged_holding_is_read_without_an_error() -> None:
    """What is stored is never trusted to be well formed."""
    world = agency()
    world.fact("2024-05-08", "B12", "f1", points="30")
    world.go(until="submission")
    honest: Result = world.result("A-2024-submission")
    forged = msgspec.structs.replace(honest, holdings=(Holding(effect="-1e999", fact="f9"), Holding(effect="")))
    event = StageGraded(
        record="u", regime=REGIME, year=2024, stage="publication", dated_on=dt.date(2025, 6, 5), result=forged
    )
    world.journal.append(
        [Entry("A", "agency", world.casework.file("A").version + 1, event, "u")], by=Principal("clerk")
    )
    repaired(world, "2025-06-20", "f1")
    assert world.public("2025-06-20") is not None
