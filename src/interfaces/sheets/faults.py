"""What is wrong with a file, by the cell where that is known."""

from domain.errors import FieldProblem, Invalid
from domain.sentence import Sentence


def bad_file(says: Sentence, at: str = "") -> Invalid:
    """The refusal of a file: ``says`` tells why, ``at`` is the cell (``H5``), empty for the file as a whole."""
    return Invalid((FieldProblem(f"/{at}" if at else "", says.code.rpartition(".")[2], says),))
