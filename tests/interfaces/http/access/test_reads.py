"""Who looked at what, over HTTP: what is on record of a question, and what is answered when nothing can be."""

import time
from typing import Any

import pytest

from application.access.read_log import ReadEntry, WantedReads, Watching
from application.principal import Principal
from interfaces.http.access.callers import Caller
from interfaces.http.app import long_answers_of
from interfaces.http.desk import Call, HandledRequest
from interfaces.memory.read_log import MemoryReadLog
from tests.interfaces.http_client import Api
from tests.support.accounts import account, token, with_first
from tests.support.read_logs import FillingReadLog
from tests.support.world import ID_NUMBER, REGIME, World

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"
P = "00000000-0000-4000-8000-00000000000c"
F = "00000000-0000-4000-8000-0000000000f1"


class Watched:
    """An API with an officer, an auditor and a participant of Hohhot, and an officer of Ningbo."""

    def __init__(self) -> None:
        world = World()
        world.agency(A)
        world.agency(B, region="150200")
        world.practitioner(P)
        world.fact("2024-03-01", "B09", F, A)
        self.log = FillingReadLog()
        self.api = Api(world)
        primary = self.api.desk.copies.primary
        primary.watching = Watching(self.log, world.gate, world.clock)
        with_first(self.api.administering)
        self.tokens = {}
        for id, role, place, subject in (
            ("officer", "officer", "150100", None),
            ("auditor", "auditor", "150100", None),
            ("ningbo", "officer", "330200", None),
            ("approver", "approver", "150100", None),
            ("department", "department", "150000", None),
            ("agency-a", "participant", "150100", A),
            ("admin", "administrator", "150100", None),
        ):
            account(self.api.administering, id, role, place, subject=subject)  # type: ignore[arg-type]
            self.tokens[id] = token(self.api.administering, id)

    def get(self, who: str | None, path: str, purpose: str | None = None, **query: Any) -> Any:
        headers = {} if who is None else {"authorization": f"Bearer {self.tokens[who]}"}
        if purpose is not None:
            headers["x-purpose"] = purpose
        return self.api.get(path, headers=headers, **query)

    def kept(self) -> list[ReadEntry]:
        return [found for _, found in self.log.listed(WantedReads(), 100)][::-1]


@pytest.fixture
def house() -> Watched:
    return Watched()


def test_a_question_is_on_record_with_who_asked_what_and_the_basis_of_the_answer(house: Watched) -> None:
    answer = house.get("officer", f"/subjects/{A}/grade", "%E5%A4%8D%E6%A0%B8", as_of="2024-06-01").json()
    (entry,) = house.kept()
    assert entry.account == "officer"
    assert (entry.role, entry.place, entry.operation, entry.subject) == ("officer", "150100", "get_grade", A)
    assert entry.query == '{"as_of":"2024-06-01"}'
    basis = answer["basis"]
    assert (entry.as_of, entry.known_at, entry.position) == (basis["as_of"], basis["known_at"], basis["position"])
    assert (entry.purpose, entry.outcome) == ("复核", "answered")


def test_a_record_is_on_record_with_the_file_on_which_it_stands(house: Watched) -> None:
    house.get("officer", f"/facts/{F}")
    (entry,) = house.kept()
    assert (entry.operation, entry.subject, entry.record) == ("get_fact", A, F)


