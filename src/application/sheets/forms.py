"""The forms of sheets: which columns a sheet of a kind of facts has under a regime, made from the rows of its
editions."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, get_args

from application.recording.commands import ranges_of
from domain.law.edition import Ledger, Row, only
from domain.law.regime import RegimeLaw
from domain.procedures.facts import RecordFact
from domain.vocabulary import SubjectKind

SheetForm = Literal["penalty", "finding", "linked", "practitioner", "enhancement", "advisory"]
"""What comes in sheets: decisions on penalties, what an authority found or listed, deductions that follow those of a
client; facts about practitioners; credit-enhancing information, and advisories."""

FORMS_OF_FACTS: Final[tuple[SheetForm, ...]] = ("penalty", "finding", "linked", "practitioner")
"""The forms whose rows are facts."""

ColumnCode = Literal[
    "number",
    "person",
    "id_number",
    "name",
    "uscc",
    "regime",
    "document",
    "authority",
    "occurred_on",
    "decided_on",
    "served_on",
    "final_on",
    "verified_on",
    "until_on",
    "record_notice_on",
    "challenge",
    "penalty",
    "amount_fined",
    "linked_to",
    "enhancing",
    "advisory",
    "noticed_on",
    "transferred_to",
    "points",
    "summary",
    "row",
    "case_no",
    "evidence",
    "evidence_kind",
    "remark",
    "again_reason",
    "errors",
]
"""What a column is for; ``errors`` is ours, ``number`` and ``remark`` are the clerk's own and stay in the sheet.
Those of ``again_reason`` and ``evidence_kind`` stand in no template: a clerk adds them to record a decision that is on
record once more, and where a file is no decision."""

_CODES: Final[tuple[ColumnCode, ...]] = get_args(ColumnCode)

DAYS: Final = frozenset(code for code in _CODES if code.endswith("_on"))
"""The columns that hold days."""

_RANGES: Final = ranges_of(RecordFact)
AMOUNTS: Final = {code: _RANGES[code] for code in _CODES if code in _RANGES}
"""The columns that hold numbers, with what each may be."""

NUMBERED: Final[tuple[SubjectKind, ...]] = ("agency", "client")
"""The kinds of subjects that have a unified social credit code: sheets of organisations are about no others."""

MOST_SHEET_ROWS: Final = 50_000
"""Most rows of a sheet that are looked at."""

_HEAD: Final[tuple[ColumnCode, ...]] = ("number", "name", "uscc", "regime", "document", "authority", "occurred_on")
_HEAD_OF_PERSON: Final[tuple[ColumnCode, ...]] = ("number", "person", "id_number", *_HEAD[1:])
_APART: Final[dict[SheetForm, tuple[ColumnCode, ...]]] = {
    "enhancement": ("enhancing", "noticed_on", "remark"),
    "advisory": ("advisory", "noticed_on", "transferred_to", "remark"),
}
"""What stands behind the authority in the forms that hold no facts."""

_TAIL: Final[tuple[ColumnCode, ...]] = ("summary", "row", "case_no", "evidence", "remark")
_MIDDLE: Final[dict[SheetForm, tuple[ColumnCode, ...]]] = {
    "penalty": ("decided_on", "served_on", "final_on", "challenge", "penalty", "amount_fined"),
    "finding": ("decided_on",),
    "linked": ("decided_on", "linked_to"),
    "practitioner": ("decided_on",),
}
_REQUIRED: Final[dict[SheetForm, frozenset[ColumnCode]]] = {
    "penalty": frozenset(
        ("uscc", "regime", "document", "authority", "decided_on", "served_on", "penalty"),
    ),
    "finding": frozenset(("uscc", "regime", "document", "authority", "row")),
    "linked": frozenset(("uscc", "regime", "document", "authority", "decided_on", "linked_to", "row")),
    "practitioner": frozenset(("person", "regime", "document", "authority", "decided_on", "row")),
    "enhancement": frozenset(("uscc", "regime", "document", "authority", "enhancing", "noticed_on")),
    "advisory": frozenset(("uscc", "regime", "document", "authority", "advisory", "noticed_on")),
}


class SheetColumn(NamedTuple):
    """A column of a form; one that ``is_required`` is filled in every row."""

    code: ColumnCode
    is_required: bool


class FormOfRegime(NamedTuple):
    """A form as a regime fills it: its columns in order, and the rows of the standard that may stand in it."""

    form: SheetForm
    regime: str
    columns: tuple[SheetColumn, ...]
    rows: tuple[Row, ...]


def required(form: SheetForm) -> frozenset[ColumnCode]:
    """The columns that every sheet of the form has, and that every row fills."""
    return _REQUIRED[form]


def kinds_of(form: SheetForm) -> tuple[SubjectKind, ...]:
    """The kinds of subjects that a sheet of the form is about."""
    return ("practitioner",) if form == "practitioner" else NUMBERED


def form_of_columns(columns: Iterable[ColumnCode]) -> SheetForm:
    """The form to which a sheet with these columns belongs."""
    found = frozenset(columns)
    if "person" in found:
        return "practitioner"
    if "enhancing" in found:
        return "enhancement"
    if "advisory" in found:
        return "advisory"
    if "penalty" in found:
        return "penalty"
    return "linked" if "linked_to" in found else "finding"


def form_of(form: SheetForm, law: RegimeLaw) -> FormOfRegime | None:
    """The form as the editions of a regime fill it; ``None`` where they have no row for it, or know no such thing."""
    if form not in FORMS_OF_FACTS:
        return _form_apart(form, law)
    rows = tuple(row for row in _rows_of(law, kinds_of(form)) if _is_of(form, row))
    if not rows:
        return None
    middle = (*_MIDDLE[form], *_more(form, rows, law))
    head = _HEAD_OF_PERSON if form == "practitioner" else _HEAD
    codes = (*head, *middle, *_TAIL)
    columns = tuple(SheetColumn(code, code in _REQUIRED[form]) for code in codes)
    return FormOfRegime(form, law.regime, columns, rows)


def _form_apart(form: SheetForm, law: RegimeLaw) -> FormOfRegime | None:
    """The form of what is no fact: where an edition gives a ground for it, or says how it counts."""
    knows = law.choices.advisory_window is not None if form == "advisory" else _knows_enhancement(law)
    if not knows:
        return None
    codes = (*_HEAD[: _HEAD.index("occurred_on")], *_APART[form])
    return FormOfRegime(form, law.regime, tuple(SheetColumn(code, code in _REQUIRED[form]) for code in codes), ())


def _knows_enhancement(law: RegimeLaw) -> bool:
    return any("enhancement" in adopted.edition.grounds for adopted in law.adopted)


def _rows_of(law: RegimeLaw, kinds: Iterable[SubjectKind]) -> Iterable[Row]:
    """The rows of all editions for some kinds of subjects, each as the newest edition that has it says it."""
    found = {row.code: row for adopted in law.adopted for row in adopted.edition.row}
    return (row for row in found.values() if {row.kind, *row.also} & {*kinds})


def _is_of(form: SheetForm, row: Row) -> bool:
    if row.type == "linked" or form == "linked":
        return row.type == form
    return form in ("penalty", "practitioner") or row.counts_from != "finality"


def _more(form: SheetForm, rows: Iterable[Row], law: RegimeLaw) -> Iterable[ColumnCode]:
    """The columns that some of the rows need besides."""
    rows = tuple(rows)
    if form == "practitioner" and any("final" in row.counts_from for row in rows):
        yield from ("served_on", "final_on")
    if any(row.counts_from in ("verified_on", "verified_and_final") for row in rows):
        yield "verified_on"
    if any("until_on" in row.ends_with for row in rows):
        yield "until_on"
    if form == "penalty" and _is_ledger(law):
        yield "record_notice_on"
    if any(row.type in ("linked", "external") for row in rows):
        yield "points"


def _is_ledger(law: RegimeLaw) -> bool:
    return any(only(Ledger, a.edition.methods.get(kind)) for a in law.adopted for kind in NUMBERED)
