"""What an act on one fact means for facts on other files: those linked to the same decision of a client (I-26), and
those of the persons who answer for an agency's."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec

from application.answering.case_files import case_file
from application.ports import Entry, VaultWrite, linked_keys
from application.prose import texts_of, with_texts
from application.recording.background import Background
from application.recording.commands import Command
from application.recording.competence import regime_of_request
from application.recording.notices import Notice
from application.wording import in_both_languages
from domain.aggregates.casefile import CaseEvent, CaseFile
from domain.events.evaluation import RecordRetracted
from domain.events.facts import ClientOutcomeRecorded, FactCorrected, FactRecorded, FactRetracted, FactSetAside
from domain.procedures import facts
from domain.procedures.evaluation import RetractRecord
from domain.sentence import sentence


class Following(NamedTuple):
    """What is appended to other files, and to its own, with a command, and what the vault has to write for it."""

    entries: Sequence[Entry] = ()
    writes: Sequence[VaultWrite] = ()


class LinkedFacts:
    """The facts of all files as far as a command reaches them from another one."""

    def __init__(self, background: Background) -> None:
        self._background = background

    def outcomes_met(self, case: CaseFile, events: Sequence[CaseEvent]) -> list[ClientOutcomeRecorded]:
        """What is known to have become of the client's decision to which a fact is linked now, on any file: it follows
        it from its recording on (I-26)."""
        found: list[ClientOutcomeRecorded] = []
        for event in events:
            if isinstance(event, FactRecorded):
                linked = event
            elif isinstance(event, FactCorrected) and event.changes.given().get("linked_to"):
                linked = msgspec.structs.replace(case.facts[event.fact].record, **event.changes.given())
            else:
                continue
            if linked.linked_to is not None:
                files = [case, *(file for stream, file in self._linked_files(linked.linked_to, case))]
                known = [o for file in files for o in facts.outcomes_of(file, linked.linked_to)]
                found += facts.outcomes_met(case, linked, known)
        return found

    def following(self, request: Command, given: Command, case: CaseFile, *, dry_run: bool) -> Following:
        """What an outcome of the client's deduction, or its retraction, means for the other facts linked to the same
        decision, on any file. ``given`` is the request with its texts in clear.

        It is appended with the outcome, all or nothing. What an earlier append has done is not done again, so the
        same request also mends what is missing (I-26).
        """
        decision, follow = _reaching(case, request)
        if decision is None:
            return Following()
        # What goes to other files is sealed with their keys, not with that of this one.
        _, elsewhere = _reaching(case, given)
        entries: list[Entry] = []
        for stream, file in [(case.subject, case), *self._linked_files(decision, case)]:
            for number, event in enumerate((follow if file is case else elsewhere)(file), start=1):
                named = event if dry_run else self._background.with_id(event)
                entries.append(Entry(stream, "agency", file.version + number, named, named.introduced_id))
        return Following(entries) if dry_run else self._sealed(entries, case.subject)

    def notices(self, request: Command, case: CaseFile, events: Sequence[CaseEvent]) -> tuple[Notice, ...]:
        """What the writer should know of facts that a command's own events meet or reach."""
        return self._persons_to_review(case, events) + self._citing(_of_met(events), case, request)

    def notices_of(self, following: Following, request: Command, case: CaseFile) -> tuple[Notice, ...]:
        """The facts of other files that an outcome reaches."""
        return self._citing(_of_linked(following.entries), case, request)

    def _persons_to_review(self, case: CaseFile, events: Sequence[CaseEvent]) -> tuple[Notice, ...]:
        """An agency's fact no longer stands: facts of the persons who answer for it are for the bureau to review."""
        if case.kind != "agency":
            return ()
        undone = [e.fact for e in events if isinstance(e, (FactSetAside, FactRetracted))]
        if not undone:
            return ()
        persons = tuple(dict.fromkeys(p for fact in undone for p in self._background.journal.concerning(fact)))
        if not persons:
            return ()
        says = sentence("notices.links.persons_to_review", n=len(persons))
        regime = case.facts[undone[0]].record.regime
        cites = self._background.law(regime).law.grounds("persons_to_review", self._background.today())
        found = Notice(code="persons_to_review", **in_both_languages(says), ids=persons, cites=cites, regime=regime)
        return (found,)

    def _citing(self, notices: tuple[Notice, ...], case: CaseFile, request: Any) -> tuple[Notice, ...]:
        """Notices about linked facts with what the edition says of a client's deduction."""
        regime = regime_of_request(case, request) if notices else None
        if regime is None:
            return notices
        cites = self._background.law(regime).law.grounds("linked", self._background.today())
        return tuple(msgspec.structs.replace(n, cites=cites, regime=regime) for n in notices)

    def _sealed(self, entries: Sequence[Entry], own: str) -> Following:
        """What is appended, each text that goes to another file than its ``own`` sealed with the key of its file."""
        wanted = {entry.stream for entry in entries if entry.stream != own and any(texts_of(entry.event))}
        if not wanted:
            return Following(entries)
        keys = self._background.vault.keys(wanted)
        sealed = [
            entry if key is None else entry._replace(event=with_texts(entry.event, key.seal))
            for entry in entries
            for key in (keys.get(entry.stream),)
        ]
        return Following(sealed, [write for key in keys.values() for write in key.writes])

    def _linked_files(self, decision: str, case: CaseFile) -> list[tuple[str, CaseFile]]:
        """The other files with a fact linked to a client's decision."""
        journal, files = self._background.journal, self._background.files
        streams = sorted({s for key in linked_keys(decision) for s in journal.concerning(key)} - {case.subject})
        return [(stream, case_file(stream, files.fresh(stream))) for stream in streams]


