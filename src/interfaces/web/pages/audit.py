"""The audit: who looked at what, and what for."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from litestar import Controller

from application.access.read_log import asked_besides
from interfaces.web.asking import JsonAnswer
from interfaces.web.page import PageRequest, PageView, page
from interfaces.web.picking import NameMeant, file_meant
from interfaces.wording import places, words
from interfaces.wording.texts import has, say
from interfaces.wording.words import Lexicon

_KEPT: Final = ("account", "from_on", "until", "subject")


class AuditController(Controller):
    """Who looked at what."""

    @page("/audit")
    async def show_reads(self, page: PageRequest) -> PageView:
        """The read log, the last questions first."""
        asked = {name: page.query[name] for name in _KEPT if page.query.get(name)}
        named = page.query.get("of", "").strip()
        meant = await file_meant(page, named, "agency") if named else NameMeant(None)
        if meant.code is not None:
            asked["subject"] = meant.code
        told = await page.ask_if_allowed("get_readers")
        readers = [] if told is None else told["accounts"]
        wanted = {**asked, "cursor": page.query["cursor"]} if page.query.get("cursor") else asked
        found = await page.ask("get_reads", **wanted, limit=100)
        given = {
            "found": found,
            "asked": asked,
            "readers": readers,
            "besides": _besides,
            "named": named,
            "among": meant.among,
            "is_unknown": bool(named) and meant.code is None and not meant.among,
            "narrowed": lambda line: list(_narrowed(page, line, found)),
        }
        return PageView("audit/reads.html", given)


def _besides(line: JsonAnswer, texts: dict[str, str]) -> list[str]:
    """What else was looked at in one look, each once."""
    if "query" not in line:
        return []
    named = dict.fromkeys(asked_besides(line["query"]))
    return [texts[f"operation:{code}"] for code in named if f"operation:{code}" in texts and code != line["operation"]]


def _narrowed(page: PageRequest, line: JsonAnswer, found: JsonAnswer) -> Iterator[str]:
    """What a look was narrowed to, in words: for which place, under which regime, of whom, by which search."""
    asked, language = _asked(line.get("query") or {}), page.language
    if region := asked.get("region") or asked.get("within"):
        yield places.place(region, language)
    lexicon: Lexicon = page.desk.copies.primary.law.lexicon_of(asked.get("regime", ""))
    if regime := asked.get("regime"):
        yield lexicon.title(language) or regime
    kind = asked.get("kind", "agency")
    if "kind" in asked and has("names.kind", kind):
        yield words.kind(kind, language)
    if grade := asked.get("grade"):
        yield lexicon.grade(grade, kind, language)
    if year := asked.get("year"):
        yield say("web_audit.of_year", language, year=year)
    if sought := asked.get("q"):
        yield say("web_audit.sought", language, what=sought)
    if account := asked.get("account"):
        yield say("web_audit.of_account", language, who=_called(account, found))
    if assignee := asked.get("assignee"):
        yield say("web_audit.of_assignee", language, who=_called(assignee, found))
    if (subject := asked.get("subject")) and subject != line.get("subject"):
        yield found["names"].get(subject) or say("web_audit.file", language)


def _called(account: str, found: JsonAnswer) -> str:
    known: Any = found.get("accounts", {}).get(account)
    return account if known is None else str(known["name"])


def _asked(query: Mapping[str, str]) -> dict[str, str]:
    """What the questions of one look asked, the first one above the others."""
    others = [part.partition("=") for name, text in query.items() if name.startswith("+") for part in text.split("&")]
    said = {name: text for name, _, text in reversed(others)}
    return said | {name: text for name, text in query.items() if not name.startswith("+")}
