"""What stands around every page of one case: who it is, the two dates, under which regime, and what leads on."""

import datetime as dt
import itertools
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from interfaces.web.asking import ApiRefusal, JsonAnswer
from interfaces.web.page import PageRequest, PageView
from interfaces.web.rendering import field_minute, query_string, shanghai_minute
from interfaces.wording import places, words
from interfaces.wording.days import day_written, days_written
from interfaces.wording.punctuation import by_commas, in_brackets
from interfaces.wording.texts import Language, has, name, say
from interfaces.wording.words import Lexicon

BASIS: Final = ("regime", "as_of", "known_at", "basis")
"""The parameters of an address that say on what a page of a case rests."""

TABS: Final = (
    ("overview", "", None),
    ("facts", "/facts", None),
    ("timeline", "/timeline", "get_timeline"),
    ("procedures", "/procedures", None),
    ("evidence", "/evidence", "get_evidence_list"),
    ("letters", "/letters", "get_letters"),
    ("deadlines", "/deadlines", "get_subject_deadlines"),
    ("years", "/years", None),
    ("measures", "/measures", None),
    ("staff", "/staff", None),
    ("what_if", "/what-if", "get_counterfactuals"),
    ("record", "/record", "record_fact"),
)
"""The pages of a case: code, address below the case, and the question without which there is none."""

# What the date bar asks: by the end of that minute, as a day is asked about by its end.
_MINUTE: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}", re.ASCII)


class DatePreset(NamedTuple):
    """A pair of dates that people ask for by name; ``missing`` says why there is none to ask for."""

    code: str
    as_of: str | None = None
    known_at: str | None = None
    missing: str | None = None


class OpenedCase(NamedTuple):
    """A case as it is asked about: ``file`` is the answer about it, ``grade`` that of the regime shown, ``contests``
    are the suits and reviews that are known of today."""

    id: str
    file: JsonAnswer
    grade: JsonAnswer
    proceedings: JsonAnswer
    contests: list[JsonAnswer]
    basis: dict[str, str]
    language: Language
    lexicon: Lexicon

    @property
    def profile(self) -> JsonAnswer:
        """Who it is."""
        found: JsonAnswer = self.file["profile"]
        return found

    @property
    def as_of(self) -> dt.date:
        """The day that is asked about."""
        return dt.date.fromisoformat(self.grade["basis"]["as_of"])

    @property
    def known_at(self) -> str | None:
        """The moment up to which the address has things known; ``None`` where it names none."""
        names_one = "known_at" in self.basis or "basis" in self.basis
        return str(self.grade["basis"]["known_at"]) if names_one else None

    @property
    def name(self) -> str:
        """What the file is called."""
        return str(self.profile.get("name") or say("web.no_name", self.language))

    @property
    def regime(self) -> JsonAnswer:
        """How it stands under the regime shown, in words."""
        regimes: list[JsonAnswer] = self.profile["regimes"]
        return next(found for found in regimes if found["regime"] == self.grade["regime"])

    @property
    def papers(self) -> dict[str, str]:
        """The papers of the facts of the file, by which people know them; what has none by its row."""
        return self.papers_of(self.grade)

    def papers_of(self, grade: JsonAnswer) -> dict[str, str]:
        """The papers of the facts in an answer about the file."""
        return {
            step["fact"]: str((step.get("particulars") or {}).get("document") or self.row(step["row"]))
            for step in grade["steps"]
            if step["fact"]
        }

    def matters(self, papers: Mapping[str, str]) -> dict[str, str]:
        """The papers that the records of the file are about, by these records: a fact, a warning of one, an objection
        to it, the repair of some."""
        about = {fact: [fact] for fact in papers}
        about |= {line["warning"]: [line["fact"]] for line in self.file["warnings"]}
        about |= {line["objection"]: [line["against"]] for line in self.proceedings["objections"]}
        about |= {line["repair"]: line["facts"] for line in self.proceedings["repairs"]}
        comma = say("web.list_comma", self.language)
        return {record: comma.join(papers[fact] for fact in facts if fact in papers) for record, facts in about.items()}

    @property
    def steps(self) -> dict[str, str]:
        """The steps of the years by their records, in order: which step of which year, on which day."""
        return {
            step["record"]: step_of_year(year, step, self.language)
            + in_brackets(days_written(step["dated_on"], self.language), self.language)
            for year in self.proceedings["years"]
            for step in year["steps"]
        }

    def row(self, code: str | None) -> str:
        """What a row is called."""
        return "" if code is None else self.lexicon.named_row(code, self.language)

    def graded(self, grade: str | None) -> str:
        """What a grade is called; empty without one."""
        return "" if grade is None else self.lexicon.grade(grade, self.profile["kind"], self.language)

    def cites(self, citations: list[str]) -> str:
        """Citations in words."""
        return self.lexicon.cites(citations, self.language)


