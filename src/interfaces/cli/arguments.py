"""What was written on the command line, as days, moments and fields: each fault is told with the value it is about."""

import datetime as dt
import re
from typing import Final, NoReturn, cast, get_args

from domain.errors import Invalid, Problem
from domain.time import Instant
from domain.values import BadMoment, day_from, moment_from
from domain.vocabulary import REGION_PATTERN, SubjectKind
from interfaces.cli.house import Product

_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2199


def day(pointer: str, text: str | None) -> dt.date | None:
    """A date as it is written, ``None`` when none was given. Raises ``Invalid``."""
    if text is None:
        return None
    try:
        return day_from(text)
    except BadMoment as wrong:
        bad(pointer, f"{text} 不是日期：{wrong.text.zh}", f"{text} is no date; it {wrong.text.en}")


def moment(text: str | None) -> Instant | None:
    """The moment as known at which is asked: a date means its end. Raises ``Invalid``."""
    if text is None:
        return None
    try:
        return moment_from(text, "end")
    except BadMoment as wrong:
        bad(
            "/known_at",
            f"{text} 不是日期或时刻：{wrong.text.zh}",
            f"{text} is neither a date nor a moment; it {wrong.text.en}",
        )


def year(text: str) -> int:
    """An evaluation year. Raises ``Invalid``."""
    if not (text.isascii() and text.isdigit() and _FIRST_YEAR <= int(text) <= _LAST_YEAR):
        bad(
            "/year",
            f"{text} 不是评价年度（{_FIRST_YEAR} 至 {_LAST_YEAR}）。",
            f"{text} is no evaluation year ({_FIRST_YEAR} to {_LAST_YEAR}).",
        )
    return int(text)


def region(text: str | None) -> str | None:
    """The code of a region, city or county. Raises ``Invalid``."""
    if text is not None and re.fullmatch(REGION_PATTERN, text) is None:
        bad(
            "/region",
            f"{text} 不是六位行政区划代码，如 150100。",
            f"{text} is no region code of six digits, such as 150100.",
        )
    return text


def kind(text: str) -> SubjectKind:
    """A kind of subject. Raises ``Invalid``."""
    kinds = get_args(SubjectKind)
    if text not in kinds:
        bad("/kind", f"没有 {text}；可用 {'、'.join(kinds)}。", f"there is no {text}; there are {', '.join(kinds)}.")
    return cast("SubjectKind", text)


def only_regime(product: Product) -> str:
    """The one regime on record. Raises ``Invalid`` when there are several to choose from."""
    regimes = product.legislation.regimes()
    if len(regimes) != 1:
        names = ", ".join(regimes)
        bad("/regime", f"请用 --regime 指明评价制度：{names}。", f"name the regime by --regime: {names}.")
    return regimes[0]


def bad(pointer: str, zh: str, en: str) -> NoReturn:
    """Raise ``Invalid`` for one value."""
    raise Invalid((Problem(pointer, "bad_value", zh, en),))
