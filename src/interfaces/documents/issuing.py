"""Sets dossiers that are issued: with what the offices that issue them are shown, whoever of them does."""

from collections.abc import Callable
from functools import cache
from typing import Any, Final

import msgspec

from application.access.masking import Viewer
from application.law.legislation import Legislation
from application.papers.contents import ContentKeys, Contents
from application.papers.dossier import Dossier, Dossiers
from application.papers.issuing import DossierDesk
from application.ports import Journal, Vault
from application.prose import Opened
from domain.events.papers.dossiers import DossierFormat, DossierLanguage
from interfaces.documents.dossier import PaperIssue, dossier_paper
from interfaces.documents.html import html_of
from interfaces.documents.printing import Printing
from interfaces.masking import masked_part, masks
from interfaces.wording.dossiers import told

_ISSUER: Final = "officer"
"""As whom: an office that issues is shown all but the numbers of identity documents."""


class SettingIssued:
    """Sets dossiers as they are issued. Safe to share between threads."""

    def __init__(self, journal: Journal, vault: Vault, legislation: Legislation, printing: Printing) -> None:
        self._journal = journal
        self._vault = vault
        self._legislation = legislation
        self._printing = printing

    @property
    def name(self) -> str:
        """What sets them, with its version."""
        return self._printing.typesetter.name

    def issued(self, found: Dossier, language: DossierLanguage, file: DossierFormat, number: str) -> bytes:
        """The file of a dossier as it is issued; see the port."""
        if file == "pdf":
            self._printing.read_ahead()
        opened = Opened(self._vault, self._journal.joined_to)
        content = told(found, language, self._legislation, opened)
        value = msgspec.to_builtins(content)
        left_out = [*masks().masked(type(content), value, self._viewer(found.subject.id)), *_without_employees(value)]
        parts = [masked_part(*part, language) for part in left_out]
        issue = PaperIssue(self.name, self._printing.address, number)
        paper = dossier_paper(value, parts, language, issue)
        return self._printing.typesetter.pdf(paper) if file == "pdf" else html_of(paper)

    def _viewer(self, file: str) -> Viewer:
        def records_of(of: str) -> frozenset[str]:
            return frozenset(id for row in self._journal.stream(of) if (id := row.event.introduced_id) is not None)

        return Viewer(_ISSUER, has_purpose=False, file=file, records_of=cache(records_of))


def _without_employees(value: dict[str, Any]) -> list[tuple[str, list[str], int]]:
    """Leave out who is employed: what is issued is kept with the key of the file it is of, and would have their names
    when their own keys are destroyed. Gives what was left out, as a mask does."""
    places = []
    for number, event in enumerate(value["timeline"]):
        if event["employment"] is not None and event["employment"].pop("person", None) is not None:
            places.append(f"/timeline/{number}/employment/person")
    return [("person", places, len(places))] if places else []


def dossier_desk(
    dossiers: Dossiers, contents: Callable[[], Contents], keys: ContentKeys | None, printing: Printing
) -> DossierDesk:
    """Where dossiers are issued over a journal; ``contents`` and ``keys`` keep what is issued."""
    setter = SettingIssued(dossiers.journal, dossiers.vault, dossiers.legislation, printing)
    return DossierDesk(dossiers, contents, keys, setter)
