"""The OpenAPI description, which the library writes from the signatures of the handlers.

What it cannot know is put beside it: the examples (a story that a test plays), the problems an operation may end in,
the headers, and the schemas of structs. Those are ``msgspec``'s, which reads and writes them: the library's own lose
the bounds within a union (``maxLength`` of a text that may be left out) and every bound of a list.
"""

import inspect
import re
from functools import cache
from importlib.resources import files
from typing import Any, Final, get_args

import msgspec
from litestar import Litestar
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.spec import Tag

from application.answering.grading import Impact
from application.recording.advisories import DueImpact
from application.rehearsal.rehearsal import RehearsalRequest
from application.year.evaluation import MOST_IN_A_ROSTER, EvaluateRoster
from domain.vocabulary import Text
from interfaces.http.controllers import CONTROLLERS
from interfaces.http.handlers import CONTEXTS, REF, provided
from interfaces.http.operations import ROOT, Operation
from interfaces.http.problems import KINDS, Problem
from interfaces.http.recording import commands_of
from interfaces.http.requests import StrictRequest

OPERATIONS: Final[tuple[Operation, ...]] = tuple(
    handler.opt["operation"]
    for controller in CONTROLLERS
    for handler in vars(controller).values()
    if "operation" in getattr(handler, "opt", {})
)
"""Every operation of the API."""

TAGS: Final = {
    "subjects": Text("主体与案卷", "Subjects and their files"),
    "facts": Text("信用信息", "Facts"),
    "warnings": Text("信用预警", "Warnings"),
    "objections": Text("异议与公众意见", "Objections and comments"),
    "repairs": Text("信用修复", "Repairs"),
    "evaluations": Text("年度评价", "Yearly evaluation"),
    "intermediaries": Text("中介机构、专家和委托人", "Intermediaries, experts and clients"),
    "advisories": Text("提示性信息（仅供主管部门）", "Advisories (for authorities only)"),
    "cohorts": Text("排序与抽查", "Rankings and samples"),
    "filings": Text("备案与警示", "Filings and cautions"),
    "deadlines": Text("期限", "Deadlines"),
    "accounts": Text("积分账户", "Accounts of points"),
    "grades": Text("等级与理由", "Grades and reasons"),
    "rehearsals": Text("预演", "Rehearsals"),
    "public": Text("公开名录", "The public register"),
    "law": Text("规则与日历", "Rulebooks and calendars"),
    "journal": Text("日志", "Journal"),
}

_UUID: Final = {"type": "string", "format": "uuid"}
_BYTES: Final = {"schema": {"type": "string", "contentMediaType": "application/vnd.apache.parquet"}}
_SUMMARY: Final = re.compile(r"(.+)\. ([^.]+)。")

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
    """The description as a value: the library's, and what it cannot know."""
    # An application that only describes: serving one would add routes of its own.
    described = Litestar(
        [*CONTROLLERS],
        dependencies=provided(CONTEXTS),
        request_class=StrictRequest,
        openapi_config=OpenAPIConfig(
            title="环信案卷 API · Ecodocket API",
            version="1",
            description=_ABOUT,
            tags=[Tag(name=name, description=_both(text)) for name, text in TAGS.items()],
        ),
        logging_config=None,
    ).openapi_schema.to_schema()
    for operation in OPERATIONS:
        _complete(described["paths"][ROOT + operation.path][operation.method.lower()], operation)
    described["components"] = {
        "schemas": _schemas(),
        "parameters": _headers(),
        "responses": {name: _problem_response(name) for name in KINDS},
    }
    return described


def _both(text: Text) -> str:
    return f"{text.zh} · {text.en}"


# --- operations -------------------------------------------------------------------------------------------


def _complete(described: dict[str, Any], operation: Operation) -> None:
    """Put beside an operation what its signature does not say."""
    example = examples().get(operation.id, {})
    summary, description = _told_of(operation)
    described.update(operationId=operation.id, summary=_both(summary), description=description)
    for parameter in described.get("parameters", []):
        # The library says it of the parameter, too.
        parameter["schema"].pop("description", None)
        if parameter["in"] == "path":
            # What must be given is filled in by the explorer.
            (parameter["example"],) = parameter["schema"].pop("examples")
    headers = ({"$ref": f"#/components/parameters/{name}"} for name in _header_names(operation))
    described["parameters"] = [*described.get("parameters", []), *headers]
    if operation.data is not None:
        (content,) = described["requestBody"]["content"].values()
        content["examples"] = {n: {"value": v["request"]} for n, v in example.items()}
    described["responses"] = _responses(described["responses"][str(operation.status)], operation, example)


