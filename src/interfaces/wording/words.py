"""Display texts in Chinese and English for the codes, numbers and ids of an answer.

The core answers in codes; every interface takes its sentences from here, so that the command line, the API and the
pages say the same. Nothing here decides anything, and an unknown code is shown as it is rather than failing. Words
of rows and readings come from the editions (``Lexicon``).
"""

import datetime as dt
import itertools
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from application.answering.behind.particulars import DAYS_TOLD, TOLD, Initial, Particulars, Undo
from application.answering.behind.underlying import Underlying
from application.answering.grading import ApplicableMeasure, Cause, GradeAnswer, NextChange, PublicGrade, StepLine
from domain.grading.cycles import LISTING
from domain.law.edition import Edition, Method, grade_names
from domain.procedures.steps import STEP_NAMES
from domain.vocabulary import PERSONS, Text
from interfaces.wording.citations import articles_of, cite, cites
from interfaces.wording.punctuation import by_colon, by_commas, by_semicolons, cited, in_brackets, listed
from interfaces.wording.texts import Language, codes_of, has, name, said, say, worded

if TYPE_CHECKING:
    from application.answering.overview import RegimeLine

_ONE_DAY: Final = dt.timedelta(days=1)


class EditionStanding(NamedTuple):
    """On what ground the edition of an answer applies: a draft by an adoption, whose paper may be known."""

    draft: bool
    document: str | None
    adopted_on: dt.date | None
    in_force_on: dt.date | None


