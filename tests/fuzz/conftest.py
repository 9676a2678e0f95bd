"""The fuzzer runs when it is asked for by its name alone (`make fuzz`), and says how the same is tried again."""

import os
import secrets
from pathlib import Path

import pytest

from tests.fuzz.running import MINUTES, SEED, minutes, seed


def pytest_configure(config: pytest.Config) -> None:
    """Choose the seed before there are workers: they inherit it."""
    os.environ[SEED] = os.environ.get(SEED) or str(secrets.randbelow(2**32))
    os.environ[MINUTES] = os.environ.get(MINUTES) or "10"


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folder alone otherwise, whatever other marks are asked for."""
    del collection_path
    return None if config.getoption("markexpr") == "fuzz" else True


def pytest_report_header(config: pytest.Config) -> str:
    """What the run is repeated by."""
    return f"fuzz: {minutes():g} minutes for each door; the same again: make fuzz MINUTES={minutes():g} SEED={seed()}"
