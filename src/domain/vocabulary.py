"""The words every part of the domain shares: ids, dates, instants, authorities, citations, bilingual text.

Legal days are ``datetime.date`` in Asia/Shanghai and their names end in ``_on``. Instants are whole
microseconds since 1970-01-01T00:00:00Z as ``int``; their names end in ``_at``. Points are exact decimals.
"""

import re
from decimal import Decimal
from typing import Annotated, Final, Literal, NamedTuple

import msgspec

ZERO: Final = Decimal(0)

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

Points = Decimal
"""Credit points, exact."""

ID_PATTERN: Final = r"^[^\s/?#\x00-\x1f\x7f]{1,80}$"
"""Ids are opaque: UUIDs over HTTP, short names in scenario files. No blanks, no path characters."""

REGION_PATTERN: Final = r"^[0-9]{6}$"
"""A GB/T 2260 code of six digits."""

AUTHORITY_PATTERN: Final = r"^[0-9]{6}-(EEB|MSA|PSB|AUD|DIS|CRT)$"
"""``<region code>-<organ>``."""

_REGION_WIDE: Final = re.compile(r"^[0-9]{2}0000$")


class Text(NamedTuple):
    """One thing said twice: ``zh`` for the people of the bureau, ``en`` for everybody else."""

    zh: str
    en: str


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


class Article(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One unit of the text by which citations are checked and printed: an article (``art. 20``), a paragraph that runs
    through the whole text (``para. 11``), a section of a plan (``II``), an annex, or another document (``部令第9号``).

    ``paragraphs`` is how many it has (款); ``items`` how many numbered items (项) each of them has, the first one
    first. ``points`` are the numbered points (目) below an item or paragraph, ``clauses`` parts that bear no number in
    print, each by what stands behind the label (``"(2)" = 7``). ``printed`` are the numbers that the items bear, where
    the text misprints them.
    """

    cites: Annotated[str, msgspec.Meta(min_length=1)]
    paragraphs: Annotated[int, msgspec.Meta(ge=1)] = 1
    items: tuple[Annotated[int, msgspec.Meta(ge=0)], ...] = ()
    points: dict[str, Annotated[int, msgspec.Meta(ge=1)]] = {}
    clauses: dict[str, Annotated[int, msgspec.Meta(ge=1)]] = {}
    printed: tuple[Annotated[int, msgspec.Meta(ge=1)], ...] = ()


Stage = Literal[
    "roster",
    "notice",
    "report",
    "commitment",
    "proposal",
    "confirmation",
    "publicity",
    "review",
    "determination",
    "submission",
    "spot_check",
    "return",
    "publication",
    "rating",
    "letter",
    "push",
    "reopening",
]
