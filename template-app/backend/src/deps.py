"""The dependencies of routes, by type. Those for the user come from auth_client."""

from collections.abc import Iterator
from typing import Annotated

from auth_client import User, optional_user, require_groups, require_user
from fastapi import Depends, Request
from sqlalchemy.orm import Session, sessionmaker

from src.settings import Settings

__all__ = [
    "OptionalUserDep",
    "SessionDep",
    "SettingsDep",
    "UserDep",
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


SessionDep = Annotated[Session, Depends(get_session)]
SettingsDep = Annotated[Settings, Depends(get_settings)]
UserDep = Annotated[User, Depends(require_user)]
OptionalUserDep = Annotated[User | None, Depends(optional_user)]
