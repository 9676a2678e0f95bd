"""Cells as clerks fill them in: days, amounts and codes, and what is refused because it may mean something else."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from application.sheets.cells import BadCell, date_of, decimal_of, folded_text_of, is_empty, text_of
from domain.values import POINTS

JUNE_30 = dt.date(2024, 6, 30)


@pytest.mark.parametrize(
    "value",
    [
        JUNE_30,
        dt.datetime(2024, 6, 30, 15, 4),  # noqa: DTZ001 - as an office program has it
        45473,
        45473.0,
        "45473",
        20240630,
        "2024-06-30",
        "2024-6-30",
        "2024/6/30",
        "2024.06.30",
        "2024年6月30日",
        " ２０２４－０６－３０ ",
        "２０２４年６月３０日",
        "20240630",
        "2024-06-30 00:00:00",
        "\u200b2024-06-30\ufeff",
    ],
)
def test_a_day_is_read_however_it_is_written(value: Any) -> None:
    assert date_of(value) == JUNE_30


@pytest.mark.parametrize(
    "value",
    ["24-6-30", "2024-13-01", "2024-02-30", "30/06/2024", "6月30日", "昨天", 45473.5, 0, 3, True, "2024-06-30 下午",
     dt.time(9), "1899-12-31", "2200-01-01"],
)  # fmt: skip
def test_what_may_be_another_day_is_refused(value: Any) -> None:
    with pytest.raises(BadCell, match="bad_day"):
        date_of(value)


def test_days_are_counted_from_where_office_programs_count() -> None:
    assert date_of((dt.date(1949, 10, 1) - dt.date(1899, 12, 30)).days) == dt.date(1949, 10, 1)
    with pytest.raises(BadCell):
        date_of((dt.date(1949, 9, 30) - dt.date(1899, 12, 30)).days)


@pytest.mark.parametrize(
    ("value", "amount"),
    [(20000, "20000"), (20000.5, "20000.5"), ("20,000", "20000"), ("￥2,000元", "2000"), ("２万元", "20000"),
     ("2.5万", "25000"), ("0.01", "0.01"), ("2000元整", "2000")],
)  # fmt: skip
def test_an_amount_is_read_however_it_is_written(value: Any, amount: str) -> None:
    assert decimal_of(value) == Decimal(amount)


@pytest.mark.parametrize("value", ["2,00", "-5", "5_0", "1e3", "两万", "2000美元", "0.001", "1" * 30, "1.5.5", "万元"])
def test_what_is_no_amount_is_refused(value: Any) -> None:
    with pytest.raises(BadCell):
        decimal_of(value)


def test_points_have_no_currency() -> None:
    assert decimal_of("2.5", POINTS) == Decimal("2.5")
    with pytest.raises(BadCell):
        decimal_of("2.5元", POINTS)
    with pytest.raises(BadCell):
        decimal_of("1001", POINTS)


def test_a_code_is_the_same_in_full_width_and_with_blanks() -> None:
    assert folded_text_of(" ９１１５ ０１００ＭＡ ") == "91150100MA"
    assert text_of(" 呼环罚〔2024〕５号　") == "呼环罚〔2024〕５号"


def test_a_number_that_has_lost_digits_is_no_code() -> None:
    assert text_of(123.0) == "123"
    with pytest.raises(BadCell, match="digits_lost"):
        text_of(911501001234567890.0)


def test_blanks_are_nothing() -> None:
    assert [is_empty(value) for value in (None, "", "  ", "\u3000\u200b")] == [True] * 4
    assert [is_empty(value) for value in (0, "0", False)] == [False] * 3
    assert (date_of("  "), decimal_of(None)) == (None, None)
