"""Decisions that wait for a second person: what each would do, under which law, and whether it is signed."""

import asyncio
import uuid
from collections.abc import Iterator
from typing import Final, NamedTuple

from litestar import Controller

from application.principal import accounts_in
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.impacts import EffectLine, deadlines_moved, years_moved
from interfaces.web.naming import ids_in, named_in, profiles_of, record_title
from interfaces.web.page import GoTo, PageRequest, PageView, page
from interfaces.web.pages.letters import letter_asked
from interfaces.web.proposed import codes_called, codes_in, told_in_words
from interfaces.wording import places, words
from interfaces.wording.texts import Language, name, say
from interfaces.wording.words import Lexicon

_VIEWS: Final = {
    "to_sign": {"mine": "to_sign"},
    "proposed": {"mine": "proposed"},
    "waiting": {"state": "waiting"},
    "signed": {"state": "signed"},
    "returned": {"state": "returned"},
    "withdrawn": {"state": "withdrawn"},
}
_OF_OTHERS: Final = ("employer", "employer_past", "linked", "linked_past")
"""Effects on other files than that which the decision is about."""

_LINES: Final = 15
_OF_RECORDS: Final = (
    "fact", "facts", "sets_aside", "arises_from", "warning", "objection", "comment", "repair", "record", "against",
)  # fmt: skip
_SETTLING: Final = {"sign": "sign_decision", "return": "return_decision", "withdraw": "withdraw_decision"}


class ListedDecision(NamedTuple):
    """A decision as it stands in a list."""

    decision: JsonAnswer
    subject: JsonAnswer | None
    place: str | None
    cites: str
    letter: str | None
    """The kind of the letter that it is about, by its code; of no other decision, and not where it may not be read."""


class SignatureController(Controller):
    """Decisions that wait for a second person."""

    @page("/signatures")
    async def show_decisions(self, page: PageRequest) -> PageView:
        """The decisions of a view, the latest proposed first."""
        default = "to_sign" if page.may("sign_decision") else "proposed"
        view = page.query.get("view")
        view = view if view in _VIEWS else default
        asked = {**_VIEWS[view], "limit": _LINES, "effects": "false", "sort": page.query.get("sort")}
        found = await page.ask("list_decisions", **asked, cursor=page.query.get("cursor"))
        profiles = await profiles_of(page, (decision["subject"] for decision in found["items"]))
        kinds = await asyncio.gather(*(_letter_kind(page, decision) for decision in found["items"]))
        lines = [
            ListedDecision(
                decision,
                profiles.get(decision["subject"]),
                _place(decision, page.language),
                _cites(decision, _lexicon(page, decision), page.language),
                kind,
            )
            for decision, kind in zip(found["items"], kinds, strict=True)
        ]
        views = [code for code in _VIEWS if code != "to_sign" or page.may("sign_decision")]
        given = {"view": view, "views": views, "default": default, "lines": lines, "next": found["next"]}
        given["sort"] = page.query.get("sort") or "-proposed_at"
        given["accounts"] = found.get("accounts", {})
        return PageView("signatures/list.html", given)

    @page("/signatures/{decision:str}")
    async def show_decision(self, page: PageRequest, decision: str) -> PageView:
        """One decision: what was proposed, by whom, what it would do, and what can be done with it."""
        return await _shown(page, decision)

    @page("/signatures/{decision:str}", posts=True)
    async def settle(self, page: PageRequest, decision: str) -> PageView | GoTo:
        """Sign a decision as it was shown, return it with reasons, or take one's own back."""
        how = page.form.get("do", "")
        body: JsonAnswer = {}
        if how == "sign":
            body = {"digest": page.form.get("digest", ""), **_chosen(page.form.get("chosen"))}
        elif how == "return":
            body = {"reasons": page.form.get("reasons", "").strip()}
        elif how != "withdraw":
            return GoTo(f"/signatures/{decision}")
        key = page.form.get("key")
        try:
            await page.tell(_SETTLING[how], body, decision=decision, sent={"idempotency-key": key} if key else {})
        except ApiRefusal as refusal:
            if refusal.status in (401, 404):
                raise
            return await _shown(page, decision, refusal)
        return GoTo(f"/signatures/{decision}?done={how}")


def _chosen(chosen: str | None) -> JsonAnswer:
    """Which rows of a batch are recorded, where one is signed."""
    return {"chosen": chosen} if chosen in ("all", "good") else {}


