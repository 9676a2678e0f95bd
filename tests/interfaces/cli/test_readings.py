"""``readings`` on the command line."""

import pytest

from tests.interfaces.command_line import Ask
from tests.support.world import USCC

HELD_BACK = f"""
- {{do: register_agency, id: A, uscc: {USCC}, name: 甲检测, region: '150100', services: [monitoring]}}
- {{do: record_fact, subject: A, id: f1, row: B08, decided_on: 2024-03-12, authority: 150100-EEB,
   regime: nmg.third_party, document: 文书1}}
- {{do: record_fact, subject: A, id: f2, row: B08, decided_on: 2024-03-12, authority: 150100-EEB,
   regime: nmg.third_party, document: 文书2}}
- {{do: record_fact, subject: A, id: f3, row: B08, decided_on: 2024-03-12, authority: 150100-EEB,
   regime: nmg.third_party, document: 文书3}}
- {{do: confirm_rectification, fact: f2, completed_on: 2024-05-06, confirmed_on: 2024-05-06,
   authority: 150100-EEB}}
- {{do: issue_warning, fact: f3, id: w1, issued_on: 2024-05-07, due_on: 2024-08-30, requirements: 改正}}
"""
"""Three times −10: one open, one rectified in its year, one under a warning that still runs."""

REGIME = ("--regime", "nmg.third_party")


@pytest.mark.parametrize(
    ("language", "says"),
    [
        (
            "zh",
            (
                "▶ 现为：90 分、无不良等级（N）",
                "I-04 + I-07",
                "● I-04:own_year + I-07:deduct_at_once  → 70 分、警示单位",
                "整改经确认后，截止的是哪一部分扣分",
                "○ I-06:decision_date",
            ),
        ),
        (
            "en",
            (
                "▶ Now: 90 points",
                "I-04 + I-07",
                "● I-04:own_year + I-07:deduct_at_once  → 70 points, cautioned unit",
                "What a confirmed rectification ends",
                "○ I-06:decision_date",
            ),
        ),
    ],
)
def test_it_says_on_what_the_grade_hangs_and_lists_every_alternative(
    cli: Ask, language: str, says: tuple[str, ...]
) -> None:
    assert cli("do", "held.yaml", held=HELD_BACK).status == 0
    said = cli("readings", "A", *REGIME, "--as-of", "2024-06-03", "--lang", language)
    assert said.status == 0, said.err
    whole = " ".join(said.out.split())
    assert [s for s in says if " ".join(s.split()) not in whole] == []
    assert "token: " in said.out


def test_a_script_reads_the_same(cli: Ask) -> None:
    assert cli("do", "held.yaml", held=HELD_BACK).status == 0
    answer = cli("readings", "A", *REGIME, "--as-of", "2025-01-01", "--json").json
    assert (answer["now"]["score"], answer["decisive"], answer["pairs"]) == ("80", ["I-03"], [])
    assert cli("readings", "A", *REGIME, "--track", "public", "--json").json["now"]["grade"] is None


def test_a_track_that_there_is_not_and_an_unknown_subject(cli: Ask) -> None:
    assert cli("readings", "A", *REGIME, "--track", "secret").status == 2
    assert cli("readings", "nobody", *REGIME).status == 2
