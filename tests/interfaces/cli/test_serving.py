"""Where ``serve`` listens, and what it wants before others than its own machine are let in."""

import datetime as dt
import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from interfaces.cli.app import run
from interfaces.cli.house import Binding, House, Settings
from interfaces.main import InstalledHouse
from interfaces.postgres.embedded.watchdog import wait_until
from tests.interfaces.command_line import KEY
from tests.support.house import MemoryHouse
from tests.support.serving import is_listened_at
from tests.support.world import World

TLS = {"ECODOCKET_HOSTS": "docket.example"}


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """A certificate of this machine, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = tmp_path / "tls.crt", tmp_path / "tls.key"
    files[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    files[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return files


def refused(capsys: pytest.CaptureFixture[str], *arguments: str, **environment: str) -> str:
    """What is said of a server that is not begun."""
    status = run(InstalledHouse({"ECODOCKET_MASTER_KEY": KEY, **environment}), arguments)
    assert status == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def tls_options(certificate: tuple[Path, Path]) -> tuple[str, ...]:
    return "--tls-certificate", str(certificate[0]), "--tls-key", str(certificate[1])


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_without_tls_or_a_proxy_no_other_machine_is_served(host: str, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, "serve", "--host", host, "--port", str(_port()), **TLS)
    assert "--tls-certificate" in said
    assert "ECODOCKET_TRUSTED_PROXY" in said


def test_a_certificate_without_its_key_is_refused(
    capsys: pytest.CaptureFixture[str], certificate: tuple[Path, Path]
) -> None:
    assert "--tls-key" in refused(capsys, "serve", "--port", str(_port()), "--tls-certificate", str(certificate[0]))


@pytest.mark.parametrize("fault", ["missing", "swapped", "empty", "protected"])
def test_what_is_no_certificate_with_its_key_is_refused(
    fault: str, capsys: pytest.CaptureFixture[str], certificate: tuple[Path, Path]
) -> None:
    crt, key = certificate
    if fault == "missing":
        key.unlink()
    elif fault == "empty":
        crt.write_text("")
    elif fault == "protected":
        held = serialization.load_pem_private_key(key.read_bytes(), None)
        locked = serialization.BestAvailableEncryption(b"secret")
        key.write_bytes(held.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked))
    else:
        crt, key = key, crt
    said = refused(capsys, "serve", "--port", str(_port()), *tls_options((crt, key)))
    assert str(crt) in said


def test_other_machines_are_served_by_name_only(
    capsys: pytest.CaptureFixture[str], certificate: tuple[Path, Path]
) -> None:
    said = refused(capsys, "serve", "--host", "0.0.0.0", "--port", str(_port()), *tls_options(certificate))
    assert "ECODOCKET_HOSTS" in said


@pytest.mark.parametrize(
    "through",
    ["tls", *(pytest.param(name, marks=pytest.mark.slow) for name in ("proxy", "a proxy of this machine"))],
)
def test_without_an_account_no_other_machine_is_served(
    through: str, capsys: pytest.CaptureFixture[str], certificate: tuple[Path, Path], url: str
) -> None:
    assert run(InstalledHouse({"ECODOCKET_MASTER_KEY": KEY}), ["--database", url, "migrate"]) == 0
    capsys.readouterr()
    options = tls_options(certificate) if through == "tls" else ()
    proxy = {} if through == "tls" else {"ECODOCKET_TRUSTED_PROXY": "127.0.0.1"}
    host = "127.0.0.1" if through == "a proxy of this machine" else "0.0.0.0"
    arguments = ("--database", url, "serve", "--host", host, "--port", str(_port()), *options)
    assert "ecodocket accounts first" in refused(capsys, *arguments, **proxy, **TLS)


class Announcing(MemoryHouse):
    """A house that says that it serves, and serves nobody."""

    def __init__(self, first: str | None) -> None:
        super().__init__(World())
        self._first = first

    def serve(self, settings: Settings, binding: Binding, announce: Callable[[str | None], None]) -> None:
        """Announce it: ``first`` where there is no account yet."""
        announce(self._first)


@pytest.mark.parametrize("first", ["drawn", None])
def test_the_link_for_a_first_administrator_is_printed_where_there_is_no_account_and_nowhere_else(
    first: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    port = _port()
    assert run(cast("House", Announcing(first)), ["serve", "--port", str(port)]) == 0
    said = capsys.readouterr().out
    assert f"http://127.0.0.1:{port}" in said
    links = [word for word in said.split() if "/sign-in#" in word]
    assert len(links) == (0 if first is None else 1)
    assert all(f"http://127.0.0.1:{port}/sign-in#{first}" in link for link in links)


@pytest.mark.slow
def test_the_printed_link_makes_the_first_administrator_over_tls(certificate: tuple[Path, Path], url: str) -> None:
    assert run(InstalledHouse({"ECODOCKET_MASTER_KEY": KEY}), ["--database", url, "migrate"]) == 0
    with serving(url, certificate) as (client, printed):
        page = next(line.strip() for line in printed() if "/sign-in#edl_" in line)
        assert client.get("/sign-in").status_code == 200
        body = {"link": page.partition("#")[2], "password": "a long enough Passphrase"}
        made = client.post("/api/v1/session/link", json=body)
        assert (made.status_code, made.json()["role"]) == (201, "administrator")
        assert made.headers["set-cookie"].startswith("__Host-ecodocket=")
        assert client.get("/api/v1/session").json()["account"] == "admin"
        client.cookies.clear()
        assert client.get("/api/v1/journal/head").status_code == 401
    # A later server prints none.
    with serving(url, certificate) as (_, printed):
        assert not any("#edl_" in line for line in printed())


@contextmanager
def serving(url: str, certificate: tuple[Path, Path]) -> Iterator[tuple[httpx.Client, Callable[[], list[str]]]]:
    """A server over TLS as a process of its own: a client of it, and what it has printed."""
    port = _port()
    log = certificate[0].with_name(f"{port}.log")
    program = [sys.executable, "-m", "interfaces.main", "--database", url, "--lang", "en", "serve"]
    environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"} | {"ECODOCKET_MASTER_KEY": KEY}
    with log.open("wb") as out:
        server = subprocess.Popen(
            [*program, "--port", str(port), *tls_options(certificate)], env=environment, stdout=out, stderr=out
        )
    client = httpx.Client(base_url=f"https://localhost:{port}", verify=client_context(certificate), timeout=20)

    def is_up() -> bool:
        assert server.poll() is None, log.read_text()
        try:
            return is_listened_at(port) and client.get("/api/v1/health").status_code == 200
        except httpx.HTTPError:
            return False

    try:
        assert wait_until(is_up, 30), log.read_text()
        yield client, lambda: log.read_text().splitlines()
    finally:
        server.terminate()
        server.wait(20)
        client.close()


def client_context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=str(certificate[0]))


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
