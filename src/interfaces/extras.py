"""What is installed apart: heavy libraries that some installations need, each with a lock of its own."""

from importlib.util import find_spec
from typing import Final, NamedTuple

from domain.errors import CaseError
from domain.sentence import sentence


class Extra(NamedTuple):
    """A library, its lock, and by its code the text that says what it is for."""

    module: str
    lock: str
    what: str


PARQUET: Final = Extra("pyarrow", "requirements-embedded.lock", "extras.parquet")
CLUSTER: Final = Extra("distributed", "requirements-cluster.lock", "extras.cluster")


class NotInstalled(CaseError):
    """A library is needed that is not installed; the text says how to install it."""

    def __init__(self, extra: Extra) -> None:
        super().__init__("not_installed", sentence("extras.not_installed", what=sentence(extra.what), lock=extra.lock))


def need(extra: Extra) -> None:
    """Raise ``NotInstalled`` when a library is missing."""
    if find_spec(extra.module) is None:
        raise NotInstalled(extra)
