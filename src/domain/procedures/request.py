"""What every request to record something says."""

from typing import ClassVar

import msgspec

from domain.values import Id


class Request(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="do"
):
    """Something that is asked for: one command of the vocabulary.

    A class about a record says which of its fields is the record's id (``names``).
    """

    names: ClassVar[str | None] = None

    @property
    def named(self) -> str:
        """The id of the record that the request is about; empty for one that is about none."""
        field = self.names
        return "" if field is None else getattr(self, field)


class SubjectRequest(Request, frozen=True):
    """A request about one subject; ``subject`` is its id."""

    subject: Id


class FactRequest(Request, frozen=True):
    """A request about one fact on record; ``fact`` is its id."""

    names = "fact"

    fact: Id


class WarningRequest(Request, frozen=True):
    """A request about one warning on record; ``warning`` is its id."""

    names = "warning"

    warning: Id


class RepairRequest(Request, frozen=True):
    """A request about one repair on record; ``repair`` is its id."""

    names = "repair"

    repair: Id


class RecordRequest(Request, frozen=True):
    """A request about any other record; ``record`` is its id."""

    names = "record"

    record: Id
