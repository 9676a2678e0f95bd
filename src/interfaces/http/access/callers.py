"""Who a request comes from."""

from typing import Final, NamedTuple

from application.access.roles import PUBLIC, RoleReach
from application.access.signing_in import Known
from application.principal import Principal


class Caller(NamedTuple):
    """Who asks. ``known`` is what they were let in with; ``None`` for the public, and where there is no wall.

    ``is_walled`` says whether the table of roles holds for them; ``reach`` how far it lets them, once it was asked.
    """

    principal: Principal
    is_walled: bool
    known: Known | None = None
    reach: RoleReach = "all"


NOBODY: Final = Caller(Principal(PUBLIC), is_walled=True)
"""The public: whoever has not signed in."""

ANYBODY: Final = Caller(Principal(PUBLIC), is_walled=False)
"""Whoever asks where there is no wall."""
