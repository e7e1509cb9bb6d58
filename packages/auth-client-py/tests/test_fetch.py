"""Which addresses are fetched, and how wrong answers are handled."""

import socket
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from auth_client import OidcSettings
from auth_client.fetch import MAX_BYTES, Deadline, FetchError, fetch_json
from auth_client.key_cache import fetch_keys
from auth_client.testing import LocalIssuer

OUTSIDE = "https://auth.example.com/application/o/app/"


def test_description_and_keys_are_fetched(issuer: LocalIssuer, settings: OidcSettings) -> None:
    assert len(fetch_keys(settings)) == 1
    assert [path for path, _ in issuer.requests] == [
        "/application/o/app/.well-known/openid-configuration",
        "/application/o/app/jwks/",
    ]


def test_inside_another_origin_is_asked_in_the_name_of_the_issuer(
    issuer: LocalIssuer, settings: OidcSettings
) -> None:
    issuer.discovery = {"issuer": OUTSIDE, "jwks_uri": f"{OUTSIDE}jwks/"}

    keys = fetch_keys(replace(settings, issuer=OUTSIDE, internal_origin=issuer.origin))

    assert len(keys) == 1
    assert len(issuer.requests) == 2
    for _, headers in issuer.requests:
        assert headers["Host"] == "auth.example.com"
        assert headers["X-Forwarded-Proto"] == "https"


def test_keys_of_a_third_party_are_fetched_there(
    issuer: LocalIssuer, settings: OidcSettings
) -> None:
    """Some issuers keep their keys on another host: the internal origin is not for these."""
    outside = "http://auth.example.com/application/o/app/"
    issuer.discovery = {"issuer": outside, "jwks_uri": f"{issuer.issuer}jwks/"}

    fetch_keys(replace(settings, issuer=outside, internal_origin=issuer.origin))

    assert issuer.requests[1][1]["Host"] == issuer.origin.removeprefix("http://")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda i: i.discovery.update(issuer="https://evil.example/"), "describes another issuer"),
        (lambda i: i.discovery.update(issuer=i.issuer.rstrip("/")), "describes another issuer"),
        (lambda i: i.discovery.pop("issuer"), "describes another issuer"),
        (lambda i: i.discovery.pop("jwks_uri"), "names no jwks_uri"),
        (lambda i: i.discovery.update(jwks_uri=["x"]), "names no jwks_uri"),
        (lambda i: i.discovery.update(jwks_uri="file:///etc/passwd"), "no http or https URL"),
        (lambda i: i.discovery.update(jwks_uri=i.origin + "/gone"), "answered 404"),
        (lambda i: i.keys.clear(), "has no key for RS256"),
        (lambda i: setattr(i, "status", 500), "answered 500"),
        (lambda i: setattr(i, "status", 302), "answered 302"),
        (lambda i: setattr(i, "status", 204), "answered 204"),
        (lambda i: i.extra_jwks.append("x" * MAX_BYTES), "more than 1048576 bytes"),
        (lambda i: setattr(i, "discovery", ["a", "list"]), "no JSON object"),
    ],
)
def test_a_wrong_answer_is_an_error_that_says_why(
    issuer: LocalIssuer,
    settings: OidcSettings,
    change: Callable[[LocalIssuer], object],
    reason: str,
) -> None:
    change(issuer)

    with pytest.raises(FetchError, match=reason):
        fetch_keys(settings)


def test_an_https_issuer_keeps_its_keys_behind_https(
    issuer: LocalIssuer, settings: OidcSettings
) -> None:
    issuer.discovery = {"issuer": OUTSIDE, "jwks_uri": f"{issuer.issuer}jwks/"}

    with pytest.raises(FetchError, match="not https"):
        fetch_keys(replace(settings, issuer=OUTSIDE, internal_origin=issuer.origin))


def test_a_slow_issuer_is_not_waited_for(issuer: LocalIssuer, settings: OidcSettings) -> None:
    issuer.delay = 1

    with pytest.raises(FetchError, match="does not answer: timed out"):
        fetch_keys(replace(settings, timeout=0.2))


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nnot json!",
        b"HTTP/1.1 200 OK\r\nContent-Length: 40000\r\n\r\n" + b"[" * 40000,
        b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"keys": [',
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["nothing", "no HTTP", "no JSON", "deep JSON", "cut short", "bad chunks"],
)
def test_what_is_no_answer_is_an_error(settings: OidcSettings, answer: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings = replace(settings, issuer=f"http://127.0.0.1:{server.getsockname()[1]}/")

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(FetchError):
            fetch_json(settings.discovery_url, settings, Deadline(settings.timeout))
        thread.join()


def test_nobody_listening_is_an_error(settings: OidcSettings) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        settings = replace(settings, issuer=f"http://127.0.0.1:{bound.getsockname()[1]}/")
        with pytest.raises(FetchError, match=r"does not answer: .*refused"):
            fetch_keys(settings)
