"""The table of places: which codes exist, on which days, and what they are called."""

import datetime as dt
import re

import pytest

from domain.places import COMPLETE, Places
from interfaces.files.shipped_places import shipped_places
from tests.support.words import words_of

TODAY = dt.date(2026, 6, 1)
PLACES = shipped_places()


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("150100", "呼和浩特市", "Hohhot"),
        ("150102", "新城区", "Xincheng District"),
        ("152500", "锡林郭勒盟", "Xilingol League"),
        ("150722", "莫力达瓦达斡尔族自治旗", "Morin Dawa Daur Autonomous Banner"),
        ("330212", "鄞州区", "Yinzhou District"),
        ("330382", "乐清市", "Yueqing"),
        ("330481", "海宁市", "Haining"),
        ("320707", "赣榆区", "Ganyu District"),
        ("610000", "陕西省", "Shaanxi"),
        ("650100", "乌鲁木齐市", "Urumqi"),
    ],
)
def test_a_place_is_called_by_its_name(code: str, zh: str, en: str) -> None:
    assert (shipped_places().name(code, "zh"), shipped_places().name(code, "en")) == (zh, en)


def test_a_district_is_told_with_its_city() -> None:
    assert PLACES.full_name("330212", "zh") == "宁波市鄞州区"
    assert PLACES.full_name("330212", "en") == "Yinzhou District, Ningbo"
    assert PLACES.full_name("150100", "zh") == "呼和浩特市"


# Renamed on 1 July 2020, moved into another county on 1 January 2023; one of its counties was never in English.
SMALL = Places(
    lambda: (
        "# code\tzh\ten\n\n"
        "770100\t甲市\tJia\n"
        "770101\t旧区\tOld District\t\t2020-07-01\n"
        "770101\t新区\tNew District\t2020-07-01\t2023-01-01\t770102\n"
        "770102\t乙县\n"
    )
)


@pytest.mark.parametrize(
    ("day", "zh", "full"),
    [
        ("2020-06-30", "旧区", "甲市旧区"),
        ("2020-07-01", "新区", "甲市新区"),
        ("2022-12-31", "新区", "甲市新区"),
        # Where it stands no longer it is called as it was last.
        ("2023-01-01", "新区", "甲市新区"),
        (None, "新区", "甲市新区"),
    ],
)
def test_a_place_is_called_as_it_was_on_the_day(day: str | None, zh: str, full: str) -> None:
    on = None if day is None else dt.date.fromisoformat(day)
    assert (SMALL.name("770101", "zh", on), SMALL.full_name("770101", "zh", on)) == (zh, full)


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("770199", "甲市 770199", "Jia 770199"),
        ("780199", "780199", "780199"),
        ("780100", "780100", "780100"),
        ("770102", "乙县", "乙县 (Jia)"),
    ],
)
def test_what_the_table_does_not_know_is_told_by_its_code_and_what_it_does_not_translate_with_its_city(
    code: str, zh: str, en: str
) -> None:
    assert SMALL.named(code) == (zh, en)


def test_what_has_no_row_or_no_city_is_told_as_it_is_and_not_with_a_city_once_more() -> None:
    assert SMALL.full_name("770199", "zh") == "甲市 770199"
    assert SMALL.full_name("770102", "en") == "乙县, Jia"
    assert SMALL.full_name("770100", "en") == "Jia"


@pytest.mark.parametrize(("day", "code"), [("2022-12-31", None), ("2023-01-01", "former_region"), ("2020-07-01", None)])
def test_a_place_that_moved_into_another_one_is_former_from_that_day_on(day: str, code: str | None) -> None:
    fault, _ = SMALL.faults("/region", "770101", dt.date.fromisoformat(day))
    assert (None if fault is None else fault.code) == code


def test_a_place_that_does_not_exist_yet_is_told_from_when_it_will() -> None:
    later = Places(lambda: "770100\t甲市\tJia\n770103\t丙区\tBing\t2025-01-01\n")
    fault, _ = later.faults("/region", "770103", dt.date(2024, 12, 31))
    assert fault is not None
    assert fault.code == "region_not_yet"
    assert "2025-01-01" in words_of(fault).zh
    assert later.faults("/region", "770103", dt.date(2025, 1, 1)) == (None, None)


def test_a_county_elsewhere_without_checked_english_is_told_by_its_own_name_and_the_city() -> None:
    assert shipped_places().name("440305", "en") == "南山区 (Shenzhen)"


@pytest.mark.parametrize("code", ["999999", "150199", "330207", "990100", "000000", "331200", "159900"])
def test_a_code_that_is_no_place_is_told(code: str) -> None:
    fault, warning = PLACES.faults("/region", code, TODAY)
    assert fault is not None
    assert (fault.code, fault.pointer, warning) == ("unknown_region", "/region", None)


@pytest.mark.parametrize(
    ("code", "day", "standing"),
    [
        ("330204", "2016-09-13", "current"),
        ("330204", "2016-09-14", "former"),
        ("330213", "2016-09-13", "former"),
        ("330213", "2016-09-14", "current"),
        ("330383", "2019-08-15", "former"),
        ("330383", "2019-08-16", "current"),
        ("320705", "2014-05-05", "current"),
        ("320705", "2014-05-06", "former"),
        ("440399", "2026-01-01", "unlisted"),
    ],
)
def test_a_code_stands_on_its_days(code: str, day: str, standing: str) -> None:
    assert PLACES.standing(code, dt.date.fromisoformat(day)) == standing


def test_a_code_that_ended_is_told_with_what_came_after_it() -> None:
    fault, _ = PLACES.faults("/region", "330204", TODAY)
    assert fault is not None
    assert fault.code == "former_region"
    assert "330212（鄞州区）" in words_of(fault).zh
    assert "330212 (Yinzhou District)" in words_of(fault).en


def test_a_county_elsewhere_that_the_table_does_not_know_is_taken_with_a_warning() -> None:
    fault, warning = PLACES.faults("/region", "440399", TODAY)
    assert fault is None
    assert warning is not None
    assert warning.code == "unlisted_region"


def test_every_row_is_sound() -> None:
    for code in PLACES.codes():
        for place in PLACES.of(code):
            assert re.fullmatch("[0-9]{6}", code)
            assert place.zh
            assert place.en or (not code.startswith(COMPLETE) and not code.endswith("00")), code
            assert place.from_on is None or place.before_on is None or place.from_on < place.before_on
            assert place.before_on is not None or not place.successors
            assert all(PLACES.standing(next_, TODAY) != "unknown" for next_ in place.successors), code


def test_every_district_of_the_five_places_is_there() -> None:
    counts = {
        stem: sum(c.startswith(stem) and PLACES.standing(c, TODAY) == "current" for c in PLACES.codes())
        for stem in COMPLETE
    }
    # With the region, its 12 leagues and cities, and with each city itself.
    assert counts == {"15": 103 + 13, "3302": 11, "3303": 13, "3304": 8, "3207": 7}
