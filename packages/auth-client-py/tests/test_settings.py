from typing import Any

import pytest

from auth_client import OidcSettings

ISSUER = "https://auth.example.com/application/o/app/"


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        (ISSUER, f"{ISSUER}.well-known/openid-configuration"),
        ("http://auth.localhost", "http://auth.localhost/.well-known/openid-configuration"),
        (
            "https://id.example/realms/a",
            "https://id.example/realms/a/.well-known/openid-configuration",
        ),
    ],
)
def test_the_description_stands_below_the_issuer(issuer: str, url: str) -> None:
    assert OidcSettings(issuer=issuer, client_id="app").discovery_url == url


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"issuer": ""}, "no http or https URL"),
        ({"issuer": "auth.example.com"}, "no http or https URL"),
        ({"issuer": "file:///etc/passwd"}, "no http or https URL"),
        ({"issuer": f"{ISSUER}?a=b"}, "neither a query nor a fragment"),
        ({"issuer": f"{ISSUER}#a"}, "neither a query nor a fragment"),
        ({"issuer": "https://user:secret@auth.example.com/"}, "user name or a password"),
        ({"issuer": "https://auth.example.com:port/"}, "Port"),
        ({"client_id": ""}, "client id"),
        ({"client_id": 'a", error="b'}, "client id"),
        ({"client_id": "a\r\nSet-Cookie: b"}, "client id"),
        ({"algorithms": ()}, "at least one algorithm"),
        ({"algorithms": ("none",)}, "'none' is none of RS256, ES256"),
        ({"algorithms": ("RS256", "HS256")}, "'HS256' is none of RS256, ES256"),
        ({"internal_origin": "authentik:9000"}, "no http or https URL"),
        ({"internal_origin": "http://authentik:9000/path"}, "scheme, host and port only"),
    ],
)
def test_what_cannot_be_right_is_refused(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        OidcSettings(**{"issuer": ISSUER, "client_id": "app", **wrong})


def test_a_refused_issuer_does_not_repeat_its_password() -> None:
    with pytest.raises(ValueError, match="password") as caught:
        OidcSettings(issuer="https://user:s3cret@auth.example.com/", client_id="app")

    assert "s3cret" not in str(caught.value)
