"""The edition nmg.third_party@draft says what the Inner Mongolia draft says: rows, figures, readings."""

from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from domain.law.edition import Counting, DeadlineRule, Deduction, Edition, Measure, Reading, Row, StageRule, Words
from domain.law.lint import lint
from interfaces.files.shipped import ShippedEdition, shipped_editions
from tools.editions_lock import RULEBOOK, digests, locked_editions

D = "D"
SAME = "as the client"
COUNTS = "counts"

ANNEX_1: dict[str, int | str] = {
    "B01": D,
    "B02a": D,
    "B02b": D,
    "B02c": D,
    "B02d": D,
    "B03": D,
    "B04": D,
    "B05": D,
    "B06": D,
    "B07": -10,
    "B08": -10,
    "B09": -5,
    "B10": -5,
    "B11": -10,
    "B12": SAME,
    "B13": D,
    "B14": -20,
    "C01": SAME,
    "C02": D,
    "C03": -5,
    "C04": -5,
    "C05": -5,
    "C06": -30,
    "C07": D,
    "C08": D,
    "C09": D,
    "C10": D,
    "C11": -10,
}
ANNEX_2 = {"P01": COUNTS, "P02": COUNTS, "P03": COUNTS, "P04": COUNTS, "P05": D, "P06": D}
ARTICLE_18 = {f"S{number:02}": D for number in range(1, 13)}

REGISTER = """
I-01 none, configured_label · I-02 floor_zero, no_floor · I-03 open_deductions, literal_chain ·
I-04 at_confirmation, own_year · I-05 two_steps · I-06 finality, decision_date, points_wait ·
I-07 suspended, deduct_at_once ·
I-08 until_repair, evaluation_year, act_of_any_year, list_period · I-09 by_adjustment, all ·
I-10 until_good_result · I-11 cumulate, heaviest_only · I-12 no_points, configured_points ·
I-13 one_ledger, per_city · I-14 no_window, calendar_year, twelve_months · I-15 none, configured_months ·
I-16 authority, system, aggregate · I-17 until_repair, year_end · I-18 union, articles_only ·
I-19 annex, always_d · I-20 freeze, roster_only · I-21 before_step, strict · I-22 by_finding, permanent ·
I-23 no_row · I-24 own_determination · I-25 corrected · I-26 full_amount, proportional, follow_repair ·
I-27 any_fact, d_rated · I-28 by_decision, automatic · I-29 person, person_and_employer ·
I-30 before_application, not_applied · I-31 inadmissible, merits ·
I-32 as_held, as_it_reads · I-33 raises, not_raised · I-34 from_recording, by_decision ·
I-36 corresponding_day, civil_code · I-37 admitted, once · I-38 admitted, in_result · I-39 rating, named_facts ·
I-46 next_step, configured
"""


@pytest.fixture(scope="module")
def edition() -> Edition:
    return next(s.edition for s in shipped_editions() if s.edition.id == "nmg.third_party@draft")


@pytest.fixture(scope="module")
def rows(edition: Edition) -> dict[str, Row]:
    return {row.code: row for row in edition.row}


@pytest.fixture(scope="module")
def register(edition: Edition) -> dict[str, Reading]:
    return {reading.id: reading for reading in edition.reading}


def value(row: Row) -> int | str:
    """What the standard puts in the last column of the row."""
    match row.type:
        case "points" if row.points is not None:
            assert row.points == int(row.points)
            return int(row.points)
        case "grade" if row.grade is not None:
            return row.grade
        case "linked":
            return SAME
        case "count":
            return COUNTS
        case _:
            raise AssertionError(row)


def test_every_row_of_the_annexes_and_of_article_18_stands_in_the_edition_with_its_value(
    rows: dict[str, Row],
) -> None:
    assert {code: value(row) for code, row in rows.items()} == ANNEX_1 | ARTICLE_18 | ANNEX_2


def test_annex_1_has_twelve_rows_with_d_eleven_with_points_and_two_linked_ones(rows: dict[str, Row]) -> None:
    # B02 is one row of the annex with four triggers.
    annex_1 = {code[:3]: value(row) for code, row in rows.items() if code in ANNEX_1}
    assert len(annex_1) == 25
    assert Counter(annex_1.values()) == {D: 12, -5: 5, -10: 4, -20: 1, -30: 1, SAME: 2}


