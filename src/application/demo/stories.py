"""Cases worth asking about: each shows one thing that the answer explains, with what to ask and what it says.

The first is the example of the README: why D on 30 June 2024, and what was known then.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Final

from application.demo import courses
from application.demo.desk import REGIME, Desk, day, id_of
from application.demo.places import REGION
from application.demo.population import Founding
from application.demo.raising import objection
from application.demo.schedule import dates_of, workdays
from application.demo.stages import stage_id
from application.demo.telling import Asked, Due, Story, YearAsked
from domain.events.advisories import AdvisoryKind
from domain.events.facts import FactChanges
from domain.events.repairs import Contribution
from domain.procedures.evaluation import ResumeScope, SuspendScope
from domain.procedures.facts import CorrectFact, RetractFact
from domain.procedures.warnings import ConfirmWarning, RejectRectification
from domain.vocabulary import Text

_NOT_ASKED: Final = "?"
_OF_C: Final = ("art. 35(1)", "art. 35(2)", "art. 35(3)")
_OF_D: Final = (*_OF_C, *(f"art. 36({number})" for number in range(1, 9)))
_OF_PERSON: Final = ("art. 38(1)", "art. 38(2)", "art. 38(3)")


def _asked(
    as_of: str,
    known_on: str | None,
    score: str | None,
    grade: str | None,
    other: str | None = None,
    *,
    year: YearAsked | None = None,
    public: str | None = _NOT_ASKED,
    measures: tuple[str, ...] | None = None,
    due: tuple[Due, ...] = (),
) -> Asked:
    return Asked(
        as_of=day(as_of),
        known_on=None if known_on is None else day(known_on),
        score=score,
        grade=grade,
        undetermined=other,
        year=year,
        shown=public != _NOT_ASKED,
        public=None if public == _NOT_ASKED else public,
        measures=measures,
        due=due,
    )


def _story(number: int, id: str, title: Text, pointer: Text, *asked: Asked, subject: str | None = None) -> Story:
    return Story(id=id, title=title, pointer=pointer, subject=subject or id_of("agency", number), asked=asked)


def staff_of(number: int) -> list[str]:
    """The practitioners of a story's agency."""
    before = sum(f.staff for n, f in FOUNDED.items() if n < number)
    return [id_of("practitioner", before + n) for n in range(FOUNDED[number].staff)]


FOUNDED: Final[Mapping[int, Founding]] = {
    0: Founding(0, ("monitoring",)),
    1: Founding(1, ("monitoring",)),
    2: Founding(3, ("monitoring", "consulting")),
    3: Founding(0, ("monitoring", "treatment")),
    4: Founding(5, ("monitoring",)),
    5: Founding(4, ("monitoring",)),
    6: Founding(2, ("auto_monitoring_operation",)),
    7: Founding(1, ("eia", "consulting"), 4),
    8: Founding(6, ("carbon_verification", "monitoring")),
    9: Founding(0, ("eia",)),
    10: Founding(7, ("operation", "treatment")),
    11: Founding(8, ("monitoring",)),
    12: Founding(3, ("eia",)),
    13: Founding(9, ("treatment",)),
    14: Founding(10, ("monitoring",)),
    15: Founding(11, ("restoration", "works")),
    16: Founding(5, ("monitoring", "eia")),
    17: Founding(1, ("eia",), 2),
    18: Founding(2, ("treatment",)),
    19: Founding(1, ("eia", "works")),
    20: Founding(4, ("monitoring",)),
    21: Founding(6, ("monitoring", "consulting")),
    22: Founding(0, ("monitoring",)),
    23: Founding(5, ("eia",), 1),
    24: Founding(3, ("monitoring",)),
    25: Founding(1, ("eia",)),
    26: Founding(2, ("treatment",)),
}
"""The agencies of the stories by number: where they are and what they offer."""

UNTRUE: Final[Mapping[int, int]] = {19: 2024}
"""The agency whose report of an evaluation year was found untrue."""

ADVISED: Final[tuple[tuple[int, AdvisoryKind, str], ...]] = (
    (24, "joint_inspection", "2025-03-18"),
    (24, "transfer", "2025-04-10"),
)
"""The advisories about agencies of the stories: agency, kind, day."""

RETURNED: Final[Mapping[int, int]] = {21: 2024}
"""The agency whose result of an evaluation year the region returned, with a new proposal after it."""

REOPENED: Final[Mapping[int, tuple[int, dt.date]]] = {26: (2023, day("2024-09-02"))}
"""The agency of which a published year was taken up again, and the day of that decision."""

