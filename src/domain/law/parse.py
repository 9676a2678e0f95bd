"""From the text of an edition to its model, or to every fault of the text with its place and line.

Pure: reading the file is the caller's business. ``domain.law.lint`` asks afterwards whether what is well
formed also holds together.
"""

import itertools
import re
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

import msgspec
import tomli

from domain.errors import MOST_TOLD, CaseError
from domain.law.adopted import CONVERTING, EDITIONS
from domain.law.bounds import excess_of
from domain.law.edition import Edition
from domain.law.form import Fault, faults
from domain.law.lines import Lines, written_path
from domain.sentence import OnePerLine, Sentence, sentence

S = TypeVar("S", bound=msgspec.Struct)


class RulebookProblem(msgspec.Struct, frozen=True):
    """One fault of a file: ``place`` is its key path (``row[12].points``, from 0), ``line`` counts from 1."""

    place: str
    says: Sentence
    line: int | None = None


class RulebookError(CaseError):
    """The file ``source`` is no edition (or no calendar): ``problems`` names every fault that was found."""

    def __init__(self, source: str, problems: tuple[RulebookProblem, ...]) -> None:
        def told(p: RulebookProblem) -> Sentence:
            where = source if p.line is None else f"{source}:{p.line}"
            return sentence("errors.at", where=f"{where} {p.place}", what=p.says)

        says = sentence("errors.rulebook_invalid", problems=OnePerLine([told(p) for p in problems]))
        super().__init__("rulebook_invalid", says)
        self.source = source
        self.problems = problems


# Reading one takes milliseconds, and every use of an edition begins from its text. What is read cannot be changed.
@lru_cache(EDITIONS)
def parse_edition(text: str, source: str) -> Edition:
    """The edition that ``text`` writes down; ``source`` names the file in messages.

    Raises ``RulebookError`` with every fault of form: syntax, unknown and missing keys, wrong kinds of
    values. Numbers stay exact decimals.
    """
    return parse_as(Edition, text, source)


def parse_as(model: type[S], text: str, source: str) -> S:
    """The value of type ``model`` that a TOML text writes down. Raises ``RulebookError`` with every fault."""
    excess = excess_of(text)
    if excess is not None:
        line, says = excess
        raise RulebookError(source, (RulebookProblem("", says, line),))
    try:
        document = tomli.loads(text, parse_float=Decimal)
    except tomli.TOMLDecodeError as error:
        raise RulebookError(source, (_syntax(str(error), text),)) from None
    except RecursionError:
        deep = RulebookProblem("", sentence("law.parse.brackets_are_nested_too_deeply"))
        raise RulebookError(source, (deep,)) from None
    with CONVERTING:
        found = list(itertools.islice(faults(document, model), MOST_TOLD + 1))
        if not found:
            return msgspec.convert(document, model)
    raise RulebookError(source, located(found, text))


def located(found: Iterable[Fault], text: str) -> tuple[RulebookProblem, ...]:
    """The faults as problems, with the lines of ``text`` on which they stand, in the order of the file."""
    lines = Lines(text)
    first = list(itertools.islice(found, MOST_TOLD + 1))
    problems = [RulebookProblem(written_path(f.path), f.says, lines.find(f.path)) for f in first[:MOST_TOLD]]
    problems.sort(key=lambda p: p.line or 0)
    if len(first) > MOST_TOLD:
        problems.append(RulebookProblem("", sentence("law.parse.there_are_more_faults")))
    return tuple(problems)


def _syntax(message: str, text: str) -> RulebookProblem:
    at = re.search(r"\(at line (\d+), column (\d+)\)", message)
    line = int(at[1]) if at else text.count("\n") + 1
    if at:
        says = sentence("law.parse.syntax", line=at[1], column=at[2], message=message)
    else:
        says = sentence("law.parse.syntax_at_end", message=message)
    return RulebookProblem("", says, line)
