"""The evaluation year of a whole roster: one step for every subject of a city or of the region, and how far a year is.

A step of a roster is many steps of single subjects: each is decided by itself, by casework's own decision, and is one
event. What one subject is refused stops nobody else. Files, staff and law are read for a chunk of subjects at once and
a chunk is appended in one transaction, so a run that breaks off leaves whole steps, and the same command goes on where
it ended.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from itertools import islice
from typing import Annotated, Final, Literal, NamedTuple, cast

import msgspec

from application.access.gate import Gate
from application.answering.case_files import case_file
from application.answering.results import Results
from application.law.legislation import KnownLaw, Legislation
from application.ports import AnyEvent, Clock, CommandRecord, Entry, FileKey, Ids, Journal, Recorded, Vault, VaultWrite
from application.principal import Principal
from application.prose import settled
from application.recording.background import Background
from application.recording.commands import request_from
from application.recording.competence import refuse_elsewhere
from application.recording.decisions import Decisions
from application.recording.linked_facts import LinkedFacts
from application.recording.notices import Notice
from application.recording.preparation import Preparation
from application.recording.writer import CommandAsked, attempts, earlier_answer, keyed
from application.wording import in_both_languages
from application.year.rosters import ProgressQuestion, YearProgress, lies_in, listing_of, place_of, year_progress
from domain.aggregates.casefile import CaseEvent, CaseFile, fold
from domain.aggregates.years import current_round, steps_of
from domain.errors import CaseError, FieldProblem, Invalid, Refused, Stale
from domain.events.evaluation import StageRecorded, Year
from domain.events.joining import FilesJoined
from domain.events.registration import EmploymentRecorded, Registered, SubjectChanged
from domain.procedures.dates import in_the_future, out_of_order
from domain.procedures.evaluation import EvaluationStage
from domain.procedures.request import Request
from domain.sentence import NamedPlace, Sentence, sentence
from domain.time import Instant
from domain.values import Id, Line, Listed, ProseLine, Region
from domain.vocabulary import PERSONS, Stage, SubjectKind

CHUNK: Final = 200
"""How many subjects are read, decided and appended together."""

RosterStatus = Literal["recorded", "already_so", "dry_run", "refused"]
"""What became of one subject's step; ``dry_run``: it would be recorded."""


MOST_IN_A_ROSTER: Final = 20_000
"""Most subjects that one request names."""


class EvaluateRoster(Request, tag="evaluate_roster", frozen=True):
    """Take one step of an evaluation year for every subject of one kind in a region, or for those named.

    ``region`` is a city (``150100``) or the whole region (``150000``). The step ``roster`` takes everybody registered
    there on ``dated_on``; a later one takes those whose step ``roster`` of that year stands (arts. 22, 23).
    """

    regime: Line
    year: Year
    stage: Stage
    region: Region
    dated_on: dt.date
    kind: SubjectKind = "agency"
    received_on: dt.date | None = None
    panel: Annotated[tuple[ProseLine, ...], Listed] = ()
    subjects: Annotated[tuple[Id, ...], msgspec.Meta(min_length=1, max_length=MOST_IN_A_ROSTER)] | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """Why a subject's step was not recorded: the refusal of the single command, word for word."""

    code: str
    zh: str
    en: str
    cites: tuple[str, ...] = ()


