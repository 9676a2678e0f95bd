"""An edition is locked once, and stays as it was locked."""

from pathlib import Path

import pytest

from tools.editions_lock import RULEBOOK, digests, locked_editions, main


@pytest.fixture
def rulebook(tmp_path: Path) -> Path:
    """One edition, locked."""
    rulebook = tmp_path / RULEBOOK
    (rulebook / "editions/own.fees").mkdir(parents=True)
    (rulebook / "editions/own.fees/2023.toml").write_text("year = 2023\n", "utf-8")
    (rulebook / "editions.lock").write_text("", "utf-8")
    assert main([str(tmp_path)]) == 0
    return rulebook


def test_a_new_edition_gets_a_line_and_the_others_keep_theirs(tmp_path: Path, rulebook: Path) -> None:
    before = locked_editions(rulebook)
    (rulebook / "editions/own.fees/2022.toml").write_text("year = 2022\n", "utf-8")
    assert main([str(tmp_path)]) == 0
    assert [*locked_editions(rulebook)] == ["own.fees/2022.toml", "own.fees/2023.toml"]
    assert locked_editions(rulebook) == digests(rulebook)
    assert before.items() <= locked_editions(rulebook).items()


@pytest.mark.parametrize("becomes", ["year = 2024\n", None])
def test_one_that_was_edited_or_is_gone_is_not_locked_anew(
    tmp_path: Path, rulebook: Path, becomes: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    before = locked_editions(rulebook)
    edition = rulebook / "editions/own.fees/2023.toml"
    if becomes is None:
        edition.unlink()
    else:
        edition.write_text(becomes, "utf-8")
    assert main([str(tmp_path)]) == 1
    assert locked_editions(rulebook) == before
    assert "own.fees/2023.toml is not what was locked" in capsys.readouterr().err
