"""Deadlines, and how they are reckoned."""

import datetime as dt
from functools import partial
from typing import Any

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.access.accounts import Snooze
from application.access.assigning import AssignDeadline
from application.access.snoozing import CloseDeadline, SnoozeDeadline
from application.cache import LastingLines
from application.deadlines.worklist import WORK, DeadlineLine, ProvedDeadline, WorklistPage, WorklistQuestion
from application.principal import Role
from domain.time import iso_utc
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
    SnoozedOnes,
    SubjectId,
    WithTotal,
    deadlines_meant,
)
from interfaces.http.problems import RequestFault, bad_request
from interfaces.http.replying import NO_STORE, Reply, reply, told_with
from interfaces.http.use_cases import PAGE, UseCases
from interfaces.wording import words
from interfaces.wording.texts import Language, both, name


class DeadlineNote(msgspec.Struct, frozen=True, kw_only=True):
    """What an office has noted about a deadline: who works on it; until which day it is put off, by whom, when and why;
    whether it is noted as done. ``ended_by_law`` tells that it is overdue and takes no further act.
    """

    assignee: str | None
    snoozed_until: dt.date | None
    closed: bool
    by: str | None
    at: str | None
    reason: str | None
    ended_by_law: bool


class WorklistTotal(WorklistPage, frozen=True, kw_only=True):
    """A page of the worklist; ``total`` is how many there are in all, where that was asked for.

    ``notes`` are what the office has noted, by the id of the deadline, about those of which there is something to say.
    """

    total: int | None
    notes: dict[str, DeadlineNote]


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


