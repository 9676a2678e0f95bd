"""Jiaxing in the sample: three evaluation years of monitoring agencies, from the scores to the publication.

Two agencies are told apart: one that is registered in Hangzhou and works in Jiaxing, and one that is under several
regimes for one false report (``several``).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final, Literal, NamedTuple

from application.demo.city import City, agencies_of, agency_id, desk_of, opened
from application.demo.courses import set_aside
from application.demo.desk import Desk, Planned, chance, day, working
from application.demo.places import Place
from application.demo.schedule import workdays
from application.demo.stages import stage_id
from application.demo.telling import Asked, Due, Story, YearAsked
from domain.events.event import Evidence
from domain.procedures.evaluation import EvaluationStage
from domain.procedures.objections import DecideObjection, ExtendReview, FileObjection
from domain.procedures.scores import RecordScore
from domain.time import at_hour
from domain.vocabulary import Service, Stage, Text

JIAXING: Final = City(
    "jiaxing.monitoring",
    "330400",
    "嘉兴",
    "Jiaxing",
    (
        ("330402", "南湖区"), ("330411", "秀洲区"), ("330421", "嘉善县"), ("330424", "海盐县"), ("330481", "海宁市"),
        ("330482", "平湖市"), ("330483", "桐乡市"),
    ),
    1000,
)  # fmt: skip
SEVERAL: Final = 6
"""The agency that is under several regimes for one act."""

_OUTSIDER: Final = 15
SERVICES: Final[tuple[tuple[Service, ...], ...]] = tuple(
    ("eia", "monitoring") if index == SEVERAL else ("auto_monitoring_operation", "monitoring") if index % 4 == 3
    else ("monitoring",)
    for index in range(16)
)  # fmt: skip
_YEARS: Final = (2023, 2024, 2025)
_PANEL: Final = ("专家甲", "专家乙", "专家丙")

_SCORES: Final[Mapping[tuple[int, int], tuple[str, str] | None]] = {
    (0, 2023): ("92", "85"), (0, 2024): ("83", "70"), (0, 2025): ("86", "82"),
    (1, 2023): ("78", "70"), (1, 2024): ("84", "81"), (1, 2025): ("88", "85"),
    (2, 2023): None, (2, 2024): ("75", "70"), (2, 2025): ("79", "72"),
    (3, 2023): ("91", "84"), (3, 2024): ("88", "82"), (3, 2025): ("90", "86"),
    (4, 2023): ("85", "75"), (4, 2024): ("85", "80"), (4, 2025): ("89.99", "79.99"),
    (5, 2023): ("76", "66"), (5, 2024): ("81", "72"), (5, 2025): ("82", "78"),
    (SEVERAL, 2023): ("87", "83"), (SEVERAL, 2024): ("90", "84"), (SEVERAL, 2025): ("72", "61"),
    (7, 2023): ("89", "80"), (7, 2024): ("93", "88"), (7, 2025): ("94", "90"),
    (9, 2023): ("74", "63"), (9, 2024): ("71", "64"), (9, 2025): ("69.5", "58"),
}  # fmt: skip
"""Basic and risk score by agency and year where a story depends on them; ``None``: it took no part."""


class _Dates(NamedTuple):
    """The days of one year's evaluation."""

    roster: dt.date
    notice: dt.date
    report: dt.date
    score: dt.date
    determination: dt.date
    publicity: dt.date
    publication: dt.date
    push: dt.date


def dates_of(year: int) -> _Dates:
    """The days on which the city evaluated a year."""
    spring = year + 1
    determination = working(dt.date(spring, 3, 4))
    publication = working(dt.date(spring, 3, 28))
    return _Dates(
        roster=working(dt.date(spring, 1, 8)),
        notice=working(dt.date(spring, 1, 10)),
        report=working(dt.date(spring, 2, 5)),
        score=working(dt.date(spring, 2, 26)),
        determination=determination,
        publicity=workdays(determination, 2),
        publication=publication,
        push=workdays(publication, 1),
    )


def planned(seed: int) -> list[Planned]:
    """Every command of the city."""
    found = agencies_of(JIAXING, SERVICES)
    found[_OUTSIDER] = found[_OUTSIDER]._replace(place=Place("330106", "杭州市西湖区", "Hangzhou", "", 0, 0))
    commands = opened(seed, found)
    for index, agency in enumerate(found):
        desk = desk_of(seed, JIAXING, agency, commands)
        if index != _OUTSIDER:
            for year in _YEARS:
                _year(desk, index, year)
        if index in _TELLERS:
            desk.restart()
            _TELLERS[index](desk)
    return commands


