"""Letters of a bureau: drafted, shown, issued, served, taken back; its letterhead, its numbers and its templates."""

import re
from hashlib import sha256
from typing import Any, Final, cast, get_args

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.deadlines.awaited_letters import AwaitedLetters
from application.papers.letters.offices import OfficeStanding, TemplateField
from application.papers.letters.reading import LettersOfFile, OpenedLetter
from application.recording.outcomes import Outcome
from domain.errors import NotFound
from domain.events.papers.letters import LetterKind
from domain.procedures.papers.letters import (
    DraftLetter,
    DropLetterTemplate,
    IssueLetter,
    ReviseLetter,
    ServeLetter,
    SetLetterhead,
    WithdrawLetter,
)
from domain.vocabulary import AUTHORITY_PATTERN
from interfaces.documents.letters.fields import template_fields
from interfaces.documents.letters.office import office
from interfaces.documents.letters.packages import MOST_TEMPLATE_BYTES
from interfaces.documents.letters.press import shipped_template
from interfaces.http.access.guarding import is_asked_by_itself
from interfaces.http.bodies import DOCX, DOCX_TYPES
from interfaces.http.desk import HandledRequest
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, Writing, command, question
from interfaces.http.parameters import (
    AsOf,
    Bureau,
    DatedOn,
    InRegion,
    KindOfLetter,
    KnownAt,
    LetterId,
    LettersInOrder,
    LimitLetters,
    NameOfFile,
    NextLetters,
    Regime,
    SubjectId,
    TemplateVersion,
)
from interfaces.http.replying import NO_STORE, ROOT, Reply, told_with
from interfaces.http.semantics.file_names import file_named
from interfaces.http.semantics.ranges import FileReply
from interfaces.http.use_cases import PAGE
from interfaces.wording.letters import LetterText, letter_text
from interfaces.wording.texts import name

_PDF: Final = "application/pdf"
_OFFICE_SECONDS: Final = 90.0
"""How long the draft of a letter may take that LibreOffice makes, which others may be at."""


class LettersAnswer(LettersOfFile, frozen=True, kw_only=True):
    """The letters of a file, with what their codes are called in the reader's language."""

    texts: dict[str, str]


class LetterAnswer(OpenedLetter, frozen=True, kw_only=True):
    """A letter with what it says: ``says`` in words as it stands on the paper, ``None`` for one that was issued, which
    is read as it was sent, and for one that cannot be filled."""

    says: LetterText | None
    texts: dict[str, str]


class AwaitedLettersAnswer(AwaitedLetters, frozen=True, kw_only=True):
    """Letters that wait, with what their kinds are called in the reader's language."""

    texts: dict[str, str]


class LetterOfficeAnswer(OfficeStanding, frozen=True, kw_only=True):
    """What a bureau keeps for its letters, and the placeholders of templates. ``has_office`` tells whether a template
    of the bureau can be set as PDF here."""

    has_office: bool
    fields: tuple[TemplateField, ...]
    texts: dict[str, str]


