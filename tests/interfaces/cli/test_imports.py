"""``ecodocket import``: templates, a sheet looked through and recorded, and a batch undone."""

import datetime as dt
import io
from pathlib import Path

import openpyxl
import pytest

from application.principal import Principal
from domain.time import at_hour
from interfaces.cli.app import run
from interfaces.cli.house import House, Settings
from interfaces.sheets.reading import read_sheet
from tests.interfaces.command_line import Said
from tests.support.house import house_of
from tests.support.papers import pdf
from tests.support.sheets import BEHIND, csv_text, penalty, workbook
from tests.support.world import REGIME, World


class Desk:
    """A command line over a world in memory, in a folder of its own."""

    def __init__(self, capsys: pytest.CaptureFixture[str], folder: Path) -> None:
        self.world = World()
        self.world.agency()
        self.world.clock.set(at_hour(dt.date(2024, 6, 30), 9))
        self.house: House = house_of(self.world)
        self.folder = folder
        self._capsys = capsys

    def ask(self, *arguments: str) -> Said:
        return self.run("import", *arguments)

    def run(self, *arguments: str) -> Said:
        status = run(self.house, arguments)
        out, err = self._capsys.readouterr()
        return Said(status, out, err)

    def file(self, content: bytes, name: str = "表.xlsx") -> str:
        (self.folder / name).write_bytes(content)
        return str(self.folder / name)


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.chdir(tmp_path)
    return Desk(capsys, tmp_path)


def test_files_that_rows_name_are_taken_from_a_folder_and_those_missing_are_told(desk: Desk) -> None:
    folder = desk.folder / "证据"
    folder.mkdir()
    (folder / "决定书1.pdf").write_bytes(pdf())
    (folder / "坏.pdf").write_bytes(b"MZ")
    rows = (penalty(证据文件名="决定书1.pdf；坏.pdf"), penalty("2号", 证据文件名="没有.pdf"))
    file = desk.file(workbook(*rows))
    tried = desk.ask(file, "--dry-run", "--evidence", str(folder))
    assert (tried.status, "文件夹中没有：没有.pdf" in tried.err) == (0, True)
    said = desk.ask(file, "--evidence", str(folder))
    assert said.status == 0
    assert "文件夹中没有：没有.pdf" in said.err
    assert "坏.pdf：" in said.err
    assert [line.title for line in desk.world.papers.evidence.of_file("A").evidence] == ["决定书1.pdf"]


def test_a_sheet_is_tried_without_leaving_anything(desk: Desk) -> None:
    file = desk.file(workbook(penalty(), penalty("呼环罚〔2024〕2号", 送达日="")))
    head = desk.world.journal.head()
    said = desk.ask(file, "--dry-run")
    assert said.status == 1
    assert "✓  第 2 行  甲检测  呼环罚〔2024〕1号  B11  100 分、无不良等级（N） → 90 分、无不良等级（N）" in said.out
    assert "第 3 行「送达日」：必填。" in said.out
    assert "共 2 行：无误 1，有提示 0，有错 1。\n仅预览，未导入任何内容。" in said.out
    assert desk.world.journal.head() == head
    assert desk.ask().out == "没有导入的批次。\n"


def test_a_sheet_is_recorded_with_a_batch_number_and_a_receipt_and_twice_changes_nothing(desk: Desk) -> None:
    file = desk.file(workbook(penalty()))
    said = desk.ask(file, "--as", "录入")
    assert said.status == 0
    assert "批次 20240630-1（已导入）：已入卷 1，待签发 0，未予记录 0，已撤销 0。" in said.out
    assert "回执 " in said.out
    head = desk.world.journal.head()
    again = desk.ask(file, "--as", "录入")
    assert again.status == 0
    assert "此文件此前已上传：批次 20240630-1，已导入。未作改动。" in again.err
    assert desk.world.journal.head() == head
    assert "20240630-1  已导入  处罚决定  1 行，入卷 1，有错 0  录入  表.xlsx" in desk.ask().out


def test_a_sheet_with_faults_is_refused_whole_and_the_good_rows_go_alone(desk: Desk) -> None:
    file = desk.file(csv_text(penalty(), penalty("呼环罚〔2024〕2号", 送达日="昨天")).encode("gbk"), "表.csv")
    refused = desk.ask(file)
    assert refused.status == 1
    assert "1 行有错：请改正后重新上传，或只导入没有错误的行。" in refused.err
    assert desk.world.running("2024-06-30") == ("100", "N")
    said = desk.ask(file, "--good")
    assert (said.status, desk.world.running("2024-06-30")) == (0, ("90", "N"))


