"""What a hot standby answers, over HTTP and from the command line: a primary and its streaming standby, both real."""

import datetime as dt
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg
import pytest

from application.behind import CopyBehind
from domain.time import SHANGHAI
from interfaces.cli.app import run
from interfaces.cli.house import Product, Settings
from interfaces.clocks import StoppedClock, SystemClock
from interfaces.database_urls import BadUrl
from interfaces.http.access.exposure import UNEXPOSED
from interfaces.main import InstalledHouse, desk_of
from interfaces.postgres import standby as standby_module
from interfaces.postgres.embedded.watchdog import wait_until
from interfaces.postgres.journal import PostgresJournal
from interfaces.postgres.standby import (
    NotAStandby,
    PostgresStandby,
    Pulse,
    StandbyDatastore,
    StandbyJournal,
    first_leaf,
    urls_in,
)
from interfaces.standbys import StandbyLost
from tests.interfaces.command_line import KEY, Said
from tests.interfaces.http_client import Api
from tests.interfaces.http_story import READS, STORY
from tests.support import postgres
from tests.support.replication import Standby, replicated
from tests.support.serving import free_port, wait_for
from tests.support.words import words_of
from tests.support.world import BUREAU, REGIME, USCC

A = "00000000-0000-4000-8000-00000000000a"
_SECONDS = 120.0
ROOT = Path(__file__).parents[3]
_OF_THE_JOURNAL = ("get_head/now", "get_health/ok", "get_changes_stream/from")
_NOT_SHOWN = ("get_public_page/agency",)
"""What the story has on a day before this journal began: a standby that finds nothing asks the primary."""


class Http(Api):
    """The API over an open product, as ``serve`` puts it together."""

    def __init__(self, product: Product) -> None:
        self.client = "127.0.0.1"
        self.product = product
        self.desk = desk_of(product)
        self.exposure = UNEXPOSED

    def close_primary(self) -> None:
        """From now on nothing can be asked of the primary."""
        journal = self.product.journal
        assert isinstance(journal, PostgresJournal)
        journal.close()


class Place(NamedTuple):
    """A founded journal at the primary, which its standby follows."""

    url: str
    standby: Standby

    @property
    def standby_url(self) -> str:
        return self.standby.of(self.url.split("?")[0].rsplit("/", 1)[1])

    def installation(self, *read: str) -> InstalledHouse:
        return InstalledHouse(
            {"DATABASE_URL": self.url, "READ_DATABASE_URL": " ".join(read), "ECODOCKET_MASTER_KEY": KEY}
        )

    @contextmanager
    def http(self, *read: str) -> Iterator[Http]:
        with self.installation(*read).open(Settings()) as product:
            yield Http(product)


@pytest.fixture(scope="module")
def pair() -> Iterator[tuple[str, Standby]]:
    with replicated() as found:
        yield found


@pytest.fixture(scope="module")
def template(pair: tuple[str, Standby]) -> str:
    admin_url, _ = pair
    postgres.build_template_once(admin_url, "founded")
    InstalledHouse({}).migrate(Settings(database=postgres.url_of(admin_url, "founded")))
    return "founded"


@pytest.fixture
def make_place(pair: tuple[str, Standby], template: str) -> Iterator[Callable[[str], Place]]:
    admin_url, standby = pair
    made: list[str] = []

    def make(name: str) -> Place:
        with postgres.administering(admin_url) as admin:
            postgres.create_database(admin, name, template=template)
        made.append(name)
        standby.catch_up()
        return Place(postgres.url_of(admin_url, name), standby)

    yield make
    if standby.is_running:
        standby.resume()
    else:
        standby.start()
    with postgres.administering(admin_url) as admin:
        for name in made:
            postgres.drop_database(admin, name)
    standby.catch_up()


@pytest.fixture
def place(make_place: Callable[[str], Place]) -> Place:
    """A journal with an agency that has one fact; the standby has both."""
    return begun(make_place("case"))