class Assignee(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who can work on deadlines; ``place`` is the code of the region of their bureau."""

    account: str
    name: str
    role: Role
    place: str


class Assignees(msgspec.Struct, frozen=True, kw_only=True):
    """Who can work on deadlines of the place of whoever asks, those of that place first."""

    assignees: tuple[Assignee, ...]
    texts: dict[str, str]


class SnoozedDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline that is put off until a day, or noted as done (``closed``); by neither it is in the list again."""

    deadline: str
    snoozed_until: dt.date | None
    closed: bool


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
        snoozed: SnoozedOnes = "any",
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
        page = asked.at.worklist.page(asked.at.snoozing.narrowed(question, snoozed), asked.min_position or 0)
        told, texts = told_worklist(page, asked.language)
        of_page = WorklistTotal(
            **_members(told), total=_total(page, question) if total else None, notes=_notes(page, asked.at)
        )
        return told_with(of_page, texts, NO_STORE)

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
        page = asked.at.worklist.page(question)
        told, texts = told_worklist(page, asked.language)
        return told_with(WorklistTotal(**_members(told), total=None, notes=_notes(page, asked.at)), texts, NO_STORE)

    @question("/deadlines/{deadline}", "not_found", "not_yet_there", "undetermined")
    def get_deadline(
        self, deadline: DeadlineId, as_of: AsOf = None, known_at: KnownAt = None, *, asked: Asking
    ) -> Reply[DeadlineAnswer]:
        """Proof of one deadline."""
        found, language = asked.at.worklist.one(deadline, known_at=known_at, as_of=as_of), asked.language
        texts = of_deadlines([found.deadline], language)
        texts |= {f"day:{d.kind}": words.proof_day(d.kind, language) for d in found.proof}
        return told_with(found, texts, NO_STORE)

    @question("/deadlines/assignees")
    def get_assignees(self, *, caller: Asking) -> Reply[Assignees]:
        """Who can work on deadlines."""
        found = caller.at.assigning.colleagues(caller.caller.principal)
        texts = {f"role:{role}": name("access.role", role, caller.language) for role in {a.role for a in found}}
        listed = tuple(Assignee(account=a.id, name=a.name, role=a.role, place=a.place) for a in found)
        return reply(Assignees(assignees=listed, texts=dict(sorted(texts.items()))), NO_STORE)

    @command("/deadlines/{deadline}/assignment", "not_found", "refused", status=200)
    def assign_deadline(
        self, deadline: DeadlineId, data: JSONBody[AssignDeadline], *, acting: Writing
    ) -> Reply[Assignment]:
        """Let somebody work on a deadline."""
        acting.at.assigning.assign(acting.by, deadline, data.account)
        return reply(Assignment(deadline=deadline, account=data.account), NO_STORE)

    @command("/deadlines/{deadline}/snooze", "not_found", "refused", status=200)
    def snooze_deadline(
        self, deadline: DeadlineId, data: JSONBody[SnoozeDeadline], *, acting: Writing
    ) -> Reply[SnoozedDeadline]:
        """Put a deadline off."""
        kept = acting.at.snoozing.snooze(acting.by, deadline, data)
        return reply(SnoozedDeadline(deadline=deadline, snoozed_until=kept.until_on, closed=False), NO_STORE)

    @command("/deadlines/{deadline}/closing", "not_found", "refused", status=200)
    def close_deadline(
        self, deadline: DeadlineId, data: JSONBody[CloseDeadline], *, acting: Writing
    ) -> Reply[SnoozedDeadline]:
        """Note a lapsed deadline as done."""
        acting.at.snoozing.close(acting.by, deadline, data)
        return reply(SnoozedDeadline(deadline=deadline, snoozed_until=None, closed=True), NO_STORE)

    @command("/deadlines/{deadline}/snooze", "not_found", method="DELETE", status=200)
    def reopen_deadline(self, deadline: DeadlineId, *, acting: Writing) -> Reply[SnoozedDeadline]:
        """Take a deadline back into the worklist."""
        acting.at.snoozing.reopen(acting.by, deadline)
        return reply(SnoozedDeadline(deadline=deadline, snoozed_until=None, closed=False), NO_STORE)


def _members(page: WorklistPage) -> dict[str, Any]:
    return {name: getattr(page, name) for name in WorklistPage.__struct_fields__}


def _total(page: WorklistPage, question: WorklistQuestion) -> int:
    """How many deadlines of the states and the kind that were asked for there are."""
    states = question.state or WORK
    return sum(c.number for c in page.counts if c.state in states and question.kind in (None, c.kind))


def _notes(page: WorklistPage, at: UseCases) -> dict[str, DeadlineNote]:
    """What the office has noted about the deadlines of a page."""
    snoozes = at.snoozing.on(page.as_of)
    assignees = at.assigning.assignees([line.id for line in page.lines])
    found = ((line.id, _note(line, assignees.get(line.id), snoozes.get(line.id))) for line in page.lines)
    return {deadline: note for deadline, note in found if note is not None}


def _note(line: DeadlineLine, assignee: str | None, snooze: Snooze | None) -> DeadlineNote | None:
    if assignee is None and snooze is None and not line.is_ended_by_law:
        return None
    return DeadlineNote(
        assignee=assignee,
        snoozed_until=None if snooze is None else snooze.until_on,
        closed=snooze is not None and snooze.until_on is None,
        by=None if snooze is None else snooze.by,
        at=None if snooze is None else iso_utc(snooze.at),
        reason=None if snooze is None else snooze.reason,
        ended_by_law=line.is_ended_by_law,
    )


def told_worklist(
    page: WorklistPage, language: Language, total: int | None = None
) -> tuple[WorklistPage, dict[str, str]]:
    """A page of deadlines, and what its codes are called."""
    lines, key = page.lines, ("texts", language)
    told = partial(_texts, page, language)
    texts = lines.once(key, told) if isinstance(lines, LastingLines) else told()
    return WorklistTotal(**_members(page), total=total, notes={}), texts


def _texts(page: WorklistPage, language: Language) -> dict[str, str]:
    texts = of_deadlines(page.lines, language)
    texts |= {f"deadline:{c.kind}": words.deadline_kind(c.kind, language) for c in page.counts}
    texts |= {f"state:{c.state}": words.deadline_state(c.state, language) for c in page.counts}
    return texts
