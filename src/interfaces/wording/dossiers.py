"""A dossier told in one language: what stands on the paper, part by part, before it is set.

It is told in the words of the editions as they were known on its basis, so that an adoption recorded later changes
nothing in it.
"""

import datetime as dt
import math
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec import UnsetType

from application.answering.behind.authorities import seat_of
from application.answering.behind.particulars import Particulars
from application.answering.behind.underlying import Underlying
from application.answering.grading import ApplicableMeasure, Basis, GradePeriod, StepLine, known_at_from
from application.answering.timeline import TimelineEntry
from application.deadlines.worklist import DeadlineLine, ProofLine
from application.explaining.attribution import ComparedFigures, Interaction
from application.explaining.differences import DifferenceCause
from application.law.legislation import Legislation
from application.papers.dossier import (
    AppliedEdition,
    Dossier,
    DossierBand,
    DossierDeadline,
    DossierPaper,
    DossierSubject,
    KnownThen,
)
from application.prose import Opened
from domain.time import ONE_DAY, legal_day
from domain.vocabulary import PERSONS
from interfaces.wording import causes, interpretations, places, words
from interfaces.wording.answers import told as told_answer
from interfaces.wording.days import day_written, days_written, span_written
from interfaces.wording.lexicons import LawAsKnown, Lexicons
from interfaces.wording.punctuation import begun, by_colon, by_commas, by_semicolons, cited, in_brackets, joined
from interfaces.wording.texts import Language, name, say

Scale = Literal["left", "sum", "recorded"]
"""What a score is: what is left of an initial one, a sum of points, or as it was recorded."""

CORRECTED_DAYS: Final = ("occurred_on", "decided_on", "served_on", "final_on", "verified_on", "until_on")
"""The days of a record, in their order, which a correction may change."""

MOST_REASONS: Final = 5
"""Most reasons that stand in the conclusion; the account has all of them."""


class ToldTrack(msgspec.Struct, frozen=True, kw_only=True):
    """What one of the three tracks says on the day, and what there is to know of it."""

    code: str
    result: str
    about: str


class ToldStep(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the account: what it is about, what it does, the rest after it, from when until when it counts, on
    what ground; or why it does not. ``ended_by`` is what put an end to it, with its paper. ``origins`` say what each
    of the ``papers`` is that bears no number, ``rests_on`` on what earlier records the line rests besides.
    """

    row: str
    counted: bool
    effective_on: dt.date | None
    last_on: dt.date | None
    ended_by: str | None
    effect: str
    score: str | None
    ground: str
    why_not: str | None
    again: str
    quote: str | None
    particulars: Particulars | None
    papers: tuple[Particulars, ...]
    origins: tuple[str, ...]
    rests_on: tuple[str, ...]


class ToldEdition(msgspec.Struct, frozen=True, kw_only=True):
    """An edition that was applied."""

    id: str
    title: str
    force: str
    draft: bool
    document: str | None
    adopted_on: dt.date | None
    in_force_on: dt.date | None
    until_on: dt.date | None
    digest: str
    wording: str | None


class ToldWording(msgspec.Struct, frozen=True, kw_only=True):
    """A provision that is cited; ``text`` is its official wording, where that is on record."""

    cite: str
    text: str | None


class ToldReading(msgspec.Struct, frozen=True, kw_only=True):
    """A question that the text leaves open: the answer chosen, and what comes out under another one: whether it
    ``changes`` the grade, or ``alters`` anything of the result; ``untold`` where the bureau has to supply a table
    before it can be told; ``used`` where a line or a deadline of this dossier rests on it."""

    id: str
    issue: str
    chosen: str
    other: str
    result: str
    changes: bool
    alters: bool
    untold: bool
    used: bool


class ToldRun(msgspec.Struct, frozen=True, kw_only=True):
    """Days in a row that are alike in a proof: which, how they are counted, and what kind of days they are."""

    days: str
    counted: str
    kind: str


class ToldDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline with its proof; ``counted_as`` is what is due, with the length of its period where it has one."""

    what: str
    counted_as: str
    about: str
    ground: str
    starts_on: dt.date
    due_on: dt.date | None
    state: str
    provisional: bool
    runs: tuple[ToldRun, ...]
    notes: tuple[str, ...]
    papers: tuple[str, ...]


class ToldSpan(msgspec.Struct, frozen=True, kw_only=True):
    """Days on which the grade was the same."""

    from_on: dt.date
    until_on: dt.date | None
    score: str | None
    result: str
    name: str


class ToldBand(msgspec.Struct, frozen=True, kw_only=True):
    """From which score on a grade is given."""

    least: float
    name: str


class ToldEmployment(msgspec.Struct, frozen=True, kw_only=True):
    """Who is employed: the name, where there is one, and (``about``) the position and the last day."""

    person: str | None
    about: str


class ToldEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the timeline; of an ``employment`` its title is followed by whose it is."""

    on: dt.date | None
    title: str
    document: str | None
    authority: str | None
    recorded_on: dt.date
    delay_days: int | None
    struck: str | None
    employment: ToldEmployment | None


class ToldPaper(msgspec.Struct, frozen=True, kw_only=True):
    """A paper on the file, or a piece of evidence: what it is, and what it is called; ``personal`` marks personal data,
    ``withdrawn`` says so where it is relied on no longer."""

    what: str
    title: str | None
    personal: bool
    withdrawn: str | None
    document: str | None
    authority: str | None
    on: dt.date | None
    digest: str | None
    place: str | None


class ToldDossier(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier in one language; its parts are those of ``Dossier``.

    ``result`` is that of the running track (``is_graded``: a score or a grade, not why there is none), ``draft`` what a
    text calls itself that nobody adopted, ``weighed`` how much of the file it rests on, ``reasons`` what weighs most of
    that, ``cited`` the provisions of each measure, ``scale`` what the score is, ``rated`` how grades follow from scores
    or numbers. ``before`` and ``after`` are the results by what was known then and by now; ``others`` is what is to be
    known of the annual track: facts recorded after a publication, and facts that it rests on and that no longer stand.
    """

    subject: DossierSubject
    kind: str
    place: str
    services: str
    bureau: str
    regime: str
    title: str
    force: str
    draft: str | None
    basis: Basis
    digest: str
    again: str | None
    result: str
    is_graded: bool
    tracks: tuple[ToldTrack, ...]
    weighed: str
    reasons: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]
    measures: tuple[ApplicableMeasure, ...]
    cited: tuple[str, ...]
    next_change: str | None
    initial: str | None
    steps: tuple[ToldStep, ...]
    later: int
    scale: Scale
    score: str | None
    deducted: str | None
    rated: str | None
    editions: tuple[ToldEdition, ...]
    wordings: tuple[ToldWording, ...]
    then: KnownThen
    opened_at: str
    before: str | None
    after: str | None
    causes: tuple[DifferenceCause, ...]
    interactions: tuple[Interaction, ...]
    others: tuple[str, ...]
    verdict: str | None
    readings: tuple[ToldReading, ...]
    pairs: tuple[str, ...]
    deadlines: tuple[ToldDeadline, ...]
    spans: tuple[ToldSpan, ...]
    spans_then: tuple[ToldSpan, ...]
    bands: tuple[ToldBand, ...]
    timeline: tuple[ToldEvent, ...]
    papers: tuple[ToldPaper, ...]


