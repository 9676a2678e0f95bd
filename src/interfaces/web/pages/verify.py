"""Verifying what one holds: the basis of an answer or the receipt of a result, executed again."""

import datetime as dt
import re
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from litestar import Controller

from application.answering.grading import read_token
from domain.errors import Invalid
from domain.time import iso_utc
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.naming import profiles_of
from interfaces.web.page import PageRequest, PageView, page
from interfaces.wording import words
from interfaces.wording.texts import said, worded

_RECORD: Final = re.compile(r"[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}")
_LONGEST: Final = 6_000


class VerifyController(Controller):
    """Verifying what one holds."""

    @page("/verify")
    async def show_verify(self, page: PageRequest) -> PageView:
        """A field for what one holds, and what came of executing it again."""
        held = _held_in(page.query.get("held", ""))
        if not held:
            return PageView("verify/verify.html", {"held": "", "found": None})
        found = await (_receipt(page, held) if _RECORD.fullmatch(held) else _basis(page, held))
        return PageView("verify/verify.html", {"held": held, "found": found})


def _held_in(text: str) -> str:
    """The token or the id in what was pasted: by itself, or in the address of an answer."""
    pasted = "".join(text.split())[:_LONGEST]
    named = parse_qs(urlsplit(pasted).query).get("basis") if "basis=" in pasted else None
    return named[0] if named else pasted


async def _basis(page: PageRequest, token: str) -> dict[str, Any]:
    """What becomes of the basis of an answer. Whoever has not signed in is told whether it is whole."""
    try:
        parts = read_token(token)
    except Invalid as damaged:
        return {"what": "damaged", "detail": said(worded(damaged.problems[0].says), page.language)}
    about: dict[str, Any] = {
        "as_of": parts.as_of,
        "known_at": iso_utc(parts.known_at),
        "engine": parts.engine,
        "position": parts.position,
    }
    if not page.may("get_grade"):
        return {"what": "whole", "about": about}
    try:
        grade = await page.ask("get_grade", subject=parts.subject, basis=token)
    except ApiRefusal as refusal:
        return _refused(refusal, about)
    repeated = grade["repeated"]
    same = repeated is None or repeated["same"]
    return {
        # The engine is part of an answer: that of another one is never the same byte for byte.
        "what": "same" if same else "differs" if repeated["engine"] == grade["basis"]["engine"] else "other_engine",
        "is_basis": True,
        "about": about,
        "name": grade["subject"].get("name"),
        "address": f"/cases/{grade['subject']['id']}?basis={token}",
        "headline": grade["headline"],
        "regime": _title(page, grade["regime"], grade["basis"]["as_of"]),
        "executed_by": grade["basis"]["engine"],
        "lines": len(grade["steps"]),
        "counted": sum(step["counted"] for step in grade["steps"]),
        "differing": [],
        "cause": None,
    }


async def _receipt(page: PageRequest, record: str) -> dict[str, Any]:
    """What becomes of the receipt of a result."""
    if not page.may("get_receipt"):
        return {"what": "whole", "about": None}
    try:
        receipt = await page.ask("get_receipt", record=record)
    except ApiRefusal as refusal:
        return _refused(refusal, None)
    subject = (await profiles_of(page, [receipt["subject"]])).get(receipt["subject"])
    texts, now = receipt["texts"], receipt["computed"]
    return {
        "what": "same" if receipt["holds"] else "differs",
        "is_basis": False,
        "about": {name: receipt[name] for name in ("known_at", "engine", "position")} | {"as_of": receipt["on"]},
        "name": None if subject is None else subject.get("name"),
        "address": f"/cases/{receipt['subject']}",
        "headline": texts.get(f"stage:{receipt['stage']}")
        or words.event_title(_DECISIONS[receipt["decision"]], page.language),
        "year": receipt["year"],
        "regime": _title(page, receipt["regime"], receipt["on"]),
        "executed_by": receipt["executed_by"],
        "lines": len(receipt["steps"]),
        "counted": sum(step["counted"] for step in receipt["steps"]),
        "differing": receipt["what"],
        "cause": texts.get(f"cause:{receipt['cause']}"),
        "recorded": _figures(receipt["recorded"], texts),
        "computed": None if now is None else _figures(now, texts),
    }


_DECISIONS: Final = {"stage": "stage-recorded.v2", "repair": "repair-confirmed.v1", "adjustment": "result-adjusted.v2"}
"""The event that carries a receipt."""


def _figures(figures: JsonAnswer, texts: JsonAnswer) -> tuple[str | None, str | None]:
    """The score and the grade of a result, in words."""
    return figures["score"], texts.get(f"grade:{figures['grade']}") or figures["undetermined"]


def _refused(refusal: ApiRefusal, about: dict[str, Any] | None) -> dict[str, Any]:
    """What is said where it cannot be executed. Raises ``ApiRefusal`` for what a page is shown instead for."""
    if refusal.status in (401, 403):
        raise refusal
    return {"what": "not_executed", "about": about, "problem": refusal.problem}


def _title(page: PageRequest, regime: str, day: str) -> str:
    return str(page.desk.copies.primary.law.lexicon_of(regime, dt.date.fromisoformat(day)).title(page.language))
