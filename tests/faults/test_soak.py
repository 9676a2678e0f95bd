"""Many questions, each another one: the memory of the server comes to an end of growing."""

import itertools
from collections.abc import Iterator

import psutil
import pytest

from tests.faults.running import Serving, data_folder, id_of

pytestmark = pytest.mark.faults

ROUNDS = 400
MOST = 12
"""Readings chosen at once."""
MOST_GROWTH = 0.05
"""Of the memory of the worker, from the second third of the questions to the last."""


def _questions(served: Serving) -> Iterator[list[str]]:
    """Ever other choices of readings."""
    register = served.get("/rulebooks/nmg.third_party@draft").json()["readings"]
    values = {r["id"]: [v["name"] for v in r["values"] if v["available"]] for r in register}
    some = [id for id in sorted(values) if len(values[id]) > 1][:MOST]
    for choice in itertools.product(*(values[id] for id in some)):
        yield [f"{id}:{value}" for id, value in zip(some, choice, strict=True)]


def test_a_server_that_is_asked_ever_new_questions_stops_growing() -> None:
    with data_folder() as data, Serving("--data", str(data)) as served:
        assert served.register(1).status_code == 201
        (worker,) = served.workers()
        asked, sizes = _questions(served), []
        for _ in range(3):
            for question in itertools.islice(asked, ROUNDS):
                query = {"regime": "nmg.third_party", "as_of": "2025-01-01", "reading": question}
                assert served.get(f"/subjects/{id_of(1)}/grade", **query).status_code == 200
            sizes.append(psutil.Process(worker.pid).memory_info().rss)
        assert sizes[2] <= sizes[1] * (1 + MOST_GROWTH), sizes
