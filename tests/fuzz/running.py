"""A door tried for its minutes in a process of its own, so that a signal or an endless case is told like any other.

``python -m tests.fuzz.running DOOR SECONDS SEED`` tries one: the module ``tests.fuzz.DOOR`` makes it by ``door()``. A
case is answered, or refused in words; everything else is raised and found by Hypothesis, which makes it small.
"""

import faulthandler
import importlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import hypothesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis.strategies import SearchStrategy

from tests.support.postgres import temporary_root

MINUTES: Final = "ECODOCKET_FUZZ_MINUTES"
SEED: Final = "ECODOCKET_FUZZ_SEED"

CASES_AT_ONCE: Final = 100
"""After so many cases it is looked at the clock."""
HANG_SECONDS: Final = 10.0
"""A case that works longer than this hangs, however many others want the processor."""
WAIT_SECONDS: Final = 120.0
"""A case that takes longer, at work or not, waits for what never comes."""
LAST: Final = "last"
"""The file of the case that is tried: a process that was ended by it cannot say which it was."""
KEPT: Final = Path(".cache/fuzz")
"""Where the last case of a door stays when something was found. What Hypothesis makes small, it tries last."""
_LONGEST_LINE: Final = 400
"""A case is a whole file: a line of what is said shows its beginning."""
_PATIENCE_SECONDS: Final = 600.0
"""What a process may take beside its minutes: to begin, and to make what it found small."""


class Door(NamedTuple):
    """What is tried: any case, and what raises unless the case is answered or refused in words."""

    cases: SearchStrategy[Any]
    check: Callable[[Any], None]


def minutes() -> float:
    """How long a door is tried."""
    return float(os.environ[MINUTES])


def seed() -> int:
    """What all cases of the run follow from."""
    return int(os.environ[SEED])


def try_door(name: str) -> str:
    """Try a door for the minutes of the run; what its process said. Raises ``AssertionError`` for what was found."""
    with TemporaryDirectory(prefix="ecodocket-fuzz-", dir=temporary_root()) as folder:
        line = [sys.executable, "-W", "error", "-m", "tests.fuzz.running", name, str(minutes() * 60), str(seed())]
        done = subprocess.run(
            line,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "TMPDIR": folder},
            capture_output=True,
            text=True,
            errors="replace",
            timeout=minutes() * 60 + _PATIENCE_SECONDS,
            check=False,
        )
        last = Path(folder) / LAST
        if done.returncode != 0 and last.exists():
            KEPT.mkdir(parents=True, exist_ok=True)
            shutil.copy(last, KEPT / name)
    said = "\n".join(line[:_LONGEST_LINE] for line in (done.stdout + done.stderr).splitlines())
    assert done.returncode == 0, f"{said}\n{name} ended with {done.returncode}; a last case is kept in {KEPT / name}"
    return done.stdout.strip()


def _try_in_this_process(name: str, seconds: float, seed: int) -> None:
    """Try a door until the time is over, or something was found."""
    faulthandler.enable()
    # Says where the case is, and then ends the process as the signal does by itself.
    faulthandler.register(signal.SIGPROF, chain=True)
    door: Door = importlib.import_module(f"tests.fuzz.{name}").door()
    until, cases, batch = time.monotonic() + seconds, 0, 0
    with (Path(os.environ["TMPDIR"]) / LAST).open("w", encoding="utf-8", errors="replace") as last:

        def check(case: Any) -> None:
            nonlocal cases
            cases += 1
            last.seek(0)
            last.truncate()
            last.write(repr(case))
            last.flush()
            signal.setitimer(signal.ITIMER_PROF, HANG_SECONDS)
            faulthandler.dump_traceback_later(WAIT_SECONDS, exit=True)
            try:
                door.check(case)
            finally:
                faulthandler.cancel_dump_traceback_later()
                signal.setitimer(signal.ITIMER_PROF, 0)

        while time.monotonic() < until:
            _batch(door.cases, check, seed + batch)
            batch += 1
    print(f"{name}: {cases} cases in {seconds / 60:g} minutes, seed {seed}")


def _batch(cases: SearchStrategy[Any], check: Callable[[Any], None], seed: int) -> None:
    @hypothesis.seed(seed)
    @settings(
        max_examples=CASES_AT_ONCE,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(cases)
    def holds(case: Any) -> None:
        check(case)

    holds()


if __name__ == "__main__":
    _try_in_this_process(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]))
