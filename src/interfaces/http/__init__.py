"""The HTTP API: the commands and the questions of the product under ``/api/v1``."""

from interfaces.http.app import Deps, create_app, reader_of

__all__ = ["Deps", "create_app", "reader_of"]
