"""Asking and recording at a server (``--url``): the answers are those of the API, in its words.

Who acts is the account of the token in ``ECODOCKET_TOKEN``; it goes over TLS, or stays on this machine. What for is
said by ``ECODOCKET_PURPOSE`` where a role has to say it.
"""

import datetime as dt
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, BinaryIO, Final
from urllib.parse import quote, urlsplit

import msgspec

from application.answering.grading import read_token
from application.recording.outcomes import Outcome
from domain.errors import CaseError, Refused
from domain.sentence import sentence
from domain.vocabulary import Text
from interfaces.cli import arguments as given
from interfaces.cli.house import Binding, NotAvailable
from interfaces.cli.naming import command_called, recorded_in
from interfaces.cli.terminal import Terminal

if TYPE_CHECKING:
    import httpx2

    from interfaces.cli.commands.recording import Sourced

NAMED_BY: Final = "ECODOCKET_TOKEN"
"""Where the environment has the token: on a command line everybody would see it."""

ABSENT: Final = "remote_absent"
"""The code of what is told when a server does not answer, or the line was cut."""

WAITS: Final = 202
"""The status of a command that waits for a second person."""

PURPOSE_BY: Final = "ECODOCKET_PURPOSE"
"""Where the environment says what is looked for: auditors have to, and departments in the files of persons."""

_ROOT: Final = "/api/v1"
_PATIENCE_SECONDS: Final = 30.0
_NOT_HELD: Final = (409, 412)
_PART: Final = 206
_PIECE: Final = "application/offset+octet-stream"


class Remote:
    """A server that is asked. Raises ``NotAvailable`` when it does not answer, ``Refused`` for what it refuses."""

    def __init__(self, client: "httpx2.Client", url: str) -> None:
        self._client = client
        self._url = url

    def get(self, path: str, *, timeout: float = _PATIENCE_SECONDS, **query: Any) -> Any:
        """The answer to a question, which may take so many seconds; what is ``None`` is not asked."""
        meant = {name: value for name, value in query.items() if value not in (None, [], ())}
        return self._answer("GET", path, params=meant, timeout=timeout)[1]

    def post(
        self,
        path: str,
        body: Mapping[str, Any],
        *,
        key: str | None,
        dry_run: bool,
        timeout: float = _PATIENCE_SECONDS,
    ) -> tuple[int, Any]:
        """The status and the answer of a command, which may take so many seconds."""
        headers = {} if key is None else {"idempotency-key": key}
        query = {"dry_run": "true"} if dry_run else {}
        return self._answer("POST", path, json=dict(body), headers=headers, params=query, timeout=timeout)

    def upload(self, path: str, content: bytes, *, timeout: float, **query: Any) -> Any:
        """The answer to a file that is sent."""
        meant = {name: value for name, value in query.items() if value is not None}
        headers = {"content-type": "application/octet-stream"}
        return self._answer("POST", path, content=content, headers=headers, params=meant, timeout=timeout)[1]

    def download(self, path: str, *, timeout: float = _PATIENCE_SECONDS, **query: Any) -> bytes:
        """A file."""
        meant = {name: value for name, value in query.items() if value is not None}
        answer = self._response("GET", path, params=meant, timeout=timeout)
        if answer.status_code >= 400:
            raise _refused(answer.status_code, self._decoded(answer))
        return bytes(answer.content)

    def download_into(self, path: str, out: BinaryIO, *, tag: str, timeout: float) -> None:
        """Write a file with this tag; what stands in ``out`` is the beginning of it, and is not asked for again."""
        import httpx2

        start = out.tell()
        headers = {"range": f"bytes={start}-", "if-range": tag} if start else {}
        try:
            with self._client.stream("GET", f"{_ROOT}{path}", headers=headers, timeout=timeout) as answer:
                if answer.status_code >= 400:
                    answer.read()
                    raise _refused(answer.status_code, self._decoded(answer))
                if answer.status_code != _PART:
                    out.seek(0)
                    out.truncate()
                out.writelines(answer.iter_bytes())
        except httpx2.HTTPError as error:
            raise self._absent(error) from None

    def send_piece(self, path: str, offset: int, piece: bytes, *, timeout: float) -> int:
        """Send the next piece of an upload, from an offset on; how many bytes have come then."""
        headers = {"content-type": _PIECE, "upload-offset": str(offset), "tus-resumable": "1.0.0"}
        answer = self._response("PATCH", path, content=piece, headers=headers, timeout=timeout)
        if answer.status_code >= 400:
            raise _refused(answer.status_code, self._decoded(answer))
        return int(answer.headers["upload-offset"])

    def delete(self, path: str) -> None:
        """Have something deleted."""
        answer = self._response("DELETE", path)
        if answer.status_code >= 400:
            raise _refused(answer.status_code, self._decoded(answer))

    def _answer(self, method: str, path: str, **options: Any) -> tuple[int, Any]:
        answer = self._response(method, path, **options)
        found = self._decoded(answer)
        if answer.status_code >= 400:
            raise _refused(answer.status_code, found)
        return answer.status_code, found

    def _response(self, method: str, path: str, **options: Any) -> "httpx2.Response":
        import httpx2

        try:
            return self._client.request(method, f"{_ROOT}{path}", **options)
        except httpx2.HTTPError as error:
            raise self._absent(error) from None

    def _decoded(self, answer: "httpx2.Response") -> Any:
        try:
            return msgspec.json.decode(answer.content)
        except ValueError as error:
            raise self._absent(error) from None

    def _absent(self, error: Exception) -> NotAvailable:
        says = sentence("remote.absent", url=self._url, reason=str(error) or type(error).__name__)
        return NotAvailable(ABSENT, says)


