"""Every example of the description as TypeScript: the compiler says whether it is of the type it stands for."""

import json
from collections.abc import Iterator
from typing import Any

_METHODS = ("get", "post", "delete")


def typescript_of(description: dict[str, Any]) -> str:
    """A module that holds every example of a request and of an answer against its type."""
    lines = ['import type { components, operations } from "./schema.js";', ""]
    for type_, value in examples_of(description):
        lines.append(f"({json.dumps(value, ensure_ascii=False)}) satisfies {type_};")
    return "\n".join([*lines, "export {};", ""])


def examples_of(description: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The name of a type, and a value that is an example of it."""
    for methods in description["paths"].values():
        for method in _METHODS:
            if method in methods:
                yield from _of_operation(methods[method])
    for name, response in description["components"]["responses"].items():
        yield from _of_content(f'components["responses"]["{name}"]', response)


def _of_operation(operation: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    name = f'operations["{operation["operationId"]}"]'
    if "requestBody" in operation:
        yield from _of_content(f'NonNullable<{name}["requestBody"]>', operation["requestBody"])
    for status, response in operation["responses"].items():
        if "$ref" not in response:
            yield from _of_content(f'{name}["responses"][{status}]', response)


def _of_content(type_: str, holder: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for media, content in holder.get("content", {}).items():
        for example in content.get("examples", {}).values():
            yield f'{type_}["content"]["{media}"]', example["value"]
