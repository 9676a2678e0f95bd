"""``--url``: the command line over a real server, with the token of an account."""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx
import pytest

from application.access.accounts import MakeAccount
from application.principal import Principal, Role
from application.sheets.looking_through import AT_ONCE
from interfaces.cli.house import Settings
from interfaces.main import InstalledHouse
from tests.faults.running import Serving
from tests.interfaces.command_line import KEY, Ask, Said
from tests.support.lines import CutLine
from tests.support.papers import pdf
from tests.support.sheets import penalty, workbook

A = "00000000-0000-4000-8000-00000000000a"
F = "00000000-0000-4000-8000-0000000000f1"
W = "00000000-0000-4000-8000-0000000000e1"
ROOT = Principal("root@test", "administrator", "000000")
ACCOUNTS: tuple[tuple[str, Role, str], ...] = (
    ("officer", "officer", "150100"),
    ("ningbo", "officer", "330200"),
    ("legal", "legal", "150100"),
    ("auditor", "auditor", "150100"),
)
AGENCY = f"""
- do: register_agency
  id: {A}
  uscc: 91350100M000100Y43
  name: 甲检测
  region: "150100"
  services: [monitoring]
"""
FACT = f"""
- do: record_fact
  subject: {A}
  id: {F}
  regime: nmg.third_party
  authority: 150100-EEB
  row: B08
  decided_on: 2024-03-12
  document: 呼环罚〔2024〕1号
"""


