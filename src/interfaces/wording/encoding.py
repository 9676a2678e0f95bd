"""What an edition encodes, in words: how grades come about, what a row does, and how long a time runs."""

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final, Literal, NamedTuple, get_args

from domain.law.edition import Band, DeadlineRule, Edition, Ledger, Method, Row, only
from domain.law.naming import scores_of
from interfaces.wording.punctuation import by_semicolons, listed
from interfaces.wording.texts import Language, both, said, say, worded
from interfaces.wording.words import Lexicon


class GradingRule(NamedTuple):
    """A rule by which grades come about: a ``method`` as a whole, or a band of scores with its grade or risk level.

    ``kind`` is the kind of subject that it grades, ``figure`` the grade of a band.
    """

    part: Literal["methods", "bands", "risks"]
    kind: str
    words: str
    figure: str | None
    cites: tuple[str, ...]


def grading(edition: Edition, lexicon: Lexicon, language: Language) -> Iterator[GradingRule]:
    """How the grades of each kind of subject come about, as the edition itself says: method, bands, what is given
    directly."""
    for kind, method in edition.methods.items():
        told = by_semicolons(_told(method, kind, lexicon, language), language)
        yield GradingRule("methods", kind, told, None, method.cites)
        banded: tuple[tuple[Literal["bands", "risks"], tuple[Band, ...]], ...] = (
            ("bands", getattr(method, "bands", ())),
            ("risks", getattr(method, "risk", ())),
        )
        for part, bands in banded:
            for band in bands:
                named = lexicon.grade(band.grade, kind, language)
                yield GradingRule(part, kind, said(worded(scores_of(band)), language), named, band.cites)
        for direct in getattr(method, "direct", ()):
            named = lexicon.grade(direct.grade, kind, language)
            yield GradingRule("bands", kind, say("rulebooks.method.listed", language), named, direct.cites)


def _told(method: Method, kind: str, lexicon: Lexicon, language: Language) -> Iterator[str]:
    """How a method grades, in a few words each."""

    def named(grade: str) -> str:
        return lexicon.grade(grade, kind, language)

    account = only(Ledger, method)
    if account is None:
        tag = method.__struct_config__.tag
        yield say(f"rulebooks.graded_by.{tag}", language, **_figures(method, named, language))
    else:
        yield say(f"rulebooks.account.{account.direction}", language, initial=f"{account.initial:f}")
        yield from _of_account(account, named, language)
    direct = getattr(method, "direct_grade", None)
    if direct is not None:
        yield say("rulebooks.method.direct", language, grade=named(direct))


def _figures(method: Method, named: Callable[[str], str], language: Language) -> dict[str, object]:
    """What the words of a method may name: what its edition says, by its keys, grades as they are called."""
    figures: dict[str, object] = {}
    for key in method.__struct_fields__:
        match getattr(method, key):
            case Decimal() as points:
                figures[key] = f"{points:f}"
            case int() as number:
                figures[key] = number
            case str() as grade:
                figures[key] = named(grade)
            case (str(), *_) as grades:
                figures[key] = listed(map(named, grades), language)
            case _:
                # Bands and direct grades are told each by itself.
                continue
    return figures


def _of_account(method: Ledger, named: Callable[[str], str], language: Language) -> Iterator[str]:
    """What else an account of points goes by, as far as its edition says so."""
    if method.lag_days:
        yield say("rulebooks.method.lag", language, days=method.lag_days)
    if method.fact_at_most is not None:
        yield say("rulebooks.method.fact_at_most", language, points=f"{method.fact_at_most:f}")
    if method.cycle_months is not None:
        yield say("rulebooks.method.cycle", language, months=method.cycle_months)
    if method.restarts_at is not None and method.listing_months is not None:
        grade, months = named(method.restarts_at), method.listing_months
        yield say("rulebooks.method.listing", language, grade=grade, months=months)
    if method.commitment is not None:
        yield say("rulebooks.method.commitment", language, points=f"{method.commitment:f}")
    if method.pioneer_grade is not None and method.pioneer_years is not None:
        grade, years = named(method.pioneer_grade), method.pioneer_years
        yield say("rulebooks.method.pioneer", language, grade=grade, years=years)


def method_keys() -> str:
    """Every method with the keys of its own, in both languages, as a table in Markdown."""
    way, key, meaning = both("rulebooks.keys.method"), both("rulebooks.keys.key"), both("rulebooks.keys.meaning")
    lines = [
        f"| {way.zh} {way.en} | {key.zh} {key.en} | {meaning.zh} | {meaning.en} |",
        "|---|---|---|---|",
    ]
    for method in get_args(Method):
        tag = method.__struct_config__.tag
        what = both(f"rulebooks.way.{tag}")
        lines.append(f"| `{tag}` | | {what.zh} | {what.en} |")
        for field in method.__struct_fields__:
            if field not in _OF_ALL:
                called = both(f"differences.field.{field}")
                lines.append(f"| | `{field}` | {called.zh} | {called.en} |")
    return "\n".join(lines) + "\n"


_OF_ALL: Final = frozenset.intersection(*(frozenset(method.__struct_fields__) for method in get_args(Method)))
"""The keys that every method has."""


def effect(row: Row, lexicon: Lexicon, language: Language) -> str:
    """What a fact of a row does: its points, the grade that it gives, else what kind of row it is."""
    if row.points is not None:
        return f"{row.points:f}"
    if row.grade is not None:
        return lexicon.grade(row.grade, row.kind, language)
    return say(f"rulebooks.effect_of.{row.type}", language)


def term(rule: DeadlineRule, language: Language) -> str:
    """How long a time runs, and from when."""
    start = say(f"rulebooks.start.{rule.starts}", language)
    if rule.by is not None:
        return say("rulebooks.by_of_next_year", language, by=rule.by)
    if rule.working_days is not None:
        return say("rulebooks.working_days_from", language, start=start, working_days=rule.working_days)
    if rule.months is not None:
        return say("rulebooks.months_from", language, start=start, months=rule.months)
    return say("rulebooks.set_with", language, start=start)
