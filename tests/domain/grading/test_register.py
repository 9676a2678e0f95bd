"""What of a published result still bears: repairs, annulments, the three of the staff; what a list brings.

Inner Mongolia arts. 16, 28, annex 1 B14; I-10, I-26, I-27. Wenzhou art. 36.
"""

from typing import Any

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.events.evaluation import StageRecorded
from domain.events.facts import ClientOutcomeRecorded, FactRetracted, FactSetAside, NationalRepairRecorded
from domain.events.intermediaries import BlacklistListed
from domain.events.registration import EmploymentRecorded
from domain.events.repairs import RepairApplied, RepairConfirmed
from domain.events.results import Holding
from domain.grading.method import grade_without
from domain.grading.staff import StaffFact
from domain.grading.tracks.measures import measures_on
from domain.grading.tracks.register import spans_shown, undone_in
from domain.law.edition import Deciding
from domain.law.regime import RegimeLaw
from domain.time import FOR_EVER
from tests.support.deciding import NMG, WENZHOU, configured, day, edition, fact, given, law, law_of, of, result

ON = day("2025-07-01")
PERSONS = ("P1", "P2", "P3")
HIRED = [
    of(EmploymentRecorded, employment=f"e-{p}", practitioner=p, from_on="2024-01-01", until_on=None) for p in PERSONS
]
OF_STAFF = Holding(effect="-20", fact=None, sources=("s-P1", "s-P2", "s-P3"), row="B14", effective_on=day("2024-05-06"))


def published(*holdings: Holding, score: str = "70", grade: str = "C") -> StageRecorded:
    given_then = msgspec.structs.replace(
        result(grade, counted=tuple(h.fact for h in holdings if h.fact is not None)), score=score, holdings=holdings
    )
    event: StageRecorded = of(
        StageRecorded, record="p1", regime=NMG, year=2024, stage="publication", dated_on="2025-06-05", result=given_then
    )
    return event


def held(id: str = "f1", effect: str = "-30") -> Holding:
    return Holding(effect=effect, fact=id, sources=(), row="B12", effective_on=day("2024-05-06"))


def gone(case: CaseFile, *staff: StaffFact, own: RegimeLaw | None = None, on: str = "2025-07-01") -> set[str]:
    known = own or law()
    base = spans_shown(case, known, ON, staff)[-1].base
    assert base is not None
    # Facts of other regimes stand in no result of this one.
    return set(undone_in(case, known, base, day(on), staff)) & {"f1", *OF_STAFF.sources}


# --- three of the staff (annex 1 B14, I-27) ---------------------------------------------------------------------


def rated(person: str, on: str = "2024-05-06", ends_on: str | None = None) -> StaffFact:
    return StaffFact(person, f"s-{person}", day(on), FOR_EVER if ends_on is None else day(ends_on), 0, None)


@pytest.mark.parametrize(
    ("third", "stands"),
    [
        (rated("P3"), True),
        (rated("P3", "2024-01-01"), True),
        (rated("P3", "2024-12-31"), True),
        (rated("P3", "2025-01-01"), False),
        (rated("P3", "2023-12-31"), False),
        (rated("P3", ends_on="2024-12-30"), False),
        (rated("P3", ends_on="2024-12-31"), False),
        (rated("P3", ends_on="2025-01-01"), True),
        (rated("P2"), False),
        (rated("P9"), False),
    ],
)
def test_the_line_of_three_stands_while_as_many_employees_of_its_year_do(third: StaffFact, stands: bool) -> None:
    case = given(*HIRED, published(OF_STAFF))
    assert gone(case, rated("P1"), rated("P2"), third) == (set() if stands else set(OF_STAFF.sources))


def test_nothing_is_said_of_a_line_of_its_own_facts_or_without_a_day() -> None:
    own = Holding(effect="-20", fact=None, sources=("f1",), row=None, effective_on=day("2024-05-06"))
    undated = Holding(effect="-20", fact=None, sources=("s-P1",), row="B14", effective_on=None)
    assert gone(given(*HIRED, fact(), published(own, undated, held()))) == set()
    assert gone(given(published(OF_STAFF))) == set()


# --- what was undone (I-10) -------------------------------------------------------------------------------------


def annulled(on: str, effect: str = "prospective") -> FactSetAside:
    event: FactSetAside = of(
        FactSetAside, fact="f1", decided_on=on, authority="150100-CRT", document="判决", effect=effect
    )
    return event


@pytest.mark.parametrize(("on", "is_gone"), [("2025-06-30", True), ("2025-07-01", True), ("2025-07-02", False)])
def test_what_was_annulled_by_the_day_bears_nothing(on: str, is_gone: bool) -> None:
    case = given(fact(), annulled(on), published(held()))
    assert gone(case) == ({"f1"} if is_gone else set())
    revoked: ClientOutcomeRecorded = of(
        ClientOutcomeRecorded, fact="f1", kind="revoked", decided_on=on, document="决定"
    )
    linked = fact(row="B12", linked_to="决定")
    assert gone(given(linked, revoked, published(held()))) == ({"f1"} if is_gone else set())
    assert gone(given(fact(), FactRetracted(fact="f1", reason="误录"), published(held()))) == {"f1"}
    assert gone(given(fact(), published(held()))) == set()


