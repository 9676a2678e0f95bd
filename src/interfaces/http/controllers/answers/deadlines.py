"""Deadlines, and how they are reckoned."""

from typing import Any

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.access.assigning import AssignDeadline
from application.deadlines.worklist import WORK, ProvedDeadline, WorklistPage, WorklistQuestion
from interfaces.files.tables import SHEETS
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, Writing, command, question
from interfaces.http.lists import exporting
from interfaces.http.names import of_deadlines
from interfaces.http.parameters import (
    AsOf,
    AssignedTo,
    DeadlineId,
    DeadlinesMeant,
    DeadlinesOf,
    InRegion,
    KnownAt,
    LimitDeadlines,
    NextDeadlines,
    SheetFile,
    SubjectId,
    WithTotal,
    deadlines_meant,
)
from interfaces.http.problems import RequestFault, bad_request
from interfaces.http.replying import NO_STORE, Reply, reply, told_with
from interfaces.http.use_cases import PAGE
from interfaces.wording import words
from interfaces.wording.texts import Language, both


class WorklistTotal(WorklistPage, frozen=True, kw_only=True):
    """A page of the worklist; ``total`` is how many there are in all, where that was asked for."""

    total: int | None


class WorklistAnswer(WorklistTotal, frozen=True, kw_only=True):
    """A page of the worklist with what its codes are called in the reader's language."""

    texts: dict[str, str]


class DeadlineAnswer(ProvedDeadline, frozen=True, kw_only=True):
    """One deadline and its proof with what their codes are called in the reader's language."""

    texts: dict[str, str]


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """Who works on a deadline; ``None`` for nobody."""

    deadline: str
    account: str | None


class DeadlinesController(Controller):
    """Deadlines, and how they are reckoned."""

    tags = ("deadlines",)

    @question("/deadlines", "not_found", "not_yet_there", "undetermined", takes={"deadlines": deadlines_meant})
    def get_deadlines(
        self,
        deadlines: DeadlinesMeant,
        region: InRegion = None,
        subject: DeadlinesOf = None,
        assignee: AssignedTo = None,
        limit: LimitDeadlines = PAGE,
        cursor: NextDeadlines = None,
        total: WithTotal = False,
        *,
        asked: Asking,
    ) -> Reply[WorklistAnswer]:
        """Worklist of deadlines."""
        if total and deadlines.due_before is not None:
            text = both("requests.total_of_states")
            raise bad_request(RequestFault(parameter="total", code="beside_due_before", text=text))
        question = WorklistQuestion(
            region=region,
            **msgspec.structs.asdict(deadlines),
            subject=subject,
            assignee=assignee,
            among=None if assignee is None else asked.at.assigning.assigned(assignee),
            limit=limit,
            cursor=cursor,
        )
        page = asked.at.worklist.page(question, asked.min_position or 0)
        told, texts = told_worklist(page, asked.language)
        return told_with(
            WorklistTotal(**_members(told), total=_total(page, question) if total else None), texts, NO_STORE
        )

    @question(
        "/deadlines/export",
        "not_found",
        "not_yet_there",
        "undetermined",
        takes={"deadlines": deadlines_meant},
        files=tuple(SHEETS.values()),
    )
    def export_deadlines(
        self,
        deadlines: DeadlinesMeant,
        file: SheetFile = "csv",
        region: InRegion = None,
        subject: DeadlinesOf = None,
        *,
        asked: Asking,
    ) -> Reply[str]:
        """Worklist as a file."""
        question = WorklistQuestion(
            region=region,
            **msgspec.structs.asdict(deadlines),
            subject=subject,
        )
        return exporting.deadlines(asked.at, question, file, asked.language, asked.min_position or 0)

    @question("/subjects/{subject}/deadlines", *ABOUT_SUBJECT, "undetermined", takes={"deadlines": deadlines_meant})
    def get_subject_deadlines(
        self,
        subject: SubjectId,
        deadlines: DeadlinesMeant,
        limit: LimitDeadlines = PAGE,
        cursor: NextDeadlines = None,
        *,
        asked: Asking,
    ) -> Reply[WorklistAnswer]:
        """Deadlines of one file."""
        question = WorklistQuestion(
            subject=subject,
            **msgspec.structs.asdict(deadlines),
            limit=limit,
            cursor=cursor,
        )
        return told_with(*told_worklist(asked.at.worklist.page(question), asked.language), NO_STORE)

    @question("/deadlines/{deadline}", "not_found", "not_yet_there", "undetermined")
    def get_deadline(
        self, deadline: DeadlineId, as_of: AsOf = None, known_at: KnownAt = None, *, asked: Asking
    ) -> Reply[DeadlineAnswer]:
        """Proof of one deadline."""
        found, language = asked.at.worklist.one(deadline, known_at=known_at, as_of=as_of), asked.language
        texts = of_deadlines([found.deadline], language)
        texts |= {f"day:{d.kind}": words.proof_day(d.kind, language) for d in found.proof}
        return told_with(found, texts, NO_STORE)

    @command("/deadlines/{deadline}/assignment", "not_found", "refused", "invalid", status=200)
    def assign_deadline(
        self, deadline: DeadlineId, data: JSONBody[AssignDeadline], *, acting: Writing
    ) -> Reply[Assignment]:
        """Let somebody work on a deadline."""
        acting.at.assigning.assign(acting.by, deadline, data.account)
        return reply(Assignment(deadline=deadline, account=data.account), NO_STORE)


def _members(page: WorklistPage) -> dict[str, Any]:
    return {name: getattr(page, name) for name in WorklistPage.__struct_fields__}


def _total(page: WorklistPage, question: WorklistQuestion) -> int:
    """How many deadlines of the states and the kind that were asked for there are."""
    states = question.state or WORK
    return sum(c.number for c in page.counts if c.state in states and question.kind in (None, c.kind))


def told_worklist(
    page: WorklistPage, language: Language, total: int | None = None
) -> tuple[WorklistPage, dict[str, str]]:
    """A page of deadlines, and what its codes are called."""
    texts = of_deadlines(page.lines, language)
    texts |= {f"deadline:{c.kind}": words.deadline_kind(c.kind, language) for c in page.counts}
    texts |= {f"state:{c.state}": words.deadline_state(c.state, language) for c in page.counts}
    return WorklistTotal(**_members(page), total=total), texts
