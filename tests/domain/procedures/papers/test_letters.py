"""Letters: which ones a file gives occasion for, what each may be about, how one is drafted, issued, served, taken
back, and what a bureau keeps for its letters."""

import datetime as dt
from typing import Any, Final

import msgspec
import pytest

from domain.aggregates import advisories
from domain.aggregates.advisories import AdvisoryFile
from domain.aggregates.casefile import CaseEvent
from domain.aggregates.letters import LetterOffice
from domain.aggregates.letters import fold as fold_office
from domain.events.advisories import InternalNoticeIssued
from domain.events.evaluation import DeliveryRecorded, RecordRetracted, StageRecorded
from domain.events.facts import FactRetracted
from domain.events.intermediaries import NotificationRegistered, Reminded
from domain.events.objections import ObjectionDecided, ObjectionFiled
from domain.events.papers.letters import (
    LetterDrafted,
    LetterheadSet,
    LetterIssued,
    LetterOfficeEvent,
    LetterRevised,
    LetterServed,
    LetterTemplateAdopted,
    LetterTemplateDropped,
    LetterWithdrawn,
    SentFile,
    SeriesSetting,
)
from domain.events.participation import ParticipantIncluded, RecordNoticeServed
from domain.events.repairs import RepairApplied, RepairCommitted, RepairConfirmed, RepairRefused, RepairRevoked
from domain.events.warnings import RectificationRejected, WarningConfirmed, WarningIssued, WarningWithdrawn
from domain.procedures.papers.letters import (
    MOST_COPIES,
    MOST_PARAGRAPHS,
    AdoptLetterTemplate,
    AwaitedLetter,
    DraftLetter,
    DropLetterTemplate,
    IssueLetter,
    ReviseLetter,
    ServeLetter,
    SetLetterhead,
    WithdrawLetter,
    awaited_internal_letters,
    awaited_letters,
    draft_letter,
    letter_grounds,
    letters_due,
    letters_possible,
    may_issue,
    next_serial,
    office_events,
    revise_letter,
    serve_letter,
    withdraw_letter,
    year_of_letter,
)
from domain.values import Prose
from tests.support.deciding import (
    AGENCY,
    BUREAU,
    JIANGSU,
    JIAXING,
    NINGBO,
    NMG,
    PERSON,
    TODAY,
    WENZHOU,
    but,
    conflict,
    day,
    edition,
    fact,
    given,
    invalid,
    law,
    law_of,
    nothing,
    of,
    refused,
    then,
    unknown,
)

# --- what happened ------------------------------------------------------------------------------------------------

PROPOSED: StageRecorded = of(StageRecorded, record="s", regime=NMG, year=2023, stage="proposal", dated_on="2024-05-20")
RATED: StageRecorded = but(PROPOSED, stage="rating")
TOLD: StageRecorded = but(PROPOSED, stage="letter")
FACT = fact("f")
WARNED: WarningIssued = of(
    WarningIssued, warning="w", fact="f", issued_on="2024-05-20", due_on="2024-06-20", requirements="改"
)
OBJECTED: ObjectionFiled = of(
    ObjectionFiled, objection="o", regime=NMG, against="s", filed_on="2024-05-21", by="participant", grounds="有误"
)
REJECTED: ObjectionDecided = of(
    ObjectionDecided, objection="o", decided_on="2024-05-23", outcome="rejected", reasons="决定有效"
)
APPLIED: RepairApplied = of(RepairApplied, repair="r", regime=NMG, facts=("f",), dated_on="2024-05-20")
COMMITTED: RepairCommitted = of(RepairCommitted, repair="r", regime=NMG, facts=("f",), dated_on="2024-05-20")
CONFIRMED: RepairConfirmed = of(
    RepairConfirmed, repair="r", confirmed_on="2024-05-28", by="city_bureau", certificate="环修〔2024〕1号"
)
AT_ORIGIN: RepairConfirmed = but(CONFIRMED, by="originating_authority")
REFUSED: RepairRefused = of(RepairRefused, repair="r", decided_on="2024-05-29", reasons="未完成")
REVOKED: RepairRevoked = of(RepairRevoked, repair="r", decided_on="2024-05-30", reasons="再犯")
REMINDED: Reminded = of(Reminded, record="m", regime=WENZHOU, issued_on="2024-05-20", due_on="2024-06-20")
REGISTERED: NotificationRegistered = of(NotificationRegistered, record="n", regime=WENZHOU, registered_on="2024-05-27")
NOTICED: InternalNoticeIssued = of(
    InternalNoticeIssued, record="i", regime=NMG, dated_on="2024-05-20", advisories=("a1", "a2", "a3")
)
INCLUDED: ParticipantIncluded = of(ParticipantIncluded, record="p", regime=JIANGSU, dated_on="2023-01-09")
FINED = fact("f", regime=JIANGSU, row="JS-FINE", authority="320700-EEB")
TAKEN_BACK = RecordRetracted(record="s", reason="误录")


def letter(kind: str, concerns: str, **more: Any) -> LetterDrafted:
    drafted: LetterDrafted = of(
        LetterDrafted, **{"letter": "L", "regime": NMG, "kind": kind, "concerns": concerns, "bureau": BUREAU, **more}
    )
    return drafted


DRAFTED = letter("grade_notice", "s")
SENT: Final = SentFile(digest="a" * 64, size=1, locator="here")
ISSUED: LetterIssued = of(
    LetterIssued, letter="L", number="呼环信告〔2024〕1号", series="notice", year=2024, serial=1,
    dated_on="2024-05-27", says="b" * 64, docx=SENT,
)  # fmt: skip
SERVED: LetterServed = of(LetterServed, letter="L", served_on="2024-05-28", how="mail")
WITHDRAWN: LetterWithdrawn = of(LetterWithdrawn, letter="L", withdrawn_on="2024-05-30", reason="送错")


