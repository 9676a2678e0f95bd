"""The OpenAPI 3.1 description, written from the table of operations, the commands and the types of the answers."""

from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from application.answering.grading import Impact
from application.recording.advisories import DueImpact
from application.year.evaluation import MOST_IN_A_ROSTER
from domain.vocabulary import Text
from interfaces.http.asking import Query
from interfaces.http.operations import BODIES, OPERATIONS, ROOT, TAGS, Operation
from interfaces.http.problems import KINDS, Problem

_UUID: Final = {"type": "string", "format": "uuid"}
_REF: Final = "#/components/schemas/{name}"
_BYTES: Final = {"schema": {"type": "string", "contentMediaType": "application/vnd.apache.parquet"}}
_PATH_FIELDS: Final = {"agency": "subject", "rulebook": "edition"}

_PATHS: Final[dict[str, tuple[Text, dict[str, Any], Any]]] = {
    "subject": (Text("主体编号", "Id of the subject"), _UUID, "00000000-0000-4000-8000-00000000000a"),
    "agency": (Text("机构编号", "Id of the agency"), _UUID, "00000000-0000-4000-8000-00000000000a"),
    "fact": (Text("信息编号", "Id of the fact"), _UUID, "00000000-0000-4000-8000-0000000000f1"),
    "warning": (Text("预警编号", "Id of the warning"), _UUID, "00000000-0000-4000-8000-0000000000e1"),
    "repair": (Text("修复编号", "Id of the repair"), _UUID, "00000000-0000-4000-8000-0000000000d1"),
    "objection": (Text("异议编号", "Id of the objection"), _UUID, "00000000-0000-4000-8000-0000000000b1"),
    "comment": (Text("意见编号", "Id of the comment"), _UUID, "00000000-0000-4000-8000-0000000000b2"),
    "record": (Text("记录编号", "Id of the record"), _UUID, "00000000-0000-4000-8000-0000000000c1"),
    "decision": (
        Text("决定编号：环节、修复或调整的编号", "Id of the decision: of a step, a repair or an adjustment"),
        _UUID,
        "00000000-0000-4000-8000-0000000000c4",
    ),
    "region": (
        Text("行政区划代码；含其下级", "A GB/T 2260 code, with the places below it"),
        {
            "type": "string",
            "pattern": "^[0-9]{6}$",
        },
        "150100",
    ),
    "deadline": (
        Text(
            "期限编号：起始记录的编号、冒号、种类",
            "Id of the deadline: that of the record it starts with, a colon, its kind",
        ),
        {"type": "string"},
        "00000000-0000-4000-8000-0000000000c2:objection",
    ),
    "rehearsal": (Text("预演编号", "Id of the rehearsal"), _UUID, "00000000-0000-4000-8000-000000000001"),
    "regime": (Text("评价制度", "The regime"), {"type": "string"}, "nmg.third_party"),
    "year": (Text("评价年度", "Evaluation year"), {"type": "integer"}, 2024),
    "stage": (Text("环节", "Stage"), {"type": "string"}, "notice"),
    "rulebook": (Text("规则版本编号", "Id of the edition"), {"type": "string"}, "nmg.third_party@draft"),
}

_ABOUT: Final = """第三方环保机构和从业人员的环境信用案卷：每一事项都是不可更改的事件，
等级可按任意日期、任意时刻所知重新推演并说明理由。案由、理由、意见、证据名称等自由文本以案卷的密钥加密保存，读取时解密；密钥已销毁的
显示为“〔已删除 / erased〕”。时间分三种：`as_of`（问的是哪一天）、`known_at`（当时已知什么）、
`recorded_at`（何时记录，系统给出）。错误均为 RFC 9457。

限度：请求体至多 1 MiB、5000 个键、100000 个逗号（413），须在 30 秒内发完（408）；一次提问至多计算 10 秒，超过即答
503（`out_of_time`），detail 说明如何缩小所问；写入屡被其他写入抢先时答 503（`contended`），本请求未写入。503 均带
`Retry-After`（秒），届时可原样重发，写入请带 `Idempotency-Key`。`errors` 至多逐项列出 50 处，其后一项说明另有几处。
`cursor` 经封印，只用于给出它的列表和条件；更早版本给出的、改动过的一律不收（400），请从第一页重新开始。启用身份认证前
只答复 `Host` 为 localhost、127.0.0.1 或 [::1] 的请求（421）。

The case file of environmental credit: every matter is an immutable event, and a grade can be replayed as of any day,
as known at any moment, with its reasons. Free text (summaries, reasons, comments, titles of evidence) is stored
encrypted with a key of its file and told in clear; where the key was destroyed the answer says 〔已删除 / erased〕.
Errors are RFC 9457 problems; texts come in Chinese (default) and English by
`Accept-Language`.

Limits: a body has at most 1 MiB, 5,000 keys and 100,000 commas (413), and arrives within 30 seconds (408). A question
is computed for at most 10 seconds; then the answer is 503 (`out_of_time`), and its detail says how to ask for less. A
write that others overtook again and again is answered 503 (`contended`); nothing of it was stored. Every 503 has
`Retry-After` in seconds: send the request again then, a write with its `Idempotency-Key`. `errors` names at most 50
faults one by one; one more says how many are left. A `cursor` is sealed, and good for the list and the filters it came
from; one that was changed, or that an earlier version gave out, is refused (400): begin with the first page. Before
there is access control only requests whose `Host` is localhost, 127.0.0.1 or [::1] are answered (421).
"""


