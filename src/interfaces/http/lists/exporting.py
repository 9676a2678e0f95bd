"""Lists as files for a spreadsheet: the same filters as the list, streamed page by page on the basis of the first."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from application.answering.behind.particulars import Particulars
from application.answering.case_files import case_file
from application.answering.grading import Question
from application.cursors import MOST_LINES
from application.deadlines.worklist import DeadlineLine, WorklistPage, WorklistQuestion
from application.population.population import GradedSubject, PopulationPage, PopulationQuestion
from application.year.rosters import ProgressQuestion, YearOfSubject, YearProgress
from domain.aggregates.casefile import CaseFile
from domain.events.facts import paper_of
from domain.vocabulary import PERSONS
from interfaces.files.tables import MEDIA_TYPES, Cell, Column, SheetFormat, csv_bytes, xlsx_bytes
from interfaces.http.replying import NO_STORE, Reply, Streamed
from interfaces.http.use_cases import UseCases
from interfaces.wording import places, words
from interfaces.wording.punctuation import by_commas, by_semicolons
from interfaces.wording.texts import Language, both, say
from interfaces.wording.words import Lexicon

_WHO: Final = (
    Column("name", both("tables.name")),
    Column("uscc", both("tables.uscc")),
    Column("kind", both("tables.kind")),
    Column("region", both("tables.region")),
    Column("region_name", both("tables.region_name")),
    Column("services", both("tables.services")),
)
_GRADED: Final = (
    Column("grade", both("tables.grade")),
    Column("grade_name", both("tables.grade_name")),
    Column("score", both("tables.score"), "figure"),
    Column("undetermined", both("tables.undetermined")),
    Column("risk", both("tables.risk")),
    Column("colour", both("tables.colour")),
)
_SUBJECT: Final = Column("subject", both("tables.subject"))
_REASONS: Final = (
    Column("rows", both("tables.rows")),
    Column("documents", both("tables.documents")),
)
_DEADLINES: Final = (
    Column("due_on", both("tables.due_on"), "day"),
    Column("working_days_left", both("tables.working_days_left"), "whole"),
    Column("what", both("tables.what")),
    Column("state", both("tables.state")),
    Column("actor", both("tables.actor")),
    Column("name", both("tables.name")),
    Column("region", both("tables.region")),
    Column("region_name", both("tables.region_name")),
    Column("regime", both("tables.regime")),
    Column("year", both("tables.year"), "whole"),
    Column("document", both("tables.document")),
    Column("starts_on", both("tables.starts_on"), "day"),
    Column("done_on", both("tables.done_on"), "day"),
    Column("provisional", both("tables.provisional"), "flag"),
    Column("cites", both("tables.cites")),
    _SUBJECT,
    Column("deadline", both("tables.deadline")),
)


_YEAR: Final = (
    Column("name", both("tables.name")),
    Column("uscc", both("tables.uscc")),
    Column("region", both("tables.region")),
    Column("region_name", both("tables.region_name")),
    Column("stage", both("tables.step")),
    Column("dated_on", both("tables.decided_on"), "day"),
    Column("score", both("tables.score"), "figure"),
    Column("grade", both("tables.grade")),
    Column("grade_name", both("tables.grade_name")),
    Column("undetermined", both("tables.undetermined")),
    Column("behind", both("tables.behind")),
    _SUBJECT,
)


def exported(
    file: SheetFormat, stem: str, columns: Sequence[Column], rows: Iterator[Sequence[Cell]], language: Language
) -> Reply[str]:
    """A table to download."""
    pieces = csv_bytes(columns, rows, language) if file == "csv" else xlsx_bytes(columns, rows, language)
    charset = "; charset=utf-8" if file == "csv" else ""
    named = (b"content-disposition", f'attachment; filename="{stem}.{file}"'.encode())
    return Streamed(pieces, [NO_STORE, named], f"{MEDIA_TYPES[file]}{charset}".encode())


def graded_subjects(
    at: UseCases,
    question: PopulationQuestion,
    file: SheetFormat,
    language: Language,
    min_position: int,
    *,
    with_reasons: bool = False,
) -> Reply[str]:
    """The list by grade; ``with_reasons`` says of each agency which rows count and by which papers. Raises as
    ``Population.page`` does, before anything is sent."""
    question = msgspec.structs.replace(question, limit=MOST_LINES)
    first = at.population.page(question, min_position)
    lexicon = at.law.lexicon_of(first.regime, first.basis.as_of)

    def row(line: GradedSubject, case: CaseFile) -> Sequence[Cell]:
        kind, grade = line.subject.kind, line.grade
        why = None if line.undetermined is None else words.undetermined(line.undetermined, language)
        called = None if grade is None else lexicon.grade(grade, kind, language)
        verdict = (grade, called, line.score, why, line.risk, line.colour)
        reasons = _counted(at, line, question, first, lexicon, language) if with_reasons else ()
        return (*_who(case, first.basis.as_of, language), *verdict, *reasons, line.subject.id)

    def rows() -> Iterator[Sequence[Cell]]:
        page: PopulationPage | None = first
        while page is not None:
            files = at.journal.registrations([s.subject.id for s in page.subjects], until=page.basis.position)
            for line in page.subjects:
                yield row(line, case_file(line.subject.id, files[line.subject.id]))
            page = (
                None
                if page.next is None
                else at.population.page(msgspec.structs.replace(question, cursor=page.next), min_position)
            )

    stem = f"subjects-{first.regime}-{first.basis.as_of}"
    columns = (*_WHO, *_GRADED, *(_REASONS if with_reasons else ()), _SUBJECT)
    return exported(file, stem, columns, rows(), language)


def _counted(
    at: UseCases,
    line: GradedSubject,
    asked: PopulationQuestion,
    page: PopulationPage,
    lexicon: Lexicon,
    language: Language,
) -> Sequence[Cell]:
    """Which rows count for an agency, and the numbers of their papers; what stands on the file of a person is told to
    whoever opens that file."""
    if line.subject.kind in PERSONS:
        return None, None
    question = Question(
        subject=line.subject.id,
        regime=page.regime,
        as_of=page.basis.as_of,
        known_at=asked.known_at,
        position=page.basis.position,
    )
    steps = [step for step in at.grading.explained(question).steps if step.counted]
    behind = (step.particulars for step in steps if isinstance(step.particulars, Particulars))
    papers = (found.document for found in behind if found.subject is None and found.document is not None)
    rows = dict.fromkeys(lexicon.named_row(step.row, language) for step in steps if step.row is not None)
    return by_semicolons(rows, language) or None, by_semicolons(dict.fromkeys(papers), language) or None


def plain_subjects(files: Iterator[CaseFile], as_of: dt.date, file: SheetFormat, language: Language) -> Reply[str]:
    """The list without grades."""
    rows = ((*_who(case, as_of, language), case.subject) for case in files)
    return exported(file, f"subjects-{as_of}", (*_WHO, _SUBJECT), rows, language)


def _who(case: CaseFile, day: dt.date, language: Language) -> Sequence[Cell]:
    region = case.region_on(day)
    services = " ".join(words.service(s, language) for s in sorted(case.services_on(day)))
    kind = words.kind(case.kind or "", language)
    return case.name_on(day), case.uscc_on(day), kind, region, places.place(region, language), services or None


def deadlines(
    at: UseCases, question: WorklistQuestion, file: SheetFormat, language: Language, min_position: int
) -> Reply[str]:
    """The worklist. Raises as ``Worklist.page`` does, before anything is sent."""
    question = msgspec.structs.replace(question, limit=MOST_LINES)
    first = at.worklist.page(question, min_position)

    def rows() -> Iterator[Sequence[Cell]]:
        page: WorklistPage | None = first
        while page is not None:
            brought = at.journal.brought([line.started_by for line in page.lines])
            papers = {id: paper_of(recorded.event) for id, recorded in brought.items()}
            for line in page.lines:
                yield _deadline(line, papers.get(line.started_by), at, language)
            page = (
                None
                if page.cursor is None
                else at.worklist.page(msgspec.structs.replace(question, cursor=page.cursor), min_position)
            )

    return exported(file, f"deadlines-{first.as_of}", _DEADLINES, rows(), language)


def _deadline(line: DeadlineLine, paper: str | None, at: UseCases, language: Language) -> Sequence[Cell]:
    lexicon = at.law.lexicon_of(line.regime, line.starts_on)
    return (
        line.due_on,
        line.working_days_left,
        words.deadline_kind(line.kind, language),
        words.deadline_state(line.state, language),
        lexicon.actor(line.actor, language),
        line.subject.name,
        line.region,
        places.place(line.region, language),
        lexicon.title(language) or line.regime,
        line.year,
        paper,
        line.starts_on,
        line.done_on,
        line.provisional,
        lexicon.cites(line.cites, language) or say("deadlines.internal", language),
        line.subject.id,
        line.id,
    )


def year_of_subjects(at: UseCases, question: ProgressQuestion, file: SheetFormat, language: Language) -> Reply[str]:
    """Where each subject stands in a year. Raises as ``Evaluating.progress`` does, before anything is sent."""
    question = msgspec.structs.replace(question, limit=MOST_LINES)
    first = at.evaluating.progress(question)
    lexicon = at.law.lexicon_of(first.regime, first.as_of)

    def rows() -> Iterator[Sequence[Cell]]:
        page: YearProgress | None = first
        while page is not None:
            files = at.journal.registrations([line.subject for line in page.subjects], until=page.position)
            for line in page.subjects:
                case = case_file(line.subject, files[line.subject])
                yield _year_line(line, case, first, lexicon, language)
            goes_on = msgspec.structs.replace(question, after=page.next, position=first.position, as_of=first.as_of)
            page = None if page.next is None else at.evaluating.progress(goes_on)

    stem = f"year-{first.regime}-{first.year}-{first.as_of}"
    return exported(file, stem, _YEAR, rows(), language)


def _year_line(
    line: YearOfSubject, case: CaseFile, of: YearProgress, lexicon: Lexicon, language: Language
) -> Sequence[Cell]:
    missed = (words.deadline_kind(kind, language) for kind in line.behind)
    return (
        line.name,
        case.uscc_on(of.as_of),
        line.region,
        places.place(line.region, language),
        words.stage(line.stage, language),
        line.dated_on,
        line.score,
        line.grade,
        None if line.grade is None else lexicon.grade(line.grade, of.kind, language),
        None if line.undetermined is None else words.undetermined(line.undetermined, language),
        by_commas(missed, language) or None,
        line.subject,
    )
