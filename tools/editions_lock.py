"""The lock of the editions: ``python -m tools.editions_lock [FOLDER]`` writes the lines of those that are new.

An edition in the lock is never edited: a change of the law is another file under another id. Exit status 1 when one
reads otherwise than it was locked, or is gone; then nothing is written.
"""

import hashlib
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

RULEBOOK: Final = "src/domain/law"
"""Where the lock and the editions are, from the root of the repository."""

_LOCK: Final = "editions.lock"


def locked_editions(rulebook: Path) -> dict[str, str]:
    """The SHA-256 of every locked edition by its path."""
    lines = (rulebook / _LOCK).read_text("utf-8").splitlines()
    return {path: sha256 for sha256, path in (line.split("  ", 1) for line in lines)}


def digests(rulebook: Path) -> dict[str, str]:
    """The SHA-256 of every edition that is there, by its path."""
    editions = rulebook / "editions"
    return {
        file.relative_to(editions).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(editions.glob("*/*.toml"))
    }


def main(arguments: Sequence[str]) -> int:
    """Lock what is new in the repository in the folder given, or in this one; the exit status."""
    rulebook = (Path(arguments[0]) if arguments else Path()) / RULEBOOK
    there, locked = digests(rulebook), locked_editions(rulebook)
    changed = [path for path, sha256 in locked.items() if there.get(path) != sha256]
    for path in changed:
        print(
            f"{path} 与锁定时不同：已发布的规则版本不得修改，请以新编号另存为新文件。\n"
            f"{path} is not what was locked: a released edition is never edited; copy the file under a new id.",
            file=sys.stderr,
        )
    if changed:
        return 1
    (rulebook / _LOCK).write_text(
        "".join(f"{sha256}  {path}\n" for path, sha256 in sorted(there.items(), key=lambda e: e[0])), "utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
