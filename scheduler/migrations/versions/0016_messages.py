"""Messages to telephones: who was reminded, and whose sitting was cancelled"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ORIGIN = "fk_registrations_offered_from_id_occurrences"


def upgrade() -> None:
    op.add_column("queues", sa.Column("reminded_on", sa.Date(), nullable=True))
    # Written out: both databases take the reference along with the column, without making the table anew.
    op.execute(
        f"ALTER TABLE registrations ADD COLUMN offered_from_id INTEGER CONSTRAINT {ORIGIN} REFERENCES occurrences (id)"
    )
    op.create_index("ix_registrations_offered_from_id", "registrations", ["offered_from_id"])


def downgrade() -> None:
    op.drop_index("ix_registrations_offered_from_id", "registrations")
    op.drop_column("registrations", "offered_from_id")
    op.drop_column("queues", "reminded_on")
