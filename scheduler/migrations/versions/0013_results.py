"""What became of a matter"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

WAITING = sa.text("answered_on IS NULL AND closed_on IS NULL")
OPEN = sa.text("answered_at IS NULL")


def upgrade() -> None:
    _create_matters()
    _create_disputes()
    op.create_table(
        "ratings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.CheckConstraint("score BETWEEN 1 AND 3", name="ck_ratings_known_score"),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrences.id"], name="fk_ratings_occurrence_id_occurrences"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_ratings_unit_id_units"),
        sa.PrimaryKeyConstraint("name", name="pk_ratings"),
    )
    op.create_index("ix_ratings_unit_id", "ratings", ["unit_id"])
    op.create_table(
        "rated_receptions",
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"], ["registrations.id"], name="fk_rated_receptions_registration_id_registrations"
        ),
        sa.PrimaryKeyConstraint("registration_id", name="pk_rated_receptions"),
    )


def downgrade() -> None:
    for table in ("rated_receptions", "ratings", "disputes", "matters"):
        op.drop_table(table)


def _create_matters() -> None:
    references = {
        "unit_id": "units",
        "occurrence_id": "occurrences",
        "registration_id": "registrations",
        "in_charge_unit_id": "units",
        "task_id": "tasks",
        "made_by_id": "accounts",
    }
    op.create_table(
        "matters",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=True),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("same_content_people", sa.Integer(), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("directed_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("in_charge_unit_id", sa.Integer(), nullable=True),
        sa.Column("in_charge", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("other_office", sa.Text(), nullable=False),
        sa.Column("document_number", sa.Text(), nullable=False),
        sa.Column("document_day", sa.Date(), nullable=True),
        sa.Column("refusal_ground", sa.Text(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("due_why", sa.JSON(), nullable=False),
        sa.Column("task_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_rated", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=f"fk_matters_{column}_{table}")
            for column, table in references.items()
        ),
        sa.PrimaryKeyConstraint("id", name="pk_matters"),
        sa.UniqueConstraint("unit_id", "year", "number", name="uq_matters_unit_id_year_number"),
    )
    for column in ("occurrence_id", "registration_id", "task_id"):
        op.create_index(f"ix_matters_{column}", "matters", [column])
    op.create_index(
        "ix_matters_waiting", "matters", ["unit_id", "due_day"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def _create_disputes() -> None:
    op.create_table(
        "disputes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("matter_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("words_mark", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["answered_by_id"], ["accounts.id"], name="fk_disputes_answered_by_id_accounts"),
        sa.ForeignKeyConstraint(["matter_id"], ["matters.id"], name="fk_disputes_matter_id_matters"),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_disputes_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_disputes"),
    )
    op.create_index("ix_disputes_matter_id", "disputes", ["matter_id"])
    op.create_index(
        "uq_disputes_open", "disputes", ["matter_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_index("ix_disputes_waiting", "disputes", ["unit_id"], sqlite_where=OPEN, postgresql_where=OPEN)
