"""The conditions of a list of subjects: each is one declaration, and a parameter and an option wherever lists are
asked for."""

import inspect

import pytest

from application.population.filters import FILTERS
from interfaces.cli.options import asking
from interfaces.http.describing import OPERATIONS
from tests.interfaces.http.test_http import A, B
from tests.interfaces.http.test_population import C, ids, on_16_june
from tests.interfaces.http_client import Api
from tests.support.world import REGIME

FOUND = {
    "kind": {"agency": {A, C}, "practitioner": {B}, "client": set[str]()},
    "region": {"150000": {A, B, C}, "150100": {A, B}, "150200": {C}, "330200": set()},
    "service": {"monitoring": {A, C}, "eia": set()},
    "grade": {"D": {C}, "N": {A, B}, "none": set()},
    "q": {"安泰": {C}, "无此机构": set(), C: {C}},
}
"""Of every condition what may be wanted, and who is found."""


@pytest.fixture(scope="module")
def told() -> Api:
    return on_16_june()


@pytest.mark.parametrize("name", FILTERS)
def test_a_condition_lets_the_same_through_from_files_and_from_the_index(told: Api, name: str) -> None:
    for wanted, expected in FOUND[name].items():
        assert set(ids(told.get("/subjects", regime=REGIME, **{name: wanted}))) == expected
        if FILTERS[name].of != "verdict":
            assert set(ids(told.get("/subjects", **{name: wanted}))) == expected


@pytest.mark.parametrize("name", FILTERS)
def test_counts_are_narrowed_by_every_condition_but_that_on_the_verdict(told: Api, name: str) -> None:
    if FILTERS[name].of == "verdict":
        assert told.get("/subjects/counts", regime=REGIME, **{name: "D"}).status_code == 400
        return
    for wanted, expected in FOUND[name].items():
        assert told.get("/subjects/counts", regime=REGIME, **{name: wanted}).json()["total"] == len(expected)


@pytest.mark.parametrize("name", FILTERS)
def test_every_condition_is_a_parameter_of_lists_and_counts_and_an_option(name: str) -> None:
    parameters = {operation.path: {*operation.names} for operation in OPERATIONS if operation.method == "GET"}
    assert name in parameters["/subjects"]
    assert (name in parameters["/subjects/counts"]) == (FILTERS[name].of != "verdict")
    assert name in inspect.signature(asking.subjects).parameters
