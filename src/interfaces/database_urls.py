"""Database URLs from people: checked before they are used, and never told with what is secret in them."""

from pathlib import Path
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from domain.errors import CaseError
from domain.sentence import Sentence, sentence

_SCHEMES: Final = ("postgres://", "postgresql://")


class BadUrl(CaseError):
    """A text that is no URL of a PostgreSQL database; it is not repeated, for there may be a password in it."""


def check_url(url: str, name: str) -> None:
    """Raise ``BadUrl`` unless a URL, given in ``name``, can be meant for PostgreSQL."""
    scheme, separator, _ = url.partition("://")
    if separator and f"{scheme}://" not in _SCHEMES:
        kind = scheme if scheme.isascii() and scheme.isalnum() else "?"
        raise _bad(
            name,
            sentence("database.no_postgresql_url", kind=kind),
        )
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise _bad(
            name,
            sentence("database.unreadable_url"),
        ) from None
    port = str(parts.get("port") or "")
    if any("@" in str(parts.get(key) or "") for key in ("host", "dbname")) or port.strip("0123456789,"):
        raise _bad(
            name,
            sentence("database.unescaped_url"),
        )


def read(path: Path) -> str:
    """The URL in a file: its first line. Raises ``BadUrl`` when there is none, or others may read it."""
    try:
        if path.stat().st_mode & 0o007:
            raise BadUrl(
                "url_file_open",
                sentence("database.url_file_open", path=path),
            )
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        said = getattr(error, "strerror", None) or "UTF-8"
        raise BadUrl("url_file_unusable", sentence("cli.file_unusable", file=path, reason=said)) from None
    if not lines or not lines[0].strip():
        raise BadUrl("url_file_unusable", sentence("database.url_file_empty", path=path))
    return lines[0].strip()


def has_password(url: str) -> bool:
    """Whether a password stands in the URL."""
    return bool(conninfo_to_dict(url).get("password"))


def _bad(name: str, fault: Sentence) -> BadUrl:
    return BadUrl("bad_url", sentence("database.bad_url", name=name, fault=fault))
