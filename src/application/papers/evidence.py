"""Evidence on a file: what is there, what a procedure still asks for, and the bytes themselves, checked when read."""

import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO, Final, Literal, NamedTuple

import msgspec

from application.answering.case_files import case_file, case_file_of, is_subject, no_such_file, with_joined
from application.law.checklists import RequiredPaper, checklist_of
from application.papers.contents import (
    ContentAltered,
    ContentErased,
    ContentError,
    ContentKey,
    ContentKeys,
    ContentMissing,
    Contents,
    Stored,
)
from application.papers.uploads import UploadStore
from application.ports import Clock, Journal, Recorded, Vault
from application.progress import Progress
from application.prose import Opened
from domain.aggregates.casefile import CaseFile
from domain.aggregates.evidence import EvidenceFile
from domain.aggregates.repairs import RepairFile
from domain.errors import NotFound
from domain.events.joining import FilesJoined
from domain.events.papers.evidence import EvidenceKind, EvidenceReceived
from domain.events.repairs import RepairCommitted
from domain.time import Instant, iso_utc

_NAMED: Final = re.compile(rb"(?:sha256|keyed)/[0-9a-f]{32,64}")
_DIGEST: Final = re.compile(rb'"([0-9a-f]{64})"')
_ORPHAN_AFTER: Final = 24 * 3_600_000_000
_ENCODE: Final = msgspec.json.Encoder().encode

EvidenceFault = Literal["missing", "altered"]
"""What is wrong with a piece: nothing lies where it should, or other bytes do."""