def test_practitioners_have_the_rows_of_annex_2_and_agencies_all_others(rows: dict[str, Row]) -> None:
    assert {code for code, row in rows.items() if row.kind == "practitioner"} == set(ANNEX_2)


def test_scores_of_75_have_no_adverse_grade_scores_from_60_are_c_and_those_below_60_are_d(
    edition: Edition,
) -> None:
    method = edition.methods["agency"]
    assert isinstance(method, Deduction)
    figures = (Decimal(100), Decimal(0), Decimal(100))
    assert (method.initial, method.floor, method.cap) == figures
    assert method.direct_grade == D
    assert {b.grade: (b.at_least, b.below) for b in method.bands} == {
        "N": (75, None),
        "C": (60, 75),
        "D": (None, 60),
    }
    assert all(isinstance(b.below, Decimal | None) for b in method.bands)
    assert method.cites == ("art. 16",)


def test_two_general_breaches_in_a_year_make_a_dishonest_individual(edition: Edition) -> None:
    method = edition.methods["practitioner"]
    assert isinstance(method, Counting)
    assert (method.count, method.grade, method.otherwise, method.cites) == (2, D, "N", ("art. 17",))


def test_a_penalty_counts_from_its_finality_falsification_only_where_it_rests_on_one(
    rows: dict[str, Row],
) -> None:
    other = {code: row.counts_from for code, row in rows.items() if row.counts_from != "decided_on"}
    assert other == {"B11": "finality", "B06": "finality_if_penalty", "S10": "finality_if_penalty"}
    assert "art. 13(1)" in rows["B11"].cites


def test_some_rows_ask_for_the_decision_of_a_certain_authority(rows: dict[str, Row]) -> None:
    assert {code: row.authorities for code, row in rows.items() if row.authorities} == {
        "B05": ("AUD", "DIS"),
        "S09": ("AUD", "DIS"),
        "B06": ("MSA", "region:EEB"),
        "S10": ("MSA", "region:EEB"),
        "B13": ("region:EEB",),
    }


def test_category_rows_are_for_agencies_of_that_category(rows: dict[str, Row]) -> None:
    assert {code: row.services for code, row in rows.items() if row.services} == {
        "C01": ("treatment", "operation"),
        **dict.fromkeys(("C02", "C03", "C04", "C05"), ("monitoring",)),
        **dict.fromkeys(("C06", "C07", "C08"), ("eia",)),
        **dict.fromkeys(("C09", "C10"), ("information_system",)),
        "C11": ("carbon_verification",),
    }


def test_d_rows_of_an_annex_alone_and_the_blank_cell_p04_do_not_stand_in_the_articles(
    rows: dict[str, Row],
) -> None:
    annex_only = {code for code, row in rows.items() if not row.in_articles}
    assert annex_only == {"B02b", "B02c", "B02d", "B13", "C02", "C10", "P04"}
    assert {code for code, row in rows.items() if "I-18" in row.readings} == annex_only


def test_an_act_that_meets_an_article_and_a_row_may_be_recorded_under_either(rows: dict[str, Row]) -> None:
    assert {code: row.same_as for code, row in rows.items() if row.same_as and code[0] == "S"} == {
        "S01": ("B01",),
        "S02": ("C07",),
        "S03": ("C08",),
        "S04": ("B02a",),
        "S05": ("B03",),
        "S06": ("C09",),
        "S08": ("B04",),
        "S09": ("B05",),
        "S10": ("B06",),
    }


def test_three_staff_with_bad_records_bring_about_b14_for_the_year(edition: Edition, rows: dict[str, Row]) -> None:
    assert edition.staff is not None
    assert (edition.staff.row, edition.staff.persons) == ("B14", 3)
    assert [code for code, row in rows.items() if row.year_bound] == ["B14"]


def test_article_18_has_an_item_for_each_of_its_twelve_codes(rows: dict[str, Row]) -> None:
    items = ["(1)", *(f"(2){n}" for n in range(1, 8)), "(3)", "(4)", "(5)", "(6)"]
    assert [rows[code].cites for code in ARTICLE_18] == [(f"art. 18{item}",) for item in items]


@pytest.mark.parametrize(
    ("code", "cites"),
    [
        ("B08", ("art. 16", "annex 1")),
        ("B02a", ("art. 18(2)3", "annex 1")),
        ("C10", ("annex 1", "art. 16")),
        ("P01", ("art. 17", "annex 2")),
        ("P05", ("art. 19", "annex 2")),
        ("P06", ("art. 20", "annex 2")),
    ],
)
def test_the_provision_that_gives_the_effect_is_cited_first(
    rows: dict[str, Row], code: str, cites: tuple[str, ...]
) -> None:
    assert rows[code].cites == cites