def test_faults_are_written_into_the_clerk_s_own_sheet_but_never_over_a_file(desk: Desk) -> None:
    file = desk.file(workbook(penalty(送达日="")))
    assert desk.ask(file, "--dry-run", "--errors", "错.xlsx").status == 1
    sheet = openpyxl.load_workbook(desk.folder / "错.xlsx").worksheets[0]
    assert (sheet[f"{BEHIND}1"].value, sheet[f"{BEHIND}2"].value) == ("错误", "错 「送达日」：必填。")
    again = desk.ask(file, "--dry-run", "--errors", "错.xlsx")
    assert (again.status, "已存在" in again.err) == (2, True)


def test_a_template_is_written_and_comes_back(desk: Desk) -> None:
    said = desk.ask("--template", "penalty", "--regime", REGIME)
    name = f"处罚决定导入模板-{REGIME}.xlsx"
    assert (said.status, said.out) == (0, f"已写入 {name}\n")
    assert desk.ask("--template", "penalty", "--regime", REGIME).status == 2
    empty = desk.ask(name, "--dry-run")
    assert (empty.status, "表中没有数据行。" in empty.err) == (1, True)
    assert desk.ask("--template", "other", "--regime", REGIME).status == 2
    assert desk.ask("--template", "penalty").status == 2


def test_a_batch_is_undone_by_its_number_with_a_reason(desk: Desk) -> None:
    desk.ask(desk.file(workbook(penalty(), penalty("呼环罚〔2024〕2号"))))
    assert desk.ask("--undo", "20240630-1").status == 2
    said = desk.ask("--undo", "20240630-1", "--reason", "导入了另一年度的表")
    assert said.status == 0
    assert "批次 20240630-1（已撤销）：已入卷 0，待签发 0，未予记录 0，已撤销 2。" in said.out
    assert "须第二人签发的 2 项" in said.err
    assert desk.world.running("2024-06-30") == ("100", "N")
    assert desk.ask("--undo", "20240630-9", "--reason", "错").status == 2


def test_a_file_that_cannot_be_read_is_refused_with_the_cell_in_both_languages(desk: Desk) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook(penalty())))
    book.worksheets[0]["M2"] = "=1+1"
    out = io.BytesIO()
    book.save(out)
    said = desk.ask(desk.file(out.getvalue()))
    assert said.status == 2
    assert "单元格 M2 是公式，没有计算结果" in said.err
    assert "cell M2 is a formula without a value" in said.err
    assert desk.ask("没有.xlsx").status == 2
    assert desk.ask(desk.file(b"PK\x03\x04")).status == 2


def test_scripts_get_the_rows_as_json(desk: Desk) -> None:
    file = desk.file(workbook(penalty(), penalty("呼环罚〔2024〕2号", 处罚种类="罚金")))
    told = desk.ask(file, "--dry-run", "--json").json
    assert (told["sheet"]["rows"], told["sheet"]["bad"]) == (2, 1)
    assert told["rows"][1]["remarks"][0]["column"] == "penalty"
    done = desk.ask(file, "--good", "--json").json
    assert [row["status"] for row in done["rows"]] == ["recorded", None]


def test_a_batch_that_waits_is_signed_as_a_whole_and_its_rows_are_told(desk: Desk) -> None:
    clerk = Principal("clerk", "clerk", "150100")
    with desk.house.open(Settings()) as product:
        content = workbook(*(penalty(f"呼环罚〔2024〕{n}号") for n in (1, 2, 3)))
        status = product.sheets.take_in(content, read_sheet(content), by=clerk)
        decision = product.sheets.record(status.id, "all", by=clerk).decision
    assert decision is not None
    shown = desk.run("pending", "show", decision)
    assert "共 3 行入卷，涉及 1 份案卷" in shown.out
    assert "1 个主体的动态等级下降" in shown.out
    desk.world.do(
        "2024-06-30",
        "record_fact",
        subject="A",
        regime=REGIME,
        row="B11",
        authority="150100-EEB",
        document="呼环罚〔2024〕3号",
        decided_on="2024-03-01",
        served_on="2024-03-05",
        final_on="2024-05-06",
    )
    refused = desk.run("pending", "sign", decision)
    assert (refused.status, "1 行现在不能记录" in refused.err) == (1, True)
    signed = desk.run("pending", "sign", decision, "--good")
    assert signed.status == 0
    assert "批次 20240630-1：已入卷 2，未予记录 1，已撤销 0" in signed.out
