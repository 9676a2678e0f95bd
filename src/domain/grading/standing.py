"""How one fact stands on a day or in a year: from when it counts, until when, and why not."""

import datetime as dt
import operator
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple, Self

import msgspec

from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.warnings import WarningFile
from domain.events.evaluation import ScopeSuspended
from domain.grading.effect import effective_day
from domain.law.regime import RegimeLaw, RowRule
from domain.time import FOR_EVER, ONE_DAY


def last_day_of(warning: WarningFile, law: RegimeLaw) -> dt.date:
    """The last day to put things right under a warning: the bureau's, or the working day after when it is a day of
    rest (Civil Code 203)."""
    return law.days.roll_forward(warning.issued.due_on).on


def has_failed(warning: WarningFile, law: RegimeLaw, on: dt.date) -> bool:
    """Whether the limit of an undecided warning had passed by a day without a report in time (art. 27)."""
    last = last_day_of(warning, law)
    return on > last and all(report.reported_on > last for report in warning.reports)


USE_STOPS_FROM: Final = dt.date(2026, 4, 1)
"""From here on a national repair ends the use of the information (NDRC Order 36); before, its display only."""


class Standing(msgspec.Struct, frozen=True, gc=False):
    """How a fact stands: the day it counts from, the first day it no longer does, and why it does not count."""

    effective_on: dt.date | None
    ends_on: dt.date | None
    reason: str | None
    readings: tuple[str, ...]
    provisional: bool = False

    def not_counting(self, reason: str, reading: str) -> Self:
        """The same, but not counting for ``reason``, which rests on ``reading``."""
        return msgspec.structs.replace(self, reason=reason, readings=(*self.readings, reading))


class ResultYear(NamedTuple):
    """An evaluation year and the day of the step that gives its result."""

    number: int
    on: dt.date

    @property
    def last(self) -> dt.date:
        """The last day of the year."""
        return dt.date(self.number, 12, 31)


def is_suspended(case: CaseFile, law: RegimeLaw, as_of: dt.date) -> bool:
    """Whether the subject is outside the evaluation on the day for suspected crime (art. 5(4), I-20); nobody is where
    the regime knows no such thing."""
    if not case.scope or not law.choices.freeze or not law.admits("suspend_scope"):
        return False
    moves = [m for m in case.scope if m.regime == law.regime and m.dated_on <= as_of]
    return bool(moves) and isinstance(moves[-1], ScopeSuspended)


def linked_amount(file: FactFile, law: RegimeLaw, day: dt.date) -> Decimal | None:
    """The deduction of a linked row on a day: the client's points then, or the agency's share of them (I-26)."""
    points = file.points_on(day)
    if points is None or not law.choices.linked_by_share:
        return points
    return None if file.record.share is None else points * file.record.share


def standing_of(file: FactFile, rule: RowRule | None, law: RegimeLaw, as_of: dt.date) -> Standing:
    """How the fact stands at the end of ``as_of``: from when, until when, and why it does not count."""
    if rule is None:
        if file.retracted is not None:
            return Standing(None, None, "retracted", ())
        if file.set_aside is not None and file.set_aside.effect == "ab_initio":
            return Standing(None, None, "set_aside", ())
        if file.record.row is None:
            return Standing(file.record.decided_on, None, "no_row", ("I-23",))
        return Standing(file.record.decided_on, None, "outside_scope", ())
    day = plain_day(file, rule, law)
    if day is not None:
        return Standing(day, None, None if day <= as_of else "not_yet_effective", rule.readings)
    return standing_of_row(file, rule, law, as_of, direct=_is_direct(rule))


def plain_day(file: FactFile, rule: RowRule, law: RegimeLaw) -> dt.date | None:
    """The day from which a fact deducts for good, when nothing was done to it and the row is a plain one.

    ``None`` means that there is more to look at. Most facts are plain, and this is the short way to them.
    """
    choices = law.choices
    if not rule.is_plain or file.touched or choices.configured_months:
        return None
    if rule.may_be_falsification and choices.points_wait:
        return None
    if rule.counts_from == "decided_on":
        return file.record.decided_on
    return None if choices.penalty_by_decision else file.record.final_on


