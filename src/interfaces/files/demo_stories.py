"""The stories of the demo, read from the scenario files that travel with the product."""

from functools import cache
from pathlib import Path

from application.demo.stories import Stories
from interfaces.files.scenario_files import load


@cache
def demo_stories() -> Stories:
    """The stories of every file, in the order of the names of the files. Raises ``BadFile`` when one has faults."""
    folder = _folder()
    paths = sorted(folder.glob("*.yaml"))
    return Stories([case for path in paths for case in load(path.read_text("utf-8"), str(path))])


def _folder() -> Path:
    """In a wheel beside this module, in a working copy at its root."""
    here = Path(__file__).resolve()
    packaged = here.parent / "demo"
    return packaged if packaged.is_dir() else here.parents[3] / "scenarios" / "demo"
