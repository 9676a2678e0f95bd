"""The use cases over one copy of the journal, and the words of its law: what a handler answers from."""

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from application.access.accounts import Accounts
from application.access.administering import Administering
from application.access.assigning import Assigning
from application.access.gate import Gate
from application.access.read_log import Watching
from application.access.signature_rules import SignatureRules
from application.access.signatures import Signing
from application.access.signing_in import Door
from application.access.snoozing import Snoozing
from application.answering.case_page import CasePages
from application.answering.doubles import Doubles
from application.answering.grading import Basis, Grading, Question
from application.answering.interpretations import Readings
from application.answering.proceedings import ReadingProceedings
from application.answering.public_register import Register
from application.answering.rechecking import Rechecking
from application.answering.searching import Searching
from application.answering.timeline import Timelines
from application.changes.endpoints import Webhooks
from application.changes.feed import Feed
from application.deadlines.worklist import Worklist
from application.law.legislation import Legislation
from application.papers.dossier import Dossiers
from application.papers.evidence import EvidenceDesk
from application.papers.issuing import DossierDesk
from application.papers.letters.reading import Letters
from application.papers.uploads import Uploads
from application.papers.year_lists import YearLists
from application.population.population import Population
from application.ports import Clock, Journal, Vault
from application.recording.advisories import Advising
from application.recording.casework import Casework
from application.rehearsal.rehearsals import Rehearsals
from application.sheets.sheets import Sheets
from application.sheets.signed_batches import SheetBatches
from application.year.evaluation import Evaluating
from domain.errors import NotFound
from domain.events.lawbook import RulebookAdopted
from domain.law.edition import Edition
from domain.time import legal_day
from domain.vocabulary import Text
from interfaces.documents.printing import Printing
from interfaces.http.parameters import Moment
from interfaces.http.problems import RequestFault, Trouble, bad_request
from interfaces.ids import RandomIds
from interfaces.oidc.signing_in import ProviderDoor
from interfaces.standbys import StandbyStanding
from interfaces.wording.findings import Findings, nothing
from interfaces.wording.lexicons import Lexicons
from interfaces.wording.texts import Language, both
from interfaces.wording.words import Lexicon

PAGE: Final = 50
"""Lines on a page when nothing is said."""


def _none(head: int) -> tuple[StandbyStanding, ...]:
    del head
    return ()


@dataclass(kw_only=True)
class UseCases:
    """Every use case over one copy of the journal.

    ``allow_actor_header`` lets clients of this machine name who acts (``X-Actor``); nobody else may write.
    ``provider`` lets in whom an identity provider knows. With ``is_open_here`` whoever sits at this machine needs no
    account, and may take any of them: the demo.
    ``signatures`` say what needs a second person, where that is not as shipped; ``accounts_here`` are the accounts as
    this copy has them, where it is not the one they are written to. ``standings`` tells how standbys stand beside a
    primary whose journal ends at a position, ``findings`` what is out of order. ``printing`` sets papers.
    """

    casework: Casework
    evaluating: Evaluating
    rechecking: Rechecking
    advising: Advising
    worklist: Worklist
    population: Population
    grading: Grading
    timelines: Timelines
    journal: Journal
    vault: Vault
    clock: Clock
    legislation: Legislation
    rehearsals: Rehearsals
    sheets: Sheets
    letters: Letters
    feed: Feed
    webhooks: Webhooks
    issued: DossierDesk
    gate: Gate
    administering: Administering
    watching: Watching
    uploads: Uploads
    evidence: EvidenceDesk
    provider: ProviderDoor | None = None
    is_open_here: bool = False
    allow_actor_header: bool = True
    signatures: SignatureRules | None = None
    accounts_here: Accounts | None = None
    findings: Findings = nothing
    printing: Printing = field(default_factory=Printing)
    standings: Callable[[int], tuple[StandbyStanding, ...]] = field(default=_none)

    @property
    def door(self) -> Door:
        """What lets accounts in and out."""
        return self.administering.door

    @property
    def accounts(self) -> Accounts:
        """What is told of accounts beside an answer: by the database that answers, so that it needs no other one."""
        return self.accounts_here or self.door.accounts

    @cached_property
    def law(self) -> "Law":
        """The editions on record and their words."""
        return Law(self.legislation)

    @cached_property
    def proceedings(self) -> ReadingProceedings:
        """The procedures of a file."""
        return ReadingProceedings(self.grading, self.vault)

    @cached_property
    def year_lists(self) -> YearLists:
        """The lists of a year that go on paper."""
        return YearLists(self.journal, self.clock, self.legislation, self.population, self.grading.engine)

    @cached_property
    def signing(self) -> Signing:
        """Recording by two persons, in front of the use cases that record."""
        parts = (self.journal, self.vault, self.clock, RandomIds(), self.legislation)
        batches = SheetBatches(self.sheets.parts)
        door = self.door
        held = (door.stands_in_for, door.signs_nothing_yet)
        return Signing(*parts, self.casework, self.evaluating, self.signatures, batches, *held)

    @cached_property
    def assigning(self) -> Assigning:
        """Who works on which deadline."""
        return Assigning(self.administering, self.accounts, self.gate, self.worklist, self.signing, self.clock)

    @cached_property
    def snoozing(self) -> Snoozing:
        """Which deadlines are put off."""
        return Snoozing(self.accounts, self.gate, self.worklist, self.clock)

    @cached_property
    def register(self) -> Register:
        """What is open to the public."""
        return Register(self.journal, self.clock, self.legislation)

    @cached_property
    def case_pages(self) -> CasePages:
        """Everything about one file at once."""
        return CasePages(self.grading, self.proceedings, self.timelines, self.worklist, self.vault, self.legislation)

    @cached_property
    def dossiers(self) -> Dossiers:
        """Everything that stands behind one grade, as it goes on paper."""
        parts = (self.journal, self.vault, self.legislation)
        return Dossiers(*parts, self.grading, self.readings, self.timelines)

    @cached_property
    def doubles(self) -> Doubles:
        """What is on record twice."""
        return Doubles(self.journal, self.clock)

    @cached_property
    def searching(self) -> Searching:
        """What is found by what people know."""
        return Searching(self.journal, self.vault, self.clock)

    @cached_property
    def readings(self) -> Readings:
        """On which readings of the law a grade hangs."""
        return Readings(self.journal, self.legislation, self.grading)

    def today(self) -> dt.date:
        """The legal day."""
        return legal_day(self.clock.now())

    def must_hold(self, position: int) -> None:
        """Raise a problem when the journal does not hold a position yet: an answer would miss that write."""
        if self.journal.head().position < position:
            raise Trouble("not_yet_there")

    def regime_of(self, subject: str, named: str | None) -> str:
        """The regime asked for, or the one that the subject's file and place make clear. Raises a problem."""
        return self.law.regime(named or self.grading.regime_of(subject))

    def question(self, subject: str, moment: Moment) -> Question:
        """What a question about one subject is about."""
        return Question(
            subject=subject,
            regime=self.regime_of(subject, moment.regime),
            as_of=moment.as_of,
            known_at=moment.known_at,
            readings=moment.readings,
        )


