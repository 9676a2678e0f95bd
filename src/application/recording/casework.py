"""Writing: read the file, decide, append; try again when somebody else was faster.

Names and ID numbers of natural persons are taken out of a command before anything is decided: they go to the vault, and
what is decided on carries keys. Free text, in which somebody may be named on any file, is sealed with the file's key.
"""

import contextlib
import datetime as dt
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeGuard, cast

import msgspec

from application.answering.case_files import case_file
from application.answering.results import Results
from application.law.legislation import KnownLaw, Legislation, unknown_names
from application.ports import (
    Appended,
    Category,
    Clock,
    CommandRecord,
    Entry,
    FileKey,
    Ids,
    Journal,
    Person,
    Recorded,
    Vault,
    VaultWrite,
    linked_keys,
)
from application.prose import Sealing, comparable, texts_of, with_texts
from application.recording.advisories import Advising
from application.recording.cohorts import Cohorts
from application.recording.commands import Command, LawCommand
from application.recording.competence import refuse_elsewhere, regime_of_request, region_of
from application.recording.identity import check_id_number, check_places, check_uscc, vouched_by
from application.recording.lawmaking import Lawmaking
from application.recording.notices import FieldWarning, Notice, notices_of
from application.recording.outcomes import (
    Outcome,
    Status,
    attempts,
    known_answer,
    number_told,
    repeated,
    tag_of,
)
from domain.aggregates.advisories import ADVISORY_STREAMS
from domain.aggregates.casefile import CaseEvent, CaseFile, evolve
from domain.aggregates.cohort import COHORT_STREAMS
from domain.errors import CaseError, Conflict, Invalid, NotFound, Problem, Refused, Stale
from domain.events.evaluation import RecordRetracted
from domain.events.facts import ClientOutcomeRecorded, FactCorrected, FactRecorded, FactRetracted, FactSetAside
from domain.events.lawbook import LAW_STREAM
from domain.events.registration import KINDS, AgencyRegistered, ClientRegistered
from domain.events.repairs import RepairConfirmed
from domain.law.regime import RowRule
from domain.places import Places
from domain.procedures import (
    adjustments,
    facts,
    filings,
    intermediaries,
    objections,
    participation,
    registration,
    repairs,
    scores,
    snapshots,
    warnings,
)
from domain.procedures import evaluation as evaluations
from domain.procedures.advisories import ADVISORY_COMMANDS
from domain.procedures.cohorts import COHORT_COMMANDS
from domain.procedures.request import SubjectRequest
from domain.time import iso_utc, legal_day
from domain.values import official_number
from domain.vocabulary import PERSONS, Text

CACHED_EVENTS: Final = 400_000
"""Most events kept in memory so that a write need not read its file again; a folded file counts twice."""

_OPENING: Final = (registration.RegisterOrganisation, registration.RegisterPerson)
"""Commands that open a file."""


class _Prepared(msgspec.Struct, frozen=True):
    """A command with its stream, its persons taken out and its texts sealed, and what the vault has to write for it.

    ``key`` is what its texts were sealed with, ``None`` when there are none; ``given`` still has them in clear.
    """

    request: Command
    stream: str
    given: Command
    writes: tuple[VaultWrite, ...] = ()
    key: FileKey | None = None
    person: str | None = None
    warnings: tuple[FieldWarning, ...] = ()


Impact = Callable[[CaseFile, Sequence[Recorded], Sequence[CaseEvent]], object]
"""What a dry run tells: from the file before, its events, and the events that would be appended."""


