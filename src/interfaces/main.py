"""The composition root: the one place that builds things and knows the database as well as those who ask it."""

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from copy import copy
from functools import partial
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple

from application.papers.contents import StoreUnavailable
from application.principal import Principal
from application.progress import Progress
from domain.sentence import sentence
from interfaces.cli.app import run
from interfaces.cli.house import (
    Binding,
    Demo,
    Migrated,
    NotAvailable,
    ParquetExport,
    Product,
    Settings,
    VerifiedJournal,
    Where,
)
from interfaces.contents import EVIDENCE, most_bytes
from interfaces.documents.printing import ADDRESS, FONTS, Printing
from interfaces.engine import engine
from interfaces.webhooks import ALLOWED

if TYPE_CHECKING:
    from litestar import Litestar
    from psycopg import Connection

    from application.changes.delivering import Deliverer
    from application.demo.papers import Filing, SamplePapers
    from application.law.legislation import Compiled
    from application.parts import Workplace
    from application.ports import Clock
    from interfaces.composition import Composed
    from interfaces.compute.aside import AsideWork
    from interfaces.compute.sources import ParquetSource
    from interfaces.compute.working import AnswerCall
    from interfaces.http.access.exposure import BehindProxies
    from interfaces.http.desk import Desk, Elsewhere
    from interfaces.http.semantics.event_streams import EventStreams
    from interfaces.http.use_cases import UseCases
    from interfaces.oidc.signing_in import ProviderDoor
    from interfaces.parquet.manifest import Manifest
    from interfaces.postgres.changes.signal import PostgresSignal
    from interfaces.postgres.embedded.server import EmbeddedPostgres
    from interfaces.postgres.journal import PostgresJournal
    from interfaces.postgres.projections import FollowedProjection
    from interfaces.postgres.standby import StandbyJournal
    from interfaces.standbys import Standbys
    from interfaces.supervising import Keeping
    from interfaces.wording.findings import Finding, Findings

DATABASE: Final = "ecodocket"
"""The database in an embedded server. It is there only when it is whole: the demo's is built under another name."""

DEMO_DATA: Final = Path(".demo")
"""Where the demo keeps its data unless told otherwise: never where real work is."""

LARGE: Final = 100_000
"""Above so many events all cores are used for work over the whole journal, unless told otherwise."""

_BUILDING: Final = "ecodocket_building"
_LINGER_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.5
_CONNECT_SECONDS: Final = 5
_KEEP_SECONDS: Final = 2.0
_CLOCK_SECONDS: Final = 30.0
_LONG_ANSWERS: Final = 2
_SWITCH_SECONDS: Final = 0.0005
_ORIGIN: Final = r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?"
_MOST_CORES: Final = 1024
_KEY_FILE: Final = "master.key"
_BUILD_LOCK: Final = 5_410_226_871

# What ``serve`` tells its workers by their environment, and nobody else sets.
_FIRST_LINK: Final = "ECODOCKET_SERVE_FIRST_LINK"
_OPEN_HERE: Final = "ECODOCKET_SERVE_OPEN_HERE"


def main() -> None:
    """The command ``ecodocket``."""
    sys.exit(run(InstalledHouse(os.environ), sys.argv[1:]))


def create_app() -> "Litestar | BehindProxies":
    """The API over the journal that the environment names: what a worker of the server runs."""
    from interfaces.supervising import started

    return started(_app_of_worker)


