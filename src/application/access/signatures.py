"""Two persons: what needs a second one waits as a pending decision until somebody else signs it.

It stands in front of recording. A command that waits is stored and changes no file; signed, it is decided again on what
is known then and recorded as it would have been, in the name of whoever proposed it, together with the signature.
"""

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from typing import Annotated, NamedTuple

import msgspec

from application.access.batches import BatchCommand, Batches, Chosen
from application.access.decisions import PendingDecision, ReadingDecisions, Signable
from application.access.refusals import SigningRefused
from application.access.signature_effects import lowers
from application.access.signature_rules import SignatureRules, command_name, shipped_rules
from application.access.stored_commands import signed_digest, stored_command
from application.access.waiting import Kept, proposer_of
from application.law.legislation import Legislation
from application.ports import Clock, CommandRecord, Entry, Ids, Journal, Vault
from application.principal import Principal, accounts_in, in_whose_name
from application.prose import Sealing
from application.recording.casework import Casework
from application.recording.commands import Command, LawCommand, LegalNoteCommand
from application.recording.outcomes import Outcome
from application.recording.writer import (
    CommandAsked,
    FileImpacts,
    Keyed,
    attempts,
    earlier_answer,
    keyed,
    repeated,
)
from application.year.evaluation import EvaluateRoster, Evaluating, RosterOutcome
from domain.aggregates.advisories import ADVISORY_STREAMS, city_stream
from domain.aggregates.cohort import stream_of as cohort_stream
from domain.aggregates.legal_notes import stream_of as legal_note_stream
from domain.aggregates.letters import office_stream
from domain.aggregates.pending import PENDING_STREAMS, stream_of
from domain.aggregates.sheets import stream_of as sheet_stream
from domain.errors import Stale
from domain.events.lawbook import LAW_STREAM
from domain.events.pending import (
    DecisionHandedOver,
    DecisionProposed,
    DecisionReturned,
    DecisionSigned,
    DecisionWithdrawn,
    RecordedPart,
)
from domain.procedures.advisories import IssueInternalNotice, RecordAdvisory, SubmitAdvisories
from domain.procedures.cohorts import COHORT_COMMANDS
from domain.procedures.papers.letters import LETTER_OFFICE_COMMANDS
from domain.procedures.request import Request, SubjectRequest
from domain.values import Id
from domain.vocabulary import Stage


class SignedDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that was signed just now, and what came of its command: ``roster`` of a step for a whole roster,
    ``outcome`` of every other one but a batch, of which its sheet tells."""

    decision: PendingDecision
    outcome: Outcome | None
    roster: RosterOutcome | None


class _OfDecision(Request, frozen=True):
    """A request about one decision; ``decision`` is its id."""

    names = "decision"

    decision: Id


class SignDecision(_OfDecision, tag="sign_decision", frozen=True):
    """Sign a decision as it was shown: ``digest`` is that of the decision. Of a batch of rows, ``chosen`` says whether
    all are recorded, of which none may then be refused, or those that still can be."""

    digest: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    chosen: Chosen = "all"


class ReturnDecision(_OfDecision, tag="return_decision", frozen=True):
    """Send a decision back to whoever proposed it, with reasons."""

    reasons: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class WithdrawDecision(_OfDecision, tag="withdraw_decision", frozen=True):
    """Take back a decision that one has proposed oneself, or that was handed over to one."""


class _Waits(Exception):
    """What is about to be recorded needs a second person."""


class _KeptDecision(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an idempotency key stands for when its request was not recorded and waits."""

    pending_decision: str


class _Touched(NamedTuple):
    """What a command is about: a stream, and the region code of the place that it belongs to."""

    stream: str
    place: str | None