class Casework:
    """The use case of writing. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        impact: Impact | None = None,
        *,
        engine: str = "",
        readings: Mapping[str, str] | None = None,
        places: Places | None = None,
    ) -> None:
        """``impact`` answers dry runs; without it a dry run only checks. ``engine`` names the code in receipts;
        ``readings`` are the answers chosen where they differ from the edition's own. ``places`` says which codes stand
        for a place; without it every code does."""
        self._places = places
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._legislation = legislation
        self._impact = impact
        self._files = _Files(journal)
        self._results = Results(journal, legislation, engine, readings)
        self._lawmaking = Lawmaking(journal, legislation)
        self._advising = Advising(journal, vault, clock, ids, legislation, readings)
        self._cohorts = Cohorts(journal, vault, clock, ids, legislation, readings)

    def submit(
        self,
        command: Command,
        *,
        actor: str,
        key: str | None = None,
        if_match: int | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Decide and record one command for ``actor``.

        ``key`` makes it idempotent, ``if_match`` is the version the writer relied on. Raises the errors of
        ``domain.errors``; whatever is raised, nothing is stored.
        """
        request_digest = b""
        if key is not None and not dry_run:
            request_digest = self._vault.digest(msgspec.json.encode((command, if_match), order="deterministic"))
        if isinstance(command, LawCommand):
            return self._lawmaking.submit(command, actor, key, request_digest, if_match, dry_run=dry_run)
        warnings = self._checked_places(command)
        named = getattr(command, "regime", None)
        if isinstance(named, str):
            refuse_elsewhere(actor, named, self._legislation.regions_of(named))
        if isinstance(command, COHORT_COMMANDS) or self._is_of(command, COHORT_STREAMS):
            return self._cohorts.submit(command, actor=actor, key=key, if_match=if_match, dry_run=dry_run)
        if isinstance(command, ADVISORY_COMMANDS) or self._is_of(command, ADVISORY_STREAMS):
            return self._advising.submit(command, actor=actor, key=key, if_match=if_match, dry_run=dry_run)
        stream = ""
        for _ in attempts():
            prepared = self._prepare(command, key, request_digest)
            if isinstance(prepared, Outcome):
                return prepared
            stream = prepared.stream
            prepared = msgspec.structs.replace(prepared, warnings=(*prepared.warnings, *warnings))
            self._competent(actor, prepared)
            try:
                return self._once(prepared, actor, key, request_digest, if_match, dry_run=dry_run)
            except Stale as stale:
                if stale.stream == LAW_STREAM:
                    self._legislation.refresh()
                    continue
                self._files.forget(stream)
                # At the version relied on nobody was faster: a key of the vault was made at the same moment.
                if if_match is not None and stale.expected != stale.actual:
                    raise self._intervened(stale, stream) from None
        raise Stale(stream, 0, 0)

    def unknown_names(self, raw: Mapping[str, Any]) -> list[Problem]:
        """The regime and the row that a request names, as far as no edition on record knows them."""
        return unknown_names(self._legislation, raw)

    def file(self, stream: str) -> CaseFile:
        """The case file of a subject as it is now. Raises ``NotFound``."""
        case = case_file(stream, self._files.fresh(stream))
        if case.kind is None:
            raise NotFound("subject", stream)
        return case

    # --- one attempt --------------------------------------------------------------------------------------

    def _once(
        self,
        prepared: _Prepared,
        actor: str,
        key: str | None,
        request_digest: bytes,
        if_match: int | None,
        *,
        dry_run: bool,
    ) -> Outcome:
        stream = prepared.stream
        # Taken before deciding: the append finds out whether what the decision rests on is still the law.
        law = len(self._legislation.known())
        recorded = None if dry_run else self._files.kept(stream)
        decided = None
        if recorded is not None:
            recorded = self._settled(prepared, recorded)
            # What memory holds may be old: a refusal that rests on it is decided again on what the journal holds.
            with contextlib.suppress(CaseError):
                decided = self._decide(prepared, recorded, if_match)
        if recorded is None or decided is None:
            law = len(self._legislation.refresh())
            recorded = self._settled(prepared, self._files.fresh(stream))
            try:
                decided = self._decide(prepared, recorded, if_match)
            except CaseError:
                answer = self._known_answer(key, request_digest)
                if answer is not None:
                    return answer
                raise
        case, events, notices = decided
        linked = self._linked(prepared, case, dry_run=dry_run)
        notices += self._citing(_of_linked(linked), case, prepared.request)
        if dry_run:
            return self._dry(prepared, case, recorded, events, notices)
        if not events and not linked:
            answer = self._known_answer(key, request_digest)
            return answer or self._already_so(prepared, case, recorded, notices, actor, key, request_digest)
        return self._append(prepared, case, recorded, events, linked, notices, actor, key, request_digest, law)

    def _settled(self, prepared: _Prepared, recorded: tuple[Recorded, ...]) -> tuple[Recorded, ...]:
        """What is recorded, to be compared with a request whose texts are sealed."""
        return recorded if prepared.key is None else self._files.settled(prepared.stream, recorded, prepared.key)

    def _decide(
        self, prepared: _Prepared, recorded: Sequence[Recorded], if_match: int | None
    ) -> tuple[CaseFile, list[CaseEvent], tuple[Notice, ...]]:
        case = self._files.folded(prepared.stream, recorded)
        if if_match is not None and if_match != case.version:
            raise Stale(prepared.stream, if_match, case.version)
        events, notices = self._decided(case, prepared)
        return case, events, notices

    def _decided(self, case: CaseFile, prepared: _Prepared) -> tuple[list[CaseEvent], tuple[Notice, ...]]:
        if case.kind is None and not isinstance(prepared.request, _OPENING):
            raise NotFound("subject", prepared.stream)
        try:
            decision = self._decision(case, prepared)
        except Refused as refused:
            raise self._with_grounds(case, prepared.request, refused) from None
        events = [self._with_id(e) for e in decision]
        events += [self._with_id(e) for e in self._outcomes_met(case, events)]
        notices = notices_of(case, events, lambda regime: self._law(regime).law, self._employers_on)
        met = self._citing(_of_met(events), case, prepared.request)
        return events, notices + self._persons_answering(case, events) + met

    def _outcomes_met(self, case: CaseFile, events: Sequence[CaseEvent]) -> list[ClientOutcomeRecorded]:
        """What is known to have become of the client's decision to which a fact is linked now, on any file: it follows
        it from its recording on (I-26)."""
        found: list[ClientOutcomeRecorded] = []
        for event in events:
            if isinstance(event, FactRecorded):
                linked = event
            elif isinstance(event, FactCorrected) and event.changes.given().get("linked_to"):
                linked = msgspec.structs.replace(case.facts[event.fact].record, **event.changes.given())
            else:
                continue
            if linked.linked_to is not None:
                files = [case, *(file for stream, file in self._linked_files(linked.linked_to, case))]
                known = [o for file in files for o in facts.outcomes_of(file, linked.linked_to)]
                found += facts.outcomes_met(case, linked, known)
        return found

    def _linked_files(self, decision: str, case: CaseFile) -> list[tuple[str, CaseFile]]:
        """The other files with a fact linked to a client's decision."""
        streams = sorted({s for key in linked_keys(decision) for s in self._journal.concerning(key)} - {case.subject})
        return [(stream, case_file(stream, self._files.fresh(stream))) for stream in streams]

    def _with_grounds(self, case: CaseFile, request: Any, refused: Refused) -> Refused:
        """The refusal with the articles of the regime under which the request is judged; for a request that belongs to
        none, of one that applies where the subject is registered and knows the ground."""
        today, regime = self._today(), regime_of_request(case, request)
        if regime is not None:
            return self._law(regime).law.grounded(refused, today, case.kind)
        if refused.ground is None:
            return refused
        here = case.region_on(today) or ""
        regimes = (r for r in self._legislation.regimes() if here.startswith(tuple(self._legislation.regions_of(r))))
        found = (self._law(r).law.grounded(refused, today, case.kind) for r in regimes)
        return next((f for f in found if f.cites), refused)

    def _citing(self, notices: tuple[Notice, ...], case: CaseFile, request: Any) -> tuple[Notice, ...]:
        """Notices about linked facts with what the edition says of a client's deduction."""
        regime = regime_of_request(case, request)
        if not notices or regime is None:
            return notices
        cites = self._law(regime).law.grounds("linked", self._today())
        return tuple(msgspec.structs.replace(n, cites=cites, regime=regime) for n in notices)

    def _persons_answering(self, case: CaseFile, events: Sequence[CaseEvent]) -> tuple[Notice, ...]:
        """An agency's fact no longer stands: facts of the persons who answer for it are for the bureau to review."""
        if case.kind != "agency":
            return ()
        undone = [e.fact for e in events if isinstance(e, (FactSetAside, FactRetracted))]
        if not undone:
            return ()
        persons = tuple(dict.fromkeys(p for fact in undone for p in self._journal.concerning(fact)))
        if not persons:
            return ()
        text = Text(
            f"另有 {len(persons)} 名从业人员的信息因此信息而起；是否仍然成立，须分别认定。",
            f"facts of {len(persons)} practitioners arose from it; whether they stand is determined for each.",
        )
        regime = case.facts[undone[0]].record.regime
        cites = self._law(regime).law.grounds("persons_to_review", self._today())
        found = Notice(code="persons_to_review", zh=text.zh, en=text.en, ids=persons, cites=cites, regime=regime)
        return (found,)

    def _append(
        self,
        prepared: _Prepared,
        case: CaseFile,
        recorded: Sequence[Recorded],
        events: list[CaseEvent],
        linked: Sequence[Entry],
        notices: tuple[Notice, ...],
        actor: str,
        key: str | None,
        request_digest: bytes,
        law: int,
    ) -> Outcome:
        kind = case.kind or _kind_of(events[0])
        entries = [
            Entry(prepared.stream, kind, case.version + i, event, event.introduced_id, number_told(event))
            for i, event in enumerate(events, start=1)
        ]
        own = [entry for entry in linked if entry.stream == prepared.stream]
        entries += [entry._replace(version=case.version + len(events) + i) for i, entry in enumerate(own, start=1)]
        others = [entry for entry in linked if entry.stream != prepared.stream]
        others, keys = self._sealed_elsewhere(others)
        outcome = Outcome(
            status="recorded",
            subject=prepared.stream,
            version=case.version + len(entries),
            position=0,
            id=_made(events),
            events=tuple(tag_of(e) for e in events),
            notices=notices,
            warnings=prepared.warnings,
        )
        commands = () if key is None else (CommandRecord(key, request_digest, msgspec.json.encode(outcome)),)
        writes = (*prepared.writes, *keys, *(() if prepared.key is None else prepared.key.writes))
        try:
            done = self._journal.append(
                [*entries, *others],
                actor=actor,
                commands=commands,
                vault=writes,
                law=law,
                sealed=() if prepared.key is None else (prepared.stream,),
            )
        except Stale as stale:
            if stale.stream in {entry.stream for entry in others}:
                # The file of another subject has moved on: nothing the writer relied on. Decide once more.
                raise Stale(LAW_STREAM, stale.expected, stale.actual) from None
            raise
        for entry in others:
            self._files.forget(entry.stream)
        if done.known is not None:
            return repeated(done.known)
        kept = Appended(done.positions[: len(entries)], done.recorded_at)
        self._files.extend(case, recorded, entries, kept, actor)
        return msgspec.structs.replace(outcome, position=done.positions[-1], recorded_at=iso_utc(done.recorded_at))

    def _sealed_elsewhere(self, entries: Sequence[Entry]) -> tuple[list[Entry], list[VaultWrite]]:
        """What is appended to other files with the command's own: each text is sealed with the key of its file."""
        if not entries:
            return [], []
        keys = self._vault.keys({entry.stream for entry in entries if any(texts_of(entry.event))})
        sealed = [
            entry if key is None else entry._replace(event=with_texts(entry.event, key.seal))
            for entry in entries
            for key in (keys.get(entry.stream),)
        ]
        return sealed, [write for key in keys.values() for write in key.writes]

    def _linked(self, prepared: _Prepared, case: CaseFile, *, dry_run: bool) -> list[Entry]:
        """What an outcome of the client's deduction, or its retraction, means for the other facts linked to the same
        decision, on any file.

        It is appended with the outcome, all or nothing. What an earlier append has done is not done again, so the
        same request also mends what is missing (I-26).
        """
        decision, follow = _reaching(case, prepared.request)
        if decision is None:
            return []
        # What goes to other files is sealed with their keys, not with that of this one.
        _, elsewhere = _reaching(case, prepared.given)
        entries: list[Entry] = []
        for stream, file in [(case.subject, case), *self._linked_files(decision, case)]:
            for number, event in enumerate((follow if file is case else elsewhere)(file), start=1):
                named = event if dry_run else self._with_id(event)
                entries.append(Entry(stream, "agency", file.version + number, named, named.introduced_id))
        return entries

    def _already_so(
        self,
        prepared: _Prepared,
        case: CaseFile,
        recorded: Sequence[Recorded],
        notices: tuple[Notice, ...],
        actor: str,
        key: str | None,
        request_digest: bytes,
    ) -> Outcome:
        """Nothing to record; the key is kept all the same, so that it cannot stand for another request."""
        outcome = self._outcome("already_so", prepared, case, recorded, notices)
        if key is None:
            return outcome
        command = CommandRecord(key, request_digest, msgspec.json.encode(outcome))
        done = self._journal.append([], actor=actor, commands=[command])
        return repeated(done.known) if done.known is not None else outcome

    def _dry(
        self,
        prepared: _Prepared,
        case: CaseFile,
        recorded: Sequence[Recorded],
        events: list[CaseEvent],
        notices: tuple[Notice, ...],
    ) -> Outcome:
        outcome = self._outcome("dry_run", prepared, case, recorded, notices)
        impact = self._impact(case, recorded, events) if self._impact is not None else None
        return msgspec.structs.replace(outcome, events=tuple(tag_of(e) for e in events), impact=impact)

    def _outcome(
        self,
        status: Status,
        prepared: _Prepared,
        case: CaseFile,
        recorded: Sequence[Recorded],
        notices: tuple[Notice, ...],
    ) -> Outcome:
        return Outcome(
            status=status,
            subject=case.subject,
            version=case.version,
            position=recorded[-1].position if recorded else self._journal.head().position,
            notices=notices,
            warnings=prepared.warnings,
        )

    # --- idempotency --------------------------------------------------------------------------------------

    def _known_answer(self, key: str | None, request_digest: bytes) -> Outcome | None:
        return known_answer(self._journal, key, request_digest)

    def _intervened(self, stale: Stale, stream: str) -> Stale:
        actual = len(self._files.fresh(stream))
        return Stale(stream, stale.expected, actual)

    # --- preparing: where it belongs, and persons to the vault --------------------------------------------

    def _checked_places(self, command: Command) -> tuple[FieldWarning, ...]:
        """What to look at once more in the codes of places. Raises ``Invalid`` for one that stands for none."""
        if self._places is None:
            return ()
        opened = getattr(command, "id", None) if isinstance(command, _OPENING) else None
        if opened is not None and self._case(opened).version:
            # What is on record may be told again, under the code of its day.
            return ()
        places, legislation = self._places, self._legislation

        def is_vouched(code: str) -> bool:
            stems = [stem for regime in legislation.regimes() for stem in legislation.regions_of(regime)]
            return vouched_by(stems, places)(code)

        return check_places(command, places, self._today(), is_vouched)

    def _prepare(self, command: Command, key: str | None, request_digest: bytes) -> _Prepared | Outcome:
        match command:
            case SubjectRequest():
                stream = command.subject
            case registration.RegisterPractitioner() | registration.RegisterExpert():
                return self._prepare_person(command, key, request_digest)
            case registration.RegisterAgency() | registration.RegisterClient():
                return self._prepare_organisation(command, key, request_digest)
            case _ if command.names is not None:
                stream = self._owner(command.names, command.named)
            case _:
                raise AssertionError("every command names a subject or a record")
        return self._sealed(command, stream)

    def _competent(self, actor: str, prepared: _Prepared) -> None:
        """Raise ``Refused`` for an actor of a region in which the regime does not apply."""
        if region_of(actor) is None:
            return
        regime = regime_of_request(self._case(prepared.stream), prepared.request)
        if regime is not None:
            refuse_elsewhere(actor, regime, self._legislation.regions_of(regime))

    def _case(self, stream: str) -> CaseFile:
        """The file as it stands in memory, read when it is not there; without events for an unknown subject."""
        return case_file(stream, self._files.get(stream))

    def _is_person(self, stream: str) -> bool:
        recorded = self._files.get(stream)
        return bool(recorded) and KINDS.get(type(recorded[0].event)) in PERSONS

    def _owner(self, what: str, id: str) -> str:
        stream = self._journal.owner_of(id)
        if stream is None or stream.startswith((ADVISORY_STREAMS, COHORT_STREAMS)):
            raise NotFound(what, id)
        return stream

    def _is_of(self, command: Command, streams: str) -> TypeGuard[evaluations.RetractRecord]:
        """Whether a record to be retracted stands in a stream whose name begins so."""
        if not isinstance(command, evaluations.RetractRecord):
            return False
        owner = self._journal.owner_of(command.record)
        return owner is not None and owner.startswith(streams)

    def _prepare_person(
        self, command: registration.RegisterPerson, key: str | None, request_digest: bytes
    ) -> _Prepared | Outcome:
        warnings = check_id_number(command.id_number, command.id_kind, self._today())
        known = self._vault.find(command.id_number)
        answer = self._known_answer(key, request_digest)
        if answer is not None:
            return answer
        if known is not None and known != command.id:
            raise Conflict(
                "person_registered",
                f"该证件号码已登记，主体编号为 {known}。",
                f"a person with this ID number is registered as {known}.",
            )
        stream = command.id or self._ids.new()
        person = Person(name=command.name, id_number=command.id_number, id_kind=command.id_kind)
        if known is not None and _same_person(self._vault.open([stream]).get(stream), person):
            return _Prepared(command, stream, command, warnings=warnings)
        if self._case(stream).version:
            raise Conflict(
                "already_registered",
                f"编号 {stream} 已登记为另一主体。",
                f"the id {stream} is registered with other content.",
            )
        return _Prepared(command, stream, command, tuple(self._vault.keep(stream, person)), warnings=warnings)

    def _prepare_organisation(
        self, command: registration.RegisterOrganisation, key: str | None, request_digest: bytes
    ) -> _Prepared | Outcome:
        check_uscc(command.uscc)
        answer = self._known_answer(key, request_digest)
        if answer is not None:
            return answer
        stream = command.id or self._ids.new()
        kind: Category = "agency" if isinstance(command, registration.RegisterAgency) else "client"
        if not self._case(stream).version:
            self._refuse_taken(kind, command.uscc, stream)
        person, writes = self._representative(stream, command.legal_representative)
        return _Prepared(command, stream, command, writes, person=person)

    def _refuse_taken(self, kind: Category, number: str, stream: str) -> None:
        """Raise ``Conflict`` for a unified social credit code that stands for another file of the kind."""
        owner = self._number_owner(kind, number)
        if owner is not None and owner != stream:
            raise registration.uscc_taken(number, self._case(owner).name_on(None), owner)

    def _number_owner(self, kind: Category, number: str) -> str | None:
        return self._journal.number_owner(kind, number)

    def _representative(self, stream: str, name: str | None) -> tuple[str | None, tuple[VaultWrite, ...]]:
        """The person key of a legal representative: the one on file when the name is the same, else a new one."""
        if name is None:
            return None, ()
        current = _representative_of(self._case(stream))
        if current is not None:
            known = self._vault.open([current]).get(current)
            if known is not None and known.name == name:
                return current, ()
        person = self._ids.new()
        return person, tuple(self._vault.keep(person, Person(name=name)))

    def _key(self, stream: str) -> FileKey:
        return self._vault.sealing_key(stream)

    def _sealed(self, command: Command, stream: str) -> _Prepared:
        """The command on its stream, with its persons in the vault and its texts under the key of the file."""
        prepared = self._placed(command, stream)
        sealing = Sealing(lambda: self._key(stream))
        sealed = with_texts(command, sealing)
        return prepared if sealing.key is None else msgspec.structs.replace(prepared, request=sealed, key=sealing.key)

    def _placed(self, command: Command, stream: str) -> _Prepared:
        """The command on its stream, with its persons in the vault."""
        if isinstance(command, registration.ChangeSubject):
            return self._prepare_change(command, stream, self._case(stream))
        if isinstance(command, objections.RecordComment):
            return self._prepare_comment(command, stream)
        if isinstance(command, objections.FileObjection) and not self._is_person(stream):
            return self._prepare_objection(command, stream)
        return _Prepared(command, stream, command)

    def _prepare_comment(self, command: objections.RecordComment, stream: str) -> _Prepared:
        """Whoever comments is a person: the name goes to the vault."""
        known = self._case(stream).comments.get(command.id or "")
        if command.by is None:
            return _Prepared(command, stream, command)
        return self._with_author(command, stream, command.by, None if known is None else known.recorded.by)

    def _with_author(self, command: Command, stream: str, name: str, known: str | None) -> _Prepared:
        """The command with its author in the vault: the ``known`` one of the same id when the name is the same. Of one
        who was erased there is no name to compare."""
        if known is not None:
            author = self._vault.open([known]).get(known)
            if author is None or author.name == name:
                return _Prepared(command, stream, command, person=known)
        person = self._ids.new()
        writes = tuple(self._vault.keep(person, Person(name=name)))
        return _Prepared(command, stream, command, writes, person=person)

    def _prepare_objection(self, command: objections.FileObjection, stream: str) -> _Prepared:
        """Who objects to somebody else's result is a person: the name goes to the vault (Ningbo art. 13(2))."""
        case = self._case(stream)
        if case.kind is None or objections.is_own(case, command.by, self._names(case, command.filed_on)):
            return _Prepared(command, stream, command)
        law = self._law(command.regime).law
        if not objections.anyone_may_object(law, "agency", command.filed_on.year - 1):
            return _Prepared(command, stream, command)
        known = case.objections.get(command.id or "")
        by_other = known is not None and known.filed.by != objections.PARTICIPANT
        return self._with_author(command, stream, command.by, known.filed.by if known and by_other else None)

    def _prepare_change(self, command: registration.ChangeSubject, stream: str, case: CaseFile) -> _Prepared:
        changes = command.changes
        if case.kind not in PERSONS:
            if changes.uscc is not None:
                check_uscc(changes.uscc, "/changes/uscc")
                self._refuse_taken(case.kind or "agency", changes.uscc, stream)
            person, writes = self._representative(stream, changes.legal_representative)
            return _Prepared(command, stream, command, writes, person=person)
        if changes.name is None:
            return _Prepared(command, stream, command)
        known = self._vault.open([stream]).get(stream)
        if known is None or known.name == changes.name:
            return _Prepared(command, stream, command)
        renamed = msgspec.structs.replace(known, name=changes.name)
        return _Prepared(command, stream, command, tuple(self._vault.keep(stream, renamed)), person=stream)

    # --- deciding -----------------------------------------------------------------------------------------

    def _decision(self, case: CaseFile, prepared: _Prepared) -> Sequence[CaseEvent]:
        request, today = prepared.request, self._today()
        decide = _DECISIONS.get(type(request))
        if decide is not None:
            return decide(case, request, today)
        by_law = _BY_LAW.get(type(request))
        if by_law is not None:
            return by_law(case, request, self._law(request.regime).law, today)  # type: ignore[union-attr]
        match request:
            case facts.RecordFact():
                self._arising(request, case)
                return facts.record_fact(case, request, self._law(request.regime).law, today)
            case registration.RegisterAgency():
                return registration.register_agency(case, request, prepared.person)
            case registration.RegisterClient():
                return registration.register_client(case, request, prepared.person)
            case registration.ChangeSubject():
                person, renamed = prepared.person, case.kind in PERSONS and prepared.person is not None
                return registration.change_subject(case, request, None if renamed else person, renamed=renamed)
            case registration.RecordEmployment():
                employed = self._case(request.practitioner)
                if employed.kind is None:
                    raise NotFound("subject", request.practitioner)
                return registration.record_employment(case, request, employed.kind)
            case facts.CorrectFact():
                regime = facts.fact_of(case, request.fact).record.regime
                return facts.correct_fact(case, request, self._law(regime).law, today)
            case facts.ConfirmRectification():
                regime = facts.fact_of(case, request.fact).record.regime
                self._law(regime).law.refuse_excluded("confirm_rectification")
                return facts.confirm_rectification(case, request, today)
            case facts.RecordClientOutcome():
                return facts.record_client_outcome(case, request, self._rule(case, request.fact), today)
            case warnings.IssueWarning():
                law = self._law(facts.fact_of(case, request.fact).record.regime).law
                return warnings.issue_warning(case, request, law, today)
            case evaluations.EvaluationStage():
                return self._stage(case, request, today)
            case evaluations.AdjustResult():
                return self._adjust(case, request, today)
            case repairs.ConfirmRepair():
                return self._confirm_repair(case, request, today)
            case objections.FileObjection():
                law = self._law(request.regime).law
                names = self._names(case, request.filed_on)
                return objections.file_objection(case, request, names, law, today, prepared.person)
            case objections.ExtendReview():
                law = self._law(objections.objection_of(case, request.objection).filed.regime).law
                return objections.extend_review(case, request, law)
            case objections.DecideObjection():
                law = self._law(objections.objection_of(case, request.objection).filed.regime).law
                return objections.decide_objection(case, request, law, today)
            case objections.RecordComment():
                self._law(request.regime).law.refuse_excluded("record_comment")
                return objections.record_comment(case, request, prepared.person, today)
            case repairs.CommitRepair() | repairs.ApplyRepair():
                law = self._law(request.regime).law
                law.refuse_excluded(str(request.__struct_config__.tag))
                return repairs.ask_repair(case, request, law, today)
            case (
                evaluations.RequestCertificate()
                | evaluations.IssueCertificate()
                | evaluations.SuspendScope()
                | evaluations.ResumeScope()
            ):
                self._law(request.regime).law.refuse_excluded(str(request.__struct_config__.tag))
                return _REGIME_DECISIONS[type(request)](case, request, today)
            case _:
                raise AssertionError("every command has its decision")

    def _arising(self, request: facts.RecordFact, case: CaseFile) -> None:
        """A person answers for a fact of an agency that is on record (art. 3, I-24). Raises ``Invalid``."""
        if request.arises_from is None or request.id in case.facts:
            return
        owner = self._journal.owner_of(request.arises_from)
        agency = None if owner is None else self._case(owner)
        known = agency is not None and agency.kind == "agency" and request.arises_from in agency.facts
        if case.kind != "practitioner" or not known:
            raise Invalid(
                (
                    Problem(
                        "/arises_from",
                        "unknown_fact",
                        "此项只用于从业人员，须为某机构案卷中信息的编号。",
                        "only a practitioner's fact has it, and it is the id of a fact on an agency's file.",
                    ),
                )
            )

    def _stage(self, case: CaseFile, request: evaluations.EvaluationStage, today: dt.date) -> Sequence[CaseEvent]:
        """A step of the evaluation year, with the result it gives when it computes one."""
        law = self._law(request.regime).law
        rule = law.stage_rule(request.stage, case.kind or "agency", request.year)
        result = None
        if rule is not None and rule.computes:
            result = self._results.of_year(case, request.regime, request.year, request.dated_on, self._clock.now())
        return evaluations.evaluation_stage(case, request, law, result, today)

    def _adjust(self, case: CaseFile, request: evaluations.AdjustResult, today: dt.date) -> Sequence[CaseEvent]:
        law = self._law(request.regime).law
        law.refuse_excluded("adjust_result")
        result = self._results.of_day(case, request.regime, request.decided_on, self._clock.now())
        return adjustments.adjust_result(case, request, law, result, today)

    def _confirm_repair(self, case: CaseFile, request: repairs.ConfirmRepair, today: dt.date) -> Sequence[CaseEvent]:
        """A confirmation of a repair; that of a commitment by the city bureau revises the year's result."""
        regime = repairs.repair_of(case, request.repair).asked.regime
        year = repairs.revises(case, request)
        result = None
        if year is not None:
            confirmed = RepairConfirmed(
                repair=request.repair,
                confirmed_on=request.confirmed_on,
                by=request.by,
                certificate=request.certificate,
            )
            result = self._results.revised(case, regime, year, confirmed, self._clock.now())
        return repairs.confirm_repair(case, request, self._law(regime).law, result, today)

    def _names(self, case: CaseFile, day: dt.date) -> tuple[str, ...]:
        """Under which names the subject itself may file something."""
        opened = case.registration
        if isinstance(opened, AgencyRegistered | ClientRegistered):
            names = (opened.uscc, case.uscc_on(day), case.name_on(day))
            return tuple(dict.fromkeys(name for name in names if name is not None))
        person = self._vault.open([case.subject]).get(case.subject)
        return () if person is None or person.name is None else (person.name,)

    def _today(self) -> dt.date:
        return legal_day(self._clock.now())

    def _rule(self, case: CaseFile, fact: str) -> RowRule | None:
        record = facts.fact_of(case, fact).record
        return None if record.row is None else self._law(record.regime).law.row(record.row, record.act_on)

    def _employers_on(self, practitioner: str, day: dt.date) -> list[str]:
        """The agencies that employ a practitioner on a legal day, by what the journal holds now."""
        found = []
        for employer in self._journal.employers_of(practitioner):
            spans = [e for e in self.file(employer).employments.values() if e.practitioner == practitioner]
            if any(e.from_on <= day and (e.until_on is None or day <= e.until_on) for e in spans):
                found.append(employer)
        return found

    def _law(self, regime: str) -> KnownLaw:
        return self._results.law(regime, self._clock.now())

    def _with_id(self, event: CaseEvent) -> CaseEvent:
        field = event.introduces
        if field is None or getattr(event, field):
            return event
        return msgspec.structs.replace(event, **{field: self._ids.new()})


