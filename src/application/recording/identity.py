"""What identifies a subject and where it is: check digits of its numbers, and codes that stand for places.

A check digit and a date decide; the place in an ID number only warns, since the codes of old counties, and of residence
permits for people from Hong Kong, Macao and Taiwan, stand in no list of today.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from stdnum.cn import ric, uscc

from application.recording.notices import FieldWarning
from application.wording import in_both_languages
from domain.errors import FieldProblem, Invalid
from domain.places import Places
from domain.procedures.facts import CorrectFact
from domain.procedures.registration import ChangeSubject
from domain.procedures.request import Request
from domain.sentence import Sentence, sentence
from domain.values import official_number

_RESIDENT: Final = re.compile(r"[0-9]{17}[0-9X]")
_PAPER: Final = re.compile(r"(?=.*[0-9])[0-9A-Z]{2,20}")
_OTHER: Final = re.compile(r"[^\W_]{1,40}")
_PERMIT_PLACES: Final = ("81", "82", "83")
"""How the numbers of residence permits begin: for people from Hong Kong, Macao and Taiwan."""

_ACTED: Final = ("decided_on", "verified_on", "confirmed_on", "noticed_on", "served_on")
"""The days on which an authority acted, most telling first."""


def check_uscc(number: str, pointer: str = "/uscc") -> None:
    """Raise ``Invalid`` unless ``number`` is a unified social credit code with the right check digit (GB 32100)."""
    if not uscc.is_valid(number):
        raise Invalid(
            (
                FieldProblem(
                    pointer,
                    "bad_check_digit",
                    sentence("casework.identity.no_uscc"),
                ),
            )
        )


def check_id_number(number: str, kind: str, today: dt.date) -> tuple[FieldWarning, ...]:
    """What to look at once more in an ID number; nothing is wrong with it.

    Raises ``Invalid`` for a resident ID number with a wrong date or check digit (GB 11643), and for a number on another
    paper that has not the letters and digits of one.
    """
    folded = official_number(number)
    if kind != "resident_identity_card":
        if not (_OTHER if kind == "other" else _PAPER).fullmatch(folded):
            raise _bad_number(
                "bad_id_number",
                sentence("casework.identity.bad_id_number"),
            )
        return ()
    if not _is_resident_number(folded, today):
        raise _bad_number(
            "bad_check_digit",
            sentence("casework.identity.bad_check_digit"),
        )
    if folded.startswith(_PERMIT_PLACES) or _is_place(folded):
        return ()
    return (
        FieldWarning(
            pointer="/id_number",
            code="unlisted_place_of_id",
            **in_both_languages(sentence("casework.identity.unlisted_place_of_id", folded=folded[:6])),
        ),
    )


def _is_resident_number(folded: str, today: dt.date) -> bool:
    """Whether a folded text is a resident ID number: 18 places, a day of birth that has been, the check digit."""
    if not _RESIDENT.fullmatch(folded) or ric.calc_check_digit(folded) != folded[-1]:
        return False
    try:
        born_on = dt.date(int(folded[6:10]), int(folded[10:12]), int(folded[12:14]))
    except ValueError:
        return False
    return dt.date(1850, 1, 1) <= born_on <= today


def _is_place(folded: str) -> bool:
    try:
        return bool(ric.get_birth_place(folded))
    except (KeyError, ValueError):
        # The library knows the province but no such county, or not in the year of birth.
        return False


def _bad_number(code: str, says: Sentence) -> Invalid:
    return Invalid((FieldProblem("/id_number", code, says),))


# --- places ---------------------------------------------------------------------------------------------------


def check_places(
    request: Request, places: Places, today: dt.date, is_vouched: Callable[[str], bool]
) -> tuple[FieldWarning, ...]:
    """What to look at once more in the codes of a request: of regions, and of authorities by their places.

    ``is_vouched`` says whether an edition on record applies at a place that the table does not know. Raises ``Invalid``
    for a code that is no place, and for a region that is none on its day; where an authority acts under a code of
    another day, that is a warning.
    """
    problems: list[FieldProblem] = []
    warnings: list[FieldWarning] = []
    for pointer, code, day, is_authority in _codes(request, today):
        fault, warning = places.faults(pointer, code, day)
        if fault is not None and fault.code == "unknown_region" and is_vouched(code):
            continue
        if fault is not None and not (is_authority and fault.code != "unknown_region"):
            problems.append(fault)
        elif (told := fault or warning) is not None:
            warnings.append(FieldWarning(pointer=told.pointer, code=told.code, **in_both_languages(told.says)))
    if problems:
        raise Invalid(tuple(problems))
    return tuple(warnings)


def _codes(request: Request, today: dt.date) -> Iterator[tuple[str, str, dt.date, bool]]:
    """Pointer, code and day of every place that a request names, and whether it is that of an authority."""
    if isinstance(request, ChangeSubject):
        if request.changes.region is not None:
            yield "/changes/region", request.changes.region, request.from_on, False
        return
    for field in ("region", "city"):
        code = getattr(request, field, None)
        if isinstance(code, str):
            yield f"/{field}", code, today, False
    days = (getattr(request, field, None) for field in _ACTED)
    acted_on = next((day for day in days if isinstance(day, dt.date)), today)
    for field in ("authority", "transferred_to"):
        authority = getattr(request, field, None)
        if isinstance(authority, str):
            yield f"/{field}", authority[:6], acted_on, True
    if isinstance(request, CorrectFact) and isinstance(request.changes.authority, str):
        decided_on = request.changes.decided_on
        day = decided_on if isinstance(decided_on, dt.date) else today
        yield "/changes/authority", request.changes.authority[:6], day, True


def vouched_by(stems: Sequence[str], places: Places) -> Callable[[str], bool]:
    """Whether a code lies in a region of an edition that the table of places does not know at all."""
    unknown = tuple(stem for stem in stems if places.place(stem.ljust(6, "0")) is None)
    return lambda code: bool(unknown) and code.startswith(unknown)
