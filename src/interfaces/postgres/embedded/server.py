"""A PostgreSQL server that nobody has to install, start or stop.

One server per data folder, shared by every process that uses it (`serve`, the command line, the workers of
a test run). The first user starts it, and a watchdog (see `watchdog`) ends it soon after the last one has
gone, however that one went.
"""

import contextlib
import fcntl
import os
import pwd
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, Self
from urllib.parse import quote

from interfaces.postgres.embedded import binaries, watchdog
from interfaces.postgres.embedded.binaries import Installation
from interfaces.postgres.embedded.errors import EmbeddedPostgresError
from interfaces.postgres.embedded.watchdog import Order, ServerFolder, held, is_held, open_lock, try_lock, wait_until

_ROOT_FOLDER: Final = Path("/var/lib/ecodocket")
_POINTER: Final = "postgres.location"
_ANSWER_SECONDS: Final = 5.0
# The one message of the protocol that is answered without naming a user: "is there TLS?"
_SSL_REQUEST: Final = struct.pack("!ii", 8, 80877103)


class Account(NamedTuple):
    """An operating system account, by its numbers."""

    uid: int
    gid: int


class EmbeddedStatus(NamedTuple):
    """The server of a data folder as it is now, without starting it."""

    running: bool
    cluster: Path
    """PostgreSQL's own data folder."""
    log: Path
    major: int | None
    """Major version of the data; None before the first start."""
    pid: int | None
    url: str | None


def default_data_dir(environment: Mapping[str, str] | None = None) -> Path:
    """The data folder when none is named: `ECODOCKET_DATA`, else the usual place of the account.

    For root that is `/var/lib/ecodocket`: PostgreSQL never runs as root, and root's home is closed to others.
    """
    environment = os.environ if environment is None else environment
    if named := environment.get("ECODOCKET_DATA"):
        return Path(named)
    if os.geteuid() == 0:
        return _ROOT_FOLDER
    base = environment.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "ecodocket"


