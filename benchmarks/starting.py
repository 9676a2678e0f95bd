"""What a command costs before and after its answer: the processor time of a whole process, user and system."""

import base64
import os
import resource
import subprocess
import sys
from typing import Final

from benchmarks.figures import Figure, figure, show
from benchmarks.population import AS_OF, REGIME, usual_agencies
from benchmarks.rounds import Median
from benchmarks.stage import MASTER_KEY, Docket, stage
from interfaces.cli.terminal import DID_NOT_HOLD

_KEY: Final = base64.b64encode(MASTER_KEY).decode()
_COMMAND: Final = "from interfaces.command import main; main()"
_EVENTS: Final = 2_000
_ROUNDS: Final = 9


def _questions(subject: str) -> dict[str, tuple[str, ...]]:
    """One question of every kind."""
    day, regime = ("--as-of", str(AS_OF)), ("--regime", REGIME)
    return {
        "grade": ("grade", subject, *regime, *day),
        "timeline": ("timeline", subject),
        "subject": ("subject", subject, *day),
        "subjects": ("subjects", *regime, *day),
        "readings": ("readings", subject, *regime, *day),
        "diff": ("diff", subject, *regime, "--as-of-1", "2024-06-01", "--as-of-2", str(AS_OF)),
        "counterfactuals": ("counterfactuals", subject, *regime, *day, "--target", "C"),
        "deadlines": ("deadlines",),
        "advisories": ("advisories", subject),
        "rulebook": ("rulebook", "list"),
    }


def of_the_command_line(docket: Docket, *, rounds: int) -> list[Figure]:
    """``--help`` and one question of every kind, each beside the libraries that it cannot do without."""
    questions = _questions(usual_agencies(docket.agencies)[0])
    runs = {
        "help": (_COMMAND, "--help"),
        **{name: (_COMMAND, "--database", docket.url, *question) for name, question in questions.items()},
        "typer": ("import typer",),
        "libraries": ("import typer, msgspec, eventsourcing.postgres",),
    }
    seconds = {name: Median() for name in runs}
    for number in range(-1, rounds):
        for name, arguments in runs.items():
            taken = _seconds(*arguments)
            if number >= 0:
                seconds[name].add(taken)
    slowest = max(questions, key=lambda name: seconds[name].value)
    return [
        figure(
            "cli.start",
            seconds["grade"].value,
            "s",
            "processor time of one grade at the command line, beside importing its libraries; to be under 0.4 s",
            floor=seconds["libraries"].value,
        ),
        figure(
            "cli.start.slowest",
            seconds[slowest].value,
            "s",
            f"the same of the question that takes longest, here {slowest}; to be under 0.4 s",
            floor=seconds["libraries"].value,
        ),
        figure(
            "cli.start.help",
            seconds["help"].value,
            "s",
            "processor time of ecodocket --help, beside importing typer; to be under 0.4 s",
            floor=seconds["typer"].value,
        ),
    ]


def _seconds(code: str, *arguments: str) -> float:
    """The processor time of a Python process that runs some code, with modules that are compiled already."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        env=environment | {"ECODOCKET_MASTER_KEY": _KEY},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        check=False,
    )
    if ended.returncode not in (0, DID_NOT_HOLD):
        ended.check_returncode()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure these figures alone."""
    with stage() as server:
        docket = server.journal("journal")
        try:
            docket.grow(_EVENTS)
            show(of_the_command_line(docket, rounds=_ROUNDS), f"load of the machine: {os.getloadavg()[0]:.1f}")
        finally:
            docket.close()


if __name__ == "__main__":
    main()