def _reaching(case: CaseFile, request: Command) -> tuple[str | None, Callable[[CaseFile], Sequence[CaseEvent]]]:
    """The client's decision about which a command says something that other facts follow, and what it is to a file."""
    if isinstance(request, facts.RecordClientOutcome):
        decision = facts.fact_of(case, request.fact).record.linked_to
        return decision, lambda file: facts.linked_outcomes(file, request, decision or "")
    outcome = case.records.get(request.record) if isinstance(request, RetractRecord) else None
    if isinstance(outcome, ClientOutcomeRecorded) and isinstance(request, RetractRecord):
        decision = outcome.decision or case.facts[outcome.fact].record.linked_to
        return decision, lambda file: [
            RecordRetracted(record=record, reason=request.reason)
            for record in facts.same_outcomes(file, outcome, decision or "")
        ]
    return None, lambda _: ()


def _of_met(events: Sequence[CaseEvent]) -> tuple[Notice, ...]:
    """What had already become of the client's decision when a fact was linked to it."""
    met = [e for e in events if isinstance(e, ClientOutcomeRecorded)]
    if not met or not any(isinstance(e, (FactRecorded, FactCorrected)) for e in events):
        return ()
    return tuple(
        Notice(
            code="linked_outcome_known",
            **in_both_languages(
                sentence(f"notices.links.linked_outcome_known.{e.kind}", decided_on=e.decided_on, document=e.document)
            ),
            ids=(e.fact,),
        )
        for e in met
    )


def _of_linked(linked: Sequence[Entry]) -> tuple[Notice, ...]:
    """The facts of other files that an outcome reaches."""
    if not linked:
        return ()
    ids = tuple(e.event.fact for e in linked if isinstance(e.event, ClientOutcomeRecorded))
    if not ids:
        says = sentence("notices.links.outcome_taken_back", n=len(linked))
        return (Notice(code="linked_facts", **in_both_languages(says), ids=()),)
    return (
        Notice(code="linked_facts", **in_both_languages(sentence("notices.links.outcome_of_others", ids=ids)), ids=ids),
    )
