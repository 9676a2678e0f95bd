"""``scenario``: playing worked cases and saying what did not hold, with the reasons behind it."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from application.answering.grading import GradeAnswer
from application.scenarios.playing import FailedLine, PlayedCase
from application.scenarios.scenario_file import BadFile, Case, FileFault
from domain.sentence import sentence
from interfaces.cli.commands.recording import read_text
from interfaces.cli.terminal import BAD_INPUT, DID_NOT_HOLD, EndCommand, Terminal
from interfaces.files.scenario_files import load, player
from interfaces.wording import words
from interfaces.wording.scenarios import told
from interfaces.wording.words import Lexicon

_TELL_EVERY = 50


def play(terminal: Terminal, names: Sequence[str], *, as_json: bool) -> None:
    """Play every case of the files (folders: every YAML file below); raise ``Stop`` when one did not hold."""
    cases, is_any_bad = _cases(terminal, names)
    if is_any_bad and not cases:
        raise EndCommand(BAD_INPUT)
    begun = time.perf_counter()
    results = []
    with terminal.progress("scenarios.playing", total=len(cases)) as advanced:
        for number, case in enumerate(cases, start=1):
            results.append(player().play(case))
            if number % _TELL_EVERY == 0:
                advanced(number, None)
    seconds = time.perf_counter() - begun
    failed = [r for r in results if not r.passed]
    passed = len(results) - len(failed)
    if as_json:
        terminal.json({"passed": passed, "failed": len(failed), "cases": [_plain(terminal, r) for r in results]})
    else:
        for result in failed:
            _print(terminal, result)
        each = 1000 * seconds / len(results)
        terminal.note("scenarios.per_case", each=f"{each:.1f}")
        print(f"{passed} passed, {len(failed)} failed")
    if is_any_bad:
        raise EndCommand(BAD_INPUT)
    if failed:
        raise EndCommand(DID_NOT_HOLD)


def _cases(terminal: Terminal, names: Sequence[str]) -> tuple[list[Case], bool]:
    """The cases of all files that have no fault, and whether any has; every file with faults is told of."""
    cases: list[Case] = []
    bad: list[BadFile] = []
    for name in _files(names, bad):
        try:
            cases += load(read_text(name), name)
        except BadFile as error:
            bad.append(error)
    for faulty in bad:
        terminal.refuse(faulty)
        cases += faulty.cases
    return cases, bool(bad)


def _files(names: Sequence[str], bad: list[BadFile]) -> list[str]:
    found: list[str] = []
    for name in names:
        if not Path(name).is_dir():
            found.append(name)
            continue
        below = sorted(str(p) for p in Path(name).rglob("*") if p.suffix.lower() in (".yaml", ".yml"))
        if not below:
            bad.append(BadFile(name, [FileFault(1, 1, "", sentence("scenarios.no_file"))]))
        found += below
    return found


def _print(terminal: Terminal, result: PlayedCase) -> None:
    print(f"✗ {result.case}  {result.source}:{result.line}")
    for failure in result.failures:
        print(f"  {_where(terminal, result, failure)}: {told(failure, terminal.language)}")
        for what, expected, found in failure.differences:
            wanted = terminal.say("scenarios.expected_found", expected=expected, found=found)
            print(f"    {what}: {wanted}")
        if failure.answer is not None:
            _print_steps(terminal, failure.answer, Lexicon(failure.editions))


def _where(terminal: Terminal, result: PlayedCase, failure: FailedLine) -> str:
    """The line of the file, with its path where it is another one than the case's."""
    if failure.file is None:
        return terminal.say("cli.line", line=failure.line)
    return ":".join([_path(result, failure), *([] if failure.line is None else [str(failure.line)])])


def _path(result: PlayedCase, failure: FailedLine) -> str:
    return result.source if failure.file is None else str(Path(result.source).parent / failure.file)


def _print_steps(terminal: Terminal, answer: GradeAnswer, lexicon: Lexicon) -> None:
    kind, language = answer.subject.kind, terminal.language
    for step in answer.steps:
        name = step.fact or "+".join(step.sources)
        score = "" if step.score is None else f" → {step.score}"
        print(f"    {'●' if step.counted else '○'} {name}{score}: {words.because(step, kind, language, lexicon)}")


def _plain(terminal: Terminal, result: PlayedCase) -> dict[str, Any]:
    return {
        "case": result.case,
        "file": result.source,
        "document": result.document,
        "line": result.line,
        "passed": result.passed,
        "failures": [_plain_failure(terminal, result, f) for f in result.failures],
    }


def _plain_failure(terminal: Terminal, result: PlayedCase, failure: FailedLine) -> dict[str, Any]:
    return {
        "file": _path(result, failure),
        "line": failure.line,
        "message": told(failure, terminal.language),
        "subject": failure.subject,
        "as_of": failure.as_of,
        "differences": [{"key": d.what, "expected": d.expected, "found": d.found} for d in failure.differences],
        "steps": [] if failure.answer is None else failure.answer.steps,
    }
