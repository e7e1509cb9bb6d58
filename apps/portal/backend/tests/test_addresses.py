from typing import Any

import pytest

from src.addresses import Addresses
from src.manifests import Link, Manifest


def manifest(**keys: object) -> Manifest:
    return Manifest.model_validate(
        {
            "id": "5f3c1d52-8c0e-4b7a-9a64-2f1e7d0b6c38",
            "slug": "order-desk",
            "name": "Order & Desk",
            "description": "x",
            "kind": "product",
            "created": "2026-11-22",
            "ports": {"frontend": 13000},
            **keys,
        }
    )


HERE = Addresses()
BEHIND_8088 = Addresses(gateway_port=8088)
PUBLIC = Addresses(public_domain="example.com")


@pytest.mark.parametrize(
    ("addresses", "keys", "expected"),
    [
        (HERE, {}, "http://order-desk.localhost/"),
        (BEHIND_8088, {}, "http://order-desk.localhost:8088/"),
        (PUBLIC, {}, "https://order-desk.example.com/"),
        (HERE, {"routes": {"host": "orders.localhost"}}, "http://orders.localhost/"),
        (PUBLIC, {"routes": {"host": "orders.localhost"}}, "https://orders.example.com/"),
        (HERE, {"routes": {"host": "orders.example.net"}}, "https://orders.example.net/"),
        (HERE, {"ports": {}}, None),
        (HERE, {"ports": {}, "routes": {"host": "docs.localhost"}}, "http://docs.localhost/"),
    ],
)
def test_an_app_is_opened_at(
    addresses: Addresses, keys: dict[str, Any], expected: str | None
) -> None:
    assert addresses.of(manifest(**keys)) == expected


@pytest.mark.parametrize(
    ("addresses", "url", "expected"),
    [
        (HERE, "https://wiki.example/{slug}", "https://wiki.example/order-desk"),
        (
            HERE,
            "https://wiki.example/?q={name}&x={z}",
            "https://wiki.example/?q=Order%20%26%20Desk&x=",
        ),
        (HERE, "http://{slug}.localhost/api/docs", "http://order-desk.localhost/api/docs"),
        (
            BEHIND_8088,
            "http://order-desk.localhost/a?b=c#d",
            "http://order-desk.localhost:8088/a?b=c#d",
        ),
        (PUBLIC, "http://order-desk.localhost/a", "https://order-desk.example.com/a"),
        (PUBLIC, "http://order-desk.localhost:18000/a", "http://order-desk.localhost:18000/a"),
        (PUBLIC, "https://wiki.example/", "https://wiki.example/"),
        (PUBLIC, " http://order-desk.localhost/a", "https://order-desk.example.com/a"),
        (BEHIND_8088, "http://a@order-desk.localhost/a", "http://order-desk.localhost:8088/a"),
        (HERE, "http://x.localhost:evil/", None),
        (HERE, "http://x.localhost:99999/", None),
        (HERE, "http://x.localhost:-1/", None),
        (HERE, "https://wiki.example:evil/", None),
        (HERE, "http://x.localhost:{slug}/", None),
        (HERE, "http://[::1/", None),
        (HERE, "http://\u2100.localhost/", None),
        (HERE, "javascript:alert(1)", None),
        (HERE, "http:///x", None),
        (HERE, "http://[", None),
    ],
)
def test_a_link_leads_to(addresses: Addresses, url: str, expected: str | None) -> None:
    assert addresses.link(manifest(), Link(title="x", url=url)) == expected
