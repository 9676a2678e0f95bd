"""Endpoints of webhooks in memory, with the promises of the real store: for tests and for trying things out."""

from collections.abc import Sequence
from threading import RLock

import msgspec

from application.access.reading_place import EVERYWHERE, is_read_for
from application.changes.endpoints import (
    MOST_ENDPOINTS,
    MOST_SECRETS,
    REPLACED,
    Attempt,
    DeliveryState,
    EndpointState,
    KeptDelivery,
    KeptEndpoint,
    must_be_same,
)
from domain.time import Instant
from interfaces.memory.journal import MemoryJournal

_replace = msgspec.structs.replace


class MemoryWebhooks:
    """The store in memory. Thread-safe."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal
        self._kept: dict[str, KeptEndpoint] = {}
        self._keys: dict[str, tuple[bytes, str]] = {}
        self._secrets: dict[str, list[tuple[bytes, Instant | None]]] = {}
        self._aside: dict[str, dict[int, KeptDelivery]] = {}
        self._lock = RLock()

    # --- endpoints ----------------------------------------------------------------------------------------

    def create(self, endpoint: KeptEndpoint, secret: bytes, key: str | None, digest: bytes) -> KeptEndpoint | None:
        """Keep a new one, or give that of the key; see the port."""
        with self._lock:
            if key is not None and key in self._keys:
                held, id = self._keys[key]
                must_be_same(key, digest, held)
                return self.get(id)
            if len(self._kept) >= MOST_ENDPOINTS:
                return None
            self._kept[endpoint.id] = endpoint
            self._secrets[endpoint.id] = [(secret, None)]
            self._aside[endpoint.id] = {}
            if key is not None:
                self._keys[key] = digest, endpoint.id
            return endpoint

    def get(self, id: str) -> KeptEndpoint | None:
        """One endpoint."""
        with self._lock:
            kept = self._kept.get(id)
            if kept is None or not is_read_for(kept.region or EVERYWHERE):
                return None
            states = [found.state for found in self._aside[id].values()]
            return _replace(kept, waiting=states.count("waiting"), parked=states.count("parked"))

    def listed(self) -> Sequence[KeptEndpoint]:
        """All of them, the oldest first."""
        return [found for id in tuple(self._kept) if (found := self.get(id)) is not None]

    def delete(self, id: str) -> None:
        """Forget it."""
        with self._lock:
            for kept in (self._kept, self._secrets, self._aside):
                kept.pop(id, None)
            self._keys = {key: held for key, held in self._keys.items() if held[1] != id}

    def secrets(self, id: str, at: Instant) -> Sequence[bytes]:
        """The secrets that are valid at an instant, the newest first."""
        with self._lock:
            return [secret for secret, end in reversed(self._secrets[id]) if end is None or end > at]

    def rotate(self, id: str, secret: bytes, at: Instant, until: Instant) -> bool:
        """Add a secret; see the port."""
        with self._lock:
            if until > at and len(self.secrets(id, at)) >= MOST_SECRETS:
                return False
            ended = [(old, until if end is None else min(end, until)) for old, end in self._secrets[id]]
            self._secrets[id] = [*ended, (secret, None)]
            self._keys = {key: (REPLACED if of == id else held, of) for key, (held, of) in self._keys.items()}
            return True

    def switch(self, id: str, state: EndpointState) -> None:
        """Set its state."""
        with self._lock:
            if self._kept[id].state != state:
                fresh = {"failures": 0, "tries": 0, "failing_since": None, "next_at": 0}
                self._kept[id] = _replace(self._kept[id], state=state, **fresh)
                for waiting in self._waiting(id) if state == "active" else ():
                    self._aside[id][waiting.position] = _replace(waiting, next_at=0, first_at=None)

    def deliveries(self, id: str, *, state: DeliveryState | None, after: int, limit: int) -> Sequence[KeptDelivery]:
        """What was set aside after a position, in order."""
        with self._lock:
            aside = sorted(self._aside[id].items()) if self.get(id) is not None else ()
            return [d for _, d in aside if d.position > after and state in (None, d.state)][:limit]

    def retry(self, id: str, position: int) -> KeptDelivery | None:
        """Have a delivery that was set aside tried at once."""
        with self._lock:
            found = self._aside[id].get(position)
            if found is None:
                return None
            self._aside[id][position] = _replace(found, state="waiting", next_at=0, first_at=None)
            return self._aside[id][position]

    # --- what whoever delivers asks for -------------------------------------------------------------------

    def claim(self) -> bool:
        """Whether this process is the one that delivers: there is no other."""
        return True

    def due(self, at: Instant) -> Sequence[str]:
        """The active endpoints for which there may be something to do."""
        head = self._journal.head().position
        return [
            kept.id
            for kept in self.listed()
            if kept.state == "active"
            and kept.next_at <= at
            and (kept.position < head or any(d.next_at <= at for d in self._waiting(kept.id)))
        ]

    def due_deliveries(self, id: str, at: Instant) -> Sequence[KeptDelivery]:
        """Of each subject the first delivery that waits, where it is due."""
        first: dict[str, KeptDelivery] = {}
        for found in self._waiting(id):
            first.setdefault(found.subject, found)
        return [found for found in first.values() if found.next_at <= at]

    def held(self, id: str) -> frozenset[str]:
        """The subjects of which a delivery waits."""
        return frozenset(found.subject for found in self._waiting(id))

    def move(self, endpoint: KeptEndpoint, position: int) -> bool:
        """Go on to a position up to which nothing else is wanted."""
        return position == endpoint.position or self._changed(endpoint, position=position, tries=0)

    def acknowledged(self, endpoint: KeptEndpoint, position: int, at: Instant, attempt: Attempt) -> bool:
        """Note a delivery; after failures what was set aside is due at once."""
        with self._lock:
            found = self._changed(
                endpoint,
                position=position,
                failures=0,
                tries=0,
                failing_since=None,
                next_at=0,
                delivered=endpoint.delivered + 1,
                delivered_at=at,
                last=attempt.why,
                last_status=attempt.status,
            )
            if found and endpoint.failures:
                for waiting in self._waiting(endpoint.id):
                    self._aside[endpoint.id][waiting.position] = _replace(waiting, next_at=0)
            return found

    def failed(self, endpoint: KeptEndpoint, aside: KeptDelivery | None) -> bool:
        """Note how the endpoint stands after an attempt that failed."""
        with self._lock:
            before = self._kept.get(endpoint.id)
            if before is None or before.state != "active" or before.position != endpoint.position:
                return False
            self._kept[endpoint.id] = endpoint
            if aside is not None:
                self._kept[endpoint.id] = _replace(endpoint, position=aside.position, tries=0)
                self._aside[endpoint.id][aside.position] = aside
            return True

    def set_aside(self, endpoint: KeptEndpoint, delivery: KeptDelivery) -> bool:
        """Let a delivery wait behind another of its subject."""
        with self._lock:
            if not self._changed(endpoint, position=delivery.position, tries=0):
                return False
            self._aside[endpoint.id][delivery.position] = delivery
            return True

    def tried(self, id: str, delivery: KeptDelivery, at: Instant, attempt: Attempt) -> None:
        """Note what came of a delivery that was set aside."""
        with self._lock:
            if not attempt.is_delivered:
                self._aside[id][delivery.position] = delivery
                return
            del self._aside[id][delivery.position]
            kept = self._kept[id]
            self._kept[id] = _replace(
                kept,
                delivered=kept.delivered + 1,
                delivered_at=at,
                failing_since=None,
                last=attempt.why,
                last_status=attempt.status,
            )

    def _changed(self, endpoint: KeptEndpoint, **fields: object) -> bool:
        with self._lock:
            kept = self._kept.get(endpoint.id)
            if kept is None or kept.state != "active" or kept.position != endpoint.position:
                return False
            self._kept[endpoint.id] = _replace(kept, **fields)
            return True

    def _waiting(self, id: str) -> Sequence[KeptDelivery]:
        with self._lock:
            return [found for _, found in sorted(self._aside[id].items()) if found.state == "waiting"]