def told(found: Dossier, language: Language, legislation: Legislation, opened: Opened) -> ToldDossier:
    """The dossier in one language, the texts of its file ``opened``."""
    basis = found.grade.basis
    # Gathering it has read the law.
    events = legislation.known_then(known_at=known_at_from(basis.known_at), position=basis.position, law_position=0)
    lexicons = Lexicons(LawAsKnown(legislation, events))
    return _Telling(found, language, lexicons, opened).told()


class _Telling:
    """Tells one dossier."""

    def __init__(self, found: Dossier, language: Language, lexicons: Lexicons, opened: Opened) -> None:
        self._found = found
        self._language: Language = language
        self._lexicons = lexicons
        self._lexicon = lexicons.of_answer(found.grade.basis)
        self._answer = told_answer(found.grade, language, self._lexicon, opened)
        self._kind = found.subject.kind
        self._entries = {entry.id: entry for entry in found.timeline if entry.id is not None}
        self._letters = {
            paper.record: paper for paper in found.papers if paper.record and paper.type.startswith("letter-")
        }
        self._evidence = {
            entry.id: entry.content["kind"] for entry in found.timeline if entry.type.startswith("evidence-received.")
        }
        self._documents = {
            **_documents(found.timeline),
            **{letter: paper.document for letter, paper in self._letters.items() if paper.document},
        }
        self._is_listed = bool(words.before_listing(found.grade, language))
        # Papers by which something on this file was done, by where that was recorded.
        self._acts = {
            entry.position: document
            for entry in found.timeline
            if entry.origin is None and (document := entry.document or entry.content.get("certificate"))
        }
        # What puts an end to a line, by its day.
        self._ends: dict[dt.date, list[TimelineEntry]] = {}
        for entry in found.timeline:
            if entry.happened_on is not None and entry.struck is None and entry.type.startswith(_ENDING):
                self._ends.setdefault(entry.happened_on, []).append(entry)
        self._matters = {entry.id: entry.about for entry in found.timeline if entry.id is not None and entry.about}
        # A warning is about a fact, a repair about several.
        self._facts = {entry.id: _facts_of(entry.content) for entry in found.timeline if entry.id is not None}

    def told(self) -> ToldDossier:
        found, answer, language, lexicon = self._found, self._answer, self._language, self._lexicon
        subject, running = found.subject, answer.running
        since = None if found.since is None else causes.difference(found.since, language, lexicon)
        # Without an edition in force there is nothing that could be read otherwise.
        is_law = answer.force != "not_in_force"
        result = self._result(running.score, running.grade, self._why(), running.risk)
        result += self._days(words.before_listing(found.grade, language))
        is_graded = is_law and (running.score is not None or running.grade is not None)
        if not is_law:
            result = words.force(answer.force, language)
        return ToldDossier(
            subject=subject,
            kind=words.kind(subject.kind, language),
            place=places.place(subject.region, language),
            services=begun(by_commas((words.service(s, language) for s in subject.services), language)),
            bureau=begun(places.authority(f"{self._seat()}-EEB", language)),
            regime=answer.regime,
            title=lexicon.title(language) or answer.regime,
            force=begun(self._days(lexicon.force(answer.force, language))),
            draft=lexicon.draft_label(language) if answer.force == "draft" else None,
            basis=answer.basis,
            digest=found.digest,
            again=self._again(),
            result=result,
            is_graded=is_graded,
            tracks=tuple(self._tracks(result)),
            weighed=self._weighed(),
            reasons=tuple(self._reasons()) if is_graded else (),
            cities=tuple(
                (places.place(c.city.ljust(6, "0"), language), self._result(c.score, c.grade, None))
                for c in answer.cities
            ),
            measures=tuple(msgspec.structs.replace(m, what=self._days(m.what or "")) for m in answer.measures),
            cited=tuple(begun(lexicon.cites(m.cites, language)) for m in answer.measures),
            next_change=None if answer.next_change is None else self._sentence(answer.next_change.because or ""),
            initial=None
            if isinstance(answer.initial, UnsetType)
            else begun(self._sentence(words.initial(answer.initial, language, lexicon))),
            steps=tuple(self._step(step) for step in answer.steps),
            later=0 if isinstance(answer.later, UnsetType) else answer.later,
            scale=self._scale(),
            score=running.score,
            deducted=running.deducted,
            rated=self._rated(),
            editions=tuple(self._edition(edition) for edition in found.editions),
            wordings=tuple(self._wordings()),
            then=found.then,
            opened_at=found.opened_at,
            before=None if since is None else self._figures(since.first.figures, since.second.figures, result),
            after=None if since is None else result,
            causes=() if since is None else tuple(self._cause(cause, since.carried) for cause in since.causes),
            interactions=() if since is None else since.interactions,
            others=tuple(self._others()),
            verdict=interpretations.verdict(found.readings, language, lexicon, with_result=False) if is_law else None,
            readings=tuple(self._readings()) if is_law else (),
            pairs=tuple(self._pairs()) if is_law else (),
            # In the order in which they end: days that the text names itself run from nothing.
            deadlines=tuple(
                self._deadline(each) for each in sorted(found.deadlines, key=lambda d: d.deadline.due_on or dt.date.max)
            ),
            spans=tuple(self._spans(found.history)),
            spans_then=tuple(self._spans(found.history_then)),
            bands=tuple(self._bands()),
            timeline=tuple(self._events()),
            papers=tuple(self._papers()),
        )

    # --- pieces -------------------------------------------------------------------------------------------

    def _seat(self) -> str:
        """Where the bureau sits that answers for the grade."""
        return seat_of(self._found.subject.region, self._lexicon.regions)

    def _scale(self) -> Scale:
        if isinstance(self._answer.initial, UnsetType) and self._answer.running.score is not None:
            return "recorded"
        return "sum" if self._lexicon.adds_up(self._kind) else "left"

    def _days(self, text: str) -> str:
        return days_written(text, self._language)

    def _sentence(self, text: str) -> str:
        """A text with its days written, that ends as a sentence does."""
        stop = self._say("dossier.stop")
        return self._days(text).rstrip(stop) + stop

    def _say(self, code: str, **given: object) -> str:
        return say(code, self._language, **given)

    def _day(self, day: dt.date) -> str:
        return day_written(day, self._language)

    def _result(self, score: str | None, grade: str | None, why: str | None, risk: object = None) -> str:
        level = risk if isinstance(risk, str) else None
        return words.standing_words(score, grade, why, self._kind, self._language, self._lexicon, level)

    def _why(self) -> str | None:
        outside = self._answer.outside
        return self._answer.running.undetermined if isinstance(outside, UnsetType) else outside

    def _figures(self, found: ComparedFigures, now: ComparedFigures, result: str) -> str:
        """The figures that were known then; where they are those of ``now``, the result as it is told here."""
        if found == now:
            return result
        return self._result(found.score, found.grade, found.undetermined, found.risk)

    def _again(self) -> str | None:
        repeated = self._answer.repeated
        if repeated is None:
            return None
        return self._say("dossier.again.same" if repeated.same else "dossier.again.other", engine=repeated.engine)

    # --- the conclusion -----------------------------------------------------------------------------------

    def _tracks(self, running: str) -> Iterator[ToldTrack]:
        answer, language = self._answer, self._language
        is_daily = self._lexicon.is_published_daily(self._kind)
        of_running = "daily" if is_daily else "person" if self._kind in PERSONS else "running"
        yield ToldTrack(code="running", result=begun(running), about=self._say(f"dossier.track_is.{of_running}"))
        annual = max(answer.annual, key=lambda line: line.year, default=None)
        if annual is None:
            about = self._say("dossier.no_year" if self._lexicon.is_annual(self._kind) else "dossier.not_annual")
            yield ToldTrack(code="annual", result=self._say("dossier.nothing"), about=about)
        else:
            given = self._result(annual.score, annual.grade, annual.undetermined, annual.risk)
            about = self._say(
                "dossier.about_year",
                year=annual.year,
                stage=words.stage(annual.stage, language),
                on=self._day(annual.dated_on),
            )
            yield ToldTrack(code="annual", result=begun(given), about=about)
        public = answer.public
        shown = words.public_words(public, self._kind, language, self._lexicon)
        if public is None:
            why = self._say("dossier.not_public_person" if self._kind in PERSONS else "dossier.unknown")
            yield ToldTrack(code="public", result=begun(shown), about=why)
            return
        on = next((line.dated_on for line in answer.annual if line.year == public.year), None)
        how = words.published(public, on, self._kind, language, self._lexicon)
        bears = any(measure.record == public.record for measure in answer.measures)
        about = self._say(
            "dossier.about_public_bearing" if bears else "dossier.about_public", since=self._day(public.since), how=how
        )
        yield ToldTrack(code="public", result=begun(shown), about=about)

    def _weighed(self) -> str:
        counted = [step for step in self._answer.steps if step.counted]
        apart = len(self._answer.steps) - len(counted)
        if not self._answer.steps:
            return self._say("dossier.no_records")
        code = "nothing" if not counted else "some" if apart else "all"
        return self._say(f"dossier.rests_on.{code}", counted=len(counted), apart=apart)

    def _reasons(self) -> Iterator[str]:
        """What weighs most of what counts (a direct rating outweighs points), in the order of the account: each says
        what is left after it, and because of what other record it counts."""
        counted = [(number, step) for number, step in enumerate(self._answer.steps) if step.counted]
        heaviest = sorted(counted, key=lambda line: _weight(line[1]), reverse=True)[:MOST_REASONS]
        for _, step in sorted(heaviest, key=lambda line: line[0]):
            found = None if isinstance(step.particulars, UnsetType) else step.particulars
            paper = None if found is None or found.subject is not None else found.document
            grounds = self._lexicon.grounds(step.cites, step.readings, self._language, provisional=step.provisional)
            told = self._with_papers(step.because or "", [] if paper is None else [paper], grounds)
            yield joined((told, *(self._sentence(begun(each.says or "")) for each in _deciding(step))), self._language)

    def _with_papers(self, text: str, papers: Collection[str], grounds: str = "") -> str:
        """A sentence with the numbers of the papers that it is about: in one pair of brackets with its grounds."""
        language, stop = self._language, self._say("dossier.stop")
        told = self._days(text).rstrip(stop)
        if papers:
            numbers = by_semicolons(papers, language)
            in_the_end = in_brackets(grounds, language)
            if grounds and told.endswith(in_the_end):
                told, numbers = told.removesuffix(in_the_end), cited((grounds, numbers), language)
            told += in_brackets(numbers, language)
        return begun(told) + stop

    # --- the account --------------------------------------------------------------------------------------

    def _step(self, step: StepLine) -> ToldStep:
        language, lexicon = self._language, self._lexicon
        grounds = lexicon.grounds(step.cites, step.readings, language, provisional=step.provisional)
        papers = () if isinstance(step.papers, UnsetType) else step.papers
        return ToldStep(
            row=begun(words.what_of(step, language, lexicon)),
            counted=step.counted,
            effective_on=step.counts_from if step.counted else None,
            last_on=step.ends_on - ONE_DAY if step.counted and step.ends_on is not None else None,
            ended_by=self._ended_by(step),
            effect=begun(words.effect(step, self._kind, language, lexicon)),
            score=step.score,
            ground=grounds,
            why_not=None if step.counted else begun(self._days(words.why_not(step, language))),
            again=words.recorded_again(step, self._kind, language).strip("；; "),
            quote=None if isinstance(step.quote, UnsetType) else step.quote,
            particulars=None if isinstance(step.particulars, UnsetType) else step.particulars,
            papers=papers,
            origins=tuple(self._origin(paper, is_alone=len(papers) == 1) for paper in papers),
            rests_on=()
            if isinstance(step.rests_on, UnsetType)
            else tuple(begun(self._days(each.says or "")) for each in step.rests_on),
        )

    def _ended_by(self, step: StepLine) -> str | None:
        """What put an end to a line that counts: a record of the day on which it no longer does, with its paper."""
        if not step.counted or step.ends_on is None:
            return None
        own = {step.fact, *step.sources}
        for entry in reversed(self._ends.get(step.ends_on, ())):
            named = (entry.about, *self._facts.get(entry.about or "", ()), *_facts_of(entry.content))
            is_removal = entry.type.startswith(_REMOVED) and step.row == "blacklist"
            if is_removal or any(each is not None and each in own for each in named):
                document = entry.document or entry.content.get("certificate")
                return self._title(entry) + (in_brackets(document, self._language) if document else "")
        return None

    def _origin(self, paper: Particulars, *, is_alone: bool) -> str:
        """What a record is that bears no number; nothing of one on another file, and of one that is alone nothing but
        what it gives: the line itself says what it is."""
        entry = None if paper.document is not None else self._entries.get(paper.record)
        if entry is None:
            return ""
        given = self._given(entry)
        if is_alone and given is None:
            return ""
        return self._title(entry) + ("" if given is None else in_brackets(given, self._language))

    # --- the law ------------------------------------------------------------------------------------------

    def _edition(self, found: AppliedEdition) -> ToldEdition:
        lexicon = self._lexicons.of_digests([found.digest], self._answer.basis.as_of)
        return ToldEdition(
            id=found.id,
            title=lexicon.title(self._language) or found.id,
            force=self._say("dossier.status.draft", label=begun(lexicon.draft_label(self._language)))
            if found.draft
            else self._say("dossier.status.issued"),
            draft=found.draft,
            document=found.document,
            adopted_on=found.adopted_on,
            in_force_on=found.in_force_on,
            until_on=found.until_on,
            digest=found.digest,
            wording=found.wording,
        )

    def _wordings(self) -> Iterator[ToldWording]:
        texts = {wording.cite: wording.text for wording in self._found.wordings}
        told: dict[str, str | None] = {}
        for cite in self._found.cites:
            said = self._lexicon.cite(cite, self._language)
            told[said] = told.get(said) or texts.get(cite)
        for said, text in told.items():
            yield ToldWording(cite=said, text=text)

    # --- what came later ----------------------------------------------------------------------------------

    def _cause(self, cause: DifferenceCause, carried: ComparedFigures) -> DifferenceCause:
        """A cause with the papers that it is about and those by which it was brought about; with the grade that it
        leads to where the score stays and the grade does not, or where points are counted anew since a listing."""
        about = list(dict.fromkeys(paper for fact in cause.facts if (paper := self._documents.get(fact)) is not None))
        brought = (self._acts[event.position] for event in cause.events if event.position in self._acts)
        papers = about + [
            self._say("dossier.since.by", document=paper) for paper in dict.fromkeys(brought) if paper not in about
        ]
        because, becomes = cause.because or "", None
        alone = cause.alone
        if alone is not None and alone.grade is not None and alone.grade != carried.grade:
            running, grade = self._answer.running, self._result(None, alone.grade, None)
            if (alone.score, alone.grade) == (running.score, running.grade) and self._is_listed:
                # Points that led to a list are counted anew: what is between both scores is not what the cause gives.
                plain = msgspec.structs.replace(cause, share=None, alone=None)
                because = causes.cause(plain, self._language, self._lexicon)
                becomes = self._say("dossier.since.listed", grade=grade, score=alone.score)
            elif cause.share == "0":
                becomes = self._say("dossier.since.regraded", grade=grade)
        because = _MINUS.sub("−", because)
        if becomes is not None:
            because = by_commas((because.rstrip(self._say("dossier.stop")), becomes), self._language)
        return msgspec.structs.replace(cause, because=self._with_papers(because, papers))

    def _others(self) -> Iterator[str]:
        for line in self._answer.annual:
            if line.late:
                yield self._say("dossier.late", year=line.year, number=len(line.late))
            if line.undone:
                yield self._say("dossier.undone", year=line.year, number=len(line.undone))
            if line.published_grade is not None or line.published_score is not None:
                published = self._result(line.published_score, line.published_grade, None)
                yield self._say("dossier.reopened", year=line.year, published=published)

    # --- readings -----------------------------------------------------------------------------------------

    def _readings(self) -> Iterator[ToldReading]:
        found, language, lexicon = self._found.readings, self._language, self._lexicon
        now = interpretations.outcome(found.now, self._kind, language, lexicon)
        used = {id for step in self._answer.steps for id in step.readings}
        used |= {id for each in self._found.deadlines for id in each.deadline.readings}
        if not isinstance(self._answer.initial, UnsetType):
            used.update(self._answer.initial.readings)
        for other in sorted(found.alternatives, key=lambda other: other.reading):
            result = interpretations.outcome(other.under, self._kind, language, lexicon)
            yield ToldReading(
                id=other.reading,
                issue=lexicon.issue(other.reading, language) or other.reading,
                chosen=lexicon.answer(other.reading, other.chosen, language) or other.chosen,
                other=lexicon.answer(other.reading, other.value, language) or other.value,
                result=result,
                changes=other.changes,
                alters=result != now,
                untold=other.under.lacks_table,
                used=other.reading in used,
            )

    def _pairs(self) -> Iterator[str]:
        language, lexicon = self._language, self._lexicon
        for pair in self._found.readings.pairs:
            both = by_semicolons((lexicon.reading(a.reading, a.value, language) for a in pair.readings), language)
            result = interpretations.outcome(pair.under, self._kind, language, lexicon)
            yield self._say("dossier.pair", both=both, result=result)

    # --- deadlines ----------------------------------------------------------------------------------------

    def _deadline(self, found: DossierDeadline) -> ToldDeadline:
        line, language = found.deadline, self._language
        papers = dict.fromkeys(day.paper for day in found.proof if day.paper is not None)
        what, period = begun(words.deadline_kind(line.kind, language)), self._period(found)
        return ToldDeadline(
            what=what,
            counted_as=what if period is None else self._say("dossier.due.what", what=what, period=period),
            about=self._started_by(found),
            ground=begun(self._lexicon.term(line.cites, line.readings, line.kind, line.subject.kind, language)),
            starts_on=line.starts_on,
            due_on=line.due_on,
            state=begun(words.deadline_state(line.state, language)),
            provisional=line.provisional,
            runs=tuple(self._runs(found.proof)),
            notes=tuple(self._notes(found)),
            papers=tuple(papers),
        )

    def _started_by(self, found: DossierDeadline) -> str:
        """By what a deadline was started: the year of an evaluation, or a paper."""
        line = found.deadline
        paper = self._documents.get(line.started_by)
        if paper is not None:
            return paper
        return "" if line.year is None else self._say("dossier.of_year", year=line.year)

    def _period(self, found: DossierDeadline) -> str | None:
        """How long a period is, by the days that are counted in it; ``None`` for a day that is named, and for one that
        has no last day yet."""
        proof, line = found.proof, found.deadline
        if line.due_on is None or not proof or proof[0].kind != "start":
            return None
        days = max((day.number for day in proof if day.number is not None), default=0)
        if days:
            return self._say("dossier.period.one_working" if days == 1 else "dossier.period.working", number=days)
        last = next((day.on for day in proof if day.kind == "corresponding"), None)
        if last is None or any(day.kind == "paused" for day in proof):
            return None
        months = (last.year - line.starts_on.year) * 12 + last.month - line.starts_on.month
        return self._say("dossier.period.one_month" if months == 1 else "dossier.period.months", number=months)

    def _runs(self, proof: Sequence[ProofLine]) -> Iterator[ToldRun]:
        """Days of one kind that follow each other, drawn together."""
        run: list[ProofLine] = []
        for day in proof:
            if run and not (day.kind == run[-1].kind and (day.on - run[-1].on).days == 1):
                yield self._run(run, proof)
                run = []
            run.append(day)
        if run:
            yield self._run(run, proof)

    def _run(self, run: Sequence[ProofLine], proof: Sequence[ProofLine]) -> ToldRun:
        first, last = run[0], run[-1]
        if first.number is not None:
            counted = (
                self._say("dossier.counted", first=first.number)
                if first.number == last.number
                else self._say("dossier.counted_span", first=first.number, last=last.number)
            )
        elif first.kind == "corresponding":
            counted = self._say("dossier.last_day")
        elif first.kind == "counted":
            counted = self._say("dossier.moved_to")
        else:
            counted = self._say("dossier.uncounted")
        return ToldRun(
            days=span_written(first.on, last.on, self._language), counted=counted, kind=self._kind_of(run, proof)
        )

    def _kind_of(self, run: Sequence[ProofLine], proof: Sequence[ProofLine]) -> str:
        """What kind of days they are; of the last one of a period of months also why it is that."""
        first, start = run[0], proof[0]
        if len(run) > 1 and first.kind == "counted":
            return self._say("dossier.run_of.counted_many")
        kind: str = first.kind
        if kind == "corresponding":
            if start.kind != "start":
                kind = "named"
            elif any(day.kind == "paused" for day in proof):
                kind = "postponed"
            elif first.on.day != start.on.day:
                kind = "month_end"
        return name("dossier.run_of", kind, self._language)

    def _notes(self, found: DossierDeadline) -> Iterator[str]:
        for extension in found.extensions:
            yield self._say(
                "dossier.extended", from_on=self._day(extension.from_on), until_on=self._day(extension.until_on)
            )
        for suspension in found.suspensions:
            begun, left = self._day(suspension.from_on), suspension.remaining
            until = self._say("dossier.open_end") if suspension.until_on is None else self._day(suspension.until_on)
            yield (
                self._say("dossier.suspended.working", from_on=begun, until=until, remaining=left)
                if suspension.working
                else self._say("dossier.suspended.calendar", from_on=begun, until=until, remaining=left)
            )
        line = found.deadline
        if line.provisional:
            yield self._say("dossier.provisional")
        if line.done_on is not None:
            is_later = line.done_on > self._answer.basis.as_of
            record = self._done_by(line)
            told = () if record is None else (self._title(record), record.document)
            yield self._say(
                "dossier.done_later" if is_later else "dossier.done",
                on=self._day(line.done_on),
                record=in_brackets(by_commas(filter(None, told), self._language), self._language) if told else "",
            )

    def _done_by(self, line: DeadlineLine) -> TimelineEntry | None:
        """What met a deadline on its day: a record, or what happened to one; no paper about it."""
        for entry in self._found.timeline:
            is_paper = entry.type.startswith(("evidence-", "letter-"))
            if not is_paper and entry.happened_on == line.done_on and line.done_by in (entry.id, entry.about):
                return entry
        return None

    # --- what happened ------------------------------------------------------------------------------------

    def _spans(self, history: Sequence[GradePeriod]) -> Iterator[ToldSpan]:
        language, lexicon = self._language, self._lexicon
        for span in history:
            named = None if span.grade is None else lexicon.grade(span.grade, self._kind, language)
            code = span.undetermined if isinstance(span.outside, UnsetType) else span.outside
            why = None if code is None else words.undetermined(code, language)
            yield ToldSpan(
                from_on=span.from_on,
                until_on=span.until_on,
                score=span.score,
                result=self._result(span.score, span.grade, code),
                name=named or why or "",
            )

    def _rated(self) -> str | None:
        """How the grade follows from the score, or from the number of records that count, with its provisions."""
        found, running = self._found, self._answer.running
        if found.threshold is not None:
            return self._say(
                "dossier.rated.counted",
                count=found.threshold.count,
                grade=self._graded(found.threshold.grade),
                otherwise=self._graded(found.threshold.otherwise),
                grounds=self._lexicon.cites(found.threshold.cites, self._language),
            )
        told = [self._banded(band) for band in sorted(found.bands, key=lambda band: float(band.at_least or 0))]
        if running.score is None or len(told) < 2:
            return None
        cites = [cite for band in found.bands for cite in band.cites]
        grounds = self._lexicon.cites(cites, self._language)
        return self._say("dossier.rated.scored", bands=by_semicolons(told, self._language), grounds=grounds)

    def _banded(self, band: DossierBand) -> str:
        grade, least, below = self._graded(band.grade), band.at_least, band.below
        if least is None:
            return self._say("dossier.rated.below", below=below, grade=grade)
        if below is None:
            return self._say("dossier.rated.from", least=least, grade=grade)
        return self._say("dossier.rated.between", least=least, below=below, grade=grade)

    def _graded(self, grade: str) -> str:
        return self._lexicon.grade(grade, self._kind, self._language)

    def _bands(self) -> Iterator[ToldBand]:
        for band in self._found.bands:
            name = self._lexicon.grade(band.grade, self._kind, self._language)
            yield ToldBand(least=float(band.at_least or 0), name=name)

    def _title(self, entry: TimelineEntry, told_rows: set[str] | None = None) -> str:
        """What an event is, with the result that it gives or the score that it records; of a row that is among
        ``told_rows`` the number alone."""
        language, content = self._language, entry.content
        lexicon = self._lexicons.of_regime(entry.regime or self._answer.regime, entry.happened_on)
        if (letter := self._letters.get(str(content.get("letter")))) is not None and letter.kind is not None:
            parts = [name("letters.kind", letter.kind, language)]
            if isinstance(how := content.get("how"), str):
                parts.append(name("letters.how", how, language))
            title = by_colon(words.event_title(entry.type, language), by_commas(parts, language), language)
        elif (kind := self._evidence.get(str(content.get("evidence")))) is not None:
            told = name("evidence.kind", kind, language)
            title = by_colon(words.event_title(entry.type, language), told, language)
        elif isinstance(step := content.get("stage"), str):
            stage = words.stage(step, language)
            told = self._say("dossier.timeline.stage", year=content.get("year"), stage=stage)
            title = by_colon(words.event_title(entry.type, language), told, language)
        elif entry.type.startswith("repair-confirmed.") and isinstance(by := content.get("by"), str):
            told = name("codes.confirmer", by, language)
            title = by_colon(words.event_title(entry.type, language), told, language)
        else:
            row = content.get("row")
            again = isinstance(row, str) and self._is_told(row, lexicon, told_rows)
            title = words.entry_title(entry.type, content, language, lexicon, again=again)
        if isinstance(score := content.get("score") or content.get("basic"), str):
            score += "".join(f"+{bonus}" for bonus in (content.get("bonus"),) if bonus)
            colour = content.get("colour")
            grade = colour if isinstance(colour, str) else None
            title += in_brackets(words.standing_words(score, grade, None, self._kind, language, lexicon), language)
        return begun(self._days(title))

    def _given(self, entry: TimelineEntry) -> str | None:
        """The result that an event gives: of a step of a year, or by a decision."""
        result, decided = entry.content.get("result"), entry.content.get("grade")
        lexicon = self._lexicons.of_regime(entry.regime or self._answer.regime, entry.happened_on)
        if isinstance(decided, str):
            return lexicon.grade(decided, self._kind, self._language)
        if not isinstance(result, dict):
            return None
        score, grade, why, risk = (result.get(part) for part in ("score", "grade", "undetermined", "risk"))
        return words.standing_words(score, grade, why, self._kind, self._language, lexicon, risk)

    def _events(self) -> Iterator[ToldEvent]:
        """What happened; a row is told in words where it stands first, and by its number from then on."""
        told_rows: set[str] = set()
        for entry in self._found.timeline:
            yield self._event(entry, told_rows)

    def _is_told(self, row: str, lexicon: words.Lexicon, told_rows: set[str] | None) -> bool:
        """Whether a row stands in the same words among those told before; from now on it does."""
        if told_rows is None:
            return False
        named = lexicon.named_row(row, self._language)
        is_told = named in told_rows
        told_rows.add(named)
        return is_told

    def _event(self, entry: TimelineEntry, told_rows: set[str]) -> ToldEvent:
        language = self._language
        title = self._title(entry, told_rows) + self._corrected(entry.content.get("changes"))
        if (given := self._given(entry)) is not None:
            title += "\n" + self._say("dossier.timeline.gives", result=given)
        sent = self._letters.get(entry.id or entry.about or "") if entry.type.startswith("letter-issued.") else None
        document, authority = entry.document or entry.content.get("certificate"), entry.authority
        if sent is not None:
            document, authority = sent.document, sent.authority
        # A piece of evidence is about itself; its record is the one that it belongs to.
        of_evidence = entry.content.get("record") if entry.type.startswith("evidence-") else None
        title += self._belongs_to(of_evidence or entry.about, document)
        return ToldEvent(
            on=entry.happened_on,
            title=title,
            document=document,
            authority=None if authority is None else begun(places.authority(authority, language)),
            recorded_on=legal_day(known_at_from(entry.recorded_at)),
            delay_days=words.days_late(entry.type, entry.delay_days),
            struck=None if entry.struck is None else words.struck(entry.struck, language),
            employment=self._employment(entry),
        )

    def _employment(self, entry: TimelineEntry) -> ToldEmployment | None:
        """Who is employed, as what, and until when."""
        person = entry.employee
        if person is None:
            return None
        role, last = entry.content.get("role"), entry.content.get("until_on")
        parts = [
            self._say("dossier.timeline.position", role=role) if role else "",
            self._say("dossier.timeline.until_day", day=self._day(dt.date.fromisoformat(last))) if last else "",
        ]
        about = by_commas((part for part in parts if part), self._language)
        return ToldEmployment(person=self._found.names.get(person), about=begun(about))

    def _corrected(self, changes: object) -> str:
        """In a line of its own the days and points that a correction puts in the place of others."""
        if not isinstance(changes, dict):
            return ""
        told = [
            self._say(f"dossier.day_of.{day}", day=self._day(dt.date.fromisoformat(changes[day])))
            for day in CORRECTED_DAYS
            if isinstance(changes.get(day), str)
        ]
        if isinstance(points := changes.get("points"), str):
            told.append(self._say("dossier.timeline.points", points=points))
        if not told:
            return ""
        return "\n" + self._say("dossier.timeline.corrected", changes=by_commas(told, self._language))

    def _belongs_to(self, record: str | None, document: str | None) -> str:
        """In a line of its own the paper to which what happened belongs, where it is not its own."""
        named = () if record is None else (record, *self._facts.get(record, ()))
        papers = dict.fromkeys(paper for each in named if (paper := self._documents.get(each)) is not None)
        others = [paper for paper in papers if paper != document]
        if not others:
            return ""
        return "\n" + self._say("dossier.belongs_to", document=by_semicolons(others, self._language))

    def _papers(self) -> Iterator[ToldPaper]:
        """The papers; their rows are told as those of what happened."""
        told_rows: set[str] = set()
        for paper in self._found.papers:
            yield self._paper(paper, told_rows)

    def _paper(self, found: DossierPaper, told_rows: set[str]) -> ToldPaper:
        language, lexicon = self._language, self._lexicon
        belongs_to = self._belongs_to(self._matters.get(found.record or "", found.record), found.document)
        if found.kind is not None:
            family = "evidence.kind" if found.type.startswith("evidence-") else "letters.kind"
            what = name(family, found.kind, language)
        elif found.type.startswith("fact-recorded."):
            what = self._say("dossier.evidence.of_fact")
        else:
            what = words.event_title(found.type, language)
        # The paper that it belongs to says which row it is about.
        if found.row is not None and not belongs_to:
            again = self._is_told(found.row, lexicon, told_rows)
            row = lexicon.row_again(found.row, language) if again else lexicon.named_row(found.row, language)
            what = by_colon(what, row, language)
        return ToldPaper(
            what=begun(what) + belongs_to,
            title=found.title,
            personal=found.personal,
            withdrawn=self._say("dossier.evidence.withdrawn") if found.withdrawn else None,
            document=found.document,
            authority=None if found.authority is None else begun(places.authority(found.authority, language)),
            on=found.on,
            digest=found.digest,
            place=found.place,
        )


