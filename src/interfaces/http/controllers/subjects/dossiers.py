"""Dossiers: a grade with everything behind it, as a paper."""

import re
from typing import Any, Final

from litestar import Controller
from litestar.params import JSONBody

from application.answering.grading import Question
from application.papers.issuing import IssuedDossiers
from application.prose import Opened
from application.recording.outcomes import Outcome
from domain.procedures.papers.dossiers import IssueDossier
from domain.vocabulary import PERSONS
from interfaces.documents.dossier import PaperIssue, dossier_paper
from interfaces.documents.formats import PAPER_MEDIA_TYPES, PaperFormat, paper_file_name
from interfaces.documents.html import CONTENT_SECURITY_POLICY, html_of
from interfaces.http.access.showing import shown_parts
from interfaces.http.controllers.answers.grades import must_be_of, must_stand_alone
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, Writing, command, question
from interfaces.http.parameters import (
    AsOf,
    BasisToken,
    ChosenReadings,
    DossierId,
    KnownAt,
    PaperFile,
    PaperLanguage,
    Regime,
    SubjectId,
)
from interfaces.http.replying import NO_STORE, REVALIDATE, Reply, reply
from interfaces.http.semantics.file_names import file_named
from interfaces.http.semantics.ranges import FileReply
from interfaces.wording.dossiers import ToldDossier, told
from interfaces.wording.texts import Language, say

_NOT_IN_ASCII: Final = re.compile(r"[^A-Za-z0-9.]+")
_POLICY: Final = (b"content-security-policy", CONTENT_SECURITY_POLICY.encode())


def _as_sent(media_type: str, name: str) -> tuple[list[tuple[bytes, bytes]], bytes]:
    """The headers and the media type with which a paper is sent."""
    is_page = media_type == PAPER_MEDIA_TYPES["html"]
    headers = [
        REVALIDATE,
        file_named(name, _NOT_IN_ASCII.sub("-", name).strip("-"), "inline"),
        *([_POLICY] if is_page else []),
    ]
    return headers, f"{media_type}{'; charset=utf-8' if is_page else ''}".encode()


class IssuedReply(FileReply):
    """A paper that was issued: it is in its own language, and parts of it can be had."""

    def __init__(self, body: bytes, media_type: str, language: Language, name: str, digest: str) -> None:
        super().__init__(body, *_as_sent(media_type, name), digest)
        self.language: Language = language

    def told_in(self, language: Language) -> Reply[Any]:
        """The paper, with its own language."""
        del language
        return super().told_in(self.language)


class PaperReply(Reply[Any]):
    """A paper. It is in the language that it was asked for in, whatever the reader's own is."""

    def __init__(self, body: bytes, media_type: str, language: Language, name: str) -> None:
        super().__init__(200, body, *_as_sent(media_type, name))
        self.language: Language = language

    def told_in(self, language: Language) -> Reply[Any]:
        """The paper, with its own language."""
        del language
        return super().told_in(self.language)


class DossiersController(Controller):
    """Dossiers."""

    tags = ("grades",)

    @question(
        "/subjects/{subject}/dossier",
        *ABOUT_SUBJECT,
        "undetermined",
        "invalid",
        has_tag=True,
        is_long=True,
        files=tuple(PAPER_MEDIA_TYPES.values()),
    )
    def get_dossier(
        self,
        subject: SubjectId,
        regime: Regime = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        basis: BasisToken = None,
        reading: ChosenReadings = (),
        file: PaperFile = "pdf",
        language: PaperLanguage = None,
        *,
        asked: Asking,
    ) -> Reply[ToldDossier]:
        """Dossier of a grade."""
        at = asked.at
        if basis is None:
            found = at.dossiers.of(
                Question(
                    subject=subject,
                    regime=at.regime_of(subject, regime),
                    as_of=as_of,
                    known_at=known_at,
                    readings=dict(reading),
                )
            )
        else:
            must_stand_alone(regime=regime, as_of=as_of, known_at=known_at, reading=reading or None)
            must_be_of(basis, subject)
            found = at.dossiers.again(basis)
        wanted = language or asked.language
        content = told(found, wanted, at.legislation, Opened(at.vault, at.journal.joined_to))
        shown, left_out = shown_parts(asked, content, wanted)
        typesetter = at.printing.typesetter
        paper = dossier_paper(shown, left_out, wanted, PaperIssue(typesetter.name, at.printing.address))
        body = typesetter.pdf(paper) if file == "pdf" else html_of(paper)
        answer = PaperReply(body, PAPER_MEDIA_TYPES[file], wanted, named(shown, file, wanted))
        answer.content = {"basis": content.basis}
        return answer

    @command("/subjects/{subject}/dossiers", "erased")
    def issue_dossier(self, subject: SubjectId, data: JSONBody[IssueDossier], *, recording: Writing) -> Reply[Outcome]:
        """Issue a dossier."""
        return recording.submit(data)

    @question("/subjects/{subject}/dossiers", *ABOUT_SUBJECT, is_of_the_primary=True)
    def get_dossiers(self, subject: SubjectId, known_at: KnownAt = None, *, asked: Asking) -> Reply[IssuedDossiers]:
        """Dossiers that were issued."""
        return reply(asked.at.issued.of_file(subject, known_at), NO_STORE)

    @question(
        "/subjects/{subject}/dossiers/{dossier}",
        *ABOUT_SUBJECT,
        "erased",
        "damaged",
        files=tuple(PAPER_MEDIA_TYPES.values()),
        sends_parts=True,
        is_of_the_primary=True,
        is_plain=True,
    )
    def get_issued_dossier(self, subject: SubjectId, dossier: DossierId, *, asked: Asking) -> Reply[str]:
        """A dossier as it was issued."""
        line = asked.at.issued.one(subject, dossier)
        title = say("dossier.title", line.language)
        called = paper_file_name(title, line.number or "", line.as_of.isoformat(), ending=line.format)
        content = asked.at.issued.content(subject, dossier)
        return IssuedReply(content, PAPER_MEDIA_TYPES[line.format], line.language, called, line.digest)


def named(shown: dict[str, Any], file: PaperFormat, language: Language) -> str:
    """What the file of a dossier is called; a person is not named there."""
    subject = shown["subject"]
    who = "" if subject["kind"] in PERSONS else subject.get("name") or ""
    return paper_file_name(say("dossier.title", language), who, shown["basis"]["as_of"], ending=file)
