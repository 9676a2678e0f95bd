"""``dossier``: a grade with everything behind it, as one paper, written into a file."""

from typing import NamedTuple, get_args
from urllib.parse import quote

import msgspec

from application.answering.grading import Question, read_token
from application.prose import Opened
from interfaces.cli import arguments as given
from interfaces.cli.house import Product
from interfaces.cli.papers import PATIENCE_SECONDS, format_given, language_given, write_paper
from interfaces.cli.questions import reading_of
from interfaces.cli.terminal import Terminal
from interfaces.documents.dossier import PaperIssue, dossier_paper
from interfaces.documents.formats import PaperFormat
from interfaces.documents.html import html_of
from interfaces.wording.dossiers import told
from interfaces.wording.texts import Language


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
    file: PaperFormat = format_given(file_format, get_args(PaperFormat))
    wanted = terminal.language if language is None else language_given(language)
    beside = any((asked.regime, asked.as_of, asked.known_at, asked.readings))
    if (asked.subject is None) == (asked.basis is None) or (asked.basis is not None and beside):
        given.bad("/subject", "cli.subject_or_basis")
    if terminal.settings.url is not None:
        made = _of_server(terminal, asked, file, wanted)
    else:
        question = _question(asked)
        with terminal.reading() as product:
            made = _made(product, asked, question, file, wanted)
    write_paper(terminal, made, output)


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
    if file == "pdf":
        product.printing.read_ahead()
    if asked.basis is not None:
        found = product.dossiers.again(asked.basis)
    else:
        regime = question.regime or product.grading.regime_of(question.subject) or given.only_regime(product)
        found = product.dossiers.of(msgspec.structs.replace(question, regime=regime))
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
            timeout=PATIENCE_SECONDS,
            regime=asked.regime,
            as_of=asked.as_of,
            known_at=asked.known_at,
            reading=list(asked.readings) or None,
            basis=asked.basis,
            format=file,
            language=language,
        )
