"""Runs the migrations, one process at a time."""

import json
from logging.config import dictConfig
from pathlib import Path

from alembic import context
from sqlalchemy import create_engine, pool, text

from src.models import Base
from src.settings import Settings

# Any constant number works: locks are separate for each database.
MIGRATION_LOCK = 7_411_203_518

# The same lines as the server's.
dictConfig(json.loads((Path(__file__).parent.parent / "logging.json").read_text()))


def run_online() -> None:
    """Two backends that start at once must not migrate at once: the second waits for the lock,

    and then finds no migration to run. The lock belongs to the database session, so it outlives a
    commit between two migrations, and it is released when this process ends for any reason.
    """
    engine = create_engine(Settings.from_environment().database_url, poolclass=pool.NullPool)
    with engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()
        context.configure(
            connection=connection, target_metadata=Base.metadata, compare_server_default=True
        )
        with context.begin_transaction():
            context.run_migrations()


def run_offline() -> None:
    """`alembic upgrade head --sql` prints the statements; it needs no database and no settings."""
    context.configure(dialect_name="postgresql", target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


if context.is_offline_mode():
    run_offline()
else:
    run_online()
