"""What people read in Chinese holds names, papers and words: no code, no id and no English but for a short list."""

import re
from collections.abc import Iterator
from functools import cache

import pytest

from application.demo.stories import Story
from interfaces.cli.app import run
from interfaces.files.demo_stories import demo_stories
from interfaces.files.shipped import shipped_editions
from tests.support.cases import cases_in, played
from tests.support.house import house_of
from tests.support.sample import known_on, whole
from tests.support.world import World

ALL = demo_stories().stories
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
ALLOWED = (
    # The key of a subject or of a deadline, by which it is asked for next.
    rf"(?:^|  ){UUID}(?::[a-z_]+)?(?=$|  | ·)",
    r"--[a-z][a-z-]*",  # an option to use
    r"\b[A-Z]-\d\d[a-z]?:[a-z0-9_]+",  # an answer to a reading, as --reading takes it
    r"\b[a-z_]+\.[a-z_]+@[a-z0-9_]+",  # the id of an edition
    r"\b\d{6}-(?:clerk|officer)-\d\d\b",  # an account, as it is called
    r"\b[0-9a-f]{12}\b",  # the digest of an edition
    r"(?<=：)/[a-z_/0-9]+",  # where in a request a fault is
)
NOT_READ = re.compile(r"^(token: |依据：)")
FOREIGN = re.compile(rf"[A-Za-z_]{{3,}}|{UUID}")
ROW_CODES = re.compile(r"^ ?[A-Z]+(-[A-Z]+)+ ")
GRADE_CODES = re.compile(r"可用：.*。$")


def questions_about(story: Story) -> Iterator[tuple[str, ...]]:
    first, regime = story.asked[0], story.regime
    day = str(first.as_of)
    for asked in story.asked[:2]:
        known = () if asked.known_at is None else ("--known-at", str(known_on(asked)))
        yield ("grade", story.subject, "--regime", asked.regime, "--as-of", str(asked.as_of), *known)
    yield ("timeline", story.subject)
    yield ("subject", story.subject, "--as-of", day)
    yield ("diff", story.subject, "--regime", regime, "--as-of-1", day, "--as-of-2", "2026-06-30")
    yield ("counterfactuals", story.subject, "--regime", regime, "--target", "C", "--as-of", day)


def questions_about_all() -> Iterator[tuple[str, ...]]:
    for regime in whole().legislation.regimes():
        story = next((s for s in ALL if s.regime == regime), None)
        yield ("subjects", "--regime", regime, "--as-of", "2024-12-31", "--limit", "30")
        if story is not None:
            yield ("readings", story.subject, "--regime", regime, "--as-of", str(story.asked[0].as_of))
    for regime in ("nmg.third_party", "jiaxing.monitoring", "ningbo.monitoring"):
        yield ("evaluation", regime, "2024", "--as-of", "2025-12-31", "--each")
    yield ("deadlines", "--as-of", "2026-06-30", "--limit", "60")
    yield ("deadline", "4f2aef5c-a95f-54f6-8910-8778048a1835:repair_decision", "--as-of", "2026-06-30")
    yield (
        "diff",
        "--region",
        "150100",
        "--regime",
        "nmg.third_party",
        "--as-of-1",
        "2024-06-30",
        "--as-of-2",
        "2024-12-31",
    )
    yield ("knowledge", "fab457e4-4ea4-5e6b-99e3-6ac98f848b34")
    yield ("advisories", "db9a9b7a-adad-50c2-989e-0aaf6b08892b", "--as-of", "2026-06-30")
    yield ("rulebook", "list")
    for shipped in shipped_editions():
        yield ("rulebook", "show", shipped.edition.id)


@cache
def house() -> object:
    return house_of(whole())


def foreign(line: str) -> list[str]:
    """What of a line is neither Chinese nor on the list."""
    if NOT_READ.match(line):
        return []
    for pattern in ALLOWED:
        line = re.sub(pattern, "", line)
    return FOREIGN.findall(GRADE_CODES.sub("", ROW_CODES.sub("", line)))


def faults(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> list[str]:
    run(house(), arguments)  # type: ignore[arg-type]
    said = capsys.readouterr()
    # An error is told in Chinese first, in English below.
    lines = [*said.out.splitlines(), *said.err.splitlines()[:1]]
    return [f"{' '.join(arguments)}: {found} in {line}" for line in lines if (found := foreign(line))]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("demo/2-jiaxing.yaml", "jiaxing_stayed_away"),
        ("demo/4-ningbo.yaml", "ningbo_falsified"),
        ("demo/5-wenzhou.yaml", "wenzhou_reminder"),
    ],
)
def test_a_story_that_is_told_alone_is_chinese(file: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    (case,) = [each for each in cases_in(file) if each.name == name]
    found = played(case)
    alone = house_of(World(found.journal, found.vault, found.clock))
    asked = {("grade", e.subject, "--as-of", str(e.as_of), "--regime", case.regime) for e in case.expects if e.as_of}
    # Files are called by the names that the case has for them, and who records is the one who plays it.
    called, wrong = {"scenario", *(subject.id for subject in case.subjects)}, []
    for question in (*sorted(asked), *(("timeline", subject.id) for subject in case.subjects)):
        assert run(alone, [str(part) for part in question]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) > 5
        wrong += [(found, line) for line in lines for found in foreign(line) if found not in called]
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("story", ALL, ids=lambda story: story.subject[:8])
def test_an_answer_about_a_story_is_chinese(story: Story, capsys: pytest.CaptureFixture[str]) -> None:
    assert [fault for asked in questions_about(story) for fault in faults(capsys, asked)] == []


@pytest.mark.slow
def test_lists_and_rulebooks_are_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert [fault for asked in questions_about_all() for fault in faults(capsys, asked)] == []
