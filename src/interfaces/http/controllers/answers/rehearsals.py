"""Rehearsals: asked for, watched, cancelled, looked through, downloaded, deleted."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec
from litestar import Controller
from litestar.params import JSONBody

from application.rehearsal.comparing import compared_draft
from application.rehearsal.rehearsal import RehearsalRequest, RehearsalStatus
from application.rehearsal.rehearsals import ChangesPage, ChangesQuestion, DecisionsPage, RehearsalList, matrix_label
from interfaces.files import rehearsal_tables
from interfaces.files.rehearsal_tables import MEDIA, TableWords
from interfaces.http.access.guarding import must_be_own, reaches_rehearsal
from interfaces.http.handlers import Asking, Writing, command, question
from interfaces.http.parameters import (
    FileFormat,
    GradeNow,
    GradeThen,
    InRegion,
    Kind,
    LimitLines,
    Moved,
    Next,
    OnDay,
    OtherRulebook,
    RehearsalId,
    ResultTable,
)
from interfaces.http.recording import Nothing
from interfaces.http.replying import NO_STORE, Reply, Streamed, reply, told_with
from interfaces.http.use_cases import PAGE, UseCases
from interfaces.wording import differences, words
from interfaces.wording import rehearsals as rehearsal_words
from interfaces.wording.differences import EditionChange
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

_RETRY_SECONDS: Final = b"2"


class RehearsalAnswer(RehearsalStatus, frozen=True, kw_only=True):
    """How a rehearsal stands, with what its codes are called in the reader's language."""

    texts: dict[str, str]


class ChangesAnswer(ChangesPage, frozen=True, kw_only=True):
    """A page of changes, with what their codes are called in the reader's language."""

    texts: dict[str, str]


class DecisionsAnswer(DecisionsPage, frozen=True, kw_only=True):
    """A page of decisions, with what their codes are called in the reader's language."""

    texts: dict[str, str]


class RehearsedDiff(msgspec.Struct, frozen=True, kw_only=True):
    """What differs from an edition on record (``with``) to what is rehearsed; ``others`` are the ids of the regime's
    other editions that the rehearsal knows."""

    rehearsal: str
    other: str = msgspec.field(name="with")
    others: tuple[str, ...]
    changes: tuple[EditionChange, ...]


class RehearsalsAnswer(RehearsalList, frozen=True, kw_only=True):
    """The rehearsals that are kept, with what their states are called in the reader's language."""

    texts: dict[str, str]


