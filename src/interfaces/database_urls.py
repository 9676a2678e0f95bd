"""Database URLs from people: checked before they are used, and never told with what is secret in them."""

from pathlib import Path
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict

from domain.errors import CaseError
from domain.vocabulary import Text

_SCHEMES: Final = ("postgres://", "postgresql://")


class BadUrl(CaseError):
    """A text that is no URL of a PostgreSQL database; it is not repeated, for there may be a password in it."""


def check(url: str, name: str) -> None:
    """Raise ``BadUrl`` unless a URL, given in ``name``, can be meant for PostgreSQL."""
    scheme, separator, _ = url.partition("://")
    if separator and f"{scheme}://" not in _SCHEMES:
        kind = scheme if scheme.isascii() and scheme.isalnum() else "?"
        raise _bad(
            name,
            f"以 {kind}:// 开头，不是 PostgreSQL 地址；应为 postgresql://用户@主机/数据库",
            f"it begins with {kind}:// and is no URL of PostgreSQL; postgresql://user@host/database is expected",
        )
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        raise _bad(
            name,
            "无法读取；口令中的 @ : / ? # % 等字符须写成 %40 %3A %2F %3F %23 %25，或把口令放入 PGPASSFILE 所指文件",
            "it cannot be read: in a password write %40 %3A %2F %3F %23 %25 for @ : / ? # %, or put the password into"
            " the file that PGPASSFILE names",
        ) from None
    port = str(parts.get("port") or "")
    if any("@" in str(parts.get(key) or "") for key in ("host", "dbname")) or port.strip("0123456789,"):
        raise _bad(
            name,
            "口令或用户名中有未转义的字符；@ : / 请写成 %40 %3A %2F，或把口令放入 PGPASSFILE 所指文件",
            "a character in the password or the user is not escaped: write %40 %3A %2F for @ : /, or put the password"
            " into the file that PGPASSFILE names",
        )


def read(path: Path) -> str:
    """The URL in a file: its first line. Raises ``BadUrl`` when there is none, or others may read it."""
    try:
        if path.stat().st_mode & 0o007:
            raise BadUrl(
                "url_file_open",
                Text(
                    f"{path} 含数据库地址，却对所有人开放；请执行 chmod 600 {path}。",
                    f"{path} has the URL of the database and is open to everybody; run chmod 600 {path}.",
                ),
            )
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeError) as error:
        said = getattr(error, "strerror", None) or "UTF-8"
        raise BadUrl("url_file_unusable", Text(f"{path}：{said}。", f"{path}: {said}.")) from None
    if not lines or not lines[0].strip():
        raise BadUrl(
            "url_file_unusable", Text(f"{path} 的首行没有数据库地址。", f"{path} has no URL in its first line.")
        )
    return lines[0].strip()


def has_password(url: str) -> bool:
    """Whether a password stands in the URL."""
    return bool(conninfo_to_dict(url).get("password"))


def _bad(name: str, zh: str, en: str) -> BadUrl:
    return BadUrl("bad_url", Text(f"{name} 有误：{zh}。", f"{name} is wrong: {en}."))
