"""Which Chromium the tests drive: the one on the search path, else the one that ``make browser`` has unpacked, else one
that Playwright has.

As a program: says in one line what to do where there is none, and ends with status 1.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import sync_playwright

UNPACKED: Final = Path(__file__).parent / "node_modules/.chromium"
"""Where ``make browser`` unpacks one."""

ARGUMENTS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # In which order a date is typed.
    "--lang=en-US",
)
"""It draws without a graphics card and asks nobody but our server."""

NONE_FOUND: Final = (
    "未找到 Chromium：请运行 make browser（须有 node 20 或更高及 npm），或安装后重试"
    "（Debian、Ubuntu：apt install chromium）。\n"
    "No Chromium was found: run make browser (needs node 20 or newer with npm), or install one"
    " (Debian, Ubuntu: apt install chromium)."
)

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class Chromium(NamedTuple):
    """A Chromium that can be started: its program, and the variables it needs beside those of this process."""

    program: Path
    variables: dict[str, str]

    @property
    def environment(self) -> dict[str, str]:
        """All variables it is started with."""
        return {**os.environ, **self.variables}

    def starts(self) -> bool:
        """Whether it is there, and runs on this machine."""
        if not self.program.exists():
            return False
        asked = subprocess.run([self.program, "--version"], env=self.environment, capture_output=True, check=False)
        return asked.returncode == 0


def _there_are() -> Iterator[Chromium]:
    yield from (Chromium(Path(found), {}) for found in map(shutil.which, _NAMES) if found is not None)
    libraries = [str(UNPACKED / "al2023/lib"), os.environ.get("LD_LIBRARY_PATH", "")]
    variables = {"LD_LIBRARY_PATH": ":".join(filter(None, libraries)), "FONTCONFIG_FILE": str(UNPACKED / "fonts.conf")}
    yield Chromium(UNPACKED / "chromium", variables)
    with sync_playwright() as playwright:
        yield Chromium(Path(playwright.chromium.executable_path), {})


def found_chromium() -> Chromium | None:
    """The first that is there and starts; ``None`` where there is none."""
    return next((chromium for chromium in _there_are() if chromium.starts()), None)


if __name__ == "__main__":
    if found_chromium() is None:
        print(NONE_FOUND, file=sys.stderr)
        sys.exit(1)
