"""An issuer of tokens over real HTTP, whose keys change, and which signs whatever a test has it say."""

import json
import threading
import time
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

import msgspec
from joserfc import jwt
from joserfc.jwk import RSAKey

from interfaces.oidc.mapping import ClaimMapping

MAPPING = msgspec.convert(
    {
        "role": {"claim": "roles", "of": {"officer": "officer", "auditors": "auditor", "lab": "participant"}},
        "place": {"claim": "region", "of": {"呼和浩特": "150100"}},
        "subject": "file",
        "services": ["portal"],
    },
    ClaimMapping,
)
"""Which claims of an issuer's tokens say who somebody is."""

UNFIT: tuple[dict[str, Any], ...] = (
    {"roles": ["boss"]},
    {"roles": []},
    {"roles": None},
    {"roles": {"officer": True}},
    {"roles": ["officer", "auditors"]},
    {"roles": ["officer"] * 201},
    {"region": None},
    {"region": "999999"},
    {"region": ["150100"]},
    {"region": "Atlantis"},
    {"roles": ["lab"]},
    {"roles": ["lab"], "file": "no id"},
    {"name": "x" * 201},
    {"name": "two\nlines"},
    {"sub": "x" * 201},
    {"act": {"sub": "stranger"}},
    {"act": "portal"},
    {"act": {"sub": ["portal"]}},
)
"""Claims that, among the usual ones of a token, fit no account."""


def _new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


@cache
def _first() -> RSAKey:
    """Made once: a key takes longer than a test."""
    return _new_key("one")


class Issuer:
    """Serves its metadata and keys at ``url``; a context manager. ``asked`` counts how often its keys were fetched,
    ``others`` are told among them."""

    def __init__(self) -> None:
        self.keys = [_first()]
        self.others: list[Any] = []
        self.asked = 0
        self.is_gone = False
        self.says: dict[str, Any] = {}
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if outer.is_gone:
                    self.send_error(503)
                    return
                body = json.dumps(outer.answer(self.path)).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    @staticmethod
    def new_key(kid: str) -> RSAKey:
        return _new_key(kid)

    def answer(self, path: str) -> Any:
        if path == "/keys":
            self.asked += 1
            return {"keys": [*self.others, *(key.as_dict(private=False) for key in self.keys)]}
        return {"issuer": self.url, "jwks_uri": f"{self.url}/keys", **self.says}

    def token(self, *, key: Any = None, header: dict[str, Any] | None = None, **claims: Any) -> str:
        """A token of an officer of Hohhot, with other claims; one that is ``None`` is left out."""
        now = int(time.time())
        usual = {
            "iss": self.url, "aud": "ecodocket", "sub": "wang", "name": "王某", "roles": ["officer"],
            "region": "150100", "iat": now, "exp": now + 300,
        }  # fmt: skip
        said = {name: value for name, value in (usual | claims).items() if value is not None}
        used = key or self.keys[-1]
        protected = {"alg": "RS256", "kid": used.kid, **(header or {})}
        return jwt.encode(protected, said, used, algorithms=[protected["alg"]])

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