class Lexicon:
    """The words of grades, rows, readings and measures, taken from the editions an answer rests on (the last wins).

    The editions are those of one regime, and before them those they stand on: the same letter means something else
    under another. What no edition names goes by its code.
    """

    __slots__ = (
        "_bases",
        "_grades",
        "_grounds",
        "_measures",
        "_methods",
        "_named_rows",
        "_organs",
        "_readings",
        "_rows",
        "_stages",
        "_title",
        "_unsaid",
        "articles",
        "regions",
        "standing",
    )

    def __init__(self, editions: Iterable[Edition] = (), standing: EditionStanding | None = None) -> None:
        self.standing = standing
        self._rows: dict[str, Text] = {}
        self._readings: dict[str, tuple[Text, dict[str, Text]]] = {}
        self._measures: dict[str, Text] = {}
        self._bases: dict[str, Text] = {}
        self._grades: dict[tuple[str, str], Text] = {}
        self._title: Text | None = None
        self._methods: dict[str, Method] = {}
        self._organs: dict[str, Text] = {}
        self._stages: dict[str, dict[str, None]] = {}
        self._unsaid: set[tuple[str, str]] = set()
        # Said again and again, and no more of them than the editions have rows and articles.
        self._named_rows: dict[tuple[str, Language], str] = {}
        self._grounds: dict[tuple[tuple[str, ...], tuple[str, ...], bool, Language], str] = {}
        editions = tuple(editions)
        self.articles = articles_of(editions)
        self.regions = editions[-1].regions if editions else ()
        for edition in editions:
            self._methods.update({str(kind): method for kind, method in edition.methods.items()})
            self._organs.update({code: Text(organ.zh, organ.en) for code, organ in edition.organs.items()})
            for rule in sorted(edition.stage, key=lambda rule: rule.rank):
                self._stages.setdefault(rule.of, {})[rule.stage] = None
            self._unsaid.update((rule.kind, rule.of) for rule in edition.deadline if rule.unsaid)
            self._title = Text(edition.title.zh, edition.title.en)
            for kind, method in edition.methods.items():
                named = grade_names(method).items()
                self._grades.update({(kind, grade): Text(said.zh, said.en) for grade, said in named})
            given = edition.configured.legal_basis or {}
            for measure in edition.measure:
                name, own = measure.cites[0], measure.legal_basis
                self._measures[name] = Text(measure.words.zh, measure.words.en)
                if name in given:
                    self._bases[name] = Text(given[name], given[name])
                elif own is not None:
                    self._bases[name] = Text(own.zh, own.en)
            for row in edition.row:
                self._rows[row.code] = Text(_without_fields(row.words.zh), _without_fields(row.words.en))
            for reading in edition.reading:
                values = {
                    v.name: Text(_without_fields(v.words.zh), _without_fields(v.words.en)) for v in reading.values
                }
                self._readings[reading.id] = (Text(reading.issue.zh, reading.issue.en), values)

    def title(self, language: Language) -> str:
        """What the edition of the answer is called; empty without one."""
        return "" if self._title is None else said(self._title, language)

    def grade(self, grade: str, kind: str, language: Language) -> str:
        """What a grade or risk level is called; its code where no edition says so.

        A kind of subject that the editions do not evaluate has no grade of theirs.
        """
        text = self._grades.get((kind, grade))
        if text is None and self._methods and kind not in self._methods:
            return say("results.not_evaluated", language)
        return grade if text is None else said(text, language)

    def grades_of(self, kind: str) -> tuple[str, ...]:
        """The grades that a kind of subject may have, as the editions list them."""
        return tuple(grade for of, grade in self._grades if of == kind)

    def term(self, citations: Iterable[str], readings: Sequence[str], kind: str, of: str, language: Language) -> str:
        """On what a deadline rests: its articles, or a reading where they give no time; that it is an internal one
        where no text has it."""
        found = self.cites(citations, language)
        if not found:
            return say("deadlines.internal", language)
        if not self.leaves_unsaid(kind, of) or not readings:
            return found
        return say("deadlines.unsaid", language, reading=readings[0], grounds=found)

    def leaves_unsaid(self, kind: str, of: str) -> bool:
        """Whether the articles on a deadline of some kind of subject give no time for it."""
        return (kind, of) in self._unsaid

    def actor(self, code: str, language: Language) -> str:
        """What the organ is called that has to act, by the edition where it says so."""
        text = self._organs.get(code)
        return actor(code, language) if text is None else said(text, language)

    def is_annual(self, kind: str) -> bool:
        """Whether a grade of that kind of subject is published once for each evaluation year."""
        return kind in self._stages

    def stages_of(self, kind: str) -> tuple[str, ...]:
        """The steps of an evaluation year of that kind of subject, in the order of the editions."""
        return tuple(self._stages.get(kind, ()))

    def is_published_daily(self, kind: str) -> bool:
        """Whether the register shows the grade of the day itself."""
        return bool(getattr(self._methods.get(kind), "public", False))

    def adds_up(self, kind: str) -> bool:
        """Whether points are held against a subject of that kind, one upon the other, and not taken off."""
        return getattr(self._methods.get(kind), "direction", "down") == "up"

    def draft_label(self, language: Language) -> str:
        """What the edition calls itself behind its title: 征求意见稿, 草案."""
        label = re.search(_LABEL, self.title("zh"))
        return say("results.draft", language) if language == "en" or label is None else label[1]

    def force(self, code: str, language: Language) -> str:
        """Whether what was applied is law on the day, and of a draft by which paper it applies."""
        label = re.search(_LABEL, self.title("zh"))
        if code == "draft" and label is not None:
            return say("results.draft_labelled", language, label=label[1])
        if code != "in_force" or self.standing is None or not self.standing.draft:
            return force(code, language)
        called = say("results.draft", language) if label is None else label[1]
        return _adopted(self.standing, called, language)

    def row(self, code: str, language: Language) -> str:
        """What the row is about; empty for a row no edition has."""
        words = self._rows.get(code)
        return "" if words is None else said(words, language)

    def named_row(self, code: str, language: Language) -> str:
        """A row by its number and its words; by its words alone where the code is a word of ours."""
        found = self._named_rows.get((code, language))
        if found is None:
            found = _named_row(code, self.row(code, language), language)
            if code in self._rows:
                self._named_rows[code, language] = found
        return found

    def row_again(self, code: str, language: Language) -> str:
        """A row whose words stand before: by its number alone, where it has one."""
        return _named_row(code, "" if _NUMBERED.fullmatch(code) else self.row(code, language), language)

    def ground(
        self, citations: tuple[str, ...], readings: tuple[str, ...], language: Language, *, provisional: bool
    ) -> str:
        """On what a line rests, in brackets: its articles, its readings, and that its day is provisional."""
        key = citations, readings, provisional, language
        found = self._grounds.get(key)
        if found is None:
            grounds = self.grounds(citations, readings, language, provisional=provisional)
            found = self._grounds[key] = in_brackets(grounds, language) if grounds else ""
        return found

    def grounds(
        self, citations: tuple[str, ...], readings: tuple[str, ...], language: Language, *, provisional: bool
    ) -> str:
        """The same, without brackets."""
        parts = list(dict.fromkeys(self.cite(c, language) for c in citations))
        if readings:
            parts.append(_readings(tuple(dict.fromkeys(readings)), language))
        if provisional:
            parts.append(say("steps.provisional", language))
        return cited(parts, language)

    def reading(self, id: str, value: str, language: Language) -> str:
        """The question of a reading and the answer chosen, ``issue：answer``; the bare codes when unknown."""
        issue, values = self._readings.get(id, (None, {}))
        if issue is None or value not in values:
            return f"{id}={value}"
        return by_colon(said(issue, language), said(values[value], language), language)

    def issue(self, id: str, language: Language) -> str | None:
        """The question that a reading answers; ``None`` for one no edition has."""
        issue, _ = self._readings.get(id, (None, {}))
        return None if issue is None else said(issue, language)

    def answer(self, id: str, value: str, language: Language) -> str | None:
        """One answer to a reading; ``None`` for one no edition has."""
        _, values = self._readings.get(id, (None, {}))
        return said(values[value], language) if value in values else None

    def measure(self, cite: str, language: Language) -> str | None:
        """What a measure is, by its first citation; ``None`` for one no edition has."""
        words = self._measures.get(cite)
        return None if words is None else said(words, language)

    def cite(self, citation: str, language: Language) -> str:
        """A citation in words, by the articles of the editions."""
        return cite(citation, language, self.articles)

    def cites(self, citations: Iterable[str], language: Language) -> str:
        """Several citations in one breath, by the articles of the editions."""
        return cites(citations, language, self.articles)

    def legal_basis(self, cite: str, language: Language) -> str | None:
        """The provision that allows a measure, by its first citation: the bureau's, else the edition's own."""
        words = self._bases.get(cite)
        return None if words is None else said(words, language)


