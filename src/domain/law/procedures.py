"""Procedures that a text knows or does not know: an edition states which it admits, and every other one is refused.

Whatever holds for any credit information stands in no list: recording, correcting, annulling it, its challenge and
finality, and a national repair, which every regime has to honour. What a participant hands in is recorded with its
admissibility. What belongs to a way of grading (a ranking, a blacklist, an account) is told by that; the steps of a
year by the edition's own table of steps.
"""

from typing import Final

from domain.errors import Refused
from domain.law.edition import Edition
from domain.vocabulary import Text

PROCEDURES: Final[dict[str, Text]] = {
    "confirm_rectification": Text("整改确认", "confirmation of a rectification"),
    "request_certificate": Text("信用证明的申请", "application for a credit certificate"),
    "issue_certificate": Text("信用证明的出具", "credit certificate"),
    "suspend_scope": Text("涉嫌犯罪期间评价的中止", "suspension of the evaluation on suspicion of a crime"),
    "resume_scope": Text("涉嫌犯罪期间评价的恢复", "resumption of an evaluation suspended on suspicion of a crime"),
    "adjust_result": Text("两次公布之间公开等级的调整", "adjustment of the public grade between publications"),
    "record_comment": Text("公示期间公众意见的登记", "comment of the public on what is on show"),
}
"""What they are called, by the command that begins them."""


def admits(edition: Edition, command: str) -> bool:
    """Whether the edition knows the procedure."""
    if any(excluded.command == command for excluded in edition.excluded):
        return False
    return command not in PROCEDURES or edition.admits is None or command in edition.admits


def refuse_unknown(edition: Edition, command: str) -> None:
    """Raise ``Refused`` for a procedure that the edition excludes or does not know, in its own name."""
    for excluded in edition.excluded:
        if excluded.command == command:
            raise Refused("not_in_this_regime", excluded.words.zh, excluded.words.en, *excluded.cites)
    if admits(edition, command):
        return
    name = PROCEDURES[command]
    raise Refused(
        "not_in_this_regime",
        f"《{edition.title.zh}》没有“{name.zh}”这项程序。",
        f"there is no {name.en} under {edition.title.en}.",
    )
