"""QR codes as SVG."""

import io
from functools import lru_cache
from typing import Final

import segno

_MASK: Final = 4
"""The pattern laid over the squares. Readers take any; to weigh all eight takes longer than the rest of the code."""


@lru_cache(maxsize=64)
def svg_of_square(content: str) -> str:
    """The QR code of a text as SVG: error correction M, which survives a stamp at its edge, and its quiet zone of four
    modules around it."""
    out = io.BytesIO()
    made = segno.make_qr(content, error="m", mask=_MASK)
    # Without a size of its own it fills the place that it is given.
    made.save(out, kind="svg", border=4, xmldecl=False, svgns=True, nl=False, omitsize=True)
    return out.getvalue().decode()
