"""What the API takes and gives."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field

from src.entitlements import Reason
from src.manifests import Kind
from src.states import AppState


class Live(BaseModel):
    status: Literal["live"] = "live"


class Ready(BaseModel):
    status: Literal["ready"] = "ready"
    database: Literal["reachable"] = "reachable"


class NotReady(BaseModel):
    status: Literal["unavailable"] = "unavailable"
    database: Literal["unreachable"] = "unreachable"


class OidcClient(BaseModel):
    issuer: str
    client_id: str
    extra_scopes: list[str] = Field(description="To ask for beside the usual ones.")


class AppConfig(BaseModel):
    """What the page has to know before anyone signed in. Nothing here is a secret."""

    app_name: str
    slug: str
    oidc: OidcClient
    portal_url: str
    docs_url: str = Field(description="Where the documentation is; empty for nowhere.")


class Me(BaseModel):
    sub: str
    name: str
    email: str | None
    groups: list[str]


class AppAccess(BaseModel):
    """Why the person sees the app."""

    reason: Reason
    groups: list[str] = Field(description="The person's groups that let them in.")


class AppSummary(BaseModel):
    """An app on the hub."""

    id: UUID
    slug: str
    name: str
    description: str
    kind: Kind
    icon: str | None = Field(description="An emoji or the name of an icon.")
    tags: list[str]
    owner: str | None
    url: str | None = Field(description="Where it is opened; null for an app without a page.")
    state: AppState
    favourite: bool
    opened_at: datetime | None = Field(description="When the person last opened it from here.")
    access: AppAccess
    hidden: bool = Field(description="Whether only admins see it, whatever people's groups.")


class BrokenManifest(BaseModel):
    """A manifest that can't be used."""

    path: str
    reason: str


class AppList(BaseModel):
    """Every app that the person may see, by name: as many as the repository has, so no pages."""

    items: list[AppSummary]
    engine: Literal["reachable", "unreachable"] = Field(
        description="Where the engine can't be asked, every state is `unknown`."
    )
    admin: bool = Field(description="Whether the person sees what they may not use, too.")
    broken_manifests: list[BrokenManifest] = Field(description="For an admin; else empty.")


class AppReference(BaseModel):
    """Another app, as far as the person may see it."""

    slug: str
    name: str
    state: AppState


class AppEvent(BaseModel):
    name: str
    apps: list[AppReference] = Field(description="Who is at the event's other end.")


class AppLink(BaseModel):
    title: str
    url: str


class AppService(BaseModel):
    """A container of the app."""

    name: str
    state: str
    status: str = Field(description="The engine's words.")


class AppAudience(BaseModel):
    """Who may use the app."""

    everyone: bool
    groups: list[str] = Field(description="One of these is enough.")


class AppInternals(BaseModel):
    """What only an admin sees."""

    path: str = Field(description="The app's folder in the repository.")
    registered: bool = Field(description="Whether `scalr up` starts it without its name.")
    hidden_because: str | None = Field(description="Why people don't see it; null where they do.")
    audience: AppAudience
    services: list[AppService]


class AppDetails(AppSummary):
    created: date
    links: list[AppLink]
    depends_on: list[AppReference]
    depended_on_by: list[AppReference]
    events_publish: list[AppEvent]
    events_subscribe: list[AppEvent]
    internals: AppInternals | None = Field(description="For an admin; else null.")
