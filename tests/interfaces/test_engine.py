"""The name of the code by which grades are computed."""

from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from interfaces.engine import engine

SOURCES = Path(__file__).parents[2] / "src"


def test_the_engine_is_named_by_every_source_that_computes() -> None:
    digest = sha256()
    for package in ("domain", "application"):
        root = SOURCES / package
        files = [f for f in root.rglob("*") if f.suffix in (".py", ".toml", ".lock") and "sample" not in f.parts]
        for file in sorted(files, key=lambda f: f.relative_to(root).parts):
            content = file.read_bytes()
            digest.update(f"{package}/{file.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    assert engine() == f"{version('ecodocket')}+{digest.hexdigest()[:12]}"
