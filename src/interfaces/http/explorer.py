"""An explorer of the API that loads nothing from anywhere else."""

from collections.abc import Iterator
from importlib.resources import files
from typing import Final

from interfaces.http.languages import bilingual
from interfaces.http.replying import Reply
from interfaces.wording.texts import both

_ASSETS: Final = {
    "swagger-ui-bundle.js": b"text/javascript; charset=utf-8",
    "swagger-ui.css": b"text/css; charset=utf-8",
    "start.js": b"text/javascript; charset=utf-8",
}

_PAGE: Final = """<!doctype html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    b" connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


FRESH: Final = (b"cache-control", b"no-cache")


def pages(root: str) -> Iterator[tuple[str, Reply[bytes]]]:
    """Paths and what stands there: the explorer's page and its files."""
    yield (
        f"{root}/docs",
        Reply(
            200,
            _PAGE.replace("{title}", bilingual(both("api.title"))).encode(),
            [FRESH, (b"content-security-policy", _POLICY), (b"referrer-policy", b"no-referrer")],
            b"text/html; charset=utf-8",
        ),
    )
    folder = files("interfaces.http") / "assets"
    for name, media in _ASSETS.items():
        kept = (b"cache-control", b"public, max-age=86400")
        yield f"{root}/docs/{name}", Reply(200, (folder / name).read_bytes(), [kept], media)
