"""Every decision about a token: tests run this table, and docs/reference/tokens.md is made of it.

python -m tests.decisions >../../docs/reference/tokens.md
"""

import json
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import jwt

from auth_client.testing import LocalIssuer

from .forgeries import FORGED, with_header

ACCEPTED: Final = "accepted"
MALFORMED: Final = "the token is malformed"
CLAIM: Final = "a claim of the token is malformed"
LACKS: Final = "the token lacks a claim"
OTHER_APP: Final = "the token is for another app"
OTHER_ISSUER: Final = "the token is from another issuer"
OTHER_CLIENT: Final = "the token was given to another client"
EXPIRED: Final = "the token has expired"
EARLY: Final = "the token is not valid yet"
NO_TIME: Final = "a time in the token is no whole number"
TOO_LONG: Final = "the token is valid for too long"
NO_ACCESS: Final = "this is no access token"
BOUND: Final = "the token is bound to a proof that is not checked here"
PROGRAM: Final = "the token is a program's and stands for no user"
ALGORITHM: Final = "the token's algorithm is not accepted"
SIGNATURE: Final = "the token's signature is wrong"
KEY: Final = "the token's key is not known"
EXTENSION: Final = "the token has an extension that is not known"

Make = Callable[[LocalIssuer], str]


@dataclass(frozen=True)
class Decision:
    """A token of the client `app`, and what becomes of it."""

    token: str
    answer: str
    """`accepted`, or why it is refused."""
    make: Make
    settings: Mapping[str, Any] = field(default_factory=dict)


class In(int):
    """A time so many seconds from the moment that the token is made."""


def moments(claims: Mapping[str, Any]) -> dict[str, Any]:
    now = int(time.time())
    return {name: now + value if isinstance(value, In) else value for name, value in claims.items()}


def at_jwt(**claims: Any) -> Make:  # noqa: ANN401 - a claim is any JSON
    """A token of type at+jwt with those claims; one of None is left out."""
    return lambda issuer: issuer.token(**moments(claims))


def plain(**claims: Any) -> Make:  # noqa: ANN401 - a claim is any JSON
    """The same of type JWT, without `client_id` unless that is given."""
    return lambda issuer: issuer.token(
        headers={"typ": "JWT"}, **moments({"client_id": None, **claims})
    )


def signed(header: Mapping[str, Any]) -> Make:
    """A token with that header; a member of None is left out."""
    return lambda issuer: with_header(
        issuer, {"alg": "RS256", "typ": "at+jwt", "kid": issuer.keys[0].kid, **header}
    )


def raw(change: Callable[[bytes], bytes]) -> Make:
    """A token whose claims were changed as the bytes that they are, and which was signed then."""

    def make(issuer: LocalIssuer) -> str:
        claims = jwt.decode(issuer.token(name="Alice"), options={"verify_signature": False})
        header = {"alg": "RS256", "typ": "at+jwt", "kid": issuer.keys[0].kid}
        return with_header(issuer, header, claims=change(json.dumps(claims).encode()))

    return make


def also(text: str) -> Make:
    """A token whose claims end with one more member, written as JSON."""
    return raw(lambda claims: claims[:-1] + b"," + text.encode() + b"}")


def claim(name: str, value: Callable[[LocalIssuer], object]) -> Make:
    """A token with a claim that PyJWT would not sign."""

    def make(issuer: LocalIssuer) -> str:
        claims = jwt.decode(issuer.token(), options={"verify_signature": False})
        header = {"alg": "RS256", "typ": "at+jwt", "kid": issuer.keys[0].kid}
        return with_header(issuer, header, claims={**claims, name: value(issuer)})

    return make


def respelled(change: Callable[[list[str]], list[str]]) -> Make:
    """A genuine token, of which the parts were written in another way."""
    return lambda issuer: ".".join(change(issuer.token().split(".")))


