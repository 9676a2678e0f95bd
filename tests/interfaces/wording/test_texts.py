"""What people read stands in ``wording/texts/*.toml``, and these files and the code fit together."""

import ast
import errno
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from functools import cache
from typing import Any, Final, get_args

import pytest
from msgspec import inspect

from application.access.accounts import AccountAct, AccountDetail
from application.access.decisions import DecisionSort
from application.access.masks import OPEN, UNCLASSIFIED, shipped_masks
from application.access.roles import ASKERS, RoleReach, WallCode, shipped_roles
from application.answering.behind.particulars import DAYS_TOLD, TOLD, EndCode, UndoCode
from application.answering.behind.underlying import UnderlyingCode
from application.answering.case_page import WarningState
from application.answering.grading import DeadlineMove, Track
from application.answering.procedure_tasks import TaskCode, TaskNote, TaskState
from application.answering.rechecking import ReceiptKind
from application.answering.rechecking import RecheckCause as RecheckCause
from application.answering.searching import Matched, OtherHit
from application.answering.timeline import MomentUnit
from application.deadlines.worklist import DeadlineSort
from application.explaining.attribution import InteractionKind
from application.explaining.counterfactuals import WhyNot
from application.explaining.event_groups import CauseCode
from application.explaining.lawful_changes import ChangeKind
from application.law.checklists import checklists
from application.law.on_record import Enactment
from application.papers.evidence import EvidenceFault
from application.papers.letters.reading import LetterSort
from application.population.ordering import ListSort
from application.principal import ActedAs
from application.recording.commands import COMMANDS
from application.recording.preparation import OPENING
from application.rehearsal.rehearsal import ProvisionKind, RehearsalState
from application.sheets.forms import ColumnCode, SheetForm
from application.sheets.preview import RowMark
from application.sheets.row_files import FileState
from application.sheets.status import SheetState
from application.sheets.store import RowStatus
from application.year.evaluation import RosterStatus
from domain.aggregates.letters import LetterState
from domain.events.advisories import AdvisoryKind
from domain.events.evaluation import ReportFinding
from domain.events.facts import Challenge, ClientOutcome, SetAsideEffect
from domain.events.filings import CautionForm
from domain.events.intermediaries import Reviewer
from domain.events.objections import DecisionOutcome
from domain.events.papers.evidence import EvidenceKind
from domain.events.papers.letters import LetterKind, LetterSeries, ServiceWay
from domain.events.registration import IdKind, NumberChange
from domain.events.repairs import Confirmer, Harm
from domain.grading.advisories import NotCounting
from domain.law.calendar import DayKind
from domain.law.edition import (
    CountsFrom,
    DeadlineActor,
    DeadlineStart,
    DirectEnd,
    Edition,
    Ledger,
    Measure,
    Method,
    RowType,
    Transition,
)
from domain.law.regime import Force
from domain.procedures.deadlines import DeadlineState
from domain.procedures.steps import STEP_NAMES
from domain.vocabulary import Organ, Service, SubjectKind
from interfaces.cli.app import COMMAND_MODULES, SECTIONS
from interfaces.codec import CLASSES
from interfaces.documents.letters.fields import FACT_COLUMNS, FIELDS
from interfaces.files.shipped import shipped_editions
from interfaces.http.describing import HEADERS, OPERATION_TAGS, OPERATIONS
from interfaces.http.problems import PROBLEM_KINDS
from interfaces.postgres.transfer import EventFault
from interfaces.sheets.heads import column_head, column_note
from interfaces.sheets.names import PenaltyKind
from interfaces.web.forms import fields_of
from interfaces.web.pages.home import PERSONS_BY
from interfaces.web.pages.recording import FORMS
from interfaces.web.pages.registering import REGISTRATIONS
from interfaces.wording import texts
from interfaces.wording.texts import Filling, say
from tests.support.sources import all_modules
from tests.support.texts import HAN, asked, entries, family, literals_of_templates, placeholders


