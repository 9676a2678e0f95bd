"""Every reading that an edition lists as available can be applied, and one of the procedure changes what becomes of
some case; what an edition marks as not available is refused."""

import datetime as dt
from collections.abc import Callable

import msgspec
import pytest

from application.answering.case_files import case_file
from domain.aggregates.advisories import fold as fold_advisories
from domain.aggregates.casefile import fold
from domain.errors import Invalid, Refused
from domain.events.advisories import AdvisoryRecorded
from domain.events.registration import AgencyRegistered
from domain.grading.advisories import counted
from domain.grading.deduction import assess
from domain.law.calendar import WorkingDays
from domain.law.regime import Adopted, RegimeLaw, checked_readings
from domain.procedures.advisories import window_of
from domain.procedures.deadlines import deadlines_of
from interfaces.files.shipped import shipped_calendars, shipped_editions
from tests.support.procedure import P24, Procedure, codes
from tests.support.world import REGIME

SHIPPED = next(s for s in shipped_editions() if s.edition.regime == "nmg.third_party")
RUNNING = [r for r in SHIPPED.edition.reading if r.running]


def test_every_reading_of_the_running_track_can_be_applied() -> None:
    assert [(r.id, v.name) for r in RUNNING for v in r.values if not v.available] == []


def test_a_value_that_an_edition_lists_as_not_available_is_refused() -> None:
    reading = next(r for r in SHIPPED.edition.reading if r.id == "I-03")
    values = tuple(msgspec.structs.replace(v, available=v.name == reading.default) for v in reading.values)
    waiting = msgspec.structs.replace(reading, values=values)
    edition = msgspec.structs.replace(SHIPPED.edition, reading=(waiting,))
    assert checked_readings(edition, {"I-03": "open_deductions"}) == {"I-03": "open_deductions"}
    with pytest.raises(Invalid) as refusal:
        checked_readings(edition, {"I-03": "literal_chain"})
    (problem,) = refusal.value.problems
    assert (problem.pointer, problem.code) == ("/readings/I-03", "unavailable_value")


@pytest.mark.parametrize(
    ("reading", "value"), [(r.id, v.name) for r in RUNNING for v in r.values if v.available and v.name != r.default]
)
def test_each_alternative_is_selectable_and_a_clean_agency_stays_clean(reading: str, value: str) -> None:
    adopted = Adopted(edition=SHIPPED.edition, digest=SHIPPED.digest, period=None)
    law = RegimeLaw("nmg.third_party", (adopted,), WorkingDays(shipped_calendars()), {reading: value})
    clean = AgencyRegistered(uscc="91350100M000100Y43", name="甲", region="150100", services=("monitoring",))
    answer = assess(fold("A", [(clean, 0)]), law, dt.date(2024, 6, 30))
    assert law.choices.chosen[reading] == value
    undetermined = {"I-01": "label_not_configured", "I-15": "validity_not_configured"}.get(reading)
    assert (answer.undetermined, answer.grade) == (undetermined, None if undetermined else "N")


# --- the readings of the procedure: one case for each ----------------------------------------------------------------

Case = Callable[[dict[str, str]], object]
"""What becomes of a case under some readings."""


def published(readings: dict[str, str]) -> Procedure:
    """70 C published on 5 June 2025, by one fact."""
    world = Procedure(readings)
    world.agency()
    world.fact("2024-05-08", "B12", "f1", points=30)
    world.go()
    return world


def the_next_score_after_a_rectification(readings: dict[str, str]) -> object:
    """I-03."""
    world = published(readings)
    world.rectified("2025-07-01", "f1")
    return world.proposed("2026-04-14", year=2025)


def the_public_grade_after_another_fact(readings: dict[str, str]) -> object:
    """I-09."""
    world = published(readings)
    world.fact("2025-07-01", "B12", "f2", points=30)
    return world.public("2025-07-01")


def the_year_of_an_agency_with_facts_in_two_cities(readings: dict[str, str]) -> object:
    """I-13."""
    world = Procedure(readings)
    world.agency()
    world.fact("2024-05-08", "B08", "f1")
    world.fact("2024-05-09", "B08", "f2", authority="150200-EEB")
    return world.proposed()


def a_repair_whose_work_was_done_after_the_year(readings: dict[str, str]) -> object:
    """I-21."""
    return codes(published(readings).apply("2025-06-09", "f1", completed_on="2025-03-03"))


def a_repair_after_the_next_report(readings: dict[str, str]) -> object:
    """I-22."""
    world = published(readings)
    world.step("2025-06-06", "report", finding="late", justified=False)
    world.step("2026-04-10", "report", year=2025)
    return codes(world.apply("2026-04-10", "f1"))


def the_year_after_a_late_fact(readings: dict[str, str]) -> object:
    """I-28."""
    world = published(readings)
    world.fact("2025-06-10", "B12", "f2", decided_on="2024-11-05", points=30)
    line = world.year("2025-06-10")
    return line.score, line.grade, line.given_by


def the_addressees_of_a_letter(readings: dict[str, str]) -> object:
    """I-29."""
    world = Procedure(readings)
    world.agency()
    world.practitioner()
    world.do("2023-02-01", "record_employment", subject="A", practitioner="P", from_on="2023-01-01")
    world.fact("2024-07-15", "P06", "p1", subject="P")
    world.go(until="rating", days=P24, subject="P")
    return [n.ids for n in world.step("2025-06-03", "letter", subject="P").notices]


def a_repair_of_a_repeated_act(readings: dict[str, str]) -> object:
    """I-30."""
    return codes(published(readings).apply("2025-06-09", "f1", repeated=True))


