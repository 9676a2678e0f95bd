"""The export in Parquet files: in increments, equal to the journal, checked, and whole whatever happens to a run."""

import fcntl
import hashlib
import pickle
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from application.ports import Entry, JournalReader, Part, Person, WholeStream
from application.principal import Principal
from domain.errors import BrokenStream, Unreadable
from domain.events.facts import FactRecorded, FactRetracted
from domain.events.lawbook import CalendarAdopted
from domain.events.papers.letters import LetterIssued
from domain.events.registration import AgencyRegistered, EmploymentRecorded, PractitionerRegistered
from interfaces.clocks import StoppedClock
from interfaces.packed import PackedStream
from interfaces.parquet.checking import check_export
from interfaces.parquet.columns import GROUP_ROWS, Shelf
from interfaces.parquet.journal import ParquetJournal
from interfaces.parquet.manifest import ExportUnusable, Manifest, read_manifest, write_manifest
from interfaces.parquet.writing import Exported, compact, write_export
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.packing import PackedJournal
from interfaces.postgres.vault import PostgresVault
from tests.conftest import MakeDatabase
from tests.journal.conftest import NOON, SECOND
from tests.journal.examples import fact
from tests.support.words import says, words_of

AGENCY = AgencyRegistered(uscc="u", name="甲", region="150100", services=("monitoring",))
PRACTITIONER = PractitionerRegistered(region="150100", id_kind="other")


def unheard(done: int) -> None:
    """Nobody wants to know how far it is."""


class History:
    """A journal that grows: agencies and practitioners register, and facts come to old files and new ones."""

    def __init__(self, journal: PostgresJournal, clock: StoppedClock) -> None:
        self.journal = journal
        self._clock = clock
        self._chance = random.Random(7)
        self._versions: dict[str, int] = {}
        self._now = NOON

    def grow(self, events: int, *, at_once: int = 500) -> None:
        """Append about so many events."""
        for _ in range(0, events, at_once):
            self._now += SECOND
            self._clock.set(self._now)
            self.journal.append(
                [self._next() for _ in range(at_once)], by=Principal(self._chance.choice(["王某", "clerk", "李"]))
            )

    def _next(self) -> Entry:
        kind = self._chance.choice(["agency", "agency", "practitioner", "law"])
        name = "law" if kind == "law" else f"{kind[0].upper()}-{self._chance.randrange(400):03}"
        version = self._versions[name] = self._versions.get(name, 0) + 1
        if version == 1 and kind != "law":
            return Entry(name, kind, 1, AGENCY if kind == "agency" else PRACTITIONER)  # type: ignore[arg-type]
        id_ = f"{name}/{version}"
        return Entry(name, kind, version, fact(id_, summary="监测数据" * self._chance.randrange(9)), id_)  # type: ignore[arg-type]


@pytest.fixture
def history(stored: PostgresJournal, clock: StoppedClock) -> History:
    return History(stored, clock)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "export"


def exported(journal: PostgresJournal, folder: Path, buckets: int = 3) -> Exported:
    return write_export(folder, PackedJournal(journal), buckets=buckets)


def small(journal: PostgresJournal) -> None:
    """Positions in order: A1 B1 C1 A2 law1; two buckets would be those before and from B."""
    journal.append([Entry(name, "agency", 1, AGENCY) for name in "ABC"], by=Principal("c"))
    journal.append([Entry("A", "agency", 2, fact()), Entry("law", "law", 1, fact())], by=Principal("c"))


def bare(found: Iterator[WholeStream]) -> list[Any]:
    return [(w.stream, w.category, list(w.positions), list(w.recorded_at), list(w.events)) for w in found]


