"""Pictures as they are printed: with their looks in them, and no links, since a paper has none to follow."""

import re
from typing import Final

from markupsafe import Markup

_LINK: Final = re.compile(r"</?a(?: [^>]*)?>")
_VIEW: Final = re.compile(r'<svg viewBox="0 0 (\d+) (\d+)"')
_LOOKS: Final = (
    ".printed text { font-family: 'Noto Serif SC', serif; font-size: 13px; fill: #222; }"
    " .printed .label { font-size: 12px; }"
    " .printed .band { fill: #fff; } .printed .odd { fill: #eee; }"
    " .printed .axis { fill: none; stroke: #555; stroke-width: 1; }"
    " .printed .steps { fill: none; stroke: #111; stroke-width: 2; }"
    " .printed .unknown { fill: none; stroke: #111; stroke-width: 2; stroke-dasharray: 2 5; }"
    " .printed .today { stroke: #111; stroke-width: 1; stroke-dasharray: 6 4; }"
    " .printed .mark { fill: #fff; stroke: #111; stroke-width: 1.5; }"
    " .printed .numbers { font-size: 10px; paint-order: stroke; stroke: #fff; stroke-width: 3px; }"
    " .printed .hatch { fill: none; stroke: #777; stroke-width: 1.5; }"
    " .printed .then { fill: none; stroke: #555; stroke-width: 1; stroke-dasharray: 4 2; }"
)
"""Black, white and one grey: nothing is lost by a printer without colours."""


def printed(picture: Markup) -> str:
    """A picture with its looks in it, as a file of its own; empty for an empty one."""
    if not picture:
        return ""
    bare = _LINK.sub("", str(picture))
    return _VIEW.sub(
        r'<svg xmlns="http://www.w3.org/2000/svg" class="printed" width="\1" height="\2" viewBox="0 0 \1 \2"',
        bare,
        count=1,
    ).replace(">", f"><style>{_LOOKS}</style>", 1)
