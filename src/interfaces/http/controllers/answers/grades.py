"""Grades: with their reasons, over time, compared, and what would change them."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any, Final

import msgspec
from litestar import Controller
from litestar.params import JSONBody
from msgspec import UnsetType

from application.answering.grading import Cause, GradeAnswer, History, Question, known_at_from, quoted, read_token
from application.answering.interpretations import ReadingsAnswer
from application.explaining.counterfactuals import Counterfactuals, Supposing
from application.explaining.differences import Basing, Differing, GradeDifference
from application.explaining.regional import RegionalDiffering, RegionDifference, RegionQuestion
from application.prose import Opened
from domain.errors import CaseError, FieldProblem, Invalid
from domain.time import Instant, iso_utc
from domain.values import BadMoment, Id, Line
from interfaces.http.access.guarding import must_reach
from interfaces.http.asking import uuid_of
from interfaces.http.desk import HandledRequest
from interfaces.http.failing import problem, trouble_in
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, question
from interfaces.http.names import called_in
from interfaces.http.parameters import (
    AsOf,
    BasisToken,
    Chosen,
    ChosenBasis,
    ChosenReadings,
    ComparedTrack,
    FromDay,
    GradeTrack,
    KindGraded,
    KnownAt,
    Later,
    Limit,
    NamedBasis,
    Next,
    Regime,
    RegionCode,
    SubjectId,
    TargetGrade,
    UntilDay,
    first_basis,
    first_moment,
    moment,
    second_basis,
    second_moment,
)
from interfaces.http.problems import Problem, RequestFault, Trouble, bad_request
from interfaces.http.replying import NO_STORE, REVALIDATE, ROOT, Reply, json_with_texts, reply, told_with
from interfaces.http.use_cases import PAGE, UseCases
from interfaces.wording import causes, words
from interfaces.wording import interpretations as reading_words
from interfaces.wording.answers import told as told_answer
from interfaces.wording.texts import Language, both, name
from interfaces.wording.words import Lexicon

MOST_GRADES: Final = 200
"""Most subjects whose grades are asked for at once."""


class Texts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the codes of a grade answer are called, in the reader's language."""

    kind: str
    force: str
    result: str
    grade: str | None = None
    undetermined: str | None = None
    public: str | None = None


class GradePage(GradeAnswer, frozen=True, kw_only=True):
    """A grade answer with what its codes are called in the reader's language."""

    texts: dict[str, str]


class ReadingsPage(ReadingsAnswer, frozen=True, kw_only=True):
    """On which readings a grade hangs, with what the codes are called in the reader's language."""

    texts: dict[str, str]


class DifferencePage(GradeDifference, frozen=True, kw_only=True):
    """Why two answers differ, with what their grades are called in the reader's language."""

    texts: dict[str, str]


class RegionDifferencePage(RegionDifference, frozen=True, kw_only=True):
    """Why the answers of a region differ, with what the grades are called in the reader's language."""

    texts: dict[str, str]


class CounterfactualsPage(Counterfactuals, frozen=True, kw_only=True):
    """What would lead to a grade, with what the grades and the papers are called in the reader's language."""

    texts: dict[str, str]


