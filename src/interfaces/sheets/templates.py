"""Templates of sheets, made from the editions of a regime: heads, notes, validations, and a sheet of codes."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any, Final, get_args

from application.sheets.forms import AMOUNTS, DAYS, MOST_SHEET_ROWS, ColumnCode, FormOfRegime, SheetForm
from domain.events.advisories import AdvisoryKind
from domain.law.edition import Row
from domain.values import FIRST_DAY, LAST_DAY
from interfaces.sheets.heads import column_head, column_note
from interfaces.sheets.names import PenaltyKind, authorities_within
from interfaces.sheets.reading import letters_of
from interfaces.wording import places
from interfaces.wording.texts import Language, said, say
from interfaces.wording.words import Lexicon

_WIDTHS: Final[dict[ColumnCode, int]] = {
    "number": 8, "person": 12, "id_number": 22,
    "name": 28, "uscc": 22, "regime": 24, "document": 24, "authority": 26, "penalty": 18, "summary": 36,
    "row": 30, "evidence": 24, "remark": 20, "challenge": 18, "linked_to": 24,
}  # fmt: skip
_WIDTH: Final = 14
_TEXTS: Final[tuple[ColumnCode, ...]] = ("id_number", "uscc", "document", "case_no", "linked_to", "evidence")
_LAST_ROW: Final = MOST_SHEET_ROWS + 1
_ACCENT: Final = "#1F4E79"
_SHADE: Final = "#F2F2F2"
_EDGE: Final = "#BFBFBF"
# That of the members of the archive: a template says what its edition says, whenever it is asked for.
_MADE_ON: Final = dt.datetime(1980, 1, 1)  # noqa: DTZ001  (written without a zone)


def template_name(form: SheetForm, regime: str, language: Language) -> str:
    """The name of the file of a template."""
    return f"{say(f'sheets.file_name.{form}', language)}-{regime}.xlsx"


def template_of(form: FormOfRegime, regions: Sequence[str], lexicon: Lexicon, language: Language) -> bytes:
    """The template of a form; ``regions`` are the beginnings of the codes of places in which the regime applies."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(say("sheets.template.rows", language))
    codes = book.add_worksheet(say("sheets.template.codes", language))
    lists = _write_codes(book, codes, form, regions, lexicon, language)
    head = book.add_format(
        {"bold": True, "font_color": "white", "bg_color": _ACCENT, "border": 1, "border_color": _EDGE}
    )
    note = book.add_format({"text_wrap": True, "valign": "top", "font_size": 9, "bg_color": _SHADE, "border": 1})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    text = book.add_format({"num_format": "@"})
    for index, column in enumerate(form.columns):
        code = column.code
        sheet.set_column(
            index, index, _WIDTHS.get(code, _WIDTH), day if code in DAYS else text if code in _TEXTS else None
        )
        sheet.write_string(0, index, said(column_head(code), language) + "*" * column.is_required, head)
        sheet.write_string(1, index, said(column_note(code), language), note)
        rule = _rule(code, lists, language)
        if rule is not None:
            sheet.data_validation(2, index, _LAST_ROW, index, rule)
    sheet.set_row(1, 48)
    sheet.freeze_panes(2, 3)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    book.set_properties(
        {
            "title": say(f"sheets.file_name.{form.form}", language),
            "subject": lexicon.title(language),
            "created": _MADE_ON,
        }
    )
    book.close()
    return out.getvalue()


def _write_codes(
    book: Any, sheet: Any, form: FormOfRegime, regions: Sequence[str], lexicon: Lexicon, language: Language
) -> dict[ColumnCode, str]:
    """Write the sheet of codes; the ranges from which the cells of columns are chosen."""
    head = book.add_format({"bold": True, "bottom": 1})
    columns: list[tuple[ColumnCode, str, list[str]]] = [
        ("regime", say("sheets.template.regimes", language), [lexicon.title(language)]),
        ("row", say("sheets.template.rows_of_standard", language), [row_named(row, language) for row in form.rows]),
        (
            "authority",
            say("sheets.template.authorities", language),
            [places.authority(code, language) for code in authorities_within(regions)],
        ),
    ]
    if any(column.code == "penalty" for column in form.columns):
        penalties = [say(f"sheets.penalty.{kind}", language) for kind in get_args(PenaltyKind)]
        columns.append(("penalty", say("sheets.template.penalties", language), penalties))
        challenges = [say(f"sheets.challenge.{kind}", language) for kind in ("none", "reconsideration", "litigation")]
        columns.append(("challenge", say("sheets.template.challenges", language), challenges))
    if form.form == "advisory":
        named = [say(f"advisories.kind.{kind}", language) for kind in get_args(AdvisoryKind)]
        columns.append(("advisory", say("sheets.template.advisories", language), named))
    if not form.rows:
        columns = [each for each in columns if each[0] != "row"]
    found: dict[ColumnCode, str] = {}
    for index, (code, title, values) in enumerate(columns):
        sheet.set_column(index, index, 60 if code == "row" else 32)
        sheet.write_string(0, index, title, head)
        for row, value in enumerate(values, start=1):
            sheet.write_string(row, index, value)
        letters = letters_of(index)
        found[code] = f"='{sheet.get_name()}'!${letters}$2:${letters}${len(values) + 1}"
    sheet.freeze_panes(1, 0)
    if "authority" in found and any(column.code == "transferred_to" for column in form.columns):
        found["transferred_to"] = found["authority"]
    return found


def row_named(row: Row, language: Language) -> str:
    """A row of a standard as it is chosen: its code and its words."""
    return f"{row.code} {row.words.zh if language == 'zh' else row.words.en}"[:250]


def _rule(code: ColumnCode, lists: dict[ColumnCode, str], language: Language) -> dict[str, Any] | None:
    """What is admitted in the cells of a column."""
    if code in DAYS:
        return {
            "validate": "date",
            "criteria": "between",
            "minimum": FIRST_DAY,
            "maximum": LAST_DAY,
            "error_message": say("sheets.template.not_a_day", language),
        }
    if code in AMOUNTS:
        return {"validate": "decimal", "criteria": ">=", "value": 0}
    if code not in lists:
        return None
    # Of a penalty several may be written, and a challenge has its day: the list helps, and stops nobody.
    is_open = code in ("penalty", "challenge", "authority", "transferred_to")
    return {
        "validate": "list",
        "source": lists[code],
        "error_type": "information" if is_open else "warning",
        "error_message": say("sheets.template.not_in_list", language),
        "show_error": not is_open,
    }