def test_that_nothing_has_changed_is_on_record_with_its_basis_too(house: Watched) -> None:
    headers = {"authorization": f"Bearer {house.tokens['officer']}"}
    first = house.api.get(f"/subjects/{A}/grade", headers=headers)
    again = house.api.get(f"/subjects/{A}/grade", headers={**headers, "if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    told, same = house.kept()
    assert told.position is not None
    assert (same.as_of, same.known_at, same.position) == (told.as_of, told.known_at, told.position)


def test_a_decision_that_waits_is_on_record_with_the_file_that_it_is_about(house: Watched) -> None:
    headers = {"authorization": f"Bearer {house.tokens['officer']}"}
    waits = house.api.post(f"/facts/{F}/retraction", {"reason": "记错主体"}, headers=headers).json()
    assert house.get("approver", f"/pending-decisions/{waits['id']}").status_code == 200
    (entry,) = house.kept()
    assert (entry.operation, entry.subject, entry.record) == ("get_decision", A, waits["id"])


@pytest.mark.parametrize("path", ["/deadlines", "/journal/changes", "/journal/changes/stream"])
def test_a_department_asks_for_a_person_s_file_by_a_list_for_a_purpose_only(house: Watched, path: str) -> None:
    assert house.get("department", path, subject=P).status_code == 400
    headers = {"authorization": f"Bearer {house.tokens['department']}"}
    assert house.api.call("GET", f"/api/v1{path}?%73ubject={P}", headers=headers).status_code == 400
    assert house.get("department", path, "case 7", subject=P).status_code == 200
    assert house.get("department", path, subject=A).status_code == 200
    assert [e.outcome for e in house.kept()] == ["malformed", "malformed", "answered", "answered"]


def test_a_department_reads_a_decision_about_a_person_for_a_purpose_only(house: Watched) -> None:
    """As it reads the person's file itself (Inner Mongolia, arts. 23(4), 38); in a list, too."""
    world, headers = house.api.world, {"authorization": f"Bearer {house.tokens['officer']}"}
    of_person = F.replace("f1", "f2")
    world.fact("2024-03-01", "P01", of_person, P)
    path = "/pending-decisions"
    for fact, asks in ((F, False), (of_person, True)):
        waits = house.api.post(f"/facts/{fact}/retraction", {"reason": "记错主体"}, headers=headers).json()
        for where in (f"{path}/{waits['id']}", path):
            refused = house.get("department", where)
            assert refused.status_code == (400 if asks else 200), where
            if asks:
                assert refused.json()["errors"][0]["parameter"] == "X-Purpose"
                assert "effects" not in refused.text
            assert house.get("department", where, "case 7").status_code == 200
            assert house.get("approver", where).status_code == 200


def test_lists_and_the_stream_of_changes_are_on_record(house: Watched) -> None:
    assert house.get("officer", "/search", q="甲检测").status_code == 200
    assert house.get("officer", "/journal/changes/stream").status_code == 200
    assert [(e.operation, e.query) for e in house.kept()] == [
        ("search", '{"q":"甲检测"}'),
        ("get_changes_stream", "{}"),
    ]


def test_whose_file_it_is_stands_on_record_however_much_else_is_asked(house: Watched) -> None:
    kinds = [("kind", kind) for kind in ("agency", "law") * 24]
    headers = {"authorization": f"Bearer {house.tokens['officer']}"}
    asked = [*kinds, ("subject", A)]
    answer = house.api.call("GET", "/api/v1/journal/changes", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    (entry,) = house.kept()
    assert (entry.operation, entry.subject) == ("get_changes", A)


def test_from_where_on_a_stream_is_read_stands_on_record_also_when_a_header_says_so(house: Watched) -> None:
    headers = {"authorization": f"Bearer {house.tokens['officer']}", "last-event-id": "0"}
    assert A in house.api.get("/journal/changes/stream", headers=headers, after=1).text
    (entry,) = house.kept()
    assert entry.query == '{"after":"1","last-event-id":"0"}'


def test_every_file_of_a_page_of_decisions_is_on_record(house: Watched) -> None:
    headers = {"authorization": f"Bearer {house.tokens['officer']}"}
    for _ in range(2):
        house.api.post(f"/facts/{F}/retraction", {"reason": "记错主体"}, headers=headers)
    assert len(house.get("approver", "/pending-decisions").json()["items"]) == 1
    assert house.get("ningbo", "/pending-decisions").json()["items"] == []
    assert [(e.account, e.operation, e.subject) for e in house.kept()] == [
        ("approver", "list_decisions", A),
        ("ningbo", "list_decisions", None),
    ]


def test_a_participant_is_told_neither_in_lines_nor_beside_them_that_a_decision_waits(house: Watched) -> None:
    headers = {"authorization": f"Bearer {house.tokens['officer']}"}
    waits = house.api.post(f"/facts/{F}/retraction", {"reason": "记错主体"}, headers=headers).json()
    house.get("approver", f"/pending-decisions/{waits['id']}")
    house.get("approver", f"/subjects/{A}/advisories")
    told = house.get("agency-a", "/reads").json()
    assert len(told["reads"]) == 2
    assert not {"operation:get_decision", "operation:get_advisories"} & told["texts"].keys()
    assert waits["id"] not in str(told)
    assert house.get("auditor", "/reads", "audit").json()["texts"]["operation:get_decision"]


def test_a_refusal_is_on_record_with_its_code(house: Watched) -> None:
    house.get("ningbo", f"/subjects/{A}")
    house.get("admin", f"/subjects/{A}")
    house.get(None, f"/subjects/{A}")
    house.api.get(f"/subjects/{A}", headers={"authorization": "Bearer forged"})
    house.get("officer", f"/subjects/{A}", as_of="no day")
    assert [(e.account, e.subject, e.outcome) for e in house.kept()] == [
        ("ningbo", A, "not_found"),
        ("admin", A, "forbidden"),
        ("public", A, "signed_out"),
        ("public", A, "signed_out"),
        ("officer", A, "malformed"),
    ]


def test_a_trial_of_a_command_is_on_record_as_a_question_and_the_command_is_not(house: Watched) -> None:
    body = {"regime": REGIME, "row": "B09", "authority": "150100-EEB", "document": "文书-2", "decided_on": "2024-02-28"}
    headers = {"authorization": f"Bearer {house.tokens['officer']}"}
    assert house.api.post(f"/subjects/{A}/facts", body, headers=headers, dry_run="true").status_code == 200
    assert house.api.post(f"/subjects/{A}/facts", body, headers=headers).status_code == 201
    assert [(e.operation, e.subject) for e in house.kept()] == [("record_fact", A)]


def test_a_long_question_is_on_record_where_another_process_answers_it(house: Watched) -> None:
    answer = long_answers_of(house.api.desk.copies.primary)
    asked = HandledRequest(f"/subjects/{A}/timeline", {"subject": A}, {}, "zh", is_local=False)
    asked.caller = Caller(Principal("officer", "officer", "150100"), is_walled=True, reach="place")
    told = answer("get_timeline", time.monotonic() + 60, Call(asked, {"subject": A}))
    assert (told.status, told.content) == (200, None)
    assert [(e.account, e.operation, e.outcome) for e in house.kept()] == [("officer", "get_timeline", "answered")]
    house.log.is_full = True
    assert answer("get_timeline", time.monotonic() + 60, Call(asked, {"subject": A})).status == 503


def test_law_words_and_health_are_nobodys_file_and_not_on_record(house: Watched) -> None:
    for path in ("/rulebooks", "/codes", "/health", "/public/subjects"):
        assert house.get("officer", path).status_code in (200, 400)
    assert house.kept() == []


def test_without_accounts_nothing_is_on_record() -> None:
    world = World()
    world.agency(A)
    api = Api(world)
    log = MemoryReadLog()
    api.desk.copies.primary.watching = Watching(log, world.gate, world.clock)
    assert api.get(f"/subjects/{A}").status_code == 200
    assert log.listed(WantedReads(), 10) == []


def test_nothing_is_answered_that_cannot_be_put_on_record(house: Watched) -> None:
    house.log.is_full = True
    for path in (f"/subjects/{A}/grade", f"/subjects/{A}/timeline", "/search?q=甲", "/journal/changes/stream"):
        answer = house.get("officer", path)
        assert (answer.status_code, answer.json()["code"]) == (503, "not_logged")
        assert "retry-after" in answer.headers
    assert house.get("ningbo", f"/subjects/{A}").status_code == 503
    house.log.is_full = False
    assert house.get("officer", f"/subjects/{A}/grade").status_code == 200


def test_an_auditor_is_answered_for_a_purpose_only(house: Watched) -> None:
    refused = house.get("auditor", f"/subjects/{A}")
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["parameter"] == "X-Purpose"
    assert house.get("auditor", f"/subjects/{A}", "annual audit").status_code == 200
    assert [(e.purpose, e.outcome) for e in house.kept()] == [(None, "malformed"), ("annual audit", "answered")]


@pytest.mark.parametrize("purpose", ["", "%0A", "x" * 301, "%FF", ID_NUMBER])
def test_a_purpose_is_one_line_without_numbers_of_persons(house: Watched, purpose: str) -> None:
    assert house.get("officer", f"/subjects/{A}", purpose).status_code == 400
    assert house.get("officer", f"/subjects/{A}", "x" * 300).status_code == 200


def test_a_person_is_looked_for_by_number_for_a_purpose_and_the_number_is_not_kept(house: Watched) -> None:
    headers = {"authorization": f"Bearer {house.tokens['officer']}"}
    asked = {"id_number": ID_NUMBER}
    assert house.api.post("/search/person", asked, headers=headers).status_code == 400
    told = house.api.post("/search/person", asked, headers={**headers, "x-purpose": "case 7"})
    assert [hit["id"] for hit in told.json()["hits"]] == [P]
    house.get("officer", "/search", q=ID_NUMBER)
    by_name = house.api.post("/search/person", {"name": "张某"}, headers={**headers, "x-purpose": "case 7"})
    assert [hit["id"] for hit in by_name.json()["hits"]] == [P]
    assert ID_NUMBER not in str(house.kept())
    assert "张某" not in str(house.kept())
    assert [e.outcome for e in house.kept()][:2] == ["malformed", "answered"]


def test_the_log_is_looked_through_by_the_auditor_of_the_place_and_by_participants(house: Watched) -> None:
    house.get("officer", f"/subjects/{A}/grade", as_of="2024-06-01")
    house.get("officer", f"/subjects/{P}")
    seen = house.get("auditor", "/reads").json()
    assert [(r["account"], r["operation"]) for r in seen["reads"]] == [
        ("officer", "get_profile"),
        ("officer", "get_grade"),
    ]
    assert seen["reads"][1]["query"] == {"as_of": "2024-06-01"}
    assert seen["texts"]["operation:get_grade"]
    # One question names the files; persons have no name in it, nor has what lies elsewhere.
    assert seen["names"] == {A: house.api.world.casework.known_file(A).name_on(None)}
    own = house.get("agency-a", "/reads").json()
    assert [r["operation"] for r in own["reads"]] == ["get_grade"]
    assert house.get("agency-a", "/reads", subject=P).status_code == 404
    assert house.get("officer", "/reads").status_code == 403


def test_the_stream_of_changes_shows_the_place_of_whoever_asks_alone(house: Watched) -> None:
    said = house.get("ningbo", "/journal/changes/stream", after=0)
    assert A not in said.text
    assert house.get("ningbo", "/journal/changes/stream", after=0, region="150100").status_code == 404
    assert A in house.get("officer", "/journal/changes/stream", after=0).text
