"""How a long work tells how far it is."""

from collections.abc import Callable

Progress = Callable[[int], None]
"""Told how many events, files or subjects are done so far, now and then and at the end."""
