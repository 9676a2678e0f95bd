"""Finding a file by what people know of it, in a large journal: ``python -m benchmarks.searching``."""

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

import psycopg
from stdnum.cn import uscc

from application.answering.searching import Searching
from application.ports import Entry, NumberTold
from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.population import REGIME, agency_id
from benchmarks.processor import Measured, Spending
from benchmarks.rounds import Round, always, seconds_each
from benchmarks.stage import Docket, Stage, stage
from domain.events.facts import FactRecorded
from domain.events.registration import AgencyRegistered

_EACH: Final = 50
_PAGE: Final = 50
_ROUNDS: Final = 9
_LIMIT_MILLISECONDS: Final = 10.0
_ONE_MILLISECONDS: Final = 20.0
_BY_ID: Final = "SELECT state FROM events WHERE originator_id = %s AND originator_version = 1"
_PLACES: Final = (
    "呼和浩特市", "包头市", "乌海", "赤峰", "通辽", "鄂尔多斯市", "呼伦贝尔", "巴彦淖尔", "乌兰察布", "兴安",
    "锡林郭勒", "阿拉善", "内蒙古",
)  # fmt: skip
_BRAND: Final = (
    "华安泰盛恒源清绿蓝天诚信博远达康瑞丰鑫宏正元中科创新嘉禾润泽明德致和永兴广益同方卓越宇航宝龙腾飞凯祥通汇金石海洋山"
    "江河林森田园碧净洁康健利众惠优衡准捷迅锐智慧云联合力拓跃升晨曦光辉煌翔鹏程万里千百川九州四五湖亿弘毅厚朴思知行谱尼"
)
_TRADES: Final = (
    "环境检测", "检测技术", "环境监测", "环保科技", "环境科技", "环境咨询", "环境工程", "分析测试", "检验检测",
    "生态科技",
)  # fmt: skip
_FORMS: Final = ("有限公司", "有限公司", "有限公司", "有限责任公司", "股份有限公司")
_SPREAD: Final = 2_654_435_761


def by_what_is_known(server: Stage, *, agencies: int, rounds: int = _ROUNDS) -> list[Figure]:
    """Numbers, names and parts of names, each beside the plain statement by the primary key of the file."""
    docket = server.journal("searching")
    try:
        docket.fill(entry for number in range(agencies) for entry in _file(number))
        return figures_of(docket, agencies=agencies, rounds=rounds)
    finally:
        docket.close()


