"""What the read log is told of a request: who asks for what and why, on which basis it is answered, or why not."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar, cast
from urllib.parse import parse_qsl, unquote

import msgspec
from litestar.connection import ASGIConnection

from application.access.decisions import PendingPage
from application.access.read_log import ANSWERED, LONGEST_PURPOSE, ReadEntry
from application.access.roles import PUBLIC, Asker
from application.sheets.status import SheetRows
from domain.errors import CaseError
from domain.values import personal_number
from interfaces.http.access.callers import Caller
from interfaces.http.asking import LAST_EVENT_ID, RequestHeader, bad_header, headers_of, uuid_of
from interfaces.http.failing import trouble_in
from interfaces.http.problems import RequestFault, Trouble, bad_request
from interfaces.wording.texts import both

if TYPE_CHECKING:
    from interfaces.http.desk import DeskOperation, HandledRequest
    from interfaces.http.operations import Operation
    from interfaces.http.use_cases import UseCases

PURPOSE: Final = RequestHeader("X-Purpose", "annual audit 2025", minLength=1, maxLength=9 * LONGEST_PURPOSE)
"""What whoever asks asks for; a character may be percent-encoded, of three bytes."""

SUBJECT_PARTS: Final = ("subject", "agency", "practitioner")
"""Parts of a path that name whose file is asked for."""

RECORD_PARTS: Final = (
    "fact", "warning", "objection", "comment", "repair", "record", "letter", "evidence", "decision", "deadline",
)  # fmt: skip
"""Parts of a path that name what stands on a file."""

T = TypeVar("T")

_WHOSE: Final = frozenset((*SUBJECT_PARTS, *RECORD_PARTS))
_LONGEST_VALUE: Final = 200
_MOST_VALUES: Final = 40
_MOST_NAMED: Final = 1_000
_to_json: Final = msgspec.json.Encoder().encode


def purpose_of(headers: Mapping[bytes, bytes]) -> str | None:
    """The purpose that a request gives. Raises a problem for what is no line of text.

    A header can carry ASCII alone wherever a browser sends it: what is percent-encoded is decoded.
    """
    raw = headers.get(PURPOSE.key)
    if raw is None:
        return None
    try:
        text = unquote(raw.decode(), errors="strict").strip()
    except UnicodeDecodeError:
        text = ""
    if not 1 <= len(text) <= LONGEST_PURPOSE or not text.isprintable():
        raise bad_header(PURPOSE, both("requests.purpose", most=LONGEST_PURPOSE))
    if personal_number(text) is not None:
        raise bad_header(PURPOSE, both("requests.personal_number"))
    return text


class LoggedAnswer(NamedTuple, Generic[T]):
    """What became of a question: its answer, or what it is refused with. Nobody is told before the ``entries`` are
    durable; ``looked`` is left to the page that asked to put on record."""

    answer: T | None
    refused: CaseError | Trouble | None = None
    entries: tuple[ReadEntry, ...] = ()
    looked: tuple[ReadEntry, ...] = ()

    def found(self) -> T:
        """The answer, or its refusal raised, once it is on record."""
        if self.refused is not None:
            raise self.refused
        return cast("T", self.answer)


def watched(
    work: "DeskOperation",
    asked: "HandledRequest",
    primary: "UseCases",
    answer: Callable[[], T],
) -> LoggedAnswer[T]:
    """The answer, and the entries that say who asked for it."""
    at = primary.watching.now()
    try:
        if asked.purpose is None and primary.gate.table.needs_purpose(_role(asked.caller), work.id):
            raise _no_purpose()
        found = answer()
        # Whoever is told that the file is a person's knows by then that they may read it.
        if asked.purpose is None and primary.gate.table.needs_purpose_for_persons(_role(asked.caller), work.id):
            file = file_of(asked, primary)
            files = _told_of(asked, getattr(found, "content", None)) if file is None else [file]
            if any(map(primary.gate.is_person, files)):
                raise _no_purpose()
    except (CaseError, Trouble) as error:
        code = trouble_in(error, is_write=False).code
        return LoggedAnswer(None, error, _entries(at, work, asked, primary, code))
    entries = _entries(at, work, asked, primary, ANSWERED, getattr(found, "content", None))
    if asked.is_of_page:
        return LoggedAnswer(found, looked=entries)
    return LoggedAnswer(found, entries=entries)


def once_kept(question: LoggedAnswer[T], primary: "UseCases") -> T:
    """The answer in a thread that waits until it is on record. Raises ``NotLogged`` where that cannot be done."""
    if question.entries:
        primary.watching.write(*question.entries)
    return question.found()


def file_of(asked: "HandledRequest", at: "UseCases") -> str | None:
    """What a question is about, where that is one file: its path names it, or what stands on it, or its query does."""
    subject = next((asked.params[name].lower() for name in SUBJECT_PARTS if name in asked.params), None)
    if subject is None and asked.query:
        subject = dict(parse_qsl(asked.query.decode("latin-1"))).get("subject", "").lower() or None
    record = next((asked.params[name] for name in RECORD_PARTS if name in asked.params), None)
    if subject is not None or record is None:
        return subject
    if "decision" in asked.params:
        return at.signing.decisions.subject_of(record.lower())
    return at.journal.owner_of(record.partition(":")[0].lower())


async def refused(
    connection: ASGIConnection[Any, Any, Any, Any], operation: "Operation", caller: Caller, code: str
) -> None:
    """Put on record that the wall, or whoever reads the request, refused a question. Raises ``NotLogged``."""
    watching = connection.app.state.desk.copies.primary.watching
    if not operation.is_logged or not caller.is_walled or (caller.known is None and not watching.takes_unknown()):
        return
    headers = headers_of(connection.scope["headers"])
    try:
        purpose = purpose_of(headers)
    except Trouble:
        purpose = None
    parts = {name: _cut(str(value)) for name, value in connection.scope["path_params"].items()}
    entry = _of(watching.now(), caller, operation.id, parts, connection.scope["query_string"], purpose)
    await asyncio.to_thread(watching.write, entry._replace(outcome=code))


def refused_question(asked: "HandledRequest", operation: "Operation", code: str) -> None:
    """Put on record that a question which comes from a page was refused before it was asked. Raises ``NotLogged``."""
    watching = asked.desk.copies.primary.watching
    if operation.is_logged and asked.caller.is_walled and (asked.caller.known is not None or watching.takes_unknown()):
        entry = _of(watching.now(), asked.caller, operation.id, asked.params, asked.query, asked.purpose)
        watching.write(entry._replace(outcome=code))


def _no_purpose() -> Trouble:
    return bad_request(RequestFault(parameter=PURPOSE.name, code="missing", text=both("requests.name_the_purpose")))


def _entries(
    at: int, work: "DeskOperation", asked: "HandledRequest", primary: "UseCases", outcome: str, content: Any = None
) -> tuple[ReadEntry, ...]:
    """The entry of a question; of one whose body names files, and of decisions that tell what is on files, an entry for
    each."""
    last_seen = asked.headers.get(LAST_EVENT_ID.key)
    entry = _of(
        at, asked.caller, work.id, asked.params, asked.query, asked.purpose, last_seen, outcome, _basis_of(content)
    )
    if entry.subject is None and entry.record is not None:
        entry = entry._replace(subject=file_of(asked, primary))
    named = _told_of(asked, content) if work.is_question else []
    return tuple(entry._replace(subject=subject) for subject in named) if named else (entry,)


def _told_of(asked: "HandledRequest", content: Any) -> list[str]:
    """The files of which an answer tells that names none by itself: those that the body of a question names, those on
    which decisions of a list are, and those of the persons whom rows of a sheet are about."""
    if isinstance(content, PendingPage):
        return list(dict.fromkeys(item.subject for item in content.items if item.subject is not None))
    if isinstance(content, SheetRows):
        found = (row.subject for row in content.rows if row.kind == "practitioner")
        return list(dict.fromkeys(subject for subject in found if subject is not None))
    return _named_in(asked.body) if asked.body else []


class _Told(NamedTuple):
    """The basis of an answer as it stands on record."""

    as_of: str | None = None
    known_at: str | None = None
    position: int | None = None


_UNTOLD: Final = _Told()


def _basis_of(content: Any) -> _Told:
    """The basis that an answer says it has, as far as it says one."""
    if content is None:
        return _UNTOLD
    get = content.get if isinstance(content, Mapping) else partial(getattr, content)
    basis = get("basis", None)
    if basis is not None:
        get = partial(getattr, basis)
    as_of, known_at = get("as_of", None), get("known_at", None)
    return _Told(
        None if as_of is None else str(as_of),
        known_at if isinstance(known_at, str) else None,
        get("position", None),
    )


def _named_in(body: bytes) -> list[str]:
    """The files that the body of a question names."""
    try:
        named = msgspec.json.decode(body, type=_Named).subjects
    except msgspec.MsgspecError:
        return []
    return list(dict.fromkeys(uuid_of(name) or _cut(name) for name in named[:_MOST_NAMED]))


class _Named(msgspec.Struct):
    subjects: list[str] = []


def _of(
    at: int,
    caller: Caller,
    operation: str,
    parts: Mapping[str, str],
    query: bytes,
    purpose: str | None,
    last_seen: bytes | None = None,
    outcome: str = ANSWERED,
    basis: _Told = _UNTOLD,
) -> ReadEntry:
    by = caller.principal
    said = {name: text for name, text in parts.items() if name not in _WHOSE}
    asked = _values_kept(query) if len(query) <= _LONGEST_VALUE else _values_in(query)
    if said or last_seen is not None:
        _add(said, asked.values)
        if last_seen is not None:
            # It says from where on a stream is read, as `after` does, and before it.
            said["last-event-id"] = _cut(last_seen.decode("latin-1"))
    named = asked.named
    subject = next((parts[name] for name in SUBJECT_PARTS if name in parts), named)
    record = next((parts[name] for name in RECORD_PARTS if name in parts), None)
    return ReadEntry(
        at=at,
        account=by.name,
        role=_role(caller),
        place=by.place,
        through=by.through,
        operation=operation,
        subject=None if subject is None else uuid_of(subject) or _cut(subject),
        record=None if record is None else uuid_of(record) or _cut(record),
        query=_to_json(said).decode() if said else asked.alone,
        as_of=basis.as_of,
        known_at=basis.known_at,
        position=basis.position,
        purpose=purpose,
        outcome=outcome,
    )


class _Asked(NamedTuple):
    """Whose file a query names, what else it says, and that as it stands on record where nothing else was said."""

    named: str | None
    values: tuple[tuple[str, str], ...]
    alone: str


def _values_in(query: bytes) -> _Asked:
    """What a query says, as it stands on record."""
    values = parse_qsl(query.decode("latin-1"), keep_blank_values=True)
    # Whose file it is stands on record however much else is said.
    named = [value for name, value in values if name == "subject"]
    others = [(_cut(name), _cut(value)) for name, value in values if name != "subject"]
    kept, said = tuple(others[:_MOST_VALUES]), dict[str, str]()
    _add(said, kept)
    return _Asked(",".join(named) if named else None, kept, _to_json(said).decode())


def _add(said: dict[str, str], values: Iterable[tuple[str, str]]) -> None:
    """Put values beside what is said already; of several by one name all are told."""
    for name, value in values:
        said[name] = _cut(f"{said[name]},{value}") if name in said else value


# The same is asked of one file after another.
_values_kept: Final = lru_cache(maxsize=1_000)(_values_in)


def _role(caller: Caller) -> Asker:
    return caller.principal.role or PUBLIC


def _cut(text: str) -> str:
    """A value as it is kept: of bounded length, printable, and without numbers by which a person is known."""
    text = text[:_LONGEST_VALUE]
    if personal_number(text) is not None:
        return "***"
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)