@cache
def document() -> bytes:
    """The description as JSON."""
    return msgspec.json.encode(description())


def description() -> dict[str, Any]:
    """The description as a value."""
    schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(ROOT + operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "环信案卷 API · Ecodocket API", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": n, "description": _both(t)} for n, t in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "parameters": _headers(),
            "responses": {name: _problem_response(name) for name in KINDS},
        },
    }


def _both(text: Text) -> str:
    return f"{text.zh} · {text.en}"


# --- operations -------------------------------------------------------------------------------------------


def _operation(operation: Operation) -> dict[str, Any]:
    example = examples().get(operation.id, {})
    described: dict[str, Any] = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": _both(operation.summary),
        "description": f"{operation.about.zh}\n\n{operation.about.en}",
        "parameters": [
            *(_path_parameter(n) for n in path_names(operation.path)),
            *(_query_parameter(q) for q in operation.query),
            *({"$ref": f"#/components/parameters/{n}"} for n in _header_names(operation)),
        ],
        "responses": _responses(operation, example),
    }
    if operation.method == "POST":
        content: dict[str, Any] = {"schema": _body_schema(operation)}
        content["examples"] = {n: {"value": v["request"]} for n, v in example.items()}
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    return described


def path_names(path: str) -> list[str]:
    """The names in braces."""
    return [part[1:-1] for part in path.split("/") if part.startswith("{")]


def _path_parameter(name: str) -> dict[str, Any]:
    about, schema, example = _PATHS[name]
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": _both(about),
        "schema": schema,
        "example": example,
    }


def _query_parameter(query: Query) -> dict[str, Any]:
    return {
        "name": query.name,
        "in": "query",
        "required": False,
        "description": _both(query.about),
        "schema": _shown(query.schema, query.example),
    }


