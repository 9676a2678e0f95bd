"""The annual and the public track of a grade answer, and the measures, as they are read on a terminal."""

import datetime as dt
from collections.abc import Iterator, Sequence

from application.answering.grading import AnnualStage, ApplicableMeasure, GradeAnswer, PublicGrade
from domain.aggregates.casefile import CaseFile
from domain.events.evaluation import RecordRetracted, ScopeResumed, ScopeSuspended
from domain.events.objections import ObjectionDecided, ObjectionFiled
from domain.time import moment
from interfaces.cli.consoles import Console
from interfaces.cli.terminal import Terminal
from interfaces.wording import words
from interfaces.wording.punctuation import by_colon, listed


def print_tracks(
    terminal: Terminal, console: Console, answer: GradeAnswer, case: CaseFile, lexicon: words.Lexicon
) -> None:
    """What the evaluation years gave and what the register shows, apart from the running result above it.

    ``case`` names the papers: of a repair that revised a result, and of facts that came late or no longer stand.
    """
    kind = answer.subject.kind
    for number, stage in enumerate(answer.annual):
        head = terminal.say("tracks.annual_result") if number == 0 else ""
        _print_year(terminal, console, head, stage, kind, lexicon, case)
    for text in _pending(terminal, answer, case):
        _line(terminal, console, terminal.say("tracks.pending"), text)
    # A practitioner is never on the register (art. 23(4)).
    if kind == "agency":
        said = _shown(terminal, answer, case, lexicon)
        _line(terminal, console, terminal.say("tracks.public_grade"), said)


def _print_year(
    terminal: Terminal,
    console: Console,
    head: str,
    stage: AnnualStage,
    kind: str,
    lexicon: words.Lexicon,
    case: CaseFile,
) -> None:
    say, language = terminal.say, terminal.language
    result = say("tracks.no_result_yet")
    if stage.undetermined is not None or stage.score is not None or stage.grade is not None:
        result = words.standing_words(
            stage.score, stage.grade, stage.undetermined, kind, language, lexicon, stage.risk or None
        )
    where = f"{words.stage(stage.stage, language)} {stage.dated_on}"
    _line(terminal, console, head, f"{stage.year}  {where}  {result}")
    repair = case.repairs.get(stage.given_by or "")
    if repair is not None:
        confirmed = repair.city_confirmed
        paper = stage.given_by if confirmed is None else f"{confirmed.certificate} {confirmed.confirmed_on}"
        _line(terminal, console, "", "      " + say("tracks.revised_by", paper=paper))
    if stage.published_grade is not None or stage.published_score is not None:
        published = words.result_words(stage.published_score, stage.published_grade, kind, language, lexicon)
        _line(terminal, console, "", "      " + say("tracks.published_was", published=published))
    for code, facts in (("tracks.late", stage.late), ("tracks.undone", stage.undone)):
        if facts:
            papers = listed((paper_told(case, fact) for fact in facts), language)
            _line(terminal, console, "", f"      ! {by_colon(say(code), papers, language)}")


def paper_told(case: CaseFile, fact: str) -> str:
    """The paper of a fact; its id where it has none on this file."""
    file = case.facts.get(fact)
    return fact if file is None else file.record.document


def _shown(terminal: Terminal, answer: GradeAnswer, case: CaseFile, lexicon: words.Lexicon) -> str:
    say, public, kind = terminal.say, answer.public, answer.subject.kind
    line = words.public_words(public, kind, terminal.language, lexicon)
    if public is None:
        return line
    published_on = _published_on(case, answer.regime, public)
    how = words.published(public, published_on, kind, terminal.language, lexicon)
    line += say("tracks.since", since=public.since, how=how)
    if public.outside_scope_since is not None:
        line += say(
            "tracks.outside_evaluation_since",
            since=public.outside_scope_since,
        )
    return line


def _pending(terminal: Terminal, answer: GradeAnswer, case: CaseFile) -> Iterator[str]:
    """What was under way on the day as known at the moment asked about: a suspension, and objections not decided."""
    as_of, known_at = answer.basis.as_of, dt.datetime.fromisoformat(answer.basis.known_at)
    known = [e for e, at in zip(case.events, case.instants, strict=True) if moment(at) <= known_at]
    joined = [j.event for j in case.joinings.values() if moment(j.recorded_at) <= known_at]
    known += [line.event for joining in joined for line in joining.carried]
    gone = {e.record for e in known if isinstance(e, RecordRetracted)}
    gone |= {e.objection for e in known if isinstance(e, ObjectionDecided) and e.decided_on <= as_of}
    moves = [
        e
        for e in known
        if isinstance(e, ScopeSuspended | ScopeResumed) and e.regime == answer.regime and e.dated_on <= as_of
    ]
    last = max(moves, key=lambda e: e.dated_on, default=None)
    if isinstance(last, ScopeSuspended) and last.record not in gone:
        yield terminal.say("tracks.suspended", since=last.dated_on)
    filings = [e for e in known if isinstance(e, ObjectionFiled) and e.regime == answer.regime]
    for on in sorted(e.filed_on for e in filings if e.filed_on <= as_of and e.objection not in gone):
        yield terminal.say("tracks.objection_of_has_not_been", on=on)


def _published_on(case: CaseFile, regime: str, public: PublicGrade) -> dt.date | None:
    """The day on which the result of the year of a public grade had been published when that grade began."""
    days = (
        event.dated_on
        for event in (file.event for file in case.stages.values() if not file.retracted)
        if (event.regime, event.stage, event.year) == (regime, "publication", public.year)
    )
    return max((day for day in days if day <= public.since), default=None)


def _line(terminal: Terminal, console: Console, head: str, text: str) -> None:
    from rich.cells import set_cell_size

    width = 10 if terminal.language == "zh" else 15
    console.print(f"  {set_cell_size(head, width)}{text}", soft_wrap=True)


def print_measures(
    terminal: Terminal, console: Console, measures: Sequence[ApplicableMeasure], lexicon: words.Lexicon
) -> None:
    """The measures that apply, those that nothing allows marked as not to be executed."""
    if not measures:
        return
    say = terminal.say
    console.print(say("tracks.measures"), style="bold")
    for measure in measures:
        mark, style = ("●", None) if measure.executable else ("○", "dim")
        since = say("tracks.measure_since", since=measure.since)
        head = f"{mark} {since}  {lexicon.cites(measure.cites, terminal.language)}  {measure.what or ''}"
        console.print(head.rstrip(), style=style)
        console.indented(_ground(terminal, measure), style="dim")
    console.print()


def _ground(terminal: Terminal, measure: ApplicableMeasure) -> str:
    if not measure.executable:
        return terminal.say(
            "tracks.measure_without_basis",
        )
    basis = measure.legal_basis or ""
    return terminal.say("tracks.measure_with_basis", basis=basis)
