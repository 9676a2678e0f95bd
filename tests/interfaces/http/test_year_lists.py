"""Lists of a year on paper: who is on show, who was published, what is passed on; agencies alone."""

import datetime as dt
import html
import io
import re
from functools import cache
from typing import Any

import httpx
import openpyxl
import pikepdf
import pypdfium2
import pytest

from application.papers import year_lists
from application.papers.year_lists import ListKind, ListQuestion
from domain.errors import Invalid
from domain.time import at_hour
from tests.interfaces.http_client import Api
from tests.interfaces.web_browser import Browser, words_of
from tests.support.accounts import account, token, with_first
from tests.support.procedure import P24, T24, Procedure
from tests.support.world import REGIME

KINDS: tuple[ListKind, ...] = ("publicity", "publication", "push")
NUMBER = "呼环信公〔2025〕1号"
LIST = f"/evaluations/{REGIME}/2024/lists"
AFTER = {"region": "150100", "as_of": "2025-06-10", "known_at": "2025-06-10T09:00:00+08:00"}


def year() -> Procedure:
    """The year 2024 of three agencies of Hohhot, one of which has a fact and one of which is called like a formula, of
    one of Baotou, and of a practitioner who is D."""
    world = Procedure()
    world.agency("A", licences=["资质认定证书 0501"])
    world.agency("F", name="=1+1 检测")
    world.agency("G", name="乙检测", services=("monitoring", "treatment"))
    world.agency("B", name="包头检测", region="150200")
    world.practitioner()
    world.fact("2024-03-12", "B08", "f1", "A")
    world.fact("2024-03-12", "S12", "f2", "G")
    for stage, day in T24.items():
        for subject in ("A", "F", "G", "B"):
            if stage != "push":
                world.step(day, stage, f"{subject}-{stage}", subject)
    for stage, day in P24.items():
        if stage in ("roster", "notice", "proposal"):
            world.step(day, stage, f"P-{stage}", "P")
    world.clock.set(at_hour(dt.date(2025, 6, 10), 9))
    return world


@cache
def told() -> Api:
    """The year, which nobody moves on."""
    return Api(year())


def asked(kind: str, at: Api | None = None, headers: Any = None, **query: str) -> httpx.Response:
    return (at or told()).call("GET", f"/api/v1{LIST}/{kind}", params={**AFTER, **query}, headers=headers)


def text_of(answer: httpx.Response) -> str:
    """What stands on a page, without blanks."""
    assert answer.status_code == 200, answer.text
    bare = re.sub(r"<style>.*?</style>|<[^>]+>", " ", answer.text, flags=re.DOTALL)
    return "".join(html.unescape(bare).split())


def book_of(answer: httpx.Response) -> openpyxl.Workbook:
    assert answer.status_code == 200, answer.text
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def rows_of(answer: httpx.Response, sheet: int = 0) -> list[dict[str, Any]]:
    head, *rows = book_of(answer).worksheets[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


# --- who is on it -----------------------------------------------------------------------------------------


def test_the_published_list_has_every_agency_of_the_place_with_its_result() -> None:
    rows = rows_of(asked("publication", format="xlsx"))
    assert [(r["机构名称"], r["等级代码"], r["分数"], str(r["公布日"])[:10]) for r in rows] == [
        ("=1+1 检测", "N", 100, "2025-06-05"),
        ("甲检测", "N", 90, "2025-06-05"),
        ("乙检测", "D", 100, "2025-06-05"),
    ]
    assert rows[1]["资质"] == "资质认定证书 0501"
    assert [r["序号"] for r in rows] == [1, 2, 3]


def test_what_is_on_show_says_until_when_and_no_score() -> None:
    rows = rows_of(asked("publicity", format="xlsx"))
    assert {(str(r["公示起"])[:10], str(r["公示止"])[:10]) for r in rows} == {("2025-04-25", "2025-05-06")}
    assert {r["机构名称"]: r["拟定等级"] for r in rows}["乙检测"] == "不良单位（D 级）"
    assert "分数" not in rows[0]


@pytest.mark.parametrize(
    ("kind", "day"), [("publicity", "2025-04-25"), ("publication", "2025-06-05"), ("push", "2025-06-05")]
)
def test_an_agency_is_on_a_list_from_the_day_of_its_step_on(kind: str, day: str) -> None:
    before = (dt.date.fromisoformat(day) - dt.timedelta(days=1)).isoformat()
    assert len(rows_of(asked(kind, format="xlsx", as_of=day))) == 3
    assert rows_of(asked(kind, format="xlsx", as_of=before)) == []
    assert "0家" in text_of(asked(kind, format="html", as_of=before))


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_person_and_nobody_of_another_city_is_on_any_list(kind: str) -> None:
    page, book = text_of(asked(kind, format="html")), book_of(asked(kind, format="xlsx"))
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row}
    assert "甲检测" in page
    for left_out in ("张某", "包头检测"):
        assert left_out not in page
        assert left_out not in cells
    region = rows_of(asked(kind, format="xlsx", region="150000"))
    assert [r["机构名称"] for r in region][-1] == "包头检测"