def test_rows_name_the_readings_they_rest_on(rows: dict[str, Row]) -> None:
    def resting_on(reading: str) -> set[str]:
        return {code for code, row in rows.items() if reading in row.readings}

    assert resting_on("I-06") == {"B11", "B06", "S10", "C11"}
    assert resting_on("I-08") == {c for c, r in rows.items() if r.type == "grade" and r.kind == "agency"}
    assert resting_on("I-16") == {"P01", "P02", "P03", "P04"}
    assert resting_on("I-17") == {"P05", "P06"}
    assert resting_on("I-19") == {"C11"}
    assert resting_on("I-26") == {"B12", "C01"}
    assert resting_on("I-27") == {"B14"}


def test_the_register_holds_every_reading_with_its_values_default_first(register: dict[str, Reading]) -> None:
    expected = {}
    for entry in REGISTER.split("·"):
        number, _, names = entry.strip().partition(" ")
        expected[number] = [name.strip() for name in names.split(",")]
    assert {number: [v.name for v in r.values] for number, r in register.items()} == expected
    defaults = {number: names[0] for number, names in expected.items()}
    assert {number: r.default for number, r in register.items()} == defaults


def test_readings_that_move_the_running_track_are_marked(register: dict[str, Reading]) -> None:
    running = [1, 2, 3, 4, 6, 7, 8, 11, 12, 13, 15, 16, 17, 18, 19, 20, 26, 27, 32, 36, 39]
    assert [r.id for r in register.values() if r.running] == [f"I-{n:02}" for n in running]


def test_every_value_of_every_reading_can_be_applied(register: dict[str, Reading]) -> None:
    assert [(r.id, v.name) for r in register.values() for v in r.values if not v.available] == []


Length = tuple[str, int | str | None]


def length(rule: DeadlineRule) -> Length:
    """The one way in which the rule says how long the period is."""
    lengths: list[Length] = [("working days", rule.working_days), ("months", rule.months), ("by", rule.by)]
    (given,) = [each for each in lengths if each[1] is not None] or [("set by the bureau", None)]
    return given


def deadlines(edition: Edition, of: str) -> dict[str, tuple[str, Length, str, tuple[str, ...]]]:
    return {d.kind: (d.starts, length(d), d.actor, d.cites) for d in edition.deadline if d.of == of}


def test_the_periods_and_days_of_agencies_are_those_of_the_articles(edition: Edition) -> None:
    assert deadlines(edition, "agency") == {
        "notice": ("roster", ("by", "03-15"), "city_bureau", ("art. 22(1)",)),
        "report": ("notice", ("working days", 20), "participant", ("art. 25",)),
        "objection": ("proposal", ("working days", 5), "participant", ("art. 22(2)",)),
        "objection_decision": ("objection", ("by", "04-30"), "city_bureau", ("art. 22(2)",)),
        "publicity_start": ("roster", ("by", "04-30"), "city_bureau", ("art. 22(3)",)),
        "publicity": ("publicity", ("working days", 5), "city_bureau", ("art. 22(3)",)),
        "submission": ("roster", ("by", "05-15"), "city_bureau", ("art. 22(4)",)),
        "publication": ("roster", ("by", "06-05"), "region_department", ("art. 22(6)",)),
        "rectification": ("warning", ("set by the bureau", None), "participant", ("art. 27",)),
        "repair_decision": ("application", ("working days", 20), "city_bureau", ("art. 28(3)",)),
        "challenge": ("service", ("months", 6), "participant", ("art. 13(1)",)),
    }


def test_practitioners_have_their_own_days_and_no_publicity(edition: Edition) -> None:
    assert deadlines(edition, "practitioner") == {
        "notice": ("roster", ("by", "03-15"), "city_bureau", ("art. 23(1)",)),
        "report": ("notice", ("working days", 20), "participant", ("art. 25",)),
        "objection": ("proposal", ("working days", 5), "participant", ("art. 23(2)",)),
        "objection_decision": ("objection", ("by", "05-15"), "city_bureau", ("art. 23(2)",)),
        "submission": ("roster", ("by", "05-15"), "city_bureau", ("art. 23(2)",)),
        "rating": ("roster", ("by", "05-30"), "region_department", ("art. 23(4)",)),
        "repair_wait": ("rating", ("months", 12), "participant", ("art. 31",)),
        "repair_decision": ("application", ("working days", 20), "city_bureau", ("art. 31",)),
        "challenge": ("service", ("months", 6), "participant", ("art. 13(1)",)),
    }


