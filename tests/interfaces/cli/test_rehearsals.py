"""Rehearsals from the command line: run and shown, interrupted and gone on with, listed, written to files, deleted."""

import contextlib
import csv
import datetime as dt
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from pyarrow import parquet

from application.parts import here
from application.rehearsal.rehearsal import RehearsalRequest
from interfaces.cli.app import run
from interfaces.cli.house import Settings
from interfaces.composition import Composed
from interfaces.main import InstalledHouse
from interfaces.postgres.embedded.watchdog import wait_until
from tests.interfaces.cli.test_procedure import FACTS, SUBJECTS, YEAR, recorded
from tests.interfaces.command_line import KEY, Ask, Said
from tests.support.house import InMemory, house_of
from tests.support.rehearsing import EDITION, TALK, Breaking, breaking, draft, in_parts
from tests.support.rehearsing import region as rehearsed_region
from tests.support.serving import is_listened_at
from tests.support.world import REGIME, World

UNTIL = ("--as-of", "2024-12-31")


@pytest.fixture
def dearer(tmp_path: Path) -> str:
    """A draft under which the agency's facts cost four times as much."""
    old = TALK.replace("B09", "B08").replace("points = -5", "points = -10")
    file = tmp_path / "draft.toml"
    file.write_text(draft((old, old.replace("points = -10", "points = -40"))), "utf-8")
    return str(file)


@pytest.fixture
def region(cli: Ask) -> Ask:
    """Two agencies, one of them with facts and an evaluated year."""
    recorded(cli, SUBJECTS, FACTS, YEAR)
    return cli


@pytest.fixture
def region_anywhere(anywhere: Ask) -> Ask:
    """The same two agencies."""
    recorded(anywhere, SUBJECTS, FACTS, YEAR)
    return anywhere


def test_a_draft_is_rehearsed_and_shown(region_anywhere: Ask, dearer: str) -> None:
    said = region_anywhere("rehearse", dearer, "--from", "2023-01-01", *UNTIL)
    assert said.status == 0, said.err
    assert "1 个的等级有变动" in said.out
    assert "2024-12-31 的变动矩阵：" in said.out
    assert "条目 B08" in said.out
    assert "● 甲检测  A" in said.out
    assert "会不同的已公布结果：" in said.out
    english = region_anywhere("rehearse", dearer, *UNTIL, "--lang", "en").out
    assert "Moves on 2024-12-31:" in english
    assert "row B08" in english


def test_who_has_another_score_alone_is_shown_after_whose_grade_moves(region: Ask, tmp_path: Path) -> None:
    old = TALK.replace("B09", "B08").replace("points = -5", "points = -10")
    file = tmp_path / "little.toml"
    file.write_text(draft((old, old.replace("points = -10", "points = -11"))), "utf-8")
    said = region("rehearse", str(file), *UNTIL)
    assert "0 个的等级有变动，1 个只有分数变动" in said.out
    assert said.out.count("● ") == 1


def test_the_edition_on_record_gives_zero_changes(region_anywhere: Ask) -> None:
    said = region_anywhere("rehearse", EDITION, *UNTIL)
    assert (said.status, "零变动：" in said.out) == (0, True)
    found = region_anywhere("rehearse", EDITION, *UNTIL, "--json").json
    assert (found["summary"]["moved"], found["summary"]["rescored"], found["summary"]["changed_decisions"]) == (0, 0, 0)


def test_readings_alone_are_rehearsed(region_anywhere: Ask) -> None:
    by_regime = region_anywhere("rehearse", "--regime", REGIME, "--reading", "I-04:own_year", *UNTIL, "--json").json
    by_edition = region_anywhere("rehearse", EDITION, "--reading", "I-04:own_year", *UNTIL, "--json").json
    assert (by_regime["edition"], by_edition["edition"]) == (None, EDITION)
    assert by_regime["summary"]["moved"] == by_edition["summary"]["moved"]


