"""The placeholders of templates: what each is called in both languages, and what it is filled with."""

from functools import cache
from typing import Any, Final, Literal, get_args

import msgspec

from application.papers.letters.offices import TemplateField
from domain.events.papers.letters import LetterKind
from interfaces.wording.letters import FactLine, LetterText
from interfaces.wording.texts import Language, name, say

FieldCode = Literal[
    "bureau",
    "number",
    "title",
    "addressee",
    "code",
    "opening",
    "facts",
    "decision",
    "last_day",
    "free",
    "remedies",
    "closing",
    "contact",
    "dated",
    "copies",
    "body",
]
"""What a template can hold."""

FIELDS: Final[tuple[FieldCode, ...]] = get_args(FieldCode)
FACT_COLUMNS: Final = FactLine.__struct_fields__
"""What a line of facts has."""

LISTS: Final[frozenset[FieldCode]] = frozenset(("facts", "decision", "free", "remedies", "contact", "body"))
"""Placeholders that have several paragraphs, or lines."""

WITH_FACTS: Final[frozenset[LetterKind]] = frozenset((
    "grade_notice", "warning_notice", "repair_accepted", "repair_correction", "repair_confirmed", "repair_refused",
    "practitioner_letter", "record_notice",
))  # fmt: skip
"""Letters with a table of facts."""

REQUIRED: Final[tuple[FieldCode, ...]] = ("number", "addressee", "dated")
"""What no letter may lack."""

WITH_REMEDIES: Final[frozenset[LetterKind]] = frozenset(("objection_decision", "repair_refused"))
"""Letters that say what can be done against them."""


def parts(kind: LetterKind) -> tuple[FieldCode, ...]:
    """What a letter of a kind may not lack where it does not have the whole text (``body``)."""
    found: list[FieldCode] = ["opening", "decision", "free"]
    found += ["facts"] if kind in WITH_FACTS else []
    found += ["last_day"] if kind == "grade_notice" else []
    found += ["remedies"] if kind in WITH_REMEDIES else []
    return tuple(found)


@cache
def field_names() -> dict[str, FieldCode]:
    """Every name under which a placeholder may be written, in Chinese and in English, with its code."""
    return {name("letters.placeholder", code, language): code for language in ("zh", "en") for code in FIELDS}


@cache
def fact_column_names() -> dict[str, str]:
    """Every name of a column of facts, with its code."""
    return {name("letters.column", code, language): code for language in ("zh", "en") for code in FACT_COLUMNS}


def filled(text: LetterText) -> dict[str, Any]:
    """A letter as templates are given it, under all names."""
    plain = msgspec.to_builtins(text)
    values: dict[FieldCode, Any] = {code: text.body if code == "body" else plain[code] for code in FIELDS}
    lines = [msgspec.to_builtins(line) for line in text.facts]
    values["facts"] = [{said: line[code] for said, code in fact_column_names().items()} for line in lines]
    return {said: values[code] for said, code in field_names().items()}


def example(text_language: Literal["zh", "en"] = "zh") -> LetterText:
    """A letter of examples, with which a template is tried."""

    def told(code: str) -> str:
        return say(f"letters.placeholder_example.{code}", text_language)

    number, bureau, day = told("number"), told("bureau"), told("dated")
    line = FactLine(no="1", document=number, authority=bureau, date=day, what=told("opening"), effect="")
    return LetterText(
        language=text_language,
        bureau=told("bureau"),
        number=told("number"),
        title=told("title"),
        addressee=told("addressee"),
        code=told("code"),
        opening=told("opening"),
        heads=line,
        facts=(line,),
        decision=(told("decision"),),
        last_day=told("last_day"),
        free=(told("free"),),
        remedies=(told("remedies"),),
        closing=told("closing"),
        contact=(told("contact"),),
        dated=told("dated"),
        copies=told("copies"),
        printed=told("dated"),
    )


def template_fields(language: Language) -> tuple[TemplateField, ...]:
    """The placeholders as a bureau is told of them."""
    columns = say("letters.list_comma", language).join(
        f"{{{{ x.{name('letters.column', code, language)} }}}}" for code in FACT_COLUMNS
    )
    return tuple(
        TemplateField(
            name=name("letters.placeholder", code, language),
            about=say(f"letters.placeholder_about.{code}", language),
            example=columns if code == "facts" else say(f"letters.placeholder_example.{code}", language),
            is_list=code in LISTS and code != "facts",
            is_table=code == "facts",
            required=code in REQUIRED,
        )
        for code in FIELDS
    )
