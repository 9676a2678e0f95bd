"""Delivering changes to endpoints: each in a thread of its own, one change after the other, until it is acknowledged.

A receiver that fails is tried again, ever more rarely. When it fails at one change only, that one is set aside and the
changes of its subject wait behind it, in order; those of others go on.
"""

import logging
import random
import time
from collections.abc import Callable, Sequence
from threading import Event, Lock, Thread
from typing import Final

import msgspec

from application.changes.endpoints import (
    Attempt,
    KeptDelivery,
    KeptEndpoint,
    Message,
    Sender,
    WebhookStore,
    delivery_id,
)
from application.changes.feed import Feed, JournalChange, Signal, WantedChanges
from application.ports import Clock
from domain.time import Instant

FIRST_SECONDS: Final = 5.0
"""How long an endpoint is let alone after its first failure, before chance takes up to half of it off."""

MOST_SECONDS: Final = 3600.0
"""How long at most."""

TRIES: Final = 4
"""Attempts at a change before it is set aside, so that those of other subjects can go on."""

MOST_HELD: Final = 1000
"""Most deliveries that wait beside the others; then all wait."""

PARKED_SECONDS: Final = 5 * 86_400
"""How long a delivery is tried before it is parked, and an endpoint that takes nothing at all before it is stopped."""

LOOK_SECONDS: Final = 2.0
"""How long at most nobody looks whether something is due."""

PACE_SECONDS: Final = 0.05
"""How long at least lies between two looks: what is recorded one after the other is looked for, and sent, together."""

READ_AT_ONCE: Final = 100
SECRETS_SECONDS: Final = 1.0
"""How long the secrets of an endpoint are signed by before they are looked up again."""

_SECOND: Final = 1_000_000
_LOG: Final = logging.getLogger("ecodocket.webhooks")
_replace = msgspec.structs.replace


def pause_after(failures: int, drawn: float) -> float:
    """Seconds until the attempt after so many failures: twice as long each time, of which ``drawn`` (0 to 1) takes up
    to half off, so that receivers that came back are not asked by everybody at once."""
    longest = min(MOST_SECONDS, FIRST_SECONDS * 2.0 ** min(failures - 1, 30))
    return longest * (1 - drawn / 2)


