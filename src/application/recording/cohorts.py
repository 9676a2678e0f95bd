"""Cohorts: ranking everybody of a year, and drawing the sampling plan.

Rankings and draws stand in the cohort's own stream. What they were decided on is every agency's file, read in one
pass; what a subject reads of them is its place (``application.answering.rankings``).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from application.answering.case_files import case_file_of
from application.answering.rankings import ranking_place
from application.law.legislation import Legislation
from application.ports import AnyEvent, Clock, Ids, Journal, Recorded, Vault
from application.principal import Principal
from application.prose import sealed_with
from application.recording.notices import Notice
from application.recording.outcomes import Outcome
from application.recording.writer import CommandAsked, DecidedEvents, StreamWork, Writer
from application.wording import in_both_languages
from domain.aggregates.casefile import CaseFile
from domain.aggregates.cohort import COHORT_STREAMS, CohortEvent, CohortFile, fold, stream_of
from domain.errors import NotFound, Refused
from domain.events.cohorts import Ranked, SampleDrawn
from domain.grading.method import assess
from domain.law.regime import RegimeLaw
from domain.procedures import cohorts
from domain.procedures.cohorts import CohortCommand
from domain.procedures.evaluation import RetractRecord
from domain.procedures.scores import RankCohort
from domain.sentence import sentence
from domain.time import legal_day


class CohortImpact(msgspec.Struct, frozen=True, kw_only=True):
    """What a dry run would record: how many are ranked or drawn by grade, and how many are left out by reason."""

    ranked: int
    left_out: dict[str, int]
    drawn: dict[str, int]


class SampleAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The sampling plan of a year as it was drawn, and whether drawing again with its seed gives the same.

    ``holders`` counts who held each grade, ``drawn`` names who was drawn, ``differs`` the grades whose draw comes out
    otherwise now.
    """

    regime: str
    year: int
    record: str
    dated_on: dt.date
    seed: str
    holders: dict[str, int]
    drawn: dict[str, tuple[str, ...]]
    same: bool
    differs: tuple[str, ...]


class Cohorts:
    """The use case of ranking a cohort and drawing from it. Safe to share between threads."""

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
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._legislation = legislation
        self._readings = dict(readings or {})
        self._writer = Writer(journal, vault, legislation)

    def submit(
        self,
        command: CohortCommand,
        *,
        by: Principal,
        key: str | None = None,
        if_match: int | None = None,
        dry_run: bool = False,
    ) -> Outcome:
        """Decide and record one command in the name of ``by``.

        ``key`` makes it idempotent; ``if_match`` is the version of the cohort's stream the writer relied on, which the
        answer names as its ``subject``. Raises the errors of ``domain.errors``; then nothing is stored.
        """
        asked = self._writer.asked(command, by=by, key=key, if_match=if_match, dry_run=dry_run)
        return self.carry_out(command, asked)

    def carry_out(self, command: CohortCommand, asked: CommandAsked) -> Outcome:
        """Decide and record one command that is asked for like this."""
        # Looked up first: deciding reads every file of the cohort.
        return self._writer.known_answer(asked) or self._writer.write(asked, lambda: self._begun(command))

    def _begun(self, command: CohortCommand) -> StreamWork:
        stream = self._stream(command)
        sealed, key = sealed_with(command, self._vault.sealing_key, stream)
        return StreamWork(
            stream,
            key,
            lambda: self._journal.stream(stream),
            lambda recorded: self._decided(sealed, recorded),
            lambda _, decided: _impact(decided.events),
        )

    # --- deciding -----------------------------------------------------------------------------------------

    def _stream(self, command: CohortCommand) -> str:
        if not isinstance(command, RetractRecord):
            return stream_of(command.regime)
        owner = self._journal.owner_of(command.record)
        if owner is None or not owner.startswith(COHORT_STREAMS):
            raise NotFound("record", command.record)
        return owner

    def _decided(self, command: CohortCommand, recorded: Sequence[Recorded]) -> DecidedEvents:
        try:
            decision = self._decision(_file(recorded), command)
        except Refused as refused:
            if isinstance(command, RetractRecord):
                raise
            raise self._law(command.regime).grounded(refused, legal_day(self._clock.now())) from None
        events = tuple(self._with_id(e) for e in decision)
        return DecidedEvents("cohort", events, tuple(n for e in events for n in _told(e)))

    def _decision(self, file: CohortFile, command: CohortCommand) -> Sequence[CohortEvent]:
        today = legal_day(self._clock.now())
        if isinstance(command, RetractRecord):
            return cohorts.retract_record(file, command)
        law = self._law(command.regime)
        on = command.dated_on or today
        if isinstance(command, RankCohort):
            found = (cohorts.member_of(case, law, command.year, on) for case in self._cases())
            return cohorts.rank_cohort(file, command, (m for m in found if m is not None), law, today)
        return cohorts.draw_sample(file, command, self._holders(law, on), law, today)

    def _cases(self) -> Iterator[CaseFile]:
        """The file of every agency with something of its own on record beside its registration."""
        for whole in self._journal.whole_streams(categories=("agency",)):
            case = case_file_of(whole) if whole.events[1:] else None
            if case is not None and case.joined_into is None:
                yield case

    def _holders(self, law: RegimeLaw, on: dt.date) -> dict[str, list[str]]:
        """Who holds each grade of the sampling plan on a day."""
        position = self._journal.head().position
        holders: dict[str, list[str]] = {grade: [] for grade in sorted(cohorts.sampled_grades(law, on))}
        for case in self._cases():
            ranking_place(case, law, self._journal, position)
            grade = assess(case, law, on).grade
            if grade in holders:
                holders[grade].append(case.subject)
        return holders

    def _law(self, regime: str) -> RegimeLaw:
        return _law_of(self._legislation, self._clock, regime, self._readings)

    def _with_id(self, event: CohortEvent) -> CohortEvent:
        return event if event.record else msgspec.structs.replace(event, record=self._ids.new())