class LettersController(Controller):
    """Letters about a subject."""

    tags = ("letters",)

    @command("/subjects/{subject}/letters")
    def draft_letter(self, subject: SubjectId, data: JSONBody[DraftLetter], *, recording: Writing) -> Reply[Outcome]:
        """Draft a letter."""
        return recording.submit(data)

    @command("/letters/{letter}/revision")
    def revise_letter(self, letter: LetterId, data: JSONBody[ReviseLetter], *, recording: Writing) -> Reply[Outcome]:
        """Revise the draft of a letter."""
        return recording.submit(data)

    @command("/letters/{letter}/issue", "undetermined", "unavailable")
    def issue_letter(self, letter: LetterId, data: JSONBody[IssueLetter], *, recording: Writing) -> Reply[Outcome]:
        """Issue a letter."""
        return recording.submit(data)

    @command("/letters/{letter}/service")
    def serve_letter(self, letter: LetterId, data: JSONBody[ServeLetter], *, recording: Writing) -> Reply[Outcome]:
        """Record the service of a letter."""
        return recording.submit(data)

    @command("/letters/{letter}/withdrawal")
    def withdraw_letter(
        self, letter: LetterId, data: JSONBody[WithdrawLetter], *, recording: Writing
    ) -> Reply[Outcome]:
        """Withdraw a letter."""
        return recording.submit(data)

    @question("/subjects/{subject}/letters", *ABOUT_SUBJECT)
    def get_letters(
        self, subject: SubjectId, known_at: KnownAt = None, sort: LettersInOrder = None, *, asked: Asking
    ) -> Reply[LettersAnswer]:
        """The letters of a file, and those that are due."""
        found = asked.at.letters.of_subject(
            subject, known_at=known_at, sort=sort or "drafted", is_own=is_asked_by_itself(asked)
        )
        texts: dict[str, str] = {}
        for line in found.letters:
            texts |= _texts(asked, line.kind, line.state, line.how)
        for due in (*found.due, *found.possible):
            texts |= _texts(asked, due.kind, None, None)
        return told_with(found, texts, NO_STORE)

    @question("/letters", "not_found", "not_yet_there")
    def get_awaited_letters(
        self,
        region: InRegion = None,
        regime: Regime = None,
        as_of: AsOf = None,
        limit: LimitLetters = PAGE,
        cursor: NextLetters = None,
        *,
        asked: Asking,
    ) -> Reply[AwaitedLettersAnswer]:
        """Letters that wait."""
        page = asked.at.worklist.letters(
            region=region,
            regime=regime,
            as_of=as_of,
            limit=limit,
            cursor=cursor,
            min_position=asked.min_position or 0,
        )
        texts: dict[str, str] = {}
        for line in page.letters:
            texts |= _texts(asked, line.kind, None, None)
        return told_with(page, texts, NO_STORE)

    @question("/letters/{letter}", *ABOUT_SUBJECT)
    def get_letter(self, letter: LetterId, dated_on: DatedOn = None, *, asked: Asking) -> Reply[LetterAnswer]:
        """One letter with what it says."""
        found = asked.at.letters.open(letter, dated_on, is_own=is_asked_by_itself(asked))
        says = None
        if found.content is not None:
            lexicon = asked.at.law.lexicon_of(found.content.regime)
            says = letter_text(found.content, found.number or "", lexicon)
        given = {field: getattr(found, field) for field in OpenedLetter.__struct_fields__}
        texts = _texts(asked, found.line.kind, found.line.state, found.line.how)
        answer = LetterAnswer(**given, says=says, texts=texts)
        reply: Reply[LetterAnswer] = Reply(200, msgspec.json.encode(answer), [NO_STORE])
        reply.content = answer
        return reply

    @question(
        "/letters/{letter}/docx",
        *ABOUT_SUBJECT,
        "undetermined",
        "unavailable",
        files=(DOCX,),
        sends_parts=True,
        is_plain=True,
    )
    def get_letter_docx(self, letter: LetterId, dated_on: DatedOn = None, *, asked: Asking) -> Reply[str]:
        """A letter as DOCX, as it was sent."""
        called, content = asked.at.letters.sent(letter, "docx", dated_on, is_own=is_asked_by_itself(asked))
        return _file(content, called, DOCX)

    @question(
        "/letters/{letter}/pdf",
        *ABOUT_SUBJECT,
        "undetermined",
        "unavailable",
        files=(_PDF,),
        sends_parts=True,
        is_plain=True,
        seconds=_OFFICE_SECONDS,
    )
    def get_letter_pdf(self, letter: LetterId, dated_on: DatedOn = None, *, asked: Asking) -> Reply[str]:
        """A letter as PDF, as it was sent."""
        called, content = asked.at.letters.sent(letter, "pdf", dated_on, is_own=is_asked_by_itself(asked))
        return _file(content, called, _PDF)


