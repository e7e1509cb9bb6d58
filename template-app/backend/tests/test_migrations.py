from auth_client.testing import LocalIssuer

from .conftest import MakeDatabase, alembic, make_settings, start


def test_migrations_at_once_take_turns(issuer: LocalIssuer, make_database: MakeDatabase) -> None:
    settings = make_settings(issuer, make_database())

    at_once = [start(settings, "alembic", "upgrade", "head") for _ in range(3)]
    outputs = []
    for process in at_once:
        output, _ = process.communicate(timeout=60)
        assert process.returncode == 0, output
        outputs.append(output)

    assert sum("Running upgrade" in output for output in outputs) == 1, outputs


def test_migrations_say_what_the_models_say(
    issuer: LocalIssuer, make_database: MakeDatabase
) -> None:
    settings = make_settings(issuer, make_database())
    alembic(settings, "upgrade", "head")

    alembic(settings, "check")


def test_migrations_can_be_taken_back(issuer: LocalIssuer, make_database: MakeDatabase) -> None:
    settings = make_settings(issuer, make_database())
    alembic(settings, "upgrade", "head")
    alembic(settings, "downgrade", "base")
    alembic(settings, "upgrade", "head")
