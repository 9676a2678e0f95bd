"""Scenario files on a bench of memory: read, and played."""

from functools import cache
from pathlib import Path

from application.scenarios.playing import Bench, Player
from application.scenarios.scenario_file import Case, read_cases
from domain.time import Instant
from interfaces.clocks import StoppedClock
from interfaces.documents.letters.desks import desk_in_memory
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.files.shipped_places import shipped_places
from interfaces.files.yaml_text import documents
from interfaces.ids import CountedIds
from interfaces.memory.journal import MemoryJournal, MemoryVault

_BEGINNING: Instant = 0


def load(text: str, source: str, folder: Path | None = None) -> list[Case]:
    """The cases of a file; ``source`` names it in complaints. Raises ``BadFile``.

    ``folder`` is where editions that a case adopts lie beside it; by default the folder of ``source``.
    """
    beside = Path(source).parent if folder is None else folder

    def read(name: str) -> str | None:
        try:
            return (beside / name).read_bytes().decode("utf-8-sig")
        # A name that no file can have is an error of value; a text that is none in UTF-8 is one too.
        except (OSError, ValueError):
            return None

    return read_cases(source, documents(text, source), read)


@cache
def player() -> Player:
    """A player with the shipped editions and calendars. Raises ``RulebookError`` when one of them has faults."""
    return Player([(s.edition, s.text) for s in shipped_editions()], shipped_calendars(), bench)


def bench() -> Bench:
    """An empty journal in memory with a vault, a stopped clock and counted ids."""
    clock = StoppedClock(_BEGINNING)
    vault = MemoryVault()
    return Bench(MemoryJournal(clock, vault), vault, clock, CountedIds(), shipped_places(), desk_in_memory)