def _keys_of(found: inspect.Type) -> set[str]:
    """Every key that may stand in a file of an edition."""
    if isinstance(found, inspect.StructType):
        return {f.encode_name for f in found.fields}.union(*(_keys_of(f.type) for f in found.fields))
    below = [getattr(found, part, ()) for part in ("types", "item_type", "value_type")]
    return set().union(*(_keys_of(t) for t in below for t in (t if isinstance(t, tuple) else (t,))))


# The tables of a file: what differs there is told entry by entry.
_PARTS = {"article", "configured", "deadline", "erratum", "excluded", "measure", "methods", "reading", "staff"} | {
    "transition",
    "unencoded",
    # Both sides of what is in words.
    "zh",
    "en",
}


def _asked_by_forms() -> set[str]:
    """What the fields of all forms are called: by their command where they mean something else there."""
    named = family("web_form.field")
    found = set()
    for command in [*(form.command for form in FORMS.values()), *REGISTRATIONS.values()]:
        for field in fields_of(command, "zh", {}, ()):
            plain = field.name.rpartition(".")[2]
            own = f"{command.__struct_config__.tag}-{plain}"
            found.add(own if own in named else plain)
    return found


def _proposed_beside_forms() -> set[str]:
    """What a command may propose, for a second person to sign, beside what forms have fields for. What opens a file
    never waits, and what it concerns is told elsewhere."""
    found = set()
    for command in COMMANDS.values():
        if not issubclass(command, OPENING):
            fields = [field.name for field in fields_of(command, "zh", {}, ())]
            found |= {field.rpartition(".")[2] for field in fields}
            found |= {*command.__struct_fields__} - {field.partition(".")[0] for field in fields}
    return found - _asked_by_forms() - {"id", "subject", "regime"}


