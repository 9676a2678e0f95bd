"""What a digest is of that somebody holds: a text of the law, an event, or a result."""

from collections.abc import Callable
from typing import Literal

import msgspec

from application.law.legislation import Legislation
from application.ports import AnyEvent, Journal, Recorded
from application.recording.outcomes import tag_of
from domain.errors import NotFound
from domain.events.lawbook import OfficialTextLoaded, RulebookAdopted
from domain.events.results import Result
from domain.time import iso_utc


class DigestFound(msgspec.Struct, frozen=True, kw_only=True):
    """What on record has the digest: the text of an ``edition``, its ``official_text``, an ``event`` (its seal), or a
    ``result`` (its receipt).

    A text says of which edition it is, and whether it ``is_current``. Of an event and a result everybody is told that
    it is on record, at which ``position`` and since when; of which ``type`` it is and the ``record`` that it brought,
    whoever may read the file.
    """

    digest: str
    what: Literal["edition", "official_text", "event", "result"]
    position: int
    recorded_at: str
    edition: str | None
    is_current: bool | None
    type: str | None
    record: str | None


def found_by_digest(
    journal: Journal, legislation: Legislation, digest: str, reads: Callable[[str], bool]
) -> DigestFound:
    """What has a digest (hex SHA-256); ``reads`` says whether whoever asks may read the file of a stream. Raises
    ``NotFound``."""
    texts = [r for r in legislation.refresh() if isinstance(r.event, RulebookAdopted | OfficialTextLoaded)]
    text = next((r for r in texts if getattr(r.event, "digest", None) == digest), None)
    if text is not None:
        return _of_text(text, texts, digest)
    recorded = journal.with_digest(digest)
    if recorded is None:
        raise NotFound("digest", digest)
    event, is_shown = recorded.event, reads(recorded.stream)
    result = getattr(event, "result", None)
    is_result = isinstance(result, Result) and result.receipt.digest == digest
    return DigestFound(
        digest=digest,
        what="result" if is_result else "event",
        position=recorded.position,
        recorded_at=iso_utc(recorded.recorded_at),
        edition=None,
        is_current=None,
        type=tag_of(event) if is_shown else None,
        record=(event.introduced_id or event.about_id) if is_shown else None,
    )


def _of_text(found: Recorded, texts: list[Recorded], digest: str) -> DigestFound:
    event = found.event
    is_wording = _is_wording(event)
    edition = getattr(event, "id", None)
    # The last of its kind is the one that holds.
    alike = [r.event for r in texts if getattr(r.event, "id", None) == edition and _is_wording(r.event) == is_wording]
    return DigestFound(
        digest=digest,
        what="official_text" if is_wording else "edition",
        position=found.position,
        recorded_at=iso_utc(found.recorded_at),
        edition=edition,
        is_current=getattr(alike[-1], "digest", None) == digest,
        type=tag_of(event),
        record=None,
    )


def _is_wording(event: AnyEvent) -> bool:
    return isinstance(event, OfficialTextLoaded)
