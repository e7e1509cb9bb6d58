"""The issuer and audience of tokens, and how the issuer's keys are fetched."""

import re
from dataclasses import dataclass
from typing import Final, Literal, get_args
from urllib.parse import SplitResult, urlsplit

Algorithm = Literal["RS256", "ES256"]
"""The allowed signatures. Asymmetric only, so that a verifier can't create tokens."""

TokenType = Literal["at+jwt", "JWT"]

# What may stand in a headers quotes without an escape, and isn't a space (RFC 6750, section 3).
_QUOTABLE: Final = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]+")


def origin_of(url: str) -> tuple[str, str, int]:
    """Scheme, host and port of an http or https URL; raises ValueError for anything else."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(f"{url!r} is no http or https URL")
    if parts.username is not None or parts.password is not None:
        raise ValueError("a URL must not hold a user name or a password")
    return parts.scheme, parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)


@dataclass(frozen=True, slots=True, kw_only=True)
class OidcSettings:
    """Raises ValueError, with the reason, for invalid values. All times are in seconds."""

    issuer: str
    """Exactly the value of a token's `iss`; a trailing slash is part of it."""

    client_id: str
    """This app's client: a token's `aud` has to name it."""

    algorithms: tuple[Algorithm, ...] = ("RS256",)
    """Pinned here, never taken from a token or from what the issuer announces."""

    internal_origin: str | None = None
    """Where to reach the issuer, as in http://authentik:9000, if not at the origin in `issuer`.

    Requests that go there carry the issuer's own Host, and its scheme as X-Forwarded-Proto, so that
    the answer is the same as outside.
    """

    groups_claim: str = "groups"
    """The claim that lists the user's groups."""

    leeway: float = 30
    """How far the issuer's clock may differ from this one."""

    max_lifetime: float = 3600
    """The longest time from `iat` to `exp` that a token may have."""

    token_type: TokenType = "JWT"  # noqa: S105 - no password
    """The `typ` that the issuer writes into access tokens. Where it is `at+jwt`, as RFC 9068 says,

    no other is accepted; otherwise an access token is told from an ID token by its claims.
    """

    timeout: float = 5
    """How long a fetch of the keys may take, with all of its steps."""

    max_wait: float = 3
    """How long a request may wait for a fetch."""

    max_waiting: int = 20
    """How many requests may wait at once: half of the threads that FastAPI has for them."""

    keys_max_age: float = 600
    """Keys older than this are fetched anew before they are used again."""

    keys_stale_for: float = 3600
    """How long after that they still serve while the issuer doesn't answer.

    Longer would be of no use: by then every token that it gave out has expired.
    """

    refetch_interval: float = 10
    """The minimum time between two fetches for unknown keys."""

    retry_interval: float = 3
    """The pause after a failed fetch without keys; with older ones it is `refetch_interval`."""

    def __post_init__(self) -> None:
        origin_of(self.issuer)
        if urlsplit(self.issuer).query or urlsplit(self.issuer).fragment:
            raise ValueError("the issuer must have neither a query nor a fragment")
        if not _QUOTABLE.fullmatch(self.client_id):
            raise ValueError("the client id must be ASCII without spaces, quotes or backslashes")
        if not self.algorithms:
            raise ValueError("at least one algorithm is needed")
        for algorithm in self.algorithms:
            if algorithm not in get_args(Algorithm):
                known = ", ".join(get_args(Algorithm))
                raise ValueError(f"the algorithm {algorithm!r} is none of {known}")
        if self.token_type not in get_args(TokenType):
            raise ValueError(f"the token type {self.token_type!r} is neither at+jwt nor JWT")
        if self.internal_origin is not None:
            origin_of(self.internal_origin)
            rest: SplitResult = urlsplit(self.internal_origin)
            if rest.path not in {"", "/"} or rest.query or rest.fragment:
                raise ValueError("the internal origin must be scheme, host and port only")

    @property
    def discovery_url(self) -> str:
        """OpenID Connect Discovery 1.0, section 4: below the issuer, without its trailing slash."""
        return f"{self.issuer.rstrip('/')}/.well-known/openid-configuration"
