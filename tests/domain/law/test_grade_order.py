"""Which of two grades is the lower one, by the edition that gives them."""

import itertools

import pytest

from domain.law.edition import Method, grades_in_order
from domain.vocabulary import SubjectKind
from interfaces.files.shipped import shipped_editions
from tests.support.deciding import configured, law

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
    ("regime", "better"),
    [
        ("nmg.third_party", [("N", "C"), ("N", "D"), ("C", "D")]),
        ("jiaxing.monitoring", list(itertools.combinations("ABCDE", 2))),
    ],
)
def test_a_grade_is_better_than_those_behind_it_and_no_grade_is_better_or_worse(
    regime: str, better: list[tuple[str, str]]
) -> None:
    method = method_of(regime)
    grades = (*grades_in_order(method), None)
    assert [pair for pair in itertools.product(grades, grades) if law(regime).is_better(method, *pair)] == better


def test_nothing_is_better_without_a_method() -> None:
    assert not law().is_better(None, "N", "D")


def test_a_label_that_the_bureau_gives_stands_in_the_place_of_the_best_grade() -> None:
    """I-01 ``configured_label``."""
    method, labelled = method_of("nmg.third_party"), configured(label="良", I_01="configured_label")
    assert labelled.is_better(method, "良", "C")
    assert not labelled.is_better(method, "C", "良")
    assert not law().is_better(method, "良", "C"), "no grade of a text that gives none"