class RehearsalsController(Controller):
    """Rehearsals: asked for, watched, cancelled, looked through, downloaded, deleted."""

    tags = ("rehearsals",)

    @command("/rehearsals", "refused", "undetermined", "reused_key", "rulebook_invalid", status=202)
    def rehearse(self, data: JSONBody[RehearsalRequest], *, acting: Writing) -> Reply[RehearsalAnswer]:
        """Ask for a rehearsal."""
        caller = acting.asked.caller
        if caller.is_walled:
            region = acting.at.gate.region(caller.principal, caller.reach, data.region)
            data = msgspec.structs.replace(data, region=region)
        status = acting.at.rehearsals.begin(data, by=acting.by.recorded_as, key=acting.key)
        return _stands(202, status, acting.at, acting.language)

    @command("/rehearsals/{rehearsal}/cancellation", "refused", status=200)
    def cancel_rehearsal(
        self, rehearsal: RehearsalId, data: JSONBody[Nothing], *, acting: Writing
    ) -> Reply[RehearsalAnswer]:
        """Cancel a rehearsal."""
        must_be_own(acting.asked, "cancel_rehearsal", acting.at.rehearsals.get(rehearsal))
        return _stands(200, acting.at.rehearsals.cancel(rehearsal), acting.at, acting.language)

    @command("/rehearsals/{rehearsal}/resumption", "refused", status=202)
    def resume_rehearsal(
        self, rehearsal: RehearsalId, data: JSONBody[Nothing], *, acting: Writing
    ) -> Reply[RehearsalAnswer]:
        """Resume a rehearsal."""
        must_be_own(acting.asked, "resume_rehearsal", acting.at.rehearsals.get(rehearsal))
        return _stands(202, acting.at.rehearsals.resume(rehearsal), acting.at, acting.language)

    @command("/rehearsals/{rehearsal}", "conflict", method="DELETE", status=204)
    def delete_rehearsal(self, rehearsal: RehearsalId, *, acting: Writing) -> Reply[None]:
        """Delete a rehearsal."""
        must_be_own(acting.asked, "delete_rehearsal", acting.at.rehearsals.get(rehearsal))
        acting.at.rehearsals.delete(rehearsal)
        return Reply(204, b"")

    @question("/rehearsals", is_of_the_primary=True)
    def get_rehearsals(
        self, limit: LimitLines = PAGE, cursor: Next = None, *, caller: Asking
    ) -> Reply[RehearsalsAnswer]:
        """Rehearsals."""
        found = caller.at.rehearsals.list(limit=limit, cursor=cursor)
        found = msgspec.structs.replace(
            found, rehearsals=tuple(r for r in found.rehearsals if reaches_rehearsal(caller, r))
        )
        texts = {f"state:{line.state}": _state(line.state, caller.language) for line in found.rehearsals}
        return told_with(found, texts, NO_STORE)

    @question("/rehearsals/{rehearsal}", "not_found", is_of_the_primary=True)
    def get_rehearsal(self, rehearsal: RehearsalId, *, caller: Asking) -> Reply[RehearsalAnswer]:
        """How a rehearsal stands."""
        return _stands(200, caller.at.rehearsals.get(rehearsal), caller.at, caller.language)

    @question("/rehearsals/{rehearsal}/changes", "not_found", "not_yet_there", is_of_the_primary=True)
    def get_rehearsal_changes(
        self,
        rehearsal: RehearsalId,
        grade_now: GradeNow = None,
        grade_then: GradeThen = None,
        on: OnDay = None,
        kind: Kind = None,
        region: InRegion = None,
        moved: Moved = None,
        limit: LimitLines = PAGE,
        cursor: Next = None,
        *,
        caller: Asking,
    ) -> Reply[ChangesAnswer]:
        """Subjects that change."""
        question = ChangesQuestion(
            grade_now=grade_now,
            grade_then=grade_then,
            on=on,
            kind=kind,
            region=region,
            moved=moved,
            limit=limit,
            cursor=cursor,
        )
        found = caller.at.rehearsals.changes(rehearsal, question)
        language, lexicon = caller.language, _lexicon(caller.at, rehearsal)
        changes = tuple(rehearsal_words.change(change, language, lexicon) for change in found.changes)
        texts: dict[str, str] = {}
        for change in changes:
            for span in change.spans:
                texts.update(_sides(change.kind, (span.now, span.then), language, lexicon))
        return told_with(msgspec.structs.replace(found, changes=changes), texts, NO_STORE)

    @question("/rehearsals/{rehearsal}/decisions", "not_found", "not_yet_there", is_of_the_primary=True)
    def get_rehearsal_decisions(
        self, rehearsal: RehearsalId, limit: LimitLines = PAGE, cursor: Next = None, *, caller: Asking
    ) -> Reply[DecisionsAnswer]:
        """Published results that would differ."""
        found, language = caller.at.rehearsals.decisions(rehearsal, limit=limit, cursor=cursor), caller.language
        texts: dict[str, str] = {}
        for line in found.decisions:
            texts[f"decision:{line.decision}"] = rehearsal_words.decision_kind(line.decision, language)
            if line.stage is not None:
                texts[f"stage:{line.stage}"] = words.stage(line.stage, language)
        return told_with(found, texts, NO_STORE)

    @question("/rehearsals/{rehearsal}/diff", "not_found", is_of_the_primary=True)
    def get_rehearsal_diff(
        self, rehearsal: RehearsalId, other: OtherRulebook = None, *, caller: Asking
    ) -> Reply[RehearsedDiff]:
        """What is rehearsed, compared with an edition."""
        found = compared_draft(caller.at.rehearsals.rehearsed(rehearsal), caller.at.legislation, other)
        changes = differences.told(found.changes)
        diff = RehearsedDiff(rehearsal=rehearsal, other=found.compared_with, others=found.others, changes=changes)
        return reply(diff, NO_STORE)

    @question(
        "/rehearsals/{rehearsal}/result",
        "not_found",
        "not_yet_there",
        is_of_the_primary=True,
        files=tuple(MEDIA.values()),
    )
    def get_rehearsal_result(
        self, rehearsal: RehearsalId, file: FileFormat = "csv", table: ResultTable = "changes", *, caller: Asking
    ) -> Reply[str]:
        """Download the result."""
        read_by = TableWords(caller.language, _lexicon(caller.at, rehearsal), codes=file == "parquet")
        rows = rehearsal_tables.table_rows(caller.at.rehearsals, rehearsal, table, read_by)
        name = rehearsal_tables.file_name(rehearsal, table, file)
        headers = [NO_STORE, (b"content-disposition", f'attachment; filename="{name}"'.encode())]
        pieces = rehearsal_tables.table_bytes(file, table, rows, caller.language)
        charset = "; charset=utf-8" if file == "csv" else ""
        return Streamed(pieces, headers, f"{MEDIA[file]}{charset}".encode())


def _stands(code: int, status: RehearsalStatus, at: UseCases, language: Language) -> Reply[RehearsalAnswer]:
    """How a rehearsal stands; while it runs, when to come again."""
    texts = {f"state:{status.state}": _state(status.state, language)}
    if status.summary is not None:
        lexicon = _lexicon(at, status.id)
        summary = rehearsal_words.summary(status.summary, language, lexicon)
        status = msgspec.structs.replace(status, summary=summary)
        texts["summary"] = rehearsal_words.in_short(summary, language)
        for move in summary.matrix:
            for side in (move.now, move.then):
                texts[f"{move.kind}:{side}"] = rehearsal_words.result(side, move.kind, language, lexicon)
    headers = [] if code == 200 else [(b"location", f"/api/v1/rehearsals/{status.id}".encode())]
    if status.state in ("waiting", "running"):
        headers.append((b"retry-after", _RETRY_SECONDS))
    return told_with(status, texts, *headers, NO_STORE, status=code)


def _lexicon(at: UseCases, rehearsal: str) -> Lexicon:
    return rehearsal_words.lexicon_of(at.rehearsals.rehearsed(rehearsal), at.legislation)


def _state(state: Any, language: Language) -> str:
    return rehearsal_words.state(state, language)


def _sides(kind: str, sides: Iterable[Any], language: Language, lexicon: Lexicon) -> Mapping[str, str]:
    labels = (matrix_label(side) for side in sides)
    return {f"{kind}:{found}": rehearsal_words.result(found, kind, language, lexicon) for found in labels}