def measures(found: Sequence[ApplicableMeasure], language: Language, lexicon: Lexicon) -> tuple[ApplicableMeasure, ...]:
    """The measures of an answer with what they are and, for those that can be executed, what allows them."""
    return tuple(
        msgspec.structs.replace(
            m,
            what=_measure(m, language, lexicon),
            legal_basis=lexicon.legal_basis(m.cites[0], language) if m.executable else None,
        )
        for m in found
    )


def _measure(found: ApplicableMeasure, language: Language, lexicon: Lexicon) -> str | None:
    """What a measure is; of a ban also for how long, and in which fields."""
    what = lexicon.measure(found.cites[0], language)
    if what is None or isinstance(found.until_on, UnsetType):
        return what
    told = [say("results.ban.term", language, since=found.since, last=found.until_on)]
    if not isinstance(found.fields, UnsetType):
        told.append(say("results.ban.fields", language, fields=listed(found.fields, language)))
    return what + in_brackets(by_semicolons(told, language), language)


_LABEL: Final = r"（([^（）]{2,8})）$"


def _adopted(found: EditionStanding, label: str, language: Language) -> str:
    """That the text is a draft, by which paper it was adopted, and from when it applies."""
    by = say("results.adopted.by_nobody_named", language)
    if found.document:
        by = say("results.adopted.by", language, document=found.document)
    on = say("results.adopted.on", language, on=found.adopted_on) if found.adopted_on else ""
    return say("results.adopted.sentence", language, label=label, by=by, on=on, since=found.in_force_on)


# --- steps ------------------------------------------------------------------------------------------------


def reason(code: str, effective_on: dt.date | None, ends_on: dt.date | None, language: Language) -> str:
    """Why a step does not count, with the days that matter."""
    if has("steps.reason", code):
        return name("steps.reason", code, language)
    if not has("steps.reason_dated", code):
        return undetermined(code, language)
    if ends_on is None and has("steps.ended", code):
        return name("steps.ended", code, language)
    unknown = say("steps.unknown_day", language)
    last = unknown if ends_on is None else ends_on - _ONE_DAY
    effective, ends = effective_on or unknown, ends_on or unknown
    return say(f"steps.reason_dated.{code}", language, effective=effective, ends=ends, last=last)


