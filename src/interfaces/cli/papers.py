"""What the commands that write papers have in common: the language of a paper, and where it is written."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TypeVar, cast, get_args

from domain.sentence import sentence
from interfaces.cli import arguments as given
from interfaces.cli.house import NotAvailable
from interfaces.cli.terminal import Terminal
from interfaces.wording.texts import Language

PATIENCE_SECONDS: Final = 60.0
"""How long a server may take to set a paper."""

_STANDARD_OUTPUT: Final = "-"

F = TypeVar("F", bound=str)


def format_given(text: str, formats: Sequence[F]) -> F:
    """The one of the formats that is asked for. Raises ``Invalid``."""
    found = next((known for known in formats if text == known), None)
    if found is None:
        given.bad("/format", "dossier.no_format", text=text, formats=formats)
    return found


def language_given(text: str) -> Language:
    """The language that is asked for. Raises ``Invalid``."""
    languages = get_args(Language)
    if text not in languages:
        given.bad("/language", "dossier.no_language", text=text, languages=languages)
    return cast("Language", text)


def write_paper(terminal: Terminal, made: bytes, output: str) -> None:
    """Write a paper into a file, or on standard output, whole or not at all. Raises ``NotAvailable``."""
    if output == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(made)
        return
    path = Path(output)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(made)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise NotAvailable("unwritable", sentence("dossier.unwritable", output=output, reason=reason)) from None
    terminal.note("dossier.written", output=output)
