"""What the departments may rely on with advisories, and that nothing about an agency ever shows them (arts. 12, 33)."""

import datetime as dt
import io
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import msgspec
import psycopg
import pytest
from eventsourcing.persistence import IntegrityError

from application.population.regrading import regrade
from application.ports import Entry
from application.principal import Principal
from application.recording.advisories import Advising, AdvisoryCommand, AdvisoryOverview, DueImpact
from application.recording.outcomes import Outcome
from domain.errors import Conflict, Invalid, NotFound, Refused, ReusedKey, Stale
from domain.events.registration import AgencyRegistered
from domain.procedures.advisories import ADVISORY_COMMANDS
from domain.procedures.evaluation import RetractRecord
from domain.time import Instant, at_hour, end_of_day
from interfaces.clocks import StoppedClock
from interfaces.codec import encode
from interfaces.files.shipped import shipped_editions
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.migrate import migrate, shipped
from interfaces.postgres.transfer import export_journal, import_journal
from interfaces.postgres.vault import PostgresVault
from interfaces.sealing import FIRST, leaf_hash
from tests.conftest import MakeDatabase
from tests.support.world import BUREAU, REGIME, World

COMMANDS: dict[str, type[AdvisoryCommand]] = {
    str(c.__struct_config__.tag): c for c in (*ADVISORY_COMMANDS, RetractRecord)
}


