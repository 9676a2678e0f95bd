"""What is on record about one objection, or one comment of the public."""

import datetime as dt
from typing import assert_never

from domain.events.objections import CommentDecided, CommentRecorded, ObjectionDecided, ObjectionFiled, ReviewExtended

ObjectionStep = ReviewExtended | ObjectionDecided
"""What happens to an objection that was filed."""


class ObjectionFile:
    """What is on record about one objection."""

    __slots__ = ("decided", "extensions", "filed", "retracted")

    def __init__(self, filed: ObjectionFiled) -> None:
        self.filed = filed
        self.extensions: tuple[ReviewExtended, ...] = ()
        self.decided: ObjectionDecided | None = None
        self.retracted = False

    @property
    def extended_until(self) -> dt.date | None:
        """The last day of the review where it was extended; ``None`` where it runs as the law has it."""
        return self.extensions[-1].until_on if self.extensions else None


class CommentFile:
    """What is on record about one comment of the public."""

    __slots__ = ("decided", "recorded", "retracted")

    def __init__(self, recorded: CommentRecorded) -> None:
        self.recorded = recorded
        self.decided: CommentDecided | None = None
        self.retracted = False


def evolve(file: ObjectionFile, event: ObjectionStep) -> None:
    """Let ``event`` change what is on record about the objection. Never raises."""
    match event:
        case ReviewExtended():
            file.extensions = (*file.extensions, event)
        case ObjectionDecided():
            file.decided = event
        case _:
            assert_never(event)


def evolve_comment(file: CommentFile, event: CommentDecided) -> None:
    """Let ``event`` change what is on record about the comment. Never raises."""
    file.decided = event
