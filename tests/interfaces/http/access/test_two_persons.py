"""Two persons over HTTP: a command that waits, who sees it, who signs it, and what is refused."""

from typing import Any

import httpx
import pytest

from interfaces.http.describing import description
from interfaces.http.replying import ROOT
from tests.interfaces.http_client import Api
from tests.support.accounts import account, token, with_first
from tests.support.world import REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
F = "00000000-0000-4000-8000-0000000000f1"
STRANGE = "00000000-0000-4000-8000-00000000dead"
ACCOUNTS = {
    "officer": ("officer", "150100"),
    "approver": ("approver", "150100"),
    "legal": ("legal", "150100"),
    "clerk": ("clerk", "150100"),
    "lawyer": ("legal", "150000"),
    "region": ("department", "150000"),
    "ningbo": ("approver", "330200"),
}


class House:
    """An API with accounts, and an agency of Hohhot with one fact on its file."""

    def __init__(self) -> None:
        self.world = World()
        self.world.agency(A)
        self.world.fact("2024-03-01", "B09", F, A)
        self.api = Api(self.world)
        with_first(self.api.administering)
        self.tokens = {}
        for id, (role, place) in ACCOUNTS.items():
            account(self.api.administering, id, role, place)  # type: ignore[arg-type]
            self.tokens[id] = token(self.api.administering, id)

    def post(self, who: str, path: str, body: Any, **headers: str) -> httpx.Response:
        return self.api.post(path, body, headers={"authorization": f"Bearer {self.tokens[who]}", **headers})

    def get(self, who: str, path: str, **query: Any) -> httpx.Response:
        return self.api.get(path, headers={"authorization": f"Bearer {self.tokens[who]}"}, **query)

    def version(self) -> int:
        return len(self.world.journal.stream(A))


@pytest.fixture
def house() -> House:
    return House()


def proposed(house: House, who: str = "officer", reason: str = "记错主体", **headers: str) -> Any:
    answer = house.post(who, f"/facts/{F}/retraction", {"reason": reason}, **headers)
    assert answer.status_code == 202, answer.text
    return answer.json()


def problem(answer: httpx.Response) -> tuple[int, str]:
    told = answer.json()
    assert told["type"] == f"/problems/{told['code']}" or answer.status_code in (403, 404, 422)
    return answer.status_code, told["code"]


def test_a_command_that_waits_is_answered_with_the_decision_and_where_it_is_read(house: House) -> None:
    before = house.version()
    answer = house.post("officer", f"/facts/{F}/retraction", {"reason": "记错主体"})
    assert answer.status_code == 202
    found = answer.json()
    assert answer.headers["location"] == f"{ROOT}/pending-decisions/{found['id']}"
    assert (found["state"], found["command"], found["subject"], found["proposed_by"]) == (
        "waiting", "retract_fact", A, "officer",
    )  # fmt: skip
    assert found["request"]["reason"] == "记错主体"
    assert [e["code"] for e in found["effects"]]
    assert house.version() == before
    read = house.get("approver", f"/pending-decisions/{found['id']}").json()
    assert (read["digest"], read["may_sign"], found["may_sign"]) == (found["digest"], True, False)


def test_the_signature_of_another_records_it_in_the_name_of_who_proposed_it(house: House) -> None:
    found = proposed(house)
    answer = house.post("approver", f"/pending-decisions/{found['id']}/signature", {"digest": found["digest"]})
    assert answer.status_code == 200, answer.text
    signed = answer.json()
    assert (signed["decision"]["state"], signed["decision"]["settled_by"]) == ("signed", "approver")
    assert (signed["outcome"]["status"], signed["roster"]) == ("recorded", None)
    event = house.world.journal.stream(A)[-1]
    assert (event.actor, event.version) == ("officer", signed["outcome"]["version"])
    assert signed["decision"]["recorded"] == [{"stream": A, "first": event.version, "last": event.version}]


def test_a_command_that_lowers_a_grade_waits_and_one_that_does_not_is_recorded(house: House) -> None:
    fields = {"regime": REGIME, "authority": "150100-EEB", "decided_on": "2024-02-05"}
    path = f"/subjects/{A}/facts"
    waits = house.post("officer", path, {**fields, "row": "B01", "document": "文书甲"})
    assert waits.status_code == 202
    effects = [e for e in waits.json()["effects"] if e["code"] == "running" and e["regime"] == REGIME]
    assert [e["after"][-1] for e in effects] == ["D"]
    trial = {**fields, "row": "B01", "document": "文书甲"}
    held = {"authorization": f"Bearer {house.tokens['officer']}"}
    tried = house.api.post(path, trial, headers=held, dry_run="true")
    assert (tried.status_code, tried.json()["needs_signature"]) == (200, True)
    assert house.post("officer", path, {**fields, "row": "B07", "document": "文书乙"}).status_code == 201


