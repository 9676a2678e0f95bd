"""What every journal and every vault says in the same words when a write cannot stand."""

from domain.errors import Conflict
from domain.sentence import sentence


def id_number_known() -> Conflict:
    """The ID number belongs to another person of the vault."""
    return Conflict(
        "id_number_known",
        sentence("conflicts.id_number_known"),
    )


def person_erased(person: str) -> Conflict:
    """The person was erased: nothing about the person can be kept or sealed any more."""
    return Conflict(
        "person_erased",
        sentence("conflicts.person_erased", person=person),
    )
