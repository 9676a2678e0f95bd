"""Playing a scenario: its commands into a fresh journal with a stopped clock, then its expectations compared."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, Protocol

import msgspec
from msgspec import UNSET
from stdnum.cn import ric, uscc

from application.access.decisions import PendingDecision
from application.access.refusals import SigningRefused
from application.access.signatures import Signing
from application.answering.case_files import case_file
from application.answering.grading import GradeAnswer, Grading, Question, with_reasons_told
from application.answering.interpretations import Readings
from application.law.legislation import Compiled, Legislation, founding_events
from application.papers.letters.desk import LetterDesk
from application.ports import Clock, Entry, Ids, Journal, Vault
from application.principal import Principal
from application.prose import Opened, prose_fields_of
from application.recording.casework import Casework
from application.recording.commands import COMMANDS, command_from
from application.recording.lawmaking import sound_edition
from application.scenarios.comparing import (
    Mismatch,
    is_refused_so,
    of_admissible,
    of_answer,
    of_deadline,
    of_running,
    of_snapshot,
    wants_answer,
)
from application.scenarios.scenario_file import Case, Expectation, Happening, InForce, Settling, Subject
from application.wording import in_both_languages
from application.year.evaluation import Evaluating
from domain.aggregates.casefile import CaseFile
from domain.errors import CaseError, FieldProblem, Invalid, NotFound, Refused
from domain.events.lawbook import LAW_STREAM, LawEvent, RulebookAdopted
from domain.law.edition import Edition
from domain.law.parse import RulebookError
from domain.law.regime import RegimeLaw
from domain.places import Places
from domain.sentence import sentence
from domain.time import SHANGHAI, CalendarYear, Instant, end_of_day, legal_day, moment
from domain.vocabulary import Article, city_of

_PLAYER: Final = Principal("scenario")
"""Who records the commands of a case that names nobody."""

ENGINE: Final = "scenario"
"""The engine named in answers of a case: they are compared, never repeated."""

_BEFORE_ALL: Final[Instant] = 0
_ALWAYS: Final = dt.date.min
_REGION: Final = "150100"
_BUREAU_FILLED: Final = frozenset({"confirm_rectification", "set_aside_fact", "record_enhancement", "record_advisory"})
_TARGETS: Final = ("id", "fact", "warning", "repair", "record")
_REQUIRED: Final = {
    name: tuple(f.name for f in msgspec.structs.fields(command) if f.required) for name, command in COMMANDS.items()
}


class SettableClock(Clock, Protocol):
    """A clock that stands still until it is set."""

    def set(self, at: Instant) -> None:
        """Put the clock to ``at``."""
        ...


class Bench(NamedTuple):
    """What one case is played on: an empty journal with its vault, its clock, its ids and the table of places.

    ``letters`` makes the desk at which letters are written; without it none is issued.
    """

    journal: Journal
    vault: Vault
    clock: SettableClock
    ids: Ids
    places: Places | None = None
    letters: Callable[[Journal, Vault, Clock, Legislation], LetterDesk] | None = None


class FailedLine(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a case that did not hold, with the whole answer behind it where there is one and the editions it
    rests on.

    ``line`` is one of the scenario file, or of the ``file`` beside it that is named; ``None`` where that has none.
    ``wanted`` is what the case says that the command is refused by, ``cites`` what the refusal cites, ``articles`` the
    list by which both are written out.
    """

    line: int | None
    zh: str
    en: str
    file: str | None = None
    wanted: str | None = None
    cites: tuple[str, ...] = ()
    articles: tuple[Article, ...] = ()
    subject: str | None = None
    as_of: dt.date | None = None
    known_at: Instant | None = None
    differences: tuple[Mismatch, ...] = ()
    answer: GradeAnswer | None = None
    editions: tuple[Edition, ...] = ()


class RefusedLine(msgspec.Struct, frozen=True, kw_only=True):
    """A command of a case that was refused, with the articles it was told."""

    line: int
    do: str
    code: str
    cites: tuple[str, ...]


