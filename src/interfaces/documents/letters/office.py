"""PDF of a bureau's own templates, by LibreOffice where it is installed: in a process and a profile of its own."""

import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from domain.errors import CaseError
from domain.sentence import sentence

_NAMES: Final = ("soffice", "libreoffice")
_SECONDS: Final = 60


class OfficeFailed(CaseError):
    """LibreOffice did not make a PDF in its time."""

    def __init__(self) -> None:
        super().__init__("office_failed", sentence("letters.office_failed", seconds=_SECONDS))


@cache
def office() -> str | None:
    """Where LibreOffice is, ``None`` where it is not installed."""
    return next((found for name in _NAMES if (found := shutil.which(name)) is not None), None)


def pdf_of(docx: bytes) -> bytes | None:
    """A DOCX as PDF; ``None`` where LibreOffice is not installed. Raises ``OfficeFailed``."""
    program = office()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="ecodocket-letter-") as name:
        folder = Path(name)
        (folder / "letter.docx").write_bytes(docx)
        command = [
            program,
            "--headless",
            "--norestore",
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            "--convert-to",
            "pdf",
            "--outdir",
            name,
            str(folder / "letter.docx"),
        ]
        try:
            subprocess.run(command, cwd=name, timeout=_SECONDS, check=True, capture_output=True)
            return (folder / "letter.pdf").read_bytes()
        except (subprocess.SubprocessError, OSError):
            raise OfficeFailed from None
