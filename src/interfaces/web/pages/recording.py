"""Recording: a form for every command about a case, what it would change, and how it went."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple, get_args

import msgspec
from litestar import Controller

from application.access.reading_place import EVERYWHERE
from application.answering.grading import DeadlineChange
from application.recording.commands import COMMANDS
from domain.procedures.request import Request
from domain.vocabulary import Organ
from interfaces.http.describing import OPERATIONS
from interfaces.http.operations import Operation
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.forms import FieldChoices, FormField, body_from, fields_of, shown_value
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, opened, view
from interfaces.web.picking import (
    Meaning,
    NameMeant,
    authority_meant,
    file_meant,
    meant_in,
    person_meant,
    place_meant,
)
from interfaces.web.rendering import query_string
from interfaces.wording import places, words
from interfaces.wording.days import day_written, days_written
from interfaces.wording.texts import Language, say
from interfaces.wording.trials import DeadlineMoved, deadline_moved

_OF_A_FILE: Final = ("subject", "agency")
_CHOSEN: Final = ("fact", "warning", "objection", "comment", "repair", "record", "year", "stage")
_OWN_PAGES: Final = ("draft_letter", "receive_evidence")
"""Commands that have a page of their own."""

_FINAL_DAYS: Final = ("served_on", "final_on")
_DAYS_OF_ROWS: Final = {
    "decided_on": ("decided_on",),
    "finality": ("decided_on", *_FINAL_DAYS),
    "finality_if_penalty": ("decided_on", *_FINAL_DAYS),
    "verified_on": ("verified_on",),
    "verified_and_final": ("decided_on", *_FINAL_DAYS, "verified_on"),
}


class ActForm(NamedTuple):
    """A command as a form offers it: the operation that takes it, and the command itself."""

    operation: Operation
    command: type[Request]

    @property
    def code(self) -> str:
        """Its name in an address."""
        return self.operation.id


def _forms() -> Iterator[ActForm]:
    for operation in OPERATIONS:
        parts = set(operation.parts)
        kinds = get_args(operation.data) or (operation.data,)
        if operation.is_question or len(kinds) != 1 or not parts or not parts <= {*_OF_A_FILE, *_CHOSEN}:
            continue
        if kinds[0] in COMMANDS.values() and operation.id not in _OWN_PAGES:
            yield ActForm(operation, kinds[0])


FORMS: Final = {form.code: form for form in _forms()}
"""Every command about one file, by the name of its operation."""


class RecordingController(Controller):
    """Recording on a case."""

    @page("/cases/{subject:str}/record")
    async def show_acts(self, page: PageRequest, subject: str) -> PageView:
        """What may be recorded, by whoever looks."""
        case = await opened(page, subject)
        groups: dict[str, list[str]] = {}
        for form in FORMS.values():
            if page.may(form.code):
                groups.setdefault(_group_of(form), []).append(form.code)
        return view(page, case, "record", "recording/acts.html", groups=groups)

    @page("/cases/{subject:str}/record/{act:str}")
    async def show_form(self, page: PageRequest, subject: str, act: str) -> PageView | GoTo:
        """The form of one command."""
        case = await opened(page, subject)
        form = FORMS.get(act)
        if form is None:
            return GoTo(f"/cases/{case.id}/record")
        if _is_about_an_answer(form) and "basis" not in case.basis:
            # What is looked at is what is recorded, whatever comes in between.
            pinned = {"basis": case.grade["basis"]["token"]}
            return GoTo(f"/cases/{case.id}/record/{form.code}{query_string(pinned)}")
        return _form(page, case, form, page.query)

    @page("/cases/{subject:str}/record/{act:str}", posts=True)
    async def send_form(self, page: PageRequest, subject: str, act: str) -> PageView | GoTo:
        """Try what was filled in and show what it would change; record it when that was confirmed."""
        case = await opened(page, subject)
        form = FORMS.get(act)
        if form is None:
            return GoTo(f"/cases/{case.id}/record")
        if page.form.get("do") == "edit":
            return _form(page, case, form, page.form)
        said = dict(page.form)
        fields, faults = await meant_in(page, _fields(page, case, form), said, _meanings(case))
        if not faults and not _is_stale(page, case):
            faults = list(_not_offered(fields, said, page.several, page.language))
        if faults:
            return _form(page, case, form, page.form, faults=faults, among=fields, status=422)
        body, parts = _split(form, case, body_from(fields, said, page.several))
        missing = [part for part in form.operation.parts if part not in parts]
        if missing:
            detail = say("web_form.choose_one", page.language)
            faults = [{"field": part, "detail": detail} for part in missing]
            return _form(page, case, form, page.form, faults=faults, status=422)
        is_meant = page.form.get("do") == "record"
        sent = {"idempotency-key": page.form.get("key", "")} if is_meant and page.form.get("key") else {}
        if is_meant and page.form.get("version", "").isdigit():
            sent["if-match"] = f'"{page.form["version"]}"'
        try:
            told = await page.tell(form.code, body, sent=sent, **parts, **({} if is_meant else {"dry_run": True}))
        except ApiRefusal as refusal:
            faults = list(_faults(refusal, fields))
            return _form(page, case, form, page.form, refusal=refusal, faults=faults, status=refusal.status)
        if not is_meant:
            return _preview(page, case, form, fields, body, told.answer)
        if told.status == 202:
            return GoTo(f"/cases/{case.id}?waits={form.code}")
        return GoTo(f"/cases/{case.id}?recorded={form.code}")


def _is_stale(page: PageRequest, case: OpenedCase) -> bool:
    """Whether something was recorded since the form was opened: what it had to choose from may be gone, and whoever
    sent it is told what came in between."""
    version = page.form.get("version", "")
    return version.isdigit() and int(version) != case.profile["version"]


def _not_offered(
    fields: Sequence[FormField], said: Mapping[str, str], several: Mapping[str, Sequence[str]], language: Language
) -> Iterator[JsonAnswer]:
    """A fault beside each field in which something stands that there was not to choose: what is of another file is not
    recorded from this one."""
    for field in fields:
        given = {"choice": [said.get(field.name, "")], "several": several.get(field.name, ())}.get(field.widget, ())
        codes = {code for code, _ in field.choices}
        if any(value and value not in codes for value in given):
            yield {"field": field.name, "detail": say("web_form.choose_one", language)}


def _is_about_an_answer(form: ActForm) -> bool:
    """Whether a command is about an answer, which its token names."""
    return any(field.name == "basis" for field in msgspec.structs.fields(form.command))


def _group_of(form: ActForm) -> str:
    """Of which matter a command is: its controller's."""
    return form.operation.handler.__module__.rpartition(".")[2]


