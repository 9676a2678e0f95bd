"""What people write in sheets instead of codes: a port, since the words are those of the interfaces."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from domain.events.papers.evidence import EvidenceKind
from domain.law.edition import Row


class NamedChallenge(NamedTuple):
    """Whether a decision was challenged as a cell says it: ``kind`` is ``None`` for *no*; ``filed_on`` is the text of
    the day, empty where none is written."""

    kind: str | None
    filed_on: str


class SheetNames(Protocol):
    """Knows what is written in sheets, in both languages, however it is spaced and bracketed."""

    def regimes(self, text: str, known: Sequence[str]) -> Sequence[str]:
        """The regimes, among those known, that are called so."""
        ...

    def authorities(self, text: str, regions: Sequence[str]) -> Sequence[str]:
        """The authorities that are called so; ``regions`` are the beginnings of the codes of the places that are meant
        first."""
        ...

    def authorities_like(self, text: str, regions: Sequence[str]) -> Sequence[str]:
        """What authorities are called that may be meant by a text that names none."""
        ...

    def penalties(self, text: str) -> Sequence[str]:
        """What the kinds of penalties in a cell are called, each once; nothing when one of them is none."""
        ...

    def rows_of_penalties(self, penalties: Sequence[str], rows: Sequence[Row]) -> Sequence[str]:
        """The codes of the rows of a standard that name one of the kinds of penalties."""
        ...

    def rows(self, text: str, rows: Sequence[Row]) -> Sequence[str]:
        """The codes of the rows that are meant: by the code, by the words, or by both."""
        ...

    def summary(self, penalties: Sequence[str], text: str) -> str:
        """What a decision is about, with what it imposed before it."""
        ...

    def files(self, text: str) -> Sequence[str]:
        """The names of files in a cell."""
        ...

    def advisories(self, text: str) -> Sequence[str]:
        """The kinds of advisories that are called so."""
        ...

    def evidence_kinds(self, text: str) -> Sequence[EvidenceKind]:
        """The kinds of evidence that are called so."""
        ...

    def challenge(self, text: str) -> NamedChallenge | None:
        """Whether a decision was challenged; ``None`` for what says nothing of it."""
        ...