# Where the codes of a family come from: it names each of them, and none besides.
NAMED: dict[str, Iterable[str]] = {
    "access.mask": (*(name for name in shipped_masks().classes if name != OPEN), UNCLASSIFIED),
    # The classes whose words name the measures beside a law that holds everywhere.
    "access.mask_elsewhere": ("comment_author", "person", "reader", "representative"),
    "access.not_signed_in": ("signed_out", "refused", "expired", "unmapped"),
    "access.reach": get_args(RoleReach),
    "access.act": get_args(AccountAct),
    "access.detail": get_args(AccountDetail),
    "access.role": ASKERS,
    "access.wall": get_args(WallCode),
    "access.row": [row.name for row in shipped_roles().rows],
    "advisories.kind": get_args(AdvisoryKind),
    "advisories.not_counting": get_args(NotCounting),
    "api.about": [operation.id for operation in OPERATIONS],
    "api.header": [header.code for header in HEADERS],
    "api.summary": [operation.id for operation in OPERATIONS],
    "api.tag": OPERATION_TAGS,
    "causes.cause": get_args(CauseCode),
    "causes.interaction_of": get_args(InteractionKind),
    "causes.track": get_args(Track),
    "causes.way": get_args(ChangeKind),
    "trials.change": get_args(DeadlineMove),
    # A grade on a day without law is refused before.
    "causes.why_not": {*get_args(WhyNot)} - {"not_in_force"},
    "facts.told": TOLD,
    "facts.day": DAYS_TOLD,
    "web_case.particular": DAYS_TOLD,
    "codes.caution_form": get_args(CautionForm),
    "codes.challenge": get_args(Challenge),
    "codes.client_outcome": get_args(ClientOutcome),
    "codes.confirmer": get_args(Confirmer),
    "codes.finding": get_args(ReportFinding),
    "codes.harm": get_args(Harm),
    "codes.id_kind": get_args(IdKind),
    "codes.number_change": get_args(NumberChange),
    "codes.reviewer": get_args(Reviewer),
    "codes.set_aside_effect": get_args(SetAsideEffect),
    "codes.warning_state": get_args(WarningState),
    "deadlines.actor": get_args(DeadlineActor),
    "deadlines.proof_day": get_args(DayKind),
    "dossier.run_of": (*get_args(DayKind), "counted_many", "month_end", "named", "postponed"),
    "deadlines.state": get_args(DeadlineState),
    "differences.colour": {
        band.colour
        for shipped in shipped_editions()
        for method in shipped.edition.methods.values()
        for band in getattr(method, "bands", ())
        if band.colour
    },
    "differences.counts_from": get_args(CountsFrom),
    "differences.direction": get_args(Ledger.__annotations__["direction"]),
    "differences.ends_with": get_args(DirectEnd),
    "differences.measure_kind": get_args(Measure.__annotations__["kind"]),
    "differences.method": {method.__struct_config__.tag for method in get_args(Method)},
    "differences.rule": get_args(Transition.__annotations__["rule"]),
    "differences.what": get_args(Transition.__annotations__["what"]),
    "differences.field": _keys_of(inspect.type_info(Edition)) - _PARTS,
    "evaluation.status": get_args(RosterStatus),
    "evidence.fault": get_args(EvidenceFault),
    "evidence.kind": get_args(EvidenceKind),
    "evidence.paper": {paper.code for found in checklists() for paper in found.papers},
    "help.section": SECTIONS,
    **{
        f"help.command.{module}": {name for name, where in COMMAND_MODULES.items() if where == module}
        for module in set(COMMAND_MODULES.values())
    },
    **{f"help.command.{section}": names for section, names in SECTIONS.items()},
    "journal.fault": get_args(EventFault),
    "letters.column": FACT_COLUMNS,
    "letters.how": get_args(ServiceWay),
    "letters.kind": get_args(LetterKind),
    "letters.placeholder": FIELDS,
    "letters.placeholder_about": FIELDS,
    # A line of facts is shown by its columns.
    "letters.placeholder_example": {*FIELDS} - {"facts"},
    "letters.series": get_args(LetterSeries),
    "letters.series_word": get_args(LetterSeries),
    "letters.state": get_args(LetterState),
    "letters.outcome": get_args(DecisionOutcome),
    # A decision ends with what it decides.
    "letters.closing": {*get_args(LetterSeries)} - {"decision"},
    "names.event": CLASSES,
    "names.kind": get_args(SubjectKind),
    "names.organ": get_args(Organ),
    "names.outcome": get_args(DecisionOutcome),
    "names.recheck": get_args(RecheckCause),
    "names.service": get_args(Service),
    "notices.links.linked_outcome_known": get_args(ClientOutcome),
    "organs.level.city": get_args(Organ),
    "organs.level.county": get_args(Organ),
    "organs.level.nation": get_args(Organ),
    "organs.level.province": get_args(Organ),
    # What stands on a paper outside its chapters.
    "papers.place": {"title", "bureau", "number", "heads", "contents", "pages"},
    "problems.meaning": PROBLEM_KINDS,
    "problems.title": PROBLEM_KINDS,
    "procedures.evaluation.step_name": STEP_NAMES,
    # The findings of a report that bar repair.
    "procedures.repairs.barred": {"late", "untrue"},
    "readings.track": get_args(Track),
    "rehearsing.to_do": {*get_args(RehearsalState)} - {"done"},
    "recheck.cause": get_args(RecheckCause),
    "rehearsals.decision": get_args(ReceiptKind),
    "rehearsals.provision": get_args(ProvisionKind),
    "rehearsals.state": get_args(RehearsalState),
    "results.force": get_args(Force),
    "rulebooks.account": get_args(Ledger.__annotations__["direction"]),
    # An account is told by its direction.
    "rulebooks.graded_by": {method.__struct_config__.tag for method in get_args(Method) if method is not Ledger},
    "rulebooks.way": {method.__struct_config__.tag for method in get_args(Method)},
    "rulebooks.effect_of": get_args(RowType),
    "rulebooks.start": get_args(DeadlineStart),
    "search.kind": get_args(OtherHit),
    "search.matched": get_args(Matched),
    "sheets.form": get_args(SheetForm),
    "sheets.file_state": get_args(FileState),
    "sheets.mark": get_args(RowMark),
    "sheets.penalty": get_args(PenaltyKind),
    "sheets.sign": get_args(RowMark),
    "sheets.state": get_args(SheetState),
    "sheets.status": get_args(RowStatus),
    "sheets.term": get_args(PenaltyKind),
    "steps.ends_by": get_args(EndCode),
    "steps.rests_on": get_args(UnderlyingCode),
    # Whoever acts in their own name is named alone.
    "web.acted": {*get_args(ActedAs)} - {"name"},
    "web.order": [*get_args(ListSort), *get_args(DeadlineSort), *get_args(DecisionSort), *get_args(LetterSort)],
    "web_form.field": _asked_by_forms(),
    "web_signatures.field": _proposed_beside_forms(),
    "web_home.find_by": PERSONS_BY,
    "web_record.group": {"records"} | {form.operation.handler.__module__.rpartition(".")[2] for form in FORMS.values()},
    "web_case.task": get_args(TaskCode),
    "web_case.task_note": get_args(TaskNote),
    "web_case.task_state": get_args(TaskState),
    "web_case.moment_unit": {*get_args(MomentUnit)} - {"moment"},
    "web_law.life": get_args(Enactment.__annotations__["event"]),
    # A rectification ends a line and undoes none; an annulment may hold for the future alone.
    "steps.undone": {*get_args(UndoCode), "prospective"} - {"rectification"},
}

