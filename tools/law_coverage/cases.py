"""The worked cases that exercise each provision, as the pages of the law tell them: by what they say of themselves."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from tools.law_coverage.coverage import Place

TARGET: Final = "src/interfaces/files/law-cases.json"
"""Where the product reads them."""

_MOST: Final = 8
_BETWEEN: Final = " / "


def told_cases(places: Iterable[Place], abouts: Mapping[Place, object]) -> dict[str, Any] | None:
    """The first cases that say in both languages what they are about, and how many more there are; ``None`` for no
    case at all."""
    found = dict.fromkeys(places)
    said = [str(abouts.get(place) or "").partition(_BETWEEN) for place in found]
    told = list(dict.fromkeys((zh, en) for zh, between, en in said if between))[:_MOST]
    return {"told": [list(both) for both in told], "more": len(found) - len(told)} if found else None


def written(of_editions: Mapping[str, Mapping[str, Any]]) -> str:
    """The file, an edition after the other, a provision a line."""
    parts = []
    for edition, provisions in sorted(of_editions.items()):
        lines = [f"  {_json(cite)}: {_json(told)}" for cite, told in provisions.items()]
        parts.append(f"{_json(edition)}: {{\n" + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def write(root: Path, text: str) -> Path:
    """Put the file into the repository."""
    target = root / TARGET
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    return target
