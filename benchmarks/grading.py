"""One grade answer, in process, beside a raw read of the rows that it needs; and why two of them differ."""

import itertools
from typing import Any, Final

import msgspec
import psycopg
from psycopg.rows import tuple_row
from psycopg.types.numeric import Int8BinaryLoader

from application.answering.grading import Question
from application.explaining.differences import Basing, Differing
from benchmarks.figures import Figure, figure
from benchmarks.population import AS_OF, REGIME, usual_agencies
from benchmarks.rounds import Round, always, seconds_each
from benchmarks.stage import Docket
from domain.events.registration import EmploymentRecorded
from interfaces.codec import CLASSES

_COLUMNS: Final = "originator_version, recorded_at, topic, state"
_FILE: Final = f"SELECT {_COLUMNS} FROM events WHERE originator_id = %s ORDER BY originator_version"
_STAFF: Final = (
    f"SELECT {_COLUMNS} FROM events WHERE originator_id = ANY(%s) ORDER BY originator_id, originator_version"
)
_DECODE: Final = {tag: msgspec.json.Decoder(cls).decode for tag, cls in CLASSES.items()}
_MILLISECONDS: Final = 1e3
_LAST: Final = 5
"""Events at the end of a file that one of two answers does not know."""


class RawReader:
    """Reads the rows of an answer with psycopg and decodes them with msgspec, and nothing else."""

    def __init__(self, url: str) -> None:
        # Planned once, as ours are: whether PostgreSQL would do so by itself hangs on its statistics of the day.
        self._connection = psycopg.connect(url, autocommit=True, options="-c plan_cache_mode=force_generic_plan")
        # Instants as whole numbers: datetimes would be built for nothing.
        self._connection.adapters.register_loader("timestamptz", Int8BinaryLoader)

    def answer_rows(self, agency: str) -> int:
        """The file of an agency, then the files of its staff; how many rows that was."""
        file = self._decoded(_FILE, agency)
        staff = list({e.practitioner for e in file if type(e) is EmploymentRecorded})
        return len(file) + len(self._decoded(_STAFF, staff))

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _decoded(self, statement: str, parameter: object) -> list[Any]:
        with self._connection.cursor(binary=True, row_factory=tuple_row) as cursor:
            rows = cursor.execute(statement.encode(), (parameter,), prepare=True).fetchall()
        return [_DECODE[topic](state) for _, _, topic, state in rows]


def one_answer(docket: Docket, *, rounds: int, each: int) -> list[Figure]:
    """The answer of a usual agency, from PostgreSQL to the finished Struct."""
    agencies = usual_agencies(docket.agencies)
    reader = RawReader(docket.url)
    ours, raw = seconds_each(rounds, always(grading(docket, agencies, each)), always(reading(reader, agencies, each)))
    reader.close()
    return [
        figure(
            "grade.one",
            ours * _MILLISECONDS,
            "ms",
            "grade answer of a 50-event file, PostgreSQL to finished Struct, beside raw reads and decode of its rows",
            floor=raw * _MILLISECONDS,
            target=2.2,
        )
    ]


def between_answers(docket: Docket, *, rounds: int, each: int) -> list[Figure]:
    """What changed in a usual file with its last events, on one day, beside one grade answer of the same files."""
    agencies = usual_agencies(docket.agencies)
    ours, plain = seconds_each(
        rounds, always(_differing(docket, agencies, each)), always(grading(docket, agencies, each))
    )
    return [
        figure(
            "diff.one",
            ours * _MILLISECONDS,
            "ms",
            f"why the answers of a 50-event file before and after its last {_LAST} events differ, beside one of them",
            floor=plain * _MILLISECONDS,
            target=3,
        )
    ]


def _differing(docket: Docket, agencies: list[str], each: int) -> Round:
    """Answers before the last events of each agency and with them, compared in turn."""
    differing = Differing(docket.journal, docket.legislation, docket.grading)
    before = {agency: docket.journal.stream(agency)[-_LAST - 1].position for agency in agencies}
    asked = itertools.cycle(agencies)

    def differ() -> int:
        for agency in itertools.islice(asked, each):
            first, second = Basing(as_of=AS_OF, position=before[agency]), Basing(as_of=AS_OF)
            differing.between(agency, REGIME, first, second)
        return each

    return differ


def grading(docket: Docket, agencies: list[str], each: int) -> Round:
    """Grade answers of the agencies in turn."""
    asked = itertools.cycle(agencies)

    def grade() -> int:
        for agency in itertools.islice(asked, each):
            docket.grading.grade(Question(subject=agency, regime=REGIME, as_of=AS_OF))
        return each

    return grade


def reading(reader: RawReader, agencies: list[str], each: int) -> Round:
    """Raw reads of what those answers need."""
    asked = itertools.cycle(agencies)

    def read() -> int:
        for agency in itertools.islice(asked, each):
            reader.answer_rows(agency)
        return each

    return read
