"""Which regime a question about a subject means that names none."""

from collections.abc import Mapping

from domain.casefile import CaseFile


def regime_of(case: CaseFile, regions: Mapping[str, tuple[str, ...]]) -> str | None:
    """The one regime under which anything is on record, else the one for the subject's own place; ``None`` when that is
    not clear. ``regions`` are the beginnings of the region codes in which each regime applies."""
    facts = {file.record.regime for file in case.facts.values()}
    steps = {file.event.regime for file in case.stages.values()}
    used = (facts | steps | {file.event.regime for file in case.entries.values()}) & set(regions)
    if len(used) == 1:
        return used.pop()
    here = case.region_on(None)
    fitting = {
        regime: max((len(start) for start in regions[regime] if here.startswith(start)), default=0)
        for regime in used or regions
    }
    nearest = max(fitting.values(), default=0)
    best = [regime for regime, length in fitting.items() if length == nearest and length > 0]
    return best[0] if len(best) == 1 else None
