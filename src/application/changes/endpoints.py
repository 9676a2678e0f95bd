"""Webhooks as people use them: addresses of other systems to which every change that they want is sent.

The journal is the outbox: an endpoint is a position in it, moved on when a delivery is acknowledged (docs/adr/0023).
What its receiver does not take is set aside with the events of the same file behind it, so that the others go on.
"""

import base64
import hashlib
import secrets
from collections.abc import Sequence
from typing import Annotated, Final, Literal, NamedTuple, Protocol

import msgspec

from application.changes.feed import Feed, WantedChanges
from application.ports import Clock, Ids, StreamCategory
from application.recording.commands import request_from
from domain.errors import Conflict, FieldProblem, Invalid, NotFound, Refused, ReusedKey
from domain.sentence import sentence
from domain.time import Instant, iso_utc
from domain.values import Line, Region

MOST_ENDPOINTS: Final = 50
"""Most endpoints that are registered at once: each that fails has a thread of its own."""

MOST_SECRETS: Final = 4
"""Most secrets of one endpoint that are valid at once."""

SECRET_BYTES: Final = 32

REPLACED: Final = b""
"""What stands for the digest of a registration once its first secret was replaced: no digest is empty."""

_HOUR: Final = 3_600 * 1_000_000

EndpointState = Literal["active", "paused", "stopped"]
"""Whether deliveries are made: ``paused`` when somebody has said so, ``stopped`` when its receiver is gone or has taken
nothing for days."""

DeliveryState = Literal["waiting", "parked"]
"""Whether a delivery that was set aside is tried again by itself."""

Why = Literal[
    "delivered", "refused", "redirected", "gone", "timed_out", "unreachable", "address_refused", "bad_certificate"
]
"""What came of an attempt to deliver."""


class WebhookRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new endpoint: changes of these ``kinds`` (none: of all), of files in the ``region``, are sent to ``url``."""

    url: Annotated[str, msgspec.Meta(min_length=1, max_length=2000, extra={"rule": "line"})]
    kinds: Annotated[tuple[StreamCategory, ...], msgspec.Meta(max_length=20)] = ()
    region: Region | None = None
    note: Line | None = None


class RotationRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new secret; those before it stay valid beside it for so many hours."""

    overlap_hours: Annotated[int, msgspec.Meta(ge=0, le=720)] = 24


class Attempt(NamedTuple):
    """What came of an attempt: the ``status`` of the answer, if there was one, and after how many seconds the receiver
    wants to be asked again, if it said so."""

    why: Why
    status: int | None = None
    retry_seconds: int | None = None
    milliseconds: int = 0

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has acknowledged it."""
        return self.why == "delivered"


class Message(NamedTuple):
    """What is sent: to which address, signed by which secrets, under which id, when."""

    url: str
    secrets: Sequence[bytes]
    id: str
    at: Instant
    body: bytes


class Sender(Protocol):
    """Sends messages to other systems."""

    def check(self, url: str) -> None:
        """Raise ``Invalid`` for an address to which nothing is ever sent."""
        ...

    def send(self, message: Message) -> Attempt:
        """Send one and wait for the answer, within bounds. Raises nothing: what goes wrong is the answer."""
        ...


class KeptEndpoint(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint as it is kept. Every change up to ``position`` is delivered, set aside or not wanted.

    ``failures`` counts the attempts that failed since the last one that did not, ``tries`` those of the change after
    ``position``; before ``next_at`` there is no other one.
    """

    id: str
    url: str
    kinds: tuple[StreamCategory, ...]
    region: str | None
    note: str | None
    by: str
    created_at: Instant
    position: int
    state: EndpointState = "active"
    failures: int = 0
    tries: int = 0
    failing_since: Instant | None = None
    next_at: Instant = 0
    delivered: int = 0
    delivered_at: Instant | None = None
    last: Why | None = None
    last_status: int | None = None
    waiting: int = 0
    parked: int = 0

    @property
    def wanted(self) -> WantedChanges:
        """Which changes it is sent."""
        return WantedChanges(kinds=self.kinds, region=self.region)


class KeptDelivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that was set aside: that of the change at ``position``, about ``subject``. One that was never tried
    waits behind another of its subject."""

    position: int
    subject: str
    state: DeliveryState = "waiting"
    tries: int = 0
    first_at: Instant | None = None
    next_at: Instant = 0
    last: Why | None = None
    last_status: int | None = None


class WebhookStore(Protocol):
    """Where endpoints are kept with their secrets and what was set aside. Every method is one transaction. ``get``,
    ``listed`` and ``deliveries`` show to whoever is read for (``reading_for``) the endpoints that are told of nothing
    beyond the place."""

    def create(self, endpoint: KeptEndpoint, secret: bytes, key: str | None, digest: bytes) -> KeptEndpoint | None:
        """Keep a new one, or give that of the key, where it may be told again (``must_be_same``); ``None`` when there
        are ``MOST_ENDPOINTS`` already."""
        ...

    def get(self, id: str) -> KeptEndpoint | None:
        """One endpoint."""
        ...

    def listed(self) -> Sequence[KeptEndpoint]:
        """All of them, the oldest first."""
        ...

    def delete(self, id: str) -> None:
        """Forget it with its secrets and all that was set aside."""
        ...

    def secrets(self, id: str, at: Instant) -> Sequence[bytes]:
        """The secrets that are valid at an instant, the newest first."""
        ...

    def rotate(self, id: str, secret: bytes, at: Instant, until: Instant) -> bool:
        """Add a secret; those before it end at ``until``, or sooner, and its registration is told no more. ``False``
        when too many would be valid."""
        ...

    def switch(self, id: str, state: EndpointState) -> None:
        """Set its state; one that becomes active is tried at once."""
        ...

    def deliveries(self, id: str, *, state: DeliveryState | None, after: int, limit: int) -> Sequence[KeptDelivery]:
        """What was set aside after a position, in order."""
        ...

    def retry(self, id: str, position: int) -> KeptDelivery | None:
        """Have a delivery that was set aside tried at once, a parked one too; ``None`` when there is none."""
        ...

    # --- what whoever delivers asks for ---------------------------------------------------------------------

    def claim(self) -> bool:
        """Whether this process is the one that delivers; one that ends, or loses its connection, gives that up."""
        ...

    def due(self, at: Instant) -> Sequence[str]:
        """The active endpoints for which there may be something to do."""
        ...

    def due_deliveries(self, id: str, at: Instant) -> Sequence[KeptDelivery]:
        """Of each subject the first delivery that waits, where it is due."""
        ...

    def held(self, id: str) -> frozenset[str]:
        """The subjects of which a delivery waits."""
        ...

    def move(self, endpoint: KeptEndpoint, position: int) -> bool:
        """Go on to a position up to which nothing else is wanted; ``False`` when the endpoint is not as it was."""
        ...

    def acknowledged(self, endpoint: KeptEndpoint, position: int, at: Instant, attempt: Attempt) -> bool:
        """Note a delivery; ``False`` when the endpoint is not as it was."""
        ...

    def failed(self, endpoint: KeptEndpoint, aside: KeptDelivery | None) -> bool:
        """Note how the endpoint stands after an attempt that failed, and set the delivery aside if there is one."""
        ...

    def set_aside(self, endpoint: KeptEndpoint, delivery: KeptDelivery) -> bool:
        """Let a delivery wait behind another of its subject; ``False`` when the endpoint is not as it was."""
        ...

    def tried(self, id: str, delivery: KeptDelivery, at: Instant, attempt: Attempt) -> None:
        """Note what came of a delivery that was set aside: forget one that was delivered, else keep it as it stands."""
        ...


class Webhook(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint and how it stands: changes up to ``position`` are delivered or set aside, ``behind`` says how far the
    journal has gone on. ``waiting`` and ``parked`` count what was set aside. ``last`` is what came of the last attempt,
    ``last_status`` the status of its answer."""

    id: str
    url: str
    kinds: tuple[StreamCategory, ...]
    region: str | None
    note: str | None
    by: str
    created_at: str
    state: EndpointState
    position: int
    behind: int
    waiting: int
    parked: int
    delivered: int
    delivered_at: str | None
    failing_since: str | None
    next_at: str | None
    last: Why | None
    last_status: int | None


