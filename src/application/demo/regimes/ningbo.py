"""Ningbo in the sample: filing, scores, rankings, grade E in real time and the sampling plan, under a draft.

Nobody has supplied the shares of the grades, so everybody has a place and nobody a grade by it; the draft is not in
force, and every answer is a simulation.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from application.demo.city import City, agencies_of, agency_id, desk_of, opened
from application.demo.desk import Desk, Planned, chance, day, id_of, working
from application.demo.schedule import workdays
from application.demo.stages import stage_id
from application.demo.telling import Asked, Due, Story, YearAsked
from application.recording.commands import Command
from domain.events.event import Evidence
from domain.events.filings import CautionForm
from domain.procedures.evaluation import EvaluationStage
from domain.procedures.filings import File, FileChange, IssueCaution, RecordBusiness, RecordFinding, RefuseGrade
from domain.procedures.objections import DecideObjection, FileObjection
from domain.procedures.repairs import ApplyRepair, ConfirmRepair
from domain.procedures.scores import DrawSample, RankCohort, RecordScore
from domain.time import at_hour
from domain.vocabulary import Service, Stage, Text

NINGBO: Final = City(
    "ningbo.monitoring",
    "330200",
    "宁波",
    "Ningbo",
    (("330203", "海曙区"), ("330206", "北仑区"), ("330212", "鄞州区"), ("330281", "余姚市"), ("330282", "慈溪市")),
    1400,
)

SERVICES: Final[tuple[tuple[Service, ...], ...]] = tuple(
    ("auto_monitoring_operation",) if index % 5 == 4 else ("monitoring",) for index in range(14)
)
_YEARS: Final = (2023, 2024, 2025)
_IDLE: Final = {(5, 2025)}
"""Who did no business in a year."""

_UNGRADED: Final = 2
_WAITING: Final = 9
"""Whose result of 2025 was shown later than the others', and waits for the decision on an objection."""

_SCORES: Final[Mapping[tuple[int, int], str]] = {
    (0, 2023): "93", (0, 2024): "95", (0, 2025): "98", (1, 2024): "91", (1, 2025): "85", (3, 2024): "79",
    (4, 2024): "84", (4, 2025): "88", (5, 2024): "90", (_WAITING, 2024): "76", (_WAITING, 2025): "81",
}  # fmt: skip


def planned(seed: int) -> list[Planned]:
    """Every command of the city."""
    found = agencies_of(NINGBO, SERVICES)
    commands = opened(seed, found)
    for index, agency in enumerate(found):
        desk = desk_of(seed, NINGBO, agency, commands)
        filed_on = dt.date(2023, 1, 16 + index % 4)
        desk.record(
            filed_on, File(subject=desk.subject, id=desk.new_id("filing"), regime=desk.regime, filed_on=filed_on)
        )
        for year in _YEARS:
            desk.restart()
            _year(desk, index, year)
        desk.restart()
        _TELLERS.get(index, _nothing)(desk)
    return commands + _cohort()


# --- a year -----------------------------------------------------------------------------------------------------


def _cohort() -> list[Planned]:
    """What is decided about everybody at once: the ranking of each year, and the sampling plans drawn by lot."""
    found: list[tuple[dt.date, Command]] = []
    for year in _YEARS:
        on = working(dt.date(year + 1, 4, 1))
        found.append((on, RankCohort(regime=NINGBO.regime, year=year, dated_on=on, id=id_of("ningbo", "rank", year))))
    for on in (day("2025-09-15"), day("2026-06-10")):
        year = on.year
        seed = f"示摇〔{year}〕07 21 33"
        found.append(
            (on, DrawSample(regime=NINGBO.regime, year=year, seed=seed, dated_on=on, id=id_of("ningbo", "draw", year)))
        )
    return [Planned(at_hour(on, 17), NINGBO.officer, command) for on, command in found]


def _year(desk: Desk, index: int, year: int) -> None:
    """Business, score, publicity and publication of one agency's year."""
    spring = year + 1
    active = (index, year) not in _IDLE
    business = RecordBusiness(
        subject=desk.subject, id=desk.new_id("business"), regime=desk.regime, year=year, active=active
    )
    desk.record(dt.date(spring, 1, 10), business)
    if not active:
        return
    rng = chance("ningbo", desk.subject, year)
    score = Decimal(_SCORES.get((index, year), f"{min(97, max(58, rng.gauss(82, 8))):.1f}"))
    graded = RecordScore(subject=desk.subject, id=desk.new_id("score"), regime=desk.regime, year=year, score=score)
    desk.record(dt.date(spring, 3, 2), graded)
    waits = (index, year) == (_WAITING, 2025)
    shown_on = day("2026-06-22") if waits else working(dt.date(spring, 5, 6))
    _step(desk, year, "publicity", shown_on)
    if waits:
        _object(desk, year, workdays(shown_on, 2), "participant", "业务执行得分与实际合同数不符，附合同清单。")
        return
    _RAISED.get((index, year), _raise_nothing)(desk, year, shown_on)
    published_on = working(dt.date(spring, 6, 8))
    _step(desk, year, "publication", published_on)
    _step(desk, year, "push", workdays(published_on, 1))


