"""What a browser complains of: errors of scripts, what the page's own policy forbids, what fails to load or comes from
elsewhere."""

from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response

_COMPLAINTS: Final = ("error", "warning", "assert")


class Heard:
    """Complaints of the browsers of a test, a line each."""

    def __init__(self) -> None:
        self.complaints: list[str] = []

    def expect(self, text: str) -> None:
        """Take away the complaints with a text, of which there must be one."""
        left = [complaint for complaint in self.complaints if text not in complaint]
        assert left != self.complaints, (text, self.complaints)
        self.complaints = left


def listen(context: BrowserContext, heard: Heard, address: str) -> None:
    """Hear what the pages of a context complain of; everything they load is to come from ``address``."""

    def console(message: ConsoleMessage) -> None:
        if message.type in _COMPLAINTS:
            heard.complaints.append(f"{message.type}: {message.text} ({message.location['url']})")

    def requested(request: Request) -> None:
        if not request.url.startswith((f"{address}/", "data:")):
            heard.complaints.append(f"elsewhere: {request.url}")

    def failed(request: Request) -> None:
        # A page that is left takes what it was still loading with it.
        if request.failure != "net::ERR_ABORTED":
            heard.complaints.append(f"failed: {request.url} {request.failure}")

    def answered(response: Response) -> None:
        if response.status >= 400:
            heard.complaints.append(f"{response.status}: {urlsplit(response.url).path}")

    context.on("console", console)
    context.on("weberror", lambda error: heard.complaints.append(f"script: {error.error}"))
    context.on("request", requested)
    context.on("requestfailed", failed)
    context.on("response", answered)
