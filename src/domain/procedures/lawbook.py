"""Adopting, correcting and repealing editions of a regime, working-day calendars, and what jurists say of an encoding.

An adopted edition is carried whole, as its TOML text with its digest, so that an answer can be repeated without
the file. Founding events are appended when the journal is empty: they are known from the day their text was
published (``known_from``), all later ones from the instant they were recorded.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

import msgspec

from domain.aggregates.legal_notes import LegalNoteFile
from domain.errors import FieldProblem, Invalid, NotFound, Refused, id_taken
from domain.events.lawbook import (
    EditionSignedOff,
    LegalNoteWithdrawn,
    ProvisionNoted,
    RulebookAdopted,
    RulebookCorrected,
    RulebookRepealed,
)
from domain.law.citations import lies_within
from domain.law.edition import Edition
from domain.law.official import cited_in
from domain.law.regime import period_of
from domain.sentence import Sentence, sentence
from domain.values import is_blank

# --- what is on record ------------------------------------------------------------------------------------------------


def on_record(events: Iterable[object]) -> dict[str, RulebookAdopted]:
    """Every edition by its id, as its last adoption reads after the repeals that came later."""
    found: dict[str, RulebookAdopted] = {}
    for event in events:
        if isinstance(event, RulebookAdopted):
            found[event.id] = event
        elif isinstance(event, RulebookRepealed) and event.id in found:
            found[event.id] = msgspec.structs.replace(found[event.id], until_on=event.until_on)
    return found


# --- decisions --------------------------------------------------------------------------------------------------------


def adopt(known: Mapping[str, RulebookAdopted], wanted: RulebookAdopted) -> RulebookAdopted | None:
    """The event by which an edition comes into force; ``None`` when it was adopted just so.

    What is shipped was adopted by nobody yet, so that the first adoption of it is an event. Another text under the same
    id is a correction. Raises ``Invalid`` for dates out of order and for a correction without a reason, ``Refused``
    where another edition of the regime is in force on one of its days.
    """
    if wanted.until_on is not None and wanted.in_force_on is not None and wanted.until_on < wanted.in_force_on:
        raise Invalid(
            (FieldProblem("/until_on", "dates_out_of_order", sentence("procedures.lawbook.dates_out_of_order")),)
        )
    before = known.get(wanted.id)
    if before is not None and _reads_so(before, wanted):
        return None
    _refuse_another(known, wanted)
    if before is None or before.digest == wanted.digest:
        return wanted
    if is_blank(wanted.reason):
        says = sentence("procedures.lawbook.other_text", id=wanted.id, digest=before.digest[:12])
        raise Invalid((FieldProblem("/reason", "missing", says),))
    return RulebookCorrected(
        id=wanted.id,
        regime=wanted.regime,
        digest=wanted.digest,
        text=wanted.text,
        in_force_on=wanted.in_force_on,
        until_on=wanted.until_on,
        reason=wanted.reason,
        document=wanted.document,
        adopted_on=wanted.adopted_on,
        replaces=before.digest,
    )


def _reads_so(before: RulebookAdopted, wanted: RulebookAdopted) -> bool:
    same = ("id", "digest", "in_force_on", "until_on", "document", "adopted_on")
    return not before.founding and all(getattr(before, name) == getattr(wanted, name) for name in same)


def _refuse_another(known: Mapping[str, RulebookAdopted], wanted: RulebookAdopted) -> None:
    period = period_of(wanted.in_force_on, wanted.until_on)
    for other in known.values():
        theirs = period_of(other.in_force_on, other.until_on)
        if other.regime != wanted.regime or other.id == wanted.id or theirs is None or period is None:
            continue
        first = max(period.from_on or dt.date.min, theirs.from_on or dt.date.min)
        if first in period and first in theirs:
            raise Refused(
                "editions_overlap",
                sentence("procedures.lawbook.editions_overlap", id=wanted.id, other_id=other.id, first=first),
            )


def repeal(
    known: Mapping[str, RulebookAdopted], id: str, until_on: dt.date, reason: str, history: Iterable[object] = ()
) -> RulebookRepealed | None:
    """The event by which ``until_on`` becomes the last day of an edition; ``None`` when it was repealed just so.

    ``history`` are the law's events. Raises ``NotFound``, and ``Refused`` for an edition that is not in force on that
    day.
    """
    adopted = known.get(id)
    if adopted is None:
        raise NotFound("edition", id)
    last = next((e for e in reversed(list(history)) if getattr(e, "id", None) == id and _moves_dates(e)), None)
    if isinstance(last, RulebookRepealed) and last.until_on == until_on:
        return None
    period = period_of(adopted.in_force_on, adopted.until_on)
    if period is None or until_on not in period:
        says = sentence("procedures.lawbook.not_in_force", id=id, until_on=until_on, dates=_dates_of(adopted))
        raise Refused("not_in_force", says)
    return RulebookRepealed(id=id, regime=adopted.regime, until_on=until_on, reason=reason)


def _moves_dates(event: object) -> bool:
    return isinstance(event, RulebookAdopted | RulebookRepealed)


def _dates_of(adopted: RulebookAdopted) -> Sentence:
    if adopted.in_force_on is None:
        return sentence("procedures.lawbook.never_adopted")
    if adopted.until_on is None:
        return sentence("procedures.lawbook.since", in_force_on=adopted.in_force_on)
    return sentence("procedures.lawbook.from_until", in_force_on=adopted.in_force_on, until_on=adopted.until_on)


# --- what jurists say of an encoding ----------------------------------------------------------------------------------


def note_provision(file: LegalNoteFile, edition: Edition, wanted: ProvisionNoted) -> ProvisionNoted | None:
    """The event of a note; ``None`` when it is on record under its id. Raises ``Invalid`` for an empty one, for a
    provision of which nothing is encoded, and for one that is to replace what is no note or holds no longer,
    ``Conflict`` for an id that is taken."""
    known = file.notes.get(wanted.legal_note)
    if known is not None:
        # Told again after a correction of the edition it is the same note.
        _refuse_other(known, msgspec.structs.replace(wanted, digest=known.digest))
        return None
    problems = [*_unknown_provision(edition, wanted.cite)]
    if is_blank(wanted.text):
        problems.append(FieldProblem("/text", "missing", sentence("procedures.lawbook.empty_note")))
    if wanted.replaces is not None:
        replaced = file.notes.get(wanted.replaces)
        if not isinstance(replaced, ProvisionNoted) or file.state_of(wanted.replaces) != "holds":
            says = sentence("procedures.lawbook.no_note_to_replace", note=wanted.replaces)
            problems.append(FieldProblem("/replaces", "does_not_hold", says))
    if problems:
        raise Invalid(tuple(problems))
    return wanted


def sign_off(file: LegalNoteFile, edition: Edition, digest: str, wanted: EditionSignedOff) -> EditionSignedOff | None:
    """The event of a sign-off of the edition whose text has the ``digest``; ``None`` when it is on record under its id.
    Raises ``Invalid`` for another text than that, and for a provision of which nothing is encoded, ``Conflict`` for an
    id that is taken."""
    known = file.notes.get(wanted.legal_note)
    if known is not None:
        _refuse_other(known, wanted)
        return None
    problems = [*_unknown_provision(edition, wanted.cite)]
    if wanted.digest != digest:
        says = sentence("procedures.lawbook.signs_other_text", id=edition.id, digest=digest[:12])
        problems.append(FieldProblem("/digest", "other_text", says))
    if problems:
        raise Invalid(tuple(problems))
    return wanted


def withdraw_note(file: LegalNoteFile, wanted: LegalNoteWithdrawn) -> LegalNoteWithdrawn | None:
    """The event by which a note or a sign-off is taken back; ``None`` when it was already. Raises ``NotFound``, and
    ``Invalid`` without a reason."""
    if wanted.legal_note not in file.notes:
        raise NotFound("legal_note", wanted.legal_note)
    if is_blank(wanted.reason):
        raise Invalid((FieldProblem("/reason", "missing", sentence("procedures.lawbook.why_withdrawn")),))
    return None if wanted.legal_note in file.withdrawn else wanted


def _refuse_other(known: ProvisionNoted | EditionSignedOff, wanted: ProvisionNoted | EditionSignedOff) -> None:
    if known != wanted:
        raise id_taken(wanted.legal_note)


def _unknown_provision(edition: Edition, cite: str | None) -> Iterable[FieldProblem]:
    encoded = (*cited_in(edition), *(unit.cites for unit in edition.article))
    if cite is not None and not any(lies_within(of, cite) for of in encoded):
        yield FieldProblem(
            "/cite", "unknown_provision", sentence("procedures.lawbook.unknown_provision", id=edition.id, cite=cite)
        )