def _step(desk: Desk, year: int, stage: Stage, on: dt.date) -> None:
    command = EvaluationStage(
        subject=desk.subject,
        id=stage_id(desk.subject, year, stage),
        regime=desk.regime,
        year=year,
        stage=stage,
        dated_on=on,
    )
    desk.planned.append(Planned(at_hour(on, 16), NINGBO.officer, command))


def _raise_nothing(desk: Desk, year: int, shown_on: dt.date) -> None:
    """Nobody objects."""


def _object(desk: Desk, year: int, on: dt.date, by: str, grounds: str) -> str:
    id = desk.new_id("objection")
    filed = FileObjection(
        subject=desk.subject,
        id=id,
        regime=desk.regime,
        against=stage_id(desk.subject, year, "publicity"),
        filed_on=on,
        by=by,
        grounds=grounds,
        evidence=(Evidence(title="异议证明材料"),),
    )
    desk.restart(on)
    desk.record(on, filed)
    return id


def _resident(desk: Desk, year: int, shown_on: dt.date) -> None:
    """A resident objects during publicity, and is told the decision."""
    filed_on = workdays(shown_on, 3)
    id = _object(desk, year, filed_on, "附近居民", "反映该机构夜间采样无人到场，附照片。")
    on = workdays(filed_on, 3)
    reasons = "经核查采样记录与门禁记录一致，维持原结果，已告知异议人和该机构。"
    desk.record(on, DecideObjection(objection=id, decided_on=on, outcome="rejected", reasons=reasons))


_RAISED: Final[Mapping[tuple[int, int], Callable[[Desk, int, dt.date], None]]] = {(4, 2025): _resident}


# --- what happened ----------------------------------------------------------------------------------------------


def _nothing(desk: Desk) -> None:
    """Nothing beside the years."""


def _falsified(desk: Desk) -> None:
    """Grade E for the year, until the authority that imposed the penalty decides on the repair."""
    fact = desk.fact("E4", day("2025-05-19"), kind="罚", delay=91, final_on=day("2025-08-11"),
                     verified_on=day("2025-08-18"), summary="监测数据弄虚作假，处以罚款。")  # fmt: skip
    repair = desk.new_id("repair")
    asked_on, granted_on = day("2025-12-08"), day("2025-12-22")
    desk.record(
        asked_on,
        ApplyRepair(
            subject=desk.subject,
            id=repair,
            regime=desk.regime,
            facts=(fact,),
            dated_on=asked_on,
            completed_on=day("2025-11-24"),
            harm="compensated",
        ),
    )
    command = ConfirmRepair(
        repair=repair, confirmed_on=granted_on, by="originating_authority", certificate="示甬环修〔2025〕2107号"
    )
    desk.record(granted_on, command)


def _refused(desk: Desk) -> None:
    on = day("2026-02-24")
    command = RefuseGrade(
        subject=desk.subject, id=desk.new_id("refusal"), regime=desk.regime, decided_on=on, publicised_on=on
    )
    desk.record(on, command)


def _changed(desk: Desk) -> None:
    """A change filed late, and the caution for it."""
    filed_on = day("2026-03-02")
    change = FileChange(
        subject=desk.subject,
        id=desk.new_id("change"),
        regime=desk.regime,
        changed_on=day("2026-01-31"),
        filed_on=filed_on,
        what="technical_head",
    )
    desk.record(filed_on, change)
    _caution(desk, "K4", "written_notice", day("2026-03-09"))


def _caution(desk: Desk, row: str, form: CautionForm, on: dt.date) -> None:
    command = IssueCaution(
        subject=desk.subject, id=desk.new_id("caution"), regime=desk.regime, row=row, form=form, dated_on=on
    )
    desk.record(on, command)


def _cautioned(desk: Desk) -> None:
    _caution(desk, "K1", "talk", day("2024-09-10"))


def _conflicted(desk: Desk) -> None:
    on = day("2025-10-14")
    what = "同时受托于监管部门和被检查单位。"
    desk.record(
        on, RecordFinding(subject=desk.subject, id=desk.new_id("finding"), regime=desk.regime, dated_on=on, what=what)
    )


_TELLERS: Final[Mapping[int, Callable[[Desk], None]]] = {
    1: _falsified, _UNGRADED: _refused, 3: _changed, 6: _cautioned, 8: _conflicted,
}  # fmt: skip
"""What happened to the agencies."""


# --- what to ask ------------------------------------------------------------------------------------------------


def _story(index: int, id: str, title: Text, pointer: Text, *asked: Asked) -> Story:
    return Story(
        id=id, title=title, pointer=pointer, subject=agency_id(NINGBO, index), asked=asked, regime=NINGBO.regime,
        force="draft",
    )  # fmt: skip


_NO_SHARES: Final = "quotas_not_configured"

