"""What a file that is sent is called (RFC 6266)."""

from typing import Literal
from urllib.parse import quote

Disposition = Literal["attachment", "inline"]
"""Whether a browser saves the file, or may show it in its place."""


def file_named(name: str, plain: str, disposition: Disposition = "attachment") -> tuple[bytes, bytes]:
    """The header that names a file: ``plain`` in ASCII for whoever reads that alone, and the name (RFC 8187)."""
    said = f"{disposition}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return b"content-disposition", said.encode("ascii")