def sample_of(
    journal: Journal,
    legislation: Legislation,
    clock: Clock,
    regime: str,
    year: int,
    readings: Mapping[str, str] | None = None,
) -> SampleAnswer:
    """The standing draw of a year, carried out again. Raises ``NotFound`` for the regime and without a draw."""
    law = _law_of(legislation, clock, regime, readings or {})
    event = _file(journal.stream(stream_of(regime))).draw_of(year)
    if event is None:
        raise NotFound("sample", f"{regime}/{year}")
    again = cohorts.redrawn(event, law.seen_on(event.dated_on))
    differs = tuple(g for g in event.holders if again.get(g, ()) != event.drawn.get(g, ()))
    return SampleAnswer(
        regime=regime,
        year=year,
        record=event.record,
        dated_on=event.dated_on,
        seed=event.seed,
        holders={grade: len(held) for grade, held in event.holders.items()},
        drawn=event.drawn,
        same=not differs,
        differs=differs,
    )


def _law_of(legislation: Legislation, clock: Clock, regime: str, readings: Mapping[str, str]) -> RegimeLaw:
    events = legislation.known()
    position = events[-1].position if events else 0
    now = clock.now()
    known = legislation.at(regime, known_at=now, position=position, law_position=position, readings=readings)
    return known.seen_on(legal_day(now)).law


def _file(recorded: Sequence[Recorded]) -> CohortFile:
    return fold(cast("CohortEvent", r.event) for r in recorded)


def _impact(events: Sequence[AnyEvent]) -> CohortImpact:
    ranked = [e for e in events if isinstance(e, Ranked)]
    drawn = [e for e in events if isinstance(e, SampleDrawn)]
    return CohortImpact(
        ranked=sum(_places(e) for e in ranked),
        left_out=dict(Counter(reason for e in ranked for reason in e.left_out.values())),
        drawn={grade: len(taken) for e in drawn for grade, taken in e.drawn.items()},
    )


def _places(event: Ranked) -> int:
    return len(event.subjects) - sum(reason == "direct_grade" for reason in event.left_out.values())


def _told(event: CohortEvent) -> Iterator[Notice]:
    """How many a ranking holds and how many it leaves out, and how many a draw takes."""
    if isinstance(event, Ranked):
        counted = Counter(event.left_out.values())
        named = ", ".join(f"{reason} {number}" for reason, number in sorted(counted.items())) or "0"
        yield Notice(
            code="cohort_ranked",
            **in_both_languages(
                sentence("casework.cohorts.cohort_ranked", year=event.year, event=_places(event), named=named)
            ),
            ids=(event.record,),
        )
    elif isinstance(event, SampleDrawn):
        named = ", ".join(f"{grade} {len(taken)}" for grade, taken in sorted(event.drawn.items()))
        yield Notice(
            code="sample_drawn",
            **in_both_languages(sentence("casework.cohorts.sample_drawn", year=event.year, named=named)),
            ids=(event.record,),
        )
