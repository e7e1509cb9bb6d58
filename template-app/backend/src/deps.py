"""What routes ask for, by type."""

from collections.abc import Iterator
from typing import Annotated

from auth_client import BearerTokenError, parse_bearer
from fastapi import Depends, Header, HTTPException, Request
from sqlalchemy.orm import Session, sessionmaker


def get_session(request: Request) -> Iterator[Session]:
    sessions: sessionmaker[Session] = request.app.state.sessions
    with sessions() as session:
        yield session


def get_bearer_token(authorization: Annotated[str | None, Header()] = None) -> str:
    """The request's bearer token, as it was sent: it is NOT verified, and proves nothing yet."""
    try:
        return parse_bearer(authorization)
    except BearerTokenError as error:
        raise HTTPException(
            status_code=error.status,
            detail=str(error),
            headers={"WWW-Authenticate": error.challenge},
        ) from None


SessionDep = Annotated[Session, Depends(get_session)]
BearerTokenDep = Annotated[str, Depends(get_bearer_token)]
