"""Rehearsals over HTTP: asked for, watched, cancelled, looked through, downloaded, deleted."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from application.law.legislation import Legislation
from application.rehearsal.rehearsal import RehearsalStatus
from application.rehearsal.rehearsals import (
    ChangesPage,
    ChangesQuestion,
    DecisionsPage,
    RehearsalList,
    Rehearsals,
    label,
    rehearsal_from,
)
from domain.vocabulary import Text
from interfaces.files import rehearsal_tables
from interfaces.files.rehearsal_tables import Format, TableName, Told
from interfaces.http.asking import Asked, actor_of, key_of, object_of, path_id
from interfaces.http.problems import Fault, bad_request
from interfaces.http.replying import Reply, Streamed
from interfaces.wording import rehearsals as rehearsal_words
from interfaces.wording import words
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

_ENCODE: Final = msgspec.json.Encoder().encode
_NO_STORE: Final = (b"cache-control", b"no-store")
_RETRY_SECONDS: Final = b"2"
PAGE: Final = 50
"""Lines on a page when nothing is said."""


class RehearsalAnswer(RehearsalStatus, frozen=True, kw_only=True):
    """How a rehearsal stands, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class ChangesAnswer(ChangesPage, frozen=True, kw_only=True):
    """A page of changes, with what their codes are called in the reader's language."""

    texts: dict[str, str]


class DecisionsAnswer(DecisionsPage, frozen=True, kw_only=True):
    """A page of decisions, with what their codes are called in the reader's language."""

    texts: dict[str, str]


class RehearsalsAnswer(RehearsalList, frozen=True, kw_only=True):
    """The rehearsals that are kept, with what their states are called in the reader's language."""

    texts: dict[str, str]


