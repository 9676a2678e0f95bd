"""A running account on each side of its days: opened, points off for a while, what a commitment and a pioneer give.

The measures of Jiangsu (苏环规〔2019〕5号); Lianyungang II(2), II(5); L-01 to L-05.
"""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent
from domain.events.evaluation import RecordRetracted, ScopeSuspended
from domain.events.facts import FactRecorded, FactRetracted, FactSetAside, NationalRepairRecorded
from domain.events.participation import CommitmentFiled, ParticipantIncluded, PioneerRecognised, RecordNoticeServed
from domain.grading.ledger import assess, notice_served_on, opened_on, turning_days, why_outside
from domain.grading.method import counts_from
from domain.grading.step import Assessment, Step
from domain.law.edition import Configured, Ledger
from domain.law.regime import RegimeLaw
from tests.support.deciding import AGENCY, JIANGSU, but, dated, day, edition, fact, given, law, law_of, of

INCLUDED: ParticipantIncluded = of(ParticipantIncluded, record="i1", regime=JIANGSU, dated_on="2024-01-08")
COMMITTED: CommitmentFiled = of(CommitmentFiled, record="c1", regime=JIANGSU, dated_on="2024-02-01")
PIONEER: PioneerRecognised = of(PioneerRecognised, record="p1", regime=JIANGSU, dated_on="2024-02-01")


def penalty(
    decided_on: str | None = "2024-05-06", row: str | None = "JS-FINE", id: str = "f1", **fields: Any
) -> FactRecorded:
    """A fine of May 2024: three points, from fifteen days after it on, for six months."""
    return fact(id, regime=JIANGSU, row=row, decided_on=decided_on, authority="320700-EEB", **fields)


def method(own: RegimeLaw) -> Ledger:
    found = own.adopted[-1].edition.methods["agency"]
    assert isinstance(found, Ledger)
    return found


def running(*events: CaseEvent, on: str, own: RegimeLaw | None = None) -> Assessment:
    known = own or law(JIANGSU)
    return assess(given(INCLUDED, *events), known, day(on), method(known))


def told(*events: CaseEvent, on: str, own: RegimeLaw | None = None) -> tuple[str | None, str | None]:
    found = running(*events, on=on, own=own)
    return found.score, found.grade


def step(*events: CaseEvent, on: str, own: RegimeLaw | None = None) -> Step:
    (found,) = (s for s in running(*events, on=on, own=own).steps if s.fact == "f1")
    return found


def annulled(on: str, effect: str = "prospective") -> FactSetAside:
    event: FactSetAside = of(
        FactSetAside, fact="f1", decided_on=on, authority="320700-CRT", document="判决", effect=effect
    )
    return event


# --- the account (L-01) -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "score"), [("2024-01-07", None), ("2024-01-08", "9")])
def test_the_account_is_open_from_the_day_on_which_the_subject_is_included(on: str, score: str | None) -> None:
    found = running(on=on)
    assert (found.score, found.undetermined) == (score, None if score else "outside_scope")


def test_of_two_inclusions_the_first_opens_it_and_none_of_another_regime() -> None:
    own = law(JIANGSU)
    case = given(but(INCLUDED, record="i2", dated_on="2024-02-01"), INCLUDED)
    assert opened_on(case, own, method(own)) == day("2024-01-08")
    assert opened_on(given(), own, method(own)) is None
    for regime in ("a.regime", "z.regime"):
        assert opened_on(given(but(INCLUDED, regime=regime)), own, method(own)) is None


def test_who_has_an_account_hangs_on_the_reading() -> None:
    filed, nobody = law(JIANGSU, L_01="all_filed"), law(JIANGSU, L_01="none")
    case = dated(AGENCY, ("2024-02-01", INCLUDED))
    assert opened_on(case, filed, method(filed)) == day("1970-01-01")
    assert opened_on(case, nobody, method(nobody)) is None
    assert why_outside(nobody, method(nobody)) == "nobody_listed"
    assert why_outside(law(JIANGSU), method(law(JIANGSU))) == "not_listed"
    everybody = msgspec.structs.replace(method(law(JIANGSU)), participants_only=False)
    assert why_outside(law(JIANGSU), everybody) == "no_file_yet"
    assert opened_on(case, law(JIANGSU), everybody) == day("1970-01-01")


def test_what_arose_before_the_account_was_opened_takes_no_points() -> None:
    assert step(penalty("2024-01-07"), on="2024-02-01").reason == "outside_scope"
    assert step(penalty("2024-01-08"), on="2024-02-01").reason is None


# --- points (L-03, L-04, L-05) ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "score", "reason"),
    [
        ("2024-05-20", "9", "not_yet_effective"),
        ("2024-05-21", "6", None),
        ("2024-11-20", "6", None),
        ("2024-11-21", "9", "ended"),
    ],
)
def test_points_are_off_from_fifteen_days_after_to_the_day_before_their_validity_is_over(
    on: str, score: str, reason: str | None
) -> None:
    assert (told(penalty(), on=on)[0], step(penalty(), on=on).reason) == (score, reason)


