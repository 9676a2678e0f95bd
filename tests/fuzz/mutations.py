"""What was written, changed: bytes, tokens and lines of a text, and the parts of a tree."""

import copy
import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

Path = tuple[str | int, ...]

TOKENS: Final = (
    b"", b"0", b"-0", b"-1", b"1", b"00", b"1_0", b"0x1F", b"0o7", b"1e3", b"1e999", b"1e999999999", b"1e-999999999",
    b"1.5", b".5", b"9" * 19, b"9" * 70, b"inf", b".inf", b"-.inf", b"nan", b".nan", b"true", b"false", b"null", b"~",
    b"yes", b"2024", b"2024-02-29", b"2023-02-29", b"0001-01-01", b"9999-12-31", b"10000-01-01",
    b"2024-01-01T24:00:00", b"2024-01-01T00:00:00+99:99", b"1979-05-27T07:32:00Z", b"07:32:00", b"02-30", b"[]",
    b"{}", b"[[]]", b"[", b"]", b"{", b"}", b"'", b'"', b"'''", b'"""', b"\\", b"\\u0000", b'"\\ud800"', b'"\\u0000"',
    b'"\\u202e"', b"#", b":", b": ", b"=", b",", b"- ", b"---\n", b"...\n", b"%YAML 1.1\n---\n", b"&a ", b"*a",
    b"!!binary x", b"!!str ", b"!x ", b"? ", b"| ", b"> ", b"@", b"`", b"\t", b"\r", b"\n", b"\r\n", b" ", b"\x00",
    b"\x07", b"\x7f", b"\x85", b"\xc2\x85", b"\xe2\x80\xa8", b"\xef\xbb\xbf", b"\xff", b"\xc3", b"\xed\xa0\x80",
    b"\xf0\x9f\x98\x80", "١".encode(), "１".encode(), "²".encode(), "甲".encode(), b"x" * 300, b"[" * 200,
    b"{a: " * 100,
)  # fmt: skip
"""What readers stumble over."""

VALUES: Final[tuple[Any, ...]] = (
    None, True, False, 0, 1, -1, 2**31, 2**63, 2**64, -(2**63), 10**30, Decimal("0.1"), Decimal("-0.5"),
    Decimal("1E+30"), Decimal("1E-30"), Decimal("1E+999999"), Decimal("1E-999999"), "", " ", "\0", "\n", "\u202e",
    "\ud800", "\U0001f600", "١", "²", "甲" * 300, "x" * 5_000, "0", "-1", "nan", "true", "2024-02-29", "2023-02-29",
    "0001-01-01", "9999-12-31", "10000-01-01", "2024-02-29T00:00:00", "2024-06-30T24:00:00+08:00",
    "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "02-29", "02-30", "../../etc", "nmg.third_party",
    "nmg.third_party@draft", "agency", "practitioner", "150100-EEB", "990100", "000000", [], {}, [[]], [None],
    {"": ""}, {"id": None}, ["a", "a"], [{}],
)  # fmt: skip
"""What a value is replaced by."""

_WAYS: Final = (
    "delete", "any", "same key", "same key", "same key", "other key", "near", "near", "near", "add", "wrap", "double",
)  # fmt: skip
"""How a tree is changed: mostly so that it still may mean something, or it would be refused on the doorstep."""

_WORD: Final = re.compile(rb"[\w.@+-]+|[^\w\s]", re.ASCII)


def texts(originals: Sequence[bytes]) -> SearchStrategy[bytes]:
    """Texts changed in a few places."""
    return _texts(originals, [_Words(o) for o in originals])


