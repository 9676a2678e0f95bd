"""A vault for commands that are decided before others are stored: its writes wait for the append of their batch."""

from collections.abc import Iterable, Mapping, Sequence

from application.ports import FileKey, Person, SealedRecords, Vault, VaultWrite
from domain.values import official_number


class NotYetKept(Exception):
    """The command needs what earlier commands bring into the journal (a person's key, the facts of an employee, the
    position a receipt names): they have to be stored before it."""


class WaitingVault:
    """A vault with the persons of the batch that is being decided: their writes wait for its append.

    The keys of files are kept with the files in memory, those made in a batch with them: what is decided meanwhile uses
    them before they are stored, and is forgotten with the batch that was to store them.
    """

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._persons: dict[str, Person] = {}
        self._by_number: dict[str, str] = {}
        self._keys: dict[str, FileKey] = {}
        self._stored: set[str] = set()
        self.trial = False
        self.aside = False

    @property
    def suite_number(self) -> int:
        return self._vault.suite_number

    def begin(self) -> None:
        """A batch begins: what waited was stored or never will be; only a trial goes on with it."""
        if not self.trial:
            self._persons.clear()
            self._by_number.clear()

    def forget(self) -> None:
        """Nothing waits any more, and a key that was to be stored is none."""
        self._persons.clear()
        self._by_number.clear()
        self._keys.clear()
        self._stored.clear()

    def keep(self, person: str, record: Person) -> Sequence[VaultWrite]:
        self._only_once(person)
        writes = () if self.trial else self._vault.keep(person, record)
        # The person's key may be made here: what was known of it before is no longer so.
        self._keys.pop(person, None)
        self._persons[person] = record
        if record.id_number is not None:
            self._by_number[official_number(record.id_number)] = person
        return writes

    def find(self, id_number: str) -> str | None:
        return self._by_number.get(official_number(id_number)) or self._vault.find(id_number)

    def open(self, persons: Iterable[str], records: SealedRecords | None = None) -> dict[str, Person | None]:
        del records
        wanted = set(persons)
        found: dict[str, Person | None] = {p: self._persons[p] for p in wanted if p in self._persons}
        if len(found) < len(wanted):
            found |= self._vault.open(wanted - set(found))
        return found

    def keys(self, files: Iterable[str]) -> Mapping[str, FileKey]:
        wanted = list(files)
        for file in wanted:
            self._only_once(file)
        if self.aside:
            return self._vault.keys(wanted)
        self.read(wanted)
        return {file: self._keys[file] for file in wanted}

    def sealing_key(self, file: str) -> FileKey:
        self._only_once(file)
        if self.aside:
            return self._vault.sealing_key(file)
        found = self._keys.get(file)
        if found is None:
            self.read([file])
            found = self._keys[file]
        return found

    def read(self, files: Iterable[str]) -> None:
        """Look keys up in one go, for the commands to come."""
        wanted = [file for file in files if file not in self._keys]
        if wanted:
            self._keys.update(self._vault.keys(wanted))

    def writes_of(self, file: str) -> Sequence[VaultWrite]:
        """The writes of a file's key that are not on their way yet: from now on they are."""
        if file in self._stored:
            return ()
        self._stored.add(file)
        return self._keys[file].writes

    def erase(self, person: str) -> None:
        self._vault.erase(person)

    def digest(self, body: bytes) -> bytes:
        return self._vault.digest(body)

    def _only_once(self, person: str) -> None:
        """The vault makes a person's key but once: whoever needs it again waits until it is stored."""
        if person in self._persons and not self.trial:
            raise NotYetKept
