"""An edition that stands on an edition of another regime: what it does not say itself, its parent says (Lianyungang
II(1), which leaves the scoring to the measures of Jiangsu)."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import msgspec

from domain.law.edition import Configured, Edition

Part = TypeVar("Part", bound=msgspec.Struct)


def with_parent(edition: Edition, parent: Edition) -> Edition:
    """The edition with the entries of its parent that it does not have itself; its own stand first and win.

    A method goes by the kind of subject, a row by its code, a reading by its id, a stage by its name and a deadline by
    its kind (each with the kind of subject), a measure by its grade and first citation, a configured table by its name,
    a unit of a text by its label. What the parent leaves unencoded and its slips stay with it: they are about another
    text. A parent stands on no other edition (``lint``).
    """
    return msgspec.structs.replace(
        edition,
        article=_joined(edition.article, parent.article, lambda unit: unit.cites) if edition.article else (),
        methods={**parent.methods, **edition.methods},
        staff=edition.staff or parent.staff,
        organs={**parent.organs, **edition.organs},
        row=_joined(edition.row, parent.row, lambda row: row.code),
        reading=_joined(edition.reading, parent.reading, lambda reading: reading.id),
        stage=_joined(edition.stage, parent.stage, lambda stage: (stage.of, stage.stage)),
        deadline=_joined(edition.deadline, parent.deadline, lambda rule: (rule.of, rule.kind)),
        measure=_joined(edition.measure, parent.measure, lambda measure: (measure.of, measure.grade, measure.cites[0])),
        configured=_configured(edition.configured, parent.configured),
    )


def _configured(own: Configured, parents: Configured) -> Configured:
    given = {name: table for name in own.__struct_fields__ if (table := getattr(own, name)) is not None}
    return msgspec.structs.replace(parents, **given)


def _joined(own: Sequence[Part], parents: Sequence[Part], name: Callable[[Part], object]) -> tuple[Part, ...]:
    known = {name(part) for part in own}
    return (*own, *(part for part in parents if name(part) not in known))
