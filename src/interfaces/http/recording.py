"""Commands: from a path and a body to what they spell, and from an outcome to an answer."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import Any, Final, TypeVar, get_args

import msgspec

from application.access.decisions import PendingDecision
from application.access.signatures import ReturnDecision, SignDecision, WithdrawDecision
from application.recording.commands import COMMANDS, Command, command_from, request_from
from application.recording.outcomes import Outcome, tag_of
from application.rehearsal.rehearsal import RehearsalRequest
from application.rehearsal.rehearsals import rehearsal_from
from application.year.evaluation import EvaluateRoster, RosterOutcome, roster_from
from domain.aggregates.legal_notes import LEGAL_NOTE_STREAMS
from domain.aggregates.letters import LETTER_STREAMS
from domain.errors import FieldProblem, Invalid, NotFound, ReusedKey, Stale
from domain.events.lawbook import LAW_STREAM
from domain.procedures.request import Request
from domain.sentence import sentence
from domain.vocabulary import SubjectKind
from interfaces.http.access.acting import whoever
from interfaces.http.asking import key_of, uuid_of
from interfaces.http.desk import HandledRequest
from interfaces.http.problems import RequestFault, Trouble, bad_request, intervened, trouble_of
from interfaces.http.replying import ROOT, Reply, to_json
from interfaces.http.semantics.validators import IF_MATCH, versions_in
from interfaces.wording.texts import both

T = TypeVar("T")
_IDS: Final = (
    "id",
    "practitioner",
    "against",
    "subject",
    "joined",
    "fact",
    "warning",
    "repair",
    "objection",
    "comment",
    "record",
    "letter",
    "legal_note",
    "replaces",
    "evidence",
    "upload",
    "redacts",
)
_ID_LISTS: Final = ("facts", "sets_aside", "subjects")
BRINGS: Final = {
    "record_fact": "facts",
    "issue_warning": "warnings",
    "file_objection": "objections",
    "record_comment": "comments",
    "commit_repair": "repairs",
    "apply_repair": "repairs",
    "draft_letter": "letters",
    "receive_evidence": "evidence",
}
"""Where the record of a command is read that has a page of its kind."""

ABOUT: Final = {
    "warning": "warnings",
    "objection": "objections",
    "comment": "comments",
    "repair": "repairs",
    "letter": "letters",
    "evidence": "evidence",
}
"""Where that is read which a command moves on."""

SETTLING: Final[dict[str, type[Request]]] = {
    "sign_decision": SignDecision,
    "return_decision": ReturnDecision,
    "withdraw_decision": WithdrawDecision,
}
"""What settles a decision that waits, by name."""

_BODIES: Final = {**COMMANDS, "evaluate_roster": EvaluateRoster, **SETTLING}
_REGISTRATIONS: Final = {kind: COMMANDS[f"register_{kind}"] for kind in get_args(SubjectKind)}


class Nothing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A command that needs no more than its path."""


