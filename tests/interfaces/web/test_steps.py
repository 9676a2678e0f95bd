"""The picture of a score over time: what it shows of spans, bands and marks, and that nothing in it is markup."""

import datetime as dt
import re

from interfaces.charts.learnt_later import learnt_later
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
    picture = drawn(spans=[SPANS[0], ScoreSpan(CHANGED, LAST, 0, "D")], marks=[ChartMark(CHANGED, "", "B08", 1)])
    label = float(re.findall(r'class="label" x="[^"]+" y="([^"]+)"', picture)[-1])
    ((mark, radius),) = re.findall(r'class="mark" cx="[^"]+" cy="([^"]+)" r="([^"]+)"', picture)
    ((number, of),) = re.findall(r'class="numbers" x="[^"]+" y="([^"]+)"[^>]*>([^<]+)<', picture)
    assert of == "1"
    assert label < float(number) < float(mark) - float(radius)


def test_what_is_written_over_the_lowest_line_stands_on_it_where_no_mark_is() -> None:
    later = [ChartMark(LAST, "", "B08", 1)]
    picture = drawn(spans=[SPANS[0], ScoreSpan(CHANGED, LAST, 0, "D")], marks=later)
    label = float(re.findall(r'class="label" x="[^"]+" y="([^"]+)"', picture)[-1])
    line = float(re.findall(r'class="steps" d="M[^V]+V([\d.]+)H', picture)[-1])
    assert label == line - 6


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
    picture = drawn(marks=[ChartMark(CHANGED, "/cases/a/facts#f", '呼环罚〔2024〕1号"><script>', 1)])
    assert 'href="/cases/a/facts#f"' in picture
    assert "<script>" not in picture
    assert 'aria-label="呼环罚〔2024〕1号&#34;' in picture


def test_a_picture_has_a_dozen_ticks_at_most_however_long_it_is() -> None:
    long = [ScoreSpan(dt.date(1999, 5, 1), dt.date(2026, 5, 1), 12, "绿色")]
    months = re.findall(r'text-anchor="middle">([\d-]+)<', drawn(spans=long))
    assert 2 <= len(months) <= 13
    assert len(set(months)) == len(months)


def numbers_of(days: list[int], width: int = 960) -> list[str]:
    """The numbers over marks on so many days after the first."""
    marks = [ChartMark(FIRST + dt.timedelta(days=day), "", "B08", number) for number, day in enumerate(days, 1)]
    return re.findall(r'class="numbers"[^>]*>([^<]+)<', drawn(marks=marks, width=width))


def test_marks_bear_their_numbers_and_those_that_are_near_bear_them_together() -> None:
    assert numbers_of([10, 60, 110]) == ["1", "2", "3"]
    assert numbers_of([10, 10, 11, 110]) == ["1–3", "4"]
    assert numbers_of([10, 110, 10]) == ["1, 3", "2"]
    daily = numbers_of([*range(10, 170)])
    assert 2 < len(daily) < 20
    assert (daily[0].split("–")[0], daily[-1].split("–")[1]) == ("1", "160")
    crowded = [day for n in range(5) for day in (10, 110)]
    assert numbers_of(crowded) == ["1 … 9", "2 … 10"]


def test_what_was_known_later_is_hatched_between_what_was_known_and_what_is() -> None:
    then = [ScoreSpan(FIRST, LAST, 100, "无不良等级（N）")]
    picture = drawn(later=learnt_later(SPANS, then, LAST))
    ((x, y, height),) = re.findall(r'class="later" x="([^"]+)" y="([^"]+)" width="[^"]+" height="([^"]+)"', picture)
    steps = re.findall(r'class="steps" d="M([\d.]+) ([\d.]+)(?:V([\d.]+))?H([\d.]+)"', picture)
    assert (x, y) == (steps[1][0], steps[0][1])
    assert float(y) + float(height) == float(steps[1][2])
    assert re.search(rf'class="then" d="M{x} {y}H', picture)
    assert 'pattern id="later"' not in drawn()


def test_days_of_which_another_grade_of_the_same_score_was_known_are_hatched_too() -> None:
    then = [SPANS[0], ScoreSpan(CHANGED, LAST, 55, "警示单位（C 级）")]
    picture = drawn(later=learnt_later(SPANS, then, LAST))
    (height,) = re.findall(r'class="later"[^>]*height="([^"]+)"', picture)
    assert float(height) > 0


def test_what_differs_is_told_up_to_the_day_asked_about_in_runs_of_days() -> None:
    until = dt.date(2024, 5, 31)
    then = [ScoreSpan(FIRST, dt.date(2024, 4, 30), 100, "N"), ScoreSpan(dt.date(2024, 5, 1), until, 70, "C")]
    now = [SPANS[0]._replace(name="N"), SPANS[1]._replace(name="D")]
    found = learnt_later(now, then, until)
    assert [(one.from_on, one.until_on) for one in found] == [
        (CHANGED, dt.date(2024, 4, 30)),
        (dt.date(2024, 5, 1), until),
    ]
    assert [one.then and one.then.name for one in found] == ["N", "C"]
    assert learnt_later(now, now, until) == []
    # Of days before the first span the same is known as of its first day.
    assert learnt_later(now, [ScoreSpan(dt.date(2024, 2, 1), until, 100, "N")], CHANGED - dt.timedelta(days=1)) == []


def test_without_a_file_at_the_time_all_days_are_learnt_later() -> None:
    (first, second) = learnt_later(SPANS, [], LAST)
    assert (first.from_on, second.until_on) == (FIRST, LAST)
    assert first.then is None
    assert 'class="then"' not in drawn(later=[first, second])
