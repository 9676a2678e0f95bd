"""The picture of a disputed fact: on which days it counts, by what was known when."""

import datetime as dt
import re
from html import unescape

import pytest

from interfaces.charts.two_axes import KnownRow, TwoAxes, svg_of_two_axes
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, must_stand_alone, words_of
from tests.support.world import REGIME, World, credit_code

A = "00000000-0000-4000-8000-00000000000a"
F = "00000000-0000-4000-8000-0000000000f1"
G = "00000000-0000-4000-8000-0000000000f2"
FACTS = f"/cases/{A}/facts"
JUNE = dt.date(2024, 6, 1)


@pytest.fixture
def browser() -> Browser:
    """A browser at a file with a fact that was corrected and then set aside from the beginning, and one in peace."""
    world = World()
    world.agency(A)
    world.fact("2023-09-04", "B09", F, A, document="呼环约〔2023〕1号")
    world.fact("2023-10-09", "C03", G, A, document="呼环函〔2023〕2号")
    world.do("2023-11-01", "correct_fact", fact=F, changes={"decided_on": "2023-09-15"}, reason="日期录错")
    world.do("2024-02-01", "set_aside_fact", fact=F, decided_on="2024-01-31", authority="150100-CRT",
             document="呼法判〔2024〕1号", effect="ab_initio")  # fmt: skip
    return Browser(Api(world))


