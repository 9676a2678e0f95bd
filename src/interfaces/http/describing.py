"""The OpenAPI description, which the library writes from the signatures of the handlers.

What it cannot know is put beside it: the examples (a story that a test plays), the problems an operation may end in,
the headers, and the schemas of structs. Those are ``msgspec``'s, which reads and writes them: the library's own lose
the bounds within a union (``maxLength`` of a text that may be left out) and every bound of a list.
"""

from functools import cache
from importlib.resources import files
from typing import Any, Final, get_args

import msgspec
from litestar import Litestar
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Contact, License, Tag

from application.access.accounts import AccountName
from application.access.decisions import PendingDecision
from application.access.masking import MaskedPart
from application.answering.grading import Impact
from application.answering.timeline import TimelineEntry
from application.changes.endpoints import WebhookRequest
from application.recording.advisories import DueImpact
from application.rehearsal.rehearsal import RehearsalRequest
from application.year.evaluation import MOST_IN_A_ROSTER, EvaluateRoster
from interfaces.http.access.account_names import ACCOUNTS, names_accounts
from interfaces.http.access.acting import ACTING, acting_headers
from interfaces.http.access.authentication import SECURE_COOKIE
from interfaces.http.access.showing import MASKED
from interfaces.http.access.watching import PURPOSE
from interfaces.http.asking import ACCEPT_LANGUAGE, IDEMPOTENCY_KEY, LAST_EVENT_ID, RequestHeader
from interfaces.http.controllers import CONTROLLERS
from interfaces.http.controllers.evidence import UPLOAD_OFFSET
from interfaces.http.handlers import CONTEXTS, REF, provided
from interfaces.http.languages import bilingual
from interfaces.http.lists.paging import PagedList, is_list
from interfaces.http.operations import Operation
from interfaces.http.problems import PROBLEM_KINDS, RETRIED, Problem
from interfaces.http.recording import SETTLING, commands_of
from interfaces.http.replying import ROOT
from interfaces.http.requests import StrictRequest
from interfaces.http.schemas.entries import entry_schemas
from interfaces.http.schemas.links import links_of, waiting_links
from interfaces.http.schemas.shaping import as_sent, structs_in, tidied
from interfaces.http.semantics.event_streams import EVENT_STREAM
from interfaces.http.semantics.ranges import IF_RANGE, RANGE
from interfaces.http.semantics.validators import IF_MATCH, IF_NONE_MATCH
from interfaces.wording.texts import both

OPERATIONS: Final[tuple[Operation, ...]] = tuple(
    handler.opt["operation"]
    for controller in CONTROLLERS
    for handler in vars(controller).values()
    if "operation" in getattr(handler, "opt", {})
)
"""Every operation of the API."""

OPERATION_TAGS: Final = (
    "subjects",
    "facts",
    "warnings",
    "objections",
    "repairs",
    "letters",
    "records",
    "evidence",
    "evaluations",
    "intermediaries",
    "advisories",
    "cohorts",
    "filings",
    "decisions",
    "deadlines",
    "accounts",
    "grades",
    "rehearsals",
    "imports",
    "public",
    "law",
    "journal",
    "access",
    "webhooks",
)
"""What operations are about, in the order in which the description tells them."""

HEADERS: Final = (
    IDEMPOTENCY_KEY,
    IF_MATCH,
    IF_NONE_MATCH,
    RANGE,
    IF_RANGE,
    LAST_EVENT_ID,
    UPLOAD_OFFSET,
    *ACTING,
    PURPOSE,
    ACCEPT_LANGUAGE,
)
"""Every header of a request that the description tells of."""

_UUID: Final = {"type": "string", "format": "uuid"}
_EVENT: Final = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "pattern": "^[0-9]+$"},
        "event": {"const": "change"},
        "data": {
            "type": "string",
            "contentMediaType": "application/json",
            "contentSchema": {"$ref": REF.format(name="JournalChange")},
        },
    },
    "required": ["id", "event", "data"],
}


@cache
def document() -> bytes:
    """The description as JSON."""
    return msgspec.json.encode(description())


