"""The second wall: what PostgreSQL shows of projections and vault to whoever reads for a place, whatever is asked."""

import dataclasses
import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import strategies as st
from psycopg import errors
from psycopg.sql import SQL, Identifier

from application.access.gate import holds
from application.access.reading_place import EVERYWHERE, place_read_for, reading_for
from application.answering.searching import PersonSearch, Searching
from application.changes.endpoints import KeptDelivery, KeptEndpoint, Webhooks
from application.changes.feed import Feed
from application.deadlines.index import DeadlineProjection
from application.deadlines.worklist import Worklist, WorklistQuestion
from application.ports import Entry, Person
from application.principal import Principal
from domain.events.papers.letters import LetterDrafted
from domain.events.registration import ClientRegistered
from domain.time import at_hour
from interfaces.clocks import StoppedClock
from interfaces.http.access import guarding
from interfaces.http.app import desk_over
from interfaces.postgres.changes.source import PostgresChanges
from interfaces.postgres.changes.webhooks import PostgresWebhooks
from interfaces.postgres.grades.index import PostgresGradeIndex
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.recorder import APP_ROLE, READER_ROLE, JournalDatastore, as_app
from interfaces.postgres.vault import PostgresVault
from interfaces.postgres.worklist import PostgresDeadlineIndex
from tests.conftest import MakeDatabase
from tests.interfaces.http_client import Api, use_cases
from tests.support.accounts import account, token, with_first
from tests.support.population import ENGINE, Census
from tests.support.properties import tried
from tests.support.webhooks import NoNetwork
from tests.support.world import REGIME

TODAY = dt.date(2025, 3, 21)
HOHHOT, XINCHENG, BAOTOU, NINGBO = "150100", "150102", "150200", "330200"
AGENCIES = {"A1": HOHHOT, "A2": XINCHENG, "B1": BAOTOU, "N1": NINGBO}
PERSONS = {"P1": HOHHOT, "P2": BAOTOU, "P3": BAOTOU}
DOUBLES = {"K1": HOHHOT, "K2": BAOTOU}
"""Clients with one number."""

ENDPOINTS = {"hohhot": HOHHOT, "baotou": BAOTOU, "region": "150000", "all": None}
"""Of which places the endpoints of webhooks are told."""

REGISTERED = AGENCIES | PERSONS | DOUBLES | {"P4": NINGBO}
"""With one who was erased."""

READ = (
    "file_places", "person_files", "deadlines", "worklist_letters", "worklist_subjects", "grade_spans",
    "grade_profiles", "grade_tallies", "held_numbers", "double_numbers", "webhooks", "webhook_deliveries",
    "vault_records", "vault_keys", "vault_erased",
)  # fmt: skip
"""The tables with rows that belong to a place."""

NO_PLACES = (
    "%",
    "_",
    "15%",
    "15_1",
    "1501' OR '1'='1",
    "",
    " ",
    "1",
    "150",
    "15010",
    "1501000",
    "9" * 70,
    "15\n",
    "１５",
    "~",
)
"""What is no place: wildcards, quotes, blanks, other lengths, other digits."""