# --- which letters are due ----------------------------------------------------------------------------------------


def due(*events: CaseEvent, regime: str = NMG, today: dt.date = TODAY) -> list[tuple[str, str]]:
    return [*letters_due(given(*events), law(regime), today)]


def possible(*events: CaseEvent, regime: str = NMG, today: dt.date = TODAY) -> list[tuple[str, str]]:
    return [*letters_possible(given(*events), law(regime), today)]


@pytest.mark.parametrize(
    ("events", "kind"),
    [
        ((PROPOSED,), ("grade_notice", "s")),
        ((PERSON, TOLD), ("practitioner_letter", "s")),
        ((FACT, WARNED), ("warning_notice", "w")),
        ((OBJECTED,), ("objection_accepted", "o")),
        ((OBJECTED, REJECTED), ("objection_decision", "o")),
        ((FACT, APPLIED), ("repair_accepted", "r")),
        ((FACT, APPLIED, AT_ORIGIN), ("repair_accepted", "r")),
        ((FACT, APPLIED, CONFIRMED), ("repair_confirmed", "r")),
        ((FACT, COMMITTED, CONFIRMED), ("repair_confirmed", "r")),
        ((FACT, APPLIED, REFUSED), ("repair_refused", "r")),
        ((FACT, APPLIED, CONFIRMED, REFUSED), ("repair_refused", "r")),
    ],
)
def test_what_a_procedure_comes_to_gives_occasion_for_its_letter(
    events: tuple[CaseEvent, ...], kind: tuple[str, str]
) -> None:
    """Arts. 22(2), 23(4), 27, 28: whoever a step is about is told of it."""
    assert due(*events) == [kind]


@pytest.mark.parametrize(
    "events",
    [
        (),
        (but(PROPOSED, stage="report"),),
        # A person is told of the year by letter, once it is written (art. 23(4)), and nobody else is.
        (PERSON, PROPOSED),
        (TOLD,),
        (PERSON, RATED),
        (PROPOSED, TAKEN_BACK),
        (FACT, WARNED, WarningWithdrawn(warning="w", reason="误发")),
        (FACT, WARNED, of(RectificationRejected, warning="w", decided_on="2024-05-30", reasons="无效")),
        (FACT, WARNED, of(WarningConfirmed, warning="w", completed_on="2024-05-27", confirmed_on="2024-05-30")),
        (OBJECTED, RecordRetracted(record="o", reason="误录")),
        (FACT, APPLIED, RecordRetracted(record="r", reason="误录")),
        (FACT, COMMITTED),
    ],
)
def test_where_nothing_is_to_be_told_no_letter_is_due(events: tuple[CaseEvent, ...]) -> None:
    assert due(*events) == []


def test_a_reminder_is_due_once_the_bureau_has_reminded() -> None:
    """Wenzhou art. 12(2)."""
    assert due(REMINDED, regime=WENZHOU) == [("reminder", "m")]


@pytest.mark.parametrize(
    ("today", "waits"),
    [("2024-05-19", False), ("2024-05-20", True), ("2024-07-19", True), ("2024-07-20", False)],
)
def test_a_letter_is_wanted_from_the_day_of_its_occasion_for_sixty_days(today: str, waits: bool) -> None:
    assert due(PROPOSED, today=day(today)) == ([("grade_notice", "s")] if waits else [])
    awaited = AwaitedLetter(NMG, "grade_notice", "s", day("2024-05-20"))
    assert awaited.is_due_on(day(today)) is waits


@pytest.mark.parametrize("today", ["2024-05-19", "2024-07-20"])
def test_a_draft_waits_until_it_is_issued_whenever_that_is(today: str) -> None:
    assert AwaitedLetter(NMG, "grade_notice", "s", day("2024-05-20"), "L").is_due_on(day(today))
    assert AwaitedLetter(NMG, "grade_notice", "s", None, "L").is_due_on(day(today))


def test_what_has_no_day_is_not_told_of_as_due() -> None:
    assert not AwaitedLetter(NMG, "grade_notice", "s", None).is_due_on(TODAY)


@pytest.mark.parametrize(
    ("since", "still"), [((), []), ((ISSUED,), []), ((WITHDRAWN,), [("grade_notice", "s")]),
                         ((ISSUED, WITHDRAWN), [("grade_notice", "s")])],
)  # fmt: skip
def test_what_was_drafted_is_due_again_when_it_was_taken_back(since: tuple[CaseEvent, ...], still: list[Any]) -> None:
    assert due(PROPOSED, DRAFTED, *since) == still


def test_a_letter_of_another_kind_or_about_another_record_leaves_it_due() -> None:
    assert due(OBJECTED, REJECTED, letter("objection_accepted", "o")) == [("objection_decision", "o")]
    assert due(PROPOSED, letter("grade_notice", "s0")) == [("grade_notice", "s")]


def test_awaited_are_the_letters_to_be_written_and_the_drafts_to_be_issued() -> None:
    wanted = AwaitedLetter(NMG, "grade_notice", "s", day("2024-05-20"))
    assert awaited_letters(given(PROPOSED), law()) == [wanted]
    assert awaited_letters(given(PROPOSED, DRAFTED), law()) == [wanted._replace(letter="L")]
    assert awaited_letters(given(PROPOSED, DRAFTED, ISSUED), law()) == []
    assert awaited_letters(given(PROPOSED, DRAFTED, WITHDRAWN), law()) == [wanted]


