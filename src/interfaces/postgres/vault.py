"""The vault: personal data apart from the journal, encrypted per person, erasable for ever.

The master key wraps one random data key per person; what is encrypted with that key opens no more once its row is
gone. Backups of the database keep wrapped keys for as long as they are kept: erasing reaches them when they expire.
"""

import base64
import binascii
import os
import secrets
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from psycopg.rows import tuple_row

from application.access.reading_place import place_read_for
from application.cache import Remembered
from application.ports import FileKey, Person, SealedRecords, VaultWrite
from application.prose import sealed_parts
from domain.errors import CaseError
from domain.sentence import Sentence, sentence
from domain.values import official_number
from interfaces.conflicts import person_erased
from interfaces.postgres.ciphers import NONCE_BYTES, TAG_BYTES, Suite, SuiteChunks, WrongKey, suite_of
from interfaces.postgres.recorder import LOCK, JournalDatastore
from interfaces.postgres.wire import (
    RECORDS_OF,
    LeanStatement,
    NewKey,
    ReadRecords,
    Statement,
    TextArray,
    records_in,
    sql,
)

KEY_BYTES: Final = 32
"""Size of the master key and of every data key."""

KEY_VARIABLE: Final = "ECODOCKET_MASTER_KEY"
"""The environment variable with the master key in base64."""

_NAMED: Final = "webhook "
"""Before the name for which a secret is wrapped; the blank keeps it apart from every person and file."""

_SUITES: Final = (1, 2)
_KEEP_KEY_ONCE: Final = (
    "INSERT INTO vault_keys (person, wrapped_key, suite) SELECT %s, %s, %s"
    " WHERE NOT EXISTS (SELECT FROM vault_erased WHERE person = %s) ON CONFLICT DO NOTHING"
)
_OPEN: Final = LeanStatement("open_persons", RECORDS_OF, persons="$1::text[]")
_OPEN_WITHIN: Final = sql(RECORDS_OF, persons="%s::text[]")
_REMEMBERED: Final = 10_000
"""Files whose keys are remembered to seal with, so that a request need not look its own up."""

_REMEMBERED_SECONDS: Final = 60.0


class MasterKeyMissing(CaseError):
    """No master key was given, or it is not 32 bytes in base64."""

    def __init__(self, code: str, says: Sentence) -> None:
        super().__init__(code, says)


def master_key(environment: Mapping[str, str], file: Path | None = None) -> bytes:
    """The master key: of ``ECODOCKET_MASTER_KEY``, or of ``file``, which is made (0600) when absent.

    ``file`` lies beside an embedded database's folder. Without it, that is with a database of one's own, the
    variable must be set: raises ``MasterKeyMissing``.
    """
    given = environment.get(KEY_VARIABLE, "").strip()
    if given:
        return _decoded(given, KEY_VARIABLE)
    if file is None:
        raise MasterKeyMissing(
            "master_key_missing",
            sentence("vault.key_missing", variable=KEY_VARIABLE),
        )
    if not file.exists():
        _make_key_file(file)
    return _decoded(file.read_text("ascii").strip(), str(file))


def _make_key_file(file: Path) -> None:
    """Write a new key beside its place and link it there when complete: another process may be doing the same."""
    draft = file.with_name(f".{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n")
            out.flush()
            os.fsync(out.fileno())
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        draft.unlink()


