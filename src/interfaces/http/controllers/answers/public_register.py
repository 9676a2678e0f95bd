"""The public register."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from litestar import Controller

from application.answering.public_register import RegisterCounts, RegisterEntry, RegisterPage
from application.ports import Recorded
from domain.places import is_within
from domain.values import folded
from interfaces.http.desk import HandledRequest
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, question
from interfaces.http.names import called_in
from interfaces.http.pages import cursor_for, page_of
from interfaces.http.parameters import InRegion, Limit, NameOrCode, Next, OfYear, Regime, ShownOn, SubjectId
from interfaces.http.replying import REVALIDATE, Reply, reply, told_with
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


class RegisterCountsAnswer(RegisterCounts, frozen=True, kw_only=True):
    """The register counted, with what its grades are called in the reader's language."""

    texts: dict[str, str]


class PublicRegisterController(Controller):
    """The public register."""

    tags = ("public",)

    @question("/public/register", "not_found", "not_yet_there", "undetermined", has_tag=True)
    def get_public_register(
        self,
        q: NameOrCode = None,
        regime: Regime = None,
        region: InRegion = None,
        as_of: ShownOn = None,
        year: OfYear = None,
        limit: Limit = PAGE,
        cursor: Next = None,
        *,
        asked: Asking,
    ) -> Reply[RegisterList]:
        """Public register on a day."""
        at = asked.at
        wanted = at.law.regime(regime)
        begun = None if cursor is not None else at.register.on(wanted, as_of)
        goes_on = cursor_for(
            at,
            cursor,
            ["register", q, wanted, region, as_of, year],
            known_at=None if begun is None else begun.known_at,
            as_of=None if begun is None else begun.as_of,
        )
        register = begun or at.register.on(wanted, goes_on.as_of, goes_on.position)

        def line(subject: str, rows: Sequence[Recorded]) -> RegisterEntry | None:
            entry = register.entry(subject, rows, year)
            is_there = entry is not None and (region is None or is_within(entry.region, region))
            # What is found by the number of a paper is not told: papers are not public.
            return entry if is_there and entry is not None and (q is None or _is_meant(entry, q)) else None

        found, after = page_of(at.journal, goes_on, line, kind="agency", q=q, limit=limit)
        page = RegisterList(
            agencies=tuple(found), regime=wanted, as_of=register.as_of, position=goes_on.position, next=after
        )
        return reply(page, REVALIDATE)

    @question("/public/register/counts", "not_found", "not_yet_there", "undetermined", has_tag=True, is_long=True)
    def get_public_counts(
        self, regime: Regime = None, region: InRegion = None, as_of: ShownOn = None, *, asked: Asking
    ) -> Reply[RegisterCountsAnswer]:
        """Public register counted."""
        at = asked.at
        found = at.register.counts(at.law.regime(regime), as_of, region)
        lexicon = at.law.lexicon_of(found.regime, found.as_of)
        texts = called_in([line.grade for line in found.counts], "agency", asked.language, lexicon)
        return told_with(found, texts, REVALIDATE)

    @question("/public/register/{subject}", *ABOUT_SUBJECT, "undetermined", has_tag=True)
    def get_public_page(
        self, subject: SubjectId, regime: Regime = None, as_of: ShownOn = None, *, asked: Asking
    ) -> Reply[RegisterPage]:
        """Public page of an agency on a day."""
        at = asked.at
        return _page(asked, at.register.on(at.regime_of(subject, regime), as_of).page(subject))

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
        return _page(asked, at.register.today(at.regime_of(subject, regime)).page(subject))


def _page(asked: HandledRequest, page: RegisterPage) -> Reply[RegisterPage]:
    lexicon = asked.at.law.lexicon_of(page.regime, page.as_of)
    lines = tuple(msgspec.structs.replace(x, what=lexicon.row(x.row, asked.language) or None) for x in page.lines)
    return reply(msgspec.structs.replace(page, lines=lines), REVALIDATE)


def _is_meant(entry: RegisterEntry, q: str) -> bool:
    """Whether an agency is called so on the day, or has that unified social credit code or id."""
    return folded(q) in folded(entry.name) or folded(q) == folded(entry.uscc) or q == entry.id
