"""To which addresses nothing is ever sent, however they are written and whatever a name leads to a moment later."""

import socket
from typing import Any

import pytest

from application.changes.endpoints import Message
from domain.errors import Invalid
from interfaces.cli.house import NotAvailable
from interfaces.webhooks.addresses import AddressRefused, Allowed, addresses_of, allowed_in, is_public, target_of
from interfaces.webhooks.sending import HttpSender
from tests.support.webhooks import Receiver

NOBODY = Allowed()
SECRET = bytes(32)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "172.31.255.254", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "192.0.2.1", "198.18.0.1", "203.0.113.9", "224.0.0.1", "239.1.1.1",
        "240.0.0.1", "255.255.255.255", "::", "::1", "fc00::1", "fd12::1", "fe80::1", "fe80::1%eth0", "fec0::1",
        "ff02::1", "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::1", "2002:a00:1::", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1", "5f00::1",
        "3fff::1", "2400:3200::5efe:127.0.0.1", "2400:3200::200:5efe:10.0.0.1", "100.100.100.200", "192.0.0.8",
        "192.88.99.1", "no address",
    ],
)  # fmt: skip
def test_an_address_of_this_machine_or_a_local_network_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["1.1.1.1", "172.15.255.255", "172.32.0.0", "2400:3200::1", "64:ff9b::101:101", "2400:3200::5efe:101:101"],
)
def test_an_address_of_the_whole_network_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "017700000001", "0", "localhost", "::1", "::ffff:7f00:1"]
)
def test_this_machine_is_refused_however_it_is_written(host: str) -> None:
    with pytest.raises((AddressRefused, OSError)):
        addresses_of(host, 443, NOBODY)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/", "not_encrypted"),
        ("ftp://example.com/", "bad_url"),
        ("https:///path", "bad_url"),
        ("https://user@example.com/", "bad_url"),
        ("https://user:secret@example.com/", "bad_url"),
        ("https://example.com/#fragment", "bad_url"),
        ("https://example.com:0x1/", "bad_url"),
        ("https://example.com:70000/", "bad_url"),
        ("https://exa mple.com/", "bad_url"),
        ("https://example.com/\r\nx: y", "bad_url"),
        ("https://例子.com/", "bad_url"),
        ("https://[::1", "bad_url"),
        ("example.com", "bad_url"),
        ("https://127.0.0.1/", "address_refused"),
        ("https://169.254.169.254/latest/meta-data", "address_refused"),
        ("https://[fd00::1]/", "address_refused"),
        ("https://localhost/", "address_refused"),
        ("https://no-such-host.invalid/", "unknown_host"),
    ],
)
def test_what_nothing_is_sent_to_is_told_with_its_reason(url: str, code: str) -> None:
    with pytest.raises(Invalid) as told:
        HttpSender(NOBODY).check(url)
    assert [(p.pointer, p.code) for p in told.value.problems] == [("/url", code)]


def test_an_operator_names_hosts_of_their_own_network_at_one_port_or_all() -> None:
    allowed = allowed_in("10.1.2.3:8080, [fd00::1], Intranet.example:443")
    for host, port in (("10.1.2.3", 8080), ("fd00::1", 1), ("fd00::1", 443), ("intranet.example", 443)):
        assert (host, port) in allowed
    for host, port in (("10.1.2.3", 8081), ("10.1.2.4", 8080), ("intranet.example", 80)):
        assert (host, port) not in allowed
    assert target_of("http://10.1.2.3:8080/a?b=c", allowed) == ("http", "10.1.2.3", 8080, "/a?b=c")
    with pytest.raises(Invalid, match="not_encrypted"):
        target_of("http://10.1.2.3/", allowed)


@pytest.mark.parametrize("setting", ["10.0.0.0/8", "http://a", "a:0", "a:70000", "a:b", "*", "a;b", "user@a"])
def test_a_setting_that_names_no_host_is_refused(setting: str) -> None:
    with pytest.raises(NotAvailable):
        allowed_in(setting)


def leads_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Names lead to these addresses, one answer after the other; the names that were looked up."""
    asked: list[str] = []
    left = list(answers)

    def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
        if host[0].isdigit():
            # The system's own connecting asks about what is an address already.
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))]
        asked.append(host)
        addresses = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_that_leads_elsewhere_after_it_was_registered_leads_nowhere(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    leads_to(monkeypatch, ["1.1.1.1"], ["127.0.0.1"])
    sender, url = HttpSender(NOBODY), f"https://rebinding.example:{receiver.port}/"
    sender.check(url)
    attempt = sender.send(Message(url, [SECRET], "1", 0, b"{}"))
    assert (attempt.why, attempt.status) == ("address_refused", None)


def test_one_local_address_among_public_ones_is_enough_to_refuse_all(monkeypatch: pytest.MonkeyPatch) -> None:
    leads_to(monkeypatch, ["1.1.1.1", "127.0.0.1"])
    with pytest.raises(AddressRefused):
        addresses_of("mixed.example", 443, NOBODY)


def test_a_name_is_looked_up_once_for_a_connection_and_connected_to_what_was_checked(
    monkeypatch: pytest.MonkeyPatch, receiver: Receiver
) -> None:
    """A second look, between check and connection, is what rebinding needs."""
    asked = leads_to(monkeypatch, ["127.0.0.1"], ["192.0.2.1"])
    sender = HttpSender(Allowed([("intranet.example", None)]))
    attempt = sender.send(Message(f"http://intranet.example:{receiver.port}/", [SECRET], "1", 0, b'{"data":{}}'))
    assert attempt.why == "delivered"
    assert asked == ["intranet.example"]
    assert receiver.came[0].headers["host"] == f"intranet.example:{receiver.port}"
    sender.close()


def test_an_address_that_was_refused_is_never_connected_to(monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> None:
    sender = HttpSender(NOBODY)
    url = f"https://127.0.0.1:{receiver.port}/"
    assert sender.send(Message(url, [SECRET], "1", 0, b"{}")).why == "address_refused"
    assert receiver.came == []


def test_no_proxy_of_the_environment_is_asked(monkeypatch: pytest.MonkeyPatch, receiver: Receiver) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, receiver.url)
        monkeypatch.setenv(name.upper(), receiver.url)
    sender = HttpSender(Allowed([("127.0.0.1", 1)]), seconds=2)
    assert sender.send(Message("http://127.0.0.1:1/", [SECRET], "1", 0, b"{}")).why == "unreachable"
    assert receiver.came == []