def test_what_is_passed_on_has_the_facts_the_measures_and_what_was_withdrawn() -> None:
    world = year()
    api = Api(world)
    world.do("2025-06-10", "retract_record", record="A-publication", reason="误记")
    after = {"as_of": "2025-06-11", "known_at": "2025-06-11T09:00:00+08:00", "format": "xlsx"}
    world.clock.set(at_hour(dt.date(2025, 6, 11), 9))
    answer = asked("push", api, **after)
    assert [r["机构名称"] for r in rows_of(answer)] == ["=1+1 检测", "乙检测"]
    assert {r["机构名称"] for r in rows_of(answer, 1)} == {"乙检测"}
    assert {r["等级"] for r in rows_of(answer, 2)} == {"不良单位（D 级）"}
    assert {r["上位法依据"] for r in rows_of(answer, 2)} >= {"未载明，不可执行"}
    (gone,) = rows_of(answer, 3)
    assert gone["机构名称"] == "甲检测"
    assert [str(gone[day])[:10] for day in ("公布日", "撤回日")] == ["2025-06-05", "2025-06-10"]
    assert [r["机构名称"] for r in rows_of(asked("publication", api, **after))] == ["=1+1 检测", "乙检测"]


def test_under_a_regime_whose_year_has_no_such_step_there_is_no_list() -> None:
    answer = told().get("/evaluations/wenzhou.intermediary/2024/lists/publication", region="330300")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_such_list")


# --- how it reads -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_file_is_set_across_with_its_number_and_says_what_the_page_says(kind: str, language: str) -> None:
    answer = asked(kind, language=language, number=NUMBER)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-language"] == {"zh": "zh-CN", "en": "en"}[language]
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        width, height = (float(x) for x in pdf.pages[0].MediaBox[2:])
        assert width > height
        assert bool(pdf.Root.MarkInfo.Marked) is True
    read = pypdfium2.PdfDocument(answer.content)
    printed = "".join("".join(read[n].get_textpage().get_text_range().split()) for n in range(len(read)))
    page = asked(kind, format="html", language=language, number=NUMBER)
    cells = re.findall(r"<(?:td|th|dt|dd|h1|h2|p)[^>]*>([^<]+)</", page.text.partition("<main>")[2])
    said = ["".join(html.unescape(cell).split()) for cell in cells]
    assert len(said) > 20
    assert [text for text in said if text[:12] not in printed] == []
    assert [text for text in said if text[0].isascii() and text[0].islower()] == []
    assert printed.count("".join(NUMBER.split())) >= 2


def test_texts_of_a_workbook_are_texts_whatever_they_begin_with() -> None:
    for sheet in book_of(asked("push", format="xlsx", number="=NOW()")):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            assert cell.data_type in ("s", "n", "d"), cell.coordinate
    row = rows_of(asked("push", format="xlsx"))[0]
    assert (row["机构名称"], row["行政区划代码"]) == ("=1+1 检测", "150100")
    assert isinstance(row["统一社会信用代码"], str)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_sheet_prints_across_a_page_with_its_head_and_number_and_rows_as_high_as_their_text(
    kind: str, language: str
) -> None:
    for sheet in book_of(asked(kind, format="xlsx", number=NUMBER, language=language)).worksheets:
        setup = sheet.page_setup
        assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("landscape", 9, 0)
        fitted, header = sheet.sheet_properties.pageSetUpPr, sheet.oddHeader
        assert fitted is not None
        assert header is not None
        assert fitted.fitToPage
        assert NUMBER in str(header.center.text)
        widths = [sheet.column_dimensions[letter].width for letter in "ABCDEFGHIJKLMN"[: sheet.max_column]]
        assert sum(widths) < 210, "a page that is fitted to its width has to be readable"
        for row in sheet.iter_rows(min_row=2):
            for cell, width in zip(row, widths, strict=True):
                if isinstance(cell.value, str):
                    room = sum(1 if sign.isascii() else 2 for sign in cell.value)
                    assert (sheet.row_dimensions[cell.row].height or 15) >= 15 * room / width


