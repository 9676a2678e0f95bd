"""A sheet looked through row by row: what each would record, what is wrong with it, and the grade after it.

Rows are decided in order and in memory, each on what those before it would have left, by the same decisions as anything
else that is recorded. Nothing is stored.
"""

import copy
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, Literal, NamedTuple

import msgspec

from application.access.gate import Gate, holds
from application.access.roles import shipped_roles
from application.access.signature_rules import SignatureRules
from application.answering.rankings import ranking_place
from application.answering.results import OnceRead, staff_among
from application.answering.running_track import running_of
from application.law.legislation import KnownLaw, Legislation
from application.ports import Clock, Ids, Journal, Vault
from application.principal import Principal
from application.recording.batch_memory import BatchMemory
from application.recording.casework import Casework
from application.recording.commands import Command, command_from
from application.recording.decisions import Decisions
from application.recording.linked_facts import LinkedFacts
from application.recording.preparation import Preparation
from application.recording.waiting_vault import WaitingVault
from application.recording.writer import CommandAsked
from application.sheets.forms import ColumnCode, SheetForm
from application.sheets.matching import Matching
from application.sheets.names import SheetNames
from application.sheets.persons import PersonMatching, masked_in, masked_name, without_person
from application.sheets.rows import RowDraft, RowReader, RowRemark, SheetTable, column_of, file_key, remark
from domain.aggregates.casefile import CaseFile
from domain.aggregates.sheets import fact_of_row
from domain.errors import CaseError, Conflict, FieldProblem, Invalid
from domain.events.papers.evidence import EvidenceKind
from domain.grading.method import assess
from domain.places import Places
from domain.procedures.advisories import RecordAdvisory
from domain.procedures.facts import RecordEnhancement
from domain.sentence import sentence
from domain.vocabulary import SubjectKind

ROWS_AHEAD: Final = 5_000
"""For so many rows the files are read in one go."""

FEW: Final = 20
"""So many rows about one subject are each shown with the grade after it. Of those that follow, the last one among
``ROWS_AHEAD`` rows is: what a grade costs grows with what is on the file."""

MOST_OF_ONE: Final = 2_000
"""Most rows about one subject: each that is recorded looks at all that is on its file."""

RowMark = Literal["good", "proposed", "bad"]
"""How a row stands: it can be recorded as it is, or with something else in the place of what stands there, or not."""

_COLUMN_OF_REFUSAL: Final[dict[str, ColumnCode]] = {
    "row_of_other_kind": "row",
    "service_not_offered": "row",
    "authority_not_competent": "authority",
    "not_yet_final": "final_on",
    "already_told": "document",
    "not_an_advisory_transfer": "transferred_to",
}


_COMMANDS: Final[dict[SheetForm, str]] = {"enhancement": "record_enhancement", "advisory": "record_advisory"}
"""The commands of the rows that are no facts."""


_KINDS: Final[dict[SheetForm, ColumnCode]] = {"enhancement": "enhancing", "advisory": "advisory"}
"""The columns that fill the kinds of what is no fact."""


