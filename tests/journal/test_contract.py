"""What every journal promises, in memory and in PostgreSQL."""

from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from application.access.reading_place import reading_for
from application.ports import (
    FILES_OF_A_NUMBER,
    AnyEvent,
    CommandRecord,
    Entry,
    Head,
    Journal,
    NumberTold,
    Part,
    Recorded,
    Snapshot,
    StreamCategory,
    StreamEnds,
    SubjectRow,
    linked_key,
)
from application.principal import Principal
from domain.errors import Conflict, ReusedKey, Stale
from domain.events.evaluation import StageGraded, StageRecorded
from domain.events.facts import FactRecorded, FactRetracted
from domain.events.pending import DecisionProposed, DecisionSigned, DecisionWithdrawn
from domain.events.registration import (
    AgencyRegistered,
    ClientRegistered,
    EmploymentRecorded,
    ExpertRegistered,
    PractitionerRegistered,
    SubjectChanged,
)
from interfaces.clocks import StoppedClock
from tests.journal.conftest import NOON, SECOND
from tests.journal.examples import DAY, EXAMPLES, fact
from tests.support.words import says, words_of


def employment(record: str, practitioner: str) -> EmploymentRecorded:
    return EmploymentRecorded(employment=record, practitioner=practitioner, from_on=DAY, role="检测员")


AGENCY = AgencyRegistered(uscc="u", name="甲", region="150100", services=("monitoring",))
PRACTITIONER = PractitionerRegistered(region="150100", id_kind="other")


def entry(stream: str, version: int, event: AnyEvent | None = None, introduces: str | None = None) -> Entry:
    return Entry(stream, "agency", version, event or fact(f"{stream}{version}"), introduces)


def put(journal: Journal, *entries: Entry, actor: str = "clerk") -> tuple[int, ...]:
    return journal.append(entries, by=Principal(actor)).positions


def found(events: object) -> list[tuple[str, int, int]]:
    assert isinstance(events, list | tuple) or hasattr(events, "__iter__")
    return [(e.stream, e.version, e.position) for e in events]


# --- appending -----------------------------------------------------------------------------------------------


def test_an_empty_journal_has_nothing(journal: Journal) -> None:
    assert journal.head() == Head(0, 0)
    assert journal.position_at(NOON) == 0
    assert list(journal.stream("A")) == []
    assert journal.streams(["A"]) == {}
    assert list(journal.scan()) == []
    assert list(journal.whole_streams()) == []
    assert list(journal.feed()) == []
    assert list(journal.law()) == []
    assert list(journal.pending()) == []
    assert list(journal.subjects()) == []
    assert journal.snapshot("A") == Snapshot(0, 0, [])
    assert journal.owner_of("f1") is None
    assert journal.command("k") is None


def test_every_event_comes_back_as_it_went(journal: Journal) -> None:
    entries = [Entry("A", "agency", i, event) for i, event in enumerate(EXAMPLES, 1)]
    given = journal.append(entries, by=Principal("王某"))
    assert len(given.positions) == len(EXAMPLES)
    assert given.recorded_at == NOON
    assert list(journal.stream("A")) == [
        Recorded("A", i, position, NOON, "王某", event)
        for i, (position, event) in enumerate(zip(given.positions, EXAMPLES, strict=True), 1)
    ]


def test_decisions_that_wait_stand_apart_from_every_subject_and_are_read_on_from_a_position(journal: Journal) -> None:
    proposed = DecisionProposed(decision="d", command="c", request="{}", digest="0", stream="A", proposed_by="officer")
    waiting = Entry("pending/d", "pending", 1, proposed)
    signed = DecisionSigned(
        decision="d", command="c", digest="0", stream="A", proposed_by="officer", countersigned_by="approver"
    )
    put(journal, entry("A", 1))
    (first,) = put(journal, waiting)
    _, last = put(journal, entry("A", 2), Entry("pending/d", "pending", 2, signed))
    assert found(journal.pending()) == [("pending/d", 1, first), ("pending/d", 2, last)]
    assert [e.event for e in journal.pending(after=first)] == [signed]
    assert list(journal.pending(after=last)) == []
    assert list(journal.subjects()) == [SubjectRow("A", "agency")]
    assert journal.file("pending/d").version == 0
    assert [w.stream for w in journal.whole_streams(categories=["pending"])] == ["pending/d"]


