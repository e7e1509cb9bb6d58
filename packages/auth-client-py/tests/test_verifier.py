"""Which tokens are accepted, of those that the issuer really signed."""

from dataclasses import replace
from typing import Any

import pytest

from auth_client import (
    InvalidTokenError,
    IssuerUnavailableError,
    OidcSettings,
    TokenVerifier,
    User,
)
from auth_client.testing import LocalIssuer, SigningKey

from .forgeries import with_header

Claims = dict[str, Any]


def test_a_genuine_token_gives_its_user(issuer: LocalIssuer, verifier: TokenVerifier) -> None:
    token = issuer.token(
        name="Alice Ånd",
        preferred_username="alice",
        email="alice@example.com",
        groups=["app-users", "admins"],
    )

    assert verifier.verify(token) == User(
        sub="alice",
        name="Alice Ånd",
        username="alice",
        email="alice@example.com",
        groups=frozenset({"app-users", "admins"}),
    )


@pytest.mark.parametrize(
    ("claims", "name"),
    [
        ({"name": "Alice", "preferred_username": "al", "email": "a@b.c"}, "Alice"),
        ({"name": "", "preferred_username": "al", "email": "a@b.c"}, "al"),
        ({"email": "a@b.c"}, "a@b.c"),
        ({}, "alice"),
    ],
)
def test_a_user_has_always_a_name(
    issuer: LocalIssuer, verifier: TokenVerifier, claims: Claims, name: str
) -> None:
    assert verifier.verify(issuer.token(**claims)).name == name


def test_es256_is_accepted_where_it_is_pinned(
    issuer: LocalIssuer, settings: OidcSettings, ec_key: SigningKey
) -> None:
    issuer.keys.append(ec_key)
    token = issuer.token(key=ec_key)

    assert TokenVerifier(replace(settings, algorithms=("ES256",))).verify(token).sub == "alice"
    with pytest.raises(InvalidTokenError, match="algorithm"):
        TokenVerifier(settings).verify(token)
    with pytest.raises(InvalidTokenError, match="algorithm"):
        TokenVerifier(replace(settings, algorithms=("ES256",))).verify(issuer.token())


def test_groups_may_stand_in_another_claim(issuer: LocalIssuer, settings: OidcSettings) -> None:
    verifier = TokenVerifier(replace(settings, groups_claim="roles"))

    assert verifier.verify(issuer.token(roles=["a"], groups=["b"])).groups == {"a"}


def test_without_an_id_two_keys_are_one_too_many(
    issuer: LocalIssuer, verifier: TokenVerifier, other_rsa_key: SigningKey
) -> None:
    issuer.keys.append(other_rsa_key)

    with pytest.raises(InvalidTokenError, match="not known"):
        verifier.verify(with_header(issuer, {"alg": "RS256"}))


def test_keys_that_change_while_it_runs_are_followed(
    issuer: LocalIssuer, settings: OidcSettings, other_rsa_key: SigningKey
) -> None:
    verifier = TokenVerifier(replace(settings, refetch_interval=0))
    verifier.verify(issuer.token())
    issuer.keys = [other_rsa_key]

    assert verifier.verify(issuer.token()).sub == "alice"


def test_an_issuer_that_is_away_is_no_verdict(issuer: LocalIssuer, verifier: TokenVerifier) -> None:
    issuer.status = 500

    with pytest.raises(IssuerUnavailableError):
        verifier.verify(issuer.token())