async def _shown(page: PageRequest, id: str, refusal: ApiRefusal | None = None) -> PageView:
    decision = await page.ask("get_decision", decision=id)
    language = page.language
    effects = [decision["subject"], *(i for e in decision["effects"] for i in ids_in(e[language]))]
    profiles = await profiles_of(page, effects)
    subject = profiles.get(decision["subject"])
    lexicon = _lexicon(page, decision)
    faults = [] if refusal is None else [{**f, "field": f.get("pointer", "").strip("/")} for f in refusal.faults]
    done = page.query.get("done")
    given = {
        "decision": decision,
        "accounts": decision.get("accounts", {}),
        "subject": subject,
        "place": _place(decision, language),
        "regime": None if lexicon is None else lexicon.title(language),
        "cites": _cites(decision, lexicon, language),
        "said": await _said(page, decision, lexicon, subject),
        "effects": list(_effects(page, decision, lexicon, subject, profiles)),
        "may_withdraw": decision["state"] == "waiting" and page.account in accounts_in(decision["held_by"] or ""),
        "problem": None if refusal is None else refusal.problem,
        "faults": faults,
        "done": done if done in _SETTLING else None,
        "key": str(uuid.uuid4()),
        "sheet": (decision["request"] or {}).get("sheet"),
        "letter": await letter_asked(page, decision),
        "cannot": sum(effect["code"] == "batch_refused" for effect in decision["effects"]),
    }
    return PageView("signatures/decision.html", given, 200 if refusal is None else refusal.status)


async def _letter_kind(page: PageRequest, decision: JsonAnswer) -> str | None:
    letter = (decision["request"] or {}).get("letter")
    found = None if letter is None else await page.ask_if_allowed("get_letter", letter=letter)
    return None if found is None else str(found["line"]["kind"])


def _place(decision: JsonAnswer, language: Language) -> str | None:
    return None if decision["place"] is None else places.place(decision["place"], language)


def _lexicon(page: PageRequest, decision: JsonAnswer) -> Lexicon | None:
    regime = decision["regime"]
    return None if regime is None else page.desk.copies.primary.law.lexicon_of(regime)


def _cites(decision: JsonAnswer, lexicon: Lexicon | None, language: Language) -> str:
    """The articles that a decision rests on, as far as it is under a text of the law."""
    return "" if lexicon is None else lexicon.cites(decision["cites"], language)


async def _said(
    page: PageRequest, decision: JsonAnswer, lexicon: Lexicon | None, subject: JsonAnswer | None
) -> list[tuple[str, str]]:
    """Everything that was proposed, in words: what is signed is no more and no less."""
    request, language = decision["request"] or {}, page.language
    if "letter" in request:
        labelled = (("web_letters.dated", "dated_on"), ("web_letters.reason", "reason"))
        return [(say(label, language), str(request[field])) for label, field in labelled if field in request]
    kind = "agency" if subject is None else subject["kind"]
    called = codes_called(request, lexicon, kind, language)
    for field in _OF_RECORDS:
        titles = [(id, await record_title(page, id)) for id in codes_in(request, field)]
        called[field] = [(id, title or say("web_signatures.not_shown", language)) for id, title in titles]
    return told_in_words(decision["command"], request, called, language)


def _effects(
    page: PageRequest,
    decision: JsonAnswer,
    lexicon: Lexicon | None,
    subject: JsonAnswer | None,
    profiles: dict[str, JsonAnswer],
) -> Iterator[EffectLine]:
    language, law = page.language, page.desk.copies.primary.law
    impact = decision["impact"] or {}
    several = len({effect["regime"] for effect in decision["effects"] if effect["regime"]}) > 1
    for effect in decision["effects"]:
        of = lexicon if effect["regime"] is None else law.lexicon_of(effect["regime"])
        if effect["code"] == "deadlines":
            yield from deadlines_moved(impact, language)
            continue
        if effect["code"] == "annual" and of is not None:
            kind = "agency" if subject is None else subject["kind"]
            yield from years_moved(
                impact, effect["regime"], of, kind, of.title(language) if several else None, language
            )
            continue
        sentence = named_in(effect[language], profiles, page)
        if effect["before"] is None and effect["after"] is None:
            yield EffectLine(sentence, None, None)
            continue
        others = ids_in(effect[language]) if effect["code"] in _OF_OTHERS else []
        whose = next((profiles[id] for id in others if id in profiles), subject)
        kind = "agency" if effect["code"].startswith("employer") or whose is None else whose["kind"]
        title = name("web_signatures.effect", effect["code"], language)
        if effect.get("about"):
            title = f"{effect['about']} · {title}"
        if others:
            title = f"{title} {named_in(' '.join(others), profiles, page)}"
        if effect.get("on"):
            title = say("web_signatures.from_day", language, what=title, day=effect["on"])
        if several and of is not None:
            title = f"{title} · {of.title(language)}"
        sides = [_side(effect[side], of, kind, language) for side in ("before", "after")]
        yield EffectLine(title, sides[0], sides[1])


def _side(side: str | None, lexicon: Lexicon | None, kind: str, language: Language) -> str:
    """A score, a grade and a reason for none, as an effect joins them, in words."""
    parts = []
    for part in (side or "").split():
        if part.replace(".", "").lstrip("-").isdigit():
            parts.append(say("web_signatures.points", language, points=part))
        else:
            called = part if lexicon is None else lexicon.grade(part, kind, language)
            parts.append(words.undetermined(part, language) if called == part else called)
    return " · ".join(parts) or "—"
