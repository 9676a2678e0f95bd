"""What each role is shown: every question in every role, over a story in which everything delicate is marked.

Each mark stands in one kind of field. Of every role it is said which marks it may ever see, without a purpose and with
one: these and no others have to be found among all the answers it gets.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any, NamedTuple

import msgspec
import pytest
from msgspec import UNSET, UnsetType, inspect

from application.access.masking import Masks, Viewer
from application.access.masks import ANOTHER, MaskClass, MaskedStruct, MaskTable, shipped_masks
from application.access.roles import PUBLIC, ROLES, Asker, shipped_roles
from application.answering.timeline import Timeline, TimelineEntry
from application.cache import LastingLines
from application.parts import here
from application.principal import Principal
from interfaces.codec import CLASSES
from interfaces.http.describing import OPERATIONS
from interfaces.http.operations import Operation
from interfaces.http.schemas.shaping import structs_in
from interfaces.ids import CountedIds
from interfaces.masking import masks
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import ASKED, LETTER, READS, REHEARSAL, STORY, A, P
from tests.support.accounts import account, token, with_first
from tests.support.papers import picture
from tests.support.sheets import csv_text, penalty
from tests.support.world import BUREAU, ID_NUMBER, REGIME, World

LOGGED = [o for o in OPERATIONS if o.is_logged]
Q = [f"00000000-0000-4000-8000-00000000051{n}" for n in range(3)]
NUMBERS = ["110105199103102418", "110105199103103170", "110105199103104085"]

INSIDE: frozenset[Asker] = frozenset(("clerk", "officer", "approver", "legal", "appeal_handler"))


class Mark(NamedTuple):
    """What must not be where it is not shown, and who is shown it: without a purpose, and with one."""

    texts: tuple[str, ...]
    plain: frozenset[Asker]
    for_purpose: frozenset[Asker]


MARKS = {
    "recorder": Mark(("recorder-mark",), INSIDE | {"department"}, INSIDE | {"department", "auditor"}),
    "panel": Mark(("评审标记",), INSIDE | {"department"}, INSIDE | {"department"}),
    "signatory": Mark(("签批标记",), INSIDE | {"department"}, INSIDE | {"department"}),
    "comment_author": Mark(("评论标记",), frozenset(), frozenset()),
    "representative": Mark(
        ("法人标记",), INSIDE | {"department", "participant"}, INSIDE | {"department", "participant"}
    ),
    "person": Mark(("从业标记", *(f"同事标记{n}" for n in range(3))), INSIDE, INSIDE | {"department"}),
    "id_number": Mark((f"{ID_NUMBER[:3]}*************{ID_NUMBER[-2:]}",), frozenset(), INSIDE | {"department"}),
    "whole_id_number": Mark((ID_NUMBER, ID_NUMBER[4:-4], *NUMBERS), frozenset(), frozenset()),
    "practitioners_papers": Mark(
        tuple(f"从业文书标记{n}" for n in range(3)), INSIDE, INSIDE | {"department", "auditor"}
    ),
    # That something is on record of a person is told by the feed of changes.
    "practitioners_records": Mark(
        tuple(f"00000000-0000-4000-8000-0000000005f{n}" for n in range(3)),
        INSIDE | {"department"},
        INSIDE | {"department", "auditor"},
    ),
    "draft": Mark(("草稿标记",), INSIDE | {"department"}, INSIDE | {"department", "auditor"}),
    # That the office writes a letter, before it is sent.
    "drafting": Mark(
        ('"type":"letter-drafted.v1"', '"type":"letter-revised.v1"'),
        INSIDE | {"department"},
        INSIDE | {"department", "auditor"},
    ),
    "evidence": Mark(("证据标记", "\ufffdPNG"), INSIDE, INSIDE | {"department"}),
    "advisory": Mark(("提示文书标记",), INSIDE | {"department"}, INSIDE | {"department", "auditor"}),
    "reader": Mark(("watching-officer", "clerk-9", "legal-9"), frozenset(("auditor",)), frozenset(("auditor",))),
    "own_fact": Mark(
        ("处罚文书标记",), INSIDE | {"department", "participant"}, INSIDE | {"department", "auditor", "participant"}
    ),
}
"""Without a purpose an auditor is answered about the read log alone."""


class House:
    """The story of the API with its marks, and an account of each role in Hohhot."""

    def __init__(self) -> None:
        self.api = Api(World(ids=CountedIds(after=0xFFF)))
        self.api.world.clock.set(1_750_035_600_000_000)
        for name, path, body in STORY:
            self._record(path, _marked(name, path, body))
        for n, person in enumerate(Q):
            registered = {"kind": "practitioner", "id": person, "name": f"同事标记{n}", "id_number": NUMBERS[n]}
            self._record("/subjects", {**registered, "region": "150100"})
            self._record(f"/subjects/{A}/staff", {"practitioner": person, "from_on": "2024-01-01"})
            fact = {"id": f"00000000-0000-4000-8000-0000000005f{n}", "regime": REGIME, "authority": BUREAU}
            told = {"row": "P01", "decided_on": "2025-04-01", "document": f"从业文书标记{n}", "summary": "超范围执业"}
            self._record(f"/subjects/{person}/facts", {**fact, **told})
        self.dossiers = [self._issued(file) for file in (A, P)]
        rehearsed = self.api.post("/rehearsals", REHEARSAL, headers={"x-actor": "recorder-mark"}).json()["id"]
        self.api.rehearsals.run(rehearsed, here(self.api.world.journal))
        self.rehearsal = rehearsed
        uploaded = {"content-type": "text/csv", "x-actor": "recorder-mark"}
        row = penalty("呼环罚〔2025〕20号", 机构名称="呼和浩特市甲检测有限公司", 案由="处罚文书标记")
        self.sheet = self.api.post("/imports", csv_text(row).encode(), headers=uploaded).json()["id"]
        self.evidence = self._received("证据标记")
        at = self.api.administering
        with_first(at)
        self.tokens: dict[Asker, str] = {}
        for role in ROLES:
            account(at, f"{role}-9".replace("_", "-"), role, subject=A if role == "participant" else None)
            self.tokens[role] = token(at, f"{role}-9".replace("_", "-"))
        account(at, "watching-officer")
        watcher = {"authorization": f"Bearer {token(at, 'watching-officer')}", "x-purpose": "watching-officer"}
        for file in (A, Q[2]):
            assert self.api.get(f"/subjects/{file}", headers=watcher).status_code == 200

    def _record(self, path: str, body: dict[str, Any]) -> None:
        answer = self.api.post(path, body, headers={"x-actor": "recorder-mark"})
        assert answer.status_code == 201, (path, body, answer.text)

    def _received(self, title: str) -> str:
        """A picture on the agency's file, with personal data in it and in its title."""
        papers, by = self.api.world.papers, Principal("recorder-mark")
        content = picture(title)
        upload = papers.uploads.take(A, f"{title}.png", content, len(content), by=by, personal_data=True)
        self._record(f"/subjects/{A}/evidence", {"upload": upload.id, "kind": "photograph"})
        return upload.id

    def _issued(self, file: str) -> str:
        """Where a dossier of a file is read that was issued."""
        grade = self.api.get(f"/subjects/{file}/grade", regime=REGIME, as_of="2025-06-16").json()
        answer = self.api.post(f"/subjects/{file}/dossiers", {"basis": grade["basis"]["token"], "format": "html"})
        assert answer.status_code == 201, answer.text
        return f"/subjects/{file}/dossiers/{answer.json()['id']}"

    def questions(self) -> Iterator[tuple[str, str, str, Any]]:
        """Every question: its operation, method, path, and query or body."""
        for name, path, query in READS:
            yield name.partition("/")[0], "GET", path, query
        for name, path, body in ASKED:
            yield name.partition("/")[0], "POST", path, body
        late = {"regime": REGIME, "as_of": "2025-06-16"}
        yield "get_grade", "GET", f"/subjects/{A}/grade", late
        yield "get_casefile", "GET", f"/subjects/{A}/casefile", late
        for file in (A, P, Q[1]):
            yield "get_dossier", "GET", f"/subjects/{file}/dossier", {**late, "format": "html"}
        for place in self.dossiers:
            yield "get_issued_dossier", "GET", place, {}
            yield "get_dossiers", "GET", place.rpartition("/")[0], {}
        yield "get_history", "GET", f"/subjects/{A}/grade/history", {"regime": REGIME}
        days = {"as_of_1": "2025-03-31", "as_of_2": "2025-06-16"}
        yield "get_difference", "GET", f"/subjects/{A}/grade/diff", {"regime": REGIME, **days}
        known = {"as_of_1": "2025-06-16", "as_of_2": "2025-06-16", "known_at_1": "2023-01-01T00:00:00Z"}
        yield "get_difference", "GET", f"/subjects/{A}/grade/diff", {"regime": REGIME, **known}
        for order in ("legal", "record"):
            yield "get_timeline", "GET", f"/subjects/{A}/timeline", {"order": order, "limit": "200"}
        yield "get_timeline", "GET", f"/subjects/{Q[1]}/timeline", {}
        yield "get_grade", "GET", f"/subjects/{P}/grade", late
        yield "get_grades", "POST", "/grades", {"subjects": [A, Q[1]], **late}
        yield "get_profile", "GET", f"/subjects/{Q[0]}", {}
        yield "search", "GET", "/search", {"q": "从业文书标记1"}
        yield "get_changes", "GET", "/journal/changes", {"limit": "500"}
        yield "get_reads", "GET", "/reads", {"subject": A, "limit": "200"}
        yield "get_reads", "GET", "/reads", {"subject": Q[2], "limit": "200"}
        yield "list_decisions", "GET", "/pending-decisions", {}
        yield "get_decision", "GET", f"/pending-decisions/{A}", {}
        yield "get_letters", "GET", f"/subjects/{A}/letters", {}
        yield "get_letter", "GET", f"/letters/{LETTER}", {}
        for file in ("docx", "pdf"):
            yield f"get_letter_{file}", "GET", f"/letters/{LETTER}/{file}", {}
        yield "get_doubles", "GET", "/subjects/doubles", {}
        yield "get_imports", "GET", "/imports", {}
        for operation, what in (("import", ""), ("import_rows", "/rows"), ("marked_sheet", "/marked")):
            yield f"get_{operation}", "GET", f"/imports/{self.sheet}{what}", {}
        yield "get_evidence_list", "GET", f"/subjects/{A}/evidence", {}
        for operation, what in (("evidence", ""), ("evidence_content", "/content"), ("evidence_page", "/pages/1")):
            yield f"get_{operation}", "GET", f"/evidence/{self.evidence}{what}", {}
        yield "get_rehearsals", "GET", "/rehearsals", {}
        yield "get_rehearsal", "GET", f"/rehearsals/{self.rehearsal}", {}
        for what in ("changes", "decisions", "result"):
            yield f"get_rehearsal_{what}", "GET", f"/rehearsals/{self.rehearsal}/{what}", {}

    def answers(self, role: Asker, *, has_purpose: bool) -> Iterator[tuple[str, tuple[int, str]]]:
        headers = {"accept-language": "zh-CN"}
        if role in self.tokens:
            headers["authorization"] = f"Bearer {self.tokens[role]}"
        if has_purpose:
            headers["x-purpose"] = "test"
        for operation, method, path, asked in self.questions():
            if method == "GET":
                answer = self.api.call("GET", f"/api/v1{path}", params=asked, headers=headers)
                # What somebody asked for is no news to them.
                yield operation, (answer.status_code, answer.text.replace(asked.get("q", "\0"), ""))
            else:
                answer = self.api.post(path, asked, headers=headers)
                yield operation, (answer.status_code, answer.text)


