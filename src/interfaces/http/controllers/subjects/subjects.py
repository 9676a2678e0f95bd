"""Subjects: registered, changed, listed, and how their files read."""

import datetime as dt
from collections.abc import Sequence
from typing import Final, cast

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.answering.grading import Basis
from application.answering.timeline import RecordedMoments, Timeline, TimelineEntry
from application.cache import LastingLines
from application.cursors import MOST_LINES
from application.population.filters import FILTERS, conditions, is_meant, registered_on, wants
from application.population.index import IndexState
from application.population.population import PopulationCounts, PopulationQuestion
from application.ports import Recorded
from application.recording.outcomes import Outcome
from domain.law.regime import Force
from domain.procedures.evaluation import RetractRecord
from domain.procedures.registration import (
    ChangeSubject,
    JoinFiles,
    RecordEmployment,
    RegisterAgency,
    RegisterClient,
    RegisterExpert,
    RegisterPractitioner,
)
from domain.vocabulary import SubjectKind, Text
from interfaces.files.tables import SHEETS
from interfaces.http.access.guarding import is_asked_by_itself
from interfaces.http.controllers.subjects.profiles import ListedSubject, case_of, listed_subject
from interfaces.http.desk import HandledRequest
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, Writing, command, question
from interfaces.http.lists import exporting
from interfaces.http.names import of_grades
from interfaces.http.pages import cursor_for, page_of, registered
from interfaces.http.parameters import (
    AgencyId,
    AsOf,
    InOrder,
    InSort,
    KnownAt,
    Limit,
    LimitEvents,
    Next,
    OfGrade,
    RecordId,
    Regime,
    SheetFile,
    SubjectId,
    WhoIsMeant,
    WithReasons,
    WithTotal,
    narrowing,
)
from interfaces.http.problems import RequestFault, bad_request
from interfaces.http.replying import NO_STORE, REVALIDATE, Reply, reply, told_with
from interfaces.http.use_cases import PAGE, UseCases
from interfaces.wording import words
from interfaces.wording.texts import Language, both


