"""The parameters of the API: what a handler's signature takes from a path and a query.

``AsOf`` in a signature is a parameter of the library's own (``Annotated[dt.date | None, Query(…)]``): its type, what
the description says of it in both languages, and how it is read. Those that go together, such as the day, the moment
and the readings of a question, are a dependency (``moment: Chosen``).
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from application.answering.interpretations import Track
from application.answering.timeline import Order
from application.deadlines.worklist import ACTORS, MOST_LINES, STATES
from application.explaining.regional import RegionTrack
from domain.errors import NotFound
from domain.time import Instant
from domain.vocabulary import Service, SubjectKind
from interfaces.files.rehearsal_tables import Format, TableName
from interfaces.http import asking
from interfaces.http.asking import BadValue, Path, Query
from interfaces.http.problems import Fault, bad_request

GradedKind = Literal["agency", "practitioner"]

_MOST_TOLD: Final = 80

# --- pieces -----------------------------------------------------------------------------------------------


def _query(read: Callable[[str], Any], zh: str, en: str, example: Any, **schema: Any) -> Query:
    """A parameter that may be left out. Its example stands in its schema: beside it, the explorer would fill it in."""
    # The library writes "this or null" for what may be left out, and nobody can send null.
    shown = {"one_of": None, "type": "string", **schema, "examples": [example]}
    return Query(read=read, description=f"{zh} · {en}", schema_extra=shown)


def _day(zh: str, en: str, name: str | None = None) -> Query:
    return replace(_query(asking.day, zh, en, "2025-06-15", format="date"), name=name)


def _moment(zh: str, en: str) -> Query:
    return _query(asking.known_at, zh, en, "2025-06-16T12:00:00+08:00")


def _text(zh: str, en: str, most: int, example: str) -> Query:
    return _query(asking.words(most), zh, en, example, max_length=most)


def _choice(kind: Any, zh: str, en: str) -> Query:
    values = get_args(kind)
    return _query(asking.one_of(*values), zh, en, values[0], enum=list(values))


def _whole(least: int, most: int, zh: str, en: str, example: int, **schema: Any) -> Query:
    bounds = {"type": "integer", "minimum": least, **schema}
    return _query(asking.whole(least, most), zh, en, example, **bounds)


def _yes(zh: str, en: str, *, example: bool) -> Query:
    return _query(asking.yes, zh, en, example, type="boolean")


def _readings(zh: str, en: str, name: str | None) -> Query:
    items = {"type": "string", "pattern": "^[A-Za-z]-[0-9]{2}[a-z]?:[a-z0-9_]+$"}
    return replace(
        _query(asking.reading, zh, en, ["I-04:own_year"], type="array", items=items), is_repeatable=True, name=name
    )


def _id(what: str, zh: str, en: str, example: str, field: str | None = None) -> Path:
    """An id in a path. What is no UUID is found nowhere."""

    def read(text: str) -> str:
        found = asking.uuid_of(text)
        if found is None:
            raise NotFound(what, text[:_MOST_TOLD])
        return found

    return _path(read, zh, en, example, field=field or what, is_id=True, format="uuid")


def _path(
    read: Callable[[str], Any],
    zh: str,
    en: str,
    example: Any,
    field: str | None = None,
    *,
    is_id: bool = False,
    **schema: Any,
) -> Path:
    shown = {"one_of": None, "type": "string", **schema, "examples": [example]}
    return Path(read=read, field=field, is_id=is_id, description=f"{zh} · {en}", schema_extra=shown)


def _as_it_is(text: str) -> str:
    return text


def _year(text: str) -> int:
    """The evaluation year of a path. Raises a problem for what is none."""
    try:
        return asking.whole(2000, 2199)(text)
    except BadValue as bad:
        raise bad_request(Fault(parameter="year", code=bad.code, text=bad.text)) from None


def _region(text: str) -> str:
    try:
        return asking.region_code(text)
    except BadValue:
        raise NotFound("region", text[:20]) from None


def _deadline(text: str) -> str:
    record, colon, kind = text.rpartition(":")
    named = asking.uuid_of(record)
    if named is None:
        raise NotFound("deadline", text[:120])
    return f"{named}{colon}{kind}"


# --- of a path --------------------------------------------------------------------------------------------

_SUBJECT: Final = "00000000-0000-4000-8000-00000000000a"

SubjectId = Annotated[str, _id("subject", "主体编号", "Id of the subject", _SUBJECT)]
AgencyId = Annotated[str, _id("subject", "机构编号", "Id of the agency", _SUBJECT)]
FactId = Annotated[str, _id("fact", "信息编号", "Id of the fact", "00000000-0000-4000-8000-0000000000f1")]
WarningId = Annotated[str, _id("warning", "预警编号", "Id of the warning", "00000000-0000-4000-8000-0000000000e1")]
RepairId = Annotated[str, _id("repair", "修复编号", "Id of the repair", "00000000-0000-4000-8000-0000000000d1")]
ObjectionId = Annotated[
    str, _id("objection", "异议编号", "Id of the objection", "00000000-0000-4000-8000-0000000000b1")
]
CommentId = Annotated[str, _id("comment", "意见编号", "Id of the comment", "00000000-0000-4000-8000-0000000000b2")]
RecordId = Annotated[str, _id("record", "记录编号", "Id of the record", "00000000-0000-4000-8000-0000000000c1")]
DecisionId = Annotated[
    str,
    _id(
        "record",
        "决定编号：环节、修复或调整的编号",
        "Id of the decision: of a step, a repair or an adjustment",
        "00000000-0000-4000-8000-0000000000c4",
    ),
]
RehearsalId = Annotated[
    str, _id("rehearsal", "预演编号", "Id of the rehearsal", "00000000-0000-4000-8000-000000000001")
]
RegionCode = Annotated[
    str,
    _path(
        _region, "行政区划代码；含其下级", "A GB/T 2260 code, with the places below it", "150100", pattern="^[0-9]{6}$"
    ),
]
DeadlineId = Annotated[
    str,
    _path(
        _deadline,
        "期限编号：起始记录的编号、冒号、种类",
        "Id of the deadline: that of the record it starts with, a colon, its kind",
        "00000000-0000-4000-8000-0000000000c2:objection",
    ),
]
RegimeId = Annotated[str, _path(_as_it_is, "评价制度", "The regime", "nmg.third_party")]
Year = Annotated[int, _path(_year, "评价年度", "Evaluation year", 2024, type="integer")]
AnyYear = Annotated[int | str, _path(_as_it_is, "评价年度", "Evaluation year", 2024, type="integer")]
"""The year of a command: what is none is told with the other fields."""
Stage = Annotated[str, _path(_as_it_is, "环节", "Stage", "notice")]
RulebookId = Annotated[
    str, _path(_as_it_is, "规则版本编号", "Id of the edition", "nmg.third_party@draft", field="edition")
]

# --- of a query: what a question is about -----------------------------------------------------------------

Regime = Annotated[
    str | None,
    _query(
        asking.words(100),
        "评价制度；只有一个，或由主体的案卷和登记地可以确定时，可省略。",
        "The regime; may be left out while there is only one, or where the subject's file and place make it clear.",
        "nmg.third_party",
    ),
]
AsOf = Annotated[
    dt.date | None,
    _day("问的是哪一天（当日终了）；缺省为今天。", "The day asked about (its end); default today."),
]
KnownAt = Annotated[
    Instant | None,
    _moment(
        "只用此刻以前记录的事项：带时区的时间，或日期（当日终了，北京时间）；缺省为现在。",
        "Only what was recorded up to then: a timestamp with offset, or a date (its end, Asia/Shanghai); default now.",
    ),
]
ChosenReadings = Annotated[
    tuple[tuple[str, str], ...],
    _readings("改用某解释项的另一取值，可重复。", "Another answer to an ambiguity of the text; repeatable.", "reading"),
]
BasisToken = Annotated[
    str | None,
    _text("先前答复的 token；不能与其他条件并用。", "The token of an earlier answer; stands alone.", 4000, "token"),
]
Later = Annotated[
    bool,
    _yes(
        "一并列出晚于所问之日的信息；缺省不列，只告知条数。",
        "Show facts of after the day asked about, too; by default only how many there are.",
        example=False,
    ),
]
FromDay = Annotated[
    dt.date | None,
    _day("起始日；缺省为首个事由前一日。", "First day; default the day before the first reason.", "from"),
]
UntilDay = Annotated[dt.date | None, _day("截止日（含）。", "Last day, included.")]
TimelineOrder = Annotated[Order, _choice(Order, "按法律日期或记录先后。", "By legal day or in order of recording.")]
TargetGrade = Annotated[
    str | None, _text("目标等级（必填），如 C。", "The grade wanted, such as C; required.", 20, "C")
]
GradeTrack = Annotated[
    Track,
    _choice(
        Track,
        "动态等级、最近评价年度的结果，或公开等级。",
        "The running grade, the result of the latest evaluation year, or the public grade.",
    ),
]
ComparedTrack = Annotated[
    RegionTrack,
    _choice(
        RegionTrack,
        "比较全部结果（动态、年度、公开），或只比较动态结果。",
        "Differences of any track (running, annual, public), or of the running track alone.",
    ),
]
OtherRulebook = Annotated[
    str | None,
    replace(
        _query(asking.words(100), "另一版本的编号。", "The id of the other edition.", "nmg.third_party@draft"),
        name="with",
    ),
]

# --- of a query: lists ------------------------------------------------------------------------------------

Kind = Annotated[SubjectKind | None, _choice(SubjectKind, "主体类别。", "The kind of subject.")]
KindGraded = Annotated[GradedKind, _choice(GradedKind, "主体类别。", "The kind of subject.")]
InRegion = Annotated[
    str | None,
    _query(
        asking.region_code,
        "行政区划代码；含其下级。",
        "A GB/T 2260 code; contains the places below it.",
        "150100",
        pattern="^[0-9]{6}$",
    ),
]
Offering = Annotated[Service | None, _choice(Service, "服务类别。", "A service the agency offers.")]
Search = Annotated[
    str | None,
    _text(
        "机构或委托人名称的一部分（全半角、括号、空格不论）、统一社会信用代码、文号、案号，或主体编号。",
        "Part of an organisation's name (in any width, brackets or blanks), its unified social credit code, the number"
        " of a paper or of a case, or a subject's id.",
        100,
        "检测",
    ),
]
OfGrade = Annotated[
    str | None,
    _text(
        "该日的动态等级，或 none（无等级）；给出 grade 或 regime 时按名称排列并列出等级。",
        "The running grade on the day, or `none`; with `grade` or `regime` the list is in order of name and tells"
        " grades.",
        20,
        "D",
    ),
]
OfYear = Annotated[int | None, _whole(2000, 2199, "评价年度。", "An evaluation year.", 2024, maximum=2199)]
Limit = Annotated[int, _whole(1, 200, "每页个数。", "Subjects on a page.", 50, maximum=200)]
LimitLines = Annotated[int, _whole(1, 200, "每页个数。", "Lines on a page.", 50, maximum=200)]
LimitDeadlines = Annotated[int, _whole(1, MOST_LINES, "每页个数。", "Deadlines on a page.", 50, maximum=MOST_LINES)]
Next = Annotated[
    str | None,
    _text("上一页的 next；其余条件须相同。", "`next` of the page before, with the same filters.", 2000, "WyIiXQ"),
]
NextDeadlines = Annotated[
    str | None,
    _text("上一页的 cursor；其余条件须相同。", "`cursor` of the page before, with the same filters.", 2000, "WyIiXQ"),
]
MinPosition = Annotated[
    int | None,
    _whole(
        0,
        10**18,
        "答复至少包含该位置的写入（备库未到时由主库答复），否则 409。",
        "The answer shows at least that write (the primary gives it while a standby has not come so far), or 409.",
        1,
    ),
]

# --- of a query: deadlines --------------------------------------------------------------------------------

DeadlineOfKind = Annotated[
    str | None, _text("期限种类，如 report、objection。", "A kind, such as report or objection.", 40, "report")
]
DeadlineStates = Annotated[
    tuple[str, ...],
    replace(
        _query(
            asking.one_of(*STATES),
            "所处状态，可重复；缺省为 open 和 overdue。",
            "How it stands; repeatable; default open, overdue.",
            ["overdue"],
            type="array",
            items={"type": "string", "enum": list(STATES)},
        ),
        is_repeatable=True,
        name="state",
    ),
]
DueBefore = Annotated[dt.date | None, _day("最后一日早于该日的。", "Whose last day is before this one.")]
OfActor = Annotated[str | None, _choice(Literal[ACTORS], "由谁办理。", "Who has to act.")]

# --- of a query: rehearsals -------------------------------------------------------------------------------

_SIDE: Final = (
    "等级，或没有等级的原因代码，或 none。",
    "a grade, or the code of the reason why there is none, or `none`.",
)
GradeNow = Annotated[str | None, _text(f"现行：{_SIDE[0]}", f"Now: {_SIDE[1]}", 60, "C")]
GradeThen = Annotated[str | None, _text(f"预演：{_SIDE[0]}", f"Under the draft: {_SIDE[1]}", 60, "D")]
OnDay = Annotated[dt.date | None, _day("该日的变动；缺省为任一日。", "On that day; default: on any.")]
Moved = Annotated[
    bool | None,
    _yes(
        "只列等级有变动的（true），或只有分数变动的（false）。",
        "Only those whose grade moves, or does not.",
        example=True,
    ),
]
FileFormat = Annotated[Format, replace(_choice(Format, "文件格式。", "The format."), name="format")]
ResultTable = Annotated[
    TableName,
    _choice(
        TableName,
        "有变动的主体、会不同的已公布结果，或变动矩阵。",
        "Who changes, which published results would differ, or the matrix of moves.",
    ),
]

# --- of a query: commands ---------------------------------------------------------------------------------

DryRun = Annotated[
    bool,
    _yes("只试算，不写入；答复给出影响（impact）。", "Nothing is stored; the answer is the impact.", example=False),
]

# --- what goes together -----------------------------------------------------------------------------------


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """Under which regime, of which day, as known when, and by which readings a question is meant."""

    regime: str | None
    as_of: dt.date | None
    known_at: Instant | None
    readings: Mapping[str, str]


def moment(regime: Regime = None, as_of: AsOf = None, known_at: KnownAt = None, reading: ChosenReadings = ()) -> Moment:
    """The day, the moment and the readings of a question."""
    return Moment(regime=regime, as_of=as_of, known_at=known_at, readings=dict(reading))


Chosen = NamedDependency[SkipValidation[Moment]]
"""The moment of a question, given by ``moment``."""


class NamedBasis(msgspec.Struct, frozen=True, kw_only=True):
    """One of two bases as it is named: by the token of an earlier answer, or by day, moment and readings."""

    number: int
    token: str | None = None
    as_of: dt.date | None = None
    known_at: Instant | None = None
    readings: tuple[tuple[str, str], ...] = ()


def _token_of(zh: str, en: str) -> Query:
    return _text(
        f"{zh}：先前答复的 token；不能与该依据的其他条件并用。",
        f"{en}: the token of an earlier answer; stands alone.",
        4000,
        "token",
    )


def _day_of(zh: str, en: str) -> Query:
    return _day(f"{zh}：哪一天；缺省为今天。", f"{en}: of which day; default today.")


def _moment_of(zh: str, en: str) -> Query:
    return _moment(f"{zh}：此刻以前所记录的；缺省为现在。", f"{en}: as known when; default now.")


def _readings_of(zh: str, en: str) -> Query:
    return _readings(f"{zh}：改用某解释项的另一取值，可重复。", f"{en}: another reading; repeatable.", None)


_FIRST: Final = ("前一依据", "the first basis")
_SECOND: Final = ("后一依据", "the second basis")

Token1 = Annotated[str | None, _token_of(*_FIRST)]
AsOf1 = Annotated[dt.date | None, _day_of(*_FIRST)]
KnownAt1 = Annotated[Instant | None, _moment_of(*_FIRST)]
Readings1 = Annotated[tuple[tuple[str, str], ...], _readings_of(*_FIRST)]
Token2 = Annotated[str | None, _token_of(*_SECOND)]
AsOf2 = Annotated[dt.date | None, _day_of(*_SECOND)]
KnownAt2 = Annotated[Instant | None, _moment_of(*_SECOND)]
Readings2 = Annotated[tuple[tuple[str, str], ...], _readings_of(*_SECOND)]


def first_basis(
    basis_1: Token1 = None, as_of_1: AsOf1 = None, known_at_1: KnownAt1 = None, reading_1: Readings1 = ()
) -> NamedBasis:
    """The first of two bases."""
    return NamedBasis(number=1, token=basis_1, as_of=as_of_1, known_at=known_at_1, readings=reading_1)


def second_basis(
    basis_2: Token2 = None, as_of_2: AsOf2 = None, known_at_2: KnownAt2 = None, reading_2: Readings2 = ()
) -> NamedBasis:
    """The second of two bases."""
    return NamedBasis(number=2, token=basis_2, as_of=as_of_2, known_at=known_at_2, readings=reading_2)


def first_moment(as_of_1: AsOf1 = None, known_at_1: KnownAt1 = None, reading_1: Readings1 = ()) -> NamedBasis:
    """The first of two bases where no token can name it."""
    return NamedBasis(number=1, as_of=as_of_1, known_at=known_at_1, readings=reading_1)


def second_moment(as_of_2: AsOf2 = None, known_at_2: KnownAt2 = None, reading_2: Readings2 = ()) -> NamedBasis:
    """The second of two bases where no token can name it."""
    return NamedBasis(number=2, as_of=as_of_2, known_at=known_at_2, readings=reading_2)


ChosenBasis = NamedDependency[SkipValidation[NamedBasis]]
"""One of two bases, given by ``first_basis``, ``second_basis`` or what stands for them."""
