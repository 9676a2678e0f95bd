"""The embedded server: shared, private, and gone when its users are, whatever ended them. No mocks."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import psycopg
import pytest

from interfaces.postgres.embedded import binaries, watchdog
from interfaces.postgres.embedded.errors import EmbeddedPostgresError
from interfaces.postgres.embedded.server import EmbeddedPostgres, default_data_dir
from interfaces.postgres.embedded.watchdog import (
    ServerFolder,
    StartFailed,
    _remove_stale_pid_file,
    is_held,
    read_postmaster,
    shared_buffers_mb,
    wait_until,
)
from tests.support.postgres import server_folder

PATIENCE_SECONDS = 20.0
LINGER_SECONDS = 0.2
AS_ROOT = os.geteuid() == 0

USER = """
import sys
from pathlib import Path
from interfaces.postgres.embedded.server import EmbeddedPostgres
print(EmbeddedPostgres(Path(sys.argv[1]), fsync=False, linger_seconds=0.2).ensure_running(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with server_folder() as made:
        yield made
        # Nothing that a failed test left running may hold the folder or outlive the run.
        EmbeddedPostgres(made).stop()


def embedded(folder: Path, **environment: str) -> EmbeddedPostgres:
    return EmbeddedPostgres(
        folder, fsync=False, linger_seconds=LINGER_SECONDS, environment={**os.environ, **environment}
    )


def start_user(folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def url_from(user: "subprocess.Popen[str]") -> str:
    assert user.stdout is not None
    return user.stdout.readline().strip()


def end(user: "subprocess.Popen[str]", number: int = signal.SIGKILL) -> None:
    with user:
        user.send_signal(number)


def ask(url: str, query: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def record(url: str, word: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS words (word text)")
        connection.execute("INSERT INTO words VALUES (%s)", [word])


def recorded(url: str) -> object:
    return ask(url, "SELECT string_agg(word, ' ' ORDER BY word) FROM words")


def pid_of(folder: Path) -> int:
    pid = EmbeddedPostgres(folder).read_status().pid
    assert pid is not None
    return pid


def watchdog_of(folder: Path) -> psutil.Process:
    """Found by its order: one that was replaced is not the parent of its server."""
    (found,) = (
        each
        for each in psutil.process_iter(["cmdline"])
        if watchdog.__file__ in (line := each.info["cmdline"] or [""]) and f'"{folder}"' in line[-1]
    )
    return found


def eventually(condition: Callable[[], bool]) -> bool:
    return wait_until(condition, PATIENCE_SECONDS)


def is_gone(folder: Path) -> bool:
    server = ServerFolder(folder)
    return not any(is_held(server.lock(name)) for name in ("server", "watchdog"))


@pytest.mark.slow
def test_starts_keeps_its_data_and_stops(folder: Path) -> None:
    with embedded(folder) as server:
        url = server.ensure_running()
        record(url, "kept")
        assert ask(url, "SHOW listen_addresses") == ""
        assert ask(url, "SHOW server_encoding") == "UTF8"
        assert ask(url, "SHOW timezone") == "UTC"
        status = server.read_status()
        assert (status.running, status.url) == (True, url)
    assert is_gone(folder)
    assert server.read_status().running is False
    assert server.read_status().url is None
    with embedded(folder) as server:
        assert recorded(server.ensure_running()) == "kept"


@pytest.mark.slow
def test_a_server_is_private_to_its_account(folder: Path) -> None:
    with embedded(folder):
        postmaster = read_postmaster(ServerFolder(folder))
        assert postmaster is not None
        assert postmaster.socket_folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "postgres").stat().st_mode & 0o777 == 0o700
        assert (folder / "locks").stat().st_mode & 0o777 == 0o700
    assert not postmaster.socket_folder.exists()


@pytest.mark.slow
def test_is_durable_unless_told_otherwise(folder: Path) -> None:
    with EmbeddedPostgres(folder) as server:
        url = server.ensure_running()
        assert (ask(url, "SHOW fsync"), ask(url, "SHOW synchronous_commit")) == ("on", "on")


@pytest.mark.parametrize(
    ("gigabytes", "megabytes"), [(0.25, 128), (1, 128), (1.5, 192), (4, 512), (8, 1024), (8.1, 1024), (256, 1024)]
)
def test_pages_are_kept_in_an_eighth_of_the_memory_within_bounds(gigabytes: float, megabytes: int) -> None:
    assert shared_buffers_mb(int(gigabytes * 2**30)) == megabytes


@pytest.mark.slow
def test_processes_that_start_at_once_share_one_server(folder: Path) -> None:
    users = [start_user(folder) for _ in range(4)]
    with ThreadPoolExecutor() as pool:
        urls = set(pool.map(url_from, users))
    assert len(urls) == 1
    first = pid_of(folder)
    end(users.pop())
    with embedded(folder) as server:
        assert pid_of(folder) == first
        assert server.stop() is False
    assert ask(urls.pop(), "SELECT 1") == 1
    for user in users:
        end(user, signal.SIGTERM)
    assert eventually(lambda: is_gone(folder))


@pytest.mark.slow
def test_two_folders_have_two_servers(folder: Path) -> None:
    with embedded(folder / "one") as one, embedded(folder / "two") as two:
        assert one.ensure_running() != two.ensure_running()
        assert ask(one.ensure_running(), "SELECT 1") == ask(two.ensure_running(), "SELECT 1")


@pytest.mark.slow
def test_killing_the_only_user_ends_the_server_and_leaves_the_data(folder: Path) -> None:
    user = start_user(folder)
    record(url_from(user), "kept")
    end(user)
    assert eventually(lambda: is_gone(folder))
    with embedded(folder) as server:
        assert recorded(server.ensure_running()) == "kept"


@pytest.mark.slow
def test_killing_the_first_user_while_the_server_is_being_made_leaves_no_half_folder(folder: Path) -> None:
    user = start_user(folder)
    assert eventually(lambda: (folder / "postgres.new").exists() or (folder / "postgres").exists())
    end(user)
    with embedded(folder) as server:
        assert ask(server.ensure_running(), "SELECT 1") == 1
    assert is_gone(folder)
    assert not (folder / "postgres.new").exists()


@pytest.mark.slow
def test_a_killed_postmaster_is_recovered(folder: Path) -> None:
    with embedded(folder) as server:
        record(server.ensure_running(), "before")
        os.kill(pid_of(folder), signal.SIGKILL)
        url = server.ensure_running()
        record(url, "after")
        assert recorded(url) == "after before"


def test_a_server_that_lost_its_socket_or_its_watchdog_goes_on_with_the_next_user(folder: Path) -> None:
    with embedded(folder) as server:
        server.ensure_running()
        postmaster = read_postmaster(ServerFolder(folder))
        assert postmaster is not None
        for path in postmaster.socket_folder.iterdir():
            path.unlink()
        url = server.ensure_running()
        assert ask(url, "SELECT 1") == 1
        again = pid_of(folder)
        watchdog_of(folder).kill()
        assert eventually(lambda: not is_held(ServerFolder(folder).lock("watchdog")))
        assert ask(url, "SELECT 1") == 1
        assert server.ensure_running() == url
        assert pid_of(folder) == again
        # The new one has not begun the server, and ends it all the same, in order, when it is asked to end.
        watchdog_of(folder).terminate()
        assert eventually(lambda: is_gone(folder))
        assert (folder / "postgres.log").read_text().rstrip().endswith("database system is shut down")


@pytest.mark.slow
def test_a_leftover_pid_that_belongs_to_another_process_now_does_not_prevent_a_start(folder: Path) -> None:
    with embedded(folder):
        pass
    (folder / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n0\n5432\n/nowhere\n\n\nready\n")
    with embedded(folder) as server:
        assert ask(server.ensure_running(), "SELECT 1") == 1


def ended_process() -> int:
    with subprocess.Popen([sys.executable, "-I", "-S", "-c", ""]) as process:
        return process.pid


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(lambda: "", id="nothing"),
        pytest.param(lambda: "not a number", id="something else"),
        pytest.param(lambda: f"{ended_process()}\n", id="a process that has ended"),
        pytest.param(lambda: f"{os.getpid()}\n", id="a process elsewhere that got the number"),
    ],
)
def test_a_pid_file_that_names_no_server_of_the_folder_is_cleared_away(folder: Path, text: Callable[[], str]) -> None:
    pid_file = folder / "postgres" / "postmaster.pid"
    pid_file.parent.mkdir()
    pid_file.write_text(text())
    _remove_stale_pid_file(ServerFolder(folder))
    assert not pid_file.exists()


def test_beside_a_server_that_was_started_by_other_means_none_is_started(folder: Path) -> None:
    pid_file = folder / "postgres" / "postmaster.pid"
    pid_file.parent.mkdir()
    waits = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(waits, stdin=subprocess.PIPE, cwd=folder / "postgres") as other:
        pid_file.write_text(f"{other.pid}\n{folder}\n")
        with pytest.raises(StartFailed, match=rf"by other means runs in {folder}/postgres \(pid {other.pid}\)"):
            _remove_stale_pid_file(ServerFolder(folder))
        other.communicate()
    assert pid_file.read_text().startswith(f"{other.pid}\n")


@pytest.mark.slow
def test_a_long_path_is_no_obstacle(folder: Path) -> None:
    with embedded(folder / ("很长的目录名" * 10) / ("deep" * 30)) as server:
        assert ask(server.ensure_running(), "SELECT 1") == 1


@pytest.mark.slow
@pytest.mark.parametrize("installation", binaries.wheel_installations(), ids=str)
def test_the_wheel_is_enough(folder: Path, installation: binaries.Installation) -> None:
    with embedded(folder, ECODOCKET_PG_BIN=str(installation.folder)) as server:
        version = ask(server.ensure_running(), "SHOW server_version_num")
        assert isinstance(version, str)
        assert int(version) // 10_000 == installation.major == server.read_status().major


def test_data_are_opened_by_the_version_that_made_them(folder: Path) -> None:
    newest, *older = binaries.wheel_installations()
    made_by = older[-1] if older else newest
    with embedded(folder, ECODOCKET_PG_BIN=str(made_by.folder)):
        pass
    with embedded(folder, ECODOCKET_PG_BIN=str(newest.folder)) as server:
        assert str(ask(server.ensure_running(), "SHOW server_version")).startswith(f"{made_by.major}.")


def test_without_the_version_that_made_the_data_the_error_names_both(folder: Path) -> None:
    (folder / "postgres").mkdir()
    (folder / "postgres" / "PG_VERSION").write_text("9.6\n")
    if AS_ROOT:
        os.chown(folder / "postgres", 65534, 65534)
    with pytest.raises(
        EmbeddedPostgresError, match=r"(?s)由 PostgreSQL 9 创建.*PostgreSQL 18.*was created by"
    ) as error:
        embedded(folder).ensure_running()
    assert str(folder) in str(error.value)


def test_a_named_folder_without_postgresql_is_an_error(folder: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="ECODOCKET_PG_BIN"):
        embedded(folder / "new", ECODOCKET_PG_BIN=str(folder)).ensure_running()


def test_a_failed_start_shows_what_postgresql_said(folder: Path) -> None:
    with embedded(folder):
        pass
    with (folder / "postgres" / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(EmbeddedPostgresError, match=r"(?s)启动失败.*postgres\.log.*no_such_setting"):
        embedded(folder).ensure_running()
    assert is_gone(folder)


@pytest.mark.slow
def test_folders_that_were_there_keep_owner_and_mode(folder: Path) -> None:
    folder.chmod(0o751)
    (folder / "given").mkdir()
    (folder / "given").chmod(0o775)
    before = [(path.stat().st_uid, path.stat().st_gid, path.stat().st_mode) for path in (folder, folder / "given")]
    with embedded(folder / "given"):
        pass
    after = [(path.stat().st_uid, path.stat().st_gid, path.stat().st_mode) for path in (folder, folder / "given")]
    assert after == before


@pytest.mark.slow
@pytest.mark.skipif(not AS_ROOT, reason="only root has to drop to another account")
def test_started_by_root_the_server_is_not_root(folder: Path) -> None:
    with embedded(folder):
        assert Path(f"/proc/{pid_of(folder)}").stat().st_uid != 0
        assert (folder / "postgres").stat().st_uid != 0
        assert folder.stat().st_uid == 0


@pytest.mark.skipif(not AS_ROOT, reason="only root has to drop to another account")
def test_data_in_a_folder_closed_to_others_are_kept_elsewhere(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with embedded(closed / "data") as server:
        record(server.ensure_running(), "kept")
        elsewhere = server.read_status().cluster.parent
    with embedded(closed / "data") as server:
        assert recorded(server.ensure_running()) == "kept"
    assert (closed / "data" / "postgres.location").read_text() == f"{elsewhere}\n"
    assert closed.stat().st_mode & 0o777 == 0o700
    subprocess.run(["rm", "-r", str(elsewhere)], check=True)


def test_the_data_folder_can_be_named(tmp_path: Path) -> None:
    assert default_data_dir({"ECODOCKET_DATA": str(tmp_path)}) == tmp_path
    if not AS_ROOT:
        assert default_data_dir({"XDG_DATA_HOME": str(tmp_path)}) == tmp_path / "ecodocket"