def _undone(found: Undo, language: Language) -> str:
    """By what a line was undone, with the day and the paper."""
    is_prospective = found.code == "annulment" and not found.from_beginning
    text = say(f"steps.undone.{'prospective' if is_prospective else found.code}", language, on=found.on)
    day = str(found.on) if found.on is not None and str(found.on) not in text else None
    papers = [part for part in (found.document, day) if part]
    return text + (in_brackets(by_commas(papers, language), language) if papers else "")


def _why_not(step: StepLine, code: str, language: Language) -> str:
    if has("steps.over", status := f"{step.row}_{code}"):
        if step.ends_on is None:
            return say(f"steps.over.{status}", language)
        return say(f"steps.over_since.{status}", language, on=step.ends_on)
    found = step.particulars
    if isinstance(found, Particulars) and code == (step.reason or ""):
        if found.undone is not None:
            return _undone(found.undone, language)
        if found.ends_by is not None and step.ends_on is not None and code == "ended":
            last = step.ends_on - _ONE_DAY
            return say(f"steps.ends_by.{found.ends_by}", language, ends=step.ends_on, last=last)
    return reason(code, step.effective_on, step.ends_on, language)


def because(step: StepLine, kind: str, language: Language, lexicon: Lexicon) -> str:
    """One sentence for a step of a subject of that kind: since when it counts and what it does, or why it does not
    count, and on what ground."""
    what = what_of(step, language, lexicon)
    ground = lexicon.ground(step.cites, step.readings, language, provisional=step.provisional)
    if not step.counted:
        return say("steps.does_not_count", language, what=what, why=why_not(step, language), ground=ground)
    effect = _effect(step, kind, language, lexicon)
    rest = f"{_until(step, language)}{recorded_again(step, kind, language)}{ground}"
    if step.counts_from != step.effective_on:
        return say(
            "steps.held_back_until",
            language,
            on=step.effective_on,
            since=step.counts_from,
            what=what,
            effect=effect,
            rest=rest,
        )
    if step.effective_on:
        return say("steps.counts_since", language, since=step.effective_on, what=what, effect=effect, rest=rest)
    return say("steps.counts", language, what=what, effect=effect, rest=rest)


def why_not(step: StepLine, language: Language) -> str:
    """Why a step does not count, as exactly as is known."""
    code = step.reason or ""
    if code == "suspended" and "L-02" in step.readings:
        code = "notice_awaited"
    elif code == "pending_manual" and "W-01" in step.readings:
        code = "no_table"
    return _why_not(step, code, language)


def underlying(found: Underlying, language: Language, lexicon: Lexicon) -> str:
    """On what earlier record a line rests, in a sentence: its paper, its days, what came of it."""
    by = by_commas((part for part in (found.authority_name, found.document) if part), language)
    row = found.row
    what = "" if row is None else _line_of_row(row, language, lexicon)
    since = "" if found.from_on is None else say("steps.rests_on_since", language, day=found.from_on)
    ended = "" if found.due_on is None else say("steps.rests_on_ended", language, day=found.due_on)
    id, _, value = (found.reading or "").partition(":")
    rule = lexicon.reading(id, value, language) + in_brackets(_readings((id,), language), language) if id else ""
    return say(
        f"steps.rests_on.{found.code}",
        language,
        on=found.on,
        paper=in_brackets(by, language) if by else "",
        document=found.document,
        by=found.authority_name,
        due=found.due_on,
        done=found.done_on,
        from_on=found.from_on,
        since=since,
        ended=ended,
        rule=rule,
        what=what,
        points=found.points,
        months=found.months,
    )


def _line_of_row(row: str, language: Language, lexicon: Lexicon) -> str:
    """What the line of a row is about."""
    return say(f"steps.derived.{row}", language) if has("steps.derived", row) else lexicon.named_row(row, language)


def recorded_again(step: StepLine, kind: str, language: Language) -> str:
    """That the same decision stands on the file twice, and why; the reason on a person's file stays sealed."""
    if step.again is UNSET:
        return ""
    if kind == "practitioner" or kind == "expert":
        return say("steps.recorded_again", language)
    return say("steps.recorded_again_because", language, reason=step.again)


def what_of(step: StepLine | Cause, language: Language, lexicon: Lexicon) -> str:
    """What a line is about: its row, or what it comes from where no row stands for that."""
    if step.row is not None:
        return _line_of_row(step.row, language, lexicon)
    return say(f"steps.what.{_without_row(step)}", language)