RESUMED: Final[Mapping[int, tuple[int, dt.date]]] = {11: (2023, day("2025-02-17"))}
"""The agency of which the rest of a year was made up for when its suspension had ended on a day."""


# --- what happened --------------------------------------------------------------------------------------------------


def _fines(desk: Desk, *days: tuple[str, str]) -> list[str]:
    """Fines, each with the day of the decision and the day it became final."""
    facts = []
    for decided, final in days:
        desk.restart()
        fact = desk.penalty("B11", day(decided))
        desk.final(fact, day(final), delay=1)
        facts.append(fact)
    return facts


def _deductions(desk: Desk, *rows: tuple[str, str]) -> list[str]:
    facts = []
    for row, on in rows:
        desk.restart()
        facts.append(desk.fact(row, day(on), delay=2))
    return facts


def _annulled(desk: Desk) -> None:
    kept, annulled = _fines(desk, ("2023-07-10", "2024-01-16"), ("2023-09-18", "2024-03-22"))
    rest = _deductions(desk, ("B08", "2024-01-22"), ("C04", "2024-02-27"), ("B09", "2024-04-15"), ("B10", "2024-05-21"))
    desk.restart(day("2024-10-08"))
    courses.set_aside(desk, annulled, day("2024-10-08"), "ab_initio", court=True)
    for fact in (kept, *rest):
        desk.rectified(fact, day("2024-11-01"), day("2024-11-20"))


def _warning_met(desk: Desk) -> None:
    (fact,) = _deductions(desk, ("B10", "2024-05-10"))
    warning, _ = courses.warn(desk, fact, day("2024-05-13"))
    courses.report(desk, warning, day("2024-06-05"))
    command = ConfirmWarning(warning=warning, completed_on=day("2024-06-04"), confirmed_on=day("2024-06-20"))
    desk.record(day("2024-06-20"), command)


def _warning_missed(desk: Desk) -> None:
    _deductions(desk, ("B08", "2024-01-18"), ("B10", "2024-02-22"), ("C05", "2024-02-26"))
    (fact,) = _deductions(desk, ("B07", "2024-03-11"))
    courses.warn(desk, fact, day("2024-03-13"))


def _finality(desk: Desk) -> None:
    _deductions(desk, ("B08", "2024-03-12"), ("B09", "2024-09-03"), ("C03", "2024-10-15"))
    desk.restart()
    fact = desk.penalty("B11", day("2024-11-20"), served_on=day("2024-11-22"))
    desk.final(fact, day("2025-05-23"), delay=3)


def _late(desk: Desk) -> None:
    _deductions(desk, ("B08", "2024-01-11"), ("B10", "2024-04-09"), ("C04", "2024-05-14"))
    desk.restart()
    desk.fact("B07", day("2024-02-20"), delay=211)


def _corrected(desk: Desk) -> None:
    _deductions(desk, ("B08", "2024-01-25"), ("B07", "2024-03-06"))
    (fine,) = _fines(desk, ("2023-09-11", "2024-03-15"))
    changes = FactChanges(served_on=day("2024-01-12"), final_on=day("2024-07-13"))
    reason = "送达回证核对有误：首次送达地址错误，实际于2024年1月12日送达，生效日相应更正。"
    desk.record(day("2024-08-21"), CorrectFact(fact=fine, changes=changes, reason=reason))


def _falsified(desk: Desk) -> None:
    fact = desk.penalty("S10", day("2023-09-04"), authority=f"{desk.region}-MSA", served_on=day("2023-09-06"))
    desk.final(fact, day("2024-03-07"))
    repair = courses.apply(desk, (fact,), day("2024-06-12"))
    courses.grant(desk, repair, day("2024-07-10"))


def _three_staff(desk: Desk) -> None:
    _deductions(desk, ("B09", "2024-03-05"))


def _carbon(desk: Desk) -> None:
    _deductions(desk, ("C11", "2024-05-15"))
    desk.fact("S10", day("2024-08-01"), authority=f"{REGION}-EEB", kind="认")


def _eia_lists(desk: Desk) -> None:
    _deductions(desk, ("C06", "2024-04-02"))
    desk.fact("C07", day("2024-09-18"), kind="告", until_on=day("2025-03-18"))


def _linked(desk: Desk) -> None:
    _deductions(desk, ("B08", "2024-01-24"), ("B07", "2024-03-19"), ("B09", "2024-04-11"), ("B10", "2024-05-16"))
    desk.restart()
    fact = desk.fact("B12", day("2024-08-06"), linked_to="示排污信评〔2024〕3071号", points=Decimal("10.5"))
    reason = "委托单位的评价决定经复核更正为扣10分。"
    desk.record(day("2024-11-12"), CorrectFact(fact=fact, changes=FactChanges(points=Decimal(10)), reason=reason))


