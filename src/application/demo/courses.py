"""The usual courses of a case: what is found, how it goes on, how it ends. Chance picks among them."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, NamedTuple

from application.demo.desk import REGIME, ClerkDesk, after, sample_day, working
from application.demo.places import REGION, sample_paper
from application.demo.schedule import PUBLICATION, RATING, publicity_of, published_year, workdays
from domain.events.event import Evidence
from domain.events.facts import FactChanges, SetAsideEffect
from domain.events.repairs import Contribution
from domain.procedures.evaluation import AdjustResult
from domain.procedures.facts import (
    CorrectFact,
    RecordClientOutcome,
    RecordEnhancement,
    RecordNationalRepair,
    RetractFact,
    SetAsideFact,
)
from domain.procedures.repairs import ApplyRepair, CommitRepair, ConfirmRepair, RefuseRepair
from domain.procedures.warnings import (
    ConfirmWarning,
    IssueWarning,
    RejectRectification,
    ReportRectification,
    WithdrawWarning,
)
from domain.time import ONE_DAY, add_months
from domain.vocabulary import Service


def unchallenged(served_on: dt.date) -> dt.date:
    """The day on which a penalty nobody challenged is final: after six months, the last day being a working day."""
    return working(add_months(served_on, 6)) + ONE_DAY


# --- small acts -------------------------------------------------------------------------------------------------


def warn(desk: ClerkDesk, fact: str, on: dt.date, days: int = 30) -> tuple[str, dt.date]:
    """Warn about a fact in writing; the id of the warning and its last day."""
    issued_on, warning = working(on), desk.new_id("warning")
    due_on = working(issued_on + ONE_DAY * days)
    requirements = "限期完成整改，提交整改报告及佐证材料。"
    desk.record(
        issued_on,
        IssueWarning(fact=fact, id=warning, issued_on=issued_on, due_on=due_on, requirements=requirements),
    )
    return warning, due_on


def report(desk: ClerkDesk, warning: str, on: dt.date) -> None:
    """The agency reports what it completed the day before."""
    desk.record(on, ReportRectification(warning=warning, completed_on=on - ONE_DAY, reported_on=on))


def set_aside(desk: ClerkDesk, fact: str, on: dt.date, effect: SetAsideEffect, *, court: bool = False) -> None:
    """The decision behind the fact is annulled, by itself or by a court; recorded the day after."""
    authority = f"{desk.region}-CRT" if court else desk.bureau
    command = SetAsideFact(
        fact=fact,
        id=desk.new_id("set-aside"),
        decided_on=on,
        authority=authority,
        document=sample_paper(authority, "判" if court else "撤", on.year, 1000 + desk.rng.randrange(9000)),
        effect=effect,
    )
    desk.record(on + ONE_DAY, command)


def repair_early(desk: ClerkDesk, facts: tuple[str, ...], on: dt.date) -> None:
    """A repair before publication: commitment, the originating authority's confirmation, the city's revision."""
    repair = desk.new_id("repair")
    desk.record(
        on,
        CommitRepair(
            subject=desk.subject,
            id=repair,
            regime=REGIME,
            facts=facts,
            dated_on=on,
            completed_on=on - ONE_DAY * 20,
            evidence=(Evidence(title="整改完成情况报告"),),
        ),
    )
    for days, by in ((10, "originating_authority"), (16, "city_bureau")):
        confirmed_on = after(on, days)
        certificate = sample_paper(desk.bureau, "修", on.year, 1000 + desk.rng.randrange(9000))
        command = ConfirmRepair(repair=repair, confirmed_on=confirmed_on, by=by, certificate=certificate)  # type: ignore[arg-type]
        desk.record(confirmed_on, command)


def apply(desk: ClerkDesk, facts: tuple[str, ...], on: dt.date, contribution: Contribution | None = None) -> str:
    """An application for repair, received on ``on``; its id."""
    repair = desk.new_id("repair")
    command = ApplyRepair(
        subject=desk.subject,
        id=repair,
        regime=REGIME,
        facts=facts,
        dated_on=on,
        completed_on=on - ONE_DAY * 25,
        harm="compensated" if desk.rng.random() < 0.2 else "none",
        contribution=contribution,
        evidence=(Evidence(title="整改证明材料"), Evidence(title="履行义务证明材料")),
    )
    desk.record(on, command)
    return repair


def grant(desk: ClerkDesk, repair: str, on: dt.date) -> None:
    """The city bureau confirms an application."""
    certificate = sample_paper(desk.bureau, "修", on.year, 1000 + desk.rng.randrange(9000))
    desk.record(on, ConfirmRepair(repair=repair, confirmed_on=on, by="city_bureau", certificate=certificate))


def refuse(desk: ClerkDesk, repair: str, on: dt.date, reasons: str = "未提供履行整改义务的证明材料。") -> None:
    """The city bureau refuses an application with reasons."""
    desk.record(on, RefuseRepair(repair=repair, decided_on=on, reasons=reasons))


def lower(desk: ClerkDesk, notified_on: dt.date) -> int | None:
    """Between publications the public grade follows a fall of the running one, when the time to object is over.

    Gives the evaluation year whose published result it departs from, ``None`` when none stands published.
    """
    decided_on = workdays(notified_on, 6)
    return _adjust(desk, notified_on, decided_on, "新增严重失信信息，动态等级已为D级，经告知后调整公开等级。")


def raise_again(desk: ClerkDesk, lowered: int | None) -> None:
    """The public grade rises at once when what lowered it no longer stands; not when it was published anew since."""
    on = after(desk.last, 3)
    if lowered is not None and published_year(on) == lowered:
        _adjust(desk, on, on, "据以下调的信息已被撤销，恢复公开等级。")


def _adjust(desk: ClerkDesk, notified_on: dt.date, decided_on: dt.date, reasons: str) -> int | None:
    year = published_year(decided_on)
    if year is not None:
        command = AdjustResult(
            subject=desk.subject,
            id=desk.new_id("adjustment"),
            regime=REGIME,
            year=year,
            notified_on=notified_on,
            decided_on=decided_on,
            reasons=reasons,
        )
        desk.record(decided_on, command)
    return year


def national_repair(desk: ClerkDesk, fact: str, on: dt.date) -> None:
    """The fact is repaired in the national credit system; recorded two days later."""
    command = RecordNationalRepair(
        fact=fact,
        id=desk.new_id("national"),
        granted_on=on,
        document=f"示国信修〔{on.year}〕{desk.rng.randrange(9999):04d}号",
    )
    desk.record(on + ONE_DAY * 2, command)


# --- what follows a fact ------------------------------------------------------------------------------------------


def aftermath(desk: ClerkDesk, fact: str, on: dt.date) -> None:
    """What became of a fact with points: put right, warned, corrected, taken back, annulled, or left as it is."""
    on = max(on, desk.last)
    fate = desk.rng.random()
    if fate < 0.42:
        settle(desk, fact, on)
    elif fate < 0.74:
        _warned(desk, fact, on)
    elif fate < 0.80:
        changes = FactChanges(document=sample_paper(desk.bureau, "函", on.year, 1000 + desk.rng.randrange(9000)))
        desk.record(after(on, 40), CorrectFact(fact=fact, changes=changes, reason="文号录入有误，经核对原件更正。"))
        settle(desk, fact, on)
    elif fate < 0.84:
        desk.record(after(on, 45), RetractFact(fact=fact, reason="对应主体核对有误，系重名机构的信息。"))
    elif fate < 0.89:
        effect: SetAsideEffect = "ab_initio" if desk.rng.random() < 0.6 else "prospective"
        set_aside(desk, fact, after(on, 60 + desk.rng.randrange(120)), effect)


def settle(desk: ClerkDesk, fact: str, on: dt.date) -> None:
    """The breach is put right within some months, and the department confirms it."""
    completed_on = after(on, 30 + desk.rng.randrange(100))
    desk.rectified(fact, completed_on, after(completed_on, 6 + desk.rng.randrange(20)))


def _warned(desk: ClerkDesk, fact: str, on: dt.date) -> None:
    warning, due_on = warn(desk, fact, on + ONE_DAY * 4)
    fate = desk.rng.random()
    if fate < 0.6:
        report(desk, warning, after(on, 22))
        confirmed_on = after(due_on, desk.rng.randrange(-3, 12))
        desk.record(
            confirmed_on,
            ConfirmWarning(warning=warning, completed_on=after(on, 22) - ONE_DAY, confirmed_on=confirmed_on),
        )
    elif fate < 0.78:
        settle(desk, fact, due_on)
    elif fate < 0.9:
        report(desk, warning, after(on, 20))
        command = RejectRectification(
            warning=warning, decided_on=after(due_on, 5), reasons="现场复核发现问题仍未解决。"
        )
        desk.record(after(due_on, 5), command)
        settle(desk, fact, after(due_on, 5))
    else:
        desk.record(after(on, 12), WithdrawWarning(warning=warning, reason="预警对象有误，收回。"))
        settle(desk, fact, after(on, 12))


# --- courses of one case ------------------------------------------------------------------------------------------


def _delay(desk: ClerkDesk) -> int:
    """Days until a paper is recorded: a few, now and then months."""
    return 60 + desk.rng.randrange(150) if desk.rng.random() < 0.06 else 1 + desk.rng.randrange(9)


def _with(row: str) -> Callable[[ClerkDesk, dt.date], str]:
    def course(desk: ClerkDesk, on: dt.date) -> str:
        return desk.fact(row, on, occurred_on=on - ONE_DAY * desk.rng.randrange(2, 40), delay=_delay(desk))

    return course


def _technical(desk: ClerkDesk, on: dt.date) -> str:
    return _with(desk.rng.choice(("C03", "C04", "C05")))(desk, on)


def _fine(desk: ClerkDesk, on: dt.date) -> str:
    """A fine: mostly unchallenged and final after six months, now and then challenged and upheld or annulled."""
    market = desk.rng.random() < 0.3
    authority = f"{desk.region}-MSA" if market else desk.bureau
    fact = desk.penalty("B11", on, authority=authority, delay=4 + desk.rng.randrange(6))
    served_on = on + ONE_DAY * 3
    fate = desk.rng.random()
    if fate < 0.72:
        desk.final(fact, unchallenged(served_on), delay=2 + desk.rng.randrange(20))
        return fact
    court = fate > 0.88
    filed_on = after(served_on, 80 if court else 35)
    desk.contested(fact, filed_on, court=court)
    decided_on = after(filed_on, 150 if court else 55)
    if desk.rng.random() < 0.45:
        set_aside(desk, fact, decided_on, "ab_initio", court=court)
    else:
        desk.final(fact, decided_on + ONE_DAY * 16)
    return fact


def _linked(desk: ClerkDesk, on: dt.date) -> str:
    """The client's deduction, sometimes not decided yet, sometimes revoked later."""
    operates = desk.rng.random() < 0.5 and desk.rng.random() < 0.5
    pending = desk.rng.random() < 0.3
    points = Decimal(desk.rng.choice(("2", "2.5", "3", "4.5", "6", "7.5", "10")))
    row = "C01" if operates and "operation" in desk.services else "B12"
    number = desk.rng.randrange(1000, 9999)
    reference = f"示排污信评〔{on.year}〕{number}号"
    fact = desk.fact(row, on, linked_to=reference, points=None if pending else points, delay=_delay(desk))
    fate = desk.rng.random()
    if pending and fate < 0.6:
        changes = FactChanges(points=points)
        desk.record(after(on, 75), CorrectFact(fact=fact, changes=changes, reason="委托单位扣分已确定，补录分值。"))
    elif not pending and fate < 0.5:
        command = RecordClientOutcome(
            fact=fact,
            id=desk.new_id("outcome"),
            kind="revoked" if fate < 0.3 else "repaired",
            decided_on=after(on, 100),
            document=f"示排污信评复〔{on.year}〕{number}号",
        )
        desk.record(after(on, 102), command)
    return fact


