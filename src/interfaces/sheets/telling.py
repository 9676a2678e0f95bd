"""Rows of a sheet in words: what is wrong with one, what was proposed, and the grade after it."""

from collections.abc import Callable, Iterable

from application.sheets.preview import RowGrade
from application.sheets.rows import RowRemark
from application.sheets.status import SheetLineStatus
from domain.vocabulary import Text
from interfaces.sheets.heads import column_head
from interfaces.wording import words
from interfaces.wording.texts import Language, said, say
from interfaces.wording.words import Lexicon


def remark_told(row: int, found: RowRemark, language: Language) -> str:
    """A remark with the row and the column that it is about."""
    what = said(Text(found.zh, found.en), language)
    if found.column is None:
        return say("sheets.place.row", language, row=row, what=what)
    column = said(column_head(found.column), language)
    return say("sheets.place.cell", language, row=row, column=column, what=what)


def remark_beside(found: RowRemark, language: Language) -> str:
    """The same for the row itself: it knows its number."""
    what = said(Text(found.zh, found.en), language)
    if found.column is None:
        return what
    return say("sheets.place.column", language, column=said(column_head(found.column), language), what=what)


def row_beside(row: SheetLineStatus, language: Language, lexicon: Lexicon | None) -> str:
    """What is written beside a row of the clerk's own sheet: its mark, what there is to know, and the grade after
    it."""
    parts = [say(f"sheets.sign.{row.mark}", language)]
    if row.status is not None:
        parts.append(say(f"sheets.status.{row.status}", language))
    parts += [remark_beside(found, language) for found in row.remarks]
    if row.after is not None and row.status is None:
        parts.append(grade_told(row.after, row.kind or "", language, lexicon))
    return " ".join(parts)


def grade_told(grade: RowGrade, kind: str, language: Language, lexicon: Lexicon | None) -> str:
    """A score and a grade as the edition calls it."""
    found = lexicon or Lexicon()
    return words.standing_words(grade.score, grade.grade, grade.undetermined, kind, language, found)


def marked_rows(
    rows: Iterable[SheetLineStatus], language: Language, lexicon: Callable[[str], Lexicon]
) -> dict[int, str]:
    """What is written beside each row, by its number."""
    return {row.row: row_beside(row, language, lexicon(row.regime) if row.regime else None) for row in rows}
