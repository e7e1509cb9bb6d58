"""One GET of JSON, from a service that may be down, slow or wrong.

No redirect is followed and HTTP_PROXY isn't read: an answer comes from where it was asked, or not
at all.
"""

import json
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

MAX_BYTES: Final = 16 * 1024 * 1024
"""An engine with a thousand containers answers with about two million bytes."""


class FetchError(Exception):
    """The request failed. The message contains nothing of the answer but its status."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def fetch_json(origin: str, target: str, *, headers: Mapping[str, str], timeout: float) -> Any:  # noqa: ANN401 - any JSON
    """Returns the document at a path, with its query, of an origin such as `http://host:8080`."""
    parts = urlsplit(origin)
    make = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = make(parts.hostname or "", parts.port, timeout=timeout)
    try:
        connection.request("GET", target, headers={"Accept": "application/json", **headers})
        response = connection.getresponse()
        if response.status != 200:
            raise FetchError(f"{origin} answered {response.status}", response.status)
        body = response.read(MAX_BYTES + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(f"{origin} does not answer: {error or type(error).__name__}") from None
    finally:
        connection.close()

    if len(body) > MAX_BYTES:
        raise FetchError(f"{origin} answered with more than {MAX_BYTES} bytes")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise FetchError(f"{origin} answered with something that is no JSON") from None
