"""On which readings a grade hangs, as a client asks for it."""

import pytest

from tests.interfaces.http_client import Api
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
PATH = f"/subjects/{A}/grade/readings"


@pytest.fixture
def api() -> Api:
    """Three fines of 10 April 2024, served that day."""
    world = World()
    world.agency(A)
    for fact in ("f1", "f2", "f3"):
        world.fact("2024-04-10", "B11", fact, A, served_on="2024-04-10")
    return Api(world)


@pytest.mark.parametrize(
    ("language", "hangs", "grade"),
    [
        ("zh-CN", "等级取决于解释项 I-06（行政处罚信息从哪一天起算）", "警示单位（C 级）"),
        ("en", "The grade depends on I-06 (From which day a penalty counts)", "cautioned unit (C)"),
    ],
)
def test_the_answer_says_in_the_language_of_the_reader_on_what_the_grade_hangs(
    api: Api, language: str, hangs: str, grade: str
) -> None:
    answer = api.get(PATH, language=language, regime=REGIME, as_of="2024-06-01").json()
    assert (answer["now"]["grade"], answer["decisive"], answer["stands"]) == ("N", ["I-06"], False)
    assert hangs in answer["sentence"]
    assert answer["texts"]["grade:C"] == grade
    changing = [(a["reading"], a["value"], a["under"]["grade"]) for a in answer["alternatives"] if a["changes"]]
    assert changing == [("I-06", "decision_date", "C")]
    assert all(a["issue"] and a["answer"] for a in answer["alternatives"])


def test_its_token_repeats_the_grade(api: Api) -> None:
    token = api.get(PATH, regime=REGIME, as_of="2024-06-01").json()["basis"]["token"]
    again = api.get(f"/subjects/{A}/grade", basis=token).json()
    assert (again["running"]["grade"], again["basis"]["token"]) == ("N", token)


def test_what_was_known_another_reading_and_another_track_may_be_asked_for(api: Api) -> None:
    assert api.get(PATH, regime=REGIME, as_of="2024-06-01", known_at="2024-04-09").json()["stands"]
    chosen = api.get(PATH, regime=REGIME, as_of="2024-06-01", reading="I-06:decision_date").json()
    assert (chosen["now"]["grade"], chosen["decisive"]) == ("C", ["I-06"])
    annual = api.get(PATH, regime=REGIME, as_of="2024-06-01", track="annual").json()
    assert (annual["track"], annual["year"], annual["now"]["grade"], annual["stands"]) == ("annual", None, None, True)


@pytest.mark.parametrize(
    ("query", "status"), [({"track": "secret"}, 400), ({"reading": "I-99:x"}, 400), ({"regime": "nowhere.x"}, 404)]
)
def test_a_track_a_reading_or_a_regime_that_there_is_not(api: Api, query: dict[str, str], status: int) -> None:
    assert api.get(PATH, **{"regime": REGIME, **query}).status_code == status
    assert api.get("/subjects/nobody/grade/readings", regime=REGIME).status_code == 404
