"""One GET of a JSON object, from a server that may be down, slow or wrong.

It connects directly to the given address: it follows no redirects, since they could lead
anywhere, and ignores HTTP_PROXY and the like, which would apply to the internal origin too.
"""

import json
import re
import socket
import ssl
import time
from contextlib import closing
from http.client import HTTPException, HTTPResponse
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from auth_client.settings import OidcSettings, origin_of

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

MAX_BYTES: Final = 1024 * 1024
"""A larger document is not a key set."""

_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")


class FetchError(Exception):
    """The fetch failed. The message contains nothing of the answer but its status."""


class Deadline:
    """The moment at which all of a fetch has to be over, however many steps it takes."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds; raises TimeoutError where there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


def fetch_json(url: str, settings: OidcSettings, deadline: Deadline) -> dict[str, Any]:
    """Returns the JSON object at a URL; one of the issuer's is reached at the internal origin."""
    try:
        scheme, host, port, headers = _address(url, settings)
    except ValueError as error:
        raise FetchError(str(error)) from None
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with _connect(scheme, host, port, deadline) as connection:
            connection.settimeout(deadline.left())
            connection.sendall(_request(target, {"Host": parts.netloc, **headers}))
            answer = HTTPResponse(_Answer(connection, deadline), method="GET")  # type: ignore[arg-type]
            with closing(answer):
                answer.begin()
                if answer.status != 200:
                    raise FetchError(f"{url} answered {answer.status}")
                body = answer.read(MAX_BYTES + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(f"{url} does not answer: {error or type(error).__name__}") from None

    if len(body) > MAX_BYTES:
        raise FetchError(f"{url} answered with more than {MAX_BYTES} bytes")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise FetchError(f"{url} answered with something that is no JSON") from None
    if not isinstance(document, dict):
        raise FetchError(f"{url} answered with something that is no JSON object")
    return document


def _connect(scheme: str, host: str, port: int, deadline: Deadline) -> socket.socket:
    """Connects to the first of the host's addresses that answers.

    Looking up the name is the system's, and knows no deadline.
    """
    error = OSError("its name has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM
    ):
        connection = socket.socket(family, kind, protocol)
        try:
            connection.settimeout(deadline.left())
            connection.connect(address)
            if scheme == "http":
                return connection
            connection.settimeout(deadline.left())
            return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        except OSError as failed:
            connection.close()
            error = failed
    raise error


def _request(target: str, headers: dict[str, str]) -> bytes:
    headers = {
        **headers,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Connection": "close",
    }
    if not _VISIBLE.fullmatch(target) or not _VISIBLE.fullmatch(headers["Host"]):
        raise ValueError("its address has characters that no address may have")
    lines = [f"GET {target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "".join(f"{line}\r\n" for line in [*lines, ""]).encode("ascii")


class _Answer(RawIOBase):
    """What comes over a connection until the deadline: one byte a second doesn't put it off."""

    def __init__(self, connection: socket.socket, deadline: Deadline) -> None:
        self._connection = connection
        self._deadline = deadline

    def makefile(self, _: str) -> BufferedReader:
        return BufferedReader(self)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self._connection.settimeout(self._deadline.left())
        return self._connection.recv_into(buffer)


def _address(url: str, settings: OidcSettings) -> tuple[str, str, int, dict[str, str]]:
    """Where to connect to for a URL, and the headers that make up for the difference."""
    origin = origin_of(url)
    if settings.internal_origin is None or origin != origin_of(settings.issuer):
        return *origin, {}
    issuer = urlsplit(settings.issuer)
    headers = {"Host": issuer.netloc, "X-Forwarded-Proto": issuer.scheme}
    return *origin_of(settings.internal_origin), headers
