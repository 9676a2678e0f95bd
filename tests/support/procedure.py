"""A world that goes through evaluation years: each step in one line, and what each of the three tracks shows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from application.answering.grading import AnnualStage, GradeAnswer
from application.ports import Journal, Vault
from application.recording.casework import Casework
from application.recording.outcomes import Outcome
from domain.errors import Invalid, Refused
from domain.events.results import Result
from interfaces.clocks import StoppedClock
from tests.support.world import BUREAU, REGIME, World

T24 = {
    "roster": "2025-03-14",
    "notice": "2025-03-14",
    "report": "2025-04-10",
    "proposal": "2025-04-15",
    "publicity": "2025-04-25",
    "determination": "2025-05-07",
    "submission": "2025-05-15",
    "publication": "2025-06-05",
    "push": "2025-06-06",
}
"""When an agency goes through the evaluation of 2024."""

P24 = {
    "roster": "2025-03-14",
    "notice": "2025-03-14",
    "report": "2025-04-10",
    "proposal": "2025-04-15",
    "submission": "2025-05-15",
    "rating": "2025-05-30",
    "letter": "2025-06-03",
}
"""When a practitioner does."""

T25 = {
    "roster": "2026-03-13",
    "notice": "2026-03-13",
    "report": "2026-04-10",
    "proposal": "2026-04-14",
    "publicity": "2026-04-22",
    "determination": "2026-04-30",
    "submission": "2026-05-15",
    "publication": "2026-06-05",
}
"""The evaluation of 2025."""

P25 = {"roster": "2026-03-13", "notice": "2026-03-13", "proposal": "2026-04-14", "rating": "2026-05-29"}


class Procedure(World):
    """A world under chosen readings, with the steps of evaluation years and what becomes of them."""

    def __init__(
        self,
        readings: Mapping[str, str] | None = None,
        journal: Journal | None = None,
        vault: Vault | None = None,
        clock: StoppedClock | None = None,
    ) -> None:
        super().__init__(journal, vault, clock)
        self.readings = dict(readings or {})
        self.casework = Casework(
            self.journal,
            self.vault,
            self.clock,
            self.ids,
            self.legislation,
            self.grading.impact,
            engine="engine-of-the-test",
            readings={k.replace("_", "-"): v for k, v in self.readings.items()},
        )

    def grade(self, as_of: str, known_at: str | None = None, subject: str = "A", **readings: str) -> GradeAnswer:
        return super().grade(as_of, known_at, subject, **{**self.readings, **readings})

    # --- steps --------------------------------------------------------------------------------------------------

    def step(self, day: str, stage: str, id: str | None = None, subject: str = "A", **more: Any) -> Outcome:
        """A step of 2024 (or ``year``) dated and recorded on ``day``; the participant has its notices that day."""
        fields = {"year": 2024, "dated_on": day, **more}
        if stage in ("notice", "proposal") and "received_on" not in fields:
            fields["received_on"] = day
        if id is not None:
            fields["id"] = id
        return self.do(day, "evaluation_stage", subject=subject, regime=REGIME, stage=stage, **fields)

    def go(self, until: str = "publication", since: str = "roster", days: dict[str, str] = T24, **more: Any) -> None:
        """Every step of a timetable from ``since`` up to and with ``until``, each under its own name as id."""
        subject, year = more.get("subject", "A"), more.get("year", 2024)
        stages = list(days)
        for stage in stages[stages.index(since) : stages.index(until) + 1]:
            self.step(days[stage], stage, f"{subject}-{year}-{stage}", **more)

    def object(self, day: str, id: str = "o1", against: str = "A-2024-proposal", **more: Any) -> Outcome:
        """An objection filed and recorded on ``day``."""
        evidence = [{"title": "监测原始记录"}]
        fields = {"subject": "A", "by": "agency", "grounds": "该信息有误", "evidence": evidence, **more}
        return self.do(day, "file_objection", id=id, regime=REGIME, against=against, filed_on=day, **fields)

    def answer(self, day: str, objection: str = "o1", outcome: str = "rejected", **more: Any) -> Outcome:
        """The decision of ``day`` on an objection."""
        fields = {"reasons": "经审核", **more}
        return self.do(day, "decide_objection", objection=objection, decided_on=day, outcome=outcome, **fields)

    def commit(self, day: str, *facts: str, id: str = "r1", **more: Any) -> Outcome:
        """A commitment to repair of ``day``."""
        return self.do(day, "commit_repair", subject="A", id=id, regime=REGIME, facts=facts, dated_on=day, **more)

    def apply(self, day: str, *facts: str, id: str = "r1", subject: str = "A", **more: Any) -> Outcome:
        """An application for repair received on ``day``; the rectification was complete then unless said otherwise."""
        fields = {"completed_on": day, **more}
        return self.do(day, "apply_repair", subject=subject, id=id, regime=REGIME, facts=facts, dated_on=day, **fields)

    def confirm(self, day: str, id: str = "r1", by: str = "city_bureau", **more: Any) -> Outcome:
        """A confirmation of ``day``, by the city bureau unless said otherwise."""
        return self.do(day, "confirm_repair", repair=id, confirmed_on=day, by=by, certificate=f"确认书-{by}", **more)

    def rectified(self, day: str, fact: str) -> Outcome:
        """A rectification completed and confirmed on ``day`` (art. 24)."""
        return self.do(day, "confirm_rectification", fact=fact, completed_on=day, confirmed_on=day, authority=BUREAU)

    def annulled(self, day: str, fact: str, effect: str = "ab_initio", **more: Any) -> Outcome:
        """The decision behind a fact annulled on ``day``."""
        fields = {"authority": "150100-CRT", "document": "判决", "effect": effect, **more}
        return self.do(day, "set_aside_fact", fact=fact, decided_on=day, **fields)

    def warned(self, day: str, fact: str, due_on: str, id: str = "w1") -> Outcome:
        """A written warning of ``day`` with a limit (art. 27)."""
        return self.do(day, "issue_warning", fact=fact, id=id, issued_on=day, due_on=due_on, requirements="改正")

    def adjust(self, day: str, notified_on: str, id: str = "j1", **more: Any) -> Outcome:
        """An adjustment of the public grade decided on ``day`` (art. 34)."""
        fields = {"year": 2024, "reasons": "信息更新", **more}
        return self.do(
            day, "adjust_result", subject="A", id=id, regime=REGIME, notified_on=notified_on, decided_on=day, **fields
        )  # fmt: skip

    # --- what is shown ------------------------------------------------------------------------------------------

    def proposed(self, day: str = "2025-04-15", **more: Any) -> tuple[str | None, str | None]:
        """Score and grade of a proposal made on ``day``."""
        self.step(day, "proposal", f"{more.get('subject', 'A')}-{more.get('year', 2024)}-proposal", **more)
        return self.annual(day, more.get("year", 2024), subject=more.get("subject", "A"))

    def year(self, as_of: str, year: int = 2024, subject: str = "A", known_at: str | None = None) -> AnnualStage:
        """The annual track of one year."""
        return next(line for line in self.grade(as_of, known_at, subject).annual if line.year == year)

    def annual(
        self, as_of: str, year: int = 2024, subject: str = "A", known_at: str | None = None
    ) -> tuple[str | None, str | None]:
        """Score and grade of the annual track."""
        line = self.year(as_of, year, subject, known_at)
        return line.score, line.grade

    def result(self, record: str, subject: str = "A") -> Result:
        """The result a step carries."""
        found = self.casework.file(subject).stages[record].event.result
        assert found is not None
        return found

    def public(self, as_of: str, subject: str = "A", known_at: str | None = None) -> tuple[Any, ...] | None:
        """Grade, day since, record and status of the public track."""
        shown = self.grade(as_of, known_at, subject).public
        return None if shown is None else (shown.grade, shown.since.isoformat(), shown.record, shown.status)

    def measures(self, as_of: str, subject: str = "A") -> list[str]:
        """The measures that apply, by their first citation."""
        return [m.cites[0] for m in self.grade(as_of, None, subject).measures]


@contextmanager
def refused(code: str, *cites: str) -> Iterator[None]:
    """What follows is refused for that reason, by those articles where they are given."""
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.code == code
    assert not cites or refusal.value.cites == cites


@contextmanager
def invalid(*pointers: str) -> Iterator[None]:
    """What follows contradicts itself in those fields."""
    with pytest.raises(Invalid) as error:
        yield
    assert tuple(p.pointer for p in error.value.problems) == pointers


def codes(outcome: Outcome) -> list[str]:
    """The codes of what a writer was told beside the answer."""
    return [notice.code for notice in outcome.notices]
