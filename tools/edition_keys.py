"""Writes the table of methods into the page about the keys of an edition: ``python -m tools.edition_keys``."""

from pathlib import Path
from typing import Final

from interfaces.wording.encoding import method_keys

PAGE: Final = Path(__file__).parents[1] / "docs" / "edition-keys.md"
_BEGIN: Final = "<!-- methods: written by `make derived` -->\n"
_END: Final = "<!-- end of methods -->\n"


def page_of(text: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{method_keys()}\n{_END}{after}"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page_of(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
