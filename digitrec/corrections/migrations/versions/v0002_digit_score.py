"""How much a drawing looked like a digit at all."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; rows of before say what the answer tells: a digit, or none."""
    op.add_column(
        "digitrec_corrections",
        sa.Column("digit_score", sa.Double, nullable=False, server_default="1.0"),
    )
    op.execute("UPDATE digitrec_corrections SET digit_score = 0.0 WHERE predicted = -1")