class Town(Census):
    """Agencies of two cities, a county and another province, with facts, deadlines and staff, in PostgreSQL."""

    journal: PostgresJournal
    vault: PostgresVault

    def __init__(self, journal: PostgresJournal, clock: StoppedClock) -> None:
        index = PostgresGradeIndex(journal.datastore)
        super().__init__(journal, PostgresVault(journal.datastore, bytes(32)), clock, index)
        deadlines = PostgresDeadlineIndex(journal.datastore)
        parts = (self.journal, deadlines, self.clock, self.legislation)
        self.deadlines = DeadlineProjection(*parts, ENGINE)
        self.worklist = Worklist(*parts, self.deadlines, ENGINE)
        self.webhooks = PostgresWebhooks(self.journal.datastore, self.vault)
        self.searching = Searching(self.journal, self.vault, self.clock)

    def fill(self) -> None:
        for subject, region in AGENCIES.items():
            self.agency(subject, region=region, name=f"{subject}检测", legal_representative=f"法人{subject}")
            self.fact("2025-03-03", "S12", f"{subject}-f", subject, final_on="2025-03-03")
            self.do(
                "2025-03-20",
                "evaluation_stage",
                subject=subject,
                id=f"{subject}-s",
                regime=REGIME,
                year=2024,
                stage="publicity",
                dated_on="2025-03-20",
            )
            drafted = LetterDrafted(
                letter=f"{subject}-l",
                regime=REGIME,
                kind="record_notice",
                concerns=f"{subject}-f",
                bureau=f"{region}-EEB",
            )
            version = self.journal.file(subject).version + 1
            self.journal.append([Entry(subject, "agency", version, drafted, f"{subject}-l")], by=Principal("clerk"))
        for client, region in DOUBLES.items():
            opened = ClientRegistered(uscc="91150100MA0DOUBLE1", name="同号单位", region=region)
            self.journal.append([Entry(client, "client", 1, opened)], by=Principal("import"))
        for id, told_of in ENDPOINTS.items():
            made = KeptEndpoint(
                id=id,
                url="https://receiver.example/",
                kinds=(),
                region=told_of,
                note=None,
                by="x",
                created_at=0,
                position=0,
            )
            self.webhooks.create(made, bytes(32), None, b"")
            aside = KeptDelivery(position=1, subject=f"of {id}")
            assert self.webhooks.set_aside(made, aside)
        numbers = ("11010519491231002X", "110105194912310038", "110105194912310054")
        for (subject, region), number in zip(PERSONS.items(), numbers, strict=True):
            self.practitioner(subject, number, region=region, name=f"张{subject}")
        self.do("2025-03-03", "record_employment", subject="A1", id="e1", practitioner="P2", from_on="2024-01-01")
        self.practitioner("P4", id_number="110105194912310070", region=NINGBO)
        self.vault.erase("P4")
        self.clock.set(at_hour(TODAY, 9))
        self.projection.catch_up()
        self.deadlines.catch_up()

    def representative(self, agency: str) -> str:
        """The person in the vault who represents an agency."""
        found = self.journal.file(agency).registration
        return str(getattr(found, "legal_representative", None))

    def work(self, **asked: Any) -> tuple[set[str], int]:
        """Whose deadlines stand in the worklist, and how many there are counted."""
        page = self.worklist.page(WorklistQuestion(limit=200, as_of=TODAY, **asked))
        return {line.subject.id for line in page.lines}, sum(count.number for count in page.counts)


@contextmanager
def town_at(url: str) -> Iterator[Town]:
    """The town at a database, as the role of run time."""
    clock = StoppedClock(0)
    with PostgresJournal(as_app(url), clock) as journal:
        town = Town(journal, clock)
        town.fill()
        yield town


@pytest.fixture(scope="module")
def town(shared_url: str) -> Iterator[Town]:
    """The town as everybody finds it."""
    with town_at(shared_url) as town:
        yield town


@pytest.fixture
def own_town(make_database: MakeDatabase) -> Iterator[Town]:
    """A town of the test's own, to change."""
    with town_at(make_database()) as town:
        yield town


@contextmanager
def as_role(town: Town, role: str, place: str | None = None) -> Iterator[psycopg.Connection[Any]]:
    """A connection of the town's server in a transaction as a role, for a place."""
    with town.journal.datastore.connect(5) as conn, conn.transaction():
        conn.execute(SQL("SET LOCAL ROLE {}").format(Identifier(role)))
        if place is not None:
            conn.execute("SELECT set_config('ecodocket.place', %s, true)", (place,))
        yield conn


def rows(conn: psycopg.Connection[Any], table: str, what: str = "*") -> Sequence[Any]:
    return conn.execute(SQL("SELECT {} FROM {}").format(SQL(what), Identifier(table))).fetchall()


# --- the rows, by SQL under each role ---------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_role_of_run_time_sees_all_of_it(town: Town) -> None:
    with as_role(town, APP_ROLE) as conn:
        assert {row[0] for row in rows(conn, "deadlines", "subject")} >= set(AGENCIES)
        assert {row[0] for row in rows(conn, "grade_spans", "subject")} >= {"A1", "A2", "B1", "N1"}
        assert {row[0] for row in rows(conn, "vault_records", "person")} >= set(PERSONS)
        assert dict(rows(conn, "file_places", "stream, region")) == REGISTERED


