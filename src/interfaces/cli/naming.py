"""What subjects are called, for lists: agencies by their files, persons by the vault."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from application.answering.case_files import case_file
from domain.vocabulary import PERSONS
from interfaces.cli.house import Product

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