def _refused(status: int, problem: Any) -> CaseError:
    """What the server says of a refusal, in both its languages."""
    faults, sides = problem.get("errors", ()), []
    if any((fault.get("parameter"), fault.get("code")) == ("X-Purpose", "missing") for fault in faults):
        return NotAvailable("needs_purpose", sentence("remote.needs_purpose", variable=PURPOSE_BY))
    for side in ("detail_zh", "detail_en"):
        whole = str(problem.get(side) or "")
        # The whole says most of its parts already.
        parts = [str(part) for fault in faults if (part := fault.get(side)) and part not in whole]
        sides.append("\n".join((whole, *parts)))
    says = sentence("errors.as_told", text=Text(*sides))
    code = str(problem.get("code", status))
    return Refused(code, says) if status in _NOT_HELD else NotAvailable(code, says)


@contextmanager
def remote(terminal: Terminal) -> Iterator[Remote]:
    """The server that the settings name. Raises ``NotAvailable`` for an address to which no token may be sent."""
    import httpx2

    url = (terminal.settings.url or "").rstrip("/")
    parts = urlsplit(url)
    is_here = Binding(parts.hostname or "", 0).is_local
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path or parts.query:
        raise NotAvailable("bad_remote", sentence("remote.bad_url", url=url[:200]))
    if parts.scheme == "http" and not is_here:
        raise NotAvailable("remote_in_clear", sentence("remote.in_clear", url=url[:200]))
    token = os.environ.get(NAMED_BY, "")
    headers = {"accept-language": "en" if terminal.language == "en" else "zh-CN"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    purpose = os.environ.get(PURPOSE_BY, "")
    if purpose:
        headers["x-purpose"] = quote(purpose)
    with httpx2.Client(base_url=url, headers=headers, timeout=_PATIENCE_SECONDS, follow_redirects=False) as client:
        yield Remote(client, url)


# --- questions ----------------------------------------------------------------------------------------------------


def grade(terminal: Terminal, subject: str | None, basis: str | None, *, as_json: bool, **asked: Any) -> None:
    """A grade with every reason."""
    if (subject is None) == (basis is None):
        given.bad("/subject", "cli.subject_or_basis")
    with remote(terminal) as server:
        if basis is not None:
            subject = read_token(basis).subject
        found = server.get(f"/subjects/{quote(subject or '', safe='')}/grade", basis=basis, **asked)
    if as_json:
        terminal.json(found)
        return
    print(f"{found['subject']['name'] or terminal.say('cli.name_erased')}  {found['subject']['id']}")
    print(f"{terminal.say('cli.as_of')} {found['basis']['as_of']}")
    print(f"▶ {found.get('headline') or found['running']['grade']}")
    for step in found["steps"]:
        mark = "●" if step["counted"] else "○"
        print(f"{mark} {step['effective_on'] or '—'}  {step['row'] or ''}  → {step['score'] or ''}".rstrip())
        print(f"    {step['because'] or step['reason'] or ''}".rstrip())
    change = found["next_change"]
    if change is not None:
        print(terminal.say("cli.next_change") + str(change.get("because") or change["on"]))
    print(found["basis"]["token"])


def timeline(terminal: Terminal, subject: str, *, as_json: bool, **asked: Any) -> None:
    """Every event of a file."""
    entries: list[Any] = []
    with remote(terminal) as server:
        page = server.get(f"/subjects/{quote(subject, safe='')}/timeline", **asked)
        entries += page["entries"]
    if as_json:
        terminal.json(page)
        return
    for entry in entries:
        day = entry["effective_on"] or entry["happened_on"] or "—"
        print(f"{day}  {entry['recorded_at'][:10]}  {entry['title']}  {entry['by']}")


def subjects(terminal: Terminal, *, as_json: bool, **asked: Any) -> None:
    """Who there is, or who had which grade."""
    with remote(terminal) as server:
        page = server.get("/subjects", **asked)
    if as_json:
        terminal.json(page)
        return
    for line in page["subjects"]:
        subject = line.get("subject", line)
        grade = line.get("grade") or ""
        print(f"{grade:<6}{line.get('score') or '':<8}{line['region']}  {subject['name'] or ''}  {subject['id']}")
    if page["next"] is not None:
        terminal.note("remote.more")


def deadlines(terminal: Terminal, *, as_json: bool, **asked: Any) -> None:
    """The worklist in order of legal time left."""
    with remote(terminal) as server:
        page = server.get("/deadlines", **asked)
    if as_json:
        terminal.json(page)
        return
    texts = page["texts"]
    for line in page["lines"]:
        state, kind = texts.get(f"state:{line['state']}", ""), texts.get(f"deadline:{line['kind']}", line["kind"])
        print(f"{line['due_on'] or '—'}  {state}  {kind}  {line['subject']['name'] or ''}  {line['id']}")
    if page["next"] is not None:
        terminal.note("remote.more")


def snooze(terminal: Terminal, deadline: str, day: dt.date | None, reason: str, *, undo: bool) -> None:
    """Put a deadline off, note it as done where no day is given, or take it back."""
    path = f"/deadlines/{quote(deadline, safe=':')}"
    with remote(terminal) as server:
        if undo:
            server.delete(f"{path}/snooze")
        elif day is None:
            server.post(f"{path}/closing", {"reason": reason}, key=None, dry_run=False)
        else:
            body = {"until_on": day.isoformat(), "reason": reason}
            server.post(f"{path}/snooze", body, key=None, dry_run=False)


# --- commands -----------------------------------------------------------------------------------------------------


def do(
    terminal: Terminal, commands: "Sequence[Sourced]", *, dry_run: bool, key_prefix: str | None, as_json: bool
) -> None:
    """Record the commands in order; stop at the first that is refused. What needs a second person waits there."""
    with remote(terminal) as server:
        record(terminal, server, commands, dry_run=dry_run, key_prefix=key_prefix, as_json=as_json)


def record(
    terminal: Terminal,
    server: Remote,
    commands: "Sequence[Sourced]",
    *,
    dry_run: bool,
    key_prefix: str | None = None,
    as_json: bool,
) -> None:
    """The same at a server that is asked already."""
    answers: list[Any] = []
    for number, sourced in enumerate(commands, start=1):
        path, body = _spelt(sourced.command)
        name = command_called(str(sourced.command.__struct_config__.tag), terminal.language)
        key = None if key_prefix is None else f"{key_prefix}:{number}"
        try:
            status, answer = server.post(path, body, key=key, dry_run=dry_run)
        except CaseError:
            if as_json:
                terminal.json(answers)
            else:
                print(f"✗ {name}", flush=True)
            terminal.error("recording.stopped", recorded=len(answers), total=len(commands))
            raise
        answers.append(answer)
        if not as_json:
            print(_told(terminal, name, status, answer), flush=True)
    if as_json:
        terminal.json(answers)


def _told(terminal: Terminal, name: str, status: int, answer: Any) -> str:
    """A line for a command that was taken."""
    if status == WAITS:
        return f"… {name} · " + terminal.say("remote.waits", id=answer["id"])
    outcome = msgspec.convert(answer, Outcome, strict=False)
    say = terminal.say
    done = {
        "recorded": say("recording.recorded"),
        "already_so": say("recording.already_so"),
        "dry_run": say("recording.would_be_recorded"),
    }[outcome.status]
    parts = [f"✓ {name}", done, recorded_in(outcome.subject, terminal.language)]
    if outcome.id is not None:
        parts.append(say("recording.id") + f" {outcome.id}")
    parts.append(say("recording.version") + f" {outcome.version}")
    return " · ".join(parts)


def _spelt(command: Any) -> tuple[str, dict[str, Any]]:
    """The path of a command, and the body that spells the rest of it."""
    from interfaces.http.describing import OPERATIONS

    name = str(command.__struct_config__.tag)
    fields = msgspec.to_builtins(command)
    operation = next(found for found in OPERATIONS if name in found.named and found.method == "POST")
    fields = {field: value for field, value in fields.items() if value is not None and field != "do"}
    path = operation.path
    for part, taken in operation.parts.items():
        path = path.replace(f"{{{part}}}", str(fields.pop(taken.field or part)))
    if name.startswith("register_"):
        fields["kind"] = name.removeprefix("register_")
    return path, fields
