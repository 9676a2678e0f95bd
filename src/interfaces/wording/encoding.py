"""What an edition encodes, in words: what a row does, and how long a time runs."""

from domain.law.edition import DeadlineRule, Row
from interfaces.wording.texts import Language, say
from interfaces.wording.words import Lexicon


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
