"""The whole API in one process over the story of its examples, and what every answer of it promises."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import httpx

from application.parts import here
from interfaces.http.describing import OPERATIONS
from interfaces.http.replying import ROOT
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import LAST, READS, REHEARSAL, STORY, Line, Told
from tests.support.world import USCC, credit_code


class Asking(NamedTuple):
    """A question that is answered well: its operation, its path and its query."""

    operation: str
    path: str
    query: dict[str, Any]


class Story(Told):
    """The story up to where an edition comes into force, for three agencies, and rehearsed three times: every list has
    pages."""

    def __init__(self) -> None:
        super().__init__()
        # The story ends with somebody signed in who may not do what follows.
        self._signed_in = {}
        for number in (1, 2):
            for name, path, body in STORY:
                if "/subjects" in path or name == "evaluate_roster/roster":
                    self._tell_again(number, path, body)
        for readings in ({"I-15": "configured_months"}, {"I-01": "configured_label"}):
            asked = self._call("POST", "/rehearsals", 202, body={**REHEARSAL, "readings": readings})
            self.api.rehearsals.run(asked["id"], here(self.api.world.journal))

    def _post(self, line: Line) -> None:
        if line not in LAST:
            super()._post(line)

    def _tell_again(self, number: int, path: str, body: dict[str, Any]) -> None:
        """A line for another agency; what can happen once only, or to others, is refused and leaves all as it was."""
        told = json.dumps([path, body]).replace(f"{0:08d}-", f"{number:08d}-").replace(USCC, credit_code(str(number)))
        path, body = json.loads(told)
        if body.get("kind") in (None, "agency") or path != "/subjects":
            assert self.api.post(path, body, headers={"x-actor": "clerk"}).status_code < 500


def questions(told: Story, *taken: str) -> Iterator[Asking]:
    """Of every question that has one of the parameters, one that is answered well. Raises ``AssertionError`` when one
    of them is left out."""
    reads = {name.partition("/")[0]: (path, query) for name, path, query in READS}
    asked = {
        operation: answer.request.url.path.removeprefix(ROOT)
        for (operation, _), (_, answer) in told.answers.items()
        if answer.status_code == 200
    }
    # The newest is of three agencies.
    rehearsal = told.api.get("/rehearsals").json()["rehearsals"][0]["id"]
    for operation in OPERATIONS:
        if operation.is_question and operation.query.keys() & set(taken):
            path, query = reads.get(operation.id) or (asked.get(operation.id, operation.path), {})
            if "{rehearsal}" in operation.path:
                path = operation.path.replace("{rehearsal}", rehearsal)
            answer = told.api.get(path, **query)
            assert answer.status_code == 200, (operation.id, answer.text)
            yield Asking(operation.id, path, query)


def parameters(operation: str) -> list[str]:
    """What an operation takes in its query."""
    return next(list(o.query) for o in OPERATIONS if o.id == operation)


def answered(api: Api, path: str, query: Any, language: str) -> httpx.Response:
    """Ask; raise ``AssertionError`` unless the answer is one, or a refusal that names what to mend."""
    answer = api.call("GET", f"/api/v1{path}", params=query, headers={"accept-language": language})
    assert answer.status_code < 500, answer.text
    if answer.status_code >= 400:
        assert answer.headers["content-type"].startswith("application/problem+json"), answer.text
        problem = answer.json()
        assert problem["detail_zh"], problem
        assert problem["detail_en"], problem
        assert problem["code"], problem
    return answer
