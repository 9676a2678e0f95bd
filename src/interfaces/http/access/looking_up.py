"""Finding out who acts with a secret, once for all who come with it at the same time."""

import asyncio
from functools import partial
from typing import Protocol

from application.access.signing_in import Known


class Identifier(Protocol):
    """Who finds out who acts with a secret, and takes their time."""

    def identify(self, secret: str, /) -> Known:
        """Who acts with it. Raises ``NotSignedIn``, or whatever keeps it from being found out."""
        ...


class LookUps:
    """What is being found out. A page of a browser, and a service, ask several questions at once: the first of them is
    looked up when what was found last stands no more, and the others wait for that."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[asyncio.AbstractEventLoop, Identifier, str], asyncio.Task[Known]] = {}

    async def identify(self, by: Identifier, secret: str) -> Known:
        """Who acts with a secret, found out in a thread. Raises what ``by`` raises, to all who wait."""
        key = asyncio.get_running_loop(), by, secret
        looking = self._under_way.get(key)
        if looking is None:
            looking = self._under_way[key] = asyncio.create_task(asyncio.to_thread(by.identify, secret))
            looking.add_done_callback(partial(self._end, key))
        # Who goes away before it is found does not take it from the others.
        return await asyncio.shield(looking)

    def _end(self, key: tuple[asyncio.AbstractEventLoop, Identifier, str], looking: asyncio.Task[Known]) -> None:
        del self._under_way[key]
        if not looking.cancelled():
            # Asked for, or the loop complains of a refusal that nobody waits for any more.
            looking.exception()