class PlainFacts:
    """The facts of a file under a law that deduct for good from a day on, whatever day is asked about: ``files`` by the
    ``rules`` that judge them, in the order of the ``days`` from which they count, those of one day in the order of
    recording. ``apart`` are all others, with the place on the file that ``numbers`` tells of these.
    """

    __slots__ = ("_by_finality", "_law", "apart", "days", "files", "numbers", "rules")

    days: Sequence[dt.date]
    numbers: Sequence[int]
    files: Sequence[FactFile]
    rules: Sequence[RowRule]

    def __init__(self, case: CaseFile, law: RegimeLaw, *, all_apart: bool = False) -> None:
        """``all_apart`` where a reading looks at one fact beside another, or at the place of its authority."""
        self._law, self._by_finality = law, False
        regime, rows, row_of, choices = law.regime, law.only_rows, law.row_of, law.choices
        self.apart: list[tuple[int, FactFile, RowRule | None]] = []
        placed: list[tuple[dt.date, int, FactFile, RowRule]] = []
        for number, file in enumerate(case.facts.values()):
            record = file.record
            if record.regime != regime:
                continue
            rule = row_of(record) if rows is None else rows.get(record.row)
            if rule is not None and rule.stands_alone and not file.touched and not all_apart:
                # As in ``plain_day``, without a call for each fact.
                if rule.by_decision:
                    day = record.decided_on
                else:
                    self._by_finality = True
                    day = None if choices.penalty_by_decision else record.final_on
                if day is not None:
                    placed.append((day, number, file, rule))
                    continue
            self.apart.append((number, file, rule))
        placed.sort(key=_DAY)
        self.days, self.numbers, self.files, self.rules = zip(*placed, strict=True) if placed else ((), (), (), ())

    def holds_under(self, law: RegimeLaw) -> bool:
        """Whether another law makes the same of them: it judges by the same rows, and counts penalties from the same
        day where there are any."""
        made = self._law
        if law is made:
            return True
        return law.judges_as(made) and not (
            self._by_finality and law.choices.penalty_by_decision != made.choices.penalty_by_decision
        )


_DAY: Final = operator.itemgetter(0)


def plain_facts(case: CaseFile, law: RegimeLaw) -> PlainFacts:
    """The plain facts of the file, remembered on it until something happens to it."""
    found = case.judged.get(law.regime)
    if not isinstance(found, PlainFacts) or not found.holds_under(law):
        found = case.judged[law.regime] = PlainFacts(case, law)
    return found


def standing_of_row(file: FactFile, rule: RowRule, law: RegimeLaw, as_of: dt.date, *, direct: bool) -> Standing:
    """How a fact stands under its row at the end of ``as_of``; ``direct``: as a direct rating, not by its points."""
    found = _UnderRow(file, rule, law, direct=direct)
    reason = found.reason(as_of)
    ends_on = None if found.end is None else found.end[0]
    return Standing(found.effective_on, ends_on, reason, tuple(found.readings), found.provisional)


def reasons_on(
    file: FactFile, rule: RowRule, law: RegimeLaw, days: Iterable[dt.date]
) -> Iterator[tuple[dt.date, str | None]]:
    """Each of some days with the reason why the fact does not count at its end (``standing_of``)."""
    plain = plain_day(file, rule, law)
    found = None if plain is not None else _UnderRow(file, rule, law, direct=_is_direct(rule))
    for day in days:
        yield day, not_yet(plain, day) if found is None else found.reason(day)


def _is_direct(rule: RowRule) -> bool:
    """What a bureau gives points for is ended by repair or annulment alone: no text says that a rectification does."""
    return rule.type in ("grade", "configured")


class _UnderRow:
    """How a fact stands under its row, whatever the day; ``direct``: as a direct rating, not by its points."""

    __slots__ = ("_file", "_law", "_never", "_of_agency", "direct", "effective_on", "end", "provisional", "readings")

    def __init__(self, file: FactFile, rule: RowRule, law: RegimeLaw, *, direct: bool) -> None:
        self._file, self._law, self.direct = file, law, direct
        self._of_agency = rule.kind == "agency"
        self.readings = readings = list(rule.readings)
        day, self.provisional = effective_day(file, rule, law, direct=direct)
        self.effective_on = day
        ends = [] if day is None else ends_of(file, rule, law, day, direct=direct, readings=readings)
        self.end = min(ends) if ends else None
        self._never = void_reason(file) or unfit_reason(file, rule, law)

    def reason(self, as_of: dt.date) -> str | None:
        """Why it does not count at the end of a day; the readings that it rests on are added to the others."""
        over = self.end[2] if self.end is not None and self.end[0] <= as_of else None
        reason = self._never or not_yet(self.effective_on, as_of)
        if reason is None and not self.direct:
            reason = _warning_reason(self._file, self._law, as_of, self.readings)
            if reason == "suspended":
                # What is over is not held back any longer.
                reason = over or reason
        reason = reason or over
        if reason is None and self.direct and self._of_agency:
            reason = _direct_reason(self._file, self._law, as_of, self.effective_on)
        return reason


