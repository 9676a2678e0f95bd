"""Advisories, which are for authorities only."""

from litestar import Controller
from litestar.params import JSONBody

from application.recording.advisories import AdvisoryOverview
from application.recording.outcomes import Outcome
from domain.procedures.advisories import IssueInternalNotice, RecordAdvisory, SubmitAdvisories
from interfaces.http.handlers import ABOUT_SUBJECT, Asking, Writing, command, question
from interfaces.http.parameters import Chosen, SubjectId, moment
from interfaces.http.replying import NO_STORE, Reply, reply


class AdvisoriesController(Controller):
    """Advisories, which are for authorities only."""

    tags = ("advisories",)

    @command("/subjects/{subject}/advisories")
    def record_advisory(
        self, subject: SubjectId, data: JSONBody[RecordAdvisory], *, recording: Writing
    ) -> Reply[Outcome]:
        """Record an advisory."""
        return recording.submit(data)

    @command("/advisories/submissions")
    def submit_advisories(self, data: JSONBody[SubmitAdvisories], *, recording: Writing) -> Reply[Outcome]:
        """Submit the advisories of a month."""
        return recording.submit(data)

    @command("/subjects/{subject}/internal-notices")
    def issue_internal_notice(
        self, subject: SubjectId, data: JSONBody[IssueInternalNotice], *, recording: Writing
    ) -> Reply[Outcome]:
        """Issue an internal notice."""
        return recording.submit(data)

    @question("/subjects/{subject}/advisories", *ABOUT_SUBJECT, "refused", "undetermined", takes={"moment": moment})
    def get_advisories(self, subject: SubjectId, *, moment: Chosen, asked: Asking) -> Reply[AdvisoryOverview]:
        """Advisories (for authorities only)."""
        at = asked.at
        found = at.advising.overview(
            subject,
            moment.as_of or at.today(),
            moment.known_at,
            regime=at.regime_of(subject, moment.regime),
            readings=moment.readings,
        )
        return reply(found, NO_STORE)
