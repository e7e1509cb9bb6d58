"""The FastAPI app. Run it with `uvicorn --factory src.main:create_app`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from src.db import make_engine, make_sessions
from src.routes import health
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

    app = FastAPI(
        title=settings.app_name,
        lifespan=lifespan,
        docs_url="/api/docs",
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.sessions = make_sessions(engine)

    api = APIRouter(prefix="/api")
    api.include_router(health.router)
    app.include_router(api)
    return app