# --- pieces -------------------------------------------------------------------------------------------------

_DECISIONS: Final[dict[type, Callable[[CaseFile, Any, dt.date], Sequence[CaseEvent]]]] = {
    registration.RegisterPractitioner: lambda case, request, _: registration.register_practitioner(case, request),
    registration.RegisterExpert: lambda case, request, _: registration.register_expert(case, request),
    facts.ContestFact: facts.contest_fact,
    facts.RecordFinality: facts.record_finality,
    facts.RetractFact: lambda case, request, _: facts.retract_fact(case, request),
    facts.SetAsideFact: facts.set_aside_fact,
    facts.RecordNationalRepair: facts.record_national_repair,
    facts.RecordEnhancement: facts.record_enhancement,
    warnings.ReportRectification: warnings.report_rectification,
    warnings.ConfirmWarning: warnings.confirm_warning,
    warnings.RejectRectification: warnings.reject_rectification,
    warnings.WithdrawWarning: lambda case, request, _: warnings.withdraw_warning(case, request),
    repairs.RefuseRepair: repairs.refuse_repair,
    repairs.RevokeRepair: repairs.revoke_repair,
    objections.DecideComment: objections.decide_comment,
    evaluations.RetractRecord: lambda case, request, _: evaluations.retract_record(case, request),
    evaluations.RecordDelivery: evaluations.record_delivery,
}

