"""What happened on a file, as a page tells it: of what kind each event is, its particulars, and the story in short.

The days, the papers and what struck a line are those of the timeline that the API answers with; here it is chosen which
of them tell the story.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, NamedTuple

from msgspec import inspect

from application.answering.timeline import CaseEvent
from domain.events.event import Event, EventCause
from domain.procedures.objections import PARTICIPANT
from interfaces.http.schemas.entries import event_types
from interfaces.web.asking import JsonAnswer
from interfaces.web.forms import FieldChoices, codes_named
from interfaces.web.naming import ids_in
from interfaces.wording import places, words
from interfaces.wording.texts import Language, has, name, say
from interfaces.wording.words import Lexicon

OTHER: Final = "other"

KINDS_OF_EVENT: Final = (
    "fact", "finality", "undone", "warning", "evaluation", "objection", "repair", "evidence", "letter", "registration",
    OTHER,
)  # fmt: skip
"""The kinds by which a timeline is narrowed."""

_OF_RECORD: Final = {
    "warning": "warning",
    "objection": "objection",
    "comment": "objection",
    "repair": "repair",
    "evidence": "evidence",
    "letter": "letter",
    "employment": "registration",
}
"""Of which kind an event is that is about such a record, or brings it."""

_OF_CAUSE: Final[Mapping[EventCause, str]] = {
    "corrected": "undone",
    "retracted": "undone",
    "set_aside": "undone",
    "finality": "finality",
    "client": "fact",
    "score": "fact",
    "notice": "fact",
    "review": "fact",
    "outcome": "fact",
    "ended": "warning",
    "repaired": "repair",
    "decided": "evaluation",
    "grade_refused": "evaluation",
    "scope": "registration",
    "registration": "registration",
}
"""Of which kind an event is that is a cause of this name, where its record does not say it."""

_ALONE: Final = {
    "agency-registered": "registration",
    "practitioner-registered": "registration",
    "expert-registered": "registration",
    "client-registered": "registration",
    "fact-recorded": "fact",
    "enhancement-recorded": "fact",
    "finding-recorded": "fact",
    "caution-issued": "warning",
    "reminded": "warning",
    "snapshot-taken": "evaluation",
}
"""Of which kind an event is whose record and cause are like those of others."""

_DAYS_OF_FACT: Final = (("occurred_on", "act"), ("decided_on", "decision"), ("final_on", "finality"))
_STAGES_TOLD: Final = ("proposal", "publicity", "publication", "rating")
_NEVER_TOLD: Final = ("fact", "record", "regime", "evidence", "result", "changes", "renamed", "employment")


class StoryMoment(NamedTuple):
    """One thing of the story: the day on which it happened, what it was, and the line of the timeline that tells it.

    ``is_first`` tells the first moment of a line from the others that the same line has. ``what`` is the number of the
    paper it is about.
    """

    on: str
    code: str
    entry: JsonAnswer
    is_first: bool
    what: str | None = None


class Particular(NamedTuple):
    """One thing that stands in an event: what it is called, and what is said; ``is_day`` for a day."""

    label: str
    value: str
    is_day: bool = False


def kind_of_event(tag: str) -> str:
    """Of which kind an event is, by its type."""
    return _kinds_by_tag().get(tag.partition(".")[0], OTHER)


@cache
def _kinds_by_tag() -> Mapping[str, str]:
    return {_tag_of(event): _kind_of(event) for event in event_types(CaseEvent)}


def _tag_of(event: type[Event]) -> str:
    """The type of an event without its version."""
    return str(event.__struct_config__.tag).partition(".")[0]


def _kind_of(event: type[Event]) -> str:
    of_record = (_OF_RECORD.get(record or "") for record in (event.introduces, event.about))
    return next(filter(None, (_ALONE.get(_tag_of(event)), *of_record, _OF_CAUSE.get(event.cause))), OTHER)


def story_of(entries: Sequence[JsonAnswer]) -> list[StoryMoment]:
    """What makes the story of a file, by the days on which it happened: acts, decisions and when they became final,
    warnings, what was proposed and published, objections and repairs."""
    found: list[StoryMoment] = []
    facts: dict[str, JsonAnswer] = {}
    papers: dict[str, str | None] = {}
    for entry in sorted(entries, key=_version):
        paper = _paper(entry, facts, papers)
        for number, (on, code) in enumerate(_moments(entry, facts)):
            found.append(StoryMoment(on, code, entry, number == 0, paper))
    return sorted(found, key=lambda moment: (moment.on, _version(moment.entry)))


def _version(entry: JsonAnswer) -> int:
    return int(entry["version"])


def _paper(entry: JsonAnswer, facts: dict[str, JsonAnswer], papers: dict[str, str | None]) -> str | None:
    """The paper that a line is about. Keeps in ``facts`` how each fact reads now, and the paper of each record."""
    content = entry.get("content") or {}
    fact = str(content.get("fact", ""))
    if entry["type"].startswith(("fact-recorded", "fact-corrected")):
        facts[fact] = {**facts.get(fact, {}), **(content.get("changes") or content)}
    about = [facts[one].get("document") for one in (fact, *content.get("facts", ())) if one in facts]
    paper = about[0] if about else papers.get(content.get("warning") or content.get("repair") or "")
    if entry.get("id"):
        papers[entry["id"]] = paper
    return paper


def _moments(entry: JsonAnswer, facts: Mapping[str, JsonAnswer]) -> Iterator[tuple[str, str]]:
    """The moments of a line: on which day, and what it was."""
    content, tag = entry.get("content") or {}, entry["type"].partition(".")[0]
    if tag in ("fact-recorded", "fact-corrected"):
        fact = facts[content["fact"]]
        yield from ((fact[field], code) for field, code in _DAYS_OF_FACT if fact.get(field))
        return
    on, kind = entry.get("happened_on"), kind_of_event(tag)
    if on is None or kind in ("registration", "fact", "evidence", OTHER):
        return
    match kind:
        case "evaluation":
            if content.get("stage") in _STAGES_TOLD or tag == "result-adjusted":
                yield on, "proposal" if content.get("stage") == "proposal" else "publication"
        case "finality" if tag == "fact-contested":
            yield on, "contest"
        case "undone":
            yield on, "set_aside"
        case "warning" if tag.startswith("rectification-"):
            yield on, "rectification"
        case _:
            yield on, kind


def result_told(entry: JsonAnswer, kind: str, language: Language, lexicon: Lexicon) -> str | None:
    """The result that a line gives, of a subject of that kind, in words; ``None`` where it gives none."""
    found = (entry.get("content") or {}).get("result")
    if found is None:
        return None
    return words.standing_words(
        found.get("score"), found.get("grade"), found.get("undetermined"), kind, language, lexicon, found.get("risk")
    )


def particulars_of(entry: JsonAnswer, language: Language, lexicon: Lexicon) -> list[Particular]:
    """What stands in an event, in words; ids are left out, and what has no name."""
    content = entry.get("content") or {}
    tag = entry["type"]
    told = {**content, **(content.get("changes") or {})}
    return [
        found
        for field, value in told.items()
        if field not in _NEVER_TOLD and has("web_form.field", field)
        if (found := _particular(tag, field, value, language, lexicon)) is not None
    ]


def papers_of(entry: JsonAnswer) -> list[JsonAnswer]:
    """The evidence that a line names."""
    content = entry.get("content") or {}
    if entry["type"] == "evidence-received.v1":
        return [{"title": content.get("title", ""), "digest": content["digest"]}]
    found = (content.get("changes") or content).get("evidence") or ()
    # Of an event about a piece that is in the file itself it is the id.
    return found if isinstance(found, list) else []


def _particular(tag: str, field: str, value: Any, language: Language, lexicon: Lexicon) -> Particular | None:
    label = name("web_form.field", field, language)
    if value is None or value is False or value == "":
        return None
    if field.endswith("_on") and isinstance(value, str):
        return Particular(label, value, is_day=True)
    parts = value if isinstance(value, list) else [value]
    shown = [_said(tag, field, part, language, lexicon) for part in parts]
    said = say("web.list_comma", language).join(part for part in shown if part)
    return Particular(label, said) if said else None


def _said(tag: str, field: str, value: Any, language: Language, lexicon: Lexicon) -> str:
    if isinstance(value, bool):
        return say("web_form.yes", language)
    if isinstance(value, dict):
        return say("web.list_comma", language).join(f"{code} {part}" for code, part in value.items())
    text = str(value)
    if ids_in(text):
        return ""
    match field:
        case "row":
            return lexicon.named_row(text, language)
        case "authority":
            return places.authority(text, language)
        case "region":
            return places.place(text, language)
        case "services":
            return words.service(text, language)
        case "stage":
            return words.stage(text, language)
        case "by" if text == PARTICIPANT:
            # Of a person there is the key of their name here, which is left out above.
            return words.actor(text, language)
        case _:
            return dict(_codes(tag, field, language)).get(text, text)


@cache
def _events() -> dict[str, inspect.StructType]:
    found = (inspect.type_info(event) for event in event_types(CaseEvent))
    return {str(kind.tag): kind for kind in found if isinstance(kind, inspect.StructType)}


@cache
def _codes(tag: str, field: str, language: Language) -> FieldChoices:
    """What the codes of a field are called, where it has a list of them."""
    event = _events().get(tag)
    for one in () if event is None else event.fields:
        kinds = one.type.types if isinstance(one.type, inspect.UnionType) else (one.type,)
        for kind in kinds:
            inner = kind.item_type if isinstance(kind, inspect.VarTupleType) else kind
            if one.encode_name == field and isinstance(inner, inspect.LiteralType):
                return codes_named(tuple(str(value) for value in inner.values), language)
    return ()