@pytest.mark.parametrize(("kind", "reading", "is_gone"), [
    ("repaired", "full_amount", False), ("repaired", "follow_repair", True), ("changed", "follow_repair", False),
])  # fmt: skip
def test_the_clients_repair_takes_the_ground_away_where_the_deduction_follows_it(
    kind: str, reading: str, is_gone: bool
) -> None:
    """I-26."""
    followed: ClientOutcomeRecorded = of(
        ClientOutcomeRecorded, fact="f1", kind=kind, decided_on="2025-06-30", document="决定"
    )
    case = given(fact(row="B12", linked_to="决定"), followed, published(held()))
    assert gone(case, own=law(I_26=reading)) == ({"f1"} if is_gone else set())


@pytest.mark.parametrize(("on", "is_gone"), [("2025-06-06", True), ("2025-07-01", True), ("2025-07-02", False)])
def test_so_does_a_repair_from_its_confirmation_on(on: str, is_gone: bool) -> None:
    """Art. 28."""
    asked = of(RepairApplied, repair="r1", regime=NMG, facts=("f1",), dated_on=on)
    done = of(RepairConfirmed, repair="r1", confirmed_on=on, by="city_bureau", certificate="书")
    assert gone(given(fact(), asked, done, published(held()))) == ({"f1"} if is_gone else set())


@pytest.mark.parametrize(("granted_on", "is_gone"), [("2026-03-31", False), ("2026-04-01", True)])
def test_and_a_national_repair_since_april_2026(granted_on: str, is_gone: bool) -> None:
    """NDRC Order 36."""
    national: NationalRepairRecorded = of(NationalRepairRecorded, fact="f1", granted_on=granted_on, document="国修")
    assert gone(given(fact(), national, published(held())), on="2026-05-06") == ({"f1"} if is_gone else set())


# --- the grade without it (arts. 16, 28) ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("score", "effect", "without", "grade"),
    [("55", "-20", {"f1"}, "N"), ("55", "-19", {"f1"}, "C"), ("55", "-5", {"f1"}, "C"), ("55", "-4", {"f1"}, "D"),
     ("55", "-20", {"f2"}, "D"), ("55", "-20", set(), "D")],
)  # fmt: skip
def test_its_points_are_given_back_and_no_others(score: str, effect: str, without: set[str], grade: str) -> None:
    case = given(fact(), published(held(effect=effect), score=score, grade="D"))
    base = spans_shown(case, law(), ON, ())[-1].base
    assert base is not None
    assert grade_without(case, law(), base, without, ON) == grade


def test_a_direct_rating_that_stays_keeps_the_grade_down() -> None:
    case = given(fact(), fact("f2", row="B03"), published(held(), held("f2", "D"), score="70", grade="D"))
    base = spans_shown(case, law(), ON, ())[-1].base
    assert base is not None
    assert grade_without(case, law(), base, {"f1"}, ON) == "D"
    assert grade_without(case, law(), base, {"f2"}, ON) == "C"
    assert grade_without(case, law(), base, {"f1", "f2"}, ON) == "N"


def test_a_grade_raised_to_the_best_one_is_called_by_the_label_that_the_bureau_gives() -> None:
    """I-01 ``configured_label``."""
    case = given(fact(), published(held(effect="-20"), score="55", grade="D"))
    labelled = configured(label="良", I_01="configured_label")
    base = spans_shown(case, labelled, ON, ())[-1].base
    assert base is not None
    assert grade_without(case, labelled, base, {"f1"}, ON) == "良"
    assert grade_without(case, law(I_01="configured_label"), base, {"f1"}, ON) == "N", "no label is there to give"


# --- measures on who is on a list (Wenzhou arts. 33-36) ---------------------------------------------------------


def listed_under(kind: Any) -> list[str]:
    """The measures on an agency on the blacklist, when the grade of the list has one more of a kind."""
    own = edition(WENZHOU)
    method = own.methods["agency"]
    assert isinstance(method, Deciding)
    model = next(m for m in own.measure if m.grade == method.listed_grade and m.kind == "listing")
    more = msgspec.structs.replace(model, kind=kind, cites=("art. 99",))
    known = law_of(msgspec.structs.replace(own, measure=(*own.measure, more)))
    listed: CaseEvent = of(
        BlacklistListed, record="l1", regime=WENZHOU, noticed_on="2024-05-06", decided_on="2024-05-13", signed_by="局长"
    )
    return [line.cites[0] for line in measures_on(given(listed), known, day("2024-06-03"))]


@pytest.mark.parametrize(
    ("kind", "applies"),
    [("listing", True), ("restraint", False), ("incentive", False), ("sampling", False), ("ban", False)],
)
def test_what_follows_from_the_list_stands_in_the_place_of_what_follows_from_the_grade(
    kind: str, applies: bool
) -> None:
    """Art. 36."""
    assert ("art. 99" in listed_under(kind)) is applies
