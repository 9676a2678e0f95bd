"""Whose rows they are: by the unified social credit code, else whoever may be meant by the name."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Final

from stdnum.cn import uscc as credit_codes

from application.ports import Journal, StreamCategory
from application.sheets.forms import NUMBERED
from application.sheets.rows import RowDraft, remark
from domain.aggregates.casefile import CaseFile
from domain.events.registration import AgencyRegistered, ClientRegistered
from domain.sentence import Alternatives, Sentence, sentence
from domain.values import folded

_MOST_CANDIDATES: Final = 5
"""So many of those who may be meant by a name are told."""

_REMEMBERED: Final = 10_000


class Matching:
    """Finds the files of rows. One thread at a time."""

    def __init__(
        self, journal: Journal, file: Callable[[str], CaseFile], is_reached: Callable[[CaseFile], bool]
    ) -> None:
        """``file`` gives a file as it stands; ``is_reached`` says whether whoever imports may know of it."""
        self._journal = journal
        self._file = file
        self._is_reached = is_reached
        self._owners: dict[str, str | None] = {}
        self._named = lru_cache(_REMEMBERED)(self._found)

    def look_up(self, rows: Iterable[RowDraft]) -> None:
        """Look the codes of rows up in one go."""
        wanted = sorted({row.uscc for row in rows if row.uscc and row.uscc not in self._owners})
        found: dict[str, str] = {}
        for kind in reversed(NUMBERED):
            category: StreamCategory = kind
            found.update(self._journal.number_owners(category, wanted))
        self._owners.update({number: found.get(number) for number in wanted})

    def match(self, row: RowDraft) -> CaseFile | None:
        """The file of a row; ``None`` where it has none, which is noted with what may be meant."""
        if any(fault.column == "uscc" for fault in row.faults):
            return None
        if row.uscc:
            return self._by_code(row)
        return self._by_name(row)

    def _by_code(self, row: RowDraft) -> CaseFile | None:
        owner = self._owners.get(row.uscc)
        case = None if owner is None else self._file(owner)
        if case is None or not self._is_reached(case):
            if not credit_codes.is_valid(row.uscc):
                self._not_found(row, "bad_check_digit", sentence("sheets.row.bad_code"))
            else:
                self._not_found(row, "unknown_subject", sentence("sheets.row.unknown_code"))
            return None
        self._compare_names(row, case)
        return case

    def _compare_names(self, row: RowDraft, case: CaseFile) -> None:
        """A name that is not that of the file: a part of it, or an earlier one, is told, any other is a fault."""
        if not row.name:
            return
        asked, current = folded(row.name), case.name_on(None) or ""
        if asked == folded(current):
            return
        if any(asked in folded(name) or folded(name) in asked for name in names_of(case)):
            says = sentence("sheets.row.called_otherwise", name=current)
            row.proposals.append(remark("name", "called_otherwise", says))
        else:
            row.fault("name", "other_name", sentence("sheets.row.other_name", name=current))

    def _by_name(self, row: RowDraft) -> CaseFile | None:
        if not row.name:
            row.fault("uscc", "missing", sentence("sheets.row.missing"))
            return None
        asked = folded(row.name)
        found = [case for case in self._named(row.name) if folded(case.name_on(None) or "") == asked]
        if len(found) != 1:
            self._not_found(row, "missing", sentence("sheets.row.name_is_not_enough"))
            return None
        says = sentence("sheets.row.matched_by_name", uscc=found[0].uscc_on(None) or "")
        row.proposals.append(remark("uscc", "matched_by_name", says))
        return found[0]

    def _not_found(self, row: RowDraft, code: str, says: Sentence) -> None:
        """Note that a row has no file, with those that may be meant by its name."""
        candidates = self._named(row.name) if row.name else ()
        if candidates:
            named = [_told_of(case) for case in candidates[:_MOST_CANDIDATES]]
            says = sentence("sheets.row.perhaps", what=says, candidates=Alternatives(named))
        row.fault("uscc", code, says)

    def _found(self, name: str) -> Sequence[CaseFile]:
        rows = self._journal.found(name, limit=4 * _MOST_CANDIDATES)
        cases = [self._file(row.subject) for row in rows if row.kind in NUMBERED]
        return [case for case in cases if self._is_reached(case)]


def names_of(case: CaseFile) -> list[str]:
    """The names that an organisation has and had."""
    opened = case.registration
    first = opened.name if isinstance(opened, AgencyRegistered | ClientRegistered) else None
    return [name for name in (first, *(change.name for change in case.changes)) if name]


def _told_of(case: CaseFile) -> object:
    return sentence("sheets.row.candidate", name=case.name_on(None) or "", uscc=case.uscc_on(None) or "")