async def opened(page: PageRequest, subject: str) -> OpenedCase:
    """The case of an address, on the basis that it names. Raises ``ApiRefusal``."""
    basis = {name: page.query[name] for name in BASIS if page.query.get(name)}
    if _MINUTE.fullmatch(basis.get("known_at", "")):
        basis["known_at"] += ":59.999999"
    if "basis" in basis:
        basis = {"basis": basis["basis"]}
    file = await page.ask("get_casefile", subject=subject, **basis)
    grades, proceedings = file["grades"], file["proceedings"]
    number = _shown(page, grades)
    grade = grades[number]
    if "basis" in basis:
        # Whether it is what was answered then: only the grade itself is held against its token.
        told = await page.ask("get_grade", subject=subject, basis=basis["basis"])
        grade["repeated"] = told["repeated"] or {"same": True, "engine": told["basis"]["engine"]}
    day = dt.date.fromisoformat(grade["basis"]["as_of"])
    lexicon = page.desk.copies.primary.law.lexicon([book["digest"] for book in grade["basis"]["rulebooks"]], day)
    told = proceedings[number]
    contests = await _contests_known(page, subject, grade["regime"]) if basis.keys() - {"regime"} else None
    if contests is None:
        contests = told["contests"]
    return OpenedCase(file["profile"]["id"], file, grade, told, contests, basis, page.language, lexicon)


def step_of_year(year: JsonAnswer, step: JsonAnswer, language: Language) -> str:
    """What a step of a year is called."""
    stage = words.stage(step["stage"], language)
    return say("web_case.step_of_year", language, year=year["annual"]["year"], stage=stage)


async def _contests_known(page: PageRequest, subject: str, regime: str) -> list[JsonAnswer] | None:
    """What is known of suits and reviews today: their days lead to what was known then, from whatever is looked at.
    ``None`` where the file is not told as it stands now."""
    try:
        found = await page.ask_if_allowed("get_evaluations", subject=subject, regime=regime)
    except ApiRefusal:
        return None
    return None if found is None else list(found["contests"])


def view(page: PageRequest, case: OpenedCase, tab: str, template: str, **given: Any) -> PageView:
    """A page of the case."""
    frame = {
        "case": case,
        "tab": tab,
        "tabs": list(_tabs(page, case)),
        "facts_of_head": list(_about(case, page)),
        "regimes": case.profile["regimes"],
        "presets": list(_presets(case)),
        "recorded": _act(page.query.get("recorded")),
        "waits": _act(page.query.get("waits")),
        "known_at": _asked_known_at(case),
        "known_that_day": shanghai_minute(case.grade["basis"]["known_at"]) == f"{case.as_of} 23:59",
        "link": lambda below, **changed: f"/cases/{case.id}{below}" + query_string({**case.basis, **changed}),
    }
    return PageView(template, {**frame, **given})


def _act(code: str | None) -> str | None:
    """What an address says was done, as far as there is such a thing."""
    return code if code is not None and has("api.summary", code) else None


def _shown(page: PageRequest, grades: list[JsonAnswer]) -> int:
    """Which of the regimes is shown: the one asked for, else the first under which it stands in force."""
    wanted = page.query.get("regime")
    for number, grade in enumerate(grades):
        if grade["regime"] == wanted:
            return number
    return 0


