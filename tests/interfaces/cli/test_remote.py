"""``--url``: the command line over a real server, with the token of an account."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

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
from tests.support.world import credit_code

AGENCY = "00000000-0000-4000-8000-00000000000a"
ROOT = Principal("root@test", "administrator", "000000")
AT_HOME: tuple[Role, ...] = ("officer", "legal", "auditor")


class Bureau(NamedTuple):
    """A place of Inner Mongolia in which nothing is on record yet, and the ids of what a test records there."""

    place: str
    city: str
    agency: str
    fact: str
    warning: str

    @property
    def authority(self) -> str:
        return f"{self.place}-EEB"

    @property
    def named(self) -> str:
        return f"{self.city}生态环境局"

    @property
    def uscc(self) -> str:
        return credit_code(self.agency)

    @property
    def registered(self) -> str:
        return f"""
- do: register_agency
  id: {self.agency}
  uscc: {self.uscc}
  name: 甲检测
  region: "{self.place}"
  services: [monitoring]
"""

    @property
    def penalty(self) -> str:
        return f"""
- do: record_fact
  subject: {self.agency}
  id: {self.fact}
  regime: nmg.third_party
  authority: {self.authority}
  row: B08
  decided_on: 2024-03-12
  document: 呼环罚〔2024〕1号
"""


class Remote:
    """The officers of a bureau and one of Ningbo, and the command line with which they ask a server."""

    def __init__(self, ask: Ask, server: "Server", at: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ask, self._monkeypatch = ask, monkeypatch
        self.at, self.address, self.store = at, f"http://127.0.0.1:{server.serving.port}", server.store
        with InstalledHouse({"ECODOCKET_MASTER_KEY": KEY, "DATABASE_URL": server.url}).open(Settings()) as product:
            accounts = product.administering
            self.tokens = {}
            for id, role, place in (*((role, role, at.place) for role in AT_HOME), ("ningbo", "officer", "330200")):
                name = f"{id}-{at.place}"
                accounts.make(ROOT, MakeAccount(account=name, name=id, role=role, place=place))
                self.tokens[id] = accounts.door.make_token(name, ROOT.name, role, 1)[0]

    def __call__(
        self, *arguments: str, by: str = "officer", address: str | None = None, purpose: str = "", **files: str
    ) -> Said:
        self._monkeypatch.setenv("ECODOCKET_TOKEN", self.tokens.get(by, by))
        self._monkeypatch.setenv("ECODOCKET_PURPOSE", purpose)
        return self._ask("--lang", "en", "--url", address or self.address, *arguments, **files)


class Server(NamedTuple):
    """A running server, its database, where it keeps evidence, and the places in which no test has been yet."""

    serving: Serving
    url: str
    store: Path
    bureaus: Iterator[Bureau]


def bureaus() -> Iterator[Bureau]:
    cities = ("呼和浩特市", "包头市", "乌海市", "赤峰市", "通辽市", "鄂尔多斯市")
    for number, city in enumerate(cities, 1):
        ids = (f"00000000-0000-4000-8000-0000000{number:02}0{what}" for what in ("0a", "f1", "e1"))
        yield Bureau(f"150{number}00", city, *ids)


@pytest.fixture(scope="module")
def server(shared_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for all tests, each of which is at a bureau of its own: to start one takes longer than they do."""
    InstalledHouse({"ECODOCKET_MASTER_KEY": KEY}).migrate(Settings(database=shared_url))
    store = tmp_path_factory.mktemp("store")
    with Serving("--database", shared_url, ECODOCKET_MASTER_KEY=KEY, ECODOCKET_EVIDENCE=str(store)) as serving:
        yield Server(serving, shared_url, store, bureaus())


@pytest.fixture
def remote(ask: Ask, server: Server, monkeypatch: pytest.MonkeyPatch) -> Remote:
    return Remote(ask, server, next(server.bureaus), monkeypatch)


