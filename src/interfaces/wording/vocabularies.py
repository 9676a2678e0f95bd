"""Every closed vocabulary of the contract with what its codes are called, each from the one place where it stands."""

from collections.abc import Callable, Iterable
from typing import Final, cast, get_args

import msgspec

from application.answering.case_page import WarningState
from application.answering.grading import Track
from application.answering.rechecking import RecheckCause
from application.papers.evidence import EvidenceFault
from application.rehearsal.rehearsal import RehearsalState
from application.sheets.forms import ColumnCode, SheetForm
from application.sheets.preview import RowMark
from application.sheets.status import SheetState
from application.sheets.store import RowStatus
from domain.events.advisories import AdvisoryKind
from domain.events.evaluation import ReportFinding
from domain.events.event import Struck
from domain.events.facts import Challenge, ClientOutcome, SetAsideEffect
from domain.events.filings import CautionForm
from domain.events.intermediaries import Reviewer
from domain.events.objections import DecisionOutcome
from domain.events.papers.evidence import EvidenceKind
from domain.events.registration import IdKind, NumberChange
from domain.events.repairs import Confirmer, Harm
from domain.law.calendar import DayKind
from domain.law.edition import DeadlineActor
from domain.law.regime import Force
from domain.procedures.deadlines import DeadlineState
from domain.vocabulary import Organ, Service, Stage, SubjectKind
from interfaces.sheets.heads import column_head
from interfaces.wording import words
from interfaces.wording.texts import Language, codes_of, name, said


class NamedCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code with what it is called in both languages."""

    code: str
    zh: str
    en: str


def _of(family: str) -> Callable[[str, Language], str]:
    return lambda code, language: name(family, code, language)


def _column(code: str, language: Language) -> str:
    return said(column_head(cast("ColumnCode", code)), language)


_Called = Callable[[str, Language], str]

_VOCABULARIES: Final[dict[str, tuple[Callable[[], Iterable[str]], _Called]]] = {
    "actors": (lambda: get_args(DeadlineActor), words.actor),
    "advisory_kinds": (lambda: get_args(AdvisoryKind), _of("advisories.kind")),
    "caution_forms": (lambda: get_args(CautionForm), _of("codes.caution_form")),
    "challenges": (lambda: get_args(Challenge), _of("codes.challenge")),
    "client_outcomes": (lambda: get_args(ClientOutcome), _of("codes.client_outcome")),
    "confirmers": (lambda: get_args(Confirmer), _of("codes.confirmer")),
    "deadline_kinds": (lambda: codes_of("deadlines.kind"), words.deadline_kind),
    "deadline_states": (lambda: get_args(DeadlineState), words.deadline_state),
    "evidence_faults": (lambda: get_args(EvidenceFault), _of("evidence.fault")),
    "evidence_kinds": (lambda: get_args(EvidenceKind), _of("evidence.kind")),
    "events": (lambda: codes_of("names.event"), words.event_title),
    "findings": (lambda: get_args(ReportFinding), _of("codes.finding")),
    "forces": (lambda: get_args(Force), words.force),
    "harms": (lambda: get_args(Harm), _of("codes.harm")),
    "id_kinds": (lambda: get_args(IdKind), _of("codes.id_kind")),
    "kinds": (lambda: get_args(SubjectKind), words.kind),
    "number_changes": (lambda: get_args(NumberChange), _of("codes.number_change")),
    "organs": (lambda: get_args(Organ), words.organ),
    "outcomes": (lambda: get_args(DecisionOutcome), words.outcome),
    "proof_days": (lambda: get_args(DayKind), words.proof_day),
    "problems": (lambda: codes_of("problems.title"), _of("problems.title")),
    "reasons": (words.reason_codes, words.shortly),
    "recheck_causes": (lambda: get_args(RecheckCause), words.recheck_cause),
    "rehearsal_states": (lambda: get_args(RehearsalState), _of("rehearsals.state")),
    "reviewers": (lambda: get_args(Reviewer), _of("codes.reviewer")),
    "sheet_columns": (
        lambda: get_args(ColumnCode),
        _column,
    ),
    "sheet_forms": (lambda: get_args(SheetForm), _of("sheets.form")),
    "sheet_marks": (lambda: get_args(RowMark), _of("sheets.mark")),
    "sheet_row_states": (lambda: get_args(RowStatus), _of("sheets.status")),
    "sheet_states": (lambda: get_args(SheetState), _of("sheets.state")),
    "services": (lambda: get_args(Service), words.service),
    "set_aside_effects": (lambda: get_args(SetAsideEffect), _of("codes.set_aside_effect")),
    "stages": (lambda: get_args(Stage), words.stage),
    "struck": (lambda: get_args(Struck), words.struck),
    "tracks": (lambda: get_args(Track), _of("causes.track")),
    "undetermined": (lambda: codes_of("results.undetermined"), words.undetermined),
    "warning_states": (lambda: get_args(WarningState), _of("codes.warning_state")),
}
"""By name: the codes in the order in which they are to be shown, and what each is called."""


def vocabularies() -> dict[str, tuple[NamedCode, ...]]:
    """Every vocabulary by its name; each code once, in the order in which it stands where it is defined."""
    return {
        vocabulary: tuple(NamedCode(code=c, zh=called(c, "zh"), en=called(c, "en")) for c in codes())
        for vocabulary, (codes, called) in _VOCABULARIES.items()
    }
