"""What is out of order although questions are answered: told by ``/health``, and logged when it changes."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from application.deadlines.index import DeadlineProjection
from application.population.index import GradeProjection
from application.ports import Parked
from interfaces.outages import FULL, skew_told
from interfaces.supervising import Keeping
from interfaces.wording.texts import both, worded

MOST_SKEW: Final = 5_000_000
"""Microseconds by which the clocks of server and database may differ, and the journal be ahead of them."""

_LEAST_FREE: Final = 256 * 2**20
_NAMED: Final = 5


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing out of order: a stable code, and in both languages what it is and what to do."""

    code: str
    zh: str
    en: str


Findings = Callable[[], Sequence[Finding]]
"""Looks at how things are."""


def nothing() -> Sequence[Finding]:
    """Nobody looks."""
    return ()


def of_indexes(grades: GradeProjection, deadlines: DeadlineProjection) -> Iterator[Finding]:
    """Whether an index has stopped, and which files are parked."""
    build = grades.current()
    if build is not None and build.stopped is not None:
        stop = build.stopped
        yield _finding(
            "index_stopped",
            *both("findings.index_stopped", position=stop.position, stream=stop.stream, reason=stop.reason),
        )
    parked: dict[str, Parked] = {p.subject: p for p in (*(build.parked if build else ()), *deadlines.parked())}
    if parked:
        names = ", ".join(sorted(parked)[:_NAMED])
        more = "…" if len(parked) > _NAMED else ""
        yield _finding(
            "files_parked",
            *both("findings.files_parked", number=len(parked), names=names, more=more),
        )


def of_keepers(keepers: Sequence[Keeping]) -> Iterator[Finding]:
    """What is to be done behind the scenes and was not, the last time."""
    for keeper in keepers:
        if keeper.failure is not None:
            yield _finding(
                "keeping_failed",
                *both("findings.keeping_failed", name=keeper.name, failure=keeper.failure),
            )


def of_clocks(skew: int, ahead: int) -> Iterator[Finding]:
    """Whether the database's clock is another than this machine's, or the journal ahead of it (microseconds)."""
    if abs(skew) > MOST_SKEW:
        text = worded(skew_told(skew))
        yield _finding("clock_skew", text.zh, text.en)
    if ahead > MOST_SKEW:
        seconds = ahead // 1_000_000
        yield _finding(
            "journal_ahead",
            *both("findings.journal_ahead", seconds=seconds),
        )


def of_disk(is_full: bool, folder: Path | None) -> Iterator[Finding]:
    """Whether the last write found the disk full, or the disk of the embedded database nearly is."""
    if is_full:
        yield _finding(FULL.code, *worded(FULL.says))
    elif folder is not None and folder.exists() and (free := shutil.disk_usage(folder).free) < _LEAST_FREE:
        yield _finding(
            "disk_low",
            *both("findings.disk_low", mebibytes=free // 2**20),
        )


def _finding(code: str, zh: str, en: str) -> Finding:
    return Finding(code=code, zh=zh, en=en)
