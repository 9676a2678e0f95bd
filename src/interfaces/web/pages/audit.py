"""The audit: who looked at what, and what for."""

from litestar import Controller

from application.access.read_log import asked_besides
from interfaces.web.asking import JsonAnswer
from interfaces.web.page import PageRequest, PageView, page


class AuditController(Controller):
    """Who looked at what."""

    @page("/audit")
    async def show_reads(self, page: PageRequest) -> PageView:
        """The read log, the last questions first."""
        names = ("account", "from_on", "until", "cursor", "subject")
        asked = {name: page.query[name] for name in names if page.query.get(name)}
        told = await page.ask_if_allowed("get_readers")
        readers = [] if told is None else told["accounts"]
        found = await page.ask("get_reads", **asked, limit=100)
        given = {"found": found, "asked": asked, "readers": readers, "besides": _besides}
        return PageView("audit/reads.html", given)


def _besides(line: JsonAnswer, texts: dict[str, str]) -> list[str]:
    """What else was looked at in one look, each once."""
    if "query" not in line:
        return []
    named = dict.fromkeys(asked_besides(line["query"]))
    return [texts[f"operation:{code}"] for code in named if f"operation:{code}" in texts and code != line["operation"]]
