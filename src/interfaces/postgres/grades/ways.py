"""Which way a page of the index of grades is found, chosen before asking, so that one statement does.

Along the names where many are meant, by the point of both times where few have the verdict there, by the place or the
service where few are there, by a part of the name where few have it. What is few is told by a sample of the spans that
is kept in memory.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

from application.access.reading_place import EVERYWHERE
from application.population.grade_functions import FOREVER
from application.population.ports import GradeSelection, NamePlace
from domain.time import Instant
from domain.values import folded
from interfaces.postgres.grades.row import (
    NAME,
    ROW,
    ROW_COLUMNS,
    Between,
    Narrowed,
    Offers,
    is_summed,
    listed,
    narrowed,
    placed,
)

StatementWay = Literal["names", "point", "place", "part"]

MOST_SPOTS: Final = 2_000
"""Most spans that are looked at by the point; where there are more, names are walked along after all."""

REMEMBERED_SPANS: Final = 20_000
"""About so many spans are remembered."""

_OF_A_VERDICT: Final = 1_000
_DAY: Final = 86_400_000_000

_GRAM: Final = 3
"""Names are looked up by groups of so many characters; what is shorter is one itself."""

# What looking at one span costs each way, in parts of a microsecond that only their proportions matter of.
_WALKED, _SPOTTED, _PASSED, _FETCHED, _NAMED_SO = 0.15, 2.5, 0.1, 2.0, 3.0
_DESCENT: Final = 40.0
_UNSEEN: Final = 0.5
_STRAIGHT: Final = 3


class PagePart(NamedTuple):
    """Which part of a list a page is: so many lines after a place, in the order of names or backwards."""

    after: NamePlace | None
    limit: int
    is_backwards: bool = False


class Sampled(NamedTuple):
    """One span of the sample."""

    verdict: int
    subject: str
    known_from: Instant
    known_to: Instant
    valid_from: dt.date
    valid_to: dt.date
    row: tuple[Any, ...]

    @property
    def place(self) -> NamePlace:
        """Where it stands in a list."""
        return self.row[NAME], self.subject


class _Met(NamedTuple):
    """What a sample says of a question: the places in order of name of those meant, how many are there at the point,
    how many in the place, how many have the part of a name."""

    meant: tuple[int, ...]
    at_point: int
    in_place: int
    named: int


class Sample:
    """Some spans of a generation. Never changes; another one takes its place when much was added."""

    def __init__(
        self, generation: int, position: int, spans: Iterable[Sampled], weight: float, names: float | None = None
    ) -> None:
        """``weight`` is the number of spans that each of them stands for; ``names`` how many names are held, as many
        as spans when it is not known."""
        self.generation = generation
        self.position = position
        found: dict[int, list[Sampled]] = {}
        for span in spans:
            found.setdefault(span.verdict, []).append(span)
        self._weights: dict[int, float] = {}
        self._spans: dict[int, list[Sampled]] = {}
        for verdict, all_spans in found.items():
            every = -(-len(all_spans) // _OF_A_VERDICT)
            self._weights[verdict] = weight * every
            self._spans[verdict] = sorted(all_spans[::every], key=lambda s: s.place)
        self._places = {v: [s.place for s in spans] for v, spans in self._spans.items()}
        self._names = weight * sum(map(len, found.values())) if names is None else names
        self._met = lru_cache(4_096)(self._look)

    def is_old(self, generation: int, position: int) -> bool:
        """Whether so much was added since that it says little."""
        return generation != self.generation or position > self.position * 1.1 + REMEMBERED_SPANS

    def way(
        self, verdict: int, selection: GradeSelection, offers: Offers, page: PagePart, *, is_many: bool = False
    ) -> StatementWay:
        """How a page of one verdict is found with the least work; ``is_many`` where more have it at the point than are
        looked at there."""
        spans = self._spans.get(verdict)
        if spans is None:
            return "names"
        weight, size = self._weights[verdict], len(spans)
        wanted = narrowed(selection, offers)
        part = None if selection.q is None else folded(selection.q)
        met = self._met(verdict, selection.as_of, selection.known_at // _DAY, wanted, part)
        each = max(len(met.meant), _UNSEEN)
        meant, first = met.meant, 0
        if page.is_backwards:
            meant = tuple(size - 1 - number for number in reversed(meant))
            first = 0 if page.after is None else size - bisect_left(self._places[verdict], page.after)
        elif page.after is not None:
            first = bisect_right(self._places[verdict], page.after)
        number = bisect_right(meant, first - 1)
        passed = (meant[number] if number < len(meant) else size) - first
        walked = page.limit * size / each
        if passed > _STRAIGHT * size / each:
            walked += passed * weight
        walked = min(walked, (size - first) * weight)
        at_point = max(met.at_point, _UNSEEN)
        ways: dict[StatementWay, float] = {"names": walked * _WALKED}
        if not is_many:
            ways["point"] = at_point * weight * _SPOTTED + _DESCENT
        if part is not None:
            # The names of those at the point are looked at, or the verdicts of those who have the part, whatever it is.
            ways["names"] += walked * at_point / size * _FETCHED
            ways["part"] = max(met.named, _UNSEEN) / size * self._names * _NAMED_SO
            if not is_many:
                ways["point"] += at_point * weight * _FETCHED
        elif placed(wanted):
            ways["place"] = max(met.in_place, _UNSEEN) * weight * _PASSED + each * weight * _FETCHED + _DESCENT
        return min(ways, key=lambda way: ways[way])

    def _look(self, verdict: int, as_of: dt.date, day: int, wanted: Narrowed, part: str | None) -> _Met:
        conditions = [(ROW_COLUMNS.index(column), value.admits) for column, value in wanted]
        by_place = [(ROW_COLUMNS.index(column), value.admits) for column, value in placed(wanted)]
        known_at = day * _DAY + _DAY // 2
        meant, at_point, in_place, named = [], 0, 0, 0
        for number, span in enumerate(self._spans[verdict]):
            is_there = span.valid_from <= as_of < span.valid_to and span.known_from <= known_at < span.known_to
            is_wanted = all(admits(span.row[place]) for place, admits in conditions)
            is_named = part is None or part in folded(span.row[NAME].decode("gb18030"))
            at_point += is_there
            in_place += all(admits(span.row[place]) for place, admits in by_place)
            named += is_named
            if is_there and is_wanted and is_named:
                meant.append(number)
        return _Met(tuple(meant), at_point, in_place, named)


# --- statements -------------------------------------------------------------------------------------------------

_POINT: Final = (
    "{t}.known_from <= %(known_at)s::bigint AND {t}.known_to > %(known_at)s::bigint"
    " AND {t}.valid_from <= %(as_of)s::date AND {t}.valid_to > %(as_of)s::date"
)
_HEAD: Final = (
    "(SELECT b.position, (SELECT max(no) FROM grade_verdicts) AS verdicts,"
    " (SELECT max(no) FROM grade_offers) AS offers, {too_many} AS too_many"
    " FROM grade_builds b WHERE b.generation = {generation}) h"
)
_ROW: Final = ", ".join(f"s.{column}" for column in ROW_COLUMNS)
_SHOWN: Final = f"s.subject, s.verdict, {_ROW}, s.score, s.scores, s.known_from, s.valid_from"
_SHOWN_ROW: Final = ", ".join(f"w.{column}" for column in ROW_COLUMNS)
_MANY_SCORES: Final = (
    "CASE WHEN w.score IS NULL AND w.scores IS NULL THEN (SELECT d.many_scores FROM grade_spans d"
    " WHERE d.generation = {generation} AND d.subject = w.subject AND d.verdict = w.verdict"
    " AND d.known_from = w.known_from AND d.valid_from = w.valid_from) END"
)
_PAGE: Final = (
    "{spots}SELECT h.*, p.* FROM {head} LEFT JOIN (SELECT w.subject, w.verdict, {row}, w.score, w.scores,"
    " {many_scores} AS many_scores FROM (SELECT * FROM ({branches}) u ORDER BY {order}"
    " LIMIT %(limit)s::int) w) p ON true"
)
_BRANCH: Final = "(SELECT {shown} FROM {source} s WHERE {where} ORDER BY {order} LIMIT %(limit)s::int)"
_NAMED_BRANCH: Final = "(SELECT {shown} FROM {source} WHERE {where})"
_NO_BRANCH: Final = "SELECT {shown} FROM grade_spans s WHERE false"
# No index has this expression: whatever is in the place is found first, and ordered then.
_NAMES_IN_PLACE: Final = "s.name_key || ''::bytea"
_SPOTS: Final = "spots{verdict} AS MATERIALIZED (SELECT * FROM {function}(%(spot{verdict})s::box, {most}))"
_TOO_MANY: Final = "CASE WHEN (SELECT count(*) FROM spots{verdict}) > {most} THEN {verdict} END"
_NAMED: Final = "({found} UNION SELECT unnest(%(subjects)s::text[])) n JOIN grade_spans s ON s.subject = n.subject"
# Of values that it is not told the planner thinks that few names are known at a moment, and would look all of these up
# along their key as well: the key is kept from it.
_FOUND: Final = (
    "SELECT p.subject FROM grade_profiles p WHERE p.generation + 0 = {generation}"
    " AND p.known_from + 0 <= %(known_at)s::bigint AND p.known_to > %(known_at)s::bigint"
    " AND p.valid_from + 0 <= %(as_of)s::date AND p.valid_to > %(as_of)s::date"
    " AND grade_name_parts(p.name) @> %(grams)s::text[] AND strpos(p.name, %(name)s) > 0"
)
# Who reads for a place may not use an index that could tell of other places; these functions may.
_FOUND_OF_PLACE: Final = (
    "SELECT p.subject FROM grade_names_of_place({generation}, %(grams)s::text[], %(name)s, %(known_at)s::bigint,"
    " %(as_of)s::date) p"
)
# The offset keeps the planner from reading all names once instead, for the few that are looked at.
_HAS_PART: Final = (
    "(s.subject = ANY(%(subjects)s) OR EXISTS (SELECT FROM grade_profiles p WHERE p.generation = {generation}"
    " AND p.subject = s.subject AND {point} AND strpos(p.name, %(name)s) > 0 OFFSET 0))"
)
_COUNTED: Final = (
    "SELECT h.*, c.* FROM {head} LEFT JOIN (SELECT u.verdict, sum(u.number)::bigint AS number FROM ({parts}) u"
    " GROUP BY u.verdict HAVING sum(u.number) <> 0) c ON true"
)


class AskedStatement(NamedTuple):
    """A statement with its values."""

    text: str
    values: Mapping[str, Any]


def grades_page_statement(
    generation: int,
    selection: GradeSelection,
    ways: Mapping[int, StatementWay],
    offers: Offers,
    page: PagePart,
    place: str | None = None,
) -> AskedStatement:
    """The lines of a page, each verdict found its own way, with what tells whether they are all; for whoever reads for
    a ``place``."""
    spotted = [verdict for verdict, way in ways.items() if way == "point"]
    wanted = narrowed(selection, offers)
    filters = _Filters(selection.q is not None, wanted, page.after is not None, page.is_backwards, place is not None)
    text = _page_text(generation, tuple(sorted(ways.items())), offers.all, filters, MOST_SPOTS)
    values = _values(selection, wanted) | {"limit": page.limit}
    if page.after is not None:
        values |= {"after_name": page.after[0], "after_subject": page.after[1]}
    for verdict in spotted:
        day = (generation * 1000 + verdict) * 4_000_000 + (selection.as_of - dt.date.min).days
        values[f"spot{verdict}"] = f"({selection.known_at},{day}),({selection.known_at},{day})"
    return AskedStatement(text, values)


class _Filters(NamedTuple):
    """What of a question stands in the text of its statement. A place does so by its codes: of a value that it is not
    told the planner thinks that few have it, and does not walk along the names to find many."""

    is_named: bool
    wanted: Narrowed
    goes_on: bool
    is_backwards: bool
    is_of_place: bool


@lru_cache(1_024)
def _page_text(
    generation: int, ways: tuple[tuple[int, StatementWay], ...], every: tuple[int, ...], filters: _Filters, most: int
) -> str:
    spotted = [verdict for verdict, way in ways if way == "point"]
    narrowing = [_POINT.format(t="s"), *(value.written(column) for column, value in filters.wanted)]
    if filters.goes_on:
        goes_on = "<" if filters.is_backwards else ">"
        narrowing.append(f"(s.name_key, s.subject) {goes_on} (%(after_name)s, %(after_subject)s)")
    branches = []
    by_part = [verdict for verdict, way in ways if way == "part"]
    if by_part:
        # Names are looked up once, for all of these verdicts together.
        where = [f"s.generation = {generation}", f"s.verdict = ANY({listed(by_part)})", *narrowing]
        source = _source(generation, is_named=True, is_of_place=filters.is_of_place)
        branches.append(_NAMED_BRANCH.format(shown=_SHOWN, source=source, where=" AND ".join(where)))
    if filters.is_named:
        narrowing.append(_HAS_PART.format(generation=generation, point=_POINT.format(t="p")))
    for verdict, way in ways:
        if way == "part":
            continue
        where = [f"s.generation = {generation}", f"s.verdict = {verdict}", *narrowing]
        if way == "place" and ROW["services"].name not in dict(filters.wanted):
            where.append(f"s.offer = ANY({listed(every)})")
        source = f"spots{verdict}" if way == "point" else "grade_spans"
        order = _order(_NAMES_IN_PLACE if way == "place" else "s.name_key", "s.subject", filters)
        branches.append(_BRANCH.format(shown=_SHOWN, source=source, where=" AND ".join(where), order=order))
    return _page(generation, branches, spotted, filters, most)


def _order(name: str, subject: str, filters: _Filters) -> str:
    return f"{name} DESC, {subject} DESC" if filters.is_backwards else f"{name}, {subject}"


def _page(generation: int, branches: Sequence[str], spotted: Sequence[int], filters: _Filters, most: int) -> str:
    function = "grade_spots_of_place" if filters.is_of_place else "grade_spots"
    spots = ", ".join(_SPOTS.format(verdict=v, function=function, most=most + 1) for v in spotted)
    too_many = ", ".join(_TOO_MANY.format(verdict=v, most=most) for v in spotted)
    return _marked(is_of_place=filters.is_of_place) + _PAGE.format(
        spots=f"WITH {spots} " if spots else "",
        head=_HEAD.format(generation=generation, too_many=f"ARRAY[{too_many}]::smallint[]"),
        row=_SHOWN_ROW,
        many_scores=_MANY_SCORES.format(generation=generation),
        order=_order("name_key", "subject", filters),
        branches=" UNION ALL ".join(branches) or _NO_BRANCH.format(shown=_SHOWN),
    )


def _marked(*, is_of_place: bool) -> str:
    """What keeps the statements of two roles apart: a connection would plan one anew whenever the role changes."""
    return "/* of a place */ " if is_of_place else ""


def grades_count_statement(
    generation: int, selection: GradeSelection, verdicts: Sequence[int], offers: Offers, place: str | None = None
) -> AskedStatement:
    """The counts by verdict: from sums and what came since, or of those who are few one by one; for whoever reads for
    a ``place``, of which row security shows the sums of its cities."""
    wanted = narrowed(selection, offers)
    region = _region_in(wanted)
    in_cities = region is None or (region.least % 100, region.greatest % 100) == (0, 99)
    has_sums = place is None or place == EVERYWHERE or len(place) < len(EVERYWHERE)
    if is_summed(selection) and in_cities and has_sums:
        parts = _summed(generation, selection, verdicts, offers, is_whole=place is None or place == EVERYWHERE)
    else:
        parts = _one_by_one(generation, selection, verdicts, offers, is_of_place=place is not None)
    month = selection.known_at // MONTH
    values = _values(selection, wanted) | {"month": month, "since": month * MONTH}
    if region is not None:
        values |= {"low_city": region.least // 100, "high_city": region.greatest // 100}
    head = _HEAD.format(generation=generation, too_many="'{}'::smallint[]")
    return AskedStatement(_marked(is_of_place=place is not None) + _COUNTED.format(head=head, parts=parts), values)


_SUMS: Final = (
    "SELECT t.verdict, sum(t.number) AS number FROM grade_tallies t WHERE t.generation = {generation}"
    " AND t.verdict = ANY({verdicts}) AND {of} AND t.month < %(month)s::int AND t.day <= %(as_of)s::date"
    " GROUP BY t.verdict UNION ALL"
    " SELECT s.verdict, count(*) FROM grade_spans s WHERE {since} AND s.known_from >= %(since)s::bigint"
    " AND s.known_from <= %(known_at)s::bigint GROUP BY s.verdict UNION ALL"
    " SELECT s.verdict, -count(*) FROM grade_spans s WHERE {since} AND s.known_to >= %(since)s::bigint"
    " AND s.known_to <= %(known_at)s::bigint AND s.known_to < {forever} GROUP BY s.verdict"
)
_ONE_BY_ONE: Final = "SELECT s.verdict, count(*) AS number FROM {source} WHERE {where} GROUP BY s.verdict"


def _summed(
    generation: int, selection: GradeSelection, verdicts: Sequence[int], offers: Offers, *, is_whole: bool
) -> str:
    """From the sums of everybody where they are asked for and shown (``is_whole``), else of offers and cities."""
    wanted = narrowed(selection, offers)
    of = [f"t.offer = ANY({listed(offers.meant)})"] if wanted or not is_whole else ["t.offer = 0", "t.city = 0"]
    if _region_in(wanted) is not None:
        of.append("t.city BETWEEN %(low_city)s::int AND %(high_city)s::int")
    since = [
        f"s.generation = {generation}",
        f"s.verdict = ANY({listed(verdicts)})",
        "s.valid_from <= %(as_of)s::date",
        "s.valid_to > %(as_of)s::date",
        *(value.with_places(column) for column, value in narrowed(selection, offers)),
    ]
    return _SUMS.format(
        generation=generation,
        verdicts=listed(verdicts),
        of=" AND ".join(of),
        since=" AND ".join(since),
        forever=FOREVER,
    )


def _one_by_one(
    generation: int, selection: GradeSelection, verdicts: Sequence[int], offers: Offers, *, is_of_place: bool
) -> str:
    where = [
        f"s.generation = {generation}",
        f"s.verdict = ANY({listed(verdicts)})",
        f"s.offer = ANY({listed(offers.meant)})",
        _POINT.format(t="s"),
        *(value.with_places(column) for column, value in narrowed(selection, offers)),
    ]
    source = _source(generation, is_named=selection.q is not None, is_of_place=is_of_place)
    return _ONE_BY_ONE.format(source=source, where=" AND ".join(where))


def _region_in(wanted: Narrowed) -> Between | None:
    """The places that are wanted, of which sums are kept by city."""
    found = dict(wanted).get(ROW["region"].name)
    return found if isinstance(found, Between) else None


def _source(generation: int, *, is_named: bool, is_of_place: bool) -> str:
    """The spans, of those alone whose name or id is asked for."""
    if not is_named:
        return "grade_spans s"
    found = _FOUND_OF_PLACE if is_of_place else _FOUND
    return _NAMED.format(found=found.format(generation=generation))


def _values(selection: GradeSelection, wanted: Narrowed) -> dict[str, Any]:
    values: dict[str, Any] = {"known_at": selection.known_at, "as_of": selection.as_of}
    for column, value in wanted:
        values |= value.values(column)
    if selection.q is not None:
        part = folded(selection.q)
        size = min(len(part), _GRAM)
        grams = [part[n : n + size] for n in range(len(part) - size + 1)]
        values |= {"name": part, "subjects": list(selection.subjects), "grams": grams}
    return values


# --- sums -------------------------------------------------------------------------------------------------------

MONTH: Final = 30 * _DAY
"""The months of the sums, in microseconds."""

_LAST_DAY: Final = "'9999-12-31'::date"

_TALLIES: Final = """WITH corners AS MATERIALIZED (
        SELECT verdict, offer, region / 100 AS city, (known / {month})::int AS month, day, sum(n)::bigint AS number
        FROM grade_spans s, LATERAL (VALUES (known_from, valid_from, 1), (known_from, valid_to, -1),
            (known_to, valid_from, -1), (known_to, valid_to, 1)) c (known, day, n)
        WHERE generation = %(generation)s AND known < {forever} AND day < {last_day} GROUP BY 1, 2, 3, 4, 5),
    tallies AS (SELECT * FROM corners UNION ALL
        SELECT verdict, 0, 0, month, day, sum(number)::bigint FROM corners GROUP BY 1, 4, 5)"""
_ADD_UP: Final = """{tallies}
    INSERT INTO grade_tallies (generation, verdict, offer, city, month, day, number)
    SELECT %(generation)s, verdict, offer, city, month, day, number FROM tallies WHERE number <> 0"""
_MISCOUNTED: Final = """{tallies}, held AS (SELECT * FROM grade_tallies WHERE generation = %(generation)s)
    SELECT coalesce(t.verdict, h.verdict), coalesce(t.offer, h.offer), coalesce(t.city, h.city),
        coalesce(t.month, h.month), coalesce(t.day, h.day), coalesce(h.number, 0), coalesce(t.number, 0)
    FROM tallies t FULL JOIN held h USING (verdict, offer, city, month, day)
    WHERE coalesce(h.number, 0) <> coalesce(t.number, 0) ORDER BY 1, 2, 3, 4, 5 LIMIT 100"""
_FILLED: Final = _TALLIES.format(month=MONTH, forever=FOREVER, last_day=_LAST_DAY)

ADD_UP: Final = _ADD_UP.format(tallies=_FILLED)
"""Makes the sums of a generation from its spans."""

MISCOUNTED: Final = _MISCOUNTED.format(tallies=_FILLED)
"""Where the sums of a generation are not those of its spans."""
