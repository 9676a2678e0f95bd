"""Everything the domain can answer instead of an event or a grade.

::

    CaseError
    ├── Invalid          the request contradicts itself or the rulebook's form: every bad field at once
    ├── RulebookError    a rulebook file has faults: each with its line and key path (rulebook.parsing)
    ├── NotFound         an id nobody has recorded
    │   └── NotYetKnown  on record now, but not yet at the moment asked about
    ├── Refused          theirs: the law or the state of the case forbids it, with the article
    │   └── Conflict     the same id with other content, or an undo of what is already undone otherwise
    ├── Stale            somebody else has written in between
    ├── ReusedKey        an idempotency key that belongs to another request
    ├── Unreadable       an event this version of the product cannot read, or a damaged one
    │   └── BrokenStream  an event is missing from a file
    ├── NotReady         ours: an index is not built, lags behind what is asked for, or has stopped
    └── Undetermined     ours: the law or its configuration does not say
        └── LawUnclear   the rulebook has a gap or an overlap on that day

No error knows of HTTP or of exit codes; the interfaces map them.
"""

import copyreg
from collections.abc import Callable
from typing import Any, Final

import msgspec

from domain.time import Instant
from domain.vocabulary import Article, Text


class CaseError(Exception):
    """Base of all expected errors. ``code`` is stable, ``text`` is what a person reads."""

    def __init__(self, code: str, text: Text) -> None:
        super().__init__(text.en)
        self.code = code
        self.text = text

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
        # As it stands: what is passed between processes is the same error, and no constructor words it again.
        return copyreg.__newobj__, (type(self), *self.args), dict(self.__dict__)  # type: ignore[attr-defined]


class Problem(msgspec.Struct, frozen=True):
    """One bad field: ``pointer`` is its JSON pointer in the request, ``code`` stable, texts for people."""

    pointer: str
    code: str
    zh: str
    en: str


MOST_TOLD: Final = 50
"""Most faults of one request or file that are told one by one."""


def and_more(left: int) -> Text:
    """What is said of the faults that are not told."""
    return Text(f"另有 {left} 处错误，未逐一列出。", f"and {left} more, which are not told one by one.")


class Invalid(CaseError):
    """The request cannot mean anything: ``problems`` names every bad field."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        told = [(f"{p.pointer or '/'} {p.zh}", f"{p.pointer or '/'} {p.en}") for p in problems[:MOST_TOLD]]
        if len(problems) > MOST_TOLD:
            more = and_more(len(problems) - MOST_TOLD)
            told.append((more.zh, more.en))
        zh = "请求有误：" + "；".join(text.rstrip("。") for text, _ in told) + "。"
        en = "invalid request: " + "; ".join(text.rstrip(".") for _, text in told) + "."
        super().__init__("invalid", Text(zh, en))
        self.problems = problems


class NotFound(CaseError):
    """``what`` (subject, fact, warning …) with id ``id`` is not in the journal."""

    def __init__(self, what: str, id: str) -> None:
        words = {
            "subject": "主体",
            "fact": "信用信息",
            "warning": "预警",
            "repair": "修复",
            "record": "记录",
            "edition": "规则版本",
            "regime": "评价制度",
            "objection": "异议",
            "comment": "意见",
            "deadline": "期限",
            "region": "行政区划",
            "rehearsal": "预演",
            "calendar": "工作日历",
            "sample": "抽样计划",
        }
        text = Text(f"找不到{words.get(what, what)} {id}；请核对编号。", f"no {what} with the id {id}; check the id.")
        super().__init__("not_found", text)
        self.what = what
        self.id = id


class NotYetKnown(NotFound):
    """``what`` with id ``id`` is on record now and was not at the moment that is asked about; ``text`` says since when
    it is and what to ask instead."""

    def __init__(self, what: str, id: str, zh: str, en: str) -> None:
        super().__init__(what, id)
        self.code = "not_yet_known"
        self.text = Text(zh, en)


class Refused(CaseError):
    """The law or the state of the case forbids it. ``cites`` names the articles, most telling first; ``articles`` is
    the list of those of the edition that is cited, by which an interface writes them out.

    A decision knows no article: it names the ``ground`` under which the edition states them, and the law that was
    asked puts them in (``RegimeLaw.grounded``). What is no rule of the law (an id in use) has neither.
    """

    def __init__(self, code: str, zh: str, en: str, *cites: str, ground: str | None = None) -> None:
        super().__init__(code, Text(zh, en))
        self.cites = cites
        self.ground = ground
        self.articles: tuple[Article, ...] = ()


class Conflict(Refused):
    """What is on record already excludes the request (other content under the same id, another undo)."""


def id_taken(id: str) -> Conflict:
    """An id that was given stands for a record with other content, on this file or another one."""
    return Conflict(
        "id_taken",
        f"编号 {id} 已用于另一内容不同的记录；请换用新的编号，或更正原记录。",
        f"the id {id} stands for a record with other content; choose another id, or correct that record.",
    )


class Stale(CaseError):
    """The stream has moved on since the version the writer relied on."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        text = Text(
            f"案卷 {stream} 已有更新：您依据的版本是 {expected}，现为 {actual}。请先查看其间的事项再提交。",
            f"the file {stream} has moved on: you relied on version {expected}, it is now {actual}."
            " Read what happened in between, then submit again.",
        )
        super().__init__("stale", text)
        self.stream = stream
        self.expected = expected
        self.actual = actual


class ReusedKey(CaseError):
    """The idempotency key was used for another request."""

    def __init__(self, key: str) -> None:
        text = Text(
            f"幂等键 {key} 已用于另一请求；请换用新的键。",
            f"the idempotency key {key} belongs to another request; use a new key.",
        )
        super().__init__("reused_key", text)
        self.key = key


class Unreadable(CaseError):
    """The event at ``position`` of ``stream`` cannot be read: damaged, or of a type this version does not know."""

    def __init__(self, stream: str, position: int, recorded_at: Instant, reason: str) -> None:
        text = Text(
            f"案卷 {stream} 序号 {position} 的事项无法读取：{reason}",
            f"the event at position {position} of {stream} cannot be read: {reason}",
        )
        super().__init__("unreadable", text)
        self.stream = stream
        self.position = position
        self.recorded_at = recorded_at


class BrokenStream(Unreadable):
    """The versions of a stream do not follow each other: an event is missing before ``position``, or it was read out
    of order."""

    def __init__(self, stream: str, position: int = 0, recorded_at: Instant = 0) -> None:
        super().__init__(stream, position, recorded_at, "")
        self.code = "broken_stream"
        self.text = Text(
            f"案卷 {stream} 的事项版本不连续（序号 {position} 之前缺失），案卷受损。"
            "请运行 ecodocket verify --journal 核对封印，并从备份恢复数据库。",
            f"the versions of {stream} do not follow each other (something is missing before position {position}): the"
            " file is damaged. Check the seals by ecodocket verify --journal, and restore the database from a backup.",
        )
        self.args = (self.text.en,)


class NotReady(CaseError):
    """An index cannot answer yet: ``code`` is ``index_not_built``, ``index_behind`` or ``index_stopped``."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code, Text(zh, en))


class Undetermined(CaseError):
    """The figure cannot be given: ``code`` is the reason shown in the answer."""


class LawUnclear(Undetermined):
    """The law on that day has a gap or an overlap; nothing falls back to the latest edition."""
