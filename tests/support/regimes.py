"""Random files under each of the six regimes, as they come about, and what every track answers about them.

A history is a list of raw commands. Played, each is recorded on or after its own days; what the law or the state of
the file refuses is passed over. The commands come from the vocabulary itself: a new command takes part as soon as its
fields have a strategy.
"""

import datetime as dt
import functools
import itertools
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

import msgspec
from hypothesis import strategies as st
from msgspec import inspect as types

from application.answering.grading import GradeAnswer, Grading, Question
from application.law.legislation import Compiled, Legislation, founding_events
from application.ports import Entry
from application.principal import Principal
from application.recording.casework import Casework
from application.recording.commands import COMMANDS, LawCommand, LegalNoteCommand, command_from
from domain.errors import CaseError
from domain.law.edition import Configured, Edition, Row
from domain.procedures import filings, intermediaries, participation, scores
from domain.time import Instant, at_hour, legal_day
from interfaces.clocks import StoppedClock
from interfaces.files.shipped import shipped_calendars, shipped_editions
from interfaces.ids import CountedIds
from interfaces.memory.journal import MemoryJournal, MemoryVault
from tests.support.editions import latest

AGENCY, OTHER, PERSON = "A", "B", "P"
"""An agency, another one of its cohort, and a practitioner of the first."""

Raw = dict[str, Any]
_ENGINE: Final = "engine-of-the-test"
_ONE_DAY: Final = dt.timedelta(days=1)
_COMPILED: Final = Compiled()
_IDS: Final = ("x1", "x2", "x3", "x4")
_NOT_RANDOM: Final = frozenset(
    {
        *(t.__struct_config__.tag for t in (*LawCommand.__args__, *LegalNoteCommand.__args__)),
        # Subjects are there from the start; advisories have streams of their own.
        *(name for name in COMMANDS if name.startswith("register_") and name != "register_notification"),
        "record_advisory", "submit_advisories", "issue_internal_notice", "change_subject", "draw_sample",
    }
)  # fmt: skip
_NAMING: Final = ("fact", "facts", "against", "sets_aside", "arises_from", "warning", "repair", "objection", "comment",
                  "record")  # fmt: skip
"""The fields by which a command names what is on record."""

_OFTENER: Final = {
    "retract_fact": 3, "set_aside_fact": 6, "record_national_repair": 3, "correct_fact": 3, "contest_fact": 2,
    "record_finality": 2, "apply_repair": 3, "commit_repair": 2, "confirm_repair": 4, "issue_warning": 2,
    "file_objection": 2, "decide_objection": 2, "retract_record": 3,
}  # fmt: skip
"""What meets other commands comes oftener."""


_ONLY_UNDER: Final = {
    filings.__name__: frozenset({"ningbo.monitoring"}),
    intermediaries.__name__: frozenset({"wenzhou.intermediary"}),
    participation.__name__: frozenset({"lianyungang.supervision", "eia.integrity"}),
    scores.__name__: frozenset({"jiaxing.monitoring", "ningbo.monitoring"}),
}
"""Procedures that other regimes refuse whatever is asked: they would only fill the histories."""


class Setting(NamedTuple):
    """Where a regime's histories take place: the region, a first and a last day, what the agencies do, and courses.

    ``courses`` are whole years of evaluation, each a list of raw commands in order, of which a history has some.
    ``configured`` are the tables that a bureau supplies.
    """

    regime: str
    region: str
    first_on: dt.date
    last_on: dt.date
    services: tuple[str, ...]
    courses: tuple[tuple[Raw, ...], ...]
    configured: Configured | None = None

    @property
    def edition(self) -> Edition:
        """The latest shipped edition of the regime."""
        return latest(self.regime).edition


def _year(
    regime: str, year: int, *stages: tuple[str, str], subject: str = AGENCY, before: Sequence[Raw] = ()
) -> list[Raw]:
    """The steps of a year: each a stage and its day (month and day of the year after)."""
    found = [*before]
    for stage, day in stages:
        more = {"panel": ["专家甲"]} if stage == "determination" and regime.startswith("jiaxing") else {}
        found.append(
            {"do": "evaluation_stage", "subject": subject, "id": f"{stage}-{year}-{subject}", "regime": regime,
             "year": year, "stage": stage, "dated_on": f"{year + 1}-{day}", **more}
        )  # fmt: skip
    return found


