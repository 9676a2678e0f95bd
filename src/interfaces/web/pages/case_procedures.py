"""Procedures on a case: objections, comments and repairs as numbered cases, with what was done and what is next."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from litestar import Controller

from interfaces.web.asking import JsonAnswer
from interfaces.web.page import PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, opened, view
from interfaces.web.pages.letters import letters_by_record
from interfaces.wording import words
from interfaces.wording.texts import Language, say

_DONE: Final = "done"
_WAITING: Final = "waiting"


class ProcedureTask(NamedTuple):
    """One step of a procedure: what it is called, how it stands, on which day, and what was said."""

    code: str
    state: str
    on: str | None = None
    said: str | None = None


class ProcedureLine(NamedTuple):
    """One procedure. ``number`` counts those of the kind on the file, ``acts`` are the forms that lead on."""

    kind: str
    number: int
    id: str
    filed_on: str
    about: str
    grounds: str | None
    admissible: JsonAnswer
    tasks: tuple[ProcedureTask, ...]
    outcome: str | None
    acts: tuple[str, ...]


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
        lines = [*_objections(page, case), *_repairs(page, case)]
        lines.sort(key=lambda line: line.filed_on, reverse=True)
        warnings = list(_warnings(page, case))
        written = await letters_by_record(page, case)
        given = {"lines": lines, "warnings": warnings, "written": written}
        return view(page, case, "procedures", "cases/procedures.html", **given)


def _objections(page: PageRequest, case: OpenedCase) -> Iterator[ProcedureLine]:
    """Objections and comments of the public, which are decided alike."""
    for kind, what, act in (("objection", "grounds", "decide_objection"), ("comment", "content", "decide_comment")):
        for number, found in enumerate(case.proceedings[f"{kind}s"], start=1):
            decided = found["decided"]
            tasks = [ProcedureTask("received", _DONE, found["filed_on"]), _admission(found["admissibility"])]
            if found.get("extended_until_on"):
                tasks.append(ProcedureTask("extended", _DONE, found["extended_until_on"]))
            tasks.append(_decision(decided, page.language))
            acts = ("extend_review", act) if kind == "objection" else (act,)
            yield ProcedureLine(
                kind,
                number,
                found[kind],
                found["filed_on"],
                _step_named(case, found["against"]),
                found[what],
                found["admissibility"],
                tuple(tasks),
                None if decided is None else words.outcome(decided["outcome"], page.language),
                () if decided is not None else tuple(act for act in acts if page.may(act)),
            )


def _repairs(page: PageRequest, case: OpenedCase) -> Iterator[ProcedureLine]:
    facts = _papers(case)
    for number, found in enumerate(case.proceedings["repairs"], start=1):
        decisions = found["decisions"]
        tasks = [ProcedureTask("received", _DONE, found["dated_on"])]
        if found["completed_on"]:
            tasks.append(ProcedureTask("completed", _DONE, found["completed_on"]))
        tasks.append(_admission(found["admissibility"]))
        tasks += [
            ProcedureTask(d["decision"], _DONE, d["decided_on"], d["certificate"] or d["reasons"]) for d in decisions
        ]
        is_open = not any(d["decision"] in ("confirmed", "refused", "revoked") for d in decisions)
        if is_open:
            tasks.append(ProcedureTask("decided", _WAITING))
        acts = ("confirm_repair", "refuse_repair") if is_open else ("revoke_repair",)
        last = decisions[-1] if decisions else None
        yield ProcedureLine(
            "repair",
            number,
            found["repair"],
            found["dated_on"],
            say("web.list_comma", page.language).join(facts.get(fact, "") for fact in found["facts"]),
            found["unmet"],
            found["admissibility"],
            tuple(tasks),
            None if last is None or is_open else say(f"web_case.task.{last['decision']}", page.language),
            tuple(act for act in acts if page.may(act)),
        )


def _warnings(page: PageRequest, case: OpenedCase) -> Iterator[WarningTold]:
    papers = _papers(case)
    overdue = {line["id"] for line in case.file["deadlines"]["lines"] if line["state"] == "overdue"}
    for found in case.file["warnings"]:
        is_lapsed = f"{found['warning']}:rectification" in overdue
        acts = () if is_lapsed else _ACTS_OF_WARNINGS.get(found["state"], ())
        yield WarningTold(found, papers.get(found["fact"], ""), is_lapsed, tuple(act for act in acts if page.may(act)))


def _admission(found: JsonAnswer) -> ProcedureTask:
    """Whether it was taken up. On which day nobody records; until when it had to come stands beside the article."""
    return ProcedureTask("admitted" if found["admissible"] else "not_admitted", _DONE)


def _decision(decided: JsonAnswer | None, language: Language) -> ProcedureTask:
    if decided is None:
        return ProcedureTask("decided", _WAITING)
    said = say(
        "web_case.because", language, outcome=words.outcome(decided["outcome"], language), why=decided["reasons"]
    )
    return ProcedureTask("decided", _DONE, decided["decided_on"], said)


def _papers(case: OpenedCase) -> Mapping[str, str]:
    """The papers of the facts of the file, by which people know them."""
    return {
        step["fact"]: str((step.get("particulars") or {}).get("document") or case.row(step["row"]))
        for step in case.grade["steps"]
        if step["fact"]
    }


def _step_named(case: OpenedCase, record: Any) -> str:
    """What an objection is against: the step of a year."""
    for year in case.proceedings["years"]:
        for step in year["steps"]:
            if step["record"] == record:
                return f"{year['annual']['year']} · {words.stage(step['stage'], case.language)} · {step['dated_on']}"
    return ""
