"""Bytes as text that goes into a URL and comes back whole: the one form of cursors and of basis tokens.

Base64url without padding. What is damaged on the way is not put right: whoever packs adds a seal or a checksum.
"""

import base64
import binascii


def packed(raw: bytes) -> str:
    """The bytes as text."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """The bytes again. Raises ``ValueError`` for text with anything else in it."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("no base64url") from error
