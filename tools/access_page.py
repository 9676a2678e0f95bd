"""Writes the table of roles into the page about access: ``python -m tools.access_page``."""

from pathlib import Path
from typing import Final

from application.access.roles import shipped_roles
from interfaces.wording.roles import page_table
from tools.written_tables import with_table

PAGE: Final = Path(__file__).parents[1] / "docs" / "access.md"


def page_of(text: str) -> str:
    """The page with the table as it is now."""
    return with_table(text, "roles", page_table(shipped_roles()))


def main() -> None:
    """Write the page."""
    PAGE.write_text(page_of(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
