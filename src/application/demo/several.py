"""One false report under several regimes: each grades its own fact, and nothing propagates (X-01)."""

from typing import Final

from application.demo.city import agencies_of, agency_id, desk_of
from application.demo.desk import REGIME, Planned, day
from application.demo.regimes import jiaxing
from application.demo.regimes.eia import HANGZHOU
from application.demo.regimes.jiaxing import JIAXING, SEVERAL
from application.demo.regimes.ningbo import NINGBO
from application.demo.telling import Asked, Story
from domain.procedures.filings import File
from domain.procedures.participation import IncludeParticipant
from domain.vocabulary import Text

_NMG_BUREAU: Final = "150100-EEB"


def planned(seed: int) -> list[Planned]:
    """What is recorded about the agency beside its evaluation years in Jiaxing, each fact by the bureau concerned."""
    commands: list[Planned] = []
    agency = agencies_of(JIAXING, jiaxing.SERVICES)[SEVERAL]
    desk = desk_of(seed, JIAXING, agency, commands)
    include = IncludeParticipant(
        subject=desk.subject, id=desk.new_id("file"), regime=HANGZHOU.regime, dated_on=day("2023-03-07")
    )
    desk.record(day("2023-03-07"), include)
    desk.record(
        day("2023-03-08"),
        File(subject=desk.subject, id=desk.new_id("filing"), regime=NINGBO.regime, filed_on=day("2023-03-08")),
    )
    desk.fact("S04", day("2025-04-15"), regime=REGIME, authority=_NMG_BUREAU, kind="认",
              summary="为呼和浩特市的委托单位出具虚假监测报告。")  # fmt: skip
    desk.fact("UNIT-QUALITY", day("2025-05-13"), regime=HANGZHOU.regime, kind="记",
              summary="报告书引用虚假监测数据，质量不符合要求。")  # fmt: skip
    desk.fact("J4", day("2025-06-10"), kind="罚", delay=56, final_on=day("2025-08-05"), verified_on=day("2025-08-05"),
              summary="为嘉兴市的委托单位出具虚假监测报告，处以罚款。")  # fmt: skip
    desk.fact("E4", day("2025-06-24"), regime=NINGBO.regime, authority=NINGBO.bureau, kind="罚", delay=70,
              final_on=day("2025-08-26"), verified_on=day("2025-09-02"),
              summary="为宁波市的委托单位出具虚假监测报告，处以罚款。")  # fmt: skip
    return [p._replace(actor=_CLERKS.get(getattr(p.command, "regime", ""), p.actor)) for p in commands]


_CLERKS: Final = {REGIME: "150100-clerk-01", NINGBO.regime: f"{NINGBO.code}-clerk-01"}
"""Each bureau records under its own regime."""


STORIES: Final = (
    Story(
        id="several_regimes",
        title=Text("一个行为，多个制度", "One act, several regimes"),
        pointer=Text(
            "在嘉兴登记，为呼和浩特、嘉兴、宁波的委托单位出具同一批虚假报告：各制度只按自己的信息评价，互不传递。",
            "Registered in Jiaxing, false reports for clients in Hohhot, Jiaxing and Ningbo: each regime grades its own"
            " fact, and nothing propagates.",
        ),
        subject=agency_id(JIAXING, SEVERAL),
        regime=JIAXING.regime,
        asked=(
            Asked(as_of=day("2025-04-15"), score="90", grade="A", risk="low"),
            Asked(as_of=day("2025-04-15"), regime=REGIME, score="100", grade="D"),
            Asked(as_of=day("2025-05-13"), regime=HANGZHOU.regime, score="5", grade="normal"),
            Asked(as_of=day("2025-08-04"), score="90", grade="A", risk="low", shown=True, public="A"),
            Asked(as_of=day("2025-08-05"), score="90", grade="E", risk="high", shown=True, public="E"),
            Asked(as_of=day("2025-08-05"), regime=REGIME, score="100", grade="D", shown=True),
            Asked(as_of=day("2025-08-05"), regime=HANGZHOU.regime, score="5", grade="normal"),
            Asked(as_of=day("2025-09-01"), regime=NINGBO.regime, undetermined="not_yet_graded", force="draft"),
            Asked(as_of=day("2025-09-02"), regime=NINGBO.regime, grade="E", shown=True, public="E", force="draft"),
        ),
    ),
)
"""The case of the agency under several regimes."""