_NMG_STAGES: Final = (
    ("roster", "03-01"), ("proposal", "04-15"), ("publicity", "04-25"), ("determination", "05-12"),
    ("submission", "05-14"), ("publication", "06-05"),
)  # fmt: skip
_NMG_PERSON: Final = (
    ("roster", "03-01"), ("proposal", "04-15"), ("determination", "05-12"), ("submission", "05-14"),
    ("rating", "05-30"),
)  # fmt: skip


def _scored(regime: str, year: int, subject: str, **score: str) -> Raw:
    return {"do": "record_score", "id": f"score-{year}-{subject}-{'-'.join(score.values())}", "subject": subject,
            "regime": regime, "year": year, **score}  # fmt: skip


def _nmg() -> Setting:
    regime = "nmg.third_party"
    return Setting(
        regime, "150100", dt.date(2023, 12, 20), dt.date(2026, 6, 30), ("monitoring", "carbon_verification", "eia"),
        tuple(
            tuple(_year(regime, year, *stages, subject=subject))
            for year in (2023, 2024, 2025)
            for subject, stages in ((AGENCY, _NMG_STAGES), (PERSON, _NMG_PERSON))
        ),
    )  # fmt: skip


def _jiaxing() -> Setting:
    regime = "jiaxing.monitoring"
    stages = (("roster", "01-05"), ("notice", "01-08"), ("publicity", "03-01"), ("determination", "03-20"),
              ("publication", "04-10"))  # fmt: skip
    return Setting(
        regime, "330402", dt.date(2023, 12, 20), dt.date(2026, 6, 30), ("monitoring",),
        tuple(
            tuple(_year(regime, year, *stages, before=[_scored(regime, year, AGENCY, basic=basic, risk="70")]))
            for year, basic in ((2023, "92"), (2024, "75"), (2025, "60"))
        ),
    )  # fmt: skip


def _ningbo() -> Setting:
    regime = "ningbo.monitoring"
    stages = (("roster", "01-05"), ("determination", "04-10"), ("publicity", "04-20"), ("publication", "05-20"))
    courses: list[tuple[Raw, ...]] = []
    for year, (one, other) in {2023: ("90", "80"), 2024: ("70", "95"), 2025: ("88", "88")}.items():
        scores = [
            _scored(regime, year, AGENCY, score=one),
            _scored(regime, year, OTHER, score=other),
            {
                "do": "rank_cohort",
                "id": f"ranked-{year}",
                "regime": regime,
                "year": year,
                "dated_on": f"{year + 1}-04-01",
            },
        ]
        courses.append((*scores, *_year(regime, year, *stages)))
    quotas = {"A": Decimal("0.5"), "B": Decimal("0.5"), "C": Decimal(0), "D": Decimal(0)}
    return Setting(
        regime, "330203", dt.date(2023, 12, 20), dt.date(2026, 12, 31), ("monitoring",), tuple(courses),
        Configured(quotas=quotas),
    )  # fmt: skip


def _included(regime: str, on: str) -> tuple[Raw, ...]:
    return ({"do": "include_participant", "subject": AGENCY, "id": f"in-{on}", "regime": regime, "dated_on": on},)


def _lianyungang() -> Setting:
    regime = "lianyungang.supervision"
    return Setting(
        regime, "320703", dt.date(2023, 12, 20), dt.date(2025, 6, 30), ("monitoring",),
        (_included(regime, "2024-01-08"), _included(regime, "2024-02-29")),
    )  # fmt: skip


def _eia() -> Setting:
    regime = "eia.integrity"
    return Setting(
        regime, "150100", dt.date(2020, 2, 1), dt.date(2022, 6, 30), ("eia",),
        (_included(regime, "2020-02-29"), _included(regime, "2020-03-02")),
    )  # fmt: skip


