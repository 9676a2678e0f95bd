"""Advisories about agencies: recording them and the months of the cities, and the internal notices they lead to.

Everything here is for the departments alone. It reads and writes the advisory streams and asks of an agency's file
only whether it is one.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import cast

import msgspec

from application.answering.case_files import case_file, no_such_file, recorded_in
from application.law.legislation import Legislation
from application.ports import Clock, Ids, Journal, Recorded, Vault
from application.principal import Principal
from application.prose import sealed_with
from application.recording.notices import Notice
from application.recording.outcomes import Outcome
from application.recording.writer import CommandAsked, DecidedEvents, StreamWork, Writer
from application.wording import in_both_languages
from domain.aggregates.advisories import (
    ADVISORY_STREAMS,
    CITY_STREAMS,
    AdvisoryFile,
    city_stream,
    fold,
    month_of,
    stream_of,
)
from domain.errors import FieldProblem, Invalid, NotFound, Refused
from domain.events.advisories import (
    AdvisoriesSubmitted,
    AdvisoryEvent,
    AdvisoryKind,
    AdvisoryRecorded,
    InternalNoticeIssued,
)
from domain.grading.advisories import NotCounting, counted, due_since, submitted_on, tally
from domain.law.regime import RegimeLaw
from domain.procedures import advisories
from domain.procedures.advisories import IssueInternalNotice, RecordAdvisory, SubmitAdvisories
from domain.procedures.evaluation import RetractRecord
from domain.sentence import sentence
from domain.time import Instant, iso_utc, legal_day
from domain.vocabulary import SubjectKind

AdvisoryCommand = RecordAdvisory | SubmitAdvisories | IssueInternalNotice | RetractRecord
"""What is carried out here; ``retract_record`` for the records of advisory streams only."""


class DueImpact(msgspec.Struct, frozen=True, kw_only=True):
    """What a dry run about an agency tells: since when an internal notice is due, before and after (art. 33)."""

    due_since_before: dt.date | None
    due_since_after: dt.date | None


class AdvisoryLine(msgspec.Struct, frozen=True, kw_only=True):
    """One advisory of an overview.

    ``counts`` says whether it is one of those a notice would rest on, ``reason`` why not. ``submitted_on`` is the
    day by which the region had it, ``None`` while its city has not submitted the month.
    """

    id: str
    kind: AdvisoryKind
    noticed_on: dt.date
    document: str
    authority: str
    transferred_to: str | None
    counts: bool
    reason: NotCounting | None
    submitted_on: dt.date | None


class NoticeLine(msgspec.Struct, frozen=True, kw_only=True):
    """One internal notice of an overview with the ids of the advisories it rests on."""

    id: str
    dated_on: dt.date
    advisories: tuple[str, ...]
    retracted: bool


class AdvisoryOverview(msgspec.Struct, frozen=True, kw_only=True):
    """The advisories about one agency at the end of ``as_of`` as known at ``known_at``.

    ``window`` is the answer to reading I-14. ``due`` says whether a notice is due, ``due_since`` since when (art. 33).
    ``version`` is that of the agency's advisory stream.
    """

    agency: str
    regime: str
    as_of: dt.date
    known_at: str
    position: int
    version: int
    window: str
    advisories: tuple[AdvisoryLine, ...]
    notices: tuple[NoticeLine, ...]
    due: bool
    due_since: dt.date | None


class DueNotice(msgspec.Struct, frozen=True, kw_only=True):
    """An agency about which an internal notice is due, since when, and the ids of what it would rest on."""

    agency: str
    since: dt.date
    advisories: tuple[str, ...]


class Advising:
    """The use case of advisories. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        readings: Mapping[str, str] | None = None,
    ) -> None:
        """``vault`` gives the digests of requests and the keys of reasons. ``readings`` are the answers chosen where
        they differ from the edition's own."""
        self._readings = dict(readings or {})
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._legislation = legislation
        self._writer = Writer(journal, vault, legislation)

    # --- writing ------------------------------------------------------------------------------------------

    def submit(
        self,
        command: AdvisoryCommand,
        *,
        by: Principal,
        key: str | None = None,
        if_match: int | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Decide and record one command in the name of ``by``.

        ``key`` makes it idempotent; ``if_match`` is the version of the advisory stream the writer relied on, which
        the answer names as its ``subject``. Raises the errors of ``domain.errors``; then nothing is stored.
        """
        asked = self._writer.asked(command, by=by, key=key, if_match=if_match, dry_run=dry_run)
        return self.carry_out(command, asked)

    def carry_out(self, command: AdvisoryCommand, asked: CommandAsked) -> Outcome:
        """Decide and record one command that is asked for like this."""
        return self._writer.write(asked, lambda: self._begun(command))

    def _begun(self, command: AdvisoryCommand) -> StreamWork:
        if not isinstance(command, RetractRecord):
            command = msgspec.structs.replace(command, regime=self._named(command.regime))
        stream = self._stream(command)
        sealed, key = sealed_with(command, self._vault.sealing_key, stream)
        return StreamWork(
            stream,
            key,
            lambda: self._journal.stream(stream),
            lambda recorded: self._decided(sealed, stream, recorded),
            lambda recorded, decided: self._impact(command, stream, recorded, decided),
        )

    def _stream(self, command: AdvisoryCommand) -> str:
        if isinstance(command, RetractRecord):
            owner = self._journal.owner_of(command.record)
            if owner is None or not owner.startswith(ADVISORY_STREAMS):
                raise NotFound("record", command.record)
            return owner
        return city_stream(command.city) if isinstance(command, SubmitAdvisories) else stream_of(command.subject)

    def _decided(self, command: AdvisoryCommand, stream: str, recorded: Sequence[Recorded]) -> DecidedEvents:
        file = _file(self._with_joined(recorded, stream, None))
        try:
            decision = self._decision(file, command)
        except Refused as refused:
            if isinstance(command, RetractRecord):
                raise
            kind = None if isinstance(command, SubmitAdvisories) else self._kind(command.subject)
            raise self._law(command.regime).grounded(refused, legal_day(self._clock.now()), kind) from None
        events = tuple(self._with_id(e) for e in decision)
        return DecidedEvents("advisory", events, tuple(n for e in events for n in self._told(file, e)))

    def _decision(self, file: AdvisoryFile, command: AdvisoryCommand) -> Sequence[AdvisoryEvent]:
        today = legal_day(self._clock.now())
        match command:
            case RecordAdvisory():
                return advisories.record_advisory(
                    file, command, self._kind(command.subject), self._law(command.regime), today
                )
            case SubmitAdvisories():
                return advisories.submit_advisories(file, command, self._law(command.regime), today)
            case IssueInternalNotice():
                return advisories.issue_internal_notice(
                    file, command, self._kind(command.subject), self._law(command.regime), today
                )
            case RetractRecord():
                return advisories.retract_record(file, command)

    def _impact(
        self, command: AdvisoryCommand, stream: str, recorded: Sequence[Recorded], decided: DecidedEvents
    ) -> DueImpact | None:
        if stream.startswith(CITY_STREAMS):
            return None
        rows = self._with_joined(recorded, stream, None)
        before = _file(rows)
        after = fold([*_events(rows), *cast("Sequence[AdvisoryEvent]", decided.events)])
        regime = after.records[command.record].regime if isinstance(command, RetractRecord) else command.regime
        window, today = advisories.window_of(self._law(regime)), legal_day(self._clock.now())
        cities = self._cities(after, None)
        before_on, after_on = (due_since(f, regime, window, today, cities) for f in (before, after))
        return DueImpact(due_since_before=before_on, due_since_after=after_on)

    def _with_id(self, event: AdvisoryEvent) -> AdvisoryEvent:
        if event.introduces != "record" or event.introduced_id:
            return event
        return msgspec.structs.replace(event, record=self._ids.new())

    def _kind(self, subject: str, until: int | None = None) -> SubjectKind:
        case = case_file(subject, self._journal.stream(subject, until=until))
        if case.kind is None:
            raise no_such_file(case)
        return case.kind

    def _with_joined(self, recorded: Sequence[Recorded], stream: str, until: int | None) -> Sequence[Recorded]:
        """The events of a stream about an agency, with those of the streams about agencies whose files were joined to
        its own, in order of recording."""
        if stream.startswith(CITY_STREAMS):
            return recorded
        joined = [stream_of(s) for s in self._journal.joined_to(stream.removeprefix(ADVISORY_STREAMS), until=until)]
        others = self._journal.streams(joined, until=until) if joined else {}
        return sorted([*recorded, *(row for rows in others.values() for row in rows)], key=lambda row: row.position)

    def _named(self, regime: str) -> str:
        """The regime that is named, or else the one on record that knows advisories.

        Raises ``Invalid`` when there is none or more than one to choose from.
        """
        if regime:
            return regime
        now, position = self._clock.now(), self._journal.head().position
        regimes = self._legislation.regimes(now)
        laws = [self._legislation.at(regime, known_at=now, position=position).law for regime in regimes]
        found = [law.regime for law in laws if law.choices.advisory_window is not None]
        if len(found) != 1:
            raise Invalid((FieldProblem("/regime", "missing", sentence("casework.advisories.name_the_regime")),))
        return found[0]

    def _law(self, regime: str) -> RegimeLaw:
        events = self._legislation.known()
        position = events[-1].position if events else 0
        now = self._clock.now()
        known = self._legislation.at(
            regime, known_at=now, position=position, law_position=position, readings=self._readings
        )
        return known.law

    def _cities(self, file: AdvisoryFile, position: int | None) -> dict[str, AdvisoryFile]:
        """The files of submissions, by stream, of every city that has made an advisory of the file."""
        names = sorted({city_stream(a.authority) for a in file.advisories.values()})
        return {name: _file(found) for name, found in self._journal.streams(names, until=position).items()}

    # --- what the writer should know ----------------------------------------------------------------------

    def _told(self, file: AdvisoryFile, event: AdvisoryEvent) -> Iterable[Notice]:
        if isinstance(event, AdvisoryRecorded):
            others = advisories.same_document_as(file, event)
            if others:
                yield _same_document(event, others, self._law(event.regime))
            city = _file(self._journal.stream(city_stream(event.authority)))
            submission = city.submission_of(event.regime, month_of(event.noticed_on))
            if submission is not None:
                yield _month_submitted(submission, self._law(event.regime))
        elif isinstance(event, InternalNoticeIssued):
            cities = self._cities(file, None)
            waiting = [
                a
                for a in (file.advisories[id] for id in event.advisories)
                if submitted_on(a, cities, event.dated_on) is None
            ]
            if waiting:
                yield _not_submitted(waiting, event.dated_on, self._law(event.regime))

    # --- reading ------------------------------------------------------------------------------------------

    def overview(
        self,
        agency: str,
        as_of: dt.date,
        known_at: Instant | None = None,
        *,
        regime: str = "",
        readings: Mapping[str, str] | None = None,
    ) -> AdvisoryOverview:
        """The advisories about an agency on a day as known at a moment (now, when absent), for departments only.

        Advisories, submissions and notices dated after ``as_of`` are left out. ``readings`` overrides the law's.
        Raises ``NotFound`` for an unknown agency or regime, ``Refused`` for a practitioner (art. 9) and for a
        regime without advisories, ``Invalid`` for readings there are not.
        """
        moment = self._clock.now() if known_at is None else known_at
        position = self._journal.head().position if known_at is None else self._journal.position_at(moment)
        regime, kind = self._named(regime), self._kind(agency, position)
        try:
            advisories.agencies_only(kind)
        except Refused as refused:
            raise self._law(regime).grounded(refused, as_of, kind) from None
        window = self._window(regime, moment, position, readings)
        own = self._journal.stream(stream_of(agency), until=position)
        file = _file(self._with_joined(own, stream_of(agency), position))
        cities = self._cities(file, position)
        tallied = tally(file, regime, window, as_of)
        notices = sorted(
            (n for n in file.notices.values() if n.regime == regime and n.dated_on <= as_of), key=lambda n: n.dated_on
        )
        due_on = due_since(file, regime, window, as_of, cities)
        return AdvisoryOverview(
            agency=agency,
            regime=regime,
            as_of=as_of,
            known_at=iso_utc(moment),
            position=position,
            version=len(own),
            window=window,
            advisories=tuple(_line(t.advisory, t.reason, submitted_on(t.advisory, cities, as_of)) for t in tallied),
            notices=tuple(_notice_line(n, file) for n in notices),
            due=due_on is not None,
            due_since=due_on,
        )

    def due(
        self,
        as_of: dt.date,
        known_at: Instant | None = None,
        *,
        regime: str = "",
        readings: Mapping[str, str] | None = None,
    ) -> tuple[DueNotice, ...]:
        """Every agency about which an internal notice is due, the longest due first: the region's monthly work.

        Reads all advisories, which are few beside the journal. Raises as ``overview`` does.
        """
        moment = self._clock.now() if known_at is None else known_at
        position = self._journal.head().position if known_at is None else self._journal.position_at(moment)
        regime = self._named(regime)
        window = self._window(regime, moment, position, readings)
        files = {name: _file(rows) for name, rows in self._by_file(position).items()}
        found = [
            DueNotice(
                agency=stream.removeprefix(ADVISORY_STREAMS),
                since=since,
                advisories=tuple(a.record for a in counted(file, regime, window, as_of)),
            )
            for stream, file in files.items()
            if (since := due_since(file, regime, window, as_of, files)) is not None
        ]
        return tuple(sorted(found, key=lambda d: (d.since, d.agency)))

    def _by_file(self, position: int) -> dict[str, list[Recorded]]:
        """All advisories and submissions up to a position by their streams; those about an agency whose file was joined
        to another one with that."""
        wholes = {
            whole.stream: recorded_in(whole)
            for whole in self._journal.whole_streams(until=position, categories=("advisory",))
        }
        agencies = [stream.removeprefix(ADVISORY_STREAMS) for stream in wholes if not stream.startswith(CITY_STREAMS)]
        homes = self._journal.homes_of(agencies, until=position)
        found: dict[str, list[Recorded]] = {}
        for stream, rows in wholes.items():
            home = homes.get(stream.removeprefix(ADVISORY_STREAMS))
            found.setdefault(stream if home is None else stream_of(home), []).extend(rows)
        return {stream: sorted(rows, key=lambda row: row.position) for stream, rows in found.items()}

    def _window(self, regime: str, moment: Instant, position: int, readings: Mapping[str, str] | None) -> str:
        known = self._legislation.at(regime, known_at=moment, position=position, readings=readings)
        return advisories.window_of(known.law)


# --- pieces -------------------------------------------------------------------------------------------------


def _events(recorded: Iterable[Recorded]) -> list[AdvisoryEvent]:
    return [cast("AdvisoryEvent", r.event) for r in recorded]


def _file(recorded: Iterable[Recorded]) -> AdvisoryFile:
    return fold(_events(recorded))


def _line(advisory: AdvisoryRecorded, reason: NotCounting | None, submitted_on: dt.date | None) -> AdvisoryLine:
    return AdvisoryLine(
        id=advisory.record,
        kind=advisory.kind,
        noticed_on=advisory.noticed_on,
        document=advisory.document,
        authority=advisory.authority,
        transferred_to=advisory.transferred_to,
        counts=reason is None,
        reason=reason,
        submitted_on=submitted_on,
    )


def _notice_line(notice: InternalNoticeIssued, file: AdvisoryFile) -> NoticeLine:
    return NoticeLine(
        id=notice.record,
        dated_on=notice.dated_on,
        advisories=notice.advisories,
        retracted=notice.record in file.retracted,
    )


def _same_document(event: AdvisoryRecorded, others: tuple[str, ...], law: RegimeLaw) -> Notice:
    return Notice(
        code="same_document",
        **in_both_languages(sentence("casework.advisories.same_document", document=event.document, others=others)),
        ids=others,
        cites=law.grounds("same_advisory", event.noticed_on),
        regime=law.regime,
    )


def _month_submitted(submission: AdvisoriesSubmitted, law: RegimeLaw) -> Notice:
    month, day = submission.month, submission.submitted_on
    return Notice(
        code="month_submitted",
        **in_both_languages(sentence("casework.advisories.month_submitted", month=month, day=day)),
        ids=(submission.record,),
        cites=law.grounds("advisories", day),
        regime=law.regime,
    )


def _not_submitted(waiting: Sequence[AdvisoryRecorded], on: dt.date, law: RegimeLaw) -> Notice:
    ids = tuple(a.record for a in waiting)
    return Notice(
        code="not_submitted",
        **in_both_languages(sentence("casework.advisories.not_submitted", ids=ids)),
        ids=ids,
        cites=law.grounds("advisories", on),
        regime=law.regime,
    )