def _told_of(operation: Operation) -> tuple[Text, str]:
    """The summary and the description of an operation, from the docstring of its handler."""
    first, zh, en = inspect.cleandoc(operation.handler.__doc__ or "").split("\n\n")
    summary = _SUMMARY.fullmatch(first)
    if summary is None:
        raise ValueError(f"the docstring of {operation.id} begins with no summary in both languages")
    return Text(summary[2], summary[1]), f"{_joined(zh)}\n\n{_joined(en)}"


def _joined(text: str) -> str:
    """The lines of a paragraph as one: between Chinese characters stands no blank."""
    return re.sub(r"(?<=[\u2e80-\uffff])\n|\n(?=[\u2e80-\uffff])", "", text).replace("\n", " ")


def _header_names(operation: Operation) -> tuple[str, ...]:
    if operation.is_question:
        return ("IfNoneMatch", "AcceptLanguage") if operation.may_be_unchanged else ("AcceptLanguage",)
    has_key = operation.context == "recording" or operation.data is RehearsalRequest
    return (
        *(("IdempotencyKey",) if has_key else ()),
        *(("IfMatch",) if _has_version(operation) else ()),
        "Actor",
        "AcceptLanguage",
    )


def _has_version(operation: Operation) -> bool:
    """Whether a command is about one file, or the law, which has a version to rely on."""
    return operation.context == "recording" and operation.data is not EvaluateRoster


def _header(name: str, about: Text, schema: dict[str, Any], example: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": _both(about),
        "schema": {**schema, "examples": [example]},
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


def _responses(good: dict[str, Any], operation: Operation, example: dict[str, Any]) -> dict[str, Any]:
    """The good answers, with their examples, and the problems."""
    examples = {n: {"value": v["response"]} for n, v in example.items()}
    responses: dict[str, Any] = {str(operation.status): good}
    if operation.status == 204:
        responses["204"] = {"description": "已删除 · Deleted"}
    else:
        good["description"] = "答复 · The answer"
        good["headers"] = {"Content-Language": {"schema": {"type": "string"}}}
        (content,) = good["content"].values()
        content["examples"] = examples
    if operation.files:
        text = {"schema": {"type": "string"}, "examples": examples}
        good["content"] = {media: text if media.startswith("text/") else _BYTES for media in operation.files}
    if operation.status == 201:
        content = {"application/json": {"schema": content["schema"]}}
        responses["200"] = {"description": "试算，或已是如此 · Dry run, or already so", "content": content}
        good["description"] = "已记录 · Recorded"
    if operation.has_tag:
        good["headers"]["ETag"] = {"schema": {"type": "string"}}
    if operation.may_be_unchanged:
        responses["304"] = {"description": "未变 · The same as before"}
    if _has_version(operation):
        good["headers"]["ETag"] = {"description": "版本 · The version", "schema": {"type": "string"}}
    kinds: dict[str, list[str]] = {}
    for name in dict.fromkeys((*operation.errors, "misdirected", "internal", "unavailable")):
        kinds.setdefault(str(KINDS[name].status), []).append(name)
    for status, names in kinds.items():
        one = {"$ref": f"#/components/responses/{names[0]}"}
        responses[status] = _problem_response(*names) if len(names) > 1 else one
    return responses


def _problem_response(*names: str) -> dict[str, Any]:
    return {
        "description": " / ".join(_both(KINDS[n].title) for n in names),
        "content": {
            "application/problem+json": {
                "schema": {"$ref": REF.format(name="Problem")},
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
    """What answers and bodies are made of."""
    types = [o.answer for o in OPERATIONS if o.answer is not None]
    _, components = msgspec.json.schema_components([*types, Problem, Impact, DueImpact], ref_template=REF)
    trials = [{"$ref": REF.format(name=t.__name__)} for t in (Impact, DueImpact)]
    components["Outcome"]["properties"]["impact"] = {"anyOf": [*trials, {"type": "null"}], "default": None}
    spelt = [(o, kind) for o in OPERATIONS if o.data is not None for kind in get_args(o.data) or (o.data,)]
    commands = {kind: o for o, kind in spelt if commands_of(kind)}
    _, asked = msgspec.json.schema_components(commands, ref_template=REF)
    components.update({name: _with_numbers(schema) for name, schema in asked.items()})
    plain = [kind for _, kind in spelt if not commands_of(kind)]
    components.update(msgspec.json.schema_components(plain, ref_template=REF)[1])
    for kind, operation in commands.items():
        components[kind.__name__] = _command_schema(commands_of(kind)[0], operation, components[kind.__name__])
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
    text = (files("interfaces.http") / "assets" / "examples.json").read_bytes()
    found: dict[str, dict[str, Any]] = msgspec.json.decode(text)
    return found