@pytest.mark.slow
@pytest.mark.parametrize("table", READ)
def test_a_reader_without_a_place_is_refused(town: Town, table: str) -> None:
    with as_role(town, READER_ROLE) as conn, pytest.raises(errors.UndefinedObject, match=r"ecodocket\.place"):
        rows(conn, table)


@pytest.mark.slow
@pytest.mark.parametrize("place", NO_PLACES)
def test_what_is_no_place_shows_nothing(town: Town, place: str) -> None:
    with as_role(town, READER_ROLE, place) as conn:
        assert {table: len(rows(conn, table)) for table in READ} == dict.fromkeys(READ, 0)
        assert conn.execute("SELECT count(*) FROM grade_spots_of_place('(0,0),(1e18,1e18)', 9)").fetchone() == (0,)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "agencies", "persons"),
    [
        ("15", {"A1", "A2", "B1"}, {"P1", "P2", "P3"}),
        ("1501", {"A1", "A2"}, {"P1", "P2"}),
        ("150102", {"A2"}, set()),
        ("1502", {"B1"}, {"P2", "P3"}),
        ("33", {"N1"}, set()),
        ("16", set(), set()),
        (EVERYWHERE, set(AGENCIES), set(PERSONS)),
    ],
)
def test_a_place_shows_just_its_rows(town: Town, place: str, agencies: set[str], persons: set[str]) -> None:
    """A person is of the places of their employers, too, and who represents a body of those of that body."""
    with as_role(town, READER_ROLE, place) as conn:
        own = {s for s, region in REGISTERED.items() if place == EVERYWHERE or region.startswith(place)}
        assert ("P4" in {row[0] for row in rows(conn, "vault_erased", "person")}) is (place in ("33", EVERYWHERE))
        for table in ("deadlines", "worklist_letters", "worklist_subjects", "grade_spans", "grade_profiles"):
            found = {row[0] for row in rows(conn, table, "subject")}
            assert found & set(AGENCIES) == agencies, table
            assert found <= own, table
        named = persons | {town.representative(agency) for agency in agencies}
        assert {row[0] for row in rows(conn, "vault_records", "person")} == named
        assert {row[0] for row in rows(conn, "vault_keys", "person")} & (named | set(PERSONS)) == named
        assert {row[0] for row in rows(conn, "held_numbers", "stream")} == own & {*AGENCIES, *DOUBLES}
        assert len(rows(conn, "double_numbers")) == (1 if own & set(DOUBLES) else 0)
        cities = {row[0] for row in rows(conn, "grade_tallies", "city")}
        assert cities <= {1501, 1502, 3302, 0}
        assert (0 in cities) is (place == EVERYWHERE)
        assert all(place == EVERYWHERE or f"{city:04}".startswith(place) for city in cities)


@pytest.mark.slow
def test_a_file_that_moved_is_shown_in_both_of_its_places(own_town: Town) -> None:
    own_town.do("2025-05-05", "change_subject", subject="P3", from_on="2025-05-05", changes={"region": "150700"})
    for place, seen in (("1502", True), ("1507", True), ("1501", False)):
        with as_role(own_town, READER_ROLE, place) as conn:
            assert ("P3" in {row[0] for row in rows(conn, "vault_records", "person")}) is seen


def test_a_reader_reads_what_it_was_given_and_nothing_else(town: Town) -> None:
    """Neither the journal nor accounts, and it writes nowhere."""
    given = {*READ, "worklist_tracking", "grade_builds", "grade_verdicts", "grade_offers"}
    with as_role(town, READER_ROLE, EVERYWHERE) as conn:
        listed = conn.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')"
            " AND has_table_privilege(current_user, c.oid, 'SELECT')"
        )
        assert {row[0] for row in listed} == given
        written = conn.execute(
            "SELECT count(*) FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v')"
            " AND has_table_privilege(current_user, c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')"
        )
        assert written.fetchone() == (0,)


def test_nobody_logs_in_as_the_reader_and_no_row_is_shown_past_the_wall(town: Town) -> None:
    with as_role(town, APP_ROLE) as conn:
        found = conn.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls, rolinherit FROM pg_roles WHERE rolname = %s", (READER_ROLE,)
        )
        assert found.fetchone() == (False, False, False, False)
        walled = conn.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity"
        )
        assert {row[0] for row in walled} == set(READ)