def test_days_that_the_text_leaves_open_can_be_extended_and_only_participants_roll_off_rest_days(
    edition: Edition,
) -> None:
    assert {d.kind for d in edition.deadline if d.extendable} == {"objection_decision"}
    assert {d.kind for d in edition.deadline if d.rolls} == {"rectification", "challenge"}
    assert {d.actor for d in edition.deadline if d.rolls} == {"participant"}
    assert {(d.kind, d.warn_after) for d in edition.deadline if d.warn_after} == {("publicity_start", "04-25")}


def test_deadlines_name_the_readings_they_rest_on(edition: Edition) -> None:
    assert {(d.kind, d.readings) for d in edition.deadline if d.readings} == {
        ("objection", ("I-31",)),
        ("objection_decision", ("I-46",)),
        ("rectification", ("I-07",)),
        ("repair_wait", ("I-17",)),
        ("challenge", ("I-06",)),
        ("objection_decision", ("I-46",)),
    }


def steps(edition: Edition, of: str) -> list[tuple[str, tuple[str, ...]]]:
    return [(s.stage, s.cites) for s in sorted(edition.stage, key=lambda s: s.rank) if s.of == of]


def test_the_year_of_an_agency_goes_from_the_roster_to_the_push(edition: Edition) -> None:
    assert steps(edition, "agency") == [
        ("roster", ("art. 22(1)", "art. 7")),
        ("notice", ("art. 22(1)",)),
        ("report", ("art. 25", "art. 22(1)")),
        ("commitment", ("art. 22(1)", "annex 3")),
        ("proposal", ("art. 22(2)",)),
        ("confirmation", ("art. 22(2)",)),
        ("publicity", ("art. 22(3)",)),
        ("review", ("art. 22(4)",)),
        ("determination", ("art. 22(4)",)),
        ("submission", ("art. 22(4)",)),
        ("spot_check", ("art. 22(5)",)),
        ("return", ("art. 22(5)",)),
        ("publication", ("art. 22(6)",)),
        ("push", ("art. 22(7)", "art. 39")),
        ("reopening", ("art. 34",)),
    ]


def test_the_year_of_a_practitioner_ends_with_a_rating_that_only_the_person_is_told(edition: Edition) -> None:
    assert steps(edition, "practitioner") == [
        ("roster", ("art. 23(1)",)),
        ("notice", ("art. 23(1)",)),
        ("report", ("art. 25", "art. 23(1)")),
        ("proposal", ("art. 23(2)",)),
        ("confirmation", ("art. 23(2)",)),
        ("review", ("art. 23(2)",)),
        ("determination", ("art. 23(2)",)),
        ("submission", ("art. 23(2)",)),
        ("spot_check", ("art. 23(3)",)),
        ("return", ("art. 23(3)",)),
        ("rating", ("art. 23(4)",)),
        ("letter", ("art. 23(4)",)),
        ("reopening", ("art. 34",)),
    ]


def measures(edition: Edition, of: str, grade: str) -> dict[tuple[str, ...], str]:
    return {m.cites: m.words.en for m in edition.measure if (m.of, m.grade) == (of, grade)}


OF_ARTICLE_35 = {
    "art. 35(1)": "The projects it serves are checked more often",
    "art. 35(2)": "No part in awards that environment departments organise",
    "art. 35(3)": "Other restrictions for which the state or the region provides",
}
OF_ARTICLE_36 = {
    "art. 36(1)": "Barred from environmental and other subsidies, cleaner-production demonstrations and"
    " circular-economy pilots",
    "art. 36(2)": "Fewer credit points or a lower credit class in procurement, tendering and other public trading,"
    " as the law allows",
    "art. 36(3)": "Licence applications are reviewed closely, without simplified procedures such as commitment"
    " instead of proof",
    "art. 36(4)": "Limited in fiscal support and similar policies",
    "art. 36(5)": "Limited in the facilities of administration and public services",
    "art. 36(6)": "Joint measures with the bodies for qualification and accreditation and with associations",
    "art. 36(7)": "A negative opinion when other departments select for awards",
    "art. 36(8)": "Joint restraints on the responsible persons by the departments concerned, as the law allows",
}
OF_ARTICLE_38 = {
    "art. 38(1)": "A negative opinion when other departments select for awards",
    "art. 38(2)": "A negative opinion when environment departments select for awards",
    "art. 38(3)": "The environmental projects in which the person takes part are reviewed closely",
}