def _decoded(text: str, where: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise MasterKeyMissing(
            "master_key_malformed",
            sentence("vault.key_invalid", where=where),
        )
    return key


class PostgresVault:
    """The vault in the journal's database. Thread-safe.

    ``suite`` is what new things are encrypted with (1 AES-256-GCM, 2 SM4-GCM with SM3); old ones open under theirs.
    The blind index and request digests always use suite 1: they must not change with the suite. Raises
    ``CipherUnavailable``, or ``WrongKey`` when the vault was filled under another master key.
    """

    def __init__(self, datastore: JournalDatastore, master_key: bytes, *, suite: int = 1) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes")
        self._datastore = datastore
        self._suite = suite_of(suite)
        fixed = suite_of(1)
        self._wrapping = fixed.mac(master_key, b"wrap")
        self._index_key = fixed.mac(master_key, b"index")
        self._digest_key = fixed.mac(master_key, b"digest")
        self._sealing: Remembered[str, tuple[_FileKey, float]] = Remembered(_REMEMBERED)
        # Under another master key nothing would be found again, silently: show it at once.
        for person, wrapped in self._rows("SELECT person, wrapped_key FROM vault_keys LIMIT %s", 1):
            self._unwrapped(person, wrapped)

    # --- writing -------------------------------------------------------------------------------------------

    def keep(self, person: str, record: Person) -> Sequence[VaultWrite]:
        """The writes that store or replace a person's data. Raises ``Conflict`` when the person was erased."""
        key, writes = self._key_to_write(person)
        plain = msgspec.json.encode(record)
        sealed = self._suite.encrypt(self._derived(key, b"record"), plain, person.encode())
        writes += [
            Statement(
                "INSERT INTO vault_records (person, ciphertext) SELECT person, %s FROM vault_keys WHERE person = %s"
                " ON CONFLICT (person) DO UPDATE SET ciphertext = excluded.ciphertext",
                (sealed, person),
            ),
            Statement("DELETE FROM vault_index WHERE person = %s", (person,)),
        ]
        if record.id_number is not None:
            statement = "INSERT INTO vault_index (blind, person) SELECT %s, person FROM vault_keys WHERE person = %s"
            writes.append(Statement(statement, (self._blind(record.id_number), person)))
        return writes

    def sealing_key(self, file: str) -> FileKey:
        """The key of one file to seal texts with; see the port."""
        remembered = self._sealing.get(file)
        if remembered is not None:
            key, looked_up_at = remembered
            # One that was made for an append that was refused is none.
            if key.is_stored and time.monotonic() - looked_up_at < _REMEMBERED_SECONDS:
                return key
        key = self._file_keys([file])[file]
        self._sealing.keep(file, (key, time.monotonic()))
        return key

    def content_key(self, file: str, *, make: bool = False) -> "_ContentKey":
        """The key of one file for contents; see the port."""
        key, erased = self._key(file)
        if make and key is None and not erased:
            wrapped = self._wrapped(file, secrets.token_bytes(KEY_BYTES))
            with self._datastore.transaction(commit=True) as cursor:
                # The journal's lock: nobody destroys the key, or makes another one, meanwhile.
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
                cursor.execute(_KEEP_KEY_ONCE, (file, wrapped, self._suite.number, file))
            key, _ = self._key(file)
        return _ContentKey(file, key, self._suite)

    def erase(self, person: str) -> None:
        """Destroy the key of a person or of another file, with data and index entries, for ever. Events, seals and
        grades stay."""
        with self._datastore.transaction(commit=True) as cursor:
            # The journal's lock: an append that has seen the key ends before, or finds neither key nor person.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            cursor.execute("INSERT INTO vault_erased (person) VALUES (%s) ON CONFLICT DO NOTHING", (person,))
            cursor.execute("DELETE FROM vault_keys WHERE person = %s", (person,))
            cursor.execute("DELETE FROM vault_records WHERE person = %s", (person,))
            cursor.execute("DELETE FROM vault_index WHERE person = %s", (person,))
        self._sealing.take(person)

    # --- reading -------------------------------------------------------------------------------------------

    def find(self, id_number: str) -> str | None:
        """The person with that ID number, by keyed blind index."""
        rows = self._rows("SELECT person FROM vault_index WHERE blind = %s", self._blind(id_number))
        return rows[0][0] if rows else None

    def open(self, persons: Iterable[str], records: SealedRecords | None = None) -> dict[str, Person | None]:
        """The data of persons; ``None`` for one that was erased; unknown ones are absent, and so are
        those of other places than is read for."""
        rows = records.rows if isinstance(records, ReadRecords) else self._read(TextArray(dict.fromkeys(persons)))
        found: dict[str, Person | None] = {}
        for person, wrapped, sealed in rows:
            if wrapped is None or sealed is None:
                found[person] = None
                continue
            suite = suite_of(sealed[0])
            key = self._unwrapped(person, wrapped)
            plain = suite.decrypt(suite.mac(key, b"record"), sealed, person.encode())
            found[person] = msgspec.json.decode(plain, type=Person)
        return found

    def keys(self, files: Iterable[str]) -> Mapping[str, FileKey]:
        """The key of the free text of each file, in one look; one that is not there yet is made when it is used."""
        return self._file_keys(files)

    def _file_keys(self, files: Iterable[str]) -> "dict[str, _FileKey]":
        wanted = TextArray(dict.fromkeys(files))
        found = self._rows(
            """SELECT f.id, k.wrapped_key, e.person IS NOT NULL FROM unnest(%s::text[]) f(id)
            LEFT JOIN vault_keys k ON k.person = f.id LEFT JOIN vault_erased e ON e.person = f.id""",
            wanted,
        )
        return {
            file: _FileKey(self, file, None if wrapped is None else self._unwrapped(file, wrapped), erased)
            for file, wrapped, erased in found
        }

    def digest(self, body: bytes) -> bytes:
        """A keyed digest of a request: who has the journal cannot try out likely requests."""
        return suite_of(1).mac(self._digest_key, body)

    def wrap(self, name: str, secret: bytes) -> bytes:
        """A secret of ours encrypted under the master key, for the place ``name`` alone."""
        return self._suite.encrypt(self._wrapping, secret, f"{_NAMED}{name}".encode())

    def unwrap(self, name: str, wrapped: bytes) -> bytes:
        """The secret again. Raises ``WrongKey`` for one of another place or master key."""
        return suite_of(wrapped[0]).decrypt(self._wrapping, wrapped, f"{_NAMED}{name}".encode())

    # --- keys ----------------------------------------------------------------------------------------------

    def _key_to_write(self, person: str) -> tuple[bytes, list[VaultWrite]]:
        key, erased = self._key(person)
        if erased:
            raise person_erased(person)
        if key is not None:
            return key, []
        key, write = self.new_key(person)
        return key, [write]

    def new_key(self, person: str) -> tuple[bytes, NewKey]:
        """A key for a person or a file that has none, and the write that stores it."""
        key = secrets.token_bytes(KEY_BYTES)
        return key, NewKey(person, self._wrapped(person, key), self._suite.number)

    def _wrapped(self, person: str, key: bytes) -> bytes:
        return self._suite.encrypt(self._wrapping, key, person.encode())

    def _key(self, person: str) -> tuple[bytes | None, bool]:
        """The person's data key, and whether the person was erased."""
        ((wrapped, erased),) = self._rows(
            """SELECT (SELECT wrapped_key FROM vault_keys WHERE person = p.id),
            EXISTS (SELECT FROM vault_erased WHERE person = p.id) FROM (SELECT %s::text) p(id)""",
            person,
        )
        return None if wrapped is None else self._unwrapped(person, wrapped), erased

    def _unwrapped(self, person: str, wrapped: bytes) -> bytes:
        return suite_of(wrapped[0]).decrypt(self._wrapping, wrapped, person.encode())

    @property
    def suite_number(self) -> int:
        """The number of the suite that new things are encrypted with."""
        return self._suite.number

    @property
    def suite(self) -> Suite:
        """What new things are encrypted with."""
        return self._suite

    def _derived(self, key: bytes, purpose: bytes) -> bytes:
        return self._suite.mac(key, purpose)

    def _blind(self, id_number: str) -> bytes:
        return suite_of(1).mac(self._index_key, official_number(id_number).encode())

    def _read(self, persons: TextArray) -> Sequence[tuple[str, bytes | None, bytes | None]]:
        """The records of persons with their wrapped keys, on behalf of whom they are read for."""
        with self._datastore.reading() as conn:
            if place_read_for() is not None:
                with conn.cursor(binary=True, row_factory=tuple_row) as cursor:
                    return cursor.execute(_OPEN_WITHIN, (persons, persons)).fetchall()
            return records_in(_OPEN.run(conn, persons.as_bytes())).rows

    def _rows(self, statement: str, *parameters: object) -> list[Any]:
        with self._datastore.get_connection() as conn, conn.cursor(binary=True, row_factory=tuple_row) as cursor:
            return cursor.execute(statement, parameters, prepare=True).fetchall()


class _ContentKey:
    """The key of one file to encrypt contents with, as it was when it was looked up."""

    def __init__(self, file: str, key: bytes | None, suite: Suite) -> None:
        self._file = file
        self._key = key
        self._suite = suite

    @property
    def is_gone(self) -> bool:
        """Whether there is no such key."""
        return self._key is None

    def sealer(self, salt: bytes) -> SuiteChunks:
        """What seals a new content. Raises ``Conflict`` when the key was destroyed."""
        if self._key is None:
            raise person_erased(self._file)
        return self._cipher(self._suite, self._key, salt)

    def opener(self, suite: int, salt: bytes) -> SuiteChunks | None:
        """What opens a content again; ``None`` when the key was destroyed."""
        return None if self._key is None else self._cipher(suite_of(suite), self._key, salt)

    def _cipher(self, suite: Suite, key: bytes, salt: bytes) -> SuiteChunks:
        return suite.chunk_cipher(suite.mac(suite.mac(key, b"content"), salt + self._file.encode()))


class _FileKey:
    """The key of one file's free text, as it was when it was looked up."""

    def __init__(self, vault: PostgresVault, file: str, key: bytes | None, erased: bool) -> None:
        self._vault = vault
        self._file = file
        self._bound_to = file.encode()
        self._key = key
        self._erased = erased
        self.suite = vault.suite_number
        self._derived: dict[tuple[int, bytes], bytes] = {}
        self._sealed: Callable[[bytes], bytes] | None = None
        self._new: NewKey | None = None

    @property
    def writes(self) -> Sequence[VaultWrite]:
        """The write of a key that was made here, until an append has carried it out."""
        return () if self._new is None or self._new.is_kept else (self._new,)

    @property
    def is_stored(self) -> bool:
        """Whether the vault had the key when it was looked up, or has it since."""
        return self._key is not None and not self.writes and not self._erased

    def seal(self, text: str) -> str:
        """The text encrypted; see the port. Raises ``Conflict`` when the key was destroyed."""
        if self._erased:
            raise person_erased(self._file)
        sealed = self._sealed or self._made_ready()
        return f"sealed:{self.suite}:{base64.urlsafe_b64encode(sealed(text.encode())).decode()}"

    def _made_ready(self) -> Callable[[bytes], bytes]:
        """What seals with the key, which is made here where there is none."""
        if self._key is None:
            self._key, self._new = self._vault.new_key(self._file)
        suite = self._vault.suite
        sealed = suite.text_sealer(self._of(suite, b"nonce"), self._of(suite, b"text"), self._bound_to)
        self._sealed = sealed
        return sealed

    def open(self, text: str) -> str | None:
        """The text again, ``None``, or unchanged; see the port."""
        number, encoded = sealed_parts(text) or (0, "")
        whole = base64.urlsafe_b64decode(encoded)
        if number not in _SUITES or len(whole) <= NONCE_BYTES + TAG_BYTES:
            return text
        if self._key is None:
            return None
        suite = suite_of(number)
        try:
            return suite.decrypt(self._of(suite, b"text"), bytes([number]) + whole, self._bound_to).decode()
        except WrongKey:
            # Sealed with a key that is no more, as after an import into another database; or text that looks sealed.
            return None

    def _of(self, suite: Suite, purpose: bytes) -> bytes:
        """The key for a purpose, derived from that of the file."""
        found = self._derived.get((suite.number, purpose))
        if found is None:
            found = self._derived[suite.number, purpose] = suite.mac(self._key or b"", purpose)
        return found
