"""Scenario files: worked cases that legal staff write down and the product plays.

This module knows the format and nothing of files: it turns documents that somebody else has read into cases, or names
every fault of them with its line. ``application.scenarios.playing`` plays the cases.
"""

import datetime as dt
import difflib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Literal, NamedTuple, get_args

import msgspec
from msgspec import UNSET, UnsetType

from application.field_faults import misfit
from application.principal import Role
from application.recording.commands import COMMANDS
from domain.errors import MOST_TOLD, CaseError, and_more
from domain.law.edition import Configured
from domain.sentence import OnePerLine, Sentence, sentence
from domain.time import Instant
from domain.values import BadMoment, BadNumber, day_from, is_blank, is_year, moment_from, number_from
from domain.vocabulary import Text, plain

_OF_RECORDS: Final = frozenset({"deadline", "admissible", "snapshot"})
"""Expectations that name records by their ids and need no subject."""
_CASE_KEYS: Final = (
    "case", "about", "regime", "subjects", "happens", "expect", "adopt", "readings", "fixtures", "calendars", "actor",
    "ids", "stories",
)  # fmt: skip
_EXPECT_KEYS: Final = (
    "subject", "regime", "as_of", "known_at", "running", "annual", "public", "force", "undetermined", "counted",
    "not_counted", "measures", "deadline", "admissible", "readings", "snapshot", "story",
)  # fmt: skip
_OF_THE_LAW: Final = ("/adopt/", "/readings/", "/calendars/")
_ADOPT_KEYS: Final = ("in_force_on", "until_on")
_ANNUAL_KEYS: Final = ("score", "grade", "stage", "risk", "colour")
_PUBLIC_KEYS: Final = ("grade", "risk", "colour")
_MEASURE_KEYS: Final = ("cite", "executable")
_DEADLINE_KEYS: Final = ("id", "kind", "due_on", "provisional", "state")
_SNAPSHOT_KEYS: Final = ("id", "taken_on", "as_of", "half_year", "score", "grade", "colour")
_HALF_YEAR: Final = re.compile(r"([0-9]{4})-?H?([12])")
_RUNNING_KEYS: Final = ("score", "grade", "undetermined", "deducted", "risk", "colour")
_LINE_KEYS: Final = ("at", "do", "refused", "invalid", "actor", "as", "countersigned_by", "pending")
_SETTLING: Final = ("sign", "return", "withdraw")
_SETTLING_KEYS: Final = ("at", "refused", "actor", "as", "reasons", *_SETTLING)
_ACTOR_KEYS: Final = ("name", "role", "place")
_STORY_KEYS: Final = ("subject", "title", "ask", "show")
_SHOW_KEYS: Final = ("grade", "subject")
_LANGUAGES: Final = ("zh", "en")
_SUBJECT_KEYS: Final[dict[str, tuple[str, ...]]] = {
    "agency": ("kind", "uscc", "name", "region", "services", "legal_representative", "address", "licences"),
    "practitioner": ("kind", "name", "id_number", "id_kind", "region"),
    "expert": ("kind", "name", "id_number", "id_kind", "region"),
    "client": ("kind", "uscc", "name", "region", "legal_representative", "address"),
}


class Document(NamedTuple):
    """One document of a file as it was read: plain values, and the line (from 1) of every JSON pointer in it."""

    source: str
    number: int
    value: object
    lines: Mapping[str, int]

    def line_of(self, pointer: str) -> int:
        """The line on which the value at ``pointer`` stands, or the nearest one above it that is known."""
        while pointer not in self.lines and pointer:
            pointer = pointer.rpartition("/")[0]
        return self.lines.get(pointer, 1)


class FileFault(NamedTuple):
    """One fault of a file: ``document`` and ``line`` count from 1, ``pointer`` says where in the document."""

    document: int
    line: int
    pointer: str
    says: Sentence


