"""Filling a letter from the file. What is not on record is refused with its reason, and never made up."""

import copy
import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Final

import msgspec

from application.papers.dossier import masked_number
from application.papers.evidence import missing_papers
from application.papers.letters.content import (
    LastDay,
    LetterContent,
    LetterFact,
    Letterhead,
    LetterMatter,
    MissingPaper,
)
from application.ports import Journal, Vault
from application.prose import Opened
from domain.admissibility import Admissibility
from domain.aggregates.advisories import AdvisoryFile, stream_of
from domain.aggregates.casefile import CaseFile, evolve
from domain.aggregates.facts import FactFile
from domain.aggregates.letters import LetterFile, LetterOffice, office_stream
from domain.errors import Refused, Undetermined
from domain.events.evaluation import DeliveryRecorded
from domain.events.papers.letters import LetterDrafted, LetterheadSet, LetterKind
from domain.law.regime import RegimeLaw
from domain.procedures.deadlines import Deadline, deadlines_of, proof_of
from domain.procedures.objections import admissibility_of_objection
from domain.procedures.papers.letters import DEADLINE_OF, letter_grounds, open_duties
from domain.procedures.repairs import admissibility_of_repair
from domain.sentence import sentence
from domain.vocabulary import PERSONS, plain

_CORRECTIONS: Final = ("objection_correction", "repair_correction")
"""Letters that ask for what is missing."""

_FROM_RECEIPT: Final = ("grade_notice",)
"""Letters whose period runs from their own receipt."""


class LetterFilling:
    """Fills letters. Safe to share between threads."""

    def __init__(self, journal: Journal, vault: Vault) -> None:
        self._journal = journal
        self._vault = vault

    def content(
        self,
        case: CaseFile,
        letter: LetterFile,
        law: RegimeLaw,
        dated_on: dt.date,
        office: LetterOffice,
        advisories: Callable[[], AdvisoryFile],
    ) -> LetterContent:
        """What a letter says when it is dated ``dated_on``. ``advisories`` are those about the subject.

        Raises ``Refused`` where the bureau has set no letterhead or the addressee has no name on record,
        ``Undetermined`` where what the letter tells of is not on record or its last day cannot be reckoned.
        """
        drafted = letter.drafted
        letterhead = office.letterhead
        if letterhead is None:
            raise Refused("no_letterhead", sentence("papers.letters.no_letterhead"))
        opened = Opened(self._vault, self._journal.joined_to)

        of_letter = texts_of_letter(case.subject, drafted.kind)

        def told(text: str) -> str:
            return opened.told(case.subject, text)

        name, code = self._addressee(case, dated_on)
        own = office.templates.get(drafted.kind)
        matter = _Said(case, drafted, law, dated_on, told, advisories).matter()
        if drafted.kind in _CORRECTIONS:
            matter = _with_missing(case, letter, matter, dated_on)
        last = last_day(case, letter, law, dated_on)
        if drafted.kind == "reminder" and last is None and not letter.text.paragraphs:
            raise Refused("nothing_to_remind_of", sentence("papers.letters.nothing_to_remind_of"))
        return LetterContent(
            letter=drafted.letter,
            kind=drafted.kind,
            subject=case.subject,
            subject_kind=case.graded_as,
            regime=drafted.regime,
            dated_on=dated_on,
            bureau=drafted.bureau,
            head=_letterhead(letterhead, opened),
            template="" if own is None else own.file.digest,
            addressee=name,
            code=code,
            matter=matter,
            cites=letter_grounds(case, drafted.kind, drafted.concerns, law, dated_on),
            last_day=last,
            paragraphs=tuple(opened.told(of_letter, text) for text in letter.text.paragraphs),
            copies=tuple(opened.told(of_letter, text) for text in letter.text.copies),
        )

    def _addressee(self, case: CaseFile, on: dt.date) -> tuple[str, str]:
        """The name of the subject on a day, and its code: of a person with the middle hidden."""
        if case.kind not in PERSONS:
            name = case.name_on(on)
            if name is None:
                raise Refused("no_addressee", sentence("papers.letters.no_addressee"))
            return name, case.uscc_on(on) or ""
        person = self._vault.open([case.subject]).get(case.subject)
        if person is None or person.name is None:
            raise Refused("no_addressee", sentence("papers.letters.no_addressee"))
        return person.name, "" if person.id_number is None else masked_number(person.id_number)


def texts_of_letter(subject: str, kind: LetterKind) -> str:
    """The stream with whose key the texts of a letter about a subject are sealed."""
    return stream_of(subject) if kind == "assistance_notice" else subject


