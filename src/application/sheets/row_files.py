"""The files that rows of a sheet name: handed in, matched by name, and put on the file of the fact that a row made.

What is handed in before its row is recorded waits as an upload to the file of that row, and is received as evidence
with the fact. A row is recorded without its files, too.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from application import time_budget
from application.access.signatures import Signing
from application.papers.uploads import Uploads
from application.principal import Principal
from application.sheets.parts import SheetParts
from application.sheets.preview import NamedFile
from application.sheets.rows import file_key
from application.sheets.store import KeptRow, KeptSheet
from application.wording import in_both_languages
from domain.aggregates.sheets import fact_of_row, stream_of
from domain.errors import CaseError, Conflict, Refused
from domain.procedures.papers.evidence import ReceiveEvidence
from domain.sentence import Sentence, sentence

MOST_ROWS_OF_A_FILE: Final = 20
"""So many rows may name one file: it is kept once for each."""

MOST_TAKEN_IN: Final = 512 << 20
"""Bytes that are kept of what is handed in at once, a file as often as rows name it."""

FileState = Literal["missing", "handed_in", "attached"]
"""How a file that a row names stands: not there; there, and waiting for its row; on file as evidence."""


class FileOfRow(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a row names, and how it stands; ``evidence`` is the piece that it has become."""

    name: str
    state: FileState
    evidence: str | None


class HandedFile(NamedTuple):
    """A file that is handed in: its name, its size in bytes, and its bytes, which may be asked for again."""

    name: str
    size: int
    blocks: Callable[[], Iterable[bytes]]


class TakenFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was handed in and is there now, for these ``rows``."""

    name: str
    rows: tuple[int, ...]


class RefusedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was handed in and not taken, of which row where it is one row's, with why in both languages."""

    name: str
    row: int | None
    code: str
    zh: str
    en: str


class FilesTaken(msgspec.Struct, frozen=True, kw_only=True):
    """What came of handing files in, and how many of all that the sheet names are ``missing``."""

    taken: tuple[TakenFile, ...]
    refused: tuple[RefusedFile, ...]
    named: int
    missing: int


def told_files(row: KeptRow) -> tuple[FileOfRow, ...]:
    """The files of a row as they stand."""
    return tuple(
        FileOfRow(
            name=file.shown or file.name,
            state="attached" if file.is_attached else "missing" if file.upload is None else "handed_in",
            evidence=file.upload if file.is_attached else None,
        )
        for file in row.files
    )


def files_there(rows: Iterable[KeptRow]) -> int:
    """How many of the files that rows name were handed in."""
    return sum(file.upload is not None for row in rows for file in row.files)


def with_files_attached(
    signing: Signing, sheet: str, row: KeptRow, refuse: Callable[[NamedFile, CaseError], object] | None = None
) -> KeptRow:
    """The row with what was handed in for it received as evidence of its fact, where that is on record. What cannot be
    received, as what has waited too long, is missing again; ``refuse`` is told why."""
    if row.status != "recorded" or row.told.subject is None:
        return row
    files: list[NamedFile] = []
    for file in row.files:
        try:
            files.append(_attached(signing, sheet, row, file))
        except CaseError as error:
            files.append(msgspec.structs.replace(file, upload=None, by=None))
            if refuse is not None:
                refuse(file, error)
    return msgspec.structs.replace(row, files=tuple(files))


def _attached(signing: Signing, sheet: str, row: KeptRow, file: NamedFile) -> NamedFile:
    """A file of a row received as evidence. Raises the errors of ``domain.errors``."""
    if file.upload is None or file.by is None or file.is_attached:
        return file
    fact = fact_of_row(sheet, row.told.row)
    command = ReceiveEvidence(
        subject=row.told.subject or "", upload=file.upload, kind=file.kind, title=file.name, record=fact
    )
    signing.submit(command, by=file.by, key=f"{stream_of(sheet)}/{row.told.row}/{file.upload}")
    return msgspec.structs.replace(file, is_attached=True)


