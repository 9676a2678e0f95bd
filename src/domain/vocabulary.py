"""The words every part of the domain shares: ids, dates, instants, authorities, citations, bilingual text.

Legal days are ``datetime.date`` in Asia/Shanghai and their names end in ``_on``. Instants are whole
microseconds since 1970-01-01T00:00:00Z as ``int``; their names end in ``_at``. Points are exact decimals.
"""

import datetime as dt
import re
from decimal import Decimal
from typing import Final, Literal, NamedTuple

import msgspec

SubjectKind = Literal["agency", "practitioner", "expert", "client"]
"""What a subject is. Every subject has one stream of events under its id.

Agencies and clients are organisations, practitioners and experts natural persons: their names are in the vault.
"""

PERSONS: Final = ("practitioner", "expert")
"""The kinds of subject that are natural persons."""

Service = Literal[
    "eia",
    "monitoring",
    "treatment",
    "operation",
    "auto_monitoring_operation",
    "information_system",
    "carbon_verification",
    "restoration",
    "works",
    "research",
    "consulting",
    "damage_appraisal",
]
"""A kind of service an agency offers; rows of a rulebook may apply to some of them only."""

Organ = Literal["EEB", "MSA", "PSB", "AUD", "DIS", "CRT"]
"""Organ of an authority: ecology and environment, market regulation, public security, audit, discipline, court."""

Instant = int
"""Microseconds since 1970-01-01T00:00:00Z."""

Points = Decimal
"""Credit points, exact."""

ID_PATTERN: Final = r"^[^\s/?#\x00-\x1f\x7f]{1,80}$"
"""Ids are opaque: UUIDs over HTTP, short names in scenario files. No blanks, no path characters."""

REGION_PATTERN: Final = r"^[0-9]{6}$"
"""A GB/T 2260 code of six digits."""

AUTHORITY_PATTERN: Final = r"^[0-9]{6}-(EEB|MSA|PSB|AUD|DIS|CRT)$"
"""``<region code>-<organ>``."""

SHANGHAI: Final = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""Legal time: UTC+8 all year (no daylight saving since 1991)."""

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NAIVE_EPOCH: Final = _EPOCH.replace(tzinfo=None)
_MICROSECOND: Final = dt.timedelta(microseconds=1)
_REGION_WIDE: Final = re.compile(r"^[0-9]{2}0000$")


class Text(NamedTuple):
    """One thing said twice: ``zh`` for the people of the bureau, ``en`` for everybody else."""

    zh: str
    en: str


class Period(msgspec.Struct, frozen=True):
    """A half-open span of legal days: ``from_on`` is in it, ``before_on`` is not; ``None`` means without end."""

    from_on: dt.date | None = None
    before_on: dt.date | None = None

    def __contains__(self, day: dt.date) -> bool:
        """Whether ``day`` lies in the period."""
        return (self.from_on is None or self.from_on <= day) and (self.before_on is None or day < self.before_on)


def instant(moment: dt.datetime) -> Instant:
    """The microseconds of an aware datetime. Raises ``ValueError`` when it has no time zone."""
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return (moment - _EPOCH) // _MICROSECOND


def moment(at: Instant) -> dt.datetime:
    """The aware UTC datetime of an instant."""
    return _EPOCH + at * _MICROSECOND


def iso_utc(at: Instant) -> str:
    """ISO 8601 with six decimals and ``Z``: the one way in which instants are written."""
    return (_NAIVE_EPOCH + at * _MICROSECOND).isoformat(timespec="microseconds") + "Z"


def legal_day(at: Instant) -> dt.date:
    """The legal day (Asia/Shanghai) on which the instant falls."""
    return moment(at).astimezone(SHANGHAI).date()


def end_of_day(day: dt.date) -> Instant:
    """The last microsecond of a legal day: what a bare date means as ``known_at``."""
    return instant(dt.datetime.combine(day, dt.time(23, 59, 59, 999_999), SHANGHAI))


def at_hour(day: dt.date, hour: int) -> Instant:
    """The instant of a full hour on a legal day."""
    return instant(dt.datetime.combine(day, dt.time(hour), SHANGHAI))


def organ_of(authority: str) -> str:
    """The organ of an authority, ``EEB`` of ``150100-EEB``."""
    return authority[7:]


def city_of(region: str) -> str:
    """The league or city of a region code or authority: its first four digits."""
    return region[:4]


def is_region_wide(authority: str) -> bool:
    """Whether the authority is of a province, an autonomous region or the nation, not of a city or county."""
    return _REGION_WIDE.fullmatch(authority[:6]) is not None


def plain(number: Decimal) -> str:
    """A decimal without exponent or trailing zeros: ``59.5``, ``60``, ``0``."""
    text = f"{number:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
