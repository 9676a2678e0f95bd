"""Writes the page of the calendars that are shipped: ``python -m tools.calendar_page``."""

from pathlib import Path
from typing import Final

from domain.time import CalendarYear
from interfaces.files.shipped import shipped_calendars

PAGE: Final = Path(__file__).parents[1] / "docs" / "calendars.md"

_HEAD: Final = """\
# 工作日日历 · Calendars of working days

本页由 `make derived` 按 `src/domain/law/calendars` 生成，请勿手改。每份日历自其通知公布之日起为人所知；已有的账本用
`ecodocket rulebook calendar 年份` 采用。期间依民法典第二百零一条至第二百零三条计算。

Written by `make derived` from `src/domain/law/calendars`; do not edit. Each is known from the day on which its notice
was published; journals that exist adopt it with `ecodocket rulebook calendar YEAR`. Periods are counted by the Civil
Code, arts. 201–203.

| 年份 year | 版本 version | 公布 known from | 影响的日期 days affected | 通知 notice |
|---|---|---|---|---|
"""


def page() -> str:
    """The page as it is now, year by year."""
    in_order = sorted(shipped_calendars(), key=lambda calendar: (calendar.year, calendar.version))
    return _HEAD + "".join(f"| {' | '.join(_cells(calendar))} |\n" for calendar in in_order)


def _cells(of: CalendarYear) -> tuple[str, ...]:
    named = (f"{of.year}-01-01", *(str(day) for day in (*of.rest_days, *of.working_days)))
    return str(of.year), str(of.version), str(of.published_on), f"{min(named)} – {of.year}-12-31", of.paper


def main() -> None:
    """Write the page."""
    PAGE.write_text(page(), "utf-8")


if __name__ == "__main__":
    main()
