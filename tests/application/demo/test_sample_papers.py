"""The papers of the sample: letters in every state, evidence behind facts and procedures, the same every time."""

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

import msgspec
import pytest

from application.answering.case_files import case_file
from application.demo.desk import Planned, SampleIds
from application.demo.papers import Filing, LeadIds, SamplePapers, sample_papers
from application.demo.region import build, ordered, plan
from application.papers.evidence import EvidenceLine
from application.papers.letters.reading import LetterLine
from application.principal import Principal
from application.recording.importing import Importing
from domain.procedures.papers.evidence import ReceiveEvidence
from domain.procedures.papers.letters import DraftLetter
from domain.procedures.registration import RecordEmployment
from domain.procedures.repairs import ApplyRepair
from interfaces.documents.samples import drawn_by
from interfaces.documents.typesetting import Typesetter
from interfaces.files.demo_stories import demo_stories
from tests.support.sample import ENGINE
from tests.support.world import PRINTING, World

APPROVER = Principal("demo-approver", "approver", "150100")


@functools.cache
def planned() -> tuple[Planned, ...]:
    return tuple(plan(demo_stories()))


@functools.cache
def papers() -> SamplePapers:
    return sample_papers(planned(), demo_stories())


def subjects() -> list[str]:
    """Those who have papers."""
    commands = [p.command for p in papers().planned]
    return list(dict.fromkeys(c.subject for c in commands if isinstance(c, DraftLetter | ReceiveEvidence)))


def about(those: Sequence[str]) -> Iterator[Planned]:
    """What the sample records about some, and the law with which it begins."""
    known = set(those)
    for each in planned():
        command = each.command
        named = {value for value in msgspec.structs.asdict(command).values() if isinstance(value, str)}
        # Who works for whom is of no interest: it would bring the files of others in.
        if each is planned()[0] or (named & known and not isinstance(command, RecordEmployment)):
            known |= {id for id in (getattr(command, "id", None),) if id is not None}
            yield each


@functools.cache
def world() -> World:
    """The sample of those who have papers."""
    ids = LeadIds()
    made = World(ids=ids)
    importing = Importing(made.journal, made.vault, made.clock, SampleIds(), made.legislation, engine=ENGINE)
    draw = drawn_by(lambda: PRINTING.typesetter)
    filing = Filing(made.signing, made.papers.uploads, ids, papers().files, draw)
    build(importing, made.clock, ordered([*about(subjects()), *papers().planned]), filing=filing)
    return made


def letters() -> list[LetterLine]:
    return [line for subject in subjects() for line in world().letters.of_subject(subject).letters]


def evidence() -> list[EvidenceLine]:
    return [line for subject in subjects() for line in world().papers.evidence.of_file(subject).evidence]


@pytest.mark.slow
def test_there_is_a_letter_in_every_state_and_of_many_kinds() -> None:
    found = letters()
    assert {line.state for line in found} == {"draft", "issued", "served", "withdrawn"}
    assert len({line.kind for line in found}) >= 7
    assert all(line.pdf_digest for line in found if line.state != "draft")
    numbers = [line.number for line in found if line.number]
    assert "示呼环信告〔2024〕1号" in numbers
    assert len(set(numbers)) == len(numbers)
    (withdrawn,) = [line for line in found if line.state == "withdrawn"]
    assert [line.state for line in found if line.concerns == withdrawn.concerns] == ["withdrawn", "served"]


@pytest.mark.slow
def test_one_letter_waits_for_the_approver_of_the_demo() -> None:
    (waits,) = world().signing.decisions.page(by=APPROVER, mine="to_sign").items
    assert (waits.command, waits.proposed_by, waits.refused) == ("issue_letter", "demo-officer", None)
    (draft,) = [line for line in letters() if line.state == "draft"]
    assert draft.kind == "repair_correction"


def test_a_proposed_grade_is_handed_over_on_the_day_from_which_its_letter_counts() -> None:
    found = []
    for subject in subjects():
        stages = case_file(subject, world().journal.stream(subject)).stages
        lines = world().letters.of_subject(subject).letters
        found += [(line, stages[str(line.concerns)].event) for line in lines if line.kind == "grade_notice"]
    assert len(found) == 2
    for line, stage in found:
        assert line.dated_on == line.served_on == stage.received_on


def test_an_objection_is_put_right_before_it_is_accepted_and_accepted_before_it_is_decided() -> None:
    kinds = [line.kind for line in letters() if line.kind.startswith("objection_")]
    assert kinds == ["objection_correction", "objection_accepted", "objection_decision"]


def test_evidence_stands_on_a_fact_an_objection_and_a_repair_with_pages_marks_and_a_redacted_copy() -> None:
    found = evidence()
    assert Counter(line.media for line in found)["application/pdf"] >= 6
    assert {"application/pdf", "image/png"} == {line.media for line in found}
    assert max(line.pages or 0 for line in found) == 2
    marked = [line for line in found if line.personal_data]
    assert [len(line.redacted) for line in marked] == [1]
    assert all(line.shown for line in found)
    assert world().papers.evidence.check(progress=lambda *_: None).faults == ()


def test_an_application_lacks_one_of_its_papers() -> None:
    asked = next(
        c
        for p in reversed(papers().planned)
        if isinstance(c := p.command, DraftLetter) and c.kind == "repair_correction"
    )
    lists = world().papers.evidence.of_file(asked.subject).checklists
    (checklist,) = [line for line in lists if line.record == asked.concerns]
    assert [paper.code for paper in checklist.papers if not paper.evidence] == ["performance"]
    assert any(isinstance(p.command, ApplyRepair) and p.command.id == asked.concerns for p in planned())


@pytest.mark.slow
def test_the_papers_are_the_same_every_time() -> None:
    assert sample_papers(plan(demo_stories()), demo_stories()) == papers()
    draw = drawn_by(functools.cache(Typesetter))
    for line in evidence()[:2]:
        assert sha256(draw(papers().files[line.evidence])).hexdigest() == line.digest
