"""Sentences of the API as people read them on pages: without the ids of records, which stand in brackets there."""

import re
from typing import Final

_OF_A_RECORD: Final = re.compile(
    r"\uff08[^\uff08\uff09]{0,4}[0-9a-f-]{36}\uff09| \((?:record )?[0-9a-f-]{36}\)", re.ASCII
)
"""In the brackets of either language, with the word for a record before it or without."""


def without_ids(text: str) -> str:
    """A sentence without the ids of records: with them one reason would read otherwise for each agency, too."""
    return _OF_A_RECORD.sub("", text)
