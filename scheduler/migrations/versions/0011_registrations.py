"""Registrations, their queues, and letters to residents"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ABOUT = ("letters", "calls")


def upgrade() -> None:
    op.create_table(
        "queues",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("last_ticket", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("paper_first", sa.Integer(), nullable=True),
        sa.Column("paper_last", sa.Integer(), nullable=True),
        sa.Column("screen", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND (seats IS NULL OR taken <= seats)", name="ck_queues_seats_suffice"),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrences.id"], name="fk_queues_occurrence_id_occurrences"),
        sa.PrimaryKeyConstraint("occurrence_id", name="pk_queues"),
        sa.UniqueConstraint("screen", name="uq_queues_screen"),
    )
    op.create_table(
        "arrival_windows",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= places", name="ck_arrival_windows_places_suffice"),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrences.id"], name="fk_arrival_windows_occurrence_id_occurrences"
        ),
        sa.PrimaryKeyConstraint("occurrence_id", "starts_at", name="pk_arrival_windows"),
    )
    _create_registrations()
    op.add_column("letters", sa.Column("channel", sa.Text(), nullable=False, server_default="email"))
    for table in ABOUT:
        # Written out: both databases take the reference along with the column, without making the table anew.
        name = f"fk_{table}_registration_id_registrations"
        op.execute(
            f"ALTER TABLE {table} ADD COLUMN registration_id INTEGER CONSTRAINT {name} REFERENCES registrations (id)"
        )
        op.create_index(f"ix_{table}_registration_id", table, ["registration_id"])


def downgrade() -> None:
    for table in ABOUT:
        op.drop_index(f"ix_{table}_registration_id", table)
        op.drop_column(table, "registration_id")
    op.drop_column("letters", "channel")
    op.drop_table("registrations")
    op.drop_table("arrival_windows")
    op.drop_table("queues")


def _create_registrations() -> None:
    texts = ("name", "contact", "home", "words", "representatives", "code", "contact_kind", "guard_mark", "code_mark")
    moments = ("offered_at", "arrived_at", "called_at", "began_at", "ended_at", "withdrawn_at", "erased_at")
    op.create_table(
        "registrations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("asked_occurrence_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("way", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in texts),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("arrive_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrive_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("data_notice", sa.Text(), nullable=False),
        sa.Column("form_mark", sa.Text(), nullable=True),
        sa.Column("form_body", sa.Text(), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in moments),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("people >= 1", name="ck_registrations_somebody"),
        sa.ForeignKeyConstraint(
            ["asked_occurrence_id"], ["occurrences.id"], name="fk_registrations_asked_occurrence_id_occurrences"
        ),
        sa.ForeignKeyConstraint(["entered_by_id"], ["accounts.id"], name="fk_registrations_entered_by_id_accounts"),
        sa.ForeignKeyConstraint(
            ["occurrence_id"], ["occurrences.id"], name="fk_registrations_occurrence_id_occurrences"
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name="fk_registrations_unit_id_units"),
        sa.PrimaryKeyConstraint("id", name="pk_registrations"),
        sa.UniqueConstraint("slug", name="uq_registrations_slug"),
        sa.UniqueConstraint("form_mark", name="uq_registrations_form_mark"),
        sa.UniqueConstraint("occurrence_id", "ticket", name="uq_registrations_occurrence_id_ticket"),
        sa.UniqueConstraint("guard_mark", "code_mark", name="uq_registrations_guard_mark_code_mark"),
    )
    op.create_index("ix_registrations_entered_by_id", "registrations", ["entered_by_id"])
    op.create_index("ix_registrations_unit_id_state", "registrations", ["unit_id", "state"])
    open_ones = sa.text("erased_at IS NULL")
    op.create_index(
        "ix_registrations_to_erase",
        "registrations",
        ["registered_at"],
        sqlite_where=open_ones,
        postgresql_where=open_ones,
    )
