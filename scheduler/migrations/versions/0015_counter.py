"""The counter of a sitting"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "visit_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("state_before", sa.Text(), nullable=False),
        sa.Column("moment_before", MOMENT, nullable=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("undone_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["accounts.id"], name="fk_visit_steps_by_id_accounts"),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name="fk_visit_steps_registration_id_registrations"
        ),
        sa.ForeignKeyConstraint(["undone_by_id"], ["accounts.id"], name="fk_visit_steps_undone_by_id_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_visit_steps"),
    )
    op.create_index("ix_visit_steps_registration_id", "visit_steps", ["registration_id"])
    op.create_table(
        "crowd_notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("by_letter", sa.Boolean(), nullable=False),
        sa.Column("call_id", sa.Integer(), nullable=True),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrences.id"], name="fk_crowd_notices_occurrence_id_occurrences"
        ),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name="fk_crowd_notices_call_id_calls"),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name="fk_crowd_notices_registration_id_registrations"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_crowd_notices"),
        sa.UniqueConstraint("registration_id", "role", "name", name="uq_crowd_notices_registration_id_role_name"),
    )
    op.create_index("ix_crowd_notices_registration_id", "crowd_notices", ["registration_id"])
    op.create_index("ix_crowd_notices_occurrence_id", "crowd_notices", ["occurrence_id"])


def downgrade() -> None:
    op.drop_table("crowd_notices")
    op.drop_table("visit_steps")