class Course(NamedTuple):
    """A course with its weight; ``service`` is what an agency must offer, ``aftermath`` whether more may follow."""

    run: Callable[[ClerkDesk, dt.date], str]
    weight: int
    service: Service | None = None
    aftermath: bool = True


COURSES: Final = (
    Course(_with("B09"), 24),
    Course(_with("B10"), 26),
    Course(_fine, 24, aftermath=False),
    Course(_technical, 30, "monitoring"),
    Course(_with("B08"), 7),
    Course(_with("B07"), 5),
    Course(_linked, 8, aftermath=False),
    Course(_with("C06"), 3, "eia"),
    Course(_with("C11"), 3, "carbon_verification"),
)


def small_case(desk: ClerkDesk, on: dt.date) -> str:
    """One case of the usual kind and what followed; its fact."""
    fitting = [c for c in COURSES if c.service is None or c.service in desk.services]
    course = desk.rng.choices(fitting, [c.weight for c in fitting])[0]
    fact = course.run(desk, on)
    if course.aftermath:
        aftermath(desk, fact, on)
    return fact


def careless_year(desk: ClerkDesk, year: int) -> None:
    """An agency that collects deductions in a year and repairs some of them when the result is out."""
    facts = []
    last = desk.last
    on = dt.date(year, 2, 10) + ONE_DAY * desk.rng.randrange(30)
    for row in desk.rng.sample(("B08", "B09", "B10", "B09", "B07", "B10"), 3 + desk.rng.randrange(3)):
        desk.restart()
        facts.append(desk.fact(row, working(on), delay=_delay(desk)))
        last = max(last, desk.last)
        on += ONE_DAY * (20 + desk.rng.randrange(35))
    desk.restart(last)
    fate = desk.rng.random()
    if fate < 0.4 and year in PUBLICATION:
        repair_early(desk, tuple(facts[:2]), after(publicity_of(desk.region, year), 2))
    elif year in PUBLICATION:
        received_on = after(PUBLICATION[year], 4 + desk.rng.randrange(60))
        repair = apply(desk, tuple(facts[:3]), received_on)
        if fate < 0.55:
            refuse(desk, repair, after(received_on, 20))
            received_on = after(received_on, 75)
            repair = apply(desk, tuple(facts[:3]), received_on)
        grant(desk, repair, after(received_on, 21))
    for fact in facts[3:]:
        settle(desk, fact, on)


