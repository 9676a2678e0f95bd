"""Dossiers that are issued: made from the token of an answer, kept with their digest, and had again byte for byte.

What is issued is what an office is shown that issues it, whoever presses the button. The bytes are encrypted with the
key of the file from the first one: what destroys a person's key destroys them too.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from typing import Protocol

import msgspec

from application.answering.case_files import case_file, no_such_file
from application.answering.grading import read_token
from application.papers.contents import ContentKey, ContentKeys, Contents, Stored
from application.papers.dossier import Dossier, Dossiers
from domain.aggregates.casefile import CaseFile
from domain.aggregates.records import RecordFile
from domain.errors import FieldProblem, Invalid, NotFound
from domain.events.joining import EntryEvent
from domain.events.papers.dossiers import DossierFormat, DossierIssued, DossierLanguage
from domain.procedures.papers.dossiers import IssueDossier, MadeDossier
from domain.sentence import sentence
from domain.time import Instant, iso_utc


class DossierSetter(Protocol):
    """What sets dossiers."""

    def issued(self, found: Dossier, language: DossierLanguage, file: DossierFormat, number: str) -> bytes:
        """The file of a dossier as it is issued. Raises ``CaseError`` for what cannot be set."""
        ...

    @property
    def name(self) -> str:
        """What sets them, with its version."""
        ...


class IssuedDossier(msgspec.Struct, frozen=True, kw_only=True):
    """A dossier that was issued. ``withdrawn`` tells that its record was taken back as made in error."""

    dossier: str
    subject: str
    regime: str
    issued_on: dt.date
    number: str | None
    as_of: dt.date
    known_at: str
    language: DossierLanguage
    format: DossierFormat
    digest: str
    size: int
    made_with: str
    basis: str
    recorded_at: str
    withdrawn: bool


class IssuedDossiers(msgspec.Struct, frozen=True, kw_only=True):
    """The dossiers of a file that were issued, in the order in which they were."""

    subject: str
    dossiers: tuple[IssuedDossier, ...]


class DossierDesk:
    """The use case of issuing dossiers. Safe to share between threads."""

    def __init__(
        self,
        dossiers: Dossiers,
        contents: Callable[[], Contents],
        keys: ContentKeys | None,
        setter: DossierSetter,
    ) -> None:
        """``contents`` keeps what was issued, under the ``keys`` of files (``None``: in clear, where nothing outlives
        the process)."""
        self._journal = dossiers.journal
        self._keys = keys
        self._contents = contents
        self._dossiers = dossiers
        self._setter = setter

    def make(self, request: IssueDossier, is_trial: bool) -> MadeDossier:
        """Make the file that a request is about, and keep it unless it is a trial. Nothing is on record by it.

        Raises ``Invalid`` for a token that is damaged, or of another subject or journal, what setting it raises, and
        ``StoreUnavailable``.
        """
        parts = read_token(request.basis)
        if parts.subject != request.subject:
            problem = FieldProblem("/basis", "other_subject", sentence("requests.basis_of_another"))
            raise Invalid((problem,))
        found = self._dossiers.again(request.basis)
        made = self._setter.issued(found, request.language, request.format, request.number or "")
        if is_trial:
            kept = Stored(address="", digest=hashlib.sha256(made).hexdigest(), size=len(made))
        else:
            kept = self._contents().put(made, self._key(request.subject, make=True))
        return MadeDossier(
            regime=parts.regime,
            as_of=parts.as_of,
            known_at=iso_utc(parts.known_at),
            digest=kept.digest,
            size=kept.size,
            address=kept.address,
            made_with=f"{self._dossiers.engine} {self._setter.name}",
        )

    def of_file(self, subject: str, known_at: Instant | None = None) -> IssuedDossiers:
        """The dossiers of a file that were issued, as known at a moment (now, when absent). Raises ``NotFound``."""
        case = self._case(subject, known_at)
        return IssuedDossiers(subject=subject, dossiers=tuple(_line(case, *found) for found in _issued(case)))

    def one(self, subject: str, dossier: str) -> IssuedDossier:
        """One of them. Raises ``NotFound``."""
        case = self._case(subject)
        return _line(case, *_of(case, dossier))

    def content(self, subject: str, dossier: str) -> bytes:
        """The bytes as they were issued. Raises ``NotFound``, and ``ContentError`` for what is gone or altered."""
        case = self._case(subject)
        file, event = _of(case, dossier)
        content = Stored(address=event.address, digest=event.digest, size=event.size)
        origin = case.subject if file.origin is None else file.origin.subject
        return b"".join(self._contents().read(content, self._key(origin)))

    def _key(self, file: str, *, make: bool = False) -> ContentKey | None:
        return None if self._keys is None else self._keys.content_key(file, make=make)

    def _case(self, subject: str, known_at: Instant | None = None) -> CaseFile:
        case = case_file(subject, self._journal.snapshot(subject, known_at=known_at).rows)
        if case.kind is None or case.joined_into is not None:
            raise no_such_file(case)
        return case


def _issued(case: CaseFile) -> Iterator[tuple[RecordFile[EntryEvent], DossierIssued]]:
    for file in case.entries.values():
        if isinstance(file.event, DossierIssued):
            yield file, file.event


def _of(case: CaseFile, dossier: str) -> tuple[RecordFile[EntryEvent], DossierIssued]:
    found = next((found for found in _issued(case) if found[1].record == dossier), None)
    if found is None:
        raise NotFound("dossier", dossier)
    return found


def _line(case: CaseFile, file: RecordFile[EntryEvent], event: DossierIssued) -> IssuedDossier:
    return IssuedDossier(
        dossier=event.record,
        subject=case.subject,
        regime=event.regime,
        issued_on=event.issued_on,
        number=event.number,
        as_of=event.as_of,
        known_at=event.known_at,
        language=event.language,
        format=event.format,
        digest=event.digest,
        size=event.size,
        made_with=event.made_with,
        basis=event.basis,
        recorded_at=iso_utc(file.recorded_at),
        withdrawn=file.retracted,
    )
