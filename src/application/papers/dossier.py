"""The dossier of a grade: everything that stands behind one answer, gathered on its basis in one look at the journal.

It has codes, numbers, days and ids alone; interfaces put it into words and set it as a paper. Nothing in it comes from
the clock: the same basis, and the same official wording on record, give the same dossier next year, too.
"""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from typing import Literal, cast

import msgspec
from msgspec import UnsetType

from application.answering.behind.authorities import authority_of
from application.answering.behind.particulars import first_day
from application.answering.case_files import case_file, with_joined
from application.answering.grading import (
    GradeAnswer,
    GradePeriod,
    Grading,
    OpenedFile,
    Question,
    Read,
    core_digest,
    edition_known,
    quoted,
)
from application.answering.interpretations import Readings, ReadingsAnswer
from application.answering.timeline import TimelineEntry, Timelines
from application.deadlines.worklist import DeadlineLine, ProofLine, proofs_of
from application.explaining.differences import Basing, Differing, GradeDifference
from application.law.legislation import Legislation
from application.ports import Journal, Recorded, Vault
from application.prose import Opened
from application.recording.outcomes import tag_of
from domain.errors import Invalid
from domain.events.event import Evidence
from domain.events.facts import FactCorrected, paper_of
from domain.events.lawbook import OfficialTextLoaded, RulebookAdopted
from domain.events.papers.evidence import EvidenceReceived
from domain.events.papers.letters import LetterIssued
from domain.events.registration import AgencyRegistered, ClientRegistered
from domain.events.repairs import RepairConfirmed
from domain.law.citations import Articles, cites_in_order
from domain.law.edition import Counting, only
from domain.procedures.deadlines import Extension, Suspension, deadlines_of
from domain.time import end_of_day, iso_utc, legal_day
from domain.vocabulary import PERSONS, plain

KnownThen = Literal["compared", "nothing_later", "no_file", "no_edition"]
"""What was known at the end of the day asked about: it is compared with the answer; nothing that was recorded later is
looked at; there was no file, or no edition on record."""


class DossierEmployer(msgspec.Struct, frozen=True, kw_only=True):
    """An agency for which a person works or worked: its name, as what, from when, and up to when as far as known."""

    agency: str
    role: str | None
    from_on: dt.date
    until_on: dt.date | None


class DossierSubject(msgspec.Struct, frozen=True, kw_only=True):
    """Whose dossier it is, as registered on the day asked about: of a person the name and the number of the identity
    document, of which the first three and the last two characters are left, and where the person works or worked by
    then."""

    id: str
    kind: str
    region: str
    name: str | None = None
    uscc: str | None = None
    services: tuple[str, ...] = ()
    id_number: str | None = None
    employers: tuple[DossierEmployer, ...] = ()


class AppliedEdition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition that the answer rests on: by which paper it was adopted and when (none: it came with the product), and
    from when to when it is in force. ``wording`` is the digest of its official wording, where that is on record."""

    id: str
    regime: str
    digest: str
    draft: bool
    document: str | None
    adopted_on: dt.date | None
    in_force_on: dt.date | None
    until_on: dt.date | None
    readings: dict[str, str]
    wording: str | None


class DossierBand(msgspec.Struct, frozen=True, kw_only=True):
    """The grade of scores from ``at_least`` up to ``below``, which is no longer one of them; without a bound where
    there is none."""

    grade: str
    at_least: str | None
    below: str | None
    cites: tuple[str, ...]


class DossierThreshold(msgspec.Struct, frozen=True, kw_only=True):
    """From how many counted records on a grade is given, and which one below."""

    count: int
    grade: str
    otherwise: str
    cites: tuple[str, ...]


class CitedWording(msgspec.Struct, frozen=True, kw_only=True):
    """The official wording of a provision that is cited, and the edition that it belongs to."""

    cite: str
    edition: str
    text: str


class DossierDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline of the file with its proof, day by day."""

    deadline: DeadlineLine
    proof: tuple[ProofLine, ...]
    extensions: tuple[Extension, ...]
    suspensions: tuple[Suspension, ...]


class DossierPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper on the file, or a piece of evidence: by which event it came (``type``), to which record it belongs, its
    number, its authority and its day; of which ``kind`` evidence or a letter is, what it is called (``title``), its
    digest, and where it lies. ``personal`` marks personal data, ``withdrawn`` what is relied on no longer."""

    type: str
    record: str | None
    row: str | None
    on: dt.date | None
    document: str | None = None
    authority: str | None = None
    title: str | None = None
    digest: str | None = None
    place: str | None = None
    kind: str | None = None
    personal: bool = False
    withdrawn: bool = False


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """What a dossier says.

    ``digest`` is that of the core of the ``grade``, as its token bears it. ``then`` says what was known at the end of
    the day asked about; where that can be ``compared``, ``since`` tells why the grade is another one by now.
    ``history_then`` is the history up to that day as it was known when it ended; empty where nothing is compared.
    ``opened_at`` is when the file was opened. ``bands`` are the grades that scores stand for, and
    ``threshold`` is the number of records that brings about one where records are counted;
    ``cites`` is every provision that anything here rests on, in the order of the texts. ``names`` are those of the
    persons whose employment the timeline tells, by their ids.
    """

    subject: DossierSubject
    grade: GradeAnswer
    digest: str
    editions: tuple[AppliedEdition, ...]
    bands: tuple[DossierBand, ...]
    threshold: DossierThreshold | None
    cites: tuple[str, ...]
    wordings: tuple[CitedWording, ...]
    then: KnownThen
    since: GradeDifference | None
    opened_at: str
    readings: ReadingsAnswer
    deadlines: tuple[DossierDeadline, ...]
    history: tuple[GradePeriod, ...]
    history_then: tuple[GradePeriod, ...]
    timeline: tuple[TimelineEntry, ...]
    names: dict[str, str]
    papers: tuple[DossierPaper, ...]


class Dossiers:
    """The use case of gathering dossiers. Safe to share between threads; it only reads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        legislation: Legislation,
        grading: Grading,
        readings: Readings,
        timelines: Timelines,
    ) -> None:
        self.journal = journal
        self.vault = vault
        self.legislation = legislation
        self._grading = grading
        self._readings = readings
        self._timelines = timelines

    @property
    def engine(self) -> str:
        """The version of the code that answers."""
        return self._grading.engine

    def of(self, question: Question) -> Dossier:
        """The dossier of a question. Raises as ``Grading.explained`` does."""
        return self._gathered(question)

    def again(self, token: str) -> Dossier:
        """The dossier of the basis of an earlier grade answer. Raises as ``Grading.repeat`` does."""
        question = self._grading.question_of(token)
        with edition_known(question):
            found = self._gathered(question)
        return msgspec.structs.replace(found, grade=self._grading.compared(found.grade, token))

    def _gathered(self, question: Question) -> Dossier:
        opened = self._grading.open_file(question)
        read = self._grading.under(question.regime, question, opened)
        # Whatever is looked up besides is looked up at the same place of the journal.
        pinned = msgspec.structs.replace(question, as_of=read.as_of, known_at=read.known_at, position=read.position)
        answer = quoted(self._grading.explained_from(pinned, read, opened), self.legislation)
        known = self.legislation.known_then(
            known_at=read.known_at, position=read.position, law_position=opened.snapshot.law_position
        )
        deadlines = tuple(_deadlines(read))
        regimes = {None, question.regime, *(adopted.edition.regime for adopted in read.known.rulebooks)}
        told = self._timelines.of_file(read.case, opened.snapshot, read.known_at)
        timeline = tuple(entry for entry in told.entries if entry.regime in regimes and entry.inner is None)
        bands, threshold = tuple(_bands(read)), _threshold(read)
        cites = cites_in_order(
            _cites(answer, deadlines, bands, threshold), [Articles(a.edition.article) for a in read.known.rulebooks]
        )
        reads = _Reads(self._grading, pinned, read, opened)
        then, since = self._since(pinned, read, reads)
        return Dossier(
            subject=self._subject(read),
            grade=answer,
            digest=core_digest(answer),
            editions=tuple(self._editions(answer, known)),
            bands=bands,
            threshold=threshold,
            cites=cites,
            wordings=tuple(self._wordings(answer, cites)),
            then=then,
            since=since,
            opened_at=iso_utc(read.case.instants[0]),
            readings=self._readings.of_read(pinned, read, answer, opened.others),
            deadlines=deadlines,
            history=self._grading.history_of(pinned, read).spans,
            history_then=self._history_then(pinned, read.as_of, reads) if then == "compared" else (),
            timeline=timeline,
            names=self._names(timeline),
            papers=tuple(self._papers(read, opened, regimes)),
        )

    # --- whose it is --------------------------------------------------------------------------------------

    def _subject(self, read: Read) -> DossierSubject:
        case, day = read.case, read.as_of
        person = self.vault.open([case.subject]).get(case.subject) if case.kind in PERSONS else None
        registered = case.registration
        return DossierSubject(
            id=case.subject,
            kind=case.kind or "",
            region=case.region_on(day),
            name=case.name_on(day) if person is None else person.name,
            uscc=case.uscc_on(day) or registered.uscc
            if isinstance(registered, AgencyRegistered | ClientRegistered)
            else None,
            services=tuple(sorted(case.services_on(day))),
            id_number=None if person is None or person.id_number is None else masked_number(person.id_number),
            employers=tuple(self._employers(read)) if case.kind in PERSONS else (),
        )

    def _employers(self, read: Read) -> Sequence[DossierEmployer]:
        """Where a person works or has worked by the day, the earliest first."""
        person, day = read.case.subject, read.as_of
        agencies = self.journal.employers_of(person, until=read.position)
        found = []
        for agency, rows in self.journal.streams(agencies, until=read.position).items():
            case = case_file(agency, rows)
            called = case.name_on(day) or agency
            found += [
                DossierEmployer(agency=called, role=job.role, from_on=job.from_on, until_on=job.until_on)
                for job in case.employments.values()
                if job.practitioner == person and job.from_on <= day
            ]
        return sorted(found, key=lambda job: (job.from_on, job.agency))

    def _names(self, timeline: Sequence[TimelineEntry]) -> dict[str, str]:
        """What the persons are called whose employment a timeline tells, as far as they have a name."""
        persons = [entry.employee for entry in timeline if entry.employee is not None]
        found = self.vault.open(list(dict.fromkeys(persons)))
        return {id: person.name for id, person in found.items() if person is not None and person.name is not None}

    # --- the law ------------------------------------------------------------------------------------------

    def _editions(self, answer: GradeAnswer, known: Sequence[Recorded]) -> Iterator[AppliedEdition]:
        loaded = {
            r.event.id: r.event.digest for r in self.legislation.known() if isinstance(r.event, OfficialTextLoaded)
        }
        for book in answer.basis.rulebooks:
            adopted = [r for r in known if isinstance(r.event, RulebookAdopted) and r.event.digest == book.digest]
            yield _edition(book.id, book.digest, book.readings, adopted[-1], loaded.get(book.id), self.legislation)

    def _wordings(self, answer: GradeAnswer, cites: Sequence[str]) -> Iterator[CitedWording]:
        """The wording of every provision that is cited, of the first edition that has it."""
        ids = [book.id for book in reversed(answer.basis.rulebooks)]
        texts = [(id, wording) for id in ids for wording in self.legislation.wordings([id])]
        for cite in cites if texts else ():
            found = next(((id, quote) for id, wording in texts if (quote := wording.quote(cite)) is not None), None)
            if found is not None:
                yield CitedWording(cite=cite, edition=found[0], text=found[1])

    # --- what came later ----------------------------------------------------------------------------------

    def _since(self, question: Question, read: Read, reads: "_Reads") -> tuple[KnownThen, GradeDifference | None]:
        """What was known when the day asked about ended, and why the grade is another one by now."""
        then = end_of_day(read.as_of)
        if read.known_at <= then:
            return "nothing_later", None
        if read.case.instants[0] > then:
            return "no_file", None
        now = Basing(as_of=read.as_of, known_at=read.known_at, position=read.position, readings=question.readings)
        before = Basing(as_of=read.as_of, known_at=then, readings=question.readings)
        differing = Differing(self.journal, self.legislation, self._grading, reads.read)
        try:
            return "compared", differing.between(question.subject, question.regime, before, now)
        except Invalid:
            return "no_edition", None

    def _history_then(self, question: Question, day: dt.date, reads: "_Reads") -> tuple[GradePeriod, ...]:
        """The history up to the day asked about, by what was known when it ended."""
        known_then = msgspec.structs.replace(question, known_at=end_of_day(day), position=None)
        return self._grading.history_of(known_then, reads.read(known_then), until_on=day).spans

    # --- what is on the file ------------------------------------------------------------------------------

    def _papers(self, read: Read, opened: OpenedFile, regimes: Collection[str | None]) -> Iterator[DossierPaper]:
        """Every paper that events of the file name, with the evidence that came with it, in the order of its days."""
        prose = Opened(self.vault, lambda _: read.case.joined)
        places = self.legislation.regions(opened.snapshot.law_position)
        rows = sorted(with_joined(opened.snapshot.rows), key=lambda r: r.event.happened_on or legal_day(r.recorded_at))
        for row in rows:
            event = row.event
            if isinstance(event, EvidenceReceived | LetterIssued):
                yield from self._kept(read, event, regimes, prose)
                continue
            record = event.introduced_id or event.about_id
            fact = read.case.facts.get(record or "")
            regime = getattr(event, "regime", None) or (None if fact is None else fact.record.regime)
            if regime not in regimes:
                continue
            document = event.certificate if isinstance(event, RepairConfirmed) else paper_of(event)
            found = DossierPaper(
                type=tag_of(event),
                record=record,
                row=None if fact is None else fact.record.row,
                on=first_day(event) or event.happened_on,
                document=document,
                authority=authority_of(event, read.case, places),
            )
            if document is not None:
                yield found
            for piece in _evidence(event):
                yield msgspec.structs.replace(
                    found,
                    title=prose.told(read.case.subject, piece.title),
                    digest=piece.digest,
                    place=piece.place,
                )

    def _kept(
        self, read: Read, event: EvidenceReceived | LetterIssued, regimes: Collection[str | None], prose: Opened
    ) -> Iterator[DossierPaper]:
        """A paper whose bytes are kept: a piece of evidence that came in, a letter that went out."""
        case = read.case
        if isinstance(event, LetterIssued):
            letter = case.letters.get(event.letter)
            if letter is not None and letter.drafted.regime in regimes:
                sent = event.pdf or event.docx
                yield DossierPaper(
                    type=tag_of(event),
                    record=event.letter,
                    row=None,
                    on=event.dated_on,
                    document=event.number,
                    authority=letter.drafted.bureau,
                    kind=letter.drafted.kind,
                    digest=sent.digest,
                    withdrawn=letter.withdrawn is not None,
                )
            return
        file, fact = case.evidence.get(event.evidence), case.facts.get(event.record or "")
        if file is not None and (fact is None or fact.record.regime in regimes):
            yield DossierPaper(
                type=tag_of(event),
                record=event.record,
                row=None if fact is None else fact.record.row,
                on=event.received_on,
                kind=event.kind,
                title=prose.told(case.subject, event.title),
                digest=event.digest,
                personal=file.personal_data,
                withdrawn=file.withdrawn is not None,
            )


