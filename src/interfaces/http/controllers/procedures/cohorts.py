"""Rankings and samples of a year."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.cohorts import SampleAnswer, sample_of
from application.recording.outcomes import Outcome
from domain.procedures.scores import DrawSample, RankCohort
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import AnyYear, RegimeId, Year
from interfaces.http.replying import NO_STORE, Reply, reply


class CohortsController(Controller):
    """Rankings and samples of a year."""

    tags = ("cohorts",)

    @command("/evaluations/{regime}/{year}/ranking", is_long=True)
    def rank_cohort(
        self, regime: RegimeId, year: AnyYear, data: JSONBody[RankCohort], *, recording: Writing
    ) -> Reply[Outcome]:
        """Rank the cohort of a year."""
        return recording.submit(data)

    @command("/evaluations/{regime}/{year}/samples", is_long=True)
    def draw_sample(
        self, regime: RegimeId, year: AnyYear, data: JSONBody[DrawSample], *, recording: Writing
    ) -> Reply[Outcome]:
        """Draw the sample of a year."""
        return recording.submit(data)

    @question("/evaluations/{regime}/{year}/samples", "not_found", "not_yet_there", "undetermined", is_long=True)
    def get_sample(self, regime: RegimeId, year: Year, *, asked: Asking) -> Reply[SampleAnswer]:
        """The sample of a year, drawn again."""
        at = asked.at
        return reply(sample_of(at.journal, at.legislation, at.clock, regime, year), NO_STORE)
