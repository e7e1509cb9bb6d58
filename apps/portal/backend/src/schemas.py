"""What the API takes and gives."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[
    str,
    # PostgreSQL stores no NUL; the other control characters, but for tab and line ends, are noise.
    StringConstraints(
        strip_whitespace=True,
        min_length=1,
        max_length=2000,
        pattern=r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$",
    ),
]


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


class AppConfig(BaseModel):
    """What the page has to know before anyone signed in. Nothing here is a secret."""

    app_name: str
    slug: str
    oidc: OidcClient
    portal_url: str


class Me(BaseModel):
    sub: str
    name: str
    email: str | None
    groups: list[str]


class NewNote(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: Text


class NoteOut(BaseModel):
    model_config = ConfigDict(from_attributes=True, title="Note")

    id: UUID
    text: str
    created_at: datetime


class NotePage(BaseModel):
    """Some of the notes, newest first."""

    items: list[NoteOut]
    next_cursor: str | None = Field(
        description="Give it as `cursor` for the next page; null at the end."
    )
