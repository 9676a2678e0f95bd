"""``do``: recording the commands of a file."""

import datetime as dt
import getpass
import sys
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from application.access.decisions import PendingDecision
from application.principal import Principal
from application.recording.commands import Command, command_from
from application.recording.importing import Answer
from application.recording.notices import Notice
from application.recording.outcomes import Outcome
from application.scenarios.scenario_file import BadFile, FileFault
from application.wording import in_both_languages
from domain.errors import CaseError, Invalid
from domain.law.parse import RulebookError
from domain.sentence import sentence
from domain.vocabulary import Text
from interfaces.cli.commands.grades import LexiconOf, lexicons_of
from interfaces.cli.house import NotAvailable, Product
from interfaces.cli.naming import NamesOf, command_called, names_of, recorded_in
from interfaces.cli.terminal import BAD_INPUT, DID_NOT_HOLD, EndCommand, Terminal, reason_of, status_of
from interfaces.cli.trials import effect_of, print_impact
from interfaces.files.yaml_text import documents
from interfaces.wording.punctuation import in_brackets

_MANY = 200

MOST_BYTES: Final = 64 * 1024 * 1024
"""Largest file that is read whole."""


class Sourced(NamedTuple):
    """A command, the line of the file on which it stands, if any, and the ``file`` of the edition that it gives."""

    command: Command
    line: int | None = None
    file: str | None = None


def read_commands(file: str) -> list[Sourced]:
    """The commands of a file (``-`` is standard input): documents of one command each, or lists of them.

    Raises ``BadFile`` with every fault of every command, so that nothing is recorded of a file with faults.
    """
    source = "stdin" if file == "-" else file
    text = read_text(file)
    commands: list[Sourced] = []
    faults: list[FileFault] = []
    for document in documents(text, source):
        found = document.value if isinstance(document.value, list) else [document.value]
        for number, raw in enumerate(found):
            at = f"/{number}" if isinstance(document.value, list) else ""
            if raw is None and not at:
                continue
            try:
                commands.append(Sourced(command_from(raw), document.line_of(at)))
            except Invalid as invalid:
                faults += [
                    FileFault(document.number, document.line_of(at + p.pointer), at + p.pointer, p.says)
                    for p in invalid.problems
                ]
    if not commands and not faults:
        faults = [FileFault(1, 1, "", sentence("recording.no_command"))]
    if faults:
        raise BadFile(source, faults)
    return commands


def read_text(file: str) -> str:
    """The text of a file in UTF-8, ``-`` for standard input. Raises ``NotAvailable``, or ``BadFile``."""
    try:
        if file == "-":
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(file).open("rb") as opened:
                # Looked at before it is read: what is too large is not taken into the memory.
                data = opened.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            most = MOST_BYTES // 1024 // 1024
            says = sentence("recording.too_large", most=most)
            raise BadFile(file, [FileFault(1, 1, "", says)])
        return data.decode("utf-8-sig")
    except OSError as error:
        raise NotAvailable("file_unusable", sentence("cli.file_unusable", file=file, reason=reason_of(error))) from None
    except UnicodeDecodeError:
        raise BadFile(file, [FileFault(1, 1, "", sentence("recording.no_text"))]) from None


def account() -> str:
    """Who acts unless the caller says so: the account of the operating system."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "cli"


LOCAL_APPROVER: Final = "local-approver"
"""Who signs on one's own folder what needs a second person, unless the caller says so."""


def principal(actor: str | None, **said: Any) -> Principal:
    """Who acts: the one the caller named, or the account, with what is ``said`` of them by the fields of a principal;
    and who signs what needs a second person."""
    by = Principal(actor or account(), **said)
    local = None if by.name == LOCAL_APPROVER else LOCAL_APPROVER
    return by._replace(countersigned_by=by.countersigned_by or local)


def signer(actor: str | None, **said: Any) -> Principal:
    """Who signs or returns what waits: the one the caller named, or whoever signs on one's own folder, with what is
    ``said`` of them."""
    return Principal(actor or LOCAL_APPROVER, **said)


def tell_signatures(terminal: Terminal, product: Product, by: Principal, since: int) -> None:
    """Say by whom was signed what needed a second person, of everything recorded after a position."""
    signed = len(product.journal.pending(after=since))
    if signed:
        terminal.note("recording.countersigned", n=signed, by=by.name, second=by.countersigned_by or "")


def do(
    terminal: Terminal,
    product: Product,
    commands: Sequence[Sourced],
    *,
    by: Principal,
    dry_run: bool,
    key_prefix: str | None,
    as_json: bool,
) -> None:
    """Record the commands in order, with a line for each; stop at the first that is refused."""
    answers: list[Answer] = []
    lexicon, agencies = lexicons_of(product), partial(names_of, product, kind="agency")
    is_told_each = not as_json and len(commands) <= _MANY
    since = head = product.journal.head().position
    with terminal.progress("recording.recording", total=len(commands)) as told:
        for number, answer in enumerate(
            _answers(product, [c.command for c in commands], by, key_prefix, dry_run=dry_run), start=1
        ):
            answers.append(answer)
            if is_told_each or (not as_json and isinstance(answer, CaseError)):
                effects = _effects(terminal, product, answer, head, lexicon) if is_told_each else []
                _print(terminal, commands[number - 1], answer, lexicon, agencies, effects)
            if isinstance(answer, Outcome):
                head = max(head, answer.position)
            told(number, None)
    tell_signatures(terminal, product, by, since)
    failed = next((a for a in answers if isinstance(a, CaseError)), None)
    if as_json:
        terminal.json([_plain(a) for a in answers])
    recorded = sum(isinstance(a, Outcome) and a.status == "recorded" for a in answers)
    _conclude(terminal, failed, recorded, len(commands), dry_run=dry_run)


