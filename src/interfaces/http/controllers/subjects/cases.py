"""A whole case in one answer."""

import datetime as dt
from functools import cache
from typing import Any, Final

import msgspec
from litestar import Controller

from application.answering.case_page import CasePage, StaffLine, WarningLine
from application.answering.grading import Basis, Question
from application.answering.timeline import Timeline
from application.cache import LastingLines
from interfaces.http.controllers.answers.deadlines import WorklistAnswer, told_worklist
from interfaces.http.controllers.answers.grades import GradePage, must_be_of, must_stand_alone, told_grade
from interfaces.http.controllers.procedures.evaluations import ProceedingsPage, told_proceedings
from interfaces.http.controllers.subjects.profiles import Profile, profile_of, regime_page
from interfaces.http.controllers.subjects.subjects import told_timeline
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, question
from interfaces.http.parameters import AsOf, BasisToken, KnownAt, Regime, SubjectId
from interfaces.http.replying import NO_STORE, Reply, json_with_texts, reply, to_json, with_lines_written
from interfaces.http.use_cases import UseCases
from interfaces.wording.texts import Language, codes_of, name

EVENTS: Final = 20
"""Lines of the timeline on a case page; the cursor leads on."""


class CaseFileAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a page about one case shows, all on one ``basis``.

    Each part is what its own question answers about that basis: ``profile``, ``grades`` and ``proceedings`` (one for
    each regime under which anything is on record, that of the question first), the first page of the ``timeline``, and
    in ``deadlines`` what is still to be done. ``warnings`` tell how each stands; ``staff`` who works or worked there.
    """

    basis: Basis
    profile: Profile
    grades: tuple[GradePage, ...]
    proceedings: tuple[ProceedingsPage, ...]
    timeline: Timeline
    deadlines: WorklistAnswer
    warnings: tuple[WarningLine, ...]
    staff: tuple[StaffLine, ...]
    texts: dict[str, str]


class CasesController(Controller):
    """Whole cases."""

    tags = ("subjects",)

    @question("/subjects/{subject}/casefile", *ABOUT_SUBJECT, "undetermined", has_tag=True, is_hot=True)
    def get_casefile(
        self,
        subject: SubjectId,
        regime: Regime = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        basis: BasisToken = None,
        *,
        asked: Asking,
    ) -> Reply[CaseFileAnswer]:
        """A whole case."""
        at = asked.at
        if basis is None:
            wanted = Question(subject=subject, regime=regime or "", as_of=as_of, known_at=known_at)
            page = (
                at.case_pages.of_all(wanted, at.law.regime, lines=EVENTS)
                if regime is None
                else at.case_pages.of(wanted, lines=EVENTS)
            )
        else:
            must_stand_alone(regime=regime, as_of=as_of, known_at=known_at)
            must_be_of(basis, subject)
            page = at.case_pages.again(basis, EVENTS)
        timeline = told_timeline(at, page.timeline, asked.language)
        lines = with_lines_written(timeline, "entries")
        answer = reply(_told(at, page, lines, asked.language), NO_STORE)
        answer.version = page.case.version
        # Nothing else in it has a field for an account.
        entries = timeline.entries
        answer.naming = [entries if isinstance(entries, LastingLines) else to_json(entries)]
        return answer


def _told(at: UseCases, page: CasePage, timeline: Timeline, language: Language) -> dict[str, Any]:
    """The members of the answer with its ``timeline``: each part as the bytes that its own question gives."""
    day: dt.date = page.as_of
    kind = page.case.kind or ""
    profile = msgspec.structs.replace(
        profile_of(page.case, day, lambda _: page.persons, at.journal, page.position),
        # In the words of the law, which is another tuple when anything comes to it.
        regimes=page.regimes.under(
            ("worded", language),
            at.legislation.known(),
            lambda: tuple([regime_page(at.law, line, kind, day, language) for line in page.regimes]),
        ),
    )
    return {
        "basis": page.parts[0].grade.basis,
        "profile": profile,
        "grades": [_raw(*told_grade(at, part.grade, language, page.prose)) for part in page.parts],
        "proceedings": [_raw(*told_proceedings(at, part.proceedings, language)) for part in page.parts],
        "timeline": timeline,
        "deadlines": _raw(*told_worklist(page.deadlines, language)),
        "warnings": page.warnings,
        "staff": page.staff,
        "texts": _states(language),
    }


@cache
def _states(language: Language) -> dict[str, str]:
    """What the states of warnings are called."""
    return {f"warning_state:{s}": name("codes.warning_state", s, language) for s in codes_of("codes.warning_state")}


def _raw(answer: Any, texts: Any) -> msgspec.Raw:
    return msgspec.Raw(json_with_texts(answer, texts))