def _with_missing(case: CaseFile, letter: LetterFile, matter: LetterMatter, dated_on: dt.date) -> LetterMatter:
    """What is to be completed: the papers that the text asks for and that are not in the file. What else it is, and
    until when, is the bureau's to say: no text gives it."""
    found = missing_papers(case, letter.drafted.concerns)
    if not found and not letter.text.paragraphs:
        raise Refused("needs_paragraphs", sentence("papers.letters.needs_paragraphs"))
    if letter.due_on is None:
        raise Refused("needs_last_day", sentence("papers.letters.needs_last_day"))
    if letter.due_on < dated_on:
        says = sentence("papers.letters.last_day_over", due_on=letter.due_on, dated_on=dated_on)
        raise Refused("last_day_over", says)
    missing = tuple(MissingPaper(code=paper.code, cites=paper.cites) for paper in found)
    return msgspec.structs.replace(matter, missing=missing)


def _must_be_admissible(found: Admissibility) -> None:
    if not found.admissible and found.says is not None:
        raise Refused("not_admissible", found.says, *found.cites)


def _letterhead(found: LetterheadSet, opened: Opened) -> Letterhead:
    stream = office_stream(found.bureau)
    return Letterhead(
        name=found.name,
        contact=opened.told(stream, found.contact),
        address=opened.told(stream, found.office_address),
        remedies=opened.told(stream, found.remedies),
    )


def last_day(case: CaseFile, letter: LetterFile, law: RegimeLaw, dated_on: dt.date) -> LastDay | None:
    """The last day that a letter states: that of a deadline of the procedure, reckoned with the calendar, or the one
    that the bureau sets; ``None`` where neither gives one.

    Raises ``Undetermined`` for a day that rests on a calendar that is not known or on a suspension without an end.
    """
    drafted = letter.drafted
    deadline, assumed = _deadline_of(case, drafted, law, dated_on)
    if deadline is None:
        return None if letter.due_on is None else LastDay(kind="set", due_on=letter.due_on)
    if deadline.due_on is None:
        raise Undetermined("suspended", sentence("papers.letters.suspended"))
    if deadline.provisional:
        raise Undetermined("no_calendar", sentence("papers.letters.no_calendar", day=deadline.due_on))
    return LastDay(
        kind=deadline.kind,
        due_on=deadline.due_on,
        starts_on=deadline.starts_on,
        working_days=_working_days(assumed or case, law, deadline),
        if_served_on=None if assumed is None else dated_on,
        cites=deadline.cites,
    )


def _deadline_of(
    case: CaseFile, drafted: LetterDrafted, law: RegimeLaw, dated_on: dt.date
) -> tuple[Deadline | None, CaseFile | None]:
    """The deadline that a letter tells of; with the file as it would be if the letter was served on its day, where the
    period runs from its receipt and none is on record."""
    if drafted.kind == "reminder":
        found = [d for d in open_duties(case, law, dated_on) if drafted.concerns in (d.id, d.started_by)]
        return next(iter(found), None), None
    kind = DEADLINE_OF.get(drafted.kind)
    if kind is None:
        return None, None
    wanted = f"{drafted.concerns}:{kind}"
    step = case.stages.get(drafted.concerns)
    assumed = None
    if drafted.kind in _FROM_RECEIPT and step is not None and step.event.received_on is None:
        assumed = copy.deepcopy(case)
        evolve(assumed, DeliveryRecorded(record=drafted.concerns, received_on=dated_on), 0)
    found = [d for d in deadlines_of(assumed or case, law) if d.id == wanted]
    return next(iter(found), None), assumed


def _working_days(case: CaseFile, law: RegimeLaw, deadline: Deadline) -> int | None:
    """How many working days the period has; ``None`` for one of months, or up to a day."""
    numbers = [day.number for day in proof_of(case, law, deadline).days if day.number is not None]
    return max(numbers, default=None)


