"""The families of figures, in the order in which they are measured: the journal grows meanwhile."""

from collections.abc import Callable, Collection
from functools import cached_property
from typing import Final, NamedTuple

from benchmarks import (
    access,
    dossiers,
    evidence,
    feed,
    grading,
    growth,
    indexing,
    joining,
    letters,
    over_http,
    pages,
    parquet,
    ranking,
    readings,
    rechecking_receipts,
    recording,
    regional,
    regrading,
    roster,
    searching,
    sheets,
    starting,
    supposing,
    worklist,
)
from benchmarks.figures import Figure
from benchmarks.library import Bare, Raw
from benchmarks.stage import Docket, Stage, settle


class Plan(NamedTuple):
    """How much is measured: the sizes of the journal (most figures are taken at the middle one), rounds, the batches of
    a backlog in each of them, the roster, the journals of those who follow, ask behind the wall and search, the rows
    of a sheet, the MB of a piece of evidence, and the agencies of an index."""

    sizes: tuple[int, int, int]
    rounds: int
    batches: int
    requests: int
    agencies: int
    deadlines: int
    cohort: int
    region: int
    followed: int
    walled: int
    searched: int
    sheet: int
    evidence: int
    indexed: int


FULL = Plan(
    sizes=(10_000, 100_000, 500_000),
    rounds=12,
    batches=20,
    requests=400,
    agencies=1_000,
    deadlines=20_000,
    cohort=50_000,
    region=300,
    followed=10_000,
    walled=300,
    searched=30_000,
    sheet=20_000,
    evidence=200,
    indexed=100,
)
QUICK = Plan(
    sizes=(2_000, 10_000, 50_000),
    rounds=1,
    batches=5,
    requests=90,
    agencies=100,
    deadlines=4_000,
    cohort=5_000,
    region=100,
    followed=1_000,
    walled=50,
    searched=2_000,
    sheet=2_000,
    evidence=20,
    indexed=20,
)