# First: the others alter what lies at the server.
def test_a_server_that_has_just_started_finds_nothing_out_of_order(server: Server) -> None:
    health = server.serving.get("/health").json()
    assert (health["status"], health["findings"]) == ("ok", [])


@pytest.mark.slow
def test_an_officer_records_and_asks_at_a_server(remote: Remote) -> None:
    at, agency = remote.at, remote.at.agency
    tried = remote("do", "a.yaml", "--dry-run", a=at.registered)
    assert (tried.status, "would be recorded" in tried.out) == (0, True), tried.err
    done = remote("do", "a.yaml", "--key-prefix", "k", a=at.registered + at.penalty)
    assert done.status == 0, done.err
    assert "✓ Register an agency" in done.out
    assert f"✓ Record a fact · recorded · file {agency}" in done.out
    again = remote("do", "a.yaml", "--key-prefix", "k", "--json", a=at.registered + at.penalty)
    assert [line["version"] for line in again.json] == [1, 2]
    grade = remote("grade", agency, "--as-of", "2024-06-30")
    assert grade.status == 0, grade.err
    assert "甲检测" in grade.out
    assert "B08" in grade.out
    token = grade.out.splitlines()[-1]
    assert remote("grade", "--basis", token, "--json").json["basis"]["token"] == token
    assert "agency registered" in remote("timeline", agency).out
    assert agency in remote("subjects", "--region", at.place).out
    assert remote("deadlines", "--region", at.place).status == 0

    # Of another place: unknown, like a file that there is not.
    elsewhere = agency.replace("a", "d")
    there = remote("grade", agency, by="ningbo")
    nowhere = remote("grade", elsewhere, by="ningbo")
    assert (there.status, nowhere.status) == (2, 2)
    assert there.err.replace(agency, "") == nowhere.err.replace(elsewhere, "")
    refused = remote("do", "b.yaml", by="ningbo", b=at.penalty.replace(at.fact, at.warning))
    assert refused.status == 2
    assert "✗ Record a fact" in refused.out

    # A token that lets nobody in, and none at all.
    for by in ("edt_nobody", ""):
        assert remote("grade", agency, by=by).status == 2

    # What has no way over the network says so, and does nothing here.
    assert "--url" in remote("migrate").err
    assert remote("accounts", "list").status == 2


@pytest.mark.slow
def test_papers_are_had_from_a_server(remote: Remote, tmp_path: Path) -> None:
    at, agency = remote.at, remote.at.agency
    assert remote("do", "a.yaml", a=at.registered + at.penalty).status == 0
    asked = ("--regime", "nmg.third_party", "--as-of", "2024-06-30")
    dossier = tmp_path / "dossier.html"
    said = remote("dossier", agency, *asked, "--format", "html", "-o", str(dossier))
    assert said.status == 0, said.err
    assert "呼环罚〔2024〕1号" in re.sub("<[^>]+>", "", dossier.read_text("utf-8"))
    listed = tmp_path / "list.html"
    place = ("--region", at.place, "--as-of", "2024-06-30")
    said = remote("list", "publication", "nmg.third_party", "2023", *place, "--format", "html", "-o", str(listed))
    assert said.status == 0, said.err
    assert "2023" in listed.read_text("utf-8")
    assert remote("dossier", agency, *asked, "-o", str(tmp_path / "no.pdf"), by="ningbo").status == 2
    assert not (tmp_path / "no.pdf").exists()