def test_a_draft_without_an_occasion_is_awaited_without_a_day() -> None:
    """A request to complete an objection is nothing that its filing asks for."""
    found = awaited_letters(given(OBJECTED, letter("objection_correction", "o")), law())
    assert found == [
        AwaitedLetter(NMG, "objection_accepted", "o", day("2024-05-21")),
        AwaitedLetter(NMG, "objection_correction", "o", None, "L"),
    ]


def test_no_letter_is_awaited_of_a_procedure_that_the_edition_does_not_know() -> None:
    """Jiaxing knows objections (para. 16(1)) and no repair."""
    assert awaited_letters(given(but(OBJECTED, regime=JIAXING)), law(JIAXING))
    assert awaited_letters(given(fact("f", regime=JIAXING), but(APPLIED, regime=JIAXING)), law(JIAXING)) == []


# --- about internal notices ---------------------------------------------------------------------------------------


def internal(*events: Any) -> AdvisoryFile:
    return advisories.fold([*events, but(NOTICED, record="j", regime=JIAXING)])


ASSISTANCE = letter("assistance_notice", "i")


def test_the_departments_are_to_be_told_of_an_internal_notice() -> None:
    """Art. 33."""
    wanted = AwaitedLetter(NMG, "assistance_notice", "i", day("2024-05-20"))
    assert awaited_internal_letters(internal(NOTICED), law()) == [wanted]
    assert awaited_internal_letters(internal(NOTICED, ASSISTANCE), law()) == [wanted._replace(letter="L")]
    assert awaited_internal_letters(internal(NOTICED, ASSISTANCE, ISSUED), law()) == []
    assert awaited_internal_letters(internal(NOTICED, ASSISTANCE, WITHDRAWN), law()) == [wanted]


def test_of_a_notice_that_was_taken_back_nobody_is_to_be_told_and_its_draft_waits_without_a_day() -> None:
    back = RecordRetracted(record="i", reason="误发")
    assert awaited_internal_letters(internal(NOTICED, back), law()) == []
    assert awaited_internal_letters(internal(NOTICED, ASSISTANCE, back), law()) == [
        AwaitedLetter(NMG, "assistance_notice", "i", None, "L")
    ]


def test_a_law_without_advisories_has_no_letter_about_them() -> None:
    assert awaited_internal_letters(internal(NOTICED), law(JIAXING)) == []


def test_a_letter_of_another_regime_about_a_notice_is_none_of_this_one() -> None:
    elsewhere = but(ASSISTANCE, regime=JIAXING)
    assert awaited_internal_letters(internal(NOTICED, elsewhere), law()) == [
        AwaitedLetter(NMG, "assistance_notice", "i", day("2024-05-20"))
    ]


# --- which letters can be written besides -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("events", "found"),
    [
        ((OBJECTED,), [("objection_correction", "o")]),
        ((OBJECTED, REJECTED), []),
        ((OBJECTED, RecordRetracted(record="o", reason="误录")), []),
        ((FACT, APPLIED), [("repair_correction", "r")]),
        ((FACT, COMMITTED), [("repair_correction", "r")]),
        ((FACT, APPLIED, AT_ORIGIN), [("repair_correction", "r")]),
        ((FACT, APPLIED, CONFIRMED), []),
        ((FACT, APPLIED, REFUSED), []),
        ((FACT, APPLIED, RecordRetracted(record="r", reason="误录")), []),
        # Where no notice goes with a fact, none is offered.
        ((FACT,), []),
    ],
)
def test_what_is_undecided_can_be_asked_to_be_completed(
    events: tuple[CaseEvent, ...], found: list[tuple[str, str]]
) -> None:
    assert possible(*events) == found


def test_what_can_be_written_is_not_offered_twice() -> None:
    drafted = letter("objection_correction", "o")
    assert possible(OBJECTED, drafted) == []
    assert possible(OBJECTED, drafted, WITHDRAWN) == [("objection_correction", "o")]
    assert possible(OBJECTED, but(drafted, kind="objection_accepted")) == [("objection_correction", "o")]


@pytest.mark.parametrize(("today", "offered"), [("2024-07-19", False), ("2024-07-20", True)])
def test_what_was_to_be_told_sixty_days_ago_can_still_be_written_about(today: str, offered: bool) -> None:
    told = ("grade_notice", "s")
    assert (told in possible(PROPOSED, today=day(today))) is offered
    assert (told in due(PROPOSED, today=day(today))) is not offered


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ((), [("record_notice", "f")]),
        ((of(RecordNoticeServed, record="v", regime=JIANGSU, fact="f", served_on="2024-05-10"),), []),
        ((of(FactRetracted, fact="f", reason="误录"),), []),
    ],
)
def test_a_record_notice_can_be_written_about_a_penalty_that_stands_without_one(
    since: tuple[CaseEvent, ...], found: list[tuple[str, str]]
) -> None:
    """Lianyungang II(2)."""
    assert possible(INCLUDED, FINED, *since, regime=JIANGSU) == found


def test_of_a_fact_that_brought_its_notice_along_no_other_is_offered() -> None:
    assert possible(INCLUDED, but(FINED, record_notice_on="2024-05-10"), regime=JIANGSU) == []


@pytest.mark.parametrize(("today", "found"), [("2024-05-20", True), ("2024-05-27", True), ("2024-05-28", False)])
def test_of_a_right_or_duty_the_participant_is_reminded_up_to_its_last_day(today: str, found: bool) -> None:
    """Art. 22(2): five working days from Monday, 20 May, end on the 27th."""
    shown = but(PROPOSED, received_on="2024-05-20")
    assert (("reminder", "s:objection") in possible(shown, today=day(today))) is found


