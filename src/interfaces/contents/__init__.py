"""The store of contents in a folder, or in any store that speaks S3."""

from typing import Final

EVIDENCE: Final = "ECODOCKET_EVIDENCE"
"""The environment variable that names the store: a folder, or ``s3://bucket/prefix``."""
