"""The order of the grades of a method, from the best to the worst, and whether one fell."""

from domain.law.edition import Method


def grades_in_order(method: Method) -> tuple[str, ...]:
    """The grades of a method, the best first, each in the first of its places."""
    return tuple(dict.fromkeys(method.in_order()))


def fell(method: Method | None, before: str | None, after: str | None) -> bool:
    """Whether a grade moved downwards; from or to what has no place in the order nothing falls."""
    if method is None or before is None or after is None or before == after:
        return False
    order = grades_in_order(method)
    return before in order and after in order and order.index(after) > order.index(before)
