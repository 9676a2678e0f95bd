"""Scenario files: any text is played, or refused with its place."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
from hypothesis import strategies as st

from interfaces.cli.commands.scenarios import play
from interfaces.files.yaml_text import documents
from interfaces.wording.texts import Language
from tests.fuzz.command_line import asked
from tests.fuzz.mutations import Trees, texts
from tests.fuzz.running import Door

SHIPPED = Path(__file__).parents[2] / "scenarios"
_ENCODE = msgspec.json.Encoder(decimal_format="number").encode
_SEPARATOR = re.compile(r"^---$", re.MULTILINE)


def door() -> Door:
    """Cases of the shipped files, and whole small files, changed as bytes and as trees, then played."""
    folder = Path(os.environ["TMPDIR"])
    for beside in SHIPPED.rglob("*.toml"):
        shutil.copy(beside, folder)
    whole = [p.read_text("utf-8") for p in sorted(SHIPPED.rglob("*.yaml"))]
    single = [case for text in whole for case in _SEPARATOR.split(text)]
    trees = Trees([d.value for text in whole for d in documents(text, "shipped") if isinstance(d.value, dict)])
    tree = trees.changed().map(written)
    # Bytes are mostly refused by the reader, trees are mostly played.
    changed = st.one_of(tree, tree, tree, texts([c.encode() for c in single]), texts([t.encode() for t in whole]))
    options = st.sampled_from((("zh", False), ("en", False), ("zh", True)))
    file = folder / "case.yaml"

    def check(case: tuple[bytes, tuple[Language, bool]]) -> None:
        text, (language, as_json) = case
        file.write_bytes(text)
        said = asked(lambda terminal: play(terminal, [str(file)], as_json=as_json), language)
        if said.status == 2:
            assert re.search(re.escape(str(file)) + r":\d+", said.err), said
        elif said.status == 1 and not as_json:
            assert re.search(r"^✗ .*:\d+$", said.out, re.MULTILINE), said
            assert re.search(r"^  (第 \d+ 行|line \d+): .", said.out, re.MULTILINE), said

    return Door(st.tuples(changed, options), check)


def written(tree: Any) -> bytes:
    """A tree as JSON, which is YAML; what cannot be encoded stands there as an escape."""
    try:
        return msgspec.json.format(_ENCODE(tree), indent=1)
    except UnicodeEncodeError:
        return msgspec.json.format(_ENCODE(_marked(tree)), indent=1).replace(b"<surrogate>", b"\\ud800")


def _marked(tree: Any) -> Any:
    if isinstance(tree, str):
        return tree.replace("\ud800", "<surrogate>")
    if isinstance(tree, dict):
        return {_marked(k): _marked(v) for k, v in tree.items()}
    return [_marked(v) for v in tree] if isinstance(tree, list) else tree
