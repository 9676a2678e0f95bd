"""Preparing a command: on which file it belongs, whether it may be recorded there, and what goes to the vault.

Names and ID numbers of natural persons are taken out of a command before anything is decided: they go to the vault, and
what is decided on carries keys. Free text, in which somebody may be named on any file, is sealed with the file's key.
"""

from collections.abc import Callable
from typing import Final

import msgspec

from application.papers.contents import Stored
from application.papers.uploads import Uploads
from application.ports import FileKey, Person, StreamCategory, VaultWrite
from application.principal import Principal
from application.prose import sealed_with
from application.recording.background import Background
from application.recording.commands import Command
from application.recording.competence import refuse_elsewhere, regime_of_request
from application.recording.identity import check_id_number, check_places, check_uscc, vouched_by
from application.recording.notices import FieldWarning
from domain.aggregates.casefile import CaseFile
from domain.errors import Conflict, Refused
from domain.events.registration import AgencyRegistered, ClientRegistered
from domain.places import Places
from domain.procedures import objections, registration
from domain.procedures.papers.dossiers import IssueDossier, MadeDossier
from domain.procedures.papers.evidence import MarkEvidence, ReceiveEvidence, TakenIn
from domain.procedures.request import SubjectRequest
from domain.sentence import sentence
from domain.values import official_number
from domain.vocabulary import PERSONS

OPENING: Final = (registration.RegisterOrganisation, registration.RegisterPerson)
"""Commands that open a file."""

_WITH_PERSONS: Final = frozenset((registration.ChangeSubject, objections.RecordComment, objections.FileObjection))
"""Commands about a file that may name persons outside of their texts."""


DossierMaker = Callable[[IssueDossier, bool], MadeDossier]
"""Makes the file of a dossier that is issued, and keeps it unless it is a trial."""


class Prepared(msgspec.Struct, frozen=True):
    """A command with its stream, its persons taken out and its texts sealed, and what the vault has to write for it.

    ``key`` is what its texts were sealed with, ``None`` when there are none; ``given`` still has them in clear.
    ``content`` is the upload that it receives, ``address`` where the bytes of evidence lie that is marked, ``dossier``
    the one that it issues.
    """

    request: Command
    stream: str
    given: Command
    writes: tuple[VaultWrite, ...] = ()
    key: FileKey | None = None
    person: str | None = None
    content: TakenIn | None = None
    address: str | None = None
    dossier: MadeDossier | None = None
    warnings: tuple[FieldWarning, ...] = ()


