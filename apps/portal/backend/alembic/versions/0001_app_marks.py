"""What a person has marked an app with: favourite, last opened.

Revision: 0001
Revises: nothing, it is the first
"""

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "app_marks",
        sa.Column("owner", sa.String(length=255), nullable=False),
        sa.Column("app_id", sa.Uuid(), nullable=False),
        sa.Column("favourite", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("owner", "app_id", name=op.f("pk_app_marks")),
    )


def downgrade() -> None:
    op.drop_table("app_marks")
