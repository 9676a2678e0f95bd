"""The papers that procedures ask for: law that stands beside the editions (``checklists.toml``)."""

from functools import cache
from importlib.resources import files

import msgspec
import tomli

from domain.vocabulary import SubjectKind


class RequiredPaper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A paper that a procedure asks for: evidence of one of the ``kinds``, of any where there is none."""

    code: str
    cites: tuple[str, ...]
    kinds: tuple[str, ...] = ()


class Checklist(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a procedure of a regime asks for, of which kinds of subjects: of all where none is named."""

    regime: str
    procedure: str
    papers: tuple[RequiredPaper, ...]
    of: tuple[SubjectKind, ...] = ()


@cache
def checklists() -> tuple[Checklist, ...]:
    """All of them."""
    raw = tomli.loads((files("application.law") / "checklists.toml").read_text("utf-8"))
    return msgspec.convert(raw["checklist"], tuple[Checklist, ...])


def checklist_of(regime: str, procedure: str, kind: SubjectKind | None) -> Checklist | None:
    """What a procedure asks of a subject of a kind; ``None`` where the text names no papers."""
    return next(
        (
            found
            for found in checklists()
            if (found.regime, found.procedure) == (regime, procedure) and (not found.of or kind in found.of)
        ),
        None,
    )