def test_forged_signatures_are_refused_and_told_no_more_than_they_must(house: House) -> None:
    found = proposed(house)
    place = f"/pending-decisions/{found['id']}/signature"
    right = {"digest": found["digest"]}
    assert problem(house.post("approver", place, {"digest": "0" * 64})) == (409, "digest_differs")
    assert found["digest"] not in house.post("approver", place, {"digest": "0" * 64}).text
    assert problem(house.post("clerk", place, right)) == (403, "forbidden")
    assert problem(house.post("officer", place, right)) == (403, "forbidden")
    unknown = house.post("ningbo", f"/pending-decisions/{STRANGE}/signature", right)
    elsewhere = house.post("ningbo", place, right)
    assert problem(elsewhere) == problem(unknown) == (404, "not_found")
    assert elsewhere.json()["detail_en"].replace(found["id"], STRANGE) == unknown.json()["detail_en"]
    assert problem(house.post("approver", place, {})) == (422, "invalid")
    assert problem(house.post("approver", place, {"digest": "ABC"})) == (422, "invalid")
    assert house.api.post(place, right).status_code == 401
    assert house.get("region", f"/pending-decisions/{found['id']}").json()["state"] == "waiting"


def test_nobody_signs_or_returns_their_own_proposal(house: House) -> None:
    found = proposed(house, "legal")
    place = f"/pending-decisions/{found['id']}"
    assert problem(house.post("legal", f"{place}/signature", {"digest": found["digest"]})) == (403, "own_proposal")
    assert problem(house.post("legal", f"{place}/return", {"reasons": "不"})) == (403, "own_proposal")


def test_a_decision_is_returned_with_reasons_withdrawn_by_who_proposed_it_and_settled_once(house: House) -> None:
    first, second = proposed(house), proposed(house, reason="另一理由")
    back = house.post("legal", f"/pending-decisions/{first['id']}/return", {"reasons": "附件不全"})
    assert (back.status_code, back.json()["state"], back.json()["reasons"]) == (200, "returned", "附件不全")
    place = f"/pending-decisions/{second['id']}/withdrawal"
    assert problem(house.post("legal", place, {})) == (403, "not_the_proposer")
    assert house.post("officer", place, {}).json()["state"] == "withdrawn"
    for found in (first, second):
        answer = house.post("approver", f"/pending-decisions/{found['id']}/signature", {"digest": found["digest"]})
        assert problem(answer) == (409, "already_settled")


def test_what_the_law_refuses_at_the_signature_goes_on_waiting(house: House) -> None:
    fields = {"decided_on": "2024-03-01", "authority": "150100-EEB", "document": "撤销", "effect": "ab_initio"}
    answer = house.post("officer", f"/facts/{F}/set-aside", fields)
    assert answer.status_code == 202, answer.text
    found = answer.json()
    house.world.do("2024-03-02", "retract_fact", fact=F, reason="误录")
    signed = house.post("approver", f"/pending-decisions/{found['id']}/signature", {"digest": found["digest"]})
    assert signed.status_code == 409
    told = house.get("approver", f"/pending-decisions/{found['id']}").json()
    assert (told["state"], told["refused"]["code"]) == ("waiting", signed.json()["code"])


def test_a_key_gives_the_first_answer_again(house: House) -> None:
    key = {"idempotency-key": "k1"}
    found = proposed(house, **key)
    assert proposed(house, **key)["id"] == found["id"]
    again = house.post("officer", f"/facts/{F}/retraction", {"reason": "另一理由"}, **key)
    assert problem(again) == (422, "reused_key")
    place = f"/pending-decisions/{found['id']}/signature"
    signed = [
        house.post("approver", place, {"digest": found["digest"]}, **{"idempotency-key": "k2"}).json() for _ in range(2)
    ]
    assert signed[0]["outcome"] == signed[1]["outcome"]


def test_lists_show_what_is_within_reach_and_whose_turn_it_is(house: House) -> None:
    found = proposed(house)

    def listed(who: str, **query: Any) -> list[str]:
        answer = house.get(who, "/pending-decisions", **query)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    assert listed("region") == listed("clerk") == [found["id"]]
    assert listed("ningbo") == []
    assert (listed("officer", mine="proposed"), listed("officer", mine="to_sign")) == ([found["id"]], [])
    assert (listed("approver", mine="to_sign"), listed("clerk", mine="to_sign")) == ([found["id"]], [])
    assert listed("region", state="signed") == []
    assert problem(house.get("region", "/pending-decisions", state="open"))[0] == 400
    assert problem(house.get("region", "/pending-decisions", cursor=STRANGE))[0] == 400


