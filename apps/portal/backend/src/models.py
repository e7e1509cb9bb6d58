"""The tables. A change here needs a migration; `alembic check` says whether the two agree."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import MetaData, String, false
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import DateTime


class Base(DeclarativeBase):
    # Constraints get names, so that a later migration can name the one that it drops.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class AppMark(Base):
    """A person's marks of an app, which only that person sees."""

    __tablename__ = "app_marks"

    owner: Mapped[str] = mapped_column(String(255), primary_key=True)
    """The user's `sub`, which never changes."""
    app_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The `id` of its manifest, which stays when the app is renamed."""
    favourite: Mapped[bool] = mapped_column(server_default=false())
    opened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When the person last opened it from here."""
