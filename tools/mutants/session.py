"""A sample of changes: drawn, carried out, and told."""

import argparse
import json
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, NamedTuple

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import MutationSpec, TestOutcome
from coverage import CoverageData

from tools.mutants.alike import Alike
from tools.mutants.covering import DOMAIN, REACHED, TESTS

FOLDER: Final = Path("build/mutants")
SUITES: Final = ("tests/domain", "tests/scenarios")
LEAST: Final = 92
"""Percent of the sample that has to be found out."""

_SECONDS: Final = 900.0
_CHANGES: Final = re.compile(r"core/(ReplaceComparisonOperator_|ReplaceAndWithOr|ReplaceOrWithAnd)")
_COMPARED: Final = re.compile(r"core/ReplaceComparisonOperator_([A-Za-z]+)_([A-Za-z]+)$")
_CONFIG: Final = """[cosmic-ray]
module-path = "{domain}"
timeout = {seconds}
excluded-modules = []
test-command = "{python} -m tools.mutants.covering"
distributor.name = "local"
"""
_COPIED: Final = ("src", "tests", "tools", "scenarios", "migrations", "docs", "benchmarks")
_BESIDE: Final = ("pyproject.toml", "Makefile", "README.md", "GLOSSARY.md", "CHANGELOG.md")


class Told(NamedTuple):
    """What came of a sample: how many changes were found out, and the others as differences."""

    found: int
    survived: list[str]

    @property
    def percent(self) -> float:
        """How many of a hundred were found out."""
        return 100 * self.found / max(1, self.found + len(self.survived))


def main(args: Sequence[str]) -> int:
    """Carry out a sample; 0 when enough of it was found out."""
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=200, help="how many changes (200)")
    parser.add_argument("--seed", type=int, default=None, help="draws the same sample again; printed")
    parser.add_argument("--least", type=float, default=LEAST, help=f"percent to be found out ({LEAST})")
    parser.add_argument("--processes", type=int, default=2, help="how many at a time (2)")
    asked = parser.parse_args(args)
    seed = random.SystemRandom().randrange(10**6) if asked.seed is None else asked.seed
    print(f"seed {seed}", flush=True)
    pristine = _copy(Path(), "pristine")
    _keep_reached()
    # Of the same code, whatever was written in the meantime.
    copies = [_copy(pristine, f"copy-{n}") for n in range(asked.processes)]
    drawn = _drawn(copies[0], Alike(_copy(pristine, "asked"), DOMAIN), asked.sample, seed)
    with ThreadPoolExecutor(len(copies)) as pool:
        parts = [drawn[n :: len(copies)] for n in range(len(copies))]
        told = list(pool.map(_carried_out, copies, parts))
    whole = Told(sum(t.found for t in told), [diff for t in told for diff in t.survived])
    for diff in whole.survived:
        print(diff)
    print(f"{whole.found} of {whole.found + len(whole.survived)} found out: {whole.percent:.1f} % (seed {seed})")
    return 0 if whole.percent >= asked.least else 1


def _copy(source: Path, name: str) -> Path:
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for each in _COPIED:
        shutil.copytree(source / each, folder / each, ignore=shutil.ignore_patterns("__pycache__"))
    for each in _BESIDE:
        shutil.copy(source / each, folder / each)
    return folder


def _run(folder: Path, *command: str) -> str:
    """A command of the environment, with the code of the copy in the place of the installed one."""
    python = ["env", f"PYTHONPATH={(folder / 'src').resolve()}:.", sys.executable, "-m"]
    done = subprocess.run([*python, *command], cwd=folder, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def _keep_reached() -> None:
    """Write down which tests run which line of the domain."""
    folder = FOLDER / "pristine"
    _run(
        folder,
        "pytest",
        # Those that take long, too.
        "-m",
        "",
        "-q",
        "-p",
        "no:cacheprovider",
        f"--cov={DOMAIN}",
        "--cov-context=test",
        "--cov-report=",
        *SUITES,
    )
    data = CoverageData(str(folder / ".coverage"))
    data.read()
    by_file = {
        str(Path(file).relative_to(folder.resolve())): {
            line: {c.rpartition("|")[0] for c in contexts if c}
            for line, contexts in data.contexts_by_lineno(file).items()
        }
        for file in sorted(data.measured_files())
    }
    runs = Counter(test for by_line in by_file.values() for tests in by_line.values() for test in tests)
    # Those first that reach little else: they are short, and say most when they fail.
    tests = sorted(runs, key=lambda test: (runs[test], test))
    _check_names(folder, tests)
    numbers = {test: n for n, test in enumerate(tests)}
    (folder / TESTS).write_text(json.dumps(tests), "utf-8")
    for file, by_line in by_file.items():
        written = folder / REACHED / f"{file}.json"
        written.parent.mkdir(parents=True, exist_ok=True)
        written.write_text(json.dumps({n: sorted(numbers[t] for t in found) for n, found in by_line.items()}), "utf-8")


def _check_names(folder: Path, tests: Sequence[str]) -> None:
    """See that the tests are found by the names that were kept: one that is not would pass for a test that fails."""
    (folder / "all.tests").write_text("\n".join(tests), "utf-8")
    _run(folder, "pytest", "-m", "", "-n0", "-q", "--collect-only", "-p", "no:cacheprovider", "@all.tests")


def _drawn(folder: Path, alike: Alike, sample: int, seed: int) -> list[tuple[str, str, int]]:
    """A sample of the places whose change can be told: file, operator and occurrence of each."""
    _session(folder)
    with use_db(str(folder / "session.sqlite"), WorkDB.Mode.open) as db:
        places = sorted(
            (str(m.module_path), m.operator_name, m.occurrence)
            for item in db.work_items
            for m in item.mutations
            if _CHANGES.match(m.operator_name) and not _is_alike(alike, m)
        )
    return random.Random(seed).sample(places, min(sample, len(places)))  # noqa: S311  # a sample, no secret


def _is_alike(alike: Alike, change: MutationSpec) -> bool:
    compared = _COMPARED.search(change.operator_name)
    return compared is not None and alike.is_alike(str(change.module_path), change.start_pos, *compared.groups())


def _session(folder: Path) -> None:
    config = _CONFIG.format(domain=DOMAIN, seconds=_SECONDS, python=sys.executable)
    (folder / "mutants.toml").write_text(config, "utf-8")
    _run(folder, "cosmic_ray.cli", "init", "mutants.toml", "session.sqlite")


def _carried_out(folder: Path, drawn: Sequence[tuple[str, str, int]]) -> Told:
    """What came of the changes that were drawn for a copy: all others are taken out of its session at once."""
    if not (folder / "session.sqlite").exists():
        _session(folder)
    wanted = set(drawn)
    with use_db(str(folder / "session.sqlite"), WorkDB.Mode.open) as db:
        items = [
            item
            for item in db.work_items
            for m in item.mutations
            if (str(m.module_path), m.operator_name, m.occurrence) in wanted
        ]
        db.clear()
        db.add_work_items(items)
    _run(folder, "cosmic_ray.cli", "exec", "mutants.toml", "session.sqlite")
    with use_db(str(folder / "session.sqlite"), WorkDB.Mode.open) as db:
        done = [result for _, result in db.results]
    survived = [result.diff or "" for result in done if result.test_outcome is TestOutcome.SURVIVED]
    return Told(len(done) - len(survived), survived)
