"""Notes, each of which belongs to the user who wrote it. For everyone else it does not exist."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, HTTPException, Query, status
from sqlalchemy import delete, select, tuple_

from src.deps import SessionDep, UserDep
from src.models import Note
from src.paging import Cursor, CursorText
from src.problems import Problem
from src.schemas import NewNote, NoteOut, NotePage

router = APIRouter(prefix="/notes", tags=["notes"])


@router.get("")
def list_notes(
    user: UserDep,
    session: SessionDep,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: CursorText | None = None,
) -> NotePage:
    """The user's notes, newest first, a page at a time."""
    query = (
        select(Note)
        .where(Note.owner == user.sub)
        .order_by(Note.created_at.desc(), Note.id.desc())
        .limit(limit + 1)  # One more, to know whether there is a next page.
    )
    if cursor is not None:
        last = Cursor.parse(cursor)
        query = query.where(tuple_(Note.created_at, Note.id) < (last.created_at, last.id))
    notes = session.scalars(query).all()

    page, rest = notes[:limit], notes[limit:]
    return NotePage(
        items=[NoteOut.model_validate(note) for note in page],
        next_cursor=str(Cursor(page[-1].created_at, page[-1].id)) if rest else None,
    )


@router.post("", status_code=status.HTTP_201_CREATED)
def add_note(new: NewNote, user: UserDep, session: SessionDep) -> NoteOut:
    """Keeps a note for the user."""
    note = Note(owner=user.sub, text=new.text)
    session.add(note)
    session.commit()
    return NoteOut.model_validate(note)


@router.delete(
    "/{note_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses={404: {"model": Problem, "description": "The user has no such note."}},
)
def delete_note(note_id: UUID, user: UserDep, session: SessionDep) -> None:
    """Deletes a note of the user."""
    deleted = session.execute(
        delete(Note).where(Note.id == note_id, Note.owner == user.sub).returning(Note.id)
    ).first()
    session.commit()
    if deleted is None:
        raise HTTPException(404, "you have no such note")
