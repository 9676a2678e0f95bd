"""Who may record where: whose name begins with a region code acts for that region.

Names without a code, of a server without accounts, are not limited. The region above a regime's own (its province, the
nation) may record under it, and so may every place within it.
"""

from application.principal import Principal
from domain.aggregates.casefile import CaseFile
from domain.errors import Refused
from domain.law.adopted import EditionHead
from domain.procedures.request import Request, WarningRequest
from domain.sentence import NamedPlace, sentence


def refuse_elsewhere(by: Principal, regime: EditionHead | None) -> None:
    """Raise ``Refused`` when the region of whoever acts lies neither within nor above those in which the last edition
    of a regime applies; where none is on record, that is told elsewhere."""
    region = by.region
    if region is None or regime is None or not regime.regions:
        return
    stem = region.rstrip("0")
    stem += "0" * (len(stem) % 2)
    if region.startswith(regime.regions) or any(place.startswith(stem) for place in regime.regions):
        return
    raise Refused(
        "not_of_this_region",
        sentence("casework.competence.not_of_this_region", region=NamedPlace(region), title=regime.title),
    )


def regime_of_request(case: CaseFile, request: Request) -> str | None:
    """The regime under which a request would record something on the file; ``None`` for what belongs to none."""
    named = getattr(request, "regime", None)
    if isinstance(named, str):
        return named
    if request.names is None:
        return None
    record = request.named
    if isinstance(request, WarningRequest):
        warning = case.warnings.get(record)
        record = "" if warning is None else warning.issued.fact
    if record in case.facts:
        return case.facts[record].record.regime
    return getattr(case.records.get(record), "regime", None)