class RowFiles:
    """Takes in the files that rows of sheets name. Safe to share between threads."""

    def __init__(self, parts: SheetParts, signing: Signing, settled: Callable[[KeptRow], KeptRow]) -> None:
        """``settled`` tells a row that waits by itself with what the second person has decided since."""
        self._parts = parts
        self._signing = signing
        self._settled = settled

    def hand_in(
        self, kept: KeptSheet, files: Sequence[HandedFile], *, by: Principal, personal_data: bool = False
    ) -> FilesTaken:
        """Take in files, each for the rows that name it. Raises ``Refused`` for a sheet that names none or was undone,
        and ``Conflict`` while a server is at work on it."""
        uploads = self._parts.uploads
        if not kept.files or uploads is None:
            raise Refused("no_files_named", sentence("sheets.files.none_named"))
        if self._parts.on_record(kept.id).undone is not None:
            raise Refused("import_undone", sentence("sheets.undone"))
        with self._parts.store.claim(kept.id) as is_mine:
            if not is_mine or kept.work is not None:
                raise Conflict("sheet_at_work", sentence("sheets.files.at_work"))
            return self._taken(uploads, kept, files, by, personal_data=personal_data)

    def _taken(
        self, uploads: Uploads, kept: KeptSheet, files: Sequence[HandedFile], by: Principal, *, personal_data: bool
    ) -> FilesTaken:
        often = Counter(file_key(file.name) for file in files)
        refused = [
            _refused(file, None, "file_twice", sentence("sheets.files.twice"))
            for file in files
            if often[file_key(file.name)] > 1
        ]
        wanted = {file_key(file.name): file for file in files if often[file_key(file.name)] == 1}
        rows_of = self._rows_naming(kept, wanted)
        left = MOST_TAKEN_IN
        for key, file in list(wanted.items()):
            number = rows_of[key]
            left -= file.size * number
            fault = _fault_of(number, is_too_much=left < 0)
            if fault is not None:
                refused.append(_refused(file, None, *fault))
                left += file.size * number
                del wanted[key]
        taken: dict[str, list[int]] = {}
        there = 0
        for part in range(kept.parts):
            rows, changed = list(self._parts.store.part(kept.id, part)), False
            try:
                for place, row in enumerate(rows):
                    found = self._of_row(uploads, kept.id, row, wanted, taken, refused, by, personal_data=personal_data)
                    changed = changed or found != row
                    rows[place] = found
            finally:
                if changed:
                    self._parts.store.keep_part(kept.id, part, rows)
            there += files_there(rows)
        self._parts.store.keep(msgspec.structs.replace(self._parts.kept(kept.id), files_there=there))
        return FilesTaken(
            taken=tuple(TakenFile(name=name, rows=tuple(rows)) for name, rows in taken.items()),
            refused=tuple(refused),
            named=kept.files,
            missing=kept.files - there,
        )

    def _rows_naming(self, kept: KeptSheet, wanted: dict[str, HandedFile]) -> Counter[str]:
        """How many rows want each of these files."""
        found: Counter[str] = Counter()
        for row in self._parts.rows_of(kept):
            if row.told.subject is not None:
                found.update(key for file in row.files if (key := file_key(file.name)) in wanted)
        return found

    def _of_row(
        self,
        uploads: Uploads,
        sheet: str,
        row: KeptRow,
        wanted: dict[str, HandedFile],
        taken: dict[str, list[int]],
        refused: list[RefusedFile],
        by: Principal,
        *,
        personal_data: bool,
    ) -> KeptRow:
        """The row with what was handed in for it."""
        subject = row.told.subject
        if not any(file_key(file.name) in wanted for file in row.files):
            return row
        files: list[NamedFile] = []
        for file in row.files:
            handed = wanted.get(file_key(file.name))
            if handed is None or subject is None:
                files.append(file)
                continue
            time_budget.check_time()
            there = file
            if file.upload is None:
                try:
                    if self._parts.gate is not None:
                        self._parts.gate.permit(by, ReceiveEvidence(subject=subject, upload=subject, kind=file.kind))
                    status = uploads.take(
                        subject, file.name, handed.blocks(), handed.size, by=by, personal_data=personal_data
                    )
                except CaseError as error:
                    refused.append(_refused(handed, row.told.row, error.code, error.says))
                    files.append(file)
                    continue
                there = msgspec.structs.replace(file, upload=status.id, by=by)
            files.append(there)

        def refuse(file: NamedFile, error: CaseError) -> None:
            refused.append(_refused(wanted[file_key(file.name)], row.told.row, error.code, error.says))

        found = self._settled(msgspec.structs.replace(row, files=tuple(files)))
        found = with_files_attached(self._signing, sheet, found, refuse)
        for file in found.files:
            handed = wanted.get(file_key(file.name))
            if handed is not None and file.upload is not None:
                taken.setdefault(handed.name, []).append(row.told.row)
        return found


def _fault_of(rows: int, *, is_too_much: bool) -> tuple[str, Sentence] | None:
    """Why a file that so many rows name is not taken."""
    if rows == 0:
        return "file_not_named", sentence("sheets.files.not_named")
    if rows > MOST_ROWS_OF_A_FILE:
        return "file_named_too_often", sentence("sheets.files.too_often", most=MOST_ROWS_OF_A_FILE)
    return ("files_too_large", sentence("sheets.files.too_much", most=MOST_TAKEN_IN >> 20)) if is_too_much else None


def _refused(file: HandedFile, row: int | None, code: str, says: Sentence) -> RefusedFile:
    return RefusedFile(name=file.name[:200], row=row, code=code, **in_both_languages(says))
