"""Whether the process lives, and whether it is ready for requests. Both need no sign-in."""

import logging

from fastapi import APIRouter, Response, status
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from src.deps import SessionDep
from src.schemas import Live, NotReady, Ready

logger = logging.getLogger(__name__)

router = APIRouter(prefix="/health", tags=["health"])


@router.get("/live")
async def get_live() -> Live:
    """Answers as long as the process does."""
    # A coroutine, so that it waits for no free worker thread.
    return Live()


@router.get("/ready", responses={status.HTTP_503_SERVICE_UNAVAILABLE: {"model": NotReady}})
def get_ready(session: SessionDep, response: Response) -> Ready | NotReady:
    """Asks the database. Its errors go to the log, not into the answer."""
    try:
        session.execute(text("SELECT 1"))
    except SQLAlchemyError as error:
        logger.warning("the database does not answer: %s", error)
        response.status_code = status.HTTP_503_SERVICE_UNAVAILABLE
        return NotReady()
    return Ready()