class BadFile(CaseError):
    """A file cannot be read as what it should be: ``faults`` names everything that was found."""

    def __init__(self, source: str, faults: Iterable[FileFault], cases: "Iterable[Case]" = ()) -> None:
        """``cases`` are those of the file that have no fault."""
        self.source = source
        self.faults = tuple(faults)
        self.cases = tuple(cases)

        def told(f: FileFault) -> Sentence:
            where = f"{source}:{f.line}: [{f.document}] {f.pointer}".rstrip()
            return sentence("errors.at", where=where, what=f.says)

        left = len(self.faults) - MOST_TOLD
        lines = [*map(told, self.faults[:MOST_TOLD]), *([and_more(left)] if left > 0 else [])]
        super().__init__("bad_file", sentence("errors.bad_file", faults=OnePerLine(lines)))


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A subject of a case: its ``fields`` are those of its registration, as far as the case gives them."""

    id: str
    line: int
    kind: str
    fields: dict[str, Any]


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """Who does something in a case. One with a ``role`` stands before the wall, at a ``place`` (``None``: where the
    subjects of the case are), and what needs a second person waits."""

    name: str
    role: Role | None = None
    place: str | None = None


class Settling(msgspec.Struct, frozen=True, kw_only=True):
    """What is done about a decision that waits, which the case calls ``decision``."""

    what: Literal["sign", "return", "withdraw"]
    decision: str
    reasons: str = ""


class Happening(msgspec.Struct, frozen=True, kw_only=True):
    """A command that is recorded ``at`` a moment by ``actor`` (``None``: whoever plays the case), or what is done about
    one that waits (``settles``).

    ``countersigned_by`` is the second signature that the command has already. With ``pending`` it must wait, as the
    decision that the case calls so.

    ``refused`` is how the citation (or the code) of the refusal must begin, ``invalid`` the pointer of a field that
    must be found wrong.
    """

    line: int
    number: int
    at: Instant
    do: str
    fields: dict[str, Any]
    refused: str | None = None
    invalid: str | None = None
    actor: Actor | None = None
    countersigned_by: str | None = None
    pending: str | None = None
    settles: Settling | None = None


class ExpectedMeasure(msgspec.Struct, frozen=True, kw_only=True):
    """A measure that must apply: how one of its citations begins and, where the case says so, whether it is
    executable."""

    cite: str
    executable: bool | None = None


class ExpectedDeadline(msgspec.Struct, frozen=True, kw_only=True):
    """A deadline as it must be: ``id`` is what started it (a stage, objection, repair, warning, penalty), ``kind``
    which of the deadlines that it started, ``None`` for the only one. Absent keys are not compared; ``due_on`` is
    ``None`` for a period suspended without an end."""

    id: str
    kind: str | None
    due_on: dt.date | UnsetType | None
    provisional: bool | None
    state: str | None


class ExpectedSnapshot(msgspec.Struct, frozen=True, kw_only=True):
    """A half-year snapshot as it must have been taken: the one with the ``id``, of the day ``taken_on``, of the
    half-year that ended ``as_of``, or the latest one. Absent keys are not compared."""

    id: str | None = None
    taken_on: dt.date | None = None
    as_of: dt.date | None = None
    figures: dict[str, str | None] = {}


class Expectation(msgspec.Struct, frozen=True, kw_only=True):
    """What a case says about one subject on one day, as known at one moment (``None``: when all has happened).

    ``annual`` gives for each year the keys that are compared, ``None`` for a year without any step; ``public`` the keys
    of what the register shows, a grade of ``None`` for none. ``admissible`` and ``deadline`` name records by their ids.
    ``story`` is the story of the case it belongs to, ``None`` for those of its subject.
    """

    line: int
    number: int
    subject: str | None
    regime: str
    as_of: dt.date | None
    known_at: Instant | None
    running: dict[str, str | None]
    annual: dict[int, dict[str, str | None] | None]
    public: dict[str, str | None] | UnsetType
    force: str | None
    undetermined: str | UnsetType | None
    counted: tuple[str, ...] | None
    not_counted: dict[str, str]
    measures: tuple[ExpectedMeasure, ...] | None
    admissible: dict[str, bool]
    deadline: ExpectedDeadline | None
    snapshot: ExpectedSnapshot | UnsetType | None
    decisive: tuple[str, ...] | None
    story: str | None = None

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of the records it is about."""
        return (*self.admissible, *(() if self.deadline is None else (self.deadline.id,)))


