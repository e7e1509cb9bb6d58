"""A person's marks of apps: favourites, and when each app was last opened."""

from fastapi import APIRouter, status

from src.deps import SessionDep, ViewDep
from src.marks import note_opening, set_favourite
from src.routes.apps import NO_APP, SlugPath, find

router = APIRouter(prefix="/apps/{slug}", tags=["marks"], responses=NO_APP)

# A person can only mark apps that they see, so the table holds only apps that exist.


@router.put("/favourite", status_code=status.HTTP_204_NO_CONTENT)
def add_favourite(slug: SlugPath, view: ViewDep, session: SessionDep) -> None:
    """Makes the app one of the person's favourites."""
    set_favourite(session, view.owner, find(slug, view).app.manifest.id, favourite=True)
    session.commit()


@router.delete("/favourite", status_code=status.HTTP_204_NO_CONTENT)
def remove_favourite(slug: SlugPath, view: ViewDep, session: SessionDep) -> None:
    """Removes the app from the person's favourites."""
    set_favourite(session, view.owner, find(slug, view).app.manifest.id, favourite=False)
    session.commit()


@router.post("/openings", status_code=status.HTTP_204_NO_CONTENT)
def add_opening(slug: SlugPath, view: ViewDep, session: SessionDep) -> None:
    """Records that the person opens the app now."""
    note_opening(session, view.owner, find(slug, view).app.manifest.id)
    session.commit()