class SubjectList(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page of subjects; ``next`` is the cursor of the following page, absent on the last one.

    All pages of one list show the journal as it stood at ``position``. A page may hold fewer than ``limit``. A list by
    grade also tells what it rests on, how far its index is kept, and what its codes are called, and where it was asked
    for how many there are in ``total``.
    """

    subjects: tuple[ListedSubject, ...]
    as_of: dt.date
    position: int
    next: str | None
    regime: str | None = None
    basis: Basis | None = None
    force: Force | None = None
    index: IndexState | None = None
    total: int | None = None
    texts: dict[str, str] = {}


class CountsAnswer(PopulationCounts, frozen=True, kw_only=True):
    """Counts by grade with what their codes are called in the reader's language."""

    texts: dict[str, str]


_ABOUT_MANY: Final = ("not_found", "not_yet_there", "undetermined", "unavailable")


class SubjectsController(Controller):
    """Subjects: registered, changed, listed, and how their files read."""

    tags = ("subjects",)

    @command("/subjects")
    def register(
        self,
        data: JSONBody[RegisterAgency | RegisterPractitioner | RegisterExpert | RegisterClient],
        *,
        recording: Writing,
    ) -> Reply[Outcome]:
        """Register a subject."""
        return recording.submit(data)

    @command("/subjects/{subject}/changes")
    def change_subject(
        self, subject: SubjectId, data: JSONBody[ChangeSubject], *, recording: Writing
    ) -> Reply[Outcome]:
        """Change a registration."""
        return recording.submit(data)

    @command("/subjects/{agency}/staff")
    def record_employment(
        self, agency: AgencyId, data: JSONBody[RecordEmployment], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record an employment."""
        return recording.submit(data)

    @command("/subjects/{subject}/joins")
    def join_files(self, subject: SubjectId, data: JSONBody[JoinFiles], *, recording: Writing) -> Reply[Outcome]:
        """Join two files."""
        return recording.submit(data)

    @command("/records/{record}/retraction")
    def retract_record(self, record: RecordId, data: JSONBody[RetractRecord], *, recording: Writing) -> Reply[Outcome]:
        """Retract a record."""
        return recording.submit(data)

    @question("/subjects", *_ABOUT_MANY, takes={"narrowing": narrowing}, has_tag=True)
    def get_subjects(
        self,
        narrowing: WhoIsMeant,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        limit: Limit = PAGE,
        cursor: Next = None,
        total: WithTotal = False,
        sort: InSort = None,
        *,
        asked: Asking,
        grade: OfGrade = None,
        regime: Regime = None,
    ) -> Reply[SubjectList]:
        """List subjects."""
        narrowing = msgspec.structs.replace(narrowing, grade=grade)
        if wants(narrowing, "verdict") or regime is not None:
            wanted = PopulationQuestion(
                regime=asked.at.law.regime(regime),
                as_of=as_of,
                known_at=known_at,
                sort=sort or "name",
                limit=limit,
                cursor=cursor,
                **conditions(narrowing),
            )
            return _graded(asked, wanted, is_counted=total)
        _must_be_by_grade("total", both("requests.total_by_grade"), is_given=total)
        _must_be_by_grade("sort", both("requests.sort_by_grade"), is_given=sort is not None)
        plain = [wanted for name, wanted in conditions(narrowing).items() if FILTERS[name].of != "verdict"]
        filters = [*plain, known_at, as_of]
        goes_on = cursor_for(asked.at, cursor, filters, known_at=known_at, as_of=as_of)

        def line(subject: str, rows: Sequence[Recorded]) -> ListedSubject | None:
            case = case_of(subject, rows)
            if not is_meant(narrowing, registered_on(case, goes_on.as_of)):
                return None
            return listed_subject(case, goes_on.as_of)

        kind = cast("SubjectKind | None", narrowing.kind)
        found, after = page_of(asked.at.journal, goes_on, line, kind=kind, q=narrowing.q, limit=limit)
        page = SubjectList(subjects=tuple(found), as_of=goes_on.as_of, position=goes_on.position, next=after)
        return reply(page, REVALIDATE)

    @question("/subjects/export", *_ABOUT_MANY, takes={"narrowing": narrowing}, files=tuple(SHEETS.values()))
    def export_subjects(
        self,
        narrowing: WhoIsMeant,
        file: SheetFile = "csv",
        as_of: AsOf = None,
        known_at: KnownAt = None,
        sort: InSort = None,
        *,
        asked: Asking,
        grade: OfGrade = None,
        regime: Regime = None,
        reasons: WithReasons = False,
    ) -> Reply[str]:
        """List of subjects as a file."""
        at, language = asked.at, asked.language
        narrowing = msgspec.structs.replace(narrowing, grade=grade)
        if wants(narrowing, "verdict") or regime is not None:
            wanted = PopulationQuestion(
                regime=at.law.regime(regime),
                as_of=as_of,
                known_at=known_at,
                sort=sort or "name",
                limit=MOST_LINES,
                **conditions(narrowing),
            )
            least = asked.min_position or 0
            return exporting.graded_subjects(at, wanted, file, language, least, with_reasons=reasons)
        _must_be_by_grade("sort", both("requests.sort_by_grade"), is_given=sort is not None)
        begun = cursor_for(at, None, [], known_at=known_at, as_of=as_of)
        kind = cast("SubjectKind | None", narrowing.kind)
        files = registered(at.journal, begun.position, kind=kind, q=narrowing.q)
        meant = (case for case in files if is_meant(narrowing, registered_on(case, begun.as_of)))
        return exporting.plain_subjects(meant, begun.as_of, file, language)

    @question("/subjects/counts", *_ABOUT_MANY, takes={"narrowing": narrowing}, has_tag=True)
    def get_subject_counts(
        self,
        narrowing: WhoIsMeant,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        *,
        asked: Asking,
        regime: Regime = None,
    ) -> Reply[CountsAnswer]:
        """Counts by grade."""
        wanted = PopulationQuestion(
            regime=asked.at.law.regime(regime),
            as_of=as_of,
            known_at=known_at,
            sort="name",
            limit=PAGE,
            **conditions(narrowing),
        )
        found = asked.at.population.counts(wanted, asked.min_position or 0)
        codes = ((line.kind, line.grade, line.undetermined) for line in found.counts)
        lexicon = asked.at.law.lexicon_of(found.regime, found.basis.as_of)
        return told_with(found, of_grades(codes, found.force, asked.language, lexicon), REVALIDATE)

    @question("/subjects/{subject}/timeline", *ABOUT_SUBJECT, is_long=True)
    def get_timeline(
        self,
        subject: SubjectId,
        order: InOrder = "legal",
        known_at: KnownAt = None,
        limit: LimitEvents = None,
        cursor: Next = None,
        *,
        asked: Asking,
    ) -> Reply[Timeline]:
        """Timeline of a file."""
        lines = limit or (None if cursor is None else PAGE)
        found = asked.at.timelines.read(subject, order, known_at, limit=lines, cursor=cursor)
        return reply(told_timeline(asked.at, found, asked.language), NO_STORE)

    @question("/subjects/{subject}/moments", *ABOUT_SUBJECT)
    def get_moments(self, subject: SubjectId, *, asked: Asking) -> Reply[RecordedMoments]:
        """When something was recorded on a file."""
        return reply(asked.at.timelines.moments(subject, is_own=is_asked_by_itself(asked)), NO_STORE)


def _must_be_by_grade(parameter: str, text: Text, *, is_given: bool) -> None:
    """Raise a problem for what the list without grades does not know: it stands in order of ids, and is not counted."""
    if is_given:
        raise bad_request(RequestFault(parameter=parameter, code="needs_regime", text=text))


def told_timeline(at: UseCases, timeline: Timeline, language: Language) -> Timeline:
    """A timeline with the titles of its lines."""
    lines, known = timeline.entries, at.legislation.known()
    entries: tuple[TimelineEntry, ...]
    if isinstance(lines, LastingLines):
        # Their words are those of the law, which is another tuple when anything comes to it.
        entries = lines.under(("titled", language), known, lambda: LastingLines(_titled(at, lines, language)))
    else:
        entries = _titled(at, lines, language)
    return msgspec.structs.replace(timeline, entries=entries)


def _titled(at: UseCases, lines: Sequence[TimelineEntry], language: Language) -> tuple[TimelineEntry, ...]:
    found = [at.law.lexicon_of(entry.regime or "", entry.happened_on) for entry in lines]
    titles = [words.entry_title(e.type, e.content, language, known) for e, known in zip(lines, found, strict=True)]
    return tuple([msgspec.structs.replace(e, title=t) for e, t in zip(lines, titles, strict=True)])


def _graded(asked: HandledRequest, wanted: PopulationQuestion, *, is_counted: bool) -> Reply[SubjectList]:
    """A page of the list by grade."""
    total = asked.at.population.number(wanted, asked.min_position or 0) if is_counted else None
    page = asked.at.population.page(wanted, asked.min_position or 0)
    found = tuple(
        ListedSubject(
            id=line.subject.id,
            kind=line.subject.kind,
            name=line.subject.name,
            region=line.region,
            services=line.services,
            grade=line.grade,
            score=line.score,
            undetermined=line.undetermined,
            risk=line.risk,
            colour=line.colour,
        )
        for line in page.subjects
    )
    codes = ((line.subject.kind, line.grade, line.undetermined) for line in page.subjects)
    lexicon = asked.at.law.lexicon_of(page.regime, page.basis.as_of)
    answer = SubjectList(
        subjects=found,
        as_of=page.basis.as_of,
        position=page.basis.position,
        next=page.next,
        regime=page.regime,
        basis=page.basis,
        force=page.force,
        index=page.index,
        total=total,
        texts=of_grades(codes, page.force, asked.language, lexicon),
    )
    return reply(answer, REVALIDATE)
