"""YAML is read by the core schema of version 1.2, whatever version 1.1 made of the same text."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.scenarios.scenario_file import BadFile
from interfaces.files.yaml_text import documents
from tests.support.properties import tried
from tests.support.words import says, words_of


def value(text: str) -> object:
    (document,) = documents(f"v: {text}\n", "t.yaml")
    assert isinstance(document.value, dict)
    return document.value["v"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"),
        ("N", "N"),
        ("on", "on"),
        ("yes", "yes"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("2024-04-10", "2024-04-10"),
        ("2024-04-10T09:00:00+08:00", "2024-04-10T09:00:00+08:00"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("010", 10),
        ("0o17", 15),
        ("0x1F", 31),
        ("-3", -3),
        ("150100", 150100),
        ('"150100"', "150100"),
        ("0.1", Decimal("0.1")),
        ("25.000000000000000001", Decimal("25.000000000000000001")),
        ("1e3", Decimal("1e3")),
        ("-.inf", Decimal("-Infinity")),
        ("<<", "<<"),
    ],
)
def test_a_scalar_means_what_the_core_schema_says(text: str, expected: object) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


def test_keys_are_text_and_lines_are_known() -> None:
    (document,) = documents("calendars:\n  2026: 2025-11-04\nlist:\n  - a\n  - b: 1\n", "t.yaml")
    assert document.value == {"calendars": {"2026": "2025-11-04"}, "list": ["a", {"b": 1}]}
    assert [document.line_of(p) for p in ("/calendars/2026", "/list/1", "/list/1/b", "/list/1/c")] == [2, 5, 5, 5]


def test_json_is_yaml_too() -> None:
    (document,) = documents('{"a": [1, 2.50, null, "x"]}', "t.json")
    assert document.value == {"a": [1, Decimal("2.50"), None, "x"]}


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key a stands here twice (first on line 1)"),
        ("a: !!timestamp 2024-01-01\n", 1, "!!timestamp"),
        ("a: !!int x\n", 1, "no such value"),
        ("? [a, b]\n: 1\n", 1, "a key must be text"),
        ("a: &x [*x]\n", 1, "no &x before this"),
        ("a: 'open\n", 2, "no valid YAML"),
        ("a: \x07\n", 1, "no valid YAML"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_line(text: str, line: int, says: str) -> None:
    with pytest.raises(BadFile) as bad:
        list(documents(text, "t.yaml"))
    (fault,) = bad.value.faults
    assert fault.line == line
    assert says in words_of(fault).en


# --- what a text may cost -----------------------------------------------------------------------------------------


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            pytest.param(text, "too deeply nested", marks=pytest.mark.slow)
            for text in ("[" * 1_000_000, "{a: " * 500_000, '{"a":' * 500_000, "- " * 500_000)
        ),
        ("\n".join(" " * n + "a:" for n in range(1_000)), "too deeply nested"),
        pytest.param(LAUGHS, "too large", marks=pytest.mark.slow),
        ("a: &a [*a]", "no &a before this"),
        ("a: *b", "no &b before this"),
        ("a: " + "9" * 5_000, "is no such value"),
        ("a: 0x" + "f" * 5_000, "is no such value"),
        ("a: 1e999999999", "is no such value"),
        ("a: -1.5E-9999", "is no such value"),
    ],
)
def test_depth_and_size_are_looked_at_before_a_text_is_composed(text: str, said: str) -> None:
    """A deep one ended the process by a signal, a small one could fill the memory."""
    with pytest.raises(BadFile, check=says(said)):
        list(documents(text, "x.yaml"))


def test_what_is_referred_to_stands_there_as_if_it_were_written() -> None:
    (found,) = documents("a: &a {b: [1]}\nc: *a\nd: &d x\ne: *d", "x.yaml")
    assert found.value == {"a": {"b": [1]}, "c": {"b": [1]}, "d": "x", "e": "x"}
    assert (found.line_of("/c/b/0"), found.line_of("/e")) == (2, 4)


@tried(200)
@given(st.text(alphabet="[]{}:,-&*!?|>%@'\"# \n\tab01.e+~", max_size=60))
def test_any_text_is_read_or_refused_with_a_line(text: str) -> None:
    with suppress(BadFile):
        for document in documents(text, "x.yaml"):
            assert document.line_of("") >= 1
