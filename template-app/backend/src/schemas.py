"""What the API takes and gives."""

from typing import Literal

from pydantic import BaseModel


class Live(BaseModel):
    status: Literal["live"] = "live"


class Ready(BaseModel):
    status: Literal["ready"] = "ready"
    database: Literal["reachable"] = "reachable"


class NotReady(BaseModel):
    status: Literal["unavailable"] = "unavailable"
    database: Literal["unreachable"] = "unreachable"
