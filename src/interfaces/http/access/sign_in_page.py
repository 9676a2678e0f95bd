"""The page where people sign in, set the password of a link, or take an account of the demo. It loads nothing from
anywhere else, and works without a front-end of one's own."""

from collections.abc import Iterator
from html import escape
from importlib.resources import files
from typing import Final

from interfaces.http.languages import bilingual
from interfaces.http.replying import Reply
from interfaces.wording.texts import both

PATH: Final = "/sign-in"
"""Where it stands."""

_PAGE: Final = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>
body {{ font: 1rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem }}
label, input, button {{ display: block; width: 100%; box-sizing: border-box; font: inherit }}
input, button {{ padding: .5rem; margin: .25rem 0 1rem }}
#fault {{ color: #a00 }}
</style>
</head>
<body>
<h1>{title}</h1>
<p id="fault" role="alert"></p>
<section id="out" hidden><p>{signed_in} <strong id="who"></strong></p>
<button id="leave" type="button">{leave}</button></section>
<form id="set" hidden><label for="chosen">{chosen}</label>
<input id="chosen" type="password" autocomplete="new-password" minlength="12" maxlength="200" required>
<button>{set}</button></form>
<form id="in"><label for="account">{account}</label><input id="account" autocomplete="username" required>
<label for="password">{password}</label>
<input id="password" type="password" autocomplete="current-password" required><button>{enter}</button></form>
<section id="here" hidden><h2>{here}</h2><div id="accounts"></div></section>
<p id="oidc" hidden><a href="{root}/session/oidc">{oidc}</a></p>
<p><a href="{root}/docs">{docs}</a></p>
<script src="sign-in.js"></script>
</body>
</html>
"""

_SAID: Final = (
    "title", "signed_in", "leave", "chosen", "set", "account", "password", "enter", "here", "oidc", "docs",
)  # fmt: skip

_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src data:; connect-src 'self';"
    b" base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_FRESH: Final = (b"cache-control", b"no-cache")


def sign_in_pages(root: str) -> Iterator[tuple[str, Reply[bytes]]]:
    """The page and its script, with their paths; ``root`` is that of the API."""
    said = {name: bilingual(both(f"access.page.{name}")) for name in _SAID}
    page = _PAGE.format(**{name: escape(text) for name, text in said.items()}, root=root)
    yield (
        PATH,
        Reply(
            200,
            page.encode(),
            [_FRESH, (b"content-security-policy", _POLICY), (b"referrer-policy", b"no-referrer")],
            b"text/html; charset=utf-8",
        ),
    )
    script = (files("interfaces.http") / "assets" / "sign-in.js").read_bytes()
    yield f"{PATH}.js", Reply(200, script, [_FRESH], b"text/javascript; charset=utf-8")
