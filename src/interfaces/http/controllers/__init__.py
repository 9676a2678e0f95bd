"""The controllers of the API, one for each kind of thing it is about."""

from typing import Final

from litestar import Controller

from interfaces.http.controllers.accounts import AccountsController
from interfaces.http.controllers.advisories import AdvisoriesController
from interfaces.http.controllers.cohorts import CohortsController
from interfaces.http.controllers.deadlines import DeadlinesController
from interfaces.http.controllers.evaluations import EvaluationsController
from interfaces.http.controllers.facts import FactsController
from interfaces.http.controllers.filings import FilingsController
from interfaces.http.controllers.grades import GradesController
from interfaces.http.controllers.intermediaries import IntermediariesController
from interfaces.http.controllers.journal import JournalController
from interfaces.http.controllers.objections import ObjectionsController
from interfaces.http.controllers.profiles import ProfilesController
from interfaces.http.controllers.public_register import PublicRegisterController
from interfaces.http.controllers.records import RecordsController
from interfaces.http.controllers.rehearsals import RehearsalsController
from interfaces.http.controllers.repairs import RepairsController
from interfaces.http.controllers.rulebooks import RulebooksController
from interfaces.http.controllers.subjects import SubjectsController
from interfaces.http.controllers.warnings import WarningsController

CONTROLLERS: Final[tuple[type[Controller], ...]] = (
    SubjectsController,
    ProfilesController,
    FactsController,
    WarningsController,
    ObjectionsController,
    RepairsController,
    RecordsController,
    EvaluationsController,
    IntermediariesController,
    AdvisoriesController,
    CohortsController,
    FilingsController,
    DeadlinesController,
    AccountsController,
    GradesController,
    RehearsalsController,
    PublicRegisterController,
    RulebooksController,
    JournalController,
)
