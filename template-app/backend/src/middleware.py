"""The processing of every request before and after its route."""

import logging
import re
import time
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from src.logs import request_id
from src.problems import problem_response

HEADER: Final = "X-Request-Id"
_REQUEST_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,128}")

logger: Final = logging.getLogger("src.access")


class RequestLog:
    """Gives each request an id, answers 500 where a route failed, and writes one line about it.

    The id is the caller's X-Request-Id where it is harmless, so that one request can be followed
    through gateway, frontend and backend. The line has the path without the query, which may hold
    what belongs in no log.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        given = Headers(scope=scope).get(HEADER, "")
        current = given if _REQUEST_ID.fullmatch(given) else uuid4().hex
        token = request_id.set(current)
        started = time.perf_counter()
        status = 0

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers[HEADER] = current
                # Answers are for one user and one moment, so no cache may store them.
                headers.setdefault("Cache-Control", "no-store")
                headers.setdefault("X-Content-Type-Options", "nosniff")
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        except Exception:
            logger.exception("a request failed")
            if status:
                raise  # The answer has begun, so the server can only abort it.
            response = problem_response(500, f"the log says more, under the id {current}")
            await response(scope, receive, send_with_id)
        finally:
            path = scope["path"]
            # Health checks come every few seconds.
            quiet = path.startswith("/api/health/") and status < 400
            logger.log(
                logging.DEBUG if quiet else logging.INFO,
                "%s %s %d",
                scope["method"],
                path,
                status,
                extra={
                    "method": scope["method"],
                    "path": path,
                    "status": status,
                    "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )
            request_id.reset(token)


class BodyLimit:
    """Refuses bodies that are larger than the limit, as early as possible.

    A body is read before a route's dependencies run, so without this anyone could fill the memory.
    A body with a Content-Length is refused before it is read; bytes of others are counted.
    """

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self.app = app
        self.max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        detail = f"a body may have {self.max_bytes} bytes at most"
        # The server refuses a Content-Length that is not a number.
        if int(Headers(scope=scope).get("Content-Length", "0")) > self.max_bytes:
            await problem_response(413, detail)(scope, receive, send)
            return
        received = 0

        async def receive_counting() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > self.max_bytes:
                raise HTTPException(413, detail)
            return message

        await self.app(scope, receive_counting, send)
