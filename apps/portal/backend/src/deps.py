"""The dependencies of routes, by type. Those for the user come from auth_client."""

from collections.abc import Iterator
from typing import Annotated

from auth_client import User, optional_user, require_groups, require_token, require_user
from fastapi import Depends, Request
from sqlalchemy.orm import Session, sessionmaker

from src.addresses import Addresses
from src.catalogue import Catalogue, View
from src.entitlements import Entitlements, Person
from src.settings import Settings

__all__ = [
    "AddressesDep",
    "OptionalUserDep",
    "SessionDep",
    "SettingsDep",
    "UserDep",
    "ViewDep",
    "optional_user",
    "require_groups",
    "require_user",
]


def get_session(request: Request) -> Iterator[Session]:
    """A session that a route commits by itself; what is not committed is undone."""
    sessions: sessionmaker[Session] = request.app.state.sessions
    with sessions() as session:
        yield session


def get_settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


def get_view(
    request: Request,
    user: Annotated[User, Depends(require_user)],
    token: Annotated[str, Depends(require_token)],
    settings: Annotated[Settings, Depends(get_settings)],
) -> View:
    """What the user sees of the apps."""
    catalogue: Catalogue = request.app.state.catalogue
    entitlements: Entitlements = request.app.state.entitlements
    return catalogue.view(Person(user, token), entitlements, settings.admin_groups)


def get_addresses(request: Request) -> Addresses:
    addresses: Addresses = request.app.state.addresses
    return addresses


SessionDep = Annotated[Session, Depends(get_session)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
UserDep = Annotated[User, Depends(require_user)]
OptionalUserDep = Annotated[User | None, Depends(optional_user)]
ViewDep = Annotated[View, Depends(get_view)]
AddressesDep = Annotated[Addresses, Depends(get_addresses)]
