"""Starts one embedded PostgreSQL server and ends it when the last of its users has gone.

`embedded` runs this file as a program of its own. It uses the standard library only, so that it starts in
milliseconds, and it is nobody's child: it outlives whoever started it, also after `kill -9`.

Nothing here trusts a process id that was written down. Four lock files say who is there, and the kernel
releases them whatever ends the holder:

- `start`: held by whoever starts or stops the server, for that time;
- `users`: shared, held by every process that uses the server, for its lifetime;
- `watchdog`: held by the watchdog, and by the `initdb` it runs;
- `server`: inherited by every process of the server, so that "free" means that really none of them is left.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple

SUPERUSER: Final = "postgres"
READY: Final = "ready"

_SETTINGS: Final = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "%m [%p] ",
    "logging_collector": "off",
    "jit": "off",
}
_LEAST_BUFFERS_MB: Final = 128
_MOST_BUFFERS_MB: Final = 1024
_OF_MEMORY: Final = 8
# Not TMPDIR: that may be long, and may differ between two processes that share a server.
_SHORT_FOLDER: Final = Path("/tmp")  # noqa: S108  (owner and mode of what we use in it are checked)
_POLL_SECONDS: Final = 0.25
_FAST_SHUTDOWN_SECONDS: Final = 60.0
_LOG_LIMIT_BYTES: Final = 5_000_000


class StartFailed(Exception):
    """PostgreSQL did not start; the text holds what it printed."""


class ServerFolder(NamedTuple):
    """Where one embedded server keeps everything; `path` is absolute."""

    path: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.path / "postgres"

    @property
    def log(self) -> Path:
        return self.path / "postgres.log"

    def lock(self, name: str) -> Path:
        """The lock file `start`, `users`, `watchdog` or `server`."""
        return self.path / "locks" / name


@dataclass(frozen=True, kw_only=True)
class Order:
    """What the watchdog is asked to run: absolute paths, and the account to drop to (`uid` < 0: our own)."""

    folder: str
    binaries: str
    uid: int
    gid: int
    fsync: bool
    linger_seconds: float

    def encode(self) -> str:
        return json.dumps(asdict(self))


class Postmaster(NamedTuple):
    """What `postmaster.pid` says about the server that wrote it."""

    pid: int
    port: int
    socket_folder: Path
    ready: bool


# -- locks


def open_lock(path: Path) -> int:
    # flock needs no write permission, and so a folder can be shared by root and its owner.
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)


def try_lock(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Ask every few milliseconds until the condition holds; False when it does not within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def is_held(path: Path) -> bool:
    """Whether somebody holds this lock exclusively. Asked with a shared lock, unseen by others who ask."""
    lock = open_lock(path)
    try:
        return not try_lock(lock, fcntl.LOCK_SH)
    finally:
        os.close(lock)


@contextlib.contextmanager
def held(path: Path, seconds: float) -> Iterator[int]:
    """Hold this lock exclusively; `TimeoutError` when it does not come free within so many seconds."""
    lock = open_lock(path)
    try:
        if not wait_until(lambda: try_lock(lock, fcntl.LOCK_EX), seconds):
            raise TimeoutError(str(path))
        yield lock
    finally:
        os.close(lock)


# -- the server as it runs


def read_postmaster(folder: ServerFolder) -> Postmaster | None:
    """The server that last wrote `postmaster.pid`, alive or not; None without a (complete) file."""
    try:
        lines = (folder.cluster / "postmaster.pid").read_text("utf-8").splitlines()
        return Postmaster(int(lines[0]), int(lines[3]), Path(lines[4]), lines[7].strip() == READY)
    except (FileNotFoundError, IndexError, ValueError):
        return None


def is_running(folder: ServerFolder) -> bool:
    """Whether any process of the server is alive."""
    return is_held(folder.lock("server"))


def shut_down(folder: ServerFolder) -> bool:
    """End the server in order, or by force when it does not end in a minute; True when none of it is left."""
    for number, patience in ((signal.SIGINT, _FAST_SHUTDOWN_SECONDS), (signal.SIGQUIT, 10.0)):
        if not is_running(folder):
            break
        postmaster = read_postmaster(folder)
        if postmaster is not None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(postmaster.pid, number)
        wait_until(lambda: not is_running(folder), patience)
    return not is_running(folder)


# -- starting


def _environment() -> dict[str, str]:
    # PGDATA, PGPORT, PGOPTIONS … of the caller are about other servers; the locale is C on every machine.
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return kept | {"LC_ALL": "C", "LANG": "C"}


def _spawn(order: Order, arguments: list[str], log: int, lock: int) -> subprocess.Popen[bytes]:
    """Run a program of PostgreSQL that keeps `lock` held for as long as it, or a child of it, is alive."""
    drops = order.uid >= 0
    return subprocess.Popen(
        arguments,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        cwd="/",
        env=_environment(),
        pass_fds=(lock,),
        start_new_session=True,
        umask=0o077,
        user=order.uid if drops else None,
        group=order.gid if drops else None,
        extra_groups=[] if drops else None,
    )


def _log_since(folder: ServerFolder, offset: int) -> str:
    with folder.log.open("rb") as log:
        log.seek(offset)
        return "\n".join(log.read().decode("utf-8", "replace").splitlines()[-15:])


def _create_cluster(order: Order, folder: ServerFolder, log: int, lock: int) -> None:
    # Made beside its place and moved there when complete: a killed initdb leaves no half data folder.
    fresh = folder.path / "postgres.new"
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if order.uid >= 0:
        os.chown(fresh, order.uid, order.gid)
    offset = os.fstat(log).st_size
    arguments = [
        *(f"{order.binaries}/initdb", "-D", str(fresh), "-U", SUPERUSER, "-E", "UTF8", "--locale=C"),
        *("--auth-local=trust", "--auth-host=reject", "--data-checksums"),
        *(() if order.fsync else ("--no-sync",)),
    ]
    if _spawn(order, arguments, log, lock).wait() != 0:
        shutil.rmtree(fresh, ignore_errors=True)
        raise StartFailed(_log_since(folder, offset))
    fresh.rename(folder.cluster)


def _remove_stale_pid_file(folder: ServerFolder) -> None:
    """Nobody holds the server's lock: the file is a leftover, unless a server we did not start is running.

    PostgreSQL clears the file itself when that process id is free; when it was given to another process
    meanwhile (the rule in containers, where ids are small) it would refuse to start.
    """
    pid_file = folder.cluster / "postmaster.pid"
    if not pid_file.exists() or not Path("/proc/self").exists():
        return
    try:
        pid = int(pid_file.read_text("utf-8").splitlines()[0])
        working_folder: Path | None = Path(f"/proc/{pid}/cwd").readlink()
    except PermissionError:
        # Not ours to judge.
        return
    except (FileNotFoundError, IndexError, ValueError):
        # No such process, or a dead one that its parent has not collected.
        pid, working_folder = 0, None
    if working_folder == folder.cluster:
        raise StartFailed(f"a server started by other means runs in {folder.cluster} (pid {pid})")
    pid_file.unlink(missing_ok=True)


def _socket_folder(order: Order, folder: ServerFolder) -> Path:
    """A private folder with a short path: the path of a socket may have some 100 bytes only."""
    me = os.geteuid()
    parent = _SHORT_FOLDER / f"ecodocket-{me}"
    with contextlib.suppress(FileExistsError):
        parent.mkdir(mode=0o700)
        # The account that we drop to must pass through.
        parent.chmod(0o700 if order.uid < 0 else 0o711)
    found = parent.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != me or found.st_mode & 0o022:
        # Somebody else took the name; any other one will do, for users find it in postmaster.pid.
        parent = Path(tempfile.mkdtemp(prefix="ecodocket-", dir=_SHORT_FOLDER))
        parent.chmod(0o700 if order.uid < 0 else 0o711)
    sockets = parent / sha256(os.fsencode(folder.cluster)).hexdigest()[:12]
    shutil.rmtree(sockets, ignore_errors=True)
    sockets.mkdir(mode=0o700)
    if order.uid >= 0:
        os.chown(sockets, order.uid, order.gid)
    return sockets


def shared_buffers_mb(memory: int) -> int:
    """How much of a machine's memory, in bytes, the server keeps pages in: an eighth, from 128 MB up to 1 GB.

    Files grow side by side, so that whoever reads them in order fetches every page as often as it has files: a journal
    larger than this costs twice the time. Memory is taken as pages are read, not before.
    """
    return min(max(memory // _OF_MEMORY >> 20, _LEAST_BUFFERS_MB), _MOST_BUFFERS_MB)


def _start_server(order: Order, folder: ServerFolder, log: int) -> subprocess.Popen[bytes]:
    with held(folder.lock("server"), 30.0) as lock:
        _remove_stale_pid_file(folder)
        settings = _SETTINGS | {
            "shared_buffers": f"{shared_buffers_mb(os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE'))}MB",
            "unix_socket_directories": str(_socket_folder(order, folder)),
            "fsync": "on" if order.fsync else "off",
        }
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        offset = os.fstat(log).st_size
        server = _spawn(order, [f"{order.binaries}/postgres", "-D", str(folder.cluster), *options], log, lock)

    def is_ready() -> bool:
        postmaster = read_postmaster(folder)
        return postmaster is not None and postmaster.pid == server.pid and postmaster.ready

    # Recovery after a crash may take its time: as long as the server lives, it is waited for.
    while not is_ready():
        if server.poll() is not None:
            shutil.rmtree(settings["unix_socket_directories"], ignore_errors=True)
            raise StartFailed(_log_since(folder, offset))
        time.sleep(0.01)
    return server


def _open_log(folder: ServerFolder) -> int:
    with contextlib.suppress(FileNotFoundError):
        if folder.log.stat().st_size > _LOG_LIMIT_BYTES:
            folder.log.replace(folder.log.with_suffix(".log.1"))
    log = os.open(folder.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o640)
    if os.geteuid() == 0:
        owner = folder.path.stat()
        os.fchown(log, owner.st_uid, owner.st_gid)
    return log


# -- the watch


class Linger:
    """How long a server goes on without a user."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._unused_since: float | None = None

    def is_over(self, *, is_used: bool) -> bool:
        """Whether it has now been without a user for so long, as far as was looked: it is looked again and again."""
        now = time.monotonic()
        if is_used:
            self._unused_since = None
        elif self._unused_since is None:
            self._unused_since = now
        return self._unused_since is not None and now - self._unused_since >= self._seconds


