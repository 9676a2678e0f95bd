"""Webhooks of a whole server: registered over HTTP and on the command line, delivered by the process that serves."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

from application.changes.endpoints import WebhookRequest
from interfaces.cli.app import run
from interfaces.main import InstalledHouse
from tests.interfaces.command_line import KEY, Ask, Said
from tests.interfaces.webhooks.conftest import Outside
from tests.support.serving import free_port, wait_for
from tests.support.webhooks import BOUND, Receiver
from tests.support.world import USCC

ROOT = Path(__file__).parents[3]
AGENCY = {
    "kind": "agency", "id": "00000000-0000-4000-8000-00000000000a", "uscc": USCC, "name": "甲检测", "region": "150100",
    "services": ["monitoring"],
}  # fmt: skip


@contextmanager
def served(url: str, allowed: str) -> Iterator[httpx.Client]:
    """The server as it is installed, over a database, with the setting that names hosts."""
    port = free_port()
    options = ["--interface", "asgi", "--factory", "--port", str(port), "--no-ws", "--workers", "1"]
    named = {"DATABASE_URL": url, "ECODOCKET_MASTER_KEY": KEY, "ECODOCKET_WEBHOOK_ALLOW": allowed}
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", *options, "interfaces.main:create_app"],
        cwd=ROOT,
        env={**os.environ, **named},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=BOUND) as client:
            client.get("/health").raise_for_status()
            yield client
    finally:
        process.terminate()
        assert process.wait(BOUND) == 0


@pytest.mark.slow
def test_what_is_recorded_over_http_reaches_a_receiver_of_this_house(
    cli: Ask, founded_url: str, receiver: Receiver
) -> None:
    with served(founded_url, f"127.0.0.1:{receiver.port}") as http:
        refused = http.post("/webhooks", json={"url": "http://127.0.0.1:1/"})
        assert (refused.status_code, [e["pointer"] for e in refused.json()["errors"]]) == (422, ["/url"])
        made = http.post("/webhooks", json={"url": receiver.url, "kinds": ["agency"]})
        assert made.status_code == 201
        assert made.headers["location"] == f"/api/v1/webhooks/{made.json()['webhook']['id']}"
        tested = http.post(f"/webhooks/{made.json()['webhook']['id']}/test", json={})
        assert tested.json()["delivered"]
        http.post("/subjects", json=AGENCY).raise_for_status()
        test, change = receiver.wait(2)
        assert (test.said["type"], change.said["type"]) == ("test", "agency-registered.v1")
        assert change.is_signed_by(made.json()["secret"])
    told = cli("webhooks", "list", "--lang", "en")
    assert receiver.url in told.out


@pytest.fixture
def house(cli: Ask, founded_url: str, receiver: Receiver, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Runs one command line where the receiver is allowed."""
    environment = {"ECODOCKET_MASTER_KEY": KEY, "ECODOCKET_WEBHOOK_ALLOW": f"127.0.0.1:{receiver.port}"}

    def asked(*arguments: str) -> Said:
        status = run(InstalledHouse(environment), ["--database", founded_url, "webhooks", *arguments])
        captured = capsys.readouterr()
        return Said(status, captured.out, captured.err)

    return asked


def test_webhooks_are_kept_on_the_command_line(house: Ask, receiver: Receiver) -> None:
    assert "没有登记的推送" in house("list").out
    refused = house("add", "https://10.0.0.1/", "--kind", "fact")
    assert (refused.status, "/kinds/0" in refused.err) == (2, True)
    assert "10.0.0.1" in house("add", "https://10.0.0.1/").err
    made = house("add", receiver.url, "--kind", "agency", "--region", "150100", "--note", "信用平台", "--json").json
    id = made["webhook"]["id"]
    assert made["secret"].startswith("whsec_")
    assert "信用平台" in house("list").out
    assert house("show", id, "--json").json == made["webhook"]
    assert "whsec_" not in house("show", id).out
    assert "whsec_" in house("rotate", id, "--overlap", "0").out
    assert "已暂停" in house("pause", id).out
    assert "推送中" in house("resume", id).out
    assert house("test", id).status == 0
    receiver.answering = lambda _: 500
    failed = house("test", id)
    assert (failed.status, "500" in failed.out) == (1, True)
    assert "没有未送达的变化" in house("deliveries", id).out
    assert house("retry", id, "1").status == 2
    assert "已删除" in house("delete", id).out
    assert house("show", id).status == 2


@pytest.mark.slow
def test_the_receiver_of_the_page_takes_what_is_sent_once(outside: Outside, capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/webhooks.md").read_text("utf-8")
    named: dict[str, Any] = {"__name__": "receiver"}
    exec(page.partition("```python\n")[2].partition("```")[0], named)
    server: HTTPServer = named["HTTPServer"](("127.0.0.1", 0), named["Receiver"])
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        made = outside.webhooks.register(WebhookRequest(url=url), by="clerk")
        outside.record("A")
        outside.deliverer().deliver(made.webhook.id)
        assert outside.webhooks.get(made.webhook.id).last_status == 400, "it knows another secret"
        named["SECRET"] = made.secret
        outside.until_next(made.webhook.id)
        outside.deliverer().deliver(made.webhook.id)
        assert outside.webhooks.get(made.webhook.id).behind == 0
    finally:
        server.shutdown()
        server.server_close()
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "agency-registered.v1",
        "fact-recorded.v1",
    ]
