"""The questions over HTTP. Display texts and names are put around the core of an answer, never into it."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from application.answering.grading import Basis, Cause, GradeAnswer, Grading, History, Question, quoted, read_token
from application.answering.interpretations import Readings
from application.answering.overview import RegimeLine, overview
from application.answering.proceedings import DeadlineOfYear, Proceedings, ReadingProceedings
from application.answering.public_register import Register, RegisterEntry
from application.answering.rechecking import ReceiptAnswer, Rechecking
from application.answering.timeline import Entry, Timelines
from application.cursors import opened, sealed
from application.deadlines.worklist import DeadlineLine, Worklist, WorklistQuestion
from application.law.legislation import Legislation
from application.population.index import IndexState
from application.population.population import Population, PopulationQuestion
from application.ports import Clock, Journal, Recorded, Vault
from application.prose import Opened
from application.recording.advisories import Advising
from application.recording.cohorts import sample_of
from application.recording.lawmaking import Enactment, OnRecord, compared, edition_on_record, editions_on_record
from application.year.evaluation import Evaluating
from application.year.rosters import ProgressQuestion, YearProgress
from domain.errors import NotFound
from domain.events.lawbook import CalendarAdopted, RulebookAdopted
from domain.law.diff import Change
from domain.law.edition import (
    DeadlineRule,
    Edition,
    Erratum,
    Measure,
    Reading,
    Row,
    StageRule,
    Transition,
    Unencoded,
    Words,
)
from domain.law.regime import Force
from domain.time import CalendarYear, Instant, iso_utc, legal_day
from domain.vocabulary import SubjectKind, Text
from interfaces.http.asking import Asked, BadValue, path_id, uuid_of, whole
from interfaces.http.controllers.profiles import Listed, RegimePage, case_of, listed, profile_of
from interfaces.http.problems import Fault, Trouble, bad_request
from interfaces.http.replying import Reply
from interfaces.standbys import Standing
from interfaces.wording import interpretations as reading_words
from interfaces.wording import words
from interfaces.wording.answers import told as told_answer
from interfaces.wording.findings import Finding, Findings
from interfaces.wording.lexicons import Lexicons
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

_ENCODE: Final = msgspec.json.Encoder().encode
_replace = msgspec.structs.replace
Line = TypeVar("Line", Listed, RegisterEntry)
_NO_STORE: Final = (b"cache-control", b"no-store")
_REVALIDATE: Final = (b"cache-control", b"private, no-cache")

PAGE: Final = 50
"""Subjects on a page of the list when nothing is said."""

LOOKED_AT: Final = 1000
"""Most files that one page of the list looks at for a filter; the next page goes on from there."""


class Texts(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the codes of a grade answer are called, in the reader's language."""

    kind: str
    force: str
    result: str
    grade: str | None = None
    undetermined: str | None = None
    public: str | None = None


