"""Why the database did not do what was asked, in words that say what to do: from the library's errors and PostgreSQL's
SQL states."""

from typing import Final, NamedTuple

from eventsourcing.persistence import InterfaceError, OperationalError, PersistenceError

from domain.sentence import Sentence, sentence


class Outage(NamedTuple):
    """What is out of order, and after how many seconds it is worth coming again."""

    code: str
    retry_seconds: int

    @property
    def says(self) -> Sentence:
        """What it is, and what to do."""
        return sentence(f"outages.what.{self.code}")


ABSENT: Final = Outage("database_unavailable", 5)
BUSY: Final = Outage("database_busy", 2)
FULL: Final = Outage("disk_full", 30)
OVERLOADED: Final = Outage("database_overloaded", 5)

_BY_STATE: Final = {"55P03": BUSY, "57014": BUSY, "53100": FULL, "53200": OVERLOADED, "53300": OVERLOADED}


def outage_of(error: BaseException) -> Outage | None:
    """The outage behind an error of a journal or an index; ``None`` when the error is none of the database's."""
    state = getattr(error.__cause__, "sqlstate", None)
    if isinstance(error, PersistenceError) and state in _BY_STATE:
        return _BY_STATE[state]
    return ABSENT if isinstance(error, InterfaceError | OperationalError) else None


def skew_told(skew: int) -> Sentence:
    """The clocks of this machine and of the database are ``skew`` microseconds apart (positive: the database is
    ahead): what to do."""
    seconds = abs(skew) / 1_000_000
    if skew > 0:
        return sentence("outages.clock_ahead", seconds=f"{seconds:.1f}")
    return sentence("outages.clock_behind", seconds=f"{seconds:.1f}")