# --- the place ends with the transaction ----------------------------------------------------------------------------


def test_role_and_place_end_with_the_transaction_on_the_same_connection(town: Town, shared_url: str) -> None:
    with JournalDatastore(as_app(shared_url), pool_size=1, max_overflow=0) as datastore:
        keeps_to_the_transaction(datastore)


def keeps_to_the_transaction(datastore: JournalDatastore) -> None:
    with datastore.get_connection() as conn:
        first = conn.info.backend_pid
    for place in (HOHHOT, BAOTOU):
        with reading_for(place), datastore.reading() as conn:
            who = conn.execute("SELECT current_user AS who, current_setting('ecodocket.place') AS place").fetchone()
            assert who == {"who": READER_ROLE, "place": place[:4]}
            assert conn.info.backend_pid == first
    with datastore.get_connection() as conn:
        assert conn.info.backend_pid == first
        after = conn.execute("SELECT current_user AS who, current_setting('ecodocket.place', true) AS place").fetchone()
        assert after == {"who": APP_ROLE, "place": ""}
    with datastore.reading() as conn:
        seen = conn.execute("SELECT count(*) AS number FROM file_places").fetchone()
        assert seen == {"number": len(REGISTERED)}


def test_a_question_that_fails_leaves_no_place_behind(town: Town) -> None:
    datastore = town.journal.datastore
    with pytest.raises(Exception, match="division"), reading_for(HOHHOT), datastore.reading() as conn:
        conn.execute("SELECT 1/0").fetchone()
    with datastore.get_connection() as conn:
        assert conn.execute("SELECT current_user AS who").fetchone() == {"who": APP_ROLE}


# --- the law of it --------------------------------------------------------------------------------------------------


CODES = st.from_regex(r"[0-9]{6}", fullmatch=True) | st.sampled_from(
    ["150000", "150100", "150102", "150199", "150200", "159999", "160000", "100000", "150001", "999999"]
)


@pytest.fixture(scope="module")
def plain(shared_url: str) -> Iterator[psycopg.Connection[Any]]:
    """The superuser in the town's database."""
    with psycopg.connect(shared_url, autocommit=True) as conn:
        yield conn


@pytest.mark.slow
@tried(60, HealthCheck.function_scoped_fixture)
@given(place=CODES | st.just(EVERYWHERE), codes=st.lists(CODES, min_size=1, max_size=20, unique=True))
@example(place="150100", codes=["150099", "150100", "150199", "150200"])
@example(place="150000", codes=["149999", "150000", "159999", "160000"])
@example(place="150102", codes=["150101", "150102", "150103"])
def test_the_database_shows_what_the_program_decides(
    plain: psycopg.Connection[Any], place: str, codes: list[str]
) -> None:
    """For any codes: the rows by text, and by number, are those that the place holds."""
    expected = {code for code in codes if holds(place, code)}
    with plain.transaction(force_rollback=True):
        plain.execute("INSERT INTO file_places (stream, region) SELECT c, c FROM unnest(%s::text[]) c", (codes,))
        plain.execute(
            "INSERT INTO grade_spans (known_from, known_to, valid_from, valid_to, generation, region, verdict, offer,"
            " name_key, subject) SELECT 0, 1, '2025-01-01', '2025-01-02', 0, c::int, 1, 1, '', c"
            " FROM unnest(%s::text[]) c",
            (codes,),
        )
        with reading_for(place):
            told = place_read_for()
        plain.execute(
            "SELECT set_config('role', %s, true), set_config('ecodocket.place', %s, true)", (READER_ROLE, told)
        )
        assert {row[1] for row in rows(plain, "file_places", "stream, region") if row[0] in codes} == expected
        # A number of nothing but noughts is a file without a region: no place but everywhere holds it.
        numbered = {code for code in expected if code != "000000" or place == EVERYWHERE}
        assert {row[0] for row in rows(plain, "grade_spans", "subject")} & set(codes) == numbered


def test_whoever_has_no_place_is_shown_nothing(town: Town) -> None:
    with reading_for(None):
        assert town.listed() == []
        assert town.journal.shown(list(AGENCIES)) == set()
        assert town.vault.open(PERSONS) == {}


