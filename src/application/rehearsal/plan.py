"""Making a rehearsal ready: what is asked is checked as a whole, and pinned to what is on record."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from application.answering.grading import RulebookBasis, known_at_from
from application.law.legislation import KnownLaw, Legislation
from application.ports import Clock, JournalReader
from application.recording.lawmaking import sound_edition
from application.rehearsal.drafts import Draft, Drafted
from application.rehearsal.rehearsal import RehearsalRequest, Rehearsed
from domain.errors import FieldProblem, Invalid, NotFound
from domain.events.lawbook import CalendarAdopted, RulebookAdopted
from domain.law.adopted import digest
from domain.law.calendar import WorkingDays
from domain.law.edition import Edition
from domain.law.parents import with_parent
from domain.law.parse import parse_edition
from domain.law.regime import checked_readings, common, period_of
from domain.procedures.lawbook import on_record
from domain.sentence import sentence
from domain.time import Instant, Period, legal_day
from domain.values import EARLIEST, LATEST, BadMoment
from domain.vocabulary import REGION_PATTERN

MOST_YEARS: Final = 20
"""Of how many years the last days are in the matrix, the latest ones."""


class _Pinned(NamedTuple):
    """What was on record."""

    known_at: Instant
    position: int


class _Wanted(NamedTuple):
    """The edition that is rehearsed, as it stands in its file, with its own dates."""

    edition: Edition
    text: str
    in_force_on: dt.date | None
    until_on: dt.date | None


def made_ready(
    request: RehearsalRequest, reader: JournalReader, legislation: Legislation, clock: Clock, engine: str
) -> Rehearsed:
    """The rehearsal that is asked for; ``legislation`` is that of the ``reader``, ``engine`` names the code.

    A text with the id of an edition on record takes its dates from there when it has none of its own. Raises
    ``Invalid`` with every bad part of the request, ``RulebookError`` with every fault of a text, ``NotFound`` for an
    edition or a regime that was not on record.
    """
    pinned = _pinned(request, reader, clock)
    as_of = request.as_of or legal_day(clock.now())
    _refuse([*_form_problems(request), *_day_problems(request, as_of)])
    wanted = _wanted(request, legislation, pinned)
    regime = request.regime or "" if wanted is None else wanted.edition.regime
    _refuse(_regime_problems(request, wanted))
    from_on, until_on = request.from_on, None
    if wanted is not None:
        checked_readings(_with_parent(wanted.edition, legislation, pinned)[0], request.readings)
        from_on, until_on = request.from_on or wanted.in_force_on, wanted.until_on
    else:
        legislation.at(regime, known_at=pinned.known_at, position=pinned.position, readings=request.readings)
    _refuse(_order_problems(from_on, until_on, as_of))
    known = law_known(legislation, regime, pinned.known_at, pinned.position)
    rehearsed = Rehearsed(
        regime=regime,
        edition=None if wanted is None else wanted.edition.id,
        digest=None if wanted is None else digest(wanted.text),
        text=None if wanted is None else wanted.text,
        readings=dict(request.readings),
        from_on=from_on,
        until_on=until_on,
        as_of=as_of,
        days=_days(from_on or _begun_on(known, legislation, as_of), as_of),
        known_at=pinned.known_at,
        position=pinned.position,
        region=request.region,
        engine=engine,
        rulebooks=() if known is None else _rulebooks(known),
        calendar_digest="" if known is None else known.calendar_digest,
    )
    # A law that cannot be made with the draft in it is refused here, not by the first of its parts.
    drafted(rehearsed, legislation)
    return rehearsed


# --- the law of a rehearsal ---------------------------------------------------------------------------------


def law_known(legislation: Legislation, regime: str, known_at: Instant, position: int) -> KnownLaw | None:
    """The law of a regime as it was known; ``None`` while no edition of it was."""
    try:
        return legislation.at(regime, known_at=known_at, position=position)
    except NotFound:
        return None


def draft_of(rehearsed: Rehearsed, legislation: Legislation) -> Draft:
    """What a rehearsal puts into the law."""
    edition: Edition | None = None
    period = Period(rehearsed.from_on, None)
    if rehearsed.text is not None:
        pinned = _Pinned(rehearsed.known_at, rehearsed.position)
        own = parse_edition(rehearsed.text, rehearsed.edition or "text")
        edition, parents = _with_parent(own, legislation, pinned)
        until = period_of(EARLIEST, rehearsed.until_on)
        period = Period(rehearsed.from_on, None if until is None else until.before_on)
        if parents is not None:
            both = common(period, parents)
            period = Period(None if both.from_on == dt.date.min else both.from_on, both.before_on)
    return Draft(
        regime=rehearsed.regime,
        edition=edition,
        digest=rehearsed.digest or "",
        period=period,
        readings=rehearsed.readings,
    )


def drafted(rehearsed: Rehearsed, legislation: Legislation) -> Drafted:
    """The law of a rehearsal with its draft in it."""
    known = law_known(legislation, rehearsed.regime, rehearsed.known_at, rehearsed.position)
    events = legislation.known_then(known_at=rehearsed.known_at, position=rehearsed.position)
    days = WorkingDays(tuple(r.event.calendar for r in events if isinstance(r.event, CalendarAdopted)))
    return Drafted(None if known is None else known.law, draft_of(rehearsed, legislation), days)


def _with_parent(edition: Edition, legislation: Legislation, pinned: _Pinned) -> tuple[Edition, Period | None]:
    """The edition with what its parent says, and the parent's days in force; ``None`` where it has neither."""
    if edition.parent is None:
        return edition, None
    found = _on_record(legislation, pinned)[edition.parent]
    parent = parse_edition(found.text, found.id)
    return with_parent(edition, parent), period_of(found.in_force_on, found.until_on)


