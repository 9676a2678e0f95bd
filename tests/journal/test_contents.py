"""Contents of papers in a folder and in a bucket: whole or not there, and unreadable without their key."""

import hashlib
import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from application.papers.contents import (
    ContentAltered,
    ContentErased,
    ContentMissing,
    ContentTooLarge,
    Incoming,
    Stored,
    StoreUnavailable,
)
from domain.errors import Conflict
from interfaces.contents.sealed import CHUNK_BYTES
from interfaces.contents.store import StoredContents, contents_at
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.vault import PostgresVault
from tests.support.words import says

MASTER = bytes(range(32))
SMALL = "处罚决定书，张某".encode()
SIZES = (0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 4 * CHUNK_BYTES, 9 * CHUNK_BYTES + 7)


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """A server that speaks S3."""
    # Imported where it is used: every process that only looks for its tests would load it.
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(params=["folder", "bucket"])
def contents(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> StoredContents:
    """A store of each kind, as the environment names it."""
    if request.param == "folder":
        return contents_at("", tmp_path)
    return bucket(request.getfixturevalue("endpoint"), monkeypatch)


def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> StoredContents:
    import httpx

    httpx.put(f"{endpoint}/evidence")
    for name, value in (
        ("ENDPOINT_URL", endpoint),
        ("REGION", "us-east-1"),
        ("ACCESS_KEY_ID", "test"),
        ("SECRET_ACCESS_KEY", "test"),
        ("ALLOW_HTTP", "true"),
    ):
        monkeypatch.setenv(f"AWS_{name}", value)
    return contents_at("s3://evidence/papers", None)


@pytest.fixture
def vault(stored: PostgresJournal) -> PostgresVault:
    return PostgresVault(stored.datastore, MASTER)


def bytes_of(size: int) -> bytes:
    return (hashlib.sha256(str(size).encode()).digest() * (size // 32 + 1))[:size]


def all_files(folder: Path) -> dict[str, bytes]:
    return {str(f.relative_to(folder)): f.read_bytes() for f in folder.rglob("*") if f.is_file()}


@pytest.mark.slow
@pytest.mark.parametrize("is_sealed", [False, True], ids=["plain", "sealed"])
def test_what_is_kept_is_read_again_whole_and_in_parts(
    contents: StoredContents, vault: PostgresVault, is_sealed: bool
) -> None:
    key = vault.content_key("P", make=True) if is_sealed else None
    for size in SIZES:
        content = bytes_of(size)
        pieces = [content[i : i + 700_001] for i in range(0, size, 700_001)]
        kept = contents.put(iter(pieces), key)
        assert (kept.digest, kept.size) == (hashlib.sha256(content).hexdigest(), size)
        assert b"".join(contents.read(kept, key)) == content
        file = contents.open(kept, key)
        file.seek(-min(size, 5), os.SEEK_END)
        assert file.read() == content[-5:]
        file.seek(size // 2)
        assert file.read(CHUNK_BYTES) == content[size // 2 :][:CHUNK_BYTES]


@pytest.mark.slow
def test_equal_papers_lie_once_and_under_their_digest(contents: StoredContents) -> None:
    first, second = contents.put(SMALL), contents.put([SMALL])
    assert first == second
    assert first.address == f"sha256/{hashlib.sha256(SMALL).hexdigest()}"
    assert [found.address for found in contents.listed()].count(first.address) == 1


def test_an_encrypted_paper_tells_nothing_by_its_place_or_its_bytes(tmp_path: Path, vault: PostgresVault) -> None:
    contents, key = contents_at("", tmp_path), vault.content_key("P", make=True)
    first, second = contents.put(SMALL, key), contents.put(SMALL, key)
    assert first.address != second.address
    assert first.digest == second.digest
    for name, found in all_files(tmp_path).items():
        assert SMALL not in found
        assert first.digest not in name


@pytest.mark.slow
def test_no_byte_of_a_persons_paper_lies_in_clear_while_it_comes_in(tmp_path: Path, vault: PostgresVault) -> None:
    contents, key = contents_at("", tmp_path), vault.content_key("P", make=True)
    seen: list[bytes] = []

    def coming() -> Iterator[bytes]:
        for _ in range(30):
            yield SMALL * 40_000
            seen.extend(all_files(tmp_path).values())

    contents.put(coming(), key)
    assert any(len(found) > 1000 for found in seen)
    assert not any(SMALL in found for found in seen)


def test_a_paper_whose_key_was_destroyed_is_told_as_erased(contents: StoredContents, vault: PostgresVault) -> None:
    kept = contents.put(SMALL, vault.content_key("P", make=True))
    vault.erase("P")
    with pytest.raises(ContentErased, match="content_erased"):
        contents.read(kept, vault.content_key("P"))
    with pytest.raises(Conflict):
        contents.put(SMALL, vault.content_key("P", make=True))


def test_a_paper_opens_with_no_other_key_and_for_no_other_content(tmp_path: Path, vault: PostgresVault) -> None:
    contents, key = contents_at("", tmp_path), vault.content_key("P", make=True)
    one, other = contents.put(SMALL, key), contents.put(SMALL, key)
    with pytest.raises(ContentAltered):
        b"".join(contents.read(one, vault.content_key("Q", make=True)))
    place(tmp_path, one).write_bytes(place(tmp_path, other).read_bytes())
    with pytest.raises(ContentAltered):
        b"".join(contents.read(one, key))


def place(folder: Path, kept: Stored) -> Path:
    kind, _, name = kept.address.partition("/")
    return folder / "evidence" / kind / name[:2] / name


@pytest.mark.slow
@pytest.mark.parametrize("is_sealed", [False, True], ids=["plain", "sealed"])
@pytest.mark.parametrize("change", ["a bit", "cut", "longer", "chunks swapped", "gone"])
def test_an_altered_paper_is_never_shown_whole(
    tmp_path: Path, vault: PostgresVault, is_sealed: bool, change: str
) -> None:
    contents, key = contents_at("", tmp_path), vault.content_key("P", make=True) if is_sealed else None
    content = bytes_of(3 * CHUNK_BYTES - 32)
    kept = contents.put(content, key)
    file = place(tmp_path, kept)
    found = file.read_bytes()
    step, head = (CHUNK_BYTES + 16, 37) if is_sealed else (CHUNK_BYTES, 0)
    if change == "a bit":
        file.write_bytes(found[:70_000] + bytes([found[70_000] ^ 1]) + found[70_001:])
    elif change == "cut":
        file.write_bytes(found[:-1])
    elif change == "longer":
        file.write_bytes(found + b"x")
    elif change == "chunks swapped":
        one, two, rest = found[head : head + step], found[head + step : head + 2 * step], found[head + 2 * step :]
        file.write_bytes(found[:head] + two + one[:-1] + bytes([one[-1] ^ (not is_sealed)]) + rest)
    else:
        file.unlink()
    shown: list[bytes] = []
    with pytest.raises(ContentMissing if change == "gone" else ContentAltered):
        shown.extend(contents.read(kept, key))
    assert sum(map(len, shown)) < len(content)


def test_nothing_is_left_of_a_paper_that_broke_off_or_was_too_large(contents: StoredContents) -> None:
    def broken() -> Iterator[bytes]:
        yield bytes_of(12 * CHUNK_BYTES)
        raise ConnectionResetError("the other side is gone")

    with pytest.raises(ConnectionResetError):
        contents.put(broken())
    with pytest.raises(ContentTooLarge, check=says("10 ")):
        contents.put(bytes_of(11), most=10)
    assert contents.put(bytes_of(10), most=10).size == 10
    assert len(list(contents.listed())) >= 1
    assert not [found for found in contents.listed() if found.address.startswith("incoming/")]


def test_a_draft_counts_once_it_is_kept(contents: StoredContents) -> None:
    draft = contents.draft(SMALL)
    assert draft.address.startswith("incoming/")
    assert b"".join(contents.read(draft)) == SMALL
    kept = contents.keep(draft)
    assert contents.exists(kept)
    assert not contents.exists(draft)
    with pytest.raises(ContentMissing):
        contents.keep(draft)
    other = contents.draft(b"another")
    contents.discard(other)
    contents.discard(other)
    assert not contents.exists(other)


def test_many_take_in_the_same_paper_at_once(tmp_path: Path) -> None:
    contents = contents_at("", tmp_path)
    kept: list[Stored] = []
    threads = [Thread(target=lambda: kept.append(contents.put(bytes_of(3_000_000)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(kept) == 8
    assert len(set(kept)) == 1


def test_no_address_leads_out_of_the_store(tmp_path: Path) -> None:
    contents = contents_at("", tmp_path)
    (tmp_path / "secret").write_bytes(b"x")
    for address in ("../secret", "incoming/../../secret", "sha256/../secret", "/etc/passwd", "", "sha256/" + "A" * 64):
        with pytest.raises(ContentMissing):
            contents.read(Incoming(address=address, digest="", size=1, is_sealed=False))


def test_what_a_killed_process_left_half_written_is_cleared(tmp_path: Path) -> None:
    contents = contents_at("", tmp_path)
    kept = contents.put(SMALL)
    left = place(tmp_path, kept).with_name("ab" * 16 + "#1")
    left.write_bytes(b"half")
    contents.clear_staging(left.stat().st_mtime - 1)
    assert left.exists()
    contents.clear_staging(time.time() + 1)
    assert not left.exists()
    assert contents.exists(kept)


def test_a_store_that_is_none_or_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, check=says("ECODOCKET_EVIDENCE")):
        contents_at("", None)
    for named in ("relative/folder", "http://bucket/x", "gs://bucket", "s3://", "s3://B_d/x"):
        with pytest.raises(StoreUnavailable, check=says("names no store")):
            contents_at(named, None)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        contents_at(str(tmp_path / "file"), None)
    contents = contents_at("", tmp_path)
    shutil.rmtree(tmp_path / "evidence")
    (tmp_path / "evidence").write_bytes(b"")
    with pytest.raises(StoreUnavailable):
        contents.put(SMALL)


def test_a_bucket_that_is_not_there_is_told(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket(endpoint, monkeypatch)
    with pytest.raises((StoreUnavailable, ContentMissing)):
        contents_at("s3://nobody-has-this", None).put(SMALL)
