"""Personal data stay apart, open under their keys only, and can be destroyed without touching the journal."""

import base64
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from freezegun import freeze_time

from application.ports import Entry, Journal, Person, Vault, VaultWrite
from application.principal import Principal
from domain.errors import Conflict, Stale
from interfaces.clocks import StoppedClock
from interfaces.memory.journal import MemoryJournal, MemoryVault
from interfaces.postgres.ciphers import CipherUnavailable, WrongKey, suite_of
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.transfer import verify_journal
from interfaces.postgres.vault import KEY_VARIABLE, MasterKeyMissing, PostgresVault, master_key
from tests.journal.examples import fact
from tests.support.words import says, words_of

MASTER = bytes(range(32))
ZHANG = Person(name="张某", id_number="15010219900101123X", id_kind="resident_identity_card")


def entry(version: int, stream: str = "P") -> Entry:
    return Entry(stream, "practitioner", version, fact(f"{stream}{version}"))


def supports(suite: int) -> bool:
    try:
        suite_of(suite)
    except CipherUnavailable:
        return False
    return True


suites = pytest.mark.parametrize(
    "suite",
    [1, pytest.param(2, marks=pytest.mark.skipif(not supports(2), reason="this OpenSSL has no SM4-GCM and SM3"))],
)

Pair = tuple[Journal, Vault]


@pytest.fixture(params=["memory", "postgres"])
def pair(request: pytest.FixtureRequest, clock: StoppedClock) -> Pair:
    """A journal with its vault, of each kind."""
    if request.param == "memory":
        vault = MemoryVault()
        return MemoryJournal(clock, vault), vault
    stored: PostgresJournal = request.getfixturevalue("stored")
    return stored, PostgresVault(stored.datastore, MASTER)


def keep(pair: Pair, version: int, person: Person = ZHANG, stream: str = "P") -> None:
    journal, vault = pair
    journal.append([entry(version, stream)], by=Principal("c"), vault=vault.keep(stream, person))


def seal(vault: Vault, file: str, text: str) -> tuple[str, Sequence[VaultWrite]]:
    """A text under the key of a file, and what has to be stored with it."""
    key = vault.keys([file])[file]
    return key.seal(text), key.writes


def opened(vault: Vault, file: str, text: str) -> str | None:
    return vault.keys([file])[file].open(text)


# --- what both promise -------------------------------------------------------------------------------------------


def test_a_text_under_a_key_destroyed_meanwhile_is_not_recorded(pair: Pair) -> None:
    journal, vault = pair
    keep(pair, 1)
    remembered = vault.sealing_key("P")
    sealed = remembered.seal("说明")
    assert opened(vault, "P", sealed) == "说明"
    _erased_elsewhere(pair, "P")
    assert remembered.seal("说明") == sealed
    for more in ([entry(2)], [entry(2), entry(3)]):
        with pytest.raises(Conflict) as refused:
            journal.append(more, by=Principal("c"), sealed=("P",))
        assert refused.value.code == "person_erased"
    assert [row.version for row in journal.stream("P")] == [1]
    assert journal.append([entry(2)], by=Principal("c")).positions


def test_a_key_is_remembered_for_a_minute_and_then_looked_up_anew(stored: PostgresJournal) -> None:
    vault = PostgresVault(stored.datastore, MASTER)
    pair = (stored, vault)
    keep(pair, 1)
    with freeze_time("2023-12-31T15:59:30Z") as clock:
        sealed = vault.sealing_key("P").seal("说明")
        _erased_elsewhere(pair, "P")
        clock.tick(59.999)
        assert vault.sealing_key("P").seal("说明") == sealed
        clock.tick(0.001)
        with pytest.raises(Conflict) as refused:
            vault.sealing_key("P").seal("说明")
    assert refused.value.code == "person_erased"


def test_a_key_is_remembered_from_the_append_that_stores_it(stored: PostgresJournal) -> None:
    """Until then nobody knows whether it will be one: an append that is refused stores none."""
    vault = PostgresVault(stored.datastore, MASTER)
    refused = vault.sealing_key("P")
    refused.seal("说明")
    with pytest.raises(Stale):
        stored.append([entry(2)], by=Principal("c"), vault=refused.writes, sealed=("P",))
    made = vault.sealing_key("P")
    assert made is not refused
    sealed = made.seal("说明")
    stored.append([entry(1)], by=Principal("c"), vault=made.writes, sealed=("P",))
    assert not made.writes
    assert vault.sealing_key("P") is made
    assert opened(vault, "P", sealed) == "说明"