def test_of_what_was_done_nobody_is_reminded_nor_of_what_the_bureau_has_to_do() -> None:
    """The bureau decides on objections and repairs (arts. 22(2), 28(3)): these are no deadlines of the participant."""
    report = but(PROPOSED, stage="notice", received_on="2024-05-20")
    reported = but(PROPOSED, record="t", stage="report", finding="complete")
    assert possible(report) == [("reminder", "s:report")]
    assert possible(report, reported) == []
    assert ("reminder", "o:objection_decision") not in possible(PROPOSED, OBJECTED)


# --- by which provision -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "events", "cites"),
    [
        ("grade_notice", (PROPOSED,), ("art. 22(2)",)),
        ("practitioner_letter", (PERSON, TOLD), ("art. 23(4)",)),
        ("warning_notice", (WARNED,), ("art. 27",)),
        ("objection_accepted", (AGENCY,), ("art. 22(2)",)),
        ("objection_decision", (PERSON,), ("art. 23(2)",)),
        ("repair_accepted", (APPLIED,), ("art. 28(3)",)),
        ("repair_accepted", (PERSON, APPLIED), ("art. 31",)),
        ("repair_correction", (COMMITTED,), ("art. 28(2)",)),
        ("record_notice", (FACT,), ()),
        ("assistance_notice", (AGENCY,), ("art. 33",)),
        ("reminder", (PROPOSED,), ()),
    ],
)
def test_a_letter_rests_on_the_provision_of_its_procedure(
    kind: Any, events: tuple[CaseEvent, ...], cites: tuple[str, ...]
) -> None:
    concerns = {"warning": "w", "repair": "r", "objection": "o"}.get(kind.partition("_")[0], "s")
    assert letter_grounds(given(*events), kind, concerns, law(), TODAY) == cites


@pytest.mark.parametrize(
    ("kind", "regime", "ground"),
    [
        ("objection_correction", JIAXING, "objection"),
        ("objection_decision", NINGBO, "objection"),
        ("repair_confirmed", NINGBO, "repair"),
        ("reminder", WENZHOU, "reminder"),
    ],
)
def test_elsewhere_it_rests_on_what_that_law_says_of_the_procedure(kind: Any, regime: str, ground: str) -> None:
    found = letter_grounds(given(), kind, "o", law(regime), TODAY)
    assert found == law(regime).grounds(ground, TODAY)
    assert found


@pytest.mark.parametrize(
    ("kind", "regime"),
    [
        ("warning_notice", JIAXING),
        ("objection_accepted", WENZHOU),
        ("repair_refused", JIAXING),
        ("record_notice", NINGBO),
        ("assistance_notice", NINGBO),
        ("grade_notice", JIANGSU),
    ],
)
def test_where_the_law_knows_no_such_procedure_a_letter_rests_on_nothing(kind: Any, regime: str) -> None:
    assert letter_grounds(given(), kind, "o", law(regime), TODAY) == ()


def test_a_record_notice_rests_on_what_asks_for_one() -> None:
    """Lianyungang II(2)."""
    assert letter_grounds(given(), "record_notice", "f", law(JIANGSU), TODAY) == ("苏环规〔2019〕5号",)


def test_what_an_edition_says_of_the_letter_goes_before_the_article_of_its_step() -> None:
    """Art. 23(4) is both as shipped."""
    own = edition()
    said = {**own.grounds_of["practitioner"], "letter": ("annex 1",)}
    silent = {what: cites for what, cites in said.items() if what != "letter"}
    for of_person, cites in ((said, ("annex 1",)), (silent, ("art. 23(4)",))):
        known = law_of(msgspec.structs.replace(own, grounds_of={"practitioner": of_person}))
        assert letter_grounds(given(PERSON, TOLD), "practitioner_letter", "s", known, TODAY) == cites


def test_a_reminder_of_a_duty_rests_on_the_article_of_its_deadline() -> None:
    """Art. 25: the report is due within the time that runs from the notice."""
    report = but(PROPOSED, stage="notice", received_on="2024-05-20")
    assert letter_grounds(given(report), "reminder", "s:report", law(), TODAY) == ("art. 25",)
    assert letter_grounds(given(report), "reminder", "s:other", law(), TODAY) == ()


def test_a_letter_is_about_the_year_of_its_step_or_of_what_the_objection_is_against() -> None:
    years = but(PROPOSED, year=2021)
    assert year_of_letter(given(years), "s", TODAY) == 2021
    assert year_of_letter(given(years, OBJECTED), "o", TODAY) == 2021
    assert year_of_letter(given(years, but(OBJECTED, against="f")), "o", TODAY) == 2023
    assert year_of_letter(given(years), "w", TODAY) == 2023


# --- drafting -----------------------------------------------------------------------------------------------------


def drafts(*events: CaseEvent, kind: str = "grade_notice", concerns: str = "s", regime: str = NMG,
           notices: tuple[str, ...] = (), today: dt.date = TODAY, **more: Any) -> Any:  # fmt: skip
    fields = {"subject": "A", "regime": regime, "kind": kind, "concerns": concerns, "id": "L", **more}
    return draft_letter(given(*events), of(DraftLetter, **fields), law(regime), today, notices)


