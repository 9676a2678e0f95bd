"""A subject as it reads on a day: its registration, with the personal data that belong on a profile alone, and where
it stands under each regime."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec
from litestar import Controller

from application.answering.case_files import no_such_file
from application.answering.grading import Question
from application.answering.overview import RegimeLine, overview
from application.papers.dossier import masked_number
from application.ports import Journal, Person, Recorded
from domain.aggregates.casefile import CaseFile, fold
from domain.events.registration import AgencyRegistered, ClientRegistered, ExpertRegistered, PractitionerRegistered
from domain.time import legal_day
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, question
from interfaces.http.parameters import AsOf, SubjectId, WithGrades
from interfaces.http.replying import NO_STORE, Reply, reply
from interfaces.http.use_cases import Law
from interfaces.wording import words
from interfaces.wording.texts import Language

OpenPersons = Callable[[Iterable[str]], Mapping[str, Person | None]]
"""Gives the data of persons as the vault does."""


class Employment(msgspec.Struct, frozen=True, kw_only=True):
    """Who works, or worked, where. ``until_on`` is the last day; ``current`` whether it is so today."""

    employment: str
    agency: str
    practitioner: str
    from_on: dt.date
    until_on: dt.date | None
    role: str | None
    current: bool


class Residence(msgspec.Struct, frozen=True, kw_only=True):
    """The place where a subject is registered from a day on."""

    region: str
    from_on: dt.date


class RegimePage(RegimeLine, frozen=True, kw_only=True):
    """How a subject stands under one regime, with what the codes are called in the reader's language."""

    texts: dict[str, str]


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A subject as registered on a day.

    An organisation has credit code and legal representative, an agency services and licences too; a natural person
    name, masked ID number and employers. ``erased`` marks a person whose data were destroyed. ``version`` counts the
    events of the file, ``opened_on`` is the day on which it was opened. ``residences`` are the places of registration
    up to the day asked about, the first one from the day on which the file was opened. ``regimes`` are those under
    which anything is on record, then those made for the place: each grades its own facts.
    """

    id: str
    kind: str
    as_of: dt.date
    version: int
    region: str
    opened_on: dt.date
    residences: tuple[Residence, ...]
    name: str | None = None
    uscc: str | None = None
    services: tuple[str, ...] = ()
    licences: tuple[str, ...] = ()
    address: str | None = None
    legal_representative: str | None = None
    id_kind: str | None = None
    id_number: str | None = None
    erased: bool = False
    employments: tuple[Employment, ...] = ()
    regimes: tuple[RegimePage, ...] = ()


class ListedSubject(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A subject on the list. The name of a natural person stands on the profile only.

    On a list by grade the running track is told in place of the ``version``.
    """

    id: str
    kind: str
    region: str
    version: int | None = None
    name: str | None = None
    services: tuple[str, ...] = ()
    grade: str | None = None
    score: str | None = None
    undetermined: str | None = None
    risk: str | None = None
    colour: str | None = None


class ProfilesController(Controller):
    """A subject as it reads on a day."""

    tags = ("subjects",)

    @question("/subjects/{subject}", *ABOUT_SUBJECT, has_tag=True)
    def get_profile(
        self, subject: SubjectId, as_of: AsOf = None, with_grades: WithGrades = True, *, asked: Asking
    ) -> Reply[Profile]:
        """Profile of a subject."""
        at, language = asked.at, asked.language
        case = at.journal.file(subject)
        if case.kind is None:
            raise no_such_file(case)
        day = as_of or at.today()
        profile = profile_of(case, day, at.vault.open, at.journal)
        if with_grades:
            seen = overview(at.grading, Question(subject=subject, regime="", as_of=day))
            regimes = tuple(regime_page(at.law, line, seen.kind, day, language) for line in seen.regimes)
            profile = msgspec.structs.replace(profile, regimes=regimes)
        answer = reply(profile, NO_STORE)
        answer.version = case.version
        return answer


