"""Cursors of every list: one that was changed is refused, and nothing that is written for one is a crash."""

import base64
import binascii
from contextlib import suppress

from hypothesis import strategies as st

from application import cursors
from tests.fuzz.answering import Asking, Story, answered, parameters, questions
from tests.fuzz.mutations import texts
from tests.fuzz.running import Door

MOST_PAGES = 40
OF_ONE_PAGE = {"get_doubles", "get_imports", "get_subject_deadlines"}
"""Lists in which the story leaves one entry, or none."""


def door(story: Story | None = None) -> Door:
    """Every list asked with cursors changed, of other lists, made up, and of another state of the journal."""
    # The same in every process: a case is tried again by its seed.
    cursors.seal_with(b"fuzz")
    story = story or Story()
    api = story.api
    lists = [
        Asking(a.operation, a.path, {**query, **more, "limit": "1"})
        for a in questions(story, "cursor")
        for query in (a.query, {})
        for more in ({}, {"known_at": "2025-06-16"}, {"as_of_1": "2024-12-31", "as_of_2": "2025-06-16"})
        if more.keys() <= set(parameters(a.operation))
        if api.get(a.path, **{**query, **more}).status_code == 200
    ]
    issued: set[str] = set()
    paged: set[str] = set()
    for asking in lists:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            page = answered(api, asking.path, {**asking.query, **({} if cursor is None else {"cursor": cursor})}, "zh")
            cursor = page.json().get("next") or page.json().get("cursor")
            if cursor is None:
                break
            issued.add(cursor)
            paged.add(asking.operation)
    assert {a.operation for a in lists} - paged == OF_ONE_PAGE
    real = sorted(issued)
    bodies = [_raw(c) for c in real]

    def check(case: tuple[int, str, dict[str, str], bool, str]) -> None:
        number, cursor, more, twice, language = case
        asking = lists[number]
        query = [*{**asking.query, **more}.items(), ("cursor", cursor), *([("cursor", cursor)] if twice else [])]
        answer = answered(api, asking.path, query, language)
        if answer.status_code == 200:
            assert not twice
            assert _raw(cursor) in bodies, "a cursor that was never issued was gone on with"

    made_up = st.one_of(
        st.text(max_size=200),
        st.text(alphabet="ABCDEFabcdef0123456789-_=", max_size=9_000),
        st.binary(max_size=200).map(_written),
        st.sampled_from(real),
        texts([c.encode() for c in real]).map(lambda t: t.decode("utf-8", "replace")),
        texts(bodies).map(_written),
    )
    more = st.dictionaries(
        st.sampled_from(("limit", "region", "kind", "as_of", "regime", "year", "min_position")),
        st.sampled_from(("1", "500", "0", "150100", "150000", "agency", "practitioner", "2025-05-31", "2024", "x", "")),
        max_size=2,
    )
    return Door(
        st.tuples(
            st.integers(0, len(lists) - 1), made_up, more, st.integers(0, 20).map(lambda n: n == 20),
            st.sampled_from(("zh-CN", "en")),
        ),
        check,
    )  # fmt: skip


def _raw(cursor: str) -> bytes:
    with suppress(binascii.Error, ValueError):
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    return b""


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