def test_a_d_unit_has_the_measures_of_a_c_unit_and_eight_more(edition: Edition) -> None:
    of_c: dict[tuple[str, ...], str] = {(cite, "art. 36"): said for cite, said in OF_ARTICLE_35.items()}
    of_its_own: dict[tuple[str, ...], str] = {(cite,): said for cite, said in OF_ARTICLE_36.items()}
    assert measures(edition, "agency", "C") == {(cite,): said for cite, said in OF_ARTICLE_35.items()}
    assert measures(edition, "agency", "D") == of_c | of_its_own
    assert measures(edition, "practitioner", "D") == {(cite,): said for cite, said in OF_ARTICLE_38.items()}
    assert len(edition.measure) == 3 + 3 + 8 + 3


def test_a_measure_of_both_grades_is_the_same_one(edition: Edition) -> None:
    by_name: dict[str, set[tuple[Words, Words | None]]] = {}
    for measure in edition.measure:
        by_name.setdefault(measure.cites[0], set()).add((measure.words, measure.legal_basis))
    assert {len(said) for said in by_name.values()} == {1}


def test_only_looking_more_closely_needs_no_provision_from_the_bureau(edition: Edition) -> None:
    assert {m.cites[0] for m in edition.measure if m.legal_basis} == {"art. 35(1)", "art. 38(3)"}
    assert edition.configured.legal_basis is None


def test_the_wrong_numbers_and_words_of_the_text_are_listed_with_how_they_are_read(edition: Edition) -> None:
    slips = {erratum.cites for erratum in edition.erratum}
    assert slips == {
        "art. 16",
        "art. 17",
        "art. 18(2)3",
        "art. 22(1)",
        "art. 28(2)",
        "art. 28(3)",
        "art. 36",
        "annex 1",
    }
    assert all("I-25" in erratum.readings for erratum in edition.erratum)


def test_every_article_is_encoded_cited_by_a_reading_or_listed_as_without_effect(edition: Edition) -> None:
    listed = {unencoded.cites for unencoded in edition.unencoded}
    parts: list[Row | Reading | StageRule | DeadlineRule | Measure] = [
        *edition.row,
        *edition.reading,
        *edition.stage,
        *edition.deadline,
        *edition.measure,
    ]
    cited = {cite for part in parts for cite in part.cites}
    touched = {cite.partition("(")[0] for cite in listed | cited}
    # What these say is done by the decisions themselves and needs no figure.
    in_code = {"art. 4", "art. 9", "art. 12", "art. 21", "art. 30", "art. 32"}
    assert {f"art. {n}" for n in range(1, 42)} - touched == in_code


def test_policy_definitions_and_classes_without_a_row_are_listed_as_without_effect(edition: Edition) -> None:
    listed = [unencoded.cites.removeprefix("art. ") for unencoded in edition.unencoded]
    without_effect = "1 2 6 7 8 10 13(2) 13(4) 13(5) 14 15(1) 15(2) 15(3) 15(5) 39 40 41"
    assert listed == without_effect.split()


def test_the_draft_is_undated_and_of_inner_mongolia(edition: Edition) -> None:
    assert edition.status == "draft"
    assert edition.regions == ("15",)
    assert (edition.published_on, edition.in_force_on, edition.until_on) == (None, None, None)


@pytest.mark.parametrize("shipped", shipped_editions(), ids=lambda s: s.head.id)
def test_every_shipped_edition_holds_together(shipped: ShippedEdition) -> None:
    edition = shipped.edition
    parent = next((s.edition for s in shipped_editions() if s.head.id == edition.parent), None)
    assert lint(edition, shipped.text, parent) == ()


def test_no_shipped_edition_has_changed_since_it_was_locked() -> None:
    """An edition is immutable: a change of the law is a new file with a new id and a new line in the lock."""
    rulebook = Path(__file__).parents[3] / RULEBOOK
    locked = locked_editions(rulebook)
    assert digests(rulebook) == locked, "run make derived, which locks what is new"
    assert sorted(s.digest for s in shipped_editions()) == sorted(locked.values())
