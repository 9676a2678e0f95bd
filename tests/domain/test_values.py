"""Texts, numbers and moments as they come in through any door."""

from decimal import Decimal

import pytest

from domain.time import iso_utc
from domain.values import (
    FIGURE,
    POINTS,
    SHARE,
    YUAN,
    BadMoment,
    BadNumber,
    Range,
    day_from,
    exact,
    folded,
    is_blank,
    moment_from,
    nfc,
    number_from,
    official_number,
    personal_number,
    text_fault,
)
from interfaces.wording.texts import worded


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("内环罚〔2024〕3号", "内环罚 ［２０２４］ ３号"),
        ("内环罚[2024]3号", "内环罚（2024）3号"),
        ("ＡＢＣ環保", "abc環保"),
        ("Cafe\u0301", "CAFÉ"),
        ("呼和\u200b浩特\u3000市", "呼和浩特市"),
    ],
)
def test_what_reads_alike_folds_alike(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_a_text_is_stored_as_given_but_composed() -> None:
    assert nfc("Cafe\u0301 ＡＢ（一）") == "Café ＡＢ（一）"


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\u200b", "\ufeff\t\n", "\u3164", "\u2800", "\u202e", None])
def test_what_nothing_is_left_of_is_blank(text: str | None) -> None:
    assert is_blank(text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("150100\n", "line_break"),
        ("甲\u2028乙", "bad_character"),
        ("甲\x85乙", "bad_character"),
        ("甲\t乙", "line_break"),
        ("  ", "blank"),
        ("\u3000", "blank"),
        ("-", "blank"),
        ("……", "blank"),
        ("\u200b", "bad_character"),
        ("甲\u200b乙", "bad_character"),
        ("\u202e甲乙", "bad_character"),
        ("\u3164", "bad_character"),
        ("甲\x00", "bad_character"),
        ("甲\u0378", "bad_character"),
    ],
)
def test_a_line_says_something_on_one_line_and_hides_nothing(text: str, code: str) -> None:
    fault = text_fault(text, "line")
    assert fault is not None
    assert fault[0] == code


@pytest.mark.parametrize("text", ["内蒙古（集团）", "A", "7", "ᠮᠣᠩᠭᠣᠯ\u180eᠠ", "ᠠ\u200dᠠ", "葛\U000e0100"])
def test_a_name_may_be_written_as_names_are(text: str) -> None:
    assert text_fault(text, "line") is None


def test_prose_has_lines_and_may_be_empty_but_never_turns_its_direction() -> None:
    assert text_fault("一\n二\u200b", "prose") is None
    assert text_fault("", "prose") is None
    assert text_fault("一\u202e二", "prose") is not None


def test_numbers_of_papers_are_compared_without_blanks_hyphens_and_width() -> None:
    assert official_number(" h１２-3\u200b45 x") == "H12345X"


@pytest.mark.parametrize("given", ["0", "5", "12.5", "0.0001", "1000", 7, Decimal("2.50"), "05"])
def test_points_are_plain_numbers(given: object) -> None:
    assert number_from(given, POINTS) == Decimal(str(given))


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("5_0", "not_a_number"),
        ("１", "not_a_number"),
        ("３_０", "not_a_number"),
        (" 5 ", "not_a_number"),
        ("+5", "not_a_number"),
        ("5.", "not_a_number"),
        (".5", "not_a_number"),
        ("1e3", "not_a_number"),
        ("1e-999", "not_a_number"),
        ("5\n", "not_a_number"),
        ("sNaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("9" * 5000, "not_a_number"),
        (Decimal("sNaN"), "not_a_number"),
        (Decimal("1E+999999"), "not_a_number"),
        (Decimal("1E-999"), "not_a_number"),
        (True, "not_a_number"),
        (None, "not_a_number"),
        (10**18, "out_of_range"),
        (-5, "out_of_range"),
        ("-5", "out_of_range"),
        ("1000.0001", "out_of_range"),
        ("1.000000000000000000001", "too_precise"),
    ],
)
def test_what_is_no_plain_number_of_points_is_refused(given: object, code: str) -> None:
    with pytest.raises(BadNumber) as refused:
        number_from(given, POINTS)
    assert refused.value.code == code


def test_a_number_of_five_thousand_digits_is_out_of_range_before_it_is_reckoned_with() -> None:
    with pytest.raises(BadNumber):
        number_from(10**5000, POINTS)


def test_the_bounds_of_a_range_belong_to_it() -> None:
    assert number_from("1", SHARE) == 1
    assert number_from("-1000000", FIGURE) == -1000000
    with pytest.raises(BadNumber):
        number_from("1.0000000001", SHARE)
    with pytest.raises(BadNumber):
        number_from("1000000.1", FIGURE)


@pytest.mark.parametrize("text", ["0", "-3", "12.5", "9" * 40])
def test_a_decoder_takes_a_plain_number_of_up_to_forty_characters(text: str) -> None:
    assert exact(text) == Decimal(text)
    assert exact("9" * 41).is_nan()


def test_a_decoded_number_has_at_most_forty_digits() -> None:
    assert number_from(Decimal("1." + "0" * 39), FIGURE) == 1
    with pytest.raises(BadNumber) as longer:
        number_from(Decimal("1." + "0" * 40), FIGURE)
    assert longer.value.code == "not_a_number"


@pytest.mark.parametrize(
    ("within", "told"), [(POINTS, "points"), (YUAN, "yuan"), (FIGURE, "figure"), (SHARE, "figure")]
)
def test_what_is_out_of_range_is_told_of_what_it_is(within: Range, told: str) -> None:
    with pytest.raises(BadNumber) as beyond:
        number_from(within.most + 1, within)
    assert beyond.value.says.code == f"values.range.{told}"


