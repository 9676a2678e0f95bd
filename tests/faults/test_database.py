"""A database that is locked, has no connection left, a damaged file, a full disk, or another clock than the server."""

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from tests.faults.running import LOCK, Serving, command, data_folder, eventually, free_port, id_of, server_url

pytestmark = pytest.mark.faults

CUT = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ecodocket'"
"""Ends all connections of the server."""


@pytest.fixture(scope="module")
def data() -> Iterator[Path]:
    with data_folder() as made:
        yield made


@pytest.fixture(scope="module")
def served(data: Path) -> Iterator[Serving]:
    """One server for all that leaves it as it was."""
    with Serving("--data", str(data)) as serving:
        assert serving.register(1).status_code == 201
        yield serving


def _finding(served: Serving, code: str) -> str:
    """What health says of a kind of thing out of order; nothing when it is in order."""
    return "".join(f["zh"] for f in served.get("/health").json()["findings"] if f["code"] == code)


def _is_told(answer: httpx.Response, code: str) -> bool:
    return (answer.status_code, answer.json()["code"]) == (503, code) and int(answer.headers["retry-after"]) > 0


def test_while_the_journal_is_locked_writes_are_told_to_come_again_and_questions_are_answered(
    served: Serving, data: Path
) -> None:
    with psycopg.connect(server_url(data)) as holder, ThreadPoolExecutor(12) as pool:
        holder.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
        writes = [pool.submit(served.register, number) for number in range(10, 22)]
        assert served.get(f"/subjects/{id_of(1)}").status_code == 200
        assert served.get("/health").status_code == 200
        assert all(_is_told(write.result(), "database_busy") for write in writes)
    assert served.register(10).status_code == 201


def test_while_a_table_is_locked_questions_are_told_to_come_again(served: Serving, data: Path) -> None:
    with psycopg.connect(server_url(data)) as holder:
        holder.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        assert _is_told(served.get(f"/subjects/{id_of(1)}"), "database_busy")
        assert served.get("/health").status_code == 503
    assert eventually(lambda: served.get(f"/subjects/{id_of(1)}").status_code == 200)


def test_when_connections_are_cut_the_next_question_is_answered(served: Serving, data: Path) -> None:
    with psycopg.connect(server_url(data), autocommit=True) as holder:
        for _ in range(5):
            holder.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ecodocket'"
            )
            assert served.get(f"/subjects/{id_of(1)}").status_code == 200
    assert served.register(30).status_code == 201


def _take_all(data: Path, taken: list[psycopg.Connection[Any]]) -> None:
    while True:
        try:
            taken.append(psycopg.connect(server_url(data)))
        except psycopg.OperationalError:
            return


def _has_none(holder: psycopg.Connection[Any], data: Path, taken: list[psycopg.Connection[Any]]) -> bool:
    """End the connections of the product and take their places; whether it has none left."""
    of_product = "FROM pg_stat_activity WHERE application_name = 'ecodocket'"
    holder.execute(f"SELECT pg_terminate_backend(pid) {of_product}")
    _take_all(data, taken)
    return holder.execute(f"SELECT count(*) {of_product}").fetchone() == (0,)


def test_without_a_connection_left_it_is_told_and_got_over(served: Serving, data: Path) -> None:
    taken: list[psycopg.Connection[Any]] = []
    try:
        with psycopg.connect(server_url(data), autocommit=True) as holder:
            _take_all(data, taken)
            # The product is as quick to take a place that falls vacant: until it has none.
            assert eventually(lambda: _has_none(holder, data, taken))
            assert _is_told(served.get("/journal/head"), "database_unavailable")
            assert served.get("/health").status_code == 503
    finally:
        for connection in taken:
            connection.close()
    assert eventually(served.answers)
    assert served.register(31).status_code == 201


def test_a_damaged_file_is_parked_and_named_and_all_others_go_on(served: Serving, data: Path) -> None:
    assert served.register(40).status_code == 201
    with psycopg.connect(server_url(data), autocommit=True) as owner:
        owner.execute("ALTER TABLE events DISABLE TRIGGER events_append_only")
        owner.execute("CREATE TABLE kept AS SELECT * FROM events WHERE originator_id = %s", (id_of(40),))
        owner.execute("UPDATE events SET state = '{}' WHERE originator_id = %s", (id_of(40),))
        try:
            assert served.register(41).status_code == 201
            assert eventually(lambda: id_of(40) in _finding(served, "files_parked"))
            assert served.get("/health").json()["status"] == "degraded"
            assert served.get(f"/subjects/{id_of(41)}").status_code == 200
            damaged = served.get(f"/subjects/{id_of(40)}")
            assert (damaged.status_code, damaged.json()["code"]) == (500, "unreadable")
            deadlines = served.get("/deadlines", region="150000")
            assert deadlines.status_code == 200
            assert served.get("/subjects", regime="nmg.third_party").status_code == 200
            for arguments in (("projections", "status"), ("projections", "verify", "--all"), ("verify", "--journal")):
                said = command("--data", str(data), *arguments)
                assert said.returncode == 1, said.stdout + said.stderr
                assert id_of(40) in said.stdout
        finally:
            owner.execute(
                "UPDATE events e SET state = kept.state FROM kept WHERE e.notification_id = kept.notification_id"
            )


