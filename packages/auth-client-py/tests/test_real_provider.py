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
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from auth_client import InvalidTokenError, OidcSettings, TokenVerifier, User

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
        return dict(tokens.json())


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


def test_a_token_of_another_app_is_refused(provider: Provider) -> None:
    verifier = TokenVerifier(provider.settings("app"))

    with pytest.raises(InvalidTokenError):
        verifier.verify(provider.token("other", "alice"))


def test_a_sign_in_gives_an_access_token_that_is_accepted_and_an_id_token_that_is_not(
    provider: Provider,
) -> None:
    tokens = provider.sign_in("app", "alice")
    verifier = TokenVerifier(provider.settings("app"))

    assert verifier.verify(tokens["access_token"]).name == "Alice Archer"
    with pytest.raises(InvalidTokenError, match="no access token"):
        verifier.verify(tokens["id_token"])
    with pytest.raises(InvalidTokenError):
        verifier.verify(tokens["refresh_token"])


def test_the_provider_is_reached_under_another_address_inside(provider: Provider) -> None:
    """The issuer's name leads nowhere here; the settings say where it is."""
    port = urlsplit(provider.origin).port
    settings = OidcSettings(
        issuer=provider.settings("app").issuer,
        client_id="app",
        internal_origin=f"http://localhost:{port}",
    )

    assert TokenVerifier(settings).verify(provider.token("app", "alice")).sub == "alice"
