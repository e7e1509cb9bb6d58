"""Which tokens are accepted, of those that the issuer really signed."""

import time
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


class In(float):
    """A time so many seconds from the moment that the token is made."""


def at_this_moment(claims: Claims) -> Claims:
    return {k: v + int(time.time()) if isinstance(v, In) else v for k, v in claims.items()}


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


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["app"]},
        {"aud": ["other", "app"]},
        {"exp": In(-20)},
        {"nbf": In(20)},
        {"iat": In(20)},
        {"nbf": In(-1000), "iat": In(-1000)},
        {"groups": None},
        {"groups": []},
        {"exp": In(60.5)},
    ],
    ids=str,
)
def test_what_is_within_the_rules_is_accepted(
    issuer: LocalIssuer, verifier: TokenVerifier, claims: Claims
) -> None:
    assert verifier.verify(issuer.token(**at_this_moment(claims))).sub == "alice"


@pytest.mark.parametrize(
    "headers", [{"typ": "at+jwt"}, {"typ": "application/AT+JWT"}, {"typ": None}, {"kid": None}]
)
def test_headers_that_are_within_the_rules_are_accepted(
    issuer: LocalIssuer, verifier: TokenVerifier, headers: dict[str, Any]
) -> None:
    token = with_header(issuer, {"alg": "RS256", "kid": issuer.keys[0].kid, **headers})

    assert verifier.verify(token).sub == "alice"


@pytest.mark.parametrize(
    "claims", [{"azp": "app"}, {"client_id": "app"}, {"scope": "openid"}, {"scp": ["openid"]}]
)
def test_an_access_token_of_an_older_kind_is_accepted(
    issuer: LocalIssuer, verifier: TokenVerifier, claims: Claims
) -> None:
    token = issuer.token(headers={"typ": "JWT"}, **{"client_id": None, **claims})

    assert verifier.verify(token).sub == "alice"


@pytest.mark.parametrize(
    "claims",
    [
        {"client_id": None},
        {"client_id": None, "nonce": "n", "sid": "s"},
        {"azp": "app", "at_hash": "x"},
        {"events": {"http://schemas.openid.net/event/backchannel-logout": {}}},
    ],
    ids=str,
)
def test_tokens_for_other_purposes_are_refused(
    issuer: LocalIssuer, verifier: TokenVerifier, claims: Claims
) -> None:
    with pytest.raises(InvalidTokenError, match="no access token"):
        verifier.verify(issuer.token(headers={"typ": "JWT"}, **claims))


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


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://evil.example/application/o/app/"}, "another issuer"),
        ({"iss": None}, "lacks a claim"),
        ({"aud": "other-app"}, "another app"),
        ({"aud": ["other-app", "third"]}, "another app"),
        ({"aud": "app-2"}, "another app"),
        ({"aud": []}, "lacks a claim"),
        ({"aud": None}, "lacks a claim"),
        ({"aud": {"app": True}}, "another app"),
        ({"exp": In(-31)}, "has expired"),
        ({"exp": None}, "lacks a claim"),
        ({"exp": "never"}, "malformed"),
        ({"exp": float("inf")}, "malformed"),
        ({"exp": -(10**400)}, "has expired"),
        ({"nbf": In(40)}, "not valid yet"),
        ({"iat": In(40)}, "not valid yet"),
        ({"iat": None}, "lacks a claim"),
        ({"iat": "x"}, "malformed"),
        ({"sub": None}, "lacks a claim"),
        ({"sub": ""}, "malformed"),
        ({"sub": 7}, "malformed"),
        ({"sub": "a" * 256}, "malformed"),
        ({"sub": "a\x00b"}, "malformed"),
        ({"sub": "a\nb"}, "malformed"),
        ({"groups": "app-users"}, "malformed"),
        ({"groups": [1]}, "malformed"),
        ({"groups": {"app-users": True}}, "malformed"),
        ({"name": ["Alice"]}, "malformed"),
    ],
    ids=str,
)
def test_a_genuine_token_that_is_not_for_now_or_not_for_us_is_refused(
    issuer: LocalIssuer, verifier: TokenVerifier, claims: Claims, reason: str
) -> None:
    with pytest.raises(InvalidTokenError, match=reason):
        verifier.verify(issuer.token(**at_this_moment(claims)))


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
