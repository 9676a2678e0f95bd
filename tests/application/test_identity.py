"""Check digits of the numbers that identify subjects."""

import pytest

from application.identity import check_id_number
from domain.errors import Invalid


def test_an_id_number_of_a_county_that_never_was_is_refused_and_no_accident() -> None:
    # A right check digit, in a province the library knows.
    with pytest.raises(Invalid):
        check_id_number("150399199003070015", "resident_identity_card")
