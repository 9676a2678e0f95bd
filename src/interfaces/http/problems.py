"""Errors as RFC 9457 problems, in both languages, with a stable type for each kind.

What the domain raises is mapped here and nowhere else. A problem never tells more than its reader needs: an
unexpected error gives a reference under which the log has the rest.
"""

from collections.abc import Sequence
from typing import Any, Final

import msgspec

from application.ports import Recorded
from application.time_budget import OutOfTime
from domain.errors import (
    MOST_TOLD,
    CaseError,
    Conflict,
    Invalid,
    NotFound,
    NotReady,
    NotYetKnown,
    Refused,
    ReusedKey,
    Stale,
    Undetermined,
    Unreadable,
    and_more,
)
from domain.law.citations import Articles
from domain.law.parse import RulebookError
from domain.time import iso_utc
from domain.vocabulary import Text
from interfaces.wording.citations import cite
from interfaces.wording.texts import Language, said


class Kind(msgspec.Struct, frozen=True):
    """A kind of problem: its HTTP status, its title, what it means and what to do."""

    status: int
    title: Text
    meaning: Text


KINDS: Final[dict[str, Kind]] = {
    "malformed": Kind(
        400,
        Text("请求格式有误", "Malformed request"),
        Text(
            "请求无法读取：不是 JSON、请求头或查询参数有误。按 errors 逐项改正后重发。",
            "The request cannot be read: no JSON, or a header or query parameter is wrong. Mend each entry of errors.",
        ),
    ),
    "actor_refused": Kind(
        403,
        Text("不接受该操作人", "Actor refused"),
        Text(
            "操作人只能由本机直接发出的请求以 X-Actor 声明；其他来源（含经代理转发）在启用身份认证前不能写入。",
            "An actor is named by X-Actor from this machine only, not through a proxy; nobody else can write before"
            " there is access control.",
        ),
    ),
    "not_found": Kind(
        404,
        Text("未找到", "Not found"),
        Text("没有这个编号或路径；请核对。", "There is no such id or path; check it."),
    ),
    "method_not_allowed": Kind(
        405,
        Text("不支持该方法", "Method not allowed"),
        Text("该路径不支持此方法，见 Allow 头。", "This path does not take that method; see the Allow header."),
    ),
    "refused": Kind(
        409,
        Text("依法或依现状不能办理", "Refused"),
        Text(
            "法律或案卷现状不允许；cites 是依据的条款。",
            "The law or the state of the case forbids it; cites names the articles.",
        ),
    ),
    "conflict": Kind(
        409,
        Text("与已有记录冲突", "Conflict with the record"),
        Text(
            "已有记录与请求不相容：同一编号另有内容，或已以另一方式撤销。",
            "What is on record excludes it: the id has other content, or the record was undone otherwise.",
        ),
    ),
    "undetermined": Kind(
        409,
        Text("法律或配置没有给出答案", "The law does not say"),
        Text(
            "当日规则有空缺或重叠；请先明确规则版本。",
            "The rules of that day have a gap or an overlap; settle the editions first.",
        ),
    ),
    "not_yet_there": Kind(
        409,
        Text("该写入尚未可见", "Not yet there"),
        Text(
            "案卷日志或索引尚未到达 min_position 或所问的时刻；稍后重试，或去掉该参数。",
            "The journal, or an index over it, has not reached min_position or the moment asked about; try again later"
            " or leave the parameter out.",
        ),
    ),
    "stale": Kind(
        412,
        Text("案卷已有更新", "The file has moved on"),
        Text(
            "If-Match 的版本已过时；intervened 列出其间的事项，看过之后以新的 ETag 重新提交。",
            "The version in If-Match is old; intervened lists what happened since. Read it, submit with the new ETag.",
        ),
    ),
    "too_slow": Kind(
        408,
        Text("请求体迟迟未到", "The body did not arrive"),
        Text(
            "请求体须在 30 秒内发完；请求未执行，请检查网络后重发。",
            "A body arrives within 30 seconds; nothing was done. Check the network and send the request again.",
        ),
    ),
    "misdirected": Kind(
        421,
        Text("不是发给本机的请求", "Misdirected request"),
        Text(
            "启用身份认证前，只答复发给本机的请求：Host 须为 localhost、127.0.0.1 或 [::1]。",
            "Before there is access control only requests to this machine are answered: Host is localhost, 127.0.0.1 or"
            " [::1].",
        ),
    ),
    "too_large": Kind(
        413,
        Text("请求过大", "Too large"),
        Text(
            "请求体不得超过 1 MiB、5000 个键、100000 个逗号。",
            "A body has at most 1 MiB, 5,000 keys and 100,000 commas.",
        ),
    ),
    "invalid": Kind(
        422,
        Text("填写有误", "Fields are wrong"),
        Text(
            "errors 列出全部有误的字段；超过 50 处的，其后一项说明另有几处。",
            "errors names every bad field; of more than 50 one more item says how many are left.",
        ),
    ),
    "reused_key": Kind(
        422,
        Text("幂等键已被使用", "Idempotency key in use"),
        Text("该键属于另一请求；请换用新的键。", "The key belongs to another request; use a new one."),
    ),
    "rulebook_invalid": Kind(
        422,
        Text("规则文件有误", "The rulebook file has faults"),
        Text("errors 列出全部错误及其行号。", "errors names every fault with its line."),
    ),
    "internal": Kind(
        500,
        Text("系统内部错误", "Internal error"),
        Text("系统出错，请求未写入；请把编号告知管理员。", "Our fault. Tell the administrator the reference."),
    ),
    "damaged": Kind(
        500,
        Text("案卷无法读取", "The file cannot be read"),
        Text(
            "案卷中有无法读取的事项，或缺少事项；其他案卷不受影响。请管理员运行 ecodocket verify --journal。",
            "An event of the file cannot be read, or is missing; other files are not touched. The administrator runs"
            " ecodocket verify --journal.",
        ),
    ),
    "unavailable": Kind(
        503,
        Text("暂不可用", "Unavailable"),
        Text(
            "数据库暂时无法连接、索引已停止、未在限定时间内算完，或写入屡被抢先（detail 说明原因和办法）；"
            "按 Retry-After 重试。",
            "The database cannot be reached just now, an index has stopped, the answer was not found in time, or others"
            " overtook the write each time (detail says which, and what to do); try again after Retry-After.",
        ),
    ),
}
"""Every kind of problem by the last part of its ``type``."""