def other_bits(part: str) -> str:
    """The same bytes to a lenient reader: the last letter has bits that count for nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    assert len(part) % 4 != 0
    return part[:-1] + alphabet[alphabet.index(part[-1]) ^ 1]


def twice_in_header(issuer: LocalIssuer) -> str:
    kid = json.dumps(issuer.keys[0].kid)
    return with_header(issuer, f'{{"alg":"none","alg":"RS256","kid":{kid}}}'.encode())


DAY: Final = 24 * 3600
AT_JWT: Final = {"token_type": "at+jwt"}

DECISIONS: Final[dict[str, list[Decision]]] = {
    "Access tokens": [
        Decision("type `at+jwt`", ACCEPTED, at_jwt()),
        Decision("type `application/AT+JWT`", ACCEPTED, signed({"typ": "application/AT+JWT"})),
        Decision("no type, with `client_id`", ACCEPTED, signed({"typ": None})),
        Decision("type `JWT`, with `azp`", ACCEPTED, plain(azp="app")),
        Decision("type `JWT`, with `client_id`", ACCEPTED, plain(client_id="app")),
        Decision("type `JWT`, with `scope`", ACCEPTED, plain(scope="openid")),
        Decision("type `JWT`, with `scp`", ACCEPTED, plain(scp=["openid"])),
        Decision(
            "type `JWT`, with `azp` and `uid`, as Authentik writes it",
            ACCEPTED,
            plain(
                azp="app",
                uid="x",
                acr="goauthentik.io/providers/oauth2/default",
                sid="s",
                auth_time=In(-9),
                amr=["pwd"],
            ),
        ),
        Decision(
            "type `JWT`, where the issuer writes `at+jwt`", NO_ACCESS, plain(azp="app"), AT_JWT
        ),
        Decision(
            "no type, where the issuer writes `at+jwt`", NO_ACCESS, signed({"typ": None}), AT_JWT
        ),
        Decision("type `at+jwt`, where the issuer writes it", ACCEPTED, at_jwt(), AT_JWT),
        Decision("ES256, which is not among the algorithms", ALGORITHM, signed({"alg": "ES256"})),
        Decision("no `kid`, and the issuer has one key", ACCEPTED, signed({"kid": None})),
        Decision("an empty `kid`", KEY, signed({"kid": ""})),
        Decision(
            "a key's address in the header (`jku`), signed with the known key",
            ACCEPTED,
            signed({"jku": "https://evil.example/jwks", "x5u": "https://evil.example/"}),
        ),
        Decision("another party acts for the person (`act`)", ACCEPTED, at_jwt(act={"sub": "bob"})),
    ],
    "Tokens for other purposes": [
        Decision("an ID token: type `JWT`, no claim of an access token", NO_ACCESS, plain()),
        Decision(
            "an ID token with `sid` and `auth_time`", NO_ACCESS, plain(sid="s", auth_time=In(-9))
        ),
        Decision("an ID token with `azp` and `nonce`", NO_ACCESS, plain(azp="app", nonce="n")),
        Decision(
            "an ID token with `azp` and an empty `nonce`", NO_ACCESS, plain(azp="app", nonce="")
        ),
        Decision("an ID token with `azp` and `at_hash`", NO_ACCESS, plain(azp="app", at_hash="x")),
        Decision("an ID token with `azp` and `c_hash`", NO_ACCESS, plain(azp="app", c_hash="x")),
        Decision("an ID token with `azp` and `s_hash`", NO_ACCESS, plain(azp="app", s_hash="x")),
        Decision(
            "an ID token with `scope` and `nonce`", NO_ACCESS, plain(scope="openid", nonce="n")
        ),
        Decision(
            "an ID token of Keycloak, which says so in the claim `typ`",
            NO_ACCESS,
            plain(azp="app", typ="ID"),
        ),
        Decision(
            "an ID token of Cognito, which says so in `token_use`",
            NO_ACCESS,
            plain(client_id="app", token_use="id"),  # noqa: S106 - no password
        ),
        Decision(
            "an ID token without a type",
            NO_ACCESS,
            lambda i: with_header(
                i,
                {"alg": "RS256", "kid": i.keys[0].kid},
                claims=moments(
                    {"iss": i.issuer, "aud": "app", "sub": "alice", "iat": In(0), "exp": In(60)}
                ),
            ),
        ),
        Decision("an ID token of type `id_token+jwt`", NO_ACCESS, signed({"typ": "id_token+jwt"})),
        Decision("a logout token of type `JWT`", NO_ACCESS, plain(azp="app", events={})),
        Decision("a logout token of type `logout+jwt`", NO_ACCESS, signed({"typ": "logout+jwt"})),
        Decision("a DPoP proof", NO_ACCESS, signed({"typ": "dpop+jwt"})),
        Decision("a request object", NO_ACCESS, signed({"typ": "oauth-authz-req+jwt"})),
        Decision("a token of introspection", NO_ACCESS, signed({"typ": "token-introspection+jwt"})),
        Decision("a security event", NO_ACCESS, signed({"typ": "secevent+jwt"})),
        Decision("a verifiable credential", NO_ACCESS, signed({"typ": "vc+sd-jwt"})),
        Decision("a type that is empty", NO_ACCESS, signed({"typ": ""})),
        Decision("a type with a space behind", NO_ACCESS, signed({"typ": "at+jwt "})),
        Decision("a type that is a list", NO_ACCESS, signed({"typ": ["at+jwt"]})),
        Decision(
            "a token inside of a token (`cty: JWT`)",
            MALFORMED,
            lambda i: with_header(
                i,
                {"alg": "RS256", "typ": "at+jwt", "cty": "JWT", "kid": i.keys[0].kid},
                claims=i.token().encode(),
            ),
        ),
    ],
    "Who may use it": [
        Decision("`aud` is a list of this app", ACCEPTED, at_jwt(aud=["app"])),
        Decision("`aud` names this app and another", ACCEPTED, at_jwt(aud=["other", "app"])),
        Decision("`aud` is another app", OTHER_APP, at_jwt(aud="other")),
        Decision("`aud` lists others only", OTHER_APP, at_jwt(aud=["other", "third"])),
        Decision("`aud` begins like this app", OTHER_APP, at_jwt(aud="app-2")),
        Decision("`aud` in other letters", OTHER_APP, at_jwt(aud="APP")),
        Decision("`aud` with a space behind", OTHER_APP, at_jwt(aud="app ")),
        Decision("`aud` holds a list", OTHER_APP, at_jwt(aud=[["app"]])),
        Decision("`aud` holds a number beside this app", OTHER_APP, at_jwt(aud=["app", 1])),
        Decision("`aud` is an object", OTHER_APP, at_jwt(aud={"app": True})),
        Decision("`aud` is an empty list", LACKS, at_jwt(aud=[])),
        Decision("no `aud`", LACKS, at_jwt(aud=None)),
        Decision("`azp` is another client", OTHER_CLIENT, at_jwt(azp="other")),
        Decision("`client_id` is another client", OTHER_CLIENT, at_jwt(client_id="other")),
        Decision("`azp` is another client, of type `JWT`", OTHER_CLIENT, plain(azp="other")),
        Decision(
            "`azp` is this client, `client_id` another",
            OTHER_CLIENT,
            at_jwt(azp="app", client_id="other"),
        ),
        Decision("`azp` is a list of this client", OTHER_CLIENT, at_jwt(azp=["app"])),
        Decision("`azp` is null", OTHER_CLIENT, also('"azp":null')),
        Decision("bound to a key (`cnf` with `jkt`, DPoP)", BOUND, at_jwt(cnf={"jkt": "x"})),
        Decision(
            "bound to a certificate (`cnf` with `x5t#S256`)", BOUND, at_jwt(cnf={"x5t#S256": "x"})
        ),
        Decision("bound to nothing (`cnf` is empty)", BOUND, at_jwt(cnf={})),
        Decision("bound to null", BOUND, also('"cnf":null')),
    ],
    "Tokens of programs": [
        Decision("client credentials: `sub` is the client", PROGRAM, at_jwt(sub="app")),
        Decision(
            "client credentials, of type `JWT`", PROGRAM, plain(sub="app", azp="app", scope="x")
        ),
        Decision(
            "client credentials with groups", PROGRAM, at_jwt(sub="app", groups=["app-users"])
        ),
        Decision(
            "client credentials of another client",
            OTHER_CLIENT,
            at_jwt(sub="other", client_id="other"),
        ),
        Decision(
            "an account that the issuer made for a program, as Authentik and Keycloak do: "
            "it may do what its groups may",
            ACCEPTED,
            at_jwt(sub="9d7f", preferred_username="ak-app-client_credentials", groups=[]),
        ),
    ],
    "Issuer": [
        Decision(
            "`iss` is another", OTHER_ISSUER, at_jwt(iss="https://evil.example/application/o/app/")
        ),
        Decision(
            "`iss` without its last slash",
            OTHER_ISSUER,
            lambda i: i.token(iss=i.issuer.rstrip("/")),
        ),
        Decision("`iss` in capitals", OTHER_ISSUER, lambda i: i.token(iss=i.issuer.upper())),
        Decision(
            "`iss` is a list of the right one", OTHER_ISSUER, claim("iss", lambda i: [i.issuer])
        ),
        Decision("`iss` is an object", OTHER_ISSUER, claim("iss", lambda _: {})),
        Decision("no `iss`", LACKS, at_jwt(iss=None)),
    ],
    "Times": [
        Decision(
            "expired 20 seconds ago, which clocks may differ by",
            ACCEPTED,
            at_jwt(iat=In(-80), exp=In(-20)),
        ),
        Decision("expired 31 seconds ago", EXPIRED, at_jwt(iat=In(-80), exp=In(-31))),
        Decision("expired long ago", EXPIRED, at_jwt(exp=-(10**400))),
        Decision("`nbf` in 20 seconds", ACCEPTED, at_jwt(nbf=In(20))),
        Decision("`nbf` in 40 seconds", EARLY, at_jwt(nbf=In(40))),
        Decision("`iat` in 20 seconds", ACCEPTED, at_jwt(iat=In(20))),
        Decision("`iat` in 40 seconds", EARLY, at_jwt(iat=In(40))),
        Decision("valid for an hour", ACCEPTED, at_jwt(iat=In(-10), exp=In(3590))),
        Decision("valid for an hour and a second", TOO_LONG, at_jwt(iat=In(-10), exp=In(3591))),
        Decision("valid for ten years", TOO_LONG, at_jwt(exp=In(3650 * DAY))),
        Decision("valid for ever", TOO_LONG, at_jwt(exp=10**400)),
        Decision("issued a day ago and valid for a minute more", TOO_LONG, at_jwt(iat=In(-DAY))),
        Decision("`exp` with a fraction", NO_TIME, lambda i: i.token(exp=time.time() + 60.5)),
        Decision(
            "`exp` is a number of ten digits as text",
            NO_TIME,
            lambda i: i.token(exp=str(int(time.time()) + 60)),
        ),
        Decision(
            "`exp` has an exponent",
            NO_TIME,
            raw(lambda c: c.replace(b'"exp": ', b'"exp": 2e9, "old": ')),
        ),
        Decision("`iat` with a fraction", NO_TIME, lambda i: i.token(iat=time.time() - 0.5)),
        Decision("`nbf` is a yes", NO_TIME, at_jwt(nbf=True)),
        Decision("`iat` is a no", NO_TIME, at_jwt(iat=False)),
        Decision("`exp` is a word", MALFORMED, at_jwt(exp="never")),
        Decision("`exp` is infinite", MALFORMED, at_jwt(exp=float("inf"))),
        Decision(
            "`exp` is infinite, written 1e999",
            MALFORMED,
            raw(lambda c: c.replace(b'"exp": ', b'"exp": 1e999, "old": ')),
        ),
        Decision("`exp` is a list", MALFORMED, at_jwt(exp=[1])),
        Decision("`iat` is a word", MALFORMED, at_jwt(iat="x")),
        Decision("no `exp`", LACKS, at_jwt(exp=None)),
        Decision("no `iat`", LACKS, at_jwt(iat=None)),
    ],
    "The person": [
        Decision("no `sub`", LACKS, at_jwt(sub=None)),
        Decision("`sub` is empty", CLAIM, at_jwt(sub="")),
        Decision("`sub` is a number", MALFORMED, at_jwt(sub=7)),
        Decision("`sub` has 256 letters", CLAIM, at_jwt(sub="a" * 256)),
        Decision("`sub` has a NUL", CLAIM, at_jwt(sub="a\x00b")),
        Decision("`sub` has a line end", CLAIM, at_jwt(sub="a\nb")),
        Decision("`sub` has a mark that turns the writing around", CLAIM, at_jwt(sub="a\u202eb")),
        Decision("`name` in any script", ACCEPTED, at_jwt(name="Ålice 李 \U0001f600 e\u0301")),
        Decision("`name` is a list", CLAIM, at_jwt(name=["Alice"])),
        Decision("`name` has a NUL", CLAIM, at_jwt(name="A\x00lice")),
        Decision("`name` has a line end", CLAIM, at_jwt(name="Alice\nERROR root")),
        Decision("`email` has an escape", CLAIM, at_jwt(email="\x1b[31m@example.com")),
        Decision("`preferred_username` is an object", CLAIM, at_jwt(preferred_username={})),
        Decision("`groups` is null", ACCEPTED, also('"groups":null')),
        Decision("`groups` is an empty list", ACCEPTED, at_jwt(groups=[])),
        Decision("`groups` is a text", CLAIM, at_jwt(groups="app-users")),
        Decision("`groups` is an empty text", CLAIM, at_jwt(groups="")),
        Decision("`groups` is a no", CLAIM, at_jwt(groups=False)),
        Decision("`groups` holds a number", CLAIM, at_jwt(groups=[1])),
        Decision("`groups` holds null", CLAIM, at_jwt(groups=["a", None])),
        Decision("`groups` is an object", CLAIM, at_jwt(groups={"app-users": True})),
        Decision("`groups` holds a name with a NUL", CLAIM, at_jwt(groups=["app-users\x00"])),
        Decision("`jti` is a number", MALFORMED, at_jwt(jti=1)),
    ],
    "How it is written": [
        Decision(
            "a claim that is unknown, with anything in it", ACCEPTED, at_jwt(x=[{"y": [1.5]}])
        ),
        Decision("`sub` stands twice", MALFORMED, also('"sub":"admin"')),
        Decision("`groups` stands twice", MALFORMED, also('"groups":[],"groups":["admins"]')),
        Decision("`sub` stands twice, once with an escape", MALFORMED, also('"s\\u0075b":"admin"')),
        Decision("a name stands twice inside of a claim", MALFORMED, also('"x":[{"a":1,"a":2}]')),
        Decision("`alg` stands twice in the header", MALFORMED, twice_in_header),
        Decision("claims in Latin 1", MALFORMED, raw(lambda c: c.replace(b"Alice", b"\xc5lice"))),
        Decision("claims in UTF-16", MALFORMED, raw(lambda c: c.decode().encode("utf-16"))),
        Decision("claims in UTF-32", MALFORMED, raw(lambda c: c.decode().encode("utf-32-le"))),
        Decision(
            "claims in UTF-8 with a mark of byte order",
            MALFORMED,
            raw(lambda c: b"\xef\xbb\xbf" + c),
        ),
        Decision(
            "a NUL written in two bytes", MALFORMED, raw(lambda c: c.replace(b"Alice", b"\xc0\x80"))
        ),
        Decision(
            "a surrogate in UTF-8", MALFORMED, raw(lambda c: c.replace(b"Alice", b"\xed\xa0\x80"))
        ),
        Decision("half of a surrogate pair in `name`", MALFORMED, also('"email":"\\ud800"')),
        Decision("half of a surrogate pair in `groups`", MALFORMED, also('"groups":["\\udfff"]')),
        Decision("half of a surrogate pair in a name", MALFORMED, also('"\\ud800":1')),
        Decision("half of a surrogate pair in `sub`", MALFORMED, at_jwt(sub="\ud800")),
        Decision("both halves", ACCEPTED, also('"email":"\\ud83d\\ude00"')),
        Decision("NaN", MALFORMED, also('"x":NaN')),
        Decision("minus Infinity", MALFORMED, also('"x":-Infinity')),
        Decision("a comma behind the last claim", MALFORMED, raw(lambda c: c[:-1] + b",}")),
        Decision("a comment", MALFORMED, raw(lambda c: c[:-1] + b"/**/}")),
        Decision("something behind the claims", MALFORMED, raw(lambda c: c + b"{}")),
        Decision("spaces around the claims", ACCEPTED, raw(lambda c: b" \n" + c + b"\t ")),
        Decision("a number of 5000 digits", MALFORMED, also('"x":' + "1" * 5000)),
        Decision("lists 40000 deep", MALFORMED, also('"x":' + "[" * 40000)),
        Decision("`=` behind a part", MALFORMED, respelled(lambda p: [p[0], p[1], p[2] + "=="])),
        Decision(
            "a part with bits that count for nothing",
            MALFORMED,
            respelled(lambda p: [p[0], p[1], other_bits(p[2])]),
        ),
        Decision(
            "letters of the other alphabet (`+` and `/`)",
            MALFORMED,
            respelled(lambda p: [p[0], p[1], "+/" + p[2][2:]]),
        ),
        Decision(
            "a line end within a part", MALFORMED, respelled(lambda p: [p[0], p[1], p[2] + "\n"])
        ),
        Decision(
            "a letter outside of the alphabet",
            MALFORMED,
            respelled(lambda p: [p[0], p[1], p[2] + "~"]),
        ),
        Decision(
            "a letter that is not ASCII",
            MALFORMED,
            respelled(lambda p: [p[0], p[1], p[2][:-1] + "\u212a"]),
        ),
        Decision("four parts", MALFORMED, respelled(lambda p: [*p, ""])),
        Decision("nothing in front of the first dot", MALFORMED, respelled(lambda p: ["", *p[1:]])),
        Decision("nothing", MALFORMED, lambda _: ""),
    ],
}


FORGED_ANSWERS: Final = {
    "another key, under the known id": SIGNATURE,
    "another key, under an id of its own": KEY,
    "another key, named by its address": KEY,
    "another key, in a certificate": SIGNATURE,
    "no signature": SIGNATURE,
    "another body": SIGNATURE,
    "one letter of the signature changed": SIGNATURE,
    "signature cut short": SIGNATURE,
    "an extension that must be understood": EXTENSION,
    "detached payload": EXTENSION,
    "a logout token": NO_ACCESS,
    "a DPoP proof": NO_ACCESS,
    "typ is a number": NO_ACCESS,
    "kid is a path": KEY,
    "kid is a query": KEY,
}


def answer_to_forged(token: str) -> str:
    if token.startswith(("alg ", "HS256 ")):
        return ALGORITHM
    return FORGED_ANSWERS.get(token, MALFORMED)


DECISIONS["Forged tokens"] = [
    Decision(f"forged: {token}", answer_to_forged(token), make) for token, make in FORGED.items()
]

REAL: Final[dict[str, str]] = {
    "the access token of a sign-in": ACCEPTED,
    "the access token of a renewal": ACCEPTED,
    "the token of `/dev/token`, for tests": ACCEPTED,
    "an access token that was revoked: it stays good until it expires": ACCEPTED,
    "the access token, where the app demands `at+jwt`": ACCEPTED,
    "the ID token": NO_ACCESS,
    "the ID token, where the app demands `at+jwt`": NO_ACCESS,
    "the ID token under the header of the access token": SIGNATURE,
    "the refresh token": MALFORMED,
    "the authorization code": MALFORMED,
    "another app's access token": OTHER_ISSUER,
    "the access token with another person's `sub`": SIGNATURE,
}
"""What services/auth-dev, a real provider, gives out; test_real_provider.py gets each of these."""

SICK: Final[dict[str, str]] = {
    "hangs": "takes the connection and says nothing",
    "partitioned": "takes no connection",
    "closes": "takes the connection and closes it",
    "drips a header": "sends one letter of a header now and then",
    "drips a body": "sends one letter of the keys now and then",
    "drips chunks": "sends the keys in chunks that don't end",
    "drips headers": "sends one header after the other",
    "goes on": "says 100 Continue again and again",
    "slow": "answers after a minute",
}
"""What test_sick_issuer.py has an issuer do."""

PAGE: Final = Path(__file__).resolve().parents[3] / "docs" / "reference" / "tokens.md"

INTRODUCTION: Final = Path(__file__).with_name("decisions.md")


def rows(answers: Mapping[str, str]) -> list[str]:
    return [
        f"| {token} | {answer if answer == ACCEPTED else f'401: {answer}'} |"
        for token, answer in answers.items()
    ]


def page() -> str:
    lines = [INTRODUCTION.read_text()]
    for title, decisions in DECISIONS.items():
        lines += [f"## {title}", "", "| Token | Answer |", "| --- | --- |"]
        lines += [*rows({one.token.removeprefix("forged: "): one.answer for one in decisions}), ""]
    lines += ["## Tokens of services/auth-dev", "", "| Token | Answer |", "| --- | --- |"]
    lines += [
        *rows(REAL),
        "| client credentials | auth-dev gives none: `unsupported_grant_type` |",
        "",
    ]
    lines += [
        "## A sick issuer",
        "",
        "| The issuer | A token of a known key | Another token |",
        "| --- | --- | --- |",
        *(f"| {what} | decided at once | 503 within seconds |" for what in SICK.values()),
        "",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.stdout.write(page())
