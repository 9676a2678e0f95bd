"""Finding by what people know."""

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.answering.searching import PersonSearch, SearchPage
from interfaces.http.access.guarding import is_within_reach
from interfaces.http.desk import HandledRequest
from interfaces.http.handlers import Asking, question
from interfaces.http.parameters import Kind, Limit, Next, Sought
from interfaces.http.problems import RequestFault, bad_request
from interfaces.http.replying import NO_STORE, Reply, told_with
from interfaces.http.use_cases import PAGE
from interfaces.wording import places, words
from interfaces.wording.texts import both, has, name


class SearchAnswer(SearchPage, frozen=True, kw_only=True):
    """A page of what was found, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class SearchController(Controller):
    """Finding by what people know."""

    tags = ("subjects",)

    @question("/search", "not_yet_there")
    def search(
        self, q: Sought = None, kind: Kind = None, limit: Limit = PAGE, cursor: Next = None, *, asked: Asking
    ) -> Reply[SearchAnswer]:
        """Search."""
        if q is None:
            text = both("requests.name_what_is_sought")
            raise bad_request(RequestFault(parameter="q", code="missing", text=text))
        return _told(asked, asked.at.searching.find(q, kind=kind, limit=limit, cursor=cursor))

    @question("/search/person", "not_yet_there", method="POST")
    def search_person(self, data: JSONBody[PersonSearch], *, asked: Asking) -> Reply[SearchAnswer]:
        """Search for persons by what stands in no address."""
        return _told(asked, asked.at.searching.person(data))


def _told(asked: HandledRequest, page: SearchPage) -> Reply[SearchAnswer]:
    language = asked.language
    page = msgspec.structs.replace(page, hits=tuple(hit for hit in page.hits if is_within_reach(asked, hit.region)))
    texts = {f"matched:{m}": name("search.matched", m, language) for m in page.looked_for.among}
    for hit in page.hits:
        texts[f"kind:{hit.subject.kind}"] = words.kind(hit.subject.kind, language)
        if has("search.kind", hit.kind):
            texts[f"kind:{hit.kind}"] = name("search.kind", hit.kind, language)
        texts[f"region:{hit.region}"] = places.place(hit.region, language)
        if hit.authority is not None:
            texts[f"authority:{hit.authority}"] = places.authority(hit.authority, language)
        if hit.regime is not None and hit.row is not None:
            called = asked.at.law.lexicon_of(hit.regime, hit.decided_on).named_row(hit.row, language)
            texts[f"row:{hit.regime}:{hit.row}"] = called
    return told_with(page, texts, NO_STORE)
