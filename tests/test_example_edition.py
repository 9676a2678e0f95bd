"""The example of the jurists' guide does what the guide says: it is read, checked, adopted and graded by."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from domain.law import edition as model
from domain.law.edition import Edition
from domain.law.lint import lint
from domain.law.parse import parse_edition
from interfaces.files.scenario_files import load, player
from tools.edition_keys import PAGE, page_of

DOCS = Path(__file__).parents[1] / "docs"
TEXT = (DOCS / "example-edition.toml").read_text("utf-8")
GUIDES = ("editions.zh.md", "editions.en.md")


def test_the_example_is_sound() -> None:
    assert lint(parse_edition(TEXT, "example-edition.toml"), TEXT) == ()


@pytest.mark.parametrize("guide", GUIDES)
def test_the_case_of_the_guide_holds(guide: str) -> None:
    """The guide shows a case in full: it is played as it stands there, on the example beside it."""
    (case,) = re.findall(r"```yaml\n(.*?)```", (DOCS / guide).read_text("utf-8"), re.DOTALL)
    for found in load(case, str(DOCS / "case.yaml")):
        result = player().play(found)
        assert result.passed, [(f.line, f.en, f.differences) for f in result.failures]


@pytest.mark.parametrize("guide", GUIDES)
def test_the_guide_names_every_section_that_an_edition_can_have(guide: str) -> None:
    told = (DOCS / guide).read_text("utf-8")
    assert [name for name in Edition.__struct_fields__ if f"`{name}" not in told and f"[{name}" not in told] == []


def test_the_page_of_keys_names_every_key_of_every_part() -> None:
    told = (DOCS / "edition-keys.md").read_text("utf-8")
    parts = [part for part in vars(model).values() if isinstance(part, type) and issubclass(part, msgspec.Struct)]
    keys = {f.name for part in parts if part.__module__ == model.__name__ for f in msgspec.structs.fields(part)}
    assert sorted(key for key in keys if f"`{key}`" not in told) == []


def test_the_page_of_keys_has_the_table_of_methods_as_it_is_now() -> None:
    text = PAGE.read_text("utf-8")
    assert page_of(text) == text, "make derived"


def test_every_method_has_its_line_on_the_page_of_keys_to_which_the_guides_lead() -> None:
    told = (DOCS / "edition-keys.md").read_text("utf-8")
    methods = [str(method.__struct_config__.tag) for method in get_args(model.Method)]
    assert [method for method in methods if f"\n| `{method}` | |" not in told] == []
    assert all("](edition-keys.md#评价方法--methods)" in (DOCS / guide).read_text("utf-8") for guide in GUIDES)


@pytest.mark.parametrize("guide", GUIDES)
def test_what_the_guide_quotes_from_the_example_stands_there(guide: str) -> None:
    quoted = re.findall(r"```toml\n(.*?)```", (DOCS / guide).read_text("utf-8"), re.DOTALL)
    assert quoted
    assert [part for part in quoted if part.strip() not in TEXT] == []


def test_both_guides_quote_the_same() -> None:
    zh, en = (re.findall(r"```\w*\n(.*?)```", (DOCS / guide).read_text("utf-8"), re.DOTALL) for guide in GUIDES)
    assert zh == en