def enhancement(desk: ClerkDesk, on: dt.date) -> None:
    """Credit-enhancing information: a commendation, an award, an emergency task."""
    kind = desk.rng.choice(("市级以上表彰", "自治区技能竞赛获奖", "应急监测任务表现突出", "试点创新工作"))
    authority = f"{REGION}-EEB" if "自治区" in kind else desk.bureau
    document = sample_paper(authority, "表", on.year, 1000 + desk.rng.randrange(9000))
    command = RecordEnhancement(
        subject=desk.subject,
        id=desk.new_id("enhancement"),
        kind=kind,
        noticed_on=on,
        document=document,
        authority=authority,
    )
    desk.record(after(on, 5), command)


# --- direct ratings -------------------------------------------------------------------------------------------------

DIRECT: Final[dict[str, Service | None]] = {
    "B01": None, "B02a": "monitoring", "B02b": "monitoring", "B02c": "monitoring", "B02d": "monitoring",
    "B03": None, "B04": None, "B05": None, "B06": "monitoring", "B13": None, "C02": "monitoring", "C07": "eia",
    "C08": "eia", "C09": "information_system", "C10": "information_system", "S01": "eia", "S02": "eia", "S03": "eia",
    "S04": "monitoring", "S05": None, "S06": "information_system", "S07": None, "S08": None, "S09": None,
    "S10": "auto_monitoring_operation", "S11": "consulting", "S12": None,
}  # fmt: skip
"""Every row of a direct rating, with the service its act belongs to."""