@pytest.mark.slow
@pytest.mark.parametrize("file", ["pdf", "xlsx", "html"])
def test_the_same_basis_gives_the_same_bytes_whatever_is_recorded_since(file: str) -> None:
    world = year()
    api = Api(world)
    first = asked("push", api, format=file).content
    world.clock.set(at_hour(dt.date(2025, 7, 1), 9))
    world.do("2025-07-01", "retract_record", record="A-publication", reason="误记")
    again = asked("push", api, format=file).content
    # Of another program the name stands on it; here it is the same one.
    assert again == first
    now = {"as_of": "2025-07-01", "known_at": "2025-07-01T09:00:00+08:00"}
    assert asked("push", api, format=file, **now).content != first


# --- who may have it, and what is refused -----------------------------------------------------------------


def test_it_is_asked_for_within_one_s_place_and_stands_in_the_read_log() -> None:
    api = Api(year())
    at = api.administering
    with_first(at)
    said: dict[str, dict[str, str]] = {}
    for id, place in (("officer", "150100"), ("other", "150200"), ("administrator", "150000")):
        account(at, id, "administrator" if id == "administrator" else "officer", place)
        said[id] = {"authorization": f"Bearer {token(at, id)}"}
    assert asked("push", api, said["officer"], format="xlsx").status_code == 200
    assert asked("push", api, said["other"], format="xlsx").status_code == 404
    assert asked("push", api, said["administrator"], format="xlsx").status_code == 403
    assert asked("push", api, format="xlsx").status_code == 401
    # Without a place it is one's own.
    own = api.call("GET", f"/api/v1{LIST}/push", params={"format": "xlsx"}, headers=said["other"])
    assert [r["机构名称"] for r in rows_of(own)] == ["包头检测"]
    read, *_ = [entry for _, entry in api.desk.copies.primary.watching._log.listed(_everything(), 100)]
    assert (read.operation, read.account, read.outcome) == ("get_year_list", "other", "answered")


def _everything() -> Any:
    from application.access.read_log import WantedReads

    return WantedReads()


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("blacklist", {}, 404),
        ("push", {"region": "999999"}, 200),
        ("push", {"format": "docx"}, 400),
        ("push", {"language": "fr"}, 400),
        ("push", {"number": "号" * 61}, 400),
        ("push", {"as_of": "1899-12-31"}, 400),
    ],
)
def test_what_cannot_be_meant_is_refused(path: str, query: dict[str, str], status: int) -> None:
    answer = told().call("GET", f"/api/v1{LIST}/{path}", params={**AFTER, "format": "xlsx", **query})
    assert answer.status_code == status


def test_a_number_of_sixty_characters_fits() -> None:
    assert asked("push", format="xlsx", number="号" * 60).status_code == 200


def question(kind: ListKind, region: str = "150100") -> ListQuestion:
    return ListQuestion(kind=kind, regime=REGIME, year=2024, region=region)


def test_a_place_with_too_many_agencies_is_refused_before_a_file_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    at = told().desk.copies.primary
    monkeypatch.setattr(year_lists, "MOST_LISTED", 3)
    assert len(at.year_lists.of(question("publication")).agencies) == 3

    def unread(*_: Any, **__: Any) -> Any:
        raise AssertionError("no file is read")

    monkeypatch.setattr(at.journal, "streams", unread)
    with pytest.raises(Invalid) as refused:
        at.year_lists.of(question("publication", "150000"))
    assert [(p.pointer, p.code) for p in refused.value.problems] == [("/region", "too_many")]


# --- on the page ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "button"), [("zh-CN", "公布名单"), pytest.param("en", "Published list", marks=pytest.mark.slow)]
)
def test_the_page_of_the_year_leads_to_the_lists(language: str, button: str) -> None:
    api = Api(year())
    with_first(api.administering)
    account(api.administering, "officer", "officer")
    browser = Browser(api, language=language)
    browser.sign_in("officer")
    page = browser.get(f"/years/{REGIME}/2024?region=150100&as_of=2025-06-10")
    assert button in words_of(page)
    address = f"/years/{REGIME}/2024/lists/publication"
    assert f'formaction="{address}"' in page.text
    file = browser.get(f"{address}?region=150100&as_of=2025-06-10&format=xlsx&language=zh&number=1")
    assert [r["机构名称"] for r in rows_of(file)] == ["=1+1 检测", "甲检测", "乙检测"]
