"""What every journal promises of files that were joined, in memory and in PostgreSQL."""

import datetime as dt
import io

from application.ports import AnyEvent, Entry, Journal, NumberTold
from application.principal import Principal
from application.prose import ERASED
from domain.events.evaluation import RecordRetracted
from domain.events.facts import FactRecorded
from domain.events.joining import CarriedEvent, FileJoinedInto, FilesJoined
from domain.events.registration import AgencyRegistered, EmploymentRecorded, PractitionerRegistered
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.codec import encode
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.transfer import export_journal, import_journal
from interfaces.postgres.vault import PostgresVault
from tests.conftest import MakeDatabase
from tests.support.world import BUREAU, World

DAY = dt.date(2024, 6, 3)


def put(journal: Journal, stream: str, *events: AnyEvent, kind: str = "agency") -> int:
    """Append to a stream; the position of the last event."""
    begun = len(journal.stream(stream))
    entries = [
        Entry(
            stream,
            kind,  # type: ignore[arg-type]
            begun + n,
            event,
            event.introduced_id,
            NumberTold(event.uscc, False) if isinstance(event, AgencyRegistered) and stream == "B" else None,
        )
        for n, event in enumerate(events, 1)
    ]
    return journal.append(entries, by=Principal("clerk")).positions[-1]


def agency(number: str, name: str, region: str = "150100") -> AgencyRegistered:
    return AgencyRegistered(uscc=number, name=name, region=region, services=("monitoring",))


def employment(id: str, person: str) -> EmploymentRecorded:
    return EmploymentRecorded(employment=id, practitioner=person, from_on=DAY)


def fact(id: str, document: str) -> FactRecorded:
    return FactRecorded(
        fact=id, regime="r", row="B01", authority="150100-EEB", document=document, linked_to="判决1", decided_on=DAY
    )


def two_files(journal: Journal) -> int:
    """Two files of one number, each with staff and a fact; where the journal ends."""
    for person in ("P", "Q"):
        put(journal, person, PractitionerRegistered(region="150100", id_kind="other"), kind="practitioner")
    put(journal, "B", agency("91MA", "乙重复", "150200"), employment("eB", "P"), fact("fB", "文书乙"))
    return put(journal, "A", agency("91MA", "甲检测"), employment("eA", "Q"), fact("fA", "文书甲"))


def join(journal: Journal) -> int:
    carried = tuple(
        CarriedEvent(instant=r.recorded_at, before=0, actor=r.actor, event=r.event)  # type: ignore[arg-type]
        for r in journal.stream("B")
    )
    put(
        journal,
        "A",
        FilesJoined(
            record="j", joined="B", decided_on=DAY, authority="150100-EEB", document="合并1号", reasons="",
            version=3, seal=journal.leaf("B", 3).hex(), carried=carried,
        ),
    )  # fmt: skip
    into = FileJoinedInto(record="j", into="A", decided_on=DAY, authority="150100-EEB", document="合并1号")
    return put(journal, "B", into)


def part(journal: Journal) -> int:
    back = RecordRetracted(record="j", reason="")
    put(journal, "A", back)
    return put(journal, "B", back)


def test_a_file_goes_on_in_the_other_one_from_the_joining_until_it_is_taken_back(journal: Journal) -> None:
    before = two_files(journal)
    assert journal.home_of("B") == "B"
    joined = join(journal)
    parted = part(journal)
    for until, home in ((before, "B"), (joined - 1, "B"), (joined, "A"), (parted - 1, "A"), (parted, "B"), (None, "B")):
        assert journal.home_of("B", until=until) == home, until
        assert journal.owner_of("fB", until=until) == home, until
        assert journal.homes_of(["A", "B", "C"], until=until) == ({"B": "A"} if home == "A" else {})
        assert list(journal.joined_to("A", until=until)) == (["B"] if home == "A" else [])
        assert list(journal.employers_of("P", until=until)) == [home], until
        assert list(journal.employers_of_any(["P"], until=until)["P"]) == [home], until
        assert list(journal.concerning("linked to 判决1", until=until)) == sorted({"A", home}), until
        rows = journal.subjects(kind="agency", until=until)
        assert [r.subject for r in rows] == (["A"] if home == "A" else ["A", "B"]), until
        every = journal.subjects(kind="agency", until=until, with_joined=True)
        assert [r.subject for r in every] == ["A", "B"]