def _answers(
    product: Product, commands: Sequence[Command], by: Principal, key_prefix: str | None, *, dry_run: bool
) -> Iterable[Answer]:
    if dry_run and len(commands) > 1:
        # Later commands may build on earlier ones, which a trial of each alone would not know.
        yield from product.importing.record_many(commands, by=by, dry_run=True)
        return
    for number, command in enumerate(commands, start=1):
        key = None if key_prefix is None else f"{key_prefix}:{number}"
        try:
            found = product.signing.submit(command, by=by, key=key, dry_run=dry_run)
        except CaseError as error:
            yield error
            return
        if isinstance(found, PendingDecision):
            raise AssertionError("whoever has no role records at once")
        yield found


def _conclude(terminal: Terminal, failed: CaseError | None, recorded: int, total: int, *, dry_run: bool) -> None:
    if failed is None:
        if dry_run:
            terminal.note("recording.tried_nothing_recorded", total=total)
        else:
            terminal.note("recording.recorded_of_total", recorded=recorded, total=total)
        return
    if not dry_run:
        terminal.error(
            "recording.stopped",
            recorded=recorded,
            total=total,
        )
    raise EndCommand(DID_NOT_HOLD if status_of(failed) == DID_NOT_HOLD else BAD_INPUT)


def _effects(terminal: Terminal, product: Product, answer: Answer, since: int, lexicon: LexiconOf) -> list[str]:
    """What a command has made of the grade, where it has just been recorded: ``since`` is where the journal ended
    before. A repeated answer and what concerns no file have none."""
    if not isinstance(answer, Outcome) or answer.status != "recorded" or answer.position <= since:
        return []
    found = product.grading.effect(answer.subject, since, answer.position)
    return [effect_of(terminal, lexicon(r).title(terminal.language) or r, *sides) for r, sides in found.items()]


def _print(
    terminal: Terminal,
    sourced: Sourced,
    answer: Answer,
    lexicon: LexiconOf,
    agencies: NamesOf,
    effects: Sequence[str],
) -> None:
    """``effects`` are added to the line of a command that was recorded."""
    command = sourced.command
    name = command_called(str(command.__struct_config__.tag), terminal.language)
    if isinstance(answer, CaseError):
        print(f"✗ {name}", flush=True)
        if isinstance(answer, RulebookError) and sourced.file is not None:
            terminal.refuse(RulebookError(sourced.file, answer.problems))
        else:
            terminal.refuse(answer)
        return
    status = {
        "recorded": terminal.say("recording.recorded"),
        "already_so": terminal.say("recording.already_so"),
        "dry_run": terminal.say("recording.would_be_recorded"),
    }[answer.status]
    parts = [f"✓ {name}"]
    if sourced.line is not None:
        parts.append(terminal.say("cli.line", line=sourced.line))
    parts += [status, recorded_in(answer.subject, terminal.language)]
    paper = getattr(command, "document", None)
    if isinstance(paper, str):
        parts.append(terminal.say("recording.paper") + f" {paper}")
    effective_on = _begins_on(command)
    if effective_on is not None:
        parts.append(terminal.say("recording.dated", effective_on=effective_on))
    if answer.id is not None:
        parts.append(terminal.say("recording.id") + f" {answer.id}")
    parts.append(terminal.say("recording.version") + f" {answer.version}")
    if answer.status == "recorded":
        parts.append(terminal.say("recording.position") + f" {answer.position}")
    parts += effects
    print(" · ".join(parts), flush=True)
    print_notices(terminal, answer.notices, lexicon)
    for warning in answer.warnings:
        print(f"  ! {warning.pointer} {terminal.text(Text(warning.zh, warning.en))}")
    print_impact(terminal, answer.impact, lexicon, agencies)


_DATES: Final = ("decided_on", "dated_on", "confirmed_on", "filed_on", "from_on", "in_force_on", "issued_on")


def _begins_on(command: Command) -> dt.date | None:
    """The day of the paper behind a command, as far as it names one."""
    return next((day for name in _DATES if isinstance(day := getattr(command, name, None), dt.date)), None)


def print_notices(terminal: Terminal, notices: Sequence[Notice], lexicon: LexiconOf) -> None:
    """What the writer should know beside the answer, with its articles."""
    for notice in notices:
        found = lexicon(notice.regime or "").cites(notice.cites, terminal.language)
        print(
            f"  ! {terminal.text(Text(notice.zh, notice.en))}{in_brackets(found, terminal.language) if found else ''}"
        )


def _plain(answer: Answer) -> Any:
    if isinstance(answer, Outcome):
        return answer
    cites = getattr(answer, "cites", ())
    return {"status": "refused", "code": answer.code, **in_both_languages(answer.says), "cites": cites}
