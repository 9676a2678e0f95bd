"""What was written on the command line, as days, moments and fields: each fault is told with the value it is about."""

import datetime as dt
from typing import NoReturn

from application.scenario import moment_from
from domain.errors import Invalid, Problem
from domain.vocabulary import Instant
from interfaces.cli.house import Product


def day(pointer: str, text: str | None) -> dt.date | None:
    """A date as it is written, ``None`` when none was given. Raises ``Invalid``."""
    if text is None:
        return None
    try:
        found = dt.date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.isoformat() != text:
        bad(pointer, f"{text} 不是日期（YYYY-MM-DD）。", f"{text} is no date (YYYY-MM-DD).")
    return found


def moment(text: str | None) -> Instant | None:
    """The moment as known at which is asked: a date means its end. Raises ``Invalid``."""
    if text is None:
        return None
    try:
        return moment_from(text, "known")
    except ValueError:
        bad(
            "/known_at",
            f"{text} 不是日期或时刻（YYYY-MM-DD 或 ISO 8601）。",
            f"{text} is neither a date nor a moment (YYYY-MM-DD, or ISO 8601).",
        )


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
