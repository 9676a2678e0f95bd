"""An event says which id it brings into the journal, which record it is about and on which day it happened, a command
which record it names."""

from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.ports import AnyEvent
from application.recording.commands import COMMANDS, LawCommand, LegalNoteCommand
from domain.aggregates import advisories, cohort
from domain.aggregates.casefile import CaseEvent, CaseFile, fold
from domain.events.advisories import AdvisoryEvent
from domain.events.event import Event, EventCause
from domain.events.facts import FactRecorded
from domain.events.joining import FilesJoined
from domain.events.registration import Registered, SubjectChanged
from domain.procedures.advisories import ADVISORY_COMMANDS
from domain.procedures.cohorts import COHORT_COMMANDS
from domain.procedures.papers.letters import LETTER_OFFICE_COMMANDS
from domain.procedures.registration import RegisterOrganisation, RegisterPerson
from domain.procedures.request import SubjectRequest
from tests.support.properties import tried
from tests.support.strategies import EVENTS, valid

FACTS = [FactRecorded(fact=f"x{n}", regime="r", row="B08", authority="150100-EEB", document="文书") for n in (1, 2, 3)]
"""What records may be about, under every id that the strategies draw."""


def ids_on(case: CaseFile) -> set[tuple[str, str]]:
    pieces = {("evidence", id) for id in case.evidence}
    return {("fact", id) for id in case.facts} | {("record", id) for id in case.records} | pieces


@pytest.mark.slow
@pytest.mark.parametrize("kind", get_args(CaseEvent), ids=lambda kind: kind.__name__)
@tried(10)
@given(st.data())
def test_a_file_keeps_under_an_id_of_its_own_what_an_event_introduces(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(valid(kind))
    if isinstance(event, FilesJoined):
        # What is carried has brought its ids itself.
        event = msgspec.structs.replace(event, carried=())
    there = [] if kind is FactRecorded else FACTS
    before = ids_on(fold("S", ((fact, 0) for fact in there)))
    after = ids_on(fold("S", ((e, 0) for e in (*there, event))))
    assert {id for _, id in after - before} == {event.introduced_id} - {None}


@pytest.mark.parametrize("kind", get_args(AdvisoryEvent), ids=lambda kind: kind.__name__)
@tried(10)
@given(st.data())
def test_so_does_a_file_of_advisories(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(valid(kind))
    file = advisories.fold([event])
    assert {*file.records, *file.letters} == {event.introduced_id} - {None}


@pytest.mark.parametrize("kind", get_args(cohort.CohortEvent), ids=lambda kind: kind.__name__)
@tried(10)
@given(st.data())
def test_so_does_the_file_of_a_cohort(kind: type[Event], data: st.DataObject) -> None:
    event = data.draw(valid(kind))
    assert set(cohort.fold([event]).records) == {event.introduced_id} - {None}


def test_every_event_brings_a_record_or_is_about_one_unless_it_is_about_the_subject() -> None:
    neither = {kind for kind in get_args(CaseEvent) if kind.introduces is None and kind.about is None}
    assert neither == {*get_args(Registered), SubjectChanged}


@given(EVENTS)
@tried(100)
def test_the_record_an_event_is_about_is_one_of_its_fields(event: CaseEvent) -> None:
    assert event.about is None or isinstance(event.about_id, str)


@pytest.mark.parametrize("kind", get_args(AnyEvent), ids=lambda kind: kind.__name__)
def test_every_event_says_on_which_day_it_happened_if_it_has_one(kind: type[Event]) -> None:
    days = {field.name for field in msgspec.structs.fields(kind) if "date" in str(field.type)}
    assert set(kind.happened) <= days
    assert len(set(kind.happened)) == len(kind.happened)


@pytest.mark.parametrize("kind", get_args(AnyEvent), ids=lambda kind: kind.__name__)
def test_every_event_says_what_it_is_called_as_a_cause(kind: type[Event]) -> None:
    assert getattr(kind, "cause", None) in get_args(EventCause), "the class says so beside `happened`"


def test_every_command_says_whose_file_it_is_for() -> None:
    elsewhere = (
        *get_args(LawCommand),
        *get_args(LegalNoteCommand),
        *ADVISORY_COMMANDS,
        *COHORT_COMMANDS,
        *LETTER_OFFICE_COMMANDS,
    )
    opening = (RegisterOrganisation, RegisterPerson)
    silent = [
        name
        for name, kind in COMMANDS.items()
        if not issubclass(kind, SubjectRequest) and kind.names is None and not issubclass(kind, (*elsewhere, *opening))
    ]
    assert silent == []
    assert all(kind.names is None or kind.names in kind.__struct_fields__ for kind in COMMANDS.values())