_BY_LAW: Final = {
    **scores.DECISIONS,
    **participation.DECISIONS,
    **snapshots.DECISIONS,
    **filings.DECISIONS,
    **intermediaries.DECISIONS,
}
"""Decisions on records that stand for themselves: file, request, law and today."""

_REGIME_DECISIONS: Final[dict[type, Callable[[CaseFile, Any, dt.date], Sequence[CaseEvent]]]] = {
    evaluations.RequestCertificate: evaluations.request_certificate,
    evaluations.IssueCertificate: evaluations.issue_certificate,
    evaluations.SuspendScope: evaluations.suspend_scope,
    evaluations.ResumeScope: evaluations.resume_scope,
}


class _Kept(NamedTuple):
    """A file in memory: its events, whether all their texts are sealed, and the file folded from them, which is there
    unless somebody is deciding on it."""

    recorded: tuple[Recorded, ...]
    is_settled: bool = False
    case: CaseFile | None = None

    @property
    def size(self) -> int:
        """What it takes in memory, in events: a folded file takes as much again."""
        return len(self.recorded) * (1 if self.case is None else 2)


class _Files:
    """Recently used files, so that a write need neither read nor fold its file again; a hint, never the truth: the
    version check of the append finds a stale one out."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._size = 0

    def kept(self, stream: str) -> tuple[Recorded, ...] | None:
        """The events in memory, perhaps not the latest; ``None`` when there are none."""
        with self._lock:
            kept = self._kept.get(stream)
            if kept is None:
                return None
            self._kept.move_to_end(stream)
            return kept.recorded

    def get(self, stream: str) -> tuple[Recorded, ...]:
        """The events in memory, read from the journal when there are none."""
        kept = self.kept(stream)
        return self.fresh(stream) if kept is None else kept

    def fresh(self, stream: str) -> tuple[Recorded, ...]:
        """The events as the journal holds them now."""
        recorded = tuple(self._journal.stream(stream))
        self._keep(stream, _Kept(recorded))
        return recorded

    def settled(self, stream: str, recorded: tuple[Recorded, ...], key: FileKey) -> tuple[Recorded, ...]:
        """The same events with all texts sealed; kept like that, so that the next write finds them sealed."""
        kept = self._kept.get(stream)
        if kept is not None and kept.is_settled and kept.recorded is recorded:
            return recorded
        settled = tuple(comparable(recorded, key))
        self._keep(stream, _Kept(settled, is_settled=True))
        return settled

    def folded(self, stream: str, recorded: Sequence[Recorded]) -> CaseFile:
        """The file after these events, for whoever asks alone: ``extend`` gives it back."""
        with self._lock:
            kept = self._kept.get(stream)
            if kept is not None and kept.recorded is recorded and kept.case is not None:
                self._kept[stream] = kept._replace(case=None)
                self._size -= len(recorded)
                return kept.case
        return case_file(stream, recorded)

    def forget(self, stream: str) -> None:
        with self._lock:
            gone = self._kept.pop(stream, None)
            self._size -= 0 if gone is None else gone.size

    def extend(
        self, case: CaseFile, recorded: Sequence[Recorded], entries: Sequence[Entry], done: Appended, actor: str
    ) -> None:
        """Go on with what was appended to a file, which was decided on as ``case`` from the events ``recorded``."""
        stream = case.subject
        more = [
            Recorded(stream, e.version, p, done.recorded_at, actor, e.event)
            for e, p in zip(entries, done.positions, strict=True)
        ]
        for row in more:
            evolve(case, cast("CaseEvent", row.event), row.recorded_at)
        # A place in a ranking stands in no event of the file: it is looked up for each result.
        case.places = ()
        kept = self._kept.get(stream)
        # What a command adds is sealed.
        is_settled = kept is not None and kept.is_settled and kept.recorded is recorded
        self._keep(stream, _Kept((*recorded, *more), is_settled, case))

    def _keep(self, stream: str, kept: _Kept) -> None:
        with self._lock:
            gone = self._kept.pop(stream, None)
            self._size -= 0 if gone is None else gone.size
            if kept.recorded:
                self._kept[stream] = kept
                self._size += kept.size
            while self._size > CACHED_EVENTS and self._kept:
                _, dropped = self._kept.popitem(last=False)
                self._size -= dropped.size


def _kind_of(event: CaseEvent) -> Category:
    return KINDS[type(event)]


def _same_person(known: Person | None, told: Person) -> bool:
    """Whether a person is told again; the number is the same however it is written."""
    if known is None or known.id_number is None or told.id_number is None:
        return known == told
    return msgspec.structs.replace(known, id_number=official_number(known.id_number)) == msgspec.structs.replace(
        told, id_number=official_number(told.id_number)
    )


def _representative_of(case: CaseFile) -> str | None:
    opened = case.registration
    current = None
    if isinstance(opened, AgencyRegistered | ClientRegistered):
        current = opened.legal_representative
    for change in case.changes:
        current = change.legal_representative or current
    return current


def _reaching(case: CaseFile, request: Command) -> tuple[str | None, Callable[[CaseFile], Sequence[CaseEvent]]]:
    """The client's decision about which a command says something that other facts follow, and what it is to a file."""
    if isinstance(request, facts.RecordClientOutcome):
        decision = facts.fact_of(case, request.fact).record.linked_to
        return decision, lambda file: facts.linked_outcomes(file, request, decision or "")
    outcome = case.records.get(request.record) if isinstance(request, evaluations.RetractRecord) else None
    if isinstance(outcome, ClientOutcomeRecorded) and isinstance(request, evaluations.RetractRecord):
        decision = outcome.decision or case.facts[outcome.fact].record.linked_to
        return decision, lambda file: [
            RecordRetracted(record=record, reason=request.reason)
            for record in facts.same_outcomes(file, outcome, decision or "")
        ]
    return None, lambda _: ()