def _end_when_unused(folder: ServerFolder, linger_seconds: float, asked_to_end: Callable[[], bool]) -> None:
    """Return when no process of the server is left, having ended it after `linger_seconds` without a user."""
    users = open_lock(folder.lock("users"))
    linger = Linger(linger_seconds)
    while is_running(folder):
        is_used = not try_lock(users, fcntl.LOCK_EX)
        if not is_used:
            fcntl.flock(users, fcntl.LOCK_UN)
        is_over = linger.is_over(is_used=is_used)
        if asked_to_end():
            shut_down(folder)
        elif is_over:
            _end_if_still_unused(folder, users)
        time.sleep(_POLL_SECONDS)


def _end_if_still_unused(folder: ServerFolder, users: int) -> None:
    # Somebody may have come since we looked. Users come under the start lock: with it the answer is final.
    lock = open_lock(folder.lock("start"))
    try:
        if try_lock(lock, fcntl.LOCK_EX) and try_lock(users, fcntl.LOCK_EX):
            shut_down(folder)
    finally:
        fcntl.flock(users, fcntl.LOCK_UN)
        os.close(lock)


def _report(text: str) -> None:
    os.write(1, text.encode())
    # Whoever started us reads up to the end of the pipe, and we stay.
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.close(nowhere)


def _run(order: Order) -> None:
    ended = False

    def end(_number: int, _frame: object) -> None:
        nonlocal ended
        ended = True

    signal.signal(signal.SIGTERM, end)
    folder = ServerFolder(Path(order.folder))
    try:
        with held(folder.lock("watchdog"), 30.0) as lock:
            server = None
            if not is_running(folder):
                log = _open_log(folder)
                if not folder.cluster.exists():
                    _create_cluster(order, folder, log, lock)
                server = _start_server(order, folder, log)
                os.close(log)
            _report(READY)
            sockets = read_postmaster(folder)
            _end_when_unused(folder, order.linger_seconds, lambda: ended)
            if server is not None:
                # Collected before our lock is free: until then its number counts as a living process.
                server.wait()
            if sockets is not None:
                shutil.rmtree(sockets.socket_folder, ignore_errors=True)
    except (StartFailed, OSError) as failure:
        _report(str(failure) or type(failure).__name__)


def main() -> None:
    """Run the order on the command line. The first process ends at once: the watchdog is nobody's child."""
    if os.fork() == 0:
        _run(Order(**json.loads(sys.argv[1])))


if __name__ == "__main__":
    main()
