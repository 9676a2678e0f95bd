"""Whose act an event tells, where the event does not name the authority itself."""

from collections.abc import Mapping

from application.ports import AnyEvent
from domain.aggregates.casefile import CaseFile
from domain.events.repairs import RepairConfirmed


def authority_of(event: AnyEvent, case: CaseFile, regions: Mapping[str, tuple[str, ...]]) -> str | None:
    """The authority of an event: the one that it names, or of a confirmation of a repair the bureau of the city or the
    authority that decided what is repaired; ``None`` where the file does not say. ``regions`` are those in which each
    regime applies."""
    named = getattr(event, "authority", None)
    if isinstance(named, str) or not isinstance(event, RepairConfirmed):
        return named
    repair = case.repairs.get(event.repair)
    if repair is None:
        return None
    if event.by == "city_bureau":
        seat = seat_of(case.region_on(event.confirmed_on), regions.get(repair.asked.regime, ()))
        return f"{seat}-EEB"
    found = {file.record.authority for id in repair.asked.facts if (file := case.facts.get(id)) is not None}
    return found.pop() if len(found) == 1 else None


def seat_of(region: str, regions: tuple[str, ...]) -> str:
    """Where the bureau sits that answers for the grade: the city of the file, or the region of the rules where the file
    is kept in another one."""
    if not regions or region.startswith(regions):
        return f"{region[:4]}00"
    return regions[0].ljust(6, "0")