class RequestRecording:
    """Who acts, and how what they ask for is recorded. Raises a problem when nobody may act from where they are."""

    def __init__(self, asked: HandledRequest, raw: dict[str, Any]) -> None:
        """``raw`` is the object of the body."""
        self.at = asked.at
        self.language = asked.language
        self.raw = raw
        self.by = whoever(asked)
        self.asked = asked

    @cached_property
    def key(self) -> str | None:
        """The idempotency key, which is an account's own where there is a wall: nobody meets the key of another."""
        sent = key_of(self.asked.headers)
        return f"{self.by.recorded_as}/{sent}" if sent is not None and self.asked.caller.is_walled else sent

    @cached_property
    def versions(self) -> tuple[int, ...] | str | None:
        """The versions of the file that are relied on."""
        return versions_in(self.asked.headers)

    def submit(self, command: Command) -> Reply[Outcome]:
        """Record it, or try it, and tell the outcome."""
        versions = self.versions
        if isinstance(versions, str):
            self._must_exist(command)
            versions = None
        casework = self.at.casework
        try:
            outcome = self._submitted(command, versions or (None,))
        except Stale as stale:
            # Without a version relied on, every attempt lost against other writers: nothing the client can mend.
            raise (_contended() if versions is None else self._stale(stale)) from None
        except NotFound as missing:
            if missing.what != "regime" or "regime" not in self.raw:
                raise
            raise Invalid(tuple(casework.unknown_names(self.raw))) from None
        if isinstance(outcome, PendingDecision):
            return _waits(outcome)
        return _told(outcome, lambda: self._place_of(command, outcome))

    def _submitted(self, command: Command, versions: Sequence[int | None]) -> Outcome | PendingDecision:
        """The outcome under the first of the versions that is the file's. Which one it was is part of what a key stands
        for, so that told again it is looked for in the same order."""
        submit = partial(self.at.signing.submit, command, by=self.by, key=self.key, dry_run=self.asked.dry_run)
        for version in versions[:-1]:
            with suppress(Stale, ReusedKey):
                return submit(if_match=version)
        return submit(if_match=versions[-1])

    def evaluate(self, request: EvaluateRoster) -> Reply[RosterOutcome]:
        """Take one step of an evaluation year for a whole roster; every subject is answered for itself."""
        if IF_MATCH.key in self.asked.headers:
            told = both("requests.roster_version")
            raise bad_request(RequestFault(parameter=IF_MATCH.name, code="bad_header", text=told))
        try:
            outcome = self.at.signing.evaluate(request, by=self.by, key=self.key, dry_run=self.asked.dry_run)
        except Stale:
            raise _contended() from None
        if isinstance(outcome, PendingDecision):
            return _waits(outcome)
        if not outcome.counts.get("recorded"):
            return Reply(200, to_json(outcome))
        place = f"{ROOT}/evaluations/{outcome.regime}/{outcome.year}"
        return Reply(201, to_json(outcome), [(b"location", place.encode())])

    def _place_of(self, command: Command, outcome: Outcome) -> str:
        """Where what was recorded can be read: the record, or that which it is about."""
        name = str(command.__struct_config__.tag)
        if outcome.subject == LAW_STREAM:
            event = self.at.journal.law(after=outcome.position - 1)[0].event
            edition = getattr(event, "id", None)
            return "/calendars" if edition is None else f"/rulebooks/{edition}"
        if outcome.subject.startswith(LEGAL_NOTE_STREAMS):
            return f"/rulebooks/{outcome.subject.removeprefix(LEGAL_NOTE_STREAMS)}/notes"
        if outcome.subject.startswith(LETTER_STREAMS):
            return f"/letter-offices/{outcome.subject.removeprefix(LETTER_STREAMS)}"
        if name == "issue_dossier":
            return f"/subjects/{outcome.subject}/dossiers/{outcome.id}"
        if name in BRINGS:
            return f"/{BRINGS[name]}/{outcome.id}"
        for field, place in ABOUT.items():
            if hasattr(command, field):
                return f"/{place}/{getattr(command, field)}"
        if outcome.id is not None:
            return f"/records/{outcome.id}"
        about = next((field for field in ("record", "fact") if hasattr(command, field)), None)
        return f"/subjects/{outcome.subject}" if about is None else f"/{about}s/{getattr(command, about)}"

    def _must_exist(self, command: Command) -> None:
        """``If-Match: *``: a registration must not be the first; everything else names what exists or is refused."""
        if not str(command.__struct_config__.tag).startswith("register_"):
            return
        id = getattr(command, "id", None)
        if id is None or not self.at.journal.file(id).version:
            raise trouble_of(Stale(id or "?", 1, 0))

    def _stale(self, stale: Stale) -> Trouble:
        events = self.at.journal.stream(stale.stream)
        actual = Stale(stale.stream, stale.expected, len(events))
        trouble = trouble_of(actual)
        came = events[stale.expected :] if stale.expected >= 0 else ()
        names = self.at.accounts.names(sorted({event.actor for event in came}))
        trouble.more["intervened"] = intervened(came, tag_of, names)
        return trouble


def _contended() -> Trouble:
    """Other writers were faster each time, and nothing of this request was stored."""
    text = both("requests.contended")
    return Trouble("unavailable", text, code="contended", headers=[(b"retry-after", b"2")])


def _told(outcome: Outcome, place: Callable[[], str]) -> Reply[Outcome]:
    headers = [(b"etag", b'"%d"' % outcome.version)]
    if outcome.status != "recorded":
        return Reply(200, to_json(outcome), headers)
    return Reply(201, to_json(outcome), [*headers, (b"location", f"{ROOT}{place()}".encode())])


def _waits(decision: PendingDecision) -> Reply[Any]:
    """Nothing was recorded: it waits for a second person."""
    return Reply(202, to_json(decision), [(b"location", f"{ROOT}/pending-decisions/{decision.id}".encode())])