_REMOVED: Final = "blacklist-removed."
_ENDING: Final = (
    _REMOVED,
    "client-outcome-recorded.",
    "fact-set-aside.",
    "national-repair-recorded.",
    "repair-confirmed.",
)
"""The events by which a line that counts comes to its end; on which rectification it rests a line says by itself."""

_MINUS: Final = re.compile(r"(?<!\w)-(?=\d)", re.ASCII)
"""A hyphen that stands for a minus: before a figure, and not within a day or a number."""


def _facts_of(content: Mapping[str, Any]) -> tuple[str, ...]:
    """The facts that a record names."""
    named = (content.get("fact"), *(content.get("facts") or ()))
    return tuple(fact for fact in named if isinstance(fact, str))


def _deciding(step: StepLine) -> Sequence[Underlying]:
    """The records because of which a line counts, on the day on which it does."""
    return [] if isinstance(step.rests_on, UnsetType) else [each for each in step.rests_on if each.from_on is not None]


def _weight(step: StepLine) -> float:
    try:
        return abs(float(step.effect))
    except ValueError:
        return math.inf


def _documents(entries: Sequence[TimelineEntry]) -> Mapping[str, str]:
    """The numbers of the papers of records, by their ids."""
    return {entry.id: entry.document for entry in entries if entry.id is not None and entry.document}
