"""The table of corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table and its indices."""
    op.create_table(
        "digitrec_corrections",
        sa.Column("key", sa.String(64), primary_key=True),
        sa.Column("image", sa.LargeBinary, nullable=False),
        sa.Column("label", sa.SmallInteger, nullable=False),
        sa.Column("predicted", sa.SmallInteger, nullable=False),
        sa.Column("probabilities", sa.LargeBinary, nullable=False),
        sa.Column("model", sa.String(64), nullable=False),
        sa.Column("strokes", sa.Text, nullable=False),
        sa.Column("time", sa.String(32), nullable=False),
        sa.CheckConstraint("label BETWEEN -1 AND 9", name="digitrec_label"),
        sa.CheckConstraint("predicted BETWEEN -1 AND 9", name="digitrec_predicted"),
        sa.CheckConstraint("length(image) = 784", name="digitrec_image"),
    )
    for column in ("label", "time"):
        op.create_index(f"ix_digitrec_corrections_{column}", "digitrec_corrections", [column])
