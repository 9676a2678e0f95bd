"""The questions that compare and suppose, over HTTP: differences, counterfactuals, what was known when."""

from collections.abc import Mapping
from typing import Any

import msgspec

from application.answering.grading import read_token
from application.explaining.counterfactuals import Supposing
from application.explaining.differences import Basing, Differing
from application.explaining.knowledge import Knowing
from application.explaining.regional import RegionalDiffering, RegionQuestion
from domain.errors import Invalid, NotFound
from domain.vocabulary import Text
from interfaces.http.asking import Asked, BadValue, path_id, region_code
from interfaces.http.problems import Fault, bad_request
from interfaces.http.reading import PAGE, Reader
from interfaces.http.replying import Reply
from interfaces.wording import causes, words
from interfaces.wording.texts import Language
from interfaces.wording.words import Lexicon

_ENCODE = msgspec.json.Encoder().encode
_NO_STORE = (b"cache-control", b"no-store")


class Explainer(Reader):
    """Answers these questions beside all others."""

    def difference(self, asked: Asked) -> Reply:
        """Why two answers about one subject differ."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        first, second = _basings(asked.query)
        regime = self._regime_of(asked, subject)
        found = Differing(self._journal, self._legislation, self._grading).between(subject, regime, first, second)
        lexicon = self._law.lexicon_of(regime)
        told = causes.difference(found, asked.language, lexicon)
        grades = [found.first.figures.grade, found.second.figures.grade]
        return _reply(told, _grade_texts(grades, found.subject.kind, asked.language, lexicon))

    def _regime_of(self, asked: Asked, subject: str) -> str:
        """The regime named, or that of the first token, or that of the subject."""
        named = asked.query.get("regime")
        token = asked.query.get("basis_1") or asked.query.get("basis_2")
        if named is None and token is not None:
            try:
                return read_token(token).regime
            except Invalid:
                which = "basis_1" if "basis_1" in asked.query else "basis_2"
                raise _damaged(which) from None
        return self._law.regime(named or self._grading.regime_of(subject))

    def region_difference(self, asked: Asked) -> Reply:
        """Why the answers of a region differ."""
        self._there(asked)
        query = asked.query
        region = _region(asked.params["region"])
        regime, kind = self._law.regime(query.get("regime")), query.get("kind", "agency")
        first, second = _basings(query)
        found = RegionalDiffering(
            self._journal, self._clock, self._legislation, self._population.index, self._population.projection
        ).between(
            RegionQuestion(
                regime=regime,
                region=region,
                first=first,
                second=second,
                kind=kind,
                track=query.get("track", "all"),
                limit=query.get("limit", PAGE),
                cursor=query.get("cursor"),
            )
        )
        lexicon = self._law.lexicon_of(regime)
        told = causes.region_difference(found, asked.language, lexicon)
        grades = [g for move in found.moves for g in (move.first, move.second)]
        return _reply(told, _grade_texts(grades, kind, asked.language, lexicon))

    def counterfactuals(self, asked: Asked) -> Reply:
        """What would lead to a grade."""
        subject = path_id(asked.params, "subject", "subject")
        self._there(asked)
        target = asked.query.get("target")
        if target is None:
            text = Text("须给出目标等级 target。", "name the grade wanted: target.")
            raise bad_request(Fault(parameter="target", code="missing", text=text))
        found = Supposing(self._journal, self._grading).towards(target, self._question(asked, subject))
        lexicon = self._law.lexicon_of(found.regime)
        told = causes.counterfactuals(found, asked.language, lexicon)
        return _reply(told, _grade_texts(found.grades, found.subject.kind, asked.language, lexicon))

    def knowledge(self, asked: Asked) -> Reply:
        """What was known when a decision was taken."""
        record = path_id(asked.params, "decision", "record")
        self._there(asked)
        found = Knowing(self._journal, self._clock, self._legislation, self._rechecking).of(record)
        lexicon = self._law.lexicon_of(found.regime)
        told = causes.knowledge(found, asked.language, lexicon)
        texts = _grade_texts([found.recorded.grade, found.today.grade], found.kind, asked.language, lexicon)
        if found.stage is not None:
            texts[f"stage:{found.stage}"] = words.stage(found.stage, asked.language)
        return _reply(told, texts)


def _reply(told: Any, texts: dict[str, str]) -> Reply:
    return Reply(200, _ENCODE(told)[:-1] + b',"texts":' + _ENCODE(texts) + b"}", [_NO_STORE])


def _grade_texts(grades: Any, kind: str, language: Language, lexicon: Lexicon) -> dict[str, str]:
    return {f"grade:{g}": lexicon.grade(g, kind, language) for g in sorted({g for g in grades if g})}


def _basings(query: Mapping[str, Any]) -> list[Basing]:
    """The two bases of a question. Raises a problem for a token with anything else beside it, or a damaged one."""
    return [_basing(query, number) for number in (1, 2)]


def _basing(query: Mapping[str, Any], number: int) -> Basing:
    token = query.get(f"basis_{number}")
    if token is None:
        return Basing(
            as_of=query.get(f"as_of_{number}"),
            known_at=query.get(f"known_at_{number}"),
            readings=dict(query.get(f"reading_{number}", ())),
        )
    beside = [n for n in (f"as_of_{number}", f"known_at_{number}", f"reading_{number}") if n in query]
    if beside:
        text = Text("basis 已包含一切，不能再与其他条件并用。", "a basis says everything; give nothing beside it.")
        raise bad_request(*(Fault(parameter=n, code="beside_basis", text=text) for n in beside))
    try:
        read_token(token)
    except Invalid:
        raise _damaged(f"basis_{number}") from None
    return Basing(token=token)


def _damaged(parameter: str) -> Exception:
    text = Text(
        "依据标识残缺或被改动；请完整复制原答复中的 token。",
        "the basis token is damaged; copy the token of the earlier answer whole.",
    )
    return bad_request(Fault(parameter=parameter, code="bad_token", text=text))


def _region(text: str) -> str:
    try:
        return region_code(text)
    except BadValue:
        raise NotFound("region", text[:20]) from None