def _erased_elsewhere(pair: Pair, file: str) -> None:
    """Another process destroys a key; this one remembers it a while longer."""
    journal, vault = pair
    (PostgresVault(journal.datastore, MASTER) if isinstance(journal, PostgresJournal) else vault).erase(file)


def test_a_key_that_was_destroyed_here_seals_nothing_any_more(pair: Pair) -> None:
    _, vault = pair
    keep(pair, 1)
    vault.sealing_key("P").seal("说明")
    vault.erase("P")
    with pytest.raises(Conflict):
        vault.sealing_key("P").seal("说明")


def test_what_is_kept_is_found_and_opened(pair: Pair) -> None:
    _, vault = pair
    assert vault.open(["P"]) == {}
    assert vault.find("15010219900101123X") is None
    keep(pair, 1)
    assert vault.open(["P", "Q"]) == {"P": ZHANG}
    assert vault.find(" 150102-19900101-123x ") == "P"
    assert vault.find("１５０１０２１９９００１０１１２３Ｘ") == "P"


def test_new_data_replace_old_ones(pair: Pair) -> None:
    _, vault = pair
    keep(pair, 1)
    later = Person(name="张某某", id_number="E12345678", id_kind="passport")
    keep(pair, 2, later)
    assert vault.open(["P"]) == {"P": later}
    assert vault.find("E12345678") == "P"
    assert vault.find("15010219900101123X") is None


def test_nothing_is_kept_when_the_append_fails(pair: Pair) -> None:
    _, vault = pair
    with pytest.raises(Stale):
        keep(pair, 2)
    assert vault.open(["P"]) == {}
    assert vault.find("15010219900101123X") is None


def test_an_id_number_belongs_to_one_person(pair: Pair) -> None:
    journal, vault = pair
    keep(pair, 1)
    with pytest.raises(Conflict) as refused:
        keep(pair, 1, ZHANG, stream="Q")
    assert refused.value.code == "id_number_known"
    assert vault.open(["Q"]) == {}
    assert list(journal.stream("Q")) == []


def test_sealed_text_is_the_same_each_time_and_opens_again(pair: Pair) -> None:
    journal, vault = pair
    sealed, writes = seal(vault, "P", "情况说明")
    journal.append([entry(1)], by=Principal("c"), vault=writes)
    again, more = seal(vault, "P", "情况说明")
    assert (again, list(more)) == (sealed, [])
    assert seal(vault, "P", "另一说明")[0] != sealed
    assert "情况说明" not in sealed
    assert sealed.startswith("sealed:")
    assert opened(vault, "P", sealed) == "情况说明"
    assert opened(vault, "P", "从未加密") == "从未加密"


def test_the_keys_of_many_files_come_in_one_look_and_open_their_own_texts(pair: Pair) -> None:
    journal, vault = pair
    keys = vault.keys(["A", "B", "A"])
    assert set(keys) == {"A", "B"}
    texts = {file: key.seal(f"{file} 的说明") for file, key in keys.items()}
    writes = [write for key in keys.values() for write in key.writes]
    journal.append([entry(1, "A"), entry(1, "B")], by=Principal("c"), vault=writes)
    found = vault.keys(["A", "B"])
    assert {file: found[file].open(text) for file, text in texts.items()} == {"A": "A 的说明", "B": "B 的说明"}
    assert [list(key.writes) for key in found.values()] == [[], []]


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "sealed:",
        "sealed:1:",
        "sealed:1:a",
        "sealed:1:YWJj",
        "sealed:9:" + "YWJj" * 20,
        "sealed:1:" + "YWJj" * 20 + "\n",
        "sealed:1:不是密文",
        "sealed: 1",
        "SEALED:1:" + "YWJj" * 20,
    ],
)
def test_a_text_that_only_begins_like_a_sealed_one_is_told_as_it_was_recorded(pair: Pair, text: str) -> None:
    journal, vault = pair
    assert opened(vault, "P", text) == text
    sealed, writes = seal(vault, "P", text)
    journal.append([entry(1)], by=Principal("c"), vault=writes)
    assert sealed != text
    assert opened(vault, "P", sealed) == text
    assert opened(vault, "P", text) == text


