"""Lint finds in an edition that is one line or one figure off what it always found."""

import pytest

from tests.domain.law.one_line_off import digest_of_faults, variants
from tests.domain.law.test_rulebook_lint_methods import SOUND
from tests.support.digests import ADVICE, kept


@pytest.mark.slow
@pytest.mark.parametrize("name", SOUND)
def test_the_faults_of_every_variant_stand_where_they_stood(name: str) -> None:
    assert len(list(variants(SOUND[name]))) > 100
    assert digest_of_faults(name) == kept()["faults"].get(name), ADVICE
