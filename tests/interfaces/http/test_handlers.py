"""Handlers: found by their names, given what their signatures say, and carried to where they are answered."""

import pickle

import pytest

from interfaces.http.controllers import CONTROLLERS
from interfaces.http.describing import OPERATIONS
from interfaces.http.desk import HandledRequest
from tests.interfaces.http_story import A, Told, told_once
from tests.support.world import REGIME


@pytest.fixture(scope="module")
def told() -> Told:
    return told_once()


def test_a_handler_has_the_name_of_its_operation() -> None:
    handlers = [name for controller in CONTROLLERS for name in vars(controller) if name in {o.id for o in OPERATIONS}]
    assert len(OPERATIONS) == len(set(handlers)) == len(handlers)
    for operation in OPERATIONS:
        assert operation.handler.__name__ == operation.id
        assert operation.handler.__module__.startswith("interfaces.http.controllers.")


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"regime": REGIME, "as_of": "2025-06-01", "known_at": "2025-06-15T10:00+08:00"},
        {"regime": REGIME, "reading": ["I-04:own_year", "I-06:points_wait"], "later": "true"},
        {"regime": REGIME, "min_position": "1"},
        {"regime": REGIME, "min_position": "1000000"},
        {"regime": "mars.third_party"},
        {"basis": "no token"},
        {"later": "1", "as_of": "never", "nobody": "knows"},
    ],
    ids=lambda query: "+".join(query) or "nothing",
)
def test_what_is_asked_most_is_what_the_library_would_have_it_answered(
    told: Told, query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is answered at once; any other question is answered by the handler that the library calls."""
    hot = [operation for operation in OPERATIONS if operation.is_hot]
    assert {operation.id for operation in hot} == {"get_grade", "get_casefile"}
    for operation in hot:
        path = operation.path.replace("{subject}", A)
        at_once = told.api.get(path, **query)
        monkeypatch.setitem(vars(operation), "is_hot", False)
        called = told.api.get(path, **query)
        assert (called.status_code, called.content) == (at_once.status_code, at_once.content)
        assert called.headers == at_once.headers


def test_a_request_travels_to_another_process_without_the_desk_and_the_use_cases() -> None:
    asked = HandledRequest("/a", {"subject": A}, {b"x-actor": b"clerk"}, "en", is_local=True, known_at=5, body=b"{}")
    asked.min_position = 7
    asked.at = asked.desk = None  # type: ignore[assignment]
    there = pickle.loads(pickle.dumps(asked))
    assert (there.path, there.params, there.language, there.body) == ("/a", {"subject": A}, "en", b"{}")
    assert (there.known_at, there.min_position, there.is_local) == (5, 7, True)
    assert not hasattr(there, "desk")
    assert not hasattr(there, "at")