# --- what the product asks ------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "agencies"),
    [
        (HOHHOT, {"A1", "A2"}),
        (XINCHENG, {"A2"}),
        (BAOTOU, {"B1"}),
        ("150000", {"A1", "A2", "B1"}),
        (EVERYWHERE, set(AGENCIES)),
    ],
)
def test_every_list_keeps_to_the_place_without_being_asked_for_a_region(
    town: Town, place: str, agencies: set[str]
) -> None:
    own = {s for s, region in AGENCIES.items() if holds(place, region)}
    assert own == agencies
    with reading_for(place):
        assert set(town.listed(kind="agency")) == agencies
        assert set(town.listed(kind="agency", q="检测")) == agencies
        assert set(town.listed(kind="agency", q="检测", limit=1)) == agencies
        assert town.counts(kind="agency").total == len(agencies)
        assert town.counts(kind="agency", q="检测").total == len(agencies)
        whose, number = town.work()
        assert whose & set(AGENCIES) == agencies
        hits = town.searching.find("检测").hits
        assert {hit.subject.id for hit in hits} == agencies
        assert {hit.subject.id for hit in town.searching.find("文书-B1-f").hits} == agencies & {"B1"}
        named = {id for id in PERSONS if town.searching.person(PersonSearch(name=f"张{id}")).hits}
        assert named == {id for id, region in PERSONS.items() if holds(place, region)}
    everybody, everything = town.work()
    assert everybody >= set(AGENCIES)
    assert (number < everything) is (place != EVERYWHERE)


