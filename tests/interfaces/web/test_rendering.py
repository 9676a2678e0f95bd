"""What templates make of what an answer holds: who did something, and sentences whose parts stay together."""

import pytest

from interfaces.web.rendering import as_sentence, day_before, templates, who

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


def test_whoever_acts_for_another_is_named_with_them() -> None:
    by = {"by": "150100-officer-02 for clerk-1"}
    assert who(by, ACCOUNTS, "zh") == "呼和浩特市经办人员 02（代 乙）"
    assert who(by, ACCOUNTS, "en") == "officer 02, Hohhot (for 乙)"


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
    shown = as_sentence("counts until 2024-11-19 <b> (reading I-06)", "en")
    assert shown == (
        'Counts until <time datetime="2024-11-19">19 November 2024</time> &lt;b&gt; '
        '(reading <span class="piece">I-06</span>)'
    )
    told = as_sentence("依据：呼环罚〔2024〕9号，自 2024-02-03 起。", "zh")
    assert told == (
        '依据：<span class="piece">呼环罚〔2024〕9号</span>，自<time datetime="2024-02-03">2024年2月3日</time>起。'
    )


def test_a_day_is_written_out_in_sentences_and_stays_as_it_is_in_tables_and_where_it_is_to_be_typed() -> None:
    line = templates().from_string(
        "{{ t('web_case.dates.short_now', as_of=on) }} {{ on|day }} {{ typed|sentence(with_days=false) }}"
    )
    given = {"on": "2024-06-03", "typed": "如 2024-06-03"}
    zh = line.render(language="zh", **given)
    assert zh == '截至2024年6月3日，按现在所知 <time datetime="2024-06-03">2024-06-03</time> 如 2024-06-03'
    assert line.render(language="en", **given).startswith("As of 3 June 2024, as known now <time")
    told = templates().from_string("{{ at|moment('sentence') }}")
    at = "2024-06-30T15:59:59.999999Z"
    assert told.render(language="zh", at=at) == f'<time datetime="{at}">2024年6月30日终了时</time>'


def test_the_last_day_is_the_one_before_that_on_which_it_holds_no_more() -> None:
    assert day_before("2024-11-20").isoformat() == "2024-11-19"
    assert day_before("2024-03-01").isoformat() == "2024-02-29"
