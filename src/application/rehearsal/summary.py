"""A rehearsal in short: the results of its parts put together, the same however the journal was split."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from application.answering.grading import Basis
from application.rehearsal.part import is_moved, moves_of
from application.rehearsal.rehearsal import (
    PartResult,
    Provision,
    ProvisionTotal,
    RehearsalSummary,
    Rehearsed,
    SubjectChange,
)
from domain.time import iso_utc
from domain.vocabulary import SubjectKind, plain


def summarised(rehearsed: Rehearsed, results: Iterable[PartResult]) -> RehearsalSummary:
    """The results of all parts, in whatever order they come, in short; none of them is kept."""
    totals = _Totals(rehearsed)
    for result in results:
        totals.add(result)
    return totals.summary()


class _Totals:
    """What the parts so far add up to."""

    def __init__(self, rehearsed: Rehearsed) -> None:
        self._rehearsed = rehearsed
        self._numbers: Counter[str] = Counter()
        self._matrix: Counter[tuple[dt.date, SubjectKind, str, str]] = Counter()
        self._provisions: dict[Provision, _Total] = {}
        self._unreadable: list[tuple[str, int, str]] = []

    def add(self, result: PartResult) -> None:
        """Count one part."""
        self._numbers.update(
            subjects=result.subjects,
            events=result.events,
            decisions=result.decisions,
            changed_decisions=len(result.changed_decisions),
            moved=sum(change.moved for change in result.changes),
            rescored=sum(not change.moved for change in result.changes),
            before=sum(self._is_before(span.from_on) for change in result.changes for span in change.spans)
            + sum(self._is_before(decision.on) for decision in result.changed_decisions),
        )
        for move in result.matrix:
            self._matrix[move.on, move.kind, move.now, move.then] += move.number
        for change in result.changes:
            for reason in change.reasons:
                self._provisions.setdefault(reason.provision, _Total()).add(change, reason.number)
        self._unreadable += result.unreadable

    def _is_before(self, day: dt.date) -> bool:
        return self._rehearsed.from_on is not None and day < self._rehearsed.from_on

    def summary(self) -> RehearsalSummary:
        """The provisions that play a part for most subjects come first."""
        rehearsed, numbers = self._rehearsed, self._numbers
        provisions = sorted(self._provisions.items(), key=lambda p: (-p[1].subjects, p[0]))
        return RehearsalSummary(
            basis=Basis(
                as_of=rehearsed.as_of,
                known_at=iso_utc(rehearsed.known_at),
                position=rehearsed.position,
                rulebooks=rehearsed.rulebooks,
                calendar_digest=rehearsed.calendar_digest,
                engine=rehearsed.engine,
            ),
            regime=rehearsed.regime,
            edition=rehearsed.edition,
            digest=rehearsed.digest,
            from_on=rehearsed.from_on,
            as_of=rehearsed.as_of,
            subjects=numbers["subjects"],
            events=numbers["events"],
            moved=numbers["moved"],
            rescored=numbers["rescored"],
            before=numbers["before"],
            decisions=numbers["decisions"],
            changed_decisions=numbers["changed_decisions"],
            matrix=moves_of(self._matrix),
            provisions=tuple(total.told(provision) for provision, total in provisions),
            unreadable=tuple(sorted(self._unreadable)),
        )


class _Total:
    """What one provision brings about over everybody."""

    def __init__(self) -> None:
        self.subjects = self._moves_alone = self._only_together = 0
        self._share = Decimal(0)

    def add(self, change: SubjectChange, number: int) -> None:
        """Count it for one subject, among whose reasons it has this number."""
        reason = change.reasons[number - 1]
        self.subjects += 1
        self._moves_alone += is_moved(change.spans[-1].now, reason.alone)
        self._only_together += any(number in x.causes and x.kind in ("score", "together") for x in change.interactions)
        self._share += Decimal(reason.share or 0)

    def told(self, provision: Provision) -> ProvisionTotal:
        """The total as it is answered."""
        return ProvisionTotal(
            provision=provision,
            subjects=self.subjects,
            moves_alone=self._moves_alone,
            share=plain(self._share),
            only_together=self._only_together,
        )
