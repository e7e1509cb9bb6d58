"""Pages by keyset: a page begins after the last row of the page before it, even if rows were added.

Unlike an offset it neither skips nor repeats rows, and a late page costs no more than the first.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of one row in the order of time. To callers it is an opaque text."""

    created_at: datetime
    id: UUID

    def __str__(self) -> str:
        raw = f"{self.created_at.isoformat()} {self.id}".encode()
        return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ValueError for anything that `str` has not made."""
        try:
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
            created_at, row_id = raw.decode("ascii").split(" ")
            cursor = cls(datetime.fromisoformat(created_at), UUID(row_id))
        except (binascii.Error, ValueError):
            raise ValueError("this is no cursor of an earlier page") from None
        if str(cursor) != text or cursor.created_at.tzinfo is None:
            raise ValueError("this is no cursor of an earlier page")
        return cursor


def _check(text: str) -> str:
    Cursor.parse(text)
    return text


CursorText = Annotated[str, Field(max_length=200), AfterValidator(_check)]
"""A query parameter that is a cursor."""
