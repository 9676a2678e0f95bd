"""What people call that which an answer names by an id: subjects, and the records on their files."""

import asyncio
import re
from collections.abc import Iterable, Mapping
from typing import Final

from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.page import PageRequest
from interfaces.wording.texts import say

_ID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


async def profiles_of(page: PageRequest, subjects: Iterable[str | None]) -> dict[str, JsonAnswer]:
    """Subjects by id, as far as whoever looks is shown them."""
    wanted = [subject for subject in dict.fromkeys(subjects) if subject is not None and page.may("get_profile")]
    profiles = await asyncio.gather(*(_profile(page, subject) for subject in wanted))
    return {subject: profile for subject, profile in zip(wanted, profiles, strict=True) if profile is not None}


async def _profile(page: PageRequest, subject: str) -> JsonAnswer | None:
    try:
        return await page.ask("get_profile", subject=subject, grades="false")
    except ApiRefusal:
        # Out of reach, or of a person and no purpose was said.
        return None


def named_in(text: str, profiles: Mapping[str, JsonAnswer], page: PageRequest) -> str:
    """A text in which the ids of subjects stand as their names."""
    unnamed = say("web.no_name", page.language)
    return _ID.sub(lambda found: str(profiles.get(found[0], {}).get("name") or unnamed), text)


def ids_in(text: str) -> list[str]:
    """The ids that stand in a text."""
    return _ID.findall(text)


async def record_title(page: PageRequest, record: str) -> str | None:
    """What a record is called, with its paper and its day; ``None`` where whoever looks is not shown it."""
    if not page.may("get_record"):
        return None
    try:
        entry = (await page.ask("get_record", record=record))["entries"][0]
    except ApiRefusal:
        return None
    parts = (entry.get("happened_on"), entry.get("title"), entry.get("document"))
    return " · ".join(part for part in parts if part) or None