def test_an_event_is_found_by_its_seal_and_the_last_result_by_its_receipt(journal: Journal) -> None:
    given = next(e for e in EXAMPLES if isinstance(e, StageGraded))
    put(journal, entry("A", 1), entry("A", 2, given), entry("B", 1, msgspec.structs.replace(given, record="other")))
    sealed = journal.with_digest(journal.leaf("A", 1).hex())
    assert sealed is not None
    assert (sealed.stream, sealed.version) == ("A", 1)
    assert given.result is not None
    with_result = journal.with_digest(given.result.receipt.digest)
    assert with_result is not None
    assert (with_result.stream, with_result.event) == ("B", msgspec.structs.replace(given, record="other"))
    assert journal.with_digest("ab" * 32) is None


def test_a_signature_and_what_is_signed_are_appended_together_or_not_at_all(journal: Journal) -> None:
    signed = DecisionWithdrawn(decision="d", withdrawn_by="officer")
    put(journal, Entry("pending/d", "pending", 1, signed))
    with pytest.raises(Stale) as refused:
        put(journal, entry("A", 1), Entry("pending/d", "pending", 1, signed))
    assert refused.value.stream == "pending/d"
    assert list(journal.stream("A")) == []


def test_positions_grow_and_one_append_is_in_order(journal: Journal) -> None:
    first = put(journal, entry("B", 1), entry("A", 1), entry("B", 2))
    second = put(journal, entry("A", 2))
    assert sorted(first + second) == list(first + second)
    assert [e.stream + str(e.version) for e in journal.feed()] == ["B1", "A1", "B2", "A2"]


@pytest.mark.slow
@pytest.mark.parametrize(("version", "actual"), [(1, 2), (2, 2), (4, 2)])
def test_a_writer_who_is_not_at_the_end_is_stale(journal: Journal, version: int, actual: int) -> None:
    put(journal, entry("A", 1), entry("A", 2))
    with pytest.raises(Stale) as refused:
        put(journal, entry("B", 1), entry("A", version))
    assert (refused.value.stream, refused.value.expected, refused.value.actual) == ("A", version - 1, actual)
    assert list(journal.stream("B")) == []


def test_versions_within_one_append_follow_each_other(journal: Journal) -> None:
    with pytest.raises(Stale):
        put(journal, entry("A", 1), entry("A", 3))
    with pytest.raises(Stale):
        put(journal, entry("A", 1), entry("A", 1))
    assert journal.head() == Head(0, 0)


def numbered(
    stream: str, version: int, number: str, *, corrects: bool = False, kind: StreamCategory = "agency"
) -> Entry:
    told = NumberTold(number, corrects)
    return Entry(stream, kind, version, AgencyRegistered(uscc=number, name=f"机构{stream}", region="150100",
                 services=("monitoring",)), None, told)  # fmt: skip


def test_an_append_ends_with_what_it_comes_after(journal: Journal) -> None:
    def not_stored() -> None:
        raise Stale("B", 0, 1)

    with pytest.raises(Stale, match="B"):
        journal.append([entry("A", 1), entry("A", 2)], by=Principal("clerk"), after=not_stored)
    assert journal.head() == Head(0, 0)
    first = journal.append([entry("A", 1)], by=Principal("clerk"), after=lambda: put(journal, entry("B", 1)))
    assert [e.stream for e in journal.feed()] == ["B", "A"]
    assert list(first.positions) == [e.position for e in journal.stream("A")]


