"""The public register."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from litestar import Controller

from application.answering.public_register import RegisterEntry, RegisterPage
from application.ports import Recorded
from domain.places import is_within
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, question
from interfaces.http.pages import cursor_for, page_of
from interfaces.http.parameters import InRegion, Limit, Next, OfYear, Regime, SubjectId
from interfaces.http.replying import REVALIDATE, Reply, reply
from interfaces.http.use_cases import PAGE


class RegisterList(msgspec.Struct, frozen=True, kw_only=True):
    """A page of the public register on the day ``as_of``; ``next`` is the cursor of the following page.

    All pages of one list show the journal as it stood at ``position``. A page may hold fewer than ``limit``.
    """

    agencies: tuple[RegisterEntry, ...]
    regime: str
    as_of: dt.date
    position: int
    next: str | None


class PublicRegisterController(Controller):
    """The public register."""

    tags = ("public",)

    @question("/public/subjects", "not_found", "not_yet_there", "undetermined", has_tag=True)
    def get_public_subjects(
        self,
        regime: Regime = None,
        region: InRegion = None,
        year: OfYear = None,
        limit: Limit = PAGE,
        cursor: Next = None,
        *,
        asked: Asking,
    ) -> Reply[RegisterList]:
        """Public register."""
        at = asked.at
        wanted = at.law.regime(regime)
        register = at.register.today(wanted)
        goes_on = cursor_for(at, cursor, ["public", wanted, region, year])

        def line(subject: str, rows: Sequence[Recorded]) -> RegisterEntry | None:
            entry = register.entry(subject, rows, year)
            is_there = entry is not None and (region is None or is_within(entry.region, region))
            return entry if is_there else None

        found, after = page_of(at.journal, goes_on, line, kind="agency", limit=limit)
        page = RegisterList(
            agencies=tuple(found), regime=wanted, as_of=register.as_of, position=goes_on.position, next=after
        )
        return reply(page, REVALIDATE)

    @question("/public/subjects/{subject}", *ABOUT_SUBJECT, "undetermined", has_tag=True)
    def get_public_subject(self, subject: SubjectId, regime: Regime = None, *, asked: Asking) -> Reply[RegisterPage]:
        """Public page of an agency."""
        at = asked.at
        page = at.register.today(at.regime_of(subject, regime)).page(subject)
        lexicon = at.law.lexicon_of(page.regime)
        lines = tuple(msgspec.structs.replace(x, what=lexicon.row(x.row, asked.language) or None) for x in page.lines)
        return reply(msgspec.structs.replace(page, lines=lines), REVALIDATE)
