"""Rankings and samples of a year."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.cohorts import SampleAnswer, sample_of
from application.recording.outcomes import Outcome
from domain.procedures.scores import DrawSample, RankCohort
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import AnyYear, RegimeId, Year
from interfaces.http.replying import NO_STORE, Reply, told


class CohortsController(Controller):
    """Rankings and samples of a year."""

    tags = ("cohorts",)

    @command("/evaluations/{regime}/{year}/ranking", is_long=True)
    def rank_cohort(
        self, regime: RegimeId, year: AnyYear, data: JSONBody[RankCohort], *, recording: Writing
    ) -> Reply[Outcome]:
        """Rank the cohort of a year. 年度排序。

        对已备案、当年开展业务并有得分的全部机构由高到低排序；未列入的注明原因。同一年度只排一次，记录有误的先删除。

        Everybody filed, in business that year and scored, best first, with the reasons of who is left out. A year is
        ranked once; a ranking made in error is retracted first.
        """
        return recording.submit(data)

    @command("/evaluations/{regime}/{year}/samples", is_long=True)
    def draw_sample(
        self, regime: RegimeId, year: AnyYear, data: JSONBody[DrawSample], *, recording: Writing
    ) -> Reply[Outcome]:
        """Draw the sample of a year. 抽取现场检查名单。

        按等级比例，以记录在案的随机种子抽取；可以重抽核对。

        By the shares of the grades, with a seed on record: anybody can draw again and compare.
        """
        return recording.submit(data)

    @question("/evaluations/{regime}/{year}/samples", "not_found", "not_yet_there", "undetermined", is_long=True)
    def get_sample(self, regime: RegimeId, year: Year, *, asked: Asking) -> Reply[SampleAnswer]:
        """The sample of a year, drawn again. 年度抽查名单及核对。

        在案的抽查名单、种子和各等级机构数，并以同一种子重抽核对。

        The draw on record with its seed, how many held each grade, and whether drawing again gives the same.
        """
        at = asked.at
        return told(sample_of(at.journal, at.legislation, at.clock, regime, year), NO_STORE)