class Deliverer:
    """Delivers what is due. ``tend`` is called by one thread, again and again."""

    def __init__(
        self,
        store: WebhookStore,
        sender: Sender,
        feed: Feed,
        clock: Clock,
        signal: Signal | None = None,
        draw: Callable[[], float] = random.random,
    ) -> None:
        """``draw`` gives chance, from 0 to 1."""
        self._store = store
        self._sender = sender
        self._feed = feed
        self._clock = clock
        self._draw = draw
        self._woken = Event()
        self._ended = Event()
        self._lock = Lock()
        self._at_work: set[str] = set()
        self._looked_at = float("-inf")
        if signal is not None:
            signal.listen(self._woken.set)

    def tend(self) -> None:
        """Begin to work for every endpoint that is due and not worked for, then wait for something new.

        What comes after a while is looked for at once, what follows it closely a moment later.
        """
        self._ended.wait(max(0.0, self._looked_at + PACE_SECONDS - time.monotonic()))
        self._looked_at = time.monotonic()
        self._woken.clear()
        if self._store.claim():
            for id in self._store.due(self._clock.now()):
                self._begin(id)
        # Who ended it may have woken it before it was ready to be woken.
        if not self._ended.is_set():
            self._woken.wait(LOOK_SECONDS)

    def end(self) -> None:
        """Begin nothing more: what is being sent is sent."""
        self._ended.set()
        self._woken.set()

    def _begin(self, id: str) -> None:
        with self._lock:
            if id in self._at_work or self._ended.is_set():
                return
            self._at_work.add(id)
        Thread(target=self._work, args=(id,), name="webhook", daemon=True).start()

    def _work(self, id: str) -> None:
        try:
            self.deliver(id)
        except Exception as error:  # noqa: BLE001 - the next look finds what is left to do
            _LOG.warning("webhook %s: %s", id, str(error) or type(error).__name__)
        finally:
            with self._lock:
                self._at_work.discard(id)
            # What was recorded after the last page was read was found to be worked for.
            self._woken.set()

    def deliver(self, id: str) -> None:
        """Deliver to one endpoint everything that is due, until there is nothing more or an attempt fails."""
        while not self._ended.is_set():
            kept = self._store.get(id)
            if kept is None or kept.state != "active" or kept.next_at > self._clock.now():
                return
            if kept.waiting:
                self._deliver_held(kept)
            if not self._deliver_next(kept):
                return

    # --- in order -----------------------------------------------------------------------------------------

    def _deliver_next(self, kept: KeptEndpoint) -> bool:
        """Deliver a page of changes; whether there may be another one."""
        page = self._feed.page(kept.wanted, after=kept.position, limit=READ_AT_ONCE)
        held = self._store.held(kept.id) if kept.waiting else frozenset()
        signing = _Signing(self._store, kept.id)
        for change in page.changes:
            if self._ended.is_set():
                return False
            if change.subject in held:
                waiting = self._store.get(kept.id)
                if waiting is None or waiting.waiting >= MOST_HELD:
                    return False
                behind = KeptDelivery(position=change.position, subject=change.subject)
                if not self._store.set_aside(kept, behind):
                    return False
                kept = _replace(kept, position=change.position, tries=0)
                continue
            attempt = self._send(kept, change, signing)
            now = self._clock.now()
            if not attempt.is_delivered:
                self._failed(kept, change, attempt, now)
                return False
            if not self._store.acknowledged(kept, change.position, now, attempt):
                return False
            kept = _replace(kept, position=change.position, tries=0, failures=0, failing_since=None)
        return self._store.move(kept, page.next) and page.more

    def _failed(self, kept: KeptEndpoint, change: JournalChange, attempt: Attempt, now: Instant) -> None:
        """Note an attempt that failed, and what follows from it."""
        since = kept.failing_since or now
        next_at = self._next(kept.failures + 1, attempt, now)
        failing = _replace(
            kept,
            failures=kept.failures + 1,
            tries=kept.tries + 1,
            failing_since=since,
            next_at=next_at,
            last=attempt.why,
            last_status=attempt.status,
        )
        if _is_over(failing, attempt, now):
            self._stop(failing, attempt)
            return
        aside = None
        if failing.tries >= TRIES and kept.waiting < MOST_HELD:
            aside = KeptDelivery(
                position=change.position,
                subject=change.subject,
                tries=failing.tries,
                first_at=since if failing.failures == failing.tries else now,
                next_at=next_at,
                last=attempt.why,
                last_status=attempt.status,
            )
        self._store.failed(failing, aside)

    def _stop(self, kept: KeptEndpoint, attempt: Attempt) -> None:
        """Deliver nothing more to a receiver that is gone, or takes nothing for days."""
        _LOG.warning("webhook %s: stopped (%s)", kept.id, attempt.why)
        stopped = _replace(kept, state="stopped", last=attempt.why, last_status=attempt.status)
        self._store.failed(stopped, None)

    # --- what was set aside -------------------------------------------------------------------------------

    def _deliver_held(self, kept: KeptEndpoint) -> None:
        """Try what was set aside and is due; after one that fails the others wait for the next look."""
        while due := self._store.due_deliveries(kept.id, self._clock.now()):
            for delivery in due:
                if self._ended.is_set():
                    return
                if not self._send_held(kept, delivery).is_delivered:
                    return

    def _send_held(self, kept: KeptEndpoint, delivery: KeptDelivery) -> Attempt:
        """Try one that was set aside."""
        wanted = WantedChanges(subject=delivery.subject)
        (change,) = self._feed.page(wanted, after=delivery.position - 1, limit=1).changes
        attempt = self._send(kept, change, _Signing(self._store, kept.id))
        now = self._clock.now()
        is_alone = len(self._store.held(kept.id)) == 1 and attempt.why != "gone"
        if not (attempt.is_delivered or is_alone) and _is_over(kept, attempt, now):
            # What is not taken waits until the endpoint is resumed.
            self._stop(kept, attempt)
            return attempt
        first_at = delivery.first_at or now
        is_over = now - first_at >= PARKED_SECONDS * _SECOND
        tried = _replace(
            delivery,
            state="parked" if is_over else "waiting",
            tries=delivery.tries + 1,
            first_at=first_at,
            next_at=self._next(delivery.tries + 1, attempt, now),
            last=attempt.why,
            last_status=attempt.status,
        )
        self._store.tried(kept.id, tried, now, attempt)
        return attempt

    # --- sending ------------------------------------------------------------------------------------------

    def _send(self, kept: KeptEndpoint, change: JournalChange, signing: "_Signing") -> Attempt:
        now = self._clock.now()
        body = msgspec.json.encode({"type": change.type, "timestamp": change.recorded_at, "data": change})
        id = delivery_id(kept.id, change.position)
        return self._sender.send(Message(kept.url, signing.secrets(now), id, now, body))

    def _next(self, failures: int, attempt: Attempt, now: Instant) -> Instant:
        """When the next attempt is due: not before the receiver wants it, but within the longest pause."""
        asked = min(attempt.retry_seconds or 0, MOST_SECONDS)
        return now + int(max(pause_after(failures, self._draw()), asked) * _SECOND)


class _Signing:
    """The secrets of an endpoint by which its messages are signed, looked up for many of them."""

    def __init__(self, store: WebhookStore, endpoint: str) -> None:
        self._store = store
        self._endpoint = endpoint
        self._secrets: Sequence[bytes] = ()
        self._looked_up_at: Instant | None = None

    def secrets(self, now: Instant) -> Sequence[bytes]:
        """Those that are valid, or were a moment ago."""
        if self._looked_up_at is None or not 0 <= now - self._looked_up_at < SECRETS_SECONDS * _SECOND:
            self._secrets, self._looked_up_at = self._store.secrets(self._endpoint, now), now
        return self._secrets


def _is_over(kept: KeptEndpoint, attempt: Attempt, now: Instant) -> bool:
    """Whether a receiver is gone, or has taken nothing for as long as it is tried."""
    since = kept.failing_since
    return attempt.why == "gone" or (since is not None and now - since >= PARKED_SECONDS * _SECOND)
