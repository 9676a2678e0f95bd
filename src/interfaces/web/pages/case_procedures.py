"""Procedures on a case: objections, comments and repairs as numbered cases, with what was done and what is next."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple, get_args

import msgspec
from litestar import Controller

from application.answering.procedure_tasks import ProcedureTask, with_proposal
from application.recording.commands import commands_about
from domain.events.objections import DecisionOutcome
from interfaces.web.asking import JsonAnswer
from interfaces.web.page import PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, opened, view
from interfaces.web.pages.letters import letters_by_record
from interfaces.web.rendering import shanghai_minute
from interfaces.wording import words
from interfaces.wording.days import days_written
from interfaces.wording.punctuation import by_colon
from interfaces.wording.texts import Language, name, say


class ProcedureLine(NamedTuple):
    """One procedure. ``number`` counts those of the kind on the file, ``acts`` are the forms that lead on, ``said`` is
    what was said in its course, ``pending`` the decision that waits for a second person, ``reckoned`` the deadline that
    its admissibility goes by."""

    kind: str
    number: int
    id: str
    filed_on: str
    about: str
    grounds: str | None
    admissible: JsonAnswer
    reckoned: JsonAnswer | None
    tasks: tuple[ProcedureTask, ...]
    said: tuple[str, ...]
    outcome: str | None
    acts: tuple[str, ...]
    pending: str | None

    @property
    def rehearsed(self) -> list[tuple[str, str]]:
        """The forms in which each outcome can be tried before it is decided."""
        deciding = [act for act in self.acts if act in ("decide_objection", "decide_comment")]
        return [(act, outcome) for act in deciding for outcome in get_args(DecisionOutcome)]


class WarningTold(NamedTuple):
    """A warning: the paper of the fact it is about, whether it has lapsed with nothing reported, and the forms that
    lead on."""

    line: JsonAnswer
    paper: str
    is_lapsed: bool
    acts: tuple[str, ...]


_ACTS_OF_WARNINGS: Final = {
    "open": ("report_rectification", "confirm_warning", "withdraw_warning"),
    "reported": ("confirm_warning", "reject_rectification", "withdraw_warning"),
}
"""What may follow a warning, by how it stands."""


class ProcedureController(Controller):
    """Procedures on a case."""

    @page("/cases/{subject:str}/procedures")
    async def show_procedures(self, page: PageRequest, subject: str) -> PageView:
        """Objections, comments and repairs, the last ones first."""
        case = await opened(page, subject)
        proposals = await _proposals(page, case)
        lines = [*_objections(page, case, proposals), *_repairs(page, case, proposals)]
        lines.sort(key=lambda line: line.filed_on, reverse=True)
        warnings = list(_warnings(page, case))
        written = await letters_by_record(page, case)
        given = {"lines": lines, "warnings": warnings, "written": written}
        return view(page, case, "procedures", "cases/procedures.html", **given)


async def _proposals(page: PageRequest, case: OpenedCase) -> Mapping[str, JsonAnswer]:
    """The decisions that wait for a second person, by the procedure that they would decide."""
    if not page.may_at_once("list_decisions") or case.known_at is not None:
        return {}
    found = await page.ask("list_decisions", subject=case.id, state="waiting", effects=False)
    return {
        request[key]: item
        for item in found["items"]
        if (request := item.get("request")) is not None
        for key in ("objection", "comment", "repair")
        if key in request
    }


def _tasks(found: JsonAnswer, proposal: JsonAnswer | None) -> tuple[ProcedureTask, ...]:
    tasks = msgspec.convert(found["tasks"], tuple[ProcedureTask, ...])
    if proposal is None:
        return tasks
    return with_proposal(tasks, dt.date.fromisoformat(shanghai_minute(proposal["proposed_at"])[:10]))


def _objections(page: PageRequest, case: OpenedCase, proposals: Mapping[str, JsonAnswer]) -> Iterator[ProcedureLine]:
    """Objections and comments of the public, which are decided alike."""
    for kind, what in (("objection", "grounds"), ("comment", "content")):
        for number, found in enumerate(case.proceedings[f"{kind}s"], start=1):
            decided, proposal = found["decided"], proposals.get(found[kind])
            yield ProcedureLine(
                kind,
                number,
                found[kind],
                found["filed_on"],
                case.steps.get(found["against"], ""),
                found[what],
                found["admissibility"],
                _reckoned(case, found["admissibility"]["due_on"], ("objection", "publicity")),
                _tasks(found, proposal),
                () if decided is None else (decided["reasons"],),
                None if decided is None else words.outcome(decided["outcome"], page.language),
                () if decided is not None else tuple(act for act in commands_about(kind) if page.may(act)),
                None if proposal is None else proposal["id"],
            )


def _repairs(page: PageRequest, case: OpenedCase, proposals: Mapping[str, JsonAnswer]) -> Iterator[ProcedureLine]:
    facts, language = case.papers, page.language
    for number, found in enumerate(case.proceedings["repairs"], start=1):
        decisions, proposal = found["decisions"], proposals.get(found["repair"])
        is_open = not any(d["decision"] in ("confirmed", "refused", "revoked") for d in decisions)
        acts = ("confirm_repair", "refuse_repair") if is_open else ("revoke_repair",)
        last = decisions[-1] if decisions else None
        said = [_decision_told(d, language) for d in decisions]
        if found["completed_on"]:
            day = days_written(found["completed_on"], language)
            said.insert(0, say("web_case.completed_on", language, day=day))
        yield ProcedureLine(
            "repair",
            number,
            found["repair"],
            found["dated_on"],
            say("web.list_comma", language).join(facts.get(fact, "") for fact in found["facts"]),
            found["unmet"][language] if found["unmet"] else None,
            found["admissibility"],
            None,
            _tasks(found, proposal),
            tuple(said),
            None if last is None or is_open else name("web_case.decision", last["decision"], language),
            tuple(act for act in acts if page.may(act)),
            None if proposal is None else proposal["id"],
        )


def _decision_told(found: JsonAnswer, language: Language) -> str:
    """What was decided of a repair, when, and by which certificate or for which reasons, where it says so."""
    what = name("web_case.decision", found["decision"], language)
    told = say("web_case.decision_on", language, what=what, day=days_written(found["decided_on"], language))
    more = found["certificate"] or found["reasons"]
    return by_colon(told, more, language) if more else told


def _warnings(page: PageRequest, case: OpenedCase) -> Iterator[WarningTold]:
    papers = case.papers
    overdue = {line["id"] for line in case.file["deadlines"]["lines"] if line["state"] == "overdue"}
    for found in case.file["warnings"]:
        is_lapsed = f"{found['warning']}:rectification" in overdue
        acts = () if is_lapsed else _ACTS_OF_WARNINGS.get(found["state"], ())
        yield WarningTold(found, papers.get(found["fact"], ""), is_lapsed, tuple(act for act in acts if page.may(act)))


def _reckoned(case: OpenedCase, due_on: str | None, kinds: tuple[str, ...]) -> JsonAnswer | None:
    """The deadline of a year that a last day is taken from."""
    every = (line for year in case.proceedings["years"] for line in year["deadlines"])
    return next((d for d in every if due_on is not None and d["kind"] in kinds and d["due_on"] == due_on), None)
