"""The engine and its sessions."""

from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session, sessionmaker

from src.settings import Settings

# In seconds. A request that can't have a connection by then fails, so that a lost database
# shows as an error within seconds instead of as requests that never end.
CONNECT_TIMEOUT = 3
POOL_TIMEOUT = 5


def make_engine(settings: Settings) -> Engine:
    """Makes the engine. It connects at the first use, not here."""
    return create_engine(
        settings.database_url,
        connect_args={"connect_timeout": CONNECT_TIMEOUT},
        # A connection that died in the pool (the database restarted) is replaced, not handed out.
        pool_pre_ping=True,
        pool_timeout=POOL_TIMEOUT,
        hide_parameters=True,
    )


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)