class EvidenceLine(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence as it stands.

    ``record`` is what it is about, ``None`` for the file as a whole; ``by`` who received it. ``sm3`` follows the
    SHA-256 (``digest``) a moment later. ``redacts`` is the piece of which it is a redacted copy, ``redacted`` those
    that are copies of it. ``withdrawn`` is why it is not relied on. ``erased`` says that its key was destroyed,
    ``shown`` that its pages can be looked at.
    """

    evidence: str
    subject: str
    kind: EvidenceKind
    title: str
    record: str | None
    received_on: dt.date
    recorded_at: str
    by: str
    digest: str
    sm3: str | None
    size: int
    media: str
    pages: int | None
    personal_data: bool
    redacts: str | None
    redacted: tuple[str, ...]
    withdrawn: str | None
    erased: bool
    shown: bool


class PaperAsked(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that a procedure asks for, by which provisions, and the pieces of ``evidence`` that are there for it."""

    code: str
    cites: tuple[str, ...]
    kinds: tuple[str, ...]
    evidence: tuple[str, ...]


class ChecklistLine(msgspec.Struct, frozen=True, kw_only=True):
    """What one procedure on the file asks for: its record, the command by which it began, and how many papers are
    ``missing``."""

    record: str
    regime: str
    procedure: str
    papers: tuple[PaperAsked, ...]
    missing: int


class EvidenceList(msgspec.Struct, frozen=True, kw_only=True):
    """The evidence on a file, in the order in which it came, and what procedures that are open ask for."""

    subject: str
    evidence: tuple[EvidenceLine, ...]
    checklists: tuple[ChecklistLine, ...]


class FaultyEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence that is not as it was received."""

    evidence: str
    subject: str
    fault: EvidenceFault
    digest: str
    address: str


class EvidenceCheck(msgspec.Struct, frozen=True, kw_only=True):
    """What came of reading everything again: how many pieces and bytes were ``checked``, how many ``erased`` with their
    key, what is wrong, and how many contents nobody names (``orphans``, ``swept`` where they were let go)."""

    checked: int
    bytes: int
    erased: int
    faults: tuple[FaultyEvidence, ...]
    orphans: int
    swept: int


class FoundEvidence(NamedTuple):
    """A piece of evidence with what its bytes are read by."""

    line: EvidenceLine
    content: Stored
    key: ContentKey | None


class EvidenceDesk:
    """The use case of reading evidence. Safe to share between threads."""

    def __init__(
        self,
        journal: Journal,
        vault: Vault,
        keys: ContentKeys,
        contents: Callable[[], Contents],
        store: UploadStore,
        clock: Clock,
        can_be_shown: Callable[[str], bool],
    ) -> None:
        """``can_be_shown`` says of which types pages can be looked at."""
        self._journal = journal
        self._vault = vault
        self._keys = keys
        self._contents = contents
        self._store = store
        self._clock = clock
        self._can_be_shown = can_be_shown

    # --- what is there ------------------------------------------------------------------------------------

    def of_file(self, subject: str, *, known_at: Instant | None = None) -> EvidenceList:
        """The evidence on a file as it was known. Raises ``NotFound`` and ``JoinedInto``."""
        rows = self._journal.snapshot(subject, known_at=known_at).rows
        case = case_file(subject, rows)
        if case.kind is None or case.joined_into is not None:
            raise no_such_file(case)
        lines = tuple(self._lines(case, rows))
        return EvidenceList(subject=subject, evidence=lines, checklists=tuple(_checklists(case, lines)))

    def one(self, evidence: str) -> FoundEvidence:
        """One piece with what its bytes are read by. Raises ``NotFound``."""
        owner = self._journal.owner_of(evidence)
        if owner is None or not is_subject(owner):
            raise NotFound("evidence", evidence)
        rows = self._journal.snapshot(owner).rows
        case = case_file(owner, rows)
        line = next((line for line in self._lines(case, rows) if line.evidence == evidence), None)
        if line is None:
            raise NotFound("evidence", evidence)
        file = case.evidence[evidence]
        return FoundEvidence(line, _content(file), self._key(case, file))

    # --- the bytes ----------------------------------------------------------------------------------------

    def read(self, found: FoundEvidence) -> Iterator[bytes]:
        """The bytes of a piece as they were handed in; see ``Contents.read``."""
        return self._contents().read(found.content, found.key)

    def verify(self, found: FoundEvidence) -> None:
        """Read all of a piece, to see that it is what was received. Raises ``ContentError``."""
        for _ in self.read(found):
            pass

    def open(self, found: FoundEvidence) -> BinaryIO:
        """The bytes of a piece to seek in."""
        return self._contents().open(found.content, found.key)

    def check(self, subject: str | None = None, *, sweep: bool = False, progress: Progress) -> EvidenceCheck:
        """Read everything again, or what is on one file, and name what is missing or altered.

        With ``sweep`` what nobody names, and is older than a day, is let go: only where every file is looked at.
        """
        checked, size, erased, faults = 0, 0, 0, []
        named: set[str] = set(self._store.addresses())
        for case, names in self._cases(subject):
            named |= names
            for file in case.evidence.values():
                found = _content(file)
                checked += 1
                progress(checked)
                try:
                    self._check_one(found, self._key(case, file))
                    size += found.size
                except ContentErased:
                    erased += 1
                except (ContentMissing, ContentAltered) as error:
                    faults.append(_fault(case, file, error))
        orphans, swept = (0, 0) if subject is not None else self._orphans(named, sweep=sweep)
        return EvidenceCheck(
            checked=checked, bytes=size, erased=erased, faults=tuple(faults), orphans=orphans, swept=swept
        )

    def _check_one(self, content: Stored, key: ContentKey | None) -> None:
        for _ in self._contents().read(content, key):
            pass

    def _cases(self, subject: str | None) -> Iterator[tuple[CaseFile, set[str]]]:
        """The files to be checked, each with the addresses that its events name."""
        if subject is not None:
            rows = self._journal.stream(subject)
            yield case_file(subject, rows), set()
            return
        for whole in self._journal.whole_streams():
            has_any = any(isinstance(event, EvidenceReceived | FilesJoined) for event in whole.events)
            case = case_file_of(whole) if has_any else CaseFile(whole.stream)
            # Of a piece that was encrypted later the file knows where it lies now: what lay there in clear is let go.
            told = (e for e in whole.events if not case.evidence or not isinstance(e, EvidenceReceived))
            names = {address for event in told for address in _addresses_in(_ENCODE(event))}
            yield case, names | {file.address for file in case.evidence.values()}

    def _orphans(self, named: set[str], *, sweep: bool) -> tuple[int, int]:
        orphans = swept = 0
        before = self._clock.now() - _ORPHAN_AFTER
        for found in self._contents().listed():
            if found.address in named or found.since > before:
                continue
            orphans += 1
            if sweep:
                self._contents().delete(found.address)
                swept += 1
        return orphans, swept

    # --- lines --------------------------------------------------------------------------------------------

    def _lines(self, case: CaseFile, rows: Sequence[Recorded]) -> Iterator[EvidenceLine]:
        opened = Opened(self._vault, self._journal.joined_to)
        actors = {row.event.introduced_id: row.actor for row in with_joined(rows)}
        sm3 = self._store.sm3_of([file.address for file in case.evidence.values()]) if case.evidence else {}
        keys: dict[str, ContentKey] = {}
        for id, file in case.evidence.items():
            received = file.received
            origin = _file_of(case, file)
            is_erased = False
            if file.address.startswith("keyed/"):
                if origin not in keys:
                    keys[origin] = self._keys.content_key(origin)
                is_erased = keys[origin].is_gone
            withdrawn = file.withdrawn
            yield EvidenceLine(
                evidence=id,
                subject=case.subject,
                kind=received.kind,
                title=opened.told(case.subject, received.title),
                record=received.record,
                received_on=received.received_on,
                recorded_at=iso_utc(file.recorded_at),
                by=actors.get(id, ""),
                digest=received.digest,
                sm3=sm3.get(file.address),
                size=received.size,
                media=received.media,
                pages=received.pages,
                personal_data=file.personal_data,
                redacts=received.redacts,
                redacted=tuple(
                    other
                    for other, copy in case.evidence.items()
                    if copy.received.redacts == id and copy.withdrawn is None
                ),
                withdrawn=None if withdrawn is None else opened.told(case.subject, withdrawn.reason),
                erased=is_erased,
                shown=not is_erased and self._can_be_shown(received.media),
            )

    def _key(self, case: CaseFile, file: EvidenceFile) -> ContentKey | None:
        return self._keys.content_key(_file_of(case, file)) if file.address.startswith("keyed/") else None


def _file_of(case: CaseFile, file: EvidenceFile) -> str:
    """The file whose key a piece is encrypted with: that on which it was received."""
    return case.subject if file.origin is None else file.origin.subject


def _content(file: EvidenceFile) -> Stored:
    return Stored(address=file.address, digest=file.received.digest, size=file.received.size)


def _fault(case: CaseFile, file: EvidenceFile, error: ContentError) -> FaultyEvidence:
    return FaultyEvidence(
        evidence=file.received.evidence,
        subject=case.subject,
        fault="missing" if isinstance(error, ContentMissing) else "altered",
        digest=file.received.digest,
        address=file.address,
    )


def _addresses_in(told: bytes) -> Iterator[str]:
    """Every address that an event may name, be it by a digest alone: what may be named is never let go."""
    for found in _NAMED.findall(told):
        yield found.decode()
    for digest in _DIGEST.findall(told):
        yield f"sha256/{digest.decode()}"


def _checklists(case: CaseFile, lines: tuple[EvidenceLine, ...]) -> Iterator[ChecklistLine]:
    """What the procedures that are still open ask for."""
    for record, regime, procedure in _open_procedures(case):
        wanted = checklist_of(regime, procedure, case.kind)
        if wanted is None:
            continue
        about = [line for line in lines if line.record == record and line.withdrawn is None]
        papers = tuple(
            PaperAsked(
                code=paper.code,
                cites=paper.cites,
                kinds=paper.kinds,
                evidence=tuple(line.evidence for line in about if _is_one(line.kind, paper)),
            )
            for paper in wanted.papers
        )
        missing = sum(not paper.evidence for paper in papers)
        yield ChecklistLine(record=record, regime=regime, procedure=procedure, papers=papers, missing=missing)


def missing_papers(case: CaseFile, record: str) -> tuple[RequiredPaper, ...]:
    """The papers that the procedure of a record asks for and that are not in the file; none once it is over."""
    regime, procedure = next(((of, by) for id, of, by in _open_procedures(case) if id == record), ("", ""))
    wanted = checklist_of(regime, procedure, case.kind)
    pieces = [file for file in case.evidence.values() if file.received.record == record and file.withdrawn is None]
    papers = () if wanted is None else wanted.papers
    return tuple(paper for paper in papers if not any(_is_one(file.received.kind, paper) for file in pieces))


def _is_one(kind: EvidenceKind, paper: RequiredPaper) -> bool:
    return kind in paper.kinds if paper.kinds else kind != "application"


def _open_procedures(case: CaseFile) -> Iterator[tuple[str, str, str]]:
    for id, repair in case.repairs.items():
        if not repair.retracted and not _is_settled(repair):
            asked = repair.asked
            yield id, asked.regime, "commit_repair" if isinstance(asked, RepairCommitted) else "apply_repair"
    for id, objection in case.objections.items():
        if not objection.retracted and objection.decided is None:
            yield id, objection.filed.regime, "file_objection"


def _is_settled(repair: RepairFile) -> bool:
    return any(step is not None for step in (repair.city_confirmed, repair.refused, repair.revoked))
