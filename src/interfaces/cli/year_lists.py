"""``list``: a list of an evaluation year, as a paper or a workbook, written into a file."""

from typing import NamedTuple, get_args
from urllib.parse import quote

from application.papers.year_lists import ListKind, ListQuestion, YearLists
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime
from interfaces.cli.house import Product
from interfaces.cli.papers import PATIENCE_SECONDS, format_given, language_given, write_paper
from interfaces.cli.terminal import Terminal
from interfaces.documents.dossier import PaperIssue
from interfaces.documents.html import html_of
from interfaces.documents.year_lists import ListFormat, list_paper, list_workbook
from interfaces.wording.texts import Language


class Wanted(NamedTuple):
    """Which list is wanted, of which year and place, on which day and as known when, under which number."""

    kind: str
    regime: str
    year: str
    region: str | None
    as_of: str | None
    known_at: str | None
    number: str | None


def year_list(terminal: Terminal, wanted: Wanted, *, file_format: str, language: str | None, output: str) -> None:
    """Write a list into a file, or on standard output; nothing is left of one that fails."""
    file: ListFormat = format_given(file_format, get_args(ListFormat))
    told_in = terminal.language if language is None else language_given(language)
    question = _question(wanted)
    if terminal.settings.url is not None:
        made = _of_server(terminal, wanted, file, told_in)
    else:
        with terminal.reading() as product:
            made = _made(product, question, wanted.number or "", file, told_in)
    write_paper(terminal, made, output)


def _question(wanted: Wanted) -> ListQuestion:
    """What is asked. Raises ``Invalid``."""
    kinds: tuple[ListKind, ...] = get_args(ListKind)
    kind = next((known for known in kinds if known == wanted.kind), None)
    if kind is None:
        given.bad("/kind", "year_lists.no_kind", text=wanted.kind, kinds=kinds)
    region = given.region(wanted.region)
    if region is None:
        given.bad("/region", "year_lists.no_region")
    return ListQuestion(
        kind=kind,
        regime=wanted.regime,
        year=given.year(wanted.year),
        region=region,
        as_of=given.day_given("/as_of", wanted.as_of),
        known_at=given.moment_given(wanted.known_at),
    )


def _made(product: Product, question: ListQuestion, number: str, file: ListFormat, language: Language) -> bytes:
    lists = YearLists(product.journal, product.clock, product.legislation, product.population, product.grading.engine)
    found = lists.of(question)
    lexicon = lexicon_of_regime(product, question.regime, found.basis.as_of)
    if file == "xlsx":
        return list_workbook(found, lexicon, language, number)
    setter = product.printing.typesetter
    paper = list_paper(found, lexicon, language, PaperIssue(setter.name, number=number))
    return setter.pdf(paper) if file == "pdf" else html_of(paper)


def _of_server(terminal: Terminal, wanted: Wanted, file: ListFormat, language: Language) -> bytes:
    from interfaces.cli.remote import remote

    with remote(terminal) as server:
        return server.download(
            f"/evaluations/{quote(wanted.regime, safe='')}/{quote(wanted.year, safe='')}/lists/{wanted.kind}",
            timeout=PATIENCE_SECONDS,
            region=wanted.region,
            as_of=wanted.as_of,
            known_at=wanted.known_at,
            number=wanted.number,
            format=file,
            language=language,
        )
