"""Which entries of a key set are used."""

from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from auth_client.keys import SigningKeys
from auth_client.testing import SigningKey


def keys_of(*jwks: object) -> SigningKeys:
    return SigningKeys({"keys": list(jwks)}, ["RS256", "ES256"])


def test_each_algorithm_has_its_keys(rsa_key: SigningKey, ec_key: SigningKey) -> None:
    keys = keys_of(rsa_key.jwk, ec_key.jwk)

    assert len(keys) == 2
    assert keys.find("RS256", rsa_key.kid) == rsa_key.private.public_key()
    assert keys.find("ES256", ec_key.kid) == ec_key.private.public_key()
    assert keys.find("RS256", ec_key.kid) is None
    assert keys.find("RS256", "other") is None


def test_only_pinned_algorithms_are_looked_at(rsa_key: SigningKey, ec_key: SigningKey) -> None:
    keys = SigningKeys({"keys": [rsa_key.jwk, ec_key.jwk]}, ["ES256"])

    assert keys.find("RS256", rsa_key.kid) is None
    assert keys.find("ES256", ec_key.kid) is not None


def test_without_an_id_only_one_key_can_be_meant(
    rsa_key: SigningKey, other_rsa_key: SigningKey
) -> None:
    assert keys_of(rsa_key.jwk).find("RS256", None) is not None
    assert keys_of(rsa_key.jwk, other_rsa_key.jwk).find("RS256", None) is None


@pytest.mark.parametrize(
    "change",
    [
        {"use": "enc"},
        {"key_ops": ["encrypt"]},
        {"alg": "RS512"},
        {"alg": "HS256"},
        {"kty": "EC"},
        {"kty": "oct"},
        {"n": "AQAB"},
        {"n": "not base64!"},
        {"n": None},
        {"n": 5},
    ],
    ids=str,
)
def test_a_key_that_is_not_for_this_is_left_out(
    rsa_key: SigningKey, change: dict[str, Any]
) -> None:
    assert len(keys_of({**rsa_key.jwk, **change})) == 0


def test_short_keys_and_other_curves_are_left_out() -> None:
    short = rsa.generate_private_key(65537, 1024)  # noqa: S505 - too short on purpose
    curve = ec.generate_private_key(ec.SECP384R1())

    assert len(keys_of(RSAAlgorithm.to_jwk(short.public_key(), as_dict=True))) == 0
    assert len(keys_of(ECAlgorithm.to_jwk(curve.public_key(), as_dict=True))) == 0


def test_a_private_key_that_got_published_is_read_as_a_public_one(rsa_key: SigningKey) -> None:
    assert isinstance(rsa_key.private, rsa.RSAPrivateKey)
    published = {**RSAAlgorithm.to_jwk(rsa_key.private, as_dict=True), "kid": "p"}
    published.pop("key_ops")

    key = keys_of(published).find("RS256", "p")

    assert isinstance(key, rsa.RSAPublicKey)
    assert jwt.decode(jwt.encode({"a": 1}, rsa_key.private, "RS256"), key, ["RS256"]) == {"a": 1}


@pytest.mark.parametrize(
    "document", [{}, {"keys": None}, {"keys": {}}, {"keys": [None, 1, "x", []]}]
)
def test_nonsense_is_no_key(document: dict[str, Any]) -> None:
    assert len(SigningKeys(document, ["RS256"])) == 0
