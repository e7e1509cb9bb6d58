"""The tables. A change here needs a migration; `alembic check` says whether the two agree."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import Index, MetaData, String, func
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


class Note(Base):
    """A note of one user, which only that user sees."""

    __tablename__ = "notes"
    # A page of notes is one stretch of this index, however many there are (src/paging.py).
    __table_args__ = (Index(None, "owner", "created_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    owner: Mapped[str] = mapped_column(String(255))
    """The user's `sub`, which never changes."""
    text: Mapped[str] = mapped_column(String(2000))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