OTHERS: Final[dict[str, Service | None]] = {
    "B07": None, "B08": None, "B09": None, "B10": None, "B11": None, "B12": None, "C01": "operation",
    "C03": "monitoring", "C04": "monitoring", "C05": "monitoring", "C06": "eia", "C11": "carbon_verification",
}  # fmt: skip
"""Every other row of agencies that is recorded."""


def plain_case(desk: ClerkDesk, row: str, on: dt.date) -> None:
    """A case under a given row that is put right in time."""
    more: dict[str, Any] = (
        {"linked_to": "示排污信评〔2024〕2001号", "points": Decimal("3.5")} if row in ("B12", "C01") else {}
    )
    fact = desk.penalty(row, on) if row == "B11" else desk.fact(row, on, **more)
    settle(desk, fact, on)


def direct_case(desk: ClerkDesk, row: str, on: dt.date, turn: int) -> None:
    """A direct rating and how it ended; ``turn`` deals the endings out."""
    fact = _direct_fact(desk, row, on, turn)
    adjusted = None if turn % 4 == 3 else lower(desk, after(desk.last, 4))
    year = on.year
    match turn % 9:
        case 0 | 3 | 6 if year in PUBLICATION:
            received_on = after(PUBLICATION[year], 3 + desk.rng.randrange(25))
            grant(desk, apply(desk, (fact,), received_on), after(received_on, 18))
        case 1 | 4 if year in PUBLICATION:
            repair_early(desk, (fact,), after(publicity_of(desk.region, year), 3))
        case 2:
            set_aside(desk, fact, after(on, 120), "ab_initio", court=desk.rng.random() < 0.5)
            raise_again(desk, adjusted)
        case 5:
            desk.record(after(on, 50), RetractFact(fact=fact, reason="认定文书送达前已撤回，系误录。"))
            raise_again(desk, adjusted)
        case 7:
            set_aside(desk, fact, after(on, 200), "prospective")
        case 8 if year in PUBLICATION:
            received_on = after(PUBLICATION[year], 8)
            refuse(desk, apply(desk, (fact,), received_on), after(received_on, 20))
            national_repair(desk, fact, max(after(received_on, 200), sample_day("2026-04-09")))
        case _:
            pass


