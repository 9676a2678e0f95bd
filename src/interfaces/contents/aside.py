"""What looks into files, its libraries loaded when the first file comes: they take longer than most questions."""

from collections.abc import Iterable
from typing import BinaryIO

from application.papers.uploads import Inspected


def inspected(file: BinaryIO, name: str, size: int) -> Inspected:
    """What a file is; see ``inspecting.inspect``."""
    from interfaces.contents import inspecting

    return inspecting.inspect(file, name, size)


def page_picture(file: BinaryIO, media: str, page: int) -> bytes:
    """A page as PNG; see ``rendering.page_png``."""
    from interfaces.contents import rendering

    return rendering.page_png(file, media, page)


def can_be_shown(media: str) -> bool:
    """Whether files of a type have pages that can be shown."""
    return media == "application/pdf" or media.startswith("image/")


def sm3_of(blocks: Iterable[bytes]) -> str | None:
    """The hex SM3 of bytes; ``None`` where the OpenSSL in use does not offer it."""
    import hashlib

    if "sm3" not in hashlib.algorithms_available:
        return None
    digest = hashlib.new("sm3")
    for block in blocks:
        digest.update(block)
    return digest.hexdigest()