class Bench:
    """What is measured on, made when a family first asks for it: the journal, the library's own, and a raw table."""

    def __init__(self, server: Stage, plan: Plan) -> None:
        self.server = server
        self.plan = plan
        self._grown = 0

    @cached_property
    def _journal(self) -> Docket:
        return self.server.journal("journal")

    @cached_property
    def _library_url(self) -> str:
        return self.server.database("library")

    @cached_property
    def bare(self) -> Bare:
        """The library over as many events as most figures are taken with."""
        bare = Bare(self._library_url)
        bare.fill(self.plan.sizes[1])
        settle(self._library_url)
        return bare

    @cached_property
    def raw(self) -> Raw:
        """A table like the library's, written without it."""
        return Raw(self._library_url)

    def journal(self, events: int | None = None) -> Docket:
        """The journal, grown to so many events at least; as many as most figures are taken with, unless it is said."""
        events = self.plan.sizes[1] if events is None else events
        if events > self._grown:
            self._journal.grow(events)
            self._grown = events
        return self._journal

    def rounds(self, part: int, least: int = 3) -> int:
        """A part of the rounds, and ``least`` at least where there are so many."""
        return max(min(least, self.plan.rounds), self.plan.rounds // part)

    def close(self) -> None:
        """Close the connections of what was made."""
        for name in ("_journal", "bare", "raw"):
            if name in self.__dict__:
                getattr(self, name).close()


class Family(NamedTuple):
    """Figures that are measured together, under the name with which theirs begin."""

    name: str
    measure: Callable[[Bench], list[Figure]]


def chosen(names: Collection[str]) -> list[Family]:
    """The families of these names, or all of them. Raises ``ValueError`` for a name that none has."""
    known = {family.name for family in FAMILIES}
    if unknown := sorted(set(names) - known):
        raise ValueError(f"no figures begin with {', '.join(unknown)}; there are: {', '.join(sorted(known))}")
    return [family for family in FAMILIES if not names or family.name in names]


def _recorded(bench: Bench) -> list[Figure]:
    journal, bare, raw = bench.journal(), bench.bare, bench.raw
    return [
        *recording.single(journal, bare, raw, rounds=bench.rounds(1), each=30),
        *recording.concurrent(journal, bare, rounds=bench.rounds(3), each=240),
        *recording.bulk(journal, bare, raw, rounds=bench.rounds(3), each=bench.plan.batches),
    ]


def _graded(bench: Bench) -> list[Figure]:
    return [
        *grading.one_answer(bench.journal(), rounds=bench.rounds(1), each=50),
        *over_http.answers(bench.journal(), rounds=bench.rounds(4), each=bench.plan.requests),
    ]


def _at_size(which: int) -> Callable[[Bench], list[Figure]]:
    """How grading, recording and regrading grow with the journal: at the first, second or third of its sizes."""

    def measure(bench: Bench) -> list[Figure]:
        size = bench.plan.sizes[which]
        journal = bench.journal(size)
        journal.settle()
        grown = growth.with_the_journal(journal, bench.bare, f"{size}", rounds=bench.rounds(3))
        if size == bench.plan.sizes[-1]:
            # ``regrade.journal`` is this one.
            return grown
        return [*regrading.whole_journal(journal, f"journal.{size}.regrade", rounds=bench.rounds(2)), *grown]

    return measure


def _regraded(bench: Bench) -> list[Figure]:
    journal = bench.journal()
    held_before, events_before = regrading.memory(journal), journal.events
    journal = bench.journal(bench.plan.sizes[-1])
    figures = regrading.whole_journal(journal, "regrade.journal", rounds=bench.rounds(6, 2), target=0.7)
    held = regrading.memory(journal)
    return [
        *figures,
        regrading.memory_figure("regrade.memory", held, journal.events, held_before, 1.1),
        regrading.memory_figure("regrade.memory.tenth", held_before, events_before, None, None),
    ]


FAMILIES: Final = (
    Family("file", lambda b: growth.with_the_file(b.server, b.bare, rounds=b.rounds(3))),
    Family("journal", _at_size(0)),
    Family("grade", _graded),
    Family("diff", lambda b: grading.between_answers(b.journal(), rounds=b.rounds(4), each=10)),
    Family("fold", lambda b: joining.folded(b.journal(), rounds=b.rounds(2, 5), each=20)),
    Family("readings", lambda b: readings.hanging(b.journal(), rounds=b.rounds(3), each=20)),
    Family("counterfactuals", lambda b: supposing.towards_a_grade(b.server, rounds=b.rounds(6))),
    Family("casefile", lambda b: over_http.case_files(b.journal(), rounds=b.rounds(3), each=b.plan.requests // 3)),
    Family("record", _recorded),
    Family("access", lambda b: access.behind_the_wall(b.server, rounds=b.rounds(5), each=b.plan.walled)),
    Family("feed", lambda b: feed.to_whoever_follows(b.server, events=b.plan.followed, rounds=b.rounds(5), each=20)),
    Family("search", lambda b: searching.by_what_is_known(b.server, agencies=b.plan.searched, rounds=b.rounds(6, 2))),
    Family("dossier", lambda b: dossiers.dossiers(b.server, rounds=b.rounds(6, 2))),
    Family("web", lambda b: pages.pages(b.server, rounds=1)),
    Family("import", lambda b: sheets.looked_through(b.server, rows=b.plan.sheet, rounds=1)),
    Family("evidence", lambda b: evidence.taken_in_and_read(b.server, mebibytes=b.plan.evidence, rounds=b.rounds(4))),
    Family("letter", lambda b: letters.written(rounds=b.rounds(8))),
    Family("cli", lambda b: starting.of_the_command_line(b.journal(), rounds=b.rounds(6, 2))),
    Family("journal", _at_size(1)),
    Family("parquet", lambda b: parquet.exported_and_read(b.journal(), rounds=b.rounds(6, 2))),
    Family("regrade", _regraded),
    Family("roster", lambda b: roster.whole_roster(b.server, agencies=b.plan.agencies, rounds=b.rounds(5))),
    Family("journal", _at_size(2)),
    Family("worklist", lambda b: worklist.of_a_region(b.server, b.plan.deadlines, rounds=b.rounds(3), each=5)),
    Family("region", lambda b: regional.of_a_region(b.server, b.plan.region, rounds=2)),
    Family("index", lambda b: indexing.of_everybody(b.server, agencies=b.plan.indexed, rounds=b.rounds(8))),
    Family(
        "recheck", lambda b: rechecking_receipts.of_proposals(b.server, agencies=b.plan.indexed, rounds=b.rounds(6))
    ),
    Family("cohort", lambda b: ranking.cohort(b.server, agencies=b.plan.cohort, rounds=b.rounds(6, 2))),
)
"""All of them. A family that the journal has outgrown comes before those that it is grown for, and one that asks about
usual files before that which records on them."""