def _app_of_worker() -> "Litestar | BehindProxies":
    from interfaces.compute.aside import Aside
    from interfaces.compute.garbage import look_rarely
    from interfaces.compute.working import Working
    from interfaces.exposing import exposure_of
    from interfaces.http.access.exposure import BehindProxies
    from interfaces.http.app import app_at
    from interfaces.http.semantics.event_streams import EventStreams
    from interfaces.supervising import Keeping, end_with_parent, told_to_end
    from interfaces.web.rendering import warm

    end_with_parent()
    look_rarely()
    # Whoever waits for the interpreter's lock, such as /health, gets it ten times as soon.
    sys.setswitchinterval(_SWITCH_SECONDS)
    product = _kept.enter_context(InstalledHouse(os.environ, is_serving=True).open(Settings()))
    product.standbys.check()
    product.administering.door.first_link = bytes.fromhex(os.environ.get(_FIRST_LINK, ""))
    where = _where_to_rehearse(os.environ)
    followed = _followed(product)
    kept: list[tuple[str, Callable[[], object]]] = [
        *((name, following.tend) for name, following in followed.items()),
        ("rehearsals", partial(_run_rehearsals, product, where)),
        ("sheets", partial(Aside(_sheet_work).do, product.sheets.waiting)),
        ("uploads", partial(_tend_uploads, product)),
    ]
    signal = _signal(product)
    keepers = [Keeping(name, step, _KEEP_SECONDS) for name, step in kept]
    if signal is not None:
        keepers.append(Keeping("the signal of the journal", signal.tend, 0))
    deliverer = _deliverer(product, signal)
    if deliverer is not None:
        keepers.append(Keeping("webhooks", deliverer.tend, 0))
    # Told by itself, and logged here.
    clock = Keeping("the clock", partial(_check_clock, product.clock), _CLOCK_SECONDS)
    working = Working(_LONG_ANSWERS, _long_answers)
    streams = EventStreams(product.feed, signal)
    desk = desk_of(product, lambda: tuple(_findings(product, keepers)), working, streams)
    exposure = exposure_of(os.environ)
    app = app_at(desk, _origins(os.environ), exposure)
    ends = [streams.end, *(() if deliverer is None else (deliverer.end,))]
    app.on_startup.append(partial(told_to_end, lambda: [end() for end in ends]))
    app.on_startup.append(Thread(target=warm, name="templates", daemon=True).start)
    app.on_shutdown += [_ended.set, *(keeper.stop for keeper in (*keepers, clock)), *(f.end for f in followed.values())]
    return BehindProxies(app, exposure.proxies) if exposure.proxies else app


def desk_of(
    product: Product,
    findings: "Findings | None" = None,
    elsewhere: "Elsewhere | None" = None,
    streams: "EventStreams | None" = None,
) -> "Desk":
    """Who works on the requests over an open product: questions are answered by its standbys first."""
    from dataclasses import replace

    from interfaces.http.app import desk_over

    primary = _use_cases(product)
    if findings is not None:
        primary = replace(primary, findings=findings)
    primary = replace(primary, provider=_provider(product))
    return desk_over(primary, product.standbys.mapped(_use_cases), elsewhere, streams)


def _signal(product: Product) -> "PostgresSignal | None":
    """What tells of every commit."""
    from interfaces.postgres.changes.signal import PostgresSignal
    from interfaces.postgres.journal import PostgresJournal

    return PostgresSignal(product.journal.datastore) if isinstance(product.journal, PostgresJournal) else None


def _deliverer(product: Product, signal: "PostgresSignal | None") -> "Deliverer | None":
    """What sends changes to the endpoints that are registered."""
    from application.changes.delivering import Deliverer
    from interfaces.composition import Composed

    if not isinstance(product, Composed):
        return None
    return Deliverer(product.webhook_store, product.sender, product.feed, product.clock, signal)


def _findings(product: Product, keepers: "Sequence[Keeping]") -> "Iterator[Finding]":
    """What is out of order."""
    from interfaces.postgres.clock import DatabaseClock
    from interfaces.postgres.embedded.server import EmbeddedPostgres
    from interfaces.postgres.journal import PostgresJournal
    from interfaces.wording import findings

    yield from findings.of_keepers(keepers)
    yield from findings.of_indexes(product.grades, product.projection)
    if isinstance(product.clock, DatabaseClock):
        ahead = product.clock.ahead()
        yield from findings.of_clocks(product.clock.seen_skew, ahead)
    if isinstance(product.journal, PostgresJournal):
        # Root's data may lie elsewhere than in the folder that was named.
        cluster = None if product.folder is None else EmbeddedPostgres(product.folder).read_status().cluster
        yield from findings.of_disk(product.journal.datastore.is_full, cluster)


def _long_answers() -> "AnswerCall":
    """What answers long questions in a process of its own: it opens the product for itself."""
    from interfaces.http.app import long_answers_of

    product = _kept.enter_context(InstalledHouse(os.environ, is_serving=True).open(Settings()))
    Thread(target=product.printing.warm, name="fonts", daemon=True).start()
    return long_answers_of(_use_cases(product), product.standbys.mapped(_use_cases))


def _sheet_work() -> "AsideWork":
    """What looks sheets through, and goes on with batches, in a process of its own: it opens the product for itself."""
    from interfaces.sheets.reading import read_sheet

    product = _kept.enter_context(InstalledHouse(os.environ, is_serving=True).open(Settings()))
    return partial(product.sheets.work, read=read_sheet)


