"""A dossier as a paper: its nine chapters, made of what is shown of it.

It is made of the members of a ``ToldDossier`` as they are sent: what the reader's role is not shown is not among them.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Any, Final, NamedTuple

import msgspec

from application.access.masking import MaskedPart
from application.answering.behind.particulars import TOLD
from application.answering.grading import known_at_from
from interfaces.charts.learnt_later import learnt_later
from interfaces.charts.printing import printed
from interfaces.charts.steps import ChartMark, GradeBand, LearntLater, ScoreSpan, StepChart, svg_of_steps
from interfaces.documents.blocks import (
    AnyBlock,
    Code,
    Entries,
    Heading,
    ItemList,
    Paper,
    Paragraph,
    Picture,
    Signatures,
    Square,
    Table,
)
from interfaces.wording.citations import by_article
from interfaces.wording.days import day_written, moment_written
from interfaces.wording.dossiers import CORRECTED_DAYS
from interfaces.wording.punctuation import begun, by_colon, by_commas, by_semicolons, joined, unbroken
from interfaces.wording.texts import Language, has, name, say

ShownPart = Mapping[str, Any]
"""An object of an answer, as it is shown to whoever asks."""

_CHART: Final = 700
"""How wide the drawing is, in its own units: narrower than on screens, so that what is written in it can be read."""
_BEYOND: Final = dt.timedelta(days=45)
_POINTS: Final = re.compile(r"[+-]?[0-9.]+")
_BEFORE_CHINESE: Final = re.compile(r"(?<=[A-Z0-9]) (?=[^\x00-\x7f])")
"""The blank between a figure, or the letter of a grade, and the Chinese word behind it."""

_EVERYWHERE: Final = "PIPL"
"""The law by which something is left out under all rules."""

_VERIFY: Final = "/verify?held="


class _Wide(NamedTuple):
    """How wide columns are in which something stands in one line, in tens of points of the 44.2 that there are: a day,
    a day that is called something, also one from which a line counts, the number of a paper, an item of an article, a
    bureau; points, what else a line does, and why one does not count."""

    day: float
    named_day: float
    day_that_counts: float
    paper: float
    ground: float
    authority: float
    points: float
    effect: float
    why: float


_WIDE: Final[Mapping[Language, _Wide]] = {
    "zh": _Wide(7.3, 10.2, 10.2, 11.6, 10.5, 9.7, 3.1, 6.4, 9.0),
    "en": _Wide(8.4, 12.2, 14.0, 10.1, 8.6, 10.5, 3.6, 6.4, 10.0),
}
_WHOLE: Final = 44.2
_NUMBER: Final = 2.6

_MANY: Final = 10
"""From how many lines on the ground that most of them have is said once before them."""

_WORTH_NAMING: Final = 16
"""From how many characters on what was said in an earlier line is not said again, but named by the number of the
line."""


class PaperIssue(NamedTuple):
    """What is set on a paper beside what it says: the name of what sets it (``setter``), the ``address`` at which the
    pages of the bureau are reached, where that is configured, and its ``number``, where it is issued under one."""

    setter: str
    address: str = ""
    number: str = ""


def _held_together(text: str) -> str:
    """A text in which no figure, and no letter of a grade, is parted at the end of a line from the word behind it."""
    return _BEFORE_CHINESE.sub("\u00a0", text)


def dossier_paper(shown: ShownPart, left_out: Sequence[MaskedPart], language: Language, issue: PaperIssue) -> Paper:
    """The paper of a dossier. ``left_out`` is what its reader is not shown."""
    return _Setting(shown, left_out, language, issue).paper()


def _floor_of(counted: Sequence[ShownPart]) -> str | None:
    """The least score, where something was deducted that took nothing off it any more."""
    floored = (
        line["score"]
        for before, line in pairwise(counted)
        if line["effect"].startswith("-") and line["score"] == before["score"]
    )
    return next(floored, None)


def _common_ground(counted: Sequence[ShownPart]) -> str:
    """The ground on which most of many lines stand, where each has one; else nothing."""
    ((ground, number),) = Counter(step["ground"] for step in counted).most_common(1)
    is_common = len(counted) >= _MANY and 2 * number > len(counted) and all(step["ground"] for step in counted)
    return str(ground) if is_common else ""


def _added(counted: Sequence[ShownPart]) -> str:
    """The points that lines of an account give, in all; nothing where none gives any."""
    given = sum(
        Decimal(line["effect"]) for line in counted if _POINTS.fullmatch(line["effect"]) and line["effect"][0] == "+"
    )
    return f"{given:f}" if given else ""


def _is_apart(span: ShownPart, bands: Sequence[GradeBand]) -> bool:
    """Whether the grade of some days is another one than the score of these days stands for."""
    of_score = [band.name for band in sorted(bands) if band.least <= float(span["score"])]
    return bool(bands) and span["name"] not in of_score[-1:]


class _Setting:
    """Sets one dossier."""

    def __init__(self, shown: ShownPart, left_out: Sequence[MaskedPart], language: Language, issue: PaperIssue) -> None:
        self._shown = shown
        self._left_out = left_out
        self._language: Language = language
        self._wide = _WIDE[language]
        self._issue = issue
        self._basis: ShownPart = shown["basis"]
        self._as_of = self._day(self._basis["as_of"])
        self._day_asked = dt.date.fromisoformat(self._basis["as_of"])
        self._known_at = moment_written(self._basis["known_at"], language)
        self._name = shown["subject"].get("name") or self._say("dossier.no_name")
        self._documents = {(step["particulars"] or {}).get("document") for step in shown["steps"]} - {None}

    def paper(self) -> Paper:
        chapters = (
            self._conclusion,
            self._account,
            self._law,
            self._since,
            self._readings,
            self._deadlines,
            self._timeline,
            self._evidence,
            self._proof,
        )
        return Paper(
            language=self._language,
            title=self._say("dossier.title"),
            bureau=self._shown["bureau"],
            number=self._issue.number,
            heads=(
                self._head(self._shown["bureau"], self._issue.number),
                self._head(self._name, self._shown["title"]),
                self._say("dossier.head.dates", as_of=self._as_of, known_at=self._known_at),
            ),
            moment=known_at_from(self._basis["known_at"]),
            with_contents=True,
            contents=self._say("dossier.contents"),
            pages=self._say("dossier.pages", page="{page}", pages="{pages}"),
            blocks=tuple(self._together(block) for chapter in chapters for block in chapter()),
        )

    # --- pieces -------------------------------------------------------------------------------------------

    def _together(self, block: AnyBlock) -> AnyBlock:
        """A block of running text in which no line ends between a figure and what it counts."""
        if isinstance(block, Paragraph):
            return msgspec.structs.replace(block, text=unbroken(block.text, self._language))
        if isinstance(block, ItemList):
            return msgspec.structs.replace(block, texts=[unbroken(text, self._language) for text in block.texts])
        return block

    def _head(self, *parts: str) -> str:
        """A line of the running head."""
        return ("　" if self._language == "zh" else " · ").join(part for part in parts if part)

    def _say(self, code: str, **given: object) -> str:
        return say(code, self._language, **given)

    def _day(self, day: str | None) -> str:
        return self._say("dossier.unknown") if day is None else day_written(dt.date.fromisoformat(day), self._language)

    def _table(
        self,
        caption: str,
        columns: Sequence[tuple[str, float]],
        rows: Sequence[Sequence[str]],
        right: Sequence[int] = (),
        as_recorded: Sequence[int] = (),
    ) -> Table:
        """A table whose cells begin with a capital, but those of the columns that stand ``as_recorded``."""
        return Table(
            head=tuple(self._say(code) for code, _ in columns),
            rows=[
                [
                    text if at in as_recorded else begun(unbroken(_held_together(text), self._language))
                    for at, text in enumerate(row)
                ]
                for row in rows
            ],
            widths=tuple(share for _, share in columns),
            right=right,
            caption=self._say(caption) if caption else "",
        )

    # --- 1 ------------------------------------------------------------------------------------------------

    def _conclusion(self) -> Iterator[AnyBlock]:
        shown, subject = self._shown, self._shown["subject"]
        yield Heading(self._say("dossier.conclusion.head"))
        yield Paragraph(self._lead(), "lead")
        if shown["draft"] is not None:
            yield Paragraph(self._say("dossier.conclusion.simulated", label=shown["draft"]))
        about = (
            ("name", self._name),
            ("uscc", subject.get("uscc")),
            ("id_number", subject.get("id_number")),
            ("employers", "\n".join(self._employer(job) for job in subject.get("employers") or ())),
            ("place", shown["place"]),
            ("services", shown["services"]),
            ("regime", shown["title"]),
            ("force", shown["force"]),
            ("as_of", self._as_of),
            ("known_at", begun(self._known_at)),
        )
        yield Entries(tuple((self._say(f"dossier.about.{code}"), value) for code, value in about if value))
        yield Paragraph(self._say("dossier.conclusion.dates", as_of=self._as_of, known_at=self._known_at))
        if shown.get("again"):
            yield Paragraph(shown["again"], "note")
        tracks = [(self._say(f"dossier.track.{t['code']}"), t["result"], t["about"]) for t in shown["tracks"]]
        yield self._table(
            "dossier.conclusion.tracks",
            (("dossier.conclusion.track", 2), ("dossier.conclusion.result", 4), ("dossier.conclusion.about", 6)),
            tracks,
        )
        yield Paragraph(shown["weighed"])
        if shown["reasons"]:
            yield Paragraph(self._say("dossier.conclusion.reasons"))
            yield ItemList(shown["reasons"], ordered=True)
        if shown["verdict"]:
            yield Paragraph(self._say("dossier.conclusion.readings", verdict=shown["verdict"]))
        change = shown["next_change"]
        yield Paragraph(
            self._say("dossier.conclusion.next", change=change) if change else self._say("dossier.conclusion.no_next")
        )
        if shown["cities"]:
            columns = (("dossier.conclusion.city", 1), ("dossier.conclusion.result", 2))
            yield self._table("dossier.conclusion.cities", columns, [tuple(line) for line in shown["cities"]])
        if shown["measures"]:
            yield self._measures(shown["measures"])

    def _employer(self, job: ShownPart) -> str:
        """Where a person works or worked, as what, from when until when."""
        first, last = self._day(job["from_on"]), job["until_on"]
        period = (
            self._say("dossier.employed.since", first=first)
            if last is None
            else self._say("dossier.employed.from_until", first=first, last=self._day(last))
        )
        return by_commas((part for part in (job["agency"], job["role"], period) if part), self._language)

    def _lead(self) -> str:
        """The conclusion in one sentence, as it can be read out."""
        name = self._shown["subject"].get("name") or self._say("dossier.conclusion.unnamed")
        result = _held_together(self._shown["result"])
        if self._shown["is_graded"]:
            return self._say("dossier.conclusion.lead", as_of=self._as_of, name=name, result=result)
        return self._say("dossier.conclusion.no_grade", as_of=self._as_of, name=name, result=result)

    def _measures(self, measures: Sequence[ShownPart]) -> Table:
        rows = [
            (
                m["what"] or "",
                self._shown["cited"][number],
                self._day(m["since"]),
                m["legal_basis"] or self._say("dossier.conclusion.no_legal_basis"),
            )
            for number, m in enumerate(measures)
        ]
        columns = (
            ("dossier.conclusion.measure", 13.3),
            ("dossier.conclusion.ground", self._wide.ground),
            ("dossier.conclusion.since", self._wide.day),
            ("dossier.conclusion.legal_basis", 12.2),
        )
        return self._table("dossier.conclusion.measures", columns, rows)

    # --- 2 ------------------------------------------------------------------------------------------------

    def _account(self) -> Iterator[AnyBlock]:
        shown = self._shown
        yield Heading(self._say("dossier.account.head"))
        if shown["initial"]:
            yield Paragraph(shown["initial"])
        counted = [step for step in shown["steps"] if step["counted"]]
        apart = [step for step in shown["steps"] if not step["counted"]]
        yield Heading(self._say("dossier.account.counted"), 2)
        has_score = any(step["score"] is not None for step in counted)
        if counted:
            if common := _common_ground(counted):
                yield Paragraph(self._say("dossier.account.common_ground", ground=common))
            yield self._counted(counted, common, has_score=has_score)
        else:
            yield Paragraph(self._say("dossier.account.nothing"))
        if shown["score"] is not None and shown["deducted"] not in (None, "0"):
            of = shown["scale"] if shown["scale"] != "sum" or shown["deducted"] == shown["score"] else "sum_anew"
            deducted, score = shown["deducted"], shown["score"]
            if of == "left" and (added := _added(counted)):
                total = self._say("dossier.account.total_with_added", added=added, deducted=deducted, score=score)
            else:
                total = self._say(f"dossier.total.{of}", deducted=deducted, score=score)
            yield Paragraph(total)
        elif shown["score"] is not None:
            yield Paragraph(self._score_alone(counted, apart))
        if (least := _floor_of(counted)) is not None:
            yield Paragraph(self._say("dossier.account.floor", score=least))
        if shown["rated"]:
            yield Paragraph(shown["rated"])
        yield Heading(self._say("dossier.account.apart"), 2)
        if apart:
            summaries: dict[str, int] = {}
            rows = [
                (str(number), self._matter(number, step, summaries, ""), self._days(step), self._why_not(step))
                for number, step in enumerate(apart, 1)
            ]
            columns = (
                ("dossier.account.number", _NUMBER),
                ("dossier.account.matter", _WHOLE - _NUMBER - self._wide.named_day - self._wide.why),
                ("dossier.account.days", self._wide.named_day),
                ("dossier.account.why", self._wide.why),
            )
            yield self._table("", columns, rows)
        else:
            yield Paragraph(self._say("dossier.account.all_counted"))
        if shown["later"]:
            yield Paragraph(self._say("dossier.account.later", number=shown["later"]), "note")

    def _score_alone(self, counted: Sequence[ShownPart], apart: Sequence[ShownPart]) -> str:
        """The score as it was recorded; where no line that counts gives it, the line that does."""
        score = self._shown["score"]
        found = [number for number, step in enumerate(apart, 1) if step["score"] == score]
        # What is left of an initial score comes from that.
        if self._shown["scale"] == "recorded" and found and not any(step["score"] == score for step in counted):
            return self._say("dossier.account.score_by", score=score, number=found[-1])
        return self._say("dossier.account.score_is", score=score)

    def _counted(self, steps: Sequence[ShownPart], common: str, *, has_score: bool) -> Table:
        rows = []
        summaries: dict[str, int] = {}
        for number, step in enumerate(steps, 1):
            effect = step["effect"]
            if _POINTS.fullmatch(effect):
                effect = effect.replace("-", "−")
            row = [str(number), self._matter(number, step, summaries, common), self._days(step), effect]
            rows.append([*row, step["score"] or self._say("dossier.unknown")] if has_score else row)
        are_points = all(_POINTS.fullmatch(step["effect"]) for step in steps)
        wide = self._wide
        behind = [
            ("dossier.account.days", wide.day_that_counts),
            ("dossier.account.effect", wide.points) if are_points else ("dossier.account.effect_grade", wide.effect),
        ]
        if has_score:
            behind.append((f"dossier.score_of.{self._shown['scale']}", wide.points))
        room = _WHOLE - _NUMBER - sum(share for _, share in behind)
        columns = [("dossier.account.number", _NUMBER), ("dossier.account.matter", room), *behind]
        figures = (*((3,) if are_points else ()), *((4,) if has_score else ()))
        return self._table("", columns, rows, right=figures)

    def _behind(self, step: ShownPart) -> ShownPart:
        """What stands behind a line: the fact, or the one record of this file that a derived line comes from."""
        found: ShownPart = step["particulars"] or {}
        if found or len(step["papers"]) != 1 or "subject" in step["papers"][0]:
            return found
        only: ShownPart = step["papers"][0]
        return only

    def _matter(self, number: int, step: ShownPart, summaries: dict[str, int], common: str) -> str:
        """What a line is about. ``summaries`` are those of the lines before it by their numbers; ``common`` is the
        ground that was said of all lines that name no other one."""
        found = self._behind(step)
        lines = [step["row"]]
        document, authority = found.get("document"), found.get("authority_name")
        if document:
            document = by_commas((part for part in (document, authority) if part), self._language)
            lines.append(self._say("dossier.account.paper", document=document))
        elif authority:
            lines.append(self._say("dossier.account.by", authority=authority))
        for of in TOLD:
            if said := found.get(of):
                first = summaries.setdefault(said, number) if of == "summary" else number
                if first != number and len(said) >= _WORTH_NAMING:
                    said = self._say("dossier.account.same_matter", number=first)
                lines.append(begun(self._say(f"facts.told.{of}", said=said)))
        if step["again"]:
            lines.append(step["again"])
        sources = zip(step["papers"], step["origins"], strict=True)
        papers = [
            text
            for paper, origin in sources
            if (text := self._source(paper, origin, is_alone=paper is found)) not in ("", step["row"])
        ]
        if papers:
            lines.append(self._say("dossier.account.comes_from", papers=by_semicolons(papers, self._language)))
        if step["ended_by"]:
            lines.append(self._say("dossier.account.ended_by", record=step["ended_by"]))
        lines += step["rests_on"]
        if step["counted"] and step["ground"] not in ("", common):
            lines.append(self._say("dossier.account.ground", ground=step["ground"]))
        # What an article says stands in chapter three, once.
        if step["quote"] and step["quote"] not in {cited["text"] for cited in self._shown["wordings"]}:
            lines.append(self._say("dossier.account.official", quote=step["quote"]))
        return "\n".join(lines)

    def _why_not(self, step: ShownPart) -> str:
        """Why a line does not count, and on what ground."""
        lines = [step["why_not"] or ""]
        if step["ground"]:
            lines.append(self._say("dossier.account.ground", ground=step["ground"]))
        return "\n".join(lines)

    def _source(self, paper: ShownPart, origin: str, *, is_alone: bool) -> str:
        """A record that a derived line comes from, as far as it is shown: by its number, which may have a line of its
        own, else by what it is. Of the only one the paper, the authority and the day stand in places of their own."""
        if is_alone:
            return "" if paper.get("document") else origin
        document = paper.get("document")
        if document in self._documents:
            return str(document)
        day = paper.get("decided_on") or paper.get("verified_on") or paper.get("occurred_on")
        parts = (document or origin, paper.get("authority_name"), None if day is None else self._day(day))
        return by_commas((part for part in parts if part), self._language)

    def _days(self, step: ShownPart) -> str:
        found = self._behind(step)
        days = [(name, found.get(name)) for name in CORRECTED_DAYS]
        if not step["particulars"]:
            # Of a record that is no fact there is one day, that of its paper.
            days = [("dated" if name == "decided_on" else name, day) for name, day in days]
        days += [("effective_on", step["effective_on"]), ("last_on", step["last_on"])]
        told = [begun(self._say(f"dossier.day_of.{name}", day=self._day(day))) for name, day in days if day is not None]
        return "\n".join(told) or self._say("dossier.unknown")

    # --- 3 ------------------------------------------------------------------------------------------------

    def _law(self) -> Iterator[AnyBlock]:
        yield Heading(self._say("dossier.law.head"))
        for edition in self._shown["editions"]:
            yield Heading(edition["title"], 2)
            yield Entries(tuple(self._edition(edition)))
        cited = self._shown["wordings"]
        loaded = [(wording["cite"], wording["text"]) for wording in cited if wording["text"]]
        bare = [wording["cite"] for wording in cited if not wording["text"]]
        if cited:
            yield Heading(self._say("dossier.law.cited"), 2)
        if loaded:
            yield self._table("", (("dossier.law.provision", self._wide.ground), ("dossier.law.text", 33.8)), loaded)
        if bare:
            cites = by_semicolons(by_article(bare, self._language), self._language)
            yield Paragraph(self._say("dossier.law.cited_rest" if loaded else "dossier.law.no_wording", cites=cites))

    def _edition(self, edition: ShownPart) -> Iterator[tuple[str, str]]:
        yield self._say("dossier.law.status"), begun(edition["force"])
        on = edition["adopted_on"]
        if on is None:
            adopted = self._say("dossier.law.not_adopted" if edition["draft"] else "dossier.law.founding")
        elif edition["document"]:
            adopted = self._say("dossier.law.adopted_by", document=edition["document"], on=self._day(on))
        else:
            adopted = self._say("dossier.law.no_document", on=self._day(on))
        yield self._say("dossier.law.adopted"), begun(adopted)
        first, last = edition["in_force_on"], edition["until_on"]
        if first is None:
            period = self._say("dossier.law.no_period")
        elif last is None:
            period = self._say("dossier.law.from", first=self._day(first))
        else:
            period = self._say("dossier.law.from_until", first=self._day(first), last=self._day(last))
        yield self._say("dossier.law.period"), begun(period)

    # --- 4 ------------------------------------------------------------------------------------------------

    def _since(self) -> Iterator[AnyBlock]:
        shown = self._shown
        yield Heading(self._say("dossier.since.head"))
        if shown["then"] == "no_file":
            opened_at = moment_written(shown["opened_at"], self._language)
            yield Paragraph(self._say("dossier.since.no_file", opened_at=opened_at))
        elif shown["then"] == "nothing_later":
            yield Paragraph(self._say("dossier.since.nothing_later"))
        elif shown["then"] == "no_edition":
            yield Paragraph(self._say("dossier.since.no_edition"))
        else:
            yield Paragraph(self._say("dossier.since.compared", as_of=self._as_of, known_at=self._known_at))
            now = self._say("dossier.since.now", known_at=self._known_at)
            rows = [(self._say("dossier.since.then"), shown["before"]), (now, shown["after"])]
            yield self._table("", (("dossier.since.known", 1), ("dossier.conclusion.result", 2)), rows)
            told = [cause for cause in shown["causes"] if cause.get("because")]
            if told:
                yield Paragraph(
                    self._say(
                        "dossier.since.causes" if shown["before"] != shown["after"] else "dossier.since.other_causes"
                    )
                )
                yield ItemList([cause["because"] for cause in told], ordered=True)
            elif shown["before"] == shown["after"]:
                yield Paragraph(self._say("dossier.since.same"))
            if len(told) == len(shown["causes"]):
                yield from (Paragraph(found["because"], "note") for found in shown["interactions"])
        yield from (Paragraph(text) for text in shown["others"])

    # --- 5 ------------------------------------------------------------------------------------------------

    def _readings(self) -> Iterator[AnyBlock]:
        shown = self._shown
        yield Heading(self._say("dossier.readings.head"))
        if not shown["readings"]:
            if shown["verdict"]:
                yield Paragraph(shown["verdict"])
            yield Paragraph(self._say("dossier.readings.none"))
            return
        yield Paragraph(self._say("dossier.readings.about"))
        if shown["verdict"]:
            yield Paragraph(shown["verdict"])
        decisive = [line for line in shown["readings"] if line["changes"]]
        if decisive:
            columns = (
                ("dossier.readings.question", 18),
                ("dossier.readings.other", 14.4),
                ("dossier.readings.result", 11.8),
            )
            yield self._table("dossier.readings.decisive", columns, [*self._deciding(decisive)])
        two = (("dossier.readings.question", 5.5), ("dossier.readings.other", 4.5))
        rest = [line for line in shown["readings"] if not line["changes"]]
        altering = {line["id"] for line in rest if line["alters"] and not line["untold"]}
        if altering:
            lines = [line for line in rest if line["id"] in altering and not line["untold"]]
            yield self._table("dossier.readings.altering", two, [*self._changing_nothing(lines)])
        deciding = {line["id"] for line in decisive} | altering
        for code, lines in (
            ("unchanged", [line for line in rest if line["id"] not in deciding and not line["untold"]]),
            ("untold", [line for line in rest if line["untold"]]),
        ):
            if lines:
                yield Paragraph(self._named(code, lines))
        if shown["pairs"]:
            yield ItemList(shown["pairs"])

    def _named(self, code: str, found: Sequence[ShownPart]) -> str:
        """Questions by their numbers and names in one paragraph, with how many there are and how many answers were
        tried; of those on which a line or a deadline rests also the answer applied."""
        questions = {line["id"]: line for line in found}
        named = (
            self._say("dossier.readings_named.with_chosen", id=id, issue=line["issue"], chosen=line["chosen"])
            if line["used"]
            else self._say("dossier.readings_named.alone", id=id, issue=line["issue"])
            for id, line in questions.items()
        )
        told = by_semicolons(named, self._language)
        return self._say(f"dossier.readings_alone.{code}", questions=len(questions), answers=len(found), named=told)

    def _deciding(self, found: Sequence[ShownPart]) -> Iterator[tuple[str, str, str]]:
        """A line for every other answer; a question is put once."""
        before = None
        for line in found:
            question = self._say("dossier.readings.same") if line["id"] == before else self._question(line)
            before = line["id"]
            yield question, line["other"], line["result"]

    def _changing_nothing(self, found: Sequence[ShownPart]) -> Iterator[tuple[str, str]]:
        """A line for every question, with its other answers; the result is told where it is not the same."""
        for _, group in groupby(found, itemgetter("id")):
            lines = [*group]
            others = [
                line["other"]
                if line["untold"] or not line["alters"]
                else self._say("dossier.readings.comes_to", other=line["other"], result=line["result"])
                for line in lines
            ]
            if len(others) > 1:
                others = [
                    self._say("dossier.readings.one_of", number=number, other=other)
                    for number, other in enumerate(others, 1)
                ]
            yield self._question(lines[0]), "\n".join(others)

    def _question(self, line: ShownPart) -> str:
        return self._say("dossier.readings.applied", id=line["id"], issue=line["issue"], chosen=line["chosen"])

    # --- 6 ------------------------------------------------------------------------------------------------

    def _deadlines(self) -> Iterator[AnyBlock]:
        found = self._shown["deadlines"]
        yield Heading(self._say("dossier.deadlines.head"))
        if not found:
            yield Paragraph(self._say("dossier.deadlines.none"))
            return
        yield Paragraph(self._say("dossier.deadlines.about"))
        papers = dict.fromkeys(paper for line in found for paper in line["papers"])
        if papers:
            yield Paragraph(self._say("dossier.deadlines.papers", papers=by_semicolons(papers, self._language)), "note")
        rows = [
            (
                str(number),
                "\n".join(begun(part) for part in (line["counted_as"], line["about"]) if part),
                self._day(line["due_on"]),
                line["state"],
                self._counted_day_by_day(line),
            )
            for number, line in enumerate(found, 1)
        ]
        columns = (
            ("dossier.account.number", _NUMBER),
            ("dossier.deadlines.what", 10.4),
            ("dossier.deadlines.last", self._wide.day),
            ("dossier.deadlines.state", self._wide.effect),
            ("dossier.deadlines.day_by_day", _WHOLE - _NUMBER - 10.4 - self._wide.day - self._wide.effect),
        )
        yield self._table("", columns, rows)

    def _counted_day_by_day(self, line: ShownPart) -> str:
        """How a last day is reckoned, what became of it, and on what ground."""
        if len(line["runs"]) == 1:
            # A day that the text itself gives: nothing is counted.
            sentences = [self._say("dossier.deadlines.fixed")]
        else:
            runs = [
                self._say("dossier.deadlines.run", days=run["days"], counted=run["counted"], kind=run["kind"])
                for run in line["runs"]
            ]
            sentences = [self._say("dossier.deadlines.counted", days=by_semicolons(runs, self._language))]
            if line["due_on"] is None:
                sentences.append(self._say("dossier.deadlines.suspended"))
        told = joined([*sentences, *line["notes"]], self._language)
        return f"{told}\n{self._say('dossier.account.ground', ground=line['ground'])}" if line["ground"] else told

    # --- 7 ------------------------------------------------------------------------------------------------

    def _timeline(self) -> Iterator[AnyBlock]:
        shown = self._shown
        yield Heading(self._say("dossier.timeline.head"))
        picture = self._picture()
        if picture is not None:
            yield picture
        spans = [
            (
                self._day(span["from_on"]) if number else self._say("dossier.timeline.beginning"),
                self._say("dossier.timeline.open") if span["until_on"] is None else self._day(span["until_on"]),
                span["result"],
            )
            for number, span in enumerate(shown["spans"])
        ]
        columns = (("dossier.timeline.from", 2), ("dossier.timeline.until", 2), ("dossier.timeline.result", 4))
        yield self._table("dossier.timeline.spans", columns, spans)
        if later := self._learnt_later():
            results = {
                drawn: span["result"]
                for of in (shown["spans"], shown["spans_then"])
                for drawn, span in zip(self._drawn(of), of, strict=True)
            }
            differing = [
                (
                    day_written(one.from_on, self._language),
                    day_written(one.until_on, self._language),
                    results[one.then],
                    results[one.now],
                )
                for one in later
                if one.then is not None
            ]
            of_both = (*columns[:2], ("dossier.timeline.then", 3), ("dossier.timeline.now", 3))
            yield self._table("dossier.timeline.later", of_both, differing)
        rows = [
            (
                self._day(event["on"]),
                self._event(event),
                "\n".join(self._paper_of(event)) or self._say("dossier.unknown"),
                self._recorded(event),
            )
            for event in shown["timeline"]
        ]
        of_events = (
            ("dossier.timeline.on", self._wide.day),
            ("dossier.timeline.what", _WHOLE - 2 * self._wide.day - self._wide.paper),
            ("dossier.timeline.paper", self._wide.paper),
            ("dossier.timeline.recorded", self._wide.day),
        )
        yield self._table("dossier.timeline.events", of_events, rows, (), (2,))
        yield Paragraph(self._say("dossier.timeline.not_listed"), "note")

    def _paper_of(self, event: ShownPart) -> Iterator[str]:
        """The paper of an event and its authority; of a paper in the account that stands there."""
        if event["document"]:
            yield event["document"]
        if event["authority"] and event["document"] not in self._documents:
            yield begun(event["authority"])

    def _event(self, event: ShownPart) -> str:
        """What happened; of an employment to whom, as far as that is shown; and that it was undone."""
        text: str = event["title"]
        employment = event["employment"]
        if employment is not None:
            text = by_colon(text, employment.get("person") or self._say("dossier.no_name"), self._language)
            text = "\n".join(part for part in (text, employment["about"]) if part)
        return text if event["struck"] is None else text + self._say("dossier.timeline.struck", how=event["struck"])

    def _recorded(self, event: ShownPart) -> str:
        delay = event["delay_days"]
        told = self._day(event["recorded_on"])
        if delay is None:
            return told
        if delay == 1:
            return f"{told}\n{self._say('dossier.timeline.delay_of_one')}"
        return f"{told}\n{self._say('dossier.timeline.delay', days=delay)}"

    def _drawn(self, spans: Sequence[ShownPart]) -> list[ScoreSpan]:
        """Spans as they are drawn: what lasts, a little beyond the day asked about."""
        end = max([self._day_asked, *(dt.date.fromisoformat(span["from_on"]) for span in spans)]) + _BEYOND
        return [
            ScoreSpan(
                dt.date.fromisoformat(span["from_on"]),
                end if span["until_on"] is None else dt.date.fromisoformat(span["until_on"]),
                None if span["score"] is None else float(span["score"]),
                span["name"],
            )
            for span in spans
        ]

    def _learnt_later(self) -> list[LearntLater]:
        """The days of which something else was known when the day asked about ended, where that is compared."""
        shown = self._shown
        if shown["then"] != "compared":
            return []
        return learnt_later(self._drawn(shown["spans"]), self._drawn(shown["spans_then"]), self._day_asked)

    def _picture(self) -> Picture | None:
        """The score over time; none where there is no score."""
        shown = self._shown
        told = [span for span in shown["spans"] if span["score"] is not None]
        if not told:
            return None
        counted = [step for step in shown["steps"] if step["counted"]]
        marks = [
            ChartMark(dt.date.fromisoformat(step["effective_on"]), "", step["row"], number)
            for number, step in enumerate(counted, 1)
            if step["effective_on"]
        ]
        spans, later = self._drawn(shown["spans"]), self._learnt_later()
        bands = [GradeBand(band["least"], band["name"]) for band in shown["bands"]]
        title = self._say("dossier.timeline.chart")
        svg = printed(svg_of_steps(StepChart(title, spans, marks, self._day_asked, bands, later, width=_CHART)))
        caption = f"{title}\n{self._say('dossier.timeline.signs')}"
        if later:
            caption += f"\n{self._say('dossier.timeline.hatched')}"
        if any(_is_apart(span, bands) for span in told):
            # Beside the drawing stand the grades of scores.
            caption += f"\n{self._say('dossier.timeline.apart')}"
        return Picture(svg=svg, alt=self._say("dossier.timeline.chart_alt", name=self._name), caption=caption)

    # --- 8 ------------------------------------------------------------------------------------------------

    def _evidence(self) -> Iterator[AnyBlock]:
        papers = self._shown["papers"]
        yield Heading(self._say("dossier.evidence.head"))
        if not papers:
            yield Paragraph(self._say("dossier.evidence.none"))
            return
        rows = [
            (
                str(number),
                self._item(paper),
                paper["document"] or self._say("dossier.unknown"),
                paper["authority"] or self._say("dossier.unknown"),
                self._day(paper["on"]),
            )
            for number, paper in enumerate(papers, 1)
        ]
        columns = (
            ("dossier.account.number", _NUMBER),
            ("dossier.evidence.what", _WHOLE - _NUMBER - self._wide.paper - self._wide.authority - self._wide.day),
            ("dossier.evidence.document", self._wide.paper),
            ("dossier.account.authority", self._wide.authority),
            ("dossier.evidence.on", self._wide.day),
        )
        yield self._table("", columns, rows, as_recorded=(1, 2))
        digests = [(str(number), paper["digest"]) for number, paper in enumerate(papers, 1) if paper["digest"]]
        if not digests:
            yield Paragraph(self._say("dossier.evidence.no_digests"), "note")
            return
        of_items = (("dossier.account.number", _NUMBER), ("dossier.evidence.digest", 41.6))
        yield self._table("dossier.evidence.digests", of_items, digests, (), (1,))

    def _item(self, paper: ShownPart) -> str:
        """What a paper is, as far as it is shown."""
        lines = [paper.get("title"), paper["what"], paper["withdrawn"]]
        if paper["place"]:
            lines.append(self._say("dossier.evidence.place", place=paper["place"]))
        return "\n".join(line for line in lines if line)

    # --- 9 ------------------------------------------------------------------------------------------------

    def _proof(self) -> Iterator[AnyBlock]:
        shown, basis = self._shown, self._basis
        yield Heading(self._say("dossier.proof.head"))
        yield Paragraph(self._say("dossier.proof.about"))
        address = self._issue.address.rstrip("/")
        square = f"{address}{_VERIFY}{basis['token']}" if address else basis["token"]
        caption = self._say("dossier.proof.scan" if address else "dossier.proof.scan_token")
        yield Square(square, caption)
        # With a number on it, or with something left out, it is not what the command makes.
        is_as_made = not (self._issue.number or self._left_out)
        dossier = "dossier" if is_as_made else "whole_dossier"
        yield ItemList(
            [self._say(f"dossier.step.{step}") for step in ("verify", "grade", dossier, "journal")], ordered=True
        )
        yield Code(self._say("dossier.proof.digest"), shown["digest"])
        yield Code(self._say("dossier.proof.token"), basis["token"])
        engines = ("position", str(basis["position"])), ("engine", basis["engine"]), ("setter", self._issue.setter)
        yield Entries(tuple((self._say(f"dossier.made_by.{code}"), value) for code, value in engines))
        for edition in shown["editions"]:
            title, id = edition["title"], edition["id"]
            yield Code(self._say("dossier.proof.edition", title=title, id=id), edition["digest"])
            if edition["wording"]:
                yield Code(self._say("dossier.proof.official", title=title, id=id), edition["wording"])
        yield Code(self._say("dossier.proof.calendars"), basis["calendar_digest"])
        if self._left_out:
            yield Heading(self._say("dossier.proof.left_out"), 2)
            yield ItemList([self._one_left_out(part) for part in self._left_out])
        else:
            yield Paragraph(self._say("dossier.proof.complete"), "note")
        yield Signatures(
            (self._say("dossier.sign.prepared"), self._say("dossier.sign.reviewed")),
            bureau=shown["bureau"],
            day=self._say("dossier.sign.day"),
            seal=self._say("dossier.sign.seal"),
        )

    def _one_left_out(self, part: MaskedPart) -> str:
        """What was left out, and on what ground: provisions of other rules than those of the paper are not named."""
        regimes = {cite.partition(" ")[0] for cite in part.rests_on}
        is_of_others = regimes - {self._shown["regime"], _EVERYWHERE}
        ground = part.ground
        if is_of_others and has("access.mask_elsewhere", part.what):
            ground = name("access.mask_elsewhere", part.what, self._language)
        return self._say("dossier.proof.left_out_one", ground=begun(ground), number=part.number)
