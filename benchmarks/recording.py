"""Recording: one fact through casework beside the library's save, and a hundred in one transaction."""

import itertools
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from application.principal import Principal
from application.recording.commands import Command
from benchmarks.figures import Figure, figure
from benchmarks.library import Bare, Raw, Row
from benchmarks.population import backlog, one_fact, usual_agencies
from benchmarks.rounds import Round, Work, per_second
from benchmarks.stage import Docket

BATCH: Final = 100
WRITERS: Final = (8, 32)
"""How many record at once."""

_AT_HAND: Final = 10
"""Files on which single facts are recorded again and again: each is at hand after a round to warm up."""

_OTHERS, _MANY = 200, 700
"""Other families ask about the first files; of those after them each gets one fact. Only at the full size are there so
many."""

_NEW_AGENCIES: Final = 5_000_000
_COPIED: Final = 10_000
_numbers = itertools.count(1)


def single(docket: Docket, bare: Bare, raw: Raw, *, rounds: int, each: int) -> list[Figure]:
    """One fact per request: on files on which something was recorded lately, and the first one on each of many."""
    some, others = usual_agencies(docket.agencies, _AT_HAND), usual_agencies(docket.agencies, _MANY)[_OTHERS:]
    ours, first, saved, inserted = per_second(
        rounds,
        submitting(docket, some, each),
        submitting(docket, others or some, each),
        saving(bare, each, 1),
        _inserting(raw, each),
    )
    name = "record.one"
    return [
        figure(
            name,
            ours,
            "facts/s",
            "one fact through casework (key, decision, sealed append) on a file on which others were recorded lately,"
            " beside the bare library's save of one event",
            floor=saved,
            target=1.0,
        ),
        figure(
            f"{name}.first",
            first,
            "facts/s",
            "the same of the first fact on a file, which is read and folded for it",
            floor=saved,
        ),
        figure(
            f"{name}.raw",
            ours,
            "facts/s",
            "the same beside one raw INSERT per transaction under an advisory lock",
            floor=inserted,
            target=0.75,
        ),
    ]


def concurrent(docket: Docket, bare: Bare, *, rounds: int, each: int) -> list[Figure]:
    """One fact per request of writers who record at once, each on files of its own; ``each`` facts by all of them."""
    figures = []
    for writers in WRITERS:
        agencies = usual_agencies(docket.agencies)
        parts = [agencies[number::writers] for number in range(writers)]
        share = max(1, each // writers)
        ours, saved = per_second(
            rounds,
            _at_once([submitting(docket, part, share) for part in parts]),
            _at_once([saving(bare, share, 1) for _ in parts]),
        )
        figures.append(
            figure(
                f"record.concurrent.{writers}",
                ours,
                "facts/s",
                f"one fact through casework by each of {writers} writers at once, again and again, beside the bare"
                " library's save by as many threads",
                floor=saved,
                target=2.0,
            )
        )
    return figures


def bulk(docket: Docket, bare: Bare, raw: Raw, *, rounds: int, each: int) -> list[Figure]:
    """A hundred facts per transaction."""
    ours, saved, many, copied = per_second(
        rounds,
        _importing(docket, each),
        _times(BATCH, saving(bare, each, BATCH)),
        lambda: _many(raw, [raw.rows(BATCH) for _ in range(each)]),
        lambda: _copied(raw, [raw.rows(_COPIED)]),
    )
    name = "record.bulk"
    return [
        figure(
            name,
            ours,
            "events/s",
            "recording a backlog (import path, all decided, 100 per transaction) beside the bare library's save of 100",
            floor=saved,
            target=1.3,
        ),
        figure(
            f"{name}.executemany",
            ours,
            "events/s",
            "the same beside raw executemany of 100 rows per transaction",
            floor=many,
            target=0.5,
        ),
        figure(
            f"{name}.copy",
            ours,
            "events/s",
            f"the same beside raw COPY of {_COPIED:,} rows per transaction",
            floor=copied,
        ),
    ]


def submitting(docket: Docket, streams: list[str], count: int) -> Work:
    """Facts through casework, one request after the other, each with an idempotency key of its own."""

    def prepare() -> Round:
        asked = [(c, str(uuid.uuid4())) for c in _commands(streams, count)]

        def submit() -> int:
            for command, key in asked:
                docket.casework.submit(command, by=Principal("clerk-of-the-bench"), key=key)
            return len(asked)

        return submit

    return prepare


def _commands(streams: list[str], count: int) -> list[Command]:
    numbers = itertools.islice(_numbers, count)
    return [one_fact(streams[n % len(streams)], str(uuid.uuid4()), n) for n in numbers]


def saving(bare: Bare, count: int, facts: int) -> Work:
    """Calls of the library's save, each of an aggregate with so many pending events."""

    def prepare() -> Round:
        dockets = list(bare.dockets(count, facts))
        return lambda: bare.save(dockets)

    return prepare


def _inserting(raw: Raw, count: int) -> Work:
    def prepare() -> Round:
        rows = raw.rows(count)
        return lambda: raw.one_by_one(rows)

    return prepare


def _many(raw: Raw, batches: list[list[Row]]) -> Round:
    return lambda: raw.many(batches)


def _copied(raw: Raw, batches: list[list[Row]]) -> Round:
    return lambda: raw.copy(batches)


def _importing(docket: Docket, count: int) -> Work:
    commands = backlog(_NEW_AGENCIES)

    def prepare() -> Round:
        asked = list(itertools.islice(commands, count * BATCH))

        def record() -> int:
            answers = docket.importing.record_many(asked, by=Principal("clerk-of-the-bench"), batch=BATCH)
            if len(answers) != len(asked):
                raise RuntimeError(f"refused: {answers[-1]}")
            return len(answers)

        return record

    return prepare


def _at_once(works: list[Work]) -> Work:
    """The works side by side, each in a thread of its own."""

    def prepare() -> Round:
        ready = [work() for work in works]

        def all_of_them() -> int:
            with ThreadPoolExecutor(len(ready)) as threads:
                return sum(threads.map(lambda round_: round_(), ready))

        return all_of_them

    return prepare


def _times(factor: int, work: Work) -> Work:
    """The same work, counted in smaller things."""

    def prepare() -> Round:
        round_ = work()
        return lambda: round_() * factor

    return prepare
