"""The parameters of the API: what a handler's signature takes from a path and a query.

``AsOf`` in a signature is a parameter of the library's own (``Annotated[dt.date | None, Query(…)]``): its type, how it
is read, and what the description says of it (``wording/texts/api.toml``). Those that go together, such as the day, the
moment and the readings of a question, are a dependency (``moment: Chosen``).
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final, Literal, get_args

import msgspec
from litestar.di import NamedDependency
from litestar.params import SkipValidation

from application.access.accounts import ACCOUNT_ID
from application.access.decisions import DecisionSort, Mine
from application.access.snoozing import SnoozeView
from application.answering.grading import Track
from application.answering.timeline import TimelineOrder
from application.changes.endpoints import DeliveryState
from application.cursors import MOST_LINES
from application.deadlines.worklist import ACTORS, STATES, DeadlineSort
from application.explaining.regional import RegionTrack
from application.papers.letters.reading import LetterSort
from application.papers.year_lists import ListKind
from application.population.filters import Narrowing
from application.population.ordering import ListSort
from application.ports import StreamCategory
from application.sheets.forms import SheetForm
from application.sheets.preview import RowMark
from domain.aggregates.pending import PendingState
from domain.errors import NotFound
from domain.events.papers.letters import LetterKind
from domain.time import Instant
from domain.vocabulary import Service, SubjectKind, Text
from interfaces.documents.formats import PaperFormat
from interfaces.documents.year_lists import ListFormat
from interfaces.files.rehearsal_tables import Format, TableName
from interfaces.files.tables import SheetFormat
from interfaces.http import asking
from interfaces.http.asking import BadValue, PathPart, Query
from interfaces.http.languages import bilingual
from interfaces.http.problems import RequestFault, bad_request
from interfaces.wording.texts import Language, both

GradedKind = Literal["agency", "practitioner"]

_MOST_TOLD: Final = 80

# --- pieces -----------------------------------------------------------------------------------------------


def _query(read: Callable[[str], Any], about: Text, example: Any, **schema: Any) -> Query:
    """A parameter that may be left out. Its example stands in its schema: beside it, the explorer would fill it in."""
    # The library writes "this or null" for what may be left out, and nobody can send null.
    shown = {"one_of": None, "type": "string", **schema, "examples": [example]}
    return Query(read=read, description=bilingual(about), schema_extra=shown)


def _day(about: Text, name: str | None = None) -> Query:
    return replace(_query(asking.day_asked, about, "2025-06-15", format="date"), name=name)


def _moment(about: Text) -> Query:
    return _query(asking.known_at, about, "2025-06-16T12:00:00+08:00")


def _text(about: Text, most: int, example: str) -> Query:
    return _query(asking.words(most), about, example, max_length=most)


def _choice(kind: Any, about: Text) -> Query:
    values = get_args(kind)
    return _query(asking.one_of(*values), about, values[0], enum=list(values))


def _whole(least: int, most: int, about: Text, example: int, **schema: Any) -> Query:
    bounds = {"type": "integer", "minimum": least, **schema}
    return _query(asking.whole(least, most), about, example, **bounds)


def _yes(about: Text, *, example: bool) -> Query:
    return _query(asking.yes, about, example, type="boolean")


def _readings(about: Text, name: str | None) -> Query:
    items = {"type": "string", "pattern": "^[A-Za-z]-[0-9]{2}[a-z]?:[a-z0-9_]+$"}
    return replace(
        _query(asking.reading, about, ["I-04:own_year"], type="array", items=items), is_repeatable=True, name=name
    )


def _id(what: str, about: Text, example: str, field: str | None = None) -> PathPart:
    """An id in a path. What is no UUID is found nowhere."""

    def read(sent: str) -> str:
        found = asking.uuid_of(sent)
        if found is None:
            raise NotFound(what, sent[:_MOST_TOLD])
        return found

    return _path(read, about, example, field=field or what, is_id=True, format="uuid")


def _path(
    read: Callable[[str], Any],
    about: Text,
    example: Any,
    field: str | None = None,
    *,
    is_id: bool = False,
    **schema: Any,
) -> PathPart:
    shown = {"one_of": None, "type": "string", **schema, "examples": [example]}
    return PathPart(read=read, field=field, is_id=is_id, description=bilingual(about), schema_extra=shown)


def _as_it_is(sent: str) -> str:
    return sent


def _year(sent: str) -> int:
    """The evaluation year of a path. Raises a problem for what is none."""
    try:
        return asking.whole(2000, 2199)(sent)
    except BadValue as bad:
        raise bad_request(RequestFault(parameter="year", code=bad.code, text=bad.text)) from None


def _account(sent: str) -> str:
    if ACCOUNT_ID.fullmatch(sent) is None:
        raise NotFound("account", sent[:64])
    return sent


def _token(sent: str) -> str:
    if re.fullmatch(r"[0-9a-f]{16}", sent) is None:
        raise NotFound("token", sent[:32])
    return sent


def _position(sent: str) -> int:
    """The position of a delivery. What is none is found nowhere."""
    try:
        return asking.whole(1, 10**18)(sent)
    except BadValue:
        raise NotFound("delivery", sent[:_MOST_TOLD]) from None


def _page(sent: str) -> int:
    """The number of a page. What is none is found nowhere."""
    try:
        return asking.whole(1, 100_000)(sent)
    except BadValue:
        raise NotFound("page", sent[:_MOST_TOLD]) from None


def _region(sent: str) -> str:
    try:
        return asking.region_code(sent)
    except BadValue:
        raise NotFound("region", sent[:20]) from None


def _list_kind(sent: str) -> str:
    """The list of a path. What is none is found nowhere."""
    if sent not in get_args(ListKind):
        raise NotFound("list", sent[:_MOST_TOLD])
    return sent


def _digest(sent: str) -> str:
    named = sent.lower()
    if re.fullmatch("[0-9a-f]{64}", named) is None:
        raise NotFound("digest", sent[:80])
    return named


def _deadline(sent: str) -> str:
    record, colon, kind = sent.rpartition(":")
    named = asking.uuid_of(record)
    if named is None:
        raise NotFound("deadline", sent[:120])
    return f"{named}{colon}{kind}"


# --- of a path --------------------------------------------------------------------------------------------

_SUBJECT: Final = "00000000-0000-4000-8000-00000000000a"
_DECISION: Final = "00000000-0000-8000-8000-000000000051"

SubjectId = Annotated[str, _id("subject", both("api.parameter.subject_id"), _SUBJECT)]
AgencyId = Annotated[str, _id("subject", both("api.parameter.agency_id"), _SUBJECT)]
AccountId = Annotated[str, _path(_account, both("api.parameter.account_id"), "150100-officer-02", is_id=True)]
TokenId = Annotated[str, _path(_token, both("api.parameter.token_id"), "0123456789abcdef", is_id=True)]
FactId = Annotated[str, _id("fact", both("api.parameter.fact_id"), "00000000-0000-4000-8000-0000000000f1")]
WarningId = Annotated[str, _id("warning", both("api.parameter.warning_id"), "00000000-0000-4000-8000-0000000000e1")]
RepairId = Annotated[str, _id("repair", both("api.parameter.repair_id"), "00000000-0000-4000-8000-0000000000d1")]
ObjectionId = Annotated[
    str, _id("objection", both("api.parameter.objection_id"), "00000000-0000-4000-8000-0000000000b1")
]
CommentId = Annotated[str, _id("comment", both("api.parameter.comment_id"), "00000000-0000-4000-8000-0000000000b2")]
LetterId = Annotated[str, _id("letter", both("api.parameter.letter_id"), "00000000-0000-4000-8000-0000000000b7")]
Bureau = Annotated[str, _path(_as_it_is, both("api.parameter.bureau"), "150100-EEB", pattern="^[0-9]{6}-EEB$")]
KindOfLetter = Annotated[
    str,
    _path(
        _as_it_is, both("api.parameter.kind_of_letter"), "grade_notice", field="kind", enum=list(get_args(LetterKind))
    ),
]
EvidenceId = Annotated[str, _id("evidence", both("api.parameter.evidence_id"), "00000000-0000-4000-8000-0000000000e5")]
UploadId = Annotated[str, _id("upload", both("api.parameter.upload_id"), "00000000-0000-4000-8000-0000000000e5")]
PageNumber = Annotated[int, _path(_page, both("api.parameter.page_number"), 1, is_id=True, type="integer", minimum=1)]
LegalNoteId = Annotated[
    str, _id("legal_note", both("api.parameter.legal_note_id"), "00000000-0000-4000-8000-0000000000ab")
]
Digest = Annotated[str, _path(_digest, both("api.parameter.digest"), "0" * 64, is_id=True, pattern="^[0-9a-f]{64}$")]
DossierId = Annotated[str, _id("dossier", both("api.parameter.dossier_id"), "00000000-0000-4000-8000-0000000000cd")]
RecordId = Annotated[str, _id("record", both("api.parameter.record_id"), "00000000-0000-4000-8000-0000000000c1")]
DecisionId = Annotated[str, _id("record", both("api.parameter.decision_id"), "00000000-0000-4000-8000-0000000000c4")]
PendingDecisionId = Annotated[
    str, _id("pending_decision", both("api.parameter.pending_decision_id"), _DECISION, field="decision")
]
RehearsalId = Annotated[
    str, _id("rehearsal", both("api.parameter.rehearsal_id"), "00000000-0000-4000-8000-000000000001")
]
ImportedSheetId = Annotated[str, _id("sheet", both("api.parameter.sheet_id"), "00000000-0000-4000-8000-000000000003")]
WebhookId = Annotated[str, _id("webhook", both("api.parameter.webhook_id"), "00000000-0000-4000-8000-000000000002")]
DeliveryPosition = Annotated[
    int, _path(_position, both("api.parameter.delivery_position"), 1234, is_id=True, type="integer", minimum=1)
]
RegionCode = Annotated[str, _path(_region, both("api.parameter.region_code"), "150100", pattern="^[0-9]{6}$")]
DeadlineId = Annotated[
    str,
    _path(_deadline, both("api.parameter.deadline_id"), "00000000-0000-4000-8000-0000000000c2:objection", is_id=True),
]
RegimeId = Annotated[str, _path(_as_it_is, both("api.parameter.regime_id"), "nmg.third_party")]
Year = Annotated[int, _path(_year, both("api.parameter.year"), 2024, type="integer")]
AnyYear = Annotated[int | str, _path(_as_it_is, both("api.parameter.any_year"), 2024, type="integer")]
"""The year of a command: what is none is told with the other fields."""
Stage = Annotated[str, _path(_as_it_is, both("api.parameter.stage"), "notice")]
RulebookId = Annotated[
    str, _path(_as_it_is, both("api.parameter.rulebook_id"), "nmg.third_party@draft", field="edition")
]

# --- of a query: what a question is about -----------------------------------------------------------------

Regime = Annotated[str | None, _query(asking.words(100), both("api.parameter.regime"), "nmg.third_party")]
AsOf = Annotated[dt.date | None, _day(both("api.parameter.as_of"))]
KnownAt = Annotated[Instant | None, _moment(both("api.parameter.known_at"))]
ChosenReadings = Annotated[tuple[tuple[str, str], ...], _readings(both("api.parameter.chosen_readings"), "reading")]
BasisToken = Annotated[str | None, _text(both("api.parameter.basis_token"), 4000, "token")]
Later = Annotated[bool, _yes(both("api.parameter.later"), example=False)]
FromDay = Annotated[dt.date | None, _day(both("api.parameter.from_day"), "from")]
UntilDay = Annotated[dt.date | None, _day(both("api.parameter.until_day"))]
SinceDay = Annotated[dt.date | None, _day(both("api.parameter.since_day"), "from")]
ThroughDay = Annotated[dt.date | None, _day(both("api.parameter.through_day"))]
InOrder = Annotated[TimelineOrder, _choice(TimelineOrder, both("api.parameter.timeline_order"))]
TargetGrade = Annotated[str | None, _text(both("api.parameter.target_grade"), 20, "C")]
GradeTrack = Annotated[Track, _choice(Track, both("api.parameter.grade_track"))]
ComparedTrack = Annotated[RegionTrack, _choice(RegionTrack, both("api.parameter.compared_track"))]
OtherRulebook = Annotated[
    str | None,
    replace(_query(asking.words(100), both("api.parameter.other_rulebook"), "nmg.third_party@draft"), name="with"),
]

# --- of a query: lists ------------------------------------------------------------------------------------

Kind = Annotated[SubjectKind | None, _choice(SubjectKind, both("api.parameter.kind"))]
KindGraded = Annotated[GradedKind, _choice(GradedKind, both("api.parameter.kind_graded"))]
InRegion = Annotated[
    str | None, _query(asking.region_code, both("api.parameter.in_region"), "150100", pattern="^[0-9]{6}$")
]
Offering = Annotated[Service | None, _choice(Service, both("api.parameter.offering"))]
Search = Annotated[str | None, _text(both("api.parameter.search"), 100, "检测")]
Sought = Annotated[
    str | None, _query(asking.no_personal_number, both("api.parameter.sought"), "检测", min_length=1, max_length=100)
]
NameOrCode = Annotated[str | None, _text(both("api.parameter.name_or_code"), 100, "检测")]
ShownOn = Annotated[dt.date | None, _day(both("api.parameter.shown_on"), "as_of")]
OfGrade = Annotated[str | None, _text(both("api.parameter.of_grade"), 20, "D")]
OfStage = Annotated[str | None, replace(_text(both("api.parameter.of_stage"), 40, "notice"), name="stage")]
OnlyBehind = Annotated[bool, replace(_yes(both("api.parameter.only_behind"), example=True), name="behind")]
OfYear = Annotated[int | None, _whole(2000, 2199, both("api.parameter.of_year"), 2024, maximum=2199)]
WithinRegion = Annotated[
    str | None, _query(asking.region_code, both("api.parameter.within_region"), "150000", pattern="^[0-9]{6}$")
]
PlaceNamed = Annotated[str | None, _text(both("api.parameter.place_named"), 60, "新城区")]
LimitRegions = Annotated[int, _whole(1, MOST_LINES, both("api.parameter.limit_regions"), 50, maximum=MOST_LINES)]
InSort = Annotated[ListSort | None, _choice(ListSort, both("api.parameter.sort"))]
WithReasons = Annotated[bool, replace(_yes(both("api.parameter.with_reasons"), example=True), name="reasons")]
WithTotal = Annotated[bool, _yes(both("api.parameter.with_total"), example=True)]
Limit = Annotated[int, _whole(1, 200, both("api.parameter.limit"), 50, maximum=200)]
LimitEvents = Annotated[int | None, _whole(1, MOST_LINES, both("api.parameter.limit_events"), 50, maximum=MOST_LINES)]
LimitLines = Annotated[int, _whole(1, 200, both("api.parameter.limit_lines"), 50, maximum=200)]
LimitDeadlines = Annotated[int, _whole(1, MOST_LINES, both("api.parameter.limit_deadlines"), 50, maximum=MOST_LINES)]
Next = Annotated[str | None, _text(both("api.parameter.next"), 2000, "WyIiXQ")]
LimitLetters = Annotated[int, _whole(1, MOST_LINES, both("api.parameter.limit_letters"), 50, maximum=MOST_LINES)]
NextLetters = Annotated[str | None, _text(both("api.parameter.next_letters"), 2000, "WyIiXQ")]
NextDeadlines = Annotated[str | None, _text(both("api.parameter.next_deadlines"), 2000, "WyIiXQ")]
MinPosition = Annotated[int | None, _whole(0, 10**18, both("api.parameter.min_position"), 1)]

# --- of a query: changes -----------------------------------------------------------------------------------

AfterPosition = Annotated[int, _whole(0, 10**18, both("api.parameter.after_position"), 1234, default=0)]
AfterOrNow = Annotated[int | None, _whole(0, 10**18, both("api.parameter.after_or_now"), 1234)]
LimitChanges = Annotated[int, _whole(1, MOST_LINES, both("api.parameter.limit_lines"), 50, maximum=MOST_LINES)]
OfAccount = Annotated[str | None, _text(both("api.parameter.of_account"), 64, "officer-1")]
StateOfDelivery = Annotated[
    DeliveryState | None,
    replace(_choice(DeliveryState, both("api.parameter.state_of_delivery")), name="state"),
]
OfSubject = Annotated[str | None, _text(both("api.parameter.of_subject"), 100, _SUBJECT)]
KindsOfChange = Annotated[
    tuple[StreamCategory, ...],
    replace(
        _query(
            asking.one_of(*get_args(StreamCategory)),
            both("api.parameter.kinds_of_change"),
            ["agency"],
            type="array",
            items={"type": "string", "enum": list(get_args(StreamCategory))},
        ),
        is_repeatable=True,
        name="kind",
    ),
]
AfterAccount = Annotated[str, _text(both("api.parameter.after_account"), 64, "150100-officer-02")]

# --- of a query: deadlines --------------------------------------------------------------------------------

DeadlineOfKind = Annotated[str | None, _text(both("api.parameter.deadline_of_kind"), 40, "report")]
DeadlineStates = Annotated[
    tuple[str, ...],
    replace(
        _query(
            asking.one_of(*STATES),
            both("api.parameter.deadline_states"),
            ["overdue"],
            type="array",
            items={"type": "string", "enum": list(STATES)},
        ),
        is_repeatable=True,
        name="state",
    ),
]
AssignedTo = Annotated[str | None, _text(both("api.parameter.assigned_to"), 64, "150100-officer-02")]
SnoozedOnes = Annotated[SnoozeView, _choice(SnoozeView, both("api.parameter.snoozed_ones"))]
DeadlinesOf = Annotated[
    str | None,
    replace(_query(asking.one_subject, both("api.parameter.deadlines_of"), _SUBJECT, format="uuid"), name="subject"),
]
DueBefore = Annotated[dt.date | None, _day(both("api.parameter.due_before"))]
DeadlinesInOrder = Annotated[
    DeadlineSort | None, replace(_choice(DeadlineSort, both("api.parameter.sort_of_deadlines")), name="sort")
]
OfActor = Annotated[str | None, _choice(Literal[ACTORS], both("api.parameter.of_actor"))]

# --- of a query: decisions that wait -----------------------------------------------------------------------

OfState = Annotated[PendingState | None, replace(_choice(PendingState, both("api.parameter.of_state")), name="state")]
WhoseDecisions = Annotated[Mine | None, _choice(Mine, both("api.parameter.whose_decisions"))]
WithGrades = Annotated[bool, replace(_yes(both("api.parameter.with_grades"), example=False), name="grades")]
WithEffects = Annotated[bool, replace(_yes(both("api.parameter.with_effects"), example=False), name="effects")]
LimitDecisions = Annotated[int, _whole(1, 200, both("api.parameter.limit_lines"), 50, maximum=200)]
DecisionsInOrder = Annotated[
    DecisionSort | None, replace(_choice(DecisionSort, both("api.parameter.sort_of_decisions")), name="sort")
]

# --- of a query: letters -----------------------------------------------------------------------------------

LettersInOrder = Annotated[
    LetterSort | None, replace(_choice(LetterSort, both("api.parameter.sort_of_letters")), name="sort")
]

# --- of a query: rehearsals -------------------------------------------------------------------------------

GradeNow = Annotated[str | None, _text(both("api.parameter.grade_now"), 60, "C")]
GradeThen = Annotated[str | None, _text(both("api.parameter.grade_then"), 60, "D")]
OnDay = Annotated[dt.date | None, _day(both("api.parameter.on_day"))]
Moved = Annotated[bool | None, _yes(both("api.parameter.moved"), example=True)]
SheetFile = Annotated[SheetFormat, replace(_choice(SheetFormat, both("api.parameter.sheet_file")), name="format")]
KindOfList = Annotated[
    ListKind, _path(_list_kind, both("api.parameter.list_kind"), "publicity", enum=list(get_args(ListKind)))
]
ListFile = Annotated[ListFormat, replace(_choice(ListFormat, both("api.parameter.list_file")), name="format")]
NumberOfList = Annotated[
    str | None, replace(_text(both("api.parameter.list_number"), 60, "呼环信示〔2025〕1号"), name="number")
]
PaperFile = Annotated[PaperFormat, replace(_choice(PaperFormat, both("api.parameter.paper_file")), name="format")]
PaperLanguage = Annotated[
    Language | None, replace(_choice(Language, both("api.parameter.paper_language")), name="language")
]
FileFormat = Annotated[Format, replace(_choice(Format, both("api.parameter.file_format")), name="format")]
ResultTable = Annotated[TableName, _choice(TableName, both("api.parameter.result_table"))]

# --- of a query: sheets -----------------------------------------------------------------------------------

DatedOn = Annotated[dt.date | None, _day(both("api.parameter.dated_on"))]
TemplateVersion = Annotated[
    str | None, replace(_text(both("api.parameter.template_version"), 64, "0" * 64), name="version")
]
FormOfSheet = Annotated[SheetForm, replace(_choice(SheetForm, both("api.parameter.sheet_form")), name="form")]
RegimeOfSheet = Annotated[
    str | None, replace(_text(both("api.parameter.sheet_regime"), 100, "nmg.third_party"), name="regime")
]
NameOfFile = Annotated[str | None, replace(_text(both("api.parameter.file_name"), 200, "2025-06.xlsx"), name="file")]
OfPerson = Annotated[bool, replace(_yes(both("api.parameter.personal_data"), example=False), name="personal_data")]
MarkOfRow = Annotated[RowMark | None, replace(_choice(RowMark, both("api.parameter.row_mark")), name="mark")]
NumberOfBatch = Annotated[
    str | None, replace(_text(both("api.parameter.batch_number"), 40, "20250616-1"), name="number")
]

# --- of a query: commands ---------------------------------------------------------------------------------

DryRun = Annotated[bool, _yes(both("api.parameter.dry_run"), example=False)]

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


def narrowing(kind: Kind = None, region: InRegion = None, service: Offering = None, q: Search = None) -> Narrowing:
    """Who is meant by a list, whatever the grade."""
    return Narrowing(kind=kind, region=region, service=service, q=q)


WhoIsMeant = NamedDependency[SkipValidation[Narrowing]]
"""What a list is narrowed by, given by ``narrowing``."""


class DeadlineFilters(msgspec.Struct, frozen=True, kw_only=True):
    """Which deadlines a list shows, wherever and of whom they are; see ``WorklistQuestion``."""

    regime: str | None
    kind: str | None
    state: tuple[str, ...]
    due_before: dt.date | None
    actor: str | None
    as_of: dt.date | None
    known_at: Instant | None
    sort: DeadlineSort


def deadlines_meant(
    regime: Regime = None,
    kind: DeadlineOfKind = None,
    states: DeadlineStates = (),
    due_before: DueBefore = None,
    actor: OfActor = None,
    as_of: AsOf = None,
    known_at: KnownAt = None,
    sort: DeadlinesInOrder = None,
) -> DeadlineFilters:
    """Which deadlines are meant."""
    return DeadlineFilters(
        regime=regime,
        kind=kind,
        state=states,
        due_before=due_before,
        actor=actor,
        as_of=as_of,
        known_at=known_at,
        sort=sort or "due_on",
    )


DeadlinesMeant = NamedDependency[SkipValidation[DeadlineFilters]]
"""What a list of deadlines is narrowed by, given by ``deadlines_meant``."""


class NamedBasis(msgspec.Struct, frozen=True, kw_only=True):
    """One of two bases as it is named: by the token of an earlier answer, or by day, moment and readings."""

    number: int
    token: str | None = None
    as_of: dt.date | None = None
    known_at: Instant | None = None
    readings: tuple[tuple[str, str], ...] = ()


BasisToken1 = Annotated[str | None, _text(both("api.parameter.basis_token_1"), 4000, "token")]
AsOf1 = Annotated[dt.date | None, _day(both("api.parameter.as_of_1"))]
KnownAt1 = Annotated[Instant | None, _moment(both("api.parameter.known_at_1"))]
Readings1 = Annotated[tuple[tuple[str, str], ...], _readings(both("api.parameter.readings_1"), None)]
BasisToken2 = Annotated[str | None, _text(both("api.parameter.basis_token_2"), 4000, "token")]
AsOf2 = Annotated[dt.date | None, _day(both("api.parameter.as_of_2"))]
KnownAt2 = Annotated[Instant | None, _moment(both("api.parameter.known_at_2"))]
Readings2 = Annotated[tuple[tuple[str, str], ...], _readings(both("api.parameter.readings_2"), None)]


def first_basis(
    basis_1: BasisToken1 = None, as_of_1: AsOf1 = None, known_at_1: KnownAt1 = None, reading_1: Readings1 = ()
) -> NamedBasis:
    """The first of two bases."""
    return NamedBasis(number=1, token=basis_1, as_of=as_of_1, known_at=known_at_1, readings=reading_1)


def second_basis(
    basis_2: BasisToken2 = None, as_of_2: AsOf2 = None, known_at_2: KnownAt2 = None, reading_2: Readings2 = ()
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
