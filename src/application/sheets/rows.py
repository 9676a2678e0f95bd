"""Rows of a sheet as clerks fill them in, read into what is recorded of them, with every fault by its column."""

import datetime as dt
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import msgspec

from application.law.legislation import Legislation
from application.sheets.cells import BadCell, CellValue, date_of, decimal_of, folded_text_of, is_empty, text_of
from application.sheets.forms import (
    AMOUNTS,
    DAYS,
    FORMS_OF_FACTS,
    ColumnCode,
    FormOfRegime,
    SheetForm,
    form_of,
    required,
)
from application.sheets.names import SheetNames
from application.wording import in_both_languages
from domain.errors import FieldProblem
from domain.events.papers.evidence import EvidenceKind
from domain.sentence import Alternatives, Sentence, sentence
from domain.values import official_number
from domain.vocabulary import Text

_KEPT: Final = 10_000
"""How many different texts of a column are remembered with what they mean."""

_FIELD_OF: Final[dict[str, ColumnCode]] = {
    "subject": "uscc",
    "kind": "challenge",
    "filed_on": "challenge",
    "again": "again_reason",
    "breach": "row",
}
"""The columns of fields of commands that are called otherwise."""


class SheetLine(NamedTuple):
    """A row of a sheet under the number that the office program gives it, with its cells in the order of the
    columns."""

    number: int
    cells: Sequence[CellValue]


class SheetTable(NamedTuple):
    """A sheet as it was read: of which form, which columns under which letters, and the rows that are not empty."""

    form: SheetForm
    columns: tuple[ColumnCode, ...]
    letters: tuple[str, ...]
    lines: Sequence[SheetLine]


class RowRemark(msgspec.Struct, frozen=True, kw_only=True):
    """Something to know of a row, in the words in which it was told: what is wrong with it, or what was put in the
    place of what stands there. ``column`` is where, ``None`` for the row as a whole."""

    column: ColumnCode | None
    code: str
    zh: str
    en: str

    @property
    def text(self) -> Text:
        """It in both languages."""
        return Text(self.zh, self.en)


class RowDraft:
    """What a row comes to before its subject is known: the fields of the fact, the challenge, and what is wrong."""

    __slots__ = (
        "agency_code", "challenge", "document", "faults", "fields", "file_kind", "files", "id_number", "name", "number",
        "person", "proposals", "uscc",
    )  # fmt: skip

    def __init__(self, number: int) -> None:
        self.number = number
        self.fields: dict[str, Any] = {}
        self.challenge: dict[str, Any] | None = None
        self.name = ""
        self.uscc = ""
        self.person = ""
        self.id_number = ""
        self.agency_code = ""
        self.files: tuple[str, ...] = ()
        self.file_kind: EvidenceKind = "decision"
        self.document = ""
        self.faults: list[RowRemark] = []
        self.proposals: list[RowRemark] = []

    def fault(self, column: ColumnCode | None, code: str, says: Sentence) -> None:
        """Note what is wrong; of each column the first fault alone, the others mostly follow from it."""
        if column is None or all(found.column != column for found in self.faults):
            self.faults.append(remark(column, code, says))

    def problems(self, found: Sequence[FieldProblem]) -> None:
        """Note the bad fields of a command."""
        for problem in found:
            self.fault(column_of(problem.pointer), problem.code, problem.says)


def remark(column: ColumnCode | None, code: str, says: Sentence) -> RowRemark:
    """A remark in words."""
    return RowRemark(column=column, code=code, **in_both_languages(says))


