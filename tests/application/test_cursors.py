"""Cursors and basis tokens: what was issued is opened, what was made up is refused, and nothing else ever happens."""

import base64
import datetime as dt
import zlib
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application import cursors
from application.answering.grading import Question, read_token
from application.cursors import opened, sealed
from domain.errors import CaseError, Invalid
from tests.support.procedure import Procedure
from tests.support.properties import tried
from tests.support.world import REGIME


class Place(msgspec.Struct, frozen=True):
    """Where a list goes on."""

    subject: str
    number: int


class Other(msgspec.Struct, frozen=True):
    """A place in another list, written alike."""

    subject: str
    number: int


def checked(body: bytes) -> str:
    """A text with the checksum that tokens have, and that cursors once had."""
    return base64.urlsafe_b64encode(zlib.crc32(body).to_bytes(4, "big") + body).rstrip(b"=").decode()


def test_a_cursor_is_opened_as_it_was_sealed_and_by_its_own_list_alone() -> None:
    cursor = Place("甲", 7)
    assert opened(sealed(cursor), Place) == cursor
    with pytest.raises(Invalid):
        opened(sealed(cursor), Other)


def test_processes_with_the_same_key_open_the_cursors_of_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cursors, "_KEYS", [b"one"])
    cursor = sealed(Place("甲", 7))
    cursors.seal_with(b"another")
    with pytest.raises(Invalid):
        opened(cursor, Place)
    cursors.seal_with(b"one")
    assert opened(cursor, Place) == Place("甲", 7)


@tried(200)
@given(st.one_of(st.text(max_size=200), st.binary(max_size=200).map(lambda b: base64.urlsafe_b64encode(b).decode())))
def test_what_was_made_up_is_no_cursor(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        opened(text, Place)
    assert [p.pointer for p in refused.value.problems] == ["/cursor"]


@pytest.mark.parametrize("body", [b'["\\u0000",1]', b'["x",99999999999999999999]', b"[" * 500, b"\xff"])
def test_a_checksum_makes_no_cursor(body: bytes) -> None:
    with pytest.raises(Invalid):
        opened(checked(body), Place)


DAY = "2024-06-30"
TOKEN: list[Any] = ["A", REGIME, DAY, 1_720_000_000_000_000, 100, {}, "engine", "digest"]


@pytest.mark.parametrize(
    ("index", "value"),
    [
        (0, ""),
        (0, "A\0"),
        (0, "A" * 81),
        (1, "\n"),
        (2, "9999-12-31"),
        (2, "0001-01-01"),
        (3, 2**62),
        (3, -(2**62)),
        (4, -1),
        (4, 2**63),
        (5, {"I-04\0": "x"}),
        (5, {f"I-{n}": "x" for n in range(101)}),
    ],
)
def test_a_token_that_cannot_have_been_issued_is_damaged(index: int, value: Any) -> None:
    made_up = [*TOKEN[:index], value, *TOKEN[index + 1 :]]
    with pytest.raises(Invalid) as refused:
        read_token(checked(msgspec.json.encode(made_up)))
    assert [p.code for p in refused.value.problems] == ["bad_token"]


@pytest.mark.slow
@tried(100)
@given(
    subject=st.sampled_from(["A", "B", "甲", "\0", ""]),
    regime=st.sampled_from([REGIME, "none.such", ""]),
    as_of=st.dates(),
    known_at=st.integers(-(2**63), 2**63 - 1),
    position=st.integers(-1, 2**63 - 1),
    readings=st.dictionaries(st.sampled_from(["I-04", "I-99", ""]), st.text(max_size=12), max_size=3),
)
def test_a_token_made_up_is_answered_or_refused_and_nothing_else(
    subject: str, regime: str, as_of: dt.date, known_at: int, position: int, readings: dict[str, str]
) -> None:
    """Its checksum is no secret: whatever somebody writes into one is looked at as if it were asked for by name."""
    world = Procedure()
    world.agency()
    token = checked(msgspec.json.encode([subject, regime, as_of, known_at, position, readings, "e", "d"]))
    with suppress(CaseError):
        world.grading.repeat(token)


def test_every_token_issued_is_executed_again() -> None:
    world = Procedure()
    world.agency()
    world.fact("2024-03-12", "B08", "f1")
    for day in (dt.date(2024, 3, 11), dt.date(2024, 3, 12), dt.date(2025, 1, 1)):
        answer = world.grading.grade(Question(subject="A", regime=REGIME, as_of=day, readings={"I-04": "own_year"}))
        assert world.grading.repeat(answer.basis.token) == answer
