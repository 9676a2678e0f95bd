"""Faults of citations, articles, grounds, notes and the register of readings."""

import re
from collections.abc import Iterator
from typing import Final

from domain.law.citations import Articles, unit_of
from domain.law.edition import Banding, Edition, Measure, Reading, only
from domain.law.form import Fault, suggestion
from domain.law.grounds import needed
from domain.law.lines import Path
from domain.law.lint.common import dangling, twice, unknown_readings
from domain.law.procedures import PROCEDURES
from domain.sentence import sentence

_CITATION: Final = re.compile(
    r"^(art\. [1-9]\d*((\([1-9]\d*\)){1,2}([1-9]\d*)?)?|annex [1-9]\d*|para\. [1-9]\d*(\([1-9]\d*\)){0,2}"
    # A section of a plan; a document by its number, with or without the article.
    r"|(I{1,3}|IV|V)(\([1-9]\d*\)([1-9]\d*)?)?"
    r"|([\u4e00-\u9fff]{2,8}(〔\d{4}〕|\d{4}年第|第)[1-9]\d*号|[\u4e00-\u9fff]{2,30}条例)"
    r"( (art\. [1-9]\d*(\([1-9]\d*\))?|annex [1-9]\d*))?)$",
    re.ASCII,
)


def unknown_answer(measure: Measure, edition: Edition, path: Path) -> Iterator[Fault]:
    """An answer of the register that a measure hangs on and that is none."""
    answers = {f"{reading.id}:{value.name}" for reading in edition.reading for value in reading.values}
    if measure.under is not None and measure.under not in answers:
        yield dangling((*path, "under"), measure.under, answers)


