"""The pages that show how each provision of a text is covered: ``python -m tools.law_coverage [FOLDER]``.

Every outline ``docs/law/*.toml`` of the repository gets a page of the same name beside it. The page depends on nothing
but the sources, so that it can be committed and compared. Exit status 1 when a provision has no coverage or is
not listed, 2 when there is no outline or a file has faults.
"""

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from domain.errors import CaseError, NotFound
from domain.law.citations import Articles
from domain.law.edition import Edition, Unencoded
from interfaces.files.shipped import shipped_editions
from interfaces.files.yaml_text import documents
from interfaces.wording.citations import articles_of, cite
from interfaces.wording.texts import worded
from tools.law_coverage.cases import told_cases, write, written
from tools.law_coverage.coverage import (
    Entry,
    Line,
    Outline,
    Place,
    Source,
    above,
    case_source,
    coverage,
    filled_from,
    parse_outline,
    python_source,
    unlisted,
)

OUTLINES: Final = "docs/law"
"""Where the outlines and the pages are, from the root of the repository."""

_CODE: Final = ("src/domain", "src/application")
# Example data, this very survey and the check of how citations are written apply no law.
_NO_CODE: Final = (
    "src/application/demo/",
    "src/domain/law/lint/",
    "src/domain/law/official.py",
)
# Here citations are specimens of how citations are written, displayed or compared; no law is exercised.
_SPECIMENS: Final = (
    "tests/application/law/test_rulebooks.py",
    "tests/domain/law/test_official_text.py",
    "tests/domain/law/test_own_edition.py",
    "tests/domain/law/test_rulebook_diff.py",
    "tests/domain/law/test_rulebook_files.py",
    "tests/domain/law/test_rulebook_lint_methods.py",
    "tests/interfaces/cli/test_rulebooks.py",
    "tests/interfaces/http/test_rulebooks.py",
    "tests/interfaces/wording/test_words.py",
    "tests/scenarios/test_scenarios.py",
    "tests/test_law_coverage.py",
)
_MOST: Final = 3
"""How many places of one file are named before an ellipsis: enough to start reading from."""


class Survey(NamedTuple):
    """One text with its coverage: the name of its page, its outline with what its rows add, edition and lines."""

    name: str
    outline: Outline
    edition: Edition
    lines: tuple[Line, ...]

    @property
    def unlisted(self) -> tuple[str, ...]:
        """What the edition, or the outline itself, cites and the outline does not list."""
        return unlisted(self.outline, self.edition)

    @property
    def gaps(self) -> tuple[Line, ...]:
        """The provisions without coverage."""
        return tuple(line for line in self.lines if not line.covered)


def surveys(root: Path) -> tuple[Survey, ...]:
    """Every text that has an outline in the repository ``root``.

    Each is held to the latest edition of its regime. Raises ``RulebookError`` or ``BadFile`` for a file with faults,
    ``NotFound`` for an outline of a regime of which no edition is shipped, ``SyntaxError`` for a source that is no
    Python.
    """
    found = {path.stem: parse_outline(path.read_text("utf-8"), path.name) for path in _files(root, OUTLINES, "*.toml")}
    in_order = sorted((s.edition for s in shipped_editions()), key=lambda e: (e.in_force_on or dt.date.min, e.id))
    editions = {edition.regime: edition for edition in in_order}
    code = [_python(root, p) for folder in _CODE for p in _files(root, folder, "*.py") if _counts(root, p, _NO_CODE)]
    tests = [_python(root, path) for path in _files(root, "tests", "test_*.py") if _counts(root, path, _SPECIMENS)]
    cases = list(_cases(root))
    surveyed = []
    for name, outline in found.items():
        edition = editions.get(outline.regime)
        if edition is None:
            raise NotFound("regime", outline.regime)
        own_outline = filled_from(outline, edition)
        others = [n for other in found.values() if other is not outline for n in other.names]
        own = [case_source(path, outline.names[0], case, v) for path, case, r, v in cases if r == edition.regime]
        lines = coverage(own_outline, edition, others, code, tests, own)
        surveyed.append(Survey(name, own_outline, edition, lines))
    return tuple(surveyed)


