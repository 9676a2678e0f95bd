"""Sheets as files, made as clerks make them, and the use case over a world."""

import io
from collections.abc import Sequence
from typing import Any

import openpyxl
from openpyxl.utils import get_column_letter

from application.access.signature_rules import SignatureRules
from application.access.signatures import Signing
from application.sheets.forms import SheetForm, form_of
from application.sheets.parts import SheetParts
from application.sheets.sheets import Sheets
from application.sheets.signed_batches import SheetBatches
from interfaces.files.shipped_places import shipped_places
from interfaces.memory.sheets import MemorySheets
from interfaces.sheets.heads import column_head
from interfaces.sheets.names import WordedNames
from tests.support.deciding import law
from tests.support.world import ID_NUMBER, REGIME, USCC, World

TITLE = "内蒙古自治区第三方环保机构信用评价管理暂行办法（征求意见稿）"
"""What the regime of a world is called in a sheet."""

BUREAU_NAMED = "呼和浩特市生态环境局"


def heads_of(form: SheetForm) -> tuple[str, ...]:
    """The heads of a sheet of that form under the regime of a world, in Chinese, with the marks of what is required."""
    found = form_of(form, law(REGIME))
    assert found is not None
    return tuple(column_head(column.code).zh + "*" * column.is_required for column in found.columns)


HEADS = heads_of("penalty")
"""The heads of a sheet of decisions on penalties."""

BEHIND = get_column_letter(len(HEADS) + 1)
"""The letters of the column behind them: that of errors."""

HEADS_OF_PERSONS = heads_of("practitioner")
"""The heads of a sheet of facts about practitioners."""


def sheets_of(world: World, store: Any = None, rules: SignatureRules | None = None) -> Sheets:
    """The use case over a world, which signs their batches from then on."""
    parts = SheetParts(
        store or MemorySheets(),
        world.journal,
        world.vault,
        world.clock,
        world.ids,
        world.legislation,
        world.casework,
        WordedNames(world.legislation),
        rules,
        places=shipped_places(),
        gate=world.gate,
        engine="engine-of-the-test",
        uploads=world.papers.uploads,
    )
    recording = (world.journal, world.vault, world.clock, world.ids, world.legislation)
    world.signing = Signing(*recording, world.casework, world.evaluating, rules, SheetBatches(parts))
    return Sheets(parts, world.signing)


def penalty(document: str = "呼环罚〔2024〕1号", **more: Any) -> dict[str, Any]:
    """A row about the agency of a world: a fine that is final."""
    row = {
        "机构名称": "甲检测",
        "统一社会信用代码": USCC,
        "制度": TITLE,
        "文号": document,
        "作出机关": BUREAU_NAMED,
        "决定日": "2024-03-01",
        "送达日": "2024-03-05",
        "生效日": "2024-05-06",
        "处罚种类": "罚款",
        "条目": "B11",
    }
    return {**row, **more}


def person(document: str = "呼环函〔2024〕5号", **more: Any) -> dict[str, Any]:
    """A row about the practitioner of a world."""
    row = {
        "从业人员姓名": "张某",
        "证件号码": ID_NUMBER,
        "制度": TITLE,
        "文号": document,
        "作出机关": BUREAU_NAMED,
        "决定日": "2024-03-01",
        "条目": "P01",
    }
    return {**row, **more}


def workbook(*rows: dict[str, Any], heads: Sequence[str] = HEADS) -> bytes:
    """A worksheet with these rows below its heads."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(heads))
    names = [head.rstrip("*") for head in heads]
    for row in rows:
        sheet.append([row.get(name) for name in names])
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    """The bytes of a workbook."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def csv_text(*rows: dict[str, Any], heads: Sequence[str] = HEADS) -> str:
    """The same as CSV."""
    names = [head.rstrip("*") for head in heads]
    lines = [",".join(heads), *(",".join(str(row.get(name, "")) for name in names) for row in rows)]
    return "\r\n".join(lines) + "\r\n"
