"""Reads a signed token's compact form (RFC 7515, section 3.1) strictly.

Two readers that take one token for different things are a way around the stricter one. So these are
errors: letters outside of the alphabet, bits that count for nothing, a name that stands twice (RFC
7515, section 4), an encoding other than UTF-8, half of a surrogate pair. Whether the token is
genuine is not decided here.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any


def read_parts(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims; raises ValueError or RecursionError where the token is malformed."""
    header, claims, signature = token.split(".")
    _bytes_of(signature)
    return _object_of(header), _object_of(claims)


def _bytes_of(part: str) -> bytes:
    decoded = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    if urlsafe_b64encode(decoded).rstrip(b"=").decode() != part:
        raise ValueError("not base64url as RFC 7515 writes it")
    return decoded


def _object_of(part: str) -> dict[str, Any]:
    text = _bytes_of(part).decode("utf-8")
    document = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    if not isinstance(document, dict):
        raise ValueError("no JSON object")
    # An escape such as \ud800 gives text that no encoding can write.
    json.dumps(document, ensure_ascii=False).encode("utf-8")
    return document


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice")
    return members


def _no_number(name: str) -> Any:  # noqa: ANN401 - it returns nothing
    raise ValueError(f"{name} is no JSON")
