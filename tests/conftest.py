"""What every test may ask for."""

import gc
import os
import signal
import uuid
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

import pytest

from interfaces.postgres.embedded.server import EmbeddedPostgres
from tests.support import postgres
from tests.support.demo_server import demo_address, end_demo

# Set by the process that was started by hand and inherited by its workers: they share a server and template.
_RUN_FOLDER = "ECODOCKET_TEST_FOLDER"
_run = ExitStack()
# Of how many new objects the collector looks through the youngest, the middle, the oldest.
_LOOKED_THROUGH = (10_000, 20, 50)


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # What a shell has put into the background ignores it, as would all that tests start there and interrupt.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not hasattr(config, "workerinput"):
        # Read by pytest when the first test asks for `tmp_path`.
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(postgres.temporary_root()))
        os.environ[_RUN_FOLDER] = str(_run.enter_context(postgres.server_folder()))
        _run.callback(_end_run)


def pytest_xdist_auto_num_workers() -> int:
    """Three processes for two cores: many tests wait for a server or a process; a fourth took more than it gave."""
    return max(1, 3 * (os.cpu_count() or 1) // 2)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the garbage collector what stays until the end, the modules and the tests of a run: it would go through
    them again and again, while they are made and whenever a test has made much. And let it look less often: most of
    what tests make goes without it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(*_LOOKED_THROUGH)
        gc.enable()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        _run.close()


def _end_run() -> None:
    end_demo(Path(os.environ[_RUN_FOLDER]))
    if admin_url := os.environ.get("DATABASE_URL"):
        with postgres.administering(admin_url) as admin:
            for name in (_template_name(), _founded_name(), _demo_name()):
                postgres.drop_database(admin, name)
                postgres.drop_database(admin, f"{name}{postgres.UNFINISHED}")
    else:
        EmbeddedPostgres(Path(os.environ[_RUN_FOLDER])).stop()


def _template_name() -> str:
    return Path(os.environ[_RUN_FOLDER]).name.replace("-", "_")


def _demo_name() -> str:
    return f"{_template_name()}_demo"


def _founded_name() -> str:
    return f"{_template_name()}_founded"


class MakeDatabase(Protocol):
    """Makes a fresh database and returns its URL (superuser); it is dropped after the test.

    `migrated`: at the newest migration (a copy of the run's template), or else with nothing in it. `founded`: with the
    law on record, too.
    """

    def __call__(self, *, migrated: bool = True, founded: bool = False) -> str: ...


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """The superuser's URL: `DATABASE_URL` when set, else an embedded server that the whole run shares."""
    if admin_url := os.environ.get("DATABASE_URL"):
        yield admin_url
        return
    server = EmbeddedPostgres(Path(os.environ[_RUN_FOLDER]), fsync=False)
    yield server.ensure_running()
    server.release()


@pytest.fixture(scope="session")
def template_database(postgres_url: str) -> str:
    """The name of the database that new ones are copied from; connections to it would prevent that."""
    postgres.build_template_once(postgres_url, _template_name())
    return _template_name()


@pytest.fixture(scope="session")
def demo(postgres_url: str) -> str:
    """The address of the demo: one server for the whole run, which tests share and therefore leave as it is; the one at
    ``ECODOCKET_DEMO`` when that is set, to go on with tests without founding it anew."""
    return os.environ.get("ECODOCKET_DEMO") or demo_address(Path(os.environ[_RUN_FOLDER]), postgres_url, _demo_name())


@pytest.fixture(scope="session")
def founded_database(postgres_url: str, template_database: str) -> str:
    """The name of the database, with the law on record, that new ones are copied from."""
    # Imported where it is used: those who need no database load none of it.
    from interfaces.cli.house import Settings
    from interfaces.main import InstalledHouse

    def found(admin: postgres.Connection, url: str, name: str) -> None:
        postgres.create_database(admin, name, template=template_database)
        InstalledHouse({}).migrate(Settings(database=postgres.url_of(url, name)))

    postgres.build_template_once(postgres_url, _founded_name(), found)
    return _founded_name()


@pytest.fixture(scope="session")
def administrator(postgres_url: str) -> Iterator[postgres.Connection]:
    """The superuser's connection, in which databases are made and dropped."""
    with postgres.administering(postgres_url) as admin:
        yield admin


@pytest.fixture(scope="module")
def shared_url(postgres_url: str, administrator: postgres.Connection, template_database: str) -> Iterator[str]:
    """A database for all tests of a file that may share one; each process that runs some of them has its own."""
    name = f"test_{uuid.uuid4().hex}"
    postgres.create_database(administrator, name, template=template_database)
    yield postgres.url_of(postgres_url, name)
    postgres.drop_database(administrator, name)


@pytest.fixture
def make_database(
    postgres_url: str, administrator: postgres.Connection, request: pytest.FixtureRequest
) -> Iterator[MakeDatabase]:
    """Fresh databases for one test, as many as it asks for."""
    made: list[str] = []

    def make(*, migrated: bool = True, founded: bool = False) -> str:
        template = "founded_database" if founded else "template_database"
        name = f"test_{uuid.uuid4().hex}"
        postgres.create_database(
            administrator, name, template=request.getfixturevalue(template) if migrated else "template0"
        )
        made.append(name)
        return postgres.url_of(postgres_url, name)

    yield make
    for name in made:
        postgres.drop_database(administrator, name)
