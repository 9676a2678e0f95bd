"""What is rehearsed beside an edition on record: in what the two differ, word for word and row by row."""

import datetime as dt
from collections.abc import Mapping

import msgspec

from application.law.legislation import Legislation
from application.rehearsal.drafts import answered
from application.rehearsal.rehearsal import Rehearsed
from domain.errors import NotFound
from domain.events.lawbook import RulebookAdopted
from domain.law.diff import EditionDifference, differences
from domain.law.edition import Edition
from domain.law.parse import parse_edition
from domain.law.regime import period_of
from domain.procedures.lawbook import on_record


class ComparedDraft(msgspec.Struct, frozen=True, kw_only=True):
    """The differences from the edition on record ``compared_with`` to what is rehearsed.

    ``others`` are the ids of the regime's other editions that were on record when it was asked for.
    """

    compared_with: str
    others: tuple[str, ...]
    changes: tuple[EditionDifference, ...]


def compared_draft(rehearsed: Rehearsed, legislation: Legislation, other: str | None = None) -> ComparedDraft:
    """In what the edition on record ``other`` and what is rehearsed differ, as the law was known to the rehearsal.

    Without ``other`` it is the edition whose place is taken: the one in force on the first day that is rehearsed, else
    the one of the same id, else the newest of the regime. A draft is compared by its own text, as editions on record
    are; other readings alone are compared with the edition as it reads. Raises ``NotFound`` where the regime has no
    such edition on record.
    """
    known = _editions_of(rehearsed, legislation)
    if other is not None and other not in known:
        raise NotFound("edition", other[:80])
    found = other or _replaced(rehearsed, known)
    if found is None:
        raise NotFound("edition", rehearsed.regime)
    edition = parse_edition(known[found].text, found)
    return ComparedDraft(
        compared_with=found,
        others=tuple(sorted(known.keys() - {found})),
        changes=differences(edition, _drafted(rehearsed, edition)),
    )


def _editions_of(rehearsed: Rehearsed, legislation: Legislation) -> Mapping[str, RulebookAdopted]:
    events = legislation.known_then(known_at=rehearsed.known_at, position=rehearsed.position)
    known = on_record(recorded.event for recorded in events)
    return {id: event for id, event in known.items() if parse_edition(event.text, id).regime == rehearsed.regime}


def _replaced(rehearsed: Rehearsed, known: Mapping[str, RulebookAdopted]) -> str | None:
    first = rehearsed.from_on or rehearsed.as_of
    periods = {id: period_of(event.in_force_on, event.until_on) for id, event in known.items()}
    in_force = sorted(id for id, period in periods.items() if period is not None and first in period)
    by_age = sorted(known, key=lambda id: (known[id].in_force_on or dt.date.min, id), reverse=True)
    return next(iter([*in_force, *([rehearsed.edition] if rehearsed.edition in known else []), *by_age]), None)


def _drafted(rehearsed: Rehearsed, edition: Edition) -> Edition:
    own = edition if rehearsed.text is None else parse_edition(rehearsed.text, rehearsed.edition or "text")
    return answered(own, rehearsed.readings)
