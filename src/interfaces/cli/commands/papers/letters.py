"""``letter``: letters from the draft to the service, in the journal that is open here or at a server."""

from collections.abc import Mapping
from typing import Any, cast, get_args

from application.papers.letters.reading import FileFormat
from application.principal import Principal
from domain.errors import FieldProblem, Invalid
from domain.sentence import sentence
from domain.vocabulary import Text
from interfaces.cli import arguments as given
from interfaces.cli.commands.papers.letter_desks import ReadLetter, letter_desk
from interfaces.cli.papers import write_paper
from interfaces.cli.terminal import Terminal
from interfaces.wording.letters import passed_last_day


def show_all(terminal: Terminal, subject: str, *, as_json: bool) -> None:
    """The letters of a file, and those that are due. Raises ``NotFound``."""
    with letter_desk(terminal) as desk:
        found = desk.letters(subject)
    if as_json:
        terminal.json(found)
        return
    for line in found["letters"]:
        print(_line(terminal, line))
    for due in found["due"]:
        print("○ " + terminal.say("letters.cli.due", letter=_kind(terminal, due["kind"]), record=due["concerns"]))
    if not found["letters"] and not found["due"]:
        print(terminal.say("letters.cli.none"))


def draft(terminal: Terminal, asked: Mapping[str, Any], by: Principal, *, dry_run: bool, as_json: bool) -> None:
    """Draft a letter, under the regime of the file where none is named. Raises ``Invalid`` for bad fields."""
    with letter_desk(terminal, by) as desk:
        regime = asked["regime"] or desk.regime_of(asked["subject"])
        desk.record({"do": "draft_letter", **asked, "regime": regime}, dry_run=dry_run, as_json=as_json)


def record(terminal: Terminal, asked: Mapping[str, Any], by: Principal, *, dry_run: bool, as_json: bool) -> None:
    """Record one command about a letter. Raises ``Invalid`` for bad fields."""
    with letter_desk(terminal, by) as desk:
        desk.record(_said(asked), dry_run=dry_run, as_json=as_json)


def show(terminal: Terminal, letter: str, *, dated_on: str | None, as_json: bool) -> None:
    """One letter with what it says. Raises ``NotFound``."""
    day = given.day_given("/dated_on", dated_on)
    with letter_desk(terminal) as desk:
        found = desk.letter(letter, day)
    if as_json:
        terminal.json(found.told)
    else:
        _print(terminal, found)


def _print(terminal: Terminal, found: ReadLetter) -> None:
    told, text = found
    print(_line(terminal, told["line"]))
    if told["trouble"] is not None:
        print("  " + terminal.text(Text(told["trouble"]["zh"], told["trouble"]["en"])))
    if text is None:
        return
    for part in (text.bureau, text.number, text.title, text.addressee, text.code, *text.body, text.dated, text.copies):
        if part:
            print(f"    {part}")
    passed_on = passed_last_day(told)
    if passed_on is not None:
        print("  ! " + terminal.say("letters.last_day.passed", day=passed_on))
    print("  " + terminal.say("letters.cli.digest", digest=told["digest"] or ""))


def write(terminal: Terminal, letter: str, *, file_format: str, dated_on: str | None, output: str) -> None:
    """Write a letter into a file: as it was sent, or a draft as it would be. Raises as ``Letters.sent`` does."""
    if file_format not in get_args(FileFormat):
        says = sentence("letters.cli.unknown_format")
        raise Invalid((FieldProblem("/format", "bad_value", says),))
    day = given.day_given("/dated_on", dated_on)
    with letter_desk(terminal) as desk:
        content = desk.file(letter, cast("FileFormat", file_format), day)
    write_paper(terminal, content, output)


def issue(
    terminal: Terminal, letter: str, by: Principal, *, dated_on: str | None, dry_run: bool, as_json: bool
) -> None:
    """Issue a letter as it reads now. Raises whatever refuses it."""
    day = given.day_given("/dated_on", dated_on)
    with letter_desk(terminal, by) as desk:
        told = desk.letter(letter, day).told
        # Of a letter that was issued the day is its own: asked for without another one it is the same again.
        on = told["dated_on"] if day is None else day.isoformat()
        asked = {"do": "issue_letter", "letter": letter, "dated_on": on, "digest": told["digest"]}
        desk.record(_said(asked), dry_run=dry_run, as_json=as_json)
        if not dry_run and not as_json and (line := desk.letter(letter).told["line"])["number"]:
            print(_line(terminal, line))


def office(terminal: Terminal, bureau: str, asked: Mapping[str, str | None], by: Principal, *, as_json: bool) -> None:
    """What a bureau keeps for its letters; where a name is given it is set. Raises ``Invalid``."""
    with letter_desk(terminal, by) as desk:
        if asked["name"] is not None:
            setting = _said({"do": "set_letterhead", "bureau": bureau, **asked})
            desk.record(setting, dry_run=False, as_json=as_json)
            return
        found = desk.office(bureau)
    if as_json:
        terminal.json(found)
        return
    print(f"{found['name'] or bureau}  {found['word'] or ''}".rstrip())
    for line in found["series"]:
        print(f"  {terminal.name('letters.series', line['series'])}  {line['next'] or '—'}")
    for one in found["templates"]:
        print(f"  {'●' if one['in_use'] else '○'} {_kind(terminal, one['kind'])}  {one['name']}  {one['digest'][:16]}")


def _said(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked for, without what was not said."""
    return {name: value for name, value in asked.items() if value is not None}


def _kind(terminal: Terminal, kind: str) -> str:
    return terminal.name("letters.kind", kind)


def _line(terminal: Terminal, line: Mapping[str, Any]) -> str:
    parts = (
        line["number"] or "",
        _kind(terminal, line["kind"]),
        terminal.name("letters.state", line["state"]),
        line["dated_on"] or "",
        terminal.say("letters.cli.last_day", day=line["due_on"]) if line["due_on"] else "",
        terminal.say("letters.cli.served", day=line["served_on"]) if line["served_on"] else "",
        line["letter"],
    )
    return " · ".join(part for part in parts if part)
