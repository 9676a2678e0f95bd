"""The journal: where it ends and what is new in it; and the health of the server."""

from functools import partial
from urllib.parse import urlencode

import msgspec
from litestar import Controller

from application.answering.digests import DigestFound, found_by_digest
from application.changes.feed import FeedPage, WantedChanges
from domain.time import iso_utc
from interfaces.http.access.authentication import still_admitted
from interfaces.http.access.guarding import reads_file
from interfaces.http.asking import last_event_id
from interfaces.http.handlers import Asking, question
from interfaces.http.health import Health
from interfaces.http.parameters import (
    AfterOrNow,
    AfterPosition,
    Digest,
    InRegion,
    KindsOfChange,
    LimitChanges,
    OfSubject,
)
from interfaces.http.replying import NO_STORE, Reply, reply
from interfaces.http.semantics.event_streams import EVENT_STREAM
from interfaces.http.use_cases import PAGE


class JournalHead(msgspec.Struct, frozen=True, kw_only=True):
    """The end of the journal: its highest position and when that was recorded (``None`` when empty)."""

    position: int
    recorded_at: str | None


class JournalController(Controller):
    """The journal and the health of the server."""

    tags = ("journal",)

    @question("/journal/head", is_of_the_primary=True)
    def get_head(self, *, caller: Asking) -> Reply[JournalHead]:
        """End of the journal."""
        head = caller.at.journal.head()
        recorded_at = iso_utc(head.recorded_at) if head.position else None
        return reply(JournalHead(position=head.position, recorded_at=recorded_at))

    @question("/journal/digests/{digest}", "not_found", "not_yet_there")
    def get_digest(self, digest: Digest, *, asked: Asking) -> Reply[DigestFound]:
        """What a digest is of."""
        at = asked.at
        return reply(found_by_digest(at.journal, at.legislation, digest, partial(reads_file, asked)), NO_STORE)

    @question("/journal/changes", "not_found", "not_yet_there")
    def get_changes(
        self,
        after: AfterPosition = 0,
        limit: LimitChanges = PAGE,
        kind: KindsOfChange = (),
        region: InRegion = None,
        subject: OfSubject = None,
        *,
        asked: Asking,
    ) -> Reply[FeedPage]:
        """Changes after a position."""
        wanted = WantedChanges(kinds=tuple(kind), region=region, subject=subject)
        page = asked.at.feed.page(wanted, after=after, limit=limit)
        if not page.more:
            return reply(page, NO_STORE)
        narrowed = [("region", region), ("subject", subject), *(("kind", found) for found in kind)]
        query = [("after", page.next), ("limit", limit), *((name, value) for name, value in narrowed if value)]
        return reply(page, NO_STORE, (b"link", f'<{asked.path}?{urlencode(query)}>; rel="next"'.encode()))

    @question("/journal/changes/stream", "not_found", is_of_the_primary=True, files=(EVENT_STREAM,))
    async def get_changes_stream(
        self,
        after: AfterOrNow = None,
        kind: KindsOfChange = (),
        region: InRegion = None,
        subject: OfSubject = None,
        *,
        caller: Asking,
    ) -> Reply[str]:
        """Changes as they are committed."""
        wanted = WantedChanges(kinds=tuple(kind), region=region, subject=subject)
        seen = last_event_id(caller.headers)
        desk, known = caller.desk, caller.caller.known
        stays = None if known is None else partial(still_admitted, desk.door, desk.provider, known)
        return desk.streams.open(wanted, after if seen is None else seen, stays)

    @question("/health", "unavailable", is_of_the_primary=True)
    async def get_health(self, *, caller: Asking) -> Reply[Health]:
        """Health."""
        return await caller.desk.watch.answer()
