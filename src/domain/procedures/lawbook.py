"""Adopting, correcting and repealing editions of a regime, and working-day calendars.

An adopted edition is carried whole, as its TOML text with its digest, so that an answer can be repeated without
the file. Founding events are appended when the journal is empty: they are known from the day their text was
published (``known_from``), all later ones from the instant they were recorded.
"""

import datetime as dt
from collections.abc import Iterable, Mapping

import msgspec

from domain.errors import FieldProblem, Invalid, NotFound, Refused
from domain.events.lawbook import RulebookAdopted, RulebookCorrected, RulebookRepealed
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