class EmbeddedPostgres:
    """The server of one data folder, seen from one of the processes that use it.

    Args:
        data_dir: created when missing; PostgreSQL's own files go into `postgres/` in it. Folders that exist
            keep their owner and mode.
        fsync: False only where losing the data in a power cut does not matter (tests).
        linger_seconds: how long the server waits for a next user. The user that starts it decides.
        environment: where `ECODOCKET_PG_BIN` and `PATH` are looked up; the process's own by default.
        start_seconds: how long `ensure_running` waits, which includes the recovery after a crash.
    """

    def __init__(
        self,
        data_dir: Path,
        *,
        fsync: bool = True,
        linger_seconds: float = 2.0,
        environment: Mapping[str, str] | None = None,
        start_seconds: float = 300.0,
    ) -> None:
        self.data_dir = data_dir.absolute()
        self._fsync = fsync
        self._linger_seconds = linger_seconds
        self._environment = os.environ if environment is None else environment
        self._start_seconds = start_seconds
        self._users_lock: int | None = None
        self._one_thread = threading.Lock()

    def ensure_running(self) -> str:
        """Start the server or join it, and use it until `release`, `stop` or the end of this process.

        Returns the URL of the superuser's database, for any libpq client of this account on this machine.

        Raises:
            EmbeddedPostgresError: no PostgreSQL found, none that opens this folder, or it does not start.
        """
        folder, account = self._prepare()
        with self._one_thread:
            try:
                with self._alone(folder):
                    self._use(folder)
                    if not _is_reachable(folder) or not is_held(folder.lock("watchdog")):
                        self._start(folder, account)
                    return _url(folder)
            except BaseException:
                self._release()
                raise

    def keep_running(self) -> None:
        """Start the server again, or the watchdog it has lost, when it is gone; meanwhile a look at two locks."""
        folder = _folder_of(self.data_dir)
        if not watchdog.is_running(folder) or not is_held(folder.lock("watchdog")):
            self.ensure_running()

    def release(self) -> None:
        """Stop using the server. Without another user it ends after its linger time."""
        with self._one_thread:
            self._release()

    def stop(self) -> bool:
        """Stop using the server and, unless others use it, end it now; True when it does not run any more.

        Raises:
            EmbeddedPostgresError: another process is starting or stopping it and does not come to an end.
        """
        self.release()
        folder = _folder_of(self.data_dir)
        if not folder.lock("start").exists():
            return True
        with self._one_thread, self._alone(folder):
            users = open_lock(folder.lock("users"))
            try:
                # A moment's patience for the watchdog, which asks the same question now and then.
                unused = wait_until(lambda: try_lock(users, fcntl.LOCK_EX), 0.5)
                ended = unused and watchdog.shut_down(folder)
            finally:
                os.close(users)
            # The watchdog follows its server; then the folder may be moved or removed.
            return ended and wait_until(lambda: not is_held(folder.lock("watchdog")), 10.0)

    def read_status(self) -> EmbeddedStatus:
        """Look at the server without starting, joining or changing anything."""
        folder = _folder_of(self.data_dir)
        running = folder.lock("server").exists() and watchdog.is_running(folder)
        postmaster = watchdog.read_postmaster(folder) if running else None
        return EmbeddedStatus(
            running=running,
            cluster=folder.cluster,
            log=folder.log,
            major=_major_of(folder),
            pid=postmaster.pid if postmaster else None,
            url=_url(folder) if postmaster else None,
        )

    def __enter__(self) -> Self:
        self.ensure_running()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @contextlib.contextmanager
    def _alone(self, folder: ServerFolder) -> Iterator[None]:
        """While nobody else starts or stops this server."""
        try:
            with held(folder.lock("start"), self._start_seconds):
                yield
        except TimeoutError as timeout:
            raise EmbeddedPostgresError(
                f"等待 {timeout} 超时：数据库正在启动或停止。请稍后重试，并查看日志 {folder.log}。",
                f"Timed out on {timeout}: the server is starting or stopping. Try again, and see the log {folder.log}.",
            ) from None

    def _use(self, folder: ServerFolder) -> None:
        if self._users_lock is None:
            self._users_lock = open_lock(folder.lock("users"))
            fcntl.flock(self._users_lock, fcntl.LOCK_SH)

    def _release(self) -> None:
        if self._users_lock is not None:
            os.close(self._users_lock)
            self._users_lock = None

    def _prepare(self) -> tuple[ServerFolder, Account | None]:
        try:
            return _prepare_folder(self.data_dir)
        except OSError as error:
            raise EmbeddedPostgresError(
                f"无法使用数据目录 {self.data_dir}（{error}）。请用 ECODOCKET_DATA 指定一个可写的目录。",
                f"The data folder {self.data_dir} cannot be used ({error}). Name another in ECODOCKET_DATA.",
            ) from error

    def _start(self, folder: ServerFolder, account: Account | None) -> None:
        """Start a server with its watchdog, or only the watchdog that it has lost; the start lock is held."""
        if watchdog.is_running(folder) and not _is_reachable(folder):
            _wait_or_shut_down(folder, self._start_seconds)
        if not wait_until(lambda: not is_held(folder.lock("watchdog")), self._start_seconds):
            raise TimeoutError(str(folder.lock("watchdog")))
        order = Order(
            folder=str(folder.path),
            binaries="" if watchdog.is_running(folder) else str(self._choose_binaries(folder, account)),
            uid=account.uid if account else -1,
            gid=account.gid if account else -1,
            fsync=self._fsync,
            linger_seconds=self._linger_seconds,
        )
        said = _launch(order, self._start_seconds)
        # A watchdog that says nothing was killed while it waited for its server, which came up or not.
        if said != watchdog.READY and (said or not _is_reachable(folder)):
            raise _start_error(folder, said)

    def _choose_binaries(self, folder: ServerFolder, account: Account | None) -> Path:
        try:
            chosen = choose_installation(binaries.installations(self._environment), folder, account)
        except FileNotFoundError as missing:
            raise EmbeddedPostgresError(
                f"ECODOCKET_PG_BIN 指定的目录 {missing} 中没有可用的 PostgreSQL（需要 postgres 和 initdb）。",
                f"The folder {missing} in ECODOCKET_PG_BIN has no working PostgreSQL (postgres, initdb).",
            ) from None
        return chosen.folder


