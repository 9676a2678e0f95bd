"""A draft put into the law: what applies before its first day stays, from that day on the draft stands in its place.

Acts before that day go on being judged by the rows of their day, and transition clauses apply as they are written. The
same law can be made with some of the draft's provisions only.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from application.rehearsal.provisions import differing, taken
from application.rehearsal.rehearsal import Provision
from domain.law.calendar import WorkingDays
from domain.law.edition import Edition
from domain.law.regime import Adopted, RegimeLaw, common
from domain.time import Period
from domain.vocabulary import SubjectKind

_ALWAYS: Final = Period()
_KEPT_LAWS: Final = 512
"""How many laws with some of a draft's provisions are kept ready."""


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What is put into the law of ``regime`` over a period: an edition, or none but other ``readings``.

    ``edition`` has in it what its parent says.
    """

    regime: str
    edition: Edition | None
    digest: str
    period: Period
    readings: Mapping[str, str]

    def of(self, edition: Edition) -> Edition:
        """What the draft puts in the place of an edition."""
        return answered(self.edition or edition, self.readings)


def answered(edition: Edition, readings: Mapping[str, str]) -> Edition:
    """The edition with other answers of its own; one that it cannot apply is left out."""
    register = tuple(
        msgspec.structs.replace(r, default=readings[r.id])
        if any(v.name == readings.get(r.id) and v.available for v in r.values)
        else r
        for r in edition.reading
    )
    return msgspec.structs.replace(edition, reading=register)


class _Piece(NamedTuple):
    """An edition on days on which the draft takes its place."""

    adopted: Adopted
    period: Period


class Drafted:
    """The law of a regime with a draft in it, beside the law without. Safe to share between threads.

    ``provisions`` is all that differs between the draft and what it takes the place of, ``rows`` the codes of the rows
    among it; ``staff_rows`` are those that bad records of staff bring about.
    """

    def __init__(self, law: RegimeLaw | None, draft: Draft, days: WorkingDays) -> None:
        """``law`` is ``None`` where no edition of the regime is on record. Raises ``LawUnclear`` and ``Invalid`` as
        ``RegimeLaw`` does."""
        self.law = law
        self.regime = draft.regime
        self._draft = draft
        self._days = days if law is None else law.days
        own = () if law is None else _applicable(law)
        self._before = tuple(_ending(a, draft.period.from_on) for a in own if _begins_before(a, draft.period.from_on))
        self._after = tuple(_beginning(a, draft.period.before_on) for a in own if self._comes_after(a))
        self._pieces = tuple(_pieces(own, draft.period))
        self._straddling = tuple(
            _beginning(a, draft.period.before_on) for a in own if self._goes_on_after(a) and not self._comes_after(a)
        )
        self._gaps = () if draft.edition is None else tuple(_gaps(draft.period, [p.period for p in self._pieces]))
        self.provisions = tuple(sorted(self._provisions()))
        self.rows = frozenset(p.name for p in self.provisions if p.kind == "row")
        self._full = self._law_of(None)
        self.staff_rows = frozenset(
            a.edition.staff.row for a in (*own, *self._full.adopted) if a.edition.staff is not None
        )
        self._some = lru_cache(_KEPT_LAWS)(self._law_of)

    def on(self, day: dt.date, chosen: Set[Provision] | None = None) -> RegimeLaw | None:
        """The law as it would apply on a day, with all of the draft or only the chosen provisions."""
        if self._draft.period.from_on is not None and day < self._draft.period.from_on:
            return self.law
        return self.with_provisions(chosen)

    def with_provisions(self, chosen: Set[Provision] | None = None) -> RegimeLaw | None:
        """The law from the draft's first day on, with all of the draft or only the chosen provisions."""
        if chosen is None or len(chosen) == len(self.provisions):
            return self._full
        return self._some(frozenset(chosen)) if chosen else self.law

    def bears_on(self, kind: SubjectKind | None, *, with_staff: bool) -> bool:
        """Whether something other than a row differs that may move a subject of the kind, whatever is on its file."""
        return any(p.kind != "row" and concerns_draft(p, kind, with_staff=with_staff) for p in self.provisions)

    # --- what there is ------------------------------------------------------------------------------------------

    def _comes_after(self, adopted: Adopted) -> bool:
        """Whether an edition that begins later goes on, or first comes, when the draft has ended."""
        return self._goes_on_after(adopted) and not _begins_before(adopted, self._draft.period.from_on)

    def _goes_on_after(self, adopted: Adopted) -> bool:
        last, ends = self._draft.period.before_on, (adopted.period or _ALWAYS).before_on
        return last is not None and (ends is None or last < ends)

    def _provisions(self) -> Iterator[Provision]:
        found: dict[tuple[str, str], Provision] = {}
        for piece in self._pieces:
            edition = piece.adopted.edition
            found |= {(p.kind, p.name): p for p in differing(edition, self._draft.of(edition))}
        if self._gaps or (self._straddling and self._draft.edition is not None):
            name = "" if self._draft.edition is None else self._draft.edition.id
            found["edition", name] = Provision(kind="edition", name=name)
        return iter(found.values())

    # --- making laws --------------------------------------------------------------------------------------------

    def _law_of(self, chosen: frozenset[Provision] | None) -> RegimeLaw:
        """All of the draft's provisions for ``None``."""
        law, draft = self.law, self._draft
        placed = list(self._placed(chosen))
        is_whole = any(p.kind == "edition" for p in self.provisions if chosen is None or p in chosen)
        goes_on = () if is_whole else self._straddling
        known = {a.edition.id for a in (*self._before, *self._after, *goes_on)}
        renamed = {a.edition.id: f"{a.edition.id}*" for a in placed if a.edition.id in known}
        placed = [_named(a, renamed.get(a.edition.id)) for a in placed]
        adopted = [_moved(a, renamed) for a in (*self._before, *placed, *self._after, *goes_on)]
        adopted.sort(key=lambda a: (a.period or _ALWAYS).from_on or dt.date.min)
        if law is None:
            return RegimeLaw(draft.regime, adopted, self._days)
        readings = {id: value for id, value in law.readings.items() if id not in draft.readings}
        return RegimeLaw(law.regime, adopted, law.days, _known(adopted, readings), law.given)

    def _placed(self, chosen: frozenset[Provision] | None) -> Iterator[Adopted]:
        """What stands on the draft's days."""
        draft = self._draft
        is_always = draft.period == _ALWAYS and (self.law is None or all(a.period is None for a in self.law.adopted))
        if chosen is None and draft.edition is not None:
            edition = answered(draft.edition, draft.readings)
            yield Adopted(edition=edition, digest=draft.digest, period=None if is_always else draft.period)
            return
        for piece in self._pieces:
            edition = piece.adopted.edition
            edition = draft.of(edition) if chosen is None else taken(edition, draft.of(edition), chosen)
            yield Adopted(edition=edition, digest=draft.digest, period=None if is_always else piece.period)
        if chosen is not None and draft.edition is not None and any(p.kind == "edition" for p in chosen):
            edition = answered(draft.edition, draft.readings)
            for number, gap in enumerate(self._gaps):
                yield Adopted(edition=_numbered(edition, number), digest=draft.digest, period=gap)