class Remote:
    """A server with an officer of Hohhot and one of Ningbo, and the command line that asks it."""

    def __init__(self, ask: Ask, serving: Serving, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ask, self._env, self._monkeypatch = ask, {"ECODOCKET_MASTER_KEY": KEY, "DATABASE_URL": url}, monkeypatch
        self.address = f"http://127.0.0.1:{serving.port}"
        with InstalledHouse(self._env).open(Settings()) as product:
            at = product.administering
            self.tokens = {}
            for id, role, place in ACCOUNTS:
                at.make(ROOT, MakeAccount(account=id, name=id, role=role, place=place))
                self.tokens[id] = at.door.make_token(id, ROOT.name, role, 1)[0]

    def __call__(
        self, *arguments: str, by: str = "officer", address: str | None = None, purpose: str = "", **files: str
    ) -> Said:
        self._monkeypatch.setenv("ECODOCKET_TOKEN", self.tokens.get(by, by))
        self._monkeypatch.setenv("ECODOCKET_PURPOSE", purpose)
        return self._ask("--lang", "en", "--url", address or self.address, *arguments, **files)


@pytest.fixture
def remote(ask: Ask, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remote]:
    assert ask("--database", url, "migrate").status == 0
    store = str(tmp_path / "store")
    with Serving("--database", url, ECODOCKET_MASTER_KEY=KEY, ECODOCKET_EVIDENCE=store) as serving:
        yield Remote(ask, serving, url, monkeypatch)


def test_an_officer_records_and_asks_at_a_server(remote: Remote) -> None:
    tried = remote("do", "a.yaml", "--dry-run", a=AGENCY)
    assert (tried.status, "would be recorded" in tried.out) == (0, True), tried.err
    done = remote("do", "a.yaml", "--key-prefix", "k", a=AGENCY + FACT)
    assert done.status == 0, done.err
    assert "✓ register_agency" in done.out
    assert f"✓ record_fact · recorded · file {A}" in done.out
    again = remote("do", "a.yaml", "--key-prefix", "k", "--json", a=AGENCY + FACT)
    assert [line["version"] for line in again.json] == [1, 2]
    grade = remote("grade", A, "--as-of", "2024-06-30")
    assert grade.status == 0, grade.err
    assert "甲检测" in grade.out
    assert "B08" in grade.out
    token = grade.out.splitlines()[-1]
    assert remote("grade", "--basis", token, "--json").json["basis"]["token"] == token
    assert "agency registered" in remote("timeline", A).out
    assert A in remote("subjects", "--region", "150100").out
    assert remote("deadlines", "--region", "150100").status == 0

    # Of another place: unknown, like a file that there is not.
    there = remote("grade", A, by="ningbo")
    nowhere = remote("grade", A.replace("a", "d"), by="ningbo")
    assert (there.status, nowhere.status) == (2, 2)
    assert there.err.replace(A, "") == nowhere.err.replace(A.replace("a", "d"), "")
    refused = remote("do", "b.yaml", by="ningbo", b=FACT.replace("f1", "f2"))
    assert refused.status == 2
    assert "✗ record_fact" in refused.out

    # A token that lets nobody in, and none at all.
    for by in ("edt_nobody", ""):
        assert remote("grade", A, by=by).status == 2

    # What has no way over the network says so, and does nothing here.
    assert "--url" in remote("migrate").err
    assert remote("accounts", "list").status == 2


def test_papers_are_had_from_a_server(remote: Remote, tmp_path: Path) -> None:
    assert remote("do", "a.yaml", a=AGENCY + FACT).status == 0
    asked = ("--regime", "nmg.third_party", "--as-of", "2024-06-30")
    dossier = tmp_path / "dossier.html"
    said = remote("dossier", A, *asked, "--format", "html", "-o", str(dossier))
    assert said.status == 0, said.err
    assert "呼环罚〔2024〕1号" in dossier.read_text("utf-8")
    listed = tmp_path / "list.html"
    place = ("--region", "150100", "--as-of", "2024-06-30")
    said = remote("list", "publication", "nmg.third_party", "2023", *place, "--format", "html", "-o", str(listed))
    assert said.status == 0, said.err
    assert "2023" in listed.read_text("utf-8")
    assert remote("dossier", A, *asked, "-o", str(tmp_path / "no.pdf"), by="ningbo").status == 2
    assert not (tmp_path / "no.pdf").exists()


def test_a_letter_goes_from_the_draft_to_its_service_at_a_server(remote: Remote, tmp_path: Path) -> None:
    warned = f"{{do: issue_warning, fact: {F}, id: {W}, issued_on: 2024-03-20, due_on: 2024-06-20, requirements: 补正}}"
    assert remote("do", "a.yaml", a=AGENCY + FACT + f"- {warned}\n").status == 0
    office = ("letter", "office", "150100-EEB")
    assert remote(*office, "--name", "呼和浩特市生态环境局", "--word", "呼环信", by="officer").status == 2
    assert remote(*office, "--name", "呼和浩特市生态环境局", "--word", "呼环信", by="legal").status == 0
    assert "呼环信警" in remote(*office).out
    tried = remote("letter", "draft", A, "warning_notice", W, "--dry-run")
    assert "would be recorded" in tried.out, tried.err
    letter = remote("letter", "draft", A, "warning_notice", W, "--json").json[0]["id"]
    assert "2024年6月20日" in remote("letter", "show", letter).out
    assert remote("letter", "show", letter, by="ningbo").status == 2
    waits = remote("letter", "issue", letter)
    assert (waits.status, "waits for a second person" in waits.out) == (0, True), waits.err
    decision = remote("pending", "list", "--state", "waiting", "--json").json[0]["id"]
    assert remote("pending", "sign", decision).status == 2
    signed = remote("pending", "sign", decision, by="legal")
    assert (signed.status, "signed" in signed.out) == (0, True), signed.err
    listed = remote("letter", "list", A).out
    assert "呼环信警〔" in listed
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        paper = tmp_path / f"letter.{form}"
        assert remote("letter", "write", letter, "--format", form, "-o", str(paper)).status == 0
        assert paper.read_bytes().startswith(begins)
    issued_on = remote("letter", "show", letter, "--json").json["line"]["dated_on"]
    early = remote("letter", "serve", letter, "2024-03-01")
    assert (early.status, "✗ serve_letter" in early.out) == (2, True)
    assert remote("letter", "serve", letter, issued_on, "--how", "mail").status == 0
    assert f"served {issued_on}" in remote("letter", "list", A).out
    refused = remote("letter", "issue", letter, "--dated-on", "2024-01-01")
    assert (refused.status, "no draft" in refused.err) == (1, True), refused.err


def test_evidence_is_added_listed_and_had_again_at_a_server(remote: Remote, tmp_path: Path) -> None:
    assert remote("do", "a.yaml", a=AGENCY).status == 0
    file, bad = tmp_path / "整改报告.pdf", tmp_path / "网页.pdf"
    file.write_bytes(pdf(2))
    bad.write_bytes(b"<!DOCTYPE html><script>alert(1)</script>")
    added = remote("evidence", "add", A, str(file), "--kind", "rectification_report", "--json")
    assert (added.status, added.json["pages"]) == (0, 2), added.err
    piece = added.json["evidence"]
    assert f"SHA-256 {sha256(pdf(2)).hexdigest()}" in remote("evidence", "list", A).out
    assert remote("evidence", "get", piece, str(tmp_path / "again.pdf")).status == 0
    assert (tmp_path / "again.pdf").read_bytes() == pdf(2)
    assert remote("evidence", "get", piece, str(tmp_path / "again.pdf")).status == 2

    # What is refused leaves nothing: neither here nor there.
    for arguments, told in (
        ((A, str(bad)), "web page"),
        ((A, str(file), "--kind", "nothing"), "kind"),
        ((A, str(file), "--record", W), "record"),
        ((W, str(file)), W),
    ):
        refused = remote("evidence", "add", *arguments)
        assert (refused.status, told in refused.err) == (2, True), refused.err
        # A line in each language, and nothing said twice.
        assert len(refused.err.splitlines()) == 2
    assert remote("evidence", "get", piece, str(tmp_path / "no.pdf"), by="ningbo").status == 2
    assert not list(tmp_path.glob("*no.pdf*"))
    assert [line["evidence"] for line in remote("evidence", "list", A, "--json").json["evidence"]] == [piece]

    # An auditor says what for.
    unsaid = remote("evidence", "list", A, by="auditor")
    assert (unsaid.status, "ECODOCKET_PURPOSE" in unsaid.err) == (2, True), unsaid.err
    assert piece in remote("evidence", "list", A, by="auditor", purpose="年度审计").out

    # Reading everything again is for those who watch; what lies at the store is let go of there.
    assert remote("evidence", "check").status == 2
    checked = remote("evidence", "check", by="auditor")
    assert (checked.status, "1 piece read again" in checked.out) == (0, True), checked.err
    assert "--sweep" in remote("evidence", "check", "--sweep", by="auditor").err
    next((tmp_path / "store").glob("sha256/*/*")).write_bytes(pdf(3))
    altered = remote("evidence", "check", by="auditor")
    assert (altered.status, piece in altered.err) == (1, True)


def test_an_upload_and_a_download_that_were_cut_go_on_where_they_stood(remote: Remote, tmp_path: Path) -> None:
    assert remote("do", "a.yaml", a=AGENCY).status == 0
    content = b"".join(b"%07d\n" % number for number in range(100_000))
    file, other = tmp_path / "监测数据.csv", tmp_path / "别的.csv"
    file.write_bytes(content)
    other.write_bytes(content[::-1])
    with httpx.Client(base_url=f"{remote.address}/api/v1") as api:
        api.headers["authorization"] = f"Bearer {remote.tokens['officer']}"
        begun = {"name": file.name, "size": len(content), "sha256": sha256(content).hexdigest()}
        upload = api.post(f"/subjects/{A}/uploads", json=begun).json()["id"]
        sent = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}
        api.patch(f"/uploads/{upload}", content=content[:600_000], headers=sent).raise_for_status()
    add = ("evidence", "add", A, str(file), "--kind", "monitoring_data", "--resume", upload)
    for by, arguments in (("legal", add), ("officer", (*add[:3], str(other), *add[4:]))):
        refused = remote(*arguments, by=by)
        assert (refused.status, upload in refused.err) == (2, True), refused.err
    with CutLine(remote.address, up=[100_000]) as line:
        added = remote(*add, address=line.address)
    assert added.status == 0, added.err
    assert 200_000 < line.carried_up < 400_000
    with CutLine(remote.address, down=[500_000]) as line:
        said = remote("evidence", "get", upload, str(tmp_path / "again.csv"), address=line.address)
    assert said.status == 0, said.err
    assert (tmp_path / "again.csv").read_bytes() == content
    assert 800_000 < line.carried_down < 1_200_000

    # Cut for good, it is told how to go on.
    with CutLine(remote.address, up=[100_000] * 9) as line:
        cut = remote(*add[:6], address=line.address)
    assert (cut.status, "--resume " in cut.err) == (2, True), cut.err
    assert remote(*add[:6], "--resume", cut.err.split("--resume ")[1].split()[0]).status == 0