def _wenzhou() -> Setting:
    regime = "wenzhou.intermediary"
    listed = {
        "do": "list_blacklist",
        "subject": AGENCY,
        "regime": regime,
        "signed_by": "局长",
        "noticed_on": "2024-03-01",
    }
    return Setting(
        regime, "330302", dt.date(2023, 12, 20), dt.date(2025, 6, 30), ("monitoring",),
        (
            ({"do": "decide_outcome", "subject": AGENCY, "id": "out-1", "regime": regime, "grade": "good",
              "decided_on": "2024-05-06", "reasons": "理由"},),
            ({**listed, "id": "black-1", "decided_on": "2024-04-01"},),
            ({**listed, "id": "black-2", "decided_on": "2024-06-03",
              "ban": {"from_on": "2024-06-03", "until_on": "2025-02-28", "fields": ["环评"]}},
             {"do": "remove_blacklist", "subject": AGENCY, "id": "off-2", "regime": regime, "decided_on": "2024-12-02",
              "keeps_ban": True}),
        ),
        Configured(points={f"WA{i:02}": Decimal(3) for i in range(1, 11)}, cycle_months=12, threshold=Decimal(12)),
    )  # fmt: skip


SETTINGS: Final = {s.regime: s for s in (_nmg(), _jiaxing(), _wenzhou(), _lianyungang(), _ningbo(), _eia())}
"""The six regimes."""


# --- random commands --------------------------------------------------------------------------------------------


def _days(setting: Setting, last_on: dt.date | None = None) -> st.SearchStrategy[str]:
    """Days of the span; the ends of months come often, since periods turn on them."""
    last_on = last_on or setting.last_on
    ends = [
        dt.date(y, m, 1) + dt.timedelta(days=shift)
        for y in range(setting.first_on.year, last_on.year + 1)
        for m in range(1, 13)
        for shift in (-1, 0)
    ]
    inside = [d for d in ends if setting.first_on <= d <= last_on]
    return st.one_of(st.dates(setting.first_on, last_on), st.sampled_from(inside)).map(dt.date.isoformat)


