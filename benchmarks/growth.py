"""How it grows with the length of a file and with the size of the journal."""

import itertools
from typing import Final

from benchmarks.figures import Figure, figure
from benchmarks.grading import RawReader, grading, reading
from benchmarks.library import Bare
from benchmarks.population import agency_id, file, staff, usual_agencies
from benchmarks.recording import saving, submitting
from benchmarks.rounds import always, seconds_each
from benchmarks.stage import Docket, Stage

LENGTHS: Final = (10, 100, 1_000, 10_000)
_FILES: Final = 4
_MILLISECONDS: Final = 1e3


def with_the_file(stage: Stage, bare: Bare, *, rounds: int) -> list[Figure]:
    """Grading and recording on files of 10 to 10,000 events, in a journal of their own."""
    docket = stage.journal("files")
    numbers = itertools.count()
    streams: dict[int, list[str]] = {}
    for length in LENGTHS:
        for number in itertools.islice(numbers, _FILES):
            docket.fill([*staff(number), *file(number, length)])
            streams.setdefault(length, []).append(agency_id(number))
    docket.settle()
    reader = RawReader(docket.url)
    figures = []
    for length, agencies in streams.items():
        each = max(1, min(25, 2_000 // length))
        ours, raw, submit, saved = seconds_each(
            rounds,
            always(grading(docket, agencies, each)),
            always(reading(reader, agencies, each)),
            submitting(docket, agencies, 20),
            saving(bare, 20, 1),
        )
        figures += [
            figure(
                f"file.{length}.grade",
                ours * _MILLISECONDS,
                "ms",
                f"grade answer of a file of {length:,} events beside raw reads and decode",
                floor=raw * _MILLISECONDS,
            ),
            figure(
                f"file.{length}.record",
                submit * _MILLISECONDS,
                "ms",
                f"recording a fact on a file of {length:,} events beside the library's save of one event",
                floor=saved * _MILLISECONDS,
            ),
        ]
    reader.close()
    docket.close()
    return figures


def with_the_journal(docket: Docket, bare: Bare, label: str, *, rounds: int) -> list[Figure]:
    """Grading and recording on usual files in a journal of its present size."""
    agencies = usual_agencies(docket.agencies)
    reader = RawReader(docket.url)
    ours, raw, submit, saved = seconds_each(
        rounds,
        always(grading(docket, agencies, 25)),
        always(reading(reader, agencies, 25)),
        submitting(docket, agencies, 20),
        saving(bare, 20, 1),
    )
    reader.close()
    return [
        figure(
            f"journal.{label}.grade",
            ours * _MILLISECONDS,
            "ms",
            f"grade answer of a 50-event file in a journal of {docket.events:,} beside raw reads and decode",
            floor=raw * _MILLISECONDS,
        ),
        figure(
            f"journal.{label}.record",
            submit * _MILLISECONDS,
            "ms",
            f"recording a fact in a journal of {docket.events:,} events beside the library's save",
            floor=saved * _MILLISECONDS,
        ),
    ]
