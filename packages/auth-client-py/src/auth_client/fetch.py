"""One GET of a JSON object, from a server that may be down, slow or wrong.

It connects directly to the given address: it follows no redirects, since they could lead
anywhere, and ignores HTTP_PROXY and the like, which would apply to the internal origin too.
"""

import json
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlsplit

from auth_client.settings import OidcSettings, origin_of

MAX_BYTES: Final = 1024 * 1024
"""A larger document is not a key set."""


class FetchError(Exception):
    """The fetch failed. The message contains nothing of the answer but its status."""


def fetch_json(url: str, settings: OidcSettings) -> dict[str, Any]:
    """Returns the JSON object at a URL; one of the issuer's is reached at the internal origin."""
    try:
        scheme, host, port, headers = _address(url, settings)
    except ValueError as error:
        raise FetchError(str(error)) from None
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")

    make = HTTPSConnection if scheme == "https" else HTTPConnection
    connection = make(host, port, timeout=settings.timeout)
    try:
        connection.request("GET", target, headers={"Accept": "application/json", **headers})
        response = connection.getresponse()
        if response.status != 200:
            raise FetchError(f"{url} answered {response.status}")
        body = response.read(MAX_BYTES + 1)
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(f"{url} does not answer: {error or type(error).__name__}") from None
    finally:
        connection.close()

    if len(body) > MAX_BYTES:
        raise FetchError(f"{url} answered with more than {MAX_BYTES} bytes")
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        raise FetchError(f"{url} answered with something that is no JSON") from None
    if not isinstance(document, dict):
        raise FetchError(f"{url} answered with something that is no JSON object")
    return document


def _address(url: str, settings: OidcSettings) -> tuple[str, str, int, dict[str, str]]:
    """Where to connect to for a URL, and the headers that make up for the difference."""
    origin = origin_of(url)
    if settings.internal_origin is None or origin != origin_of(settings.issuer):
        return *origin, {}
    issuer = urlsplit(settings.issuer)
    headers = {"Host": issuer.netloc, "X-Forwarded-Proto": issuer.scheme}
    return *origin_of(settings.internal_origin), headers
