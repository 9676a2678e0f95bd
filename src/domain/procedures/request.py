"""What every request to record something says."""

import msgspec

from domain.values import Id


class Request(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, tag_field="do"
):
    """Something that is asked for: one command of the vocabulary."""


class SubjectRequest(Request, frozen=True):
    """A request about one subject; ``subject`` is its id."""

    subject: Id


class FactRequest(Request, frozen=True):
    """A request about one fact on record; ``fact`` is its id."""

    fact: Id


class WarningRequest(Request, frozen=True):
    """A request about one warning on record; ``warning`` is its id."""

    warning: Id


class RepairRequest(Request, frozen=True):
    """A request about one repair on record; ``repair`` is its id."""

    repair: Id
