"""The annual and the public track of a grade answer, and the measures, as they are read on a terminal."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding

from application.answering.grading import AnnualStage, GradeAnswer, Measure, PublicGrade
from domain.aggregates.casefile import CaseFile
from domain.events.evaluation import RecordRetracted
from domain.events.objections import ObjectionDecided, ObjectionFiled
from domain.events.scope import ScopeResumed, ScopeSuspended
from domain.time import moment
from domain.vocabulary import Text
from interfaces.cli.terminal import Terminal
from interfaces.wording import words

if TYPE_CHECKING:
    from rich.console import Console

_LATE = Text("公布之后才记录的信息", "recorded after the publication")
_UNDONE = Text(
    "公布所依据、现已不成立或者公布以前已修复的信息", "published with, and no longer standing or repaired before"
)


def print_tracks(
    terminal: Terminal, console: "Console", answer: GradeAnswer, case: CaseFile, lexicon: words.Lexicon
) -> None:
    """What the evaluation years gave and what the register shows, apart from the running result above it.

    ``case`` names the papers: of a repair that revised a result, and of facts that came late or no longer stand.
    """
    kind = answer.subject.kind
    for number, stage in enumerate(answer.annual):
        head = terminal.say("年度结果", "Annual result") if number == 0 else ""
        _print_year(terminal, console, head, stage, kind, lexicon, case)
    for text in _pending(terminal, answer, case):
        _line(terminal, console, terminal.say("未决事项", "Pending"), text)
    # A practitioner is never on the register (art. 23(4)).
    if kind == "agency":
        said = _shown(terminal, answer, case, lexicon)
        _line(terminal, console, terminal.say("公开等级", "Public grade"), said)


def _print_year(
    terminal: Terminal,
    console: "Console",
    head: str,
    stage: AnnualStage,
    kind: str,
    lexicon: words.Lexicon,
    case: CaseFile,
) -> None:
    say, language = terminal.say, terminal.language
    result = say("尚无结果", "no result yet")
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
        _line(terminal, console, "", say(f"      修复后修订：{paper}", f"      revised by {paper}"))
    if stage.published_grade is not None or stage.published_score is not None:
        published = words.result_words(stage.published_score, stage.published_grade, kind, language, lexicon).strip()
        _line(terminal, console, "", say(f"      原公布结果 {published}", f"      published was {published}"))
    for text, facts in ((_LATE, stage.late), (_UNDONE, stage.undone)):
        if facts:
            papers = say("、", ", ").join(paper_of(case, fact) for fact in facts)
            _line(terminal, console, "", f"      ! {terminal.text(text)}{say('：', ': ')}{papers}")


def paper_of(case: CaseFile, fact: str) -> str:
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
    line += say(f"  自 {public.since} 起（{how}）", f"  since {public.since} ({how})")
    if public.outside_scope_since is not None:
        line += say(
            f"；自 {public.outside_scope_since} 起不在评价范围内",
            f"; outside the evaluation since {public.outside_scope_since}",
        )
    return line


def _pending(terminal: Terminal, answer: GradeAnswer, case: CaseFile) -> Iterator[str]:
    """What was under way on the day as known at the moment asked about: a suspension, and objections not decided."""
    as_of, known_at = answer.basis.as_of, dt.datetime.fromisoformat(answer.basis.known_at)
    known = [e for e, at in zip(case.events, case.instants, strict=True) if moment(at) <= known_at]
    gone = {e.record for e in known if isinstance(e, RecordRetracted)}
    gone |= {e.objection for e in known if isinstance(e, ObjectionDecided) and e.decided_on <= as_of}
    moves = [
        e
        for e in known
        if isinstance(e, ScopeSuspended | ScopeResumed) and e.regime == answer.regime and e.dated_on <= as_of
    ]
    last = max(moves, key=lambda e: e.dated_on, default=None)
    if isinstance(last, ScopeSuspended) and last.record not in gone:
        yield terminal.say(f"自 {last.dated_on} 起中止评价", f"the evaluation is suspended since {last.dated_on}")
    filings = [e for e in known if isinstance(e, ObjectionFiled) and e.regime == answer.regime]
    for on in sorted(e.filed_on for e in filings if e.filed_on <= as_of and e.objection not in gone):
        yield terminal.say(f"{on} 提出的异议尚未审核", f"the objection of {on} has not been decided")


def _published_on(case: CaseFile, regime: str, public: PublicGrade) -> dt.date | None:
    """The day on which the result of the year of a public grade had been published when that grade began."""
    days = (
        event.dated_on
        for event in (file.event for file in case.stages.values() if not file.retracted)
        if (event.regime, event.stage, event.year) == (regime, "publication", public.year)
    )
    return max((day for day in days if day <= public.since), default=None)


def _line(terminal: Terminal, console: "Console", head: str, text: str) -> None:
    from rich.cells import set_cell_size

    width = 10 if terminal.language == "zh" else 15
    console.print(f"  {set_cell_size(head, width)}{text}", soft_wrap=True)


def print_measures(terminal: Terminal, console: "Console", measures: Sequence[Measure], lexicon: words.Lexicon) -> None:
    """The measures that apply, those that nothing allows marked as not to be executed."""
    if not measures:
        return
    say = terminal.say
    console.print(say("措施", "Measures"), style="bold")
    for measure in measures:
        mark, style = ("●", None) if measure.executable else ("○", "dim")
        since = say(f"自 {measure.since} 起", f"since {measure.since}")
        head = f"{mark} {since}  {lexicon.cites(measure.cites, terminal.language)}  {measure.what or ''}"
        console.print(head.rstrip(), style=style)
        console.print(Padding(_ground(terminal, measure), (0, 0, 0, 4), expand=False), style="dim")
    console.print()


def _ground(terminal: Terminal, measure: Measure) -> str:
    if not measure.executable:
        return terminal.say(
            "不得执行：尚未指明准许采取该措施的法律、行政法规。",
            "may not be applied: no law or administrative regulation that allows it is named.",
        )
    basis = measure.legal_basis or ""
    return terminal.say(f"可以执行，依据：{basis}", f"may be applied; legal ground: {basis}")