# What only one language has: how a Chinese title marks a draft; a year that the other leaves unsaid; a branch, which is
# called after city and county in Chinese and by its place in English; what a library says in English only.
ONE_SIDED = {
    "law.parse.syntax": {"line", "column", "message"},
    "law.parse.syntax_at_end": {"message"},
    "usage.something_missing": {"what"},
    "yaml.syntax": {"said"},
    "organs.branch": {"city", "county", "organ", "place"},
    # What the decoder says is English.
    "values.fields.misfit": {"message"},
    "requests.misread": {"message"},
    "requests.misread_at": {"byte", "message"},
    "results.adopted.sentence": {"label"},
    "results.draft_labelled": {"label"},
}

# Python that holds Chinese, and why. The sample says what its people and papers are called.
CHINESE = {
    "application/prose.py": "what stands in the place of a text whose key was destroyed, whatever the language",
    "application/sheets/cells.py": "how days and amounts are written in a cell",
    "application/scenarios/playing.py": "names and papers of a case that gives none: data",
    "domain/law/lint/references.py": "the grammar of 条、款、项",
    "domain/law/official.py": "the grammar of an official text",
    "interfaces/postgres/embedded/server.py": "a package of its own, which imports nothing of ours",
    "interfaces/command.py": "said before anything is imported",
    "interfaces/http/parameters.py": "examples of what is searched for",
    "interfaces/sheets/names.py": "what organs are called in short, and how kinds of penalties are listed",
    "interfaces/wording/citations.py": "the grammar of 条、款、项 and of Chinese numbers",
    "interfaces/wording/days.py": "how days are written in Chinese",
}
ASCII_PUNCTUATION = re.compile("[\u3400-\u9fff](?:[,;!?()]|:(?![0-9]))|[,;!?(][\u3400-\u9fff]")
CHINESE_PUNCTUATION = re.compile("[，。；：（）「」、？！]")


def test_every_text_that_is_asked_for_is_there() -> None:
    assert [f"{found.where} {found.code}" for found in asked() if not found.texts] == []


def test_no_text_is_there_that_nobody_asks_for() -> None:
    used = frozenset().union(*(found.texts for found in asked()))
    assert sorted(set(entries()) - used) == []


def test_a_family_names_every_code_and_none_besides() -> None:
    differing = [f"{of}: {sorted(apart)}" for of, codes in NAMED.items() if (apart := family(of) ^ set(codes))]
    assert differing == [], "\n".join(differing)


def test_a_line_that_is_worded_by_what_it_does_is_told_by_what_it_is_about() -> None:
    assert family("steps.derived_effect") <= family("steps.derived")


def test_the_words_of_a_method_name_keys_of_its_own() -> None:
    told = {method: f"rulebooks.graded_by.{method.__struct_config__.tag}" for method in get_args(Method)}
    del told[Ledger]
    assert [code for method, code in told.items() if not _both(code) <= {*method.__struct_fields__}] == []


