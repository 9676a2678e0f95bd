"""Leaving out of an answer what a role is not shown, and naming it with its ground.

An answer is masked as it is sent: its members by the names and in the order they have there. What is left keeps its
bytes. Most answers have nothing to leave out: that is found out on the structs before they are written.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache, cached_property, partial
from operator import attrgetter
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import UNSET, inspect

from application.access.masks import ANOTHER, OPEN, UNCLASSIFIED, MaskedStruct, MaskTable
from application.access.roles import Asker
from application.cache import LastingLines
from domain.aggregates.cohort import COHORT_STREAMS
from domain.events.joining import CarriedEvent
from domain.events.lawbook import LAW_STREAM

MOST_POINTERS: Final = 1_000
"""Most places that are named where something of a class was left out; more are counted."""


class MaskedPart(msgspec.Struct, frozen=True, kw_only=True):
    """What was left out of an answer: of which class ``what``, where (JSON pointers), and why.

    ``pointers`` name a member that is not there, or a list of which items are not; ``number`` counts what was left
    out. ``rests_on`` are the provisions, ``ground`` says it in the language of the answer.
    """

    what: str
    pointers: tuple[str, ...]
    number: int
    rests_on: tuple[str, ...]
    ground: str


RECORDER: Final = "recorder"
"""The class of accounts: who recorded, proposed, signed."""


def _no_role(account: str) -> None:
    del account


class Viewer(NamedTuple):
    """Who an answer is masked for, and ``file``, what it is about, where that is one file.

    ``records_of`` gives the ids of the records on a file, ``role_of`` the role of an account, which is told in the
    place of one that is left out.
    """

    role: Asker
    has_purpose: bool
    file: str | None
    records_of: Callable[[str], Collection[str]]
    role_of: Callable[[str], str | None] = _no_role


class Masks:
    """The table, made ready for the types of answers. Safe to share between threads."""

    def __init__(self, table: MaskTable, events: Mapping[str, type]) -> None:
        """``events`` are the classes of events by their tags."""
        self.table = table
        self._events = events
        self._nodes: dict[Any, _Node] = {}
        self._touched: dict[tuple[Any, Asker, bool], bool] = {}

    def hides_anything(self, answer: Any, role: Asker, *, has_purpose: bool) -> bool:
        """Whether anything of answers of a type can be left out for a role."""
        key = (answer, role, has_purpose)
        found = self._touched.get(key)
        if found is None:
            fields = self.node(answer).fields(set())
            hidden = (not self.table.of(name).is_shown(role, has_purpose=has_purpose) for name in fields)
            found = self._touched[key] = any(hidden)
        return found

    def masked(self, answer: Any, value: dict[str, Any], viewer: Viewer) -> list[tuple[str, list[str], int]]:
        """Leave out of an answer of a type what its viewer is not shown; each class with the places and their number,
        in the order in which they were met."""
        walk = _Walk(self.table, viewer)
        self.node(answer).mask(value, "", walk, viewer.file)
        return [(name, places, walk.numbers[name]) for name, places in walk.places.items()]

    def finds(self, answer: Any, content: Any, viewer: Viewer) -> bool:
        """Whether anything may have to be left out of an answer of a type, by what it is written from: ``False`` where
        ``masked`` would leave out nothing, ``True`` also where that cannot be told."""
        return self.node(answer).finds(content, _Walk(self.table, viewer), viewer.file)

    def node(self, type_: Any) -> "_Node":
        """A type, made ready."""
        found = self._nodes.get(type_)
        if found is None:
            found = self._nodes[type_] = self._made(inspect.type_info(type_), {})
        return found

    def _made(self, info: inspect.Type, made: "dict[type, _Struct]") -> "_Node":
        if isinstance(info, inspect.StructType):
            cls = info.cls
            if cls not in made:
                made[cls] = struct = _Struct(self.table.variants(cls.__name__), self._event)
                told = (field for field in info.fields if not _is_carried(field.type))
                struct.members = {field.encode_name: self._made(field.type, made) for field in told}
            return made[cls]
        if isinstance(info, inspect.UnionType):
            nodes = [node for part in info.types if (node := self._made(part, made)) is not _LEAF]
            if len(nodes) > 1:
                raise TypeError(f"one of several structs: {info}")
            return nodes[0] if nodes else _LEAF
        below = getattr(info, "item_type", None) or getattr(info, "value_type", None)
        items = (below,) if below is not None else getattr(info, "item_types", ())
        nodes = [node for part in items if (node := self._made(part, made)) is not _LEAF]
        return _Many(nodes[0]) if nodes else _LEAF

    def _event(self, tag: str | None) -> "Sequence[_Node]":
        """The event with a tag, or all of them."""
        classes = self._events.values() if tag is None else [self._events[tag]]
        return [self.node(cls) for cls in classes]


def _is_carried(info: inspect.Type) -> bool:
    """Whether a field holds what was joined to a file: no answer tells it as it is carried, but line by line."""
    return isinstance(info, inspect.VarTupleType) and getattr(info.item_type, "cls", None) is CarriedEvent


class _Walk:
    """One answer on the way: what was left out so far."""

    def __init__(self, table: MaskTable, viewer: Viewer) -> None:
        self.places: dict[str, list[str]] = {}
        self.numbers: dict[str, int] = {}
        self.viewer = viewer
        self.reader = (viewer.role, viewer.has_purpose)
        self._table = table
        self.told: set[str] = set()
        """Ids of facts that the answer tells openly: to leave them out elsewhere would hide nothing."""
        self.elsewhere: set[str] = set()
        """Ids of records of which the answer said that they stand on another file."""
        self._records: dict[str, Collection[str]] = {}

    def hides(self, class_: str) -> bool:
        found = self._table.of(class_)
        return not found.is_shown(self.viewer.role, has_purpose=self.viewer.has_purpose)

    def is_of_another_alone(self, class_: str) -> bool:
        return self._table.of(class_).of_another

    def touches(self, node: "_Node") -> bool:
        """Whether anything may be left out below."""
        return any(self.hides(class_) for class_ in set(node.fields(set())))

    def left_out(self, class_: str, pointer: str, number: int = 1) -> None:
        places = self.places.setdefault(class_, [])
        if len(places) < MOST_POINTERS:
            places.append(pointer)
        self.numbers[class_] = self.numbers.get(class_, 0) + number

    def is_another_file(self, named: Any, file: str | None) -> bool:
        """Whether an id is that of another file than an answer is about, and not of the law or a cohort."""
        if file is None or not isinstance(named, str) or named in (file, LAW_STREAM):
            return False
        return not named.startswith(COHORT_STREAMS)

    def is_on_another(self, named: Any, file: str | None) -> bool:
        """Whether a record stands on another file than an answer is about."""
        if named in self.told or not self.is_another_file(named, file) or file is None:
            return False
        if named in self.elsewhere:
            return True
        if file not in self._records:
            self._records[file] = self.viewer.records_of(file)
        return named not in self._records[file]


class _Node:
    """A value in which nothing can be left out."""

    def mask(self, value: Any, pointer: str, walk: _Walk, file: str | None) -> None:
        """Leave out of a value what is not shown."""

    def finds(self, value: Any, walk: _Walk, file: str | None) -> bool:
        """Whether ``mask`` might leave out anything once the value is written."""
        del value, walk, file
        return False

    def is_left_out(self, value: Any, walk: _Walk, file: str | None) -> bool:
        """Whether a value that is a line of a list is left out whole."""
        del value, walk, file
        return False

    def fields(self, seen: "set[_Node]") -> Iterator[str]:
        """The classes of all fields below, but those in what was ``seen``."""
        del seen
        return iter(())


class _Many(_Node):
    """A list, or an object of which every member is alike."""

    def __init__(self, item: _Node) -> None:
        self._item = item

    def mask(self, value: Any, pointer: str, walk: _Walk, file: str | None) -> None:
        if isinstance(value, list):
            # To name what was left out would tell that it is there.
            value[:] = [item for item in value if not self._item.is_left_out(item, walk, file)]
        each = value.items() if isinstance(value, dict) else enumerate(value or ())
        for place, item in each:
            self._item.mask(item, f"{pointer}/{place}", walk, file)

    def finds(self, value: Any, walk: _Walk, file: str | None) -> bool:
        if not isinstance(value, list | tuple | dict):
            return _may_be_written_as_object(value)
        items = value.values() if isinstance(value, dict) else value
        return any(self._item.is_left_out(item, walk, file) or self._item.finds(item, walk, file) for item in items)

    def fields(self, seen: "set[_Node]") -> Iterator[str]:
        return self._item.fields(seen)


class _Plan(NamedTuple):
    """What is to be done with a struct: the members that are ``known``, those ``hidden`` with their classes and whether
    only what is of another file is, and those ``below`` which something may be left out (``None``: an event).
    ``is_elsewhere`` where its record stands on another file."""

    known: frozenset[str]
    hidden: tuple[tuple[str, str, bool], ...]
    below: tuple[tuple[str, _Node | None], ...]
    tells_fact: bool
    is_elsewhere: bool


class _Look(NamedTuple):
    """A plan on the attributes of a class; ``is_sure`` unless instances may be written with what the plan does not
    know."""

    where: tuple[tuple[Callable[[Any], Any], Collection[str]], ...]
    is_sure: bool
    tells: tuple[str | None, str | None]
    hidden: tuple[tuple[str, bool], ...]
    below: tuple[tuple[str, _Node | None, str], ...]
    seen: tuple[str, ...]
    """All attributes on which it hangs what is found."""


class _Kept(NamedTuple):
    """What was ``found`` in a struct with lines that last: beside which other ``parts``, with what was told by then. It
    holds on to the plan by which it was looked at (``look``), so that no other one comes to have its id."""

    look: _Look
    parts: list[Any]
    found: bool
    told: frozenset[str]
    elsewhere: frozenset[str]


class _Looks(NamedTuple):
    """The plans on a class, those with a condition first, and the attribute by which it may say which file it is
    about."""

    about: str | None
    looks: tuple[_Look, ...]


class _Struct(_Node):
    """A struct of an answer."""

    def __init__(self, variants: tuple[MaskedStruct, ...], event: Callable[[str | None], Sequence[_Node]]) -> None:
        self.members: dict[str, _Node] = {}
        self._plans: dict[Any, _Plan] = {}
        self._looks: dict[tuple[type, Asker, bool], _Looks] = {}
        self._variants = variants
        # Taken apart once: this is asked of every line of every answer of which something may be left out.
        self._conditions = tuple(
            (variant, tuple((tuple(place.split(".")), values) for place, values in variant.where.items()))
            for variant in variants
        )
        self._has_whole = any(variant.whole != OPEN for variant in variants)
        self._event = event

    @cached_property
    def _typed(self) -> Mapping[str, str]:
        return {name: by for variant in self._variants for name, by in variant.typed.items()}

    def mask(self, value: Any, pointer: str, walk: _Walk, file: str | None) -> None:
        if not isinstance(value, dict):
            return
        about = value.get("subject")
        if isinstance(about, dict) and isinstance(about.get("id"), str):
            file = about["id"]
        plan = self._plan(self._variant(value, walk, file), walk)
        if plan.is_elsewhere:
            walk.elsewhere.add(str(value.get("record")))
        if plan.tells_fact and isinstance(value.get("fact"), str):
            walk.told.add(value["fact"])
        if not plan.known.issuperset(value):
            for name in [name for name in value if name not in plan.known]:
                del value[name]
                walk.left_out(UNCLASSIFIED, f"{pointer}/{name}")
        for name, node in plan.below:
            if (found := value.get(name)) is not None:
                of_it = node if node is not None else self._event(value[self._typed[name]])[0]
                of_it.mask(found, f"{pointer}/{name}", walk, file)
        for name, class_, of_another in plan.hidden:
            if name not in value:
                continue
            if of_another:
                _cut(value, name, class_, f"{pointer}/{name}", walk, file)
                continue
            gone = value.pop(name)
            if gone in (None, [], {}):
                continue
            walk.left_out(class_, f"{pointer}/{name}")
            if class_ == RECORDER and isinstance(gone, str) and (role := walk.viewer.role_of(gone)) is not None:
                value[f"{name}_role"] = role

    def is_left_out(self, value: Any, walk: _Walk, file: str | None) -> bool:
        if not self._has_whole:
            return False
        variant = self._variant(value, walk, file)
        return variant is not None and walk.hides(variant.whole)

    def finds(self, value: Any, walk: _Walk, file: str | None) -> bool:
        cls = type(value)
        found = self._looks.get((cls, *walk.reader))
        if found is None:
            if not isinstance(value, msgspec.Struct):
                return _may_be_written_as_object(value)
            found = self._looks_of(cls, walk)
        if found.about is not None and isinstance(about := _member(getattr(value, found.about), "id"), str):
            file = about
        for look in found.looks:
            for where, values in look.where:
                if not _holds(where(value), values, walk, file):
                    break
            else:
                return self._found_by(look, value, walk, file)
        return True

    def _found_by(self, look: _Look, value: Any, walk: _Walk, file: str | None) -> bool:
        if not look.is_sure:
            return True
        parts = [getattr(value, name) for name in look.seen]
        lines = next((part for part in parts if type(part) is LastingLines), None)
        if lines is None:
            return self._found_in(look, value, walk, file)
        # The same is said again and again: what was found once holds for whoever sees as much, unless something beside
        # the lines reads differently. What was recorded since can only put ids on the file that were not.
        parts = [part for part in parts if part is not lines]
        key = (self, id(look), file, frozenset(walk.told), frozenset(walk.elsewhere))
        kept: _Kept | None = lines.found_out.get(key)
        if kept is None or kept.parts != parts:
            found = self._found_in(look, value, walk, file)
            kept = lines.found_out[key] = _Kept(look, parts, found, frozenset(walk.told), frozenset(walk.elsewhere))
        walk.told |= kept.told
        walk.elsewhere |= kept.elsewhere
        return kept.found

    def _found_in(self, look: _Look, value: Any, walk: _Walk, file: str | None) -> bool:
        fact, record = look.tells
        if fact is not None and isinstance(told := getattr(value, fact), str):
            walk.told.add(told)
        if record is not None:
            walk.elsewhere.add(str(getattr(value, record)))
        for name, node, typed in look.below:
            part = getattr(value, name)
            if part is None or part is UNSET:
                continue
            of_it = node if node is not None else self._event(_member(value, typed))[0]
            if of_it.finds(part, walk, file):
                return True
        for name, of_another in look.hidden:
            part = getattr(value, name)
            if not of_another:
                if part is not None and part is not UNSET and part not in ((), [], {}):
                    return True
                continue
            for one in part if isinstance(part, list | tuple) else (part,):
                if one not in walk.told and walk.is_on_another(one, file):
                    return True
        return False

    def _looks_of(self, cls: type[msgspec.Struct], walk: _Walk) -> _Looks:
        """The plans on the attributes of a class, for the role and purpose of a walk."""
        attributes = _attributes(cls)
        variants = self._variants if self._variants and not self._variants[-1].where else (*self._variants, None)
        found = _Looks(attributes.get("subject"), tuple(self._look(variant, cls, walk) for variant in variants))
        self._looks[cls, walk.viewer.role, walk.viewer.has_purpose] = found
        return found

    def _look(self, variant: MaskedStruct | None, cls: type[msgspec.Struct], walk: _Walk) -> _Look:
        """A plan on them. What an answer has besides (``texts``) is looked at by nobody, and so must be open."""
        attributes, plan = _attributes(cls), self._plan(variant, walk)
        where = {} if variant is None else variant.where
        tag = cls.__struct_config__.tag_field
        written = {*attributes, *self.members, *(() if tag is None else (tag,))}
        looked_at = {*(name for name, *_ in plan.hidden), *(name for name, _ in plan.below)}
        tells = (
            attributes.get("fact") if plan.tells_fact else None,
            attributes.get("record") if plan.is_elsewhere else None,
        )
        hidden = tuple((attributes[n], other) for n, _, other in plan.hidden if n in attributes)
        below = tuple((attributes[n], node, self._typed.get(n, "")) for n, node in plan.below if n in attributes)
        named_below = [named for name, _, typed in below for named in (name, attributes.get(typed))]
        return _Look(
            where=tuple((_reading(attributes, place), values) for place, values in where.items()),
            is_sure=written <= plan.known and looked_at & self.members.keys() <= attributes.keys(),
            tells=tells,
            hidden=hidden,
            below=below,
            seen=tuple(n for n in (*tells, *(n for n, *_ in hidden), *named_below) if n is not None),
        )

    def _plan(self, variant: MaskedStruct | None, walk: _Walk) -> "_Plan":
        """What is to be done with a struct for the role and purpose of a walk."""
        key = id(variant), walk.reader
        found = self._plans.get(key)
        if found is None:
            classes = {} if variant is None else variant.classes
            hidden = {name: class_ for name, class_ in classes.items() if class_ != OPEN and walk.hides(class_)}
            gone = {name for name, class_ in hidden.items() if not walk.is_of_another_alone(class_)}
            nodes = {n: None if n in self._typed else node for n, node in self.members.items() if n not in gone}
            found = self._plans[key] = _Plan(
                known=frozenset((*classes, *(() if "type" in self.members else ("type",)))),
                hidden=tuple((name, class_, walk.is_of_another_alone(class_)) for name, class_ in hidden.items()),
                below=tuple((n, node) for n, node in nodes.items() if node is None or walk.touches(node)),
                tells_fact=classes.get("fact") == OPEN,
                is_elsewhere=_is_elsewhere(variant),
            )
        return found

    def _variant(self, value: Any, walk: _Walk, file: str | None) -> MaskedStruct | None:
        for variant, conditions in self._conditions:
            for place, values in conditions:
                if not _holds(_at(value, place), values, walk, file):
                    break
            else:
                return variant
        return None

    def fields(self, seen: "set[_Node]") -> Iterator[str]:
        if self in seen:
            return
        seen.add(self)
        for variant in self._variants:
            yield from (*variant.classes.values(), variant.whole)
        whole = self._variants[-1].classes if self._variants else {}
        yield from (UNCLASSIFIED for name in self.members if name not in whole)
        for node in [*self.members.values(), *(self._event(None) if self._typed else ())]:
            yield from node.fields(seen)


def _is_elsewhere(variant: MaskedStruct | None) -> bool:
    """Whether what a variant holds of says that its record stands on another file."""
    return variant is not None and any(ANOTHER in values for values in variant.where.values())


def _at(value: Any, place: Sequence[str]) -> Any:
    """A member, or one below it: that of the names in turn."""
    for name in place:
        value = _member(value, name)
    return value


def _reading(attributes: Mapping[str, str], place: str) -> Callable[[Any], Any]:
    """What gives the member of a class at a place, straight from its attribute where it has one of that name: one that
    is not set is as good as none to whoever compares it with texts."""
    attribute = attributes.get(place)
    return partial(_at, place=place.split(".")) if attribute is None else attrgetter(attribute)


def _member(value: Any, name: str) -> Any:
    """A member of an object, or of a struct by the name under which it is written; ``None`` where there is none."""
    if isinstance(value, dict):
        return value.get(name)
    attribute = _attributes(type(value)).get(name) if isinstance(value, msgspec.Struct) else None
    found = None if attribute is None else getattr(value, attribute)
    return None if found is UNSET else found


@cache
def _attributes(cls: type[msgspec.Struct]) -> Mapping[str, str]:
    """The attributes of a class by the names under which they are written."""
    return dict(zip(cls.__struct_encode_fields__, cls.__struct_fields__, strict=True))


def _may_be_written_as_object(value: Any) -> bool:
    """Whether something that is no struct might be written with members all the same."""
    return not (value is None or value is UNSET or isinstance(value, str | int | float | Decimal | dt.date))


def _holds(value: Any, values: Collection[str], walk: _Walk, file: str | None) -> bool:
    return walk.is_another_file(value, file) if ANOTHER in values else value in values


def _cut(value: dict[str, Any], name: str, class_: str, place: str, walk: _Walk, file: str | None) -> None:
    """Leave out of a member the ids of what stands on another file."""
    found = value[name]
    if isinstance(found, list):
        kept = [item for item in found if not walk.is_on_another(item, file)]
        if len(kept) < len(found):
            value[name] = kept
            walk.left_out(class_, place, len(found) - len(kept))
    elif walk.is_on_another(found, file):
        del value[name]
        walk.left_out(class_, place)


_LEAF: Final = _Node()
