"""Writes the table of methods into the page about the keys of an edition: ``python -m tools.edition_keys``."""

from pathlib import Path
from typing import Final

from interfaces.wording.encoding import method_keys
from tools.written_tables import with_table

PAGE: Final = Path(__file__).parents[1] / "docs" / "edition-keys.md"


def page_of(text: str) -> str:
    """The page with the table as it is now."""
    return with_table(text, "methods", method_keys())


def main() -> None:
    """Write the page."""
    PAGE.write_text(page_of(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
