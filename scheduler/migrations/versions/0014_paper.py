"""The paper kit of a sitting"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "paper_kits",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrences.id"], name="fk_paper_kits_occurrence_id_occurrences"),
        sa.PrimaryKeyConstraint("occurrence_id", "sequence", name="pk_paper_kits"),
    )


def downgrade() -> None:
    op.drop_table("paper_kits")