def test_law_is_signed_by_the_department_alone(house: House) -> None:
    fields = {"edition": "nmg.third_party@draft", "in_force_on": "2024-05-01"}
    answer = house.post("lawyer", "/rulebooks/adoptions", fields)
    assert answer.status_code == 202, answer.text
    found = answer.json()
    place = f"/pending-decisions/{found['id']}/signature"
    assert problem(house.post("approver", place, {"digest": found["digest"]})) == (403, "role_may_not_sign")
    assert house.post("region", place, {"digest": found["digest"]}).json()["outcome"]["status"] == "recorded"


def test_without_accounts_everything_is_recorded_at_once() -> None:
    world = World()
    world.agency(A)
    world.fact("2024-03-01", "B09", F, A)
    answer = Api(world).post(f"/facts/{F}/retraction", {"reason": "误录"}, headers={"x-actor": "clerk"})
    assert answer.status_code == 201


def test_every_command_on_a_file_says_that_it_may_wait() -> None:
    paths = description()["paths"]
    assert "202" in paths[f"{ROOT}/facts/{{fact}}/retraction"]["post"]["responses"]
    assert "202" in paths[f"{ROOT}/evaluations/{{regime}}/{{year}}/{{stage}}"]["post"]["responses"]
    waits = paths[f"{ROOT}/objections/{{objection}}/decision"]["post"]["responses"]["202"]
    assert "Location" in waits["headers"]
    signature = paths[f"{ROOT}/pending-decisions/{{decision}}/signature"]["post"]["responses"]
    assert {"200", "403", "404", "409", "422"} <= set(signature)
    told = {
        name
        for status in ("403", "409")
        for name in signature[status]["content"]["application/problem+json"]["examples"]
    }
    assert {"own_proposal", "role_may_not_sign", "recorder_decides", "already_settled", "digest_differs"} <= told


def test_decisions_are_listed_from_either_end_and_a_cursor_belongs_to_its_order(house: House) -> None:
    made = [proposed(house, reason=f"记错主体之{n}")["id"] for n in range(3)]

    def listed(**query: Any) -> list[str]:
        found: list[str] = []
        cursor: dict[str, str] = {}
        while True:
            page = house.get("approver", "/pending-decisions", limit=2, **query, **cursor).json()
            found += [line["id"] for line in page["items"]]
            if page["next"] is None:
                return found
            cursor = {"cursor": page["next"]}

    assert listed(sort="proposed_at") == made
    assert listed() == listed(sort="-proposed_at") == made[::-1]
    page = house.get("approver", "/pending-decisions", limit=2).json()
    refused = house.get("approver", "/pending-decisions", limit=2, sort="proposed_at", cursor=page["next"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "bad_cursor")


def test_decisions_are_narrowed_to_one_file_page_by_page(house: House) -> None:
    other, fact = "00000000-0000-4000-8000-00000000000b", "00000000-0000-4000-8000-0000000000f9"
    house.world.agency(other, name="乙检测", licences=[])
    house.world.fact("2024-03-04", "B09", fact, other)
    made = [proposed(house, reason=f"记错主体之{n}")["id"] for n in range(3)]
    elsewhere = house.post("officer", f"/facts/{fact}/retraction", {"reason": "记错主体"}).json()["id"]

    def page(subject: str, **query: Any) -> Any:
        return house.get("approver", "/pending-decisions", subject=subject, sort="proposed_at", **query).json()

    first = page(A, limit=2)
    rest = page(A, limit=2, cursor=first["next"])
    assert [line["id"] for line in (*first["items"], *rest["items"])] == made
    assert rest["next"] is None
    assert [line["id"] for line in page(other)["items"]] == [elsewhere]
    refused = house.get("approver", "/pending-decisions", subject=other, sort="proposed_at", cursor=first["next"])
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "bad_cursor")


def test_a_list_without_effects_says_all_the_same_what_cannot_be_recorded_now(house: House) -> None:
    proposed(house)

    def listed(effects: str) -> Any:
        return house.get("approver", "/pending-decisions", state="waiting", effects=effects).json()["items"][0]

    whole = listed("true")
    assert whole["effects"]
    assert listed("false") == {**whole, "effects": [], "impact": None, "cites": []}
    fields = {"decided_on": "2024-03-01", "authority": "150100-EEB", "document": "撤销决定", "effect": "ab_initio"}
    set_aside = house.post("officer", f"/facts/{F}/set-aside", fields)
    assert set_aside.status_code == 202, set_aside.text
    house.world.do("2024-06-30", "retract_fact", fact=F, reason="另有原因", actor="local")
    assert listed("false")["refused"] == listed("true")["refused"]
    assert listed("false")["refused"] is not None


def test_a_profile_without_grades_tells_what_is_registered(house: House) -> None:
    whole = house.get("approver", f"/subjects/{A}").json()
    assert whole["regimes"]
    assert house.get("approver", f"/subjects/{A}", grades="false").json() == {
        name: value for name, value in whole.items() if name != "regimes"
    }
