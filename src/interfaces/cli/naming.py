"""What subjects are called, for lists: agencies by their files, persons by the vault."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from application.answering.case_files import case_file
from domain.aggregates.advisories import ADVISORY_STREAMS, CITY_STREAMS
from domain.aggregates.cohort import COHORT_STREAMS
from domain.aggregates.legal_notes import LEGAL_NOTE_STREAMS
from domain.aggregates.letters import LETTER_STREAMS
from domain.events.lawbook import LAW_STREAM
from domain.vocabulary import PERSONS
from interfaces.cli.house import Product
from interfaces.wording.texts import Language, name, say

NamesOf = Callable[[Sequence[str]], Mapping[str, str]]
"""Says what subjects are called, by their ids."""

_AT_ONCE: Final = 500


def names_of(product: Product, subjects: Sequence[str], kind: str) -> dict[str, str]:
    """The present names of subjects of one kind; one without a name (an erased person) is absent."""
    if kind in PERSONS:
        persons = product.vault.open(subjects)
        return {id: person.name for id, person in persons.items() if person is not None and person.name is not None}
    named: dict[str, str] = {}
    for start in range(0, len(subjects), _AT_ONCE):
        for id, rows in product.journal.streams(subjects[start : start + _AT_ONCE]).items():
            name = case_file(id, rows).name_on(None)
            if name is not None:
                named[id] = name
    return named


_REGISTERS: Final = "register_"

_KEPT: Final = {
    LEGAL_NOTE_STREAMS: "law",
    LETTER_STREAMS: "letters",
    COHORT_STREAMS: "cohort",
    CITY_STREAMS: "advisories",
    ADVISORY_STREAMS: "advisories",
}
"""What is recorded in no file of a subject, by the beginnings of the streams; the longer one first."""


def command_called(command: str, language: Language) -> str:
    """What a command is called on the pages of the product, by its name in a file (``record_fact``)."""
    if command.startswith(_REGISTERS):
        return name("web_new.title", command.removeprefix(_REGISTERS), language)
    return name("api.summary", command, language)


def recorded_in(stream: str, language: Language) -> str:
    """Where something was recorded: the file of a subject by its id, else what the stream is kept for."""
    if stream == LAW_STREAM:
        return say("recording.law", language)
    kept = next((prefix for prefix in _KEPT if stream.startswith(prefix)), None)
    if kept is None:
        return say("recording.file", language, subject=stream)
    return say(f"recording.kept.{_KEPT[kept]}", language, of=stream.removeprefix(kept))