def test_a_sealed_text_that_is_given_as_text_comes_back_as_it_was_given(pair: Pair) -> None:
    journal, vault = pair
    once, writes = seal(vault, "P", "情况说明")
    journal.append([entry(1)], by=Principal("c"), vault=writes)
    twice, _ = seal(vault, "P", once)
    assert twice != once
    assert opened(vault, "P", twice) == once


def test_erasing_leaves_every_event_and_hides_the_person_for_ever(pair: Pair) -> None:
    journal, vault = pair
    sealed, writes = seal(vault, "P", "情况说明")
    journal.append([entry(1)], by=Principal("c"), vault=writes)
    keep(pair, 2)
    before = list(journal.scan())
    vault.erase("P")
    vault.erase("P")
    assert vault.open(["P", "Q"]) == {"P": None}
    assert vault.find("15010219900101123X") is None
    assert opened(vault, "P", sealed) is None
    assert list(journal.scan()) == before
    with pytest.raises(Conflict, match="person_erased"):
        vault.keep("P", ZHANG)
    with pytest.raises(Conflict, match="person_erased"):
        seal(vault, "P", "x")
    keep(pair, 1, stream="Q")
    assert vault.find("15010219900101123X") == "Q"


def test_a_digest_is_of_the_whole_body(pair: Pair) -> None:
    _, vault = pair
    assert vault.digest(b"a") == vault.digest(b"a") != vault.digest(b"b")


# --- in the database ---------------------------------------------------------------------------------------------


@suites
def test_nothing_readable_is_stored(stored: PostgresJournal, suite: int) -> None:
    vault = PostgresVault(stored.datastore, MASTER, suite=suite)
    sealed, writes = seal(vault, "P", "情况说明")
    stored.append([entry(1)], by=Principal("c"), vault=writes)
    stored.append([entry(2)], by=Principal("c"), vault=vault.keep("P", ZHANG))
    with stored.datastore.get_connection() as conn:
        rows = conn.execute(
            "SELECT k.wrapped_key, k.suite, r.ciphertext, i.blind FROM vault_keys k JOIN vault_records r USING (person)"
            " JOIN vault_index i USING (person)"
        ).fetchall()
    (row,) = rows
    assert (row["suite"], row["wrapped_key"][0], row["ciphertext"][0]) == (suite, suite, suite)
    stored_bytes = b"".join(bytes(row[c]) for c in ("wrapped_key", "ciphertext", "blind"))
    assert "张".encode() not in stored_bytes
    assert b"123X" not in stored_bytes
    assert sealed.startswith(f"sealed:{suite}:")
    assert vault.open(["P"]) == {"P": ZHANG}
    assert opened(vault, "P", sealed) == "情况说明"


@suites
def test_what_one_suite_wrote_another_reads(stored: PostgresJournal, suite: int) -> None:
    written = PostgresVault(stored.datastore, MASTER, suite=suite)
    sealed, writes = seal(written, "P", "情况说明")
    stored.append([entry(1)], by=Principal("c"), vault=writes)
    stored.append([entry(2)], by=Principal("c"), vault=written.keep("P", ZHANG))
    default = PostgresVault(stored.datastore, MASTER)
    assert default.open(["P"]) == {"P": ZHANG}
    assert opened(default, "P", sealed) == "情况说明"
    assert default.find("15010219900101123X") == "P"
    assert default.digest(b"a") == written.digest(b"a")


@suites
def test_altered_or_moved_ciphertext_does_not_open(suite: int) -> None:
    cipher = suite_of(suite)
    sealed = cipher.encrypt(MASTER, b"plain", b"P")
    assert cipher.decrypt(MASTER, sealed, b"P") == b"plain"
    attempts: list[Callable[[], bytes]] = [
        lambda: cipher.decrypt(MASTER, sealed[:-1] + bytes([sealed[-1] ^ 1]), b"P"),
        lambda: cipher.decrypt(MASTER, sealed[:14] + bytes([sealed[14] ^ 1]) + sealed[15:], b"P"),
        lambda: cipher.decrypt(MASTER, sealed, b"Q"),
        lambda: cipher.decrypt(bytes(32), sealed, b"P"),
    ]
    for attempt in attempts:
        with pytest.raises(WrongKey):
            attempt()


