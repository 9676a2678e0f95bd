"""Evidence on a case: what is there and what is still asked for, a form to add to it, and each piece page by page."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any, Final, NamedTuple, get_args

from litestar import Controller

from domain.events.papers.evidence import EvidenceKind
from interfaces.http.bodies import taken_in
from interfaces.http.controllers.evidence import TUS
from interfaces.http.replying import Reply
from interfaces.http.requests import StrictRequest
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.multiparts import parted
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.pages.case_frame import OpenedCase, opened, view
from interfaces.wording.texts import name, say

_MOST_OF_A_FORM: Final = 32 << 20
"""Bytes of a file that is sent with its form: without scripts it is held in memory, never on a disk in clear."""

_PIECE: Final = 8 << 20
_FIELDS: Final = 64 << 10
_KIBI: Final = 1024
_OPTIONAL: Final = ("title", "record", "redacts", "received_on")
_KINDS: Final = get_args(EvidenceKind)


class MissingPapers(NamedTuple):
    """A procedure that still asks for papers: what it is, each paper with whether it is there, and how to ask for what
    is missing."""

    about: str
    record: str
    papers: tuple[JsonAnswer, ...]
    request: str | None


class CaseEvidenceController(Controller):
    """Evidence on a case."""

    @page("/cases/{subject:str}/evidence")
    async def show_evidence(self, page: PageRequest, subject: str) -> PageView:
        """What is there, and what procedures still ask for."""
        return await _list(page, subject, page.query)

    @page("/cases/{subject:str}/evidence", posts=True, takes_file=True)
    async def add(self, page: PageRequest, request: StrictRequest, subject: str) -> PageView | GoTo:
        """Take in a file that came with the form, or receive one that a script has uploaded."""
        body = await taken_in(request.receive, _MOST_OF_A_FORM + _FIELDS)
        page.form, file = parted(page.headers.get(b"content-type", b"").decode("latin-1"), body)
        page.must_be_ours(page.form.get("csrf", ""))
        said = page.form
        try:
            upload = said.get("upload") or await _uploaded(page, subject, file)
            received = {"upload": upload, "kind": said.get("kind", "")}
            received |= {
                field: said[field] for field in ("title", "record", "redacts", "received_on") if said.get(field)
            }
            await page.tell("receive_evidence", received, subject=subject)
        except ApiRefusal as refusal:
            if refusal.status in (401, 403):
                raise
            return await _list(page, subject, said, refusal)
        return GoTo(f"/cases/{subject}/evidence?recorded=receive_evidence")

    @page("/cases/{subject:str}/evidence/{evidence:str}")
    async def show_piece(self, page: PageRequest, subject: str, evidence: str) -> PageView:
        """One piece, page by page."""
        return await _piece(page, subject, evidence)

    @page("/cases/{subject:str}/evidence/{evidence:str}", posts=True)
    async def act(self, page: PageRequest, subject: str, evidence: str) -> PageView | GoTo:
        """Mark a piece, or withdraw it."""
        act = page.form.get("do", "")
        if act not in ("mark_evidence", "withdraw_evidence"):
            return GoTo(f"/cases/{subject}/evidence/{evidence}")
        body: JsonAnswer = {"reason": page.form.get("reason", "").strip()}
        if act == "mark_evidence":
            body["personal_data"] = page.form.get("personal_data") == "true"
        try:
            await page.tell(act, body, evidence=evidence)
        except ApiRefusal as refusal:
            if refusal.status in (401, 403):
                raise
            return await _piece(page, subject, evidence, refusal)
        return GoTo(f"/cases/{subject}/evidence?recorded={act}")

    @page("/cases/{subject:str}/evidence/{evidence:str}/content")
    async def download(self, page: PageRequest, subject: str, evidence: str) -> Reply[Any]:
        """The file as it was handed in, to be saved."""
        del subject
        return await page.download("get_evidence_content", evidence=evidence)

    @page("/cases/{subject:str}/evidence/{evidence:str}/pages/{number:str}")
    async def picture(self, page: PageRequest, subject: str, evidence: str, number: str) -> Reply[Any]:
        """A page as a picture."""
        del subject
        return await page.download("get_evidence_page", evidence=evidence, page=number)


async def _uploaded(page: PageRequest, subject: str, file: tuple[str, bytes] | None) -> str:
    """The id of the upload of a file that came with its form."""
    called, content = file or ("", b"")
    begun = {"name": called or "-", "size": len(content), "personal_data": page.form.get("personal_data") == "true"}
    upload = str((await page.tell("begin_upload", begun, subject=subject)).answer["id"])
    for offset in range(0, len(content), _PIECE):
        sent = {"upload-offset": str(offset), "content-type": TUS}
        await page.tell("append_upload", content[offset : offset + _PIECE], upload=upload, sent=sent)
    await page.tell("finish_upload", {"sha256": sha256(content).hexdigest()}, upload=upload)
    return upload


async def _list(
    page: PageRequest, subject: str, filled: Mapping[str, str], refusal: ApiRefusal | None = None
) -> PageView:
    case = await opened(page, subject)
    found = await page.ask("get_evidence_list", subject=case.id, known_at=case.known_at)
    about = dict(_records(case))
    found_view = view(
        page,
        case,
        "evidence",
        "cases/evidence.html",
        lines=found["evidence"],
        missing=list(_missing(case, found, about)),
        about=about,
        by_id={line["evidence"]: line for line in found["evidence"]},
        size_of=size_told,
        filled=filled,
        problem=None if refusal is None else refusal.problem,
        may_add=page.may("receive_evidence"),
        kinds=[(kind, name("evidence.kind", kind, page.language)) for kind in _KINDS],
        records=list(about.items()),
        originals=[
            (line["evidence"], line.get("title") or name("evidence.kind", line["kind"], page.language))
            for line in found["evidence"]
            if line["redacts"] is None
        ],
        most=size_told(page.desk.copies.primary.uploads.most),
        most_of_a_form=size_told(_MOST_OF_A_FORM),
        behalf=page.acting_for.id if page.acting_for is not None else "",
    )
    return found_view if refusal is None else found_view._replace(status=refusal.status)


async def _piece(page: PageRequest, subject: str, evidence: str, refusal: ApiRefusal | None = None) -> PageView:
    case = await opened(page, subject)
    line = await page.ask("get_evidence", evidence=evidence)
    wanted = page.query.get("page", "1")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 7 else 1
    given = view(
        page,
        case,
        "evidence",
        "cases/piece.html",
        line=line,
        number=min(max(number, 1), line["pages"] or 1),
        about=dict(_records(case)),
        size_of=size_told,
        problem=None if refusal is None else refusal.problem,
        may_mark=page.may("mark_evidence"),
    )
    return given if refusal is None else given._replace(status=refusal.status)


def size_told(size: int) -> str:
    """A number of bytes as people read it."""
    if size < _KIBI * _KIBI:
        return f"{max(1, round(size / _KIBI))} KB"
    return f"{size / _KIBI / _KIBI:.1f} MB".replace(".0 ", " ")


def _records(case: OpenedCase) -> Iterator[tuple[str, str]]:
    """What evidence may be about: the facts by their papers, and procedures by their number and day."""
    for step in case.grade["steps"]:
        if step["fact"]:
            yield step["fact"], str((step.get("particulars") or {}).get("document") or case.row(step["row"]))
    for kind, day in (("objection", "filed_on"), ("comment", "filed_on"), ("repair", "dated_on")):
        for number, found in enumerate(case.proceedings[f"{kind}s"], start=1):
            what = say(f"web_case.procedure.{kind}", case.language)
            yield found[kind], f"{what} {say('web_case.number', case.language, number=number)} · {found[day]}"


def _missing(case: OpenedCase, found: JsonAnswer, about: Mapping[str, str]) -> Iterator[MissingPapers]:
    language = case.language
    for asked in found["checklists"]:
        papers = tuple(
            {
                "what": name("evidence.paper", paper["code"], language),
                "cites": case.cites(paper["cites"]) if asked["regime"] == case.grade["regime"] else "",
                "is_there": bool(paper["evidence"]),
            }
            for paper in asked["papers"]
        )
        lacking = [
            say("web_evidence.paper_with_article", language, paper=paper["what"], cites=paper["cites"])
            if paper["cites"]
            else str(paper["what"])
            for paper in papers
            if not paper["is_there"]
        ]
        named = say("web.list_comma", language).join(lacking)
        request = say("web_evidence.supplement", language, papers=named) if lacking else None
        yield MissingPapers(about.get(asked["record"], ""), asked["record"], papers, request)
