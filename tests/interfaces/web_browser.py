"""A browser without a screen: it keeps cookies, follows links, and fills in forms, over the real application."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

import httpx

from tests.interfaces.http_client import Api
from tests.support.accounts import PASSWORD


class Browser:
    """One person at one browser."""

    def __init__(self, api: Api, *, language: str = "zh-CN") -> None:
        self.api = api
        self.cookies: dict[str, str] = {}
        self.language = language

    def get(self, address: str, **headers: str) -> httpx.Response:
        """A page as it comes, without going where it leads."""
        return self._sent("GET", address, headers=headers)

    def open(self, address: str) -> httpx.Response:
        """A page, going where it leads."""
        found = self.get(address)
        while found.status_code == 303:
            found = self.get(found.headers["location"])
        return found

    def send(self, address: str, *, origin: str | None = "http://localhost", **fields: str) -> httpx.Response:
        """A form as it comes, without going where it leads."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        if origin is not None:
            headers["origin"] = origin
        return self._sent("POST", address, content=urlencode(fields).encode(), headers=headers)

    def upload(
        self, address: str, name: str, content: bytes, *, origin: str | None = "http://localhost", **fields: str
    ) -> httpx.Response:
        """A form with a file as it comes, without going where it leads."""
        headers = {} if origin is None else {"origin": origin}
        return self._sent("POST", address, data=fields, files={"file": (name, content)}, headers=headers)

    def sign_in(self, account: str, to: str = "/") -> httpx.Response:
        """Sign in with the password of the tests."""
        return self.send("/sign-in", account=account, password=PASSWORD, to=to)

    def csrf(self, page: httpx.Response) -> str:
        """The code that a form of a page bears."""
        found = re.search(r'name="csrf" value="([^"]*)"', page.text)
        assert found is not None
        return found[1]

    def _sent(self, method: str, address: str, **options: Any) -> httpx.Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"accept": "text/html", "accept-language": self.language, **options.pop("headers", {})}
        if cookies:
            headers["cookie"] = cookies
        found = self.api.call(method, address, headers=headers, **options)
        for kept in found.headers.get_list("set-cookie"):
            name, _, rest = kept.partition("=")
            value = rest.partition(";")[0]
            if "Max-Age=0" in rest:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return found


def words_of(page: httpx.Response) -> str:
    """What a page says, without its markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page.text)).split())


_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def must_stand_alone(page: httpx.Response) -> None:
    """Hold what every page keeps to: nothing from elsewhere, no style or script within it, no id for people to read."""
    assert page.status_code == 200, words_of(page)
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|<script(?! src=)", page.text)
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page.text)
    assert not _UUID.search(words_of(page))
