"""The three tracks of a case, a box each: what it says, since when, by which paper, and why."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from domain.vocabulary import PERSONS
from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.page import PageRequest
from interfaces.web.pages.case_frame import OpenedCase, step_of_year
from interfaces.web.rendering import query_string
from interfaces.wording import words
from interfaces.wording.punctuation import listed
from interfaces.wording.texts import say

_MOST_PAPERS: Final = 3


class TrackPaper(NamedTuple):
    """What brought a track to where it stands: the number of its paper, else what it is called; ``of`` says more of it,
    ``on`` its day. ``address`` is where it is read."""

    called: str
    of: str | None = None
    on: str | None = None
    address: str | None = None


class TrackBox(NamedTuple):
    """What one track says on the day: the result and of which year, since when, by which papers and why; ``stage`` of
    ``on`` is how far the year has come since."""

    code: str
    grade: str | None
    year: int | None = None
    since: str | None = None
    papers: tuple[TrackPaper, ...] = ()
    why: tuple[str, ...] = ()
    stage: str | None = None
    on: str | None = None


class _Given(NamedTuple):
    """The record that gave a result: its paper, its day, what it weighed, and its score where it tells one."""

    paper: TrackPaper
    on: str | None = None
    why: tuple[str, ...] = ()
    score: str | None = None


async def boxes_of(
    page: PageRequest, case: OpenedCase, spans: Sequence[JsonAnswer], numbers: Mapping[str, JsonAnswer]
) -> list[TrackBox]:
    """The three boxes. ``spans`` are those of the history, ``numbers`` the letters that were issued, by the records
    they are about. Raises ``ApiRefusal``."""
    return [_running(case, spans), await _annual(page, case, numbers), await _public(page, case, numbers)]


def _running(case: OpenedCase, spans: Sequence[JsonAnswer]) -> TrackBox:
    day, grade = case.as_of.isoformat(), case.grade
    box = TrackBox("running", grade["texts"]["result"])
    held = next((span for span in spans if span["from_on"] <= day <= (span["until_on"] or "9999")), None)
    if held is not None and held is not spans[0]:
        return _begun(case, box._replace(since=held["from_on"]), held["causes"])
    # The figure of the first span is that of the beginning.
    initial = grade.get("initial")
    counted = [step["fact"] for step in grade["steps"] if step["counted"] and step["fact"]]
    begun = max(filter(None, ((initial or {}).get("since"), case.profile["opened_on"])))
    box = box._replace(since=begun if begun <= day and not counted else None)
    if counted or initial is None:
        return box._replace(why=(_weighed(case, counted, grade["running"]["score"]),))
    begun_with = say("web_case.why.initial", case.language, score=initial["score"])
    return box._replace(papers=(TrackPaper(case.cites(initial["cites"])),), why=(begun_with,))


def _begun(case: OpenedCase, box: TrackBox, causes: Sequence[JsonAnswer]) -> TrackBox:
    """A box that stands as it does since a day: by what began or ceased to count on it, else by a step of a year or a
    return to the evaluation."""
    told = causes[:_MOST_PAPERS]
    papers = [paper for cause in told if (paper := _paper_of_cause(case, cause, box.since)) is not None]
    why = [cause["because"] for cause in told]
    if len(causes) > _MOST_PAPERS:
        why.append(say("web_case.why.more", case.language, number=len(causes) - _MOST_PAPERS))
    if not papers:
        steps = [step for year in case.proceedings["years"] for step in year["steps"] if step["result"]]
        of_day = [step["record"] for step in steps if step["dated_on"] == box.since]
        papers = [given.paper for record in of_day[-1:] for given in _of_years(case, record, {})]
    if not why:
        why = [move["reason"] for move in case.proceedings["scope"] if move["dated_on"] == box.since]
        counted = [step["fact"] for step in case.grade["steps"] if step["counted"] and step["fact"]]
        why.append(_weighed(case, counted, case.grade["running"]["score"]))
    return box._replace(papers=tuple(papers), why=tuple(why))


def _paper_of_cause(case: OpenedCase, cause: JsonAnswer, since: str | None) -> TrackPaper | None:
    """The paper of what began or ceased to count: that which undid it where it was undone. ``None`` without one."""
    step = next((step for step in case.grade["steps"] if _is_of(step, cause, since)), None)
    behind = (step or {}).get("particulars") or {}
    undone = (behind.get("undone") or {}) if cause["change"] == "ceases" else {}
    own, address = behind.get("document"), _facts(case, step["fact"]) if step and step["fact"] else None
    if undone.get("document"):
        return TrackPaper(undone["document"], own, undone.get("on"), address)
    return None if own is None else TrackPaper(own, address=address)


def _is_of(step: JsonAnswer, cause: JsonAnswer, since: str | None) -> bool:
    if cause["fact"] is not None:
        return bool(step["fact"] == cause["fact"])
    return bool(step["row"] == cause["row"] and step["effective_on"] == since)


async def _annual(page: PageRequest, case: OpenedCase, numbers: Mapping[str, JsonAnswer]) -> TrackBox:
    year = case.regime["annual"]
    if year is None:
        return TrackBox("annual", None, why=(say("web_case.why.no_year", case.language),))
    texts = case.regime["texts"]
    box = TrackBox("annual", texts.get("annual"), year["year"])
    if year["given_by"] is None:
        # Reopened by a late fact: computed anew, and given by nobody.
        return box._replace(
            why=(say("web_case.why.reopened", case.language),), stage=texts["stage"], on=year["dated_on"]
        )
    given = await _given(page, case, year["given_by"], numbers)
    box = box._replace(since=given.on, papers=(given.paper,), why=given.why)
    went_on = year["record"] != year["given_by"]
    return box._replace(stage=texts["stage"], on=year["dated_on"]) if went_on else box


async def _public(page: PageRequest, case: OpenedCase, numbers: Mapping[str, JsonAnswer]) -> TrackBox:
    public, text = case.grade["public"], case.grade["texts"].get("public")
    if public is None:
        code = "of_person" if case.profile["kind"] in PERSONS else "of_organisation"
        return TrackBox("public", text, why=(say(f"web_case.none_public.{code}", case.language),))
    given = await _given(page, case, public["record"], numbers)
    if given.score is not None and public["grade"] is not None:
        risk = public.get("risk")
        text = words.result_words(given.score, public["grade"], case.profile["kind"], case.language, case.lexicon, risk)
    return TrackBox("public", text, public["year"], public["since"], (given.paper,), given.why)


async def _given(page: PageRequest, case: OpenedCase, record: str, numbers: Mapping[str, JsonAnswer]) -> _Given:
    """What a record that gave a result is called, and what it rests on."""
    on_file = itertools.chain(_of_years(case, record, numbers), _of_repairs(case, record), _of_facts(case, record))
    if (found := next(on_file, None)) is not None:
        return found
    try:
        entry = (await page.ask("get_record", record=record, known_at=case.known_at))["entries"][0]
    except ApiRefusal:
        # It stands on no file, as a ranking does, or is not shown to whoever looks.
        return _Given(TrackPaper(say("web_case.why.elsewhere", case.language)))
    title, on = str(entry["title"]), entry.get("happened_on")
    paper = entry.get("document")
    why = [step["because"] for step in case.grade["steps"] if step["counted"] and step["effective_on"] == on]
    if case.lexicon.is_published_daily(case.profile["kind"]):
        why = [say("web_case.why.daily", case.language)]
    return _Given(TrackPaper(paper or title, title if paper else None, on), on, tuple(why))


def _of_years(case: OpenedCase, record: str, numbers: Mapping[str, JsonAnswer]) -> Iterator[_Given]:
    for year in case.proceedings["years"]:
        for step in year["steps"]:
            if step["record"] != record:
                continue
            what = step_of_year(year, step, case.language)
            result = step["result"] or {}
            yield _Given(
                _numbered(case, numbers.get(record), what, step["dated_on"]),
                step["dated_on"],
                (_weighed(case, result["counted"], result["score"]),) if result else (),
                result.get("score"),
            )
    for move in case.proceedings["adjustments"]:
        if move["record"] == record:
            what = say("web_case.adjustment", case.language, year=move["year"])
            yield _Given(
                _numbered(case, numbers.get(record), what, move["decided_on"]),
                move["decided_on"],
                (move["reasons"],),
                move["result"]["score"],
            )


def _numbered(case: OpenedCase, letter: JsonAnswer | None, what: str, on: str) -> TrackPaper:
    """A step of a year: by the number of the letter that told it, else by its name."""
    if letter is None:
        return TrackPaper(what, None, on, f"/cases/{case.id}/years{query_string(case.basis)}")
    address = f"/cases/{case.id}/letters/{letter['letter']}{query_string(case.basis)}"
    return TrackPaper(str(letter["number"]), what, on, address)


def _of_repairs(case: OpenedCase, record: str) -> Iterator[_Given]:
    for repair in case.proceedings["repairs"]:
        if repair["repair"] == record:
            confirmed = next((d for d in repair["decisions"] if d["decision"] == "confirmed"), None)
            what = say("web_case.decision.confirmed", case.language)
            on, paper = (confirmed["decided_on"], confirmed["certificate"]) if confirmed else (None, None)
            result = (confirmed or {}).get("result") or {}
            address = f"/cases/{case.id}/procedures{query_string(case.basis)}"
            repaired = say("web_case.why.repaired", case.language, papers=_named(case, repair["facts"]))
            yield _Given(
                TrackPaper(paper or what, what if paper else None, on, address), on, (repaired,), result.get("score")
            )


def _of_facts(case: OpenedCase, record: str) -> Iterator[_Given]:
    for step in case.grade["steps"]:
        if step["fact"] == record:
            behind = step.get("particulars") or {}
            own = str(behind.get("document") or case.row(step["row"]))
            on = behind.get("decided_on") or step["effective_on"]
            yield _Given(TrackPaper(own, None, on, _facts(case, record)), on, (step["because"],))


def _weighed(case: OpenedCase, facts: Sequence[str], score: str | None) -> str:
    """What counted in a result, by its papers as far as they stand on this file; where nothing is taken off from an
    initial score, the ``score`` is the reason."""
    if not facts and score is not None and not case.grade.get("initial"):
        return say("web_case.why.scored", case.language)
    named = [case.papers[fact] for fact in facts if fact in case.papers][:_MOST_PAPERS]
    code = "nothing" if not facts else "counted_number" if not named else "counted_more"
    if facts and len(named) == len(facts):
        code = "counted"
    papers = listed(named, case.language)
    return say(f"web_case.weighed.{code}", case.language, papers=papers, number=len(facts))


def _named(case: OpenedCase, facts: Iterable[str]) -> str:
    return listed([case.papers[fact] for fact in facts if fact in case.papers], case.language)


def _facts(case: OpenedCase, fact: str) -> str:
    return f"/cases/{case.id}/facts{query_string(case.basis)}#{fact}"