def description() -> dict[str, Any]:
    """The description as a value: the library's, and what it cannot know."""
    # An application that only describes: serving one would add routes of its own.
    described = Litestar(
        [*CONTROLLERS],
        dependencies=provided(CONTEXTS),
        request_class=StrictRequest,
        openapi_config=OpenAPIConfig(
            title=bilingual(both("api.title")),
            version="1",
            contact=Contact(name="The Ecodocket authors"),
            license=License(name="Apache License 2.0", identifier="Apache-2.0"),
            description=_asset("about.md").decode(),
            tags=[Tag(name=tag, description=bilingual(both(f"api.tag.{tag}"))) for tag in OPERATION_TAGS],
        ),
        logging_config=None,
    ).openapi_schema.to_schema()
    for methods in described["paths"].values():
        # Every question can be asked without its content, which is said once, of all.
        methods.pop("head", None)
    for operation in OPERATIONS:
        _complete(described["paths"][ROOT + operation.path][operation.method.lower()], operation)
    described["components"] = {
        "schemas": _schemas(),
        "parameters": _headers(),
        "responses": {name: _problem_response(name) for name in _referred_to(described["paths"])},
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer", "description": bilingual(both("api.security.token"))},
            "session": {
                "type": "apiKey",
                "in": "cookie",
                "name": SECURE_COOKIE,
                "description": bilingual(both("api.security.session")),
            },
        },
    }
    return described


def _referred_to(paths: dict[str, Any]) -> list[str]:
    """The kinds of problems that some operation has alone under a status: what stands among the components."""
    told = msgspec.json.encode(paths).decode()
    return [name for name in PROBLEM_KINDS if f'"#/components/responses/{name}"' in told]


# --- operations -------------------------------------------------------------------------------------------


def _complete(described: dict[str, Any], operation: Operation) -> None:
    """Put beside an operation what its signature does not say."""
    example = examples().get(operation.id, {})
    about = both(f"api.about.{operation.id}")
    described.update(
        operationId=operation.id,
        summary=bilingual(both(f"api.summary.{operation.id}")),
        description=f"{about.zh}\n\n{about.en}",
    )
    for parameter in described.get("parameters", []):
        # The library says it of the parameter, too.
        parameter["schema"].pop("description", None)
        if parameter["in"] == "path":
            # What must be given is filled in by the explorer.
            (parameter["example"],) = parameter["schema"].pop("examples")
    headers = ({"$ref": f"#/components/parameters/{header.component}"} for header in _headers_of(operation))
    described["parameters"] = [*described.get("parameters", []), *headers]
    if operation.data is not None:
        (content,) = described["requestBody"]["content"].values()
        content["examples"] = {n: {"value": v["request"]} for n, v in example.items()}
    if operation.takes_file:
        file = {"schema": {"type": "string", "format": "binary"}}
        described["requestBody"] = {"required": True, "content": dict.fromkeys(operation.file_types, file)}
    # Where there are no accounts yet, whoever is at this machine needs nothing.
    described["security"] = [{}] if operation.is_public else [{"token": []}, {"session": []}, {}]
    described["responses"] = _responses(described["responses"][str(operation.status)], operation, example)


def _headers_of(operation: Operation) -> tuple[RequestHeader, ...]:
    acting = acting_headers(operation)
    if EVENT_STREAM in operation.files:
        return (LAST_EVENT_ID, *acting, PURPOSE, ACCEPT_LANGUAGE)
    if operation.is_question:
        return (
            *acting,
            *((IF_NONE_MATCH,) if operation.has_tag or operation.sends_parts else ()),
            *((RANGE, IF_RANGE) if operation.sends_parts else ()),
            *((PURPOSE,) if operation.is_logged else ()),
            ACCEPT_LANGUAGE,
        )
    keyed = (RehearsalRequest, WebhookRequest, *SETTLING.values())
    has_key = operation.context == "recording" or operation.data in keyed
    return (
        *((UPLOAD_OFFSET,) if operation.takes_file and operation.method == "PATCH" else ()),
        *((IDEMPOTENCY_KEY,) if has_key else ()),
        *((IF_MATCH,) if _has_version(operation) else ()),
        *acting,
        ACCEPT_LANGUAGE,
    )


def _has_version(operation: Operation) -> bool:
    """Whether a command is about one file, or the law, which has a version to rely on."""
    return operation.context == "recording" and operation.data is not EvaluateRoster


def _headers() -> dict[str, Any]:
    return {
        header.component: {
            "name": header.name,
            "in": "header",
            "required": False,
            "description": bilingual(both(f"api.header.{header.code}")),
            "schema": header.schema,
        }
        for header in HEADERS
    }


# --- answers ----------------------------------------------------------------------------------------------


