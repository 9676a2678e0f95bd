"""Basis tokens and moments of every question that takes them: answered, or refused in words."""

import base64
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec
from hypothesis import strategies as st

from tests.fuzz.answering import Story, answered, parameters, questions
from tests.fuzz.mutations import Trees, texts
from tests.fuzz.running import Door
from tests.fuzz.yaml import written

PARAMETERS = ("basis", "basis_1", "basis_2", "known_at", "known_at_1", "known_at_2")


def door(story: Story | None = None) -> Door:
    """Every such question asked with tokens and moments that were issued, changed or made up."""
    story = story or Story()
    api = story.api
    asked = list(questions(story, *PARAMETERS))
    taken = {a.operation: tuple(q for q in parameters(a.operation) if q in PARAMETERS) for a in asked}
    answers = [api.get(a.path, **a.query) for a in asked]
    # A sheet and a paper show a token where nobody would look for one.
    real = sorted(set(_tokens(a.json() for a in answers if "json" in a.headers["content-type"])))
    assert real
    trees = Trees([{"token": msgspec.json.decode(_raw(token)[4:])} for token in real])
    token = st.one_of(
        st.sampled_from(real),
        texts([t.encode() for t in real]).map(lambda t: t.decode("utf-8", "replace")),
        texts([_raw(t)[4:] for t in real]).map(_checked),
        trees.changed().map(_encoded).map(_checked),
        st.binary(max_size=200).map(_checked),
        st.text(max_size=100),
    )
    moment = st.one_of(
        st.datetimes().map(lambda m: m.isoformat()),
        st.dates().map(lambda d: d.isoformat()),
        texts([b"2025-06-16T09:00:00+08:00", b"2025-06-16", b"2025-06-16T01:00:00.000001Z"]).map(
            lambda t: t.decode("utf-8", "replace")
        ),
        st.text(max_size=40),
    )

    def check(case: tuple[int, dict[str, str], dict[str, str], bool, str]) -> None:
        number, tokens, moments, alone, language = case
        asking = asked[number]
        given = {name: text for name, text in (tokens | moments).items() if name in taken[asking.operation]}
        beside = asking.query
        if alone and any(name.startswith("basis") for name in given):
            beside = {}
        answered(api, asking.path, {**beside, **given}, language)

    return Door(
        st.tuples(
            st.integers(0, len(asked) - 1),
            st.dictionaries(st.sampled_from(PARAMETERS[:3]), token, min_size=1, max_size=2),
            st.dictionaries(st.sampled_from(PARAMETERS[3:]), moment, max_size=2),
            st.booleans(),
            st.sampled_from(("zh-CN", "en")),
        ),
        check,
    )


def _tokens(answers: Any) -> Iterator[str]:
    """Every token anywhere in answers."""
    if isinstance(answers, dict):
        for key, value in answers.items():
            if key == "token" and isinstance(value, str):
                # An answer that rests on nothing has none.
                yield from [value] if value else []
            else:
                yield from _tokens(value)
    elif not isinstance(answers, str) and isinstance(answers, Iterable):
        for value in answers:
            yield from _tokens(value)


def _raw(token: str) -> bytes:
    return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))


def _encoded(tree: Any) -> bytes:
    return written(tree.get("token") if isinstance(tree, dict) else tree)


def _checked(body: bytes) -> str:
    """A token with its checksum, which is no secret."""
    return base64.urlsafe_b64encode(zlib.crc32(body).to_bytes(4, "big") + body).rstrip(b"=").decode()