class _Fields:
    """Strategies for the fields of a setting's commands."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        rows = [r.code for r in _rows_of(setting)]
        province = setting.region[:2] + "0000"
        city = setting.region[:4] + "00"
        place = st.sampled_from([city, city, setting.region[:2] + "0200", province])
        self.day = _days(setting)
        self.fixed: dict[str, st.SearchStrategy[Any]] = {
            "regime": st.just(setting.regime),
            "row": st.sampled_from(rows),
            "authority": st.builds("{}-{}".format, place, st.sampled_from(["EEB", "EEB", "MSA"])),
            "subject": st.sampled_from([AGENCY] * 6 + [OTHER, PERSON]),
            "practitioner": st.just(PERSON),
            "year": st.sampled_from([2023, 2024, 2025]),
            "points": st.sampled_from(["1", "5", "12", "20"]),
            "share": st.sampled_from(["0.5", "1"]),
            "score": st.sampled_from(["59.5", "60", "75", "100"]),
            "basic": st.sampled_from(["59.99", "60", "85", "92"]),
            "risk": st.sampled_from(["59", "70", "80"]),
            "grade": st.sampled_from(["good", "poor", "very_poor"]),
            "changes": self._changes(),
            "categories": st.just({}),
            "evidence": st.just([{"title": "证据"}]),
            "panel": st.just(["专家甲"]),
            "linked_to": st.just("client-1"),
            "applied_by": st.just("甲"),
            "signed_by": st.just("局长"),
            "harm": st.sampled_from(["none", "compensated"]),
        }

    def _changes(self) -> st.SearchStrategy[Raw]:
        return st.one_of(
            st.fixed_dictionaries({"decided_on": self.day}), st.fixed_dictionaries({"points": st.just("3")})
        )

    def of(self, command: str, name: str, found: types.Type) -> st.SearchStrategy[Any] | None:
        """The strategy of a field; ``None`` for an optional one that random histories leave out."""
        ids = st.sampled_from(_IDS if command == "record_fact" else ("x1", "x1", "x2", "x2", "x3", "x4"))
        match command, name:
            case "record_fact", "id":
                return ids
            case _, "id":
                return ids.map(f"{{}}-{command}".format)
            case _, "warning":
                return ids.map("{}-issue_warning".format)
            case _, "repair":
                return st.builds("{}-{}".format, ids, st.sampled_from(["apply_repair", "commit_repair"]))
            case _, "objection":
                return ids.map("{}-file_objection".format)
            case _, "comment":
                return ids.map("{}-record_comment".format)
            case "file_objection", "by":
                return st.sampled_from([AGENCY, AGENCY, "居民"])
            case _, "facts" | "sets_aside":
                return st.lists(ids, min_size=1 if name == "facts" else 0, max_size=2, unique=True)
            case _, "fact":
                return ids
            case _, "against" | "record":
                return st.one_of(ids, st.sampled_from(sorted(self.record_ids)))
            case _:
                return self.fixed[name] if name in self.fixed else self._typed(found)

    @functools.cached_property
    def record_ids(self) -> frozenset[str]:
        """The ids under which records other than facts come about."""
        of_courses = {raw["id"] for course in self.setting.courses for raw in course if "id" in raw}
        return frozenset({*of_courses, *(f"{i}-{c}" for i in _IDS for c in random_commands() if "id" in _names(c))})

    def _typed(self, found: types.Type) -> st.SearchStrategy[Any] | None:
        match found:
            case types.UnionType():
                real = [self._typed(t) for t in found.types if not isinstance(t, types.NoneType)]
                given = [s for s in real if s is not None]
                return st.one_of(given) if given else None
            case types.Metadata():
                return self._typed(found.type)
            case types.DateType():
                return self.day
            case types.LiteralType():
                return st.sampled_from(sorted(found.values, key=str))
            case types.BoolType():
                return st.booleans()
            case types.StrType():
                return st.just("某")
            case types.IntType():
                return st.sampled_from([60, 90])
            case _:
                return None


def _facts(fields: _Fields) -> st.SearchStrategy[Raw]:
    """Facts whose dates follow each other, under rows that stand for the subject."""
    setting = fields.setting
    rows = {r.code: r for r in _rows_of(setting)}
    subject_of = {code: PERSON if row.kind == "practitioner" else AGENCY for code, row in rows.items()}
    gaps = st.sampled_from([0, 0, 1, 30, 200])

    def fact(id: str, code: str, day: str, one: int, other: int, dates: set[str], more: Raw) -> Raw:
        row = rows[code]
        decided = dt.date.fromisoformat(day)
        later = decided + dt.timedelta(days=one)
        given = {"occurred_on": decided - dt.timedelta(days=other), "served_on": later, "until_on": later,
                 "final_on": later + dt.timedelta(days=other), "verified_on": later}  # fmt: skip
        needed = {"verified_on"} if row.counts_from.startswith("verified") else set()
        if row.counts_from in ("finality", "verified_and_final"):
            needed |= {"final_on"} if "served_on" not in dates else set()
        chosen = {name: value.isoformat() for name, value in given.items() if name in dates | needed}
        subject = OTHER if id == "x4" and subject_of[code] == AGENCY else subject_of[code]
        fixed = () if row.type in ("linked", "external") else ("points",)
        return {"do": "record_fact", "subject": subject, "id": id, "regime": setting.regime, "row": code,
                "decided_on": day, "document": f"文号{id}", **chosen,
                **{k: v for k, v in more.items() if k not in fixed}}  # fmt: skip

    early = setting.first_on + (setting.last_on - setting.first_on) * 2 / 3
    return st.builds(
        fact, st.sampled_from(_IDS), st.sampled_from(sorted(rows)), _days(setting, early), gaps, gaps,
        st.sets(st.sampled_from(["occurred_on", "served_on", "final_on", "until_on"])),
        st.fixed_dictionaries({"authority": fields.fixed["authority"], "points": fields.fixed["points"]}),
    )  # fmt: skip


def _rows_of(setting: Setting) -> tuple[Row, ...]:
    edition = setting.edition
    if edition.parent is None:
        return edition.row
    return edition.row + next(s.edition for s in shipped_editions() if s.edition.id == edition.parent).row


def _names(command: str) -> frozenset[str]:
    return frozenset(COMMANDS[command].__struct_fields__)


@functools.cache
def random_commands() -> tuple[str, ...]:
    """The commands of a random history: every one about a file."""
    return tuple(name for name in COMMANDS if name not in _NOT_RANDOM)


@functools.cache
def _raws(regime: str) -> st.SearchStrategy[Raw]:
    setting = SETTINGS[regime]
    fields = _Fields(setting)
    excluded = {e.command for e in setting.edition.excluded}
    of_command = {}
    for command in random_commands():
        of_others = _ONLY_UNDER.get(COMMANDS[command].__module__, frozenset({regime}))
        if command in excluded or regime not in of_others:
            continue
        info = types.type_info(COMMANDS[command])
        assert isinstance(info, types.StructType)
        required: dict[str, st.SearchStrategy[Any]] = {}
        optional: dict[str, st.SearchStrategy[Any]] = {}
        for field in info.fields:
            strategy = fields.of(command, field.encode_name, field.type)
            always = field.required or field.encode_name in ("id", "subject", "decided_on", "dated_on")
            if strategy is not None:
                (required if always else optional)[field.encode_name] = strategy
        required["do"] = st.just(command)
        of_command[command] = st.fixed_dictionaries(required, optional=optional)
    of_command["record_fact"] = _facts(fields)
    names = [n for n in of_command if n != "record_fact" for _ in range(_OFTENER.get(n, 1))]
    return st.sampled_from(names).flatmap(of_command.__getitem__)


def histories(regime: str, *, most: int = 16, courses: bool = True) -> st.SearchStrategy[list[Raw]]:
    """Random histories under a regime: facts, what is done to them, and among them whole years of evaluation.

    They come in the order of their days, some of them recorded long after.
    """
    setting = SETTINGS[regime]
    included = regime in ("eia.integrity", "lianyungang.supervision")
    parts: list[st.SearchStrategy[list[list[Raw]]]] = [
        st.lists(_facts(_Fields(setting)), min_size=2, max_size=4, unique_by=lambda raw: raw["id"]).map(_each),
        st.lists(_raws(regime), max_size=most).map(_each),
    ]
    if courses or included:
        whole = st.sampled_from(setting.courses).map(list)
        parts.append(st.lists(whole, min_size=1 if included else 0, max_size=2))
    delays = st.lists(st.sampled_from([0, 0, 0, 0, 45, 400]), min_size=64, max_size=64)
    return st.builds(_in_order, st.tuples(*parts), delays)


def _each(raws: list[Raw]) -> list[list[Raw]]:
    return [[raw] for raw in raws]


def _in_order(parts: tuple[list[list[Raw]], ...], delays: list[int]) -> list[Raw]:
    """The commands in the order of their last days, each delayed by some days; those of a course stay as they are."""
    placed: list[tuple[dt.date, int, Raw]] = []
    for group, delay in zip(itertools.chain.from_iterable(parts), delays, strict=False):
        last = min((day for raw in group for day in days_in(raw)), default=dt.date.min)
        for raw in group:
            last = max([last, *days_in(raw)])
            by = last if len(group) > 1 or last == dt.date.min else last + dt.timedelta(days=delay)
            placed.append((by, len(placed), raw))
    return [raw for _, _, raw in sorted(placed, key=lambda p: p[:2])]


# --- playing ------------------------------------------------------------------------------------------------------


class Done(NamedTuple):
    """A command that was accepted, and when it was recorded."""

    raw: Raw
    at: Instant


class File:
    """The files of a setting's subjects in a journal in memory."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        self.clock = StoppedClock(at_hour(setting.first_on, 9))
        self.vault = MemoryVault()
        self.journal = MemoryJournal(self.clock, self.vault)
        self.journal.append(_founding(), by=Principal("founding"))
        self.legislation = Legislation(self.journal, setting.configured, _COMPILED)
        self.grading = Grading(self.journal, self.clock, self.legislation, _ENGINE)
        self.casework = Casework(self.journal, self.vault, self.clock, CountedIds(), self.legislation, engine=_ENGINE)
        self.done: list[Done] = []
        region = setting.region
        for number, subject in enumerate((AGENCY, OTHER)):
            self.casework.submit(
                command_from(
                    {"id": subject, "uscc": _USCC[number], "name": f"甲{number}检测", "region": region,
                     "services": list(setting.services)}, name="register_agency",
                ), by=Principal("clerk"),
            )  # fmt: skip
        self.casework.submit(
            command_from(
                {"id": PERSON, "name": "张某", "id_number": "11010519491231002X", "region": region},
                name="register_practitioner",
            ), by=Principal("clerk"),
        )  # fmt: skip
        self.casework.submit(
            command_from(
                {"subject": AGENCY, "practitioner": PERSON, "from_on": setting.first_on.isoformat(), "id": "employed"},
                name="record_employment",
            ), by=Principal("clerk"),
        )  # fmt: skip

    def submit(self, raw: Raw, at: Instant) -> bool:
        """Whether a command is accepted at a moment."""
        self.clock.set(at)
        try:
            self.casework.submit(command_from(raw), by=Principal("clerk"))
        except CaseError:
            return False
        self.done.append(Done(raw, at))
        return True

    @property
    def today(self) -> dt.date:
        """The day on which the last command was recorded."""
        at = self.done[-1].at if self.done else at_hour(self.setting.first_on, 9)
        return legal_day(at)

    def answer(self, subject: str, day: dt.date, known_at: Instant | None = None) -> GradeAnswer:
        """The whole answer about a subject on a day."""
        return self.grading.grade(Question(subject=subject, regime=self.setting.regime, as_of=day, known_at=known_at))

    def tracks(self, subject: str, day: dt.date, known_at: Instant | None = None) -> Mapping[str, Any]:
        """What the three tracks and the measures say on a day, as builtins."""
        found: Mapping[str, Any] = msgspec.to_builtins(self.answer(subject, day, known_at))
        return {k: v for k, v in found.items() if k in ("running", "annual", "public", "steps", "measures")}

    def days(self) -> list[dt.date]:
        """The days on which something may turn: those named, their neighbours, and what follows by months."""
        named = {d for done in self.done for d in days_in(done.raw)}
        after = {day + _ONE_DAY * n for day in named for n in (-1, 0, 1, 16, 184, 366)}
        years = {dt.date(y, 12, 31) for y in range(self.setting.first_on.year, self.setting.last_on.year + 1)}
        return sorted(after | years | {y + _ONE_DAY for y in years})