def test_the_owners_of_many_official_numbers_are_told_at_once(journal: Journal) -> None:
    put(journal, numbered("A", 1, "one"), numbered("B", 1, "two"), numbered("K", 1, "three", kind="client"))
    assert journal.number_owners("agency", ["two", "one", "three", "nobody's"]) == {"one": "A", "two": "B"}
    assert journal.number_owners("client", ["three"]) == {"three": "K"}
    assert journal.number_owners("agency", []) == {}


def test_an_official_number_stands_for_one_file_of_a_kind(journal: Journal) -> None:
    put(journal, numbered("A", 1, "one"))
    with pytest.raises(Conflict) as refused:
        put(journal, entry("C", 1), numbered("B", 1, "one"))
    assert refused.value.code == "uscc_registered"
    assert "机构A" in words_of(refused.value).zh
    assert list(journal.stream("C")) == []
    with pytest.raises(Conflict):
        put(journal, numbered("B", 1, "two"), numbered("C", 1, "two"))
    put(journal, numbered("K", 1, "one", kind="client"))
    assert journal.number_owner("agency", "one") == "A"
    assert journal.number_owner("client", "one") == "K"
    assert journal.number_owner("agency", "two") is None


def test_of_many_who_register_a_number_at_once_one_has_it(journal: Journal) -> None:
    def tell(stream: str) -> str:
        try:
            put(journal, numbered(stream, 1, "one"))
        except Conflict as conflict:
            return conflict.code
        return "recorded"

    with ThreadPoolExecutor(6) as pool:
        told = list(pool.map(tell, "ABCDEF"))
    assert sorted(told) == ["recorded", *["uscc_registered"] * 5]
    owner = journal.number_owner("agency", "one")
    assert owner == "ABCDEF"[told.index("recorded")]


def test_a_corrected_number_is_free_again_and_a_new_one_keeps_the_old(journal: Journal) -> None:
    put(journal, numbered("A", 1, "one"))
    put(journal, numbered("A", 2, "two", corrects=True))
    assert (journal.number_owner("agency", "one"), journal.number_owner("agency", "two")) == (None, "A")
    put(journal, numbered("B", 1, "one"))
    put(journal, numbered("B", 2, "three"))
    put(journal, numbered("B", 3, "one"))
    assert (journal.number_owner("agency", "one"), journal.number_owner("agency", "three")) == ("B", "B")


def test_a_number_that_is_corrected_away_goes_on_standing_for_another_file_that_has_it(journal: Journal) -> None:
    def corrected(stream: str, version: int, number: str) -> Entry:
        return told(stream, version, number, why="corrected")._replace(number=NumberTold(number, corrects=True))

    put(journal, numbered("C", 1, "one"), told("B", 1, "ONE"), told("A", 1, "one"), told("K", 1, "one", "client"))
    put(journal, corrected("C", 2, "two"))
    assert (journal.number_owner("agency", "one"), journal.number_owner("agency", "two")) == ("B", "C")
    with pytest.raises(Conflict) as refused:
        put(journal, numbered("D", 1, "one"))
    assert refused.value.code == "uscc_registered"
    put(journal, corrected("B", 2, "one"))
    assert journal.number_owner("agency", "one") == "B"
    put(journal, corrected("B", 3, "three"))
    assert journal.number_owner("agency", "one") == "A"
    put(journal, corrected("A", 2, "four"))
    assert journal.number_owner("agency", "one") is None
    put(journal, numbered("D", 1, "one"))


def told(stream: str, version: int, number: str, kind: StreamCategory = "agency", why: str | None = None) -> Entry:
    """As journals from before a number belonged to one file have it."""
    if why is not None:
        changed = SubjectChanged(from_on=DAY, uscc=number, uscc_change="corrected" if why == "corrected" else "merged")
        return Entry(stream, kind, version, changed)
    if kind == "client":
        return Entry(stream, kind, version, ClientRegistered(uscc=number, name="丁", region="150100"))
    agency = AgencyRegistered(uscc=number, name="甲", region="150100", services=("monitoring",))
    return Entry(stream, kind, version, agency)


