"""What templates make of what an answer holds: who did something, and sentences whose parts stay together."""

import pytest

from interfaces.web.rendering import as_sentence, day_before, who

ACCOUNTS = {
    "clerk-1": {"name": "乙", "role": "clerk", "formerly": [["甲", "2024-05-01T00:00:00.000000Z"]]},
}


@pytest.mark.parametrize(
    ("at", "name"),
    [
        ("2024-04-30T23:59:59.999999Z", "甲"),
        ("2024-05-01T00:00:00.000000Z", "乙"),
        ("2025-01-01T00:00:00.000000Z", "乙"),
    ],
)
def test_whoever_did_something_is_called_as_then(at: str, name: str) -> None:
    assert who({"by": "clerk-1", "recorded_at": at}, ACCOUNTS, "zh", at="recorded_at") == name


def test_whoever_is_not_shown_an_account_reads_the_role() -> None:
    assert who({"by_role": "clerk"}, {}, "zh") == "录入人员"
    assert who({}, {}, "zh") == "—"


@pytest.mark.parametrize(
    ("id", "zh", "en"),
    [
        ("150100-clerk-04", "呼和浩特市录入人员 04", "clerk 04, Hohhot"),
        ("150000-officer-02", "内蒙古自治区经办人员 02", "officer 02, Inner Mongolia"),
        ("wang", "wang", "wang"),
        ("150100-robot-1", "150100-robot-1", "150100-robot-1"),
    ],
)
def test_who_recorded_before_there_were_accounts_is_read_off_the_id(id: str, zh: str, en: str) -> None:
    assert (who({"by": id}, {}, "zh"), who({"by": id}, {}, "en")) == (zh, en)


def test_days_and_readings_stay_in_one_piece_and_nothing_is_markup_that_was_text() -> None:
    shown = as_sentence("counts until 2024-11-19 <b> (reading I-06)")
    assert shown == (
        'Counts until <span class="piece">2024-11-19</span> &lt;b&gt; (reading <span class="piece">I-06</span>)'
    )
    assert as_sentence("依据：呼环罚〔2024〕9号。") == '依据：<span class="piece">呼环罚〔2024〕9号</span>。'


def test_the_last_day_is_the_one_before_that_on_which_it_holds_no_more() -> None:
    assert day_before("2024-11-20").isoformat() == "2024-11-19"
    assert day_before("2024-03-01").isoformat() == "2024-02-29"
