"""``/health`` waits for no thread that answers questions, and for no probe that hangs."""

import asyncio
import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from freezegun import freeze_time

from interfaces.http import health
from interfaces.http.desk import THREADS, WORKERS
from interfaces.http.health import Watch
from interfaces.http.operations import Operation
from interfaces.http.problems import Trouble
from interfaces.http.replying import Reply
from tests.interfaces.http_client import Api


@contextmanager
def held(holds: threading.Event) -> Iterator[None]:
    """Until the end of the block somebody hangs on ``holds``."""
    try:
        yield
    finally:
        holds.set()


def test_health_is_answered_while_every_thread_that_answers_questions_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight questions hang and more wait behind them."""
    holds, inside = threading.Event(), threading.Semaphore(0)

    def hang(*_: Any) -> Reply[Any]:
        inside.release()
        holds.wait(30)
        return Reply(200, b"{}")

    # What a thread calls; the handler of /health is awaited.
    monkeypatch.setattr(Operation, "call", hang)
    api = Api()

    async def ask() -> int:
        transport = httpx.ASGITransport(app=api.app, client=("127.0.0.1", 1))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost/api/v1") as http:
            paths = ["/journal/head"] * (THREADS + 2)
            paths += [f"/subjects/{'0' * 8}-0000-4000-8000-{'0' * 12}/grade/counterfactuals?target=A"] * (WORKERS + 2)
            asked = [asyncio.create_task(http.get(path)) for path in paths]
            for _ in range(THREADS + WORKERS):
                await asyncio.to_thread(inside.acquire, timeout=30)
            with held(holds):
                status = (await http.get("/health")).status_code
            await asyncio.gather(*asked)
            return status

    assert asyncio.run(ask()) == 200


def test_a_probe_that_hangs_leaves_what_was_found_last_standing_for_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    holds, found = threading.Event(), [b"first"]

    def probe() -> Reply[Any]:
        if not found:
            holds.wait(30)
        return Reply(200, found.pop() if found else b"late")

    async def ask() -> tuple[bytes, bytes, str]:
        watch = Watch(probe)
        with held(holds), freeze_time("2023-12-31T15:59:59Z", real_asyncio=True) as clock:
            first = (await watch.answer()).body
            clock.tick(health.STANDS_SECONDS - 0.1)
            again = (await watch.answer()).body
            clock.tick(0.1)
            monkeypatch.setattr(health, "SILENT_SECONDS", 0.0)
            with pytest.raises(Trouble) as silent:
                await watch.answer()
        watch.close()
        return first, again, silent.value.kind

    assert asyncio.run(ask()) == (b"first", b"first", "unavailable")


def test_nobody_complains_of_a_probe_that_fails_when_nobody_waits_for_it_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    holds, complaints = threading.Event(), []
    monkeypatch.setattr(health, "SILENT_SECONDS", 0.0)

    def probe() -> Reply[Any]:
        holds.wait(30)
        raise OSError("gone")

    async def ask() -> None:
        asyncio.get_running_loop().set_exception_handler(lambda _, complaint: complaints.append(complaint["message"]))
        watch = Watch(probe)
        with held(holds), pytest.raises(Trouble):
            await watch.answer()
        # Whoever came first is told first of how the probe ended.
        with pytest.raises(OSError, match="gone"):
            await asyncio.wrap_future(watch._probing())
        watch.close()

    asyncio.run(ask())
    gc.collect()
    assert complaints == []


def test_a_probe_that_fails_is_told_and_what_was_so_before_is_not() -> None:
    answers: list[Reply[Any] | Exception] = [OSError("gone"), Reply(200, b"ok")]

    def probe() -> Reply[Any]:
        answer = answers.pop()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def ask() -> bytes:
        watch = Watch(probe)
        found = await watch.answer()
        with pytest.raises(OSError, match="gone"):
            await watch.answer()
        watch.close()
        return found.body

    assert asyncio.run(ask()) == b"ok"
