"""What a line of a case that did not hold is told as, with the articles of its refusal written out."""

from application.scenarios.playing import Failure
from domain.law.citations import Articles
from interfaces.wording.citations import cite, cites
from interfaces.wording.texts import Language

_CITED = ("art. ", "para. ", "annex ")


def told(failure: Failure, language: Language) -> str:
    """What went wrong, what was wanted instead and on what the refusal rests."""
    articles = (Articles(failure.articles),) if failure.articles else ()
    is_chinese = language == "zh"
    text = failure.zh if is_chinese else failure.en
    if failure.cites:
        grounds = cites(failure.cites, language, articles)
        text += f"（{grounds}）" if is_chinese else f" ({grounds})"
    if failure.wanted is None:
        return text
    wanted = failure.wanted
    if wanted.startswith(_CITED):
        wanted = cite(wanted, language, articles)
    return f"应按 {wanted} 拒绝，实际：{text}" if is_chinese else f"should be refused by {wanted}, found: {text}"
