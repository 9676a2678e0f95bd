"""Regrading everybody as of a date beside a raw scan of the journal, and the memory that takes."""

import datetime as dt
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import msgspec
import psycopg

from application.law.legislation import Legislation
from application.population.regrading import regrade
from benchmarks.figures import Figure, figure
from benchmarks.population import AS_OF, REGIME
from benchmarks.processor import peak_megabytes
from benchmarks.rounds import Round, always, per_second
from benchmarks.stage import Docket
from interfaces.clocks import SystemClock
from interfaces.codec import CLASSES
from interfaces.postgres.journal import PostgresJournal

_SCAN: Final = """COPY (SELECT originator_id, originator_version, recorded_at, topic, state FROM events
    WHERE category IN ('agency', 'practitioner')) TO STDOUT (FORMAT BINARY)"""
_DECODE: Final = {tag: msgspec.json.Decoder(cls).decode for tag, cls in CLASSES.items()}
_MEGABYTE: Final = 1024 * 1024


def whole_journal(docket: Docket, name: str, *, rounds: int, target: float | None = None) -> list[Figure]:
    """Every subject, all steps made, one process, beside raw scan and decode."""
    with psycopg.connect(docket.url, autocommit=True) as connection:
        ours, raw = per_second(rounds, always(regrading(docket, AS_OF)), always(scanning(connection)))
    means = f"regrade of {docket.events:,} events as of a date, all steps made, beside raw unordered scan plus decode"
    return [figure(name, ours, "events/s", means, floor=raw, target=target)]


def regrading(docket: Docket, as_of: dt.date) -> Round:
    """Regrade everybody, and read all steps, which are made only then; how many events that read."""

    def all_of_them() -> int:
        events = 0
        for found in regrade(docket.journal, docket.legislation, REGIME, as_of, docket.clock.now()):
            events += found.events
            len(found.assessment.steps)
        return events

    return all_of_them


def scanning(connection: psycopg.Connection[Any]) -> Round:
    """Read the whole journal by binary COPY, in no order, and decode every state."""

    def scan() -> int:
        count = 0
        with connection.cursor() as cursor, cursor.copy(_SCAN) as copy:
            copy.set_types(("text", "int8", "int8", "text", "bytea"))
            for _, _, _, topic, state in copy.rows():
                _DECODE[topic](state)
                count += 1
        return count

    return scan


class Memory(msgspec.Struct, frozen=True):
    """What a process of its own held while it regraded a journal, in MB.

    ``staff`` is what came to stay while the practitioners were read: the table of staff.
    """

    peak: float
    staff: float

    @property
    def without_staff(self) -> float:
        """The most that it held, the table of staff aside."""
        return self.peak - self.staff


def memory(docket: Docket) -> Memory:
    """Regrade in a fresh process and ask what it held."""
    said = subprocess.run([sys.executable, "-m", __name__, docket.url], stdout=subprocess.PIPE, check=True, text=True)
    return msgspec.json.decode(said.stdout, type=Memory)


def memory_figure(name: str, held: Memory, events: int, small: Memory | None, target: float | None) -> Figure:
    """How much a regrade holds, beside the same of a journal a tenth the size."""
    return figure(
        name,
        held.without_staff,
        "MB",
        f"peak memory of the regrade of {events:,} events without its table of staff ({held.staff:.0f} MB)"
        + (", beside a tenth of the journal" if small else ""),
        floor=small.without_staff if small else None,
        target=target,
    )


def _measure(url: str) -> Memory:
    with PostgresJournal(url, SystemClock()) as journal:
        begun = staff = 0.0
        for count, graded in enumerate(regrade(journal, Legislation(journal), REGIME, AS_OF, SystemClock().now())):
            if count == _WARM:
                begun = staff = _resident()
            if graded.kind == "practitioner" and count % _WARM == 0:
                staff = _resident()
    peak = peak_megabytes()
    return Memory(peak=peak, staff=staff - begun)


_WARM: Final = 500


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() / _MEGABYTE


if __name__ == "__main__":
    sys.stdout.write(json.dumps(msgspec.to_builtins(_measure(sys.argv[1]))))
