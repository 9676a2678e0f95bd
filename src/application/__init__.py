"""The use cases over a journal, a clock and a vault given to them."""

from typing import Final

DISTRIBUTION: Final = "ecodocket"
"""Whose package this is: a common name that other distributions may give to theirs."""