def test_a_result_is_kept_listed_written_and_deleted(region: Ask, dearer: str, tmp_path: Path) -> None:
    assert "没有保存的预演" in region("rehearsals").out
    done = region("rehearse", dearer, *UNTIL, "--csv", "now.csv", "--json")
    id = done.json["id"]
    assert f"{id}  完成  {EDITION}" in region("rehearsals").out
    assert [line["id"] for line in region("rehearsals", "--json").json["rehearsals"]] == [id]
    assert region("rehearsals", id, "--json").json == done.json
    written = region("rehearsals", id, "--csv", "later.csv", "--parquet", "later.parquet")
    assert written.status == 0, written.err
    assert (tmp_path / "now.csv").read_bytes() == (tmp_path / "later.csv").read_bytes()
    with (tmp_path / "now.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][0] == "主体编号"
    assert len(rows) - 1 == parquet.read_table(tmp_path / "later.parquet").num_rows > 0
    assert region("rehearsals", id, "--csv", "matrix.csv", "--table", "matrix").status == 0
    deleted = region("rehearsals", id, "--delete")
    assert (deleted.status, id in deleted.out) == (0, True)
    assert region("rehearsals", id).status == 2


@pytest.mark.slow
def test_every_core_comes_to_the_same(region: Ask, dearer: str) -> None:
    one, two = (region("rehearse", dearer, *UNTIL, "--cores", n, "--json").json for n in ("1", "2"))
    assert {**one["summary"], "basis": None} == {**two["summary"], "basis": None}


class Interrupted(InstalledHouse):
    """The house in which somebody presses Ctrl-C after the first part."""

    @contextmanager
    def open(self, settings: Settings) -> Iterator[Composed]:
        with super().open(settings) as product:
            place = here(product.journal)._replace(
                executor=Breaking(product.journal, 1, KeyboardInterrupt()), events=40
            )
            product.workplace = lambda _: nullcontext(place)
            yield product


def test_what_was_interrupted_is_shown_without_a_result_until_it_is_gone_on_with(
    dearer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    world = rehearsed_region(World())
    house = house_of(world)

    def asked(*arguments: str) -> Said:
        status = run(house, ["--lang", "en", *arguments])
        return Said(status, *capsys.readouterr())

    with house.open(Settings()) as opened:
        product = cast("InMemory", opened)
    product.workplace = lambda _: nullcontext(breaking(world, 1, KeyboardInterrupt()))
    stopped = asked("rehearse", dearer, *UNTIL)
    assert stopped.status == 130
    product.workplace = lambda _: nullcontext(in_parts(world))
    (line,) = asked("rehearsals", "--json").json["rehearsals"]
    assert f"ecodocket rehearsals {line['id']} --resume" in stopped.err
    shown = asked("rehearsals", line["id"])
    assert ("cancelled" in shown.out, "Moves on" in shown.out) == (True, False)
    resumed = asked("rehearsals", line["id"], "--resume")
    assert (resumed.status, "Moves on 2024-12-31:" in resumed.out) == (0, True)


@pytest.mark.slow
def test_who_interrupts_is_told_how_to_go_on(
    region: Ask, founded_url: str, dearer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = run(Interrupted({"ECODOCKET_MASTER_KEY": KEY}), ["--database", founded_url, "rehearse", dearer, *UNTIL])
    said = Said(status, *capsys.readouterr())
    assert status == 130
    (line,) = region("rehearsals", "--json").json["rehearsals"]
    assert (line["state"], line["done"], line["parts"] > 1) == ("cancelled", 1, True)
    assert f"ecodocket rehearsals {line['id']} --resume" in said.err
    assert region("rehearsals", line["id"], "--cancel").status == 0
    resumed = region("rehearsals", line["id"], "--resume", "--json")
    assert (resumed.status, resumed.json["state"]) == (0, "done")
    undisturbed = region("rehearse", dearer, *UNTIL, "--json").json
    assert {**resumed.json["summary"], "basis": None} == {**undisturbed["summary"], "basis": None}
    ended = region("rehearsals", line["id"], "--cancel")
    assert (ended.status, "已结束" in ended.err) == (1, True)


def test_what_cannot_be_rehearsed_is_told(region_anywhere: Ask, dearer: str, tmp_path: Path) -> None:
    (tmp_path / "there.csv").write_text("")
    (tmp_path / "broken.toml").write_text(draft((TALK, TALK.replace("-5", "5"))), "utf-8")
    for wrong in (
        (),
        ("nobody@1",),
        ("nobody.toml",),
        ("broken.toml",),
        (EDITION, "--reading", "I-99:x"),
        (EDITION, "--reading", "I-04"),
        (EDITION, "--from", "2025-02-01", *UNTIL),
        (EDITION, "--as-of", "tomorrow"),
        (EDITION, "--known-at", "yesterday"),
        (EDITION, "--region", "15"),
        (EDITION, "--csv", "there.csv"),
        (EDITION, "--table", "everything"),
    ):
        said = region_anywhere("rehearse", *wrong)
        assert (said.status, said.err != "") == (2, True), wrong
    assert region_anywhere("rehearsals", "--json").json["rehearsals"] == []
    for line in ("--cancel", "x", "x --delete", "x --cancel --delete", "--csv new.csv"):
        assert region_anywhere("rehearsals", *line.split()).status == 2, line
    told = region_anywhere("rehearse", "broken.toml").err
    assert re.search(r"broken\.toml:[1-9][0-9]* row\[11\]\.points the points of B09, 5, are not negative", told)


def test_a_place_where_nothing_can_be_rehearsed_is_told(cli: Ask) -> None:
    for wrong in (
        ("--cores", "0"),
        ("--dask", "tcp://127.0.0.1:8786", "--cores", "2"),
        ("--from-parquet", "nowhere"),
    ):
        said = cli("rehearse", EDITION, *wrong)
        assert (said.status, said.err != "") == (2, True), wrong
    assert cli("rehearsals", "--json").json["rehearsals"] == []


@pytest.mark.slow
def test_a_server_goes_on_with_what_another_has_left(region: Ask, founded_url: str, dearer: str) -> None:
    request = RehearsalRequest(text=Path(dearer).read_text("utf-8"), as_of=dt.date(2024, 12, 31))
    with InstalledHouse({"ECODOCKET_MASTER_KEY": KEY}).open(Settings(database=founded_url)) as product:
        left = product.rehearsals.begin(request, by="clerk")
        place = here(product.journal)._replace(executor=Breaking(product.journal, 1, KeyboardInterrupt()), events=40)
        with pytest.raises(KeyboardInterrupt):
            product.rehearsals.run(left.id, place)
        cancelled = product.rehearsals.begin(request, by="clerk")
        product.rehearsals.cancel(cancelled.id)
    with serving(founded_url) as ask:
        done = ask(f"/rehearsals/{left.id}")
        assert done["parts"] > 1
        assert done["summary"]["moved"] == 1
        assert ask(f"/rehearsals/{cancelled.id}")["state"] == "cancelled"


@contextmanager
def serving(url: str) -> Iterator[Callable[[str], Any]]:
    """A server of one's own; what is asked for is asked again until nothing is waiting or running any more."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    program = [sys.executable, "-m", "interfaces.main", "--database", url, "serve", "--port", str(port)]
    environment = {**os.environ, "ECODOCKET_MASTER_KEY": KEY, "ECODOCKET_CORES": "1"}
    with (
        subprocess.Popen(program, env=environment, stdout=subprocess.DEVNULL) as server,
        httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=20) as http,
    ):

        def ask(path: str) -> Any:
            answers: list[Any] = []

            def is_over() -> bool:
                with contextlib.suppress(httpx.ConnectError):
                    answer = http.get(path)
                    assert answer.status_code == 200, answer.text
                    if "retry-after" not in answer.headers:
                        answers.append(answer.json())
                return bool(answers) or server.poll() is not None

            assert wait_until(lambda: is_listened_at(port) or server.poll() is not None, 60)
            assert wait_until(is_over, 60)
            assert answers, "the server has ended"
            return answers[0]

        try:
            yield ask
        finally:
            server.terminate()
    assert server.returncode == 0


def test_a_server_is_told_how_many_processes(url: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    house = InstalledHouse({"ECODOCKET_MASTER_KEY": KEY, "ECODOCKET_CORES": "many"})
    assert run(house, ["--database", url, "serve", "--port", port]) == 2