def not_yet(effective_on: dt.date | None, on: dt.date) -> str | None:
    """Why a fact does not count by a day on which it has not begun to."""
    if effective_on is None:
        return "not_final"
    return "not_yet_effective" if on < effective_on else None


def standing_in(
    file: FactFile, rule: RowRule | None, law: RegimeLaw, year: ResultYear, *, direct: bool | None = None
) -> Standing:
    """How the fact stands in the result of a year: see ``deduction.assess_year``."""
    if rule is None:
        return standing_of(file, rule, law, year.last)
    is_direct = rule.type == "grade" if direct is None else direct
    day = None if is_direct else plain_day(file, rule, law)
    if day is not None:
        return Standing(day, None, None if day <= year.last else "not_yet_effective", rule.readings)
    readings = list(rule.readings)
    effective_on, provisional = effective_day(file, rule, law, direct=is_direct)
    ends = [] if effective_on is None else ends_of(file, rule, law, effective_on, direct=is_direct, readings=readings)
    end = min(ends, default=None)
    reason = void_reason(file) or unfit_reason(file, rule, law) or not_yet(effective_on, year.last)
    reason = reason or _undone_by(file, law, year)
    if reason is None and not is_direct and rule.kind == "agency":
        reason = _warning_reason(file, law, year.on, readings)
    if reason is None and end is not None and end[0] <= year.last:
        of_the_year = effective_on is not None and effective_on.year == year.number
        if is_direct or rule.kind == "practitioner" or not of_the_year:
            reason = end[2]
    if reason is None and is_direct and rule.kind == "agency":
        reason = _direct_reason(file, law, year.last, effective_on)
    return Standing(effective_on, None if end is None else end[0], reason, tuple(readings), provisional)


def _undone_by(file: FactFile, law: RegimeLaw, year: ResultYear) -> str | None:
    """What takes a fact out of a year's result: a repair by the day of the step, an annulment within the year."""
    if any((day := r.takes_effect_on) is not None and day <= year.on for r in file.repairs):
        return "repaired"
    national = file.national_repair
    if national is not None and USE_STOPS_FROM <= national.granted_on <= year.on:
        return "nationally_repaired"
    if file.set_aside is not None and file.set_aside.decided_on <= year.last:
        return "set_aside"
    if any(o.kind == "revoked" and o.decided_on <= year.last for o in file.followed_outcomes):
        return "set_aside"
    follows = law.choices.linked_follows_repair
    if follows and any(o.kind == "repaired" and o.decided_on <= year.on for o in file.followed_outcomes):
        return "repaired"
    return None


def void_reason(file: FactFile) -> str | None:
    """Undos that hold on every day: retraction, and annulment from the beginning."""
    if file.retracted is not None:
        return "retracted"
    if file.set_aside is not None and file.set_aside.effect == "ab_initio":
        return "set_aside"
    if file.client_outcomes and any(o.kind == "revoked" and o.effect == "ab_initio" for o in file.followed_outcomes):
        return "set_aside"
    return None


def unfit_reason(file: FactFile, rule: RowRule, law: RegimeLaw) -> str | None:
    """Why the row has no effect at all: it stands in an annex alone (I-18), or its amount is not known."""
    if law.choices.articles_only and not rule.in_articles:
        return "no_row"
    if rule.type in ("linked", "external") and linked_amount(file, law, FOR_EVER) is None:
        return "pending_manual"
    return None


