"""What people read over HTTP and in English: each language by itself, papers and names, no code and no id.

The Chinese of the command line is looked through in ``test_chinese_answers``.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from application.demo.stories import Story
from interfaces.cli.app import run
from tests.interfaces.http_client import Api
from tests.interfaces.wording.test_chinese_answers import (
    ALL,
    NOT_READ,
    UUID,
    house,
    questions_about,
    questions_about_all,
)
from tests.interfaces.wording.test_chinese_answers import foreign as foreign_in_chinese
from tests.support.sample import known_on, whole

READ = frozenset(
    ("headline", "because", "what", "legal_basis", "sentence", "answer", "issue", "title", "detail", "authority_name",
     "cites_text", "detail_zh", "detail_en", "zh", "en")
)  # fmt: skip
"""The fields that hold a sentence or a label; whatever stands in ``texts`` is one too."""

PARAMETER = r"(?<=参数 )[a-z_0-9]+|(?<=parameter )[a-z_0-9]+"
"""The parameter in which a fault is."""
CHINESE = r"[\u3400-\u9fff]"
PAPERS = (
    r"[\u3400-\u9fff]+〔\d{4}〕\d+号",  # the number of a paper
    r"\(?(?:部令第9号|公告2019年第38号|苏环规〔2019〕5号)",  # a text that is cited by its number
    r"国务院办公厅关于\S+的通知(?:（\S+）)?",  # the official title of a calendar's paper
)
ALLOWED = (
    *PAPERS,
    rf"(?:^|  ){UUID}(?::[a-z_]+)?(?=$|  | ·)",  # the key by which it is asked for next
    r"--[a-z][a-z-]*",  # an option to use
    r"\b[A-Z]-\d\d[a-z]?:[a-z0-9_]+",  # an answer to a reading, as --reading takes it
    r"\b[a-z_]+\.[a-z_]+@[a-z0-9_]+",  # the id of an edition
    r"(?<=there are: ).*",  # the codes to choose from
    r"(?<=matter: )[^;]*",  # free text, as it was recorded
    r"(?<=because: )[^;(]*",
    r"(?<=fields: )[^;)]*",
    r"(?<=request: )/[a-z_/0-9]+",  # where in a request a fault is
    PARAMETER,
)
FULL_WIDTH = r"[（）：；，。、「」]"
FOREIGN_IN_ENGLISH = re.compile(rf"{CHINESE}+|[A-Za-z]+_[A-Za-z_]+|{UUID}|{FULL_WIDTH}")


@cache
def names() -> re.Pattern[str]:
    """What subjects are called, the longest first."""
    world = whole()
    ids = [row.subject for row in world.journal.subjects(limit=10_000)]
    files = (world.casework.file(id).name_on(None) for id in ids)
    persons = (person.name for person in world.vault.open(ids).values() if person is not None)
    called = {name for name in (*files, *persons) if name}
    return re.compile("|".join(sorted(map(re.escape, called), key=len, reverse=True)))


def foreign_in_english(line: str) -> list[str]:
    """What of a line is neither English nor on the list."""
    if NOT_READ.match(line) or line.startswith("Basis: "):
        return []
    for pattern in ALLOWED:
        line = re.sub(pattern, "", line)
    return FOREIGN_IN_ENGLISH.findall(names().sub("", line))


def told(value: Any, language: str, name: str = "", *, is_text: bool = False) -> Iterator[str]:
    """Every text of an answer that people read in a language."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if (key == "zh" or key.endswith("_zh")) and language == "en":
                continue
            if (key == "en" or key.endswith("_en")) and language == "zh":
                continue
            if key != "content":
                yield from told(inner, language, key, is_text=is_text or key == "texts")
    elif isinstance(value, list):
        for inner in value:
            yield from told(inner, language, name, is_text=is_text)
    elif isinstance(value, str) and (is_text or name in READ):
        yield value


def asked_over_http(story: Story) -> Iterator[tuple[str, dict[str, str]]]:
    """What is asked about a story, with a target that is none at the end: an error is read too."""
    day, of = str(story.asked[0].as_of), f"/subjects/{story.subject}"
    regime = {"regime": story.regime}
    for asked in story.asked[:2]:
        known = {} if asked.known_at is None else {"known_at": str(known_on(asked))}
        yield f"{of}/grade", {"regime": asked.regime, "as_of": str(asked.as_of), **known}
    yield of, {"as_of": day}
    yield f"{of}/timeline", {}
    yield f"{of}/grade/history", regime
    yield f"{of}/grade/diff", {**regime, "as_of_1": day, "as_of_2": "2026-06-30"}
    yield f"{of}/grade/counterfactuals", {**regime, "as_of": day, "target": "C"}
    yield f"{of}/grade", {**regime, "as_of": "2019-02-30"}


@cache
def api() -> Api:
    return Api(whole())


@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("story", ALL[::3], ids=lambda story: story.subject[:8])
def test_an_answer_over_http_is_in_the_language_asked_for(story: Story, language: str) -> None:
    foreign = foreign_in_chinese if language == "zh" else foreign_in_english
    wrong, number = [], 0
    for path, query in asked_over_http(story):
        answer = api().get(path, "zh-CN" if language == "zh" else "en", **query).json()
        texts = dict.fromkeys(re.sub(PARAMETER, "", text) for text in told(answer, language))
        number += len(texts)
        wrong += [(path, found, text) for text in texts if (found := foreign(text))]
    assert number > 10
    assert wrong == []


def faults_in_english(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> list[str]:
    run(house(), ("--lang", "en", *arguments))  # type: ignore[arg-type]
    lines = capsys.readouterr().out.splitlines()
    return [f"{' '.join(arguments)}: {found} in {line}" for line in lines if (found := foreign_in_english(line))]


@pytest.mark.slow
@pytest.mark.parametrize("story", ALL, ids=lambda story: story.subject[:8])
def test_an_answer_about_a_story_is_english_when_asked_for(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    assert [fault for asked in questions_about(story) for fault in faults_in_english(capsys, asked)] == []


@pytest.mark.slow
def test_lists_and_rulebooks_are_english_when_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # So wide that no name of a Chinese document is broken, by whose pattern it is known.
    monkeypatch.setenv("COLUMNS", "1000")
    assert [fault for asked in questions_about_all() for fault in faults_in_english(capsys, asked)] == []
