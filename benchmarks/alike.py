"""The same agencies and the same rule for everybody who is compared: in columns, as our events, and as JSON.

The rule is the part that all can express: the rows of Inner Mongolia that deduct points for good from the day of the
decision, or from the day of finality; the score begins at 100, ends at 0, and bands give the grade. Nothing is
corrected, repaired or warned about, and nobody has staff.
"""

import datetime as dt
import json
from array import array
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

from benchmarks.population import REGIME, agency_id
from domain.events.facts import FactRecorded
from domain.events.registration import AgencyRegistered
from domain.law.calendar import WorkingDays
from domain.law.edition import Deduction
from domain.law.regime import Adopted, RegimeLaw
from domain.vocabulary import plain
from interfaces.files.shipped import shipped_calendars, shipped_editions

AS_OF: Final = dt.date(2022, 6, 30)
"""The day that is asked about."""

FACTS: Final = 50
"""Facts of each agency."""

ROWS: Final = ("B07", "B08", "B09", "B10", "B11", "C03", "C04", "C05")
"""The rows of the facts; ``B11`` counts from finality."""

_EPOCH: Final = dt.date(1970, 1, 1)
_BEGINS_ON: Final = dt.date(2019, 7, 1)
_BEGIN_WITHIN: Final = 1_280
_APART: Final = 20
_FINAL_AFTER: Final = 70
_SUMMARY: Final = "现场检查发现该机构未按技术规范保存原始记录，采样时间与视频监控记录不一致，质量控制措施未落实。"


class Columns(NamedTuple):
    """The facts of all agencies one after the other, ``FACTS`` each: the row (its place in ``ROWS``), the days of
    decision and of finality since 1970 (0: none)."""

    rows: "array[int]"
    decided: "array[int]"
    final: "array[int]"

    @property
    def agencies(self) -> int:
        """How many agencies there are."""
        return len(self.rows) // FACTS


def columns(agencies: int) -> Columns:
    """The facts of that many agencies, always the same: a fact every twenty days from a day of its own for each agency,
    so that on ``AS_OF`` some have all of them behind them, some few or none."""
    made = Columns(array("B"), array("i"), array("i"))
    for number in range(agencies):
        chance = Random(number)
        begins = (_BEGINS_ON - _EPOCH).days + chance.randrange(_BEGIN_WITHIN)
        for fact in range(FACTS):
            row = chance.randrange(len(ROWS))
            decided = begins + fact * _APART + chance.randrange(_APART)
            made.rows.append(row)
            made.decided.append(decided)
            made.final.append(decided + _FINAL_AFTER if ROWS[row] == "B11" else 0)
    return made


def write(columns: Columns, folder: Path) -> None:
    """Columns and rule as files, for processes that know nothing of ours."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, values in columns._asdict().items():
        (folder / name).write_bytes(values.tobytes())
    (folder / "rule.json").write_text(json.dumps(rule()), "utf-8")


def read(folder: Path) -> Columns:
    """The columns of a folder."""
    made = Columns(array("B"), array("i"), array("i"))
    for name, values in made._asdict().items():
        values.frombytes((folder / name).read_bytes())
    return made


def law() -> RegimeLaw:
    """The law that is applied, as shipped."""
    edition = next(s.edition for s in shipped_editions() if s.edition.regime == REGIME)
    return RegimeLaw(REGIME, [Adopted(edition=edition, digest="", period=None)], WorkingDays(shipped_calendars()))


def rule() -> dict[str, Any]:
    """What a peer needs of the law, read from the edition; days as days since 1970."""
    known = law()
    method = known.deduction(AS_OF)
    if not isinstance(method, Deduction):
        raise TypeError("the rule compared is one of deduction")
    rows = {}
    for code in ROWS:
        row = known.row(code, AS_OF)
        if row is None or row.amount is None or not row.stands_alone:
            raise ValueError(f"{code} is no row that deducts points for good")
        rows[code] = {"points": plain(row.amount), "by_decision": row.by_decision, "cites": row.cites}
    floor = method.floor or Decimal(0)
    bands = [(band.grade, floor if band.at_least is None else band.at_least) for band in method.bands]
    return {
        "as_of": (AS_OF - _EPOCH).days,
        "facts": FACTS,
        "rows": rows,
        "initial": plain(method.initial),
        "floor": plain(floor),
        "bands": [(grade, plain(least)) for grade, least in sorted(bands, key=lambda band: -band[1])],
    }


def events(columns: Columns, number: int) -> Iterator[AgencyRegistered | FactRecorded]:
    """One agency as our events: its registration and its facts."""
    agency = agency_id(number)
    yield AgencyRegistered(
        uscc="91150100MA0N000000",
        name=f"内蒙古第{number}检测技术有限公司",
        region=f"150{1 + number % 5}00",
        services=("monitoring",),
        address="内蒙古自治区呼和浩特市赛罕区",
    )
    for fact in range(FACTS):
        at = number * FACTS + fact
        decided_on = _EPOCH + dt.timedelta(columns.decided[at])
        yield FactRecorded(
            fact=f"{fact:08x}{agency[8:23]}-{agency[24:]}",
            regime=REGIME,
            row=ROWS[columns.rows[at]],
            authority="150100-EEB",
            document=f"内环罚〔{decided_on.year}〕{at}号",
            summary=_SUMMARY,
            occurred_on=decided_on - dt.timedelta(30),
            decided_on=decided_on,
            served_on=decided_on + dt.timedelta(3),
            final_on=_EPOCH + dt.timedelta(columns.final[at]) if columns.final[at] else None,
        )