def _responses(good: dict[str, Any], operation: Operation, example: dict[str, Any]) -> dict[str, Any]:
    """The good answers, with their examples, and the problems."""
    examples = {n: {"value": v["response"]} for n, v in example.items()}
    responses: dict[str, Any] = {str(operation.status): good}
    if operation.status == 204:
        done = both("api.response.deleted" if operation.method == "DELETE" else "api.response.taken_in")
        responses["204"] = {"description": bilingual(done)}
    else:
        good["description"] = bilingual(both("api.response.answer"))
        good["headers"] = {"Content-Language": {"schema": {"type": "string"}}}
        (content,) = good["content"].values()
        content["examples"] = examples
        if is_list(operation):
            content["schema"] = {"allOf": [content["schema"], {"$ref": REF.format(name=PagedList.__name__)}]}
    if operation.files:
        has_lines = any(media.startswith("text/") for media in operation.files)
        good["content"] = {
            media: {"schema": {"type": "string"}, "examples": examples}
            if media.startswith("text/")
            else {
                "schema": {"type": "string", "contentMediaType": media},
                **({} if has_lines else {"examples": examples}),
            }
            for media in operation.files
        }
        if EVENT_STREAM in operation.files:
            # Before version 3.2 of OpenAPI the schema of a stream is that of one event.
            good["content"] = {EVENT_STREAM: {"schema": _EVENT, "examples": examples}}
    if operation.status in (201, 202):
        good["headers"]["Location"] = _location()
        good["links"] = links_of(operation, _link_said)
    if operation.may_wait:
        responses["202"] = {
            "description": bilingual(both("api.response.accepted")),
            "headers": {"Content-Language": {"schema": {"type": "string"}}, "Location": _location()},
            "content": {"application/json": {"schema": good["content"]["application/json"]["schema"]}},
        }
    if operation.context == "recording":
        responses["202"] = _waiting(good["headers"]["Location"])
    if operation.status == 201 and operation.context == "recording":
        content = {"application/json": {"schema": content["schema"]}}
        responses["200"] = {"description": bilingual(both("api.response.trial")), "content": content}
        good["description"] = bilingual(both("api.response.recorded"))
    if operation.sends_parts:
        responses["206"] = {
            "description": bilingual(both("api.response.part")),
            "headers": {name: {"schema": {"type": "string"}} for name in ("ETag", "Content-Range", "Content-Language")},
            "content": {media: {"schema": told["schema"]} for media, told in good["content"].items()},
        }
        responses["416"] = {"description": bilingual(both("api.response.no_such_part"))}
    if operation.has_tag or operation.sends_parts:
        good["headers"]["ETag"] = {"description": bilingual(both("api.response.tag")), "schema": {"type": "string"}}
        responses["304"] = {"description": bilingual(both("api.response.unchanged"))}
    if _has_version(operation):
        good["headers"]["ETag"] = {"description": bilingual(both("api.response.version")), "schema": {"type": "string"}}
    kinds: dict[str, list[str]] = {}
    wall = () if operation.is_public else ("unauthenticated", "forbidden")
    for name in dict.fromkeys((*operation.errors, *wall, "misdirected", "internal", "unavailable")):
        kinds.setdefault(str(PROBLEM_KINDS[name].status), []).append(name)
    for status, names in kinds.items():
        one = {"$ref": f"#/components/responses/{names[0]}"}
        responses[status] = _problem_response(*names) if len(names) > 1 else one
    return responses


def _location() -> dict[str, Any]:
    return {
        "description": bilingual(both("api.response.location")),
        "schema": {"type": "string", "format": "uri-reference"},
    }


def _waiting(location: dict[str, Any]) -> dict[str, Any]:
    """The answer to a command that waits for a second person."""
    return {
        "description": bilingual(both("api.response.waits")),
        "headers": {"Content-Language": {"schema": {"type": "string"}}, "Location": location},
        "content": {"application/json": {"schema": {"$ref": REF.format(name=PendingDecision.__name__)}}},
        "links": waiting_links(_link_said),
    }


def _link_said(name: str) -> str:
    return bilingual(both(f"api.link.{name}"))


def _problem_response(*names: str) -> dict[str, Any]:
    is_retried = any(PROBLEM_KINDS[name].status in RETRIED for name in names)
    retry = {"description": bilingual(both("api.response.retry")), "schema": {"type": "integer", "minimum": 1}}
    return {
        **({"headers": {"Retry-After": retry}} if is_retried else {}),
        "description": " / ".join(bilingual(PROBLEM_KINDS[n].title) for n in names),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": REF.format(name="Problem")},
                "examples": {n: {"value": _problem_example(n)} for n in names},
            }
        },
    }


def _problem_example(name: str) -> dict[str, Any]:
    kind = PROBLEM_KINDS[name]
    return {
        "type": f"/problems/{name}",
        "code": name,
        "title": kind.title.zh,
        "status": kind.status,
        "detail": kind.meaning.zh,
        "detail_zh": kind.meaning.zh,
        "detail_en": kind.meaning.en,
        "instance": f"{ROOT}/subjects",
    }


# --- schemas ----------------------------------------------------------------------------------------------


