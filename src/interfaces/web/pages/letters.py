"""Letters on a case, from the draft to its service; and what a bureau keeps for its letters."""

import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple, get_args

from litestar import Controller
from litestar.datastructures import UploadFile

from application.papers.letters.reading import LetterSort
from domain.events.papers.letters import LetterKind, LetterSeries, ServiceWay
from interfaces.http.problems import Trouble
from interfaces.http.replying import Reply
from interfaces.http.requests import StrictRequest
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, opened, view
from interfaces.wording import places, words
from interfaces.wording.days import days_written
from interfaces.wording.letters import passed_last_day
from interfaces.wording.texts import name, say

_ACTS: Final = {
    "revise": "revise_letter",
    "issue": "issue_letter",
    "serve": "serve_letter",
    "withdraw": "withdraw_letter",
}
_INTERNAL: Final[LetterKind] = "assistance_notice"
"""A letter about what stands beside the file, for the departments alone."""

_MOST_BYTES: Final = 6_000_000
"""Bytes of an uploaded form: a template of the largest size, and its fields. More is told as too large."""


class RecordLetters(NamedTuple):
    """The letters about one record, and those that are due about it."""

    letters: list[JsonAnswer]
    due: list[JsonAnswer]


class LetterController(Controller):
    """Letters on a case."""

    @page("/cases/{subject:str}/letters")
    async def show_letters(self, page: PageRequest, subject: str) -> PageView:
        """What was written and what is due, and a form for another draft."""
        return await _list(page, await opened(page, subject))

    @page("/cases/{subject:str}/letters", posts=True)
    async def draft(self, page: PageRequest, subject: str) -> PageView | GoTo:
        """Draft a letter; it goes on at its own page."""
        case = await opened(page, subject)
        kind, _, concerns = page.form.get("about", "").partition(" ")
        body = {"regime": page.form.get("regime") or case.grade["regime"], "kind": kind, "concerns": concerns}
        try:
            told = await page.tell("draft_letter", body, sent=_keyed(page), subject=case.id)
        except ApiRefusal as refusal:
            if refusal.status in (401, 403):
                raise
            return await _list(page, case, refusal)
        return GoTo(f"/cases/{case.id}/letters/{told.answer['id']}")

    @page("/cases/{subject:str}/letters/{letter:str}")
    async def show_letter(self, page: PageRequest, subject: str, letter: str) -> PageView:
        """What a letter says, and what can be done with it."""
        return await _shown(page, await opened(page, subject), letter)

    @page("/cases/{subject:str}/letters/{letter:str}", posts=True)
    async def act(self, page: PageRequest, subject: str, letter: str) -> PageView | GoTo:
        """Revise a draft, issue it, record its service, take it back."""
        act = page.form.get("do", "")
        if act not in _ACTS:
            return GoTo(f"/cases/{subject}/letters/{letter}")
        case = await opened(page, subject)
        try:
            told = await page.tell(_ACTS[act], _body(act, page.form), sent=_keyed(page), letter=letter)
        except ApiRefusal as refusal:
            if refusal.status in (401, 403):
                raise
            return await _shown(page, case, letter, refusal)
        done = "waits" if told.status == 202 else "recorded"
        return GoTo(f"/cases/{case.id}/letters/{letter}?{done}={_ACTS[act]}")

    @page("/cases/{subject:str}/letters/{letter:str}/{file:str}")
    async def download(self, page: PageRequest, subject: str, letter: str, file: str) -> Reply[Any]:
        """A letter as DOCX or PDF: as it was sent, or a preview."""
        del subject
        if file not in ("docx", "pdf"):
            raise Trouble("not_found")
        return await page.download(f"get_letter_{file}", letter=letter, dated_on=page.query.get("dated_on"))


class LetterOfficeController(Controller):
    """What a bureau keeps for its letters."""

    @page("/letter-offices/{bureau:str}")
    async def show_office(self, page: PageRequest, bureau: str) -> PageView:
        """Letterhead, numbers and templates of a bureau, and the placeholders of templates."""
        return await _office(page, bureau)

    @page("/letter-offices/{bureau:str}", posts=True)
    async def set_office(self, page: PageRequest, bureau: str) -> PageView | GoTo:
        """Set the letterhead, or go back to a shipped template."""
        try:
            if page.form.get("do") == "drop":
                await page.tell("drop_letter_template", {}, bureau=bureau, kind=page.form.get("kind", ""))
            else:
                await page.tell(
                    "set_letterhead",
                    _letterhead(page.form, page.desk.copies.primary.today().year),
                    sent=_keyed(page),
                    bureau=bureau,
                )
        except ApiRefusal as refusal:
            if refusal.status in (401, 403):
                raise
            return await _office(page, bureau, refusal)
        return GoTo(f"/letter-offices/{bureau}?done={page.form.get('do', 'set')}")

    @page("/letter-offices/{bureau:str}/templates", posts=True, takes_file=True)
    async def upload(self, page: PageRequest, request: StrictRequest, bureau: str) -> PageView | GoTo:
        """Take a template into use."""
        if page.headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"multipart/form-data":
            raise Trouble("unsupported_media")
        sent = await request.uploaded(_MOST_BYTES)
        page.form = {name: value for name, value in sent.items() if isinstance(value, str)}
        page.must_be_ours(page.form.get("csrf", ""))
        file = sent.get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
        named = (file.filename if isinstance(file, UploadFile) else "")[:200]
        try:
            kind = page.form.get("kind", "")
            await page.tell("upload_letter_template", content, bureau=bureau, kind=kind, file=named)
        except ApiRefusal as refusal:
            if refusal.status in (401, 403):
                raise
            return await _office(page, bureau, refusal)
        return GoTo(f"/letter-offices/{bureau}?done=upload")

    @page("/letter-offices/{bureau:str}/templates/{kind:str}")
    async def download_template(self, page: PageRequest, bureau: str, kind: str) -> Reply[Any]:
        """A template: that in use, or one of before."""
        return await page.download("get_letter_template", bureau=bureau, kind=kind, version=page.query.get("version"))


