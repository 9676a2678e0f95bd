"""Which text judges what: editions by their days, transition clauses, rows by the day of the act, answers by name."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.errors import Invalid, LawUnclear
from domain.events.facts import FactRecorded
from domain.law.calendar import WorkingDays
from domain.law.edition import Configured, Edition, Row, Transition, Words
from domain.law.regime import Adopted, Choices, Fined, RegimeLaw, RowRule, period_of
from domain.time import Period
from domain.vocabulary import SubjectKind
from interfaces.files.shipped import shipped_calendars
from tests.support.deciding import JIAXING, NINGBO, NMG, day, edition, fact, law, law_of

OLDER, NEWER = "trial@1", "trial@2"


def with_row(id: str, points: int = -10, row: str = "B08", base: Edition | None = None, **fields: Any) -> Edition:
    """The shipped edition under another id, with other points of one row."""
    own = base or edition()
    rows = tuple(msgspec.structs.replace(r, points=Decimal(points)) if r.code == row else r for r in own.row)
    return msgspec.structs.replace(own, id=id, row=rows, **fields)


def clause(rule: Any = "old", what: Any = "acts", first: str | None = None, last: str | None = None) -> Transition:
    return Transition(
        from_edition=OLDER, what=what, rule=rule, cites=("art. 41",), words=Words(zh="过渡", en="transition"),
        applies_from=None if first is None else day(first), applies_until=None if last is None else day(last),
    )  # fmt: skip


def made(*editions: tuple[Edition, str | None, str | None], readings: dict[str, str] | None = None) -> RegimeLaw:
    """The law of editions, each in force from a day to a day; one without a first day was adopted by nobody."""
    adopted = [
        Adopted(
            edition=own,
            digest="",
            period=None if first is None else Period(day(first) if first else None, day(before) if before else None),
        )
        for own, first, before in editions
    ]
    return RegimeLaw(NMG, adopted, WorkingDays(shipped_calendars()), readings or {})


def two(*clauses: Transition, old: int = -10, new: int = -20, **fields: Any) -> RegimeLaw:
    """An edition in force from 2022 and one from 2024 on, with other points of one row."""
    newer = with_row(NEWER, new, transition=clauses, **fields)
    return made((with_row(OLDER, old), "2022-01-01", "2024-01-01"), (newer, "2024-01-01", None))


def points(own: RegimeLaw, act_on: str | None) -> Decimal | None:
    rule = own.row("B08", None if act_on is None else day(act_on))
    assert rule is not None
    return rule.amount


# --- which edition ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "id"),
    [("2021-12-31", None), ("2022-01-01", OLDER), ("2023-12-31", OLDER), ("2024-01-01", NEWER), ("2199-01-01", NEWER)],
)
def test_each_day_has_the_edition_in_force_and_none_before_the_first(on: str, id: str | None) -> None:
    found = two().on(day(on))
    assert (None if found is None else found.edition.id) == id
    assert two().force_on(day(on)) == ("not_in_force" if id is None else "in_force")


def test_an_edition_whose_beginning_nobody_knows_was_always_in_force() -> None:
    own = made((with_row(OLDER), "", "2024-01-01"), (with_row(NEWER), "2024-01-01", None))
    assert own.adopted[0].first == day("0001-01-01")
    assert [v.begun for v in own.views()] == [1, 2]


def test_a_draft_applies_where_nothing_was_adopted_and_to_nothing_beside_what_was() -> None:
    draft = made((with_row(OLDER), None, None))
    assert (draft.force_on(day("1999-01-01")), draft.on(day("1999-01-01"))) == ("draft", draft.adopted[0])
    beside = made((with_row(OLDER), "2022-01-01", None), (with_row(NEWER), None, None))
    assert [beside.force_on(day(on)) for on in ("2021-12-31", "2022-01-01")] == ["not_in_force", "in_force"]
    assert beside.only_rows is None
    found = beside.on(day("2024-06-03"))
    assert found is not None
    assert found.edition.id == OLDER


@pytest.mark.parametrize(
    ("before", "overlap"), [("2024-01-01", False), ("2024-01-02", True), ("2024-06-03", True), ("", True)]
)
def test_two_editions_may_meet_and_not_overlap(before: str, overlap: bool) -> None:
    editions = (with_row(NEWER), "2024-01-01", None), (with_row(OLDER), "2022-01-01", before or None)
    if not overlap:
        assert len(made(*editions).adopted) == 2
        return
    with pytest.raises(LawUnclear) as unclear:
        made(*editions)
    assert unclear.value.code == "editions_overlap"


@pytest.mark.parametrize(
    ("on", "begun", "id"),
    [("2021-12-31", 0, OLDER), ("2022-01-01", 1, OLDER), ("2023-12-31", 1, OLDER), ("2024-01-01", 2, NEWER)],
)
def test_a_day_sees_its_own_edition_and_no_clause_of_a_later_one(on: str, begun: int, id: str) -> None:
    seen = two(clause("new"), configured=Configured(label="良")).seen_on(day(on))
    assert (seen.begun, len(seen.moved)) == (begun, begun // 2)
    assert seen.configured.label == ("良" if id == NEWER else None)


def test_after_the_last_edition_has_ended_its_readings_are_still_those_of_the_newest() -> None:
    ended = made(
        (with_row(OLDER), "2022-01-01", "2023-01-01"),
        (with_row(NEWER, configured=Configured(label="良")), "2023-01-01", "2024-01-01"),
    )
    seen = ended.seen_on(day("2025-06-03"))
    assert (seen.begun, seen.configured.label) == (2, "良")


def test_one_edition_is_seen_alike_on_every_day_and_in_every_year() -> None:
    own = law()
    assert own.seen_on(day("1999-01-01")) is own
    assert own.of_year(1999) is own
    assert own.views() == (own,)


# --- rows by the day of the act ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("act_on", "amount"),
    [("2022-01-01", 10), ("2023-12-31", 10), ("2024-01-01", 20), ("2021-12-31", 20), (None, 20)],
)
def test_an_act_is_judged_by_the_edition_of_its_day_or_else_looked_up_in_the_newest(
    act_on: str | None, amount: int
) -> None:
    assert points(two(), act_on) == Decimal(amount)


@pytest.mark.parametrize(
    ("rule", "what", "act_on", "amount"),
    [
        ("new", "acts", "2023-12-31", 20),
        ("new", "both", "2023-12-31", 20),
        ("new", "years", "2023-12-31", 10),
        ("old", "acts", "2024-01-01", 10),
        ("old", "years", "2024-01-01", 20),
        ("lighter", "acts", "2023-12-31", 10),
        ("lighter", "acts", "2024-01-01", 10),
        ("new", "acts", "2021-12-31", 20),
    ],
)
def test_a_clause_names_the_edition_for_the_acts_it_covers(rule: str, what: str, act_on: str, amount: int) -> None:
    assert points(two(clause(rule, what)), act_on) == Decimal(amount)


@pytest.mark.parametrize(
    ("act_on", "amount"), [("2023-06-29", 10), ("2023-06-30", 20), ("2023-09-30", 20), ("2023-10-01", 10)]
)
def test_a_clause_covers_its_first_and_its_last_day(act_on: str, amount: int) -> None:
    assert points(two(clause("new", first="2023-06-30", last="2023-09-30")), act_on) == Decimal(amount)


@pytest.mark.parametrize(("old", "new", "amount"), [(-20, -10, 10), (-10, -20, 10), (-10, -10, 10)])
def test_the_lighter_row_is_that_of_fewer_points(old: int, new: int, amount: int) -> None:
    """从旧兼从轻."""
    assert points(two(clause("lighter"), old=old, new=new), "2023-06-30") == Decimal(amount)


def test_of_two_rows_that_weigh_the_same_the_older_stays() -> None:
    newer = tuple(msgspec.structs.replace(r, cites=("art. 99",)) if r.code == "B08" else r for r in edition().row)
    own = made(
        (with_row(OLDER), "2022-01-01", "2024-01-01"),
        (msgspec.structs.replace(edition(), id=NEWER, row=newer, transition=(clause("lighter"),)), "2024-01-01", None),
    )
    rule = own.row("B08", day("2024-06-03"))
    assert rule is not None
    assert rule.cites != ("art. 99",)


def test_any_direct_rating_weighs_more_than_any_points() -> None:
    def rated(id: str, **fields: Any) -> Edition:
        row = {"type": "grade", "points": None, "grade": "D"}
        rows = tuple(msgspec.structs.replace(r, **row) if r.code == "B08" else r for r in edition().row)
        return msgspec.structs.replace(edition(), id=id, row=rows, **fields)

    applies = ("2022-01-01", "2024-01-01"), ("2024-01-01", None)
    lighter = (clause("lighter"),)
    heavier_now = made((with_row(OLDER, -99), *applies[0]), (rated(NEWER, transition=lighter), *applies[1]))
    assert points(heavier_now, "2024-06-03") == Decimal(99)
    lighter_now = made((rated(OLDER), *applies[0]), (with_row(NEWER, -99, transition=lighter), *applies[1]))
    assert points(lighter_now, "2023-06-30") == Decimal(99)


def test_a_code_that_one_edition_lacks_leaves_the_older_one() -> None:
    without = tuple(r for r in edition().row if r.code != "B08")
    own = made(
        (msgspec.structs.replace(edition(), id=OLDER, row=without), "2022-01-01", "2024-01-01"),
        (with_row(NEWER, transition=(clause("lighter"),)), "2024-01-01", None),
    )
    assert own.row("B08", day("2024-06-03")) is None


def test_a_clause_about_an_edition_that_is_not_on_record_or_not_the_one_that_applies_moves_nothing() -> None:
    for id in ("trial@0", "trial@9"):
        unknown = msgspec.structs.replace(clause("old"), from_edition=id)
        assert points(two(unknown), "2024-06-03") == Decimal(20)
    third = with_row("trial@3", -30)
    own = made(
        (with_row(OLDER, -10), "2022-01-01", "2023-01-01"),
        (with_row(NEWER, -20, transition=(clause("old"),)), "2023-01-01", "2024-01-01"),
        (third, "2024-01-01", None),
    )
    assert [points(own, on) for on in ("2022-06-30", "2023-06-30", "2024-06-30")] == [10, 10, 30]


def test_what_a_record_names_no_row_for_and_what_was_done_before_any_edition_have_none() -> None:
    def row_of(record: FactRecorded) -> RowRule | None:
        return two().row_of(record)

    assert row_of(fact(row=None)) is None
    assert row_of(fact(decided_on=None)) is None
    assert row_of(fact(decided_on="2021-12-31")) is None
    found = row_of(fact(occurred_on="2023-12-31"))
    assert found is not None
    assert found.amount == Decimal(10)


def test_the_two_kinds_of_rows_that_need_a_look_beyond_the_fact_are_no_plain_ones() -> None:
    """Annex 1 B14, C11; I-19, I-27."""
    own = law()

    def what(code: str) -> tuple[bool, bool, bool, str]:
        rule = own.row(code, None)
        assert rule is not None
        return rule.is_plain, rule.special, rule.stands_alone, rule.effect

    assert what("B08") == (True, False, True, "-10")
    assert what("B14") == (False, True, False, "-20")
    assert what("C11") == (True, True, False, "-10")
    assert what("B03") == (False, False, False, "D")
    assert what("B12") == (False, False, False, "")
    assert what("P01") == (False, False, False, "1")


@pytest.mark.parametrize(
    ("at_least", "below", "fines"),
    [
        (None, "5000", [True, True, False, False]),
        ("5000", None, [False, False, True, True]),
        ("4999", "5001", [False, True, True, False]),
    ],
)
def test_a_row_is_for_fines_from_its_least_up_to_but_not_including_its_bound(
    at_least: str | None, below: str | None, fines: list[bool]
) -> None:
    own = Fined(*(None if end is None else Decimal(end) for end in (at_least, below)))
    assert [Decimal(fine) in own for fine in ("4998", "4999", "5000", "5001")] == fines
    assert "5000" not in own
    (rule,) = (r for r in edition().row if r.code == "B08")
    ends: dict[str, Any] = {"fined_at_least": own.at_least, "fined_below": own.below}
    assert RowRule(msgspec.structs.replace(rule, **ends)).fined == own
    assert RowRule(rule).fined is None


def test_the_rows_for_a_fine_are_those_of_the_edition_of_the_act_and_of_the_kind_of_subject() -> None:
    def fined(row: Row) -> Row:
        return msgspec.structs.replace(row, fined_below=Decimal(5000)) if row.code in ("B07", "P01") else row

    rows = tuple(map(fined, edition().row))
    own = made(
        (msgspec.structs.replace(edition(), id=OLDER, row=rows), "2022-01-01", "2024-01-01"),
        (with_row(NEWER), "2024-01-01", None),
    )
    assert own.rows_of_fine("agency", Decimal(4999), day("2023-12-31")) == ["B07"]
    assert own.rows_of_fine("practitioner", Decimal(4999), day("2023-12-31")) == ["P01"]
    assert own.rows_of_fine("agency", Decimal(5000), day("2023-12-31")) == []
    assert own.rows_of_fine("agency", Decimal(4999), day("2024-01-01")) == []
    assert own.rows_of_fine("agency", Decimal(4999), None) == []


# --- years ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "what", "year", "id"),
    [
        ("new", "years", 2023, NEWER),
        ("new", "acts", 2023, OLDER),
        ("old", "years", 2024, OLDER),
        ("old", "both", 2024, OLDER),
        ("old", "years", 2021, NEWER),
    ],
)
def test_a_clause_names_the_edition_for_the_years_it_covers(rule: str, what: str, year: int, id: str) -> None:
    own = two(clause(rule, what))
    assert own.edition_of(year).id == id
    assert (own.method_of_year("agency", year) is None) is (year == 2021)


@pytest.mark.parametrize(("last", "id"), [("2024-12-31", OLDER), ("2024-12-30", NEWER)])
def test_a_year_is_covered_by_its_last_day(last: str, id: str) -> None:
    assert two(clause("old", "years", last=last)).edition_of(2024).id == id


def test_a_clause_about_years_of_other_editions_moves_no_year() -> None:
    unknown = msgspec.structs.replace(clause("old", "years"), from_edition="trial@0")
    assert two(unknown).edition_of(2024).id == NEWER
    own = made(
        (with_row(OLDER), "2022-01-01", "2023-01-01"),
        (with_row(NEWER, transition=(clause("old", "years"),)), "2023-01-01", "2024-01-01"),
        (with_row("trial@3"), "2024-01-01", None),
    )
    assert [own.edition_of(year).id for year in (2022, 2023, 2024)] == [OLDER, OLDER, "trial@3"]


def test_nobody_is_graded_by_a_method_outside_of_every_edition_or_of_no_kind() -> None:
    own = two()
    assert own.method("agency", day("2021-12-31")) is None
    assert own.method(None, day("2024-06-03")) is None
    assert own.method("agency", day("2024-06-03")) is not None
    assert own.method_of_year(None, 2024) is None
    assert own.repairs("agency", day("2021-12-31")) is None
    assert own.deduction(day("2021-12-31")) is None
    assert own.counting(day("2021-12-31")) is None


def test_an_edition_is_read_by_the_answers_chosen_or_by_its_own() -> None:
    own = made(
        (with_row(OLDER), "2022-01-01", "2024-01-01"),
        (with_row(NEWER), "2024-01-01", None),
        readings={"I-04": "own_year"},
    )
    assert own.chosen_in(own.adopted[0].edition)["I-04"] == "own_year"
    assert own.under(Choices({"I-04": "x"})).chosen_in(own.adopted[1].edition)["I-04"] == "own_year"
    assert own.under(Choices({"I-04": "x"})).chosen_in(edition(JIAXING)) == {"I-04": "x"}
    assert law().under(Choices({"I-04": "x"})).chosen_in(edition()) == {"I-04": "x"}


# --- steps, periods, measures, grounds --------------------------------------------------------------------------


def test_steps_and_periods_are_found_by_their_name_and_for_the_kind_of_subject() -> None:
    own = law()
    kinds: tuple[SubjectKind, ...] = ("agency", "practitioner")
    for of in kinds:
        stage, rule = own.stage_rule("proposal", of, 2024), own.deadline_rule("objection", of, 2024)
        assert stage is not None
        assert rule is not None
        assert (stage.stage, stage.of, rule.kind, rule.of) == ("proposal", of, "objection", of)
    assert own.stage_rule("rating", "agency", 2024) is None
    assert own.deadline_rule("publication", "practitioner", 2024) is None
    assert own.deadline_rule("nothing", "agency", 2024) is None


def test_a_period_that_a_bureau_is_to_fix_is_none_until_it_has() -> None:
    """Ningbo art. 9, N-04."""

    def kinds(own: RegimeLaw) -> dict[str, int | None]:
        return {rule.kind: rule.working_days for rule in own.deadline_rules(2024)}

    assert kinds(law(NINGBO))["publicity"] == 5
    assert "publicity" not in kinds(law(NINGBO, N_04="configured"))
    given = msgspec.structs.replace(edition(NINGBO).configured, periods={"publicity": 7})
    own = law_of(msgspec.structs.replace(edition(NINGBO), configured=given), N_04="configured")
    assert kinds(own)["publicity"] == 7
    assert "objection_decision" not in kinds(own)
    assert kinds(law_of(msgspec.structs.replace(edition(NINGBO), configured=given)))["publicity"] == 5


def test_periods_are_those_of_the_choices_that_are_asked_about_whatever_was_asked_before() -> None:
    """Ningbo art. 9, N-04."""
    own = law(NINGBO)
    other = own.under(Choices({"N-04": "configured"}))
    for _ in range(2):
        rule = own.deadline_rule("publicity", "agency", 2024)
        assert rule is not None
        assert rule in own.deadlines_from(rule.starts, "agency", 2024)
        assert other.deadline_rule("publicity", "agency", 2024) is None
        assert rule not in other.deadlines_from(rule.starts, "agency", 2024)


def test_a_year_has_the_edition_and_the_periods_of_the_day_on_which_the_law_is_seen() -> None:
    """The clause of the newer edition is not known on a day before it."""
    later = tuple(msgspec.structs.replace(d, working_days=9) if d.kind == "report" else d for d in edition().deadline)
    own = two(clause("old", "years"), deadline=later)
    before = own.seen_on(day("2023-06-01"))
    for _ in range(2):
        for seen, id, days in ((own, OLDER, 20), (before, NEWER, 9)):
            rule = seen.deadline_rule("report", "agency", 2024)
            assert rule is not None
            assert (seen.edition_of(2024).id, rule.working_days) == (id, days)
            assert rule in seen.deadlines_from("notice", "agency", 2024)


def test_measures_follow_from_grade_and_kind_on_a_day_on_which_an_edition_applies() -> None:
    """Arts. 35, 36, 38."""
    on = day("2024-06-03")
    assert law().measures("agency", "C", on) != law().measures("agency", "D", on)
    assert {m.of for m in law().measures("practitioner", "D", on)} == {"practitioner"}
    assert law().measures("practitioner", "C", on) == ()
    assert two().measures("agency", "C", day("2021-12-31")) == ()


@pytest.mark.parametrize(("risk", "sampled"), [("low", True), ("medium", False), (None, False)])
def test_sampling_departs_from_the_usual_with_the_risk_under_the_reading_that_says_so(
    risk: str | None, sampled: bool
) -> None:
    """Jiaxing para. 19, J-08."""
    on = day("2024-06-03")
    found = law(JIAXING, J_08="with_risk").measures("agency", "A", on, risk)
    assert any(m.kind == "sampling" for m in found) is sampled
    assert any(m.kind == "sampling" for m in law(JIAXING).measures("agency", "A", on, risk))


def test_a_measure_that_an_answer_brings_applies_under_that_answer_alone() -> None:
    """Lianyungang II(3), II(4); L-07."""
    own = edition("lianyungang.supervision")
    under = [m for m in own.measure if m.under is not None]
    assert under
    for measure in under:
        for answer, applies in (("all_three", True), ("aaa", False), ("zzz", False)):
            known = law_of(own).under(Choices({"L-07": answer}))
            found = known.measures(measure.of, measure.grade, day("2024-06-03"))
            assert (measure.cites in [m.cites for m in found]) is applies


# --- answers ----------------------------------------------------------------------------------------------------

ANSWERS = {
    "configured_label": "I-01:configured_label",
    "no_floor": "I-02:no_floor",
    "literal_chain": "I-03:literal_chain",
    "own_year": "I-04:own_year",
    "penalty_by_decision": "I-06:decision_date J-05:decision_date",
    "points_wait": "I-06:points_wait",
    "deduct_at_once": "I-07:deduct_at_once",
    "public_follows": "I-09:all",
    "heaviest_only": "I-11:heaviest_only",
    "configured_points": "I-12:configured_points",
    "per_city": "I-13:per_city",
    "configured_months": "I-15:configured_months",
    "year_end": "I-17:year_end",
    "articles_only": "I-18:articles_only",
    "falsification_always_d": "I-19:always_d",
    "strict_completion": "I-21:strict",
    "bar_permanent": "I-22:permanent",
    "staff_d_rated": "I-27:d_rated",
    "reopens_itself": "I-28:automatic",
    "letter_to_employer": "I-29:person_and_employer",
    "verified_penalty": "N-10:decision_date",
    "late_on_merits": "I-31:merits",
    "repairs_as_read": "I-32:as_it_reads",
    "outside_agencies": "J-01:evaluated",
    "uncapped": "J-02:uncapped",
    "risk_by_weights": "J-03:weights",
    "list_removal": "J-04:list_removal",
    "review_uncapped": "J-06:no_cap",
    "sampling_by_risk": "J-08:with_risk",
    "warned_once": "I-37:once",
    "repair_of_published": "I-38:in_result",
    "repair_of_named_facts": "I-39:named_facts",
    "civil_code_periods": "I-36:civil_code E-10:civil_code L-10:civil_code W-10:civil_code",
}
UNLESS_ANSWERED = {
    "freeze": "I-20:freeze",
    "repeat_bars_application": "I-30:before_application",
    "national_repair_raises": "I-33:raises",
    "late_repair_raises": "I-34:from_recording",
}


@pytest.mark.parametrize(("name", "answers"), [*ANSWERS.items(), *UNLESS_ANSWERED.items()])
def test_each_question_is_answered_by_its_own_reading_and_no_other_value_of_it(name: str, answers: str) -> None:
    assert Choices({}).answer(name) is (name in UNLESS_ANSWERED)
    for answer in answers.split():
        id, _, value = answer.partition(":")
        chosen = [Choices({id: other}).answer(name) for other in (value, "a", "~")]
        assert chosen == [True, False, False]


def test_readings_that_no_edition_on_record_knows_are_refused() -> None:
    with pytest.raises(Invalid):
        law(I_99="x")
    with pytest.raises(Invalid):
        law(I_04="x")
    assert two().readings == {}


def test_the_last_day_of_an_adoption_is_the_one_before_its_period_ends() -> None:
    assert period_of(day("2024-01-01"), day("2024-12-31")) == Period(day("2024-01-01"), day("2025-01-01"))
