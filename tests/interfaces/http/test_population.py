"""The population over HTTP: who has which grade on a day, as known at a moment, and how many."""

import datetime as dt
import re
from typing import Any, get_args

import pytest

from application.population.grade_functions import name_key
from application.population.ordering import ListSort
from domain.time import at_hour
from tests.interfaces.http.test_http import AGENCY, PERSON, A, B
from tests.interfaces.http_client import Api
from tests.support.world import REGIME, USCC, World, credit_code

C = "00000000-0000-4000-8000-0000000000cc"
FACT = "00000000-0000-4000-8000-0000000000f9"
LATER = "00000000-0000-4000-8000-0000000000dd"
SERIOUS = {
    "id": FACT, "regime": REGIME, "row": "S12", "decided_on": "2025-06-12", "authority": "150100-EEB",
    "document": "内环罚〔2025〕9号", "summary": "提供虚假报告", "evidence": [],
}  # fmt: skip


def on_16_june() -> Api:
    """On 16 June 2025 an agency that is N, one in another city that is D since 12 June, and a practitioner."""
    api = Api(World())
    api.world.clock.set(at_hour(dt.date(2025, 6, 16), 9))
    api.post("/subjects", {**AGENCY, "id": A})
    api.post("/subjects", {**PERSON, "id": B})
    api.post("/subjects", {**AGENCY, "id": C, "name": "安泰检测", "region": "150200", "uscc": credit_code(C)})
    assert api.post(f"/subjects/{C}/facts", SERIOUS).status_code == 201
    return api


@pytest.fixture
def told() -> Api:
    return on_16_june()


def ids(answer: Any) -> list[str]:
    return [line["id"] for line in answer.json()["subjects"]]


def test_the_list_by_grade_stands_in_order_of_name(told: Api) -> None:
    answer = told.get("/subjects", regime=REGIME, kind="agency")
    assert ids(answer) == [C, A]
    page = answer.json()
    first = page["subjects"][0]
    assert (first["name"], first["grade"], first["score"], first["region"]) == ("安泰检测", "D", "100", "150200")
    assert (page["force"], page["index"]["behind"], page["next"]) == ("draft", 0, None)
    assert {"grade:agency:D", "grade:agency:N", "kind:agency", "force:draft"} == set(page["texts"])
    assert page["basis"]["rulebooks"][0]["id"] == "nmg.third_party@draft"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"grade": "D"}, [C]),
        ({"grade": "D", "as_of": "2025-06-11"}, []),
        ({"grade": "D", "known_at": "2025-06-15"}, []),
        ({"grade": "N", "kind": "practitioner"}, [B]),
        ({"grade": "none"}, []),
        ({"grade": "D", "region": "150200"}, [C]),
        ({"grade": "D", "region": "150100"}, []),
        ({"grade": "D", "service": "monitoring"}, [C]),
        ({"grade": "D", "service": "eia"}, []),
        ({"grade": "D", "q": "安泰"}, [C]),
        ({"grade": "D", "q": C}, [C]),
        ({"grade": "D", "q": "安 泰"}, [C]),
        ({"grade": "D", "q": "内环罚[2025]９号"}, [C]),
        ({"grade": "N", "q": "内环罚[2025]９号"}, []),
        ({"q": USCC}, [A]),
        ({"q": "无此机构"}, []),
    ],
)
def test_the_list_by_grade_is_filtered(told: Api, query: dict[str, str], found: list[str]) -> None:
    assert ids(told.get("/subjects", **{"regime": REGIME, **query})) == found


def test_counts_are_of_the_same_day_and_knowledge(told: Api) -> None:
    found = told.get("/subjects/counts", language="en", regime=REGIME).json()
    numbers = {(line["kind"], line["grade"]): line["number"] for line in found["counts"]}
    assert numbers == {("agency", "N"): 1, ("agency", "D"): 1, ("practitioner", "N"): 1}
    assert (found["total"], found["texts"]["kind:agency"]) == (3, "agency")
    before = told.get("/subjects/counts", regime=REGIME, as_of="2025-06-11", kind="agency").json()
    assert [(line["grade"], line["number"]) for line in before["counts"]] == [("N", 2)]


