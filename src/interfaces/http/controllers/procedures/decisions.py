"""Decisions that wait for a second person: listed, looked at, signed, returned, withdrawn."""

from typing import Final

from litestar import Controller
from litestar.params import JSONBody

from application.access.decisions import PAGE_OF_DECISIONS, PendingDecision, PendingPage
from application.access.signatures import ReturnDecision, SignDecision, SignedDecision, WithdrawDecision
from interfaces.http.access.acting import whoever
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, Writing, command, question
from interfaces.http.parameters import (
    DecisionsInOrder,
    InRegion,
    LimitDecisions,
    Next,
    OfState,
    OfSubject,
    PendingDecisionId,
    WhoseDecisions,
    WithEffects,
)
from interfaces.http.replying import NO_STORE, Reply, reply

_SETTLING: Final = ("conflict", "refused", "undetermined", "invalid", "reused_key", "already_settled")
_SIGNING: Final = (*_SETTLING, "own_proposal", "role_may_not_sign", "recorder_decides", "password_reset")


class DecisionsController(Controller):
    """Decisions that wait for a second person."""

    tags = ("decisions",)

    @question("/pending-decisions", *ABOUT_SUBJECT, is_long=True)
    def list_decisions(
        self,
        in_state: OfState = None,
        mine: WhoseDecisions = None,
        region: InRegion = None,
        subject: OfSubject = None,
        sort: DecisionsInOrder = None,
        limit: LimitDecisions = PAGE_OF_DECISIONS,
        with_effects: WithEffects = True,
        cursor: Next = None,
        *,
        asked: Asking,
    ) -> Reply[PendingPage]:
        """Decisions that wait, or did."""
        page = asked.at.signing.decisions.page(
            by=whoever(asked, from_anywhere=True),
            state=in_state,
            mine=mine,
            region=region,
            subject=subject,
            sort=sort or "-proposed_at",
            cursor=cursor,
            limit=limit,
            with_effects=with_effects,
        )
        return reply(page, NO_STORE)

    @question("/pending-decisions/{decision}", *ABOUT_SUBJECT, is_long=True)
    def get_decision(self, decision: PendingDecisionId, *, asked: Asking) -> Reply[PendingDecision]:
        """One decision, with what it would do."""
        return reply(asked.at.signing.decisions.read(decision, by=whoever(asked, from_anywhere=True)), NO_STORE)

    # A batch of thousands of rows is decided again as a whole before any of it is recorded.
    @command("/pending-decisions/{decision}/signature", *_SIGNING, "digest_differs", status=200, is_long=True)
    def sign_decision(
        self, decision: PendingDecisionId, data: JSONBody[SignDecision], *, acting: Writing
    ) -> Reply[SignedDecision]:
        """Sign a decision."""
        signing = acting.at.signing
        signed = signing.sign(data.decision, by=acting.by, digest=data.digest, key=acting.key, chosen=data.chosen)
        if signed.outcome is None and signed.roster is None:
            # A batch: what is left of it a server records.
            acting.at.sheets.leave((signed.decision.request or {})["sheet"], by=acting.by)
        return reply(signed)

    @command("/pending-decisions/{decision}/return", *_SIGNING, status=200)
    def return_decision(
        self, decision: PendingDecisionId, data: JSONBody[ReturnDecision], *, acting: Writing
    ) -> Reply[PendingDecision]:
        """Send a decision back."""
        return reply(acting.at.signing.return_(data.decision, by=acting.by, reasons=data.reasons, key=acting.key))

    @command("/pending-decisions/{decision}/withdrawal", *_SETTLING, "not_the_proposer", status=200)
    def withdraw_decision(
        self, decision: PendingDecisionId, data: JSONBody[WithdrawDecision], *, acting: Writing
    ) -> Reply[PendingDecision]:
        """Take a decision back."""
        return reply(acting.at.signing.withdraw(data.decision, by=acting.by, key=acting.key))
