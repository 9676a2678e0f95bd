"""What the second signature refuses: not the law and not the state of a case, but who asks and what is signed."""

from typing import Literal

from domain.errors import CaseError
from domain.sentence import sentence

SigningFault = Literal[
    "own_proposal",
    "not_the_proposer",
    "role_may_not_sign",
    "recorder_decides",
    "password_reset",
    "already_settled",
    "digest_differs",
]
"""Why: they proposed it, or did not; their role does not sign; they recorded what is decided on; their password was set
by the link of a reset a short while ago; it waits no more; what they sign is not what waits."""


class SigningRefused(CaseError):
    """Somebody may not propose, sign, return or withdraw a decision. It says nothing of what waits."""

    code: SigningFault

    def __init__(self, code: SigningFault) -> None:
        super().__init__(code, sentence(f"signatures.refused.{code}"))