class Signing:
    """The use case of two persons. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        clock: Clock,
        ids: Ids,
        legislation: Legislation,
        casework: Casework,
        evaluating: Evaluating,
        rules: SignatureRules | None = None,
        batches: Batches | None = None,
        stands_in_for: Callable[[str], frozenset[str]] = lambda _: frozenset(),
        signs_nothing_yet: Callable[[str], bool] = lambda _: False,
    ) -> None:
        """``rules`` say what waits; without them those that are shipped do. ``batches`` knows what sheets hold, where
        some are imported. ``stands_in_for`` tells for whom an account stands in today: it signs nothing of theirs;
        ``signs_nothing_yet`` which account had its password reset a short while ago."""
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._ids = ids
        self._legislation = legislation
        self._casework = casework
        self._evaluating = evaluating
        self._rules = rules or shipped_rules()
        self._batches = batches
        parts = (journal, vault, clock, legislation, casework, evaluating)
        self.decisions = ReadingDecisions(*parts, self._rules, batches, stands_in_for, signs_nothing_yet)

    # --- proposing ----------------------------------------------------------------------------------------

    def submit(
        self,
        command: Command,
        *,
        by: Principal,
        key: str | None = None,
        if_match: int | None = None,
        dry_run: bool = False,
    ) -> Outcome | PendingDecision:
        """Record one command in the name of ``by``, or let it wait for a second person.

        Whoever acts where there is no wall records at once; the second signature that such a command has already
        stands beside its events. See ``Casework.submit`` for everything else. Raises ``SigningRefused`` for the
        decision on what ``by`` recorded, and for a signature of their own.
        """
        asked = self._casework.asked(command, by=by, key=key, if_match=if_match, dry_run=dry_run)
        if by.role is None:
            return self._casework.carry_out(command, self._countersigned(command, asked))
        known = earlier_answer(self._journal, asked.keyed)
        if known is not None:
            # Looked at once more it might wait by now: what was answered is not decided again.
            waits = _decision_in(known.answer)
            return repeated(known) if waits is None else self.decisions.read(waits, by=by)
        self.decisions.refuse_recorder(by, command)
        touched = self._touched(command)
        rules = self._rules.at(touched.place)

        def reaches_elsewhere(files: FileImpacts) -> bool:
            # A registration touches no file: the one that it makes has no place yet.
            others = (stream for stream, _ in files() if stream != touched.stream and touched.stream)
            return not all(self.decisions.reaches_file(by, stream) for stream in others)

        def waits_for(files: FileImpacts) -> bool:
            return rules.always(command) or reaches_elsewhere(files) or (rules.downgrades and self._lower_any(files))

        if dry_run:
            looks: list[bool] = []
            outcome = self._casework.carry_out(command, asked._replace(review=lambda f: looks.append(waits_for(f))))
            return msgspec.structs.replace(outcome, needs_signature=any(looks))

        def look(files: FileImpacts) -> None:
            if waits_for(files):
                raise _Waits

        asked = asked._replace(review=look)
        if not rules.always(command):
            try:
                return self._casework.carry_out(command, asked)
            except _Waits:
                # What memory holds may be old: looked at once more on what the journal holds.
                self._casework.file(touched.stream)
        return self._recorded_or(command, asked, by, touched)

    def _recorded_or(
        self, command: Command, asked: CommandAsked, by: Principal, touched: _Touched
    ) -> Outcome | PendingDecision:
        """The outcome of a command, or the decision as which it waits."""
        try:
            return self._casework.carry_out(command, asked)
        except _Waits:
            return self._propose(command, asked.keyed, by, touched)

    def evaluate(
        self,
        request: EvaluateRoster,
        *,
        by: Principal,
        key: str | None = None,
        dry_run: bool = False,
        progress: Callable[[int], None] | None = None,
    ) -> RosterOutcome | PendingDecision:
        """Take one step of an evaluation year for a whole roster, or let it wait; see ``Evaluating.evaluate``."""
        asked = CommandAsked(by, keyed(self._vault, None if dry_run else key, request), dry_run=dry_run)
        waits_somewhere = self.awaits_second(request.stage, request.region)
        if dry_run or not waits_somewhere or (by.role is None and by.countersigned_by is None):
            return self._evaluating.carry_out(request, asked, progress=progress)
        if by.role is None:
            beside = self._signature_of_roster(request, self._ids.new(), by.recorded_as, _second(by), None)
            return self._evaluating.carry_out(request, asked, beside=beside, progress=progress)
        known = earlier_answer(self._journal, asked.keyed)
        if known is not None:
            waits = _decision_in(known.answer)
            return self._evaluating.carry_out(request, asked) if waits is None else self.decisions.read(waits, by=by)
        trial = self._evaluating.carry_out(request, CommandAsked(by, dry_run=True))
        if not trial.counts.get("dry_run"):
            # There is nothing to sign. Carried out in earnest it might record what came to be ready meanwhile.
            commands = asked.keyed.record(trial)
            if commands:
                self._journal.append([], by=by, commands=commands)
            return trial
        return self._propose(request, asked.keyed, by, _Touched(f"{PENDING_STREAMS}roster", request.region))

    def awaits_second(self, stage: Stage, region: str) -> bool:
        """Whether a step for the roster of a place waits for a second person, where accounts have roles."""
        return any(stage in rules.stages for rules in self._rules.within(region))

    def propose_batch(self, command: BatchCommand, *, by: Principal, place: str | None) -> PendingDecision:
        """Let a batch of a sheet wait, for a place; one that waits already is that one."""
        return self._propose(command, Keyed(), by, _Touched(sheet_stream(command.sheet), place))

    def _propose(self, command: Signable, key: Keyed, by: Principal, touched: _Touched) -> PendingDecision:
        """Let a command wait; one that waits already is that one."""
        name = command_name(command)
        clear = msgspec.json.encode(command, order="deterministic")
        for _ in attempts():
            id, version = self._place_for(clear, touched.stream)
            if version:
                self._keep(key, id, by)
                return self.decisions.read(id, by=by)
            stream = stream_of(id) if isinstance(command, EvaluateRoster) else touched.stream
            text, file_key = stored_command(command, self._vault.sealing_key, stream)
            proposed = DecisionProposed(
                decision=id,
                command=name,
                request=text,
                digest=signed_digest(
                    decision=id, command=name, request=text, stream=stream, proposed_by=by.recorded_as
                ),
                stream=stream,
                proposed_by=by.recorded_as,
                region=touched.place,
                proposed_from=by.place,
            )
            try:
                done = self._journal.append(
                    [Entry(stream_of(id), "pending", 1, proposed)],
                    by=by,
                    commands=key.record(_KeptDecision(pending_decision=id)),
                    vault=() if file_key is None else file_key.writes,
                    sealed=() if file_key is None else (stream,),
                )
            except Stale:
                continue
            kept = None if done.known is None else _decision_in(done.known.answer)
            return self.decisions.read(id if kept is None else kept, by=by)
        raise Stale(touched.stream, 0, 0)

    def _place_for(self, clear: bytes, stream: str) -> tuple[str, int]:
        """The id under which a command waits, and the version of its stream: 0 where it does not wait yet. What was
        returned or withdrawn may be proposed again, and waits under another id."""
        number = 0
        while True:
            told = self._vault.digest(msgspec.json.encode((stream, clear.decode(), number)))
            id = _uuid_of(told)
            file = self.decisions.file_of(id)
            if file.state == "waiting":
                return id, file.version
            number += 1

    def _keep(self, key: Keyed, id: str, by: Principal) -> None:
        commands = key.record(_KeptDecision(pending_decision=id))
        if commands:
            self._journal.append([], by=by, commands=commands)

    # --- one that has its second signature ------------------------------------------------------------------

    def _countersigned(self, command: Command, asked: CommandAsked) -> CommandAsked:
        """The command with the signature that it has already, where it needs one."""
        by = asked.by
        if by.countersigned_by is None or asked.dry_run:
            return asked
        touched = self._touched(command)
        if not self._rules.at(touched.place).always(command):
            return asked
        id, second = self._ids.new(), _second(by)
        text, _ = stored_command(command, self._vault.sealing_key, touched.stream)
        name = command_name(command)
        digest = signed_digest(
            decision=id, command=name, request=text, stream=touched.stream, proposed_by=by.recorded_as
        )

        def beside(entries: Sequence[Entry]) -> Sequence[Entry]:
            if not entries:
                # It was on record already: nobody signed anything.
                return ()
            signed = DecisionSigned(
                decision=id,
                command=name,
                digest=digest,
                stream=touched.stream,
                proposed_by=by.recorded_as,
                countersigned_by=second,
                recorded=_parts_of(entries),
            )
            return [Entry(stream_of(id), "pending", 1, signed)]

        return asked._replace(beside=beside)

    # --- what it is about ---------------------------------------------------------------------------------

    def _touched(self, command: Command) -> _Touched:
        stream = self._stream_of(command)
        return _Touched(stream, self.decisions.place_of_stream(stream))

    def _stream_of(self, command: Command) -> str:
        if isinstance(command, LawCommand):
            return LAW_STREAM
        if isinstance(command, LegalNoteCommand):
            return legal_note_stream(command.edition)
        if isinstance(command, LETTER_OFFICE_COMMANDS):
            return office_stream(command.bureau)
        if isinstance(command, COHORT_COMMANDS):
            return cohort_stream(command.regime)
        if isinstance(command, SubmitAdvisories):
            return city_stream(command.city)
        if isinstance(command, RecordAdvisory | IssueInternalNotice):
            return f"{ADVISORY_STREAMS}{command.subject}"
        if isinstance(command, SubjectRequest):
            return command.subject
        return (self._journal.owner_of(command.named) if command.names is not None else None) or ""

    def _lower_any(self, files: FileImpacts) -> bool:
        """Whether what a dry run tells of the files that are appended to moves a grade downwards."""
        return any(lowers(told(), self._casework.known_file(s).kind, self.decisions.law) for s, told in files())

    # --- settling -----------------------------------------------------------------------------------------

    def sign(
        self, decision: str, *, by: Principal, digest: str, key: str | None = None, chosen: Chosen = "all"
    ) -> SignedDecision:
        """Sign a decision as somebody else than who proposed it: its command is decided on what is known now.
        ``chosen`` says of a batch which of its rows are recorded.

        Raises ``NotFound`` for an id that nobody has or that is out of reach, ``SigningRefused`` for whoever may not
        sign, for another ``digest`` than that of what waits and for what waits no more, and whatever refuses the
        command now: then the decision goes on waiting.
        """
        asked = keyed(self._vault, key, SignDecision(decision=decision, digest=digest, chosen=chosen))
        known = earlier_answer(self._journal, asked)
        kept, proposed, command = self.decisions.found(decision, by)
        if known is not None:
            return self._signed(decision, by, None if isinstance(command, BatchCommand) else _outcome_in(known))
        self.decisions.refuse_signer(by, kept, command)
        if kept.file.state != "waiting":
            raise SigningRefused("already_settled")
        if digest != proposed.digest:
            raise SigningRefused("digest_differs")
        proposer = proposer_of(proposed)

        def beside(entries: Sequence[Entry]) -> Sequence[Entry]:
            return [self._next(decision, _signature(decision, proposed, by, entries))]

        outcome: Outcome | RosterOutcome | None = None
        if isinstance(command, BatchCommand):
            self._sign_batch(command, CommandAsked(proposer, asked, beside=beside), decision, by, chosen)
        elif isinstance(command, EvaluateRoster):
            beside_roster = self._signature_of_roster(command, decision, proposed.proposed_by, by.recorded_as, digest)
            outcome = self._evaluating.carry_out(command, CommandAsked(proposer, asked), beside=beside_roster)
        else:
            review = partial(self.decisions.refuse_out_of_reach, by)
            outcome = self._casework.carry_out(command, CommandAsked(proposer, asked, review=review, beside=beside))
        return self._signed(decision, by, outcome)

    def _sign_batch(
        self, command: BatchCommand, asked: CommandAsked, decision: str, by: Principal, chosen: Chosen
    ) -> None:
        """Let a batch begin, together with its signature, and record the first of its rows."""
        batches = self.decisions.batches()
        streams = batches.streams(command)
        self.decisions.refuse_out_of_reach(by, lambda: ((stream, lambda: None) for stream in streams))
        stream = sheet_stream(command.sheet)
        for _ in attempts():
            begun = batches.begun(command, by, chosen)
            beside = () if asked.beside is None else asked.beside(begun.entries)
            try:
                self._journal.append(
                    [*begun.entries, *beside],
                    by=asked.by,
                    commands=asked.keyed.record(_KeptDecision(pending_decision=decision)),
                    vault=() if begun.key is None else begun.key.writes,
                    sealed=() if begun.key is None else (stream,),
                )
            except Stale:
                continue
            batches.carry_out(command, self)
            return
        raise Stale(stream, 0, 0)

    def _signed(self, decision: str, by: Principal, outcome: Outcome | RosterOutcome | None) -> SignedDecision:
        if isinstance(outcome, Outcome) and self._batches is not None:
            self._batches.row_signed(decision, self)
        told = self.decisions.read(decision, by=by)
        if isinstance(outcome, RosterOutcome):
            return SignedDecision(decision=told, outcome=None, roster=outcome)
        return SignedDecision(decision=told, outcome=outcome, roster=None)

    def return_(self, decision: str, *, by: Principal, reasons: str, key: str | None = None) -> PendingDecision:
        """Send a decision back, with reasons. Raises as ``sign`` does, but for the digest."""
        asked = keyed(self._vault, key, ReturnDecision(decision=decision, reasons=reasons))
        known = earlier_answer(self._journal, asked)
        kept, proposed, command = self.decisions.found(decision, by)
        if known is not None:
            return self.decisions.read(decision, by=by)
        self.decisions.refuse_signer(by, kept, command)
        sealing = Sealing(lambda: self._vault.sealing_key(proposed.stream))
        sealed = reasons if proposed.stream == LAW_STREAM else sealing(reasons)
        event = DecisionReturned(decision=decision, returned_by=by.recorded_as, reasons=sealed)
        self._settle(kept, event, asked, by, sealing, proposed.stream)
        self._drop(command)
        return self.decisions.read(decision, by=by)

    def withdraw(self, decision: str, *, by: Principal, key: str | None = None) -> PendingDecision:
        """Take back a decision; only who answers for it may. Raises as ``sign`` does, but for the digest."""
        asked = keyed(self._vault, key, WithdrawDecision(decision=decision))
        known = earlier_answer(self._journal, asked)
        kept, proposed, command = self.decisions.found(decision, by)
        if known is not None:
            return self.decisions.read(decision, by=by)
        if not by.accounts & accounts_in(kept.file.holder or ""):
            raise SigningRefused("not_the_proposer")
        event = DecisionWithdrawn(decision=decision, withdrawn_by=by.recorded_as)
        self._settle(kept, event, asked, by, None, proposed.stream)
        self._drop(command)
        return self.decisions.read(decision, by=by)

    def _drop(self, command: Signable) -> None:
        """What was proposed is not recorded."""
        if isinstance(command, BatchCommand):
            self.decisions.batches().dropped(command)

    def hand_over(self, account: str, to: str, *, by: Principal) -> tuple[str, ...]:
        """Let another account answer for every decision that waits and for which an account does; their ids.

        What is recorded when they are signed stays in the name of whoever proposed them. Done again, it goes on where
        it broke off; what was settled meanwhile stays where it is.
        """
        return tuple(id for id in self.decisions.held_by(account) if self._handed_over(id, account, to, by))

    def _handed_over(self, decision: str, account: str, to: str, by: Principal) -> bool:
        """Hand over one decision; whether it still waited and was the account's."""
        event = DecisionHandedOver(
            decision=decision, from_account=account, to_account=to, handed_over_by=by.recorded_as
        )
        for _ in attempts():
            file = self.decisions.file_of(decision)
            if file.state != "waiting" or in_whose_name(file.holder or "") != account:
                return False
            try:
                self._journal.append([Entry(stream_of(decision), "pending", file.version + 1, event)], by=by)
            except Stale:
                continue
            return True
        raise Stale(stream_of(decision), 0, 0)

    def _settle(
        self,
        kept: Kept,
        event: DecisionReturned | DecisionWithdrawn,
        key: Keyed,
        by: Principal,
        sealing: Sealing | None,
        stream: str,
    ) -> None:
        file_key = None if sealing is None else sealing.key
        for _ in attempts():
            entry = self._next(kept.id, event)
            try:
                self._journal.append(
                    [entry],
                    by=by,
                    commands=key.record(_KeptDecision(pending_decision=kept.id)),
                    vault=() if file_key is None else file_key.writes,
                    sealed=() if file_key is None else (stream,),
                )
            except Stale:
                continue
            return
        raise Stale(stream_of(kept.id), 0, 0)

    def _next(self, decision: str, event: DecisionSigned | DecisionReturned | DecisionWithdrawn) -> Entry:
        """What is appended to the stream of a decision as it stands now. Raises when it waits no more."""
        file = self.decisions.file_of(decision)
        if file.state != "waiting":
            raise SigningRefused("already_settled")
        return Entry(stream_of(decision), "pending", file.version + 1, event)

    def _signature_of_roster(
        self, request: EvaluateRoster, decision: str, proposed_by: str, signed_by: str, digest: str | None
    ) -> Callable[[RosterOutcome], Sequence[Entry]]:
        """What is appended when a step for a whole roster has come to its end; without a ``digest`` it was never
        proposed."""
        name = command_name(request)

        def beside(outcome: RosterOutcome) -> Sequence[Entry]:
            stream = stream_of(decision)
            told = digest
            if told is None:
                text, _ = stored_command(request, self._vault.sealing_key, stream)
                told = signed_digest(
                    decision=decision, command=name, request=text, stream=stream, proposed_by=proposed_by
                )
            signed = DecisionSigned(
                decision=decision,
                command=name,
                digest=told,
                stream=stream,
                proposed_by=proposed_by,
                countersigned_by=signed_by,
                events=outcome.counts.get("recorded", 0),
                until=outcome.position,
            )
            if digest is None:
                return [Entry(stream, "pending", 1, signed)] if signed.events else ()
            return [self._next(decision, signed)]

        return beside


