"""A question about a subject that names no regime means the one of its file, else that of its place."""

import datetime as dt

from application.answering.regime_choice import regime_of
from domain.aggregates.casefile import CaseFile, evolve
from domain.events.facts import FactRecorded
from domain.events.registration import AgencyRegistered
from domain.time import at_hour
from tests.support.world import USCC

REGIONS = {
    "everywhere.all": ("11", "15", "33", "44"),
    "nmg.third_party": ("15",),
    "jiaxing.monitoring": ("3304",),
    "zhejiang.all": ("33",),
    "zhejiang.other": ("32", "33"),
}
NOON = at_hour(dt.date(2024, 1, 2), 12)


def registered(region: str, *facts: str) -> CaseFile:
    case = CaseFile("A")
    evolve(case, AgencyRegistered(uscc=USCC, name="甲", region=region, services=("monitoring",)), NOON)
    for number, regime in enumerate(facts):
        evolve(case, FactRecorded(fact=f"f{number}", regime=regime, row="X1", authority="1-EEB", document="文书"), NOON)
    return case


def test_the_place_of_registration_decides_and_the_nearest_regime_wins() -> None:
    assert regime_of(registered("150100"), REGIONS) == "nmg.third_party"
    assert regime_of(registered("330402"), REGIONS) == "jiaxing.monitoring"
    assert regime_of(registered("330106"), REGIONS) == "zhejiang.all"


def test_the_only_regime_on_the_file_comes_before_the_place() -> None:
    assert regime_of(registered("330402", "nmg.third_party"), REGIONS) == "nmg.third_party"


def test_with_several_on_the_file_the_place_decides_among_them() -> None:
    file = ("nmg.third_party", "jiaxing.monitoring")
    assert regime_of(registered("330402", *file), REGIONS) == "jiaxing.monitoring"


def test_where_nothing_fits_nothing_is_guessed() -> None:
    assert regime_of(registered("210100"), REGIONS) is None
    assert regime_of(registered("440100", "nmg.third_party", "jiaxing.monitoring"), REGIONS) is None
