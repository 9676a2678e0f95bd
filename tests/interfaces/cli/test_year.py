"""A year of a city from the command line: a step for the whole roster, its progress, and receipts executed again."""

import msgspec
import pytest

from application.ports import Entry
from application.principal import Principal
from domain.events.evaluation import StageRecorded
from interfaces.cli.house import Settings
from interfaces.engine import engine
from interfaces.main import InstalledHouse
from tests.interfaces.cli.test_procedure import FACTS, REGIME, SUBJECTS, YEAR, recorded, step
from tests.interfaces.command_line import KEY, Ask, Said
from tests.support.world import credit_code

CITY = ("--region", "150100")


def evaluate(cli: Ask, stage: str, day: str, *options: str) -> Said:
    """One step of the year 2023 for the city."""
    return cli("evaluate", REGIME, "2023", stage, *CITY, "--dated-on", day, *options)


def proposed(cli: Ask) -> None:
    """The city's agencies up to their proposed grades."""
    recorded(cli, SUBJECTS, FACTS)
    for stage, day in (("roster", "2024-03-04"), ("notice", "2024-03-14"), ("proposal", "2024-04-15")):
        assert evaluate(cli, stage, day).status == 0


# --- evaluate ---------------------------------------------------------------------------------------------------


def test_a_step_for_a_roster_is_answered_subject_by_subject(anywhere: Ask) -> None:
    recorded(anywhere, SUBJECTS, FACTS)
    listed = evaluate(anywhere, "roster", "2024-03-04", "--as", "王五")
    assert (listed.status, listed.err) == (0, "")
    assert listed.out.splitlines() == [
        "内蒙古自治区第三方环保机构信用评价管理暂行办法（征求意见稿）",
        "2023 年度  参评名单  呼和浩特市  2024-03-04",
        "✓ 已记录  甲检测  A",
        "✓ 已记录  乙环评  B",
        "共 2 个：已记录 2。",
    ]
    evaluate(anywhere, "notice", "2024-03-14")
    given = evaluate(anywhere, "proposal", "2024-04-15", "--lang", "en").out
    assert given.splitlines()[2:4] == [
        "✓ recorded  甲检测  70 points, cautioned unit (C)                A",
        "✓ recorded  乙环评  100 points, evaluated, no adverse grade (N)  B",
    ]
    assert "Results: cautioned unit (C) 1  evaluated, no adverse grade (N) 1" in given
    roster = next(
        e for e in anywhere("timeline", "A", "--json").json["entries"] if e["content"].get("stage") == "roster"
    )
    assert roster["by"] == "王五"


def test_the_same_step_again_records_nothing(anywhere: Ask) -> None:
    proposed(anywhere)
    again = evaluate(anywhere, "proposal", "2024-04-15", "--json")
    assert (again.status, again.json["counts"]) == (0, {"already_so": 2})
    assert anywhere("timeline", "A", "--json").json["version"] == 7
    assert "共 2 个：此前已如此 2。" in evaluate(anywhere, "proposal", "2024-04-15").out


def test_a_key_gives_the_first_answer_again(cli: Ask) -> None:
    recorded(cli, SUBJECTS)
    first = evaluate(cli, "roster", "2024-03-04", "--key", "k1", "--json")
    again = evaluate(cli, "roster", "2024-03-04", "--key", "k1", "--json")
    other = evaluate(cli, "roster", "2024-03-05", "--key", "k1")
    assert (again.out, other.status) == (first.out, 1)


def test_a_trial_of_a_step_stores_nothing(cli: Ask) -> None:
    recorded(cli, SUBJECTS)
    tried = evaluate(cli, "roster", "2024-03-04", "--dry-run")
    assert (tried.status, "试算通过 2" in tried.out) == (0, True)
    assert cli("timeline", "A", "--json").json["version"] == 1


def test_those_refused_are_told_with_the_article_and_stop_nobody_else(anywhere: Ask) -> None:
    proposed(anywhere)
    evaluate(anywhere, "publicity", "2024-04-23", "--subject", "B")
    shown = evaluate(anywhere, "publicity", "2024-04-24")
    lines = shown.out.splitlines()
    assert shown.status == 1
    assert lines[2].startswith("✓ 已记录  甲检测  70 分、警示单位（C 级）  A")
    assert lines[-4].startswith("✗ 被拒绝  乙环评")
    assert "（第二十二条第（三）项）" in lines[-3]
    assert lines[-1] == "共 2 个：已记录 1，被拒绝 1。"
    error = evaluate(anywhere, "publicity", "2024-04-24", "--json").json["subjects"][1]["error"]
    assert error["cites"][0] == "art. 22(3)"


