"""Why the database did not do what was asked, in words that say what to do: from the library's errors and PostgreSQL's
SQL states."""

from typing import Final, NamedTuple

from eventsourcing.persistence import InterfaceError, OperationalError, PersistenceError

from domain.vocabulary import Text


class Outage(NamedTuple):
    """What is out of order, and after how many seconds it is worth coming again."""

    code: str
    text: Text
    retry_seconds: int


ABSENT: Final = Outage(
    "database_unavailable",
    Text(
        "数据库暂时无法连接，请求未写入；服务会自行恢复，请稍后重试。",
        "The database cannot be reached just now, nothing was stored. The server recovers by itself: try again later.",
    ),
    5,
)
BUSY: Final = Outage(
    "database_busy",
    Text(
        "数据库被另一操作占用（如导入、变更或锁定），请求未写入；请稍后重试。",
        "Another operation holds the database (an import, a migration, a lock), nothing was stored. Try again later.",
    ),
    2,
)
FULL: Final = Outage(
    "disk_full",
    Text(
        "数据库磁盘已满，请求未写入；可以查询。请管理员腾出空间，之后无需重启。",
        "The database's disk is full, nothing was stored; questions are answered. Make room; no restart is needed.",
    ),
    30,
)
OVERLOADED: Final = Outage(
    "database_overloaded",
    Text(
        "数据库内存或连接不足，请求未写入；请稍后重试。",
        "The database is short of memory or connections, nothing was stored. Try again later.",
    ),
    5,
)

_BY_STATE: Final = {"55P03": BUSY, "57014": BUSY, "53100": FULL, "53200": OVERLOADED, "53300": OVERLOADED}


def outage_of(error: BaseException) -> Outage | None:
    """The outage behind an error of a journal or an index; ``None`` when the error is none of the database's."""
    state = getattr(error.__cause__, "sqlstate", None)
    if isinstance(error, PersistenceError) and state in _BY_STATE:
        return _BY_STATE[state]
    return ABSENT if isinstance(error, InterfaceError | OperationalError) else None


def skew_text(skew: int) -> Text:
    """The clocks of this machine and of the database are ``skew`` microseconds apart (positive: the database is
    ahead): what to do."""
    seconds = abs(skew) / 1_000_000
    zh, en = ("快", "ahead of") if skew > 0 else ("慢", "behind")
    return Text(
        f"数据库的时钟比本机{zh} {seconds:.1f} 秒（最多容许 5 秒）。记录时刻以数据库的时钟为准，是证据；"
        "请先为两台机器校时（如 chrony），再启动。",
        f"The database's clock is {seconds:.1f} seconds {en} this machine's (5 are allowed). Recording times are the"
        " database's, and evidence: set both clocks (chrony, for example), then start again.",
    )
