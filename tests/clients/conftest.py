"""What needs a compiler of another language runs when it is asked for by its name alone (`make test-client`)."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave the folder alone otherwise, whatever other marks are asked for."""
    del collection_path
    return None if config.getoption("markexpr") == "client" else True