# --- a year -----------------------------------------------------------------------------------------------------


def _year(desk: Desk, index: int, year: int) -> None:
    """One year of one agency, as a rule without any objection."""
    dates = dates_of(year)
    score = _SCORES.get((index, year), _by_chance(desk.subject, year))
    _step(desk, year, "roster", dates.roster)
    _step(desk, year, "notice", dates.notice)
    if score is not None:
        _step(desk, year, "report", dates.report)
        _score(desk, year, dates.score, score)
        _step(desk, year, "determination", dates.determination)
        _step(desk, year, "publicity", dates.publicity)
        _RAISED.get((index, year), _nothing)(desk, year)
    _step(desk, year, "publication", dates.publication)
    _step(desk, year, "push", dates.push)


def _by_chance(subject: str, year: int) -> tuple[str, str]:
    rng = chance("jiaxing", subject, year)
    basic = min(97, max(58, round(rng.gauss(84, 7))))
    return str(basic), str(min(95, max(52, basic - 4 + rng.randrange(-8, 7))))


def _score(desk: Desk, year: int, on: dt.date, score: tuple[str, str], turn: int = 1) -> None:
    basic, risk = (Decimal(text) for text in score)
    id = stage_id(desk.subject, year, "determination", 10 + turn)
    desk.record(on, RecordScore(subject=desk.subject, id=id, regime=desk.regime, year=year, basic=basic, risk=risk))


def _step(desk: Desk, year: int, stage: Stage, on: dt.date, turn: int = 1) -> None:
    """A step of a year; what the officer records for everybody does not wait for the agency's own papers."""
    command = EvaluationStage(
        subject=desk.subject,
        id=stage_id(desk.subject, year, stage, turn),
        regime=desk.regime,
        year=year,
        stage=stage,
        dated_on=on,
        finding="complete" if stage == "report" else None,
        panel=_PANEL if stage == "determination" else (),
    )
    if stage in ("publication", "push"):
        desk.planned.append(Planned(at_hour(on, 17), JIAXING.officer, command))
    else:
        desk.record(on, command)


# --- objections -------------------------------------------------------------------------------------------------


def _nothing(desk: Desk, year: int) -> None:
    """Nobody objects."""


def _object(desk: Desk, year: int, filed_on: dt.date, grounds: str) -> str:
    """The agency's objection to what is publicised."""
    id = desk.new_id("objection")
    against = stage_id(desk.subject, year, "publicity", 2 if year == 2025 else 1)
    desk.record(
        filed_on,
        FileObjection(
            subject=desk.subject,
            id=id,
            regime=desk.regime,
            against=against,
            filed_on=filed_on,
            by="participant",
            grounds=grounds,
            evidence=(Evidence(title="复核申请所附证据"),),
        ),
    )
    return id


def _decide(desk: Desk, objection: str, on: dt.date, outcome: Literal["upheld", "rejected"], reasons: str) -> None:
    desk.record(on, DecideObjection(objection=objection, decided_on=on, outcome=outcome, reasons=reasons))


def _upheld(desk: Desk, year: int) -> None:
    """In time, looked into for longer than usual, and right: three points more, and the experts determine anew."""
    shown_on = dates_of(year).publicity
    id = _object(desk, year, workdays(shown_on, 3), "能力验证结果未计入监测能力得分，附满意结果通知。")
    until_on = workdays(shown_on, 20)
    desk.record(
        workdays(shown_on, 8), ExtendReview(objection=id, until_on=until_on, reason="需向能力验证提供者核实结果。")
    )
    on = workdays(shown_on, 12)
    _decide(desk, id, on, "upheld", "能力验证结果属实，监测能力补记三分。")
    _score(desk, year, on, ("81", "70"), 2)
    _step(desk, year, "determination", workdays(on, 1), 2)
    _step(desk, year, "review", workdays(on, 2))


def _late(desk: Desk, year: int) -> None:
    shown_on = dates_of(year).publicity
    id = _object(desk, year, workdays(shown_on, 6), "对经营管理得分有异议。")
    _decide(desk, id, workdays(shown_on, 8), "rejected", "申请超过公示之日起五个工作日，不予受理。")


def _rejected(desk: Desk, year: int) -> None:
    shown_on = dates_of(year).publicity
    id = _object(desk, year, workdays(shown_on, 2), "对诚信记录扣分有异议。")
    _decide(desk, id, workdays(shown_on, 11), "rejected", "经复核，扣分所依据的检查记录齐全，维持原得分。")


_RAISED: Final[Mapping[tuple[int, int], Callable[[Desk, int], None]]] = {
    (1, 2023): _upheld, (5, 2023): _late, (7, 2024): _rejected,
}  # fmt: skip
"""What agencies said to a result on show."""


