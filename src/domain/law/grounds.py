"""Which grounds an edition has to state: those of every refusal, notice and line that its procedures can bring about.

A decision names its ground and no article; the edition says by ``grounds`` (for one kind of subject by ``grounds_of``)
on which articles it rests.
"""

from collections.abc import Iterator
from typing import Final

from domain.law.edition import Banding, Deciding, Edition, Ranking

_OF_PROCEDURES: Final[dict[str, tuple[str, ...]]] = {
    "confirm_rectification": ("rectification",),
    "request_certificate": ("certificate",),
    "issue_certificate": ("certificate",),
    "suspend_scope": ("suspension",),
    "resume_scope": ("suspension",),
    "adjust_result": ("adjustment",),
    "record_comment": ("comment", "comment_review"),
    "commit_repair": ("repair", "repair_commitment", *(f"repair_{n}" for n in ("completion", "repetition", "harm"))),
    "apply_repair": ("repair",),
    "issue_warning": ("warning", "warnable", "already_warned"),
}
_OF_STEPS: Final[dict[str, tuple[str, ...]]] = {
    "proposal": ("objection", "delivery"),
    "notice": (),
    "letter": ("letter",),
    "publicity": ("publicity_running",),
    "publication": ("late_fact", "published_result_affected"),
}
_OF_METHODS: Final[dict[type, tuple[str, ...]]] = {
    Banding: ("outside_scope", "review_open"),
    Ranking: (
        "scope", "filing", "change", "late_change", "period", "refusal", "revocation", "finding", "publicity_opens",
        "objection", "sampling",
    ),
    Deciding: (
        "registration", "reminder", "review", "outcome", "pool", "blacklist", "blacklist_procedure", "delisting",
    ),
}  # fmt: skip
_OF_READINGS: Final[dict[str, tuple[str, ...]]] = {
    "I-12": ("enhancement",),
    "I-14": ("advisory", "advisories", "same_advisory"),
    "I-19": ("falsification",),
    "I-26": ("linked",),
}


def needed(edition: Edition) -> Iterator[str]:
    """The names of the grounds that the edition has to state, some more than once."""
    for command in edition.admits or ():
        yield from _OF_PROCEDURES.get(command, ())
    for step in edition.stage:
        yield from _OF_STEPS.get(step.stage, ())
        if step.computes and not step.within_year:
            yield "period"
    for method in edition.methods.values():
        yield from _OF_METHODS.get(type(method), ())
    for reading in edition.reading:
        yield from _OF_READINGS.get(reading.id, ())
    if any((rule.kind, rule.of) == ("repair_wait", "agency") for rule in edition.deadline):
        yield "repair_wait"
    if any(row.counts_from in ("finality", "finality_if_penalty", "verified_and_final") for row in edition.row):
        yield "finality"
