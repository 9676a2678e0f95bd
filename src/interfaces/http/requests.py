"""A request, read strictly before any handler sees it.

The library hands a handler what its signature names, and stops at the first thing wrong. Here the query is read first,
by the same parameters (``Query``): a parameter that nobody knows, one given twice and every value that means nothing
are refused together, in both languages. What the library then finds in the request are values.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Request
from litestar.exceptions import ClientException

from interfaces.http.access.callers import Caller
from interfaces.http.access.watching import purpose_of
from interfaces.http.asking import ACCEPT_LANGUAGE, headers_of, is_of_this_machine, is_sent_here, read_query
from interfaces.http.bodies import MAX_BODY, check_content_type, check_file_type, object_of, taken_in
from interfaces.http.desk import HandledRequest
from interfaces.http.languages import preferred
from interfaces.http.operations import Operation
from interfaces.http.problems import Trouble
from interfaces.sheets.reading import MOST_BYTES


class StrictRequest(Request[Any, Any, Any]):
    """A request of the library whose query, path and body have been read by ``read``; ``asked`` is what came of it, and
    ``values`` are those of its query."""

    __slots__ = ("asked", "values")
    asked: HandledRequest
    values: dict[str, Any]

    async def read(self, operation: Operation) -> None:
        """Read everything but the JSON of a body, which is for a thread to do. Raises a problem with all faults."""
        scope = self.scope
        headers = headers_of(scope["headers"])
        is_write = not operation.is_question
        caller: Caller = scope["user"]
        # Other names than this machine's own are for those whom the wall holds.
        hosts = self.app.state.exposure.hosts if caller.is_walled else ()
        if not is_sent_here(headers, hosts) and (caller.is_walled or not is_write):
            # Without a wall a command from there is refused for its actor.
            raise Trouble("misdirected")
        # First of all: an answer to a body that was not read may never arrive.
        most = (operation.most_bytes or MOST_BYTES) if operation.takes_file else MAX_BODY
        body = await taken_in(self.receive, most) if operation.method != "GET" else b""
        query = read_query(scope["query_string"], operation.query)
        if operation.takes_file:
            check_file_type(headers, operation.file_types)
        elif operation.method == "POST":
            if not body:
                # The library passes over a body without content; here it is no JSON.
                object_of(body)
            check_content_type(headers)
        params = scope["path_params"]
        client = scope["client"]
        self.asked = HandledRequest(
            scope["path"],
            params,
            headers,
            preferred(headers.get(ACCEPT_LANGUAGE.key, b"")),
            is_local=not operation.is_hot and is_of_this_machine(client[0] if client else None, headers),
            is_secure=scope["scheme"] == "https",
            known_at=max([query.get(name, 0) for name in operation.moments]),
            body=body,
            query=scope["query_string"],
        )
        self.asked.caller = caller
        if caller.is_walled and operation.is_logged:
            self.asked.purpose = purpose_of(headers)
        self.asked.desk = self.app.state.desk
        if not is_write:
            scope["path_params"] = {n: operation.parts[n].read(text) for n, text in params.items()}
        self.values = query
        # What the library would parse again is found as it was read.
        self._body = body
        self._parsed_query = tuple(_pairs(query)) if query else ()

    async def uploaded(self, most: int) -> Mapping[str, Any]:
        """The fields of a form with a file, of at most so many bytes, one of each name. Raises a problem."""
        # What the library would take in again is found as it was read.
        self._body = await taken_in(self.receive, most)
        try:
            return dict((await self.form()).multi_items())
        except ClientException:
            raise Trouble("malformed") from None


def _pairs(query: Mapping[str, Any]) -> list[tuple[str, Any]]:
    found = []
    for name, value in query.items():
        found += [(name, item) for item in value] if isinstance(value, list) else [(name, value)]
    return found
