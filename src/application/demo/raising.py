"""What participants and the public raise in the sample: objections to proposed grades, comments, their decisions."""

import datetime as dt
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from application.demo import naming
from application.demo.desk import REGIME, Planned, id_of
from application.demo.schedule import workdays
from application.recording.commands import Command
from domain.events.event import Evidence
from domain.events.objections import DecisionOutcome
from domain.procedures.facts import RecordFact, RetractFact, SetAsideFact
from domain.procedures.objections import DecideComment, DecideObjection, ExtendReview, FileObjection, RecordComment
from domain.time import Instant, at_hour, legal_day

_OBJECTS: Final = 0.4
"""How often a participant with an open fact objects, and below how often one without any does."""

_OBJECTS_WITHOUT: Final = 0.008
_TOO_LATE: Final = 0.18
_COMMENTED: Final = 0.02

_GROUNDS: Final = (
    "所列信息系另一项目的问题，与本单位承担的工作无关，附合同和原始记录。",
    "相关问题在发函前已经整改，附整改报告和现场照片。",
    "对扣分所依据的事实认定有异议，申请复核原始材料。",
)
_OUTCOMES: Final[Mapping[DecisionOutcome, str]] = {
    "upheld": "经复核原始材料，所列信息与事实不符，撤销该条信息，重新拟定等级。",
    "partly_upheld": "两条信息中一条与事实不符，予以撤销；另一条认定无误，维持。",
    "rejected": "经复核，事实清楚、材料齐全，维持原信息和拟定等级。",
}
_COMMENTS: Final = (
    "反映该机构现场采样人员与报告署名不一致。",
    "反映该机构在招标中压低报价，服务质量无保证。",
    "认为该机构工作认真，建议不予扣分。",
)


class OpenFact(NamedTuple):
    """A fact that stands: of which year, and since when nothing more happens to it in the sample."""

    id: str
    year: int
    since_on: dt.date


def open_facts(planned: Iterable[Planned]) -> dict[str, list[OpenFact]]:
    """By subject, the facts that stand at the end of the courses planned so far."""
    recorded: dict[str, RecordFact] = {}
    last: dict[str, Instant] = {}
    belongs: dict[str, tuple[str, ...]] = {}
    void: set[str] = set()
    for at, _, command in sorted(planned, key=lambda p: p.at):
        if isinstance(command, RecordFact) and command.id is not None:
            recorded[command.id] = command
        for fact in _touched(command, belongs):
            last[fact] = at
            if isinstance(command, RetractFact | SetAsideFact):
                void.add(fact)
    found: dict[str, list[OpenFact]] = {}
    for id, command in recorded.items():
        if id not in void and command.decided_on is not None and command.row is not None and command.points is None:
            open_fact = OpenFact(id, command.decided_on.year, legal_day(last[id]))
            found.setdefault(command.subject, []).append(open_fact)
    return found


def _touched(command: Command, belongs: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The facts a command is about; ``belongs`` learns and tells which facts a warning or a repair is about."""
    if isinstance(command, RecordFact):
        return () if command.id is None else (command.id,)
    facts: tuple[str, ...] = getattr(command, "facts", ())
    fact: str | None = getattr(command, "fact", None)
    if fact is not None:
        facts = (fact,)
    for name in ("warning", "repair"):
        facts = facts or belongs.get(getattr(command, name, None) or "", ())
    own: str | None = getattr(command, "id", None)
    if own is not None and facts:
        belongs[own] = facts
    return facts


def objections(
    rng: random.Random,
    subject: str,
    clerk: str,
    proposal: str,
    received_on: dt.date,
    facts: Sequence[str],
    *,
    winnable: bool = True,
) -> list[Planned]:
    """The objection of a participant to a proposal, when there is one, and what was decided on it.

    ``facts`` are what it could be about; with ``winnable`` some of them are set aside.
    """
    objects, late, fate = rng.random(), rng.random() < _TOO_LATE, rng.random()
    if objects >= (_OBJECTS if facts else _OBJECTS_WITHOUT):
        return []
    filed_on = workdays(received_on, 8 if late else rng.randrange(2, 4))
    outcome: DecisionOutcome = "rejected"
    sets_aside: tuple[str, ...] = ()
    if facts and winnable and not late and fate < 0.45:
        outcome = "partly_upheld" if len(facts) > 1 else "upheld"
        sets_aside = tuple(facts[:1])
    return objection(
        subject,
        clerk,
        against=facts[0] if facts and rng.random() < 0.5 else proposal,
        filed_on=filed_on,
        decided_on=workdays(filed_on, 2),
        grounds=rng.choice(_GROUNDS),
        outcome=outcome,
        reasons="超过五个工作日提出，不予受理；材料转日常核查。" if late else _OUTCOMES[outcome],
        sets_aside=sets_aside,
        extended=rng.random() < 0.12,
    )


def objection(
    subject: str,
    clerk: str,
    *,
    against: str,
    filed_on: dt.date,
    decided_on: dt.date,
    grounds: str,
    outcome: DecisionOutcome,
    reasons: str,
    sets_aside: tuple[str, ...] = (),
    extended: bool = False,
) -> list[Planned]:
    """One objection and its decision, each recorded on its day; with ``extended`` the time to decide is extended."""
    id = objection_id(subject, against)
    filed = FileObjection(
        subject=subject,
        id=id,
        regime=REGIME,
        against=against,
        filed_on=filed_on,
        by="participant",
        grounds=grounds,
        evidence=(Evidence(title="异议证明材料"),),
    )
    commands: list[tuple[dt.date, int, Any]] = [(filed_on, 10, filed)]
    if extended:
        until_on = workdays(dt.date(filed_on.year, 5, 15), 3)
        more = ExtendReview(objection=id, until_on=until_on, reason="需调取委托单位的原始记录。")
        commands.append((workdays(filed_on, 1), 11, more))
    decided = DecideObjection(
        objection=id, decided_on=decided_on, outcome=outcome, reasons=reasons, sets_aside=sets_aside
    )
    commands.append((decided_on, 15, decided))
    return [Planned(at_hour(on, hour), clerk, command) for on, hour, command in commands]


def objection_id(subject: str, against: str) -> str:
    """The id of a subject's objection to a record."""
    return id_of(subject, "objection", against)


def comments(rng: random.Random, subject: str, clerk: str, publicity: str, shown_on: dt.date) -> list[Planned]:
    """A comment of the public on a result on show, when there is one, and what looking into it has shown."""
    if rng.random() >= _COMMENTED:
        return []
    id, late, founded = id_of(subject, "comment", publicity), rng.random() < 0.12, rng.random() < 0.2
    filed_on = workdays(shown_on, 7 if late else rng.randrange(1, 4))
    comment = RecordComment(
        subject=subject,
        id=id,
        regime=REGIME,
        against=publicity,
        filed_on=filed_on,
        by=naming.person(rng),
        content=rng.choice(_COMMENTS),
    )
    decision = DecideComment(
        comment=id,
        decided_on=workdays(filed_on, 2),
        outcome="upheld" if founded and not late else "rejected",
        reasons="经查所反映的情况部分属实，已作为线索立案，拟定等级不变。"
        if founded and not late
        else "经调查核实，未发现所反映的问题。",
    )
    return [
        Planned(at_hour(filed_on, 11), clerk, comment),
        Planned(at_hour(decision.decided_on, 14), clerk, decision),
    ]