def choose_installation(found: Iterable[Installation], folder: ServerFolder, account: Account | None) -> Installation:
    """The first PostgreSQL that opens this data folder and that the account may run.

    Raises:
        EmbeddedPostgresError: there is none; names the versions found and the one needed.
    """
    needed = _major_of(folder)
    seen: list[Installation] = []
    for installation in found:
        seen.append(installation)
        if needed in (None, installation.major) and _may_pass(account, installation.folder / "postgres"):
            return installation
    for installation in seen:
        if needed in (None, installation.major) and (copied := _copy_of_wheel(installation)) is not None:
            return copied
    listed = "、".join(map(str, seen)) or "无 / none"
    if needed is None:
        raise EmbeddedPostgresError(
            f"找不到可用的 PostgreSQL（已找到：{listed}）。请用 DATABASE_URL 指定现有数据库；或安装 PostgreSQL，"
            "或用 ECODOCKET_PG_BIN 指定其 bin 目录；"
            "或安装随附的（pip install --require-hashes -r requirements-embedded.lock）。",
            f"No usable PostgreSQL (found: {listed}). Name a database in DATABASE_URL; or install PostgreSQL, "
            "or name its bin folder in ECODOCKET_PG_BIN; or install the one that comes along (pip install "
            "--require-hashes -r requirements-embedded.lock).",
        )
    raise EmbeddedPostgresError(
        f"数据目录 {folder.cluster} 由 PostgreSQL {needed} 创建，只能由同一主版本打开；已找到：{listed}。"
        f"请安装 PostgreSQL {needed}，或用 ECODOCKET_PG_BIN 指定其 bin 目录。",
        f"The data folder {folder.cluster} was created by PostgreSQL {needed} and opens with no other major "
        f"version; found: {listed}. Install PostgreSQL {needed}, or name its bin folder in ECODOCKET_PG_BIN.",
    )


def _start_error(folder: ServerFolder, said: str) -> EmbeddedPostgresError:
    printed = said or "(没有输出 / no output)"
    return EmbeddedPostgresError(
        f"内置 PostgreSQL 启动失败。数据目录：{folder.cluster}，日志：{folder.log}。"
        "请检查磁盘空间和权限，然后重试；也可用 DATABASE_URL 改用其他数据库。",
        f"The embedded PostgreSQL did not start. Data folder: {folder.cluster}; log: {folder.log}. Check "
        f"disk space and permissions and try again, or use another database through DATABASE_URL.\n{printed}",
    )


# -- the server as it runs


def _url(folder: ServerFolder) -> str:
    postmaster = watchdog.read_postmaster(folder)
    if postmaster is None:
        raise _start_error(folder, "")
    sockets = quote(str(postmaster.socket_folder), safe="/")
    return f"postgresql://{watchdog.SUPERUSER}@/postgres?host={sockets}&port={postmaster.port}"


def _is_reachable(folder: ServerFolder) -> bool:
    """Whether the server is up and answers on its socket. One that is only slow to answer counts as up."""
    postmaster = watchdog.read_postmaster(folder)
    if postmaster is None or not postmaster.ready or not watchdog.is_running(folder):
        return False
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(postmaster.socket_folder / f".s.PGSQL.{postmaster.port}"))
            # A connection alone proves little: the kernel makes it for a server just killed, too.
            client.settimeout(_ANSWER_SECONDS)
            client.sendall(_SSL_REQUEST)
            return client.recv(1) != b""
        except TimeoutError:
            return True
        except OSError:
            return False


def _wait_or_shut_down(folder: ServerFolder, seconds: float) -> None:
    """Of a server that takes no connections: wait while it starts or ends, end it when its socket is lost."""
    postmaster = watchdog.read_postmaster(folder)
    if postmaster is not None and postmaster.ready:
        watchdog.shut_down(folder)
    if not wait_until(lambda: not watchdog.is_running(folder) or _is_reachable(folder), seconds):
        raise TimeoutError(str(folder.lock("server")))


def _launch(order: Order, seconds: float) -> str:
    """Start a watchdog; what it says when the server is up (`READY`) or has failed."""
    # By its path and isolated: neither the caller's folder nor its environment decides what is imported.
    command = [sys.executable, "-I", watchdog.__file__, order.encode()]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,
    ) as process:
        try:
            said, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            raise TimeoutError(order.folder) from None
    return said.decode("utf-8", "replace")


# -- folders and accounts


def _folder_of(data_dir: Path) -> ServerFolder:
    try:
        return ServerFolder(Path((data_dir / _POINTER).read_text("utf-8").strip()))
    except FileNotFoundError:
        return ServerFolder(data_dir)