def _without_row(
    step: StepLine | Cause,
) -> Literal[
    "result_of_year", "untrue", "conflict", "change_filed", "score", "carbon_data", "enhancement", "fact_without_row"
]:
    """What a line is about that no row stands for."""
    readings = step.readings if isinstance(step, StepLine) else ()
    if step.fact is None and "N-01" in readings:
        return "result_of_year"
    if step.fact is not None and readings == ("N-08",):
        return "untrue"
    if step.fact is not None and readings == ("N-09",):
        return "conflict"
    if isinstance(step, StepLine) and step.reason == "late_change":
        return "change_filed"
    if _is_score(step):
        return "score"
    if step.fact is None:
        return "carbon_data"
    if step.reason == "enhancement" or "I-12" in readings:
        return "enhancement"
    return "fact_without_row"


_NOTE_ON_FIELDS: Final = rf" ?[(（][^()（）]*\b(?:{'|'.join(DAYS_TOLD)}|configured\.[a-z_]+)\b[^()（）]*[)）]"


def _without_fields(words: str) -> str:
    """The words of a row or a reading without a note in brackets on a field that is to be filled in: it is for whoever
    fills it in and names the field as programs do, and the words of a released edition stay as they are."""
    return re.sub(_NOTE_ON_FIELDS, "", words)


_NUMBERED: Final = re.compile(r"[A-Z]{1,2}\d{0,3}[a-z]?")
"""A row's code that is a number of the annex, and no word of ours."""


def _named_row(code: str, words: str, language: Language) -> str:
    if not words:
        return say("steps.row.numbered", language, code=code)
    if not _NUMBERED.fullmatch(code):
        return say("steps.row.worded", language, words=words)
    return say("steps.row.numbered_and_worded", language, code=code, words=words)


def _is_score(step: StepLine | Cause) -> bool:
    """Whether it is the score that a grade is read from: only the regime of recorded scores cites paragraphs."""
    return step.fact is None and step.row is None and any(c.startswith("para.") for c in step.cites)


def _effect(step: StepLine, kind: str, language: Language, lexicon: Lexicon) -> str:
    """What a line that counts does to points or grade."""
    effect, row, score = step.effect, step.row, step.score
    if row is not None and has("steps.derived_effect", row):
        grade = lexicon.grade(effect, kind, language)
        points, set_off = effect.removeprefix("+"), spaced(grade) if language == "zh" else grade
        return say(f"steps.derived_effect.{row}", language, points=points, score=score, grade=grade, set_off=set_off)
    if effect.startswith("+"):
        # A row holds points against whoever is rated.
        return say("steps.effect.scored", language, points=effect[1:], score=score)
    if effect.startswith("-"):
        return say("steps.effect.deducted", language, points=effect[1:], score=score)
    is_points = effect[:1].isdigit()
    if is_points and not _is_score(step):
        return _points(step, language)
    grade = lexicon.grade(effect, kind, language)
    if not is_points and row is None and "N-01" in step.readings:
        return say("steps.effect.result_of_year", language, grade=grade)
    if _is_score(step):
        return say("steps.effect.graded", language, score=score, grade=grade)
    if _is_refusal(step):
        return say("steps.effect.refused", language, grade=grade)
    return say("steps.effect.rated", language, grade=spaced(grade) if language == "zh" else grade)


def _points(step: StepLine, language: Language) -> str:
    """What points without a sign do: they count a fact, stand in an account, or are taken off."""
    if step.score is None:
        return say("steps.effect.counted", language, times=step.effect)
    if step.row is None:
        return say("steps.effect.added", language, points=step.effect, score=step.score)
    return say("steps.effect.deducted", language, points=step.effect, score=step.score)


def _is_refusal(step: StepLine) -> bool:
    """Whether it is the finding for which the year is not graded, which is no rating."""
    return step.row is None and step.readings == ("N-08",)


def spaced(text: str) -> str:
    """A text to stand behind Chinese: set off where it begins with a Latin letter."""
    return f" {text}" if text[:1].isascii() else text


def _until(step: StepLine, language: Language) -> str:
    if step.ends_on is None or step.ends_on == dt.date.max:
        return ""
    return say("steps.until", language, last=step.ends_on - _ONE_DAY)


