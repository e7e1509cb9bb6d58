"""Which tokens are accepted. Every one here was really signed, or really forged."""

import base64
import hashlib
import hmac
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from auth_client import (
    InvalidTokenError,
    IssuerUnavailableError,
    OidcSettings,
    TokenVerifier,
    User,
)
from auth_client.testing import LocalIssuer, SigningKey

Claims = dict[str, Any]


class In(float):
    """A time so many seconds from the moment that the token is made."""


def at_this_moment(claims: Claims) -> Claims:
    return {k: v + int(time.time()) if isinstance(v, In) else v for k, v in claims.items()}


@pytest.fixture
def verifier(settings: OidcSettings) -> TokenVerifier:
    return TokenVerifier(settings)


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


def encode(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def with_header(issuer: LocalIssuer, header: object, *, claims: object = None) -> str:
    """A token whose header was chosen freely, signed with the issuer's key all the same."""
    body = (
        claims
        if claims is not None
        else jwt.decode(issuer.token(), options={"verify_signature": False})
    )
    if isinstance(header, dict):
        header = {name: value for name, value in header.items() if value is not None}
    signing_input = f"{encode(header)}.{encode(body)}"
    signature = jwt.algorithms.RSAAlgorithm(jwt.algorithms.RSAAlgorithm.SHA256).sign(
        signing_input.encode(),
        issuer.keys[0].private,  # type: ignore[arg-type]
    )
    return f"{signing_input}.{encode(signature)}"


def hs256_with(secret: bytes, issuer: LocalIssuer, **header: object) -> str:
    """What is forged with the public key alone, in the hope that it is taken for a secret."""
    claims = jwt.decode(issuer.token(), options={"verify_signature": False})
    head = {"alg": "HS256", "typ": "JWT", "kid": issuer.keys[0].kid, **header}
    signing_input = f"{encode(head)}.{encode(claims)}"
    signature = hmac.new(secret, signing_input.encode(), hashlib.sha256).digest()
    return f"{signing_input}.{encode(signature)}"


def public_pem(issuer: LocalIssuer) -> bytes:
    return (
        issuer.keys[0]
        .private.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def public_der(issuer: LocalIssuer) -> bytes:
    return (
        issuer.keys[0]
        .private.public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )


def parts(issuer: LocalIssuer) -> list[str]:
    return issuer.token(sub="alice").split(".")


def unsigned(issuer: LocalIssuer, alg: str) -> str:
    return f"{encode({'alg': alg, 'typ': 'JWT', 'kid': issuer.keys[0].kid})}.{parts(issuer)[1]}."


def other_body(issuer: LocalIssuer) -> str:
    head, _, signature = parts(issuer)
    return f"{head}.{issuer.token(sub='admin').split('.')[1]}.{signature}"


def flipped(issuer: LocalIssuer) -> str:
    head, body, signature = parts(issuer)
    return f"{head}.{body}.{'A' if signature[0] != 'A' else 'B'}{signature[1:]}"


def impostor(**header: object) -> Callable[[LocalIssuer], str]:
    """A key of the attacker's own."""

    def forge(issuer: LocalIssuer) -> str:
        own = SigningKey.generate()
        return issuer.token(key=own, headers={"kid": issuer.keys[0].kid, "jwk": own.jwk, **header})

    return forge


FORGED: dict[str, Callable[[LocalIssuer], str]] = {
    "alg none": lambda i: unsigned(i, "none"),
    "alg None": lambda i: unsigned(i, "None"),
    "alg NONE, with a signature": lambda i: unsigned(i, "NONE") + parts(i)[2],
    "alg missing": lambda i: f"{encode({'typ': 'JWT'})}.{parts(i)[1]}.{parts(i)[2]}",
    "alg is a list": lambda i: with_header(i, {"alg": ["RS256"], "kid": i.keys[0].kid}),
    "alg is an object": lambda i: with_header(i, {"alg": {"RS256": 1}, "kid": i.keys[0].kid}),
    "alg RS512": lambda i: with_header(i, {"alg": "RS512", "kid": i.keys[0].kid}),
    "alg PS256": lambda i: with_header(i, {"alg": "PS256", "kid": i.keys[0].kid}),
    "alg ES256 with the RSA key": lambda i: with_header(i, {"alg": "ES256", "kid": i.keys[0].kid}),
    "alg rs256 in small letters": lambda i: with_header(i, {"alg": "rs256", "kid": i.keys[0].kid}),
    "HS256 with the public key's PEM": lambda i: hs256_with(public_pem(i), i),
    "HS256 with the public key's DER": lambda i: hs256_with(public_der(i), i),
    "HS256 with the public key's PEM, no newline": lambda i: hs256_with(public_pem(i).strip(), i),
    "HS256 with an empty secret": lambda i: hs256_with(b"", i),
    "HS256 with the modulus": lambda i: hs256_with(i.keys[0].jwk["n"].encode(), i),
    "another key, under the known id": impostor(),
    "another key, under an id of its own": impostor(kid="mine"),
    "another key, named by its address": impostor(jku="https://evil.example/jwks", kid="mine"),
    "another key, in a certificate": impostor(x5c=["AAAA"], x5u="https://evil.example/"),
    "no signature": lambda i: ".".join([*parts(i)[:2], ""]),
    "another body": other_body,
    "one letter of the signature changed": flipped,
    "signature cut short": lambda i: i.token()[:-20],
    "two parts": lambda i: ".".join(parts(i)[:2]),
    "five parts, as an encrypted one": lambda i: ".".join([*parts(i), "a", "b"]),
    "an extension that must be understood": lambda i: with_header(
        i, {"alg": "RS256", "kid": i.keys[0].kid, "crit": ["exp"], "exp": 1}
    ),
    "detached payload": lambda i: with_header(
        i, {"alg": "RS256", "kid": i.keys[0].kid, "b64": False, "crit": ["b64"]}
    ),
    "a logout token": lambda i: with_header(
        i, {"alg": "RS256", "kid": i.keys[0].kid, "typ": "logout+jwt"}
    ),
    "a DPoP proof": lambda i: with_header(
        i, {"alg": "RS256", "kid": i.keys[0].kid, "typ": "dpop+jwt"}
    ),
    "typ is a number": lambda i: with_header(i, {"alg": "RS256", "kid": i.keys[0].kid, "typ": 1}),
    "kid is a number": lambda i: with_header(i, {"alg": "RS256", "kid": 1}),
    "kid is a path": lambda i: with_header(i, {"alg": "RS256", "kid": "../../dev/null"}),
    "kid is a query": lambda i: with_header(i, {"alg": "RS256", "kid": "x' OR '1'='1"}),
    "header is a list": lambda i: with_header(i, ["RS256"]),
    "header is no JSON": lambda i: with_header(i, b"\xff{"),
    "header is deep": lambda i: f"{encode(b'[' * 40000)}.{parts(i)[1]}.{parts(i)[2]}",
    "header has a huge number": lambda i: f"{encode(b'1' * 6000)}.{parts(i)[1]}.{parts(i)[2]}",
    "body is a list": lambda i: with_header(i, {"alg": "RS256", "kid": i.keys[0].kid}, claims=[1]),
    "body is deep": lambda i: with_header(
        i, {"alg": "RS256", "kid": i.keys[0].kid}, claims=b"[" * 40000
    ),
    "body is no JSON": lambda i: with_header(
        i, {"alg": "RS256", "kid": i.keys[0].kid}, claims=b"\xff"
    ),
    "not a token": lambda _: "abc",
    "dots": lambda _: "...",
    "very long": lambda _: "a" * 60000,
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
def test_a_forged_token_is_refused(
    issuer: LocalIssuer, verifier: TokenVerifier, forge: Callable[[LocalIssuer], str]
) -> None:
    with pytest.raises(InvalidTokenError):
        verifier.verify(forge(issuer))
    assert verifier.verify(issuer.token()).sub == "alice", "and a genuine one still is accepted"


def test_the_forgeries_are_refused_for_what_is_forged(
    issuer: LocalIssuer, verifier: TokenVerifier
) -> None:
    """Or else the table above would prove nothing."""
    reasons = {}
    for name, forge in FORGED.items():
        with pytest.raises(InvalidTokenError) as caught:
            verifier.verify(forge(issuer))
        reasons[name] = str(caught.value)

    assert reasons["alg none"] == "the token's algorithm is not accepted"
    assert reasons["HS256 with the public key's PEM"] == "the token's algorithm is not accepted"
    assert reasons["another key, under the known id"] == "the token's signature is wrong"
    assert reasons["another key, under an id of its own"] == "the token's key is not known"
    assert reasons["another body"] == "the token's signature is wrong"
    assert reasons["a logout token"] == "this is no access token"


def test_the_forger_succeeds_against_a_verifier_that_is_careless(issuer: LocalIssuer) -> None:
    """The HS256 forgery is a real one: whoever takes the public key for a secret believes it."""
    token = hs256_with(public_pem(issuer), issuer)
    head, body, signature = token.split(".")
    expected = hmac.new(public_pem(issuer), f"{head}.{body}".encode(), hashlib.sha256).digest()

    assert encode(expected) == signature


def test_a_symmetric_key_in_the_key_set_is_no_key(
    issuer: LocalIssuer, verifier: TokenVerifier
) -> None:
    issuer.extra_jwks = [{"kty": "oct", "k": encode(b"secret"), "kid": "s", "alg": "HS256"}]

    with pytest.raises(InvalidTokenError):
        verifier.verify(hs256_with(b"secret", issuer, kid="s"))


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


def test_garbage_makes_no_request(issuer: LocalIssuer, verifier: TokenVerifier) -> None:
    for forge in (FORGED["alg none"], FORGED["not a token"], FORGED["header is deep"]):
        with pytest.raises(InvalidTokenError):
            verifier.verify(forge(issuer))

    assert issuer.requests == []


def test_no_part_of_a_token_is_logged_or_told(
    issuer: LocalIssuer, verifier: TokenVerifier, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    for forge in FORGED.values():
        token = forge(issuer)
        with pytest.raises(InvalidTokenError) as caught:
            verifier.verify(token)
        assert caught.value.__cause__ is None
        for part in token.split("."):
            if len(part) > 8:
                assert part not in f"{caught.value!r}{caplog.text}"


@hypothesis_settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    header=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda value: (
            st.lists(value, max_size=3)
            | st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "x"]), value)
        ),
        max_leaves=6,
    ),
    body=st.binary(max_size=40),
    signature=st.binary(max_size=40),
    known=st.booleans(),
)
def test_whatever_is_sent_is_refused_and_nothing_else_happens(
    verifier: TokenVerifier,
    header: object,
    body: bytes,
    signature: bytes,
    known: bool,
) -> None:
    if known and isinstance(header, dict):
        header = {**header, "alg": "RS256"}

    with pytest.raises(InvalidTokenError):
        verifier.verify(f"{encode(header)}.{encode(body)}.{encode(signature)}")
