"""How often properties are tried: one number of examples at each test, one factor for them all."""

import os
from typing import Final

from hypothesis import HealthCheck, Phase, settings

TIMES: Final = int(os.environ.get("ECODOCKET_EXAMPLES", "1"))
"""How many times the usual number of examples is tried: 1 in ``make test``, 20 in ``make thorough``."""

_PHASES: Final = [p for p in Phase if p is not Phase.shrink or "ECODOCKET_NO_SHRINK" not in os.environ]


def tried(examples: int, *allowed: HealthCheck, derandomize: bool = False) -> settings:
    """The settings of a property that ``make test`` tries ``examples`` times.

    ``allowed`` are what hypothesis would warn of and the test means; ``derandomize`` has the same examples tried each
    time. Nothing depends on how fast the machine is. ``ECODOCKET_NO_SHRINK`` shows a failure as it was found, which is
    sooner.
    """
    found = settings(
        max_examples=examples * TIMES,
        phases=_PHASES,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, *allowed],
    )
    # What is the same each time needs no memory of what failed.
    return settings(found, derandomize=True, database=None) if derandomize else found
