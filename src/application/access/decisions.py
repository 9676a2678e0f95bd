"""The decisions that wait for a second person, as they are read, and who may sign them."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Any, Final, Literal

import msgspec

from application.access.batches import BatchCommand, Batches
from application.access.gate import holds, regions_of
from application.access.refusals import SigningRefused
from application.access.roles import Forbidden, shipped_roles
from application.access.signature_effects import Effect, effects_of, of_roster
from application.access.signature_rules import SignatureRules, reaches
from application.access.stored_commands import command_in
from application.access.waiting import Kept, PendingDecisions, proposer_of
from application.answering.case_files import is_subject
from application.cursors import MOST_LINES, bad_cursor, opened, sealed
from application.law.legislation import Legislation
from application.ports import Clock, Journal, Vault
from application.principal import Principal, Role, accounts_in, in_whose_name
from application.prose import Opened
from application.recording.casework import Casework
from application.recording.commands import Command, LawCommand
from application.recording.competence import regime_of_request
from application.recording.writer import CommandAsked, FileImpacts
from application.wording import in_both_languages
from application.year.evaluation import EvaluateRoster, Evaluating, Refusal
from domain.aggregates.advisories import ADVISORY_STREAMS, CITY_STREAMS
from domain.aggregates.cohort import COHORT_STREAMS
from domain.aggregates.letters import LETTER_STREAMS
from domain.aggregates.pending import PENDING_STREAMS, PendingFile, PendingState
from domain.errors import CaseError, NotFound, Refused
from domain.events.facts import FactCorrected, FactRecorded
from domain.events.pending import (
    DecisionProposed,
    DecisionReturned,
    DecisionSigned,
    DecisionWithdrawn,
    RecordedPart,
)
from domain.law.regime import RegimeLaw
from domain.procedures.facts import RecordFact
from domain.procedures.objections import DecideObjection
from domain.sentence import sentence
from domain.time import iso_utc, legal_day

Signable = Command | EvaluateRoster | BatchCommand
"""What may wait: a command, a step for a whole roster, or a batch of a sheet."""

Mine = Literal["proposed", "to_sign"]
"""Which decisions are somebody's: those that they proposed or that were handed over to them, or those that wait for a
signature that may be theirs."""

DecisionSort = Literal["proposed_at", "-proposed_at"]
"""The order of decisions: the first that was proposed at the top, or the latest."""

PAGE_OF_DECISIONS: Final = 50
"""Lines on a page of decisions when nothing is said."""


class PendingDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that waits for a second person, or did.

    ``request`` is the command as it was given, ``digest`` what has to be named to sign just this. ``subject`` is the
    file that it is about, ``place`` the region code of that file today. ``held_by`` is the account that answers for it
    and may withdraw it, or did last: ``proposed_by``, or whom it was handed over to.

    Of one that waits, ``effects`` say what it would do if it were signed now (``impact`` the same as a dry run tells
    it), ``refused`` why it could not be recorded now, ``may_sign`` whether whoever asks may sign it. ``cites`` are the
    articles of the text of ``regime`` that it rests on. ``reasons`` are those of a return; ``recorded`` is what a
    signature has recorded.
    """

    id: str
    state: PendingState
    command: str
    request: dict[str, Any] | None
    digest: str
    subject: str | None
    regime: str | None
    place: str | None
    proposed_by: str
    proposed_at: str
    held_by: str
    settled_by: str | None
    settled_at: str | None
    reasons: str | None
    recorded: tuple[RecordedPart, ...]
    may_sign: bool
    cites: tuple[str, ...]
    effects: tuple[Effect, ...]
    impact: Any
    refused: Refusal | None


class PendingPage(msgspec.Struct, frozen=True, kw_only=True):
    """Decisions in the order that was asked for; ``next`` leads on."""

    items: tuple[PendingDecision, ...]
    next: str | None


class _Cursor(msgspec.Struct, frozen=True):
    """After which decision a list goes on, and which list that is."""

    question: str
    after: Annotated[str, msgspec.Meta(max_length=80)]