class Desk:
    """A world with an agency ``A`` and a practitioner ``P``, and the use case of advisories over its journal."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.advising = Advising(world.journal, world.vault, world.clock, world.ids, world.legislation)
        if not world.journal.stream("A"):
            world.agency()
            world.practitioner()

    def do(self, on: str, do: str, **fields: Any) -> Outcome:
        options = {k: fields.pop(k) for k in ("key", "if_match", "dry_run") if k in fields}
        self.world.clock.set(at_hour(dt.date.fromisoformat(on), 9))
        command: AdvisoryCommand = msgspec.convert({"do": do, **fields}, COMMANDS[do])
        return self.advising.submit(command, by=Principal("clerk"), **options)

    def advisory(self, on: str, id: str | None = None, subject: str = "A", **more: Any) -> Outcome:
        fields = {"kind": "joint_inspection", "document": f"文书-{id}", "authority": BUREAU, "noticed_on": on, **more}
        return self.do(on, "record_advisory", subject=subject, **({} if id is None else {"id": id}), **fields)

    def month(self, on: str, month: str, **more: Any) -> Outcome:
        return self.do(on, "submit_advisories", city="150100", month=month, **more)

    def notice(self, on: str, id: str | None = None, **more: Any) -> Outcome:
        named = {} if id is None else {"id": id}
        return self.do(on, "issue_internal_notice", subject="A", dated_on=on, **named, **more)

    def seen(self, as_of: str, known_at: str | None = None, **readings: str) -> AdvisoryOverview:
        moment = None if known_at is None else end_of_day(dt.date.fromisoformat(known_at))
        chosen = {k.replace("_", "-"): v for k, v in readings.items()}
        return self.advising.overview("A", dt.date.fromisoformat(as_of), moment, readings=chosen)


@pytest.fixture
def desk() -> Desk:
    return Desk(World())


@pytest.fixture
def stored(make_database: MakeDatabase) -> Iterator[Desk]:
    clock = StoppedClock(at_hour(dt.date(2023, 1, 1), 9))
    with PostgresJournal(make_database(), clock) as journal:
        yield Desk(World(journal, PostgresVault(journal.datastore, b"k" * 32), clock))


@pytest.fixture(params=["memory", "postgres"])
def either(request: pytest.FixtureRequest) -> Desk:
    found: Desk = request.getfixturevalue("desk" if request.param == "memory" else "stored")
    return found


# --- the worked case: two in a year, a third in the next ------------------------------------------------------


def lived(desk: Desk) -> None:
    """A joint inspection in March, a transfer in May, the months submitted, the notice, a third advisory."""
    desk.advisory("2024-03-05", "a1")
    desk.month("2024-04-02", "2024-03")
    desk.advisory("2024-05-20", "a2", kind="transfer", transferred_to="150100-MSA")
    desk.month("2024-06-03", "2024-05")
    desk.notice("2024-06-05", "n1")
    desk.advisory("2025-02-11", "a3")


def test_the_notice_is_due_when_the_report_of_may_brings_the_second_advisory(either: Desk) -> None:
    lived(either)
    before = either.seen("2024-06-02")
    assert (before.due, before.due_since) == (True, dt.date(2024, 5, 20))
    seen = either.seen("2024-06-04")
    assert (seen.due, seen.due_since, seen.window) == (True, dt.date(2024, 6, 3), "no_window")
    assert [(a.id, a.counts, a.submitted_on) for a in seen.advisories] == [
        ("a1", True, dt.date(2024, 4, 2)),
        ("a2", True, dt.date(2024, 6, 3)),
    ]
    told = either.seen("2024-06-05")
    assert (told.due, [(n.id, n.advisories) for n in told.notices]) == (False, [("n1", ("a1", "a2"))])


def test_a_third_advisory_brings_the_notice_up_to_date(either: Desk) -> None:
    lived(either)
    seen = either.seen("2025-02-11")
    assert (seen.due_since, seen.advisories[2].submitted_on) == (dt.date(2025, 2, 11), None)
    told = either.notice("2025-02-12", "n2")
    assert (told.status, told.id, told.events) == ("recorded", "n2", ("internal-notice-issued.v1",))
    assert [(n.code, n.ids) for n in told.notices] == [("not_submitted", ("a3",))]
    assert either.seen("2025-02-12").notices[-1].advisories == ("a1", "a2", "a3")


def test_within_a_calendar_year_the_third_advisory_stands_alone(desk: Desk) -> None:
    lived(desk)
    text = next(s for s in shipped_editions() if s.edition.regime == "nmg.third_party").text
    yearly = text.replace('default = "no_window"', 'default = "calendar_year"').replace("available = false\n", "")
    desk.world.do("2025-02-12", "adopt_rulebook", text=yearly, in_force_on="2023-01-01", reason="换用历年")
    seen = desk.seen("2025-02-11")
    assert (seen.window, seen.due) == ("calendar_year", False)
    assert [a.reason for a in seen.advisories] == ["outside_window", "outside_window", None]
    with pytest.raises(Refused) as refused:
        desk.notice("2025-02-12")
    assert refused.value.cites == ("art. 33",)
    assert desk.seen("2025-02-11", I_14="twelve_months").due_since == dt.date(2025, 2, 11)
    assert desk.seen("2025-02-11", "2025-02-11").window == "no_window"


def test_every_agency_about_which_a_notice_is_due_is_listed_the_longest_first(either: Desk) -> None:
    lived(either)
    either.world.agency("B", name="乙检测")
    either.advisory("2025-01-07", "b1", subject="B")
    either.advisory("2025-01-08", "b2", subject="B", authority="150000-EEB")
    due = either.advising.due(dt.date(2025, 3, 1))
    assert [(d.agency, d.since.isoformat(), d.advisories) for d in due] == [
        ("B", "2025-01-08", ("b1", "b2")),
        ("A", "2025-02-11", ("a1", "a2", "a3")),
    ]
    assert [d.agency for d in either.advising.due(dt.date(2025, 1, 7))] == []
    assert either.advising.due(dt.date(2025, 3, 1), end_of_day(dt.date(2024, 6, 4)))[0].agency == "A"


def test_what_was_known_earlier_is_still_answered(either: Desk) -> None:
    lived(either)
    either.do("2025-03-01", "retract_record", record="a1", reason="误录")
    now, then = either.seen("2024-06-04"), either.seen("2024-06-04", "2024-06-04")
    assert (now.due, now.advisories[0].reason) == (False, "retracted")
    assert (then.due, then.advisories[0].reason, then.version) == (True, None, 2)
    assert either.seen("2024-06-04", "2024-05-19").advisories[0].submitted_on == dt.date(2024, 4, 2)
    assert len(either.seen("2024-06-04", "2024-05-19").advisories) == 1


# --- nothing about the agency shows them ----------------------------------------------------------------------


def test_nothing_about_the_agency_changes_with_its_advisories(either: Desk) -> None:
    world = either.world
    world.fact("2024-02-01", "B08", "f1")
    grade, version = world.running("2025-03-01"), world.casework.file("A").version
    lived(either)
    assert world.running("2025-03-01") == grade
    assert world.casework.file("A").version == version
    kinds = [e.type for e in world.timelines.read("A", "record").entries]
    assert kinds == ["agency-registered.v1", "fact-recorded.v1"]
    assert [(r.subject, r.kind) for r in world.journal.subjects()] == [("A", "agency"), ("P", "practitioner")]
    graded = regrade(world.journal, world.legislation, REGIME, dt.date(2025, 3, 1), world.clock.now())
    assert [r.subject for r in graded] == ["P", "A"]


def test_the_streams_stand_in_the_journal_under_a_category_of_their_own(either: Desk) -> None:
    lived(either)
    whole = list(either.world.journal.whole_streams(categories=["advisory"]))
    assert [(w.stream, w.category, len(w.events)) for w in whole] == [
        ("advisories/A", "advisory", 4),
        ("advisories/city/1501", "advisory", 2),
    ]
    everything = {w.stream for w in either.world.journal.whole_streams()}
    assert everything == {"A", "P", "law", "advisories/A", "advisories/city/1501"}
    assert either.world.journal.owner_of("a1") == "advisories/A"


# --- recording ------------------------------------------------------------------------------------------------


def test_a_submission_lists_the_id_the_tag_and_the_version_of_its_stream(either: Desk) -> None:
    first = either.advisory("2024-03-05", "a1")
    assert (first.status, first.subject, first.version, first.id) == ("recorded", "advisories/A", 1, "a1")
    assert first.events == ("advisory-recorded.v1",)
    again = either.advisory("2024-03-05", "a1")
    assert (again.status, again.version, again.position, again.id) == ("already_so", 1, first.position, None)
    month = either.month("2024-04-02", "2024-03")
    assert (month.subject, month.version, month.events) == ("advisories/city/1501", 1, ("advisories-submitted.v1",))
    assert either.month("2024-04-03", "2024-03").status == "already_so"


def test_an_advisory_without_an_id_gets_one(desk: Desk) -> None:
    first = desk.advisory("2024-03-05", document="一号")
    assert first.id is not None
    assert desk.advisory("2024-03-05", document="一号").status == "already_so"
    assert [a.id for a in desk.seen("2024-03-05").advisories] == [first.id]


def test_a_second_record_of_a_document_is_told_and_counts_once(desk: Desk) -> None:
    desk.advisory("2024-03-05", "a1", document="一号")
    second = desk.advisory("2024-03-06", "a2", document="一号")
    assert [(n.code, n.ids) for n in second.notices] == [("same_document", ("a1",))]
    assert [(a.id, a.reason) for a in desk.seen("2024-03-06").advisories] == [("a1", None), ("a2", "same_document")]


def test_an_advisory_of_a_month_that_was_submitted_already_is_told(desk: Desk) -> None:
    month = desk.month("2024-04-02", "2024-03")
    late = desk.advisory("2024-04-10", "a1", noticed_on="2024-03-20")
    assert [(n.code, n.ids) for n in late.notices] == [("month_submitted", (month.id,))]
    assert desk.advisory("2024-04-10", "a2").notices == ()


def test_unknown_subjects_regimes_and_records_are_not_found(desk: Desk) -> None:
    desk.advisory("2024-03-04", "a1")
    for refused in (
        lambda: desk.advisory("2024-03-05", "a2", subject="X"),
        lambda: desk.notice("2024-03-05", regime="nowhere"),
        lambda: desk.do("2024-03-05", "retract_record", record="a9", reason="误录"),
        lambda: desk.advising.overview("X", dt.date(2024, 3, 5)),
        lambda: desk.advising.overview("advisories/A", dt.date(2024, 3, 5)),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_record_of_the_agency_s_own_file_is_not_taken_back_here(desk: Desk) -> None:
    desk.world.fact("2024-02-01", "B08", "f1")
    with pytest.raises(NotFound):
        desk.do("2024-03-05", "retract_record", record="f1", reason="误录")


def test_there_is_no_advisory_about_a_practitioner(desk: Desk) -> None:
    with pytest.raises(Refused) as refused:
        desk.advisory("2024-03-05", "a1", subject="P")
    assert refused.value.cites == ("art. 9",)
    with pytest.raises(Refused):
        desk.advising.overview("P", dt.date(2024, 3, 5))


def test_an_id_is_unique_in_the_whole_journal(either: Desk) -> None:
    either.world.fact("2024-02-01", "B08", "f1")
    with pytest.raises(Conflict) as conflict:
        either.advisory("2024-03-05", "f1")
    assert conflict.value.code == "id_taken"
    assert either.seen("2024-03-05").version == 0


def test_what_is_refused_stores_nothing(desk: Desk) -> None:
    desk.advisory("2024-03-05", "a1")
    head = desk.world.journal.head()
    with pytest.raises(Refused):
        desk.notice("2024-03-06")
    with pytest.raises(Invalid):
        desk.advisory("2024-03-06", "a2", noticed_on="2024-03-07")
    assert desk.world.journal.head() == head


# --- records made in error ------------------------------------------------------------------------------------


def test_advisories_submissions_and_notices_are_taken_back(either: Desk) -> None:
    lived(either)
    month = either.month("2025-03-04", "2025-02", id="m3")
    assert month.id == "m3"
    for record, stream in (("m3", "advisories/city/1501"), ("n1", "advisories/A"), ("a3", "advisories/A")):
        done = either.do("2025-03-05", "retract_record", record=record, reason="误录")
        assert (done.subject, done.events, done.id) == (stream, ("record-retracted.v1",), None)
        again = either.do("2025-03-05", "retract_record", record=record, reason="误录")
        assert (again.status, again.version) == ("already_so", done.version)
    seen = either.seen("2025-03-05")
    assert [n.retracted for n in seen.notices] == [True]
    assert (seen.due_since, seen.advisories[2].submitted_on) == (dt.date(2024, 6, 3), None)


# --- repeated, stale and trial requests -----------------------------------------------------------------------


def test_a_repeated_key_gives_the_first_answer_again(either: Desk) -> None:
    first = either.advisory("2024-03-05", key="k1", document="一号")
    either.advisory("2024-03-06", "a2")
    assert either.advisory("2024-03-05", key="k1", document="一号") == first
    with pytest.raises(ReusedKey):
        either.advisory("2024-03-05", key="k1", document="二号")
    assert either.seen("2024-03-06").version == 2


def test_a_key_stands_for_its_request_even_when_there_was_nothing_to_record(either: Desk) -> None:
    either.advisory("2024-03-05", "a1")
    first = either.advisory("2024-03-05", "a1", key="k1")
    either.advisory("2024-03-06", "a2")
    assert first.status == "already_so"
    assert either.advisory("2024-03-05", "a1", key="k1") == first
    with pytest.raises(ReusedKey):
        either.advisory("2024-03-06", "a2", key="k1")


def test_a_writer_who_relied_on_an_older_version_is_told_the_present_one(either: Desk) -> None:
    either.advisory("2024-03-05", "a1")
    with pytest.raises(Stale) as stale:
        either.advisory("2024-03-06", "a2", if_match=0)
    assert (stale.value.stream, stale.value.expected, stale.value.actual) == ("advisories/A", 0, 1)
    assert either.advisory("2024-03-06", "a2", if_match=1).version == 2


def test_a_dry_run_stores_nothing_and_tells_since_when_a_notice_would_be_due(desk: Desk) -> None:
    desk.advisory("2024-03-05", "a1")
    head = desk.world.journal.head()
    tried = desk.advisory("2024-03-06", "a2", dry_run=True, key="k1")
    assert (tried.status, tried.version, tried.id) == ("dry_run", 1, None)
    assert tried.events == ("advisory-recorded.v1",)
    assert tried.impact == DueImpact(due_since_before=None, due_since_after=dt.date(2024, 3, 6))
    retracted = desk.do("2024-03-06", "retract_record", record="a1", reason="误录", dry_run=True)
    assert retracted.impact == DueImpact(due_since_before=None, due_since_after=None)
    assert desk.month("2024-04-01", "2024-03", dry_run=True).impact is None
    assert desk.world.journal.head() == head
    assert desk.advisory("2024-03-06", "a2", key="k1").status == "recorded"


def at_once(work: Callable[[int], Outcome]) -> list[Outcome | Stale]:
    """What eight writers come to who all begin at the same moment."""
    start = Barrier(8)

    def begin(number: int) -> Outcome | Stale:
        start.wait()
        try:
            return work(number)
        except Stale as stale:
            return stale

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(begin, range(8)))


@pytest.mark.slow
def test_writers_at_the_same_moment_all_find_their_place(either: Desk) -> None:
    done = at_once(lambda n: either.advisory("2024-03-05", f"a{n}"))
    assert sorted(o.version for o in done if isinstance(o, Outcome)) == list(range(1, 9))
    assert len(either.seen("2024-03-05").advisories) == 8


def test_of_writers_who_relied_on_the_same_version_one_succeeds_and_the_others_are_told(either: Desk) -> None:
    done = at_once(lambda n: either.advisory("2024-03-05", f"a{n}", if_match=0))
    assert [o.version for o in done if isinstance(o, Outcome)] == [1]
    assert {(o.stream, o.expected, o.actual) for o in done if isinstance(o, Stale)} == {("advisories/A", 0, 1)}


def test_one_request_sent_many_times_at_once_is_one_event(either: Desk) -> None:
    either.advisory("2024-03-04", "a1")
    either.advisory("2024-03-05", "a2")
    done = at_once(lambda _: either.notice("2024-03-05", key="k1"))
    assert {o.status for o in done if isinstance(o, Outcome)} == {"recorded"}
    assert len({msgspec.json.encode(o) for o in done}) == 1
    assert either.seen("2024-03-05").version == 3


# --- the database holds the rules -----------------------------------------------------------------------------


def test_an_older_database_takes_advisories_once_it_is_brought_up_to_date(
    make_database: MakeDatabase, tmp_path: Path
) -> None:
    url = make_database(migrated=False)
    for migration in shipped():
        if migration.name < "0003":
            (tmp_path / migration.name).write_bytes(migration.sql)
    migrate(url, tmp_path)
    clock = StoppedClock(at_hour(dt.date(2023, 1, 1), 9))
    with PostgresJournal(url, clock) as journal:
        # What an older release wrote: the event alone, without the table of numbers that a registration asks today.
        registered = AgencyRegistered(
            uscc="91350100M000100Y43", name="甲检测", region="150100", services=("monitoring",)
        )
        _recorded_by_an_older_release(url, registered, clock.now())
        assert "0003_advisories.sql" in migrate(url)
        world = World(journal, PostgresVault(journal.datastore, b"k" * 32), clock)
        assert journal.number_owner("agency", registered.uscc) == "A"
        assert Desk(world).advisory("2024-03-05", "a1").status == "recorded"
    with psycopg.connect(url, autocommit=True) as owner:
        for statement in (
            "UPDATE events SET category = 'agency' WHERE category = 'advisory'",
            "DELETE FROM events WHERE category = 'advisory'",
            "TRUNCATE events",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                owner.execute(statement)


def _recorded_by_an_older_release(url: str, event: AgencyRegistered, at: Instant) -> None:
    tag, state = encode(event)
    leaf = leaf_hash(FIRST, "A", 1, at, "agency", "clerk", tag, None, bytes(16), state)
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(
            """INSERT INTO events (originator_id, originator_version, topic, state, recorded_at, actor, category,
                                   leaf_no, leaf, salt)
            VALUES ('A', 1, %s, %s, to_timestamp(%s), 'clerk', 'agency', (SELECT count(*) FROM events), %s, %s)""",
            (tag, state, at // 1_000_000, leaf, bytes(16)),
        )


def test_no_other_category_is_let_in(stored: Desk) -> None:
    event = stored.world.journal.stream("A")[0].event
    with pytest.raises(IntegrityError, match="events_category_check"):
        stored.world.journal.append([Entry("X", "secret", 1, event)], by=Principal("x"))  # type: ignore[arg-type]


@pytest.mark.slow
def test_advisories_travel_with_the_journal(stored: Desk, make_database: MakeDatabase) -> None:
    journal, url, file = stored.world.journal, make_database(), io.BytesIO()
    assert isinstance(journal, PostgresJournal)
    lived(stored)
    export_journal(journal, file)
    import_journal(io.BytesIO(file.getvalue()), url)
    with PostgresJournal(url, stored.world.clock) as copy:
        there = Desk(World(copy, stored.world.vault, stored.world.clock))
        assert there.seen("2025-02-11") == stored.seen("2025-02-11")
