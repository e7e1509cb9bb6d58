"""The public keys of a JSON Web Key Set (RFC 7517) that may check a token here."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from auth_client.settings import Algorithm

PublicKey = RSAPublicKey | EllipticCurvePublicKey

MIN_RSA_BITS: Final = 2048
"""RFC 7518, section 3.3."""

# What a key of an algorithm has to say of itself, and its public members: nothing else is read.
_TYPES: Final[Mapping[Algorithm, Mapping[str, str]]] = {
    "RS256": {"kty": "RSA"},
    "ES256": {"kty": "EC", "crv": "P-256"},
}
_MEMBERS: Final[Mapping[Algorithm, tuple[str, ...]]] = {
    "RS256": ("kty", "n", "e"),
    "ES256": ("kty", "crv", "x", "y"),
}


class SigningKeys:
    """Keys by algorithm and id. Reading it never fails: what can't be used is left out."""

    def __init__(self, document: Mapping[str, Any], algorithms: Iterable[Algorithm]) -> None:
        listed = document.get("keys")
        self._keys: dict[Algorithm, list[tuple[str | None, PublicKey]]] = {}
        for algorithm in algorithms:
            self._keys[algorithm] = []
            for jwk in listed if isinstance(listed, list) else []:
                key = _public_key(jwk, algorithm)
                if key is not None:
                    self._keys[algorithm].append((jwk.get("kid"), key))

    def __len__(self) -> int:
        return sum(len(keys) for keys in self._keys.values())

    def find(self, algorithm: Algorithm, kid: str | None) -> PublicKey | None:
        """The key of that id. A token may leave the id out where only one key can be meant

        (OpenID Connect Core 1.0, section 10.1).
        """
        keys = self._keys.get(algorithm, [])
        if kid is None:
            return keys[0][1] if len(keys) == 1 else None
        return next((key for key_id, key in keys if key_id == kid), None)


def _public_key(jwk: object, algorithm: Algorithm) -> PublicKey | None:
    if not isinstance(jwk, dict):
        return None
    if any(jwk.get(member) != value for member, value in _TYPES[algorithm].items()):
        return None
    operations = jwk.get("key_ops")
    if (
        jwk.get("use", "sig") != "sig"
        or jwk.get("alg", algorithm) != algorithm
        or (isinstance(operations, list) and "verify" not in operations)
    ):
        return None
    try:
        key = jwt.PyJWK({name: jwk.get(name) for name in _MEMBERS[algorithm]}, algorithm).key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    if isinstance(key, RSAPublicKey):
        return key if key.key_size >= MIN_RSA_BITS else None
    return key if isinstance(key, EllipticCurvePublicKey) else None