class RowGrade(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The running track under the regime of a row, as of today."""

    score: str | None
    grade: str | None
    undetermined: str | None = None


class PreviewedRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A row of a sheet and what it would do.

    ``subject`` is the file it is about, of which ``kind``, ``name`` and ``uscc`` as on the file, else as written in
    the row; of a person the name is masked, and the code is that of the agency. ``remarks`` say what is wrong or
    was put in the place of what stands there. ``before`` and ``after`` are the grade without this row and with it,
    the rows before it counted; both are absent where a later row about the same subject shows them together.
    ``needs_signature`` says whether it would wait for a second person.
    """

    row: int
    mark: RowMark
    name: str
    uscc: str
    document: str
    subject: str | None = None
    kind: SubjectKind | None = None
    regime: str | None = None
    standard_row: str | None = None
    remarks: tuple[RowRemark, ...] = ()
    before: RowGrade | None = None
    after: RowGrade | None = None
    needs_signature: bool = False


class NamedFile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that a row names: as whom people are told of it (``shown``, where that is not its name), what it is, and
    the ``upload`` of what was handed in for it ``by`` somebody, until it ``is_attached`` as evidence under that id."""

    name: str
    shown: str = ""
    kind: EvidenceKind = "decision"
    upload: str | None = None
    by: Principal | None = None
    is_attached: bool = False


class RowPlan(NamedTuple):
    """A row as it was looked through, the commands that record it, and the files that it names."""

    told: PreviewedRow
    commands: tuple[Command, ...]
    files: tuple[NamedFile, ...] = ()


class SheetPreview:
    """Looks a sheet through, once. One thread at a time."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        names: SheetNames,
        rules: SignatureRules,
        casework: Casework,
        *,
        places: Places | None = None,
        gate: Gate | None = None,
        engine: str = "",
    ) -> None:
        """``gate`` is the wall before whoever has a role, ``rules`` say what needs a second person, ``casework`` tries
        what is recorded beside the files."""
        waiting = WaitingVault(vault)
        self._memory = BatchMemory(journal, waiting, clock, ids, legislation, engine)
        waiting.trial = self._memory.others.trial = True
        self._journal = journal
        self._vault = vault
        self._legislation = legislation
        self._names = names
        self._rules = rules
        self._casework = casework
        self._named_in: dict[str, int] = {}
        self._told_already: set[tuple[object, ...]] = set()
        self._gate = gate
        self._preparation = Preparation(self._memory, places)
        self._decisions = Decisions(self._memory, LinkedFacts(self._memory))
        self._position = journal.head().position
        self._staff = OnceRead(journal, {})
        self._grades: dict[tuple[str, str], RowGrade] = {}
        self._counts: dict[str, int] = {}
        self._permitted: set[tuple[str, str | None]] = set()

    def rows(self, sheet: str, table: SheetTable, by: Principal, regime: str | None = None) -> Iterator[RowPlan]:
        """The rows of a sheet in order, with what they would do if ``by`` recorded them. ``regime`` is meant by rows
        that name none; ``sheet`` is the id from which the ids of facts are made."""
        reader = RowReader(table, self._legislation, self._names, regime)
        matching = self._matching(table.form, by)
        self._memory.begin()
        lines = iter(table.lines)
        while chunk := list(islice(lines, ROWS_AHEAD)):
            drafts = [reader.read(line) for line in chunk]
            matching.look_up(drafts)
            found = self._matched(sheet, table.form, matching, drafts)
            self._memory.read_ahead([command for _, _, commands in found for command in commands[:1]], _none)
            last = {case.subject: place for place, (_, case, wanted) in enumerate(found) if case is not None and wanted}
            for place, (draft, case, commands) in enumerate(found):
                is_last = case is not None and last.get(case.subject) == place
                yield self._tried(table.form, draft, case, commands, by, is_last=is_last)

    def again(
        self, form: SheetForm, rows: Iterable[tuple[PreviewedRow, tuple[Command, ...]]], by: Principal
    ) -> Iterator[RowPlan]:
        """Rows of a form that were looked through before, decided on what is known now. What was put in the place of
        what stands in a row is not told once more."""
        self._memory.begin()
        lines = iter(rows)
        while chunk := list(islice(lines, ROWS_AHEAD)):
            self._memory.read_ahead([command for _, commands in chunk for command in commands[:1]], _none)
            last = {told.subject: place for place, (told, _) in enumerate(chunk)}
            for place, (told, commands) in enumerate(chunk):
                draft = RowDraft(told.row)
                draft.name, draft.uscc, draft.document = told.name, told.uscc, told.document
                draft.fields.update(regime=told.regime, row=told.standard_row)
                case = None if told.subject is None else self._memory.case(told.subject)
                yield self._tried(form, draft, case, commands, by, is_last=last[told.subject] == place)

    def _matching(self, form: SheetForm, by: Principal) -> Matching | PersonMatching:
        def is_reached(case: CaseFile) -> bool:
            return self._is_reached(by, case)

        found = Matching(self._journal, self._memory.case, is_reached)
        if form != "practitioner":
            return found
        may_look_up = by.role is None or shipped_roles().reach(by.role, "search_person") is not None
        return PersonMatching(self._vault, found, self._memory.case, is_reached, may_look_up=may_look_up)

    def _is_reached(self, by: Principal, case: CaseFile) -> bool:
        """Whether a file is shown to whoever imports."""
        if case.registration is None:
            return False
        regions = (case.registration.region, *(change.region for change in case.changes))
        return by.role is None or any(region is not None and holds(by.place, region) for region in regions)

    def _matched(
        self, sheet: str, form: SheetForm, matching: Matching | PersonMatching, drafts: Sequence[RowDraft]
    ) -> list[tuple[RowDraft, CaseFile | None, tuple[Command, ...]]]:
        found = []
        for draft in drafts:
            case = matching.match(draft)
            found.append((draft, case, self._commands(sheet, form, draft, case)))
        return found

    def _commands(self, sheet: str, form: SheetForm, draft: RowDraft, case: CaseFile | None) -> tuple[Command, ...]:
        """The commands of a row; none when something is wrong with it."""
        fact = fact_of_row(sheet, draft.number)
        fields = {
            "authority": "000000-EEB",
            "document": fact,
            **draft.fields,
            "subject": fact if case is None else case.subject,
            "id": fact,
        }
        name = _COMMANDS.get(form, "record_fact")
        if name == "record_enhancement":
            # It stands on the file under no regime.
            fields.pop("regime")
        commands: list[Command] = []
        try:
            # What is wrong with texts is told together with everything else.
            commands.append(command_from(fields, name=name))
            if draft.challenge is not None:
                commands.append(command_from({"fact": fact, **draft.challenge}, name="contest_fact"))
        except Invalid as invalid:
            draft.problems([_of_form(form, problem) for problem in invalid.problems])
        return () if draft.faults else tuple(commands)

    def _tried(
        self,
        form: SheetForm,
        draft: RowDraft,
        case: CaseFile | None,
        commands: tuple[Command, ...],
        by: Principal,
        *,
        is_last: bool,
    ) -> RowPlan:
        before = after = None
        regime = draft.fields.get("regime") or None
        needs_signature = False
        if commands and case is not None and self._is_one_too_many(draft, case):
            commands = ()
        if commands and case is not None and regime is not None:
            # The file in memory, which earlier rows have changed.
            case = self._memory.case(case.subject)
            known = self._memory.law(regime)
            is_told = form != "advisory" and (is_last or self._counts[case.subject] <= FEW)
            before = self._grade(case, known) if is_told else None
            # A row is recorded whole or not at all: when the second command is refused, the first is taken back.
            kept = copy.deepcopy(case) if len(commands) > 1 else None
            try:
                for command in commands:
                    self._refuse_told(case, command)
                    if form == "advisory":
                        self._try_apart(command, by)
                    else:
                        self._decide(draft, command, by)
            except CaseError as refused:
                self._refuse(draft, refused)
                if kept is not None:
                    self._memory.cases[case.subject] = kept
            else:
                if before is not None:
                    after = self._grade(case, known, anew=True)
                needs_signature = self._waits(by, case, known, commands, before, after)
        if draft.faults:
            commands, before, after = (), None, None
        files = self._files(draft)
        told = self._told(draft, case, regime, before, after, needs_signature=needs_signature)
        return RowPlan(told, commands, () if draft.faults else files)

    def _files(self, draft: RowDraft) -> tuple[NamedFile, ...]:
        """The files that a row names; one that an earlier row names, too, is told."""
        found: list[NamedFile] = []
        for name in draft.files:
            first = self._named_in.setdefault(file_key(name), draft.number)
            if first != draft.number:
                says = sentence("sheets.row.file_named_again", row=first)
                draft.proposals.append(remark("evidence", "file_named_again", says))
            shown = masked_in(name, draft)
            found.append(NamedFile(name=name, shown="" if shown == name else shown, kind=draft.file_kind))
        return tuple(found)

    def _decide(self, draft: RowDraft, command: Command, by: Principal) -> None:
        """Let a command change the file in memory. Raises ``CaseError``."""
        self._permit(command, by)
        for warning in self._preparation.check_places(command):
            draft.proposals.append(
                RowRemark(column=column_of(warning.pointer), code=warning.code, zh=warning.zh, en=warning.en)
            )
        prepared = self._preparation.prepare(command)
        self._preparation.permit(by, prepared)
        case = self._memory.case(prepared.stream)
        events, _ = self._decisions.decide(case, prepared)
        for event in events:
            self._memory.keep(case, event)

    def _refuse_told(self, case: CaseFile, command: Command) -> None:
        """Raise ``Conflict`` for what is no fact and is told once more, in the sheet or on the file."""
        if not isinstance(command, RecordEnhancement | RecordAdvisory):
            return
        told = (command.subject, command.kind, command.noticed_on, command.document, command.authority)
        on_file = (each.event for each in case.enhancements.values() if not each.retracted)
        is_known = isinstance(command, RecordEnhancement) and any(
            (case.subject, each.kind, each.noticed_on, each.document, each.authority) == told for each in on_file
        )
        if isinstance(command, RecordAdvisory):
            trial = CommandAsked(Principal(""), dry_run=True)
            anew = msgspec.structs.replace(command, id=None)
            is_known = not self._casework.carry_out(anew, trial).events
        if is_known or told in self._told_already:
            raise Conflict("already_told", sentence("sheets.row.already_told"))
        self._told_already.add(told)

    def _try_apart(self, command: Command, by: Principal) -> None:
        """Try what is recorded beside the files. Raises ``CaseError``."""
        self._casework.carry_out(command, CommandAsked(by, dry_run=True))

    def _permit(self, command: Command, by: Principal) -> None:
        """Raise as the wall does, which is asked once about each file."""
        asked = str(command.__struct_config__.tag), getattr(command, "subject", None)
        if self._gate is None or asked in self._permitted or asked[1] is None:
            return
        self._gate.permit(by, command)
        self._permitted.add(asked)

    def _is_one_too_many(self, draft: RowDraft, case: CaseFile) -> bool:
        count = self._counts[case.subject] = self._counts.get(case.subject, 0) + 1
        if count > MOST_OF_ONE:
            draft.fault(None, "too_many_of_one", sentence("sheets.row.too_many_of_one", most=MOST_OF_ONE))
        return count > MOST_OF_ONE

    def _grade(self, case: CaseFile, known: KnownLaw, *, anew: bool = False) -> RowGrade:
        """The running track of a file as it stands in memory."""
        key = case.subject, known.law.regime
        found = None if anew else self._grades.get(key)
        if found is None:
            ranking_place(case, known.law, self._journal, self._position)
            staff = staff_among(self._staff, case, known, self._position)
            running = running_of(assess(case, known.law, self._memory.today(), staff))
            found = RowGrade(score=running.score, grade=running.grade, undetermined=running.undetermined)
            self._grades[key] = found
        return found

    def _waits(
        self,
        by: Principal,
        case: CaseFile,
        known: KnownLaw,
        commands: Sequence[Command],
        before: RowGrade | None,
        after: RowGrade | None,
    ) -> bool:
        """Whether a row would wait for a second person: for what it records, or since it moves the grade so."""
        today = self._memory.today()
        rules = self._rules.at(case.region_on(today))
        if by.role is None:
            return False
        if any(rules.always(command) for command in commands):
            return True
        if before is None or after is None or not rules.downgrades:
            return False
        return known.law.is_better(known.law.method(case.kind, today), before.grade, after.grade)

    def _refuse(self, draft: RowDraft, refused: CaseError) -> None:
        if isinstance(refused, Invalid):
            draft.problems(refused.problems)
        elif refused.code == "already_recorded":
            draft.fault("document", refused.code, sentence("sheets.row.already_recorded"))
        else:
            draft.fault(_COLUMN_OF_REFUSAL.get(refused.code), refused.code, refused.says)

    def _told(
        self,
        draft: RowDraft,
        case: CaseFile | None,
        regime: str | None,
        before: RowGrade | None,
        after: RowGrade | None,
        *,
        needs_signature: bool,
    ) -> PreviewedRow:
        name = draft.name if case is None else case.name_on(None) or draft.name
        uscc = draft.uscc if case is None else case.uscc_on(None) or draft.uscc
        remarks = (*draft.faults, *draft.proposals)
        if draft.person:
            name, uscc = masked_name(draft.person), draft.agency_code or draft.uscc
            remarks = tuple(without_person(found, draft) for found in remarks)
        return PreviewedRow(
            row=draft.number,
            mark="bad" if draft.faults else "proposed" if draft.proposals else "good",
            name=name,
            uscc=uscc,
            document=draft.document,
            subject=None if case is None else case.subject,
            kind=None if case is None else case.kind,
            regime=regime,
            standard_row=draft.fields.get("row"),
            remarks=remarks,
            before=before,
            after=after,
            needs_signature=needs_signature,
        )


def _of_form(form: SheetForm, problem: FieldProblem) -> FieldProblem:
    """A bad field by the column of the form that fills it."""
    column = _KINDS.get(form) if problem.pointer == "/kind" else None
    return problem if column is None else FieldProblem(f"/{column}", problem.code, problem.says)


def _none(count: int) -> Sequence[Command]:
    del count
    return ()
