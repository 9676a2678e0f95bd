"""What was written on the command line, as days, moments and fields: each fault is told with the value it is about."""

import datetime as dt
import re
from typing import Final, NoReturn, cast, get_args

from domain.errors import FieldProblem, Invalid
from domain.sentence import sentence
from domain.time import Instant
from domain.values import BadMoment, day_from, moment_from
from domain.vocabulary import REGION_PATTERN, SubjectKind
from interfaces.cli.house import Product

_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2199


def day_given(pointer: str, text: str | None) -> dt.date | None:
    """A date as it is written, ``None`` when none was given. Raises ``Invalid``."""
    if text is None:
        return None
    try:
        return day_from(text)
    except BadMoment as wrong:
        bad(pointer, "cli.no_date", text=text, reason=wrong.says)


def moment_given(text: str | None) -> Instant | None:
    """The moment as known at which is asked: a date means its end. Raises ``Invalid``."""
    if text is None:
        return None
    try:
        return moment_from(text, "end")
    except BadMoment as wrong:
        bad("/known_at", "cli.no_moment", text=text, reason=wrong.says)


def year(text: str) -> int:
    """An evaluation year. Raises ``Invalid``."""
    if not (text.isascii() and text.isdigit() and _FIRST_YEAR <= int(text) <= _LAST_YEAR):
        bad(
            "/year",
            "cli.no_year",
            text=text,
            first=_FIRST_YEAR,
            last=_LAST_YEAR,
        )
    return int(text)


def region(text: str | None) -> str | None:
    """The code of a region, city or county. Raises ``Invalid``."""
    if text is not None and re.fullmatch(REGION_PATTERN, text) is None:
        bad(
            "/region",
            "cli.no_region",
            text=text,
        )
    return text


def kind_given(text: str) -> SubjectKind:
    """A kind of subject. Raises ``Invalid``."""
    kinds = get_args(SubjectKind)
    if text not in kinds:
        bad("/kind", "cli.no_kind", text=text, kinds=kinds)
    return cast("SubjectKind", text)


def only_regime(product: Product) -> str:
    """The one regime on record. Raises ``Invalid`` when there are several to choose from."""
    regimes = product.legislation.regimes()
    if len(regimes) != 1:
        names = ", ".join(regimes)
        bad("/regime", "cli.name_the_regime", names=names)
    return regimes[0]


def bad(pointer: str, code: str, /, **given: object) -> NoReturn:
    """Raise ``Invalid`` for one value, by the code of its text."""
    raise Invalid((FieldProblem(pointer, "bad_value", sentence(code, **given)),))
