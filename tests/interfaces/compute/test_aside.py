"""Long work in a process beside the server: piece by piece, and whatever becomes of that process."""

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path

from interfaces.compute.aside import Aside


def at_work(folder: Path) -> Callable[[str], None]:
    """What works in the other process: each piece leaves a file behind, but for one at which the process dies."""

    def work(piece: str) -> None:
        if piece == "deadly":
            os._exit(9)
        (folder / piece).write_text(str(os.getpid()))

    return work


def test_work_is_done_in_turn_beside_this_process_and_a_piece_that_kills_it_keeps_nobody_waiting(
    tmp_path: Path,
) -> None:
    pieces = ["first", "deadly", "second", "third"]
    Aside(partial(at_work, tmp_path)).do(lambda: [piece for piece in pieces if not (tmp_path / piece).exists()])
    done = {piece: (tmp_path / piece).read_text() for piece in pieces if piece != "deadly"}
    assert not (tmp_path / "deadly").exists()
    assert done["second"] == done["third"]
    assert str(os.getpid()) not in done.values()
    assert done["first"] != done["second"]


def test_where_nothing_is_to_be_done_no_process_begins() -> None:
    def never() -> Callable[[str], None]:
        raise AssertionError("nothing is to be done")

    Aside(never).do(list)
