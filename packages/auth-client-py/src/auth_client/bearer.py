"""The bearer token of an `Authorization` header (RFC 6750, section 2.1).

Reads the header and nothing more: whether the token is genuine, who issued it and for whom is not
decided here. A token is a secret, so no error repeats any part of what was sent.
"""

import re
from enum import Enum
from typing import Final

# RFC 6750, section 2.1: credentials = "Bearer" 1*SP b64token
#                        b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
# RFC 9110, section 11.1: the scheme's name is case-insensitive, and a token of RFC 9110's alphabet.
_SCHEME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_CREDENTIALS: Final = re.compile(r"[A-Za-z]+ +([A-Za-z0-9\-._~+/]+=*)")


class BearerTokenProblem(Enum):
    """Why a header gives no token."""

    MISSING = "missing"
    """There is no header, or an empty one."""

    OTHER_SCHEME = "other_scheme"
    """The header is of another scheme, such as `Basic`."""

    MALFORMED = "malformed"
    """The header is of the Bearer scheme, or of none that can be told, and isn't well-formed."""


_MESSAGES: Final = {
    BearerTokenProblem.MISSING: "the request has no Authorization header",
    BearerTokenProblem.OTHER_SCHEME: "the Authorization header is not of the Bearer scheme",
    BearerTokenProblem.MALFORMED: "the Authorization header is not 'Bearer' and one token",
}


class BearerTokenError(Exception):
    """A request carries no usable bearer token."""

    def __init__(self, problem: BearerTokenProblem) -> None:
        super().__init__(_MESSAGES[problem])
        self.problem = problem


def parse_bearer(header: str | None) -> str:
    """Returns the token of the value of one `Authorization` header; None stands for no header.

    Raises BearerTokenError where there is none. Spaces and tabs around the value are no part of it
    (RFC 9110, section 5.5).
    """
    value = (header or "").strip(" \t")
    if not value:
        raise BearerTokenError(BearerTokenProblem.MISSING)

    scheme = _SCHEME.match(value)
    if scheme is None:
        raise BearerTokenError(BearerTokenProblem.MALFORMED)
    if scheme.group().lower() != "bearer":
        raise BearerTokenError(BearerTokenProblem.OTHER_SCHEME)

    credentials = _CREDENTIALS.fullmatch(value)
    if credentials is None:
        raise BearerTokenError(BearerTokenProblem.MALFORMED)
    return credentials.group(1)