@pytest.mark.slow
def test_a_letter_goes_from_the_draft_to_its_service_at_a_server(remote: Remote, tmp_path: Path) -> None:
    at, agency = remote.at, remote.at.agency
    days = "issued_on: 2024-03-20, due_on: 2024-06-20"
    warned = f"- {{do: issue_warning, fact: {at.fact}, id: {at.warning}, {days}, requirements: 补正}}\n"
    assert remote("do", "a.yaml", a=at.registered + at.penalty + warned).status == 0
    office = ("letter", "office", at.authority)
    assert remote(*office, "--name", at.named, "--word", "呼环信", by="officer").status == 2
    assert remote(*office, "--name", at.named, "--word", "呼环信", by="legal").status == 0
    assert "呼环信警" in remote(*office).out
    tried = remote("letter", "draft", agency, "warning_notice", at.warning, "--dry-run")
    assert "would be recorded" in tried.out, tried.err
    letter = remote("letter", "draft", agency, "warning_notice", at.warning, "--json").json[0]["id"]
    assert "2024年6月20日" in remote("letter", "show", letter).out
    assert remote("letter", "show", letter, by="ningbo").status == 2
    waits = remote("letter", "issue", letter)
    assert (waits.status, "waits for a second person" in waits.out) == (0, True), waits.err
    decision = remote("pending", "list", "--state", "waiting", "--json").json[0]["id"]
    assert remote("pending", "sign", decision).status == 2
    signed = remote("pending", "sign", decision, by="legal")
    assert (signed.status, "signed" in signed.out) == (0, True), signed.err
    listed = remote("letter", "list", agency).out
    assert "呼环信警〔" in listed
    for form, begins in (("pdf", b"%PDF"), ("docx", b"PK")):
        paper = tmp_path / f"letter.{form}"
        assert remote("letter", "write", letter, "--format", form, "-o", str(paper)).status == 0
        assert paper.read_bytes().startswith(begins)
    issued_on = remote("letter", "show", letter, "--json").json["line"]["dated_on"]
    early = remote("letter", "serve", letter, "2024-03-01")
    assert (early.status, "✗ Record the service of a letter" in early.out) == (2, True)
    assert remote("letter", "serve", letter, issued_on, "--how", "mail").status == 0
    assert f"served {issued_on}" in remote("letter", "list", agency).out
    refused = remote("letter", "issue", letter, "--dated-on", "2024-01-01")
    assert (refused.status, "no draft" in refused.err) == (1, True), refused.err


def test_evidence_is_added_listed_and_had_again_at_a_server(remote: Remote, tmp_path: Path) -> None:
    at, agency = remote.at, remote.at.agency
    assert remote("do", "a.yaml", a=at.registered).status == 0
    there, read = set(remote.store.glob("sha256/*/*")), remote("evidence", "check", by="auditor").out
    file, bad = tmp_path / "整改报告.pdf", tmp_path / "网页.pdf"
    file.write_bytes(pdf(2))
    bad.write_bytes(b"<!DOCTYPE html><script>alert(1)</script>")
    added = remote("evidence", "add", agency, str(file), "--kind", "rectification_report", "--json")
    assert (added.status, added.json["pages"]) == (0, 2), added.err
    piece = added.json["evidence"]
    assert f"SHA-256 {sha256(pdf(2)).hexdigest()}" in remote("evidence", "list", agency).out
    assert remote("evidence", "get", piece, str(tmp_path / "again.pdf")).status == 0
    assert (tmp_path / "again.pdf").read_bytes() == pdf(2)
    assert remote("evidence", "get", piece, str(tmp_path / "again.pdf")).status == 2

    # What is refused leaves nothing: neither here nor there.
    for arguments, told in (
        ((agency, str(bad)), "web page"),
        ((agency, str(file), "--kind", "nothing"), "kind"),
        ((agency, str(file), "--record", at.warning), "record"),
        ((at.warning, str(file)), at.warning),
    ):
        refused = remote("evidence", "add", *arguments)
        assert (refused.status, told in refused.err) == (2, True), refused.err
        # A line in each language, and nothing said twice.
        assert len(refused.err.splitlines()) == 2
    assert remote("evidence", "get", piece, str(tmp_path / "no.pdf"), by="ningbo").status == 2
    assert not list(tmp_path.glob("*no.pdf*"))
    assert [line["evidence"] for line in remote("evidence", "list", agency, "--json").json["evidence"]] == [piece]

    # An auditor says what for.
    unsaid = remote("evidence", "list", agency, by="auditor")
    assert (unsaid.status, "ECODOCKET_PURPOSE" in unsaid.err) == (2, True), unsaid.err
    assert piece in remote("evidence", "list", agency, by="auditor", purpose="年度审计").out

    # Reading everything again is for those who watch; what lies at the store is let go of there.
    assert remote("evidence", "check").status == 2
    (stored,) = set(remote.store.glob("sha256/*/*")) - there
    checked = remote("evidence", "check", by="auditor")
    assert checked.status == 0, checked.err
    assert checked.out.startswith(f"{int(read.split()[0]) + 1} piece")
    assert "read again" in checked.out
    assert "--sweep" in remote("evidence", "check", "--sweep", by="auditor").err
    content = stored.read_bytes()
    stored.write_bytes(pdf(3))
    altered = remote("evidence", "check", by="auditor")
    assert (altered.status, piece in altered.err) == (1, True)
    stored.write_bytes(content)


