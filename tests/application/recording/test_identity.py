"""What identifies a subject, and the codes of places in what is recorded."""

import datetime as dt
from typing import Any

import pytest

from application.recording.commands import command_from
from application.recording.identity import check_id_number
from domain.errors import Invalid
from tests.support.words import words_of
from tests.support.world import ID_NUMBER, REGIME, USCC, World

TODAY = dt.date(2024, 5, 1)


def numbered(seventeen: str) -> str:
    """A resident ID number of its first seventeen digits."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return seventeen + "10X98765432"[sum(int(d) * w for d, w in zip(seventeen, weights, strict=True)) % 11]


@pytest.mark.parametrize("place", ["150105", "810000", "820000", "830000"])
def test_a_number_of_a_known_place_or_of_a_residence_permit_is_taken_in_silence(place: str) -> None:
    assert check_id_number(numbered(f"{place}19900307001"), "resident_identity_card", TODAY) == ()


@pytest.mark.parametrize("place", ["150399", "159900", "999999"])
def test_a_place_that_is_in_no_list_only_warns(place: str) -> None:
    (warning,) = check_id_number(numbered(f"{place}19900307001"), "resident_identity_card", TODAY)
    assert (warning.pointer, warning.code) == ("/id_number", "unlisted_place_of_id")


@pytest.mark.parametrize(
    "number",
    [
        "110105194912310021",
        numbered("11010519490231002"),
        numbered("11010520240502002"),
        numbered("11010518491231002"),
        "11010519491231002",
        "11010519491231002XX",
        "110105 49123100 2X",
        "-",
    ],
)
def test_the_check_digit_and_the_date_decide(number: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_id_number(number, "resident_identity_card", TODAY)
    assert [p.pointer for p in refused.value.problems] == ["/id_number"]


def test_a_number_is_read_folded() -> None:
    assert check_id_number("１１０１０５１９４９１２３１００２ｘ", "resident_identity_card", TODAY) == ()


@pytest.mark.parametrize(
    ("kind", "number"), [("passport", "E12345678"), ("home_return_permit", "H12345678"), ("other", "军字第0123456号")]
)
def test_a_number_on_another_paper_has_letters_and_digits(kind: str, number: str) -> None:
    assert check_id_number(number, kind, TODAY) == ()


@pytest.mark.parametrize("number", ["-", "----", "  ", "/", "E1234567890123456789012345678901234567890"])
@pytest.mark.parametrize("kind", ["passport", "home_return_permit", "other"])
def test_what_is_no_number_of_a_paper_is_refused(kind: str, number: str) -> None:
    with pytest.raises(Invalid):
        check_id_number(number, kind, TODAY)


def refused(world: World, day: str, do: str, **fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as error:
        world.do(day, do, **fields)
    return [(p.pointer, p.code) for p in error.value.problems]


def agency(**more: Any) -> dict[str, Any]:
    return {"id": "A", "uscc": USCC, "name": "甲", "region": "150100", "services": ["monitoring"], **more}


@pytest.mark.parametrize("region", ["999999", "150199"])
def test_a_region_that_does_not_exist_is_refused(region: str) -> None:
    assert refused(World(), "2024-05-01", "register_agency", **agency(region=region)) == [("/region", "unknown_region")]


def test_a_region_that_has_ended_is_refused_with_what_came_after_it() -> None:
    world = World()
    assert world.do("2016-09-13", "register_agency", **agency(region="330204")).status == "recorded"
    other = agency(id="B", uscc="91150100MA0N000012", region="330204")
    assert refused(World(), "2016-09-14", "register_agency", **agency(region="330204")) == [
        ("/region", "former_region")
    ]
    assert other["id"] == "B"


def test_the_same_registration_under_the_code_of_its_day_is_no_news() -> None:
    world = World()
    world.do("2016-09-13", "register_agency", **agency(region="330204"))
    assert world.do("2024-05-01", "register_agency", **agency(region="330204")).status == "already_so"


def test_a_seat_is_moved_to_a_place_of_that_day() -> None:
    world = World()
    world.agency()
    changes: dict[str, Any] = {"subject": "A", "changes": {"region": "330204"}}
    assert refused(world, "2024-05-01", "change_subject", from_on="2016-09-14", **changes) == [
        ("/changes/region", "former_region")
    ]
    assert world.do("2024-05-01", "change_subject", from_on="2016-09-13", **changes).status == "recorded"


def test_an_authority_of_no_place_is_refused_and_one_of_another_day_is_a_warning() -> None:
    world = World()
    world.agency()
    fact = {"subject": "A", "regime": REGIME, "row": "B01", "document": "文书", "decided_on": "2024-05-01"}
    assert refused(world, "2024-05-02", "record_fact", authority="999999-EEB", **fact) == [
        ("/authority", "unknown_region")
    ]
    outcome = world.do("2024-05-02", "record_fact", authority="152600-EEB", dry_run=True, **fact)
    assert [(w.pointer, w.code) for w in outcome.warnings] == [("/authority", "former_region")]
    assert world.do("2024-05-02", "record_fact", authority="150900-EEB", **fact).warnings == ()


def test_a_county_elsewhere_that_is_not_in_the_table_is_taken_with_a_warning_in_the_answer() -> None:
    outcome = World().do("2024-05-01", "register_agency", **agency(region="440399"))
    assert [(w.pointer, w.code) for w in outcome.warnings] == [("/region", "unlisted_region")]


def test_a_person_whose_old_county_is_in_no_list_is_registered_with_a_warning() -> None:
    number = numbered("15039919900307001")
    outcome = World().do("2024-05-01", "register_practitioner", id="P", name="张某", id_number=number, region="150100")
    assert [w.code for w in outcome.warnings] == ["unlisted_place_of_id"]


def test_the_same_number_written_otherwise_is_the_same_person() -> None:
    world = World()
    world.practitioner()
    person = {"id": "P", "name": "张某", "region": "150100"}
    assert (
        world.do("2024-05-01", "register_practitioner", id_number="11010519491231002x", **person).status == "already_so"
    )


@pytest.mark.parametrize(
    ("do", "field", "value", "code"),
    [
        ("register_agency", "region", "150100\n", "line_break"),
        ("register_agency", "uscc", USCC + "\n", "line_break"),
        ("register_agency", "name", " \u3000", "blank"),
        ("register_agency", "name", "\u200b", "bad_character"),
        ("register_agency", "name", "甲\u202e乙", "bad_character"),
        ("register_agency", "name", "甲\n乙", "line_break"),
        ("record_fact", "authority", "150100-EEB\n", "line_break"),
        ("record_fact", "row", "B12\n", "line_break"),
        ("record_fact", "points", "5_0", "not_a_number"),
        ("record_fact", "points", "１", "not_a_number"),
        ("record_fact", "points", -5, "out_of_range"),
        ("record_fact", "evidence", [{"title": "照片"}] * 101, "too_many"),
        ("register_agency", "licences", ["证"] * 501, "too_many"),
        ("register_agency", "services", [], "too_few"),
    ],
)
def test_what_no_door_lets_in(do: str, field: str, value: object, code: str) -> None:
    fact = {"subject": "A", "regime": REGIME, "row": "B12", "document": "文书", "authority": "150100-EEB"}
    raw = {"do": do, **(agency() if do == "register_agency" else fact), field: value}
    with pytest.raises(Invalid) as error:
        command_from(raw)
    assert [(p.pointer, p.code) for p in error.value.problems] == [(f"/{field}", code)]


def test_a_text_is_kept_in_nfc() -> None:
    command = command_from({"do": "register_agency", **agency(name="Cafe\u0301 检测")})
    assert command.name == "Café 检测"  # type: ignore[attr-defined]


@pytest.mark.parametrize("count", [100])
def test_as_many_pieces_of_evidence_as_the_bound_are_taken(count: int) -> None:
    raw = {"do": "record_fact", "subject": "A", "regime": REGIME, "document": "文书", "authority": "150100-EEB"}
    assert len(command_from({**raw, "evidence": [{"title": "照片"}] * count}).evidence) == count  # type: ignore[attr-defined]


@pytest.mark.parametrize("field", ["summary", "document", "case_no", "evidence"])
def test_an_id_number_in_a_text_of_any_record_is_refused_with_its_place(field: str) -> None:
    text = f"当事人{ID_NUMBER}"
    value, pointer = ([{"title": text}], "/evidence/0/title") if field == "evidence" else (text, f"/{field}")
    fact = {"subject": "A", "regime": REGIME, "row": "B07", "document": "文书", "authority": "150100-EEB"}
    with pytest.raises(Invalid) as error:
        command_from({"do": "record_fact", **fact, field: value})
    assert [(p.pointer, p.code) for p in error.value.problems] == [(pointer, "personal_number")]
    assert "第 4 个字" in words_of(error.value.problems[0]).zh


@pytest.mark.parametrize(
    ("do", "field"),
    [
        ("retract_fact", "reason"),
        ("register_agency", "name"),
        ("register_agency", "address"),
        ("register_agency", "legal_representative"),
    ],
)
def test_nor_does_it_stand_in_reasons_or_names(do: str, field: str) -> None:
    raw = {"do": do, **(agency() if do == "register_agency" else {"fact": "f", "reason": "x"}), field: f"{ID_NUMBER}"}
    with pytest.raises(Invalid) as error:
        command_from(raw)
    assert [(p.pointer, p.code) for p in error.value.problems] == [(f"/{field}", "personal_number")]