@pytest.fixture(scope="module")
def asked_place(pair: tuple[str, Standby], template: str) -> Iterator[Place]:
    """The same for all tests that only ask: to make one takes longer than they do."""
    admin_url, standby = pair
    with postgres.administering(admin_url) as admin:
        postgres.create_database(admin, "asked", template=template)
    standby.catch_up()
    yield begun(Place(postgres.url_of(admin_url, "asked"), standby))
    with postgres.administering(admin_url) as admin:
        postgres.drop_database(admin, "asked")


def begun(place: Place) -> Place:
    """The place with an agency that has one fact, when its standby has both."""
    with place.http() as http:
        agency = {"kind": "agency", "id": A, "uscc": USCC, "name": "甲检测", "region": "150100"}
        assert http.post("/subjects", {**agency, "services": ["monitoring"]}).status_code == 201
        record(http, 1)
        assert by_grade(http, min_position=1).status_code == 200
    place.standby.catch_up()
    return place


@pytest.fixture
def http(place: Place) -> Iterator[Http]:
    """The API with the standby."""
    with place.http(place.standby_url) as http:
        yield http


@pytest.fixture
def primary(place: Place) -> Iterator[Http]:
    """The API without the standby."""
    with place.http() as http:
        yield http


def record(http: Http, number: int) -> int:
    """One more fact; the position of the write."""
    fact = {"regime": REGIME, "row": "B07", "authority": BUREAU, "document": f"文书{number}"}
    done = http.post(f"/subjects/{A}/facts", {**fact, "decided_on": f"2024-0{number}-01", "case_no": str(number)})
    assert done.status_code == 201, done.text
    return int(done.json()["position"])


