"""Give the sentences that people read, in Chinese and English, by their codes.

They stand in the ``*.toml`` files beside this module, one a subject, for jurists to edit (docs/words.md). A code is
``file.family.name`` or ``file.name``: ``steps.reason.not_final`` is the entry ``[reason.not_final]`` of ``steps.toml``.
A file is read when its first text is asked for. What chooses among sentences, counts or joins is Python beside it.

``tests/interfaces/wording/test_texts.py`` holds the code and the files together: every code that is asked for exists,
every entry is asked for, and every placeholder is given.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final, Literal

from domain.sentence import Alternatives, Clauses, Named, NamedOrgan, NamedPlace, NamedProvision, OnePerLine, Sentence
from domain.vocabulary import Text

Language = Literal["zh", "en"]
"""The two languages in which everything is said."""

_texts: Final[dict[str, Text]] = {}
"""The entries of every file read so far, by their whole codes."""
_families: Final[dict[str, dict[str, Text]]] = {}
"""The same by their families; a file is the family of those that have no other."""


def said(text: Text, language: Language) -> str:
    """One of the two sides of a text."""
    return text.zh if language == "zh" else text.en


class UnknownText(LookupError):
    """Nothing stands under a code: a mistake of ours, found by the tests."""


def say(code: str, language: Language, /, **given: object) -> str:
    """One side of a text with its placeholders filled. Raises ``UnknownText``, and ``KeyError`` for a placeholder that
    is not given."""
    side = said(_entry(code), language)
    return side.format_map(Filling(given)) if given else side


_ONE: Final = ("1", "-1", "+1")


class Filling(dict[str, object]):
    """What fills the placeholders of a text. ``{days|day|days}`` is the first word for one and the second for any other
    number of ``days``: where a language has two."""

    def __missing__(self, key: str) -> object:
        counted, *words = key.split("|")
        if len(words) != 2:
            raise KeyError(key)
        one, other = words
        return one if str(self[counted]) in _ONE else other


def both(code: str, /, **given: object) -> Text:
    """Both sides of a text, each filled with its own side of a text that is given. Raises like ``say``."""
    found = _entry(code)
    return Text(_filled(found, "zh", given), _filled(found, "en", given)) if given else found


def _filled(found: Text, language: Language, given: Mapping[str, object]) -> str:
    values = {name: said(value, language) if isinstance(value, Text) else value for name, value in given.items()}
    return said(found, language).format_map(Filling(values))


def worded(what: Sentence) -> Text:
    """What the core has to say, in both languages. Raises like ``say``."""
    return Text(_side(what, "zh"), _side(what, "en"))


def _side(value: object, language: Language) -> str:
    """One side of a sentence, or of what is given to one."""
    match value:
        case Sentence():
            return say(value.code, language, **{name: _side(part, language) for name, part in value.given})
        case object(zh=str() as zh, en=str() as en):
            return zh if language == "zh" else en
        case Named():
            return name(value.family, value.code, language)
        case NamedPlace() | NamedOrgan():
            # What places and organs are called is put together from texts.
            from interfaces.wording import places

            called = places.place if isinstance(value, NamedPlace) else places.authority
            return called(value.code, language)
        case NamedProvision():
            from interfaces.wording import citations

            return citations.cite(value.citation, language, value.articles)
        case Alternatives():
            return _joined(value.parts, "errors.joined.or", language)
        case Clauses():
            stop = say("errors.joined.stop", language)
            clauses = [_side(part, language).rstrip(stop) for part in value.parts]
            return say("errors.joined.clause", language).join(clauses)
        case OnePerLine():
            return "\n".join(_side(part, language) for part in value.parts)
        case str():
            return value
        case Collection():
            return _joined(value, "errors.joined.and", language)
        case _:
            return str(value)


def _joined(parts: Iterable[object], mark: str, language: Language) -> str:
    return say(mark, language).join(_side(part, language) for part in parts)


def name(family: str, code: str, language: Language, /) -> str:
    """What a code is called in a family of texts; the code itself where the family does not name it."""
    found = _family(family).get(code)
    return code if found is None else said(found, language)


def has(family: str, code: str, /) -> bool:
    """Whether a family of texts has one for a code."""
    return code in _family(family)


def codes_of(family: str, /) -> tuple[str, ...]:
    """The codes that a family of texts names, in the order of its file."""
    return tuple(_family(family))


def _entry(code: str) -> Text:
    found = _texts.get(code)
    if found is None:
        _read(code)
        found = _texts.get(code)
        if found is None:
            raise UnknownText(code)
    return found


def _family(code: str) -> Mapping[str, Text]:
    found = _families.get(code)
    if found is None:
        _read(code)
        found = _families.get(code)
        if found is None:
            raise UnknownText(code)
    return found


def read_all() -> None:
    """Read every file now: a server says what is wrong also when no more files can be opened."""
    from importlib.resources import files

    for source in files(__name__).iterdir():
        if source.name.endswith(".toml"):
            _read(source.name)


def _read(code: str) -> None:
    """Read the file in which a code would stand, unless it has been read."""
    # Imported here: whoever is only told of the commands needs neither.
    from importlib.resources import files

    import tomli

    file = code.partition(".")[0]
    if file in _families:
        return
    source = files(__name__) / f"{file}.toml"
    if not source.is_file():
        raise UnknownText(code)
    families: dict[str, dict[str, Text]] = {file: {}}
    for family, key, entry in _entries(file, tomli.loads(source.read_text("utf-8"))):
        families.setdefault(family, {})[key] = entry
    # Whole at once: another thread may ask meanwhile.
    _texts.update({f"{family}.{key}": entry for family, named in families.items() for key, entry in named.items()})
    _families.update(families)


def _entries(family: str, table: Mapping[str, Any]) -> Iterator[tuple[str, str, Text]]:
    for key, value in table.items():
        if isinstance(value.get("zh"), str):
            yield family, key, Text(value["zh"], value["en"])
        else:
            yield from _entries(f"{family}.{key}", value)
