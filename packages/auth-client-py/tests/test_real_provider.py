"""Tokens of an independent provider: the certified oidc-provider, in services/auth-dev.

The people and the sign-in form are that service's own; the protocol is the standard's.
"""

import base64
import hashlib
import os
import re
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest

from auth_client import InvalidTokenError, OidcSettings, TokenVerifier, User

from .decisions import ACCEPTED, REAL
from .forgeries import encode

ROOT = Path(__file__).resolve().parents[3]
AUTH_DEV = ROOT / "services" / "auth-dev"

MANIFEST = """\
schema_version: 1
id: 5f3c1d52-8c0e-4b7a-9a64-2f1e7d0b6c39
slug: {slug}
name: An app
description: An app that people sign in to.
kind: internal
created: 2026-11-22
ports: {{frontend: {port}}}
auth:
  client_id: {slug}
  groups: [{slug}-users]
"""


@dataclass(frozen=True)
class Provider:
    origin: str
    frontend_port: int

    def settings(self, slug: str) -> OidcSettings:
        return OidcSettings(issuer=f"{self.origin}/application/o/{slug}/", client_id=slug)

    def token(self, slug: str, user: str) -> str:
        """By the short way that auth-dev has for tests."""
        answer = httpx2.post(f"{self.origin}/dev/token", json={"user": user, "client_id": slug})
        answer.raise_for_status()
        return str(answer.json()["access_token"])

    def sign_in(self, slug: str, user: str) -> dict[str, Any]:
        """By the way that a browser takes: authorization code with PKCE (RFC 7636)."""
        issuer = self.settings(slug).issuer
        verifier = secrets.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        redirect_uri = f"http://127.0.0.1:{self.frontend_port}/auth/callback"
        with httpx2.Client(follow_redirects=True) as browser:
            discovery = browser.get(f"{issuer}.well-known/openid-configuration").json()
            page = browser.get(
                discovery["authorization_endpoint"],
                params={
                    "client_id": slug,
                    "response_type": "code",
                    "redirect_uri": redirect_uri,
                    "scope": "openid profile email groups offline_access",
                    "code_challenge": challenge.rstrip(b"=").decode(),
                    "code_challenge_method": "S256",
                    "state": "s",
                    "nonce": "n",
                },
            )
            action = re.search(r'<form method="post" action="([^"]+)"', page.text)
            assert action, page.text
            target = page.url.join(action.group(1))
            answer = browser.post(
                target, data={"username": user, "password": user}, follow_redirects=False
            )
            while not answer.headers["Location"].startswith(redirect_uri):
                answer = browser.get(
                    answer.url.join(answer.headers["Location"]), follow_redirects=False
                )
            code = parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]
            tokens = browser.post(
                discovery["token_endpoint"],
                data={
                    "grant_type": "authorization_code",
                    "client_id": slug,
                    "code": code,
                    "code_verifier": verifier,
                    "redirect_uri": redirect_uri,
                },
            )
        tokens.raise_for_status()
        return {**tokens.json(), "code": code}

    def discovery(self, slug: str) -> dict[str, Any]:
        url = f"{self.settings(slug).issuer}.well-known/openid-configuration"
        return dict(httpx2.get(url).json())


