"""Thousands of requests are sent when they are asked for by their name alone (`make contract`)."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folder alone otherwise, whatever other marks are asked for."""
    del collection_path
    return None if config.getoption("markexpr") == "contract" else True
