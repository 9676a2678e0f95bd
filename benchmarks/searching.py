"""Finding a file by what people know of it, in a large journal: ``python -m benchmarks.searching``."""

import argparse
import itertools
import os
from collections.abc import Iterator
from typing import Final

import psycopg
from stdnum.cn import uscc

from application.ports import Entry, NumberTold
from benchmarks.figures import FILE, Figure, figure, keep, show
from benchmarks.population import REGIME, agency_id
from benchmarks.rounds import Round, always, seconds_each
from benchmarks.stage import Docket, Stage, stage
from domain.events.facts import FactRecorded
from domain.events.registration import AgencyRegistered

_TOGETHER: Final = 20_000
_EACH: Final = 50
_ROUNDS: Final = 9
_LIMIT_MILLISECONDS: Final = 10.0
_BY_ID: Final = "SELECT state FROM events WHERE originator_id = %s AND originator_version = 1"
_PLACES: Final = ("呼和", "包头", "乌海", "赤峰", "通辽", "鄂托", "呼伦", "巴彦", "乌兰", "兴安")
_WORDS: Final = (
    "环境",
    "检测",
    "科技",
    "生态",
    "监测",
    "咨询",
    "技术",
    "工程",
    "绿源",
    "清源",
    "天成",
    "华测",
    "中科",
    "安泰",
    "博远",
    "昌盛",
)


def by_what_is_known(server: Stage, *, agencies: int) -> list[Figure]:
    """Numbers, names and parts of names, each beside the plain statement by the primary key of the file."""
    docket = server.journal("searching")
    try:
        numbers = iter(range(agencies))
        while some := list(itertools.islice(numbers, _TOGETHER)):
            docket.append([entry for number in some for entry in _file(number)])
        docket.settle()
        chosen = [number * (agencies // _EACH) for number in range(_EACH)]
        known = {
            "uscc": [_uscc(n) for n in chosen],
            "paper": [_paper(n) for n in chosen],
            "name": [_name(n) for n in chosen],
            "part": [_name(n)[2:7] for n in chosen],
            "nobody": [f"无此名称{n}" for n in chosen],
        }
        with psycopg.connect(docket.url, autocommit=True) as plain:
            works = [always(_finding(docket, texts)) for texts in known.values()]
            *found, floor = seconds_each(_ROUNDS, *works, always(_reading(plain, [agency_id(n) for n in chosen])))
        return [
            figure(
                f"search.{name}",
                seconds * 1e3,
                "ms",
                f"a file found by its {name} among {agencies:,}, beside the statement that reads it by its id",
                floor=floor * 1e3,
                target=_LIMIT_MILLISECONDS / (floor * 1e3),
            )
            for name, seconds in zip(known, found, strict=True)
        ]
    finally:
        docket.close()


def _file(number: int) -> Iterator[Entry]:
    stream = agency_id(number)
    registered = AgencyRegistered(uscc=_uscc(number), name=_name(number), region="150100", services=("monitoring",))
    yield Entry(stream, "agency", 1, registered, number=NumberTold(registered.uscc, corrects=False))
    fact = FactRecorded(fact=f"{stream}/1", regime=REGIME, row="B08", authority="150100-EEB", document=_paper(number))
    yield Entry(stream, "agency", 2, fact, introduces=fact.fact)


def _uscc(number: int) -> str:
    body = f"91150100MA{number:07d}"
    return body + str(uscc.calc_check_digit(body))


def _paper(number: int) -> str:
    return f"内环罚〔2024〕{number}号"


def _name(number: int) -> str:
    """Of two hundred and more names one has the first words of it, and each is another one."""
    first, rest = _WORDS[number % 16], _WORDS[number // 16 % 16]
    return f"{_PLACES[number % 10]}{first}{rest}{number // 256:04d}有限公司"


def _finding(docket: Docket, texts: list[str]) -> Round:
    def round_() -> int:
        for text in texts:
            docket.journal.found(text, limit=20)
        return len(texts)

    return round_


def _reading(plain: psycopg.Connection[tuple[object, ...]], ids: list[str]) -> Round:
    def round_() -> int:
        for id in ids:
            plain.execute(
                "SELECT state FROM events WHERE originator_id = %s AND originator_version = 1", [id]
            ).fetchone()
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
