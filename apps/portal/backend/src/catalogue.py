"""All apps with their states, and which of them a person sees."""

import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from src.engine import Container, Containers, Engine
from src.entitlements import Access, Entitlements, Person, Reason
from src.manifests import ListedApp, Listing, Manifest, Manifests
from src.states import AppState, state_of

FRESH_SECONDS: Final = 2.0
"""How long an answer is reused for all users who have the page open."""


@dataclass(frozen=True, slots=True)
class App:
    """An app of the repository and how it is."""

    manifest: Manifest
    path: str
    registered: bool
    state: AppState
    containers: tuple[Container, ...]
    itself: bool
    """Whether it is the portal."""

    @property
    def hidden_because(self) -> str | None:
        """Why no user but an admin sees it; None if users see it."""
        if self.itself:
            return "it is this page"
        if self.manifest.portal.hidden:
            return "its manifest says x-portal: {hidden: true}"
        if not self.manifest.has_page:
            return "it has no page: neither ports.frontend nor routes.host"
        if not self.registered and self.state in {AppState.DOWN, AppState.UNKNOWN}:
            return "it does not run, and registered-apps.txt does not name it"
        return None


@dataclass(frozen=True, slots=True)
class Seen:
    """An app as one person sees it."""

    app: App
    access: Access


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything at one moment."""

    apps: Mapping[str, App]
    listing: Listing
    engine_answers: bool


@dataclass(frozen=True, slots=True)
class View:
    """What a person sees of it."""

    owner: str
    """The person's `sub`."""
    admin: bool
    """Whether they also see apps that they may not use."""
    snapshot: Snapshot
    seen: Mapping[str, Seen]
    """By slug, in the order of the names."""


class Catalogue:
    def __init__(self, manifests: Manifests, engine: Engine, own_slug: str) -> None:
        self._manifests = manifests
        self._engine = engine
        self._own_slug = own_slug
        self._looking = threading.Lock()
        self._until = 0.0
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """One thread looks anew; the others go on with the last snapshot, once there is one."""
        last = self._snapshot
        if last is not None and time.monotonic() < self._until:
            return last
        if not self._looking.acquire(blocking=last is None) and last is not None:
            return last
        try:
            if self._snapshot is None or time.monotonic() >= self._until:
                self._snapshot = self._look()
                self._until = time.monotonic() + FRESH_SECONDS
            return self._snapshot
        finally:
            self._looking.release()

    def _look(self) -> Snapshot:
        listing = self._manifests.read()
        containers = self._engine.containers()
        apps = {
            one.manifest.slug: _app(one, containers, itself=one.manifest.slug == self._own_slug)
            for one in listing.apps
        }
        return Snapshot(apps, listing, engine_answers=containers is not None)

    def view(self, person: Person, entitlements: Entitlements, admin_groups: Sequence[str]) -> View:
        """Raises EntitlementsUnavailableError."""
        snapshot = self.snapshot()
        admin = person.user.is_in_any(admin_groups)
        granted = entitlements.of(person, [app.manifest for app in snapshot.apps.values()])
        seen: list[Seen] = []
        for slug, app in snapshot.apps.items():
            access = granted.get(slug)
            if admin:
                seen.append(Seen(app, access or Access(Reason.ADMIN)))
            elif access and app.hidden_because is None:
                seen.append(Seen(app, access))
        seen.sort(key=lambda one: (one.app.manifest.name.casefold(), one.app.manifest.slug))
        return View(person.user.sub, admin, snapshot, {one.app.manifest.slug: one for one in seen})


def _app(listed: ListedApp, containers: Containers | None, *, itself: bool) -> App:
    slug = listed.manifest.slug
    own = [] if containers is None else containers.of(listed.path, slug)
    own.sort(key=lambda one: one.service)
    state = AppState.UNKNOWN if containers is None else state_of(own)
    return App(listed.manifest, listed.path, listed.registered, state, tuple(own), itself)


def depending_on(slug: str, apps: Iterable[Seen]) -> list[Seen]:
    return [one for one in apps if slug in one.app.manifest.depends_on]


def named(slugs: Sequence[str], apps: Iterable[Seen]) -> list[Seen]:
    return [one for one in apps if one.app.manifest.slug in slugs]


def subscribers(event: str, apps: Iterable[Seen]) -> list[Seen]:
    return [one for one in apps if event in one.app.manifest.events_subscribe]


def publishers(event: str, apps: Iterable[Seen]) -> list[Seen]:
    return [one for one in apps if event in one.app.manifest.events_publish]
