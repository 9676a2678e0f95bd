"""Which regime a question about a subject means that names none."""

from collections.abc import Mapping

from domain.casefile import CaseFile


def regime_of(case: CaseFile, regions: Mapping[str, tuple[str, ...]]) -> str | None:
    """The one regime under which anything is on record, else the one for the subject's own place and fewest others;
    ``None`` when that is not clear. ``regions`` are the beginnings of the region codes in which each regime applies."""
    facts = {file.record.regime for file in case.facts.values()}
    steps = {file.event.regime for file in case.stages.values()}
    used = (facts | steps | {file.event.regime for file in case.entries.values()}) & set(regions)
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
