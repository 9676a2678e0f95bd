"""How a lawful change is brought about: who begins it, before which organ, until which day, by which articles and with
which papers.

Nothing is reckoned here: a last day is that of a deadline on the file, articles are the grounds that the edition
states, papers those of its list. Where the law sets no last day that is told as such.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec

from application.answering.behind.authorities import seat_of
from application.answering.grading import Read
from application.explaining.lawful_changes import ChangeKind, Way
from application.law.checklists import RequiredPaper, checklist_of
from domain.aggregates.casefile import CaseFile
from domain.aggregates.repairs import RepairFile
from domain.events.objections import ObjectionFiled
from domain.events.repairs import RepairApplied, RepairCommitted
from domain.law.edition import Ledger, only
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import Deadline, deadlines_of
from domain.procedures.objections import admissibility_of_objection, objection_rule

OrganRole = Literal["city_bureau", "region_department", "originating_authority", "reviewing_body"]
"""In which capacity an organ acts: ``originating_authority`` recorded the fact, ``reviewing_body`` is whoever is
competent to review its decision, or the court."""

BegunBy = Literal["participant", "anyone", OrganRole]
"""Who begins it."""

OpenEnd = Literal["with_publication", "no_last_day", "no_provision"]
"""Why it has no last day: it is open until the results are published; the articles set none; the edition has no
provision on it."""


class OpeningOrgan(msgspec.Struct, frozen=True, kw_only=True):
    """An organ before which it is begun: in which capacity, its code (``150100-EEB``) and its name. Whoever is
    competent to review the decision of an authority has that authority's code."""

    role: OrganRole
    authority: str
    name: str | None = None


class WayOpening(msgspec.Struct, frozen=True, kw_only=True):
    """How one way is brought about now, about ``fact`` or about none; ``record`` is what it goes on from.

    ``command`` records it, or its beginning. ``until_on`` is the last day, by the deadline of the same id; where there
    is none ``open_end`` says why, and ``expected_on`` by when at the latest the office has to take the step that ends
    it.
    """

    fact: str | None = None
    way: ChangeKind
    record: str | None = None
    command: str
    by: BegunBy
    to: tuple[OpeningOrgan, ...]
    until_on: dt.date | None = None
    provisional: bool = False
    deadline: str | None = None
    open_end: OpenEnd | None = None
    expected_on: dt.date | None = None
    cites: tuple[str, ...] = ()
    papers: tuple[RequiredPaper, ...] = ()
    because: str | None = None


def openings(read: Read, ways: Iterable[Way], regions: tuple[str, ...]) -> tuple[WayOpening, ...]:
    """How each of the ways is brought about on the day of the question, in their order. ``regions`` are the beginnings
    of the codes of the regions in which the regime applies."""
    office = _Office(read, regions)
    return tuple(office.opening(way) for way in ways)


_BEGINS: Final[dict[ChangeKind, str]] = {
    "rectification": "confirm_rectification",
    "commitment": "file_commitment",
    "pioneer": "recognise_pioneer",
    "delisting": "remove_blacklist",
}
"""The command that records a way which begins in one manner only."""

_GROUNDS: Final[dict[ChangeKind, str]] = {"rectification": "rectification", "delisting": "delisting"}