STORIES: Final[tuple[Story, ...]] = (
    _story(
        0, "ningbo_rank",
        Text("宁波（草案）：名次有了，比例未定", "Ningbo (a draft): a place, and no shares"),
        Text(
            "问2024-04-01与2026-06-08：排名之日起有名次，公布后以公布的为准；各等级比例未设定，等级不作结论。",
            "Ask for 2024-04-01 and 2026-06-08: a place from the day of the ranking, then what was published; while"
            " no shares are"
            " set there is no grade.",
        ),
        Asked(as_of=day("2024-03-31"), score="93", undetermined="not_yet_graded"),
        Asked(as_of=day("2024-04-01"), score="93", undetermined=_NO_SHARES),
        Asked(as_of=day("2026-06-07"), score="95", undetermined=_NO_SHARES),
        Asked(as_of=day("2026-06-08"), score="98", undetermined=_NO_SHARES),
    ),
    _story(
        1, "ningbo_falsified",
        Text("宁波（草案）：实时列入E级，至修复为止", "Ningbo (a draft): grade E in real time, until repair"),
        Text(
            "问2025-08-17、2025-08-18与2025-12-22：核实生效即为E级并撤销当年等级，处罚机关决定修复后至下一年度公布前没有等级。",
            "Ask for 2025-08-17, 2025-08-18 and 2025-12-22: E once verified as final, the year's grade revoked; no"
            " grade from the repair to the next publication.",
        ),
        Asked(as_of=day("2025-08-17"), score="91", undetermined=_NO_SHARES),
        Asked(as_of=day("2025-08-18"), grade="E", shown=True, public="E"),
        Asked(as_of=day("2025-12-21"), grade="E"),
        Asked(as_of=day("2025-12-22"), grade="no_grade"),
        Asked(as_of=day("2026-06-08"), score="85", undetermined=_NO_SHARES),
    ),
    _story(
        _UNGRADED, "ningbo_ungraded",
        Text("宁波（草案）：拒不改正，不予评级", "Ningbo (a draft): not graded after a refusal"),
        Text(
            "问2026-02-24：填报内容严重不实又拒不改正，不予评级并公开，增加抽查。",
            "Ask for 2026-02-24: seriously untrue information and no rectification: not graded, which is public, and"
            " inspected more often.",
        ),
        Asked(as_of=day("2026-02-24"), grade="ungraded_refused", shown=True, public="ungraded_refused",
              measures=("art. 17",)),
    ),
    _story(
        3, "ningbo_change",
        Text("宁波（草案）：变更备案逾期", "Ningbo (a draft): a change filed too late"),
        Text(
            "问2026-03-02的期限：2026-01-31变更，应于2026-02-28（周六，调休上班）前备案，逾期二日，书面告知。",
            "Ask for the deadlines on 2026-03-02: changed on 2026-01-31, to be filed by 2026-02-28, a Saturday that is"
            " worked; filed two days late, and cautioned in writing.",
        ),
        Asked(as_of=day("2026-03-02"), score="79", undetermined=_NO_SHARES,
              due=(Due("change_filing", "late", day("2026-02-28")),)),
    ),
    _story(
        4, "ningbo_resident",
        Text("宁波（草案）：任何人都可提出异议", "Ningbo (a draft): anybody may object"),
        Text(
            "问2026-05-14的期限：居民在公示期内提出异议，五个工作日内复核并告知双方。",
            "Ask for the deadlines on 2026-05-14: a resident objects during publicity; reviewed within five working"
            " days, and both are told.",
        ),
        Asked(as_of=day("2026-05-14"), score="84", undetermined=_NO_SHARES,
              year=YearAsked(2025, "publicity", "88", ""),
              due=(Due("objection_decision", "met", day("2026-05-18")),)),
    ),
    _story(
        _WAITING, "ningbo_review_open",
        Text("宁波（草案）：异议尚待复核", "Ningbo (a draft): an objection not decided yet"),
        Text(
            "问2026-06-30的期限：2026-06-24提出的异议须于2026-07-01前复核。",
            "Ask for the deadlines on 2026-06-30: the objection of 2026-06-24 has to be reviewed by 2026-07-01.",
        ),
        Asked(as_of=day("2026-06-30"), score="76", undetermined=_NO_SHARES,
              year=YearAsked(2025, "publicity", "81", ""),
              due=(Due("objection_decision", "open", day("2026-07-01")),)),
    ),
    _story(
        5, "ningbo_idle",
        Text("宁波（草案）：当年没有业务，不列入评价", "Ningbo (a draft): no business, not evaluated"),
        Text(
            "问2026-06-30：2025年没有业务，不评该年度，2024年的结果照旧显示。",
            "Ask for 2026-06-30: no business in 2025 and no result for it; that of 2024 is shown as it was.",
        ),
        Asked(as_of=day("2026-06-30"), score="90", undetermined=_NO_SHARES,
              year=YearAsked(2024, "push", "90", "")),
    ),
)  # fmt: skip
"""The cases of the city worth asking about."""