# --- what a body spells -----------------------------------------------------------------------------------


def data_from(kind: Any, given: Mapping[str, Any], recording: RequestRecording) -> Any:
    """What a body spells, with what the path gives. Raises ``Invalid`` with every bad field at once."""
    raw = recording.raw
    if kind is Nothing:
        if raw:
            text = both("requests.no_fields", body="{}")
            raise bad_request(RequestFault(pointer="", code="unknown_field", text=text))
        return Nothing()
    if kind is RehearsalRequest:
        return rehearsal_from(raw)
    if kind is EvaluateRoster:
        return _read(roster_from, raw, given)
    if not get_args(kind) and not issubclass(kind, Request):
        fields = {name: value for name, value in given.items() if name in kind.__struct_fields__}
        return _read(partial(request_from, kind), raw, fields)
    if kind in SETTLING.values():
        return _read(lambda merged: request_from(kind, merged), raw, given)
    # Before the fields: what a header says wrongly makes a request malformed.
    _ = recording.key, recording.versions
    name = f"register_{_kind_of(raw)}" if get_args(kind) else str(kind.__struct_config__.tag)
    try:
        return read_command(name, raw, given)
    except Invalid as invalid:
        # What the law does not know is told together with what cannot be read.
        told = {p.pointer for p in invalid.problems}
        more = [p for p in recording.at.casework.unknown_names(raw) if p.pointer not in told]
        raise Invalid(tuple(sorted((*invalid.problems, *more), key=lambda p: p.pointer))) from None


def commands_of(kind: Any) -> tuple[str, ...]:
    """The names of the commands that a body may spell."""
    kinds = get_args(kind) or (kind,)
    return tuple(name for name, command in _BODIES.items() if command in kinds)


def _kind_of(raw: dict[str, Any]) -> str:
    """Of what a file is opened."""
    kind = raw.pop("kind", None)
    if isinstance(kind, str) and kind in _REGISTRATIONS:
        return kind
    if kind is None:
        raise Invalid((FieldProblem("/kind", "missing", sentence("requests.missing_kind")),))
    raise Invalid((FieldProblem("/kind", "bad_value", sentence("requests.unknown_kind")),))


def read_command(name: str, raw: dict[str, Any], given: Mapping[str, Any]) -> Command:
    """The command of a body with what the path gives. Raises ``Invalid`` with every bad field at once."""
    return _read(lambda merged: command_from(merged, name=name), raw, given)


def _read(spelt: Callable[[dict[str, Any]], T], raw: dict[str, Any], given: Mapping[str, Any]) -> T:
    problems = [*_contradictions(raw, given), *_bad_ids(raw)]
    bad = {p.pointer for p in problems}
    merged = {**raw, **given}
    try:
        asking = spelt(merged)
    except Invalid as invalid:
        problems += [p for p in invalid.problems if p.pointer not in bad]
        raise Invalid(tuple(sorted(problems, key=lambda p: p.pointer))) from None
    if problems:
        raise Invalid(tuple(problems))
    return asking


def _contradictions(raw: Mapping[str, Any], given: Mapping[str, Any]) -> list[FieldProblem]:
    return [
        FieldProblem(
            f"/{field}",
            "contradicts_path",
            sentence("requests.contradicts_path", value=value),
        )
        for field, value in given.items()
        if field in raw and (raw[field].lower() if isinstance(raw[field], str) else raw[field]) != value
    ]


def _bad_ids(raw: dict[str, Any]) -> list[FieldProblem]:
    """Every id of the body that is no UUID; the others are brought to small letters."""
    problems = []
    for field in _IDS:
        text = raw.get(field)
        if isinstance(text, str):
            found = uuid_of(text)
            if found is None:
                problems.append(_no_uuid(f"/{field}"))
            raw[field] = found or text
    for field in _ID_LISTS:
        ids = raw.get(field)
        if isinstance(ids, list):
            bad = (i for i, text in enumerate(ids) if isinstance(text, str) and uuid_of(text) is None)
            problems += [_no_uuid(f"/{field}/{index}") for index in bad]
            raw[field] = [(uuid_of(t) or t) if isinstance(t, str) else t for t in ids]
    return problems


def _no_uuid(pointer: str) -> FieldProblem:
    return FieldProblem(pointer, "not_a_uuid", sentence("requests.not_a_uuid"))
