"""On which readings a grade hangs: cases whose decisive readings were found by hand, alone and in pairs."""

import datetime as dt
from typing import get_args

import msgspec
import pytest
from stdnum.cn import ric

from application.answering.grading import Question, Track
from application.answering.interpretations import Alone, Readings, ReadingsAnswer, UnderReadings
from domain.errors import Invalid, NotFound
from interfaces.files.shipped import shipped_editions
from interfaces.wording.interpretations import codes_of, told, verdict
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon
from tests.support.procedure import Procedure
from tests.support.world import REGIME, World

LEXICON = Lexicon(s.edition for s in shipped_editions() if s.edition.regime == "nmg.third_party")


def readings(
    world: World, as_of: str, track: Track = "running", subject: str = "A", chosen: dict[str, str] | None = None
) -> ReadingsAnswer:
    question = Question(subject=subject, regime=REGIME, as_of=dt.date.fromisoformat(as_of), readings=dict(chosen or {}))
    return Readings(world.journal, world.legislation, world.grading).answer(question, track)


def alone(found: ReadingsAnswer, reading: str, value: str) -> Alone:
    (line,) = [a for a in found.alternatives if (a.reading, a.value) == (reading, value)]
    return line


def together(found: ReadingsAnswer) -> list[tuple[str, ...]]:
    return [tuple(f"{a.reading}:{a.value}" for a in pair.readings) for pair in found.pairs]


def punished() -> World:
    """Three fines, decided and served on 10 April 2024; nobody knows yet whether they are challenged."""
    world = World()
    world.agency()
    for fact in ("f1", "f2", "f3"):
        world.fact("2024-04-10", "B11", fact, served_on="2024-04-10")
    return world


def held_back() -> Procedure:
    """Three times −10: one open, one rectified in its year (which ends the deduction by I-03 and I-04 alike), one under
    a warning that still runs (I-07)."""
    world = Procedure()
    world.agency()
    for fact in ("f1", "f2", "f3"):
        world.fact("2024-03-12", "B08", fact)
    world.rectified("2024-05-06", "f2")
    world.warned("2024-05-07", "f3", due_on="2024-08-30")
    return world


# --- one reading alone -----------------------------------------------------------------------------------------------


def test_a_grade_before_finality_hangs_on_when_a_penalty_counts() -> None:
    found = readings(punished(), "2024-06-01")
    assert found.now == UnderReadings(score="100", grade="N", risk=None, undetermined=None)
    assert (found.decisive, found.stands, together(found)) == (("I-06",), False, [])
    line = alone(found, "I-06", "decision_date")
    assert (line.under.score, line.under.grade, line.changes) == ("70", "C", True)
    assert (line.chosen, line.cites) == ("finality", ("art. 13(1)", "art. 18(4)"))


def test_after_finality_it_no_longer_does() -> None:
    found = readings(punished(), "2024-10-11")
    assert (found.now.score, found.now.grade) == ("70", "C")
    assert (found.decisive, found.stands) == ((), True)


def test_a_practitioner_punished_twice_by_one_department_hangs_on_what_departments_are() -> None:
    world = World()
    world.practitioner()
    world.fact("2024-03-04", "P01", "f1", subject="P")
    world.fact("2024-08-19", "P03", "f2", subject="P")
    found = readings(world, "2024-12-31", subject="P")
    assert (found.now.grade, found.decisive) == ("N", ("I-16",))
    assert {v: alone(found, "I-16", v).under.grade for v in ("system", "aggregate")} == {
        "system": "N",
        "aggregate": "D",
    }


def test_three_staff_with_one_fact_each_hang_on_what_a_bad_record_is() -> None:
    world = World()
    world.agency()
    world.fact("2024-03-12", "B08", "f0")
    for number in (1, 2, 3):
        body = f"11010519900101{number:03d}"
        world.practitioner(f"P{number}", body + ric.calc_check_digit(body + "0"))
        world.do("2023-02-01", "record_employment", subject="A", practitioner=f"P{number}", from_on="2023-02-01")
        world.fact("2024-04-15", "P01", f"p{number}", subject=f"P{number}")
    found = readings(world, "2024-12-31")
    assert (found.now.score, found.now.grade) == ("70", "C")
    assert "I-27" in found.decisive
    assert alone(found, "I-27", "d_rated").under == UnderReadings(score="90", grade="N", risk=None, undetermined=None)


def test_another_reading_chosen_turns_the_question_round() -> None:
    found = readings(punished(), "2024-06-01", chosen={"I-06": "decision_date"})
    assert (found.now.grade, found.decisive) == ("C", ("I-06",))
    assert (alone(found, "I-06", "finality").under.grade, alone(found, "I-06", "finality").chosen) == (
        "N",
        "decision_date",
    )


