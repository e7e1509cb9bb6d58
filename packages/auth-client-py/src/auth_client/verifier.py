"""Whether an access token is genuine, for this app, and valid now (RFC 7519, RFC 8725, RFC 9068).

The order matters: the algorithm has to be one of the pinned ones before a key is looked for, and
the signature has to be right before any claim is believed. A token is a secret, so no error and no
line of the log repeats any part of it.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt

from auth_client.compact import read_parts
from auth_client.key_cache import KeyCache
from auth_client.settings import Algorithm, OidcSettings, TokenType
from auth_client.user import ClaimError, User

# An ID token has the same issuer, key and audience. It stands in addresses at sign-out
# (`id_token_hint`), and addresses get logged, so it must open nothing. An issuer that follows
# RFC 9068 tells by `typ`. Of the others', an access token says to which client it was given or for
# what, and has no claim of an ID token (`at_hash` is the access token's own hash) or logout token.
_ACCESS_TOKEN_TYPES: Final = frozenset({"at+jwt", "application/at+jwt"})
_CLAIMS_OF_ACCESS_TOKENS: Final = frozenset({"azp", "client_id", "scope", "scp"})
_CLAIMS_OF_OTHER_TOKENS: Final = frozenset({"nonce", "at_hash", "c_hash", "s_hash", "events"})
# What some issuers write into a claim: Keycloak into `typ`, Cognito into `token_use`.
_OTHER_USES: Final = (("typ", "ID"), ("token_use", "id"))

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
        try:
            return User.from_claims(self._claims(token), self.settings.groups_claim)
        except ClaimError:
            raise InvalidTokenError("a claim of the token is malformed") from None

    def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            header, claims = read_parts(token)
            algorithm, kid = self._algorithm_and_kid(header)
            key = self._keys.find(algorithm, kid)
            if key is None:
                raise InvalidTokenError("the token's key is not known")
            jwt.decode(
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
        except (ValueError, TypeError, ArithmeticError, RecursionError):
            # The last ones come out of PyJWT itself, for claims of a type that it doesn't expect.
            raise InvalidTokenError("the token is malformed") from None
        self._check(header, claims)
        return claims

    def _check(self, header: Mapping[str, Any], claims: Mapping[str, Any]) -> None:
        """What PyJWT doesn't know, of a token that is genuine; raises InvalidTokenError."""
        client = self.settings.client_id
        if not _is_access_token(header, claims, self.settings.token_type):
            raise InvalidTokenError("this is no access token")
        if "cnf" in claims:
            # RFC 7800: only who proves to have a key may use it, and no proof is checked here.
            raise InvalidTokenError("the token is bound to a proof that is not checked here")
        if any(claims.get(claim, client) != client for claim in ("azp", "client_id")):
            raise InvalidTokenError("the token was given to another client")
        if claims["sub"] == client:
            # RFC 9068, section 5: the token of a client that acts for itself.
            raise InvalidTokenError("the token is a program's and stands for no user")
        times = [claims[claim] for claim in ("iat", "exp", "nbf") if claim in claims]
        if any(type(moment) is not int for moment in times):
            raise InvalidTokenError("a time in the token is no whole number")
        if claims["exp"] - claims["iat"] > self.settings.max_lifetime:
            raise InvalidTokenError("the token is valid for too long")

    def _algorithm_and_kid(self, header: Mapping[str, Any]) -> tuple[Algorithm, str | None]:
        algorithm = next((a for a in self.settings.algorithms if a == header.get("alg")), None)
        if algorithm is None:
            raise InvalidTokenError("the token's algorithm is not accepted")
        if "crit" in header:
            # RFC 7515, section 4.1.11: extensions that must be understood; none is.
            raise InvalidTokenError("the token has an extension that is not known")
        kid = header.get("kid")
        if kid is not None and not isinstance(kid, str):
            raise InvalidTokenError("the token is malformed")
        return algorithm, kid


def _is_access_token(
    header: Mapping[str, Any], claims: Mapping[str, Any], token_type: TokenType
) -> bool:
    kind = str(header.get("typ", "JWT")).lower()
    if kind in _ACCESS_TOKEN_TYPES:
        return True
    return (
        kind == "jwt"
        and token_type == "JWT"  # noqa: S105 - no password
        and not _CLAIMS_OF_ACCESS_TOKENS.isdisjoint(claims)
        and _CLAIMS_OF_OTHER_TOKENS.isdisjoint(claims)
        and all(claims.get(claim) != use for claim, use in _OTHER_USES)
    )


def _reason(error: jwt.PyJWTError) -> str:
    return next(
        (reason for kind, reason in _REASONS if isinstance(error, kind)), "the token is malformed"
    )
