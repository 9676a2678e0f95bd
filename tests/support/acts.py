"""Random histories of the regimes other than Inner Mongolia: commands over few days and ids, so that they meet.

What the law refuses is left out of the history. Every id is given, so that a history without one of its commands is the
same otherwise.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

import msgspec
from hypothesis import strategies as st

from application.answering.grading import GradeAnswer, Question
from application.law.legislation import Compiled
from application.ports import AnyEvent, Entry
from application.principal import Principal
from domain.aggregates.casefile import CaseFile
from domain.errors import CaseError
from domain.time import at_hour, end_of_day
from interfaces.clocks import StoppedClock
from interfaces.memory.journal import MemoryJournal, MemoryVault
from tests.support.editions import called, latest
from tests.support.world import World

NINGBO, JIAXING, WENZHOU = "ningbo.monitoring", "jiaxing.monitoring", "wenzhou.intermediary"
LIANYUNGANG, JIANGSU, EIA = "lianyungang.supervision", "jiangsu.eco_credit", "eia.integrity"
REGIMES: Final = (NINGBO, JIAXING, WENZHOU, LIANYUNGANG, JIANGSU, EIA)
FACTS: Final = ("f1", "f2", "f3")

_REGIONS: Final = {NINGBO: "330200", JIAXING: "330402", WENZHOU: "330300", LIANYUNGANG: "320700", JIANGSU: "320100"}
_TABLES: Final = {
    NINGBO: "\n[configured.quotas]\nA = 0.5\nB = 0.5\nC = 0\nD = 0\n",
    WENZHOU: "\n[configured]\ncycle_months = 12\nthreshold = 6\n\n[configured.points]\nWA03 = 6\nWA09 = 3\n",
}
"""What a bureau supplies, so that there is something to grade by."""


_COMPILED: Final = Compiled()
"""Editions and laws made ready once for all the histories."""

LAST: Final = dt.date(2027, 1, 4)
"""The day on which questions are asked, after everything that happens."""


@cache
def _law_of(regime: str) -> tuple[AnyEvent, ...]:
    """The events of the law: the shipped editions, and that of the regime with the tables of a bureau."""
    world = World()
    if regime in _TABLES:
        own = called("test", latest(regime).text) + _TABLES[regime]
        world.do("2023-01-03", "adopt_rulebook", text=own, in_force_on="2023-01-03")
    return tuple(recorded.event for recorded in world.journal.law())


class Act(NamedTuple):
    """One command of a history, with the day on which it is recorded."""

    at: dt.date
    do: str
    fields: dict[str, Any]

    @property
    def about(self) -> tuple[str, ...]:
        """The facts it is about."""
        found = {self.fields.get("fact"), *self.fields.get("facts", ()), *self.fields.get("sets_aside", ())}
        found |= {self.fields.get("id")} if self.do == "record_fact" else set()
        return tuple(one for one in found if one in FACTS)


class History(World):
    """A world with one agency, in which the acts that are not refused were recorded in the order of their days."""

    def __init__(self, regime: str, acts: Sequence[Act]) -> None:
        clock, vault = StoppedClock(at_hour(dt.date(2023, 1, 1), 9)), MemoryVault()
        journal = MemoryJournal(clock, vault)
        journal.append(
            [Entry("law", "law", n, event) for n, event in enumerate(_law_of(regime), 1)], by=Principal("founding")
        )
        super().__init__(journal, vault, clock, compiled=_COMPILED)
        self.regime = regime
        self.agency("A", ("monitoring", "eia", "treatment"), region=_REGIONS.get(regime, "150100"))
        self.acts: list[Act] = []
        for act in sorted(acts, key=lambda act: act.at):
            cohort = act.do in ("rank_cohort", "draw_sample")
            named = {} if cohort or act.do in _WITHOUT_REGIME else {"subject": "A"}
            try:
                self.do(act.at.isoformat(), act.do, **{**act.fields, **named, **self._regime_of(act)})
            except CaseError:
                continue
            self.acts.append(act)
        self.clock.set(at_hour(LAST, 9))

    def _regime_of(self, act: Act) -> dict[str, str]:
        of_fact = act.do in _WITHOUT_REGIME
        return {} if of_fact else {"regime": self.regime}

    def answer(self, as_of: dt.date, known_on: dt.date | None = None, **readings: str) -> GradeAnswer:
        """The answer on a day, as known at the end of another one (else of the whole history)."""
        known = None if known_on is None else end_of_day(known_on)
        question = Question(subject="A", regime=self.regime, as_of=as_of, known_at=known, readings=readings)
        return self.grading.grade(question)

    def case_file(self) -> CaseFile:
        """The file of the agency."""
        return self.casework.file("A")

    def days(self) -> list[dt.date]:
        """Days worth asking about: those of the records, the days before and after, and some long after."""
        named = {day for act in self.acts for day in (act.at, *_days_in(act.fields))}
        around = {day + dt.timedelta(days=n) for day in named for n in (-1, 0, 1)}
        return sorted({*around, dt.date(2024, 1, 1), dt.date(2027, 12, 31)})


def told(answer: GradeAnswer, *, since: bool = True) -> dict[str, Any]:
    """What an answer says of the day: the running and the public track with what follows from them."""
    shown = msgspec.to_builtins(answer.public)
    measures = [(m.cites, m.since if since else None, m.executable) for m in answer.measures]
    running = {k: v for k, v in msgspec.to_builtins(answer.running).items() if k != "deducted"}
    if shown is not None:
        shown = {k: shown.get(k) for k in ("grade", "risk", "colour", *(("since",) if since else ()))}
        # A register that begins without a grade shows nothing.
        shown = shown if shown["grade"] is not None else None
    return {"running": running, "public": shown, "measures": measures}


def _days_in(fields: Any) -> list[dt.date]:
    if isinstance(fields, dict):
        return [day for value in fields.values() for day in _days_in(value)]
    try:
        return [dt.date.fromisoformat(fields)] if isinstance(fields, str) else []
    except ValueError:
        return []


_WITHOUT_REGIME: Final = (
    "retract_fact", "set_aside_fact", "record_national_repair", "contest_fact", "record_finality", "correct_fact",
    "confirm_repair", "retract_record", "decide_objection",
)  # fmt: skip

# --- what may happen under each regime ------------------------------------------------------------------------

_POOL: Final = tuple(
    dt.date(*day)
    for day in (
        (2024, 2, 26), (2024, 2, 29), (2024, 3, 20), (2024, 8, 31), (2024, 12, 31), (2025, 1, 2), (2025, 3, 10),
        (2025, 4, 10), (2025, 5, 20), (2025, 6, 2), (2025, 11, 28), (2026, 3, 10), (2026, 3, 31), (2026, 4, 10),
        (2026, 5, 20), (2026, 6, 2), (2026, 9, 1),
    )
)  # fmt: skip
_FACTS = st.sampled_from(FACTS)
_YEARS = st.sampled_from([2024, 2025])
_Draw = Callable[[st.SearchStrategy[Any]], Any]


def histories(regime: str, most: int = 10) -> st.SearchStrategy[list[Act]]:
    """Lists of acts under a regime, not yet tried: some will be refused."""
    return st.lists(_acts(regime), min_size=1, max_size=most).map(
        lambda acts: [_numbered(act, number) for number, act in enumerate(acts)]
    )


def _numbered(act: Act, number: int) -> Act:
    needs = act.do not in (*_WITHOUT_REGIME, "record_fact") and "id" not in act.fields
    return act._replace(fields={**act.fields, "id": f"r{number}"}) if needs else act


@st.composite
def _acts(draw: _Draw, regime: str) -> Act:
    day = draw(st.sampled_from(_POOL))
    # Most is recorded on its day, some becomes known late.
    at = draw(st.sampled_from([day, day, day, *(d for d in _POOL if d > day)]))
    do = draw(st.sampled_from([*_COMMON, *_OWN[regime]]))
    later = draw(st.sampled_from([d for d in (*_POOL, dt.date(2027, 6, 30)) if d >= day]))
    fields = _fields(draw, regime, do, day.isoformat(), later.isoformat())
    return Act(at, do, fields)


_COMMON: Final = (
    "record_fact", "record_fact", "record_fact", "retract_fact", "set_aside_fact", "record_national_repair",
    "correct_fact", "retract_record",
)  # fmt: skip
_ACCOUNT: Final = ("include_participant", "include_participant", "file_commitment", "recognise_pioneer",
                   "serve_record_notice", "take_snapshot")  # fmt: skip
_OWN: Final = {
    NINGBO: ("record_score", "rank_cohort", "evaluation_stage", "evaluation_stage", "refuse_grade", "record_business",
             "file", "apply_repair", "confirm_repair", "contest_fact", "issue_caution"),
    JIAXING: ("record_score", "record_score", "evaluation_stage", "evaluation_stage", "evaluation_stage",
              "contest_fact", "file_objection", "decide_objection"),
    WENZHOU: ("decide_outcome", "list_blacklist", "remove_blacklist", "remind", "register_notification",
              "record_review"),
    LIANYUNGANG: _ACCOUNT,
    JIANGSU: _ACCOUNT,
    EIA: ("include_participant", "include_participant"),
}  # fmt: skip
_ROWS: Final = {
    **{regime: [r.code for r in latest(regime).edition.row if r.type == "grade"] for regime in (NINGBO, JIAXING)},
    WENZHOU: ["WA02", "WA03", "WA09"],
    LIANYUNGANG: ["JS-FINE", "JS-STOP", "JS-WARNING", "JS-CRIME"],
    JIANGSU: ["JS-FINE", "JS-STOP", "JS-WARNING", "JS-CRIME"],
    EIA: ["UNIT-QUALITY", "UNIT-SERIOUS", "UNIT-OTHER"],
}
_STAGES: Final = {NINGBO: ["publication", "publication", "determination", "publicity"],
                  JIAXING: ["determination", "publication", "publication", "publicity", "reopening"]}  # fmt: skip


def _fields(draw: _Draw, regime: str, do: str, day: str, later: str) -> dict[str, Any]:
    match do:
        case "record_fact":
            return _fact(draw, regime, day, later)
        case "retract_fact":
            return {"fact": draw(_FACTS), "reason": "误录"}
        case "set_aside_fact":
            effect = draw(st.sampled_from(["ab_initio", "prospective"]))
            by = {"decided_on": day, "authority": "330200-EEB", "document": "撤销决定"}
            return {"fact": draw(_FACTS), "effect": effect, **by}
        case "record_national_repair":
            return {"fact": draw(_FACTS), "granted_on": day, "document": "修复"}
        case "correct_fact":
            return {"fact": draw(_FACTS), "changes": {draw(_CORRECTED): day}, "reason": "更正"}
        case "contest_fact":
            return {"fact": draw(_FACTS), "kind": "litigation", "filed_on": day}
        case "retract_record":
            return {"record": f"r{draw(st.integers(0, 9))}", "reason": "误录"}
        case "record_score":
            year = draw(_YEARS)
            figure = draw(st.sampled_from([92, 85, 65, 40]))
            return {"year": year, **({"score": figure} if regime == NINGBO else {"basic": figure, "risk": 70})}
        case "rank_cohort":
            return {"year": draw(_YEARS), "dated_on": day}
        case "evaluation_stage":
            stage = draw(st.sampled_from(_STAGES[regime]))
            return {"year": draw(_YEARS), "stage": stage, "dated_on": day, "panel": ["专家甲"]}
        case _:
            return _more_fields(draw, do, day, later)


_CORRECTED = st.sampled_from(["until_on", "verified_on", "decided_on"])


def _more_fields(draw: _Draw, do: str, day: str, later: str) -> dict[str, Any]:
    match do:
        case "refuse_grade":
            return {"decided_on": day, "publicised_on": draw(st.sampled_from([None, day]))}
        case "record_business":
            return {"year": draw(_YEARS), "active": draw(st.booleans())}
        case "file":
            return {"filed_on": day}
        case "issue_caution":
            return {"row": "K1", "form": "talk", "dated_on": day}
        case "apply_repair":
            return {"facts": [draw(_FACTS)], "dated_on": day, "completed_on": day, "harm": "none", "id": "x1"}
        case "confirm_repair":
            return {"repair": "x1", "confirmed_on": day, "by": "originating_authority", "certificate": "一号"}
        case "file_objection":
            return {"against": f"r{draw(st.integers(0, 9))}", "filed_on": day, "by": "agency", "grounds": "有误",
                    "id": "o1"}  # fmt: skip
        case "decide_objection":
            return {"objection": "o1", "decided_on": day, "outcome": "upheld", "reasons": "属实",
                    "sets_aside": [draw(_FACTS)]}  # fmt: skip
        case "decide_outcome":
            return {"grade": draw(st.sampled_from(["good", "poor", "very_poor"])), "decided_on": day, "reasons": "综合"}
        case "list_blacklist":
            ban = draw(st.sampled_from([None, {"from_on": day, "until_on": later}]))
            return {"noticed_on": "2024-01-08", "decided_on": day, "signed_by": "局长", "ban": ban}
        case "remove_blacklist":
            return {"decided_on": day, "keeps_ban": draw(st.booleans())}
        case "remind":
            return {"issued_on": day, "due_on": later}
        case "register_notification":
            return {"registered_on": day}
        case "record_review":
            return {"by": "client", "quality": 80, "dated_on": day}
        case "serve_record_notice":
            return {"fact": draw(_FACTS), "served_on": day}
        case "take_snapshot":
            return {"taken_on": day}
        case _:
            return {"dated_on": day}


def _fact(draw: _Draw, regime: str, day: str, later: str) -> dict[str, Any]:
    row = draw(st.sampled_from(_ROWS[regime]))
    fields: dict[str, Any] = {"id": draw(_FACTS), "row": row, "authority": "330200-EEB"}
    fields["document"] = f"文书{fields['id']}"
    if regime in (NINGBO, JIAXING):
        fields["verified_on"] = day
        penalty = draw(st.sampled_from(["final_on", "served_on", None]))
        if penalty is not None:
            fields[penalty] = day
    else:
        fields["decided_on"] = day
    if row in ("E2", "J5", "UNIT-SERIOUS"):
        fields["until_on"] = draw(st.sampled_from([None, later]))
    if row in ("JS-STOP", "UNIT-OTHER"):
        fields["points"] = draw(st.sampled_from([6, 12, None]))
    return fields