def figures_of(docket: Docket, *, agencies: int, rounds: int = _ROUNDS) -> list[Figure]:
    """The figures of a journal that is filled already."""
    chosen = [number * (agencies // _EACH) // 2 * 2 for number in range(_EACH)]
    docket.fill([_case(number) for number in chosen])
    docket.settle()
    with psycopg.connect(docket.url, autocommit=True) as plain:
        ids = [agency_id(n) for n in chosen]
        asked = (docket, plain, chosen, ids, agencies, rounds)
        return [*_by_index(*asked), *_by_question(*asked)]


def _by_index(
    docket: Docket,
    plain: psycopg.Connection[tuple[object, ...]],
    chosen: list[int],
    ids: list[str],
    agencies: int,
    rounds: int,
) -> list[Figure]:
    alike = [number + 1 for number in chosen]
    known = {
        "uscc": [_uscc(n) for n in chosen],
        "paper": [_paper(n) for n in chosen],
        "name": [_name(n) for n in chosen],
        "part": [_name(n)[-9:-4] for n in chosen],
        "common": [_TRADES[n % 10] for n in range(_EACH)],
        "alike": [_name(n) for n in alike],
        "alike.part": [_name(n)[1:5] for n in alike],
        "nobody": [f"无此名称{n}" for n in chosen],
    }
    works = [always(_finding(docket, texts)) for texts in known.values()]
    *found, floor = seconds_each(rounds, *works, always(_reading(plain, ids)))
    return [
        figure(
            f"search.{name}",
            seconds * 1e3,
            "ms",
            f"a page of files found by {_MEANS[name]} among {agencies:,}, beside the statement that reads one by its"
            " id",
            floor=floor * 1e3,
            target=_LIMIT_MILLISECONDS / (floor * 1e3),
        )
        for name, seconds in zip(known, found, strict=True)
    ]


def _by_question(
    docket: Docket,
    plain: psycopg.Connection[tuple[object, ...]],
    chosen: list[int],
    ids: list[str],
    agencies: int,
    rounds: int,
) -> list[Figure]:
    """What ``GET /search`` finds and says why, one question after the other in turns of every kind."""
    searching = Searching(docket.journal, docket.vault, docket.clock)
    asked = {
        "uscc": [_uscc(n) for n in chosen],
        "case_no": [_case_no(n) for n in chosen],
        "paper": [_paper(n) for n in chosen],
        "rare": [_name(n)[-9:-4] for n in chosen],
        "common": [_TRADES[n % 10] for n in range(_EACH)],
        "alike": [_name(n + 1)[1:5] for n in chosen],
        "nobody": [f"无此名称{n}" for n in chosen],
    }
    taken: dict[str, list[Measured]] = {kind: [] for kind in asked}
    floors: list[Measured] = []
    for number in range(-1, rounds):
        floor = _milliseconds([partial(plain.execute, _BY_ID, [id]) for id in ids])
        times = {k: _milliseconds([partial(searching.find, text) for text in texts]) for k, texts in asked.items()}
        if number >= 0:
            floors += floor
            for kind, milliseconds in times.items():
                taken[kind] += milliseconds
    every = [milliseconds for kind in taken.values() for milliseconds in kind]
    floor_of_all = Measured(statistics.median(floors), statistics.fmean(each.cpu for each in floors))
    shown = {
        "p50": Measured(statistics.median(every), statistics.fmean(each.cpu for each in every)),
        "p99": _hundredth(every),
        **{f"{kind}.p99": _hundredth(times) for kind, times in taken.items()},
    }
    return [
        figure(
            f"search.one.{name}",
            milliseconds,
            "ms",
            f"a page of what GET /search finds and why among {agencies:,}, beside the median of the statement that"
            " reads a file by its id",
            floor=floor_of_all,
            target=_ONE_MILLISECONDS / floor_of_all,
        )
        for name, milliseconds in shown.items()
    ]


def _hundredth(times: list[Measured]) -> Measured:
    """What 99 of 100 stay within, with the processor time that one takes on average."""
    most = statistics.quantiles(times, n=100, method="inclusive")[98]
    return Measured(most, statistics.fmean(each.cpu for each in times))


def _milliseconds(works: Sequence[Callable[[], object]]) -> list[Measured]:
    """How long each of them takes, one after the other; of the processor time each has an equal part."""
    spending, taken = Spending(), list[float]()
    for work in works:
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1e3)
    spent = spending.seconds() / len(works)
    return [Measured(each, spent) for each in taken]


_MEANS: Final = {
    "uscc": "code",
    "paper": "the number of a paper",
    "name": "a whole name",
    "part": "five characters of a name",
    "common": "a trade that a tenth of them have",
    "alike": "a name from which half of the names differ by the number in it alone",
    "alike.part": "four characters of such a name",
    "nobody": "a name that nobody has",
}


def _file(number: int) -> list[Entry]:
    stream = agency_id(number)
    registered = AgencyRegistered(uscc=_uscc(number), name=_name(number), region="150100", services=("monitoring",))
    fact = FactRecorded(fact=f"{stream}/1", regime=REGIME, row="B08", authority="150100-EEB", document=_paper(number))
    return [
        Entry(stream, "agency", 1, registered, number=NumberTold(registered.uscc, corrects=False)),
        Entry(stream, "agency", 2, fact, introduces=fact.fact),
    ]


def _case(number: int) -> Entry:
    """One more fact on a file, with the number of a case."""
    stream = agency_id(number)
    fact = FactRecorded(
        fact=f"{stream}/2", regime=REGIME, row="B08", authority="150100-EEB", document=f"{_paper(number)}之二",
        case_no=_case_no(number),
    )  # fmt: skip
    return Entry(stream, "agency", 3, fact, introduces=fact.fact)


def _case_no(number: int) -> str:
    return f"内环立〔2024〕{number}号"


def _uscc(number: int) -> str:
    body = f"91150100MA{number:07d}"
    return body + str(uscc.calc_check_digit(body))


def _paper(number: int) -> str:
    return f"内环罚〔2024〕{number}号"


def _name(number: int) -> str:
    """Half of the names as firms have them, the others alike but for a number: the worst case of fragments."""
    if number % 2:
        return f"第{number:07d}检测有限公司"
    rest, place = divmod(number * _SPREAD % 2**32, len(_PLACES))
    rest, trade = divmod(rest, len(_TRADES))
    rest, form = divmod(rest, len(_FORMS))
    rest, first = divmod(rest, len(_BRAND))
    rest, second = divmod(rest, len(_BRAND))
    brand = _BRAND[first] + _BRAND[second] + _BRAND[rest % len(_BRAND)] * (number % 3)
    return f"{_PLACES[place]}{brand}{_TRADES[trade]}{_FORMS[form]}"


def _finding(docket: Docket, texts: list[str]) -> Round:
    def round_() -> int:
        for text in texts:
            docket.journal.found(text, limit=_PAGE)
        return len(texts)

    return round_


def _reading(plain: psycopg.Connection[tuple[object, ...]], ids: list[str]) -> Round:
    def round_() -> int:
        for id in ids:
            plain.execute(_BY_ID, [id]).fetchone()
        return len(ids)

    return round_


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searching", description=__doc__)
    parser.add_argument("--agencies", type=int, default=1_000_000, help="of two events each")
    asked = parser.parse_args()
    with stage() as measured:
        figures = by_what_is_known(measured, agencies=asked.agencies)
    show(figures, f"{os.cpu_count()} cores, {asked.agencies:,} agencies")
    keep(figures, FILE)