async def letters_by_record(page: PageRequest, case: OpenedCase) -> Mapping[str, RecordLetters]:
    """The letters of the file by the records that they are about; none where whoever looks may not ask."""
    found = await page.ask_if_allowed("get_letters", subject=case.id, known_at=case.known_at)
    by_record: dict[str, RecordLetters] = {}
    if found is None:
        return by_record
    for line in found["letters"]:
        if line["state"] not in ("dropped", "withdrawn"):
            by_record.setdefault(line["concerns"], RecordLetters([], [])).letters.append(line)
    for line in found["due"]:
        by_record.setdefault(line["concerns"], RecordLetters([], [])).due.append(line)
    return by_record


async def numbers_of(page: PageRequest, case: OpenedCase) -> Mapping[str, JsonAnswer]:
    """The letters that were issued, by the records that they are about: a period runs from the service of one."""
    by_record = await letters_by_record(page, case)
    issued = {record: [line for line in found.letters if line["number"]] for record, found in by_record.items()}
    return {record: lines[-1] for record, lines in issued.items() if lines}


async def letter_asked(page: PageRequest, decision: JsonAnswer) -> JsonAnswer | None:
    """The letter that a decision is about, as it reads on the day that was proposed, and whether that is what was
    proposed (``is_same``); ``None`` for any other decision, and where whoever looks may not ask."""
    request = decision["request"] or {}
    if "letter" not in request:
        return None
    asked = {"letter": request["letter"], "dated_on": request.get("dated_on")}
    found = await page.ask_if_allowed("get_letter", **asked)
    if found is None:
        return None
    is_same = found["digest"] in (None, request.get("digest", found["digest"]))
    return {**found, "is_same": is_same, "passed_on": passed_last_day(found, _today(page))}


async def _list(page: PageRequest, case: OpenedCase, refusal: ApiRefusal | None = None) -> PageView:
    sort = page.query.get("sort") or "-drafted"
    found = await page.ask("get_letters", subject=case.id, known_at=case.known_at, sort=sort)
    wanted = page.form.get("about") or f"{page.query.get('kind', '')} {page.query.get('concerns', '')}"
    lines = [*found["letters"], *found["due"], *found["possible"]]
    notices = await _notices(page, case) if any(line["kind"] == _INTERNAL for line in lines) else {}
    abouts = {line["concerns"]: notices.get(line["concerns"]) or _about(case, line["concerns"]) for line in lines}
    choices = [(f"{one['kind']} {one['concerns']}", text) for one, text in _choices(case, found, abouts)]
    given = {
        "found": found,
        "sort": sort,
        "orders": get_args(LetterSort),
        "abouts": abouts,
        "choices": choices,
        "chosen": wanted if any(code == wanted for code, _ in choices) else "",
        "office": _office_of(case),
        "may_draft": page.may("draft_letter"),
        "problem": None if refusal is None else refusal.problem,
        "key": str(uuid.uuid4()),
    }
    return _with_status(view(page, case, "letters", "cases/letters.html", **given), refusal)


async def _notices(page: PageRequest, case: OpenedCase) -> Mapping[str, str]:
    """What the internal notices about an agency are called; they do not stand on its file."""
    regime = case.grade["regime"]
    found = await page.ask_if_allowed("get_advisories", subject=case.id, regime=regime, known_at=case.known_at)
    notices = () if found is None else found["notices"]
    return {
        one["id"]: say("web_letters.notice_of", case.language, day=days_written(one["dated_on"], case.language))
        for one in notices
    }


def _choices(case: OpenedCase, found: JsonAnswer, abouts: Mapping[str, str]) -> Iterator[tuple[JsonAnswer, str]]:
    for one in (*found["due"], *found["possible"]):
        about = abouts[one["concerns"]]
        called = name("letters.kind", one["kind"], case.language)
        yield one, say("web_letters.about_of", case.language, letter=called, about=about) if about else called


