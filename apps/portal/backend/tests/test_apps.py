"""Who sees which apps, and which of their details."""

from typing import Any

import pytest
from auth_client.testing import LocalIssuer
from fastapi.testclient import TestClient

from src.main import create_app
from src.settings import Settings

from .conftest import headers_of
from .fakes import FakeAuthentik, FakeEngine, Repository, container

Headers = dict[str, str]


def listed(client: TestClient, headers: Headers) -> dict[str, Any]:
    response = client.get("/api/apps", headers=headers)
    assert response.status_code == 200, response.text
    return {item["slug"]: item for item in response.json()["items"]}


def details(client: TestClient, headers: Headers, slug: str) -> dict[str, Any]:
    response = client.get(f"/api/apps/{slug}", headers=headers)
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_an_app_is_shown_with_what_its_manifest_says(
    client: TestClient, repository: Repository, engine: FakeEngine, alice: Headers
) -> None:
    repository.add("orders", name="Orders & “Returns”", icon="📦", owner="sales", tags=["shop"])
    engine.containers = [container("orders"), container("orders", "db", routed=False)]

    (item,) = client.get("/api/apps", headers=alice).json()["items"]

    assert item.pop("id")
    assert item == {
        "slug": "orders",
        "name": "Orders & “Returns”",
        "description": "What orders is for.",
        "kind": "internal",
        "icon": "📦",
        "tags": ["shop"],
        "owner": "sales",
        "url": "http://orders.localhost/",
        "state": "up",
        "favourite": False,
        "opened_at": None,
        "access": {"reason": "group", "groups": ["orders-users"]},
        "hidden": False,
    }


def test_people_see_what_they_may_use(
    client: TestClient, repository: Repository, alice: Headers, bob: Headers, admin: Headers
) -> None:
    repository.add("orders", kind="product")
    repository.add("acme", kind="client")
    repository.add("lunch", groups=[])
    repository.add("docs", kind="platform", auth=None, ports={}, routes={"host": "docs.localhost"})

    assert list(listed(client, alice)) == ["docs", "lunch", "orders"]
    assert list(listed(client, bob)) == ["docs", "lunch"]
    reasons = {slug: item["access"] for slug, item in listed(client, admin).items()}
    assert reasons == {
        "acme": {"reason": "admin", "groups": []},
        "docs": {"reason": "everyone", "groups": []},
        "lunch": {"reason": "everyone", "groups": []},
        "orders": {"reason": "group", "groups": ["orders-users"]},
    }


def test_nobody_who_is_not_signed_in_sees_anything(client: TestClient) -> None:
    for path in ("/api/apps", "/api/apps/orders"):
        assert client.get(path).status_code == 401


def test_what_is_not_for_people_only_an_admin_sees_and_why(
    client: TestClient, repository: Repository, alice: Headers, admin: Headers
) -> None:
    everyone: list[str] = []
    repository.add("portal", groups=everyone)
    repository.add("gateway", kind="platform", groups=everyone, ports={})
    repository.add("hidden", groups=everyone, hidden=True)
    repository.add("draft", groups=everyone, registered=False)

    assert listed(client, alice) == {}
    assert set(listed(client, admin)) == {"portal", "gateway", "hidden", "draft"}
    because = {
        slug: details(client, admin, slug)["internals"]["hidden_because"]
        for slug in ("portal", "gateway", "hidden", "draft")
    }
    assert all(item["hidden"] for item in listed(client, admin).values())
    assert because["portal"] == "it is this page"
    assert "no page" in because["gateway"]
    assert "x-portal" in because["hidden"]
    assert "registered-apps.txt" in because["draft"]


def test_an_unregistered_app_that_runs_is_shown(
    client: TestClient, repository: Repository, engine: FakeEngine, alice: Headers
) -> None:
    repository.add("orders", registered=False)
    engine.containers = [container("orders")]

    assert set(listed(client, alice)) == {"orders"}


def test_the_state_follows_the_containers(
    client: TestClient, repository: Repository, engine: FakeEngine, alice: Headers
) -> None:
    repository.add("orders")
    for status, state in (
        (None, "down"),
        ("Up 1 second (health: starting)", "starting"),
        ("Up 1 minute (healthy)", "up"),
        ("Up 2 minutes (unhealthy)", "unhealthy"),
    ):
        engine.containers = [container("orders", status=status)] if status else []
        assert listed(client, alice)["orders"]["state"] == state


def test_without_the_engine_the_list_is_there_and_the_states_are_not(
    client: TestClient, repository: Repository, engine: FakeEngine, alice: Headers
) -> None:
    repository.add("orders")
    engine.status = 500

    answer = client.get("/api/apps", headers=alice).json()

    assert answer["engine"] == "unreachable"
    assert [item["state"] for item in answer["items"]] == ["unknown"]


def test_a_new_app_appears_by_itself(
    client: TestClient, repository: Repository, alice: Headers
) -> None:
    assert listed(client, alice) == {}
    repository.add("orders")
    assert set(listed(client, alice)) == {"orders"}


