"""What a line of a case that did not hold is told as, with the articles of its refusal written out."""

from application.scenarios.playing import FailedLine
from domain.law.citations import Articles
from interfaces.wording.citations import cite, cites
from interfaces.wording.punctuation import in_brackets
from interfaces.wording.texts import Language, say

_CITED = ("art. ", "para. ", "annex ")


def told(failure: FailedLine, language: Language) -> str:
    """What went wrong, what was wanted instead and on what the refusal rests."""
    articles = (Articles(failure.articles),) if failure.articles else ()
    text = failure.zh if language == "zh" else failure.en
    if failure.cites:
        text += in_brackets(cites(failure.cites, language, articles), language)
    if failure.wanted is None:
        return text
    wanted = failure.wanted
    if wanted.startswith(_CITED):
        wanted = cite(wanted, language, articles)
    return say("scenarios.refused_otherwise", language, wanted=wanted, found=text)
