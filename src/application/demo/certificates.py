"""Requests for credit certificates in the sample: before a roster they are issued, from then on refused (art. 21)."""

import datetime as dt
from collections.abc import Sequence
from typing import Final

from application.demo.desk import REGIME, Planned, after, chance, id_of
from application.demo.places import sample_paper
from application.demo.population import Agency
from application.demo.schedule import workdays
from domain.procedures.evaluation import IssueCertificate, RequestCertificate
from domain.time import at_hour

_ASKED: Final = 0.08
_FREE_YEAR: Final = 2023
"""The year before anybody was on a roster."""

_PURPOSES: Final = ("参加政府采购投标", "申请银行授信", "办理资质延续")


def asked_for(seed: int, found: Sequence[Agency]) -> list[Planned]:
    """The requests of a share of the agencies; those of 2023 are answered with a certificate."""
    planned = []
    for agency in found:
        rng = chance(seed, "certificate", agency.number)
        if rng.random() >= _ASKED or agency.opened_on >= dt.date(2023, 3, 1):
            continue
        requested_on = after(dt.date(2023, 4, 3), rng.randrange(1000))
        request = RequestCertificate(
            subject=agency.id,
            id=id_of(agency.id, "certificate", "requested"),
            regime=REGIME,
            requested_on=requested_on,
            purpose=rng.choice(_PURPOSES),
        )
        planned.append(Planned(at_hour(requested_on, 10), agency.clerk, request))
        if requested_on.year == _FREE_YEAR:
            issued_on = workdays(requested_on, 3)
            certificate = IssueCertificate(
                subject=agency.id,
                id=id_of(agency.id, "certificate", "issued"),
                regime=REGIME,
                issued_on=issued_on,
                document=sample_paper(f"{agency.place.code}-EEB", "证", _FREE_YEAR, 1000 + agency.number),
            )
            planned.append(Planned(at_hour(issued_on, 10), agency.clerk, certificate))
    return planned
