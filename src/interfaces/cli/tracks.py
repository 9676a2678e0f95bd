"""The annual and the public track of a grade answer, and the measures, as they are read on a terminal."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.padding import Padding

from application.grading import AnnualStage, GradeAnswer, Measure, PublicGrade
from domain.casefile import CaseFile
from domain.vocabulary import Text
from interfaces import words
from interfaces.cli.terminal import Terminal

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
    # A practitioner is never on the register (art. 23(4)).
    if kind == "agency":
        shown = answer.public
        said = (
            terminal.say("没有公布的等级", "nothing is published")
            if shown is None
            else _shown(terminal, shown, lexicon)
        )
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
    if stage.undetermined is not None:
        result = words.undetermined(stage.undetermined, language)
    elif stage.score is not None or stage.grade is not None:
        result = words.result_words(stage.score, stage.grade, kind, language, lexicon, stage.risk or None).strip()
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


def _shown(terminal: Terminal, public: PublicGrade, lexicon: words.Lexicon) -> str:
    say = terminal.say
    grade = say("无", "none")
    if public.grade is not None:
        grade = words.result_words(None, public.grade, "agency", terminal.language, lexicon, public.risk or None)
    how = words.published(public.year, public.status, "agency", terminal.language, lexicon)
    line = say(f"{grade}  自 {public.since} 起（{how}）", f"{grade}  since {public.since} ({how})")
    if public.outside_scope_since is not None:
        line += say(
            f"；自 {public.outside_scope_since} 起不在评价范围内",
            f"; outside the evaluation since {public.outside_scope_since}",
        )
    return line


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
        return terminal.say("不得执行：未配置法律、行政法规依据。", "not executable: no legal basis is configured.")
    basis = measure.legal_basis or ""
    return terminal.say(f"可以执行，依据：{basis}", f"executable by {basis}")
