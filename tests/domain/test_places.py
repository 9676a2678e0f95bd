"""The table of places: which codes exist, on which days, and what they are called."""

import datetime as dt
import re

import pytest

from domain.places import COMPLETE
from interfaces.files.shipped import shipped_places
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
