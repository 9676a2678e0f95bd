"""Why a paper cannot be set."""

from pathlib import Path

from domain.errors import CaseError
from domain.sentence import sentence


class CharacterMissing(CaseError):
    """No font has a character of the paper. ``character`` is it, ``field`` the pointer to where it stands, ``place``
    the same for a reader of the paper."""

    def __init__(self, character: str, field: str, place: str, text: str) -> None:
        super().__init__(
            "character_missing",
            sentence(
                "papers.character_missing",
                character=character,
                codepoint=" ".join(f"U+{ord(each):04X}" for each in character),
                place=place,
                text=text,
            ),
        )
        self.character = character
        self.field = field
        self.place = place


class FontFolderUnusable(CaseError):
    """The folder that was named for fonts is none, or has no font in it that can be read."""

    def __init__(self, folder: Path) -> None:
        super().__init__("fonts_unusable", sentence("papers.fonts_unusable", folder=str(folder)))
