"""Procedures that a text knows or does not know: an edition states which it admits, and every other one is refused.

Whatever holds for any credit information stands in no list: recording, correcting, annulling it, its challenge and
finality, and a national repair, which every regime has to honour. What a participant hands in is recorded with its
admissibility. What belongs to a way of grading (a ranking, a blacklist, an account) is told by that; the steps of a
year by the edition's own table of steps.
"""

from typing import Final

from domain.errors import Refused
from domain.law.edition import Edition
from domain.sentence import Sentence, sentence

PROCEDURES: Final[dict[str, Sentence]] = {
    "confirm_rectification": sentence("law.procedures.procedure.confirm_rectification"),
    "request_certificate": sentence("law.procedures.procedure.request_certificate"),
    "issue_certificate": sentence("law.procedures.procedure.issue_certificate"),
    "suspend_scope": sentence("law.procedures.procedure.suspend_scope"),
    "resume_scope": sentence("law.procedures.procedure.resume_scope"),
    "adjust_result": sentence("law.procedures.procedure.adjust_result"),
    "record_comment": sentence("law.procedures.procedure.record_comment"),
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
            raise Refused(
                "not_in_this_regime", sentence("law.procedures.excluded", words=excluded.words), *excluded.cites
            )
    if admits(edition, command):
        return
    says = sentence("law.procedures.not_in_this_regime", title=edition.title, procedure=PROCEDURES[command])
    raise Refused("not_in_this_regime", says)
