"""A figure, the file they are kept in, and the table they are shown in."""

from pathlib import Path
from typing import Final, Literal

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks.processor import Measured

FILE: Final = Path("build/bench.json")
"""Where the figures of all benches are kept."""

QUICK_FILE: Final = Path("build/bench-quick.json")
"""Where those of a quick run go, which are not worth keeping."""


class Figure(msgspec.Struct, frozen=True, kw_only=True):
    """One measured value beside its floor.

    ``ratio`` is value / floor; ``target`` is the ratio to reach: at least, where higher is better, at most, where
    lower is. ``floor`` and ``ratio`` are absent where there is nothing to compare with, ``target`` and ``reached``
    where nothing is promised. ``cpu`` and ``floor_cpu`` are the microseconds of processor time that one thing took, of
    all processes of the bench together (``benchmarks.processor``). ``spread`` is how far half of the rounds lay from
    the value, as a part of it; absent where there was one round. ``means`` is one line for the reader.
    """

    name: str
    value: float
    unit: str
    floor: float | None
    ratio: float | None
    target: float | None
    better: Literal["higher", "lower"]
    reached: bool | None
    cpu: float | None = None
    floor_cpu: float | None = None
    spread: float | None = None
    means: str = ""


def figure(
    name: str,
    value: float,
    unit: str,
    means: str,
    *,
    floor: float | None = None,
    target: float | None = None,
) -> Figure:
    """A figure with its ratio; more is better of what is counted per second, less of everything else."""
    better: Literal["higher", "lower"] = "higher" if unit.endswith("/s") else "lower"
    ratio = None if floor is None else value / floor
    reached = None
    if ratio is not None and target is not None:
        # As it is printed: nobody shall read 0.70 and "missed".
        shown = round(ratio, 2)
        reached = shown >= target if better == "higher" else shown <= target
    return Figure(
        name=name,
        value=_rounded(value),
        unit=unit,
        floor=None if floor is None else _rounded(floor),
        ratio=None if ratio is None else round(ratio, 3),
        # What is asked may come from a measured floor, and is written as a plain number.
        target=None if target is None else float(target),
        better=better,
        reached=reached,
        cpu=_cpu_of(value),
        floor_cpu=_cpu_of(floor),
        spread=round(value.spread, 3) if isinstance(value, Measured) and value.spread else None,
        means=means,
    )


def keep(figures: list[Figure], file: Path = FILE) -> None:
    """Write the figures to the file in the place of those of the same families (``record.…``); the others stay."""
    known = msgspec.json.decode(file.read_bytes(), type=list[Figure]) if file.exists() else []
    families = {_family(f) for f in figures}
    kept = [f for f in known if _family(f) not in families]
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(".part")
    unfinished.write_bytes(msgspec.json.format(msgspec.json.encode([*kept, *figures]), indent=2) + b"\n")
    unfinished.replace(file)


def show(figures: list[Figure], title: str) -> None:
    """Print the table."""
    console = Console(width=None if Console().is_terminal else 180)
    table = Table(title=title, title_justify="left", show_lines=False)
    table.add_column("figure", no_wrap=True)
    for column in ("value", "±", "unit", "floor", "cpu µs", "floor's", "ratio", "target"):
        table.add_column(column, justify="left" if column == "unit" else "right", no_wrap=True)
    table.add_column("reached", justify="center")
    table.add_column("what it means")
    for f in figures:
        sign = "≥" if f.better == "higher" else "≤"
        table.add_row(
            f.name,
            _shown(f.value),
            "" if f.spread is None else f"{f.spread:.0%}",
            f.unit,
            "" if f.floor is None else _shown(f.floor),
            "" if f.cpu is None else _shown(f.cpu),
            "" if f.floor_cpu is None else _shown(f.floor_cpu),
            "" if f.ratio is None else f"{f.ratio:.2f}",
            "" if f.target is None else f"{sign} {f.target:.2f}",
            "" if f.reached is None else ("[green]yes" if f.reached else "[red]no"),
            f.means,
        )
    console.print(table)


def _family(of: Figure) -> str:
    return of.name.partition(".")[0]


def _cpu_of(value: float | None) -> float | None:
    """The microseconds of processor time that go with a value."""
    return round(value.cpu * 1e6, 1) if isinstance(value, Measured) and value.cpu else None


def _rounded(value: float) -> float:
    return round(value, 0 if abs(value) >= 1000 else 1 if abs(value) >= 100 else 4)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
