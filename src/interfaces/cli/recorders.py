"""Who acts at the command line: one parameter of a command, however many options say it."""

import inspect
from collections.abc import Callable
from typing import Any, Final, Literal, get_args

_PARAMETER: Final = "by"


class MadeOf:
    """Says of a parameter by which function of ``interfaces.cli.commands.recording`` it is made, and of which options:
    ``actor`` says who, each other one is named as the field of the ``Principal`` that it gives."""

    def __init__(self, maker: Literal["principal", "signer"], **options: Any) -> None:
        self.maker = maker
        self.options = options


def with_recorder(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command that takes who acts (``by``) the options of which that is made, in its place."""
    signature = inspect.signature(command)
    by = signature.parameters.get(_PARAMETER)
    if by is None:
        return command
    _, made_of = get_args(by.annotation)
    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=annotation)
        for name, annotation in made_of.options.items()
    ]
    parameters = [
        each
        for parameter in signature.parameters.values()
        for each in (options if parameter is by else [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)])
    ]

    def run(**given: Any) -> None:
        from interfaces.cli.commands import recording

        who = {name: given.pop(name) for name in made_of.options}
        command(**given, by=getattr(recording, made_of.maker)(**who))

    run.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run