def cases_by_provision(root: Path, found: Iterable[Survey]) -> str:
    """The file of the worked cases of every provision, of all texts."""
    abouts = {Place(path, case): v.get("about") for path, case, _, v in _cases(root) if isinstance(v, dict)}
    return written(
        {
            survey.edition.id: {
                line.cite: told for line in survey.lines if (told := told_cases(line.scenarios, abouts)) is not None
            }
            for survey in found
        }
    )


def _files(root: Path, folder: str, pattern: str) -> list[Path]:
    return sorted((root / folder).rglob(pattern))


def _counts(root: Path, path: Path, left_out: tuple[str, ...]) -> bool:
    return not path.relative_to(root).as_posix().startswith(left_out)


def _python(root: Path, path: Path) -> Source:
    return python_source(path.relative_to(root).as_posix(), path.read_text("utf-8"))


def _cases(root: Path) -> Iterator[tuple[str, str, str, object]]:
    """Path, name, regime and content of every case."""
    for file in _files(root, "scenarios", "*.yaml"):
        path = file.relative_to(root).as_posix()
        for document in documents(file.read_text("utf-8"), path):
            if isinstance(document.value, dict):
                yield path, str(document.value.get("case")), str(document.value.get("regime")), document.value


# --- the page -------------------------------------------------------------------------------------------------

_HEAD: Final = """\
# 条款覆盖 · Law coverage

{zh} · {en}

本页由 `make law` 生成，请勿手改；条款提要在 `{name}.toml`。每一条、款、项下列出：援引它的代码，依据它的规则条目
（规则版本 `{edition}`），检验它的测试和案例。同一文件列出前 {most} 处，其余以 … 表示；
只有具名的测试和案例的期望所载的引证才算覆盖；注释、说明和案例简介里提到的标为“仅提及”，不算覆盖。
“经条目”是指测试或案例所用的附件条目援引了它。没有计算内容的条款在规则版本中声明“未编码”并说明原因；
既无覆盖又未声明的，测试不通过。

Written by `make law`; do not edit. What each provision is about stands in `{name}.toml`. Under every article,
paragraph and item: the code that cites it, the entries of the edition `{edition}` that rest on it,
the tests and scenarios that exercise it. Of one file the first {most} places are named, then …. Only named tests and
what cases expect count; what a comment or the summary of a case says is “mentioned only”. “Through rows” are rows of an
annex that cite the provision and are exercised. A provision with nothing to compute is declared unencoded
in the edition, with the reason; a test fails for one that has neither.
"""

_KINDS: Final = {
    "method": "方法", "band": "等级段", "row": "条目", "reading": "解释项", "stage": "环节", "deadline": "期限",
    "measure": "措施", "erratum": "勘误", "excluded": "不适用的程序", "grounds": "依据",
}  # fmt: skip


def page(survey: Survey) -> str:
    """The page of a text, in Markdown."""
    title = survey.edition.title
    head = _HEAD.format(name=survey.name, zh=title.zh, en=title.en, edition=survey.edition.id, most=_MOST)
    # The rows of an annex follow their annex.
    order = {listed: number for number, listed in enumerate(survey.outline.provision)}
    lines = sorted(survey.lines, key=lambda line: order[line.cite if line.cite in order else next(above(line.cite))])
    articles = articles_of([survey.edition])
    return "\n".join([head, *("\n".join(_provision(line, articles)) + "\n" for line in lines)])


