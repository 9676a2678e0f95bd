"""What is out of order: the clocks, the disk, the indexes, and what is done behind the scenes."""

from pathlib import Path

import pytest

from interfaces.supervising import Keeping
from interfaces.wording import findings
from interfaces.wording.findings import of_clocks, of_disk, of_indexes, of_keepers
from tests.support.population import Census
from tests.support.worklist import Office

SECOND = 1_000_000


@pytest.mark.parametrize(
    ("skew", "ahead", "codes"),
    [
        (0, 0, []),
        (findings.MOST_SKEW, findings.MOST_SKEW, []),
        (-findings.MOST_SKEW - 1, 0, ["clock_skew"]),
        (0, findings.MOST_SKEW + SECOND, ["journal_ahead"]),
        (findings.MOST_SKEW + 1, findings.MOST_SKEW + 1, ["clock_skew", "journal_ahead"]),
    ],
)
def test_clocks_that_are_too_far_apart_are_told(skew: int, ahead: int, codes: list[str]) -> None:
    assert [found.code for found in of_clocks(skew, ahead)] == codes


def test_a_disk_that_is_full_or_nearly_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (full,) = of_disk(True, None)
    assert "磁盘" in full.zh
    assert list(of_disk(False, None)) == []
    assert list(of_disk(False, tmp_path / "nowhere")) == []
    for least, codes in ((0, []), (1 << 62, ["disk_low"])):
        monkeypatch.setattr("interfaces.wording.findings._LEAST_FREE", least)
        assert [found.code for found in of_disk(False, tmp_path)] == codes


def test_what_was_not_done_behind_the_scenes_is_told_with_what_kept_it() -> None:
    failing, fine = (Keeping(name, lambda: None, 3600) for name in ("failing", "fine"))
    try:
        failing.failure = "no room"
        (found,) = of_keepers([failing, fine])
        assert (found.code, "failing" in found.en, "no room" in found.en) == ("keeping_failed", True, True)
    finally:
        failing.stop()
        fine.stop()


def test_indexes_in_which_everything_is_taken_in_are_no_finding() -> None:
    census, office = Census(), Office()
    census.agency()
    census.projection.catch_up()
    assert list(of_indexes(census.projection, office.projection)) == []
