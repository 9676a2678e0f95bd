"""The vault: personal data apart from the journal, encrypted per person, erasable for ever.

The master key wraps one random data key per person; what is encrypted with that key opens no more once its row is
gone. Backups of the database keep wrapped keys for as long as they are kept: erasing reaches them when they expire.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import msgspec
from psycopg.rows import tuple_row

from application.ports import Person, VaultWrite
from domain.errors import CaseError
from domain.values import official_number
from domain.vocabulary import Text
from interfaces.conflicts import person_erased
from interfaces.postgres.ciphers import NONCE_BYTES, suite_of
from interfaces.postgres.recorder import LOCK, JournalDatastore
from interfaces.postgres.wire import Texts

KEY_BYTES: Final = 32
"""Size of the master key and of every data key."""

KEY_VARIABLE: Final = "ECODOCKET_MASTER_KEY"
"""The environment variable with the master key in base64."""

_SEALED: Final = "sealed:"


class MasterKeyMissing(CaseError):
    """No master key was given, or it is not 32 bytes in base64."""

    def __init__(self, code: str, zh: str, en: str) -> None:
        super().__init__(code, Text(zh, en))


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
            f"使用 DATABASE_URL 时必须设置 {KEY_VARIABLE}（32 字节随机数的 base64）。请生成一个，妥善备份后再启动："
            "openssl rand -base64 32",
            f"with DATABASE_URL, {KEY_VARIABLE} must be set (32 random bytes in base64)."
            " Make one, keep a copy in a safe place and start again: openssl rand -base64 32",
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
            f"{where} 中的主密钥无效：应为 32 字节的 base64。",
            f"the master key in {where} is not valid: 32 bytes in base64 are wanted.",
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
            VaultWrite(
                "INSERT INTO vault_records (person, ciphertext) SELECT person, %s FROM vault_keys WHERE person = %s"
                " ON CONFLICT (person) DO UPDATE SET ciphertext = excluded.ciphertext",
                (sealed, person),
            ),
            VaultWrite("DELETE FROM vault_index WHERE person = %s", (person,)),
        ]
        if record.id_number is not None:
            statement = "INSERT INTO vault_index (blind, person) SELECT %s, person FROM vault_keys WHERE person = %s"
            writes.append(VaultWrite(statement, (self._blind(record.id_number), person)))
        return writes

    def seal_text(self, person: str, text: str) -> tuple[str, Sequence[VaultWrite]]:
        """Free text under the person's key; the same text gives the same result, so a repetition is recognised.

        The form is ``sealed:<suite>:<base64url>``. Raises ``Conflict`` when the person was erased.
        """
        key, writes = self._key_to_write(person)
        # The nonce is a keyed digest of the text: two texts never share one, and nobody else can tell equal texts.
        nonce = self._suite.mac(self._derived(key, b"nonce"), text.encode())[:NONCE_BYTES]
        sealed = self._suite.encrypt(self._derived(key, b"text"), text.encode(), person.encode(), nonce)
        return f"{_SEALED}{self._suite.number}:{base64.urlsafe_b64encode(sealed[1:]).decode()}", writes

    def erase(self, person: str) -> None:
        """Destroy the person's key, data and index entries for ever. Events, seals and grades stay."""
        with self._datastore.transaction(commit=True) as cursor:
            # The journal's lock: an append that has seen the key ends before, or finds neither key nor person.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
            cursor.execute("INSERT INTO vault_erased (person) VALUES (%s) ON CONFLICT DO NOTHING", (person,))
            cursor.execute("DELETE FROM vault_keys WHERE person = %s", (person,))
            cursor.execute("DELETE FROM vault_records WHERE person = %s", (person,))
            cursor.execute("DELETE FROM vault_index WHERE person = %s", (person,))

    # --- reading -------------------------------------------------------------------------------------------

    def find(self, id_number: str) -> str | None:
        """The person with that ID number, by keyed blind index."""
        rows = self._rows("SELECT person FROM vault_index WHERE blind = %s", self._blind(id_number))
        return rows[0][0] if rows else None

    def open(self, persons: Iterable[str]) -> dict[str, Person | None]:
        """The data of persons; ``None`` for one that was erased; unknown ones are absent."""
        wanted = Texts(dict.fromkeys(persons))
        found: dict[str, Person | None] = {}
        for person, wrapped, sealed in self._rows(
            """SELECT person, wrapped_key, ciphertext FROM vault_records JOIN vault_keys USING (person)
            WHERE person = ANY(%s)""",
            wanted,
        ):
            suite = suite_of(sealed[0])
            key = self._unwrapped(person, wrapped)
            plain = suite.decrypt(suite.mac(key, b"record"), sealed, person.encode())
            found[person] = msgspec.json.decode(plain, type=Person)
        for (person,) in self._rows("SELECT person FROM vault_erased WHERE person = ANY(%s)", wanted):
            found[person] = None
        return found

    def open_text(self, person: str, sealed: str) -> str | None:
        """The text again; ``None`` when the person was erased; text that was never sealed comes back unchanged."""
        if not sealed.startswith(_SEALED):
            return sealed
        number, _, encoded = sealed[len(_SEALED) :].partition(":")
        key, _ = self._key(person)
        if key is None:
            return None
        suite = suite_of(int(number))
        whole = bytes([suite.number]) + base64.urlsafe_b64decode(encoded)
        return suite.decrypt(suite.mac(key, b"text"), whole, person.encode()).decode()

    def digest(self, body: bytes) -> bytes:
        """A keyed digest of a request: who has the journal cannot try out likely requests."""
        return suite_of(1).mac(self._digest_key, body)

    # --- keys ----------------------------------------------------------------------------------------------

    def _key_to_write(self, person: str) -> tuple[bytes, list[VaultWrite]]:
        key, erased = self._key(person)
        if erased:
            raise person_erased(person)
        if key is not None:
            return key, []
        key = secrets.token_bytes(KEY_BYTES)
        wrapped = self._suite.encrypt(self._wrapping, key, person.encode())
        # No ON CONFLICT: when two make the key at once, what the second has encrypted must not be stored.
        statement = (
            "INSERT INTO vault_keys (person, wrapped_key, suite) SELECT id, %s, %s FROM (SELECT %s::text) p(id)"
            " WHERE NOT EXISTS (SELECT FROM vault_erased WHERE person = id)"
        )
        return key, [VaultWrite(statement, (wrapped, self._suite.number, person))]

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

    def _derived(self, key: bytes, purpose: bytes) -> bytes:
        return self._suite.mac(key, purpose)

    def _blind(self, id_number: str) -> bytes:
        return suite_of(1).mac(self._index_key, official_number(id_number).encode())

    def _rows(self, statement: str, parameter: object) -> list[Any]:
        with self._datastore.get_connection() as conn, conn.cursor(binary=True, row_factory=tuple_row) as cursor:
            return cursor.execute(statement, (parameter,), prepare=True).fetchall()