def _shown(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    """The example of something optional stands in its schema: beside it, the explorer would fill it in and send it."""
    return {**schema, "examples": [example]}


def _header_names(operation: Operation) -> tuple[str, ...]:
    if operation.method == "DELETE":
        return ("Actor", "AcceptLanguage")
    if operation.tag == "rehearsals" and operation.method == "POST":
        return (*(("IdempotencyKey",) if operation.name == "rehearse" else ()), "Actor", "AcceptLanguage")
    if operation.method == "POST":
        of_a_file = () if operation.name == "evaluate_roster" else ("IfMatch",)
        return ("IdempotencyKey", *of_a_file, "Actor", "AcceptLanguage")
    return ("IfNoneMatch", "AcceptLanguage") if operation.name == "grade" else ("AcceptLanguage",)


def _header(name: str, about: Text, schema: dict[str, Any], example: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": _both(about),
        "schema": _shown(schema, example),
    }


def _headers() -> dict[str, Any]:
    return {
        "IdempotencyKey": _header(
            "Idempotency-Key",
            Text(
                "同一键、同一内容：返回首次答复；同一键、不同内容：422。",
                "Same key and body: the first answer again; other body: 422.",
            ),
            {"type": "string", "minLength": 1, "maxLength": 255},
            "2025-06-16-0001",
        ),
        "IfMatch": _header(
            "If-Match",
            Text(
                '所依据的版本，如 "3"；已过时则 412。* 表示须已存在。',
                'The version relied on, "3"; stale: 412. * must exist.',
            ),
            {"type": "string", "pattern": r'^("(0|[1-9][0-9]*)"|\*)$'},
            "*",
        ),
        "IfNoneMatch": _header(
            "If-None-Match",
            Text("先前答复的 ETag；相同则 304。", "The ETag of an earlier answer; the same: 304."),
            {"type": "string"},
            'W/"0"',
        ),
        "Actor": _header(
            "X-Actor",
            Text("操作人，仅限本机请求。", "Who acts; from this machine only."),
            {"type": "string", "minLength": 1, "maxLength": 100},
            "clerk",
        ),
        "AcceptLanguage": _header(
            "Accept-Language",
            Text("zh-CN（缺省）或 en。", "zh-CN (default) or en."),
            {"type": "string", "default": "zh-CN"},
            "zh-CN",
        ),
    }


# --- answers ----------------------------------------------------------------------------------------------


def _responses(operation: Operation, example: dict[str, Any]) -> dict[str, Any]:
    good: dict[str, Any] = {
        "description": "答复 · The answer",
        "headers": {"Content-Language": {"schema": {"type": "string"}}},
        "content": {
            "application/json": {
                "schema": _answer_schema(operation.answer),
                "examples": {n: {"value": v["response"]} for n, v in example.items()},
            }
        },
    }
    responses: dict[str, Any] = {}
    if operation.method == "DELETE":
        responses["204"] = {"description": "已删除 · Deleted"}
    elif operation.files:
        text = {"schema": {"type": "string"}, "examples": {n: {"value": v["response"]} for n, v in example.items()}}
        good["content"] = {media: text if media.startswith("text/") else _BYTES for media in operation.files}
        responses["200"] = good
    elif operation.good:
        for code in operation.good:
            responses[str(code)] = good
    elif operation.method == "POST":
        if "IfMatch" in _header_names(operation):
            good["headers"]["ETag"] = {"description": "版本 · The version", "schema": {"type": "string"}}
        responses["201"] = {**good, "description": "已记录 · Recorded"}
        content = {"application/json": {"schema": _answer_schema(operation.answer)}}
        responses["200"] = {"description": "试算，或已是如此 · Dry run, or already so", "content": content}
    else:
        responses["200"] = good
        if operation.name in ("grade", "profile"):
            good["headers"]["ETag"] = {"schema": {"type": "string"}}
        if operation.name == "grade":
            responses["304"] = {"description": "未变 · The same as before"}
    kinds: dict[str, list[str]] = {}
    for name in dict.fromkeys((*operation.errors, "misdirected", "internal", "unavailable")):
        kinds.setdefault(str(KINDS[name].status), []).append(name)
    for status, names in kinds.items():
        responses[status] = _problem_response(*names) if len(names) > 1 else _component(names[0])
    return responses


def _component(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/responses/{name}"}


def _problem_response(*names: str) -> dict[str, Any]:
    return {
        "description": " / ".join(_both(KINDS[n].title) for n in names),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": _REF.format(name="Problem")},
                "examples": {n: {"value": _problem_example(n)} for n in names},
            }
        },
    }


def _problem_example(name: str) -> dict[str, Any]:
    kind = KINDS[name]
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
    types = [o.answer for o in OPERATIONS if o.answer is not None]
    _, components = msgspec.json.schema_components([*types, Problem, Impact, DueImpact], ref_template=_REF)
    trials = [{"$ref": _REF.format(name=t.__name__)} for t in (Impact, DueImpact)]
    components["Outcome"]["properties"]["impact"] = {"anyOf": [*trials, {"type": "null"}], "default": None}
    _, asked = msgspec.json.schema_components(BODIES.values(), ref_template=_REF)
    components.update({name: _with_numbers(schema) for name, schema in asked.items()})
    bodies = [o.body for o in OPERATIONS if o.body is not None]
    components.update(msgspec.json.schema_components(bodies, ref_template=_REF)[1])
    for name, command in BODIES.items():
        components[command.__name__] = _command_schema(name, components[command.__name__])
    return dict(sorted(components.items()))


def _with_numbers(schema: Any) -> Any:
    """Exact decimals are taken as JSON numbers too; answers give them as text."""
    if isinstance(schema, list):
        return [_with_numbers(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("format") == "decimal":
        return {**schema, "type": ["string", "number"]}
    return {key: _with_numbers(part) for key, part in schema.items()}


def _command_schema(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """A command without its tag and without what its path gives; ids are UUIDs here."""
    operation = next(o for o in OPERATIONS if name in o.commands)
    gone = {"do", *(_PATH_FIELDS.get(n, n) for n in path_names(operation.path))}
    properties = {f: _http_field(f, s) for f, s in schema["properties"].items() if f not in gone}
    required = [f for f in schema.get("required", []) if f not in gone]
    if operation.name == "register":
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


def _body_schema(operation: Operation) -> dict[str, Any]:
    if operation.body is not None:
        return {"$ref": _REF.format(name=operation.body.__name__)}
    refs = [{"$ref": _REF.format(name=BODIES[c].__name__)} for c in operation.commands]
    return refs[0] if len(refs) == 1 else {"oneOf": refs}


def _answer_schema(answer: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([answer], ref_template=_REF)
    return schema


@cache
def examples() -> dict[str, dict[str, Any]]:
    """By operation, then by name of the example: a request that was made and the answer it got."""
    text = (files("interfaces.http") / "assets" / "examples.json").read_bytes()
    found: dict[str, dict[str, Any]] = msgspec.json.decode(text)
    return found