class Law:
    """Editions by the digest of their text, parsed once."""

    def __init__(self, legislation: Legislation) -> None:
        self._legislation = legislation
        self._lexicons = Lexicons(legislation)

    def lexicon_of_answer(self, basis: Basis) -> Lexicon:
        """The words of the editions an answer rests on; that of its day wins."""
        return self._lexicons.of_answer(basis)

    def lexicon(self, digests: Sequence[str], day: dt.date | None = None) -> Lexicon:
        """The words of the editions an answer rests on, by the digests of their texts; that of the day wins."""
        return self._lexicons.of_digests(digests, day)

    def editions_of(self, digests: Collection[str]) -> tuple[Edition, ...]:
        """The editions with these texts, those that others stand on first."""
        events = [r.event for r in self._legislation.refresh(0) if isinstance(r.event, RulebookAdopted)]
        known = {event.digest: self.edition(event) for event in events if event.digest in digests}
        return tuple(known[digest] for digest in digests if digest in known)

    def title(self, digest: str, language: Language) -> str:
        """What the edition with a digest is called."""
        events = (r.event for r in self._legislation.refresh(0))
        event = next(e for e in events if isinstance(e, RulebookAdopted) and e.digest == digest)
        title = self.edition(event).title
        return title.zh if language == "zh" else title.en

    def region(self, regime: str) -> str:
        """The code of the region for which a regime is made. Raises ``NotFound`` for a regime nobody knows."""
        events = [r.event for r in self._legislation.refresh() if isinstance(r.event, RulebookAdopted)]
        made = [e for e in events if e.regime == regime]
        if not made:
            raise NotFound("regime", regime[:80])
        return self.edition(made[-1]).regions[0].ljust(6, "0")

    def lexicon_of(self, regime: str, day: dt.date | None = None) -> Lexicon:
        """The words of all editions of a regime; that of the day wins, else the newest."""
        return self._lexicons.of_regime(regime, day)

    def edition(self, event: RulebookAdopted) -> Edition:
        """The edition that an adoption carries."""
        return self._legislation.parsed(event)

    def regime(self, named: str | None) -> str:
        """The regime asked for, or the only one on record. Raises a problem when that is not clear."""
        if named is not None:
            return named
        events = self._legislation.refresh(0) or self._legislation.refresh()
        regimes = sorted({r.event.regime for r in events if isinstance(r.event, RulebookAdopted)})
        if len(regimes) == 1:
            return regimes[0]
        text = both("requests.name_the_regime", regimes=Text("、".join(regimes), ", ".join(regimes)))
        raise bad_request(RequestFault(parameter="regime", code="missing", text=text))
