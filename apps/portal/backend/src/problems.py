"""Errors as problem details (RFC 9457): one form for all of them, in OpenAPI too."""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException

from src.entitlements import EntitlementsUnavailableError

MEDIA_TYPE: Final = "application/problem+json"
SCHEMA: Final = "#/components/schemas/Problem"

logger: Final = logging.getLogger(__name__)


class InvalidPart(BaseModel):
    """One thing that is wrong with a request."""

    detail: str
    pointer: str | None = Field(default=None, description="A part of the body, as in `#/text`.")
    parameter: str | None = Field(default=None, description="A parameter of the path or query.")


class Problem(BaseModel):
    """What went wrong, as RFC 9457 writes it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str | None = None
    errors: list[InvalidPart] | None = None


def problem_response(
    status: int,
    detail: str | None = None,
    *,
    errors: list[InvalidPart] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail, errors=errors)
    return JSONResponse(
        problem.model_dump(exclude_none=True),
        status_code=status,
        headers=dict(headers or {}),
        media_type=MEDIA_TYPE,
    )


def add_problem_handlers(app: FastAPI) -> None:
    app.exception_handler(HTTPException)(_http_error)
    app.exception_handler(RequestValidationError)(_invalid_request)
    app.exception_handler(OperationalError)(_database_away)
    app.exception_handler(PoolTimeoutError)(_database_away)
    app.exception_handler(EntitlementsUnavailableError)(_entitlements_away)


async def _http_error(_: Request, error: HTTPException) -> JSONResponse:
    return problem_response(error.status_code, str(error.detail), headers=error.headers)


async def _invalid_request(_: Request, error: RequestValidationError) -> JSONResponse:
    parts = [_invalid_part(part) for part in error.errors()]
    return problem_response(422, "the request is not what this takes", errors=parts)


async def _database_away(_: Request, error: Exception) -> JSONResponse:
    logger.warning("the database does not answer: %s", error)
    return problem_response(
        503, "the database can't be reached at the moment", headers={"Retry-After": "5"}
    )


async def _entitlements_away(_: Request, error: Exception) -> JSONResponse:
    # Not an empty list: that would say that the person may use no app.
    return problem_response(503, str(error), headers={"Retry-After": "5"})


def _invalid_part(part: Mapping[str, Any]) -> InvalidPart:
    """What was sent is not repeated: pydantic's message says enough."""
    place, *path = part["loc"]
    if place != "body":
        return InvalidPart(detail=part["msg"], parameter=".".join(map(str, path)))
    # The path of broken JSON is a number of characters, not a part of the document.
    pointer = "#" if part["type"] == "json_invalid" else "#" + _json_pointer(path)
    return InvalidPart(detail=part["msg"], pointer=pointer)


def _json_pointer(path: Iterable[str | int]) -> str:
    """RFC 6901, section 3."""
    return "".join("/" + str(key).replace("~", "~0").replace("/", "~1") for key in path)


class ProblemApi(FastAPI):
    """FastAPI, whose OpenAPI document names problem details where the app answers with them."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            schemas = document["components"]["schemas"]
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            for operations in document["paths"].values():
                for operation in operations.values():
                    for status, response in operation["responses"].items():
                        _name_problems(status, response)
        return self.openapi_schema or {}


def _name_problems(status: str, response: dict[str, Any]) -> None:
    content = response.get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    if schema.get("$ref") == SCHEMA or status == "422":
        response["content"] = {MEDIA_TYPE: {"schema": {"$ref": SCHEMA}}}
