"""Papers told as HTML: the same content as the PDF, in one file that needs nothing beside it and prints the same."""

from functools import cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from interfaces.documents.blocks import AnyBlock, Heading, Paper, Picture
from interfaces.documents.squares import svg_of_square

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; sandbox"
)
"""What such a page may do, wherever it is served: show itself."""


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
    environment.globals.update(square=_square, drawing=_drawing, kind=_kind)
    return environment.get_template("paper.html")


def _kind(block: AnyBlock) -> str:
    return type(block).__name__.lower()


def _square(content: str) -> Markup:
    return Markup(svg_of_square(content))  # noqa: S704 - drawn by us: squares alone


def _drawing(picture: Picture) -> Markup:
    """A drawing of ours in its place; it carries no text of others but what its maker escaped."""
    return Markup(picture.svg)  # noqa: S704


def _chapters(paper: Paper) -> dict[int, str]:
    """The chapters by the number of their block, for the contents."""
    return {
        number: block.text
        for number, block in enumerate(paper.blocks)
        if isinstance(block, Heading) and block.level == 1
    }
