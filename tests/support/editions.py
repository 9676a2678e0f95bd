"""The shipped editions that tests are about."""

import datetime as dt
import re

from interfaces.files.shipped import ShippedEdition, shipped_editions


def latest(regime: str) -> ShippedEdition:
    """The latest edition of a regime; a draft that nobody issued comes before what is in force."""
    of_regime = [s for s in shipped_editions() if s.edition.regime == regime]
    return max(of_regime, key=lambda s: (s.edition.in_force_on or dt.date.min, s.head.id))


def called(id: str, text: str) -> str:
    """The text of an edition with another id behind its regime."""
    return re.sub(r'(?m)^(id = "[a-z_.]+@)[a-z0-9_]+"', rf'\g<1>{id}"', text, count=1)
