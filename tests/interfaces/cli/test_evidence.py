"""Evidence on the command line: added, listed, written out, read again."""

from pathlib import Path

import pytest

from interfaces.cli.app import run
from tests.interfaces.command_line import Said
from tests.support.house import house_of
from tests.support.papers import pdf
from tests.support.world import World


class Desk:
    """Somebody at a terminal, in a folder."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.world = World()
        self.world.agency("A")
        self.world.clock.set(1_750_035_600_000_000)
        self.house = house_of(self.world)
        self.folder = folder
        self._capsys = capsys

    def run(self, *arguments: str) -> Said:
        status = run(self.house, ("evidence", *arguments))
        out, err = self._capsys.readouterr()
        return Said(status, out, err)

    def file(self, content: bytes, name: str = "整改报告.pdf") -> str:
        (self.folder / name).write_bytes(content)
        return str(self.folder / name)


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(capsys, tmp_path)


def test_a_file_is_taken_in_listed_and_written_out_again(desk: Desk) -> None:
    added = desk.run("add", "A", desk.file(pdf(2)), "--kind", "rectification_report", "--json")
    assert (added.status, added.json["pages"], added.json["kind"]) == (0, 2, "rectification_report")
    listed = desk.run("list", "A")
    assert "整改报告.pdf" in listed.out
    assert added.json["digest"] in listed.out
    written = desk.run("get", added.json["evidence"], "出.pdf")
    assert written.status == 0, written.err
    assert (desk.folder / "出.pdf").read_bytes() == pdf(2)
    again = desk.run("get", added.json["evidence"], "出.pdf")
    assert again.status == 2
    assert "出.pdf" in again.err


def test_what_is_not_taken_leaves_nothing(desk: Desk) -> None:
    for content, told in ((b"<html>", "不予接收"), (b"", "文件是空的")):
        said = desk.run("add", "A", desk.file(content))
        assert said.status == 2
        assert told in said.err
    assert desk.run("add", "A", "没有.pdf").status == 2
    assert desk.run("add", "B", desk.file(pdf())).status == 2
    assert desk.run("add", "A", desk.file(pdf()), "--kind", "nothing").status == 2
    assert "尚无证据" in desk.run("list", "A").err


def test_a_check_names_what_is_missing_and_ends_otherwise_than_well(desk: Desk) -> None:
    sound = desk.run("add", "A", desk.file(pdf(2)), "--json").json
    assert desk.run("check").status == 0
    gone = desk.run("add", "A", desk.file(pdf(3)), "--json").json
    desk.world.papers.contents.delete(f"sha256/{gone['digest']}")
    checked = desk.run("check")
    assert checked.status == 1
    assert gone["evidence"] in checked.err
    assert sound["evidence"] not in checked.err
    assert "已复核 2 件" in checked.out
    assert desk.run("check", "A", "--json").json["faults"][0]["fault"] == "missing"


def test_what_lay_in_clear_before_it_was_marked_is_swept(desk: Desk) -> None:
    piece = desk.run("add", "A", desk.file(pdf(2)), "--json").json
    shared = [desk.run("add", "A", desk.file(pdf(3), f"{n}.pdf"), "--json").json for n in (1, 2)]
    for marked in (piece, shared[0]):
        desk.world.do("2025-06-16", "mark_evidence", evidence=marked["evidence"], personal_data=True, reason="有身份证")
    contents = desk.world.papers.contents
    latest = max(found.since for found in contents.listed())
    desk.world.clock.set(latest + 8 * 24 * 3_600_000_000)
    desk.world.papers.uploads.tend()
    assert desk.run("check", "--sweep", "--json").json["swept"] == 1
    lying = sorted(found.address.partition("/")[0] for found in contents.listed())
    assert lying == ["keyed", "keyed", "sha256"]
    assert desk.run("check", "--json").json["faults"] == []


def test_a_sweep_lets_go_of_what_nobody_names_and_is_older_than_a_day(desk: Desk) -> None:
    named = desk.run("add", "A", desk.file(pdf(2)), "--json").json
    orphan = desk.world.papers.contents.put(b"nobody names it")
    kept = f"sha256/{named['digest']}"
    assert desk.run("check", "--sweep", "--json").json["swept"] == 0
    # The store has a clock of its own.
    latest = max(found.since for found in desk.world.papers.contents.listed())
    desk.world.clock.set(latest + 24 * 3_600_000_000 + 1)
    desk.world.papers.uploads.tend()
    assert desk.run("check", "--json").json["orphans"] == 1
    assert desk.run("check", "--sweep", "--json").json["swept"] == 1
    assert [found.address for found in desk.world.papers.contents.listed()] == [kept]
    assert not desk.world.papers.contents.exists(orphan)