def _provider(product: Product) -> "ProviderDoor | None":
    """What lets in whom the identity provider knows that the environment names, if any."""
    from interfaces.files.shipped_places import shipped_places
    from interfaces.oidc.provider import IdentityProvider
    from interfaces.oidc.settings import provider_settings
    from interfaces.oidc.signing_in import ProviderDoor

    settings = provider_settings(os.environ)
    if settings is None:
        return None
    provider, door = IdentityProvider(settings.issuer, product.clock), product.administering.door
    return ProviderDoor(settings, provider, door, shipped_places(), product.clock, product.vault.digest(b"oidc"))


def _use_cases(product: Product) -> "UseCases":
    from interfaces.http.use_cases import UseCases

    return UseCases(
        casework=product.casework,
        evaluating=product.evaluating,
        rechecking=product.rechecking,
        advising=product.advising,
        worklist=product.worklist,
        population=product.population,
        grading=product.grading,
        timelines=product.timelines,
        journal=product.journal,
        vault=product.vault,
        clock=product.clock,
        legislation=product.legislation,
        rehearsals=product.rehearsals,
        sheets=product.sheets,
        letters=product.letters,
        feed=product.feed,
        gate=product.gate,
        administering=product.administering,
        is_open_here=bool(os.environ.get(_OPEN_HERE)),
        signatures=product.signatures,
        accounts_here=product.accounts_here,
        watching=product.watching,
        webhooks=product.webhooks,
        printing=product.printing,
        uploads=product.uploads,
        evidence=product.evidence,
        issued=product.issued,
    )


_kept = ExitStack()
"""What a worker has open until its process ends."""


def _followed(product: Product) -> "Mapping[str, FollowedProjection[Any]]":
    """The indexes that follow the journal, by name."""
    from interfaces.postgres.grades.index import PostgresGradeIndex
    from interfaces.postgres.journal import PostgresJournal
    from interfaces.postgres.projections import Deadlines, FollowedProjection, Grades
    from interfaces.postgres.worklist import PostgresDeadlineIndex

    if not isinstance(product.journal, PostgresJournal):
        return {}
    env = product.journal.application.env
    return {
        "the index of grades": FollowedProjection(env, Grades, PostgresGradeIndex),
        "the index of deadlines": FollowedProjection(env, Deadlines, PostgresDeadlineIndex),
    }


def _run_rehearsals(product: Product, where: Where) -> None:
    """Run the rehearsals that wait for a server, one after another."""
    for id in product.rehearsals.waiting():
        _rehearse(product, id, where)


def _rehearse(product: Product, id: str, where: Where) -> None:
    """Run one, unless it is gone or somebody else is at it."""
    from domain.errors import Conflict, NotFound

    with suppress(Conflict, NotFound), product.workplace(where) as workplace:
        product.rehearsals.run(id, workplace, goes_on=lambda: not _ended.is_set())


def _tend_uploads(product: Product) -> None:
    """Let go of uploads that have expired, and note the SM3 of what came in, where a store is named."""
    with suppress(StoreUnavailable):
        product.uploads.tend()


def _where_to_rehearse(environment: Mapping[str, str]) -> Where:
    """Where a server runs rehearsals: ``ECODOCKET_CORES`` processes, or the scheduler ``ECODOCKET_DASK``. Raises
    ``NotAvailable`` for what is no number."""
    cores = environment.get("ECODOCKET_CORES") or None
    if cores is not None and not (cores.isascii() and cores.isdigit() and 0 < int(cores) <= _MOST_CORES):
        raise NotAvailable(
            "bad_cores",
            sentence("database.bad_cores", cores=cores, most=_MOST_CORES),
        )
    dask = environment.get("ECODOCKET_DASK") or None
    return Where(cores=None if cores is None else int(cores), dask=dask, is_apart=True)


def _printing(environment: Mapping[str, str]) -> Printing:
    """What sets papers. Raises ``AddressUnusable``."""
    return Printing(environment.get(FONTS, ""), environment.get(ADDRESS, ""))