class ManyGrades(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose grades are asked for: under which regime, of which day, as known when and by which readings, as for one."""

    subjects: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1, max_length=MOST_GRADES)]
    regime: Line | None = None
    as_of: dt.date | None = None
    known_at: Line | None = None
    readings: dict[str, str] = {}


class OneOfMany(msgspec.Struct, frozen=True, kw_only=True):
    """The grade of one of many, or the problem that the question about it alone would have ended in."""

    subject: str
    grade: GradePage | None
    problem: Problem | None


class ManyGradesAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The grades in the order in which they were asked for, all as known at the same moment, up to ``position``."""

    known_at: str
    position: int
    grades: tuple[OneOfMany, ...]


class GradesController(Controller):
    """Grades: with their reasons, over time, compared, and what would change them."""

    tags = ("grades",)

    @question("/subjects/{subject}/grade", *ABOUT_SUBJECT, "undetermined", has_tag=True, is_hot=True, is_plain=True)
    def get_grade(
        self,
        subject: SubjectId,
        regime: Regime = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        basis: BasisToken = None,
        later: Later = False,
        reading: ChosenReadings = (),
        *,
        asked: Asking,
    ) -> Reply[GradePage]:
        """Grade with its reasons."""
        at, language = asked.at, asked.language
        if basis is None:
            question = Question(
                subject=subject,
                regime=at.regime_of(subject, regime),
                as_of=as_of,
                known_at=known_at,
                readings=dict(reading),
            )
            answer = at.grading.explained(question, later=later)
        else:
            must_stand_alone(regime=regime, as_of=as_of, known_at=known_at, reading=reading or None)
            must_be_of(basis, subject)
            answer = at.grading.repeat(basis, explained=True, later=later)
        return told_with(*told_grade(at, answer, language, Opened(at.vault, at.journal.joined_to)), REVALIDATE)

    @question("/grades", "not_yet_there", method="POST", is_long=True)
    def get_grades(self, data: JSONBody[ManyGrades], *, asked: Asking) -> Reply[ManyGradesAnswer]:
        """Many grades at once."""
        at, head = asked.at, asked.at.journal.head()
        try:
            known_at = None if data.known_at is None else known_at_from(data.known_at)
        except BadMoment as bad:
            raise Invalid((FieldProblem("/known_at", "bad_value", bad.says),)) from None
        position = head.position if known_at is None else at.journal.position_at(known_at)
        moment = max(at.clock.now(), head.recorded_at) if known_at is None else known_at
        grades = [_one_of_many(asked, subject, data, moment, position) for subject in dict.fromkeys(data.subjects)]
        return reply({"known_at": iso_utc(moment), "position": position, "grades": grades}, NO_STORE)

    @question("/subjects/{subject}/grade/history", *ABOUT_SUBJECT, "undetermined", is_long=True)
    def get_history(
        self,
        subject: SubjectId,
        regime: Regime = None,
        from_on: FromDay = None,
        until: UntilDay = None,
        known_at: KnownAt = None,
        reading: ChosenReadings = (),
        *,
        asked: Asking,
    ) -> Reply[History]:
        """Grade over time."""
        question = Question(
            subject=subject,
            regime=asked.at.regime_of(subject, regime),
            known_at=known_at,
            readings=dict(reading),
        )
        history = asked.at.grading.history(question, from_on, until)
        return reply(_told_history(history, asked.language, asked.at.law.lexicon_of_answer(history.basis)))

    @question(
        "/subjects/{subject}/grade/diff",
        *ABOUT_SUBJECT,
        "undetermined",
        takes={"first": first_basis, "second": second_basis},
        is_long=True,
    )
    def get_difference(
        self, subject: SubjectId, regime: Regime = None, *, first: ChosenBasis, second: ChosenBasis, asked: Asking
    ) -> Reply[DifferencePage]:
        """Why two answers differ."""
        at = asked.at
        bases = _basing(first), _basing(second)
        wanted = _regime_of_bases(asked, subject, regime, first, second)
        found = Differing(at.journal, at.legislation, at.grading).between(subject, wanted, *bases)
        lexicon = at.law.lexicon_of(wanted)
        grades = [found.first.figures.grade, found.second.figures.grade]
        texts = called_in(grades, found.subject.kind, asked.language, lexicon)
        return told_with(causes.difference(found, asked.language, lexicon), texts, NO_STORE)

    @question(
        "/subjects/{subject}/grade/counterfactuals",
        *ABOUT_SUBJECT,
        "undetermined",
        takes={"moment": moment},
        is_long=True,
    )
    def get_counterfactuals(
        self, subject: SubjectId, target: TargetGrade = None, *, moment: Chosen, asked: Asking
    ) -> Reply[CounterfactualsPage]:
        """What would lead to a grade."""
        at, language = asked.at, asked.language
        if target is None:
            text = both("requests.name_the_target")
            raise bad_request(RequestFault(parameter="target", code="missing", text=text))
        found = Supposing(at.journal, at.grading).towards(target, at.question(subject, moment))
        lexicon = at.law.lexicon_of(found.regime)
        texts = called_in(found.grades, found.subject.kind, language, lexicon)
        texts |= {f"paper:{p.code}": name("evidence.paper", p.code, language) for o in found.openings for p in o.papers}
        return told_with(causes.counterfactuals(found, language, lexicon), texts, NO_STORE)

    @question(
        "/subjects/{subject}/grade/readings",
        *ABOUT_SUBJECT,
        "undetermined",
        has_tag=True,
        takes={"moment": moment},
        is_long=True,
    )
    def get_readings(
        self, subject: SubjectId, track: GradeTrack = "running", *, moment: Chosen, asked: Asking
    ) -> Reply[ReadingsPage]:
        """On which readings the grade hangs."""
        at, language = asked.at, asked.language
        found = at.readings.answer(at.question(subject, moment), track)
        lexicon = at.law.lexicon_of_answer(found.basis)
        texts = reading_words.codes_of(found, language, lexicon)
        return told_with(reading_words.told(found, language, lexicon), texts, REVALIDATE)

    @question(
        "/regions/{region}/grade/diff",
        "not_found",
        "not_yet_there",
        "undetermined",
        takes={"first": first_moment, "second": second_moment},
        is_long=True,
    )
    def get_region_difference(
        self,
        region: RegionCode,
        kind: KindGraded = "agency",
        track: ComparedTrack = "all",
        regime: Regime = None,
        *,
        first: ChosenBasis,
        second: ChosenBasis,
        limit: Limit = PAGE,
        cursor: Next = None,
        asked: Asking,
    ) -> Reply[RegionDifferencePage]:
        """Why the answers of a region differ."""
        at, language = asked.at, asked.language
        wanted = at.law.regime(regime)
        question = RegionQuestion(
            regime=wanted,
            region=region,
            first=_basing(first),
            second=_basing(second),
            kind=kind,
            track=track,
            limit=limit,
            cursor=cursor,
        )
        population = at.population
        found = RegionalDiffering(
            at.journal, at.clock, at.legislation, population.index, population.projection
        ).between(question)
        lexicon = at.law.lexicon_of(wanted)
        grades = [g for move in found.moves for g in (move.first, move.second)]
        texts = called_in(grades, kind, language, lexicon)
        return told_with(causes.region_difference(found, language, lexicon), texts, NO_STORE)


def _one_of_many(
    asked: HandledRequest, subject: str, data: ManyGrades, known_at: Instant, position: int
) -> dict[str, Any]:
    at, language = asked.at, asked.language
    try:
        subject = uuid_of(subject) or subject
        must_reach(asked, subject)
        question = Question(
            subject=subject,
            regime=at.regime_of(subject, data.regime),
            as_of=data.as_of,
            known_at=known_at,
            position=position,
            readings=data.readings,
        )
        answer, texts = told_grade(at, at.grading.explained(question), language, Opened(at.vault, at.journal.joined_to))
    except (CaseError, Trouble) as error:
        told = problem(trouble_in(error, is_write=False), f"{ROOT}/subjects/{subject}/grade", language)
        return {"subject": subject, "grade": None, "problem": msgspec.Raw(told.body)}
    return {"subject": subject, "grade": msgspec.Raw(json_with_texts(answer, texts)), "problem": None}


# --- one basis, and two -----------------------------------------------------------------------------------


def must_stand_alone(**beside: object) -> None:
    """A token says everything. Raises a problem with what was given beside it."""
    given = [name for name, value in beside.items() if value is not None]
    if given:
        text = both("requests.beside_basis")
        raise bad_request(*(RequestFault(parameter=name, code="beside_basis", text=text) for name in given))


def must_be_of(token: str, subject: str) -> None:
    """Raise a problem for a token of another subject's answer."""
    if read_token(token).subject != subject:
        text = both("requests.basis_of_another")
        raise bad_request(RequestFault(parameter="basis", code="other_subject", text=text))


def _regime_of_bases(
    asked: HandledRequest, subject: str, named: str | None, first: NamedBasis, second: NamedBasis
) -> str:
    """The regime named, or that of the first token, or that of the subject."""
    basis = first if first.token is not None else second
    if named is None and basis.token is not None:
        with _undamaged(basis):
            return read_token(basis.token).regime
    return asked.at.regime_of(subject, named)


def _basing(basis: NamedBasis) -> Basing:
    """A basis by its token or by its conditions. Raises a problem for both at once, and for a damaged token."""
    if basis.token is None:
        return Basing(as_of=basis.as_of, known_at=basis.known_at, readings=dict(basis.readings))
    n = basis.number
    beside = {f"as_of_{n}": basis.as_of, f"known_at_{n}": basis.known_at, f"reading_{n}": basis.readings or None}
    must_stand_alone(**beside)
    with _undamaged(basis):
        read_token(basis.token)
    return Basing(token=basis.token)


@contextmanager
def _undamaged(basis: NamedBasis) -> Iterator[None]:
    """Raise a problem when the token of a basis cannot be read."""
    try:
        yield
    except Invalid:
        text = both("answering.grading.bad_token")
        raise bad_request(RequestFault(parameter=f"basis_{basis.number}", code="bad_token", text=text)) from None


# --- words ------------------------------------------------------------------------------------------------


def told_grade(at: UseCases, answer: GradeAnswer, language: Language, opened: Opened) -> tuple[GradeAnswer, Texts]:
    """A grade answer in words, and what its codes are called."""
    lexicon = at.law.lexicon_of_answer(answer.basis)
    answer = quoted(told_answer(answer, language, lexicon, opened), at.legislation)
    return answer, _grade_texts(answer, language, lexicon)


def _grade_texts(answer: GradeAnswer, language: Language, lexicon: Lexicon) -> Texts:
    kind = answer.subject.kind
    running, public = answer.running, answer.public
    why = running.undetermined if isinstance(answer.outside, UnsetType) else answer.outside
    return Texts(
        kind=words.kind(kind, language),
        force=lexicon.force(answer.force, language),
        result=words.result_words(running.score, running.grade, kind, language, lexicon, running.risk).strip(),
        grade=None if running.grade is None else lexicon.grade(running.grade, kind, language),
        undetermined=None if why is None else words.undetermined(why, language),
        public=None if public is None or public.grade is None else lexicon.grade(public.grade, kind, language),
    )


def _told_history(history: History, language: Language, lexicon: Lexicon) -> History:
    def told_cause(cause: Cause) -> Cause:
        return msgspec.structs.replace(cause, because=words.cause(cause, language, lexicon))

    spans = tuple(msgspec.structs.replace(s, causes=tuple(told_cause(c) for c in s.causes)) for s in history.spans)
    change = words.with_next_change(history.next_change, history.subject.kind, language, lexicon)
    return msgspec.structs.replace(history, spans=spans, next_change=change)
