"""A case page in one call: every part is what its own question answers about the same basis."""

from typing import Any

import pytest

from tests.interfaces.http_client import Api
from tests.interfaces.http_story import F1, LEDGER, W1, W2, W3, A, J, P, X, told_once
from tests.support.world import REGIME

NOW = {"as_of": "2025-06-16", "known_at": "2025-06-16T09:00:00+08:00"}
EARLIER = {**NOW, "as_of": "2025-05-31"}


@pytest.fixture(scope="module")
def api() -> Api:
    return told_once().api


def casefile(api: Api, subject: str = A, **query: str) -> dict[str, Any]:
    answer = api.get(f"/subjects/{subject}/casefile", **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.slow
@pytest.mark.parametrize("moment", [NOW, EARLIER], ids=["today", "earlier"])
@pytest.mark.parametrize("subject", [A, P, J])
def test_every_part_is_what_its_own_question_answers(api: Api, subject: str, moment: dict[str, str]) -> None:
    found = casefile(api, subject, **moment)
    for grade, proceedings in zip(found["grades"], found["proceedings"], strict=True):
        asked = {"regime": grade["regime"], **moment}
        assert grade == api.get(f"/subjects/{subject}/grade", **asked).json()
        assert proceedings == api.get(f"/subjects/{subject}/evaluations", **asked).json()
    timeline = api.get(f"/subjects/{subject}/timeline", known_at=moment["known_at"], limit="20").json()
    assert without(found["timeline"], "next") == without(timeline, "next", "links")
    states = ["open", "overdue", "suspended"]
    deadlines = api.call(
        "GET", f"/api/v1/subjects/{subject}/deadlines", params=[*moment.items(), *(("state", s) for s in states)]
    )
    assert without(found["deadlines"], "cursor") == without(deadlines.json(), "cursor", "next", "links")


def without(found: dict[str, Any], *names: str) -> dict[str, Any]:
    return {k: v for k, v in found.items() if k not in names}


@pytest.mark.slow
@pytest.mark.parametrize("subject", [A, P, X])
def test_the_profile_is_that_of_the_day(api: Api, subject: str) -> None:
    assert (
        casefile(api, subject, as_of="2025-06-16")["profile"]
        == api.get(f"/subjects/{subject}", as_of="2025-06-16").json()
    )


def test_all_parts_stand_on_one_basis(api: Api) -> None:
    found = casefile(api)
    bases = [part["basis"] for name in ("grades", "proceedings") for part in found[name]]
    assert {b["position"] for b in bases} == {found["basis"]["position"], found["deadlines"]["index"]["position"]}
    assert len({b["known_at"] for b in bases}) == 1
    assert found["basis"] == found["grades"][0]["basis"]


def test_the_regime_of_the_question_comes_first_and_alone_where_it_is_named(api: Api) -> None:
    everything = casefile(api)
    regimes = [grade["regime"] for grade in everything["grades"]]
    assert regimes[0] == REGIME
    assert {LEDGER, "ningbo.monitoring", "wenzhou.intermediary"} <= set(regimes)
    named = casefile(api, regime=LEDGER)
    assert [grade["regime"] for grade in named["grades"]] == [LEDGER]
    assert [part["regime"] for part in named["proceedings"]] == [LEDGER]


def test_a_token_repeats_the_page_and_its_grade(api: Api) -> None:
    token = api.get(f"/subjects/{A}/grade", regime=REGIME, as_of="2025-05-31").json()["basis"]["token"]
    again = casefile(api, basis=token)
    assert again["grades"][0] == api.get(f"/subjects/{A}/grade", basis=token).json()
    assert again["basis"]["token"] == token
    beside = api.get(f"/subjects/{A}/casefile", basis=token, as_of="2025-05-31")
    assert (beside.status_code, beside.json()["errors"][0]["code"]) == (400, "beside_basis")
    other = api.get(f"/subjects/{J}/casefile", basis=token)
    assert other.json()["errors"][0]["code"] == "other_subject"


def test_warnings_tell_how_they_stand(api: Api) -> None:
    found = {line["warning"]: line for line in casefile(api, as_of="2025-06-16")["warnings"]}
    assert {w: line["state"] for w, line in found.items()} == {W1: "confirmed", W2: "rejected", W3: "withdrawn"}
    assert (found[W1]["reported_on"], found[W1]["decided_on"]) == ("2025-04-20", "2025-05-06")
    assert found[W1]["requirements"] == "停止承接业务并完成整改"


@pytest.mark.parametrize(
    ("day", "state"),
    [
        ("2025-03-04", None),
        ("2025-03-05", "open"),
        ("2025-04-19", "open"),
        ("2025-04-20", "reported"),
        ("2025-05-05", "reported"),
        ("2025-05-06", "confirmed"),
    ],
)
def test_a_warning_stands_as_on_the_day(api: Api, day: str, state: str | None) -> None:
    lines = [line for line in casefile(api, regime=REGIME, as_of=day)["warnings"] if line["warning"] == W1]
    assert [line["state"] for line in lines] == ([] if state is None else [state])


def test_staff_have_names(api: Api) -> None:
    (line,) = casefile(api)["staff"]
    assert (line["practitioner"], line["name"], line["role"], line["current"]) == (P, "张某", "采样员", True)
    assert casefile(api, as_of="2023-12-31")["staff"][0]["current"] is False
    assert casefile(api, P)["staff"] == []


def test_the_page_has_a_tag_that_its_language_changes_and_is_kept_by_nobody(api: Api) -> None:
    zh = api.get(f"/subjects/{A}/casefile", **NOW)
    en = api.get(f"/subjects/{A}/casefile", "en", **NOW)
    assert zh.headers["cache-control"] == "no-store"
    assert zh.headers["etag"] != en.headers["etag"]
    again = api.get(f"/subjects/{A}/casefile", **NOW, headers={"if-none-match": zh.headers["etag"]})
    assert again.status_code == 304


def test_what_was_not_known_then_is_not_found(api: Api) -> None:
    for then in ({"regime": REGIME, "known_at": "2020-01-01"}, {"regime": REGIME, "known_at": "2025-06-15"}):
        refused = api.get(f"/subjects/{A}/casefile", **then).json()
        assert refused["detail"] == api.get(f"/subjects/{A}/grade", **then).json()["detail"]
    assert api.get(f"/subjects/{F1}/casefile").status_code == 404


# --- the timeline page by page ------------------------------------------------------------------------------


@pytest.mark.parametrize("order", ["legal", "record"])
def test_pages_of_a_timeline_are_the_whole_of_it(api: Api, order: str) -> None:
    whole = api.get(f"/subjects/{A}/timeline", order=order).json()
    assert whole["next"] is None
    page = api.get(f"/subjects/{A}/timeline", order=order, limit="7").json()
    found = list(page["entries"])
    while page["next"] is not None:
        page = api.get(f"/subjects/{A}/timeline", order=order, limit="7", cursor=page["next"]).json()
        found += page["entries"]
    assert found == whole["entries"]


def test_the_timeline_of_a_page_goes_on_where_it_ended(api: Api) -> None:
    first = casefile(api)["timeline"]
    assert len(first["entries"]) == 20
    rest = api.get(f"/subjects/{A}/timeline", limit="500", cursor=first["next"]).json()
    whole = api.get(f"/subjects/{A}/timeline").json()
    assert first["entries"] + rest["entries"] == whole["entries"]


def test_a_cursor_of_another_file_or_order_is_refused(api: Api) -> None:
    cursor = api.get(f"/subjects/{A}/timeline", limit="1").json()["next"]
    assert api.get(f"/subjects/{P}/timeline", cursor=cursor).status_code == 400
    assert api.get(f"/subjects/{A}/timeline", order="record", cursor=cursor).status_code == 400
