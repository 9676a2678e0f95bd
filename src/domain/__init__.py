"""The law and the case file: events, decisions, grading. Pure: no clock, no file, no framework."""

from typing import Final

DISTRIBUTION: Final = "ecodocket"
"""Whose package this is: a common name that other distributions may give to theirs."""