def test_a_letter_is_drafted_in_the_name_of_the_bureau_of_the_city() -> None:
    then(drafts(PROPOSED), DRAFTED)
    then(
        drafts(PROPOSED, paragraphs=("请携带执照。",), copies=("公安局",), due_on="2024-06-03"),
        but(DRAFTED, paragraphs=("请携带执照。",), copies=("公安局",), due_on="2024-06-03"),
    )


@pytest.mark.parametrize("bureau", ["150102-EEB", "150100-EEB", "150000-EEB"])
def test_the_bureau_of_the_county_the_city_or_the_province_writes(bureau: str) -> None:
    then(drafts(but(AGENCY, region="150102"), PROPOSED, bureau=bureau), but(DRAFTED, bureau=bureau))


@pytest.mark.parametrize("bureau", ["150103-EEB", "150200-EEB", "110000-EEB", "150100-HOU", "150000-MEE"])
def test_no_other_place_and_no_other_organ_writes(bureau: str) -> None:
    with refused("other_bureau"):
        drafts(but(AGENCY, region="150102"), PROPOSED, bureau=bureau)


def test_the_same_draft_again_is_no_event_and_an_id_stands_for_one_letter() -> None:
    nothing(drafts(PROPOSED, DRAFTED))
    nothing(drafts(PROPOSED, DRAFTED, ISSUED))
    with conflict("id_taken"):
        drafts(PROPOSED, DRAFTED, copies=("公安局",))


def test_about_a_record_there_is_one_letter_of_a_kind_until_it_is_taken_back() -> None:
    with conflict("letter_on_record"):
        drafts(PROPOSED, DRAFTED, id="M")
    then(drafts(PROPOSED, DRAFTED, WITHDRAWN, id="M"), but(DRAFTED, letter="M"))
    then(drafts(PROPOSED, letter("grade_notice", "s0"), id="M"), but(DRAFTED, letter="M"))
    decision = letter("objection_decision", "o", letter="M")
    accepted = letter("objection_accepted", "o")
    then(drafts(OBJECTED, REJECTED, accepted, kind="objection_decision", concerns="o", id="M"), decision)


@pytest.mark.parametrize(
    ("kind", "regime"),
    [("warning_notice", JIAXING), ("record_notice", NMG), ("assistance_notice", NINGBO), ("reminder", NMG),
     ("repair_accepted", JIAXING), ("objection_accepted", WENZHOU), ("grade_notice", JIAXING)],
)  # fmt: skip
def test_a_letter_of_a_procedure_that_the_edition_does_not_know_is_refused(kind: str, regime: str) -> None:
    with refused("not_in_this_regime"):
        drafts(kind=kind, regime=regime)


@pytest.mark.parametrize(
    ("kind", "concerns", "events"),
    [
        ("grade_notice", "s", (PROPOSED,)),
        ("practitioner_letter", "s", (PERSON, TOLD)),
        ("practitioner_letter", "s", (PERSON, RATED)),
        ("warning_notice", "w", (FACT, WARNED)),
        ("objection_accepted", "o", (OBJECTED,)),
        ("objection_correction", "o", (OBJECTED,)),
        ("objection_decision", "o", (OBJECTED, REJECTED)),
        ("repair_accepted", "r", (FACT, APPLIED)),
        ("repair_correction", "r", (FACT, COMMITTED)),
        ("repair_correction", "r", (FACT, APPLIED, AT_ORIGIN)),
        ("repair_confirmed", "r", (FACT, APPLIED, CONFIRMED)),
        ("repair_refused", "r", (FACT, APPLIED, REFUSED)),
        ("reminder", "s:objection", (but(PROPOSED, dated_on="2024-05-30"),)),
        ("assistance_notice", "i", ()),
    ],
)
def test_a_letter_is_about_a_record_of_its_kind_that_stands(
    kind: str, concerns: str, events: tuple[CaseEvent, ...]
) -> None:
    then(drafts(*events, kind=kind, concerns=concerns, notices=("i",)), letter(kind, concerns))


@pytest.mark.parametrize(
    ("kind", "concerns", "events"),
    [
        ("grade_notice", "other", (PROPOSED,)),
        ("grade_notice", "s", (PERSON, PROPOSED)),
        ("grade_notice", "s", (RATED,)),
        ("grade_notice", "s", (PROPOSED, TAKEN_BACK)),
        ("practitioner_letter", "s", (PERSON, but(PROPOSED, stage="publicity"))),
        ("practitioner_letter", "s", (PERSON, TOLD, TAKEN_BACK)),
        ("warning_notice", "other", (FACT, WARNED)),
        ("warning_notice", "w", (FACT, WARNED, WarningWithdrawn(warning="w", reason="误发"))),
        ("objection_accepted", "other", (OBJECTED,)),
        ("objection_accepted", "o", (OBJECTED, REJECTED)),
        ("objection_correction", "o", (OBJECTED, REJECTED)),
        ("objection_decision", "o", (OBJECTED,)),
        ("objection_accepted", "o", (OBJECTED, RecordRetracted(record="o", reason="误录"))),
        ("repair_accepted", "other", (FACT, APPLIED)),
        ("repair_accepted", "r", (FACT, APPLIED, REFUSED)),
        ("repair_accepted", "r", (FACT, APPLIED, RecordRetracted(record="r", reason="误录"))),
        ("repair_correction", "r", (FACT, APPLIED, CONFIRMED)),
        ("repair_correction", "r", (FACT, APPLIED, REFUSED)),
        ("repair_confirmed", "r", (FACT, APPLIED)),
        ("repair_confirmed", "r", (FACT, APPLIED, AT_ORIGIN)),
        ("repair_confirmed", "r", (FACT, APPLIED, CONFIRMED, REVOKED)),
        ("repair_refused", "r", (FACT, APPLIED)),
        ("repair_refused", "r", (FACT, APPLIED, CONFIRMED)),
        ("assistance_notice", "j", ()),
    ],
)
def test_about_another_record_or_one_that_does_not_stand_there_is_no_letter(
    kind: str, concerns: str, events: tuple[CaseEvent, ...]
) -> None:
    with invalid(("/concerns", "unknown_record")):
        drafts(*events, kind=kind, concerns=concerns, notices=("i",))