def ends_of(
    file: FactFile,
    rule: RowRule,
    law: RegimeLaw,
    effective_on: dt.date,
    *,
    direct: bool,
    readings: list[str],
) -> list[tuple[dt.date, int, str]]:
    """Every day from which the fact no longer counts, with a rank for equal days and the reason."""
    choices = law.choices
    ends: list[tuple[dt.date, int, str]] = []
    if file.repairs:
        ends += [(day, 0, "repaired") for r in file.repairs if (day := r.takes_effect_on) is not None]
    if file.national_repair is not None and file.national_repair.granted_on >= USE_STOPS_FROM:
        ends.append((file.national_repair.granted_on, 1, "nationally_repaired"))
    if file.set_aside is not None and file.set_aside.effect == "prospective":
        ends.append((file.set_aside.decided_on, 2, "set_aside"))
    if file.client_outcomes:
        ends += [
            (o.decided_on, 2, "set_aside")
            for o in file.followed_outcomes
            if o.kind == "revoked" and o.effect == "prospective"
        ]
        if choices.linked_follows_repair:
            ends += [(o.decided_on, 3, "repaired") for o in file.followed_outcomes if o.kind == "repaired"]
    if not direct and rule.kind == "agency" and not choices.literal_chain:
        confirmed = _rectified_on(file, law)
        if confirmed is not None:
            own_year = choices.own_year
            ends += [(_ended_on(day, effective_on, own_year=own_year), 4, "ended") for day in confirmed]
            if "I-04" not in readings:
                readings.append("I-04")
    if rule.year_bound:
        ends.append((dt.date(effective_on.year + 1, 1, 1), 5, "ended"))
    if rule.lapses_after is not None:
        ends.append((choices.free_on(effective_on, rule.lapses_after), 6, "ended"))
    months = law.configured.validity_months if choices.configured_months else None
    if months is not None:
        readings.append("I-15")
        term = months.get("serious" if direct else "general")
        if term is not None:
            readings.append("I-36")
            ends.append((choices.free_on(effective_on, term), 6, "ended"))
    if direct and choices.direct_lasts == "list_period" and file.record.until_on is not None:
        ends.append((file.record.until_on + ONE_DAY, 7, "ended"))
    return ends


def _rectified_on(file: FactFile, law: RegimeLaw) -> list[dt.date] | None:
    """The days of the confirmed rectifications that end the deduction, those that waive it left out (art. 24, I-04);
    ``None`` where none was ever confirmed."""
    found = None if file.rectification is None else [file.rectification.confirmed_on]
    for warning in file.warnings:
        confirmed = warning.confirmed
        if confirmed is None:
            continue
        if found is None:
            found = []
        if warning.stands and not is_waiving(warning, law):
            found.append(confirmed.confirmed_on)
    return found


def _ended_on(confirmed_on: dt.date, effective_on: dt.date, *, own_year: bool) -> dt.date:
    """The day from which a rectification confirmed on a day ends the deduction: ``own_year`` leaves it the rest of its
    year (I-04)."""
    if own_year and confirmed_on.year == effective_on.year:
        return dt.date(effective_on.year + 1, 1, 1)
    return max(confirmed_on, effective_on)


def _warning_reason(file: FactFile, law: RegimeLaw, as_of: dt.date, readings: list[str]) -> str | None:
    """``waived`` for ever by a rectification within the limit, ``suspended`` while a warning runs (art. 27, I-07)."""
    found = None
    for warning in file.warnings:
        if not warning.stands:
            continue
        if "I-07" not in readings:
            readings.append("I-07")
        if is_waiving(warning, law):
            confirmed = warning.confirmed
            if not law.choices.deduct_at_once or (confirmed is not None and confirmed.confirmed_on <= as_of):
                return "waived"
        elif not law.choices.deduct_at_once and _suspends(warning, law, as_of):
            found = "suspended"
    return found


def is_waiving(warning: WarningFile, law: RegimeLaw) -> bool:
    """Whether a rectification within the limit was confirmed (art. 27)."""
    confirmed = warning.confirmed
    return warning.stands and confirmed is not None and confirmed.completed_on <= last_day_of(warning, law)


def held_until(warning: WarningFile, law: RegimeLaw) -> dt.date | None:
    """The first day on which a warning no longer holds the deduction back: after its limit, or, when the completion was
    reported in time, with the day on which the bureau confirms or rejects; ``None`` while that is not decided."""
    last = last_day_of(warning, law)
    if all(report.reported_on > last for report in warning.reports):
        return last + ONE_DAY
    if warning.rejected is not None:
        return max(last + ONE_DAY, warning.rejected.decided_on)
    return None if warning.confirmed is None else max(last + ONE_DAY, warning.confirmed.confirmed_on)


def _suspends(warning: WarningFile, law: RegimeLaw, as_of: dt.date) -> bool:
    """Whether the warning holds the deduction back on the day."""
    if as_of < warning.issued.issued_on:
        return False
    until = held_until(warning, law)
    return until is None or as_of < until


def _direct_reason(file: FactFile, law: RegimeLaw, as_of: dt.date, effective_on: dt.date | None) -> str | None:
    """Why a direct rating does not hold on the day under the readings that bind it to a year (I-08)."""
    lasts = law.choices.direct_lasts
    if effective_on is None or lasts in ("until_repair", "list_period"):
        return None
    act_on = file.record.act_on
    if lasts == "evaluation_year" and act_on is not None and act_on.year != effective_on.year:
        return "other_year"
    return None if as_of.year == effective_on.year else "other_year"
