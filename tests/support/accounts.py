"""Accounts for tests: a door over memory, and one account of each role in Hohhot."""

from application.access.accounts import Accounts, MakeAccount, UserAccount
from application.access.administering import Administering
from application.access.gate import Gate
from application.access.roles import shipped_roles
from application.access.signing_in import Door
from application.law.legislation import Legislation
from application.ports import Clock
from application.principal import Principal, Role
from interfaces.files.shipped_places import shipped_places
from interfaces.memory.accounts import MemoryAccounts
from interfaces.memory.journal import MemoryJournal, MemoryVault
from interfaces.passwords import Argon2Passwords

PASSWORD = "a long enough Passphrase"
PASSWORDS = Argon2Passwords(memory_kib=32, passes=1)
"""As cheap as the library lets a password be: what is tested is not how long it takes."""
ROOT = Principal("root", "administrator", "000000")


def administering(clock: Clock, kept: Accounts | None = None, gate: Gate | None = None) -> Administering:
    """The use case of accounts, over memory unless a store is given, and before an empty journal unless a gate is."""
    door = Door(kept or MemoryAccounts(), PASSWORDS, clock)
    return Administering(door, clock, shipped_places(), gate or _gate(clock))


def _gate(clock: Clock) -> Gate:
    journal = MemoryJournal(clock, MemoryVault())
    return Gate(shipped_roles(), journal, Legislation(journal), clock)


def with_first(at: Administering) -> None:
    """Make the first administrator, ``root``, who has used the link."""
    at.door.use_link(at.first("root", "管理员"), PASSWORD)


def account(
    at: Administering, id: str, role: Role = "officer", place: str = "150100", *, subject: str | None = None
) -> UserAccount:
    """An account that has set its password."""
    made = at.make(ROOT, MakeAccount(account=id, name="某人", role=role, place=place, subject=subject))
    assert made.link is not None
    return at.door.use_link(made.link, PASSWORD).account


def token(at: Administering, id: str) -> str:
    """A token of an account."""
    return at.door.make_token(id, ROOT.name, "测试", 30)[0]
