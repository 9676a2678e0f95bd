"""The audit: who looked at what, and what for."""

from litestar import Controller

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
        return PageView("audit/reads.html", {"found": found, "asked": asked, "readers": readers})
