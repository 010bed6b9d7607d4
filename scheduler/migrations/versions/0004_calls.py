"""Call lists and suspensions"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("change_id", sa.Integer(), nullable=True),
        sa.Column("letter_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["change_id"], ["occurrence_changes.id"], name="fk_calls_change_id_occurrence_changes"),
        sa.ForeignKeyConstraint(["closed_by_id"], ["accounts.id"], name="fk_calls_closed_by_id_accounts"),
        sa.ForeignKeyConstraint(["letter_id"], ["letters.id"], name="fk_calls_letter_id_letters"),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrences.id"], name="fk_calls_occurrence_id_occurrences"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_calls_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_calls"),
        sa.UniqueConstraint("letter_id", name="uq_calls_letter_id"),
    )
    op.create_index("ix_calls_occurrence_id", "calls", ["occurrence_id"])
    op.create_index("ix_calls_unit_id_state", "calls", ["unit_id", "state"])

    op.create_table(
        "old_sheets",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("posting_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_down_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_down_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrences.id"], name="fk_old_sheets_occurrence_id_occurrences"),
        sa.ForeignKeyConstraint(["posting_id"], ["postings.id"], name="fk_old_sheets_posting_id_postings"),
        sa.ForeignKeyConstraint(["taken_down_by_id"], ["accounts.id"], name="fk_old_sheets_taken_down_by_id_accounts"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_old_sheets_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_old_sheets"),
        sa.UniqueConstraint("posting_id", name="uq_old_sheets_posting_id"),
    )
    op.create_index("ix_old_sheets_occurrence_id", "old_sheets", ["occurrence_id"])
    op.create_index("ix_old_sheets_unit_id_taken_down_at", "old_sheets", ["unit_id", "taken_down_at"])

    op.create_table(
        "suspensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("with_below", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("occurrence_ids", sa.JSON(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.Column("lifted_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["lifted_by_id"], ["accounts.id"], name="fk_suspensions_lifted_by_id_accounts"),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name="fk_suspensions_made_by_id_accounts"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_suspensions_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_suspensions"),
    )
    op.create_index("ix_suspensions_unit_id_last_day", "suspensions", ["unit_id", "last_day"])


def downgrade() -> None:
    op.drop_table("suspensions")
    op.drop_table("old_sheets")
    op.drop_table("calls")