def _on_record(legislation: Legislation, pinned: _Pinned) -> dict[str, RulebookAdopted]:
    return on_record(r.event for r in legislation.known_then(known_at=pinned.known_at, position=pinned.position))


# --- what is asked ------------------------------------------------------------------------------------------


def _pinned(request: RehearsalRequest, reader: JournalReader, clock: Clock) -> _Pinned:
    head = reader.head()
    # A clock that was set back must not hide what has just been recorded.
    now = max(clock.now(), head.recorded_at)
    if request.known_at is None:
        return _Pinned(now, head.position)
    try:
        known_at = min(known_at_from(request.known_at), now)
    except BadMoment as bad:
        raise Invalid((FieldProblem("/known_at", "bad_instant", bad.says),)) from None
    return _Pinned(known_at, min(reader.position_at(known_at), head.position))


def _form_problems(request: RehearsalRequest) -> Iterator[FieldProblem]:
    if request.edition is not None and request.text is not None:
        yield FieldProblem("/edition", "one_of", sentence("rehearsing.plan.edition_or_text"))
    if request.edition is None and request.text is None:
        if request.regime is None and not request.readings:
            yield FieldProblem("/edition", "one_of", sentence("rehearsing.plan.nothing_given"))
        elif request.regime is None:
            yield FieldProblem("/regime", "required", sentence("rehearsing.plan.regime_required"))
        elif not request.readings:
            yield FieldProblem("/readings", "required", sentence("rehearsing.plan.readings_required"))
    if request.region is not None and re.fullmatch(REGION_PATTERN, request.region) is None:
        yield FieldProblem("/region", "bad_region", sentence("values.places.bad_region"))


def _day_problems(request: RehearsalRequest, as_of: dt.date) -> Iterator[FieldProblem]:
    for name, day in (("from_on", request.from_on), ("as_of", request.as_of)):
        if day is not None and not EARLIEST <= day <= LATEST:
            says = sentence("values.moment.out_of_range", first=EARLIEST, last=LATEST)
            yield FieldProblem(f"/{name}", "out_of_range", says)
    if request.from_on is not None and request.from_on > as_of:
        yield _begins_late(request.from_on, as_of)


def _order_problems(from_on: dt.date | None, until_on: dt.date | None, as_of: dt.date) -> Iterator[FieldProblem]:
    if from_on is not None and from_on > as_of:
        yield _begins_late(from_on, as_of)
    if from_on is not None and until_on is not None and until_on < from_on:
        says = sentence("rehearsing.plan.ends_before", until_on=until_on, from_on=from_on)
        yield FieldProblem("/from_on", "dates_out_of_order", says)


def _begins_late(from_on: dt.date, as_of: dt.date) -> FieldProblem:
    return FieldProblem(
        "/from_on",
        "dates_out_of_order",
        sentence("rehearsing.plan.dates_out_of_order", from_on=from_on, as_of=as_of),
    )


def _regime_problems(request: RehearsalRequest, wanted: _Wanted | None) -> Iterator[FieldProblem]:
    if wanted is not None and request.regime not in (None, wanted.edition.regime):
        says = sentence("rehearsing.plan.other_regime", regime=wanted.edition.regime)
        yield FieldProblem("/regime", "other_regime", says)


def _refuse(problems: list[FieldProblem] | Iterator[FieldProblem]) -> None:
    found = tuple(problems)
    if found:
        raise Invalid(found)


def _wanted(request: RehearsalRequest, legislation: Legislation, pinned: _Pinned) -> _Wanted | None:
    """The edition that is asked for, sound in every part; ``None`` where it is other readings alone."""
    known = _on_record(legislation, pinned)
    text, event = request.text, None
    if request.edition is not None:
        event = known.get(request.edition)
        if event is None:
            raise NotFound("edition", request.edition[:80])
        text = event.text
    if text is None:
        return None

    def parent(id: str) -> Edition | None:
        return None if id not in known else parse_edition(known[id].text, id)

    edition = sound_edition(text, request.edition or "text", parent)
    event = event or known.get(edition.id)
    if event is None or (request.edition is None and edition.in_force_on is not None):
        return _Wanted(edition, text, edition.in_force_on, edition.until_on)
    return _Wanted(edition, text, event.in_force_on, event.until_on)


# --- the days of the matrix ---------------------------------------------------------------------------------


def _begun_on(known: KnownLaw | None, legislation: Legislation, as_of: dt.date) -> dt.date:
    """Where a draft without a date begins in the matrix: with the law, or with the journal."""
    days = [] if known is None else [a.period.from_on for a in known.law.adopted if a.period is not None]
    recorded = [legal_day(r.recorded_at) for r in legislation.known()[:1]]
    return min((d for d in (days or recorded) if d is not None), default=as_of)


def _days(from_on: dt.date, as_of: dt.date) -> tuple[dt.date, ...]:
    """The last day of every year from a day on, of the latest ones if there are many, and the day asked about."""
    years = range(max(from_on.year, as_of.year - MOST_YEARS), as_of.year + 1)
    return tuple(sorted({as_of, *(day for y in years if from_on <= (day := dt.date(y, 12, 31)) <= as_of)}))


def _rulebooks(known: KnownLaw) -> tuple[RulebookBasis, ...]:
    return tuple(
        RulebookBasis(id=a.edition.id, digest=a.digest, readings=known.law.chosen_in(a.edition))
        for a in known.rulebooks
    )