def _suspected_crime(desk: Desk) -> None:
    _deductions(desk, ("B08", "2024-02-06"), ("C03", "2024-03-21"))
    reason = "公安机关以涉嫌提供虚假证明文件立案侦查。"
    suspend = SuspendScope(
        subject=desk.subject, id=desk.new_id("scope"), regime=REGIME, dated_on=day("2024-05-06"), reason=reason
    )
    desk.record(day("2024-05-08"), suspend)
    resume = ResumeScope(
        subject=desk.subject,
        id=desk.new_id("scope"),
        regime=REGIME,
        dated_on=day("2025-02-17"),
        reason="检察机关作出不起诉决定。",
    )
    desk.record(day("2025-02-19"), resume)


def _early_repair(desk: Desk) -> None:
    listed, refused, _ = _deductions(desk, ("C06", "2024-06-04"), ("B08", "2024-07-16"), ("B09", "2024-09-10"))
    desk.restart(day("2025-04-28"))
    courses.repair_early(desk, (listed, refused), day("2025-04-28"))


def _prospective(desk: Desk) -> None:
    (fine,) = _fines(desk, ("2023-08-07", "2024-02-19"))
    courses.set_aside(desk, fine, day("2024-09-10"), "prospective")


def _retracted(desk: Desk) -> None:
    (fact,) = _deductions(desk, ("S04", "2024-05-14"))
    reason = "名称相近机构的认定误录于本机构，经核对予以删除。"
    desk.record(day("2024-07-02"), RetractFact(fact=fact, reason=reason))


def _national(desk: Desk) -> None:
    early, later = _deductions(desk, ("B08", "2025-05-13"), ("B07", "2025-08-12"))
    courses.national_repair(desk, early, day("2026-03-20"))
    courses.national_repair(desk, later, day("2026-04-08"))


def _contested(desk: Desk) -> None:
    _deductions(desk, ("C06", "2024-03-19"))
    desk.restart()
    fact = desk.penalty("B11", day("2024-04-16"), served_on=day("2024-04-18"))
    desk.contested(fact, day("2024-07-08"), court=True)
    desk.final(fact, day("2025-03-12"))


def _departments(desk: Desk) -> None:
    _deductions(desk, ("B10", "2024-09-12"))


def _rejected(desk: Desk) -> None:
    _deductions(desk, ("B08", "2025-02-20"), ("B07", "2025-03-18"))
    (fact,) = _deductions(desk, ("B10", "2025-05-12"))
    warning, _ = courses.warn(desk, fact, day("2025-05-14"))
    courses.report(desk, warning, day("2025-06-06"))
    reasons = "现场复核，物料堆场仍未覆盖。"
    desk.record(day("2025-06-25"), RejectRectification(warning=warning, decided_on=day("2025-06-24"), reasons=reasons))


def _barred(desk: Desk) -> None:
    (fact,) = _deductions(desk, ("C06", "2024-06-20"))
    repair = courses.apply(desk, (fact,), day("2025-06-16"))
    reasons = "该机构2024年度填报内容不实且无正当理由，依第三十七条不予修复。"
    courses.refuse(desk, repair, day("2025-07-11"), reasons)


def _objection_upheld(desk: Desk) -> None:
    _, contested, *_ = _deductions(
        desk, ("B08", "2024-03-12"), ("B07", "2024-06-18"), ("B10", "2024-09-10"), ("B09", "2024-10-15")
    )
    told_on = dates_of(desk.region, 2024).proposal
    desk.planned += objection(
        desk.subject,
        desk.actor,
        against=stage_id(desk.subject, 2024, "proposal"),
        filed_on=workdays(told_on, 2),
        decided_on=workdays(told_on, 5),
        grounds="所列擅自承接项目的报告系整改开始之前签发，附签发记录和合同。",
        outcome="upheld",
        reasons="经调取系统日志复核，报告签发日早于责令整改通知，撤销该条信息，重新拟定等级。",
        sets_aside=(contested,),
    )


def _returned(desk: Desk) -> None:
    _deductions(desk, ("B08", "2024-02-27"), ("B09", "2024-05-14"), ("B10", "2024-08-13"))
    desk.restart()
    desk.fact("B07", day("2024-11-19"), delay=182)


def _adjusted(desk: Desk) -> None:
    _deductions(desk, ("B09", "2024-04-16"))
    desk.restart()
    fact = desk.fact("S04", day("2025-07-15"), kind="认", delay=2)
    lowered = courses.lower(desk, day("2025-07-21"))
    courses.set_aside(desk, fact, day("2025-12-10"), "ab_initio", court=True)
    courses.raise_again(desk, lowered)


