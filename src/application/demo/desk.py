"""How the sample comes about: deterministic ids, working days, and the desk where a clerk records papers."""

import datetime as dt
import random
import uuid
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from application.demo.places import sample_paper
from application.recording.commands import Command
from domain.procedures.facts import ConfirmRectification, ContestFact, RecordFact, RecordFinality
from domain.time import Instant, at_hour

REGIME: Final = "nmg.third_party"
BEGINS_ON: Final = dt.date(2023, 1, 3)
"""The first working day of the sample."""

ENDS_ON: Final = dt.date(2026, 6, 30)
"""The last day on which anything is recorded: where the demo's clock ends up."""

NAMESPACE: Final = uuid.UUID("5b8f9ad2-6f0e-5d0c-9a53-8f2f6f2c1d15")
_ONE_DAY: Final = dt.timedelta(days=1)

_RESTS: Final = (
    ("2023-01-21", "2023-01-27"), ("2023-04-05", "2023-04-05"), ("2023-04-29", "2023-05-03"),
    ("2023-06-22", "2023-06-24"), ("2023-09-29", "2023-10-06"), ("2023-12-30", "2024-01-01"),
    ("2024-02-10", "2024-02-17"), ("2024-04-04", "2024-04-06"), ("2024-05-01", "2024-05-05"),
    ("2024-06-08", "2024-06-10"), ("2024-09-15", "2024-09-17"), ("2024-10-01", "2024-10-07"),
    ("2025-01-01", "2025-01-01"), ("2025-01-28", "2025-02-04"), ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"), ("2025-05-31", "2025-06-02"), ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"),
)  # fmt: skip
"""The public holidays of the sample's years, first and last day; weekends rest besides."""


def _holidays() -> frozenset[dt.date]:
    spans = [(dt.date.fromisoformat(a), dt.date.fromisoformat(b)) for a, b in _RESTS]
    return frozenset(a + _ONE_DAY * n for a, b in spans for n in range((b - a).days + 1))


_HOLIDAYS: Final = _holidays()


def sample_day(text: str) -> dt.date:
    """A day written as in ISO 8601."""
    return dt.date.fromisoformat(text)


def working(on: dt.date) -> dt.date:
    """The day itself, or the next one on which the bureaus work."""
    while on.weekday() > 4 or on in _HOLIDAYS:
        on += _ONE_DAY
    return on


def after(on: dt.date, days: int) -> dt.date:
    """The working day on or after ``days`` calendar days later."""
    return working(on + _ONE_DAY * days)


def id_of(*parts: object) -> str:
    """The UUID of a thing of the sample, the same in every run."""
    return str(uuid.uuid5(NAMESPACE, "/".join(map(str, parts))))


def chance(*parts: object) -> random.Random:
    """The chance of one thing of the sample, of its own, so that a change elsewhere leaves it as it is."""
    return random.Random("/".join(map(str, parts)))  # noqa: S311  # made to be repeated


class SampleIds:
    """UUIDs for what the commands leave without an id (persons of the vault), the same in every run."""

    __slots__ = ("_last",)

    def __init__(self) -> None:
        self._last = 0

    def new(self) -> str:
        """The next UUID."""
        self._last += 1
        return id_of("made", self._last)


class Planned(NamedTuple):
    """A command with the instant at which it is recorded, and by whom."""

    at: Instant
    actor: str
    command: Command


class ClerkDesk:
    """One clerk's desk for one subject's papers: each is recorded on a working day, in order.

    ``planned`` collects the commands; ``rng`` is the subject's own chance. Facts are recorded under ``regime`` unless
    another is named.
    """

    def __init__(
        self,
        subject: str,
        region: str,
        actor: str,
        rng: random.Random,
        planned: list[Planned],
        services: tuple[str, ...] = (),
        regime: str = REGIME,
    ) -> None:
        self.subject = subject
        self.regime = regime
        self.region = region
        self.services = services
        self.actor = actor
        self.rng = rng
        self.planned = planned
        self.bureau = f"{region}-EEB"
        self._hour = 9 + int(actor[-2:]) % 8
        self._last = BEGINS_ON
        self._count = 0

    def record(self, on: dt.date, command: Command) -> dt.date:
        """Record a command on the first working day from ``on``, never before the paper recorded last."""
        recorded_on = max(working(on), self._last)
        self._last = recorded_on
        self.planned.append(Planned(at_hour(recorded_on, self._hour), self.actor, command))
        return recorded_on

    @property
    def last(self) -> dt.date:
        """The day on which the latest paper was recorded."""
        return self._last

    def restart(self, on: dt.date = BEGINS_ON) -> None:
        """The next papers have nothing to do with those recorded after ``on`` and may come before them."""
        self._last = on

    def new_id(self, kind: str) -> str:
        """The id of the subject's next record."""
        self._count += 1
        return id_of(self.subject, kind, self._count)

    def fact(
        self, row: str, on: dt.date, *, authority: str | None = None, kind: str = "函", delay: int = 3, **more: Any
    ) -> str:
        """Record a fact decided on ``on``, ``delay`` days later; the id is returned."""
        fact = more.pop("id", None) or self.new_id("fact")
        authority = authority or self.bureau
        fields: dict[str, Any] = {
            "document": sample_paper(authority, kind, on.year, 1000 + self.rng.randrange(9000)),
            "summary": SUMMARIES.get(row, ""),
            "decided_on": on,
            "regime": self.regime,
            **more,
        }
        command = RecordFact(subject=self.subject, id=fact, row=row, authority=authority, **fields)
        self.record(on + _ONE_DAY * delay, command)
        return fact

    def penalty(self, row: str, on: dt.date, *, authority: str | None = None, **more: Any) -> str:
        """Record a penalty decided on ``on`` and served three days later; it is not final yet."""
        served_on = more.pop("served_on", on + _ONE_DAY * 3)
        return self.fact(row, on, authority=authority, kind="罚", served_on=served_on, **{"delay": 6, **more})

    def final(self, fact: str, on: dt.date, *, delay: int = 4) -> None:
        """Record that the penalty became final on ``on``."""
        self.record(on + _ONE_DAY * delay, RecordFinality(fact=fact, final_on=on))

    def contested(self, fact: str, on: dt.date, *, court: bool = False) -> None:
        """Record that the penalty is challenged."""
        kind = "litigation" if court else "reconsideration"
        self.record(on + _ONE_DAY * 5, ContestFact(fact=fact, kind=kind, filed_on=on))  # type: ignore[arg-type]

    def rectified(self, fact: str, completed_on: dt.date, confirmed_on: dt.date) -> None:
        """Record the department's confirmation that the breach was put right."""
        confirmed_on = working(confirmed_on)
        command = ConfirmRectification(
            fact=fact,
            id=self.new_id("rectification"),
            completed_on=completed_on,
            confirmed_on=confirmed_on,
            authority=self.bureau,
        )
        self.record(confirmed_on, command)


