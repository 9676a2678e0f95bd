"""Evidence in PostgreSQL and in a folder: names in the vault alone, and nothing readable once a person was erased."""

from pathlib import Path

import pytest

from application.papers.contents import ContentAltered, ContentErased
from application.papers.evidence import EvidenceDesk
from application.papers.uploads import BeginUpload, Uploads
from application.principal import Principal
from application.recording.casework import Casework
from application.recording.commands import command_from
from domain.errors import Conflict
from interfaces.clocks import StoppedClock
from interfaces.contents.aside import can_be_shown, inspected, sm3_of
from interfaces.contents.store import contents_at
from interfaces.ids import CountedIds
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.uploads import PostgresUploads
from interfaces.postgres.vault import PostgresVault
from tests.support.papers import pdf
from tests.support.world import World

CLERK = Principal("clerk")
NAME = "张某某身份证复印件"


class Bureau:
    """A world over PostgreSQL whose evidence lies in a folder."""

    def __init__(self, journal: PostgresJournal, clock: StoppedClock, folder: Path) -> None:
        self.folder = folder
        self.vault = PostgresVault(journal.datastore, bytes(range(32)))
        self.world = World(journal, self.vault, clock, ids=CountedIds())
        store = PostgresUploads(journal.datastore, self.vault)
        contents = contents_at("", folder)
        ids = self.world.ids
        self.uploads = Uploads(journal, self.vault, lambda: contents, store, self.world.clock, ids, inspected, sm3_of)
        self.evidence = EvidenceDesk(
            journal, self.vault, self.vault, lambda: contents, store, self.world.clock, can_be_shown
        )
        self.casework = Casework(
            journal, self.vault, self.world.clock, ids, self.world.legislation, uploads=self.uploads
        )
        self.world.agency()
        self.world.practitioner()

    def received(self, subject: str, content: bytes, name: str = f"{NAME}.pdf") -> str:
        upload = self.uploads.take(subject, name, content, len(content), by=CLERK)
        fields = {"subject": subject, "upload": upload.id, "kind": "identity"}
        self.casework.submit(command_from(fields, name="receive_evidence"), by=CLERK)
        return upload.id

    def bytes_on_disk(self) -> bytes:
        return b"".join(f.read_bytes() for f in self.folder.rglob("*") if f.is_file())


@pytest.fixture
def bureau(stored: PostgresJournal, clock: StoppedClock, tmp_path: Path) -> Bureau:
    return Bureau(stored, clock, tmp_path)


def outside_of_the_vault(bureau: Bureau) -> str:
    with bureau.vault._datastore.get_connection() as conn:
        tables = conn.execute(
            "SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relkind IN ('r', 'p')"
            " AND c.relnamespace = 'public'::regnamespace AND c.relname NOT LIKE 'vault%%'"
        ).fetchall()
        return "\n".join(
            row["told"] for t in tables for row in conn.execute(f"SELECT t::text AS told FROM {t['name']} t")
        )


def test_of_a_persons_evidence_nothing_stands_in_clear_anywhere(bureau: Bureau) -> None:
    content = pdf(2)
    evidence = bureau.received("P", content)
    assert b"".join(bureau.evidence.read(bureau.evidence.one(evidence))) == content
    assert bureau.evidence.one(evidence).line.title == f"{NAME}.pdf"
    told = outside_of_the_vault(bureau)
    assert NAME not in told
    assert NAME.encode().hex() not in told
    assert content[:200] not in bureau.bytes_on_disk()
    assert b"%PDF" not in bureau.bytes_on_disk()


def test_once_a_person_is_erased_nobody_reads_it_and_everything_else_stands(bureau: Bureau) -> None:
    persons, agencys = bureau.received("P", pdf(2)), bureau.received("A", pdf(3))
    digest = bureau.evidence.one(persons).line.digest
    bureau.vault.erase("P")
    with pytest.raises(ContentErased):
        bureau.evidence.read(bureau.evidence.one(persons))
    line = bureau.evidence.one(persons).line
    assert (line.erased, line.title, line.digest) == (True, "〔已删除 / erased〕", digest)
    assert b"".join(bureau.evidence.read(bureau.evidence.one(agencys))) == pdf(3)
    with pytest.raises(Conflict):
        bureau.uploads.begin("P", BeginUpload(name="x.pdf", size=10), by=CLERK)
    found = bureau.evidence.check(progress=lambda _: None)
    assert (found.checked, found.erased, found.faults) == (2, 1, ())


def test_an_upload_whose_person_is_erased_meanwhile_is_received_no_more(bureau: Bureau) -> None:
    upload = bureau.uploads.take("P", "x.pdf", pdf(), len(pdf()), by=CLERK)
    bureau.vault.erase("P")
    fields = {"subject": "P", "upload": upload.id, "kind": "other"}
    with pytest.raises(Conflict):
        bureau.casework.submit(command_from(fields, name="receive_evidence"), by=CLERK)


def test_an_altered_file_is_found_when_it_is_read_and_by_a_check(bureau: Bureau) -> None:
    evidence = bureau.received("A", pdf(2))
    found = bureau.evidence.one(evidence)
    name = found.line.digest
    file = bureau.folder / "evidence" / "sha256" / name[:2] / name
    assert file.read_bytes() == pdf(2)
    file.write_bytes(pdf(2)[:-1] + b"!")
    with pytest.raises(ContentAltered):
        b"".join(bureau.evidence.read(found))
    (fault,) = bureau.evidence.check(progress=lambda _: None).faults
    assert (fault.evidence, fault.fault, fault.subject) == (evidence, "altered", "A")


def test_pieces_sent_to_two_servers_are_one_upload(bureau: Bureau, stored: PostgresJournal) -> None:
    content = bytes(range(256)) * 600
    begun = bureau.uploads.begin("A", BeginUpload(name="x.txt", size=len(content)), by=CLERK)
    other = Bureau.__new__(Bureau)
    other.uploads = Uploads(
        stored, bureau.vault, bureau.uploads._contents, PostgresUploads(stored.datastore, bureau.vault),
        bureau.world.clock, bureau.world.ids, inspected, sm3_of,
    )  # fmt: skip
    half = 100_000
    bureau.uploads.append(begun.id, 0, content[:half], by=CLERK)
    assert other.uploads.append(begun.id, half, content[half:], by=CLERK).offset == len(content)
    with pytest.raises(Conflict):
        bureau.uploads.append(begun.id, half, content[half:], by=CLERK)


def test_the_sm3_follows_and_is_that_of_the_standard(bureau: Bureau) -> None:
    evidence = bureau.received("A", b"abc", "x.txt")
    assert bureau.evidence.one(evidence).line.sm3 is None
    bureau.uploads.tend()
    assert bureau.evidence.one(evidence).line.sm3 == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
