"""PDF of a bureau's own templates, by LibreOffice where it is installed: with a process and a folder of its own.

What it may use is bounded: its time, the bytes it writes, how many run at once. It is told where our fonts lie, so that
Chinese is set where the machine has no font for it, and knows nothing else of this process.
"""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Final

from domain.errors import CaseError
from domain.sentence import sentence
from interfaces.documents.fonts import FAMILY, OURS

_NAMES: Final = ("soffice", "libreoffice")
_SECONDS: Final = 60
_MOST_BYTES: Final = 50 << 20
_MOST_AT_ONCE: Final = 2
_RUNNING: Final = BoundedSemaphore(_MOST_AT_ONCE)

# The shell bounds what every process below may write to one file, in blocks of 512 bytes, and its processor time.
_BOUNDED: Final = f'ulimit -f {_MOST_BYTES // 512} -t {_SECONDS}; exec "$@"'

_USUAL: Final = OURS / "usual-names.txt"
"""The fonts that templates usually ask for: ours takes the place of those that the machine has not."""


class OfficeFailed(CaseError):
    """LibreOffice did not make a PDF in its time, or one that was too large."""

    def __init__(self) -> None:
        super().__init__("office_failed", sentence("letters.office_failed", seconds=_SECONDS))


@cache
def office() -> str | None:
    """Where LibreOffice is, ``None`` where it is not installed."""
    return next((found for name in _NAMES if (found := shutil.which(name)) is not None), None)


def pdf_of(docx: bytes, fonts: Sequence[Path], seconds: int = _SECONDS) -> bytes | None:
    """A DOCX as PDF within ``seconds``, with the fonts of folders beside those of the machine; ``None`` without a
    LibreOffice. Raises ``OfficeFailed``."""
    program = office()
    if program is None:
        return None
    # Whoever waits longer than a letter may take is told so: the others are at it.
    if not _RUNNING.acquire(timeout=seconds):
        raise OfficeFailed
    try:
        with tempfile.TemporaryDirectory(prefix="ecodocket-letter-", ignore_cleanup_errors=True) as name:
            return _converted(program, docx, Path(name), fonts, seconds)
    finally:
        _RUNNING.release()


def _converted(program: str, docx: bytes, folder: Path, fonts: Sequence[Path], seconds: int) -> bytes:
    (folder / "letter.docx").write_bytes(docx)
    (folder / "fonts.conf").write_text(_fonts_conf(folder, fonts), "utf-8")
    command = [
        "/bin/sh", "-c", _BOUNDED, "sh",
        program,
        "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", "pdf:writer_pdf_Export",
        "--outdir", str(folder),
        str(folder / "letter.docx"),
    ]  # fmt: skip
    try:
        # In a group of its own: LibreOffice starts further processes, and all of them end with it.
        running = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            status = running.wait(seconds)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)
            running.wait()
        made = folder / "letter.pdf"
        if status or made.stat().st_size > _MOST_BYTES:
            raise OfficeFailed
        return made.read_bytes()
    except (subprocess.SubprocessError, OSError):
        raise OfficeFailed from None


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours but where programs are: keys and addresses stand in it."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LC_ALL": "zh_CN.UTF-8",
        "FONTCONFIG_FILE": str(folder / "fonts.conf"),
        "SAL_USE_VCLPLUGIN": "svp",
    }


def _fonts_conf(folder: Path, fonts: Sequence[Path]) -> str:
    """The fonts of the machine and of folders; what was seen of them goes with the letter."""
    folders = "".join(f"<dir>{_escaped(str(each.absolute()))}</dir>" for each in fonts)
    instead = f"<accept><family>{FAMILY}</family></accept>"
    aliases = "".join(
        f'<alias binding="same"><family>{each}</family>{instead}</alias>'
        for each in _USUAL.read_text("utf-8").splitlines()
    )
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"{folders}<cachedir>{_escaped(str(folder / 'cache'))}</cachedir>{aliases}"
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include></fontconfig>'
    )


def _escaped(path: str) -> str:
    return path.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