def regime_page(law: Law, line: RegimeLine, kind: str, day: dt.date, language: Language) -> RegimePage:
    """How a subject stands under one regime, in words."""
    lexicon = law.lexicon([digest for _, digest in line.rulebooks], day)
    line = msgspec.structs.replace(line, next_change=words.with_next_change(line.next_change, kind, language, lexicon))
    texts = {"regime": law.title(line.rulebooks[-1][1], language), **words.regime_texts(line, kind, language, lexicon)}
    return RegimePage(**{name: getattr(line, name) for name in RegimeLine.__struct_fields__}, texts=texts)


def case_of(subject: str, rows: Sequence[Recorded]) -> CaseFile:
    """The case file of a stream."""
    return fold(subject, [(r.event, r.recorded_at) for r in rows])  # type: ignore[misc]


def listed_subject(case: CaseFile, as_of: dt.date) -> ListedSubject:
    """A line of the list."""
    return ListedSubject(
        id=case.subject,
        kind=case.kind or "",
        region=case.region_on(as_of),
        version=case.version,
        name=case.name_on(as_of),
        services=tuple(sorted(case.services_on(as_of))),
    )


def profile_of(
    case: CaseFile, as_of: dt.date, persons: OpenPersons, journal: Journal, position: int | None = None
) -> Profile:
    """The profile on a day, by what was on record up to a position (now, when absent); persons are read from the
    vault."""
    if isinstance(case.registration, AgencyRegistered | ClientRegistered):
        return _organisation(case, case.registration, as_of, persons)
    return _person(case, as_of, persons, journal, position)


def _organisation(
    case: CaseFile, registration: AgencyRegistered | ClientRegistered, as_of: dt.date, persons: OpenPersons
) -> Profile:
    representative = case.representative_on(as_of)
    person = None if representative is None else persons([representative]).get(representative)
    return Profile(
        id=case.subject,
        kind=case.kind or "",
        as_of=as_of,
        version=case.version,
        region=case.region_on(as_of),
        opened_on=legal_day(case.opened_at),
        residences=_residences(case, as_of),
        name=case.name_on(as_of),
        uscc=case.uscc_on(as_of) or registration.uscc,
        services=tuple(sorted(case.services_on(as_of))),
        licences=case.licences_on(as_of),
        address=case.address_on(as_of),
        legal_representative=None if person is None else person.name,
        erased=representative is not None and person is None,
        employments=_employments(case, as_of),
    )


def _person(case: CaseFile, as_of: dt.date, persons: OpenPersons, journal: Journal, position: int | None) -> Profile:
    person = persons([case.subject]).get(case.subject)
    files = journal.streams(journal.employers_of(case.subject, until=position), until=position)
    found = [e for agency, rows in files.items() for e in _employments(case_of(agency, rows), as_of)]
    employments = [e for e in found if e.practitioner == case.subject]
    registration = case.registration
    return Profile(
        id=case.subject,
        kind=case.kind or "",
        as_of=as_of,
        version=case.version,
        region=case.region_on(as_of),
        opened_on=legal_day(case.opened_at),
        residences=_residences(case, as_of),
        name=None if person is None else person.name,
        id_kind=registration.id_kind if isinstance(registration, PractitionerRegistered | ExpertRegistered) else None,
        id_number=None if person is None or person.id_number is None else masked_number(person.id_number),
        erased=person is None,
        employments=tuple(sorted(employments, key=lambda e: (e.from_on, e.agency))),
    )


def _residences(case: CaseFile, as_of: dt.date) -> tuple[Residence, ...]:
    opened_on = legal_day(case.opened_at)
    found = [Residence(region=case.region_on(dt.date.min), from_on=opened_on)]
    for change in sorted(case.changes, key=lambda c: c.from_on):
        if change.region not in (None, found[-1].region) and change.from_on <= as_of:
            found.append(Residence(region=change.region or "", from_on=change.from_on))
    return tuple(found)


def _employments(case: CaseFile, as_of: dt.date) -> tuple[Employment, ...]:
    return tuple(
        Employment(
            employment=e.employment,
            agency=case.subject,
            practitioner=e.practitioner,
            from_on=e.from_on,
            until_on=e.until_on,
            role=e.role,
            current=e.from_on <= as_of and (e.until_on is None or as_of <= e.until_on),
        )
        for e in sorted(case.employments.values(), key=lambda e: (e.from_on, e.practitioner))
    )