def test_persons_have_a_roster_of_their_own(cli: Ask) -> None:
    recorded(cli, SUBJECTS)
    listed = evaluate(cli, "roster", "2024-03-04", "--kind", "practitioner")
    assert "✓ 已记录  张某  P" in listed.out


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ((REGIME, "2023", "proposal", *CITY, "--dated-on", "2024-04-15"), 1, "settle the roster first. (art. 22(1))"),
        ((REGIME, "2023", "roster", "--region", "150200", "--dated-on", "2024-03-04"), 1, "Baotou"),
        ((REGIME, "2023", "roster"), 2, "/dated_on this field is missing; /region this field is missing"),
        ((REGIME, "x", "rooster", "--region", "1", "--dated-on", "2024-02-30"), 2, "/dated_on"),
        ((REGIME, "2023", "roster", *CITY, "--dated-on", "2024-03-04", "--kind", "bank"), 2, "/kind must be one of"),
        ((REGIME, "2023", "roster", *CITY, "--dated-on", "2024-03-04", "--subject", "Z"), 2, "there is no subject Z"),
        ((REGIME, "2023", "roster", *CITY, "--dated-on", "2024-03-04", "--subject", "P"), 2, "/subjects/0"),
        ((REGIME, "2023", "roster", *CITY, "--dated-on", "2190-03-04"), 2, "2190-03-04 has not come yet"),
        (("x.y", "2023", "roster", *CITY, "--dated-on", "2024-03-04"), 2, "no edition of the regime x.y on record"),
    ],
)
def test_a_step_that_cannot_be_meant_is_told_before_anything_is_stored(
    anywhere: Ask, arguments: tuple[str, ...], status: int, says: str
) -> None:
    recorded(anywhere, SUBJECTS)
    said = anywhere("evaluate", *arguments)
    zh, en = said.err.splitlines()
    assert (said.status, said.out) == (status, "")
    assert says in en
    assert any("\u4e00" <= c <= "\u9fff" for c in zh)
    assert anywhere("timeline", "A", "--json").json["version"] == 1


# --- evaluation ---------------------------------------------------------------------------------------------------


def test_how_far_a_year_is_and_what_is_behind(cli: Ask) -> None:
    proposed(cli)
    told = cli("evaluation", REGIME, "2023", *CITY, "--as-of", "2024-05-06").out
    assert "列入名单 2 个；已登记未列入 0 个" in told
    assert "最近环节：拟定等级 2" in told
    assert "结果：警示单位（C 级） 1  无不良等级（N） 1" in told
    assert "✗ 开始公示  逾期未完成  2 个  最早 2024-04-30  第二十二条第（三）项" in told
    assert "    甲检测  A" in told
    before = cli("evaluation", REGIME, "2023", "--as-of", "2024-04-30", "--lang", "en").out
    assert "overdue" not in before
    each = cli("evaluation", REGIME, "2023", *CITY, "--as-of", "2024-05-06", "--each").out
    assert "● 拟定等级 2024-04-15  70 分、警示单位（C 级）  甲检测  A" in each
    found = cli("evaluation", REGIME, "2023", *CITY, "--as-of", "2024-05-06", "--json").json
    assert (found["listed"], found["stages"]) == (2, {"proposal": 2})