@pytest.mark.slow
def test_an_upload_and_a_download_that_were_cut_go_on_where_they_stood(remote: Remote, tmp_path: Path) -> None:
    at, agency = remote.at, remote.at.agency
    assert remote("do", "a.yaml", a=at.registered).status == 0
    content = b"".join(b"%07d\n" % number for number in range(100_000))
    file, other = tmp_path / "监测数据.csv", tmp_path / "别的.csv"
    file.write_bytes(content)
    other.write_bytes(content[::-1])
    with httpx.Client(base_url=f"{remote.address}/api/v1") as api:
        api.headers["authorization"] = f"Bearer {remote.tokens['officer']}"
        begun = {"name": file.name, "size": len(content), "sha256": sha256(content).hexdigest()}
        upload = api.post(f"/subjects/{agency}/uploads", json=begun).json()["id"]
        sent = {"content-type": "application/offset+octet-stream", "upload-offset": "0"}
        api.patch(f"/uploads/{upload}", content=content[:600_000], headers=sent).raise_for_status()
    add = ("evidence", "add", agency, str(file), "--kind", "monitoring_data", "--resume", upload)
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
    said = ask("--url", url, "grade", AGENCY)
    assert (said.status, said.out) == (2, "")
    assert url in said.err


def test_what_has_no_way_over_the_network_says_so(ask: Ask) -> None:
    said = ask("--lang", "en", "--url", "http://localhost:1", "migrate")
    assert (said.status, "--url" in said.err) == (2, True), said.err


def test_a_server_and_a_database_are_not_named_at_once(ask: Ask, tmp_path: Path) -> None:
    assert ask("--url", "http://localhost:1", "--data", str(tmp_path), "grade", AGENCY).status == 2


@pytest.mark.slow
def test_an_officer_imports_a_sheet_at_a_server_and_undoes_it(remote: Remote, tmp_path: Path) -> None:
    at = remote.at

    def row(document: str = "呼环罚〔2024〕1号", **more: str) -> dict[str, Any]:
        return penalty(document, **{"统一社会信用代码": at.uscc, "作出机关": at.named, **more})

    assert remote("do", "a.yaml", a=at.registered).status == 0
    sheet = tmp_path / "三月.xlsx"
    sheet.write_bytes(workbook(row(), row("呼环罚〔2024〕2号", 送达日="昨天")))
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
    large.write_bytes(workbook(*(row(f"{n}号", 送达日="昨天" if n else "2024-03-05") for n in range(AT_ONCE + 1))))
    looked = remote("import", str(large), "--dry-run", "--json").json["sheet"]
    assert (looked["state"], looked["good"], looked["bad"]) == ("looked_through", 1, AT_ONCE)
    template = remote("import", "--template", "penalty", "--regime", "nmg.third_party")
    assert (template.status, Path("template-penalties-nmg.third_party.xlsx").exists()) == (0, True)