def _readings(ids: Sequence[str], language: Language) -> str:
    """The readings a line rests on, by their numbers in the register."""
    if len(ids) == 1:
        return say("steps.reading", language, id=ids[0])
    return say("steps.readings", language, ids=listed(ids, language))


def effect(step: StepLine, kind: str, language: Language, lexicon: Lexicon) -> str:
    """What a line does, for a column: points as a number, a rating by its name, how often a fact counts, a dash where
    it does nothing to either; in brackets the points of a line that does not count. A derived line tells its figure."""
    code = step.effect
    if code[:1] not in _SIGNS and not code[:1].isdigit():
        return lexicon.grade(code, kind, language)
    if step.reason == "pending_manual":
        return say("steps.column.points_unknown", language)
    if code == "0":
        return "—"
    if not step.counted:
        return f"({code})"
    if step.fact is not None and step.score is None and code[:1] not in _SIGNS:
        return say("steps.column.times", language, times=code)
    return code


_SIGNS: Final = ("+", "-")


def row_number(code: str | None) -> str:
    """The number of a row, where its code is one."""
    return code if code is not None and _NUMBERED.fullmatch(code) else "—"


def matter(found: Particulars, language: Language) -> str:
    """What a fact is about and its days, as far as they are on record."""
    days = [say(f"facts.day.{of}", language, day=day) for of in DAYS_TOLD if (day := getattr(found, of)) is not None]
    first, *others = (
        say(f"facts.told.{of}", language, said=value.rstrip("。.；; ")) if (value := getattr(found, of)) else ""
        for of in TOLD
    )
    parts = (first, by_commas(days, language), *others)
    return by_semicolons((part for part in parts if part), language)


def paper(found: Particulars, language: Language, lexicon: Lexicon) -> str:
    """A record behind a derived line: its row, its paper, its authority, its day."""
    day = found.decided_on or found.verified_on or found.occurred_on
    row = None if found.row is None else lexicon.named_row(found.row, language)
    parts = [row, found.document, found.authority_name, None if day is None else str(day)]
    return by_commas((part for part in parts if part), language)


def initial(found: Initial, language: Language, lexicon: Lexicon) -> str:
    """The score with which the lines begin, in a sentence with its articles."""
    parts = [lexicon.cite(c, language) for c in found.cites]
    parts += [_readings(found.readings, language)] if found.readings else []
    grounds, of = cited(parts, language), "carried" if found.carried else "first"
    if found.since is None:
        return say(f"results.initial.{of}", language, score=found.score, grounds=grounds)
    return say(f"results.initial_since.{of}", language, score=found.score, grounds=grounds, since=found.since)


def headline(answer: GradeAnswer, language: Language, lexicon: Lexicon) -> str:
    """The grade asked about, which of the tracks it is, and what was public on that day."""
    kind, running = answer.subject.kind, answer.running
    why = running.undetermined if isinstance(answer.outside, UnsetType) else answer.outside
    result = standing_words(running.score, running.grade, why, kind, language, lexicon, running.risk)
    result += before_listing(answer, language)
    if lexicon.is_published_daily(kind):
        return say("results.headline.published_daily", language, result=result)
    if kind in PERSONS:
        return say("results.headline.not_published", language, result=result)
    public = public_words(answer.public, kind, language, lexicon)
    return say("results.headline.beside_public", language, result=result, public=public)


def public_words(shown: PublicGrade | None, kind: str, language: Language, lexicon: Lexicon) -> str:
    """What the register shows: a grade, a result that was published without one, or nothing."""
    if shown is None:
        return say("results.public.none", language)
    if shown.grade is None:
        return say("results.public.without_grade", language)
    return result_words(None, shown.grade, kind, language, lexicon, shown.risk or None)


def before_listing(answer: GradeAnswer, language: Language) -> str:
    """Behind a result the points that led to a list which still holds: a new cycle runs beside it."""
    for before, step in itertools.pairwise(answer.steps):
        if step.row == LISTING and step.counted:
            since, points = step.effective_on, before.score
            if step.ends_on is None:
                return say("results.before_listing", language, since=since, points=points)
            last = step.ends_on - _ONE_DAY
            return say("results.before_listing_until", language, since=since, points=points, last=last)
    return ""


