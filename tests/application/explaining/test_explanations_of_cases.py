"""Every worked case of the law, explained: the causes listed lead from each expected answer to the next."""

import itertools

import pytest

from application.explaining.differences import Basing, Differing
from application.scenarios.scenario_file import Case
from domain.errors import Invalid, NotFound
from domain.time import Instant
from tests.support.applying import applied
from tests.support.cases import FILES, cases_in, name_of, played
from tests.support.cells import hold_in_each


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_the_causes_lead_from_each_expected_answer_to_the_next_and_back(file: str) -> None:
    hold_in_each(cases_in(file), the_causes_lead_from_each_expected_answer_to_the_next_and_back, name_of)


def the_causes_lead_from_each_expected_answer_to_the_next_and_back(case: Case) -> None:
    world = played(case)
    differing = Differing(world.journal, world.legislation, world.grading)
    end = world.journal.head().recorded_at
    for one, other in itertools.pairwise(asked(case, end)):
        if one[:2] != other[:2]:
            continue
        for first, second in ((one[2], other[2]), (other[2], one[2])):
            try:
                found = differing.between(one[0], one[1], first, second)
            except (Invalid, NotFound):
                # The case asks about a moment at which nothing was on record.
                continue
            assert applied(world.journal, world.legislation, found, first.readings) == found.second.figures
            # Time may change an answer and change it back.
            assert found.same or found.causes


def asked(case: Case, end: Instant) -> list[tuple[str, str, Basing]]:
    """Subject, regime and basis of everything the case expects of a grade."""
    return sorted(
        (
            (
                e.subject,
                case.regime,
                Basing(as_of=e.as_of, known_at=end if e.known_at is None else e.known_at, readings=case.readings),
            )
            for e in case.expects
            if e.subject is not None and e.as_of is not None and case.regime
        ),
        key=lambda line: line[:2],
    )
