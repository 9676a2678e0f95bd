"""Editions: any text is sound or named with every fault; whatever is found sound, cases can be played on."""

import datetime as dt
import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from application.scenarios.playing import Player
from domain.law.parse import parse_edition
from interfaces.cli.commands.law import rulebooks
from interfaces.files.scenario_files import bench, load
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.wording.texts import Language
from tests.fuzz.command_line import asked
from tests.fuzz.mutations import Trees, texts
from tests.fuzz.running import Door

SCENARIOS = Path(__file__).parents[2] / "scenarios"
PLAYED = 3
"""So many cases of its regime are played on a sound edition."""


def door() -> Door:
    """The shipped editions changed as bytes and as trees, then linted, compared, and played on when they are sound."""
    folder = Path(os.environ["TMPDIR"])
    for beside in SCENARIOS.rglob("*.toml"):
        shutil.copy(beside, folder)
    shipped = [(s.edition, s.text) for s in shipped_editions()]
    ids = [edition.id for edition, _ in shipped]
    originals = [text for _, text in shipped] + [p.read_text("utf-8") for p in sorted(SCENARIOS.rglob("*.toml"))]
    trees = Trees([tomllib.loads(text, parse_float=Decimal) for text in originals])
    changed = texts([text.encode() for text in originals]) | trees.changed().map(written)
    cases = [
        case
        for file in sorted(SCENARIOS.rglob("*.yaml"))
        for case in load(file.read_text("utf-8"), str(file))
        if case.regime in {edition.regime for edition, _ in shipped}
    ]
    calendars = shipped_calendars()
    file = folder / "changed.toml"

    def check(case: tuple[bytes, Language, str | None, list[int]]) -> None:
        text, language, other, played = case
        file.write_bytes(text)
        said = asked(lambda terminal: rulebooks.check(terminal, str(file), as_json=False), language)
        if said.status == 0:
            edition = parse_edition(text.decode("utf-8-sig"), "changed.toml")
            kept = [(e, t) for e, t in shipped if e.id != edition.id]
            on = Player([*kept, (edition, text.decode("utf-8-sig"))], calendars, bench)
            own = [c for c in cases if c.regime == edition.regime]
            for number in played if own else ():
                on.play(own[number % len(own)])
        else:
            assert re.search(r"changed\.toml(:\d+)? ?", said.err), said
        if other is not None:
            asked(lambda terminal: rulebooks.compare(terminal, other, str(file), as_json=False), language)

    numbers = st.lists(st.integers(0, 10_000), min_size=PLAYED, max_size=PLAYED)
    return Door(st.tuples(changed, st.sampled_from(("zh", "en")), st.none() | st.sampled_from(ids), numbers), check)


def written(tree: Mapping[str, Any]) -> bytes:
    """A tree as TOML, every table within one line; what TOML has no way to write is left out."""
    lines = (f"{_key(k)} = {_value(v)}\n" for k, v in tree.items() if v is not None)
    return "".join(lines).encode("utf-8", "replace")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items() if v is not None) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(v) for v in value if v is not None) + "]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _text(key)


def _text(text: str) -> str:
    def shown(c: str) -> str:
        return "\\" + c if c in '"\\' else c if c.isprintable() else f"\\u{ord(c) & 0xFFFF:04x}"

    return '"' + "".join(map(shown, text)) + '"'