def concerns_draft(provision: Provision, kind: SubjectKind | None, *, with_staff: bool) -> bool:
    """Whether a provision can move a subject of a kind at all; what practitioners did moves their employers, too."""
    match provision.kind:
        case "method":
            return provision.name == kind or (with_staff and provision.name == "practitioner")
        case "staff":
            return with_staff
        case _:
            return True


def _applicable(law: RegimeLaw) -> tuple[Adopted, ...]:
    """The editions that apply on some day: those in force at some time, or else the newest draft."""
    in_force = tuple(a for a in law.adopted if a.period is not None)
    return in_force or law.adopted[-1:]


def _begins_before(adopted: Adopted, day: dt.date | None) -> bool:
    from_on = (adopted.period or _ALWAYS).from_on
    return day is not None and (from_on is None or from_on < day)


def _ending(adopted: Adopted, day: dt.date | None) -> Adopted:
    period = common(adopted.period or _ALWAYS, Period(None, day))
    from_on = (adopted.period or _ALWAYS).from_on
    return msgspec.structs.replace(adopted, period=Period(from_on, period.before_on))


def _beginning(adopted: Adopted, day: dt.date | None) -> Adopted:
    own = adopted.period or _ALWAYS
    from_on = max(own.from_on or dt.date.min, day or dt.date.min)
    return msgspec.structs.replace(adopted, period=Period(from_on, own.before_on))


def _pieces(own: Sequence[Adopted], period: Period) -> Iterator[_Piece]:
    for adopted in own:
        both = common(adopted.period or _ALWAYS, period)
        from_on = None if both.from_on == dt.date.min else both.from_on
        if both.before_on is None or (both.from_on or dt.date.min) < both.before_on:
            yield _Piece(adopted, Period(from_on, both.before_on))


def _gaps(period: Period, taken_up: Sequence[Period]) -> Iterator[Period]:
    """The days of a period on which none of the others is; those come in order and do not overlap."""
    from_on: dt.date | None = period.from_on
    for other in taken_up:
        if (from_on or dt.date.min) < (other.from_on or dt.date.min):
            yield Period(from_on, other.from_on)
        if other.before_on is None:
            return
        from_on = other.before_on
    if period.before_on is None or (from_on or dt.date.min) < period.before_on:
        yield Period(from_on, period.before_on)


def _named(adopted: Adopted, id: str | None) -> Adopted:
    if id is None:
        return adopted
    return msgspec.structs.replace(adopted, edition=msgspec.structs.replace(adopted.edition, id=id))


def _numbered(edition: Edition, number: int) -> Edition:
    return msgspec.structs.replace(edition, id=f"{edition.id}+{number}")


def _moved(adopted: Adopted, renamed: Mapping[str, str]) -> Adopted:
    """The edition with its transition clauses about every name that an older one goes by now."""
    clauses = adopted.edition.transition
    more = tuple(
        msgspec.structs.replace(clause, from_edition=renamed[clause.from_edition])
        for clause in clauses
        if clause.from_edition in renamed
    )
    if not more:
        return adopted
    edition = msgspec.structs.replace(adopted.edition, transition=(*clauses, *more))
    return msgspec.structs.replace(adopted, edition=edition)


def _known(adopted: Sequence[Adopted], readings: Mapping[str, str]) -> dict[str, str]:
    """The readings that some of the editions have; the others cannot be asked for."""
    register = {(r.id, v.name) for a in adopted for r in a.edition.reading for v in r.values if v.available}
    return {id: value for id, value in readings.items() if (id, value) in register}
