"""What a dry run would change, as it is read on a terminal."""

from application.answering.grading import DeadlineChange, Impact, NextChange, PublicationSide, Side
from application.answering.running_track import Running
from application.recording.advisories import DueImpact
from interfaces.cli.commands.grades import LexiconOf
from interfaces.cli.naming import NamesOf
from interfaces.cli.terminal import Terminal
from interfaces.wording import words
from interfaces.wording.punctuation import by_colon, in_brackets, listed
from interfaces.wording.trials import deadline_moved


def print_impact(terminal: Terminal, impact: object, lexicon: LexiconOf, agencies: NamesOf) -> None:
    """The grade, the deadlines and the results before and after; nothing for a command without such effects.
    ``agencies`` says what agencies are called."""
    if isinstance(impact, DueImpact):
        _print_due(terminal, impact)
    if not isinstance(impact, Impact):
        return
    language, unchanged = terminal.language, []
    for regime, change in impact.regimes.items():
        before, after = (None if side is None else side.running for side in (change.before, change.after))
        if change.before == change.after and not change.employers:
            figures = in_brackets(_figures(after), language) if _figures(after) else ""
            unchanged.append((lexicon(regime).title(language) or regime) + figures)
            continue
        head = terminal.say("trials.under", text=lexicon(regime).title(language) or regime)
        print(f"  {head}{_side(terminal, before)} → {_side(terminal, after)}")
        line = _next(terminal, change.before, change.after)
        if line is not None:
            print(f"    {line}")
        called = agencies(tuple(change.employers))
        for employer, moved in change.employers.items():
            sides = f"{_side(terminal, moved.before)} → {_side(terminal, moved.after)}"
            print(f"  {by_colon(called.get(employer, employer), sides, language)}")
    if unchanged:
        print("  " + terminal.say("trials.unchanged", regimes=listed(unchanged, language)))
    for deadline in impact.deadlines:
        print(f"  {_deadline(terminal, deadline, lexicon)}")
    for publication in impact.publications:
        for line in _tracks(terminal, publication.before, publication.after):
            print(f"  {line}")


def effect_of(terminal: Terminal, text: str, before: Running | None, after: Running | None) -> str:
    """What a command that was recorded has made of the running track of today under a ``text``."""
    was, now = _side(terminal, before), _side(terminal, after)
    head = terminal.say("trials.today", text=text)
    if before == after:
        return head + terminal.say("trials.no_change", now=now)
    return f"{head}{was} → {now}"


def _side(terminal: Terminal, running: Running | None) -> str:
    if running is None:
        return terminal.say("trials.not_registered")
    code = running.undetermined
    why = "" if code is None else words.undetermined(code, terminal.language)
    return " ".join(part for part in (_figures(running), why) if part)


def _figures(running: Running | None) -> str:
    """Score and grade, as far as there are any."""
    parts = () if running is None else (running.score, running.grade)
    return " ".join(str(part) for part in parts if part is not None)


def _next(terminal: Terminal, before: Side | None, after: Side | None) -> str | None:
    """The next change by what would be on record; ``None`` where there is none on either side."""
    was, now = (None if side is None else side.next_change for side in (before, after))
    if was is None and now is None:
        return None
    head = terminal.say("trials.next_change")
    return head + (_change(was) if was == now else f"{_change(was)} → {_change(now)}")


def _change(change: NextChange | None) -> str:
    if change is None:
        return "—"
    return " ".join(str(part) for part in (change.on, change.score, change.grade) if part is not None)


def _deadline(terminal: Terminal, change: DeadlineChange, lexicon: LexiconOf) -> str:
    moved = deadline_moved(change, lexicon(change.regime), terminal.language)
    return terminal.say("trials.deadline") + "  ".join((*moved, change.id))


def _tracks(terminal: Terminal, before: PublicationSide | None, after: PublicationSide) -> list[str]:
    lines = []
    was = {} if before is None else {a.year: a for a in before.annual}
    now = {a.year: a for a in after.annual}
    for year in sorted({*was, *now}):
        if was.get(year) != now.get(year):
            sides = [
                "—"
                if a is None
                else " ".join(x for x in (words.stage(a.stage, terminal.language), a.score, a.grade) if x is not None)
                for a in (was.get(year), now.get(year))
            ]
            lines.append(terminal.say("trials.year", year=year) + f"{sides[0]} → {sides[1]}")
    shown = [None if s is None or s.public is None else s.public for s in (before, after)]
    if shown[0] != shown[1]:
        grades = ["—" if p is None or p.grade is None else p.grade for p in shown]
        lines.append(terminal.say("trials.public_grade") + f"{grades[0]} → {grades[1]}")
    return lines


def _print_due(terminal: Terminal, impact: DueImpact) -> None:
    was, now = impact.due_since_before, impact.due_since_after
    if was == now and now is None:
        return
    head = terminal.say("trials.notice_due")
    print(f"  {head}{was or '—'} → {now or '—'}")
