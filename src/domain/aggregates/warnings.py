"""What is on record about one warning."""

from typing import assert_never

import msgspec

from domain.events.warnings import (
    RectificationRejected,
    RectificationReported,
    WarningConfirmed,
    WarningIssued,
    WarningWithdrawn,
)

WarningStep = RectificationReported | WarningConfirmed | RectificationRejected | WarningWithdrawn
"""What happens to a warning that was issued."""


class WarningFile(msgspec.Struct, eq=False):
    """What is on record about one warning."""

    issued: WarningIssued
    reports: tuple[RectificationReported, ...] = ()
    confirmed: WarningConfirmed | None = None
    rejected: RectificationRejected | None = None
    withdrawn: bool = False
    retracted: bool = False

    @property
    def stands(self) -> bool:
        """Whether the warning was neither withdrawn nor retracted."""
        return not (self.withdrawn or self.retracted)

    @property
    def is_open(self) -> bool:
        """Whether nothing has been decided on it yet."""
        return self.stands and self.confirmed is None and self.rejected is None


def evolve(file: WarningFile, event: WarningStep) -> None:
    """Let ``event`` change what is on record about the warning. Never raises."""
    match event:
        case RectificationReported():
            file.reports = (*file.reports, event)
        case WarningConfirmed():
            file.confirmed = event
        case RectificationRejected():
            file.rejected = event
        case WarningWithdrawn():
            file.withdrawn = True
        case _:
            assert_never(event)
