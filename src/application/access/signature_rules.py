"""What needs a second person, and who may be that one: data, a table for each place (``signatures.toml``)."""

from functools import cache
from importlib.resources import files
from typing import Final

import msgspec
import tomli

from application.access.gate import holds
from application.principal import Principal, Role
from application.recording.commands import COMMANDS, AdoptCalendar, AdoptRulebook, LoadOfficialText, RepealRulebook
from application.recording.preparation import OPENING
from application.year.evaluation import EvaluateRoster
from domain.errors import FieldProblem, Invalid
from domain.places import stem
from domain.procedures.evaluation import EvaluationStage
from domain.procedures.request import Request
from domain.sentence import sentence
from domain.vocabulary import Stage

_OF_LAW: Final = (AdoptRulebook, RepealRulebook, LoadOfficialText, AdoptCalendar)


class PlaceRules(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What needs a second person in one place.

    ``commands`` and ``stages`` always do; with ``downgrades`` so does whatever would move a grade downwards.
    ``signed_by`` are the roles whose signature counts, ``law_signed_by`` those for what makes law.
    """

    commands: frozenset[str]
    stages: frozenset[Stage]
    downgrades: bool
    signed_by: frozenset[Role]
    law_signed_by: frozenset[Role]

    def always(self, command: Request) -> bool:
        """Whether a command waits whatever it would do."""
        if isinstance(command, EvaluateRoster | EvaluationStage):
            return command.stage in self.stages
        return command_name(command) in self.commands

    def may_sign(self, by: Principal, command: Request) -> bool:
        """Whether the signature of a role counts under a command; whoever acts where there is no wall may sign."""
        return by.role is None or by.role in (self.law_signed_by if isinstance(command, _OF_LAW) else self.signed_by)


class SignatureRules:
    """The rules of all places."""

    def __init__(self, default: PlaceRules, places: dict[str, PlaceRules], grounds: dict[str, tuple[str, ...]]) -> None:
        """``places`` are by the beginnings of region codes, ``grounds`` by the names of commands."""
        self._default = default
        # The longest beginning comes first.
        self._places = sorted(places.items(), key=lambda item: -len(item[0]))
        self.grounds = grounds

    def at(self, region: str | None) -> PlaceRules:
        """The rules of a place; those of everywhere for what belongs to none."""
        return next((rules for stem, rules in self._places if region and region.startswith(stem)), self._default)

    def within(self, region: str) -> tuple[PlaceRules, ...]:
        """The rules of a place, and those of the places within it that have their own."""
        inner = stem(region)
        return self.at(region), *(rules for begin, rules in self._places if begin.startswith(inner))


def command_name(command: Request) -> str:
    """What a command is called in every interface."""
    return str(command.__struct_config__.tag)


def rules_from(text: str) -> SignatureRules:
    """The rules that a file spells; what it leaves out is as in the default. Raises ``Invalid`` with every fault."""
    try:
        raw = tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        says = sentence("signatures.rules.bad_value", fault=str(error))
        raise Invalid((FieldProblem("", "bad_value", says),)) from None
    problems = [
        FieldProblem(f"/{name}", "unknown_field", sentence("signatures.rules.unknown_table", name=name))
        for name in raw
        if name not in ("default", "place", "grounds")
    ]
    shipped = _shipped()
    default = {**shipped["default"], **raw.get("default", {})}
    tables = {"/default": default} | {
        f"/place/{stem}": {**default, **table} for stem, table in raw.get("place", {}).items()
    }
    found: dict[str, PlaceRules] = {}
    for at, table in tables.items():
        problems += [
            FieldProblem(f"{at}/commands", "unknown_command", sentence("signatures.rules.unknown_command", name=name))
            for name in table["commands"]
            if name not in COMMANDS
        ]
        problems += [
            FieldProblem(f"{at}/commands", "opens_a_file", sentence("signatures.rules.opens_a_file", name=name))
            for name in table["commands"]
            if issubclass(COMMANDS.get(name, Request), OPENING)
        ]
        try:
            found[at] = msgspec.convert(table, PlaceRules)
        except msgspec.ValidationError as error:
            says = sentence("signatures.rules.bad_value", fault=str(error))
            problems.append(FieldProblem(at, "bad_value", says))
    if problems:
        raise Invalid(tuple(problems))
    places = {at.removeprefix("/place/"): rules for at, rules in found.items() if at != "/default"}
    grounds = {name: tuple(of) for name, of in {**shipped["grounds"], **raw.get("grounds", {})}.items()}
    return SignatureRules(found["/default"], places, grounds)


@cache
def shipped_rules() -> SignatureRules:
    """The rules as they are where a bureau has none of its own."""
    return rules_from("")


def reaches(by: Principal, region: str | None) -> bool:
    """Whether the place of an account holds a file of a region. What belongs to no region is within everybody's reach,
    and everything is within that of whoever acts where there is no wall."""
    if by.role is None or region is None:
        return True
    return holds(by.place, region)


def _shipped() -> dict[str, dict[str, list[str]]]:
    return tomli.loads((files("application.access") / "signatures.toml").read_text("utf-8"))