def drawn(browser: Browser, query: str) -> list[list[str]]:
    """The table beneath the picture, opened as the page leads to it."""
    led = re.search(r'href="([^"]*draw=[^"]*)#axes"', browser.get(f"{FACTS}?{query}").text)
    assert led is not None
    page = browser.get(unescape(led[1]))
    must_stand_alone(page)
    assert page.text.count("<svg") == 1
    table = page.text.partition('id="axes"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in table.split("</tr>")]
    return [[" ".join(unescape(re.sub(r"<[^>]+>", " ", cell)).split()) for cell in row] for row in cells if row]


def test_each_row_is_what_was_known_from_a_record_on(browser: Browser) -> None:
    rows = drawn(browser, f"regime={REGIME}&as_of=2024-06-30")
    assert [row[0] for row in rows] == ["2023-09-04 09:00", "2023-11-01 09:00", "2024-02-01 09:00"]
    assert [row[2] for row in rows] == ["2023-09-04", "2023-09-15", "—"]
    assert rows[0][4].startswith("计入：-")
    assert "撤销" in rows[2][4]


def test_what_was_recorded_later_is_not_known_before(browser: Browser) -> None:
    rows = drawn(browser, f"regime={REGIME}&as_of=2024-06-30&known_at=2024-01-31")
    assert [row[2] for row in rows] == ["2023-09-04", "2023-09-15"]


def test_only_a_disputed_fact_has_a_picture(browser: Browser) -> None:
    page = browser.get(f"{FACTS}?regime={REGIME}&as_of=2024-06-30")
    assert f"draw={F}" in page.text
    assert f"draw={G}" not in page.text
    assert "<svg" not in browser.get(f"{FACTS}?regime={REGIME}&as_of=2024-06-30&draw={G}").text


def test_beside_the_score_over_time_is_hatched_what_was_not_known_yet_on_the_day(browser: Browser) -> None:
    page = browser.get(f"/cases/{A}?regime={REGIME}&as_of=2023-12-31")
    assert page.text.count('class="later"') == 2
    assert "斜线： 2023年12月31日 终了时还不知道" in words_of(page)
    _, _, told = words_of(page).partition("2023年12月31日 终了时所知与现在所知不同的日子")
    assert told.strip().startswith(
        "自 至 当时所知 按本页时刻所知"
        " 2023-09-15 2023-10-08 95 · 无不良等级（N） 100 · 无不良等级（N）"
        " 2023-10-09 2023-12-31 90 · 无不良等级（N） 95 · 无不良等级（N） 理由"
    )
    for same in ("as_of=2024-06-30", "as_of=2023-12-31&known_at=2023-12-31"):
        page = browser.get(f"/cases/{A}?regime={REGIME}&{same}")
        assert page.text.count('class="steps"') > 1
        assert 'class="later"' not in page.text
        assert "斜线" not in words_of(page)


def test_what_was_recorded_late_of_a_file_without_records_is_hatched() -> None:
    world = World()
    world.agency(A)
    world.do("2024-01-11", "record_fact", subject=A, id=F, regime=REGIME, row="C03", authority="150100-EEB",
             document="呼环函〔2023〕2号", decided_on="2023-12-01")  # fmt: skip
    page = Browser(Api(world)).get(f"/cases/{A}?regime={REGIME}&as_of=2023-12-31")
    assert page.text.count('class="later"') == 1
    assert "2023-12-01 2023-12-31 100 · 无不良等级（N） 95 · 无不良等级（N）" in words_of(page)


def test_of_days_before_the_file_was_opened_nothing_was_known() -> None:
    world = World()
    world.do("2024-01-10", "register_agency", id=A, uscc=credit_code(A), name="甲检测", region="150100",
             services=["monitoring"])  # fmt: skip
    world.do("2024-01-11", "record_fact", subject=A, id=F, regime=REGIME, row="C03", authority="150100-EEB",
             document="呼环函〔2023〕2号", decided_on="2023-12-01")  # fmt: skip
    page = Browser(Api(world)).get(f"/cases/{A}?regime={REGIME}&as_of=2023-12-31")
    assert 'class="later"' in page.text
    assert 'class="then"' not in page.text
    assert "2023-12-01 2023-12-31 案卷尚未建立 95 · 无不良等级（N）" in words_of(page)


def test_the_circles_of_the_score_over_time_bear_the_numbers_of_their_table(browser: Browser) -> None:
    page = browser.get(f"/cases/{A}?regime={REGIME}&as_of=2023-12-31&known_at=2023-12-31")
    assert re.findall(r'class="numbers"[^>]*>([^<]+)<', page.text) in (["1", "2"], ["1–2"])
    assert "1 2023-09-15 呼环约〔2023〕1号 2 2023-10-09 呼环函〔2023〕2号" in words_of(page)


def test_a_row_leads_to_the_facts_as_they_were_known_then(browser: Browser) -> None:
    page = browser.get(f"{FACTS}?regime={REGIME}&as_of=2024-06-30&draw={F}")
    first = re.search(r'<a href="([^"]*known_at[^"]*)#[^"]*" aria-label', page.text)
    assert first is not None
    assert "计入" in words_of(browser.get(unescape(first[1])))


def row(from_on: dt.date | None, until_on: dt.date | None, *, counts: bool = True) -> KnownRow:
    return KnownRow("2024-06-01 09:00", "记录", from_on, until_on, counts, "计入：-5", "#f", is_asked=True)


def test_a_row_reaches_from_its_first_day_over_its_last() -> None:
    picture = svg_of_two_axes(TwoAxes("图", [row(JUNE, JUNE), row(JUNE, None, counts=False)], JUNE))
    spans = re.findall(r'<rect class="(known|uncounted) asked" x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', picture)
    # Sixty-one days are drawn, one of which it counts; without an end it goes on to the edge.
    one, rest = float(spans[0][2]), float(spans[1][2])
    assert [kind for kind, _, _ in spans] == ["known", "uncounted"]
    assert one == pytest.approx((960 - 150 - 16) / 60, abs=0.2)
    assert float(spans[1][1]) + rest == pytest.approx(960 - 16, abs=0.2)


def test_a_name_with_markup_is_drawn_as_text() -> None:
    picture = svg_of_two_axes(TwoAxes("<b>", [row(JUNE, None)._replace(what="<script>")], JUNE))
    assert "<script>" not in picture
    assert "<b>" not in picture


def test_nothing_is_drawn_where_it_never_counted() -> None:
    assert svg_of_two_axes(TwoAxes("图", [row(None, None)], JUNE)) == ""
