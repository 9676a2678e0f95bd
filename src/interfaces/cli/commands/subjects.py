"""``subjects`` and ``projections``: the population on any day as known at any moment, and what it is read from."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import msgspec

from application.population.index import IndexState, Verified
from application.population.population import (
    MOST_LINES,
    GradedSubject,
    PopulationCounts,
    PopulationPage,
    PopulationQuestion,
)
from application.ports import GradeBuild, Parked
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime, local
from interfaces.cli.house import Product, Where
from interfaces.cli.terminal import DID_NOT_HOLD, Stop, Terminal
from interfaces.standbys import Standing
from interfaces.wording import places, words
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

if TYPE_CHECKING:
    from rich.console import Console

_WIDTH, _PLACE, _WIDEST = 10, 16, 40
_NAMED: Final = 20


class Listed(msgspec.Struct, frozen=True, kw_only=True):
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
    *,
    grade: str | None,
    as_of: str | None,
    known_at: str | None,
    regime: str | None,
    kind: str | None,
    region: str | None,
    service: str | None,
    q: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """Who has which grade. Raises ``Invalid`` with every bad condition."""
    if limit < 1:
        given.bad("/limit", "至少列出 1 个。", "at least 1 subject is listed.")
    day, moment, place = given.day("/as_of", as_of), given.moment(known_at), given.region(region)
    of = None if kind is None else given.kind(kind)
    with terminal.reading() as product:
        with terminal.progress("计算等级", "computing grades") as told:
            product.grades.catch_up(lambda done: told(done, None))
        question = PopulationQuestion(
            regime=regime or given.only_regime(product),
            as_of=day,
            known_at=moment,
            kind=of,
            region=place,
            service=service,
            grade=grade,
            q=q,
            limit=min(limit, MOST_LINES),
        )
        page, counts = _pages(product, question, limit), product.population.counts(question, product.least)
        lexicon = lexicon_of_regime(product, page.regime, page.basis.as_of)
    if as_json:
        terminal.json(Listed(page=page, counts=counts))
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
        say("截至", "as of") + f" {basis.as_of}  " + say("所知截至", "as known at") + f" {local(basis.known_at)}  "
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
            f"只列出前 {len(page.subjects)} 个；用 --limit 多列。",
            f"only the first {len(page.subjects)}; ask for more by --limit.",
        )


def _result(line: GradedSubject, language: Language, lexicon: Lexicon) -> str:
    """The grade of a line by its name, or why there is none."""
    if line.undetermined is not None:
        return words.undetermined(line.undetermined, language).partition("（")[0].partition(":")[0]
    return "—" if line.grade is None else lexicon.grade(line.grade, line.subject.kind, language)


def _padded(*cells: tuple[str, int]) -> str:
    from rich.cells import set_cell_size

    return "".join(set_cell_size(text, width) for text, width in cells)


def _print_counts(terminal: Terminal, console: "Console", counts: PopulationCounts, lexicon: Lexicon) -> None:
    language = terminal.language
    parts = []
    for line in counts.counts:
        if line.grade is not None:
            what = lexicon.grade(line.grade, line.kind, language)
        elif line.undetermined is not None:
            what = words.undetermined(line.undetermined, language)
        else:
            what = terminal.say("无等级", "no grade")
        parts.append(f"{words.kind(line.kind, language)} {what}{terminal.say('：', ': ')}{line.number}")
    console.print(terminal.say("合计 ", "in all ") + str(counts.total), style="bold")
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
        raise Stop(DID_NOT_HOLD)


def _print_status(terminal: Terminal, kept: Sequence[Kept], standings: Sequence[Standing]) -> None:
    for line in kept:
        _print_kept(terminal, line)
    if len(kept) == 1:
        print(
            terminal.say(
                "等级索引尚未建立；运行 ecodocket projections rebuild。",
                "The index of grades is not built yet; run ecodocket projections rebuild.",
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
    name = say("期限", "deadlines") if line.name == "deadlines" else say("等级", "grades")
    parts = [
        name
        if line.generation is None
        else say(f"{name} 第 {line.generation} 代", f"{name}, generation {line.generation}"),
        say("使用中", "in use") if line.is_current else say("建立中", "being built"),
        say(f"至序号 {state.position}，日志至 {state.head}", f"up to {state.position} of {state.head}"),
        say(f"落后 {state.behind}", f"{state.behind} behind"),
    ]
    if line.subjects is not None:
        parts.append(say(f"{line.subjects} 个主体", f"{line.subjects} subjects"))
    if state.outdated:
        parts.append(say("由另一版本的程序或规则算出", "computed by another version of the code or the law"))
    print(" · ".join(parts))
    if state.stopped is not None:
        stop = state.stopped
        print(
            say(
                f"  停在案卷 {stop.stream} 的序号 {stop.position}：{stop.reason}",
                f"  stopped at position {stop.position} of the file {stop.stream}: {stop.reason}",
            )
        )
    _print_parked(terminal, state.parked)


def _print_parked(terminal: Terminal, parked: Sequence[Parked]) -> None:
    """Name the files that are not gone on with, the first of them."""
    say = terminal.say
    for each in parked[:_NAMED]:
        print(
            say(
                f"  ✗ 案卷 {each.subject} 已搁置：案卷 {each.stream} 序号 {each.position}：{each.reason}",
                f"  ✗ the file {each.subject} is parked: position {each.position} of {each.stream}: {each.reason}",
            )
        )
    if len(parked) > _NAMED:
        more = len(parked) - _NAMED
        print(
            say(f"  另有 {more} 个案卷已搁置（--json 列出全部）。", f"  and {more} more are parked (--json lists all).")
        )


def _print_standing(terminal: Terminal, standing: Standing) -> None:
    say = terminal.say
    parts = [say(f"备库 {standing.name}", f"standby {standing.name}")]
    if standing.reachable:
        parts.append(say(f"至序号 {standing.position}", f"up to {standing.position}"))
        parts.append(say(f"落后 {standing.behind}", f"{standing.behind} behind"))
        if not standing.asked:
            text = say(
                "不知道最近一分钟（重放暂停或缓慢），暂由主库答复",
                "does not know the last minute (its replay is paused or slow); the primary answers for now",
            )
            parts.append(text)
    else:
        parts.append(say("无法连接，由主库答复", "cannot be reached; the primary answers"))
    print(" · ".join(parts))


def rebuild(terminal: Terminal, where: Where) -> None:
    """Build both indexes anew, that of grades ``where`` it is asked. Raises ``CannotAssess`` when an event stops it."""
    with terminal.house.open(terminal.settings) as product, product.workplace(where) as workplace:
        with terminal.progress("重建期限索引", "building the index of deadlines") as told:
            deadlines = product.projection.rebuild(lambda done: told(done, None))
        with terminal.progress("重建等级索引", "building the index of grades") as told:
            build = product.grades.rebuild(lambda done: told(done, None), workplace)
    print(
        terminal.say(
            f"期限：{deadlines} 个主体；等级：第 {build.generation} 代，{build.subjects} 个主体，"
            f"至序号 {build.position}。",
            f"deadlines: {deadlines} subjects; grades: generation {build.generation}, {build.subjects} subjects, up to"
            f" position {build.position}.",
        )
    )


def verify(terminal: Terminal, *, sample: int | None, where: Where, as_json: bool) -> None:
    """Compare the index of grades with a replay made ``where`` it is asked; raise ``Stop`` when they differ."""
    with (
        terminal.house.open(terminal.settings) as product,
        product.workplace(where) as workplace,
        terminal.progress("核对", "comparing", sample) as told,
    ):
        found = product.grades.verify(sample=sample, progress=lambda done: told(done, None), workplace=workplace)
    if as_json:
        terminal.json(found)
    else:
        _print_verified(terminal, found)
    if found.differences or found.parked:
        raise Stop(DID_NOT_HOLD)


def _print_verified(terminal: Terminal, found: Verified) -> None:
    say = terminal.say
    _print_parked(terminal, found.parked)
    for difference in found.differences[:20]:
        print(
            f"✗ {difference.subject}  {difference.regime}  "
            + say(
                f"{difference.as_of}，所知截至 {difference.known_at}",
                f"{difference.as_of} as known at {difference.known_at}",
            )
            + say(
                f"：索引 {difference.held}，重演 {difference.replayed}",
                f": held {difference.held}, replayed {difference.replayed}",
            )
        )
    print(
        say(
            f"至序号 {found.position}：{found.subjects} 个主体、{found.points} 个时点，"
            f"{len(found.differences)} 处不符。",
            f"up to position {found.position}: {found.subjects} subjects, {found.points} points,"
            f" {len(found.differences)} differences.",
        )
    )