# --- two readings together -------------------------------------------------------------------------------------------


def test_two_readings_may_alter_together_what_neither_alters_alone() -> None:
    found = readings(held_back(), "2024-06-03")
    assert (found.now.score, found.now.grade) == ("90", "N")
    assert [alone(found, *r).under.score for r in (("I-04", "own_year"), ("I-07", "deduct_at_once"))] == ["80", "80"]
    assert (found.decisive, found.stands) == ((), False)
    assert together(found) == [("I-03:literal_chain", "I-07:deduct_at_once"), ("I-04:own_year", "I-07:deduct_at_once")]
    assert [(pair.under.score, pair.under.grade) for pair in found.pairs] == [("70", "C")] * 2


def test_once_the_warning_has_run_out_one_of_them_is_enough() -> None:
    found = readings(held_back(), "2025-01-01")
    assert (found.now.score, found.decisive, together(found)) == ("80", ("I-03",), [])


# --- what cannot be told ---------------------------------------------------------------------------------------------


def test_what_needs_a_table_of_the_bureau_is_told_as_such_and_changes_nothing() -> None:
    world = World()
    world.agency()
    found = readings(world, "2024-06-01")
    assert (found.stands, found.decisive, found.untold) == (True, (), ("I-01", "I-15"))
    line = alone(found, "I-01", "configured_label")
    assert (line.under.undetermined, line.under.grade, line.changes) == ("label_not_configured", None, False)


def test_every_alternative_of_the_register_is_answered_once() -> None:
    world = World()
    world.agency()
    register = next(s.edition.reading for s in shipped_editions() if s.edition.regime == REGIME)
    wanted = [(r.id, v.name) for r in register for v in r.values if v.available and v.name != r.default]
    assert [(a.reading, a.value) for a in readings(world, "2024-06-01").alternatives] == wanted


def test_an_unknown_subject_or_reading_is_refused() -> None:
    world = World()
    world.agency()
    with pytest.raises(NotFound):
        readings(world, "2024-06-01", subject="nobody")
    with pytest.raises(Invalid):
        readings(world, "2024-06-01", chosen={"I-99": "x"})


# --- the basis -------------------------------------------------------------------------------------------------------


def test_the_basis_is_that_of_the_grade_and_its_token_repeats_it() -> None:
    world = punished()
    found = readings(world, "2024-06-01")
    assert found.basis == world.grade("2024-06-01").basis
    again = world.grading.repeat(found.basis.token)
    assert (again.running.score, again.running.grade) == (found.now.score, found.now.grade)


# --- the other tracks ------------------------------------------------------------------------------------------------


def published(*facts: tuple[str, str, str]) -> Procedure:
    """The year 2024 published on 5 June 2025 with these facts (day, row, id)."""
    world = Procedure()
    world.agency()
    for fact in facts:
        world.fact(*fact)
    world.go()
    return world


def test_a_published_d_of_an_earlier_year_hangs_on_how_long_a_direct_d_lasts() -> None:
    world = published(("2023-05-08", "S12", "f1"))
    found = readings(world, "2025-06-10", "annual")
    assert (found.year, found.now.grade, found.decisive) == (2024, "D", ("I-08",))
    values = ("evaluation_year", "act_of_any_year", "list_period")
    assert [alone(found, "I-08", v).under.grade for v in values] == ["N", "N", "D"]
    assert readings(world, "2025-06-10", "public").decisive == ("I-08",)


def test_a_fact_recorded_after_the_publication_makes_the_year_hang_on_what_reopens_it() -> None:
    world = published(("2024-05-08", "B08", "f1"))
    for fact in ("f2", "f3"):
        world.do(
            "2025-07-01",
            "record_fact",
            subject="A",
            id=fact,
            regime=REGIME,
            row="B08",
            decided_on="2024-06-03",
            authority="150100-EEB",
            document=f"文书-{fact}",
        )
    found = readings(world, "2025-07-02", "annual")
    assert (found.now.score, found.now.grade, found.decisive) == ("90", "N", ("I-28",))
    assert (alone(found, "I-28", "automatic").under.score, alone(found, "I-28", "automatic").under.grade) == ("70", "C")
    public = readings(world, "2025-07-02", "public")
    # Year and register move together: what reopens the one moves the other.
    assert (public.now.grade, public.decisive) == ("N", ("I-09", "I-28"))
    assert {alone(public, *way).under.grade for way in (("I-09", "all"), ("I-28", "automatic"))} == {"C"}


