"""The page of the explanations shows what the commands print about the sample region, line by line."""

import datetime as dt
from pathlib import Path

import pytest

from application.answering.grading import Question, known_at_from
from application.answering.rechecking import Rechecking
from application.explaining.counterfactuals import Supposing
from application.explaining.differences import Basing, Differing
from application.explaining.knowledge import Knowing
from application.explaining.regional import RegionalDiffering, RegionQuestion
from interfaces.cli.commands import explanations as explaining
from interfaces.cli.records import RecordNames
from interfaces.cli.terminal import Terminal
from interfaces.files.shipped import shipped_editions
from interfaces.main import InstalledHouse
from interfaces.wording import causes
from interfaces.wording.words import Lexicon
from tests.support.house import product_of
from tests.support.sample import ENGINE, whole
from tests.support.world import REGIME

PAGE = Path(__file__).parents[2] / "docs" / "explanations.md"
AGENCY = "452d4b58-7a69-5a34-b1b9-3dd3156648bb"
DECISION = "fab457e4-4ea4-5e6b-99e3-6ac98f848b34"
DAY = dt.date(2024, 6, 30)
THEN, SINCE = (Basing(as_of=DAY, known_at=known_at_from(day)) for day in ("2024-06-30", "2024-10-31"))
LEXICON = Lexicon([s.edition for s in shipped_editions() if s.edition.regime == REGIME])


def printed(capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What the four commands of the page print, in English."""
    world, terminal = whole(), Terminal(house=InstalledHouse({}), language="en")
    difference = Differing(world.journal, world.legislation, world.grading).between(AGENCY, REGIME, THEN, SINCE)
    explaining._print_difference(terminal, causes.difference(difference, "en", LEXICON), LEXICON)
    asked = RegionQuestion(regime=REGIME, region="150100", first=THEN, second=SINCE)
    region = RegionalDiffering(world.journal, world.clock, world.legislation).between(asked)
    explaining._print_region(terminal, causes.region_difference(region, "en", LEXICON), LEXICON)
    question = Question(subject=AGENCY, regime=REGIME, as_of=DAY, known_at=THEN.known_at)
    supposed = Supposing(world.journal, world.grading).towards("C", question)
    named = RecordNames(product_of(world), "en")
    explaining._print_counterfactuals(terminal, causes.counterfactuals(supposed, "en", LEXICON), LEXICON, named)
    rechecking = Rechecking(world.journal, world.legislation, ENGINE)
    known = Knowing(world.journal, world.clock, world.legislation, rechecking).of(DECISION)
    explaining._print_knowledge(terminal, causes.knowledge(known, "en", LEXICON), LEXICON, named)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.slow
def test_the_page_shows_what_the_commands_print(capsys: pytest.CaptureFixture[str]) -> None:
    shown = [line.strip() for line in PAGE.read_text("utf-8").splitlines()]
    missing = [line for line in printed(capsys) if line.strip() not in shown]
    assert not missing
