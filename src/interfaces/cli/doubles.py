"""``doubles``: unified social credit codes that stand for several files."""

import msgspec

from application.answering.doubles import DoubleFile, DoubleFiles, Doubles, DoublesPage
from application.cursors import MOST_LINES
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime
from interfaces.cli.house import Product
from interfaces.cli.terminal import Terminal
from interfaces.wording import places, words
from interfaces.wording.punctuation import by_commas


def doubles(terminal: Terminal, *, region: str | None, limit: int, as_json: bool) -> None:
    """List the files that are double. Raises ``Invalid`` with a bad condition."""
    if limit < 1:
        given.bad("/limit", "doubles.bad_limit")
    given.region(region)
    with terminal.reading() as product:
        page = _pages(product, region, limit)
        if as_json:
            terminal.json(page)
        else:
            _print(terminal, product, page)


def _pages(product: Product, region: str | None, limit: int) -> DoublesPage:
    """As many numbers as are wanted, however many pages they are."""
    finding = Doubles(product.journal, product.clock)
    page = finding.page(region=region, limit=min(limit, MOST_LINES))
    found = list(page.doubles)
    while page.next is not None and len(found) < limit:
        page = finding.page(region=region, limit=min(limit - len(found), MOST_LINES), cursor=page.next)
        found += page.doubles
    return msgspec.structs.replace(page, doubles=tuple(found))


def _print(terminal: Terminal, product: Product, page: DoublesPage) -> None:
    for double in page.doubles:
        _print_number(terminal, product, double)
    if not page.doubles:
        print(terminal.say("doubles.none"))
    if page.next is not None:
        terminal.note("doubles.only_first", number=len(page.doubles))


def _print_number(terminal: Terminal, product: Product, double: DoubleFiles) -> None:
    say, language = terminal.say, terminal.language
    kind = words.kind(double.kind, language)
    print(say("doubles.number", uscc=double.uscc, kind=kind, number=len(double.files) + double.others))
    for file in double.files:
        place = places.place(file.region, language)
        name = file.subject.name or ""
        print("  " + say("doubles.file", name=name, place=place, events=file.events, id=file.subject.id))
        for line in _published(product, file, terminal):
            print(f"    {line}")
    if double.others:
        print("  " + say("doubles.others", number=double.others))
    if double.disputed:
        disputed = (_of_year(product, of.regime, of.year, terminal) for of in double.disputed)
        print("  ! " + say("doubles.disputed", years=by_commas(disputed, language)))


def _published(product: Product, file: DoubleFile, terminal: Terminal) -> list[str]:
    """A line for each published result, and one for each regime without any."""
    say, language = terminal.say, terminal.language
    lines = []
    for result in file.published:
        lexicon = lexicon_of_regime(product, result.regime, result.dated_on)
        grade = (
            say("doubles.no_grade")
            if result.grade is None
            else lexicon.grade(result.grade, file.subject.kind, language)
        )
        of = _of_year(product, result.regime, result.year, terminal)
        lines.append(say("doubles.published", of=of, dated_on=result.dated_on, grade=grade))
    silent = [r for r in file.regimes if all(result.regime != r for result in file.published)]
    return lines + [say("doubles.unpublished", regime=_titled(product, regime, terminal)) for regime in silent]


def _of_year(product: Product, regime: str, year: int, terminal: Terminal) -> str:
    return terminal.say("doubles.of_year", regime=_titled(product, regime, terminal), year=year)


def _titled(product: Product, regime: str, terminal: Terminal) -> str:
    return lexicon_of_regime(product, regime).title(terminal.language) or regime