def missing(what: str) -> None:
    """A test that could not run must be seen; where everything is installed it must not happen."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and CI=true lets no test be skipped for that")
    pytest.skip(what)


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    found = subprocess.run([ROOT / "scripts" / "find-node"], capture_output=True, text=True)  # noqa: S603
    if found.returncode != 0:
        missing(f"no usable Node: {found.stderr.strip()}")
    tsx = AUTH_DEV / "node_modules" / "tsx" / "dist" / "cli.mjs"
    if not tsx.exists():
        missing("services/auth-dev has no packages: run `npm ci` there")

    folder = tmp_path_factory.mktemp("auth-dev")
    port, frontend_ports = free_port(), {"app": free_port(), "other": free_port()}
    for slug, frontend_port in frontend_ports.items():
        manifest = folder / "repository" / "apps" / slug / "app.manifest.yml"
        manifest.parent.mkdir(parents=True)
        manifest.write_text(MANIFEST.format(slug=slug, port=frontend_port))

    origin = f"http://127.0.0.1:{port}"
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(  # noqa: S603
            [Path(found.stdout.strip()) / "node", tsx, "src/main.ts"],
            cwd=AUTH_DEV,
            env={
                **{k: v for k, v in os.environ.items() if k != "SCALR_PUBLIC_DOMAIN"},
                "AUTH_ORIGIN": origin,
                "REPOSITORY_DIR": str(folder / "repository"),
                "DATA_DIR": str(folder / "data"),
                "PORT": str(port),
            },
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_for(f"{origin}/healthz", process, log)
        yield Provider(origin, frontend_ports["app"])
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if httpx2.get(url).status_code == 200:
                return
        except httpx2.TransportError:
            time.sleep(0.1)
    pytest.fail(f"auth-dev did not start: {log.read_text()}")


def test_a_token_for_tests_is_accepted(provider: Provider) -> None:
    user = TokenVerifier(provider.settings("app")).verify(provider.token("app", "alice"))

    assert (user.sub, user.name) == ("alice", "Alice Archer")
    assert user.email == "alice@example.com"
    assert user.groups == {"app-users", "other-users"}


def test_somebody_in_no_group_is_a_user_all_the_same(provider: Provider) -> None:
    user = TokenVerifier(provider.settings("app")).verify(provider.token("app", "bob"))

    assert user == User("bob", "Bob Baker", "bob", "bob@example.com", frozenset())


@pytest.fixture(scope="module")
def tokens(provider: Provider) -> dict[str, str]:
    """The tokens of decisions.REAL, under its names."""
    first = provider.sign_in("app", "alice")
    second = provider.sign_in("app", "alice")
    endpoints = provider.discovery("app")
    client = {"client_id": "app"}
    renewed = httpx2.post(
        endpoints["token_endpoint"],
        data={
            **client,
            "grant_type": "refresh_token",
            "refresh_token": first["refresh_token"],
        },
    ).json()
    revoked = second["access_token"]
    answer = httpx2.post(endpoints["revocation_endpoint"], data={**client, "token": revoked})
    assert answer.status_code == 200 or answer.json()["error"] == "unsupported_token_type"
    head, _, signature = first["access_token"].split(".")
    changed = {**claims_of(first["access_token"]), "sub": "admin"}
    return {
        "the access token of a sign-in": first["access_token"],
        "the access token of a renewal": renewed["access_token"],
        "the token of `/dev/token`, for tests": provider.token("app", "alice"),
        "an access token that was revoked: it stays good until it expires": revoked,
        "the access token, where the app demands `at+jwt`": first["access_token"],
        "the ID token": first["id_token"],
        "the ID token, where the app demands `at+jwt`": first["id_token"],
        "the ID token under the header of the access token": ".".join(
            [head, *first["id_token"].split(".")[1:]]
        ),
        "the refresh token": first["refresh_token"],
        "the authorization code": first["code"],
        "another app's access token": provider.token("other", "alice"),
        "the access token with another person's `sub`": f"{head}.{encode(changed)}.{signature}",
    }


def claims_of(token: str) -> dict[str, Any]:
    return jwt.decode(token, options={"verify_signature": False})


@pytest.mark.parametrize(("what", "answer"), REAL.items(), ids=REAL)
def test_a_token_is_decided_as_the_table_says(
    provider: Provider, tokens: dict[str, str], what: str, answer: str
) -> None:
    settings = provider.settings("app")
    if "demands `at+jwt`" in what:
        settings = replace(settings, token_type="at+jwt")  # noqa: S106 - no password
    verifier = TokenVerifier(settings)

    if answer == ACCEPTED:
        assert verifier.verify(tokens[what]).name == "Alice Archer"
    else:
        with pytest.raises(InvalidTokenError) as caught:
            verifier.verify(tokens[what])
        assert str(caught.value) == answer


def test_it_writes_access_tokens_as_rfc_9068_says(
    provider: Provider, tokens: dict[str, str]
) -> None:
    token = tokens["the access token of a sign-in"]
    claims = claims_of(token)

    assert jwt.get_unverified_header(token)["typ"] == "at+jwt"
    assert claims["client_id"] == "app"
    assert claims["exp"] - claims["iat"] <= provider.settings("app").max_lifetime
    assert "nonce" in claims_of(tokens["the ID token"])


def test_it_gives_a_program_no_token(provider: Provider) -> None:
    answer = httpx2.post(
        provider.discovery("app")["token_endpoint"],
        data={"grant_type": "client_credentials", "client_id": "app"},
    )

    assert answer.status_code == 400
    assert answer.json()["error"] == "unsupported_grant_type"


def test_the_provider_is_reached_under_another_address_inside(provider: Provider) -> None:
    """The issuer's name leads nowhere here; the settings say where it is."""
    port = urlsplit(provider.origin).port
    settings = OidcSettings(
        issuer=provider.settings("app").issuer,
        client_id="app",
        internal_origin=f"http://localhost:{port}",
    )

    assert TokenVerifier(settings).verify(provider.token("app", "alice")).sub == "alice"