class WebhookSecret(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint with a new secret, which is shown this once: its receiver checks signatures by it."""

    webhook: Webhook
    secret: str


class WebhookList(msgspec.Struct, frozen=True, kw_only=True):
    """All endpoints, the oldest first."""

    webhooks: tuple[Webhook, ...]


class WebhookTest(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a test: whether it was acknowledged, why not, the status of the answer, and how long it took."""

    delivered: bool
    why: Why
    status: int | None
    milliseconds: int


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """A delivery that was set aside: of the change at ``position``, sent under ``id``. ``next_at`` is when it is tried
    next, ``null`` for one that waits behind another of its subject or is parked."""

    position: int
    id: str
    subject: str
    state: DeliveryState
    tries: int
    first_at: str | None
    next_at: str | None
    last: Why | None
    last_status: int | None


class DeliveryList(msgspec.Struct, frozen=True, kw_only=True):
    """What was set aside, in order of position; ``next`` is the position to go on after, when there may be more."""

    deliveries: tuple[Delivery, ...]
    next: int | None


class Webhooks:
    """The use case of registering endpoints. Safe to share between threads."""

    def __init__(self, store: WebhookStore, sender: Sender, feed: Feed, clock: Clock, ids: Ids) -> None:
        self._store = store
        self._sender = sender
        self._feed = feed
        self._clock = clock
        self._ids = ids

    def register(self, request: WebhookRequest, *, by: str, key: str | None = None) -> WebhookSecret:
        """Register an endpoint: what is recorded from now on is sent to it. The same key gives the same one again.

        Raises ``Invalid`` for an address that is not sent to, ``Refused`` when there are too many, or for a key whose
        endpoint has another secret by now, ``ReusedKey``.
        """
        self._sender.check(request.url)
        now = self._clock.now()
        new = KeptEndpoint(
            id=self._ids.new(),
            url=request.url,
            kinds=tuple(dict.fromkeys(request.kinds)),
            region=request.region,
            note=request.note,
            by=by,
            created_at=now,
            position=self._feed.head(),
        )
        digest = hashlib.sha256(msgspec.json.encode((request, by), order="deterministic")).digest()
        kept = self._store.create(new, secrets.token_bytes(SECRET_BYTES), key, digest)
        if kept is None:
            raise Refused("too_many_webhooks", sentence("webhooks.too_many", most=MOST_ENDPOINTS))
        return WebhookSecret(webhook=self._told(kept), secret=written(self._store.secrets(kept.id, now)[0]))

    def list(self) -> WebhookList:
        """All endpoints."""
        head = self._feed.head()
        return WebhookList(webhooks=tuple(_webhook(kept, head) for kept in self._store.listed()))

    def get(self, id: str) -> Webhook:
        """One endpoint. Raises ``NotFound``."""
        return self._told(self._there(id))

    def rotate(self, id: str, request: RotationRequest) -> WebhookSecret:
        """Give an endpoint a new secret. Raises ``NotFound``, ``Refused`` when too many are valid beside it."""
        self._there(id)
        now = self._clock.now()
        secret = secrets.token_bytes(SECRET_BYTES)
        if not self._store.rotate(id, secret, now, now + request.overlap_hours * _HOUR):
            raise Refused("too_many_secrets", sentence("webhooks.too_many_secrets", most=MOST_SECRETS))
        return WebhookSecret(webhook=self.get(id), secret=written(secret))

    def pause(self, id: str) -> Webhook:
        """Deliver nothing until somebody resumes it; what is recorded meanwhile is delivered then."""
        return self._switched(id, "paused")

    def resume(self, id: str) -> Webhook:
        """Deliver again, from where it stands."""
        return self._switched(id, "active")

    def delete(self, id: str) -> None:
        """Forget an endpoint. Raises ``NotFound``."""
        self._there(id)
        self._store.delete(id)

    def test(self, id: str) -> WebhookTest:
        """Send a message that is about no change, now. Raises ``NotFound``."""
        kept, now = self._there(id), self._clock.now()
        body = msgspec.json.encode({"type": "test", "timestamp": iso_utc(now), "data": {}})
        name = f"{kept.id}_test_{now}"
        attempt = self._sender.send(Message(kept.url, self._store.secrets(id, now), name, now, body))
        return WebhookTest(
            delivered=attempt.is_delivered,
            why=attempt.why,
            status=attempt.status,
            milliseconds=attempt.milliseconds,
        )

    def deliveries(self, id: str, *, state: DeliveryState | None, after: int, limit: int) -> DeliveryList:
        """What was set aside. Raises ``NotFound``."""
        self._there(id)
        found = self._store.deliveries(id, state=state, after=after, limit=limit)
        told = tuple(_delivery(id, kept) for kept in found)
        return DeliveryList(deliveries=told, next=told[-1].position if len(told) == limit else None)

    def retry(self, id: str, position: int) -> Delivery:
        """Try a delivery that was set aside at once. Raises ``NotFound``, ``Conflict`` for an endpoint that is not
        active."""
        kept = self._there(id)
        if kept.state != "active":
            raise Conflict("webhook_inactive", sentence("webhooks.inactive", id=id))
        found = self._store.retry(id, position)
        if found is None:
            raise NotFound("delivery", str(position))
        return _delivery(id, found)

    def _switched(self, id: str, state: EndpointState) -> Webhook:
        self._there(id)
        self._store.switch(id, state)
        return self.get(id)

    def _there(self, id: str) -> KeptEndpoint:
        kept = self._store.get(id)
        if kept is None:
            raise NotFound("webhook", id)
        return kept

    def _told(self, kept: KeptEndpoint) -> Webhook:
        return _webhook(kept, self._feed.head())


def webhook_from(raw: object) -> WebhookRequest:
    """The endpoint that ``raw`` (decoded JSON) spells. Raises ``Invalid`` with every bad field at once."""
    return request_from(WebhookRequest, raw)


def rotation_from(raw: object) -> RotationRequest:
    """The rotation that ``raw`` (decoded JSON) spells. Raises ``Invalid``."""
    return request_from(RotationRequest, raw)


def must_be_same(key: str, digest: bytes, kept: bytes) -> None:
    """Raise unless a request is the one by which the endpoint of its key was registered, and its secret is still the
    one that was shown then: ``ReusedKey``, or ``Refused``."""
    if kept == REPLACED:
        raise Refused("secret_replaced", sentence("webhooks.secret_replaced", key=key))
    if kept != digest:
        raise ReusedKey(key)


def bad_url(code: str, says: str, **given: object) -> Invalid:
    """An address to which nothing is sent, and why not."""
    return Invalid((FieldProblem("/url", code, sentence(says, **given)),))


def written(secret: bytes) -> str:
    """A secret as the receiver is told it."""
    return f"whsec_{base64.b64encode(secret).decode()}"


def delivery_id(endpoint: str, position: int) -> str:
    """The id under which a change is sent to an endpoint, however often: its receiver drops what it has seen."""
    return f"{endpoint}_{position}"


def _webhook(kept: KeptEndpoint, head: int) -> Webhook:
    is_tried_later = kept.state == "active" and kept.failing_since is not None
    return Webhook(
        id=kept.id,
        url=kept.url,
        kinds=kept.kinds,
        region=kept.region,
        note=kept.note,
        by=kept.by,
        created_at=iso_utc(kept.created_at),
        state=kept.state,
        position=kept.position,
        behind=max(head - kept.position, 0),
        waiting=kept.waiting,
        parked=kept.parked,
        delivered=kept.delivered,
        delivered_at=_moment(kept.delivered_at),
        failing_since=_moment(kept.failing_since),
        next_at=iso_utc(kept.next_at) if is_tried_later else None,
        last=kept.last,
        last_status=kept.last_status,
    )


def _delivery(endpoint: str, kept: KeptDelivery) -> Delivery:
    is_due = kept.state == "waiting" and kept.first_at is not None
    return Delivery(
        position=kept.position,
        id=delivery_id(endpoint, kept.position),
        subject=kept.subject,
        state=kept.state,
        tries=kept.tries,
        first_at=_moment(kept.first_at),
        next_at=iso_utc(kept.next_at) if is_due else None,
        last=kept.last,
        last_status=kept.last_status,
    )


def _moment(at: Instant | None) -> str | None:
    return None if at is None else iso_utc(at)
