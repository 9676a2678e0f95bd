"""Whether everybody can use a page: what axe finds, where the keyboard leads, what is cut off."""

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from interfaces.web.page import LANGUAGE_COOKIE
from interfaces.wording.texts import Language

EVERYTHING: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
OF_LOOKS: Final = ("color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size")
"""The rules of axe whose answer hangs on the width and the colours of a page."""

_AXE: Final = Axe().axe_script
# What passed is as long as the page, and would come through three processes to be thrown away.
_RUN: Final = "options => axe.run(options).then(({ violations }) => violations)"

# Numbers whatever the keyboard must reach: what is shown and can be used. Of radio buttons of a group it reaches one.
_NUMBER: Final = """() => {
  const groups = new Set();
  const usable = [...document.querySelectorAll(
    "a[href], button, input, select, textarea, summary, [tabindex]"
  )].filter((e) => {
    if (e.disabled || e.type === "hidden" || e.tabIndex < 0) return false;
    if (!e.checkVisibility({ visibilityProperty: true })) return false;
    if (e.type !== "radio") return true;
    const is_first = !groups.has(e.name);
    groups.add(e.name);
    return is_first;
  });
  window.stops = new Map(usable.map((e, number) => [e, number]));
  const group = (e) => usable.find((other) => other.type === "radio" && other.name === e.name);
  window.numberOf = (e) => window.stops.get(e.type === "radio" ? group(e) : e) ?? -1;
  return usable.map((e) => (e.getAttribute("aria-label") || e.innerText || e.name || e.outerHTML).trim().slice(0, 60));
}"""

# Goes to the beginning of the page, or to its end, from where Tab goes on.
_BEGIN: Final = """(backwards) => {
  const here = document.createElement("span");
  here.tabIndex = -1;
  document.body[backwards ? "append" : "prepend"](here);
  here.focus();
  here.remove();
}"""

# What has the focus: its number, and whether one sees that it has and nothing lies over it.
_FOCUS: Final = """() => {
  const e = document.activeElement;
  if (!e || e === document.body || e === document.documentElement) return null;
  const style = getComputedStyle(e);
  const [box] = e.getClientRects();
  const middle = (from, to, most) => (Math.max(from, 0) + Math.min(to, most)) / 2;
  const x = middle(box.left, box.right, innerWidth), y = middle(box.top, box.bottom, innerHeight);
  const top = document.elementFromPoint(x, y);
  return {
    number: window.numberOf(e),
    marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    covered: !top || !(e.contains(top) || top.contains(e) || top.closest("label")?.contains(e)),
  };
}"""

# Where there are scripts the page itself writes down, at the release of each key, what has the focus: to be asked after
# each takes half of the time of a walk.
_WRITE_DOWN: Final = f"""() => {{
  window.walk = [];
  addEventListener("keyup", (e) => e.key === "Tab" && window.walk.push(({_FOCUS})()), {{ capture: true }});
}}"""
_WRITTEN: Final = "() => window.walk.splice(0)"
_AT_ONCE: Final = 8

