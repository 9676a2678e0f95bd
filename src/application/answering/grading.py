"""Reading: one grade answer with its basis, its history, the timeline of a file, and what a dry run would change.

Everything is computed from the events up to one position of the journal. The core of an answer (codes, numbers,
ids) is the same bytes for the same basis; names and display texts are added outside it.
"""

import copy
import datetime as dt
import hashlib
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final, Literal, NamedTuple, get_args

import msgspec
from msgspec import UNSET, UnsetType

from application.answering.behind.particulars import AnswerFiles, Initial, Particulars
from application.answering.behind.underlying import Underlying, UnderlyingRecords, WarningOutcome
from application.answering.case_files import case_file, no_such_file, with_joined
from application.answering.kept_files import KeptFile, KeptFiles, kept_file
from application.answering.rankings import is_ranked, ranking_place
from application.answering.regime_choice import regime_of, regimes_on_record
from application.answering.results import FromSnapshot, OnceRead, Others, staff_among, staff_files, staff_of
from application.answering.running_track import PastMove, Running, SideOfTrial, past_moves, running_of, touched_from
from application.cache import Remembered
from application.law.legislation import KnownLaw, Legislation
from application.ports import Clock, Journal, Recorded, SealedRecords, Snapshot, known_by
from application.prose import Opened
from application.tokens import packed, unpacked
from domain.aggregates.casefile import CaseEvent, CaseFile, evolve
from domain.errors import FieldProblem, Invalid, NotFound, NotYetKnown
from domain.events.joining import FilesJoined
from domain.events.results import Result
from domain.grading.method import assess, turning_days, why_outside
from domain.grading.staff import StaffFact, staff_facts
from domain.grading.step import Assessment, OutsideReason
from domain.grading.tracks.annual import YearLine, annual_track, days_of_change
from domain.grading.tracks.measures import ban_of, measures_on
from domain.grading.tracks.register import public_track
from domain.law.official import OfficialWording, first_quote, row_quote
from domain.law.regime import Adopted, Force, RegimeLaw
from domain.procedures.deadlines import Deadline, DeadlineState, deadlines_of
from domain.sentence import sentence
from domain.time import Instant, end_of_day, iso_utc, legal_day
from domain.values import EARLIEST, LATEST, moment_from
from domain.vocabulary import PERSONS

_ONE_DAY: Final = dt.timedelta(days=1)
_OF_WARNINGS: Final = frozenset(get_args(WarningOutcome))


class RulebookBasis(msgspec.Struct, frozen=True, kw_only=True):
    """An edition the answer rests on: its id, the digest of its text, and the readings applied to it."""

    id: str
    digest: str
    readings: dict[str, str]


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an answer rests on. ``position`` is the last event used; ``token`` repeats the answer."""

    as_of: dt.date
    known_at: str
    position: int
    rulebooks: tuple[RulebookBasis, ...]
    calendar_digest: str
    engine: str
    token: str = ""


def basis_of(known: KnownLaw, law: RegimeLaw, as_of: dt.date, known_at: Instant, position: int, engine: str) -> Basis:
    """What an answer rests on that a law gave of what was known up to a position, without a token."""
    return Basis(
        as_of=as_of,
        known_at=iso_utc(known_at),
        position=position,
        rulebooks=tuple(
            RulebookBasis(id=a.edition.id, digest=a.digest, readings=law.chosen_in(a.edition)) for a in known.rulebooks
        ),
        calendar_digest=known.calendar_digest,
        engine=engine,
    )


class SubjectRef(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The subject of an answer. An agency's name stands beside the core; a practitioner's only on the profile."""

    id: str
    kind: str
    name: str | None = None


class AnnualStage(msgspec.Struct, frozen=True, kw_only=True):
    """The latest recorded stage of an evaluation year on the day asked about, and the latest result given for it.

    ``given_by`` is the record that gave the result: a stage, or the repair that revised it. ``late`` names facts of
    the year recorded after its publication, ``undone`` facts the published result rests on that no longer stand. Where
    a late fact reopens the year by itself (I-28 ``automatic``) nobody gave the result: ``given_by`` is ``None``, and
    ``published_score`` and ``published_grade`` tell what was published. ``risk`` and ``colour`` stand beside a grade
    that has them.
    """

    year: int
    stage: str
    dated_on: dt.date
    record: str
    score: str | None = None
    grade: str | None = None
    undetermined: str | None = None
    given_by: str | None = None
    late: tuple[str, ...] = ()
    undone: tuple[str, ...] = ()
    published_score: str | None = None
    published_grade: str | None = None
    risk: str | UnsetType = UNSET
    colour: str | UnsetType = UNSET


class PublicGrade(msgspec.Struct, frozen=True, kw_only=True):
    """What the public register shows: the grade, since when, by which publication, repair or adjustment.

    ``outside_scope_since`` annotates the last public grade of an agency suspected of a crime. ``risk`` and ``colour``
    are there under a regime that has them.
    """

    grade: str | None
    since: dt.date
    record: str
    year: int
    status: Literal["published", "adjusted"]
    outside_scope_since: dt.date | None = None
    risk: str | UnsetType | None = UNSET
    colour: str | UnsetType | None = UNSET


class ApplicableMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that applies on the day, since when and by which record; without a legal basis it is not executable.

    ``what`` and ``legal_basis`` are in the language of the answer. Beside the core stand the last day and the fields of
    a ban.
    """

    cites: tuple[str, ...]
    what: str | None
    since: dt.date
    record: str
    legal_basis: str | None
    executable: bool
    until_on: dt.date | UnsetType = UNSET
    fields: tuple[str, ...] | UnsetType = UNSET


class StepLine(msgspec.Struct, frozen=True, kw_only=True, rename={"sources": "from"}):
    """One line of the reasoning as it is answered; see ``domain.grading.step.Step``.

    ``recorded_at`` of the line of a ranking is ``1970-01-01T00:00:00.000000Z``: a ranking is recorded in the stream of
    its cohort and not on the file, and these bytes are part of every answer given before and of its token. ``again`` is
    the reason why the decision was recorded once more (as it is stored: sealed on a person's file). ``quote`` is the
    official wording of its article, where a bureau has put that on record; ``particulars`` are the paper, the
    authority, the matter and the days behind it, ``papers`` those of each record a derived line comes from,
    ``rests_on`` the earlier records on which it rests besides: a warning, a challenge, a reminder. Like ``because``
    they stand beside the core of an answer.
    """

    fact: str | None
    sources: tuple[str, ...]
    row: str | None
    cites: tuple[str, ...]
    readings: tuple[str, ...]
    effective_on: dt.date | None
    ends_on: dt.date | None
    recorded_at: str
    effect: str
    score: str | None
    counted: bool
    reason: str | None
    provisional: bool
    again: str | UnsetType = UNSET
    because: str | None = None
    quote: str | UnsetType = UNSET
    particulars: Particulars | UnsetType = UNSET
    papers: tuple[Particulars, ...] | UnsetType = UNSET
    rests_on: tuple[Underlying, ...] | UnsetType = UNSET

    @property
    def counts_from(self) -> dt.date | None:
        """The legal day from which it counts without a break: that of its effect, or the first one on which no warning
        held it back any more."""
        held = [each.from_on for each in self.rests_on or () if each.code in _OF_WARNINGS and each.from_on is not None]
        return max([self.effective_on, *held]) if self.effective_on is not None else None


Track = Literal["running", "annual", "public"]
"""One of the three tracks of an answer."""


class NextChange(msgspec.Struct, frozen=True, kw_only=True):
    """The next day on which a track of the answer changes by what is on record now.

    ``tracks`` are those that change on it. ``score`` and ``grade`` are those of the running track from that day on,
    ``facts`` what makes it change; both stand where ``tracks`` names another one alone, too.
    """

    on: dt.date
    score: str | None
    grade: str | None
    facts: tuple[str, ...]
    tracks: tuple[Track, ...] = ("running",)
    because: str | None = None


class CityLine(msgspec.Struct, frozen=True, kw_only=True):
    """The result of one league or city under the reading that gives each its own (I-13)."""

    city: str
    score: str | None
    grade: str | None


class Repeated(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a token: whether the bytes are the same, and the engine that gave the first answer."""

    same: bool
    engine: str


class GradeAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The grade of one subject under one regime on one day, as known at one moment, with every reason.

    Beside the core stand ``initial``, the score with which the lines begin, ``later``, the number of lines left out
    because what they are about came after the day asked about, ``outside``, why a subject outside the evaluation is,
    and ``headline``, all three tracks in one sentence.
    """

    subject: SubjectRef
    regime: str
    basis: Basis
    force: Force
    running: Running
    annual: tuple[AnnualStage, ...]
    public: PublicGrade | None
    steps: tuple[StepLine, ...]
    measures: tuple[ApplicableMeasure, ...]
    unencoded: tuple[str, ...]
    next_change: NextChange | None
    cities: tuple[CityLine, ...] = ()
    repeated: Repeated | None = None
    initial: Initial | UnsetType = UNSET
    later: int | UnsetType = UNSET
    headline: str | UnsetType = UNSET
    outside: OutsideReason | UnsetType = UNSET


class Cause(msgspec.Struct, frozen=True, kw_only=True):
    """A fact that began or ceased to count when a span began; ``reason`` says why it ceased."""

    fact: str | None
    sources: tuple[str, ...] = msgspec.field(name="from", default=())
    row: str | None
    change: Literal["counts", "ceases"]
    reason: str | None
    cites: tuple[str, ...]
    because: str | None = None


class GradePeriod(msgspec.Struct, frozen=True, kw_only=True):
    """The grade from ``from_on`` up to and including ``until_on`` (``None``: as far as is known); ``outside`` says why
    a subject outside the evaluation was."""

    from_on: dt.date
    until_on: dt.date | None
    force: Force
    score: str | None
    grade: str | None
    undetermined: str | None
    causes: tuple[Cause, ...]
    outside: OutsideReason | UnsetType = UNSET


class History(msgspec.Struct, frozen=True, kw_only=True):
    """The grade as a step function of time, as known at one moment; ``next_change`` is that of the day asked about, by
    what is on record, whatever the spans shown."""

    subject: SubjectRef
    regime: str
    basis: Basis
    spans: tuple[GradePeriod, ...]
    next_change: NextChange | None = None


class Side(msgspec.Struct, frozen=True, kw_only=True):
    """One side of a trial: the running track and its next change."""

    running: Running
    next_change: NextChange | None


class EmployerImpact(msgspec.Struct, frozen=True, kw_only=True):
    """What a practitioner's record would do to the running track of an agency that employs the person: of today, and of
    days that are over."""

    before: Running
    after: Running
    past: tuple[PastMove, ...] = ()


class RegimeImpact(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial would change under one regime on the day ``as_of``; ``before`` is absent for a new file. ``past``
    are the days before it whose grade would be another one."""

    as_of: dt.date
    before: Side | None
    after: Side | None
    employers: dict[str, EmployerImpact] = {}
    past: tuple[PastMove, ...] = ()


class DeadlineSide(msgspec.Struct, frozen=True, kw_only=True):
    """How a deadline stands on one side of a trial; ``due_on`` is ``None`` while it is suspended without an end."""

    due_on: dt.date | None
    provisional: bool
    state: DeadlineState
    done_on: dt.date | None


DeadlineMove = Literal["added", "removed", "met", "skipped", "reopened", "moved", "changed"]
"""What a command would do to a deadline; ``skipped`` is one that a later step ends without its being met."""


class DeadlineChange(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline that a trial would touch; ``id`` is that of the record it starts with, a colon and its ``kind``.

    ``added`` and ``removed``: it is there on one side only. ``met``: what is tried out does what was due, in time or
    late (``after.state`` tells). ``reopened``: what was done no longer is. ``moved``: its last day is another one or
    becomes certain. ``changed``: it stands otherwise.
    """

    id: str
    regime: str
    kind: str
    year: int | None
    cites: tuple[str, ...]
    change: DeadlineMove
    before: DeadlineSide | None
    after: DeadlineSide | None


class PublicationSide(msgspec.Struct, frozen=True, kw_only=True):
    """The annual and the public track on one side of a trial."""

    annual: tuple[AnnualStage, ...]
    public: PublicGrade | None


class PublicationChange(msgspec.Struct, frozen=True, kw_only=True):
    """What a trial would change in the annual and the public track of a regime; ``before`` is absent for a new file."""

    regime: str
    before: PublicationSide | None
    after: PublicationSide


class Impact(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of a dry run: the running track per regime, the deadlines it touches, and what moves in the annual
    and the public track. What stays as it is is not listed."""

    regimes: dict[str, RegimeImpact]
    deadlines: tuple[DeadlineChange, ...] = ()
    publications: tuple[PublicationChange, ...] = ()


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: ``known_at`` absent means now, ``as_of`` absent means today, ``position`` narrows further."""

    subject: str
    regime: str
    as_of: dt.date | None = None
    known_at: Instant | None = None
    position: int | None = None
    readings: Mapping[str, str] = {}


class _Token(msgspec.Struct, frozen=True, array_like=True):
    """What a token carries; ``digest`` is of the core answer."""

    subject: str
    regime: str
    as_of: dt.date
    known_at: Instant
    position: int
    readings: dict[str, str]
    engine: str
    digest: str


class Read(msgspec.Struct, frozen=True):
    """What was read for a question: the file, its law, its staff, and up to where."""

    case: CaseFile
    known: KnownLaw
    staff: tuple[StaffFact, ...]
    as_of: dt.date
    known_at: Instant
    position: int


class OpenedFile(NamedTuple):
    """A file as read for a question, before any law is looked at; ``others`` gives the files of its employees, each
    read once, ``held`` has what was worked out of it for others, where it is held in memory, ``records`` are those of
    persons, where they were read along with it."""

    case: CaseFile
    as_of: dt.date
    known_at: Instant
    snapshot: Snapshot
    others: Others
    held: KeptFile | None = None
    records: SealedRecords | None = None

    def held_under(self, law: RegimeLaw) -> KeptFile | None:
        """What is held of the file, where what follows under a law hangs on nothing but the files that were read
        together: not on rankings, nor on staff that was not read with it."""
        looks_at_staff = any(adopted.edition.staff for adopted in law.adopted)
        is_whole = isinstance(self.others, FromSnapshot) or not looks_at_staff
        return self.held if is_whole and not is_ranked(law) else None

    def held_under_each(self, laws: tuple[KnownLaw, ...], regimes: Collection[str]) -> KeptFile | None:
        """The same for several regimes at once, of all the law that is known."""
        held = self.held
        if held is None:
            return None

        def work() -> bool:
            return all(self.held_under(known.law) is not None for known in laws if known.law.regime in regimes)

        return held if held.once(("apart", frozenset(regimes)), laws, work) else None


def _nobody(case: CaseFile) -> Collection[str]:
    del case
    return ()


class _Explained(NamedTuple):
    """An answer as it was explained, by which law, and its core as it is digested, before its basis and after it."""

    law: RegimeLaw
    rulebooks: tuple[Adopted, ...]
    answer: GradeAnswer
    before: bytes
    after: bytes


class Grading:
    """The use case of reading grades. Safe to share between threads."""

    def __init__(self, journal: Journal, clock: Clock, legislation: Legislation, engine: str) -> None:
        """``engine`` names the version of the code with its digest; it is part of every basis."""
        self._journal = journal
        self._clock = clock
        self._legislation = legislation
        self._engine = engine
        self._kept = KeptFiles()

    @property
    def engine(self) -> str:
        """The version of the code that answers."""
        return self._engine

    # --- one answer ---------------------------------------------------------------------------------------

    def grade(self, question: Question) -> GradeAnswer:
        """The grade with its reasons. Raises ``NotFound`` for the subject or regime, ``Invalid`` for readings."""
        return self.answer(question, self.read(question))

    def answer(self, question: Question, read: Read) -> GradeAnswer:
        """The grade with its reasons from what was read for the question."""
        return self._answered(question, read)[0]

    def answer_token(self, question: Question, read: Read, assessment: Assessment) -> str:
        """The token that repeats the answer to a question that was read and assessed already."""
        return self._token(question, read, msgspec.json.encode(self._core(question, read, assessment)))

    def _answered(self, question: Question, read: Read) -> tuple[GradeAnswer, bytes]:
        """The grade with its reasons, and its core as it is digested."""
        assessment = assess(read.case, read.known.law, read.as_of, read.staff)
        core = self._core(question, read, assessment)
        body = msgspec.json.encode(core)
        answer = msgspec.structs.replace(
            core,
            subject=msgspec.structs.replace(core.subject, name=read.case.name_on(read.as_of)),
            basis=msgspec.structs.replace(core.basis, token=self._token(question, read, body)),
            outside=_outside_on(read, assessment, read.as_of),
        )
        return answer, body

    def explained(self, question: Question, *, later: bool = False) -> GradeAnswer:
        """The grade with what stands behind every line; of what came after the day asked about only with ``later``.

        Raises as ``grade`` does.
        """
        opened = self.open_held(question)
        return self.explained_from(question, self.under(question.regime, question, opened), opened, later=later)

    def explained_from(self, question: Question, read: Read, opened: OpenedFile, *, later: bool = False) -> GradeAnswer:
        """The same from a file that was opened and read for the question.

        Of a file that is held the same reasons are given again, with the basis of this question: nothing else hangs on
        it, but for places in a ranking.
        """
        held = opened.held_under(read.known.law)
        key = ("answer", read.known.law.regime, tuple(sorted(question.readings.items())), read.as_of, later)
        found = None if held is None else held.worked_out.get(key)
        if isinstance(found, _Explained) and found.law is read.known.law and found.rulebooks is read.known.rulebooks:
            basis = self.basis(read)
            token = self._token(question, read, found.before + msgspec.json.encode(basis) + found.after)
            _GIVEN_AGAIN.keep(id(found.answer.steps), found.answer.steps)
            return msgspec.structs.replace(found.answer, basis=msgspec.structs.replace(basis, token=token))
        files = AnswerFiles(
            read.case,
            with_joined(opened.snapshot.rows),
            lambda: staff_files(opened.others, read.case, read.known, read.position),
            read.known.law,
            read.as_of,
        )
        answer, body = self._answered(question, read)
        rows = with_joined(opened.snapshot.rows)
        underlying = UnderlyingRecords(read.case, rows, read.known.law, read.as_of, answer.steps)
        explained = _explained(answer, files, underlying, later=later)
        explained = msgspec.structs.replace(explained, measures=with_bans(explained.measures, read))
        if held is not None:
            before, _, after = body.partition(msgspec.json.encode(self.basis(read)))
            held.worked_out.keep(key, _Explained(read.known.law, read.known.rulebooks, explained, before, after))
        return explained

    def repeat(self, token: str, *, explained: bool = False, later: bool = False) -> GradeAnswer:
        """The answer of an earlier basis again, and whether its bytes are the same.

        Raises ``Invalid`` for a token that is damaged, or rests on events or an edition that are not here, ``NotFound``
        for the subject.
        """
        question = self.question_of(token)
        with edition_known(question):
            answer = self.explained(question, later=later) if explained else self.grade(question)
        return self.compared(answer, token)

    def question_of(self, token: str) -> Question:
        """What was asked when a token was given. Raises ``Invalid`` for one that is damaged, or of another journal."""
        parts = read_token(token)
        if parts.position > self._journal.head().position:
            raise other_journal()
        return Question(
            subject=parts.subject,
            regime=parts.regime,
            as_of=parts.as_of,
            known_at=parts.known_at,
            position=parts.position,
            readings=parts.readings,
        )

    def compared(self, answer: GradeAnswer, token: str) -> GradeAnswer:
        """The answer with what became of the token it was asked by, where that is not simply the same again."""
        parts = read_token(token)
        same = read_token(answer.basis.token).digest == parts.digest
        if same and parts.engine == self._engine:
            return answer
        return msgspec.structs.replace(answer, repeated=Repeated(same=same, engine=parts.engine))

    def running(self, question: Question) -> Assessment:
        """The bare assessment, for those who need no basis."""
        read = self.read(question)
        return assess(read.case, read.known.law, read.as_of, read.staff)

    def history(self, question: Question, from_on: dt.date | None = None, until_on: dt.date | None = None) -> History:
        """The grade over time. Without ``from_on`` it begins where the file's first reason lies."""
        return self.history_of(question, self.read(question), from_on, until_on)

    def history_of(
        self, question: Question, read: Read, from_on: dt.date | None = None, until_on: dt.date | None = None
    ) -> History:
        """The same of a file that was read for the question."""
        law = read.known.law
        days = [d for d in turning_days(read.case, law, read.staff) if until_on is None or d <= until_on]
        start = from_on or (days[0] - _ONE_DAY if days else read.as_of)
        if until_on is not None and until_on < start:
            raise Invalid(
                (FieldProblem("/until", "dates_out_of_order", sentence("answering.grading.dates_out_of_order")),)
            )
        points = [start, *(d for d in days if d > start)]
        spans: list[GradePeriod] = []
        before: Assessment | None = None
        for day in points:
            now = assess(read.case, law, day, read.staff)
            outside = _outside_on(read, now, day)
            if before is None or _differs(before, now) or outside != spans[-1].outside:
                if spans:
                    spans[-1] = msgspec.structs.replace(spans[-1], until_on=day - _ONE_DAY)
                spans.append(_span(day, until_on, before, now, outside))
            before = now
        return History(
            subject=SubjectRef(id=read.case.subject, kind=read.case.kind or "", name=read.case.name_on(read.as_of)),
            regime=question.regime,
            basis=self.basis(read),
            spans=tuple(spans),
            next_change=next_change_of(read, assess(read.case, law, read.as_of, read.staff)),
        )

    def regime_of(self, subject: str) -> str | None:
        """The regime that a question about a subject means when it names none; ``None`` when that is not clear.

        Raises ``NotFound`` for an unknown subject.
        """
        regimes = self._legislation.regimes()
        if len(regimes) == 1:
            return regimes[0]
        case = self._journal.file(subject)
        if case.joined_into is not None:
            # What was known before the joining is asked about as ever.
            rows = self._journal.stream(subject)
            case = case_file(subject, rows[: next(n for n, r in enumerate(rows) if r.event == case.joined_into)])
        if case.kind is None:
            raise no_such_file(case)
        return self.regime_of_file(case)

    def regime_of_file(self, case: CaseFile, law_position: int | None = None) -> str | None:
        """The regime that a question about a file means when it names none; ``None`` when that is not clear. The law is
        read no further when it was read up to ``law_position``."""
        return regime_of(case, self._legislation.regions(law_position))

    def regions_of(self, read: Read) -> tuple[str, ...]:
        """The beginnings of the codes of the regions in which the regime of what was read applies, as known by then."""
        return self._legislation.regions(read.position).get(read.known.law.regime, ())

    # --- reading ------------------------------------------------------------------------------------------

    def read(self, question: Question) -> Read:
        """The file a question is about, with its law. Raises ``NotFound`` for the subject or regime, ``NotYetKnown``
        for what was not on record at the moment asked about, ``Invalid`` for readings."""
        return self.under(question.regime, question, self.open_file(question))

    def read_each(self, question: Question) -> Iterator[Read]:
        """The same file under every regime of which an edition was known; the regime of the question does not matter.

        The file is read once. Raises ``NotFound`` for the subject.
        """
        opened = self.open_file(question)
        for regime in self._legislation.regimes(opened.known_at):
            yield self.under(regime, question, opened)

    def open_file(self, question: Question, *, with_staff: bool | None = None) -> OpenedFile:
        """The file of a question up to its basis, in one look; ``under`` reads it under the law of a regime.

        ``with_staff``: with the files of its staff; unless said, where the regime of the question looks at them.
        """
        now = self._clock.now()
        snapshot = self._journal.snapshot(
            question.subject,
            known_at=question.known_at,
            position=question.position,
            with_staff=self._looks_at_staff(question) if with_staff is None else with_staff,
        )
        return self._opened_in(snapshot, question, now)

    def read_within(self, question: Question, later: OpenedFile) -> Read:
        """The same as ``read`` for a question about an earlier basis than that for which its file was opened: what was
        known then is among what was read. Raises as ``read`` does."""
        snapshot, known_at, position = later.snapshot, question.known_at, question.position
        is_joined = any(isinstance(row.event, FilesJoined) for row in snapshot.rows)
        if is_joined or (position is None and known_at is None):
            return self.read(question)
        if position is None and known_at is not None:
            position = self._journal.position_at(known_at)
        if position is None or position > snapshot.position:
            return self.read(question)
        law = known_by(self._legislation.refresh(snapshot.law_position), position)
        then = snapshot.up_to(position, law[-1].position if law else 0)
        return self.under(question.regime, question, self._opened_in(then, question, self._clock.now()))

    def _opened_in(self, snapshot: Snapshot, question: Question, now: Instant) -> OpenedFile:
        case = case_file(question.subject, snapshot.rows)
        if case.joined_into is not None:
            raise no_such_file(case)
        if case.kind is None:
            raise self._no_file(question.subject)
        staff = snapshot.staff
        others = OnceRead(self._journal, {}) if staff is None else FromSnapshot(snapshot, staff)
        return _opened(question, now, case, snapshot, others)

    def open_held(
        self,
        question: Question,
        *,
        with_staff: bool | None = None,
        persons_of: Callable[[CaseFile], Collection[str]] = _nobody,
    ) -> OpenedFile:
        """The same for whoever changes nothing of the file: as it is held in memory, where the journal says that
        nothing was added to it, or to the files of its staff, up to the basis. The look that says so brings the records
        of persons along, where it can."""
        now = self._clock.now()
        with_staff = self._looks_at_staff(question) if with_staff is None else with_staff
        held = self._kept.get(question.subject, with_staff=with_staff)
        if held is not None:
            case = held.case
            named = held.told(persons_of, lambda: tuple(persons_of(case)))
            found = self._journal.standing(
                (question.subject, *held.persons),
                known_at=question.known_at,
                position=question.position,
                persons=named,
            )
            if held.stands(found):
                snapshot = held.snapshot._replace(position=found.position, law_position=found.law_position)
                others = held.others.at(snapshot) if held.others else OnceRead(self._journal, {})
                # Its places in rankings are those of this question.
                opened = _opened(question, now, copy.copy(held.case), snapshot, others, held)
                return opened._replace(records=found.records)
        opened = self.open_file(question, with_staff=with_staff)
        if question.known_at is not None or question.position is not None:
            # What is asked about the past is no sign that it will be again.
            return opened
        if held is None and not self._kept.is_asked_again(question.subject, with_staff=with_staff):
            return opened
        held = kept_file(opened.case, opened.snapshot, opened.others)
        self._kept.keep(held, with_staff=with_staff)
        return opened._replace(case=copy.copy(opened.case), held=held)

    def _looks_at_staff(self, question: Question) -> bool:
        return self._legislation.looks_at_staff(question.regime)

    def _no_file(self, subject: str) -> NotFound:
        """What is said of a subject of whom nothing was on record at the moment asked about."""
        case = self._journal.file(subject)
        if not case.instants:
            return NotFound("subject", subject)
        first = iso_utc(case.instants[0])
        return NotYetKnown(
            "subject",
            subject,
            sentence("answering.grading.not_yet_known", subject=subject, first=first),
        )

    def under(self, regime: str, question: Question, opened: OpenedFile) -> Read:
        """What is read for a question about an opened file under a regime. Raises as ``read`` does."""
        case, snapshot = opened.case, opened.snapshot
        known = self._legislation.at(
            regime,
            known_at=opened.known_at,
            position=snapshot.position,
            law_position=snapshot.law_position,
            readings=question.readings,
        )
        known = known.seen_on(opened.as_of)
        staff = staff_among(opened.others, case, known, snapshot.position)
        ranking_place(case, known.law, self._journal, snapshot.position)
        return Read(case, known, staff, opened.as_of, opened.known_at, snapshot.position)

    def _staff(self, case: CaseFile, known: KnownLaw, position: int) -> tuple[StaffFact, ...]:
        return staff_of(self._journal, case, known, position)

    # --- putting the answer together ----------------------------------------------------------------------

    def _core(self, question: Question, read: Read, assessment: Assessment) -> GradeAnswer:
        case = read.case
        return GradeAnswer(
            subject=SubjectRef(id=case.subject, kind=case.kind or ""),
            regime=question.regime,
            basis=self.basis(read),
            force=assessment.force,
            running=running_of(assessment),
            annual=annual_of(read),
            public=public_of(read),
            steps=_step_lines(assessment, read.case),
            measures=measures_of(read),
            unencoded=_unencoded(read.known.rulebooks),
            next_change=next_change_of(read, assessment),
            cities=tuple(CityLine(city=c.city, score=c.score, grade=c.grade) for c in assessment.cities),
        )

    def basis(self, read: Read) -> Basis:
        """What an answer about a file rests on, without a token."""
        known = read.known
        return basis_of(known, known.law, read.as_of, read.known_at, read.position, self._engine)

    def _token(self, question: Question, read: Read, core: bytes) -> str:
        token = _Token(
            subject=read.case.subject,
            regime=question.regime,
            as_of=read.as_of,
            known_at=read.known_at,
            position=read.position,
            readings=dict(question.readings),
            engine=self._engine,
            digest=hashlib.sha256(core).hexdigest(),
        )
        body = msgspec.json.encode(token)
        return packed(zlib.crc32(body).to_bytes(4, "big") + body)

    # --- dry runs -----------------------------------------------------------------------------------------

    def impact(self, case: CaseFile, told: Sequence[Recorded], events: Sequence[CaseEvent]) -> Impact:
        """What ``events`` would change today, per regime, for the subject and for a practitioner's employers."""
        now = self._clock.now()
        after = case_file(case.subject, told)
        for event in events:
            evolve(after, event, now)
        head = self._journal.head()
        moment = max(now, head.recorded_at)
        as_of = legal_day(now)
        regimes: dict[str, RegimeImpact] = {}
        deadlines: list[DeadlineChange] = []
        publications: list[PublicationChange] = []
        for regime in self._legislation.regimes(moment):
            known = self._legislation.at(regime, known_at=moment, position=head.position)
            for side in (case, after):
                ranking_place(side, known.law, self._journal, head.position)
            before, then = (
                Read(side, known, self._staff(side, known, head.position), as_of, moment, head.position)
                for side in (case, after)
            )
            from_on = touched_from(case, after, events, known.law)
            past = past_moves(
                SideOfTrial(case, before.staff), SideOfTrial(after, then.staff), known.law, from_on, as_of
            )
            employers = self._employers(case, after, known, as_of, from_on, head.position)
            regimes[regime] = RegimeImpact(
                as_of=as_of, before=_side(before), after=_side(then), employers=employers, past=tuple(past)
            )
            deadlines += _deadline_changes(before, then)
            publications += _publication_changes(before, then)
        return Impact(regimes=regimes, deadlines=tuple(deadlines), publications=tuple(publications))

    def effect(self, subject: str, since: int, until: int) -> dict[str, tuple[Running | None, Running | None]]:
        """The running track of today at two positions of the journal, under every regime on the file's record at the
        second; ``None`` where the subject was not registered at the first."""
        case = case_file(subject, self._journal.stream(subject, until=until))
        regimes = regimes_on_record(case) if case.kind is not None else ()
        return {
            regime: (self._running_at(subject, regime, since), self._running_at(subject, regime, until))
            for regime in sorted(regimes)
        }

    def _running_at(self, subject: str, regime: str, position: int) -> Running | None:
        try:
            return running_of(self.running(Question(subject=subject, regime=regime, position=position)))
        except NotFound:
            return None

    def _employers(
        self,
        before: CaseFile,
        after: CaseFile,
        known: KnownLaw,
        as_of: dt.date,
        from_on: dt.date | None,
        position: int,
    ) -> dict[str, EmployerImpact]:
        """The agencies whose running track a practitioner's file would move (three-staff row), today or from a day on
        that is over."""
        if after.kind != "practitioner":
            return {}
        moved = {}
        for employer in self._journal.employers_of(after.subject, until=position):
            agency = case_file(employer, self._journal.stream(employer, until=position))
            others = [f for f in self._staff(agency, known, position) if f.practitioner != after.subject]
            side, other = (SideOfTrial(agency, (*others, *staff_facts(p, known.law))) for p in (before, after))
            was, now = (running_of(assess(agency, known.law, as_of, one.staff)) for one in (side, other))
            past = tuple(past_moves(side, other, known.law, from_on, as_of))
            if was != now or past:
                moved[employer] = EmployerImpact(before=was, after=now, past=past)
        return moved


# --- what a trial changes ---------------------------------------------------------------------------------------


def _side(read: Read) -> Side | None:
    if read.case.kind is None:
        return None
    result = assess(read.case, read.known.law, read.as_of, read.staff)
    return Side(running=running_of(result), next_change=next_change_of(read, result))


def _deadline_changes(before: Read, after: Read) -> Iterator[DeadlineChange]:
    """Every deadline that is not the same on both sides, in the order of their starts."""
    was = {d.id: d for d in deadlines_of(before.case, before.known.law)}
    now = {d.id: d for d in deadlines_of(after.case, after.known.law)}
    for id in dict.fromkeys((*now, *was)):
        one, other = was.get(id), now.get(id)
        sides = (_deadline_side(one, before.as_of), _deadline_side(other, after.as_of))
        either = other or one
        if sides[0] != sides[1] and either is not None:
            yield DeadlineChange(
                id=id,
                regime=either.regime,
                kind=either.kind,
                year=either.year,
                cites=either.cites,
                change=_kind_of_change(*sides),
                before=sides[0],
                after=sides[1],
            )


def _deadline_side(deadline: Deadline | None, day: dt.date) -> DeadlineSide | None:
    if deadline is None:
        return None
    return DeadlineSide(
        due_on=deadline.due_on,
        provisional=deadline.provisional,
        state=deadline.state_on(day),
        done_on=deadline.done_on,
    )


def _kind_of_change(before: DeadlineSide | None, after: DeadlineSide | None) -> DeadlineMove:
    if before is None or after is None:
        return "added" if before is None else "removed"
    if (before.done_on is None) != (after.done_on is None):
        if after.done_on is None:
            return "reopened"
        return "skipped" if after.state == "skipped" else "met"
    moved = (before.due_on, before.provisional) != (after.due_on, after.provisional)
    return "moved" if moved else "changed"


def _publication_changes(before: Read, after: Read) -> Iterator[PublicationChange]:
    was = None if before.case.kind is None else PublicationSide(annual=annual_of(before), public=public_of(before))
    now = PublicationSide(annual=annual_of(after), public=public_of(after))
    if now != (was or PublicationSide(annual=(), public=None)):
        yield PublicationChange(regime=after.known.law.regime, before=was, after=now)


def core_digest(answer: GradeAnswer) -> str:
    """The digest (hex SHA-256) of the core of an answer, as its token bears it."""
    return hashlib.sha256(core_bytes(answer)).hexdigest()


def core_bytes(answer: GradeAnswer) -> bytes:
    """The core of an answer as bytes."""
    return msgspec.json.encode(core_of(answer))


def core_of(answer: GradeAnswer) -> GradeAnswer:
    """The core of an answer: without names, display texts, token and the note of repetition."""
    bare_step = {"because": None, "quote": UNSET, "particulars": UNSET, "papers": UNSET, "rests_on": UNSET}
    bare_measure = {"what": None, "legal_basis": None, "until_on": UNSET, "fields": UNSET}
    steps = tuple(msgspec.structs.replace(s, **bare_step) for s in answer.steps)
    change = answer.next_change
    return msgspec.structs.replace(
        answer,
        subject=msgspec.structs.replace(answer.subject, name=None),
        basis=msgspec.structs.replace(answer.basis, token=""),
        steps=steps,
        measures=tuple(msgspec.structs.replace(m, **bare_measure) for m in answer.measures),
        next_change=None if change is None else msgspec.structs.replace(change, because=None),
        repeated=None,
        initial=UNSET,
        later=UNSET,
        headline=UNSET,
        outside=UNSET,
    )


def read_token(token: str) -> _Token:
    """The parts of a basis token. Raises ``Invalid`` when it is mangled."""
    try:
        raw = unpacked(token)
        if zlib.crc32(raw[4:]).to_bytes(4, "big") != raw[:4]:
            raise ValueError("checksum")
        found = msgspec.json.decode(raw[4:], type=_Token)
        if not _is_sane(found):
            raise ValueError("bounds")
    except (ValueError, msgspec.DecodeError):
        raise Invalid(
            (
                FieldProblem(
                    "/basis",
                    "bad_token",
                    sentence("answering.grading.bad_token"),
                ),
            )
        ) from None
    return found


_MOST_READINGS: Final = 100
_LONGEST_NAME: Final = 80


def _is_sane(token: _Token) -> bool:
    """Whether a token can have been issued: its checksum is no secret, so anybody can make one."""
    return (
        EARLIEST <= token.as_of <= LATEST
        and end_of_day(EARLIEST) <= token.known_at <= end_of_day(LATEST)
        and 0 <= token.position < 2**62
        and len(token.readings) <= _MOST_READINGS
        and all(
            0 < len(name) <= _LONGEST_NAME and name.isprintable()
            for name in (token.subject, token.regime, *token.readings, *token.readings.values())
        )
    )


def other_journal() -> Invalid:
    """What is said of a token whose answer this journal cannot give."""
    problem = FieldProblem(
        "/basis",
        "other_journal",
        sentence("answering.grading.other_journal"),
    )
    return Invalid((problem,))


@contextmanager
def edition_known(question: Question) -> Iterator[None]:
    """Raise ``Invalid`` where an edition or a reading of a token's question is not on record."""
    try:
        yield
    except (NotFound, Invalid) as error:
        if isinstance(error, NotFound) and error.what == "subject":
            raise
        raise _edition_unknown(question.regime, question.readings) from error


def _edition_unknown(regime: str, readings: Mapping[str, str]) -> Invalid:
    """What is said of a token that rests on an edition, or on readings of one, that the journal did not know then."""
    chosen = [f"{id}:{value}" for id, value in sorted(readings.items())]
    under = sentence("answering.grading.with_readings", readings=chosen) if chosen else ""
    says = sentence("answering.grading.edition_unknown", regime=regime, under=under)
    return Invalid((FieldProblem("/basis", "edition_unknown", says),))


_GIVEN_AGAIN: Final[Remembered[int, tuple[StepLine, ...]]] = Remembered(256)


def is_given_again(answer: GradeAnswer) -> bool:
    """Whether the lines of an answer are those of one that was given before: what is made of them is worth keeping."""
    return _GIVEN_AGAIN.get(id(answer.steps)) is answer.steps


def _opened(
    question: Question, now: Instant, case: CaseFile, snapshot: Snapshot, others: Others, held: KeptFile | None = None
) -> OpenedFile:
    known_at = question.known_at
    if known_at is None:
        # A clock that was set back must not hide what it has just recorded.
        known_at = max(now, snapshot.rows[-1].recorded_at)
    as_of = question.as_of if question.as_of is not None else legal_day(now)
    return OpenedFile(case, as_of, known_at, snapshot, others, held)


def _outside_on(read: Read, assessment: Assessment, day: dt.date) -> OutsideReason | UnsetType:
    """Why a subject that was found outside the evaluation on a day was."""
    if assessment.undetermined != "outside_scope":
        return UNSET
    return why_outside(read.case, read.known.law, day) or UNSET


def quoted(answer: GradeAnswer, legislation: Legislation) -> GradeAnswer:
    """The answer with the official wording of its row or article beside each step, as far as it is on record."""
    ids = [r.id for r in reversed(answer.basis.rulebooks)]
    wordings = legislation.wordings(ids)
    if not wordings:
        return answer
    rows = legislation.annex_rows(ids)
    steps = (msgspec.structs.replace(step, quote=_quote(step, wordings, rows) or UNSET) for step in answer.steps)
    return msgspec.structs.replace(answer, steps=tuple(steps))


def _quote(step: StepLine, wordings: Sequence[OfficialWording], rows: Mapping[str, tuple[str, int]]) -> str | None:
    """What is quoted beside a line: of points the row of the annex that fixes them, else the most exact article."""
    place = rows.get(step.row or "")
    fixes_points = step.effect.lstrip("+-")[:1].isdigit()
    quote = row_quote(wordings, *place) if place is not None and fixes_points else None
    return quote or first_quote(wordings, step.cites)


def _explained(answer: GradeAnswer, files: AnswerFiles, underlying: UnderlyingRecords, *, later: bool) -> GradeAnswer:
    """The answer with what stands behind its lines, and without those about what came after its day."""
    steps = []
    for step in answer.steps:
        found = None if step.fact is None else files.of(step.fact)
        papers = tuple([p for source in step.sources if (p := files.of(source)) is not None])
        if not later and _is_later(found, papers, answer.basis.as_of):
            continue
        steps.append(
            msgspec.structs.replace(
                step,
                particulars=UNSET if found is None else files.ended(found, step.reason, step.ends_on),
                papers=papers or UNSET,
                rests_on=underlying.of(step) or UNSET,
            )
        )
    initial = files.initial(answer.running.score, answer.running.deducted)
    return msgspec.structs.replace(
        answer,
        steps=tuple(steps),
        initial=UNSET if initial is None else initial,
        later=len(answer.steps) - len(steps) or UNSET,
    )


def with_bans(measures: Iterable[ApplicableMeasure], read: Read) -> tuple[ApplicableMeasure, ...]:
    """The measures, those that are bans with their last day and their fields."""
    told = []
    for line in measures:
        ban = ban_of(read.case, read.known.law, read.as_of, cites=line.cites, since=line.since, record=line.record)
        ended = (
            line if ban is None else msgspec.structs.replace(line, until_on=ban.until_on, fields=ban.fields or UNSET)
        )
        told.append(ended)
    return tuple(told)


def _is_later(found: Particulars | None, papers: Sequence[Particulars], day: dt.date) -> bool:
    """Whether everything a line is about came after a day."""
    if found is not None:
        return _comes_after(found, day)
    return bool(papers) and all(_comes_after(paper, day) for paper in papers)


def _comes_after(found: Particulars, day: dt.date) -> bool:
    first = _first_of(found)
    return first is not None and first > day


def _first_of(found: Particulars) -> dt.date | None:
    """The day on which a paper came into the world: of its decision, its verification or its act."""
    return found.decided_on or found.verified_on or found.occurred_on


def known_at_from(text: str) -> Instant:
    """The moment as known at which is asked: a bare day means its end. Raises ``BadMoment``."""
    return moment_from(text, "end")


def _step_lines(assessment: Assessment, case: CaseFile) -> tuple[StepLine, ...]:
    facts = case.facts
    return tuple(
        [
            StepLine(
                fact=s.fact,
                sources=s.sources,
                row=s.row,
                cites=s.cites,
                readings=s.readings,
                effective_on=s.effective_on,
                ends_on=s.ends_on,
                recorded_at=iso_utc(s.recorded_at),
                effect=s.effect,
                score=s.score,
                counted=s.counted,
                reason=s.reason,
                provisional=s.provisional,
                again=UNSET if s.fact is None or s.fact not in facts else facts[s.fact].record.again_reason or UNSET,
            )
            for s in assessment.steps
        ]
    )


def with_reasons_told(answer: GradeAnswer, opened: Opened) -> GradeAnswer:
    """The answer with the reasons for which something was recorded again made readable.

    On a person's file they stay sealed: the file's own timeline tells them.
    """
    if answer.subject.kind in PERSONS:
        return answer
    steps = tuple(
        step
        if isinstance(step.again, UnsetType)
        else msgspec.structs.replace(step, again=opened.told(answer.subject.id, step.again))
        for step in answer.steps
    )
    return msgspec.structs.replace(answer, steps=steps)


def annual_of(read: Read) -> tuple[AnnualStage, ...]:
    """The annual track as it is answered: the latest step and result of every evaluation year."""
    lines = annual_track(read.case, read.known.law, read.as_of, read.staff)
    return tuple(_annual_stage(line) for line in lines)


def _annual_stage(line: YearLine) -> AnnualStage:
    given: Result | Assessment | None = line.reopened or line.result
    published = line.result if line.reopened is not None else None
    return AnnualStage(
        year=line.year,
        stage=line.stage,
        dated_on=line.dated_on,
        record=line.record,
        score=None if given is None else given.score,
        grade=None if given is None else given.grade,
        undetermined=None if given is None else given.undetermined,
        given_by=line.given_by if line.reopened is None else None,
        late=line.late,
        undone=line.undone,
        published_score=None if published is None else published.score,
        published_grade=None if published is None else published.grade,
        risk=UNSET if given is None or given.risk is None else given.risk,
        colour=UNSET if given is None or given.colour is None else given.colour,
    )


def public_of(read: Read) -> PublicGrade | None:
    """The public track as it is answered."""
    shown = public_track(read.case, read.known.law, read.as_of, read.staff)
    return None if shown is None else PublicGrade(**{f: getattr(shown, f) for f in PublicGrade.__struct_fields__})


def measures_of(read: Read) -> tuple[ApplicableMeasure, ...]:
    """The measures by their codes; what they are is said at the edge, in the language asked for."""
    return tuple(
        ApplicableMeasure(
            cites=line.cites,
            what=None,
            since=line.since,
            record=line.record,
            legal_basis=None,
            executable=line.executable,
        )
        for line in measures_on(read.case, read.known.law, read.as_of, read.staff)
    )


def _unencoded(rulebooks: Sequence[Adopted]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(u.cites for a in rulebooks for u in a.edition.unencoded))


def next_change_of(read: Read, now: Assessment) -> NextChange | None:
    """The next day on which a track of a file changes by what is on record, after the one it was read for."""
    law = read.known.law
    shown: tuple[object, object] | None = None
    for day in days_of_change(read.case, law, read.staff, after=read.as_of):
        then = assess(read.case, law, day, read.staff)
        tracks: list[Track] = ["running"] if _differs(now, then) or now.cities != then.cities else []
        if read.case.stages:
            shown = shown or (annual_of(read), public_of(read))
            later = msgspec.structs.replace(read, as_of=day)
            tracks += ["annual"] if annual_of(later) != shown[0] else []
            tracks += ["public"] if public_of(later) != shown[1] else []
        if tracks:
            facts = tuple(c.fact or "+".join(c.sources) for c in causes_between(now, then))
            return NextChange(on=day, score=then.score, grade=then.grade, facts=facts, tracks=tuple(tracks))
    return None


def _differs(one: Assessment, other: Assessment) -> bool:
    return (one.score, one.grade, one.risk, one.undetermined, one.force) != (
        other.score,
        other.grade,
        other.risk,
        other.undetermined,
        other.force,
    )


def _span(
    day: dt.date,
    until_on: dt.date | None,
    before: Assessment | None,
    now: Assessment,
    outside: OutsideReason | UnsetType,
) -> GradePeriod:
    return GradePeriod(
        from_on=day,
        until_on=until_on,
        force=now.force,
        score=now.score,
        grade=now.grade,
        undetermined=now.undetermined,
        causes=() if before is None else causes_between(before, now),
        outside=outside,
    )


def causes_between(before: Assessment, now: Assessment) -> tuple[Cause, ...]:
    """The steps that count on one side only, in the order of the reasoning."""
    earlier = {(s.fact, s.sources, s.row): s for s in before.steps}
    causes = []
    for step in now.steps:
        known = earlier.get((step.fact, step.sources, step.row))
        if step.counted != (known is not None and known.counted):
            causes.append(
                Cause(
                    fact=step.fact,
                    sources=step.sources,
                    row=step.row,
                    change="counts" if step.counted else "ceases",
                    reason=step.reason,
                    cites=step.cites,
                )
            )
    return tuple(causes)
