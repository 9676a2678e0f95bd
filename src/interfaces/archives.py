"""Archives from outside: what reading a damaged one raises."""

import lzma
import zipfile
import zlib
from typing import Final

DAMAGED: Final = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    OSError,
    ValueError,
)
"""What the library raises for an archive that is cut off, altered, or packed in a way that it does not know. Two of the
ways of packing have errors of their own. For an entry with a password it raises ``RuntimeError``."""