# --- what happened ----------------------------------------------------------------------------------------------


def _falsified(desk: Desk) -> None:
    desk.fact("J4", day("2024-06-20"), kind="罚", delay=56, final_on=day("2024-08-15"), verified_on=day("2024-08-15"),
              summary="比对原始谱图，认定监测报告弄虚作假并予处罚。")  # fmt: skip


def _stayed_away(desk: Desk) -> None:
    desk.fact("J1", day("2024-03-01"), kind="核", delay=0, verified_on=day("2024-03-01"),
              summary="经通知仍未参加评价，核实没有正当理由。")  # fmt: skip


def _on_list(desk: Desk) -> None:
    desk.fact("J5", day("2024-05-06"), kind="告", verified_on=day("2024-05-06"), until_on=day("2025-06-30"),
              authority="330000-EEB", delay=0, summary="被列入省级严重失信名单。")  # fmt: skip


def _annulled(desk: Desk) -> None:
    fact = desk.fact("J4", day("2024-09-09"), kind="罚", delay=190, final_on=day("2025-03-12"),
                     verified_on=day("2025-03-18"), summary="因出具虚假报告被处罚。")  # fmt: skip
    set_aside(desk, fact, day("2025-11-11"), "ab_initio", court=True)


def _taken_up_again(desk: Desk) -> None:
    """The year 2025 is taken up again, and an objection to what is publicised anew waits for its decision."""
    _step(desk, 2025, "reopening", day("2026-06-08"))
    _score(desk, 2025, day("2026-06-09"), ("69.5", "61"), 2)
    _step(desk, 2025, "determination", day("2026-06-10"), 2)
    _step(desk, 2025, "publicity", day("2026-06-11"), 2)
    _object(desk, 2025, day("2026-06-16"), "整改后的信息登记得分未更新，附平台截图。")


def _elsewhere(desk: Desk) -> None:
    desk.fact("J4", day("2024-06-03"), kind="罚", final_on=day("2024-06-03"), verified_on=day("2024-06-03"), delay=1,
              summary="在嘉兴承接的监测项目弄虚作假。")  # fmt: skip


_TELLERS: Final[Mapping[int, Callable[[Desk], None]]] = {
    0: _falsified, 2: _stayed_away, 3: _on_list, 8: _annulled, 9: _taken_up_again, _OUTSIDER: _elsewhere,
}  # fmt: skip
"""What happened to agencies beside their evaluation years."""


# --- what to ask ------------------------------------------------------------------------------------------------


def _story(index: int, id: str, title: Text, pointer: Text, *asked: Asked) -> Story:
    return Story(
        id=id, title=title, pointer=pointer, subject=agency_id(JIAXING, index), asked=asked, regime=JIAXING.regime
    )


_OF_A: Final = ("para. 19(1)", "para. 19(2)")
_OF_E: Final = ("para. 19(1)", "para. 19(3)", "para. 20")

