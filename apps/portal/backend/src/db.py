"""The engine and its sessions."""

from typing import Any, Final

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.orm import Session, sessionmaker

from src.settings import Settings

# In seconds. A request that can't have a connection by then fails, so that a lost database
# shows as an error within seconds instead of as requests that never end.
POOL_TIMEOUT: Final = 2
GRACE: Final = 1
"""How much longer than the server this side waits, so that the server's own answer comes first."""


def make_engine(settings: Settings) -> Engine:
    """Makes the engine. It connects at the first use, not here."""
    milliseconds = settings.database_statement_timeout * 1000
    engine = create_engine(
        settings.database_url,
        connect_args={
            "connect_timeout": settings.database_connect_timeout,
            # The server ends what takes longer, the kernel a connection whose other end is gone.
            "options": f"-c statement_timeout={milliseconds}",
            "tcp_user_timeout": milliseconds,
            "keepalives_idle": 30,
            "keepalives_interval": 5,
            "keepalives_count": 3,
        },
        # A connection that died in the pool (the database restarted) is replaced, not handed out.
        pool_pre_ping=True,
        pool_timeout=POOL_TIMEOUT,
        hide_parameters=True,
    )

    class AppConnection(TimedConnection):
        longest_wait = settings.database_statement_timeout + GRACE

    @event.listens_for(engine, "do_connect")
    def connect(_: Any, __: Any, args: Any, parameters: Any) -> AppConnection:  # noqa: ANN401
        return AppConnection.connect(*args, **parameters)

    return engine


def make_sessions(engine: Engine) -> sessionmaker[Session]:
    return sessionmaker(engine, expire_on_commit=False)


class TimedConnection(psycopg.Connection[Any]):
    """A connection that is closed when the server says nothing for too long.

    A server that is stopped, or cut off, ends no statement itself; and while its kernel takes what
    is sent, no timeout of TCP comes either.
    """

    longest_wait: float
    """In seconds."""

    def wait[T](self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        try:
            return super().wait(gen, interval, self.longest_wait if timeout is None else timeout)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # The pool takes a closed connection for a lost one.
            raise
