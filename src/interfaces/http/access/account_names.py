"""What accounts are called that an answer names: told beside it, for those ids alone that its reader is shown."""

import re
from functools import cache, partial
from typing import TYPE_CHECKING, Final

from application.principal import accounts_in
from interfaces.http.replying import Reply, bytes_of_lines, to_json
from interfaces.http.schemas.shaping import structs_in

if TYPE_CHECKING:
    from interfaces.http.desk import HandledRequest
    from interfaces.http.operations import Operation

ACCOUNTS: Final = "accounts"
"""The member of an answer that says what the accounts in it are called."""

OF_ACCOUNTS: Final = ("get_account", "get_legal_notes", "get_own_changes")
"""Questions about no file of which the answers name accounts."""

_FIELDS: Final = (
    "account", "assignee", "by", "deputy", "from_account", "handed_over_by", "held_by", "made_by", "proposed_by",
    "countersigned_by", "returned_by", "settled_by", "through", "to_account", "withdrawn_by",
)  # fmt: skip
_ID: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]")
_NAMED: Final = re.compile(rb'"(?:' + "|".join(_FIELDS).encode() + rb')":"([a-z0-9][a-z0-9 ._-]+)"')


_ENDS: Final = tuple(dict.fromkeys(f'{field.rpartition("_")[2]}":"'.encode() for field in _FIELDS))
"""What the fields end in, by which they are found sooner than at each quotation mark of an answer."""


def names_accounts(operation: "Operation") -> bool:
    """Whether the answers to a question say what the accounts in them are called: not those that anybody is given."""
    is_for_some = operation.is_logged or operation.id in OF_ACCOUNTS
    return operation.is_question and is_for_some and not operation.files and _has_accounts(operation.answer)


@cache
def _has_accounts(answer: object) -> bool:
    """Whether an answer is made of anything that names an account; one that lists accounts under that name says of each
    what it is called."""
    structs = structs_in([answer]).values()
    fields = [{field.encode_name for field in struct.fields} for struct in structs]
    return any(named & {*_FIELDS} for named in fields) and not any(ACCOUNTS in named for named in fields)


def with_account_names(answer: Reply[object], asked: "HandledRequest") -> Reply[object]:
    """An answer with what the accounts in it are called. One that names none keeps its bytes."""
    ids = sorted(_named_by(answer))
    told = asked.at.accounts.names(ids) if ids else {}
    if told:
        answer.put(answer.body[:-1] + f',"{ACCOUNTS}":'.encode() + to_json(told) + b"}")
    return answer


def _named_by(answer: Reply[object]) -> set[str]:
    """The accounts that an answer names; in lines that last they are looked for once."""
    if answer.naming is None:
        return _named_in(answer.body)
    found = set[str]()
    for part in answer.naming:
        found |= (
            _named_in(part)
            if isinstance(part, bytes)
            else part.once(_named_in, partial(_named_in, bytes_of_lines(part)))
        )
    return found


def _named_in(body: bytes) -> set[str]:
    """The accounts that an answer names. It is gone through from its end: what fields end in begins with letters, which
    are rarer in an answer than the quotation marks with which it ends."""
    ids: set[str] = set()
    for end in _ENDS:
        at = body.rfind(end)
        while at >= 0:
            found = _NAMED.match(body, body.rfind(b'"', 0, at))
            if found is not None:
                ids.update(id for id in accounts_in(found[1].decode()) if _ID.fullmatch(id))
            at = body.rfind(end, 0, at)
    return ids