def _of_the_person(desk: Desk) -> None:
    _deductions(desk, ("B09", "2023-11-14"))


def _advised(desk: Desk) -> None:
    """Only advisories, which are in no file of the agency's."""


def _undecided(desk: Desk) -> None:
    (fact,) = _deductions(desk, ("C06", "2024-05-15"))
    desk.restart()
    courses.apply(desk, (fact,), day("2026-05-18"))


def _reopened(desk: Desk) -> None:
    _deductions(desk, ("B08", "2023-04-11"), ("B10", "2023-06-13"), ("B09", "2023-09-12"))
    desk.restart()
    desk.fact("B07", day("2023-11-14"), delay=280)


TELLERS: Final[Mapping[int, Callable[[Desk], None]]] = {
    0: _annulled, 1: _warning_met, 2: _warning_missed, 3: _finality, 4: _late, 5: _corrected, 6: _falsified,
    7: _three_staff, 8: _carbon, 9: _eia_lists, 10: _linked, 11: _suspected_crime, 12: _early_repair,
    13: _prospective, 14: _retracted, 15: _national, 16: _contested, 17: _departments, 18: _rejected, 19: _barred,
    20: _objection_upheld, 21: _returned, 22: _adjusted, 23: _of_the_person, 24: _advised, 25: _undecided,
    26: _reopened,
}  # fmt: skip
"""What happened to the agency of each story."""


def _recorded(*facts: tuple[str, str, str], rated: tuple[int, ...] = ()) -> Callable[[Desk], set[int]]:
    """Facts of a practitioner: row, day, organ; and the years rated D."""

    def tell(desk: Desk) -> set[int]:
        for row, decided, organ in facts:
            desk.restart()
            desk.fact(row, day(decided), authority=f"{desk.region}-{organ}", kind="认", delay=2)
        return set(rated)

    return tell


def _repaired_person(desk: Desk) -> set[int]:
    fact = desk.fact("P05", day("2023-10-17"), kind="认", delay=2)
    contribution = Contribution(kind="volunteering", recognised_on=day("2025-05-28"), recognised_by=desk.bureau)
    courses.grant(desk, courses.apply(desk, (fact,), day("2025-06-09"), contribution), day("2025-06-30"))
    return {2023}


PERSON_TELLERS: Final[Mapping[str, Callable[[Desk], set[int]]]] = {
    staff_of(7)[0]: _recorded(("P01", "2024-02-20", "EEB"), ("P04", "2024-05-06", "EEB")),
    staff_of(7)[1]: _recorded(("P02", "2024-06-11", "EEB")),
    staff_of(7)[2]: _recorded(("P03", "2024-10-21", "EEB")),
    staff_of(7)[3]: _recorded(("P01", "2024-11-28", "EEB")),
    staff_of(17)[0]: _recorded(("P01", "2024-03-04", "EEB"), ("P04", "2024-08-19", "MSA"), rated=(2024,)),
    staff_of(17)[1]: _recorded(("P01", "2024-03-04", "EEB"), ("P03", "2024-08-19", "EEB")),
    staff_of(23)[0]: _repaired_person,
}
"""What happened to the practitioners of the stories; each gives the years for which the person was rated D."""


# --- what to ask ----------------------------------------------------------------------------------------------------

