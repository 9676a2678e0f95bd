"""What a rehearsal came to as tables: for a spreadsheet (CSV) and for data tools (Parquet).

Rows are written as they come, so that a table of any length takes little memory.
"""

import csv
import datetime as dt
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, get_args

from application.rehearsal.rehearsal import DecisionChange, Graded, SubjectChange
from application.rehearsal.rehearsals import Rehearsals
from domain.vocabulary import Text
from interfaces.wording import causes, words
from interfaces.wording import rehearsals as rehearsal_words
from interfaces.wording.texts import Language, both, said, say
from interfaces.wording.words import Lexicon

if TYPE_CHECKING:
    import pyarrow as pa

TableName = Literal["changes", "decisions", "matrix"]
"""Which table: who changes, which published results would differ, how many move where."""

Format = Literal["csv", "parquet"]
"""How a table is written."""

TABLES: Final[tuple[TableName, ...]] = get_args(TableName)

MEDIA: Final[Mapping[Format, str]] = {"csv": "text/csv", "parquet": "application/vnd.apache.parquet"}
"""The media type of a format."""

_ROWS: Final = 1_000
"""Rows that are turned into bytes at once."""

_GROUP: Final = 20_000
"""Rows of a row group in Parquet."""

_BOM: Final = "\ufeff"
"""By this a spreadsheet knows UTF-8."""

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r")
"""With one of these a spreadsheet begins to calculate."""

Cell = str | int | bool | dt.date | None


class Column(NamedTuple):
    """A column: its name for programs, its title for people. A ``figure`` is an exact decimal as text."""

    name: str
    title: Text
    kind: Literal["text", "figure", "day", "flag", "whole"] = "text"


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


# --- formats ----------------------------------------------------------------------------------------------------------


def table_bytes(file: Format, table: TableName, rows: Iterator[Sequence[Cell]], language: Language) -> Iterator[bytes]:
    """The file, in pieces as the rows come."""
    columns = COLUMNS[table]
    return _csv(columns, rows, language) if file == "csv" else _parquet(columns, rows)


def _csv(columns: Sequence[Column], rows: Iterator[Sequence[Cell]], language: Language) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.writer(out)
    yes, no = say("tables.yes", language), say("tables.no", language)
    shown: list[Callable[[Any], object]] = [_SHOWN[c.kind] for c in columns]
    out.write(_BOM)
    writer.writerow(said(c.title, language) for c in columns)
    while True:
        some = list(islice(rows, _ROWS))
        for row in some:
            cells = (show(cell) for show, cell in zip(shown, row, strict=True))
            writer.writerow((yes if cell else no) if isinstance(cell, bool) else cell for cell in cells)
        yield out.getvalue().encode()
        if len(some) < _ROWS:
            return
        out.seek(0)
        out.truncate()


def _harmless(text: str | None) -> str | None:
    """A text that no spreadsheet takes for a formula."""
    return "'" + text if text is not None and text.startswith(_DANGEROUS) else text


def _as_it_is(cell: Cell) -> Cell:
    return cell


_SHOWN: Final[Mapping[str, Callable[[Any], object]]] = {
    "text": _harmless,
    "figure": _as_it_is,
    "day": _as_it_is,
    "flag": _as_it_is,
    "whole": _as_it_is,
}


def _parquet(columns: Sequence[Column], rows: Iterator[Sequence[Cell]]) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    schema = _schema(columns)
    out = io.BytesIO()
    with parquet.ParquetWriter(pa.PythonFile(_Unseekable(out), mode="w"), schema, compression="zstd") as writer:
        while some := list(islice(rows, _GROUP)):
            arrays = [pa.array(cells, field.type) for cells, field in zip(zip(*some, strict=True), schema, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
            yield _taken(out)
    yield _taken(out)


def _schema(columns: Iterable[Column]) -> "pa.Schema":
    import pyarrow as pa

    types = {"text": pa.string(), "figure": pa.string(), "day": pa.date32(), "flag": pa.bool_(), "whole": pa.int64()}
    return pa.schema([pa.field(c.name, types[c.kind], metadata={"zh": c.title.zh, "en": c.title.en}) for c in columns])


class _Unseekable:
    """A file that only grows: what has been written can be taken away meanwhile."""

    closed = False

    def __init__(self, out: io.BytesIO) -> None:
        self._out = out
        self._written = 0

    def write(self, piece: bytes) -> int:
        """Take it in."""
        self._written += len(piece)
        return self._out.write(piece)

    def tell(self) -> int:
        """How much was written."""
        return self._written

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """It stays as it is."""
        self.closed = True


def _taken(out: io.BytesIO) -> bytes:
    piece = out.getvalue()
    out.seek(0)
    out.truncate()
    return piece


def file_name(id: str, table: TableName, file: Format) -> str:
    """What a downloaded table is called."""
    return f"rehearsal-{id[:8]}-{table}.{file}"
