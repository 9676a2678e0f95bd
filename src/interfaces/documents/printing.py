"""What sets the papers of one process: its fonts are read when the first paper is asked for, or before."""

from contextlib import suppress
from functools import cached_property
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from domain.errors import CaseError
from domain.sentence import sentence

if TYPE_CHECKING:
    from interfaces.documents.fonts import Fonts
    from interfaces.documents.typesetting import Typesetter

FONTS: Final = "ECODOCKET_FONTS"
"""Where the environment names the folder with the fonts of the bureau."""

ADDRESS: Final = "ECODOCKET_ADDRESS"
"""Where the environment says at which address people reach the pages: it stands on papers, for who verifies them."""

_LONGEST_ADDRESS: Final = 200


class AddressUnusable(CaseError):
    """What was named as the address of the pages is none that can stand on a paper."""

    def __init__(self, address: str) -> None:
        super().__init__("bad_address", sentence("papers.bad_address", address=address[:_LONGEST_ADDRESS]))


class Printing:
    """What sets papers: the fonts of the product with those of the bureau, and the address that stands on papers.

    Safe to share between threads.
    """

    def __init__(self, fonts: str = "", address: str = "") -> None:
        """``fonts`` is the folder of the bureau's fonts, ``address`` that of its pages; empty for none. Raises
        ``AddressUnusable``."""
        self._folder = Path(fonts) if fonts else None
        self._lock = Lock()
        self._reading = Lock()
        self.address = _address(address)

    @cached_property
    def fonts(self) -> "Fonts":
        """The fonts. Raises ``FontFolderUnusable``."""
        from interfaces.documents.fonts import Fonts

        return Fonts(self._folder)

    @cached_property
    def _made(self) -> "Typesetter":
        from interfaces.documents.typesetting import Typesetter

        return Typesetter(self.fonts)

    @property
    def typesetter(self) -> "Typesetter":
        """What sets papers of blocks, one for the whole process. Raises ``FontFolderUnusable``."""
        with self._lock:
            return self._made

    def warm(self) -> None:
        """Read the fonts and the layout now, so that the first paper does not wait for them. Raises
        ``FontFolderUnusable``."""
        self.typesetter.warm()

    def read_ahead(self) -> None:
        """Let them be read, once, while a paper is still being worded; nothing is waited for."""
        # Taken by the first who asks, and never given back.
        if self._reading.acquire(blocking=False):
            Thread(target=self._read, name="fonts", daemon=True).start()

    def _read(self) -> None:
        # Whoever sets the paper is told of a folder without fonts.
        with suppress(CaseError):
            self.warm()


def _address(text: str) -> str:
    address = text.strip().rstrip("/")
    if not address:
        return ""
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not (parts.query or parts.fragment)
    except ValueError:
        usable = False
    if (
        not usable
        or not address.isascii()
        or not address.isprintable()
        or " " in address
        or len(address) > _LONGEST_ADDRESS
    ):
        raise AddressUnusable(address)
    return address
