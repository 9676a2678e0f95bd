"""An answer as it is shown to whoever asks: what their role is not shown is left out and named."""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import msgspec

from application.access.masking import MaskedPart, Viewer
from application.access.roles import PUBLIC
from application.principal import in_whose_name
from interfaces.http.access.watching import file_of
from interfaces.http.replying import Reply, to_json
from interfaces.masking import masked_part, masks
from interfaces.wording.texts import Language

if TYPE_CHECKING:
    from interfaces.http.desk import HandledRequest
    from interfaces.http.operations import Operation
    from interfaces.http.use_cases import UseCases

MASKED: Final = "masked"
"""The member of an answer that names what was left out of it."""


def as_shown(operation: "Operation", asked: "HandledRequest", answer: Reply[Any]) -> Reply[Any]:
    """The answer with what its reader is shown. One of which nothing is left out keeps its bytes."""
    # A file is made of what is shown already.
    if answer.content is None or operation.files:
        return answer
    role = asked.caller.principal.role or PUBLIC
    if not masks().hides_anything(operation.answer, role, has_purpose=asked.purpose is not None):
        return answer
    viewer = _viewer(asked)
    if not masks().finds(operation.answer, answer.content, viewer):
        return answer
    value = msgspec.json.decode(answer.body)
    found = masks().masked(operation.answer, value, viewer)
    if found:
        value[MASKED] = [masked_part(*part, asked.language) for part in found]
        answer.put(to_json(value))
    return answer


def shown_parts(
    asked: "HandledRequest", content: msgspec.Struct, language: Language
) -> tuple[dict[str, Any], tuple[MaskedPart, ...]]:
    """What a paper is made of, as members, with what its reader is shown; and what was left out."""
    value: dict[str, Any] = msgspec.to_builtins(content)
    if not asked.caller.is_walled:
        return value, ()
    found = masks().masked(type(content), value, _viewer(asked))
    return value, tuple(masked_part(*part, language) for part in found)


def _viewer(asked: "HandledRequest") -> Viewer:
    role, has_purpose = asked.caller.principal.role or PUBLIC, asked.purpose is not None
    return Viewer(
        role, has_purpose, file_of(asked, asked.at), partial(_records, asked.at), partial(_role, asked.at, {})
    )


def _role(at: "UseCases", known: dict[str, str | None], account: str) -> str | None:
    """The role of an account, looked up once for an answer."""
    if account not in known:
        found = at.accounts.get(in_whose_name(account))
        known[account] = None if found is None else found.role
    return known[account]


def _records(at: "UseCases", file: str) -> frozenset[str]:
    """The ids of the records on a file."""
    return frozenset(id for row in at.journal.stream(file) if (id := row.event.introduced_id) is not None)
