"""What becomes of the cases of the sample, as a clerk records it."""

import datetime as dt

from application.demo.courses import careless_year
from application.demo.desk import ClerkDesk, Planned, chance
from application.demo.schedule import PUBLICATION
from domain.procedures.facts import RecordFact
from domain.procedures.repairs import ApplyRepair, CommitRepair, ConfirmRepair, RefuseRepair

YEAR = 2023


def careless(subject: str) -> list[Planned]:
    """The papers of an agency's careless year, each by the chance of its own."""
    planned: list[Planned] = []
    careless_year(ClerkDesk(subject, "150100", "clerk-01", chance("careless", subject), planned, ("monitoring",)), YEAR)
    return planned


def test_what_was_deducted_in_a_careless_year_is_repaired_early_or_late_or_at_the_second_attempt() -> None:
    ways = set()
    for subject in map(str, range(40)):
        commands = [line.command for line in careless(subject)]
        facts = {command.id for command in commands if isinstance(command, RecordFact)}
        applied = [command for command in commands if isinstance(command, ApplyRepair)]
        refused = [command for command in commands if isinstance(command, RefuseRepair)]
        granted = [command for command in commands if isinstance(command, ConfirmRepair)]
        assert 3 <= len(facts) <= 5
        for repair in applied:
            assert set(repair.facts) <= facts
            assert repair.dated_on > PUBLICATION[YEAR]
        if refused:
            # Who was refused applies once more, a good while later, and has then what the first time was missing.
            ((first, again), (refusal,), (grant,)) = (applied, refused, granted)
            assert (refusal.repair, grant.repair) == (first.id, again.id)
            assert first.facts == again.facts
            assert first.dated_on < refusal.decided_on < again.dated_on < grant.confirmed_on
            assert again.dated_on - first.dated_on >= dt.timedelta(days=75)
        early = [command for command in commands if isinstance(command, CommitRepair)]
        # Before the publication the originating authority confirms as well; after it the city bureau decides alone.
        assert (bool(early), len(granted)) == ((False, 1) if applied else (True, 2))
        ways.add((len(early), len(applied), len(refused)))
    assert ways >= {(1, 0, 0), (0, 1, 0), (0, 2, 1)}
