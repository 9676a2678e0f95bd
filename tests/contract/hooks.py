"""What makes random requests reach something: every other one is about a file of the story, and says what the example
of its operation says, but for one member."""

from typing import Any
from zlib import crc32

import schemathesis
from schemathesis.hooks import HookContext

from interfaces.http.describing import examples
from tests.interfaces.http_story import C1, F1, F4, F5, F6, F7, O1, PROPOSAL, PUBLICATION, R1, R2, W1, W2, A, P, X
from tests.support.world import credit_code

_ON_FILE: dict[str, tuple[Any, ...]] = {
    "subject": (*[A] * 8, P, X),
    "agency": (A,),
    "fact": (F1, F4, F5, F6, F7),
    "warning": (W1, W2),
    "repair": (R1, R2),
    "objection": (O1,),
    "comment": (C1,),
    "record": (PROPOSAL, PUBLICATION),
    "decision": (PUBLICATION,),
    "regime": ("nmg.third_party", "ningbo.monitoring"),
    "region": ("150100",),
    "year": (2023, 2024, 2025),
    "stage": ("notice", "report", "proposal", "publicity"),
    "rulebook": ("nmg.third_party@draft",),
}


def _drawn(value: object, most: int) -> int:
    """A number below ``most``, the same one for the same value: what is sent can be sent again."""
    return crc32(repr(value).encode("utf-8", "surrogatepass")) % most


@schemathesis.hook
def map_path_parameters(context: HookContext, path_parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Half of the ids that lead nowhere become ids of the story."""
    del context
    for name, value in (path_parameters or {}).items():
        known = _ON_FILE.get(name)
        if known is not None and path_parameters is not None and _drawn(value, 4):
            path_parameters[name] = known[_drawn(value, len(known))]
    return path_parameters


@schemathesis.hook
def map_query(context: HookContext, query: dict[str, Any] | None) -> dict[str, Any] | None:
    """Most commands are no trial."""
    del context
    return {n: v for n, v in query.items() if n != "dry_run" or not _drawn(query, 4)} if query else query


@schemathesis.hook
def map_headers(context: HookContext, headers: dict[str, str] | None) -> dict[str, str] | None:
    """Most commands have no key, which would be that of another one, and rely on no version."""
    del context
    kept = {n: v for n, v in (headers or {}).items() if n.lower() not in ("idempotency-key", "if-match")}
    return headers if headers is None or not _drawn(sorted(headers.items()), 4) else kept


@schemathesis.hook
def map_body(context: HookContext, body: Any) -> Any:
    """Half of the bodies say what an example says, but for one member that was drawn."""
    shown = context.operation and examples().get(context.operation.definition.raw["operationId"])
    if not shown or not isinstance(body, dict) or not _drawn(body, 3):
        return body
    requests = [example["request"] for example in shown.values()]
    said = {name: value for name, value in requests[_drawn(body, len(requests))].items() if name != "id"}
    members = sorted(body)
    if members and not _drawn((body, "whole"), 4):
        name = members[_drawn(body, len(members))]
        said[name] = body[name]
    # The paper of another day, the agency of another number: else it would be on record already.
    if "document" in said:
        said["document"] = f"呼环测〔2025〕{_drawn(body, 10**6)}号"
    if "uscc" in said:
        said["uscc"] = credit_code(str(_drawn(body, 10**6)))
    return said