class SubjectList(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A page of subjects; ``next`` is the cursor of the following page, absent on the last one.

    All pages of one list show the journal as it stood at ``position``. A page may hold fewer than ``limit``. A list by
    grade also tells what it rests on, how far its index is kept, and what its codes are called.
    """

    subjects: tuple[Listed, ...]
    as_of: dt.date
    position: int
    next: str | None
    regime: str | None = None
    basis: Basis | None = None
    force: Force | None = None
    index: IndexState | None = None
    texts: dict[str, str] = {}


class RegisterList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the public register on the day ``as_of``; ``next`` is the cursor of the following page.

    All pages of one list show the journal as it stood at ``position``. A page may hold fewer than ``limit``.
    """

    agencies: tuple[RegisterEntry, ...]
    regime: str
    as_of: dt.date
    position: int
    next: str | None


class RulebookLine(msgspec.Struct, frozen=True, kw_only=True):
    """An edition on record, with the number of its rows and of the ambiguities it answers.

    ``force`` is that of today. ``life`` tells when and by whom it was adopted, corrected, repealed, and its official
    wording loaded; ``quotes`` whether there is one.
    """

    id: str
    regime: str
    status: str
    title: Words
    digest: str
    published_on: dt.date | None
    in_force_on: dt.date | None
    until_on: dt.date | None
    force: Force
    quotes: bool
    life: tuple[Enactment, ...]
    rows: int
    readings: int


class RulebookPage(msgspec.Struct, frozen=True, kw_only=True):
    """An edition taken apart: rows, readings, steps of the year, deadlines, measures, errata, what it leaves out."""

    id: str
    regime: str
    status: str
    title: Words
    digest: str
    published_on: dt.date | None
    in_force_on: dt.date | None
    until_on: dt.date | None
    force: Force
    quotes: bool
    life: tuple[Enactment, ...]
    parent: str | None
    rows: tuple[Row, ...]
    readings: tuple[Reading, ...]
    stages: tuple[StageRule, ...]
    deadlines: tuple[DeadlineRule, ...]
    measures: tuple[Measure, ...]
    transitions: tuple[Transition, ...]
    errata: tuple[Erratum, ...]
    unencoded: tuple[Unencoded, ...]


class RulebookDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two editions on record, from the first (``rulebook``) to the second (``other``)."""

    rulebook: str
    other: str = msgspec.field(name="with")
    changes: tuple[Change, ...]


class CalendarLine(msgspec.Struct, frozen=True, kw_only=True):
    """The working-day calendar of a year in the newest paper on record."""

    year: int
    paper: str
    published_on: dt.date
    version: int
    rest_days: tuple[dt.date, ...]
    working_days: tuple[dt.date, ...]


class JournalHead(msgspec.Struct, frozen=True, kw_only=True):
    """The end of the journal: its highest position and when that was recorded (``None`` when empty)."""

    position: int
    recorded_at: str | None


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """The server answers and reaches its journal, which ends at ``position``; how its standbys stand beside it.

    ``status`` is ``degraded`` while something is out of order, which ``findings`` says: questions are answered all the
    same.
    """

    status: Literal["ok", "degraded"]
    position: int
    standbys: tuple[Standing, ...] = ()
    findings: tuple[Finding, ...] = ()


class _Cursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a list goes on: after which subject, at which position, for which filters."""

    after: str
    position: int
    as_of: dt.date
    filters: str


class Law:
    """Editions by the digest of their text, parsed once."""

    def __init__(self, legislation: Legislation) -> None:
        self._legislation = legislation
        self._lexicons = Lexicons(legislation)

    def lexicon_of_answer(self, basis: Basis) -> Lexicon:
        """The words of the editions an answer rests on; that of its day wins."""
        return self._lexicons.of_answer(basis)

    def lexicon(self, digests: Sequence[str], day: dt.date | None = None) -> Lexicon:
        """The words of the editions an answer rests on, by the digests of their texts; that of the day wins."""
        return self._lexicons.of_digests(digests, day)

    def title(self, digest: str, language: Language) -> str:
        """What the edition with a digest is called."""
        events = (r.event for r in self._legislation.refresh(0))
        event = next(e for e in events if isinstance(e, RulebookAdopted) and e.digest == digest)
        title = self.edition(event).title
        return title.zh if language == "zh" else title.en

    def region(self, regime: str) -> str:
        """The code of the region for which a regime is made. Raises ``NotFound`` for a regime nobody knows."""
        events = [r.event for r in self._legislation.refresh() if isinstance(r.event, RulebookAdopted)]
        made = [e for e in events if e.regime == regime]
        if not made:
            raise NotFound("regime", regime[:80])
        return self.edition(made[-1]).regions[0].ljust(6, "0")

    def lexicon_of(self, regime: str, day: dt.date | None = None) -> Lexicon:
        """The words of all editions of a regime; that of the day wins, else the newest."""
        return self._lexicons.of_regime(regime, day)

    def edition(self, event: RulebookAdopted) -> Edition:
        """The edition that an adoption carries."""
        return self._legislation.parsed(event)

    def regime(self, named: str | None) -> str:
        """The regime asked for, or the only one on record. Raises a problem when that is not clear."""
        if named is not None:
            return named
        events = self._legislation.refresh(0) or self._legislation.refresh()
        regimes = sorted({r.event.regime for r in events if isinstance(r.event, RulebookAdopted)})
        if len(regimes) == 1:
            return regimes[0]
        text = Text(f"须指明评价制度：{'、'.join(regimes)}。", f"name the regime: {', '.join(regimes)}.")
        raise bad_request(Fault(parameter="regime", code="missing", text=text))


class Reader:
    """Answers every question."""

    def __init__(
        self,
        grading: Grading,
        timelines: Timelines,
        evaluating: Evaluating,
        rechecking: Rechecking,
        advising: Advising,
        worklist: Worklist,
        population: Population,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        legislation: Legislation,
        standings: Callable[[int], tuple[Standing, ...]],
        findings: Findings,
    ) -> None:
        """``standings`` tells how standbys stand beside a primary whose journal ends at a position, ``findings`` what
        is out of order."""
        self._standings = standings
        self._findings = findings
        self._grading = grading
        self._timelines = timelines
        self._evaluating = evaluating
        self._rechecking = rechecking
        self._advising = advising
        self._worklist = worklist
        self._population = population
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._legislation = legislation
        self._law = Law(legislation)
        self._proceedings = ReadingProceedings(grading, vault)
        self._register = Register(journal, clock, legislation)
        self._readings = Readings(journal, legislation, grading)

    # --- grades -------------------------------------------------------------------------------------------

    def grade(self, asked: Asked) -> Reply:
        """The grade with its reasons; with ``basis`` the answer of an earlier basis again."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        basis = asked.query.get("basis")
        if basis is None:
            answer = self._grading.explained(self._question(asked, subject), later=asked.query.get("later", False))
        else:
            answer = self._repeat(asked, subject)
        answer = quoted(answer, self._legislation)
        tag = _tag(answer, asked.language)
        headers = [(b"etag", tag), _REVALIDATE]
        if tag in [t.strip() for t in asked.headers.get(b"if-none-match", b"").split(b",")]:
            return Reply(304, b"", headers)
        lexicon = self._law.lexicon_of_answer(answer.basis)
        answer = told_answer(answer, asked.language, lexicon, Opened(self._vault))
        return Reply(200, _grade_body(answer, asked.language, lexicon), headers)

    def _repeat(self, asked: Asked, subject: str) -> GradeAnswer:
        token = asked.query["basis"]
        others = [n for n in asked.query if n not in ("basis", "min_position", "later")]
        if others:
            text = Text("basis 已包含一切，不能再与其他条件并用。", "a basis says everything; give nothing beside it.")
            raise bad_request(*(Fault(parameter=n, code="beside_basis", text=text) for n in others))
        parts = read_token(token)
        if parts.subject != subject:
            text = Text("该依据不属于此主体。", "this basis is not of this subject.")
            raise bad_request(Fault(parameter="basis", code="other_subject", text=text))
        return self._grading.repeat(token, explained=True, later=asked.query.get("later", False))

    def history(self, asked: Asked) -> Reply:
        """The grade as a step function of time."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        query = asked.query
        history = self._grading.history(self._question(asked, subject), query.get("from"), query.get("until"))
        return Reply(200, _history_body(history, asked.language, self._law.lexicon_of_answer(history.basis)))

    def readings(self, asked: Asked) -> Reply:
        """On which readings the grade hangs."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        found = self._readings.answer(self._question(asked, subject), asked.query.get("track", "running"))
        lexicon = self._law.lexicon_of_answer(found.basis)
        told = reading_words.told(found, asked.language, lexicon)
        texts = reading_words.codes_of(found, asked.language, lexicon)
        return Reply(200, _with_texts(_ENCODE(told), _ENCODE(texts)), [_REVALIDATE])

    def _question(self, asked: Asked, subject: str) -> Question:
        query = asked.query
        return Question(
            subject=subject,
            regime=self._law.regime(query.get("regime") or self._grading.regime_of(subject)),
            as_of=query.get("as_of"),
            known_at=query.get("known_at"),
            readings=dict(query.get("reading", ())),
        )

    # --- subjects -----------------------------------------------------------------------------------------

    def profile(self, asked: Asked) -> Reply:
        """The registration, today's or that of another day, and where the subject stands under each regime."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        case = case_of(subject, list(self._journal.stream(subject)))
        if case.kind is None:
            raise NotFound("subject", subject)
        day = asked.query.get("as_of") or legal_day(self._clock.now())
        seen = overview(self._grading, Question(subject=subject, regime="", as_of=day))
        profile = _replace(
            profile_of(case, day, self._vault, self._journal),
            regimes=tuple(self._regime_page(line, seen.kind, day, asked.language) for line in seen.regimes),
        )
        return Reply(200, _ENCODE(profile), [(b"etag", b'"%d"' % case.version), _NO_STORE])

    def _regime_page(self, line: RegimeLine, kind: str, day: dt.date, language: Language) -> RegimePage:
        lexicon = self._law.lexicon([digest for _, digest in line.rulebooks], day)
        line = _replace(line, next_change=words.with_next_change(line.next_change, kind, language, lexicon))
        texts = words.regime_texts(line, kind, language, lexicon)
        texts = {"regime": self._law.title(line.rulebooks[-1][1], language), **texts}
        return RegimePage(**{name: getattr(line, name) for name in RegimeLine.__struct_fields__}, texts=texts)

    def timeline(self, asked: Asked) -> Reply:
        """Every event of a file, each with its title."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        timeline = self._timelines.read(subject, asked.query.get("order", "legal"), asked.query.get("known_at"))

        def title(entry: Entry) -> str:
            lexicon = self._law.lexicon_of(entry.regime or "", entry.happened_on)
            return words.entry_title(entry.type, entry.content, asked.language, lexicon)

        entries = tuple(_replace(e, title=title(e)) for e in timeline.entries)
        return Reply(200, _ENCODE(_replace(timeline, entries=entries)), [_NO_STORE])

    def subjects(self, asked: Asked) -> Reply:
        """A page of the list."""
        self._there(asked)
        query = asked.query
        if "grade" in query or "regime" in query:
            return self._graded(asked)
        wanted = {n: query.get(n) for n in ("kind", "region", "service", "q", "known_at")}
        filters = hashlib.sha256(_ENCODE([*wanted.values(), query.get("as_of")])).hexdigest()[:16]
        cursor = self._cursor(query, filters)

        def line(subject: str, rows: Sequence[Recorded]) -> Listed | None:
            found = listed(case_of(subject, rows), cursor.as_of)
            return found if _fits(found, wanted) else None

        found, goes_on = self._page(query, cursor, query.get("kind"), line)
        page = SubjectList(subjects=tuple(found), as_of=cursor.as_of, position=cursor.position, next=goes_on)
        return Reply(200, _ENCODE(page), [_REVALIDATE])

    def _graded(self, asked: Asked) -> Reply:
        """A page of the list by grade."""
        least = asked.query.get("min_position", 0)
        page = self._population.page(self._population_question(asked), least)
        listed = tuple(
            Listed(
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
        told = SubjectList(
            subjects=listed,
            as_of=page.basis.as_of,
            position=page.basis.position,
            next=page.next,
            regime=page.regime,
            basis=page.basis,
            force=page.force,
            index=page.index,
            texts=_codes_of_grades(
                codes, page.force, asked.language, self._law.lexicon_of(page.regime, page.basis.as_of)
            ),
        )
        return Reply(200, _ENCODE(told), [_REVALIDATE])

    def subject_counts(self, asked: Asked) -> Reply:
        """How many subjects have which grade."""
        self._there(asked)
        found = self._population.counts(self._population_question(asked), asked.query.get("min_position", 0))
        codes = ((line.kind, line.grade, line.undetermined) for line in found.counts)
        lexicon = self._law.lexicon_of(found.regime, found.basis.as_of)
        texts = _codes_of_grades(codes, found.force, asked.language, lexicon)
        return Reply(200, _with_texts(_ENCODE(found), _ENCODE(texts)), [_REVALIDATE])

    def _population_question(self, asked: Asked) -> PopulationQuestion:
        query = {n: value for n, value in asked.query.items() if n != "min_position"}
        return PopulationQuestion(**{"limit": PAGE, **query, "regime": self._law.regime(query.get("regime"))})

    def _page(
        self,
        query: Mapping[str, Any],
        cursor: _Cursor,
        kind: SubjectKind | None,
        line: Callable[[str, Sequence[Recorded]], Line | None],
    ) -> tuple[list[Line], str | None]:
        """The lines of a page, each from the events of a file, and the cursor of the next page."""
        limit = query.get("limit", PAGE)
        found: list[Line] = []
        after, looked_at, more = cursor.after, 0, True
        while more and len(found) < limit and looked_at < LOOKED_AT:
            size = min(limit, LOOKED_AT - looked_at)
            rows = self._journal.subjects(kind=kind, after=after or None, limit=size, until=cursor.position)
            if (q := query.get("q")) is not None:
                rows = self._journal.found(q, kind=kind, after=after or None, limit=size, until=cursor.position)
            files = self._journal.streams([r.subject for r in rows], until=cursor.position)
            more, looked_at = len(rows) == size, looked_at + len(rows)
            for row in rows:
                made = line(row.subject, files[row.subject])
                if made is not None:
                    found.append(made)
                after = row.subject
                if len(found) == limit:
                    more = more or row is not rows[-1]
                    break
        return found, sealed(_replace(cursor, after=after)) if more else None

    def _cursor(self, query: Mapping[str, Any], filters: str) -> _Cursor:
        given = query.get("cursor")
        if given is None:
            moment: Instant | None = query.get("known_at")
            position = self._journal.head().position if moment is None else self._journal.position_at(moment)
            return _Cursor("", position, query.get("as_of") or legal_day(self._clock.now()), filters)
        cursor = opened(given, _Cursor)
        if cursor.filters != filters:
            text = Text(
                "游标与筛选条件不符；请沿用上一页的全部条件，或去掉游标从头开始。",
                "the cursor belongs to other filters; ask with those of the page before, or leave it out to begin"
                " anew.",
            )
            raise bad_request(Fault(parameter="cursor", code="bad_cursor", text=text))
        return cursor

    # --- the procedures -----------------------------------------------------------------------------------

    def evaluations(self, asked: Asked) -> Reply:
        """The evaluation years of a file with everything raised, repaired and adjusted in them."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        found = self._proceedings.of(self._question(asked, subject))
        lexicon = self._law.lexicon_of_answer(found.basis)
        told = _replace(found, measures=words.measures(found.measures, asked.language, lexicon))
        return Reply(200, _with_texts(_ENCODE(told), _ENCODE(_codes_of(found, asked.language, lexicon))), [_NO_STORE])

    def advisories(self, asked: Asked) -> Reply:
        """The advisories about an agency and the internal notices; for authorities only (art. 33)."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        query = asked.query
        found = self._advising.overview(
            subject,
            query.get("as_of") or legal_day(self._clock.now()),
            query.get("known_at"),
            regime=self._law.regime(query.get("regime") or self._grading.regime_of(subject)),
            readings=dict(query.get("reading", ())),
        )
        return Reply(200, _ENCODE(found), [_NO_STORE])

    def progress(self, asked: Asked) -> Reply:
        """How far a year's evaluation is in a region."""
        self._there(asked)
        query, regime = asked.query, asked.params["regime"]
        region = query.get("region") or self._law.region(regime)
        kind, known_at, year = query.get("kind", "agency"), query.get("known_at"), _year(asked.params["year"])
        filters = ["progress", regime, year, region, kind, known_at, query.get("as_of")]
        cursor = self._cursor(query, hashlib.sha256(_ENCODE(filters)).hexdigest()[:16])
        found = self._evaluating.progress(
            ProgressQuestion(
                regime=regime,
                year=year,
                region=region,
                kind=kind,
                as_of=cursor.as_of,
                known_at=known_at,
                position=cursor.position,
                after=cursor.after or None,
                limit=query.get("limit", PAGE),
            )
        )
        texts = _codes_of_progress(found, asked.language, self._law.lexicon_of(regime, cursor.as_of))
        told = _replace(found, next=None if found.next is None else sealed(_replace(cursor, after=found.next)))
        return Reply(200, _with_texts(_ENCODE(told), _ENCODE(texts)), [_NO_STORE])

    def sample(self, asked: Asked) -> Reply:
        """The sampling plan of a year as it was drawn, and drawn again with its seed."""
        self._there(asked)
        found = sample_of(
            self._journal, self._legislation, self._clock, asked.params["regime"], _year(asked.params["year"])
        )
        return Reply(200, _ENCODE(found), [_NO_STORE])

    def receipt(self, asked: Asked) -> Reply:
        """The receipt of a result, executed again."""
        record = path_id(asked.params, "record", "record")
        self._there(asked)
        found, language = self._rechecking.receipt(record), asked.language
        lexicon, kind = self._law.lexicon([digest for _, digest in found.rulebooks], found.on), found.kind
        told = _replace(
            found, steps=tuple(_replace(s, because=words.because(s, kind, language, lexicon)) for s in found.steps)
        )
        return Reply(200, _with_texts(_ENCODE(told), _ENCODE(_codes_of_receipt(found, language, lexicon))), [_NO_STORE])

    # --- deadlines ----------------------------------------------------------------------------------------

    def deadlines(self, asked: Asked) -> Reply:
        """A page of the worklist."""
        self._there(asked)
        query = {n: value for n, value in asked.query.items() if n != "min_position"}
        question = WorklistQuestion(**{**query, "state": tuple(query.get("state", ()))})
        page = self._worklist.page(question, asked.query.get("min_position", 0))
        texts = _codes_of_deadlines(page.lines, asked.language)
        texts |= {f"deadline:{c.kind}": words.deadline_kind(c.kind, asked.language) for c in page.counts}
        texts |= {f"state:{c.state}": words.deadline_state(c.state, asked.language) for c in page.counts}
        return Reply(200, _with_texts(_ENCODE(page), _ENCODE(texts)), [_NO_STORE])

    def deadline(self, asked: Asked) -> Reply:
        """One deadline, proved day by day."""
        self._there(asked)
        record, colon, kind = asked.params["deadline"].rpartition(":")
        named = uuid_of(record)
        if named is None:
            raise NotFound("deadline", asked.params["deadline"][:120])
        query = asked.query
        found = self._worklist.one(f"{named}{colon}{kind}", known_at=query.get("known_at"), as_of=query.get("as_of"))
        texts = _codes_of_deadlines([found.deadline], asked.language)
        texts |= {f"day:{d.kind}": words.proof_day(d.kind, asked.language) for d in found.proof}
        return Reply(200, _with_texts(_ENCODE(found), _ENCODE(texts)), [_NO_STORE])

    # --- the public register ------------------------------------------------------------------------------

    def public_subjects(self, asked: Asked) -> Reply:
        """A page of the public register."""
        self._there(asked)
        query, regime = asked.query, self._law.regime(asked.query.get("regime"))
        register = self._register.today(regime)
        region, year = query.get("region"), query.get("year")
        cursor = self._cursor(query, hashlib.sha256(_ENCODE(["public", regime, region, year])).hexdigest()[:16])

        def line(subject: str, rows: Sequence[Recorded]) -> RegisterEntry | None:
            entry = register.entry(subject, rows, year)
            is_there = entry is not None and (region is None or entry.region.startswith(_stem(region)))
            return entry if is_there else None

        found, goes_on = self._page(query, cursor, "agency", line)
        page = RegisterList(
            agencies=tuple(found), regime=regime, as_of=register.as_of, position=cursor.position, next=goes_on
        )
        return Reply(200, _ENCODE(page), [_REVALIDATE])

    def public_subject(self, asked: Asked) -> Reply:
        """The public page of an agency; a practitioner is as unknown as an id that nobody has."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        regime = self._law.regime(asked.query.get("regime") or self._grading.regime_of(subject))
        page = self._register.today(regime).page(subject)
        lexicon = self._law.lexicon_of(page.regime)
        lines = tuple(_replace(x, what=lexicon.row(x.row, asked.language) or None) for x in page.lines)
        return Reply(200, _ENCODE(_replace(page, lines=lines)), [_REVALIDATE])

    # --- the law ------------------------------------------------------------------------------------------

    def rulebooks(self, asked: Asked) -> Reply:
        """Every edition on record."""
        self._there(asked)
        found = editions_on_record(self._legislation, legal_day(self._clock.now()))
        return Reply(200, _ENCODE([self._rulebook_line(e) for e in found]), [_REVALIDATE])

    def _rulebook_line(self, found: OnRecord) -> RulebookLine:
        edition = self._law.edition(found.adopted)
        return RulebookLine(
            id=edition.id,
            regime=edition.regime,
            status=edition.status,
            title=edition.title,
            digest=found.adopted.digest,
            published_on=edition.published_on,
            in_force_on=found.adopted.in_force_on,
            until_on=found.adopted.until_on,
            force=found.force,
            quotes=found.has_text,
            life=found.life,
            rows=len(edition.row),
            readings=len(edition.reading),
        )

    def rulebook(self, asked: Asked) -> Reply:
        """One edition taken apart."""
        self._there(asked)
        found = edition_on_record(self._legislation, asked.params["rulebook"], legal_day(self._clock.now()))
        edition = self._law.edition(found.adopted)
        page = RulebookPage(
            id=edition.id,
            regime=edition.regime,
            status=edition.status,
            title=edition.title,
            digest=found.adopted.digest,
            published_on=edition.published_on,
            in_force_on=found.adopted.in_force_on,
            until_on=found.adopted.until_on,
            force=found.force,
            quotes=found.has_text,
            life=found.life,
            parent=edition.parent,
            rows=edition.row,
            readings=edition.reading,
            stages=edition.stage,
            deadlines=edition.deadline,
            measures=edition.measure,
            transitions=edition.transition,
            errata=edition.erratum,
            unencoded=edition.unencoded,
        )
        return Reply(200, _ENCODE(page), [_REVALIDATE])

    def rulebook_diff(self, asked: Asked) -> Reply:
        """What differs between two editions, in words."""
        self._there(asked)
        other = asked.query.get("with")
        if other is None:
            text = Text("须以 with 指明另一版本的编号。", "name the other edition with `with`.")
            raise bad_request(Fault(parameter="with", code="missing", text=text))
        self._legislation.refresh()
        changes = compared(self._legislation, asked.params["rulebook"], other)
        return Reply(200, _ENCODE(RulebookDiff(rulebook=asked.params["rulebook"], other=other, changes=changes)))

    def calendars(self, asked: Asked) -> Reply:
        """The newest calendar of every year on record."""
        self._there(asked)
        latest: dict[int, CalendarYear] = {}
        for recorded in self._legislation.refresh():
            if isinstance(recorded.event, CalendarAdopted):
                year = recorded.event.calendar
                known = latest.get(year.year)
                if known is None or (known.published_on, known.version) <= (year.published_on, year.version):
                    latest[year.year] = year
        lines = [
            CalendarLine(
                year=c.year,
                paper=c.paper,
                published_on=c.published_on,
                version=c.version,
                rest_days=c.rest_days,
                working_days=c.working_days,
            )
            for c in (latest[y] for y in sorted(latest))
        ]
        return Reply(200, _ENCODE(lines), [_REVALIDATE])

    # --- the journal --------------------------------------------------------------------------------------

    def head(self, asked: Asked) -> Reply:
        """The end of the journal."""
        del asked
        head = self._journal.head()
        recorded_at = iso_utc(head.recorded_at) if head.position else None
        return Reply(200, _ENCODE(JournalHead(position=head.position, recorded_at=recorded_at)))

    def health(self) -> Reply:
        """Whether the journal can be read, and what is out of order all the same."""
        position = self._journal.head().position
        findings = tuple(self._findings())
        found = Health(
            status="degraded" if findings else "ok",
            position=position,
            standbys=self._standings(position),
            findings=findings,
        )
        return Reply(200, _ENCODE(found))

    def _there(self, asked: Asked) -> None:
        """Raise a problem when the journal does not hold ``min_position`` yet: an answer would miss that write."""
        wanted = asked.query.get("min_position")
        if wanted is not None and self._journal.head().position < wanted:
            raise Trouble("not_yet_there")


# --- texts around answers ---------------------------------------------------------------------------------


def _tag(answer: GradeAnswer, language: Language) -> bytes:
    """A weak tag: the token names the core of the answer, and names and texts around it mean the same."""
    repeated = b"" if answer.repeated is None else _ENCODE(answer.repeated)
    quotes = [s.quote for s in answer.steps if s.quote is not UNSET]
    around = repeated + (_ENCODE(quotes) if quotes else b"")
    digest = hashlib.sha256(answer.basis.token.encode() + around).hexdigest()[:32]
    return f'W/"{digest}-{language}"'.encode()


def _grade_body(answer: GradeAnswer, language: Language, lexicon: Lexicon) -> bytes:
    kind = answer.subject.kind
    running, public = answer.running, answer.public
    why = running.undetermined if isinstance(answer.outside, UnsetType) else answer.outside
    texts = Texts(
        kind=words.kind(kind, language),
        force=lexicon.force(answer.force, language),
        result=words.result_words(running.score, running.grade, kind, language, lexicon, running.risk).strip(),
        grade=None if running.grade is None else lexicon.grade(running.grade, kind, language),
        undetermined=None if why is None else words.undetermined(why, language),
        public=None if public is None or public.grade is None else lexicon.grade(public.grade, kind, language),
    )
    return _with_texts(_ENCODE(answer), _ENCODE(texts))


def _history_body(history: History, language: Language, lexicon: Lexicon) -> bytes:
    def told(cause: Cause) -> Cause:
        return _replace(cause, because=words.cause(cause, language, lexicon))

    spans = tuple(_replace(s, causes=tuple(told(c) for c in s.causes)) for s in history.spans)
    change = words.with_next_change(history.next_change, history.subject.kind, language, lexicon)
    return _ENCODE(_replace(history, spans=spans, next_change=change))


def _codes_of(found: Proceedings, language: Language, lexicon: Lexicon) -> dict[str, str]:
    """What the codes of an answer about procedures are called: steps, deadlines and their states, outcomes, grades."""
    kind = found.subject.kind
    steps = {s.stage for y in found.years for s in y.steps} | {s for y in found.years for s in y.skipped}
    grades = {s.result.grade for y in found.years for s in y.steps if s.result is not None and s.result.grade}
    decided = [r.decided for r in found.objections] + [r.decided for r in found.comments]
    return {
        **{f"stage:{s}": words.stage(s, language) for s in sorted(steps)},
        **_codes_of_deadlines([d for y in found.years for d in y.deadlines], language),
        **{f"outcome:{o}": words.outcome(o, language) for o in sorted({d.outcome for d in decided if d})},
        **{f"grade:{g}": lexicon.grade(g, kind, language) for g in sorted(grades)},
    }


def _codes_of_deadlines(found: Sequence[DeadlineLine | DeadlineOfYear], language: Language) -> dict[str, str]:
    """What the kinds, states and actors of deadlines are called."""
    return {
        **{f"deadline:{k}": words.deadline_kind(k, language) for k in sorted({d.kind for d in found})},
        **{f"state:{s}": words.deadline_state(s, language) for s in sorted({d.state for d in found})},
        **{f"actor:{a}": words.actor(a, language) for a in sorted({d.actor for d in found})},
    }


def _with_texts(core: bytes, texts: bytes) -> bytes:
    """The encoded core with one more member: it stays, byte for byte, what the token stands for."""
    return core[:-1] + b',"texts":' + texts + b"}"


def _codes_of_progress(found: YearProgress, language: Language, lexicon: Lexicon) -> dict[str, str]:
    kinds = {b.kind for b in found.behind} | {k for s in found.subjects for k in s.behind}
    grades = [g for g in found.grades if g not in ("none", "undetermined")]
    return {
        **{f"stage:{s}": words.stage(s, language) for s in found.stages},
        **{f"grade:{g}": lexicon.grade(g, found.kind, language) for g in grades},
        **{f"deadline:{k}": words.deadline_kind(k, language) for k in sorted(kinds)},
        **{f"state:{s}": words.deadline_state(s, language) for s in sorted({b.state for b in found.behind})},
    }


def _codes_of_grades(
    codes: Iterable[tuple[str, str | None, str | None]], force: str, language: Language, lexicon: Lexicon
) -> dict[str, str]:
    """What kinds, grades and reasons for none are called: a grade means another thing for another kind."""
    texts = {f"force:{force}": lexicon.force(force, language)}
    for kind, grade, undetermined in codes:
        texts[f"kind:{kind}"] = words.kind(kind, language)
        if grade is not None:
            texts[f"grade:{kind}:{grade}"] = lexicon.grade(grade, kind, language)
        if undetermined is not None:
            texts[f"undetermined:{undetermined}"] = words.undetermined(undetermined, language)
    return texts


def _codes_of_receipt(found: ReceiptAnswer, language: Language, lexicon: Lexicon) -> dict[str, str]:
    grades = {f.grade for f in (found.recorded, found.computed) if f is not None and f.grade is not None}
    texts = {f"grade:{g}": lexicon.grade(g, found.kind, language) for g in sorted(grades)}
    if found.stage is not None:
        texts[f"stage:{found.stage}"] = words.stage(found.stage, language)
    if found.cause is not None:
        texts[f"cause:{found.cause}"] = words.recheck_cause(found.cause, language)
    return texts


# --- pieces -----------------------------------------------------------------------------------------------


def _year(text: str) -> int:
    """The evaluation year of a path. Raises a problem for what is none."""
    try:
        return whole(2000, 2199)(text)
    except BadValue as bad:
        raise bad_request(Fault(parameter="year", code=bad.code, text=bad.text)) from None


def _fits(line: Listed, wanted: dict[str, Any]) -> bool:
    region, service = wanted["region"], wanted["service"]
    if region is not None and not line.region.startswith(_stem(region)):
        return False
    return service is None or service in line.services


def _stem(region: str) -> str:
    """The digits a region's places share: a province and a city contain their districts (GB/T 2260)."""
    while len(region) > 2 and region.endswith("00"):
        region = region[:-2]
    return region
