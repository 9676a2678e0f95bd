"""Which regimes a file is under, and which one a question about it means that names none."""

from collections.abc import Mapping

from domain.aggregates.casefile import CaseFile


def regimes_on_record(case: CaseFile) -> set[str]:
    """Every regime under which anything was recorded about the subject, whatever has become of it."""
    found = {file.event.regime for file in case.stages.values()}
    if case.facts:
        found.update([file.record.regime for file in case.facts.values()])
    if case.entries:
        found.update([file.event.regime for file in case.entries.values()])
    if case.scope:
        found.update([event.regime for event in case.scope])
    return found


def regimes_concerned(case: CaseFile) -> set[str]:
    """Every regime under which a deadline may run or a letter be wanted: those with anything on record, and those of
    objections, repairs and letters."""
    found = regimes_on_record(case)
    if case.objections:
        found.update([file.filed.regime for file in case.objections.values()])
    if case.repairs:
        found.update([file.asked.regime for file in case.repairs.values()])
    if case.letters:
        found.update([file.drafted.regime for file in case.letters.values()])
    return found


def regime_of(case: CaseFile, regions: Mapping[str, tuple[str, ...]]) -> str | None:
    """The one regime under which anything is on record, else the one for the subject's own place and fewest others;
    ``None`` when that is not clear. ``regions`` are the beginnings of the region codes in which each regime applies."""
    used = regimes_on_record(case) & set(regions)
    if len(used) == 1:
        return used.pop()
    here = case.region_on(None)
    fitting = [
        (max(len(start) for start in regions[regime] if here.startswith(start)), -len(regions[regime]), regime)
        for regime in used or regions
        if here.startswith(regions[regime])
    ]
    best = [regime for *near, regime in fitting if near == list(max(fitting)[:2])]
    return best[0] if len(best) == 1 else None
