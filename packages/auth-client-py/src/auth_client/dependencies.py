"""FastAPI dependencies that give a route its user, or answer in its place as RFC 6750 says.

`require_user` and `optional_user` are plain functions, so that FastAPI verifies a token once a
request, however many dependencies ask for the user. They are no coroutines: a fetch of keys must
not hold up the event loop.
"""

import logging
import math
from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Depends, FastAPI, HTTPException, Request, Security
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase

from auth_client.bearer import BearerTokenError, BearerTokenProblem, parse_bearer
from auth_client.key_cache import IssuerUnavailableError
from auth_client.user import User
from auth_client.verifier import InvalidTokenError, TokenVerifier

logger: Final = logging.getLogger(__name__)


def setup_auth(app: FastAPI, verifier: TokenVerifier) -> None:
    """Sets the app's token verifier. Call it once, where the app is created."""
    app.state.token_verifier = verifier


class _BearerToken(SecurityBase):
    """The request's token, or None if it has none. Its class adds it to OpenAPI."""

    def __init__(self) -> None:
        self.model = HTTPBearerModel(
            bearerFormat="JWT", description="An access token of the app's issuer."
        )
        self.scheme_name = "bearer"

    async def __call__(self, request: Request) -> str | None:
        headers = request.headers.getlist("Authorization")
        try:
            # RFC 6750, section 3.1: a token that is sent twice makes the request malformed.
            if len(headers) > 1:
                raise BearerTokenError(BearerTokenProblem.MALFORMED)
            return parse_bearer(headers[0] if headers else None)
        except BearerTokenError as error:
            if error.problem is BearerTokenProblem.MALFORMED:
                challenge = _challenge(request, "invalid_request", str(error))
                raise HTTPException(400, str(error), challenge) from None
            return None


_Token = Annotated[str | None, Security(_BearerToken())]


def optional_user(request: Request, token: _Token) -> User | None:
    """The user, or None where the request carries no token. A bad token is refused all the same."""
    if token is None:
        return None
    try:
        return _verifier(request).verify(token)
    except InvalidTokenError as error:
        logger.info("refused a token: %s", error)
        challenge = _challenge(request, "invalid_token", str(error))
        raise HTTPException(401, str(error), challenge) from None
    except IssuerUnavailableError as error:
        # Not 401: the token may be good, and a page signs its user out at 401.
        wait = {"Retry-After": str(math.ceil(error.retry_after))}
        raise HTTPException(503, "sign-in can't be checked at the moment", wait) from None


def require_user(request: Request, user: Annotated[User | None, Depends(optional_user)]) -> User:
    """The user; without one the answer is 401."""
    if user is None:
        # RFC 6750, section 3.1: no error code for a request that carries no token.
        raise HTTPException(401, "the request carries no bearer token", _challenge(request))
    return user


def require_token(token: _Token, _: Annotated[User, Depends(require_user)]) -> str:
    """The token itself, once it is verified, for a call to another service in the user's name.

    It is a secret: its holder can act as the user until it expires.
    """
    return token or ""


def require_groups(*groups: str) -> Callable[..., User]:
    """A dependency that gives the user who is in one of the groups; to others the answer is 403.

    Without any group, everyone who signed in may pass.
    """

    def user_of_groups(request: Request, user: Annotated[User, Depends(require_user)]) -> User:
        if groups and not user.is_in_any(groups):
            logger.info("refused a user who is in none of the groups %s", ", ".join(groups))
            raise HTTPException(
                403,
                f"this needs membership in {' or '.join(groups)}",
                # Group names may be any text, which a header may not.
                _challenge(request, "insufficient_scope", "the user lacks a group"),
            )
        return user

    return user_of_groups


def _verifier(request: Request) -> TokenVerifier:
    verifier = getattr(request.app.state, "token_verifier", None)
    if not isinstance(verifier, TokenVerifier):
        raise RuntimeError("call auth_client.setup_auth(app, verifier) where the app is made")
    return verifier


def _challenge(
    request: Request, error: str | None = None, description: str | None = None
) -> dict[str, str]:
    """RFC 6750, section 3. The texts are this package's own and hold no quotes."""
    parts = [f'realm="{_verifier(request).settings.client_id}"']
    if error is not None:
        parts.append(f'error="{error}"')
    if description is not None:
        parts.append(f'error_description="{description}"')
    return {"WWW-Authenticate": "Bearer " + ", ".join(parts)}
