"""Decisions on a file that events have made: given what happened, when something is asked, then these events.

The commands are decided as on a Monday in June 2024, under the shipped edition of Inner Mongolia unless another regime
is named. What is given stands on the file whether or not it could have been decided so.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, Final

import msgspec
import pytest

from domain.aggregates.casefile import CaseEvent, CaseFile, fold
from domain.errors import CaseError, Conflict, Invalid, NotFound, Refused
from domain.events.facts import FactRecorded
from domain.events.registration import (
    KINDS,
    AgencyRegistered,
    ClientRegistered,
    ExpertRegistered,
    PractitionerRegistered,
    Registered,
)
from domain.events.results import Receipt, Result
from domain.law.calendar import WorkingDays
from domain.law.edition import Configured, Edition
from domain.law.regime import Adopted, RegimeLaw
from domain.time import Instant, at_hour
from interfaces.files.shipped import shipped_calendars
from tests.support.editions import latest
from tests.support.other_regimes import of_other_regimes, stored
from tests.support.words import words_of

NMG: Final = "nmg.third_party"
JIAXING: Final = "jiaxing.monitoring"
NINGBO: Final = "ningbo.monitoring"
WENZHOU: Final = "wenzhou.intermediary"
JIANGSU: Final = "jiangsu.eco_credit"

TODAY: Final = dt.date(2024, 6, 3)
TOMORROW: Final = dt.date(2024, 6, 4)
BUREAU: Final = "150100-EEB"

AGENCY: Final = AgencyRegistered(
    uscc="91150100MA0MYHXL3T", name="甲检测", region="150100", services=("monitoring", "treatment")
)
PERSON: Final = PractitionerRegistered(region="150100", id_kind="resident_identity_card")
EXPERT: Final = ExpertRegistered(region="330300", id_kind="resident_identity_card")
CLIENT: Final = ClientRegistered(uscc="91330300MA00000011", name="丙制造", region="330300")


@cache
def edition(regime: str = NMG) -> Edition:
    """The latest shipped edition of a regime."""
    return latest(regime).edition


@cache
def law(regime: str = NMG, **readings: str) -> RegimeLaw:
    """The shipped law of a regime, as if it had always been in force; readings by their ids (``I_04``)."""
    return law_of(edition(regime), **readings)


def law_of(own: Edition, **readings: str) -> RegimeLaw:
    """The law of one edition alone."""
    chosen = {id.replace("_", "-"): answer for id, answer in readings.items()}
    adopted = Adopted(edition=own, digest="", period=None)
    return RegimeLaw(own.regime, [adopted], WorkingDays(shipped_calendars()), chosen)


def configured(**tables: Any) -> RegimeLaw:
    """The law of Inner Mongolia with figures that the bureau chose; readings by their ids."""
    readings = {name: tables.pop(name) for name in list(tables) if name.startswith("I_")}
    return law_of(msgspec.structs.replace(edition(), configured=Configured(**tables)), **readings)


def given(*events: CaseEvent, subject: str = "A") -> CaseFile:
    """The file of a subject after events; it is that of an agency unless the first of them registers somebody else.

    Beside them stands the same under two other regimes, one of a name before all names and one after: nothing that is
    decided under a regime may see it. All of it was stored and read, as what is on record is.
    """
    opened = () if events and type(events[0]) in KINDS else (AGENCY,)
    told = (*opened, *events)
    return _stored(subject, [(event, at_hour(TODAY, 9)) for event in told])


def dated(opened: Registered, *events: tuple[str, CaseEvent]) -> CaseFile:
    """The same of a subject registered before all, after events each of which was recorded on a day."""
    return _stored("A", [(opened, 0), *((event, at_hour(day(on), 9)) for on, event in events)])


def _stored(subject: str, told: Sequence[tuple[CaseEvent, Instant]]) -> CaseFile:
    beside = of_other_regimes([event for event, _ in told])
    return fold(subject, [(stored(event), at) for event, at in (*told, *((event, told[-1][1]) for event in beside))])


def alone(*events: CaseEvent) -> CaseFile:
    """The file of an agency after events, with nothing beside them: papers are looked for across all regimes."""
    return fold("A", [(event, at_hour(TODAY, 9)) for event in (AGENCY, *events)])


def nobody() -> CaseFile:
    """A file on which nothing stands."""
    return CaseFile("A")


def day(text: str) -> dt.date:
    """A legal day."""
    return dt.date.fromisoformat(text)


def of(kind: type[Any], /, **fields: Any) -> Any:
    """A request or an event whose days (``…_on``) may be given as text."""
    return kind(**{name: day(v) if name.endswith("_on") and isinstance(v, str) else v for name, v in fields.items()})


def but(known: Any, /, **fields: Any) -> Any:
    """The same request or event with other fields, days as text or not."""
    own = {f: getattr(known, f) for f in known.__struct_fields__}
    return of(type(known), **{**own, **fields})


def fact(id: str = "f1", **fields: Any) -> FactRecorded:
    """A fact on record: an obstructed inspection of May 2024 (B08, ten points), unless said otherwise."""
    usual = {"regime": NMG, "row": "B08", "authority": BUREAU, "document": f"文书-{id}", "decided_on": "2024-05-06"}
    recorded: FactRecorded = of(FactRecorded, fact=id, **{**usual, **fields})
    return recorded


def result(grade: str | None = "N", **fields: Any) -> Result:
    """A result that some step has computed."""
    receipt = Receipt(version=1, position=1, known_at=0, rulebooks=(), calendar_digest="", engine="e", digest="d")
    return Result(score=None, grade=grade, receipt=receipt, **fields)


@contextmanager
def refused(
    code: str, *cites: str, ground: str | None = None, as_: type[Refused] = Refused
) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """Assert that what is done is refused under a code, by just that ground and these citations, in both languages."""
    with pytest.raises(Refused) as error:
        yield error
    assert (error.value.code, error.value.ground, error.value.cites) == (code, ground, cites)
    assert type(error.value) is as_
    _in_both_languages(error.value)


def conflict(code: str, *cites: str, ground: str | None = None) -> Any:
    """Assert that what is on record excludes what is asked."""
    return refused(code, *cites, ground=ground, as_=Conflict)


@contextmanager
def unknown(what: str, id: str) -> Iterator[None]:
    """Assert that nothing of that kind is on record under the id."""
    with pytest.raises(NotFound) as error:
        yield
    assert (error.value.what, error.value.id) == (what, id)
    _in_both_languages(error.value)


@contextmanager
def invalid(*wanted: tuple[str, str]) -> Iterator[None]:
    """Assert that exactly these fields are wrong, each under its code, each told in both languages."""
    with pytest.raises(Invalid) as error:
        yield
    assert [(p.pointer, p.code) for p in error.value.problems] == list(wanted)
    assert all(words_of(p).zh and words_of(p).en for p in error.value.problems)


def nothing(events: Sequence[msgspec.Struct]) -> None:
    """Assert that nothing is to be recorded: it is so already."""
    assert tuple(events) == ()


def then(events: Sequence[msgspec.Struct], *wanted: msgspec.Struct) -> None:
    """Assert that these events are decided, each under its own tag, and no others."""
    assert [type(e) for e in events] == [type(e) for e in wanted]
    assert list(events) == list(wanted)


def each(*decisions: Callable[[], Any]) -> Sequence[Callable[[], Any]]:
    """Decisions of which the same is to be said."""
    return decisions


def _in_both_languages(error: CaseError) -> None:
    assert words_of(error).zh
    assert words_of(error).en