def _major_of(folder: ServerFolder) -> int | None:
    try:
        return int((folder.cluster / "PG_VERSION").read_text("utf-8").split(".")[0])
    except FileNotFoundError:
        return None


def _prepare_folder(data_dir: Path) -> tuple[ServerFolder, Account | None]:
    """Create what is missing; the server's folder, and the account that it drops to (None: our own)."""
    if os.geteuid() != 0:
        _make_folder(data_dir, 0o700)
        folder = _folder_of(data_dir)
        if folder.cluster.exists() and folder.cluster.stat().st_uid != os.geteuid():
            owner = folder.cluster.stat().st_uid
            raise PermissionError(f"{folder.cluster}: owner uid {owner}, we are uid {os.geteuid()}")
        _make_locks(folder)
        return folder, None
    _make_folder(data_dir, 0o711)
    folder = _folder_of(data_dir)
    account = _account_for(folder)
    if not _may_pass(account, folder.path):
        folder = _relocate(data_dir)
        account = _account_for(folder)
    _make_locks(folder)
    return folder, account


def _make_folder(folder: Path, mode: int) -> None:
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        # Ours, for we have just made it; what was there before is never touched.
        folder.chmod(mode)


def _make_locks(folder: ServerFolder) -> None:
    owner = folder.path.stat()
    locks = [folder.lock(name) for name in ("start", "users", "watchdog", "server")]
    if all(lock.exists() for lock in locks):
        return
    # Closed to others: a stranger's lock would stop us.
    _make_folder(locks[0].parent, 0o700)
    for lock in locks:
        lock.touch(0o600)
    if os.geteuid() == 0:
        for path in (locks[0].parent, *locks):
            os.chown(path, owner.st_uid, owner.st_gid)


def _account_for(folder: ServerFolder) -> Account:
    """Who runs the server when we are root: the owner of the data, or of its folder, or a system one."""
    for path in (folder.cluster, folder.path):
        if path.exists() and (owner := path.stat()).st_uid != 0 and _is_known(owner.st_uid):
            return Account(owner.st_uid, owner.st_gid)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise PermissionError("PostgreSQL does not run as root, and there is no account `postgres` or `nobody`")


def _is_known(uid: int) -> bool:
    # initdb wants a name for the account that it runs as.
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _may_pass(account: Account | None, path: Path) -> bool:
    """Whether the account may run this program or enter this folder: asked of the system itself."""
    asked = subprocess.run(
        ["/bin/sh", "-c", 'test -x "$1"', "sh", path],
        cwd="/",
        check=False,
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
    )
    return asked.returncode == 0


def _relocate(data_dir: Path) -> ServerFolder:
    """Data that root wants where nobody else may enter (its home) are kept elsewhere; a file says where."""
    chosen = _ROOT_FOLDER / "by-path" / sha256(os.fsencode(data_dir)).hexdigest()[:12]
    for made in (_ROOT_FOLDER, chosen.parent, chosen):
        _make_folder(made, 0o711)
    (data_dir / _POINTER).write_text(f"{chosen}\n", "utf-8")
    return ServerFolder(chosen)


def _copy_of_wheel(installation: Installation) -> Installation | None:
    """A copy of the wheel's programs that every account may run, for a virtual environment in root's home."""
    package = binaries.wheel_folder()
    if package is None or os.geteuid() != 0 or not installation.folder.is_relative_to(package.resolve()):
        return None
    inside = installation.folder.relative_to(package.resolve())
    key = sha256(f"{package} {package.stat().st_mtime_ns}".encode()).hexdigest()[:12]
    copy = _ROOT_FOLDER / f"programs-{key}"
    if not copy.is_dir():
        _make_folder(_ROOT_FOLDER, 0o711)
        # Complete or not there at all, also when two processes copy at once.
        fresh = Path(tempfile.mkdtemp(prefix="programs.new-", dir=_ROOT_FOLDER))
        for part in (package, package.with_name(f"{package.name}.libs")):
            if part.is_dir():
                left_out = shutil.ignore_patterns("include", "*.a", "__pycache__")
                shutil.copytree(part, fresh / part.name, symlinks=True, ignore=left_out)
        fresh.chmod(0o755)
        try:
            fresh.rename(copy)
        except OSError:
            shutil.rmtree(fresh)
    return binaries.installation_in(copy / package.name / inside)