def test_a_number_of_forty_characters_is_looked_at_and_a_longer_one_is_none() -> None:
    assert number_from("0." + "0" * 38, FIGURE) == 0
    with pytest.raises(BadNumber) as longer:
        number_from("0." + "0" * 39, FIGURE)
    assert longer.value.code == "not_a_number"


@pytest.mark.parametrize("text", ["1e-999", "1E5", "5_0.5", "nan", "inf", "9" * 5000 + ".5"])
def test_a_decoder_reckons_nothing_from_what_is_not_plain(text: str) -> None:
    assert exact(text).is_nan()


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-06-01", "2024-06-01T15:59:59.999999Z"),
        ("2024-06-01T08:00", "2024-06-01T00:00:00.000000Z"),
        ("2024-06-01T08:00:00", "2024-06-01T00:00:00.000000Z"),
        ("2024-06-01 08:00:00.5", "2024-06-01T00:00:00.500000Z"),
        ("2024-06-01T08:00:00Z", "2024-06-01T08:00:00.000000Z"),
        ("2024-06-01T08:00:00-02:30", "2024-06-01T10:30:00.000000Z"),
        ("2024-06-01T08:00:00+23:59", "2024-05-31T08:01:00.000000Z"),
        ("1900-01-01T00:00:00", "1899-12-31T16:00:00.000000Z"),
        ("2199-12-31T23:59:59.999999+08:00", "2199-12-31T15:59:59.999999Z"),
    ],
)
def test_a_moment_without_offset_is_of_shanghai(text: str, at: str) -> None:
    assert iso_utc(moment_from(text, "end")) == at


def test_a_bare_day_means_its_end_when_asked_and_its_morning_when_recorded() -> None:
    assert iso_utc(moment_from("2024-06-01", "end")) == "2024-06-01T15:59:59.999999Z"
    assert iso_utc(moment_from("2024-06-01", "morning")) == "2024-06-01T01:00:00.000000Z"


@pytest.mark.parametrize(
    "text",
    [
        "9999-12-31T23:00:00+00:00",
        "2200-01-01",
        "1899-12-31",
        "1899-12-31T23:59:59",
        "2024-02-30",
        "2024-06-01T24:00",
        "2024-06-01T08",
        "2024-06-01T08:00:00+24:00",
        "2024-06-01T08:00:00+08:60",
        "2024-06-01T08:00:00+08",
        "２０２４-06-01",
        "2024-06-01\n",
        "20240601",
        "2024-W01-1",
        "",
    ],
)
def test_what_is_no_moment_of_the_range_is_refused(text: str) -> None:
    with pytest.raises(BadMoment):
        moment_from(text, "end")


def test_a_day_lies_between_1900_and_2199() -> None:
    assert day_from("1900-01-01").year == 1900
    assert day_from("2199-12-31").year == 2199
    with pytest.raises(BadMoment):
        day_from("2200-01-01")


@pytest.mark.parametrize(
    "text",
    [
        "https://eeb.example/1.jpg",
        "http://a/b",
        "s3://bucket/key",
        "C:\\档案\\1.jpg",
        "/srv/1.jpg",
        "档案室三号柜",
        "1.jpg",
    ],
)
def test_where_evidence_lies_is_an_address_a_path_or_words(text: str) -> None:
    assert text_fault(text, "link") is None


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)",
        " JavaScript :alert(1)",
        "data:text/html,x",
        "ｊavascript：alert(1)",
        "vbscript:x",
        "file:///etc/passwd",
    ],
)
def test_no_other_scheme_is_taken(text: str) -> None:
    fault = text_fault(text, "link")
    assert fault is not None
    assert fault[0] == "bad_scheme"


RESIDENT = "11010519491231002X"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (RESIDENT, 1),
        (f"当事人{RESIDENT.lower()}。", 4),
        ("身份证号：１１０１０５１９４９１２３１００２Ｘ", 6),
        ("证号 110105 19491231 002X 号", 4),
        ("证号110105-1949-1231-002x", 3),
        ("证号1101\u200b05\u200b19491231002X", 3),
        (f"编号123{RESIDENT}", 6),
        ("联系电话13800138000", 5),
        ("电话：＋８６１３８００１３８０００", 4),
    ],
)
def test_the_number_of_a_person_in_a_text_is_told_with_its_place(text: str, place: int) -> None:
    found = personal_number(text)
    assert found is not None
    assert found[0] == place
    fault = text_fault(text, "prose")
    assert fault is not None
    assert fault[0] == "personal_number"
    assert f"第 {place} 个字" in worded(fault[1]).zh


@pytest.mark.parametrize(
    "text",
    [
        "",
        "内环罚〔2024〕1101号",
        "110105194912310021",
        "110105199001011231",
        "110105199001011239",
        "11010519900101123X",
        "11010519490231002X",
        "统一社会信用代码 91350100M000100Y43",
        "罚款 1380013800 元，账号 6222021234567890123",
        "2024-05-16 至 2024-06-16，共 31 日；案号 20240516001",
        "检测值 0.0123 0.0456 0.0789 mg/m3",
    ],
)
def test_other_numbers_are_none_of_a_person(text: str) -> None:
    assert personal_number(text) is None
    assert text_fault(text, "prose") is None


def test_the_field_of_the_number_itself_takes_it() -> None:
    assert text_fault(RESIDENT, "identity") is None
