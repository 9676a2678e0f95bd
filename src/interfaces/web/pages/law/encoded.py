"""What an edition encodes, thing by thing: what kind of thing, in which words, what it does, and where it is used."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from domain.law.edition import DeadlineRule, Edition, Measure, Reading, Row
from interfaces.web.asking import JsonAnswer
from interfaces.wording import encoding, words
from interfaces.wording.punctuation import by_colon, by_semicolons, listed
from interfaces.wording.texts import Language, say
from interfaces.wording.words import Lexicon

_TABLES: Final = ("rows", "stages", "deadlines", "measures", "readings", "errata", "transitions", "unencoded")
"""The parts of an edition, as the API names them, in the order in which they stand beside a provision."""

_USUAL: Final = "agency"
"""The kind of subject that goes without saying."""


class EncodedPart(NamedTuple):
    """One thing that is encoded: what kind of thing, its ``code`` where it has one, in which words, and what it does or
    how long it runs (``figure``).

    ``cites`` are its provisions, that beside which it stands first. ``answers`` are those of a reading, each with
    whether it holds unless another one is chosen; ``note`` says who acts, where it is used and on what it rests.
    ``annex`` is its row of an annex, by annex and number.
    """

    part: str
    code: str
    words: str
    cites: tuple[str, ...]
    figure: str | None = None
    answers: tuple[tuple[str, bool], ...] = ()
    note: str = ""
    annex: tuple[str, int] | None = None


def encoded_in(answer: JsonAnswer, edition: Edition, lexicon: Lexicon, language: Language) -> Iterator[EncodedPart]:
    """Everything that an edition encodes: how grades come about, then table by table."""
    for rule in encoding.grading(edition, lexicon, language):
        yield EncodedPart(rule.part, "", _of(rule.words, rule.kind, language), rule.cites, rule.figure)
    tell = _Telling(answer, edition, lexicon, language)
    for table in _TABLES:
        for entry in answer.get(table) or ():
            yield tell.entry(table, entry)
    for excluded in edition.excluded:
        said = excluded.words.zh if language == "zh" else excluded.words.en
        yield EncodedPart("excluded", "", said, excluded.cites)


def _of(told: str, kind: str | None, language: Language) -> str:
    """What is told, with the kind of subject for which it stands where that is not the usual one."""
    if kind in (None, _USUAL):
        return told
    return say("web_law.for_kind", language, words=told, kind=words.kind(kind or "", language))


class _Telling:
    """The entries of the tables of an edition in words."""

    def __init__(self, answer: JsonAnswer, edition: Edition, lexicon: Lexicon, language: Language) -> None:
        self._lexicon = lexicon
        self._language = language
        self._supplied = edition.configured.legal_basis or {}
        self._users: dict[str, dict[str, None]] = {}
        for row in answer.get("rows") or ():
            for reading in row["readings"]:
                self._users.setdefault(reading, {})[row["code"]] = None
        for rule in answer.get("deadlines") or ():
            for reading in rule["readings"]:
                self._users.setdefault(reading, {})[words.deadline_kind(rule["kind"], language)] = None

    def entry(self, table: str, entry: Mapping[str, Any]) -> EncodedPart:
        """One entry of a table."""
        cites = entry.get("cites") or ()
        cites = (cites,) if isinstance(cites, str) else tuple(cites)
        match table:
            case "rows":
                found = self._row(msgspec.convert(entry, Row))
            case "deadlines":
                found = self._deadline(msgspec.convert(entry, DeadlineRule))
            case "measures":
                found = self._measure(msgspec.convert(entry, Measure))
            case "readings":
                found = self._reading(msgspec.convert(entry, Reading))
            case "stages":
                found = EncodedPart(table, "", words.stage(entry["stage"], self._language), cites)
            case _:
                said = entry.get("words") or entry.get("reason") or {}
                found = EncodedPart(table, "", said.get(self._language, ""), cites)
        return found._replace(words=_of(found.words, entry.get("of"), self._language))

    def _row(self, row: Row) -> EncodedPart:
        effect = encoding.effect(row, self._lexicon, self._language)
        annexes = [cite for cite in row.cites if cite.startswith("annex")]
        return EncodedPart(
            "rows",
            row.code,
            self._lexicon.row(row.code, self._language),
            row.cites,
            effect if row.points is None else say("web_law.points", self._language, points=effect),
            note=self._resting_on(row.readings),
            annex=(annexes[0], row.annex_row) if annexes and row.annex_row is not None else None,
        )

    def _deadline(self, rule: DeadlineRule) -> EncodedPart:
        said = rule.words.zh if self._language == "zh" else rule.words.en
        who = self._lexicon.actor(rule.actor, self._language)
        actor = by_colon(say("rulebooks.who_acts", self._language), who, self._language)
        rests = (
            self._lexicon.term(rule.cites, rule.readings, rule.kind, rule.of, self._language)
            if rule.unsaid
            else self._resting_on(rule.readings)
        )
        note = by_semicolons([part for part in (actor, rests) if part], self._language)
        return EncodedPart("deadlines", "", said, rule.cites, encoding.term(rule, self._language), note=note)

    def _measure(self, rule: Measure) -> EncodedPart:
        own = rule.legal_basis
        basis = self._supplied.get(rule.cites[0])
        if basis is None and own is not None:
            basis = own.zh if self._language == "zh" else own.en
        told = [
            by_colon(say("rulebooks.legal_basis", self._language), basis, self._language)
            if basis is not None
            else say("rulebooks.no_legal_basis", self._language)
        ]
        if rule.under is not None:
            reading, _, answer = rule.under.partition(":")
            told.append(self._lexicon.reading(reading, answer, self._language))
        said = rule.words.zh if self._language == "zh" else rule.words.en
        grade = self._lexicon.grade(rule.grade, rule.of, self._language)
        if rule.risk is not None:
            risk = self._lexicon.grade(rule.risk, rule.of, self._language)
            grade = say("web_law.with_risk", self._language, grade=grade, risk=risk)
        return EncodedPart("measures", "", said, rule.cites, grade, note=by_semicolons(told, self._language))

    def _reading(self, reading: Reading) -> EncodedPart:
        answers = tuple(
            (self._lexicon.answer(reading.id, value.name, self._language) or "", value.name == reading.default)
            for value in reading.values
        )
        used = self._lexicon.cites(reading.cites[1:], self._language)
        by = listed(self._users.get(reading.id, ()), self._language)
        told = [
            say("web_law.used_in", self._language, cites=used) if used else "",
            say("web_law.used_by", self._language, things=by) if by else "",
        ]
        return EncodedPart(
            "readings",
            reading.id,
            self._lexicon.issue(reading.id, self._language) or "",
            reading.cites,
            answers=answers,
            note=by_semicolons([part for part in told if part], self._language),
        )

    def _resting_on(self, readings: Sequence[str]) -> str:
        if not readings:
            return ""
        return say("web_law.rests_on", self._language, readings=listed(readings, self._language))
