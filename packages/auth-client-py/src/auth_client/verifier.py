"""Whether an access token is genuine, for this app, and valid now (RFC 7519, RFC 8725, RFC 9068).

The order matters: the algorithm has to be one of the pinned ones before a key is looked for, and
the signature has to be right before any claim is believed. A token is a secret, so no error and no
line of the log repeats any part of it.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt

from auth_client.key_cache import KeyCache
from auth_client.settings import Algorithm, OidcSettings
from auth_client.user import ClaimError, User

# RFC 9068, section 2.1, and what older issuers write. Logout and DPoP tokens have other types.
_TYPES: Final = frozenset({"jwt", "at+jwt", "application/at+jwt"})

# Claims of ID tokens (`at_hash` is the access token's hash, so none can hold it) and logout tokens.
# An ID token stands in addresses at sign-out (`id_token_hint`), and addresses get logged: it must
# open nothing.
_NOT_OF_ACCESS_TOKENS: Final = ("at_hash", "events")

# The first class that fits is the reason given.
_REASONS: Final[tuple[tuple[type[jwt.PyJWTError], str], ...]] = (
    (jwt.ExpiredSignatureError, "the token has expired"),
    (jwt.ImmatureSignatureError, "the token is not valid yet"),
    (jwt.InvalidAudienceError, "the token is for another app"),
    (jwt.InvalidIssuerError, "the token is from another issuer"),
    (jwt.InvalidAlgorithmError, "the token's algorithm is not accepted"),
    (jwt.InvalidSignatureError, "the token's signature is wrong"),
    (jwt.MissingRequiredClaimError, "the token lacks a claim"),
)


class InvalidTokenError(Exception):
    """The token is refused. The message is one of a few fixed ones, and may be shown to anyone."""


class TokenVerifier:
    """Turns access tokens of one issuer into users. May be used by many threads."""

    def __init__(
        self, settings: OidcSettings, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.settings = settings
        self._keys = KeyCache(settings, clock=clock)

    def verify(self, token: str) -> User:
        """Raises InvalidTokenError, or IssuerUnavailableError where nothing can be said of it.

        Asks the issuer for its keys when it has to, so it may take a few seconds.
        """
        claims = self._claims(token)
        if any(claim in claims for claim in _NOT_OF_ACCESS_TOKENS):
            raise InvalidTokenError("this is no access token")
        try:
            return User.from_claims(claims, self.settings.groups_claim)
        except ClaimError:
            raise InvalidTokenError("a claim of the token is malformed") from None

    def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            algorithm, kid = self._header(jwt.get_unverified_header(token))
            key = self._keys.find(algorithm, kid)
            if key is None:
                raise InvalidTokenError("the token's key is not known")
            claims: dict[str, Any] = jwt.decode(
                token,
                key,
                algorithms=[algorithm],
                audience=self.settings.client_id,
                issuer=self.settings.issuer,
                leeway=self.settings.leeway,
                options={"require": ["iss", "aud", "sub", "exp", "iat"]},
            )
        except jwt.PyJWTError as error:
            raise InvalidTokenError(_reason(error)) from None
        except (ValueError, RecursionError):
            raise InvalidTokenError("the token is malformed") from None
        return claims

    def _header(self, header: Mapping[str, Any]) -> tuple[Algorithm, str | None]:
        algorithm = next((a for a in self.settings.algorithms if a == header.get("alg")), None)
        if algorithm is None:
            raise InvalidTokenError("the token's algorithm is not accepted")
        if str(header.get("typ", "JWT")).lower() not in _TYPES:
            raise InvalidTokenError("this is no access token")
        if "crit" in header:
            # RFC 7515, section 4.1.11: extensions that must be understood; none is.
            raise InvalidTokenError("the token has an extension that is not known")
        kid = header.get("kid")
        if kid is not None and not isinstance(kid, str):
            raise InvalidTokenError("the token is malformed")
        return algorithm, kid


def _reason(error: jwt.PyJWTError) -> str:
    return next(
        (reason for kind, reason in _REASONS if isinstance(error, kind)), "the token is malformed"
    )
