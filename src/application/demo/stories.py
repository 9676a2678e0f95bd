"""The stories of the sample: cases of scenario files that the demo records beside what the generator makes, and tells.

A case says what happened to its subjects; who they are called and when their files were opened is the generator's.
Ids are made of the names that the case gives: ``agency.fact.1`` is the first record, a fact, of the subject ``agency``.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import msgspec

from application.demo.desk import Planned, id_of
from application.recording.commands import COMMANDS, command_from
from application.scenarios.scenario_file import Case, CaseStory, Expectation, Happening, Subject
from domain.procedures.evaluation import EvaluationStage
from domain.procedures.registration import RecordEmployment
from domain.vocabulary import Service, Text

_NAMING: Final = ("subject", "fact", "warning", "repair", "objection", "id")
"""The fields that say whom a command is about, the plainest first."""


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """A case worth asking about: ``pointer`` says what to ask about the subject, ``asked`` the questions and answers.

    ``show_on`` is the day of the command ``show`` by which the demo shows it among the first.
    """

    id: str
    title: Text
    pointer: Text
    subject: str
    regime: str
    asked: tuple[Expectation, ...]
    show: str | None = None
    show_on: dt.date | None = None


class Stories:
    """What the scenario files of the demo tell, in their order: the stories, and what is recorded for them."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.stories: Final = tuple(story for case in cases for story in _stories_of(case))
        self._subjects: dict[str, Subject] = {case.ids[s.id]: s for case in cases for s in case.subjects}
        self._staff = {case.ids[s.id]: _staff_of(case) for case in cases for s in case.subjects if s.kind == "agency"}
        self._recorded: dict[str, list[Planned]] = defaultdict(list)
        for case in cases:
            for subject, planned in _planned(case):
                self._recorded[subject].append(planned)

    @property
    def example(self) -> Story:
        """The example of the README: why D on 2024-06-30, and what was known then."""
        return self.stories[0]

    def __contains__(self, subject: object) -> bool:
        """Whether a subject is one of a story's."""
        return subject in self._subjects

    def services_of(self, agency: str) -> tuple[Service, ...]:
        """What an agency of a story offers, what it mainly does first."""
        return tuple(self._subjects[agency].fields["services"])

    def region_of(self, subject: str) -> str:
        """Where a subject of a story is registered."""
        return str(self._subjects[subject].fields["region"])

    def staff_of(self, agency: str) -> int:
        """How many practitioners of an agency its story is about."""
        return self._staff[agency]

    def recorded(self, subject: str) -> list[Planned]:
        """Everything that a story records about a subject."""
        return list(self._recorded.get(subject, ()))

    def happened(self, subject: str) -> list[Planned]:
        """What a story records about a subject beside employments and the steps of evaluation years."""
        return [p for p in self.recorded(subject) if not isinstance(p.command, EvaluationStage | RecordEmployment)]

    def year(self, subject: str, year: int) -> list[Planned]:
        """The steps of an evaluation year, where a story tells that year."""
        return [p for p in self._years(subject) if p.command.year == year]  # type: ignore[attr-defined]

    def years_of_letters(self, subject: str) -> set[int]:
        """The evaluation years for which a practitioner of a story was written to, being rated dishonest."""
        return {p.command.year for p in self._years(subject) if p.command.stage == "letter"}  # type: ignore[attr-defined]

    def employment(self, agency: str, id: str) -> list[Planned]:
        """An employment by its id, where a story tells of it."""
        of_agency = self.recorded(agency)
        return [p for p in of_agency if isinstance(p.command, RecordEmployment) and p.command.id == id]

    def _years(self, subject: str) -> Iterator[Planned]:
        return (p for p in self.recorded(subject) if isinstance(p.command, EvaluationStage))


def _staff_of(case: Case) -> int:
    return sum(subject.kind == "practitioner" for subject in case.subjects)


# --- ids --------------------------------------------------------------------------------------------------------


def _resolved(value: Any, ids: Mapping[str, str]) -> Any:
    """A value of a case with the ids of the sample for the names of the case, however deep they stand."""
    if isinstance(value, str):
        return _id(value, ids)
    if isinstance(value, Mapping):
        return {key: _resolved(inner, ids) for key, inner in value.items()}
    return [_resolved(inner, ids) for inner in value] if isinstance(value, list) else value


def _id(name: str, ids: Mapping[str, str]) -> str:
    """The id that the case states for a name, that made of the name of a subject's record, or the text as it is."""
    subject, *record = name.split(".")
    if name in ids or not record or subject not in ids:
        return ids.get(name, name)
    return id_of(ids[subject], *record)


# --- what is recorded -------------------------------------------------------------------------------------------


def _planned(case: Case) -> Iterator[tuple[str, Planned]]:
    """Every command about a subject of the case, with that subject.

    What names none of them (a ranking, a city's submission of advisories) is done by the generator, for everybody.
    """
    for line in case.happens:
        subject = _subject_of(line, case.ids)
        if subject is not None:
            yield (
                subject,
                Planned(line.at, str(line.actor and line.actor.name), command_from(_fields(line, case), name=line.do)),
            )


def _subject_of(line: Happening, ids: Mapping[str, str]) -> str | None:
    named = (str(line.fields[key]).split(".")[0] for key in _NAMING if key in line.fields)
    return next((ids[name] for name in named if name in ids), None)


def _fields(line: Happening, case: Case) -> dict[str, Any]:
    """The fields of a command with the ids of the sample, and the regime of the case where one must be named."""
    fields: dict[str, Any] = _resolved(line.fields, case.ids)
    wants = {field.name for field in msgspec.structs.fields(COMMANDS[line.do]) if field.required}
    return {"regime": case.regime, **fields} if "regime" in wants else fields


# --- what is told -----------------------------------------------------------------------------------------------


def _stories_of(case: Case) -> Iterator[Story]:
    for told in case.stories:
        yield Story(
            id=told.id,
            title=told.title,
            pointer=told.ask,
            subject=case.ids[told.subject],
            regime=case.regime,
            asked=tuple(_asked(e, case.ids) for e in case.expects if _belongs(e, told)),
            show=told.show,
            show_on=told.show_on,
        )


def _belongs(expectation: Expectation, told: CaseStory) -> bool:
    """Whether an expectation is one of the story's: it names the story or, naming none, its subject."""
    return expectation.subject == told.subject and expectation.story in (None, told.id)


def _asked(expectation: Expectation, ids: Mapping[str, str]) -> Expectation:
    """An expectation of the case as one of the sample."""
    deadline = expectation.deadline
    if deadline is not None:
        deadline = msgspec.structs.replace(deadline, id=_id(deadline.id, ids))
    return msgspec.structs.replace(expectation, subject=ids[str(expectation.subject)], deadline=deadline)
