"""Wenzhou in the sample: registration by notification, reviews, decisions and the blacklist under a draft.

Nobody has supplied a table of points, and the draft is not in force: every answer is a simulation.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Final

from application.demo import naming
from application.demo.city import City, agencies_of, agency_id, desk_of, opened, person_id
from application.demo.desk import Desk, Planned, chance, day, id_of
from application.demo.telling import Asked, Due, Story
from domain.events.intermediaries import Ban, Reviewer
from domain.procedures.intermediaries import (
    DecideOutcome,
    EnterPool,
    LeavePool,
    ListBlacklist,
    RecordReview,
    RegisterNotification,
    Remind,
    RemoveBlacklist,
)
from domain.procedures.registration import RegisterClient, RegisterExpert
from domain.time import at_hour
from domain.vocabulary import Service, Text

WENZHOU: Final = City(
    "wenzhou.intermediary",
    "330300",
    "温州",
    "Wenzhou",
    (("330302", "鹿城区"), ("330303", "龙湾区"), ("330304", "瓯海区"), ("330381", "瑞安市"), ("330382", "乐清市")),
    1300,
)
EXPERTS: Final = 2
CLIENTS: Final = 2

_OFFERED: Final[tuple[tuple[Service, ...], ...]] = (
    ("monitoring",), ("eia",), ("operation", "treatment"), ("auto_monitoring_operation",),
)  # fmt: skip
SERVICES: Final = tuple(_OFFERED[index % len(_OFFERED)] for index in range(12))
_REGISTERED_LATE: Final[Mapping[int, dt.date | None]] = {0: day("2024-04-10"), 5: day("2024-03-19"), 11: None}
"""Who did not register by notification in the first spring, and when they did; ``None``: not yet."""


def expert_id(index: int) -> str:
    """The id of an expert."""
    return id_of("expert", index)


def client_id(index: int) -> str:
    """The id of a client."""
    return id_of("client", index)


def planned(seed: int) -> list[Planned]:
    """Every command of the city."""
    found = agencies_of(WENZHOU, SERVICES)
    commands = opened(seed, found)
    for index, agency in enumerate(found):
        desk = desk_of(seed, WENZHOU, agency, commands)
        registered_on = _REGISTERED_LATE.get(index, dt.date(2023, 3, 6 + index % 5))
        if registered_on is not None:
            _register(desk, registered_on)
        desk.restart()
        _reviews(desk, index)
        desk.restart()
        _TELLERS.get(index, _nothing)(desk)
    _lists_person(desk_of(seed, WENZHOU, found[2], commands, 0))
    for tell in (_expert, _client):
        for index in range(2):
            tell(seed, index, commands)
    return commands


# --- what happened ----------------------------------------------------------------------------------------------


def _nothing(desk: Desk) -> None:
    """Nothing beside registration and reviews."""


def _register(desk: Desk, on: dt.date) -> None:
    command = RegisterNotification(
        subject=desk.subject, id=desk.new_id("notification"), regime=desk.regime, registered_on=on
    )
    desk.record(on, command)


def _reviews(desk: Desk, index: int) -> None:
    """One matter, one review: what clients and experts said of some contracts."""
    reviewers: tuple[Reviewer, ...] = ("client", "expert", "association")
    for number in range(1 + index % 3):
        on = day("2024-05-13") + dt.timedelta(days=61 * number + 3 * index)
        command = RecordReview(
            subject=desk.subject,
            id=desk.new_id("review"),
            regime=desk.regime,
            by=reviewers[(index + number) % len(reviewers)],
            dated_on=on,
            quality="good" if desk.rng.random() < 0.7 else "fair",
            timeliness="good" if desk.rng.random() < 0.8 else "poor",
            matter=f"示合〔2024〕{100 * index + number + 1}号",
        )
        desk.record(on, command)


def _remind(desk: Desk, issued_on: str, due_on: str) -> None:
    command = Remind(
        subject=desk.subject, id=desk.new_id("reminder"), regime=desk.regime, issued_on=day(issued_on),
        due_on=day(due_on),
    )  # fmt: skip
    desk.record(day(issued_on), command)


def _unheeded(desk: Desk) -> None:
    _remind(desk, "2024-03-05", "2024-03-20")
    desk.fact("WA02", day("2024-03-21"), delay=0, summary="经书面提醒仍未办理告知性登记。")


def _heeded(desk: Desk) -> None:
    _remind(desk, "2024-03-05", "2024-03-20")


def _listed(desk: Desk) -> None:
    desk.fact("WA03", day("2024-06-11"), kind="认", summary="编造采样记录，出具虚假报告。")
    command = ListBlacklist(
        subject=desk.subject,
        id=desk.new_id("listing"),
        regime=desk.regime,
        noticed_on=day("2024-07-10"),
        defended_on=day("2024-07-18"),
        decided_on=day("2024-08-01"),
        signed_by="局长",
        ban=Ban(from_on=day("2024-08-01"), until_on=day("2025-07-31"), fields=("验收监测", "自行监测")),
    )
    desk.record(day("2024-08-01"), command)
    removal = RemoveBlacklist(
        subject=desk.subject, id=desk.new_id("removal"), regime=desk.regime, decided_on=day("2025-02-10")
    )
    desk.record(day("2025-02-10"), removal)


def _lists_person(desk: Desk) -> None:
    command = ListBlacklist(
        subject=desk.subject,
        id=desk.new_id("listing"),
        regime=desk.regime,
        noticed_on=day("2024-07-01"),
        decided_on=day("2024-08-01"),
        signed_by="局长",
    )
    desk.record(day("2024-08-01"), command)


def _decide(desk: Desk, grade: str, on: str, reasons: str) -> None:
    command = DecideOutcome(
        subject=desk.subject, id=desk.new_id("outcome"), regime=desk.regime, grade=grade, decided_on=day(on),
        reasons=reasons,
    )  # fmt: skip
    desk.record(day(on), command)


def _decided(desk: Desk) -> None:
    desk.fact("WA09", day("2024-05-06"), kind="认", summary="按约定应到现场而未到。")
    _decide(desk, "poor", "2024-06-12", "多次应到现场而未到，委托人评价差。")
    _decide(desk, "good", "2025-06-10", "一年内未再发生，评价明显改善。")


def _reminded_lately(desk: Desk) -> None:
    _remind(desk, "2026-06-15", "2026-07-15")


_TELLERS: Final[Mapping[int, Callable[[Desk], None]]] = {
    0: _unheeded, 1: _listed, 3: _decided, 5: _heeded, 11: _reminded_lately,
}  # fmt: skip
"""What happened to the agencies."""


def _expert(seed: int, index: int, commands: list[Planned]) -> None:
    """An expert of the pool; the first one gave a false opinion and had to leave."""
    subject, clerk = expert_id(index), f"{WENZHOU.code}-clerk-01"
    rng = chance(seed, "expert", index)
    command = RegisterExpert(
        id=subject, name=naming.person(rng), id_number=naming.id_number(3000 + index), region=WENZHOU.code
    )
    commands.append(Planned(at_hour(day("2023-01-05"), 8), clerk, command))
    desk = Desk(subject, WENZHOU.code, clerk, rng, commands, (), WENZHOU.regime)
    entered_on = day("2023-02-06")
    desk.record(
        entered_on, EnterPool(subject=subject, id=desk.new_id("pool"), regime=WENZHOU.regime, dated_on=entered_on)
    )
    if index == 0:
        on = day("2024-10-10")
        desk.fact("WA03", on, kind="认", delay=0, summary="在监督检查中出具虚假符合性意见。")
        reason = "出具虚假意见。"
        desk.record(
            on,
            LeavePool(subject=subject, id=desk.new_id("pool"), regime=WENZHOU.regime, dated_on=on, reason=reason),
        )


def _client(seed: int, index: int, commands: list[Planned]) -> None:
    """A client of agencies, evaluated by reference."""
    subject, clerk = client_id(index), f"{WENZHOU.code}-clerk-02"
    rng = chance(seed, "client", index)
    command = RegisterClient(
        id=subject,
        uscc=naming.credit_code(1900 + index, WENZHOU.code),
        name=naming.company_of("温州", 1900 + index, "operation"),
        region=WENZHOU.counties[index][0],
        legal_representative=naming.person(rng),
        address=f"温州市{WENZHOU.counties[index][1]}{naming.street(rng)}",
    )
    commands.append(Planned(at_hour(day("2023-01-06"), 8), clerk, command))
    desk = Desk(subject, WENZHOU.code, clerk, rng, commands, (), WENZHOU.regime)
    _decide(desk, "good" if index else "poor", "2024-05-14", "按合同提供资料和条件的情况。")


# --- what to ask ------------------------------------------------------------------------------------------------


def _story(subject: str, id: str, title: Text, pointer: Text, *asked: Asked) -> Story:
    return Story(
        id=id, title=title, pointer=pointer, subject=subject, asked=asked, regime=WENZHOU.regime, force="draft"
    )


_TEN: Final = tuple(f"art. 34({number})" for number in range(1, 11))
_UNKNOWN: Final = "points_not_configured"

STORIES: Final[tuple[Story, ...]] = (
    _story(
        agency_id(WENZHOU, 0), "wenzhou_reminder",
        Text("温州（征求意见稿）：书面提醒是前提", "Wenzhou (a draft): the reminder comes first"),
        Text(
            "问2024-03-21：经书面提醒逾期仍不登记才构成禁止行为；没有记分表，分值不作结论。",
            "Ask for 2024-03-21: not registering is prohibited only after a reminder left unheeded; without a table of"
            " points there is no figure.",
        ),
        Asked(as_of=day("2024-03-21"), grade="unrated", undetermined=_UNKNOWN,
              due=(Due("registration", "overdue", day("2024-03-20")),)),
        Asked(as_of=day("2024-04-10"), grade="unrated", undetermined=_UNKNOWN,
              due=(Due("registration", "late", day("2024-03-20")),)),
    ),
    _story(
        agency_id(WENZHOU, 1), "wenzhou_blacklist",
        Text("温州（征求意见稿）：黑名单与移出", "Wenzhou (a draft): on the blacklist and off it"),
        Text(
            "问2024-08-01与2025-02-10：告知、申辩、负责人签署后列入并禁入；修复决定当日移出，余下禁入一并终止。",
            "Ask for 2024-08-01 and 2025-02-10: listed and banned after notice, defence and signature; off the list,"
            " and the ban over, on the day of the decision on repair.",
        ),
        Asked(as_of=day("2024-07-31"), grade="unrated", undetermined=_UNKNOWN, shown=True, measures=()),
        Asked(as_of=day("2024-08-01"), grade="very_poor", shown=True, public="very_poor",
              measures=(*_TEN, "art. 36")),
        Asked(as_of=day("2025-02-09"), grade="very_poor", shown=True, public="very_poor"),
        Asked(as_of=day("2025-02-10"), grade="unrated", undetermined=_UNKNOWN, shown=True, measures=()),
    ),
    _story(
        person_id(WENZHOU, 2), "wenzhou_person",
        Text("温州（征求意见稿）：只列入从业人员", "Wenzhou (a draft): a practitioner alone"),
        Text(
            "问2024-08-01：项目负责人被列入黑名单，所在机构不受牵连，个人信息不公开。",
            "Ask for 2024-08-01: a project leader is listed, the agency is not, and nothing public is said of a"
            " person.",
        ),
        Asked(as_of=day("2024-07-31"), grade="unrated", undetermined=_UNKNOWN),
        Asked(as_of=day("2024-08-01"), grade="very_poor", shown=True),
    ),
    _story(
        agency_id(WENZHOU, 3), "wenzhou_outcome",
        Text("温州（征求意见稿）：评价结果由决定作出", "Wenzhou (a draft): an outcome is a decision"),
        Text(
            "问2024-06-12与2025-06-10：决定为较差即有约束措施，至下一决定改为良好，改为激励。",
            "Ask for 2024-06-12 and 2025-06-10: poor by decision with its measures, until the next one says good and"
            " brings incentives.",
        ),
        Asked(as_of=day("2024-06-11"), grade="unrated", undetermined=_UNKNOWN),
        Asked(as_of=day("2024-06-12"), grade="poor", shown=True, measures=_TEN),
        Asked(as_of=day("2025-06-10"), grade="good", shown=True, measures=("art. 33",)),
    ),
    _story(
        agency_id(WENZHOU, 11), "wenzhou_registration_open",
        Text("温州（征求意见稿）：提醒登记的期限未到", "Wenzhou (a draft): a reminder that still runs"),
        Text(
            "问2026-06-30的期限：书面提醒限2026-07-15前办理告知性登记。",
            "Ask for the deadlines on 2026-06-30: the reminder asks for registration by 2026-07-15.",
        ),
        Asked(as_of=day("2026-06-30"), grade="unrated", undetermined=_UNKNOWN,
              due=(Due("registration", "open", day("2026-07-15")),)),
    ),
    _story(
        expert_id(0), "wenzhou_expert",
        Text("温州（征求意见稿）：专家出具虚假意见退出专家库", "Wenzhou (a draft): an expert leaves the pool"),
        Text(
            "问2024-10-10：虚假意见认定当日退出专家库。",
            "Ask for 2024-10-10: out of the pool on the day the opinion was found to be false.",
        ),
        Asked(as_of=day("2024-10-09"), grade="unrated", undetermined=_UNKNOWN),
        Asked(as_of=day("2024-10-10"), grade="unrated", undetermined=_UNKNOWN, shown=True),
    ),
    _story(
        client_id(0), "wenzhou_client",
        Text("温州（征求意见稿）：委托人参照评价", "Wenzhou (a draft): a client, by reference"),
        Text(
            "问2024-05-14：委托人的评价结果同样由决定作出，不公开。",
            "Ask for 2024-05-14: the outcome of a client is a decision too, and not public.",
        ),
        Asked(as_of=day("2024-05-14"), grade="poor", shown=True, measures=_TEN),
    ),
)  # fmt: skip
"""The cases of the city worth asking about."""