def grade(http: Http, **query: Any) -> Any:
    if "basis" not in query:
        query = {"regime": REGIME, "as_of": "2024-12-31", **query}
    answer = http.get(f"/subjects/{A}/grade", **query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def by_grade(http: Http, **query: Any) -> httpx.Response:
    return http.get("/subjects", regime=REGIME, as_of="2024-12-31", **query)


# --- what a standby says of what it knows ---------------------------------------------------------------------------


@pytest.mark.slow
def test_a_standby_answers_as_of_what_it_has_and_the_primary_repeats_it(
    place: Place, http: Http, primary: Http
) -> None:
    place.standby.pause()
    position = record(http, 2)
    seen = grade(http)
    assert (seen["running"]["score"], len(seen["steps"])) == ("90", 1)
    assert seen["basis"]["position"] < position
    again = http.get(f"/subjects/{A}/grade", basis=seen["basis"]["token"])
    repeated = primary.get(f"/subjects/{A}/grade", basis=seen["basis"]["token"])
    assert again.content == repeated.content
    assert repeated.json() == seen
    # What it says was known at a moment is what the primary says was known then, for ever.
    assert grade(primary, known_at=seen["basis"]["known_at"])["steps"] == seen["steps"]
    assert grade(primary, known_at=seen["basis"]["known_at"])["basis"]["position"] == seen["basis"]["position"]
    assert len(grade(primary)["steps"]) == 2


@pytest.mark.slow
def test_a_basis_of_the_primary_is_never_repeated_with_less(place: Place, http: Http, primary: Http) -> None:
    place.standby.pause()
    record(http, 2)
    newest = grade(primary)
    assert grade(http, basis=newest["basis"]["token"]) == newest
    between = http.get(
        f"/subjects/{A}/grade/diff", basis_1=grade(http)["basis"]["token"], basis_2=newest["basis"]["token"]
    )
    assert [between.json()[side]["figures"]["score"] for side in ("first", "second")] == ["90", "80"]


def test_a_moment_the_standby_does_not_know_is_asked_of_the_primary(place: Place, http: Http) -> None:
    before = grade(http)["basis"]["known_at"]
    place.standby.pause()
    record(http, 2)
    tomorrow = (dt.datetime.now(SHANGHAI) + dt.timedelta(days=1)).isoformat()
    assert len(grade(http, known_at=tomorrow)["steps"]) == 2
    assert by_grade(http, known_at=tomorrow).json()["subjects"][0]["score"] == "80"
    assert len(http.get(f"/subjects/{A}/timeline", known_at=tomorrow).json()["entries"]) == 3
    assert len(http.get(f"/subjects/{A}/timeline").json()["entries"]) == 2
    compared = {"regime": REGIME, "as_of_1": "2024-12-31", "as_of_2": "2024-12-31", "known_at_1": before}
    differing = http.get(f"/subjects/{A}/grade/diff", **compared, known_at_2=tomorrow).json()
    assert [differing[side]["figures"]["score"] for side in ("first", "second")] == ["90", "80"]
    assert len(grade(http, known_at=before)["steps"]) == 1
    assert len(grade(http)["steps"]) == 1


@pytest.mark.slow
def test_an_idle_standby_knows_the_present(place: Place, http: Http, primary: Http) -> None:
    recorded_at = primary.get("/journal/head").json()["recorded_at"]
    seen = grade(http)["basis"]
    assert seen["known_at"] > recorded_at
    http.close_primary()
    assert grade(http, known_at=seen["known_at"])["basis"] != {}


@pytest.mark.slow
def test_a_standby_that_does_not_know_the_last_minute_is_not_asked(place: Place) -> None:
    with PostgresJournal(place.url, SystemClock()) as journal:
        pulse = Pulse(journal.datastore, SystemClock())
        for seconds, is_asked in ((0, True), (59, True), (61, False)):
            clock = StoppedClock(SystemClock().now() + seconds * 1_000_000)
            standby = PostgresStandby(place.standby_url, first_leaf(journal), pulse, clock, lambda there: there)
            assert (standby.reach(0) is not None) is is_asked
            standby.close()
        pulse.close()


# --- reading one's own writes ----------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_read_with_min_position_shows_that_write(place: Place, http: Http) -> None:
    place.standby.pause()
    position = record(http, 2)
    assert len(grade(http, min_position=position)["steps"]) == 2
    assert len(grade(http)["steps"]) == 1
    assert http.get(f"/subjects/{A}/grade", min_position=position + 1).status_code == 409


@pytest.mark.slow
def test_a_read_waits_for_a_standby_that_is_about_to_have_it(
    place: Place, http: Http, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standby_module, "PATIENCE_SECONDS", _SECONDS)
    place.standby.pause()
    position = record(http, 2)
    http.close_primary()
    with ThreadPoolExecutor(1) as other:
        waiting = other.submit(grade, http, min_position=position)
        place.standby.resume()
        assert len(waiting.result()["steps"]) == 2


@pytest.mark.slow
def test_a_standby_serves_again_what_it_has_caught_up_with(place: Place, http: Http) -> None:
    place.standby.pause()
    record(http, 2)
    place.standby.resume()
    place.standby.catch_up()
    http.close_primary()
    assert len(grade(http)["steps"]) == 2


# --- lists ---------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_list_by_grade_is_as_of_what_the_standby_has(place: Place, http: Http, primary: Http) -> None:
    place.standby.pause()
    position = record(http, 2)
    seen = by_grade(http).json()
    assert (seen["subjects"][0]["score"], seen["position"] < position) == ("90", True)
    assert by_grade(primary, known_at=seen["basis"]["known_at"]).json()["subjects"] == seen["subjects"]
    assert by_grade(http, min_position=position).json()["subjects"][0]["score"] == "80"
    counts = {"regime": REGIME, "as_of": "2024-12-31"}
    assert http.get("/subjects/counts", **counts).json()["basis"]["position"] < position
    assert http.get("/subjects/counts", **counts, min_position=position).json()["basis"]["position"] == position
    place.standby.resume()
    place.standby.catch_up()
    http.close_primary()
    assert by_grade(http, min_position=position).json()["subjects"][0]["score"] == "80"


@pytest.mark.slow
def test_a_list_goes_on_where_it_began_whoever_answers(place: Place, http: Http, primary: Http) -> None:
    for number in (1, 2):
        person = {"kind": "practitioner", "name": "张某", "id_number": f"15010019900101{number}", "region": "150100"}
        primary.post("/subjects", {**person, "id_kind": "other"})
    by_grade(primary, min_position=primary.get("/health").json()["position"])
    place.standby.catch_up()
    first = by_grade(http, limit=1).json()
    place.standby.pause()
    record(http, 2)
    rest, repeated = (by_grade(one, limit=5, cursor=first["next"]).json() for one in (http, primary))
    assert len(rest["subjects"]) == 2
    # How far the index is kept is no part of the answer.
    assert {**rest, "index": None} == {**repeated, "index": None}
    newest = by_grade(primary, limit=1).json()
    assert by_grade(http, limit=5, cursor=newest["next"]).status_code == 200


@pytest.mark.slow
def test_deadlines_show_the_write_that_is_asked_for(place: Place, http: Http) -> None:
    assert http.get("/deadlines").json()["index"]["behind"] == 0
    place.standby.catch_up()
    place.standby.pause()
    position = record(http, 2)
    assert http.get("/deadlines").json()["index"]["position"] < position
    assert http.get("/deadlines", min_position=position).json()["index"]["position"] == position


# --- every question, and no write ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_every_question_is_answered_without_the_primary(make_place: Callable[[str], Place]) -> None:
    place = make_place("story")
    said = place.standby.log.stat().st_size
    with place.http(place.standby_url) as http:
        for _, path, body in STORY:
            http.post(path, body, headers={"x-actor": "clerk"})
        newest = http.get("/health").json()["position"]
        by_grade(http, min_position=newest)
        http.get("/deadlines", min_position=newest)
        place.standby.catch_up()
        told = {}
        reads = [(name, path, query) for name, path, query in READS if name not in (*_OF_THE_JOURNAL, *_NOT_SHOWN)]
        for name, path, query in reads:
            asked = {key: value for key, value in query.items() if key != "known_at"}
            told[name] = http.get(path, **asked)
        http.close_primary()
        for name, path, query in reads:
            asked = {key: value for key, value in query.items() if key != "known_at"}
            answer = http.get(path, **asked)
            assert answer.status_code == told[name].status_code == 200, (name, answer.text)
    assert b"ERROR" not in place.standby.log.read_bytes()[said:]


@pytest.mark.slow
def test_writes_and_what_they_were_answered_stay_with_the_primary(place: Place, http: Http) -> None:
    place.standby.pause()
    fact = {"regime": REGIME, "row": "B07", "authority": BUREAU, "document": "文书", "decided_on": "2024-05-01"}
    first = http.post(f"/subjects/{A}/facts", fact, headers={"idempotency-key": "k"})
    again = http.post(f"/subjects/{A}/facts", fact, headers={"idempotency-key": "k"})
    assert (first.status_code, again.json()) == (201, first.json())
    tried = http.post(f"/subjects/{A}/facts", {**fact, "document": "另一文书"}, dry_run="true")
    assert tried.json()["impact"]["regimes"][REGIME]["before"]["running"] != {}
    assert http.post(f"/subjects/{A}/facts", fact, headers={"if-match": '"1"'}).status_code == 412


# --- when it is not there -------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_killed_standby_is_no_outage(place: Place, http: Http, caplog: pytest.LogCaptureFixture) -> None:
    assert standing(http) == (True, 0)
    place.standby.kill()
    record(http, 2)
    with caplog.at_level(logging.WARNING, "ecodocket"):
        assert [len(grade(http)["steps"]) for _ in range(3)] == [2, 2, 2]
    assert [r.getMessage().endswith("the primary answers in its place") for r in caplog.records] == [True]
    assert standing(http) == (False, None)
    place.standby.start()
    assert wait_until(lambda: standing(http)[0] is True, _SECONDS)
    place.standby.catch_up()
    http.close_primary()
    assert len(grade(http)["steps"]) == 2


def test_a_standby_that_is_down_at_the_start_is_no_outage(place: Place) -> None:
    place.standby.kill()
    with place.http(place.standby_url) as http:
        assert len(grade(http)["steps"]) == 1
        assert standing(http) == (False, None)


def test_of_two_standbys_the_one_that_is_there_answers(asked_place: Place) -> None:
    with asked_place.http("postgresql://nobody@127.0.0.1:1/case", asked_place.standby_url) as http:
        http.close_primary()
        assert [len(grade(http)["steps"]) for _ in range(3)] == [1, 1, 1]


@pytest.mark.slow
def test_a_standby_that_was_made_a_primary_is_not_asked(place: Place, http: Http) -> None:
    assert len(grade(http)["steps"]) == 1
    place.standby.ask("SELECT pg_promote()")
    with psycopg.connect(place.standby_url, autocommit=True) as promoted:
        promoted.execute("CREATE TABLE went_its_own_way ()")
    record(http, 2)
    assert len(grade(http)["steps"]) == 2
    assert standing(http) == (False, None)
    place.standby.copy()
    place.standby.start()


@pytest.mark.slow
def test_health_tells_how_far_a_standby_is(place: Place, http: Http) -> None:
    place.standby.pause()
    position = record(http, 2)
    health = http.get("/health").json()
    (told,) = health["standbys"]
    assert (health["position"], told["position"] + told["behind"], told["reachable"]) == (position, position, True)
    assert told["behind"] > 0
    assert told["name"].startswith("case @ ")


def test_a_question_broken_off_by_the_replay_is_asked_again_and_then_of_the_primary(place: Place, http: Http) -> None:
    grade(http)
    with psycopg.connect(place.url) as owner:
        owner.execute("LOCK TABLE events IN ACCESS EXCLUSIVE MODE")
        # The standby holds the lock as well, and goes on to hold it while it replays nothing.
        place.standby.catch_up()
        place.standby.pause()
    said = place.standby.log.stat().st_size
    broken_off = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with ThreadPoolExecutor(1) as other:
        asked = other.submit(grade, http)
        assert wait_until(lambda: asked.done() or place.standby.ask(broken_off) == "never", _SECONDS)
        assert len(asked.result()["steps"]) == 1
    assert place.standby.log.read_bytes()[said:].count(b"canceling statement") == 2
    place.standby.resume()
    assert standing(http) == (True, 0)


# --- what is no standby of this journal -------------------------------------------------------------------------------


def test_what_is_no_standby_of_this_journal_is_refused_with_the_reason(asked_place: Place) -> None:
    with PostgresJournal(asked_place.url, SystemClock()) as journal:
        pulse, leaf = Pulse(journal.datastore, SystemClock()), first_leaf(journal)
        for url, first, said in (
            (asked_place.url, leaf, "is a server of its own"),
            (asked_place.standby.url, leaf, "there is no journal in it"),
            (asked_place.standby_url, leaf[::-1], "it holds another journal"),
        ):
            standby = PostgresStandby(url, first, pulse, SystemClock(), lambda there: there)
            with pytest.raises(NotAStandby) as refused:
                standby.check()
            assert said in words_of(refused.value).en


def test_what_a_standby_has_not_got_is_not_asked_of_it_nor_anything_while_it_is_given_up(
    asked_place: Place, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(standby_module, "PATIENCE_SECONDS", 0.05)
    with PostgresJournal(asked_place.url, SystemClock()) as journal:
        pulse = Pulse(journal.datastore, SystemClock())
        standby = PostgresStandby(
            asked_place.standby_url, first_leaf(journal), pulse, SystemClock(), lambda there: there
        )
        head = journal.head().position
        there = standby.reach(head)
        assert there is not None
        assert standby.reach(head + 1) is standby.reach(head + 2) is None
        assert [row.position for row in there.stream(A, until=head)] == [r.position for r in journal.stream(A)]
        with pytest.raises(CopyBehind):
            there.stream(A, until=head + 1)
        with pytest.raises(CopyBehind):
            there.position_at(SystemClock().now() + 3_600_000_000)
        standby.give_up(StandbyLost("broken off"))
        assert standby.reach(head) is None
        monkeypatch.setattr(standby, "_again_at", 0.0)
        assert standby.reach(head) is not None
        told = [record.getMessage() for record in caplog.records]
        assert ["broken off" in said for said in told] == [True, False]
        assert told[1].endswith("answers again")
        standby.close()
        alone = StandbyDatastore(asked_place.url)
        with pytest.raises(StandbyLost, match="a standby no more"):
            StandbyJournal(alone, pulse).head()
        alone.leave()
        pulse.close()


@pytest.mark.slow
def test_another_database_is_refused_at_the_start(
    place: Place, make_place: Callable[[str], Place], template: str
) -> None:
    del template
    other = make_place("other")
    with psycopg.connect(other.url, autocommit=True) as owner:
        owner.execute("ALTER TABLE events DISABLE TRIGGER ALL")
        owner.execute("UPDATE events SET leaf = sha256(leaf) WHERE leaf_no = 0")
    place.standby.catch_up()
    for url, said in (
        (place.url, "is a server of its own"),
        (place.standby.url, "there is no journal in it"),
        (other.standby_url, "it holds another journal"),
    ):
        with place.http(url) as http, pytest.raises(NotAStandby) as refused:
            http.product.standbys.check()
        assert said in words_of(refused.value).en
        assert "READ_DATABASE_URL" in words_of(refused.value).zh
        with pytest.raises(NotAStandby), place.installation(url).read(Settings()):
            pass


@pytest.mark.slow
def test_a_machine_that_is_gone_without_a_word_is_noticed_in_seconds(place: Place) -> None:
    for url, idle in ((place.standby_url, "3"), (f"{place.standby_url}&keepalives_idle=60", "60")):
        datastore = StandbyDatastore(url)
        with datastore.get_connection() as conn:
            found = conn.info.get_parameters()
        datastore.leave()
        assert (found["keepalives_idle"], found["tcp_user_timeout"]) == (idle, "5000")


def test_several_urls_are_told_apart() -> None:
    one, two = "postgresql://a@h1,h2/x?application_name=y", "postgres://b@h3/x"
    for between in (" ", ",", ", ", "\n"):
        assert urls_in(f" {one}{between}{two} ") == [one, two]
    assert urls_in("") == []
    assert urls_in("host=h1 dbname=x") == ["host=h1 dbname=x"]


def test_a_url_that_cannot_be_read_is_refused_without_showing_it(place: Place) -> None:
    with pytest.raises(BadUrl) as refused, place.http("postgresql://a:secret@[h/y"):
        pass
    assert "secret" not in words_of(refused.value).zh + words_of(refused.value).en


# --- the server -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_server_keeps_up_what_its_standby_lists(place: Place) -> None:
    port = free_port()
    command = [sys.executable, "-m", "interfaces.main", "serve", "--port", str(port)]
    settings = {"DATABASE_URL": place.url, "READ_DATABASE_URL": place.standby_url, "ECODOCKET_MASTER_KEY": KEY}
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **settings}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        try:
            wait_for(port)
            with httpx.Client(base_url=f"http://127.0.0.1:{port}/api/v1", timeout=20) as http:
                assert http.get("/health").json()["standbys"][0]["reachable"] is True
                fact = {
                    "regime": REGIME,
                    "row": "B07",
                    "authority": BUREAU,
                    "document": "文书",
                    "decided_on": "2024-05-01",
                }
                position = http.post(f"/subjects/{A}/facts", json=fact).json()["position"]

                def are_kept_up() -> bool:
                    lists = (http.get(path).json() for path in (f"/subjects?regime={REGIME}", "/deadlines"))
                    return all(found["index"]["position"] == position for found in lists)

                # Nobody asks the primary for a list.
                assert wait_until(are_kept_up, _SECONDS)
        finally:
            server.terminate()
            server.communicate(timeout=20)


@pytest.mark.slow
def test_a_server_does_not_start_with_another_database(place: Place) -> None:
    command = [sys.executable, "-m", "interfaces.main", "serve", "--port", str(free_port())]
    settings = {"DATABASE_URL": place.url, "READ_DATABASE_URL": place.url, "ECODOCKET_MASTER_KEY": KEY}
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), **settings}
    refused = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert refused.returncode == 2
    assert "is no standby of this journal" in refused.stderr


