"""Whether the shares by which a ranked cohort is graded can be applied (Ningbo art. 11, N-01)."""

from collections.abc import Iterator
from decimal import Decimal

from domain.law.edition import Configured, Ranking
from domain.sentence import Sentence, sentence
from domain.vocabulary import plain

_ALL = Decimal(1)


def quota_faults(method: Ranking, configured: Configured) -> Iterator[tuple[str, Sentence]]:
    """What is wrong with the shares and score lines a bureau supplies: the key in its table, and why."""
    quotas = configured.quotas
    if quotas is not None:
        yield from _unknown("quotas", quotas, method)
        for grade, share in quotas.items():
            if not (share.is_finite() and 0 <= share <= _ALL):
                yield (
                    f"quotas/{grade}",
                    sentence("law.quotas.share_of_is_not_between", grade=grade, share=share),
                )
        total = sum(quotas.values(), Decimal(0))
        if total.is_finite() and total != _ALL:
            yield (
                "quotas",
                sentence("law.quotas.shares_add_up_to_not", total=plain(total)),
            )
    yield from line_faults(method, configured)


def line_faults(method: Ranking, configured: Configured) -> Iterator[tuple[str, Sentence]]:
    """What is wrong with the lowest scores of the grades (N-01)."""
    lines = configured.score_lines
    if lines is not None:
        yield from _unknown("score_lines", lines, method)
        given = [lines[grade] for grade in method.grades if grade in lines]
        if given != sorted(given, reverse=True):
            yield (
                "score_lines",
                sentence("law.quotas.better_grade_cannot_have_lower"),
            )


def _unknown(table: str, given: dict[str, Decimal], method: Ranking) -> Iterator[tuple[str, Sentence]]:
    grades = ", ".join(method.grades)
    for grade in given:
        if grade not in method.grades:
            yield f"{table}/{grade}", sentence("law.quotas.there_is_no_grade", grade=grade, grades=grades)
