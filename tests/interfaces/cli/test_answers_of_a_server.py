"""``--url`` before an API in memory: how what a server answers is told, and what is asked of it."""

import datetime as dt
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import httpx2
import pytest

from domain.time import at_hour
from interfaces.cli.commands.papers import evidence_at_server
from interfaces.cli.commands.sheets import desks
from interfaces.cli.remote import Remote as AtServer
from interfaces.sheets.reading import read_sheet
from tests.interfaces.command_line import Ask, Said
from tests.interfaces.http_client import Api
from tests.interfaces.http_listener import Listener
from tests.support.accounts import account, token, with_first
from tests.support.lines import CutLine
from tests.support.sheets import penalty, workbook
from tests.support.world import BUREAU, REGIME, USCC, World

A = "00000000-0000-4000-8000-00000000000a"
B = "00000000-0000-4000-8000-00000000000b"
FACT = "00000000-0000-4000-8000-0000000000f1"
WARNING = "00000000-0000-4000-8000-0000000000e1"
OTHER_FACT = "00000000-0000-4000-8000-0000000000f2"
OTHER_WARNING = "00000000-0000-4000-8000-0000000000e2"
SECOND = f"""
- {{do: register_agency, id: {B}, uscc: 91150100M00000001M, name: 乙环评, region: '150100', services: [eia]}}
"""
SCORED = f"""
- {{do: record_fact, subject: {B}, id: {OTHER_FACT}, regime: {REGIME}, authority: {BUREAU}, row: B08,
   decided_on: 2024-03-12, document: 呼环罚〔2024〕1号}}
"""
RETRACTED = f"\n- {{do: retract_fact, fact: {FACT}, reason: 记错主体}}\n"


