"""Whoever asks for ever new laws does not fill the memory."""

import itertools

import pytest

from application.cache import Remembered
from application.law.legislation import LAWS, Compiled, Legislation
from tests.support.world import REGIME, World

LATER = 2_000_000_000_000_000
LAST = 2**60


def test_the_first_kept_is_the_first_forgotten() -> None:
    kept: Remembered[int, str] = Remembered(2)
    for number in (1, 2, 3):
        assert kept.keep(number, str(number)) == str(number)
    assert (kept.get(1), kept.get(2), kept.get(3), len(kept)) == (None, "2", "3", 2)


@pytest.mark.slow
def test_no_more_laws_are_kept_ready_than_a_server_has_room_for() -> None:
    compiled = Compiled()
    legislation = Legislation(World().journal, compiled=compiled)
    law = legislation.at(REGIME, known_at=LATER, position=LAST).law
    readings = {r.id: [v.name for v in r.values if v.available] for a in law.adopted for r in a.edition.reading}
    choices = itertools.product(*readings.values())
    for choice in itertools.islice(choices, LAWS + 20):
        chosen = dict(zip(readings, choice, strict=True))
        legislation.at(REGIME, known_at=LATER, position=LAST, readings=chosen)
    assert len(compiled.laws) == LAWS