def test_a_cursor_goes_on_at_its_basis_and_with_its_question_alone(told: Api) -> None:
    first = told.get("/subjects", regime=REGIME, limit="1").json()
    told.world.clock.set(told.world.clock.now() + 1_000_000)
    told.post("/subjects", {**AGENCY, "id": LATER, "name": "后来者", "uscc": credit_code(LATER)})
    rest = told.get("/subjects", regime=REGIME, limit="9", cursor=first["next"]).json()
    assert len(first["subjects"] + rest["subjects"]) == 3
    assert rest["position"] == first["position"]
    for other in ({"grade": "D"}, {"as_of": "2025-01-01"}, {"known_at": "2025-06-16"}):
        answer = told.get("/subjects", **{"regime": REGIME, **other}, cursor=first["next"])
        (fault,) = answer.json()["errors"]
        assert (answer.status_code, fault["parameter"], fault["code"]) == (400, "cursor", "other_question")
    assert told.get("/subjects", regime=REGIME, cursor="rubbish").json()["errors"][0]["code"] == "bad_cursor"


def test_a_write_is_in_the_list_that_asks_for_it(told: Api) -> None:
    done = told.post(f"/facts/{FACT}/retraction", {"reason": "误录"}).json()
    answer = told.get("/subjects", regime=REGIME, grade="D", min_position=str(done["position"]))
    assert (answer.status_code, ids(answer)) == (200, [])
    beyond = told.get("/subjects", regime=REGIME, grade="D", min_position=str(done["position"] + 1))
    assert (beyond.status_code, beyond.json()["code"]) == (409, "not_yet_there")


def test_a_regime_or_region_that_cannot_be_is_said_so(told: Api) -> None:
    assert told.get("/subjects", regime="no.such").status_code == 404
    several = told.get("/subjects", grade="D").json()
    assert (several["errors"][0]["parameter"], several["errors"][0]["code"]) == ("regime", "missing")
    assert told.get("/subjects", regime=REGIME, region="15").status_code == 400
    assert told.get("/subjects", regime=REGIME, as_of="1800-01-01").status_code == 400


def test_before_the_first_event_nothing_was_known_and_a_moment_to_come_means_now(told: Api) -> None:
    before = told.get("/subjects", regime=REGIME, known_at="2000-01-01").json()
    assert (before["subjects"], before["next"], before["position"]) == ([], None, 0)
    assert told.get("/subjects/counts", regime=REGIME, known_at="2000-01-01").json()["total"] == 0
    now, to_come = (told.get("/subjects", regime=REGIME, **asked).json() for asked in ({}, {"known_at": "2090-01-01"}))
    assert to_come["subjects"] == now["subjects"]
    assert to_come["basis"] == now["basis"]


@pytest.mark.parametrize("path", ["/subjects", "/subjects/counts"])
def test_what_cannot_be_asked_says_what_to_ask_instead(told: Api, path: str) -> None:
    (fault,) = told.get(path, regime=REGIME, reading="I-04:at_completion").json()["errors"]
    assert (fault["parameter"], fault["code"]) == ("reading", "readings_of_editions")
    assert "/grade/readings" in fault["detail_zh"]
    assert "POST /rehearsals" in fault["detail_en"]
    for day in ("1899-12-31", "2200-01-01"):
        answer = told.get(path, regime=REGIME, as_of=day)
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "as_of")
    several = told.get(path, region="150100", **({"grade": "D"} if path == "/subjects" else {})).json()
    assert REGIME in several["errors"][0]["detail_en"]
    assert "ningbo.monitoring" in several["errors"][0]["detail_zh"]


def test_a_grade_that_no_edition_has_is_refused_with_those_there_are(told: Api) -> None:
    answer = told.get("/subjects", regime=REGIME, grade="Z")
    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["parameter"], fault["code"]) == (400, "grade", "unknown_grade")
    assert "N" in fault["detail_zh"]
    assert "none" in fault["detail_en"]


# --- in another order -------------------------------------------------------------------------------------------


def many() -> tuple[Api, list[str]]:
    """Two agencies each of D, C and N, of which the names stand in another order, and a practitioner; their ids."""
    api = Api(World())
    rows = {
        "丁": ("B07",) * 5,
        "甲": ("S12",),
        "乙": ("B08",) * 3,
        "己": ("B07", "B07", "B08", "B09"),
        "丙": ("B07",),
        "戊": (),
    }
    found = []
    for number, (name, codes) in enumerate(rows.items()):
        id = f"00000000-0000-4000-8000-0000000001{number:02d}"
        api.world.agency(id, name=f"{name}检测")
        for place, row in enumerate(codes):
            api.world.fact("2025-03-03", row, f"{id[:-2]}{number}{place}".replace("0001", "0002"), id)
        found.append(id)
    api.world.clock.set(at_hour(dt.date(2025, 6, 16), 9))
    api.post("/subjects", {**PERSON, "id": B})
    return api, found


