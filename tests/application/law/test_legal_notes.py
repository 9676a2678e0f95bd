"""What jurists say of an encoding: attributed, corrected by a later note, withdrawn, and nothing is graded by it."""

import datetime as dt
from typing import Any

import pytest

from application.answering.grading import Question, core_bytes
from application.law.legal_notes import LegalNote, legal_notes_on
from domain.errors import Conflict, Invalid, NotFound
from domain.law.citations import unit_of
from domain.law.parse import parse_edition
from tests.application.law.test_rulebooks import EXAMPLE, ID
from tests.support.world import World

ROWS = {row.code: row for row in parse_edition(EXAMPLE, "example-edition.toml").row}
CITE, OTHER = ROWS["X1"].cites[0], ROWS["X3"].cites[0]
WITHIN = unit_of(CITE)
"""The article in which the provision of the first row stands."""
NOTE = {"edition": ID, "cite": CITE}


@pytest.fixture
def world() -> World:
    """The example regime in force from 2024, with an agency of its city that did not cooperate in 2024."""
    world = World()
    world.do("2023-12-01", "adopt_rulebook", text=EXAMPLE, in_force_on="2024-01-01", actor="jurist")
    world.agency(region="990100")
    world.fact("2024-03-01", "X1", "f1", regime="example.services", authority="990100-EEB")
    return world


def digest_of(world: World) -> str:
    adopted = world.legislation.edition(ID)
    assert adopted is not None
    return adopted.digest


def said(world: World) -> list[LegalNote]:
    return list(legal_notes_on(world.journal, world.vault, world.legislation, ID))


def corrected(world: World, day: str, text: str) -> None:
    world.do(day, "adopt_rulebook", text=text, in_force_on="2024-01-01", reason="录入有误")


def refused(world: World, do: str, **fields: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as invalid:
        world.do("2024-04-01", do, **fields)
    return [(problem.pointer, problem.code) for problem in invalid.value.problems]


def test_a_note_is_shown_with_who_wrote_it_and_when(world: World) -> None:
    world.do("2024-04-01", "note_provision", text="分值以附表为准", actor="jurist", **NOTE)
    (note,) = said(world)
    assert (note.kind, note.cite, note.text, note.by) == ("note", CITE, "分值以附表为准", "jurist")
    assert (note.recorded_at[:10], note.state, note.digest) == ("2024-04-01", "holds", digest_of(world))
    assert "分值以附表为准" not in str(world.journal.stream(f"legal_note/{ID}"))


def test_nothing_that_is_said_moves_a_grade_its_basis_or_what_is_known_of_the_law(world: World) -> None:
    day = dt.date(2024, 3, 31)
    asked = Question(subject="A", regime="example.services", as_of=day, known_at=world.clock.now())
    before, moments = world.grading.grade(asked), world.legislation.moments(until=10**9)
    world.do("2024-04-01", "note_provision", text="分值以附表为准", **NOTE)
    world.do("2024-04-01", "sign_off_edition", edition=ID, digest=digest_of(world))
    assert core_bytes(world.grading.grade(asked)) == core_bytes(before)
    assert world.legislation.moments(until=10**9) == moments
    assert len(world.journal.stream("A")) == 2


def test_a_later_note_replaces_one_that_holds_and_both_stay(world: World) -> None:
    first = world.do("2024-04-01", "note_provision", text="误", **NOTE).id
    later = world.do("2024-04-02", "note_provision", text="更正", replaces=first, **NOTE).id
    assert [(n.id, n.state, n.replaced_by, n.replaces) for n in said(world)] == [
        (first, "replaced", later, None),
        (later, "holds", None, first),
    ]
    assert refused(world, "note_provision", text="再更正", replaces=first, **NOTE) == [("/replaces", "does_not_hold")]


def test_what_was_said_is_withdrawn_with_a_reason_and_stays_on_record(world: World) -> None:
    signed = world.do("2024-04-01", "sign_off_edition", edition=ID, digest=digest_of(world)).id
    asked: dict[str, Any] = {"edition": ID, "legal_note": signed, "reason": "尚未核对附表"}
    assert refused(world, "withdraw_legal_note", **{**asked, "reason": " "}) == [("/reason", "missing")]
    assert world.do("2024-04-02", "withdraw_legal_note", actor="another", **asked).status == "recorded"
    assert world.do("2024-04-03", "withdraw_legal_note", **asked).status == "already_so"
    (note,) = said(world)
    assert note.state == "withdrawn"
    assert note.withdrawn is not None
    assert (note.withdrawn.by, note.withdrawn.reason) == ("another", "尚未核对附表")
    with pytest.raises(NotFound):
        world.do("2024-04-04", "withdraw_legal_note", **{**asked, "legal_note": "nobody"})


def test_what_changed_after_a_sign_off_stands_beside_it(world: World) -> None:
    for cite in (None, WITHIN, CITE, OTHER):
        world.do("2024-04-01", "sign_off_edition", edition=ID, digest=digest_of(world), cite=cite)
    assert [note.since for note in said(world)] == [(), (), (), ()]
    corrected(world, "2024-04-02", EXAMPLE.replace("points = -15", "points = -10"))
    found = {note.cite: [(c.part, c.key, c.before, c.after) for c in note.since] for note in said(world)}
    row = [("row", "X1", "-15", "-10")]
    assert found == {None: row, WITHIN: row, CITE: row, OTHER: []}


def test_a_text_that_encodes_the_same_is_told_from_the_one_that_was_signed(world: World) -> None:
    world.do("2024-04-01", "sign_off_edition", edition=ID, digest=digest_of(world))
    corrected(world, "2024-04-02", f"# 仅补注释\n{EXAMPLE}")
    (note,) = said(world)
    assert (note.since, note.digest == digest_of(world)) == ((), False)


def test_only_the_text_that_is_on_record_is_signed_off(world: World) -> None:
    signed = {"edition": ID, "digest": digest_of(world)}
    corrected(world, "2024-04-01", EXAMPLE.replace("points = -15", "points = -10"))
    assert refused(world, "sign_off_edition", **signed) == [("/digest", "other_text")]
    assert said(world) == []


def test_a_note_says_something_of_a_provision_that_is_encoded(world: World) -> None:
    told = refused(world, "note_provision", edition=ID, cite="art. 99", text=" ")
    assert told == [("/cite", "unknown_provision"), ("/text", "missing")]
    with pytest.raises(NotFound):
        world.do("2024-04-01", "note_provision", edition="nobody@1", text="甲")


def test_a_note_told_again_under_its_id_is_the_same_and_another_one_is_refused(world: World) -> None:
    asked = {"id": "n1", "text": "分值以附表为准", **NOTE}
    assert world.do("2024-04-01", "note_provision", **asked).status == "recorded"
    corrected(world, "2024-04-02", EXAMPLE.replace("points = -15", "points = -10"))
    assert world.do("2024-04-03", "note_provision", **asked).status == "already_so"
    for do, other in (("note_provision", {**asked, "text": "另一意见"}), ("sign_off_edition", None)):
        fields = other or {"id": "n1", "edition": ID, "digest": digest_of(world)}
        with pytest.raises(Conflict):
            world.do("2024-04-03", do, **fields)
