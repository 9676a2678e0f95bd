"""Tables that are written into a page by ``make derived``, between two marks."""


def with_table(page: str, of: str, table: str) -> str:
    """The page with a table in the place of the one that stands between the marks ``of`` it. Raises ``ValueError`` for
    a page without them."""
    begin, end = f"<!-- {of}: written by `make derived` -->\n", f"<!-- end of {of} -->\n"
    before, rest = page.split(begin)
    _, after = rest.split(end)
    return f"{before}{begin}\n{table}\n{end}{after}"
