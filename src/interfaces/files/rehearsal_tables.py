"""What a rehearsal came to as tables: for a spreadsheet (CSV, XLSX) and for data tools (Parquet)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, Literal, NamedTuple, get_args

from application.rehearsal.rehearsal import DecisionChange, Graded, SubjectChange
from application.rehearsal.rehearsals import Rehearsals
from domain.vocabulary import Text
from interfaces.files.tables import MEDIA_TYPES, Cell, Column, csv_bytes, parquet_bytes, xlsx_bytes
from interfaces.wording import causes, words
from interfaces.wording import rehearsals as rehearsal_words
from interfaces.wording.texts import Language, both
from interfaces.wording.words import Lexicon

TableName = Literal["changes", "decisions", "matrix"]
"""Which table: who changes, which published results would differ, how many move where."""

Format = Literal["csv", "xlsx", "parquet"]
"""How a table is written."""

TABLES: Final[tuple[TableName, ...]] = get_args(TableName)

MEDIA: Final[Mapping[Format, str]] = {file: MEDIA_TYPES[file] for file in get_args(Format)}
"""The media type of a format."""


class TableWords(NamedTuple):
    """In which words a table is written; with ``codes`` everything that has a code stands as its code."""

    language: Language
    lexicon: Lexicon
    codes: bool = False

    def named(self, words_of: Callable[[str, Language], str], code: str) -> str:
        """What a code is called."""
        return code if self.codes else words_of(code, self.language)

    def result(self, label: str, kind: str) -> str:
        """One side of the matrix."""
        return label if self.codes else rehearsal_words.result(label, kind, self.language, self.lexicon)


def _graded(side: str, called: Text) -> tuple[Column, ...]:
    return (
        Column(f"{side}_score", both("tables.score_of", side=called), "figure"),
        Column(f"{side}_grade", both("tables.grade_of", side=called)),
        Column(f"{side}_undetermined", both("tables.undetermined_of", side=called)),
        Column(f"{side}_risk", both("tables.risk_of", side=called)),
        Column(f"{side}_colour", both("tables.colour_of", side=called)),
    )


_SUBJECT: Final = Column("subject", both("tables.subject"))
_NAME: Final = Column("name", both("tables.name"))
_KIND: Final = Column("kind", both("tables.kind"))

COLUMNS: Final[Mapping[TableName, tuple[Column, ...]]] = {
    "changes": (
        _SUBJECT,
        _KIND,
        _NAME,
        Column("region", both("tables.region")),
        Column("moved", both("tables.grade_moves"), "flag"),
        Column("from_on", both("tables.from"), "day"),
        Column("until_on", both("tables.until"), "day"),
        *_graded("now", both("tables.side.now")),
        *_graded("then", both("tables.side.then")),
        Column("provisions", both("tables.provisions")),
        Column("reasons", both("tables.reasons")),
    ),
    "decisions": (
        _SUBJECT,
        _NAME,
        Column("record", both("tables.record")),
        Column("decision", both("tables.decision")),
        Column("stage", both("tables.step")),
        Column("year", both("tables.year"), "whole"),
        Column("on", both("tables.decided_on"), "day"),
        *_graded("recorded", both("tables.side.recorded")),
        *_graded("now", both("tables.side.recomputed")),
        *_graded("then", both("tables.side.then")),
    ),
    "matrix": (
        Column("on", both("tables.day"), "day"),
        _KIND,
        Column("now", both("tables.now")),
        Column("then", both("tables.then")),
        Column("number", both("tables.number"), "whole"),
    ),
}
"""The columns of each table."""


def table_rows(rehearsals: Rehearsals, id: str, table: TableName, told: TableWords) -> Iterator[Sequence[Cell]]:
    """The rows of a table, one part of the result at a time. Raises ``NotFound``, ``NotReady`` while it is not done."""
    match table:
        case "changes":
            changes = rehearsals.all_changes(id)
            return (row for change in changes for row in _change_rows(change, told))
        case "decisions":
            return (_decision_row(decision, told) for decision in rehearsals.all_decisions(id))
        case "matrix":
            return (
                (m.on, told.named(words.kind, m.kind), *(told.result(r, m.kind) for r in (m.now, m.then)), m.number)
                for m in rehearsals.matrix(id)
            )


def _change_rows(change: SubjectChange, told: TableWords) -> Iterator[Sequence[Cell]]:
    """A row for each span; the reasons stand in the one with the day that is explained."""
    language, lexicon, _ = told
    who = (change.subject, told.named(words.kind, change.kind), change.name, change.region, change.moved)
    for span in change.spans:
        provisions = reasons = None
        if span.from_on <= change.explained_on <= span.until_on:
            provisions = " ".join(reason.provision.name for reason in change.reasons)
            sentences = [
                f"{r.number}. " + rehearsal_words.reason(r, change.kind, language, lexicon) for r in change.reasons
            ]
            sentences += [causes.interaction(i, change.kind, language, lexicon) for i in change.interactions]
            reasons = ("" if language == "zh" else "; ").join(sentences)
        yield (
            *who, span.from_on, span.until_on, *_answer(span.now, told), *_answer(span.then, told), provisions, reasons,
        )  # fmt: skip


def _decision_row(change: DecisionChange, told: TableWords) -> Sequence[Cell]:
    return (
        change.subject,
        change.name,
        change.record,
        told.named(rehearsal_words.decision_kind, change.decision),
        None if change.stage is None else told.named(words.stage, change.stage),
        change.year,
        change.on,
        *_answer(change.recorded, told),
        *_answer(change.now, told),
        *_answer(change.then, told),
    )


def _answer(graded: Graded, told: TableWords) -> Sequence[Cell]:
    why = None if graded.undetermined is None else told.named(words.undetermined, graded.undetermined)
    return graded.score, graded.grade, why, graded.risk, graded.colour


def table_bytes(file: Format, table: TableName, rows: Iterator[Sequence[Cell]], language: Language) -> Iterator[bytes]:
    """The file, in pieces as the rows come."""
    columns = COLUMNS[table]
    match file:
        case "csv":
            return csv_bytes(columns, rows, language)
        case "xlsx":
            return xlsx_bytes(columns, rows, language)
        case "parquet":
            return parquet_bytes(columns, rows)


def file_name(id: str, table: TableName, file: Format) -> str:
    """What a downloaded table is called."""
    return f"rehearsal-{id[:8]}-{table}.{file}"
