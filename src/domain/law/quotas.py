"""Whether the shares by which a ranked cohort is graded can be applied (Ningbo art. 11, N-01)."""

from collections.abc import Iterator
from decimal import Decimal

from domain.law.edition import Configured, Ranking
from domain.vocabulary import Text, plain

_ALL = Decimal(1)


def quota_faults(method: Ranking, configured: Configured) -> Iterator[tuple[str, Text]]:
    """What is wrong with the shares and score lines a bureau supplies: the key in its table, and why."""
    quotas = configured.quotas
    if quotas is not None:
        yield from _unknown("quotas", quotas, method)
        for grade, share in quotas.items():
            if not (share.is_finite() and 0 <= share <= _ALL):
                yield (
                    f"quotas/{grade}",
                    Text(
                        f"{grade} 的比例 {share} 不在 0 与 1 之间",
                        f"the share {share} of {grade} is not between 0 and 1",
                    ),
                )
        total = sum(quotas.values(), Decimal(0))
        if total.is_finite() and total != _ALL:
            yield (
                "quotas",
                Text(f"各级比例合计为 {plain(total)}，应为 1", f"the shares add up to {plain(total)}, not to 1"),
            )
    yield from line_faults(method, configured)


def line_faults(method: Ranking, configured: Configured) -> Iterator[tuple[str, Text]]:
    """What is wrong with the lowest scores of the grades (N-01)."""
    lines = configured.score_lines
    if lines is not None:
        yield from _unknown("score_lines", lines, method)
        given = [lines[grade] for grade in method.grades if grade in lines]
        if given != sorted(given, reverse=True):
            yield (
                "score_lines",
                Text("较好等级的最低分不能低于较差等级", "a better grade cannot have a lower line than a worse one"),
            )


def _unknown(table: str, given: dict[str, Decimal], method: Ranking) -> Iterator[tuple[str, Text]]:
    grades = ", ".join(method.grades)
    for grade in given:
        if grade not in method.grades:
            yield f"{table}/{grade}", Text(f"没有等级 {grade}（{grades}）", f"there is no grade {grade} ({grades})")
