"""What sets letters: a port. What a letter says is worded, put into a template, and set as DOCX and PDF."""

from typing import Protocol

import msgspec

from application.papers.letters.content import LetterContent
from domain.aggregates.letters import LetterOffice
from domain.events.papers.letters import LetterKind, LetterSeries


class SetLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter as it is sent: as DOCX and PDF, and what set it. There is no ``pdf`` where the bureau's own template
    could not be set as one here."""

    docx: bytes
    pdf: bytes | None
    made_with: str


class LetterPress(Protocol):
    """Words letters and sets them. Safe to share between threads."""

    def number(self, office: LetterOffice, series: LetterSeries, year: int, serial: int) -> str:
        """The number as it is printed: 内环信告〔2026〕3号."""
        ...

    def docx(self, content: LetterContent, number: str, template: bytes | None) -> bytes:
        """The letter as DOCX, by the bureau's template or the shipped one. Raises ``Invalid`` for a template that does
        not fit."""
        ...

    def pdf(self, content: LetterContent, number: str) -> bytes:
        """The letter as PDF in the layout that comes with the product. Raises ``CaseError`` for a character that no
        font has, with its field."""
        ...

    def set(self, content: LetterContent, number: str, template: bytes | None) -> SetLetter:
        """The letter as it is sent. Raises as ``docx`` and ``pdf`` do."""
        ...

    def check(self, template: bytes, kind: LetterKind) -> None:
        """Look a template through. Raises ``Invalid`` with every fault and its place."""
        ...
