"""What only a real PostgreSQL can show. Skipped unless TEST_DATABASE_URL names an empty one."""

import os
import subprocess
import sys
from pathlib import Path

from fastapi.testclient import TestClient

from src.main import create_app
from src.settings import Settings

BACKEND = Path(__file__).resolve().parent.parent


def alembic(settings: Settings, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - our own arguments
        [sys.executable, "-m", "alembic", *arguments],
        cwd=BACKEND,
        env={
            **os.environ,
            "APP_NAME": settings.app_name,
            "DATABASE_HOST": settings.database_host,
            "DATABASE_PORT": str(settings.database_port),
            "DATABASE_NAME": settings.database_name,
            "DATABASE_USER": settings.database_user,
            "DATABASE_PASSWORD": settings.database_password.get_secret_value(),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run(settings: Settings, *arguments: str) -> None:
    process = alembic(settings, *arguments)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output


def test_migrations_at_once_take_turns_and_match_the_models(
    settings_with_database: Settings,
) -> None:
    run(settings_with_database, "downgrade", "base")

    at_once = [alembic(settings_with_database, "upgrade", "head") for _ in range(3)]
    for process in at_once:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0, output

    run(settings_with_database, "check")


def test_ready_answers_200_with_a_database(settings_with_database: Settings) -> None:
    with TestClient(create_app(settings_with_database)) as client:
        response = client.get("/api/health/ready")

    assert response.status_code == 200
    assert response.json() == {"status": "ready", "database": "reachable"}