def test_a_number_of_several_files_of_a_kind_is_found_however_it_is_written(journal: Journal) -> None:
    put(journal, told("B", 1, "91MA"), told("K", 1, "91MA", "client"), told("C", 1, "other"))
    assert journal.double_numbers() == []
    put(journal, told("A", 1, "９１ma"), told("K2", 1, "91MA", "client"), told("K3", 1, "91MA", "client"))
    assert journal.double_numbers() == [("agency", "91ma", ["A", "B"], 2), ("client", "91ma", ["K", "K2", "K3"], 3)]
    assert journal.double_numbers(limit=1) == [("agency", "91ma", ["A", "B"], 2)]
    assert [d.kind for d in journal.double_numbers(after=("agency", "91ma"))] == ["client"]
    assert journal.double_numbers(after=("client", "91ma")) == []


def test_of_very_many_files_of_a_number_the_first_are_named_and_all_counted(journal: Journal) -> None:
    put(journal, *[told(f"A{n:02}", 1, "one") for n in range(FILES_OF_A_NUMBER + 2)])
    (found,) = journal.double_numbers()
    assert found.files == FILES_OF_A_NUMBER + 2
    assert found.subjects == [f"A{n:02}" for n in range(FILES_OF_A_NUMBER)]


def test_a_number_is_told_of_where_one_of_its_files_is_with_the_files_that_are_there(journal: Journal) -> None:
    def there(stream: str, number: str, region: str) -> Entry:
        return Entry(
            stream, "agency", 1, AgencyRegistered(uscc=number, name="甲", region=region, services=("monitoring",))
        )

    put(journal, there("A", "one", "150100"), there("B", "one", "330200"), there("C", "one", "150102"))
    put(journal, there("D", "two", "330200"), there("E", "two", "330200"), there("F", "three", "150100"))
    whole = [("agency", "one", ["A", "B", "C"], 3), ("agency", "two", ["D", "E"], 2)]
    assert journal.double_numbers() == whole
    for place, told in (
        ("000000", whole),
        ("150100", [("agency", "one", ["A", "C"], 3)]),
        ("150102", [("agency", "one", ["C"], 3)]),
        ("330200", [("agency", "one", ["B"], 3), whole[1]]),
        ("330000", [("agency", "one", ["B"], 3), whole[1]]),
        ("150200", []),
        (None, []),
    ):
        with reading_for(place):
            assert journal.double_numbers() == told, place
            assert journal.double_numbers(limit=1) == told[:1], place


def test_a_number_that_was_taken_over_is_double_and_one_that_was_corrected_is_not(journal: Journal) -> None:
    put(journal, told("A", 1, "one"), told("B", 1, "two"), told("C", 1, "one"))
    put(journal, told("B", 2, "one", why="merged"))
    assert [(d.number, d.subjects) for d in journal.double_numbers()] == [("one", ["A", "B", "C"])]
    put(journal, told("B", 3, "three", why="corrected"))
    assert [(d.number, d.subjects) for d in journal.double_numbers()] == [("one", ["A", "C"])]
    put(journal, told("A", 2, "four", why="corrected"))
    assert journal.double_numbers() == []
    # The same number told once more by the one file that has it is no second file.
    put(journal, told("C", 2, "one", why="merged"), told("D", 1, "two"))
    assert journal.double_numbers() == []
    put(journal, told("A", 3, "one", why="corrected"))
    assert [(d.number, d.subjects) for d in journal.double_numbers()] == [("one", ["A", "C"])]


