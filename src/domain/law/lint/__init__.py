"""Whether a well-formed edition holds together: gaps and overlaps, references to nothing, dates out of order.

A rulebook with a fault here would parse and then answer wrongly or not at all; every finding is an error.
"""

import re
from collections.abc import Iterator
from typing import Final

from domain.law.edition import Edition
from domain.law.form import Fault
from domain.law.lint.methods import method_faults
from domain.law.lint.procedure import procedure_faults, transition_faults
from domain.law.lint.quotas import configured_faults
from domain.law.lint.references import article_faults, citation_faults, ground_faults, note_faults, register_faults
from domain.law.lint.rows import row_faults, staff_faults
from domain.law.parents import with_parent
from domain.law.parse import RulebookProblem, located
from domain.sentence import sentence

_REGION: Final = re.compile(r"^[0-9]{2}([0-9]{2}([0-9]{2})?)?$")


def lint(edition: Edition, text: str = "", parent: Edition | None = None) -> tuple[RulebookProblem, ...]:
    """Every way in which the edition does not hold together, in the order of the file; empty when it does.

    ``text`` is the file the edition was parsed from: with it every problem carries its line. ``parent`` is the edition
    that it stands on: what both say must hold together.
    """
    if edition.parent is not None:
        if parent is None or parent.id != edition.parent:
            return located((_orphan(edition.parent),), text)
        if parent.parent is not None or parent.regime == edition.regime:
            return located((_no_parent(parent.id),), text)
        # Its own entries stand first, so that every fault keeps its place.
        edition = with_parent(edition, parent)
    checks = (
        _head,
        article_faults,
        method_faults,
        row_faults,
        staff_faults,
        register_faults,
        procedure_faults,
        transition_faults,
        citation_faults,
        ground_faults,
        note_faults,
        configured_faults,
    )
    return located((fault for check in checks for fault in check(edition)), text)


def _orphan(parent: str) -> Fault:
    return Fault(
        ("parent",),
        sentence("lint.edition.edition_that_it_stands", parent=parent),
    )


def _no_parent(parent: str) -> Fault:
    return Fault(
        ("parent",),
        sentence("lint.edition.cannot_be_stood", parent=parent),
    )


def _head(edition: Edition) -> Iterator[Fault]:
    regime = edition.id.split("@")[0]
    if regime != edition.regime:
        yield Fault(
            ("regime",),
            sentence("lint.edition.does_not_fit_id", id=edition.id, regime=regime),
        )
    for index, region in enumerate(edition.regions):
        if not _REGION.fullmatch(region):
            yield Fault(
                ("regions", index),
                sentence("lint.edition.is_not_first_two_four", region=region),
            )
    begin, end = edition.in_force_on, edition.until_on
    published = edition.published_on
    if published is not None and begin is not None and begin < published:
        yield Fault(
            ("published_on",),
            sentence("lint.edition.it_was_published_on_after", published=published, begin=begin),
        )
    if begin is not None and end is not None and end < begin:
        yield Fault(
            ("until_on",),
            sentence("lint.edition.it_ends_on_before", end=end, begin=begin),
        )
    if end is not None and begin is None:
        yield Fault(("until_on",), sentence("lint.edition.it_has_end_but_no"))
    if edition.status == "draft" and begin is not None:
        yield Fault(("in_force_on",), sentence("lint.edition.draft_is_in_force"))
    if edition.status == "issued" and begin is None:
        yield Fault(
            ("in_force_on",),
            sentence("lint.edition.issued_edition_needs_day"),
        )