class LetterOfficesController(Controller):
    """What a bureau keeps for its letters."""

    tags = ("letters",)

    @question("/letter-offices/{bureau}", "not_found")
    def get_letter_office(self, bureau: Bureau, *, caller: Asking) -> Reply[LetterOfficeAnswer]:
        """The letterhead, the numbers and the templates of a bureau."""
        found = caller.at.letters.desk.offices.standing(_bureau(bureau))
        given = {field: getattr(found, field) for field in OfficeStanding.__struct_fields__}
        kinds = {f"kind:{kind}": name("letters.kind", kind, caller.language) for kind in get_args(LetterKind)}
        codes = [line.series for line in found.series]
        series = {f"series:{code}": name("letters.series", code, caller.language) for code in codes}
        answer = LetterOfficeAnswer(
            **given, has_office=office() is not None, fields=template_fields(caller.language), texts=kinds | series
        )
        return Reply(200, msgspec.json.encode(answer), [NO_STORE])

    @command("/letter-offices/{bureau}/letterhead")
    def set_letterhead(self, bureau: Bureau, data: JSONBody[SetLetterhead], *, recording: Writing) -> Reply[Outcome]:
        """Set the letterhead of a bureau."""
        return recording.submit(data)

    @command(
        "/letter-offices/{bureau}/templates/{kind}",
        "refused",
        "invalid",
        "not_found",
        "unavailable",
        takes_file=True,
        file_types=DOCX_TYPES,
        most_bytes=MOST_TEMPLATE_BYTES,
    )
    def upload_letter_template(
        self, bureau: Bureau, kind: KindOfLetter, file: NameOfFile = None, *, acting: Writing
    ) -> Reply[OfficeStanding]:
        """Upload a template and take it into use."""
        offices, named = acting.at.letters.desk.offices, _kind(kind)
        acting.at.gate.permit_in(acting.by, "upload_letter_template", _bureau(bureau)[:6])
        offices.adopt(bureau, named, acting.asked.body, file or f"{named}.docx", by=acting.by)
        place = (b"location", f"{ROOT}/letter-offices/{bureau}".encode())
        return Reply(201, msgspec.json.encode(offices.standing(bureau)), [place, NO_STORE])

    @question(
        "/letter-offices/{bureau}/templates/{kind}",
        "not_found",
        "unavailable",
        files=(DOCX,),
        sends_parts=True,
        is_plain=True,
    )
    def get_letter_template(
        self, bureau: Bureau, kind: KindOfLetter, version: TemplateVersion = None, *, caller: Asking
    ) -> Reply[str]:
        """The template of a bureau, or the one that comes with the product."""
        named = _kind(kind)
        content = caller.at.letters.desk.offices.version(_bureau(bureau), named, version)
        return _file(shipped_template(named) if content is None else content, f"{named}.docx", DOCX)

    @command("/letter-offices/{bureau}/templates/{kind}/removal")
    def drop_letter_template(
        self, bureau: Bureau, kind: KindOfLetter, data: JSONBody[DropLetterTemplate], *, recording: Writing
    ) -> Reply[Outcome]:
        """Go back to the template that comes with the product."""
        return recording.submit(data)


def _texts(asked: HandledRequest, kind: str, state: str | None, how: str | None) -> dict[str, str]:
    found = {f"kind:{kind}": name("letters.kind", kind, asked.language)}
    if state is not None:
        found[f"state:{state}"] = name("letters.state", state, asked.language)
    if how is not None:
        found[f"how:{how}"] = name("letters.how", how, asked.language)
    return found


def _bureau(sent: str) -> str:
    if re.fullmatch(AUTHORITY_PATTERN, sent) is None or not sent.endswith("-EEB"):
        raise NotFound("letterhead", sent[:40])
    return sent


def _kind(sent: str) -> LetterKind:
    if sent not in get_args(LetterKind):
        raise NotFound("letter_template", sent[:40])
    return cast("LetterKind", sent)


def _file(content: bytes, name: str, media: str) -> Reply[Any]:
    named = file_named(name, f"letter.{name.rpartition('.')[2]}")
    return FileReply(content, [NO_STORE, named], media.encode(), sha256(content).hexdigest())
