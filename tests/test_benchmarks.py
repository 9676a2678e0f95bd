"""What a bench promises before it measures and after: where it does not begin, what it leaves, what it keeps."""

import os
import subprocess
import sys
from pathlib import Path

import msgspec
import psutil
import psycopg
import pytest

from benchmarks.families import FAMILIES, chosen
from benchmarks.figures import Figure, figure, keep
from benchmarks.growing import grown
from benchmarks.population import population
from benchmarks.processor import Measured
from benchmarks.rounds import Median
from benchmarks.stage import MOST_LOAD, end, stage
from interfaces.postgres.transfer import verify_journal

pytestmark = pytest.mark.slow


def kept_in(file: Path) -> dict[str, Figure]:
    return {f.name: f for f in msgspec.json.decode(file.read_bytes(), type=list[Figure])}


def test_what_is_asked_of_a_measured_floor_is_kept_as_a_plain_number(tmp_path: Path) -> None:
    raw = Measured(10_000, 0.0001)
    keep([figure("feed.pages", 6_000, "events/s", "", floor=raw, target=5_000 / raw)], tmp_path / "bench.json")
    assert kept_in(tmp_path / "bench.json")["feed.pages"].target == 0.5


def test_a_bench_replaces_its_own_families_of_figures_alone(tmp_path: Path) -> None:
    file = tmp_path / "bench.json"
    keep([figure("feed.pages", 1, "s", ""), figure("feed.stream", 2, "s", ""), figure("grade.one", 3, "s", "")], file)
    keep([figure("feed.pages", 4, "s", "")], file)
    assert {name: f.value for name, f in kept_in(file).items()} == {"grade.one": 3, "feed.pages": 4}


def test_no_bench_begins_on_a_machine_that_is_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MOST_LOAD, "-1")
    with pytest.raises(SystemExit, match=r"The machine is busy: a load of [\d.]+ on \d+ cores"), stage(tmp_path / "d"):
        pytest.fail("it began")
    assert not (tmp_path / "d").exists()


def test_no_bench_begins_where_the_disk_is_too_small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MOST_LOAD, "1000")
    with pytest.raises(SystemExit, match=r"GB are free; the data take up to"), stage(tmp_path / "d", gigabytes=1e9):
        pytest.fail("it began")
    assert not (tmp_path / "d").exists()


def test_a_bench_that_is_broken_off_stops_its_server_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MOST_LOAD, "1000")
    urls = []

    def broken_off() -> None:
        with stage(tmp_path / "d", gigabytes=0.1) as server:
            urls.append(server.admin_url)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert not (tmp_path / "d").exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(*urls).close()


DEAF = """
import signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(child.pid, flush=True)
child.wait()
"""


def test_a_server_that_does_not_end_when_it_is_asked_is_ended_with_those_that_it_started() -> None:
    process = subprocess.Popen([sys.executable, "-c", DEAF], stdout=subprocess.PIPE)
    with process:
        assert process.stdout is not None
        child = psutil.Process(int(process.stdout.readline()))
        end(process, seconds=0.1)
        assert process.poll() is not None
        child.wait(60)
    assert not child.is_running()


def test_some_families_of_figures_are_measured_alone() -> None:
    assert [family.name for family in chosen(["record", "grade"])] == ["grade", "record"]
    assert chosen([]) == list(FAMILIES)


def test_a_family_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(ValueError, match=r"no figures begin with recrod; there are: access, .*record, .*worklist"):
        chosen(["record", "recrod"])


def test_what_differs_little_from_round_to_round_needs_no_more_of_them() -> None:
    alike, apart = Median(), Median()
    for value in (10.0, 10.1, 10.2, 10.0):
        alike.add(value)
    for value in (10.0, 13.0, 9.0, 12.0):
        apart.add(value)
    assert (alike.is_sure, apart.is_sure) == (True, False)
    assert apart.value.spread == pytest.approx(2.5 / 2 / 11)


@pytest.mark.parametrize(
    ("unit", "small", "large", "times", "is_linear"),
    [("events/s", 200.0, 160.0, 12.5, True), ("events/s", 200.0, 150.0, 13.3333, False), ("ms", 2.0, 2.4, 1.2, True)],
)
def test_what_is_told_of_a_size_is_beside_the_same_of_a_tenth(
    unit: str, small: float, large: float, times: float, *, is_linear: bool
) -> None:
    names = ("growing.events.1000.regrade", "growing.events.10000.regrade", "growing.events.100000.grade")
    found = list(grown(figure(n, v, unit, "") for n, v in zip(names, (small, large, large), strict=True)))
    assert [(f.name, f.value, f.floor) for f in found] == [("growing.times.events.10000.regrade", times, 10.0)]
    assert found[0].reached is is_linear


def test_a_filled_journal_is_what_appending_the_same_events_would_have_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(MOST_LOAD, "1000")
    entries = population(range(3))
    with stage(tmp_path / "d", gigabytes=0.1) as server:
        docket = server.journal("filled")
        # In two parts: the second goes on with files that the first began.
        docket.fill(entries[:100])
        docket.fill(entries[100:])
        verified = verify_journal(docket.journal)
        found = {whole.stream: list(whole.events) for whole in docket.journal.whole_streams()}
        ended = docket.journal.head().position
        docket.close()
    assert (verified.fault, verified.events) == (None, ended)
    of_subjects = {stream: events for stream, events in found.items() if events}
    expected: dict[str, list[object]] = {}
    for entry in entries:
        expected.setdefault(entry.stream, []).append(entry.event)
    assert {stream: of_subjects[stream] for stream in expected} == expected


def test_every_family_of_figures_can_be_measured(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent
    environment = os.environ | {MOST_LOAD: "1000", "PYTHONPATH": f"{root / 'src'}:{root}"}
    subprocess.run([sys.executable, "-m", "benchmarks", "--quick"], cwd=tmp_path, env=environment, check=True)
    measured = {name.partition(".")[0] for name in kept_in(tmp_path / "build/bench-quick.json")}
    assert {family.name for family in FAMILIES} - measured == set()
