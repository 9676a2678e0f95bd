"""``webhooks``: registered, watched, paused, tested; what was set aside is sent again."""

from collections.abc import Sequence
from typing import Any, Final

from application.changes.endpoints import Webhook, WebhookSecret, rotation_from, webhook_from
from interfaces.cli.commands.grades import local
from interfaces.cli.commands.recording import account
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, Terminal

_LISTED: Final = 500
"""Deliveries that are listed."""


def listed(terminal: Terminal, *, as_json: bool) -> None:
    """All webhooks."""
    with terminal.house.open(terminal.settings) as product:
        found = product.webhooks.list()
    if as_json:
        terminal.json(found)
        return
    for webhook in found.webhooks:
        _print(terminal, webhook)
    if not found.webhooks:
        print(terminal.say("webhooks.none"))


def add(
    terminal: Terminal, url: str, *, kinds: Sequence[str], region: str | None, note: str | None, as_json: bool
) -> None:
    """Register an address. Raises ``Invalid`` with every bad field."""
    raw: dict[str, Any] = {"url": url, "kinds": list(kinds), "region": region, "note": note}
    request = webhook_from({name: value for name, value in raw.items() if value is not None})
    with terminal.house.open(terminal.settings) as product:
        found = product.webhooks.register(request, by=account())
    _tell_secret(terminal, found, as_json=as_json)


def show(terminal: Terminal, id: str, *, as_json: bool) -> None:
    """One webhook and how it stands."""
    with terminal.house.open(terminal.settings) as product:
        _tell(terminal, product.webhooks.get(id), as_json=as_json)


def rotate(terminal: Terminal, id: str, *, overlap: int, as_json: bool) -> None:
    """Give it a new secret; those before it stay valid for so many hours."""
    request = rotation_from({"overlap_hours": overlap})
    with terminal.house.open(terminal.settings) as product:
        found = product.webhooks.rotate(id, request)
    _tell_secret(terminal, found, as_json=as_json)


def pause(terminal: Terminal, id: str, *, as_json: bool) -> None:
    """Send nothing for now."""
    with terminal.house.open(terminal.settings) as product:
        _tell(terminal, product.webhooks.pause(id), as_json=as_json)


def resume(terminal: Terminal, id: str, *, as_json: bool) -> None:
    """Send again from where it stands."""
    with terminal.house.open(terminal.settings) as product:
        _tell(terminal, product.webhooks.resume(id), as_json=as_json)


def delete(terminal: Terminal, id: str) -> None:
    """Forget it."""
    with terminal.house.open(terminal.settings) as product:
        product.webhooks.delete(id)
    print(terminal.say("webhooks.deleted", id=id))


def test(terminal: Terminal, id: str, *, as_json: bool) -> None:
    """Send a test and say what came of it; one that was not acknowledged did not hold."""
    with terminal.house.open(terminal.settings) as product:
        found = product.webhooks.test(id)
    if as_json:
        terminal.json(found)
    else:
        why = terminal.name("webhooks.why", found.why)
        status = "" if found.status is None else f" {found.status}"
        print(terminal.say("webhooks.tested", why=why + status, milliseconds=found.milliseconds))
    if not found.delivered:
        raise EndCommand(DID_NOT_HOLD)


def deliveries(terminal: Terminal, id: str, *, as_json: bool) -> None:
    """What was set aside."""
    with terminal.house.open(terminal.settings) as product:
        found = product.webhooks.deliveries(id, state=None, after=0, limit=_LISTED)
    if as_json:
        terminal.json(found)
        return
    for delivery in found.deliveries:
        why = "" if delivery.last is None else terminal.name("webhooks.why", delivery.last)
        state = terminal.name("webhooks.delivery", delivery.state)
        line = terminal.say(
            "webhooks.delivery_line",
            position=delivery.position,
            state=state,
            subject=delivery.subject,
            tries=delivery.tries,
            why=why,
        )
        print(line.rstrip())
    if not found.deliveries:
        print(terminal.say("webhooks.none_set_aside"))


def retry(terminal: Terminal, id: str, position: int, *, as_json: bool) -> None:
    """Try what was set aside again."""
    with terminal.house.open(terminal.settings) as product:
        found = product.webhooks.retry(id, position)
    if as_json:
        terminal.json(found)
    else:
        print(terminal.say("webhooks.due", position=position))


def _tell(terminal: Terminal, webhook: Webhook, *, as_json: bool) -> None:
    if as_json:
        terminal.json(webhook)
    else:
        _print(terminal, webhook)


def _tell_secret(terminal: Terminal, found: WebhookSecret, *, as_json: bool) -> None:
    if as_json:
        terminal.json(found)
        return
    _print(terminal, found.webhook)
    print(terminal.say("webhooks.secret", secret=found.secret))


def _print(terminal: Terminal, webhook: Webhook) -> None:
    line = terminal.say(
        "webhooks.line",
        id=webhook.id,
        state=terminal.name("webhooks.state", webhook.state),
        position=webhook.position,
        behind=webhook.behind,
        waiting=webhook.waiting,
        parked=webhook.parked,
        url=webhook.url,
    )
    print(line if webhook.note is None else f"{line}  {webhook.note}")
    if webhook.failing_since is not None and webhook.last is not None:
        next_at = "—" if webhook.next_at is None else local(webhook.next_at)
        why = terminal.name("webhooks.why", webhook.last)
        print("  " + terminal.say("webhooks.failing", since=local(webhook.failing_since), why=why, next_at=next_at))
