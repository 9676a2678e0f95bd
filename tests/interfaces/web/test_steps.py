"""The picture of a score over time: what it shows of spans, bands and marks, and that nothing in it is markup."""

import datetime as dt
import re

from interfaces.charts.steps import ChartMark, GradeBand, ScoreSpan, StepChart, svg_of_steps

FIRST, CHANGED, LAST = dt.date(2024, 1, 1), dt.date(2024, 4, 1), dt.date(2024, 6, 30)
SPANS = [
    ScoreSpan(FIRST, CHANGED - dt.timedelta(days=1), 100, "无不良等级（N）"),
    ScoreSpan(CHANGED, LAST, 55, "不良单位（D 级）"),
]


def drawn(**more: object) -> str:
    given: dict[str, object] = {"title": "某机构：分值", "spans": SPANS, "marks": [], "on": LAST, **more}
    return str(svg_of_steps(StepChart(**given)))  # type: ignore[arg-type]


def test_a_picture_without_spans_is_none() -> None:
    assert drawn(spans=[]) == ""


def test_steps_fall_where_the_score_does() -> None:
    paths = re.findall(r'class="steps" d="M([\d.]+) ([\d.]+)(?:V([\d.]+))?H([\d.]+)"', drawn())
    assert len(paths) == 2
    assert paths[1][0] == paths[0][3]
    assert float(paths[1][2]) > float(paths[0][1])


def test_a_span_without_a_score_is_drawn_apart_and_says_why() -> None:
    picture = drawn(spans=[SPANS[0], ScoreSpan(CHANGED, LAST, None, "不在评价范围内")])
    assert picture.count('class="unknown"') == 1
    assert "不在评价范围内" in picture


def test_a_grade_is_named_where_there_is_room_and_never_cut_off() -> None:
    short = [ScoreSpan(FIRST, CHANGED, 9, "blue"), ScoreSpan(CHANGED + dt.timedelta(days=1), LAST, 9, "green" * 20)]
    labels = re.findall(r'class="label"[^>]*>([^<]*)<', drawn(spans=short, width=400))
    assert labels == ["9 · blue", "9"]


def test_what_is_written_over_the_lowest_line_is_not_covered_by_marks() -> None:
    picture = drawn(spans=[SPANS[0], ScoreSpan(CHANGED, LAST, 0, "D")], marks=[ChartMark(CHANGED, "", "B08")])
    label = float(re.findall(r'class="label" x="[^"]+" y="([^"]+)"', picture)[-1])
    ((mark, radius),) = re.findall(r'class="mark" cx="[^"]+" cy="([^"]+)" r="([^"]+)"', picture)
    assert label < float(mark) - float(radius)


def test_bands_stand_one_above_the_other_and_are_named() -> None:
    picture = drawn(
        bands=[GradeBand(75, "无不良等级（N）"), GradeBand(0, "不良单位（D 级）"), GradeBand(60, "警示单位（C 级）")]
    )
    bands = [
        (float(y), float(h))
        for y, h in re.findall(r'class="band[ od]*" x="[^"]+" y="([^"]+)"[^>]*height="([^"]+)"', picture)
    ]
    assert len(bands) == 3
    assert bands[0][0] == bands[1][0] + bands[1][1]
    assert bands[1][0] == bands[2][0] + bands[2][1]
    assert "警示单位（C 级）" in picture


def test_a_mark_is_a_link_with_a_name_and_nothing_in_it_is_markup() -> None:
    picture = drawn(marks=[ChartMark(CHANGED, "/cases/a/facts#f", '呼环罚〔2024〕1号"><script>')])
    assert 'href="/cases/a/facts#f"' in picture
    assert "<script>" not in picture
    assert 'aria-label="呼环罚〔2024〕1号&#34;' in picture


def test_a_picture_has_a_dozen_ticks_at_most_however_long_it_is() -> None:
    long = [ScoreSpan(dt.date(1999, 5, 1), dt.date(2026, 5, 1), 12, "绿色")]
    months = re.findall(r'text-anchor="middle">([\d-]+)<', drawn(spans=long))
    assert 2 <= len(months) <= 13
    assert len(set(months)) == len(months)
