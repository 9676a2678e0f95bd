"""An operation: one handler, with what its signature says of it."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from application.access.roles import PUBLIC, shipped_roles
from interfaces.http.asking import PathPart, Query, known_at
from interfaces.http.bodies import SHEET_TYPES
from interfaces.http.desk import HandledRequest
from interfaces.http.replying import Reply

Handler = Callable[..., Any]
Provider = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One method on one path.

    ``context`` is the dependency through which its handler sees the request. ``query`` and ``parts`` are the parameters
    of its query and its path by the names under which they are sent, ``names`` what its signature calls the former,
    ``providers`` what makes the dependencies of its handler, ``data`` what its body spells, ``answer`` what a good
    answer is made of. ``errors`` are the kinds of problems it may end in beside those that everything may. One that
    ``is_question`` records nothing, one that ``has_tag`` is asked on the condition that its answer is another one, one
    that ``sends_parts`` is a file that has a tag of its own and of which a part can be had, one that ``is_hot`` is
    answered without the library's help, the answer of one that ``is_plain`` is never compressed, the body of one that
    ``takes_file`` is a file of one of the ``file_types`` and of at most ``most_bytes`` (as many as a sheet unless
    said), and one that ``may_wait`` is answered with 202 while it is not done yet. ``seconds`` is how long a question
    may take that has more time than others.
    """

    id: str
    method: str
    path: str
    handler: Handler
    runs: "Callable[[Operation, HandledRequest, Mapping[str, Any]], Reply[Any]]"
    context: str
    query: Mapping[str, Query]
    names: Mapping[str, str]
    parts: Mapping[str, PathPart]
    providers: Mapping[str, Provider] = field(default_factory=dict)
    data: Any = None
    answer: Any = None
    errors: tuple[str, ...] = ()
    status: int = 200
    files: tuple[str, ...] = ()
    is_question: bool = False
    is_long: bool = False
    seconds: float | None = None
    is_of_the_primary: bool = False
    has_tag: bool = False
    sends_parts: bool = False
    is_hot: bool = False
    is_plain: bool = False
    takes_file: bool = False
    file_types: tuple[str, ...] = SHEET_TYPES
    most_bytes: int | None = None
    may_wait: bool = False

    def __deepcopy__(self, memo: Any) -> "Operation":
        """Itself: the library copies the handlers of a controller with all that hangs on them."""
        return self

    @cached_property
    def named(self) -> tuple[str, ...]:
        """What it is called in the table of roles: the commands that its body may spell, or itself."""
        kinds = get_args(self.data) or (self.data,)
        tags = [getattr(kind, "__struct_config__", None) for kind in kinds]
        return tuple([str(config.tag) for config in tags if config is not None and config.tag]) or (self.id,)

    @cached_property
    def is_logged(self) -> bool:
        """Whether whoever asks it stands in the read log."""
        return any(shipped_roles().is_logged(name) for name in self.named)

    @cached_property
    def is_public(self) -> bool:
        """Whether somebody who has not signed in may ask for it."""
        return any(shipped_roles().reach(PUBLIC, name) is not None for name in self.named)

    @cached_property
    def moments(self) -> tuple[str, ...]:
        """The parameters that name a moment of knowledge."""
        return tuple(name for name, query in self.query.items() if query.read is known_at) or ("known_at",)

    def given(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """What its handler takes of the values of a query, where the library does not inject it. What was not sent is
        there as its signature has it: what is read is narrowed to a place in what is given."""
        named = {self.names[name]: value for name, value in values.items()}
        taken = {}
        for name, parameter in inspect.signature(self.handler).parameters.items():
            provider = self.providers.get(name)
            if provider is not None:
                wanted = inspect.signature(provider).parameters
                taken[name] = provider(**{n: value for n, value in named.items() if n in wanted})
            elif name in named:
                taken[name] = named[name]
            elif parameter.default is not parameter.empty:
                taken[name] = parameter.default
        return taken

    def run(self, asked: HandledRequest, given: Mapping[str, Any]) -> Reply[Any]:
        """Answer at the copy of ``asked``, with what the signature takes from the request."""
        return self.runs(self, asked, given)

    def call(self, context: Any, given: Mapping[str, Any]) -> Reply[Any]:
        """What the handler answers. It uses nothing of its controller, which stays where the library made it."""
        answer: Reply[Any] = self.handler(None, **{self.context: context}, **given)
        return answer


def operation_of(
    handler: Handler,
    method: str,
    path: str,
    runs: Callable[[Operation, HandledRequest, Mapping[str, Any]], Reply[Any]],
    providers: Mapping[str, Provider],
    contexts: Mapping[str, Provider],
    **more: Any,
) -> Operation:
    """The operation of a handler: what its signature takes, and the signatures of what it depends on."""
    taken = dict(_taken(handler, {**providers, **contexts}))
    hints = get_type_hints(handler, include_extras=True)
    return Operation(
        id=handler.__name__,
        method=method,
        path=path,
        handler=handler,
        runs=runs,
        context=next(name for name in contexts if name in hints),
        query={p.name or n: p for n, p in taken.items() if isinstance(p, Query)},
        names={p.name or n: n for n, p in taken.items() if isinstance(p, Query)},
        parts={n: p for n, p in taken.items() if isinstance(p, PathPart)},
        data=get_args(hints["data"])[0] if "data" in hints else None,
        answer=next(iter(get_args(hints["return"])), None),
        providers=providers,
        **more,
    )


def _taken(function: Handler, providers: Mapping[str, Provider]) -> Iterator[tuple[str, Query | PathPart]]:
    """The parameters that a function takes from a request, in order, and those of what it depends on."""
    hints = get_type_hints(function, include_extras=True)
    for name in inspect.signature(function).parameters:
        hint = hints.get(name)
        if name in providers:
            yield from _taken(providers[name], {})
        elif get_origin(hint) is Annotated:
            yield from ((name, found) for found in get_args(hint)[1:] if isinstance(found, Query | PathPart))
