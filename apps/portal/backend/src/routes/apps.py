"""The apps that a person may see."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, HTTPException, Path

from src.addresses import Addresses
from src.catalogue import (
    App,
    Seen,
    Snapshot,
    View,
    depending_on,
    named,
    publishers,
    subscribers,
)
from src.deps import AddressesDep, SessionDep, ViewDep
from src.entitlements import Access
from src.manifests import MANIFEST
from src.marks import marks_of
from src.models import AppMark
from src.problems import Problem
from src.schemas import (
    AppAccess,
    AppAudience,
    AppDetails,
    AppEvent,
    AppInternals,
    AppLink,
    AppList,
    AppReference,
    AppService,
    AppSummary,
    BrokenManifest,
)

router = APIRouter(prefix="/apps", tags=["apps"])

SlugPath = Annotated[str, Path(max_length=40, pattern=r"^[a-z0-9-]+$")]
NO_APP: Final[dict[int | str, dict[str, object]]] = {
    404: {"model": Problem, "description": "The person may see no such app."}
}


@router.get("")
def list_apps(view: ViewDep, session: SessionDep, addresses: AddressesDep) -> AppList:
    """The apps that the person may use, by name; for an admin every app."""
    marks = marks_of(session, view.owner)
    return AppList(
        items=[
            AppSummary.model_validate(_summary(one.app, one.access, marks, addresses))
            for one in view.seen.values()
        ],
        engine="reachable" if view.snapshot.engine_answers else "unreachable",
        admin=view.admin,
        broken_manifests=_broken(view.snapshot, addresses) if view.admin else [],
    )


@router.get("/{slug}", responses=NO_APP)
def get_app(
    slug: SlugPath, view: ViewDep, session: SessionDep, addresses: AddressesDep
) -> AppDetails:
    """One app, with what it is connected to as far as the person may see that."""
    one, others = find(slug, view), list(view.seen.values())
    manifest = one.app.manifest
    marks = marks_of(session, view.owner)
    return AppDetails.model_validate(
        {
            **_summary(one.app, one.access, marks, addresses),
            "created": manifest.created,
            "links": [
                AppLink(title=link.title, url=url)
                for link in manifest.links
                if (url := addresses.link(manifest, link)) is not None
            ],
            "depends_on": _references(named(manifest.depends_on, others)),
            "depended_on_by": _references(depending_on(slug, others)),
            "events_publish": [
                AppEvent(name=event, apps=_references(subscribers(event, others)))
                for event in manifest.events_publish
            ],
            "events_subscribe": [
                AppEvent(name=event, apps=_references(publishers(event, others)))
                for event in manifest.events_subscribe
            ],
            "internals": _internals(one.app) if view.admin else None,
        }
    )


def find(slug: str, view: View) -> Seen:
    """The app; 404 if there is none, and also if the person may not see it."""
    one = view.seen.get(slug)
    if one is None:
        raise HTTPException(404, "there is no such app, or not for you")
    return one


def _summary(
    app: App, access: Access, marks: Mapping[UUID, AppMark], addresses: Addresses
) -> dict[str, object]:
    manifest = app.manifest
    mark = marks.get(manifest.id)
    return {
        "id": manifest.id,
        "slug": manifest.slug,
        "name": manifest.name,
        "description": manifest.description,
        "kind": manifest.kind,
        "icon": manifest.icon,
        "tags": list(manifest.tags),
        "owner": manifest.owner,
        "url": addresses.of(manifest),
        "state": app.state,
        "favourite": mark is not None and mark.favourite,
        "opened_at": mark.opened_at if mark else None,
        "hidden": app.hidden_because is not None,
        "access": AppAccess(reason=access.reason, groups=list(access.groups)),
    }


def _references(apps: Iterable[Seen]) -> list[AppReference]:
    return [
        AppReference(slug=one.app.manifest.slug, name=one.app.manifest.name, state=one.app.state)
        for one in apps
    ]


def _internals(app: App) -> AppInternals:
    groups = app.manifest.groups
    return AppInternals(
        path=app.path,
        registered=app.registered,
        hidden_because=app.hidden_because,
        audience=AppAudience(everyone=not groups, groups=list(groups)),
        services=[
            AppService(name=one.service, state=one.state, status=one.status)
            for one in app.containers
        ],
    )


def _broken(snapshot: Snapshot, addresses: Addresses) -> list[BrokenManifest]:
    found = [BrokenManifest(path=one.path, reason=one.reason) for one in snapshot.listing.problems]
    for app in snapshot.apps.values():
        for number, link in enumerate(app.manifest.links):
            if addresses.link(app.manifest, link) is None:
                reason = f"links.{number}.url: it is no web address, so the link is not shown"
                found.append(BrokenManifest(path=f"{app.path}/{MANIFEST}", reason=reason))
    return found
