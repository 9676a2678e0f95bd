"""Sheets of facts: uploaded, looked through row by row, recorded, undone."""

from collections import Counter
from typing import Any, Final, get_args

from litestar import Controller
from litestar.datastructures import UploadFile

from application.principal import in_whose_name
from application.sheets.forms import ColumnCode, SheetForm
from interfaces.http.bodies import taken_in
from interfaces.http.problems import Trouble
from interfaces.http.replying import Reply
from interfaces.http.requests import StrictRequest
from interfaces.sheets.handed_in import MOST_ENTRIES, MOST_HANDED_IN
from interfaces.sheets.heads import column_head
from interfaces.sheets.reading import MOST_BYTES
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.filters import regime_meant, regimes_offered
from interfaces.web.multiparts import parted_files
from interfaces.web.page import RELOAD, GoTo, PageRequest, PageView, page
from interfaces.wording.texts import both, said

_LINES: Final = 25
_ROWS: Final = 50
_MARKS: Final = ("bad", "proposed", "good")
_FORMS: Final = get_args(SheetForm)
_NOT_ON_RECORD: Final = ("looking_through", "failed", "looked_through")
_MOST_FILES: Final = MOST_ENTRIES + 10
_FIELDS: Final = 64 * 1024
"""Bytes of a form beside its file."""

_REFRESH_SECONDS: Final = 3
"""After so many seconds a page is loaded again while the server goes on with its sheet."""


class ImportController(Controller):
    """Sheets of facts."""

    @page("/imports")
    async def show_imports(self, page: PageRequest) -> PageView:
        """What was uploaded, a form for another sheet, and the templates."""
        return await _list(page)

    @page("/imports", posts=True, takes_file=True)
    async def upload(self, page: PageRequest, request: StrictRequest) -> PageView | GoTo:
        """Look a sheet through; it goes on at its own page."""
        if page.headers.get(b"content-type", b"").partition(b";")[0].strip().lower() != b"multipart/form-data":
            raise Trouble("unsupported_media")
        sent = await request.uploaded(MOST_BYTES + _FIELDS)
        page.form = {name: value for name, value in sent.items() if isinstance(value, str)}
        page.must_be_ours(page.form.get("csrf", ""))
        file = sent.get("file")
        content = await file.read() if isinstance(file, UploadFile) else b""
        named = (file.filename if isinstance(file, UploadFile) else "")[:200]
        try:
            told = await page.tell("upload_sheet", content, regime=page.form.get("regime"), file=named)
        except ApiRefusal as refusal:
            if refusal.status in (401, 403):
                raise
            return await _list(page, refusal)
        return GoTo(f"/imports/{told.answer['id']}")

    @page("/imports/template")
    async def download_template(self, page: PageRequest) -> Reply[Any]:
        """A template."""
        return await page.download("get_import_template", form=page.query.get("form"), regime=page.query.get("regime"))

    @page("/imports/{sheet:str}")
    async def show_import(self, page: PageRequest, sheet: str) -> PageView:
        """How a sheet stands, its rows, and what can be done with it."""
        return await _shown(page, sheet)

    @page("/imports/{sheet:str}/marked")
    async def download_marked(self, page: PageRequest, sheet: str) -> Reply[Any]:
        """The sheet with its column of errors filled in."""
        return await page.download("get_marked_sheet", sheet=sheet)

    @page("/imports/{sheet:str}/files", posts=True, takes_file=True)
    async def hand_in(self, page: PageRequest, request: StrictRequest, sheet: str) -> PageView:
        """Hand in files that the rows name, several at once or in an archive."""
        body = await taken_in(request.receive, MOST_HANDED_IN + _FIELDS)
        media = page.headers.get(b"content-type", b"").decode("latin-1")
        page.form, files = parted_files(media, body, _MOST_FILES)
        page.must_be_ours(page.form.get("csrf", ""))
        told: JsonAnswer = {"taken": [], "refused": []}
        often = Counter(called for called, _ in files)
        personal = page.form.get("personal_data")
        for called, content in files:
            if not called and not content:
                continue
            if often[called] > 1:
                twice = both("sheets.files.twice")
                told["refused"].append({"name": called, "row": None, "zh": twice.zh, "en": twice.en})
                continue
            sent = {"content-type": "application/octet-stream"}
            try:
                asked = {"sheet": sheet, "file": called[:200], "personal_data": personal, "sent": sent}
                answer = (await page.tell("hand_in_files", content, **asked)).answer
            except ApiRefusal as refusal:
                if refusal.status in (401, 403, 404):
                    raise
                why = (refusal.faults[:1] or [refusal.problem])[0]["detail"]
                told["refused"].append({"name": called, "row": None, "zh": why, "en": why})
                continue
            for part in ("taken", "refused"):
                told[part] += answer[part]
        return await _shown(page, sheet, handed_in=told)

    @page("/imports/{sheet:str}", posts=True)
    async def act(self, page: PageRequest, sheet: str) -> PageView | GoTo:
        """Record the rows of a sheet, all or the good ones, undo what it has brought, or forget it."""
        how = page.form.get("do", "")
        try:
            if how in ("all", "good"):
                await page.tell("record_sheet", {"chosen": how}, sheet=sheet)
            elif how == "undo":
                await page.tell("undo_import", {"reason": page.form.get("reason", "").strip()}, sheet=sheet)
            elif how == "delete":
                await page.tell("delete_sheet", None, sheet=sheet)
                return GoTo("/imports")
        except ApiRefusal as refusal:
            if refusal.status in (401, 404):
                raise
            return await _shown(page, sheet, refusal)
        return GoTo(f"/imports/{sheet}")


