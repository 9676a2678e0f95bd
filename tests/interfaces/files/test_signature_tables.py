"""A bureau's own table of what needs a second person: named, read, and told when it cannot be."""

from pathlib import Path

import pytest

from domain.errors import Invalid
from interfaces.cli.house import NotAvailable
from interfaces.files.signature_tables import rules_in
from tests.support.words import says


def test_without_a_table_of_ones_own_there_is_none() -> None:
    assert rules_in(None) is None
    assert rules_in("") is None


def test_a_table_that_cannot_be_read_is_told_with_its_file(tmp_path: Path) -> None:
    missing, garbled = tmp_path / "missing.toml", tmp_path / "garbled.toml"
    garbled.write_bytes(b"\xff\xfe")
    for file in (missing, garbled):
        with pytest.raises(NotAvailable, check=says(file.name)):
            rules_in(str(file))


def test_a_table_with_faults_is_told_with_every_one(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text("[[rule]]\nsurely = 1\n", "utf-8")
    with pytest.raises(Invalid):
        rules_in(str(file))