class InForce(msgspec.Struct, frozen=True):
    """How a case puts an edition in force: from a day, and up to and including another one where it ends."""

    in_force_on: dt.date
    until_on: dt.date | None = None


class CaseStory(msgspec.Struct, frozen=True, kw_only=True):
    """What the demo says of a case: what it is about, and what to ask of whom.

    ``show_on`` is the day of the command by which the demo shows it among the first, ``show`` the name of the command.
    """

    id: str
    subject: str
    title: Text
    ask: Text
    show: str | None = None
    show_on: dt.date | None = None


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """A worked case. ``adopt`` puts editions in force, ``calendars`` says when a year became known.

    ``files`` are the texts of the edition files beside the case that it names, by their names; ``lines`` are those of
    what it says of its law, by JSON pointer. ``ids`` are the ids in a lasting journal of what the case calls by short
    names, ``stories`` what the demo says of it.
    """

    source: str
    document: int
    line: int
    name: str
    about: str
    regime: str
    subjects: tuple[Subject, ...]
    happens: tuple[Happening, ...]
    expects: tuple[Expectation, ...]
    adopt: dict[str, InForce]
    files: dict[str, str]
    readings: dict[str, str]
    configured: Configured | None
    calendars: dict[int, dt.date]
    lines: dict[str, int]
    ids: dict[str, str] = {}
    stories: tuple[CaseStory, ...] = ()


Beside = Callable[[str], str | None]
"""Reads a file of that name beside the scenario file; ``None`` when there is none."""


def read_cases(source: str, documents: Iterable[Document], beside: Beside = lambda _: None) -> list[Case]:
    """The cases that the documents of a file write down. Raises ``BadFile`` with every fault of all of them."""
    cases: list[Case] = []
    faults: list[FileFault] = []
    for document in documents:
        if document.value is None:
            continue
        reader = _Reader(document, beside)
        case = reader.case()
        faults += reader.faults
        if case is not None and not reader.faults:
            cases.append(case)
    if not cases and not faults:
        faults = [FileFault(1, 1, "", sentence("scenarios.file.there_is_no_case"))]
    if faults:
        raise BadFile(source, faults, cases)
    return cases