def published(shown: PublicGrade, published_on: dt.date | None, kind: str, language: Language, lexicon: Lexicon) -> str:
    """How a public grade came about: by the publication for a year, or as the grade of the day.

    ``published_on`` is the day on which the result of its year had been published by then; ``None`` where it had not.
    """
    if lexicon.is_annual(kind):
        if shown.status == "published" or published_on == shown.since:
            return say("results.published.for_year", language, year=shown.year)
        if published_on is None:
            return say("results.published.at_once", language)
        return say("results.published.adjusted", language, year=shown.year)
    if lexicon.is_published_daily(kind):
        return say("results.published.daily", language)
    return say("results.published.by_decision", language)


def next_change(change: NextChange, kind: str, language: Language, lexicon: Lexicon) -> str:
    """What will be different on the next day on which something changes by what is on record."""
    parts = []
    if "running" in change.tracks:
        if change.score is None and change.grade is None:
            becomes = say("results.no_grade", language)
        else:
            result = result_words(change.score, change.grade, kind, language, lexicon)
            becomes = say("results.next.becomes", language, result=spaced(result) if language == "zh" else result)
        parts.append(becomes + _brought_about_by(len(change.facts), language))
    others = [say(f"results.track.{track}", language) for track in change.tracks if track != "running"]
    if others:
        tracks = say("results.and", language).join(others)
        parts.append(say("results.next.track" if len(others) == 1 else "results.next.tracks", language, tracks=tracks))
    return say("results.next.sentence", language, on=change.on, what=by_semicolons(parts, language))


def _brought_about_by(records: int, language: Language) -> str:
    if records == 0:
        return say("results.next.by_other", language)
    if records == 1:
        return say("results.next.by_one_record", language)
    return say("results.next.by_records", language, number=records)


def with_next_change(change: NextChange | None, kind: str, language: Language, lexicon: Lexicon) -> NextChange | None:
    """The next change with its sentence."""
    if change is None:
        return None
    return msgspec.structs.replace(change, because=next_change(change, kind, language, lexicon))


def cause(change: Cause, language: Language, lexicon: Lexicon) -> str:
    """Why a span of the history began."""
    what = what_of(change, language, lexicon)
    if change.change == "counts":
        return say("steps.begins", language, what=what)
    why = in_brackets(shortly(change.reason, language), language) if change.reason else ""
    return say("steps.ceases", language, what=what, why=why)


def shortly(code: str, language: Language) -> str:
    """Why a step does not count, without its days."""
    for family in ("steps.short", "steps.ended", "steps.reason"):
        if has(family, code):
            return name(family, code, language)
    return code


def reason_codes() -> tuple[str, ...]:
    """Every code of why a step does not count, those first that have a day."""
    return (*codes_of("steps.reason_dated"), *codes_of("steps.reason"))


# --- results ----------------------------------------------------------------------------------------------


def result_words(
    score: str | None,
    grade: str | None,
    kind: str,
    language: Language,
    lexicon: Lexicon,
    risk: str | None = None,
) -> str:
    """Score, grade and risk level in one breath; says so when there is none."""
    parts = []
    if score is not None:
        parts.append(say("results.points", language, score=score))
    if grade is not None:
        parts.append(lexicon.grade(grade, kind, language))
    if risk is not None:
        parts.append(lexicon.grade(risk, kind, language))
    return listed(parts, language) if parts else say("results.no_grade", language)


def standing_words(
    score: str | None,
    grade: str | None,
    why: str | None,
    kind: str,
    language: Language,
    lexicon: Lexicon,
    risk: str | None = None,
) -> str:
    """Score, grade and risk level, and why what is missing is not there."""
    if why is None:
        return result_words(score, grade, kind, language, lexicon, risk)
    reason = undetermined(why, language)
    if score is None and grade is None:
        return reason
    return result_words(score, grade, kind, language, lexicon, risk) + in_brackets(reason, language)


def regime_texts(line: "RegimeLine", kind: str, language: Language, lexicon: Lexicon) -> dict[str, str]:
    """What a subject's standing under one regime is called, by its parts."""
    running, annual, public = line.running, line.annual, line.public

    def result(score: str | None, grade: str | None, why: str | None, risk: object) -> str:
        level = risk if isinstance(risk, str) else None
        return standing_words(score, grade, why, kind, language, lexicon, level)

    texts = {
        "force": lexicon.force(line.force, language),
        "running": result(running.score, running.grade, running.undetermined, running.risk),
    }
    if annual is not None:
        texts["annual"] = result(annual.score, annual.grade, annual.undetermined, annual.risk)
        texts["stage"] = stage(annual.stage, language)
    if public is not None:
        texts["public"] = public_words(public, kind, language, lexicon)
    return texts


