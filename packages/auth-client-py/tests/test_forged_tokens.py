"""No forged token is accepted, and no part of one is shown or logged."""

import hashlib
import hmac
import logging

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from auth_client import InvalidTokenError, TokenVerifier
from auth_client.testing import LocalIssuer

from .forgeries import FORGED, encode, hs256_with, public_pem


def test_the_hs256_forgery_is_a_real_one(issuer: LocalIssuer) -> None:
    """A verifier that uses the public key as a secret accepts it."""
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
