"""People's marks of apps: read and written for one person at a time."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from src.models import AppMark


def marks_of(session: Session, owner: str) -> Mapping[UUID, AppMark]:
    """All of the person's, by the app's id: at most one for each app of the repository."""
    marks = session.scalars(select(AppMark).where(AppMark.owner == owner))
    return {mark.app_id: mark for mark in marks}


def set_favourite(session: Session, owner: str, app_id: UUID, *, favourite: bool) -> None:
    new = insert(AppMark).values(owner=owner, app_id=app_id, favourite=favourite)
    session.execute(
        new.on_conflict_do_update(
            index_elements=[AppMark.owner, AppMark.app_id], set_={"favourite": favourite}
        )
    )


def note_opening(session: Session, owner: str, app_id: UUID) -> None:
    new = insert(AppMark).values(owner=owner, app_id=app_id, opened_at=func.now())
    session.execute(
        new.on_conflict_do_update(
            index_elements=[AppMark.owner, AppMark.app_id], set_={"opened_at": func.now()}
        )
    )