class _Said:
    """What the file says of the record that a letter is about."""

    def __init__(
        self,
        case: CaseFile,
        drafted: LetterDrafted,
        law: RegimeLaw,
        dated_on: dt.date,
        told: Callable[[str], str],
        advisories: Callable[[], AdvisoryFile],
    ) -> None:
        self._case = case
        self._drafted = drafted
        self._law = law
        self._dated_on = dated_on
        self._told = told
        self._advisories = advisories

    def matter(self) -> LetterMatter:
        """What a letter of the kind tells."""
        kind: LetterKind = self._drafted.kind
        if kind in ("grade_notice", "practitioner_letter"):
            return self._of_step()
        if kind == "warning_notice":
            return self._of_warning()
        if kind.startswith("objection"):
            return self._of_objection()
        if kind.startswith("repair"):
            return self._of_repair()
        if kind == "record_notice":
            return self._of_record()
        return self._of_notice() if kind == "assistance_notice" else LetterMatter(days=self._days_of_reminder())

    def _of_step(self) -> LetterMatter:
        step = self._case.stages[self._drafted.concerns].event
        result = step.result
        if result is None:
            # A step that only passes a result on tells the last one that was given.
            results = [f.event for f in self._case.stages.values() if not f.retracted and f.event.result is not None]
            of_year = [e for e in results if (e.regime, e.year) == (step.regime, step.year)]
            last = max(of_year, key=lambda e: e.dated_on, default=None)
            result = None if last is None else last.result
        if result is None:
            raise Undetermined("no_result", sentence("papers.letters.no_result", year=step.year))
        if result.undetermined is not None:
            raise Undetermined("undetermined", sentence("papers.letters.undetermined", year=step.year))
        if result.holdings is None:
            facts = self._facts(result.counted)
        else:
            facts = tuple(
                LetterFact(row=held.row, effect=held.effect)
                if held.fact is None
                else self._fact(self._case.facts[held.fact], held.effect)
                for held in result.holdings
            )
        return LetterMatter(
            year=step.year,
            score=result.score,
            grade=result.grade,
            facts=facts,
            days={"step_on": step.dated_on},
            ways=self._law.grounds("repair_application", self._dated_on, self._case.kind),
        )

    def _of_record(self) -> LetterMatter:
        file = self._case.facts[self._drafted.concerns]
        points, rule = file.record.points, self._law.row_of(file.record)
        effect = plain(-points) if points is not None else "" if rule is None else rule.effect
        ways = self._law.grounds("repair_application", self._dated_on, self._case.kind)
        return LetterMatter(facts=(self._fact(file, effect),), ways=ways)

    def _of_warning(self) -> LetterMatter:
        issued = self._case.warnings[self._drafted.concerns].issued
        return LetterMatter(
            facts=self._facts((issued.fact,)),
            days={"issued_on": issued.issued_on, "due_on": issued.due_on},
            texts={"requirements": self._told(issued.requirements)},
        )

    def _of_objection(self) -> LetterMatter:
        file = self._case.objections[self._drafted.concerns]
        if self._drafted.kind == "objection_accepted":
            _must_be_admissible(admissibility_of_objection(self._case, file.filed, self._law))
        days = {"filed_on": file.filed.filed_on}
        texts = {"grounds": self._told(file.filed.grounds)}
        decided = file.decided
        if decided is not None:
            days["decided_on"] = decided.decided_on
            texts["reasons"] = self._told(decided.reasons)
        against = file.filed.against
        is_step = against in self._case.stages
        return LetterMatter(
            year=self._case.stages[against].event.year if is_step else None,
            facts=self._facts((against,)),
            outcome=None if decided is None else decided.outcome,
            days=days,
            texts=texts,
            papers=() if decided is None else self._papers(decided.sets_aside),
        )

    def _of_repair(self) -> LetterMatter:
        file = self._case.repairs[self._drafted.concerns]
        if self._drafted.kind == "repair_accepted":
            _must_be_admissible(admissibility_of_repair(self._case, file.asked, self._law))
        days = {"filed_on" if file.asked.applied else "committed_on": file.asked.dated_on}
        texts: dict[str, str] = {}
        if file.asked.completed_on is not None:
            days["completed_on"] = file.asked.completed_on
        if self._drafted.kind == "repair_confirmed" and file.city_confirmed is not None:
            days["decided_on"] = file.city_confirmed.confirmed_on
            texts["certificate"] = file.city_confirmed.certificate
        if self._drafted.kind == "repair_refused" and file.refused is not None:
            days["decided_on"] = file.refused.decided_on
            texts["reasons"] = self._told(file.refused.reasons)
        return LetterMatter(facts=self._facts(file.asked.facts), days=days, texts=texts)

    def _of_notice(self) -> LetterMatter:
        found = self._advisories()
        notice = found.notices[self._drafted.concerns]
        papers = tuple(found.advisories[id].document for id in notice.advisories if id in found.advisories)
        return LetterMatter(days={"step_on": notice.dated_on}, papers=papers)

    def _days_of_reminder(self) -> dict[str, dt.date]:
        entry = self._case.entries.get(self._drafted.concerns)
        happened = None if entry is None else entry.event.happened_on
        return {} if happened is None else {"issued_on": happened}

    def _facts(self, ids: Iterable[str]) -> tuple[LetterFact, ...]:
        return tuple(self._fact(self._case.facts[id], "") for id in ids if id in self._case.facts)

    def _papers(self, ids: Sequence[str]) -> tuple[str, ...]:
        return tuple(self._case.facts[id].record.document for id in ids if id in self._case.facts)

    def _fact(self, file: FactFile, effect: str) -> LetterFact:
        record = file.record
        return LetterFact(
            row=record.row,
            effect=effect,
            document=record.document,
            authority=record.authority,
            occurred_on=record.occurred_on,
            decided_on=record.decided_on,
            summary=self._told(record.summary) if record.summary else None,
        )