class PlayedCase(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a case: it passed when nothing failed. ``refusals`` are the commands that were refused as the case
    says."""

    case: str
    source: str
    document: int
    line: int
    failures: tuple[FailedLine, ...] = ()
    refusals: tuple[RefusedLine, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every line held."""
        return not self.failures


class Player:
    """Plays cases one after the other; what it has made ready of the law serves all of them."""

    def __init__(
        self,
        editions: Sequence[tuple[Edition, str]],
        calendars: Sequence[CalendarYear],
        bench: Callable[[], Bench],
    ) -> None:
        """``editions`` (with their texts) and ``calendars`` are those that are shipped; ``bench`` makes a new one."""
        self._editions = editions
        self._calendars = calendars
        self._bench = bench
        self._compiled = Compiled()
        self._homes = {edition.regime: _home_of(edition) for edition, _ in editions}
        self._foundings: dict[object, list[LawEvent]] = {}

    def play(self, case: Case) -> PlayedCase:
        """Play one case from an empty journal. Never raises for what a case can get wrong."""
        result = PlayedCase(case=case.name, source=case.source, document=case.document, line=case.line)
        try:
            founding = self._founding(case)
        except RulebookError as error:
            return _failed(result, _of_file(error, error.source))
        except CaseError as error:
            return _failed(result, [_told(_line_of_law(case, error), error)])
        play = _Play(case, self._bench(), founding, self._compiled, self._homes.get(case.regime, _REGION))
        try:
            failures = play.happen() or play.compare()
        except _BadReadings as bad:
            failures = [_of_reading(case, problem) for problem in bad.problems]
        result = msgspec.structs.replace(result, refusals=tuple(play.refusals))
        return _failed(result, failures)

    def _founding(self, case: Case) -> list[LawEvent]:
        """The first events of the case's journal: the same objects for all cases that ask for the same."""
        tables: Sequence[Mapping[Any, Any]] = (case.adopt, case.files, case.calendars)
        key = tuple(tuple(sorted(table.items(), key=lambda item: str(item[0]))) for table in tables)
        found = self._foundings.get(key)
        if found is None:
            found = self._foundings[key] = self._founded(case.adopt, case.files, case.calendars)
        return found

    def _founded(
        self, adopt: Mapping[str, InForce], files: Mapping[str, str], known: Mapping[int, dt.date]
    ) -> list[LawEvent]:
        parents = {edition.id: edition for edition, _ in self._editions}
        beside = [(sound_edition(files[name], name, parents.get), files[name]) for name in adopt if name in files]
        own = {edition.id for edition, _ in beside}
        editions = [*((e, text) for e, text in self._editions if e.id not in own), *beside]
        adopt = {next((e.id for e, text in beside if text == files.get(n)), n): days for n, days in adopt.items()}
        shipped = {edition.id for edition, _ in editions}
        for id in adopt:
            if id not in shipped:
                raise NotFound("edition", id)
        years = {year.year for year in self._calendars}
        for year in known:
            if year not in years:
                raise NotFound("calendar", str(year))
        calendars = [msgspec.structs.replace(year, published_on=_known_on(year, known)) for year in self._calendars]
        return [_adopted(event, adopt) for event in founding_events(editions, calendars)]


def _known_on(year: CalendarYear, known: Mapping[int, dt.date]) -> dt.date:
    """When a paper of a case became known: always, unless the case says when its year did; a paper that changed an
    earlier one never before it appeared."""
    day = known.get(year.year)
    if day is None:
        return _ALWAYS
    return day if year.version == 1 else max(day, year.published_on)


def _adopted(event: LawEvent, adopt: Mapping[str, InForce]) -> LawEvent:
    """The founding event, in force on the days the case says and known from the beginning."""
    if not isinstance(event, RulebookAdopted) or event.id not in adopt:
        return event
    days = adopt[event.id]
    until_on = days.until_on or event.until_on
    return msgspec.structs.replace(event, in_force_on=days.in_force_on, until_on=until_on, known_from=None)


def _failed(result: PlayedCase, failures: Sequence[FailedLine]) -> PlayedCase:
    return msgspec.structs.replace(result, failures=tuple(failures)) if failures else result


def _home_of(edition: Edition) -> str:
    """Where the subjects of a case are registered that does not say: in the city of a regime that has one."""
    region = edition.regions[0]
    return region.ljust(6, "0") if len(region) >= len("3304") else _REGION


class _BadReadings(Exception):
    """The law of a case does not have the readings that the case chooses."""

    def __init__(self, problems: tuple[FieldProblem, ...]) -> None:
        super().__init__()
        self.problems = problems


class _Play:
    """One case on its bench. What it does raises ``_BadReadings`` at the first question of the law."""

    def __init__(self, case: Case, bench: Bench, founding: Sequence[LawEvent], compiled: Compiled, home: str) -> None:
        self._case = case
        self._home = home
        self._bench = bench
        bench.clock.set(_BEFORE_ALL)
        entries = [Entry(LAW_STREAM, "law", i, event) for i, event in enumerate(founding, start=1)]
        bench.journal.append(entries, by=_PLAYER)
        self._legislation = Legislation(bench.journal, case.configured, compiled)
        self._grading = Grading(bench.journal, bench.clock, self._legislation, ENGINE)
        self._casework = Casework(
            bench.journal,
            bench.vault,
            bench.clock,
            bench.ids,
            self._legislation,
            self._grading.impact,
            engine=ENGINE,
            readings=case.readings,
            places=bench.places,
            letters=self._letter_desk(),
        )
        parts = (bench.journal, bench.vault, bench.clock, bench.ids, self._legislation)
        self._signing = Signing(*parts, self._casework, Evaluating(*parts, engine=ENGINE, readings=case.readings))
        self._waiting: dict[str, PendingDecision] = {}
        self._readings = Readings(bench.journal, self._legislation, self._grading)
        self.refusals: list[RefusedLine] = []

    def _letter_desk(self) -> LetterDesk | None:
        bench = self._bench
        made = bench.letters
        return None if made is None else made(bench.journal, bench.vault, bench.clock, self._legislation)

    # --- what happens -------------------------------------------------------------------------------------

    def happen(self) -> list[FailedLine]:
        """Register the subjects, then record every command; nothing is played after the first failure."""
        for number, subject in enumerate(self._case.subjects):
            failure = self._register(number, subject)
            if failure is not None:
                return [failure]
        for happening in self._case.happens:
            self._bench.clock.set(happening.at)
            try:
                failure = self._record(happening)
            except RulebookError as error:
                return _of_file(error, str(happening.fields["file"]))
            if failure is not None:
                return [failure]
        return []

    def _register(self, number: int, subject: Subject) -> FailedLine | None:
        fields = {**_identity(number, subject.kind), "region": self._home, **subject.fields}
        try:
            command = command_from({**fields, "id": subject.id}, name=f"register_{subject.kind}")
            self._casework.submit(command, by=_PLAYER)
        except CaseError as error:
            _check_readings(error)
            return _told(subject.line, error)
        return None

    def _record(self, line: Happening) -> FailedLine | None:
        try:
            failure = self._done(line)
        except SigningRefused as refused:
            return None if line.refused == refused.code else _told(line.line, refused, line.refused or line.invalid)
        except Refused as refused:
            if line.refused is None or not is_refused_so(refused, line.refused):
                return _told(line.line, refused, line.refused or line.invalid)
            told = RefusedLine(line=line.line, do=line.do, code=refused.code, cites=refused.cites)
            self.refusals.append(told)
            return None
        except Invalid as invalid:
            _check_readings(invalid)
            found = any(p.pointer == line.invalid for p in invalid.problems)
            return None if found else _told(line.line, invalid, line.refused or line.invalid)
        except CaseError as error:
            if isinstance(error, RulebookError) and "file" in line.fields and not (line.refused or line.invalid):
                raise
            return _told(line.line, error, line.refused or line.invalid)
        if failure is not None or (line.refused is None and line.invalid is None):
            return failure
        return FailedLine(
            line=line.line,
            **in_both_languages(sentence("scenarios.played.was_recorded", do=line.do)),
            wanted=line.refused or line.invalid,
            articles=self._articles(),
        )

    def _done(self, line: Happening) -> FailedLine | None:
        """Do what a line says; a failure where the command waits and should not, or the other way about."""
        by = self._principal(line)
        if line.settles is not None:
            self._settle(line.settles, by)
            return None
        found = self._signing.submit(command_from(self._filled(line), name=line.do), by=by)
        if isinstance(found, PendingDecision):
            if line.pending is None:
                says = sentence("scenarios.played.waits", do=line.do)
                return FailedLine(line=line.line, **in_both_languages(says))
            self._waiting[line.pending] = found
        elif line.pending is not None:
            says = sentence("scenarios.played.did_not_wait", do=line.do)
            return FailedLine(line=line.line, **in_both_languages(says))
        return None

    def _principal(self, line: Happening) -> Principal:
        """Who acts; one with a role stands where the subjects of the case are unless the case says another place."""
        actor = line.actor
        if actor is None:
            return _PLAYER._replace(countersigned_by=line.countersigned_by) if line.countersigned_by else _PLAYER
        place = actor.place or (None if actor.role is None else self._home)
        return Principal(actor.name, actor.role, place, countersigned_by=line.countersigned_by)

    def _settle(self, settles: Settling, by: Principal) -> None:
        """Sign, return or withdraw what waits; what is signed is what was shown when it was proposed."""
        shown = self._waiting.get(settles.decision)
        if shown is None:
            raise NotFound("pending_decision", settles.decision)
        match settles.what:
            case "sign":
                self._signing.sign(shown.id, by=by, digest=shown.digest)
            case "return":
                self._signing.return_(shown.id, by=by, reasons=settles.reasons or "（略）")
            case "withdraw":
                self._signing.withdraw(shown.id, by=by)

    def _articles(self) -> tuple[Article, ...]:
        """The list of articles of the law of the case, by which it says what it wants."""
        editions = self._editions(self._case.regime, self._bench.clock.now()) if self._case.regime else ()
        return editions[-1].article if editions else ()

    def _filled(self, line: Happening) -> dict[str, Any]:
        """The command's fields with fillers for what a case may leave out; never an id, date, row or outcome."""
        fields = dict(line.fields)
        if line.do == "adopt_rulebook" and "file" in fields:
            fields["text"] = self._case.files[fields.pop("file")]
        for name in _REQUIRED[line.do]:
            if name in fields:
                continue
            if name == "regime" and self._case.regime:
                fields[name] = self._case.regime
            elif name == "subject" and "fact" in fields:
                fields[name] = self._bench.journal.owner_of(str(fields["fact"]))
            elif name == "document":
                target = next((fields[t] for t in _TARGETS if t in fields), line.number)
                fields[name] = f"{line.do} {target}"
            elif name == "certificate" or name in prose_fields_of(COMMANDS[line.do]):
                fields[name] = "（略）"
            elif name == "authority" and line.do in _BUREAU_FILLED:
                fields[name] = self._bureau(fields, line)
            elif name == "by" and line.do == "file_objection":
                fields[name] = fields.get("subject")
            elif line.do.startswith("register_"):
                fields |= {k: v for k, v in _identity(500 + line.number, line.do[9:]).items() if k == name}
        if fields.get("again") is True:
            fields.setdefault("again_reason", "（略）")
        if line.do == "file_objection" and "evidence" not in fields:
            fields["evidence"] = [{"title": "（略）"}]
        return fields

    def _bureau(self, fields: Mapping[str, Any], line: Happening) -> str:
        """The city bureau of the region in which the subject is registered on the day of recording."""
        subject = fields.get("subject") or self._bench.journal.owner_of(str(fields.get("fact"))) or ""
        try:
            region = self._casework.file(str(subject)).region_on(legal_day(line.at))
        except CaseError:
            region = _REGION
        return f"{city_of(region)}00-EEB"

    # --- what is expected ---------------------------------------------------------------------------------

    def compare(self) -> list[FailedLine]:
        """Every expectation that does not hold."""
        end = self._end()
        found = (self._expected(expectation, end) for expectation in self._case.expects)
        return [failure for failure in found if failure is not None]

    def _end(self) -> Instant:
        """The end of the file: the last recording, or the last day asked about where nothing happens."""
        if self._case.happens:
            return self._case.happens[-1].at
        return max((end_of_day(e.as_of) for e in self._case.expects if e.as_of is not None), default=_BEFORE_ALL)

    def _expected(self, expectation: Expectation, end: Instant) -> FailedLine | None:
        known_at = end if expectation.known_at is None else expectation.known_at
        answer = None
        try:
            differences = self._of_records(expectation, known_at, expectation.as_of or legal_day(end))
            if expectation.subject is not None and expectation.as_of is not None:
                of_subject, answer = self._of_subject(expectation, known_at)
                differences += of_subject
        except CaseError as error:
            _check_readings(error)
            return _told(expectation.line, error)
        if not differences:
            return None
        about = expectation.subject or ", ".join(expectation.records)
        return FailedLine(
            line=expectation.line,
            **in_both_languages(
                sentence(
                    "scenarios.played.on_as_known_at_not",
                    about=about,
                    as_of=expectation.as_of or legal_day(end),
                    known_at=_moment(known_at),
                )
            ),
            subject=expectation.subject,
            as_of=expectation.as_of,
            known_at=known_at,
            differences=tuple(differences),
            answer=None
            if answer is None
            else with_reasons_told(answer, Opened(self._bench.vault, self._bench.journal.joined_to)),
            editions=self._editions(expectation.regime, known_at),
        )

    def _editions(self, regime: str, known_at: Instant) -> tuple[Edition, ...]:
        """The editions an answer rests on: their words explain it."""
        known = self._legislation.at(regime, known_at=known_at, position=self._bench.journal.head().position)
        return tuple(adopted.edition for adopted in known.rulebooks)

    def _of_subject(self, expectation: Expectation, known_at: Instant) -> tuple[list[Mismatch], GradeAnswer | None]:
        """What differs about the subject on the day, with the whole answer where something does."""
        question = Question(
            subject=expectation.subject or "",
            regime=expectation.regime,
            as_of=expectation.as_of,
            known_at=known_at,
            readings=self._case.readings,
        )
        differences = of_running(expectation, self._grading.running(question))
        differences += self._decisive(expectation, question)
        if not differences and not wants_answer(expectation):
            return [], None
        answer = self._grading.grade(question)
        return differences + of_answer(expectation, answer), answer

    def _of_records(self, expectation: Expectation, known_at: Instant, day: dt.date) -> list[Mismatch]:
        """What differs about records named by their ids, on a day, as known at a moment."""
        differences = []
        for id, expected in expectation.admissible.items():
            case, law = self._of_record(id, expectation.regime, known_at)
            differences += of_admissible(id, expected, case, law)
        wanted = expectation.deadline
        if wanted is not None:
            case, law = self._of_record(wanted.id, expectation.regime, known_at)
            differences += of_deadline(wanted, case, law, day)
        if expectation.snapshot is not UNSET:
            record = None if expectation.snapshot is None else expectation.snapshot.id
            of_whom = expectation.subject if record is None else self._owner_of(record, known_at)
            case = None if of_whom is None else self._file(of_whom, known_at)
            differences += of_snapshot(expectation.snapshot, case, expectation.regime, day)
        return differences

    def _owner_of(self, record: str, known_at: Instant) -> str | None:
        journal = self._bench.journal
        return journal.owner_of(record, until=journal.position_at(known_at))

    def _file(self, subject: str, known_at: Instant) -> CaseFile:
        return case_file(subject, self._bench.journal.snapshot(subject, known_at=known_at).rows)

    def _of_record(self, record: str, regime: str, known_at: Instant) -> tuple[CaseFile | None, RegimeLaw]:
        """The file on which a record stands (``None`` for an unknown id) and the law, as known at a moment."""
        journal = self._bench.journal
        stream = journal.owner_of(record, until=journal.position_at(known_at))
        case, position = None, journal.head().position
        if stream is not None:
            snapshot = journal.snapshot(stream, known_at=known_at)
            case, position = case_file(stream, snapshot.rows), snapshot.position
        known = self._legislation.at(regime, known_at=known_at, position=position, readings=self._case.readings)
        return case, known.law

    def _decisive(self, expectation: Expectation, question: Question) -> list[Mismatch]:
        if expectation.decisive is None:
            return []
        found = self._readings.decisive(question)
        if set(found) == set(expectation.decisive):
            return []
        return [Mismatch("readings.decisive", ", ".join(sorted(expectation.decisive)), ", ".join(found))]


def _identity(number: int, kind: str) -> dict[str, str]:
    """A valid name and number for a subject that the case leaves without: never those of anybody."""
    if kind in ("agency", "client"):
        body = f"91150100MA{number:07d}"
        word = "机构" if kind == "agency" else "委托人"
        return {"uscc": body + uscc.calc_check_digit(body), "name": f"示例{word}{number + 1}"}
    day = dt.date(1950, 1, 1) + dt.timedelta(days=number // 999)
    body = f"110105{day:%Y%m%d}{number % 999 + 1:03d}"
    return {"id_number": body + ric.calc_check_digit(body + "0"), "name": f"示例人员{number + 1}"}


def _check_readings(error: CaseError) -> None:
    """Raise ``_BadReadings`` when the error is about the readings of the case: no command has a field of that name."""
    if isinstance(error, Invalid):
        problems = tuple(p for p in error.problems if p.pointer.startswith("/readings/"))
        if problems:
            raise _BadReadings(problems) from error


def _of_reading(case: Case, problem: FieldProblem) -> FailedLine:
    line = case.lines.get(problem.pointer, case.line)
    return FailedLine(
        line=line, **in_both_languages(sentence("scenarios.played.coded", code=problem.code, what=problem.says))
    )


def _line_of_law(case: Case, error: CaseError) -> int:
    """The line of the edition or year that a case names and that there is not, else that of the case."""
    table = {"edition": "adopt", "calendar": "calendars"}
    pointer = f"/{table.get(error.what)}/{error.id}" if isinstance(error, NotFound) else ""
    return case.lines.get(pointer, case.line)


def _told(line: int, error: CaseError, wanted: str | None = None) -> FailedLine:
    """A line that failed with an error, and how that differs from what was wanted, if anything was."""
    cites, articles = (error.cites, error.articles) if isinstance(error, Refused) else ((), ())
    says = sentence("scenarios.played.coded", code=error.code, what=error.says)
    return FailedLine(line=line, **in_both_languages(says), wanted=wanted, cites=cites, articles=articles)


def _of_file(error: RulebookError, file: str) -> list[FailedLine]:
    """Every fault of an edition file beside the case, at the line of that file."""
    return [
        FailedLine(
            line=problem.line,
            **in_both_languages(
                sentence("scenarios.played.coded_at", code=error.code, place=problem.place, what=problem.says)
            ),
            file=file,
        )
        for problem in error.problems
    ]


def _moment(at: Instant) -> str:
    return moment(at).astimezone(SHANGHAI).isoformat(sep=" ", timespec="minutes")[:16]