def _meanings(case: OpenedCase) -> dict[str, Meaning]:
    """How what is typed by name is understood."""
    kind, province = case.profile["kind"], case.profile["region"][:2]

    async def authority(page: PageRequest, said: str) -> NameMeant:
        return await authority_meant(page, said, province)

    return {
        "region": place_meant,
        "joined": lambda page, said: file_meant(page, said, kind),
        "practitioner": person_meant,
        "authority": authority,
        "transferred_to": authority,
    }


def _split(form: ActForm, case: OpenedCase, body: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a form spells as the body of its command, and what of it stands in the address."""
    known = dict.fromkeys(_OF_A_FILE, case.id)
    parts = {part: known.get(part) or body.pop(part, None) for part in form.operation.parts}
    for part in form.operation.parts:
        body.pop(part, None)
    names = {field.name for field in msgspec.structs.fields(form.command)}
    if "regime" in names:
        body["regime"] = case.grade["regime"]
    if "basis" in names:
        body["basis"] = case.basis.get("basis") or case.grade["basis"]["token"]
    return body, {part: value for part, value in parts.items() if value is not None}


def _form(
    page: PageRequest,
    case: OpenedCase,
    form: ActForm,
    filled: Mapping[str, str],
    *,
    refusal: ApiRefusal | None = None,
    faults: Sequence[JsonAnswer] = (),
    among: Sequence[FormField] = (),
    status: int = 200,
) -> PageView:
    fields = among or _fields(page, case, form)
    asked, rare = _by_row(page, case, form, fields, filled)
    shown = view(
        page,
        case,
        "record",
        "recording/form.html",
        form=form,
        fields=asked,
        rare=rare,
        filled=filled,
        several=page.several,
        faults=faults,
        problem=None if refusal is None else refusal.problem,
        rows=_rows(page, case) if form.code == "record_fact" else None,
        key=filled.get("key") or str(uuid.uuid4()),
        version=case.profile["version"],
    )
    return shown._replace(status=status)


def _preview(
    page: PageRequest,
    case: OpenedCase,
    form: ActForm,
    fields: Sequence[FormField],
    body: Mapping[str, Any],
    outcome: JsonAnswer,
) -> PageView:
    sent = {**body, **{part: page.form[part] for part in form.operation.parts if page.form.get(part)}}
    return view(
        page,
        case,
        "record",
        "recording/preview.html",
        form=form,
        said=[(f.label, text) for f in fields if (text := shown_value(f, sent, page.language)) is not None],
        outcome=outcome,
        moves=list(_moves(page, case, outcome.get("impact") or {})),
        deadlines=list(_deadlines(page, outcome.get("impact") or {})),
        sent=[(n, v) for n, v in page.form.items() if n not in ("csrf", "do", "version") and not n.endswith("*")],
        several=page.several,
        version=page.form.get("version") or case.profile["version"],
    )


def _deadlines(page: PageRequest, impact: JsonAnswer) -> Iterator[DeadlineMoved]:
    """What would become of the deadlines, as the command line tells it."""
    law = page.desk.copies.primary.law
    for told in impact.get("deadlines") or ():
        change = msgspec.convert(told, DeadlineChange)
        lexicon = law.lexicon_of(change.regime)
        yield deadline_moved(change, lexicon, page.language, partial(day_written, language=page.language))


def _moves(page: PageRequest, case: OpenedCase, impact: JsonAnswer) -> Iterator[dict[str, str]]:
    """Under which regimes the grade of today, or of a day that is over, would be another one, before and after."""
    law, kind = page.desk.copies.primary.law, case.profile["kind"]
    for regime, change in (impact.get("regimes") or {}).items():
        lexicon = law.lexicon_of(regime)
        title = lexicon.title(page.language)
        today = [None if change[side] is None else change[side]["running"] for side in ("before", "after")]
        days = [(say("web_record.effect_today", page.language, regime=title), today)]
        for move in change["past"]:
            on = days_written(move["on"], page.language)
            days.append(
                (say("web_record.effect_then", page.language, regime=title, on=on), [move["before"], move["after"]])
            )
        for named, sides in days:
            if sides[0] == sides[1]:
                continue
            was, now = (
                "—"
                if side is None
                else words.standing_words(
                    side["score"], side["grade"], side["undetermined"], kind, page.language, lexicon, side["risk"]
                )
                for side in sides
            )
            yield {"regime": named, "before": was, "after": now}


def _faults(refusal: ApiRefusal, fields: Sequence[FormField]) -> Iterator[JsonAnswer]:
    """Every fault beside its field, as far as the form has it."""
    names = {field.name for field in fields}
    for fault in refusal.faults:
        name = (fault.get("pointer") or "").strip("/").replace("/", ".")
        first = name.partition(".")[0]
        yield {**fault, "field": name if name in names else first}


# --- what there is to choose from -------------------------------------------------------------------------


def _fields(page: PageRequest, case: OpenedCase, form: ActForm) -> list[FormField]:
    offered = _offered(page, case)
    known = [part for part in form.operation.parts if part in _OF_A_FILE]
    return fields_of(form.command, page.language, offered, known)


def _offered(page: PageRequest, case: OpenedCase) -> dict[str, FieldChoices]:
    facts = _facts(case)
    proceedings, organs = case.proceedings, list(_authorities(case))
    return {
        "fact": facts,
        "facts": facts,
        "sets_aside": facts,
        "arises_from": facts,
        "warning": [(w["warning"], f"{w['issued_on']} {w['requirements']}") for w in case.file["warnings"]],
        "objection": [(o["objection"], f"{o['filed_on']} {o['grounds']}") for o in proceedings["objections"]],
        "comment": [(o["comment"], f"{o['filed_on']} {o['content']}") for o in proceedings["comments"]],
        "repair": [(r["repair"], r["dated_on"]) for r in proceedings["repairs"]],
        "against": list(_steps(case)),
        "record": list(_records(case)),
        "row": _rows(page, case),
        "authority": organs,
        "transferred_to": organs,
        "grade": _grades(case),
        "stage": [(s, words.stage(s, page.language)) for s in case.lexicon.stages_of(case.profile["kind"])],
    }


def _facts(case: OpenedCase) -> list[tuple[str, str]]:
    found = {}
    for step in case.grade["steps"]:
        if step["fact"]:
            behind = step.get("particulars") or {}
            paper = behind.get("document") or say("web_case.no_paper", case.language)
            found[step["fact"]] = f"{paper} · {case.row(step['row'])}"
    return list(found.items())


def _steps(case: OpenedCase) -> Iterator[tuple[str, str]]:
    """The steps of the years, against which an objection is filed, the last ones first."""
    yield from reversed(case.steps.items())


def _records(case: OpenedCase) -> Iterator[tuple[str, str]]:
    for entry in case.file["timeline"]["entries"]:
        if entry.get("id"):
            on = entry.get("happened_on") or entry.get("effective_on") or ""
            yield entry["id"], f"{on} {entry['title']} {entry.get('document') or ''}".strip()


def _rows(page: PageRequest, case: OpenedCase) -> list[tuple[str, str]]:
    return [(row.code, case.row(row.code)) for row in _edition_rows(page, case)]


def _edition_rows(page: PageRequest, case: OpenedCase) -> list[Any]:
    """The rows of the editions of the answer that stand for this kind of subject."""
    kind = case.profile["kind"]
    law = page.desk.copies.primary.law
    editions = law.editions_of([book["digest"] for book in case.grade["basis"]["rulebooks"]])
    rows = {row.code: row for edition in editions for row in edition.row if kind in (row.kind, *row.also)}
    return list(rows.values())


def _authorities(case: OpenedCase) -> Iterator[tuple[str, str]]:
    """The organs that are offered first, of the places in which the subject lies, the nearest first, and behind them
    those of its neighbours: another city, or another county of the city, may have decided. Any other is typed."""
    region = case.profile["region"]
    above = (region, f"{region[:4]}00", f"{region[:2]}0000", EVERYWHERE)
    within = dict.fromkeys((*above, *places.around(region)))
    for place in within:
        for organ in get_args(Organ):
            code = f"{place}-{organ}"
            called = places.authority(code, case.language)
            if called != code:
                yield code, called


def _grades(case: OpenedCase) -> list[tuple[str, str]]:
    kind, lexicon = case.profile["kind"], case.lexicon
    return [(grade, lexicon.grade(grade, kind, case.language)) for grade in lexicon.grades_of(kind)]


def _by_row(
    page: PageRequest, case: OpenedCase, form: ActForm, fields: Sequence[FormField], filled: Mapping[str, str]
) -> tuple[list[FormField], list[FormField]]:
    """The fields that are asked for, and those that are rarely filled in: of a fact, what its row asks for."""
    if form.code != "record_fact":
        return list(fields), []
    row = next((row for row in _edition_rows(page, case) if row.code == filled.get("row")), None)
    wanted = {"row", "authority", "document", "summary", "case_no", "occurred_on"}
    wanted |= set(_DAYS_OF_ROWS["finality" if row is None else row.counts_from])
    if row is not None and row.type in ("linked", "external", "points") and row.points is None:
        wanted |= {"points", "linked_to", "share"}
    if row is not None and (row.fined_at_least is not None or row.fined_below is not None):
        wanted.add("amount_fined")
    if filled.get("document"):
        wanted |= {name for name, value in filled.items() if value}
    asked = [field for field in fields if field.name in wanted or field.is_required]
    rare = [field for field in fields if field not in asked]
    # The form begins with what was chosen before it.
    return sorted((f._replace(is_required=f.is_required or f.name == "row") for f in asked), key=_not_the_row), rare


def _not_the_row(field: FormField) -> bool:
    return field.name != "row"