class _Reader:
    """Reads one document and keeps every fault."""

    def __init__(self, document: Document, beside: Beside) -> None:
        self._document = document
        self._beside = beside
        self._files: dict[str, str] = {}
        self.faults: list[FileFault] = []

    # --- the case -----------------------------------------------------------------------------------------

    def case(self) -> Case | None:
        """The case, ``None`` when the document is no mapping; to be thrown away when there are faults."""
        fields = self._mapping(self._document.value, "", _CASE_KEYS)
        if fields is None:
            return None
        regime = self._text(fields, "regime", "", optional=True)
        subjects = self._subjects(fields.get("subjects"))
        happens = self._happens(fields.get("happens"), self._text(fields, "actor", "", optional=True) or None)
        names = self._names(subjects, happens)
        stories = self._stories(fields.get("stories"), names)
        expects = self._expects(fields.get("expect"), regime, names, [story.id for story in stories])
        if not expects and not any(h.refused or h.invalid for h in happens):
            self._fault("", sentence("scenarios.file.nothing_expected"))
        return Case(
            source=self._document.source,
            document=self._document.number,
            line=self._document.line_of(""),
            name=self._label(fields, "case"),
            about=self._label(fields, "about") if "about" in fields else "",
            regime=regime,
            subjects=subjects,
            happens=happens,
            expects=expects,
            adopt=self._adopt(fields.get("adopt")),
            files=self._files,
            readings=self._texts(fields.get("readings"), "/readings"),
            configured=self._configured(fields.get("fixtures")),
            calendars=self._calendars(fields.get("calendars")),
            lines={p: n for p, n in self._document.lines.items() if p.startswith(_OF_THE_LAW)},
            ids=self._texts(fields.get("ids"), "/ids"),
            stories=stories,
        )

    def _stories(self, value: object, names: frozenset[str]) -> tuple[CaseStory, ...]:
        found = []
        for id, raw in (self._mapping(value, "/stories", None) or {}).items():
            at = f"/stories/{id}"
            fields = self._mapping(raw, at, _STORY_KEYS) or {}
            show = self._mapping(fields.get("show"), f"{at}/show", _SHOW_KEYS) or {}
            command = next(iter(show), None)
            story = CaseStory(
                id=id,
                subject=self._subject(fields, at, names),
                title=self._in_both_languages(fields.get("title"), f"{at}/title"),
                ask=self._in_both_languages(fields.get("ask"), f"{at}/ask"),
                show=command,
                show_on=None if command is None else self._day(show[command], f"{at}/show/{command}"),
            )
            found.append(story)
        return tuple(found)

    def _in_both_languages(self, value: object, at: str) -> Text:
        fields = self._mapping(value, at, _LANGUAGES) or {}
        return Text(*(self._text(fields, language, at) for language in _LANGUAGES))

    def _subjects(self, value: object) -> tuple[Subject, ...]:
        found = []
        for id, raw in (self._mapping(value, "/subjects", None) or {}).items():
            at = f"/subjects/{id}"
            kind = raw.get("kind") if isinstance(raw, Mapping) else None
            if not isinstance(kind, str) or kind not in _SUBJECT_KEYS:
                self._fault(
                    f"{at}/kind",
                    _unknown(sentence("scenarios.file.kind_of_subject"), str(kind), _SUBJECT_KEYS),
                )
                continue
            fields = self._mapping(raw, at, _SUBJECT_KEYS[kind]) or {}
            if kind == "agency" and "services" not in fields:
                self._fault(f"{at}/services", sentence("scenarios.file.agency_needs_its_services"))
            fields.pop("kind", None)
            found.append(Subject(id=id, line=self._document.line_of(at), kind=kind, fields=fields))
        return tuple(found)

    def _names(self, subjects: Iterable[Subject], happens: Iterable[Happening]) -> frozenset[str]:
        made = {str(h.fields["id"]) for h in happens if h.do.startswith("register_") and "id" in h.fields}
        return frozenset({s.id for s in subjects} | made)

    def _configured(self, value: object) -> Configured | None:
        if value is None:
            return None
        fields = self._mapping(value, "/fixtures", Configured.__struct_fields__)
        try:
            return msgspec.convert(fields or {}, Configured)
        except msgspec.ValidationError as error:
            why, _, path = str(error).partition(" - at `$")
            place = path.rstrip("`").replace("[", "/").replace("]", "").replace(".", "/")
            self._fault(f"/fixtures{place}", misfit(why, Configured))
            return None

    def _adopt(self, value: object) -> dict[str, InForce]:
        """Editions by their ids, or by the names of files beside the case; a bare date is the first day in force."""
        found = {}
        for name, raw in (self._mapping(value, "/adopt", None) or {}).items():
            at = f"/adopt/{name}"
            fields = self._mapping(raw, at, _ADOPT_KEYS) or {} if isinstance(raw, Mapping) else {"in_force_on": raw}
            begin, end = (self._day(fields.get(key), f"{at}/{key}") for key in _ADOPT_KEYS)
            if begin is None:
                self._fault(at, sentence("scenarios.file.in_force_on_is_missing"))
                continue
            if name.endswith(".toml"):
                self._file(name, at)
            found[name] = InForce(begin, end)
        return found

    def _file(self, name: str, at: str) -> None:
        """Keep the text of a file beside the case."""
        text = self._beside(name) if "/" not in name and "\\" not in name else None
        if text is None:
            self._fault(at, sentence("scenarios.file.there_is_no_file_beside", name=name))
        else:
            self._files[name] = text

    def _calendars(self, value: object) -> dict[int, dt.date]:
        days = self._days(value, "/calendars")
        for year in [y for y in days if not is_year(y)]:
            self._fault(f"/calendars/{year}", sentence("scenarios.file.is_no_year", year=year))
            del days[year]
        return {int(year): day for year, day in days.items()}

    # --- what happens -------------------------------------------------------------------------------------

    def _happens(self, value: object, actor: str | None) -> tuple[Happening, ...]:
        """What happens, in order; ``actor`` records what names nobody."""
        found = []
        for number, raw in enumerate(self._list(value, "/happens")):
            at = f"/happens/{number}"
            fields = self._mapping(raw, at, None)
            if fields is None:
                continue
            settles = self._settling(fields, at)
            do = f"{settles.what}_decision" if settles is not None else self._text(fields, "do", at)
            if do and settles is None:
                self._check_command(do, fields, at)
            moment = self._moment(fields, "at", at, "morning")
            happening = Happening(
                line=self._document.line_of(at),
                number=number,
                at=moment or 0,
                do=do,
                fields={k: v for k, v in fields.items() if k not in _LINE_KEYS},
                refused=self._text(fields, "refused", at, optional=True) or None,
                invalid=self._text(fields, "invalid", at, optional=True) or None,
                actor=self._actor(fields, at) or (None if actor is None else Actor(name=actor)),
                countersigned_by=self._text(fields, "countersigned_by", at, optional=True) or None,
                pending=self._text(fields, "pending", at, optional=True) or None,
                settles=settles,
            )
            found.append(happening)
        self._check_decisions(found)
        return tuple(sorted(found, key=lambda h: h.at))

    def _settling(self, fields: Mapping[str, Any], at: str) -> Settling | None:
        """What a line does about a decision that waits; ``None`` for a command."""
        for what in _SETTLING:
            if what in fields and "do" not in fields:
                self._known_only(fields, at, _SETTLING_KEYS)
                decision = self._text(fields, what, at)
                reasons = self._text(fields, "reasons", at, optional=True)
                return Settling(what=what, decision=decision, reasons=reasons)
        return None

    def _check_decisions(self, happens: Sequence[Happening]) -> None:
        """Every decision that something is done about waits by another line."""
        waiting = [h.pending for h in happens if h.pending is not None]
        for line in happens:
            if line.settles is not None and line.settles.decision not in waiting:
                at = f"/happens/{line.number}/{line.settles.what}"
                self._fault(at, _unknown(sentence("scenarios.file.decision"), line.settles.decision, waiting))

    def _actor(self, fields: Mapping[str, Any], at: str) -> Actor | None:
        """Who does it: a name, or an account with a role."""
        named = "as" if "as" in fields else "actor"
        given = fields.get(named)
        if not isinstance(given, Mapping):
            name = self._text(fields, named, at, optional=True)
            return Actor(name=name) if name else None
        told = self._mapping(given, f"{at}/{named}", _ACTOR_KEYS) or {}
        role = self._text(told, "role", f"{at}/{named}", optional=True)
        found = next((r for r in get_args(Role) if r == role), None)
        if role and found is None:
            self._fault(f"{at}/{named}/role", _unknown(sentence("scenarios.file.role"), role, get_args(Role)))
        name = self._text(told, "name", f"{at}/{named}", optional=True) or role
        place = self._text(told, "place", f"{at}/{named}", optional=True)
        return Actor(name=name, role=found, place=place or None)

    def _check_command(self, do: str, fields: Mapping[str, Any], at: str) -> None:
        command = COMMANDS.get(do)
        if command is None:
            self._fault(f"{at}/do", _unknown(sentence("scenarios.file.command"), do, COMMANDS))
            return
        known = (*command.__struct_fields__, *_LINE_KEYS)
        if do == "adopt_rulebook":
            known = (*known, "file")
            if "file" in fields:
                self._file(self._text(fields, "file", at), f"{at}/file")
        self._known_only(fields, at, known)

    # --- what is expected ---------------------------------------------------------------------------------

    def _expects(
        self, value: object, regime: str, subjects: frozenset[str], stories: Sequence[str]
    ) -> tuple[Expectation, ...]:
        found = []
        for number, raw in enumerate(self._list(value, "/expect")):
            at = f"/expect/{number}"
            fields = self._mapping(raw, at, _EXPECT_KEYS)
            if fields is None:
                continue
            story = self._text(fields, "story", at, optional=True)
            if story and story not in stories:
                self._fault(f"{at}/story", _unknown(sentence("scenarios.file.story"), story, stories))
            found.append(self._expectation(fields, at, number, regime, subjects))
        return tuple(found)

    def _subject(self, fields: Mapping[str, Any], at: str, known: frozenset[str], *, optional: bool = False) -> str:
        subject = self._text(fields, "subject", at, optional=optional)
        if subject and subject not in known:
            self._fault(f"{at}/subject", _unknown(sentence("scenarios.file.subject"), subject, known))
        return subject

    def _expectation(
        self, fields: dict[str, Any], at: str, number: int, regime: str, subjects: frozenset[str]
    ) -> Expectation:
        running = self._running(fields.get("running"), f"{at}/running")
        alone = not set(fields) - _OF_RECORDS - {"subject", "regime", "as_of", "known_at", "story"}
        subject = self._subject(fields, at, subjects, optional=alone) or None
        as_of = self._day(fields.get("as_of"), f"{at}/as_of")
        if as_of is None and "as_of" not in fields and not alone:
            self._fault(at, sentence("scenarios.file.as_of_is_missing"))
        counted = fields.get("counted")
        return Expectation(
            line=self._document.line_of(at),
            number=number,
            subject=subject,
            regime=self._text(fields, "regime", at, optional=True) or regime,
            as_of=as_of,
            known_at=self._moment(fields, "known_at", at, "end") if fields.get("known_at") is not None else None,
            running=running,
            annual=self._annual(fields.get("annual"), f"{at}/annual"),
            public=self._public(fields, at),
            force=self._text(fields, "force", at, optional=True) or None,
            undetermined=UNSET if "undetermined" not in fields else self._code(fields, "undetermined", at),
            counted=None if counted is None else self._ids(counted, f"{at}/counted"),
            not_counted=self._texts(fields.get("not_counted"), f"{at}/not_counted"),
            measures=self._measures(fields.get("measures"), f"{at}/measures"),
            admissible=self._admissible(fields.get("admissible"), f"{at}/admissible"),
            deadline=self._deadline(fields.get("deadline"), f"{at}/deadline"),
            snapshot=self._snapshot(fields, at),
            decisive=self._decisive(fields.get("readings"), f"{at}/readings"),
            story=self._text(fields, "story", at, optional=True) or None,
        )

    def _running(self, value: object, at: str) -> dict[str, str | None]:
        fields = {} if value is None else self._mapping(value, at, _RUNNING_KEYS) or {}
        return self._figures(fields, at, exact=("score", "deducted"))

    def _annual(self, value: object, at: str) -> dict[int, dict[str, str | None] | None]:
        found: dict[int, dict[str, str | None] | None] = {}
        for year, raw in (self._mapping(value, at, None) or {}).items():
            if not is_year(year):
                self._fault(f"{at}/{year}", sentence("scenarios.file.is_no_year", year=year))
                continue
            wanted = None if raw is None else self._mapping(raw, f"{at}/{year}", _ANNUAL_KEYS) or {}
            found[int(year)] = None if wanted is None else self._figures(wanted, f"{at}/{year}", exact=("score",))
        return found

    def _figures(self, fields: Mapping[str, Any], at: str, *, exact: Iterable[str]) -> dict[str, str | None]:
        """Numbers under the ``exact`` keys, codes under the others, ``None`` for null."""
        return {
            key: self._number(raw, f"{at}/{key}") if key in exact and raw is not None else self._code(fields, key, at)
            for key, raw in fields.items()
        }

    def _public(self, fields: Mapping[str, Any], at: str) -> dict[str, str | None] | UnsetType:
        if "public" not in fields:
            return UNSET
        wanted = self._mapping(fields["public"], f"{at}/public", _PUBLIC_KEYS) or {"grade": None}
        return {key: self._code(wanted, key, f"{at}/public") for key in wanted}

    def _measures(self, value: object, at: str) -> tuple[ExpectedMeasure, ...] | None:
        if value is None:
            return None
        found = []
        for index, raw in enumerate(self._list(value, at)):
            if isinstance(raw, Mapping):
                fields = self._mapping(raw, f"{at}/{index}", _MEASURE_KEYS) or {}
                executable = self._truth(fields, "executable", f"{at}/{index}")
                found.append(ExpectedMeasure(cite=self._text(fields, "cite", f"{at}/{index}"), executable=executable))
            else:
                found.append(ExpectedMeasure(cite=self._text({str(index): raw}, str(index), at)))
        return tuple(found)

    def _admissible(self, value: object, at: str) -> dict[str, bool]:
        fields = self._mapping(value, at, None) or {}
        return {id: self._truth(fields, id, at) or False for id in fields}

    def _deadline(self, value: object, at: str) -> ExpectedDeadline | None:
        if value is None:
            return None
        fields = self._mapping(value, at, _DEADLINE_KEYS) or {}
        if not {"due_on", "provisional", "state"} & set(fields):
            self._fault(at, sentence("scenarios.file.nothing_is_expected_of_deadline"))
        return ExpectedDeadline(
            id=self._text(fields, "id", at),
            kind=self._text(fields, "kind", at, optional=True) or None,
            due_on=self._day(fields["due_on"], f"{at}/due_on") if "due_on" in fields else UNSET,
            provisional=self._truth(fields, "provisional", at),
            state=self._text(fields, "state", at, optional=True) or None,
        )

    def _snapshot(self, fields: Mapping[str, Any], at: str) -> ExpectedSnapshot | UnsetType | None:
        """A bare word is the colour, ``null`` says that none was taken."""
        value = fields.get("snapshot")
        if "snapshot" not in fields or value is None:
            return UNSET if "snapshot" not in fields else None
        at = f"{at}/snapshot"
        wanted = {"colour": value} if isinstance(value, str) else self._mapping(value, at, _SNAPSHOT_KEYS) or {}
        half_year = self._text(wanted, "half_year", at, optional=True)
        found = _HALF_YEAR.fullmatch(half_year)
        if half_year and found is None:
            self._fault(f"{at}/half_year", sentence("scenarios.file.should_be_like_h", half_year=half_year))
        ended_on = None if found is None else dt.date(int(found[1]), *((6, 30) if found[2] == "1" else (12, 31)))
        figures = {"colour" if k == "grade" else k: v for k, v in wanted.items() if k in ("score", "grade", "colour")}
        return ExpectedSnapshot(
            id=self._text(wanted, "id", at, optional=True) or None,
            taken_on=self._day(wanted.get("taken_on"), f"{at}/taken_on"),
            as_of=ended_on or self._day(wanted.get("as_of"), f"{at}/as_of"),
            figures=self._figures(figures, at, exact=("score",)),
        )

    def _decisive(self, value: object, at: str) -> tuple[str, ...] | None:
        fields = self._mapping(value, at, ("decisive",))
        return self._ids(fields["decisive"], f"{at}/decisive") if fields and "decisive" in fields else None

    # --- pieces -------------------------------------------------------------------------------------------

    def _fault(self, pointer: str, says: Sentence) -> None:
        document = self._document
        self.faults.append(FileFault(document.number, document.line_of(pointer), pointer, says))

    def _mapping(self, value: object, at: str, known: Iterable[str] | None) -> dict[str, Any] | None:
        if value is None and at:
            return {}
        if not isinstance(value, Mapping):
            self._fault(at, sentence("scenarios.file.mapping_is_wanted_here"))
            return None
        fields = dict(value)
        if known is not None:
            self._known_only(fields, at, known)
        return fields

    def _known_only(self, fields: Mapping[str, Any], at: str, known: Iterable[str]) -> None:
        for key in fields:
            if key not in known:
                self._fault(f"{at}/{key}", _unknown(sentence("scenarios.file.key"), key, known))

    def _list(self, value: object, at: str) -> list[Any]:
        if value is None:
            return []
        if isinstance(value, list):
            return value
        self._fault(at, sentence("scenarios.file.list_is_wanted_here"))
        return []

    def _text(self, fields: Mapping[str, Any], key: str, at: str, *, optional: bool = False) -> str:
        value = fields.get(key)
        if value is None and not optional:
            self._fault(f"{at}/{key}" if key in fields else at, sentence("scenarios.file.is_missing", key=key))
        elif value is not None and not isinstance(value, str):
            self._fault(f"{at}/{key}", sentence("scenarios.file.quote_it", value=value))
        elif value is not None and is_blank(value):
            self._fault(f"{at}/{key}", sentence("scenarios.file.is_empty", key=key))
        return value if isinstance(value, str) else ""

    def _label(self, fields: Mapping[str, Any], key: str) -> str:
        """A name or a remark; one written in digits is text all the same."""
        value = fields.get(key)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return plain(Decimal(value))
        return self._text(fields, key, "")

    def _code(self, fields: Mapping[str, Any], key: str, at: str) -> str | None:
        return None if fields.get(key) is None else self._text(fields, key, at)

    def _truth(self, fields: Mapping[str, Any], key: str, at: str) -> bool | None:
        value = fields.get(key)
        if value is not None and not isinstance(value, bool):
            self._fault(f"{at}/{key}", sentence("scenarios.file.should_be_true_or_false", value=value))
        elif value is None and key in fields:
            self._fault(f"{at}/{key}", sentence("scenarios.file.is_missing", key=key))
        return value if isinstance(value, bool) else None

    def _number(self, value: object, at: str) -> str | None:
        try:
            return plain(number_from(value))
        except BadNumber as bad:
            self._fault(at, sentence("scenarios.file.is_no_number", value=value, fault=bad.says))
            return None

    def _ids(self, value: object, at: str) -> tuple[str, ...]:
        ids = self._list(value, at)
        for index, id in enumerate(ids):
            if not isinstance(id, str):
                self._fault(f"{at}/{index}", sentence("scenarios.file.quote_it", value=id))
        return tuple(str(id) for id in ids)

    def _texts(self, value: object, at: str) -> dict[str, str]:
        fields = self._mapping(value, at, None) or {}
        return {key: self._text(fields, key, at) for key in fields}

    def _days(self, value: object, at: str) -> dict[str, dt.date]:
        fields = self._mapping(value, at, None) or {}
        found = {key: self._day(raw, f"{at}/{key}") for key, raw in fields.items()}
        return {key: day for key, day in found.items() if day is not None}

    def _day(self, value: object, at: str) -> dt.date | None:
        if value is None:
            return None
        try:
            return day_from(value if isinstance(value, str) else "")
        except BadMoment as bad:
            self._fault(at, sentence("scenarios.file.is_no_date", value=value, fault=bad.says))
            return None

    def _moment(self, fields: Mapping[str, Any], key: str, at: str, bare: Literal["morning", "end"]) -> Instant | None:
        text = self._text(fields, key, at)
        if not text:
            return None
        try:
            return moment_from(text, bare)
        except BadMoment as bad:
            self._fault(
                f"{at}/{key}",
                sentence("scenarios.file.is_neither_date_nor_moment", text=text, fault=bad.says),
            )
            return None


def _unknown(what: Sentence, name: str, known: Iterable[str]) -> Sentence:
    choices = sorted(known)
    near = difflib.get_close_matches(name, choices, n=1)
    if near:
        return sentence("scenarios.file.unknown_but_like", what=what, name=name, near=near[0])
    return sentence("scenarios.file.unknown", what=what, name=name, choices=choices)