class Rehearser:
    """Answers everything about rehearsals."""

    def __init__(self, rehearsals: Rehearsals, legislation: Legislation, *, allow_actor_header: bool) -> None:
        self._rehearsals = rehearsals
        self._legislation = legislation
        self._allow_actor_header = allow_actor_header

    # --- asking -------------------------------------------------------------------------------------------

    def rehearse(self, asked: Asked) -> Reply:
        """Ask for a rehearsal."""
        actor = actor_of(asked, allowed=self._allow_actor_header)
        request = rehearsal_from(object_of(asked.body))
        status = self._rehearsals.begin(request, by=actor, key=key_of(asked))
        return self._status(202, status, asked.language)

    def cancel_rehearsal(self, asked: Asked) -> Reply:
        """Cancel it; what is done stays kept."""
        return self._status(200, self._rehearsals.cancel(self._commanded(asked)), asked.language)

    def resume_rehearsal(self, asked: Asked) -> Reply:
        """Go on with a cancelled or failed one."""
        return self._status(202, self._rehearsals.resume(self._commanded(asked)), asked.language)

    def delete_rehearsal(self, asked: Asked) -> Reply:
        """Forget it with its result."""
        actor_of(asked, allowed=self._allow_actor_header)
        self._rehearsals.delete(path_id(asked.params, "rehearsal", "rehearsal"))
        return Reply(204, b"")

    def _commanded(self, asked: Asked) -> str:
        """The rehearsal that a command without content is about."""
        actor_of(asked, allowed=self._allow_actor_header)
        if object_of(asked.body):
            text = Text("请求体须为空对象 {}。", "the body is an empty object, {}.")
            raise bad_request(Fault(pointer="", code="unknown_field", text=text))
        return path_id(asked.params, "rehearsal", "rehearsal")

    # --- looking ------------------------------------------------------------------------------------------

    def rehearsals(self, asked: Asked) -> Reply:
        """The rehearsals that are kept."""
        found = self._rehearsals.list(limit=asked.query.get("limit", PAGE), cursor=asked.query.get("cursor"))
        texts = {f"state:{line.state}": _state(line.state, asked.language) for line in found.rehearsals}
        return _told(200, found, texts)

    def rehearsal(self, asked: Asked) -> Reply:
        """How one stands."""
        return self._status(200, self._rehearsals.get(path_id(asked.params, "rehearsal", "rehearsal")), asked.language)

    def _status(self, code: int, status: RehearsalStatus, language: Language) -> Reply:
        texts = {f"state:{status.state}": _state(status.state, language)}
        if status.summary is not None:
            lexicon = self._lexicon(status.id)
            summary = rehearsal_words.summary(status.summary, language, lexicon)
            status = msgspec.structs.replace(status, summary=summary)
            texts["summary"] = rehearsal_words.in_short(summary, language)
            for move in summary.matrix:
                for label in (move.now, move.then):
                    texts[f"{move.kind}:{label}"] = rehearsal_words.result(label, move.kind, language, lexicon)
        headers = [] if code == 200 else [(b"location", f"/api/v1/rehearsals/{status.id}".encode())]
        if status.state in ("waiting", "running"):
            headers.append((b"retry-after", _RETRY_SECONDS))
        return _told(code, status, texts, headers)

    def rehearsal_changes(self, asked: Asked) -> Reply:
        """A page of the subjects whose answers differ."""
        id = path_id(asked.params, "rehearsal", "rehearsal")
        found = self._rehearsals.changes(id, ChangesQuestion(**{"limit": PAGE, **asked.query}))
        language, lexicon = asked.language, self._lexicon(id)
        told = tuple(rehearsal_words.change(change, language, lexicon) for change in found.changes)
        texts: dict[str, str] = {}
        for change in told:
            for span in change.spans:
                texts.update(_sides(change.kind, (span.now, span.then), language, lexicon))
        return _told(200, msgspec.structs.replace(found, changes=told), texts)

    def rehearsal_decisions(self, asked: Asked) -> Reply:
        """A page of the published results that would differ."""
        id, query = path_id(asked.params, "rehearsal", "rehearsal"), asked.query
        found = self._rehearsals.decisions(id, limit=query.get("limit", PAGE), cursor=query.get("cursor"))
        texts: dict[str, str] = {}
        for line in found.decisions:
            texts[f"decision:{line.decision}"] = rehearsal_words.decision_kind(line.decision, asked.language)
            if line.stage is not None:
                texts[f"stage:{line.stage}"] = words.stage(line.stage, asked.language)
        return _told(200, found, texts)

    def rehearsal_result(self, asked: Asked) -> Reply:
        """A table of the result as a file."""
        id = path_id(asked.params, "rehearsal", "rehearsal")
        file: Format = asked.query.get("format", "csv")
        table: TableName = asked.query.get("table", "changes")
        told = Told(asked.language, self._lexicon(id), codes=file == "parquet")
        rows = rehearsal_tables.rows_of(self._rehearsals, id, table, told)
        name = rehearsal_tables.file_name(id, table, file)
        headers = [_NO_STORE, (b"content-disposition", f'attachment; filename="{name}"'.encode())]
        pieces = rehearsal_tables.table_bytes(file, table, rows, asked.language)
        charset = "; charset=utf-8" if file == "csv" else ""
        return Streamed(pieces, headers, f"{rehearsal_tables.MEDIA[file]}{charset}".encode())

    def _lexicon(self, id: str) -> Lexicon:
        return rehearsal_words.lexicon_of(self._rehearsals.rehearsed(id), self._legislation)


def _state(state: Any, language: Language) -> str:
    return rehearsal_words.state(state, language)


def _sides(kind: str, sides: Any, language: Language, lexicon: Lexicon) -> Mapping[str, str]:
    labels = (label(side) for side in sides)
    return {f"{kind}:{label}": rehearsal_words.result(label, kind, language, lexicon) for label in labels}


def _told(code: int, core: Any, texts: Mapping[str, str], headers: Any = ()) -> Reply:
    body = _ENCODE(core)[:-1] + b',"texts":' + _ENCODE(texts) + b"}"
    return Reply(code, body, [*headers, _NO_STORE])
