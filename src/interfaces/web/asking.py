"""What a page asks: operations of the API, in the place of whoever looks at it.

A page is never told more than the API would tell the same person, because it is told the same answer: guard, place,
masks and read log hold as they do for a request that comes by itself.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import msgspec

from application.access.read_log import ReadEntry
from domain.errors import CaseError
from interfaces.http.access.callers import Caller
from interfaces.http.access.guarding import permitted
from interfaces.http.access.watching import refused_question
from interfaces.http.asking import read_query
from interfaces.http.describing import OPERATIONS
from interfaces.http.desk import Desk, HandledRequest
from interfaces.http.failing import problem, trouble_in
from interfaces.http.operations import Operation
from interfaces.http.problems import Trouble
from interfaces.http.replying import ROOT, Reply, to_json
from interfaces.wording.texts import Language

JsonAnswer = dict[str, Any]
"""A JSON object of the API."""

_BY_ID: Final = {operation.id: operation for operation in OPERATIONS}


class ApiRefusal(Exception):
    """What the API answers instead: ``problem`` is its body, ``status`` its HTTP status."""

    def __init__(self, status: int, problem: JsonAnswer) -> None:
        super().__init__(problem["code"])
        self.status = status
        self.problem = problem

    @property
    def faults(self) -> list[JsonAnswer]:
        """Every bad field or parameter."""
        return list(self.problem.get("errors", ()))

    @property
    def is_not_yet_there(self) -> bool:
        """Whether the index that it is read from is still being built, or has stopped."""
        return bool(self.problem["type"] == "/problems/not_yet_there" or self.problem["code"] == "index_stopped")

    @property
    def asks_what_for(self) -> bool:
        """Whether it is answered to whoever says what they look at files for."""
        return [fault.get("parameter") for fault in self.faults] == ["X-Purpose"]


class ApiReply(NamedTuple):
    """An answer with its status and headers."""

    status: int
    answer: JsonAnswer
    headers: list[tuple[bytes, bytes]]


class ApiCaller:
    """Asks in the place of one person, in their language. ``purpose`` is what for, where they have said so.

    What stands in the read log of questions that were answered is laid down in ``looked``: whoever asks for a page puts
    it on record before the page is sent.
    """

    def __init__(
        self,
        desk: Desk,
        caller: Caller,
        language: Language,
        *,
        is_local: bool,
        is_secure: bool,
        headers: Mapping[bytes, bytes],
        purpose: str | None = None,
        looked: list[ReadEntry],
    ) -> None:
        self.desk = desk
        self.caller = caller
        self.language = language
        self.purpose = purpose
        self._looked = looked
        self._is_local = is_local
        self._is_secure = is_secure
        self._headers = headers

    def may(self, id: str) -> bool:
        """Whether the person may ask an operation, or have its command carried out, at all."""
        try:
            permitted(self.desk.gate, self.caller, _BY_ID[id])
        except (CaseError, Trouble):
            return False
        return True

    def must_say_what_for(self, id: str) -> bool:
        """Whether the person would have to say first what they ask an operation for."""
        role = self.caller.principal.role
        return self.purpose is None and role is not None and self.desk.gate.table.needs_purpose(role, id)

    async def ask(self, id: str, /, **given: Any) -> JsonAnswer:
        """The answer to a question of the API, named as its operation is; ``given`` are the parts of its path and the
        parameters of its query. Raises ``ApiRefusal``."""
        return (await self.tell(id, None, **given)).answer

    async def tell(
        self, id: str, body: JsonAnswer | bytes | None, /, *, sent: Mapping[str, str] | None = None, **given: Any
    ) -> ApiReply:
        """Have a command carried out, or ask a question that has a body, which may be a file; ``sent`` are headers that
        go with it. Raises ``ApiRefusal``."""
        reply = await self._replied(id, body, sent or {}, given)
        return ApiReply(reply.status, msgspec.json.decode(reply.body) if reply.body else {}, reply.sent)

    async def download(self, id: str, /, **given: Any) -> Reply[Any]:
        """The file that is the answer to a question, as it is sent. Raises ``ApiRefusal``."""
        return await self._replied(id, None, {}, given)

    async def _replied(
        self, id: str, body: JsonAnswer | bytes | None, sent: Mapping[str, str], given: Mapping[str, Any]
    ) -> Reply[Any]:
        operation = _BY_ID[id]
        parts = {name: str(given[name]) for name in operation.parts}
        query = [
            (name, _spelt(item))
            for name, value in given.items()
            if name not in operation.parts and value is not None and value != ""
            for item in (value if isinstance(value, list | tuple) else (value,))
        ]
        asked = self._request(operation, parts, urlencode(query).encode(), body, sent)
        try:
            reply = await self._answered(operation, asked)
        except Exception as error:  # noqa: BLE001 - told as everywhere
            trouble = trouble_in(error, is_write=not operation.is_question)
            reply = problem(trouble, asked.path, self.language)
        if reply.status >= 400:
            raise ApiRefusal(reply.status, msgspec.json.decode(reply.body) if reply.body else {})
        return reply

    async def _answered(self, operation: Operation, asked: HandledRequest) -> Reply[Any]:
        try:
            asked.caller = permitted(self.desk.gate, self.caller, operation)
            values = read_query(asked.query, operation.query)
            given = operation.given(values)
            if operation.is_question:
                given |= {name: part.read(asked.params[name]) for name, part in operation.parts.items()}
                asked.min_position = values.get("min_position")
            asked.known_at = max([values.get(name, 0) for name in operation.moments])
            asked.dry_run = bool(values.get("dry_run", False))
        except (CaseError, Trouble) as error:
            code = trouble_in(error, is_write=False).code
            await asyncio.to_thread(refused_question, asked, operation, code)
            raise
        asked.is_of_page = True
        reply = await self.desk.answer(operation, asked, given)
        self._looked += reply.looked
        return reply

    def _request(
        self,
        operation: Operation,
        parts: Mapping[str, str],
        query: bytes,
        body: JsonAnswer | bytes | None,
        sent: Mapping[str, str],
    ) -> HandledRequest:
        headers = {**self._headers, **{name.encode(): value.encode() for name, value in sent.items()}}
        asked = HandledRequest(
            ROOT + operation.path.format(**parts),
            parts,
            headers,
            self.language,
            is_local=self._is_local,
            is_secure=self._is_secure,
            body=b"" if body is None else body if isinstance(body, bytes) else to_json(body),
            query=query,
        )
        asked.caller = self.caller
        asked.desk = self.desk
        if self.caller.is_walled and operation.is_logged:
            asked.purpose = self.purpose
        return asked


def _spelt(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)