def test_a_reminder_is_about_one_that_was_given_or_what_is_still_to_be_done() -> None:
    """Wenzhou art. 12(2)."""
    own: Any = {"kind": "reminder", "regime": WENZHOU}
    then(drafts(REMINDED, concerns="m", **own), letter("reminder", "m", regime=WENZHOU))
    then(drafts(REMINDED, REGISTERED, concerns="m", **own), letter("reminder", "m", regime=WENZHOU))
    then(drafts(REMINDED, concerns="m:registration", **own), letter("reminder", "m:registration", regime=WENZHOU))
    with invalid(("/concerns", "unknown_record")):
        drafts(REMINDED, REGISTERED, concerns="m:registration", **own)
    with invalid(("/concerns", "unknown_record")):
        drafts(REMINDED, concerns="other", **own)


@pytest.mark.parametrize(
    ("concerns", "since", "done"),
    [("f", (), True), ("other", (), False), ("f", (of(FactRetracted, fact="f", reason="误录"),), False)],
)
def test_a_record_notice_is_about_a_fact_that_stands(concerns: str, since: tuple[CaseEvent, ...], done: bool) -> None:
    """Lianyungang II(2)."""
    region = but(AGENCY, region="320700")

    def drafted() -> Any:
        return drafts(region, INCLUDED, FINED, *since, kind="record_notice", concerns=concerns, regime=JIANGSU)

    if done:
        then(drafted(), letter("record_notice", "f", regime=JIANGSU, bureau="320700-EEB"))
    else:
        with invalid(("/concerns", "unknown_record")):
            drafted()


def test_a_fact_of_another_regime_has_no_record_notice_of_this_one() -> None:
    region = but(AGENCY, region="320700")
    with invalid(("/concerns", "unknown_record")):
        drafts(region, fact("f"), kind="record_notice", concerns="f", regime=JIANGSU)


TEXTS: Final[dict[str, tuple[str, int]]] = {
    "paragraphs": ("一段。", MOST_PARAGRAPHS),
    "copies": ("公安局", MOST_COPIES),
}


@pytest.mark.parametrize("field", TEXTS)
def test_so_many_paragraphs_and_copies_are_the_most(field: str) -> None:
    text, most = TEXTS[field]
    texts: Any = {field: (text,) * most}
    assert drafts(PROPOSED, **texts)
    texts[field] += (text,)
    with invalid((f"/{field}", "too_many")):
        drafts(PROPOSED, **texts)


@pytest.mark.parametrize("blank", ["", " ", "\u3000"])
def test_blank_paragraphs_and_copies_are_each_told(blank: Prose) -> None:
    with invalid(("/paragraphs/1", "required"), ("/copies/0", "required")):
        drafts(PROPOSED, paragraphs=("一段。", blank), copies=(blank,))


@pytest.mark.parametrize(("due_on", "done"), [("2024-06-02", False), ("2024-06-03", True), ("2024-06-04", True)])
def test_a_last_day_that_the_bureau_sets_is_not_over(due_on: str, done: bool) -> None:
    if done:
        assert drafts(PROPOSED, due_on=due_on)
    else:
        with invalid(("/due_on", "over")):
            drafts(PROPOSED, due_on=due_on)


# --- revising -----------------------------------------------------------------------------------------------------


def revises(*events: CaseEvent, **more: Any) -> Any:
    return revise_letter(given(PROPOSED, *events), of(ReviseLetter, letter="L", **more), TODAY)


REVISED: LetterRevised = of(
    LetterRevised, letter="L", paragraphs=("另附一段。",), copies=("公安局",), due_on="2024-06-10"
)
AS_REVISED: Final = {"paragraphs": ("另附一段。",), "copies": ("公安局",), "due_on": day("2024-06-10")}


def test_what_a_draft_adds_is_put_in_the_place_of_what_it_added() -> None:
    then(revises(DRAFTED, **AS_REVISED), REVISED)
    nothing(revises(DRAFTED, REVISED, **AS_REVISED))
    then(revises(DRAFTED, REVISED), LetterRevised(letter="L"))


@pytest.mark.parametrize("other", [{"paragraphs": ()}, {"copies": ()}, {"due_on": None}])
def test_each_part_of_it_is_a_revision(other: dict[str, Any]) -> None:
    then(revises(DRAFTED, REVISED, **{**AS_REVISED, **other}), but(REVISED, **other))


@pytest.mark.parametrize("since", [(ISSUED,), (WITHDRAWN,), (ISSUED, SERVED), (ISSUED, WITHDRAWN)])
def test_what_is_no_draft_any_more_is_not_revised(since: tuple[CaseEvent, ...]) -> None:
    with conflict("no_draft"):
        revises(DRAFTED, *since, **AS_REVISED)


def test_a_revision_is_looked_through_as_a_draft_is() -> None:
    with invalid(("/paragraphs/0", "required"), ("/due_on", "over")):
        revises(DRAFTED, paragraphs=(" ",), due_on="2024-06-02")


