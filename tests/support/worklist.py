"""A world with a worklist over it, in memory or in a database."""

import datetime as dt
from typing import Any, get_args

from hypothesis import strategies as st

from application.answering.case_files import case_file
from application.answering.grading import known_at_from
from application.deadlines.index import DeadlineProjection
from application.deadlines.ports import DeadlineIndex
from application.deadlines.reminders import Reminders
from application.deadlines.worklist import DeadlineLine, ProvedDeadline, Worklist, WorklistPage, WorklistQuestion
from application.ports import Journal, Vault
from domain.events.evaluation import ScopeResumed, ScopeSuspended, StageRecorded
from domain.events.facts import FactRecorded
from domain.events.objections import ObjectionFiled
from domain.events.repairs import RepairApplied
from domain.events.warnings import WarningIssued
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import Deadline, deadlines_of
from domain.time import at_hour
from domain.vocabulary import Stage
from interfaces.clocks import StoppedClock
from interfaces.memory.worklist import MemoryDeadlineIndex
from tests.support.strategies import DAYS, IDS
from tests.support.world import REGIME, World

STARTING = st.one_of(
    st.builds(
        StageRecorded,
        record=st.sampled_from([f"x{n}" for n in range(1, 10)]),
        regime=st.just(REGIME),
        year=st.sampled_from([2023, 2024]),
        stage=st.sampled_from(get_args(Stage)),
        dated_on=DAYS,
        received_on=st.none() | DAYS,
    ),
    st.builds(
        FactRecorded,
        fact=IDS,
        regime=st.just(REGIME),
        row=st.sampled_from(["B08", "B11"]),
        authority=st.just("150100-EEB"),
        document=st.just("某"),
        decided_on=DAYS,
        served_on=DAYS,
    ),
    st.builds(
        ObjectionFiled,
        objection=st.sampled_from(["x1", "y1"]),
        regime=st.just(REGIME),
        against=st.sampled_from([f"x{n}" for n in range(1, 10)]),
        filed_on=DAYS,
        by=st.just("participant"),
        grounds=st.just("某"),
    ),
    st.builds(RepairApplied, repair=st.just("z1"), regime=st.just(REGIME), facts=st.just(("x1",)), dated_on=DAYS),
    st.builds(WarningIssued, warning=st.just("w1"), fact=IDS, issued_on=DAYS, due_on=DAYS, requirements=st.just("某")),
)
"""Random events that deadlines start with or are met by."""


def _moves(days: list[dt.date]) -> list[ScopeSuspended | ScopeResumed]:
    kinds = (ScopeSuspended, ScopeResumed)
    return [kinds[n % 2](regime=REGIME, dated_on=d, reason="某") for n, d in enumerate(sorted(days))]


SCOPES = st.lists(DAYS, max_size=5).map(_moves)
"""A subject that leaves the evaluation and comes back, in turn."""


def day(text: str) -> dt.date:
    """A day from ``2025-03-14``."""
    return dt.date.fromisoformat(text)


class Office(World):
    """A world whose deadlines are asked for."""

    def __init__(
        self,
        journal: Journal | None = None,
        vault: Vault | None = None,
        clock: StoppedClock | None = None,
        index: DeadlineIndex | None = None,
        engine: str = "engine-of-the-test",
    ) -> None:
        super().__init__(journal, vault, clock)
        self.index = index or MemoryDeadlineIndex()
        parts = (self.journal, self.index, self.clock, self.legislation)
        self.projection = DeadlineProjection(*parts, engine)
        self.worklist = Worklist(*parts, self.projection, engine)
        self.reminders = Reminders(*parts, self.projection)

    def stage(self, on: str, stage: str, id: str, subject: str = "A", year: int = 2024, **more: Any) -> None:
        """A step of an evaluation year, taken and recorded on ``on``."""
        self.do(on, "evaluation_stage", subject=subject, id=id, regime=REGIME, year=year, stage=stage, dated_on=on,
                **more)  # fmt: skip

    def law(self) -> RegimeLaw:
        """The law of the regime as known now."""
        head = self.journal.head()
        moment = max(self.clock.now(), head.recorded_at)
        return self.legislation.at(REGIME, known_at=moment, position=head.position).law

    def deadlines(self, subject: str = "A") -> dict[str, Deadline]:
        """Every deadline on a file as it follows from it now, by its id."""
        case = case_file(subject, self.journal.stream(subject))
        return {d.id: d for d in deadlines_of(case, self.law())}

    def page(self, on: str, **asked: Any) -> WorklistPage:
        """The worklist at nine o'clock of a day."""
        self.clock.set(at_hour(day(on), 9))
        for field in ("due_before", "as_of"):
            if field in asked:
                asked[field] = day(asked[field])
        return self.worklist.page(WorklistQuestion(**asked))

    def lines(self, on: str, **asked: Any) -> list[tuple[str, str, int | None]]:
        """Id, state and working days left of the lines of a page."""
        return [brief(line) for line in self.page(on, **asked).lines]

    def proved(self, deadline: str, known_at: str | None = None, as_of: str | None = None) -> ProvedDeadline:
        """One deadline with its proof."""
        moment = None if known_at is None else known_at_from(known_at)
        return self.worklist.one(deadline, known_at=moment, as_of=None if as_of is None else day(as_of))


def brief(line: DeadlineLine) -> tuple[str, str, int | None]:
    """What of a line most tests are about."""
    return line.id, line.state, line.working_days_left