_USCC: Final = ("91350100M000100Y43", "91110000M00010001P")


@functools.cache
def _founding() -> list[Entry]:
    found = founding_events([(s.edition, s.text) for s in shipped_editions()], shipped_calendars())
    return [Entry("law", "law", i, e) for i, e in enumerate(found, 1)]


def days_in(value: Any) -> Iterable[dt.date]:
    """Every date in a raw command."""
    if isinstance(value, Mapping):
        for item in value.values():
            yield from days_in(item)
    elif isinstance(value, str) and len(value) == len("2024-01-01"):
        try:
            yield dt.date.fromisoformat(value)
        except ValueError:
            return


def play(regime: str, raws: Iterable[Raw]) -> File:
    """A file in which the commands that are not refused were recorded, each on or after its own days."""
    file = File(SETTINGS[regime])
    today = SETTINGS[regime].first_on
    for number, raw in enumerate(raws):
        today = max([today, *(day for day in days_in(raw) if day <= SETTINGS[regime].last_on)])
        file.submit(raw, at_hour(today, 9) + number)
    return file


def replay(regime: str, done: Sequence[Done]) -> File | None:
    """A file with the same commands at the same moments; ``None`` when one of them is refused now."""
    file = File(SETTINGS[regime])
    return file if all(file.submit(raw, at) for raw, at in done) else None


def named_by(raw: Raw) -> frozenset[str]:
    """The ids on record that a command names."""
    found: set[str] = set()
    for field in _NAMING:
        value = raw.get(field)
        found |= set(value) if isinstance(value, list) else {value} if isinstance(value, str) else set()
    return frozenset(found)


def without(done: Sequence[Done], gone: str) -> list[Done]:
    """The commands without the one that brought in a record, and without what was done to it afterwards; where a
    command names other records too, it stays for those."""
    lost = {gone}
    left = []
    for raw, at in done:
        if raw.get("id") in lost:
            continue
        if named_by(raw) & lost:
            kept = _narrowed(raw, lost)
            if kept is None:
                if "id" in raw:
                    lost.add(raw["id"])
                continue
            left.append(Done(kept, at))
        else:
            left.append(Done(raw, at))
    return left


def _narrowed(raw: Raw, lost: set[str]) -> Raw | None:
    kept = dict(raw)
    for field in _NAMING:
        value = kept.get(field)
        if isinstance(value, list):
            kept[field] = [v for v in value if v not in lost]
            if not kept[field] and field == "facts":
                return None
        elif value in lost:
            return None
    return kept
