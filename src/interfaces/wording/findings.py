"""What is out of order although questions are answered: told by ``/health``, and logged when it changes."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from application.deadlines.index import DeadlineProjection
from application.population.index import GradeProjection
from application.ports import Parked
from interfaces.outages import FULL, skew_text
from interfaces.supervising import Keeping

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
            f"等级索引停在序号 {stop.position}（{stop.stream}）：{stop.reason}。其后的名单不可得；单个案卷不受影响。",
            f"The index of grades stopped at position {stop.position} of {stop.stream}: {stop.reason}. Lists beyond it"
            " cannot be had; single files can.",
        )
    parked: dict[str, Parked] = {p.subject: p for p in (*(build.parked if build else ()), *deadlines.parked())}
    if parked:
        names = ", ".join(sorted(parked)[:_NAMED])
        more = "…" if len(parked) > _NAMED else ""
        yield _finding(
            "files_parked",
            f"{len(parked)} 个案卷无法读取，已搁置：{names}{more}；其余照常。"
            "见 ecodocket projections status 和 verify --journal。",
            f"{len(parked)} files cannot be read and are parked: {names}{more}; all others go on. See ecodocket"
            " projections status and verify --journal.",
        )


def of_keepers(keepers: Sequence[Keeping]) -> Iterator[Finding]:
    """What is to be done behind the scenes and was not, the last time."""
    for keeper in keepers:
        if keeper.failure is not None:
            yield _finding(
                "keeping_failed",
                f"后台任务（{keeper.name}）未能进行：{keeper.failure}",
                f"Not done behind the scenes ({keeper.name}): {keeper.failure}",
            )


def of_clocks(skew: int, ahead: int) -> Iterator[Finding]:
    """Whether the database's clock is another than this machine's, or the journal ahead of it (microseconds)."""
    if abs(skew) > MOST_SKEW:
        text = skew_text(skew)
        yield _finding("clock_skew", text.zh, text.en)
    if ahead > MOST_SKEW:
        seconds = ahead // 1_000_000
        yield _finding(
            "journal_ahead",
            f"日志末尾的记录时刻比数据库时钟晚 {seconds} 秒：此前曾以快的时钟记录。在此之前新记录的时刻都与末尾相同。",
            f"The journal's end is {seconds} seconds ahead of the database's clock: something was recorded by a clock"
            " that was fast. Until then whatever is recorded gets that instant.",
        )


def of_disk(is_full: bool, folder: Path | None) -> Iterator[Finding]:
    """Whether the last write found the disk full, or the disk of the embedded database nearly is."""
    if is_full:
        yield _finding(FULL.code, FULL.text.zh, FULL.text.en)
    elif folder is not None and folder.exists() and (free := shutil.disk_usage(folder).free) < _LEAST_FREE:
        yield _finding(
            "disk_low",
            f"数据所在磁盘只剩 {free // 2**20} MiB；请腾出空间，写满后不能再记录。",
            f"Only {free // 2**20} MiB are left on the disk of the data; make room, nothing is recorded on a full one.",
        )


def _finding(code: str, zh: str, en: str) -> Finding:
    return Finding(code=code, zh=zh, en=en)
