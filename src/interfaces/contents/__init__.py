"""The store of contents in a folder, or in any store that speaks S3; what files are, and what their pages look like."""

from collections.abc import Mapping
from typing import Final

from application.papers.contents import StoreUnavailable
from domain.sentence import sentence

EVIDENCE: Final = "ECODOCKET_EVIDENCE"
"""The environment variable that names the store: a folder, or ``s3://bucket/prefix``."""

MOST: Final = "ECODOCKET_EVIDENCE_MOST_MIB"
"""The environment variable that says how many MiB a piece of evidence may have."""

_HIGHEST: Final = 10_240


def most_bytes(environment: Mapping[str, str]) -> int | None:
    """How many bytes a piece may have, where that is set. Raises ``StoreUnavailable`` for what is no number of MiB."""
    named = environment.get(MOST, "").strip()
    if not named:
        return None
    if not (named.isascii() and named.isdigit() and 0 < int(named[:9]) <= _HIGHEST):
        raise StoreUnavailable(
            "bad_evidence_limit", sentence("contents.bad_limit", variable=MOST, named=named[:40], most=_HIGHEST)
        )
    return int(named) << 20
