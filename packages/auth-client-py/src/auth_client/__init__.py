"""FastAPI dependencies that verify access tokens of an OpenID Connect issuer."""

from auth_client.bearer import BearerTokenError, BearerTokenProblem, parse_bearer
from auth_client.dependencies import (
    optional_user,
    require_groups,
    require_token,
    require_user,
    setup_auth,
)
from auth_client.key_cache import IssuerUnavailableError
from auth_client.settings import Algorithm, OidcSettings, TokenType
from auth_client.user import User
from auth_client.verifier import InvalidTokenError, TokenVerifier

__all__ = [
    "Algorithm",
    "BearerTokenError",
    "BearerTokenProblem",
    "InvalidTokenError",
    "IssuerUnavailableError",
    "OidcSettings",
    "TokenType",
    "TokenVerifier",
    "User",
    "optional_user",
    "parse_bearer",
    "require_groups",
    "require_token",
    "require_user",
    "setup_auth",
]