class Remote:
    """Officers of Hohhot, and the command line with which they ask a server that has an agency with a warned fact."""

    def __init__(self, ask: Ask, api: Api, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ask, self._monkeypatch = ask, monkeypatch
        self.world, self.address, self.sheets = api.world, address, api.desk.copies.primary.sheets
        self.tokens: dict[str, str] = {}
        with_first(api.administering)
        for role in ("officer", "legal"):
            account(api.administering, role, role)
            self.tokens[role] = token(api.administering, role)

    def __call__(self, *arguments: str, by: str = "officer", address: str | None = None, **files: str) -> Said:
        self._monkeypatch.setenv("ECODOCKET_TOKEN", self.tokens[by])
        return self._ask("--lang", "en", "--url", address or self.address, *arguments, **files)


@pytest.fixture
def remote(ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    # Nothing goes over TLS here: to read all certificates of the machine takes longer than most commands.
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    world = World()
    world.agency(A, uscc=USCC)
    world.fact("2024-03-12", "B08", FACT, A)
    days = {"issued_on": "2024-03-20", "due_on": "2024-06-20"}
    world.do("2024-03-20", "issue_warning", fact=FACT, id=WARNING, requirements="补正", **days)
    world.clock.set(at_hour(dt.date(2024, 6, 10), 9))
    api = Api(world)
    with Listener(api) as listener:
        yield Remote(ask, api, listener.address, monkeypatch)


# --- questions ----------------------------------------------------------------------------------------------------


def test_a_grade_is_told_with_every_step_and_when_it_changes_next(remote: Remote) -> None:
    said = remote("grade", A, "--as-of", "2024-06-10")
    name, as_of, headline, step, why, change, basis = said.out.splitlines()
    assert (said.status, name, as_of) == (0, f"甲检测  {A}", "as of 2024-06-10")
    assert headline.startswith("▶ running grade (not a published result): 100 points")
    assert step == "○ 2024-03-12  B08  → 100"
    assert "the limit of the warning still runs" in why
    assert change.startswith("Next change: from 2024-06-21: 90 points")
    assert remote("grade", "--basis", basis, "--json").json["basis"]["token"] == basis
    assert remote("grade", A, "--basis", basis).status == 2
    assert "Next change: " not in remote("grade", A, "--as-of", "2024-06-21").out


def test_lists_are_told_line_by_line_and_that_there_is_more(remote: Remote) -> None:
    told = remote("timeline", A)
    assert told.out.splitlines()[::2] == [
        "—  2023-01-02  agency registered  clerk",
        "2024-03-20  2024-03-20  warning issued  clerk",
    ]
    assert remote("timeline", A, "--json").json["version"] == 3
    assert remote("do", "b.yaml", b=SECOND).status == 0
    subjects = remote("subjects", "--limit", "1")
    assert (len(subjects.out.splitlines()), f"  {A}" in subjects.out, "use --limit" in subjects.err) == (1, True, True)
    assert {line["id"] for line in remote("subjects", "--json").json["subjects"]} == {A, B}
    every = remote("subjects")
    assert (len(every.out.splitlines()), every.err) == (2, "")
    due = remote("deadlines")
    assert due.out.startswith("2024-06-20  time is left  complete the rectification a warning asks for  甲检测  ")
    assert [line["id"] for line in remote("deadlines", "--json").json["lines"]] == [f"{WARNING}:rectification"]


def test_of_many_deadlines_it_is_said_that_there_are_more(remote: Remote) -> None:
    remote.world.fact("2024-04-12", "B08", OTHER_FACT, A)
    days = {"issued_on": "2024-04-20", "due_on": "2024-07-20"}
    remote.world.do("2024-04-20", "issue_warning", fact=OTHER_FACT, id=OTHER_WARNING, requirements="补正", **days)
    first = remote("deadlines", "--limit", "1")
    assert (len(first.out.splitlines()), "use --limit" in first.err) == (1, True)


def test_papers_are_written_as_the_server_makes_them(remote: Remote, tmp_path: Path) -> None:
    dossier, listed = tmp_path / "dossier.html", tmp_path / "list.html"
    assert remote("dossier", A, "--as-of", "2024-06-10", "--format", "html", "-o", str(dossier)).status == 0
    assert f"文书-{FACT}" in re.sub("<[^>]+>", "", dossier.read_text("utf-8"))
    place = ("--region", "150100", "--as-of", "2024-06-10")
    assert remote("list", "publication", REGIME, "2023", *place, "--format", "html", "-o", str(listed)).status == 0
    assert "2023" in listed.read_text("utf-8")
    assert remote("dossier", B, "-o", str(tmp_path / "no.pdf")).status == 2
    assert not (tmp_path / "no.pdf").exists()


# --- commands -----------------------------------------------------------------------------------------------------


def test_what_is_recorded_waits_or_is_refused_is_told_command_by_command(remote: Remote) -> None:
    assert "· would be recorded ·" in remote("do", "b.yaml", "--dry-run", b=SECOND).out
    done = remote("do", "b.yaml", b=SECOND + SCORED + RETRACTED)
    registered, scored, retracted = done.out.splitlines()
    assert registered == f"✓ Register an agency · recorded · file {B} · version 1"
    assert scored == f"✓ Record a fact · recorded · file {B} · id {OTHER_FACT} · version 2"
    assert retracted.startswith("… Retract a fact · waits for a second person: ")
    refused = remote("do", "b.yaml", b=SECOND.replace(B, A))
    assert (refused.status, refused.out) == (1, "✗ Register an agency\n")
    assert "stopped here: 0 of 1 recorded before" in refused.err
    stopped = remote("do", "b.yaml", "--json", b=SECOND + SECOND.replace(B, A))
    assert (stopped.status, [answer["status"] for answer in stopped.json]) == (1, ["already_so"])


def test_what_waits_at_a_server_is_listed_and_signed_by_another(remote: Remote) -> None:
    assert remote("pending", "list").out == "no decisions.\n"
    remote("do", "b.yaml", b=RETRACTED)
    (waiting,) = remote("pending", "list", "--state", "waiting", "--json").json
    assert waiting["effects"]
    listed = remote("pending", "list").out
    assert listed.startswith(f"{waiting['id']} · waiting · Retract a fact · {A} · proposed by officer")
    assert remote("pending", "sign", waiting["id"]).status == 2
    signed = remote("pending", "sign", waiting["id"], by="legal")
    assert "  signed by legal at 2024-06-10 09:00" in signed.out
    assert f"  recorded on file {A}, position " in signed.out


def test_a_letter_is_drafted_shown_and_written_at_a_server(remote: Remote, tmp_path: Path) -> None:
    office = ("letter", "office", BUREAU)
    assert remote(*office, "--name", "呼和浩特市生态环境局", "--word", "呼环信", by="legal").status == 0
    assert "  warnings  呼环信警〔2024〕1号" in remote(*office).out
    letter = remote("letter", "draft", A, "warning_notice", WARNING, "--json").json[0]["id"]
    assert "    请于2024年6月20日前（含当日）完成整改" in remote("letter", "show", letter).out
    assert remote("letter", "show", letter, "--json").json["line"]["letter"] == letter
    assert remote("letter", "list", A).out.startswith("credit warning · draft · ")
    waits = remote("letter", "issue", letter).out
    assert waits.startswith("… Issue a letter · waits for a second person: ")
    assert len(waits.splitlines()) == 1
    (waiting,) = remote.world.signing.decisions.page(state="waiting").items
    told = remote("pending", "sign", waiting.id, "--digest", waiting.digest, "--json", by="legal").json
    assert (told["decision"]["state"], told["outcome"]["subject"]) == ("signed", A)
    paper = tmp_path / "letter.docx"
    assert remote("letter", "write", letter, "--format", "docx", "-o", str(paper)).status == 0
    assert paper.read_bytes().startswith(b"PK")


def test_a_sheet_is_looked_through_recorded_and_undone_at_a_server(remote: Remote, tmp_path: Path) -> None:
    sheet, faults = tmp_path / "三月.xlsx", tmp_path / "faults.xlsx"
    sheet.write_bytes(workbook(penalty(), penalty("呼环罚〔2024〕2号", 送达日="昨天")))
    tried = remote("import", str(sheet), "--dry-run", "--errors", str(faults))
    assert (tried.status, faults.exists()) == (1, True)
    assert "✓  row 2  甲检测  呼环罚〔2024〕1号  B11" in tried.out
    assert remote("import").out == "no batch was imported.\n"
    done = remote("import", str(sheet), "--good")
    assert "(recorded): 1 recorded, 0 wait for a second person" in done.out, done.err
    number = remote("import").out.split()[0]
    undone = remote("import", "--undo", number, "--reason", "导入了另一年度的表")
    assert f"batch {number} needs a second person and waits as a whole: " in undone.out
    assert "no imported sheet with the id 1-1" in remote("import", "--undo", "1-1", "--reason", "x").err
    template = remote("import", "--template", "penalty", "--regime", REGIME)
    assert (template.status, Path(f"template-penalties-{REGIME}.xlsx").exists()) == (0, True), template.err


def test_a_large_sheet_is_asked_for_until_the_server_has_looked_it_through(
    remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("interfaces.http.controllers.imports.AT_ONCE", 1)
    monkeypatch.setattr(desks, "_LOOK_SECONDS", 0.0)
    monkeypatch.setattr(desks, "_PAGE", 1)
    told: list[tuple[int, int | None]] = []

    def goes_on(done: int, of: int | None, text: str | None = None) -> None:
        """The server goes on by itself; here, once it has been asked how far it is."""
        told.append((done, of))
        for id in remote.sheets.waiting():
            remote.sheets.work(id, read_sheet)

    headers = {"authorization": f"Bearer {remote.tokens['officer']}"}
    with httpx2.Client(base_url=remote.address, headers=headers) as client:
        desk = desks.RemoteDesk(AtServer(client, remote.address))
        sheet = workbook(penalty(), penalty("呼环罚〔2024〕2号", 送达日="昨天"))
        status = desk.take_in(sheet, None, "三月.xlsx", goes_on)
        assert (status.state, status.good, status.bad, told) == ("looked_through", 1, 1, [(0, 2)])
        assert [(line.row, line.mark) for line in desk.rows(status.id, None)] == [(2, "good"), (3, "bad")]


# --- evidence -----------------------------------------------------------------------------------------------------


def test_an_upload_is_gone_on_with_and_a_download_whose_line_is_cut(
    remote: Remote, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = b"".join(b"%07d\n" % number for number in range(12_000))
    file, other = tmp_path / "监测数据.csv", tmp_path / "别的.csv"
    file.write_bytes(content)
    other.write_bytes(content[::-1])
    with httpx.Client(base_url=f"{remote.address}/api/v1") as api:
        api.headers["authorization"] = f"Bearer {remote.tokens['officer']}"
        begun = {"name": file.name, "size": len(content), "sha256": sha256(content).hexdigest()}
        upload = api.post(f"/subjects/{A}/uploads", json=begun).json()["id"]
        sent = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}
        api.patch(f"/uploads/{upload}", content=content[:70_000], headers=sent).raise_for_status()
    add = ("evidence", "add", A, "--kind", "monitoring_data", "--resume", upload)
    refused = remote(*add, str(other))
    assert (refused.status, "of another file: this one does not go on with it" in refused.err) == (2, True), refused.err
    with CutLine(remote.address) as line:
        assert remote(*add, str(file), address=line.address).status == 0
    assert 20_000 < line.carried_up < 40_000
    # Cut for good, it is told how to go on.
    monkeypatch.setattr(evidence_at_server, "_PAUSES_SECONDS", ())
    with CutLine(remote.address, up=[20_000]) as line:
        cut = remote(*add[:5], str(file), address=line.address)
    assert (cut.status, "--resume " in cut.err) == (2, True), cut.err
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)
    again = tmp_path / "again.csv"
    with CutLine(remote.address, down=[50_000]) as line:
        said = remote("evidence", "get", upload, str(again), address=line.address)
    assert (said.status, again.read_bytes() == content) == (0, True), said.err
    assert 80_000 < line.carried_down < 120_000
