"""Wenzhou's draft as sentences of law: registration, prohibited acts, points, blacklist, experts and clients."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from application.answering.grading import GradeAnswer, Question
from application.answering.public_register import Register
from application.population.regrading import regrade
from application.recording.outcomes import Outcome
from domain.aggregates.casefile import CaseFile
from domain.errors import CaseError, Conflict, Invalid, Refused
from domain.grading.intermediaries import member_since, unheeded_since
from domain.law.edition import Configured
from domain.law.lint import lint
from domain.law.parse import parse_edition
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import deadlines_of, proof_of
from domain.time import end_of_day
from interfaces.files.shipped import shipped_editions
from tests.support.world import World

WENZHOU = "wenzhou.intermediary"
BUREAU = "330300-EEB"
EXPERT_NUMBER = "110105199001011232"
INSTITUTION_USCC = "12330300MB00000011"
CLIENT_USCC = "91330300MA20000029"
SHIPPED = next(s for s in shipped_editions() if s.edition.regime == WENZHOU)


class City(World):
    """A world in Wenzhou: an agency A with its practitioner P, an expert X and a client C."""

    def __init__(self) -> None:
        super().__init__()
        self.agency(region="330300")
        self.practitioner(region="330300")
        self.do("2023-01-02", "register_expert", id="X", name="李某", id_number=EXPERT_NUMBER, region="330300")
        self.do("2023-01-02", "register_client", id="C", uscc=CLIENT_USCC, name="丙化工", region="330300")

    def act(self, day: str, do: str, subject: str = "A", **fields: Any) -> Outcome:
        return self.do(day, do, subject=subject, regime=WENZHOU, **fields)

    def breach(self, day: str, row: str, fact: str = "f1", subject: str = "A", **more: Any) -> Outcome:
        fields = {"authority": BUREAU, "document": f"文书-{fact}", "decided_on": day, **more}
        return self.act(day, "record_fact", subject, id=fact, row=row, **fields)

    def asked(self, as_of: str, subject: str = "A", **readings: str) -> GradeAnswer:
        return self.grading.grade(
            Question(
                subject=subject,
                regime=WENZHOU,
                as_of=dt.date.fromisoformat(as_of),
                readings={k.replace("_", "-"): v for k, v in readings.items()},
            )
        )

    def listed(self, day: str, subject: str = "A", **more: Any) -> Outcome:
        fields = {"noticed_on": "2024-07-01", "decided_on": day, "signed_by": "局长", **more}
        return self.act(day, "list_blacklist", subject, **fields)

    def law(self) -> RegimeLaw:
        return self.legislation.at(WENZHOU, known_at=self.clock.now(), position=2**62).law

    def case(self, subject: str = "A") -> CaseFile:
        return self.casework.file(subject)


@pytest.fixture
def city() -> City:
    return City()


def refused(city: City, *cites: str, **line: Any) -> CaseError:
    with pytest.raises(Refused) as caught:
        city.act(line.pop("day"), line.pop("do"), **line)
    assert caught.value.cites[: len(cites)] == cites
    return caught.value


# --- the edition ------------------------------------------------------------------------------------------------


def test_the_edition_holds_together_and_has_an_act_for_each_item_of_article_12() -> None:
    assert lint(SHIPPED.edition, SHIPPED.text) == ()
    rows = {row.code: row.cites[0] for row in SHIPPED.edition.row}
    assert rows == {f"WA{n:02}": f"art. 12({n})" for n in range(1, 11)}


def test_the_draft_is_never_in_force_by_itself_since_article_41_leaves_its_day_blank(city: City) -> None:
    assert SHIPPED.edition.in_force_on is None
    assert city.asked("2024-05-06").force == "draft"
    strict = city.asked("2024-05-06", W_05="not_in_force")
    assert (strict.force, strict.running.grade, strict.running.undetermined) == ("not_in_force", None, None)


def test_article_2_asks_where_one_serves_and_not_where_one_is_registered(city: City) -> None:
    city.do("2023-01-02", "change_subject", subject="A", changes={"region": "150100"}, from_on="2023-01-02")
    city.breach("2024-05-06", "WA09")
    assert [s.fact for s in city.asked("2024-05-06").steps] == ["f1"]


def test_articles_3_and_39_take_in_every_service_of_the_text_and_who_is_no_company(city: City) -> None:
    services = ["eia", "monitoring", "treatment", "operation", "auto_monitoring_operation", "restoration", "research"]
    services += ["consulting", "damage_appraisal"]
    station: dict[str, Any] = {
        "uscc": INSTITUTION_USCC,
        "name": "某环境监测站",
        "region": "330300",
        "services": services,
    }
    city.do("2023-01-02", "register_agency", id="B", **station)
    city.breach("2024-05-06", "WA01", subject="B")
    assert city.asked("2024-05-06", "B").running.grade == "unrated"


# --- registration and reminder (arts. 8, 12(2)) -----------------------------------------------------------------


def test_without_a_written_reminder_not_registering_is_no_act_of_article_12_2(city: City) -> None:
    error = refused(
        city, "art. 12(2)", day="2024-03-01", do="record_fact", id="f1", row="WA02", decided_on="2024-03-01",
        authority=BUREAU, document="文书",
    )  # fmt: skip
    assert error.code == "no_unheeded_reminder"


def test_the_omission_is_complete_on_the_day_after_the_time_limit(city: City) -> None:
    city.act("2024-03-05", "remind", issued_on="2024-03-05", due_on="2024-03-20")
    law = city.law()
    assert unheeded_since(city.case(), law, dt.date(2024, 3, 20)) is None
    assert unheeded_since(city.case(), law, dt.date(2024, 3, 21)) == dt.date(2024, 3, 21)
    city.breach("2024-04-01", "WA02")
    assert [s.effective_on for s in city.asked("2024-04-01").steps] == [dt.date(2024, 3, 21)]


def test_registering_on_the_last_day_of_the_reminder_is_in_time_and_a_day_later_is_not(city: City) -> None:
    for subject, day in (("A", "2024-03-20"), ("P", "2024-03-21")):
        city.act("2024-03-05", "remind", subject, issued_on="2024-03-05", due_on="2024-03-20")
        city.act(day, "register_notification", subject, registered_on=day)
    on = dt.date(2024, 4, 1)
    assert unheeded_since(city.case("A"), city.law(), on) is None
    assert unheeded_since(city.case("P"), city.law(), on) == dt.date(2024, 3, 21)


def test_the_day_of_a_reminder_is_a_deadline_of_article_12_2_that_moves_off_a_day_of_rest(city: City) -> None:
    city.act("2024-03-05", "remind", id="m1", issued_on="2024-03-05", due_on="2024-03-23")
    (deadline,) = deadlines_of(city.case(), city.law())
    assert (deadline.kind, deadline.cites[0], deadline.due_on) == ("registration", "art. 12(2)", dt.date(2024, 3, 25))
    assert proof_of(city.case(), city.law(), deadline).due_on == dt.date(2024, 3, 25)
    assert deadline.state_on(dt.date(2024, 3, 26)) == "overdue"


def test_the_same_reminder_again_is_no_event_and_another_under_its_id_a_conflict(city: City) -> None:
    fields: dict[str, Any] = {"id": "m1", "issued_on": "2024-03-05", "due_on": "2024-03-20"}
    assert city.act("2024-03-05", "remind", **fields).status == "recorded"
    assert city.act("2024-03-05", "remind", **fields).status == "already_so"
    assert city.act("2024-03-05", "remind", **{**fields, "id": None}).status == "already_so"
    with pytest.raises(Conflict):
        city.act("2024-03-05", "remind", **{**fields, "due_on": "2024-03-21"})


def test_article_8_binds_neither_experts_nor_clients(city: City) -> None:
    refused(city, "art. 8", day="2024-03-05", do="register_notification", subject="X", registered_on="2024-03-05")
    refused(city, "art. 8", day="2024-03-05", do="remind", subject="C", issued_on="2024-03-05", due_on="2024-03-20")


def test_another_regime_knows_none_of_these_procedures(city: City) -> None:
    with pytest.raises(Refused) as caught:
        city.do(
            "2024-03-05", "remind", subject="A", regime="nmg.third_party", issued_on="2024-03-05", due_on="2024-03-06"
        )
    assert caught.value.code == "not_by_decision"


# --- acts and points (arts. 12, 27) -----------------------------------------------------------------------------


def test_who_commits_an_act_of_article_12_and_who_answers_by_reference_of_article_38(city: City) -> None:
    for number, subject in enumerate(("A", "P", "X", "C")):
        city.breach("2024-05-06", "WA03", f"f{number}", subject)
        assert len(city.asked("2024-05-06", subject).steps) == 1
    refused(
        city, "art. 12(9)", day="2024-05-06", do="record_fact", subject="C", row="WA09", decided_on="2024-05-06",
        authority=BUREAU, document="文书",
    )  # fmt: skip


def test_each_act_is_attributed_to_one_subject_alone(city: City) -> None:
    city.do("2023-01-02", "record_employment", subject="A", practitioner="P", from_on="2023-01-01")
    city.breach("2024-05-06", "WA09", subject="P")
    assert city.asked("2024-05-06").steps == ()


def test_article_27_names_no_points_so_that_nothing_is_computed(city: City) -> None:
    city.breach("2024-05-06", "WA09")
    answer = city.asked("2024-05-06")
    assert (answer.running.score, answer.running.undetermined) == (None, "points_not_configured")
    (step,) = answer.steps
    assert (step.counted, step.reason, step.cites) == (False, "pending_manual", ("art. 12(9)",))


def test_a_table_of_points_names_acts_of_the_edition_and_has_a_cycle_and_a_threshold_above_nought() -> None:
    table = Configured(points={"WA99": Decimal(3), "WA09": Decimal(-1)}, cycle_months=0, threshold=Decimal(0))
    faults = lint(msgspec.structs.replace(SHIPPED.edition, configured=table))
    assert [f.place for f in faults] == [
        "configured.points.WA99",
        "configured.points.WA09",
        "configured.cycle_months",
        "configured.threshold",
    ]


def test_a_row_that_fixes_points_itself_has_no_place_where_a_bureau_gives_them() -> None:
    text = SHIPPED.text.replace('type = "configured"', 'type = "points"\npoints = -3', 1)
    assert [f.place for f in lint(parse_edition(text, "t"), text)] == ["row[0].type"]


def test_a_row_can_only_stand_for_a_kind_of_subject_that_is_graded() -> None:
    methods = {kind: m for kind, m in SHIPPED.edition.methods.items() if kind != "client"}
    faults = lint(msgspec.structs.replace(SHIPPED.edition, methods=methods, measure=()))
    assert {f.place for f in faults} == {f"row[{n}].also[2]" for n in (2, 3, 4, 6, 7, 9)}


# --- reviews and outcomes (arts. 14, 31-34) ---------------------------------------------------------------------


def test_the_rating_of_an_association_is_an_input_and_nothing_more(city: City) -> None:
    """It may be one basis of the evaluation (arts. 14, 32); no weight is given."""
    city.act("2024-09-02", "record_review", by="association", quality="poor", dated_on="2024-09-02")
    (step,) = city.asked("2024-09-02").steps
    assert (step.row, step.counted, step.reason, step.cites) == ("review", False, "input", ("art. 32",))


def test_one_review_for_each_matter_and_side(city: City) -> None:
    city.act("2024-09-02", "record_review", by="client", matter="7", fees=60, dated_on="2024-09-02")
    refused(
        city, "art. 32", day="2024-09-03", do="record_review", by="client", matter="7", fees=61, dated_on="2024-09-03"
    )
    city.act("2024-09-03", "record_review", by="expert", matter="7", fees=61, dated_on="2024-09-03")


def test_only_a_decision_gives_an_outcome_and_the_latest_one_holds(city: City) -> None:
    city.act("2024-05-06", "decide_outcome", id="o1", grade="good", decided_on="2024-05-06", reasons="优秀")
    city.act("2024-05-06", "decide_outcome", id="o2", grade="poor", decided_on="2024-05-06", reasons="更正")
    answer = city.asked("2024-05-06")
    assert answer.running.grade == "poor"
    assert [(s.sources, s.counted, s.reason) for s in answer.steps] == [
        (("o1",), False, "superseded"),
        (("o2",), True, None),
    ]
    with pytest.raises(Invalid):
        city.act("2024-05-07", "decide_outcome", grade="poor", decided_on="2024-05-07", reasons=" ")


def test_the_ten_measures_of_article_34_wait_for_a_legal_basis(city: City) -> None:
    city.act("2024-05-06", "decide_outcome", grade="poor", decided_on="2024-05-06", reasons="多次")
    measures = city.asked("2024-05-06").measures
    assert [m.cites[0] for m in measures] == [f"art. 34({n})" for n in range(1, 11)]
    assert not any(m.executable for m in measures)


def test_a_good_outcome_brings_the_incentives_of_article_33(city: City) -> None:
    city.act("2024-05-06", "decide_outcome", "C", grade="good", decided_on="2024-05-06", reasons="守约")
    assert [m.cites for m in city.asked("2024-05-06", "C").measures] == [("art. 33", "art. 38")]


# --- the blacklist (arts. 35-37) --------------------------------------------------------------------------------


def test_article_35_asks_for_notice_beforehand_and_the_signature_of_the_head(city: City) -> None:
    unnoticed = {"decided_on": "2024-08-01", "signed_by": "局长"}
    assert refused(city, "art. 35", day="2024-08-01", do="list_blacklist", **unnoticed).code == "no_prior_notice"
    unsigned = {"noticed_on": "2024-07-01", "decided_on": "2024-08-01"}
    assert refused(city, "art. 35", day="2024-08-01", do="list_blacklist", **unsigned).code == "not_signed"


def test_the_listing_of_a_person_is_not_that_of_the_agency_and_is_not_public(city: City) -> None:
    city.listed("2024-08-01", "P")
    person = city.asked("2024-08-01", "P")
    assert (person.running.grade, person.public) == ("very_poor", None)
    assert city.asked("2024-08-01", "P", W_03="published").public is not None
    assert city.asked("2024-08-01").running.grade == "unrated"


def test_the_public_register_shows_agencies_on_the_blacklist_and_nobody_else(city: City) -> None:
    for number, subject in enumerate(("A", "P", "X", "C")):
        city.listed("2024-08-01", subject, id=f"b{number}")
    today = Register(city.journal, city.clock, city.legislation).today(WENZHOU)
    shown = today.page("A").public
    assert shown is not None
    assert shown.grade == "very_poor"
    for subject in ("P", "X", "C"):
        assert today.entry(subject, city.journal.stream(subject)) is None
    assert [city.asked("2024-08-01", s).public for s in ("P", "X", "C")] == [None] * 3


def test_an_agency_on_the_blacklist_is_shown_until_the_day_of_removal(city: City) -> None:
    city.listed("2024-08-01", id="b1")
    city.act("2025-02-10", "remove_blacklist", decided_on="2025-02-10")
    shown = city.asked("2025-02-09").public
    assert shown is not None
    assert (shown.grade, shown.since, shown.record) == ("very_poor", dt.date(2024, 8, 1), "b1")
    assert city.asked("2025-02-10").public is None
    steps = city.asked("2025-02-10").steps
    assert [(s.row, s.reason, s.ends_on) for s in steps] == [("blacklist", "repaired", dt.date(2025, 2, 10))]


@pytest.mark.parametrize(
    ("keeps", "reading", "on"), [(False, "", []), (True, "", ["art. 36"]), (False, "runs_on", ["art. 36"])]
)
def test_the_ban_of_article_36_ends_with_the_removal_of_article_37_unless_kept(
    city: City, keeps: bool, reading: str, on: list[str]
) -> None:
    city.listed("2024-08-01", ban={"from_on": "2024-08-01", "until_on": "2025-07-31", "fields": ["monitoring"]})
    city.act("2025-02-10", "remove_blacklist", decided_on="2025-02-10", keeps_ban=keeps)
    readings = {"W_08": reading} if reading else {}
    assert len(city.asked("2025-02-09", **readings).measures) == 11
    assert [m.cites[0] for m in city.asked("2025-02-10", **readings).measures] == on
    assert city.asked("2025-08-01", **readings).measures == ()


def test_the_day_before_a_ban_begins_it_does_not_apply(city: City) -> None:
    city.listed("2024-08-01", ban={"from_on": "2024-08-05", "until_on": "2024-08-31"})
    assert "art. 36" not in [m.cites[0] for m in city.asked("2024-08-04").measures]
    assert "art. 36" in [m.cites[0] for m in city.asked("2024-08-05").measures]


def test_the_history_turns_on_the_days_of_listing_and_removal(city: City) -> None:
    city.listed("2024-08-01")
    city.act("2025-02-10", "remove_blacklist", decided_on="2025-02-10")
    question = Question(subject="A", regime=WENZHOU, as_of=dt.date(2025, 3, 1))
    spans = city.grading.history(question).spans
    assert [(s.from_on.isoformat(), s.grade) for s in spans] == [
        ("2024-07-31", "unrated"),
        ("2024-08-01", "very_poor"),
        ("2025-02-10", "unrated"),
    ]


# --- experts and clients (arts. 23, 38) -------------------------------------------------------------------------


def test_an_act_of_dishonesty_ends_membership_on_the_day_it_is_determined(city: City) -> None:
    city.act("2023-01-09", "enter_pool", "X", id="e1", dated_on="2023-01-09")
    city.breach("2024-10-10", "WA03", subject="X", summary="出具虚假意见")
    case, law = city.case("X"), city.law()
    assert member_since(case, law, dt.date(2024, 10, 9)) is not None
    assert member_since(case, law, dt.date(2024, 10, 10)) is None
    city.act("2024-10-10", "leave_pool", "X", dated_on="2024-10-10", reason="出具虚假意见")
    city.act("2025-10-13", "enter_pool", "X")
    assert member_since(city.case("X"), law, dt.date(2025, 10, 13)) is not None


def test_only_an_expert_is_in_the_pool_of_article_23(city: City) -> None:
    refused(city, "art. 23", day="2023-01-09", do="enter_pool", subject="P", dated_on="2023-01-09")
    refused(city, "art. 23", day="2023-01-09", do="leave_pool", subject="X", dated_on="2023-01-09")


def test_what_is_written_about_an_expert_is_sealed_and_the_name_is_in_the_vault(city: City) -> None:
    city.act("2023-01-09", "enter_pool", "X", dated_on="2023-01-09")
    city.act("2024-10-10", "leave_pool", "X", dated_on="2024-10-10", reason="出具虚假意见")
    stored = [msgspec.json.encode(r.event).decode() for r in city.journal.stream("X")]
    assert not any(word in text for text in stored for word in ("李某", EXPERT_NUMBER, "虚假"))
    told = city.timelines.read("X").entries[-1].content["reason"]
    assert told == "出具虚假意见"
    city.do("2024-11-01", "change_subject", subject="X", changes={"name": "李新"}, from_on="2024-11-01")
    person = city.vault.open(["X"])["X"]
    assert person is not None
    assert person.name == "李新"


def test_a_client_has_a_name_of_its_own_but_no_services(city: City) -> None:
    assert city.case("C").name_on(None) == "丙化工"
    city.do("2024-01-02", "change_subject", subject="C", changes={"name": "丁化工"}, from_on="2024-01-02")
    assert city.case("C").name_on(dt.date(2024, 1, 1)) == "丙化工"
    assert city.case("C").name_on(None) == "丁化工"
    with pytest.raises(Invalid):
        city.do("2024-01-02", "change_subject", subject="C", changes={"services": ["eia"]}, from_on="2024-01-02")
    with pytest.raises(Invalid):
        city.do("2024-01-02", "change_subject", subject="X", changes={"address": "路"}, from_on="2024-01-02")


def test_a_number_is_registered_once_and_the_same_registration_again_is_no_event(city: City) -> None:
    again = {"id": "X", "name": "李某", "id_number": EXPERT_NUMBER, "region": "330300"}
    assert city.do("2023-01-02", "register_expert", **again).status == "already_so"
    with pytest.raises(Conflict):
        city.do("2023-01-02", "register_expert", **{**again, "id": "X2"})
    with pytest.raises(Conflict):
        city.do("2023-01-02", "register_client", id="C", uscc=CLIENT_USCC, name="别的", region="330300")


def test_everybody_is_regraded_whatever_kind_of_subject(city: City) -> None:
    known_at = end_of_day(dt.date(2024, 1, 1))
    found = regrade(city.journal, city.legislation, WENZHOU, dt.date(2024, 1, 1), known_at)
    assert {r.subject: r.kind for r in found} == {"A": "agency", "P": "practitioner", "X": "expert", "C": "client"}


def test_the_province_says_how_a_subject_is_listed(city: City) -> None:
    """Wenzhou art. 35 (浙江省公共信用信息管理条例 art. 28): reasons beforehand, and a signature."""
    province = ("art. 35", "浙江省公共信用信息管理条例 art. 28")
    refused(city, *province, day="2024-08-01", do="list_blacklist", decided_on="2024-08-01", signed_by="局长")
    unsigned = {"noticed_on": "2024-07-01", "decided_on": "2024-08-01"}
    refused(city, *province, day="2024-08-01", do="list_blacklist", **unsigned)
