"""The journal and the health of the server."""

import msgspec
from litestar import Controller

from domain.time import iso_utc
from interfaces.http.handlers import Asking, question
from interfaces.http.health import Health
from interfaces.http.replying import Reply, reply


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

    @question("/health", "unavailable", is_of_the_primary=True)
    async def get_health(self, *, caller: Asking) -> Reply[Health]:
        """Health."""
        return await caller.desk.watch.answer()
