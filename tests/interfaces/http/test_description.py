"""The API's description: complete, true to the routes, with examples that hold; and nothing it invites is a crash."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import httpx
import jsonschema_rs
import msgspec
import pytest
from hypothesis import HealthCheck
from litestar.types import Receive, Scope, Send

from application.recording.commands import COMMANDS
from application.year.evaluation import EvaluateRoster
from domain.vocabulary import AUTHORITY_PATTERN
from interfaces.http import desk, health
from interfaces.http.describing import OPERATIONS, document
from interfaces.http.operations import Operation
from interfaces.http.recording import SETTLING, commands_of, read_command
from interfaces.http.replying import ROOT
from interfaces.http.schemas.shaping import closed_members
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import A, C, J, P, Told, X, read_in, told_once
from tests.support.properties import TIMES, tried

OF_EACH = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.id)


@cache
def description() -> dict[str, Any]:
    """The description, which takes too long to make for every process that only looks for its tests."""
    found: dict[str, Any] = msgspec.json.decode(document())
    return found


def named() -> list[tuple[str, str, dict[str, Any]]]:
    """Every method, path and operation that is described."""
    return [(m, p, o) for p, methods in description()["paths"].items() for m, o in methods.items()]


def description_of(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = description()["paths"][ROOT + operation.path][operation.method.lower()]
    return found


@pytest.fixture(scope="module")
def told() -> Told:
    return told_once()


def validator(schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return _validator(msgspec.json.encode(schema))


@cache
def _validator(schema: bytes) -> jsonschema_rs.Draft202012Validator:
    """Many parameters and answers have the same schema, and those that name no component need none of them."""
    components = {"components": description()["components"]} if b'"$ref"' in schema else {}
    return jsonschema_rs.Draft202012Validator({**msgspec.json.decode(schema), **components}, validate_formats=True)


def contents(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if "requestBody" in operation:
        yield from operation["requestBody"]["content"].values()
    for response in operation["responses"].values():
        where = response
        if "$ref" in response:
            where = description()["components"]["responses"][response["$ref"].rpartition("/")[2]]
        yield from where.get("content", {}).values()


def described(operation: dict[str, Any]) -> list[dict[str, Any]]:
    named = description()["components"]["parameters"]
    return [named[p["$ref"].rpartition("/")[2]] if "$ref" in p else p for p in operation["parameters"]]


def good(operation: dict[str, Any]) -> dict[str, Any]:
    """The first good answer; a deletion has one without content."""
    responses = operation["responses"]
    found: dict[str, Any] = responses[min(status for status in responses if status < "300")]
    if "201" in responses:
        found = responses["201"]
    content: dict[str, Any] = found.get("content", {})
    told = ("application/json", "text/csv", "text/event-stream", *content)
    return next((content[media] for media in told if media in content), {})


def shown(parameter: dict[str, Any]) -> list[Any]:
    return [parameter["example"]] if "example" in parameter else parameter["schema"]["examples"]


STORY = "every operation is used in tests/interfaces/http_story.py; then make derived"


def test_every_command_has_its_path() -> None:
    taken = {c for o in OPERATIONS for c in commands_of(o.data)}
    assert taken == {*COMMANDS, "evaluate_roster", *SETTLING}, "a handler in src/interfaces/http/controllers"


def test_every_route_is_described_and_every_description_is_a_route() -> None:
    routes = {
        (method, re.sub(r":str\}", "}", route.path_format))
        for route in Api().app.routes
        for method in route.methods
        if method not in ("HEAD", "OPTIONS")
    }
    # Pages are for people, and say themselves what can be done there.
    routes = {(method, path) for method, path in routes if path.startswith(("/api/", "/problems/"))}
    beside = {("GET", "/problems/{code}"), ("GET", "/api/v1/openapi.json"), ("GET", "/api/v1/docs")}
    beside |= {("GET", f"/api/v1/session/oidc{n}") for n in ("", "/callback")}
    beside |= {("GET", f"/api/v1/docs/{n}") for n in ("swagger-ui-bundle.js", "swagger-ui.css", "start.js")}
    assert routes - beside == {(m.upper(), p) for m, p, _ in named()}


@pytest.mark.slow
@OF_EACH
def test_an_operation_is_explained_with_examples(operation: Operation) -> None:
    found = description_of(operation)
    assert found["operationId"] == operation.id
    assert found["summary"]
    assert all(len(part) > 5 for part in found["description"].split("\n\n"))
    for parameter in described(found):
        assert parameter["description"]
        assert shown(parameter)
    assert good(found).get("examples") or "204" in found["responses"], STORY
    if "requestBody" in found and not operation.takes_file:
        assert found["requestBody"]["content"]["application/json"]["examples"]


@OF_EACH
def test_every_example_fits_its_schema(operation: Operation) -> None:
    found = description_of(operation)
    checked = 0
    for content in contents(found):
        check = validator(content["schema"])
        for example in content.get("examples", {}).values():
            check.validate(example["value"])
            checked += 1
    assert checked
    for parameter in described(found):
        for example in shown(parameter):
            validator(parameter["schema"]).validate(example)


@pytest.mark.slow
def test_the_examples_are_a_story_that_happens(told: Told) -> None:
    shown = {
        (o["operationId"], name): example["value"]
        for _, _, o in named()
        for name, example in good(o).get("examples", {}).items()
    }
    assert {k for k, _ in shown} == {o.id for o in OPERATIONS if o.status != 204}, STORY
    for place, value in shown.items():
        _, answer = told.answers[place]
        if "events" in value:
            assert answer.json() == value, place
        else:
            assert type(read_in(answer)) is type(value)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if o.method == "GET"], ids=lambda o: o.id)
def test_answers_fit_their_schema(told: Told, operation: Any) -> None:
    schema = good(description_of(operation))["schema"]
    for (id, _), (_, answer) in told.answers.items():
        if id == operation.id:
            validator(schema).validate(read_in(answer))


def test_a_body_says_what_it_takes_and_no_more() -> None:
    for name, command in COMMANDS.items():
        schema = description()["components"]["schemas"][command.__name__]
        assert schema["additionalProperties"] is False, name
        assert "do" not in schema["properties"], name
    fact = description()["components"]["schemas"]["RecordFact"]
    assert "subject" not in fact["properties"]
    assert set(fact["required"]) == {"regime", "authority", "document"}


def test_the_examples_of_bodies_are_commands(told: Told) -> None:
    for (id, _), (body, _) in told.answers.items():
        operation = next(o for o in OPERATIONS if o.id == id)
        if id in COMMANDS and "{" not in operation.path:
            assert isinstance(read_command(id, dict(body), {}), COMMANDS[id])


def test_no_chinese_sentence_is_broken_where_a_blank_would_be_shown() -> None:
    """What is laid out shows a line break as a blank, which Chinese has between no two characters."""
    description = Api().get("/openapi.json").json()["info"]["description"]
    assert re.findall(r".?[\u3400-\u9fff，。；：、][ \n](?!\n)[\u3400-\u9fff].?", description) == []
    assert "环境信用案卷" in description


def test_the_explorer_needs_nothing_from_outside() -> None:
    api = Api()
    page = api.get("/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "://" not in page.text
    for link in re.findall(r'(?:src|href)="(docs/[^"]+)"', page.text):
        assert api.get(f"/{link}").status_code == 200
    start = api.get("/docs/start.js").text
    assert "validatorUrl: null" in start
    assert "://" not in start
    assert api.get("/openapi.json").json() == description()


# --- whatever is sent, the answer is one of those described -------------------------------------------------

_PROMISED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
_MOST_SECONDS = 600.0


def answered_as_promised(case: Any) -> None:
    from schemathesis.checks import CHECKS

    case.call_and_validate(
        checks=[check for check in CHECKS.get_all() if check.__name__ in _PROMISED], timeout=_MOST_SECONDS
    )


WRONG: tuple[tuple[str, bytes, dict[str, str]], ...] = (
    ("application/json", b'{"nobody_knows": 1}', {}),
    ("application/json", b"[]", {}),
    ("application/json", b"{", {}),
    ("text/plain", b"{}", {}),
    ("application/json", b"{}", {"nobody_knows": "1"}),
)


@pytest.mark.slow
def test_whatever_takes_a_body_describes_the_answer_to_a_wrong_one(told: Told) -> None:
    undescribed = []
    for operation in (o for o in OPERATIONS if o.data is not None):
        found = description_of(operation)
        path = ROOT + operation.path.format_map({p["name"]: shown(p)[0] for p in described(found) if p["in"] == "path"})
        statuses = {422}
        for media, body, query in WRONG:
            answer = told.api.call(operation.method, path, content=body, headers={"Content-Type": media}, params=query)
            statuses.add(answer.status_code)
        undescribed += [(operation.id, status) for status in statuses if str(status) not in found["responses"]]
    assert undescribed == []


@pytest.fixture(scope="module")
def sending() -> dict[str, Callable[[], None]]:
    """By operation what sends it whatever its description invites, to an application with a story."""
    # Imported where they are used: every process that only looks for its tests would load its four hundred modules.
    import schemathesis
    from schemathesis.core.result import Ok
    from schemathesis.pytest.lazy import get_all_tests

    app = Told().api.app

    async def local(scope: Scope, receive: Receive, send: Send) -> None:
        """As a client of this machine."""
        if str(scope["type"]) == "http":
            headers = [(n, v) for n, v in scope["headers"] if n != b"host"] + [(b"host", b"localhost")]
            await app({**scope, "client": ("127.0.0.1", 1), "headers": headers}, receive, send)  # type: ignore[arg-type]

    whole = schemathesis.openapi.from_asgi("/api/v1/openapi.json", local, timeout=_MOST_SECONDS)
    # A hundred requests an operation, each field at each of its bounds: a minute, for `make thorough` and `make fuzz`.
    whole.config.phases.coverage.enabled = TIMES > 1
    # Not `parametrize` of the library: it makes up everything that is sent when tests are collected, by each worker.
    # And all at once: whatever is made of one operation alone reads the whole description again.
    made = get_all_tests(
        schema=whole,
        test_func=answered_as_promised,
        settings=tried(3, *HealthCheck, derandomize=True),
        given_kwargs={},
    )
    found = {}
    for one in made:
        assert isinstance(one, Ok)
        operation, send_all = one.ok()
        found[operation.definition.raw["operationId"]] = send_all
    return found


@pytest.mark.slow
@pytest.mark.hypothesis
@OF_EACH
def test_nothing_sent_is_a_crash(
    sending: dict[str, Callable[[], None]], operation: Operation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else the client looks through the whole environment for a proxy, for each of ten thousand requests.
    monkeypatch.setenv("no_proxy", "localhost")
    # A machine with other work may take longer than people wait: that this is told with 503 is tested elsewhere.
    monkeypatch.setattr(desk, "SECONDS", _MOST_SECONDS)
    monkeypatch.setattr(health, "SILENT_SECONDS", _MOST_SECONDS)
    sending[operation.id]()


def test_every_list_of_a_body_says_how_many_items_it_may_have() -> None:
    schemas = description()["components"]["schemas"]
    bodies = {command.__name__ for command in COMMANDS.values()} | {
        EvaluateRoster.__name__,
        "SubjectChanges",
        "FactChanges",
        "CalendarDays",
        "Ban",
    }
    assert [f"{name}{at}" for name in sorted(bodies) for at in unbounded(schemas[name])] == []


def unbounded(schema: object, at: str = "") -> list[str]:
    if isinstance(schema, list):
        return [found for index, part in enumerate(schema) for found in unbounded(part, f"{at}/{index}")]
    if not isinstance(schema, dict):
        return []
    own = [at] if schema.get("type") == "array" and "maxItems" not in schema else []
    return own + [found for key, part in schema.items() for found in unbounded(part, f"{at}/{key}")]


# --- a client made of it says no more and no less than is sent ----------------------------------------------


def parts_of(schema: object, at: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(schema, list):
        for index, part in enumerate(schema):
            yield from parts_of(part, f"{at}/{index}")
    elif isinstance(schema, dict):
        yield at, schema
        for key, part in schema.items():
            yield from parts_of(part, f"{at}/{key}")


def test_no_member_has_a_default_which_generators_take_for_always_there() -> None:
    members = [
        (name, member, part)
        for name, schema in description()["components"]["schemas"].items()
        for member, part in schema.get("properties", {}).items()
    ]
    assert [(name, member) for name, member, part in members if "default" in part] == []


@pytest.mark.parametrize(
    ("name", "optional"),
    [
        ("AnnualStage", {"risk", "colour"}),
        ("Running", set()),
        ("DeadlineLine", set()),
        ("SubjectRef", {"name"}),
        ("GradePage", {"initial", "later", "headline", "outside", "masked"}),
    ],
)
def test_a_member_is_required_when_it_is_always_sent(name: str, optional: set[str]) -> None:
    schema = description()["components"]["schemas"][name]
    assert set(schema["properties"]) - set(schema["required"]) == optional


def test_what_may_be_left_out_of_an_answer_is_never_null() -> None:
    name = description()["components"]["schemas"]["SubjectRef"]["properties"]["name"]
    assert name == {"type": "string"}


def test_moments_are_moments_and_closed_vocabularies_are_closed() -> None:
    schemas = description()["components"]["schemas"]
    assert schemas["Basis"]["properties"]["known_at"]["format"] == "date-time"
    assert schemas["JournalHead"]["properties"]["recorded_at"]["anyOf"][0]["format"] == "date-time"
    assert schemas["SubjectRef"]["properties"]["kind"]["enum"] == ["agency", "practitioner", "expert", "client"]
    assert "publication" in schemas["AnnualStage"]["properties"]["stage"]["enum"]
    assert "fact-recorded.v1" in schemas["JournalChange"]["properties"]["type"]["enum"]
    assert "fact-recorded.v1" in schemas["Outcome"]["properties"]["events"]["items"]["enum"]
    assert "officer" in schemas["UserAccountLine"]["properties"]["role"]["enum"]
    assert schemas["ChangeLine"]["properties"]["at"]["format"] == "date-time"


def test_every_day_and_every_moment_says_its_format() -> None:
    """A body may name a moment by its day alone, and a receipt has it as it was recorded: in microseconds."""
    others = {"ManyGrades", "RehearsalRequest", "Receipt"}
    wrong = [
        (name, member)
        for name, schema in description()["components"]["schemas"].items()
        for member, part in schema.get("properties", {}).items()
        for ending, wanted in (("_on", "date"), ("_at", "date-time"))
        if member.endswith(ending)
        and name not in others
        and part.get("type") != "array"
        and wanted not in formats(part)
    ]
    assert wrong == []


def formats(schema: object) -> set[str]:
    return {part["format"] for _, part in parts_of(schema) if "format" in part}


def test_no_name_of_a_schema_is_that_of_a_place_in_the_code() -> None:
    assert [n for n in description()["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z]+", n)] == []


def test_every_object_says_what_it_holds() -> None:
    """One that says nothing is taken for an empty one."""
    empty = {"/Nothing", "/WithdrawDecision"}
    found = {
        at
        for at, part in parts_of(description()["components"]["schemas"])
        if part.get("type") == "object" and not part.get("properties") and "additionalProperties" not in part
    }
    assert found <= empty


@pytest.mark.slow
def test_a_line_of_a_timeline_has_the_content_of_its_event(told: Told) -> None:
    schema = description()["components"]["schemas"]["TimelineEntry"]
    assert schema["discriminator"]["propertyName"] == "type"
    files = [told.api.world.timelines.read(file) for file in (A, P, J, X, C)]
    entries = [*msgspec.to_builtins([entry for file in files for entry in file.entries])]
    assert len({e["type"] for e in entries}) > 50
    kinds = schema["discriminator"]["mapping"]
    for entry in entries:
        validator({"$ref": kinds[entry["type"]]}).validate(entry)
        other = next(ref for tag, ref in kinds.items() if tag != entry["type"])
        assert not validator({"$ref": other}).is_valid(entry)
        assert entry["content"].keys() <= members_of(entry["type"]), entry["type"]


def members_of(tag: str) -> set[str]:
    schemas = description()["components"]["schemas"]
    ref = schemas["TimelineEntry"]["discriminator"]["mapping"][tag]
    _, own = schemas[ref.rpartition("/")[2]]["allOf"]
    return set(schemas[own["properties"]["content"]["$ref"].rpartition("/")[2]]["properties"])


def test_a_link_leads_where_the_answer_says(told: Told) -> None:
    followed = 0
    operations = {o.id: o for o in OPERATIONS}
    for (id, name), (body, answer) in told.answers.items():
        link = links_of(id).get("recorded")
        # What was adopted may stand in a text of one's own: it is found among all.
        if link is None or id == "adopt_rulebook":
            continue
        path = operations[link["operationId"]].path
        for part, expression in link["parameters"].items():
            path = path.replace(f"{{{part}}}", str(meant(expression, operations[id], body, answer)))
        assert answer.headers["location"] == ROOT + path, (id, name)
        followed += 1
    assert followed > 60


def links_of(id: str) -> dict[str, Any]:
    responses = next(o for _, _, o in named() if o["operationId"] == id)["responses"]
    found: dict[str, Any] = responses.get("201", responses.get("202", {})).get("links", {})
    return found


def meant(expression: str, operation: Operation, body: Any, answer: httpx.Response) -> Any:
    """What a runtime expression of a link stands for."""
    where, pointer, names = expression.partition("#/")
    if not pointer:
        name = expression.removeprefix("$request.path.")
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", ROOT + operation.path)
        place = re.fullmatch(pattern, answer.request.url.path)
        assert place is not None
        return place[name]
    found = answer.json() if where == "$response.body" else body
    for name in names.split("/"):
        found = found[name]
    return found


def test_every_link_names_an_operation_and_all_that_its_path_needs() -> None:
    operations = {o.id: o for o in OPERATIONS}
    links = [part for _, part in parts_of(description()["paths"]) if "operationId" in part and "parameters" in part]
    links = [part for part in links if "responses" not in part]
    assert len(links) > 60
    for link in links:
        assert set(link["parameters"]) == set(operations[link["operationId"]].parts), link


def test_every_vocabulary_that_is_put_in_stands_in_a_schema() -> None:
    schemas = description()["components"]["schemas"]
    for name, member in closed_members():
        if "properties" in schemas.get(name, {}):
            assert "enum" in msgspec.json.encode(schemas[name]["properties"][member]).decode(), (name, member)


def test_every_reason_that_is_a_code_is_one_of_those_that_are_named() -> None:
    """What else is called a reason is free text of somebody."""
    schemas = description()["components"]["schemas"]
    for name, member in (("StepLine", "reason"), ("Cause", "reason"), ("Running", "undetermined")):
        found = msgspec.json.encode(schemas[name]["properties"][member]).decode()
        assert "not_yet_graded" in found, name
    undetermined = [(name, s) for name, s in schemas.items() if "undetermined" in s.get("properties", {})]
    assert len(undetermined) > 10
    assert all("enum" in msgspec.json.encode(s["properties"]["undetermined"]).decode() for _, s in undetermined)


def test_an_authority_is_a_place_and_an_organ_wherever_one_stands() -> None:
    schemas = description()["components"]["schemas"].items()
    # The lines of a letter are words.
    said = [
        s["properties"]["authority"] for n, s in schemas if n != "FactLine" and "authority" in s.get("properties", {})
    ]
    assert len(said) > 15
    for found in said:
        assert AUTHORITY_PATTERN in (part.get("pattern") for part in (found, *found.get("anyOf", ())))


def test_what_a_parameter_may_end_in_is_said() -> None:
    """A position or a place may be one that is not there, and requests about sessions are counted."""
    for operation in OPERATIONS:
        found = set(description_of(operation)["responses"])
        needed = {"min_position": "409", "region": "404"}
        assert {needed[name] for name in operation.query.keys() & needed} <= found, operation.id
        assert "429" in found or not operation.path.startswith("/session"), operation.id


def test_every_list_says_of_what() -> None:
    listed = [at for at, part in parts_of(description()) if part.get("type") == "array" and "items" not in part]
    assert listed == []


@pytest.mark.slow
def test_every_component_is_used() -> None:
    told = document().decode()
    for section, named in description()["components"].items():
        if section != "securitySchemes":
            assert [n for n in named if f'"#/components/{section}/{n}"' not in told] == [], section


def test_it_says_whose_it_is_and_under_which_licence() -> None:
    info = description()["info"]
    assert info["license"]["identifier"] == "Apache-2.0"
    assert info["contact"]["name"]
