"""Editions adopted, corrected and repealed: which days they hold, and what two of them may not share. What jurists say
of one, and take back."""

from typing import Any, Final

import pytest

from domain.aggregates.legal_notes import fold
from domain.events.lawbook import (
    EditionSignedOff,
    LawEvent,
    LegalNoteEvent,
    LegalNoteWithdrawn,
    ProvisionNoted,
    RulebookAdopted,
    RulebookCorrected,
    RulebookRepealed,
)
from domain.procedures.lawbook import adopt, note_provision, on_record, repeal, sign_off, withdraw_note
from tests.support import deciding
from tests.support.deciding import but, conflict, day, invalid, of, refused, unknown
from tests.support.words import words_of

REGIME = "a.regime"


def edition(id: str = "a.regime@1", **fields: Any) -> RulebookAdopted:
    usual: dict[str, Any] = {"regime": REGIME, "digest": "d" * 64, "text": "t", "in_force_on": "2024-01-01"}
    adopted: RulebookAdopted = of(RulebookAdopted, id=id, **{**usual, **fields})
    return adopted


def repealed(until_on: str, id: str = "a.regime@1") -> RulebookRepealed:
    event: RulebookRepealed = of(RulebookRepealed, id=id, regime=REGIME, until_on=until_on, reason="新版施行")
    return event


# --- what is on record ------------------------------------------------------------------------------------------


def test_an_edition_reads_as_it_was_adopted_last() -> None:
    again = edition(until_on="2024-12-31")
    assert on_record([edition(), again]) == {"a.regime@1": again}


def test_a_repeal_gives_an_edition_its_last_day_and_leaves_the_others() -> None:
    found = on_record([edition(), edition("a.regime@2", in_force_on="2025-01-01"), repealed("2024-06-30")])
    assert [(id, e.until_on) for id, e in found.items()] == [("a.regime@1", day("2024-06-30")), ("a.regime@2", None)]


def test_an_adoption_after_a_repeal_brings_the_edition_back() -> None:
    assert on_record([edition(), repealed("2024-06-30"), edition()])["a.regime@1"].until_on is None


def test_a_repeal_of_what_nobody_adopted_changes_nothing() -> None:
    assert on_record([repealed("2024-06-30")]) == {}


# --- adopting ---------------------------------------------------------------------------------------------------


def test_an_edition_is_adopted_and_the_same_adoption_again_is_no_event() -> None:
    assert adopt({}, edition()) == edition()
    assert adopt(on_record([edition()]), edition()) is None


def test_what_is_shipped_was_adopted_by_nobody_yet() -> None:
    shipped = edition(founding=True)
    assert adopt(on_record([shipped]), edition()) == edition()


@pytest.mark.parametrize("field", [{"in_force_on": "2024-02-01"}, {"until_on": "2024-12-31"}, {"document": "文"},
                                   {"adopted_on": "2023-12-01"}])  # fmt: skip
def test_the_same_text_with_other_days_or_another_paper_is_adopted_anew(field: dict[str, str]) -> None:
    wanted = edition(**field)
    assert adopt(on_record([edition()]), wanted) == wanted


def test_an_edition_may_last_one_day_and_does_not_end_before_it_begins() -> None:
    assert adopt({}, edition(until_on="2024-01-01")) is not None
    with invalid(("/until_on", "dates_out_of_order")):
        adopt({}, edition(until_on="2023-12-31"))


@pytest.mark.parametrize("digest", ["0" * 64, "e" * 64])
def test_another_text_under_the_same_id_is_a_correction_with_its_reason(digest: str) -> None:
    wanted = edition(digest=digest, text="u", reason="漏字")
    assert adopt(on_record([edition()]), wanted) == of(
        RulebookCorrected, id="a.regime@1", regime=REGIME, digest=digest, text="u", in_force_on="2024-01-01",
        reason="漏字", replaces="d" * 64,
    )  # fmt: skip


@pytest.mark.parametrize("reason", [None, "", " "])
def test_a_correction_says_why(reason: str | None) -> None:
    with invalid(("/reason", "missing")):
        adopt(on_record([edition()]), edition(digest="e" * 64, reason=reason))


