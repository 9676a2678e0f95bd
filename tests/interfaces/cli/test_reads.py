"""The read log at the command line: whoever has the journal reads all of it."""

import datetime as dt
import json
from typing import Any

import pytest

from application.access.read_log import ANSWERED, ReadEntry
from domain.time import at_hour
from interfaces.cli.app import run
from interfaces.cli.house import Settings
from tests.support.house import MemoryHouse
from tests.support.world import World


def entry(number: int, **more: Any) -> ReadEntry:
    return ReadEntry(
        at=at_hour(dt.date(2025, 6, number), 9),
        account=f"officer-{number}",
        role="officer",
        place="150100",
        through=None,
        operation="get_grade",
        subject="A",
        record=None,
        query='{"as_of":"2025-06-01"}',
        as_of=None,
        known_at=None,
        position=None,
        purpose="复核",
        outcome=ANSWERED,
    )._replace(**more)


@pytest.fixture
def house() -> MemoryHouse:
    found = MemoryHouse(World())
    for line in (entry(1), entry(2, place="330200", through="oa"), entry(3, outcome="forbidden", subject="B")):
        with found.open(Settings()) as product:
            product.watching.write(line)
    return found


def asked(house: MemoryHouse, *arguments: str) -> int:
    return run(house, ["reads", *arguments])  # type: ignore[arg-type]


def test_every_question_is_listed_with_who_asked_what_and_how_it_ended(
    house: MemoryHouse, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(house) == 0
    last, middle, first = capsys.readouterr().out.splitlines()
    assert first == "2025-06-01 09:00  officer-1  经办人员  信用等级及理由  A  as_of=2025-06-01  复核  已答复"
    assert "officer-2 (oa)" in middle
    assert last.endswith("被拒绝（forbidden）")


@pytest.mark.parametrize(
    ("arguments", "listed"),
    [
        (["--subject", "A"], ["officer-2", "officer-1"]),
        (["--account", "officer-3"], ["officer-3"]),
        (["--from", "2025-06-02", "--until", "2025-06-02"], ["officer-2"]),
        (["--limit", "1"], ["officer-3"]),
    ],
)
def test_what_is_listed_is_narrowed(
    house: MemoryHouse, capsys: pytest.CaptureFixture[str], arguments: list[str], listed: list[str]
) -> None:
    assert asked(house, *arguments, "--json") == 0
    assert [read["account"] for read in json.loads(capsys.readouterr().out)["reads"]] == listed


@pytest.mark.parametrize("arguments", [["--limit", "0"], ["--limit", "501"], ["--from", "yesterday"]])
def test_what_cannot_be_meant_is_refused(house: MemoryHouse, arguments: list[str]) -> None:
    assert asked(house, *arguments) == 2


def test_nobody_looked(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(MemoryHouse(World())) == 0
    assert "没有查阅记录" in capsys.readouterr().out
