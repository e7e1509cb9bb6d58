"""The FastAPI app. Run it with `uvicorn --factory src.main:create_app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from auth_client import TokenVerifier, setup_auth
from fastapi import APIRouter, Depends, FastAPI

from src.db import make_engine, make_sessions
from src.deps import require_groups
from src.middleware import BodyLimit, RequestLog
from src.problems import Problem, ProblemApi, add_problem_handlers
from src.routes import config, health, me, notes
from src.settings import Settings


def create_app(settings: Settings | None = None) -> FastAPI:
    """Makes the app; the settings come from the environment unless they are given."""
    if settings is None:
        settings = Settings.from_environment()
    engine = make_engine(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        engine.dispose()

    app = ProblemApi(
        title=settings.app_name,
        lifespan=lifespan,
        docs_url="/api/docs" if settings.api_docs else None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        generate_unique_id_function=lambda route: route.name,
    )
    app.state.settings = settings
    app.state.sessions = make_sessions(engine)
    setup_auth(app, TokenVerifier(settings.oidc))
    add_problem_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=settings.max_body_bytes)
    app.add_middleware(RequestLog)  # Added last, so it is the outermost.

    app.include_router(open_routes())
    app.include_router(routes_for_users(settings))
    return app


def open_routes() -> APIRouter:
    """The routes that need no sign-in."""
    api = APIRouter(prefix="/api")
    api.include_router(health.router)
    api.include_router(config.router)
    return api


def routes_for_users(settings: Settings) -> APIRouter:
    """The routes that need a signed-in user: every route here gets that check."""
    api = APIRouter(
        prefix="/api",
        dependencies=[Depends(require_groups(*settings.auth_groups))],
        responses={
            401: {"model": Problem, "description": "No token, or one that is no good."},
            403: {"model": Problem, "description": "The user is in none of the app's groups."},
            503: {"model": Problem, "description": "The issuer or the database is away."},
        },
    )
    api.include_router(me.router)
    api.include_router(notes.router)
    return api