# --- two editions of a regime -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("from_on", "until_on", "taken"),
    [
        ("2025-01-01", None, True),
        ("2024-12-31", None, False),
        ("2023-01-01", "2023-12-31", True),
        ("2023-01-01", "2024-01-01", False),
        ("2024-03-01", "2024-03-31", False),
        ("2023-01-01", None, False),
    ],
)
def test_no_day_has_two_editions_of_a_regime(from_on: str, until_on: str | None, taken: bool) -> None:
    """The first is in force for the whole of 2024."""
    known = on_record([edition(until_on="2024-12-31")])
    wanted = edition("a.regime@2", in_force_on=from_on, until_on=until_on)
    if taken:
        assert adopt(known, wanted) == wanted
    else:
        with refused("editions_overlap"):
            adopt(known, wanted)


def test_an_overlap_is_told_from_its_first_day() -> None:
    known = on_record([edition(until_on="2024-12-31")])
    with refused("editions_overlap") as error:
        adopt(known, edition("a.regime@2", in_force_on="2024-07-01"))
    assert "2024-07-01" in words_of(error.value).zh
    assert "2024-07-01" in words_of(error.value).en


def test_editions_without_an_end_share_every_later_day() -> None:
    with refused("editions_overlap"):
        adopt(on_record([edition()]), edition("a.regime@2", in_force_on="2199-12-31"))


def test_another_regime_and_a_draft_are_in_nobodys_way() -> None:
    known = on_record([edition()])
    other = edition("b.regime@1", regime="b.regime")
    draft = edition("a.regime@2", in_force_on=None)
    assert adopt(known, other) == other
    assert adopt(known, draft) == draft
    assert adopt(on_record([draft]), edition()) == edition()


def test_an_edition_that_was_repealed_leaves_room_from_the_day_after() -> None:
    known = on_record([edition(), repealed("2024-06-30")])
    assert adopt(known, edition("a.regime@2", in_force_on="2024-07-01")) is not None
    with refused("editions_overlap"):
        adopt(known, edition("a.regime@2", in_force_on="2024-06-30"))


# --- repealing --------------------------------------------------------------------------------------------------


def repealing(until_on: str, *events: LawEvent, id: str = "a.regime@1") -> RulebookRepealed | None:
    return repeal(on_record(events), id, day(until_on), "新版施行", events)


def test_a_repeal_names_the_last_day() -> None:
    assert repealing("2024-06-30", edition()) == repealed("2024-06-30")


@pytest.mark.parametrize(
    ("until_on", "taken"),
    [("2023-12-31", False), ("2024-01-01", True), ("2024-12-31", True), ("2025-01-01", False)],
)
def test_only_an_edition_that_is_in_force_on_that_day_is_repealed(until_on: str, taken: bool) -> None:
    own = edition(until_on="2024-12-31")
    if taken:
        assert repealing(until_on, own) == repealed(until_on)
    else:
        with refused("not_in_force"):
            repealing(until_on, own)


def test_a_draft_is_in_force_on_no_day() -> None:
    with refused("not_in_force"):
        repealing("2024-06-30", edition(in_force_on=None))


@pytest.mark.parametrize(
    ("own", "zh", "en"),
    [
        (edition(in_force_on=None), "（从未采用）", "(nobody adopted it)"),
        (edition(), "（自 2024-01-01 起）", "(in force from 2024-01-01)"),
        (edition(until_on="2024-12-31"), "（自 2024-01-01 起至 2024-12-31）",
         "(in force from 2024-01-01 until 2024-12-31)"),
    ],
)  # fmt: skip
def test_who_repeals_on_a_wrong_day_is_told_the_days_of_the_edition(own: RulebookAdopted, zh: str, en: str) -> None:
    with refused("not_in_force") as error:
        repealing("2023-12-31", own)
    assert zh in words_of(error.value).zh
    assert en in words_of(error.value).en


def test_the_same_repeal_again_is_no_event_and_an_earlier_day_is_one() -> None:
    assert repealing("2024-06-30", edition(), repealed("2024-06-30")) is None
    assert repealing("2024-05-31", edition(), repealed("2024-06-30")) == repealed("2024-05-31")


def test_the_same_repeal_after_a_new_adoption_is_another_one() -> None:
    assert repealing("2024-06-30", edition(), repealed("2024-06-30"), edition()) == repealed("2024-06-30")


def test_a_repeal_of_another_edition_meanwhile_does_not_matter() -> None:
    other = edition("b.regime@1", regime="b.regime")
    history = (edition(), other, repealed("2024-06-30"), repealed("2024-05-31", "b.regime@1"))
    assert repealing("2024-06-30", *history) is None


def test_what_nobody_recorded_is_not_repealed() -> None:
    with unknown("edition", "a.regime@9"):
        repealing("2024-06-30", edition(), id="a.regime@9")


# --- what jurists say of an encoding ------------------------------------------------------------------------------

