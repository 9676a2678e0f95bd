"""The formats in which papers are had, and what files of them are called."""

import re
from collections.abc import Mapping
from typing import Final, Literal

PaperFormat = Literal["pdf", "html"]
"""A file to be printed and kept, or a page that reads and prints the same."""

PAPER_MEDIA_TYPES: Final[Mapping[PaperFormat, str]] = {"html": "text/html", "pdf": "application/pdf"}

_NOT_IN_NAMES: Final = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|\u202a-\u202e\u2066-\u2069]+')
_LONGEST: Final = 80


def paper_file_name(*parts: str, ending: str) -> str:
    """What a file is called: its parts joined by hyphens, without what file systems or readers stumble over."""
    stem = "-".join(cleaned for part in parts if (cleaned := _NOT_IN_NAMES.sub(" ", part).strip(" .")))
    return f"{stem[:_LONGEST].strip(' .')}.{ending}"