# --- pieces -------------------------------------------------------------------------------------------------


def _second(by: Principal) -> str:
    """The second signature of a command. Raises ``SigningRefused`` for one's own."""
    if by.countersigned_by is None or by.countersigned_by in by.accounts:
        raise SigningRefused("own_proposal")
    return by.countersigned_by


def _signature(decision: str, proposed: DecisionProposed, by: Principal, entries: Sequence[Entry]) -> DecisionSigned:
    """The signature under what is recorded together with it."""
    return DecisionSigned(
        decision=decision,
        command=proposed.command,
        digest=proposed.digest,
        stream=proposed.stream,
        proposed_by=proposed.proposed_by,
        countersigned_by=by.recorded_as,
        recorded=_parts_of(entries),
    )


def _parts_of(entries: Sequence[Entry]) -> tuple[RecordedPart, ...]:
    """What is recorded, stream by stream."""
    parts = []
    for stream in dict.fromkeys(entry.stream for entry in entries):
        own = [entry for entry in entries if entry.stream == stream]
        ids = tuple(entry.introduces for entry in own if entry.introduces is not None)
        parts.append(RecordedPart(stream=stream, first=own[0].version, last=own[-1].version, ids=ids))
    return tuple(parts)


def _uuid_of(digest: bytes) -> str:
    """A UUID (version 8, RFC 9562) made of a keyed digest: nobody else can tell it from the command."""
    number = bytearray(hashlib.sha256(digest).digest()[:16])
    number[6] = number[6] & 0x0F | 0x80
    number[8] = number[8] & 0x3F | 0x80
    text = number.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _decision_in(answer: bytes) -> str | None:
    """The decision that an answer under a key stands for, ``None`` for any other answer."""
    try:
        return msgspec.json.decode(answer, type=_KeptDecision).pending_decision
    except msgspec.ValidationError:
        return None


def _outcome_in(known: CommandRecord) -> Outcome | RosterOutcome:
    try:
        return repeated(known)
    except msgspec.ValidationError:
        return msgspec.json.decode(known.answer, type=RosterOutcome)
