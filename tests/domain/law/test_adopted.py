"""Editions as adoptions carry them: read as whoever wrote them was told they read."""

import pytest

from domain.law.adopted import adopted_edition
from domain.law.parse import RulebookError, parse_edition
from interfaces.files.shipped import ShippedEdition, shipped_editions
from tests.support.words import words_of


@pytest.mark.parametrize("shipped", shipped_editions(), ids=lambda s: s.head.id)
def test_what_was_adopted_reads_as_what_was_looked_through(shipped: ShippedEdition) -> None:
    assert adopted_edition(shipped.text, shipped.head.id) == parse_edition(shipped.text, shipped.source)


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [("status =", "status", ""), ('status = "issued"', 'status = "isued"', "status"), ('id = "', '# id = "', "id")],
    ids=["no TOML", "an unknown value", "a missing key"],
)
def test_what_cannot_be_read_is_told_with_its_faults(old: str, new: str, place: str) -> None:
    issued = next(s.text for s in shipped_editions() if s.head.status == "issued")
    with pytest.raises(RulebookError) as refusal:
        adopted_edition(issued.replace(old, new, 1), "adopted@one")
    assert [problem.place for problem in refusal.value.problems] == [place]
    assert "adopted@one" in words_of(refusal.value).en
