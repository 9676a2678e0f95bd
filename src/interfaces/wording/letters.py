"""Letters in words: what each says, paragraph by paragraph, in the language of the letter or of whoever looks at it."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

from application.papers.letters.content import LastDay, LetterContent, LetterFact
from domain.aggregates.letters import LetterOffice
from domain.events.papers.letters import SERIES_OF, LetterKind, LetterSeries
from domain.vocabulary import PERSONS, plain
from interfaces.wording import words
from interfaces.wording.days import day_written
from interfaces.wording.places import authority
from interfaces.wording.punctuation import ended
from interfaces.wording.texts import Language, name, say
from interfaces.wording.words import Lexicon

WITH_EFFECTS: Final[frozenset[LetterKind]] = frozenset(("grade_notice", "practitioner_letter", "record_notice"))
"""Letters that say what each fact does to the score."""


class FactLine(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the table of facts, in words."""

    no: str
    document: str
    authority: str
    date: str
    what: str
    effect: str


class LetterText(msgspec.Struct, frozen=True, kw_only=True):
    """A letter in words, part by part as templates name them; a part that is empty is not there."""

    language: Language
    bureau: str
    number: str
    title: str
    addressee: str
    code: str
    opening: str
    heads: FactLine
    facts: tuple[FactLine, ...]
    decision: tuple[str, ...]
    last_day: str
    free: tuple[str, ...]
    remedies: tuple[str, ...]
    closing: str
    contact: tuple[str, ...]
    dated: str
    copies: str
    printed: str

    @property
    def body(self) -> tuple[str, ...]:
        """All of the text, a paragraph each; the facts as lines."""
        facts = tuple("，".join(part for part in msgspec.structs.astuple(line) if part) for line in self.facts)
        parts = (self.opening, *facts, *self.decision, self.last_day, *self.free, *self.remedies, self.closing)
        return tuple(part for part in parts if part)


def number_of(office: LetterOffice, series: LetterSeries, year: int, serial: int) -> str:
    """A number as it is printed, in the words of the bureau."""
    letterhead = office.letterhead
    word = "" if letterhead is None else letterhead.word
    given = () if letterhead is None else letterhead.series
    own = next((each.word for each in given if each.series == series), None)
    called = own or name("letters.series_word", series, "zh")
    return say("letters.number", "zh", word=word, series=called, year=year, serial=serial)


def letter_text(content: LetterContent, number: str, lexicon: Lexicon, language: Language = "zh") -> LetterText:
    """A letter in words; ``lexicon`` has those of the editions of its regime."""
    said = _Worded(content, lexicon, language)
    paragraphs = tuple(content.paragraphs)
    return LetterText(
        language=language,
        bureau=content.head.name,
        number=number,
        title=name("letters.kind", content.kind, language),
        addressee=said.addressee(),
        code=said.code(),
        opening=said.opening(),
        heads=_heads(language),
        facts=tuple(said.facts()),
        decision=tuple(said.decision()),
        last_day=said.last_day(),
        free=() if content.kind in ("objection_correction", "repair_correction") else paragraphs,
        remedies=tuple(line for line in content.head.remedies.split("\n") if line) if _has_remedies(content) else (),
        closing="" if _has_remedies(content) else said.closing(),
        contact=tuple(said.contact()),
        dated=day_written(content.dated_on, language),
        copies=said.copies(),
        printed=say("letters.printed", language, day=day_written(content.dated_on, language)),
    )


def passed_last_day(told: Mapping[str, Any], today: str = "") -> str | None:
    """The last day that a draft states, as the API tells it, where it is over on the day of the letter or today: it
    stands there all the same, since it follows from the law."""
    last_day = (told.get("content") or {}).get("last_day")
    if last_day is None or last_day["due_on"] >= max(told["dated_on"], today):
        return None
    return str(last_day["due_on"])


def _is_numbered(paragraph: str) -> bool:
    return paragraph.lstrip("(\uff08")[:1].isnumeric()


def _has_remedies(content: LetterContent) -> bool:
    return content.kind in ("objection_decision", "repair_refused")