def _schemas() -> dict[str, Any]:
    """What answers and bodies are made of."""
    types = [
        *(o.answer for o in OPERATIONS if o.answer is not None and not o.files),
        PagedList,
        MaskedPart,
        AccountName,
    ]
    _, components = msgspec.json.schema_components([*types, Problem, Impact, DueImpact], ref_template=REF)
    trials = [{"$ref": REF.format(name=t.__name__)} for t in (Impact, DueImpact)]
    components["Outcome"]["properties"]["impact"] = {"anyOf": [*trials, {"type": "null"}], "default": None}
    pending = components[PendingDecision.__name__]["properties"]
    pending["impact"] = {"anyOf": [*trials, {"type": "null"}]}
    # An object that says no more is taken for an empty one.
    spelt_out = {"type": "object", "properties": {"do": {"type": "string"}}, "required": ["do"]}
    pending["request"] = {"anyOf": [{**spelt_out, "additionalProperties": True}, {"type": "null"}]}
    spelt = [(o, kind) for o in OPERATIONS if o.data is not None for kind in get_args(o.data) or (o.data,)]
    commands = {kind: o for o, kind in spelt if commands_of(kind)}
    _, asked = msgspec.json.schema_components(commands, ref_template=REF)
    components.update({name: _with_numbers(schema) for name, schema in asked.items()})
    plain = [kind for _, kind in spelt if not commands_of(kind)]
    components.update(msgspec.json.schema_components(plain, ref_template=REF)[1])
    for kind, operation in commands.items():
        components[kind.__name__] = _command_schema(commands_of(kind)[0], operation, components[kind.__name__])
    bodies = structs_in(kind for _, kind in spelt)
    for name, struct in structs_in([*types, Problem, Impact, DueImpact]).items():
        if name in components and name not in bodies:
            components[name] = as_sent(name, components[name], struct)
    about = bilingual(both("api.masked"))
    parts = {"type": "array", "items": {"$ref": REF.format(name=MaskedPart.__name__)}, "description": about}
    for name in {o.answer.__name__ for o in OPERATIONS if o.is_logged and not o.files}:
        components[name]["properties"][MASKED] = parts
    named = {"type": "object", "additionalProperties": {"$ref": REF.format(name=AccountName.__name__)}}
    for name in {o.answer.__name__ for o in OPERATIONS if names_accounts(o)}:
        components[name]["properties"][ACCOUNTS] = {**named, "description": bilingual(both("api.accounts"))}
    entries = entry_schemas(components.pop(TimelineEntry.__name__))
    components = {**entries, **components}
    return {name: tidied(schema) for name, schema in sorted(components.items())}


def _with_numbers(schema: Any) -> Any:
    """Exact decimals are taken as JSON numbers too; answers give them as text."""
    if isinstance(schema, list):
        return [_with_numbers(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "decimal":
        return {**schema, "type": ["string", "number"]}
    return {key: _with_numbers(part) for key, part in schema.items()}


def _command_schema(name: str, operation: Operation, schema: dict[str, Any]) -> dict[str, Any]:
    """A command without its tag and without what its path gives; ids are UUIDs here."""
    gone = {"do", *(part.field or n for n, part in operation.parts.items())}
    properties = {f: _http_field(f, s) for f, s in schema["properties"].items() if f not in gone}
    required = [f for f in schema.get("required", []) if f not in gone]
    if name.startswith("register_") and len(commands_of(operation.data)) > 1:
        properties = {"kind": {"const": name.removeprefix("register_")}, **properties}
        required = ["kind", *required]
    # A command of the vocabulary takes no unknown field, which the library does not write down for tagged ones.
    return {**schema, "properties": properties, "required": required, "additionalProperties": False}


def _http_field(field: str, schema: dict[str, Any]) -> dict[str, Any]:
    if field == "id" or (field == "against" and "anyOf" in schema):
        return {"anyOf": [_UUID, {"type": "null"}], "default": None}
    if field in ("practitioner", "against"):
        return _UUID
    if field in ("facts", "sets_aside"):
        return {**schema, "items": _UUID}
    if field == "subjects":
        return {
            "anyOf": [{"type": "array", "items": _UUID, "minItems": 1, "maxItems": MOST_IN_A_ROSTER}, {"type": "null"}],
            "default": None,
        }
    return schema


@cache
def examples() -> dict[str, dict[str, Any]]:
    """By operation, then by name of the example: a request that was made and the answer it got."""
    found: dict[str, dict[str, Any]] = msgspec.json.decode(_asset("examples.json"))
    return found


def _asset(name: str) -> bytes:
    return (files("interfaces.http") / "assets" / name).read_bytes()
