"""Words for programs: every closed vocabulary in both languages, and the places of China with their days."""

from typing import Any, get_args

import pytest

from domain.events.repairs import Harm
from domain.vocabulary import Organ, Service, Stage, SubjectKind
from tests.interfaces.http_client import Api
from tests.support.texts import HAN, family


@pytest.fixture(scope="module")
def api() -> Api:
    return Api()


def regions(api: Api, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get("/regions", **query).json()["regions"]
    return found


def test_every_code_has_a_name_in_both_languages(api: Api) -> None:
    codes = api.get("/codes").json()["codes"]
    for vocabulary, named in codes.items():
        assert len({line["code"] for line in named}) == len(named) > 1, vocabulary
        for line in named:
            assert HAN.search(line["zh"]), line
            assert line["en"], line
            assert not HAN.search(line["en"]), line


@pytest.mark.parametrize(
    ("vocabulary", "kind"),
    [("kinds", SubjectKind), ("services", Service), ("organs", Organ), ("stages", Stage), ("harms", Harm)],
)
def test_a_vocabulary_has_every_code_in_the_order_in_which_it_is_defined(api: Api, vocabulary: str, kind: Any) -> None:
    assert [line["code"] for line in api.get("/codes").json()["codes"][vocabulary]] == list(get_args(kind))


def test_the_words_are_those_that_answers_use(api: Api) -> None:
    codes = api.get("/codes").json()["codes"]
    assert {line["code"] for line in codes["deadline_kinds"]} == family("deadlines.kind")
    reasons = {line["code"]: line for line in codes["reasons"]}
    assert {"not_final", "ended", "repaired", "not_yet_effective", "heavier_row"} <= reasons.keys()
    assert not any("{" in line["zh"] + line["en"] for line in codes["reasons"])


def test_the_grades_of_every_regime_are_named_by_its_edition_or_the_one_it_stands_on(api: Api) -> None:
    regimes = {line["code"]: line for line in api.get("/codes").json()["regimes"]}
    assert {g["code"] for g in regimes["nmg.third_party"]["grades"]["agency"]} == {"N", "C", "D"}
    assert {g["code"] for g in regimes["nmg.third_party"]["grades"]["practitioner"]} == {"N", "D"}
    assert regimes["nmg.third_party"]["regions"] == ["150000"]
    standing_on = regimes["lianyungang.supervision"]["grades"]["agency"]
    assert {g["code"] for g in standing_on} == {"green", "blue", "yellow", "red", "black"}


def test_the_words_are_the_same_in_every_language_and_revalidated(api: Api) -> None:
    zh, en = api.get("/codes"), api.get("/codes", "en")
    assert zh.json() == en.json()
    assert api.get("/codes", headers={"if-none-match": zh.headers["etag"]}).status_code == 304


def test_a_place_is_found_by_its_present_and_its_former_name(api: Api) -> None:
    (former,) = regions(api, q="新浦", as_of="2025-06-16")
    assert (former["code"], former["former"], former["until_on"]) == ("320705", True, "2014-05-05")
    assert former["successors"] == ["320706"]
    (again,) = regions(api, q="新浦", as_of="2014-05-05")
    assert again["former"] is False
    assert regions(api, q="新浦", as_of="2014-05-06")[0]["former"] is True
    (now,) = regions(api, q="320706")
    assert "320705" in now["formerly"]


def test_a_place_is_found_in_either_language_whatever_the_case(api: Api) -> None:
    assert [line["code"] for line in regions(api, q="HOHHOT")] == ["150100"]
    assert regions(api, q="新城区", within="150000")[0] | {"zh": "", "en": ""} == {
        "code": "150102",
        "zh": "",
        "en": "",
        "full_zh": "呼和浩特市新城区",
        "full_en": regions(api, q="150102")[0]["full_en"],
        "level": "county",
        "within": "150100",
        "from_on": None,
        "until_on": None,
        "former": False,
        "successors": [],
        "formerly": [],
    }


def test_what_lies_within_a_place_is_listed_page_by_page_without_a_gap(api: Api) -> None:
    whole = [line["code"] for line in regions(api, within="150000")]
    assert whole == sorted(whole)
    assert {line["level"] for line in regions(api, within="150000")} == {"province", "city", "county"}
    found: list[str] = []
    query = {"within": "150000", "limit": "50"}
    while True:
        page = api.get("/regions", **query).json()
        found += [line["code"] for line in page["regions"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert found == whole


def test_the_last_page_has_no_next(api: Api) -> None:
    count = len(regions(api, within="150100"))
    assert api.get("/regions", within="150100", limit=str(count)).json()["next"] is None
    assert api.get("/regions", within="150100", limit=str(count - 1)).json()["next"] is not None


def test_a_district_of_a_municipality_lies_in_it(api: Api) -> None:
    (found,) = regions(api, q="110105")
    assert (found["within"], found["level"]) == ("110000", "county")


def test_nothing_found_is_an_empty_list_and_an_unknown_place_is_not_found(api: Api) -> None:
    assert regions(api, q="亚特兰蒂斯") == []
    assert api.get("/regions", within="990000").status_code == 404
    assert api.get("/regions", within="15").status_code == 400


def test_a_cursor_belongs_to_its_question(api: Api) -> None:
    cursor = api.get("/regions", within="150000", limit="1").json()["next"]
    other = api.get("/regions", within="330000", limit="1", cursor=cursor)
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "other_question")
    assert api.get("/regions", cursor="made-up").status_code == 400