def test_what_is_undecided_is_told_of_everybody_and_of_many_who_are_behind_some_are_named(anywhere: Ask) -> None:
    agencies = [f"M{number}" for number in range(6)]
    for id in agencies:
        recorded(
            anywhere,
            f"- {{do: register_agency, id: {id}, uscc: {credit_code(id)}, name: {id}检测, region: '150100',"
            " services: [monitoring]}\n",
            step("roster", "2024-03-04", id),
        )
    recorded(anywhere, SUBJECTS, FACTS, YEAR.partition("- {do: decide_objection")[0])
    told = anywhere("evaluation", REGIME, "2023", *CITY, "--as-of", "2024-04-20", "--each").out
    assert "未结：异议 1 件，公众意见 0 件" in told
    assert "    异议未结：提出异议 2024-04-18" in told
    assert "✗ 确定名单并通知填报  逾期未完成  6 个" in told
    assert "    另有 1 个，用 --each 逐个列出" in told
    assert all(f"尚无结果  {id}检测  {id}" in told for id in agencies)
    early = anywhere("evaluation", REGIME, "2023", *CITY, "--as-of", "2024-03-10", "--each").out
    assert "✗" not in early


def test_nobody_is_on_the_roster_of_a_year_that_has_not_begun(cli: Ask) -> None:
    recorded(cli, SUBJECTS)
    told = cli("evaluation", REGIME, "2023", "--lang", "en")
    assert (told.status, "on the roster: 0; registered and not on it: 2" in told.out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((REGIME, "20x3"), "20x3 is no evaluation year"),
        ((REGIME, "1999"), "1999 is no evaluation year"),
        ((REGIME, "2023", "--region", "15"), "15 is no region code"),
        ((REGIME, "2023", "--kind", "bank"), "there is no bank; there are agency, practitioner, expert, client"),
        ((REGIME, "2023", "--as-of", "x"), "x is no date"),
        (("x.y", "2023"), "no edition of the regime x.y on record"),
    ],
)
def test_a_year_that_cannot_be_meant(cli: Ask, arguments: tuple[str, ...], says: str) -> None:
    said = cli("evaluation", *arguments)
    assert (said.status, said.out) == (2, "")
    assert says in said.err.splitlines()[1]


# --- recheck ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_receipt_holds_and_it_is_said_how_many(cli: Ask) -> None:
    proposed(cli)
    told = cli("recheck")
    assert told.status == 0
    assert "已重算 2 份结果" in told.out
    assert "2 份一致，0 份不一致" in told.out
    assert engine() in told.out
    found = cli("recheck", "--json").json
    assert (found["checked"], found["differences"], found["engine"]) == (2, [], engine())


def test_receipts_that_hold_are_counted(anywhere: Ask) -> None:
    proposed(anywhere)
    told = anywhere("recheck")
    assert (told.status, "2 份一致，0 份不一致" in told.out) == (0, True)


def test_a_result_that_does_not_follow_from_its_receipt_is_found(cli: Ask, founded_url: str) -> None:
    proposed(cli)
    forge(founded_url)
    told = cli("recheck")
    assert told.status == 1
    assert "✗ forged  评价环节  2023 年度  A" in told.out
    assert "依据全部相同而结果不同" in told.out
    assert "得分：记录为 99，重算为 70" in told.out
    assert "2 份一致，1 份不一致" in told.out
    one = cli("recheck", "--record", "forged", "--lang", "en")
    assert (one.status, "score: recorded 99, now 70" in one.out) == (1, True)
    (difference,) = cli("recheck", "--record", "forged", "--json").json["differences"]
    assert (difference["cause"], difference["what"]) == ("computed_otherwise", ["score"])


def forge(url: str) -> None:
    """Append a step whose score was altered after it had been computed."""
    with InstalledHouse({"ECODOCKET_MASTER_KEY": KEY}).open(Settings(database=url)) as product:
        rows = product.journal.stream("A")
        given = rows[-1].event
        assert isinstance(given, StageRecorded)
        assert given.result is not None
        result = msgspec.structs.replace(given.result, score="99")
        forged = msgspec.structs.replace(given, record="forged", result=result)
        product.journal.append([Entry("A", "agency", len(rows) + 1, forged, "forged")], by=Principal("x"))


@pytest.mark.parametrize(
    ("record", "status", "says"),
    [("nothing", 2, "no record with the id nothing"), ("s1", 1, "carries no result")],
)
def test_a_record_without_a_result_cannot_be_executed_again(anywhere: Ask, record: str, status: int, says: str) -> None:
    recorded(anywhere, SUBJECTS, step("roster", "2024-03-04").replace("do: ev", "id: s1, do: ev"))
    said = anywhere("recheck", "--record", record)
    assert (said.status, said.out) == (status, "")
    assert says in said.err.splitlines()[1]