# --- the command line -------------------------------------------------------------------------------------------------


def test_a_command_line_reads_at_a_standby_what_the_primary_has(
    asked_place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    with asked_place.installation(asked_place.standby_url).read(Settings()) as product:
        assert isinstance(product.journal, StandbyJournal)
    told = []
    for read in (asked_place.standby_url, ""):
        line = ("subjects", "--regime", REGIME, "--as-of", "2024-12-31", "--json")
        assert run(asked_place.installation(read), line) == 0
        found = json.loads(capsys.readouterr().out)
        assert run(asked_place.installation(read), ("deadlines", "--json")) == 0
        due = json.loads(capsys.readouterr().out)["lines"]
        told.append((found["page"]["subjects"], found["counts"]["counts"], due))
    assert told[0] == told[1]


@pytest.mark.slow
def test_reading_commands_ask_a_standby_that_has_everything(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    def ask(*arguments: str, read: str = place.standby_url) -> Said:
        status = run(place.installation(read), arguments)
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    with place.installation(place.standby_url).read(Settings()) as product:
        assert isinstance(product.journal, StandbyJournal)
    for line in (
        ("grade", A, "--regime", REGIME),
        ("timeline", A),
        ("subject", A),
        ("subjects", "--regime", REGIME),
        ("deadlines",),
        ("diff", A, "--regime", REGIME, "--as-of-1", "2024-01-01"),
        ("counterfactuals", A, "--target", "N", "--regime", REGIME),
        ("readings", A, "--regime", REGIME),
        ("recheck",),
        ("rulebook", "list"),
    ):
        there, here = ask(*line, "--json"), ask(*line, "--json", read="")
        assert (there.status, there.err) == (here.status, here.err) == (0, ""), (line, there.err)
    place.standby.pause()
    with place.http() as http:
        record(http, 2)
    assert ask("grade", A, "--regime", REGIME, "--json").json["running"]["score"] == "80"
    assert ask("subjects", "--regime", REGIME, "--json").json["page"]["subjects"][0]["score"] == "80"
    *_, told = ask("projections", "status", "--json").json
    assert (told["reachable"], told["behind"] > 0) == (True, True)
    assert "备库 case @ " in ask("projections", "status").out
    refused = ask("grade", A, read=place.url)
    assert (refused.status, "不是本日志的备库" in refused.err, "is no standby" in refused.err) == (2, True, True)


@pytest.mark.slow
def test_a_command_line_whose_standby_dies_goes_to_the_primary(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    class Dying(InstalledHouse):
        @contextmanager
        def read(self, settings: Settings) -> Iterator[Product]:
            with super().read(settings) as product:
                assert isinstance(product.journal, StandbyJournal)
                place.standby.kill()
                yield product

    house = Dying({"DATABASE_URL": place.url, "READ_DATABASE_URL": place.standby_url, "ECODOCKET_MASTER_KEY": KEY})
    assert run(house, ("grade", A, "--regime", REGIME, "--as-of", "2024-12-31")) == 0
    assert "90" in capsys.readouterr().out


def standing(http: Http) -> tuple[bool, int | None]:
    (told,) = http.get("/health").json()["standbys"]
    return told["reachable"], told["behind"]
