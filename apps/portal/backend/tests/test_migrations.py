from auth_client.testing import LocalIssuer
from sqlalchemy import create_engine, inspect

from src.settings import Settings

from .conftest import MakeDatabase, alembic, make_settings, start


def test_backends_that_start_at_once_take_turns(
    issuer: LocalIssuer, make_database: MakeDatabase
) -> None:
    settings = make_settings(issuer, make_database())

    at_once = [start(settings, "alembic", "upgrade", "head") for _ in range(2)]
    outputs = []
    for process in at_once:
        output, _ = process.communicate(timeout=180)
        assert process.returncode == 0, output
        outputs.append(output)

    assert sum("Running upgrade" in output for output in outputs) == 1, outputs


def test_the_migrations_make_what_the_models_say(migrated: Settings) -> None:
    assert "No new upgrade operations detected" in alembic(migrated, "check")


def test_the_migrations_can_be_taken_back(issuer: LocalIssuer, make_database: MakeDatabase) -> None:
    settings = make_settings(issuer, make_database())
    alembic(settings, "upgrade", "head")
    alembic(settings, "downgrade", "base")

    engine = create_engine(settings.database_url)
    assert inspect(engine).get_table_names() == ["alembic_version"]
    engine.dispose()