def an_objection_on_the_sixth_day(readings: dict[str, str]) -> object:
    """I-31."""
    world = Procedure(readings)
    world.agency()
    world.go(until="proposal")
    return codes(world.object("2025-04-23"))


def the_register_after_a_corrected_fact_was_repaired(readings: dict[str, str]) -> object:
    """I-32."""
    world = published(readings)
    world.do("2025-06-10", "correct_fact", fact="f1", changes={"points": "3"}, reason="误录")
    world.apply("2025-06-20", "f1")
    world.confirm("2025-06-30")
    return world.public("2025-06-30")


def the_register_after_a_national_repair(readings: dict[str, str]) -> object:
    """I-33."""
    world = published(readings)
    world.do("2026-04-10", "record_national_repair", fact="f1", granted_on="2026-04-10", document="修复决定")
    return world.public("2026-04-10")


def the_register_after_a_repair_recorded_late(readings: dict[str, str]) -> object:
    """I-34."""
    world = Procedure(readings)
    world.agency()
    world.fact("2024-05-08", "B12", "f1", points=30)
    world.go(until="publicity")
    world.commit("2025-05-09", "f1", completed_on="2025-05-09")
    world.go(since="determination")
    for by, on in (("originating_authority", "2025-05-19"), ("city_bureau", "2025-05-20")):
        world.do("2025-06-10", "confirm_repair", repair="r1", confirmed_on=on, by=by, certificate="确认书")
    return world.public("2025-06-10")


def the_advisories_that_count_across_two_years(readings: dict[str, str]) -> object:
    """I-14: within one calendar year, within twelve months, or both long ago."""
    law = law_under(readings)
    found = []
    for second in (dt.date(2025, 2, 11), dt.date(2025, 3, 6)):
        days = (dt.date(2024, 3, 5), second)
        file = fold_advisories([advisory(f"a{i}", day) for i, day in enumerate(days)])
        found.append(len(counted(file, REGIME, window_of(law), second)))
    return found


def law_under(readings: dict[str, str]) -> RegimeLaw:
    """The shipped edition under some readings."""
    chosen = {k.replace("_", "-"): v for k, v in readings.items()}
    adopted = Adopted(edition=SHIPPED.edition, digest=SHIPPED.digest, period=None)
    return RegimeLaw(REGIME, (adopted,), WorkingDays(shipped_calendars()), chosen)


def advisory(record: str, noticed_on: dt.date) -> AdvisoryRecorded:
    return AdvisoryRecorded(
        record=record,
        regime=REGIME,
        kind="joint_inspection",
        noticed_on=noticed_on,
        document=f"文书-{record}",
        authority="150100-EEB",
    )


def a_second_warning_after_one_that_ran_out(readings: dict[str, str]) -> object:
    """I-37."""
    world = Procedure(readings)
    world.agency()
    world.fact("2024-03-04", "B08", "f1")
    first = {"fact": "f1", "issued_on": "2024-03-11", "due_on": "2024-04-10", "requirements": "整改"}
    world.do("2024-03-11", "issue_warning", **first)
    try:
        second = {**first, "issued_on": "2024-04-15", "due_on": "2024-05-15"}
        return world.do("2024-04-15", "issue_warning", **second).events
    except Refused as refusal:
        return refusal.code


def a_repair_of_a_fact_in_no_result(readings: dict[str, str]) -> object:
    """I-38."""
    world = published(readings)
    world.fact("2025-06-09", "B08", "f2")
    return codes(world.apply("2025-07-01", "f2"))


def the_last_day_to_decide_on_an_objection(readings: dict[str, str]) -> object:
    """I-46."""
    world = Procedure(readings)
    world.agency()
    world.go(until="proposal")
    world.object("2025-04-18")
    found = deadlines_of(case_file("A", world.journal.stream("A")), law_under(readings))
    return [d.due_on for d in found if d.id == "o1:objection_decision"]


OF_THE_PROCEDURE: dict[str, Case] = {
    "I-03": the_next_score_after_a_rectification,
    "I-09": the_public_grade_after_another_fact,
    "I-13": the_year_of_an_agency_with_facts_in_two_cities,
    "I-14": the_advisories_that_count_across_two_years,
    "I-21": a_repair_whose_work_was_done_after_the_year,
    "I-22": a_repair_after_the_next_report,
    "I-28": the_year_after_a_late_fact,
    "I-29": the_addressees_of_a_letter,
    "I-30": a_repair_of_a_repeated_act,
    "I-31": an_objection_on_the_sixth_day,
    "I-32": the_register_after_a_corrected_fact_was_repaired,
    "I-33": the_register_after_a_national_repair,
    "I-34": the_register_after_a_repair_recorded_late,
    "I-37": a_second_warning_after_one_that_ran_out,
    "I-38": a_repair_of_a_fact_in_no_result,
    "I-46": the_last_day_to_decide_on_an_objection,
}


def test_every_reading_outside_the_running_track_with_a_choice_has_its_case() -> None:
    waiting = {r.id for r in SHIPPED.edition.reading if not r.running and len([v for v in r.values if v.available]) > 1}
    assert waiting <= set(OF_THE_PROCEDURE)


@pytest.mark.slow
@pytest.mark.parametrize("reading", OF_THE_PROCEDURE)
def test_each_answer_to_an_ambiguity_of_the_procedure_leads_somewhere_else(reading: str) -> None:
    (entry,) = [r for r in SHIPPED.edition.reading if r.id == reading]
    names = [v.name for v in entry.values if v.available]
    results = [OF_THE_PROCEDURE[reading]({reading.replace("-", "_"): name}) for name in names]
    assert all(one != other for i, one in enumerate(results) for other in results[:i]), dict(
        zip(names, results, strict=True)
    )
    assert OF_THE_PROCEDURE[reading]({}) == results[names.index(entry.default)]
