"""The questions ``grade`` and ``timeline`` put, from the words of the command line."""

from collections.abc import Sequence

from application.answering.grading import Question, quoted
from application.prose import Opened
from domain.time import legal_day
from interfaces.cli import arguments as given
from interfaces.cli.commands import grades as reading
from interfaces.cli.terminal import Terminal
from interfaces.wording.answers import told
from interfaces.wording.lexicons import Lexicons


def grade(
    terminal: Terminal,
    subject: str | None,
    *,
    regime: str | None,
    as_of: str | None,
    known_at: str | None,
    readings: Sequence[str],
    basis: str | None,
    later: bool,
    as_json: bool,
) -> None:
    """Answer one question about a grade, or repeat the answer of a token."""
    day, moment = given.day_given("/as_of", as_of), given.moment_given(known_at)
    chosen = dict(reading_of(r) for r in readings)
    if (subject is None) == (basis is None) or (basis is not None and (day or moment or chosen or regime)):
        given.bad("/subject", "cli.subject_or_basis")
    with terminal.reading() as product:
        if basis is not None:
            answer = product.grading.repeat(basis, explained=True, later=later)
        else:
            question = Question(
                subject=subject or "",
                regime=regime or product.grading.regime_of(subject or "") or given.only_regime(product),
                as_of=day,
                known_at=moment,
                readings=chosen,
            )
            answer = product.grading.explained(question, later=later)
        answer = quoted(answer, product.legislation)
        lexicon = reading.lexicon_of_answer(product, answer.basis)
        answer = reading.named(
            product, told(answer, terminal.language, lexicon, Opened(product.vault, product.journal.joined_to))
        )
        if as_json:
            terminal.json(answer)
        else:
            reading.print_grade(terminal, answer, reading.file_of(product, answer.subject.id), lexicon)


def timeline(terminal: Terminal, subject: str, *, order: str, known_at: str | None, ids: bool, as_json: bool) -> None:
    """Show the timeline of a file."""
    moment = given.moment_given(known_at)
    if order not in ("legal", "record"):
        given.bad("/order", "cli.no_order", order=order)
    with terminal.reading() as product:
        found = product.timelines.read(subject, "record" if order == "record" else "legal", moment)
        lexicons = Lexicons(product.legislation)
        found = reading.titled(found, terminal.language, lexicons)
        if as_json:
            terminal.json(found)
        else:
            name = reading.subject_name(product, subject, found.kind, legal_day(product.clock.now()))
            persons = product.vault.open(list({e.employee for e in found.entries if e.employee is not None}))
            names = {id: person.name for id, person in persons.items() if person is not None}
            reading.print_timeline(terminal, found, name, lexicons, names, ids=ids)


def reading_of(text: str) -> tuple[str, str]:
    """A reading as it is written, ``I-06:decision_date``. Raises ``Invalid``."""
    id, separator, value = text.partition(":")
    if not (id and separator and value):
        given.bad("/reading", "cli.no_reading", text=text)
    return id, value