STORIES: Final[tuple[Story, ...]] = (
    _story(
        0, "annulled",
        Text("当时为什么是D级：后来被撤销的处罚", "Why D then: a penalty annulled later"),
        Text(
            "问2024-06-30的等级：以当天所知为55分、D级；以2024-10-31所知为65分、C级，因为一项罚款已被法院自始撤销。",
            "Ask for the grade on 2024-06-30: as known that day 55, D; as known on 2024-10-31 it is 65, C, because a"
            " court annulled one of the fines from the beginning.",
        ),
        _asked("2024-06-30", "2024-06-30", "55", "D"), _asked("2024-06-30", "2024-10-31", "65", "C"),
        _asked("2024-12-31", None, "100", "N", public="N"),
        _asked("2025-06-05", None, "100", "N", year=YearAsked(2024, "publication", "65", "C"), public="C"),
    ),
    _story(
        1, "warning_met",
        Text("预警后按期整改", "A warning met in time"),
        Text(
            "问2024-05-20与2024-06-30：预警期间暂不扣分，按期整改经确认后不再扣分。",
            "Ask for 2024-05-20 and 2024-06-30: suspended while the warning runs, waived for good once confirmed.",
        ),
        _asked("2024-05-12", "2024-05-13", "95", "N"), _asked("2024-05-20", None, "100", "N"),
        _asked("2024-06-30", None, "100", "N", due=(Due("rectification", "met", day("2024-06-12")),)),
        _asked("2025-06-05", None, "100", "N", year=YearAsked(2024, "publication", "100", "N"), public="N"),
    ),
    _story(
        2, "warning_missed",
        Text("预警到期没有整改", "A warning missed"),
        Text(
            "问2024-04-12与2024-04-13：期限届满的次日起扣分，由80分变为70分、C级。",
            "Ask for 2024-04-12 and 2024-04-13: it counts from the day after the limit, 80 becomes 70, C.",
        ),
        _asked("2024-04-12", None, "80", "N"), _asked("2024-04-13", None, "70", "C"),
        _asked(
            "2025-06-05", None, "70", "C", year=YearAsked(2024, "publication", "70", "C"), public="C", measures=_OF_C,
            due=(Due("rectification", "overdue", day("2024-04-12")),),
        ),
    ),
    _story(
        3, "finality",
        Text("跨年生效的罚款", "A fine that becomes final in the next year"),
        Text(
            "问2024-12-31与2025-05-23：罚款2024年作出，起诉期满后2025-05-23才生效，计入2025年。",
            "Ask for 2024-12-31 and 2025-05-23: decided in 2024, final only when the time to sue had run out in 2025.",
        ),
        _asked("2024-12-31", None, "80", "N"), _asked("2025-05-22", None, "80", "N"),
        _asked("2025-05-23", None, "70", "C"),
        _asked("2025-06-05", None, "70", "C", year=YearAsked(2024, "publication", "80", "N"), public="N", measures=()),
        _asked("2026-06-05", None, "70", "C", year=YearAsked(2025, "publication", "70", "C"), public="C"),
    ),
    _story(
        4, "late",
        Text("迟录的信息", "A fact recorded late"),
        Text(
            "问2024-06-30：当天所知为80分；2024-09-30所知为70分、C级，因为二月的信息九月才录入。",
            "Ask for 2024-06-30: 80 as known that day; 70, C, as known on 2024-09-30, since a fact of February was"
            " recorded in September.",
        ),
        _asked("2024-06-30", "2024-06-30", "80", "N"), _asked("2024-06-30", "2024-09-30", "70", "C"),
    ),
    _story(
        5, "corrected",
        Text("更正改变了生效日", "A correction that moves a date"),
        Text(
            "问2024-04-30：当天所知为70分、C级；更正送达日后，以2024-08-31所知为80分。",
            "Ask for 2024-04-30: 70, C, as known that day; 80 as known on 2024-08-31, after the day of service was"
            " corrected.",
        ),
        _asked("2024-04-30", "2024-04-30", "70", "C"), _asked("2024-04-30", "2024-08-31", "80", "N"),
        _asked("2024-07-13", None, "70", "C"),
    ),
    _story(
        6, "falsified",
        Text("数据造假直接评D级，修复后解除", "Falsified data: D until the repair"),
        Text(
            "问2024-06-30与2024-07-10：分值一直是100，等级自处罚生效之日起为D级，至修复确认之日止。",
            "Ask for 2024-06-30 and 2024-07-10: the score is 100 all along, the grade D from finality to the repair.",
        ),
        _asked("2024-03-06", None, "100", "N"), _asked("2024-06-30", None, "100", "D"),
        _asked("2024-07-10", None, "100", "N"),
    ),
    _story(
        7, "three_staff",
        Text("三名人员有不良记录", "Three of the staff have bad records"),
        Text(
            "问2024-10-20、2024-10-21与2025-01-01：第三人之日起扣20分，年末终止。",
            "Ask for 2024-10-20, 2024-10-21 and 2025-01-01: 20 points from the third person's day to the year's end.",
        ),
        _asked("2024-10-20", None, "95", "N"), _asked("2024-10-21", None, "75", "N"),
        _asked("2025-01-01", None, "95", "N"),
    ),
    _story(
        8, "carbon",
        Text("碳核查造假：先扣分，后评D级", "Carbon falsification: points first, then D"),
        Text(
            "问2024-06-30与2024-08-01：市局认定扣10分；自治区厅认定后直接评为D级，分值不变。",
            "Ask for 2024-06-30 and 2024-08-01: the city's finding takes 10 points, the region's makes it D.",
        ),
        _asked("2024-06-30", None, "90", "N"), _asked("2024-08-01", None, "90", "D"),
    ),
    _story(
        9, "eia_lists",
        Text("环评信用平台的两个名单", "Two lists of the EIA platform"),
        Text(
            "问2024-06-30、2024-09-18与2025-03-19：重点监督扣30分；列入限期整改为D级，移出名单后未修复的仍为D级。",
            "Ask for 2024-06-30, 2024-09-18 and 2025-03-19: 30 points for the first list, D for the second, and D"
            " still after the list has ended, for want of a repair.",
        ),
        _asked("2024-06-30", None, "70", "C"), _asked("2024-09-18", None, "70", "D"),
        _asked("2025-03-19", None, "70", "D"),
    ),
    _story(
        10, "linked",
        Text("随委托单位扣分：59.5与60", "The client's points: 59.5 and 60"),
        Text(
            "问2024-08-31：当天所知为59.5分、D级；委托单位改为扣10分后，以2024-11-30所知为60分、C级。",
            "Ask for 2024-08-31: 59.5, D, as known that day; 60, C, as known on 2024-11-30, after the client's points"
            " were corrected.",
        ),
        _asked("2024-08-31", "2024-08-31", "59.5", "D"), _asked("2024-08-31", "2024-11-30", "60", "C"),
    ),
    _story(
        11, "suspected_crime",
        Text("涉嫌犯罪期间不在评价范围", "Outside the evaluation while suspected of a crime"),
        Text(
            "问2024-06-30与2025-02-17：中止期间没有等级，恢复之日起重新计算。",
            "Ask for 2024-06-30 and 2025-02-17: no grade while suspended, computed again from the resumption.",
        ),
        _asked("2024-04-30", None, "85", "N"), _asked("2024-06-30", None, None, None, "outside_scope"),
        _asked("2025-02-17", None, "85", "N", year=YearAsked(2023, "publicity", "100", "N"), public=None),
        _asked("2025-03-03", None, "85", "N", year=YearAsked(2023, "publication", "100", "N"), public="N"),
    ),
    _story(
        12, "early_repair",
        Text("公布前修复：由D级恢复", "Repaired before publication: D no longer"),
        Text(
            "问2025-05-13与2025-05-14：原认定单位先确认，市局重新评价之日起由55分、D级恢复为95分。",
            "Ask for 2025-05-13 and 2025-05-14: 55, D, becomes 95 on the day of the city bureau's revision.",
        ),
        _asked("2025-04-27", None, "55", "D"), _asked("2025-05-13", None, "55", "D"),
        _asked("2025-05-14", None, "95", "N"),
    ),
    _story(
        13, "prospective",
        Text("处罚自某日起撤销", "A penalty annulled from a day on"),
        Text(
            "问2024-09-09与2024-09-10：此前仍然扣分，自撤销之日起不再扣分，事后看也是如此。",
            "Ask for 2024-09-09 and 2024-09-10: it counts until the day before, in hindsight too.",
        ),
        _asked("2024-09-09", None, "90", "N"), _asked("2024-09-10", None, "100", "N"),
    ),
    _story(
        14, "retracted",
        Text("误录的D级", "A D recorded in error"),
        Text(
            "问2024-06-30：当天所知为D级；删除误录后，以2024-07-31所知从来不是D级。",
            "Ask for 2024-06-30: D as known that day; never D as known on 2024-07-31, after the retraction.",
        ),
        _asked("2024-06-30", "2024-06-30", "100", "D"), _asked("2024-06-30", "2024-07-31", "100", "N"),
    ),
    _story(
        15, "national_repair",
        Text("全国信用修复：新办法施行前后", "National repair before and after the new measures"),
        Text(
            "问2026-03-31与2026-04-08：2026-04-01前的全国修复不停止使用，之后的停止使用。",
            "Ask for 2026-03-31 and 2026-04-08: only a national repair from 2026-04-01 on ends the deduction.",
        ),
        _asked("2026-03-31", None, "80", "N"), _asked("2026-04-08", None, "90", "N"),
    ),
    _story(
        16, "contested",
        Text("起诉期间尚未生效的罚款", "A fine not final while in court"),
        Text(
            "问2024-12-31与2025-03-12：诉讼期间不扣分，判决维持生效之日起扣10分。",
            "Ask for 2024-12-31 and 2025-03-12: nothing is deducted in court, 10 points once the fine is upheld.",
        ),
        _asked("2024-12-31", None, "70", "C"), _asked("2025-03-12", None, "60", "C"),
    ),
    _story(
        17, "two_departments",
        Text("从业人员被两个部门记录", "A practitioner recorded by two departments"),
        Text(
            "问该从业人员2024-08-18与2024-08-19：不同部门的第二条记录使其成为失信个人。",
            "Ask about the practitioner on 2024-08-18 and 2024-08-19: the second record, of another department, is D.",
        ),
        _asked("2024-08-18", None, None, "N"), _asked("2024-08-19", None, None, "D"),
        _asked("2025-06-30", None, None, "D"), subject=staff_of(17)[0],
    ),
    _story(
        17, "one_department",
        Text("从业人员被同一部门记录两次", "A practitioner recorded twice by one department"),
        Text(
            "问该从业人员2024-12-31：同一部门的两条记录不构成失信个人。",
            "Ask about the practitioner on 2024-12-31: two records of one department do not make a D.",
        ),
        _asked("2024-12-31", None, None, "N"), subject=staff_of(17)[1],
    ),
    _story(
        18, "warning_rejected",
        Text("整改报告被驳回", "A reported rectification rejected"),
        Text(
            "问2025-06-23与2025-06-24：按期报告后继续暂停，驳回之日起扣分。",
            "Ask for 2025-06-23 and 2025-06-24: suspended while the report was looked at, counted from the rejection.",
        ),
        _asked("2025-06-23", None, "80", "N"), _asked("2025-06-24", None, "75", "N"),
    ),
    _story(
        19, "repair_barred",
        Text("填报不实，不予修复", "No repair after an untrue report"),
        Text(
            "问2025-07-31：修复申请因2024年度填报不实被拒，仍为70分、C级。",
            "Ask for 2025-07-31: the repair was refused for an untrue report of 2024, the grade is still 70, C.",
        ),
        _asked(
            "2025-07-31", None, "70", "C", public="C", measures=_OF_C,
            due=(Due("repair_decision", "met", day("2025-07-14")),),
        ),
    ),
    _story(
        20, "objection_upheld",
        Text("异议成立，拟定等级改变", "An objection upheld changes the proposed grade"),
        Text(
            "问2025-04-09与2025-04-24：拟定70分、C级，五个工作日内提出的异议成立，公示和公布的是80分。",
            "Ask for 2025-04-09 and 2025-04-24: 70, C, is proposed; an objection within five working days is upheld,"
            " and 80 is what is shown and published.",
        ),
        _asked("2025-04-09", "2025-04-11", "70", "C", year=YearAsked(2024, "proposal", "70", "C")),
        _asked(
            "2025-04-24", None, "80", "N", year=YearAsked(2024, "publicity", "80", "N"),
            due=(
                Due("objection", "met", day("2025-04-14")), Due("objection_decision", "met", day("2025-04-30")),
            ),
        ),
        _asked("2025-06-05", None, "80", "N", year=YearAsked(2024, "publication", "80", "N"), public="N", measures=()),
    ),
    _story(
        21, "returned",
        Text("抽查退回，结果改变", "Returned after a spot check, with another result"),
        Text(
            "问2025-05-16、2025-05-21与2025-06-05：上报80分；补录一条上年信息后被退回，重新拟定并公布70分、C级。",
            "Ask for 2025-05-16, 2025-05-21 and 2025-06-05: 80 was submitted; a fact of the year came to light, the"
            " region returned the result, and 70, C, was proposed anew and published.",
        ),
        _asked("2025-05-16", "2025-05-16", "80", "N", year=YearAsked(2024, "submission", "80", "N"), public="N"),
        _asked("2025-05-21", None, "70", "C", year=YearAsked(2024, "return", "80", "N"), public="N"),
        _asked(
            "2025-06-05", None, "70", "C", year=YearAsked(2024, "publication", "70", "C"), public="C", measures=_OF_C,
            due=(Due("objection", "lapsed", day("2025-05-29")), Due("submission", "met", day("2025-05-15"))),
        ),
    ),
    _story(
        12, "revised_result",
        Text("公布前修复：年度结果随之修订", "Repaired before publication: the year's result is revised"),
        Text(
            "问2025-05-13与2025-05-14的年度结果：核定为55分、D级，修复确认之日修订为95分，公布的是95分。",
            "Ask for the year's result on 2025-05-13 and 2025-05-14: determined as 55, D, revised to 95 on the day of"
            " the confirmation; 95 is what is published.",
        ),
        _asked("2025-05-13", None, "55", "D", year=YearAsked(2024, "determination", "55", "D"), public="N"),
        _asked("2025-05-14", None, "95", "N", year=YearAsked(2024, "determination", "95", "N"), public="N"),
        _asked("2025-06-05", None, "95", "N", year=YearAsked(2024, "publication", "95", "N"), public="N", measures=()),
    ),
    _story(
        22, "adjusted",
        Text("年中调整为D级，撤销后恢复", "Moved to D between publications, and back"),
        Text(
            "问2025-07-28、2025-07-29、2025-12-10与2025-12-15：告知满五个工作日后公开等级降为D级；认定被法院撤销之日起"
            "惩戒措施失去依据，公开等级经决定恢复。",
            "Ask for 2025-07-28, 2025-07-29, 2025-12-10 and 2025-12-15: the public grade falls to D when five working"
            " days to object are over; measures end when a court annuls the finding, and the grade rises by decision.",
        ),
        _asked("2025-07-28", "2025-07-28", "95", "D", public="N", measures=()),
        _asked("2025-07-29", "2025-07-31", "95", "D", public="D", measures=_OF_D),
        _asked("2025-12-10", None, "95", "N", public="D", measures=()),
        _asked("2025-12-15", None, "95", "N", public="N", measures=()),
        _asked("2026-06-05", None, "95", "N", year=YearAsked(2025, "publication", "95", "N"), public="N"),
    ),
    _story(
        23, "person_repaired",
        Text("从业人员满一年后修复", "A practitioner repaired after a year"),
        Text(
            "问该从业人员2024-05-30、2025-06-29与2025-06-30：评定为D级满一年且有突出表现，修复确认之日起不再是失信个人。",
            "Ask about the practitioner on 2024-05-30, 2025-06-29 and 2025-06-30: a year after the rating and with an"
            " outstanding contribution the D ends on the day of the confirmation.",
        ),
        _asked("2023-10-16", None, None, "N"),
        _asked("2024-05-30", None, None, "D", year=YearAsked(2023, "rating", None, "D"), measures=_OF_PERSON),
        _asked("2025-05-30", None, None, "D", due=(Due("repair_wait", "open", day("2025-05-30")),)),
        _asked("2025-06-29", None, None, "D", public=None, measures=_OF_PERSON),
        _asked(
            "2025-06-30", None, None, "N", year=YearAsked(2023, "letter", None, "D"), measures=(),
            due=(
                Due("repair_wait", "ended", day("2025-05-30")), Due("repair_decision", "met", day("2025-07-07")),
            ),
        ),
        subject=staff_of(23)[0],
    ),
    _story(
        24, "advised",
        Text("提示性信息与内部协查通报", "Advisories and the internal notice"),
        Text(
            "问2025-05-31：两条提示性信息已按月上报并发出内部协查通报，等级不受影响，案卷里也看不到。",
            "Ask for 2025-05-31: two advisories were submitted by month and an internal notice was issued; the grade"
            " is as it was, and the agency's file does not show them.",
        ),
        _asked("2025-05-31", None, "100", "N", year=YearAsked(2024, "submission", "100", "N"), public="N"),
        _asked("2026-06-30", None, "100", "N", public="N", measures=()),
    ),
    _story(
        25, "repair_overdue",
        Text("修复申请逾期未决", "An application for repair not decided in time"),
        Text(
            "问2026-06-15与2026-06-30：受理满二十个工作日仍无决定，待办中显示逾期；逾期本身不产生修复。",
            "Ask for 2026-06-15 and 2026-06-30: no decision within twenty working days, overdue on the worklist;"
            " being overdue repairs nothing by itself.",
        ),
        _asked("2026-06-15", None, "70", "C", due=(Due("repair_decision", "open", day("2026-06-15")),)),
        _asked(
            "2026-06-30", None, "70", "C", year=YearAsked(2025, "push", "70", "C"), public="C", measures=_OF_C,
            due=(Due("repair_decision", "overdue", day("2026-06-15")),),
        ),
    ),
    _story(
        26, "reopened",
        Text("迟录的信息：重新启动已公布的年度", "A late fact: a published year is taken up again"),
        Text(
            "问2024-08-31与2024-10-16：公布80分后补录上年信息，动态为70分而公开等级不变；经决定重新启动，公布70分、C级。",
            "Ask for 2024-08-31 and 2024-10-16: 80 was published when a fact of that year came to light; the running"
            " score is 70, the public grade stays until the year is reopened by decision and 70, C, published.",
        ),
        _asked("2024-08-31", None, "70", "C", year=YearAsked(2023, "push", "80", "N"), public="N", measures=()),
        _asked("2024-09-02", None, "70", "C", year=YearAsked(2023, "reopening", "80", "N"), public="N"),
        _asked("2024-10-15", None, "70", "C", year=YearAsked(2023, "submission", "70", "C"), public="N"),
        _asked(
            "2024-10-16", None, "70", "C", year=YearAsked(2023, "publication", "70", "C"), public="C", measures=_OF_C
        ),
    ),
)  # fmt: skip
"""The stories, the README's example first."""

EXAMPLE: Final = STORIES[0]
"""Why D on 2024-06-30, and what was known then."""
