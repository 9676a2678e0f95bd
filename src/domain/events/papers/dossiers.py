"""Dossiers that were issued: a paper was handed out, and these are its bytes."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

from domain.events.event import OwnRecord

DossierFormat = Literal["pdf", "html"]
"""As what a dossier is issued."""

DossierLanguage = Literal["zh", "en"]
"""In which language."""


class DossierIssued(OwnRecord, tag="dossier-issued.v1", frozen=True):
    """On ``issued_on`` a dossier of the grade under ``regime`` was issued, under its ``number`` where it has one.

    ``basis`` is the token of the answer that it is about, ``as_of`` and ``known_at`` (UTC) its two
    dates. ``digest`` is the
    hex SHA-256 of the file, ``size`` its bytes, ``address`` where they lie, encrypted with the key of the file;
    ``made_with`` names what computed and set it.
    """

    happened = ("issued_on",)
    cause = "recorded"

    issued_on: dt.date
    basis: str
    as_of: dt.date
    known_at: str
    language: DossierLanguage
    format: DossierFormat
    digest: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}$")]
    size: int
    address: str
    made_with: str
    number: str | None = None
