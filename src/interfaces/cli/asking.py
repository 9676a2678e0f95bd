"""The questions ``grade`` and ``timeline`` put, from the words of the command line."""

import datetime as dt
from collections.abc import Sequence
from typing import NoReturn

from application.grading import Question
from application.scenario import moment_from
from domain.errors import Invalid, Problem
from domain.vocabulary import Instant
from interfaces.cli import reading
from interfaces.cli.house import Product
from interfaces.cli.terminal import Terminal


def grade(
    terminal: Terminal,
    subject: str | None,
    *,
    regime: str | None,
    as_of: str | None,
    known_at: str | None,
    readings: Sequence[str],
    basis: str | None,
    as_json: bool,
) -> None:
    """Answer one question about a grade, or repeat the answer of a token."""
    day = None if as_of is None else _day("/as_of", as_of)
    moment = None if known_at is None else _moment(known_at)
    chosen = dict(_reading(r) for r in readings)
    if (subject is None) == (basis is None) or (basis is not None and (day or moment or chosen or regime)):
        _bad("/subject", "请给出主体编号，或只给出 --basis。", "give a subject, or --basis and nothing else.")
    with terminal.house.open(terminal.settings) as product:
        if basis is not None:
            answer = product.grading.repeat(basis)
        else:
            question = Question(
                subject=subject or "",
                regime=regime or only_regime(product),
                as_of=day,
                known_at=moment,
                readings=chosen,
            )
            answer = product.grading.grade(question)
        answer = reading.named(product, reading.told(answer, terminal.language, reading.lexicon_of(product, answer)))
        if as_json:
            terminal.json(answer)
        else:
            reading.print_grade(terminal, answer, reading.documents_of(product, answer.subject.id))


def timeline(terminal: Terminal, subject: str, *, order: str, known_at: str | None, as_json: bool) -> None:
    """Show the timeline of a file."""
    moment = None if known_at is None else _moment(known_at)
    if order not in ("legal", "record"):
        _bad("/order", f"没有排序 {order}；可用 legal、record。", f"no order {order}; legal or record.")
    with terminal.house.open(terminal.settings) as product:
        found = product.timelines.read(subject, "record" if order == "record" else "legal", moment)
    found = reading.titled(found, terminal.language)
    if as_json:
        terminal.json(found)
    else:
        reading.print_timeline(terminal, found)


def only_regime(product: Product) -> str:
    """The one regime on record. Raises ``Invalid`` when there are several to choose from."""
    regimes = product.legislation.regimes()
    if len(regimes) != 1:
        names = ", ".join(regimes)
        _bad("/regime", f"请用 --regime 指明评价制度：{names}。", f"name the regime by --regime: {names}.")
    return regimes[0]


def _day(pointer: str, text: str) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        _bad(pointer, f"{text} 不是日期（YYYY-MM-DD）。", f"{text} is no date (YYYY-MM-DD).")
    return day


def _moment(text: str) -> Instant:
    try:
        return moment_from(text, "known")
    except ValueError:
        _bad(
            "/known_at",
            f"{text} 不是日期或时刻（YYYY-MM-DD 或 ISO 8601）。",
            f"{text} is neither a date nor a moment (YYYY-MM-DD, or ISO 8601).",
        )


def _reading(text: str) -> tuple[str, str]:
    id, separator, value = text.partition(":")
    if not (id and separator and value):
        _bad("/reading", f"{text} 应形如 I-06:decision_date。", f"{text} should look like I-06:decision_date.")
    return id, value


def _bad(pointer: str, zh: str, en: str) -> NoReturn:
    raise Invalid((Problem(pointer, "bad_value", zh, en),))
