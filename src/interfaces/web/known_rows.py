"""How a fact counted by what was known when: asked of the API once for every moment at which something about it was
recorded."""

import datetime as dt
from collections.abc import Iterable
from typing import Final

from interfaces.charts.two_axes import KnownRow, TwoAxes
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.page import PageRequest
from interfaces.web.pages.case_frame import OpenedCase
from interfaces.web.rendering import query_string, shanghai_minute
from interfaces.wording.texts import Language, say

DISPUTES: Final = ("fact-contested", "fact-corrected", "fact-retracted", "fact-set-aside", "client-outcome-recorded")
"""The events by which a fact is a disputed one: what it does hangs on what was known."""

_MOST_ROWS: Final = 24
"""Most moments of a picture, the last ones."""

_ONE_DAY: Final = dt.timedelta(days=1)


def disputed(entries: Iterable[JsonAnswer]) -> set[str]:
    """The facts of a timeline that were corrected, contested, retracted or set aside."""
    return {entry["about"] for entry in entries if entry["type"].startswith(DISPUTES) and entry.get("about")}


async def two_axes_of(page: PageRequest, case: OpenedCase, fact: str) -> TwoAxes:
    """The picture of a fact on the day that is asked about, up to what was known then. Raises ``ApiRefusal``."""
    basis = case.grade["basis"]
    told = await page.ask("get_record", record=fact, known_at=basis["known_at"])
    # What one moment brought is one row.
    entries = {entry["recorded_at"]: entry for entry in told["entries"]}
    moments = sorted(entries)[-_MOST_ROWS:]
    rows = [await _row(page, case, fact, entries[at], is_asked=at == moments[-1]) for at in moments]
    return TwoAxes(say("web_axes.title", case.language, name=case.name), rows, case.as_of)


async def _row(page: PageRequest, case: OpenedCase, fact: str, entry: JsonAnswer, *, is_asked: bool) -> KnownRow:
    at, day, regime = entry["recorded_at"], case.as_of.isoformat(), case.grade["regime"]
    address = f"/cases/{case.id}/facts{query_string({'regime': regime, 'as_of': day, 'known_at': at})}#{fact}"
    step: JsonAnswer | None = None
    try:
        answer = await page.ask("get_grade", subject=case.id, regime=regime, as_of=day, known_at=at, later=True)
        step = next((step for step in answer["steps"] if step["fact"] == fact), None)
        name = say("web_axes.no_line", case.language) if step is None else str(step["because"])
    except ApiRefusal as refusal:
        if refusal.status != 409:
            raise
        name = str(refusal.problem["detail"])
    begins, ends = (None, None) if step is None else (_day(step["effective_on"]), _day(step["ends_on"]))
    # What has ended counted until then; what begins after the day will count.
    is_counted = step is not None and (
        step["counted"] or step["reason"] == "not_yet_effective" or (ends is not None and begins is not None)
    )
    if step is not None and is_counted:
        name = say("web_axes.counts", case.language, effect=_effect(step["effect"], case.language))
    until = None if ends is None else ends - _ONE_DAY
    return KnownRow(shanghai_minute(at), str(entry["title"]), begins, until, is_counted, name, address, is_asked)


def _effect(effect: str, language: Language) -> str:
    """What a line takes off, with its unit; a grade as it is."""
    is_points = effect.lstrip("-+").replace(".", "", 1).isdigit()
    return say("web_axes.points", language, points=effect) if is_points else effect


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