@pytest.mark.parametrize(
    "url", ["http://docket.example", "ftp://localhost", "localhost:8765", "https://x.example/api", "http://127.0.0.1:1"]
)
def test_an_address_to_which_no_token_may_go_or_that_nobody_has_is_refused(ask: Ask, url: str) -> None:
    said = ask("--url", url, "grade", A)
    assert (said.status, said.out) == (2, "")
    assert url in said.err


def test_a_server_and_a_database_are_not_named_at_once(ask: Ask, tmp_path: Path) -> None:
    assert ask("--url", "http://localhost:1", "--data", str(tmp_path), "grade", A).status == 2


def test_an_officer_imports_a_sheet_at_a_server_and_undoes_it(remote: Remote, tmp_path: Path) -> None:
    assert remote("do", "a.yaml", a=AGENCY).status == 0
    sheet = tmp_path / "三月.xlsx"
    sheet.write_bytes(workbook(penalty(), penalty("呼环罚〔2024〕2号", 送达日="昨天")))
    tried = remote("import", str(sheet), "--dry-run", "--errors", str(tmp_path / "errors.xlsx"))
    assert tried.status == 1
    assert "✓  row 2  甲检测  呼环罚〔2024〕1号  B11" in tried.out
    assert 'row 3, "Served on": "昨天" is no day' in tried.out
    assert (tmp_path / "errors.xlsx").exists()
    assert remote("import").out == "no batch was imported.\n"
    assert remote("import", str(sheet)).status == 1
    done = remote("import", str(sheet), "--good")
    assert done.status == 0, done.err
    number = done.out.split("batch ")[1].split(" ")[0]
    assert f"batch {number} (recorded): 1 recorded" in done.out
    assert "Nothing was changed" in remote("import", str(sheet), "--good").err
    assert f"{number}  recorded" in remote("import").out
    undone = remote("import", "--undo", number, "--reason", "导入了另一年度的表")
    assert (undone.status, f"batch {number} needs a second person and waits as a whole: " in undone.out) == (0, True)
    assert remote("import", "--undo", number, "--reason", "x", by="ningbo").status == 2
    large = tmp_path / "全年.xlsx"
    large.write_bytes(workbook(*(penalty(f"{n}号", 送达日="昨天" if n else "2024-03-05") for n in range(AT_ONCE + 1))))
    looked = remote("import", str(large), "--dry-run", "--json").json["sheet"]
    assert (looked["state"], looked["good"], looked["bad"]) == ("looked_through", 1, AT_ONCE)
    template = remote("import", "--template", "penalty", "--regime", "nmg.third_party")
    assert (template.status, Path("template-penalties-nmg.third_party.xlsx").exists()) == (0, True)
