"""What jurists have said of an edition: notes and sign-offs, whether they hold, and what has changed since."""

from collections.abc import Mapping
from typing import Literal, cast

import msgspec

from application.law.legislation import Legislation
from application.ports import Journal, Recorded, Vault
from application.prose import Opened
from domain.aggregates.legal_notes import LegalNoteFile, NoteState, evolve, stream_of
from domain.errors import NotFound
from domain.events.lawbook import EditionSignedOff, LegalNoteEvent, LegalNoteWithdrawn, ProvisionNoted, RulebookAdopted
from domain.law.citations import lies_within
from domain.law.diff import EditionDifference, differences
from domain.law.edition import Edition
from domain.time import iso_utc


class NoteWithdrawal(msgspec.Struct, frozen=True, kw_only=True):
    """That a note or a sign-off was taken back: when (UTC), by whom, and why."""

    recorded_at: str
    by: str
    reason: str


class LegalNote(msgspec.Struct, frozen=True, kw_only=True):
    """A note (``text``) or a sign-off (``text`` is its remark, if any) as it stands now.

    It is about one provision (``cite``), or about the edition as a whole. ``digest`` is that of the text which the
    edition had then; ``since`` is what differs from it in the text of now: of a provision, in what is encoded of that.
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
    since: tuple[EditionDifference, ...]


def legal_notes_on(journal: Journal, vault: Vault, legislation: Legislation, edition: str) -> tuple[LegalNote, ...]:
    """Everything that was said of an edition on record, in the order in which it was recorded. Raises ``NotFound``."""
    now = legislation.edition(edition)
    if now is None:
        raise NotFound("edition", edition[:80])
    stream = stream_of(edition)
    file, opened = LegalNoteFile(), Opened(vault)
    told: list[Recorded] = []
    withdrawn: dict[str, NoteWithdrawal] = {}
    for recorded in journal.stream(stream):
        said = cast("LegalNoteEvent", recorded.event)
        evolve(file, said)
        if not isinstance(said, LegalNoteWithdrawn):
            told.append(recorded)
        elif said.legal_note not in withdrawn:
            withdrawn[said.legal_note] = NoteWithdrawal(
                recorded_at=iso_utc(recorded.recorded_at), by=recorded.actor, reason=opened.told(stream, said.reason)
            )
    texts = {
        event.digest: event
        for r in legislation.known()
        if isinstance(event := r.event, RulebookAdopted) and event.id == edition
    }
    since = _Since(legislation, texts, legislation.parsed(now))
    return tuple(_told(recorded, file, withdrawn, opened, since) for recorded in told)


class _Since:
    """What differs in an edition of now from its text with a digest."""

    def __init__(self, legislation: Legislation, texts: Mapping[str, RulebookAdopted], now: Edition) -> None:
        self._legislation = legislation
        self._texts = texts
        self._now = now
        self._found: dict[str, tuple[EditionDifference, ...]] = {}

    def __call__(self, digest: str, cite: str | None) -> tuple[EditionDifference, ...]:
        if digest not in self._found:
            # A digest was checked against the text on record, which stays there.
            self._found[digest] = differences(self._legislation.parsed(self._texts[digest]), self._now)
        found = self._found[digest]
        if cite is None:
            return found
        return tuple(change for change in found if any(lies_within(of, cite) for of in change.cites))


def _told(
    recorded: Recorded, file: LegalNoteFile, withdrawn: Mapping[str, NoteWithdrawal], opened: Opened, since: _Since
) -> LegalNote:
    event = cast("ProvisionNoted | EditionSignedOff", recorded.event)
    text = event.text if isinstance(event, ProvisionNoted) else event.remark
    return LegalNote(
        id=event.legal_note,
        kind="note" if isinstance(event, ProvisionNoted) else "sign_off",
        cite=event.cite,
        text=None if text is None else opened.told(recorded.stream, text),
        digest=event.digest,
        recorded_at=iso_utc(recorded.recorded_at),
        by=recorded.actor,
        state=file.state_of(event.legal_note),
        replaces=event.replaces if isinstance(event, ProvisionNoted) else None,
        replaced_by=file.replaced.get(event.legal_note),
        withdrawn=withdrawn.get(event.legal_note),
        since=since(event.digest, event.cite),
    )