def test_every_column_of_a_sheet_is_called_something_and_once() -> None:
    codes: tuple[ColumnCode, ...] = get_args(ColumnCode)
    assert [code for code in codes if not (column_head(code).zh and column_note(code).zh)] == []
    assert (family("sheets.column") | family("sheets.note")).issubset(codes)
    as_in_forms = {code: texts.both(f"web_form.field.{code}") for code in codes if texts.has("web_form.field", code)}
    named_twice = [c for c in as_in_forms if c in family("sheets.column") and column_head(c) == as_in_forms[c]]
    assert named_twice == []


def test_the_codes_of_every_family_come_from_somewhere() -> None:
    """A family that is no enumeration of the core names codes that stand as texts in the code."""
    literals = {
        node.value
        for module in all_modules()
        for node in module.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    literals |= set(errno.errorcode.values()) | literals_of_templates()
    literals |= {f"{row}_{code}" for row in ("pool", "blacklist") for code in ("ended", "repaired")}
    literals.add("pioneer_ended")
    chosen = {code for found in asked() for code in found.texts - {found.code}}
    open_ones = {code for code in chosen if not code.startswith(tuple(f"{of}." for of in NAMED))}
    assert [code for code in sorted(open_ones) if code.split(".", 2)[-1] not in literals] == []


def test_every_placeholder_is_given_and_nothing_else() -> None:
    faults = []
    for found in asked():
        needed = frozenset().union(*(_both(code) for code in found.texts))
        if found.given is not None and found.given != needed:
            faults.append(f"{found.where} {found.code}: given {sorted(found.given)}, needed {sorted(needed)}")
    assert faults == []


def _both(code: str) -> frozenset[str]:
    text = entries()[code].text
    return placeholders(text.zh) | placeholders(text.en)


def test_the_words_of_methods_alone_are_given_a_mapping() -> None:
    mapped = {f.code for f in asked() if f.given is None and f.code.endswith(".*") and any(map(_both, f.texts))}
    assert mapped == {"rulebooks.graded_by.*"}


def test_every_text_is_whole_in_both_languages() -> None:
    faults = [f"{code}: {fault}" for code in sorted(entries()) for fault in _faults(code)]
    assert faults == [], "\n".join(faults)


def _faults(code: str) -> Iterator[str]:
    """What is wrong with a text."""
    table = entries()[code].table
    if set(table) != {"zh", "en"}:
        yield f"it has {sorted(table)}"
        return
    zh, en = entries()[code].text
    filled_in = placeholders(zh) | placeholders(en)
    faults = {
        "the Chinese is empty": not zh.strip(),
        "the English is empty": not en.strip(),
        "one language alone has a placeholder": placeholders(zh) ^ placeholders(en) != ONE_SIDED.get(code, set()),
        "a placeholder is no word": not all(re.fullmatch(r"[a-z][a-z_]*", field) for field in filled_in),
        "a placeholder is a name alone": re.search(r"\{[^{}]*[!:]", zh + en),
        "a brace stands for nothing": not filled_in and set("{}") & set(zh + en),
        "the Chinese has English punctuation": ASCII_PUNCTUATION.search(zh),
        "the English has Chinese words": HAN.search(en),
        "the English has Chinese punctuation": CHINESE_PUNCTUATION.search(en),
        "the Chinese chooses by a number": re.search(r"\{[^{}]*\|", zh),
        "a choice is not one of two words": re.search(r"\{(?!\w+\|[a-z ]+\|[a-z ]+\})[^{}]*\|", en),
        "one of it would be several": _of_one(en) != [],
    }
    yield from (said for said, is_so in faults.items() if is_so)


@cache
def _counted() -> tuple[frozenset[str], frozenset[str]]:
    """The placeholders by which any text chooses between two words, and the words for more than one."""
    found = [_CHOICE.findall(entry.text.en) for entry in entries().values()]
    return (
        frozenset(name for choices in found for name, _ in choices),
        frozenset(word for choices in found for _, other in choices for word in other.split() if word.endswith("s")),
    )


_CHOICE: Final = re.compile(r"\{(\w+)\|[^{}|]+\|([^{}|]+)\}")


def _of_one(en: str) -> list[str]:
    """Where a number is followed by a word for several, whatever the number is."""
    names, words = _counted()
    return [
        word
        for name, word in re.findall(r"\{(\w+)\} (?:working |more )?([a-z]+)\b", en)
        if name in names and word in words
    ]


def test_one_of_anything_is_said_as_one() -> None:
    """Of every English text that counts something: with one of it, and with two."""
    chosen = [entry.text.en for entry in entries().values() if _CHOICE.search(entry.text.en)]
    assert len(chosen) > 100
    several = re.compile(rf"\b1 (?:working |more )?(?:{'|'.join(sorted(_counted()[1]))})\b")
    for en in chosen:
        names = placeholders(en)
        one, two = (en.format_map(Filling(dict.fromkeys(names, number))) for number in ("1", "2"))
        assert all(f"{{{name}|" not in one + two for name in names)
        assert not several.search(one), one
        assert not re.search(r"\b2 (?:working |more )?(?:day|row|point|record|subject|file|month|agency)\b", two), two
    assert say("results.points", "en", score="1") == "1 point"
    assert say("results.points", "en", score="0.5") == "0.5 points"
    assert say("web_todo.days_left", "en", days=1) == "1 working day left"


def test_every_kind_of_problem_has_a_title_and_a_meaning_in_both_languages() -> None:
    for kind, found in PROBLEM_KINDS.items():
        for text in (found.title, found.meaning):
            assert HAN.search(text.zh), kind
            assert not HAN.search(text.en or "无"), kind
            assert not placeholders(text.zh) | placeholders(text.en), kind


def test_no_chinese_stands_in_the_python() -> None:
    """Nor any other sentence: the core names them by their codes."""
    found = {module.place for module in all_modules() if any(HAN.search(str(x.value)) for x in module.literals())}
    found = {file for file in found if "application/demo/" not in file}
    assert {next((place for place in CHINESE if fnmatch(file, place)), file) for file in found} == set(CHINESE)


@pytest.mark.parametrize(
    "module", ["interfaces.main", "interfaces.composition", "interfaces.compute.executors", "interfaces.memory.journal"]
)
def test_every_process_of_the_product_has_the_words_of_the_core(module: str) -> None:
    says = "from application.wording import in_words; from domain.sentence import sentence"
    asked = "print(in_words(sentence('errors.id_taken', id='7')).en)"
    told = subprocess.run(
        [sys.executable, "-c", f"import {module}; {says}; {asked}"], capture_output=True, text=True, check=True
    )
    assert told.stdout.startswith("the id 7 stands for a record with other content")


@pytest.mark.parametrize("code", ["steps.reason.nowhere", "steps.nowhere", "nowhere.at_all", "steps"])
def test_an_unknown_code_is_a_mistake(code: str) -> None:
    with pytest.raises(texts.UnknownText):
        texts.say(code, "zh")


def test_a_placeholder_that_is_not_given_is_a_mistake() -> None:
    with pytest.raises(KeyError, match="last"):
        texts.say("steps.until", "zh", first="2024-01-01")


def test_a_text_is_said_in_the_language_asked_for_or_in_both() -> None:
    given: dict[str, Any] = {"last": "2024-06-30"}
    assert texts.say("steps.until", "zh", **given) == "，计至 2024-06-30"
    assert texts.say("steps.until", "en", **given) == ", up to 2024-06-30"
    assert texts.both("steps.until", **given) == ("，计至 2024-06-30", ", up to 2024-06-30")


def test_a_server_has_read_every_text_before_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    texts.read_all()
    monkeypatch.setattr("importlib.resources.files", lambda _: pytest.fail("a file is opened"))
    for code in entries():
        assert all(texts.both(code, **dict.fromkeys(_both(code), "1")))


def test_a_code_that_a_family_does_not_name_is_shown_as_it_is() -> None:
    assert texts.name("names.kind", "agency", "zh") == "第三方环保机构"
    assert texts.name("names.kind", "robot", "zh") == "robot"
    assert (texts.has("names.kind", "agency"), texts.has("names.kind", "robot")) == (True, False)