class Preparation:
    """Prepares commands against what is on record. Safe to share between threads."""

    def __init__(
        self,
        background: Background,
        places: Places | None = None,
        uploads: Uploads | None = None,
        made: DossierMaker | None = None,
    ) -> None:
        """``places`` says which codes stand for a place; without it every code does. Without ``uploads`` no evidence
        can be received, without what ``made`` makes no dossier issued."""
        self._background = background
        self._places = places
        self._uploads = uploads
        self._made = made

    def check_places(self, command: Command) -> tuple[FieldWarning, ...]:
        """What to look at once more in the codes of places. Raises ``Invalid`` for one that stands for none."""
        if self._places is None:
            return ()
        opened = getattr(command, "id", None) if isinstance(command, OPENING) else None
        if opened is not None and self._background.case(opened).version:
            # What is on record may be told again, under the code of its day.
            return ()
        places, legislation = self._places, self._background.legislation

        def is_vouched(code: str) -> bool:
            stems = [stem for regime in legislation.regimes() for stem in legislation.regions_of(regime)]
            return vouched_by(stems, places)(code)

        return check_places(command, places, self._background.today(), is_vouched)

    def prepare(self, command: Command, by: Principal | None = None, *, dry_run: bool = False) -> Prepared:
        """The command on its file; ``by`` whom is asked of what somebody has uploaded. Nothing is kept for a trial.
        Raises ``Invalid``, ``NotFound`` or ``Conflict``."""
        match command:
            case ReceiveEvidence():
                return self._evidence(command, by)
            case MarkEvidence():
                return self._marked(command)
            case IssueDossier():
                return self._dossier(command, is_trial=dry_run)
            case SubjectRequest():
                stream = command.subject
            case registration.RegisterPractitioner() | registration.RegisterExpert():
                return self._person(command)
            case registration.RegisterAgency() | registration.RegisterClient():
                return self._organisation(command)
            case _ if command.names is not None:
                stream = self._background.owner(command.names, command.named)
            case _:
                raise AssertionError("every command names a subject or a record")
        return self._sealed(command, stream)

    def permit(self, by: Principal, prepared: Prepared) -> None:
        """Raise ``Refused`` for somebody of a region in which the regime does not apply."""
        if by.region is None:
            return
        regime = regime_of_request(self._background.case(prepared.stream), prepared.request)
        if regime is not None:
            refuse_elsewhere(by, self._background.legislation.last_head(regime))

    def _evidence(self, command: ReceiveEvidence, by: Principal | None) -> Prepared:
        """What was uploaded; its title is the name of its file unless it is given."""
        if self._uploads is None or by is None:
            raise Refused("uploads_only", sentence("casework.preparation.uploads_only"))
        found = self._uploads.taken_in(command.upload, command.subject, by=by)
        titled = msgspec.structs.replace(command, title=command.title or found.name)
        prepared = self._sealed(titled, command.subject)
        return msgspec.structs.replace(prepared, content=found)

    def _marked(self, command: MarkEvidence) -> Prepared:
        """Evidence to be marked: its bytes are encrypted from then on where personal data stand in them."""
        stream = self._background.owner("evidence", command.evidence)
        prepared = self._sealed(command, stream)
        file = self._background.case(stream).evidence.get(command.evidence)
        if file is None or not command.personal_data or file.personal_data or self._uploads is None:
            return prepared
        content = Stored(address=file.address, digest=file.received.digest, size=file.received.size)
        origin = stream if file.origin is None else file.origin.subject
        return msgspec.structs.replace(prepared, address=self._uploads.encrypted(content, origin))

    def _dossier(self, command: IssueDossier, *, is_trial: bool) -> Prepared:
        """A dossier to be issued, made and kept: it is on record with its digest, or not at all."""
        if self._made is None:
            raise Refused("no_papers", sentence("casework.preparation.no_papers"))
        prepared = self._sealed(command, command.subject)
        return msgspec.structs.replace(prepared, dossier=self._made(command, is_trial))

    def _person(self, command: registration.RegisterPerson) -> Prepared:
        warnings = check_id_number(command.id_number, command.id_kind, self._background.today())
        known = self._background.vault.find(command.id_number)
        if known is not None and known != command.id:
            raise Conflict(
                "person_registered",
                # Whose file it is, anywhere in the country, is told to whoever looks for it and says what for.
                sentence("casework.preparation.person_registered"),
            )
        stream = command.id or self._background.ids.new()
        person = Person(name=command.name, id_number=command.id_number, id_kind=command.id_kind)
        if known is not None and _same_person(self._background.vault.open([stream]).get(stream), person):
            return Prepared(command, stream, command, warnings=warnings)
        if self._background.case(stream).version:
            raise Conflict(
                "already_registered",
                sentence("casework.preparation.already_registered", stream=stream),
            )
        return Prepared(command, stream, command, tuple(self._background.vault.keep(stream, person)), warnings=warnings)

    def _organisation(self, command: registration.RegisterOrganisation) -> Prepared:
        check_uscc(command.uscc)
        stream = command.id or self._background.ids.new()
        kind: StreamCategory = "agency" if isinstance(command, registration.RegisterAgency) else "client"
        if not self._background.case(stream).version:
            self._refuse_taken(kind, command.uscc, stream)
        person, writes = self._representative(stream, command.legal_representative)
        return Prepared(command, stream, command, writes, person=person)

    def _refuse_taken(self, kind: StreamCategory, number: str, stream: str) -> None:
        """Raise ``Conflict`` for a unified social credit code that stands for another file of the kind."""
        owner = self._background.number_owner(kind, number)
        if owner is not None and owner != stream:
            raise registration.uscc_taken(number, self._background.case(owner).name_on(None), owner)

    def _representative(self, stream: str, name: str | None) -> tuple[str | None, tuple[VaultWrite, ...]]:
        """The person key of a legal representative: the one on file when the name is the same, else a new one."""
        if name is None:
            return None, ()
        current = _representative_of(self._background.case(stream))
        if current is not None:
            known = self._background.vault.open([current]).get(current)
            if known is not None and known.name == name:
                return current, ()
        person = self._background.ids.new()
        return person, tuple(self._background.vault.keep(person, Person(name=name)))

    def _sealed(self, command: Command, stream: str) -> Prepared:
        """The command on its stream, with its persons in the vault and its texts under the key of the file."""
        if type(command) not in _WITH_PERSONS:
            sealed, key = sealed_with(command, self._background.sealing_key, stream)
            return Prepared(sealed, stream, command, key=key)
        prepared = self._placed(command, stream)
        sealed, key = sealed_with(command, self._background.sealing_key, stream)
        return prepared if key is None else msgspec.structs.replace(prepared, request=sealed, key=key)

    def _placed(self, command: Command, stream: str) -> Prepared:
        """The command on its stream, with its persons in the vault."""
        if isinstance(command, registration.ChangeSubject):
            return self._change(command, stream, self._background.case(stream))
        if isinstance(command, objections.RecordComment):
            return self._comment(command, stream)
        if isinstance(command, objections.FileObjection) and not self._background.is_person(stream):
            return self._objection(command, stream)
        return Prepared(command, stream, command)

    def _comment(self, command: objections.RecordComment, stream: str) -> Prepared:
        """Whoever comments is a person: the name goes to the vault."""
        known = self._background.case(stream).comments.get(command.id or "")
        if command.by is None:
            return Prepared(command, stream, command)
        return self._with_author(command, stream, command.by, None if known is None else known.recorded.by)

    def _with_author(self, command: Command, stream: str, name: str, known: str | None) -> Prepared:
        """The command with its author in the vault: the ``known`` one of the same id when the name is the same. Of one
        who was erased there is no name to compare."""
        if known is not None:
            author = self._background.vault.open([known]).get(known)
            if author is None or author.name == name:
                return Prepared(command, stream, command, person=known)
        person = self._background.ids.new()
        writes = tuple(self._background.vault.keep(person, Person(name=name)))
        return Prepared(command, stream, command, writes, person=person)

    def _objection(self, command: objections.FileObjection, stream: str) -> Prepared:
        """Who objects to somebody else's result is a person: the name goes to the vault (Ningbo art. 13(2))."""
        case = self._background.case(stream)
        if case.kind is None or objections.is_own(case, command.by, self._background.own_names(case, command.filed_on)):
            return Prepared(command, stream, command)
        law = self._background.law(command.regime).law
        if not objections.anyone_may_object(law, "agency", command.filed_on.year - 1):
            return Prepared(command, stream, command)
        known = case.objections.get(command.id or "")
        by_other = known is not None and known.filed.by != objections.PARTICIPANT
        return self._with_author(command, stream, command.by, known.filed.by if known and by_other else None)

    def _change(self, command: registration.ChangeSubject, stream: str, case: CaseFile) -> Prepared:
        changes = command.changes
        if case.kind not in PERSONS:
            if changes.uscc is not None:
                check_uscc(changes.uscc, "/changes/uscc")
                self._refuse_taken(case.graded_as, changes.uscc, stream)
            person, writes = self._representative(stream, changes.legal_representative)
            return Prepared(command, stream, command, writes, person=person)
        if changes.name is None:
            return Prepared(command, stream, command)
        known = self._background.vault.open([stream]).get(stream)
        if known is None or known.name == changes.name:
            return Prepared(command, stream, command)
        renamed = msgspec.structs.replace(known, name=changes.name)
        return Prepared(command, stream, command, tuple(self._background.vault.keep(stream, renamed)), person=stream)


def _same_person(known: Person | None, told: Person) -> bool:
    """Whether a person is told again; the number is the same however it is written."""
    if known is None or known.id_number is None or told.id_number is None:
        return known == told
    return msgspec.structs.replace(known, id_number=official_number(known.id_number)) == msgspec.structs.replace(
        told, id_number=official_number(told.id_number)
    )


def _representative_of(case: CaseFile) -> str | None:
    opened = case.registration
    current = None
    if isinstance(opened, AgencyRegistered | ClientRegistered):
        current = opened.legal_representative
    for change in case.changes:
        current = change.legal_representative or current
    return current
