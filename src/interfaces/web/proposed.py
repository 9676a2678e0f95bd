"""What is proposed for a signature, in words: fields as forms call them, codes as people do."""

from collections.abc import Mapping
from typing import Any

from application.recording.commands import COMMANDS
from application.year.evaluation import EvaluateRoster
from interfaces.web.forms import FieldChoices, fields_of, shown_value
from interfaces.wording import places, words
from interfaces.wording.texts import Language, has, name
from interfaces.wording.words import Lexicon


def codes_in(request: Any, field: str) -> list[str]:
    """Every value of a field, wherever in a command it stands."""
    found: list[str] = []
    for key, value in request.items() if isinstance(request, dict) else ():
        if key == field:
            found += [part for part in (value if isinstance(value, list) else [value]) if isinstance(part, str)]
        elif isinstance(value, dict):
            found += codes_in(value, field)
    return found


def codes_called(
    request: Mapping[str, Any], lexicon: Lexicon | None, kind: str, language: Language
) -> dict[str, FieldChoices]:
    """What the codes in a request are called, field by field; rows, and grades of a kind of subject, where the lexicon
    of the regime is given."""
    called: dict[str, FieldChoices] = {
        "stage": [(code, words.stage(code, language)) for code in codes_in(request, "stage")],
        "authority": [(code, places.authority(code, language)) for code in codes_in(request, "authority")],
        "region": [(code, places.place(code, language)) for code in codes_in(request, "region")],
    }
    if lexicon is not None:
        called["row"] = [(code, lexicon.named_row(code, language)) for code in codes_in(request, "row")]
        called["grade"] = [(code, lexicon.grade(code, kind, language)) for code in codes_in(request, "grade")]
    return called


def told_in_words(
    command: str, request: Mapping[str, Any], called: Mapping[str, FieldChoices], language: Language
) -> list[tuple[str, str]]:
    """Every field that a command proposes, with its value; what it concerns and under which regime goes without saying.
    Of a batch of a sheet its number, its rows, its file and the reason; of what else is no command nothing."""
    if "sheet" in request:
        parts = ("number", "rows", "reason", "file")
        return [
            (name("web_signatures.batch", part, language), _of_batch(request, part))
            for part in parts
            if part in request
        ]
    kind = EvaluateRoster if command == "evaluate_roster" else COMMANDS.get(command)
    if kind is None:
        return []
    # A field is named by what stands in it here; those of which nothing is offered are told as they are.
    choices = {field: found for field, found in called.items() if found}
    fields = fields_of(kind, language, choices, ())
    said = [
        (_called(field.name.rpartition(".")[2], language) or field.label, text)
        for field in fields
        if (text := shown_value(field, request, language)) is not None
    ]
    told = {field.name.partition(".")[0] for field in fields}
    rest = {key: value for key, value in request.items() if key not in {*told, "do", "id", "subject", "regime"}}
    named = (
        (_called(key, language) or name("web_form.field", key, language), _plain(key, rest[key], choices))
        for key in rest
    )
    return [*said, *named]


def _called(field: str, language: Language) -> str | None:
    """What a field is called that no form has."""
    return name("web_signatures.field", field, language) if has("web_signatures.field", field) else None


def _of_batch(request: Mapping[str, Any], part: str) -> str:
    """A part of what is proposed of a batch: of its rows, how many."""
    if part == "rows":
        return str(sum(span["last"] - span["first"] + 1 for span in request["chosen"]))
    return str(request[part])


def _plain(key: str, value: Any, choices: Mapping[str, FieldChoices]) -> str:
    """A value for which no form has a field."""
    called = dict(choices.get(key, ()))
    parts = value if isinstance(value, list) else [value]
    return "; ".join(
        str(part.get("title", part)) if isinstance(part, dict) else called.get(str(part), str(part)) for part in parts
    )