def _about(case: OpenedCase, record: str) -> str:
    """What a record is called: the paper of a fact, the step of a year, the number of a procedure, a deadline."""
    if (called := case.papers.get(record) or case.steps.get(record)) is not None:
        return called
    for kind in ("objection", "repair"):
        for number, line in enumerate(case.proceedings[f"{kind}s"], start=1):
            if line[kind] == record:
                called = name("web_case.procedure", kind, case.language)
                return f"{called} {say('web_case.number', case.language, number=number)}"
    for warning in case.file["warnings"]:
        if warning["warning"] == record:
            return f"{say('web_case.warnings', case.language)} · {days_written(warning['issued_on'], case.language)}"
    for line in case.file["deadlines"]["lines"]:
        if line["id"] == record:
            return f"{words.deadline_kind(line['kind'], case.language)} · {days_written(line['due_on'], case.language)}"
    return ""


def _office_of(case: OpenedCase) -> str:
    """The bureau of the city of the case."""
    return f"{case.profile['region'][:4]}00-EEB"


async def _shown(page: PageRequest, case: OpenedCase, letter: str, refusal: ApiRefusal | None = None) -> PageView:
    dated_on = page.form.get("dated_on") or page.query.get("dated_on")
    found = await page.ask("get_letter", letter=letter, dated_on=dated_on)
    line = found["line"]
    notices = await _notices(page, case) if line["kind"] == _INTERNAL else {}
    given = {
        "found": found,
        "line": line,
        "about": notices.get(line["concerns"]) or _about(case, line["concerns"]),
        "office": line["bureau"],
        "hows": [(code, name("letters.how", code, page.language)) for code in get_args(ServiceWay)],
        "may": {act: page.may(operation) for act, operation in _ACTS.items()},
        "act": page.form.get("do"),
        "problem": None if refusal is None else refusal.problem,
        "faults": [] if refusal is None else [{**f, "field": _field(f.get("pointer") or "")} for f in refusal.faults],
        "today": _today(page) if dated_on is None else dated_on,
        "passed_on": passed_last_day(found, _today(page)),
        "key": str(uuid.uuid4()),
    }
    return _with_status(view(page, case, "letters", "cases/letter.html", **given), refusal)


def _today(page: PageRequest) -> str:
    return str(page.desk.copies.primary.today())


def _field(pointer: str) -> str:
    """The field of the form in which a fault stands: the paragraphs are one."""
    return pointer.strip("/").partition("/")[0]


def _with_status(shown: PageView, refusal: ApiRefusal | None) -> PageView:
    return shown if refusal is None else shown._replace(status=refusal.status)


def _body(act: str, form: Mapping[str, str]) -> dict[str, Any]:
    if act == "revise":
        body: dict[str, Any] = {name: _lines(form.get(name, "")) for name in ("paragraphs", "copies")}
        return body | ({"due_on": form["due_on"]} if form.get("due_on") else {})
    wanted = {
        "issue": ("dated_on", "digest"),
        "serve": ("served_on", "how", "received_by"),
        "withdraw": ("reason",),
    }[act]
    return {name: form[name].strip() for name in wanted if form.get(name, "").strip()}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _keyed(page: PageRequest) -> dict[str, str]:
    return {"idempotency-key": page.form["key"]} if page.form.get("key") else {}


def _letterhead(form: Mapping[str, str], year: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        name: form[name].strip()
        for name in ("name", "word", "contact", "office_address", "remedies")
        if form.get(name, "").strip()
    }
    series = []
    for code in get_args(LetterSeries):
        one: dict[str, Any] = {"series": code}
        if form.get(f"word-{code}", "").strip():
            one["word"] = form[f"word-{code}"].strip()
        if form.get(f"first-{code}", "").strip().isdigit():
            one |= {"first": int(form[f"first-{code}"]), "year": year}
        if len(one) > 1:
            series.append(one)
    return body | ({"series": series} if series else {})


async def _office(page: PageRequest, bureau: str, refusal: ApiRefusal | None = None) -> PageView:
    found = await page.ask("get_letter_office", bureau=bureau)
    in_use = {one["kind"]: one for one in found["templates"] if one["in_use"]}
    given = {
        "found": found,
        "bureau": bureau,
        "called": places.authority(bureau, page.language),
        "kinds": get_args(LetterKind),
        "in_use": in_use,
        "may_set": page.may("set_letterhead"),
        "done": page.query.get("done") if page.query.get("done") in ("set", "drop", "upload") else None,
        "problem": None if refusal is None else refusal.problem,
        "faults": [] if refusal is None else [{**f, "field": _field(f.get("pointer") or "")} for f in refusal.faults],
        "key": str(uuid.uuid4()),
    }
    code = 200 if refusal is None else refusal.status
    return PageView("letters/office.html", given, code, at=f"/letter-offices/{bureau}")