class FieldError(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One bad field (``pointer``), query parameter or header (``parameter``), or place of a file (``line``)."""

    pointer: str | None = None
    parameter: str | None = None
    place: str | None = None
    line: int | None = None
    code: str
    detail: str
    detail_zh: str
    detail_en: str


class Intervened(msgspec.Struct, frozen=True, kw_only=True):
    """An event that was recorded since the version the writer relied on."""

    type: str
    version: int
    recorded_at: str
    by: str


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An RFC 9457 problem. ``type`` and ``code`` are stable; ``detail`` is in the reader's language."""

    type: str
    code: str
    title: str
    status: int
    detail: str
    detail_zh: str
    detail_en: str
    instance: str
    errors: tuple[FieldError, ...] = ()
    cites: tuple[str, ...] = ()
    cites_text: tuple[str, ...] = ()
    version: int | None = None
    intervened: tuple[Intervened, ...] = ()
    reference: str | None = None


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One bad thing, before a language is chosen."""

    code: str
    text: Text
    pointer: str | None = None
    parameter: str | None = None
    place: str | None = None
    line: int | None = None


class Trouble(Exception):
    """A problem raised by the interface itself: ``kind`` of ``KINDS`` with its details."""

    def __init__(
        self,
        kind: str,
        text: Text | None = None,
        faults: Sequence[Fault] = (),
        *,
        code: str | None = None,
        headers: Sequence[tuple[bytes, bytes]] = (),
        **more: Any,
    ) -> None:
        super().__init__(kind)
        self.kind = kind
        self.text = text or KINDS[kind].meaning
        self.faults = tuple(faults)
        self.code = code or kind
        self.headers = tuple(headers)
        self.more = more


def bad_request(fault: Fault, *more: Fault) -> Trouble:
    """A malformed request: every fault at once."""
    faults = (fault, *more)
    zh = "；".join(f.text.zh.rstrip("。") for f in faults) + "。"
    en = "; ".join(f.text.en.rstrip(".") for f in faults) + "."
    return Trouble("malformed", Text(zh, en), faults)


def trouble_of(error: CaseError) -> Trouble:
    """The problem for what the domain or the application raised (``Stale`` without what intervened)."""
    match error:
        case Invalid():
            faults = [Fault(pointer=p.pointer, code=p.code, text=Text(p.zh, p.en)) for p in error.problems]
            return Trouble("invalid", error.text, faults)
        case RulebookError():
            lines = [Fault(place=p.place, line=p.line, code="fault", text=Text(p.zh, p.en)) for p in error.problems]
            return Trouble("rulebook_invalid", error.text, lines)
        case NotYetKnown():
            return bad_request(Fault(parameter="known_at", code=error.code, text=error.text))
        case NotFound():
            return Trouble("not_found", error.text)
        case Refused():
            kind = "conflict" if isinstance(error, Conflict) else "refused"
            return Trouble(kind, error.text, code=error.code, cites=error.cites, articles=error.articles)
        case Stale():
            return Trouble("stale", error.text, version=error.actual, headers=[(b"etag", b'"%d"' % error.actual)])
        case ReusedKey():
            return Trouble("reused_key", error.text)
        case NotReady():
            if error.code == "index_stopped":
                return Trouble("unavailable", error.text, code=error.code, headers=[(b"retry-after", b"10")])
            return Trouble("not_yet_there", error.text, code=error.code)
        case Unreadable():
            return Trouble("damaged", error.text, code=error.code)
        case OutOfTime():
            return Trouble("unavailable", error.text, code=error.code, headers=[(b"retry-after", b"10")])
        case Undetermined():
            return Trouble("undetermined", error.text, code=error.code)
        case _:
            return Trouble("internal")


def intervened(events: Sequence[Recorded], tag_of: Any) -> tuple[Intervened, ...]:
    """The events as a stale writer is told of them."""
    return tuple(
        Intervened(type=tag_of(e.event), version=e.version, recorded_at=iso_utc(e.recorded_at), by=e.actor)
        for e in events
    )


def body_of(trouble: Trouble, instance: str, language: Language) -> Problem:
    """The problem as it is sent."""
    kind = KINDS[trouble.kind]
    cites = tuple(trouble.more.get("cites", ()))
    articles = (Articles(trouble.more.get("articles", ())),)
    return Problem(
        type=f"/problems/{trouble.kind}",
        code=trouble.code,
        title=said(kind.title, language),
        status=kind.status,
        detail=said(trouble.text, language),
        detail_zh=trouble.text.zh,
        detail_en=trouble.text.en,
        instance=instance,
        errors=_field_errors(trouble.faults, language),
        cites=cites,
        cites_text=tuple(cite(c, language, articles) for c in cites),
        version=trouble.more.get("version"),
        intervened=trouble.more.get("intervened", ()),
        reference=trouble.more.get("reference"),
    )


def _field_errors(faults: Sequence[Fault], language: Language) -> tuple[FieldError, ...]:
    """The first faults, and how many more there are."""
    told = [_field_error(f, language) for f in faults[:MOST_TOLD]]
    if len(faults) > MOST_TOLD:
        told.append(_field_error(Fault(code="more", text=and_more(len(faults) - MOST_TOLD)), language))
    return tuple(told)


def _field_error(fault: Fault, language: Language) -> FieldError:
    return FieldError(
        pointer=fault.pointer,
        parameter=fault.parameter,
        place=fault.place,
        line=fault.line,
        code=fault.code,
        detail=said(fault.text, language),
        detail_zh=fault.text.zh,
        detail_en=fault.text.en,
    )
