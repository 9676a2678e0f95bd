"""``diff``, ``counterfactuals`` and ``knowledge``: answers compared, supposed, and looked back at."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from application.answering.grading import Question, read_token
from application.cursors import MOST_LINES
from application.explaining.attribution import ComparedFigures, Interaction
from application.explaining.counterfactuals import Counterfactuals, Supposing
from application.explaining.differences import Basing, DifferenceCause, Differing, EventRef, GradeDifference
from domain.events.lawbook import LAW_STREAM
from domain.vocabulary import Text
from interfaces.cli import arguments as given
from interfaces.cli.commands.grades import lexicon_of_regime, local
from interfaces.cli.consoles import Console
from interfaces.cli.house import Product
from interfaces.cli.questions import reading_of
from interfaces.cli.records import RecordNames
from interfaces.cli.terminal import DID_NOT_HOLD, EndCommand, Terminal
from interfaces.wording import causes, places, words
from interfaces.wording.punctuation import in_brackets, listed
from interfaces.wording.words import Lexicon

RecordWords = Callable[[str], str]
"""Names a record by its paper."""

if TYPE_CHECKING:
    from application.explaining.knowledge import DecisionKnowledge, LaterEvent
    from application.explaining.regional import RegionDifference, RegionQuestion, RegionTrack


def basing(
    number: int, token: str | None, as_of: str | None, known_at: str | None, readings: Sequence[str] | None
) -> Basing:
    """One of two bases from the words of the command line. Raises ``Invalid``."""
    if token is not None and (as_of or known_at or readings):
        given.bad(
            f"/basis_{number}",
            "explanations.token_alone",
        )
    return Basing(
        token=token,
        as_of=given.day_given(f"/as_of_{number}", as_of),
        known_at=given.moment_given(known_at),
        readings=dict(reading_of(r) for r in readings or ()),
    )


def diff(
    terminal: Terminal,
    subject: str | None,
    *,
    region: str | None,
    kind: str,
    track: str,
    limit: int,
    cursor: str | None,
    regime: str | None,
    first: Basing,
    second: Basing,
    as_json: bool,
) -> None:
    """Why two answers about a subject, or all those of a region, differ."""
    if (subject is None) == (region is None):
        given.bad("/subject", "explanations.give_subject_or_region")
    with terminal.reading() as product:
        if region is not None:
            from application.explaining.regional import RegionQuestion

            question = RegionQuestion(
                regime=regime or given.only_regime(product),
                region=given.region(region) or region,
                first=first,
                second=second,
                kind=given.kind_given(kind),
                track=_track(track),
                limit=_limit(limit),
                cursor=cursor,
            )
            _region_diff(terminal, product, question, as_json=as_json)
            return
        token = first.token or second.token
        of_token = None if token is None else read_token(token).regime
        named = regime or of_token or product.grading.regime_of(subject or "") or given.only_regime(product)
        found = Differing(product.journal, product.legislation, product.grading).between(
            subject or "", named, first, second
        )
        lexicon = lexicon_of_regime(product, named, found.second.basis.as_of)
        found = causes.difference(found, terminal.language, lexicon)
    if as_json:
        terminal.json(found)
    else:
        _print_difference(terminal, found, lexicon)


def _region_diff(terminal: Terminal, product: Product, question: "RegionQuestion", *, as_json: bool) -> None:
    from application.explaining.regional import RegionalDiffering

    if question.first.token or question.second.token:
        given.bad("/basis_1", "explanations.token_of_region")
    index, projection = product.population.index, product.population.projection
    comparing = RegionalDiffering(product.journal, product.clock, product.legislation, index, projection)
    found = comparing.between(question)
    lexicon = lexicon_of_regime(product, question.regime)
    found = causes.region_difference(found, terminal.language, lexicon)
    if as_json:
        terminal.json(found)
    else:
        _print_region(terminal, found, lexicon)


def _track(text: str) -> "RegionTrack":
    if text == "running":
        return "running"
    if text != "all":
        given.bad("/track", "explanations.no_track", text=text)
    return "all"


def _limit(number: int) -> int:
    if not 1 <= number <= MOST_LINES:
        given.bad("/limit", "explanations.bad_limit", most=MOST_LINES)
    return number


def counterfactuals(
    terminal: Terminal,
    subject: str,
    *,
    target: str,
    regime: str | None,
    as_of: str | None,
    known_at: str | None,
    readings: Sequence[str],
    as_json: bool,
) -> None:
    """What would lead to a grade; exit status 1 when nothing does."""
    day, moment = given.day_given("/as_of", as_of), given.moment_given(known_at)
    with terminal.reading() as product:
        named = regime or product.grading.regime_of(subject) or given.only_regime(product)
        question = Question(
            subject=subject,
            regime=named,
            as_of=day,
            known_at=moment,
            readings=dict(reading_of(r) for r in readings),
        )
        found = Supposing(product.journal, product.grading).towards(target, question)
        lexicon = lexicon_of_regime(product, named, found.basis.as_of)
        found = causes.counterfactuals(found, terminal.language, lexicon)
        if as_json:
            terminal.json(found)
        else:
            _print_counterfactuals(terminal, found, lexicon, RecordNames(product, terminal.language))
    if found.reach == "not_reachable":
        raise EndCommand(DID_NOT_HOLD)


def knowledge(terminal: Terminal, decision: str, *, as_json: bool) -> None:
    """What was known when a decision was taken; exit status 1 when its own receipt no longer gives it."""
    from application.explaining.knowledge import Knowing

    with terminal.reading() as product:
        found = Knowing(product.journal, product.clock, product.legislation, product.rechecking).of(decision)
        lexicon = lexicon_of_regime(product, found.regime, found.on)
        found = causes.knowledge(found, terminal.language, lexicon)
        if as_json:
            terminal.json(found)
        else:
            _print_knowledge(terminal, found, lexicon, RecordNames(product, terminal.language))
    if not found.holds:
        raise EndCommand(DID_NOT_HOLD)


# --- printing -------------------------------------------------------------------------------------------------------


def _result(terminal: Terminal, figures: ComparedFigures, kind: str, lexicon: Lexicon) -> str:
    return words.standing_words(figures.score, figures.grade, figures.undetermined, kind, terminal.language, lexicon)


def _print_difference(terminal: Terminal, found: GradeDifference, lexicon: Lexicon) -> None:
    console, say, kind = terminal.console(), terminal.say, found.subject.kind
    console.print(f"{found.subject.name or ''}  {found.subject.id}".strip(), style="bold", soft_wrap=True)
    for sign, side in (("①", found.first), ("②", found.second)):
        known = say("cli.as_known_at") + f" {local(side.basis.known_at)}"
        console.print(
            f"{sign} {side.basis.as_of}  {known}  {_result(terminal, side.figures, kind, lexicon)}", soft_wrap=True
        )
    console.print()
    if not found.causes:
        console.print(say("explanations.two_answers_are_same"))
    _print_causes(terminal, console, found.causes, found.interactions, found.subject.id)
    number = len(found.without_effect)
    if number:
        text = say("explanations.one_idle") if number == 1 else say("explanations.idle", number=number)
        console.print(text, style="dim")


def _print_causes(
    terminal: Terminal,
    console: Console,
    listed: Sequence[DifferenceCause],
    joint: Sequence[Interaction],
    subject: str,
) -> None:
    for cause in listed:
        tracks = " ".join(causes.track(t, terminal.language) for t in cause.tracks)
        console.print(f"{cause.number:>3}  {cause.because}  [{tracks}]", soft_wrap=True)
        for event in cause.events:
            recorded = terminal.say("cli.recorded") + f" {local(event.recorded_at)}"
            where = _where(terminal, event, subject)
            console.print(f"       {event.title}  {where}  {recorded}", style="dim", soft_wrap=True)
    for interaction in joint:
        console.print(f"  ⇄  {interaction.because}", soft_wrap=True)


def _where(terminal: Terminal, event: EventRef, subject: str) -> str:
    """Where an event stands: on the file itself, in the law, or on another file."""
    say, number = terminal.say, event.version
    if event.stream == subject:
        return say("explanations.number_in_file", number=number)
    if event.stream == LAW_STREAM:
        return say("explanations.number_in_law", number=number)
    return say("explanations.number_in_other", number=number)


def _print_region(terminal: Terminal, found: "RegionDifference", lexicon: Lexicon) -> None:
    console, say = terminal.console(), terminal.say
    place = places.place(found.region, terminal.language)
    console.print(
        say(
            "explanations.compared",
            place=place,
            subjects=found.subjects,
            differing=found.differing,
            appeared=found.appeared,
        ),
        style="bold",
    )
    for move in found.moves:
        sides = " → ".join(_side(terminal, side, found.kind, lexicon) for side in (move.first, move.second))
        console.print(f"  {sides}  {move.number}")
    for total in found.causes:
        together = say("explanations.only_together", only_together=total.only_together)
        note = f"  ({together})" if total.only_together else ""
        console.print(f"  {total.because}  {total.subjects}  {total.share}{note}", soft_wrap=True)
    for line in found.lines:
        sides = " → ".join(_result(terminal, f, found.kind, lexicon) for f in (line.first, line.second))
        console.print(f"{line.name or ''}  {line.subject}  {sides}".strip(), style="bold", soft_wrap=True)
        _print_causes(terminal, console, line.causes, line.interactions, line.subject)
    if found.explained < found.differing:
        console.print(
            say(
                "explanations.totals_over",
                explained=found.explained,
            ),
            style="dim",
        )
    if not found.whole:
        console.print(
            say("explanations.part_of_region"),
            style="dim",
        )
    if found.next is not None:
        console.print(say("explanations.next_page") + f"--cursor {found.next}", style="dim", soft_wrap=True)


def _side(terminal: Terminal, code: str, kind: str, lexicon: Lexicon) -> str:
    """One side of a move: a grade, or why there is none."""
    said = lexicon.grade(code, kind, terminal.language)
    return words.undetermined(code, terminal.language) if said == code else said


def _print_counterfactuals(terminal: Terminal, found: Counterfactuals, lexicon: Lexicon, named: RecordWords) -> None:
    console, say, kind = terminal.console(), terminal.say, found.subject.kind
    result = words.result_words(found.running.score, found.running.grade, kind, terminal.language, lexicon).strip()
    console.print(
        f"{found.subject.name or ''}  {found.subject.id}  {found.basis.as_of}  {result}".strip(),
        style="bold",
        soft_wrap=True,
    )
    target = lexicon.grade(found.target, kind, terminal.language)
    target = words.spaced(target) if terminal.language == "zh" else target
    head = say("explanations.to_reach", target=target)
    console.print(head + (found.because or ""), soft_wrap=True)
    for number, path in enumerate(found.paths, 1):
        console.print(f"{number:>3}  {path.because}", soft_wrap=True)
        for change in path.changes:
            for id in (change.fact,) if change.fact is not None else change.records:
                console.print(f"       {named(id)}", style="dim", soft_wrap=True)
    if not found.complete:
        console.print(say("explanations.perhaps_others"), style="dim")
    alike: dict[tuple[str, str], list[str]] = {}
    for opening in found.openings:
        told = (causes.way(opening.way, terminal.language), opening.because or "")
        alike.setdefault(told, []).extend([] if opening.fact is None else [named(opening.fact)])
    for (way, because), facts in alike.items():
        console.print(f"  → {way}  {because}", soft_wrap=True)
        for fact in facts:
            console.print(f"       {fact}", style="dim", soft_wrap=True)
    for bar in found.barred:
        way, why = causes.way(bar.way, terminal.language), terminal.text(Text(bar.zh, bar.en))
        cites = lexicon.cites(bar.cites, terminal.language)
        about = "" if bar.fact is None else f"{named(bar.fact)}  "
        console.print(f"  ✗ {about}{way}  {why}{in_brackets(cites, terminal.language)}", style="dim", soft_wrap=True)
    for fixed in found.fixed:
        until = "" if fixed.ends_on is None else f"  → {fixed.ends_on}"
        row = "" if fixed.row is None else lexicon.named_row(fixed.row, terminal.language)
        papers = listed(map(named, fixed.sources), terminal.language)
        sources = say("explanations.from", papers=papers) if papers else ""
        console.print("  " + say("explanations.fixed") + f"{row}{sources}{until}", style="dim")
    if found.next_change is not None:
        console.print(say("cli.next_change") + (found.next_change.because or ""), soft_wrap=True)


def _print_knowledge(terminal: Terminal, found: "DecisionKnowledge", lexicon: Lexicon, named: RecordWords) -> None:
    console, say = terminal.console(), terminal.say
    stage = "" if found.stage is None else words.stage(found.stage, terminal.language)
    year = "" if found.year is None else say("cli.year", year=found.year)
    console.print("  ".join(p for p in (found.record, year, stage, str(found.on)) if p), style="bold", soft_wrap=True)
    given_then = words.result_words(
        found.recorded.score, found.recorded.grade, found.kind, terminal.language, lexicon
    ).strip()
    console.print(say("explanations.then") + given_then)
    console.print(say("explanations.by_today_knowledge") + _result(terminal, found.today, found.kind, lexicon))
    if not found.holds:
        console.print(say("explanations.receipt_differs"), style="bold red")
    console.print(say("explanations.same") if found.same else say("explanations.not_same_because"), style="bold")
    _print_causes(terminal, console, found.causes, found.interactions, found.subject)
    true_later = say("explanations.true_but_later")
    _print_later(terminal, console, true_later, found.true_but_later, named)
    since = say("explanations.corrected_or_undone_since")
    _print_later(terminal, console, since, found.corrected_since, named)


def _print_later(
    terminal: Terminal, console: Console, heading: str, events: Sequence["LaterEvent"], named: RecordWords
) -> None:
    console.print(heading + ("" if events else terminal.say("explanations.none")))
    for event in events:
        console.print(f"  {event.because}  {named(event.about)}", soft_wrap=True)