def test_a_suite_nobody_knows_is_refused(stored: PostgresJournal) -> None:
    with pytest.raises(CipherUnavailable, check=says("suite 9")):
        PostgresVault(stored.datastore, MASTER, suite=9)


def test_another_master_key_is_noticed_at_once(stored: PostgresJournal) -> None:
    vault = PostgresVault(stored.datastore, MASTER)
    stored.append([entry(1)], by=Principal("c"), vault=vault.keep("P", ZHANG))
    with pytest.raises(WrongKey) as refused:
        PostgresVault(stored.datastore, bytes(32))
    assert KEY_VARIABLE in words_of(refused.value).zh


def test_two_keys_for_one_person_cannot_both_be_stored(stored: PostgresJournal) -> None:
    vault = PostgresVault(stored.datastore, MASTER)
    first, second = vault.keep("P", ZHANG), vault.keep("P", Person(name="李某"))
    stored.append([entry(1)], by=Principal("c"), vault=first)
    with pytest.raises(Stale):
        stored.append([entry(1, "other")], by=Principal("c"), vault=second)
    assert vault.open(["P"]) == {"P": ZHANG}


def test_two_writers_of_one_file_agree_on_its_key(stored: PostgresJournal) -> None:
    vault = PostgresVault(stored.datastore, MASTER)
    first, one = seal(vault, "A", "一")
    second, other = seal(vault, "A", "一")
    assert first != second
    stored.append([entry(1, "A")], by=Principal("c"), vault=one)
    with pytest.raises(Stale) as moved:
        stored.append([entry(1, "B")], by=Principal("c"), vault=other)
    assert moved.value.expected == moved.value.actual
    assert seal(vault, "A", "一") == (first, ())
    assert list(stored.stream("B")) == []


def test_a_text_whose_key_is_not_here_does_not_open_and_is_not_told_as_it_is_stored(stored: PostgresJournal) -> None:
    elsewhere, _ = seal(PostgresVault(stored.datastore, MASTER), "A", "在别处密封")
    vault = PostgresVault(stored.datastore, MASTER)
    assert opened(vault, "A", elsewhere) is None
    _, writes = seal(vault, "A", "在此密封")
    stored.append([entry(1, "A")], by=Principal("c"), vault=writes)
    assert opened(vault, "A", elsewhere) is None


def test_what_was_prepared_before_an_erasure_brings_nobody_back(stored: PostgresJournal) -> None:
    vault = PostgresVault(stored.datastore, MASTER)
    prepared = vault.keep("P", ZHANG)
    vault.erase("P")
    stored.append([entry(1)], by=Principal("c"), vault=prepared)
    assert vault.open(["P"]) == {"P": None}
    assert vault.find("15010219900101123X") is None


def test_erasing_leaves_every_seal(stored: PostgresJournal) -> None:
    vault = PostgresVault(stored.datastore, MASTER)
    stored.append([entry(1)], by=Principal("c"), vault=vault.keep("P", ZHANG))
    vault.erase("P")
    assert verify_journal(stored)[:3] == (1, None, None)


# --- the master key ----------------------------------------------------------------------------------------------


def test_the_key_file_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    key = master_key({}, file)
    assert len(key) == 32
    assert master_key({}, file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [f.name for f in tmp_path.iterdir()] == ["master.key"]


def test_the_environment_comes_first(tmp_path: Path) -> None:
    given = {KEY_VARIABLE: base64.b64encode(MASTER).decode()}
    assert master_key(given, tmp_path / "master.key") == MASTER
    assert not (tmp_path / "master.key").exists()


def test_without_a_key_the_start_is_refused_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(MasterKeyMissing) as refused:
        master_key({})
    assert refused.value.code == "master_key_missing"
    assert "DATABASE_URL" in words_of(refused.value).zh
    assert "must be set" in words_of(refused.value).en
    for malformed in ("abc", base64.b64encode(b"short").decode(), "密钥"):
        with pytest.raises(MasterKeyMissing) as refused:
            master_key({KEY_VARIABLE: malformed})
        assert refused.value.code == "master_key_malformed"