class SubjectStep(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """What became of one subject of a roster.

    ``version`` is that of its file afterwards, ``id`` that of the step (absent for a trial and a refusal). ``score``,
    ``grade`` and ``undetermined`` are the result the step carries, where it computes one.
    """

    subject: str
    status: RosterStatus
    version: int
    id: str | None = None
    score: str | None = None
    grade: str | None = None
    undetermined: str | None = None
    notices: tuple[Notice, ...] = ()
    error: Refusal | None = None


class RosterOutcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to a command over a roster: how many of each status, and every subject in order of id or as named.

    ``position`` is the journal's after it.
    """

    regime: str
    year: int
    stage: Stage
    region: str
    kind: SubjectKind
    dated_on: dt.date
    position: int
    counts: dict[str, int]
    subjects: tuple[SubjectStep, ...]


def roster_from(raw: object) -> EvaluateRoster:
    """The command that ``raw`` (decoded JSON or YAML) spells. Raises ``Invalid`` with every bad field at once."""
    return request_from(EvaluateRoster, raw)


class Evaluating:
    """The use case of evaluating whole rosters. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        *,
        engine: str = "",
        readings: Mapping[str, str] | None = None,
        gate: Gate | None = None,
    ) -> None:
        """``engine`` names the code in receipts; ``readings`` are the answers chosen where they differ from the
        edition's own; ``gate`` is the wall before whoever has a role."""
        self._gate = gate
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._legislation = legislation
        self._engine = engine
        self._readings = readings

    def evaluate(
        self,
        request: EvaluateRoster,
        *,
        by: Principal,
        key: str | None = None,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> RosterOutcome:
        """Take the step for every subject of the roster, in the name of ``by``; each is answered for itself.

        With a ``key`` the first answer of a run that came to its end is given again. A run that broke off is gone on
        with by the same command, what is on record then being ``already_so``. ``progress`` is told the number of
        subjects answered after each chunk. Raises ``Invalid`` for dates that cannot be and, before anything is
        stored, for every subject named that is unknown, of the other kind, outside the region or not on the roster;
        ``Refused`` (arts. 22(1), 23(1)) when the roster is empty; ``NotFound`` for the regime; ``Stale`` when other
        writers were faster time and again.
        """
        asked = CommandAsked(by, keyed(self._vault, None if dry_run else key, request), dry_run=dry_run)
        return self.carry_out(request, asked, progress=progress)

    def carry_out(
        self,
        request: EvaluateRoster,
        asked: CommandAsked,
        *,
        beside: Callable[[RosterOutcome], Sequence[Entry]] | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> RosterOutcome:
        """Take a step that is asked for like this. ``beside`` says what is appended when it has come to its end, and
        not before: a run that broke off was not finished by whoever begins it again."""
        by, dry_run = asked.by, asked.dry_run
        if self._gate is not None:
            self._gate.permit_in(by, str(request.__struct_config__.tag), request.region)
        refuse_elsewhere(by, self._legislation.last_head(request.regime))
        known = earlier_answer(self._journal, asked.keyed)
        if known is not None:
            return _told_again(known)
        run = _Run(
            request,
            self._journal,
            self._vault,
            self._clock,
            self._ids,
            self._legislation,
            self._engine,
            self._readings,
        )
        run.check()
        steps: list[SubjectStep] = []
        for done in run.steps(by, dry_run=dry_run):
            steps += done
            if done and progress is not None:
                progress(len(steps))
        if not steps:
            raise run.nobody()
        outcome = run.outcome(steps)
        commands = asked.keyed.record(outcome)
        entries = () if beside is None else beside(outcome)
        known = self._journal.append(entries, by=by, commands=commands).known if commands or entries else None
        return outcome if known is None else _told_again(known)

    def progress(self, question: ProgressQuestion) -> YearProgress:
        """How far a year is in a region. Reads every file of the kind. Raises ``NotFound`` for the regime."""
        return year_progress(self._journal, self._legislation, question, self._clock.now(), self._readings)


# --- one run ------------------------------------------------------------------------------------------------


class _Decided(NamedTuple):
    """A subject's answer, and the event to append for it with what its key needs."""

    step: SubjectStep
    entry: Entry | None
    writes: Sequence[VaultWrite] = ()


class _Unread(NamedTuple):
    """The events of one subject, not folded yet. A chunk of folded files is tens of thousands of objects that live long
    enough to be looked at by the garbage collector again and again; folded one by one they are gone before."""

    subject: str
    events: Sequence[AnyEvent]
    recorded_at: Sequence[Instant]

    def case(self, key: FileKey | None = None) -> CaseFile:
        """The file; with its ``key``, as it reads with all its texts sealed."""
        events = self.events if key is None else settled(self.events, key)
        return fold(self.subject, zip(cast("Sequence[CaseEvent]", events), self.recorded_at, strict=True))


class _UnderWay(NamedTuple):
    """A chunk that is being appended while the next is decided."""

    decided: Sequence[_Decided]
    appended: Future[int]


class _Ground:
    """What a chunk is decided on: one moment, the law then, the end of the journal then, and the files of the persons
    its agencies employ up to there. It is clock, law and others of all its results, so that their receipts are exact.
    It also has the keys of the files, where something is to be sealed.
    """

    __slots__ = ("_at", "_persons", "_position", "keys", "known", "law")

    def __init__(
        self,
        at: Instant,
        known: KnownLaw,
        law: int,
        position: int,
        persons: Mapping[str, Sequence[Recorded]],
        keys: Mapping[str, FileKey],
    ) -> None:
        """``law`` is the version of the law's stream that ``known`` rests on."""
        self._at = at
        self.known = known
        self.law = law
        self._position = position
        self._persons = persons
        self.keys = keys

    def now(self) -> Instant:
        """The moment."""
        return self._at

    def position(self) -> int:
        """The end of the journal then."""
        return self._position

    def files(self, subjects: Sequence[str], _: int) -> Mapping[str, CaseFile]:
        """The files of persons up to there; who has nothing but a registration is left out."""
        return {s: case_file(s, self._persons[s]) for s in subjects if s in self._persons}


class _ResultsOn(Results):
    """The results of a chunk."""

    def __init__(
        self,
        ground: _Ground,
        journal: Journal,
        legislation: Legislation,
        engine: str,
        readings: Mapping[str, str] | None,
    ) -> None:
        super().__init__(journal, legislation, engine, readings, others=ground)
        self._ground = ground

    def law(self, _: str, __: Instant) -> KnownLaw:
        """The law of the chunk."""
        return self._ground.known


class _GroundOfChunk(Background):
    """The background of a step's decisions: the ground of the chunk at hand."""

    def __init__(
        self,
        kind: SubjectKind,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        results: Results,
    ) -> None:
        """``kind`` is that of every subject of the roster."""
        super().__init__(journal, vault, clock, ids, legislation, results)
        self._kind = kind
        self._ground: _Ground | None = None

    def stand_on(self, ground: _Ground, results: Results) -> None:
        """Another chunk begins."""
        self._ground = ground
        self.results = results

    def now(self) -> Instant:
        """The moment of the chunk."""
        return super().now() if self._ground is None else self._ground.now()

    def is_person(self, _: str) -> bool:
        """Whether the subjects of the roster are natural persons."""
        return self._kind in PERSONS

    def sealing_key(self, stream: str) -> FileKey:
        """The key of a file of the chunk."""
        return super().sealing_key(stream) if self._ground is None else self._ground.keys[stream]


class _Run:
    """One command over a roster: chunks of subjects that are read together, decided as casework decides."""

    def __init__(
        self,
        request: EvaluateRoster,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        engine: str,
        readings: Mapping[str, str] | None,
    ) -> None:
        results = Results(journal, legislation, engine, readings)
        self._background = _GroundOfChunk(request.kind, journal, vault, clock, ids, legislation, results)
        self._preparation = Preparation(self._background)
        self._decisions = Decisions(self._background, LinkedFacts(self._background))
        self._journal = journal
        self._vault = vault
        self._time = clock
        self._legislation = legislation
        self._engine = engine
        self._readings = readings
        self._request = request
        self._appended = 0

    def check(self) -> None:
        """Refuse what is wrong whoever is on the roster. Raises ``Invalid``, and ``NotFound`` for the regime."""
        asked = self._request
        self._legislation.refresh()
        self._stand_on(self._ground(()))
        dates = (("/dated_on", asked.dated_on), ("/received_on", asked.received_on))
        problems = [*out_of_order(dates), *in_the_future(dates, self._background.today())]
        problems += [] if asked.subjects is None else self._misnamed(asked.subjects)
        if problems:
            raise Invalid(tuple(problems))

    def nobody(self) -> Refused:
        """The refusal of a command over an empty roster."""
        asked = self._request
        rule = self._decisions.law(asked.regime).stage_rule("roster", asked.kind, asked.year)
        cites = () if rule is None else rule.cites[:1]
        if asked.stage == "roster":
            return Refused(
                "nobody_registered",
                sentence("year.evaluation.nobody_registered", region=NamedPlace(asked.region)),
                *cites,
            )
        return Refused(
            "no_roster",
            sentence("year.evaluation.no_roster", region=NamedPlace(asked.region), year=asked.year),
            *cites,
        )

    def steps(self, by: Principal, *, dry_run: bool) -> Iterator[list[SubjectStep]]:
        """The answers of each chunk. While one is appended and another's ground is read, one is decided."""
        with ThreadPoolExecutor(max_workers=2) as aside:
            under_way: _UnderWay | None = None
            for chunk, ground in self._grounded(aside):
                decided = self._decide_all(chunk, ground)
                if under_way is not None:
                    yield self._finish(under_way, by)
                    under_way = None
                if dry_run:
                    yield [_on_trial(d.step) for d in decided]
                else:
                    under_way = _UnderWay(decided, aside.submit(self._append_all, decided, by, ground.law))
            if under_way is not None:
                yield self._finish(under_way, by)

    def _grounded(self, aside: Executor) -> Iterator[tuple[list[_Unread], _Ground]]:
        """The chunks, each with what it is decided on."""
        before: tuple[list[_Unread], Future[_Ground]] | None = None
        for chunk in self._chunks():
            reading = aside.submit(self._ground, chunk)
            if before is not None:
                yield before[0], before[1].result()
            before = chunk, reading
        if before is not None:
            yield before[0], before[1].result()

    def outcome(self, steps: Sequence[SubjectStep]) -> RosterOutcome:
        """The answer to the whole command."""
        asked = self._request
        counts: dict[str, int] = {}
        for step in steps:
            counts[step.status] = counts.get(step.status, 0) + 1
        return RosterOutcome(
            regime=asked.regime,
            year=asked.year,
            stage=asked.stage,
            region=asked.region,
            kind=asked.kind,
            dated_on=asked.dated_on,
            position=self._appended or self._journal.head().position,
            counts=counts,
            subjects=tuple(steps),
        )

    # --- whom it takes ------------------------------------------------------------------------------------

    def _chunks(self) -> Iterator[list[_Unread]]:
        named = self._request.subjects
        if named is not None:
            for start in range(0, len(named), CHUNK):
                yield self._read(named[start : start + CHUNK])
            return
        # Where a subject is registered stands on its file alone, so every file is read, which is fastest in one go.
        whole = self._journal.whole_streams(categories=(self._request.kind,))
        found = (_Unread(w.stream, w.events, w.recorded_at) for w in whole if self._may_take(w.events))
        while chunk := list(islice(found, CHUNK)):
            yield chunk

    def _read(self, subjects: Sequence[str]) -> list[_Unread]:
        found = self._journal.streams(subjects)
        rows = [(subject, found.get(subject, ())) for subject in subjects]
        return [_Unread(subject, [r.event for r in file], [r.recorded_at for r in file]) for subject, file in rows]

    def _may_take(self, events: Sequence[AnyEvent]) -> bool:
        """Whether the file can be one that the step is taken for, told without folding it."""
        asked = self._request
        is_there = is_listed = False
        for event in events:
            if isinstance(event, Registered | SubjectChanged):
                is_there = is_there or lies_in(event.region or "", asked.region)
            elif isinstance(event, StageRecorded):
                is_listed = is_listed or (event.stage, event.year) == ("roster", asked.year)
            elif isinstance(event, FilesJoined):
                is_listed = is_listed or any(isinstance(line.event, StageRecorded) for line in event.carried)
        return is_there and (is_listed or asked.stage == "roster")

    def _takes(self, case: CaseFile) -> bool:
        asked = self._request
        if case.kind is None:
            # It goes on in another file.
            return False
        listing = None if asked.stage == "roster" else listing_of(case, asked.regime, asked.year)
        if listing is None and asked.stage != "roster":
            return False
        return lies_in(place_of(case, listing, asked.dated_on), asked.region)

    def _misnamed(self, named: Sequence[str]) -> Iterator[FieldProblem]:
        """Every subject named that the step cannot be taken for, by its place in the command."""
        first: dict[str, int] = {}
        for start in range(0, len(named), CHUNK):
            for index, unread in enumerate(self._read(named[start : start + CHUNK]), start):
                case = unread.case()
                before = first.setdefault(case.subject, index)
                problem = self._misfit(case) if before == index else _TWICE
                if problem is not None:
                    yield FieldProblem(f"/subjects/{index}", *problem)

    def _misfit(self, case: CaseFile) -> tuple[str, Sentence] | None:
        asked = self._request
        if case.kind is None:
            return "unknown_subject", sentence("year.evaluation.unknown_subject", subject=case.subject)
        if case.kind != asked.kind:
            return "other_kind", sentence("year.evaluation.other_kind", subject=case.subject)
        listing = None if asked.stage == "roster" else listing_of(case, asked.regime, asked.year)
        if listing is None and asked.stage != "roster":
            says = sentence("year.evaluation.not_on_roster", subject=case.subject, year=asked.year)
            return "not_on_roster", says
        place = place_of(case, listing, asked.dated_on)
        if not lies_in(place, asked.region):
            own, region = NamedPlace(place), NamedPlace(asked.region)
            says = sentence("year.evaluation.other_region", subject=case.subject, place=own, region=region)
            return "other_region", says
        return None

    # --- deciding and appending ----------------------------------------------------------------------------

    def _ground(self, chunk: Sequence[_Unread]) -> _Ground:
        """What is decided on now. Raises ``NotFound`` for the regime."""
        at = self._time.now()
        law = len(self._legislation.known())
        known = Results(self._journal, self._legislation, self._engine, self._readings).law(self._request.regime, at)
        # After the law and before the files: what a receipt names holds all that was looked at, and nothing after it.
        position = self._journal.head().position
        persons = {e.practitioner for unread in chunk for e in unread.events if isinstance(e, EmploymentRecorded)}
        found = self._journal.streams(sorted(persons), until=position) if persons else {}
        files = {person: file for person, file in found.items() if file[1:]}
        keys = self._vault.keys([unread.subject for unread in chunk]) if chunk and self._request.panel else {}
        return _Ground(at, known, law, position, files, keys)

    def _stand_on(self, ground: _Ground) -> None:
        results = _ResultsOn(ground, self._journal, self._legislation, self._engine, self._readings)
        self._background.stand_on(ground, results)

    def _decide_all(self, chunk: Sequence[_Unread], ground: _Ground) -> list[_Decided]:
        self._stand_on(ground)
        cases = (unread.case(ground.keys.get(unread.subject)) for unread in chunk)
        is_named = self._request.subjects is not None
        return [self._decide_one(case) for case in cases if is_named or self._takes(case)]

    def _decide_one(self, case: CaseFile) -> _Decided:
        asked = self._request
        command = EvaluationStage(
            subject=case.subject,
            regime=asked.regime,
            year=asked.year,
            stage=asked.stage,
            dated_on=asked.dated_on,
            received_on=asked.received_on,
            panel=asked.panel,
        )
        try:
            prepared = self._preparation.prepare(command)
            events, notices = self._decisions.decide(case, prepared)
        except CaseError as refused:
            return _Decided(_refused(case, refused), None)
        if not events:
            same = _same_step(case, cast("EvaluationStage", prepared.request))
            return _Decided(_told(case, same, "already_so", case.version), None)
        (event,) = events
        if not isinstance(event, StageRecorded):
            raise AssertionError("a step is one event")
        version = case.version + 1
        step = msgspec.structs.replace(_told(case, event, "recorded", version), notices=notices)
        writes = () if prepared.key is None else prepared.key.writes
        return _Decided(step, Entry(case.subject, asked.kind, version, event, event.record), writes)

    def _append_all(self, decided: Sequence[_Decided], by: Principal, law: int) -> int:
        """Append the events of a chunk, all or none; the last position, 0 when there are none."""
        entries = [d.entry for d in decided if d.entry is not None]
        if not entries:
            return 0
        writes = [write for d in decided for write in d.writes]
        return self._journal.append(entries, by=by, vault=writes, law=law).positions[-1]

    def _finish(self, under_way: _UnderWay, by: Principal) -> list[SubjectStep]:
        """The answers of a chunk that is being appended; decided anew while another writer is faster."""
        decided = under_way.decided
        try:
            position = under_way.appended.result()
        except Stale:
            decided, position = self._once_more([d.step.subject for d in decided], by)
        self._appended = max(position, self._appended)
        return [d.step for d in decided]

    def _once_more(self, subjects: Sequence[str], by: Principal) -> tuple[Sequence[_Decided], int]:
        stale = Stale("", 0, 0)
        for _ in attempts():
            self._legislation.refresh()
            chunk = self._read(subjects)
            ground = self._ground(chunk)
            decided = self._decide_all(chunk, ground)
            try:
                return decided, self._append_all(decided, by, ground.law)
            except Stale as moved:
                stale = moved
        raise stale


# --- pieces -------------------------------------------------------------------------------------------------

_TWICE: Final = ("named_twice", sentence("year.evaluation.named_twice"))


def _told_again(known: CommandRecord) -> RosterOutcome:
    """The first answer again."""
    return msgspec.json.decode(known.answer, type=RosterOutcome)


def _same_step(case: CaseFile, asked: EvaluationStage) -> StageRecorded:
    """The step on record that the command asks for."""
    standing = current_round(steps_of(case, asked.regime, asked.year))
    return next(
        s.event
        for s in reversed(standing)
        if (s.event.stage, s.event.dated_on, s.event.received_on, s.event.panel)
        == (asked.stage, asked.dated_on, asked.received_on, asked.panel)
    )


def _told(case: CaseFile, event: StageRecorded, status: RosterStatus, version: int) -> SubjectStep:
    result = event.result
    return SubjectStep(
        subject=case.subject,
        status=status,
        version=version,
        id=event.record,
        score=None if result is None else result.score,
        grade=None if result is None else result.grade,
        undetermined=None if result is None else result.undetermined,
    )


def _on_trial(step: SubjectStep) -> SubjectStep:
    """The answer of a trial: what would be recorded has no id and leaves the file as it is."""
    if step.status != "recorded":
        return step
    return msgspec.structs.replace(step, status="dry_run", version=step.version - 1, id=None)


def _refused(case: CaseFile, refused: CaseError) -> SubjectStep:
    cites = refused.cites if isinstance(refused, Refused) else ()
    error = Refusal(code=refused.code, **in_both_languages(refused.says), cites=tuple(cites))
    return SubjectStep(subject=case.subject, status="refused", version=case.version, error=error)