def register_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of the register of readings."""
    yield from twice([reading.id for reading in edition.reading], "reading", "id")
    for index, reading in enumerate(edition.reading):
        yield from _choices(reading, ("reading", index))


def _choices(reading: Reading, path: Path) -> Iterator[Fault]:
    available = {value.name: value.available for value in reading.values}
    if len(available) < len(reading.values):
        yield Fault((*path, "values"), sentence("lint.references.has_two_values_of_same", id=reading.id))
    if reading.default not in available:
        hint = suggestion(reading.default, available)
        yield Fault(
            (*path, "default"),
            sentence("lint.references.no_value", id=reading.id, value=reading.default, hint=hint),
        )
    elif not available[reading.default]:
        yield Fault(
            (*path, "default"),
            sentence("lint.references.default_of_cannot_be_applied", id=reading.id, default=reading.default),
        )


def citation_faults(edition: Edition) -> Iterator[Fault]:
    """Every citation that is malformed or that the text does not have."""
    articles = Articles(edition.article)
    for path, cites in _cited(edition):
        for index, cite in enumerate(cites):
            # A single citation stands alone under its key, without an index.
            here = path if path[0] in ("erratum", "unencoded") else (*path, index)
            if not _CITATION.fullmatch(cite):
                yield Fault(
                    here,
                    sentence("lint.references.is_no_citation_write_art", cite=cite),
                )
            elif articles and articles.place(cite) is None:
                yield _not_in_the_text(cite, here, edition)


def _not_in_the_text(cite: str, path: Path, edition: Edition) -> Fault:
    """A citation of something that the list of articles does not have."""
    unit = next((unit for unit in edition.article if unit.cites == unit_of(cite)), None)
    if unit is None:
        return Fault(path, sentence("lint.references.list_of_articles_has_no", cite=unit_of(cite)))
    items = "、".join(map(str, unit.items)) or "0"
    return Fault(
        path,
        sentence(
            "lint.references.there_is_no_has_paragraph",
            cite=cite,
            cites=unit.cites,
            paragraphs=unit.paragraphs,
            items=items,
        ),
    )


def article_faults(edition: Edition) -> Iterator[Fault]:
    """The list of articles: each unit once, and nothing said of a paragraph or item that it does not have."""
    yield from twice([unit.cites for unit in edition.article], "article", "cites")
    articles = Articles(edition.article)
    for index, unit in enumerate(edition.article):
        path: Path = ("article", index)
        if len(unit.items) > unit.paragraphs:
            yield Fault(
                (*path, "items"),
                sentence(
                    "lint.references.has_paragraph_s_and_items",
                    cites=unit.cites,
                    paragraphs=unit.paragraphs,
                    n=len(unit.items),
                ),
            )
        for name in ("points", "clauses"):
            for within in getattr(unit, name):
                if articles.place(unit.cites + within) is None:
                    yield dangling((*path, name, within), unit.cites + within, ())
        if unit.printed and len(unit.printed) != sum(unit.items):
            yield Fault(
                (*path, "printed"),
                sentence("lint.references.has_items_printed_gives_number", cites=unit.cites, items=sum(unit.items)),
            )


def _cited(edition: Edition) -> Iterator[tuple[Path, tuple[str, ...]]]:
    for kind, method in edition.methods.items():
        yield ("methods", kind, "cites"), method.cites
        for table in ("bands", "risk"):
            for index, band in enumerate(getattr(method, table, ())):
                yield ("methods", kind, table, index, "cites"), band.cites
        banding = only(Banding, method)
        if banding is not None and banding.prompts:
            yield ("methods", kind, "prompts"), banding.prompts
    for index, row in enumerate(edition.row):
        yield ("row", index, "cites"), row.cites
        for kind, cites in row.reference.items():
            yield ("row", index, "reference", kind), cites
    for index, reading in enumerate(edition.reading):
        yield ("reading", index, "cites"), reading.cites
    for index, stage in enumerate(edition.stage):
        yield ("stage", index, "cites"), stage.cites
    for index, rule in enumerate(edition.deadline):
        yield ("deadline", index, "cites"), rule.cites
    for index, measure in enumerate(edition.measure):
        yield ("measure", index, "cites"), measure.cites
        for kind, cites in measure.reference.items():
            yield ("measure", index, "reference", kind), cites
    for what, cites in edition.grounds.items():
        yield ("grounds", what), cites
    for kind, grounds in edition.grounds_of.items():
        for what, cites in grounds.items():
            yield ("grounds_of", kind, what), cites
    for index, clause in enumerate(edition.transition):
        yield ("transition", index, "cites"), clause.cites
    for index, erratum in enumerate(edition.erratum):
        yield ("erratum", index, "cites"), (erratum.cites,)
    for index, unencoded in enumerate(edition.unencoded):
        yield ("unencoded", index, "cites"), (unencoded.cites,)
    for index, excluded in enumerate(edition.excluded):
        yield ("excluded", index, "cites"), excluded.cites


def note_faults(edition: Edition) -> Iterator[Fault]:
    """Faults of errata, of what is not encoded, and of what is without effect."""
    register = {reading.id for reading in edition.reading}
    for index, erratum in enumerate(edition.erratum):
        yield from unknown_readings(erratum.readings, register, ("erratum", index, "readings"))
    yield from twice([unencoded.cites for unencoded in edition.unencoded], "unencoded", "cites")
    yield from twice([excluded.command for excluded in edition.excluded], "excluded", "command")
    admitted = edition.admits or ()
    excluded_ones = {excluded.command for excluded in edition.excluded}
    for index, command in enumerate(admitted):
        if command not in PROCEDURES:
            hint = suggestion(command, PROCEDURES)
            yield Fault(("admits", index), sentence("lint.references.no_procedure", command=command, hint=hint))
        elif command in excluded_ones:
            yield Fault(
                ("admits", index),
                sentence("lint.references.is_excluded_by_same_edition", command=command),
            )


def ground_faults(edition: Edition) -> Iterator[Fault]:
    """Whether the edition states the grounds of everything that it can refuse or tell."""
    stated = {*edition.grounds, *(what for grounds in edition.grounds_of.values() for what in grounds)}
    # An edition without the list of procedures is of the time before grounds were asked for.
    for what in dict.fromkeys(needed(edition) if edition.admits is not None else ()):
        if what not in stated:
            yield Fault(
                ("grounds", what),
                sentence("lint.references.grounds_does_not_state_articles", what=what),
            )