class _Office:
    """Says of one file how its ways are brought about."""

    def __init__(self, read: Read, regions: tuple[str, ...]) -> None:
        self._case: CaseFile = read.case
        self._law: RegimeLaw = read.known.law
        self._day = read.as_of
        self._deadlines = deadlines_of(read.case, read.known.law)
        self._seat = seat_of(read.case.region_on(read.as_of), regions)

    def opening(self, way: Way) -> WayOpening:
        """How one way is brought about."""
        match way.kind:
            case "objection":
                return self._decision(way) if way.record is not None else self._objection(way)
            case "repair":
                pending = self._pending_repair(way.about)
                return self._repair(way) if pending is None else self._confirmation(way, *pending)
            case "annulment":
                return self._annulment(way)
            case "waiver":
                return self._waiver(way)
            case _:
                return self._plain(way)

    # --- by kind ------------------------------------------------------------------------------------------

    def _objection(self, way: Way) -> WayOpening:
        """One that can still be filed: until the last day that its admissibility goes by."""
        filed = next(event for event in way.events if isinstance(event, ObjectionFiled))
        found = admissibility_of_objection(self._case, filed, self._law)
        year = self._year_objected_to(found.due_on)
        rule = objection_rule(self._law, self._case.graded_as, year)
        in_time = found.due_on is not None and found.due_on >= self._day
        return self._told(
            way,
            "file_objection",
            "participant" if rule is None or rule.actor != "anyone" else "anyone",
            (self._decider("objection_decision", year),),
            until_on=found.due_on if in_time else None,
            provisional=in_time and found.provisional,
            deadline=next((d.id for d in self._objectable() if d.due_on == found.due_on), None),
            cites=found.cites,
        )

    def _decision(self, way: Way) -> WayOpening:
        """An objection on record: it is for the office to decide it."""
        decider = self._decider("objection_decision", self._day.year - 1)
        due = self._open("objection_decision", way.record)
        return self._told(way, "decide_objection", decider.role, (), due=due, cites=self._grounds("objection"))

    def _repair(self, way: Way) -> WayOpening:
        """A commitment before publication, which the authority of the fact confirms and the city's bureau follows, or
        an application."""
        asked = next(event for event in way.events if isinstance(event, RepairCommitted | RepairApplied))
        if isinstance(asked, RepairCommitted):
            published = self._open("publication", None)
            return self._told(
                way,
                "commit_repair",
                "participant",
                (self._originating(way.about), self._organ("city_bureau")),
                open_end="with_publication",
                expected_on=None if published is None else published.due_on,
                cites=self._grounds("repair_commitment", "repair"),
            )
        either = self._law.repairs(self._case.kind, self._day) == "by_either"
        decider = self._decider("repair_decision", self._day.year - 1)
        to = (self._originating(way.about), decider) if either else (decider,)
        return self._told(way, "apply_repair", "participant", to, cites=self._grounds("repair_application", "repair"))

    def _confirmation(self, way: Way, id: str, repair: RepairFile) -> WayOpening:
        """A repair on record: it is for the authority of the fact or the office to confirm it."""
        waits_for_origin = not repair.asked.applied and repair.origin_confirmed is None
        decider = self._decider("repair_decision", self._day.year - 1)
        by: BegunBy = "originating_authority" if waits_for_origin else decider.role
        to = (self._originating(way.about),) if waits_for_origin else (decider,)
        ground = "repair_application" if repair.asked.applied else "repair_commitment"
        found = self._told(
            way, "confirm_repair", by, to, due=self._open("repair_decision", id), cites=self._grounds(ground, "repair")
        )
        return msgspec.structs.replace(found, record=id)

    def _annulment(self, way: Way) -> WayOpening:
        """A challenge while its time runs; afterwards it is for whoever reviews it, or for the authority itself."""
        organ = self._originating(way.about)
        reviewing = OpeningOrgan(role="reviewing_body", authority=organ.authority)
        due = self._open("challenge", way.about)
        if due is not None:
            return self._told(way, "contest_fact", "participant", (reviewing,), due=due, cites=due.cites)
        is_contested = bool(self._case.facts[way.about].contests)
        by: BegunBy = "reviewing_body" if is_contested else "originating_authority"
        to = (reviewing,) if is_contested else (organ, reviewing)
        return self._told(way, "set_aside_fact", by, to, open_end="no_provision")

    def _waiver(self, way: Way) -> WayOpening:
        """A rectification within the limit of a warning, which the bureau that warned confirms."""
        warning = self._case.warnings[way.record or ""]
        is_reported = bool(warning.reports)
        organ = self._organ("city_bureau")
        return self._told(
            way,
            "confirm_warning" if is_reported else "report_rectification",
            organ.role if is_reported else "participant",
            (organ,),
            due=None if is_reported else self._open("rectification", way.record),
            cites=self._grounds("warning"),
        )

    def _plain(self, way: Way) -> WayOpening:
        """What begins in one manner only and has no last day."""
        method = only(Ledger, self._law.method(self._case.kind, self._day))
        is_of_fact = way.about in self._case.facts
        organ = self._originating(way.about) if is_of_fact else self._organ("city_bureau")
        ground = _GROUNDS.get(way.kind)
        cites = () if method is None else method.cites
        return self._told(
            way,
            _BEGINS[way.kind],
            organ.role if way.kind == "pioneer" else "participant",
            (organ,),
            cites=cites if ground is None else self._grounds(ground),
        )

    # --- pieces -------------------------------------------------------------------------------------------

    def _told(
        self,
        way: Way,
        command: str,
        by: BegunBy,
        to: tuple[OpeningOrgan, ...],
        *,
        due: Deadline | None = None,
        until_on: dt.date | None = None,
        provisional: bool = False,
        deadline: str | None = None,
        open_end: OpenEnd | None = None,
        expected_on: dt.date | None = None,
        cites: tuple[str, ...] = (),
    ) -> WayOpening:
        if due is not None:
            until_on, provisional, deadline = due.due_on, due.provisional, due.id
        if until_on is None and open_end is None:
            open_end = "no_last_day" if cites else "no_provision"
        asked = checklist_of(self._law.regime, command, self._case.kind)
        return WayOpening(
            fact=way.about if way.about in self._case.facts else None,
            way=way.kind,
            record=way.record,
            command=command,
            by=by,
            to=to,
            until_on=until_on,
            provisional=provisional,
            deadline=deadline,
            open_end=open_end,
            expected_on=expected_on,
            cites=cites,
            papers=() if asked is None else asked.papers,
        )

    def _organ(self, role: OrganRole) -> OpeningOrgan:
        """The bureau that answers for the grade, or the department of its region."""
        seat = self._seat if role == "city_bureau" else f"{self._seat[:2]}0000"
        return OpeningOrgan(role=role, authority=f"{seat}-EEB")

    def _originating(self, fact: str) -> OpeningOrgan:
        return OpeningOrgan(role="originating_authority", authority=self._case.facts[fact].record.authority)

    def _decider(self, kind: str, year: int) -> OpeningOrgan:
        """Whoever has to decide, by the rule of the edition on how long that may take; the bureau of the city where it
        has none."""
        rule = self._law.deadline_rule(kind, self._case.graded_as, year)
        return self._organ("region_department" if rule and rule.actor == "region_department" else "city_bureau")

    def _grounds(self, *names: str) -> tuple[str, ...]:
        """The articles of the first of the grounds that the edition states."""
        found = (self._law.grounds(name, self._day, self._case.kind) for name in names)
        return next((cites for cites in found if cites), ())

    def _open(self, kind: str, started_by: str | None) -> Deadline | None:
        """The deadline of a kind that still runs, by what started it or else the last one."""
        fit = (d for d in self._deadlines if d.kind == kind and (started_by is None or d.started_by == started_by))
        return next((d for d in reversed(list(fit)) if d.state_on(self._day) == "open"), None)

    def _objectable(self) -> Iterator[Deadline]:
        """The periods in which one may object that still run."""
        for deadline in self._deadlines:
            if deadline.kind in ("objection", "publicity") and deadline.state_on(self._day) == "open":
                yield deadline

    def _year_objected_to(self, due_on: dt.date | None) -> int:
        found = next((d.year for d in self._objectable() if d.due_on == due_on), None)
        return self._day.year - 1 if found is None else found

    def _pending_repair(self, fact: str) -> tuple[str, RepairFile] | None:
        """A repair on record that names the fact and that nobody has decided."""
        for id, repair in self._case.repairs.items():
            is_over = repair.retracted or repair.refused or repair.city_confirmed or repair.revoked
            if fact in repair.asked.facts and repair.asked.regime == self._law.regime and not is_over:
                return id, repair
        return None