def _marked(name: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """A line of the story with its marks."""
    changes: dict[str, dict[str, Any]] = {
        "register/agency": {"legal_representative": "法人标记"},
        "register/practitioner": {"name": "从业标记"},
        "record_fact/penalty": {"summary": "处罚文书标记"},
        "record_comment/lead": {"by": "评论标记"},
        "evaluation_stage/proposal": {"panel": ["评审标记"]},
        "revise_letter/added": {"paragraphs": ["草稿标记"]},
        "list_blacklist/with_a_ban": {"signed_by": "签批标记"},
        "record_advisory/joint_inspection": {"document": "提示文书标记"},
    }
    del path
    return {**body, **changes.get(name, {})}


@cache
def house() -> House:
    """The one house of this module: nothing more is recorded in it."""
    return House()


@pytest.mark.slow
def test_every_question_about_files_is_asked() -> None:
    assert {operation for operation, *_ in house().questions()} >= {o.id for o in LOGGED}


@pytest.mark.slow
@pytest.mark.parametrize("has_purpose", [False, True], ids=["plain", "for_purpose"])
@pytest.mark.parametrize("role", [*ROLES, PUBLIC])
def test_a_role_sees_what_it_is_shown_and_nothing_else(role: Asker, has_purpose: bool) -> None:
    seen: dict[str, set[str]] = {}
    for operation, (status, told) in house().answers(role, has_purpose=has_purpose):
        assert status < 500, (operation, told)
        for name, mark in MARKS.items():
            if any(text in told for text in mark.texts):
                seen.setdefault(name, set()).add(operation)
    shown = {name for name, mark in MARKS.items() if role in (mark.for_purpose if has_purpose else mark.plain)}
    assert seen.keys() == shown, {name: where for name, where in seen.items() if name not in shown}


# --- every field of every answer --------------------------------------------------------------------------


def _structs() -> dict[str, set[str]]:
    found = {**structs_in([o.answer for o in LOGGED]), **structs_in(list(CLASSES.values()))}
    # What was joined to a file is told line by line, and never as it is carried.
    del found["CarriedEvent"]
    return {
        name: {field.encode_name for field in info.fields if (name, field.name) != ("FilesJoined", "carried")}
        for name, info in found.items()
    }


def test_every_field_of_every_answer_about_files_is_of_one_class_and_no_other_is() -> None:
    table = shipped_masks()
    expected = _structs()
    assert table.structs.keys() == expected.keys()
    for name, variants in table.structs.items():
        for variant in variants:
            assert variant.classes.keys() == expected[name], (name, dict(variant.where))


def test_every_class_is_used_and_has_its_ground() -> None:
    table = shipped_masks()
    used = {name for variants in table.structs.values() for variant in variants for name in variant.classes.values()}
    assert used == table.classes.keys()
    assert all(found.rests_on for name, found in table.classes.items() if name != "open")


def test_what_is_not_sent_as_json_holds_nothing_that_somebody_who_may_ask_is_not_shown() -> None:
    roles, streamed = shipped_roles(), structs_in([next(o.answer for o in LOGGED if o.id == "get_changes")])
    assert "JournalChange" in streamed
    fields = shipped_masks().structs["JournalChange"][0].classes.values()
    for role in ROLES:
        if roles.reach(role, "get_changes_stream") is not None:
            assert all(shipped_masks().of(name).is_shown(role, has_purpose=False) for name in fields)


class Below(msgspec.Struct):
    id: str
    by: str


class Answer(msgspec.Struct):
    subject: str
    known: str
    fresh: str
    below: list[Below]
    records: list[str]


def _viewer(role: Asker = "participant") -> Viewer:
    return Viewer(role, has_purpose=False, file="A", records_of=lambda _: {"f1"})


def _answer() -> dict[str, Any]:
    below = [{"id": "x", "by": "clerk"}, {"id": "y", "by": "clerk"}]
    return {"subject": "A", "known": "1", "fresh": "2", "below": below, "records": ["f1", "f2", "f3"]}


def _masks() -> Masks:
    classes = (
        MaskClass("open", ("participant", "officer")),
        MaskClass("recorder", ("officer",), rests_on=("PIPL 6",)),
        MaskClass("others", ("officer",), of_another=True),
    )
    structs = (
        MaskedStruct("Answer", {}, {"subject": "open", "known": "open", "below": "open", "records": "others"}, {}),
        MaskedStruct("Below", {"id": ["x"]}, {"id": "open", "by": "open"}, {}),
        MaskedStruct("Below", {}, {"id": "open", "by": "recorder"}, {}),
    )
    return Masks(MaskTable(classes, structs), {})


def test_a_field_that_nobody_classified_is_shown_to_nobody() -> None:
    for role in ROLES:
        value = _answer()
        _masks().masked(Answer, value, _viewer(role))
        assert "fresh" not in value


def test_what_is_left_out_is_named_with_its_places_and_number() -> None:
    value = _answer()
    assert _masks().masked(Answer, value, _viewer()) == [
        ("unclassified", ["/fresh"], 1),
        ("recorder", ["/below/1/by"], 1),
        ("others", ["/records"], 2),
    ]
    assert value["below"] == [{"id": "x", "by": "clerk"}, {"id": "y"}]
    assert value["records"] == ["f1"]


@pytest.mark.parametrize(("answer", "content"), [(int, 3), (list[str], ["f1"])])
def test_in_what_is_no_struct_nothing_can_be_left_out(answer: Any, content: Any) -> None:
    assert not _masks().finds(answer, content, _viewer())
    assert _masks().masked(answer, content, _viewer()) == []


def test_lists_under_names_are_looked_through_each() -> None:
    class ByYear(msgspec.Struct):
        known: dict[str, list[Below]]

    table = MaskTable(
        [*_masks().table.classes.values()],
        (*_masks().table.variants("Below"), MaskedStruct("ByYear", {}, {"known": "open"}, {})),
    )
    for id, places in (("x", []), ("y", ["/known/2024/1/by"])):
        content = ByYear({"2023": [], "2024": [Below("x", "clerk"), Below(id, "clerk")]})
        assert Masks(table, {}).finds(ByYear, content, _viewer()) is bool(places)
        value = msgspec.to_builtins(content)
        assert [where for _, where, _ in Masks(table, {}).masked(ByYear, value, _viewer())] == [places] * bool(places)
        assert value["known"]["2024"][0] == {"id": "x", "by": "clerk"}


@pytest.mark.parametrize("record", ["f1", "f2", None])
def test_the_one_record_that_an_answer_names_is_left_out_where_it_stands_on_another_file(record: str | None) -> None:
    class Step(msgspec.Struct):
        record: str | None

    table = MaskTable([*_masks().table.classes.values()], (MaskedStruct("Step", {}, {"record": "others"}, {}),))
    value, is_there = {"record": record}, record != "f2"
    assert Masks(table, {}).finds(Step, Step(record), _viewer()) is not is_there
    assert Masks(table, {}).masked(Step, value, _viewer()) == ([] if is_there else [("others", ["/record"], 1)])
    assert value == ({"record": record} if is_there else {})


def test_another_file_is_any_but_the_one_asked_about_cohorts_and_the_law() -> None:
    structs = (
        MaskedStruct("Below", {"id": [ANOTHER]}, {"id": "open", "by": "hidden"}, {}),
        MaskedStruct("Below", {}, {"id": "open", "by": "open"}, {}),
    )
    table = MaskTable((MaskClass("open", ("participant",)), MaskClass("hidden", ())), structs)
    for id, is_hidden in (("A", False), ("law", False), ("cohort/x", False), ("B", True)):
        value = {"id": id, "by": "clerk"}
        Masks(table, {}).masked(Below, value, _viewer())
        assert ("by" not in value) is is_hidden, id


class _Some:
    """Answers of a type with something here and nothing there, over few ids of files and records."""

    def __init__(self, seed: int) -> None:
        self._chance = Random(seed)

    def of(self, found: inspect.Type) -> Any:
        if isinstance(found, inspect.Metadata):
            return self.of(found.type)
        if isinstance(found, inspect.UnionType):
            plain = [t for t in found.types if isinstance(t, inspect.NoneType)]
            return self.of(self._chance.choice(plain if plain and self._chance.random() < 0.6 else found.types))
        if isinstance(found, inspect.StructType):
            given = [f for f in found.fields if f.required or self._chance.random() < 0.3]
            values = {f.name: self.of(f.type) for f in given}
            if found.cls is TimelineEntry:
                values["type"] = self._chance.choice(sorted(CLASSES))
            return found.cls(**values)
        if isinstance(found, inspect.LiteralType):
            return self._chance.choice(found.values)
        if isinstance(found, inspect.VarTupleType | inspect.ListType):
            return tuple(self.of(found.item_type) for _ in range(self._chance.choice((0, 0, 1, 2))))
        if isinstance(found, inspect.TupleType):
            return tuple(self.of(t) for t in found.item_types)
        if isinstance(found, inspect.DictType):
            return {"x": self.of(found.value_type)} if self._chance.random() < 0.3 else {}
        return self._plain(found)

    def _plain(self, found: inspect.Type) -> Any:
        match found:
            case inspect.StrType():
                return self._chance.choice(("A", "A", "f1", "f1", "B", "law", "staff"))
            case inspect.BoolType():
                return self._chance.random() < 0.5
            case inspect.IntType() | inspect.FloatType():
                return 1
            case inspect.DateType():
                return dt.date(2024, 1, 1)
            case inspect.DecimalType():
                return Decimal(1)
            case _:
                return None


@pytest.mark.slow
@pytest.mark.parametrize("operation", [o for o in LOGGED if isinstance(o.answer, type)], ids=lambda o: o.id)
def test_nothing_is_left_out_of_an_answer_in_which_nothing_was_found_to_leave_out(operation: Operation) -> None:
    """What is looked at before an answer is written is what it is written from; the two ways agree on everything, also
    on lines that are looked at again."""
    answered = inspect.type_info(operation.answer)
    passed = 0
    for seed in range(60):
        content = _Some(seed).of(answered)
        lasting = _with_lines_that_last(content)
        for role in ROLES:
            for has_purpose in (False, True):
                viewer = Viewer(role, has_purpose, "A", records_of=lambda _: {"f1"})
                is_found = masks().finds(operation.answer, content, viewer)
                again = [masks().finds(operation.answer, lasting, viewer) for _ in range(2)]
                assert again == [is_found, is_found]
                if is_found:
                    continue
                value = msgspec.json.decode(msgspec.json.encode(content))
                assert masks().masked(operation.answer, value, viewer) == []
                passed += 1
    assert passed


def _with_lines_that_last(content: Any) -> Any:
    fields = content.__struct_fields__ if isinstance(content, msgspec.Struct) else ()
    lines = {name: LastingLines(part) for name in fields if isinstance(part := getattr(content, name), tuple)}
    return msgspec.structs.replace(content, **lines) if lines else content


def test_what_stands_beside_lines_that_last_is_looked_at_again_when_it_reads_differently() -> None:
    class Core(msgspec.Struct):
        subject: str
        below: tuple[Below, ...]
        records: list[str]

    class Answer(Core):
        known: str

    lines = LastingLines([Below("x", "clerk")])
    made, said = _masks(), [["f1"], ["f1", "f2"], ["f1"]]
    assert [made.finds(Answer, Core("A", lines, records), _viewer()) for records in said] == [False, True, False]
    assert not made.finds(Answer, Core("A", lines, ["f2"]), _viewer("officer"))
    assert made.finds(Answer, Core("B", lines, ["f1"]), _viewer()._replace(file="B", records_of=lambda _: ()))


@pytest.mark.parametrize(
    ("by", "records", "is_found"),
    [("", ["f1"], True), (None, ["f1"], False), (UNSET, [], False), (None, ["f1", "f2"], True), ("clerk", [], True)],
)
def test_what_would_be_left_out_is_found_before_an_answer_is_written(
    by: str | UnsetType | None, records: list[str], *, is_found: bool
) -> None:
    class Below(msgspec.Struct):
        id: str
        by: str | UnsetType | None

    class Core(msgspec.Struct, rename={"about": "subject"}):
        about: str
        below: list[Below]
        records: list[str]

    class Answer(Core):
        known: str

    content = Core("A", [Below("x", "clerk"), Below("y", by)], records)
    assert _masks().finds(Answer, content, _viewer()) is is_found
    assert not _masks().finds(Answer, content, _viewer("officer"))
    assert _masks().finds(Answer, {"subject": "A"}, _viewer())


def test_what_nobody_classified_is_found_before_an_answer_is_written() -> None:
    content = Answer("A", "1", "2", [], [])
    assert _masks().finds(Answer, content, _viewer("officer"))


@pytest.mark.parametrize("role", ROLES)
def test_who_objects_is_shown_to_those_who_decide_and_to_the_participant(role: Asker) -> None:
    entry = {"type": "objection-filed.v1", "content": {"objection": "o", "by": "李某"}}
    value = {"subject": A, "entries": [entry]}
    masks().masked(Timeline, value, Viewer(role, has_purpose=False, file=A, records_of=lambda _: ()))
    assert ("by" in entry["content"]) is (role in INSIDE | {"participant"})


# --- answers as they are sent -----------------------------------------------------------------------------


def _asked(role: Asker, path: str, purpose: str | None = "test", **query: str) -> Any:
    headers = {"authorization": f"Bearer {house().tokens[role]}"}
    if purpose is not None:
        headers["x-purpose"] = purpose
    return house().api.get(path, headers=headers, **query)


def test_an_answer_of_which_nothing_is_left_out_keeps_its_bytes() -> None:
    grade = f"/subjects/{A}/grade"
    whole = _asked("officer", grade, None, as_of="2025-06-16")
    assert "masked" not in whole.json()
    house().api.desk.door._open_until = float("inf")
    try:
        assert house().api.get(grade, as_of="2025-06-16").content == whole.content
    finally:
        house().api.desk.door._open_until = -1.0


def test_a_participant_is_told_how_many_persons_met_a_row_and_by_which_authorities_but_not_who() -> None:
    step = next(s for s in _asked("officer", f"/subjects/{A}/grade").json()["steps"] if s["row"] == "B14")
    own = _asked("participant", f"/subjects/{A}/grade").json()
    index, masked = next((n, s) for n, s in enumerate(own["steps"]) if s["row"] == "B14")
    assert len(step["from"]) == 3
    assert masked["from"] == []
    assert [{"authority": p["authority"]} for p in masked["papers"]] == [{"authority": BUREAU}] * 3 or all(
        set(paper) <= {"authority", "authority_name"} for paper in masked["papers"]
    )
    assert len(masked["papers"]) == 3
    assert masked["score"] == step["score"]
    named = {part["what"]: part for part in own["masked"]}
    assert f"/steps/{index}/from" in named["others_records"]["pointers"]
    assert named["others_records"]["number"] >= 3
    assert "23(4)" in " ".join(named["practitioner"]["rests_on"])
    assert named["practitioner"]["ground"]
    assert own["basis"]["token"] == _asked("officer", f"/subjects/{A}/grade").json()["basis"]["token"]


def test_what_was_left_out_of_a_timeline_is_named_line_by_line() -> None:
    told = _asked("participant", f"/subjects/{A}/timeline", limit="200").json()
    assert all("by" not in entry for entry in told["entries"])
    (recorder,) = [part for part in told["masked"] if part["what"] == "recorder"]
    assert recorder["pointers"] == [f"/entries/{n}/by" for n in range(len(told["entries"]))]
    assert recorder["ground"].startswith("由谁录入")


def test_a_department_says_what_for_when_it_asks_about_a_person() -> None:
    for path in (f"/subjects/{P}", f"/subjects/{P}/timeline", f"/subjects/{P}/grade?regime={REGIME}"):
        refused = _asked("department", path, None)
        assert (refused.status_code, refused.json()["errors"][0]["parameter"]) == (400, "X-Purpose")
        assert _asked("department", path).status_code == 200
    assert _asked("department", f"/subjects/{A}", None).status_code == 200
    unknown = P.replace("b", "9")
    assert _asked("department", f"/subjects/{unknown}", None).status_code == 404


def test_the_masks_of_the_product_are_made_ready_for_every_answer() -> None:
    for operation in LOGGED:
        masks().node(operation.answer)