def _asked_known_at(case: OpenedCase) -> str:
    """The minute in the field of the date bar: empty for now, else the one on which the answer rests."""
    is_now = not case.basis.keys() & {"known_at", "basis"}
    return "" if is_now else field_minute(case.grade["basis"]["known_at"])


def _tabs(page: PageRequest, case: OpenedCase) -> Iterator[tuple[str, str, str]]:
    for code, below, question in TABS:
        if question is None or page.may(question):
            yield code, f"/cases/{case.id}{below}{query_string(case.basis)}", say(f"web_case.tab.{code}", page.language)


def _about(case: OpenedCase, page: PageRequest) -> Iterator[str]:
    """What is said of the subject beneath its name: who and where it is, since when there is a file, who is in charge
    of it and since when."""
    profile, language = case.profile, page.language
    kind = words.kind(profile["kind"], language)
    yield kind[:1].upper() + kind[1:]
    if profile.get("uscc"):
        yield say("web_case.head.uscc", language, uscc=profile["uscc"])
    yield places.place(profile["region"], language)
    if profile.get("services"):
        yield say("web_case.head.services", language, services=_named(profile["services"], language))
    yield say("web_case.head.opened", language, day=_day(profile["opened_on"], language))
    since = _in_charge_since(profile)
    code = "since_opened" if since == profile["opened_on"] else "since_day"
    yield say(f"web_case.in_charge.{code}", language, bureau=bureau_of(case), day=_day(since, language))


def _in_charge_since(profile: JsonAnswer) -> str:
    """From which day on the subject is registered in the city where it is."""
    since = profile["opened_on"]
    for before, after in itertools.pairwise(profile["residences"]):
        if before["region"][:4] != after["region"][:4]:
            since = after["from_on"]
    return str(since)


def _day(day: str, language: Language) -> str:
    return day_written(dt.date.fromisoformat(day), language)


def bureau_of(case: OpenedCase) -> str:
    """The bureau of the city, or of the province, that is in charge of the subject."""
    return places.authority(f"{case.profile['region'][:4]}00-EEB", case.language)


def _named(services: list[str], language: Language) -> str:
    return by_commas((words.service(code, language) for code in services), language)


def _presets(case: OpenedCase) -> Iterator[DatePreset]:
    """The pairs of dates that are asked for most: today; the last decision that counts; the last publication and the
    filing of the last suit, as things were known then."""
    yield DatePreset("today")
    decided = [s["particulars"]["decided_on"] for s in case.grade["steps"] if s["counted"] and _decided(s)]
    yield DatePreset("decided", max(decided)) if decided else _missing("decided", case)
    public = case.grade["public"]
    yield _missing("published", case) if public is None else DatePreset("published", public["since"], public["since"])
    suits = [contest["filed_on"] for contest in case.contests if contest["kind"] == "litigation"]
    filed = [on for on in suits if on is not None]
    if filed:
        yield DatePreset("sued", max(filed), max(filed))
    else:
        yield _missing("sued_on_no_day" if suits else "sued", case)


def _missing(why: str, case: OpenedCase) -> DatePreset:
    return DatePreset(why.removesuffix("_on_no_day"), missing=say(f"web_case.preset_missing.{why}", case.language))


def _decided(step: JsonAnswer) -> bool:
    return bool((step.get("particulars") or {}).get("decided_on"))


class Dial(NamedTuple):
    """The minutes in which something was recorded, each with its value in the field and in words, and which of them was
    the last by what is shown. ``thinned`` says so where not every moment is one."""

    stops: list[tuple[str, str]]
    at: int
    thinned: str | None


def dial(case: OpenedCase, told: JsonAnswer) -> Dial:
    """What turns back what was known, over the whole file."""
    minutes = {field_minute(moment["at"]): shanghai_minute(moment["at"]) for moment in told["moments"]}
    stops = sorted(minutes.items())
    shown = sum(minute <= field_minute(case.grade["basis"]["known_at"]) for minute, _ in stops)
    thinned = None
    if told["unit"] != "moment":
        unit = name("web_case.moment_unit", told["unit"], case.language)
        thinned = say("web_case.dates.thinned", case.language, total=told["total"], unit=unit, number=len(stops))
    return Dial(stops, max(shown - 1, 0), thinned)
