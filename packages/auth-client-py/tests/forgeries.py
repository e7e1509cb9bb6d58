"""Tokens that the issuer did not make as they are: each one here is really forged."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import jwt
from cryptography.hazmat.primitives import serialization

from auth_client.testing import LocalIssuer, SigningKey


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
    "signature cut short": lambda i: i.token()[:-22],
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