SUMMARIES: Final[dict[str, str]] = {
    "B01": "查明以虚假材料为委托单位取得排污许可证，许可已被撤销。",
    "B02a": "比对采样记录和原始谱图，认定三份监测报告系编造。",
    "B02b": "未取得资质认定即向社会出具具有证明作用的监测数据。",
    "B02c": "资质认定证书到期后未延续，期间仍出具监测报告。",
    "B02d": "出具的报告含有资质认定附表以外的项目和方法。",
    "B03": "将受托普查中掌握的企业数据用于自身市场推广。",
    "B04": "认定组织多家机构串通报价，扰乱当地服务市场秩序。",
    "B05": "审计确认财政资金项目工程量虚增，委托单位因此受损。",
    "B06": "认定出具虚假监测数据，由市场监管部门处罚。",
    "B07": "被通报责令整改期间仍承接项目并出具报告。",
    "B08": "拒不提供原始记录，不配合现场检查。",
    "B09": "因监测报告质量问题被约谈。",
    "B10": "因现场管理问题较多被发函要求限期整改。",
    "B11": "因未按规范开展服务被处以罚款。",
    "B12": "因服务质量差致委托单位在信用评价中被扣分。",
    "B13": "自治区生态环境厅确认其失信影响特别恶劣，应列为不良单位。",
    "C01": "运维期间擅自停运治理设施，委托单位因此被扣分。",
    "C02": "参加监测机构信用评价时提交虚假人员材料。",
    "C03": "样品保存时限和采样流量不符合强制性标准。",
    "C04": "分包项目未在报告中注明分包机构。",
    "C05": "报告由未获授权的人员签发。",
    "C06": "被列入环评信用平台重点监督检查名单。",
    "C07": "被列入环评信用平台限期整改名单。",
    "C08": "被列入环评信用平台黑名单。",
    "C09": "运维人员泄露监控平台业务数据，造成不良影响。",
    "C10": "私自修改监控平台原始数据，帮助企业掩盖超标。",
    "C11": "碳排放核查中编造活动水平数据。",
    "S01": "查明以欺诈手段帮助委托单位取得环境影响评价批复。",
    "S02": "被列入环评信用平台限期整改名单。",
    "S03": "被列入环评信用平台黑名单。",
    "S04": "查明监测报告造假。",
    "S05": "查证未按保密约定使用受托获得的政务数据。",
    "S06": "泄露生态环境信息系统业务数据。",
    "S07": "出具虚假的竣工环境保护验收意见。",
    "S08": "认定以恶意低价和虚假承诺严重扰乱竞争秩序。",
    "S09": "纪检监察机关确认财政资金项目质量低劣。",
    "S10": "自动监测数据造假，由市场监管部门处罚。",
    "S11": "认定其从业人员要求企业做不必要的评估并由本机构承接，严重破坏营商环境。",
    "S12": "生态环境部门认定应列为不良单位的其他情形。",
    "P01": "其编制的方案致使排污单位严重失信。",
    "P02": "其签发的报告致使所在机构严重失信。",
    "P03": "将职业资格证书挂靠于另一机构。",
    "P04": "书面整改意见事后被认定为明显错误。",
    "P05": "受托咨询中编造数据，造成严重后果。",
    "P06": "以书面意见要求企业做不必要的评估并从中得利。",
}
"""What a fact of each row says in the sample."""

ROWS: Final[Sequence[str]] = (*SUMMARIES, "B14")
"""Every row of the edition; B14 is derived from the facts of an agency's staff."""