def _direct_fact(desk: ClerkDesk, row: str, on: dt.date, turn: int) -> str:
    if row in ("B06", "S10") and turn % 2:
        fact = desk.penalty(row, on, authority=f"{desk.region}-MSA")
        desk.final(fact, unchallenged(on + ONE_DAY * 3))
        return fact
    organ = {"B05": "AUD", "S09": "DIS"}.get(row, "EEB")
    region = REGION if row in ("B06", "S10", "B13") else desk.region
    until_on = add_months(on, 6) if row in ("C07", "S02") else add_months(on, 12) if row in ("C08", "S03") else None
    return desk.fact(row, on, authority=f"{region}-{organ}", kind="认", until_on=until_on, delay=5)


# --- practitioners ---------------------------------------------------------------------------------------------------


def practitioner_case(desk: ClerkDesk, on: dt.date, kind: float) -> tuple[int, str] | None:
    """A practitioner's breach: mostly one, now and then two of different departments or a serious one.

    Gives the year for which the person is rated D and the fact that stands for it, ``None`` without a D: the records
    of two years do not add up, and what comes to light after the rating is too late for it.
    """
    first = desk.fact(desk.rng.choice(("P01", "P02", "P03", "P04")), on, kind="认", delay=_delay(desk))
    if kind < 0.8:
        return None
    second_on = after(on, 40)
    year = second_on.year
    if kind < 0.93:
        row = desk.rng.choice(("P01", "P03", "P04"))
        desk.fact(row, second_on, authority=f"{desk.region}-MSA", kind="认")
        is_rated = on.year == year
    else:
        first = desk.fact(desk.rng.choice(("P05", "P06")), second_on, kind="认", delay=6)
        is_rated = True
    return (year, first) if is_rated and year in RATING and desk.last < RATING[year] else None


def practitioner_repair(desk: ClerkDesk, fact: str, on: dt.date) -> None:
    """A year after the D and with an outstanding contribution, the repair is confirmed."""
    contribution = Contribution(
        kind=desk.rng.choice(("whistle_blowing", "volunteering")),
        recognised_on=on - ONE_DAY * 12,
        recognised_by=desk.bureau,
    )
    grant(desk, apply(desk, (fact,), on, contribution), after(on, 20))