def test_results_given_again_under_the_readings_of_the_day_are_the_recorded_ones() -> None:
    world = published(("2024-05-08", "B12", "f1"), ("2024-06-03", "B08", "f2"))
    world.fact("2024-06-20", "B07", "f3")
    world.apply("2025-07-01", "f2")
    world.confirm("2025-07-03")
    for day in ("2025-06-05", "2025-07-02", "2025-07-03", "2025-12-31"):
        answer = world.grade(day)
        assert answer.public is not None
        annual, public = readings(world, day, "annual").now, readings(world, day, "public").now
        assert (annual.score, annual.grade) == (answer.annual[0].score, answer.annual[0].grade)
        assert public.grade == answer.public.grade


def test_what_the_register_would_show_without_a_name_for_it_says_why() -> None:
    """Where the register follows every fact (I-09), and the bureau has set no label for the top band (I-01)."""
    found = readings(published(("2024-05-08", "B08", "f1")), "2025-07-01", "public", chosen={"I-09": "all"})
    line = alone(found, "I-01", "configured_label")
    assert (line.under.grade, line.under.undetermined) == (None, "label_not_configured")


@pytest.mark.slow
@pytest.mark.parametrize("track", get_args(Track))
def test_each_alternative_is_answered_as_if_it_were_chosen(track: Track) -> None:
    world = published(("2023-05-08", "S12", "f1"), ("2024-05-08", "B08", "f2"))
    world.fact("2025-06-20", "B08", "f3")
    for line in readings(world, "2025-07-01", track).alternatives:
        assert readings(world, "2025-07-01", track, chosen={line.reading: line.value}).now == line.under, line.value


def test_before_anything_is_published_there_is_nothing_to_hang_on_anything() -> None:
    world = punished()
    for track in ("annual", "public"):
        found = readings(world, "2024-06-01", track)
        assert (found.year, found.now.grade, found.decisive, found.pairs) == (None, None, (), ())


# --- words -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "zh",
            (
                "现为：100 分、无不良等级（N）。"
                "等级取决于解释项 I-06（行政处罚信息从哪一天起算）：其他解释中有改变等级的。"
                "解释项 I-01、I-15 的其他解释须待主管部门设定数值或者名称，现在无从比较。"
            ),
        ),
        (
            "en",
            (
                "Now: 100 points, evaluated, no adverse grade (N)."
                " The grade depends on I-06 (From which day a penalty counts): some other answers change it."
                " Nothing can be told of other answers to I-01, I-15 before the bureau has supplied its tables."
            ),
        ),
    ],
)
def test_the_sentence_names_what_the_grade_hangs_on(language: Language, says: str) -> None:
    assert verdict(readings(punished(), "2024-06-01"), language, LEXICON) == says


@pytest.mark.parametrize(
    ("language", "stands", "paired"),
    [
        (
            "zh",
            "除不能比较的以外，换用登记的其他解释，单独或两两并用，等级都不变。",
            "任一解释项单独换用，等级都不变；但有几组解释项须同时换用，等级才会不同：I-03 + I-07、I-04 + I-07。",
        ),
        (
            "en",
            (
                "Apart from what cannot be compared, the grade stands under every other reading on the register,"
                " alone and in pairs."
            ),
            (
                "The grade stands under every other answer alone, but changes under two other answers together:"
                " I-03 + I-07, I-04 + I-07."
            ),
        ),
    ],
)
def test_it_says_so_when_the_grade_stands_and_when_it_takes_two(language: Language, stands: str, paired: str) -> None:
    assert stands in verdict(readings(punished(), "2024-10-11"), language, LEXICON)
    assert paired in verdict(readings(held_back(), "2024-06-03"), language, LEXICON)


def test_no_grade_is_said_to_stand_where_no_reading_can_be_compared() -> None:
    found = readings(punished(), "2024-10-11")
    untold = tuple(a for a in found.alternatives if a.under.lacks_table)
    only_untold = msgspec.structs.replace(found, alternatives=untold)
    assert verdict(only_untold, "zh", LEXICON, with_result=False) == (
        "解释项 I-15 的其他解释须待主管部门设定数值或者名称，现在无从比较。"
    )


def test_every_alternative_and_every_part_of_a_pair_has_its_words_in_both_languages() -> None:
    found = readings(held_back(), "2024-06-03")
    for language, issue in (
        ("zh", "整改经确认后，截止的是哪一部分扣分"),
        ("en", "What a confirmed rectification ends"),
    ):
        answer = told(found, language, LEXICON)  # type: ignore[arg-type]
        assert all(a.issue and a.answer for a in answer.alternatives)
        assert answer.pairs[1].readings[0].issue == issue
        assert answer.sentence
    assert codes_of(found, "en", LEXICON)["grade:C"] == "cautioned unit (C)"
    assert "undetermined:label_not_configured" in codes_of(found, "zh", LEXICON)