def _heads(language: Language) -> FactLine:
    heads = [say(f"letters.table.{code}", language) for code in _COLUMNS]
    return FactLine(**dict(zip(FactLine.__struct_fields__, heads, strict=True)))


_COLUMNS = ("no", "document", "authority", "decided_on", "what", "effect")


class _Worded:
    """A letter in the making."""

    def __init__(self, content: LetterContent, lexicon: Lexicon, language: Language) -> None:
        self._content = content
        self._lexicon = lexicon
        self._language: Language = language
        self._is_person = content.subject_kind in PERSONS

    def _say(self, code: str, /, **given: object) -> str:
        return say(code, self._language, **given)

    def _typed(self, name: str) -> str:
        """What somebody typed, as it ends a sentence."""
        return ended(self._content.matter.texts[name], self._language)

    def _day(self, found: dt.date) -> str:
        return day_written(found, self._language)

    @property
    def _you(self) -> str:
        return self._say("letters.you.person" if self._is_person else "letters.you.organisation")

    @property
    def _article(self) -> str:
        """The text of the law with the articles that it is cited by."""
        said = dict.fromkeys(self._lexicon.cite(cite, self._language) for cite in self._content.cites)
        cites = self._say("letters.list_comma").join(said)
        return self._say("letters.article", title=self._lexicon.title(self._language), cites=cites)

    def addressee(self) -> str:
        """To whom it goes."""
        if self._content.kind == "assistance_notice":
            return self._say("letters.addressee_of_all")
        return self._say("letters.addressee", name=self._content.addressee)

    def code(self) -> str:
        """The code of whom it goes to; none where it goes to the departments."""
        if not self._content.code or self._content.kind == "assistance_notice":
            return ""
        if self._is_person:
            return self._say("letters.code.person", code=self._content.code)
        return self._say("letters.code.organisation", code=self._content.code)

    def opening(self) -> str:
        """Why it is written."""
        content, you = self._content, self._you
        days, year = content.matter.days, content.matter.year
        match content.kind:
            case "grade_notice":
                return self._say("letters.opening.grade_notice", article=self._article, you=you, year=year)
            case "practitioner_letter":
                return self._say("letters.opening.practitioner_letter", article=self._article, you=you, year=year)
            case "warning_notice":
                return self._say("letters.opening.warning_notice", you=you)
            case "record_notice":
                paper = next((fact.document for fact in content.matter.facts if fact.document), None)
                if paper is None:
                    return self._say("letters.opening.record_notice_of_other", you=you)
                return self._say("letters.opening.record_notice", you=you, document=paper)
            case "objection_accepted":
                filed_on = self._day(days["filed_on"])
                return self._say("letters.opening.objection_accepted", you=you, filed_on=filed_on, what=self._what())
            case "objection_correction":
                filed_on = self._day(days["filed_on"])
                return self._say("letters.opening.objection_correction", you=you, filed_on=filed_on, what=self._what())
            case "objection_decision":
                return self._say(
                    "letters.opening.objection_decision",
                    you=you,
                    filed_on=self._day(days["filed_on"]),
                    what=self._what(),
                    grounds=self._typed("grounds"),
                )
            case "repair_accepted" | "repair_correction":
                if "committed_on" in days:
                    committed_on = self._day(days["committed_on"])
                    return self._say("letters.opening.repair_committed", you=you, filed_on=committed_on)
                return self._say("letters.opening.repair_accepted", you=you, filed_on=self._day(days["filed_on"]))
            case "repair_confirmed" | "repair_refused":
                if "committed_on" in days:
                    committed_on = self._day(days["committed_on"])
                    return self._say("letters.opening.commitment_decided", you=you, filed_on=committed_on)
                return self._say("letters.opening.repair_confirmed", you=you, filed_on=self._day(days["filed_on"]))
            case "assistance_notice":
                return self._say(
                    "letters.opening.assistance_notice",
                    name=content.addressee,
                    code=content.code,
                    n=len(content.matter.papers),
                    papers=self._say("letters.list_comma").join(content.matter.papers),
                )
            case "reminder":
                duty = self._duty()
                if not duty:
                    return self._say("letters.opening.reminder_of_other_things", you=you)
                return self._say("letters.opening.reminder", you=you, duty=duty)

    def _missing(self) -> Iterator[str]:
        """What is missing, by number: the papers with the provisions that ask for them, and what the bureau adds."""
        missing, added = self._content.matter.missing, self._content.paragraphs
        for n, paper in enumerate(missing, 1):
            called = name("evidence.paper", paper.code, self._language)
            cites = self._lexicon.cites(paper.cites, self._language)
            yield self._say("letters.missing_paper", n=n, paper=called, cites=cites)
        # Whoever has numbered them goes on to.
        is_list = len(missing) + len(added) > 1 and not any(_is_numbered(paragraph) for paragraph in added)
        for n, paragraph in enumerate(added, len(missing) + 1):
            yield self._say("letters.missing_other", n=n, what=paragraph) if is_list else paragraph

    def _what(self) -> str:
        """What an objection is about."""
        if self._content.matter.year is not None:
            return self._say("letters.about.year", year=self._content.matter.year)
        paper = next((fact.document for fact in self._content.matter.facts if fact.document), None)
        if paper is None:
            return self._say("letters.about.other")
        return self._say("letters.about.document", document=paper)

    def _duty(self) -> str:
        last = self._content.last_day
        return "" if last is None else words.deadline_kind(last.kind, self._language)

    def facts(self) -> Iterator[FactLine]:
        """The table of facts; what an objection is about is named in its opening."""
        if self._content.kind.startswith("objection"):
            return
        for number, fact in enumerate(self._content.matter.facts, start=1):
            on = fact.decided_on or fact.occurred_on
            yield FactLine(
                no=str(number),
                document=fact.document or self._say("letters.nothing"),
                authority=authority(fact.authority, self._language) if fact.authority else "",
                date="" if on is None else self._day(on),
                what=self._named(fact),
                effect=self._effect(fact) if self._content.kind in WITH_EFFECTS else "",
            )

    def _named(self, fact: LetterFact) -> str:
        return (self._lexicon.row(fact.row, self._language) if fact.row else "") or fact.summary or ""

    def _effect(self, fact: LetterFact) -> str:
        effect = fact.effect
        if not effect:
            return self._say("letters.nothing")
        if effect.startswith("-"):
            return self._say("letters.effect.points", points=plain(-Decimal(effect)))
        if effect.isdigit():
            return self._say("letters.effect.once", n=effect)
        return self._lexicon.grade(effect, self._content.subject_kind, self._language)

    def decision(self) -> Iterator[str]:
        """What it tells, asks for or decides."""
        content, article, you = self._content, self._article, self._you
        match content.kind:
            case "grade_notice":
                yield from self._proposed()
            case "warning_notice":
                requirements = self._typed("requirements")
                yield self._say(
                    "letters.decision.warning_notice.basis", article=article, you=you, requirements=requirements
                )
                # A time that ends on a day of rest ends on the next working day.
                last = content.matter.days["due_on"] if content.last_day is None else content.last_day.due_on
                yield self._say("letters.decision.warning_notice.until", due_on=self._day(last))
                yield self._say("letters.decision.warning_notice.after")
            case "objection_accepted":
                yield self._say("letters.decision.objection_accepted", article=article)
                if content.last_day is not None:
                    until = self._day(content.last_day.due_on)
                    yield self._say("letters.decision.objection_accepted_until", due_on=until, you=you)
            case "objection_correction" | "repair_correction":
                yield self._say("letters.decision.correction", article=article)
                yield from self._missing()
                if content.last_day is not None:
                    until = self._day(content.last_day.due_on)
                    yield self._say("letters.decision.correction_until", due_on=until)
            case "objection_decision":
                yield self._say("letters.decision.objection_decision.found", reasons=self._typed("reasons"))
                yield self._say(f"letters.outcome.{content.matter.outcome}", article=article)
                if content.matter.papers:
                    papers = self._say("letters.list_comma").join(content.matter.papers)
                    yield self._say("letters.decision.objection_decision.sets_aside", papers=papers)
            case "repair_accepted":
                yield self._say("letters.decision.repair_accepted", article=article)
                if content.last_day is not None:
                    until = self._day(content.last_day.due_on)
                    yield self._say("letters.decision.repair_accepted_until", due_on=until)
            case "repair_confirmed":
                if "completed_on" in content.matter.days:
                    on = self._day(content.matter.days["completed_on"])
                    yield self._say("letters.decision.repair_confirmed.completed", completed_on=on)
                yield self._say(
                    "letters.decision.repair_confirmed.basis",
                    article=article,
                    decided_on=self._day(content.matter.days["decided_on"]),
                    certificate=content.matter.texts["certificate"],
                )
            case "repair_refused":
                yield self._say("letters.decision.repair_refused.why", reasons=self._typed("reasons"))
                on = self._day(content.matter.days["decided_on"])
                yield self._say("letters.decision.repair_refused.basis", article=article, decided_on=on)
            case "practitioner_letter":
                yield self._say("letters.decision.practitioner_letter.result", grade=self._grade())
                yield from self._way_of_repair()
                yield self._say("letters.decision.practitioner_letter.private")
            case "record_notice":
                yield self._say("letters.decision.record_notice", article=article, you=you)
                yield from self._way_of_repair()
            case "assistance_notice":
                yield self._say("letters.decision.assistance_notice", article=article)
                yield self._say("letters.decision.assistance_private")
            case "reminder":
                if content.last_day is not None:
                    until = self._day(content.last_day.due_on)
                    yield self._say("letters.decision.reminder.until", article=article, due_on=until)

    def _way_of_repair(self) -> Iterator[str]:
        if self._content.matter.ways:
            cites = self._lexicon.cites(self._content.matter.ways, self._language)
            yield self._say("letters.decision.repair", cites=cites, you=self._you)

    def _proposed(self) -> Iterator[str]:
        content = self._content
        if content.matter.score is None:
            yield self._say("letters.decision.grade_notice.without_score", grade=self._grade())
        else:
            yield self._say("letters.decision.grade_notice.with_score", score=content.matter.score, grade=self._grade())
        if content.matter.facts:
            yield self._say("letters.decision.grade_notice.facts")
        else:
            yield self._say("letters.decision.grade_notice.no_facts")
        if content.last_day is not None:
            within = self._within(content.last_day)
            yield self._say("letters.decision.grade_notice.right", you=self._you, within=within)

    def _within(self, last: LastDay) -> str:
        if last.working_days is None:
            return self._say("letters.within.until", due_on=self._day(last.due_on))
        return self._say("letters.within.days", n=last.working_days)

    def _grade(self) -> str:
        grade = self._content.matter.grade
        return "" if grade is None else self._lexicon.grade(grade, self._content.subject_kind, self._language)

    def last_day(self) -> str:
        """The last day of a period that runs from the receipt of the letter, and what follows when it is over."""
        last = self._content.last_day
        if self._content.kind != "grade_notice" or last is None or last.starts_on is None:
            return ""
        starts_on, due_on = self._day(last.starts_on), self._day(last.due_on)
        if last.if_served_on is None:
            told = self._say("letters.last_day.served", starts_on=starts_on, due_on=due_on)
        else:
            told = self._say("letters.last_day.if_served", starts_on=starts_on, due_on=due_on)
        return told + self._say("letters.decision.grade_notice.after")

    def closing(self) -> str:
        """How it ends."""
        series = SERIES_OF[self._content.kind]
        return self._say(f"letters.closing.{series}")

    def contact(self) -> Sequence[str]:
        """Whom to ask, and where."""
        found = []
        if self._content.head.contact:
            found.append(self._say("letters.contact", contact=self._content.head.contact))
        if self._content.head.address:
            found.append(self._say("letters.address", address=self._content.head.address))
        return () if not found else (self._say("letters.clause").join(found),)

    def copies(self) -> str:
        """To whom it goes as well."""
        if not self._content.copies:
            return ""
        return self._say("letters.copies", copies=self._say("letters.list_comma").join(self._content.copies))
