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
        f"所依据的版本 {parent} 不在案：请先采用或一并提供",
        f"the edition {parent} that it stands on is not on record: adopt or give that one first",
    )


def _no_parent(parent: str) -> Fault:
    return Fault(
        ("parent",),
        f"{parent} 不能作为依据：须是另一评价制度的版本，且自身不再依据其他版本",
        f"{parent} cannot be stood on: it must be of another regime and stand on no other edition itself",
    )


def _head(edition: Edition) -> Iterator[Fault]:
    regime = edition.id.split("@")[0]
    if regime != edition.regime:
        yield Fault(
            ("regime",),
            f"与编号 {edition.id} 不符，应为 {regime}",
            f"does not fit the id {edition.id}: it should be {regime}",
        )
    for index, region in enumerate(edition.regions):
        if not _REGION.fullmatch(region):
            yield Fault(
                ("regions", index),
                f"{region} 不是行政区划代码的前二、四或六位",
                f"{region} is not the first two, four or six digits of a region code",
            )
    begin, end = edition.in_force_on, edition.until_on
    published = edition.published_on
    if published is not None and begin is not None and begin < published:
        yield Fault(
            ("published_on",),
            f"公布日 {published} 晚于施行日 {begin}：公布之前无人知晓",
            f"it was published on {published}, after it is in force on {begin}: nobody could know it before",
        )
    if begin is not None and end is not None and end < begin:
        yield Fault(
            ("until_on",),
            f"终止日 {end} 早于施行日 {begin}",
            f"it ends on {end}, before it is in force on {begin}",
        )
    if end is not None and begin is None:
        yield Fault(("until_on",), "有终止日而没有施行日", "it has an end but no day on which it comes into force")
    if edition.status == "draft" and begin is not None:
        yield Fault(("in_force_on",), "草案没有施行日，由采用决定给出", "a draft is in force by an adoption only")
    if edition.status == "issued" and begin is None:
        yield Fault(
            ("in_force_on",),
            "已发布的版本须有施行日",
            "an issued edition needs the day on which it is in force",
        )