def _of_met(events: Sequence[CaseEvent]) -> tuple[Notice, ...]:
    """What had already become of the client's decision when a fact was linked to it."""
    met = [e for e in events if isinstance(e, ClientOutcomeRecorded)]
    if not met or not any(isinstance(e, (FactRecorded, FactCorrected)) for e in events):
        return ()
    words = {
        "revoked": ("撤销", "revoked"),
        "changed": ("变更", "changed"),
        "repaired": ("修复", "repaired"),
    }
    return tuple(
        Notice(
            code="linked_outcome_known",
            zh=f"委托单位的决定已于 {e.decided_on} {words[e.kind][0]}（{e.document}），一并记入本信息。",
            en=f"the client's decision was {words[e.kind][1]} on {e.decided_on} ({e.document}):"
            " recorded for this fact as well.",
            ids=(e.fact,),
        )
        for e in met
    )


def _of_linked(linked: Sequence[Entry]) -> tuple[Notice, ...]:
    """The facts of other files that an outcome reaches."""
    if not linked:
        return ()
    ids = tuple(e.event.fact for e in linked if isinstance(e.event, ClientOutcomeRecorded))
    if not ids:
        text = Text(
            f"同一委托单位决定的同一结果在其他 {len(linked)} 项信息上一并删除。",
            f"the same outcome of the client's decision is retracted from {len(linked)} other facts as well.",
        )
        return (Notice(code="linked_facts", zh=text.zh, en=text.en, ids=()),)
    text = Text(
        f"同一委托单位决定所关联的其他信息一并记录：{'、'.join(ids)}。",
        f"recorded as well for the other facts linked to the client's decision: {', '.join(ids)}.",
    )
    return (Notice(code="linked_facts", zh=text.zh, en=text.en, ids=ids),)


def _made(events: Sequence[CaseEvent]) -> str | None:
    return next((id for e in events if (id := e.introduced_id) is not None), None)