def test_of_a_letter_that_is_not_on_the_file_nothing_is_done() -> None:
    with unknown("letter", "L"):
        revises(**AS_REVISED)
    with unknown("letter", "L"):
        issues(PROPOSED)
    with unknown("letter", "L"):
        serves(PROPOSED)
    with unknown("letter", "L"):
        takes_back(PROPOSED)


# --- issuing ------------------------------------------------------------------------------------------------------


def issues(*events: CaseEvent, dated_on: str = "2024-06-03", today: dt.date = TODAY, digest: str | None = None,
           notices: tuple[str, ...] = ()) -> bool:  # fmt: skip
    request = of(IssueLetter, letter="L", dated_on=dated_on, digest=digest)
    return may_issue(given(*events), request, law(), today, notices)


def test_a_draft_is_to_be_issued_and_a_letter_that_was_issued_so_is_not() -> None:
    assert issues(PROPOSED, DRAFTED)
    assert not issues(PROPOSED, DRAFTED, ISSUED, dated_on="2024-05-27")
    assert not issues(PROPOSED, DRAFTED, ISSUED, dated_on="2024-05-27", digest="b" * 64)
    assert not issues(PROPOSED, DRAFTED, ISSUED, SERVED, WITHDRAWN, dated_on="2024-05-27")


@pytest.mark.parametrize("other", [{"dated_on": "2024-05-28"}, {"dated_on": "2024-05-27", "digest": "c" * 64}])
def test_what_was_issued_is_not_issued_otherwise(other: dict[str, Any]) -> None:
    with conflict("no_draft"):
        issues(PROPOSED, DRAFTED, ISSUED, **other)


def test_a_draft_that_was_dropped_is_not_issued() -> None:
    with conflict("no_draft"):
        issues(PROPOSED, DRAFTED, WITHDRAWN)


def test_a_letter_is_dated_today_or_before_in_the_year_of_today() -> None:
    """A number is given in its year."""
    assert issues(PROPOSED, DRAFTED, dated_on="2024-01-01")
    with invalid(("/dated_on", "in_the_future")):
        issues(PROPOSED, DRAFTED, dated_on="2024-06-04")
    with invalid(("/dated_on", "other_year")):
        issues(PROPOSED, DRAFTED, dated_on="2023-12-31")


def test_what_no_longer_stands_is_not_issued_about() -> None:
    with invalid(("/concerns", "unknown_record")):
        issues(PROPOSED, DRAFTED, TAKEN_BACK)
    assert issues(ASSISTANCE, notices=("i",))
    with invalid(("/concerns", "unknown_record")):
        issues(ASSISTANCE)


# --- serving ------------------------------------------------------------------------------------------------------


def serves(*events: CaseEvent, served_on: str = "2024-05-28", regime: str = NMG, today: dt.date = TODAY,
           **more: Any) -> Any:  # fmt: skip
    request = of(ServeLetter, **{"letter": "L", "served_on": served_on, "how": "mail", **more})
    return serve_letter(given(*events), request, law(regime), today)


RECEIVED: DeliveryRecorded = of(DeliveryRecorded, record="s", received_on="2024-05-28")


def test_the_service_of_a_notice_is_the_receipt_of_the_step_it_tells_of() -> None:
    """Arts. 22(2), 23(2): the time to object runs from then on."""
    then(serves(PROPOSED, DRAFTED, ISSUED), SERVED, RECEIVED)
    to_a_person = letter("practitioner_letter", "s")
    then(serves(PERSON, TOLD, to_a_person, ISSUED), SERVED, RECEIVED)


def test_a_receipt_that_is_on_record_stays_and_a_step_that_nobody_receives_gets_none() -> None:
    then(serves(but(PROPOSED, received_on="2024-05-21"), DRAFTED, ISSUED), SERVED)
    then(serves(PERSON, RATED, letter("practitioner_letter", "s"), ISSUED), SERVED)


@pytest.mark.parametrize(("dated_on", "received"), [("2024-05-28", True), ("2024-05-29", False)])
def test_a_step_is_not_received_before_its_own_day(dated_on: str, received: bool) -> None:
    then(
        serves(but(PROPOSED, dated_on=dated_on), DRAFTED, ISSUED), SERVED, *([RECEIVED] if received else [])
    )  # fmt: skip


def test_who_took_it_and_the_receipt_stand_in_the_record_of_its_service() -> None:
    then(
        serves(FACT, WARNED, letter("warning_notice", "w"), ISSUED, how="direct", received_by="张三"),
        but(SERVED, how="direct", received_by="张三"),
    )


def test_the_same_service_again_is_no_event_and_another_one_is_refused() -> None:
    nothing(serves(PROPOSED, DRAFTED, ISSUED, SERVED))
    with conflict("not_issued"):
        serves(PROPOSED, DRAFTED, ISSUED, SERVED, served_on="2024-05-29")


@pytest.mark.parametrize("since", [(), (WITHDRAWN,), (ISSUED, WITHDRAWN)])
def test_what_was_not_issued_or_was_taken_back_is_not_served(since: tuple[CaseEvent, ...]) -> None:
    with conflict("not_issued"):
        serves(PROPOSED, DRAFTED, *since)


def test_a_letter_is_served_on_its_own_day_at_the_earliest_and_today_at_the_latest() -> None:
    assert serves(PROPOSED, DRAFTED, ISSUED, served_on="2024-05-27")
    with invalid(("/served_on", "dates_out_of_order")):
        serves(PROPOSED, DRAFTED, ISSUED, served_on="2024-05-26")
    assert serves(PROPOSED, DRAFTED, ISSUED, served_on="2024-06-03")
    with invalid(("/served_on", "in_the_future")):
        serves(PROPOSED, DRAFTED, ISSUED, served_on="2024-06-04")