async def _list(page: PageRequest, refusal: ApiRefusal | None = None) -> PageView:
    found = await page.ask("get_imports", limit=_LINES, cursor=page.query.get("cursor"))
    regimes = await regimes_offered(page)
    meant = regime_meant(regimes, page.form.get("regime"), page.place)
    given = {
        "found": found,
        "regimes": regimes,
        "regime": None if meant is None else meant.code,
        "forms": _FORMS,
        "may_upload": page.may("upload_sheet"),
        "most": MOST_BYTES // 1024 // 1024,
        "problem": None if refusal is None else refusal.problem,
    }
    return PageView("imports/list.html", given, 200 if refusal is None else refusal.status)


async def _shown(
    page: PageRequest, sheet: str, refusal: ApiRefusal | None = None, *, handed_in: JsonAnswer | None = None
) -> PageView:
    status = await page.ask("get_import", sheet=sheet)
    mark = page.query.get("mark")
    mark = mark if mark in _MARKS else None
    rows = await page.ask("get_import_rows", sheet=sheet, mark=mark, limit=_ROWS, cursor=page.query.get("cursor"))
    by = in_whose_name(status.get("by", ""))
    is_own = page.caller.known is None or by == page.account or page.caller.principal.role == "department"
    given = {
        "status": status,
        "rows": rows,
        "columns": {code: said(column_head(code), page.language) for code in get_args(ColumnCode)},
        "mark": mark,
        "marks": [code for code in _MARKS if status[code]],
        "total": sum(status[part] for part in ("recorded", "waiting", "refused", "undone", "left")),
        "waits": status["state"] in ("proposed", "undo_proposed"),
        "refreshes": _REFRESH_SECONDS if status["is_served"] and not page.query.get("still") else None,
        "handed_in": handed_in,
        "may_hand_in": is_own
        and page.may("hand_in_files")
        and status["files"]
        and not status["is_served"]
        and status["state"] not in ("undoing", "undone"),
        "most_handed_in": MOST_HANDED_IN >> 20,
        "will_wait": page.caller.is_walled and status["needs_signature"],
        "may_record": is_own
        and page.may("record_sheet")
        and (status["state"] == "looked_through" or (status["state"] == "recording" and not status["is_served"])),
        "may_delete": is_own and page.may("delete_sheet") and status["state"] in _NOT_ON_RECORD,
        "may_undo": is_own
        and page.may("undo_import")
        and not status["is_served"]
        and status["state"] in ("recording", "recorded", "undoing"),
        "problem": None if refusal is None else refusal.problem,
        "faults": [] if refusal is None else [{**f, "field": f.get("pointer", "").strip("/")} for f in refusal.faults],
    }
    is_done = page.is_watched and not status["is_served"]
    code = 200 if refusal is None else refusal.status
    return PageView("imports/sheet.html", given, code, [RELOAD] if is_done else (), at=f"/imports/{sheet}")