def _provision(line: Line, articles: Sequence[Articles]) -> Iterator[str]:
    said = line.provision
    yield f"{'###' if any(above(line.cite)) else '##'} {_in_chinese(line, articles)} {said.zh} · {line.cite} {said.en}"
    yield ""
    if line.code:
        yield f"- 代码 Code: {_places(line.code)}"
    if line.entries:
        yield f"- 规则 Edition: {_entries(line.entries)}"
    if line.tests:
        yield f"- 测试 Tests: {_places(line.tests)}"
    if line.scenarios:
        yield f"- 案例 Scenarios: {_places(line.scenarios)}"
    if line.mentions:
        yield f"- 仅提及 Mentioned only: {_places(line.mentions)}"
    if line.through:
        yield f"- 经条目 Through rows: {', '.join(line.through)}"
    if line.declared is not None:
        yield f"- 未编码 Unencoded: {_reason(line.cite, line.declared, articles)}"
    if said.covered_by is not None and said.note is not None:
        lender = f"{cite(said.covered_by, 'zh', articles)} {said.covered_by}"
        yield f"- 覆盖同 Covered as {lender}: {said.note.zh} / {said.note.en}"
    if not line.covered:
        yield f"- **缺 Missing**: {missing(line)}"
    elif not (line.applied and line.exercised) and line.declared is None and said.covered_by is None:
        yield "- 由下列各项覆盖 Covered by all of its parts"


def missing(line: Line) -> str:
    """What a provision without coverage lacks, in both languages."""
    if line.provision.covered_by is not None:
        return f"{line.provision.covered_by} 的覆盖 the coverage of {line.provision.covered_by}"
    lacks = [] if line.applied else ["代码或规则条目 code or an entry of the edition"]
    lacks += [] if line.exercised else ["测试或案例 a test or scenario"]
    return "; ".join(lacks)


def _reason(cited: str, declared: Unencoded, articles: Sequence[Articles]) -> str:
    if declared.cites == cited:
        return f"{declared.reason.zh} / {declared.reason.en}"
    return f"见{cite(declared.cites, 'zh', articles)} / see {declared.cites}"


def _in_chinese(line: Line, articles: Sequence[Articles]) -> str:
    provision, _, row = line.cite.rpartition(" ")
    return f"{cite(provision, 'zh')} {row}" if provision.startswith("annex ") else cite(line.cite, "zh", articles)


def _places(places: Iterable[Place]) -> str:
    """The places file by file, the first few of each."""
    files: dict[str, list[str]] = {}
    for place in sorted(places, key=lambda p: p.path):
        files.setdefault(place.path, []).append(place.name)
    return "; ".join(f"`{path}`{_names(names)}" for path, names in files.items())


def _names(names: Sequence[str]) -> str:
    named = [name for name in names if name]
    shown = ", ".join(named[:_MOST]) + (", …" if len(named) > _MOST else "")
    return f" ({shown})" if shown else ""


def _entries(entries: Iterable[Entry]) -> str:
    """The entries table by table."""
    tables: dict[str, list[str]] = {}
    for entry in entries:
        tables.setdefault(entry.kind, []).append(entry.name)
    parts = (f"{_KINDS.get(kind, '')} {kind} {', '.join(filter(None, names))}" for kind, names in tables.items())
    return "; ".join(part.strip() for part in parts)


def main(arguments: Sequence[str]) -> int:
    """Write the pages of the repository in the folder given, or in this one; the exit status."""
    root = Path(arguments[0]) if arguments else Path()
    try:
        found = surveys(root)
    except CaseError as error:
        print(f"{worded(error.says).zh}\n{worded(error.says).en}", file=sys.stderr)
        return 2
    except SyntaxError as error:
        print(f"源文件语法错误：{error}\nnot valid Python: {error}", file=sys.stderr)
        return 2
    if not found:
        print(f"{root / OUTLINES} 下没有条款提要。\nThere is no outline in {root / OUTLINES}.", file=sys.stderr)
        return 2
    print(write(root, cases_by_provision(root, found)))
    for survey in found:
        target = root / OUTLINES / f"{survey.name}.md"
        target.write_text(page(survey), "utf-8")
        print(target)
        for line in survey.gaps:
            print(f"{survey.name} {line.cite}: 缺 missing {missing(line)}", file=sys.stderr)
        for cited in survey.unlisted:
            print(f"{survey.name} {cited}: 条款提要中没有 not in the outline", file=sys.stderr)
    return 1 if any(survey.gaps or survey.unlisted for survey in found) else 0
