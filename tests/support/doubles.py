"""Files of one unified social credit code, as journals from before a code belonged to one file hold them."""

from application.ports import Entry
from application.principal import Principal
from domain.events.registration import AgencyRegistered
from tests.support.world import USCC, World


def double(world: World, subject: str, region: str = "150100", uscc: str = USCC, name: str = "甲检测（旧）") -> None:
    """Register another agency under a code that is known."""
    agency = AgencyRegistered(uscc=uscc, name=name, region=region, services=("monitoring",))
    world.journal.append([Entry(subject, "agency", 1, agency)], by=Principal("import"))
