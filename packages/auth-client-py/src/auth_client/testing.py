"""A real issuer for tests: it serves discovery and keys over HTTP on loopback, and signs tokens.

For tests only. It generates new keys each time, which no other verifier trusts.
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from auth_client.settings import Algorithm

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class SigningKey:
    """A key pair and its id."""

    kid: str
    algorithm: Algorithm
    private: PrivateKey

    @classmethod
    def generate(cls, algorithm: Algorithm = "RS256") -> "SigningKey":
        if algorithm == "ES256":
            return cls(uuid4().hex, algorithm, ec.generate_private_key(ec.SECP256R1()))
        return cls(uuid4().hex, algorithm, rsa.generate_private_key(65537, 2048))

    @property
    def jwk(self) -> dict[str, Any]:
        """The public half, as the issuer publishes it."""
        public = self.private.public_key()
        if isinstance(public, rsa.RSAPublicKey):
            members = RSAAlgorithm.to_jwk(public, as_dict=True)
        else:
            members = ECAlgorithm.to_jwk(public, as_dict=True)
        # PyJWT adds it, and `use` says the same: RFC 7517, section 4.3, advises against both.
        members.pop("key_ops", None)
        return {**members, "kid": self.kid, "alg": self.algorithm, "use": "sig"}


class LocalIssuer:
    """Change its attributes to have it rotate keys, fail, or lie. Made by `local_issuer`."""

    def __init__(self, origin: str, keys: list[SigningKey]) -> None:
        self.origin = origin
        self.path = "/application/o/app/"
        self.issuer = f"{origin}{self.path}"
        self.keys = keys
        """The first one signs, all are published."""
        self.discovery: dict[str, Any] = {
            "issuer": self.issuer,
            "jwks_uri": f"{self.issuer}jwks/",
        }
        self.status = 200
        """What it answers; anything but 200 comes without a document."""
        self.delay = 0.0
        """Seconds that it takes to answer."""
        self.extra_jwks: list[Any] = []
        """Entries of the key set besides its own keys."""
        self.requests: list[tuple[str, Mapping[str, str]]] = []
        """What was asked: path and headers."""

    def token(
        self,
        *,
        key: SigningKey | None = None,
        headers: Mapping[str, Any] | None = None,
        **claims: Any,  # noqa: ANN401 - a claim is any JSON
    ) -> str:
        """A token for the client `app` that is valid for a minute. A claim of None is left out."""
        key = key or self.keys[0]
        now = int(time.time())
        everything = {
            "iss": self.issuer,
            "aud": "app",
            "sub": "alice",
            "client_id": "app",
            "iat": now,
            "exp": now + 60,
            **claims,
        }
        return jwt.encode(
            {name: value for name, value in everything.items() if value is not None},
            key.private,
            algorithm=key.algorithm,
            headers={"typ": "at+jwt", "kid": key.kid, **(headers or {})},
        )

    def document(self, path: str) -> object:
        """What it answers to a path; None for one that it doesn't know."""
        if path == f"{self.path}.well-known/openid-configuration":
            return self.discovery
        if path == f"{self.path}jwks/":
            return {"keys": [*self.extra_jwks, *(key.jwk for key in self.keys)]}
        return None


@contextmanager
def local_issuer(*keys: SigningKey) -> Iterator[LocalIssuer]:
    """Serves an issuer, with those keys or a new one, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            issuer.requests.append((self.path, dict(self.headers.items())))
            time.sleep(issuer.delay)
            document = issuer.document(self.path)
            status = issuer.status if document is not None else 404
            body = json.dumps(document).encode() if status == 200 else b""
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent: the tests look at `requests`."""

    server: Final = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    origin = f"http://127.0.0.1:{server.server_address[1]}"
    issuer = LocalIssuer(origin, list(keys) or [SigningKey.generate()])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield issuer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
