"""Two persons on the command line: who signs on one's own folder, and what waits there."""

from pathlib import Path
from typing import Any

import pytest

from application.access.decisions import PendingDecision
from application.principal import Principal
from application.recording.commands import command_from
from domain.events.pending import DecisionSigned
from interfaces.cli.app import run
from interfaces.main import InstalledHouse
from tests.interfaces.command_line import KEY, Said
from tests.support.house import house_of
from tests.support.world import BUREAU, REGIME, USCC, World

OFFICER = Principal("officer", "officer", "150100")


class Desk:
    """A command line over a world in memory, with a fact on the file of an agency."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.world = World()
        self.world.agency()
        self.world.fact("2024-03-01", "B09", "f1")
        self._capsys = capsys
        self._folder = folder

    def ask(self, *arguments: str) -> Said:
        status = run(house_of(self.world), arguments)
        out, err = self._capsys.readouterr()
        return Said(status, out, err)

    def do(self, text: str, *arguments: str) -> Said:
        file = self._folder / "commands.yaml"
        file.write_text(text, "utf-8")
        return self.ask("do", str(file), *arguments)

    def waits(self, reason: str = "记错主体") -> PendingDecision:
        retraction = command_from({"fact": "f1", "reason": reason}, name="retract_fact")
        found = self.world.signing.submit(retraction, by=OFFICER)
        assert isinstance(found, PendingDecision)
        return found


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Desk:
    return Desk(capsys, tmp_path)


RETRACTION = "{do: retract_fact, fact: f1, reason: 记错主体}"


def signatures(desk: Desk) -> list[Any]:
    return [r.event for r in desk.world.journal.pending() if isinstance(r.event, DecisionSigned)]


def test_on_one_s_own_folder_an_officer_and_an_approver_are_both_named_and_it_is_said(desk: Desk) -> None:
    said = desk.do(RETRACTION, "--as", "王某")
    assert said.status == 0
    assert "王某 提请，local-approver 签发" in said.err
    (signed,) = signatures(desk)
    assert (signed.proposed_by, signed.countersigned_by) == ("王某", "local-approver")
    assert desk.world.journal.stream("A")[-1].actor == "王某"


def test_who_signs_may_be_named_and_is_somebody_else(desk: Desk) -> None:
    refused = desk.do(RETRACTION, "--as", "王某", "--countersigned-by", "王某")
    assert refused.status != 0
    assert "提请人不得签发自己的提请" in refused.err
    assert desk.do(RETRACTION, "--as", "王某", "--countersigned-by", "李某").status == 0
    assert [(s.proposed_by, s.countersigned_by) for s in signatures(desk)] == [("王某", "李某")]


def test_what_needs_no_second_person_says_nothing_of_one(desk: Desk) -> None:
    said = desk.do("{do: change_subject, subject: A, changes: {address: 示例路}, from_on: 2024-03-01}")
    assert (said.status, "签发" in said.err, signatures(desk)) == (0, False, [])


def test_what_waits_is_listed_shown_and_signed(desk: Desk) -> None:
    found = desk.waits()
    listed = desk.ask("pending", "list")
    assert found.id in listed.out
    assert f"{found.id} · 等待签发 · 删除误录的信息 · 甲检测 · A · " in listed.out
    assert desk.ask("pending", "list", "--state", "signed").out == "没有待签发决定。\n"
    shown = desk.ask("pending", "show", found.id)
    assert f"{found.id} · 等待签发 · 删除误录的信息 · 甲检测 · A · " in shown.out
    assert "    理由：记错主体\n" in shown.out
    assert found.digest in shown.out
    assert "→ " in shown.out
    assert desk.ask("pending", "show", found.id, "--json").json["digest"] == found.digest
    signed = desk.ask("pending", "sign", found.id, "--as", "李某")
    assert signed.status == 0, signed.err
    assert "已签发" in signed.out
    assert desk.world.journal.stream("A")[-1].actor == "officer"
    assert desk.ask("pending", "sign", found.id, "--as", "李某").status != 0


def test_what_is_proposed_is_told_in_words_and_not_in_codes(desk: Desk) -> None:
    annulled = {"fact": "f1", "decided_on": "2024-03-01", "authority": BUREAU, "document": "判1", "effect": "ab_initio"}
    found = desk.world.signing.submit(command_from(annulled, name="set_aside_fact"), by=OFFICER)
    assert isinstance(found, PendingDecision)
    told = [line.strip() for line in desk.ask("pending", "show", found.id).out.splitlines()]
    assert {"作出机关：呼和浩特市生态环境局", "效力：自始无效"} <= {*told}


def test_another_digest_and_one_s_own_signature_are_refused(desk: Desk) -> None:
    found = desk.waits()
    assert "不符" in desk.ask("pending", "sign", found.id, "--digest", "0" * 64).err
    assert "提请人" in desk.ask("pending", "sign", found.id, "--as", "officer").err
    assert desk.ask("pending", "show", "00000000-0000-4000-8000-00000000dead").status != 0
    assert desk.world.signing.decisions.read(found.id).state == "waiting"


def test_who_took_a_decision_over_is_shown_and_does_not_sign_it(desk: Desk) -> None:
    found = desk.waits()
    assert "承办" not in desk.ask("pending", "show", found.id).out
    desk.world.signing.hand_over("officer", "officer-2", by=Principal("admin"))
    shown = desk.ask("pending", "show", found.id)
    assert "officer 于 " in shown.out
    assert "现由 officer-2 承办" in shown.out
    assert desk.ask("pending", "sign", found.id, "--as", "officer-2").status == 2


def test_a_decision_is_returned_with_reasons_that_are_shown(desk: Desk) -> None:
    found = desk.waits()
    back = desk.ask("pending", "return", found.id, "--reasons", "附件不全")
    assert back.status == 0, back.err
    assert "附件不全" in back.out
    assert desk.ask("pending", "list", "--json").json[0]["state"] == "returned"


def test_a_state_that_there_is_not_is_refused_with_those_there_are(desk: Desk) -> None:
    said = desk.ask("pending", "list", "--state", "open")
    assert said.status == 2
    assert "waiting" in said.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "signatures.toml"),
        ("[default]\ncommands = ['no_command']", "no_command"),
        ("[", "Invalid initial character"),
    ],
)
def test_a_table_of_one_s_own_with_faults_is_told_before_anything_is_served(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, url: str, text: str | None, told: str
) -> None:
    file = tmp_path / "signatures.toml"
    if text is not None:
        file.write_text(text, "utf-8")
    house = InstalledHouse({"ECODOCKET_MASTER_KEY": KEY, "ECODOCKET_SIGNATURES": str(file)})
    assert run(house, ["--database", url, "migrate"]) == 0
    assert run(house, ["--database", url, "serve", "--port", "8097"]) == 2
    said = capsys.readouterr().err
    assert told in said


def test_what_a_table_of_one_s_own_leaves_out_needs_nobody(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, url: str
) -> None:
    file, commands = tmp_path / "signatures.toml", tmp_path / "commands.yaml"
    file.write_text("[default]\ncommands = []", "utf-8")
    fact = f"regime: {REGIME}, authority: {BUREAU}, document: 文书, row: B09, decided_on: 2024-03-01"
    commands.write_text(
        f"- {{do: register_agency, id: A, uscc: {USCC}, name: 甲检测, region: '150100', services: [monitoring]}}\n"
        f"- {{do: record_fact, subject: A, id: f1, {fact}}}\n- {RETRACTION}\n",
        "utf-8",
    )
    house = InstalledHouse({"ECODOCKET_MASTER_KEY": KEY, "ECODOCKET_SIGNATURES": str(file)})
    assert run(house, ["--database", url, "migrate"]) == 0
    assert run(house, ["--database", url, "do", str(commands)]) == 0
    assert "签发" not in capsys.readouterr().err
    assert run(house, ["--database", url, "pending", "list"]) == 0
    assert capsys.readouterr().out == "没有待签发决定。\n"
