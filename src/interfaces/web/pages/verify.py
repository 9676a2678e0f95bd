"""Verifying what one holds: the basis of an answer or the receipt of a result, executed again."""

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from litestar import Controller

from application.answering.grading import read_token
from application.ports import Journal
from domain.errors import Invalid
from domain.time import iso_utc
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.held import LONGEST_IN_ADDRESS, Held, first_difference, own_check, pasted_in
from interfaces.web.naming import profiles_of
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.rendering import query_string
from interfaces.wording import words
from interfaces.wording.texts import Language, said, worded
from interfaces.wording.words import Lexicon

_DECISIONS: Final = {"stage": "stage-recorded.v2", "repair": "repair-confirmed.v1", "adjustment": "result-adjusted.v2"}
"""The event that carries a receipt."""


class SealedFact(NamedTuple):
    """A fact that a line counts: its line in words, when it was recorded, and the seal under which it is on record."""

    line: str
    recorded_at: str
    seal: str


class VerifyController(Controller):
    """Verifying what one holds."""

    @page("/verify")
    async def show_verify(self, page: PageRequest) -> PageView:
        """A field for what one holds, and what came of executing it again."""
        return await _shown(page, page.query.get("held", "")[:LONGEST_IN_ADDRESS])

    @page("/verify", posts=True)
    async def verify(self, page: PageRequest) -> PageView | GoTo:
        """Verify what was pasted: what fits into an address is had again by it."""
        text = page.form.get("held", "")
        held = pasted_in(text)
        if held is not None and held.told is None and held.kind != "unknown":
            return GoTo(f"/verify{query_string({'held': held.code})}")
        return await _shown(page, text)


async def _shown(page: PageRequest, text: str) -> PageView:
    held = pasted_in(text)
    found = None if held is None else await _verified(page, held)
    return PageView("verify/verify.html", {"held": text, "code": "" if held is None else held.code, "found": found})


async def _verified(page: PageRequest, held: Held) -> dict[str, Any]:
    match held.kind:
        case "basis":
            return await _basis(page, held.code)
        case "answer":
            return await _answer(page, held)
        case "record":
            return await _receipt(page, held.code)
        case "receipt":
            return await _held_receipt(page, held)
        case "digest":
            return await _digest(page, held.code)
        case "unknown":
            return {"what": "unknown"}


async def _answer(page: PageRequest, held: Held) -> dict[str, Any]:
    """What becomes of a whole answer: first whether it is what its token was made for, which needs no account."""
    found = await _basis(page, held.code)
    told = held.told or {}
    if found["what"] == "damaged":
        return found
    found["own"] = own_check(told)
    now = found.pop("now", None)
    if now is None:
        return found
    differs = first_difference(told, now)
    if found["own"] == "partial" and differs == ("unreadable", None):
        differs = None
    lexicon = page.desk.copies.primary.law.lexicon_of(now["regime"], dt.date.fromisoformat(now["basis"]["as_of"]))
    sides = [_standing(side.get("running"), now["subject"]["kind"], lexicon, page.language) for side in (told, now)]
    # The token may be whole where the answer was changed.
    what = "differs" if found["what"] == "same" and differs is not None else found["what"]
    return {**found, "first_part": differs, "sides": sides, "what": what}


def _standing(running: Any, kind: str, lexicon: Lexicon, language: Language) -> tuple[str, str]:
    """The score and the grade of an answer, in words; of one that was made by somebody, whatever stands there."""
    side = running if isinstance(running, dict) else {}
    score, grade = (str(side.get(part))[:20] if side.get(part) is not None else None for part in ("score", "grade"))
    return score or "—", "—" if grade is None else lexicon.grade(grade, kind, language)


async def _held_receipt(page: PageRequest, held: Held) -> dict[str, Any]:
    """What becomes of a whole receipt: whether its result is the one on record, and executed again."""
    recorded = (held.told or {})["recorded"]
    found = await _receipt(page, held.code)
    if found["what"] == "whole":
        digest = pasted_in(str(recorded.get("digest")))
        is_digest = digest is not None and digest.kind == "digest"
        return await _digest(page, digest.code) if digest is not None and is_digest else {"what": "unknown"}
    if "figures" in found:
        now = found["figures"]
        wrong = next((part for part in ("digest", "score", "grade") if recorded.get(part) != now.get(part)), None)
        found["own"] = "whole" if wrong is None else "changed"
        found["first_part"] = None if wrong is None else (wrong, None)
        if wrong is not None:
            found["what"] = "differs"
    return found


async def _digest(page: PageRequest, digest: str) -> dict[str, Any]:
    """What a digest is of; of a result, whoever may read it sees it executed again."""
    try:
        told = await page.ask("get_digest", digest=digest)
    except ApiRefusal as refusal:
        if refusal.status != 404:
            raise
        return {"what": "no_such_digest"}
    if told["what"] == "result" and told["record"] and page.may("get_receipt"):
        return await _receipt(page, told["record"])
    title = None
    if told["edition"]:
        edition = await page.ask("get_rulebook", rulebook=told["edition"])
        title = edition["title"][page.language]
    called = None if told["type"] is None else words.event_title(told["type"], page.language)
    return {"what": "digest", "told": told, "title": title, "called": called, "about": None}


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
        "facts": await _facts(page, grade["steps"]),
        "differing": [],
        "cause": None,
        "now": grade,
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
        "facts": await _facts(page, receipt["steps"]),
        "differing": receipt["what"],
        "cause": texts.get(f"cause:{receipt['cause']}"),
        "figures": receipt["recorded"],
        "recorded": _figures(receipt["recorded"], texts),
        "computed": None if now is None else _figures(now, texts),
    }


async def _facts(page: PageRequest, steps: Sequence[JsonAnswer]) -> list[SealedFact]:
    """The facts that count in what was executed again, each by its paper, else by its row, with its seal."""
    counted = {step["fact"]: step for step in steps if step["counted"] and step.get("fact")}
    seals = await asyncio.to_thread(_seals, page.desk.copies.primary.journal, list(counted))
    told = []
    for fact, step in counted.items():
        if fact in seals:
            called = [(step.get("particulars") or {}).get("document"), step.get("row")]
            told.append(SealedFact(" ".join(part for part in called if part), step["recorded_at"], seals[fact]))
    return told


def _seals(journal: Journal, facts: Sequence[str]) -> dict[str, str]:
    """The seals of the events that brought facts."""
    owners = {fact: journal.owner_of(fact) for fact in facts}
    streams = journal.streams(sorted({owner for owner in owners.values() if owner is not None}))
    brought = {row.event.introduced_id: row for rows in streams.values() for row in rows}
    return {fact: journal.leaf(brought[fact].stream, brought[fact].version).hex() for fact in facts if fact in brought}


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