class _Reads:
    """What is read for the questions of one dossier: the file as it is known, and as it was known then, each once."""

    def __init__(self, grading: Grading, question: Question, read: Read, opened: OpenedFile) -> None:
        self._grading = grading
        self._opened = opened
        self._found = [(question, read)]

    def read(self, question: Question) -> Read:
        """What is read for a question. Raises as ``Grading.read`` does."""
        found = next((read for asked, read in self._found if asked == question), None)
        if found is None:
            found = self._grading.read_within(question, self._opened)
            self._found.append((question, found))
        return found


def _deadlines(read: Read) -> Iterator[DossierDeadline]:
    begun = [d for d in deadlines_of(read.case, read.known.law) if d.starts_on <= read.as_of]
    for line, proof, extensions, suspensions in proofs_of(read.case, read.known, read.as_of, begun):
        yield DossierDeadline(deadline=line, proof=proof, extensions=extensions, suspensions=suspensions)


def _threshold(read: Read) -> DossierThreshold | None:
    counting = only(Counting, read.known.law.method(read.case.kind, read.as_of))
    if counting is None:
        return None
    return DossierThreshold(
        count=counting.count, grade=counting.grade, otherwise=counting.otherwise, cites=counting.cites
    )


def _bands(read: Read) -> Iterator[DossierBand]:
    method = read.known.law.method(read.case.kind, read.as_of)
    for band in getattr(method, "bands", ()):
        least, below = (None if bound is None else plain(bound) for bound in (band.at_least, band.below))
        yield DossierBand(grade=band.grade, at_least=least, below=below, cites=band.cites)


