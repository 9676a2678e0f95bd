"""``pending``: decisions that wait for a second person, on one's own folder or database, or at a server."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args
from urllib.parse import quote

import msgspec

from application.access.decisions import PendingDecision
from application.access.signatures import SignedDecision
from application.answering.case_files import case_file
from application.cursors import MOST_LINES
from application.principal import Principal
from application.sheets.status import SheetStatus
from domain.aggregates.pending import PendingState
from domain.errors import FieldProblem, Invalid
from domain.sentence import sentence
from domain.vocabulary import Text
from interfaces.cli.commands.grades import lexicon_of_regime, local
from interfaces.cli.house import Product
from interfaces.cli.naming import command_called, names_of, recorded_in
from interfaces.cli.terminal import Terminal
from interfaces.wording.punctuation import by_colon, in_brackets
from interfaces.wording.words import Lexicon

_PATIENCE_SECONDS: Final = 600.0
"""How long a server may take to look at a decision, or to record it: a batch has thousands of rows."""

_PAGE: Final = 200
_UNSHOWN: Final = {"request": None, "proposed_by": "—", "held_by": "—", "settled_by": None}
"""What stands in the place of what a server does not show to everybody."""


def show_all(terminal: Terminal, *, state: str | None, region: str | None, as_json: bool) -> None:
    """The decisions, the latest proposed first. Raises ``Invalid`` for a state that there is not."""
    asked = _state_in(state)
    if terminal.settings.url is not None:
        told = _listed_at_server(terminal, asked, region, with_effects=as_json)
        found: Sequence[PendingDecision] = [_decision(each) for each in told]
        names: Mapping[str, str] = {}
    else:
        told, names = _listed(terminal, asked, region, with_effects=as_json)
        found = told
    if as_json:
        terminal.json(told)
        return
    for decision in found:
        print(_line(terminal, decision, names))
    if not found:
        print(terminal.say("signatures.shown.none"))


def _listed(
    terminal: Terminal, state: PendingState | None, region: str | None, *, with_effects: bool
) -> tuple[list[PendingDecision], Mapping[str, str]]:
    """The decisions, and the names of the agencies that they are about."""
    found: list[PendingDecision] = []
    with terminal.reading() as product:
        cursor = None
        while True:
            page = product.signing.decisions.page(
                state=state, region=region, cursor=cursor, limit=MOST_LINES, with_effects=with_effects
            )
            found += page.items
            cursor = page.next
            if cursor is None:
                break
        subjects = [*dict.fromkeys(one.subject for one in found if one.subject is not None)]
        return found, names_of(product, subjects, "agency")


def _listed_at_server(
    terminal: Terminal, state: PendingState | None, region: str | None, *, with_effects: bool
) -> list[Any]:
    from interfaces.cli.remote import remote

    found: list[Any] = []
    asked = {"state": state, "region": region, "limit": _PAGE, "effects": "true" if with_effects else "false"}
    with remote(terminal) as server:
        cursor = None
        while True:
            page = server.get("/pending-decisions", timeout=_PATIENCE_SECONDS, cursor=cursor, **asked)
            found += page["items"]
            cursor = page["next"]
            if cursor is None:
                return found


def show(terminal: Terminal, id: str, *, as_json: bool) -> None:
    """One decision. Raises ``NotFound``."""
    if terminal.settings.url is not None:
        from interfaces.cli.remote import remote

        with remote(terminal) as server:
            told = server.get(_path(id), timeout=_PATIENCE_SECONDS)
        _tell(terminal, told, _decision(told), _Known(), as_json=as_json)
        return
    with terminal.reading() as product:
        decision = product.signing.decisions.read(id)
        _tell(terminal, decision, decision, _known(product, decision), as_json=as_json)


def sign(terminal: Terminal, id: str, *, by: Principal, digest: str | None, only_good: bool, as_json: bool) -> None:
    """Sign what waits, of a batch all rows or those alone that still can be recorded. Raises as ``Signing.sign``
    does."""
    if terminal.settings.url is not None:
        _sign_at_server(terminal, id, digest, only_good=only_good, as_json=as_json)
        return
    with terminal.house.open(terminal.settings) as product:
        shown = digest or product.signing.decisions.read(id).digest
        signed = product.signing.sign(id, by=by, digest=shown, chosen="good" if only_good else "all")
        sheet = _recorded_batch(product, signed, by)
        if as_json:
            terminal.json(signed)
        else:
            _print_signed(terminal, signed, _known(product, signed.decision))
            if sheet is not None:
                _print_batch(terminal, sheet)


def _sign_at_server(terminal: Terminal, id: str, digest: str | None, *, only_good: bool, as_json: bool) -> None:
    from interfaces.cli.remote import remote

    with remote(terminal) as server:
        shown = digest or server.get(_path(id), timeout=_PATIENCE_SECONDS)["digest"]
        body = {"digest": shown, "chosen": "good" if only_good else "all"}
        told = server.post(f"{_path(id)}/signature", body, key=None, dry_run=False, timeout=_PATIENCE_SECONDS)[1]
    if as_json:
        terminal.json(told)
        return
    signed = msgspec.convert({**told, "decision": {**_UNSHOWN, **told["decision"]}}, SignedDecision, strict=False)
    _print_signed(terminal, signed, _Known())


def send_back(terminal: Terminal, id: str, *, by: Principal, reasons: str, as_json: bool) -> None:
    """Return what waits. Raises as ``Signing.return_`` does."""
    if terminal.settings.url is not None:
        from interfaces.cli.remote import remote

        with remote(terminal) as server:
            told = server.post(f"{_path(id)}/return", {"reasons": reasons}, key=None, dry_run=False)[1]
        _tell(terminal, told, _decision(told), _Known(), as_json=as_json)
        return
    with terminal.house.open(terminal.settings) as product:
        decision = product.signing.return_(id, by=by, reasons=reasons)
        _tell(terminal, decision, decision, _known(product, decision), as_json=as_json)


def _path(id: str) -> str:
    return f"/pending-decisions/{quote(id, safe='')}"


def _decision(told: Any) -> PendingDecision:
    """A decision as a server tells it: what a role is not shown is not there."""
    return msgspec.convert({**_UNSHOWN, **told}, PendingDecision, strict=False)


class _Known(NamedTuple):
    """What is known of a decision beside itself: the words of its regime, of which kind its subject is, and the names
    of subjects. At a server nothing is."""

    lexicon: Callable[[], Lexicon] = Lexicon
    kind: str = "agency"
    names: Mapping[str, str] = {}


def _known(product: Product, decision: PendingDecision) -> _Known:
    def lexicon() -> Lexicon:
        return lexicon_of_regime(product, decision.regime or "")

    if decision.subject is None:
        return _Known(lexicon)
    kind = case_file(decision.subject, product.journal.stream(decision.subject)).kind or "agency"
    return _Known(lexicon, kind, names_of(product, [decision.subject], kind))


def _tell(terminal: Terminal, told: Any, decision: PendingDecision, known: _Known, *, as_json: bool) -> None:
    if as_json:
        terminal.json(told)
    else:
        _print(terminal, decision, known)


def _recorded_batch(product: Product, signed: SignedDecision, by: Principal) -> SheetStatus | None:
    """How a sheet stands after everything that was signed of it is recorded; ``None`` for any other decision."""
    sheet = (signed.decision.request or {}).get("sheet")
    if sheet is None:
        return None
    status = product.sheets.get(sheet)
    while status.left:
        status = product.sheets.go_on(sheet, by=by)
    return status


def _print_batch(terminal: Terminal, sheet: SheetStatus) -> None:
    said = terminal.say(
        "signatures.shown.batch",
        number=sheet.number,
        recorded=sheet.recorded,
        refused=sheet.refused,
        undone=sheet.undone,
    )
    print(f"  {said}")


def _state_in(text: str | None) -> PendingState | None:
    for state in get_args(PendingState):
        if text == state:
            found: PendingState = state
            return found
    if text is None:
        return None
    says = sentence("signatures.shown.unknown_state", states=tuple(get_args(PendingState)))
    raise Invalid((FieldProblem("/state", "bad_value", says),))


def _line(terminal: Terminal, decision: PendingDecision, names: Mapping[str, str]) -> str:
    parts = (
        decision.id,
        terminal.name("signatures.state", decision.state),
        command_called(decision.command, terminal.language),
        names.get(decision.subject or ""),
        decision.subject or decision.place or "",
        terminal.say("signatures.shown.proposed", by=decision.proposed_by, at=local(decision.proposed_at)),
    )
    return " · ".join(part for part in parts if part)


def _print(terminal: Terminal, decision: PendingDecision, known: _Known) -> None:
    from interfaces.web.proposed import codes_called, told_in_words

    print(_line(terminal, decision, known.names))
    lexicon = None if decision.regime is None else known.lexicon()
    request = decision.request or {}
    called = codes_called(request, lexicon, known.kind, terminal.language)
    for label, text in told_in_words(decision.command, request, called, terminal.language):
        print("    " + by_colon(label, text, terminal.language))
    if decision.held_by != decision.proposed_by:
        print("  " + terminal.say("signatures.shown.held", by=decision.held_by))
    if decision.cites and lexicon is not None:
        cites = lexicon.cites(decision.cites, terminal.language)
        print("  " + terminal.say("signatures.shown.cites", cites=cites))
    for effect in decision.effects:
        print(f"  → {terminal.text(Text(effect.zh, effect.en))}")
    if decision.refused is not None:
        why = terminal.text(Text(decision.refused.zh, decision.refused.en))
        print("  " + terminal.say("signatures.shown.refused", why=why))
    if decision.settled_by is not None and decision.settled_at is not None:
        state = terminal.name("signatures.state", decision.state)
        at = local(decision.settled_at)
        reasons = "" if decision.reasons is None else in_brackets(decision.reasons, terminal.language)
        print("  " + terminal.say("signatures.shown.settled", state=state, by=decision.settled_by, at=at) + reasons)
    print("  " + terminal.say("signatures.shown.digest", digest=decision.digest))


def _print_signed(terminal: Terminal, signed: SignedDecision, known: _Known) -> None:
    _print(terminal, signed.decision, known)
    if signed.outcome is not None:
        file, position = recorded_in(signed.outcome.subject, terminal.language), signed.outcome.position
        print("  " + terminal.say("signatures.shown.recorded", file=file, position=position))
    elif signed.roster is not None:
        taken = signed.roster.counts.get("recorded", 0)
        print("  " + terminal.say("signatures.shown.steps", taken=taken, position=signed.roster.position))