def test_without_the_lag_they_are_off_at_once() -> None:
    assert told(penalty(), on="2024-05-06", own=law(JIANGSU, L_03="lag_0"))[0] == "6"


@pytest.mark.parametrize(
    ("event", "own", "on"),
    [
        (penalty(), law(JIANGSU), "2024-05-21"),
        (penalty(), law(JIANGSU, L_03="lag_0"), "2024-05-06"),
        (fact(), law(), "2024-05-06"),
        (fact(row="B11"), law(), None),
    ],
    ids=["an account", "an account without the lag", "no account", "not final"],
)
def test_a_fact_is_told_to_count_from_the_end_of_the_lag_where_there_is_an_account(
    event: FactRecorded, own: RegimeLaw, on: str | None
) -> None:
    case = given(event)
    file = case.facts["f1"]
    rule = own.row_of(file.record)
    assert rule is not None
    assert counts_from(case, file, rule, own) == (None if on is None else day(on))


def test_the_score_has_a_cap_and_a_floor_under_the_reading_that_gives_one() -> None:
    many = [penalty(id=f"f{n}") for n in range(1, 5)]
    assert told(*many, on="2024-06-03") == ("-3", "black")
    assert told(*many, on="2024-06-03", own=law(JIANGSU, L_04="floor_zero")) == ("0", "black")
    assert told(*many[:3], on="2024-06-03") == ("0", "black")
    assert told(*many[:3], on="2024-06-03", own=law(JIANGSU, L_04="floor_zero")) == ("0", "black")


@pytest.mark.parametrize(
    ("points", "grade", "colour"),
    [(0, "blue", "blue"), (3, "blue", "blue"), (4, "yellow", "yellow"), (7, "red", "red"), (9, "black", "black")],
)
def test_the_colour_is_that_of_the_band(points: int, grade: str, colour: str) -> None:
    found = running(penalty(row="JS-STOP", points=Decimal(points)), on="2024-06-03")
    assert (found.grade, found.colour, found.deducted) == (grade, colour, str(points))


def test_points_that_nobody_knows_leave_the_account_open() -> None:
    """L-05: never a guess; the table of the bureau says them where the document does not."""
    unknown = penalty(row="JS-STOP")
    found = running(unknown, on="2024-06-03")
    assert (found.score, found.undetermined, step(unknown, on="2024-06-03").reason) == (
        None, "points_not_configured", "pending_manual",
    )  # fmt: skip
    table = Configured(points={"JS-STOP": Decimal(-2)})
    own = law_of(msgspec.structs.replace(edition(JIANGSU), configured=table))
    assert told(unknown, on="2024-06-03", own=own)[0] == "7"
    assert told(penalty(row="JS-STOP", points=Decimal(4)), on="2024-06-03", own=own)[0] == "5"
    assert running(unknown, on="2024-05-20").undetermined is None


def test_a_validity_that_the_bureau_sets_goes_before_that_of_the_row() -> None:
    own = law_of(msgspec.structs.replace(edition(JIANGSU), configured=Configured(validity_months={"JS-FINE": 12})))
    assert step(penalty(), on="2024-06-03", own=own).ends_on == day("2025-05-21")
    assert step(penalty(row="JS-WARNING"), on="2024-06-03", own=own).ends_on is None


# --- what ends them ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "reason"), [("2024-06-02", None), ("2024-06-03", "set_aside")])
def test_an_annulment_gives_them_back_on_its_day_or_from_the_beginning(on: str, reason: str | None) -> None:
    assert step(penalty(), annulled("2024-06-03"), on=on).reason == reason
    assert step(penalty(), annulled("2024-06-03", "ab_initio"), on=on).reason == "set_aside"
    assert step(penalty(), FactRetracted(fact="f1", reason="误录"), on=on).reason == "retracted"
    assert step(penalty(), annulled("2024-12-02"), on="2024-11-21").reason == "ended"


@pytest.mark.parametrize(("granted_on", "reason"), [("2026-03-31", None), ("2026-04-01", "nationally_repaired")])
def test_a_national_repair_does_since_april_2026(granted_on: str, reason: str | None) -> None:
    """NDRC Order 36."""
    repaired: NationalRepairRecorded = of(NationalRepairRecorded, fact="f1", granted_on=granted_on, document="国修")
    assert step(penalty("2026-02-02"), repaired, on="2026-05-06").reason == reason


@pytest.mark.parametrize(("on", "outside"), [("2024-06-02", False), ("2024-06-03", True)])
def test_outside_the_evaluation_nothing_counts(on: str, outside: bool) -> None:
    out: ScopeSuspended = of(ScopeSuspended, regime=JIANGSU, dated_on="2024-06-03", reason="立案")
    admitting = msgspec.structs.replace(edition(JIANGSU), admits=("suspend_scope",))
    found = running(penalty(), out, on=on, own=law_of(admitting))
    assert (found.undetermined == "outside_scope") is outside


@pytest.mark.parametrize("regime", ["a.regime", "z.regime"])
def test_facts_of_another_regime_are_no_lines(regime: str) -> None:
    assert running(but(penalty(), regime=regime), on="2024-06-03").steps == ()


