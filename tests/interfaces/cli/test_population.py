"""The population from the command line, and the index it is read from."""

from contextlib import AbstractContextManager
from typing import cast

import msgspec
import psycopg
import pytest

from application.ports import Entry
from application.principal import Principal
from domain.events.evaluation import StageGraded
from domain.events.registration import AgencyRegistered
from interfaces.cli.app import run
from interfaces.cli.house import House, Product, Settings
from interfaces.clocks import SystemClock
from interfaces.postgres.journal import PostgresJournal
from interfaces.standbys import StandbyLost, Standbys
from tests.conftest import MakeDatabase
from tests.interfaces.cli.test_procedure import FACTS, REGIME, SUBJECTS, YEAR, recorded, step
from tests.interfaces.command_line import Ask
from tests.support.house import InMemory, MemoryHouse, house_of
from tests.support.standbys import MemoryStandby
from tests.support.world import USCC, World


def test_who_has_which_grade_and_how_many(cli: Ask) -> None:
    recorded(cli, SUBJECTS, FACTS)
    shown = cli("subjects", "--as-of", "2024-12-31", "--kind", "agency", "--regime", REGIME)
    assert shown.status == 0
    assert shown.out.splitlines()[0].startswith("截至 2024-12-31  所知截至 ")
    assert any(line.endswith("甲检测  A") for line in shown.out.splitlines())
    assert "合计 2" in shown.out
    found = cli("subjects", "--as-of", "2024-12-31", "--limit", "1", "--regime", REGIME, "--json").json
    assert len(found["page"]["subjects"]) == 1
    assert found["counts"]["total"] == sum(line["number"] for line in found["counts"]["counts"])
    more = cli("subjects", "--limit", "1", "--lang", "en", "--regime", REGIME)
    assert "only the first 1" in more.err
    assert "in all" in more.out


def test_who_is_not_graded_is_listed_with_the_reason(anywhere: Ask) -> None:
    suspended = "- {do: suspend_scope, subject: A, dated_on: 2024-04-19, reason: 涉嫌犯罪}\n"
    recorded(anywhere, SUBJECTS, step("roster", "2024-03-04"), suspended)
    shown = anywhere("subjects", "--as-of", "2024-04-20", "--kind", "agency", "--regime", REGIME).out.splitlines()
    (line,) = [line for line in shown if line.endswith("甲检测  A")]
    assert line.startswith("不在评价范围内   ")
    (count,) = [line for line in shown if line.startswith("  第三方环保机构 不在评价范围内（")]
    assert count.endswith("：1")


def test_standbys_are_told_beside_the_indexes(capsys: pytest.CaptureFixture[str]) -> None:
    house = house_of(World())
    with house.open(Settings()) as opened:
        product = cast("InMemory", opened)
    head = product.journal.head().position
    lost = MemoryStandby[Product]("c", product, head)
    lost.give_up(StandbyLost("gone"))
    product.standbys = Standbys([MemoryStandby("a", product, head), MemoryStandby("b", product, head - 3), lost])
    assert run(house, ["--lang", "en", "projections", "status"]) == 0
    same, behind, gone = capsys.readouterr().out.splitlines()[-3:]
    assert same == f"standby a · up to {head} · 0 behind", same
    assert behind.startswith(f"standby b · up to {head - 3} · 3 behind · "), behind
    assert gone.startswith("standby c · "), gone
    assert "up to" not in gone


def test_a_question_whose_standby_is_lost_is_asked_of_the_primary(capsys: pytest.CaptureFixture[str]) -> None:
    world = World()
    world.agency()

    class Losing(MemoryHouse):
        """A house whose standby is lost while it is asked."""

        def read(self, settings: Settings) -> AbstractContextManager[Product]:
            del settings
            raise StandbyLost("terminating connection")

    assert run(cast("House", Losing(world)), ["timeline", "A"]) == 0
    assert "登记" in capsys.readouterr().out


def test_a_condition_that_cannot_be_is_told(cli: Ask) -> None:
    for wrong in ((), ("--region", "15"), ("--as-of", "heute"), ("--limit", "0"), ("--kind", "dog")):
        assert cli("subjects", *wrong).status == 2, wrong