def undetermined(code: str, language: Language) -> str:
    """Why there is no grade."""
    return name("results.undetermined", code, language)


def force(code: str, language: Language) -> str:
    """Whether the rules that were applied are law on that day."""
    return name("results.force", code, language)


# --- names of things --------------------------------------------------------------------------------------


def event_title(tag: str, language: Language) -> str:
    """The title of an event on a timeline."""
    return name("names.event", tag, language)


def entry_title(
    tag: str, content: Mapping[str, object], language: Language, lexicon: Lexicon, *, again: bool = False
) -> str:
    """The title of a line of a timeline: the event, with the row of a fact, the stage and year of an evaluation, the
    year of a score, the number or kind of a letter, the kind of a piece of evidence, or how an objection or a comment
    was decided. Of a row whose words were told before (``again``) the number alone."""
    title = event_title(tag, language)
    if tag.startswith("letter-") and (told := _of_letter(content, language)):
        return by_colon(title, told, language)
    if tag.startswith("evidence-") and isinstance(kind := content.get("kind"), str):
        return by_colon(title, name("evidence.kind", kind, language), language)
    if isinstance(row := content.get("row"), str):
        named = lexicon.row_again(row, language) if again else lexicon.named_row(row, language)
        return by_colon(title, named, language)
    if isinstance(year := content.get("year"), int) and "stage" not in content:
        return by_colon(title, say("names.year", language, year=year), language)
    if isinstance(step := content.get("stage"), str):
        return by_colon(title, f"{content.get('year')} {stage(step, language)}", language)
    if isinstance(answer := content.get("outcome"), str):
        return by_colon(title, outcome(answer, language), language)
    return title


def days_late(tag: str, delay_days: int | None) -> int | None:
    """How many days late an event of a timeline was recorded; ``None`` for one that was recorded in time. Who works
    where is recorded when a file is opened: that is no delay."""
    return delay_days if delay_days and delay_days > 0 and not tag.startswith("employment-") else None


def _of_letter(content: Mapping[str, object], language: Language) -> str:
    """The number of a letter, else what kind of letter it is; how it was served."""
    if isinstance(number := content.get("number"), str):
        return number
    if isinstance(how := content.get("how"), str):
        return name("letters.how", how, language)
    kind = content.get("kind")
    return name("letters.kind", kind, language) if isinstance(kind, str) else ""


def stage(code: str, language: Language) -> str:
    """The name of a stage of the yearly evaluation."""
    named = STEP_NAMES.get(code)
    return code if named is None else said(worded(named), language)


def deadline_kind(code: str, language: Language) -> str:
    """What has to happen by a deadline of that kind."""
    return name("deadlines.kind", code, language)


def deadline_state(code: str, language: Language) -> str:
    """How a deadline stands."""
    return name("deadlines.state", code, language)


def proof_day(code: str, language: Language) -> str:
    """Why a day of a proof counts or is passed over."""
    return name("deadlines.proof_day", code, language)


def recheck_cause(code: str, language: Language) -> str:
    """Why a result is not given again when its receipt is executed."""
    return name("names.recheck", code, language)


def actor(code: str, language: Language) -> str:
    """Who has to act by a deadline."""
    return name("deadlines.actor", code, language)


def outcome(code: str, language: Language) -> str:
    """How an objection or a comment was decided."""
    return name("names.outcome", code, language)


def service(code: str, language: Language) -> str:
    """The name of a service an agency offers."""
    return name("names.service", code, language)


def organ(code: str, language: Language) -> str:
    """The name of an organ (``EEB``) or of the organ of an authority (``150100-EEB``)."""
    return name("names.organ", code.rpartition("-")[2], language)


def struck(code: str, language: Language) -> str:
    """By what a line of a timeline was undone."""
    return name("names.struck", code, language)


def kind(code: str, language: Language) -> str:
    """What kind of subject it is."""
    return name("names.kind", code, language)