def _last_recorded(data: Path, subject: str) -> dt.datetime:
    with psycopg.connect(server_url(data)) as connection:
        row = connection.execute("SELECT max(recorded_at) FROM events WHERE originator_id = %s", (subject,)).fetchone()
    assert row is not None
    assert isinstance(row[0], dt.datetime)
    return row[0]


def _with_clock(offset: str) -> dict[str, str]:
    """What moves the clock of a process, and not that of the database."""
    package = find_spec("libfaketime")
    folder = None if package is None or package.origin is None else Path(package.origin).parent
    libraries = [] if folder is None else sorted(folder.glob("vendor/libfaketime/src/libfaketime.so*"))
    assert libraries, (
        "the clock is moved by LD_PRELOAD: the package libfaketime is wanted, built for Linux (make setup)"
    )
    return {"LD_PRELOAD": str(libraries[0]), "FAKETIME": offset, "FAKETIME_NO_CACHE": "1", "DONT_FAKE_MONOTONIC": "1"}


def test_a_writer_two_hours_ahead_is_not_believed_and_cannot_serve(served: Serving, data: Path, tmp_path: Path) -> None:
    clock = _with_clock("+2h")
    file = tmp_path / "a.yaml"
    file.write_text(f"- {{do: record_fact, subject: {id_of(1)}, regime: nmg.third_party, row: B07, document: 甲,"
                    f" authority: 150100-EEB, decided_on: 2024-04-01, id: {id_of(99)}}}\n")  # fmt: skip
    assert served.register(50).status_code == 201
    before = _last_recorded(data, id_of(50))
    said = command("--data", str(data), "do", str(file), **clock)
    assert said.returncode == 0, said.stderr
    assert served.register(51).status_code == 201
    after = _last_recorded(data, id_of(51))
    assert before <= _last_recorded(data, id_of(1)) <= after
    refused = command("--data", str(data), "serve", "--port", str(free_port()), **clock)
    assert refused.returncode == 2
    assert "时钟" in refused.stderr
    assert "7200" in refused.stderr or "7199" in refused.stderr


SMALL_DISK = "ECODOCKET_SMALL_DISK"


def on_a_small_disk(mount: Path, mebibytes: int, *line: str) -> "subprocess.CompletedProcess[str]":
    """Run a command line that finds a disk of that size at ``mount``; nobody else sees the disk.

    Root mounts it for the process. Anybody else does as the root of a name space, and then is who they were:
    PostgreSQL does not run as root.
    """
    user, group = os.geteuid(), os.getegid()
    apart = ["unshare", "-m"] if user == 0 else ["unshare", "-rm"]
    again = [] if user == 0 else ["unshare", f"--map-user={user}", f"--map-group={group}"]
    script = f'mount -t tmpfs -o size={mebibytes}m,mode=755 tmpfs "$0" && exec "$@"'
    return subprocess.run(
        [*apart, "sh", "-c", script, str(mount), *again, *line],
        env={k: v for k, v in os.environ.items() if not k.startswith("PYTEST_XDIST")} | {SMALL_DISK: str(mount)},
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def test_a_full_disk_is_told_and_writing_goes_on_when_there_is_room() -> None:
    """On a small disk of its own, mounted for this process alone."""
    if os.environ.get(SMALL_DISK) is None:
        assert shutil.which("unshare"), "a small disk is mounted by unshare (util-linux): this machine has none"
        # Not in pytest's own folder, which another account may not enter: the data would be kept elsewhere.
        mount = Path(tempfile.mkdtemp(prefix="ecodocket-disk-", dir="/tmp"))
        mount.chmod(0o755)
        try:
            tried = on_a_small_disk(mount, 1, "true")
            assert tried.returncode == 0, (
                "a small disk cannot be mounted on this machine: be root with the right to mount (in a container"
                f" CAP_SYS_ADMIN), or allow user name spaces. {tried.stderr}"
            )
            test = f"{__file__}::test_a_full_disk_is_told_and_writing_goes_on_when_there_is_room"
            pytest_line = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "-m", "faults", test)
            done = on_a_small_disk(mount, 160, sys.executable, *pytest_line)
        finally:
            mount.rmdir()
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
        return
    disk = Path(os.environ[SMALL_DISK])
    with data_folder(disk) as data, Serving("--data", str(data)) as served:
        assert served.register(1).status_code == 201
        assert "MiB" in _finding(served, "disk_low")
        ballast = data.parent / "ballast"
        with ballast.open("wb") as out:
            try:
                while True:
                    out.write(b"x" * 65536)
                    out.flush()
            except OSError:
                pass
        recorded = [1]
        for number in range(2, 3000):
            written = served.register(number)
            if written.status_code != 201:
                break
            recorded.append(number)
        else:
            raise AssertionError("the disk never was full")
        assert written.status_code == 503
        assert int(written.headers["retry-after"]) > 0
        ballast.unlink()
        assert eventually(lambda: served.register(5000).status_code in (200, 201))
        for number in (recorded[0], recorded[-1]):
            assert served.get(f"/subjects/{id_of(number)}").status_code == 200
        checked = command("--data", str(data), "verify", "--journal")
        assert checked.returncode == 0, checked.stdout + checked.stderr
