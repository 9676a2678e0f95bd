"""Editions of the law and calendars."""

import datetime as dt
from typing import Any, Literal

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.law.legal_notes import LegalNote, NoteWithdrawal, legal_notes_on
from application.law.on_record import (
    Enactment,
    OnRecord,
    calendars_on_record,
    compared_editions,
    edition_on_record,
    editions_on_record,
)
from application.recording.commands import (
    AdoptCalendar,
    AdoptRulebook,
    LoadOfficialText,
    NoteProvision,
    RepealRulebook,
    SignOffEdition,
    WithdrawLegalNote,
)
from application.recording.outcomes import Outcome
from domain.aggregates.legal_notes import NoteState
from domain.law.edition import (
    DeadlineRule,
    Edition,
    Erratum,
    Measure,
    Reading,
    Row,
    StageRule,
    Transition,
    Unencoded,
    Words,
)
from domain.law.regime import Force
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, Writing, command, question
from interfaces.http.parameters import LegalNoteId, OtherRulebook, RulebookId
from interfaces.http.problems import RequestFault, bad_request
from interfaces.http.replying import REVALIDATE, Reply, reply
from interfaces.wording import differences
from interfaces.wording.differences import EditionChange
from interfaces.wording.texts import both


class RulebookLine(msgspec.Struct, frozen=True, kw_only=True):
    """An edition on record, with the number of its rows and of the ambiguities it answers.

    ``force`` is that of today. ``life`` tells when and by whom it was adopted, corrected, repealed, and its official
    wording loaded; ``quotes`` whether there is one.
    """

    id: str
    regime: str
    status: Literal["draft", "issued"]
    title: Words
    digest: str
    published_on: dt.date | None
    in_force_on: dt.date | None
    until_on: dt.date | None
    force: Force
    quotes: bool
    life: tuple[Enactment, ...]
    rows: int
    readings: int


class RulebookPage(msgspec.Struct, frozen=True, kw_only=True):
    """An edition taken apart: rows, readings, steps of the year, deadlines, measures, errata, what it leaves out."""

    id: str
    regime: str
    status: Literal["draft", "issued"]
    title: Words
    digest: str
    published_on: dt.date | None
    in_force_on: dt.date | None
    until_on: dt.date | None
    force: Force
    quotes: bool
    life: tuple[Enactment, ...]
    parent: str | None
    rows: tuple[Row, ...]
    readings: tuple[Reading, ...]
    stages: tuple[StageRule, ...]
    deadlines: tuple[DeadlineRule, ...]
    measures: tuple[Measure, ...]
    transitions: tuple[Transition, ...]
    errata: tuple[Erratum, ...]
    unencoded: tuple[Unencoded, ...]


class RulebookDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What differs between two editions on record, from the first (``rulebook``) to the second (``other``)."""

    rulebook: str
    other: str = msgspec.field(name="with")
    changes: tuple[EditionChange, ...]


class LegalNoteLine(msgspec.Struct, frozen=True, kw_only=True):
    """A jurist's note on an edition or on one provision of it (``cite``), or a sign-off, as it stands now.

    ``text`` is that of a note, or the remark of a sign-off; ``digest`` that of the text which the edition had then.
    ``is_current`` says whether it has that text still, ``since`` what differs in the text of now: of a provision, in
    what is encoded of that.
    """

    id: str
    kind: Literal["note", "sign_off"]
    cite: str | None
    text: str | None
    digest: str
    recorded_at: str
    by: str
    state: NoteState
    replaces: str | None
    replaced_by: str | None
    withdrawn: NoteWithdrawal | None
    is_current: bool
    since: tuple[EditionChange, ...]


class LegalNotesPage(msgspec.Struct, frozen=True, kw_only=True):
    """What jurists have said of an edition, in the order in which it was recorded; ``digest`` is that of its text."""

    rulebook: str
    digest: str
    notes: tuple[LegalNoteLine, ...]


class CalendarLine(msgspec.Struct, frozen=True, kw_only=True):
    """The working-day calendar of a year in the newest paper on record."""

    year: int
    paper: str
    published_on: dt.date
    version: int
    rest_days: tuple[dt.date, ...]
    working_days: tuple[dt.date, ...]


class RulebooksController(Controller):
    """Editions of the law and calendars."""

    tags = ("law",)

    @command("/rulebooks/adoptions", "rulebook_invalid", is_long=True)
    def adopt_rulebook(self, data: JSONBody[AdoptRulebook], *, recording: Writing) -> Reply[Outcome]:
        """Adopt a rulebook."""
        return recording.submit(data)

    @command("/rulebooks/{rulebook}/repeal")
    def repeal_rulebook(
        self, rulebook: RulebookId, data: JSONBody[RepealRulebook], *, recording: Writing
    ) -> Reply[Outcome]:
        """Repeal a rulebook."""
        return recording.submit(data)

    @command("/rulebooks/{rulebook}/text")
    def load_official_text(
        self, rulebook: RulebookId, data: JSONBody[LoadOfficialText], *, recording: Writing
    ) -> Reply[Outcome]:
        """Load the official wording."""
        return recording.submit(data)

    @command("/rulebooks/{rulebook}/notes")
    def note_provision(
        self, rulebook: RulebookId, data: JSONBody[NoteProvision], *, recording: Writing
    ) -> Reply[Outcome]:
        """Note something on a provision."""
        return recording.submit(data)

    @command("/rulebooks/{rulebook}/sign-offs")
    def sign_off_edition(
        self, rulebook: RulebookId, data: JSONBody[SignOffEdition], *, recording: Writing
    ) -> Reply[Outcome]:
        """Sign an encoding off."""
        return recording.submit(data)

    @command("/rulebooks/{rulebook}/notes/{legal_note}/withdrawal")
    def withdraw_legal_note(
        self, rulebook: RulebookId, legal_note: LegalNoteId, data: JSONBody[WithdrawLegalNote], *, recording: Writing
    ) -> Reply[Outcome]:
        """Withdraw a note or a sign-off."""
        return recording.submit(data)

    @question("/rulebooks/{rulebook}/notes", "not_found", "not_yet_there")
    def get_legal_notes(self, rulebook: RulebookId, *, asked: Asking) -> Reply[LegalNotesPage]:
        """What jurists say of an edition."""
        at = asked.at
        adopted = edition_on_record(at.legislation, rulebook, at.today()).adopted
        found = legal_notes_on(at.journal, at.vault, at.legislation, rulebook)
        notes = tuple(_note_line(note, adopted.digest) for note in found)
        return reply(LegalNotesPage(rulebook=rulebook, digest=adopted.digest, notes=notes))

    @command("/calendars")
    def adopt_calendar(self, data: JSONBody[AdoptCalendar], *, recording: Writing) -> Reply[Outcome]:
        """Adopt a calendar."""
        return recording.submit(data)

    @question("/rulebooks", "not_yet_there", has_tag=True)
    def get_rulebooks(self, *, asked: Asking) -> Reply[list[RulebookLine]]:
        """Editions on record."""
        at = asked.at
        found = editions_on_record(at.legislation, at.today())
        return reply([_line(e, at.law.edition(e.adopted)) for e in found], REVALIDATE)

    @question("/rulebooks/{rulebook}", *ABOUT_SUBJECT, has_tag=True)
    def get_rulebook(self, rulebook: RulebookId, *, asked: Asking) -> Reply[RulebookPage]:
        """One edition."""
        at = asked.at
        found = edition_on_record(at.legislation, rulebook, at.today())
        return reply(_page(found, at.law.edition(found.adopted)), REVALIDATE)

    @question("/rulebooks/{rulebook}/diff", *ABOUT_SUBJECT, is_long=True)
    def get_rulebook_diff(
        self, rulebook: RulebookId, other: OtherRulebook = None, *, asked: Asking
    ) -> Reply[RulebookDiff]:
        """Two editions compared."""
        if other is None:
            text = both("requests.name_the_other")
            raise bad_request(RequestFault(parameter="with", code="missing", text=text))
        asked.at.legislation.refresh()
        changes = differences.told(compared_editions(asked.at.legislation, rulebook, other))
        return reply(RulebookDiff(rulebook=rulebook, other=other, changes=changes))

    @question("/calendars", "not_yet_there", has_tag=True)
    def get_calendars(self, *, asked: Asking) -> Reply[list[CalendarLine]]:
        """Calendars."""
        lines = [
            CalendarLine(
                year=c.year,
                paper=c.paper,
                published_on=c.published_on,
                version=c.version,
                rest_days=c.rest_days,
                working_days=c.working_days,
            )
            for c in calendars_on_record(asked.at.legislation.refresh())
        ]
        return reply(lines, REVALIDATE)


def _head(found: OnRecord, edition: Edition) -> dict[str, Any]:
    """What a line of the list and the page of an edition begin with."""
    return {
        "id": edition.id,
        "regime": edition.regime,
        "status": edition.status,
        "title": edition.title,
        "digest": found.adopted.digest,
        "published_on": edition.published_on,
        "in_force_on": found.adopted.in_force_on,
        "until_on": found.adopted.until_on,
        "force": found.force,
        "quotes": found.has_text,
        "life": found.life,
    }


def _line(found: OnRecord, edition: Edition) -> RulebookLine:
    return RulebookLine(**_head(found, edition), rows=len(edition.row), readings=len(edition.reading))


def _page(found: OnRecord, edition: Edition) -> RulebookPage:
    return RulebookPage(
        **_head(found, edition),
        parent=edition.parent,
        rows=edition.row,
        readings=edition.reading,
        stages=edition.stage,
        deadlines=edition.deadline,
        measures=edition.measure,
        transitions=edition.transition,
        errata=edition.erratum,
        unencoded=edition.unencoded,
    )


def _note_line(note: LegalNote, digest: str) -> LegalNoteLine:
    told = {name: getattr(note, name) for name in LegalNote.__struct_fields__ if name != "since"}
    return LegalNoteLine(**told, is_current=note.digest == digest, since=differences.told(note.since))