def _edition(
    id: str,
    digest: str,
    readings: dict[str, str],
    adopted: Recorded,
    wording: str | None,
    legislation: Legislation,
) -> AppliedEdition:
    event = cast("RulebookAdopted", adopted.event)
    edition = legislation.parsed(event)
    return AppliedEdition(
        id=id,
        regime=event.regime,
        digest=digest,
        draft=edition.status == "draft",
        document=event.document,
        adopted_on=None if event.founding else event.adopted_on or legal_day(adopted.recorded_at),
        in_force_on=event.in_force_on,
        until_on=event.until_on,
        readings=readings,
        wording=wording,
    )


def _cites(
    answer: GradeAnswer,
    deadlines: Sequence[DossierDeadline],
    bands: Sequence[DossierBand],
    threshold: DossierThreshold | None,
) -> Iterator[str]:
    """Every provision that the answer and the deadlines rest on."""
    if not isinstance(answer.initial, UnsetType):
        yield from answer.initial.cites
    for step in answer.steps:
        yield from step.cites
    for band in bands:
        yield from band.cites
    if threshold is not None:
        yield from threshold.cites
    for measure in answer.measures:
        yield from measure.cites
    for found in deadlines:
        yield from found.deadline.cites


def _evidence(event: object) -> Sequence[Evidence]:
    """The pieces of evidence that an event brings."""
    source = event.changes if isinstance(event, FactCorrected) else event
    found = getattr(source, "evidence", ())
    # Of an event about a piece that is in the file itself it is the id.
    return found if isinstance(found, tuple) else ()


def masked_number(number: str) -> str:
    """The number of an identity document of which the first three and last two characters are left; nothing of a very
    short one."""
    if len(number) < 8:
        return "*" * len(number)
    return number[:3] + "*" * (len(number) - 5) + number[-2:]
