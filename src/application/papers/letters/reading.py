"""Reading letters: those of a file, one with what it says, and what was sent."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from application.answering.case_files import case_file, is_subject, no_such_file
from application.answering.regime_choice import regimes_on_record
from application.answering.results import Results
from application.law.legislation import Legislation
from application.papers.letters.content import LetterContent
from application.papers.letters.desk import LetterDesk
from application.papers.letters.filling import texts_of_letter
from application.papers.letters.internal import with_internal_letters
from application.ports import Clock, Journal, Vault
from application.prose import Opened
from application.wording import in_words
from domain.aggregates.advisories import ADVISORY_STREAMS, AdvisoryFile
from domain.aggregates.casefile import CaseFile
from domain.aggregates.letters import LetterFile, LetterState
from domain.errors import CaseError, Conflict, NotFound
from domain.events.papers.letters import LetterKind, ServiceWay
from domain.law.regime import RegimeLaw
from domain.procedures.papers.letters import (
    AwaitedLetter,
    awaited_internal_letters,
    letter_of,
    letters_due,
    letters_possible,
)
from domain.sentence import Named, sentence
from domain.time import Instant, legal_day
from domain.vocabulary import SubjectKind

FileFormat = Literal["docx", "pdf"]
"""As what a letter is sent."""

LetterSort = Literal["drafted", "-drafted", "dated_on", "-dated_on", "due_on", "-due_on"]
"""The order of the letters of a file: as they were drafted, by the day that they bear, by the last day that they state;
or the other way round. Those without that day come last both ways."""


class LetterLine(msgspec.Struct, frozen=True, kw_only=True):
    """A letter of a file. ``concerns`` is the record that it is about; ``due_on`` the last day that it states.

    ``docx_digest`` and ``pdf_digest`` (hex SHA-256) are those of what was sent, ``template`` that of the bureau's own
    template, ``made_with`` names what set it.
    """

    letter: str
    regime: str
    kind: LetterKind
    concerns: str
    bureau: str
    state: LetterState
    number: str | None
    dated_on: dt.date | None
    due_on: dt.date | None
    served_on: dt.date | None
    how: ServiceWay | None
    received_by: str | None
    withdrawn_on: dt.date | None
    reason: str | None
    docx_digest: str | None
    pdf_digest: str | None
    template: str | None
    made_with: str | None


class DueLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter that a procedure of the file gives occasion for, and that is not on record."""

    regime: str
    kind: LetterKind
    concerns: str


class LettersOfFile(msgspec.Struct, frozen=True, kw_only=True):
    """The letters of a file in the order that was asked for, those that are ``due``, and what can be written besides
    (``possible``)."""

    subject: str
    letters: tuple[LetterLine, ...]
    due: tuple[DueLetter, ...]
    possible: tuple[DueLetter, ...]


class LetterTrouble(msgspec.Struct, frozen=True, kw_only=True):
    """Why a draft cannot be filled as it stands, in both languages."""

    code: str
    zh: str
    en: str


class OpenedLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A letter with what it says on a day: ``content`` with its ``digest`` and the ``number`` that it has or would
    have; none of them for one that cannot be filled, and ``trouble`` says why. Of one that was issued what was sent is
    read.
    """

    subject: str
    subject_kind: SubjectKind
    name: str | None
    line: LetterLine
    paragraphs: tuple[str, ...]
    copies: tuple[str, ...]
    set_due_on: dt.date | None
    dated_on: dt.date
    content: LetterContent | None
    digest: str | None
    number: str | None
    trouble: LetterTrouble | None


class Letters:
    """The use case of reading letters. Safe to share between threads."""

    def __init__(
        self, journal: Journal, vault: Vault, clock: Clock, legislation: Legislation, desk: LetterDesk
    ) -> None:
        self._journal = journal
        self._vault = vault
        self._clock = clock
        self._results = Results(journal, legislation, "")
        self.desk = desk

    def of_subject(
        self, subject: str, *, known_at: Instant | None = None, sort: LetterSort = "drafted", is_own: bool = False
    ) -> LettersOfFile:
        """The letters of a file; for the subject itself (``is_own``) those that were sent to it.

        With ``known_at`` those that were on record then, each as it stood; nothing is due at a moment that has passed.
        Raises ``NotFound``.
        """
        if known_at is not None:
            return self._known(subject, known_at, sort, is_own=is_own)
        case = self._case(subject)
        today = legal_day(self._clock.now())
        shown = [file for file in case.letters.values() if not is_own or _is_sent(file)]
        internal = None if is_own else self.desk.advisories(subject)
        shown += [] if internal is None else internal.letters.values()
        due: list[DueLetter] = []
        possible: list[DueLetter] = []
        for regime in () if is_own else sorted(regimes_on_record(case)):
            law = self._law(regime)
            due += [DueLetter(regime=regime, kind=k, concerns=id) for k, id in letters_due(case, law, today)]
            besides = letters_possible(case, law, today)
            possible += [DueLetter(regime=regime, kind=k, concerns=id) for k, id in besides]
        for one in () if internal is None else self._internal(internal):
            listed = due if one.is_due_on(today) else possible
            listed.append(DueLetter(regime=one.regime, kind=one.kind, concerns=one.concerns))
        opened = Opened(self._vault, self._journal.joined_to)
        lines = [_line(file, _telling(opened, case.subject, file)) for file in shown]
        return LettersOfFile(
            subject=case.subject, letters=_in_order(lines, sort), due=tuple(due), possible=tuple(possible)
        )

    def _internal(self, file: AdvisoryFile) -> Iterator[AwaitedLetter]:
        """The letters that internal notices ask for and that nobody has drafted."""
        for regime in sorted({notice.regime for notice in file.notices.values()}):
            yield from (one for one in awaited_internal_letters(file, self._law(regime)) if one.letter is None)

    def _known(self, subject: str, known_at: Instant, sort: LetterSort, *, is_own: bool) -> LettersOfFile:
        case = _readable(case_file(subject, self._journal.snapshot(subject, known_at=known_at).rows))
        shown = [file for file in case.letters.values() if not is_own or _is_sent(file)]
        shown += () if is_own else self.desk.advisories(subject, known_at).letters.values()
        opened = Opened(self._vault, self._journal.joined_to)
        lines = [_line(file, _telling(opened, case.subject, file)) for file in shown]
        return LettersOfFile(subject=case.subject, letters=_in_order(lines, sort), due=(), possible=())

    def open(self, letter: str, dated_on: dt.date | None = None, *, is_own: bool = False) -> OpenedLetter:
        """A letter with what it says when it is dated ``dated_on``, today when nothing is said. Raises ``NotFound``."""
        case, file = self.file(letter, is_own=is_own)
        opened = Opened(self._vault, self._journal.joined_to)

        told = _telling(opened, case.subject, file)
        day = dated_on or legal_day(self._clock.now())
        content = trouble = digest = number = None
        if file.issued is not None:
            number, day = file.issued.number, file.issued.dated_on
        elif file.state == "draft":
            try:
                content = self.desk.content(case, file, self._law(file.drafted.regime), day)
                digest = self.desk.digest(content)
                number = self.desk.next_number(file, day.year)
            except CaseError as error:
                said = in_words(error.says)
                trouble = LetterTrouble(code=error.code, zh=said.zh, en=said.en)
        return OpenedLetter(
            subject=case.subject,
            subject_kind=case.graded_as,
            name=case.name_on(day),
            line=_line(file, told),
            paragraphs=tuple(told(text) for text in file.text.paragraphs),
            copies=tuple(told(text) for text in file.text.copies),
            set_due_on=file.due_on,
            dated_on=day,
            content=content,
            digest=digest,
            number=number,
            trouble=trouble,
        )

    def sent(
        self, letter: str, as_: FileFormat, dated_on: dt.date | None = None, *, is_own: bool = False
    ) -> tuple[str, bytes]:
        """A letter as a file, with its name: as it was sent, byte for byte; a draft as it would be sent when it is
        dated ``dated_on``.

        Raises ``NotFound``, ``Conflict`` (code ``no_pdf``) where there is no PDF of a letter that was made with the
        bureau's own template, ``ContentError`` when what was sent is not what was kept, and for a draft as
        ``LetterDesk.content`` and the press do.
        """
        case, file = self.file(letter, is_own=is_own)
        issued = file.issued
        if issued is not None:
            kept = issued.docx if as_ == "docx" else issued.pdf
            if kept is None:
                raise _no_pdf()
            return f"{issued.number}.{as_}", self.desk.sent(case, kept)
        if file.state != "draft":
            raise Conflict("no_draft", sentence("papers.letters.dropped"))
        day = dated_on or legal_day(self._clock.now())
        content = self.desk.content(case, file, self._law(file.drafted.regime), day)
        to_come = in_words(sentence("letters.number_to_come")).zh
        made = self.desk.docx(content, to_come) if as_ == "docx" else self.desk.pdf(content, to_come)
        if made is None:
            raise _no_pdf()
        called = in_words(sentence("letters.draft_file", letter=Named("letters.kind", file.drafted.kind))).zh
        return f"{called}.{as_}", made

    def file(self, letter: str, *, is_own: bool = False) -> tuple[CaseFile, LetterFile]:
        """A letter with the file on which it stands. Raises ``NotFound``."""
        owner = self._journal.owner_of(letter)
        if owner is None or not (is_subject(owner) or owner.startswith(ADVISORY_STREAMS)):
            raise NotFound("letter", letter)
        case = self._case(owner.removeprefix(ADVISORY_STREAMS))
        if owner.startswith(ADVISORY_STREAMS):
            case = with_internal_letters(case, self.desk.advisories(case.subject))
        file = letter_of(case, letter)
        if is_own and not _is_sent(file):
            raise NotFound("letter", letter)
        return case, file

    def _case(self, subject: str) -> CaseFile:
        return _readable(case_file(subject, self._journal.stream(subject)))

    def _law(self, regime: str) -> RegimeLaw:
        return self._results.law(regime, self._clock.now()).law


def _readable(case: CaseFile) -> CaseFile:
    """The file. Raises ``NotFound`` where there is none, and ``JoinedInto``."""
    if case.kind is None or case.joined_into is not None:
        raise no_such_file(case)
    return case


def _telling(opened: Opened, subject: str, file: LetterFile) -> Callable[[str], str]:
    """Opens the texts of a letter."""
    stream = texts_of_letter(subject, file.drafted.kind)
    return lambda text: opened.told(stream, text)


def _no_pdf() -> Conflict:
    return Conflict("no_pdf", sentence("papers.letters.no_pdf"))


def _is_sent(file: LetterFile) -> bool:
    """Whether a letter has gone to the subject: no draft, and nothing that is for the departments alone."""
    return file.issued is not None and file.drafted.kind != "assistance_notice"


def _in_order(lines: list[LetterLine], sort: LetterSort) -> tuple[LetterLine, ...]:
    """Lines, which come as they were drafted, in an order; those of one day as they were drafted."""
    is_backwards, by = sort.startswith("-"), sort.removeprefix("-")
    if by == "drafted":
        return tuple(reversed(lines) if is_backwards else lines)

    def day(line: LetterLine) -> dt.date | None:
        return line.dated_on if by == "dated_on" else line.due_on

    dated = [(on, line) for line in lines if (on := day(line)) is not None]
    dated.sort(key=lambda pair: pair[0], reverse=is_backwards)
    return (*(line for _, line in dated), *(line for line in lines if day(line) is None))


def _line(file: LetterFile, told: Callable[[str], str]) -> LetterLine:
    drafted, issued, served, withdrawn = file.drafted, file.issued, file.served, file.withdrawn
    return LetterLine(
        letter=drafted.letter,
        regime=drafted.regime,
        kind=drafted.kind,
        concerns=drafted.concerns,
        bureau=drafted.bureau,
        state=file.state,
        number=None if issued is None else issued.number,
        dated_on=None if issued is None else issued.dated_on,
        due_on=file.due_on if issued is None else issued.due_on,
        served_on=None if served is None else served.served_on,
        how=None if served is None else served.how,
        received_by=None if served is None or served.received_by is None else told(served.received_by),
        withdrawn_on=None if withdrawn is None else withdrawn.withdrawn_on,
        reason=None if withdrawn is None else told(withdrawn.reason),
        docx_digest=None if issued is None else issued.docx.digest,
        pdf_digest=None if issued is None or issued.pdf is None else issued.pdf.digest,
        template=None if issued is None else issued.template or None,
        made_with=None if issued is None else issued.made_with or None,
    )
