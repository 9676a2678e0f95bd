"""One field for everything people know of a file: a name, a number of a body, of a paper or of a case, an id."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import msgspec

from application import time_budget
from application.answering.case_files import case_file, is_subject, with_joined
from application.answering.grading import SubjectRef
from application.cursors import MOST_LINES, bad_cursor, opened, sealed
from application.ports import Clock, Journal, Recorded, Vault
from domain.aggregates.casefile import CaseFile
from domain.aggregates.facts import FactFile
from domain.aggregates.letters import LetterFile
from domain.errors import FieldProblem, Invalid
from domain.events.papers.letters import LetterIssued
from domain.events.registration import AgencyRegistered, ClientRegistered
from domain.sentence import sentence
from domain.time import legal_day
from domain.values import IdNumber, Line, folded
from domain.vocabulary import PERSONS, SubjectKind

Matched = Literal[
    "id",
    "name",
    "former_name",
    "uscc",
    "former_uscc",
    "document",
    "former_document",
    "case_no",
    "former_case_no",
    "letter_number",
    "id_number",
    "person_name",
]
"""By what something is found: ``former`` is what does not, or no longer, read so today."""

OtherHit = Literal["fact", "record", "letter"]
"""What is found beside subjects: a fact, another record, or a letter that was issued."""

HitKind = SubjectKind | OtherHit
"""What is found."""

SOUGHT: Final[tuple[Matched, ...]] = (
    "id",
    "name",
    "former_name",
    "uscc",
    "former_uscc",
    "document",
    "former_document",
    "case_no",
    "former_case_no",
    "letter_number",
)
"""What a text is compared with; persons are looked for apart, by the number of a document or by name."""

MOST_PERSONS: Final = 100_000
"""Most persons on record among whom one is looked for by name: a name lies under the key of its person, in no index."""

MOST_NAMESAKES: Final = 50
"""Most persons of a name that are told."""

_OPENED_AT_ONCE: Final = 500

_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class PersonSearch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A person looked for: by the whole ID number, or by the whole name."""

    id_number: IdNumber | None = None
    name: Line | None = None


class SearchHit(msgspec.Struct, frozen=True, kw_only=True):
    """One thing found: what it is, on whose file it stands, by what it was found and how that reads there.

    ``id`` is that of the subject, the fact, the record or the letter. ``value`` is what matched as it is on record;
    that of an ID number stays in the vault, and the name of a person is shown to whoever may read it on the file. The
    members from ``regime`` on are those of a fact; ``retracted`` says that it was recorded in error. Of a letter
    ``authority`` is who writes it, ``document`` its number, ``decided_on`` its day, and ``retracted`` that it was taken
    back.
    """

    kind: HitKind
    id: str
    subject: SubjectRef
    region: str
    matched: Matched
    value: str | None
    regime: str | None = None
    row: str | None = None
    authority: str | None = None
    document: str | None = None
    decided_on: dt.date | None = None
    retracted: bool = False


class LookedFor(msgspec.Struct, frozen=True, kw_only=True):
    """What was looked for: the text as it was compared, and with what; no text where a person was looked for."""

    text: str | None
    among: tuple[Matched, ...]


class SearchPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of what was found, in the order of the files; ``next`` is the cursor of the following page.

    All pages show the journal as it stood at ``position``.
    """

    hits: tuple[SearchHit, ...]
    looked_for: LookedFor
    as_of: dt.date
    position: int
    next: str | None = None


class SearchCursor(msgspec.Struct, frozen=True, array_like=True):
    """Where a search goes on: behind so many hits of the first file after ``after``."""

    after: str
    told: int
    position: int
    as_of: dt.date
    asked: str


class Searching:
    """The use case of finding by what is known. Safe to share between threads."""

    def __init__(self, journal: Journal, vault: Vault, clock: Clock) -> None:
        self._journal = journal
        self._vault = vault
        self._clock = clock

    def find(
        self, text: str, *, kind: SubjectKind | None = None, limit: int = 50, cursor: str | None = None
    ) -> SearchPage:
        """A page of what somebody may mean who knows ``text``. Raises ``Invalid`` for a cursor of another search."""
        if _UUID.fullmatch(text.strip()):
            text = text.strip().lower()
        asked = hashlib.sha256(f"{kind}\n{text}".encode()).hexdigest()[:16]
        start = self._first(asked) if cursor is None else opened(cursor, SearchCursor)
        if start.asked != asked:
            raise bad_cursor("other_question", sentence("errors.cursor.other_question"))
        hits: list[SearchHit] = []
        rest = None
        for after, found in self._found(text, kind, start, limit):
            told = start.told if after == start.after else 0
            room = limit - len(hits)
            hits += found[told : told + room]
            if len(found) - told > room:
                rest = msgspec.structs.replace(start, after=after, told=told + room)
                break
        return SearchPage(
            hits=self._shown(hits),
            looked_for=LookedFor(text=folded(text), among=SOUGHT),
            as_of=start.as_of,
            position=start.position,
            next=None if rest is None else sealed(rest),
        )

    def person(self, wanted: PersonSearch) -> SearchPage:
        """The natural persons who are meant, if there are any on record; nobody else is told. Raises ``Invalid`` unless
        either the number or the name is given, and where too many persons are on record to look for a name."""
        if (wanted.id_number is None) == (wanted.name is None):
            raise Invalid((FieldProblem("", "one_of", sentence("search.number_or_name")),))
        return self._of_number(wanted.id_number) if wanted.id_number is not None else self._named(wanted.name or "")

    def _named(self, name: str) -> SearchPage:
        start, key = self._first(""), folded(name)
        persons, found = self._persons(start.position), list[tuple[str, str]]()
        for at in range(0, len(persons), _OPENED_AT_ONCE):
            time_budget.check_time()
            # Whoever is read for a place opens no others.
            opened_here = self._vault.open(persons[at : at + _OPENED_AT_ONCE])
            found += [(id, r.name) for id, r in opened_here.items() if r is not None and r.name]
        meant = sorted((id, called) for id, called in found if folded(called) == key)[:MOST_NAMESAKES]
        cases = [(self._journal.file(id), called) for id, called in meant]
        hits = [_of_subject(c, start.as_of, "person_name", called) for c, called in cases if c.kind is not None]
        return SearchPage(
            hits=self._shown(hits),
            looked_for=LookedFor(text=None, among=("person_name",)),
            as_of=start.as_of,
            position=start.position,
        )

    def _persons(self, until: int) -> list[str]:
        """The ids of all natural persons on record. Raises ``Invalid`` for too many, before anything is opened."""
        ids: list[str] = []
        for kind in PERSONS:
            after: str | None = None
            while rows := self._journal.subjects(kind=kind, after=after, limit=MOST_LINES, until=until):
                ids += [row.subject for row in rows]
                after = rows[-1].subject
                if len(ids) > MOST_PERSONS:
                    says = sentence("search.too_many_persons", most=MOST_PERSONS)
                    raise Invalid((FieldProblem("/name", "too_many", says),))
        return ids

    def _of_number(self, id_number: str) -> SearchPage:
        start = self._first("")
        person = self._vault.find(id_number)
        case = None if person is None else self._journal.file(person)
        hits = [] if case is None or case.kind is None else [_of_subject(case, start.as_of, "id_number", None)]
        return SearchPage(
            hits=self._shown(hits),
            looked_for=LookedFor(text=None, among=("id_number",)),
            as_of=start.as_of,
            position=start.position,
        )

    def _shown(self, hits: Sequence[SearchHit]) -> tuple[SearchHit, ...]:
        """The hits on files that are shown to whoever is read for."""
        shown = self._journal.shown([hit.subject.id for hit in hits])
        return tuple(hit for hit in hits if hit.subject.id in shown)

    def _first(self, asked: str) -> SearchCursor:
        return SearchCursor("", 0, self._journal.head().position, legal_day(self._clock.now()), asked)

    def _found(
        self, text: str, kind: SubjectKind | None, start: SearchCursor, limit: int
    ) -> Iterator[tuple[str, list[SearchHit]]]:
        """What is found on each file, with the file before it: one file more than a page has room for."""
        key, after, until = folded(text), start.after, start.position
        own = self._record(text, kind, until)
        while True:
            rows = self._journal.found(text, kind=kind, after=after or None, limit=limit + 1, until=until)
            told = self._journal.mentions(text, [row.subject for row in rows], until=until)
            for row in rows:
                if own is not None and after < own.subject.id < row.subject:
                    yield after, [own]
                    after = own.subject.id
                hits = [*_hits(row.subject, told[row.subject], text, key, start.as_of)]
                yield after, ([own] if own is not None and own.subject.id == row.subject else []) + hits
                after = row.subject
            if len(rows) <= limit:
                if own is not None and after < own.subject.id:
                    yield after, [own]
                return

    def _record(self, id: str, kind: SubjectKind | None, until: int) -> SearchHit | None:
        """The fact or record whose id a text is."""
        owner = self._journal.owner_of(id, until=until) if _UUID.fullmatch(id) else None
        if owner is None or not is_subject(owner):
            return None
        rows = self._journal.stream(owner, until=until)
        case, day = case_file(owner, rows), legal_day(self._clock.now())
        if case.kind is None or kind not in (None, case.kind) or not any(_brings(r, id) for r in with_joined(rows)):
            return None
        if id in case.facts:
            return _of_fact(case, case.facts[id], day, "id", id)
        return msgspec.structs.replace(_of_subject(case, day, "id", id), kind="record", id=id)


def _brings(recorded: Recorded, id: str) -> bool:
    introduces = getattr(recorded.event, "introduces", None)
    return introduces is not None and getattr(recorded.event, introduces, None) == id


def _hits(subject: str, rows: Sequence[Recorded], text: str, key: str, day: dt.date) -> Iterator[SearchHit]:
    """Everything on a file that the text may mean: the subject once, by the best of what it is known by, then facts.

    What stands on a file that was joined to it is known of the subject, too, as a number or a name that it had.
    """
    case = case_file(subject, [r for r in rows if r.stream == subject])
    by = _known_by(case, text, key, day)
    others = {r.stream: None for r in rows if r.stream != subject}
    for other in others:
        before = _known_by(case_file(other, [r for r in rows if r.stream == other]), text, key, day)
        if by is None and before is not None:
            by = _FORMER.get(before[0], before[0]), before[1]
    if others:
        case = case_file(subject, [*rows[:1], *sorted(rows[1:], key=lambda r: r.position)])
    if by is not None:
        yield _of_subject(case, day, *by)
    for fact in case.facts.values():
        said = _said_by(fact, key)
        if said is not None:
            yield _of_fact(case, fact, day, *said)
    for letter in case.letters.values():
        if letter.issued is not None and folded(letter.issued.number) == key:
            yield _of_letter(case, letter, letter.issued, day)


_FORMER: Final[Mapping[Matched, Matched]] = {"uscc": "former_uscc", "name": "former_name"}
"""By what a subject is known where the file that was joined to its own has it."""


def _known_by(case: CaseFile, text: str, key: str, day: dt.date) -> tuple[Matched, str] | None:
    """By what the text means the subject itself."""
    if case.subject == text:
        return "id", case.subject
    registration = case.registration
    if not isinstance(registration, AgencyRegistered | ClientRegistered):
        return None
    number, name = case.uscc_on(day) or "", case.name_on(day) or ""
    numbers = [registration.uscc, *(change.uscc for change in case.changes)]
    names = [registration.name, *(change.name for change in case.changes)]
    if folded(number) == key:
        return "uscc", number
    if key in folded(name):
        return "name", name
    for former in numbers:
        if former and folded(former) == key:
            return "former_uscc", former
    for former in reversed(names):
        if former and key in folded(former):
            return "former_name", former
    return None


def _said_by(fact: FactFile, key: str) -> tuple[Matched, str] | None:
    """Which of the numbers of a fact the text is: as it reads now, or before a correction."""
    now: Sequence[tuple[Matched, str | None]] = (
        ("document", fact.record.document),
        ("case_no", fact.record.case_no),
    )
    before: Sequence[tuple[Matched, object]] = (
        ("former_document", fact.recorded.document),
        ("former_case_no", fact.recorded.case_no),
        *(("former_document", c.changes.document) for c in fact.corrections),
        *(("former_case_no", c.changes.case_no) for c in fact.corrections),
    )
    for matched, said in (*now, *before):
        if isinstance(said, str) and said and folded(said) == key:
            return matched, said
    return None


def _of_subject(case: CaseFile, day: dt.date, matched: Matched, value: str | None) -> SearchHit:
    return SearchHit(
        kind=case.graded_as,
        id=case.subject,
        subject=_subject(case, day),
        region=case.region_on(day),
        matched=matched,
        value=value,
    )


def _of_fact(case: CaseFile, fact: FactFile, day: dt.date, matched: Matched, value: str) -> SearchHit:
    record = fact.record
    return SearchHit(
        kind="fact",
        id=fact.id,
        subject=_subject(case, day),
        region=case.region_on(day),
        matched=matched,
        value=value,
        regime=record.regime,
        row=record.row,
        authority=record.authority,
        document=record.document,
        decided_on=record.decided_on,
        retracted=fact.retracted is not None,
    )


def _of_letter(case: CaseFile, letter: LetterFile, issued: LetterIssued, day: dt.date) -> SearchHit:
    return SearchHit(
        kind="letter",
        id=issued.letter,
        subject=_subject(case, day),
        region=case.region_on(day),
        matched="letter_number",
        value=issued.number,
        regime=letter.drafted.regime,
        authority=letter.drafted.bureau,
        document=issued.number,
        decided_on=issued.dated_on,
        retracted=letter.withdrawn is not None,
    )


def _subject(case: CaseFile, day: dt.date) -> SubjectRef:
    return SubjectRef(id=case.subject, kind=case.kind or "", name=case.name_on(day))