# What reaches beyond the window, where one can scroll sideways at all. A wide table scrolls by itself.
_TOO_WIDE: Final = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
  [...document.querySelectorAll("body *")].filter((e) => e.checkVisibility() && !e.closest(".wide")
    && e.getBoundingClientRect().right > innerWidth + 1).map((e) => e.outerHTML.slice(0, 120))"""


class Walked(NamedTuple):
    """Where Tab led: by what stands there, in order, and what was wrong."""

    reached: list[str]
    missed: list[str]
    unmarked: list[str]
    covered: list[str]


def has_no_axe_violations(page: Page, rules: Sequence[str] = EVERYTHING) -> None:
    """Assert that axe finds nothing against WCAG 2.2 AA or its own good practice; else say what, and where. ``rules``
    are those looked at, by their tags or names."""
    # What lies half under the bar that stays at the top is too small only there.
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(_AXE)
    violations: list[dict[str, Any]] = page.evaluate(_RUN, {"runOnly": list(rules), "resultTypes": ["violations"]})
    told = [
        f"{violation['id']}: {violation['help']}: {node['target']} {node.get('failureSummary', '')}"
        for violation in violations
        for node in violation["nodes"]
    ]
    assert told == [], f"{page.url}\n" + "\n".join(told)


def walked(page: Page, *, backwards: bool = False) -> Walked:
    """Go through a page by Tab alone, from its beginning to its end (or, ``backwards``, from its end)."""
    names: list[str] = page.evaluate(_NUMBER)
    page.evaluate(_BEGIN, backwards)
    order: list[int] = []
    marked, covered = set[int](), set[int]()
    # Parts of a date are stops of their own.
    for focus in _focused(page, "Shift+Tab" if backwards else "Tab", 8 * len(names) + 8):
        if focus is None:
            if order:
                break
            continue
        number = focus["number"]
        if order and number == order[0] and number != order[-1]:
            break
        if number not in order:
            order.append(number)
        if focus["marked"]:
            marked.add(number)
        if focus["covered"]:
            covered.add(number)

    def named(numbers: Iterable[int]) -> list[str]:
        return [names[number] if number >= 0 else "?" for number in numbers]

    missed = set(range(len(names))) - set(order)
    return Walked(named(order), named(missed), named(set(order) - marked), named(covered))


def _focused(page: Page, key: str, most: int) -> Iterator[dict[str, Any] | None]:
    """What has the focus after each of ``most`` presses of ``key``, or of a few more; whoever asks for fewer may find
    that it was pressed up to eight times since."""
    page.evaluate(_WRITE_DOWN)
    page.keyboard.press(key)
    written = page.evaluate(_WRITTEN)
    if written:
        yield from written
        for _ in range(0, most, _AT_ONCE):
            for _ in range(_AT_ONCE):
                page.keyboard.press(key)
            yield from page.evaluate(_WRITTEN)
    else:
        # There are no scripts, or none that hears of keys.
        yield page.evaluate(_FOCUS)
        for _ in range(most - 1):
            page.keyboard.press(key)
            yield page.evaluate(_FOCUS)


def too_wide(page: Page) -> list[str]:
    """What makes a page wider than its window, so that one would have to scroll sideways to read it (WCAG 1.4.10)."""
    found: list[str] = page.evaluate(_TOO_WIDE)
    return found


def look_otherwise(page: Page, *, language: Language, width: int, dark: bool) -> None:
    """Load a page anew, as somebody with another language, window or scheme has it."""
    height = page.viewport_size["height"] if page.viewport_size else width
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if dark else "light")
    here = str(page.evaluate("location.origin"))
    page.context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": here}])
    page.reload()
    assert str(page.evaluate("document.documentElement.lang")).startswith(language)


_MOST_TRIES: Final = 3
_QUALITY: Final = 90
SCREENSHOTS: Final = Path(__file__).parents[2] / "build/screenshots"
# Nothing is asserted of them, and they take a fifth of the time of these tests.
_WANTED: Final = "ECODOCKET_PICTURES" in os.environ


def photograph(page: Page, name: str) -> None:
    """Keep a picture of the whole page in ``build/screenshots``: ``NAME.LANGUAGE.WIDTH.SCHEME.jpg``, where pictures are
    wanted (``make pictures``)."""
    if not _WANTED:
        return
    language = str(page.evaluate("document.documentElement.lang")).partition("-")[0]
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    width = page.viewport_size["width"] if page.viewport_size else 0
    path = SCREENSHOTS / f"{name}.{language}.{width}.{scheme}.jpg"

    def take() -> None:
        # A lossless one takes ten times as long as a legible one.
        page.screenshot(path=path, full_page=True, type="jpeg", quality=_QUALITY)

    # Where the machine is busy Chromium now and then has no picture to give; the next one it has.
    for _ in range(_MOST_TRIES - 1):
        with contextlib.suppress(PlaywrightError):
            take()
            return
    take()