def test_files_of_one_number_are_listed_and_years_that_differ_are_named(cli: Ask, founded_url: str) -> None:
    assert cli("doubles").out == "没有统一社会信用代码名下有几个同类案卷。\n"
    recorded(cli, SUBJECTS, FACTS, YEAR)
    with PostgresJournal(founded_url, SystemClock()) as journal:
        published = next(r.event for r in journal.stream("A") if isinstance(r.event, StageGraded))
        other = msgspec.structs.replace(published, record="other", stage="publication")
        assert other.result is not None
        result = msgspec.structs.replace(other.result, grade="D")
        agency = AgencyRegistered(uscc=USCC, name="甲检测", region="150200", services=("monitoring",))
        entries = [
            Entry("A2", "agency", 1, agency),
            Entry("A2", "agency", 2, msgspec.structs.replace(other, result=result), "other"),
            *(Entry(f"A3{n}", "agency", 1, agency) for n in range(2)),
        ]
        journal.append(entries, by=Principal("import"))
    shown = cli("doubles").out.splitlines()
    assert shown[0] == f"{USCC}  第三方环保机构，4 个案卷"
    assert any(line.startswith("  甲检测  包头市  2 条事项  A2") for line in shown)
    assert any("2024-" in line and "公布" in line for line in shown)
    assert shown[-1].startswith("  ! 公布的等级不一致：")
    assert shown[-1].endswith("2023 年度")
    english = cli("doubles", "--lang", "en", "--region", "150100").out
    assert "3 more files that are not listed" in english
    assert "published on" in english
    found = cli("doubles", "--json", "--limit", "1").json
    assert (found["doubles"][0]["others"], found["next"]) == (0, None)
    for wrong in (("--limit", "0"), ("--region", "15")):
        assert cli("doubles", *wrong).status == 2, wrong


def test_an_import_says_when_files_are_double(
    cli: Ask, ask: Ask, make_database: MakeDatabase, founded_url: str
) -> None:
    recorded(cli, SUBJECTS)
    first, second = make_database(), make_database()
    assert cli("journal", "export", "one.ndjson").status == 0
    said = ask("--database", first, "--lang", "en", "journal", "import", "one.ndjson")
    assert (said.status, said.err) == (0, "")
    with PostgresJournal(founded_url, SystemClock()) as journal:
        agency = AgencyRegistered(uscc=USCC, name="甲检测", region="150200", services=("monitoring",))
        journal.append([Entry("A2", "agency", 1, agency)], by=Principal("import"))
    assert cli("journal", "export", "two.ndjson").status == 0
    said = ask("--database", second, "--lang", "en", "journal", "import", "two.ndjson")
    assert said.status == 0
    assert said.err.rstrip().endswith("see ecodocket doubles.")
    assert ask("--database", second, "doubles", "--json").json["doubles"][0]["uscc"] == USCC


def test_an_index_is_shown_rebuilt_and_verified(cli: Ask, founded_url: str) -> None:
    assert "等级索引尚未建立" in cli("projections", "status").out
    assert cli("projections", "verify").status == 2
    recorded(cli, SUBJECTS, FACTS)
    rebuilt = cli("projections", "rebuild", "--lang", "en")
    assert (rebuilt.status, "grades: generation 1, " in rebuilt.out) == (0, True)
    deadlines, grades = cli("projections", "status", "--json").json
    assert (deadlines["name"], grades["name"], grades["is_current"], grades["state"]["behind"]) == (
        "deadlines",
        "grades",
        True,
        0,
    )
    assert "等级 第 1 代 · 使用中" in cli("projections", "status").out
    held = cli("projections", "verify", "--all")
    assert (held.status, held.out.rstrip().endswith("0 处不符。")) == (0, True)
    with psycopg.connect(founded_url, autocommit=True) as owner:
        owner.execute("UPDATE grade_spans SET known_from = known_from + 1")
    broken = cli("projections", "verify", "--sample", "5", "--json")
    assert (broken.status, broken.json["differences"] != []) == (1, True)
    assert "✗ " in cli("projections", "verify").out
    assert cli("projections", "rebuild").status == 0
    assert cli("projections", "verify", "--all").status == 0
