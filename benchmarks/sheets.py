"""Sheets of facts looked through, beside reading the same file and doing nothing with it.

``python -m benchmarks.sheets``: a sheet of 50,000 rows about 300 agencies of 50 events each, in a process of its own.
"""

import argparse
import datetime as dt
import io
import os
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import python_calamine
import xlsxwriter

from application.access.gate import Gate
from application.access.roles import shipped_roles
from application.principal import Principal
from application.sheets.forms import ColumnCode
from application.sheets.looking_through import LookingThrough
from application.sheets.parts import SheetParts
from application.sheets.store import KeptSheet
from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.population import REGIME, USUAL, backlog
from benchmarks.processor import Measured, Spending, peak_megabytes
from benchmarks.rounds import Median
from benchmarks.stage import ENGINE, FOLDER, Docket, Stage, stage
from domain.law.edition import Row
from domain.procedures.registration import RegisterAgency
from interfaces.files.shipped_places import shipped_places
from interfaces.ids import RandomIds
from interfaces.memory.sheets import MemorySheets
from interfaces.sheets.heads import column_head
from interfaces.sheets.names import WordedNames
from interfaces.sheets.reading import read_sheet
from interfaces.wording import places
from interfaces.wording.texts import say

_AGENCIES: Final = 300
_BY: Final = Principal("150100-clerk", "clerk", "150000")
_COLUMNS: Final[tuple[ColumnCode, ...]] = (
    "number", "name", "uscc", "regime", "document", "authority", "occurred_on", "decided_on", "served_on", "penalty",
    "amount_fined", "summary", "row",
)  # fmt: skip
_ROWS: Final = ("B07", "B08", "B09", "B10")
_FIRST_DAY: Final = dt.date(2022, 1, 10)


class Looked(NamedTuple):
    """What a process that looks a sheet through tells: seconds for reading it raw and for everything, the same of
    processor time, rows without faults, and the most memory that it had."""

    raw: float
    whole: float
    raw_spent: float
    whole_spent: float
    good: int
    megabytes: float


def looked_through(server: Stage, *, rows: int, rounds: int) -> list[Figure]:
    """A sheet read, matched and tried row by row with the grades after it."""
    docket = server.journal("sheets")
    try:
        codes = _founded(docket)
        file = FOLDER / "sheet.xlsx"
        file.write_bytes(_sheet(docket, codes, rows))
        raw, whole, memory = Median(), Median(), Median()
        for _ in range(rounds):
            command = [sys.executable, "-m", "benchmarks.sheets", "--look", docket.url, str(file)]
            spending = Spending(by_others=True)
            said = subprocess.run(command, stdout=subprocess.PIPE, check=True)
            of_the_server = spending.seconds()
            found = msgspec.json.decode(said.stdout, type=Looked)
            if found.good < rows * 0.9:
                raise RuntimeError(f"{found.good} of {rows} rows are good")
            raw.add(Measured(rows / found.raw, found.raw_spent / rows))
            whole.add(Measured(rows / found.whole, (found.whole_spent + of_the_server) / rows))
            memory.add(found.megabytes)
    finally:
        docket.close()
    return [
        figure(
            "import.preview",
            whole.value,
            "rows/s",
            f"a sheet of {rows:,} rows about {_AGENCIES} agencies read, matched and decided row by row, with the grade"
            " after it, beside reading the file with python-calamine",
            floor=raw.value,
        ),
        figure("import.preview.memory", memory.value, "MB", "the most memory of the process that does it: at most 500"),
    ]


def _founded(docket: Docket) -> list[tuple[str, str]]:
    """The names and codes of agencies with files of their own."""
    commands = list(islice(backlog(0), _AGENCIES * USUAL))
    docket.importing.record_many(commands, by=Principal("clerk-of-the-bench"))
    docket.settle()
    return [(opened.name, opened.uscc) for opened in commands if isinstance(opened, RegisterAgency)]


def _sheet(docket: Docket, agencies: list[tuple[str, str]], rows: int) -> bytes:
    """A worksheet as a clerk fills it in."""
    title = WordedNames(docket.legislation).titles(REGIME)[0]
    law = docket.legislation.made_of(REGIME, docket.legislation.refresh()).law
    words = {row.code: row for row in _rows(law.adopted[-1].edition.row)}
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, [column_head(code).zh for code in _COLUMNS])
    for number in range(rows):
        name, code = agencies[number % len(agencies)]
        day = _FIRST_DAY + dt.timedelta(days=number % 800)
        row = words[_ROWS[number % len(_ROWS)]]
        sheet.write_row(
            number + 1,
            0,
            [
                number + 1,
                name,
                code,
                title,
                f"呼环罚〔{day.year}〕表{number}号",
                places.authority("150100-EEB", "zh"),
                (day - dt.timedelta(days=30)).isoformat(),
                day.isoformat(),
                (day + dt.timedelta(days=3)).isoformat(),
                say("sheets.penalty.fine", "zh"),
                20_000,
                "未按规范采样",
                f"{row.code} {row.words.zh}",
            ],
        )
    book.close()
    return out.getvalue()


def _rows(found: tuple[Row, ...]) -> list[Row]:
    return [row for row in found if row.code in _ROWS]


def _look(url: str, file: Path) -> Looked:
    """Look a sheet through in this process."""
    content = file.read_bytes()
    begun, spending = time.perf_counter(), Spending()
    python_calamine.load_workbook(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    raw, raw_spent = time.perf_counter() - begun, spending.seconds()
    docket = Docket(url)
    try:
        gate = Gate(shipped_roles(), docket.journal, docket.legislation, docket.clock)
        parts = SheetParts(
            MemorySheets(),
            docket.journal,
            docket.vault,
            docket.clock,
            RandomIds(),
            docket.legislation,
            docket.casework,
            WordedNames(docket.legislation),
            places=shipped_places(),
            gate=gate,
            engine=ENGINE,
        )
        begun, spending = time.perf_counter(), Spending()
        table = read_sheet(content)
        kept = KeptSheet(
            id="sheet",
            digest="",
            form=table.form,
            by=_BY.name,
            at=docket.clock.now(),
            rows=len(table.lines),
            region=_BY.place,
            actor=_BY,
        )
        done, _ = LookingThrough(parts).looked_through(kept, table, None)
        whole, whole_spent = time.perf_counter() - begun, spending.seconds()
    finally:
        docket.close()
    return Looked(raw, whole, raw_spent, whole_spent, done.good, peak_megabytes())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sheets", description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000, help="of the sheet")
    parser.add_argument("--look", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.look is not None:
        told = _look(given.look[0], Path(given.look[1]))
        sys.stdout.buffer.write(msgspec.json.encode(told))
    else:
        with stage() as place:
            measured = looked_through(place, rows=given.rows, rounds=1)
        show(measured, f"{os.cpu_count()} cores")
        keep(measured, FILE)
