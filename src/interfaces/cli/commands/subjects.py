"""``subjects`` and ``projections``: the population on any day as known at any moment, and what it is read from."""

from collections.abc import Sequence
from typing import Final

import msgspec

from application.cursors import MOST_LINES
from application.population.filters import Narrowing, conditions
from application.population.index import IndexState, IndexVerified
from application.population.population import (
    GradedSubject,
    PopulationCounts,
    PopulationPage,
    PopulationQuestion,
)
from application.population.ports import GradeBuild
from application.ports import Parked
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime, local
from interfaces.cli.consoles import Console
from interfaces.cli.house import Product, Where
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, Terminal
from interfaces.standbys import StandbyStanding
from interfaces.wording import places, words
from interfaces.wording.punctuation import by_colon
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

_WIDTH, _PLACE, _WIDEST = 10, 16, 40
_NAMED: Final = 20


class CountedList(msgspec.Struct, frozen=True, kw_only=True):
    """A list with its counts, for scripts."""

    page: PopulationPage
    counts: PopulationCounts


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """How an index is kept; ``subjects`` of a generation that is being built are those done."""

    name: str
    generation: int | None
    is_current: bool
    engine: str | None
    subjects: int | None
    state: IndexState


def subjects(
    terminal: Terminal,
    narrowing: Narrowing,
    *,
    as_of: str | None,
    known_at: str | None,
    regime: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Who has which grade. Raises ``Invalid`` with every bad condition."""
    if limit < 1:
        given.bad("/limit", "subjects.bad_limit")
    day, moment = given.day_given("/as_of", as_of), given.moment_given(known_at)
    given.region(narrowing.region)
    if narrowing.kind is not None:
        given.kind_given(narrowing.kind)
    with terminal.reading() as product:
        with terminal.progress("subjects.computing") as told:
            product.grades.catch_up(lambda done: told(done, None))
        question = PopulationQuestion(
            regime=regime or given.only_regime(product),
            as_of=day,
            known_at=moment,
            sort="name",
            limit=min(limit, MOST_LINES),
            **conditions(narrowing),
        )
        page, counts = _pages(product, question, limit), product.population.counts(question, product.least)
        lexicon = lexicon_of_regime(product, page.regime, page.basis.as_of)
    if as_json:
        terminal.json(CountedList(page=page, counts=counts))
    else:
        _print(terminal, page, counts, lexicon)


def _pages(product: Product, question: PopulationQuestion, limit: int) -> PopulationPage:
    """As many subjects as are wanted, however many pages they are."""
    page = product.population.page(question, product.least)
    found = list(page.subjects)
    while page.next is not None and len(found) < limit:
        left = min(limit - len(found), MOST_LINES)
        question = msgspec.structs.replace(question, cursor=page.next, limit=left)
        page = product.population.page(question, product.least)
        found += page.subjects
    return msgspec.structs.replace(page, subjects=tuple(found))


def _print(terminal: Terminal, page: PopulationPage, counts: PopulationCounts, lexicon: Lexicon) -> None:
    from rich.cells import cell_len

    console, say, language = terminal.console(), terminal.say, terminal.language
    basis = page.basis
    console.print(
        say("cli.as_of") + f" {basis.as_of}  " + say("cli.as_known_at") + f" {local(basis.known_at)}  "
        f"{lexicon.title(language)}  {lexicon.force(page.force, language)}",
        style="bold",
    )
    results = [_result(line, language, lexicon) for line in page.subjects]
    width = min(_WIDEST, max((cell_len(result) for result in results), default=0)) + 2
    for line, result in zip(page.subjects, results, strict=True):
        place = places.place(line.region, language)
        cells = ((result, width), (line.score or "", _WIDTH), (place, _PLACE))
        name = line.subject.name or words.kind(line.subject.kind, language)
        console.print(_padded(*cells) + f"{name}  {line.subject.id}", soft_wrap=True)
    _print_counts(terminal, console, counts, lexicon)
    if page.next is not None:
        terminal.note(
            "subjects.only_first",
            number=len(page.subjects),
        )


def _result(line: GradedSubject, language: Language, lexicon: Lexicon) -> str:
    """The grade of a line by its name, or why there is none."""
    if line.undetermined is not None:
        return words.undetermined(line.undetermined, language).partition("（")[0].partition(":")[0]
    return "—" if line.grade is None else lexicon.grade(line.grade, line.subject.kind, language)


def _padded(*cells: tuple[str, int]) -> str:
    from rich.cells import set_cell_size

    return "".join(set_cell_size(text, width) for text, width in cells)


def _print_counts(terminal: Terminal, console: Console, counts: PopulationCounts, lexicon: Lexicon) -> None:
    language = terminal.language
    parts = []
    for line in counts.counts:
        if line.grade is not None:
            what = lexicon.grade(line.grade, line.kind, language)
        elif line.undetermined is not None:
            what = words.undetermined(line.undetermined, language)
        else:
            what = terminal.say("subjects.no_grade")
        parts.append(by_colon(f"{words.kind(line.kind, language)} {what}", str(line.number), language))
    console.print(terminal.say("subjects.in_all") + str(counts.total), style="bold")
    for part in parts:
        console.print(f"  {part}", soft_wrap=True)


# --- what it is read from ---------------------------------------------------------------------------------------


def status(terminal: Terminal, *, as_json: bool) -> None:
    """How far each index is kept, and how the standbys stand."""
    with terminal.house.open(terminal.settings) as product:
        fresh = product.projection.freshness()
        deadlines = IndexState(
            position=fresh.position,
            head=fresh.head,
            behind=fresh.behind,
            outdated=fresh.outdated,
            parked=tuple(product.projection.parked()),
        )
        kept = [
            Kept(name="deadlines", generation=None, is_current=True, engine=None, subjects=None, state=deadlines),
            *(_kept(product, build) for build in product.grades.builds()),
        ]
        standings = product.standbys.standings(product.journal.head().position)
    if as_json:
        terminal.json([*kept, *standings])
    else:
        _print_status(terminal, kept, standings)
    if any(line.state.stopped is not None or line.state.parked for line in kept):
        raise EndCommand(DID_NOT_HOLD)


def _print_status(terminal: Terminal, kept: Sequence[Kept], standings: Sequence[StandbyStanding]) -> None:
    for line in kept:
        _print_kept(terminal, line)
    if len(kept) == 1:
        print(
            terminal.say(
                "subjects.not_built",
            )
        )
    for standing in standings:
        _print_standing(terminal, standing)


def _kept(product: Product, build: GradeBuild) -> Kept:
    return Kept(
        name="grades",
        generation=build.generation,
        is_current=build.is_current,
        engine=build.engine,
        subjects=build.subjects,
        state=product.grades.state(build),
    )


def _print_kept(terminal: Terminal, line: Kept) -> None:
    say, state = terminal.say, line.state
    name = say("subjects.deadlines") if line.name == "deadlines" else say("subjects.grades")
    parts = [
        name if line.generation is None else say("subjects.generation", name=name, generation=line.generation),
        say("subjects.in_use") if line.is_current else say("subjects.being_built"),
        say("subjects.up_to_of", position=state.position, head=state.head),
        say("subjects.behind", behind=state.behind),
    ]
    if line.subjects is not None:
        parts.append(say("subjects.subjects", subjects=line.subjects))
    if state.outdated:
        parts.append(say("subjects.other_version"))
    print(" · ".join(parts))
    if state.stopped is not None:
        stop = state.stopped
        print(
            say(
                "subjects.stopped",
                stream=stop.stream,
                position=stop.position,
                reason=stop.reason,
            )
        )
    _print_parked(terminal, state.parked)


def _print_parked(terminal: Terminal, parked: Sequence[Parked]) -> None:
    """Name the files that are not gone on with, the first of them."""
    say = terminal.say
    for each in parked[:_NAMED]:
        print(
            say(
                "subjects.parked",
                subject=each.subject,
                stream=each.stream,
                position=each.position,
                reason=each.reason,
            )
        )
    if len(parked) > _NAMED:
        more = len(parked) - _NAMED
        print(say("subjects.more_parked", more=more))


def _print_standing(terminal: Terminal, standing: StandbyStanding) -> None:
    say = terminal.say
    parts = [say("subjects.standby", name=standing.name)]
    if standing.reachable:
        parts.append(say("subjects.up_to", position=standing.position))
        parts.append(say("subjects.behind", behind=standing.behind))
        if not standing.asked:
            text = say(
                "subjects.standby_behind",
            )
            parts.append(text)
    else:
        parts.append(say("subjects.standby_lost"))
    print(" · ".join(parts))


def rebuild(terminal: Terminal, where: Where) -> None:
    """Build both indexes anew, that of grades ``where`` it is asked. Raises ``CannotAssess`` when an event stops it."""
    with terminal.house.open(terminal.settings) as product, product.workplace(where) as workplace:
        with terminal.progress("subjects.building_deadlines") as told:
            deadlines = product.projection.rebuild(lambda done: told(done, None))
        with terminal.progress("subjects.building_grades") as told:
            build = product.grades.rebuild(lambda done: told(done, None), workplace)
    print(
        terminal.say(
            "subjects.rebuilt",
            deadlines=deadlines,
            generation=build.generation,
            subjects=build.subjects,
            position=build.position,
        )
    )


def verify(terminal: Terminal, *, sample: int, is_whole: bool, where: Where, as_json: bool) -> None:
    """Compare the index of grades with the journal ``where`` it is asked; raise ``Stop`` when they differ."""
    with (
        terminal.house.open(terminal.settings) as product,
        product.workplace(where) as workplace,
        terminal.progress("subjects.comparing", total=None if is_whole else sample) as told,
    ):
        found = product.grades.verify(
            sample=sample, is_whole=is_whole, progress=lambda done: told(done, None), workplace=workplace
        )
    if as_json:
        terminal.json(found)
    else:
        _print_verified(terminal, found)
    if found.differences or found.parked:
        raise EndCommand(DID_NOT_HOLD)


def _print_verified(terminal: Terminal, found: IndexVerified) -> None:
    say = terminal.say
    _print_parked(terminal, found.parked)
    for difference in found.differences[:20]:
        print(
            f"✗ {difference.subject}  {difference.regime}  "
            + say(
                "subjects.as_known_at",
                as_of=difference.as_of,
                known_at=difference.known_at,
            )
            + say(
                "subjects.held_replayed",
                held=difference.held,
                replayed=difference.replayed,
            )
        )
    print(
        say(
            "subjects.verified_whole",
            position=found.position,
            computed=found.computed,
            boxes=found.boxes,
            subjects=found.subjects,
            points=found.points,
            differences=len(found.differences),
        )
        if found.computed
        else say(
            "subjects.verified",
            position=found.position,
            subjects=found.subjects,
            points=found.points,
            differences=len(found.differences),
        )
    )