class _Words:
    """Where the words of a text stand."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.spans = [m.span() for m in _WORD.finditer(text)]


@st.composite
def _texts(draw: DrawFn, originals: Sequence[bytes], words: Sequence[_Words]) -> bytes:
    index = draw(st.integers(0, len(originals) - 1))
    text = originals[index]
    for _ in range(draw(st.integers(1, 3))):
        how = draw(st.sampled_from(["word", "other word", "byte", "delete", "double", "lines", "cut", "insert"]))
        at = draw(st.integers(0, len(text)))
        if how in ("word", "other word"):
            spans = words[index].spans
            begin, end = spans[draw(st.integers(0, len(spans) - 1))]
            other = draw(st.sampled_from(TOKENS))
            if how == "other word":
                from_, to = spans[draw(st.integers(0, len(spans) - 1))]
                other = originals[index][from_:to]
            text = text[:begin] + other + text[end:]
        elif how == "byte":
            text = text[:at] + bytes([draw(st.integers(0, 255))]) + text[at + 1 :]
        elif how == "delete":
            text = text[:at] + text[at + draw(st.integers(1, 60)) :]
        elif how == "double":
            end = at + draw(st.integers(1, 200))
            text = text[:end] + text[at:end] + text[end:]
        elif how == "lines":
            lines = text.splitlines(keepends=True) or [b""]
            one, two = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
            lines[one], lines[two] = lines[two], lines[one]
            text = b"".join(lines)
        elif how == "cut":
            text = text[:at]
        else:
            text = text[:at] + draw(st.sampled_from(TOKENS) | st.binary(max_size=8)) + text[at:]
    return text


class Trees:
    """Trees of plain values, and what stands under each key anywhere in them."""

    def __init__(self, originals: Sequence[Mapping[str, Any]]) -> None:
        self.originals = originals
        self._paths = [list(_paths(o, ())) for o in originals]
        self._under: dict[str, list[Any]] = {}
        for original in originals:
            for key, value in _pairs(original):
                self._under.setdefault(key, []).append(value)
        self._keys = sorted(self._under)

    def changed(self) -> SearchStrategy[Any]:
        """Trees changed in a few places."""

        @st.composite
        def tree(draw: DrawFn) -> Any:
            index = draw(st.integers(0, len(self.originals) - 1))
            found: Any = copy.deepcopy(self.originals[index])
            for _ in range(draw(st.integers(1, 4))):
                paths = self._paths[index]
                found = self._change(draw, found, paths[draw(st.integers(0, len(paths) - 1))])
            return found

        return tree()

    def _change(self, draw: DrawFn, tree: Any, path: Path) -> Any:
        where: Any = tree
        try:
            for step in path[:-1]:
                where = where[step]
            last = path[-1]
            before = where[last]
        except (KeyError, IndexError, TypeError):
            return tree
        # What was changed before may have taken the place away.
        if type(where) not in (dict, list):
            return tree
        key = next((p for p in reversed(path) if isinstance(p, str)), "")
        how = draw(st.sampled_from(_WAYS))
        if how == "delete":
            del where[last]
        elif how == "any":
            where[last] = copy.deepcopy(draw(st.sampled_from(VALUES)))
        elif how == "same key":
            where[last] = self._one_under(draw, key)
            if isinstance(last, int) and isinstance(where[last], list) and where[last]:
                where[last] = where[last][draw(st.integers(0, len(where[last]) - 1))]
        elif how == "other key" and isinstance(where, dict):
            where[draw(st.sampled_from([*self._keys, "", "x", "\0", "\ud800"]))] = where.pop(last)
        elif how == "near":
            where[last] = _near(draw, before)
        elif how == "add" and isinstance(before, dict):
            added = draw(st.sampled_from(self._keys))
            before[added] = self._one_under(draw, added)
        elif how == "add" and isinstance(before, list):
            more = self._one_under(draw, key)
            before.extend(more if isinstance(more, list) else [more])
        elif how == "wrap":
            where[last] = draw(st.sampled_from(([before], {"x": before}, [before, before])))
        elif how == "double" and isinstance(where, list):
            where.insert(draw(st.integers(0, len(where))), copy.deepcopy(before))
        return tree

    def _one_under(self, draw: DrawFn, key: str) -> Any:
        found = self._under.get(key) or [None]
        return copy.deepcopy(found[draw(st.integers(0, len(found) - 1))])


def _near(draw: DrawFn, value: Any) -> Any:
    """A value of the same kind not far away."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | Decimal):
        by = draw(st.sampled_from((1, -1, -2 * value, value * 1_000, Decimal("0.1"))))
        return value + by
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return draw(st.dates() | st.just(value + dt.timedelta(1)) | st.just(value - dt.timedelta(1)))
    if isinstance(value, str):
        try:
            day = dt.date.fromisoformat(value[:10])
        except ValueError:
            at = draw(st.integers(0, len(value)))
            return value[:at] + draw(st.sampled_from(("", "0", "x", "甲", " ", "@", "\0", "-"))) + value[at + 1 :]
        return (day + dt.timedelta(draw(st.integers(-800, 800)))).isoformat() + value[10:]
    return value


def _paths(value: Any, path: Path) -> Iterator[Path]:
    parts = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from _paths(part, (*path, key))


def _pairs(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield key, part
            yield from _pairs(part)
    elif isinstance(value, list):
        for part in value:
            yield from _pairs(part)
