"""``python -m benchmarks.passed_by``: where the eventsourcing library is passed by, beside the library's own way.

Each figure is the processor time of this process per event or file, with what passes on the clock beside it: where a
machine does other work too, the first can be compared, the second less. The server's own time is in the second alone.
"""

import argparse
import os
import statistics
import time
from collections.abc import Callable
from typing import Final, NamedTuple

from eventsourcing.application import Repository
from eventsourcing.persistence import EventStore
from eventsourcing.postgres import PostgresApplicationRecorder

from application.answering.case_files import case_file
from application.ports import Entry
from application.principal import Principal
from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.library import Bare
from benchmarks.population import agency_id, recorded, usual_agencies
from benchmarks.stage import Docket, Stage, stage
from interfaces.postgres.mapper import EventMapper, StreamEvent, project
from interfaces.postgres.projections import Deadlines
from interfaces.postgres.worklist import PostgresDeadlineIndex

_ROUNDS: Final = 5
_PAGE: Final = 500
_MICROSECONDS: Final = 1e6


class Spent(NamedTuple):
    """Microseconds for one: of this process's processor, and on the clock."""

    cpu: float
    clock: float


def beside(ours: Callable[[int], int], theirs: Callable[[int], int]) -> tuple[Spent, Spent]:
    """Both in turns, after a round to warm up: medians. Each is given the number of the round, and tells how many it
    has done."""
    taken: tuple[list[Spent], list[Spent]] = ([], [])
    for number in range(_ROUNDS + 1):
        for work, spent in zip((ours, theirs), taken, strict=True):
            begun = time.process_time(), time.perf_counter()
            done = work(number)
            ended = time.process_time(), time.perf_counter()
            spent.append(Spent(*((e - b) * _MICROSECONDS / done for b, e in zip(begun, ended, strict=True))))
    first, second = (
        Spent(statistics.median(s.cpu for s in all_[1:]), statistics.median(s.clock for s in all_[1:]))
        for all_ in taken
    )
    return first, second


def figures_of(name: str, means: str, found: tuple[Spent, Spent]) -> list[Figure]:
    """The two as figures."""
    ours, theirs = found
    return [
        figure(f"passed_by.{name}.cpu", ours.cpu, "µs", means, floor=theirs.cpu),
        figure(f"passed_by.{name}.clock", ours.clock, "µs", f"{means}, on the clock", floor=theirs.clock),
    ]


def appending(server: Stage, docket: Docket, each: int) -> list[Figure]:
    """One event to a transaction: a function of the server in one round trip, and ``save`` of the bare library."""
    bare = Bare(server.database("passed_by_library"))

    def ours(number: int) -> int:
        stream = f"appended-{number}"
        entries = [recorded(stream, v, f"{stream}-{v}", v) for v in range(1, each + 1)]
        for entry in entries:
            docket.journal.append([entry], by=Principal("clerk-of-the-bench"))
        return each

    try:
        return figures_of(
            "append", "one event appended", beside(ours, lambda _: bare.save(list(bare.dockets(each, 1))))
        )
    finally:
        bare.close()


def folding(docket: Docket, each: int) -> list[Figure]:
    """A file of 50 events packed into one row and decoded at once, beside ``repository.get`` with a projector; and that
    over rows as we read them, beside rows as the library does."""
    subjects = usual_agencies(docket.agencies, each)
    recorder = PostgresApplicationRecorder(docket.journal.datastore, events_table_name="events")
    plain = Repository(EventStore(EventMapper(), recorder))

    def packed(_: int) -> int:
        for subject in subjects:
            case_file(subject, docket.journal.snapshot(subject).rows)
        return len(subjects)

    def ours(_: int) -> int:
        for subject in subjects:
            docket.journal.file(subject)
        return len(subjects)

    def theirs(_: int) -> int:
        for subject in subjects:
            plain.get(subject, projector_func=project)
        return len(subjects)

    return [
        *figures_of("snapshot", "a file of 50 events at a basis, beside ``Journal.file``", beside(packed, ours)),
        *figures_of("file", "a file of 50 events by ``Journal.file``, beside the library's rows", beside(ours, theirs)),
    ]


def scanning(docket: Docket) -> list[Figure]:
    """The whole journal, every event decoded: grouped and copied, and the library's notifications by its mapper."""
    journal = docket.journal

    def ours(_: int) -> int:
        return sum(len(whole.events) for whole in journal.whole_streams())

    def theirs(_: int) -> int:
        done, start = 0, 0
        while some := journal.recorder.select_notifications(start, _PAGE, inclusive_of_start=False):
            for stored in some:
                placed = journal.application.mapper.to_domain_event(stored)
                if isinstance(placed, StreamEvent) and placed.event is not None:
                    done += 1
            start = some[-1].id
        return done

    return figures_of("journal", "an event of the whole journal read and decoded", beside(ours, theirs))


def following(docket: Docket, events: int) -> list[Figure]:
    """The index of deadlines after events on the files of 20 agencies: taken in together, and one after the other."""
    projection = Deadlines(PostgresDeadlineIndex(docket.journal.datastore))
    subjects = [agency_id(number) for number in range(20)]
    versions = {s: len(rows) for s, rows in docket.journal.streams(subjects).items()}

    def fact(subject: str, name: str) -> Entry:
        versions[subject] += 1
        return recorded(subject, versions[subject], name, versions[subject])

    def together(number: int) -> int:
        for n in range(events):
            docket.journal.append(
                [fact(subjects[n % 20], f"together-{number}-{n}")], by=Principal("clerk-of-the-bench")
            )
        projection.take_in()
        return events

    def one_by_one(number: int) -> int:
        for n in range(events):
            docket.journal.append([fact(subjects[n % 20], f"each-{number}-{n}")], by=Principal("clerk-of-the-bench"))
            projection.take_in()
        return events

    return figures_of("follow", "an event appended and taken into the index of deadlines", beside(together, one_by_one))


def main() -> None:
    """Measure and print; the figures are kept beside those of ``make bench``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=20_000, help="of the journal")
    parser.add_argument("--each", type=int, default=400, help="appends and files of one round")
    given = parser.parse_args()
    with stage() as server:
        docket = server.journal("passed_by")
        try:
            docket.grow(given.events)
            found = [
                *scanning(docket),
                *folding(docket, given.each),
                *appending(server, docket, given.each),
                *following(docket, max(20, given.each // 4)),
            ]
        finally:
            docket.close()
        title = f"The library passed by; {docket.events:,} events, PostgreSQL {server.version}"
        show(found, f"{title}, load {os.getloadavg()[0]:.1f}")
        keep(found, FILE)


if __name__ == "__main__":
    main()
