"""Which of two grades is the lower one, by the edition that gives them."""

import pytest

from domain.law.edition import Method, fell, grades_in_order
from domain.vocabulary import SubjectKind
from interfaces.files.shipped import shipped_editions

METHODS = {(s.edition.regime, kind): method for s in shipped_editions() for kind, method in s.edition.methods.items()}


def method_of(regime: str, kind: SubjectKind = "agency") -> Method:
    return METHODS[regime, kind]


@pytest.mark.parametrize(
    ("regime", "kind", "grades"),
    [
        ("nmg.third_party", "agency", ("N", "C", "D")),
        ("nmg.third_party", "practitioner", ("N", "D")),
        ("jiaxing.monitoring", "agency", ("A", "B", "C", "D", "E")),
        ("jiangsu.eco_credit", "agency", ("green", "blue", "yellow", "red", "black")),
        ("ningbo.monitoring", "agency", ("A", "B", "C", "D", "no_grade", "ungraded_refused", "E")),
    ],
)
def test_the_grades_of_an_edition_from_the_best_to_the_worst(
    regime: str, kind: SubjectKind, grades: tuple[str, ...]
) -> None:
    assert grades_in_order(method_of(regime, kind)) == grades


def test_where_points_add_up_against_the_subject_the_fewest_are_best() -> None:
    order = grades_in_order(method_of("eia.integrity"))
    assert order[:3] == ("normal", "warned", "rectification")
    assert "blacklist" in order[3:]


def test_every_grade_that_an_edition_names_has_a_place_or_stands_for_none() -> None:
    for (regime, kind), method in METHODS.items():
        order = grades_in_order(method)
        assert len(set(order)) == len(order), (regime, kind)


@pytest.mark.parametrize(
    ("before", "after", "is_lower"),
    [("N", "C", True), ("C", "D", True), ("N", "N", False), ("D", "C", False), (None, "D", False), ("N", None, False)],
)
def test_a_grade_falls_only_from_a_better_one(before: str | None, after: str | None, is_lower: bool) -> None:
    assert fell(method_of("nmg.third_party"), before, after) is is_lower


def test_nothing_falls_without_a_method() -> None:
    assert not fell(None, "N", "D")
