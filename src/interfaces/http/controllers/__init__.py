"""The controllers of the API, one for each kind of thing it is about."""

from typing import Final

from litestar import Controller

from interfaces.http.controllers.access.administration import AdministrationController
from interfaces.http.controllers.access.reads import ReadsController
from interfaces.http.controllers.access.sessions import SessionController
from interfaces.http.controllers.answers.deadlines import DeadlinesController
from interfaces.http.controllers.answers.grades import GradesController
from interfaces.http.controllers.answers.public_register import PublicRegisterController
from interfaces.http.controllers.answers.rehearsals import RehearsalsController
from interfaces.http.controllers.evidence import EvidenceController
from interfaces.http.controllers.imports import ImportsController
from interfaces.http.controllers.journal import JournalController
from interfaces.http.controllers.law.codes import CodesController
from interfaces.http.controllers.law.rulebooks import RulebooksController
from interfaces.http.controllers.procedures.accounts import AccountsController
from interfaces.http.controllers.procedures.advisories import AdvisoriesController
from interfaces.http.controllers.procedures.cohorts import CohortsController
from interfaces.http.controllers.procedures.decisions import DecisionsController
from interfaces.http.controllers.procedures.evaluations import EvaluationsController
from interfaces.http.controllers.procedures.facts import FactsController
from interfaces.http.controllers.procedures.filings import FilingsController
from interfaces.http.controllers.procedures.intermediaries import IntermediariesController
from interfaces.http.controllers.procedures.letters import LetterOfficesController, LettersController
from interfaces.http.controllers.procedures.objections import ObjectionsController
from interfaces.http.controllers.procedures.repairs import RepairsController
from interfaces.http.controllers.procedures.warnings import WarningsController
from interfaces.http.controllers.procedures.year_lists import YearListsController
from interfaces.http.controllers.subjects.cases import CasesController
from interfaces.http.controllers.subjects.dossiers import DossiersController
from interfaces.http.controllers.subjects.doubles import DoublesController
from interfaces.http.controllers.subjects.profiles import ProfilesController
from interfaces.http.controllers.subjects.records import RecordsController
from interfaces.http.controllers.subjects.searching import SearchController
from interfaces.http.controllers.subjects.subjects import SubjectsController
from interfaces.http.controllers.webhooks import WebhooksController

CONTROLLERS: Final[tuple[type[Controller], ...]] = (
    SubjectsController,
    ProfilesController,
    CasesController,
    DossiersController,
    SearchController,
    DoublesController,
    FactsController,
    WarningsController,
    ObjectionsController,
    RepairsController,
    LettersController,
    LetterOfficesController,
    RecordsController,
    EvidenceController,
    EvaluationsController,
    YearListsController,
    IntermediariesController,
    AdvisoriesController,
    CohortsController,
    FilingsController,
    DecisionsController,
    DeadlinesController,
    AccountsController,
    GradesController,
    RehearsalsController,
    ImportsController,
    PublicRegisterController,
    RulebooksController,
    CodesController,
    JournalController,
    SessionController,
    AdministrationController,
    ReadsController,
    WebhooksController,
)