STORIES: Final[tuple[Story, ...]] = (
    _story(
        0, "jiaxing_falsified",
        Text("嘉兴：年中直接列入E级", "Jiaxing: grade E in the middle of a year"),
        Text(
            "问2024-08-14与2024-08-15：造假处罚核实生效之日起为E级、高风险，至下一年度等级公布之日为止。",
            "Ask for 2024-08-14 and 2024-08-15: E and high risk from the day the penalty for falsification is verified"
            " as final, until the next grade is published.",
        ),
        Asked(as_of=day("2024-03-28"), score="92", grade="A", risk="low", shown=True, public="A", measures=_OF_A),
        Asked(as_of=day("2024-08-15"), known_on=day("2024-08-14"), score="92", grade="A", risk="low"),
        Asked(as_of=day("2024-08-14"), score="92", grade="A", risk="low", shown=True, public="A"),
        Asked(as_of=day("2024-08-15"), score="92", grade="E", risk="high", shown=True, public="E", measures=_OF_E),
        Asked(as_of=day("2025-03-27"), score="92", grade="E", risk="high"),
        Asked(
            as_of=day("2025-03-28"), score="83", grade="B", risk="medium", shown=True, public="B",
            year=YearAsked(2024, "publication", "83", "B"), measures=("para. 19(1)",),
        ),
    ),
    _story(
        1, "jiaxing_objection",
        Text("嘉兴：复核成立，C级改为B级", "Jiaxing: a review that turns C into B"),
        Text(
            "问2024-03-06与2024-03-28：公示为78分、C级；五个工作日内申请复核，延长后查实，补记三分，以81分、B级公布。",
            "Ask for 2024-03-06 and 2024-03-28: shown as 78, C; a review applied for within five working days,"
            " extended, found three points missing; published as 81, B.",
        ),
        Asked(as_of=day("2024-03-06"), score="78", grade="C", risk="medium", shown=True,
              year=YearAsked(2023, "publicity", "78", "C"), due=(Due("objection", "open", day("2024-03-13")),)),
        Asked(as_of=day("2024-03-28"), score="81", grade="B", risk="medium", shown=True, public="B",
              year=YearAsked(2023, "publication", "81", "B"),
              due=(Due("objection_decision", "met", day("2024-04-03")),)),
    ),
    _story(
        2, "jiaxing_stayed_away",
        Text("嘉兴：无故不参加评价", "Jiaxing: staying away without a reason"),
        Text(
            "问2024-02-29与2024-03-01：核实没有正当理由之日起为E级、高风险，当年没有得分可公布；次年为75分、C级。",
            "Ask for 2024-02-29 and 2024-03-01: E and high risk once it is verified that there was no good reason, no"
            " score to publish that year; 75, C the year after.",
        ),
        Asked(as_of=day("2024-02-29"), undetermined="not_yet_graded", shown=True),
        Asked(as_of=day("2024-03-01"), grade="E", risk="high", shown=True, public="E"),
        Asked(as_of=day("2024-03-28"), grade="E", risk="high", year=YearAsked(2023, "publication", None, "E")),
        Asked(as_of=day("2025-03-28"), score="75", grade="C", risk="medium", shown=True, public="C", measures=()),
    ),
    _story(
        3, "jiaxing_listed",
        Text("嘉兴：列入省级严重失信名单", "Jiaxing: on the provincial list of severe breaches"),
        Text(
            "问2025-03-28与2026-03-30：公布时仍在名单上，88分也以E级公布；移出名单以后再公布的年度才是A级。",
            "Ask for 2025-03-28 and 2026-03-30: on the list when 88 was published, and so published as E; A with the"
            " first publication after removal from the list.",
        ),
        Asked(as_of=day("2024-05-06"), score="91", grade="E", risk="high"),
        Asked(as_of=day("2025-03-28"), score="88", grade="E", risk="high"),
        Asked(as_of=day("2025-06-30"), score="88", grade="E", risk="high", shown=True, public="E",
              year=YearAsked(2024, "push", "88", "E")),
        Asked(as_of=day("2026-03-30"), score="90", grade="A", risk="low", shown=True, public="A"),
    ),
    _story(
        4, "jiaxing_mixed",
        Text("嘉兴：等级与风险不同向", "Jiaxing: grade and risk that point different ways"),
        Text(
            "问2024-04-01与2025-04-01：同为85分、B级，中风险时没有激励，低风险时才有。",
            "Ask for 2024-04-01 and 2025-04-01: 85 and B both times; no incentives at medium risk, only at low risk.",
        ),
        Asked(as_of=day("2024-04-01"), score="85", grade="B", risk="medium", measures=("para. 19(1)",)),
        Asked(as_of=day("2025-04-01"), score="85", grade="B", risk="low", measures=_OF_A),
        Asked(as_of=day("2026-04-01"), score="89.99", grade="B", risk="medium", measures=("para. 19(1)",)),
    ),
    _story(
        9, "jiaxing_review_open",
        Text("嘉兴：重新公示后的复核申请尚待决定", "Jiaxing: a review not decided yet"),
        Text(
            "问2026-06-30的期限：2026-06-16收到的复核申请须于2026-07-08前决定（端午节不计）。",
            "Ask for the deadlines on 2026-06-30: the review applied for on 2026-06-16 has to be decided by 2026-07-08,"
            " the Dragon Boat holiday not counted.",
        ),
        Asked(as_of=day("2026-06-30"), score="69.5", grade="D", risk="high",
              year=YearAsked(2025, "publicity", "69.5", "D"),
              due=(Due("objection_decision", "open", day("2026-07-08")),)),
    ),
    _story(
        _OUTSIDER, "jiaxing_outsider",
        Text("嘉兴：外地登记的机构", "Jiaxing: an agency registered elsewhere"),
        Text(
            "问2024-06-05：在杭州登记，在嘉兴造假：信息照记，嘉兴不评等级。",
            "Ask for 2024-06-05: registered in Hangzhou, false reports in Jiaxing: recorded, but not graded there.",
        ),
        Asked(as_of=day("2024-06-05"), undetermined="outside_scope", shown=True, measures=()),
    ),
)  # fmt: skip
"""The cases of the city worth asking about."""