# --- the record notice (II(2), L-02) ----------------------------------------------------------------------------


def served(on: str, id: str = "n1", about: str = "f1") -> RecordNoticeServed:
    event: RecordNoticeServed = of(RecordNoticeServed, record=id, regime=JIANGSU, fact=about, dated_on=on, served_on=on)
    return event


def defect(*events: CaseEvent, on: str = "2024-06-03") -> Step | None:
    return next((s for s in running(penalty(), *events, on=on).steps if s.row == "record_notice"), None)


@pytest.mark.parametrize(
    ("served_on", "told_of"), [(None, True), ("2024-05-06", False), ("2024-05-07", True), ("2024-05-03", False)]
)
def test_a_penalty_without_its_notice_in_time_is_told_of(served_on: str | None, told_of: bool) -> None:
    found = defect(*([] if served_on is None else [served(served_on)]))
    assert (found is not None) is told_of
    if found is not None:
        assert (found.reason, found.ends_on) == ("notice_missing", None if served_on is None else day(served_on))


def test_it_is_told_of_from_the_day_of_the_penalty_and_not_of_what_is_void() -> None:
    assert defect(on="2024-05-05") is None
    assert defect(on="2024-05-06") is not None
    assert defect(FactRetracted(fact="f1", reason="误录")) is None


@pytest.mark.parametrize(("on", "reason"), [("2024-05-26", "suspended"), ("2024-05-27", None)])
def test_under_the_other_reading_the_points_wait_for_the_notice(on: str, reason: str | None) -> None:
    """L-02 ``suspended``."""
    own = law(JIANGSU, L_02="suspended")
    assert step(penalty(), served("2024-05-27"), on=on, own=own).reason == reason
    assert step(penalty(), on=on, own=own).reason == "suspended"
    assert step(penalty(), on=on).reason is None


def test_the_notice_is_served_on_the_earliest_day_on_record() -> None:
    case = given(penalty(record_notice_on="2024-05-20"), served("2024-05-27"), served("2024-05-13", "n2", "f2"))
    assert notice_served_on(case, case.facts["f1"], JIANGSU) == day("2024-05-20")
    later = given(penalty(), served("2024-05-27"), served("2024-05-13", "n2"))
    assert notice_served_on(later, later.facts["f1"], JIANGSU) == day("2024-05-13")


# --- commitment and pioneer -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("on", "score"), [("2024-01-31", "9"), ("2024-02-01", "10")])
def test_a_commitment_gives_its_point_from_its_day_on_and_once(on: str, score: str) -> None:
    assert told(COMMITTED, on=on)[0] == score
    assert told(COMMITTED, but(COMMITTED, record="c2"), on=on)[0] == score
    assert told(COMMITTED, RecordRetracted(record="c1", reason="误录"), on=on)[0] == "9"
    for regime in ("a.regime", "z.regime"):
        assert told(but(COMMITTED, regime=regime), on=on)[0] == "9"


def test_one_filed_before_the_account_was_open_gives_it_with_the_opening() -> None:
    early = but(COMMITTED, dated_on="2023-12-01")
    (found,) = running(early, on="2024-01-08").steps
    assert (found.effective_on, found.counted) == (day("2024-01-08"), True)
    told_of = [s.reason for s in running(COMMITTED, but(COMMITTED, record="c2"), on="2024-02-01").steps]
    assert told_of == [None, "once_only"]


@pytest.mark.parametrize(
    ("on", "grade"), [("2024-01-31", "blue"), ("2024-02-01", "green"), ("2024-05-20", "green"), ("2024-05-21", "blue")]
)
def test_a_pioneer_is_green_until_the_first_deduction_counts(on: str, grade: str) -> None:
    assert told(PIONEER, penalty(), on=on)[1] == grade


@pytest.mark.parametrize(("ends_on", "grade"), [("2024-02-01", "green"), ("2024-02-02", "blue")])
def test_what_was_over_by_the_day_of_recognition_is_no_breach_of_a_pioneer(ends_on: str, grade: str) -> None:
    assert told(penalty("2024-01-08"), annulled(ends_on), PIONEER, on="2024-03-01")[1] == grade


def test_what_ended_before_it_counted_was_never_a_breach() -> None:
    assert told(PIONEER, penalty(), annulled("2024-05-21"), on="2024-06-03")[1] == "green"
    assert told(PIONEER, penalty(), annulled("2024-05-22"), on="2024-06-03")[1] == "blue"
    assert told(PIONEER, penalty(None, served_on="2024-05-06"), on="2024-06-03")[1] == "green"


# --- the days on which something may change ---------------------------------------------------------------------


def test_the_account_may_turn_on_every_day_on_record() -> None:
    own = law(JIANGSU)
    case = given(INCLUDED, penalty(), served("2024-05-27"), COMMITTED)
    assert sorted(turning_days(case, own, method(own))) == [
        day(on) for on in ("2024-01-08", "2024-02-01", "2024-05-06", "2024-05-21", "2024-05-27", "2024-11-21")
    ]
