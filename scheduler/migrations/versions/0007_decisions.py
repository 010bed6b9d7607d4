"""Decisions on days off and what they touch, suspensions proposed to many units"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

FOLLOWED = ("proposals", "occurrence_changes")


def upgrade() -> None:
    op.create_table(
        "decisions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name="fk_decisions_made_by_id_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.UniqueConstraint("number", "signed_on", name="uq_decisions_number_signed_on"),
    )
    op.create_table(
        "decided_drafts",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Date(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decisions.id"], name="fk_decided_drafts_decision_id_decisions"),
        sa.ForeignKeyConstraint(
            ["occurrence_id"],
            ["occurrences.id"],
            name="fk_decided_drafts_occurrence_id_occurrences",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("decision_id", "occurrence_id", name="pk_decided_drafts"),
        sa.UniqueConstraint("occurrence_id", "decision_id", name="uq_decided_drafts_occurrence_id_decision_id"),
    )
    for table in FOLLOWED:
        # Written out: both databases take the reference along with the column, without making the table anew.
        name = f"fk_{table}_decision_id_decisions"
        op.execute(f"ALTER TABLE {table} ADD COLUMN decision_id INTEGER CONSTRAINT {name} REFERENCES decisions (id)")
        op.create_index(f"ix_{table}_decision_id", table, ["decision_id"])
    op.create_table(
        "suspension_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_suspension_proposals_unit_id_units"),
        sa.ForeignKeyConstraint(["made_by_id"], ["accounts.id"], name="fk_suspension_proposals_made_by_id_accounts"),
        sa.PrimaryKeyConstraint("id", name="pk_suspension_proposals"),
    )
    op.create_index("ix_suspension_proposals_unit_id", "suspension_proposals", ["unit_id"])
    op.create_table(
        "suspension_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("proposal_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("suspension_id", sa.Integer(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["suspension_proposals.id"], name="fk_suspension_answers_proposal_id_suspension_proposals"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_suspension_answers_unit_id_units"),
        sa.ForeignKeyConstraint(
            ["suspension_id"], ["suspensions.id"], name="fk_suspension_answers_suspension_id_suspensions"
        ),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["accounts.id"], name="fk_suspension_answers_answered_by_id_accounts"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_suspension_answers"),
        sa.UniqueConstraint("proposal_id", "unit_id", name="uq_suspension_answers_proposal_id_unit_id"),
    )
    op.create_index("ix_suspension_answers_unit_id_state", "suspension_answers", ["unit_id", "state"])


def downgrade() -> None:
    op.drop_table("suspension_answers")
    op.drop_table("suspension_proposals")
    for table in FOLLOWED:
        op.drop_index(f"ix_{table}_decision_id", table)
        op.drop_column(table, "decision_id")
    op.drop_table("decided_drafts")
    op.drop_table("decisions")