SHIPPED = deciding.edition()
NOTE = ProvisionNoted(legal_note="n1", edition=SHIPPED.id, digest="d" * 64, text="与原文一致", cite="art. 27")
SIGNED = EditionSignedOff(legal_note="s1", edition=SHIPPED.id, digest="d" * 64, cite="art. 27", remark="逐条核对")
ENCODED: Final = (None, "art. 27", "art. 28", "art. 28(2)")
NOT_ENCODED: Final = ("art. 999", "art. 2799", "para. 27", "")
WITHDRAWN = LegalNoteWithdrawn(legal_note="n1", reason="看错")


def noting(*events: LegalNoteEvent, **fields: Any) -> ProvisionNoted | None:
    return note_provision(fold(events), SHIPPED, but(NOTE, **fields))


def signing(*events: LegalNoteEvent, digest: str = "d" * 64, **fields: Any) -> EditionSignedOff | None:
    return sign_off(fold(events), SHIPPED, digest, but(SIGNED, **fields))


@pytest.mark.parametrize("cite", ENCODED)
def test_a_note_is_about_an_edition_or_a_provision_of_which_something_is_encoded(cite: str | None) -> None:
    assert noting(cite=cite) == but(NOTE, cite=cite)
    assert signing(cite=cite) == but(SIGNED, cite=cite)


@pytest.mark.parametrize("cite", NOT_ENCODED)
def test_of_what_is_not_encoded_nothing_is_noted_and_nothing_signed(cite: str) -> None:
    with invalid(("/cite", "unknown_provision")):
        noting(cite=cite)
    with invalid(("/cite", "unknown_provision")):
        signing(cite=cite)


@pytest.mark.parametrize("text", ["", " ", "\u3000"])
def test_an_empty_note_says_nothing(text: str) -> None:
    with invalid(("/text", "missing")):
        noting(text=text)


def test_the_same_note_again_is_no_event_after_a_correction_of_the_edition_too() -> None:
    assert noting(NOTE) is None
    assert noting(NOTE, digest="e" * 64) is None
    assert noting(NOTE, WITHDRAWN) is None
    with conflict("id_taken"):
        noting(NOTE, text="另有意见")
    with conflict("id_taken"):
        noting(but(SIGNED, legal_note="n1"))


def test_a_note_is_corrected_by_another_one_while_it_holds() -> None:
    second = but(NOTE, legal_note="n2", text="以此为准", replaces="n1")
    assert noting(NOTE, legal_note="n2", text="以此为准", replaces="n1") == second
    gone: tuple[tuple[LegalNoteEvent, ...], ...] = (
        (),
        (NOTE, WITHDRAWN),
        (NOTE, second),
        (but(SIGNED, legal_note="n1"),),
    )
    for events in gone:
        with invalid(("/replaces", "does_not_hold")):
            noting(*events, legal_note="n3", replaces="n1")
    assert noting(NOTE, second, legal_note="n3", replaces="n2") is not None


def test_everything_that_is_wrong_with_a_note_is_told_at_once() -> None:
    with invalid(("/cite", "unknown_provision"), ("/text", "missing"), ("/replaces", "does_not_hold")):
        noting(cite=NOT_ENCODED[0], text="", replaces="n9")


@pytest.mark.parametrize("digest", ["0" * 64, "f" * 64])
def test_what_is_signed_off_is_the_text_as_it_is(digest: str) -> None:
    assert signing() == SIGNED
    with invalid(("/digest", "other_text")):
        signing(digest=digest)


def test_the_same_sign_off_again_is_no_event_and_of_another_text_another_one() -> None:
    assert signing(SIGNED) is None
    assert signing(SIGNED, digest="e" * 64) is None
    with conflict("id_taken"):
        signing(SIGNED, digest="e" * 64, remark="再次核对")
    with conflict("id_taken"):
        signing(but(NOTE, legal_note="s1"))


def test_what_was_said_is_taken_back_once_and_for_a_reason() -> None:
    assert withdraw_note(fold([NOTE]), WITHDRAWN) == WITHDRAWN
    assert withdraw_note(fold([NOTE, WITHDRAWN]), but(WITHDRAWN, reason="另有原因")) is None
    assert withdraw_note(fold([SIGNED]), but(WITHDRAWN, legal_note="s1")) is not None
    with invalid(("/reason", "missing")):
        withdraw_note(fold([NOTE]), but(WITHDRAWN, reason=" "))
    with unknown("legal_note", "n1"):
        withdraw_note(fold([SIGNED]), WITHDRAWN)
