"""What is tried for ten minutes when it is asked for (`make fuzz`) can be tried at any time."""

import pytest

from tests.fuzz import cursors, tokens
from tests.fuzz.answering import Story

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def story() -> Story:
    return Story()


def test_cursors_are_tried_before_every_list_that_has_pages(story: Story) -> None:
    cursors.door(story).check((0, "never issued", {}, False, "en"))


def test_tokens_are_tried_before_every_question_that_takes_one(story: Story) -> None:
    tokens.door(story).check((0, {"basis": "never issued"}, {}, True, "zh-CN"))
