"""``serve`` and ``demo``: the server, and what to ask it."""

import contextlib
import ipaddress
import shlex
import shutil
import socket
import sys
from pathlib import Path

from application.deadlines.worklist import WorklistQuestion
from application.demo.desk import ENDS_ON
from application.demo.stories import Stories, Story
from domain.sentence import sentence
from domain.time import legal_day
from domain.vocabulary import Text
from interfaces.cli.commands.deadlines import catch_up
from interfaces.cli.house import Binding, Demo, NotAvailable, Settings
from interfaces.cli.terminal import Terminal, reason_of
from interfaces.files.demo_stories import demo_stories

FIRST_PORT = 8765
"""Where the demo serves, unless somebody else does."""

DEMO_REGION = "150000"
"""The region of the demo, all its leagues and cities."""

_PORTS_TRIED = 100
_TOP_PORT = 65535


def serve(terminal: Terminal, binding: Binding) -> None:
    """Serve until interrupted. Raises ``NotAvailable`` for an address that cannot be had or may not be, and for a port
    in use."""
    check_address(binding.host, binding.port)

    def announce(first: str | None) -> None:
        print(terminal.say("serving.ctrl_c"))
        _say_where(terminal, binding)
        if first is not None:
            print(terminal.say("serving.no_accounts", link=f"{binding.root}/sign-in#{first}"), flush=True)

    terminal.house.serve(terminal.settings, binding, announce)


def demo(terminal: Terminal, *, port: int | None, build_only: bool) -> None:
    """Build the sample region when it is not there, say what to ask, and serve it.

    Without ``port`` the first free one is taken, so that demos of two clones run side by side.
    """
    if port is not None and not build_only:
        check_address("127.0.0.1", port)
    with terminal.progress("serving.building_sample_region") as told:
        built = terminal.house.build_demo(terminal.settings, told)
    settings = terminal.settings if built.data is None else Settings(data=built.data)
    due = _next_due(terminal, settings)
    _introduce(terminal, built, due)
    if build_only:
        return
    binding = Binding("127.0.0.1", free_port() if port is None else port, is_demo=True)
    root = f"{binding.root}/api/v1"
    _say_where(terminal, binding)
    print(terminal.say("serving.demo_accounts", page=f"{binding.root}/sign-in"))
    example = demo_stories().example
    page = f"{binding.root}/cases/{example.subject}?as_of={example.asked[0].as_of}"
    print(terminal.say("serving.the_case", page=page))
    print(terminal.say("serving.worklist") + f"{root}/deadlines?region={DEMO_REGION}&as_of={ENDS_ON}")
    if due is not None:
        print(terminal.say("serving.one_proof") + f"{root}/deadlines/{due}?as_of={ENDS_ON}")
    print(
        terminal.say("serving.ctrl_c_and_ask"),
        flush=True,
    )
    terminal.house.serve(settings, binding, lambda _: None)


def check_address(host: str, port: int) -> None:
    """Raise ``NotAvailable`` unless the address is one of numbers or ``localhost``, and its port free."""
    try:
        _ = host == "localhost" or ipaddress.ip_address(host)
    except ValueError:
        raise NotAvailable("bad_address", sentence("serving.bad_address", host=host)) from None
    if not 0 < port <= _TOP_PORT:
        raise NotAvailable("bad_port", sentence("serving.bad_port", port=port))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise NotAvailable(
                "port_in_use",
                sentence("serving.port_unusable", port=port, reason=Text(reason_of(error).zh, str(error.strerror))),
            ) from error


def free_port() -> int:
    """The first port from ``FIRST_PORT`` on that can be had. Raises ``NotAvailable`` when a hundred are taken."""
    for port in range(FIRST_PORT, FIRST_PORT + _PORTS_TRIED):
        with contextlib.suppress(NotAvailable):
            check_address("127.0.0.1", port)
            return port
    raise NotAvailable(
        "port_in_use",
        sentence("serving.no_free_port", first=FIRST_PORT),
    )


def _near(path: Path) -> str:
    """A path as it is typed from here: relative where it lies below, the bare name of a command on the search path."""
    if shutil.which(path.name) == str(path.absolute()):
        return path.name
    with contextlib.suppress(ValueError):
        path = path.absolute().relative_to(Path.cwd())
    return shlex.quote(str(path))


def _say_where(terminal: Terminal, binding: Binding) -> None:
    print(terminal.say("serving.opens_at", page=binding.root))
    print(terminal.say("serving.explained_at", root=f"{binding.root}/api/v1"), flush=True)


def _next_due(terminal: Terminal, settings: Settings) -> str | None:
    """The id of a deadline of the region that is still to be met; ``None`` when nothing is left to do.

    An application for repair where there is one: its twenty working days show the calendar at work.
    """
    with terminal.house.open(settings) as product:
        catch_up(terminal, product)
        for kind in ("repair_decision", None):
            question = WorklistQuestion(region=DEMO_REGION, kind=kind, as_of=ENDS_ON, limit=1)
            for line in product.worklist.page(question).lines:
                return line.id
    return None


def _introduce(terminal: Terminal, built: Demo, due: str | None) -> None:
    say = terminal.say
    state = say("serving.built") if built.built else say("serving.already_there")
    print(
        say(
            "serving.sample_region",
            state=state,
            events=built.events,
            place=built.place,
        )
    )
    prefix = _near(Path(sys.argv[0])) + ("" if built.data is None else f" --data {_near(built.data)}")
    stories = demo_stories()
    example = stories.example
    print("\n" + terminal.text(example.pointer))
    for asked in example.asked[:2]:
        known = "" if asked.known_at is None else f" --known-at {legal_day(asked.known_at)}"
        print(f"  {prefix} grade {example.subject} --as-of {asked.as_of}{known}")
    print(f"  {prefix} timeline {example.subject}")
    print("\n" + say("serving.about_deadlines"))
    print(f"  {prefix} deadlines --region {DEMO_REGION} --as-of {ENDS_ON}")
    if due is not None:
        print(f"  {prefix} deadline {due} --as-of {ENDS_ON}")
    _introduce_everybody(terminal, prefix, example)
    _introduce_regimes(terminal, prefix, stories)
    print("\n" + say("serving.other_cases"))
    for story in stories.stories:
        if story is not example:
            print(f"  {story.subject}  {terminal.text(story.title)}")
    print(flush=True)


def _introduce_everybody(terminal: Terminal, prefix: str, example: Story) -> None:
    """What is asked about all subjects at once."""
    regime, day = example.regime, example.asked[0].as_of
    question = f"--regime {regime} --grade D --as-of {day} --known-at {day}"
    text = terminal.say("serving.about_everybody")
    print(f"\n{text}\n  {prefix} subjects {question}")
    print(f"  {prefix} rehearse --regime {regime} --reading I-04:own_year --as-of {ENDS_ON}")


def _introduce_regimes(terminal: Terminal, prefix: str, stories: Stories) -> None:
    """One command for each of the other regimes, and one that shows several of them side by side."""
    print("\n" + terminal.say("serving.other_regimes"))
    commands = {
        "grade": "grade {story.subject} --regime {story.regime} --as-of {story.show_on}",
        "subject": "subject {story.subject} --as-of {story.show_on}",
    }
    # One of each first, then what several regimes say of one subject.
    shown = [s for show in commands for s in stories.stories if s.show == show]
    for story in shown:
        print(terminal.text(story.title))
        print(f"  {prefix} {commands[str(story.show)].format(story=story)}")
