"""Files that are double."""

from litestar import Controller

from application.answering.doubles import DoublesPage
from interfaces.http.handlers import Asking, question
from interfaces.http.parameters import InRegion, Limit, Next
from interfaces.http.replying import NO_STORE, Reply, told_with
from interfaces.http.use_cases import PAGE
from interfaces.wording import places, words


class DoublesAnswer(DoublesPage, frozen=True, kw_only=True):
    """A page of double numbers, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class DoublesController(Controller):
    """Files that are double."""

    tags = ("subjects",)

    @question("/subjects/doubles", "not_found", "not_yet_there")
    def get_doubles(
        self, region: InRegion = None, limit: Limit = PAGE, cursor: Next = None, *, asked: Asking
    ) -> Reply[DoublesAnswer]:
        """Double files."""
        page = asked.at.doubles.page(region=region, limit=limit, cursor=cursor)
        texts = {f"kind:{double.kind}": words.kind(double.kind, asked.language) for double in page.doubles}
        for file in (file for double in page.doubles for file in double.files):
            texts[f"region:{file.region}"] = places.place(file.region, asked.language)
            for regime in file.regimes:
                texts[f"regime:{regime}"] = asked.at.law.lexicon_of(regime, page.as_of).title(asked.language)
            for given in (given for given in file.published if given.grade is not None):
                lexicon = asked.at.law.lexicon_of(given.regime, given.dated_on)
                called = lexicon.grade(given.grade or "", file.subject.kind, asked.language)
                texts[f"grade:{given.regime}:{given.grade}"] = called
        return told_with(page, texts, NO_STORE)