def pages(api: Api, **query: Any) -> list[str]:
    """A whole list, a subject a page, by its links."""
    answer = api.get("/subjects", **query, limit=1)
    found = ids(answer)
    while answer.json()["links"]["next"] is not None:
        answer = api.call("GET", answer.json()["links"]["next"])
        found += ids(answer)
    return found


def test_a_list_by_grade_begins_with_the_worst_and_one_by_score_with_the_lowest() -> None:
    api, every = many()
    graded = api.get("/subjects", regime=REGIME, sort="grade").json()["subjects"]
    grades = "".join(line["grade"] for line in graded)
    assert re.fullmatch("D+C+N+", grades), grades
    of_each = [[line["name"] for line in graded if line["grade"] == g and "name" in line] for g in "DCN"]
    assert of_each == [sorted(names, key=name_key) for names in of_each]
    scores = [line.get("score") for line in api.get("/subjects", regime=REGIME, sort="score").json()["subjects"]]
    assert scores[-1] is None
    assert [float(score) for score in scores[:-1]] == sorted(float(score) for score in scores[:-1])
    for sort in get_args(ListSort):
        whole = ids(api.get("/subjects", regime=REGIME, sort=sort))
        assert len(set(whole)) == len(every) + 1
        assert pages(api, regime=REGIME, sort=sort) == whole, sort


def test_names_backwards_are_the_same_list_from_its_end() -> None:
    api, _ = many()
    forwards, backwards = (ids(api.get("/subjects", regime=REGIME, sort=sort)) for sort in ("name", "-name"))
    assert backwards == forwards[::-1]
    first = api.get("/subjects", regime=REGIME, sort="name", limit=2).json()
    other = api.get("/subjects", regime=REGIME, sort="-name", limit=2, cursor=first["next"])
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "other_question")


def test_the_other_way_round_the_best_come_first_and_those_without_a_grade_still_last() -> None:
    api, _ = many()
    graded = api.get("/subjects", regime=REGIME, sort="-grade").json()["subjects"]
    grades = "".join(line["grade"] for line in graded)
    assert re.fullmatch("N+C+D+", grades), grades
    of_each = [[line["name"] for line in graded if line["grade"] == g and "name" in line] for g in "NCD"]
    assert of_each == [sorted(names, key=name_key) for names in of_each]
    scores = [line.get("score") for line in api.get("/subjects", regime=REGIME, sort="-score").json()["subjects"]]
    assert scores[-1] is None
    assert [float(score) for score in scores[:-1]] == sorted((float(score) for score in scores[:-1]), reverse=True)
    first = api.get("/subjects", regime=REGIME, sort="score", limit=2).json()
    other = api.get("/subjects", regime=REGIME, sort="-score", limit=2, cursor=first["next"])
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "other_question")


def test_a_cursor_stays_right_while_grades_change_and_belongs_to_its_order() -> None:
    api, _ = many()
    first = api.get("/subjects", regime=REGIME, sort="grade", limit=2).json()
    whole = ids(api.get("/subjects", regime=REGIME, sort="grade"))
    api.world.clock.set(at_hour(dt.date(2025, 6, 16), 10))
    assert api.post(f"/subjects/{whole[-2]}/facts", SERIOUS).status_code == 201
    assert whole[-2] in ids(api.get("/subjects", regime=REGIME, sort="grade", grade="D"))
    rest = ids(api.call("GET", first["links"]["next"].replace("limit=2", "limit=50")))
    assert [line["id"] for line in first["subjects"]] + rest == whole
    other = api.get("/subjects", regime=REGIME, sort="score", limit=2, cursor=first["next"])
    assert (other.status_code, other.json()["errors"][0]["code"]) == (400, "other_question")


def test_narrowed_by_a_grade_a_list_by_grade_is_one_by_name() -> None:
    api, _ = many()
    for grade in ("D", "C", "none"):
        query = {"regime": REGIME, "grade": grade}
        assert pages(api, **query, sort="grade") == ids(api.get("/subjects", **query))


def test_a_list_without_grades_stands_in_no_other_order(told: Api) -> None:
    for path in ("/subjects", "/subjects/export"):
        answer = told.get(path, sort="name")
        assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (400, "sort")
    sheet = told.get("/subjects/export", regime=REGIME, sort="grade", format="csv")
    assert sheet.text.index("安泰检测") < sheet.text.index(str(AGENCY["name"]))
