"""Who looked at what."""

import msgspec
from litestar import Controller

from application.access.masks import shipped_masks
from application.access.read_log import ANSWERED, ReadsPage, ReadsQuestion, asked_besides
from application.access.roles import PUBLIC
from application.principal import Role
from interfaces.http.access.guarding import reads_file
from interfaces.http.desk import HandledRequest
from interfaces.http.handlers import Asking, question
from interfaces.http.parameters import LimitLines, Next, OfAccount, OfSubject, SinceDay, ThroughDay
from interfaces.http.replying import NO_STORE, Reply, reply, told_with
from interfaces.http.use_cases import PAGE
from interfaces.wording.texts import has, name


class NamedReads(ReadsPage, frozen=True, kw_only=True):
    """A page of questions that were asked. ``names`` are those of the agencies that they were about, by id, as far as
    whoever asks reaches their files; persons have none here."""

    names: dict[str, str]


class ReadsAnswer(NamedReads, frozen=True, kw_only=True):
    """A page of questions that were asked, with what their codes are called in the reader's language."""

    texts: dict[str, str]


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who may have looked."""

    account: str
    name: str
    role: Role


class Readers(msgspec.Struct, frozen=True, kw_only=True):
    """Who may have looked: every account of the place."""

    accounts: tuple[Reader, ...]


class ReadsController(Controller):
    """Who looked at what."""

    tags = ("access",)

    @question("/reads/accounts")
    def get_readers(self, *, caller: Asking) -> Reply[Readers]:
        """Who may have looked."""
        found = caller.at.administering.readers(caller.caller.principal)
        return reply(Readers(accounts=tuple(Reader(account=a.id, name=a.name, role=a.role) for a in found)), NO_STORE)

    @question("/reads", "not_found", is_of_the_primary=True)
    def get_reads(
        self,
        subject: OfSubject = None,
        account: OfAccount = None,
        from_on: SinceDay = None,
        until: ThroughDay = None,
        limit: LimitLines = PAGE,
        cursor: Next = None,
        *,
        caller: Asking,
    ) -> Reply[ReadsAnswer]:
        """Who looked at what."""
        wanted = ReadsQuestion(
            subject=subject, account=account, from_on=from_on, until_on=until, limit=limit, cursor=cursor
        )
        who = caller.caller
        page = caller.at.watching.page(who.principal, who.reach, wanted)
        language = caller.language
        texts = {f"role:{role}": name("access.role", role, language) for role in sorted({r.role for r in page.reads})}
        shown, role = shipped_masks().shows, who.principal.role or PUBLIC
        for asked in sorted({each for read in page.reads for each in (read.operation, *asked_besides(read.query))}):
            # What is left out of the lines is not told beside them.
            is_shown = shown(
                "LoggedRead", "operation", {"operation": asked}, role, has_purpose=caller.purpose is not None
            )
            if is_shown and has("api.summary", asked):
                texts[f"operation:{asked}"] = name("api.summary", asked, language)
        for outcome in sorted({read.outcome for read in page.reads}):
            family = "access.read_outcome" if outcome == ANSWERED else "problems.title"
            if has(family, outcome):
                texts[f"outcome:{outcome}"] = name(family, outcome, language)
        named = NamedReads(reads=page.reads, next=page.next, names=_names(caller, page))
        return told_with(named, texts, NO_STORE)


def _names(asked: HandledRequest, page: ReadsPage) -> dict[str, str]:
    found = {}
    for subject in sorted({read.subject for read in page.reads if read.subject is not None}):
        name_now = asked.at.casework.known_file(subject).name_on(None)
        if name_now is not None and reads_file(asked, subject):
            found[subject] = name_now
    return found
