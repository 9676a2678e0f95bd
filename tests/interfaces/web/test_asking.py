"""What a page asks of the API: it is told what the API would tell the same person."""

import msgspec
import pytest

from interfaces.http.describing import OPERATIONS
from interfaces.http.operations import Operation

LISTS = [found for found in OPERATIONS if found.is_question and "region" in found.query]


@pytest.mark.parametrize("operation", LISTS, ids=lambda operation: str(operation.id))
def test_a_list_for_which_no_region_was_named_is_narrowed_to_a_place_all_the_same(operation: Operation) -> None:
    """What is narrowed is the region that a handler is given: it has to be there to be narrowed."""
    given = operation.given({})
    named = [v.region for v in given.values() if isinstance(v, msgspec.Struct) and "region" in v.__struct_fields__]  # type: ignore[attr-defined]
    assert [*named, *([given["region"]] if "region" in given else [])] == [None]
