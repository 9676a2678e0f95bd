"""The seal binds every part of an event, and memory and database seal alike."""

import hashlib
from typing import Any

from application.ports import Entry
from application.principal import Principal
from interfaces.clocks import StoppedClock
from interfaces.codec import encode
from interfaces.memory.journal import MemoryJournal
from interfaces.sealing import FIRST, fresh_salts, leaf_hash
from tests.journal.conftest import NOON
from tests.journal.examples import fact

PARTS: dict[str, Any] = {
    "stream": "A",
    "version": 2,
    "recorded_at": NOON,
    "previous": bytes(32),
    "salt": bytes(16),
    "tag": "fact-recorded.v1",
    "actor": "王某",
    "category": "agency",
    "introduces": "f1",
    "state": b"{}",
}


def test_the_seal_is_this_one() -> None:
    """Written out once, so that nobody changes it by accident: every stored leaf depends on it."""
    header = b"\0" + (2).to_bytes(8) + NOON.to_bytes(8)
    header += b"".join(n.to_bytes(4) for n in (1, 32, 16, 16, 6, 6, 2, 2))
    body = b"A" + bytes(32) + bytes(16) + b"fact-recorded.v1" + "王某".encode() + b"agency" + b"f1" + b"{}"
    assert leaf_hash(**PARTS) == hashlib.sha256(header + body).digest()


def test_every_part_counts() -> None:
    others: dict[str, Any] = {
        "stream": "B",
        "version": 3,
        "recorded_at": NOON + 1,
        "previous": FIRST,
        "salt": bytes(15) + b"x",
        "tag": "fact-recorded.v2",
        "actor": "李某",
        "category": "law",
        "introduces": None,
        "state": b"[]",
    }
    leaves = {leaf_hash(**{**PARTS, part: value}) for part, value in others.items()}
    assert len(leaves | {leaf_hash(**PARTS)}) == len(PARTS) + 1


def test_text_cannot_move_from_one_field_to_the_next() -> None:
    moved = {**PARTS, "tag": "fact-recorded.v1x", "actor": "a"}
    assert leaf_hash(**{**PARTS, "actor": "xa"}) != leaf_hash(**moved)


def test_salts_differ() -> None:
    assert len({*fresh_salts(100)}) == 100
    assert {len(salt) for salt in fresh_salts(3)} == {16}
    assert fresh_salts(0) == []


def test_a_stream_is_a_chain_of_leaves() -> None:
    journal = MemoryJournal(StoppedClock(NOON))
    journal.append([Entry("A", "agency", 1, fact("f1"), "f1"), Entry("B", "agency", 1, fact("f2"))], by=Principal("c"))
    journal.append([Entry("A", "agency", 2, fact("f3"))], by=Principal("c"))
    previous = {"A": FIRST, "B": FIRST}
    for recorded, seal in zip(journal.feed(), journal.seals(), strict=True):
        tag, state = encode(recorded.event)
        introduces = "f1" if recorded.position == 1 else None
        expected = leaf_hash(
            previous[recorded.stream], recorded.stream, recorded.version, NOON, "agency", "c", tag, introduces,
            seal.salt, state,
        )  # fmt: skip
        assert (seal.leaf, seal.state) == (expected, state)
        previous[recorded.stream] = seal.leaf
