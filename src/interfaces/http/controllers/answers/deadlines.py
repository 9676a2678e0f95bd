"""Deadlines, and how they are reckoned."""

from litestar import Controller

from application.deadlines.worklist import ProvedDeadline, WorklistPage, WorklistQuestion
from interfaces.http.handlers import Asking, question
from interfaces.http.names import of_deadlines
from interfaces.http.parameters import (
    AsOf,
    DeadlineId,
    DeadlineOfKind,
    DeadlineStates,
    DueBefore,
    InRegion,
    KnownAt,
    LimitDeadlines,
    NextDeadlines,
    OfActor,
    Regime,
)
from interfaces.http.replying import NO_STORE, Reply, told_with
from interfaces.http.use_cases import PAGE
from interfaces.wording import words


class WorklistAnswer(WorklistPage, frozen=True, kw_only=True):
    """A page of the worklist with what its codes are called in the reader's language."""

    texts: dict[str, str]


class DeadlineAnswer(ProvedDeadline, frozen=True, kw_only=True):
    """One deadline and its proof with what their codes are called in the reader's language."""

    texts: dict[str, str]


class DeadlinesController(Controller):
    """Deadlines, and how they are reckoned."""

    tags = ("deadlines",)

    @question("/deadlines", "not_yet_there", "undetermined")
    def get_deadlines(
        self,
        region: InRegion = None,
        regime: Regime = None,
        kind: DeadlineOfKind = None,
        states: DeadlineStates = (),
        due_before: DueBefore = None,
        actor: OfActor = None,
        as_of: AsOf = None,
        limit: LimitDeadlines = PAGE,
        cursor: NextDeadlines = None,
        *,
        asked: Asking,
    ) -> Reply[WorklistAnswer]:
        """Worklist of deadlines."""
        question = WorklistQuestion(
            region=region,
            regime=regime,
            kind=kind,
            state=states,
            due_before=due_before,
            actor=actor,
            as_of=as_of,
            limit=limit,
            cursor=cursor,
        )
        page, language = asked.at.worklist.page(question, asked.min_position or 0), asked.language
        texts = of_deadlines(page.lines, language)
        texts |= {f"deadline:{c.kind}": words.deadline_kind(c.kind, language) for c in page.counts}
        texts |= {f"state:{c.state}": words.deadline_state(c.state, language) for c in page.counts}
        return told_with(page, texts, NO_STORE)

    @question("/deadlines/{deadline}", "not_found", "not_yet_there", "undetermined")
    def get_deadline(
        self, deadline: DeadlineId, as_of: AsOf = None, known_at: KnownAt = None, *, asked: Asking
    ) -> Reply[DeadlineAnswer]:
        """Proof of one deadline."""
        found, language = asked.at.worklist.one(deadline, known_at=known_at, as_of=as_of), asked.language
        texts = of_deadlines([found.deadline], language)
        texts |= {f"day:{d.kind}": words.proof_day(d.kind, language) for d in found.proof}
        return told_with(found, texts, NO_STORE)