def _origins(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The sites whose pages may read what is answered: ``ECODOCKET_CORS_ORIGINS``. Raises ``NotAvailable`` for what is
    no origin, or a pattern of them."""
    named = environment.get("ECODOCKET_CORS_ORIGINS", "").replace(",", " ").split()
    bad = next((origin for origin in named if re.fullmatch(_ORIGIN, origin) is None), None)
    if bad is not None:
        raise NotAvailable("bad_origin", sentence("database.bad_origin", origin=bad[:80]))
    return tuple(named)


def _hand_over(name: str, value: str) -> None:
    """Tell the workers something by their environment; nothing that stood there before is told."""
    os.environ.pop(name, None)
    if value:
        os.environ[name] = value


_ended = Event()
"""Set when a worker ends: its threads stop."""


class JournalPlace(NamedTuple):
    """Where the journal is: the URL that owns it, the one to work with, and the file of the master key, if any."""

    owner_url: str
    url: str
    key_file: Path | None
    name: str

    @property
    def data(self) -> Path | None:
        """The data folder of an embedded server."""
        return None if self.key_file is None else self.key_file.parent


class InstalledHouse:
    """The house of the command line: databases, servers, and the products over them."""

    def __init__(self, environment: Mapping[str, str], *, is_serving: bool = False) -> None:
        """``is_serving``: somebody waits for every answer, and is told soon that there is none."""
        self._environment = environment
        self._is_serving = is_serving

    # --- the house's promises -----------------------------------------------------------------------------

    @contextmanager
    def open(self, settings: Settings) -> "Iterator[Composed]":
        """The product over the journal. An embedded database is made ready, any other must be (``migrate``)."""
        from application.law.legislation import Compiled
        from interfaces.composition import Composed
        from interfaces.postgres.clock import DatabaseClock
        from interfaces.postgres.vault import master_key

        clock = DatabaseClock()
        with _told(), self._place(settings) as place:
            if place.key_file is not None:
                _migrate(place)
            else:
                _check_migrated(place.url)
            with _journal(place, clock, is_serving=self._is_serving) as journal:
                if not _is_founded(journal, found=place.key_file is not None):
                    raise NotAvailable(
                        "not_founded",
                        sentence("database.not_founded"),
                    )
                with ExitStack() as connected:
                    compiled, key = Compiled(), master_key(self._environment, place.key_file)
                    workplace = partial(_workplace, place.url, journal)
                    product = Composed(
                        journal,
                        clock,
                        key,
                        workplace,
                        folder=place.data,
                        compiled=compiled,
                        webhook_hosts=self._environment.get(ALLOWED, ""),
                        signatures=self._environment.get("ECODOCKET_SIGNATURES"),
                        evidence=self._environment.get(EVIDENCE, ""),
                        printing=_printing(self._environment),
                        evidence_most=most_bytes(self._environment),
                    )
                    if place.key_file is None:
                        product.standbys = self._standbys(product, journal, compiled, key, connected)
                    yield product

    @contextmanager
    def read(self, settings: Settings) -> Iterator[Product]:
        """The product for questions: at a standby that has everything the primary has, else at the primary."""
        if not self.has_journal(settings):
            folder = self._folder_of(settings)
            raise NotAvailable(
                "no_journal",
                sentence("database.no_journal", folder=folder),
            )
        with self.open(settings) as product:
            product.standbys.check()
            head = product.journal.head().position if product.standbys else 0
            found = product.standbys.reached(head)
            if found is not None:
                found = copy(found)
                found.least = head
            yield product if found is None else found

    def has_journal(self, settings: Settings) -> bool:
        """Whether a database of one's own is meant, or the embedded one was made."""
        return self._database_of(settings) is not None or self._embedded(settings).read_status().major is not None

    def migrate(self, settings: Settings) -> Migrated:
        """Bring the schema up to date and append the founding events when the journal is empty."""
        from interfaces.postgres.clock import DatabaseClock

        clock = DatabaseClock()
        with _told(), self._place(settings) as place:
            applied = _migrate(place)
            with _journal(place, clock) as journal:
                before = journal.head().position
                _is_founded(journal, found=True)
                law = journal.law()
            return Migrated(tuple(applied), 0 if before else len(law), place.name, tuple(law))

    def export_journal(self, settings: Settings, file: BinaryIO, progress: Progress) -> int:
        """Write the whole journal; the number of events."""
        from interfaces.clocks import SystemClock
        from interfaces.postgres.transfer import export_journal

        with _told(), self._place(settings) as place:
            if place.key_file is not None:
                _migrate(place)
            with _journal(place, SystemClock()) as journal:
                return export_journal(journal, file, progress)

    def import_journal(self, settings: Settings, file: BinaryIO, progress: Progress) -> int:
        """Read a whole journal into an empty one; the number of events."""
        from interfaces.postgres.transfer import import_journal

        with _told(), self._place(settings) as place:
            _migrate(place)
            return import_journal(file, place.owner_url, progress)

    def verify_journal(self, settings: Settings, progress: Progress) -> VerifiedJournal:
        """Compute all seals of the journal anew, and see that nothing is missing or out of order."""
        from interfaces.clocks import SystemClock
        from interfaces.postgres.transfer import verify_journal

        with _told(), self._place(settings) as place:
            if place.key_file is not None:
                _migrate(place)
            else:
                _check_migrated(place.url)
            with _journal(place, SystemClock()) as journal:
                return VerifiedJournal(*verify_journal(journal, progress))

    def export_parquet(
        self, settings: Settings, folder: Path, *, compact: bool, buckets: int | None, progress: Progress
    ) -> ParquetExport:
        """Write to a folder of Parquet files what the journal has more; ``compact`` makes one segment of all."""
        from interfaces import extras
        from interfaces.clocks import SystemClock

        extras.need(extras.PARQUET)
        from interfaces.parquet import writing
        from interfaces.postgres.packing import PackedJournal

        with _told(), self._place(settings) as place:
            if place.key_file is not None:
                _migrate(place)
            with _journal(place, SystemClock()) as journal:
                done = writing.write_export(folder, PackedJournal(journal), buckets=buckets, progress=progress)
        manifest = writing.compact(folder, progress=progress).manifest if compact else done.manifest
        return _exported(manifest, done.written)

    def check_parquet(self, folder: Path, progress: Progress) -> ParquetExport:
        """Compute all digests and seals of an export anew; no journal is needed."""
        from interfaces import extras

        extras.need(extras.PARQUET)
        from interfaces.parquet.checking import check_export
        from interfaces.parquet.manifest import read_manifest

        check_export(folder, progress)
        return _exported(read_manifest(folder), 0)

    def build_demo(self, settings: Settings, progress: Callable[[int, int], None]) -> Demo:
        """The sample region; in an embedded database it appears whole or not at all."""
        if self._database_of(settings) is not None:
            with _told(), self._place(settings) as place:
                _migrate(place)
                return self._region(place, progress)
        with _told(), self._server(_demo(settings)) as (server_url, folder):
            import psycopg

            with psycopg.connect(server_url, autocommit=True) as connection:
                # Two demos of one folder: the second waits and finds what the first has built.
                connection.execute("SELECT pg_advisory_lock(%s)", (_BUILD_LOCK,))
                if not _exists(connection, DATABASE):
                    connection.execute(f"DROP DATABASE IF EXISTS {_BUILDING} WITH (FORCE)")
                    place = _embedded_place(server_url, folder, _BUILDING, create=True)
                    _migrate(place)
                    built = self._region(place, progress)
                    connection.execute(f"ALTER DATABASE {_BUILDING} RENAME TO {DATABASE}")
                    return built
            place = _embedded_place(server_url, folder, DATABASE)
            _migrate(place)
            return self._region(place, progress)

    def serve(self, settings: Settings, binding: Binding, announce: Callable[[str | None], None]) -> None:
        """Serve the API with one worker until interrupted."""
        from application.access.signing_in import drawn_first
        from interfaces.exposing import check_binding, check_guarded
        from interfaces.oidc.settings import provider_settings
        from interfaces.supervising import run_workers
        from interfaces.webhooks.addresses import allowed_in

        # Opened once here, so that what is wrong is said before a worker starts.
        _where_to_rehearse(self._environment)
        _origins(self._environment)
        provider = provider_settings(self._environment)
        check_binding(binding, self._environment)
        allowed_in(self._environment.get(ALLOWED, ""))
        with self.open(settings) as product:
            if self._environment.get(EVIDENCE):
                _ = product.contents
            if self._environment.get(FONTS):
                _ = product.printing.fonts
            product.standbys.check()
            _check_clock(product.clock)
            # Read here, so that a file with faults is told before a worker starts.
            _ = product.signatures
            has_accounts = product.administering.door.accounts.count() > 0
        check_guarded(binding, self._environment, has_accounts=has_accounts)
        self._hand_on(settings)
        # Where an identity provider lets people in the wall is up, and its mapping says who administers.
        first = None if has_accounts or provider is not None else drawn_first()
        _hand_over(_FIRST_LINK, "" if first is None else first.digest.hex())
        _hand_over(_OPEN_HERE, "yes" if binding.is_demo else "")
        announce(None if first is None else first.secret)
        with self._kept_running(settings):
            run_workers("interfaces.main:create_app", binding)

    # --- pieces -------------------------------------------------------------------------------------------

    def _hand_on(self, settings: Settings) -> None:
        """Tell the workers by their environment which journal is meant."""
        database = self._database_of(settings)
        if database is not None:
            os.environ.pop("DATABASE_URL_FILE", None)
            os.environ["DATABASE_URL"] = database
            os.environ["READ_DATABASE_URL"] = self._environment.get("READ_DATABASE_URL", "")
            return
        for name in ("DATABASE_URL", "DATABASE_URL_FILE"):
            os.environ.pop(name, None)
        os.environ["ECODOCKET_DATA"] = str(self._folder_of(settings))

    def _database_of(self, settings: Settings) -> str | None:
        """The database of one's own, if one is meant: what the command line says comes before the environment. Raises
        ``NotAvailable`` when a server is meant, which is asked by other ways."""
        if settings.url is not None:
            raise NotAvailable("not_over_url", sentence("remote.not_over_url"))
        if settings.database is not None or settings.data is not None:
            return settings.database
        named = self._environment.get("DATABASE_URL_FILE")
        if named:
            from interfaces import database_urls

            return database_urls.read(Path(named))
        return self._environment.get("DATABASE_URL") or None

    def _folder_of(self, settings: Settings) -> Path:
        from interfaces.postgres.embedded.server import default_data_dir

        return (settings.data or default_data_dir(self._environment)).absolute()

    @contextmanager
    def _place(self, settings: Settings) -> Iterator[JournalPlace]:
        database = self._database_of(settings)
        if database is not None:
            from interfaces import database_urls
            from interfaces.postgres.recorder import name_of

            database_urls.check_url(database, "DATABASE_URL" if settings.database is None else "--database")
            _check_reachable(database)
            yield JournalPlace(database, database, None, name_of(database))
            return
        with self._server(settings) as (server_url, folder):
            yield _embedded_place(server_url, folder, DATABASE, create=True)

    @contextmanager
    def _kept_running(self, settings: Settings) -> Iterator[None]:
        """Use the embedded server, if it is meant, and start it again whenever it is gone."""
        from interfaces.supervising import Keeping

        if self._database_of(settings) is not None:
            yield
            return
        with _told():
            server = self._embedded(settings)
            server.ensure_running()
        keeping = Keeping("the embedded database", server.keep_running, _LOOK_SECONDS)
        try:
            yield
        finally:
            keeping.stop()
            server.release()

    def _embedded(self, settings: Settings) -> "EmbeddedPostgres":
        from interfaces.postgres.embedded.server import EmbeddedPostgres

        folder = self._folder_of(settings)
        return EmbeddedPostgres(folder, environment=self._environment, linger_seconds=_LINGER_SECONDS)

    @contextmanager
    def _server(self, settings: Settings) -> Iterator[tuple[str, Path]]:
        server = self._embedded(settings)
        url = server.ensure_running()
        try:
            yield url, self._folder_of(settings)
        finally:
            server.release()

    def _standbys(
        self, product: Product, journal: "PostgresJournal", compiled: "Compiled", key: bytes, connected: ExitStack
    ) -> "Standbys[Product]":
        """The standbys that the environment names, of a database of one's own; ``connected`` closes them."""
        from interfaces.standbys import Standbys

        named = self._environment.get("READ_DATABASE_URL")
        if not named:
            return Standbys()
        from interfaces.composition import Trailing
        from interfaces.postgres.standby import (
            PostgresStandby,
            Pulse,
            StandbyClock,
            StandbyJournal,
            first_leaf,
            urls_in,
        )

        urls = urls_in(named)
        if not urls:
            return Standbys()

        def answers(there: StandbyJournal) -> Product:
            return Trailing(product, there, StandbyClock(there), key, compiled)

        pulse, leaf = Pulse(journal.datastore, product.clock), first_leaf(journal)
        # Seen once while the primary is there: how fresh a standby is must be known when it no longer is.
        product.clock.now()
        standbys = [PostgresStandby(url, leaf, pulse, product.clock, answers) for url in urls]
        for close in (pulse.close, *(standby.close for standby in standbys)):
            connected.callback(close)
        return Standbys(standbys)

    def _region(self, place: JournalPlace, progress: Callable[[int, int], None]) -> Demo:
        """The sample region in the journal of ``place``: found there, or recorded into an empty one."""
        import datetime as dt

        from application.demo.accounts import seat
        from application.demo.desk import BEGINS_ON, SampleIds
        from application.demo.papers import SamplePapers, sample_papers
        from application.demo.region import build, ordered, plan
        from application.law.legislation import Legislation
        from application.recording.importing import Importing
        from domain.time import at_hour
        from interfaces.clocks import StoppedClock
        from interfaces.files.demo_stories import demo_stories
        from interfaces.postgres.access.accounts import PostgresAccounts
        from interfaces.postgres.vault import PostgresVault, master_key

        stories = demo_stories()
        clock = StoppedClock(at_hour(BEGINS_ON - dt.timedelta(days=1), 0))
        with _journal(place, clock) as journal:
            accounts = PostgresAccounts(journal.datastore)
            if journal.file(stories.example.subject).version:
                seat(accounts.make, clock, stories.example.subject)
                return Demo(journal.head().position, False, place.name, place.data)
            if journal.head().position:
                raise NotAvailable(
                    "other_journal",
                    sentence("database.other_journal", name=place.name),
                )
            _is_founded(journal, found=True)
            vault = PostgresVault(journal.datastore, master_key(self._environment, place.key_file))
            importing = Importing(journal, vault, clock, SampleIds(), Legislation(journal), engine=engine())
            planned = plan(stories)
            evidence = self._environment.get(EVIDENCE, "")
            # A database of one's own has papers where it is said where their bytes lie.
            has_papers = bool(evidence) or place.data is not None
            papers = sample_papers(planned, stories) if has_papers else SamplePapers([], {})
            with_papers = ordered([*planned, *papers.planned])
            build(importing, clock, with_papers, filing=self._filing(place, journal, clock, papers), progress=progress)
            seat(accounts.make, clock, stories.example.subject)
            return Demo(journal.head().position, True, place.name, place.data)

    def _filing(
        self, place: JournalPlace, journal: "PostgresJournal", clock: "Clock", papers: "SamplePapers"
    ) -> "Filing":
        """Who files the papers of the sample in the journal of ``place``."""
        from application.demo.papers import Filing, LeadIds
        from interfaces.composition import Composed
        from interfaces.documents.samples import drawn_by
        from interfaces.postgres.vault import master_key

        ids = LeadIds()
        product = Composed(
            journal,
            clock,
            master_key(self._environment, place.key_file),
            partial(_workplace, place.url, journal),
            folder=place.data,
            evidence=self._environment.get(EVIDENCE, ""),
            printing=_printing(self._environment),
            ids=ids,
        )
        drawn = drawn_by(lambda: product.printing.typesetter)
        return Filing(product.signing, product.uploads, ids, papers.files, drawn)


def _exported(manifest: "Manifest", written: int) -> ParquetExport:
    files = list(manifest.files)
    return ParquetExport(
        manifest.until,
        sum(file.rows for file in files),
        len(manifest.segments),
        len(files),
        sum(file.bytes for file in files),
        written,
    )


def _demo(settings: Settings) -> Settings:
    return settings if settings.data is not None else Settings(data=DEMO_DATA)


def _embedded_place(server_url: str, folder: Path, database: str, *, create: bool = False) -> JournalPlace:
    """A database of the embedded server; a missing one is made where that is wanted."""
    import psycopg
    from psycopg import errors

    from interfaces.postgres.recorder import as_app

    if create:
        with psycopg.connect(server_url, autocommit=True) as connection:
            if not _exists(connection, database):
                # Another command of this account may be faster.
                with suppress(errors.DuplicateDatabase, errors.UniqueViolation):
                    connection.execute(f"CREATE DATABASE {database} TEMPLATE template0 ENCODING 'UTF8'")
    owner_url = server_url.replace("/postgres?", f"/{database}?", 1)
    return JournalPlace(owner_url, as_app(owner_url), folder / _KEY_FILE, str(folder))


def _exists(connection: "Connection[Any]", database: str) -> bool:
    return connection.execute("SELECT FROM pg_database WHERE datname = %s", (database,)).fetchone() is not None


def _migrate(place: JournalPlace) -> Sequence[str]:
    from interfaces.postgres.migrate import migrate

    return migrate(place.owner_url)


@contextmanager
def _journal(place: JournalPlace, clock: "Clock", *, is_serving: bool = False) -> Iterator["PostgresJournal"]:
    from interfaces.postgres import limits
    from interfaces.postgres.journal import PostgresJournal

    how_long = limits.SERVER if is_serving else limits.COMMAND
    # A command asks one thing after the other.
    ready = 2 if is_serving else 1
    with PostgresJournal(place.url, clock, limits=how_long, connections=ready) as journal:
        yield journal


@contextmanager
def _workplace(url: str, journal: "PostgresJournal | StandbyJournal", where: Where) -> "Iterator[Workplace]":
    """Where work over the whole journal is done; other processes read it at ``url``. Raises ``NotAvailable`` for what
    cannot be meant."""
    from application.parts import InTurn, Workplace
    from interfaces.compute.executors import Cores, DaskCluster
    from interfaces.compute.sources import ParquetSource, PostgresSource

    if where.cores is not None and (where.cores < 1 or where.dask is not None):
        raise NotAvailable(
            "bad_cores",
            sentence("database.cores_or_dask"),
        )
    if where.parquet is not None:
        from interfaces import extras

        extras.need(extras.PARQUET)
    source = PostgresSource(url) if where.parquet is None else ParquetSource.of(where.parquet)
    if isinstance(source, ParquetSource):
        _check_exported(journal, source)
    with ExitStack() as stack:
        reader = journal if where.parquet is None else stack.enter_context(source.open())
        most = _cores_for(reader.head().position)
        number = where.cores or (max(1, most - 1) if where.is_apart else most)
        if where.dask is not None:
            yield Workplace(reader, DaskCluster(source, where.dask))
        elif number > 1 or (where.is_apart and most > 1):
            yield Workplace(reader, Cores(source, number))
        else:
            yield Workplace(reader, InTurn(reader))


def _cores_for(events: int) -> int:
    """How many processes are worth it: for a journal that is worked through in seconds, none but this one."""
    if events <= LARGE:
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _check_exported(journal: "PostgresJournal | StandbyJournal", source: "ParquetSource") -> None:
    """Raise ``NotAvailable`` when the export is not one of this journal."""
    from interfaces.postgres.packing import PackedJournal

    found = PackedJournal(journal).at(source.until)
    if found is None or found.leaf.hex() != source.seal:
        raise NotAvailable(
            "other_journal",
            sentence("database.other_export", folder=source.folder),
        )


def _is_founded(journal: "PostgresJournal", *, found: bool) -> bool:
    """Whether the law is on record; an empty journal gets the shipped editions and calendars, when that is wanted."""
    if journal.standing(()).law_position:
        return True
    if not found:
        return False
    from application.law.legislation import founding_events
    from application.ports import Entry
    from domain.errors import Stale
    from domain.events.lawbook import LAW_STREAM
    from interfaces.files.shipped import shipped_calendars, shipped_editions

    events = founding_events([(s.edition, s.text) for s in shipped_editions()], shipped_calendars())
    entries = [Entry(LAW_STREAM, "law", number, event) for number, event in enumerate(events, start=1)]
    # Another process may have founded it in this moment.
    with suppress(Stale):
        journal.append(entries, by=Principal("founding"))
    return True


@contextmanager
def _told() -> Iterator[None]:
    """What goes wrong with servers and databases, as an expected error in two languages."""
    import psycopg
    from eventsourcing.persistence import PersistenceError
    from psycopg import errors

    from domain.vocabulary import Text
    from interfaces.outages import ABSENT, outage_of
    from interfaces.postgres.embedded.errors import EmbeddedPostgresError

    try:
        yield
    except EmbeddedPostgresError as error:
        zh, _, en = str(error).partition("\n")
        raise NotAvailable("no_server", sentence("errors.as_told", text=Text(zh, en))) from error
    except (errors.UndefinedTable, errors.InvalidCatalogName) as error:
        raise _unready() from error
    except psycopg.Error as error:
        raise _unreachable(error) from error
    except PersistenceError as error:
        if isinstance(error.__cause__, errors.UndefinedTable | errors.InsufficientPrivilege):
            raise _unready() from error
        outage = outage_of(error)
        if outage is not None and outage is not ABSENT:
            raise NotAvailable(outage.code, outage.says) from error
        raise _unreachable(error) from error


def _unready() -> NotAvailable:
    return NotAvailable(
        "not_migrated",
        sentence("database.not_migrated"),
    )


def _unreachable(error: Exception) -> NotAvailable:
    said = str(error).strip().splitlines()
    reason = said[0] if said else type(error).__name__
    return NotAvailable("database_unavailable", sentence("database.unusable", reason=reason))


def _check_reachable(url: str) -> None:
    """Connect once: the pool would try for half a minute before it says that nobody is there."""
    import psycopg

    psycopg.connect(url, connect_timeout=_CONNECT_SECONDS).close()


def _check_clock(clock: "Clock") -> None:
    """Raise ``NotAvailable`` when the clocks of this machine and of the database are too far apart: nobody can tell
    which one is wrong, and instants are evidence."""
    from interfaces.outages import skew_told
    from interfaces.postgres.clock import DatabaseClock
    from interfaces.wording.findings import MOST_SKEW

    skew = clock.skew() if isinstance(clock, DatabaseClock) else 0
    if abs(skew) > MOST_SKEW:
        raise NotAvailable("clock_skew", skew_told(skew))


def _check_migrated(url: str) -> None:
    """Raise ``CaseError`` unless the tables are those of this version of the product."""
    from interfaces.postgres.migrate import check_migrated

    check_migrated(url)


if __name__ == "__main__":
    main()
