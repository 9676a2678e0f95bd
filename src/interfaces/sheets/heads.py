"""What stands at the head of a column of a sheet and below it."""

from application.sheets.forms import DAYS, ColumnCode
from domain.vocabulary import Text
from interfaces.wording.texts import both, has


def column_head(code: ColumnCode) -> Text:
    """What a column is called: as the field of the form is, where sheets have no other word for it."""
    return both(f"sheets.column.{code}" if has("sheets.column", code) else f"web_form.field.{code}")


def column_note(code: ColumnCode) -> Text:
    """What is said below it: of a day or an amount as of any other, where there is nothing else to say."""
    if has("sheets.note", code):
        return both(f"sheets.note.{code}")
    return both("sheets.note_of.day" if code in DAYS else "sheets.note_of.amount")
