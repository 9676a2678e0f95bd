"""Writes the table of roles into the page about access: ``python -m tools.access_page``."""

from pathlib import Path
from typing import Final

from application.access.roles import shipped_roles
from interfaces.wording.roles import page_table

PAGE: Final = Path(__file__).parents[1] / "docs" / "access.md"
_BEGIN: Final = "<!-- roles: written by `make derived` -->\n"
_END: Final = "<!-- end of roles -->\n"


def page_of(text: str) -> str:
    """The page with the table as it is now."""
    before, _, rest = text.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    return f"{before}{_BEGIN}\n{page_table(shipped_roles())}\n{_END}{after}"


def main() -> None:
    """Write the page."""
    PAGE.write_text(page_of(PAGE.read_text("utf-8")), "utf-8")


if __name__ == "__main__":
    main()
