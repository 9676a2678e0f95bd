"""Where a good answer leads: to what reads that which was recorded, or which waits (OpenAPI links).

They say beforehand what ``Location`` says then, so that a client which is made of the description goes on by itself.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from interfaces.http.operations import Operation
from interfaces.http.recording import ABOUT, BRINGS

_ID: Final = "$response.body#/id"
_OF_OTHER: Final[Mapping[str, tuple[str, dict[str, str]]]] = {
    "adopt_rulebook": ("get_rulebooks", {}),
    "adopt_calendar": ("get_calendars", {}),
    "evaluate_roster": ("get_progress", {"regime": "$request.path.regime", "year": "$request.path.year"}),
    "make_account": ("get_account", {"account": "$request.body#/account"}),
    "make_own_token": ("get_own_tokens", {}),
    "make_token": ("get_account", {"account": "$request.path.account"}),
    "name_deputy": ("get_account", {"account": "$request.path.account"}),
    "rehearse": ("get_rehearsal", {"rehearsal": _ID}),
    "resume_rehearsal": ("get_rehearsal", {"rehearsal": _ID}),
    "note_provision": ("get_legal_notes", {"rulebook": "$request.path.rulebook"}),
    "sign_off_edition": ("get_legal_notes", {"rulebook": "$request.path.rulebook"}),
    "withdraw_legal_note": ("get_legal_notes", {"rulebook": "$request.path.rulebook"}),
    "set_letterhead": ("get_letter_office", {"bureau": "$request.path.bureau"}),
    "upload_letter_template": ("get_letter_office", {"bureau": "$request.path.bureau"}),
    "drop_letter_template": ("get_letter_office", {"bureau": "$request.path.bureau"}),
    "upload_sheet": ("get_import", {"sheet": _ID}),
    "begin_upload": ("get_upload", {"upload": _ID}),
    "register_webhook": ("get_webhook", {"webhook": "$response.body#/webhook/id"}),
    "issue_dossier": ("get_issued_dossier", {"subject": "$request.path.subject", "dossier": _ID}),
    "register": ("get_profile", {"subject": "$response.body#/subject"}),
}
"""What reads that which these have made, where it is no record."""

_PAGES: Final = {"subject": "get_profile", "fact": "get_fact", "record": "get_record"}
_SESSIONS: Final = ("sign_in", "sign_in_here", "use_link", "change_password")
_NO_RECORD: Final = frozenset(
    (
        *("change_subject", "contest_fact", "record_finality", "correct_fact", "retract_fact"),
        *("retract_record", "record_delivery"),
    )
)
"""What makes no record of its own, but moves on the one that its path names."""


def links_of(operation: Operation, said: Callable[[str], str]) -> dict[str, Any]:
    """The links of the good answer of a command that makes something; ``said`` tells what a link is for."""
    if operation.is_question or operation.status not in (201, 202):
        return {}
    name, given = _reading(operation)
    found = {"recorded": _link(name, given, said("recorded"))}
    if operation.context == "recording" and {"subject", "agency"} & operation.parts.keys():
        found["subject"] = _link("get_casefile", {"subject": "$response.body#/subject"}, said("subject"))
    return found


def waiting_links(said: Callable[[str], str]) -> dict[str, Any]:
    """The links of a decision that waits."""
    return {"waiting": _link("get_decision", {"decision": _ID}, said("waiting"))}


def _reading(operation: Operation) -> tuple[str, dict[str, str]]:
    """Which operation reads what a command has made, and by what of its request or its answer."""
    if operation.id in _SESSIONS:
        return "get_session", {}
    if operation.id in _OF_OTHER:
        return _OF_OTHER[operation.id]
    if operation.id in BRINGS:
        kind = BRINGS[operation.id].removesuffix("s")
        return f"get_{kind}", {kind: _ID}
    for part in operation.parts:
        if part in ABOUT:
            return f"get_{part}", {part: f"$request.path.{part}"}
    if "rulebook" in operation.parts:
        return "get_rulebook", {"rulebook": "$request.path.rulebook"}
    if operation.id in _NO_RECORD:
        (part,) = operation.parts
        return _PAGES[part], {part: f"$request.path.{part}"}
    return "get_record", {"record": _ID}


def _link(operation: str, given: dict[str, str], description: str) -> dict[str, Any]:
    return {"operationId": operation, "parameters": given, "description": description}