class ReadingDecisions:
    """Reads decisions for whoever asks, within their reach. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        legislation: Legislation,
        casework: Casework,
        evaluating: Evaluating,
        rules: SignatureRules,
        batches: Batches | None = None,
        stands_in_for: Callable[[str], frozenset[str]] = lambda _: frozenset(),
        signs_nothing_yet: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._batches = batches
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._legislation = legislation
        self._casework = casework
        self._evaluating = evaluating
        self._rules = rules
        self._stands_in_for = stands_in_for
        self._signs_nothing_yet = signs_nothing_yet
        self._waiting = PendingDecisions(journal)

    def file_of(self, decision: str) -> PendingFile:
        """The file of a decision as the journal holds it now; one that nobody knows waits to be proposed."""
        kept = self._waiting.find(decision)
        return PendingFile() if kept is None else kept.file

    def found(self, decision: str, by: Principal) -> tuple[Kept, DecisionProposed, Signable]:
        """A decision that was proposed within the reach of ``by``, with its command.

        Raises ``NotFound``, the same for what nobody knows and for what is out of reach.
        """
        kept = self._waiting.find(decision)
        proposed = None if kept is None else kept.file.proposed
        if kept is None or proposed is None or not reaches(by, self._place_of(proposed)):
            raise NotFound("pending_decision", decision)
        return kept, proposed, self._opened(proposed)

    def subject_of(self, decision: str) -> str | None:
        """The subject on whose file a decision is, whoever asks; ``None`` for one about none, and for one that nobody
        knows."""
        kept = self._waiting.find(decision)
        first = None if kept is None else kept.first.event
        return _subject_in(first.stream) if isinstance(first, DecisionProposed | DecisionSigned) else None

    def held_by(self, account: str) -> tuple[str, ...]:
        """The decisions that wait and for which an account answers, wherever their files belong today; the oldest
        first."""
        kept = self._waiting.every()
        return tuple(k.id for k in kept if k.file.state == "waiting" and in_whose_name(k.file.holder or "") == account)

    def refuse_signer(self, by: Principal, kept: Kept, command: Signable) -> None:
        """Raise ``SigningRefused`` for whoever may not sign or return a decision: their role does not, or they have
        answered for it themselves, even before it was handed over to another account, or stand in for
        somebody who has, or were let in by the link of a reset a short while ago; ``Forbidden`` for
        whose place does not hold all regions for which it is."""
        if not self._rules.at(self._place_of_kept(kept)).may_sign(by, command):
            raise SigningRefused("role_may_not_sign")
        held_by = frozenset[str]().union(*map(accounts_in, kept.file.holders))
        if by.accounts & held_by or any(self._stands_in_for(account) & held_by for account in by.accounts):
            raise SigningRefused("own_proposal")
        if by.role is not None and not all(
            holds(by.place, code.ljust(6, "0")) for code in self._regions(kept, command)
        ):
            raise _elsewhere(by.role)
        if by.role is not None and self._signs_nothing_yet(by.through or by.name):
            raise SigningRefused("password_reset")
        self.refuse_recorder(by, command)

    def reaches_file(self, by: Principal, stream: str) -> bool:
        """Whether the place of somebody holds the file of a stream as it is today."""
        return reaches(by, self.place_of_stream(stream))

    def refuse_out_of_reach(self, by: Principal, files: FileImpacts) -> None:
        """Raise ``Forbidden`` for whoever signs what is appended to a file out of their reach, too."""
        if by.role is not None and not all(self.reaches_file(by, stream) for stream, _ in files()):
            raise _elsewhere(by.role)

    def _regions(self, kept: Kept, command: Signable) -> Iterable[str]:
        """The beginnings of the codes of all regions that the place of a signer has to hold, where a decision is about
        more than one place's file: the law, and the cohort of a regime."""
        if isinstance(command, LawCommand):
            return regions_of(command, self._legislation)
        stream = "" if kept.file.proposed is None else kept.file.proposed.stream
        if stream.startswith(COHORT_STREAMS):
            return self._legislation.regions_of(stream.removeprefix(COHORT_STREAMS))
        return ()

    def refuse_recorder(self, by: Principal, command: Signable) -> None:
        """Raise ``SigningRefused`` for whoever recorded what an objection that they decide is about."""
        if by.role is not None and isinstance(command, DecideObjection) and by.accounts & self._recorders(command):
            raise SigningRefused("recorder_decides")

    def _recorders(self, command: DecideObjection) -> frozenset[str]:
        """Who recorded, or corrected, what an objection is about and what its decision sets aside."""
        stream = self._journal.owner_of(command.objection)
        if stream is None or not is_subject(stream):
            return frozenset()
        objection = self._casework.known_file(stream).objections.get(command.objection)
        if objection is None:
            return frozenset()
        about = {objection.filed.against, *command.sets_aside}
        return frozenset(
            account
            for row in self._journal.stream(stream)
            if row.event.introduced_id in about
            or (isinstance(row.event, FactRecorded | FactCorrected) and row.event.fact in about)
            for account in accounts_in(row.actor)
        )

    def place_of_stream(self, stream: str) -> str | None:
        """The region code of the place to which a stream belongs today; ``None`` for the law and what nobody knows."""
        if stream.startswith(CITY_STREAMS):
            return stream.removeprefix(CITY_STREAMS).ljust(6, "0")
        if stream.startswith(COHORT_STREAMS):
            regions = self._legislation.regions_of(stream.removeprefix(COHORT_STREAMS))
            return regions[0].ljust(6, "0") if regions else None
        if stream.startswith(LETTER_STREAMS):
            return stream.removeprefix(LETTER_STREAMS)[:6]
        subject = stream.removeprefix(ADVISORY_STREAMS)
        return self._casework.known_file(subject).region_on(self._today()) if is_subject(subject) else None

    def _place_of(self, proposed: DecisionProposed) -> str | None:
        """The place of a decision: that of its file today, or the one that it was proposed for."""
        if proposed.stream.startswith(PENDING_STREAMS):
            return proposed.region
        return self.place_of_stream(proposed.stream) or proposed.region

    def _today(self) -> dt.date:
        return legal_day(self._clock.now())

    def law(self, regime: str) -> RegimeLaw:
        head = self._journal.head()
        known_at = max(self._clock.now(), head.recorded_at)
        return self._legislation.at(regime, known_at=known_at, position=head.position).law

    def _opened(self, proposed: DecisionProposed) -> Signable:
        texts = Opened(self._vault, self._journal.joined_to)
        return command_in(proposed.request, proposed.command, lambda text: texts.told(proposed.stream, text))

    # --- reading ------------------------------------------------------------------------------------------

    def read(self, decision: str, *, by: Principal | None = None) -> PendingDecision:
        """One decision as it stands now, with what it would do. Raises ``NotFound`` for what is out of reach."""
        kept = self._waiting.find(decision)
        if kept is None or (by is not None and not reaches(by, self._place_of_kept(kept))):
            raise NotFound("pending_decision", decision)
        return self._told(kept, by, is_whole=True)

    def page(
        self,
        *,
        by: Principal | None = None,
        state: PendingState | None = None,
        mine: Mine | None = None,
        region: str | None = None,
        subject: str | None = None,
        sort: DecisionSort = "-proposed_at",
        cursor: str | None = None,
        limit: int = PAGE_OF_DECISIONS,
        with_effects: bool = True,
    ) -> PendingPage:
        """Decisions within the reach of ``by``; without effects it is told alone whether those that wait could be
        recorded now, and on which articles they rest. Raises ``Invalid`` for a ``cursor`` that is damaged or belongs to
        another list.

        ``region`` is a code: that of a province means all of it, that of a city all of its counties. What belongs to
        no place, the law, stands in every list. ``subject`` are those about one file.
        """
        every = self._selected(by, state, mine, region, sort)
        found = (kept for kept in every if subject is None or self.subject_of(kept.id) == subject.lower())
        question = " ".join((state or "", mine or "", region or "", subject or "", sort))
        if cursor is not None:
            place = opened(cursor, _Cursor)
            # Those up to the place are taken out on the way.
            if place.question != question or all(kept.id != place.after for kept in found):
                raise bad_cursor("bad_cursor", sentence("errors.cursor.bad_cursor"))
        limit = max(1, min(limit, MOST_LINES))
        some: list[Kept] = []
        for kept in found:
            if len(some) == limit:
                listed = self._listed(some, by, with_effects=with_effects)
                return PendingPage(items=listed, next=sealed(_Cursor(question, some[-1].id)))
            some.append(kept)
        return PendingPage(items=self._listed(some, by, with_effects=with_effects), next=None)

    def _listed(self, some: list[Kept], by: Principal | None, *, with_effects: bool) -> tuple[PendingDecision, ...]:
        return tuple(self._told(kept, by, is_brief=not with_effects) for kept in some)

    def _selected(
        self,
        by: Principal | None,
        state: PendingState | None,
        mine: Mine | None,
        region: str | None,
        sort: DecisionSort,
    ) -> Iterator[Kept]:
        within = None if region is None else region.removesuffix("00").removesuffix("00")
        every = self._waiting.every()
        for kept in every if sort == "proposed_at" else reversed(every):
            place = self._place_of_kept(kept)
            if (state is not None and kept.file.state != state) or (by is not None and not reaches(by, place)):
                continue
            if within is not None and place is not None and not place.startswith(within):
                continue
            if mine is not None and by is not None and not self._is_mine(kept, by, mine):
                continue
            yield kept

    def _is_mine(self, kept: Kept, by: Principal, mine: Mine) -> bool:
        if mine == "proposed":
            return bool(by.accounts & accounts_in(kept.file.holder or ""))
        proposed = kept.file.proposed
        if proposed is None or kept.file.state != "waiting":
            return False
        return self._may_sign(by, kept, self._opened(proposed))

    def _may_sign(self, by: Principal, kept: Kept, command: Signable) -> bool:
        try:
            self.refuse_signer(by, kept, command)
        except (SigningRefused, Forbidden):
            return False
        return True

    def _place_of_kept(self, kept: Kept) -> str | None:
        proposed, first = kept.file.proposed, kept.first.event
        if proposed is not None:
            return self._place_of(proposed)
        return self.place_of_stream(first.stream) if isinstance(first, DecisionSigned) else None

    def _told(
        self, kept: Kept, by: Principal | None, *, is_whole: bool = False, is_brief: bool = False
    ) -> PendingDecision:
        proposed, settled = kept.file.proposed, kept.file.settled
        first = proposed or settled
        if not isinstance(first, DecisionProposed | DecisionSigned):
            raise NotFound("pending_decision", kept.id)
        stream = first.stream
        told = PendingDecision(
            id=kept.id,
            state=kept.file.state,
            command=first.command,
            request=None,
            digest=first.digest,
            subject=_subject_in(stream),
            regime=None,
            place=self._place_of_kept(kept),
            proposed_by=first.proposed_by,
            proposed_at=iso_utc(kept.first.recorded_at),
            held_by=kept.file.holder or first.proposed_by,
            settled_by=None,
            settled_at=None,
            reasons=None,
            recorded=(),
            may_sign=False,
            cites=(),
            effects=(),
            impact=None,
            refused=None,
        )
        if settled is not None:
            told = msgspec.structs.replace(
                told, settled_by=_settler_of(settled), settled_at=iso_utc(kept.last.recorded_at)
            )
        if isinstance(settled, DecisionReturned):
            reasons = Opened(self._vault, self._journal.joined_to).told(stream, settled.reasons)
            told = msgspec.structs.replace(told, reasons=reasons)
        if isinstance(settled, DecisionSigned):
            told = msgspec.structs.replace(told, recorded=settled.recorded)
        if proposed is None:
            return told
        command = self._opened(proposed)
        told = msgspec.structs.replace(
            told, request=msgspec.to_builtins(command), regime=self._regime_of(command, stream)
        )
        if kept.file.state != "waiting":
            return told
        streams: list[str] = []
        if isinstance(command, BatchCommand):
            # In a list nobody waits until all of its rows are read.
            told = self._with_batch(told, command, streams) if is_whole else told
        else:
            told = self._with_effects(told, proposed, command, streams, by, is_whole=is_whole, is_brief=is_brief)
        may_sign = by is not None and self._may_sign(by, kept, command)
        is_within = by is not None and all(self.reaches_file(by, stream) for stream in streams)
        return msgspec.structs.replace(told, may_sign=may_sign and is_within)

    def _with_effects(
        self,
        told: PendingDecision,
        proposed: DecisionProposed,
        command: Command | EvaluateRoster,
        streams: list[str],
        by: Principal | None,
        *,
        is_whole: bool,
        is_brief: bool,
    ) -> PendingDecision:
        """The decision with what it would do if it were signed now, to other files too as far as whoever asks may read
        them; ``streams`` are those that it would append to."""

        others: dict[str, object] = {}

        def look(files: FileImpacts) -> None:
            for stream, impact in files():
                streams.append(stream)
                if stream != proposed.stream and not is_brief and (by is None or self.reaches_file(by, stream)):
                    others[stream] = impact()

        proposer = proposer_of(proposed)
        trial = CommandAsked(proposer, dry_run=True, review=look, is_brief=is_brief)
        try:
            if isinstance(command, EvaluateRoster):
                effects = of_roster(self._evaluating.carry_out(command, trial)) if is_whole else ()
                return msgspec.structs.replace(told, effects=effects)
            outcome = self._casework.carry_out(command, trial)
        except CaseError as error:
            return msgspec.structs.replace(told, refused=_refusal(error), cites=self._cites(told, command))
        cited = (*self._cites(told, command), *(c for n in outcome.notices for c in n.cites))
        told = msgspec.structs.replace(told, cites=tuple(dict.fromkeys(cited)))
        if is_brief:
            return told
        effects = effects_of(outcome, self.law, others)
        return msgspec.structs.replace(told, effects=effects, impact=outcome.impact)

    def _with_batch(self, told: PendingDecision, command: BatchCommand, streams: list[str]) -> PendingDecision:
        """The decision on a batch, with what it would do; ``streams`` are those that it would append to."""
        found = self.batches().told(command)
        streams.extend(found.streams)
        refused = None if found.refused is None else _refusal(found.refused)
        return msgspec.structs.replace(told, effects=found.effects, refused=refused)

    def batches(self) -> Batches:
        """What knows batches; wherever some are proposed there is one."""
        if self._batches is None:
            raise AssertionError("batches are signed where sheets are known")
        return self._batches

    def _cites(self, told: PendingDecision, command: Signable) -> tuple[str, ...]:
        """The articles on which a command rests."""
        if told.regime is None:
            return ()
        law, today = self.law(told.regime), self._today()
        kind = None if told.subject is None else self._casework.known_file(told.subject).kind
        found = [c for ground in self._rules.grounds.get(told.command, ()) for c in law.grounds(ground, today, kind)]
        if isinstance(command, RecordFact) and command.row is not None:
            row = law.row(command.row, None)
            found += [] if row is None else row.cites
        return tuple(dict.fromkeys(found))

    def _regime_of(self, command: Signable, stream: str) -> str | None:
        named = getattr(command, "regime", None)
        if isinstance(named, str):
            return named or None
        return regime_of_request(self._casework.known_file(stream), command) if is_subject(stream) else None


# --- pieces -------------------------------------------------------------------------------------------------


def _refusal(error: CaseError) -> Refusal:
    cites = error.cites if isinstance(error, Refused) else ()
    return Refusal(code=error.code, **in_both_languages(error.says), cites=tuple(cites))


def _elsewhere(role: Role) -> Forbidden:
    """The refusal of a signature under what is about other places, too."""
    return shipped_roles().forbidden(role, "sign_decision", "other_place")


def _subject_in(stream: str) -> str | None:
    """The subject of whom a stream is, also where it holds the advisories about it."""
    named = stream.removeprefix(ADVISORY_STREAMS)
    return named if is_subject(named) else None


def _settler_of(settled: DecisionSigned | DecisionReturned | DecisionWithdrawn) -> str:
    match settled:
        case DecisionSigned():
            return settled.countersigned_by
        case DecisionReturned():
            return settled.returned_by
        case DecisionWithdrawn():
            return settled.withdrawn_by
