"""Requests that Schemathesis thinks of by the description of the API, sent to a running server."""

import os
import sys
from pathlib import Path

PROMISED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
"""What every answer is held to."""

LEFT_OUT = ("get_changes_stream", "sign_out", "sign_out_everywhere")
"""A stream does not end while somebody reads it, and whoever signs out is nobody for the rest of the run."""

REACHING = os.environ | {"SCHEMATHESIS_HOOKS": "tests.contract.hooks", "PYTHONPATH": str(Path(__file__).parents[2])}
"""The environment in which every other request is about a file of the story."""


def sending(address: str, header: str, *chosen: str) -> list[str]:
    """The command that sends requests to the server at an address, each with a header; more options are chosen."""
    return [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{address}/api/v1/openapi.json"),
        *("--header", header, "--checks", ",".join(PROMISED), "--continue-on-failure", "--no-color"),
        *(part for name in LEFT_OUT for part in ("--exclude-operation-id", name)),
        *("--suppress-health-check", "all", "--warnings", "off", *chosen),
    ]
