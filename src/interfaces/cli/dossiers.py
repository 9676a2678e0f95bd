"""``dossier``: a grade with everything behind it, as one paper, written into a file."""

import sys
from pathlib import Path
from typing import Final, NamedTuple, cast, get_args
from urllib.parse import quote

import msgspec

from application.answering.grading import Question, read_token
from application.papers.dossier import Dossiers
from application.prose import Opened
from domain.sentence import sentence
from interfaces.cli import arguments as given
from interfaces.cli.house import NotAvailable, Product
from interfaces.cli.questions import reading_of
from interfaces.cli.terminal import Terminal
from interfaces.documents.dossier import PaperIssue, dossier_paper
from interfaces.documents.formats import PaperFormat
from interfaces.documents.html import html_of
from interfaces.wording.dossiers import told
from interfaces.wording.texts import Language

_STANDARD_OUTPUT: Final = "-"
_PATIENCE_SECONDS: Final = 60.0


class Asked(NamedTuple):
    """Of which grade a dossier is asked for: of a subject, or of the basis of an earlier answer."""

    subject: str | None
    regime: str | None
    as_of: str | None
    known_at: str | None
    readings: tuple[str, ...]
    basis: str | None


def dossier(terminal: Terminal, asked: Asked, *, file_format: str, language: str | None, output: str) -> None:
    """Write a dossier into a file, or on standard output; nothing is left of one that fails."""
    file = _format(file_format)
    wanted = terminal.language if language is None else _language(language)
    beside = any((asked.regime, asked.as_of, asked.known_at, asked.readings))
    if (asked.subject is None) == (asked.basis is None) or (asked.basis is not None and beside):
        given.bad("/subject", "cli.subject_or_basis")
    if terminal.settings.url is not None:
        made = _of_server(terminal, asked, file, wanted)
    else:
        question = _question(asked)
        with terminal.reading() as product:
            made = _made(product, asked, question, file, wanted)
    _write(made, output)
    if output != _STANDARD_OUTPUT:
        terminal.note("dossier.written", output=output)


def _format(text: str) -> PaperFormat:
    formats = get_args(PaperFormat)
    if text not in formats:
        given.bad("/format", "dossier.no_format", text=text, formats=formats)
    return cast("PaperFormat", text)


def _language(text: str) -> Language:
    languages = get_args(Language)
    if text not in languages:
        given.bad("/language", "dossier.no_language", text=text, languages=languages)
    return cast("Language", text)


def _question(asked: Asked) -> Question:
    """What is asked. Raises ``Invalid``."""
    return Question(
        subject=asked.subject or "",
        regime=asked.regime or "",
        as_of=given.day_given("/as_of", asked.as_of),
        known_at=given.moment_given(asked.known_at),
        readings=dict(reading_of(reading) for reading in asked.readings),
    )


def _made(product: Product, asked: Asked, question: Question, file: PaperFormat, language: Language) -> bytes:
    parts = (product.journal, product.vault, product.legislation)
    dossiers = Dossiers(*parts, product.grading, product.readings, product.timelines)
    if asked.basis is not None:
        found = dossiers.again(asked.basis)
    else:
        regime = question.regime or product.grading.regime_of(question.subject) or given.only_regime(product)
        found = dossiers.of(msgspec.structs.replace(question, regime=regime))
    content = told(found, language, product.legislation, Opened(product.vault, product.journal.joined_to))
    setter = product.printing.typesetter
    paper = dossier_paper(msgspec.to_builtins(content), (), language, PaperIssue(setter.name, product.printing.address))
    return setter.pdf(paper) if file == "pdf" else html_of(paper)


def _of_server(terminal: Terminal, asked: Asked, file: PaperFormat, language: Language) -> bytes:
    from interfaces.cli.remote import remote

    subject = asked.subject if asked.basis is None else read_token(asked.basis).subject
    with remote(terminal) as server:
        return server.download(
            f"/subjects/{quote(subject or '', safe='')}/dossier",
            timeout=_PATIENCE_SECONDS,
            regime=asked.regime,
            as_of=asked.as_of,
            known_at=asked.known_at,
            reading=list(asked.readings) or None,
            basis=asked.basis,
            format=file,
            language=language,
        )


def _write(made: bytes, output: str) -> None:
    """Write the file whole or not at all. Raises ``NotAvailable``."""
    if output == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(made)
        return
    path = Path(output)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(made)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        reason = error.strerror or str(error)
        raise NotAvailable("unwritable", sentence("dossier.unwritable", output=output, reason=reason)) from None
