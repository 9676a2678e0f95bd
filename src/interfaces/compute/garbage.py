"""How often a process of the product looks for garbage."""

import gc

_ALLOCATIONS = 200_000
"""After how many objects: what is imported and what is read is none, and looking takes a seventh of a question."""


def look_rarely() -> None:
    """Have this process look for garbage as rarely as every process of the product does."""
    gc.set_threshold(_ALLOCATIONS)