@pytest.mark.parametrize("way", ["names", "point", "place", "part"])
def test_each_way_to_a_page_keeps_to_the_place(town: Town, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those by an index that row security keeps the reader from."""
    monkeypatch.setattr(PostgresGradeIndex, "_way", lambda *_: way)
    q = "检测" if way == "part" else None
    with reading_for(HOHHOT):
        assert set(town.listed(kind="agency", q=q)) == {"A1", "A2"}
    assert set(town.listed(kind="agency", q=q)) == set(AGENCIES)


def test_persons_of_other_places_are_not_opened_and_staff_and_representatives_are(town: Town) -> None:
    represented, other = town.representative("A1"), town.representative("B1")
    with reading_for(HOHHOT):
        found = town.vault.open([*PERSONS, represented, other])
    assert set(found) == {"P1", "P2", represented}
    assert found["P2"] == Person(name="张P2", id_number="110105194912310038", id_kind="resident_identity_card")
    assert found[represented] == Person(name="法人A1")
    assert set(town.vault.open([*PERSONS, represented, other])) == {*PERSONS, represented, other}


@pytest.mark.slow
def test_records_of_persons_come_along_with_a_look_for_nobody_of_a_place(own_town: Town) -> None:
    journal, vault = own_town.journal, own_town.vault
    persons = [*PERSONS, "nobody"]

    def told() -> object:
        records = journal.standing(["A1"], persons=persons).records
        assert records is not None
        return vault.open(persons, records)

    assert told() == vault.open(persons)
    vault.erase("P2")
    assert told() == vault.open(persons)
    assert journal.standing(["A1"], persons=persons)[:3] == journal.standing(["A1"])[:3]
    with reading_for(HOHHOT):
        assert journal.standing(["A1"], persons=persons).records is None


@pytest.mark.slow
def test_whoever_was_erased_is_told_of_where_they_were(own_town: Town) -> None:
    own_town.vault.erase("P3")
    with reading_for(BAOTOU):
        assert own_town.vault.open(["P3"]) == {"P3": None}
    with reading_for(HOHHOT):
        assert own_town.vault.open(["P3"]) == {}


@pytest.mark.parametrize(
    ("place", "endpoints"),
    [
        (HOHHOT, {"hohhot"}),
        (XINCHENG, set()),
        ("150000", {"hohhot", "baotou", "region"}),
        (NINGBO, set()),
        (EVERYWHERE, set(ENDPOINTS)),
        (None, set()),
    ],
)
def test_endpoints_are_shown_where_all_is_that_they_are_told_of(
    town: Town, place: str | None, endpoints: set[str]
) -> None:
    every = (town.webhooks.deliveries(id, state=None, after=0, limit=9) for id in ENDPOINTS)
    assert [len(aside) for aside in every] == [1] * len(ENDPOINTS)
    assert len(town.webhooks.listed()) == len(ENDPOINTS)
    with reading_for(place):
        assert {found.id for found in town.webhooks.listed()} == endpoints
        assert all(found.waiting == 1 for found in town.webhooks.listed())
        assert {id for id in ENDPOINTS if town.webhooks.get(id) is not None} == endpoints
        shown = {id for id in ENDPOINTS if town.webhooks.deliveries(id, state=None, after=0, limit=9)}
        assert shown == endpoints
    with as_role(town, READER_ROLE, EVERYWHERE) as conn, pytest.raises(errors.InsufficientPrivilege):
        rows(conn, "webhook_secrets")


@pytest.mark.slow
def test_a_grade_is_computed_of_staff_of_other_places_too(own_town: Town) -> None:
    """The product's own reading: what an agency's grade rests on does not hang on who asks."""
    own_town.fact("2025-04-04", "P01", "p2-f", "P2", final_on="2025-04-04")
    alone = own_town.grade("2025-05-01", subject="A1")
    with reading_for(HOHHOT):
        assert own_town.grade("2025-05-01", subject="A1") == alone


# --- over HTTP ------------------------------------------------------------------------------------------------------


def test_lists_over_http_stay_right_when_the_program_forgets_to_narrow_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api(town)
    plain = use_cases(town, api.rehearsals)
    api.desk = desk_over(dataclasses.replace(plain, population=town.population, worklist=town.worklist))
    api.administering = plain.administering
    with_first(api.administering)
    account(api.administering, "hohhot-1", "officer", HOHHOT)
    headers = {"authorization": f"Bearer {token(api.administering, 'hohhot-1')}"}

    def told() -> dict[str, set[str]]:
        listed = api.get("/subjects", headers=headers, regime="nmg.third_party", kind="agency").json()["subjects"]
        plainly = api.get("/subjects", headers=headers, kind="agency").json()["subjects"]
        work = api.get("/deadlines", headers=headers, limit=200).json()["lines"]
        hits = api.get("/search", headers=headers, q="检测").json()["hits"]
        sheet = api.get("/subjects/export", headers=headers, regime="nmg.third_party", kind="agency").text
        return {
            "graded": {s["id"] for s in listed},
            "plain": {s["id"] for s in plainly},
            "work": {line["subject"]["id"] for line in work} & set(AGENCIES),
            "hits": {hit["subject"]["id"] for hit in hits},
            "sheet": {agency for agency in AGENCIES if f"{agency}检测" in sheet},
        }

    narrowed = told()
    monkeypatch.setattr(guarding, "_narrowed", lambda *given: given[-1])
    monkeypatch.setattr("interfaces.http.controllers.subjects.searching.is_within_reach", lambda *_: True)
    assert told() == narrowed == {where: {"A1", "A2"} for where in narrowed}
    (double,) = api.get("/subjects/doubles", headers=headers).json()["doubles"]
    assert ([f["subject"]["id"] for f in double["files"]], double["others"]) == (["K1"], 1)
    counted = api.get("/subjects/counts", headers=headers, regime="nmg.third_party", kind="agency").json()
    assert counted["total"] == 2


def test_endpoints_over_http_stay_right_when_the_program_forgets_to_narrow_them(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = Api(town)
    plain = use_cases(town, api.rehearsals)
    feed = Feed(PostgresChanges(town.journal.datastore))
    api.desk = desk_over(
        dataclasses.replace(plain, webhooks=Webhooks(town.webhooks, NoNetwork(), feed, town.clock, town.ids))
    )
    api.administering = plain.administering
    with_first(api.administering)
    account(api.administering, "keeper-1", "administrator", HOHHOT)
    headers = {"authorization": f"Bearer {token(api.administering, 'keeper-1')}"}
    monkeypatch.setattr("interfaces.http.controllers.webhooks._is_within_reach", lambda *_: True)
    listed = api.get("/webhooks", headers=headers)
    assert [webhook["id"] for webhook in listed.json()["webhooks"]] == ["hohhot"], listed.text
