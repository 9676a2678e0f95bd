"""A whole product in memory with a stopped clock: what a test of use needs and nothing else."""

import datetime as dt
from typing import Any
from zlib import crc32

from obstore.store import MemoryStore
from stdnum.cn import uscc

from application.access.gate import Gate
from application.access.roles import shipped_roles
from application.access.signatures import Signing
from application.answering.grading import GradeAnswer, Grading, Question, known_at_from
from application.answering.interpretations import Readings
from application.answering.results import Results
from application.answering.timeline import Timelines
from application.law.legislation import Compiled, Legislation, founding_events
from application.papers.dossier import Dossiers
from application.papers.letters.desk import LetterDesk
from application.papers.letters.reading import Letters
from application.ports import Entry, Ids, Journal, Vault
from application.principal import Principal
from application.recording.casework import Casework
from application.recording.commands import command_from
from application.recording.outcomes import Outcome
from application.year.evaluation import Evaluating
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.contents.store import StoredContents
from interfaces.documents.issuing import dossier_desk
from interfaces.documents.printing import Printing
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.files.shipped_places import shipped_places
from interfaces.ids import CountedIds
from interfaces.memory.journal import MemoryJournal, MemoryVault
from interfaces.postgres.vault import PostgresVault
from tests.support.letters import press_of
from tests.support.papers import papers_of

PRINTING = Printing()
"""One for all worlds: fonts take time to read."""

REGIME = "nmg.third_party"
BUREAU = "150100-EEB"
USCC = "91350100M000100Y43"
ID_NUMBER = "11010519491231002X"

CALENDARS = tuple(c for c in shipped_calendars() if c.year <= 2026)
"""What a world begins with. Tests ask what becomes of a deadline beyond the last calendar: a year that is shipped later
makes none of them speak of another day."""


def credit_code(subject: str) -> str:
    """A unified social credit code for a subject of that name, always the same one."""
    body = f"91150100MA{crc32(subject.encode()) % 10**7:07d}"
    return body + str(uscc.calc_check_digit(body))


class World:
    """Casework, grading and timelines over one journal; ``do`` records a command at nine o'clock of a day."""

    def __init__(
        self,
        journal: Journal | None = None,
        vault: Vault | None = None,
        clock: StoppedClock | None = None,
        *,
        ids: Ids | None = None,
        compiled: Compiled | None = None,
    ):
        self.clock = clock or StoppedClock(at_hour(dt.date(2023, 1, 1), 9))
        self.vault = vault or MemoryVault()
        self.journal = journal or MemoryJournal(self.clock, self.vault)  # type: ignore[arg-type]
        if not self.journal.law():
            found = founding_events([(s.edition, s.text) for s in shipped_editions()], CALENDARS)
            self.journal.append([Entry("law", "law", i, e) for i, e in enumerate(found, 1)], by=Principal("founding"))
        self.legislation = Legislation(self.journal, compiled=compiled)
        self.grading = Grading(self.journal, self.clock, self.legislation, "engine-of-the-test")
        self.results = Results(self.journal, self.legislation, "engine-of-the-test")
        self.ids = ids or CountedIds()
        self.gate = Gate(shipped_roles(), self.journal, self.legislation, self.clock)
        self.contents = StoredContents(MemoryStore())
        self.letter_desk = LetterDesk(
            self.journal,
            self.vault,
            self.clock,
            self.legislation,
            lambda: self.contents,
            self.vault if isinstance(self.vault, PostgresVault) else None,
            lambda: press_of(self.legislation),
        )
        self.papers = papers_of(self.journal, self.vault, self.clock, self.ids, self.contents)
        self.timelines = Timelines(self.journal, self.vault, self.clock, self.legislation)
        readings = Readings(self.journal, self.legislation, self.grading)
        parts = (self.journal, self.vault, self.legislation, self.grading)
        self.dossiers = Dossiers(*parts, readings, self.timelines)
        keys = self.vault if isinstance(self.vault, PostgresVault) else None
        self.issued = dossier_desk(self.dossiers, lambda: self.contents, keys, PRINTING)
        self.casework = Casework(
            self.journal,
            self.vault,
            self.clock,
            self.ids,
            self.legislation,
            self.grading.impact,
            engine="engine-of-the-test",
            places=shipped_places(),
            gate=self.gate,
            letters=self.letter_desk,
            uploads=self.papers.uploads,
            made=self.issued.make,
        )
        self.letters = Letters(self.journal, self.vault, self.clock, self.legislation, self.letter_desk)
        self.evaluating = Evaluating(
            self.journal,
            self.vault,
            self.clock,
            self.ids,
            self.legislation,
            engine="engine-of-the-test",
            gate=self.gate,
        )
        self.signing = Signing(
            self.journal,
            self.vault,
            self.clock,
            self.ids,
            self.legislation,
            self.casework,
            self.evaluating,
        )

    def do(self, day: str, do: str, *, actor: str = "clerk", **fields: Any) -> Outcome:
        options = {k: fields.pop(k) for k in ("key", "if_match", "dry_run") if k in fields}
        self.clock.set(at_hour(dt.date.fromisoformat(day), 9))
        return self.casework.submit(command_from(fields, name=do), by=Principal(actor), **options)

    def agency(self, subject: str = "A", services: tuple[str, ...] = ("monitoring",), **more: Any) -> None:
        code = USCC if subject == "A" else credit_code(subject)
        fields = {"uscc": code, "name": "甲检测", "region": "150100", "services": list(services), **more}
        self.do("2023-01-02", "register_agency", id=subject, **fields)

    def practitioner(self, subject: str = "P", id_number: str = ID_NUMBER, **more: Any) -> None:
        fields = {"name": "张某", "id_number": id_number, "region": "150100", **more}
        self.do("2023-01-02", "register_practitioner", id=subject, **fields)

    def fact(self, day: str, row: str, fact: str, subject: str = "A", **more: Any) -> Outcome:
        fields = {"regime": REGIME, "authority": BUREAU, "document": f"文书-{fact}", "decided_on": day, **more}
        return self.do(day, "record_fact", subject=subject, id=fact, row=row, **fields)

    def grade(self, as_of: str, known_at: str | None = None, subject: str = "A", **readings: str) -> GradeAnswer:
        return self.grading.grade(
            Question(
                subject=subject,
                regime=REGIME,
                as_of=dt.date.fromisoformat(as_of),
                known_at=None if known_at is None else known_at_from(known_at),
                readings={k.replace("_", "-"): v for k, v in readings.items()},
            )
        )

    def running(self, as_of: str, known_at: str | None = None, subject: str = "A", **readings: str) -> tuple[Any, Any]:
        answer = self.grade(as_of, known_at, subject, **readings)
        return answer.running.score, answer.running.grade
