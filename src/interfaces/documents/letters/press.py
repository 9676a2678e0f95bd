"""Setting letters: worded, put into the shipped template or the bureau's own, and set as PDF."""

from collections.abc import Callable
from functools import cache, cached_property
from importlib.resources import files
from typing import Final

import jinja2
import msgspec

from application.papers.letters.content import LetterContent
from application.papers.letters.press import SetLetter
from domain.aggregates.letters import LetterOffice
from domain.errors import FieldProblem, Invalid
from domain.events.papers.letters import LetterKind, LetterSeries
from domain.sentence import sentence
from domain.time import at_hour
from interfaces.documents.fonts import Fonts
from interfaces.documents.letters import office
from interfaces.documents.letters.fields import example
from interfaces.documents.letters.filling import filled_docx
from interfaces.documents.letters.linting import check_template
from interfaces.documents.typesetting import Typesetter
from interfaces.wording.letters import LetterText, letter_text, number_of
from interfaces.wording.lexicons import Lexicons
from interfaces.wording.texts import say

_LAYOUT: Final = "letter.typ"


def letter_typesetter(fonts: Fonts | None = None) -> Typesetter:
    """What sets letters as PDF."""
    return Typesetter(fonts, _LAYOUT)


class Press:
    """Sets letters. Safe to share between threads."""

    def __init__(self, lexicons: Lexicons, typesetter: Callable[[], Typesetter] | None = None) -> None:
        """``typesetter`` gives what sets letters as PDF, when the first one is set."""
        self._lexicons = lexicons
        self._made = typesetter or letter_typesetter

    @cached_property
    def _typesetter(self) -> Typesetter:
        return self._made()

    def text(self, content: LetterContent, number: str) -> LetterText:
        """A letter in words. Letters are written in Chinese."""
        return letter_text(content, number, self._lexicons.of_regime(content.regime, content.dated_on))

    def number(self, office: LetterOffice, series: LetterSeries, year: int, serial: int) -> str:
        """The number as it is printed; see the port."""
        return number_of(office, series, year, serial)

    def docx(self, content: LetterContent, number: str, template: bytes | None) -> bytes:
        """The letter as DOCX; see the port."""
        return _filled(template or shipped_template(content.kind), self.text(content, number))

    def pdf(self, content: LetterContent, number: str) -> bytes:
        """The letter as PDF in the layout that comes with the product; see the port."""
        text = self.text(content, number)
        given = msgspec.to_builtins(text)
        given["pages"] = say("letters.pages", text.language, page="{page}")
        return self._typesetter.set(given, at_hour(content.dated_on, 0), "letters.placeholder")

    def set(self, content: LetterContent, number: str, template: bytes | None) -> SetLetter:
        """The letter as it is sent; see the port."""
        docx = self.docx(content, number, template)
        if template is None:
            return SetLetter(docx=docx, pdf=self.pdf(content, number), made_with=self._typesetter.name)
        if office.office() is None:
            return SetLetter(docx=docx, pdf=None, made_with="")
        # LibreOffice prints a box for a character that no font has; our layout of the same text names it.
        self.pdf(content, number)
        return SetLetter(docx=docx, pdf=office.pdf_of(docx, self._typesetter.fonts.folders), made_with="LibreOffice")

    def check(self, template: bytes, kind: LetterKind) -> None:
        """Look a template through; see the port."""
        check_template(template, kind)
        _filled(template, example())


@cache
def shipped_template(kind: LetterKind) -> bytes:
    """The template that comes with the product for letters of a kind."""
    return (files("interfaces.documents") / "templates" / "letters" / f"{kind}.docx").read_bytes()


def _filled(template: bytes, text: LetterText) -> bytes:
    try:
        return filled_docx(template, text)
    except (jinja2.TemplateError, SyntaxError, ValueError, KeyError):
        says = sentence("letters.fault.broken", part="word/document.xml")
        raise Invalid((FieldProblem("/file", "broken", says),)) from None
