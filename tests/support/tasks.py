"""Tasks for executors: functions of a module, so that workers can look them up."""

import gc
import os
import signal
from pathlib import Path

from application.ports import JournalReader
from domain.errors import Refused
from tests.support.words import as_told


def squared(reader: JournalReader, number: int) -> tuple[int, int, int]:
    """The square, with what the task sees of the journal."""
    return number * number, reader.head().position, len(reader.law())


def refused_at_three(reader: JournalReader, number: int) -> int:
    """An expected error in the middle of the work."""
    if number == 3:
        raise Refused("too_many", as_told("三太多。", "three is too many."), "art. 3")
    return number


def killed_once(reader: JournalReader, asked: tuple[int, Path]) -> int:
    """The process of the fourth task dies when it is done for the first time."""
    number, marker = asked
    if number == 4 and not marker.exists():
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def killed_always(reader: JournalReader, number: int) -> int:
    """Whoever does it dies."""
    os.kill(os.getpid(), signal.SIGKILL)
    return number


def worker(reader: JournalReader, number: int) -> int:
    """Who does it."""
    return os.getpid()


def objects_before_garbage(reader: JournalReader, number: int) -> int:
    """After how many objects the process looks for garbage."""
    return gc.get_threshold()[0]
