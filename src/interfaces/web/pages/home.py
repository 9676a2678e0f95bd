"""The first page, and what is found from it."""

from typing import Any

from litestar import Controller

from interfaces.web.asking import ApiRefusal
from interfaces.web.page import GoTo, PageRequest, PageView, page


class HomeController(Controller):
    """The first page, and what is found from it."""

    @page("/")
    async def show_home(self, page: PageRequest) -> PageView:
        """One field for everything people know, and what there is to do."""
        work = await page.ask_if_allowed("get_deadlines", limit=1)
        return PageView("home/home.html", {"work": work, "news": []})

    @page("/search")
    async def show_found(self, page: PageRequest) -> PageView | GoTo:
        """What was found; a single file is opened at once."""
        sought = page.query.get("q", "").strip()
        if not sought:
            return GoTo("/")
        given: dict[str, Any] = {"sought": sought, "found": None, "problem": None}
        try:
            found = await page.ask("search", q=sought, cursor=page.query.get("cursor"), limit=50)
        except ApiRefusal as refusal:
            if refusal.status not in (400, 422):
                raise
            return PageView("home/found.html", {**given, "problem": refusal.problem}, refusal.status)
        hits = found["hits"]
        if len(hits) == 1 and not page.query.get("cursor"):
            return GoTo(_address(hits[0]))
        return PageView("home/found.html", {**given, "found": found, "address": _address})


def _address(hit: dict[str, Any]) -> str:
    """Where a hit leads: the file, or the line of the file that bears the paper."""
    file = f"/cases/{hit['subject']['id']}"
    return f"{file}/facts?regime={hit['regime']}#{hit['id']}" if hit["kind"] == "fact" else file