def test_an_introduced_id_is_unique_in_the_journal(journal: Journal) -> None:
    put(journal, entry("A", 1, introduces="f1"), entry("A", 2, introduces="f2"))
    for stream, version in (("A", 3), ("B", 1)):
        with pytest.raises(Conflict) as refused:
            put(journal, entry(stream, version), entry(stream, version + 1, introduces="f2"))
        assert refused.value.code == "id_taken"
        assert "f2" in words_of(refused.value).zh
    with pytest.raises(Conflict, check=says("f3")):
        put(journal, entry("A", 3, introduces="f3"), entry("B", 1, introduces="f3"))
    assert journal.owner_of("f1") == "A"
    assert journal.owner_of("f3") is None
    assert list(journal.stream("B")) == []


@pytest.mark.parametrize("journal", ["memory", pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)
@pytest.mark.parametrize("together", [True, False], ids=["in one append", "one after the other"])
@pytest.mark.parametrize("bearer", ["own file", "another file", "a file to come"])
def test_a_record_never_bears_the_id_of_a_file_nor_a_file_that_of_a_record(
    journal: Journal, bearer: str, *, together: bool
) -> None:
    before, bad = {
        "own file": (entry("A", 1), entry("A", 2, introduces="A")),
        "another file": (entry("A", 1), entry("B", 1, introduces="A")),
        "a file to come": (entry("A", 1, introduces="B"), entry("B", 1)),
    }[bearer]
    if not together:
        put(journal, before)
    with pytest.raises(Conflict) as refused:
        put(journal, *([before, bad] if together else [bad]))
    assert refused.value.code == "id_taken"
    assert len(journal.stream("A")) == (0 if together else 1)
    assert list(journal.stream("B")) == []


def test_entries_decided_on_another_law_are_refused(journal: Journal) -> None:
    journal.append([entry("A", 1)], by=Principal("c"), law=0)
    put(journal, Entry("law", "law", 1, EXAMPLES[0]))
    with pytest.raises(Stale) as stale:
        journal.append([entry("A", 2)], by=Principal("c"), law=0)
    assert (stale.value.stream, stale.value.expected, stale.value.actual) == ("law", 0, 1)
    journal.append([entry("A", 2)], by=Principal("c"), law=1)
    assert [e.version for e in journal.stream("A")] == [1, 2]


# --- commands ------------------------------------------------------------------------------------------------


def command(key: str = "k", digest: bytes = b"d") -> CommandRecord:
    return CommandRecord(key, digest, b'{"ok":true}')


def test_a_command_is_kept_with_where_and_when(journal: Journal) -> None:
    given = journal.append([entry("A", 1), entry("A", 2)], by=Principal("c"), commands=[command("k"), command("l")])
    expected = CommandRecord("k", b"d", b'{"ok":true}', given.positions[-1], NOON)
    assert journal.command("k") == expected
    assert journal.command("l") == expected._replace(key="l")


def test_the_same_command_again_writes_nothing_even_when_everything_has_moved_on(
    journal: Journal, clock: StoppedClock
) -> None:
    first = journal.append([entry("A", 1, introduces="f1")], by=Principal("c"), commands=[command()])
    clock.set(NOON + SECOND)
    put(journal, entry("A", 2))
    again = journal.append([entry("A", 1, introduces="f1")], by=Principal("c"), commands=[command()])
    assert again.positions == ()
    assert again.known == journal.command("k")
    assert again.recorded_at == first.recorded_at
    assert len(list(journal.feed())) == 2


def test_a_key_with_another_digest_is_refused(journal: Journal) -> None:
    journal.append([entry("A", 1)], by=Principal("c"), commands=[command()])
    with pytest.raises(ReusedKey) as refused:
        journal.append([entry("A", 2)], by=Principal("c"), commands=[command(digest=b"e")])
    assert refused.value.key == "k"
    assert len(list(journal.feed())) == 1


def test_a_command_that_changed_nothing_is_kept_too(journal: Journal) -> None:
    (position,) = put(journal, entry("A", 1))
    given = journal.append([], by=Principal("c"), commands=[command()])
    assert (given.positions, given.known) == ((), None)
    assert journal.command("k") == CommandRecord("k", b"d", b'{"ok":true}', position, NOON)
    assert journal.append([], by=Principal("c"), commands=[command()]).known == journal.command("k")


# --- time ----------------------------------------------------------------------------------------------------


def test_recorded_at_never_decreases_when_the_clock_goes_back(journal: Journal, clock: StoppedClock) -> None:
    instants = []
    for version, at in enumerate((NOON, NOON - SECOND, NOON + SECOND, NOON - 5 * SECOND), 1):
        clock.set(at)
        instants.append(journal.append([entry("A", version)], by=Principal("c")).recorded_at)
    assert instants == [NOON, NOON, NOON + SECOND, NOON + SECOND]
    assert [e.recorded_at for e in journal.feed()] == instants


# --- reading -------------------------------------------------------------------------------------------------


@pytest.fixture
def filled(journal: Journal, clock: StoppedClock) -> Journal:
    """Positions in order: A1 law1 | P1 B1 | A2 law2, a second apart."""
    put(journal, Entry("A", "agency", 1, AGENCY), Entry("law", "law", 1, EXAMPLES[-1]))
    clock.set(NOON + SECOND)
    put(journal, Entry("P", "practitioner", 1, PRACTITIONER), Entry("B", "agency", 1, AGENCY))
    clock.set(NOON + 2 * SECOND)
    put(journal, entry("A", 2), Entry("law", "law", 2, EXAMPLES[-2]))
    return journal


def test_the_streams_of_the_next_events_are_those_of_the_feed(filled: Journal) -> None:
    told = [(e.position, e.stream) for e in filled.feed()]
    assert filled.streams_after(0, 100) == told
    assert filled.streams_after(told[1][0], 3) == told[2:5]
    assert filled.streams_after(told[-1][0], 3) == []


def test_the_feed_is_in_order_of_position(filled: Journal) -> None:
    p = [e.position for e in filled.feed()]
    assert p == sorted(p)
    assert [e.position for e in filled.feed(after=p[1], until=p[4])] == p[2:5]


def test_the_scan_is_in_order_of_stream_and_version(filled: Journal) -> None:
    assert [(e.stream, e.version) for e in filled.scan()] == [
        ("A", 1),
        ("A", 2),
        ("B", 1),
        ("P", 1),
        ("law", 1),
        ("law", 2),
    ]
    p = [e.position for e in filled.feed()]
    assert [(e.stream, e.version) for e in filled.scan(until=p[3], categories=["agency", "law"])] == [
        ("A", 1),
        ("B", 1),
        ("law", 1),
    ]


def test_scan_feed_and_streams_give_the_same_events(filled: Journal) -> None:
    scanned = list(filled.scan())
    assert sorted(scanned, key=lambda e: e.position) == list(filled.feed())
    assert scanned == [e for name in ("A", "B", "P", "law") for e in filled.stream(name)]


def test_an_empty_journal_is_one_part(journal: Journal) -> None:
    assert journal.split(4) == (Part(),)


def test_a_snapshot_is_a_stream_on_a_basis(filled: Journal) -> None:
    p = [e.position for e in filled.feed()]
    assert filled.snapshot("A") == Snapshot(p[5], p[5], filled.stream("A"))
    assert filled.snapshot("A", known_at=NOON + SECOND) == Snapshot(p[3], p[1], filled.stream("A", until=p[3]))
    assert filled.snapshot("A", position=p[0]) == Snapshot(p[0], 0, filled.stream("A", until=p[0]))
    assert filled.snapshot("A", known_at=NOON - 1) == Snapshot(0, 0, [])
    assert filled.snapshot("Z", known_at=NOON) == Snapshot(p[1], p[1], [])


def test_how_far_streams_go_is_told_on_a_basis(filled: Journal) -> None:
    p = [e.position for e in filled.feed()]

    def lasts(until: int) -> tuple[int, ...]:
        rows = [filled.stream(name, until=until) for name in ("P", "A", "Z")]
        return tuple(found[-1].position if found else 0 for found in rows)

    for known_at, position in ((None, None), (NOON + SECOND, None), (NOON - 1, None), (None, p[0])):
        snapshot = filled.snapshot("A", known_at=known_at, position=position)
        found = StreamEnds(snapshot.position, snapshot.law_position, lasts(snapshot.position))
        assert filled.standing(("P", "A", "Z"), known_at=known_at, position=position) == found
    assert len({lasts(position) for position in p}) == 3


def test_a_snapshot_comes_with_the_streams_of_those_whom_its_events_concern(
    journal: Journal, clock: StoppedClock
) -> None:
    put(journal, Entry("A", "agency", 1, AGENCY), *(Entry(p, "practitioner", 1, PRACTITIONER) for p in "PQR"))
    put(journal, *(entry("A", n, employment(f"e{n}", p)) for n, p in ((2, "Q"), (3, "P"), (4, "nobody"))))
    clock.set(NOON + SECOND)
    (last,) = put(journal, Entry("P", "practitioner", 2, fact("p2")))
    (later,) = put(journal, entry("A", 5, employment("e5", "R")))

    now = journal.snapshot("A", with_staff=True)
    assert (now.position, now.rows) == (later, journal.stream("A"))
    assert now.staff == {p: journal.stream(p) for p in "PQR"}
    # On the day of the last employment before, and before the second fact of a person.
    assert journal.snapshot("A", position=last, with_staff=True).staff == journal.streams(["P", "Q"])
    assert journal.snapshot("A", position=last - 1, with_staff=True).staff == journal.streams(
        ["P", "Q"], until=last - 1
    )
    assert journal.snapshot("A", known_at=NOON, with_staff=True).staff == journal.streams(["P", "Q"], until=last - 1)
    # Whoever does not ask is told nothing, and nobody is concerned by a file without events.
    assert journal.snapshot("A").staff is None
    assert journal.snapshot("P", with_staff=True).staff == {}
    assert journal.snapshot("Z", with_staff=True) == Snapshot(later, 0, [], {})


def test_a_file_is_folded_from_the_whole_stream_of_a_subject(filled: Journal) -> None:
    held = filled.file("A")
    assert (held.events, held.instants) == ([r.event for r in filled.stream("A")], [NOON, NOON + 2 * SECOND])
    assert (held.kind, held.name_on(None)) == ("agency", "甲")
    # Nothing is on record of the one, and the other is nobody's file.
    assert [(filled.file(s).kind, filled.file(s).version) for s in ("Z", "law")] == [(None, 0), (None, 0)]


def test_subjects_are_listed_in_order_of_id(filled: Journal) -> None:
    a, b, p = SubjectRow("A", "agency"), SubjectRow("B", "agency"), SubjectRow("P", "practitioner")
    assert list(filled.subjects()) == [a, b, p]
    assert list(filled.subjects(kind="agency")) == [a, b]
    assert list(filled.subjects(limit=2)) == [a, b]
    assert list(filled.subjects(after="A", limit=2)) == [b, p]
    third = [e.position for e in filled.feed()][2]
    assert list(filled.subjects(until=third)) == [a, p]


def test_employers_are_the_agencies_with_an_employment_on_file(filled: Journal) -> None:
    def employ(id_: str) -> EmploymentRecorded:
        return EmploymentRecorded(employment=id_, practitioner="P", from_on=DAY)

    (first,) = put(filled, entry("B", 2, employ("e1"), "e1"))
    put(filled, entry("B", 3, employ("e2"), "e2"), entry("A", 3, employ("e3"), "e3"))
    assert list(filled.employers_of("P")) == ["A", "B"]
    assert list(filled.employers_of("P", until=first)) == ["B"]
    assert list(filled.employers_of("Q")) == []
    assert {p: list(found) for p, found in filled.employers_of_any(["P", "Q"]).items()} == {"P": ["A", "B"]}
    assert {p: list(found) for p, found in filled.employers_of_any(["P"], until=first).items()} == {"P": ["B"]}


def test_files_are_found_by_the_clients_decision_and_by_the_fact_others_arose_from(filled: Journal) -> None:
    def linked(id_: str, **more: str) -> FactRecorded:
        return FactRecorded(fact=id_, regime="r", row="C01", authority="150100-EEB", document="d", **more)  # type: ignore[arg-type]

    (first,) = put(filled, entry("B", 2, linked("x1", linked_to="决定〔1〕"), "x1"))
    put(
        filled,
        entry("A", 3, linked("x2", linked_to="决定〔1〕"), "x2"),
        entry("P", 2, linked("x3", arises_from="x1"), "x3"),
    )
    assert list(filled.concerning(linked_key("决定〔1〕"))) == ["A", "B"]
    assert list(filled.concerning(linked_key("决定〔1〕"), until=first)) == ["B"]
    assert list(filled.concerning(linked_key("决定〔2〕"))) == []
    assert list(filled.concerning("x1")) == ["P"]


def test_ids_of_any_script_are_ordered_by_code_point(journal: Journal) -> None:
    names = ["a", "B", "甲", "é", "Z-1", "𠮷"]
    for name in names:
        put(journal, entry(name, 1, introduces=f"id-{name}"))
    assert [e.stream for e in journal.scan()] == sorted(names)
    assert [s.subject for s in journal.subjects()] == sorted(names)
    assert journal.owner_of("id-𠮷") == "𠮷"


@pytest.mark.slow
def test_a_long_stream_and_a_large_append(journal: Journal) -> None:
    """More than a socket takes at once: a pipeline that is not sent to its end would hang here."""
    large = [entry(f"S{i % 7}", i // 7 + 1, fact(f"f{i}", summary="长" * 300), f"f{i}") for i in range(4200)]
    given = journal.append(large, by=Principal("c"), commands=[command()])
    assert len(given.positions) == 4200
    assert sum(1 for _ in journal.feed()) == 4200
    assert [len(w.events) for w in journal.whole_streams()] == [600] * 7
    assert put(journal, entry("S0", 601, FactRetracted(fact="f0", reason="r")))


def test_experts_and_clients_are_kept_and_listed_like_the_others(journal: Journal) -> None:
    expert, client = (
        ExpertRegistered(region="330300", id_kind="other"),
        ClientRegistered(uscc="u2", name="丙", region="330300"),
    )
    put(journal, Entry("X", "expert", 1, expert), Entry("C", "client", 1, client), entry("A", 1, AGENCY))
    assert [(s.subject, s.kind) for s in journal.subjects()] == [("A", "agency"), ("C", "client"), ("X", "expert")]
    assert [s.subject for s in journal.subjects(kind="expert")] == ["X"]
    assert [w.stream for w in journal.whole_streams(categories=("expert", "client"))] == ["C", "X"]


def test_whole_streams_are_given_of_those_alone_that_hold_an_event_of_some_kinds(journal: Journal) -> None:
    graded = StageGraded(record="s", regime="r", year=2024, stage="proposal", dated_on=DAY)
    put(journal, entry("A", 1), entry("B", 1), entry("C", 1), entry("B", 2, graded), entry("C", 2, fact("f")))
    kinds = (StageRecorded, FactRetracted)
    assert [(w.stream, len(w.events)) for w in journal.whole_streams(holding=kinds)] == [("B", 2)]
    assert list(journal.whole_streams(holding=(FactRetracted,))) == []
    assert [w.stream for w in journal.whole_streams(holding=kinds, within=Part("C"))] == []
    # What is recorded later is not looked at.
    assert list(journal.whole_streams(holding=kinds, until=journal.head().position - 2)) == []
