"""Templates and what they say: every word comes from ``wording/texts``, in the language of whoever reads."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from application.principal import who_acted
from domain.time import SHANGHAI
from interfaces.charts import steps, two_axes
from interfaces.web.ids import without_ids
from interfaces.wording import places, texts
from interfaces.wording.days import close_to_day, day_written, days_written, moment_written, month_written, parts_by_day
from interfaces.wording.texts import Language

_PLACED: Final = re.compile(r"([0-9]{6})-([a-z-]+?)(?:-([0-9]+))?")
_PIECES: Final = re.compile(
    r"(\b[A-Z]-[0-9]{2}[a-z]?\b|[\u4e00-\u9fff]{1,12}〔[0-9]{4}〕[0-9]{1,6}\u53f7)",
    re.ASCII,
)
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_PIECE: Final = Markup('<span class="piece">{}</span>')
_TIME: Final = Markup('<time datetime="{}">{}</time>')
_ASSETS: Final = files("interfaces.web") / "assets"


@cache
def templates() -> Environment:
    """The templates, read once; a name that a template does not know is a mistake."""
    made = Environment(
        loader=PackageLoader("interfaces.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(
        who=_who,
        t=_say,
        name_of=_name,
        has=texts.has,
        asset=asset,
        draw=steps.svg_of_steps,
        draw_axes=two_axes.svg_of_two_axes,
    )
    made.filters.update(
        day=date_shown,
        day_before=day_before,
        day_after=day_after,
        moment=moment_shown,
        month=_month,
        query=query_string,
        called=called_by,
        capital=with_capital,
        sentence=_sentence,
        told=_told,
        without_ids=without_ids,
    )
    return made


def warm() -> None:
    """Read and compile every template: whoever asks for a page first does not wait for that."""
    for name in templates().list_templates():
        templates().get_template(name)


def rendered(template: str, language: Language, given: Mapping[str, Any]) -> bytes:
    """A page as it is sent."""
    return templates().get_template(template).render({"language": language, **given}).encode()


@pass_context
def _say(context: Context, code: str, /, **given: object) -> str:
    language = context["language"]
    given = {name: _written(part, language) for name, part in given.items()}
    text = texts.say(code, language)
    if language == "zh":
        for name, part in given.items():
            text = close_to_day(text, name, str(part))
    if any(isinstance(part, Markup) for part in given.values()):
        # A date in a sentence keeps its element; everything else is escaped.
        return Markup.escape(text).format_map(texts.Filling(given))
    return text.format_map(texts.Filling(given)) if given else text


def _written(part: object, language: Language) -> object:
    """What fills a sentence: a day as it is written in one."""
    if isinstance(part, dt.date):
        return day_written(part, language)
    if isinstance(part, str) and not isinstance(part, Markup) and _ISO_DAY.fullmatch(part):
        return days_written(part, language)
    return part


@pass_context
def _name(context: Context, family: str, code: str, /) -> str:
    return texts.name(family, code, context["language"])


@pass_context
def _who(context: Context, told: Mapping[str, Any], accounts: Mapping[str, Any], name: str = "by", at: str = "") -> str:
    return who(told, accounts, context["language"], name, at)


def who(
    told: Mapping[str, Any], accounts: Mapping[str, Any], language: Language, name: str = "by", at: str = ""
) -> str:
    """Who did something, by the name that they had then, a deputy with whom it acted for; their role where whoever
    looks is not shown who it was.

    ``name`` is the member that names the account, ``at`` the one that says when, ``accounts`` what came beside it.
    """
    account = told.get(name)
    if account is None:
        role = told.get(f"{name}_role")
        return "—" if role is None else texts.name("access.role", role, language)
    called = {part: _called_then(one, accounts, told.get(at), language) for part, one in who_acted(account).items()}
    said = called.pop("name")
    for part, other in called.items():
        said = texts.say(f"web.acted.{part}", language, account=said, other=other)
    return said


def _called_then(account: str, accounts: Mapping[str, Any], moment: str | None, language: Language) -> str:
    """What an account was called at a moment; what its id says where nobody knows it."""
    found = accounts.get(account)
    if found is None:
        return _read_off(account, language)
    then = None if moment is None else next((was for was, until in found["formerly"] if moment < until), None)
    return str(then or found["name"])


def _read_off(account: str, language: Language) -> str:
    """Who recorded before there were accounts: the place and the role that an id like ``150100-clerk-04`` names."""
    found = _PLACED.fullmatch(account)
    role = None if found is None else found[2].replace("-", "_")
    if found is None or not texts.has("access.role", role or ""):
        return account
    named = texts.name("access.role", role or "", language)
    return texts.say(
        "web.recorder", language, place=places.place(found[1], language), role=named, number=found[3] or ""
    ).strip()


@pass_context
def date_shown(context: Context, value: str | dt.date | None, form: str = "table") -> Markup:
    """A legal date: as it stands in a table, or in a sentence."""
    if value is None:
        return Markup("—")
    found = value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    shown = day_written(found, context["language"]) if form == "sentence" else found.isoformat()
    return _TIME.format(found.isoformat(), shown)


@pass_context
def _month(context: Context, first: dt.date) -> str:
    return month_written(first, context["language"])


def day_before(value: str) -> dt.date:
    """The last day that counts of a legal date on which something counts no more."""
    return dt.date.fromisoformat(value) - dt.timedelta(days=1)


def day_after(value: str) -> dt.date:
    """The first day after the last one of a period."""
    return dt.date.fromisoformat(value) + dt.timedelta(days=1)


@pass_context
def moment_shown(context: Context, value: str | None, form: str = "minutes") -> Markup:
    """A moment of UTC as the clock in China showed it: to the minute or to the second, or as it stands in a
    sentence."""
    if value is None:
        return Markup("—")
    if form == "sentence":
        shown = moment_written(value, context["language"])
    else:
        shown = shanghai_minute(value) if form == "minutes" else _there(value).strftime("%Y-%m-%d %H:%M:%S")
    return _TIME.format(value, shown)


def shanghai_minute(value: str) -> str:
    """A moment of UTC as the clock in China showed it, to the minute."""
    return _there(value).strftime("%Y-%m-%d %H:%M")


def field_minute(value: str) -> str:
    """A moment of UTC as a field for a date and time takes it: the clock in China, to the minute."""
    return _there(value).strftime("%Y-%m-%dT%H:%M")


def _there(value: str) -> dt.datetime:
    return dt.datetime.fromisoformat(value).astimezone(SHANGHAI)


def query_string(given: Mapping[str, Any], **changed: Any) -> str:
    """The query of an address, with some of its parameters changed; what is empty is left out."""
    pairs = {**given, **changed}
    found = urlencode([(n, v) for n, v in pairs.items() if v not in (None, "", False)], doseq=True)
    return f"?{found}" if found else ""


def called_by(code: str, among: Mapping[str, str], family: str = "matched") -> str:
    """What a code is called, by the texts that came with an answer."""
    return among.get(f"{family}:{code}", code)


@pass_context
def _sentence(context: Context, text: str, *, with_days: bool = True) -> Markup:
    # How a day is to be typed is told as it is typed.
    return as_sentence(text, context["language"] if with_days else None)


@pass_context
def _told(context: Context, text: str) -> Markup:
    return with_days_told(text, context["language"])


def as_sentence(text: str, language: Language | None) -> Markup:
    """A text that begins a line of its own: with a capital letter where the language has them, else
    ``with_days_told``."""
    return with_days_told(with_capital(text), language)


def with_capital(text: str) -> str:
    """What a code is called where it begins a line or stands in a list to choose from."""
    return text[:1].upper() + text[1:]


def with_days_told(text: str, language: Language | None) -> Markup:
    """A text of ours as people read it: days as sentences of the language have them (``None``: as they stand), each in
    one piece, as the numbers of readings and of papers are, and no ids of records."""
    found, text = Markup(), without_ids(text)
    for part, day in ((text, None),) if language is None else parts_by_day(text, language):
        if day is not None:
            found += _TIME.format(day.isoformat(), part)
            continue
        for number, piece in enumerate(_PIECES.split(part)):
            found += _PIECE.format(piece) if number % 2 else piece
    return found


@cache
def asset(name: str) -> str:
    """The address of a file that comes with the pages: with another content it is another address."""
    return f"/assets/{fingerprint(name)}/{name}"


@cache
def fingerprint(name: str) -> str:
    """What tells the content of a file from every other."""
    return sha256((_ASSETS / name).read_bytes()).hexdigest()[:12]
