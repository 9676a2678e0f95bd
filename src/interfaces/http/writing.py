"""The commands over HTTP: from a path and a body to a command, and from its outcome to an answer."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeVar, get_args

import msgspec

from application.ports import Journal
from application.recording.casework import Casework
from application.recording.commands import Command, command_from
from application.recording.outcomes import Outcome, tag_of
from application.year.evaluation import EvaluateRoster, Evaluating, roster_from
from domain.errors import Invalid, NotFound, Problem, Stale
from domain.events.lawbook import LAW_STREAM
from domain.vocabulary import SubjectKind, Text
from interfaces.http.asking import Asked, actor_of, key_of, object_of, path_id, uuid_of, version_of
from interfaces.http.problems import Fault, Trouble, bad_request, intervened, trouble_of
from interfaces.http.replying import Reply

Asking = TypeVar("Asking", Command, EvaluateRoster)
_ENCODE: Final = msgspec.json.Encoder().encode
_NAMED_BY_ID: Final = ("subject", "fact", "warning", "repair", "objection", "comment", "record")
_IDS: Final = ("id", "practitioner", "against", *_NAMED_BY_ID)
_ID_LISTS: Final = ("facts", "sets_aside", "subjects")
_FROM_PATH: Final = {"agency": "subject", "rulebook": "edition"}


class Writer:
    """Answers every command."""

    def __init__(
        self, casework: Casework, evaluating: Evaluating, journal: Journal, *, allow_actor_header: bool
    ) -> None:
        self._casework = casework
        self._evaluating = evaluating
        self._journal = journal
        self._allow_actor_header = allow_actor_header

    def register(self, asked: Asked) -> Reply:
        """Open a file: ``kind`` in the body says of what."""
        raw = object_of(asked.body)
        kind = raw.pop("kind", None)
        if kind not in get_args(SubjectKind):
            code, zh, en = ("missing", "缺少此项；", "is missing; it ") if kind is None else ("bad_value", "", "")
            text = (
                "须为 agency（机构）、practitioner（从业人员）、expert（专家）或 client（委托人）。",
                "is agency, practitioner, expert or client.",
            )
            raise Invalid((Problem("/kind", code, zh + text[0], en + text[1]),))
        return self._submit(asked, f"register_{kind}", raw, {})

    def write(self, asked: Asked, name: str) -> Reply:
        """Carry out the command ``name`` on what the path names."""
        raw = object_of(asked.body)
        given: dict[str, Any] = {}
        for param in asked.params:
            field = _FROM_PATH.get(param, param)
            named = field in _NAMED_BY_ID
            given[field] = path_id(asked.params, param, field) if named else _plain(asked.params[param])
        return self._submit(asked, name, raw, given)

    def evaluate_roster(self, asked: Asked) -> Reply:
        """Take one step of an evaluation year for a whole roster; every subject is answered for itself."""
        raw = object_of(asked.body)
        request = _read(roster_from, raw, {name: _plain(text) for name, text in asked.params.items()})
        actor = actor_of(asked, allowed=self._allow_actor_header)
        if b"if-match" in asked.headers:
            told = Text(
                "名单由许多案卷组成，没有可依据的版本。", "a roster is many files; it has no version to rely on."
            )
            raise bad_request(Fault(parameter="If-Match", code="bad_header", text=told))
        try:
            outcome = self._evaluating.evaluate(
                request, actor=actor, key=key_of(asked), dry_run=asked.query.get("dry_run", False)
            )
        except Stale:
            raise _contended() from None
        return Reply(201 if outcome.counts.get("recorded") else 200, _ENCODE(outcome))

    def _submit(self, asked: Asked, name: str, raw: dict[str, Any], given: Mapping[str, Any]) -> Reply:
        actor = actor_of(asked, allowed=self._allow_actor_header)
        key, version = key_of(asked), version_of(asked)
        try:
            command = read_command(name, raw, given)
        except Invalid as invalid:
            # What the law does not know is told together with what cannot be read.
            told = {p.pointer for p in invalid.problems}
            more = [p for p in self._casework.unknown_names(raw) if p.pointer not in told]
            raise Invalid(tuple(sorted((*invalid.problems, *more), key=lambda p: p.pointer))) from None
        if isinstance(version, str):
            self._must_exist(command)
            version = None
        try:
            outcome = self._casework.submit(
                command, actor=actor, key=key, if_match=version, dry_run=asked.query.get("dry_run", False)
            )
        except Stale as stale:
            # Without a version relied on, every attempt lost against other writers: nothing the client can mend.
            raise (_contended() if version is None else self._stale(stale)) from None
        except NotFound as missing:
            if missing.what != "regime" or "regime" not in raw:
                raise
            raise Invalid(tuple(self._casework.unknown_names(raw))) from None
        return _answer(name, outcome)

    def _must_exist(self, command: Command) -> None:
        """``If-Match: *``: a registration must not be the first; everything else names what exists or is refused."""
        if not str(command.__struct_config__.tag).startswith("register_"):
            return
        id = getattr(command, "id", None)
        if id is None or not self._journal.stream(id):
            raise trouble_of(Stale(id or "?", 1, 0))

    def _stale(self, stale: Stale) -> Trouble:
        events = self._journal.stream(stale.stream)
        actual = Stale(stale.stream, stale.expected, len(events))
        trouble = trouble_of(actual)
        trouble.more["intervened"] = intervened(events[max(stale.expected, 0) :], tag_of)
        return trouble


def _contended() -> Trouble:
    """Other writers were faster each time, and nothing of this request was stored."""
    text = Text(
        "同一案卷或规则正被其他写入频繁更新，多次重试均被抢先；本请求未写入，请稍候重发。",
        "others keep writing to the same file or to the law, and each attempt came too late; nothing of this request"
        " was stored. Send it again in a moment.",
    )
    return Trouble("unavailable", text, code="contended", headers=[(b"retry-after", b"2")])


def _plain(text: str) -> int | str:
    """A year in a path is a number; what is none is left for the field check to name."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else text


def read_command(name: str, raw: dict[str, Any], given: Mapping[str, Any]) -> Command:
    """The command of a body with what the path gives. Raises ``Invalid`` with every bad field at once."""
    return _read(lambda merged: command_from(merged, name=name), raw, given)


def _read(spelt: Callable[[dict[str, Any]], Asking], raw: dict[str, Any], given: Mapping[str, Any]) -> Asking:
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


def _contradictions(raw: Mapping[str, Any], given: Mapping[str, Any]) -> list[Problem]:
    return [
        Problem(
            f"/{field}",
            "contradicts_path",
            f"与路径中的 {value} 不一致；可省略此项。",
            f"contradicts {value} in the path; leave it out.",
        )
        for field, value in given.items()
        if field in raw and (raw[field].lower() if isinstance(raw[field], str) else raw[field]) != value
    ]


def _bad_ids(raw: dict[str, Any]) -> list[Problem]:
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


def _no_uuid(pointer: str) -> Problem:
    return Problem(pointer, "not_a_uuid", "编号须为 UUID。", "an id is a UUID.")


def _answer(name: str, outcome: Outcome) -> Reply:
    headers = [(b"etag", b'"%d"' % outcome.version)]
    if outcome.status == "recorded" and outcome.subject != LAW_STREAM and name.startswith("register_"):
        headers.append((b"location", f"/api/v1/subjects/{outcome.subject}".encode()))
    return Reply(201 if outcome.status == "recorded" else 200, _ENCODE(outcome), headers)
