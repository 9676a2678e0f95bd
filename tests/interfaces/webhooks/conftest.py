"""A journal in PostgreSQL with endpoints, a clock that a test sets, and receivers on this machine."""

from collections.abc import Iterator

import pytest

from application.changes.delivering import Deliverer
from application.changes.endpoints import KeptDelivery, WebhookRequest, Webhooks
from application.changes.feed import Feed
from application.ports import AnyEvent, Entry
from application.principal import Principal
from domain.events.registration import AgencyRegistered
from domain.time import Instant
from interfaces.clocks import StoppedClock, SystemClock
from interfaces.ids import RandomIds
from interfaces.postgres.changes.source import PostgresChanges
from interfaces.postgres.changes.webhooks import PostgresWebhooks
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from interfaces.webhooks.addresses import Allowed
from interfaces.webhooks.sending import HttpSender
from tests.conftest import MakeDatabase
from tests.journal.examples import fact
from tests.support.webhooks import Receiver, receivers

SECOND = 1_000_000
DAY = 86_400 * SECOND


class Outside:
    """The journal and its webhooks, as they are over one database."""

    def __init__(self, url: str) -> None:
        self.url = url
        # Now, because a receiver takes no signature of another day.
        self.clock = StoppedClock(SystemClock().now())
        self.journal = PostgresJournal(url, self.clock)
        self.vault = PostgresVault(self.journal.datastore, bytes(32))
        self.store = PostgresWebhooks(self.journal.datastore, self.vault)
        self.feed = Feed(PostgresChanges(self.journal.datastore))
        self.sender = HttpSender(Allowed([("127.0.0.1", None)]))
        self._facts = self._steps = 0

    @property
    def webhooks(self) -> Webhooks:
        return Webhooks(self.store, self.sender, self.feed, self.clock, RandomIds())

    def deliverer(self) -> Deliverer:
        """One that knows nothing yet, as after a start; chance takes nothing off its pauses."""
        return Deliverer(self.store, self.sender, self.feed, self.clock, draw=lambda: 0.0)

    def register(self, receiver: Receiver, **fields: object) -> str:
        """Register an endpoint; its id."""
        request = WebhookRequest(url=receiver.url, **fields)  # type: ignore[arg-type]
        return self.webhooks.register(request, by="clerk").webhook.id

    def record(self, *subjects: str, region: str = "150100") -> list[int]:
        """A fact on each file in turn, which is opened where there is none; the positions of the facts."""
        positions: list[int] = []
        for subject in subjects:
            version = len(self.journal.stream(subject))
            if not version:
                opened = AgencyRegistered(uscc=subject, name="甲", region=region, services=("monitoring",))
                self._append(subject, 1, opened)
                version = 1
            self._facts += 1
            positions.append(self._append(subject, version + 1, fact(f"f{self._facts}")))
        return positions

    def _append(self, subject: str, version: int, event: AnyEvent) -> int:
        entry = Entry(subject, "agency", version, event, event.introduced_id)
        return self.journal.append([entry], by=Principal("clerk")).positions[0]

    def aside(self, id: str) -> list[KeptDelivery]:
        """What was set aside."""
        return list(self.store.deliveries(id, state=None, after=0, limit=500))

    def until_next(self, id: str) -> Instant:
        """Set the clock to when the endpoint, or what was set aside, is tried next; how long that is."""
        self._steps += 1
        assert self._steps < 1000, "it does not come to an end"
        kept, now = self.store.get(id), self.clock.now()
        assert kept is not None
        due = [kept.next_at, *(d.next_at for d in self.aside(id) if d.state == "waiting")]
        at = min((moment for moment in due if moment > now), default=now)
        self.clock.set(at)
        return at - now


@pytest.fixture
def outside(make_database: MakeDatabase) -> Iterator[Outside]:
    found = Outside(make_database())
    yield found
    found.store.give_up()
    found.sender.close()
    found.journal.close()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receivers() as (found,):
        yield found