def test_an_answer_serves_for_a_moment(
    client: TestClient,
    repository: Repository,
    engine: FakeEngine,
    alice: Headers,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("src.catalogue.FRESH_SECONDS", 60.0)
    for _ in range(3):
        listed(client, alice)
    assert len(engine.requests) == 1
    repository.add("orders")
    assert listed(client, alice) == {}


def test_broken_manifests_are_an_admins_business(
    client: TestClient, repository: Repository, alice: Headers, admin: Headers
) -> None:
    repository.write("apps/broken/app.manifest.yml", "slug: [")

    assert client.get("/api/apps", headers=alice).json()["broken_manifests"] == []
    (broken,) = client.get("/api/apps", headers=admin).json()["broken_manifests"]
    assert broken["path"] == "apps/broken/app.manifest.yml"
    assert broken["reason"].startswith("line 2")


def test_a_link_that_leads_nowhere_is_an_admins_business(
    client: TestClient, repository: Repository, alice: Headers, admin: Headers
) -> None:
    links = [
        {"title": "Fine", "url": "http://orders.localhost/docs"},
        {"title": "No port", "url": "http://x.localhost:evil/"},
    ]
    repository.add("orders", links=links)

    details = client.get("/api/apps/orders", headers=alice)
    assert details.status_code == 200
    assert [link["title"] for link in details.json()["links"]] == ["Fine"]
    assert client.get("/api/apps", headers=alice).json()["broken_manifests"] == []
    assert client.get("/api/apps", headers=admin).json()["broken_manifests"] == [
        {
            "path": "apps/orders/app.manifest.yml",
            "reason": "links.1.url: it is no web address, so the link is not shown",
        }
    ]


def test_an_app_that_is_not_for_you_looks_like_none(
    client: TestClient, repository: Repository, bob: Headers
) -> None:
    repository.add("orders")

    refused = client.get("/api/apps/orders", headers=bob)
    missing = client.get("/api/apps/nothing", headers=bob)

    assert refused.status_code == missing.status_code == 404
    assert refused.json() == missing.json()
    assert client.get("/api/apps/..%2f", headers=bob).status_code in {404, 422}
    assert client.get("/api/apps/UPPER", headers=bob).status_code == 422


def test_an_app_names_what_it_is_connected_to(
    client: TestClient, repository: Repository, alice: Headers, admin: Headers
) -> None:
    repository.add(
        "orders",
        depends_on=["stock", "secret", "gone"],
        events_publish=["order.placed"],
        events_subscribe=["stock.low", "secret.event"],
        links=[
            {"title": "Wiki", "url": "https://wiki.example/{slug}"},
            {"title": "Bad", "url": "javascript:alert(1)"},
        ],
    )
    repository.add("stock", groups=[], events_publish=["stock.low"])
    repository.add("mail", groups=[], depends_on=["orders"], events_subscribe=["order.placed"])
    repository.add("secret", events_publish=["secret.event"], events_subscribe=["order.placed"])

    seen = details(client, alice, "orders")

    def names(references: list[dict[str, str]]) -> list[str]:
        return [reference["slug"] for reference in references]

    assert seen["created"] == "2026-11-22"
    assert seen["links"] == [{"title": "Wiki", "url": "https://wiki.example/orders"}]
    assert names(seen["depends_on"]) == ["stock"]
    assert names(seen["depended_on_by"]) == ["mail"]
    assert [(event["name"], names(event["apps"])) for event in seen["events_publish"]] == [
        ("order.placed", ["mail"])
    ]
    assert [(event["name"], names(event["apps"])) for event in seen["events_subscribe"]] == [
        ("stock.low", ["stock"]),
        ("secret.event", []),
    ]
    assert seen["internals"] is None
    assert names(details(client, admin, "orders")["depends_on"]) == ["secret", "stock"]


def test_an_admin_sees_who_may_use_it_and_what_runs(
    client: TestClient, repository: Repository, engine: FakeEngine, admin: Headers
) -> None:
    repository.add("acme", kind="client")
    engine.containers = [
        container("acme", "frontend"),
        container("acme", "backend", "exited", "Exited (3) 1 minute ago"),
    ]

    seen = details(client, admin, "acme")

    assert seen["state"] == "unhealthy"
    assert seen["internals"] == {
        "path": "clients/acme",
        "registered": True,
        "hidden_because": None,
        "audience": {"everyone": False, "groups": ["acme-users"]},
        "services": [
            {"name": "backend", "state": "exited", "status": "Exited (3) 1 minute ago"},
            {"name": "frontend", "state": "running", "status": "Up 5 minutes (healthy)"},
        ],
    }


def test_authentik_is_asked_where_it_is_the_sign_in(
    settings: Settings, repository: Repository, issuer: LocalIssuer
) -> None:
    repository.add("orders")
    repository.add("acme")
    headers = headers_of(issuer, "alice", "orders-users")
    with FakeAuthentik([]) as authentik:
        authentik.override = lambda: (
            200,
            {"results": [{"slug": "acme"}], "pagination": {"next": 0}},
        )
        asked = settings.model_copy(
            update={"sign_in": "authentik", "oidc_internal_origin": authentik.url}
        )
        app = create_app(asked)
        # The keys are still the test issuer's; only the list of applications is Authentik's.
        app.state.token_verifier = create_app(settings).state.token_verifier
        with TestClient(app) as client:
            assert set(listed(client, headers)) == {"acme"}
            assert authentik.requests[0][1]["Authorization"] == headers["Authorization"]

            authentik.override = lambda: (503, {})
            refused = client.get("/api/apps", headers=headers_of(issuer, "carol"))
            assert refused.status_code == 503
            assert refused.headers["Retry-After"] == "5"
            assert "sign-in service" in refused.json()["detail"]


def test_an_admins_group_is_the_settings(
    settings: Settings, repository: Repository, issuer: LocalIssuer
) -> None:
    repository.add("acme")
    with TestClient(
        create_app(settings.model_copy(update={"admin_groups": ("operators",)}))
    ) as client:
        assert listed(client, headers_of(issuer, "a", "admins")) == {}
        assert set(listed(client, headers_of(issuer, "o", "operators"))) == {"acme"}
