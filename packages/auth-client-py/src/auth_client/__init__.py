"""What a backend needs to know who is asking: for now, the bearer token that a request carries."""

from auth_client.bearer import BearerTokenError, BearerTokenProblem, parse_bearer

__all__ = ["BearerTokenError", "BearerTokenProblem", "parse_bearer"]
