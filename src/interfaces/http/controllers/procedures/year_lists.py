"""Lists of an evaluation year: on show, published, passed on."""

from typing import Any

from litestar import Controller

from application.papers.year_lists import ListQuestion
from interfaces.documents.dossier import PaperIssue
from interfaces.documents.formats import paper_file_name
from interfaces.documents.html import html_of
from interfaces.documents.year_lists import LIST_MEDIA_TYPES, list_paper, list_title, list_workbook
from interfaces.http.controllers.subjects.dossiers import PaperReply
from interfaces.http.handlers import Asking, question
from interfaces.http.parameters import (
    AsOf,
    InRegion,
    KindOfList,
    KnownAt,
    ListFile,
    NumberOfList,
    PaperLanguage,
    RegimeId,
    Year,
)
from interfaces.http.replying import Reply


class YearListsController(Controller):
    """Lists of an evaluation year."""

    tags = ("evaluations",)

    @question(
        "/evaluations/{regime}/{year}/lists/{listing}",
        "not_found",
        "refused",
        "invalid",
        "undetermined",
        "not_yet_there",
        has_tag=True,
        is_long=True,
        files=tuple(LIST_MEDIA_TYPES.values()),
    )
    def get_year_list(
        self,
        regime: RegimeId,
        year: Year,
        listing: KindOfList,
        region: InRegion = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        number: NumberOfList = None,
        file: ListFile = "pdf",
        language: PaperLanguage = None,
        *,
        asked: Asking,
    ) -> Reply[Any]:
        """List of a year, to be printed or passed on."""
        at, wanted = asked.at, language or asked.language
        found = at.year_lists.of(
            ListQuestion(
                kind=listing,
                regime=regime,
                year=year,
                region=region or at.law.region(regime),
                as_of=as_of,
                known_at=known_at,
            )
        )
        lexicon = at.law.lexicon_of_answer(found.basis)
        if file == "xlsx":
            body = list_workbook(found, lexicon, wanted, number or "")
        else:
            typesetter = at.printing.typesetter
            paper = list_paper(found, lexicon, wanted, PaperIssue(typesetter.name, number=number or ""))
            body = typesetter.pdf(paper) if file == "pdf" else html_of(paper)
        name = paper_file_name(list_title(found, wanted), number or "", str(found.basis.as_of), ending=file)
        return PaperReply(body, LIST_MEDIA_TYPES[file], wanted, name)
