"""Which practitioner a row is about: by the number of an identity document together with the name, else by the name
among the staff of the agency that the row names.

A number alone finds nobody, so that a sheet of guesses tells nothing. What is told of a row has the name masked, and
neither name nor number as it was written.
"""

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Final

from application.papers.dossier import masked_number
from application.ports import Vault
from application.sheets.matching import Matching
from application.sheets.rows import RowDraft, RowRemark, remark
from domain.aggregates.casefile import CaseFile
from domain.sentence import sentence
from domain.values import folded

_REMEMBERED: Final = 10_000


class PersonMatching:
    """Finds the files of rows about practitioners. One thread at a time."""

    def __init__(
        self,
        vault: Vault,
        agencies: Matching,
        file: Callable[[str], CaseFile],
        is_reached: Callable[[CaseFile], bool],
        *,
        may_look_up: bool,
    ) -> None:
        """``agencies`` finds the files of agencies; ``may_look_up`` says whether the role may find a person by the
        number of a document."""
        self._vault = vault
        self._agencies = agencies
        self._file = file
        self._is_reached = is_reached
        self._may_look_up = may_look_up
        self._named = lru_cache(_REMEMBERED)(self._name_of)
        self._staff = lru_cache(_REMEMBERED)(self._staff_of)

    def look_up(self, rows: Iterable[RowDraft]) -> None:
        """Look the codes of agencies up in one go."""
        self._agencies.look_up(rows)

    def match(self, row: RowDraft) -> CaseFile | None:
        """The file of a row; ``None`` where it has none, which is noted."""
        if any(fault.column in ("person", "id_number") for fault in row.faults):
            return None
        agency = self._agencies.match(row) if row.uscc or row.name else None
        if agency is None and (row.uscc or row.name):
            return None
        row.agency_code = "" if agency is None else agency.uscc_on(None) or ""
        if row.id_number and self._may_look_up:
            return self._by_number(row, agency)
        if agency is None:
            row.fault("uscc", "missing", sentence("sheets.row.person_needs_agency"))
            return None
        return self._by_name(row, agency)

    def _by_number(self, row: RowDraft, agency: CaseFile | None) -> CaseFile | None:
        id = self._vault.find(row.id_number)
        case = None if id is None or self._named(id) != folded(row.person) else self._file(id)
        if case is None or case.kind != "practitioner" or not self._is_reached(case):
            row.fault("id_number", "unknown_person", sentence("sheets.row.unknown_person"))
            return None
        if agency is not None and case.subject not in self._staff(agency.subject):
            row.proposals.append(remark("name", "not_of_agency", sentence("sheets.row.not_of_agency")))
        return case

    def _by_name(self, row: RowDraft, agency: CaseFile) -> CaseFile | None:
        asked = folded(row.person)
        meant = [id for id, name in self._staff(agency.subject).items() if name == asked]
        found = [case for case in map(self._file, meant) if self._is_reached(case)]
        if found[1:]:
            row.fault("person", "several_persons", sentence("sheets.row.several_persons_of_agency"))
            return None
        if not found:
            row.fault("person", "unknown_person", sentence("sheets.row.unknown_person_of_agency"))
            return None
        row.proposals.append(remark("person", "person_by_name", sentence("sheets.row.person_by_name")))
        return found[0]

    def _name_of(self, id: str) -> str | None:
        record = self._vault.open([id]).get(id)
        return None if record is None or not record.name else folded(record.name)

    def _staff_of(self, agency: str) -> dict[str, str]:
        """Who works or worked there, by id, with the name folded."""
        ids = {employment.practitioner for employment in self._file(agency).employments.values()}
        opened = self._vault.open(sorted(ids))
        return {id: folded(record.name) for id, record in opened.items() if record is not None and record.name}


def masked_name(name: str) -> str:
    """The name of a person of which the first character is left."""
    return name[:1] + "*" * max(len(name) - 1, 1) if name else ""


def without_person(found: RowRemark, row: RowDraft) -> RowRemark:
    """A remark on a row in which the person of the row is masked, whatever cell it repeats."""
    zh, en = masked_in(found.zh, row), masked_in(found.en, row)
    return RowRemark(column=found.column, code=found.code, zh=zh, en=en)


def masked_in(text: str, row: RowDraft) -> str:
    """A text in which the person of a row is masked."""
    for written, masked in ((row.id_number, masked_number(row.id_number)), (row.person, masked_name(row.person))):
        if written:
            text = text.replace(written, masked)
    return text
