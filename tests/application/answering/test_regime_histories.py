"""What an undo leaves of register and measures in the regimes other than Inner Mongolia, whatever was published before.

A fact that never was leaves nothing, a record taken back is as if it had not been made, also when it was the only one;
running grade, register and measures agree.
"""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.acts import (
    EIA,
    FACTS,
    JIANGSU,
    JIAXING,
    LAST,
    LIANYUNGANG,
    NINGBO,
    REGIMES,
    WENZHOU,
    Act,
    History,
    histories,
    told,
)
from tests.support.properties import tried

CONTINUOUS = (JIANGSU, LIANYUNGANG, EIA)


def same_on(days: list[dt.date], one: History, other: History) -> None:
    for day in days:
        assert told(one.answer(day)) == told(other.answer(day)), day


@pytest.mark.slow
@pytest.mark.parametrize("regime", REGIMES)
@tried(6)
@given(st.data())
def test_running_grade_register_and_measures_agree(regime: str, data: st.DataObject) -> None:
    history = History(regime, data.draw(histories(regime, 12)))
    for day in history.days():
        answer = history.answer(day)
        grade, shown = answer.running.grade, answer.public
        if regime in CONTINUOUS:
            assert (None if shown is None else shown.grade) == grade, day
        elif regime == WENZHOU:
            assert shown is None or shown.grade == grade == "very_poor", day
        elif shown is not None and shown.grade is not None and grade != "ungraded_refused":
            assert shown.grade == grade, day
        if grade in (None, "no_grade", "normal", "unrated"):
            bans = {m.cites[0] for m in answer.measures} == {"art. 36"}
            assert answer.measures == () or (regime == WENZHOU and bans), day


@pytest.mark.slow
@pytest.mark.parametrize("regime", REGIMES)
@pytest.mark.parametrize("how", ["retracted", "annulled"])
@tried(6)
@given(st.data())
def test_what_never_was_leaves_the_tracks_as_if_it_had_not_been_recorded(
    regime: str, how: str, data: st.DataObject
) -> None:
    acts = [a for a in data.draw(histories(regime)) if a.do not in ("set_aside_fact", "retract_fact")]
    gone = data.draw(st.sampled_from(FACTS))
    without = History(regime, [act for act in acts if gone not in act.about])
    undone = History(regime, acts)
    if gone not in undone.case_file().facts or [a for a in undone.acts if gone not in a.about] != without.acts:
        # Never recorded, or something else was refused or admitted on its account: two other histories.
        return
    if how == "retracted":
        undone.do(LAST.isoformat(), "retract_fact", fact=gone, reason="误录")
    else:
        undone.do(
            LAST.isoformat(), "set_aside_fact", fact=gone, decided_on=LAST.isoformat(), authority="330200-EEB",
            document="撤销决定", effect="ab_initio",
        )  # fmt: skip
    same_on(undone.days(), undone, without)


@pytest.mark.slow
@pytest.mark.parametrize("regime", REGIMES)
@tried(6)
@given(st.data())
def test_a_record_taken_back_reads_as_if_it_had_not_been_made(regime: str, data: st.DataObject) -> None:
    acts = [a for a in data.draw(histories(regime)) if a.do not in ("retract_record", "evaluation_stage")]
    history = History(regime, acts)
    own = [act for act in history.acts if act.fields.get("id", "").startswith("r")]
    if not own:
        return
    gone = data.draw(st.sampled_from(own))
    without = History(regime, [act for act in acts if act is not gone])
    if [a for a in history.acts if a is not gone] != without.acts:
        return
    history.do(LAST.isoformat(), "retract_record", record=gone.fields["id"], reason="误录")
    same_on(history.days(), history, without)


ONLY: dict[str, list[tuple[str, dict[str, Any]]]] = {
    NINGBO: [
        ("file", {"filed_on": "2024-03-20"}),
        ("file_change", {"changed_on": "2024-03-01", "filed_on": "2024-03-20", "what": "地址"}),
        ("record_business", {"year": 2023, "active": False}),
        ("refuse_grade", {"decided_on": "2024-03-20", "publicised_on": "2024-03-20"}),
        ("issue_caution", {"row": "K1", "form": "talk", "dated_on": "2024-03-20"}),
        ("record_finding", {"dated_on": "2024-03-20", "what": "同时受托"}),
        ("record_score", {"year": 2023, "score": 80}),
        ("evaluation_stage", {"year": 2023, "stage": "publication", "dated_on": "2024-03-20"}),
    ],
    JIAXING: [
        ("record_score", {"year": 2023, "basic": 80, "risk": 70}),
        ("evaluation_stage", {"year": 2023, "stage": "determination", "dated_on": "2024-03-20", "panel": ["专家甲"]}),
        ("evaluation_stage", {"year": 2023, "stage": "publication", "dated_on": "2024-03-20"}),
        ("evaluation_stage", {"year": 2023, "stage": "roster", "dated_on": "2024-03-20"}),
    ],
    WENZHOU: [
        ("decide_outcome", {"grade": "good", "decided_on": "2024-03-20", "reasons": "综合"}),
        ("list_blacklist", {"noticed_on": "2024-03-01", "decided_on": "2024-03-20", "signed_by": "局长",
                            "ban": {"from_on": "2024-03-20", "until_on": "2024-12-31"}}),
        ("remind", {"issued_on": "2024-03-20", "due_on": "2024-04-01"}),
        ("register_notification", {"registered_on": "2024-03-20"}),
        ("record_review", {"by": "client", "quality": 80, "dated_on": "2024-03-20"}),
    ],
    **{
        regime: [("include_participant", {"dated_on": "2024-03-20"}), ("file_commitment", {"dated_on": "2024-03-20"})]
        for regime in (JIANGSU, LIANYUNGANG)
    },
    EIA: [("include_participant", {"dated_on": "2024-03-20"})],
}  # fmt: skip


@pytest.mark.parametrize(
    ("regime", "do", "fields"), [(regime, do, fields) for regime, found in ONLY.items() for do, fields in found]
)
def test_every_record_can_be_taken_back_when_it_was_the_only_one(regime: str, do: str, fields: dict[str, Any]) -> None:
    history = History(regime, [Act(dt.date(2024, 3, 20), do, {**fields, "id": "r1"})])
    assert [act.do for act in history.acts] == [do]
    empty = History(regime, [])
    history.do("2024-03-25", "retract_record", record="r1", reason="误录")
    days = [dt.date(2024, 3, 19), dt.date(2024, 3, 20), dt.date(2024, 3, 25), dt.date(2025, 3, 20)]
    same_on(days, history, empty)
    history.timelines.read("A")
