"""Pages of evidence as pictures: nothing of the file itself reaches a browser."""

import io
import threading
from typing import BinaryIO, Final

import pypdfium2
from PIL import Image, ImageOps

from domain.errors import FieldProblem, Invalid, NotFound
from domain.sentence import sentence
from interfaces.contents.inspecting import MOST_PIXELS, PDF, PICTURES

MOST_SIDE: Final = 1600
"""Most pixels of a side of a picture that is shown."""

# The library beneath is not safe to be used by several threads at once.
_ONE_AT_A_TIME: Final = threading.Lock()
_POINTS_AN_INCH: Final = 72
_DOTS_AN_INCH: Final = 144


def page_png(file: BinaryIO, media: str, page: int) -> bytes:
    """A page, the first of which is 1, as PNG of at most ``MOST_SIDE`` pixels a side. Raises ``NotFound`` where there
    is none, and ``Invalid`` for what cannot be shown."""
    try:
        picture = _of_pdf(file, page) if media == PDF else _of_picture(file, page)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, pypdfium2.PdfiumError):
        raise Invalid((FieldProblem("", "not_shown", sentence("evidence.refused.not_shown")),)) from None
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def _of_pdf(file: BinaryIO, page: int) -> Image.Image:
    with _ONE_AT_A_TIME:
        document = pypdfium2.PdfDocument(file)
        try:
            if not 1 <= page <= len(document):
                raise NotFound("page", str(page))
            found = document[page - 1]
            longest = max(*found.get_size(), 1.0)
            scale = min(_DOTS_AN_INCH / _POINTS_AN_INCH, MOST_SIDE / longest)
            shown: Image.Image = found.render(scale=scale, may_draw_forms=False).to_pil()
            return shown
        finally:
            document.close()


def _of_picture(file: BinaryIO, page: int) -> Image.Image:
    with Image.open(file, formats=tuple(PICTURES)) as picture:
        if not 1 <= page <= getattr(picture, "n_frames", 1):
            raise NotFound("page", str(page))
        picture.seek(page - 1)
        if picture.size[0] * picture.size[1] > MOST_PIXELS:
            raise ValueError("too many pixels")
        picture.draft("RGB", (MOST_SIDE, MOST_SIDE))
        # As it is held; nothing but the pixels goes on: no place, no day, no camera.
        shown = ImageOps.exif_transpose(picture).convert("RGB")
        shown.thumbnail((MOST_SIDE, MOST_SIDE))
        return shown