def test_the_service_of_a_record_notice_is_that_of_the_notice_about_the_fact() -> None:
    """Lianyungang II(2)."""
    notice = letter("record_notice", "f", regime=JIANGSU)
    served: RecordNoticeServed = of(
        RecordNoticeServed, record="", regime=JIANGSU, fact="f", served_on="2024-05-28", dated_on="2024-05-27"
    )
    then(serves(INCLUDED, FINED, notice, ISSUED, regime=JIANGSU), SERVED, served)
    before = but(served, record="v", served_on="2024-05-21", dated_on="2024-05-20")
    then(serves(INCLUDED, FINED, notice, ISSUED, before, regime=JIANGSU), SERVED)
    void = of(FactRetracted, fact="f", reason="误录")
    then(serves(INCLUDED, FINED, notice, ISSUED, void, regime=JIANGSU), SERVED)


# --- taking back --------------------------------------------------------------------------------------------------


def takes_back(*events: CaseEvent, reason: str = "送错") -> Any:
    return withdraw_letter(given(*events), WithdrawLetter(letter="L", reason=reason), TODAY)


@pytest.mark.parametrize("since", [(), (ISSUED,), (ISSUED, SERVED)])
def test_a_letter_is_taken_back_today_whether_it_was_sent_or_not(since: tuple[CaseEvent, ...]) -> None:
    then(takes_back(PROPOSED, DRAFTED, *since), but(WITHDRAWN, withdrawn_on=TODAY))


def test_it_is_taken_back_once_and_for_a_reason() -> None:
    nothing(takes_back(PROPOSED, DRAFTED, WITHDRAWN))
    with conflict("letter_withdrawn"):
        takes_back(PROPOSED, DRAFTED, WITHDRAWN, reason="另有原因")
    with invalid(("/reason", "required")):
        takes_back(PROPOSED, DRAFTED, reason="\u3000")


# --- what a bureau keeps ------------------------------------------------------------------------------------------

LETTERHEAD = LetterheadSet(bureau=BUREAU, name="呼和浩特市生态环境局", word="呼环信")
OWN: Final = SeriesSetting(series="notice", word="字", year=2024, first=12)
ADOPTED = LetterTemplateAdopted(bureau=BUREAU, kind="grade_notice", name="告知书.docx", file=SENT)


def keeps(office: LetterOffice, **more: Any) -> Any:
    fields = {"bureau": BUREAU, "name": LETTERHEAD.name, "word": LETTERHEAD.word, **more}
    return office_events(office, SetLetterhead(**fields))


def test_a_letterhead_is_set_and_the_same_again_is_no_event() -> None:
    then(keeps(fold_office([])), LETTERHEAD)
    nothing(keeps(fold_office([LETTERHEAD])))
    then(keeps(fold_office([LETTERHEAD]), series=(OWN,)), but(LETTERHEAD, series=(OWN,)))
    given = {"contact": "李四", "office_address": "某街1号", "remedies": "可以申请行政复议。"}
    then(keeps(fold_office([LETTERHEAD]), **given), but(LETTERHEAD, **given))


def test_a_first_number_is_of_a_year_and_a_year_has_a_first_number() -> None:
    office = fold_office([])
    assert keeps(office, series=(SeriesSetting(series="warning", word="警"), OWN))
    with invalid(("/series/1/year", "required"), ("/series/2/year", "required")):
        keeps(office, series=(OWN, SeriesSetting(series="warning", first=3), SeriesSetting(series="letter", year=2024)))


def test_a_series_is_set_once() -> None:
    with invalid(("/series/2/series", "twice")):
        keeps(fold_office([]), series=(OWN, SeriesSetting(series="warning"), SeriesSetting(series="notice")))


def test_a_template_is_in_use_until_it_is_dropped() -> None:
    adopt = AdoptLetterTemplate(bureau=BUREAU, kind="grade_notice", name="告知书.docx", file=SENT)
    drop, dropped = DropLetterTemplate(bureau=BUREAU, kind="grade_notice"), LetterTemplateDropped(
        bureau=BUREAU, kind="grade_notice"
    )  # fmt: skip
    then(office_events(fold_office([]), adopt), ADOPTED)
    nothing(office_events(fold_office([ADOPTED]), adopt))
    then(office_events(fold_office([ADOPTED, dropped]), adopt), ADOPTED)
    then(office_events(fold_office([but(ADOPTED, kind="reminder")]), adopt), ADOPTED)
    then(office_events(fold_office([ADOPTED]), drop), dropped)
    recorded: list[list[LetterOfficeEvent]] = [[], [ADOPTED, dropped], [but(ADOPTED, kind="reminder")]]
    for none_in_use in recorded:
        with unknown("letter_template", "grade_notice"):
            office_events(fold_office(none_in_use), drop)


@pytest.mark.parametrize(
    ("series", "year", "last", "serial"),
    [
        ("notice", 2024, 0, 12),
        ("notice", 2024, 12, 13),
        # What was numbered here goes on, whatever was said to come first.
        ("notice", 2024, 3, 4),
        ("notice", 2025, 0, 1),
        ("notice", 2023, 0, 1),
        ("warning", 2024, 0, 1),
        ("warning", 2024, 1, 2),
    ],
)
def test_numbers_of_a_series_begin_in_its_year_where_the_bureau_has_said_and_go_on_one_by_one(
    series: Any, year: int, last: int, serial: int
) -> None:
    assert next_serial(but(LETTERHEAD, series=(OWN,)), series, year, last) == serial