def test_what_is_known_of_it_leads_to_the_file_that_stays(journal: Journal) -> None:
    two_files(journal)
    joined = join(journal)
    for text in ("乙重复", "文书乙", "B"):
        assert [r.subject for r in journal.found(text, until=joined - 1)] == ["B"], text
        assert [r.subject for r in journal.found(text)] == ["A"], text
        assert [r.subject for r in journal.found(text, kind="agency", after="A")] == [], text
    assert [r.subject for r in journal.found("91MA")] == ["A"]
    told = journal.mentions("文书乙", ["A"])["A"]
    assert [(r.stream, r.version) for r in told] == [("A", 1), ("B", 1), ("B", 3)]
    part(journal)
    assert [r.subject for r in journal.found("乙重复")] == ["B"]


def test_its_numbers_stand_for_the_file_that_stays_and_are_double_no_more(journal: Journal) -> None:
    two_files(journal)
    assert [d.subjects for d in journal.double_numbers()] == [["A", "B"]]
    assert journal.number_owner("agency", "91MA") == "B"
    join(journal)
    assert journal.double_numbers() == []
    assert journal.number_owner("agency", "91MA") == "A"
    part(journal)
    assert [d.subjects for d in journal.double_numbers()] == [["A", "B"]]


def test_the_persons_it_employed_are_read_with_the_staff_of_the_file_that_stays(journal: Journal) -> None:
    before = two_files(journal)
    joined = join(journal)
    parted = part(journal)
    for position, persons in ((before, ["Q"]), (joined, ["P", "Q"]), (parted, ["Q"])):
        staff = journal.snapshot("A", position=position, with_staff=True).staff
        assert staff is not None
        assert sorted(person for person in staff if person in "PQ") == persons


def test_a_seal_can_be_looked_up_by_its_place(journal: Journal) -> None:
    two_files(journal)
    assert len(journal.leaf("B", 3)) == 32
    assert journal.leaf("B", 4) == journal.leaf("nobody", 1) == b""


def test_what_is_carried_is_stored_as_it_was(journal: Journal) -> None:
    two_files(journal)
    join(journal)
    joining = journal.stream("A")[-1].event
    assert isinstance(joining, FilesJoined)
    assert [encode(c.event) for c in joining.carried] == [encode(r.event) for r in journal.stream("B")[:3]]


# --- with the vault, and over an export ---------------------------------------------------------------------------


def joined_world(journal: PostgresJournal, clock: StoppedClock) -> World:
    """Two files of one body in PostgreSQL, joined on a day."""
    clock.set(at_hour(dt.date(2022, 12, 31), 9))
    world = World(journal, PostgresVault(journal.datastore, bytes(32)), clock)
    world.agency("A")
    world.agency("B", name="甲检测（重复）")
    world.fact("2024-03-01", "B08", "a1", summary="甲卷的案情")
    world.fact("2024-03-12", "B09", "b1", subject="B", summary="乙卷的案情")
    world.do(
        "2024-06-03", "join_files", subject="A", joined="B", id="j", decided_on="2024-06-03", authority=BUREAU,
        document="合并1号", reasons="同一主体",
    )  # fmt: skip
    return world


def summaries(world: World) -> dict[str | None, str | None]:
    return {e.id: e.content.get("summary") for e in world.timelines.read("A").entries if e.type == "fact-recorded.v1"}


def test_what_came_with_it_is_opened_with_the_key_of_its_own_file_and_erased_with_it(
    stored: PostgresJournal, clock: StoppedClock
) -> None:
    world = joined_world(stored, clock)
    assert summaries(world) == {"a1": "甲卷的案情", "b1": "乙卷的案情"}
    world.vault.erase("B")
    assert summaries(world) == {"a1": "甲卷的案情", "b1": ERASED}
    world.vault.erase("A")
    assert summaries(world) == {"a1": ERASED, "b1": ERASED}


def test_the_reason_for_taking_it_back_can_be_read_on_both_files(stored: PostgresJournal, clock: StoppedClock) -> None:
    world = joined_world(stored, clock)
    world.do("2024-06-04", "retract_record", record="j", reason="并非同一主体")
    for subject in "AB":
        last = world.timelines.read(subject, "record").entries[-1]
        assert (last.type, last.content["reason"]) == ("record-retracted.v1", "并非同一主体")


def test_an_export_that_is_read_in_elsewhere_knows_what_was_joined(
    stored: PostgresJournal, clock: StoppedClock, make_database: MakeDatabase
) -> None:
    before = two_files(stored)
    joined = join(stored)
    exported = io.BytesIO()
    export_journal(stored, exported)
    url = make_database()
    import_journal(io.BytesIO(exported.getvalue()), url)
    with PostgresJournal(url, clock) as copy:
        assert [copy.home_of("B", until=until) for until in (before, joined, None)] == ["B", "A", "A"]
        assert copy.number_owner("agency", "91MA") == "A"
        assert copy.double_numbers() == []
        assert [r.subject for r in copy.found("乙重复")] == ["A"]
