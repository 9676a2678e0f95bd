"""What is proposed for a signature, in words."""

from typing import Any

import pytest

from interfaces.web.proposed import told_in_words
from interfaces.wording.texts import Language


@pytest.mark.parametrize(
    ("command", "request_", "language", "labels"),
    [
        ("issue_letter", {"letter": "l1", "dated_on": "2024-03-01"}, "zh", ["函件", "日期"]),
        ("adopt_rulebook", {"edition": "e@1", "in_force_on": "2024-03-01"}, "en", ["In force from", "Edition"]),
        ("record_fact", {"again_reason": "另一决定", "arises_from": "f1"}, "zh", ["起因", "再次记录的理由"]),
    ],
)
def test_what_no_form_asks_for_has_a_name_where_it_is_proposed(
    command: str, request_: dict[str, Any], language: Language, labels: list[str]
) -> None:
    told = told_in_words(command, {"do": command, **request_}, {}, language)
    assert sorted(label for label, _ in told) == sorted(labels)
    assert {text for _, text in told} == {*request_.values()}
