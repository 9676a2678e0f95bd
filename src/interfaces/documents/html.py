"""Papers told as HTML: the same content as the PDF, in one file that needs nothing beside it and prints the same."""

import re
from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from interfaces.documents.blocks import AnyBlock, Heading, Paper, Picture, Table
from interfaces.documents.squares import svg_of_square

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox"
)
"""What such a page may do, wherever it is served: show itself."""

_WHOLE: Final = re.compile(r"--[a-z]+|[0-9]+ ?\u53f7")
_COUNTERS: Final = ("{page}", "{pages}")
_COUNTER: Final = re.compile(r"(\{pages?\})")


def html_of(paper: Paper) -> bytes:
    """The paper as one page of HTML (UTF-8)."""
    return _template().render(paper=paper, chapters=_chapters(paper)).encode()


@cache
def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("interfaces.documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals.update(
        square=_square,
        drawing=_drawing,
        kind=_kind,
        shares=_shares,
        in_css=_in_css,
        counted=_counted,
        whole=_whole,
    )
    return environment.get_template("paper.html")


def _kind(block: AnyBlock) -> str:
    return type(block).__name__.lower()


def _whole(text: str) -> Markup:
    """A text in which neither the name of an option of a command nor the end of the number of a paper is broken."""
    return Markup(_WHOLE.sub(r'<span class="whole">\g<0></span>', str(escape(text))))  # noqa: S704 - escaped


def _square(content: str) -> Markup:
    return Markup(svg_of_square(content))  # noqa: S704 - drawn by us: squares alone


def _drawing(picture: Picture) -> Markup:
    """A drawing of ours in its place; it carries no text of others but what its maker escaped."""
    return Markup(picture.svg)  # noqa: S704


def _shares(table: Table) -> list[str]:
    """How wide the columns of a table are, in percent of it."""
    whole = sum(table.widths)
    return [f"{100 * width / whole:.2f}" for width in table.widths]


def _in_css(text: str) -> Markup:
    """A text as a string of a style sheet: what is neither letter nor figure by its number, so that nothing ends it."""
    return Markup('"{}"').format(Markup("".join(c if c.isalnum() else f"\\{ord(c):x} " for c in text)))  # noqa: S704


def _counted(pages: str) -> Markup:
    """How pages are counted, as the content of a style sheet."""
    parts = (
        Markup(f"counter({part[1:-1]})") if part in _COUNTERS else _in_css(part)  # noqa: S704
        for part in _COUNTER.split(pages)
    )
    return Markup(" ").join(parts)


def _chapters(paper: Paper) -> dict[int, str]:
    """The chapters by the number of their block, for the contents."""
    return {
        number: block.text
        for number, block in enumerate(paper.blocks)
        if isinstance(block, Heading) and block.level == 1
    }
