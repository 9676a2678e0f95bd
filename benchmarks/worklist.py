"""The worklist of a region with many open deadlines beside the raw SQL of the same rows, and keeping its index."""

import datetime as dt
import time
from collections.abc import Iterator
from typing import Any, Final, Literal

import msgspec
import psycopg
from psycopg.rows import tuple_row

from application.cursors import MOST_LINES
from application.deadlines.index import DeadlineProjection
from application.deadlines.worklist import Worklist, WorklistQuestion
from application.ports import Entry
from benchmarks.figures import Figure, figure
from benchmarks.population import REGIME, agency_id, code_of
from benchmarks.processor import Measured, Spending
from benchmarks.rounds import Round, always, seconds_each
from benchmarks.stage import ENGINE, Docket, Stage
from domain.events.evaluation import StageRecorded
from domain.events.registration import AgencyRegistered
from interfaces.postgres.worklist import PostgresDeadlineIndex

OPEN_EACH: Final = 4
"""Deadlines that are open for each agency once its notice is out: report, publicity, submission, publication."""

AS_OF: Final = dt.date(2025, 4, 16)
"""Two days after the first reports were due: a part of the deadlines is overdue."""

PAGE: Final = 50
_NOTICES: Final = 20
_MILLISECONDS: Final = 1e3
_REGION: Final = "150100"

_COLUMNS: Final = """d.subject, d.subject_kind, d.region, d.id, d.kind, d.regime, d.year, d.actor, d.cites, d.readings,
    d.starts_on, d.started_by, d.due_on, d.original_on, d.provisional, d.done_on, d.done_by, d.skipped, s.name"""
_RAW_PAGE: Final = f"""SELECT {_COLUMNS} FROM deadlines d JOIN worklist_subjects s USING (subject)
    WHERE d.city = '1501' AND d.done_on IS NULL AND NOT d.passes AND (d.sort_on, d.id) > (%s, %s)
    ORDER BY d.sort_on, d.id LIMIT {PAGE}"""
_RAW_COUNTS: Final = """SELECT kind, sort_on < %s AS overdue, count(*) FROM deadlines
    WHERE city = '1501' AND done_on IS NULL AND NOT passes GROUP BY 1, 2"""


def of_a_region(stage: Stage, deadlines: int, *, rounds: int, each: int) -> list[Figure]:
    """A journal with that many open deadlines: its index built and kept, its first page and one in the middle."""
    docket = stage.journal("worklist")
    agencies = deadlines // OPEN_EACH
    docket.fill(entry for number in range(agencies) for entry in _listed(number))
    parts = (docket.journal, PostgresDeadlineIndex(docket.journal.datastore), docket.clock, docket.legislation)
    projection = DeadlineProjection(*parts, ENGINE)
    figures = _kept(docket, projection, agencies)
    worklist = Worklist(*parts, projection, ENGINE)
    with psycopg.connect(docket.url, autocommit=True) as raw:
        figures += _pages(worklist, raw, deadlines, rounds=rounds, each=each)
    docket.close()
    return figures


def _kept(docket: Docket, projection: DeadlineProjection, agencies: int) -> list[Figure]:
    """How fast the index is built from nothing, and how fast it takes in what is recorded afterwards."""
    built = _rate(docket.events, projection)
    docket.fill(_noticed(number) for number in range(agencies))
    docket.settle()
    kept = _rate(agencies, projection)
    docket.settle()
    means = "building the index of deadlines from a whole journal, in one transaction"
    return [
        figure("worklist.build", built, "events/s", means),
        figure("worklist.keep", kept, "events/s", f"taking in {agencies:,} notices, each of another agency, in steps"),
    ]


def _rate(events: int, projection: DeadlineProjection) -> Measured:
    spending, begun = Spending(), time.perf_counter()
    projection.catch_up()
    return Measured(events / (time.perf_counter() - begun), spending.seconds() / events)


def _pages(worklist: Worklist, raw: psycopg.Connection[Any], deadlines: int, *, rounds: int, each: int) -> list[Figure]:
    first = WorklistQuestion(region=_REGION, as_of=AS_OF, limit=PAGE)
    page = worklist.page(first)
    found = sum(count.number for count in page.counts)
    if found != deadlines or page.index.behind:
        raise RuntimeError(f"{found} deadlines of {deadlines} are open, {page.index.behind} events are missing")
    middle, last = _in_the_middle(worklist, first, deadlines // 2)
    figures = []
    for name, question, place in (("first", first, (dt.date.min, "")), ("middle", middle, last)):
        ours, floor = seconds_each(
            rounds, always(_asking(worklist, question, each)), always(_reading(raw, place, each))
        )
        figures.append(
            figure(
                f"worklist.{name}",
                ours * _MILLISECONDS,
                "ms",
                f"{name} page of {PAGE} with the counts of {deadlines:,} open deadlines, to be under 50 ms, beside raw"
                " SQL of the same rows and counts",
                floor=floor * _MILLISECONDS,
            )
        )
    return figures


def _in_the_middle(
    worklist: Worklist, question: WorklistQuestion, passed: int
) -> tuple[WorklistQuestion, tuple[dt.date, str]]:
    """The question for the page after ``passed`` lines, and the place of the line before it."""
    asked, last = question, (dt.date.min, "")
    for _ in range(passed // MOST_LINES):
        page = worklist.page(msgspec.structs.replace(asked, limit=MOST_LINES))
        asked = msgspec.structs.replace(asked, cursor=page.cursor)
        last = (page.lines[-1].due_on or dt.date.max, page.lines[-1].id)
    return asked, last


def _asking(worklist: Worklist, question: WorklistQuestion, each: int) -> Round:
    def ask() -> int:
        for _ in range(each):
            page = worklist.page(question)
            if len(page.lines) != PAGE:
                raise RuntimeError(f"a page of {len(page.lines)}")
        return each

    return ask


def _reading(raw: psycopg.Connection[Any], place: tuple[dt.date, str], each: int) -> Round:
    """The same rows and counts by SQL alone, as tuples."""

    def read() -> int:
        for _ in range(each):
            with raw.cursor(binary=True, row_factory=tuple_row) as cursor:
                cursor.execute(_RAW_PAGE.encode(), place).fetchall()
                cursor.execute(_RAW_COUNTS.encode(), (AS_OF,)).fetchall()
        return each

    return read


# --- what is on record --------------------------------------------------------------------------------------------


def _listed(agency: int) -> Iterator[Entry]:
    """An agency and its place on the roster of 2024."""
    stream = agency_id(agency)
    opened = AgencyRegistered(
        uscc=code_of(agency),
        name=f"内蒙古第{agency}检测技术有限公司",
        region=_REGION,
        services=("monitoring",),
    )
    yield Entry(stream, "agency", 1, opened)
    yield _step(stream, 2, "roster", dt.date(2025, 3, 3))


def _noticed(agency: int) -> Entry:
    """Its notice, received on one of twenty days: not every report is due on the same day."""
    on = dt.date(2025, 3, 3) + dt.timedelta(days=agency % _NOTICES)
    return _step(agency_id(agency), 3, "notice", on)


def _step(stream: str, version: int, stage: Literal["roster", "notice"], on: dt.date) -> Entry:
    record = f"{stream}-{stage}"
    event = StageRecorded(record=record, regime=REGIME, year=2024, stage=stage, dated_on=on, received_on=on)
    return Entry(stream, "agency", version, event, record)