def assert_equal(ours: JournalReader, theirs: JournalReader) -> None:
    """All reads of one reader are those of the other, at its end and before."""
    head = theirs.head()
    assert ours.head() == head
    assert ours.law() == theirs.law()
    everything = list(theirs.whole_streams())
    instants = sorted({(at, p) for w in everything for at, p in zip(w.recorded_at, w.positions, strict=True)})
    positions = sorted(p for _, p in instants)
    for until in (None, head.position + 1, positions[-2], positions[len(positions) // 3], positions[0], 0):
        assert bare(ours.whole_streams(until=until)) == bare(theirs.whole_streams(until=until))
        for number in (1, 2, 5):
            assert ours.split(number, until=until) == theirs.split(number, until=until)
        names = [w.stream for w in everything][::7]
        assert ours.streams([*names, "nobody"], until=until) == theirs.streams([*names, "nobody"], until=until)
        for name in names[:5]:
            for after in (0, positions[len(positions) // 2]):
                assert list(ours.stream(name, after=after, until=until)) == list(
                    theirs.stream(name, after=after, until=until)
                )
    for part in [*theirs.split(4), Part("A-100", "A-100"), Part("A-3", "P-0"), Part("P-399")]:
        assert bare(ours.whole_streams(within=part)) == bare(theirs.whole_streams(within=part))
    only = {"categories": ("practitioner", "law"), "until": positions[-9]}
    assert bare(ours.whole_streams(**only)) == bare(theirs.whole_streams(**only))  # type: ignore[arg-type]
    for kinds in ((FactRecorded,), (EmploymentRecorded, FactRetracted), (CalendarAdopted,), (LetterIssued,)):
        assert bare(ours.whole_streams(holding=kinds)) == bare(theirs.whole_streams(holding=kinds))
    for at, _ in instants[:: max(1, len(instants) // 20)]:
        for known_at in (at - 1, at, at + 1):
            assert ours.position_at(known_at) == theirs.position_at(known_at)


# --- equal to the journal ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_export_in_increments_equals_the_journal_each_time(history: History, folder: Path) -> None:
    journal, written = history.journal, 0
    for more in (9000, 1500, 3000):
        history.grow(more)
        done = exported(journal, folder)
        written += done.written
        assert done.manifest.until == journal.head().position
        assert_equal(ParquetJournal(folder), journal)
    assert written == check_export(folder, unheard).events == 13_500
    assert exported(journal, folder).written == 0


@pytest.mark.parametrize(
    ("at_once", "rows"),
    [(15, {"persons": 5, "others": 5}), pytest.param(500, dict(GROUP_ROWS), marks=pytest.mark.slow)],
)
def test_one_segment_made_of_several_is_the_same_and_goes_on(
    history: History, folder: Path, at_once: int, rows: dict[Shelf, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Few events, too, are several groups.
    for shelf, number in rows.items():
        monkeypatch.setitem(GROUP_ROWS, shelf, number)
    for times in (4, 2, 1):
        history.grow(times * at_once, at_once=at_once)
        exported(history.journal, folder)
    before = sorted(folder.iterdir())
    done = compact(folder)
    assert (done.written, len(done.manifest.segments)) == (7 * at_once, 1)
    assert not {p.name for p in before} & {file.name for file in done.manifest.files}
    assert {p.name for p in folder.glob("*.parquet")} == {file.name for file in done.manifest.files}
    assert_equal(ParquetJournal(folder), history.journal)
    assert compact(folder).written == 0
    history.grow(at_once, at_once=at_once)
    assert exported(history.journal, folder).written == at_once
    assert_equal(ParquetJournal(folder), history.journal)
    assert check_export(folder, unheard) == (
        8 * at_once,
        sum(1 for _ in read_manifest(folder).files),
        history.journal.head().position,
    )


def test_positions_that_a_failed_append_used_up_are_no_gap_in_the_export(stored: PostgresJournal, folder: Path) -> None:
    stored.append([Entry("A", "agency", 1, AGENCY, "id1")], by=Principal("c"))
    exported(stored, folder)
    with pytest.raises(Exception, match="id1"):
        stored.append([Entry("B", "agency", 1, AGENCY, "id1")], by=Principal("c"))
    stored.append([Entry("C", "agency", 1, AGENCY, "id2")], by=Principal("c"))
    exported(stored, folder)
    assert check_export(folder, unheard).events == 2
    assert bare(ParquetJournal(folder).whole_streams()) == bare(stored.whole_streams())


def test_an_export_reads_as_it_stood_when_it_was_opened(stored: PostgresJournal, folder: Path) -> None:
    small(stored)
    exported(stored, folder)
    opened = ParquetJournal(folder)
    before = bare(opened.whole_streams())
    stored.append([Entry("A", "agency", 3, fact())], by=Principal("c"))
    exported(stored, folder)
    assert bare(opened.whole_streams()) == before
    assert opened.head() != ParquetJournal(folder).head()
    assert ParquetJournal(folder).head() == stored.head()


def test_another_process_gets_the_same_export(stored: PostgresJournal, folder: Path) -> None:
    small(stored)
    exported(stored, folder)
    sent = pickle.loads(pickle.dumps(ParquetJournal(folder)))
    assert bare(sent.whole_streams()) == bare(stored.whole_streams())


def test_personal_data_is_not_in_an_export(stored: PostgresJournal, folder: Path) -> None:
    vault = PostgresVault(stored.datastore, b"k" * 32)
    person = vault.keep("P", Person(name="张三", id_number="1", id_kind="other"))
    stored.append([Entry("P", "practitioner", 1, PRACTITIONER)], by=Principal("c"), vault=person)
    key = vault.keys(["P"])["P"]
    text = key.seal("张三的陈述")
    stored.append(
        [Entry("P", "practitioner", 2, FactRetracted(fact="f", reason=text))], by=Principal("c"), vault=key.writes
    )
    exported(stored, folder)
    told = "".join(str(pq.read_table(path).to_pylist()) for path in folder.glob("*.parquet"))
    assert text in told
    assert "张三" not in told


@pytest.mark.slow
def test_the_buckets_of_the_first_export_stay(history: History, folder: Path) -> None:
    history.grow(1000)
    first = exported(history.journal, folder, buckets=4).manifest
    assert first.bounds == tuple(part.first for part in history.journal.split(4)[1:])
    history.grow(1000)
    assert exported(history.journal, folder, buckets=9).manifest.bounds == first.bounds
    for shelf in ("persons", "others"):
        tables = [pq.read_table(folder / file.name) for file in first.files if file.shelf == shelf]
        streams = pa.concat_tables(tables)["stream"].to_pylist()
        assert streams == sorted(streams)


# --- whatever happens to a run -----------------------------------------------------------------------------------


class Killed(BaseException):
    """The process is ended here."""


class EndedAt:
    """A journal whose export is ended at one of its steps: while it is read, behind a file, or when all are written."""

    def __init__(self, journal: PostgresJournal, step: int) -> None:
        self._journal = PackedJournal(journal)
        self._left = step
        self.founding, self.last = self._journal.founding, self._journal.last
        self.at, self.split = self._journal.at, self._journal.split

    def streams(self, *, after: int, until: int) -> Iterator[PackedStream]:
        for stream in self._journal.streams(after=after, until=until):
            self.step()
            yield stream

    def step(self, done: int = 0) -> None:
        if not self._left:
            raise Killed
        self._left -= 1


def steps_of(run: Callable[[EndedAt], object], journal: PostgresJournal, between: Callable[[], None]) -> int:
    """Run until nothing ends it any more, one step further each time; how often it was ended."""
    for number in range(1000):
        try:
            run(EndedAt(journal, number))
        except Killed:
            between()
        else:
            return number
    raise AssertionError("it never came to its end")


@pytest.mark.slow
def test_a_first_export_ended_at_any_step_leaves_none_and_the_next_is_whole(
    stored: PostgresJournal, folder: Path
) -> None:
    small(stored)

    def none_is_there() -> None:
        with pytest.raises(ExportUnusable, check=says("no export")):
            ParquetJournal(folder)

    ended = steps_of(
        lambda source: write_export(folder, source, buckets=2, progress=source.step), stored, none_is_there
    )
    assert ended > 5
    assert_sound(folder, stored)


@pytest.mark.slow
def test_a_later_export_ended_at_any_step_leaves_the_one_before(stored: PostgresJournal, folder: Path) -> None:
    small(stored)
    exported(stored, folder, buckets=2)
    before = bare(stored.whole_streams())
    stored.append([Entry("A", "agency", 3, fact()), Entry("Z", "agency", 1, AGENCY)], by=Principal("c"))

    def as_it_was() -> None:
        assert bare(ParquetJournal(folder).whole_streams()) == before
        assert check_export(folder, unheard).events == 5

    ended = steps_of(lambda source: write_export(folder, source, progress=source.step), stored, as_it_was)
    assert ended > 3
    assert_sound(folder, stored)


def test_making_one_segment_ended_at_any_step_loses_nothing(stored: PostgresJournal, folder: Path) -> None:
    small(stored)
    exported(stored, folder, buckets=2)
    stored.append([Entry("A", "agency", 3, fact()), Entry("Z", "agency", 1, AGENCY)], by=Principal("c"))
    exported(stored, folder)

    def as_it_was() -> None:
        assert bare(ParquetJournal(folder).whole_streams()) == bare(stored.whole_streams())

    assert steps_of(lambda source: compact(folder, progress=source.step), stored, as_it_was) == 3
    assert_sound(folder, stored)
    assert len(read_manifest(folder).segments) == 1


def test_what_a_run_ended_after_its_last_step_has_left_is_removed(stored: PostgresJournal, folder: Path) -> None:
    small(stored)
    exported(stored, folder)
    (folder / ".manifest.json.new").write_bytes(b'{"format"')
    (folder / "000009-00000-others.parquet").write_bytes(b"PAR1")
    assert ParquetJournal(folder).head() == stored.head()
    exported(stored, folder)
    assert_sound(folder, stored)


def assert_sound(folder: Path, journal: PostgresJournal) -> None:
    """The export is the journal's, and nothing else is in its folder."""
    check_export(folder, unheard)
    assert bare(ParquetJournal(folder).whole_streams()) == bare(journal.whole_streams())
    counted = {file.name for file in read_manifest(folder).files}
    assert {path.name for path in folder.iterdir()} == {"manifest.json", ".lock", *counted}


# --- what is refused ---------------------------------------------------------------------------------------------


def refused(run: Callable[[], object]) -> ExportUnusable:
    with pytest.raises(ExportUnusable) as error:
        run()
    return error.value


def test_an_export_takes_only_the_journal_it_began_with(
    stored: PostgresJournal, folder: Path, make_database: MakeDatabase, clock: StoppedClock
) -> None:
    small(stored)
    exported(stored, folder)
    before = sorted((p.name, p.stat().st_size) for p in folder.iterdir())
    with PostgresJournal(make_database(), clock) as other:
        small(other)
        error = refused(lambda: exported(other, folder))
    assert error.code == "other_journal"
    assert "另选文件夹" in words_of(error).zh
    assert sorted((p.name, p.stat().st_size) for p in folder.iterdir()) == before


def test_a_journal_restored_from_before_the_export_is_another_one(stored: PostgresJournal, folder: Path) -> None:
    small(stored)
    (segment,) = exported(stored, folder).manifest.segments
    ahead = msgspec.structs.replace(segment, until=segment.until + 5)
    write_manifest(folder, msgspec.structs.replace(read_manifest(folder), segments=(ahead,)))
    error = refused(lambda: exported(stored, folder))
    assert error.code == "other_journal"
    assert "older backup" in words_of(error).en


def test_a_folder_with_other_things_is_left_alone(stored: PostgresJournal, folder: Path) -> None:
    small(stored)
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    error = refused(lambda: exported(stored, folder))
    assert (error.code, [p.name for p in folder.iterdir()]) == ("not_an_export", ["notes.txt"])
    assert "notes.txt" in words_of(error).en
    assert refused(lambda: exported(stored, folder / "notes.txt")).code == "folder_unusable"


def test_a_journal_without_events_is_not_exported(stored: PostgresJournal, folder: Path) -> None:
    assert refused(lambda: exported(stored, folder)).code == "nothing_to_export"


def test_two_runs_do_not_write_to_one_folder(stored: PostgresJournal, folder: Path) -> None:
    small(stored)
    exported(stored, folder)
    with (folder / ".lock").open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert refused(lambda: exported(stored, folder)).code == "export_busy"
        assert refused(lambda: compact(folder)).code == "export_busy"
    exported(stored, folder)


def test_a_folder_that_is_no_export_is_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none", tmp_path / "file"):
        (tmp_path / "file").touch()
        for run in (lambda path=path: ParquetJournal(path), lambda path=path: check_export(path, unheard)):
            error = refused(run)
            assert error.code == "not_an_export"
            assert str(path) in words_of(error).zh


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'{"format":"ecodocket-parquet","version":2,"new":[]}', "newer_export"),
        (b'{"format":"other","version":1}', "not_an_export"),
        (b'{"format":"ecodocket-parquet","version":1}', "export_damaged"),
        (b'{"version":', "export_damaged"),
        (b"", "export_damaged"),
    ],
)
def test_a_manifest_that_cannot_be_used_says_why(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "manifest.json").write_bytes(data)
    error = refused(lambda: ParquetJournal(tmp_path))
    assert error.code == code
    assert "manifest.json" in words_of(error).zh


# --- damage ------------------------------------------------------------------------------------------------------


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def bitten(path: Path) -> None:
    data = bytearray(path.read_bytes())
    state = pq.read_metadata(path).row_group(0).column(11)
    assert state.path_in_schema == "state"
    data[state.data_page_offset + state.total_compressed_size // 2] ^= 0x55
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("at_once", [40, pytest.param(500, marks=pytest.mark.slow)])
@pytest.mark.parametrize("damage", [pytest.param(Path.unlink, marks=pytest.mark.slow), cut, bitten])
def test_a_damaged_file_is_named_with_what_to_do(
    history: History, folder: Path, damage: Callable[[Path], None], at_once: int
) -> None:
    history.grow(4 * at_once, at_once=at_once)
    exported(history.journal, folder, buckets=2)
    name = read_manifest(folder).segments[0].files[1].name
    damage(folder / name)
    opened = ParquetJournal(folder)
    for run in (lambda: check_export(folder, unheard), lambda: list(opened.whole_streams())):
        error = refused(run)
        assert error.code == "export_damaged"
        assert name in words_of(error).zh
        assert "重新导出" in words_of(error).zh
        assert "export anew" in words_of(error).en


def forged(folder: Path, change: Callable[[list[dict[str, Any]]], object]) -> None:
    """Rewrite the only file, with a manifest that fits: what somebody would do who knows the format."""
    manifest: Manifest = read_manifest(folder)
    (segment,) = manifest.segments
    (file,) = segment.files
    path = folder / file.name
    table = pq.read_table(path)
    rows = table.to_pylist()
    change(rows)
    pq.write_table(pa.Table.from_pylist(rows, schema=table.schema), path)
    data = path.read_bytes()
    file = msgspec.structs.replace(file, bytes=len(data), sha256=hashlib.sha256(data).hexdigest(), rows=len(rows))
    segment = msgspec.structs.replace(segment, files=(file,), rows=len(rows))
    write_manifest(folder, msgspec.structs.replace(manifest, segments=(segment,)))


def replaced(row: int, **fields: Any) -> Callable[[list[dict[str, Any]]], None]:
    return lambda rows: rows[row].update(fields)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (replaced(1, state=b'{"type":"x"}'), "seal"),
        pytest.param(replaced(1, actor="d"), "seal", marks=pytest.mark.slow),
        pytest.param(replaced(1, introduces="x"), "seal", marks=pytest.mark.slow),
        pytest.param(replaced(2, leaf=b"1" * 32), "seal", marks=pytest.mark.slow),
        (lambda rows: rows.pop(0), "versions"),
        (lambda rows: rows.pop(1), "missing"),
        pytest.param(lambda rows: rows.pop(), "missing", marks=pytest.mark.slow),
    ],
)
def test_what_is_not_what_was_sealed_is_found(
    stored: PostgresJournal, folder: Path, change: Callable[[list[dict[str, Any]]], object], said: str
) -> None:
    small(stored)
    exported(stored, folder, buckets=1)
    forged(folder, list)
    assert check_export(folder, unheard).events == 5
    forged(folder, change)
    error = refused(lambda: check_export(folder, unheard))
    assert error.code == "export_damaged"
    assert said in words_of(error).en


def test_versions_that_do_not_follow_each_other_are_an_error_and_never_a_grade(
    stored: PostgresJournal, folder: Path
) -> None:
    small(stored)
    exported(stored, folder, buckets=1)
    forged(folder, lambda rows: rows.pop(0))
    opened = ParquetJournal(folder)
    for read in (lambda: opened.stream("A"), lambda: opened.streams(["A"]), lambda: list(opened.whole_streams())):
        with pytest.raises(BrokenStream):
            read()
    assert len(opened.stream("B")) == 1


def test_an_event_of_a_newer_program_stops_at_its_stream_as_it_does_in_the_journal(
    stored: PostgresJournal, folder: Path
) -> None:
    small(stored)
    exported(stored, folder, buckets=1)
    forged(folder, replaced(2, state=b'{"type":"Unheard"}', tag="Unheard"))
    opened = ParquetJournal(folder)
    with pytest.raises(Unreadable) as error:
        opened.streams(["A", "B"])
    assert (error.value.stream, error.value.position) == ("B", 2)
    reading = opened.whole_streams()
    assert next(reading).stream == "A"
    with pytest.raises(Unreadable) as error:
        next(reading)
    assert (error.value.stream, error.value.position) == ("B", 2)


def test_a_segment_that_was_replaced_while_it_is_read_is_told_as_missing(stored: PostgresJournal, folder: Path) -> None:
    small(stored)
    exported(stored, folder)
    stored.append([Entry("A", "agency", 3, fact())], by=Principal("c"))
    exported(stored, folder)
    opened = ParquetJournal(folder)
    compact(folder)
    assert refused(lambda: list(opened.whole_streams())).code == "export_damaged"
    assert bare(ParquetJournal(folder).whole_streams()) == bare(stored.whole_streams())


# --- the increments' cost ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_small_increment_is_found_by_its_positions(history: History) -> None:
    """Not by reading the whole journal: a nightly export takes as long as the day was."""
    history.grow(6000)
    until = history.journal.head().position
    with psycopg.connect(history.journal.application.env["ECODOCKET_JOURNAL_URL"], autocommit=True) as connection:
        connection.execute("ANALYZE events")
        plan = connection.execute(
            "EXPLAIN SELECT * FROM events WHERE notification_id > %s AND notification_id <= %s"
            " ORDER BY originator_id, originator_version",
            (until - 40, until),
        ).fetchall()
    assert any("events_position" in line for (line,) in plan)