def file_key(name: str) -> str:
    """What names of files are compared by: width, case and blanks do not tell two apart."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def column_of(pointer: str) -> ColumnCode | None:
    """The column from which the field of a pointer was filled; ``None`` for one that no column fills."""
    field = pointer.split("/")[1] if "/" in pointer else ""
    found = _FIELD_OF.get(field, field)
    return found if found in _COLUMNS else None  # type: ignore[return-value]


_COLUMNS: Final = frozenset(ColumnCode.__args__)  # type: ignore[attr-defined]


class RowReader:
    """Reads the rows of one sheet by the law on record. One thread at a time."""

    def __init__(self, table: SheetTable, legislation: Legislation, names: SheetNames, regime: str | None) -> None:
        """``regime`` is meant by rows that name none."""
        self._table = table
        self._legislation = legislation
        self._names = names
        self._default = regime
        self._known = legislation.regimes()
        self._forms: dict[str, FormOfRegime | None] = {}
        self._required = required(table.form)
        # The same few texts stand in thousands of rows.
        self._regimes = lru_cache(_KEPT)(lambda text: tuple(names.regimes(text, self._known)))
        self._authorities = lru_cache(_KEPT)(self._authorities_called)
        self._rows = lru_cache(_KEPT)(self._rows_called)
        self._proposed = lru_cache(_KEPT)(self._rows_proposed)

    def read(self, line: SheetLine) -> RowDraft:
        """What a row comes to."""
        row = RowDraft(line.number)
        cells: dict[ColumnCode, CellValue] = dict(zip(self._table.columns, line.cells, strict=False))
        days, texts = self._days(row, cells), self._texts(row, cells)
        row.name, row.uscc, row.document = texts["name"], texts["uscc"], texts["document"]
        row.person, row.id_number = texts["person"], official_number(texts["id_number"])
        for column in self._required:
            if column != "regime" and is_empty(cells.get(column)) and not (column == "uscc" and texts["name"]):
                row.fault(column, "missing", sentence("sheets.row.missing"))
        regime = self._regime(row, texts["regime"])
        row.fields.update({column: day for column, day in days.items() if day is not None})
        row.fields.update({field: texts[field] for field in ("document", "case_no", "linked_to") if texts[field]})
        row.fields["regime"] = regime or ""
        self._authority(row, "authority", texts["authority"], regime)
        if self._table.form not in FORMS_OF_FACTS:
            self._apart(row, texts, regime)
            return row
        self._amounts(row, cells)
        penalties = self._penalties(row, texts["penalty"])
        # What was imposed is on record in words: a fact has no field for it.
        row.fields["summary"] = self._names.summary(penalties, texts["summary"])
        self._row(row, texts["row"], regime, penalties)
        if texts["evidence"]:
            row.files = tuple(dict.fromkeys(self._names.files(texts["evidence"])))
            row.fields["evidence"] = [{"title": name} for name in row.files]
            self._file_kind(row, texts["evidence_kind"])
        if texts["again_reason"]:
            row.fields.update(again=True, again_reason=texts["again_reason"])
        self._challenge(row, texts["challenge"])
        return row

    def form(self, regime: str) -> FormOfRegime | None:
        """The form of the sheet under a regime."""
        if regime not in self._forms:
            law = self._legislation.made_of(regime, self._legislation.known()).law
            self._forms[regime] = form_of(self._table.form, law)
        return self._forms[regime]

    # --- columns ------------------------------------------------------------------------------------------

    def _texts(self, row: RowDraft, cells: dict[ColumnCode, CellValue]) -> dict[ColumnCode, str]:
        """The texts of a row, empty where nothing stands."""
        found: dict[ColumnCode, str] = {}
        for column in _TEXTS:
            try:
                read = folded_text_of if column in ("uscc", "id_number") else text_of
                found[column] = read(cells.get(column))
            except BadCell as bad:
                found[column] = ""
                row.fault(column, bad.code, bad.says)
        found["uscc"] = found["uscc"].upper()
        return found

    def _days(self, row: RowDraft, cells: dict[ColumnCode, CellValue]) -> dict[ColumnCode, dt.date | None]:
        found: dict[ColumnCode, dt.date | None] = {}
        for column in DAYS:
            try:
                found[column] = date_of(cells.get(column))
            except BadCell as bad:
                row.fault(column, bad.code, bad.says)
        return found

    def _amounts(self, row: RowDraft, cells: dict[ColumnCode, CellValue]) -> None:
        for column, range_ in AMOUNTS.items():
            try:
                number = decimal_of(cells.get(column), range_)
                if number is not None:
                    row.fields[column] = number
            except BadCell as bad:
                row.fault(column, bad.code, bad.says)

    def _regime(self, row: RowDraft, text: str) -> str | None:
        if not text:
            if self._default is None:
                row.fault("regime", "missing", sentence("sheets.row.missing"))
            return self._default
        found = self._regimes(text)
        if len(found) == 1:
            if self.form(found[0]) is None:
                row.fault("regime", "no_such_form", sentence("sheets.row.no_such_form", text=text))
            return found[0]
        row.fault("regime", "unknown_regime", sentence("sheets.row.unknown_regime", text=text))
        return None

    def _apart(self, row: RowDraft, texts: dict[ColumnCode, str], regime: str | None) -> None:
        """What stands in the forms that hold no facts."""
        if self._table.form == "enhancement":
            row.fields["kind"] = texts["enhancing"]
            return
        self._authority(row, "transferred_to", texts["transferred_to"], regime)
        text = texts["advisory"]
        found = self._names.advisories(text) if text else ()
        if len(found) == 1:
            row.fields["kind"] = found[0]
        elif text:
            row.fault("advisory", "unknown_advisory", sentence("sheets.row.unknown_advisory", text=text))

    def _authority(
        self, row: RowDraft, column: Literal["authority", "transferred_to"], text: str, regime: str | None
    ) -> None:
        if not text:
            return
        found, alike = self._authorities(text, regime)
        if len(found) == 1:
            row.fields[column] = found[0]
        elif found:
            row.fault(column, "several_authorities", sentence("sheets.row.several", found=Alternatives(found)))
        elif alike:
            says = sentence("sheets.row.unknown_authority_like", text=text, alike=Alternatives(alike))
            row.fault(column, "unknown_authority", says)
        else:
            row.fault(column, "unknown_authority", sentence("sheets.row.unknown_authority", text=text))

    def _authorities_called(self, text: str, regime: str | None) -> tuple[Sequence[str], Sequence[str]]:
        regions = () if regime is None else self._legislation.regions_of(regime)
        found = self._names.authorities(text, regions)
        return found, () if found else self._names.authorities_like(text, regions)

    def _penalties(self, row: RowDraft, text: str) -> Sequence[str]:
        if not text:
            return ()
        found = self._names.penalties(text)
        if not found:
            row.fault("penalty", "unknown_penalty", sentence("sheets.row.unknown_penalty", text=text))
        return found

    def _row(self, row: RowDraft, text: str, regime: str | None, penalties: Sequence[str]) -> None:
        """The row of the standard: the one that is named, else the only one that names the penalty."""
        form = None if regime is None else self.form(regime)
        if form is None or regime is None:
            return
        if text:
            found = self._rows(text, regime)
            if len(found) == 1:
                row.fields["row"] = found[0]
            elif found:
                row.fault("row", "several_rows", sentence("sheets.row.several", found=Alternatives(found)))
            else:
                row.fault("row", "unknown_row", sentence("sheets.row.unknown_row", text=text))
            return
        if not penalties:
            return
        found = self._proposed(tuple(penalties), regime)
        if len(found) == 1:
            row.fields["row"] = found[0]
            row.proposals.append(remark("row", "row_proposed", sentence("sheets.row.row_proposed", row=found[0])))
        elif found:
            row.fault("row", "several_rows", sentence("sheets.row.which_row", found=Alternatives(found)))
        else:
            row.fault("row", "missing", sentence("sheets.row.no_row_of_penalty"))

    def _rows_called(self, text: str, regime: str) -> Sequence[str]:
        form = self.form(regime)
        return () if form is None else self._names.rows(text, form.rows)

    def _rows_proposed(self, penalties: tuple[str, ...], regime: str) -> Sequence[str]:
        form = self.form(regime)
        return () if form is None else self._names.rows_of_penalties(penalties, form.rows)

    def _file_kind(self, row: RowDraft, text: str) -> None:
        if not text:
            return
        found = self._names.evidence_kinds(text)
        if len(found) == 1:
            row.file_kind = found[0]
        else:
            row.fault("evidence_kind", "unknown_kind", sentence("sheets.row.unknown_kind", text=text))

    def _challenge(self, row: RowDraft, text: str) -> None:
        if not text:
            return
        found = self._names.challenge(text)
        if found is None:
            row.fault("challenge", "unknown_challenge", sentence("sheets.row.unknown_challenge", text=text))
        elif found.kind is not None:
            try:
                filed_on = date_of(found.filed_on)
            except BadCell as bad:
                row.fault("challenge", bad.code, bad.says)
                return
            if filed_on is None:
                row.fault("challenge", "missing", sentence("sheets.row.challenge_without_day"))
                return
            row.challenge = {"kind": found.kind, "filed_on": filed_on}


_TEXTS: Final[tuple[ColumnCode, ...]] = (
    "person", "id_number",
    "name", "uscc", "regime", "document", "authority", "challenge", "penalty", "linked_to", "summary", "row", "case_no",
    "evidence", "evidence_kind", "again_reason", "enhancing", "advisory", "transferred_to",
)  # fmt: skip
